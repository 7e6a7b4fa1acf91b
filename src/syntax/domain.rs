//! Domains: `(left, right)`, open, with constant expressions or infinities for ends.

use super::expression::{Names, parse_constant};
use super::lexer::{self, Token, TokenKind};
use super::{TEXT, quoted};
use crate::problem::{Diagnostic, DiagnosticKind, Domain, End, Span};

/// Reads an open interval whose ends are `-inf`, `inf` or expressions that are exact rationals.
///
/// Errors: everything that is wrong with it, the empty interval included. Panics: never.
pub fn parse_domain(text: &str, names: &Names) -> Result<Domain, Vec<Diagnostic>> {
    if text.len() > TEXT {
        return Err(vec![Diagnostic::new(DiagnosticKind::TooLong {
            limit: TEXT,
            unit: "bytes",
        })]);
    }
    let whole = Span::from(0..text.len());
    let tokens = lexer::tokens(text);
    let (left, comma, right, close) = parts(&tokens, whole)?;
    match (end(text, left, comma, names), end(text, right, close, names)) {
        (Ok(left), Ok(right)) => Domain::try_new(left.clone(), right.clone()).ok_or_else(|| {
            let (left, right) = (quoted(&left.to_string()), quoted(&right.to_string()));
            vec![Diagnostic::at(DiagnosticKind::EmptyDomain { left, right }, whole, "")]
        }),
        (left, right) => Err(left.err().into_iter().chain(right.err()).flatten().collect()),
    }
}

/// The two ends of an interval, each with the place of the token behind it.
type Parts<'a> = (&'a [Token<'a>], Span, &'a [Token<'a>], Span);

/// Splits `(left, right)` at its comma.
fn parts<'a>(tokens: &'a [Token<'a>], whole: Span) -> Result<Parts<'a>, Vec<Diagnostic>> {
    if let Some(square) = tokens.iter().find(|token| matches!(token.text, "[" | "]")) {
        return Err(vec![Diagnostic::at(DiagnosticKind::ClosedDomain, square.span, "")]);
    }
    let not_an_interval = |span: Span| {
        let diagnostic = Diagnostic::at(DiagnosticKind::NotAnInterval, span, "");
        vec![diagnostic.with_help("the whole real line is `(-inf, inf)`")]
    };
    let [open, inside @ .., close] = tokens else {
        return Err(not_an_interval(whole));
    };
    if open.kind != TokenKind::Open || close.kind != TokenKind::Close {
        return Err(not_an_interval(whole));
    }
    let mut depth = 0_usize;
    let comma = inside.iter().position(|token| {
        match token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && token.kind == TokenKind::Comma
    });
    let at_comma = comma.and_then(|comma| Some((inside.get(..comma)?, inside.get(comma)?, inside.get(comma + 1..)?)));
    match at_comma {
        Some((left, comma, right)) => Ok((left, comma.span, right, close.span)),
        None => Err(not_an_interval(whole)),
    }
}

/// One end; `behind` is the place of the token that follows it.
fn end(text: &str, tokens: &[Token<'_>], behind: Span, names: &Names) -> Result<End, Vec<Diagnostic>> {
    let is_infinity = |token: &Token<'_>| matches!(token.text, "inf" | "∞");
    match tokens {
        [only] if is_infinity(only) => return Ok(End::PositiveInfinity),
        [sign, only] if is_infinity(only) && sign.kind == TokenKind::Plus => return Ok(End::PositiveInfinity),
        [sign, only] if is_infinity(only) && sign.kind == TokenKind::Minus => return Ok(End::NegativeInfinity),
        _ => {}
    }
    match parse_constant(text, tokens, behind, names)? {
        Some(value) => Ok(End::At(value)),
        None => {
            let span = match (tokens.first(), tokens.last()) {
                (Some(first), Some(last)) => first.span.to(last.span),
                _ => behind,
            };
            Err(vec![Diagnostic::at(DiagnosticKind::EndNotRational, span, "")])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rug::Rational;

    fn shown(text: &str) -> Option<String> {
        let mut names = Names::default();
        names.declare("a", Rational::from(1));
        names.declare("b", Rational::from(3));
        parse_domain(text, &names).ok().map(|domain| domain.to_string())
    }

    #[test]
    fn ends_are_exact() {
        assert_eq!(shown("(-inf, inf)").as_deref(), Some("(-inf, inf)"));
        assert_eq!(shown(" ( 1/3 ,+inf ) ").as_deref(), Some("(1/3, inf)"));
        assert_eq!(shown("(0, 1e-3)").as_deref(), Some("(0, 1/1000)"));
        assert_eq!(shown("(-a/b, (a+b)^2)").as_deref(), Some("(-1/3, 16)"));
    }

    #[test]
    fn everything_else_is_refused() {
        for text in [
            "",
            "(",
            "()",
            "(,)",
            "(1)",
            "(1,)",
            "(,1)",
            "(1,2",
            "1,2",
            "[0,1]",
            "]0,1[",
            "(0,1]",
            "(1,0)",
            "(0,0)",
            "(inf,-inf)",
            "(0,-inf)",
            "(inf,inf)",
            "(0,1,2)",
            "(w,1)",
            "(0,pi)",
            "(0,1/0)",
            "(c,1)",
            "(0,1))",
            "all",
        ] {
            assert_eq!(shown(text), None, "{text}");
        }
    }

    #[test]
    fn both_ends_are_checked() {
        assert_eq!(parse_domain("(c, d)", &Names::default()).unwrap_err().len(), 2);
    }
}
