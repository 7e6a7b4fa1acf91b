//! Integer indices, ranges, sizes and shapes.

use super::lexer::Kind;
use super::{Head, Lost, Parser};
use crate::problem::formula::{Affine, Extent, Range, Shape};
use crate::problem::{Diagnostic, DiagnosticKind, Span};

impl Parser<'_> {
    /// affine = [ "-" ] multiple { ("+" | "-") multiple }
    pub(super) fn affine(&mut self) -> Result<Affine, Lost> {
        let start = self.here();
        let mut total = Affine::literal(0, start);
        let mut first = true;
        loop {
            let factor = match self.peek() {
                Some(Kind::Plus) => 1,
                Some(Kind::Minus) => -1,
                _ if first => 1,
                _ => return Ok(total),
            };
            if matches!(self.peek(), Some(Kind::Plus | Kind::Minus)) {
                self.position += 1;
            }
            first = false;
            let multiple = self.multiple()?;
            let span = total.span.to(multiple.span);
            total = match total.plus(factor, &multiple) {
                Some(sum) => sum,
                None => return Err(self.lost(Diagnostic::at(DiagnosticKind::NumberTooLarge, span, ""))),
            };
        }
    }

    /// multiple = integer [ [ "*" ] whole ] | whole [ "*" integer ], whole = name | "(" affine ")"
    fn multiple(&mut self) -> Result<Affine, Lost> {
        let span = self.here();
        if self.peek() != Some(Kind::Number) {
            let whole = self.whole_index()?;
            if self.peek() != Some(Kind::Star) {
                return Ok(whole);
            }
            self.position += 1;
            let factor = self.integer()?;
            return self.scaled(factor, &whole, span);
        }
        let factor = self.integer()?;
        match self.peek() {
            Some(Kind::Star) => self.position += 1,
            Some(Kind::Name | Kind::Open) => {}
            _ => return Ok(Affine::literal(factor, span)),
        }
        let whole = self.whole_index()?;
        self.scaled(factor, &whole, span)
    }

    /// A multiple of a form.
    fn scaled(&mut self, factor: i32, whole: &Affine, start: Span) -> Result<Affine, Lost> {
        match Affine::literal(0, start).plus(factor, whole) {
            Some(multiple) => Ok(multiple),
            None => Err(self.lost(Diagnostic::at(DiagnosticKind::NumberTooLarge, start, ""))),
        }
    }

    /// A name, or a form in brackets.
    fn whole_index(&mut self) -> Result<Affine, Lost> {
        let Some(token) = self.tokens.get(self.position).copied() else {
            return Err(self.unexpected("an integer or the name of an index"));
        };
        match token.kind {
            Kind::Name => {
                self.position += 1;
                Ok(Affine::name(token.text, token.span))
            }
            Kind::Open => {
                self.position += 1;
                self.deeper(token.span)?;
                let inner = self.affine()?;
                self.depth -= 1;
                self.expect(Kind::Close, "an operator or `)`", Some(token.span))?;
                Ok(inner)
            }
            _ => Err(self.unexpected("an integer or the name of an index")),
        }
    }

    /// An integer without a sign.
    fn integer(&mut self) -> Result<i32, Lost> {
        let found = self.tokens.get(self.position).copied();
        let Some(token) = found.filter(|token| token.kind == Kind::Number) else {
            return Err(self.unexpected("an integer"));
        };
        let Ok(value) = token.text.parse() else {
            let digits = token.text.bytes().all(|byte| byte.is_ascii_digit());
            if !digits {
                return Err(self.unexpected("an integer"));
            }
            return Err(self.lost(Diagnostic::at(DiagnosticKind::NumberTooLarge, token.span, "")));
        };
        self.position += 1;
        Ok(value)
    }

    /// range = affine [ ".." [ affine ] ]; without dots a single value
    pub(super) fn range(&mut self) -> Result<Range, Lost> {
        let from = self.affine()?;
        if self.peek() != Some(Kind::Dots) {
            let to = Some(from.clone());
            return Ok(Range { from, to });
        }
        self.position += 1;
        let to = match self.peek() {
            None => None,
            Some(_) => Some(self.affine()?),
        };
        Ok(Range { from, to })
    }

    /// shape = "scalar" | extent [ "x" extent ] [ "symmetric" ]; without `x` a column
    pub(super) fn shape(&mut self) -> Result<Shape, Lost> {
        let start = self.here();
        let one = |span| Extent {
            factor: 1,
            size: None,
            span,
        };
        if self.word("scalar") {
            return Ok(Shape {
                rows: one(start),
                columns: one(start),
                symmetric: false,
                span: start,
            });
        }
        let rows = self.extent()?;
        let columns = if self.word("x") { self.extent()? } else { one(rows.span) };
        let symmetric_span = self.here();
        let symmetric = self.word("symmetric");
        let mut span = start.to(columns.span);
        if symmetric {
            span = span.to(symmetric_span);
        }
        if self.peek().is_some() {
            return Err(self.unexpected("`x`, `symmetric` or the end"));
        }
        Ok(Shape {
            rows,
            columns,
            symmetric,
            span,
        })
    }

    /// extent = integer | [ integer [ "*" ] ] name [ "[" affine "]" ]
    fn extent(&mut self) -> Result<Extent, Lost> {
        let start = self.here();
        let mut factor = 1;
        let mut size = None;
        if self.peek() == Some(Kind::Number) {
            let value = self.integer()?;
            factor = match u32::try_from(value) {
                Ok(value) if value > 0 => value,
                _ => return Err(self.lost(Diagnostic::at(DiagnosticKind::ZeroSize, start, ""))),
            };
            if self.peek() == Some(Kind::Star) {
                self.position += 1;
            }
        }
        let mut span = start;
        let next = self.tokens.get(self.position).copied();
        let named = next.filter(|token| token.kind == Kind::Name && !(token.text == "x" || token.text == "symmetric"));
        if let Some(token) = named {
            self.position += 1;
            span = span.to(token.span);
            let mut index = None;
            if self.peek() == Some(Kind::OpenSquare) {
                let open = self.here();
                self.position += 1;
                index = Some(self.affine()?);
                span = span.to(self.expect(Kind::CloseSquare, "`]`", Some(open))?);
            }
            size = Some((token.text.to_owned(), index));
        } else if self.position == 0
            || self
                .tokens
                .get(self.position - 1)
                .is_none_or(|last| last.kind != Kind::Number)
        {
            return Err(self.unexpected("a size such as n, 2k, d[i] or 3"));
        }
        Ok(Extent { factor, size, span })
    }

    /// head = name [ "[" name "]" ]
    pub(super) fn head(&mut self) -> Result<Head, Lost> {
        let name = self.tokens.get(self.position).copied();
        self.expect(Kind::Name, "a name", None)?;
        let name = name.map(|token| token.text.to_owned()).unwrap_or_default();
        if self.peek() != Some(Kind::OpenSquare) {
            return Ok((name, None));
        }
        let open = self.here();
        self.position += 1;
        let letter = self.tokens.get(self.position).copied();
        let span = self.expect(Kind::Name, "a letter that stands for the index", Some(open))?;
        self.expect(Kind::CloseSquare, "`]`", Some(open))?;
        let letter = letter.map(|token| token.text.to_owned()).unwrap_or_default();
        Ok((name, Some((letter, span))))
    }

    /// Steps over a word, if it stands here.
    fn word(&mut self, word: &str) -> bool {
        let found = self.tokens.get(self.position).is_some_and(|token| token.text == word);
        self.position += usize::from(found);
        found
    }
}
