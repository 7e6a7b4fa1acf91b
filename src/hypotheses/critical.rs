//! Finders for the critical points: all of them from a chart of f', or one that is not a global minimiser.

use super::search::Search;
use crate::kernel::certificate::{Cell, Chart, Claim, CriticalPoint, Exact, Tie};
use crate::kernel::interval::Interval;
use crate::kernel::normal_form::as_rational_function;
use crate::kernel::number::Sign;
use crate::kernel::polynomial::{simplest_between, value_polynomial};
use crate::kernel::theorem::{CriticalKind, Detail, Hypothesis};
use crate::verdict::{Attempt, Verdict};
use rug::Rational;

impl Search<'_> {
    /// Intervals with one zero each, in order, read off charts.
    pub fn zeros(&self, charts: &[Chart]) -> Vec<(Rational, Rational)> {
        let mut zeros: Vec<(Rational, Rational)> = Vec::new();
        for chart in charts {
            match chart {
                Chart::Zero {} | Chart::Nonnegative { .. } => {}
                Chart::Polynomial { roots } => zeros.extend(roots.iter().map(|[lo, hi]| (lo.0.clone(), hi.0.clone()))),
                Chart::Cells { cells, .. } => {
                    for cell in cells {
                        match cell {
                            Cell::Simple {
                                within: Some([lo, hi]), ..
                            } => zeros.push((lo.0.clone(), hi.0.clone())),
                            Cell::Multiple { at, .. } => zeros.extend(self.enclose(*at)),
                            _ => {}
                        }
                    }
                }
            }
        }
        // A polynomial chart does not list a zero on a break; other charts show it in both pieces.
        for (lo, hi) in &self.breaks {
            if self.value(lo, 1).is_some_and(|slope| slope.is_zero()) {
                zeros.push((lo.clone(), hi.clone()));
            }
        }
        zeros.sort();
        zeros.dedup();
        zeros
    }

    /// The point with the smallest value among the samples and the zeros of f'.
    pub fn lowest_point(&mut self) -> Option<Rational> {
        let mut best = self.lowest_sample()?;
        let charts = self.slope_charts().unwrap_or_default();
        let precision = self.precision();
        for (lo, hi) in self.zeros(&charts) {
            let point = simplest_between(&lo, &hi);
            let lower = self
                .value(&point, 0)?
                .sub(&self.value(&best, 0)?, precision)
                .is_negative();
            if lower {
                best = point;
            }
        }
        Some(best)
    }

    /// Are all critical points global minimisers?
    pub fn critical_points(&mut self) -> Verdict {
        let mut tried = Vec::new();
        if let Some(charts) = self.slope_charts() {
            let claim = Claim::CriticalPoints {
                charts: charts.clone(),
                ties: Vec::new(),
            };
            if let Some(verdict) = self.attempt("all zeros of f'", claim, &mut tried) {
                return self.settle_ties(verdict, charts);
            }
        } else {
            tried.push(Attempt {
                method: "all zeros of f'",
                outcome: "no complete sign chart of f' was found".into(),
            });
        }
        for claim in self.higher_critical_points(Hypothesis::CriticalPointsAreMinimizers) {
            if let Some(verdict) = self.attempt("a critical point above another value", claim, &mut tried) {
                return verdict;
            }
        }
        self.undecided(tried)
    }

    /// Decides exactly which of several close minima are equal, and replaces the claim if that settles more.
    fn settle_ties(&mut self, verdict: Verdict, charts: Vec<Chart>) -> Verdict {
        let (Verdict::Proved(theorem) | Verdict::Refuted(theorem)) = &verdict else {
            return verdict;
        };
        let Detail::CriticalPoints(points) = theorem.detail() else {
            return verdict;
        };
        let open: Vec<usize> = (0..points.len())
            .filter(|index| {
                points
                    .get(*index)
                    .is_some_and(|point| point.global.is_none() && point.kind == CriticalKind::Minimum)
            })
            .collect();
        let Some((first, rest)) = open.split_first() else {
            return verdict;
        };
        let zeros = self.zeros(&charts);
        let mut ties = Vec::new();
        for second in rest {
            let pair = (zeros.get(*first).cloned(), zeros.get(*second).cloned());
            let (Some(a), Some(b)) = pair else { return verdict };
            let candidates = [
                self.reflection(*first, *second, &a, &b),
                self.algebraic(*first, *second, &a, &b),
            ];
            let accepted = candidates.into_iter().flatten().find(|tie| {
                let claim = Claim::CriticalPoints {
                    charts: charts.clone(),
                    ties: vec![tie.clone()],
                };
                let accepted = self.judge(claim).is_ok();
                if accepted {
                    self.claims.pop();
                }
                accepted
            });
            ties.extend(accepted);
        }
        if ties.is_empty() {
            return verdict;
        }
        let claim = Claim::CriticalPoints { charts, ties };
        let plain = self.claims.pop();
        match self.attempt("equal minima", claim, &mut Vec::new()) {
            Some(better) => better,
            None => {
                self.claims.extend(plain);
                verdict
            }
        }
    }

    fn reflection(
        &self,
        first: usize,
        second: usize,
        a: &(Rational, Rational),
        b: &(Rational, Rational),
    ) -> Option<Tie> {
        let (lo, hi) = (Rational::from(&a.0 + &b.0), Rational::from(&a.1 + &b.1));
        let centre = simplest_between(&lo, &hi) / Rational::from(2);
        Some(Tie::Reflection {
            first,
            second,
            centre: Exact(centre),
        })
    }

    fn algebraic(
        &self,
        first: usize,
        second: usize,
        a: &(Rational, Rational),
        b: &(Rational, Rational),
    ) -> Option<Tie> {
        let local = self.locals.first()?;
        let quotient = |order: usize| {
            let (table, root, _) = local.derivative(order)?;
            as_rational_function(table, *root)
        };
        let (top, bottom) = quotient(0)?;
        let modulus = quotient(1)?.0.squarefree_part();
        let polynomial = value_polynomial(&modulus, &top, &bottom)?;
        let precision = self.precision();
        let value = |zero: &(Rational, Rational)| {
            let range = Interval::hull_of(&zero.0, &zero.1, precision)?;
            let value = local
                .program
                .derivative_on(&range, &[], 0, 2, precision)
                .ok()?
                .interval(precision);
            value.inf_rational().zip(value.sup_rational())
        };
        let (u, v) = (value(a)?, value(b)?);
        let (lo, hi) = (u.0.min(v.0), u.1.max(v.1));
        let margin = Rational::from(1) >> (precision / 4);
        let ends = [lo - &margin, hi + &margin];
        let count = polynomial.count_roots(
            &crate::kernel::polynomial::End::At(ends[0].clone()),
            &crate::kernel::polynomial::End::At(ends[1].clone()),
        );
        let values = ends.map(Exact);
        (count == Some(1)).then_some(Tie::Algebraic { first, second, values })
    }

    /// Claims that some critical point lies above another value, the most promising first.
    pub fn higher_critical_points(&mut self, about: Hypothesis) -> Vec<Claim> {
        let Some(lowest) = self.lowest_point() else {
            return Vec::new();
        };
        let below = Exact(lowest);
        let mut claims = Vec::new();
        let samples = self.samples();
        let precision = self.precision();
        let mut before: Option<(Rational, Sign)> = None;
        for point in samples {
            let Some(sign) = self.value(&point, 1).and_then(|value| value.sign()) else {
                continue;
            };
            if sign == Sign::Zero {
                let mut table = self.table.clone();
                let at = table.number(point.clone());
                self.table = table;
                claims.push(Claim::HigherCriticalPoint {
                    about,
                    point: CriticalPoint::Exact { at },
                    below: below.clone(),
                });
                before = None;
                continue;
            }
            if let Some((last, old)) = &before
                && old.times(sign) == Sign::Negative
            {
                let (mut lo, mut hi) = (last.clone(), point.clone());
                for _ in 0..precision / 3 {
                    let middle = super::charts::split_point(&lo, &hi);
                    match self.value(&middle, 1).and_then(|value| value.sign()) {
                        Some(sign) if sign == *old => lo = middle,
                        Some(sign) if sign == old.opposite() => hi = middle,
                        _ => break,
                    }
                }
                let point = CriticalPoint::SignChange {
                    lo: Exact(lo),
                    hi: Exact(hi),
                };
                claims.push(Claim::HigherCriticalPoint {
                    about,
                    point,
                    below: below.clone(),
                });
            }
            before = Some((point, sign));
        }
        for local in self.locals.clone() {
            for place in self.closed_zeros(&local, 1) {
                let at = place.enter(&mut self.table);
                claims.push(Claim::HigherCriticalPoint {
                    about,
                    point: CriticalPoint::Exact { at },
                    below: below.clone(),
                });
            }
        }
        let charts = self.slope_charts().unwrap_or_default();
        for (lo, hi) in self.zeros(&charts) {
            let point = if lo == hi {
                CriticalPoint::Exact {
                    at: self.table.number(lo),
                }
            } else if matches!(charts.as_slice(), [Chart::Polynomial { .. }]) {
                CriticalPoint::Root {
                    lo: Exact(lo),
                    hi: Exact(hi),
                }
            } else {
                CriticalPoint::SignChange {
                    lo: Exact(lo),
                    hi: Exact(hi),
                }
            };
            claims.push(Claim::HigherCriticalPoint {
                about,
                point,
                below: below.clone(),
            });
        }
        claims.reverse();
        claims.truncate(24);
        claims
    }

    /// The charts of f', found once.
    pub fn slope_charts(&mut self) -> Option<Vec<Chart>> {
        if self.slope_charts_known.is_none() {
            let charts = self.charts(1, None);
            self.slope_charts_known = Some(charts);
        }
        self.slope_charts_known.clone().flatten()
    }
}
