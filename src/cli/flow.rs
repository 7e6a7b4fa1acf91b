//! `foliate flow`: reads a flow file, has the flow enclosed, shows and keeps what came out.

use super::check::mistake;
use super::flow_activation::activation_invariant;
use super::flow_pictures;
use super::flow_resume::{checkpoint, earlier, keep};
use super::input::{self, Mistakes};
use super::output::Output;
use super::plan::FlowPlan;
use super::{Status, output};
use crate::flow::follow::Progress;
use crate::flow::run::{Flow, Options, run as enclose};
use crate::kernel::certificate;
use crate::kernel::exact_text::finite_decimal;
use crate::kernel::expr::Id;
use crate::kernel::flow::data::Model;
use crate::kernel::interval::Interval;
use crate::problem::{FlowSpec, Horizon};
use crate::report::{Input, Mistake, Moment, Report, Row, Trajectory};
use crate::syntax::{parse_flow_file, render};
use crate::verdict::Budget;
use indicatif::{ProgressBar, ProgressStyle};
use rug::Rational;
use std::io::IsTerminal;
use std::path::Path;
use std::time::{Duration, Instant};

/// The name of the command in reports.
const COMMAND: &str = "flow";
/// The most decimals of an exact number; steps in time have a few hundred.
const PLACES: u32 = 10_000;
/// How often what was found so far is written to the file of `--resume`.
const CHECKPOINT: Duration = Duration::from_secs(5);

/// Encloses one flow.
pub(super) fn run(plan: &FlowPlan, output: &Output) -> Status {
    if let Some(path) = &plan.figure {
        return flow_pictures::figure(path, output);
    }
    let name = plan.file.display().to_string();
    let mut report = Report::new(COMMAND, Input { name, sha256: None });
    let filled = fill(plan, &mut report, output);
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

/// Fills the report; what could not be written to a file comes back as sentences, and the report has its answers all the
/// same. Errors: what to say on standard error if there are no answers.
fn fill(plan: &FlowPlan, report: &mut Report, output: &Output) -> Result<Vec<String>, String> {
    let color = output.color_of_remarks();
    let mut spec = read(&plan.file).map_err(|mistakes| unusable(report, &mistakes, color))?;
    report.input.sha256 = Some(spec.sha256.clone());
    report.title = Some(spec.name.clone());
    if let Some(other) = &plan.compare {
        let second = read(other).map_err(|mistakes| unusable(report, &mistakes, color))?;
        spec.compare = Some(comparable(&spec, second).map_err(|complaint| failed(report, complaint))?);
    }
    if let Some(precision) = plan.precision {
        spec.precision = precision;
    }
    if let Model::Neuron { activation, .. } = spec.model {
        match activation_invariant(&mut spec, activation) {
            Some(invariant) => spec.invariants.push(invariant),
            None => report
                .notes
                .push("no invariant in closed form was found for this activation".to_owned()),
        }
    }
    let about = certificate::Input {
        name: spec.source.name.clone(),
        sha256: spec.sha256.clone(),
    };
    let resume = plan.resume.as_deref().map(|path| earlier(path, &about)).transpose();
    let options = Options {
        degree: plan.degree,
        resume: resume.map_err(|complaint| failed(report, complaint))?.flatten(),
    };
    let flow = enclosed(&spec, &about, &options, plan).map_err(|complaint| failed(report, complaint))?;
    describe(&spec, &flow, report);
    Ok(written(plan, &spec, &flow, report))
}

/// Has the flow enclosed, with a bar and with what an interruption would leave.
///
/// Errors: a sentence.
fn enclosed(spec: &FlowSpec, about: &certificate::Input, options: &Options, plan: &FlowPlan) -> Result<Flow, String> {
    let budget = Budget {
        precision: spec.precision,
        subdivisions: 20_000,
        algebra: false,
        deadline: Instant::now().checked_add(plan.timeout),
    };
    let bar = bar(spec, plan.quiet);
    let mut kept = Instant::now();
    let mut progress = |progress: &Progress<'_>| {
        let time = progress.time.to_f64();
        bar.set_position(share(&spec.horizon, progress.time));
        bar.set_message(format!("t = {time:.4}, width 2^{:.0}", progress.width));
        if let Some(path) = plan.resume.as_deref().filter(|_| kept.elapsed() > CHECKPOINT) {
            kept = Instant::now();
            // A run that cannot be kept goes on all the same; the end says what is wrong with the file.
            let _ = keep(path, &checkpoint(spec, about, progress.tube));
        }
    };
    let outcome = enclose(spec, about, options, &budget, &mut progress);
    bar.finish_and_clear();
    outcome.map_err(|rejection| match (&plan.resume, &options.resume) {
        (Some(path), Some(_)) => format!("cannot resume from {}: {rejection}", path.display()),
        _ => format!("this flow cannot be enclosed: {}", rejection.why),
    })
}

/// Writes what was asked for; every file that cannot be written is a sentence.
fn written(plan: &FlowPlan, spec: &FlowSpec, flow: &Flow, report: &mut Report) -> Vec<String> {
    let mut outcomes = Vec::new();
    outcomes.extend(plan.resume.as_deref().map(|path| keep(path, &flow.certificate)));
    let certificate = plan.certificate.as_deref();
    outcomes.extend(certificate.map(|path| output::write_certificate(path, &flow.certificate)));
    if let Some(trajectory) = &report.trajectory {
        let table = plan.csv.as_deref();
        outcomes.extend(table.map(|path| output::write_text(path, &trajectory.csv())));
        let drawn = plan.pictures.as_deref();
        let drawn = drawn.map(|folder| flow_pictures::draw(folder, spec, trajectory));
        outcomes.extend(drawn.map(|drawn| drawn.map(|notes| report.notes.extend(notes))));
    }
    outcomes.into_iter().filter_map(Result::err).collect()
}

