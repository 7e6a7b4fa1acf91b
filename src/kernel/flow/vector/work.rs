//! The work of evaluating Taylor coefficients, counted so that a hostile certificate is refused in bounded time.
//!
//! The counts are estimates from sizes that are known beforehand; they decide when to stop, never what is true.

use super::super::super::evaluate::Program;
use super::super::super::expr::{Id, Node};

/// How many looks at a coefficient that is exactly zero cost as much as one product at ordinary precision.
const GLANCES: u64 = 16;

/// A count as a number of units.
pub(super) fn size(value: usize) -> u64 {
    u64::try_from(value).unwrap_or(u64::MAX)
}

/// About how many units it takes to evaluate a program up to an order at a precision in bits.
///
/// A polynomial of degree d has at most d + 1 coefficients that are not exactly zero; a product with it, a quotient by
/// it and a power of it take d + 1 products per order. Everything else takes as many as there are orders.
pub(super) fn evaluation(program: &Program, order: usize, precision: u32) -> u64 {
    let words = u64::from(precision >> 6).saturating_add(1);
    let orders = size(order).saturating_add(1);
    let glances = orders.saturating_mul(orders).checked_div(GLANCES).unwrap_or(0);
    let mut degrees: Vec<u64> = Vec::with_capacity(program.nodes().len());
    let mut total: u64 = 0;
    for node in program.nodes() {
        let of = |id: &Id| degrees.get(id.index()).copied().unwrap_or(u64::MAX);
        let (degree, width) = match node {
            Node::Number(_) | Node::Pi => (0, 0),
            Node::Variable(_) => (1, 0),
            Node::Add(a, b) | Node::Sub(a, b) => (of(a).max(of(b)), 1),
            Node::Mul(a, b) => (of(a).saturating_add(of(b)), of(a).min(of(b))),
            Node::Div(a, b) if of(b) == 0 => (of(a), 1),
            Node::Div(_, b) => (u64::MAX, of(b)),
            Node::Neg(a) => (of(a), 1),
            Node::Power(a, exponent) => match exponent.numer().to_u64().filter(|_| exponent.is_integer()) {
                Some(times) => (of(a).saturating_mul(times), of(a).saturating_mul(times)),
                None => (u64::MAX, of(a)),
            },
            Node::Apply(_, a) if of(a) == 0 => (0, 1),
            Node::Apply(..) => (u64::MAX, u64::MAX),
        };
        degrees.push(degree);
        let each = width.saturating_add(1).min(orders);
        let products = orders.saturating_mul(each).saturating_mul(words);
        total = total.saturating_add(products).saturating_add(glances);
    }
    total
}
