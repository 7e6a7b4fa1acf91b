//! Numbers that describe an interval, and how intervals lie to each other: all exact, or rounded as they say.

use super::rounded::{difference, down, half, multiple, shifted, sum, up};
use super::{Interval, tame};
use rug::float::Round;
use rug::{Float, Rational};

/// The larger of two numbers, neither being NaN.
pub(super) fn larger<'a>(a: &'a Float, b: &'a Float) -> &'a Float {
    if a < b { b } else { a }
}

/// The smaller of two numbers, neither being NaN.
pub(super) fn smaller<'a>(a: &'a Float, b: &'a Float) -> &'a Float {
    if b < a { b } else { a }
}

impl Interval {
    /// Encloses the numbers from lo 2^exponent to hi 2^exponent; the whole line if they are too large or too small for MPFR, or
    /// if `lo > hi`.
    ///
    /// Rounding: outward. Panics: never.
    pub fn scaled(lo: i128, hi: i128, exponent: i64, precision: u32) -> Self {
        /// As many bits as such a whole number may have.
        const WHOLE: u32 = 128;
        let precision = tame(precision);
        let end = |whole: i128| shifted(&down(WHOLE, whole), i32::try_from(exponent).ok()?);
        match (end(lo), end(hi)) {
            (Some(inf), Some(sup)) if inf <= sup => Self::raw(down(precision, &inf), up(precision, &sup)),
            _ => Self::entire(precision),
        }
    }

    /// The whole part of value / 2^exponent, rounded down, if it is small enough.
    ///
    /// Panics: never.
    pub fn whole(value: &Float, exponent: i64) -> Option<i64> {
        let shifted = shifted(value, i32::try_from(exponent.checked_neg()?).ok()?)?;
        // Beyond that the whole number would be long.
        if shifted.get_exp().is_some_and(|bits| bits > 64) {
            return None;
        }
        let (whole, _) = shifted.to_integer_round(Round::Down)?;
        whole.to_i64()
    }

    /// A finite member near the middle; of a half line, one about as far out again as its endpoint.
    ///
    /// A singleton gives its only member. Both ends of a bounded interval are equally far, up to rounding.
    /// Panics: never.
    pub fn mid(&self) -> Float {
        let precision = self.precision();
        let guess = match (self.inf.is_finite(), self.sup.is_finite()) {
            (true, true) => half(&sum(precision, &self.inf, &self.sup, Round::Down)),
            (true, false) if !self.inf.is_sign_negative() => {
                let twice = multiple(precision, &self.inf, &Rational::from(2), Round::Down);
                sum(precision, &twice, &down(precision, 1), Round::Down)
            }
            (false, true) if self.sup.is_sign_negative() || self.sup.is_zero() => {
                let twice = multiple(precision, &self.sup, &Rational::from(2), Round::Up);
                sum(precision, &twice, &down(precision, -1), Round::Up)
            }
            _ => Float::new(precision),
        };
        // Rounding and overflow may have led out of the interval by a little.
        smaller(larger(&guess, &self.inf), &self.sup).clone()
    }

    /// The number [`mid`](Self::mid) exactly; as long as its exponent, which MPFR bounds by 2^30 bits.
    ///
    /// Panics: never.
    pub fn mid_rational(&self) -> Rational {
        self.mid().to_rational().unwrap_or_default()
    }

    /// The lower endpoint exactly, `None` if it is infinite; as long as its exponent, at most 2^30 bits.
    ///
    /// Panics: never.
    pub fn inf_rational(&self) -> Option<Rational> {
        self.inf.to_rational()
    }

    /// The upper endpoint exactly, `None` if it is infinite; as long as its exponent, at most 2^30 bits.
    ///
    /// Panics: never.
    pub fn sup_rational(&self) -> Option<Rational> {
        self.sup.to_rational()
    }

    /// The width, rounded up; infinite for half lines.
    ///
    /// Panics: never.
    pub fn wid(&self) -> Float {
        difference(self.precision(), &self.sup, &self.inf, Round::Up)
    }

