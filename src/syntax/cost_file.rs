//! Cost files: TOML whose keys are checked, whose numbers are exact, and whose mistakes are all reported at once.

use super::expression::{Names, Parsed, is_reserved, parse_constant, parse_expression};
use super::{advice, domain::parse_domain, lexer, number, quoted, text_file};
use crate::kernel::expr::{Id, Table};
use crate::problem::{Diagnostic, DiagnosticKind, Domain, ScalarCost, Source, Span};
use rug::{Integer, Rational};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

/// The keys of a cost file.
const KEYS: [&str; 8] = [
    "name",
    "kind",
    "cost",
    "domain",
    "constants",
    "parameters",
    "truth",
    "expect",
];

/// Reads a cost file; `name` is how the user knows it, a path for instance.
///
/// Errors: the text and everything that is wrong with it, at most [`DIAGNOSTICS`] mistakes. Panics: never.
pub fn parse_cost_file(name: &str, bytes: &[u8]) -> Result<ScalarCost, (Source, Vec<Diagnostic>)> {
    read_file(name, bytes, |reader| reader.cost(name, bytes))
}

/// Reads a file by a rule that answers `None` only with a diagnostic.
///
/// Errors: as [`parse_cost_file`].
pub(super) fn read_file<'text, T>(
    name: &str,
    bytes: &'text [u8],
    rule: impl FnOnce(&mut Reader<'text>) -> Option<T>,
) -> Result<T, (Source, Vec<Diagnostic>)> {
    text_file::read(name, bytes, |text| {
        let mut reader = Reader {
            text,
            diagnostics: Vec::new(),
        };
        let outcome = rule(&mut reader);
        (outcome, reader.diagnostics)
    })
}

/// Reads a cost given on the command line, exactly as if it stood in a file with these two keys.
///
/// Errors: as [`parse_cost_file`]; the text is the file that was put together. Panics: never.
pub fn inline_cost(expression: &str, domain: Option<&str>) -> Result<ScalarCost, (Source, Vec<Diagnostic>)> {
    let line = |key: &str, value: &str| format!("{key} = {}\n", toml::Value::from(value));
    let mut text = line("cost", expression);
    if let Some(domain) = domain {
        text.push_str(&line("domain", domain));
    }
    parse_cost_file("command line", text.as_bytes())
}

