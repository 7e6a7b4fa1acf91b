//! Exact numbers: reading decimals without rounding, and arithmetic that stops before it explodes.

use crate::kernel::limits;
use crate::problem::DiagnosticKind;
use rug::{Integer, Rational, ops::Pow};

/// The largest decimal exponent that is looked at: `1e100000` is the outermost that could be read.
pub const DECIMAL_EXPONENT: u32 = 100_000;

/// The most bits of numerator and denominator together.
///
/// A number must be printable within [`limits::NUMBER_TEXT`] bytes; ten bits of text make at most 3.02 digits of it.
pub const NUMBER_BITS: usize = limits::NUMBER_TEXT / 302 * 1_000 - 1_000;

/// The most digits that are converted; more could not fit into [`NUMBER_BITS`] anyway.
const DIGITS: usize = limits::NUMBER_TEXT;

/// Reads a decimal such as `12`, `0.5`, `.5`, `1e-12` or `2.5E3` exactly; a leading sign is allowed.
///
/// Errors: not a decimal, or too large by [`DECIMAL_EXPONENT`] or [`NUMBER_BITS`]. Panics: never.
pub fn parse_decimal(text: &str) -> Result<Rational, DiagnosticKind> {
    let not_a_number = || DiagnosticKind::NotANumber {
        text: super::quoted(text),
    };
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = [whole, fraction].concat();
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(not_a_number());
    }
    let exponent = match exponent {
        Some(exponent) => decimal_exponent(exponent).ok_or_else(not_a_number)??,
        None => 0,
    };
    if digits.len() > DIGITS {
        return Err(DiagnosticKind::NumberTooLarge);
    }
    let magnitude = Rational::from(digits.parse::<Integer>().map_err(|_| not_a_number())?);
    let shift = exponent.saturating_sub(i64::try_from(fraction.len()).unwrap_or(i64::MAX));
    let size = u32::try_from(shift.unsigned_abs()).map_err(|_| DiagnosticKind::NumberTooLarge)?;
    let scale = Integer::from(10).pow(size);
    let magnitude = if shift < 0 {
        magnitude / scale
    } else {
        magnitude * scale
    };
    bounded(if negative { -magnitude } else { magnitude })
}

/// The decimal exponent: `None` if it is no integer, an error if it is beyond the limit.
fn decimal_exponent(text: &str) -> Option<Result<i64, DiagnosticKind>> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // Digits that do not fit an integer are certainly beyond the limit.
    let exponent = text.parse::<i64>().ok();
    let tame = exponent.filter(|exponent| exponent.unsigned_abs() <= u64::from(DECIMAL_EXPONENT));
    Some(tame.ok_or(DiagnosticKind::NumberTooLarge))
}

/// The number itself if it is small enough to be kept.
///
/// Errors: larger than [`NUMBER_BITS`]. Panics: never.
pub fn bounded(value: Rational) -> Result<Rational, DiagnosticKind> {
    if bits(&value) > NUMBER_BITS {
        return Err(DiagnosticKind::NumberTooLarge);
    }
    Ok(value)
}

/// The quotient of two numbers.
///
/// Errors: a zero denominator, a result that is too large. Panics: never.
pub fn quotient(left: Rational, right: Rational) -> Result<Rational, DiagnosticKind> {
    if right == 0 {
        return Err(DiagnosticKind::DivisionByZero);
    }
    bounded(left / right)
}

/// An integer power of a number; 0^0 is 1.
///
/// Errors: zero to a negative power, an exponent beyond [`limits::EXPONENT`], a result that is too large. Panics: never.
pub fn power(base: Rational, exponent: i32) -> Result<Rational, DiagnosticKind> {
    if base == 0 && exponent < 0 {
        return Err(DiagnosticKind::DivisionByZero);
    }
    if exponent.unsigned_abs() > limits::EXPONENT {
        return Err(DiagnosticKind::ExponentTooLarge {
            limit: limits::EXPONENT,
        });
    }
    // The power has at least (bits - 2) * exponent bits; refuse before computing it.
    let size = usize::try_from(exponent.unsigned_abs()).unwrap_or(usize::MAX);
    if bits(&base).saturating_sub(2).saturating_mul(size) > NUMBER_BITS {
        return Err(DiagnosticKind::NumberTooLarge);
    }
    bounded(base.pow(exponent))
}

/// The bits of numerator and denominator together.
fn bits(value: &Rational) -> usize {
    let length = |part: &Integer| usize::try_from(part.significant_bits()).unwrap_or(usize::MAX);
    length(value.numer()).saturating_add(length(value.denom()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_exact() {
        let read = |text: &str| parse_decimal(text).unwrap().to_string();
        assert_eq!(read("0.1"), "1/10");
        assert_eq!(read("-2.5E3"), "-2500");
        assert_eq!(read("+1e-12"), "1/1000000000000");
        assert_eq!(read(".5"), "1/2");
        assert_eq!(read("5."), "5");
        assert_eq!(read("007"), "7");
        assert_eq!(read("1e400").len(), 401);
        assert_eq!(read("0e100000"), "0");
    }

    #[test]
    fn other_texts_are_not_decimals() {
        for text in [
            "", ".", "-", "e5", "1e", "1e+", "1e2.5", "1_0", "0x1", "nan", "inf", "1.2.3", "--1", "1e--2",
        ] {
            assert!(
                matches!(parse_decimal(text), Err(DiagnosticKind::NotANumber { .. })),
                "{text}"
            );
        }
    }

    #[test]
    fn enormous_numbers_are_refused_at_once() {
        for text in [
            "1e400000000",
            "1e-400000000",
            "1e99999999999999999999",
            "1e100000",
            &"9".repeat(30_000),
        ] {
            assert_eq!(parse_decimal(text), Err(DiagnosticKind::NumberTooLarge));
        }
        let ten = Rational::from(10);
        assert_eq!(power(ten.clone() / 3, 10_000), power(Rational::from((10, 3)), 10_000));
        assert!(power(Rational::from(2), 10_000).is_ok());
        assert_eq!(
            power(power(ten, 5_000).unwrap(), 5_000),
            Err(DiagnosticKind::NumberTooLarge)
        );
    }

    #[test]
    fn the_largest_number_can_be_printed_and_read_by_the_kernel() {
        let exponent = u32::try_from(NUMBER_BITS - 2).unwrap();
        let largest = bounded(-Rational::from(Integer::from(1) << exponent)).unwrap();
        assert!(crate::kernel::exact_text::parse_rational(&largest.to_string()).is_some());
        assert!(bounded(Rational::from(Integer::from(1) << (exponent + 1))).is_err());
    }

    #[test]
    fn zero_has_no_negative_power() {
        assert_eq!(power(Rational::new(), -1), Err(DiagnosticKind::DivisionByZero));
        assert_eq!(power(Rational::new(), 0), Ok(Rational::from(1)));
        assert_eq!(power(Rational::from((2, 3)), -2), Ok(Rational::from((9, 4))));
        assert_eq!(
            quotient(Rational::from(1), Rational::new()),
            Err(DiagnosticKind::DivisionByZero)
        );
    }
}
