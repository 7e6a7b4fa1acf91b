//! Finds the numbers with which the kernel sees that a gradient flow converges from where it is.

use super::sizes::{above, dyadic, log2};
use crate::kernel::certificate::Exact;
use crate::kernel::flow::data::Settling;
use crate::kernel::flow::{Limit, Matrix, Walk};
use crate::kernel::interval::Interval;
use crate::numeric;
use rug::Rational;

/// The first ball, as log2 of its share of the size of the solutions: it tells how far they may go.
const SMALLEST: f64 = -60.0;
/// How much larger the next ball is than the way in the last one, as log2.
const MORE: f64 = 0.3;
/// Most balls that are tried.
const TRIES: usize = 6;

/// A proof that the flow converges from where the walk is: in a ball about as large as their way is long.
///
/// Panics: never.
pub fn settle(walk: &Walk) -> Option<(Settling, Limit)> {
    let slope = log2(walk.slope().ok()?.sup());
    let sizes = walk.bounds();
    let sizes = sizes.iter().map(|range| range.mag().to_f64());
    let scale = sizes.fold(1e-3, f64::max).log2();
    let mut radius = SMALLEST + scale;
    for _ in 0..TRIES {
        let (curvature, gram) = walk.shape_near(&dyadic(radius)).ok()?;
        let (convexity, conditioning) = (smallest(&curvature)?, smallest(&gram)?);
        let length = slope - convexity.to_f64().log2() - conditioning.to_f64().log2() / 2.0;
        if length < radius {
            let settling = Settling {
                convexity: Exact(convexity),
                conditioning: Exact(conditioning),
                radius: Exact(dyadic(radius)),
            };
            let limit = walk.settles(&settling).ok()?;
            return Some((settling, limit));
        }
        radius = (length + MORE).max(SMALLEST + scale);
        if radius > scale + 1.0 {
            return None;
        }
    }
    None
}

/// A number a little below the smallest eigenvalue over an interval matrix, if that is positive.
pub(super) fn smallest(matrix: &Matrix) -> Option<Rational> {
    let middle = |entry: &Interval| entry.mid().to_f64();
    let middles: Vec<Vec<f64>> = matrix.iter().map(|row| row.iter().map(middle).collect()).collect();
    let least = numeric::symmetric_eigenvalues(&middles)?.first().copied()?;
    let spread = |row: &Vec<Interval>| row.iter().map(|entry| entry.rad().to_f64()).sum::<f64>();
    let spread = matrix.iter().map(spread).fold(0.0, f64::max);
    let bound = (least - spread * 1.001) * (1.0 - 1e-9);
    let below = -above(-bound)?;
    (below > 0).then_some(below)
}
