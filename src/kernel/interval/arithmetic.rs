//! The four operations and powers, each the tightest interval at the precision of the result.
//!
//! Source: Moore, Kearfott, Cloud, Introduction to Interval Analysis, ch. 2 and 4.

use super::numeric::{larger, smaller};
use super::rounded::{self, difference, down, negative, power, product, quotient, sum, up};
use super::{DomainError, Interval, limits};
use rug::float::Round;
use rug::{Float, Rational};
use std::ops::{Add, Mul, Neg, Sub};

/// On which side of zero an interval lies; zero itself belongs to both sides and counts as the upper.
enum Side {
    Above,
    Below,
    Across,
}

impl Interval {
    fn side(&self) -> Side {
        if self.is_nonnegative() {
            Side::Above
        } else if self.is_nonpositive() {
            Side::Below
        } else {
            Side::Across
        }
    }

    /// Encloses the sums of members.
    ///
    /// Rounding: outward, tightest.
    /// Panics: never.
    #[must_use]
    pub fn add(&self, other: &Self) -> Self {
        let precision = self.joint_precision(other);
        Self::raw(
            sum(precision, &self.inf, &other.inf, Round::Down),
            sum(precision, &self.sup, &other.sup, Round::Up),
        )
    }

    /// Encloses the differences of members, each of its own: `x.sub(&x)` is not zero.
    ///
    /// Rounding: outward, tightest.
    /// Panics: never.
    #[must_use]
    pub fn sub(&self, other: &Self) -> Self {
        let precision = self.joint_precision(other);
        Self::raw(
            difference(precision, &self.inf, &other.sup, Round::Down),
            difference(precision, &self.sup, &other.inf, Round::Up),
        )
    }

    /// The negatives of the members, exactly.
    ///
    /// Panics: never.
    #[must_use]
    pub fn neg(&self) -> Self {
        Self::raw(negative(&self.sup), negative(&self.inf))
    }

    /// Encloses the products of members.
    ///
    /// Rounding: outward, tightest; zero times a half line is zero.
    /// Panics: never.
    #[must_use]
    pub fn mul(&self, other: &Self) -> Self {
        let precision = self.joint_precision(other);
        let lower = |a, b| product(precision, a, b, Round::Down);
        let upper = |a, b| product(precision, a, b, Round::Up);
        let ((a, b), (c, d)) = ((&self.inf, &self.sup), (&other.inf, &other.sup));
        let (inf, sup) = match (self.side(), other.side()) {
            (Side::Above, Side::Above) => (lower(a, c), upper(b, d)),
            (Side::Above, Side::Below) => (lower(b, c), upper(a, d)),
            (Side::Above, Side::Across) => (lower(b, c), upper(b, d)),
            (Side::Below, Side::Above) => (lower(a, d), upper(b, c)),
            (Side::Below, Side::Below) => (lower(b, d), upper(a, c)),
            (Side::Below, Side::Across) => (lower(a, d), upper(a, c)),
            (Side::Across, Side::Above) => (lower(a, d), upper(b, d)),
            (Side::Across, Side::Below) => (lower(b, c), upper(a, c)),
            (Side::Across, Side::Across) => (
                smaller(&lower(a, d), &lower(b, c)).clone(),
                larger(&upper(a, c), &upper(b, d)).clone(),
            ),
        };
        Self::raw(inf, sup)
    }

    /// Encloses the members times an exact rational.
    ///
    /// Rounding: outward, tightest.
    /// Panics: never.
    #[must_use]
    pub fn scale(&self, factor: &Rational) -> Self {
        let precision = self.precision();
        let (first, last) = if *factor < 0 {
            (&self.sup, &self.inf)
        } else {
            (&self.inf, &self.sup)
        };
        Self::raw(
            rounded::multiple(precision, first, factor, Round::Down),
            rounded::multiple(precision, last, factor, Round::Up),
        )
    }

    /// Encloses the squares of the members.
    ///
    /// Rounding: outward, tightest; never negative.
    /// Panics: never.
    #[must_use]
    pub fn sqr(&self) -> Self {
        let precision = self.precision();
        let (mig, mag) = (self.mig(), self.mag());
        Self::raw(down(precision, mig.square_ref()), up(precision, mag.square_ref()))
    }

    /// Encloses the reciprocals of the members.
    ///
    /// Rounding: outward, tightest.
    /// Errors: [`DomainError`] if zero is a member, be it as an endpoint.
    /// Panics: never.
    pub fn recip(&self) -> Result<Self, DomainError> {
        if self.contains_zero() {
            return Err(DomainError::new("recip", self));
        }
        let precision = self.precision();
        Ok(Self::raw(
            down(precision, self.sup.recip_ref()),
            up(precision, self.inf.recip_ref()),
        ))
    }

