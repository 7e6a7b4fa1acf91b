//! Values of a claim file: strings, numbers, formulas and lists of these, each with its place.

use super::super::cost_file::{Entry, Place, in_order, wrong_type};
use super::super::formula::{parse_affine, parse_formula};
use super::super::{advice, number, quoted};
use super::{Reader, Value};
use crate::problem::claim_file::Placed;
use crate::problem::formula::{Affine, Formula};
use crate::problem::{ClaimMistake, Diagnostic, DiagnosticKind, Span};
use rug::{Integer, Rational};
use toml::de::{DeTable, DeValue};

impl<'text> Reader<'text> {
    /// Complains about keys that mean nothing here.
    pub(super) fn check_keys(&mut self, table: &DeTable<'text>, place: &'static str, known: &[&'static str]) {
        for (key, span, _) in in_order(table) {
            if known.contains(&key) {
                continue;
            }
            let suggestion = advice::nearest(key, known.iter().copied());
            let missing = suggestion.is_none();
            let kind = ClaimMistake::UnknownKey {
                place,
                key: quoted(key),
                suggestion,
            };
            let diagnostic = Diagnostic::at(kind.into(), span, "");
            self.diagnostics.push(if missing {
                diagnostic.with_help(format!("the keys are {}", known.join(", ")))
            } else {
                diagnostic
            });
        }
    }

    /// Reports a mistake of claim files at a place.
    pub(super) fn mistake(&mut self, mistake: ClaimMistake, span: Span) {
        self.diagnostics.push(Diagnostic::at(mistake.into(), span, ""));
    }

    /// Reports a value of the wrong type.
    pub(super) fn wrong_type(&mut self, key: &str, expected: &'static str, value: &Value<'text>) {
        self.diagnostics.push(wrong_type(key, expected, value));
    }

    /// The string under a key, if there is one.
    pub(super) fn string(&mut self, table: &DeTable<'text>, key: &str) -> Option<Placed<String>> {
        let value = table.get(key)?;
        self.string_of(key, value)
    }

    /// A value that must be a string.
    pub(super) fn string_of(&mut self, key: &str, value: &Value<'text>) -> Option<Placed<String>> {
        match value.get_ref() {
            DeValue::String(text) => Some(Placed {
                value: text.clone().into_owned(),
                span: value.span().into(),
            }),
            _ => {
                self.wrong_type(key, "a string", value);
                None
            }
        }
    }

    /// The truth value under a key; false if there is none.
    pub(super) fn flag(&mut self, table: &DeTable<'text>, key: &str) -> bool {
        let Some(value) = table.get(key) else { return false };
        match value.get_ref() {
            DeValue::Boolean(flag) => *flag,
            _ => {
                self.wrong_type(key, "true or false", value);
                false
            }
        }
    }

    /// A value that must be a table.
    pub(super) fn table<'table>(&mut self, key: &str, value: &'table Value<'text>) -> Option<&'table DeTable<'text>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.wrong_type(key, "a table", value);
        }
        table
    }

    /// The entries of the table under a key, in the order of the file.
    pub(super) fn entries<'table>(&mut self, table: &'table DeTable<'text>, key: &str) -> Vec<Entry<'table, 'text>> {
        let inner = table.get(key).and_then(|value| self.table(key, value));
        inner.map(in_order).unwrap_or_default()
    }

    /// A value that must be a list.
    pub(super) fn list<'table>(&mut self, key: &str, value: &'table Value<'text>) -> Option<&'table [Value<'text>]> {
        match value.get_ref() {
            DeValue::Array(items) => Some(&**items),
            _ => {
                let diagnostic = wrong_type(key, "a list", value);
                self.diagnostics.push(match key {
                    "equal" => diagnostic.with_help("write equal = [\"A\", \"B\"] for A = B"),
                    "claim" | "axiom" => diagnostic.with_help(format!("write [[{key}]] with two brackets")),
                    _ => diagnostic,
                });
                None
            }
        }
    }

    /// The items of the list under a key; none if there is no such key.
    pub(super) fn items<'table>(&mut self, table: &'table DeTable<'text>, key: &str) -> &'table [Value<'text>] {
        let list = table.get(key).and_then(|value| self.list(key, value));
        list.unwrap_or_default()
    }

    /// The names in the list under a key.
    pub(super) fn names(&mut self, table: &DeTable<'text>, key: &str) -> Vec<Placed<String>> {
        let items = self.items(table, key);
        items.iter().filter_map(|item| self.string_of(key, item)).collect()
    }

    /// The texts in the list under a key.
    pub(super) fn lines(&mut self, table: &DeTable<'text>, key: &str) -> Vec<String> {
        self.names(table, key).into_iter().map(|line| line.value).collect()
    }

    /// What a rule reads from a string; the places in it are mapped into the file by the function that comes with it.
    pub(super) fn parsed<T>(
        &mut self,
        text: &str,
        span: Span,
        rule: impl FnOnce(&str) -> Result<T, Vec<Diagnostic>>,
    ) -> Option<(T, Place)> {
        let place = Place::of(self.text, text, span);
        match rule(text) {
            Ok(value) => Some((value, place)),
            Err(diagnostics) => {
                for mut diagnostic in diagnostics {
                    for (span, _) in &mut diagnostic.labels {
                        *span = place.map(*span);
                    }
                    self.diagnostics.push(diagnostic);
                }
                None
            }
        }
    }

    /// A value that must be a formula; a TOML number will do.
    pub(super) fn formula(&mut self, key: &str, value: &Value<'text>) -> Option<Formula> {
        let span = Span::from(value.span());
        let text = match value.get_ref() {
            DeValue::String(text) => text.as_ref(),
            DeValue::Integer(_) | DeValue::Float(_) => self.text.get(value.span()).unwrap_or_default(),
            _ => {
                self.wrong_type(key, "a string with a formula", value);
                return None;
            }
        };
        let (mut formula, place) = self.parsed(text, span, parse_formula)?;
        formula.relocate(&|span| place.map(span));
        Some(formula)
    }

    /// The formula under a key, if there is one.
    pub(super) fn formula_at(&mut self, table: &DeTable<'text>, key: &str) -> Option<Formula> {
        let value = table.get(key)?;
        self.formula(key, value)
    }

    /// The formulas in the list under a key; `None` if one of them is wrong.
    pub(super) fn formulas(&mut self, table: &DeTable<'text>, key: &str) -> Option<Vec<Formula>> {
        let items = self.items(table, key);
        let formulas: Vec<_> = items.iter().map(|item| self.formula(key, item)).collect();
        formulas.into_iter().collect()
    }

    /// A value that must be an integer, or an affine form in the integer quantities.
    pub(super) fn affine(&mut self, key: &str, value: &Value<'text>) -> Option<Affine> {
        let span = Span::from(value.span());
        let text = match value.get_ref() {
            DeValue::String(text) => text.as_ref(),
            DeValue::Integer(_) => self.text.get(value.span()).unwrap_or_default(),
            _ => {
                self.wrong_type(key, "an integer or a string with one", value);
                return None;
            }
        };
        let (mut affine, place) = self.parsed(text, span, parse_affine)?;
        affine.relocate(&|span| place.map(span));
        Some(affine)
    }

    /// A value that must be an exact rational: a TOML number, read from its digits, or a string.
    pub(super) fn number(&mut self, key: &str, value: &Value<'text>) -> Option<Rational> {
        let span = Span::from(value.span());
        let result = match value.get_ref() {
            DeValue::Integer(integer) => {
                let radix = i32::try_from(integer.radix()).unwrap_or(10);
                match Integer::from_str_radix(integer.as_str(), radix) {
                    Ok(value) => number::bounded(Rational::from(value)),
                    Err(_) => Err(DiagnosticKind::NotANumber {
                        text: quoted(integer.as_str()),
                    }),
                }
            }
            DeValue::Float(float) => number::parse_decimal(float.as_str()),
            DeValue::String(text) => {
                let (formula, _) = self.parsed(text, span, parse_formula)?;
                formula
                    .as_number()
                    .cloned()
                    .ok_or_else(|| DiagnosticKind::NotANumber { text: quoted(text) })
            }
            _ => {
                self.wrong_type(key, "a number or a string with a number", value);
                return None;
            }
        };
        result
            .map_err(|kind| self.diagnostics.push(Diagnostic::at(kind, span, "")))
            .ok()
    }

    /// The number under a key, if there is one.
    pub(super) fn number_at(&mut self, table: &DeTable<'text>, key: &str) -> Option<Rational> {
        let value = table.get(key)?;
        self.number(key, value)
    }

    /// A value that must be a list of numbers.
    pub(super) fn numbers(&mut self, key: &str, value: &Value<'text>) -> Option<Vec<Rational>> {
        let items = self.list(key, value)?;
        let numbers: Vec<_> = items.iter().map(|item| self.number(key, item)).collect();
        numbers.into_iter().collect()
    }

    /// A value that must be two numbers.
    pub(super) fn pair(&mut self, key: &str, value: &Value<'text>) -> Option<[Rational; 2]> {
        let numbers = self.numbers(key, value)?;
        let pair = <[Rational; 2]>::try_from(numbers).ok();
        if pair.is_none() {
            let key = quoted(key);
            let expected = "a list of two numbers";
            self.mistake(ClaimMistake::WrongLength { key, expected }, value.span().into());
        }
        pair
    }

    /// A value that must be a whole number that counts something.
    pub(super) fn count(&mut self, key: &str, value: &Value<'text>) -> Option<usize> {
        let number = match value.get_ref() {
            DeValue::Integer(_) => self.number(key, value)?,
            _ => {
                self.wrong_type(key, "a whole number", value);
                return None;
            }
        };
        let count = number.numer().to_usize();
        if count.is_none() {
            let text = quoted(&number.to_string());
            let kind = DiagnosticKind::NotANumber { text };
            self.diagnostics
                .push(Diagnostic::at(kind, value.span().into(), "this must not be negative"));
        }
        count
    }
}
