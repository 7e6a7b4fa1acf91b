//! `foliate check`: reads costs, has them refereed, shows what came out.

use super::expectations::Expectations;
use super::input::{AnyCost, Mistakes};
use super::output::Output;
use super::plan::{CheckPlan, Job};
use super::search::{Outcome, search};
use super::{Status, check_matrix, output};
use crate::hypotheses::{Applicability, Applies, Finding, Refereed};
use crate::kernel::theorem::Hypothesis;
use crate::problem::{Diagnostic, ScalarCost, Source};
use crate::report::{Answer, Facts, Input, Mistake, Report, Row, TheoremRow};
use crate::syntax::render;
use crate::verdict::{Reason, Verdict};
use std::collections::BTreeMap;
use std::sync::{Arc, mpsc};

/// The name of the command in reports.
pub(super) const COMMAND: &str = "check";

/// What came of one cost: a report, a remark for standard error, and how it ended.
pub(super) struct Judged {
    pub report: Report,
    pub remark: String,
    pub status: Status,
}

/// Referees every cost, several at a time, and shows the reports in the order of the arguments.
pub(super) fn run(plan: &CheckPlan, output: &Output) -> Status {
    let mut status = Status::Proved;
    let mut reports = Vec::with_capacity(plan.jobs.len());
    let (sender, receiver) = mpsc::channel();
    // A pool of our own: the algebra engine insists on making the global one.
    let pool = match rayon::ThreadPoolBuilder::new().build() {
        Ok(pool) => pool,
        Err(error) => {
            output.complain(&format!("Error: no threads to search on: {error}\n"));
            return Status::Unusable;
        }
    };
    pool.in_place_scope(|scope| {
        for (place, job) in plan.jobs.iter().enumerate() {
            let sender = sender.clone();
            scope.spawn(move |_| {
                // The receiver lives as long as the scope.
                let _ = sender.send((place, one(plan, job, output.color_of_remarks())));
            });
        }
        drop(sender);
        let mut waiting = BTreeMap::new();
        for (place, outcome) in receiver {
            waiting.insert(place, outcome);
            while let Some(outcome) = waiting.remove(&reports.len()) {
                output.show(&outcome.report);
                if !outcome.remark.is_empty() {
                    output.complain(&outcome.remark);
                }
                status = status.max(outcome.status);
                reports.push(outcome.report);
            }
        }
    });
    output.finish(COMMAND, &reports);
    status
}

/// Referees one cost.
fn one(plan: &CheckPlan, job: &Job, color: bool) -> Judged {
    let input = Input {
        name: job.origin.name(),
        sha256: None,
    };
    let cost = match job.origin.read_with(&plan.settings, plan.shape) {
        Ok(AnyCost::Scalar(cost)) => *cost,
        Ok(AnyCost::Matrix(cost)) => return check_matrix::one(plan, job, *cost, color),
        Err(mistakes) => return unusable(input, &mistakes, color),
    };
    let input = Input {
        name: cost.source.name.clone(),
        sha256: Some(cost.sha256.clone()),
    };
    let expectations = match expectations(plan, cost.truth.as_ref(), cost.expects_domain_error) {
        Ok(expectations) => expectations,
        Err(complaint) => return failed(Report::new(COMMAND, input), &complaint),
    };
    let cost = Arc::new(cost);
    match search(&cost, plan.precision, plan.subdivisions, plan.timeout) {
        Outcome::Refereed(..) if plan.expect && cost.expects_domain_error => contradicted(Report::new(COMMAND, input)),
        Outcome::Refereed(refereed, _) => {
            let report = report(&cost, input, &refereed);
            match job
                .certificate
                .as_deref()
                .map(|path| output::write_certificate(path, &refereed.certificate))
            {
                Some(Err(complaint)) => failed(report, &complaint),
                _ => judged(report, expectations.as_ref()),
            }
        }
        Outcome::Stopped(reason) => judged(stopped(&cost.name, input, reason), expectations.as_ref()),
        Outcome::Refused(_) if plan.expect && cost.expects_domain_error => as_expected(Report::new(COMMAND, input)),
        Outcome::Refused(diagnostic) => unusable(input, &(cost.source.clone(), vec![*diagnostic]), color),
    }
}

/// What the author expects, if that was asked.
pub(super) fn expectations(
    plan: &CheckPlan,
    truth: Option<&toml::Table>,
    expects_domain_error: bool,
) -> Result<Option<Expectations>, String> {
    if plan.expect && !expects_domain_error {
        Expectations::read(truth).map(Some)
    } else {
        Ok(None)
    }
}

