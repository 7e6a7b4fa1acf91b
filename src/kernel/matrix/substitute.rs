//! Costs of one variable derived from a cost of a matrix: written by the kernel, so that a certificate cannot choose.
//!
//! Constants are folded and zeros dropped on the way. Dropping a product with 0 forgets where the other factor is
//! undefined; that is no loss, because the cost was shown to be defined on its whole domain.

use super::super::expr::{Id, Node, Table};
use super::super::number::exact_power;
use super::super::polynomial::Polynomial;
use rug::Rational;
use std::collections::BTreeMap;

/// Longest folded number in bits: longer ones stay as they are written.
const BITS: u32 = 4_096;

/// Highest degree of a polynomial that is followed through an expression.
const DEGREE: usize = 48;

/// An expression with every variable replaced: `Variable(i)` becomes `values[i]` of the table that is filled.
///
/// Sums of polynomials in `Variable(0)` whose leading terms cancel are written anew: enclosures would not see that.
/// Errors: `None` for a variable without a value. Panics: never.
pub fn substitute(source: &Table, root: Id, table: &mut Table, values: &[Id]) -> Option<Id> {
    let mut known = polynomials(table, values);
    let mut places: BTreeMap<Id, Id> = BTreeMap::new();
    for id in source.reachable(root) {
        let of = |child: &Id| places.get(child).copied();
        let node = source.node(id)?;
        let mut place = match node {
            Node::Variable(name) => values.get(usize::from(*name)).copied()?,
            Node::Add(a, b) => add(table, of(a)?, of(b)?),
            Node::Sub(a, b) => sub(table, of(a)?, of(b)?),
            Node::Mul(a, b) => mul(table, of(a)?, of(b)?),
            Node::Div(a, b) => div(table, of(a)?, of(b)?),
            Node::Neg(a) => neg(table, of(a)?),
            Node::Power(a, exponent) => power(table, of(a)?, exponent),
            Node::Apply(function, a) => table.insert(Node::Apply(*function, of(a)?)),
            leaf => table.insert(leaf.clone()),
        };
        if !known.contains_key(&place)
            && let Some(node) = table.node(place).cloned()
            && let Some(polynomial) = polynomial(&node, &known)
        {
            if let Node::Add(a, b) | Node::Sub(a, b) = &node
                && cancels(&polynomial, known.get(a), known.get(b))
            {
                place = write(table, &polynomial);
            }
            known.insert(place, polynomial);
        }
        places.insert(id, place);
    }
    places.get(&root).copied()
}

/// The polynomials in `Variable(0)` among the parts of some expressions.
fn polynomials(table: &Table, roots: &[Id]) -> BTreeMap<Id, Polynomial> {
    let mut known = BTreeMap::new();
    for root in roots {
        for id in table.reachable(*root) {
            if !known.contains_key(&id)
                && let Some(node) = table.node(id)
                && let Some(polynomial) = polynomial(node, &known)
            {
                known.insert(id, polynomial);
            }
        }
    }
    known
}

/// The polynomial that a node is, if its children are known ones of low degree.
fn polynomial(node: &Node, known: &BTreeMap<Id, Polynomial>) -> Option<Polynomial> {
    let of = |child: &Id| known.get(child);
    let value = match node {
        Node::Number(value) => Polynomial::constant(value.clone()),
        Node::Variable(0) => Polynomial::variable(),
        Node::Add(a, b) => of(a)?.add(of(b)?),
        Node::Sub(a, b) => of(a)?.sub(of(b)?),
        Node::Mul(a, b) => of(a)?.mul(of(b)?)?,
        Node::Neg(a) => of(a)?.neg(),
        Node::Power(a, exponent) if *exponent.denom() == 1 && *exponent > 0 && *exponent <= DEGREE => {
            let base = of(a)?;
            let degree = base.degree().unwrap_or(0).checked_mul(exponent.numer().to_usize()?)?;
            if degree > DEGREE {
                return None;
            }
            base.pow(exponent.numer().to_u32()?)?
        }
        _ => return None,
    };
    let long = |value: &Rational| value.numer().significant_bits().max(value.denom().significant_bits()) > BITS;
    let tame = value.degree().unwrap_or(0) <= DEGREE && !value.coefficients().iter().any(long);
    tame.then_some(value)
}

