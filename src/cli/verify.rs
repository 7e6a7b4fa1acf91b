//! `foliate verify`: hands certificates to the kernel; nothing that searches for proofs is run.

use super::Status;
use super::input::{digest, limited};
use super::output::Output;
use super::plan::VerifyPlan;
use crate::kernel::activation::data::{ACTIVATION_SCHEMA, ActivationCertificate};
use crate::kernel::certificate::{self, Certificate};
use crate::kernel::theorem::Rejection;
use crate::kernel::{ActivationCourt, Court, Theorem};
use crate::report::{Binding, Derived, Facts, Input, Mistake, Report, Row};
use rayon::prelude::*;
use serde::de::IgnoredAny;
use std::fs::File;
use std::path::Path;

/// The name of the command in reports.
const COMMAND: &str = "verify";
/// The longest certificate that is read, in bytes.
const LENGTH: usize = 64 << 20;

/// Checks every certificate, several at a time, and shows the reports in the order of the arguments.
pub(super) fn run(plan: &VerifyPlan, output: &Output) -> Status {
    let outcomes: Vec<(Report, Status)> = plan.files.par_iter().map(|path| one(plan, path)).collect();
    let mut worst = Status::Proved;
    let mut reports = Vec::with_capacity(outcomes.len());
    for (report, status) in outcomes {
        output.show(&report);
        for mistake in &report.errors {
            output.complain(&format!("Error: {}\n  in {}", mistake.message, report.input.name));
        }
        worst = worst.max(status);
        reports.push(report);
    }
    output.finish(COMMAND, &reports);
    worst
}

/// Checks one certificate.
fn one(plan: &VerifyPlan, path: &Path) -> (Report, Status) {
    let name = path.display().to_string();
    let mut report = Report::new(COMMAND, Input { name, sha256: None });
    let bytes = match read(path) {
        Ok(bytes) => bytes,
        Err(message) => {
            report.errors.push(Mistake {
                message,
                place: None,
                help: None,
            });
            return (report, Status::Unusable);
        }
    };
    if is_about_an_activation(&bytes) {
        let certificate = serde_json::from_slice::<ActivationCertificate>(&bytes).map_err(|error| Rejection {
            at: "certificate".to_owned(),
            why: error.to_string(),
        });
        let judged = certificate.and_then(|certificate| judge_activation(plan, path, &certificate, &mut report));
        return finished(report, judged);
    }
    // Whatever is JSON but not a certificate is refused like any other bad argument.
    let certificate = serde_json::from_slice::<Certificate>(&bytes).map_err(|error| Rejection {
        at: "certificate".to_owned(),
        why: error.to_string(),
    });
    let judged = certificate.and_then(|certificate| judge(plan, path, &certificate, &mut report));
    finished(report, judged)
}

/// The report with a last rejection, and how it ended.
fn finished(mut report: Report, judged: Result<(), Rejection>) -> (Report, Status) {
    if let Err(rejection) = judged {
        report.rows.push(Row::of_rejection(&rejection));
    }
    let status = if report.summary().rejected > 0 {
        Status::Refuted
    } else {
        Status::Proved
    };
    (report, status)
}

/// The bytes of a JSON file.
fn read(path: &Path) -> Result<Vec<u8>, String> {
    let bytes = File::open(path).and_then(|file| limited(file, LENGTH));
    let bytes = bytes.map_err(|error| format!("the file cannot be read: {error}"))?;
    if bytes.len() > LENGTH {
        return Err(format!("the file is longer than {LENGTH} bytes"));
    }
    match serde_json::from_slice::<IgnoredAny>(&bytes) {
        Ok(_) => Ok(bytes),
        Err(error) => Err(format!("this is not JSON: {error}")),
    }
}

