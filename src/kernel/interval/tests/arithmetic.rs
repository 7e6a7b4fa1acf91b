//! The four operations and powers: exact oracles, corner cases, inclusion.

use super::{Interval, Source, is_sharp, iv, power_of_two};
use rug::ops::Pow;
use rug::{Float, Rational};

type Binary = fn(&Interval, &Interval) -> Option<Interval>;
type Exact = fn(&Rational, &Rational) -> Rational;

const OPERATIONS: [(&str, Binary, Exact); 4] = [
    ("add", |x, y| Some(x + y), |a, b| Rational::from(a + b)),
    ("sub", |x, y| Some(x - y), |a, b| Rational::from(a - b)),
    ("mul", |x, y| Some(x * y), |a, b| Rational::from(a * b)),
    ("div", |x, y| x.div(y).ok(), |a, b| Rational::from(a / b)),
];

/// The tightest enclosure of the values at the four corners; `None` for half lines.
fn corners(x: &Interval, y: &Interval, exact: Exact) -> Option<Interval> {
    let xs = [x.inf_rational()?, x.sup_rational()?];
    let ys = [y.inf_rational()?, y.sup_rational()?];
    let values: Vec<_> = xs.iter().flat_map(|a| ys.iter().map(move |b| exact(a, b))).collect();
    Interval::hull_of(
        values.iter().min()?,
        values.iter().max()?,
        x.precision().max(y.precision()),
    )
}

#[test]
fn binary_operations_are_tight_and_contain_the_exact_values() {
    let mut source = Source::new(1);
    for (name, operation, exact) in OPERATIONS {
        for _ in 0..5_000 {
            let (p, q) = (source.precision(), source.precision());
            let (x, y) = (
                source.interval(p, Source::rational),
                source.interval(q, Source::rational),
            );
            let Some(result) = operation(&x, &y) else {
                assert!(name == "div" && y.contains_zero(), "{name} {x:?} {y:?}");
                continue;
            };
            assert!(name != "div" || !y.contains_zero());
            assert_eq!(result.precision(), p.max(q));
            for _ in 0..2 {
                let (a, b) = (source.member(&x), source.member(&y));
                assert!(result.contains(&exact(&a, &b)), "{name} {x:?} {y:?}: {a} {b}");
            }
            if let Some(expected) = corners(&x, &y, exact) {
                assert_eq!(result, expected, "{name} {x:?} {y:?}");
            }
        }
    }
}

#[test]
fn binary_operations_respect_inclusion() {
    let mut source = Source::new(2);
    for (name, operation, _) in OPERATIONS {
        for _ in 0..2_000 {
            let precision = source.precision();
            let (x, y) = (
                source.interval(precision, Source::rational),
                source.interval(precision, Source::rational),
            );
            let (u, v) = (source.part(&x), source.part(&y));
            if let Some(whole) = operation(&x, &y) {
                let part = operation(&u, &v).unwrap();
                assert!(part.subset(&whole), "{name} {x:?} {y:?} {u:?} {v:?}");
            }
        }
    }
}

#[test]
fn unary_operations_are_tight() {
    let mut source = Source::new(3);
    for _ in 0..5_000 {
        let precision = source.precision();
        let x = source.interval(precision, Source::rational);
        let (a, factor) = (source.member(&x), source.rational());
        assert!(x.neg().contains(&Rational::from(-&a)));
        assert_eq!(x.neg().neg(), x);
        assert!(x.sqr().contains(&Rational::from(a.square_ref())) && x.sqr().is_nonnegative());
        assert_eq!(x.sqr(), x.powi(2).unwrap());
        let scaled = x.scale(&factor);
        assert!(scaled.contains(&Rational::from(&a * &factor)));
        if let (Some(inf), Some(sup)) = (x.inf_rational(), x.sup_rational()) {
            let (inf, sup) = (inf * &factor, sup * &factor);
            let (lo, hi) = if inf <= sup { (inf, sup) } else { (sup, inf) };
            assert_eq!(scaled, Interval::hull_of(&lo, &hi, precision).unwrap());
        }
        assert!(source.part(&x).scale(&factor).subset(&scaled));
        if x.contains_zero() {
            assert!(x.recip().is_err());
        } else {
            let recip = x.recip().unwrap();
            assert!(recip.contains(&a.clone().recip()));
            assert_eq!(recip, Interval::point(&Rational::from(1), precision).div(&x).unwrap());
        }
    }
}