/// The outcome of a finished report.
pub(super) fn judged(mut report: Report, expectations: Option<&Expectations>) -> Judged {
    let status = match expectations {
        Some(expectations) => {
            let (contradictions, status) = expectations.compare(&report.rows);
            report.contradictions = Some(contradictions);
            status
        }
        None => {
            let summary = report.summary();
            match (summary.refuted, summary.undecided) {
                (0, 0) => Status::Proved,
                (0, _) => Status::Undecided,
                _ => Status::Refuted,
            }
        }
    };
    let contradictions = report.contradictions.iter().flatten();
    let remark = contradictions
        .map(|contradiction| format!("{}: {contradiction}\n", report.input.name))
        .collect();
    Judged { report, remark, status }
}

/// The outcome of a cost that is undefined somewhere, as its author says.
pub(super) fn as_expected(mut report: Report) -> Judged {
    report.contradictions = Some(Vec::new());
    report
        .notes
        .push("undefined somewhere on its domain, as the file expects".to_owned());
    Judged {
        report,
        remark: String::new(),
        status: Status::Proved,
    }
}

/// The outcome of a cost that has a value everywhere, although its author expects otherwise.
pub(super) fn contradicted(mut report: Report) -> Judged {
    let sentence = "the cost is defined on its whole domain, but the file expects otherwise".to_owned();
    let remark = format!("{}: {sentence}\n", report.input.name);
    report.contradictions = Some(vec![sentence]);
    Judged {
        report,
        remark,
        status: Status::Refuted,
    }
}

/// The outcome of a text that is no cost.
pub(super) fn unusable(input: Input, (source, diagnostics): &Mistakes, color: bool) -> Judged {
    let mut report = Report::new(COMMAND, input);
    report.errors = diagnostics
        .iter()
        .map(|diagnostic| mistake(source, diagnostic))
        .collect();
    Judged {
        report,
        remark: render(source, diagnostics, color),
        status: Status::Unusable,
    }
}

/// The report of a search that did not come to its end: everything is open.
pub(super) fn stopped(name: &str, input: Input, reason: Reason) -> Report {
    let verdict = Verdict::Undecided {
        reason,
        tried: Vec::new(),
    };
    let rows = Hypothesis::EIGHT.map(|hypothesis| Row::of_verdict(hypothesis, &verdict, "", 0.0));
    Report {
        title: Some(name.to_owned()),
        rows: rows.to_vec(),
        ..Report::new(COMMAND, input)
    }
}

/// The outcome of a run that could not be finished.
pub(super) fn failed(mut report: Report, complaint: &str) -> Judged {
    let remark = format!("Error: {complaint}\n  in {}\n", report.input.name);
    report.errors.push(Mistake {
        message: complaint.to_owned(),
        place: None,
        help: None,
    });
    Judged {
        report,
        remark,
        status: Status::Unusable,
    }
}

/// A diagnostic with its place as line and column.
pub(super) fn mistake(source: &Source, diagnostic: &Diagnostic) -> Mistake {
    let place = diagnostic.labels.first().map(|(span, _)| {
        let before = source.text.get(..span.start).unwrap_or(&source.text);
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|character| *character != '\n').count() + 1;
        (line, column)
    });
    Mistake {
        message: diagnostic.kind.to_string(),
        place,
        help: diagnostic.help.clone(),
    }
}

/// The report of what the referee found.
fn report(cost: &ScalarCost, input: Input, refereed: &Refereed) -> Report {
    let mut report = answered(
        &cost.name,
        input,
        &refereed.reading,
        &refereed.findings,
        &refereed.theorems,
    );
    report.facts.derivative.clone_from(&refereed.derivative);
    report.notes.clone_from(&refereed.notes);
    report
}

/// A report with the answers about a cost of either kind.
pub(super) fn answered(
    name: &str,
    input: Input,
    reading: &str,
    findings: &[Finding],
    theorems: &[Applicability],
) -> Report {
    let settled = findings.iter().filter_map(|finding| match &finding.verdict {
        Verdict::Proved(theorem) | Verdict::Refuted(theorem) => Some(theorem),
        _ => None,
    });
    let rows = findings
        .iter()
        .map(|finding| Row::of_verdict(finding.hypothesis, &finding.verdict, reading, finding.seconds));
    Report {
        title: Some(name.to_owned()),
        reading: Some(reading.to_owned()),
        rows: rows.collect(),
        theorems: theorems.iter().map(theorem).collect(),
        facts: Facts::of(settled),
        ..Report::new(COMMAND, input)
    }
}

/// A theorem of the catalogue as it is shown.
fn theorem(row: &Applicability) -> TheoremRow {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    TheoremRow {
        id: row.id.to_owned(),
        title: row.title.to_owned(),
        applies: match row.applies {
            Applies::Yes => Answer::Yes,
            Applies::No => Answer::No,
            Applies::Unknown => Answer::Unknown,
        },
        uses: owned(&row.uses),
        missing: owned(&row.missing),
        rests_on: owned(&row.rests_on),
        predicts: row.predicts.clone(),
    }
}