/// Reads a flow file; cost files it refers to lie beside it.
fn read(path: &Path) -> Result<FlowSpec, Box<Mistakes>> {
    let name = path.display().to_string();
    let bytes = input::bytes(path).map_err(Box::new)?;
    let load = |cost: &str| {
        let beside = path.parent().map_or_else(|| cost.into(), |folder| folder.join(cost));
        input::bytes(&beside)
            .ok()
            .and_then(|bytes| String::from_utf8(bytes).ok())
    };
    parse_flow_file(&name, &bytes, &load).map_err(Box::new)
}

/// The start of another flow with the same cost and network.
fn comparable(spec: &FlowSpec, second: FlowSpec) -> Result<Vec<[Rational; 2]>, String> {
    let essence = |spec: &FlowSpec| {
        let roots: Vec<Id> = match &spec.model {
            Model::Field { .. } => return None,
            Model::Gradient { cost, .. } | Model::Linear { cost, .. } => vec![*cost],
            Model::Neuron { cost, activation } => vec![*cost, *activation],
        };
        let (table, roots) = spec.table.extract(&roots);
        Some((table.nodes().to_vec(), roots, spec.names.clone()))
    };
    match (essence(spec), essence(&second)) {
        (None, _) | (_, None) => Err("--compare compares costs, and a vector field has none".to_owned()),
        (ours, theirs) if ours == theirs => Ok(second.start),
        _ => Err("--compare needs a flow of the same cost and network, with another start".to_owned()),
    }
}

/// A bar on a terminal, and nothing elsewhere.
fn bar(spec: &FlowSpec, quiet: bool) -> ProgressBar {
    if quiet || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(1000);
    let template = match spec.horizon {
        Horizon::Time(_) => "{elapsed_precise} {wide_bar} {msg}",
        Horizon::Settled => "{elapsed_precise} {spinner} {msg}",
    };
    bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

/// How much of a horizon has been passed, in thousandths.
fn share(horizon: &Horizon, time: &Rational) -> u64 {
    match horizon {
        Horizon::Time(end) => (Rational::from(time / end) * 1000u32).to_f64() as u64,
        Horizon::Settled => 0,
    }
}

/// The answers and the enclosures.
fn describe(spec: &FlowSpec, flow: &Flow, report: &mut Report) {
    let reading = flow.court.reading().to_owned();
    let rows = flow.findings.iter();
    report.rows = rows
        .map(|finding| Row::of_claim(&finding.id, &finding.verdict, &reading, finding.seconds))
        .collect();
    report.reading = Some(reading);
    report.notes.extend(flow.notes.iter().cloned());
    if let Some(seed) = &spec.seed {
        report
            .notes
            .push(format!("the start was drawn with the seed {}", seed.seed));
    }
    report.trajectory = Some(trajectory(spec, flow));
}

/// Enclosures at the ends of the steps, and at the horizon.
fn trajectory(spec: &FlowSpec, flow: &Flow) -> Trajectory {
    let bench = flow.court.bench();
    let walk = bench.tube();
    let mut times: Vec<Rational> = walk
        .iter()
        .flat_map(|walk| walk.segments())
        .map(|step| step.time.clone())
        .collect();
    times.extend(walk.map(|walk| walk.time().clone()));
    if let Horizon::Time(time) = &spec.horizon {
        times.push(time.clone());
    }
    times.dedup();
    let digits = (spec.precision as usize * 3).div_ceil(10) + 3;
    let moments = times.iter().filter_map(|time| {
        let bounds = match *time == 0 {
            true => start(spec)?,
            false => flow.at(time)?,
        };
        Some(Moment {
            time: decimal(time),
            position: time.to_f64(),
            cost: bench.system().cost(&bounds, spec.precision),
            bounds,
        })
    });
    let ranges = bench.leaves().iter().map(|leaf| leaf.range().clone());
    let exact = spec.start.iter().map(|[lo, hi]| match lo == hi {
        true => decimal(lo),
        false => format!("[{}, {}]", decimal(lo), decimal(hi)),
    });
    Trajectory {
        names: spec.names.clone(),
        start: exact.collect(),
        digits,
        moments: moments.collect(),
        conserved: flow.conserved.iter().cloned().zip(ranges).collect(),
        limit: bench
            .limit()
            .map(|limit| -> Vec<Interval> { bench.tightened(&limit.bounds) }),
    }
}

/// The box of starts, rounded outward only: a tube may begin with a ball around it.
fn start(spec: &FlowSpec) -> Option<Vec<Interval>> {
    // With a few bits more than the texts have digits.
    let precision = spec.precision.saturating_add(16);
    let hull = |[lo, hi]: &[Rational; 2]| Interval::hull_of(lo, hi, precision);
    spec.start.iter().map(hull).collect()
}

/// A finite decimal if there is one, else a fraction.
fn decimal(value: &Rational) -> String {
    finite_decimal(value, PLACES).unwrap_or_else(|| value.to_string())
}

/// A text that is no flow.
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
