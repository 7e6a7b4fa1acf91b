//! Finders for analyticity, continuous differentiability and a Lipschitz gradient.

use super::charts::Span;
use super::search::Search;
use crate::kernel::certificate::{Claim, Cover, Exact, Side, Tail};
use crate::kernel::interval::Interval;
use crate::kernel::number::Number;
use crate::kernel::tail::{Form, Ray, form_of};
use crate::kernel::theorem::Hypothesis;
use crate::verdict::{Attempt, Verdict};
use rug::{Float, Rational};

/// The highest order of derivative that is looked at for a jump.
const HIGHEST_JUMP: u8 = 128;

impl Search<'_> {
    /// Is the cost real analytic?
    pub fn analytic(&mut self) -> Verdict {
        let mut tried = Vec::new();
        let form = self.pieces.first().map_or(self.cost, |piece| piece.form);
        let cover = match self.pieces.as_slice() {
            [piece] => piece.analytic.clone(),
            _ => {
                let breaks = std::mem::take(&mut self.breaks);
                let cover = self.cover(
                    &Span {
                        left: None,
                        right: None,
                    },
                    form,
                    true,
                );
                self.breaks = breaks;
                cover
            }
        };
        if let Some(cover) = cover
            && let Some(verdict) = self.attempt("derivation", Claim::Analytic { form, cover }, &mut tried)
        {
            return verdict;
        }
        self.break_failure(Hypothesis::Analytic, HIGHEST_JUMP, &mut tried)
            .unwrap_or_else(|| self.undecided(tried))
    }

    /// A jump or a blow-up of a derivative at a break.
    fn break_failure(&mut self, about: Hypothesis, highest: u8, tried: &mut Vec<Attempt>) -> Option<Verdict> {
        for piece in 0..self.breaks.len() {
            if let Some(order) = self.first_jump(piece).filter(|order| *order <= highest) {
                let claim = Claim::DerivativeJump { about, piece, order };
                if let Some(verdict) = self.attempt("jump of a derivative", claim, tried) {
                    return Some(verdict);
                }
            }
            for (index, side) in [(piece, Side::Right), (piece + 1, Side::Left)] {
                for order in 1..=highest.min(3) {
                    for exponent in [4u32, 12, 40] {
                        let tail = Self::tail(&(Rational::from(1) << exponent), 4);
                        let claim = Claim::DerivativeBlowUp {
                            about,
                            piece: index,
                            side,
                            order,
                            tail,
                        };
                        if let Some(verdict) = self.attempt("unbounded derivative", claim, tried) {
                            return Some(verdict);
                        }
                    }
                }
            }
        }
        None
    }

    /// The lowest order of derivative that certainly jumps at the break after a piece.
    fn first_jump(&self, piece: usize) -> Option<u8> {
        let precision = self.precision();
        let (lo, hi) = self.breaks.get(piece)?;
        let point = if lo == hi {
            Number::Exact(lo.clone())
        } else {
            Number::from(Interval::hull_of(lo, hi, precision)?)
        };
        let jet = |index: usize| {
            let local = self.locals.get(index)?;
            local
                .program
                .jet(std::slice::from_ref(&point), usize::from(HIGHEST_JUMP), precision)
                .ok()
        };
        let (before, after) = (jet(piece)?, jet(piece + 1)?);
        (1..=HIGHEST_JUMP).find(|order| {
            let order = usize::from(*order);
            before
                .coefficient(order)
                .sub(&after.coefficient(order), precision)
                .is_nonzero()
        })
    }

    /// Is the cost continuously differentiable? A verdict for the other finders; not one of the eight.
    pub fn continuously_differentiable(&mut self) -> Verdict {
        let mut tried = Vec::new();
        if let Some(verdict) = self.attempt("slopes at the breaks", Claim::ContinuouslyDifferentiable {}, &mut tried) {
            return verdict;
        }
        let failure = self.break_failure(Hypothesis::ContinuouslyDifferentiable, 1, &mut tried);
        failure.unwrap_or_else(|| self.undecided(tried))
    }

    /// Is the gradient globally Lipschitz?
    pub fn lipschitz(&mut self, smooth: &Verdict) -> Verdict {
        let mut tried = Vec::new();
        if matches!(smooth, Verdict::Refuted(_)) {
            let failure = self.break_failure(Hypothesis::LipschitzGradient, 1, &mut tried);
            return failure.unwrap_or_else(|| self.undecided(tried));
        }
        if let Some((side, tail, along)) = self.find_end(2, |form, ray| form.diverges(ray.line()).is_some()) {
            let claim = Claim::UnboundedCurvature { side, tail, along };
            if let Some(verdict) = self.attempt("unbounded f''", claim, &mut tried) {
                return verdict;
            }
        }
        let covers: Option<Vec<Cover>> = (0..self.pieces.len())
            .map(|index| self.curvature_cover(index))
            .collect();
        match covers {
            Some(covers) => {
                let claim = Claim::LipschitzGradient { covers };
                if let Some(verdict) = self.attempt("bound on f''", claim, &mut tried) {
                    return verdict;
                }
            }
            None => tried.push(Attempt {
                method: "bound on f''",
                outcome: "no tail with a bounded f'' was found".into(),
            }),
        }
        self.undecided(tried)
    }

    /// Tails and boxes on which f'' is bounded, fine enough for a fair constant.
    fn curvature_cover(&self, index: usize) -> Option<Cover> {
        let span = self.span(index);
        let local = self.locals.get(index)?;
        let precision = self.precision();
        let (left, start) = self.curvature_tail(Side::Left, &span, index)?;
        let (right, stop) = self.curvature_tail(Side::Right, &span, index)?;
        // No bound can be better than what f'' is seen to reach.
        let inside = self
            .samples()
            .into_iter()
            .filter(|point| start <= *point && *point <= stop);
        let seen = inside.filter_map(|point| Some(local.at(&point, 2, precision)?.interval(precision).mag()));
        let seen = seen.filter(Float::is_finite).reduce(|a, b| a.max(&b));
        let target = seen.map(|seen| Float::with_val(precision, &seen + Float::with_val(precision, &seen >> 6u32)));
        let mut cuts = vec![Exact(start.clone())];
        let mut pending = vec![(start, stop, 0u32)];
        let mut work = self.budget.subdivisions.min(600);
        while let Some((lo, hi, depth)) = pending.pop() {
            if lo >= hi {
                continue;
            }
            let range = Interval::hull_of(&lo, &hi, precision)?;
            let value = local.program.derivative_on(&range, &[], 2, 1, precision).ok();
            let size = value
                .map(|value| value.interval(precision).mag())
                .filter(Float::is_finite);
            work = work.saturating_sub(1);
            let fine = size
                .is_some_and(|size| work == 0 || depth >= 12 || target.as_ref().is_some_and(|target| size <= *target));
            if fine {
                cuts.push(Exact(hi));
                continue;
            }
            if depth > 200 || self.budget.is_over() || (work == 0 && depth > 60) {
                return None;
            }
            let middle = super::charts::split_point(&lo, &hi);
            pending.push((middle.clone(), hi, depth + 1));
            pending.push((lo, middle, depth + 1));
        }
        Some(Cover { left, cuts, right })
    }

    /// A tail with a small bound on f'', or the break, and where the boxes begin.
    fn curvature_tail(&self, side: Side, span: &Span, index: usize) -> Option<(Option<Tail>, Rational)> {
        let bound = if side == Side::Left { &span.left } else { &span.right };
        if let Some((lo, hi)) = bound {
            return Some((None, if side == Side::Left { lo.clone() } else { hi.clone() }));
        }
        let (_, _, second) = self.locals.get(index)?.derivative(2)?;
        let precision = self.precision();
        let middle = self.middle();
        let inside = |ray: &Ray| {
            let start = ray.start();
            middle.as_ref().is_none_or(|middle| {
                if side == Side::Left {
                    start <= *middle
                } else {
                    start >= *middle
                }
            })
        };
        let size = |form: &Form, ray: &Ray| form.range(ray.line()).ok().map(|range| range.interval(precision).mag());
        let finite = |form: &Form, ray: &Ray| inside(ray) && size(form, ray).is_some_and(|size| size.is_finite());
        let first = self.find_tail(side, second, &[], finite)?;
        // A tail that begins further out has a smaller bound and leaves more to the boxes.
        let starts = self.starts(side);
        let candidates = starts.iter().filter(|start| **start >= first.from.0).take(10);
        let sized = candidates.filter_map(|start| {
            let ray = self.ray(side, start, first.keep)?;
            let form = form_of(second, &ray, &[]).ok()?;
            Some((size(&form, &ray)?, start.clone()))
        });
        let best = sized.reduce(|a, b| {
            if b.0 < Float::with_val(precision, &a.0 * 0.9) {
                b
            } else {
                a
            }
        })?;
        let tail = Self::tail(&best.1, first.keep);
        let start = self.ray(side, &best.1, first.keep)?.start();
        Some((Some(tail), start))
    }
}
