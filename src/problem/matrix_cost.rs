//! A cost of a matrix as a file states it, written out in the entries of the matrix.

use super::{Source, Span};
use crate::kernel::expr::{Id, Table};
use rug::Rational;

/// A cost f of a real n x m matrix `W`, which need not be square, or symmetric if it is.
#[derive(Clone, Debug)]
pub struct MatrixCost {
    /// The name the file gives itself, or else the name of its source.
    pub name: String,
    /// The text the cost was read from.
    pub source: Source,
    /// n, the number of rows.
    pub rows: u16,
    /// m, the number of columns.
    pub columns: u16,
    /// The table that holds the expression; variable number i m + j is the entry W[i+1,j+1].
    pub table: Table,
    /// The place of the cost in the table.
    pub root: Id,
    /// Whether W ranges over the symmetric positive definite matrices: then the variables are its entries on and above
    /// the diagonal, numbered row by row.
    pub definite: bool,
    /// The open set on which the cost is studied, as it was written.
    pub domain: String,
    /// The same as conditions that all hold there; none for all of the space.
    pub conditions: Vec<Condition>,
    /// Where the cost stands in the source.
    pub cost_span: Span,
    /// The named numbers and matrices in the order of the file.
    pub constants: Vec<(String, Constant)>,
    /// What the author expects the answers to be.
    pub truth: Option<toml::Table>,
    /// Whether the author expects the cost to be undefined somewhere on its domain.
    pub expects_domain_error: bool,
    /// The SHA-256 of the bytes of the source, in lower-case hexadecimal.
    pub sha256: String,
}

impl MatrixCost {
    /// The number of rows if it is that of columns as well, and all entries are variables. Panics: never.
    pub fn square(&self) -> Option<u16> {
        (self.rows == self.columns && !self.definite).then_some(self.rows)
    }
}

/// A condition on the entries of W: a polynomial of the cost's table is greater than 0, or not 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The polynomial.
    pub of: Id,
    /// Greater than 0; otherwise only different from it.
    pub positive: bool,
}

/// A named rational matrix; a number is a 1 x 1 matrix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constant {
    /// The rows, all of the same length, none of them empty.
    pub rows: Vec<Vec<Rational>>,
}

impl Constant {
    /// A number. Panics: never.
    pub fn number(value: Rational) -> Self {
        Constant {
            rows: vec![vec![value]],
        }
    }

    /// The number of columns. Panics: never.
    pub fn columns(&self) -> usize {
        self.rows.first().map_or(0, Vec::len)
    }
}
