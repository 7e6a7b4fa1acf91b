//! Claim files as data: the symbols, how they move, what is assumed, what is claimed and why. Everything is untrusted.
//!
//! Lists are referred to by position. `docs/certificate.md` is the specification.

use super::super::certificate::{Exact, Input};
use super::super::exact_text;
use super::super::expr::Function;
use super::super::polynomial::End;
use super::index::Index;
use super::shape::Dimension;
use rug::Rational;
use serde::{Deserialize, Serialize};

/// The version of the format; any other is rejected.
pub const THEORY_SCHEMA: &str = "foliate-theory/1";

/// A claim file with everything that was claimed in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TheoryCertificate {
    /// Must be [`THEORY_SCHEMA`].
    pub schema: String,
    /// The claim file.
    pub input: Input,
    /// One part for each combination of the literal values for which the file is repeated.
    pub parts: Vec<TheoryPart>,
}

/// A theory and the claims about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TheoryPart {
    /// The symbols, their motion, the assumptions.
    pub theory: TheoryData,
    /// The claims with their arguments.
    pub claims: Vec<TheoryClaim>,
}

/// Symbols, how they move and what is assumed of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TheoryData {
    /// The names of sizes; a name may stand for a family of sizes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sizes: Vec<String>,
    /// The integer quantities that occur in indices.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub indices: Vec<IndexData>,
    /// The letters, largest first: assumptions may replace letters by later ones.
    pub symbols: Vec<SymbolData>,
    /// Unknown functions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub functions: Vec<FunctionData>,
    /// All expressions, children before parents.
    pub nodes: Vec<Node>,
    /// Abbreviations, for reading only: the name stands for the node.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub definitions: Vec<Definition>,
    /// Time derivatives.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub motions: Vec<Motion>,
    /// Equations, used from left to right.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Rule>,
    /// Signs of scalars.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
}

/// An integer quantity with its range; the range of a bound variable of a sum is what the sum runs over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexData {
    /// Its name.
    pub name: String,
    /// The smallest value, in terms of indices before this one.
    pub from: Index,
    /// The largest value, in terms of indices before this one; absent if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Index>,
}

/// A letter, or a family of letters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SymbolData {
    /// Its name.
    pub name: String,
    /// For a family: the index that stands for the place, which occurs in the shape and whose range is the family's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<u16>,
    /// The number of rows.
    pub rows: Dimension,
    /// The number of columns.
    pub columns: Dimension,
    /// Whether it equals its transpose.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub symmetric: bool,
    /// Whether it does not move.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub constant: bool,
}

/// An unknown function with as many continuous derivatives as are written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FunctionData {
    /// Its name.
    pub name: String,
    /// The shape of its argument; 1 x 1 for a function of a scalar.
    pub rows: Dimension,
    /// See `rows`.
    pub columns: Dimension,
}

/// A name for an expression.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// The name, such as `C` or `C[i+1]`.
    pub name: String,
    /// The expression.
    pub node: usize,
}

/// The time derivative of a symbol; for a family in terms of its own index.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Motion {
    /// The symbol.
    pub symbol: u16,
    /// Its derivative.
    pub derivative: usize,
}

/// An equation that is assumed; the left side is replaced by the right side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// A single word or a single scalar.
    pub left: usize,
    /// What it is replaced by: every term must be smaller.
    pub right: usize,
}

/// How a scalar compares with zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Relation {
    /// Greater than 0.
    Positive,
    /// Less than 0.
    Negative,
    /// At least 0.
    Nonnegative,
    /// At most 0.
    Nonpositive,
    /// Not 0.
    Nonzero,
}

/// A sign that is assumed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// A scalar.
    pub of: usize,
    /// How it compares with zero.
    pub relation: Relation,
}

/// One node of an expression; the children are earlier nodes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Node {
    /// An exact rational; 0 also stands for the zero matrix of the shape that is needed.
    Number(#[serde(with = "exact_text::rational")] Rational),
    /// The constant pi.
    Pi,
    /// A letter.
    Symbol(u16),
    /// A member of a family.
    Member(u16, Index),
    /// The product of the members from the first index down to the second, the identity if there is none.
    Product(u16, Index, Index),
    /// The identity.
    Identity(Dimension),
    /// The zero matrix.
    Zero(Dimension, Dimension),
    /// The sum.
    Add(usize, usize),
    /// The difference.
    Sub(usize, usize),
    /// The product of matrices, or of a scalar and anything.
    Mul(usize, usize),
    /// Anything divided by a scalar that is not zero.
    Div(usize, usize),
    /// The negative.
    Neg(usize),
    /// The transpose.
    Transpose(usize),
    /// A power: a positive integer for square matrices, any rational for scalars.
    Power(usize, #[serde(with = "exact_text::rational")] Rational),
    /// The trace.
    Trace(usize),
    /// The Frobenius inner product tr(A'B).
    Inner(usize, usize),
    /// An elementary function of a scalar; `sqrt` is the power 1/2.
    Apply(Function, usize),
    /// The derivative of the given order (0 for the value) of an unknown function of a scalar; order 0 also for matrices.
    Unknown(u16, u8, usize),
    /// The gradient of an unknown function of a matrix.
    Gradient(u16, usize),
    /// The derivative of the gradient at the second in the direction of the third.
    Second(u16, usize, usize),
    /// The time derivative.
    Dot(usize),
    /// The partial derivative of a scalar with respect to a scalar symbol.
    Partial(usize, u16),
    /// The sum over all values of an index of an expression in which it is free.
    Sum(u16, usize),
}

/// A claim with its argument.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TheoryClaim {
    /// The name of the claim, such as `A.prop2`.
    pub id: String,
    /// What is claimed.
    pub statement: Statement,
    /// Why it holds, or why it fails.
    pub argument: Argument,
}

