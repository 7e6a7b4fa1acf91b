//! Sixty costs with known truth: no verdict may be wrong, nearly all must be decided, every proof must check again.

use crate::program::{in_parallel, root};
use foliate::hypotheses::referee;
use foliate::kernel;
use foliate::kernel::certificate::Certificate;
use foliate::problem::ScalarCost;
use foliate::syntax::parse_cost_file;
use foliate::verdict::{Budget, Verdict};
use rayon::prelude::*;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// How the verdicts on one cost compare with the truth.
#[derive(Default)]
struct Score {
    right: usize,
    open: Vec<String>,
    wrong: Vec<String>,
}

fn files() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join("tests/data/battery")).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert_eq!(files.len(), 60);
    files
}

fn read(path: &PathBuf) -> ScalarCost {
    let bytes = std::fs::read(path).unwrap();
    parse_cost_file(&path.display().to_string(), &bytes)
        .unwrap_or_else(|(_, mistakes)| panic!("{path:?}: {mistakes:?}"))
}

fn budget() -> Budget {
    Budget {
        precision: 256,
        subdivisions: 20_000,
        algebra: false,
        deadline: Instant::now().checked_add(Duration::from_secs(300)),
    }
}

fn judge(path: &PathBuf) -> Score {
    let cost = read(path);
    let mut score = Score::default();
    let refereed = match referee(&cost, &budget()) {
        Ok(refereed) => refereed,
        Err(diagnostic) => {
            if !cost.expects_domain_error {
                score.wrong.push(format!("{}: {}", cost.name, diagnostic.kind));
            }
            return score;
        }
    };
    if cost.expects_domain_error {
        score.wrong.push(format!("{}: no diagnostic", cost.name));
        return score;
    }
    assert!(refereed.notes.is_empty(), "{}: {:?}", cost.name, refereed.notes);
    // The loop is closed through text: what is written down is what must convince.
    let text = serde_json::to_string(&refereed.certificate).unwrap();
    let certificate: Certificate = serde_json::from_str(&text).unwrap();
    let theorems = kernel::check(&certificate).unwrap_or_else(|rejection| panic!("{}: {rejection}", cost.name));
    for theorem in &theorems {
        assert!(theorem.is_ok(), "{}: {theorem:?}", cost.name);
    }
    let truth = cost.truth.as_ref().unwrap();
    for (place, finding) in refereed.findings.iter().enumerate() {
        let expected = &truth[&format!("H{}", place + 1)];
        let line = format!("{} H{} {}", cost.name, place + 1, finding.hypothesis.name());
        match (expected.as_bool(), &finding.verdict) {
            (Some(true), Verdict::Proved(theorem)) if theorem.holds() => score.right += 1,
            (Some(false), Verdict::Refuted(theorem)) if !theorem.holds() => score.right += 1,
            (Some(_), Verdict::Proved(_) | Verdict::Refuted(_)) => score.wrong.push(line),
            (Some(_), _) => score.open.push(line),
            (None, Verdict::Refuted(_)) if expected.as_str() == Some("na") => score.wrong.push(line),
            (None, _) => {}
        }
    }
    score
}

#[test]
fn the_battery_has_no_wrong_verdict_and_hardly_an_open_one() {
    let scores: Vec<Score> = in_parallel(|| files().par_iter().map(judge).collect());
    let right: usize = scores.iter().map(|score| score.right).sum();
    let open: Vec<&String> = scores.iter().flat_map(|score| &score.open).collect();
    let wrong: Vec<&String> = scores.iter().flat_map(|score| &score.wrong).collect();
    println!("battery: {right} right, {} open, {} wrong", open.len(), wrong.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
    let known = right + open.len();
    assert!(right * 100 >= known * 95, "{right} of {known} decided; open: {open:#?}");
}
