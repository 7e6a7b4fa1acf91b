//! Tests of the algebra layer against what the engine is known or feared to get wrong.

use super::tests::{Builder, POINTS, TIMEOUT, assert_agree, compare, value};
use super::{differentiate, latex, print, simplify};
use crate::kernel::expr::{Function, Id, Node, Table};
use std::cmp::Ordering;

#[test]
fn roots_of_fractions_are_right() {
    for (above, below) in [
        (3, 4),
        (4, 3),
        (9, 4),
        (100, 9),
        (2, 9),
        (16, 81),
        (1, 8),
        (5, 7),
        (12, 1),
    ] {
        for (power, root) in [(1, 2), (-1, 2), (-3, 2), (3, 4), (2, 3)] {
            let mut b = Builder::new();
            let (w, base) = (b.w(), b.q(above, below));
            let direct = b.pow(base, power, root);
            let (logarithm, exponent) = (b.call(Function::Log, base), b.q(power, root));
            let product = b.mul(exponent, logarithm);
            let indirect = b.call(Function::Exp, product);
            let sum = b.add(direct, indirect);
            let whole = b.mul(sum, w);
            let (theirs, image) = differentiate(&b.0, whole, 0, TIMEOUT).unwrap();
            assert_agree(
                (&b.0, sum),
                (&theirs, image),
                &format!("({above}/{below})^({power}/{root})"),
            );
        }
    }
    // The root of 3/4 by way of two logarithms: exp((log(3) - log(4))/2).
    let mut b = Builder::new();
    let (three, four, half) = (b.n(3), b.n(4), b.q(1, 2));
    let (above, below) = (b.call(Function::Log, three), b.call(Function::Log, four));
    let difference = b.sub(above, below);
    let product = b.mul(half, difference);
    let root = b.call(Function::Exp, product);
    let text = print(&b.0, root, TIMEOUT).unwrap();
    assert_eq!(text, "exp(1/2*(log(3)-log(4)))");
    let text = latex(&b.0, root, TIMEOUT).unwrap();
    assert!(text.contains("\\log\\!\\left(3\\right)"), "{text}");
    let (theirs, image) = simplify(&b.0, root, TIMEOUT).unwrap();
    assert_agree((&b.0, root), (&theirs, image), "a root by logarithms");
    // A fraction that only expanding uncovers: sqrt((w+1)^2 - w^2 - 2*w - 1/4).
    let mut b = Builder::new();
    let (w, one, two, quarter) = (b.w(), b.n(1), b.n(2), b.q(1, 4));
    let (sum, square, double) = (b.add(w, one), b.pow(w, 2, 1), b.mul(two, w));
    let rest = b.add(square, double);
    let (sum, rest) = (b.pow(sum, 2, 1), b.add(rest, quarter));
    let inner = b.sub(sum, rest);
    let root = b.pow(inner, 1, 2);
    let (theirs, image) = simplify(&b.0, root, TIMEOUT).unwrap();
    assert_agree((&b.0, root), (&theirs, image), "a hidden fraction");
}

#[test]
fn exponentials_of_logarithms_are_right() {
    let mut b = Builder::new();
    let (w, two) = (b.w(), b.n(2));
    let logarithm = b.call(Function::Log, w);
    let (square, double) = (b.pow(logarithm, 2, 1), b.mul(two, logarithm));
    let exponentials = [square, double, logarithm].map(|inner| b.call(Function::Exp, inner));
    let error_function = b.call(Function::Erf, logarithm);
    for root in exponentials.into_iter().chain([error_function]) {
        let (theirs, image) = simplify(&b.0, root, TIMEOUT).unwrap();
        assert_agree((&b.0, root), (&theirs, image), "a function of a logarithm");
        let (theirs, image) = differentiate(&b.0, root, 0, TIMEOUT).unwrap();
        let own = b.0.derivative(root, 0).unwrap();
        assert_agree(
            (&b.0, own),
            (&theirs, image),
            "the derivative of a function of a logarithm",
        );
    }
}

/// A random expression, built by a little stack machine.
fn random(choose: &mut impl FnMut(u64) -> u64) -> (Table, Id) {
    let mut b = Builder::new();
    let w = b.w();
    let mut ids = vec![w, b.n(2), b.q(-1, 3)];
    for _ in 0..7 {
        let (x, y) = (ids[choose(ids.len() as u64) as usize], ids[ids.len() - 1]);
        let function = Function::ALL[choose(11) as usize];
        let exponents = [(2, 1), (3, 1), (-1, 1), (-2, 1), (1, 2), (1, 3), (-3, 2), (4, 3)];
        let (above, below) = exponents[choose(8) as usize];
        ids.push(match choose(8) {
            0 | 1 => b.add(x, y),
            2 => b.sub(x, y),
            3 => b.mul(x, y),
            4 => b.div(y, x),
            5 => b.pow(y, above, below),
            6 => b.0.insert(Node::Neg(y)),
            _ => b.call(function, y),
        });
    }
    let root = ids[ids.len() - 1];
    (b.0, root)
}

#[test]
fn random_expressions_keep_their_values() {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut choose = move |below: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut compared = 0;
    for _ in 0..400 {
        let (mut table, root) = random(&mut choose);
        // What is undefined everywhere, like log(0) + w, has no derivative to agree on.
        if !POINTS.iter().any(|w| value(&table, root, *w).is_finite()) {
            continue;
        }
        let what = format!("{:?}", table.nodes());
        let tame = |table: &Table, root: Id| {
            POINTS
                .iter()
                .all(|w| value(table, root, *w).abs().partial_cmp(&1e6) != Some(Ordering::Greater))
        };
        if let Ok((back, image)) = simplify(&table, root, TIMEOUT)
            && tame(&table, root)
        {
            compared += compare((&table, root), (&back, image), &what);
        }
        let own = table.derivative(root, 0).unwrap();
        if let Ok((theirs, image)) = differentiate(&table, root, 0, TIMEOUT)
            && tame(&table, own)
        {
            compared += compare((&table, own), (&theirs, image), &what);
        }
    }
    assert!(compared > 800, "{compared}");
}
