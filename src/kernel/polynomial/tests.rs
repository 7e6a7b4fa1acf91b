//! Tests of the univariate polynomials: known roots, and properties on random products.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use super::*;
use proptest::prelude::*;
use rug::Complete;

fn integers(coefficients: &[i64]) -> Polynomial {
    Polynomial::from_coefficients(coefficients.iter().map(|value| Rational::from(*value)).collect()).unwrap()
}

fn at(numerator: i64, denominator: i64) -> Rational {
    Rational::from((numerator, denominator))
}

fn end(value: i64) -> End {
    End::At(Rational::from(value))
}

const LINE: (End, End) = (End::NegativeInfinity, End::PositiveInfinity);

fn linear(root: &Rational) -> Polynomial {
    Polynomial::variable().sub(&Polynomial::constant(root.clone()))
}

#[test]
fn ring_operations() {
    let p = integers(&[1, 2, 3]);
    assert_eq!(p.mul(&integers(&[0, 1])).unwrap(), integers(&[0, 1, 2, 3]));
    assert_eq!(p.sub(&p), Polynomial::default());
    assert_eq!(p.neg().add(&p).degree(), None);
    assert_eq!(integers(&[1, 1]).pow(3).unwrap(), integers(&[1, 3, 3, 1]));
    assert_eq!(
        integers(&[0, 0, 1]).compose(&integers(&[1, 1])).unwrap(),
        integers(&[1, 2, 1])
    );
    assert_eq!(p.derivative(), integers(&[2, 6]));
    assert_eq!(p.evaluate(&at(1, 2)), at(11, 4));
    assert!(Polynomial::variable().pow(401).is_none());
    assert!(
        Polynomial::variable()
            .pow(300)
            .unwrap()
            .mul(&Polynomial::variable().pow(101).unwrap())
            .is_none()
    );
    assert_eq!(Polynomial::default().as_constant(), Some(Rational::new()));
    assert!(p.divide(&Polynomial::default()).is_none());
    assert_eq!(integers(&[-6, 4]).scale(&at(1, 8)).primitive(), integers(&[-3, 2]));
}

#[test]
fn common_divisors_and_squarefree_factors() {
    let a = integers(&[-1, 1]);
    let b = integers(&[1, 0, 1]);
    let c = integers(&[2, 3]);
    let left = a.mul(&a).unwrap().mul(&b).unwrap();
    let right = a.mul(&c).unwrap();
    assert_eq!(left.gcd(&right), a);
    assert_eq!(left.gcd(&Polynomial::default()), left.monic());
    assert_eq!(Polynomial::default().gcd(&Polynomial::default()), Polynomial::default());
    assert_eq!(left.squarefree_part(), a.mul(&b).unwrap());
    assert_eq!(left.squarefree_factors(), vec![(b.clone(), 1), (a.clone(), 2)]);
    assert_eq!(integers(&[7]).squarefree_factors(), vec![]);
    assert_eq!(Polynomial::default().squarefree_factors(), vec![]);
}

#[test]
fn counts_known_roots() {
    let (lo, hi) = LINE;
    assert_eq!(integers(&[-2, 0, 1]).count_roots(&lo, &hi), Some(2));
    assert_eq!(integers(&[2, 0, 1]).count_roots(&lo, &hi), Some(0));
    assert_eq!(integers(&[5]).count_roots(&lo, &hi), Some(0));
    assert_eq!(Polynomial::default().count_roots(&lo, &hi), None);
    assert_eq!(integers(&[0, 1]).count_roots(&hi, &lo), None);
    assert_eq!(integers(&[0, 1]).count_roots(&end(1), &end(1)), None);
    // w^3 - w has its roots at both ends of (0, 1) and none inside.
    let cubic = integers(&[0, -1, 0, 1]);
    assert_eq!(cubic.count_roots(&end(0), &end(1)), Some(0));
    assert_eq!(cubic.count_roots(&end(-1), &end(1)), Some(1));
    assert_eq!(cubic.count_roots(&lo, &end(1)), Some(2));
    assert_eq!(cubic.count_roots(&end(-1), &hi), Some(2));
    // The same with multiple roots.
    let squared = cubic.mul(&cubic).unwrap();
    assert_eq!(squared.count_roots(&end(-1), &end(1)), Some(1));
    assert_eq!(squared.count_roots(&lo, &hi), Some(3));
    assert_eq!(squared.neg().count_roots(&end(0), &end(2)), Some(1));
    assert_eq!(Polynomial::variable().pow(7).unwrap().count_roots(&lo, &hi), Some(1));
    assert_eq!(
        Polynomial::variable().pow(7).unwrap().count_roots(&end(0), &hi),
        Some(0)
    );
}

