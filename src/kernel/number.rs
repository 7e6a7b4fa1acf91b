//! A number the kernel computes with: an exact rational, or an enclosure that may also be known not to vanish.

use super::expr::Function;
use super::interval::{DomainError, Interval};
use super::limits;
use rug::{Integer, Rational};
use std::borrow::Cow;
use std::cmp::Ordering;

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

/// An exact rational or an enclosure of one real number (on a box: of every value taken there).
#[derive(Clone, Debug, PartialEq)]
pub enum Number {
    /// The value itself.
    Exact(Rational),
    /// The value lies in `range`; `nonzero` says that it is not 0 even if the range touches 0.
    Enclosed {
        /// A set that contains the value.
        range: Interval,
        /// Known not to vanish, for instance an exponential that underflows.
        nonzero: bool,
    },
}

/// The sign of a number that is known to be positive, negative or zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// Less than zero.
    Negative,
    /// Exactly zero.
    Zero,
    /// Greater than zero.
    Positive,
}

impl Sign {
    /// The sign of the product of two numbers with these signs.
    pub fn times(self, other: Sign) -> Sign {
        match (self, other) {
            (Sign::Zero, _) | (_, Sign::Zero) => Sign::Zero,
            (a, b) if a == b => Sign::Positive,
            _ => Sign::Negative,
        }
    }

    /// The sign of the negative.
    pub fn opposite(self) -> Sign {
        self.times(Sign::Negative)
    }
}

impl From<Rational> for Number {
    fn from(value: Rational) -> Self {
        Number::Exact(value)
    }
}

impl From<Interval> for Number {
    fn from(range: Interval) -> Self {
        Number::Enclosed { range, nonzero: false }
    }
}

impl Number {
    /// An exact small integer.
    pub fn integer(value: i32) -> Self {
        Number::Exact(Rational::from(value))
    }

    /// The enclosure as an interval of the given precision.
    pub fn interval(&self, precision: u32) -> Interval {
        self.range(precision).into_owned()
    }

