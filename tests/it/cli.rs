//! What the program answers: exit codes, views, certificates.

use super::program::{Answer, examples, foliate};
use serde_json::Value;

/// One certificate of a cost, and the folder it lies in.
#[track_caller]
fn certified(cost: &str) -> Answer {
    let run = foliate(&[
        "check",
        "cost.toml",
        "--certificate",
        "cost.cert.json",
        "--quiet",
        "--expect",
    ]);
    run.file("cost.toml", format!("cost = \"{cost}\"\n[truth]\nH1 = true\n"))
        .exits(0)
}

#[test]
fn everything_proved_is_0() {
    foliate(&["check", "--cost", "(1-w)^2"])
        .exits(0)
        .says("PROVED")
        .says("8 proved");
}

#[test]
fn something_refuted_is_1() {
    foliate(&["check", "--cost", "(w^2-1)^2"]).exits(1).says("REFUTED");
}

#[test]
fn something_open_is_3() {
    let answer = foliate(&["check", "--cost", "w^2 + exp(sin(w))/100", "--timeout", "0"]).exits(3);
    answer.says("UNDECIDED").says("--timeout");
}

#[test]
fn a_search_that_does_not_look_at_the_clock_is_left_behind() {
    // Whatever was settled in time was proved: only questions that take much longer could be refuted.
    let deep = format!("w^2 + {}w{}", "sin(".repeat(200), ")".repeat(200));
    foliate(&["check", "--cost", &deep, "--timeout", "0.5"])
        .exits(3)
        .says("--timeout");
}

#[test]
fn questions_that_do_not_apply_are_fine() {
    let answer = foliate(&[
        "check",
        "--cost",
        "(w - 2)^2 - log(w)",
        "--domain",
        "(0, inf)",
        "--format",
        "json",
    ]);
    let answer = answer.exits(1).json();
    assert_eq!(answer["results"][7]["id"], "origin_not_minimizer");
    assert_eq!(answer["results"][7]["verdict"], "not_applicable");
}

#[test]
fn the_worst_of_several_counts() {
    let run = |args: &[&str]| {
        foliate(args)
            .file("good.toml", "cost = \"(1 - w)^2\"")
            .file("refuted.toml", "cost = \"(w^2 - 1)^2\"")
            .file("bad.toml", "cost = \"(w\"")
    };
    run(&["check", "good.toml", "refuted.toml"]).exits(1).says("2 inputs");
    let answer = run(&["check", "bad.toml", "good.toml", "refuted.toml"]).exits(2);
    answer
        .says("8 proved")
        .says("REFUTED")
        .says("1 unusable")
        .complains("never closed");
}

#[test]
fn help_and_version_are_0() {
    foliate(&["--help"]).exits(0).says("Exit codes").says("undecided");
    foliate(&["check", "--help"]).exits(0).says("Examples");
    foliate(&["verify", "--help"]).exits(0).says("--refuse");
    foliate(&["--version"]).exits(0).says("foliate ");
}

#[test]
fn the_document_has_the_promised_keys() {
    let document = foliate(&["check", "--cost", "(1-w)^2", "--format", "json"])
        .exits(0)
        .json();
    assert_eq!(document["schema"], "foliate/1");
    assert_eq!(document["command"], "check");
    assert_eq!(document["input"]["name"], "command line");
    assert_eq!(document["input"]["sha256"].as_str().unwrap().len(), 64);
    let results = document["results"].as_array().unwrap();
    assert_eq!(results.len(), 8);
    for result in results {
        assert_eq!(result["verdict"], "proved");
        assert!(result["statement"].as_str().unwrap().contains("on (-inf, inf)"));
        assert!(result["rests_on"].is_array());
        assert!(result["seconds"].as_f64().unwrap() >= 0.0);
    }
    for theorem in document["theorems"].as_array().unwrap() {
        assert!(["yes", "no", "unknown"].contains(&theorem["applies"].as_str().unwrap()));
        assert!(theorem["missing"].is_array() && theorem["uses"].is_array() && theorem["predicts"].is_array());
    }
    assert_eq!(document["summary"]["proved"], 8);
    assert_eq!(document["facts"]["slope_at_origin"], -1);
}

#[test]
fn several_inputs_are_one_document() {
    let args = ["check", "--format", "json", "a.toml", "b.toml", "missing.toml"];
    let run = foliate(&args)
        .file("a.toml", "cost = \"(1 - w)^2\"")
        .file("b.toml", "cost = \"w^2\"");
    let document = run.exits(2).json();
    let reports = document["reports"].as_array().unwrap();
    let names: Vec<&Value> = reports.iter().map(|report| &report["input"]["name"]).collect();
    assert_eq!(names, ["a.toml", "b.toml", "missing.toml"]);
    assert_eq!(document["summary"]["failed"], 1);
}

#[test]
fn apart_from_the_seconds_the_document_is_always_the_same() {
    let run = || {
        let text = foliate(&["check", "--cost", "w^2 + 3*sin(w)^2", "--format", "json"])
            .exits(1)
            .stdout;
        let lines = text
            .lines()
            .filter(|line| !line.contains("\"seconds\""))
            .map(str::to_owned);
        lines.collect::<Vec<String>>()
    };
    assert_eq!(run(), run());
}

#[test]
fn standard_input_and_settings() {
    let text = "cost = \"(a - w)^2\"\n[parameters]\na = 1 # the target\n";
    foliate(&["check", "-"]).stdin(text).exits(0).says("standard input");
    foliate(&["check", "-", "--set", "a=0"])
        .stdin(text)
        .exits(1)
        .says("standard input with a = 0");
    foliate(&["check", "--cost", "(a - w)^2", "--set", "a=1/3"])
        .exits(0)
        .says("1/3");
}

