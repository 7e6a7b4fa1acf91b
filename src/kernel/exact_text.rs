//! Numbers on paper are exact: rationals are `p/q`, and reading one back is exact or an error.

use super::limits;
use rug::{Integer, Rational};
use serde::{Deserialize, Deserializer, Serializer, de::Error};

/// Reads `p` or `p/q` (decimal integers, optional leading minus, q > 0), refusing anything else.
///
/// Errors: `None` for text that is not exactly of this form or longer than [`limits::NUMBER_TEXT`].
/// Panics: never.
pub fn parse_rational(text: &str) -> Option<Rational> {
    if text.len() > limits::NUMBER_TEXT {
        return None;
    }
    let (numerator, denominator) = text.split_once('/').unwrap_or((text, "1"));
    let digits = numerator.strip_prefix('-').unwrap_or(numerator);
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !plain(digits) || !plain(denominator) || denominator.bytes().all(|byte| byte == b'0') {
        return None;
    }
    Some(Rational::from((
        numerator.parse::<rug::Integer>().ok()?,
        denominator.parse::<rug::Integer>().ok()?,
    )))
}

/// A rational as a finite decimal such as `-0.125`.
///
/// Errors: `None` if there is none with at most so many `places` after the point. Panics: never.
pub fn finite_decimal(value: &Rational, places: u32) -> Option<String> {
    let (rest, twos) = value.denom().clone().remove_factor(&Integer::from(2));
    let (rest, fives) = rest.remove_factor(&Integer::from(5));
    let needed = twos.max(fives);
    if rest != 1 || needed > places {
        return None;
    }
    let scale = Rational::from(Integer::from(Integer::u_pow_u(10, needed)));
    let (digits, _) = (value.clone().abs() * scale).into_numer_denom();
    let needed = usize::try_from(needed).ok()?;
    let digits = format!(
        "{digits:0>width$}",
        digits = digits.to_string(),
        width = needed.saturating_add(1)
    );
    let sign = if *value < 0 { "-" } else { "" };
    let (whole, fraction) = digits.split_at_checked(digits.len().checked_sub(needed)?)?;
    let point = if fraction.is_empty() { "" } else { "." };
    Some(format!("{sign}{whole}{point}{fraction}"))
}

/// Serde adapter for one exact rational, written as the string `p/q`.
pub mod rational {
    use super::*;

    /// Writes the rational as `p/q`.
    pub fn serialize<S: Serializer>(value: &Rational, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    /// Reads the rational back, exactly or not at all.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Rational, D::Error> {
        let text = String::deserialize(deserializer)?;
        parse_rational(&text).ok_or_else(|| D::Error::custom("expected an exact rational p/q"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_exact_or_none() {
        let decimal = |numerator: i64, denominator: i64, places| {
            finite_decimal(&Rational::from((numerator, denominator)), places)
        };
        assert_eq!(decimal(18_385, 8_192, 13).as_deref(), Some("2.2442626953125"));
        assert_eq!(decimal(18_385, 8_192, 12), None);
        assert_eq!(decimal(-1, 8, 20).as_deref(), Some("-0.125"));
        assert_eq!(decimal(7, 50, 20).as_deref(), Some("0.14"));
        assert_eq!(decimal(-100, 1, 0).as_deref(), Some("-100"));
        assert_eq!(decimal(0, 1, 0).as_deref(), Some("0"));
        assert_eq!(decimal(1, 3, 1_000), None);
    }
}
