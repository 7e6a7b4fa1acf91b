//! `prove --cost`: every cost has its flow derived and its laws proved, and bad input is refused with a sentence.

use super::program::{Answer, foliate, root};
use serde_json::Value;
use std::path::PathBuf;

/// The battery of matrix costs.
fn battery() -> Vec<PathBuf> {
    let files = std::fs::read_dir(root().join("tests/data/matrix")).unwrap();
    let mut files: Vec<PathBuf> = files.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert_eq!(files.len(), 25);
    files
}

#[track_caller]
fn refused(args: &[&str]) -> Answer {
    let answer = foliate(&[&["prove"], args].concat()).exits(2);
    assert_eq!(answer.stdout, "");
    answer
}

/// The right-hand sides of what was derived, under their names.
#[track_caller]
fn derived<'a>(document: &'a Value, name: &str) -> &'a str {
    let equations = document["derived"].as_array().unwrap();
    let found = equations.iter().find(|equation| equation["name"] == name);
    found.unwrap_or_else(|| panic!("no {name} in {document:#}"))["value"]
        .as_str()
        .unwrap()
}

#[test]
fn every_matrix_cost_of_the_battery_has_its_laws_proved() {
    for path in battery() {
        let args = [
            "prove",
            "--cost",
            path.to_str().unwrap(),
            "--depth",
            "3",
            "--width",
            "3",
            "--format",
            "json",
            "--certificate",
            "flow.json",
        ];
        let answer = foliate(&args).exits(0);
        let document = answer.json();
        let verdicts: Vec<(&str, &str)> = document["results"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| (row["id"].as_str().unwrap(), row["verdict"].as_str().unwrap()))
            .collect();
        let names = [
            "gradient",
            "flow_1",
            "flow_2",
            "flow_3",
            "conservation_1",
            "conservation_2",
        ];
        assert_eq!(verdicts, names.map(|name| (name, "proved")), "{}", path.display());
        assert_eq!(derived(&document, "dW_2/dt"), "-W_3^T G W_1^T");
        answer.then(&["verify", "flow.json"]).exits(0).says("6 proved");
    }
}

#[test]
fn a_cost_on_the_command_line_has_a_flow() {
    let scalar = [
        "prove", "--cost", "(1-w)^2", "--depth", "2", "--width", "3", "--format", "json",
    ];
    let document = foliate(&scalar).exits(0).json();
    assert_eq!(derived(&document, "G = f'(w)"), "2*w - 2");
    assert_eq!(derived(&document, "dW_1[2,1]/dt"), "-(W_2[1,2]*G)");
    let matrix = [
        "prove",
        "--cost",
        "tr(W) - logdet(W)",
        "--widths",
        "2,3,2,2",
        "--format",
        "json",
    ];
    let document = foliate(&matrix).exits(0).json();
    assert_eq!(derived(&document, "G[1,2]"), "W[2,1]/(W[1,1]*W[2,2] - W[1,2]*W[2,1])");
    assert_eq!(document["summary"]["proved"], 6);
}

#[test]
fn the_vector_fields_of_two_costs() {
    let page = |args: &[&str]| {
        let page = foliate(&[&["prove"], args].concat()).exits(0).stdout;
        // What was derived follows the table of verdicts.
        page.split('╯').nth(1).unwrap().trim().to_owned()
    };
    insta::assert_snapshot!(
        "scalar",
        page(&["--cost", "w - log(w)", "--depth", "3", "--width", "2"])
    );
    insta::assert_snapshot!(
        "matrix",
        page(&["--cost", "1/2*norm2(W) - logdet(W)", "--widths", "2,2,2"])
    );
    let latex = [
        "prove",
        "--cost",
        "tr(W) - logdet(W)",
        "--widths",
        "2,2,2",
        "--format",
        "latex",
    ];
    insta::assert_snapshot!("latex", foliate(&latex).exits(0).stdout);
}

#[test]
fn a_narrow_network_is_remarked_upon() {
    let args = ["prove", "--cost", "det(W)^2", "--widths", "2,3,1,2"];
    foliate(&args).exits(0).says("note: every product W has rank at most 1");
}

