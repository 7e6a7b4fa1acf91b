//! Finders for the hypotheses of a scalar cost: they search, the kernel judges.

pub mod theorems;

use crate::kernel::certificate::Certificate;
use crate::kernel::theorem::Hypothesis;
use crate::problem::{Diagnostic, ScalarCost};
use crate::verdict::{Budget, Verdict};
pub use theorems::{Applicability, Applies};

/// The answer to one hypothesis.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The question.
    pub hypothesis: Hypothesis,
    /// The answer.
    pub verdict: Verdict,
    /// How long the search and the check took.
    pub seconds: f64,
}

/// Everything that was found out about one cost.
#[derive(Clone, Debug)]
pub struct Refereed {
    /// The kernel's reading of the cost and its domain.
    pub reading: String,
    /// The eight hypotheses, in the order of [`Hypothesis::EIGHT`].
    pub findings: Vec<Finding>,
    /// The theorems of the catalogue.
    pub theorems: Vec<Applicability>,
    /// The certificate for everything that was decided.
    pub certificate: Certificate,
    /// Warnings for the reader: internal errors that ask for a report.
    pub notes: Vec<String>,
}

/// Decides as many of the eight hypotheses as it can within the budget.
///
/// Errors: a [`Diagnostic`] if the cost is undefined somewhere on its domain.
pub fn referee(cost: &ScalarCost, budget: &Budget) -> Result<Refereed, Box<Diagnostic>> {
    let _ = (cost, budget);
    unreachable!("in progress")
}
