//! Convergence of a gradient flow from where it is now.
//!
//! Let B be the box of the solutions widened by a radius, Z the box hull of z(B), D^2 f >= m > 0 on Z and Dz Dz' >= l > 0 on
//! B. On Z, f(y) >= f(z) + <G, y - z> + m |y - z|^2 / 2 for G = grad f(z), so phi = f(z) - min_Z f <= |G|^2 / (2m). Along the
//! flow phi' = -|Dz'G|^2, and |Dz'G|^2 >= l |G|^2 >= 2 l m phi. So the length of a solution while it is in B is at most
//! the integral of |Dz'G|, at most sqrt(2 phi / (l m)) <= |G| / (m sqrt l) with G where it begins. If that is below the
//! radius, B is never left: the solution exists for ever, has a finite length, and its limit has Dz'G = 0, hence G = 0. Also
//! phi falls at least like exp(-2 l m t), and the distance to the limit at least like exp(-l m t).
//!
//! Source: Lojasiewicz's argument with the exponent 1/2, which is elementary; Polyak, Gradient methods, 1963.

use super::super::interval::{Accumulator, Interval};
use super::super::theorem::{Rejection, Within, require};
use super::bent::gradients;
use super::data::Settling;
use super::definite::{Matrix, is_positive_definite};
use super::dependent::Dependent;
use super::ground::{ball, domain, upper};
use super::series::Series;
use super::walk::Walk;
use rug::Rational;

/// Where a gradient flow goes.
#[derive(Clone, Debug)]
pub struct Limit {
    /// From when on.
    pub time: Rational,
    /// A box that holds all solutions from then on, and their limits.
    pub bounds: Vec<Interval>,
    /// A box that holds z at the limits: the only zero of grad f there.
    pub product: Vec<Interval>,
    /// At most this far go the solutions from then on.
    pub length: Interval,
    /// The distance to the limit falls at least like exp(-rate t).
    pub rate: Rational,
    /// f(z) minus its limit is at most this from then on.
    pub excess: Interval,
    /// Whether D^2 f is constant, so that the limit minimises f everywhere.
    pub global: bool,
}

impl Walk {
    /// Checks that all solutions converge from now on.
    ///
    /// Errors: a [`Rejection`] with the demand that failed. Panics: never.
    pub fn settles(&self, data: &Settling) -> Result<Limit, Rejection> {
        let (ground, system) = (self.ground(), self.ground().system());
        let precision = ground.precision();
        let composite = system
            .gradient
            .as_ref()
            .ok_or_else(|| Rejection::new("not a gradient flow"))?;
        require(system.is_undisturbed(), "the flow is disturbed")?;
        require(data.convexity.0 > 0, "not positive").within(|| "convexity")?;
        require(data.conditioning.0 > 0, "not positive").within(|| "conditioning")?;
        require(data.radius.0 > 0, "not positive").within(|| "radius")?;
        let near = self.state();
        let point = |value: &Rational| Interval::point(value, precision);
        let (curvature, gram) = self.shape_near(&data.radius.0)?;
        let convex = is_positive_definite(&curvature, &point(&data.convexity.0).neg(), precision);
        require(convex, "D^2 f may have a smaller eigenvalue").within(|| "convexity")?;
        let conditioned = is_positive_definite(&gram, &point(&data.conditioning.0).neg(), precision);
        require(conditioned, "Dz Dz' may have a smaller eigenvalue").within(|| "conditioning")?;
        let squares = self.slope_squared()?;
        let undefined = |error: super::super::interval::DomainError| Rejection::new(error.to_string());
        let root = point(&data.conditioning.0).sqrt().map_err(undefined)?;
        let slope = squares.sqrt().map_err(undefined)?;
        let length = slope.div(&point(&data.convexity.0).mul(&root)).map_err(undefined)?;
        let length = upper(&length);
        require(
            length.strict_precedes(&point(&data.radius.0)),
            "the solutions may leave the ball",
        )
        .within(|| "radius")?;
        let excess = squares.div(&point(&data.convexity.0).times(2)).map_err(undefined)?;
        let moved: Vec<Interval> = near.iter().map(|value| value.range().add(&ball(&length))).collect();
        let end = ground.plain.slopes(&system.tape, &moved).map_err(domain)?;
        Ok(Limit {
            time: self.time().clone(),
            product: composite.inner.iter().map(|place| end.value(*place)).collect(),
            bounds: moved,
            length,
            rate: Rational::from(&data.convexity.0 * &data.conditioning.0),
            excess: upper(&excess),
            global: composite.quadratic,
        })
    }

    /// At most so long is grad f over all solutions now.
    ///
    /// Errors: a [`Rejection`] if the flow is not a gradient flow, or undefined there. Panics: never.
    pub fn slope(&self) -> Result<Interval, Rejection> {
        Ok(upper(&self.slope_squared()?.sqrt().map_err(domain)?))
    }

    /// Encloses |grad f|^2 over all solutions now: on the polynomial, and what the way from there can add.
    ///
    /// Errors: a [`Rejection`] if the flow is not a gradient flow, or undefined there. Panics: never.
    pub(super) fn slope_squared(&self) -> Result<Interval, Rejection> {
        let (ground, system) = (self.ground(), self.ground().system());
        let composite = system
            .gradient
            .as_ref()
            .ok_or_else(|| Rejection::new("not a gradient flow"))?;
        let series = Series::new(&system.tape, &ground.ring, &system.speeds, self.polynomial()).map_err(domain)?;
        let gradients = gradients(ground, self.polynomial(), self.radius())?.gates;
        let mut squares = ground.ring.shape().zero();
        for (gate, gradient) in composite.gates.iter().zip(&gradients) {
            let gate = series.value(*gate).map(Dependent::range);
            let gate = gate.ok_or_else(|| Rejection::new("a derivative of f is missing"))?;
            let whole = gate.add(&ball(&gradient.mul(self.radius())));
            squares = squares.add(&whole.sqr());
        }
        Ok(squares)
    }

    /// D^2 f over the hull of z, and a matrix that is at most Dz Dz' as a form, within a radius of all solutions.
    ///
    /// Errors: a [`Rejection`] if the flow is not a gradient flow, or undefined there. Panics: never.
    pub fn shape_near(&self, radius: &Rational) -> Result<(Matrix, Matrix), Rejection> {
        let ground = self.ground();
        let room = self.radius().add(&ground.point(radius));
        let found = gradients(ground, self.polynomial(), &room)?;
        Ok((found.curvature, found.gram))
    }
}

/// The sum of a_k b_k.
pub(super) fn dot(a: &[Interval], b: &[Interval], precision: u32) -> Interval {
    let mut sum = Accumulator::new(precision);
    for (a, b) in a.iter().zip(b) {
        sum.add_product(a, b);
    }
    sum.finish()
}
