//! Text to tokens; every character of the text ends up in a token or is white space.

use crate::problem::Span;
use winnow::ascii::digit1;
use winnow::combinator::{alt, opt};
use winnow::stream::LocatingSlice;
use winnow::token::{any, one_of, take_while};
use winnow::{ModalResult, Parser};

/// The kinds of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// An unsigned decimal number.
    Number,
    /// A name.
    Name,
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Star,
    /// `/`
    Slash,
    /// `^`
    Caret,
    /// `(`
    Open,
    /// `)`
    Close,
    /// `,`
    Comma,
    /// `**`, which is not in the language but often meant.
    DoubleStar,
    /// A character that is not in the language.
    Other,
}

/// A token and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'text> {
    /// What it is.
    pub kind: TokenKind,
    /// Its characters.
    pub text: &'text str,
    /// Its place.
    pub span: Span,
}

type Input<'text> = LocatingSlice<&'text str>;

/// Splits a text into tokens. Errors: none, strange characters become [`TokenKind::Other`]. Panics: never.
pub fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut input = LocatingSlice::new(text);
    let mut tokens = Vec::new();
    // The rule for any single character accepts everything, so this ends only with the text.
    while let Ok(((kind, text), range)) = element.with_taken().with_span().parse_next(&mut input) {
        if let Some(kind) = kind {
            let span = Span::from(range);
            tokens.push(Token { kind, text, span });
        }
    }
    tokens
}

/// One token, or a stretch of white space, which has no kind.
fn element(input: &mut Input<'_>) -> ModalResult<Option<TokenKind>> {
    alt((
        take_while(1.., char::is_whitespace).value(None),
        number.value(Some(TokenKind::Number)),
        take_while(1.., is_name_character).value(Some(TokenKind::Name)),
        sign.map(Some),
    ))
    .parse_next(input)
}

/// Digits, with a fraction or an exponent or both.
fn number<'text>(input: &mut Input<'text>) -> ModalResult<&'text str> {
    let exponent = (one_of(['e', 'E']), opt(one_of(['+', '-'])), digit1);
    let mantissa = alt(((digit1, opt(('.', opt(digit1)))).void(), ('.', digit1).void()));
    (mantissa, opt(exponent)).take().parse_next(input)
}

/// A sign of the language, or any other single character.
fn sign(input: &mut Input<'_>) -> ModalResult<TokenKind> {
    alt((
        "**".value(TokenKind::DoubleStar),
        any.map(|character| match character {
            '+' => TokenKind::Plus,
            '-' => TokenKind::Minus,
            '*' => TokenKind::Star,
            '/' => TokenKind::Slash,
            '^' => TokenKind::Caret,
            '(' => TokenKind::Open,
            ')' => TokenKind::Close,
            ',' => TokenKind::Comma,
            _ => TokenKind::Other,
        }),
    ))
    .parse_next(input)
}

/// Whether a character can be part of a name.
fn is_name_character(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// Whether a text is a name as a whole: a letter or underscore, then letters, digits and underscores. Panics: never.
pub fn is_name(text: &str) -> bool {
    text.chars().all(is_name_character) && text.starts_with(|first: char| !first.is_numeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(TokenKind, &str)> {
        tokens(text).iter().map(|token| (token.kind, token.text)).collect()
    }

    #[test]
    fn numbers_end_where_they_stop_being_numbers() {
        use TokenKind::*;
        assert_eq!(kinds("2.5E-3w"), [(Number, "2.5E-3"), (Name, "w")]);
        assert_eq!(kinds("2e"), [(Number, "2"), (Name, "e")]);
        assert_eq!(kinds("1.5.5"), [(Number, "1.5"), (Number, ".5")]);
        assert_eq!(kinds("1e-w"), [(Number, "1"), (Name, "e"), (Minus, "-"), (Name, "w")]);
    }

    #[test]
    fn spans_count_bytes() {
        let tokens = tokens("π +\n w");
        let spans: Vec<_> = tokens.iter().map(|token| (token.span.start, token.span.end)).collect();
        assert_eq!(spans, [(0, 2), (3, 4), (6, 7)]);
    }

    #[test]
    fn every_character_is_a_token_or_white_space() {
        use TokenKind::*;
        assert_eq!(
            kinds("w**2|\u{0}"),
            [
                (Name, "w"),
                (DoubleStar, "**"),
                (Number, "2"),
                (Other, "|"),
                (Other, "\0")
            ]
        );
        assert_eq!(kinds(" \t\r\n"), []);
    }

    #[test]
    fn names_start_with_a_letter_or_an_underscore() {
        assert!(is_name("a_1") && is_name("_") && is_name("β"));
        assert!(!is_name("") && !is_name("1a") && !is_name("a b") && !is_name("a-b"));
    }
}