#[test]
fn quiet_is_a_line_and_colour_is_a_choice() {
    let quiet = foliate(&["check", "--cost", "(1-w)^2", "--quiet"]).exits(0);
    assert_eq!(quiet.stdout, "command line: 8 proved\n");
    let plain = foliate(&["check", "--cost", "(1-w)^2"]).exits(0);
    assert!(!plain.stdout.contains('\u{1b}'));
    foliate(&["check", "--cost", "(1-w)^2", "--color", "always"])
        .exits(0)
        .says("\u{1b}[");
    let wide = plain.stdout.lines().find(|line| line.chars().count() > 100);
    assert_eq!(wide, None);
}

#[test]
fn latex_is_a_table() {
    let answer = foliate(&["check", "--cost", "(1-w)^2", "--format", "latex"]).exits(0);
    answer
        .says("\\begin{tabular}")
        .says("\\end{tabular}")
        .says("pl\\_inequality");
}

#[test]
fn a_reader_that_leaves_is_no_panic() {
    foliate(&["check", "--cost", "(1-w)^2"]).exits_unread(0);
    foliate(&["check", "--cost", "(1-w)^2", "--format", "json"]).exits_unread(0);
}

#[test]
fn two_checks_at_once() {
    let check = || foliate(&["check", "--cost", "(1-w)^2"]).exits(0).says("8 proved");
    std::thread::scope(|scope| {
        for run in [scope.spawn(check), scope.spawn(check)] {
            run.join().unwrap();
        }
    });
}

#[test]
fn the_examples_are_as_their_authors_expect() {
    let files = examples();
    let mut args = vec!["check", "--expect", "--certificate", "certificates"];
    args.extend(files.iter().map(|path| path.to_str().unwrap()));
    let answer = foliate(&args).exits(0);
    let names: Vec<String> = answer
        .names("certificates")
        .iter()
        .map(|name| format!("certificates/{name}"))
        .collect();
    assert_eq!(names.len(), files.len());
    let mut args = vec!["verify"];
    args.extend(names.iter().map(String::as_str));
    let answer = answer.then(&args).exits(0);
    assert!(!answer.stdout.contains("REJECTED"));
}

#[test]
fn a_wrong_expectation_is_1() {
    let run = foliate(&["check", "--expect", "cost.toml"]);
    let run = run.file("cost.toml", "cost = \"(1 - w)^2\"\n[truth]\nH1 = true\nH2 = false\n");
    run.exits(1).says("contradicts").complains("proper");
}

#[test]
fn an_expected_domain_error_is_0() {
    let run = foliate(&["check", "--expect", "cost.toml"]);
    run.file("cost.toml", "cost = \"log(w)\"\nexpect = \"domain_error\"\n")
        .exits(0);
    let run = foliate(&["check", "--expect", "cost.toml"]);
    run.file("cost.toml", "cost = \"w^2\"\nexpect = \"domain_error\"\n")
        .exits(1);
}

#[test]
fn certificates_are_accepted_again() {
    let answer = certified("(1 - w)^2").then(&["verify", "cost.cert.json"]).exits(0);
    let answer = answer.says("PROVED").says("f(w) = ").says("same SHA-256");
    let document = answer
        .then(&["verify", "cost.cert.json", "--format", "json"])
        .exits(0)
        .json();
    assert_eq!(document["command"], "verify");
    assert_eq!(document["compared"]["matches"], true);
    assert_eq!(document["summary"]["rejected"], 0);
}

#[test]
fn certificates_are_bound_to_their_input() {
    let answer = certified("(1 - w)^2")
        .then(&["verify", "cost.cert.json", "--input", "cost.toml"])
        .exits(0);
    let run = answer.then(&["verify", "cost.cert.json", "--input", "other.toml"]);
    let answer = run.file("other.toml", "cost = \"w^2\"").exits(1).says("input.sha256");
    let run = answer
        .then(&["verify", "cost.cert.json"])
        .file("cost.toml", "cost = \"w^2\"");
    run.exits(0).says("not made for");
}

#[test]
fn broken_certificates_are_rejected_with_an_address() {
    let answer = certified("(1 - w)^2");
    let text = answer.written("cost.cert.json");
    let mut certificate: Value = serde_json::from_str(&text).unwrap();
    certificate["schema"] = "foliate-certificate/0".into();
    let run = answer
        .then(&["verify", "cost.cert.json"])
        .file("cost.cert.json", certificate.to_string());
    let answer = run.exits(1).says("schema");
    let mut certificate: Value = serde_json::from_str(&text).unwrap();
    certificate["surprise"] = true.into();
    let run = answer
        .then(&["verify", "cost.cert.json"])
        .file("cost.cert.json", certificate.to_string());
    let answer = run.exits(1).says("surprise");
    let cut = text.get(..text.len() / 2).unwrap();
    let run = answer.then(&["verify", "cost.cert.json"]).file("cost.cert.json", cut);
    run.exits(2).complains("not JSON");
}

#[test]
fn one_bad_certificate_does_not_hide_the_others() {
    let run = certified("(1 - w)^2").then(&["verify", "none.json", "cost.cert.json", "bad.json"]);
    let answer = run.file("bad.json", "{}").exits(2);
    answer.says("PROVED").says("REJECTED").complains("none.json");
}
