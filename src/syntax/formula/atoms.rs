//! What formulas are built from: numbers, names, members of families, calls and brackets.

use super::lexer::{Kind, Token};
use super::{Lost, Parser, Term};
use crate::problem::formula::PartKind;
use crate::problem::{Diagnostic, DiagnosticKind, Span};
use crate::syntax::number;

impl Parser<'_> {
    /// atom = number | name | name index | name { "'" } "(" arguments ")" | "(" sum ")"
    pub(super) fn atom(&mut self) -> Result<Term, Lost> {
        let Some(token) = self.tokens.get(self.position).copied() else {
            return Err(self.unexpected("a number, a name or `(`"));
        };
        match token.kind {
            Kind::Number => {
                self.position += 1;
                let result = number::parse_decimal(token.text);
                Ok(self.exact(result, token.span))
            }
            Kind::Name => self.name(token),
            Kind::Open => {
                self.position += 1;
                self.deeper(token.span)?;
                let inner = self.sum()?;
                self.depth -= 1;
                let close = self.expect(Kind::Close, "an operator or `)`", Some(token.span))?;
                Ok(Term {
                    span: token.span.to(close),
                    ..inner
                })
            }
            _ => Err(self.unexpected("a number, a name or `(`")),
        }
    }

    /// A name and what belongs to it.
    fn name(&mut self, token: Token<'_>) -> Result<Term, Lost> {
        self.position += 1;
        if self.peek() == Some(Kind::OpenSquare) {
            return self.member(token);
        }
        let rest = self.tokens.get(self.position..).unwrap_or_default();
        let primes = rest.iter().take_while(|next| next.kind == Kind::Prime).count();
        if rest.get(primes).is_none_or(|next| next.kind != Kind::Open) {
            return Ok(self.add(PartKind::Name(token.text.to_owned()), token.span));
        }
        self.position += primes;
        let open = self.here();
        self.position += 1;
        self.deeper(open)?;
        // `sum(i = ...)` binds an index; `sum(M)` is a function like others.
        let inside = self.tokens.get(self.position..).unwrap_or_default();
        let binds = !matches!(inside, [_, next, ..] if next.kind != Kind::Equal) || inside.len() < 2;
        let summed = token.text == "sum" && primes == 0 && binds;
        let term = if summed {
            self.summation(token.span, open)
        } else {
            self.call(token, primes, open)
        }?;
        self.depth -= 1;
        Ok(term)
    }

    /// The arguments of a call, behind its bracket.
    fn call(&mut self, token: Token<'_>, primes: usize, open: Span) -> Result<Term, Lost> {
        let primes = u8::try_from(primes).map_err(|_| {
            let kind = DiagnosticKind::TooLong {
                limit: usize::from(u8::MAX),
                unit: "primes",
            };
            self.lost(Diagnostic::at(kind, token.span, ""))
        })?;
        let mut arguments = Vec::new();
        if self.peek() != Some(Kind::Close) {
            arguments.push(self.sum()?.part);
            while self.peek() == Some(Kind::Comma) {
                self.position += 1;
                arguments.push(self.sum()?.part);
            }
        }
        let close = self.expect(Kind::Close, "an operator, `,` or `)`", Some(open))?;
        let kind = PartKind::Call {
            name: token.text.to_owned(),
            name_span: token.span,
            primes,
            arguments,
        };
        Ok(self.add(kind, token.span.to(close)))
    }

    /// The inside of `sum(i = a..b, body)`, behind its bracket.
    fn summation(&mut self, start: Span, open: Span) -> Result<Term, Lost> {
        let index = self.tokens.get(self.position).copied();
        let index_span = self.expect(Kind::Name, "the name of an index", Some(open))?;
        self.expect(Kind::Equal, "`=`: a sum is written sum(i = 1..N, ...)", Some(open))?;
        let from = self.affine()?;
        self.expect(Kind::Dots, "`..`: a sum is written sum(i = 1..N, ...)", Some(open))?;
        let to = self.affine()?;
        self.expect(Kind::Comma, "`,`: a sum is written sum(i = 1..N, ...)", Some(open))?;
        let body = Box::new(self.formula()?);
        let close = self.expect(Kind::Close, "an operator or `)`", Some(open))?;
        let kind = PartKind::Sum {
            index: index.map(|token| token.text.to_owned()).unwrap_or_default(),
            index_span,
            from,
            to,
            body,
        };
        Ok(self.add(kind, start.to(close)))
    }

    /// The bracket behind a name: one index, two indices, or the ends of a product.
    fn member(&mut self, token: Token<'_>) -> Result<Term, Lost> {
        let open = self.here();
        self.position += 1;
        self.deeper(open)?;
        let name = token.text.to_owned();
        let name_span = token.span;
        let first = self.affine()?;
        let kind = match self.peek() {
            Some(Kind::Dots) => {
                self.position += 1;
                let low = self.affine()?;
                PartKind::Product {
                    name,
                    name_span,
                    high: first,
                    low,
                }
            }
            Some(Kind::Comma) => {
                self.position += 1;
                let second = self.affine()?;
                PartKind::Member {
                    name,
                    name_span,
                    indices: vec![first, second],
                }
            }
            _ => PartKind::Member {
                name,
                name_span,
                indices: vec![first],
            },
        };
        self.depth -= 1;
        let close = self.expect(Kind::CloseSquare, "`..`, `,` or `]`", Some(open))?;
        Ok(self.add(kind, name_span.to(close)))
    }
}
