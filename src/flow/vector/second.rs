//! A second start with the same product: which of the two is faster, and how long the second takes.

use super::descent::Aim;
use super::{GUARDS, Search, attempt, system};
use crate::kernel::certificate::Exact;
use crate::kernel::flow::vector::VectorSystem;
use crate::kernel::flow::vector::data::{Transit, VectorClaim};
use crate::problem::FlowSpec;
use rug::Rational;

impl Search<'_> {
    /// The comparison with a second start.
    pub(super) fn faster(&mut self, other: &[[Rational; 2]], aim: Option<&Aim>) {
        let point = other.iter().all(|[lo, hi]| lo == hi);
        let descent = aim.and_then(|aim| self.descent(aim, self.working(GUARDS[0])));
        let (true, Some(descent)) = (point, descent) else {
            let what = "two exact starts are needed, and a zero of f' to which they descend";
            self.leave_open("faster", what, Vec::new());
            return;
        };
        let claim = VectorClaim::Faster {
            other: other.iter().map(|[value, _]| Exact(value.clone())).collect(),
            descent,
        };
        if let Err(rejection) = self.propose("faster", claim) {
            let tried = vec![attempt(
                "comparison of the times along the same way",
                rejection.to_string(),
            )];
            let what = "the starts must have exactly the same w2 w1 and different |w1 + w2^T| |w1 - w2^T|";
            self.leave_open("faster", what, tried);
        }
    }

    /// The same time from a second start.
    pub(super) fn second_transit(&mut self, tolerance: &Rational, other: &[[Rational; 2]]) {
        let spec = FlowSpec {
            start: other.to_vec(),
            ..self.spec.clone()
        };
        let mut tried = Vec::new();
        for guard in GUARDS {
            let Some(mut claim) = self.second_claim(&spec, tolerance, guard) else {
                tried.push(attempt("the time as an integral", "no way to the tolerance was found"));
                continue;
            };
            claim.other = Some(other.iter().map(|[value, _]| Exact(value.clone())).collect());
            match self.propose("second_transit", VectorClaim::Transit(claim)) {
                Ok(()) => return,
                Err(rejection) => tried.push(attempt("the time as an integral", rejection.to_string())),
            }
        }
        let what = "the time of the second start was not enclosed: it needs one exact start and its limit";
        self.leave_open("second_transit", what, tried);
    }

    /// The claim about the other start alone; what it adds to the table is added here too.
    fn second_claim(&mut self, spec: &FlowSpec, tolerance: &Rational, guard: u32) -> Option<Transit> {
        let mut second = Search::open(spec, self.budget).ok()?;
        second.table = self.table.clone();
        second.data = system(spec, &second.table);
        second.system = VectorSystem::open(&second.data).ok()?;
        let aim = second.aim().filter(|aim| second.is_in_domain(aim))?;
        let claim = second.transit_claim(tolerance, &aim, guard)?;
        let table = std::mem::take(&mut second.table);
        self.data = system(self.spec, &table);
        self.system = VectorSystem::open(&self.data).ok()?;
        self.table = table;
        Some(claim)
    }
}
