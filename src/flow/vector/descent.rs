//! The first zero of f' in the direction of descent, and the parts on which f' has its sign.

use super::probe::{between, floor_log2, rounded};
use super::{ORDER, Search};
use crate::kernel::certificate::Exact;
use crate::kernel::flow::vector::data::Descent;
use crate::kernel::number::Sign;
use crate::kernel::polynomial::simplest_between;
use rug::Rational;

/// Most steps of the walk towards the first zero of f'.
const STEPS: usize = 2_000;
/// Steps that are this much shorter than the place is far from 0 are at a zero of f'.
const CLOSE: i32 = 70;
/// The precision in bits of the walk.
const COARSE: u32 = 192;

/// Where the starts descend to.
#[derive(Clone, Debug)]
pub(super) struct Aim {
    /// A narrow interval around a zero of f'.
    pub bracket: [Rational; 2],
    /// The zero itself, if it was recognised.
    pub exact: Option<Rational>,
    /// Whether z grows from all starts, falls, or both.
    pub rising: Option<bool>,
}

impl Search<'_> {
    /// Looks for the zero of f' to which all starts descend.
    pub(super) fn aim(&self) -> Option<Aim> {
        let [lo, hi] = self.system.start_product();
        match (self.sign(&lo, COARSE)?, self.sign(&hi, COARSE)?) {
            (Sign::Positive, Sign::Positive) => self.first_zero(&lo, false),
            (Sign::Negative, Sign::Negative) => self.first_zero(&hi, true),
            (Sign::Negative, Sign::Positive) => self.narrow(&lo, &hi, None),
            _ => None,
        }
    }

    /// Walks from a point in the direction of descent until f' vanishes.
    fn first_zero(&self, from: &Rational, rising: bool) -> Option<Aim> {
        let sign = if rising { Sign::Negative } else { Sign::Positive };
        let mut here = from.clone();
        let mut step = Rational::from(1) << (floor_log2(from).max(-8) - 3);
        for _ in 0..STEPS {
            let size = floor_log2(&here).max(-8);
            if size > 256 || self.budget.is_over() {
                return None;
            }
            if floor_log2(&step) < size - CLOSE {
                return self.at_a_zero(&here, &step, rising);
            }
            let next = along(&here, &step, rising);
            let (lo, hi) = ordered(&here, &next);
            if self.has_sign(lo, hi, sign, COARSE) {
                here = next;
                step *= 2;
                continue;
            }
            let turned = self.sign(&next, COARSE) == Some(sign.opposite());
            let monotone = || {
                self.derivative(lo, hi, 2, COARSE)
                    .is_some_and(|range| range.is_positive())
            };
            if turned && monotone() {
                return self.narrow(lo, hi, Some(rising));
            }
            step /= 2;
        }
        None
    }

    /// A zero just ahead of a point beyond which no step is possible.
    fn at_a_zero(&self, here: &Rational, step: &Rational, rising: bool) -> Option<Aim> {
        let sign = if rising { Sign::Positive } else { Sign::Negative };
        let mut reach = step.clone();
        for _ in 0..10 {
            let next = along(here, &reach, rising);
            let (lo, hi) = ordered(here, &next);
            if self.sign(&next, COARSE) == Some(sign) {
                return self.narrow(lo, hi, Some(rising));
            }
            let simple = simplest_between(lo, hi);
            if self.sign(&simple, COARSE) == Some(Sign::Zero) {
                return Some(self.around(simple, Some(rising)));
            }
            reach *= 4;
        }
        None
    }

    /// Narrows an interval at whose ends f' is negative and positive, by Newton's method and bisection.
    fn narrow(&self, lo: &Rational, hi: &Rational, rising: Option<bool>) -> Option<Aim> {
        let precision = self.spec.precision + 64;
        let (mut lo, mut hi) = (lo.clone(), hi.clone());
        let mut here = between(&lo, &hi)?;
        let bits = i32::try_from(self.spec.precision).ok()?;
        for _ in 0..precision.saturating_mul(2) {
            let width = Rational::from(&hi - &lo);
            if floor_log2(&width) < floor_log2(&here).max(-20) - bits || self.budget.is_over() {
                break;
            }
            if floor_log2(&width) < floor_log2(&here).max(-20) - bits / 2 {
                let simple = simplest_between(&lo, &hi);
                if self.sign(&simple, precision) == Some(Sign::Zero) {
                    return Some(self.around(simple, rising));
                }
            }
            match self.sign(&here, precision) {
                Some(Sign::Positive) => hi = here.clone(),
                Some(Sign::Negative) => lo = here.clone(),
                Some(Sign::Zero) => return Some(self.around(here, rising)),
                None => break,
            }
            here = self.newton(&here, &lo, &hi, precision)?;
        }
        // A recognised zero is worth more than a narrow bracket.
        let slack = Rational::from(1) << (floor_log2(&here).max(-20) - bits / 2);
        let simple = simplest_between(&Rational::from(&here - &slack), &Rational::from(&here + &slack));
        if self.sign(&simple, precision) == Some(Sign::Zero) {
            return Some(self.around(simple, rising));
        }
        let radius = self.radius(&here);
        for widening in 0..8 {
            let radius = Rational::from(&radius << (8 * widening));
            let ends = [Rational::from(&here - &radius), Rational::from(&here + &radius)];
            let signs = [self.sign(&ends[0], precision), self.sign(&ends[1], precision)];
            if signs == [Some(Sign::Negative), Some(Sign::Positive)] {
                return Some(Aim {
                    bracket: ends,
                    exact: None,
                    rising,
                });
            }
        }
        let bracket = [lo, hi];
        Some(Aim {
            bracket,
            exact: None,
            rising,
        })
    }

    /// The next point of Newton's method if it lies well inside the interval, else one near the middle.
    ///
    /// The point is moved a little across the zero, so that the two ends of the interval come together from both sides.
    fn newton(&self, here: &Rational, lo: &Rational, hi: &Rational, precision: u32) -> Option<Rational> {
        let step = || {
            let slope = self.at(here, 1, precision)?;
            let curvature = self.at(here, 2, precision)?;
            Some(slope.div(&curvature).ok()?.mid_rational())
        };
        if let Some(step) = step() {
            let bits = i32::try_from(precision).ok()?;
            // Newton's error is about the square of the step, relative to the distances of other features.
            let size = floor_log2(here).max(-20);
            let beyond = (2 * floor_log2(&step) - size + 4).max(size - bits + 2);
            let beyond = Rational::from(1) << beyond.max(-(bits * 4));
            let target = if step > 0 {
                Rational::from(here - &step) - beyond
            } else {
                Rational::from(here - &step) + beyond
            };
            let target = rounded(&target, bits - size + 2);
            if target > *lo && target < *hi {
                return Some(target);
            }
        }
        between(lo, hi)
    }

    /// Half the width of a bracket about a zero.
    fn radius(&self, zero: &Rational) -> Rational {
        let bits = i32::try_from(self.spec.precision).unwrap_or(i32::MAX / 4);
        Rational::from(1) << (floor_log2(zero).max(-20) - bits)
    }

    /// The aim at an exact zero.
    fn around(&self, zero: Rational, rising: Option<bool>) -> Aim {
        let radius = self.radius(&zero);
        Aim {
            bracket: [Rational::from(&zero - &radius), Rational::from(&zero + &radius)],
            exact: Some(zero),
            rising,
        }
    }

    /// The argument that all starts descend to the aim; `None` if f' does not show its sign.
    pub(super) fn descent(&mut self, aim: &Aim, precision: u32) -> Option<Descent> {
        let [from, to] = self.system.start_product();
        let [lo, hi] = &aim.bracket;
        let zero = match &aim.exact {
            Some(exact) => Some(self.constant(exact)?),
            None => None,
        };
        let mut cuts = Vec::new();
        if from < *lo {
            cuts.extend(self.cover(&from, lo, Sign::Negative, precision)?);
        }
        if to > *hi {
            cuts.extend(self.cover(hi, &to, Sign::Positive, precision)?);
        }
        // The parts of a start above the bracket end at the bracket itself.
        Some(Descent {
            precision,
            bracket: [Exact(lo.clone()), Exact(hi.clone())],
            zero,
            cuts,
            order: ORDER,
        })
    }
}

/// The point a step ahead.
pub(super) fn along(here: &Rational, step: &Rational, rising: bool) -> Rational {
    if rising {
        Rational::from(here + step)
    } else {
        Rational::from(here - step)
    }
}

/// Two numbers in order.
fn ordered<'a>(a: &'a Rational, b: &'a Rational) -> (&'a Rational, &'a Rational) {
    if a <= b { (a, b) } else { (b, a) }
}
