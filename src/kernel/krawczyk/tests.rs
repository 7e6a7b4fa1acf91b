//! Zeros that are there are found, zeros that are not are not.

use super::super::expr::Node;
use super::*;
use proptest::prelude::*;

fn exact(value: impl Into<Rational>) -> Exact {
    Exact(value.into())
}

fn candidate(centre: &[(i32, i32)], radius: (i32, i32), inverse: &[&[(i32, i32)]]) -> Enclosure {
    Enclosure {
        centre: centre.iter().map(|value| exact(*value)).collect(),
        radii: centre.iter().map(|_| exact(radius)).collect(),
        preconditioner: inverse
            .iter()
            .map(|row| row.iter().map(|value| exact(*value)).collect())
            .collect(),
    }
}

/// x^2 - c = 0.
fn square_root(c: i32) -> Equations {
    let mut table = Table::new();
    let x = table.w();
    let square = table.insert(Node::Mul(x, x));
    let c = table.number(c);
    let root = table.insert(Node::Sub(square, c));
    Equations::new(&table, &[root])
}

#[test]
fn the_root_of_two_is_enclosed() {
    let found = zero_in_box(&square_root(2), &candidate(&[(7, 5)], (1, 10), &[&[(5, 14)]]), 128).unwrap();
    let (lower, upper) = (found[0].inf_rational().unwrap(), found[0].sup_rational().unwrap());
    assert!(Rational::from(&lower * &lower) < 2 && Rational::from(&upper * &upper) > 2);
}

#[test]
fn what_is_not_shown_is_refused() {
    let two = square_root(2);
    let refused = |candidate: Enclosure| zero_in_box(&two, &candidate, 64).is_err();
    assert!(refused(candidate(&[(17, 10)], (1, 10), &[&[(5, 14)]])), "no zero");
    assert!(refused(candidate(&[(0, 1)], (2, 1), &[&[(1, 2)]])), "two zeros");
    assert!(
        refused(candidate(&[(7, 5)], (1, 10), &[&[(0, 1)]])),
        "a singular preconditioner"
    );
    assert!(refused(candidate(&[(7, 5)], (0, 1), &[&[(5, 14)]])), "no box");
    assert!(refused(candidate(&[(7, 5)], (-1, 10), &[&[(5, 14)]])), "no box");
    assert!(refused(candidate(&[(7, 5), (0, 1)], (1, 10), &[&[(5, 14)]])), "shapes");
    assert!(refused(candidate(&[(7, 5)], (1, 10), &[&[(5, 14), (0, 1)]])), "shapes");
    // A double zero is never certified.
    assert!(zero_in_box(&square_root(0), &candidate(&[(0, 1)], (1, 10), &[&[(1, 1)]]), 64).is_err());
}

#[test]
fn a_box_that_leaves_the_domain_is_refused() {
    // grad (x log x) = log x + 1 vanishes at 1/e.
    let mut table = Table::new();
    let x = table.w();
    let log = table.insert(Node::Apply(super::super::expr::Function::Log, x));
    let root = table.insert(Node::Mul(x, log));
    let critical = Critical::new(&table, root, 1);
    assert!(zero_in_box(&critical, &candidate(&[(37, 100)], (1, 50), &[&[(37, 100)]]), 64).is_ok());
    assert!(zero_in_box(&critical, &candidate(&[(37, 100)], (37, 100), &[&[(37, 100)]]), 64).is_err());
}

#[test]
fn nothing_is_the_zero_of_no_equation() {
    assert_eq!(
        zero_in_box(&Equations::new(&Table::new(), &[]), &candidate(&[], (1, 1), &[]), 64),
        Ok(Vec::new())
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Linear systems with a known rational solution: certified iff the box contains it in its interior, never otherwise.
    #[test]
    fn linear_systems(entries in prop::collection::vec(-3i32..4, 4), zero in prop::collection::vec(-6i32..7, 2), shift in -3i32..4) {
        let determinant = entries[0] * entries[3] - entries[1] * entries[2];
        prop_assume!(determinant != 0);
        let mut table = Table::new();
        let variables = [table.insert(Node::Variable(0)), table.insert(Node::Variable(1))];
        let mut roots = Vec::new();
        for row in 0..2 {
            let mut sum = table.number(-(entries[2 * row] * zero[0] + entries[2 * row + 1] * zero[1]));
            for column in 0..2 {
                let factor = table.number(entries[2 * row + column]);
                let term = table.insert(Node::Mul(factor, variables[column]));
                sum = table.insert(Node::Add(sum, term));
            }
            roots.push(sum);
        }
        let adjugate = [[entries[3], -entries[1]], [-entries[2], entries[0]]];
        let preconditioner = adjugate.iter().map(|row| row.iter().map(|entry| exact((*entry, determinant))).collect()).collect();
        let enclosure = Enclosure {
            centre: vec![exact(zero[0] + shift), exact(zero[1])],
            radii: vec![exact((3, 2)), exact((3, 2))],
            preconditioner,
        };
        let found = zero_in_box(&Equations::new(&table, &roots), &enclosure, 64);
        prop_assert_eq!(found.is_ok(), shift.abs() <= 1);
        if let Ok(found) = found {
            prop_assert!(found[0].contains(&Rational::from(zero[0])) && found[1].contains(&Rational::from(zero[1])));
        }
    }
}