/// Adds to the report what the kernel says.
fn judge(plan: &VerifyPlan, path: &Path, certificate: &Certificate, report: &mut Report) -> Result<(), Rejection> {
    report.title = Some(certificate.input.name.clone());
    bind(plan, path, &certificate.input, report);
    let mut court = Court::open(certificate)?;
    let reading = court.reading().to_owned();
    let claims = certificate.claims.iter().enumerate();
    let judged: Vec<Result<Theorem, Rejection>> = claims
        .map(|(place, claim)| {
            court
                .judge(claim)
                .map_err(|rejection| rejection.within(format!("claims[{place}]")))
        })
        .collect();
    let accepted = judged
        .iter()
        .flatten()
        .filter(|theorem| refused(plan, theorem).is_none());
    report.facts = Facts::of(accepted);
    report
        .rows
        .extend(judged.iter().map(|outcome| row(plan, outcome.as_ref(), &reading)));
    report.reading = Some(reading);
    Ok(())
}

/// Adds to the report what the kernel says about an activation.
fn judge_activation(
    plan: &VerifyPlan,
    path: &Path,
    certificate: &ActivationCertificate,
    report: &mut Report,
) -> Result<(), Rejection> {
    report.title = Some(certificate.input.name.clone());
    bind(plan, path, &certificate.input, report);
    let mut court = ActivationCourt::open(certificate)?;
    let reading = court.reading().to_owned();
    for (place, claim) in certificate.claims.iter().enumerate() {
        let judged = court.judge(claim);
        let judged = judged.map_err(|rejection| rejection.within(format!("claims[{place}]")));
        report
            .rows
            .push(row(plan, judged.as_ref().map(|derived| &derived.theorem), &reading));
        if let Ok(derived) = judged {
            let formulas = derived.formulas.into_iter();
            report
                .derived
                .extend(formulas.map(|(name, text)| Derived::labelled(name, &text)));
        }
    }
    report.reading = Some(reading);
    Ok(())
}

/// The row of one claim.
fn row(plan: &VerifyPlan, judged: Result<&Theorem, &Rejection>, reading: &str) -> Row {
    match judged {
        Ok(theorem) => match refused(plan, theorem) {
            Some(axiom) => Row::of_refusal(theorem, axiom),
            None => Row::of_theorem(theorem, reading),
        },
        Err(rejection) => Row::of_rejection(rejection),
    }
}

/// Whether the schema is that of certificates about activations, in any version.
fn is_about_an_activation(bytes: &[u8]) -> bool {
    #[derive(serde::Deserialize)]
    struct Head {
        schema: String,
    }
    let family = ACTIVATION_SCHEMA.trim_end_matches(|last: char| last.is_ascii_digit());
    serde_json::from_slice::<Head>(bytes).is_ok_and(|head| head.schema.starts_with(family))
}

/// Says how the certificate compares with the text it should be about.
fn bind(plan: &VerifyPlan, path: &Path, input: &certificate::Input, report: &mut Report) {
    let binding = compare(plan, path, input);
    if plan.input.is_some() && binding.matches == Some(false) {
        let why = "the certificate is about another text than the file of --input".to_owned();
        report.rows.push(Row::of_rejection(&Rejection {
            at: "input.sha256".to_owned(),
            why,
        }));
    }
    report.binding = Some(binding);
}

/// The first thing a theorem rests on that the user does not accept.
fn refused<'a>(plan: &VerifyPlan, theorem: &'a Theorem) -> Option<&'a str> {
    let mut axioms = theorem.rests_on().iter().copied();
    axioms.find(|axiom| plan.refused.iter().any(|refused| refused == axiom))
}

/// Compares the digest of the certificate with the file it names, or with the one the user names.
fn compare(plan: &VerifyPlan, path: &Path, input: &certificate::Input) -> Binding {
    let expected = &input.sha256;
    if let Some((name, found)) = &plan.input {
        return Binding {
            file: Some(name.clone()),
            matches: Some(found == expected),
        };
    }
    // The name is foreign text: only its last part is used, and only where the user is already looking.
    let Some(name) = Path::new(&input.name).file_name() else {
        return Binding {
            file: None,
            matches: None,
        };
    };
    let beside = path.parent().map(|folder| folder.join(name));
    let candidates = beside.into_iter().chain([Path::new(name).to_owned()]);
    for candidate in candidates.filter(|candidate| candidate.is_file()) {
        if let Ok(found) = digest(&candidate) {
            return Binding {
                file: Some(candidate.display().to_string()),
                matches: Some(found == *expected),
            };
        }
    }
    Binding {
        file: None,
        matches: None,
    }
}
