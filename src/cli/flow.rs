//! `foliate flow`: reads a flow file, has the flow enclosed, shows and keeps what came out.

use super::check::mistake;
use super::flow_activation::activation_invariant;
use super::flow_pictures;
use super::input::{self, Mistakes};
use super::output::Output;
use super::plan::FlowPlan;
use super::{Status, output};
use crate::flow::follow::Progress;
use crate::flow::run::{Flow, Options, run as enclose};
use crate::kernel::certificate;
use crate::kernel::flow::data::{FLOW_SCHEMA, FlowCertificate, FlowClaim, Model, SystemData, TubeData};
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
/// How often what was found so far is written to the file of `--resume`.
const CHECKPOINT: Duration = Duration::from_secs(5);

/// Encloses one flow.
pub(super) fn run(plan: &FlowPlan, output: &Output) -> Status {
    if let Some(path) = &plan.figure {
        return flow_pictures::figure(path, output);
    }
    let name = plan.file.display().to_string();
    let mut report = Report::new(COMMAND, Input { name, sha256: None });
    let remark = fill(plan, &mut report, output).err();
    output.show(&report);
    if let Some(remark) = &remark {
        output.complain(remark);
    }
    let summary = report.summary();
    let status = match (remark.is_some(), summary.refuted, summary.undecided) {
        (true, _, _) => Status::Unusable,
        (_, 0, 0) => Status::Proved,
        (_, 0, _) => Status::Undecided,
        _ => Status::Refuted,
    };
    output.finish(COMMAND, &[report]);
    status
}

/// Fills the report. Errors: what to say on standard error.
fn fill(plan: &FlowPlan, report: &mut Report, output: &Output) -> Result<(), String> {
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
    let resume = match &plan.resume {
        Some(path) if path.exists() => Some(earlier(path, &about).map_err(|complaint| failed(report, complaint))?),
        _ => None,
    };
    let options = Options {
        degree: plan.degree,
        resume,
    };
    let budget = Budget {
        precision: spec.precision,
        subdivisions: 20_000,
        algebra: false,
        deadline: Instant::now().checked_add(plan.timeout),
    };
    let bar = bar(&spec, plan.quiet);
    let mut kept = Instant::now();
    let mut progress = |progress: &Progress<'_>| {
        let time = progress.time.to_f64();
        bar.set_position(share(&spec.horizon, progress.time));
        bar.set_message(format!("t = {time:.4}, width 2^{:.0}", progress.width));
        if let Some(path) = plan.resume.as_deref().filter(|_| kept.elapsed() > CHECKPOINT) {
            kept = Instant::now();
            // A run that cannot be kept goes on all the same; the end says what is wrong with the file.
            let _ = output::write_certificate(path, &checkpoint(&spec, &about, progress.tube));
        }
    };
    let outcome = enclose(&spec, &about, &options, &budget, &mut progress);
    bar.finish_and_clear();
    let flow = outcome.map_err(|rejection| failed(report, rejection.to_string()))?;
    describe(&spec, &flow, report);
    let kept = plan.resume.iter().chain(&plan.certificate);
    for path in kept {
        output::write_certificate(path, &flow.certificate).map_err(|complaint| failed(report, complaint))?;
    }
    if let (Some(path), Some(trajectory)) = (&plan.csv, &report.trajectory) {
        let written = output::write_text(path, &trajectory.csv());
        written.map_err(|complaint| failed(report, complaint))?;
    }
    if let (Some(folder), Some(trajectory)) = (&plan.pictures, &report.trajectory) {
        let written = flow_pictures::draw(folder, &spec, trajectory);
        let notes = written.map_err(|complaint| failed(report, complaint))?;
        report.notes.extend(notes);
    }
    Ok(())
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

/// The start of another flow with the same shape.
fn comparable(spec: &FlowSpec, second: FlowSpec) -> Result<Vec<[Rational; 2]>, String> {
    if second.names != spec.names || second.table.nodes() != spec.table.nodes() || second.model != spec.model {
        return Err("--compare needs a flow of the same cost and network that differs in its start only".to_owned());
    }
    Ok(second.start)
}

/// The steps that an earlier run has left.
fn earlier(path: &Path, about: &certificate::Input) -> Result<TubeData, String> {
    let complaint = |why: &str| format!("cannot resume from {}: {why}", path.display());
    let bytes = std::fs::read(path).map_err(|error| complaint(&error.to_string()))?;
    let certificate: FlowCertificate = serde_json::from_slice(&bytes).map_err(|error| complaint(&error.to_string()))?;
    if certificate.schema != FLOW_SCHEMA {
        return Err(complaint("not a certificate of a flow"));
    }
    if certificate.input.sha256 != about.sha256 {
        return Err(complaint("it was made for another text"));
    }
    let tube = certificate.claims.into_iter().find_map(|claim| match claim {
        FlowClaim::Tube(tube) => Some(tube),
        _ => None,
    });
    tube.ok_or_else(|| complaint("it has no steps"))
}

/// What an interrupted run leaves.
fn checkpoint(spec: &FlowSpec, about: &certificate::Input, tube: &TubeData) -> FlowCertificate {
    let exact = |[lo, hi]: &[Rational; 2]| [lo.clone().into(), hi.clone().into()];
    FlowCertificate {
        schema: FLOW_SCHEMA.to_owned(),
        input: about.clone(),
        system: SystemData {
            nodes: spec.table.nodes().to_vec(),
            model: spec.model.clone(),
            names: Vec::new(),
            start: spec.start.iter().map(exact).collect(),
            disturbance: spec.disturbance.iter().cloned().map(Into::into).collect(),
        },
        claims: vec![FlowClaim::Tube(tube.clone())],
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
        let bounds = flow.at(time)?;
        Some(Moment {
            time: decimal(time),
            position: time.to_f64(),
            cost: bench.system().cost(&bounds, spec.precision),
            bounds,
        })
    });
    let ranges = bench.leaves().iter().map(|leaf| leaf.range().clone());
    Trajectory {
        names: spec.names.clone(),
        digits,
        moments: moments.collect(),
        conserved: flow.conserved.iter().cloned().zip(ranges).collect(),
        limit: bench
            .limit()
            .map(|limit| -> Vec<Interval> { bench.tightened(&limit.bounds) }),
    }
}

/// A time as a finite decimal if it is one, else as a fraction.
fn decimal(time: &Rational) -> String {
    let digits = time.denom().significant_bits().max(1);
    let ten = rug::Integer::from(rug::Integer::u_pow_u(10, digits));
    let scaled = Rational::from(time * &ten);
    if *scaled.denom() != 1 {
        return time.to_string();
    }
    let text = scaled.numer().to_string();
    let text = format!("{text:0>width$}", width = digits as usize + 1);
    let (whole, fraction) = text.split_at(text.len() - digits as usize);
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() {
        whole.to_owned()
    } else {
        format!("{whole}.{fraction}")
    }
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
