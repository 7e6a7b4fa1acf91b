//! Finders for the hypotheses of a cost of a matrix: they search, the kernel judges.

mod algebra;
mod answers;
mod coercive;
mod critical;
mod curves;
mod float;
mod ideal;
mod points;
mod polynomial;
mod quadratic;
mod reductions;
mod scalars;
mod search;
mod signs;
mod squares;
mod subdivision;
mod tracks;
mod undefined;

use super::Finding;
use super::theorems::{self, Applicability, Applies, Facts};
use crate::kernel::matrix::data::MatrixCertificate;
use crate::kernel::theorem::Hypothesis;
use crate::problem::{Diagnostic, MatrixCost};
use crate::verdict::{Budget, Reason, Verdict};
use rug::Rational;
use search::Search;
use std::time::Instant;

/// Everything that was found out about one cost of a matrix.
#[derive(Clone, Debug)]
pub struct RefereedMatrix {
    /// The kernel's reading of the cost and its domain.
    pub reading: String,
    /// The eight hypotheses, in the order of [`Hypothesis::EIGHT`].
    pub findings: Vec<Finding>,
    /// The theorems of the catalogue that are about matrices.
    pub theorems: Vec<Applicability>,
    /// The certificate for everything that was decided.
    pub certificate: MatrixCertificate,
    /// Warnings for the reader.
    pub notes: Vec<String>,
    /// Whether the cost was shown to be defined on its domain; otherwise all questions are open.
    pub is_defined: bool,
}

/// Decides as many of the eight hypotheses as it can within the budget, telling an observer what is known after each
/// answer.
///
/// Errors: a [`Diagnostic`] if the cost is undefined somewhere on its domain.
/// Panics: never.
pub fn referee_matrix(
    cost: &MatrixCost,
    budget: &Budget,
    observer: &mut dyn FnMut(RefereedMatrix),
) -> Result<RefereedMatrix, Box<Diagnostic>> {
    let mut search = match Search::new(cost, budget) {
        Ok(search) => search,
        Err((search, why)) => return undefined::report(cost, &search, &why),
    };
    search.cross_check();
    let mut findings: Vec<Finding> = Vec::new();
    let smooth = search.continuously_differentiable();
    for hypothesis in Hypothesis::EIGHT {
        let start = Instant::now();
        search.tried.clear();
        let verdict = match search.presupposed(hypothesis, &smooth) {
            Some(verdict) => verdict,
            None if budget.is_over() => search.undecided(),
            None => search.answer(hypothesis),
        };
        findings.push(Finding {
            hypothesis,
            verdict,
            seconds: start.elapsed().as_secs_f64(),
        });
        observer(summary(&search, &findings));
    }
    Ok(summary(&search, &findings))
}

/// The answers so far, the rest left open for want of time.
fn summary(search: &Search, findings: &[Finding]) -> RefereedMatrix {
    let open = Hypothesis::EIGHT
        .into_iter()
        .skip(findings.len())
        .map(|hypothesis| Finding {
            hypothesis,
            verdict: Verdict::Undecided {
                reason: Reason::Budget { option: "--timeout" },
                tried: Vec::new(),
            },
            seconds: 0.0,
        });
    let mut theorems = theorems::applicable_to_matrices(&facts(search, findings));
    for row in theorems
        .iter_mut()
        .filter(|row| row.id == "A.thm4" && row.applies == Applies::Yes)
    {
        row.predicts.extend(search.square_loss());
    }
    RefereedMatrix {
        reading: search.reading(),
        theorems,
        certificate: search.certificate(),
        notes: search.notes.clone(),
        is_defined: true,
        findings: findings.iter().cloned().chain(open).collect(),
    }
}

/// What the table of theorems needs.
fn facts(search: &Search, findings: &[Finding]) -> Facts {
    let mut facts = Facts {
        proved: Vec::new(),
        failed: Vec::new(),
        has_origin: search.has_origin(),
        sign: None,
        minimum: None,
    };
    for finding in findings {
        match &finding.verdict {
            Verdict::Proved(_) => facts.proved.push(finding.hypothesis.name()),
            Verdict::Refuted(_) | Verdict::NotApplicable { .. } => facts.failed.push(finding.hypothesis.name()),
            Verdict::Undecided { .. } => {}
        }
    }
    facts
}

impl Search<'_> {
    /// Whether the zero matrix lies in the domain.
    fn has_origin(&self) -> bool {
        self.is_inside(&vec![Rational::new(); self.size()])
    }
}
