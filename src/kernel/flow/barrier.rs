//! The barrier of energy: a linear network that fits a matrix better than every critical point that is no fit cannot stop
//! before it fits.
//!
//! Let grad f(W) = c (W - Y) with c > 0, G = W - Y, and let Y be m x n with m <= n; otherwise everything is transposed, with
//! the last layer in the place of the first. At a critical point of f(W_N ... W_1) the derivatives by W_1 and W_N give
//! G'W = 0 and G W' = 0. If G is not 0, take a unit vector u in its range: W'u = 0, so |Y'u| = |G'u| <= |G|. So |G| is at
//! least the smallest singular value of Y, whose square exceeds a number l if Y Y' - l is positive definite: critical
//! values other than the minimum are at least c l / 2.
//!
//! Now let g = |G| at the end of a tube be below k = sqrt(l), and d = k - g. As |G| never grows, |W'u| >= k - |G| >= d for
//! all unit vectors u from then on. With W = P W_1 and s = |W_1|^2, P P' has no eigenvalue below (k - |G|)^2 / s, so
//! |G|' <= -c |P'G|^2 / |G| <= -c (k - |G|)^2 |G| / s, while s' = -2 c <W, G> <= 2 c (|Y| + g) |G|. So (log s)' <=
//! -2 (|Y| + g) |G|' / (k - |G|)^2, and s stays below S = s_0 exp(2 (|Y| + g) (1/d - 1/k)). The differences of the squares
//! of the layers are constant, so all layers stay bounded and the solution exists for ever. |G| falls at least like
//! exp(-c d^2 t / S), and phi = c |G|^2 / 2 satisfies phi' = -|x'|^2 <= -(2 c d^2 / S) phi, so a solution has a length of at
//! most g sqrt(S) / d, converges, and W = Y there.
//!
//! Nothing is cited. Source of the critical values: Baldi, Hornik, Neural networks and principal component analysis, 1989.

use super::super::certificate::Exact;
use super::super::expr::{Id, Node, Table};
use super::super::interval::Interval;
use super::super::normal_form::{Decision, is_identically_zero};
use super::super::theorem::{Rejection, Within, require};
use super::data::{Barrier, Model};
use super::definite::{Matrix, is_positive_definite};
use super::ground::{ball, domain, norm, upper};
use super::settle::{Limit, dot};
use super::walk::Walk;
use rug::Rational;

/// What is below a barrier.
#[derive(Clone, Debug)]
pub struct Descent {
    /// At most this far is the product from the target at the end of the tube, and at all later times.
    pub distance: Interval,
    /// At least this far it is at every critical point that is no fit.
    pub barrier: Interval,
    /// What follows for all later times.
    pub limit: Limit,
}

impl Walk {
    /// Checks that all solutions are below the barrier now, and so converge to fits.
    ///
    /// `table` is that of the model. Errors: a [`Rejection`] with the demand that failed. Panics: never.
    pub fn descends(&self, model: &Model, table: &Table, data: &Barrier) -> Result<Descent, Rejection> {
        let Model::Linear { cost, widths } = model else {
            return Err(Rejection::new("not a linear network"));
        };
        let (ground, precision) = (self.ground(), self.ground().precision());
        require(ground.system().is_undisturbed(), "the flow is disturbed")?;
        require(data.scale.0 > 0, "not positive").within(|| "scale")?;
        require(data.spectrum.0 > 0, "not positive").within(|| "spectrum")?;
        let shape = Shape::of(widths, data.target.len())?;
        require_quadratic(table, *cost, &data.scale.0, &data.target)?;
        let point = |value: &Rational| Interval::point(value, precision);
        let target = target_of(&data.target, precision);
        let spread = is_positive_definite(
            &shape.gram(&target, precision),
            &point(&data.spectrum.0).neg(),
            precision,
        );
        require(spread, "the target may have a smaller singular value").within(|| "spectrum")?;

        let scale = point(&data.scale.0);
        let distance = self.slope_squared()?.sqrt().map_err(domain)?;
        let distance = upper(&distance.div(&scale).map_err(domain)?);
        let barrier = point(&data.spectrum.0).sqrt().map_err(domain)?;
        require(distance.strict_precedes(&barrier), "the barrier is not passed").within(|| "spectrum")?;
        // W is in the box around Y for ever, and f is what its slope says only where it is analytic.
        let near: Vec<Interval> = target.iter().map(|entry| entry.add(&ball(&distance))).collect();
        let composite = ground.system().gradient.as_ref();
        let composite = composite.ok_or_else(|| Rejection::new("not a gradient flow"))?;
        composite.require_analytic_on(&near, precision)?;

        let margin = barrier.sub(&distance);
        let bounds = self.bounds();
        let layer = bounds.iter().skip(shape.first).take(shape.count);
        let reach = norm(&target, precision).add(&distance);
        // 1/d - 1/k = g / (d k).
        let exponent = reach.mul(&distance).times(2);
        let exponent = exponent.div(&margin.mul(&barrier)).map_err(domain)?;
        let largest = upper(&norm(layer, precision).sqr().mul(&exponent.exp()));
        let rate = scale.mul(&margin.sqr()).div(&largest).map_err(domain)?;
        let length = distance.mul(&largest.sqrt().map_err(domain)?).div(&margin);
        let length = upper(&length.map_err(domain)?);
        require(length.is_bounded() && rate.is_positive(), "no bound for the layers")?;
        let rate = rate.inf_rational().unwrap_or_default();
        let limit = Limit {
            time: self.time().clone(),
            bounds: bounds.iter().map(|range| range.add(&ball(&length))).collect(),
            product: target,
            excess: upper(&scale.mul(&distance.sqr()).over(2)),
            length,
            rate,
            global: true,
        };
        Ok(Descent {
            distance,
            barrier,
            limit,
        })
    }
}