/// A key or value of the file with its place.
pub(super) type Entry<'table, 'text> = (&'table str, Span, &'table Spanned<DeValue<'text>>);

/// A cost file that is being read, and what is wrong with it so far.
pub(super) struct Reader<'text> {
    pub(super) text: &'text str,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl<'text> Reader<'text> {
    /// The keys and values of the file; `None` only with a diagnostic.
    pub(super) fn document(&mut self) -> Option<DeTable<'text>> {
        if self.text.trim().is_empty() {
            let diagnostic = Diagnostic::new(DiagnosticKind::EmptyFile);
            self.diagnostics
                .push(diagnostic.with_help("the smallest cost file is: cost = \"(1 - w)^2\""));
            return None;
        }
        let (document, errors) = DeTable::parse_recoverable(self.text);
        // One slip makes the reader stumble several times; only the first place is sure to be wrong.
        if let Some(error) = errors
            .iter()
            .min_by_key(|error| error.span().map_or(0, |span| span.start))
        {
            let kind = DiagnosticKind::Toml {
                message: error.message().to_owned(),
            };
            self.diagnostics.push(match error.span() {
                Some(span) => Diagnostic::at(kind, span.into(), ""),
                None => Diagnostic::new(kind),
            });
            return None;
        }
        Some(document.into_inner())
    }

    /// The cost of the whole file; `None` only with a diagnostic.
    fn cost(&mut self, name: &str, bytes: &[u8]) -> Option<ScalarCost> {
        let document = self.document()?;
        let table = &document;
        if !self.is_scalar(table) {
            return None;
        }
        self.check_keys(table, &KEYS);
        let constants = self.numbers(table, "constants");
        let parameters = self.numbers(table, "parameters");
        let names = self.names(table, &constants, &parameters);
        let own_name = self.string(table, "name").map(|(value, _)| value.to_owned());
        let expects_domain_error = self.expects_domain_error(table);
        let truth = self.truth(table);
        let (domain, domain_span) = self.domain(table, &names);
        let (expression, root, spans, cost_span) = self.expression(table, &names)?;
        Some(ScalarCost {
            name: own_name.unwrap_or_else(|| name.to_owned()),
            source: Source {
                name: name.to_owned(),
                text: self.text.to_owned(),
            },
            table: expression,
            root,
            domain: domain?,
            cost_span,
            domain_span: domain_span.unwrap_or(cost_span),
            spans,
            constants,
            parameters,
            truth,
            expects_domain_error,
            sha256: hexadecimal(&Sha256::digest(bytes)),
        })
    }

    /// Whether this is a scalar cost; otherwise nothing else in the file is worth reading.
    fn is_scalar(&mut self, table: &DeTable<'text>) -> bool {
        let Some((kind, span)) = self.string(table, "kind") else {
            return true;
        };
        let problem = match kind {
            "scalar" => return true,
            "matrix" => DiagnosticKind::Matrix,
            other => DiagnosticKind::UnknownValue {
                key: "kind",
                value: quoted(other),
                allowed: "`scalar` or `matrix`",
            },
        };
        self.diagnostics.push(Diagnostic::at(problem, span, ""));
        false
    }

    /// Complains about keys that mean nothing here.
    pub(super) fn check_keys(&mut self, table: &DeTable<'text>, keys: &[&'static str]) {
        for (key, span, _) in in_order(table) {
            if keys.contains(&key) {
                continue;
            }
            let diagnostic = if key == "n" {
                Diagnostic::at(DiagnosticKind::MatrixKey { key: "n" }, span, "")
                    .with_help("remove it, or write kind = \"matrix\"")
            } else {
                let suggestion = advice::nearest(key, keys.iter().copied());
                let known = suggestion.is_some();
                let diagnostic = Diagnostic::at(
                    DiagnosticKind::UnknownKey {
                        key: quoted(key),
                        suggestion,
                    },
                    span,
                    "",
                );
                if known {
                    diagnostic
                } else {
                    diagnostic.with_help(format!("the keys are {}", keys.join(", ")))
                }
            };
            self.diagnostics.push(diagnostic);
        }
    }

    /// The cost expression, which must be there and mention the variable.
    pub(super) fn expression(
        &mut self,
        table: &DeTable<'text>,
        names: &Names,
    ) -> Option<(Table, Id, BTreeMap<Id, Span>, Span)> {
        if !table.contains_key("cost") {
            let diagnostic = Diagnostic::new(DiagnosticKind::MissingKey { key: "cost" });
            self.diagnostics
                .push(diagnostic.with_help("add a line such as cost = \"(1 - w)^2\""));
        }
        let (value, span) = self.string(table, "cost")?;
        let place = Place::of(self.text, value, span);
        let mut expressions = Table::new();
        match parse_expression(value, names, &mut expressions) {
            Ok(Parsed { root, spans }) => {
                let cost_span = place.map(Span::from(0..value.len()));
                if !expressions.mentions(root, 0) {
                    let diagnostic = Diagnostic::at(DiagnosticKind::NoVariable, cost_span, "");
                    self.diagnostics.push(diagnostic.with_help("the variable is called w"));
                    return None;
                }
                let spans = spans.into_iter().map(|(id, span)| (id, place.map(span))).collect();
                Some((expressions, root, spans, cost_span))
            }
            Err(diagnostics) => {
                self.adopt(diagnostics, &place);
                None
            }
        }
    }

    /// The domain and its place; the real line if the file does not say.
    pub(super) fn domain(&mut self, table: &DeTable<'text>, names: &Names) -> (Option<Domain>, Option<Span>) {
        if !table.contains_key("domain") {
            return (Some(Domain::real_line()), None);
        }
        let Some((value, span)) = self.string(table, "domain") else {
            return (None, None);
        };
        let place = Place::of(self.text, value, span);
        match parse_domain(value, names) {
            Ok(domain) => (Some(domain), Some(place.map(Span::from(0..value.len())))),
            Err(diagnostics) => {
                self.adopt(diagnostics, &place);
                (None, None)
            }
        }
    }

    /// The named numbers of one table, in the order of the file.
    fn numbers(&mut self, table: &DeTable<'text>, key: &'static str) -> Vec<(String, Rational)> {
        let Some(value) = table.get(key) else { return Vec::new() };
        let Some(entries) = value.get_ref().as_table() else {
            self.wrong_type(key, "a table", value);
            return Vec::new();
        };
        let mut numbers = Vec::new();
        for (name, span, value) in in_order(entries) {
            let problem = if !lexer::is_name(name) {
                DiagnosticKind::BadName { name: quoted(name) }
            } else if is_reserved(name) {
                DiagnosticKind::ReservedName { name: name.to_owned() }
            } else {
                if let Some(value) = self.number(name, value) {
                    numbers.push((name.to_owned(), value));
                }
                continue;
            };
            self.diagnostics.push(Diagnostic::at(problem, span, ""));
        }
        numbers
    }

    /// One number: a TOML number read exactly from its text, or a string with a constant expression.
    pub(super) fn number(&mut self, name: &str, value: &Spanned<DeValue<'text>>) -> Option<Rational> {
        self.number_in(name, value, &Names::default(), "a constant cannot refer to another one")
    }

    /// The same for a string that may mention names; `advice` is what to say about any other name.
    pub(super) fn number_in(
        &mut self,
        name: &str,
        value: &Spanned<DeValue<'text>>,
        names: &Names,
        advice: &str,
    ) -> Option<Rational> {
        let span = Span::from(value.span());
        let result = match value.get_ref() {
            DeValue::Integer(integer) => {
                let radix = i32::try_from(integer.radix()).unwrap_or(10);
                let parsed = Integer::from_str_radix(integer.as_str(), radix).map(Rational::from);
                match parsed {
                    Ok(value) => number::bounded(value),
                    Err(_) => Err(DiagnosticKind::NotANumber {
                        text: quoted(integer.as_str()),
                    }),
                }
            }
            DeValue::Float(float) => number::parse_decimal(float.as_str()),
            DeValue::String(text) => {
                let place = Place::of(self.text, text, span);
                let tokens = lexer::tokens(text);
                let end = Span::from(text.len()..text.len());
                match parse_constant(text, &tokens, end, names) {
                    Ok(Some(value)) => Ok(value),
                    Ok(None) => Err(DiagnosticKind::NotANumber { text: quoted(text) }),
                    Err(mut diagnostics) => {
                        for diagnostic in &mut diagnostics {
                            if matches!(diagnostic.kind, DiagnosticKind::UnknownName { .. }) {
                                diagnostic.help = Some(advice.to_owned());
                            }
                        }
                        self.adopt(diagnostics, &place);
                        return None;
                    }
                }
            }
            _ => {
                self.wrong_type(name, "a number or a string with a number", value);
                return None;
            }
        };
        match result {
            Ok(value) => Some(value),
            Err(kind) => {
                self.diagnostics.push(Diagnostic::at(kind, span, ""));
                None
            }
        }
    }

    /// What the expression may refer to. A name whose value was refused is declared all the same, to keep the
    /// complaints to the point.
    fn names(
        &mut self,
        table: &DeTable<'text>,
        constants: &[(String, Rational)],
        parameters: &[(String, Rational)],
    ) -> Names {
        let mut names = Names::default();
        let mut declared: BTreeMap<&str, Span> = BTreeMap::new();
        for key in ["constants", "parameters"] {
            let entries = table.get(key).and_then(|value| value.get_ref().as_table());
            for (name, span, _) in entries.into_iter().flat_map(in_order) {
                names.declare(name, Rational::from(1));
                if let Some(first) = declared.insert(name, span) {
                    let kind = DiagnosticKind::DuplicateName { name: quoted(name) };
                    let diagnostic = Diagnostic::at(kind, span, "declared again here");
                    self.diagnostics.push(diagnostic.with_label(first, "declared here"));
                }
            }
        }
        for (name, value) in constants.iter().chain(parameters) {
            names.declare(name.as_str(), value.clone());
        }
        names
    }

    /// Whether the file says that its cost is undefined somewhere.
    pub(super) fn expects_domain_error(&mut self, table: &DeTable<'text>) -> bool {
        match self.string(table, "expect") {
            None => false,
            Some(("domain_error", _)) => true,
            Some((other, span)) => {
                let kind = DiagnosticKind::UnknownValue {
                    key: "expect",
                    value: quoted(other),
                    allowed: "`domain_error`",
                };
                self.diagnostics.push(Diagnostic::at(kind, span, ""));
                false
            }
        }
    }

    /// The expected answers, unread.
    pub(super) fn truth(&mut self, table: &DeTable<'text>) -> Option<toml::Table> {
        let value = table.get("truth")?;
        if !value.get_ref().is_table() {
            self.wrong_type("truth", "a table", value);
            return None;
        }
        match toml::Table::deserialize(ValueDeserializer::from(value.clone())) {
            Ok(truth) => Some(truth),
            Err(error) => {
                let span = error.span().map_or(Span::from(value.span()), Span::from);
                let kind = DiagnosticKind::Toml {
                    message: error.message().to_owned(),
                };
                self.diagnostics.push(Diagnostic::at(kind, span, ""));
                None
            }
        }
    }

    /// The string under a key, if there is one.
    pub(super) fn string<'table>(&mut self, table: &'table DeTable<'text>, key: &str) -> Option<(&'table str, Span)> {
        let value = table.get(key)?;
        match value.get_ref() {
            DeValue::String(text) => Some((text, value.span().into())),
            _ => {
                self.wrong_type(key, "a string", value);
                None
            }
        }
    }

    pub(super) fn wrong_type(&mut self, key: &str, expected: &'static str, value: &Spanned<DeValue<'text>>) {
        self.diagnostics.push(wrong_type(key, expected, value));
    }

    /// Takes over the complaints about a string of the file.
    pub(super) fn adopt(&mut self, diagnostics: Vec<Diagnostic>, place: &Place) {
        for mut diagnostic in diagnostics {
            for (span, _) in &mut diagnostic.labels {
                *span = place.map(*span);
            }
            self.diagnostics.push(diagnostic);
        }
    }
}

