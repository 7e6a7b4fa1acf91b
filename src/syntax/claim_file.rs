//! Claim files: TOML whose keys are checked, whose formulas are read, and whose mistakes are all reported at once.

use super::cost_file::{hexadecimal, in_order};
use super::text_file;
use crate::problem::claim_file::{ClaimFile, Placed};
use crate::problem::{ClaimMistake, Diagnostic, DiagnosticKind, Source, Span};
use sha2::{Digest, Sha256};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

mod claims;
mod declarations;
mod given;
pub use given::add_instance;
mod statements;
#[cfg(test)]
mod tests;
mod values;

/// The keys of a claim file.
const KEYS: [&str; 14] = [
    "id",
    "title",
    "source",
    "why",
    "index",
    "each",
    "symbols",
    "functions",
    "constants",
    "let",
    "dot",
    "assume",
    "axiom",
    "claim",
];

/// Reads a claim file; `name` is how the user knows it, a path for instance.
///
/// Errors: the text and everything that is wrong with it, at most [`DIAGNOSTICS`] mistakes. Panics: never.
pub fn parse_claim_file(name: &str, bytes: &[u8]) -> Result<ClaimFile, (Source, Vec<Diagnostic>)> {
    text_file::read(name, bytes, |text| {
        let mut reader = Reader {
            text,
            diagnostics: Vec::new(),
        };
        let outcome = reader.file(name, bytes);
        (outcome, reader.diagnostics)
    })
}

/// A value of the file with its place.
type Value<'text> = Spanned<DeValue<'text>>;

struct Reader<'text> {
    text: &'text str,
    diagnostics: Vec<Diagnostic>,
}

impl<'text> Reader<'text> {
    /// The whole file; `None` only with a diagnostic.
    fn file(&mut self, name: &str, bytes: &[u8]) -> Option<ClaimFile> {
        if self.text.trim().is_empty() {
            let diagnostic = Diagnostic::new(DiagnosticKind::EmptyFile);
            self.diagnostics
                .push(diagnostic.with_help("proofs/README.md has a claim file to copy"));
            return None;
        }
        let (document, errors) = DeTable::parse_recoverable(self.text);
        // One slip makes the reader stumble several times; only the first place is sure to be wrong.
        let first = errors
            .iter()
            .min_by_key(|error| error.span().map_or(0, |span| span.start));
        if let Some(error) = first {
            let message = error.message().to_owned();
            let kind = DiagnosticKind::Toml { message };
            self.diagnostics.push(match error.span() {
                Some(span) => Diagnostic::at(kind, span.into(), ""),
                None => Diagnostic::new(kind),
            });
            return None;
        }
        let table = document.get_ref();
        self.check_keys(table, "a claim file", &KEYS);
        for key in ["id", "title"] {
            if !table.contains_key(key) {
                let kind = DiagnosticKind::MissingKey { key };
                let help = format!("add a line such as {key} = \"...\"");
                self.diagnostics.push(Diagnostic::new(kind).with_help(help));
            }
        }
        let id = self.string(table, "id");
        let title = self.string(table, "title");
        let file = ClaimFile {
            source: Source {
                name: name.to_owned(),
                text: self.text.to_owned(),
            },
            sha256: hexadecimal(&Sha256::digest(bytes)),
            id: id.unwrap_or_else(|| Placed {
                value: String::new(),
                span: Span::from(0..0),
            }),
            title: title.map(|title| title.value).unwrap_or_default(),
            reference: self.string(table, "source").map(|text| text.value),
            why: self.string(table, "why").map(|text| text.value),
            index: self.quantities(table, "index"),
            each: self.quantities(table, "each"),
            symbols: self.symbols(table, "symbols"),
            functions: self.symbols(table, "functions"),
            constants: self.names(table, "constants"),
            definitions: self.equations(table, "let"),
            motions: self.equations(table, "dot"),
            assumptions: self.assumptions(table),
            axioms: self.axioms(table),
            claims: self.claims(table),
        };
        if !table.contains_key("claim") && !table.contains_key("axiom") {
            let diagnostic = Diagnostic::new(ClaimMistake::NoClaims.into());
            self.diagnostics
                .push(diagnostic.with_help("add a table [[claim]] with a line such as equal = [\"dot(C)\", \"0\"]"));
        }
        Some(file)
    }
}
