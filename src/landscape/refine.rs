//! From a guess to a point with a box that the kernel can check.

use super::guess::Chart;
use super::matrix::Floats;
use crate::kernel::certificate::Exact;
use crate::kernel::interval::Interval;
use crate::kernel::krawczyk::{Enclosure, System};
use crate::kernel::saddles::Landscape;
use crate::kernel::saddles::data::PointData;
use crate::numeric::inverse;
use rug::{Float, Integer, Rational};

/// Most steps of the iteration in many digits: each gains as many as the guess of the inverse has.
const STEPS: usize = 40;
/// The radius of the box is 2 to the minus this.
const RADIUS: u32 = 40;

/// W_1 = [U; 0], W_N = [V, 0] for a matrix W = V U of this rank; `None` if no box can be made.
pub(super) fn point(landscape: &Landscape, product: &Floats, rank: usize, inner: usize) -> Option<PointData> {
    let (chart, guess) = Chart::around(product, rank)?;
    let (critical, variables) = landscape.sliced(rank, &chart.rows)?;
    if guess.len() != variables {
        return None;
    }
    // A few more steps in the chart that is used: the guess may come from another one.
    let guess = super::guess::zero(critical.program(), guess.clone()).unwrap_or(guess);
    let jacobian = critical.program();
    let jacobian = crate::kernel::derivatives::Sweep::new(jacobian, &guess, 53)
        .ok()?
        .hessian(variables);
    let inverse: Vec<Vec<Rational>> = inverse(&jacobian)?
        .iter()
        .map(|row| {
            row.iter()
                .map(|entry| Rational::from_f64(*entry).unwrap_or_default())
                .collect()
        })
        .collect();
    let precision = landscape.precision();
    let small = Rational::from((1, Integer::from(1) << precision.saturating_sub(24)));
    let mut centre: Vec<Rational> = guess.iter().filter_map(|value| Rational::from_f64(*value)).collect();
    if centre.len() != variables {
        return None;
    }
    // Steps that do not get shorter lead nowhere, and their numbers would get longer and longer.
    let mut last = Rational::from(1);
    for _ in 0..STEPS {
        let at: Vec<Interval> = centre.iter().map(|value| Interval::point(value, precision)).collect();
        let values = critical.value(&at, precision).ok()?;
        let values: Vec<Rational> = values.iter().map(Interval::mid_rational).collect();
        let mut largest = Rational::new();
        for (own, row) in centre.iter_mut().zip(&inverse) {
            let step = row
                .iter()
                .zip(&values)
                .fold(Rational::new(), |sum, (a, b)| sum + Rational::from(a * b));
            largest = largest.max(step.clone().abs());
            *own = rounded(&(own.clone() - step), precision);
        }
        if largest < small {
            break;
        }
        if largest >= last {
            return None;
        }
        last = largest;
    }
    let radius = Exact(Rational::from((1, Integer::from(1) << RADIUS.min(precision / 2))));
    let exact = |row: &Vec<Rational>| row.iter().map(|entry| Exact(rounded(entry, 53))).collect();
    Some(PointData::Factored {
        rank: u16::try_from(rank).ok()?,
        inner: u16::try_from(inner).ok()?,
        rows: chart.rows.iter().filter_map(|row| u16::try_from(*row).ok()).collect(),
        enclosure: Enclosure {
            radii: vec![radius; variables],
            centre: centre.into_iter().map(Exact).collect(),
            preconditioner: inverse.iter().map(exact).collect(),
        },
    })
}

/// The point with W = 0.
pub(super) fn origin(inner: usize) -> Option<PointData> {
    Some(PointData::Factored {
        rank: 0,
        inner: u16::try_from(inner).ok()?,
        rows: Vec::new(),
        enclosure: Enclosure {
            centre: Vec::new(),
            radii: Vec::new(),
            preconditioner: Vec::new(),
        },
    })
}

/// A number with so many bits.
fn rounded(value: &Rational, precision: u32) -> Rational {
    Float::with_val(precision, value).to_rational().unwrap_or_default()
}
