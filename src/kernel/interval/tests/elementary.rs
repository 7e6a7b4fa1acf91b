//! Elementary functions at members with four times the precision, at corners, at gigantic arguments, and for width.

use super::{Interval, Source, float, is_sharp, iv, power_of_two};
use rug::float::{Constant, Round};
use rug::{Float, Rational};

type Enclosure = fn(&Interval) -> Option<Interval>;
type Value = fn(Float, Round) -> Float;

/// Rounds in place and gives the value.
macro_rules! value {
    ($method:ident) => {
        |mut x: Float, round| {
            x.$method(round);
            x
        }
    };
}

const FUNCTIONS: [(&str, Enclosure, Value); 12] = [
    ("exp", |x| Some(x.exp()), value!(exp_round)),
    ("log", |x| x.ln().ok(), value!(ln_round)),
    ("sqrt", |x| x.sqrt().ok(), value!(sqrt_round)),
    ("sin", |x| Some(x.sin()), value!(sin_round)),
    ("cos", |x| Some(x.cos()), value!(cos_round)),
    ("tan", |x| x.tan().ok(), value!(tan_round)),
    ("sinh", |x| Some(x.sinh()), value!(sinh_round)),
    ("cosh", |x| Some(x.cosh()), value!(cosh_round)),
    ("tanh", |x| Some(x.tanh()), value!(tanh_round)),
    ("atan", |x| Some(x.atan()), value!(atan_round)),
    ("asinh", |x| Some(x.asinh()), value!(asinh_round)),
    ("erf", |x| Some(x.erf()), value!(erf_round)),
];

/// A member as a float of four times the precision.
fn fine_member(source: &mut Source, x: &Interval) -> Float {
    let member = source.member(x);
    let fine = 4 * x.precision();
    let near = Float::with_val_round(fine, &member, Round::Down).0;
    if &near < x.inf() {
        Float::with_val_round(fine, x.inf(), Round::Up).0
    } else {
        near
    }
}

#[test]
fn values_at_members_are_contained() {
    let mut source = Source::new(40);
    for (name, enclosure, value) in FUNCTIONS {
        for case in 0..2_000 {
            let precision = source.precision();
            let draw = if case % 4 == 0 {
                Source::rational
            } else {
                Source::moderate
            };
            let x = source.interval(precision, draw);
            let Some(result) = enclosure(&x) else { continue };
            assert_eq!(result.precision(), precision);
            let member = fine_member(&mut source, &x);
            let (lower, upper) = (value(member.clone(), Round::Down), value(member.clone(), Round::Up));
            assert!(
                result.inf() <= &lower && &upper <= result.sup(),
                "{name} {x:?} at {member}: {result:?}"
            );
        }
    }
}

#[test]
fn functions_respect_inclusion() {
    let mut source = Source::new(41);
    for (name, enclosure, _) in FUNCTIONS {
        for _ in 0..1_500 {
            let precision = source.precision();
            let x = source.interval(precision, Source::moderate);
            let part = source.part(&x);
            if let Some(whole) = enclosure(&x) {
                assert!(enclosure(&part).unwrap().subset(&whole), "{name} {part:?} {x:?}");
            }
        }
    }
}

#[test]
fn singletons_are_sharp() {
    let mut source = Source::new(42);
    for (name, enclosure, _) in FUNCTIONS {
        for _ in 0..1_000 {
            let precision = source.precision();
            let x = Interval::point(&source.moderate(), precision);
            let x = Interval::try_new(x.sup().clone(), x.sup().clone()).unwrap();
            if let Some(result) = enclosure(&x) {
                assert!(is_sharp(&result, 0), "{name} {x:?}: {result:?}");
            }
        }
    }
}

#[test]
fn monotone_functions_are_tight() {
    let mut source = Source::new(43);
    let falling = |name: &str| matches!(name, "sin" | "cos" | "cosh");
    for (name, enclosure, value) in FUNCTIONS {
        for _ in 0..if falling(name) { 0 } else { 300 } {
            let x = source.interval(64, Source::moderate);
            if let Some(result) = enclosure(&x) {
                let (lower, upper) = (value(x.inf().clone(), Round::Down), value(x.sup().clone(), Round::Up));
                assert!(result.inf() == &lower && result.sup() == &upper, "{name} {x:?}");
            }
        }
    }
}

