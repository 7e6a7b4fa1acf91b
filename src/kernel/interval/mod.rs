//! Intervals: nonempty closed sets of real numbers with outward-rounded endpoints of any precision.
//!
//! An [`Interval`] is the set of the real numbers between its endpoints; an infinite endpoint stands for a half line.
//! The one law everything rests on: for real numbers inside the operands, the result of the same operation on those
//! numbers lies inside the interval result. Endpoints come from MPFR, whose operations round correctly in the
//! direction asked for, so the elementary functions are as tight as the precision allows, term by term.
//!
//! Names are those of the standard IEEE 1788:
//!
//! | standard | here | remark |
//! | --- | --- | --- |
//! | inf, sup | [`inf`](Interval::inf), [`sup`](Interval::sup) | exact |
//! | mid, rad, wid, mag, mig | the same | `wid` and `rad` round up, `mag` and `mig` are exact |
//! | convexHull, intersection | [`convex_hull`](Interval::convex_hull), [`intersection`](Interval::intersection) | an empty intersection is `None` |
//! | subset, interior, disjoint, precedes, strictPrecedes | snake case | `interior` is what Krawczyk needs |
//! | isEntire, isSingleton, isMember | [`is_entire`](Interval::is_entire), [`is_singleton`](Interval::is_singleton), [`contains`](Interval::contains) | |
//! | sqr, pown, pow, sqrt, exp, log | `sqr`, `powi`, `pow_rational`, `sqrt`, `exp`, `ln` | `pow` has rational exponents only |
//! | recip, div | the same | an error if the divisor contains 0 |
//! | numsToInterval | [`try_new`](Interval::try_new), [`hull_of`](Interval::hull_of) | `None` if it would be empty |
//!
//! Not implemented: the empty set, decorations (leaving the domain is a [`DomainError`]), the reverse operations
//! such as mulRevToPair, reductions, less and strictLess, floor and its relatives, text input of intervals.
//! There is no order on intervals and no conversion from binary floating point, so that neither can happen unnoticed.
//! Precisions outside [`limits::PRECISION`] are brought to its nearer end.

mod accumulate;
mod arithmetic;
mod elementary;
mod numeric;
mod rounded;
mod text;
mod trigonometric;

#[cfg(test)]
#[allow(
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test may panic, and its numbers are its own"
)]
mod tests;

pub use accumulate::Accumulator;
pub use text::{from_hex, to_hex};

use super::limits;
use rounded::{down, up};
use rug::float::{Constant, Special};
use rug::{Float, Rational};
use std::fmt;

/// A nonempty closed interval of real numbers, possibly a half line or the whole line.
///
/// Invariant: neither endpoint is NaN, `inf <= sup`, `inf < +infinity`, `sup > -infinity`, and zeros are positive.
/// Equality is equality of sets; the precision does not take part.
#[derive(Clone, Debug, PartialEq)]
pub struct Interval {
    inf: Float,
    sup: Float,
}

/// A function was asked for a value outside of the set where it is defined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DomainError {
    /// The name of the function in the cost language.
    pub function: &'static str,
    /// A short decimal rendering of the argument, rounded outward.
    pub argument: String,
}

impl DomainError {
    /// Blames `function` for not being defined on all of `argument`.
    fn new(function: &'static str, argument: &Interval) -> Self {
        let argument = argument.display(6);
        Self { function, argument }
    }
}

impl fmt::Display for DomainError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.function {
            "div" | "recip" => write!(formatter, "division by {} is not known to be defined", self.argument),
            function => write!(formatter, "{function} is not known to be defined on {}", self.argument),
        }
    }
}

impl std::error::Error for DomainError {}

/// The precision brought into the range the kernel computes with.
fn tame(precision: u32) -> u32 {
    precision.clamp(*limits::PRECISION.start(), *limits::PRECISION.end())
}

