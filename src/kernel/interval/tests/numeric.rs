//! Constructors, members, widths, and how intervals lie to each other.

use super::{Interval, Source, float, is_sharp, iv, power_of_two};
use rug::float::Special;
use rug::{Float, Rational};

#[test]
fn constructors_refuse_what_is_empty() {
    let at = |special: Special| Float::with_val(64, special);
    let (plus, minus, nan) = (at(Special::Infinity), at(Special::NegInfinity), at(Special::Nan));
    for (inf, sup) in [
        (&plus, &plus),
        (&minus, &minus),
        (&nan, &plus),
        (&minus, &nan),
        (&plus, &minus),
        (&float("2"), &float("1")),
    ] {
        assert_eq!(Interval::try_new(inf.clone(), sup.clone()), None);
    }
    assert!(Interval::try_new(minus, plus).unwrap().is_entire());
    assert_eq!(Interval::hull_of(&Rational::from(2), &Rational::from(1), 64), None);
    let zero = Interval::try_new(at(Special::NegZero), at(Special::NegZero)).unwrap();
    assert!(zero.inf().is_sign_positive() && zero.sup().is_sign_positive() && zero.is_singleton());
}

#[test]
fn precisions_are_tamed() {
    let third = Rational::from((1, 3));
    assert_eq!(Interval::point(&third, 0).precision(), 32);
    assert_eq!(Interval::point(&third, u32::MAX).precision(), 65_536);
    let long: Float = Float::with_val(70_000, 1) / 3;
    let long = Interval::try_new(long.clone(), long).unwrap();
    assert_eq!(long.precision(), 65_536);
    assert!(!long.add(&iv("0", "0")).is_singleton() && long.subset(&long.add(&iv("0", "0"))));
    assert!(long.contains(&long.mid_rational()) && long.is_singleton());
}

#[test]
fn points_hulls_and_precisions_are_tight() {
    let mut source = Source::new(20);
    for _ in 0..4_000 {
        let precision = source.precision();
        let value = source.rational();
        let point = Interval::point(&value, precision);
        assert!(point.contains(&value) && is_sharp(&point, 0));
        assert!(Interval::at_least(&value, precision).contains(&value));
        assert!(Interval::at_most(&value, precision).contains(&value));
        let coarse = point.with_precision(32);
        assert!(point.subset(&coarse) && is_sharp(&coarse, 1));
        assert_eq!(coarse.precision(), 32);
        assert_eq!(point.with_precision(400), point);
    }
    let pi = Interval::pi(64);
    assert!(is_sharp(&pi, 0) && !pi.is_singleton());
    assert!(
        pi.contains(
            &float("3.14159265358979323846264338327950288419716939937510582097494459")
                .to_rational()
                .unwrap()
        )
    );
}

#[test]
fn measures_bound_the_interval() {
    let mut source = Source::new(21);
    for _ in 0..4_000 {
        let precision = source.precision();
        let x = source.interval(precision, Source::rational);
        let (mid, member) = (x.mid_rational(), source.member(&x));
        assert!(x.contains(&mid), "{x:?}");
        let distance = Rational::from(member.abs_ref());
        assert!(x.mig() <= distance && x.mag() >= distance);
        assert!(x.wid() >= Rational::from(&mid - &member).abs());
        assert!(x.rad() >= Rational::from(&mid - &member).abs());
        assert_eq!(x.wid().is_finite(), x.is_bounded());
        assert_eq!(x.is_singleton(), x.rad().is_zero());
        if x.is_bounded() && !x.is_singleton() {
            let ball = x.rad().to_rational().unwrap() * 2;
            assert!(x.wid() <= ball && ball <= Rational::from(3) * x.wid().to_rational().unwrap() || is_sharp(&x, 2));
        }
    }
    assert_eq!(iv("1", "3").mid(), 2);
    assert_eq!(iv("-3", "inf").mid(), 0);
    assert_eq!(iv("3", "inf").mid(), 7);
    assert_eq!(iv("0", "inf").mid(), 1);
    assert_eq!(iv("-inf", "-3").mid(), -7);
    assert_eq!(iv("-inf", "0").mid(), -1);
    assert_eq!(iv("-inf", "3").mid(), 0);
    assert_eq!(Interval::entire(64).mid(), 0);
    assert_eq!((iv("-3", "2").mag(), iv("-3", "2").mig()), (float("3"), float("0")));
    assert_eq!((iv("-3", "-2").mag(), iv("-3", "-2").mig()), (float("3"), float("2")));
    assert!(iv("-inf", "2").mag().is_infinite());
    assert_eq!(
        (iv("1", "inf").inf_rational(), iv("1", "inf").sup_rational()),
        (Some(Rational::from(1)), None)
    );
}

