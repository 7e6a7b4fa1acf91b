//! Monomials: their ranges, their order, and the half line.

use super::*;
use std::cmp::Ordering;

/// A random monomial with small exponents.
fn monomial(source: &mut Source) -> Monomial {
    let small = |source: &mut Source| Rational::from((source.below(9) as i64 - 4, source.below(3) as i64 + 1));
    let mut monomial = Monomial::default();
    for level in 0..3 {
        if source.below(2) == 0 {
            let power = small(source);
            let factor = if level == 0 {
                Monomial::power_of_t(power)
            } else {
                Monomial::logarithmic(level, power)
            };
            monomial = monomial.times(&factor);
        }
    }
    for _ in 0..source.below(3) {
        let degree = source.pick(&[ratio(1, 2), ratio(1, 1), ratio(2, 3), ratio(2, 1)]);
        monomial = monomial.times(&Monomial::exponential(small(source), degree));
    }
    monomial
}

#[test]
fn ranges_enclose_values() {
    let mut source = Source::new(10);
    let mut compared = 0;
    for _ in 0..3_000 {
        let monomial = monomial(&mut source);
        let from = source.pick(&[
            ratio(1, 5),
            ratio(1, 1),
            ratio(5, 4),
            ratio(28, 10),
            ratio(20, 1),
            ratio(1000, 1),
        ]);
        let line = HalfLine::new(&from, BITS).unwrap();
        let Some(range) = monomial.range(&line) else {
            // Refused only for want of a logarithm that is positive on the half line.
            assert!(from < 3, "{monomial:?} {from}");
            continue;
        };
        let range = Number::Enclosed { range, nonzero: true };
        for stretch in [
            ratio(1, 1),
            ratio(1_000_001, 1_000_000),
            ratio(3, 2),
            ratio(40, 1),
            ratio(1_000_000, 1),
        ] {
            let value = monomial_at(&monomial, &Interval::point(&Rational::from(&from * &stretch), HIGH)).unwrap();
            compared += 1;
            assert!(
                agree(&range, &value),
                "{monomial:?} {from} {stretch}: {range:?} {value:?}"
            );
        }
    }
    assert!(compared > 6_000, "{compared}");
}

#[test]
fn growth_is_an_order() {
    let mut source = Source::new(11);
    for _ in 0..2_000 {
        let [a, b, c] = std::array::from_fn(|_| monomial(&mut source));
        assert_eq!(a.compare_growth(&b), a.over(&b).tendency(), "{a:?} {b:?}");
        assert_eq!(a.compare_growth(&b), b.compare_growth(&a).reverse());
        assert_eq!(a.compare_growth(&b) == Ordering::Equal, a == b);
        assert_eq!(a.times(&c).compare_growth(&b.times(&c)), a.compare_growth(&b));
        if a.compare_growth(&b) == b.compare_growth(&c) {
            assert_eq!(a.compare_growth(&c), a.compare_growth(&b));
        }
        assert!(a.over(&a).is_one() && a.raised(&Rational::new()).is_one());
        assert_eq!(a.raised(&ratio(2, 3)).raised(&ratio(3, 2)), a);
    }
}

#[test]
fn tendencies_are_limits() {
    let mut source = Source::new(12);
    let far = Interval::point(&power_of_ten(300), HIGH);
    for _ in 0..500 {
        let monomial = monomial(&mut source);
        if monomial.parts().1[2] != 0 {
            // No number at hand is large enough to show what log log t does.
            continue;
        }
        let value = monomial_at(&monomial, &far).unwrap().interval(HIGH);
        match monomial.tendency() {
            Ordering::Equal => assert!(monomial.is_one()),
            Ordering::Greater => assert!(*value.inf() > 1, "{monomial:?}"),
            Ordering::Less => assert!(*value.sup() < 1, "{monomial:?}"),
        }
    }
}

#[test]
fn logarithms_begin_at_one_and_at_e() {
    let logs = |from: Rational| {
        let line = HalfLine::new(&from, BITS).unwrap();
        (line.has_logarithms(true, false), line.has_logarithms(false, true))
    };
    assert!(HalfLine::new(&Rational::new(), BITS).is_none() && HalfLine::new(&ratio(-1, 1), BITS).is_none());
    assert_eq!(logs(ratio(1, 2)), (false, false));
    assert_eq!(logs(ratio(1, 1)), (false, false));
    assert_eq!(logs(ratio(1, 1) + power_of_ten(-20)), (true, false));
    assert_eq!(logs(ratio(2718, 1000)), (true, false));
    assert_eq!(logs(ratio(2719, 1000)), (true, true));
    for exponent in [-300, -30_000, 30_000, 100_000] {
        let line = HalfLine::new(&power_of_ten(exponent), BITS).unwrap();
        for power in [ratio(9_999, 9_998), ratio(-9_999, 1), ratio(1, 9_998), ratio(20_001, 2)] {
            for monomial in [
                Monomial::power_of_t(power.clone()),
                Monomial::exponential(power.clone(), power.clone().abs()),
            ] {
                let _ = monomial.range(&line);
            }
        }
    }
}
