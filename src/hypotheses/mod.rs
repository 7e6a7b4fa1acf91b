//! Finders for the hypotheses of a scalar cost: they search, the kernel judges.

mod algebra;
mod charts;
mod critical;
mod growth;
pub mod matrix;
mod origin;
mod pieces;
mod places;
mod polyak_lojasiewicz;
mod polyak_walk;
mod regularity;
mod search;
mod sequences;
mod survey;
pub mod theorems;
mod undefined;

use crate::kernel::certificate::{Certificate, Input};
use crate::kernel::number::Sign;
use crate::kernel::theorem::{Detail, Hypothesis};
use crate::problem::{Diagnostic, DiagnosticKind, ScalarCost};
use crate::verdict::{Budget, Reason, Verdict};
use search::Search;
use std::time::Instant;
pub use survey::{Survey, survey};
use theorems::Facts;
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
    /// The derivative of the cost, for the reader only: nothing rests on this text.
    pub derivative: Option<String>,
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
/// Panics: never.
pub fn referee(cost: &ScalarCost, budget: &Budget) -> Result<Refereed, Box<Diagnostic>> {
    referee_observed(cost, budget, &mut |_| {})
}

/// The same, telling an observer what is known after each answer, for searches that may have to be left behind.
///
/// Errors: as [`referee`].
/// Panics: never.
pub fn referee_observed(
    cost: &ScalarCost,
    budget: &Budget,
    observer: &mut dyn FnMut(Refereed),
) -> Result<Refereed, Box<Diagnostic>> {
    let mut search = begin(cost, budget);
    if let Err(why) = search.cut() {
        if let Some(undefined) = search.undefined_at() {
            return Err(Box::new(undefined_diagnostic(cost, &search, &undefined)));
        }
        return Ok(nothing_settled(&search, &why));
    }
    let mut best = decide(search, observer);
    // Another form of the same function may be easier to follow.
    let count = if best.open() == 0 {
        0
    } else {
        begin(cost, budget).other_forms().len()
    };
    for index in 0..count {
        let mut search = begin(cost, budget);
        let form = search.other_forms().get(index).copied();
        if best.open() > 0 && !budget.is_over() && form.and_then(|form| search.cut_with(form)).is_some() {
            let again = decide(search, &mut |_| {});
            if again.open() < best.open() {
                best = again;
            }
        }
    }
    Ok(best)
}

/// A search about a cost.
fn begin<'a>(cost: &ScalarCost, budget: &'a Budget) -> Search<'a> {
    let input = Input {
        name: cost.name.clone(),
        sha256: cost.sha256.clone(),
    };
    let (table, roots) = cost.table.extract(&[cost.root]);
    let root = roots.first().copied().unwrap_or(cost.root);
    Search::new(
        budget,
        input,
        table,
        root,
        cost.domain.left.clone(),
        cost.domain.right.clone(),
    )
}

impl Refereed {
    /// How many of the hypotheses are open.
    fn open(&self) -> usize {
        self.findings
            .iter()
            .filter(|finding| matches!(finding.verdict, Verdict::Undecided { .. }))
            .count()
    }
}

/// Runs all finders on a cost that has been cut into pieces.
fn decide(mut search: Search, observer: &mut dyn FnMut(Refereed)) -> Refereed {
    search.cross_check();
    search.slope_text = search.derivative_for_display();
    let smooth = search.continuously_differentiable();
    let is_smooth = matches!(smooth, Verdict::Proved(_));
    let mut findings: Vec<Finding> = Vec::new();
    for hypothesis in Hypothesis::EIGHT {
        let start = Instant::now();
        let critical = findings
            .iter()
            .find(|f| f.hypothesis == Hypothesis::CriticalPointsAreMinimizers);
        let all_minimizers = critical.and_then(|finding| match finding.verdict {
            Verdict::Proved(_) => Some(true),
            Verdict::Refuted(_) => Some(false),
            _ => None,
        });
        let verdict = match presupposed(&search, hypothesis, &smooth) {
            Some(verdict) => verdict,
            None => match hypothesis {
                Hypothesis::Analytic => search.analytic(),
                Hypothesis::Proper => search.proper(),
                Hypothesis::AttainsMinimum => search.attains_minimum(),
                Hypothesis::LipschitzGradient => search.lipschitz(&smooth),
                Hypothesis::NonsingularCriticalPoints => search.nonsingular(),
                Hypothesis::CriticalPointsAreMinimizers => search.critical_points(),
                Hypothesis::PlInequality => search.polyak_lojasiewicz(all_minimizers),
                Hypothesis::OriginNotMinimizer => search.origin_not_minimizer(is_smooth),
                Hypothesis::ContinuouslyDifferentiable => smooth.clone(),
            },
        };
        findings.push(Finding {
            hypothesis,
            verdict,
            seconds: start.elapsed().as_secs_f64(),
        });
        observer(summary(&search, &findings, is_smooth));
    }
    summary(&search, &findings, is_smooth)
}