#[test]
fn impossible_networks_are_refused() {
    refused(&["--cost", "w^2", "--depth", "1", "--width", "2"]).complains("--depth must be at least 2");
    refused(&["--cost", "w^2", "--depth", "1000", "--width", "2"]).complains("--depth must be at most");
    refused(&["--cost", "w^2", "--depth", "2", "--width", "0"]).complains("--width must be at least 1");
    refused(&["--cost", "w^2", "--depth", "2"]).complains("--width");
    refused(&["--cost", "w^2", "--widths", "1,1"]).complains("at least three widths");
    refused(&["--cost", "w^2", "--widths", "1,0,1"]).complains("at least 1");
    refused(&["--cost", "w^2", "--widths", "2,3,2"]).complains("begin and end with 1");
    refused(&["--cost", "w^2", "--widths", "1,2,1", "--depth", "2"]).complains("cannot be used with");
    refused(&["--cost", "det(W)", "--depth", "2", "--width", "2"]).complains("needs --widths");
    refused(&["--cost", "w^2", "--depth", "2", "--width", "60000"]).complains("too many entries");
    refused(&["--depth", "2", "--width", "2"]).complains("--cost");
    refused(&["--cost", "w^2", "--depth", "2", "--width", "2", "--timeout", "nan"]).complains("--timeout");
}

#[test]
fn sizes_beyond_the_limits_are_left_open() {
    let args = ["prove", "--cost", "norm2(W)", "--widths", "8,32,32,8"];
    foliate(&args).exits(3).says("the sizes are too large");
}

#[test]
fn unusable_costs_are_explained() {
    let sizes = ["--depth", "2", "--width", "2"];
    let with = |cost: &'static str| [&["--cost", cost][..], &sizes[..]].concat();
    refused(&with("nowhere.toml")).complains("cannot be read");
    refused(&with("w^2 + alpha")).complains("`alpha` is not defined");
    let file = "kind = \"matrix\"\nn = 2\ncost = \"norm2(W*X)\"\n[constants]\nX = [[1, 2], [3, 4], [5, 6]]\n";
    let shapes = foliate(&["prove", "--cost", "cost.toml", "--depth", "2", "--width", "2"])
        .file("cost.toml", file)
        .exits(2);
    shapes
        .complains("the shapes do not fit: 2 x 2 * 3 x 2")
        .complains("cost.toml:3:15");
    let missing = foliate(&["prove", "--cost", "cost.toml", "--depth", "2", "--width", "2"])
        .file("cost.toml", "kind = \"matrix\"\ncost = \"tr(W)\"");
    missing.exits(2).complains("the key `n` is missing");
}

#[test]
fn a_certificate_that_was_tampered_with_is_rejected() {
    let args = [
        "prove",
        "--cost",
        "tr(W) - logdet(W)",
        "--widths",
        "2,3,2",
        "--certificate",
        "flow.json",
    ];
    let answer = foliate(&args).exits(0);
    let honest = answer.written("flow.json");
    let tampered = |change: &dyn Fn(&mut Value)| {
        let mut value: Value = serde_json::from_str(&honest).unwrap();
        change(&mut value);
        foliate(&["verify", "flow.json", "--format", "json"])
            .file("flow.json", value.to_string())
            .exits(1)
            .json()
    };
    let swapped = tampered(&|value| {
        let entries = value["claims"][0]["entries"].as_array_mut().unwrap();
        entries.swap(0, 3);
    });
    assert_eq!(swapped["summary"]["rejected"], 1);
    assert_eq!(swapped["results"][0]["id"], "claims[0].entries[0]");
    tampered(&|value| value["network"]["widths"][0] = 3.into());
    tampered(&|value| value["network"]["cost"] = 999.into());
    tampered(&|value| value["network"]["extra"] = 1.into());
    tampered(&|value| value["schema"] = "foliate-network/2".into());
    tampered(&|value| value["claims"][3]["layer"] = 2.into());
    tampered(&|value| value["claims"][0]["entries"] = Value::Null);
    tampered(&|value| value["network"]["nodes"][0] = "pi".into());
}
