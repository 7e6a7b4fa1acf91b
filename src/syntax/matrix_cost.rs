//! Cost files of matrices: `kind = "matrix"`, a shape, a formula, and constants that may be matrices.

use super::cost_file::{Place, Reader, hexadecimal, in_order, read_file};
use super::formula::parse_formula;
use super::{advice, lexer, quoted};
use crate::kernel::expr::{Id, Table};
use crate::kernel::limits;
use crate::problem::matrix_cost::Constant;
use crate::problem::{Diagnostic, DiagnosticKind, MatrixCost, Source, Span};
use elaborate::Elaborator;
use rug::Rational;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

mod arithmetic;
mod domain;
pub(super) mod elaborate;
mod entrywise;
mod functions;
mod point;
#[cfg(test)]
mod tests;

pub use domain::with_domain;
pub use point::parse_point_file;

/// The keys of a cost file of matrices.
const KEYS: [&str; 10] = [
    "name",
    "kind",
    "n",
    "m",
    "cost",
    "domain",
    "constants",
    "parameters",
    "truth",
    "expect",
];

/// Whether a text is a cost file that says `kind = "matrix"`; a text that is no cost file at all is not. Panics: never.
pub fn is_matrix_cost(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return false;
    };
    let (document, _) = DeTable::parse_recoverable(text);
    let kind = document.get_ref().get("kind");
    kind.and_then(|kind| kind.get_ref().as_str()) == Some("matrix")
}

/// Reads a cost file of matrices; `name` is how the user knows it, a path for instance.
///
/// Errors: the text and everything that is wrong with it. Panics: never.
pub fn parse_matrix_cost(name: &str, bytes: &[u8]) -> Result<MatrixCost, (Source, Vec<Diagnostic>)> {
    read_file(name, bytes, |reader| reader.matrix_cost(name, bytes))
}

/// Reads a cost of a `size` x `size` matrix given on the command line, as if it stood in a file.
///
/// Errors: as [`parse_matrix_cost`]; the text is the file that was put together. Panics: never.
pub fn inline_matrix_cost(expression: &str, size: u16) -> Result<MatrixCost, (Source, Vec<Diagnostic>)> {
    let cost = toml::Value::from(expression);
    let text = format!("kind = \"matrix\"\nn = {size}\ncost = {cost}\n");
    parse_matrix_cost("command line", text.as_bytes())
}

impl<'text> Reader<'text> {
    /// The cost of the whole file; `None` only with a diagnostic.
    fn matrix_cost(&mut self, name: &str, bytes: &[u8]) -> Option<MatrixCost> {
        let document = self.document()?;
        let table = &document;
        self.check_keys(table, &KEYS);
        let shape = self.shape(table);
        let constants = self.constants(table);
        let own_name = self.string(table, "name").map(|(value, _)| value.to_owned());
        let expects_domain_error = self.expects_domain_error(table);
        let truth = self.truth(table);
        let sizes = shape.map(|shape| shape.map(usize::from));
        let domain = self.matrix_domain(table, sizes, &constants);
        let (mut elaborated, root, cost_span) = self.formula(table, sizes, domain.definite, &constants)?;
        let [rows, columns] = shape?;
        Some(MatrixCost {
            name: own_name.unwrap_or_else(|| name.to_owned()),
            source: Source {
                name: name.to_owned(),
                text: self.text.to_owned(),
            },
            rows,
            columns,
            conditions: domain.conditions(&mut elaborated),
            definite: domain.definite,
            domain: domain.text,
            table: elaborated,
            root,
            cost_span,
            constants,
            truth,
            expects_domain_error,
            sha256: hexadecimal(&Sha256::digest(bytes)),
        })
    }

    /// The numbers of rows and columns of W: `n`, and `m` if there is one.
    fn shape(&mut self, table: &DeTable<'text>) -> Option<[u16; 2]> {
        let Some(written) = table.get("m") else {
            return self.size(table).map(|size| [size, size]);
        };
        let rows = self.width(table, "n", limits::COST_ENTRIES);
        let columns = self.width(table, "m", limits::COST_ENTRIES);
        let (rows, columns) = (rows?, columns?);
        if usize::from(rows) * usize::from(columns) > limits::COST_ENTRIES {
            let kind = DiagnosticKind::UnknownValue {
                key: "m",
                value: quoted(self.text.get(written.span()).unwrap_or_default()),
                allowed: "a size with which W has at most 64 entries",
            };
            self.diagnostics.push(Diagnostic::at(kind, written.span().into(), ""));
            return None;
        }
        Some([rows, columns])
    }

    /// The number of rows and columns of a square W.
    pub(super) fn size(&mut self, table: &DeTable<'text>) -> Option<u16> {
        self.width(table, "n", limits::COST_ENTRIES.isqrt())
    }

