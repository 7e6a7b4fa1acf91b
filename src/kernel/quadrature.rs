//! Rigorous integrals: on each part of the interval the Taylor polynomial about the middle is integrated term by term,
//! and the last coefficient is enclosed over the whole part.
//!
//! With t = x - m, h half the length of the part, and p the order, f(m + t) = sum of c_k t^k for k < p, plus r(t) t^p
//! with r(t) in the enclosure R of the Taylor coefficient of order p over the part. Odd powers cancel between t and -t,
//! even ones give 2 h^(k+1)/(k+1). The remainder gives R 2 h^(p+1)/(p+1) if p is even. If p is odd its two halves have
//! opposite signs and may have different means of r, and give (R - R) h^(p+1)/(p+1).
//!
//! Source: Moore, Kearfott, Cloud, Introduction to Interval Analysis, ch. 9.

use super::evaluate::{Program, Undefined};
use super::interval::{DomainError, Interval};
use super::limits;
use super::number::Number;
use rug::Rational;

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

/// Why an integral has no enclosure here.
#[derive(Clone, Debug, PartialEq)]
pub enum QuadratureError {
    /// The order or the precision is out of range.
    Limits,
    /// There are fewer than two cuts, or they do not increase.
    Cuts,
    /// More work than [`limits::WORK`].
    Work,
    /// The integrand may be undefined, or for a positive order not analytic, on a part.
    Undefined {
        /// The part between `cuts[part]` and `cuts[part + 1]`.
        part: usize,
        /// What is undefined there.
        why: Undefined,
    },
}

/// Encloses the integral over `Variable(0)` from the first cut to the last one.
///
/// `order` is the order of the Taylor forms, 0 for plain interval evaluation; success with order 0 shows that the
/// integrand is continuous, with a higher one that it is analytic.
/// Errors: [`QuadratureError`]. An enclosure may be unbounded; that is not an error.
/// Panics: never.
pub fn integral(
    program: &Program,
    cuts: &[Rational],
    order: usize,
    precision: u32,
) -> Result<Interval, QuadratureError> {
    if work(program, cuts.len(), order, precision) > limits::WORK {
        return Err(QuadratureError::Work);
    }
    integral_unmetered(program, cuts, order, precision)
}

/// The same without a limit for the work, for those who count it themselves.
///
/// Errors: [`QuadratureError`], but not for too much work.
/// Panics: never.
pub(super) fn integral_unmetered(
    program: &Program,
    cuts: &[Rational],
    order: usize,
    precision: u32,
) -> Result<Interval, QuadratureError> {
    if order > limits::QUADRATURE_ORDER || !limits::PRECISION.contains(&precision) {
        return Err(QuadratureError::Limits);
    }
    if cuts.len() < 2 {
        return Err(QuadratureError::Cuts);
    }
    let mut sum = Number::integer(0);
    for (part, pair) in cuts.windows(2).enumerate() {
        let [lo, hi] = pair else {
            return Err(QuadratureError::Cuts);
        };
        let range = Interval::hull_of(lo, hi, precision).filter(|_| lo < hi);
        let range = range.ok_or(QuadratureError::Cuts)?;
        let term = over_part(program, lo, hi, &range, order, precision);
        let term = term.map_err(|why| QuadratureError::Undefined { part, why })?;
        sum = sum.add(&term, precision);
    }
    Ok(sum.interval(precision))
}

/// The integral over one part.
fn over_part(
    program: &Program,
    lo: &Rational,
    hi: &Rational,
    range: &Interval,
    order: usize,
    precision: u32,
) -> Result<Number, Undefined> {
    let wide = program.jet(&[Number::from(range.clone())], order, precision)?;
    let middle = Rational::from(lo + hi) / 2u32;
    let near = program.jet(&[Number::from(Interval::point(&middle, precision))], order, precision)?;
    let half = Number::Exact(Rational::from(hi - lo) / 2u32);
    // h^(k+1)/(k+1)
    let mut power = Number::integer(1);
    let mut sum = Number::integer(0);
    for index in 0..=order {
        power = power.mul(&half, precision);
        let count = Number::Exact(Rational::from(index.saturating_add(1)));
        let moment = power.div(&count, precision).map_err(undefined)?;
        let even = index.is_multiple_of(2);
        let coefficient = if index == order {
            wide.coefficient(index)
        } else {
            near.coefficient(index)
        };
        let both = match (even, index == order) {
            (true, _) => coefficient.mul(&Number::integer(2), precision),
            (false, false) => Number::integer(0),
            // Not one number minus itself: the two halves have different means.
            (false, true) => {
                let enclosure = coefficient.interval(precision);
                Number::from(enclosure.sub(&enclosure))
            }
        };
        sum = sum.add(&both.mul(&moment, precision), precision);
    }
    Ok(sum)
}

/// A division by a positive count does not fail; this keeps the function total.
fn undefined(_: DomainError) -> Undefined {
    Undefined::Malformed
}

/// The units of work, as [`limits::WORK`] counts them: two evaluations per part.
fn work(program: &Program, cuts: usize, order: usize, precision: u32) -> u64 {
    let size = |value: usize| u64::try_from(value).unwrap_or(u64::MAX);
    let orders = size(order).saturating_add(1);
    let words = u64::from(precision >> 6).saturating_add(1);
    let price = words.saturating_mul((words >> 4).saturating_add(1));
    let products = size(program.nodes().len()).saturating_mul(orders.saturating_mul(orders));
    products
        .saturating_mul(price)
        .saturating_mul(size(cuts).saturating_mul(2))
}
