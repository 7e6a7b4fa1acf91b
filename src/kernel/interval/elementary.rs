//! Elementary functions that are monotone, or monotone in the absolute value: the endpoints tell everything.
//!
//! MPFR maps infinite arguments to the limits, and correct rounding keeps values within the range of the function.

use super::rounded::{down, up};
use super::{DomainError, Interval};

/// The image under a growing function, given by the name of the lazy method of `Float` that computes it.
macro_rules! growing {
    ($interval:expr, $function:ident) => {{
        let precision = $interval.precision();
        Interval::raw(
            down(precision, $interval.inf.$function()),
            up(precision, $interval.sup.$function()),
        )
    }};
}

impl Interval {
    /// Encloses the exponentials of the members.
    ///
    /// Rounding: outward, tightest; never negative, and positive wherever the result does not underflow.
    /// Panics: never.
    #[must_use]
    pub fn exp(&self) -> Self {
        growing!(self, exp_ref)
    }

    /// Encloses the natural logarithms of the members.
    ///
    /// Rounding: outward, tightest.
    /// Errors: [`DomainError`] unless all members are positive.
    /// Panics: never.
    #[doc(alias = "log")]
    pub fn ln(&self) -> Result<Self, DomainError> {
        if !self.is_positive() {
            return Err(DomainError::new("log", self));
        }
        Ok(growing!(self, ln_ref))
    }

    /// Encloses the square roots of the members.
    ///
    /// Rounding: outward, tightest.
    /// Errors: [`DomainError`] unless all members are at least zero.
    /// Panics: never.
    pub fn sqrt(&self) -> Result<Self, DomainError> {
        if !self.is_nonnegative() {
            return Err(DomainError::new("sqrt", self));
        }
        Ok(growing!(self, sqrt_ref))
    }

    /// Encloses the hyperbolic sines of the members.
    ///
    /// Rounding: outward, tightest.
    /// Panics: never.
    #[must_use]
    pub fn sinh(&self) -> Self {
        growing!(self, sinh_ref)
    }

    /// Encloses the hyperbolic cosines of the members.
    ///
    /// Rounding: outward, tightest; at least 1.
    /// Panics: never.
    #[must_use]
    pub fn cosh(&self) -> Self {
        let distance = self.abs();
        growing!(distance, cosh_ref)
    }

    /// Encloses the hyperbolic tangents of the members.
    ///
    /// Rounding: outward, tightest; within [-1, 1].
    /// Panics: never.
    #[must_use]
    pub fn tanh(&self) -> Self {
        growing!(self, tanh_ref)
    }

    /// Encloses the arc tangents of the members.
    ///
    /// Rounding: outward, tightest.
    /// Panics: never.
    #[must_use]
    pub fn atan(&self) -> Self {
        growing!(self, atan_ref)
    }

    /// Encloses the inverse hyperbolic sines of the members.
    ///
    /// Rounding: outward, tightest.
    /// Panics: never.
    #[must_use]
    pub fn asinh(&self) -> Self {
        growing!(self, asinh_ref)
    }

    /// Encloses the values of the error function at the members.
    ///
    /// Rounding: outward, tightest; within [-1, 1].
    /// Panics: never.
    #[must_use]
    pub fn erf(&self) -> Self {
        growing!(self, erf_ref)
    }

    /// The absolute values of the members, exactly.
    ///
    /// Panics: never.
    #[must_use]
    pub fn abs(&self) -> Self {
        Self::raw(self.mig(), self.mag())
    }
}
