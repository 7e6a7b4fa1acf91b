//! One report about claims, seen through every view; its theorem comes from the kernel, there is no other way.

use super::super::text::{Detail, Look};
use super::*;
use crate::kernel::check_theory;
use crate::kernel::free::data::TheoryCertificate;
use crate::verdict::{Reason, Verdict};

const CERTIFICATE: &str = r#"{
  "schema": "foliate-theory/1",
  "input": {"name": "a.toml", "sha256": "00"},
  "parts": [{
    "theory": {
      "sizes": ["n"],
      "symbols": [{"name": "A", "rows": {"factor": 1, "size": {"name": 0}}, "columns": {"factor": 1, "size": {"name": 0}}}],
      "functions": [],
      "nodes": [{"symbol": 0}, {"transpose": 0}, {"transpose": 1}, {"number": "0"}],
      "definitions": [],
      "motions": []
    },
    "claims": [{"id": "T.twice", "statement": {"equal": [2, 0]}, "argument": {"compute": {}}}]
  }]
}"#;
/// Text that does harm wherever it is not made harmless.
const HOSTILE: &str = "50% & $more_{}\\input{x} <script>\u{1b}[31m red \u{202e}";

/// A report with a proved and an open claim, and hostile text wherever an author can put some.
fn report() -> ClaimReport {
    let certificate: TheoryCertificate = serde_json::from_str(CERTIFICATE).unwrap();
    let theorem = check_theory(&certificate).unwrap().remove(0).unwrap();
    let steps = vec![Equation {
        text: ["A''".to_owned(), "A".to_owned()],
        latex: ["(A^{\\mathsf T})^{\\mathsf T}".to_owned(), "A".to_owned()],
    }];
    let proved = ClaimRow {
        row: Row::of_claim("T.twice", &Verdict::Proved(theorem), "", 0.5),
        refuted: false,
        as_expected: true,
        how: "normal form".to_owned(),
        kernel_seconds: 0.25,
        why: Some(HOSTILE.to_owned()),
        instances: Vec::new(),
        steps,
        formula: Some(Relation {
            members: vec!["(A^{\\mathsf T})^{\\mathsf T}".to_owned(), "A".to_owned()],
            sign: "=",
        }),
        erratum: None,
    };
    let verdict = Verdict::Undecided {
        reason: Reason::Budget { option: "--timeout" },
        tried: Vec::new(),
    };
    let mut open = Row::of_claim("T.open", &verdict, "", 1.0);
    open.clause = HOSTILE.to_owned();
    let open = ClaimRow {
        row: open,
        refuted: true,
        as_expected: false,
        how: String::new(),
        steps: Vec::new(),
        formula: None,
        erratum: Some(ErratumRow {
            class: "S".to_owned(),
            location: HOSTILE.to_owned(),
            printed: HOSTILE.to_owned(),
            correct: HOSTILE.to_owned(),
        }),
        ..proved.clone()
    };
    ClaimReport {
        input: Input {
            name: "a\u{1b}.toml".to_owned(),
            sha256: Some("00".to_owned()),
        },
        id: "T".to_owned(),
        title: HOSTILE.to_owned(),
        source: Some(HOSTILE.to_owned()),
        why: None,
        readings: vec![(String::new(), "A: n x n".to_owned())],
        axioms: vec![AxiomRow {
            name: "lemma".to_owned(),
            statement: HOSTILE.to_owned(),
            requires: vec![HOSTILE.to_owned()],
        }],
        claims: vec![proved, open],
        errors: Vec::new(),
    }
}

fn look(detail: Detail) -> Look {
    Look {
        color: false,
        width: 100,
        detail,
    }
}

#[test]
fn text_view() {
    let reports = [report()];
    let look = look(Detail::Usual);
    let view = [table(&reports, look), total(&reports), errata(&reports, look)].join("\n");
    assert!(!view.contains('\u{1b}') && !view.contains('\u{202e}'));
    insta::assert_snapshot!("claims-text", view);
}

#[test]
fn explained_view() {
    let view = explain(&report(), look(Detail::Usual));
    assert!(!view.contains('\u{1b}') && !view.contains('\u{202e}'));
    insta::assert_snapshot!("claims-explain", view);
}

#[test]
fn json_view() {
    let view = json("prove", &report());
    let parsed: serde_json::Value = serde_json::from_str(&view).unwrap();
    assert_eq!(parsed["title"], HOSTILE);
    insta::assert_snapshot!("claims-json", view);
}

#[test]
fn latex_view() {
    let view = latex(&report());
    assert!(!view.contains("\\input") && !view.contains('\u{1b}'));
    insta::assert_snapshot!("claims-latex", view);
}

#[test]
fn long_lines_are_broken_between_terms() {
    let mut report = report();
    let sum = ["\\frac{x_{1}^{2} + y}{1 + z}\\,\\left(a - b\\right)"; 9].join(" - ");
    let step = Equation {
        text: Default::default(),
        latex: ["\\dot{x}".to_owned(), format!("-{sum}")],
    };
    let inside = Equation {
        text: Default::default(),
        latex: [
            "\\dot{y}".to_owned(),
            format!("2\\,\\sum_{{j=1}}^{{N}} \\left({sum}\\right)"),
        ],
    };
    report.claims.truncate(1);
    report.claims[0].steps = vec![step, inside];
    insta::assert_snapshot!("claims-long-lines", latex(&report));
}
