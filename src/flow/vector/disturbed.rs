//! What disturbances cannot do: the robust set of a radius, and the decay of a quadratic cost on it.

use super::{ORDER, Search, attempt};
use crate::kernel::certificate::Exact;
use crate::kernel::evaluate::Program;
use crate::kernel::flow::vector::data::VectorClaim;
use crate::kernel::interval::Interval;
use crate::kernel::number::{Number, Sign};
use crate::verdict::Attempt;
use rug::Rational;

/// How often the part of the half line next to its end is cut.
const CUTS: usize = 64;

impl Search<'_> {
    /// The claims about the set of radius alpha.
    pub(super) fn robustness(&mut self, alpha: &Rational) {
        self.robust(alpha);
        self.dissipation(alpha);
    }

    /// The invariance of the set.
    fn robust(&mut self, alpha: &Rational) {
        let sum = match self.sign(&Rational::new(), 256) {
            Some(Sign::Negative) => true,
            Some(Sign::Positive) => false,
            _ => {
                let what = "the sign of f'(0), which tells what the origin repels, is not shown";
                return self.leave_open("robust", what, Vec::new());
            }
        };
        let needed = self.needed(alpha);
        let mut tried: Vec<Attempt> = Vec::new();
        for kappa in self.strengths(alpha, sum, &needed) {
            for cuts in self.half_lines(alpha, sum) {
                let claim = VectorClaim::Robust {
                    precision: self.spec.precision.max(128),
                    alpha: Exact(alpha.clone()),
                    sum,
                    kappa: Exact(kappa.clone()),
                    cuts,
                    order: ORDER,
                };
                match self.propose("robust", claim) {
                    Ok(()) => return,
                    Err(rejection) => tried.push(attempt("f' on the half line", rejection.to_string())),
                }
            }
        }
        tried.truncate(8);
        let what = "f' does not repel enough on the half line, or this is not shown: a smaller disturbance or another alpha \
                    would help";
        self.leave_open("robust", what, tried);
    }

    /// The strength of f' that the disturbance needs, rounded up.
    fn needed(&self, alpha: &Rational) -> Rational {
        let bound = match self.spec.disturbance.as_slice() {
            [] => Rational::new(),
            // A little more than the square root of 2.
            [both] => Rational::from((14_142_135_624_u64, 10_000_000_000_u64)) * both,
            [first, second, ..] => Rational::from(first + second),
        };
        if *alpha > 0 { bound / alpha } else { bound }
    }

    /// Strengths to try: that of f' at the end of the half line, rounded down, and the one needed.
    fn strengths(&self, alpha: &Rational, sum: bool, needed: &Rational) -> Vec<Rational> {
        let edge = alpha.clone().square() / 4u32;
        let edge = if sum { edge } else { -edge };
        let mut strengths = Vec::new();
        let jet = self.program.jet(&[Number::Exact(edge)], 1, 128);
        if let Ok(Number::Exact(slope)) = jet.as_ref().map(|jet| jet.coefficient(1)) {
            strengths.push(slope.abs());
        } else if let Ok(jet) = jet
            && let Some(least) = jet.coefficient(1).interval(128).abs().with_precision(64).inf_rational()
        {
            strengths.push(least);
        }
        strengths.retain(|strength| strength >= needed);
        strengths.push(needed.clone());
        strengths
    }

    /// Ways to cut the half line: not at all, and at powers of two from its end on.
    fn half_lines(&self, alpha: &Rational, sum: bool) -> Vec<Vec<Exact>> {
        let edge = alpha.clone().square() / 4u32;
        let mut fine = Vec::new();
        let mut distance = Rational::from((1, 64));
        for _ in 0..CUTS {
            let cut = Rational::from(&edge - &distance);
            fine.push(Exact(if sum { cut } else { -cut }));
            // First evenly, then in growing steps.
            if distance < 2 {
                distance += Rational::from((1, 16));
            } else {
                distance *= Rational::from((3, 2));
            }
        }
        fine.sort();
        vec![Vec::new(), fine]
    }

    /// The decay of a quadratic cost.
    fn dissipation(&mut self, alpha: &Rational) {
        let Some((scale, target)) = self.quadratic() else {
            return;
        };
        let claim = VectorClaim::Dissipation {
            alpha: Exact(alpha.clone()),
            scale: Exact(scale),
            target: Exact(target),
        };
        if let Err(rejection) = self.propose("dissipation", claim) {
            let tried = vec![attempt("decay of a quadratic cost", rejection.to_string())];
            let what = "the disturbance is too strong for the robust set of this alpha: a smaller one would help";
            self.leave_open("dissipation", what, tried);
        }
    }

    /// The factor and the target of a cost that looks quadratic.
    fn quadratic(&self) -> Option<(Rational, Rational)> {
        let everywhere = Number::from(Interval::entire(64));
        let point = |value: i32| self.program.jet(&[Number::integer(value)], 2, 128).ok();
        let exact = |number: Number| match number {
            Number::Exact(value) => Some(value),
            Number::Enclosed { .. } => None,
        };
        Program::jet(&self.program, &[everywhere], 1, 64).ok()?;
        let (here, there) = (point(0)?, point(1)?);
        let scale = exact(here.coefficient(2))? * 2u32;
        let slope = exact(here.coefficient(1))?;
        let same = exact(there.coefficient(2))? * 2u32 == scale;
        (same && scale > 0).then(|| {
            let target = Rational::from(-&slope) / &scale;
            (scale, target)
        })
    }
}