    /// The enclosure, without a copy if there is one already.
    fn range(&self, precision: u32) -> Cow<'_, Interval> {
        match self {
            Number::Exact(value) => Cow::Owned(Interval::point(value, precision)),
            Number::Enclosed { range, .. } => Cow::Borrowed(range),
        }
    }

    /// The sign, if it is certain.
    pub fn sign(&self) -> Option<Sign> {
        match self {
            Number::Exact(value) => Some(match value.cmp0() {
                Ordering::Less => Sign::Negative,
                Ordering::Equal => Sign::Zero,
                Ordering::Greater => Sign::Positive,
            }),
            Number::Enclosed { range, nonzero } => {
                if range.is_positive() || (*nonzero && range.is_nonnegative()) {
                    Some(Sign::Positive)
                } else if range.is_negative() || (*nonzero && range.is_nonpositive()) {
                    Some(Sign::Negative)
                } else {
                    None
                }
            }
        }
    }

    /// Certainly greater than 0.
    pub fn is_positive(&self) -> bool {
        self.sign() == Some(Sign::Positive)
    }

    /// Certainly less than 0.
    pub fn is_negative(&self) -> bool {
        self.sign() == Some(Sign::Negative)
    }

    /// Certainly not 0.
    pub fn is_nonzero(&self) -> bool {
        match self {
            Number::Exact(value) => *value != 0,
            Number::Enclosed { range, nonzero } => *nonzero || !range.contains_zero(),
        }
    }

    /// Certainly at least 0.
    pub fn is_nonnegative(&self) -> bool {
        match self {
            Number::Exact(value) => *value >= 0,
            Number::Enclosed { range, .. } => range.is_nonnegative(),
        }
    }

    /// Certainly at most 0.
    pub fn is_nonpositive(&self) -> bool {
        match self {
            Number::Exact(value) => *value <= 0,
            Number::Enclosed { range, .. } => range.is_nonpositive(),
        }
    }

    /// Exactly 0.
    pub fn is_zero(&self) -> bool {
        matches!(self, Number::Exact(value) if *value == 0)
    }

    /// Replaces a rational that has grown too long by an enclosure.
    fn tamed(value: Rational, precision: u32) -> Number {
        let bits = value
            .numer()
            .significant_bits()
            .saturating_add(value.denom().significant_bits());
        if bits <= limits::EXACT_BITS {
            Number::Exact(value)
        } else {
            let nonzero = value != 0;
            Number::Enclosed {
                range: Interval::point(&value, precision),
                nonzero,
            }
        }
    }

    /// The sum.
    pub fn add(&self, other: &Number, precision: u32) -> Number {
        match (self, other) {
            (Number::Exact(a), Number::Exact(b)) => Number::tamed(Rational::from(a + b), precision),
            (a, b) if a.is_zero() => b.clone(),
            (a, b) if b.is_zero() => a.clone(),
            (a, b) => {
                let same_side =
                    (a.is_nonnegative() && b.is_nonnegative()) || (a.is_nonpositive() && b.is_nonpositive());
                Number::Enclosed {
                    range: a.range(precision).add(&b.range(precision)),
                    nonzero: same_side && (a.is_nonzero() || b.is_nonzero()),
                }
            }
        }
    }

    /// The negative.
    pub fn neg(&self) -> Number {
        match self {
            Number::Exact(value) => Number::Exact(Rational::from(-value)),
            Number::Enclosed { range, nonzero } => Number::Enclosed {
                range: range.neg(),
                nonzero: *nonzero,
            },
        }
    }

    /// The difference.
    pub fn sub(&self, other: &Number, precision: u32) -> Number {
        self.add(&other.neg(), precision)
    }

    /// The product.
    pub fn mul(&self, other: &Number, precision: u32) -> Number {
        match (self, other) {
            (Number::Exact(a), Number::Exact(b)) => Number::tamed(Rational::from(a * b), precision),
            (a, b) if a.is_zero() || b.is_zero() => Number::integer(0),
            (a, b) => Number::Enclosed {
                range: a.range(precision).mul(&b.range(precision)),
                nonzero: a.is_nonzero() && b.is_nonzero(),
            },
        }
    }

    /// The quotient.
    ///
    /// Errors: [`DomainError`] if the divisor may be 0.
    pub fn div(&self, other: &Number, precision: u32) -> Result<Number, DomainError> {
        match (self, other) {
            (Number::Exact(a), Number::Exact(b)) if *b != 0 => Ok(Number::tamed(Rational::from(a / b), precision)),
            (a, b) => {
                let reciprocal = b.recip(precision)?;
                Ok(a.mul(&reciprocal, precision))
            }
        }
    }

    /// The reciprocal, of a number that may underflow but is known not to vanish too.
    fn recip(&self, precision: u32) -> Result<Number, DomainError> {
        let range = self.interval(precision);
        match range.recip() {
            Ok(range) => Ok(Number::Enclosed { range, nonzero: true }),
            Err(error) => match self.sign() {
                Some(Sign::Positive) => upper_half_line(&range, precision).ok_or(error),
                Some(Sign::Negative) => upper_half_line(&range.neg(), precision)
                    .map(|inverse| inverse.neg())
                    .ok_or(error),
                _ => Err(error),
            },
        }
    }

    /// A rational power, the nonnegative real root for non-integer exponents.
    ///
    /// Errors: [`DomainError`] as for [`super::expr::Node::Power`].
    pub fn power(&self, exponent: &Rational, precision: u32) -> Result<Number, DomainError> {
        if *exponent == 0 {
            return Ok(Number::integer(1));
        }
        if let Number::Exact(value) = self
            && let Some(exact) = exact_power(value, exponent)
        {
            return Ok(Number::tamed(exact, precision));
        }
        if *exponent.denom() == 1 && *exponent < 0 && self.is_nonzero() {
            let positive = self.power(&Rational::from(-exponent), precision)?;
            return Number::integer(1).div(&positive, precision);
        }
        let range = self.range(precision).pow_rational(exponent)?;
        Ok(Number::Enclosed {
            range,
            nonzero: self.is_nonzero(),
        })
    }

    /// An elementary function of the number.
    ///
    /// Errors: [`DomainError`] if the argument may leave the domain.
    pub fn apply(&self, function: Function, precision: u32) -> Result<Number, DomainError> {
        if let Number::Exact(value) = self
            && let Some(exact) = exact_value(function, value)
        {
            return Ok(Number::Exact(exact));
        }
        let x = self.range(precision);
        let keeps_zero = self.is_nonzero();
        let (range, nonzero) = match function {
            Function::Exp => (x.exp(), true),
            Function::Log => (x.ln()?, false),
            Function::Sin => (x.sin(), false),
            Function::Cos => (x.cos(), false),
            Function::Tan => (x.tan()?, false),
            Function::Sinh => (x.sinh(), keeps_zero),
            Function::Cosh => (x.cosh(), true),
            Function::Tanh => (x.tanh(), keeps_zero),
            Function::Atan => (x.atan(), keeps_zero),
            Function::Asinh => (x.asinh(), keeps_zero),
            Function::Erf => (x.erf(), keeps_zero),
            Function::Abs => (x.abs(), keeps_zero),
        };
        Ok(Number::Enclosed { range, nonzero })
    }

    /// The smallest enclosure of both numbers.
    pub fn convex_hull(&self, other: &Number, precision: u32) -> Number {
        if self == other {
            return self.clone();
        }
        Number::from(self.interval(precision).convex_hull(&other.interval(precision)))
    }
}

