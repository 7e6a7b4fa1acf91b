//! A claim file once it has been read: declarations, assumptions and claims, with the place of everything.
//!
//! Names are not resolved yet; that is for the elaboration. The language is described in `proofs/README.md`.

use super::formula::{Affine, Comparison, Formula, Range, Shape};
use super::{Source, Span};
use crate::kernel::polynomial::End;
use rug::Rational;

/// Something and where it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed<T> {
    /// What was written.
    pub value: T,
    /// Where.
    pub span: Span,
}

/// A claim file.
#[derive(Clone, Debug)]
pub struct ClaimFile {
    /// The text it was read from.
    pub source: Source,
    /// The SHA-256 of the bytes of the source, in lower-case hexadecimal.
    pub sha256: String,
    /// The name of the entry.
    pub id: Placed<String>,
    /// A line for people.
    pub title: String,
    /// Where the statement stands in the literature.
    pub reference: Option<String>,
    /// A line on the reason.
    pub why: Option<String>,
    /// Integer quantities, in the order of the file.
    pub index: Vec<Quantity>,
    /// Literal values for which everything is repeated.
    pub each: Vec<Quantity>,
    /// The letters, in the order of the file.
    pub symbols: Vec<Symbol>,
    /// Unknown functions, with the shape of their argument.
    pub functions: Vec<Symbol>,
    /// The symbols that do not move.
    pub constants: Vec<Placed<String>>,
    /// Abbreviations, in any order.
    pub definitions: Vec<Equation>,
    /// Time derivatives of symbols.
    pub motions: Vec<Equation>,
    /// What is assumed, in order.
    pub assumptions: Vec<Assumption>,
    /// Theorems of the literature that are used.
    pub axioms: Vec<Axiom>,
    /// What is claimed.
    pub claims: Vec<Claim>,
}

/// An integer quantity and its range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quantity {
    /// Its name.
    pub name: Placed<String>,
    /// Its range.
    pub range: Range,
}

/// A symbol, a family of symbols, or an unknown function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// Its name.
    pub name: Placed<String>,
    /// For a family: the letter that stands for the index.
    pub letter: Option<Placed<String>>,
    /// Its shape; of an unknown function, the shape of the argument.
    pub shape: Shape,
}

/// A name, perhaps of a family, and the formula it stands for or its time derivative.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Equation {
    /// The name.
    pub name: Placed<String>,
    /// For a family: the letter that stands for the index.
    pub letter: Option<Placed<String>>,
    /// The formula.
    pub formula: Formula,
}

/// Two formulas that are assumed to compare like this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assumption {
    /// The left side.
    pub left: Formula,
    /// How they compare.
    pub comparison: Comparison,
    /// The right side.
    pub right: Formula,
}

/// A theorem of the literature that is used and not proved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Axiom {
    /// Its name.
    pub name: Placed<String>,
    /// What it says.
    pub statement: String,
    /// What has to be discharged where it is used.
    pub requires: Vec<String>,
}

/// A claim.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// Where it begins.
    pub span: Span,
    /// Its name within the file.
    pub name: Option<Placed<String>>,
    /// A line on the reason.
    pub why: Option<String>,
    /// Literal values for which it is repeated.
    pub each: Vec<Quantity>,
    /// Whether it is false and has to be refuted.
    pub refuted: bool,
    /// Several choices of sizes, at each of which it is proved a second time.
    pub instances: Vec<Vec<Assigned>>,
    /// Formulas whose derivation is worth printing.
    pub steps: Vec<Formula>,
    /// The counterexample of a refuted claim; empty if there is none.
    pub witness: Vec<Assigned>,
    /// What the refuted claim is about.
    pub erratum: Option<Erratum>,
    /// What is claimed.
    pub statement: Claimed,
}

/// A value for a size, an index, a symbol, a member of a family, or an unknown function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assigned {
    /// The name.
    pub name: Placed<String>,
    /// The member of a family.
    pub member: Option<i32>,
    /// The value.
    pub value: Placed<Given>,
}

/// The value itself, as far as it is understood without knowing what the name means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// A number.
    Number(Rational),
    /// Numbers: a family of sizes, or a column.
    List(Vec<Rational>),
    /// The rows of a matrix, all of the same length.
    Rows(Vec<Vec<Rational>>),
    /// The coefficients of a polynomial in `x`, the constant first.
    Polynomial(Vec<Rational>),
    /// The function tr(linear' X) + square/2 |X|^2.
    Quadratic {
        /// The rows of the linear part.
        linear: Vec<Vec<Rational>>,
        /// The factor of the square.
        square: Rational,
    },
}

/// A slip in print: where, what is printed and what is true.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Erratum {
    /// S for statement, P for a step of a proof, N for notation.
    pub class: String,
    /// The place in print.
    pub location: String,
    /// What is printed.
    pub printed: String,
    /// What is true.
    pub correct: String,
}

/// A symbol, a family or a member of one, as the letters that a degree counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// The name.
    pub name: Placed<String>,
    /// The index of a member.
    pub index: Option<Affine>,
}

/// The sign of a scalar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// Greater than 0.
    Positive,
    /// Less than 0.
    Negative,
    /// At least 0.
    Nonnegative,
    /// At most 0.
    Nonpositive,
}

/// A value for each of some scalar symbols.
pub type Point = Vec<(Placed<String>, Rational)>;

/// What is claimed.
#[derive(Clone, Debug, PartialEq)]
pub enum Claimed {
    /// All are equal.
    Equal(Vec<Formula>),
    /// The total degree in some letters is bounded.
    Degree {
        /// The formula.
        of: Formula,
        /// The letters that count.
        letters: Vec<Letter>,
        /// The bound.
        at_most: Affine,
    },
    /// The formula makes sense and has this shape.
    Shape {
        /// The formula.
        of: Formula,
        /// The shape.
        shape: Shape,
    },
    /// No division by zero and no function outside its domain.
    Defined(Formula),
    /// A scalar has this sign.
    Sign {
        /// The scalar.
        of: Formula,
        /// Its sign.
        sign: Sign,
        /// The same in a form whose sign is plain.
        written: Option<Formula>,
    },
    /// The rank of a Jacobian at a point.
    Rank {
        /// The scalars.
        jacobian: Vec<Formula>,
        /// The symbols they are differentiated by.
        by: Vec<Placed<String>>,
        /// The point.
        at: Point,
        /// The rank.
        rank: usize,
    },
    /// The inertia of a Hessian at a point.
    Inertia {
        /// The scalar.
        hessian: Formula,
        /// The symbols it is differentiated by.
        by: Vec<Placed<String>>,
        /// The point.
        at: Point,
        /// The numbers of positive, negative and zero eigenvalues.
        inertia: [usize; 3],
    },
    /// All roots of a polynomial in an open interval.
    Roots {
        /// The polynomial.
        of: Formula,
        /// Its variable.
        by: Placed<String>,
        /// The left end.
        left: End,
        /// The right end.
        right: End,
        /// An interval around each root.
        enclosed: Vec<[Rational; 2]>,
    },
    /// Bounds for an integral.
    Integral {
        /// The integrand.
        of: Formula,
        /// The variable.
        by: Placed<String>,
        /// The lower limit.
        from: Rational,
        /// The upper limit.
        to: Rational,
        /// The bounds.
        between: [Rational; 2],
    },
    /// A bound for the layers of a linear network.
    Radius {
        /// A bound for the spectral norm of the product.
        product: Rational,
        /// Bounds for the spectral norms of the imbalances.
        imbalances: Vec<Rational>,
        /// A bound for the squared spectral norm of every layer.
        bound: Rational,
    },
}
