//! Tests of quadrature: polynomials with exact integrals, antiderivatives that are known, refusals.

use super::super::evaluate::tests::program;
use super::super::expr::{Node, Table};
use super::*;
use proptest::prelude::*;
use rug::ops::Pow;

/// The integral of a formula with evenly spaced cuts.
fn enclosed(text: &str, from: (i32, i32), to: (i32, i32), parts: u32, order: usize) -> Interval {
    integral(&program(text), &cuts(from, to, parts), order, 128).unwrap()
}

fn cuts(from: (i32, i32), to: (i32, i32), parts: u32) -> Vec<Rational> {
    let (from, to) = (Rational::from(from), Rational::from(to));
    let width = Rational::from(&to - &from);
    (0..=parts)
        .map(|part| &from + Rational::from((part, parts)) * &width)
        .collect()
}

/// The value of a constant formula.
fn value(text: &str) -> Interval {
    program(text).value(&[], 256).unwrap().interval(256)
}

#[track_caller]
fn encloses(range: &Interval, text: &str, width: f64) {
    let exact = value(text);
    assert!(exact.subset(range), "{} does not contain {text}", range.display(30));
    assert!(range.wid() <= width, "{} is wide", range.display(30));
}

#[test]
fn known_integrals() {
    encloses(&enclosed("exp(w)", (0, 1), (1, 1), 4, 20), "exp(1) - 1", 1e-20);
    encloses(&enclosed("1/(1 + w^2)", (0, 1), (1, 1), 16, 16), "pi/4", 1e-18);
    encloses(&enclosed("log(w)", (1, 1), (3, 1), 16, 16), "3*log(3) - 2", 1e-18);
    encloses(
        &enclosed("sin(w)*cos(w)", (-1, 1), (2, 1), 8, 15),
        "(sin(2)^2 - sin(1)^2)/2",
        1e-12,
    );
    encloses(&enclosed("w^(1/2)", (1, 1), (4, 1), 32, 12), "14/3", 1e-15);
}

#[test]
fn every_order_encloses() {
    for order in 0..=9 {
        let range = enclosed("w*exp(w)", (-1, 2), (1, 1), 3, order);
        encloses(&range, "3/2*exp(-1/2)", 4.0);
    }
}

#[test]
fn an_odd_remainder_has_two_halves() {
    // With order 1 on one part: f(m) plus a remainder that does not vanish for a convex integrand.
    let range = enclosed("w^2", (-1, 1), (1, 1), 1, 1);
    assert!(range.contains(&Rational::from((2, 3))), "{}", range.display(10));
}

#[test]
fn refusals() {
    let ask = |text: &str, cuts: &[Rational], order, precision| integral(&program(text), cuts, order, precision);
    let points = |list: &[i32]| list.iter().map(|point| Rational::from(*point)).collect::<Vec<_>>();
    let pole = ask("1/w", &points(&[-2, -1, 1]), 4, 64);
    assert!(
        matches!(pole, Err(QuadratureError::Undefined { part: 1, .. })),
        "{pole:?}"
    );
    let kink = ask("w^(1/2)", &points(&[0, 1]), 2, 64);
    assert!(
        matches!(kink, Err(QuadratureError::Undefined { part: 0, .. })),
        "{kink:?}"
    );
    assert!(
        ask("w^(1/2)", &points(&[0, 1]), 0, 64).is_ok(),
        "continuous is enough for order 0"
    );
    assert_eq!(ask("w", &points(&[0]), 2, 64), Err(QuadratureError::Cuts));
    assert_eq!(ask("w", &points(&[1, 0]), 2, 64), Err(QuadratureError::Cuts));
    assert_eq!(ask("w", &points(&[1, 1]), 2, 64), Err(QuadratureError::Cuts));
    assert_eq!(
        ask("w", &points(&[0, 1]), limits::QUADRATURE_ORDER + 1, 64),
        Err(QuadratureError::Limits)
    );
    assert_eq!(ask("w", &points(&[0, 1]), 2, 8), Err(QuadratureError::Limits));
    let many: Vec<i32> = (0..100_000).collect();
    assert_eq!(ask("exp(w)", &points(&many), 64, 4096), Err(QuadratureError::Work));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn polynomials_are_exact(
        coefficients in prop::collection::vec((-9i32..=9, 1i32..=5), 1..7),
        from in (-8i32..=8, 1i32..=4),
        width in (1i32..=12, 1i32..=4),
        parts in 1u32..5,
        order in 0usize..9,
    ) {
        let mut table = Table::new();
        let w = table.w();
        let mut sum = table.number(0);
        let mut primitive: Vec<Rational> = vec![Rational::new()];
        for (power, coefficient) in coefficients.iter().enumerate() {
            let coefficient = Rational::from(*coefficient);
            let factor = table.number(coefficient.clone());
            let term = table.insert(Node::Power(w, Rational::from(power)));
            let term = table.insert(Node::Mul(factor, term));
            sum = table.insert(Node::Add(sum, term));
            primitive.push(coefficient / Rational::from(power + 1));
        }
        let at = |point: &Rational| primitive.iter().enumerate().fold(Rational::new(), |sum, (power, factor)| {
            sum + Rational::from(point.pow(power as u32)) * factor
        });
        let from = Rational::from(from);
        let to = &from + Rational::from(width);
        let step = Rational::from(&to - &from) / parts;
        let cuts: Vec<Rational> = (0..=parts).map(|part| &from + Rational::from(part) * &step).collect();
        let exact = at(&to) - at(&from);
        let range = integral(&Program::new(&table, sum), &cuts, order, 64).unwrap();
        prop_assert!(range.contains(&exact), "{} is not in {}", exact, range.display(20));
        if order >= coefficients.len() {
            prop_assert!(range.wid() < 1e-6);
        }
    }
}
