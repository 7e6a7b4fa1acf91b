//! Parts of the integral that gives a time, each short enough for Taylor forms.

use super::descent::{Aim, along};
use super::probe::floor_log2;
use crate::kernel::evaluate::Program;
use crate::kernel::flow::vector::data::Travel;
use crate::kernel::interval::Interval;
use crate::kernel::number::Number;
use rug::{Float, Rational};

/// The order of the Taylor coefficients that tell how long a part may be.
const PROBE: usize = 24;
/// Bits that a part gains with every order.
const GAIN: u32 = 2;
/// Bits that a part must gain over [`PROBE`] orders.
const WANTED: i32 = 48;
/// With so many more, a part may be twice as long.
const ROOM: i32 = 30;

/// A way of z in one direction.
pub(super) struct Way {
    pub travel: Travel,
    pub imbalance: Rational,
    pub integrand: Program,
    pub from: Rational,
}

/// The order of Taylor forms that suits a precision.
pub(super) fn order_for(precision: u32) -> u16 {
    u16::try_from(precision / GAIN + 4).unwrap_or(u16::MAX)
}

/// Whether a point is strictly further on the way than another.
pub(super) fn ahead_of(here: &Rational, point: &Rational, rising: bool) -> bool {
    if rising { point > here } else { point < here }
}

/// A power of two to begin with: far too long steps are halved soon.
pub(super) fn first_step(here: &Rational) -> Rational {
    Rational::from(1) << (floor_log2(here).max(-1) - 2)
}

/// The end of the next part: as far as Taylor coefficients of a high order allow, before the zero that is aimed at.
///
/// The parts get as long as the enclosure of one coefficient over the part promises a gain of [`GAIN`] bits per order.
pub(super) fn next_point(
    way: &Way,
    here: &Rational,
    step: &mut Rational,
    aim: Option<&Aim>,
    precision: u32,
) -> Option<Rational> {
    let mut grown = false;
    for _ in 0..precision.saturating_mul(4) + 400 {
        let next = along(here, step, way.travel.rising);
        let before_the_zero = aim.is_none_or(|aim| {
            let [lo, hi] = &aim.bracket;
            if way.travel.rising { next < *lo } else { next > *hi }
        });
        let gain = if before_the_zero { gain(way, here, &next) } else { None };
        match gain {
            Some(gain) if gain > WANTED + ROOM && !grown => *step *= 2,
            Some(gain) if gain >= WANTED => return Some(next),
            _ => {
                grown = true;
                *step /= 2;
            }
        }
    }
    None
}

/// The bits that a part gains over [`PROBE`] orders of its Taylor form; `None` if the integrand may be undefined there.
fn gain(way: &Way, here: &Rational, next: &Rational) -> Option<i32> {
    const PRECISION: u32 = 128;
    let (lo, hi) = if here < next { (here, next) } else { (next, here) };
    // Close to a zero of f' more bits are needed to see that f' is not 0.
    let close = u32::try_from((floor_log2(here) - floor_log2(&Rational::from(hi - lo))).clamp(0, 8_192)).ok()?;
    let precision = PRECISION + close;
    let range = Interval::hull_of(lo, hi, precision)?;
    let jet = way.integrand.jet(&[Number::from(range)], PROBE, precision).ok()?;
    let size = |order: usize| exponent(&jet.coefficient(order).interval(precision).mag());
    let half = floor_log2(&Rational::from(hi - lo));
    let orders = i32::try_from(PROBE).ok()?;
    let left = size(PROBE)
        .saturating_sub(size(0))
        .saturating_add(half.saturating_mul(orders));
    Some(left.saturating_neg())
}

/// The binary exponent of a number; very large for infinity, very small for 0.
fn exponent(value: &Float) -> i32 {
    if value.is_infinite() {
        return i32::MAX / 4;
    }
    value.get_exp().unwrap_or(-(i32::MAX / 4))
}

/// A number at least as large with few digits.
pub(super) fn rounded_up(value: &Rational) -> Rational {
    if *value <= 0 {
        return Rational::new();
    }
    Rational::from(1) << (floor_log2(value) + 2)
}
