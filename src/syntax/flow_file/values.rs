//! Values of a flow file: tables with known keys, exact numbers, whole numbers, intervals, formulas.

use super::FlowReader;
use crate::kernel::expr::Id;
use crate::problem::{Diagnostic, DiagnosticKind, FlowMistake, Span};
use crate::syntax::cost_file::{Place, in_order};
use crate::syntax::expression::parse_constant;
use crate::syntax::formula::parse_formula;
use crate::syntax::lexer::{self, Token, TokenKind};
use crate::syntax::matrix_cost::elaborate::Elaborator;
use crate::syntax::{advice, quoted};
use rug::Rational;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What to say about a name in a text that must be a number.
const ADVICE: &str = "only the names of [constants] stand for numbers here";

/// A value of the file with its place.
pub(super) type Value<'text> = Spanned<DeValue<'text>>;

impl<'text> FlowReader<'_, 'text> {
    /// Complains about keys that mean nothing here; about those of `others` something else is said.
    pub(super) fn check_keys(&mut self, table: &DeTable<'text>, place: &'static str, known: &[&str], others: &[&str]) {
        for (key, span, _) in in_order(table) {
            if known.contains(&key) || others.contains(&key) {
                continue;
            }
            let suggestion = advice::nearest(key, known.iter().copied());
            let help = suggestion
                .is_none()
                .then(|| format!("the keys are {}", known.join(", ")));
            let key = quoted(key);
            let kind = FlowMistake::UnknownKey { place, key, suggestion };
            let diagnostic = Diagnostic::at(kind.into(), span, "");
            self.report(match help {
                Some(help) => diagnostic.with_help(help),
                None => diagnostic,
            });
        }
    }

    /// The table under a key, if there is one.
    pub(super) fn table<'table>(
        &mut self,
        table: &'table DeTable<'text>,
        key: &str,
    ) -> Option<(&'table DeTable<'text>, Span)> {
        let value = table.get(key)?;
        let inner = value.get_ref().as_table();
        if inner.is_none() {
            self.reader.wrong_type(key, "a table", value);
        }
        Some((inner?, value.span().into()))
    }

    /// An exact number: a TOML number read from its text, or a string that may mention constants.
    pub(super) fn exact(&mut self, key: &str, value: &Value<'text>) -> Option<Rational> {
        let before = self.reader.diagnostics.len();
        let number = self.reader.number_in(key, value, &self.names, ADVICE);
        if value.get_ref().is_str() {
            self.advise_enclosure(before);
        }
        number
    }

    /// Adds to complaints about numbers that are not rational how to write them.
    fn advise_enclosure(&mut self, from: usize) {
        for diagnostic in self.reader.diagnostics.iter_mut().skip(from) {
            if matches!(diagnostic.kind, DiagnosticKind::NotANumber { .. }) {
                let help = "numbers are exact rationals such as 0.3 or \"1/3\"";
                diagnostic.help = Some(help.to_owned());
            }
        }
    }

    /// The number under a key that must be more than 0; `None` if there is no such key, or with a diagnostic.
    pub(super) fn positive(&mut self, table: &DeTable<'text>, key: &str) -> Option<Rational> {
        let value = table.get(key)?;
        let number = self.exact(key, value)?;
        if number <= 0 {
            let key = key.to_owned();
            self.mistake(FlowMistake::NotPositive { key }, value.span().into());
            return None;
        }
        Some(number)
    }

    /// The number under a key that must be at least 0; `None` if there is no such key, or with a diagnostic.
    pub(super) fn nonnegative(&mut self, table: &DeTable<'text>, key: &str) -> Option<Rational> {
        let value = table.get(key)?;
        let number = self.exact(key, value)?;
        if number < 0 {
            let key = key.to_owned();
            self.mistake(FlowMistake::Negative { key }, value.span().into());
            return None;
        }
        Some(number)
    }

    /// A whole number in a range.
    pub(super) fn whole(&mut self, key: &str, value: &Value<'text>, least: u64, most: u64) -> Option<u64> {
        let DeValue::Integer(integer) = value.get_ref() else {
            self.reader.wrong_type(key, "a whole number", value);
            return None;
        };
        let parsed = u64::from_str_radix(integer.as_str(), integer.radix()).ok();
        let number = parsed.filter(|number| (least..=most).contains(number));
        if number.is_none() {
            let key = key.to_owned();
            self.mistake(FlowMistake::OutOfRange { key, least, most }, value.span().into());
        }
        number
    }

    /// A number, or an interval written as a string `[lower, upper]`.
    pub(super) fn interval(&mut self, key: &str, value: &Value<'text>) -> Option<[Rational; 2]> {
        let DeValue::String(text) = value.get_ref() else {
            return self.exact(key, value).map(|number| [number.clone(), number]);
        };
        let tokens = lexer::tokens(text);
        if tokens.first().is_none_or(|first| first.text != "[") {
            return self.exact(key, value).map(|number| [number.clone(), number]);
        }
        let span = Span::from(value.span());
        let place = Place::of(self.reader.text, text, span);
        let Some((lower, comma, upper, close)) = ends(&tokens) else {
            self.mistake(FlowMistake::NotAnInterval, span);
            return None;
        };
        let lower = self.end(text, lower, comma, &place);
        let upper = self.end(text, upper, close, &place);
        let (lower, upper) = (lower?, upper?);
        if lower > upper {
            let (lower, upper) = (quoted(&lower.to_string()), quoted(&upper.to_string()));
            self.mistake(FlowMistake::EmptyInterval { lower, upper }, span);
            return None;
        }
        Some([lower, upper])
    }

    /// One end of an interval; `behind` is the place of the token that follows it.
    fn end(&mut self, text: &str, tokens: &[Token<'_>], behind: Span, place: &Place) -> Option<Rational> {
        let before = self.reader.diagnostics.len();
        let diagnostics = match parse_constant(text, tokens, behind, &self.names) {
            Ok(Some(value)) => return Some(value),
            Ok(None) => {
                let span = match (tokens.first(), tokens.last()) {
                    (Some(first), Some(last)) => first.span.to(last.span),
                    _ => behind,
                };
                let text = quoted(text.get(span.start..span.end).unwrap_or_default());
                vec![Diagnostic::at(DiagnosticKind::NotANumber { text }, span, "")]
            }
            Err(mut diagnostics) => {
                for diagnostic in &mut diagnostics {
                    if matches!(diagnostic.kind, DiagnosticKind::UnknownName { .. }) {
                        diagnostic.help = Some(ADVICE.to_owned());
                    }
                }
                diagnostics
            }
        };
        self.reader.adopt(diagnostics, place);
        self.advise_enclosure(before);
        None
    }

    /// The place in the elaborator's table of an expression that must be a number; `what` is its name for the user.
    pub(super) fn number_formula(
        &mut self,
        key: &str,
        what: &str,
        value: &Value<'text>,
        elaborator: &mut Elaborator<'_>,
    ) -> Option<Id> {
        let span = Span::from(value.span());
        let text = match value.get_ref() {
            DeValue::String(text) => text.as_ref(),
            DeValue::Integer(_) | DeValue::Float(_) => self.reader.text.get(value.span()).unwrap_or_default(),
            _ => {
                self.reader.wrong_type(key, "a string with an expression", value);
                return None;
            }
        };
        let place = Place::of(self.reader.text, text, span);
        match parse_formula(text) {
            Ok(mut formula) => {
                formula.relocate(&|span| place.map(span));
                elaborator.number(&formula, what)
            }
            Err(diagnostics) => {
                self.reader.adopt(diagnostics, &place);
                None
            }
        }
    }
}

/// The two ends of an interval, each with the place of the token behind it.
type Ends<'a> = (&'a [Token<'a>], Span, &'a [Token<'a>], Span);

/// Splits `[lower, upper]` at its comma.
fn ends<'a>(tokens: &'a [Token<'a>]) -> Option<Ends<'a>> {
    let [_, inside @ .., close] = tokens else { return None };
    let mut depth = 0_usize;
    let comma = inside.iter().position(|token| {
        match token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && token.kind == TokenKind::Comma
    })?;
    let (lower, upper) = (inside.get(..comma)?, inside.get(comma + 1..)?);
    (close.text == "]").then_some((lower, inside.get(comma)?.span, upper, close.span))
}
