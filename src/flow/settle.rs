//! Finds the numbers with which the kernel sees that a gradient flow converges from where it is.

use super::sizes::{above, dyadic, log2};
use crate::kernel::certificate::Exact;
use crate::kernel::flow::data::Settling;
use crate::kernel::flow::{Limit, Matrix, Walk};
use crate::kernel::interval::Interval;
use crate::numeric;
use rug::Rational;

/// The radii of balls that are tried, as log2 of their share of the size of the solutions, from small to large.
const RADII: [f64; 17] = [
    -60.0, -40.0, -30.0, -24.0, -20.0, -16.0, -13.0, -10.0, -8.0, -6.0, -5.0, -4.0, -3.0, -2.0, -1.0, 0.0, 1.0,
];

/// A proof that the flow converges from where the walk is: in the smallest ball that serves.
///
/// Panics: never.
pub fn settle(walk: &Walk) -> Option<(Settling, Limit)> {
    let sizes = walk.bounds();
    let sizes = sizes.iter().map(|range| range.mag().to_f64());
    let scale = sizes.fold(1e-3, f64::max).log2();
    let mut radii = RADII.iter().map(|radius| dyadic(radius + scale));
    let (radius, found) = radii.find_map(|radius| Some((radius.clone(), with_radius(walk, &radius)?)))?;
    // A ball only as large as needed has better constants: the length says how large that is.
    let closer = dyadic(log2(found.1.length.sup()).max(-1e5) + 0.5);
    let again = (closer < radius).then(|| with_radius(walk, &closer)).flatten();
    Some(again.unwrap_or(found))
}

fn with_radius(walk: &Walk, radius: &Rational) -> Option<(Settling, Limit)> {
    let (curvature, gram) = walk.shape_near(radius).ok()?;
    let settling = Settling {
        convexity: Exact(smallest(&curvature)?),
        conditioning: Exact(smallest(&gram)?),
        radius: Exact(radius.clone()),
    };
    let limit = walk.settles(&settling).ok()?;
    Some((settling, limit))
}

/// A number a little below the smallest eigenvalue over an interval matrix, if that is positive.
fn smallest(matrix: &Matrix) -> Option<Rational> {
    let middle = |entry: &Interval| entry.mid().to_f64();
    let middles: Vec<Vec<f64>> = matrix.iter().map(|row| row.iter().map(middle).collect()).collect();
    let least = numeric::symmetric_eigenvalues(&middles)?.first().copied()?;
    let spread = |row: &Vec<Interval>| row.iter().map(|entry| entry.rad().to_f64()).sum::<f64>();
    let spread = matrix.iter().map(spread).fold(0.0, f64::max);
    let bound = (least - spread * 1.001) * (1.0 - 1e-9);
    let below = -above(-bound)?;
    (below > 0).then_some(below)
}