#[test]
fn integer_powers_are_tight() {
    let mut source = Source::new(4);
    for _ in 0..8_000 {
        let precision = source.precision();
        let x = source.interval(precision, Source::moderate);
        let exponent = i32::try_from(source.below(25)).unwrap() - 12;
        let Ok(result) = x.powi(exponent) else {
            assert!(exponent < 0 && x.contains_zero());
            continue;
        };
        let raised = |base: &Rational| Rational::from(base.pow(exponent));
        let a = source.member(&x);
        assert!(result.contains(&raised(&a)), "{x:?}^{exponent} at {a}");
        assert!(source.part(&x).powi(exponent).unwrap().subset(&result));
        if let (Some(inf), Some(sup)) = (x.inf_rational(), x.sup_rational()) {
            let across = x.contains_zero() && exponent > 0 && exponent % 2 == 0;
            let values = [
                raised(&inf),
                raised(&sup),
                raised(&if across { Rational::new() } else { inf.clone() }),
            ];
            let expected = Interval::hull_of(values.iter().min().unwrap(), values.iter().max().unwrap(), precision);
            assert_eq!(result, expected.unwrap(), "{x:?}^{exponent}");
        }
    }
}

#[test]
fn rational_powers_contain_and_are_sharp() {
    let mut source = Source::new(5);
    for _ in 0..8_000 {
        let precision = source.precision();
        let x = source.interval(precision, Source::moderate);
        let (p, q) = (
            i32::try_from(source.below(25)).unwrap() - 12,
            source.below(12) as u32 + 1,
        );
        let exponent = Rational::from((p, q));
        let integer = *exponent.denom() == 1;
        let allowed = if exponent < 0 {
            x.is_positive() || integer && x.is_negative()
        } else {
            integer || x.is_nonnegative()
        };
        let Ok(result) = x.pow_rational(&exponent) else {
            assert!(!allowed, "{x:?}^{exponent}");
            continue;
        };
        assert!(allowed, "{x:?}^{exponent}");
        if integer {
            continue;
        }
        // The q-th power is monotone on nonnegative numbers, and exact on rationals.
        let a = source.member(&x);
        let exact = Rational::from((&a).pow(p));
        let raised = |endpoint: Option<Rational>| endpoint.map(|endpoint| endpoint.pow(q));
        assert!(result.is_nonnegative());
        assert!(
            raised(result.inf_rational()).is_none_or(|bound| bound <= exact),
            "{x:?}^{exponent} at {a}"
        );
        assert!(
            raised(result.sup_rational()).is_none_or(|bound| bound >= exact),
            "{x:?}^{exponent} at {a}"
        );
        assert!(source.part(&x).pow_rational(&exponent).unwrap().subset(&result));
        if x.is_singleton() {
            assert!(is_sharp(&result, 2), "{x:?}^{exponent} = {result:?}");
        }
    }
}

#[test]
fn exact_roots_are_exact() {
    let power = |base: &str, p: i32, q: u32| iv(base, base).pow_rational(&Rational::from((p, q))).unwrap();
    assert_eq!(power("4", 1, 2), iv("2", "2"));
    assert_eq!(power("8", 2, 3), iv("4", "4"));
    assert_eq!(power("32", -3, 5), iv("0.125", "0.125"));
    assert_eq!(power("0", 1, 2), iv("0", "0"));
    assert_eq!(power("1", -9999, 10_000), iv("1", "1"));
    assert_eq!(
        iv("0", "inf").pow_rational(&Rational::from((3, 2))).unwrap(),
        iv("0", "inf")
    );
    assert_eq!(
        iv("4", "inf").pow_rational(&Rational::from((-1, 2))).unwrap(),
        iv("0", "0.5")
    );
}

#[test]
fn wild_powers_are_refused_and_gigantic_ones_stay_outward() {
    let two = iv("2", "2");
    assert!(two.pow_rational(&Rational::from((1, 10_001))).is_err());
    assert!(two.pow_rational(&Rational::from(10_001)).is_err());
    assert!(two.pow_rational(&Rational::from((i64::MAX, 2))).is_err());
    for exponent in [i32::MIN, i32::MIN + 1, i32::MAX, i32::MAX - 1] {
        let big = two.powi(exponent).unwrap();
        assert!(big.is_nonnegative() && !big.is_singleton());
        assert!(if exponent > 0 {
            !big.is_bounded()
        } else {
            big.inf().is_zero() && big.sup() > &0
        });
        let odd = exponent % 2 != 0;
        assert_eq!(
            iv("-2", "-2").powi(exponent).unwrap(),
            if odd { big.neg() } else { big }
        );
    }
    // A power whose root and power both have gigantic exponents.
    let tiny = Interval::try_new(power_of_two(-1_000_000_000), power_of_two(1_000_000_000)).unwrap();
    let wide = tiny.pow_rational(&Rational::from((3, 2))).unwrap();
    assert!(wide.inf().is_zero() && !wide.is_bounded());
    let narrow = tiny.pow_rational(&Rational::from((1, 2))).unwrap();
    assert_eq!(
        narrow,
        Interval::try_new(power_of_two(-500_000_000), power_of_two(500_000_000)).unwrap()
    );
    let near_one = tiny.pow_rational(&Rational::from((1, 9_999))).unwrap();
    assert!(is_sharp(
        &Interval::point(near_one.powi(9_999).unwrap().inf_rational().as_ref().unwrap(), 32),
        1
    ));
    assert!(tiny.subset(&near_one.powi(9_999).unwrap()));
}

