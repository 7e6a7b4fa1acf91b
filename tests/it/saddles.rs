//! `saddles`: the example costs, points that are given, and input that no table comes out of.

use super::program::{Answer, Run, foliate, in_parallel, root};
use rayon::prelude::*;
use serde_json::Value;
use std::path::PathBuf;

/// |W - Y|^2/2 with Y = diag(2, 1).
const FIT: &str = "kind = \"matrix\"\nn = 2\ncost = \"norm2(W - Y)/2\"\n[constants]\nY = [[2, 0], [0, 1]]\n";

/// The example costs with saddles.
pub(super) fn examples() -> Vec<PathBuf> {
    let files = std::fs::read_dir(root().join("proofs/saddles")).unwrap();
    let mut files: Vec<PathBuf> = files.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    files
}

#[track_caller]
fn saddles(text: &str, args: &[&str]) -> Run {
    foliate(&[&["saddles", "cost.toml"], args].concat()).file("cost.toml", text)
}

#[track_caller]
fn refused(text: &str, args: &[&str]) -> Answer {
    let answer = saddles(text, args).exits(2);
    assert_eq!(answer.stdout, "");
    answer
}

/// The names of the answers with this verdict.
fn with_verdict<'a>(document: &'a Value, verdict: &str) -> Vec<&'a str> {
    let results = document["results"].as_array().unwrap().iter();
    let chosen = results.filter(|result| result["verdict"] == verdict);
    chosen.map(|result| result["id"].as_str().unwrap()).collect()
}

#[test]
fn the_examples_have_certified_spurious_points_and_directions() {
    let examples = examples();
    let judged = |path: &PathBuf| -> bool {
        let text = std::fs::read_to_string(path).unwrap();
        let args = [
            "--depth",
            "2",
            "--width",
            "2",
            "--starts",
            "25",
            "--format",
            "json",
            "--certificate",
            "c.json",
        ];
        let narrow = path.file_stem().is_some_and(|stem| stem == "three-by-three");
        let answer = saddles(&text, &args).exits(if narrow { 1 } else { 0 });
        let document = answer.json();
        let points = document["critical_points"].as_array().unwrap().len();
        let proved = with_verdict(&document, "proved");
        for kind in ["spurious", "inertia", "manifold"] {
            let known = (1..=points).all(|number| proved.contains(&format!("{kind}_{number}").as_str()));
            assert!(known, "{} {kind}", path.display());
        }
        let strict = proved.iter().filter(|id| id.starts_with("strict")).count();
        assert!(points >= 2 && strict >= 2, "{}", path.display());
        answer.then(&["verify", "c.json"]).exits(0);
        !proved.contains(&"strata")
    };
    let no_square_loss = in_parallel(|| examples.par_iter().filter(|path| judged(path)).count());
    assert!(no_square_loss >= 20);
}

#[test]
fn a_square_loss_is_known_completely() {
    let picture = ["--depth", "2", "--width", "3", "--picture", "values.svg"];
    let answer = saddles(FIT, &picture)
        .exits(0)
        .says("strata")
        .says("6, 0, 6")
        .says("a point of every stratum is shown");
    assert!(answer.written("values.svg").contains("strict saddle"));
    // The only spurious local minimum: one hidden unit, and the larger singular value kept.
    let narrow = saddles(FIT, &["--depth", "2", "--width", "1"]).exits(1);
    let narrow = narrow.says("0, 1, 3").says("REFUTED").says("not a strict saddle");
    narrow
        .then(&[
            "saddles",
            "cost.toml",
            "--depth",
            "2",
            "--width",
            "1",
            "--format",
            "latex",
        ])
        .exits(1)
        .says("\\begin{tabular}");
    // Three layers: the origin is not strict, and there is a strict point with the same product.
    let deep = saddles(FIT, &["--depth", "3", "--width", "2", "--format", "json"])
        .exits(1)
        .json();
    assert_eq!(with_verdict(&deep, "refuted"), ["strict_1", "strict_3"]);
    assert_eq!(deep["critical_points"][0]["inertia"], serde_json::json!([0, 12, 0]));
}

