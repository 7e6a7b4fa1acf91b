//! The tokens of formulas; every character of the text ends up in a token or is white space.

use crate::problem::Span;
use winnow::ascii::digit1;
use winnow::combinator::{alt, not, opt, preceded, terminated};
use winnow::stream::LocatingSlice;
use winnow::token::{any, one_of, take_while};
use winnow::{ModalResult, Parser};

/// The kinds of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
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
    /// `'`
    Prime,
    /// `(`
    Open,
    /// `)`
    Close,
    /// `[`
    OpenSquare,
    /// `]`
    CloseSquare,
    /// `,`
    Comma,
    /// `..`
    Dots,
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `>=`
    AtLeast,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `<`
    Less,
    /// Anything that is not in the language.
    Other,
}

/// A token and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'text> {
    /// What it is.
    pub(super) kind: Kind,
    /// Its characters.
    pub(super) text: &'text str,
    /// Its place.
    pub(super) span: Span,
}

type Input<'text> = LocatingSlice<&'text str>;

/// Splits a text into tokens. Errors: none, strange characters become [`Kind::Other`]. Panics: never.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
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
fn element(input: &mut Input<'_>) -> ModalResult<Option<Kind>> {
    alt((
        take_while(1.., char::is_whitespace).value(None),
        number.value(Some(Kind::Number)),
        take_while(1.., is_name_character).value(Some(Kind::Name)),
        sign.map(Some),
    ))
    .parse_next(input)
}

/// Digits, with a fraction or an exponent or both; two dots are a range and not a fraction.
fn number<'text>(input: &mut Input<'text>) -> ModalResult<&'text str> {
    let exponent = (one_of(['e', 'E']), opt(one_of(['+', '-'])), digit1);
    let point = || terminated('.', not('.'));
    let mantissa = alt((
        (digit1, opt((point(), opt(digit1)))).void(),
        preceded('.', digit1).void(),
    ));
    (mantissa, opt(exponent)).take().parse_next(input)
}

/// A sign of the language, or any other single character.
fn sign(input: &mut Input<'_>) -> ModalResult<Kind> {
    alt((
        "**".value(Kind::Other),
        "..".value(Kind::Dots),
        "!=".value(Kind::NotEqual),
        ">=".value(Kind::AtLeast),
        "<=".value(Kind::AtMost),
        "==".value(Kind::Other),
        any.map(|character| match character {
            '+' => Kind::Plus,
            '-' => Kind::Minus,
            '*' => Kind::Star,
            '/' => Kind::Slash,
            '^' => Kind::Caret,
            '\'' => Kind::Prime,
            '(' => Kind::Open,
            ')' => Kind::Close,
            '[' => Kind::OpenSquare,
            ']' => Kind::CloseSquare,
            ',' => Kind::Comma,
            '=' => Kind::Equal,
            '>' => Kind::Greater,
            '<' => Kind::Less,
            _ => Kind::Other,
        }),
    ))
    .parse_next(input)
}

/// Whether a character can be part of a name.
fn is_name_character(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(Kind, &str)> {
        tokens(text).iter().map(|token| (token.kind, token.text)).collect()
    }

    #[test]
    fn a_range_is_no_decimal() {
        use Kind::*;
        assert_eq!(kinds("1..N"), [(Number, "1"), (Dots, ".."), (Name, "N")]);
        assert_eq!(kinds("1.5..2."), [(Number, "1.5"), (Dots, ".."), (Number, "2.")]);
        assert_eq!(kinds("2k"), [(Number, "2"), (Name, "k")]);
    }

    #[test]
    fn every_character_is_a_token_or_white_space() {
        use Kind::*;
        assert_eq!(
            kinds("W'[!=**|\u{0} "),
            [
                (Name, "W"),
                (Prime, "'"),
                (OpenSquare, "["),
                (NotEqual, "!="),
                (Other, "**"),
                (Other, "|"),
                (Other, "\0")
            ]
        );
    }
}