impl Interval {
    /// The interval between two endpoints for which the caller guarantees all but the sign of zeros.
    fn raw(mut inf: Float, mut sup: Float) -> Self {
        // A negative zero would show in texts and in quotients.
        for endpoint in [&mut inf, &mut sup] {
            if endpoint.is_zero() {
                *endpoint = Float::new(endpoint.prec());
            }
        }
        Self { inf, sup }
    }

    /// Makes the interval between two endpoints, taken exactly.
    ///
    /// Errors: `None` if an endpoint is NaN or no real number lies between them.
    /// Panics: never.
    #[doc(alias = "numsToInterval")]
    pub fn try_new(inf: Float, sup: Float) -> Option<Self> {
        let empty = inf.is_infinite() && inf.is_sign_positive() || sup.is_infinite() && sup.is_sign_negative();
        (inf <= sup && !empty).then(|| Self::raw(inf, sup))
    }

    /// Encloses a rational number.
    ///
    /// Rounding: outward, tightest at `precision` bits.
    /// Panics: never.
    pub fn point(value: &Rational, precision: u32) -> Self {
        let precision = tame(precision);
        Self::raw(down(precision, value), up(precision, value))
    }

    /// Encloses all numbers from `lo` to `hi`.
    ///
    /// Rounding: outward, tightest at `precision` bits.
    /// Errors: `None` if `lo > hi`.
    /// Panics: never.
    pub fn hull_of(lo: &Rational, hi: &Rational, precision: u32) -> Option<Self> {
        let precision = tame(precision);
        (lo <= hi).then(|| Self::raw(down(precision, lo), up(precision, hi)))
    }

    /// The whole real line.
    ///
    /// Panics: never.
    pub fn entire(precision: u32) -> Self {
        let precision = tame(precision);
        Self::raw(down(precision, Special::NegInfinity), up(precision, Special::Infinity))
    }

    /// Encloses the half line of the numbers that are at least `bound`.
    ///
    /// Rounding: outward, tightest at `precision` bits.
    /// Panics: never.
    pub fn at_least(bound: &Rational, precision: u32) -> Self {
        let precision = tame(precision);
        Self::raw(down(precision, bound), up(precision, Special::Infinity))
    }

    /// Encloses the half line of the numbers that are at most `bound`.
    ///
    /// Rounding: outward, tightest at `precision` bits.
    /// Panics: never.
    pub fn at_most(bound: &Rational, precision: u32) -> Self {
        let precision = tame(precision);
        Self::raw(down(precision, Special::NegInfinity), up(precision, bound))
    }

    /// Encloses the circle's constant.
    ///
    /// Rounding: outward, tightest at `precision` bits.
    /// Panics: never.
    pub fn pi(precision: u32) -> Self {
        let precision = tame(precision);
        Self::raw(down(precision, Constant::Pi), up(precision, Constant::Pi))
    }

    /// The interval from -1 to 1.
    fn unit_ball(precision: u32) -> Self {
        Self::raw(down(precision, -1), up(precision, 1))
    }

    /// The same set, or a slightly larger one, with endpoints of another precision.
    ///
    /// Rounding: outward; exact if the endpoints fit.
    /// Panics: never.
    #[must_use]
    pub fn with_precision(&self, precision: u32) -> Self {
        let precision = tame(precision);
        Self::raw(down(precision, &self.inf), up(precision, &self.sup))
    }

    /// The lower endpoint, minus infinity for a half line.
    pub fn inf(&self) -> &Float {
        &self.inf
    }

    /// The upper endpoint, plus infinity for a half line.
    pub fn sup(&self) -> &Float {
        &self.sup
    }

    /// The precision in bits of results: the larger of those of the endpoints, within [`limits::PRECISION`].
    pub fn precision(&self) -> u32 {
        tame(self.inf.prec().max(self.sup.prec()))
    }

    /// The precision of a result with two operands.
    fn joint_precision(&self, other: &Self) -> u32 {
        self.precision().max(other.precision())
    }
}