#[test]
fn any_spelling_of_a_square_loss_is_one() {
    let spelled = |cost: &str| format!("kind = \"matrix\"\nn = 2\nm = 1\ncost = \"{cost}\"\n");
    for cost in [
        "3*(W[1,1]^2 + W[2,1]^2) - 6*W[1,1] + 1",
        "(2*W[1,1] - 1)^2 + 4*W[2,1]^2",
        "tr((W - W)'*W) + norm2(W) - W[2,1]",
    ] {
        saddles(&spelled(cost), &["--depth", "2", "--width", "2"])
            .exits(0)
            .says("strata");
    }
    let other = saddles(
        &spelled("W[1,1]^2 + 2*W[2,1]^2 - W[1,1]"),
        &["--depth", "2", "--width", "2"],
    )
    .exits(0);
    assert!(!other.stdout.contains("strata"));
}

#[test]
fn equal_singular_values_are_said_to_be_equal() {
    let text = FIT.replace("[[2, 0], [0, 1]]", "[[1, 0], [0, 1]]");
    let answer = saddles(&text, &["--depth", "2", "--width", "2", "--format", "json"])
        .exits(3)
        .json();
    assert_eq!(with_verdict(&answer, "undecided")[0], "strata");
    assert!(answer["notes"].to_string().contains("not distinct"));
}

#[test]
fn there_is_nothing_where_the_determinant_is_positive() {
    let text = "kind = \"matrix\"\nn = 2\ncost = \"norm2(W) - logdet(W)\"\ndomain = \"det(W) > 0\"\n";
    saddles(text, &["--depth", "2", "--width", "2"])
        .exits(0)
        .says("no spurious critical point was met");
    // The same without the formula's help: only the domain forbids the points.
    let text = FIT.replace("n = 2", "n = 2\ndomain = \"det(W) > 0\"");
    let answer = saddles(&text, &["--depth", "2", "--width", "2", "--format", "json"])
        .exits(3)
        .json();
    assert_eq!(answer["critical_points"], Value::Null);
}

#[test]
fn a_given_point_is_certified_or_refused_with_its_residual() {
    let at = |point: &str| {
        saddles(FIT, &["--depth", "2", "--width", "2", "--point", "point.toml"]).file("point.toml", point)
    };
    at("W1 = [[2, 0], [0, 0]]\nW2 = [[1, 0], [0, 0]]")
        .exits(0)
        .says("1, 3, 4");
    // The same point, moved by a change of basis between the layers.
    at("W_1 = [[2, 0], [4, 0]]\nW_2 = [[1, 0], [0, 0]]").exits(0);
    at("W1 = [[1, 0], [0, 0]]\nW2 = [[1, 0], [0, 0]]")
        .exits(2)
        .complains("not critical: the gradient of g has the norm [1.414");
    at("W1 = [[2, 0], [0, 1]]\nW2 = [[1, 0], [0, 1]]")
        .exits(1)
        .says("W is critical for f");
    at("W1 = [[2, 0, 0], [0, 1, 0]]\nW2 = [[1, 0], [0, 1]]")
        .exits(2)
        .complains("W1 is 2 x 2, W2 is 2 x 2");
    at("W1 = [[2, 0], [0, 1]]")
        .exits(2)
        .complains("does not fit the network");
    at("W1 = [[2, 0], [0, 1]]\nW3 = [[1, 0], [0, 1]]")
        .exits(2)
        .complains("from W1 on");
    at("W1 = [[2, 0], [0]]\nW2 = [[1, 0], [0, 1]]")
        .exits(2)
        .complains("row 2");
    at("U = [[2]]\n").exits(2).complains("the keys are W1, W2");
    at("").exits(2);
    at("W1 = [[\"x\"]]").exits(2);
    saddles(FIT, &["--depth", "2", "--width", "2", "--point", "nowhere.toml"]).exits(2);
}

