//! `foliate saddles`: has critical points of a product of layers found and certified, shows and keeps what came out.

use super::check::mistake;
use super::input::{self, AnyCost, Mistakes};
use super::output::Output;
use super::plan::SaddlesPlan;
use super::{Status, output};
use crate::kernel::Rejection;
use crate::kernel::certificate;
use crate::kernel::saddles::data::Rows;
use crate::landscape::{Question, Survey, Trouble, survey};
use crate::problem::{Diagnostic, DiagnosticKind, MatrixCost};
use crate::report::picture::{of_saddles, portrait};
use crate::report::{Input, Mistake, Report, Row, SaddleRow};
use crate::syntax::{parse_point_file, render, with_domain};
use crate::verdict::Budget;
use std::path::Path;
use std::time::Instant;

/// The name of the command in reports.
const COMMAND: &str = "saddles";

/// Finds critical points of one cost and one network.
pub(super) fn run(plan: &SaddlesPlan, output: &Output) -> Status {
    let name = plan.origin.name();
    let mut report = Report::new(COMMAND, Input { name, sha256: None });
    let filled = fill(plan, &mut report, output.color_of_remarks());
    output.show(&report);
    let remarks = match filled {
        Ok(lost) => lost
            .into_iter()
            .map(|complaint| failed(&mut report, complaint))
            .collect(),
        Err(remark) => vec![remark],
    };
    remarks.iter().for_each(|remark| output.complain(remark));
    let summary = report.summary();
    let status = match (remarks.is_empty(), summary.refuted, summary.undecided) {
        (false, _, _) => Status::Unusable,
        (_, 0, 0) => Status::Proved,
        (_, 0, _) => Status::Undecided,
        _ => Status::Refuted,
    };
    output.finish(COMMAND, &[report]);
    status
}

/// Fills the report; what could not be written to a file comes back as sentences.
///
/// Errors: what to say on standard error if there are no answers.
fn fill(plan: &SaddlesPlan, report: &mut Report, color: bool) -> Result<Vec<String>, String> {
    let cost = matrix(plan).map_err(|mistakes| unusable(report, &mistakes, color))?;
    report.input.sha256 = Some(cost.sha256.clone());
    report.title = Some(cost.name.clone());
    let point = plan.point.as_deref().map(layers).transpose();
    let point = point.map_err(|mistakes| unusable(report, &mistakes, color))?;
    let (table, root, domain) = with_domain(&cost).map_err(|complaint| failed(report, complaint))?;
    let inside = plan.hidden.iter().copied();
    let widths: Vec<u16> = std::iter::once(cost.columns).chain(inside).chain([cost.rows]).collect();
    let question = Question {
        table: &table,
        cost: root,
        domain,
        widths: &widths,
        point,
        starts: plan.starts,
    };
    let about = certificate::Input {
        name: cost.source.name.clone(),
        sha256: cost.sha256.clone(),
    };
    let budget = Budget {
        precision: plan.precision,
        subdivisions: 0,
        algebra: false,
        deadline: Instant::now().checked_add(plan.timeout),
    };
    let survey = survey(&question, &about, &budget).map_err(|trouble| failed(report, complaint(&trouble, &widths)))?;
    describe(&survey, report);
    Ok(written(plan, &survey, report))
}

/// The cost, which must be one of a matrix.
fn matrix(plan: &SaddlesPlan) -> Result<MatrixCost, Box<Mistakes>> {
    match plan.origin.read_any(None).map_err(Box::new)? {
        AnyCost::Matrix(cost) => Ok(*cost),
        AnyCost::Scalar(cost) => {
            let kind = DiagnosticKind::MissingKey { key: "kind" };
            let diagnostic = Diagnostic::at(kind, cost.cost_span, "");
            let diagnostic = diagnostic
                .with_help("this is a cost of a number; write kind = \"matrix\", n = 1 and W for a cost of a matrix");
            Err(Box::new((cost.source, vec![diagnostic])))
        }
    }
}

/// The layers of `--point`.
fn layers(path: &Path) -> Result<Vec<Rows>, Box<Mistakes>> {
    let bytes = input::bytes(path).map_err(Box::new)?;
    parse_point_file(&path.display().to_string(), &bytes).map_err(Box::new)
}

/// What is wrong with a question or a point.
fn complaint(trouble: &Trouble, widths: &[u16]) -> String {
    let shapes = || {
        let pairs = (1..).zip(widths.windows(2));
        let shapes = pairs.map(|(number, pair)| match pair {
            [columns, rows] => format!("W{number} is {rows} x {columns}"),
            _ => String::new(),
        });
        shapes.collect::<Vec<_>>().join(", ")
    };
    match trouble {
        Trouble::Question(rejection) => format!("the kernel cannot work with this cost and these widths: {rejection}"),
        Trouble::Point(Rejection { at, why }) if at.contains("layers") => {
            format!("the point does not fit the network, where {}: {}", shapes(), why)
        }
        Trouble::Point(rejection) => rejection.why.clone(),
    }
}

/// The answers and the table.
fn describe(survey: &Survey, report: &mut Report) {
    let rows = survey.findings.iter();
    report.rows = rows
        .map(|finding| Row::of_claim(&finding.id, &finding.verdict, &survey.reading, finding.seconds))
        .collect();
    report.reading = Some(survey.reading.clone());
    report.notes.extend(survey.notes.iter().cloned());
    let points = survey.rows.iter().cloned();
    report.saddles = points
        .map(|row| SaddleRow {
            number: row.number,
            rank: row.rank,
            value: row.value,
            height: row.height,
            gradient: row.gradient,
            inertia: row.inertia,
            strict: row.strict,
            curvature: row.curvature,
            product: row.product,
        })
        .collect();
    if survey.rows.is_empty() {
        report.notes.push("no spurious critical point was met".to_owned());
    }
}

/// Writes what was asked for; every file that cannot be written is a sentence.
fn written(plan: &SaddlesPlan, survey: &Survey, report: &mut Report) -> Vec<String> {
    let mut outcomes = Vec::new();
    let certificate = plan.certificate.as_deref();
    outcomes.extend(certificate.map(|path| output::write_certificate(path, &survey.certificate)));
    if let Some(path) = &plan.picture {
        let title = report.title.clone().unwrap_or_default();
        match portrait(&of_saddles(&title, &report.saddles)) {
            Ok(picture) => outcomes.push(output::write_text(path, &picture)),
            Err(error) => report.notes.push(format!("the picture was not drawn: {error}")),
        }
    }
    outcomes.into_iter().filter_map(Result::err).collect()
}

/// A text that cannot be used.
fn unusable(report: &mut Report, mistakes: &Mistakes, color: bool) -> String {
    let (source, diagnostics) = mistakes;
    report.errors = diagnostics
        .iter()
        .map(|diagnostic| mistake(source, diagnostic))
        .collect();
    render(source, diagnostics, color)
}

/// A run that could not be finished.
fn failed(report: &mut Report, complaint: String) -> String {
    let remark = format!("Error: {complaint}\n  in {}\n", report.input.name);
    report.errors.push(Mistake {
        message: complaint,
        place: None,
        help: None,
    });
    remark
}
