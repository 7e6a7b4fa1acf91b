//! One report, seen through every view; its theorems come from the kernel, there is no other way.

use super::text::{Detail, Look};
use super::*;
use crate::kernel::certificate::Certificate;
use crate::kernel::theorem::Hypothesis;
use crate::kernel::{Court, Rejection, Theorem};
use crate::verdict::{Attempt, Reason, Verdict};

const CERTIFICATE: &str = r#"{
  "schema": "foliate-certificate/1",
  "input": {"name": "factorization.toml", "sha256": "00"},
  "setting": {
    "nodes": [{"variable": 0}, {"number": "1"}, {"sub": [1, 0]}, {"power": [2, "2"]}],
    "cost": 3, "left": "-inf", "right": "inf", "precision": 128,
    "pieces": [{"form": 3, "analytic": {
      "left": {"from": "1", "keep": 4}, "cuts": ["-1", "1"], "right": {"from": "1", "keep": 4}
    }}]
  },
  "claims": [
    {"kind": "slope_at_origin", "about": "nonsingular_critical_points"},
    {"kind": "critical_points", "charts": [{"polynomial": {"roots": [["1", "1"]]}}]},
    {"kind": "bounded", "side": "left", "tail": {"from": "1", "keep": 4}, "monotone": false}
  ]
}"#;

/// The kernel's reading, its theorems, and its rejection of the last claim.
fn judged() -> (String, Vec<Theorem>, Rejection) {
    let certificate: Certificate = serde_json::from_str(CERTIFICATE).unwrap();
    let mut court = Court::open(&certificate).unwrap();
    let outcomes: Vec<_> = certificate.claims.iter().map(|claim| court.judge(claim)).collect();
    let theorems = outcomes.iter().flatten().cloned().collect();
    (court.reading().to_owned(), theorems, outcomes[2].clone().unwrap_err())
}

/// A report with something of every kind in it, and with hostile text.
fn report() -> Report {
    let (reading, theorems, rejection) = judged();
    let verdicts = [
        (
            Hypothesis::NonsingularCriticalPoints,
            Verdict::Proved(theorems[0].clone()),
        ),
        (
            Hypothesis::CriticalPointsAreMinimizers,
            Verdict::Proved(theorems[1].clone()),
        ),
        (
            Hypothesis::OriginNotMinimizer,
            Verdict::NotApplicable {
                why: "0 is not in the domain".to_owned(),
            },
        ),
        (
            Hypothesis::Proper,
            Verdict::Undecided {
                reason: Reason::Budget { option: "--timeout" },
                tried: vec![Attempt {
                    method: "tails",
                    outcome: "stuck at 50% & more".to_owned(),
                }],
            },
        ),
    ];
    let rows = verdicts
        .iter()
        .map(|(hypothesis, verdict)| Row::of_verdict(*hypothesis, verdict, &reading, 0.25));
    let mut rows: Vec<Row> = rows.collect();
    rows.push(Row::of_rejection(&Rejection {
        why: "\u{1b}[31m$x_1$ \\ \u{202e}".to_owned(),
        ..rejection.within("claims[2]")
    }));
    let theorem = TheoremRow {
        id: "A.cor6".to_owned(),
        title: "f(z(t)) tends to min f".to_owned(),
        applies: Answer::Unknown,
        uses: vec!["proper".to_owned()],
        missing: vec!["proper".to_owned()],
        rests_on: vec!["lojasiewicz".to_owned()],
        predicts: vec!["s = -1".to_owned()],
    };
    Report {
        title: Some("evil \u{7} name".to_owned()),
        reading: Some(reading),
        rows,
        theorems: vec![theorem],
        facts: Facts::of(theorems.iter()),
        notes: vec!["a note".to_owned()],
        ..Report::new(
            "check",
            Input {
                name: "factorization.toml".to_owned(),
                sha256: Some("00".to_owned()),
            },
        )
    }
}

fn look(color: bool, detail: Detail) -> Look {
    Look {
        color,
        width: text::PAGE,
        detail,
    }
}

#[test]
fn the_text_view() {
    let page = text::render(&report(), look(false, Detail::Everything));
    assert!(
        !page
            .chars()
            .any(|character| character.is_control() && character != '\n')
    );
    insta::assert_snapshot!("text", page);
    let narrow = text::render(
        &report(),
        Look {
            width: 60,
            ..look(false, Detail::Usual)
        },
    );
    assert!(narrow.lines().all(|line| line.chars().count() <= 60), "{narrow}");
}

#[test]
fn the_text_view_in_a_line() {
    let line = text::render(&report(), look(false, Detail::Line));
    assert_eq!(
        line,
        "factorization.toml: 2 proved, 1 undecided, 1 not applicable, 1 rejected\n"
    );
}

#[test]
fn colour_is_only_where_it_was_asked_for() {
    assert!(text::render(&report(), look(true, Detail::Usual)).contains('\u{1b}'));
    assert!(!text::render(&report(), look(false, Detail::Usual)).contains('\u{1b}'));
}

#[test]
fn the_json_view() {
    insta::assert_snapshot!("json", json::render(&report()));
}

#[test]
fn the_latex_view() {
    insta::assert_snapshot!("latex", latex::render(&report()));
}

#[test]
fn what_cannot_be_used_has_no_page() {
    let mut report = Report::new("check", Input::default());
    report.errors.push(Mistake {
        message: "no".to_owned(),
        place: Some((1, 2)),
        help: None,
    });
    assert_eq!(text::render(&report, look(true, Detail::Usual)), "");
    assert_eq!(latex::render(&report), "");
    assert_eq!(
        report.summary(),
        Summary {
            failed: 1,
            ..Summary::default()
        }
    );
}
