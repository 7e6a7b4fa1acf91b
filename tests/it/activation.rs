//! What `prove --activation` derives, how it looks, and what it says about activations it cannot use.

use super::program::{Answer, foliate, in_parallel};
use rayon::prelude::*;
use serde_json::{Value, json};

/// Activations with their domains and Phi; the table of G.inv1 first.
const CLOSED: [(&str, &str, &str); 22] = [
    ("w", "(-inf, inf)", "w1^2"),
    ("w/sqrt(1+w^2)", "(-inf, inf)", "(1 + w1^2)^2/2"),
    ("tanh(w)", "(-inf, inf)", "sinh(w1)^2"),
    ("1/(1+exp(-w))", "(-inf, inf)", "2*w1 + 2*exp(w1)"),
    (
        "atan(w)",
        "(-inf, inf)",
        "2*w1*atan(w1) - w1^2/3 - 2*log(1 + w1^2)/3 + 2*w1^3*atan(w1)/3",
    ),
    ("sin(w)", "(-3/2, 3/2)", "-2*log(cos(w1))"),
    ("exp(w)", "(-inf, inf)", "2*w1"),
    ("sinh(w)", "(-inf, inf)", "2*log(cosh(w1))"),
    ("w^3", "(0, inf)", "w1^2/3"),
    ("w^(3/2)", "(0, inf)", "2*w1^2/3"),
    // Other writings, scales and shifts.
    ("exp(w)/(1+exp(w))", "(-inf, inf)", "2*w1 + 2*exp(w1)"),
    ("-5*tanh(w)", "(-inf, inf)", "sinh(w1)^2"),
    ("tanh(2*w+1)", "(-inf, inf)", "sinh(2*w1 + 1)^2/4"),
    ("1/(1+exp(-2*w))-1/2", "(-inf, inf)", "exp(2*w1)/4 + exp(-2*w1)/4"),
    ("2*sin(w)+1", "(-1, 1)", "log(1 + sin(w1)) - 3*log(cos(w1))"),
    ("w/(1+w^2)", "(-1, 1)", "-w1^2 - 2*log(1 + w1) - 2*log(1 - w1)"),
    ("w/(1+abs(w))", "(0, inf)", "w1^2 + 2*w1^3/3"),
    ("w+w^3", "(-inf, inf)", "w1^2/3 + 2*log(1/3 + w1^2)/9"),
    ("cos(w)", "(1/10, 3)", "-2*log(sin(w1))"),
    ("1-exp(-w)", "(-inf, inf)", "2*exp(w1) - 2*w1"),
    (
        "atan(sinh(w))",
        "(-inf, inf)",
        "2*sinh(w1)*atan(sinh(w1)) - 2*log(cosh(w1))",
    ),
    ("log(w)", "(0, inf)", "w1^2*log(w1) - w1^2/2"),
];

/// What comes out as JSON.
#[track_caller]
fn derived(args: &[&str], code: i32) -> Value {
    let all: Vec<&str> = ["prove"]
        .iter()
        .chain(args)
        .chain(&["--format", "json"])
        .copied()
        .collect();
    foliate(&all).exits(code).json()
}

/// The formula with this name.
fn formula<'a>(report: &'a Value, name: &str) -> Option<&'a str> {
    let list = report["derived"].as_array().unwrap();
    list.iter().find(|one| one["name"] == name)?["value"].as_str()
}

/// The verdict of a claim.
fn verdict<'a>(report: &'a Value, id: &str) -> Option<&'a str> {
    let rows = report["results"].as_array().unwrap();
    rows.iter().find(|row| row["id"] == id)?["verdict"].as_str()
}

