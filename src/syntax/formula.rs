//! Formulas of matrices: sums of products of powers and transposes, read without recursion except into brackets and
//! exponents.
//!
//! Only arithmetic between exact rationals is carried out. Names get their meaning later.

use super::{DIAGNOSTICS, TEXT, advice, number, quoted};
use crate::problem::formula::{Affine, Comparison, Formula, NESTING, Operation, Part, PartId, PartKind, Range, Shape};
use crate::problem::{Diagnostic, DiagnosticKind, Span};
use lexer::{Kind, Token};
use rug::Rational;

mod atoms;
mod indices;
mod lexer;
#[cfg(test)]
mod tests;

/// The longest exponent of a literal power that is computed while reading.
const LITERAL_EXPONENT: i32 = 1_000;

/// Reads a formula.
///
/// Errors: everything that is wrong with the text as far as it could be read. Panics: never.
pub fn parse_formula(text: &str) -> Result<Formula, Vec<Diagnostic>> {
    read(text, |parser| parser.formula())
}

/// Reads an assumption: two formulas and how they compare.
///
/// Errors: as [`parse_formula`]. Panics: never.
pub fn parse_comparison(text: &str) -> Result<(Formula, Comparison, Formula), Vec<Diagnostic>> {
    read(text, |parser| {
        let left = parser.formula()?;
        let comparison = match parser.peek() {
            Some(Kind::Equal) => Comparison::Equal,
            Some(Kind::NotEqual) => Comparison::NotEqual,
            Some(Kind::Greater) => Comparison::Greater,
            Some(Kind::Less) => Comparison::Less,
            Some(Kind::AtLeast) => Comparison::AtLeast,
            Some(Kind::AtMost) => Comparison::AtMost,
            _ => return Err(parser.unexpected("one of = != > < >= <=")),
        };
        parser.position += 1;
        Ok((left, comparison, parser.formula()?))
    })
}

/// Reads an affine integer form such as `2*N - 2`.
///
/// Errors: as [`parse_formula`]. Panics: never.
pub fn parse_affine(text: &str) -> Result<Affine, Vec<Diagnostic>> {
    read(text, |parser| parser.affine())
}

/// Reads a range such as `2..8` or `1..N-1` or `2..`.
///
/// Errors: as [`parse_formula`]. Panics: never.
pub fn parse_range(text: &str) -> Result<Range, Vec<Diagnostic>> {
    read(text, |parser| parser.range())
}

/// Reads a shape such as `k x n`, `k x k symmetric`, `d[i] x d[i-1]`, `2k x 1`, `k` or `scalar`.
///
/// Errors: as [`parse_formula`]. Panics: never.
pub fn parse_shape(text: &str) -> Result<Shape, Vec<Diagnostic>> {
    read(text, |parser| parser.shape())
}

/// What is on the left of a declaration: a name, or a name with the letter that stands for its index and where that is.
pub type Head = (String, Option<(String, Span)>);

/// Reads the name of a symbol, `W`, or of a family, `W[i]`.
///
/// Errors: as [`parse_formula`]. Panics: never.
pub fn parse_head(text: &str) -> Result<Head, Vec<Diagnostic>> {
    read(text, |parser| parser.head())
}

/// Reads the whole of a text by one rule.
fn read<T>(text: &str, rule: impl FnOnce(&mut Parser<'_>) -> Result<T, Lost>) -> Result<T, Vec<Diagnostic>> {
    if text.len() > TEXT {
        let kind = DiagnosticKind::TooLong {
            limit: TEXT,
            unit: "bytes",
        };
        return Err(vec![Diagnostic::new(kind)]);
    }
    let tokens = lexer::tokens(text);
    let mut parser = Parser {
        tokens: &tokens,
        position: 0,
        end: Span::from(text.len()..text.len()),
        depth: 0,
        parts: Vec::new(),
        diagnostics: Vec::new(),
    };
    if tokens.is_empty() {
        parser.report(Diagnostic::at(DiagnosticKind::EmptyExpression, parser.end, ""));
        return Err(parser.diagnostics);
    }
    let value = rule(&mut parser);
    if value.is_ok() && parser.peek().is_some() {
        parser.unexpected("an operator or the end");
    }
    match value {
        Ok(value) if parser.diagnostics.is_empty() => Ok(value),
        _ => Err(parser.diagnostics),
    }
}

/// A mistake after which the rest of the text cannot be understood; it is among the diagnostics already.
struct Lost;

/// A part of the formula that is being read, with the text it was read from, brackets included.
#[derive(Clone, Copy, Debug)]
struct Term {
    part: PartId,
    span: Span,
}

struct Parser<'a> {
    tokens: &'a [Token<'a>],
    position: usize,
    end: Span,
    depth: usize,
    parts: Vec<Part>,
    diagnostics: Vec<Diagnostic>,
}

