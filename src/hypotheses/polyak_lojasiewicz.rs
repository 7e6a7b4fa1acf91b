//! Finder for the PL inequality: a refutation if there is one, else a constant close to the best with its steps.

use super::polyak_walk::Base;
use super::search::{ORDER, Search};
use super::sequences::SIDES;
use crate::kernel::certificate::{Chart, Claim, Exact, PolyakLojasiewicz, SequenceData, Side, Tail};
use crate::kernel::evaluate::Program;
use crate::kernel::expr::Node;
use crate::kernel::interval::Interval;
use crate::kernel::number::{Number, Sign};
use crate::kernel::polynomial::{End, simplest_between};
use crate::kernel::tail::form_of;
use crate::kernel::theorem::Hypothesis;
use crate::verdict::{Attempt, Verdict};
use rug::Rational;

/// The name of the method in reports.
const STEPS_OUT: &str = "steps from the minimiser";

impl Search<'_> {
    /// Does the PL inequality hold, and with which constant?
    pub fn polyak_lojasiewicz(&mut self, all_minimizers: Option<bool>) -> Verdict {
        let mut tried = Vec::new();
        if let Some(verdict) = self.pl_refuted(all_minimizers, &mut tried) {
            return verdict;
        }
        let Some(charts) = self.slope_charts() else {
            tried.push(Attempt {
                method: STEPS_OUT,
                outcome: "no complete sign chart of f'".into(),
            });
            return self.undecided(tried);
        };
        if charts.iter().all(|chart| *chart == Chart::Zero {}) {
            let claim = self.pl_claim(Rational::from(1), &charts);
            if let Some(verdict) = self.attempt("constant cost", claim, &mut tried) {
                return verdict;
            }
        }
        let bases: Vec<Base> = self
            .base(&charts)
            .into_iter()
            .chain(self.falling_base(&charts))
            .collect();
        if bases.is_empty() {
            tried.push(Attempt {
                method: STEPS_OUT,
                outcome: "no minimiser to start from".into(),
            });
        }
        for base in bases {
            if let Some(verdict) = self.steps_from(&base, &charts, &mut tried) {
                return verdict;
            }
        }
        self.undecided(tried)
    }

    /// Tries constants from the sharpest to the crudest.
    fn steps_from(&mut self, base: &Base, charts: &[Chart], tried: &mut Vec<Attempt>) -> Option<Verdict> {
        let Some((best_at, best)) = self.smallest_ratio(base) else {
            tried.push(Attempt {
                method: STEPS_OUT,
                outcome: "the ratio could not be sampled".into(),
            });
            return None;
        };
        for mu in constants(&best) {
            if self.budget.is_over() {
                break;
            }
            let Some(mut argument) = self.walk(base, &mu, charts) else {
                tried.push(Attempt {
                    method: STEPS_OUT,
                    outcome: "f'' and psi could not be bounded far enough".into(),
                });
                continue;
            };
            argument.best_at = Some(Exact(best_at.clone()));
            let claim = Claim::PolyakLojasiewicz(Box::new(argument));
            if let Some(verdict) = self.attempt(STEPS_OUT, claim, tried) {
                return Some(verdict);
            }
        }
        None
    }

    pub fn pl_claim(&self, mu: Rational, charts: &[Chart]) -> Claim {
        Claim::PolyakLojasiewicz(Box::new(PolyakLojasiewicz {
            mu: Exact(mu),
            charts: charts.to_vec(),
            approach: None,
            left: Vec::new(),
            left_tail: None,
            right: Vec::new(),
            right_tail: None,
            order: ORDER,
            best_at: None,
        }))
    }

    fn pl_refuted(&mut self, all_minimizers: Option<bool>, tried: &mut Vec<Attempt>) -> Option<Verdict> {
        let about = Hypothesis::PlInequality;
        if let Some(claim) = self.unbounded_below(about)
            && let Some(verdict) = self.attempt("unbounded below", claim, tried)
        {
            return Some(verdict);
        }
        if all_minimizers != Some(true) {
            for claim in self.higher_critical_points(about) {
                if let Some(verdict) = self.attempt("a critical point above another value", claim, tried) {
                    return Some(verdict);
                }
            }
        }
        if let Some(charts) = self.slope_charts() {
            let claim = Claim::DegenerateMinimum { charts };
            if let Some(verdict) = self.attempt("degenerate minimiser", claim, tried) {
                return Some(verdict);
            }
        }
        for side in SIDES {
            let falling = if side == Side::Left {
                Sign::Positive
            } else {
                Sign::Negative
            };
            let infinite = (if side == Side::Left { &self.left } else { &self.right })
                .finite()
                .is_none();
            let slope = self
                .outer_local(side)
                .and_then(|local| local.derivative(1))
                .map(|(_, _, slope)| slope.clone());
            if let (true, Some(slope)) = (infinite, slope) {
                let tail = self.find_tail(side, &slope, &[], |form, ray| form.sign(ray.line()) == Some(falling));
                let claim = tail.map(|tail| Claim::DecreasesForever { side, tail });
                if let Some(verdict) = claim.and_then(|claim| self.attempt("decreasing for ever", claim, tried)) {
                    return Some(verdict);
                }
            }
        }
        for side in SIDES {
            let Some(limit) = self.limit(side) else { continue };
            if let Some((tail, None)) = self.vanishing_tail(side, Number::Exact(limit.clone())) {
                let claim = Claim::VanishingRatioAtLimit {
                    side,
                    tail,
                    limit: Exact(limit),
                };
                if let Some(verdict) = self.attempt("ratio tends to 0", claim, tried) {
                    return Some(verdict);
                }
            }
        }
        let at = self.lowest_sample()?;
        let level = self.value(&at, 0)?;
        for side in SIDES {
            if let Some((tail, along)) = self.vanishing_tail(side, level.clone()) {
                let claim = Claim::VanishingRatio {
                    side,
                    tail,
                    along,
                    at: Exact(at.clone()),
                };
                if let Some(verdict) = self.attempt("ratio tends to 0", claim, tried) {
                    return Some(verdict);
                }
            }
        }
        None
    }

    /// A tail on which f exceeds a level and f'^2 / (f - level) tends to 0.
    fn vanishing_tail(&self, side: Side, level: Number) -> Option<(Tail, Option<SequenceData>)> {
        let level = [level];
        let local = self.outer_local(side)?;
        let mut table = self.table.clone();
        let slope = table.derivative(local.root, 0).ok()?;
        let variable = table.insert(Node::Variable(1));
        let gap = table.insert(Node::Sub(local.root, variable));
        let square = table.insert(Node::Power(slope, Rational::from(2)));
        let ratio = table.insert(Node::Div(square, gap));
        let (gap, ratio) = (Program::new(&table, gap), Program::new(&table, ratio));
        let accept = |form: &crate::kernel::tail::Form, ray: &crate::kernel::tail::Ray| {
            form.vanishes(ray.line())
                && form_of(&gap, ray, &level).is_ok_and(|gap| gap.sign(ray.line()) == Some(Sign::Positive))
        };
        if let Some(tail) = self.find_tail(side, &ratio, &level, accept) {
            return Some((tail, None));
        }
        self.find_sequence(side, &ratio, &level, accept)
            .map(|(tail, along)| (tail, Some(along)))
    }

    fn base(&self, charts: &[Chart]) -> Option<Base> {
        let precision = self.precision();
        if let Some(flat) = charts.iter().position(|chart| *chart == Chart::Zero {}) {
            let last = charts.iter().rposition(|chart| *chart == Chart::Zero {})?;
            let edge = |index: Option<usize>| index.and_then(|index| self.breaks.get(index)).map(|(lo, _)| lo.clone());
            let (left, right) = (edge(flat.checked_sub(1)), edge(Some(last)));
            let infimum = self.value(left.as_ref().or(right.as_ref())?, 0)?;
            return Some(Base {
                left,
                right,
                infimum,
                falls: None,
            });
        }
        match self.zeros(charts).as_slice() {
            [(lo, hi)] => {
                let range = Interval::hull_of(lo, hi, precision)?;
                let local = self.local_at(lo)?;
                let infimum = local.program.derivative_on(&range, &[], 0, 2, precision).ok()?;
                Some(Base {
                    left: Some(hi.clone()),
                    right: Some(lo.clone()),
                    infimum,
                    falls: None,
                })
            }
            [] => {
                let rising = self.value(&self.samples().into_iter().next()?, 1)?.is_positive();
                let (end, side) = if rising {
                    (&self.left, Side::Left)
                } else {
                    (&self.right, Side::Right)
                };
                let End::At(end) = end else { return None };
                let local = self.outer_local(side)?;
                let infimum = local.program.value(&[Number::Exact(end.clone())], precision).ok()?;
                let (left, right) = if rising {
                    (None, Some(end.clone()))
                } else {
                    (Some(end.clone()), None)
                };
                Some(Base {
                    left,
                    right,
                    infimum,
                    falls: None,
                })
            }
            _ => None,
        }
    }

    /// The start of the steps for a monotone cost that falls to a rational limit at a finite end.
    fn falling_base(&self, charts: &[Chart]) -> Option<Base> {
        if !self.zeros(charts).is_empty() || charts.contains(&Chart::Zero {}) {
            return None;
        }
        let rising = self.value(&self.samples().into_iter().next()?, 1)?.is_positive();
        let side = if rising { Side::Left } else { Side::Right };
        let limit = self.limit(side)?;
        Some(Base {
            left: None,
            right: None,
            infimum: Number::Exact(limit),
            falls: Some(side),
        })
    }

    /// The limit of the cost at a finite end, if its form there has a rational one.
    fn limit(&self, side: Side) -> Option<Rational> {
        let end = if side == Side::Left { &self.left } else { &self.right };
        end.finite()?;
        let (_, _, program) = self.outer_local(side)?.derivative(0)?;
        let starts = self.starts(side);
        let ray = self.ray(side, starts.get(starts.len() / 2)?, 4)?;
        let (growing, constant, _) = form_of(program, &ray, &[]).ok()?.parts();
        match constant {
            Number::Exact(limit) if growing.is_zero() => Some(limit),
            _ => None,
        }
    }

    /// f'^2 / (2 (f - inf f)) at a point.
    fn ratio(&self, point: &Rational, base: &Base) -> Option<Number> {
        let precision = self.precision();
        let gap = self.value(point, 0)?.sub(&base.infimum, precision);
        let square = self.value(point, 1)?.power(&Rational::from(2), precision).ok()?;
        if !gap.is_positive() {
            return None;
        }
        let ratio = square.div(&gap.mul(&Number::integer(2), precision), precision).ok()?;
        // A gap that is mostly rounding says nothing.
        let range = ratio.interval(precision);
        // Rationals with exponents in the millions are of no use here.
        if [range.inf(), range.sup()]
            .into_iter()
            .any(|end| end.get_exp().is_some_and(|exponent| exponent.abs() > 20_000))
        {
            return None;
        }
        let (inf, sup) = (range.inf_rational()?, range.sup_rational()?);
        (sup.clone() - inf <= sup >> 32).then_some(ratio)
    }

    /// The smallest ratio seen: a sample, improved by zooming in.
    fn smallest_ratio(&self, base: &Base) -> Option<(Rational, Rational)> {
        let precision = self.precision();
        let mut points = self.samples();
        for start in [&base.left, &base.right].into_iter().flatten() {
            for exponent in (-60i32..=20).step_by(4) {
                let step = Rational::from(1) << exponent;
                points.push(Rational::from(start + &step));
                points.push(Rational::from(start - &step));
            }
        }
        for side in SIDES {
            points.extend(
                self.starts(side)
                    .iter()
                    .filter_map(|start| Some(self.ray(side, start, 4)?.start())),
            );
        }
        points.sort();
        points.dedup();
        let upper = |point: &Rational| self.ratio(point, base)?.interval(precision).sup_rational();
        for round in 0..7 {
            let values: Vec<(Rational, Rational)> = points
                .iter()
                .filter_map(|point| Some((upper(point)?, point.clone())))
                .collect();
            let best = values
                .iter()
                .enumerate()
                .min_by(|a, b| a.1.cmp(b.1))
                .map(|(index, _)| index)?;
            let at = |index: Option<usize>| {
                index
                    .and_then(|index| values.get(index))
                    .map(|(_, point)| point.clone())
            };
            let (value, point) = values.get(best).cloned()?;
            let lo = at(best.checked_sub(1)).unwrap_or_else(|| point.clone());
            let hi = at(best.checked_add(1)).unwrap_or_else(|| point.clone());
            if round == 6 || lo == hi {
                return Some((point, value));
            }
            points = (0..=16i32)
                .map(|step| &lo + Rational::from(&hi - &lo) * Rational::from((step, 16)))
                .map(|fine| shorten(&fine, &Rational::from(&hi - &lo)))
                .chain([point])
                .collect();
            points.sort();
            points.dedup();
        }
        None
    }
}

/// Constants to try: a nice one at the best ratio seen, then a little less, then much less.
fn constants(best: &Rational) -> Vec<Rational> {
    let below = |parts: u32| best - (best / Rational::from(parts));
    let nice = |lo: Rational| simplest_between(&lo, &below(u32::MAX));
    let sharp = simplest_between(&below(1_000_000_000), best);
    let short = sharp.numer().significant_bits() + sharp.denom().significant_bits() <= 40;
    let mut constants: Vec<Rational> = short.then_some(sharp).into_iter().collect();
    constants.extend([1_000_000u32, 10_000, 100, 10].map(|parts| nice(below(parts))));
    constants.extend([2u32, 8, 64, 4096].map(|factor| {
        let share = best / Rational::from(factor);
        simplest_between(&(&share / Rational::from(2)), &share)
    }));
    constants.dedup();
    constants
}

/// A nearby rational with a short denominator.
fn shorten(point: &Rational, width: &Rational) -> Rational {
    let slack = width / Rational::from(256);
    simplest_between(&Rational::from(point - &slack), &Rational::from(point + &slack))
}
