//! Counting eigenvalues: the inertia of a symmetric matrix of enclosures, and a lower bound for a rank.
//!
//! Source: Bunch, Parlett, Direct methods for solving symmetric indefinite systems of linear equations, 1971; Sylvester's
//! law of inertia.

use super::super::interval::Interval;
use rug::{Float, Rational};

/// What an elimination has shown of every symmetric matrix within the enclosures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// At least so many eigenvalues are positive.
    pub positive: usize,
    /// At least so many eigenvalues are negative.
    pub negative: usize,
    /// At least so many eigenvalues are 0.
    pub zero: usize,
    /// Nothing is known of so many eigenvalues.
    pub unknown: usize,
}

/// Eliminates with the largest pivots, of one row or of two; `lower` are the entries up to the diagonal, row by row.
///
/// Every pivot is regular for every symmetric matrix within the enclosures, and the enclosures that are left contain its
/// Schur complement; a pivot (a b; b c) with ac - b^2 < 0 has one eigenvalue of each sign.
/// Panics: never.
pub fn counts(lower: Vec<Vec<Interval>>, precision: u32) -> Counts {
    let mut rest = lower;
    let mut counts = Counts {
        positive: 0,
        negative: 0,
        zero: 0,
        unknown: 0,
    };
    while !rest.is_empty() {
        let (diagonal, off) = (largest_diagonal(&rest), largest_off(&rest));
        let single = match (&diagonal, &off) {
            (None, None) => break,
            (Some(_), None) => true,
            (None, Some(_)) => false,
            // A diagonal pivot of at least half the size of all entries keeps the growth small.
            (Some((_, a)), Some((_, _, b))) => twice(a, precision).is_none_or(|a| a >= *b),
        };
        let pivoted = match (single, diagonal, off) {
            (true, Some((place, _)), _) => one(&mut rest, place, &mut counts),
            (false, _, Some((i, j, _))) => two(&mut rest, i, j, &mut counts),
            _ => None,
        };
        if pivoted.is_none() {
            break;
        }
    }
    let vanishes = |entry: &Interval| entry.is_singleton() && entry.contains_zero();
    if rest.iter().flatten().all(vanishes) {
        counts.zero = rest.len();
    } else {
        counts.unknown = rest.len();
    }
    counts
}

fn twice(value: &Float, precision: u32) -> Option<Float> {
    let point = Interval::try_new(value.clone(), value.clone())?;
    Some(point.with_precision(precision).scale(&Rational::from(2)).inf().clone())
}

/// The diagonal entry farthest from 0, if one is not 0.
fn largest_diagonal(lower: &[Vec<Interval>]) -> Option<(usize, Float)> {
    let mut best: Option<(usize, Float)> = None;
    for (place, row) in lower.iter().enumerate() {
        let Some(entry) = row.get(place) else { continue };
        let size = entry.mig();
        if size > 0 && best.as_ref().is_none_or(|(_, most)| size > *most) {
            best = Some((place, size));
        }
    }
    best
}

/// The entry below the diagonal farthest from 0, if one is not 0.
fn largest_off(lower: &[Vec<Interval>]) -> Option<(usize, usize, Float)> {
    let mut best: Option<(usize, usize, Float)> = None;
    for (i, row) in lower.iter().enumerate() {
        for (j, entry) in row.iter().enumerate().take(i) {
            if entry.contains_zero() {
                continue;
            }
            let size = entry.mig();
            if best.as_ref().is_none_or(|(_, _, most)| size > *most) {
                best = Some((i, j, size));
            }
        }
    }
    best
}

/// Takes a row and column out of the matrix: the entries beside its diagonal, and the diagonal entry.
fn taken(lower: &mut Vec<Vec<Interval>>, place: usize) -> Option<(Vec<Interval>, Interval)> {
    if place >= lower.len() {
        return None;
    }
    let mut beside = lower.remove(place);
    let diagonal = beside.pop()?;
    for row in lower.iter_mut().skip(place) {
        if place >= row.len() {
            return None;
        }
        beside.push(row.remove(place));
    }
    Some((beside, diagonal))
}

/// Eliminates by a diagonal entry.
fn one(lower: &mut Vec<Vec<Interval>>, place: usize, counts: &mut Counts) -> Option<()> {
    let (beside, pivot) = taken(lower, place)?;
    let count = if pivot.is_positive() {
        &mut counts.positive
    } else {
        &mut counts.negative
    };
    *count = count.saturating_add(1);
    for (row, own) in lower.iter_mut().zip(&beside) {
        if own.is_singleton() && own.contains_zero() {
            continue;
        }
        let factor = own.div(&pivot).ok()?;
        for (entry, other) in row.iter_mut().zip(&beside) {
            *entry = entry.sub(&factor.mul(other));
        }
    }
    Some(())
}

/// Eliminates by the block of rows and columns i > j.
fn two(lower: &mut Vec<Vec<Interval>>, i: usize, j: usize, counts: &mut Counts) -> Option<()> {
    let block = |row: usize, column: usize| lower.get(row).and_then(|row| row.get(column)).cloned();
    let (a, b, c) = (block(j, j)?, block(i, j)?, block(i, i)?);
    let determinant = a.mul(&c).sub(&b.sqr());
    if !determinant.is_negative() {
        return None;
    }
    let (mut second, _) = taken(lower, i)?;
    if j >= second.len() {
        return None;
    }
    second.remove(j);
    let (first, _) = taken(lower, j)?;
    counts.positive = counts.positive.saturating_add(1);
    counts.negative = counts.negative.saturating_add(1);
    for (row, (x, y)) in lower.iter_mut().zip(first.iter().zip(&second)) {
        let by_first = c.mul(x).sub(&b.mul(y)).div(&determinant).ok()?;
        let by_second = a.mul(y).sub(&b.mul(x)).div(&determinant).ok()?;
        for (entry, (x, y)) in row.iter_mut().zip(first.iter().zip(&second)) {
            *entry = entry.sub(&by_first.mul(x)).sub(&by_second.mul(y));
        }
    }
    Some(())
}

/// The least and the largest rank of the matrices within the enclosures, as far as an elimination with the largest pivots
/// shows.
///
/// Panics: never.
pub fn rank_bounds(rows: &[Vec<Interval>]) -> [usize; 2] {
    let mut rest: Vec<Vec<Interval>> = rows.to_vec();
    let mut rank = 0usize;
    loop {
        let mut best: Option<(usize, usize, Float)> = None;
        for (i, row) in rest.iter().enumerate() {
            for (j, entry) in row.iter().enumerate() {
                let size = entry.mig();
                if size > 0 && best.as_ref().is_none_or(|(_, _, most)| size > *most) {
                    best = Some((i, j, size));
                }
            }
        }
        let columns = rest.first().map_or(0, Vec::len);
        let most = rank.saturating_add(rest.len().min(columns));
        let Some((i, j, _)) = best else {
            let vanishes = |entry: &Interval| entry.is_singleton() && entry.contains_zero();
            let exact = rest.iter().flatten().all(vanishes);
            return [rank, if exact { rank } else { most }];
        };
        rank = rank.saturating_add(1);
        let pivot_row = rest.remove(i);
        let Some(pivot) = pivot_row.get(j) else {
            return [rank, most];
        };
        for row in &mut rest {
            let factor = row.get(j).and_then(|own| own.div(pivot).ok());
            let Some(factor) = factor else { return [rank, most] };
            for (entry, other) in row.iter_mut().zip(&pivot_row) {
                *entry = entry.sub(&factor.mul(other));
            }
            // The pivot's column is 0 by construction.
            if j < row.len() {
                row.remove(j);
            }
        }
    }
}