/// The answers so far, the rest left open for want of time.
fn summary(search: &Search, findings: &[Finding], smooth: bool) -> Refereed {
    let facts = facts(search, findings, smooth);
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
    Refereed {
        reading: search.reading(),
        derivative: search.slope_text.clone(),
        theorems: theorems::applicable(&facts),
        certificate: search.certificate(),
        notes: search.notes.clone(),
        findings: findings.iter().cloned().chain(open).collect(),
    }
}

/// Questions that make no sense for this cost.
fn presupposed(search: &Search, hypothesis: Hypothesis, smooth: &Verdict) -> Option<Verdict> {
    let needs_origin = matches!(
        hypothesis,
        Hypothesis::NonsingularCriticalPoints | Hypothesis::OriginNotMinimizer
    );
    let needs_slope = matches!(
        hypothesis,
        Hypothesis::NonsingularCriticalPoints | Hypothesis::CriticalPointsAreMinimizers | Hypothesis::PlInequality
    );
    let needs_derivative = needs_slope || hypothesis == Hypothesis::LipschitzGradient;
    if needs_derivative && search.derivatives_disagree {
        let reason = Reason::Internal {
            what: "two independent derivatives disagree, see the note".into(),
        };
        return Some(Verdict::Undecided {
            reason,
            tried: Vec::new(),
        });
    }
    if needs_origin && !search.has_origin() {
        return Some(Verdict::NotApplicable {
            why: "0 is not in the domain".into(),
        });
    }
    match smooth {
        Verdict::Refuted(_) if needs_slope => Some(Verdict::NotApplicable {
            why: "the cost is not continuously differentiable".into(),
        }),
        Verdict::Undecided { reason, tried } if needs_slope => Some(Verdict::Undecided {
            reason: reason.clone(),
            tried: tried.clone(),
        }),
        _ => None,
    }
}

/// What the table of theorems needs.
fn facts(search: &Search, findings: &[Finding], smooth: bool) -> Facts {
    let mut facts = Facts {
        proved: Vec::new(),
        failed: Vec::new(),
        has_origin: search.has_origin(),
        sign: None,
        minimum: None,
    };
    if smooth {
        facts.proved.push(Hypothesis::ContinuouslyDifferentiable.name());
    }
    for finding in findings {
        match &finding.verdict {
            Verdict::Proved(theorem) | Verdict::Refuted(theorem) => {
                let list = if theorem.holds() {
                    &mut facts.proved
                } else {
                    &mut facts.failed
                };
                list.push(finding.hypothesis.name());
                match theorem.detail() {
                    Detail::SlopeAtOrigin(sign) => {
                        facts.sign = Some(match sign {
                            Sign::Negative => -1,
                            Sign::Zero => 0,
                            Sign::Positive => 1,
                        });
                    }
                    Detail::CriticalPoints(points) => {
                        facts.minimum = points
                            .iter()
                            .find(|point| point.global == Some(true))
                            .map(|point| point.value.clone());
                    }
                    _ => {}
                }
            }
            Verdict::NotApplicable { .. } => facts.failed.push(finding.hypothesis.name()),
            Verdict::Undecided { .. } => {}
        }
    }
    facts
}

/// The diagnostic for a cost that is undefined somewhere on its domain.
fn undefined_diagnostic(cost: &ScalarCost, search: &Search, undefined: &undefined::UndefinedAt) -> Diagnostic {
    // The nodes were renumbered when the search began: find the same expression in the file's table.
    let mut original = cost.table.clone();
    let node = original.import(&search.table, undefined.node);
    let kind = DiagnosticKind::UndefinedOnDomain {
        function: undefined.function.into(),
        point: format!("w = {}", undefined.point),
    };
    Diagnostic::at(
        kind,
        cost.span_of(node),
        format!("undefined at w = {}", undefined.point),
    )
    .with_help("state the open interval on which the cost lives, such as domain = \"(0, inf)\"")
}

/// All questions open, for a cost whose domain could not be cut.
fn nothing_settled(search: &Search, why: &str) -> Refereed {
    let reason = Reason::Inconclusive { what: why.to_string() };
    let open = |hypothesis| Finding {
        hypothesis,
        verdict: Verdict::Undecided {
            reason: reason.clone(),
            tried: Vec::new(),
        },
        seconds: 0.0,
    };
    let cost = crate::kernel::print::print(&search.table, search.cost);
    let facts = Facts {
        proved: Vec::new(),
        failed: Vec::new(),
        has_origin: search.has_origin(),
        sign: None,
        minimum: None,
    };
    Refereed {
        reading: format!("f(w) = {cost} on ({}, {})", search.left, search.right),
        derivative: None,
        findings: Hypothesis::EIGHT.into_iter().map(open).collect(),
        theorems: theorems::applicable(&facts),
        certificate: search.certificate(),
        notes: search.notes.clone(),
    }
}
