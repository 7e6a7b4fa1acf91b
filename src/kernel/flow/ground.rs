//! What the steps of a tube compute with, and small things about intervals that several of them need.

use super::super::interval::{Accumulator, DomainError, Interval};
use super::super::limits;
use super::super::theorem::{Rejection, Within, require};
use super::account::{Account, may_bend};
use super::bent::Bent;
use super::definite::Matrix;
use super::dependent::Dependence;
use super::ring::{Intervals, Ring};
use super::shape::Shape;
use super::slope::Slopes;
use super::system::System;
use rug::Rational;
use std::sync::Arc;

/// The precision of remainders and Jacobians, which need few digits.
const COARSE: u32 = 64;

/// A system with the arithmetic for a tube.
#[derive(Clone, Debug)]
pub struct Ground {
    pub(super) system: Arc<System>,
    /// For what depends on the starts.
    pub(super) ring: Dependence,
    pub(super) plain: Intervals,
    /// For what only has to be small.
    pub(super) coarse: Intervals,
    /// For Jacobians that depend on the start.
    pub(super) bent: Option<Bent>,
}

impl Ground {
    /// Prepares the arithmetic for a tube.
    ///
    /// Errors: a [`Rejection`] of a precision, a degree or a number of monomials beyond the limits. Panics: never.
    pub fn new(system: Arc<System>, precision: u32, degree: u8) -> Result<Self, Rejection> {
        require(limits::PRECISION.contains(&precision), "a precision out of range").within(|| "precision")?;
        require(degree <= limits::START_DEGREE, "too high a degree").within(|| "degree")?;
        let variables = system.start.iter().filter(|[lo, hi]| lo < hi).count();
        // C(m + q, q), each quotient exact.
        let monomials = (1..=usize::from(degree)).fold(1usize, |product, k| {
            product
                .saturating_mul(variables.saturating_add(k))
                .checked_div(k)
                .unwrap_or(usize::MAX)
        });
        require(monomials <= limits::START_MONOMIALS, "too many monomials").within(|| "degree")?;
        Account::new()
            .keep(system.dimension().saturating_mul(monomials), precision)
            .within(|| "degree")?;
        let shape = Shape::new(variables, usize::from(degree), precision);
        let monomials = Bent::size(variables, system.dimension(), usize::from(degree));
        let bends = shape.size() > 1 && may_bend(system.steps(), system.dimension(), variables, monomials);
        Ok(Ground {
            bent: bends.then(|| Bent::new(variables, system.dimension(), usize::from(degree), COARSE)),
            ring: Dependence::new(shape),
            system,
            plain: Intervals { precision },
            coarse: Intervals {
                precision: precision.min(COARSE),
            },
        })
    }

    /// The same with series that keep less in high orders in time; see [`Shape::trimmed`].
    ///
    /// Errors: a [`Rejection`] of more numbers than degrees. Panics: never.
    pub fn trimmed(mut self, orders: &[u16]) -> Result<Self, Rejection> {
        let most = usize::from(limits::START_DEGREE);
        require(orders.len() <= most, "more orders than degrees").within(|| "orders")?;
        self.ring = Dependence::new(self.ring.shape().clone().trimmed(orders));
        Ok(self)
    }

    /// The system. Panics: never.
    pub fn system(&self) -> &System {
        &self.system
    }

    /// The working precision in bits. Panics: never.
    pub fn precision(&self) -> u32 {
        self.ring.precision()
    }

    pub(super) fn point(&self, value: &Rational) -> Interval {
        Interval::point(value, self.precision())
    }
}

/// The Euclidean norm of a vector of intervals, from above, as a single number.
pub(super) fn norm<'a>(vector: impl IntoIterator<Item = &'a Interval>, precision: u32) -> Interval {
    let zero = Interval::point(&Rational::new(), precision);
    let squares = vector.into_iter().fold(zero, |sum, entry| sum.add(&entry.sqr()));
    let norm = squares.sqrt().unwrap_or_else(|_| Interval::entire(precision));
    upper(&norm)
}

/// The upper end as an interval of its own; the whole line if it is infinite.
pub(super) fn upper(value: &Interval) -> Interval {
    let end = value.sup().clone();
    Interval::try_new(end.clone(), end).unwrap_or_else(|| Interval::entire(value.precision()))
}

/// [-radius, radius].
pub(super) fn ball(radius: &Interval) -> Interval {
    radius.neg().convex_hull(radius)
}

/// The middle of an interval as an interval.
pub(super) fn middle(value: &Interval) -> Interval {
    let middle = value.mid();
    Interval::try_new(middle.clone(), middle).unwrap_or_else(|| value.clone())
}

/// D^2 f on the range of z.
pub(super) fn curvature<R: Ring>(system: &System, slopes: &Slopes<R>, precision: u32) -> Result<Matrix, Rejection> {
    let composite = system
        .gradient
        .as_ref()
        .ok_or_else(|| Rejection::new("not a gradient flow"))?;
    let ranges: Vec<Interval> = composite.inner.iter().map(|place| slopes.value(*place)).collect();
    let plain = Intervals { precision };
    let values = plain.slopes(&composite.curvature, &ranges).map_err(domain)?;
    let entries: Vec<Interval> = composite.entries.iter().map(|place| values.value(*place)).collect();
    Ok(entries
        .chunks(composite.inner.len().max(1))
        .map(<[Interval]>::to_vec)
        .collect())
}

/// A polynomial in t >= 0 from its coefficients, the highest first.
pub(super) fn horner<'v>(
    coefficients: impl Iterator<Item = &'v Interval>,
    time: &Interval,
    precision: u32,
) -> Interval {
    let mut sum = Accumulator::new(precision);
    for coefficient in coefficients.skip_while(|coefficient| coefficient.is_zero()) {
        sum.multiply(time);
        sum.add(coefficient);
    }
    sum.finish()
}

/// t^order; 1 for order 0.
pub(super) fn power(time: &Interval, order: usize) -> Interval {
    let exponent = i32::try_from(order).unwrap_or(i32::MAX);
    time.powi(exponent)
        .unwrap_or_else(|_| Interval::entire(time.precision()))
}

/// Why something is not defined, as a demand that failed.
pub(super) fn domain(error: DomainError) -> Rejection {
    Rejection::new(error.to_string())
}
