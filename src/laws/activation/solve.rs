//! Linear combinations with rational coefficients, guessed from values at many points: the kernel looks at the result.

use crate::kernel::evaluate::Program;
use crate::kernel::number::Number;
use crate::kernel::polynomial::simplest_between;
use rug::{Float, Rational};

/// The precision of the values, in bits.
const PRECISION: u32 = 768;
/// What is smaller than two to minus this, where numbers are of size 1, is taken to be zero.
const ZERO: u32 = 300;
/// The longest coefficient that is taken to be meant, in bits of numerator and denominator.
const LENGTH: u32 = 64;
/// How many more points than unknowns there are.
const SPARE: usize = 12;

/// The first combination of the derivatives of `columns` that equals `2 sigma/sigma'` at many points: columns that
/// depend on earlier ones get the coefficient 0.
pub(super) fn combination(columns: &[Program], sigma: &Program, points: &[Rational]) -> Option<Vec<Rational>> {
    let rows: Vec<Vec<Float>> = points
        .iter()
        .filter_map(|point| row(columns, sigma, point))
        .take(columns.len() + SPARE)
        .collect();
    if rows.len() < columns.len() + SPARE {
        return None;
    }
    solution(rows, columns.len())?.into_iter().map(rational).collect()
}

/// How many points [`combination`] wants.
pub(super) fn points_needed(columns: usize) -> usize {
    2 * (columns + SPARE)
}

/// Whether an expression has a value and a derivative at a point.
pub(super) fn is_smooth_at(program: &Program, point: &Rational) -> bool {
    jet(program, point).is_some()
}

/// The value and the derivative at a point.
fn jet(program: &Program, point: &Rational) -> Option<(Float, Float)> {
    let jet = program.jet(&[Number::Exact(point.clone())], 1, PRECISION).ok()?;
    let middle = |order: usize| {
        let range = jet.coefficient(order).interval(PRECISION);
        range.is_bounded().then(|| range.mid())
    };
    Some((middle(0)?, middle(1)?))
}

/// The derivatives of the columns at a point, and the right-hand side.
fn row(columns: &[Program], sigma: &Program, point: &Rational) -> Option<Vec<Float>> {
    let (value, slope) = jet(sigma, point)?;
    if slope.is_zero() {
        return None;
    }
    let mut row = Vec::with_capacity(columns.len() + 1);
    for column in columns {
        row.push(jet(column, point)?.1);
    }
    row.push(value * 2u32 / slope);
    Some(row)
}

/// Gaussian elimination from left to right; `None` if the right-hand side is not in the span.
fn solution(mut rows: Vec<Vec<Float>>, unknowns: usize) -> Option<Vec<Float>> {
    let zero = Float::with_val(PRECISION, 1) >> ZERO;
    let mut scales = Vec::with_capacity(unknowns + 1);
    for column in 0..=unknowns {
        let largest = rows.iter().map(|row| row[column].clone().abs());
        let largest = largest.fold(Float::new(PRECISION), |a, b| if a < b { b } else { a });
        let scale = if largest.is_zero() {
            Float::with_val(PRECISION, 1)
        } else {
            largest
        };
        for row in &mut rows {
            row[column] /= &scale;
        }
        scales.push(scale);
    }
    let mut pivots = Vec::new();
    for column in 0..unknowns {
        let done = pivots.len();
        let best = (done..rows.len()).max_by(|a, b| {
            let size = |place: &usize| rows[*place][column].clone().abs();
            size(a).partial_cmp(&size(b)).unwrap_or(std::cmp::Ordering::Equal)
        })?;
        if rows[best][column].clone().abs() < zero {
            continue;
        }
        rows.swap(done, best);
        let (above, below) = rows.split_at_mut(done + 1);
        let pivot = &above[done];
        for row in below {
            let factor = Float::with_val(PRECISION, &row[column] / &pivot[column]);
            for place in column..=unknowns {
                let product = Float::with_val(PRECISION, &factor * &pivot[place]);
                row[place] -= product;
            }
        }
        pivots.push(column);
    }
    let consistent = rows
        .iter()
        .skip(pivots.len())
        .all(|row| row[unknowns].clone().abs() < zero);
    if !consistent {
        return None;
    }
    let mut answer = vec![Float::new(PRECISION); unknowns];
    for (place, column) in pivots.iter().enumerate().rev() {
        let row = &rows[place];
        let mut rest = row[unknowns].clone();
        for other in column + 1..unknowns {
            rest -= Float::with_val(PRECISION, &row[other] * &answer[other]);
        }
        answer[*column] = rest / &row[*column];
    }
    for (value, scale) in answer.iter_mut().zip(&scales) {
        *value *= &scales[unknowns];
        *value /= scale;
    }
    Some(answer)
}

/// The short rational that a number is meant to be.
fn rational(value: Float) -> Option<Rational> {
    let exact = value.to_rational()?;
    let slack = Rational::from(1) >> (ZERO / 2);
    let simple = simplest_between(&Rational::from(&exact - &slack), &Rational::from(&exact + &slack));
    let length = simple.numer().significant_bits() + simple.denom().significant_bits();
    (length <= LENGTH).then_some(simple)
}
