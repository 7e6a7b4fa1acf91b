//! `foliate verify`: hands certificates to the kernel; nothing that searches for proofs is run.

use super::Status;
use super::input::{digest, limited};
use super::output::Output;
use super::plan::VerifyPlan;
use crate::kernel::activation::data::{ACTIVATION_SCHEMA, ActivationCertificate};
use crate::kernel::certificate::{self, Certificate};
use crate::kernel::flow::data::{FLOW_SCHEMA, FlowCertificate};
use crate::kernel::free::data::{THEORY_SCHEMA, TheoryCertificate};
use crate::kernel::matrix::data::{MATRIX_SCHEMA, MatrixCertificate};
use crate::kernel::network::data::{NETWORK_SCHEMA, NetworkCertificate};
use crate::kernel::saddles::data::{SADDLE_SCHEMA, SaddleCertificate};
use crate::kernel::theorem::Rejection;
use crate::kernel::{
    ActivationCourt, Court, FlowCourt, MatrixCourt, NetworkCourt, SaddleCourt, Theorem, check_flow, check_matrix,
    check_network, check_saddles, check_theory,
};
use crate::report::{Binding, Derived, Facts, Input, Mistake, Report, Row};
use rayon::prelude::*;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
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
    if let Err(rejection) = dispatched(&bytes).and_then(|judged| enter(plan, path, judged, &mut report)) {
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

/// What the kernel says about a document.
struct Judged {
    /// What the document was made for.
    input: certificate::Input,
    /// The kernel's reading of its subject, and a theorem or rejection for every claim.
    outcome: Result<(String, Vec<Result<Theorem, Rejection>>), Rejection>,
    /// Labels and formulas that belong to the theorems.
    formulas: Vec<(String, String)>,
}

/// The only part of a document that is read before it is known what kind it is of.
#[derive(Deserialize)]
struct Head {
    schema: String,
}

/// Reads a document as what it says it is, and has the kernel judge it.
///
/// Errors: a rejection of whatever is JSON but not a certificate: it is refused like any other bad argument.
fn dispatched(bytes: &[u8]) -> Result<Judged, Rejection> {
    let head = serde_json::from_slice::<Head>(bytes);
    match head.as_ref().map(|head| head.schema.as_str()) {
        Ok(FLOW_SCHEMA) => read_as(bytes, flow),
        Ok(MATRIX_SCHEMA) => read_as(bytes, matrix),
        Ok(NETWORK_SCHEMA) => read_as(bytes, network),
        Ok(ACTIVATION_SCHEMA) => read_as(bytes, activation),
        Ok(SADDLE_SCHEMA) => read_as(bytes, saddles),
        Ok(THEORY_SCHEMA) => read_as(bytes, theory),
        // Its own reader says best what is wrong with a document of no kind.
        _ => read_as(bytes, hypotheses),
    }
}

/// A document of a kind, judged.
fn read_as<T: DeserializeOwned>(bytes: &[u8], judge: impl FnOnce(T) -> Judged) -> Result<Judged, Rejection> {
    let certificate = serde_json::from_slice::<T>(bytes);
    certificate.map(judge).map_err(|error| Rejection {
        at: "certificate".to_owned(),
        why: error.to_string(),
    })
}

/// Claims about the hypotheses of a cost.
fn hypotheses(certificate: Certificate) -> Judged {
    let outcome = Court::open(&certificate).map(|mut court| {
        let claims = certificate.claims.iter().enumerate();
        let judged = claims.map(|(place, claim)| {
            let judged = court.judge(claim);
            judged.map_err(|rejection| rejection.within(format!("claims[{place}]")))
        });
        let judged = judged.collect();
        (court.reading().to_owned(), judged)
    });
    Judged {
        input: certificate.input,
        outcome,
        formulas: Vec::new(),
    }
}

/// Claims about a cost of a matrix.
fn matrix(certificate: MatrixCertificate) -> Judged {
    let outcome = MatrixCourt::open(&certificate.cost).and_then(|court| {
        let judged = check_matrix(&certificate)?;
        Ok((court.reading().to_owned(), judged))
    });
    Judged {
        input: certificate.input,
        outcome,
        formulas: Vec::new(),
    }
}

/// Claims about the flow of a network.
fn network(certificate: NetworkCertificate) -> Judged {
    let outcome = NetworkCourt::open(&certificate).and_then(|court| {
        let judged = check_network(&certificate)?;
        Ok((court.reading(), judged))
    });
    Judged {
        input: certificate.input,
        outcome,
        formulas: Vec::new(),
    }
}

/// Claims about the flow of one activated neuron.
fn activation(certificate: ActivationCertificate) -> Judged {
    let mut formulas = Vec::new();
    let outcome = ActivationCourt::open(&certificate).map(|mut court| {
        let claims = certificate.claims.iter().enumerate();
        let judged = claims.map(|(place, claim)| {
            let derived = court
                .judge(claim)
                .map_err(|rejection| rejection.within(format!("claims[{place}]")))?;
            let own = derived.formulas.into_iter();
            formulas.extend(own.map(|(label, formula)| (label.to_owned(), formula)));
            Ok(derived.theorem)
        });
        let judged = judged.collect();
        (court.reading().to_owned(), judged)
    });
    Judged {
        input: certificate.input,
        outcome,
        formulas,
    }
}

/// Claims about a flow.
fn flow(certificate: FlowCertificate) -> Judged {
    let outcome = FlowCourt::open(&certificate.system).and_then(|court| {
        let judged = check_flow(&certificate)?;
        Ok((court.reading().to_owned(), judged))
    });
    Judged {
        input: certificate.input,
        outcome,
        formulas: Vec::new(),
    }
}

/// Claims about critical points.
fn saddles(certificate: SaddleCertificate) -> Judged {
    let outcome = SaddleCourt::open(&certificate.landscape).and_then(|court| {
        let judged = check_saddles(&certificate)?;
        Ok((court.reading(), judged))
    });
    Judged {
        input: certificate.input,
        outcome,
        formulas: Vec::new(),
    }
}

/// The claims of a claim file.
fn theory(certificate: TheoryCertificate) -> Judged {
    let readings: Vec<String> = certificate.parts.iter().map(|part| part.theory.reading()).collect();
    let outcome = check_theory(&certificate).map(|judged| (readings.join("\n"), judged));
    Judged {
        input: certificate.input,
        outcome,
        formulas: Vec::new(),
    }
}

/// Adds to the report what the kernel says.
fn enter(plan: &VerifyPlan, path: &Path, judged: Judged, report: &mut Report) -> Result<(), Rejection> {
    let Judged {
        input,
        outcome,
        formulas,
    } = judged;
    let binding = compare(plan, path, &input);
    report.title = Some(input.name);
    if plan.input.is_some() && binding.matches == Some(false) {
        let why = "the certificate is about another text than the file of --input".to_owned();
        report.rows.push(Row::of_rejection(&Rejection {
            at: "input.sha256".to_owned(),
            why,
        }));
    }
    report.binding = Some(binding);
    let (reading, judged) = outcome?;
    let formulas = formulas.iter();
    report.derived = formulas
        .map(|(label, formula)| Derived::labelled(label, formula))
        .collect();
    let accepted = judged
        .iter()
        .flatten()
        .filter(|theorem| refused(plan, theorem).is_none());
    report.facts = Facts::of(accepted);
    report.rows.extend(judged.iter().map(|outcome| match outcome {
        Ok(theorem) => match refused(plan, theorem) {
            Some(axiom) => Row::of_refusal(theorem, axiom),
            None => Row::of_theorem(theorem, &reading),
        },
        Err(rejection) => Row::of_rejection(rejection),
    }));
    report.reading = Some(reading);
    Ok(())
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
