//! `foliate prove --activation`: what is conserved along the gradient flow of one activated neuron.

use super::check::mistake;
use super::input::Mistakes;
use super::output::Output;
use super::plan::ProveActivationPlan;
use super::{Status, output};
use crate::hypotheses;
use crate::laws::activation::{Derivation, Ground, derive};
use crate::problem::{Diagnostic, ScalarCost};
use crate::report::{Derived, Input, Mistake, Report, Row};
use crate::syntax::{inline_cost, render};
use crate::verdict::Budget;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// The name of the command in reports.
const COMMAND: &str = "prove";
/// The stack of a search, in bytes: expressions are a few hundred levels deep.
const STACK: usize = 64 << 20;
/// How long a search may take to notice that its time is up, beyond half of that time.
const GRACE: Duration = Duration::from_secs(2);

/// Derives what can be derived and shows it.
pub(super) fn run(plan: &ProveActivationPlan, output: &Output) -> Status {
    let input = Input {
        name: "command line".to_owned(),
        sha256: None,
    };
    let mut report = Report::new(COMMAND, input);
    let (remark, status) = match prove(plan, &mut report, output.color_of_remarks()) {
        Ok(status) => (String::new(), status),
        Err(remark) => (remark, Status::Unusable),
    };
    output.show(&report);
    if !remark.is_empty() {
        output.complain(&remark);
    }
    output.finish(COMMAND, &[report]);
    status
}

/// Fills the report. Errors: what to say on standard error.
fn prove(plan: &ProveActivationPlan, report: &mut Report, color: bool) -> Result<Status, String> {
    let mut usable = |text: &str, domain: Option<&str>| {
        inline_cost(text, domain).map_err(|mistakes| unusable(report, &mistakes, color))
    };
    let sigma = usable(&plan.activation, plan.domain.as_deref())?;
    let outer = plan.cost.as_deref().map(|cost| usable(cost, None)).transpose()?;
    report.input.sha256 = Some(sigma.sha256.clone());
    let derivation = match search(plan, &sigma, outer) {
        Ok(Ok(derivation)) => derivation,
        Ok(Err(diagnostic)) => return Err(unusable(report, &(sigma.source.clone(), vec![*diagnostic]), color)),
        Err(complaint) => return Err(failed(report, &complaint)),
    };
    let findings = derivation.findings.iter();
    let rows =
        findings.map(|finding| Row::of_claim(finding.id, &finding.verdict, &derivation.reading, finding.seconds));
    report.rows = rows.collect();
    report.reading = Some(derivation.reading.clone());
    let formulas = derivation.derived.iter();
    report.derived = formulas
        .map(|(name, formula)| Derived::labelled(name, formula))
        .collect();
    report.notes.clone_from(&derivation.notes);
    if let Some(path) = &plan.certificate {
        output::write_certificate(path, &derivation.certificate).map_err(|complaint| failed(report, &complaint))?;
    }
    let summary = report.summary();
    Ok(match (summary.refuted, summary.undecided) {
        (0, 0) => Status::Proved,
        (0, _) => Status::Undecided,
        _ => Status::Refuted,
    })
}

/// Searches on a thread of its own, with room to recurse, and not for ever.
fn search(
    plan: &ProveActivationPlan,
    sigma: &ScalarCost,
    outer: Option<ScalarCost>,
) -> Result<Result<Derivation, Box<Diagnostic>>, String> {
    let (sender, receiver) = mpsc::channel();
    let budget = Budget {
        precision: plan.precision,
        subdivisions: plan.subdivisions,
        algebra: false,
        deadline: Instant::now().checked_add(plan.timeout),
    };
    let sigma = sigma.clone();
    let searching = thread::Builder::new().stack_size(STACK).spawn(move || {
        let survey = |function: &ScalarCost, signs: bool| {
            let survey = hypotheses::survey(function, &budget, signs)?;
            Ok(survey.map(|survey| Ground {
                setting: survey.setting,
                values: survey.values,
                slopes: survey.slopes,
            }))
        };
        // Nobody listens any more if the time is long over.
        let _ = sender.send(derive(&sigma, outer.as_ref(), budget.precision, &survey));
    });
    searching.map_err(|error| format!("no thread to search on: {error}"))?;
    let patience = plan.timeout.saturating_add(plan.timeout / 2).saturating_add(GRACE);
    receiver.recv_timeout(patience).map_err(|error| match error {
        mpsc::RecvTimeoutError::Timeout => "the search ran into a limit: raise it with --timeout".to_owned(),
        mpsc::RecvTimeoutError::Disconnected => {
            "foliate made a mistake while searching; please report it together with the activation".to_owned()
        }
    })
}

/// A text that is no expression, or has no value somewhere.
fn unusable(report: &mut Report, (source, diagnostics): &Mistakes, color: bool) -> String {
    report.errors = diagnostics
        .iter()
        .map(|diagnostic| mistake(source, diagnostic))
        .collect();
    render(source, diagnostics, color)
}

/// A run that could not be finished.
fn failed(report: &mut Report, complaint: &str) -> String {
    report.errors.push(Mistake {
        message: complaint.to_owned(),
        place: None,
        help: None,
    });
    format!("Error: {complaint}\n")
}
