//! Costs of one variable derived from a cost of a matrix: written by the kernel, so that a certificate cannot choose.
//!
//! Constants are folded and zeros dropped on the way. Dropping a product with 0 forgets where the other factor is
//! undefined; that is no loss, because the cost was shown to be defined on its whole domain.

use super::super::expr::{Id, Node, Table};
use super::super::number::exact_power;
use rug::Rational;
use std::collections::BTreeMap;

/// Longest folded number in bits: longer ones stay as they are written.
const BITS: u32 = 4_096;

/// An expression with every variable replaced: `Variable(i)` becomes `values[i]` of the table that is filled.
///
/// Errors: `None` for a variable without a value. Panics: never.
pub fn substitute(source: &Table, root: Id, table: &mut Table, values: &[Id]) -> Option<Id> {
    let mut places: BTreeMap<Id, Id> = BTreeMap::new();
    for id in source.reachable(root) {
        let of = |child: &Id| places.get(child).copied();
        let place = match source.node(id)? {
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
        places.insert(id, place);
    }
    places.get(&root).copied()
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