/// The complaint about a value of the wrong type.
pub(super) fn wrong_type(key: &str, expected: &'static str, value: &Spanned<DeValue<'_>>) -> Diagnostic {
    let found = match value.get_ref() {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "an array",
        DeValue::Table(_) => "a table",
    };
    let kind = DiagnosticKind::WrongType {
        key: quoted(key),
        expected,
        found,
    };
    Diagnostic::at(kind, value.span().into(), "")
}

/// Where the value of a TOML string stands in the file.
pub(super) enum Place {
    /// Byte for byte, from this offset.
    Verbatim(usize),
    /// With escapes in it, so that only the string as a whole can be pointed at.
    Escaped(Span),
}

impl Place {
    /// Finds a value in the text of its string, quotes included.
    pub(super) fn of(text: &str, value: &str, span: Span) -> Self {
        let raw = text.get(span.start..span.end).unwrap_or_default();
        for quotes in ["\"\"\"", "'''", "\"", "'"] {
            let Some(inner) = raw.strip_prefix(quotes).and_then(|rest| rest.strip_suffix(quotes)) else {
                continue;
            };
            // A newline right behind the opening quotes is not part of a multi-line string.
            let skipped = if quotes.len() == 3 {
                if inner.starts_with("\r\n") {
                    2
                } else {
                    usize::from(inner.starts_with('\n'))
                }
            } else {
                0
            };
            if inner.get(skipped..) == Some(value) {
                return Place::Verbatim(span.start + quotes.len() + skipped);
            }
        }
        Place::Escaped(span)
    }

    /// The place in the file of a place in the value.
    pub(super) fn map(&self, span: Span) -> Span {
        match self {
            Place::Verbatim(offset) => span.shifted(*offset),
            Place::Escaped(whole) => *whole,
        }
    }
}

/// The entries of a table as they follow each other in the file.
pub(super) fn in_order<'table, 'text>(table: &'table DeTable<'text>) -> Vec<Entry<'table, 'text>> {
    let mut entries: Vec<Entry<'table, 'text>> = table
        .iter()
        .map(|(key, value)| (key.get_ref().as_ref(), key.span().into(), value))
        .collect();
    entries.sort_by_key(|(_, span, _)| *span);
    entries
}

/// Bytes as lower-case hexadecimal digits.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
