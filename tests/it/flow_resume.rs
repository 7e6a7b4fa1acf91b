//! `flow --resume`: what an interrupted run leaves, and files that no run can go on from.

use super::flow::{CIRCLE, example, flow, last, row, verdicts};
use serde_json::Value;

/// The number of steps in a certificate.
fn steps(certificate: &str) -> usize {
    let value: Value = serde_json::from_str(certificate).unwrap();
    let claims = value["claims"].as_array().unwrap();
    let tube = claims.iter().find(|claim| claim["kind"] == "tube").unwrap();
    tube["steps"].as_array().unwrap().len()
}

#[test]
fn an_interrupted_run_goes_on() {
    let text = example("sigmoid-point");
    let args = ["--precision", "53", "--format", "json", "--resume", "run.json"];
    let stopped = [&args[..], &["--timeout", "0"]].concat();
    let fresh = flow(&text, &args).exits(0);
    let (whole, complete) = (fresh.json(), fresh.written("run.json"));
    // Half of the steps, as an interruption leaves them.
    let mut half: Value = serde_json::from_str(&complete).unwrap();
    let tube = half["claims"]
        .as_array()
        .unwrap()
        .iter()
        .find(|claim| claim["kind"] == "tube");
    let mut tube = tube.unwrap().clone();
    let count = steps(&complete) / 2;
    tube["steps"].as_array_mut().unwrap().truncate(count);
    half["claims"] = Value::Array(vec![tube]);
    // Without any time nothing is found, and nothing is lost.
    let still = flow(&text, &stopped).file("run.json", half.to_string()).exits(3);
    assert_eq!(steps(&still.written("run.json")), count);
    assert_eq!(still.names("."), ["flow.toml", "run.json"]);
    let document = still.json();
    assert_eq!(row(&document, "conserved w2^2 - Phi(w1)")["verdict"], "proved");
    assert_eq!(row(&document, "enclosure")["verdict"], "proved");
    let open = row(&document, "enclosure to t = 10");
    assert!(
        open["reason"]
            .as_str()
            .unwrap()
            .starts_with("the search ran out of time at t = "),
        "{open}"
    );
    assert!(open["help"].as_str().unwrap().contains("--timeout"), "{open}");
    let resumed = still
        .then(&[&["flow", "flow.toml"], &args[..]].concat())
        .exits(0)
        .json();
    assert_eq!(verdicts(&resumed), verdicts(&whole));
    for (ours, theirs) in last(&resumed).iter().zip(last(&whole)) {
        assert!(ours[0] <= theirs[1] && theirs[0] <= ours[1], "{ours:?} {theirs:?}");
    }
    // From nothing at all.
    let none = flow(&text, &stopped).exits(3);
    assert_eq!(steps(&none.written("run.json")), 0);
    let resumed = none.then(&[&["flow", "flow.toml"], &args[..]].concat()).exits(0).json();
    assert_eq!(last(&resumed), last(&whole));
}

#[test]
fn files_that_no_run_can_go_on_from() {
    let resume = ["--resume", "run.json"];
    let honest = flow(CIRCLE, &resume).exits(0).written("run.json");
    let from = |bytes: &str| {
        let answer = flow(CIRCLE, &resume).file("run.json", bytes).exits(2);
        assert_eq!(answer.stdout, "");
        assert_eq!(answer.written("run.json"), bytes, "the file was overwritten");
        answer.complains("cannot resume from run.json: ")
    };
    from(&honest[..honest.len() / 2]).complains("it is no certificate, or a part of one");
    from("hello").complains("it is no certificate, or a part of one");
    from("").complains("it is no certificate, or a part of one");
    from("{}").complains("it is not a certificate of a flow");
    let other = honest.replacen("\"sha256\":\"", "\"sha256\":\"0", 1);
    from(&other).complains("it was made for another flow file");
    let mut wrong: Value = serde_json::from_str(&honest).unwrap();
    wrong["claims"][1]["steps"][0]["radius"] = "0".into();
    from(&wrong.to_string()).complains("steps");
    let answer = flow(CIRCLE, &[&resume[..], &["--precision", "200"]].concat()).file("run.json", &honest);
    answer.exits(2).complains("another precision");
    flow(CIRCLE, &resume)
        .directory("run.json")
        .exits(2)
        .complains("cannot resume");
}
