//! The bytes of a file as a text, and all complaints about it in order.

use super::{DIAGNOSTICS, TEXT};
use crate::problem::{Diagnostic, DiagnosticKind, Source};

/// Reads a file by a rule that answers `None` only with a diagnostic; `name` is how the user knows the file.
///
/// Errors: the text and everything that is wrong with it, at most [`DIAGNOSTICS`] mistakes. Panics: never.
pub(super) fn read<'text, T>(
    name: &str,
    bytes: &'text [u8],
    rule: impl FnOnce(&'text str) -> (Option<T>, Vec<Diagnostic>),
) -> Result<T, (Source, Vec<Diagnostic>)> {
    let source = |text: &str| Source {
        name: name.to_owned(),
        text: text.to_owned(),
    };
    if bytes.len() > TEXT {
        let kind = DiagnosticKind::TooLong {
            limit: TEXT,
            unit: "bytes",
        };
        return Err((source(""), vec![Diagnostic::new(kind)]));
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let kind = DiagnosticKind::NotUtf8 {
                offset: error.valid_up_to(),
            };
            return Err((source(""), vec![Diagnostic::new(kind)]));
        }
    };
    let (outcome, mut diagnostics) = rule(text);
    match outcome {
        Some(value) if diagnostics.is_empty() => Ok(value),
        _ => {
            let place = |diagnostic: &Diagnostic| diagnostic.labels.first().map(|(span, _)| span.start);
            // Complaints about the file as a whole come first.
            diagnostics.sort_by_key(place);
            diagnostics.truncate(DIAGNOSTICS);
            Err((source(text), diagnostics))
        }
    }
}
