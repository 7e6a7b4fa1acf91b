//! Small helpers that write expressions the way a person would.

use crate::kernel::expr::{Function, Id, Node, Table};
use crate::kernel::polynomial::Polynomial;
use rug::{Integer, Rational};

/// A power, short for small exponents.
pub(super) fn power(table: &mut Table, base: Id, exponent: &Rational) -> Id {
    if *exponent == 0 {
        return table.number(1);
    }
    if *exponent == 1 {
        return base;
    }
    table.insert(Node::Power(base, exponent.clone()))
}

/// A product, short if a factor is 1.
pub(super) fn product(table: &mut Table, a: Id, b: Id) -> Id {
    let one = table.number(1);
    match (a == one, b == one) {
        (true, _) => b,
        (_, true) => a,
        _ => table.insert(Node::Mul(a, b)),
    }
}

/// A multiple of an expression: `-2*w*atan(w)` and `-w^2/3` rather than `-2*(w*atan(w))` and `-1/3*w^2`.
pub(super) fn multiple(table: &mut Table, factor: &Rational, a: Id) -> Id {
    if a == table.number(1) {
        return table.number(factor.clone());
    }
    let scaled = match table.node(a).cloned() {
        Some(Node::Mul(first, rest)) => {
            let first = scaled(table, factor.numer(), first);
            product(table, first, rest)
        }
        _ => scaled(table, factor.numer(), a),
    };
    if *factor.denom() == 1 {
        return scaled;
    }
    let below = table.number(Rational::from(factor.denom()));
    table.insert(Node::Div(scaled, below))
}

/// A whole multiple of one factor.
fn scaled(table: &mut Table, factor: &Integer, a: Id) -> Id {
    match table.node(a).cloned() {
        Some(Node::Number(value)) => table.number(value * factor),
        Some(Node::Neg(inner)) => {
            let factor = Integer::from(-factor);
            scaled_plain(table, &factor, inner)
        }
        _ => scaled_plain(table, factor, a),
    }
}

fn scaled_plain(table: &mut Table, factor: &Integer, a: Id) -> Id {
    if *factor == -1 {
        return table.insert(Node::Neg(a));
    }
    let factor = table.number(Rational::from(factor));
    product(table, factor, a)
}

/// The negative, without two signs in a row.
pub(super) fn negative(table: &mut Table, a: Id) -> Id {
    multiple(table, &Rational::from(-1), a)
}

/// A function of an expression.
pub(super) fn apply(table: &mut Table, function: Function, a: Id) -> Id {
    table.insert(Node::Apply(function, a))
}

/// A linear combination, negative terms subtracted.
pub(super) fn combined(table: &mut Table, terms: &[(Rational, Id)]) -> Id {
    let mut sum: Option<Id> = None;
    // A positive term first, if there is one.
    let first = terms.iter().position(|(factor, _)| *factor > 0).unwrap_or(0);
    let (before, after) = terms.split_at(first.min(terms.len()));
    let ordered = after.iter().take(1).chain(before).chain(after.iter().skip(1));
    for (factor, term) in ordered.filter(|(factor, _)| *factor != 0) {
        sum = Some(match sum {
            None => multiple(table, factor, *term),
            Some(before) if *factor < 0 => {
                let term = multiple(table, &Rational::from(-factor), *term);
                table.insert(Node::Sub(before, term))
            }
            Some(before) => {
                let term = multiple(table, factor, *term);
                table.insert(Node::Add(before, term))
            }
        });
    }
    sum.unwrap_or_else(|| table.number(0))
}

/// A polynomial in w, constant term first.
pub(super) fn polynomial(table: &mut Table, polynomial: &Polynomial) -> Id {
    let w = table.w();
    let coefficients = polynomial.coefficients().iter().enumerate();
    let terms: Vec<(Rational, Id)> = coefficients
        .map(|(degree, factor)| (factor.clone(), power(table, w, &Rational::from(degree))))
        .collect();
    combined(table, &terms)
}

/// A polynomial of degree 2 or 4 without its constant as a multiple of a square, if it is one up to a constant.
pub(super) fn square(table: &mut Table, coefficients: &[Rational]) -> Option<Id> {
    let whole = Polynomial::from_coefficients(coefficients.to_vec())?;
    let leading = whole.leading()?.clone();
    let monic = whole.monic();
    let at = |degree: usize| monic.coefficients().get(degree).cloned().unwrap_or_default();
    let root = match monic.degree()? {
        2 => vec![at(1) / 2u32, Rational::from(1)],
        // (w^2 + p w + q)^2 = w^4 + 2p w^3 + (p^2 + 2q) w^2 + 2pq w + q^2
        4 => {
            let p = at(3) / 2u32;
            let q = (at(2) - Rational::from(&p * &p)) / 2u32;
            vec![q, p, Rational::from(1)]
        }
        _ => return None,
    };
    let root = Polynomial::from_coefficients(root)?;
    let rest = monic.sub(&root.pow(2)?);
    rest.as_constant()?;
    let root = self::polynomial(table, &root);
    let square = power(table, root, &Rational::from(2));
    Some(multiple(table, &leading, square))
}