/// A letter, a whole family, or one member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Letters {
    /// The symbol.
    pub symbol: u16,
    /// A member of a family; absent for a symbol or for all members.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<Index>,
}

/// What is claimed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Statement {
    /// All are equal, for all sizes and all values of the symbols for which the assumptions hold.
    Equal(Vec<usize>),
    /// The normal form of an expression has at most this total degree in some letters.
    Degree {
        /// The expression.
        of: usize,
        /// The letters that count; their transposes count too.
        letters: Vec<Letters>,
        /// The bound.
        at_most: u32,
    },
    /// The expression is well formed and has this shape.
    Shape {
        /// The expression.
        of: usize,
        /// The number of rows.
        rows: Dimension,
        /// The number of columns.
        columns: Dimension,
    },
    /// No division by zero and no function outside its domain.
    Defined {
        /// The expression.
        of: usize,
    },
    /// A scalar has this sign.
    Sign {
        /// The scalar.
        of: usize,
        /// Its sign.
        relation: Relation,
    },
    /// The rank of a Jacobian at a rational point.
    JacobianRank {
        /// The scalars.
        map: Vec<usize>,
        /// The scalar symbols they are differentiated by.
        by: Vec<u16>,
        /// A value for each of these symbols.
        at: Vec<Exact>,
        /// The rank.
        rank: usize,
    },
    /// The inertia of a Hessian at a rational point.
    HessianInertia {
        /// The scalar.
        of: usize,
        /// The scalar symbols it is differentiated by.
        by: Vec<u16>,
        /// A value for each of these symbols.
        at: Vec<Exact>,
        /// Numbers of positive, negative and zero eigenvalues.
        inertia: [usize; 3],
    },
    /// A polynomial in one scalar symbol has exactly one root in each of these intervals, and no other between the ends.
    Roots {
        /// The polynomial.
        of: usize,
        /// The symbol.
        by: u16,
        /// The left end, not included.
        left: End,
        /// The right end, not included.
        right: End,
        /// Disjoint closed intervals in order, inside.
        enclosed: Vec<[Exact; 2]>,
    },
    /// Bounds for an integral of a function of one scalar symbol.
    Integral {
        /// The integrand.
        of: usize,
        /// The symbol.
        by: u16,
        /// The lower limit.
        from: Exact,
        /// The upper limit, larger.
        to: Exact,
        /// The value is at least this.
        lower: Exact,
        /// The value is at most this.
        upper: Exact,
    },
    /// A bound for the layers of a linear network from its product and its imbalances (A.lem10 to A.lem15, G.bounds).
    Radius {
        /// A bound for the spectral norm of the product.
        product: Exact,
        /// Bounds for the spectral norms of C_1, ..., C_{N-1}.
        imbalances: Vec<Exact>,
        /// A bound for the squared spectral norm of every layer.
        bound: Exact,
    },
}

/// Why a statement holds or fails.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Argument {
    /// The kernel computes: normal forms, shapes, degrees, ranks, roots.
    Compute {},
    /// The statement fails, as the kernel sees by computing: an expression without a shape, another rank, another degree.
    Fails {},
    /// Normal forms, with these square roots taken: `node^2` is what is under the root and `node` is not negative.
    Roots(Vec<SquareRoot>),
    /// Entry by entry at these sizes, the entries being variables: a proof for these sizes only.
    Entries(Sizes),
    /// A sign that is plain from another way of writing the same expression.
    Written(usize),
    /// The integral over pieces: Taylor forms of this order between these points.
    Pieces {
        /// The inner end points, increasing.
        cuts: Vec<Exact>,
        /// The order of the Taylor forms.
        order: u8,
        /// The working precision in bits.
        precision: u32,
    },
    /// Numbers for which the assumptions hold and the statement does not.
    Counterexample {
        /// The sizes.
        sizes: Sizes,
        /// The values of the symbols.
        values: Vec<Value>,
        /// Polynomials or quadratic forms that stand for the unknown functions.
        functions: Vec<FunctionValue>,
    },
}

/// A square root that can be taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SquareRoot {
    /// The power with exponent 1/2.
    pub root: usize,
    /// What it equals: its square is the base, and its sign is plain.
    pub is: usize,
}

/// Numbers for sizes and indices.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sizes {
    /// A number for every size; for a family of sizes the numbers from index 0 on.
    pub sizes: Vec<Vec<u32>>,
    /// A number for every index that is not bound by a sum or a family.
    pub indices: Vec<Option<i32>>,
}

/// The value of a symbol.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Value {
    /// The symbol.
    pub symbol: u16,
    /// The member of a family.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<i32>,
    /// The rows.
    pub rows: Vec<Vec<Exact>>,
}

/// A function to stand for an unknown one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum FunctionValue {
    /// Of a scalar: the coefficients of a polynomial, the constant first.
    Polynomial(Vec<Exact>),
    /// Of a matrix X: tr(linear' X) + (square/2) |X|^2.
    Quadratic {
        /// The rows of the linear part.
        linear: Vec<Vec<Exact>>,
        /// The factor of the square.
        square: Exact,
    },
}
