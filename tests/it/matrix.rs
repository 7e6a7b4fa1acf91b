//! Costs of matrices with known truth: no verdict may be wrong, nearly all must be decided, every proof must check
//! again, and a changed proof must not prove what is false.

use crate::program::{foliate, in_parallel, root};
use foliate::hypotheses::matrix::{RefereedMatrix, referee_matrix};
use foliate::kernel::check_matrix;
use foliate::kernel::matrix::data::MatrixCertificate;
use foliate::kernel::theorem::Hypothesis;
use foliate::problem::MatrixCost;
use foliate::syntax::{parse_matrix_cost, render};
use foliate::verdict::{Budget, Verdict};
use rayon::prelude::*;
use serde_json::Value;
use std::time::{Duration, Instant};

/// Costs with the truth about each hypothesis: T and F, `-` where the question makes no sense.
///
/// The domain may be empty; the shape is n x m.
const COSTS: [(&str, &str, [u16; 2], &str); 28] = [
    ("norm2(B*W)^2 + norm2(B*W)", "all", [2, 2], "TFTFFTTF"),
    ("sqrt(1 + norm2(B*W))", "all", [2, 1], "TFTTFTFF"),
    ("norm2(W)", "all", [2, 3], "TTTTFTTF"),
    ("sum(log(cosh(W - Y)))", "all", [2, 2], "TTTTTTFT"),
    ("sum(log(1 + exp(W))) + norm2(W)", "all", [2, 2], "TTTTFTTT"),
    ("tr(W) - logdet(W)", "positive definite", [2, 2], "TTTFTTF-"),
    ("norm2(W) - logdet(W)", "positive definite", [2, 2], "TTTFTTT-"),
    ("1/2*norm2(A*W - Y) - logdet(W)", "det(W) > 0", [2, 2], "TTTFT  -"),
    ("norm2(W*W' - Y)", "all", [2, 2], "TTTFFFFT"),
    ("W[1,1]*W[2,2]", "all", [2, 2], "TFFTFFFT"),
    (
        "(W[1,1]^2 - 1)^2 + W[1,2]^2 + W[2,1]^2 + (W[2,2] - 3)^2",
        "all",
        [2, 2],
        "TTTFFFFT",
    ),
    ("norm2(W)*exp(-norm2(W))", "all", [2, 2], "TFTTFFFF"),
    ("log(1 + norm2(W))", "all", [2, 2], "TTTTFTFF"),
    ("exp(norm2(W))", "all", [2, 2], "TTTFFTTF"),
    ("norm2(W)/(1 + norm2(W))", "all", [2, 2], "TFTTFTFF"),
    ("norm2(W - Y) + norm2(W)^2", "all", [2, 2], "TTTFTTTT"),
    ("sqrt(norm2(W))", "all", [2, 2], "FTTF---F"),
    ("abs(W[1,1]) + norm2(W)", "all", [2, 2], "FTTF---F"),
    ("1/det(W)", "det(W) > 0", [2, 2], "TFFFTTF-"),
    ("det(W)^4 + norm2(W)", "all", [2, 2], "TTTFFTTF"),
    ("W[1,1]^3", "all", [2, 2], "TFFFFFFT"),
    (
        "cos(W[1,1]) + W[1,2]^2 + W[2,1]^2 + W[2,2]^2",
        "all",
        [2, 2],
        "TFTTFFFT",
    ),
    ("tr(W'*W) + 3*W[1,1]*W[2,2]", "all", [2, 2], "TFFTFFFT"),
    ("(W[1,1]*W[1,2] - 1)^2", "all", [1, 2], "TFTFFFFT"),
    ("dot(W, W) + dot(Y, W)", "all", [2, 2], "TTTTTTTT"),
    ("sum(hadamard(W, W)) - 2*sum(W)", "all", [2, 2], "TTTTFTTT"),
    ("-log(1 - norm2(W))", "norm2(W) < 1", [2, 2], "TTTFFTTF"),
    ("norm2(W) + norm2(W)^2 - 3*W[1,1]", "all", [1, 3], "TTTFTTTT"),
];
const CONSTANTS: &str = "[constants]\nB = [[3, 5], [6, 10]]\nA = [[1, 2], [0, 1]]\nY = [[2, 0], [0, 1]]\n";