#[test]
fn wilkinson_and_chebyshev() {
    let (lo, hi) = LINE;
    let mut wilkinson = Polynomial::constant(1);
    for root in 1..=20 {
        wilkinson = wilkinson.mul(&linear(&at(root, 1))).unwrap();
    }
    assert_eq!(wilkinson.count_roots(&lo, &hi), Some(20));
    assert_eq!(wilkinson.count_roots(&end(1), &end(20)), Some(18));
    let roots = wilkinson.isolate_roots(&lo, &hi).unwrap();
    assert!(roots.iter().all(RootInterval::is_exact));
    assert_eq!(roots.len(), 20);
    let (mut last, mut next) = (Polynomial::constant(1), Polynomial::variable());
    for _ in 1..30 {
        let new = next.mul(&integers(&[0, 2])).unwrap().sub(&last);
        (last, next) = (next, new);
    }
    assert_eq!(next.count_roots(&end(-1), &end(1)), Some(30));
    assert_eq!(next.count_roots(&end(0), &hi), Some(15));
}

#[test]
fn long_coefficients_of_degree_forty_are_fast() {
    let mut seed = Integer::from(12345);
    let coefficients = (0..=40).map(|_| {
        seed = Integer::from(&seed * &seed) + 7u32;
        seed.keep_bits_mut(66);
        Rational::from(&seed) * if seed.is_divisible_u(3) { -1 } else { 1 }
    });
    let p = Polynomial::from_coefficients(coefficients.collect()).unwrap();
    let start = std::time::Instant::now();
    let count = p.count_roots(&LINE.0, &LINE.1).unwrap();
    assert!(start.elapsed().as_secs() < 2);
    assert_eq!(p.isolate_roots(&LINE.0, &LINE.1).unwrap().len(), count);
}

#[test]
fn recognises_rational_roots_exactly() {
    let close = Rational::from((29_999_999_999_995u64, 10_000_000_000_000u64));
    let wanted = [at(-7, 3), at(1, 3), Rational::from(1), close];
    let mut p = integers(&[-2, 0, 1]);
    for root in &wanted {
        p = p.mul(&linear(root)).unwrap();
    }
    let p = p.mul(&linear(&wanted[1])).unwrap();
    let roots = p.isolate_roots(&LINE.0, &LINE.1).unwrap();
    let exact: Vec<_> = roots
        .iter()
        .filter(|root| root.is_exact())
        .map(|root| root.lo.clone())
        .collect();
    assert_eq!(exact, wanted);
    assert_eq!(
        roots.iter().map(|root| root.multiplicity).collect::<Vec<_>>(),
        [1, 1, 2, 1, 1, 1]
    );
    // 1 lies strictly inside, the end 1/3 does not count, and the end that is a root is stepped off.
    let inside = p.isolate_roots(&End::At(at(1, 3)), &End::At(at(5, 4))).unwrap();
    assert_eq!(
        inside.iter().map(|root| root.lo.clone()).collect::<Vec<_>>(),
        [Rational::from(1)]
    );
}

#[test]
fn refines() {
    let p = integers(&[-2, 0, 1]).mul(&integers(&[-2, 0, 1])).unwrap();
    let width = at(1, 1_000_000_000);
    let roots = p.isolate_roots(&end(0), &End::PositiveInfinity).unwrap();
    assert_eq!(roots.len(), 1);
    let fine = p.refine(roots[0].clone(), &width);
    assert!((&fine.hi - &fine.lo).complete() <= width && fine.multiplicity == 2);
    assert!((&fine.lo * &fine.lo).complete() < 2 && (&fine.hi * &fine.hi).complete() > 2);
    assert_eq!(p.refine(fine.clone(), &Rational::new()), fine);
}

