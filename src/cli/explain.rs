//! `foliate explain`: one entry, or one claim, with its derivation.

use super::Status;
use super::output::Output;
use super::plan::ExplainPlan;
use super::prove_claims::{Catalogue, files_of, one, status_of};
use crate::report::claims::ClaimReport;
use strsim::normalized_damerau_levenshtein;

/// Finds the entry, runs it, and shows it.
pub(super) fn run(plan: &ExplainPlan, output: &Output) -> Status {
    let Catalogue { places, names, broken } = files_of(&plan.claims, &plan.id);
    let color = output.color_of_remarks();
    let mut outcomes = places.into_iter().filter_map(|place| plan.claims.files.get(place));
    let mut explained = false;
    let found = outcomes.find_map(|job| {
        let outcome = one(&job.path, &plan.claims, color);
        if !outcome.remark.is_empty() {
            output.complain(&outcome.remark);
            explained = true;
        }
        chosen(&outcome.report, &plan.id)
    });
    let Some(report) = found else {
        // The file that holds the claim has a mistake, which was shown.
        if explained {
            return Status::Unusable;
        }
        output.complain(&not_found(&plan.id, &names));
        for path in broken {
            output.complain(&format!(
                "  {0} could not be read: run `foliate prove {0}`",
                path.display()
            ));
        }
        return Status::Unusable;
    };
    let status = status_of(&report);
    output.explain("explain", &report);
    status
}

/// The name of a claim without literal values.
fn base(id: &str) -> &str {
    id.split('[').next().unwrap_or(id)
}

/// The report, or the part of it that the name is about.
fn chosen(report: &ClaimReport, id: &str) -> Option<ClaimReport> {
    if report.id == id {
        return Some(report.clone());
    }
    let claims = report
        .claims
        .iter()
        .filter(|claim| claim.row.id == id || base(&claim.row.id) == id);
    let claims: Vec<_> = claims.cloned().collect();
    if claims.is_empty() {
        return None;
    }
    Some(ClaimReport {
        claims,
        ..report.clone()
    })
}

fn not_found(id: &str, names: &[String]) -> String {
    let near = names
        .iter()
        .map(|name| (normalized_damerau_levenshtein(name, id), name));
    let best = near
        .filter(|(score, _)| *score > 0.5)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    let suggestion = best
        .map(|(_, name)| format!("; did you mean `{name}`?"))
        .unwrap_or_default();
    format!("error: there is no claim `{id}`{suggestion}")
}