    /// The radius about [`mid`](Self::mid), rounded up: `[mid - rad, mid + rad]` contains the interval.
    ///
    /// Panics: never.
    pub fn rad(&self) -> Float {
        let (precision, mid) = (self.precision(), self.mid());
        let below = difference(precision, &mid, &self.inf, Round::Up);
        let above = difference(precision, &self.sup, &mid, Round::Up);
        larger(&below, &above).clone()
    }

    /// The largest absolute value of a member, exactly; infinite for half lines.
    ///
    /// Panics: never.
    pub fn mag(&self) -> Float {
        larger(&self.inf.clone().abs(), &self.sup.clone().abs()).clone()
    }

    /// The smallest absolute value of a member, exactly.
    ///
    /// Panics: never.
    pub fn mig(&self) -> Float {
        if self.contains_zero() {
            return Float::new(self.precision());
        }
        smaller(&self.inf.clone().abs(), &self.sup.clone().abs()).clone()
    }

    /// Whether both endpoints are finite.
    pub fn is_bounded(&self) -> bool {
        self.inf.is_finite() && self.sup.is_finite()
    }

    /// Whether there is only one member.
    pub fn is_singleton(&self) -> bool {
        self.inf == self.sup
    }

    /// Whether every real number is a member.
    pub fn is_entire(&self) -> bool {
        self.inf.is_infinite() && self.sup.is_infinite()
    }

    /// Whether the rational number is a member; the comparison is exact.
    ///
    /// Panics: never.
    #[doc(alias = "isMember")]
    pub fn contains(&self, value: &Rational) -> bool {
        self.inf <= *value && self.sup >= *value
    }

    /// Whether zero is a member.
    pub fn contains_zero(&self) -> bool {
        !self.is_positive() && !self.is_negative()
    }

    /// Whether all members are greater than zero.
    pub fn is_positive(&self) -> bool {
        !self.inf.is_zero() && self.inf.is_sign_positive()
    }

    /// Whether all members are less than zero.
    pub fn is_negative(&self) -> bool {
        !self.sup.is_zero() && self.sup.is_sign_negative()
    }

    /// Whether all members are at least zero.
    pub fn is_nonnegative(&self) -> bool {
        // Zeros are positive.
        self.inf.is_sign_positive()
    }

    /// Whether all members are at most zero.
    pub fn is_nonpositive(&self) -> bool {
        self.sup.is_zero() || self.sup.is_sign_negative()
    }

    /// Whether every member is a member of the other interval.
    pub fn subset(&self, other: &Self) -> bool {
        other.inf <= self.inf && self.sup <= other.sup
    }

    /// Whether every member has a neighbourhood inside the other interval.
    ///
    /// An infinite endpoint may be shared: the whole line is in its own interior.
    pub fn interior(&self, other: &Self) -> bool {
        let above = other.inf < self.inf || other.inf.is_infinite();
        let below = self.sup < other.sup || other.sup.is_infinite();
        above && below
    }

    /// Whether no number is a member of both.
    pub fn disjoint(&self, other: &Self) -> bool {
        self.strict_precedes(other) || other.strict_precedes(self)
    }

    /// Whether every member is at most every member of the other.
    pub fn precedes(&self, other: &Self) -> bool {
        self.sup <= other.inf
    }

    /// Whether every member is less than every member of the other.
    pub fn strict_precedes(&self, other: &Self) -> bool {
        self.sup < other.inf
    }

    /// The smallest interval that contains both, exactly.
    ///
    /// Panics: never.
    #[must_use]
    pub fn convex_hull(&self, other: &Self) -> Self {
        let (inf, sup) = (smaller(&self.inf, &other.inf), larger(&self.sup, &other.sup));
        Self::raw(inf.clone(), sup.clone())
    }

    /// The numbers that belong to both, exactly; `None` if there are none.
    ///
    /// Panics: never.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Option<Self> {
        let (inf, sup) = (larger(&self.inf, &other.inf), smaller(&self.sup, &other.sup));
        (inf <= sup).then(|| Self::raw(inf.clone(), sup.clone()))
    }
}