#[test]
fn closed_forms_are_found_and_proved() {
    let wrong: Vec<String> = in_parallel(|| {
        let wrong = CLOSED.par_iter().filter_map(|(sigma, domain, phi)| {
            let report = derived(&["--activation", sigma, "--domain", domain], 0);
            let found = formula(&report, "Phi(w1)");
            (found != Some(phi) || verdict(&report, "conserved") != Some("proved"))
                .then(|| format!("{sigma}: {found:?}, not {phi}"))
        });
        wrong.collect()
    });
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn reports_read_like_mathematics() {
    let cases: [(&str, &[&str]); 7] = [
        ("algebraic", &["w/sqrt(1+w^2)"]),
        ("tanh", &["tanh(w)", "--cost", "(1-w)^2"]),
        ("logistic", &["1/(1+exp(-w))"]),
        ("atan", &["atan(w)"]),
        ("softplus", &["log(1+exp(w))"]),
        ("sine", &["sin(w)", "--domain", "(-3/2, 3/2)", "--cost", "(2+w)^2"]),
        ("cube", &["w^3", "--domain", "(0, inf)"]),
    ];
    for (name, args) in cases {
        let all: Vec<&str> = ["prove", "--activation"].iter().chain(args).copied().collect();
        let answer = foliate(&all).exits(0);
        insta::assert_snapshot!(format!("prove-{name}"), answer.stdout);
    }
    let latex = foliate(&["prove", "--activation", "tanh(w)", "--format", "latex"]).exits(0);
    insta::assert_snapshot!("prove-latex", latex.stdout);
}

#[test]
fn no_elementary_form_means_an_enclosed_integral() {
    let report = derived(&["--activation", "log(1+exp(w))"], 0);
    assert_eq!(
        formula(&report, "Phi(w1)"),
        Some("integral of 2*sigma/sigma' from 0 to w1")
    );
    // By mpmath: 3.14745946981251939427...
    assert!(
        formula(&report, "Phi(1) - Phi(0)")
            .unwrap()
            .starts_with("in [3.14745946981251939")
    );
    let statement = report["results"].as_array().unwrap().last().unwrap()["statement"]
        .as_str()
        .unwrap();
    assert!(statement.contains("there is no saddle"), "{statement}");
}

#[test]
fn the_outer_cost_decides_the_stable_branch() {
    for (sigma, cost, branch) in [
        ("tanh(w)", "(1-w)^2", "w2 = -sinh(w1)"),
        ("tanh(w)", "(1+w)^2", "w2 = sinh(w1)"),
        ("-tanh(w)", "(1-w)^2", "w2 = sinh(w1)"),
        ("-tanh(w)", "(1+w)^2", "w2 = -sinh(w1)"),
    ] {
        let report = derived(&["--activation", sigma, "--cost", cost], 0);
        assert_eq!(formula(&report, "stable branch"), Some(branch), "{sigma}, {cost}");
    }
    let flat = derived(&["--activation", "tanh(w)", "--cost", "w^2"], 3);
    assert_eq!(verdict(&flat, "stable_branch"), Some("undecided"));
}

#[test]
fn a_zero_of_the_slope_is_refuted_with_advice() {
    let sine = foliate(&["prove", "--activation", "sin(w)"]).exits(1);
    sine.says("sigma' has a zero").says("try --domain \"(-25/16, 25/16)\"");
    let cube = derived(&["--activation", "w^3"], 1);
    assert_eq!(verdict(&cube, "monotone"), Some("refuted"));
    assert_eq!(
        verdict(&cube, "conserved"),
        Some("proved"),
        "w^2/3 is analytic at 0 too"
    );
    assert_eq!(verdict(&cube, "saddle"), Some("not_applicable"));
    let constant = derived(&["--activation", "w - w + 3"], 1);
    assert_eq!(verdict(&constant, "monotone"), Some("refuted"));
}

#[test]
fn unusable_activations_are_explained() {
    let complains = |args: &[&str], text: &str| {
        let all: Vec<&str> = ["prove", "--activation"].iter().chain(args).copied().collect();
        foliate(&all).exits(2).complains(text);
    };
    complains(&["log(w)"], "undefined at w = 0");
    complains(&["3"], "constant");
    complains(&["tanh(w"], "command line");
    complains(&["tanh(v)"], "`v`");
    complains(&["tanh(w)", "--domain", "(1, 0)"], "command line");
    complains(&["tanh(w)", "--cost", "(1-w"], "command line");
    complains(&["tanh(w)", "--precision", "1"], "--precision");
    complains(&["tanh(w)", "--subdivisions", "0"], "--subdivisions");
    foliate(&["prove", "--activation", "abs(w)"]).exits(3).says("kink");
    foliate(&["prove", "--domain", "(0, 1)"])
        .exits(2)
        .complains("--activation");
}

/// A run that wrote a certificate.
fn certified() -> Answer {
    let args = [
        "prove",
        "--activation",
        "log(1+exp(w)) - 1",
        "--certificate",
        "neuron.cert.json",
    ];
    foliate(&args).exits(0)
}

#[test]
fn certificates_are_accepted_by_verify_and_damaged_ones_are_not() {
    let answer = certified();
    let text = answer.written("neuron.cert.json");
    let answer = answer.then(&["verify", "neuron.cert.json"]).exits(0);
    let answer = answer.says("monotone").says("w2^2 - Phi(w1)").says("proved");
    let good: Value = serde_json::from_str(&text).unwrap();
    let damages: [(&str, Value); 6] = [
        ("/schema", json!("foliate-activation/9")),
        ("/zero", json!({"between": {"lo": "1", "hi": "2"}})),
        ("/primitive", json!({"closed": {"phi": 0, "cover": {"cuts": ["0"]}}})),
        ("/slope", json!({"polynomial": {"roots": []}})),
        ("/setting/cost", json!(0)),
        ("/claims/0", json!({"kind": "no_saddle"})),
    ];
    let mut answer = answer;
    for (pointer, damage) in damages {
        let mut bad = good.clone();
        *bad.pointer_mut(pointer).unwrap() = damage;
        let run = answer.then(&["verify", "bad.json"]).file("bad.json", bad.to_string());
        answer = run.exits(1).says("REJECTED");
    }
}
