//! `foliate check` for a cost of a matrix.

use super::check::{
    COMMAND, Judged, as_expected, contradicted, expectations, failed, judged, stopped, theorem, unusable,
};
use super::output;
use super::plan::{CheckPlan, Job};
use super::search::{Outcome, search_matrix};
use crate::hypotheses::matrix::RefereedMatrix;
use crate::problem::MatrixCost;
use crate::report::{Facts, Input, Report, Row};
use crate::verdict::Verdict;
use std::sync::Arc;

/// Referees one cost of a matrix.
pub(super) fn one(plan: &CheckPlan, job: &Job, cost: MatrixCost, color: bool) -> Judged {
    let input = Input {
        name: cost.source.name.clone(),
        sha256: Some(cost.sha256.clone()),
    };
    let expectations = match expectations(plan, cost.truth.as_ref(), cost.expects_domain_error) {
        Ok(expectations) => expectations,
        Err(complaint) => return failed(Report::new(COMMAND, input), &complaint),
    };
    let cost = Arc::new(cost);
    match search_matrix(&cost, plan.precision, plan.subdivisions, plan.timeout) {
        Outcome::Refereed(refereed, _) if plan.expect && cost.expects_domain_error && refereed.is_defined => {
            contradicted(Report::new(COMMAND, input))
        }
        Outcome::Refereed(refereed, _) => {
            let report = report(&cost, input, &refereed);
            let written = job
                .certificate
                .as_deref()
                .map(|path| output::write_certificate(path, &refereed.certificate));
            match written {
                Some(Err(complaint)) => failed(report, &complaint),
                _ => judged(report, expectations.as_ref()),
            }
        }
        Outcome::Stopped(reason) => judged(stopped(&cost.name, input, reason), expectations.as_ref()),
        Outcome::Refused(_) if plan.expect && cost.expects_domain_error => as_expected(Report::new(COMMAND, input)),
        Outcome::Refused(diagnostic) => unusable(input, &(cost.source.clone(), vec![*diagnostic]), color),
    }
}

/// The report of what the referee found.
fn report(cost: &MatrixCost, input: Input, refereed: &RefereedMatrix) -> Report {
    let theorems = refereed.findings.iter().filter_map(|finding| match &finding.verdict {
        Verdict::Proved(theorem) | Verdict::Refuted(theorem) => Some(theorem),
        _ => None,
    });
    let rows = refereed
        .findings
        .iter()
        .map(|finding| Row::of_verdict(finding.hypothesis, &finding.verdict, &refereed.reading, finding.seconds));
    Report {
        title: Some(cost.name.clone()),
        reading: Some(refereed.reading.clone()),
        rows: rows.collect(),
        theorems: refereed.theorems.iter().map(theorem).collect(),
        facts: Facts::of(theorems),
        notes: refereed.notes.clone(),
        ..Report::new(COMMAND, input)
    }
}
