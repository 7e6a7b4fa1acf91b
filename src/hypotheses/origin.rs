//! Finders about the origin: f'(0), and whether f(0) is the minimum.

use super::search::Search;
use crate::kernel::certificate::{Claim, Exact};
use crate::kernel::polynomial::End;
use crate::kernel::theorem::Hypothesis;
use crate::verdict::Verdict;
use rug::Rational;

impl Search<'_> {
    /// Whether 0 lies in the domain.
    pub fn has_origin(&self) -> bool {
        let zero = End::At(Rational::new());
        self.left < zero && zero < self.right
    }

    /// Is f'(0) different from 0?
    pub fn nonsingular(&mut self) -> Verdict {
        let mut tried = Vec::new();
        let about = Hypothesis::NonsingularCriticalPoints;
        for (method, claim) in [
            ("sign of f'(0)", Claim::SlopeAtOrigin { about }),
            ("exact value of f'(0)", Claim::OriginIsCritical {}),
        ] {
            if let Some(verdict) = self.attempt(method, claim, &mut tried) {
                return verdict;
            }
        }
        self.undecided(tried)
    }

    /// Is f(0) above the infimum?
    pub fn origin_not_minimizer(&mut self, smooth: bool) -> Verdict {
        let mut tried = Vec::new();
        let about = Hypothesis::OriginNotMinimizer;
        if smooth && let Some(verdict) = self.attempt("sign of f'(0)", Claim::SlopeAtOrigin { about }, &mut tried) {
            return verdict;
        }
        if let Some(at) = self.lowest_point()
            && at != 0
            && let Some(verdict) = self.attempt("a point below f(0)", Claim::BelowOrigin { at: Exact(at) }, &mut tried)
        {
            return verdict;
        }
        let verdict = self.global_minimum(about, &Rational::new(), &mut tried);
        verdict.unwrap_or_else(|| self.undecided(tried))
    }
}