/// Encloses 1/x for the positive members x of the range: for x in (0, b] that is [1/b, inf).
fn upper_half_line(range: &Interval, precision: u32) -> Option<Number> {
    let everything = Interval::entire(precision);
    let least = if range.sup().is_infinite() {
        Interval::point(&Rational::new(), precision)
    } else {
        // The endpoint itself, never as a rational: its exponent may be huge.
        Interval::try_new(range.sup().clone(), range.sup().clone())?
            .recip()
            .ok()?
    };
    let range = Interval::try_new(least.inf().clone(), everything.sup().clone())?;
    Some(Number::Enclosed { range, nonzero: true })
}

/// The value of a function at the rational points where it is rational and that matter for cancellation.
fn exact_value(function: Function, argument: &Rational) -> Option<Rational> {
    match function {
        Function::Abs => Some(Rational::from(argument.abs_ref())),
        Function::Exp | Function::Cos | Function::Cosh if *argument == 0 => Some(Rational::from(1)),
        Function::Log if *argument == 1 => Some(Rational::new()),
        Function::Sin
        | Function::Tan
        | Function::Sinh
        | Function::Tanh
        | Function::Atan
        | Function::Asinh
        | Function::Erf
            if *argument == 0 =>
        {
            Some(Rational::new())
        }
        _ => None,
    }
}

/// The exact power of a rational, if it is a rational of tame size.
pub fn exact_power(base: &Rational, exponent: &Rational) -> Option<Rational> {
    if *exponent == 0 || *base == 1 {
        return Some(Rational::from(1));
    }
    if *base == 0 {
        return (*exponent > 0).then(Rational::new);
    }
    let degree = exponent.denom().to_u32()?;
    if degree != 1 && *base < 0 {
        return None;
    }
    let root = |value: &Integer| {
        let (root, rest) = value.clone().root_rem(Integer::new(), degree);
        (rest == 0).then_some(root)
    };
    let (numerator, denominator) = if degree == 1 {
        base.clone().into_numer_denom()
    } else {
        (root(base.numer())?, root(base.denom())?)
    };
    let times = exponent.numer().clone().abs().to_u32()?;
    let bits = numerator.significant_bits().max(denominator.significant_bits());
    if bits.saturating_mul(times) > limits::EXACT_BITS {
        return None;
    }
    use rug::ops::Pow;
    let power = Rational::from((numerator.pow(times), denominator.pow(times)));
    Some(if *exponent < 0 { power.recip() } else { power })
}