fn text(cost: &str, domain: &str, [rows, columns]: [u16; 2]) -> String {
    format!("kind = \"matrix\"\nn = {rows}\nm = {columns}\ncost = \"{cost}\"\ndomain = \"{domain}\"\n{CONSTANTS}")
}

#[track_caller]
fn read(name: &str, text: &str) -> MatrixCost {
    parse_matrix_cost(name, text.as_bytes())
        .unwrap_or_else(|(source, mistakes)| panic!("{name}: {}", render(&source, &mistakes, false)))
}

fn refereed(cost: &MatrixCost) -> RefereedMatrix {
    let budget = Budget {
        precision: 256,
        subdivisions: 20_000,
        algebra: false,
        deadline: Instant::now().checked_add(Duration::from_secs(300)),
    };
    let answer = referee_matrix(cost, &budget, &mut |_| {});
    answer.unwrap_or_else(|diagnostic| panic!("{}: {}", cost.name, diagnostic.kind))
}

/// What the kernel says to a certificate that was written down and read again.
fn again(certificate: &MatrixCertificate) -> Vec<(Hypothesis, bool)> {
    let text = serde_json::to_string(certificate).unwrap();
    let certificate: MatrixCertificate = serde_json::from_str(&text).unwrap();
    let theorems = check_matrix(&certificate).unwrap();
    let theorem = |theorem: Result<foliate::kernel::Theorem, _>| {
        let theorem = theorem.unwrap_or_else(|rejection| panic!("{}: {rejection}", certificate.input.name));
        (theorem.hypothesis().unwrap(), theorem.holds())
    };
    theorems.into_iter().map(theorem).collect()
}

/// Compares with the truth: how many verdicts are right, which are open, which are wrong.
fn compare(refereed: &RefereedMatrix, truth: &[Option<bool>]) -> (usize, Vec<String>, Vec<String>) {
    let (mut right, mut open, mut wrong) = (0, Vec::new(), Vec::new());
    for (finding, truth) in refereed.findings.iter().zip(truth) {
        let line = format!("{}: {}", refereed.reading, finding.hypothesis.name());
        match (&finding.verdict, truth) {
            (Verdict::Proved(theorem), Some(true)) if theorem.holds() => right += 1,
            (Verdict::Refuted(theorem), Some(false)) if !theorem.holds() => right += 1,
            (Verdict::Proved(_) | Verdict::Refuted(_), Some(_)) | (Verdict::Refuted(_), None) => wrong.push(line),
            (_, Some(_)) => open.push(line),
            _ => {}
        }
    }
    (right, open, wrong)
}

/// The truth of the table above: a blank is unknown and stands for itself.
fn truth(word: &str) -> Vec<Option<bool>> {
    let letter = |letter| match letter {
        'T' => Some(true),
        'F' => Some(false),
        _ => None,
    };
    word.chars().map(letter).collect()
}

#[test]
fn the_battery_of_matrices_has_no_wrong_verdict_and_hardly_an_open_one() {
    let entries = std::fs::read_dir(root().join("tests/data/matrix")).unwrap();
    let files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 25);
    let scores: Vec<_> = in_parallel(|| {
        let judge = |path: &std::path::PathBuf| {
            let cost = read(&path.display().to_string(), &std::fs::read_to_string(path).unwrap());
            let answer = refereed(&cost);
            again(&answer.certificate);
            let table = cost.truth.as_ref().unwrap();
            let truth: Vec<Option<bool>> = (1..=8).map(|place| table[&format!("H{place}")].as_bool()).collect();
            compare(&answer, &truth)
        };
        files.par_iter().map(judge).collect()
    });
    let right: usize = scores.iter().map(|score| score.0).sum();
    let open: Vec<&String> = scores.iter().flat_map(|score| &score.1).collect();
    let wrong: Vec<&String> = scores.iter().flat_map(|score| &score.2).collect();
    println!("matrices: {right} right, {} open, {} wrong", open.len(), wrong.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(right >= 190, "{right} right; open: {open:#?}");
}