/// The sizes of the target, and the layer that is next to its shorter side.
struct Shape {
    rows: usize,
    columns: usize,
    first: usize,
    count: usize,
}

impl Shape {
    fn of(widths: &[u16], entries: usize) -> Result<Self, Rejection> {
        let widths: Vec<usize> = widths.iter().map(|width| usize::from(*width)).collect();
        let sizes: Vec<usize> = widths.windows(2).map(|pair| pair.iter().product()).collect();
        let (Some(columns), Some(rows)) = (widths.first(), widths.last()) else {
            return Err(Rejection::new("not a linear network"));
        };
        let (Some(below), Some((above, others))) = (sizes.first(), sizes.split_last()) else {
            return Err(Rejection::new("not a linear network"));
        };
        require(entries == rows.saturating_mul(*columns), "not one number per entry").within(|| "target")?;
        let (first, count) = if rows <= columns {
            (0, *below)
        } else {
            (
                others.iter().fold(0, |sum: usize, size| sum.saturating_add(*size)),
                *above,
            )
        };
        Ok(Shape {
            rows: *rows,
            columns: *columns,
            first,
            count,
        })
    }

    /// Y Y' or Y' Y, whichever is smaller.
    fn gram(&self, target: &[Interval], precision: u32) -> Matrix {
        let row = |i: usize| -> Vec<Interval> {
            let from = i.saturating_mul(self.columns);
            target.iter().skip(from).take(self.columns).cloned().collect()
        };
        let column =
            |j: usize| -> Vec<Interval> { target.iter().skip(j).step_by(self.columns.max(1)).cloned().collect() };
        let vectors: Matrix = if self.rows <= self.columns {
            (0..self.rows).map(row).collect()
        } else {
            (0..self.columns).map(column).collect()
        };
        let products = |a: &Vec<Interval>| vectors.iter().map(|b| dot(a, b, precision)).collect();
        vectors.iter().map(products).collect()
    }
}

/// Encloses the entries of Y.
pub(super) fn target_of(target: &[Exact], precision: u32) -> Vec<Interval> {
    target
        .iter()
        .map(|entry| Interval::point(&entry.0, precision))
        .collect()
}

/// Demands that grad f = c (W - Y), by the zero test.
pub(super) fn require_quadratic(table: &Table, cost: Id, scale: &Rational, target: &[Exact]) -> Result<(), Rejection> {
    let mut work = table.clone();
    for (number, entry) in target.iter().enumerate() {
        let variable = u16::try_from(number).map_err(|_| Rejection::new("too many entries"))?;
        let slope = work.derivative(cost, variable);
        let slope = slope.map_err(|_| Rejection::new("the cost has no derivative as an expression"))?;
        let (own, there, scale) = (
            work.insert(Node::Variable(variable)),
            work.number(entry.0.clone()),
            work.number(scale.clone()),
        );
        let way = work.insert(Node::Sub(own, there));
        let pull = work.insert(Node::Mul(scale, way));
        let difference = work.insert(Node::Sub(slope, pull));
        let is_zero = is_identically_zero(&work, difference) == Decision::Zero;
        require(is_zero, "grad f is not shown to be this").within(|| format!("target[{number}]"))?;
    }
    Ok(())
}
