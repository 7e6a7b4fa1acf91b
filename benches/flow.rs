//! How long enclosing a flow takes, and how long checking the enclosure: both for every case, with steps and widths.

use criterion::{BenchmarkGroup, Criterion, criterion_group, criterion_main, measurement::WallTime};
use foliate::flow::run::{Flow, Options, run};
use foliate::kernel::certificate::Input;
use foliate::kernel::check_flow;
use foliate::kernel::flow::data::{FlowCertificate, FlowClaim};
use foliate::kernel::interval::Interval;
use foliate::problem::{FlowSpec, Horizon};
use foliate::syntax::parse_flow_file;
use foliate::verdict::Budget;
use rug::Rational;
use std::path::Path;
use std::time::{Duration, Instant};

/// Starts that are points, with the precisions in bits.
const POINTS: [(&str, &[u32]); 4] = [
    ("sigmoid-point", &[53, 128, 256]),
    ("vector-point", &[53, 128, 256]),
    ("deep-point", &[53, 128, 256]),
    ("scalar-point", &[53, 128, 256]),
];
/// Boxes of starts, until convergence is proved.
const BOXES: [&str; 4] = ["scalar-box", "sigmoid-box", "vector-box", "deep-box"];
/// The radii of the boxes are 1 over these.
const RADII: [u32; 2] = [100, 1000];
/// What takes longer than this is timed once.
const ONCE: Duration = Duration::from_secs(2);

fn specification(name: &str) -> FlowSpec {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("proofs/flows")
        .join(name)
        .with_extension("toml");
    let bytes = std::fs::read(&path).expect("a readable file");
    parse_flow_file(&path.display().to_string(), &bytes, &|_| None).expect("a flow file")
}

fn find(spec: &FlowSpec) -> Flow {
    let about = Input {
        name: spec.source.name.clone(),
        sha256: spec.sha256.clone(),
    };
    let options = Options {
        degree: None,
        resume: None,
    };
    let budget = Budget {
        precision: spec.precision,
        subdivisions: 20_000,
        algebra: false,
        deadline: None,
    };
    run(spec, &about, &options, &budget, &mut |_| ()).expect("a flow")
}

fn verify(certificate: &FlowCertificate) -> usize {
    let judged = check_flow(certificate).expect("a system");
    judged.iter().filter(|judgement| judgement.is_ok()).count()
}

/// The number of steps of the tube.
fn steps(certificate: &FlowCertificate) -> usize {
    let counts = certificate.claims.iter().map(|claim| match claim {
        FlowClaim::Tube(tube) => tube.steps.len(),
        _ => 0,
    });
    counts.sum()
}

/// The largest width at the horizon, or of what holds for ever.
fn width(spec: &FlowSpec, flow: &Flow) -> f64 {
    let bounds = match &spec.horizon {
        Horizon::Time(time) => flow.at(time),
        Horizon::Settled => flow.court.bench().limit().map(|limit| limit.bounds.clone()),
    };
    let widths = bounds.iter().flatten().map(Interval::wid);
    widths
        .map(|width| width.to_f64())
        .fold(if bounds.is_some() { 0.0 } else { f64::NAN }, f64::max)
}

/// The width of the limits of all starts, from below: for every coordinate the distance between the limits of two opposite
/// corners of the box, those where the coordinate is least and largest to first order.
fn image(spec: &FlowSpec, flow: &Flow) -> Option<f64> {
    let directions = flow.court.bench().tube()?.linear_part();
    let limit = |signs: &[bool]| -> Option<Vec<f64>> {
        let mut corner = spec.clone();
        corner.precision = 53;
        let mut signs = signs.iter();
        for [lo, hi] in corner.start.iter_mut().filter(|[lo, hi]| lo < hi) {
            let end = if *signs.next()? { hi.clone() } else { lo.clone() };
            (*lo, *hi) = (end.clone(), end);
        }
        let flow = find(&corner);
        let bounds = &flow.court.bench().limit()?.bounds;
        Some(bounds.iter().map(|range| range.mid().to_f64()).collect())
    };
    let mut widest = 0.0f64;
    for (place, direction) in directions.iter().enumerate() {
        let up: Vec<bool> = direction.iter().map(|slope| !slope.mid().is_sign_negative()).collect();
        let down: Vec<bool> = up.iter().map(|sign| !sign).collect();
        let (high, low) = (limit(&up)?, limit(&down)?);
        widest = widest.max((high.get(place)? - low.get(place)?).abs());
    }
    Some(widest)
}

/// Times one case: once for the summary, and often if that does not take too long.
fn case(group: &mut BenchmarkGroup<'_, WallTime>, name: &str, spec: &FlowSpec) -> Flow {
    let since = Instant::now();
    let flow = find(spec);
    let found = since.elapsed();
    let since = Instant::now();
    let accepted = verify(&flow.certificate);
    let verified = since.elapsed();
    eprintln!(
        "{name}: found in {:.3} s, {accepted} of {} claims verified in {:.3} s, ratio {:.2}; {} steps, width {:.1e}",
        found.as_secs_f64(),
        flow.certificate.claims.len(),
        verified.as_secs_f64(),
        verified.as_secs_f64() / found.as_secs_f64(),
        steps(&flow.certificate),
        width(spec, &flow),
    );
    if found <= ONCE {
        group.bench_function(format!("find/{name}"), |bencher| bencher.iter(|| find(spec)));
    }
    if verified <= ONCE {
        group.bench_function(format!("verify/{name}"), |bencher| {
            bencher.iter(|| verify(&flow.certificate));
        });
    }
    flow
}

fn points(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("flow");
    group
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2));
    for (name, precisions) in POINTS {
        for precision in precisions {
            let mut spec = specification(name);
            spec.precision = *precision;
            case(&mut group, &format!("{name}/{precision}"), &spec);
        }
    }
    group.finish();
}

fn boxes(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("settled");
    group
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2));
    for name in BOXES {
        for fineness in RADII {
            let mut spec = specification(name);
            spec.horizon = Horizon::Settled;
            for [lo, hi] in &mut spec.start {
                let (middle, radius) = (Rational::from(&*lo + &*hi) / 2u32, Rational::from((1, fineness)));
                (*lo, *hi) = (Rational::from(&middle - &radius), middle + radius);
            }
            let flow = case(&mut group, &format!("{name}/{fineness}"), &spec);
            match image(&spec, &flow) {
                Some(image) => eprintln!(
                    "    {:.3} times the width of the limits of corners",
                    width(&spec, &flow) / image
                ),
                None => eprintln!("    the corners do not settle"),
            }
        }
    }
    group.finish();
}

criterion_group!(benches, points, boxes);
criterion_main!(benches);
