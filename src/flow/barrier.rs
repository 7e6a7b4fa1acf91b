//! Finds what a linear network fits, how far below the barrier of energy it has to be, and how fast it fits.

use super::settle::smallest;
use super::sizes::above;
use crate::kernel::certificate::Exact;
use crate::kernel::evaluate::Program;
use crate::kernel::expr::{Id, Table};
use crate::kernel::flow::Walk;
use crate::kernel::flow::data::{Barrier, Dissipation, Model};
use crate::kernel::interval::Interval;
use crate::kernel::number::Number;
use crate::numeric;
use rug::Rational;

/// What a network fits: grad f = scale (W - target).
struct Fit {
    scale: Rational,
    /// Y, row by row.
    target: Vec<Rational>,
    rows: usize,
    columns: usize,
}

/// Guesses it from values of the derivatives; `None` for other models.
fn fit(model: &Model, table: &Table) -> Option<Fit> {
    let Model::Linear { cost, widths } = model else {
        return None;
    };
    let (columns, rows) = (usize::from(*widths.first()?), usize::from(*widths.last()?));
    let zero = vec![Number::integer(0); rows * columns];
    let mut work = table.clone();
    let mut slopes = Vec::new();
    for number in 0..zero.len() {
        slopes.push(work.derivative(*cost, u16::try_from(number).ok()?).ok()?);
    }
    // If this is c (W - Y), values at two points tell c and Y; the kernel finds out whether it is.
    let mut one = zero.clone();
    *one.first_mut()? = Number::integer(1);
    let first = *slopes.first()?;
    let scale = exactly(&work, first, &one)? - exactly(&work, first, &zero)?;
    if scale <= 0 {
        return None;
    }
    let pull = slopes.iter().map(|slope| exactly(&work, *slope, &zero));
    let pull: Option<Vec<Rational>> = pull.collect();
    let target = pull?.into_iter().map(|entry| -entry / &scale).collect();
    Some(Fit {
        target,
        scale,
        rows,
        columns,
    })
}

/// The argument for a network with grad f = c (W - Y); `None` for other models, and where Y has not full rank.
///
/// Panics: never.
pub fn barrier(model: &Model, table: &Table) -> Option<Barrier> {
    let fit = fit(model, table)?;
    Some(Barrier {
        spectrum: Exact(spectrum(&fit.target, fit.rows, fit.columns)?),
        scale: Exact(fit.scale),
        target: fit.target.into_iter().map(Exact).collect(),
    })
}

/// The rates at which a network with grad f = c (W - Y) fits Y along a tube; `None` for other models.
///
/// Panics: never.
pub fn dissipation(model: &Model, table: &Table, walk: &Walk) -> Option<Dissipation> {
    let fit = fit(model, table)?;
    let rate = |part: &Vec<Interval>| {
        let least = smallest(&walk.gram(part).ok()?);
        Some(least.unwrap_or_default() * &fit.scale)
    };
    let rates = walk.segments().iter().map(|segment| {
        let parts: Option<Vec<Rational>> = segment.parts.iter().map(rate).collect();
        Some(Exact(parts?.into_iter().min()?))
    });
    Some(Dissipation {
        rates: rates.collect::<Option<Vec<Exact>>>()?,
        target: fit.target.iter().cloned().map(Exact).collect(),
        scale: Exact(fit.scale),
    })
}

/// The value of an expression at a point, if it is a rational number.
fn exactly(table: &Table, root: Id, place: &[Number]) -> Option<Rational> {
    match Program::new(table, root).value(place, 64).ok()? {
        Number::Exact(value) => Some(value),
        Number::Enclosed { .. } => None,
    }
}

/// A positive number a little below the squares of all singular values of a matrix.
fn spectrum(target: &[Rational], rows: usize, columns: usize) -> Option<Rational> {
    let entry = |i: usize, j: usize| target[i * columns + j].to_f64();
    let side = rows.min(columns);
    let product = |a: usize, b: usize| -> f64 {
        match rows <= columns {
            true => (0..columns).map(|j| entry(a, j) * entry(b, j)).sum(),
            false => (0..rows).map(|i| entry(i, a) * entry(i, b)).sum(),
        }
    };
    let gram: Vec<Vec<f64>> = (0..side).map(|a| (0..side).map(|b| product(a, b)).collect()).collect();
    let values = numeric::symmetric_eigenvalues(&gram)?;
    let (least, most) = (values.first().copied()?, values.last().copied()?);
    let below = -above(-(least - 1e-12 * most) * (1.0 - 1e-6))?;
    (below > 0).then_some(below)
}
