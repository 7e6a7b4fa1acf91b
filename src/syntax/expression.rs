//! The expression language: sums of products of powers, read without recursion except into brackets and exponents.
//!
//! Only arithmetic between exact rationals is carried out; everything else is kept as written, because where an
//! expression is undefined is part of what it says.

use super::lexer::{self, Token, TokenKind};
use super::{DEPTH, DIAGNOSTICS, TEXT, advice, number, quoted};
use crate::kernel::expr::{Id, Node, Table};
use crate::kernel::limits;
use crate::problem::{Diagnostic, DiagnosticKind, Span};
use rug::Rational;
use std::collections::{BTreeMap, BTreeSet};

mod meaning;

/// The declared names and their values.
#[derive(Clone, Debug, Default)]
pub struct Names {
    values: BTreeMap<String, Rational>,
}

impl Names {
    /// Declares a name, or gives it another value. Panics: never.
    pub fn declare(&mut self, name: impl Into<String>, value: Rational) {
        self.values.insert(name.into(), value);
    }

    /// The value of a name. Panics: never.
    pub fn get(&self, name: &str) -> Option<&Rational> {
        self.values.get(name)
    }

    /// All names in alphabetical order. Panics: never.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str)
    }
}

/// Whether a name has a meaning of its own and cannot be declared. Panics: never.
pub fn is_reserved(name: &str) -> bool {
    advice::PLAIN_NAMES.contains(&name) || name == "inf" || advice::function_names().any(|known| known == name)
}

/// An expression that has been read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parsed {
    /// The place of the expression in the table it was read into.
    pub root: Id,
    /// For every node, where it was written first, in bytes of the text.
    pub spans: BTreeMap<Id, Span>,
}

/// Reads an expression into a table.
///
/// Errors: everything that is wrong with the text as far as it could be read, at most [`DIAGNOSTICS`] mistakes.
/// Panics: never.
pub fn parse_expression(text: &str, names: &Names, table: &mut Table) -> Result<Parsed, Vec<Diagnostic>> {
    if text.len() > TEXT {
        return Err(vec![Diagnostic::new(DiagnosticKind::TooLong {
            limit: TEXT,
            unit: "bytes",
        })]);
    }
    let end = Span::from(text.len()..text.len());
    let tokens = lexer::tokens(text);
    let mut parser = Parser::new(text, &tokens, end, names, table);
    let value = parser.whole();
    let Parser {
        spans, mut diagnostics, ..
    } = parser;
    if diagnostics.is_empty() && table.nodes().len() > limits::NODES {
        diagnostics.push(Diagnostic::new(DiagnosticKind::TooLong {
            limit: limits::NODES,
            unit: "operations",
        }));
    }
    match value {
        Some(value) if diagnostics.is_empty() => Ok(Parsed { root: value, spans }),
        _ => Err(diagnostics),
    }
}

