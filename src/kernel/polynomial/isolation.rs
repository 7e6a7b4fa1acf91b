//! Isolating intervals for real roots by bisection, with exact detection of rational roots.

use super::{End, Polynomial, SturmSequence, simplest_between};
use rug::{Integer, Rational};
use std::cmp::Ordering;

/// Leading coefficients longer than this are not worked through for rational roots with such denominators.
const RATIONAL_ROOT_BITS: u32 = 4_096;

/// An interval around exactly one distinct real root: open with ends that are not roots, or `lo == hi`, the root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RootInterval {
    /// The lower end.
    pub lo: Rational,
    /// The upper end.
    pub hi: Rational,
    /// The multiplicity of the root, at least 1.
    pub multiplicity: u32,
}

impl RootInterval {
    /// Whether the root is known exactly. Panics: never.
    pub fn is_exact(&self) -> bool {
        self.lo == self.hi
    }

    /// The middle of the interval. Panics: never.
    pub fn middle(&self) -> Rational {
        Rational::from(&self.lo + &self.hi) / 2u32
    }
}

/// A stretch of the line whose ends are not roots, with the sign changes of the Sturm sequence at both.
struct Stretch {
    lo: Rational,
    hi: Rational,
    at_lo: usize,
    at_hi: usize,
}

impl Polynomial {
    /// Disjoint intervals, in order, one around each distinct root in the open interval from `lo` to `hi`.
    ///
    /// Rational roots come out exactly. Errors: `None` as in [`Polynomial::count_roots`]. Panics: never.
    pub fn isolate_roots(&self, lo: &End, hi: &End) -> Option<Vec<RootInterval>> {
        if lo >= hi {
            return None;
        }
        let sturm = self.sturm_sequence()?;
        let bound = self.root_bound();
        let lo = match lo.finite() {
            Some(point) => point.clone().max(Rational::from(-&bound)),
            None => Rational::from(-&bound),
        };
        let hi = match hi.finite() {
            Some(point) => point.clone().min(bound),
            None => bound,
        };
        if lo >= hi {
            return Some(Vec::new());
        }
        let factors = self.squarefree_factors();
        let squarefree = self.squarefree_part();
        let mut found = Vec::new();
        for (lo, hi) in separate(&sturm, lo, hi) {
            let interval = squarefree.sharpen(RootInterval {
                lo,
                hi,
                multiplicity: 1,
            });
            let multiplicity = factors
                .iter()
                .find(|(factor, _)| factor.has_root_in(&interval))
                .map_or(1, |(_, m)| *m);
            found.push(RootInterval {
                multiplicity,
                ..interval
            });
        }
        Some(found)
    }

    /// A sub-interval of at most this width around the same root, or the root itself if it is hit.
    ///
    /// An interval that is not one of this polynomial's, or a width that is not positive, gives the interval back.
    /// Panics: never.
    pub fn refine(&self, interval: RootInterval, width: &Rational) -> RootInterval {
        // An odd multiplicity shows as a change of sign, an even one only in the squarefree part.
        if interval.multiplicity & 1 == 1 {
            self.bisect(interval, width)
        } else {
            self.squarefree_part().bisect(interval, width)
        }
    }

    /// Halves an interval over which the sign changes.
    fn bisect(&self, mut interval: RootInterval, width: &Rational) -> RootInterval {
        let integers = self.primitive_integers();
        let sign = |point: &Rational| super::integers::sign_at(&integers, point);
        let (left, right) = (sign(&interval.lo), sign(&interval.hi));
        if *width <= 0 || left == Ordering::Equal || left != right.reverse() {
            return interval;
        }
        while Rational::from(&interval.hi - &interval.lo) > *width {
            let middle = interval.middle();
            match sign(&middle) {
                Ordering::Equal => {
                    return RootInterval {
                        lo: middle.clone(),
                        hi: middle,
                        ..interval
                    };
                }
                here if here == left => interval.lo = middle,
                _ => interval.hi = middle,
            }
        }
        interval
    }