#[test]
fn costs_of_our_own_have_no_wrong_verdict() {
    let scores: Vec<_> = in_parallel(|| {
        let judge = |(cost, domain, shape, word): &(&str, &str, [u16; 2], &str)| {
            let cost = read(cost, &text(cost, domain, *shape));
            let answer = refereed(&cost);
            again(&answer.certificate);
            let unknown: Vec<bool> = word.chars().map(|letter| letter == ' ').collect();
            let mut score = compare(&answer, &truth(word));
            // A refutation where nothing is known is not wrong.
            score.2.retain(|line| {
                let place = Hypothesis::EIGHT
                    .iter()
                    .position(|one| line.ends_with(one.name()))
                    .unwrap();
                !unknown[place]
            });
            score
        };
        COSTS.par_iter().map(judge).collect()
    });
    let right: usize = scores.iter().map(|score| score.0).sum();
    let open: Vec<&String> = scores.iter().flat_map(|score| &score.1).collect();
    let wrong: Vec<&String> = scores.iter().flat_map(|score| &score.2).collect();
    println!(
        "own costs: {right} right, {} open, {} wrong; open: {open:#?}",
        open.len(),
        wrong.len()
    );
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(
        right * 100 >= 85 * (right + open.len()),
        "{right} right; open: {open:#?}"
    );
}

#[cfg(feature = "cas")]
#[test]
fn two_witnesses_agree_on_gradients_and_hessians() {
    let costs = [
        "norm2(W*W' - Y)",
        "sum(log(cosh(W - Y)))",
        "norm2(W) + norm2(inv(W))",
        "sqrt(1 + norm2(W - Y))",
    ];
    for cost in costs {
        let domain = if cost.contains("inv") { "det(W) > 0" } else { "all" };
        // In a process of its own: one that has used the algebra engine keeps it from all others.
        let run = foliate(&["check", "fit.toml", "--format", "json"]).file("fit.toml", text(cost, domain, [2, 2]));
        let (code, document) = run.answers();
        let document: Value = serde_json::from_str(&document).unwrap();
        assert_eq!(document["notes"], Value::Array(Vec::new()), "{cost}");
        assert_eq!(code, 1, "{cost}");
    }
}

#[test]
fn a_tree_of_boxes_lists_all_critical_points() {
    // A double well, tilted: three critical points in the first entry, and W[1,2] follows it.
    let cost = "(W[1,1]^2 - 1)^2 + W[1,1]/5 + (W[1,2] - W[1,1] - 3)^2";
    let cost = read(cost, &text(cost, "all", [1, 2]));
    let answer = refereed(&cost);
    let truth = truth("TTTFTFFT");
    let (_, _, wrong) = compare(&answer, &truth);
    assert!(wrong.is_empty(), "{wrong:?}");
    // One well, not convex, too narrow for combinations of low degree.
    let cost = "W[1,1]^4 - W[1,1]^2/2 + W[1,1] + W[1,2]^2 + W[2,1]^2 + (W[2,2] - 1)^2 + W[1,1]*W[1,2]/3 + W[2,2]^4";
    let cost = read(cost, &text(cost, "all", [2, 2]));
    let answer = refereed(&cost);
    let document = serde_json::to_value(&answer.certificate).unwrap();
    let kinds: Vec<&str> = document["claims"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|claim| claim["kind"].as_str())
        .collect();
    assert!(kinds.contains(&"all_critical_points"), "{kinds:?}");
    again(&answer.certificate);
}

