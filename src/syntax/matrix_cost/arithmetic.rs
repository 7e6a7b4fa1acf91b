//! Arithmetic of matrices of expressions that keeps what it writes short: exact numbers are combined, and zeros and
//! ones that come from constant matrices disappear.

use crate::kernel::expr::{Id, Node, Table};
use crate::kernel::network::Matrix;
use crate::problem::matrix_cost::Constant;
use crate::syntax::number;
use rug::Rational;

/// A number as a matrix.
pub(super) fn scalar(id: Id) -> Matrix {
    // One entry is what a 1 x 1 matrix has, so the shape always fits.
    Matrix::single(id)
}

/// The entry of a 1 x 1 matrix.
pub(super) fn as_scalar(matrix: &Matrix) -> Option<Id> {
    match matrix.entries() {
        [only] => Some(*only),
        _ => None,
    }
}

/// The shape in words, such as `2 x 3`.
pub(super) fn shape(matrix: &Matrix) -> String {
    format!("{} x {}", matrix.rows(), matrix.columns())
}

/// A constant of the file.
pub(super) fn constant(table: &mut Table, constant: &Constant) -> Option<Matrix> {
    let entries = constant.rows.iter().flatten();
    let entries = entries.map(|value| table.number(value.clone())).collect();
    Matrix::new(constant.rows.len(), constant.columns(), entries)
}

/// Whether an expression is this number.
pub(super) fn is_number(table: &Table, id: Id, value: i32) -> bool {
    matches!(table.node(id), Some(Node::Number(number)) if *number == value)
}

fn as_number(table: &Table, id: Id) -> Option<Rational> {
    match table.node(id) {
        Some(Node::Number(value)) => Some(value.clone()),
        _ => None,
    }
}

/// Two numbers combined, if the outcome is not too long.
fn combined(
    table: &mut Table,
    a: Id,
    b: Id,
    combine: impl Fn(Rational, Rational) -> Result<Rational, crate::problem::DiagnosticKind>,
) -> Option<Id> {
    let value = combine(as_number(table, a)?, as_number(table, b)?).ok()?;
    Some(table.number(value))
}

/// A sum of two entries.
pub(super) fn sum_entry(table: &mut Table, a: Id, b: Id) -> Id {
    match (is_number(table, a, 0), is_number(table, b, 0)) {
        (true, _) => b,
        (_, true) => a,
        _ => combined(table, a, b, |a, b| number::bounded(a + b)).unwrap_or_else(|| table.insert(Node::Add(a, b))),
    }
}

/// A difference of two entries.
pub(super) fn difference_entry(table: &mut Table, a: Id, b: Id) -> Id {
    match (is_number(table, a, 0), is_number(table, b, 0)) {
        (_, true) => a,
        (true, _) => negative_entry(table, b),
        _ => combined(table, a, b, |a, b| number::bounded(a - b)).unwrap_or_else(|| table.insert(Node::Sub(a, b))),
    }
}

/// The negative of an entry.
pub(super) fn negative_entry(table: &mut Table, a: Id) -> Id {
    match table.node(a).cloned() {
        Some(Node::Number(value)) => table.number(-value),
        Some(Node::Neg(inner)) => inner,
        _ => table.insert(Node::Neg(a)),
    }
}

/// A product of two entries of matrices; a zero leaves nothing of the other factor.
pub(super) fn product_entry(table: &mut Table, a: Id, b: Id) -> Id {
    if is_number(table, a, 0) || is_number(table, b, 0) {
        return table.number(0);
    }
    factors(table, a, b)
}

/// A product of two numbers as they were written: 0*log(x) still says where it is defined.
fn factors(table: &mut Table, a: Id, b: Id) -> Id {
    match (is_number(table, a, 1), is_number(table, b, 1)) {
        (true, _) => b,
        (_, true) => a,
        _ => combined(table, a, b, |a, b| number::bounded(a * b)).unwrap_or_else(|| table.insert(Node::Mul(a, b))),
    }
}

/// A rational power of an entry.
pub(super) fn power(table: &mut Table, base: Id, exponent: &Rational) -> Id {
    let value = as_number(table, base);
    let whole = exponent.is_integer().then(|| exponent.numer().to_i32()).flatten();
    if let (Some(value), Some(exponent)) = (value, whole)
        && (value != 0 || exponent >= 0)
        && let Ok(value) = number::power(value, exponent)
    {
        return table.number(value);
    }
    if *exponent == 1 {
        return base;
    }
    table.insert(Node::Power(base, exponent.clone()))
}

/// The sum of some entries.
pub(super) fn total(table: &mut Table, terms: Vec<Id>) -> Id {
    let sum = terms.into_iter().reduce(|sum, term| sum_entry(table, sum, term));
    sum.unwrap_or_else(|| table.number(0))
}

/// The negative of a matrix.
pub(super) fn negative(table: &mut Table, matrix: &Matrix) -> Matrix {
    matrix.mapped(|entry| negative_entry(table, entry))
}

/// The sum. `None` if the shapes differ.
pub(super) fn sum(table: &mut Table, left: &Matrix, right: &Matrix) -> Option<Matrix> {
    paired(left, right, |a, b| sum_entry(table, a, b))
}

/// The difference. `None` if the shapes differ.
pub(super) fn difference(table: &mut Table, left: &Matrix, right: &Matrix) -> Option<Matrix> {
    paired(left, right, |a, b| difference_entry(table, a, b))
}

/// Entry by entry. `None` if the shapes differ.
fn paired(left: &Matrix, right: &Matrix, mut combine: impl FnMut(Id, Id) -> Id) -> Option<Matrix> {
    if (left.rows(), left.columns()) != (right.rows(), right.columns()) {
        return None;
    }
    let pairs = left.entries().iter().zip(right.entries());
    let entries = pairs.map(|(a, b)| combine(*a, *b)).collect();
    Matrix::new(left.rows(), left.columns(), entries)
}

/// The product; a number may stand on either side of a matrix. `None` if the shapes do not fit.
pub(super) fn product(table: &mut Table, left: &Matrix, right: &Matrix) -> Option<Matrix> {
    match (as_scalar(left), as_scalar(right)) {
        (Some(a), Some(b)) => return Some(scalar(factors(table, a, b))),
        (Some(factor), None) => return Some(right.mapped(|entry| product_entry(table, factor, entry))),
        (None, Some(factor)) => return Some(left.mapped(|entry| product_entry(table, entry, factor))),
        (None, None) => {}
    }
    if left.columns() != right.rows() {
        return None;
    }
    let mut entries = Vec::with_capacity(left.rows() * right.columns());
    for row in 0..left.rows() {
        for column in 0..right.columns() {
            let mut terms = Vec::with_capacity(left.columns());
            for inner in 0..left.columns() {
                terms.push(product_entry(
                    table,
                    left.entry(row, inner)?,
                    right.entry(inner, column)?,
                ));
            }
            entries.push(total(table, terms));
        }
    }
    Matrix::new(left.rows(), right.columns(), entries)
}

/// A matrix divided by a number that is not the constant 0.
pub(super) fn quotient(table: &mut Table, matrix: &Matrix, divisor: Id) -> Option<Matrix> {
    let divided = matrix.mapped(|entry| {
        if is_number(table, divisor, 1) {
            return entry;
        }
        combined(table, entry, divisor, number::quotient).unwrap_or_else(|| table.insert(Node::Div(entry, divisor)))
    });
    Some(divided)
}
