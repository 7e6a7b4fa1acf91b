//! Finders for properness and for the minimum.

use super::charts::Span;
use super::search::{ORDER, Search};
use super::sequences::SIDES;
use crate::kernel::certificate::{Chart, Claim, Cover, Exact, Side};
use crate::kernel::evaluate::Program;
use crate::kernel::expr::Node;
use crate::kernel::interval::Interval;
use crate::kernel::number::{Number, Sign};
use crate::kernel::theorem::Hypothesis;
use crate::verdict::{Attempt, Verdict};
use rug::Rational;

impl Search<'_> {
    /// Is the cost proper?
    pub fn proper(&mut self) -> Verdict {
        let mut tried = Vec::new();
        let grows = |side: Side| {
            let (_, _, program) = self.outer_local(side)?.derivative(0)?;
            self.find_tail(side, program, &[], |form, ray| {
                form.diverges(ray.line()) == Some(Sign::Positive)
            })
        };
        match (grows(Side::Left), grows(Side::Right)) {
            (Some(left), Some(right)) => {
                if let Some(verdict) = self.attempt("growth at both ends", Claim::Proper { left, right }, &mut tried) {
                    return verdict;
                }
            }
            _ => tried.push(Attempt {
                method: "growth at both ends",
                outcome: "f is not seen to tend to +inf".into(),
            }),
        }
        let precision = self.precision();
        let bounded = self.find_end(0, |form, ray| {
            form.range(ray.line())
                .is_ok_and(|range| range.interval(precision).sup().is_finite())
        });
        if let Some((side, tail, along)) = bounded {
            let claim = Claim::Bounded {
                side,
                tail,
                along,
                monotone: false,
            };
            if let Some(verdict) = self.attempt("bounded towards an end", claim, &mut tried) {
                return verdict;
            }
        }
        for side in SIDES {
            let falling = if side == Side::Left {
                Sign::Positive
            } else {
                Sign::Negative
            };
            let Some((_, _, slope)) = self.outer_local(side).and_then(|local| local.derivative(1)) else {
                continue;
            };
            let tail = self.find_tail(side, slope, &[], |form, ray| form.sign(ray.line()) == Some(falling));
            if let Some(tail) = tail {
                let claim = Claim::Bounded {
                    side,
                    tail,
                    along: None,
                    monotone: true,
                };
                if let Some(verdict) = self.attempt("decreasing towards an end", claim, &mut tried) {
                    return verdict;
                }
            }
        }
        self.undecided(tried)
    }

    /// The claim that f is unbounded below, if an end shows it.
    pub fn unbounded_below(&self, about: Hypothesis) -> Option<Claim> {
        let end = self.find_end(0, |form, ray| form.diverges(ray.line()) == Some(Sign::Negative));
        end.map(|(side, tail, along)| Claim::UnboundedBelow {
            about,
            side,
            tail,
            along,
        })
    }

    /// Does the cost attain its minimum?
    pub fn attains_minimum(&mut self) -> Verdict {
        let mut tried = Vec::new();
        if let Some(claim) = self.unbounded_below(Hypothesis::AttainsMinimum)
            && let Some(verdict) = self.attempt("unbounded below", claim, &mut tried)
        {
            return verdict;
        }
        if let Some(lowest) = self.lowest_sample() {
            let above = |side: Side| {
                let level = self.value(&lowest, 0)?;
                let mut table = self.table.clone();
                let form = self.outer_local(side)?.root;
                let variable = table.insert(Node::Variable(1));
                let gap = table.insert(Node::Sub(form, variable));
                let program = Program::new(&table, gap);
                self.find_tail(side, &program, &[level], |form, ray| {
                    form.sign(ray.line()) == Some(Sign::Positive)
                })
            };
            if let (Some(left), Some(right)) = (above(Side::Left), above(Side::Right)) {
                let claim = Claim::MinimumInCompact {
                    at: Exact(lowest.clone()),
                    left,
                    right,
                };
                if let Some(verdict) = self.attempt("larger outside a compact interval", claim, &mut tried) {
                    return verdict;
                }
            }
            if let Some(verdict) = self.not_attained(&lowest, &mut tried) {
                return verdict;
            }
        }
        for at in self.candidates() {
            if let Some(verdict) = self.global_minimum(Hypothesis::AttainsMinimum, &at, &mut tried) {
                return verdict;
            }
        }
        for sequence in self.sequences().into_iter().take(1) {
            let period = Exact(sequence.period.0 * Rational::from(2));
            if let Some(verdict) = self.attempt("periodicity", Claim::Periodic { period }, &mut tried) {
                return verdict;
            }
        }
        self.undecided(tried)
    }

    fn not_attained(&mut self, lowest: &Rational, tried: &mut Vec<Attempt>) -> Option<Verdict> {
        let charts = self.charts(1, None)?;
        let mut points = vec![lowest.clone()];
        // Points far out, where an infimum that is not attained is approached.
        for side in SIDES {
            let starts = self.starts(side);
            points.extend(
                starts
                    .iter()
                    .rev()
                    .step_by(8)
                    .filter_map(|start| Some(self.ray(side, start, 4)?.start())),
            );
        }
        points.into_iter().take(12).find_map(|at| {
            let claim = Claim::NotAttained {
                charts: charts.clone(),
                at: Exact(at),
            };
            self.attempt("no candidate for a minimum", claim, tried)
        })
    }

    /// Points that may be exact global minimisers: the origin, exact critical points, low sample points.
    pub fn candidates(&mut self) -> Vec<Rational> {
        let mut points: Vec<Rational> = vec![Rational::new()];
        points.extend(self.breaks.iter().filter(|(lo, hi)| lo == hi).map(|(lo, _)| lo.clone()));
        points.extend(self.lowest_sample());
        points.retain(|point| self.value(point, 0).is_some());
        points.dedup();
        points
    }

    /// Tries to show that f >= f(at) everywhere: by enclosures, else by sign charts of f - f(at).
    pub fn global_minimum(&mut self, about: Hypothesis, at: &Rational, tried: &mut Vec<Attempt>) -> Option<Verdict> {
        for charts in [self.nonnegative_charts(at), self.charts(0, Some(at))]
            .into_iter()
            .flatten()
        {
            let at = self.table.number(at.clone());
            let claim = Claim::GlobalMinimum { about, at, charts };
            if let Some(verdict) = self.attempt("f >= f(at)", claim, tried) {
                return Some(verdict);
            }
        }
        None
    }

    /// Covers on which f - f(at) is enclosed above 0 or touching it, a piece each.
    fn nonnegative_charts(&self, at: &Rational) -> Option<Vec<Chart>> {
        let gaps = self.gaps(at)?;
        gaps.iter()
            .enumerate()
            .map(|(index, (table, gap))| {
                let program = Program::new(table, *gap);
                let cover = self.nonnegative_cover(&self.span(index), &program)?;
                Some(Chart::Nonnegative { cover, order: ORDER })
            })
            .collect()
    }

    fn nonnegative_cover(&self, span: &Span, program: &Program) -> Option<Cover> {
        let precision = self.precision();
        let middle = self.middle();
        let end = |side: Side| {
            let bound = if side == Side::Left { &span.left } else { &span.right };
            if let Some((lo, hi)) = bound {
                return Some((None, if side == Side::Left { lo.clone() } else { hi.clone() }));
            }
            let tail = self.find_tail(side, program, &[], |form, ray| {
                let start = ray.start();
                let half = |middle: &Rational| {
                    if side == Side::Left {
                        start <= *middle
                    } else {
                        start >= *middle
                    }
                };
                middle.as_ref().is_none_or(half) && form.is_nonnegative(ray.line())
            })?;
            let start = self.ray(side, &tail.from.0, tail.keep)?.start();
            Some((Some(tail), start))
        };
        let (left, start) = end(Side::Left)?;
        let (right, stop) = end(Side::Right)?;
        let mut cuts = vec![Exact(start.clone())];
        let mut pending = vec![(start, stop)];
        let mut work = 800usize;
        while let Some((lo, hi)) = pending.pop() {
            if lo >= hi {
                continue;
            }
            work = work.checked_sub(1)?;
            let range = Interval::hull_of(&lo, &hi, precision)?;
            let plain = program.value(&[Number::from(range.clone())], precision);
            let refined = || program.derivative_on(&range, &[], 0, usize::from(ORDER), precision);
            let nonnegative = |value: Result<Number, _>| value.is_ok_and(|value: Number| value.is_nonnegative());
            if nonnegative(plain) || nonnegative(refined()) {
                cuts.push(Exact(hi));
                continue;
            }
            let middle = super::charts::split_point(&lo, &hi);
            pending.push((middle.clone(), hi));
            pending.push((lo, middle));
        }
        Some(Cover { left, cuts, right })
    }
}
