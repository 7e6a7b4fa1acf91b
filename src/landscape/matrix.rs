//! Small matrices: exact ones, and guesses.

use crate::kernel::certificate::Exact;
use crate::kernel::saddles::data::Rows;
use rug::Rational;

/// A matrix of guesses, row by row.
pub(super) type Floats = Vec<Vec<f64>>;
/// A matrix of exact numbers, row by row.
pub(super) type Rationals = Vec<Vec<Rational>>;

/// The product of two matrices of guesses.
pub(super) fn times(left: &[Vec<f64>], right: &[Vec<f64>]) -> Floats {
    let columns = right.first().map_or(0, Vec::len);
    let entry = |row: &Vec<f64>, column: usize| row.iter().zip(right).map(|(a, b)| a * b[column]).sum();
    left.iter()
        .map(|row| (0..columns).map(|column| entry(row, column)).collect())
        .collect()
}

/// The product of two exact matrices.
pub(super) fn exact_times(left: &[Vec<Rational>], right: &[Vec<Rational>]) -> Rationals {
    let columns = right.first().map_or(0, Vec::len);
    let entry = |row: &Vec<Rational>, column: usize| {
        let terms = row.iter().zip(right);
        terms.fold(Rational::new(), |sum, (a, b)| sum + Rational::from(a * &b[column]))
    };
    left.iter()
        .map(|row| (0..columns).map(|column| entry(row, column)).collect())
        .collect()
}

/// The transpose of an exact matrix with so many columns.
pub(super) fn transposed(rows: &[Vec<Rational>], columns: usize) -> Rationals {
    (0..columns)
        .map(|column| rows.iter().map(|row| row[column].clone()).collect())
        .collect()
}

/// A matrix of zeros with a block in its upper left corner.
pub(super) fn padded(block: &[Vec<Rational>], rows: usize, columns: usize) -> Rows {
    let entry = |row: usize, column: usize| {
        block
            .get(row)
            .and_then(|row| row.get(column))
            .cloned()
            .unwrap_or_default()
    };
    let row = |row: usize| (0..columns).map(|column| Exact(entry(row, column))).collect();
    (0..rows).map(row).collect()
}

/// A diagonal matrix whose first diagonal entries are 1.
pub(super) fn partial_identity(ones: usize, rows: usize, columns: usize) -> Rows {
    let entry = |row: usize, column: usize| Exact(Rational::from(u8::from(row == column && row < ones)));
    (0..rows)
        .map(|row| (0..columns).map(|column| entry(row, column)).collect())
        .collect()
}

/// A guess as a short dyadic number.
pub(super) fn short(value: f64, bits: i32) -> Rational {
    let scale = f64::powi(2.0, bits);
    let scaled = (value * scale).round();
    Rational::from_f64(scaled / scale).unwrap_or_default()
}
