//! Claims as JSON, schema `foliate/1`.

use super::super::json::{mistake, ordered, result, summary, written};
use super::super::{SCHEMA, Summary};
use super::{ClaimReport, ClaimRow};
use serde_json::{Value, json};

/// One document for one claim file.
pub fn render(command: &str, report: &ClaimReport) -> String {
    written(&document(command, report))
}

/// One document for several claim files.
pub fn render_all(command: &str, reports: &[ClaimReport]) -> String {
    let total = reports
        .iter()
        .map(ClaimReport::summary)
        .fold(Summary::default(), Summary::plus);
    let documents = reports.iter().map(|report| document(command, report));
    written(&ordered([
        ("schema", json!(SCHEMA)),
        ("command", json!(command)),
        ("reports", documents.collect()),
        ("summary", summary(total)),
    ]))
}

fn document(command: &str, report: &ClaimReport) -> Value {
    let axioms = report
        .axioms
        .iter()
        .map(|axiom| json!({"name": axiom.name, "statement": axiom.statement, "requires": axiom.requires}));
    let readings = report
        .readings
        .iter()
        .map(|(values, reading)| json!({"values": values, "reading": reading}));
    let mut fields = vec![
        ("schema", json!(SCHEMA)),
        ("command", json!(command)),
        (
            "input",
            json!({"name": report.input.name, "sha256": report.input.sha256}),
        ),
        ("id", json!(report.id)),
        ("title", json!(report.title)),
        ("source", json!(report.source)),
        ("why", json!(report.why)),
        ("readings", readings.collect()),
        ("results", report.claims.iter().map(claim).collect()),
        ("axioms", axioms.collect()),
        ("summary", summary(report.summary())),
    ];
    if !report.errors.is_empty() {
        fields.push(("errors", report.errors.iter().map(mistake).collect()));
    }
    ordered(fields)
}

fn claim(claim: &ClaimRow) -> Value {
    let mut value = result(&claim.row);
    let steps = claim.steps.iter();
    let steps = steps.map(|step| {
        let [name, value] = &step.text;
        json!({"name": name, "value": value})
    });
    let erratum = claim.erratum.as_ref().map(|erratum| {
        json!({
            "class": erratum.class,
            "where": erratum.location,
            "printed": erratum.printed,
            "correct": erratum.correct,
        })
    });
    if let Some(fields) = value.as_object_mut() {
        let expected = if claim.refuted { "refuted" } else { "proved" };
        fields.insert("expected".to_owned(), json!(expected));
        fields.insert("as_expected".to_owned(), json!(claim.holds()));
        fields.insert("how".to_owned(), json!(claim.how));
        fields.insert("kernel_seconds".to_owned(), json!(claim.kernel_seconds));
        fields.insert("why".to_owned(), json!(claim.why));
        fields.insert("derived".to_owned(), steps.collect());
        fields.insert("instances".to_owned(), claim.instances.iter().map(result).collect());
        fields.insert("erratum".to_owned(), json!(erratum));
    }
    value
}
