//! Sizes of numbers of any precision as binary logarithms in floating point: for choices, never for answers.

use crate::kernel::interval::Interval;
use rug::{Float, Rational};

/// log2 |x|, minus infinity for 0.
pub(super) fn log2(value: &Float) -> f64 {
    if value.is_zero() {
        return f64::NEG_INFINITY;
    }
    let (mantissa, exponent) = value.to_f64_exp();
    mantissa.abs().log2() + f64::from(exponent)
}

/// log2 of the largest absolute value of a member.
pub(super) fn size(value: &Interval) -> f64 {
    log2(&value.mag())
}

/// The largest of some logarithms.
pub(super) fn largest(values: impl IntoIterator<Item = f64>) -> f64 {
    values.into_iter().fold(f64::NEG_INFINITY, f64::max)
}

/// A dyadic number near 2^exponent with a few digits, for numbers of any size; at least 2^-1000000.
pub(super) fn dyadic(exponent: f64) -> Rational {
    let whole = exponent.floor().clamp(-1e6, 1e6);
    let mantissa = ((exponent - whole).exp2() * 1024.0).round();
    let mantissa = Rational::from_f64(mantissa).unwrap_or_else(|| Rational::from(1024));
    mantissa * power_of_two(whole as i32 - 10)
}

/// 2^exponent exactly.
pub(super) fn power_of_two(exponent: i32) -> Rational {
    let one = Rational::from(1);
    if exponent >= 0 {
        one << exponent.unsigned_abs()
    } else {
        one >> exponent.unsigned_abs()
    }
}

/// A dyadic number with about 16 digits that is at least the given one.
pub(super) fn above(value: f64) -> Option<Rational> {
    if !value.is_finite() {
        return None;
    }
    let scale = value.abs().max(1e-12).log2().ceil() as i32 - 16;
    let rounded = (value / f64::from(scale).exp2()).ceil() + 1.0;
    Some(Rational::from_f64(rounded)? * power_of_two(scale))
}
