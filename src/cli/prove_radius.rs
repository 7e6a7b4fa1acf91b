//! `foliate prove --product`: how large the layers can be, given their product and their imbalances.

use super::Status;
use super::output::Output;
use super::plan::ProveRadiusPlan;
use crate::claims::radius::radius;
use crate::kernel::certificate::Input as CertificateInput;
use crate::kernel::free::data::{THEORY_SCHEMA, TheoryCertificate};
use crate::report::{Derived, Input, Report, Row};

/// The name of the command in reports.
const COMMAND: &str = "prove";

/// Finds the smallest bound with a few figures and has it checked.
pub(super) fn run(plan: &ProveRadiusPlan, output: &Output) -> Status {
    let input = Input {
        name: "command line".to_owned(),
        sha256: None,
    };
    let mut report = Report::new(COMMAND, input);
    let found = radius(&plan.product, &plan.imbalances);
    report
        .rows
        .push(Row::of_claim("G.bounds", &found.verdict, "", found.seconds));
    for (label, formula) in &found.derived {
        report.derived.push(Derived::labelled(label, formula));
    }
    let mut status = match found.part {
        Some(_) => Status::Proved,
        None => Status::Undecided,
    };
    if let (Some(path), Some(part)) = (&plan.certificate, found.part) {
        let certificate = TheoryCertificate {
            schema: THEORY_SCHEMA.to_owned(),
            input: CertificateInput {
                name: "command line".to_owned(),
                sha256: String::new(),
            },
            parts: vec![part],
        };
        if let Err(complaint) = super::output::write_certificate(path, &certificate) {
            output.complain(&complaint);
            status = Status::Unusable;
        }
    }
    output.show(&report);
    output.finish(COMMAND, &[report]);
    status
}