    /// Encloses the quotients of members.
    ///
    /// Rounding: outward, tightest.
    /// Errors: [`DomainError`] naming the divisor if zero is a member of it, be it as an endpoint.
    /// Panics: never.
    pub fn div(&self, other: &Self) -> Result<Self, DomainError> {
        if other.contains_zero() {
            return Err(DomainError::new("div", other));
        }
        if other.is_negative() {
            return Ok(self.neg().over_positive(&other.neg()));
        }
        Ok(self.over_positive(other))
    }

    /// The quotient by an interval of positive numbers; no quotient of two infinities is formed.
    fn over_positive(&self, other: &Self) -> Self {
        let precision = self.joint_precision(other);
        let (near, far) = (&other.inf, &other.sup);
        let (below, above) = match self.side() {
            Side::Above => (far, near),
            Side::Below => (near, far),
            Side::Across => (near, near),
        };
        Self::raw(
            quotient(precision, &self.inf, below, Round::Down),
            quotient(precision, &self.sup, above, Round::Up),
        )
    }

    /// Encloses the integer powers of the members; the power 0 is 1, of zero as well.
    ///
    /// Rounding: outward, tightest.
    /// Errors: [`DomainError`] if the exponent is negative and zero is a member.
    /// Panics: never.
    #[doc(alias = "pown")]
    pub fn powi(&self, exponent: i32) -> Result<Self, DomainError> {
        if exponent < 0 && self.contains_zero() {
            return Err(DomainError::new("power", self));
        }
        let precision = self.precision();
        if exponent == 0 {
            return Ok(Self::raw(down(precision, 1), up(precision, 1)));
        }
        let even = exponent & 1 == 0;
        let base = if even { self.abs() } else { self.clone() };
        // What remains is monotone: growing for positive exponents, falling on either side of zero for negative ones.
        let (first, last) = if exponent > 0 {
            (&base.inf, &base.sup)
        } else {
            (&base.sup, &base.inf)
        };
        Ok(Self::raw(
            power(precision, first, exponent, Round::Down),
            power(precision, last, exponent, Round::Up),
        ))
    }

    /// Encloses the rational powers of the members: integer exponents as [`powi`](Self::powi), others of bases >= 0.
    ///
    /// Rounding: outward; a root and then a power, with enough spare bits to be within two units in the last place.
    /// Errors: [`DomainError`] if the exponent is negative and zero is a member, if it is not an integer and a member
    /// is negative, or if its numerator or denominator exceeds [`limits::EXPONENT`].
    /// Panics: never.
    #[doc(alias = "pow")]
    pub fn pow_rational(&self, exponent: &Rational) -> Result<Self, DomainError> {
        let refused = || DomainError::new("power", self);
        let (Some(numerator), Some(degree)) = (exponent.numer().to_i32(), exponent.denom().to_u32()) else {
            return Err(refused());
        };
        if numerator.unsigned_abs() > limits::EXPONENT || degree > limits::EXPONENT {
            return Err(refused());
        }
        if degree == 1 {
            return self.powi(numerator);
        }
        if !self.is_nonnegative() || numerator < 0 && !self.is_positive() {
            return Err(refused());
        }
        let precision = self.precision();
        // The power multiplies the relative error of the root by at most 2^14.
        let spare = precision.saturating_add(32);
        let root = |base: &Float, round| rounded::assign(spare, base.root_ref(degree), round);
        let raised = |base: &Float, round| power(precision, &root(base, round), numerator, round);
        let fallen = |base: &Float, round, opposite| power(precision, &root(base, opposite), numerator, round);
        Ok(if numerator > 0 {
            Self::raw(raised(&self.inf, Round::Down), raised(&self.sup, Round::Up))
        } else {
            Self::raw(
                fallen(&self.sup, Round::Down, Round::Up),
                fallen(&self.inf, Round::Up, Round::Down),
            )
        })
    }
}

impl Add for &Interval {
    type Output = Interval;

    fn add(self, other: Self) -> Interval {
        Interval::add(self, other)
    }
}

impl Sub for &Interval {
    type Output = Interval;

    fn sub(self, other: Self) -> Interval {
        Interval::sub(self, other)
    }
}

impl Mul for &Interval {
    type Output = Interval;

    fn mul(self, other: Self) -> Interval {
        Interval::mul(self, other)
    }
}

impl Neg for &Interval {
    type Output = Interval;

    fn neg(self) -> Interval {
        Interval::neg(self)
    }
}
