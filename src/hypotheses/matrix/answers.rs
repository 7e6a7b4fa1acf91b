//! One question after the other: which arguments are tried, in which order.

use super::search::Search;
use crate::kernel::matrix::data::MatrixClaim;
use crate::kernel::theorem::Hypothesis;
use crate::verdict::{Reason, Verdict};

impl Search<'_> {
    /// Whether the cost is continuously differentiable, which several questions presuppose.
    pub fn continuously_differentiable(&mut self) -> Verdict {
        let about = Hypothesis::ContinuouslyDifferentiable;
        self.attempt("derivation", MatrixClaim::Analytic { about })
            .or_else(|| self.reduced(about))
            .or_else(|| self.refute_along_curves(about))
            .unwrap_or_else(|| self.undecided())
    }

    /// Questions that make no sense for this cost.
    pub fn presupposed(&mut self, hypothesis: Hypothesis, smooth: &Verdict) -> Option<Verdict> {
        let needs_slope = matches!(
            hypothesis,
            Hypothesis::NonsingularCriticalPoints | Hypothesis::CriticalPointsAreMinimizers | Hypothesis::PlInequality
        );
        if self.derivatives_disagree && (needs_slope || hypothesis == Hypothesis::LipschitzGradient) {
            return Some(Verdict::Undecided {
                reason: Reason::Internal {
                    what: "two independent derivatives disagree, see the note".into(),
                },
                tried: Vec::new(),
            });
        }
        if hypothesis == Hypothesis::OriginNotMinimizer && !self.has_origin() {
            return Some(Verdict::NotApplicable {
                why: "0 is not in the domain".into(),
            });
        }
        match smooth {
            Verdict::Refuted(_) if needs_slope => Some(Verdict::NotApplicable {
                why: "the cost is not continuously differentiable".into(),
            }),
            Verdict::Undecided { .. } if needs_slope => Some(smooth.clone()),
            _ => None,
        }
    }

    /// The answer to a question.
    pub fn answer(&mut self, about: Hypothesis) -> Verdict {
        if let Some(verdict) = self.quadratic(about) {
            return verdict;
        }
        let found = match about {
            Hypothesis::Analytic | Hypothesis::ContinuouslyDifferentiable => self
                .attempt("derivation", MatrixClaim::Analytic { about })
                .or_else(|| self.refute_along_curves(about)),
            Hypothesis::Proper => self
                .reduced(about)
                .or_else(|| self.refute_along_curves(about))
                .or_else(|| self.by_coercivity(about))
                .or_else(|| self.convex_point(about)),
            Hypothesis::AttainsMinimum => self
                .reduced(about)
                .or_else(|| self.refute_along_curves(about))
                .or_else(|| self.known_minimum(about))
                .or_else(|| self.by_coercivity(about))
                .or_else(|| self.convex_point(about))
                .or_else(|| self.not_attained()),
            Hypothesis::LipschitzGradient => self
                .attempt("a bounded Hessian", MatrixClaim::BoundedHessian {})
                .or_else(|| self.reduced(about))
                .or_else(|| self.refute_along_curves(about)),
            Hypothesis::NonsingularCriticalPoints => self.nonsingular(),
            Hypothesis::CriticalPointsAreMinimizers => self
                .reduced(about)
                .or_else(|| self.attempt("convexity", MatrixClaim::Convex {}))
                .or_else(|| self.higher_critical_point(about))
                .or_else(|| self.no_critical_point(about))
                .or_else(|| self.only_critical_value())
                .or_else(|| self.only_critical_point())
                .or_else(|| self.all_critical_points(about)),
            Hypothesis::PlInequality => self
                .reduced(about)
                .or_else(|| self.higher_critical_point(about))
                .or_else(|| self.refute_along_curves(about))
                .or_else(|| self.vanishing_ratio())
                .or_else(|| self.strongly_convex())
                .or_else(|| self.growing_gradient()),
            Hypothesis::OriginNotMinimizer => self.origin(),
        };
        found.unwrap_or_else(|| self.undecided())
    }

    /// Coercive costs are proper and attain their minimum.
    fn by_coercivity(&mut self, about: Hypothesis) -> Option<Verdict> {
        match self.coercive() {
            Some(why) => self.attempt("coercivity", MatrixClaim::Coercive { about, why }),
            None => {
                self.failed("coercivity", "no derivation was found");
                None
            }
        }
    }
}
