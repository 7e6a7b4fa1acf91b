//! `foliate check` for a cost of a matrix.

use super::check::{
    COMMAND, Judged, answered, as_expected, contradicted, expectations, failed, judged, stopped, unusable,
};
use super::output;
use super::plan::{CheckPlan, Job};
use super::search::{Outcome, search_matrix};
use crate::problem::MatrixCost;
use crate::report::{Input, Report};
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
            let (reading, findings) = (&refereed.reading, &refereed.findings);
            let mut report = answered(&cost.name, input, reading, findings, &refereed.theorems);
            report.notes.clone_from(&refereed.notes);
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
