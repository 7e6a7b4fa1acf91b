//! Tests of the rules about one neuron: what follows from good certificates, and that changed ones are refused.

use super::super::check::check_activation;
use super::data::ActivationCertificate;
use serde_json::{Value, json};

/// sigma(w) = w - 1 on the line with Phi = (w - 1)^2 and u0 = 1; f(z) = (2 - z)^2 is node 9.
fn line() -> Value {
    json!({
        "schema": "foliate-activation/1",
        "input": {"name": "test", "sha256": "00"},
        "setting": {
            "nodes": [
                {"variable": 0}, {"number": "1"}, {"sub": [0, 1]}, {"power": [2, "2"]}, {"power": [2, "3"]},
                {"apply": ["sinh", 2]}, {"number": "0"}, {"number": "2"}, {"sub": [7, 0]}, {"power": [8, "2"]},
                {"number": "5"}, {"neg": 2}, {"sub": [3, 10]}, {"power": [0, "2"]}
            ],
            "cost": 2, "left": "-inf", "right": "inf", "precision": 128,
            "pieces": [{"form": 2, "analytic": cover()}]
        },
        "outer": 9,
        "slope": {"polynomial": {"roots": []}},
        "primitive": {"closed": {"phi": 3, "cover": cover()}},
        "zero": {"at": {"at": 1}},
        "claims": [
            {"kind": "monotone"}, {"kind": "conserved"}, {"kind": "origin"}, {"kind": "saddle"},
            {"kind": "level_curve"}, {"kind": "stable_branch"}
        ]
    })
}

fn cover() -> Value {
    json!({"left": {"from": "1", "keep": 4}, "cuts": ["-1", "1"], "right": {"from": "1", "keep": 4}})
}

/// The same with some members replaced.
fn changed(changes: &[(&str, Value)]) -> Value {
    let mut value = line();
    for (pointer, change) in changes {
        *value.pointer_mut(pointer).unwrap() = change.clone();
    }
    value
}

/// The statements of the claims, or where and why they are refused.
fn judged(value: Value) -> Result<Vec<Result<String, String>>, String> {
    let certificate: ActivationCertificate = serde_json::from_value(value).map_err(|error| error.to_string())?;
    let outcomes = check_activation(&certificate).map_err(|rejection| rejection.to_string())?;
    let outcomes = outcomes.into_iter().map(|outcome| match outcome {
        Ok(derived) => Ok(derived.theorem.statement().to_owned()),
        Err(rejection) => Err(rejection.to_string()),
    });
    Ok(outcomes.collect())
}

/// The statement of the only claim.
#[track_caller]
fn only(changes: &[(&str, Value)], claim: Value) -> Result<String, String> {
    let mut value = changed(changes);
    value["claims"] = json!([claim]);
    judged(value).unwrap().remove(0)
}

#[track_caller]
fn refused(changes: &[(&str, Value)], at: &str) {
    let complaint = judged(changed(changes)).unwrap_err();
    assert!(complaint.contains(at), "{complaint}");
}

#[test]
fn a_line_is_followed_to_the_end() {
    let statements: Vec<String> = judged(line()).unwrap().into_iter().map(Result::unwrap).collect();
    let reading = "sigma(w) = w - 1 on (-inf, inf): ";
    let expected = [
        "sigma is analytic and sigma' > 0",
        "w2^2 - (w1 - 1)^2 is constant along the gradient flow of f(w2*sigma(w1)), for every differentiable f",
        "the value of w2^2 - Phi(w1) at (0, 0) is -1",
        "sigma vanishes at w = 1 and nowhere else; the only point of (-inf, inf) x R that is at rest where \
         f'(w2*sigma(w1)) is not 0 is (w1, w2) = (1, 0), where the Hessian is f'(0)*sigma'(1)*[[0, 1], [1, 0]] for f twice \
         differentiable, with sigma'(1) = 1 and eigenvalues +-f'(0)*sigma'(1): a strict saddle since f'(0) < 0 for \
         f(z) = (2 - z)^2",
        "the level of w2^2 - Phi(w1) through (1, 0) is w2^2 = (w1 - 1)^2, which is positive for w1 in (-inf, inf) other \
         than 1: it consists of the two branches w2 = +-(w1 - 1), which meet in (1, 0) only",
        "f'(0) < 0 for f(z) = (2 - z)^2, so the stable branch is w2 = -(w1 - 1): where f'(w2*sigma(w1)) has the sign of \
         f'(0), w1 moves towards 1 on it and away from 1 on the other branch",
    ];
    for (statement, expected) in statements.iter().zip(expected) {
        assert_eq!(statement.strip_prefix(reading), Some(expected));
    }
}

