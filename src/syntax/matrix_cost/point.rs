//! Files with the layers of a network: `W1 = [[1, 0], ["1/2", 2]]`, `W2 = ...`.

use crate::kernel::certificate::Exact;
use crate::kernel::saddles::data::Rows;
use crate::problem::{Diagnostic, DiagnosticKind, Source};
use crate::syntax::cost_file::{in_order, read_file};
use crate::syntax::quoted;

/// Reads the layers W1, W2, ... from a file.
///
/// Errors: the text and everything that is wrong with it. Panics: never.
pub fn parse_point_file(name: &str, bytes: &[u8]) -> Result<Vec<Rows>, (Source, Vec<Diagnostic>)> {
    read_file(name, bytes, |reader| {
        let document = reader.document()?;
        let mut layers: Vec<(usize, Rows)> = Vec::new();
        let before = reader.diagnostics.len();
        for (key, span, value) in in_order(&document) {
            let number = key.strip_prefix('W').map(|rest| rest.trim_start_matches('_'));
            let Some(number) = number.and_then(|number| number.parse::<usize>().ok()) else {
                let kind = DiagnosticKind::UnknownKey {
                    key: quoted(key),
                    suggestion: None,
                };
                let diagnostic = Diagnostic::at(kind, span, "");
                reader
                    .diagnostics
                    .push(diagnostic.with_help("the keys are W1, W2, ..., one for every layer"));
                continue;
            };
            if let Some(constant) = reader.constant(key, value) {
                let rows = constant.rows.into_iter();
                layers.push((number, rows.map(|row| row.into_iter().map(Exact).collect()).collect()));
            }
        }
        if reader.diagnostics.len() > before {
            return None;
        }
        layers.sort_by_key(|(number, _)| *number);
        let missing = (1..=layers.len())
            .zip(&layers)
            .find(|(expected, (number, _))| expected != number);
        if missing.is_some() || layers.is_empty() {
            let diagnostic = Diagnostic::new(DiagnosticKind::MissingKey { key: "W1, W2, ..." });
            reader
                .diagnostics
                .push(diagnostic.with_help("every layer is a matrix of its own, from W1 on"));
            return None;
        }
        Some(layers.into_iter().map(|(_, rows)| rows).collect())
    })
}
