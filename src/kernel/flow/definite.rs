//! Positive definite matrices of intervals, by the pivots of a symmetric elimination.
//!
//! Source: Golub, Van Loan, Matrix Computations, ch. 4; Horn, Johnson, Matrix Analysis, ch. 6.

use super::super::interval::{Accumulator, Interval};
use rug::Rational;

/// A matrix of intervals by rows.
pub type Matrix = Vec<Vec<Interval>>;

/// Whether shift I + S is positive definite for every symmetric S with entries in the symmetric part of `matrix`.
///
/// With the middle M and the radii R of the entries, |x'(S - M)x| <= x'x max_i sum_j R_ij, so it is enough that M plus the
/// shift minus that number is positive definite: all pivots of its elimination are positive.
/// Errors: `false` also if it cannot be told, or the matrix is not square. Panics: never.
pub fn is_positive_definite(matrix: &Matrix, shift: &Interval, precision: u32) -> bool {
    let size = matrix.len();
    if matrix.iter().any(|row| row.len() != size) {
        return false;
    }
    let entry = |i: usize, j: usize| matrix.get(i).and_then(|row| row.get(j));
    let mut middles: Matrix = Vec::with_capacity(size);
    let mut spread = Interval::point(&Rational::new(), precision);
    for i in 0..size {
        let mut row = Vec::with_capacity(size);
        let mut radii = Accumulator::new(precision);
        for j in 0..size {
            let (Some(a), Some(b)) = (entry(i, j), entry(j, i)) else {
                return false;
            };
            let symmetric = a.add(b).over(2).with_precision(precision);
            let Some(middle) = point(symmetric.mid()) else {
                return false;
            };
            radii.add(&symmetric.sub(&middle).abs());
            row.push(middle);
        }
        let Some(radius) = point(radii.finish().mag()) else {
            return false;
        };
        if spread.precedes(&radius) {
            spread = radius;
        }
        middles.push(row);
    }
    let shift = shift.sub(&spread);
    for (i, row) in middles.iter_mut().enumerate() {
        if let Some(diagonal) = row.get_mut(i) {
            *diagonal = diagonal.add(&shift);
        }
    }
    has_positive_pivots(&middles, precision)
}

/// The interval that holds only one finite number.
fn point(value: rug::Float) -> Option<Interval> {
    value
        .is_finite()
        .then(|| Interval::try_new(value.clone(), value))
        .flatten()
}

/// Whether all pivots of the elimination of a symmetric matrix are positive; only the lower triangle is read.
///
/// M = L D L' row by row: d_j l_ij = m_ij - sum_(k<j) l_ik d_k l_jk.
fn has_positive_pivots(matrix: &Matrix, precision: u32) -> bool {
    // lower[i] holds l_i0, ..., and scaled[i] holds d_k l_ik.
    let mut lower: Matrix = Vec::with_capacity(matrix.len());
    let mut pivots: Vec<Interval> = Vec::with_capacity(matrix.len());
    for (i, row) in matrix.iter().enumerate() {
        let mut scaled: Vec<Interval> = Vec::with_capacity(i);
        for (j, entry) in row.iter().take(i).enumerate() {
            let sum = difference(entry, &scaled, lower.get(j).map_or(&[], Vec::as_slice), precision);
            scaled.push(sum);
        }
        let mut own = Vec::with_capacity(i);
        for (value, pivot) in scaled.iter().zip(&pivots) {
            let Ok(quotient) = value.div(pivot) else { return false };
            own.push(quotient);
        }
        let Some(diagonal) = row.get(i) else { return false };
        let pivot = difference(diagonal, &scaled, &own, precision);
        if !pivot.is_positive() || !pivot.is_bounded() {
            return false;
        }
        pivots.push(pivot);
        lower.push(own);
    }
    true
}

/// entry - sum of a_k b_k.
fn difference(entry: &Interval, a: &[Interval], b: &[Interval], precision: u32) -> Interval {
    let mut sum = Accumulator::new(precision);
    for (a, b) in a.iter().zip(b) {
        sum.add_product(a, b);
    }
    entry.sub(&sum.finish())
}