#[test]
fn zeros_and_half_lines() {
    let (zero, line) = (iv("0", "0"), Interval::entire(64));
    assert_eq!(zero.mul(&line), zero);
    assert_eq!(line.mul(&zero), zero);
    assert_eq!(line.scale(&Rational::new()), zero);
    assert_eq!(zero.scale(&Rational::from(-7)), zero);
    assert_eq!(iv("0", "1").mul(&iv("3", "inf")), iv("0", "inf"));
    assert_eq!(iv("-1", "0").mul(&iv("3", "inf")), iv("-inf", "0"));
    assert_eq!(iv("-1", "2").mul(&iv("3", "inf")), line);
    assert_eq!(iv("-1", "2").mul(&line), line);
    assert_eq!(iv("1", "inf").sub(&iv("1", "inf")), line);
    assert_eq!(iv("1", "inf").add(&iv("-inf", "1")), line);
    assert_eq!(iv("1", "inf").add(&iv("2", "inf")), iv("3", "inf"));
    assert_eq!(iv("1", "inf").div(&iv("2", "inf")).unwrap(), iv("0", "inf"));
    assert_eq!(iv("-inf", "-1").div(&iv("2", "inf")).unwrap(), iv("-inf", "0"));
    assert_eq!(iv("-inf", "-1").div(&iv("-inf", "-2")).unwrap(), iv("0", "inf"));
    assert_eq!(line.div(&iv("2", "inf")).unwrap(), line);
    assert_eq!(zero.div(&iv("-inf", "-2")).unwrap(), zero);
    assert_eq!(iv("2", "inf").recip().unwrap(), iv("0", "0.5"));
    assert_eq!(iv("-inf", "-4").recip().unwrap(), iv("-0.25", "0"));
    for divisor in [
        &zero,
        &iv("0", "1"),
        &iv("-1", "0"),
        &iv("-1", "1"),
        &line,
        &iv("0", "inf"),
    ] {
        assert!(divisor.recip().is_err() && zero.div(divisor).is_err() && divisor.powi(-1).is_err());
        assert_eq!(divisor.powi(0).unwrap(), iv("1", "1"));
    }
    assert_eq!(iv("-2", "1").powi(2).unwrap(), iv("0", "4"));
    assert_eq!(iv("-2", "1").powi(3).unwrap(), iv("-8", "1"));
    assert_eq!(line.sqr(), iv("0", "inf"));
    assert_eq!(line.powi(3).unwrap(), line);
    assert_eq!(iv("-inf", "-2").powi(-1).unwrap(), iv("-0.5", "0"));
    assert_eq!(iv("-inf", "-2").powi(-2).unwrap(), iv("0", "0.25"));
    let error = iv("-1", "2").recip().unwrap_err();
    assert_eq!((error.function, error.argument.as_str()), ("recip", "[-1, 2]"));
}

#[test]
fn overflow_and_underflow_stay_outward() {
    let huge = Interval::try_new(power_of_two(1_000_000_000), power_of_two(1_000_000_000)).unwrap();
    let tiny = Interval::try_new(power_of_two(-1_000_000_000), power_of_two(-1_000_000_000)).unwrap();
    let over = huge.mul(&huge);
    assert!(over.inf().is_finite() && over.sup().is_infinite() && over.is_positive());
    assert_eq!(huge.neg().mul(&huge), over.neg());
    let under = tiny.mul(&tiny);
    assert!(under.inf().is_zero() && under.sup() > &0 && under.sup() < tiny.inf());
    assert_eq!(tiny.neg().mul(&tiny), under.neg());
    assert_eq!(huge.mul(&tiny), iv("1", "1"));
    assert_eq!(huge.recip().unwrap(), tiny);
    assert!(huge.div(&tiny).unwrap().sup().is_infinite());
    assert!(tiny.div(&huge).unwrap().inf().is_zero());
    let step = huge.add(&tiny);
    assert!(step.inf() == huge.inf() && step.sup() > huge.sup() && is_sharp(&step, 0));
    let step = huge.sub(&tiny);
    assert!(step.sup() == huge.sup() && step.inf() < huge.inf() && is_sharp(&step, 0));
    let most = Float::with_val(64, &over.inf().clone());
    let most = Interval::try_new(most.clone(), most).unwrap();
    assert!(most.add(&most).sup().is_infinite() && most.add(&most).inf().is_finite());
    assert!(most.scale(&Rational::from((3, 2))).sup().is_infinite());
    assert!(tiny.sqr().inf().is_zero() && huge.sqr().sup().is_infinite());
}
