//! Statements about critical points.

use super::super::interval::Interval;
use super::super::number::Number;
use super::super::polynomial::Polynomial;
use super::place::Place;
use rug::Rational;

/// Digits of numbers that are not exact.
const DIGITS: usize = 10;
/// Bits with which long numbers are shown.
const PRECISION: u32 = 128;
/// The longest exact number that is written out, in bytes.
const LENGTH: usize = 24;

/// A number, exactly or in so many digits.
pub(super) fn number(number: &Number) -> String {
    match number {
        Number::Exact(value) => rational(value),
        Number::Enclosed { range, .. } => range.display(DIGITS),
    }
}

fn rational(value: &Rational) -> String {
    let text = value.to_string();
    if text.len() <= LENGTH {
        return text;
    }
    Interval::point(value, PRECISION).display(DIGITS)
}

/// An upper bound of a number.
pub(super) fn upper(number: &Number) -> String {
    match number {
        Number::Exact(value) if value.to_string().len() <= LENGTH => value.to_string(),
        Number::Exact(value) => Interval::point(value, PRECISION).upper_decimal(DIGITS),
        Number::Enclosed { range, .. } => range.upper_decimal(DIGITS),
    }
}

/// c times something plus e, without what is not there.
pub(super) fn affine(scale: &Rational, something: &str, offset: &Rational) -> String {
    let factor = if *scale == 1 {
        String::new()
    } else {
        format!("{scale} ")
    };
    let rest = match offset.cmp0() {
        std::cmp::Ordering::Equal => String::new(),
        std::cmp::Ordering::Greater => format!(" + {offset}"),
        std::cmp::Ordering::Less => format!(" - {}", offset.clone().abs()),
    };
    format!("{factor}{something}{rest}")
}

/// A matrix, row by row.
pub(super) fn grid(rows: &[Vec<Number>]) -> String {
    let row = |row: &Vec<Number>| {
        let entries: Vec<String> = row.iter().map(number).collect();
        format!("[{}]", entries.join(", "))
    };
    let rows: Vec<String> = rows.iter().map(row).collect();
    format!("[{}]", rows.join(", "))
}

/// A point by its layers.
pub(super) fn point(place: &Place) -> String {
    let layers = (1..).zip(&place.layers);
    let layers: Vec<String> = layers
        .map(|(number, layer)| format!("W_{number} = {}", grid(layer)))
        .collect();
    if place.factors.is_some() && place.layers.iter().flatten().flatten().any(is_enclosed) {
        return format!("a critical point within {}", layers.join(", "));
    }
    format!("the point {}", layers.join(", "))
}

fn is_enclosed(number: &Number) -> bool {
    matches!(number, Number::Enclosed { .. })
}

/// A direction by its matrices.
pub(super) fn direction(entries: &[Number], shapes: &[[usize; 2]]) -> String {
    let mut entries = entries.iter().cloned();
    let mut parts = Vec::new();
    for (place, [rows, columns]) in (1..).zip(shapes) {
        let rows: Vec<Vec<Number>> = (0..*rows).map(|_| entries.by_ref().take(*columns).collect()).collect();
        parts.push(format!("M_{place} = {}", grid(&rows)));
    }
    parts.join(", ")
}

/// A polynomial in x, highest power first.
pub(super) fn polynomial(polynomial: &Polynomial) -> String {
    let mut text = String::new();
    for (power, coefficient) in polynomial.coefficients().iter().enumerate().rev() {
        if *coefficient == 0 {
            continue;
        }
        let size = coefficient.clone().abs();
        let sign = match (text.is_empty(), *coefficient < 0) {
            (true, true) => "-",
            (true, false) => "",
            (false, true) => " - ",
            (false, false) => " + ",
        };
        let factor = match (size == 1, power) {
            (_, 0) => size.to_string(),
            (true, _) => String::new(),
            (false, _) => format!("{size}*"),
        };
        let letter = match power {
            0 => String::new(),
            1 => "x".to_owned(),
            power => format!("x^{power}"),
        };
        text.push_str(&format!("{sign}{factor}{letter}"));
    }
    text
}
