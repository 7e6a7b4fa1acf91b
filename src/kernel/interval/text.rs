//! Endpoints as text: hexadecimal floats that round-trip exactly, and outward-rounded decimals for display only.

use super::rounded::{assign, shifted};
use super::{Interval, limits};
use rug::float::{Round, Special};
use rug::{Float, Integer, Rational};

/// Most digits of a decimal rendering: a reader wants fewer, and more only cost time.
const DIGITS: u32 = 1_000;
/// Decimal exponents up to this size are written out as zeros.
const PLAIN: i64 = 6;
/// Beyond this binary exponent a power of two says more than a decimal.
const DECIMAL: u32 = 16_384;

/// Writes a number exactly, as `-0x1.8p-7`; infinities as `inf` and `-inf`, no number as `nan`.
///
/// The text is the shortest of its form: a leading 1, a fraction without trailing zeros, a decimal power of two.
/// Panics: never.
pub fn to_hex(value: &Float) -> String {
    let sign = if value.is_sign_negative() && !value.is_zero() {
        "-"
    } else {
        ""
    };
    if value.is_nan() {
        return "nan".to_string();
    }
    if value.is_infinite() {
        return format!("{sign}inf");
    }
    let Some((mantissa, exponent)) = value.to_integer_exp() else {
        return "nan".to_string();
    };
    if mantissa == 0 {
        return "0x0p+0".to_string();
    }
    let mantissa = mantissa.abs();
    let zeros = mantissa.find_one(0).unwrap_or(0);
    let odd = mantissa >> zeros;
    let fraction_bits = odd.significant_bits().saturating_sub(1);
    // Whole hexadecimal digits after the point.
    let padding = fraction_bits.wrapping_neg() & 3;
    let exponent = i64::from(exponent)
        .saturating_add(i64::from(zeros))
        .saturating_add(i64::from(fraction_bits));
    let digits = format!("{:x}", odd << padding);
    let fraction = digits.strip_prefix('1').unwrap_or_default();
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}0x1{point}{fraction}p{exponent:+}")
}

/// Reads a number written by [`to_hex`], or any `-0xH.HHpN` with hexadecimal digits H and a decimal N.
///
/// The precision of the result is as many bits as the number needs, at least the smallest of [`limits::PRECISION`].
/// Errors: `None` if the text has another form, is longer than [`limits::NUMBER_TEXT`], needs more bits than the
/// largest precision, or has an exponent beyond the range of MPFR: what is read is exact.
/// Panics: never.
pub fn from_hex(text: &str) -> Option<Float> {
    if text.len() > limits::NUMBER_TEXT {
        return None;
    }
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let least = *limits::PRECISION.start();
    if text == "inf" {
        let infinity = if negative {
            Special::NegInfinity
        } else {
            Special::Infinity
        };
        return Some(assign(least, infinity, Round::Nearest));
    }
    let (digits, exponent) = text.strip_prefix("0x")?.split_once('p')?;
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let hexadecimal = |part: &str| part.bytes().all(|byte| byte.is_ascii_hexdigit());
    if whole.is_empty() || !hexadecimal(whole) || !hexadecimal(fraction) || digits.ends_with('.') {
        return None;
    }
    let places = i32::try_from(fraction.len()).ok()?.checked_mul(4)?;
    let mantissa = Integer::from_str_radix(&format!("{whole}{fraction}"), 16).ok()?;
    // Zeros at the end of the mantissa take no precision.
    let zeros = mantissa.find_one(0).unwrap_or(0);
    let mantissa = if negative {
        -(mantissa >> zeros)
    } else {
        mantissa >> zeros
    };
    let shift = exponent
        .parse::<i32>()
        .ok()?
        .checked_sub(places)?
        .checked_add_unsigned(zeros)?;
    let precision = mantissa.significant_bits().max(least);
    if !limits::PRECISION.contains(&precision) {
        return None;
    }
    shifted(&assign(precision, &mantissa, Round::Nearest), shift)
}

impl Interval {
    /// Renders the interval in decimal as `[lo, hi]`, or as one number if it is one with few digits.
    ///
    /// For display only: it cannot be read back. Rounding: outward, to `digits` significant digits.
    /// Panics: never.
    pub fn display(&self, digits: usize) -> String {
        let (lower, upper) = (self.lower_decimal(digits), self.upper_decimal(digits));
        if lower == upper {
            return lower;
        }
        format!("[{lower}, {upper}]")
    }

