//! Matrices of expressions, row by row; products are written out as they are, without simplification.

use super::super::expr::{Id, Node, Table};

/// A matrix whose entries are places in a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matrix {
    rows: usize,
    columns: usize,
    entries: Vec<Id>,
}

impl Matrix {
    /// A matrix from its entries, row by row.
    ///
    /// Errors: `None` if there are not exactly `rows * columns` of them, or none at all. Panics: never.
    pub fn new(rows: usize, columns: usize, entries: Vec<Id>) -> Option<Self> {
        (rows.checked_mul(columns)? == entries.len() && !entries.is_empty()).then_some(Matrix {
            rows,
            columns,
            entries,
        })
    }

    /// A 1 x 1 matrix. Panics: never.
    pub fn single(entry: Id) -> Self {
        Matrix {
            rows: 1,
            columns: 1,
            entries: vec![entry],
        }
    }

    /// The matrix of what becomes of each entry. Panics: never, if `map` does not.
    pub fn mapped(&self, map: impl FnMut(Id) -> Id) -> Self {
        Matrix {
            rows: self.rows,
            columns: self.columns,
            entries: self.entries.iter().copied().map(map).collect(),
        }
    }

    /// A matrix of variables, numbered row by row from `first`.
    ///
    /// Errors: `None` if the numbers run out, or there are no entries. Panics: never.
    pub fn letters(table: &mut Table, first: usize, rows: usize, columns: usize) -> Option<Self> {
        let last = first.checked_add(rows.checked_mul(columns)?)?;
        let entries: Option<Vec<Id>> = (first..last)
            .map(|number| Some(table.insert(Node::Variable(u16::try_from(number).ok()?))))
            .collect();
        Matrix::new(rows, columns, entries?)
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The number of columns.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// All entries, row by row.
    pub fn entries(&self) -> &[Id] {
        &self.entries
    }

    /// An entry, counted from 0; `None` outside. Panics: never.
    pub fn entry(&self, row: usize, column: usize) -> Option<Id> {
        if row >= self.rows || column >= self.columns {
            return None;
        }
        let place = row.checked_mul(self.columns)?.checked_add(column)?;
        self.entries.get(place).copied()
    }

    /// The transpose. Panics: never.
    pub fn transposed(&self) -> Self {
        let places = (0..self.columns).flat_map(|column| (0..self.rows).map(move |row| (row, column)));
        Matrix {
            rows: self.columns,
            columns: self.rows,
            entries: places.filter_map(|(row, column)| self.entry(row, column)).collect(),
        }
    }

    /// The product.
    ///
    /// Errors: `None` if the shapes do not fit. Panics: never.
    pub fn product(&self, table: &mut Table, other: &Matrix) -> Option<Self> {
        if self.columns != other.rows {
            return None;
        }
        let mut entries = Vec::with_capacity(self.rows.saturating_mul(other.columns));
        for row in 0..self.rows {
            for column in 0..other.columns {
                let mut sum = None;
                for inner in 0..self.columns {
                    let term = Node::Mul(self.entry(row, inner)?, other.entry(inner, column)?);
                    let term = table.insert(term);
                    sum = Some(sum.map_or(term, |sum| table.insert(Node::Add(sum, term))));
                }
                entries.push(sum?);
            }
        }
        Matrix::new(self.rows, other.columns, entries)
    }

    /// Entry by entry, what `combine` makes of two matrices.
    ///
    /// Errors: `None` if the shapes differ. Panics: never.
    pub fn combined(&self, table: &mut Table, other: &Matrix, combine: impl Fn(Id, Id) -> Node) -> Option<Self> {
        if (self.rows, self.columns) != (other.rows, other.columns) {
            return None;
        }
        let pairs = self.entries.iter().zip(&other.entries);
        let entries = pairs.map(|(a, b)| table.insert(combine(*a, *b))).collect();
        Matrix::new(self.rows, self.columns, entries)
    }

    /// The negative. Panics: never.
    pub fn negative(&self, table: &mut Table) -> Self {
        self.mapped(|entry| table.insert(Node::Neg(entry)))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::super::super::print::print;
    use super::*;

    #[test]
    fn products_and_transposes_have_the_right_entries() {
        let mut table = Table::new();
        let a = Matrix::letters(&mut table, 0, 1, 2).unwrap();
        let b = Matrix::letters(&mut table, 2, 2, 3).unwrap();
        let product = a.product(&mut table, &b).unwrap();
        assert_eq!((product.rows(), product.columns()), (1, 3));
        assert_eq!(print(&table, product.entry(0, 1).unwrap()), "w*w_3 + w_1*w_6");
        assert_eq!(b.transposed().entry(2, 0), b.entry(0, 2));
        assert_eq!(b.product(&mut table, &a), None);
        assert_eq!(b.entry(0, 3), None);
    }

    #[test]
    fn empty_and_enormous_matrices_are_refused() {
        let mut table = Table::new();
        assert_eq!(Matrix::letters(&mut table, 0, 0, 2), None);
        assert_eq!(Matrix::letters(&mut table, 65_530, 3, 3), None);
        assert_eq!(Matrix::letters(&mut table, 0, usize::MAX, 2), None);
    }
}