#[test]
fn domains_are_respected() {
    for x in [
        iv("0", "1"),
        iv("-1", "1"),
        iv("-2", "-1"),
        iv("0", "0"),
        Interval::entire(64),
        iv("0", "inf"),
    ] {
        assert_eq!(x.ln().unwrap_err().function, "log");
        assert_eq!(x.sqrt().is_ok(), x.is_nonnegative());
        assert_eq!(x.pow_rational(&Rational::from((1, 3))).is_ok(), x.is_nonnegative());
        assert!(x.pow_rational(&Rational::from((-1, 3))).is_err());
    }
    let tiny = Interval::try_new(power_of_two(-1_000_000_000), float("1")).unwrap();
    assert!(tiny.ln().is_ok() && tiny.pow_rational(&Rational::from((-1, 3))).is_ok());
    assert_eq!(
        iv("-1", "4").sqrt().unwrap_err().to_string(),
        "sqrt is not known to be defined on [-1, 4]"
    );
}

#[test]
fn infinite_endpoints_map_to_limits() {
    let line = Interval::entire(64);
    let ball = iv("-1", "1");
    assert_eq!(line.exp(), iv("0", "inf"));
    assert_eq!(line.tanh(), ball);
    assert_eq!(line.erf(), ball);
    assert_eq!((line.sin(), line.cos()), (ball.clone(), ball));
    assert_eq!((line.sinh(), line.asinh()), (line.clone(), line.clone()));
    assert_eq!(line.cosh(), iv("1", "inf"));
    assert_eq!(line.abs(), iv("0", "inf"));
    assert!(line.tan().is_err());
    let half_turn = Interval::pi(64).scale(&Rational::from((1, 2)));
    assert_eq!(line.atan(), half_turn.neg().convex_hull(&half_turn));
    assert_eq!(iv("1", "inf").ln().unwrap(), iv("0", "inf"));
    assert_eq!(iv("4", "inf").sqrt().unwrap(), iv("2", "inf"));
    assert_eq!(iv("-inf", "0").exp(), iv("0", "1"));
    assert_eq!(iv("-inf", "0").tanh(), iv("-1", "0"));
    assert_eq!(iv("-inf", "-2").abs(), iv("2", "inf"));
    assert_eq!(iv("-2", "1").cosh().inf(), &1);
    assert_eq!(iv("-2", "1").abs(), iv("0", "2"));
}

#[test]
fn zero_is_mapped_exactly() {
    let (zero, one) = (iv("0", "0"), iv("1", "1"));
    for (name, enclosure, _) in FUNCTIONS {
        match name {
            "log" => assert_eq!(enclosure(&one).unwrap(), zero),
            "exp" | "cos" | "cosh" => assert_eq!(enclosure(&zero).unwrap(), one, "{name}"),
            _ => assert_eq!(enclosure(&zero).unwrap(), zero, "{name}"),
        }
        if name == "sqrt" {
            assert_eq!(enclosure(&one).unwrap(), one);
        }
    }
}

#[test]
fn gigantic_arguments_end_soon_and_stay_outward() {
    let singleton = |value: Float| Interval::try_new(value.clone(), value).unwrap();
    for precision in [53, 4_000] {
        for exponent in [
            -1_073_741_824,
            -1_000_000_000,
            -5_000,
            4_097,
            1_000_000_000,
            1_073_741_822,
        ] {
            let huge = exponent > 0;
            for positive in [true, false] {
                let value = power_of_two(exponent);
                let x = singleton(if positive { value } else { -value }).with_precision(precision);
                for (name, enclosure, _) in FUNCTIONS {
                    let Some(result) = enclosure(&x) else {
                        assert!(
                            name == "tan" && huge || matches!(name, "log" | "sqrt") && !positive,
                            "{name}"
                        );
                        continue;
                    };
                    let wave = matches!(name, "sin" | "cos" | "tan");
                    assert!(
                        huge && wave || is_sharp(&result, 0) || !result.is_bounded(),
                        "{name} {x:?} {result:?}"
                    );
                    if huge && wave {
                        assert_eq!(result, iv("-1", "1"));
                    } else if matches!(name, "sin" | "tan" | "sinh" | "tanh" | "atan" | "asinh") {
                        assert_eq!(
                            result.is_positive() || !huge && result.sup() > &0,
                            positive,
                            "{name} {x:?}"
                        );
                    }
                    if matches!(name, "exp" | "cosh" | "sinh") && huge && positive {
                        assert!(!result.is_bounded() && result.inf().is_finite() && result.is_positive());
                    }
                    if name == "exp" && huge && !positive {
                        assert!(result.inf().is_zero() && result.sup() > &0);
                    }
                    if matches!(name, "exp" | "cosh" | "cos") && !huge {
                        assert!(result.contains(&Rational::from(1)) && !result.is_singleton());
                    }
                }
            }
        }
    }
    let wide = Interval::try_new(-power_of_two(1_000_000_000), power_of_two(1_000_000_000)).unwrap();
    assert!(wide.exp().inf().is_zero() && !wide.exp().is_bounded());
    assert_eq!(wide.tanh(), iv("-1", "1"));
    assert_eq!((wide.sin(), wide.cos()), (iv("-1", "1"), iv("-1", "1")));
}

