//! Equal expressions that read better: sums without double signs, constants worked out.

use super::super::evaluate::Program;
use super::super::expr::{Id, Node, Table};
use super::super::number::Number;
use rug::Rational;
use std::collections::BTreeMap;

/// How many terms and factors are looked at.
const DEPTH: usize = 64;

/// The largest expression in which constants are worked out: a longer one is not for reading.
pub(super) const FOLDED: usize = 500;

/// What stands to the right of the first factor.
enum Rest {
    Times(Id),
    Over(Id),
}

/// `a - b`, the terms of `b` one by one, and without `0` in front.
pub(super) fn difference(table: &mut Table, a: Id, b: Id) -> Id {
    let mut terms: Vec<(bool, Id)> = Vec::new();
    let mut rest = b;
    for _ in 0..DEPTH {
        match table.node(rest) {
            Some(Node::Add(left, right)) => {
                terms.push((false, *right));
                rest = *left;
            }
            Some(Node::Sub(left, right)) => {
                terms.push((true, *right));
                rest = *left;
            }
            _ => break,
        }
    }
    terms.push((false, rest));
    let zero = table.number(0);
    let mut sum = a;
    for (positive, term) in terms.into_iter().rev() {
        let opposite = if positive { None } else { opposite(table, term) };
        sum = match (positive, opposite) {
            _ if term == zero => sum,
            (true, _) => plus(table, sum, term, zero),
            (false, Some(opposite)) => plus(table, sum, opposite, zero),
            (false, None) if sum == zero => table.insert(Node::Neg(term)),
            (false, None) => table.insert(Node::Sub(sum, term)),
        };
    }
    sum
}

fn plus(table: &mut Table, a: Id, b: Id, zero: Id) -> Id {
    if a == zero { b } else { table.insert(Node::Add(a, b)) }
}

/// The negative of a term that begins with a minus sign.
fn opposite(table: &mut Table, term: Id) -> Option<Id> {
    let mut rests = Vec::new();
    let mut first = term;
    for _ in 0..DEPTH {
        match table.node(first) {
            Some(Node::Mul(left, right)) => {
                rests.push(Rest::Times(*right));
                first = *left;
            }
            Some(Node::Div(left, right)) => {
                rests.push(Rest::Over(*right));
                first = *left;
            }
            _ => break,
        }
    }
    let mut result = match table.node(first)? {
        Node::Neg(inner) => *inner,
        Node::Number(value) if *value < 0 => {
            let value = Rational::from(-value);
            table.number(value)
        }
        _ => return None,
    };
    let one = table.number(1);
    while let Some(rest) = rests.pop() {
        result = match rest {
            Rest::Times(right) if result == one => right,
            Rest::Times(right) => table.insert(Node::Mul(result, right)),
            Rest::Over(right) => table.insert(Node::Div(result, right)),
        };
    }
    Some(result)
}

/// A constant expression with every part that is a rational number replaced by it.
pub(super) fn folded(table: &mut Table, root: Id, precision: u32) -> Id {
    let mut places: BTreeMap<Id, Id> = BTreeMap::new();
    let (zero, one) = (table.number(0), table.number(1));
    for id in table.reachable(root) {
        let value = Program::new(table, id).value(&[], precision);
        let place = match (value, table.node(id).cloned()) {
            (Ok(Number::Exact(value)), _) => table.number(value),
            (_, Some(node)) => {
                let of = |child: Id| places.get(&child).copied().unwrap_or(child);
                match node {
                    Node::Add(a, b) if of(a) == zero => of(b),
                    Node::Add(a, b) | Node::Sub(a, b) if of(b) == zero => of(a),
                    Node::Mul(a, b) if of(a) == one => of(b),
                    Node::Mul(a, b) | Node::Div(a, b) if of(b) == one => of(a),
                    _ => table.replace(id, &places),
                }
            }
            (_, None) => id,
        };
        places.insert(id, place);
    }
    places.get(&root).copied().unwrap_or(root)
}