/// What a hostile reading found: each of these was once proved, and is false.
#[test]
fn what_a_hostile_reading_found_stays_found() {
    // The root of a form that is positive on the ball only is concave there: 0 is a maximum.
    let cost = "sqrt((W[1,1] - 10)^2 - 36) + 5/4*W[1,1]";
    let answer = refereed(&read(cost, &text(cost, "norm2(W) < 1", [1, 1])));
    let (_, _, wrong) = compare(&answer, &truth("TFFTFFFT"));
    assert!(wrong.is_empty(), "{wrong:?}");
    // exp(-log(-d)) is -1/d by the zero test, and defined nowhere: it shows no convexity of -1/d.
    let forged = r#"{
        "schema": "foliate-matrix/1", "input": {"name": "", "sha256": ""},
        "cost": {"nodes": [{"variable": 0}, {"number": "5"}, {"sub": [0, 1]}, {"power": [2, "2"]}, {"number": "1"},
            {"add": [4, 3]}, {"div": [4, 5]}, {"power": [0, "2"]}, {"number": "1/50"}, {"mul": [8, 7]}, {"sub": [9, 6]},
            {"neg": 5}, {"apply": ["log", 11]}, {"neg": 12}, {"apply": ["exp", 13]}],
            "cost": 10, "rows": 1, "columns": 1, "precision": 64, "defined": [{"range": {}}]},
        "claims": [{"kind": "strongly_convex", "main": 14, "rest": 9, "mu": "1/25"}]}"#;
    let certificate: MatrixCertificate = serde_json::from_str(forged).unwrap();
    let judged = check_matrix(&certificate).unwrap();
    assert!(
        judged[0]
            .as_ref()
            .is_err_and(|rejection| rejection.why.contains("no part of the cost")),
        "{judged:?}"
    );
}

#[test]
fn a_point_where_the_cost_may_be_undefined_is_no_diagnostic() {
    // |W| in disguise: the enclosure of the base touches 0 at 0, the cost is defined there.
    let run = [
        "check",
        "--cost",
        "sqrt(sin(W[1,1]+1)^2 + cos(W[1,1]+1)^2 - 1 + W[1,1]^2)",
        "--matrix",
        "1",
    ];
    foliate(&run).exits(3);
}

/// All places of a document where something can be changed, as pointers.
fn places(value: &Value, here: &str, list: &mut Vec<String>) {
    match value {
        Value::Object(map) => map
            .iter()
            .for_each(|(key, inner)| places(inner, &format!("{here}/{key}"), list)),
        Value::Array(items) => {
            let inner = items.iter().enumerate();
            inner.for_each(|(index, item)| places(item, &format!("{here}/{index}"), list));
        }
        _ => list.push(here.to_owned()),
    }
}

/// A value like another, but not it.
fn changed(value: &Value, dice: u64) -> Value {
    match value {
        Value::Bool(flag) => Value::from(!flag),
        Value::Number(number) => {
            let step = [1i64, -1, 2, 5][usize::try_from(dice % 4).unwrap()];
            Value::from((number.as_i64().unwrap_or(0) + step).max(0))
        }
        Value::String(text) => {
            let options = [
                "0",
                "1",
                "-1",
                "1/2",
                "-3/7",
                "1000000",
                "inf",
                "proper",
                "attains_minimum",
                "pl_inequality",
            ];
            let option = options[usize::try_from(dice % 10).unwrap()];
            Value::from(if option == text { "2" } else { option })
        }
        other => other.clone(),
    }
}

#[test]
fn changed_claims_prove_nothing_that_is_false() {
    let tried: usize = in_parallel(|| {
        let one = |(index, (cost, domain, shape, word)): (usize, &(&str, &str, [u16; 2], &str))| {
            let cost = read(cost, &text(cost, domain, *shape));
            let certificate = refereed(&cost).certificate;
            let truth = truth(word);
            let document = serde_json::to_value(&certificate).unwrap();
            let mut list = Vec::new();
            places(&document["claims"], "/claims", &mut list);
            let mut state = 0x1234_5678_9abc_def0_u64.wrapping_mul(2 * u64::try_from(index).unwrap() + 1);
            let mut dice = || {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                state
            };
            let mut tried = 0;
            for _ in 0..12 {
                let place = &list[usize::try_from(dice() % u64::try_from(list.len()).unwrap()).unwrap()];
                let mut mutant = document.clone();
                let target = mutant.pointer_mut(place).unwrap();
                *target = changed(target, dice());
                // Only the claim that was changed, to save time.
                let claim: usize = place.split('/').nth(2).unwrap().parse().unwrap();
                mutant["claims"] = Value::from(vec![mutant["claims"][claim].clone()]);
                let Ok(mutant) = serde_json::from_value::<MatrixCertificate>(mutant) else {
                    continue;
                };
                tried += 1;
                for theorem in check_matrix(&mutant).unwrap().into_iter().flatten() {
                    let about = theorem.hypothesis().unwrap();
                    let Some(row) = Hypothesis::EIGHT.iter().position(|one| *one == about) else {
                        continue;
                    };
                    let wrong = truth[row].is_some_and(|truth| truth != theorem.holds());
                    assert!(!wrong, "{place}: {}", theorem.statement());
                }
            }
            tried
        };
        COSTS.par_iter().enumerate().map(one).sum()
    });
    println!("{tried} changed claims");
    assert!(tried > 100);
}

