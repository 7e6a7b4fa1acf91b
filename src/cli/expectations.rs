//! Compares verdicts with what the author of a cost file expects of them, the `[truth]` table.

use super::Status;
use crate::kernel::theorem::Hypothesis;
use crate::report::{Row, Ruling};

/// What the author says about each hypothesis, in the order of the report.
pub(super) struct Expectations(Vec<(Hypothesis, Expected)>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    Holds,
    Fails,
    MakesNoSense,
}

impl Expectations {
    /// Reads the entries `H1` to `H8` of a table; others are for other readers.
    ///
    /// Errors: a sentence about an entry that is neither a boolean nor one of the words allowed, or about a table
    /// that expects nothing.
    pub(super) fn read(truth: Option<&toml::Table>) -> Result<Self, String> {
        let mut expected = Vec::new();
        for (place, hypothesis) in Hypothesis::EIGHT.into_iter().enumerate() {
            let key = format!("H{}", place + 1);
            let value = truth.and_then(|truth| truth.get(&key));
            let expectation = match value {
                None => continue,
                Some(toml::Value::Boolean(true)) => Expected::Holds,
                Some(toml::Value::Boolean(false)) => Expected::Fails,
                Some(toml::Value::String(word)) if word == "na" => Expected::MakesNoSense,
                Some(toml::Value::String(word)) if word == "unknown" => continue,
                Some(_) => return Err(format!("[truth] {key} must be true, false, \"na\" or \"unknown\"")),
            };
            expected.push((hypothesis, expectation));
        }
        if expected.is_empty() {
            return Err("--expect needs a [truth] table with some of H1 to H8".to_owned());
        }
        Ok(Expectations(expected))
    }

    /// The contradictions in words, and how the comparison ends.
    pub(super) fn compare(&self, rows: &[Row]) -> (Vec<String>, Status) {
        let mut contradictions = Vec::new();
        let mut status = Status::Proved;
        for (hypothesis, expected) in &self.0 {
            let Some(row) = rows.iter().find(|row| row.id == hypothesis.name()) else {
                continue;
            };
            match compare(*expected, row.ruling) {
                Status::Refuted => {
                    let expected = match expected {
                        Expected::Holds => "that it holds",
                        Expected::Fails => "that it fails",
                        Expected::MakesNoSense => "that it makes no sense",
                    };
                    contradictions.push(format!("{}: {}, but the file expects {expected}", row.id, row.ruling));
                    status = status.max(Status::Refuted);
                }
                other => status = status.max(other),
            }
        }
        (contradictions, status)
    }
}

fn compare(expected: Expected, ruling: Ruling) -> Status {
    match (expected, ruling) {
        (Expected::Holds | Expected::Fails, Ruling::UNDECIDED) => Status::Undecided,
        (Expected::Holds, ruling) if ruling.is_proof_of_the_negation() => Status::Refuted,
        (Expected::Fails, ruling) if !ruling.is_proof_of_the_negation() => Status::Refuted,
        // Vacuous truth and a question that makes no sense are the same to an author; a refutation is not.
        (Expected::MakesNoSense, ruling) if ruling.is_proof_of_the_negation() => Status::Refuted,
        _ => Status::Proved,
    }
}
