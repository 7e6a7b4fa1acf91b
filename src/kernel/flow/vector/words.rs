//! How statements about the vector case are written.

use super::super::super::interval::Interval;
use super::super::super::theorem::Settled;
use super::Outcome;
use super::start::{Range, Start};
use rug::Rational;

/// Significant digits of enclosures in statements.
const DIGITS: usize = 20;
/// Longest exact rational in a statement, in bits of numerator and denominator together.
const EXACT_BITS: u32 = 128;
/// Most coordinates that a statement lists.
const LISTED: usize = 32;

/// A rational, exactly if it is short, else an enclosure.
pub(super) fn number(value: &Rational) -> String {
    let bits = value.numer().significant_bits();
    if bits.saturating_add(value.denom().significant_bits()) <= EXACT_BITS {
        value.to_string()
    } else {
        format!("a number in {}", Interval::point(value, 128).display(DIGITS))
    }
}

/// `z* = 1`, or `z* in [0.9, 1.1]`.
pub(super) fn value(name: &str, exact: Option<&Rational>, range: &Interval) -> String {
    let short = exact.map(|exact| exact.to_string());
    match short.filter(|text| text.len() <= DIGITS.saturating_mul(2)) {
        Some(text) => format!("{name} = {text}"),
        None => format!("{name} in {}", bracketed(range)),
    }
}

/// An enclosure, always as an interval. As a decimal it may hide how narrow it is.
pub(super) fn bracketed(range: &Interval) -> String {
    let (lower, upper) = (range.lower_decimal(DIGITS), range.upper_decimal(DIGITS));
    format!("[{lower}, {upper}]")
}

/// `: w1 -> ([..], ..), w2 -> (..)`, without parentheses for numbers, and where on the orbit; nothing for too many coordinates.
pub(super) fn arrow(coordinates: &[Interval], branch: &str, sign: &str) -> String {
    if coordinates.len() > LISTED {
        return branch.to_owned();
    }
    let (first, second) = coordinates.split_at(coordinates.len().div_euclid(2));
    let list = |entries: &[Interval]| {
        let texts: Vec<String> = entries.iter().map(bracketed).collect();
        match texts.as_slice() {
            [only] => only.clone(),
            _ => format!("({})", texts.join(", ")),
        }
    };
    format!("{branch}: w1 {sign} {}, w2 {sign} {}", list(first), list(second))
}

/// Which point a statement is about, if not the start of the system.
pub(super) fn second(start: &Start) -> String {
    let list = |entries: &[Range]| {
        let texts: Vec<String> = entries.iter().take(LISTED).map(|entry| number(&entry.lo)).collect();
        match (texts.as_slice(), entries.len() > LISTED) {
            (_, true) => format!("({}, ...)", texts.join(", ")),
            ([only], _) => only.clone(),
            _ => format!("({})", texts.join(", ")),
        }
    };
    format!(
        "from the second start w1 = {}, w2 = {}, with |w1 + w2^T|^2 |w1 - w2^T|^2 = {}: ",
        list(&start.first),
        list(&start.second),
        number(&start.imbalance.lo)
    )
}

/// A statement that holds, with its numbers.
pub(super) fn outcome(
    statement: String,
    product: Option<Interval>,
    coordinates: Vec<Interval>,
    time: Option<Interval>,
) -> Outcome {
    Outcome {
        settled: Settled {
            holds: true,
            statement,
            witness: None,
        },
        product,
        coordinates,
        time,
    }
}
