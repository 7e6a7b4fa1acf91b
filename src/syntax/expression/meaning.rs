//! What the parts of an expression mean: nodes of the table, exact numbers, or mistakes.

use super::super::number;
use super::{Operation, Parser, Term, Value};
use crate::kernel::expr::{Function, Id, Node, exponent_is_tame};
use crate::kernel::limits;
use crate::problem::{Diagnostic, DiagnosticKind, Span};
use rug::Rational;

impl Parser<'_> {
    /// A function of an argument; `name` is one of the known ones.
    pub(super) fn applied(&mut self, name: &str, argument: &Term, span: Span) -> Value {
        let Some(argument) = self.node(argument) else {
            return Value::Unknown;
        };
        let name = if name == "ln" { "log" } else { name };
        let node = match Function::ALL.into_iter().find(|function| function.name() == name) {
            Some(function) => Node::Apply(function, argument),
            None => Node::Power(argument, Rational::from((1, 2))),
        };
        self.insert(node, span)
    }

    /// One of the four operations; only two exact numbers are combined.
    pub(super) fn operation(&mut self, operation: Operation, left: &Term, right: &Term) -> Term {
        let span = left.span.to(right.span);
        let value = match (operation, &left.value, &right.value) {
            (Operation::Div, _, Value::Exact(right_value)) if *right_value == 0 => {
                self.mistake(Diagnostic::at(DiagnosticKind::DivisionByZero, right.span, "this is 0"))
            }
            (_, Value::Exact(a), Value::Exact(b)) => {
                let result = match operation {
                    Operation::Add => number::bounded(Rational::from(a + b)),
                    Operation::Sub => number::bounded(Rational::from(a - b)),
                    Operation::Mul => number::bounded(Rational::from(a * b)),
                    Operation::Div => number::quotient(a.clone(), b.clone()),
                };
                self.exact(result, span)
            }
            _ => match (self.node(left), self.node(right)) {
                (Some(a), Some(b)) => self.insert(
                    match operation {
                        Operation::Add => Node::Add(a, b),
                        Operation::Sub => Node::Sub(a, b),
                        Operation::Mul => Node::Mul(a, b),
                        Operation::Div => Node::Div(a, b),
                    },
                    span,
                ),
                _ => Value::Unknown,
            },
        };
        Term { value, span }
    }

    /// A power with an exponent that must be an exact rational, except under the constant e.
    pub(super) fn raised(&mut self, base: &Term, exponent: &Term) -> Term {
        let span = base.span.to(exponent.span);
        let value = match (&base.value, &exponent.value) {
            (_, Value::Unknown) => Value::Unknown,
            (Value::Euler, _) => match self.node(exponent) {
                Some(exponent) => self.insert(Node::Apply(Function::Exp, exponent), span),
                None => Value::Unknown,
            },
            (_, Value::Exact(power)) => self.rational_power(base, power, exponent.span, span),
            (_, Value::Euler) => self.bad_exponent(DiagnosticKind::ExponentNotRational, base.span, exponent.span),
            (_, Value::Node(id)) => {
                let kind = if self.table.mentions(*id, 0) {
                    DiagnosticKind::ExponentNotConstant
                } else {
                    DiagnosticKind::ExponentNotRational
                };
                self.bad_exponent(kind, base.span, exponent.span)
            }
        };
        Term { value, span }
    }

    /// A rational power: computed for an exact base and an integer exponent, kept otherwise.
    fn rational_power(&mut self, base: &Term, power: &Rational, power_span: Span, span: Span) -> Value {
        if !exponent_is_tame(power) {
            let kind = DiagnosticKind::ExponentTooLarge {
                limit: limits::EXPONENT,
            };
            return self.mistake(Diagnostic::at(kind, power_span, ""));
        }
        if let Value::Exact(value) = &base.value {
            if *value == 0 && *power < 0 {
                let diagnostic = Diagnostic::at(DiagnosticKind::DivisionByZero, base.span, "this is 0");
                return self.mistake(diagnostic.with_help("a negative power is a division"));
            }
            if let (true, Some(integer)) = (power.is_integer(), power.numer().to_i32()) {
                let result = number::power(value.clone(), integer);
                return self.exact(result, span);
            }
        }
        match self.node(base) {
            Some(base) => self.insert(Node::Power(base, power.clone()), span),
            None => Value::Unknown,
        }
    }

    /// Reports an exponent that is not a rational, with the spelling that is defined for it.
    fn bad_exponent(&mut self, kind: DiagnosticKind, base: Span, exponent: Span) -> Value {
        const LENGTH: usize = 60;
        let part = |span: Span| self.text.get(span.start..span.end).unwrap_or_default();
        let (base, power) = (part(base), part(exponent));
        // An exponent is a signed atom and binds as tightly as a factor; a base may bring its own brackets.
        let base = base
            .strip_prefix('(')
            .and_then(|base| base.strip_suffix(')'))
            .unwrap_or(base);
        let help = if base.len() <= LENGTH && power.len() <= LENGTH {
            format!("for a positive base write exp({power}*log({base}))")
        } else {
            "for a positive base a write exp(b*log(a))".to_owned()
        };
        self.mistake(Diagnostic::at(kind, exponent, "").with_help(help))
    }

    /// The place of a term in the table; `None` if it contains a mistake.
    pub(super) fn node(&mut self, term: &Term) -> Option<Id> {
        let value = match &term.value {
            Value::Node(id) => return Some(*id),
            Value::Unknown => return None,
            Value::Exact(value) => self.insert(Node::Number(value.clone()), term.span),
            Value::Euler => {
                let one = self.table.number(1);
                self.insert(Node::Apply(Function::Exp, one), term.span)
            }
        };
        match value {
            Value::Node(id) => Some(id),
            _ => None,
        }
    }

    /// Adds a node and remembers where it was written first.
    pub(super) fn insert(&mut self, node: Node, span: Span) -> Value {
        let id = self.table.insert(node);
        self.spans.entry(id).or_insert(span);
        Value::Node(id)
    }

    /// The outcome of exact arithmetic.
    fn exact(&mut self, result: Result<Rational, DiagnosticKind>, span: Span) -> Value {
        match result {
            Ok(value) => Value::Exact(value),
            Err(kind) => self.mistake(Diagnostic::at(kind, span, "")),
        }
    }
}