#[test]
fn a_falling_activation_turns_the_branches() {
    // sigma = 1 - w: along w2 = w1 - 1, z = -(w1 - 1)^2 and f'(z) < 0 lead to the saddle.
    let falling = [("/setting/cost", json!(11)), ("/setting/pieces/0/form", json!(11))];
    let statement = only(&falling, json!({"kind": "stable_branch"})).unwrap();
    assert!(statement.contains("the stable branch is w2 = (w1 - 1):"), "{statement}");
    assert!(
        only(&falling, json!({"kind": "monotone"}))
            .unwrap()
            .ends_with("sigma' < 0")
    );
}

#[test]
fn without_a_particular_cost_both_signs_are_told() {
    let mut value = line();
    value.as_object_mut().unwrap().remove("outer");
    value["claims"] = json!([{"kind": "stable_branch"}]);
    let statement = judged(value).unwrap().remove(0).unwrap();
    assert!(
        statement.contains("w2 = (w1 - 1) if f'(0) > 0, and w2 = -(w1 - 1) if f'(0) < 0"),
        "{statement}"
    );
}

#[test]
fn a_wrong_antiderivative_is_refused() {
    for phi in [0, 4, 5, 9, 13] {
        refused(&[("/primitive/closed/phi", json!(phi))], "primitive");
    }
    refused(&[("/primitive/closed/phi", json!(99))], "primitive");
    refused(
        &[("/primitive/closed/cover/cuts", json!(["-1/2", "1"]))],
        "primitive.cover",
    );
    // A constant more is no mistake.
    let shifted = [("/primitive/closed/phi", json!(12))];
    let statement = only(&shifted, json!({"kind": "level_curve"})).unwrap();
    assert!(statement.contains("w2^2 = (w1 - 1)^2 - 5 + 5"), "{statement}");
    assert!(only(&shifted, json!({"kind": "origin"})).unwrap().ends_with("is 4"));
}

#[test]
fn a_wrong_zero_is_refused() {
    for at in [0, 7, 10, 99] {
        refused(&[("/zero", json!({"at": {"at": at}}))], "zero");
    }
    refused(
        &[("/zero", json!({"nowhere": {"chart": {"polynomial": {"roots": []}}}}))],
        "zero",
    );
    refused(
        &[(
            "/zero",
            json!({"nowhere": {"chart": {"polynomial": {"roots": [["1", "1"]]}}}}),
        )],
        "zero",
    );
    refused(&[("/zero", json!({"between": {"lo": "2", "hi": "3"}}))], "zero");
    refused(&[("/zero", json!({"between": {"lo": "3", "hi": "0"}}))], "zero");
    let between = [("/zero", json!({"between": {"lo": "1/2", "hi": "3"}}))];
    let statement = only(&between, json!({"kind": "level_curve"})).unwrap();
    assert!(statement.contains("w2^2 = Phi(w1) - Phi(u0)"), "{statement}");
    // A zero outside the interval.
    let right = json!({"left": {"from": "1/2", "keep": 4}, "cuts": ["3", "4"], "right": {"from": "4", "keep": 4}});
    let domain = [
        ("/setting/left", json!("1")),
        ("/setting/pieces/0/analytic", right.clone()),
        ("/primitive/closed/cover", right),
    ];
    refused(&domain, "zero: a point outside the domain");
}

#[test]
fn a_slope_without_one_sign_is_refused() {
    // sigma = (w - 1)^2
    let square = [("/setting/cost", json!(3)), ("/setting/pieces/0/form", json!(3))];
    refused(&square, "slope");
    let mut value = changed(&square);
    for part in ["slope", "primitive", "zero"] {
        value.as_object_mut().unwrap().remove(part);
    }
    value["claims"] = json!([
        {"kind": "slope_vanishes", "point": {"exact": {"at": 1}}},
        {"kind": "slope_vanishes", "point": {"sign_change": {"lo": "0", "hi": "2"}}},
        {"kind": "slope_vanishes", "point": {"exact": {"at": 7}}},
        {"kind": "slope_vanishes", "point": {"sign_change": {"lo": "2", "hi": "3"}}},
        {"kind": "monotone"}, {"kind": "conserved"}, {"kind": "origin"}, {"kind": "saddle"}, {"kind": "no_saddle"},
        {"kind": "level_curve"}, {"kind": "stable_branch"}
    ]);
    let certificate: ActivationCertificate = serde_json::from_value(value).unwrap();
    let outcomes = check_activation(&certificate).unwrap();
    assert!(outcomes[0].as_ref().is_ok_and(|derived| !derived.theorem.holds()));
    assert!(outcomes[1].as_ref().is_ok_and(|derived| !derived.theorem.holds()));
    assert!(outcomes[2..].iter().all(Result::is_err));
    // A zero of sigma alone is not the only one.
    let mut value = changed(&square);
    for part in ["slope", "primitive"] {
        value.as_object_mut().unwrap().remove(part);
    }
    assert!(judged(value).unwrap_err().contains("zero"));
}