#[test]
fn resultants_and_value_polynomials() {
    let p = integers(&[-2, 0, 1]);
    assert_eq!(p.resultant(&integers(&[-3, 0, 1])), 1);
    assert_eq!(p.resultant(&integers(&[0, 1])), -2);
    assert_eq!(integers(&[0, 1]).resultant(&p), -2);
    assert_eq!(p.resultant(&integers(&[5])), 25);
    assert_eq!(p.resultant(&p), 0);
    // res(2w - 1, 3w - 4) = 2*(-4) - (-1)*3
    assert_eq!(integers(&[-1, 2]).resultant(&integers(&[-4, 3])), -5);
    // The values of 1/(w + 1) at the roots of w^2 - 2 are -1 +- sqrt 2, the roots of y^2 + 2 y - 1.
    let chi = value_polynomial(&p.scale(&at(3, 1)), &integers(&[1]), &integers(&[1, 1])).unwrap();
    assert_eq!(chi.monic(), integers(&[-1, 2, 1]));
    assert!(value_polynomial(&p, &integers(&[1]), &p).is_none());
    // w^2 takes the value 2 twice.
    assert_eq!(
        value_polynomial(&p, &integers(&[0, 0, 1]), &integers(&[1]))
            .unwrap()
            .monic(),
        integers(&[4, -4, 1])
    );
}

#[test]
fn simplest_rationals() {
    assert_eq!(simplest_between(&at(3, 10), &at(7, 20)), at(1, 3));
    assert_eq!(simplest_between(&at(-7, 20), &at(-3, 10)), at(-1, 3));
    assert_eq!(simplest_between(&at(-1, 20), &at(3, 10)), 0);
    assert_eq!(simplest_between(&at(5, 2), &at(5, 2)), at(5, 2));
    assert_eq!(simplest_between(&at(5, 2), &at(9, 2)), 3);
    assert_eq!(simplest_between(&at(314_159, 100_000), &at(22, 7)), at(22, 7));
}

#[test]
fn ends_are_read_exactly() {
    for text in ["\"-inf\"", "\"inf\"", "\"-3/7\"", "\"12\""] {
        let value: End = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&value).unwrap(), text);
    }
    assert!(serde_json::from_str::<End>("\"+inf\"").is_err());
    assert!(serde_json::from_str::<End>("\"1/0\"").is_err());
    assert!(end(3) < End::PositiveInfinity && End::NegativeInfinity < end(-3));
}