    /// The interval, or the root itself if it is rational; for squarefree polynomials.
    ///
    /// A rational root has a denominator that divides the leading coefficient, so an interval shorter than its inverse
    /// holds one candidate; simple roots are recognised long before as the simplest number of a short interval.
    fn sharpen(&self, interval: RootInterval) -> RootInterval {
        if interval.is_exact() {
            return interval;
        }
        let lead = self.primitive_integers().pop().unwrap_or_default().abs();
        let bits = lead.significant_bits().min(RATIONAL_ROOT_BITS);
        let mut narrow = interval.clone();
        let mut digits = 4u32;
        loop {
            let width = Rational::from((Integer::from(1), Integer::from(1) << digits));
            narrow = self.bisect(narrow, &width);
            let candidate = simplest_between(&narrow.lo, &narrow.hi);
            if self.sign_at(&candidate) == Ordering::Equal {
                return RootInterval {
                    lo: candidate.clone(),
                    hi: candidate,
                    ..narrow
                };
            }
            if digits > bits {
                break;
            }
            digits = digits
                .saturating_mul(2)
                .min(bits.saturating_add(1).max(digits.saturating_add(1)));
        }
        // The multiples of 1/lead are further apart than the interval is long.
        if lead != 0 {
            let candidate = Rational::from(&narrow.hi * &lead).floor() / &lead;
            if narrow.lo < candidate && self.sign_at(&candidate) == Ordering::Equal {
                return RootInterval {
                    lo: candidate.clone(),
                    hi: candidate,
                    ..narrow
                };
            }
        }
        interval
    }

    /// Whether a root of this polynomial lies in the interval.
    fn has_root_in(&self, interval: &RootInterval) -> bool {
        if interval.is_exact() {
            return self.sign_at(&interval.lo) == Ordering::Equal;
        }
        let (lo, hi) = (End::At(interval.lo.clone()), End::At(interval.hi.clone()));
        self.count_roots(&lo, &hi).is_some_and(|count| count > 0)
    }
}

/// Bisects an open interval until each piece holds one root; pieces have ends that are not roots, or are roots.
fn separate(sturm: &SturmSequence, lo: Rational, hi: Rational) -> Vec<(Rational, Rational)> {
    let lo = step_off(sturm, &lo, &hi);
    let hi = step_off(sturm, &hi, &lo);
    let mut found = Vec::new();
    if lo >= hi {
        return found;
    }
    let variations = |point: &Rational| sturm.variations(&End::At(point.clone()));
    let (at_lo, at_hi) = (variations(&lo), variations(&hi));
    let mut open = vec![Stretch { lo, hi, at_lo, at_hi }];
    // The leftmost stretch lies on top, so the roots come out in order.
    while let Some(stretch) = open.pop() {
        match stretch.at_lo.saturating_sub(stretch.at_hi) {
            0 => {}
            1 => found.push((stretch.lo, stretch.hi)),
            _ => {
                let middle = Rational::from(&stretch.lo + &stretch.hi) / 2u32;
                let (left, right) = if sturm.vanishes_at(&End::At(middle.clone())) {
                    (
                        step_off(sturm, &middle, &stretch.lo),
                        step_off(sturm, &middle, &stretch.hi),
                    )
                } else {
                    (middle.clone(), middle.clone())
                };
                let (at_left, at_right) = (variations(&left), variations(&right));
                let Stretch { lo, hi, at_lo, at_hi } = stretch;
                open.push(Stretch {
                    lo: right.clone(),
                    hi,
                    at_lo: at_right,
                    at_hi,
                });
                if left != right {
                    open.push(Stretch {
                        lo: left.clone(),
                        hi: right,
                        at_lo: at_left,
                        at_hi: at_right,
                    });
                }
                open.push(Stretch {
                    lo,
                    hi: left,
                    at_lo,
                    at_hi: at_left,
                });
            }
        }
    }
    found
}

/// The point itself if it is no root; otherwise a point that is no root, in the direction of `goal`, with no root
/// between the two.
fn step_off(sturm: &SturmSequence, point: &Rational, goal: &Rational) -> Rational {
    if !sturm.vanishes_at(&End::At(point.clone())) || point == goal {
        return point.clone();
    }
    let mut step = Rational::from(goal - point) / 2u32;
    // Roots are isolated, so the step becomes short enough.
    loop {
        let other = Rational::from(point + &step);
        let there = End::At(other.clone());
        let (lo, hi) = if step > 0 {
            (End::At(point.clone()), there.clone())
        } else {
            (there.clone(), End::At(point.clone()))
        };
        if !sturm.vanishes_at(&there) && sturm.count(&lo, &hi) == Some(0) {
            return other;
        }
        step /= 2u32;
    }
}