#[test]
fn enclosures_that_contain_zero_are_not_taken_for_zero() {
    // At W = 0 the gradient of this cost is exp(0) - 1 + ..., which is no exact zero to the kernel, but the layers are.
    let text = "kind = \"matrix\"\nn = 1\ncost = \"exp(W) + sin(W)\"\n".replace("(W)", "(W[1,1])");
    let at = |point: &str| saddles(&text, &["--depth", "2", "--width", "1", "--point", "p.toml"]).file("p.toml", point);
    at("W1 = [[0]]\nW2 = [[0]]").exits(0).says("yes");
    at("W1 = [[1]]\nW2 = [[1]]").exits(2).complains("not critical");
    // f' vanishes at 1, which rounding hides: nothing is claimed.
    let text = "kind = \"matrix\"\nn = 1\ncost = \"exp(W[1,1]) - exp(1)*W[1,1]\"\n";
    let point = "W1 = [[1]]\nW2 = [[1]]";
    let hidden = saddles(text, &["--depth", "2", "--width", "1", "--point", "p.toml"]).file("p.toml", point);
    hidden.exits(2).complains("not shown to be critical");
}

#[test]
fn what_cannot_be_used_is_refused() {
    refused("cost = \"(1-w)^2\"", &["--depth", "2", "--width", "2"]).complains("kind = \"matrix\"");
    refused(FIT, &["--depth", "1", "--width", "2"]).complains("at least 2");
    refused(FIT, &["--depth", "2", "--width", "0"]).complains("at least 1");
    refused(FIT, &["--depth", "2"]);
    refused(FIT, &[]);
    refused(FIT, &["--widths", "2,x"]);
    refused(FIT, &["--depth", "99", "--width", "2"]).complains("at most 32");
    refused(FIT, &["--depth", "2", "--width", "2000"]).complains("too many entries");
    refused(FIT, &["--depth", "2", "--width", "2", "--precision", "10"]).complains("--precision");
    refused(FIT, &["--depth", "2", "--width", "2", "--timeout=-1"]).complains("--timeout");
    refused(
        &FIT.replace("n = 2", "n = 2\ndomain = \"det(W) >= 0\""),
        &["--depth", "2", "--width", "2"],
    )
    .complains("open");
    refused(&FIT.replace("n = 2", "n = 2\nm = 3"), &["--depth", "2", "--width", "2"]).complains("2 x 2");
    refused(
        "kind = \"matrix\"\nn = 2\ncost = \"norm2(W\"",
        &["--depth", "2", "--width", "2"],
    );
    let unwritable = saddles(FIT, &["--depth", "2", "--width", "2", "--certificate", "cost.toml/x"]).exits(2);
    unwritable.complains("cannot write");
}

#[test]
fn costs_without_derivatives_or_values_are_open_or_empty() {
    let cost = |cost: &str| format!("kind = \"matrix\"\nn = 2\ncost = \"{cost}\"\n");
    let args = ["--depth", "2", "--width", "2", "--starts", "5"];
    saddles(&cost("abs(W[1,1]) + norm2(W)"), &args)
        .exits(0)
        .says("no spurious critical point was met");
    saddles(&cost("log(W[1,1]) + norm2(W)"), &args).exits(0);
    // A critical point of f of rank 1: nothing that is computed with enclosures shows that grad f is exactly 0.
    saddles(&cost("1/W[1,1] + norm2(W)"), &args)
        .exits(0)
        .says("it is left out");
    // The slope is in one entry only, so more points are critical than a family shows.
    saddles(&cost("exp(exp(exp(exp(W[1,1]))))"), &args)
        .exits(3)
        .says("2, 4, 2");
    // Constant in most entries: points are not isolated, and nothing is claimed of them.
    saddles(&cost("W[1,1]^2"), &args).exits(0);
    saddles(&cost("W[1,1]^4 + W[2,2]"), &args).exits(3).says("2, 4, 2");
}
