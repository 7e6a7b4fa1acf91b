//! `foliate prove` of claim files: read, searched, judged, shown, and written down as certificates.

use super::Status;
use super::check::mistake;
use super::claim_report::{self, Origin};
use super::output::Output;
use super::plan::ProveClaimsPlan;
use crate::claims::elaborate::elaborate;
use crate::claims::prove::{Part, prove};
use crate::kernel::certificate::Input as CertificateInput;
use crate::kernel::free::data::{THEORY_SCHEMA, TheoryCertificate, TheoryPart};
use crate::problem::claim_file::ClaimFile;
use crate::problem::{Diagnostic, DiagnosticKind, Source};
use crate::report::claims::ClaimReport;
use crate::syntax::{parse_claim_file, render};
use crate::verdict::Budget;
use rayon::prelude::*;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// The name of the command in reports.
const COMMAND: &str = "prove";

/// A claim file, what became of it, and what to say on standard error.
pub(super) struct Outcome {
    pub report: ClaimReport,
    pub certificate: Option<TheoryCertificate>,
    pub remark: String,
}

/// Runs all claim files, several at a time, and shows one table.
pub(super) fn run(plan: &ProveClaimsPlan, output: &Output) -> Status {
    let outcomes = outcomes(plan, output.color_of_remarks());
    let mut reports = Vec::with_capacity(outcomes.len());
    let mut status = Status::Proved;
    for (outcome, path) in outcomes.into_iter().zip(&plan.files) {
        if !outcome.remark.is_empty() {
            output.complain(&outcome.remark);
        }
        status = status.max(status_of(&outcome.report));
        if let (Some(certificate), Some(target)) = (&outcome.certificate, &path.certificate)
            && let Err(complaint) = super::output::write_certificate(target, certificate)
        {
            output.complain(&complaint);
            status = Status::Unusable;
        }
        reports.push(outcome.report);
    }
    if plan.errata {
        output.show_errata(COMMAND, &reports);
    } else {
        output.show_claims(COMMAND, &reports);
    }
    status
}

/// What there is under a name.
#[derive(Default)]
pub(super) struct Catalogue {
    /// The files whose entry has this name, or a claim of this name.
    pub places: Vec<usize>,
    /// The names of all entries and claims.
    pub names: Vec<String>,
    /// The files that could not be read as claim files.
    pub broken: Vec<PathBuf>,
}

/// Looks a name up.
pub(super) fn files_of(plan: &ProveClaimsPlan, id: &str) -> Catalogue {
    let mut catalogue = Catalogue::default();
    for (place, job) in plan.files.iter().enumerate() {
        let Ok(file) = read(&job.path, "") else {
            catalogue.broken.push(job.path.clone());
            continue;
        };
        let own = &file.id.value;
        let claims = file.claims.iter().filter_map(|claim| claim.name.as_ref());
        let claims: Vec<String> = claims.map(|name| format!("{own}.{}", name.value)).collect();
        let base = id.split('[').next().unwrap_or(id);
        if own == base || claims.iter().any(|claim| claim == base) {
            catalogue.places.push(place);
        }
        catalogue.names.push(own.clone());
        catalogue.names.extend(claims);
    }
    catalogue
}

/// What becomes of every file, in their order.
fn outcomes(plan: &ProveClaimsPlan, color: bool) -> Vec<Outcome> {
    plan.files.par_iter().map(|job| one(&job.path, plan, color)).collect()
}

/// How a file came out: as its author says, or not.
pub(super) fn status_of(report: &ClaimReport) -> Status {
    if !report.errors.is_empty() {
        return Status::Unusable;
    }
    let summary = report.summary();
    let (holds, all) = report.as_claimed();
    let contradicted = report
        .claims
        .iter()
        .any(|claim| !claim.as_expected && claim.row.ruling.is_decided());
    match (holds == all, contradicted, summary.undecided) {
        (true, _, _) => Status::Proved,
        (false, true, _) => Status::Refuted,
        (false, false, _) => Status::Undecided,
    }
}

/// What becomes of one file.
pub(super) fn one(path: &Path, plan: &ProveClaimsPlan, color: bool) -> Outcome {
    let name = path.display().to_string();
    let file = match read(path, &name) {
        Ok(file) => file,
        Err((source, diagnostics)) => return unusable(&name, &source, &diagnostics, color),
    };
    let file = match &plan.instance {
        Some(instance) => match with_instance(file, instance) {
            Ok(file) => file,
            Err((source, diagnostics)) => return unusable(&name, &source, &diagnostics, color),
        },
        None => file,
    };
    let elaborated = match elaborate(&file) {
        Ok(elaborated) => elaborated,
        Err(diagnostics) => return unusable(&name, &file.source, &diagnostics, color),
    };
    let budget = Budget {
        precision: plan.precision,
        subdivisions: plan.subdivisions,
        algebra: false,
        deadline: Instant::now().checked_add(plan.timeout),
    };
    let parts: Vec<Part> = elaborated
        .theories
        .into_iter()
        .map(|theory| prove(theory, &budget))
        .collect();
    let report = claim_report::of(&file, &name, &parts);
    let certificate = certificate(&file, path, parts);
    Outcome {
        report,
        certificate: Some(certificate),
        remark: String::new(),
    }
}

fn read(path: &Path, name: &str) -> Result<ClaimFile, (Source, Vec<Diagnostic>)> {
    let bytes = Origin::read(path).map_err(|reason| {
        let source = Source {
            name: name.to_owned(),
            text: String::new(),
        };
        (source, vec![Diagnostic::new(DiagnosticKind::Unreadable { reason })])
    })?;
    parse_claim_file(name, &bytes)
}

/// The file with the sizes of the command line added to every equation.
fn with_instance(file: ClaimFile, instance: &str) -> Result<ClaimFile, (Source, Vec<Diagnostic>)> {
    crate::syntax::add_instance(file, instance)
}

fn unusable(name: &str, source: &Source, diagnostics: &[Diagnostic], color: bool) -> Outcome {
    let mut report = ClaimReport::default();
    report.input.name = name.to_owned();
    report.errors = diagnostics
        .iter()
        .map(|diagnostic| mistake(source, diagnostic))
        .collect();
    Outcome {
        report,
        certificate: None,
        remark: render(source, diagnostics, color),
    }
}

/// Everything the kernel accepted.
fn certificate(file: &ClaimFile, path: &Path, parts: Vec<Part>) -> TheoryCertificate {
    let name = path.file_name().map_or_else(|| PathBuf::from(path), PathBuf::from);
    let parts = parts.into_iter().map(|part| TheoryPart {
        theory: part.theory,
        claims: part.proofs.into_iter().flat_map(|proof| proof.accepted).collect(),
    });
    TheoryCertificate {
        schema: THEORY_SCHEMA.to_owned(),
        input: CertificateInput {
            name: name.display().to_string(),
            sha256: file.sha256.clone(),
        },
        parts: parts.filter(|part| !part.claims.is_empty()).collect(),
    }
}
