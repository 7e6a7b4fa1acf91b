//! The report as JSON, schema `foliate/1`; `docs/architecture.md` says what may change.

use super::{Mistake, Report, Row, SCHEMA, Summary, TheoremRow};
use serde_json::{Map, Value, json};

/// One document for one report.
pub fn render(report: &Report) -> String {
    written(&document(report))
}

/// One document for several reports.
pub fn render_all(command: &str, reports: &[Report]) -> String {
    let total = reports
        .iter()
        .map(Report::summary)
        .fold(Summary::default(), Summary::plus);
    written(&ordered([
        ("schema", json!(SCHEMA)),
        ("command", json!(command)),
        ("reports", reports.iter().map(document).collect()),
        ("summary", summary(total)),
    ]))
}

pub(super) fn written(document: &Value) -> String {
    // Indented: people look at these too. `{:#}` of a JSON value cannot fail.
    format!("{document:#}\n")
}

fn document(report: &Report) -> Value {
    let mut fields = vec![
        ("schema", json!(SCHEMA)),
        ("command", json!(report.command)),
        (
            "input",
            json!({"name": report.input.name, "sha256": report.input.sha256}),
        ),
        ("title", json!(report.title)),
        ("reading", json!(report.reading)),
        ("results", report.rows.iter().map(result).collect()),
        ("theorems", report.theorems.iter().map(theorem).collect()),
        ("facts", facts(report)),
        ("notes", json!(report.notes)),
        ("summary", summary(report.summary())),
    ];
    if !report.derived.is_empty() {
        let equations = report.derived.iter();
        let equations = equations.map(|equation| json!({"name": equation.name, "value": equation.value}));
        fields.push(("derived", equations.collect()));
    }
    if let Some(trajectory) = &report.trajectory {
        fields.push(("trajectory", trajectory.json()));
    }
    if !report.saddles.is_empty() {
        let points = report.saddles.iter().map(|point| point.json());
        fields.push(("critical_points", points.collect()));
    }
    if let Some(binding) = &report.binding {
        fields.push(("compared", json!({"file": binding.file, "matches": binding.matches})));
    }
    if let Some(contradictions) = &report.contradictions {
        fields.push(("contradictions", json!(contradictions)));
    }
    if !report.errors.is_empty() {
        fields.push(("errors", report.errors.iter().map(mistake).collect()));
    }
    ordered(fields)
}

pub(super) fn result(row: &Row) -> Value {
    let tried: Value = row
        .tried
        .iter()
        .map(|one| json!({"method": one.method, "outcome": one.outcome}))
        .collect();
    ordered([
        ("id", json!(row.id)),
        ("verdict", json!(row.ruling.name())),
        ("statement", json!(row.statement)),
        ("clause", json!(row.clause)),
        ("witness", json!(row.witness)),
        ("rests_on", json!(row.rests_on)),
        ("reason", json!(row.obstacle.as_ref().map(|obstacle| &obstacle.reason))),
        (
            "help",
            json!(row.obstacle.as_ref().and_then(|obstacle| obstacle.help.as_ref())),
        ),
        ("tried", tried),
        ("seconds", json!(row.seconds)),
    ])
}

fn theorem(row: &TheoremRow) -> Value {
    ordered([
        ("id", json!(row.id)),
        ("title", json!(row.title)),
        ("applies", json!(row.applies.to_string())),
        ("uses", json!(row.uses)),
        ("missing", json!(row.missing)),
        ("rests_on", json!(row.rests_on)),
        ("predicts", json!(row.predicts)),
    ])
}

fn facts(report: &Report) -> Value {
    let facts = &report.facts;
    let points = facts.critical_points.as_ref().map(|points| {
        let rows = points.iter().map(|point| {
            let [lo, hi] = &point.bounds;
            ordered([
                ("kind", json!(point.kind)),
                ("location", json!(point.location)),
                ("lo", json!(lo)),
                ("hi", json!(hi)),
                ("value", json!(point.value)),
                ("global", json!(point.global.to_string())),
            ])
        });
        rows.collect::<Value>()
    });
    let minimum = facts
        .minimum
        .as_ref()
        .map(|minimum| json!({"at": minimum.at, "value": minimum.value}));
    ordered([
        ("derivative", json!(facts.derivative)),
        ("slope_at_origin", json!(facts.slope_at_origin)),
        ("critical_points", json!(points)),
        ("minimum", json!(minimum)),
        ("pl_constant", json!(facts.pl_constant)),
        ("pl_constant_at_most", json!(facts.pl_constant_at_most)),
        ("lipschitz_constant", json!(facts.lipschitz_constant)),
    ])
}

pub(super) fn mistake(mistake: &Mistake) -> Value {
    let (line, column) = mistake.place.unzip();
    json!({"message": mistake.message, "line": line, "column": column, "help": mistake.help})
}

pub(super) fn summary(summary: Summary) -> Value {
    ordered([
        ("proved", json!(summary.proved)),
        ("refuted", json!(summary.refuted)),
        ("undecided", json!(summary.undecided)),
        ("not_applicable", json!(summary.not_applicable)),
        ("rejected", json!(summary.rejected)),
        ("failed", json!(summary.failed)),
    ])
}

/// An object; its keys come out in an order that depends on nothing but their names or places.
pub(super) fn ordered<'a>(fields: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
    Value::Object(
        fields
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect::<Map<_, _>>(),
    )
}
