//! Formulas of matrices as they were written: a list of parts, children before parents, each with its place in the text.
//!
//! What a name means is not known here: the reader of a claim file or of a matrix cost gives the meaning.

use super::Span;
use rug::Rational;

/// An affine integer form in named integer quantities, such as `N - i + 1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Affine {
    /// Multiples of names in the order they were written; a name may occur again, and a multiple may be 0.
    pub terms: Vec<(i32, String, Span)>,
    /// The constant.
    pub offset: i32,
    /// Where it was written.
    pub span: Span,
}

impl Affine {
    /// The form without names and with this value. Panics: never.
    pub fn literal(value: i32, span: Span) -> Self {
        Affine {
            terms: Vec::new(),
            offset: value,
            span,
        }
    }

    /// The form that is a single name. Panics: never.
    pub fn name(name: &str, span: Span) -> Self {
        Affine {
            terms: vec![(1, name.to_owned(), span)],
            offset: 0,
            span,
        }
    }

    /// The value of a form without names. Panics: never.
    pub fn value(&self) -> Option<i32> {
        self.terms.is_empty().then_some(self.offset)
    }

    /// This form plus a multiple of another, with the span of both. `None` on overflow. Panics: never.
    pub fn plus(mut self, factor: i32, other: &Self) -> Option<Self> {
        self.offset = self.offset.checked_add(factor.checked_mul(other.offset)?)?;
        for (multiple, name, span) in &other.terms {
            self.terms.push((factor.checked_mul(*multiple)?, name.clone(), *span));
        }
        self.span = self.span.to(other.span);
        Some(self)
    }

    /// This form with every span replaced. Panics: never.
    pub fn relocate(&mut self, place: &dyn Fn(Span) -> Span) {
        self.span = place(self.span);
        for (_, _, span) in &mut self.terms {
            *span = place(*span);
        }
    }
}

/// The four operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
}

/// The place of a part in its formula.
pub type PartId = usize;

/// What a part of a formula is; children are earlier parts of the same formula.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartKind {
    /// An exact rational: a decimal, or what the arithmetic of such numbers came to.
    Number(Rational),
    /// A name.
    Name(String),
    /// A member of a family, `W[i+1]`, or an entry of a matrix, `W[1,2]`: one or two indices.
    Member {
        /// The name before the bracket.
        name: String,
        /// Where the name stands.
        name_span: Span,
        /// One index or two.
        indices: Vec<Affine>,
    },
    /// A descending product of members of a family, `W[N..i+1]`.
    Product {
        /// The family.
        name: String,
        /// Where the name stands.
        name_span: Span,
        /// The index of the factor on the left.
        high: Affine,
        /// The index of the factor on the right.
        low: Affine,
    },
    /// The transpose.
    Transpose(PartId),
    /// The negative.
    Neg(PartId),
    /// One of the four operations.
    Binary(Operation, PartId, PartId),
    /// A power; brackets and exponents nest at most [`crate::problem::formula::NESTING`] deep.
    Power(PartId, Box<Formula>),
    /// A function with its arguments, of which there may be none.
    Call {
        /// The name before the bracket.
        name: String,
        /// Where the name stands, without the primes.
        name_span: Span,
        /// The number of primes between the name and the bracket.
        primes: u8,
        /// The arguments.
        arguments: Vec<PartId>,
    },
    /// A sum over an index, `sum(i = a..b, body)`.
    Sum {
        /// The index.
        index: String,
        /// Where the index is introduced.
        index_span: Span,
        /// The smallest value.
        from: Affine,
        /// The largest value.
        to: Affine,
        /// What is summed.
        body: Box<Formula>,
    },
}

/// The deepest nesting of brackets and exponents, and so of formulas inside formulas.
pub const NESTING: usize = 256;

/// A part of a formula and where it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub kind: PartKind,
    /// Its place in the text.
    pub span: Span,
}

/// A formula: its last part is the whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Formula {
    /// All parts, children before parents, never empty.
    pub parts: Vec<Part>,
    /// The place of the whole, brackets around it included.
    pub span: Span,
}

impl Formula {
    /// The part that is the whole. Panics: never.
    pub fn root(&self) -> PartId {
        self.parts.len().saturating_sub(1)
    }

    /// The name, if the formula is just a name. Panics: never.
    pub fn as_name(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [
                Part {
                    kind: PartKind::Name(name),
                    ..
                },
            ] => Some(name),
            _ => None,
        }
    }

    /// The number, if the formula is just a number. Panics: never.
    pub fn as_number(&self) -> Option<&Rational> {
        match self.parts.as_slice() {
            [
                Part {
                    kind: PartKind::Number(value),
                    ..
                },
            ] => Some(value),
            _ => None,
        }
    }

    /// Replaces every span, for a text that is part of a larger one. Panics: never.
    pub fn relocate(&mut self, place: &dyn Fn(Span) -> Span) {
        self.span = place(self.span);
        for part in &mut self.parts {
            part.span = place(part.span);
            match &mut part.kind {
                PartKind::Number(_)
                | PartKind::Name(_)
                | PartKind::Transpose(_)
                | PartKind::Neg(_)
                | PartKind::Binary(..) => {}
                PartKind::Member { name_span, indices, .. } => {
                    *name_span = place(*name_span);
                    indices.iter_mut().for_each(|index| index.relocate(place));
                }
                PartKind::Product {
                    name_span, high, low, ..
                } => {
                    *name_span = place(*name_span);
                    high.relocate(place);
                    low.relocate(place);
                }
                PartKind::Power(_, exponent) => exponent.relocate(place),
                PartKind::Call { name_span, .. } => *name_span = place(*name_span),
                PartKind::Sum {
                    index_span,
                    from,
                    to,
                    body,
                    ..
                } => {
                    *index_span = place(*index_span);
                    from.relocate(place);
                    to.relocate(place);
                    body.relocate(place);
                }
            }
        }
    }
}

/// How the two sides of an assumption compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `>`
    Greater,
    /// `<`
    Less,
    /// `>=`
    AtLeast,
    /// `<=`
    AtMost,
}

/// The number of rows or columns of a symbol as written: `n`, `2k`, `d[i-1]`, `3`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extent {
    /// The multiple, or the number itself; positive.
    pub factor: u32,
    /// The name of a size, with an index for a family of sizes; absent for a number.
    pub size: Option<(String, Option<Affine>)>,
    /// Where it was written.
    pub span: Span,
}

/// A shape as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// The number of rows.
    pub rows: Extent,
    /// The number of columns.
    pub columns: Extent,
    /// Whether the word `symmetric` follows.
    pub symmetric: bool,
    /// Where it was written.
    pub span: Span,
}

/// A range of integers as written; without an upper end it goes on forever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    /// The smallest value.
    pub from: Affine,
    /// The largest value.
    pub to: Option<Affine>,
}
