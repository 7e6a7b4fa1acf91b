//! What is taken entry by entry inside `sum(...)`, and matrices whose entries are not all variables of their own.

use super::arithmetic;
use super::elaborate::Elaborator;
use crate::kernel::expr::{Node, Table};
use crate::kernel::network::Matrix;
use crate::problem::formula::{Formula, PartId, PartKind};
use crate::problem::matrix_cost::Constant;
use std::collections::BTreeSet;

/// The functions of two matrices.
pub(super) const TWO: [&str; 2] = ["dot", "hadamard"];

/// A number as a matrix of the shape of another; other matrices as they are.
pub(super) fn spread(value: &Matrix, other: &Matrix) -> Matrix {
    match arithmetic::as_scalar(value) {
        Some(number) => other.mapped(|_| number),
        None => value.clone(),
    }
}

/// The parts inside the arguments of `sum`, where functions of numbers are taken entry by entry.
pub(super) fn summed(formula: &Formula) -> BTreeSet<PartId> {
    let mut inside = BTreeSet::new();
    // Children stand before their parents.
    for (place, part) in formula.parts.iter().enumerate().rev() {
        let children: Vec<PartId> = match &part.kind {
            PartKind::Transpose(a) | PartKind::Neg(a) | PartKind::Power(a, _) => vec![*a],
            PartKind::Binary(_, a, b) => vec![*a, *b],
            PartKind::Call { arguments, .. } => arguments.clone(),
            _ => Vec::new(),
        };
        let sums = matches!(&part.kind, PartKind::Call { name, .. } if name == "sum");
        if sums || inside.contains(&place) {
            inside.extend(children);
        }
    }
    inside
}

impl<'a> Elaborator<'a> {
    /// An elaborator for costs of a symmetric `size` x `size` matrix W, whose entries on and above the diagonal are
    /// numbered row by row.
    pub(in crate::syntax) fn symmetric(
        size: usize,
        constants: &'a [(String, Constant)],
        declared: &'a [String],
    ) -> Self {
        let mut elaborator = Elaborator::new([size, size], constants, declared);
        let mut table = Table::new();
        let mut entries = Vec::with_capacity(size * size);
        for row in 0..size {
            for column in 0..size {
                let (low, high) = (row.min(column), row.max(column));
                // The rows above hold size, size - 1, ... entries.
                let place = low * size + high - low * (low + 1) / 2;
                entries.push(table.insert(Node::Variable(u16::try_from(place).unwrap_or(u16::MAX))));
            }
        }
        if let Some(matrix) = Matrix::new(size, size, entries) {
            elaborator.variables.insert("W".to_owned(), matrix);
            elaborator.table = table;
        }
        elaborator
    }
}