#[test]
fn integrals_are_enclosed() {
    let integral = |from: &str| [("/primitive", json!({"integral": {"from": from}}))];
    let parts = |cuts: Value| json!({"cuts": cuts, "order": 3});
    let increment = |cuts| only(&integral("1"), json!({"kind": "increment", "parts": parts(cuts)}));
    // 2 sigma/sigma' = 2 (w - 1)
    assert!(
        increment(json!(["1", "2", "3"]))
            .unwrap()
            .ends_with("Phi(3) - Phi(1) lies in 4")
    );
    assert!(increment(json!(["2", "1"])).unwrap_err().contains("cuts must increase"));
    assert!(increment(json!([])).is_err() && increment(json!(["2"])).is_err());
    let origin = |from, parts: Option<Value>| {
        let claim = match parts {
            Some(parts) => json!({"kind": "origin", "parts": parts}),
            None => json!({"kind": "origin"}),
        };
        only(&integral(from), claim)
    };
    assert!(origin("0", None).unwrap().ends_with("is 0"));
    assert!(
        origin("1", Some(parts(json!(["0", "1"]))))
            .unwrap()
            .ends_with("lies in -1")
    );
    assert!(
        origin("-1", Some(parts(json!(["-1", "0"]))))
            .unwrap()
            .ends_with("lies in 3")
    );
    assert!(origin("1", None).is_err());
    assert!(origin("1", Some(parts(json!(["0", "2"])))).is_err());
    let curve = |from| only(&integral(from), json!({"kind": "level_curve"})).unwrap();
    assert!(curve("1").contains("w2^2 = Phi(w1), which"));
    assert!(curve("2").contains("w2^2 = Phi(w1) - Phi(1), which"));
    // Without the sign of sigma' there is no integral.
    let mut value = changed(&integral("1"));
    for part in ["slope", "zero"] {
        value.as_object_mut().unwrap().remove(part);
    }
    assert!(judged(value).unwrap_err().contains("primitive"));
    assert!(only(&[], json!({"kind": "increment", "parts": parts(json!(["1", "2"]))})).is_err());
}

#[test]
fn conclusions_need_their_premises() {
    for (missing, claims) in [
        ("slope", vec![]),
        ("primitive", vec!["conserved", "origin", "level_curve", "stable_branch"]),
        ("zero", vec!["saddle", "no_saddle", "level_curve", "stable_branch"]),
    ] {
        let mut value = line();
        value.as_object_mut().unwrap().remove(missing);
        value["claims"] = claims.iter().map(|kind| json!({"kind": kind})).collect();
        match judged(value) {
            Ok(outcomes) => assert!(missing != "slope" && outcomes.iter().all(Result::is_err), "{missing}"),
            Err(complaint) => assert!(missing == "slope" && complaint.contains("zero"), "{complaint}"),
        }
    }
    assert!(only(&[], json!({"kind": "no_saddle"})).is_err());
    // f(z) = z^2 and f(z) = sinh(z - 1)
    let flat = [("/outer", json!(13))];
    assert!(only(&flat, json!({"kind": "stable_branch"})).is_err());
    assert!(
        only(&flat, json!({"kind": "saddle"}))
            .unwrap()
            .contains("f'(0) = 0 for f(z) = z^2, so it is not a strict")
    );
    let rising = [("/outer", json!(5))];
    assert!(
        only(&rising, json!({"kind": "stable_branch"}))
            .unwrap()
            .contains("branch is w2 = (w1 - 1):")
    );
}

#[test]
fn a_damaged_certificate_is_refused() {
    refused(&[("/schema", json!("foliate-activation/2"))], "schema");
    refused(&[("/setting/pieces/0/form", json!(3))], "form");
    refused(&[("/outer", json!(77))], "outer");
    refused(&[("/setting/nodes/0", json!({"variable": 1}))], "setting");
    let mut value = line();
    value["extra"] = json!(1);
    assert!(judged(value).unwrap_err().contains("unknown field"));
    let mut value = line();
    value["setting"]["pieces"][0]
        .as_object_mut()
        .unwrap()
        .remove("analytic");
    value["setting"]["pieces"][0]["defined"] = cover();
    assert!(judged(value).unwrap_err().contains("analytic"));
}

#[test]
fn no_zero_means_no_saddle() {
    // sigma = w - 1 on (1, inf)
    let right = json!({"left": {"from": "1", "keep": 4}, "cuts": ["2", "3"], "right": {"from": "3", "keep": 4}});
    let changes = [
        ("/setting/left", json!("1")),
        ("/setting/pieces/0/analytic", right.clone()),
        ("/primitive/closed/cover", right),
        ("/zero", json!({"nowhere": {"chart": {"polynomial": {"roots": []}}}})),
    ];
    assert!(
        only(&changes, json!({"kind": "no_saddle"}))
            .unwrap()
            .contains("there is no saddle")
    );
    assert!(
        only(&changes, json!({"kind": "origin"}))
            .unwrap_err()
            .contains("outside the domain")
    );
    for kind in ["saddle", "level_curve", "stable_branch"] {
        assert!(only(&changes, json!({"kind": kind})).is_err());
    }
}
