//! What f and its derivatives are like at points and on boxes, as the finder sees it.

use super::{ORDER, Search};
use crate::kernel::certificate::Exact;
use crate::kernel::interval::Interval;
use crate::kernel::number::{Number, Sign};
use rug::Rational;

/// Most parts of one cover.
const PARTS: usize = 4_000;

impl Search<'_> {
    /// An enclosure of a derivative of f, 0 for f itself, over [lo, hi].
    pub(super) fn derivative(&self, lo: &Rational, hi: &Rational, order: usize, precision: u32) -> Option<Interval> {
        let range = Interval::hull_of(lo, hi, precision)?;
        let terms = usize::from(ORDER);
        let value = self.program.derivative_on(&range, &[], order, terms, precision);
        value.ok().map(|value| value.interval(precision))
    }

    /// An enclosure of a derivative of f at a point.
    pub(super) fn at(&self, point: &Rational, order: usize, precision: u32) -> Option<Interval> {
        let jet = self
            .program
            .jet(&[Number::Exact(point.clone())], order.max(1), precision);
        // The orders asked for are 0, 1 and 2: the factor between coefficient and derivative is 1, 1 and 2.
        let factor = Rational::from(order.max(1));
        let coefficient = jet.ok()?.coefficient(order).interval(precision);
        Some(coefficient.scale(&factor))
    }

    /// The sign of f' at a point, if it is certain.
    pub(super) fn sign(&self, point: &Rational, precision: u32) -> Option<Sign> {
        let jet = self.program.jet(&[Number::Exact(point.clone())], 2, precision);
        jet.ok()?.coefficient(1).sign()
    }

    /// Whether f' is seen to have a strict sign on [lo, hi], as the kernel will look at it.
    pub(super) fn has_sign(&self, lo: &Rational, hi: &Rational, sign: Sign, precision: u32) -> bool {
        let strict = |range: &Interval| match sign {
            Sign::Positive => range.is_positive(),
            Sign::Negative => range.is_negative(),
            Sign::Zero => false,
        };
        if self
            .derivative(lo, hi, 1, precision)
            .is_some_and(|range| strict(&range))
        {
            return true;
        }
        let Some(curvature) = self.derivative(lo, hi, 2, precision) else {
            return false;
        };
        let rising = curvature.is_nonnegative();
        if !rising && !curvature.is_nonpositive() {
            return false;
        }
        let weakest = if rising == (sign == Sign::Positive) { lo } else { hi };
        self.sign(weakest, precision) == Some(sign)
    }

    /// Points strictly inside [lo, hi] that cut it into parts on which f' has a strict sign.
    pub(super) fn cover(&self, lo: &Rational, hi: &Rational, sign: Sign, precision: u32) -> Option<Vec<Exact>> {
        let mut cuts = Vec::new();
        let mut waiting = vec![(lo.clone(), hi.clone())];
        while let Some((from, to)) = waiting.pop() {
            if self.has_sign(&from, &to, sign, precision) {
                if to < *hi {
                    cuts.push(Exact(to));
                }
                continue;
            }
            if waiting.len() + cuts.len() > PARTS || self.budget.is_over() || from == to {
                return None;
            }
            let middle = between(&from, &to)?;
            waiting.push((middle.clone(), to));
            waiting.push((from, middle));
        }
        Some(cuts)
    }
}

/// A dyadic number near the middle, strictly between two different numbers, with few digits.
pub(super) fn between(lo: &Rational, hi: &Rational) -> Option<Rational> {
    let (sum, width) = (Rational::from(lo + hi) / 2u32, Rational::from(hi - lo));
    if width <= 0 {
        return None;
    }
    // A grid of an eighth of the width or finer.
    Some(rounded(&sum, 3 - floor_log2(&width)))
}

/// The nearest multiple of 2^-bits.
pub(super) fn rounded(value: &Rational, bits: i32) -> Rational {
    let scaled = Rational::from(value << bits);
    scaled.round() >> bits
}

/// The largest k with 2^k <= |value|, up to one; very small for 0.
pub(super) fn floor_log2(value: &Rational) -> i32 {
    let bits = |integer: &rug::Integer| i32::try_from(integer.significant_bits()).unwrap_or(i32::MAX / 4);
    if *value == 0 {
        return -(i32::MAX / 4);
    }
    bits(value.numer()) - bits(value.denom()) - 1
}
