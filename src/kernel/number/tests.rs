//! Tests of numbers: exact powers, the flags of enclosures, and operations on boxes against their members.

use super::super::evaluate::tests::{HIGH, Source, agree};
use super::*;
use rug::ops::Pow;

fn ratio(numerator: i64, denominator: i64) -> Rational {
    Rational::from((numerator, denominator))
}

fn hull(lo: i64, hi: i64) -> Interval {
    Interval::hull_of(&Rational::from(lo), &Rational::from(hi), 64).unwrap()
}

fn flagged(lo: i64, hi: i64) -> Number {
    Number::Enclosed {
        range: hull(lo, hi),
        nonzero: true,
    }
}

#[test]
fn exact_powers() {
    assert_eq!(exact_power(&ratio(4, 9), &ratio(3, 2)), Some(ratio(8, 27)));
    assert_eq!(exact_power(&ratio(4, 9), &ratio(-1, 2)), Some(ratio(3, 2)));
    assert_eq!(exact_power(&ratio(-2, 3), &ratio(-3, 1)), Some(ratio(-27, 8)));
    assert_eq!(exact_power(&ratio(-8, 1), &ratio(1, 3)), None);
    assert_eq!(exact_power(&ratio(2, 1), &ratio(1, 2)), None);
    assert_eq!(exact_power(&ratio(0, 1), &ratio(0, 1)), Some(ratio(1, 1)));
    assert_eq!(exact_power(&ratio(0, 1), &ratio(1, 2)), Some(ratio(0, 1)));
    assert_eq!(exact_power(&ratio(0, 1), &ratio(-1, 2)), None);
    assert_eq!(exact_power(&ratio(0, 1), &ratio(-1, 1)), None);
    assert_eq!(exact_power(&ratio(1, 1), &ratio(9_999, 9_998)), Some(ratio(1, 1)));
    assert_eq!(exact_power(&ratio(2, 1), &ratio(9_999, 1)), None);
    let huge = Rational::from(Integer::from(10).pow(100_000));
    assert_eq!(exact_power(&huge, &ratio(1, 100_000)), Some(ratio(10, 1)));
    assert_eq!(exact_power(&huge, &Rational::from((1, Integer::from(1) << 40))), None);
}

#[test]
fn long_rationals_become_enclosures() {
    let third = Number::Exact(ratio(1, 3));
    let mut product = third.clone();
    for _ in 0..13 {
        product = product.mul(&product, 64);
    }
    assert!(matches!(product, Number::Enclosed { nonzero: true, .. }));
    assert!(product.is_positive() && product.neg().is_negative());
}

#[test]
fn flags_follow_the_members() {
    let (open, straddling) = (flagged(0, 2), flagged(-1, 1));
    assert!(open.is_positive() && open.neg().is_negative() && straddling.is_nonzero() && straddling.sign().is_none());
    assert!(open.add(&Number::from(hull(0, 1)), 64).is_positive());
    assert!(!open.add(&Number::from(hull(-1, 0)), 64).is_nonzero());
    assert!(!open.add(&straddling, 64).is_nonzero());
    assert!(!open.sub(&open, 64).is_nonzero());
    assert!(open.mul(&open, 64).is_positive());
    assert!(straddling.mul(&open, 64).is_nonzero());
    assert!(straddling.power(&Rational::from(2), 64).unwrap().is_positive());
    assert!(
        !Number::from(hull(-1, 1))
            .power(&Rational::from(2), 64)
            .unwrap()
            .is_nonzero()
    );
    assert!(straddling.power(&ratio(1, 2), 64).is_err());
    assert!(open.power(&ratio(1, 2), 64).unwrap().is_positive());
    assert!(straddling.div(&straddling, 64).is_err());
    assert!(Number::integer(1).div(&Number::from(hull(0, 1)), 64).is_err());
    assert!(Number::integer(0).div(&Number::from(hull(0, 1)), 64).is_err());
    assert!(Number::integer(0).div(&Number::integer(0), 64).is_err());
    let inverse = Number::integer(1).div(&open, 64).unwrap();
    assert_eq!(inverse.interval(64), Interval::at_least(&ratio(1, 2), 64));
    let inverse = Number::integer(1).div(&open.neg(), 64).unwrap();
    assert_eq!(inverse.interval(64), Interval::at_most(&ratio(-1, 2), 64));
    assert!(open.convex_hull(&open, 64).is_positive());
    assert!(!open.convex_hull(&Number::integer(0), 64).is_nonzero());
    assert!(!flagged(-2, 0).convex_hull(&open, 64).is_nonzero());
    for function in [Function::Sin, Function::Cos, Function::Tan] {
        // These vanish at numbers other than 0.
        let wide = Number::Enclosed {
            range: hull(-1, 1),
            nonzero: true,
        }
        .apply(function, 64);
        assert!(wide.is_ok_and(|value| function == Function::Cos || !value.is_nonzero()));
    }
}

