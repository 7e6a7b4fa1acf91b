//! How long finding takes, and how long checking what was found: the second must be a fraction of the first.

use criterion::{Criterion, criterion_group, criterion_main};
use foliate::hypotheses::referee;
use foliate::kernel;
use foliate::problem::ScalarCost;
use foliate::syntax::parse_cost_file;
use foliate::verdict::Budget;
use std::path::Path;
use std::time::Duration;

const BUDGET: Budget = Budget {
    precision: 256,
    subdivisions: 20_000,
    algebra: false,
    deadline: None,
};

fn costs(folder: &str) -> Vec<ScalarCost> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder")
        .map(|entry| entry.expect("a file").path())
        .collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        let bytes = std::fs::read(path).expect("a readable file");
        parse_cost_file(&path.display().to_string(), &bytes).ok()
    };
    paths.iter().filter_map(read).collect()
}

fn find_and_check(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("cost");
    for cost in costs("proofs/costs") {
        group.bench_function(format!("find/{}", cost.name), |bencher| {
            bencher.iter(|| {
                referee(&cost, &BUDGET)
                    .map(|refereed| refereed.findings.len())
                    .unwrap_or(0)
            });
        });
        let Ok(refereed) = referee(&cost, &BUDGET) else {
            continue;
        };
        group.bench_function(format!("verify/{}", cost.name), |bencher| {
            bencher.iter(|| {
                kernel::check(&refereed.certificate)
                    .map(|theorems| theorems.len())
                    .unwrap_or(0)
            });
        });
    }
    group.finish();
}

fn battery(criterion: &mut Criterion) {
    let costs = costs("tests/data/battery");
    let certificates: Vec<_> = costs
        .iter()
        .filter_map(|cost| referee(cost, &BUDGET).ok())
        .map(|refereed| refereed.certificate)
        .collect();
    let mut group = criterion.benchmark_group("battery");
    group.sample_size(10).measurement_time(Duration::from_secs(30));
    group.bench_function("find", |bencher| {
        bencher.iter(|| costs.iter().filter(|cost| referee(cost, &BUDGET).is_ok()).count());
    });
    group.bench_function("verify", |bencher| {
        bencher.iter(|| {
            certificates
                .iter()
                .filter(|certificate| kernel::check(certificate).is_ok())
                .count()
        });
    });
    group.finish();
}

criterion_group!(benches, find_and_check, battery);
criterion_main!(benches);