#[test]
fn the_middle_of_gigantic_intervals_is_finite() {
    let most = iv("2", "2").powi(i32::MAX).unwrap().inf().clone();
    for x in [
        Interval::try_new(most.clone(), Float::with_val(64, Special::Infinity)).unwrap(),
        Interval::try_new(most.clone(), most.clone()).unwrap(),
        Interval::try_new(-most.clone(), most.clone()).unwrap(),
        Interval::try_new(power_of_two(1_000_000_000), most.clone()).unwrap(),
        Interval::try_new(power_of_two(-1_000_000_000), power_of_two(-999_999_999)).unwrap(),
    ] {
        for x in [x.clone(), x.neg()] {
            let mid = x.mid();
            assert!(mid.is_finite() && x.inf() <= &mid && &mid <= x.sup());
            assert!(x.rad() <= x.wid());
        }
    }
}

#[test]
fn relations_follow_the_standard() {
    let (unit, inner, line) = (iv("0", "1"), iv("0.25", "0.5"), Interval::entire(64));
    assert!(inner.subset(&unit) && inner.interior(&unit) && !unit.subset(&inner));
    assert!(unit.subset(&unit) && !unit.interior(&unit) && !iv("0", "0.5").interior(&unit));
    assert!(line.interior(&line) && unit.interior(&line) && iv("1", "inf").interior(&iv("0", "inf")));
    assert!(!iv("0", "inf").interior(&iv("0", "inf")) && !line.subset(&iv("0", "inf")));
    assert!(unit.precedes(&iv("1", "2")) && !unit.strict_precedes(&iv("1", "2")));
    assert!(unit.strict_precedes(&iv("2", "inf")) && unit.disjoint(&iv("2", "inf")) && !unit.disjoint(&iv("1", "2")));
    assert_eq!(unit.intersection(&iv("1", "2")), Some(iv("1", "1")));
    assert_eq!(unit.intersection(&iv("2", "3")), None);
    assert_eq!(unit.convex_hull(&iv("2", "3")), iv("0", "3"));
    assert!(unit.contains_zero() && unit.is_nonnegative() && !unit.is_positive() && !unit.is_nonpositive());
    assert!(iv("-1", "0").contains_zero() && iv("-1", "0").is_nonpositive() && !iv("-1", "0").is_negative());
    assert!(iv("0", "0").is_nonpositive() && iv("0", "0").is_nonnegative() && iv("0", "0").contains_zero());
    assert!(iv("1", "inf").is_positive() && iv("-inf", "-1").is_negative() && !iv("1", "inf").contains_zero());
    let mut source = Source::new(22);
    for _ in 0..4_000 {
        let precision = source.precision();
        let (x, y) = (
            source.interval(precision, Source::moderate),
            source.interval(64, Source::moderate),
        );
        let (a, b) = (source.member(&x), source.member(&y));
        let hull = x.convex_hull(&y);
        assert!(x.subset(&hull) && y.subset(&hull) && hull.contains(&a) && hull.contains(&b));
        assert!(!x.precedes(&y) || a <= b);
        assert!(!x.strict_precedes(&y) || a < b);
        assert!(!x.subset(&y) || y.contains(&a));
        assert!(!x.disjoint(&y) || !y.contains(&a));
        assert!(!x.interior(&y) || x.subset(&y));
        match x.intersection(&y) {
            Some(both) => assert!(both.subset(&x) && both.subset(&y) && both.contains(&a) == y.contains(&a)),
            None => assert!(x.disjoint(&y)),
        }
    }
}