fn rational() -> impl Strategy<Value = Rational> {
    (-12i64..=12, 1i64..=4).prop_map(|(a, b)| at(a, b))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn counts_agree_with_chosen_roots(
        roots in prop::collection::vec((rational(), 1u32..3), 0..5),
        pairs in prop::collection::vec(1i64..5, 0..2),
        lead in prop_oneof![Just(-3i64), Just(2)],
        bounds in (rational(), rational()),
    ) {
        let mut p = Polynomial::constant(lead);
        for (root, multiplicity) in &roots {
            p = p.mul(&linear(root).pow(*multiplicity).unwrap()).unwrap();
        }
        for pair in pairs {
            p = p.mul(&integers(&[pair, 1, 1])).unwrap();
        }
        let (lo, hi) = bounds;
        prop_assume!(lo < hi);
        let mut inside: Vec<_> = roots.iter().map(|(root, _)| root.clone()).filter(|r| *r > lo && *r < hi).collect();
        inside.sort();
        inside.dedup();
        let (lo, hi) = (End::At(lo), End::At(hi));
        prop_assert_eq!(p.count_roots(&lo, &hi), Some(inside.len()));
        let isolated = p.isolate_roots(&lo, &hi).unwrap();
        prop_assert!(isolated.iter().all(RootInterval::is_exact));
        prop_assert_eq!(isolated.iter().map(|r| r.lo.clone()).collect::<Vec<_>>(), inside);
        for interval in isolated {
            let wanted: u32 = roots.iter().filter(|(r, _)| *r == interval.lo).map(|(_, m)| m).sum();
            prop_assert_eq!(interval.multiplicity, wanted);
        }
    }

    #[test]
    fn isolation_is_a_partition(coefficients in prop::collection::vec(-9i64..10, 1..9)) {
        let p = integers(&coefficients);
        prop_assume!(!p.is_zero());
        let roots = p.isolate_roots(&LINE.0, &LINE.1).unwrap();
        prop_assert_eq!(Some(roots.len()), p.count_roots(&LINE.0, &LINE.1));
        prop_assert!(roots.windows(2).all(|two| two[0].hi <= two[1].lo));
        for root in roots {
            if root.is_exact() {
                prop_assert_eq!(p.evaluate(&root.lo), 0);
            } else {
                prop_assert!(p.evaluate(&root.lo) != 0 && p.evaluate(&root.hi) != 0);
                prop_assert_eq!(p.count_roots(&End::At(root.lo.clone()), &End::At(root.hi.clone())), Some(1));
                let fine = p.refine(root, &at(1, 1 << 40));
                prop_assert!((&fine.hi - &fine.lo).complete() <= at(1, 1 << 40));
            }
        }
    }

    #[test]
    fn division_and_squarefree_factors_multiply_back(
        a in prop::collection::vec(-9i64..10, 1..5),
        b in prop::collection::vec(-9i64..10, 1..4),
        exponents in (1u32..4, 1u32..4),
    ) {
        let (a, b) = (integers(&a), integers(&b));
        prop_assume!(!a.is_zero() && !b.is_zero());
        let (quotient, remainder) = a.divide(&b).unwrap();
        prop_assert_eq!(quotient.mul(&b).unwrap().add(&remainder), a.clone());
        let product = a.pow(exponents.0).unwrap().mul(&b.pow(exponents.1).unwrap()).unwrap();
        let mut back = Polynomial::constant(product.leading().unwrap().clone());
        for (factor, multiplicity) in product.squarefree_factors() {
            prop_assert_eq!(factor.gcd(&factor.derivative()).degree(), Some(0));
            back = back.mul(&factor.pow(multiplicity).unwrap()).unwrap();
        }
        prop_assert_eq!(back, product);
    }

    #[test]
    fn value_polynomial_vanishes_at_the_values(
        roots in prop::collection::vec(rational(), 1..5),
        numerator in prop::collection::vec(-9i64..10, 1..5),
        denominator in prop::collection::vec(-9i64..10, 1..4),
    ) {
        let modulus = roots.iter().fold(Polynomial::constant(5), |p, root| p.mul(&linear(root)).unwrap());
        let (numerator, denominator) = (integers(&numerator), integers(&denominator));
        let regular = roots.iter().all(|root| denominator.evaluate(root) != 0);
        let chi = value_polynomial(&modulus, &numerator, &denominator);
        prop_assert_eq!(chi.is_some(), regular);
        if let Some(chi) = chi {
            let values = roots.iter().map(|root| numerator.evaluate(root) / denominator.evaluate(root));
            let wanted = values.fold(Polynomial::constant(1), |p, value| p.mul(&linear(&value)).unwrap());
            prop_assert_eq!(chi.monic(), wanted);
        }
    }

    #[test]
    fn simplest_is_simplest(a in (-300i64..300, 1i64..60), b in (-300i64..300, 1i64..60)) {
        let (lo, hi) = (at(a.0, a.1).min(at(b.0, b.1)), at(a.0, a.1).max(at(b.0, b.1)));
        let simplest = simplest_between(&lo, &hi);
        prop_assert!(lo <= simplest && simplest <= hi);
        for denominator in 1..60i64 {
            if *simplest.denom() > denominator {
                let above = (&lo * at(denominator, 1)).ceil() / at(denominator, 1);
                prop_assert!(above > hi);
            }
        }
    }
}