#[test]
fn waves_reach_their_extrema_exactly_when_they_should() {
    let quarter = |count: i32, precision| Interval::pi(precision).scale(&Rational::from((count, 2)));
    for precision in [32, 64, 200] {
        for count in (-6..8).chain([-1_000_003, 1_000_000, 1_000_001]) {
            // This straddles the multiple of the quarter turn.
            let x = quarter(count, precision);
            let (sin, cos) = (x.sin(), x.cos());
            match count.rem_euclid(4) {
                0 => assert!(cos.sup() == &1 && sin.contains_zero() && !cos.contains_zero()),
                1 => assert!(sin.sup() == &1 && cos.contains_zero() && !sin.contains_zero()),
                2 => assert!(cos.inf() == &-1 && sin.contains_zero() && !cos.contains_zero()),
                _ => assert!(sin.inf() == &-1 && cos.contains_zero() && !sin.contains_zero()),
            }
            assert_eq!(x.tan().is_err(), count % 2 != 0);
            // From strictly after this multiple to strictly before the next there is no extremum and no pole.
            let next = quarter(count + 1, precision);
            let between = Interval::try_new(x.sup().clone(), next.inf().clone()).unwrap();
            let tan = between.tan().unwrap();
            assert!(tan.is_bounded());
            assert!(!between.sin().contains_zero() || !between.cos().contains_zero());
            let across = Interval::try_new(x.inf().clone(), next.inf().clone()).unwrap();
            assert_eq!(across.tan().is_err(), count % 2 != 0);
        }
    }
    assert_eq!(iv("0", "6").sin(), iv("-1", "1"));
    assert_eq!(iv("0", "3").sin(), Interval::try_new(float("0"), float("1")).unwrap());
    assert_eq!(iv("-1", "1").cos().sup(), &1);
    assert!(iv("-1", "1").cos().is_positive());
    assert_eq!(iv("3", "4").cos().inf(), &-1);
    assert_eq!(iv("-1e300", "1e300").sin(), iv("-1", "1"));
    assert!(iv("1", "2").tan().is_err() && iv("2", "4").tan().unwrap().contains_zero());
}

#[test]
fn huge_arguments_of_waves_agree_with_much_higher_precision() {
    let mut source = Source::new(44);
    for _ in 0..400 {
        let exponent = source.below(4_096) as u32;
        let value = (source.rational() << exponent) >> 80;
        let x = Interval::point(&value, 64);
        let x = Interval::try_new(x.inf().clone(), x.inf().clone()).unwrap();
        // The reduction by hand: subtract the multiple of the turn, all in 5000 bits.
        let turn = Float::with_val(5_000, Constant::Pi) * 2;
        let quotient: Float = Float::with_val(5_000, x.inf()) / &turn;
        let rest = quotient.clone() - quotient.floor();
        let reduced = Float::with_val(300, rest * turn);
        for (enclosure, value) in [(x.sin(), reduced.clone().sin()), (x.cos(), reduced.cos())] {
            let slack = Float::with_val(300, 1) >> 250;
            assert!(enclosure.inf() <= &Float::with_val(300, &value + &slack), "{x:?}");
            assert!(enclosure.sup() >= &Float::with_val(300, &value - &slack), "{x:?}");
            assert!(is_sharp(&enclosure, 0), "{x:?} {enclosure:?}");
        }
    }
}

#[test]
fn wave_ranges_are_narrow() {
    let mut source = Source::new(45);
    for _ in 0..300 {
        let a = source.moderate();
        let width = Rational::from((source.below(7_000), 1_000));
        let x = Interval::hull_of(&a, &Rational::from(&a + &width), 64).unwrap();
        for (range, value) in [(x.sin(), value!(sin_round) as Value), (x.cos(), value!(cos_round))] {
            let samples = (0..=64u32).map(|step| {
                let point = &a + Rational::from(&width * step) / 64u32;
                value(Float::with_val(80, point), Round::Nearest)
            });
            let (mut least, mut most) = (float("1"), float("-1"));
            for sample in samples {
                least = least.min(&sample);
                most = most.max(&sample);
            }
            // Between two samples 7/64 apart a wave rises above both by less than (7/128)^2/2.
            assert!(Float::with_val(80, range.sup() - most) < 0.0016, "{x:?} {range:?}");
            assert!(Float::with_val(80, least - range.inf()) < 0.0016, "{x:?} {range:?}");
        }
    }
}