#[test]
fn half_lines_are_inverted() {
    let positive = Number::Enclosed {
        range: Interval::at_least(&Rational::new(), 64),
        nonzero: true,
    };
    for number in [positive.clone(), positive.neg()] {
        let inverse = Number::integer(1).div(&number, 64).unwrap();
        assert_eq!(inverse.sign(), number.sign());
        assert_eq!(inverse.interval(64), number.interval(64));
    }
}

#[test]
fn operations_enclose_the_members() {
    let mut source = Source::new(3);
    for _ in 0..5_000 {
        let (a, b) = (source.bounds(), source.bounds());
        let enclose = |(lo, hi): &(Rational, Rational)| Number::from(Interval::hull_of(lo, hi, 53).unwrap());
        let member = |source: &mut Source, (lo, hi): &(Rational, Rational)| Number::Exact(source.between(lo, hi));
        let (x, y) = (member(&mut source, &a), member(&mut source, &b));
        let (wide, other) = (enclose(&a), enclose(&b));
        let exponent = source.pick(&[
            ratio(2, 1),
            ratio(-3, 1),
            ratio(1, 2),
            ratio(-5, 3),
            ratio(0, 1),
            ratio(11, 1),
        ]);
        let function = source.pick(&Function::ALL);
        let check = |wide: Result<Number, DomainError>, narrow: Result<Number, DomainError>, what: &str| {
            if let Ok(wide) = wide {
                let narrow = narrow.unwrap_or_else(|_| panic!("{what} is not defined at a member: {x:?} {y:?}"));
                assert!(agree(&wide, &narrow), "{what} {x:?} {y:?}: {wide:?} {narrow:?}");
            }
        };
        check(Ok(wide.add(&other, 53)), Ok(x.add(&y, HIGH)), "sum");
        check(Ok(wide.sub(&other, 53)), Ok(x.sub(&y, HIGH)), "difference");
        check(Ok(wide.mul(&other, 53)), Ok(x.mul(&y, HIGH)), "product");
        check(Ok(wide.convex_hull(&other, 53)), Ok(y.clone()), "hull");
        check(wide.div(&other, 53), x.div(&y, HIGH), "quotient");
        check(wide.power(&exponent, 53), x.power(&exponent, HIGH), "power");
        check(wide.apply(function, 53), x.apply(function, HIGH), function.name());
    }
}

#[test]
fn signs_multiply() {
    let signs = [Sign::Negative, Sign::Zero, Sign::Positive];
    for (a, left) in signs.into_iter().zip(-1..) {
        assert_eq!(Number::integer(left).sign(), Some(a));
        assert_eq!(Number::integer(-left).sign(), Some(a.opposite()));
        for (b, right) in signs.into_iter().zip(-1..) {
            assert_eq!(Number::integer(left * right).sign(), Some(a.times(b)));
        }
    }
}
