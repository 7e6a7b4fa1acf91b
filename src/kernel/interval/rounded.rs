//! The only place of the interval module where operators of `rug::Float` occur, each into a directed rounding.
//!
//! MPFR rounds every operation used here correctly in the requested direction, overflow and underflow included: a
//! result too large becomes the largest finite number or infinity, one too small becomes zero or the smallest number,
//! whichever lies in the direction asked for.
#![expect(
    clippy::arithmetic_side_effects,
    reason = "operators on borrowed floats are lazy: they are rounded once, by `assign`, in the direction given"
)]

use super::Interval;
use rug::float::Round;
use rug::ops::{AddAssignRound, AssignRound, MulAssignRound, Pow};
use rug::{Float, Rational, float};
use std::cmp::Ordering;

/// The value rounded towards minus infinity, to `precision` bits.
pub(super) fn down<T>(precision: u32, value: T) -> Float
where
    Float: AssignRound<T, Round = Round, Ordering = Ordering>,
{
    assign(precision, value, Round::Down)
}

/// The value rounded towards plus infinity, to `precision` bits.
pub(super) fn up<T>(precision: u32, value: T) -> Float
where
    Float: AssignRound<T, Round = Round, Ordering = Ordering>,
{
    assign(precision, value, Round::Up)
}

/// The value rounded once in the direction given.
pub(super) fn assign<T>(precision: u32, value: T, round: Round) -> Float
where
    Float: AssignRound<T, Round = Round, Ordering = Ordering>,
{
    Float::with_val_round(precision, value, round).0
}

/// The sum of two numbers that are not opposite infinities.
pub(super) fn sum(precision: u32, a: &Float, b: &Float, round: Round) -> Float {
    assign(precision, a + b, round)
}

/// The difference of two numbers that are not equal infinities.
pub(super) fn difference(precision: u32, a: &Float, b: &Float, round: Round) -> Float {
    assign(precision, a - b, round)
}

/// The product, with zero times infinity taken as zero: endpoints bound sets of real numbers, and no real is infinite.
pub(super) fn product(precision: u32, a: &Float, b: &Float, round: Round) -> Float {
    if a.is_zero() || b.is_zero() {
        return Float::new(precision);
    }
    assign(precision, a * b, round)
}

/// The product with an exact rational, zero times infinity again being zero.
pub(super) fn multiple(precision: u32, a: &Float, factor: &Rational, round: Round) -> Float {
    if a.is_zero() || *factor == 0 {
        return Float::new(precision);
    }
    assign(precision, a * factor, round)
}

/// The quotient by a number that is not zero; the two are not both infinite.
pub(super) fn quotient(precision: u32, a: &Float, b: &Float, round: Round) -> Float {
    assign(precision, a / b, round)
}

/// The integer power; zero is not raised to a negative power.
pub(super) fn power(precision: u32, a: &Float, exponent: i32, round: Round) -> Float {
    assign(precision, a.pow(exponent), round)
}

/// The negative, exactly.
pub(super) fn negative(a: &Float) -> Float {
    assign(a.prec(), -a, Round::Nearest)
}

/// Half of the number, exactly unless it is the smallest of its kind.
pub(super) fn half(a: &Float) -> Float {
    assign(a.prec(), a >> 1u32, Round::Down)
}

/// The number times a power of two, exactly; `None` if that leaves the range of exponents.
pub(super) fn shifted(a: &Float, shift: i32) -> Option<Float> {
    let Some(exponent) = a.get_exp() else {
        return Some(a.clone());
    };
    let exponent = exponent.checked_add(shift)?;
    if !(float::exp_min()..=float::exp_max()).contains(&exponent) {
        return None;
    }
    Some(assign(a.prec(), a << shift, Round::Nearest))
}

/// Adds to a number in place, with its own precision. The two are not opposite infinities.
pub(super) fn add_in_place(sum: &mut Float, term: &Float, round: Round) {
    sum.add_assign_round(term, round);
}

/// The product of two finite numbers, with the precision of the target.
pub(super) fn multiply_into(target: &mut Float, a: &Float, b: &Float, round: Round) {
    target.assign_round(a * b, round);
}

/// Multiplies a finite number in place by a count, with its own precision.
pub(super) fn multiply_in_place(value: &mut Float, count: i32, round: Round) {
    value.mul_assign_round(count, round);
}

/// An interval divided by a positive count.
pub(super) fn divided(interval: &Interval, count: u32) -> Interval {
    let precision = interval.precision();
    Interval::raw(
        down(precision, &interval.inf / count),
        up(precision, &interval.sup / count),
    )
}

/// An interval times a count.
pub(super) fn multiplied(interval: &Interval, count: u32) -> Interval {
    if count == 0 {
        return Interval::raw(Float::new(interval.precision()), Float::new(interval.precision()));
    }
    let precision = interval.precision();
    Interval::raw(
        down(precision, &interval.inf * count),
        up(precision, &interval.sup * count),
    )
}
