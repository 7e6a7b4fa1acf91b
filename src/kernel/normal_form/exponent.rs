//! Exponents: small exact fractions, with overflow reported instead of wrapped.

use rug::Rational;
use std::cmp::Ordering;

/// A reduced fraction with a positive denominator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Exponent {
    numerator: i64,
    denominator: i64,
}

impl Exponent {
    pub(super) const ZERO: Exponent = Exponent {
        numerator: 0,
        denominator: 1,
    };
    pub(super) const ONE: Exponent = Exponent {
        numerator: 1,
        denominator: 1,
    };

    /// An integer exponent.
    pub(super) fn integer(value: impl Into<i64>) -> Self {
        Exponent {
            numerator: value.into(),
            denominator: 1,
        }
    }

    /// The exponent with this value, `None` if it does not fit.
    pub(super) fn from_rational(value: &Rational) -> Option<Self> {
        Some(Exponent {
            numerator: value.numer().to_i64()?,
            denominator: value.denom().to_i64()?,
        })
    }

    /// The value as an exact rational.
    pub(super) fn to_rational(self) -> Rational {
        Rational::from((self.numerator, self.denominator))
    }

    /// The sum, `None` if it does not fit.
    pub(super) fn add(self, other: Self) -> Option<Self> {
        if self.denominator == 1 && other.denominator == 1 {
            return Some(Self::integer(self.numerator.checked_add(other.numerator)?));
        }
        Self::from_rational(&(self.to_rational() + other.to_rational()))
    }

    /// The difference, `None` if it does not fit.
    pub(super) fn sub(self, other: Self) -> Option<Self> {
        self.add(other.neg()?)
    }

    /// The negative, `None` if it does not fit.
    pub(super) fn neg(self) -> Option<Self> {
        Some(Exponent {
            numerator: self.numerator.checked_neg()?,
            denominator: self.denominator,
        })
    }

    /// The product with a rational, `None` if it does not fit.
    pub(super) fn times(self, factor: &Rational) -> Option<Self> {
        Self::from_rational(&(self.to_rational() * factor))
    }

    /// The largest integer that is not larger.
    pub(super) fn floor(self) -> i64 {
        // The denominator is positive, so this is the floor and cannot overflow.
        self.numerator.checked_div_euclid(self.denominator).unwrap_or(0)
    }

    /// Whether this is zero.
    pub(super) fn is_zero(self) -> bool {
        self.numerator == 0
    }

    /// Whether this is negative.
    pub(super) fn is_negative(self) -> bool {
        self.numerator < 0
    }

    /// The integer it is, if it is one.
    pub(super) fn as_integer(self) -> Option<i64> {
        (self.denominator == 1).then_some(self.numerator)
    }

    /// Whether this is an even integer.
    pub(super) fn is_even(self) -> bool {
        self.denominator == 1 && self.numerator & 1 == 0
    }
}

impl PartialOrd for Exponent {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Exponent {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.denominator == other.denominator {
            return self.numerator.cmp(&other.numerator);
        }
        // Products of two 64-bit numbers fit into 128 bits.
        let cross = |a: &Self, b: &Self| i128::from(a.numerator).saturating_mul(i128::from(b.denominator));
        cross(self, other).cmp(&cross(other, self))
    }
}