    /// A whole number from 1 to `most`, which is 8 or 64.
    fn width(&mut self, table: &DeTable<'text>, key: &'static str, most: usize) -> Option<u16> {
        let Some(value) = table.get(key) else {
            let diagnostic = Diagnostic::new(DiagnosticKind::MissingKey { key });
            self.diagnostics
                .push(diagnostic.with_help("add a line such as n = 2 for a 2 x 2 matrix W"));
            return None;
        };
        let size = match value.get_ref() {
            DeValue::Integer(integer) if integer.radix() == 10 => integer.as_str().parse::<u16>().ok(),
            DeValue::Integer(_) => None,
            _ => {
                self.wrong_type(key, "a whole number", value);
                return None;
            }
        };
        let size = size.filter(|size| (1..=most).contains(&usize::from(*size)));
        if size.is_none() {
            let kind = DiagnosticKind::UnknownValue {
                key,
                value: quoted(self.text.get(value.span()).unwrap_or_default()),
                allowed: if most == limits::COST_ENTRIES {
                    "a size from 1 to 64"
                } else {
                    "a size from 1 to 8"
                },
            };
            self.diagnostics.push(Diagnostic::at(kind, value.span().into(), ""));
        }
        size
    }

    /// The cost of a matrix of this shape, written out in the entries, and its place.
    pub(super) fn formula(
        &mut self,
        table: &DeTable<'text>,
        shape: Option<[usize; 2]>,
        definite: bool,
        constants: &[(String, Constant)],
    ) -> Option<(Table, Id, Span)> {
        if !table.contains_key("cost") {
            let diagnostic = Diagnostic::new(DiagnosticKind::MissingKey { key: "cost" });
            self.diagnostics
                .push(diagnostic.with_help("add a line such as cost = \"norm2(W)\""));
        }
        let (value, span) = self.string(table, "cost")?;
        let place = Place::of(self.text, value, span);
        let declared = self.declared(table);
        let formula = match parse_formula(value) {
            Ok(formula) => formula,
            Err(diagnostics) => {
                self.adopt(diagnostics, &place);
                return None;
            }
        };
        let [rows, columns] = shape?;
        let mut elaborator = match definite {
            true => Elaborator::symmetric(rows.min(columns), constants, &declared),
            false => Elaborator::new([rows, columns], constants, &declared),
        };
        let root = elaborator.cost(&formula);
        let (expressions, diagnostics) = elaborator.finish();
        self.adopt(diagnostics, &place);
        Some((expressions, root?, place.map(Span::from(0..value.len()))))
    }

    /// All names of constants, those whose values were refused included, to keep the complaints to the point.
    pub(super) fn declared(&self, table: &DeTable<'text>) -> Vec<String> {
        let tables = ["constants", "parameters"]
            .into_iter()
            .filter_map(|key| table.get(key)?.get_ref().as_table());
        tables
            .flat_map(|entries| entries.keys().map(|key| key.get_ref().to_string()))
            .collect()
    }

    /// The named numbers and matrices of both tables.
    pub(super) fn constants(&mut self, table: &DeTable<'text>) -> Vec<(String, Constant)> {
        let mut constants = Vec::new();
        let mut declared: BTreeMap<&str, Span> = BTreeMap::new();
        for key in ["constants", "parameters"] {
            let Some(value) = table.get(key) else { continue };
            let Some(entries) = value.get_ref().as_table() else {
                self.wrong_type(key, "a table", value);
                continue;
            };
            for (name, span, value) in in_order(entries) {
                let problem = if !lexer::is_name(name) {
                    DiagnosticKind::BadName { name: quoted(name) }
                } else if advice::is_matrix_name(name) {
                    DiagnosticKind::ReservedName { name: name.to_owned() }
                } else if declared.insert(name, span).is_some() {
                    DiagnosticKind::DuplicateName { name: quoted(name) }
                } else {
                    if let Some(constant) = self.constant(name, value) {
                        constants.push((name.to_owned(), constant));
                    }
                    continue;
                };
                self.diagnostics.push(Diagnostic::at(problem, span, ""));
            }
        }
        constants
    }

    /// A number, or an array of rows of numbers.
    fn constant(&mut self, name: &str, value: &Spanned<DeValue<'text>>) -> Option<Constant> {
        let Some(rows) = value.get_ref().as_array() else {
            return self.number(name, value).map(Constant::number);
        };
        let before = self.diagnostics.len();
        let mut read = Vec::new();
        for row in rows.iter() {
            match row.get_ref().as_array() {
                Some(entries) => read.push(self.row(name, entries)),
                None => self.wrong_type(name, "an array of rows, each an array of numbers", row),
            }
        }
        let columns = read.first().map_or(0, Vec::len);
        if self.diagnostics.len() > before {
            return None;
        }
        let ragged = read.iter().position(|row| row.len() != columns || row.is_empty());
        if let Some(place) = ragged.or(read.is_empty().then_some(0)) {
            let kind = DiagnosticKind::WrongShape {
                what: format!("row {} of `{}`", place + 1, quoted(name)),
                expected: if columns == 0 {
                    "a row of at least one number".to_owned()
                } else {
                    format!("as long as the first, which has {columns} entries")
                },
                found: format!("of {} entries", read.get(place).map_or(0, Vec::len)),
            };
            let span = rows.get(place).map_or(value.span(), Spanned::span);
            self.diagnostics.push(Diagnostic::at(kind, span.into(), ""));
            return None;
        }
        Some(Constant { rows: read })
    }

    /// The numbers of one row that can be read.
    fn row(&mut self, name: &str, entries: &DeArray<'text>) -> Vec<Rational> {
        entries.iter().filter_map(|entry| self.number(name, entry)).collect()
    }
}