/// Reads an expression that must come out as an exact rational.
///
/// `end` is where something is missing if the tokens stop too early; `Ok(None)` is an expression that is no such number.
///
/// Errors: as [`parse_expression`]. Panics: never.
pub(super) fn parse_constant(
    text: &str,
    tokens: &[Token<'_>],
    end: Span,
    names: &Names,
) -> Result<Option<Rational>, Vec<Diagnostic>> {
    let mut table = Table::new();
    let mut parser = Parser::new(text, tokens, end, names, &mut table);
    let root = parser.whole();
    if !parser.diagnostics.is_empty() {
        return Err(parser.diagnostics);
    }
    Ok(match root.and_then(|root| table.node(root)) {
        Some(Node::Number(value)) => Some(value.clone()),
        _ => None,
    })
}

/// A mistake after which the rest of the text cannot be understood; it is among the diagnostics already.
struct Lost;

/// What a part of the text stands for.
#[derive(Clone, Debug)]
enum Value {
    /// An exact number, not yet in the table.
    Exact(Rational),
    /// The constant e by its own name, so that e^x is known to be exp(x).
    Euler,
    /// Anything else.
    Node(Id),
    /// Something with a mistake in it that has been reported.
    Unknown,
}

/// A value and the text it was read from.
#[derive(Clone, Debug)]
struct Term {
    value: Value,
    span: Span,
}

/// The four operations.
#[derive(Clone, Copy)]
enum Operation {
    Add,
    Sub,
    Mul,
    Div,
}

struct Parser<'a> {
    text: &'a str,
    tokens: &'a [Token<'a>],
    position: usize,
    end: Span,
    depth: usize,
    names: &'a Names,
    table: &'a mut Table,
    spans: BTreeMap<Id, Span>,
    diagnostics: Vec<Diagnostic>,
    unknown: BTreeSet<&'a str>,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str, tokens: &'a [Token<'a>], end: Span, names: &'a Names, table: &'a mut Table) -> Self {
        Self {
            text,
            tokens,
            position: 0,
            end,
            depth: 0,
            names,
            table,
            spans: BTreeMap::new(),
            diagnostics: Vec::new(),
            unknown: BTreeSet::new(),
        }
    }

    /// The whole text as one expression; `None` if there is a diagnostic.
    fn whole(&mut self) -> Option<Id> {
        if self.tokens.is_empty() {
            self.report(Diagnostic::at(DiagnosticKind::EmptyExpression, self.end, ""));
            return None;
        }
        let term = self.sum().ok()?;
        if self.peek().is_some() {
            self.unexpected("an operator or the end");
            return None;
        }
        self.node(&term)
    }

    /// sum = product { ("+" | "-") product }
    fn sum(&mut self) -> Result<Term, Lost> {
        let mut left = self.product()?;
        loop {
            let operation = match self.peek() {
                Some(TokenKind::Plus) => Operation::Add,
                Some(TokenKind::Minus) => Operation::Sub,
                _ => return Ok(left),
            };
            self.position += 1;
            let right = self.product()?;
            left = self.operation(operation, &left, &right);
        }
    }

    /// product = signed { ("*" | "/") signed }
    fn product(&mut self) -> Result<Term, Lost> {
        let mut left = self.signed()?;
        loop {
            let operation = match self.peek() {
                Some(TokenKind::Star) => Operation::Mul,
                Some(TokenKind::Slash) => Operation::Div,
                _ => return Ok(left),
            };
            self.position += 1;
            let right = self.signed()?;
            left = self.operation(operation, &left, &right);
        }
    }

    /// signed = { "+" | "-" } power
    fn signed(&mut self) -> Result<Term, Lost> {
        let mut minuses = Vec::new();
        while let Some(token) = self.tokens.get(self.position) {
            match token.kind {
                TokenKind::Plus => {}
                TokenKind::Minus => minuses.push(token.span),
                _ => break,
            }
            self.position += 1;
        }
        let mut term = self.power()?;
        for minus in minuses.into_iter().rev() {
            let span = minus.to(term.span);
            let value = match &term.value {
                Value::Unknown => Value::Unknown,
                Value::Exact(number) => Value::Exact(Rational::from(-number)),
                Value::Euler | Value::Node(_) => match self.node(&term) {
                    Some(inner) => self.insert(Node::Neg(inner), span),
                    None => Value::Unknown,
                },
            };
            term = Term { value, span };
        }
        Ok(term)
    }

    /// power = atom [ "^" signed ]
    fn power(&mut self) -> Result<Term, Lost> {
        let base = self.atom()?;
        if self.peek() != Some(TokenKind::Caret) {
            return Ok(base);
        }
        let caret = self.here();
        self.position += 1;
        self.deeper(caret)?;
        let exponent = self.signed()?;
        self.depth -= 1;
        Ok(self.raised(&base, &exponent))
    }

    /// atom = number | name | function "(" sum ")" | "(" sum ")"
    fn atom(&mut self) -> Result<Term, Lost> {
        let Some(token) = self.tokens.get(self.position).copied() else {
            return Err(self.unexpected("a number, a name or `(`"));
        };
        let span = token.span;
        match token.kind {
            TokenKind::Number => {
                self.position += 1;
                let value = match number::parse_decimal(token.text) {
                    Ok(value) => Value::Exact(value),
                    Err(kind) => self.mistake(Diagnostic::at(kind, span, "")),
                };
                Ok(Term { value, span })
            }
            TokenKind::Name => self.name(token),
            TokenKind::Open => {
                let mut term = self.bracket()?;
                // (e)^x is the power of a number, as it would be for any other bracket.
                if matches!(term.value, Value::Euler) {
                    term.value = self.node(&term).map_or(Value::Unknown, Value::Node);
                }
                Ok(term)
            }
            _ => Err(self.unexpected("a number, a name or `(`")),
        }
    }

    /// A bracketed sum; the span includes the brackets.
    fn bracket(&mut self) -> Result<Term, Lost> {
        self.arguments(1)
    }

    /// Bracketed sums with commas between them, at most so many; the value is that of the last.
    fn arguments(&mut self, most: usize) -> Result<Term, Lost> {
        let open = self.here();
        self.position += 1;
        self.deeper(open)?;
        let mut inner = self.sum()?;
        for _ in 1..most {
            if self.peek() != Some(TokenKind::Comma) {
                break;
            }
            self.position += 1;
            inner = self.sum()?;
        }
        self.depth -= 1;
        let close = self.here();
        match self.peek() {
            Some(TokenKind::Close) => self.position += 1,
            None => return Err(self.lost(Diagnostic::at(DiagnosticKind::UnclosedBracket, open, "opened here"))),
            Some(_) => return Err(self.unexpected("an operator or `)`")),
        }
        let span = open.to(close);
        Ok(Term {
            value: inner.value,
            span,
        })
    }

    /// A constant, the variable, or a function with its argument.
    fn name(&mut self, token: Token<'a>) -> Result<Term, Lost> {
        let Token { text: name, span, .. } = token;
        self.position += 1;
        let called = self.peek() == Some(TokenKind::Open);
        if advice::function_names().any(|known| known == name) {
            if !called {
                let kind = DiagnosticKind::FunctionWithoutArgument { name: name.to_owned() };
                let help = match self.peek() {
                    Some(TokenKind::Caret) => format!("write {name}(w)^2 for the square of {name}(w)"),
                    _ => format!("write {name}(w)"),
                };
                return Err(self.lost(Diagnostic::at(kind, span, "").with_help(help)));
            }
            let argument = self.bracket()?;
            let span = span.to(argument.span);
            let value = self.applied(name, &argument, span);
            return Ok(Term { value, span });
        }
        let value = match (name, self.names.get(name)) {
            (_, Some(value)) => Value::Exact(value.clone()),
            ("w", _) => self.insert(Node::Variable(0), span),
            ("pi", _) => self.insert(Node::Pi, span),
            ("e", _) => Value::Euler,
            _ => {
                self.unknown_name(name, span, called);
                if called {
                    // Mistakes in the arguments are worth reporting too; how many there should be is not known.
                    let argument = self.arguments(usize::MAX)?;
                    return Ok(Term {
                        value: Value::Unknown,
                        span: span.to(argument.span),
                    });
                }
                Value::Unknown
            }
        };
        if called && !matches!(value, Value::Unknown) {
            let kind = DiagnosticKind::NotAFunction { name: name.to_owned() };
            let help = format!("write {name}*(...) for a product");
            return Err(self.lost(Diagnostic::at(kind, span, "").with_help(help)));
        }
        Ok(Term { value, span })
    }

    /// Reports an unknown name, the first time it occurs.
    fn unknown_name(&mut self, name: &'a str, span: Span, called: bool) {
        if !self.unknown.insert(name) {
            return;
        }
        let quoted = quoted(name);
        let (kind, help) = if called {
            let recipe = advice::function_help(name);
            // A recipe is better than a name that only looks alike.
            let suggestion = if recipe.is_some() { None } else { advice::function(name) };
            let help = match (recipe, &suggestion) {
                (None, None) => Some(format!(
                    "the functions are {}",
                    advice::function_names().collect::<Vec<_>>().join(", ")
                )),
                (recipe, _) => recipe.map(str::to_owned),
            };
            (
                DiagnosticKind::UnknownFunction {
                    name: quoted,
                    suggestion,
                },
                help,
            )
        } else {
            let suggestion = advice::name(name, self.names);
            let help = if suggestion.is_some() {
                None
            } else {
                advice::name_help(name).map(str::to_owned)
            };
            (
                DiagnosticKind::UnknownName {
                    name: quoted,
                    suggestion,
                },
                help,
            )
        };
        let diagnostic = Diagnostic::at(kind, span, "");
        self.report(match help {
            Some(help) => diagnostic.with_help(help),
            None => diagnostic,
        });
    }

    /// Steps into a bracket or an exponent.
    fn deeper(&mut self, span: Span) -> Result<(), Lost> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(self.lost(Diagnostic::at(DiagnosticKind::TooDeep { limit: DEPTH }, span, "")));
        }
        Ok(())
    }

    fn peek(&self) -> Option<TokenKind> {
        self.tokens.get(self.position).map(|token| token.kind)
    }

    /// The place of the next token, or the end.
    fn here(&self) -> Span {
        self.tokens.get(self.position).map_or(self.end, |token| token.span)
    }

    /// Reports the next token, which cannot stand where it stands.
    fn unexpected(&mut self, expected: &str) -> Lost {
        let found = self.tokens.get(self.position).copied();
        let before = self
            .position
            .checked_sub(1)
            .and_then(|index| self.tokens.get(index))
            .copied();
        let diagnostic = match (before, found) {
            (Some(before), Some(found)) if ends_operand(before.kind) && starts_operand(found.kind) => {
                let (left, right) = (quoted(before.text), quoted(found.text));
                let help = if before.kind == TokenKind::Close || found.kind == TokenKind::Open {
                    "write * between them for a product".to_owned()
                } else {
                    format!("write {left}*{right} for a product")
                };
                Diagnostic::at(
                    DiagnosticKind::MissingOperator { left, right },
                    before.span.to(found.span),
                    "",
                )
                .with_help(help)
            }
            (_, Some(found)) if found.kind == TokenKind::Close && self.depth == 0 => {
                Diagnostic::at(DiagnosticKind::UnopenedBracket, found.span, "")
            }
            (_, found) => {
                let shown = found.map_or("the end".to_owned(), |token| format!("`{}`", quoted(token.text)));
                let expected = expected.to_owned();
                let kind = DiagnosticKind::UnexpectedToken { found: shown, expected };
                let diagnostic = Diagnostic::at(kind, self.here(), "");
                match found.and_then(|token| advice::sign_help(token.text)) {
                    Some(help) => diagnostic.with_help(help),
                    None => diagnostic,
                }
            }
        };
        self.lost(diagnostic)
    }

    /// Reports a mistake after which reading can go on.
    fn mistake(&mut self, diagnostic: Diagnostic) -> Value {
        self.report(diagnostic);
        Value::Unknown
    }

    /// Reports a mistake after which it cannot.
    fn lost(&mut self, diagnostic: Diagnostic) -> Lost {
        self.report(diagnostic);
        Lost
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        if self.diagnostics.len() < DIAGNOSTICS {
            self.diagnostics.push(diagnostic);
        }
    }
}

/// Whether an operand can end with such a token.
fn ends_operand(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Number | TokenKind::Name | TokenKind::Close)
}

/// Whether an operand can start with such a token.
fn starts_operand(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Number | TokenKind::Name | TokenKind::Open)
}
