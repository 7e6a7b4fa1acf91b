//! The format is closed: what is not in it is refused, and the refusal says where.

use super::program::foliate;
use serde_json::{Value, json};

/// The certificate of (1 - w)^2 as the program writes it, with its claims.
fn certificate() -> Value {
    let run = foliate(&["check", "--cost", "(1 - w)^2", "--certificate", "cost.json"]).exits(0);
    serde_json::from_str(&run.written("cost.json")).unwrap()
}

/// Has the program verify a text; it must be refused, and the refusal must contain these words.
#[track_caller]
fn refused(text: &str, words: &str) {
    let run = foliate(&["verify", "cost.json"]).file("cost.json", text).exits(1);
    let shown = format!("{}{}", run.stdout, run.stderr);
    let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        shown.contains("REJECTED") && shown.contains(words),
        "no {words:?} in: {shown}"
    );
}

/// The certificate with the value at a place replaced.
fn with(place: &str, new: Value) -> String {
    let mut value = certificate();
    *value.pointer_mut(place).unwrap() = new;
    value.to_string()
}

/// The certificate with a field added to the object at a place.
fn with_field(place: &str) -> String {
    let mut value = certificate();
    let object = value.pointer_mut(place).unwrap().as_object_mut().unwrap();
    object.insert("surprise".to_owned(), json!(1));
    value.to_string()
}

#[test]
fn an_unknown_version_is_refused() {
    refused(&with("/schema", json!("foliate-certificate/2")), "an unknown schema");
}

#[test]
fn an_unknown_kind_is_refused() {
    refused(&with("/claims/0/kind", json!("obvious")), "unknown variant `obvious`");
    refused(
        &with("/setting/nodes/0", json!({"gamma": 0})),
        "unknown variant `gamma`",
    );
    let chart = json!({"trivial": {}});
    refused(&with("/claims/6/charts/0", chart), "unknown variant `trivial`");
}

#[test]
fn an_unknown_field_is_refused_everywhere() {
    for place in [
        "",
        "/input",
        "/setting",
        "/setting/pieces/0",
        "/setting/pieces/0/analytic",
        "/setting/pieces/0/analytic/left",
        "/claims/0",
        "/claims/2",
        "/claims/6/charts/0/polynomial",
        "/claims/7",
        "/claims/7/left/0",
        "/claims/7/left_tail",
    ] {
        refused(&with_field(place), "surprise");
    }
}

#[test]
fn a_missing_field_is_refused() {
    for (place, field) in [
        ("", "claims"),
        ("/setting", "precision"),
        ("/claims/2", "left"),
        ("/claims/7", "mu"),
    ] {
        let mut value = certificate();
        value.pointer_mut(place).unwrap().as_object_mut().unwrap().remove(field);
        refused(&value.to_string(), &format!("missing field `{field}`"));
    }
}

#[test]
fn a_key_that_stands_twice_is_refused() {
    let text = certificate().to_string();
    for (once, twice) in [
        ("\"precision\":", "\"precision\":64,\"precision\":"),
        ("\"kind\":\"proper\"", "\"kind\":\"proper\",\"kind\":\"proper\""),
        ("\"mu\":", "\"mu\":\"1\",\"mu\":"),
        ("\"best_at\":", "\"best_at\":\"0\",\"best_at\":"),
    ] {
        assert!(text.contains(once));
        refused(&text.replacen(once, twice, 1), "duplicate field");
    }
}

#[test]
fn numbers_are_exact_or_refused() {
    for bad in [
        json!(1),
        json!("0.5"),
        json!("1/0"),
        json!("1/-2"),
        json!("+1"),
        json!(" 1"),
        json!("inf"),
        json!(""),
    ] {
        refused(&with("/claims/7/mu", bad), "");
    }
    refused(&with("/claims/7/mu", json!("1".repeat(20_001))), "exact rational");
    refused(&with("/setting/left", json!("inf")), "the domain is empty");
}

#[test]
fn a_refused_claim_has_an_address() {
    refused(&with("/claims/7/mu", json!("3")), "claims[7]");
    refused(
        &with("/claims/6/charts/0/polynomial/roots/0/1", json!("2")),
        "claims[6].charts[0].roots[0]",
    );
    refused(&with("/setting/pieces/0/form", json!(0)), "setting.pieces[0].form");
    refused(&with("/setting/precision", json!(31)), "setting");
}
