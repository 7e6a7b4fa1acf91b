//! Polynomials as vectors of integers, where remainders stay short: content, pseudo-remainder, sign.
//!
//! Ascending coefficients without leading zeros; every scaling is by a positive number, so signs are never lost.

use rug::{Complete, Integer, Rational};
use std::cmp::Ordering;

/// The positive multiple of a rational polynomial with coprime integer coefficients.
pub(super) fn primitive_multiple(coefficients: &[Rational]) -> Vec<Integer> {
    let common = coefficients
        .iter()
        .fold(Integer::from(1), |lcm, value| lcm.lcm(value.denom()));
    let cleared = coefficients
        .iter()
        .map(|value| Rational::from(value * &common).into_numer_denom().0);
    primitive(cleared.collect())
}

/// Drops leading zeros and divides by the positive greatest common divisor of the coefficients.
pub(super) fn primitive(mut coefficients: Vec<Integer>) -> Vec<Integer> {
    trim(&mut coefficients);
    let mut content = Integer::new();
    for coefficient in &coefficients {
        content.gcd_mut(coefficient);
        if content == 1 {
            return coefficients;
        }
    }
    if content != 0 {
        for coefficient in &mut coefficients {
            coefficient.div_exact_mut(&content);
        }
    }
    coefficients
}

fn trim(coefficients: &mut Vec<Integer>) {
    while coefficients.last().is_some_and(|last| *last == 0) {
        coefficients.pop();
    }
}

/// A positive multiple of the remainder of `dividend` by `divisor`, made primitive; the dividend if the divisor is 0.
///
/// Source: Knuth, The Art of Computer Programming 2, section 4.6.1, with the multiplier kept positive.
pub(super) fn pseudo_remainder(dividend: &[Integer], divisor: &[Integer]) -> Vec<Integer> {
    let mut rest = dividend.to_vec();
    trim(&mut rest);
    let Some((lead, tail)) = divisor.split_last().filter(|(lead, _)| **lead != 0) else {
        return rest;
    };
    while rest.len() >= divisor.len() {
        let Some(top) = rest.pop() else { break };
        let common = top.gcd_ref(lead).complete();
        if common == 0 {
            continue;
        }
        // |lead|/common * rest - sign(lead) * top/common * x^shift * divisor: the leading terms cancel.
        let multiplier = lead.clone().abs().div_exact(&common);
        let mut factor = top.div_exact(&common);
        if *lead < 0 {
            factor = -factor;
        }
        if multiplier != 1 {
            for coefficient in &mut rest {
                *coefficient *= &multiplier;
            }
        }
        let shift = rest.len().saturating_sub(tail.len());
        for (slot, coefficient) in rest.iter_mut().skip(shift).zip(tail) {
            *slot -= &factor * coefficient;
        }
        trim(&mut rest);
    }
    primitive(rest)
}

/// The sign of the value at a rational point, by a Horner scheme that clears the denominator.
pub(super) fn sign_at(coefficients: &[Integer], point: &Rational) -> Ordering {
    let mut value = Integer::new();
    // The power of the (positive) denominator that makes up for the powers of the point still missing.
    let mut scale = Integer::from(1);
    for coefficient in coefficients.iter().rev() {
        value *= point.numer();
        value += coefficient * &scale;
        scale *= point.denom();
    }
    value.cmp0()
}

/// The sign far out to the right, or far out to the left.
pub(super) fn sign_at_infinity(coefficients: &[Integer], left: bool) -> Ordering {
    let sign = coefficients.last().map_or(Ordering::Equal, Integer::cmp0);
    let odd = coefficients.len() & 1 == 0;
    if left && odd { sign.reverse() } else { sign }
}

/// The number of bits of the longest coefficient.
pub(super) fn longest(coefficients: &[Integer]) -> usize {
    let longest = coefficients.iter().map(Integer::significant_bits).max().unwrap_or(0);
    usize::try_from(longest).unwrap_or(usize::MAX)
}
