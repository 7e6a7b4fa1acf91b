//! Certificates written by hand to prove what is false: each once got past a rule, or nearly.

use foliate::kernel::Theorem;
use foliate::kernel::certificate::Certificate;
use foliate::kernel::check;
use serde_json::{Value, json};

/// A certificate with these nodes, pieces and claims.
fn certificate(nodes: Value, cost: usize, domain: [&str; 2], pieces: Value, claims: Value) -> Certificate {
    let value = json!({
        "schema": "foliate-certificate/1",
        "input": {"name": "adversary", "sha256": ""},
        "setting": {
            "nodes": nodes, "cost": cost, "left": domain[0], "right": domain[1], "precision": 32, "pieces": pieces,
        },
        "claims": claims,
    });
    serde_json::from_value(value).unwrap()
}

/// What the kernel says to each claim; the setting is accepted.
fn judged(certificate: &Certificate) -> Vec<Result<Theorem, String>> {
    let judged = check(certificate).unwrap();
    judged
        .into_iter()
        .map(|outcome| outcome.map_err(|rejection| rejection.to_string()))
        .collect()
}

/// (w^2 - 2)^2 on (0, inf), cut at its minimiser for no reason, and a chart of f' for each piece.
fn well(left_cells: Value, right_start: &str, right_cells: Value) -> Certificate {
    let nodes = json!([
        {"number": "2"}, {"variable": 0}, {"power": [1, "2"]}, {"sub": [2, 0]}, {"power": [3, "2"]}, {"power": [0, "1/2"]},
    ]);
    let pieces = json!([
        {"until": 5, "form": 4, "analytic": {"left": {"from": "1", "keep": 4}, "cuts": ["1", "3/2"]}},
        {"form": 4, "analytic": {"cuts": ["1", "2"], "right": {"from": "2", "keep": 4}}},
    ]);
    let charts = json!([
        {"cells": {"left": {"from": "1", "keep": 4}, "start": "1", "cells": left_cells, "order": 0}},
        {"cells": {"start": right_start, "cells": right_cells, "right": {"from": "2", "keep": 4}, "order": 0}},
    ]);
    let claims = json!([{"kind": "critical_points", "charts": charts}]);
    certificate(nodes, 4, ["0", "inf"], pieces, claims)
}

#[test]
fn a_zero_at_a_break_is_counted_once() {
    let zero = json!({"multiple": {"to": "3/2", "at": 5, "multiplicity": 1}});
    let falling = |to: &str| json!({"sign": {"positive": false, "cuts": [to]}});
    let rising = |to: &str| json!({"sign": {"positive": true, "cuts": [to]}});
    let left = json!([falling("5/4"), zero]);
    let right = json!([zero, rising("2")]);
    let honest = judged(&well(left.clone(), "5/4", right.clone()));
    assert!(honest[0].as_ref().is_ok_and(Theorem::holds), "{honest:?}");

    // A cell left of the break, before the zero: the zero of the right piece would look like a second one.
    let early = judged(&well(left, "1", json!([falling("5/4"), zero, rising("2")])));
    let why = "at the beginning";
    assert!(early[0].as_ref().is_err_and(|error| error.contains(why)), "{early:?}");

    // A cell right of the break, after the zero: the same from the other side.
    let late = judged(&well(json!([falling("5/4"), zero, rising("2")]), "5/4", right));
    let why = "at the end";
    assert!(late[0].as_ref().is_err_and(|error| error.contains(why)), "{late:?}");
}

/// max(c - w, 0)^4 with c = sqrt 2: the PL inequality fails to the left of c. The break is written
/// sqrt 2 + 10^9 (sqrt 12 - 2 sqrt 3), which is c, but is known to half a unit only.
#[test]
fn a_walk_does_not_skip_what_lies_beside_a_flat_stretch() {
    let nodes = json!([
        {"number": "2"}, {"power": [0, "1/2"]}, {"variable": 0}, {"sub": [1, 2]}, {"apply": ["abs", 3]},
        {"add": [4, 3]}, {"div": [5, 0]}, {"power": [6, "4"]}, {"power": [3, "4"]}, {"number": "0"},
        {"sub": [2, 1]}, {"number": "3"}, {"power": [11, "1/2"]}, {"number": "12"}, {"power": [13, "1/2"]},
        {"mul": [0, 12]}, {"sub": [14, 15]}, {"number": "1000000000"}, {"mul": [17, 16]}, {"add": [1, 18]},
    ]);
    let tail = json!({"from": "2", "keep": 4});
    let left = json!({"left": tail, "cuts": ["-2", "3"]});
    let right = json!({"cuts": ["0", "3"], "right": {"from": "3", "keep": 4}});
    let side = |multiplicity: u8| {
        let zero = json!({"multiple": {"to": "3", "at": 19, "multiplicity": multiplicity}});
        json!({"cells": {"left": tail, "start": "-2", "cells": [zero], "order": 0}})
    };
    let rising = json!({"cells": {
        "start": "0", "cells": [{"multiple": {"to": "3", "at": 19, "multiplicity": 1}}],
        "right": {"from": "3", "keep": 4}, "order": 0,
    }});
    let pieces = json!([
        {"until": 19, "resolutions": [{"node": 4, "by": 3, "nonnegative": side(1)}], "form": 8,
         "defined": left, "analytic": left},
        {"resolutions": [{"node": 4, "by": 10, "nonnegative": rising}], "form": 9, "defined": right, "analytic": right},
    ]);
    let charts = json!([side(3), {"zero": {}}]);
    let claims = json!([
        {"kind": "critical_points", "charts": charts},
        {"kind": "polyak_lojasiewicz", "mu": "1/1000", "charts": charts,
         "left": [{"to": "1/4", "rising": true}, {"to": "-2", "rising": true}],
         "left_tail": {"tail": tail, "rising": true}, "right": [], "order": 0},
    ]);
    let outcome = judged(&certificate(nodes, 7, ["-inf", "inf"], pieces, claims));
    assert!(outcome[0].as_ref().is_ok_and(Theorem::holds), "{outcome:?}");
    assert!(
        outcome[1].as_ref().is_err_and(|why| why.contains("rational ends")),
        "{outcome:?}"
    );
}

#[test]
fn expressions_of_the_kernel_are_not_for_certificates() {
    let nodes = json!([{"variable": 0}, {"power": [0, "2"]}]);
    let cover = json!({"left": {"from": "1", "keep": 2}, "cuts": ["-1", "1"], "right": {"from": "1", "keep": 2}});
    let pieces = json!([{"form": 1, "analytic": cover}]);
    // The first claim makes the kernel write down 2 w and 0; the others try to use them.
    let claims = json!([
        {"kind": "origin_is_critical"},
        {"kind": "higher_critical_point", "about": "pl_inequality", "point": {"exact": {"at": 3}}, "below": "0"},
        {"kind": "global_minimum", "about": "attains_minimum", "at": 3, "charts": [{"polynomial": {"roots": [["0", "0"]]}}]},
        {"kind": "analytic", "form": 4_000_000_000u32, "cover": cover},
    ]);
    let outcome = judged(&certificate(nodes, 1, ["-inf", "inf"], pieces, claims));
    assert!(outcome[0].is_ok());
    for refused in &outcome[1..] {
        assert!(
            refused.as_ref().is_err_and(|why| why.contains("not in the list")),
            "{refused:?}"
        );
    }
}