/// Whether the sum is of lower degree than its summands.
fn cancels(sum: &Polynomial, a: Option<&Polynomial>, b: Option<&Polynomial>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => sum.degree() < a.degree().max(b.degree()),
        _ => false,
    }
}

/// A polynomial in `Variable(0)` as a sum of powers.
fn write(table: &mut Table, polynomial: &Polynomial) -> Id {
    let t = table.w();
    let mut sum = table.number(0);
    for (exponent, value) in polynomial.coefficients().iter().enumerate().rev() {
        if *value == 0 {
            continue;
        }
        let factor = table.number(value.clone());
        let letter = if exponent == 0 {
            table.number(1)
        } else {
            power(table, t, &Rational::from(exponent))
        };
        let term = mul(table, factor, letter);
        sum = add(table, sum, term);
    }
    sum
}

/// The number that a node is.
fn number(table: &Table, id: Id) -> Option<Rational> {
    match table.node(id) {
        Some(Node::Number(value)) => Some(value.clone()),
        _ => None,
    }
}

/// A short enough number as a node.
fn folded(table: &mut Table, value: Rational) -> Option<Id> {
    let bits = value.numer().significant_bits().max(value.denom().significant_bits());
    (bits <= BITS).then(|| table.number(value))
}

/// a + b. Panics: never.
pub(super) fn add(table: &mut Table, a: Id, b: Id) -> Id {
    match (number(table, a), number(table, b)) {
        (Some(x), Some(y)) => folded(table, x + y).unwrap_or_else(|| table.insert(Node::Add(a, b))),
        (Some(x), _) if x == 0 => b,
        (_, Some(y)) if y == 0 => a,
        _ => table.insert(Node::Add(a, b)),
    }
}

/// a - b. Panics: never.
pub(super) fn sub(table: &mut Table, a: Id, b: Id) -> Id {
    if a == b {
        return table.number(0);
    }
    match (number(table, a), number(table, b)) {
        (Some(x), Some(y)) => folded(table, x - y).unwrap_or_else(|| table.insert(Node::Sub(a, b))),
        (Some(x), _) if x == 0 => neg(table, b),
        (_, Some(y)) if y == 0 => a,
        _ => table.insert(Node::Sub(a, b)),
    }
}

/// a b. Panics: never.
pub(super) fn mul(table: &mut Table, a: Id, b: Id) -> Id {
    match (number(table, a), number(table, b)) {
        (Some(x), Some(y)) => folded(table, x * y).unwrap_or_else(|| table.insert(Node::Mul(a, b))),
        (Some(x), _) if x == 0 => a,
        (_, Some(y)) if y == 0 => b,
        (Some(x), _) if x == 1 => b,
        (_, Some(y)) if y == 1 => a,
        _ => table.insert(Node::Mul(a, b)),
    }
}

/// a / b. Panics: never.
pub(super) fn div(table: &mut Table, a: Id, b: Id) -> Id {
    match (number(table, a), number(table, b)) {
        (Some(x), Some(y)) if y != 0 => folded(table, x / y).unwrap_or_else(|| table.insert(Node::Div(a, b))),
        (Some(x), None) if x == 0 => a,
        (_, Some(y)) if y == 1 => a,
        _ => table.insert(Node::Div(a, b)),
    }
}

/// -a. Panics: never.
pub(super) fn neg(table: &mut Table, a: Id) -> Id {
    match number(table, a) {
        Some(x) => table.number(-x),
        None => table.insert(Node::Neg(a)),
    }
}

/// a to a rational power. Panics: never.
pub(super) fn power(table: &mut Table, a: Id, exponent: &Rational) -> Id {
    if *exponent == 1 {
        return a;
    }
    let known = number(table, a).filter(|x| *x != 0 || *exponent > 0);
    let value = known.and_then(|x| exact_power(&x, exponent));
    value
        .and_then(|value| folded(table, value))
        .unwrap_or_else(|| table.insert(Node::Power(a, exponent.clone())))
}