    /// The lower endpoint in decimal, rounded down to `digits` significant digits; for display only.
    ///
    /// Panics: never.
    pub fn lower_decimal(&self, digits: usize) -> String {
        decimal(&self.inf, digits, Round::Down)
    }

    /// The upper endpoint in decimal, rounded up to `digits` significant digits; for display only.
    ///
    /// Panics: never.
    pub fn upper_decimal(&self, digits: usize) -> String {
        decimal(&self.sup, digits, Round::Up)
    }
}

/// A number in decimal, rounded in the direction given; a power of two where the decimal would be astronomical.
fn decimal(value: &Float, digits: usize, round: Round) -> String {
    let Some(exponent) = value.get_exp() else {
        return to_hex(value).replace("0x0p+0", "0");
    };
    let sign = if value.is_sign_negative() { "-" } else { "" };
    let away = value.is_sign_negative() == (round == Round::Down);
    if exponent.unsigned_abs() > DECIMAL {
        // The absolute value lies between 2^(exponent - 1) and 2^exponent.
        return format!("{sign}2^{}", if away { exponent } else { exponent.saturating_sub(1) });
    }
    let digits = u32::try_from(digits).unwrap_or(DIGITS).clamp(1, DIGITS);
    let magnitude = value.to_rational().unwrap_or_default().abs();
    let (figures, exponent) = significant(&magnitude, exponent, digits, away);
    format!("{sign}{}", plain_or_scientific(&figures, exponent, i64::from(digits)))
}

/// The leading digits, up to `digits` of them, of a positive number just below 2^`binary`, and the exponent with
/// which the number is about `0.FIGURES` times a power of ten; rounded towards zero or away from it.
fn significant(magnitude: &Rational, binary: i32, digits: u32, away: bool) -> (String, i64) {
    // log10(2) lies between these, so the guess is the number's place or one less.
    let log = if binary > 0 { 30_102 } else { 30_103 };
    let guess = i64::from(binary)
        .saturating_sub(1)
        .saturating_mul(log)
        .div_euclid(100_000);
    let mut last_place = guess.saturating_add(1).saturating_sub(i64::from(digits));
    let mut rounded = in_units_of(magnitude, last_place, away);
    if rounded >= power_of_ten(digits) {
        last_place = last_place.saturating_add(1);
        rounded = in_units_of(magnitude, last_place, away);
    }
    let figures = rounded.to_string();
    let exponent = last_place.saturating_add(i64::try_from(figures.len()).unwrap_or(i64::MAX));
    (figures.trim_end_matches('0').to_string(), exponent)
}

/// The number in units of ten to the `place`, rounded to an integer towards zero or away from it.
fn in_units_of(magnitude: &Rational, place: i64, away: bool) -> Integer {
    let unit = power_of_ten(u32::try_from(place.unsigned_abs()).unwrap_or(u32::MAX));
    let quotient = if place < 0 {
        Rational::from(magnitude * unit)
    } else {
        Rational::from(magnitude / unit)
    };
    if away {
        Integer::from(quotient.ceil_ref())
    } else {
        Integer::from(quotient.floor_ref())
    }
}

fn power_of_ten(exponent: u32) -> Integer {
    Integer::from(Integer::u_pow_u(10, exponent))
}

/// Writes `0.FIGURES` times ten to the `exponent`, with zeros filled in as long as they are few.
fn plain_or_scientific(figures: &str, exponent: i64, digits: i64) -> String {
    let count = i64::try_from(figures.len()).unwrap_or(i64::MAX);
    let zeros = |number: i64| "0".repeat(usize::try_from(number).unwrap_or(0));
    if (-PLAIN..=0).contains(&exponent) {
        return format!("0.{}{figures}", zeros(exponent.saturating_neg()));
    }
    if (1..=PLAIN.max(digits)).contains(&exponent) {
        if count <= exponent {
            return format!("{figures}{}", zeros(exponent.saturating_sub(count)));
        }
        let (whole, fraction) = figures.split_at(usize::try_from(exponent).unwrap_or(0));
        return format!("{whole}.{fraction}");
    }
    let (first, rest) = figures.split_at(figures.len().min(1));
    let point = if rest.is_empty() { "" } else { "." };
    format!("{first}{point}{rest}e{}", exponent.saturating_sub(1))
}
