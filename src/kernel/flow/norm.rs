//! A symmetric matrix that bounds how fast solutions separate, for all starts at once.
//!
//! The Jacobian J depends on y, |y_i| <= 1, and on d, |d| <= 1: its symmetric part is S_0 + sum y_i S_i + sum d_j T_j + E with
//! symmetric matrices, and E between entrywise bounds. For every x
//!
//! 1. |y_i x'S_i x| <= sum_k |x_k| |(S_i x)_k| <= x'(D + S_i D^-1 S_i)x / 2 for any diagonal D > 0 on the rows of S_i that
//!    are not 0; the norms of these rows are taken.
//! 2. |sum d_j x'T_j x| <= (sum_j |T_j x|^2)^(1/2) |x| <= x'(s + Q/s)x / 2 for Q = sum T_j^2 and any s > 0; a root of the norm
//!    of Q is taken.
//! 3. |x'E x| <= sum_k x_k^2 sum_l |E_kl|.
//!
//! So x'J x <= x'M x with M = S_0 plus these matrices. With the ranges of all entries of J instead, as for 3, the bound would
//! be several times as wide: the terms of many starts do not point in the same direction.
//!
//! Source: Gershgorin's argument with weights; Horn, Johnson, Matrix Analysis, ch. 6.

use super::super::interval::{Accumulator, Interval};
use super::block::{Block, Blocks};
use super::definite::Matrix;
use super::ground::{norm, upper};
use super::ring::Ring;
use super::shape::Kind;

/// The symmetric part of a Jacobian monomial by monomial.
struct Pencil<'a> {
    blocks: &'a Blocks,
    /// By rows; `None`, and what is missing, is 0.
    jacobian: &'a [&'a [Option<Block>]],
}

/// Intervals for a symmetric matrix M with x'J x <= x'M x for all x, all starts and all d. `jacobian` has the rows of J,
/// where what is missing is 0.
///
/// Panics: never.
pub(super) fn majorant(blocks: &Blocks, jacobian: &[&[Option<Block>]]) -> Matrix {
    let pencil = Pencil { blocks, jacobian };
    let (shape, precision) = (blocks.shape(), blocks.precision());
    let size = jacobian.len();
    let zero = shape.zero();
    let mut sum = vec![vec![zero.clone(); size]; size];
    let mut squares = vec![vec![zero; size]; size];
    for (place, kind) in shape.kinds().enumerate() {
        match kind {
            Kind::One => add(&mut sum, &pencil.part(place)),
            Kind::Start => add_weighted(&mut sum, &pencil.part(place), precision),
            Kind::Ball => add_square(&mut squares, &pencil.part(place), None, precision),
            Kind::Square | Kind::Product => {}
        }
    }
    add_root(&mut sum, &squares, precision);
    pencil.add_others(&mut sum);
    sum
}

impl Pencil<'_> {
    fn entry(&self, row: usize, column: usize) -> Option<&Block> {
        self.jacobian.get(row)?.get(column)?.as_ref()
    }

    /// The symmetric part of the coefficients of a monomial.
    fn part(&self, place: usize) -> Matrix {
        self.symmetric(|row, column| Some(self.blocks.coefficient(self.entry(row, column)?, place)))
    }

    /// The symmetric part of a matrix.
    fn symmetric(&self, entry: impl Fn(usize, usize) -> Option<Interval>) -> Matrix {
        let half = |row, column| match (entry(row, column), entry(column, row)) {
            (Some(a), Some(b)) => a.add(&b).over(2),
            (Some(a), None) | (None, Some(a)) => a.over(2),
            (None, None) => self.blocks.shape().zero(),
        };
        let size = 0..self.jacobian.len();
        size.clone()
            .map(|row| size.clone().map(|column| half(row, column)).collect())
            .collect()
    }

    /// Adds to the diagonal what everything else in J can do, by the sums of rows.
    fn add_others(&self, sum: &mut Matrix) {
        let others = self.symmetric(|row, column| {
            let entry = self.entry(row, column)?;
            Some(self.blocks.beyond_first(entry))
        });
        for (place, row) in others.iter().enumerate() {
            let mut size = Accumulator::new(self.blocks.precision());
            row.iter().for_each(|entry| size.add(&entry.abs()));
            add_at(sum, place, place, &upper(&size.finish()));
        }
    }
}

fn add(sum: &mut Matrix, term: &Matrix) {
    for (sum, term) in sum.iter_mut().zip(term) {
        for (sum, term) in sum.iter_mut().zip(term) {
            *sum = sum.add(term);
        }
    }
}

fn add_at(sum: &mut Matrix, row: usize, column: usize, term: &Interval) {
    if let Some(entry) = sum.get_mut(row).and_then(|row| row.get_mut(column)) {
        *entry = entry.add(term);
    }
}

/// Adds (D + S D^-1 S) / 2.
fn add_weighted(sum: &mut Matrix, matrix: &Matrix, precision: u32) {
    let weights: Vec<Interval> = matrix.iter().map(|row| norm(row, precision)).collect();
    for (place, weight) in weights.iter().enumerate() {
        add_at(sum, place, place, &weight.over(2));
    }
    add_square(sum, matrix, Some(&weights), precision);
}

/// Adds S D^-1 S / 2, or without weights S^2.
fn add_square(sum: &mut Matrix, matrix: &Matrix, weights: Option<&[Interval]>, precision: u32) {
    let scaled: Matrix = match weights {
        None => matrix.clone(),
        Some(weights) => {
            let scale = |(entry, weight): (&Interval, &Interval)| {
                if entry.is_zero() {
                    return entry.clone();
                }
                let quotient = entry.div(&weight.times(2));
                quotient.unwrap_or_else(|_| Interval::entire(precision))
            };
            let rows = matrix.iter().map(|row| row.iter().zip(weights).map(scale).collect());
            rows.collect()
        }
    };
    for (sum, left) in sum.iter_mut().zip(&scaled) {
        if left.iter().all(Interval::is_zero) {
            continue;
        }
        for (sum, right) in sum.iter_mut().zip(matrix) {
            let mut product = Accumulator::new(precision);
            product.add(sum);
            for (a, b) in left.iter().zip(right) {
                product.add_product(a, b);
            }
            *sum = product.finish();
        }
    }
}

/// Adds (s + Q/s) / 2 with s^2 near the norm of Q.
fn add_root(sum: &mut Matrix, squares: &Matrix, precision: u32) {
    let size = norm(squares.iter().flatten(), precision);
    if size.is_zero() {
        return;
    }
    let root = size.sqrt().map(|root| upper(&root));
    let root = root.unwrap_or_else(|_| Interval::entire(precision));
    for (row, (sum, squares)) in sum.iter_mut().zip(squares).enumerate() {
        for (column, (sum, square)) in sum.iter_mut().zip(squares).enumerate() {
            let half = square
                .div(&root.times(2))
                .unwrap_or_else(|_| Interval::entire(precision));
            *sum = sum.add(&half);
            if row == column {
                *sum = sum.add(&root.over(2));
            }
        }
    }
}