impl Parser<'_> {
    /// A formula of its own: for the whole text, an exponent, or what is summed.
    fn formula(&mut self) -> Result<Formula, Lost> {
        self.nested(Parser::sum)
    }

    /// What a rule reads, as a formula of its own.
    fn nested(&mut self, rule: impl FnOnce(&mut Self) -> Result<Term, Lost>) -> Result<Formula, Lost> {
        let outer = std::mem::take(&mut self.parts);
        let term = rule(self);
        let parts = std::mem::replace(&mut self.parts, outer);
        term.map(|term| Formula { parts, span: term.span })
    }

    /// sum = product { ("+" | "-") product }
    fn sum(&mut self) -> Result<Term, Lost> {
        let mut left = self.product()?;
        loop {
            let operation = match self.peek() {
                Some(Kind::Plus) => Operation::Add,
                Some(Kind::Minus) => Operation::Sub,
                _ => return Ok(left),
            };
            self.position += 1;
            let right = self.product()?;
            left = self.operation(operation, left, right);
        }
    }

    /// product = signed { ("*" | "/") signed }
    fn product(&mut self) -> Result<Term, Lost> {
        let mut left = self.signed()?;
        loop {
            let operation = match self.peek() {
                Some(Kind::Star) => Operation::Mul,
                Some(Kind::Slash) => Operation::Div,
                _ => return Ok(left),
            };
            self.position += 1;
            let right = self.signed()?;
            left = self.operation(operation, left, right);
        }
    }

    /// signed = { "+" | "-" } power
    fn signed(&mut self) -> Result<Term, Lost> {
        let mut minuses = Vec::new();
        while let Some(token) = self.tokens.get(self.position) {
            match token.kind {
                Kind::Plus => {}
                Kind::Minus => minuses.push(token.span),
                _ => break,
            }
            self.position += 1;
        }
        let mut term = self.power()?;
        for minus in minuses.into_iter().rev() {
            let span = minus.to(term.span);
            term = match self.number(term) {
                Some(value) => self.exact(Ok(-value), span),
                None => self.add(PartKind::Neg(term.part), span),
            };
        }
        Ok(term)
    }

    /// power = postfix [ "^" signed ] { "'" }, where a transpose behind an exponent applies to the power
    fn power(&mut self) -> Result<Term, Lost> {
        let base = self.postfix()?;
        if self.peek() != Some(Kind::Caret) {
            return Ok(base);
        }
        let caret = self.here();
        self.position += 1;
        self.deeper(caret)?;
        let exponent = self.nested(Parser::signed)?;
        self.depth -= 1;
        let span = base.span.to(exponent.span);
        if let (Some(value), Some(power)) = (self.number(base), exponent.as_number())
            && power.is_integer()
            && let Some(power) = power.numer().to_i32()
            && power.abs() <= LITERAL_EXPONENT
        {
            let result = number::power(value, power);
            return Ok(self.exact(result, span));
        }
        Ok(self.add(PartKind::Power(base.part, Box::new(exponent)), span))
    }

    /// postfix = atom { "'" }
    fn postfix(&mut self) -> Result<Term, Lost> {
        let mut term = self.atom()?;
        while let Some(token) = self.tokens.get(self.position).filter(|token| token.kind == Kind::Prime) {
            self.position += 1;
            let span = term.span.to(token.span);
            term = self.add(PartKind::Transpose(term.part), span);
        }
        Ok(term)
    }

    /// One of the four operations; two exact numbers are combined.
    fn operation(&mut self, operation: Operation, left: Term, right: Term) -> Term {
        let span = left.span.to(right.span);
        let divisor = self.number(right);
        if operation == Operation::Div && divisor.as_ref().is_some_and(|value| *value == 0) {
            self.report(Diagnostic::at(DiagnosticKind::DivisionByZero, right.span, "this is 0"));
            return Term { span, ..left };
        }
        let (Some(a), Some(b)) = (self.number(left), divisor) else {
            return self.add(PartKind::Binary(operation, left.part, right.part), span);
        };
        let result = match operation {
            Operation::Add => number::bounded(a + b),
            Operation::Sub => number::bounded(a - b),
            Operation::Mul => number::bounded(a * b),
            Operation::Div => number::quotient(a, b),
        };
        self.exact(result, span)
    }

    /// The value of a term that is a number.
    fn number(&self, term: Term) -> Option<Rational> {
        match &self.parts.get(term.part)?.kind {
            PartKind::Number(value) => Some(value.clone()),
            _ => None,
        }
    }

    /// The outcome of exact arithmetic.
    fn exact(&mut self, result: Result<Rational, DiagnosticKind>, span: Span) -> Term {
        let value = result.unwrap_or_else(|kind| {
            self.report(Diagnostic::at(kind, span, ""));
            Rational::from(1)
        });
        // Numbers that were combined are of no use any more, and a formula that is a number has one part.
        while self.parts.last().is_some_and(|part| {
            matches!(part.kind, PartKind::Number(_)) && part.span.start >= span.start && part.span.end <= span.end
        }) {
            self.parts.pop();
        }
        self.add(PartKind::Number(value), span)
    }

    /// Adds a part.
    fn add(&mut self, kind: PartKind, span: Span) -> Term {
        self.parts.push(Part { kind, span });
        Term {
            part: self.parts.len() - 1,
            span,
        }
    }

    /// Steps into a bracket or an exponent.
    fn deeper(&mut self, span: Span) -> Result<(), Lost> {
        self.depth += 1;
        if self.depth > NESTING {
            return Err(self.lost(Diagnostic::at(DiagnosticKind::TooDeep { limit: NESTING }, span, "")));
        }
        Ok(())
    }

    fn peek(&self) -> Option<Kind> {
        self.tokens.get(self.position).map(|token| token.kind)
    }

    /// The place of the next token, or the end.
    fn here(&self) -> Span {
        self.tokens.get(self.position).map_or(self.end, |token| token.span)
    }

    /// Steps over a token that must stand here; `open` is the bracket it closes, if it closes one.
    fn expect(&mut self, kind: Kind, expected: &str, open: Option<Span>) -> Result<Span, Lost> {
        let span = self.here();
        match (self.peek(), open) {
            (Some(found), _) if found == kind => {
                self.position += 1;
                Ok(span)
            }
            (None, Some(open)) => Err(self.lost(Diagnostic::at(DiagnosticKind::UnclosedBracket, open, "opened here"))),
            _ => Err(self.unexpected(expected)),
        }
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
                let kind = DiagnosticKind::MissingOperator { left, right };
                Diagnostic::at(kind, before.span.to(found.span), "").with_help("write * between them for a product")
            }
            (_, Some(found)) if found.kind == Kind::Close && self.depth == 0 => {
                Diagnostic::at(DiagnosticKind::UnopenedBracket, found.span, "")
            }
            (_, found) => {
                let shown = found.map_or("the end".to_owned(), |token| format!("`{}`", quoted(token.text)));
                let expected = expected.to_owned();
                let kind = DiagnosticKind::UnexpectedToken { found: shown, expected };
                let diagnostic = Diagnostic::at(kind, self.here(), "");
                match found.and_then(|token| advice::formula_sign_help(token.text)) {
                    Some(help) => diagnostic.with_help(help),
                    None => diagnostic,
                }
            }
        };
        self.lost(diagnostic)
    }

    /// Reports a mistake after which reading cannot go on.
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
fn ends_operand(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Number | Kind::Name | Kind::Close | Kind::CloseSquare | Kind::Prime
    )
}

/// Whether an operand can start with such a token.
fn starts_operand(kind: Kind) -> bool {
    matches!(kind, Kind::Number | Kind::Name | Kind::Open)
}