#[test]
fn the_command_answers_about_matrices() {
    let file = text("1/2*norm2(Y - W)", "all", [2, 2]);
    let run = foliate(&["check", "fit.toml", "--format", "json", "--certificate", "fit.json"]);
    let answer = run.file("fit.toml", &file).exits(0);
    let document = answer.json();
    assert_eq!(document["summary"]["proved"], 8);
    assert_eq!(document["theorems"][1]["id"], "A.thm4");
    assert_eq!(document["theorems"][1]["applies"], "yes");
    assert_eq!(document["theorems"][1]["rests_on"][1], "centre-stable-manifold");
    let certificate = answer.written("fit.json");
    let verified = foliate(&["verify", "fit.json"]).file("fit.json", &certificate).exits(0);
    assert!(verified.stdout.contains("PROVED"), "{}", verified.stdout);
    let inline = [
        "check",
        "--cost",
        "norm2(W) - logdet(W)",
        "--matrix",
        "2",
        "--domain",
        "det(W) > 0",
        "--quiet",
    ];
    foliate(&inline).exits(1);
    foliate(&["check", "--cost", "norm2(W)", "--matrix", "2x3", "--quiet"]).exits(1);
}

#[test]
fn mistakes_about_matrices_are_explained() {
    let undefined = foliate(&["check", "--cost", "logdet(W)", "--matrix", "2"]).exits(2);
    assert!(
        undefined.stderr.contains("W = [[0, 0], [0, 0]]"),
        "{}",
        undefined.stderr
    );
    let closed = [
        "check",
        "--cost",
        "norm2(W)",
        "--matrix",
        "2",
        "--domain",
        "det(W) >= 0",
    ];
    let closed = foliate(&closed).exits(2);
    assert!(closed.stderr.contains("an open set"), "{}", closed.stderr);
    let rectangular = [
        "check",
        "--cost",
        "norm2(W)",
        "--matrix",
        "2x3",
        "--domain",
        "positive definite",
    ];
    foliate(&rectangular).exits(2);
    let shape = foliate(&["check", "--cost", "norm2(W)", "--matrix", "two"]).exits(2);
    assert!(shape.stderr.contains("2x3"), "{}", shape.stderr);
    let product = foliate(&["check", "--cost", "dot(W, W*W')", "--matrix", "2x3"]).exits(2);
    assert!(product.stderr.contains("second argument"), "{}", product.stderr);
    let symmetric = text("tr(W)", "positive definite", [2, 2]);
    let run = foliate(&["prove", "--cost", "c.toml", "--depth", "2", "--width", "2"]);
    let refused = run.file("c.toml", &symmetric).exits(2);
    assert!(refused.stderr.contains("symmetric"), "{}", refused.stderr);
    // The same for a flow, whose layers are no coordinates of a symmetric matrix.
    let flow = "cost_file = \"c.toml\"\n[network]\nkind = \"deep-linear\"\ndepth = 2\nn = 2\nwidth = 2\n[start]\nW1 = [[1, 0], [0, 1]]\nW2 = [[1, 0], [0, 1]]\n[run]\nhorizon = 1\n";
    let run = foliate(&["flow", "f.toml"]).file("f.toml", flow);
    let refused = run.file("c.toml", &symmetric).exits(2);
    assert!(refused.stderr.contains("positive definite"), "{}", refused.stderr);
}
