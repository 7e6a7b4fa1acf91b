//! Claims about a cost of a matrix as data: choices a finder made, never results. Everything here is untrusted.
//!
//! A comment on a variant is the rule by which it is accepted. `x` stands for the entries of W, row by row.

use super::super::certificate::{Claim, Exact, Input, SettingData};
use super::super::expr::{Id, Node};
use super::super::krawczyk::Enclosure;
use super::super::polynomial::End;
use super::super::theorem::Hypothesis;
use serde::{Deserialize, Serialize};

/// The version of the format; any other is rejected.
pub const MATRIX_SCHEMA: &str = "foliate-matrix/1";

/// A cost of a matrix with everything that was claimed of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MatrixCertificate {
    /// Must be [`MATRIX_SCHEMA`].
    pub schema: String,
    /// Where the cost came from.
    pub input: Input,
    /// The cost and its domain.
    pub cost: CostData,
    /// The claims with their arguments.
    pub claims: Vec<MatrixClaim>,
}

/// A cost of a `rows` x `columns` matrix on an open set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CostData {
    /// All expressions, children before parents; `Variable(i columns + j)` is the entry W[i+1,j+1], unless W is symmetric.
    pub nodes: Vec<Node>,
    /// The cost.
    pub cost: Id,
    /// The number of rows of W.
    pub rows: u16,
    /// The number of columns of W.
    pub columns: u16,
    /// W is symmetric and positive definite: the variables are the entries on and above the diagonal, row by row, and
    /// the first conditions of the domain are that the leading minors are positive.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub definite: bool,
    /// The domain: where all of these hold; everywhere if there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub domain: Vec<Constraint>,
    /// The working precision in bits.
    pub precision: u32,
    /// Why the cost is defined on its domain: one reason for each denominator, base of a power and argument that could
    /// leave the domain of its function, in the order of the nodes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub defined: Vec<Sign>,
}

/// A condition of the domain on a polynomial in the entries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Constraint {
    /// Greater than 0.
    Positive(Id),
    /// Not 0.
    Nonzero(Id),
}

/// Why an expression has a sign on the whole domain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Sign {
    /// Its enclosure over a box that contains the domain says so.
    Range {},
    /// It is a positive multiple of a product of powers of the conditions of the domain, one power for each.
    Domain {
        /// The multiple.
        factor: Exact,
        /// The powers.
        powers: Vec<i8>,
    },
    /// It is constant + sum of products of powers of positive conditions times b' G b with G positive semidefinite.
    Squares {
        /// The constant, not negative; if it is positive the expression is.
        constant: Exact,
        /// The summands.
        terms: Vec<Square>,
    },
    /// On positive definite W: it is tr(S W) + c with S positive semidefinite and c >= 0.
    Trace {},
    /// It is the sum of polynomials that are not negative; if one of them is positive it is.
    Sum {
        /// The summands with their reasons.
        parts: Vec<(Id, Sign)>,
    },
}

/// A product of powers of the conditions times a quadratic form in polynomials.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Square {
    /// The powers, one for each condition; empty for none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub powers: Vec<i8>,
    /// b, polynomials in the entries.
    pub basis: Vec<Id>,
    /// G, symmetric and positive semidefinite.
    pub gram: Vec<Vec<Exact>>,
}

/// A cost of one variable with claims about it, all of which the scalar rules accept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scalar {
    /// The cost; it must be, node by node, what the kernel derives.
    pub setting: SettingData,
    /// The claims.
    pub claims: Vec<Claim>,
}

/// A curve t -> W(t) whose entries are rational functions of t.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Curve {
    /// Expressions in `Variable(0)`, which is t.
    pub nodes: Vec<Node>,
    /// The entries of W(t), row by row.
    pub entries: Vec<Id>,
    /// Where t begins.
    pub left: End,
    /// Where t ends.
    pub right: End,
}

/// A critical point.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Point {
    /// All partial derivatives vanish here exactly.
    Exact(Vec<Exact>),
    /// The Krawczyk operator maps a box into its interior: exactly one critical point lies in it.
    Krawczyk(Enclosure),
}

/// Why f tends to +inf along everything that leaves the compact subsets of the domain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Coercive {
    /// f - epsilon |x|^2 + constant >= 0 on all of the space.
    Squares {
        /// Positive.
        epsilon: Exact,
        /// Any number.
        constant: Exact,
        /// Why it is not negative.
        why: Sign,
    },
    /// f is the sum of two functions: one, a polynomial, is coercive, the other bounded below.
    Sum {
        /// The first one.
        of: Id,
        /// Why it is coercive.
        why: Box<Coercive>,
        /// The second one: a polynomial, or bounded by its range.
        rest: Id,
        /// rest >= -constant.
        constant: Exact,
        /// Why.
        bounded: Sign,
    },
    /// f is h(u) with u >= low, u coercive, and h(u) -> +inf as u -> inf.
    Composition {
        /// u.
        inner: Id,
        /// Why u is coercive.
        why: Box<Coercive>,
        /// -h in the variable u, on (low, inf): shown to tend to -inf.
        outer: Scalar,
    },
    /// Bounded expressions bound the entries one after the other: each step takes an expression u and shows that
    /// f + constant - epsilon u^2 >= 0; then every entry is the linear part of a u plus a polynomial in the entries
    /// before it.
    Cascade {
        /// The steps.
        steps: Vec<Step>,
    },
    /// On {det W > 0}, or on the positive definite matrices: f = h(det W) + rest. With s = (det W)^(1/n), so that
    /// n s^2 <= |W|^2, or n s <= tr W: the cost h(s^n) + kappa s^2, or h(s^n) + kappa s, is proper on (0, inf), and
    /// rest + constant >= (kappa / n + epsilon) |W|^2, or (kappa / n + epsilon) tr W.
    Determinant {
        /// h(u), an expression in which u occurs as `inner` is written.
        main: Id,
        /// u, which is det W.
        inner: Id,
        /// The rest, a polynomial.
        rest: Id,
        /// Not negative.
        kappa: Exact,
        /// Positive.
        epsilon: Exact,
        /// Any number.
        constant: Exact,
        /// Why the rest is as large as that.
        why: Sign,
        /// The cost in s with the claim that it is proper.
        barrier: Scalar,
    },
    /// On a ball {u > 0} with u a multiple of r^2 - |x - c|^2: f = h(u) + rest with h(u) -> +inf as u -> 0 and rest
    /// bounded below.
    Ball {
        /// h(u), an expression in which u occurs as the condition of the domain is written.
        main: Id,
        /// The rest, a polynomial.
        rest: Id,
        /// Its lower bound, of rest + constant >= 0.
        constant: Exact,
        /// Why.
        bounded: Sign,
        /// -h in the variable u, on an interval that begins at 0: shown to tend to -inf there.
        barrier: Scalar,
    },
}

/// One step of a cascade: bounds a further entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Which entry is bounded.
    pub entry: u16,
    /// u, a polynomial: factor times the entry, plus a polynomial in the entries of the steps before.
    pub by: Id,
    /// Positive.
    pub epsilon: Exact,
    /// Any number.
    pub constant: Exact,
    /// Why f + constant - epsilon u^2 >= 0.
    pub why: Sign,
}

/// How a cost of a matrix comes down to costs of one variable.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Reduction {
    /// All mixed second derivatives vanish: f is a sum of functions of one entry each. The scalars are f on the lines
    /// t e_j.
    Separable {
        /// One for each entry.
        scalars: Vec<Scalar>,
    },
    /// f is a function of |x - c|: by its expression, or because (x_i - c_i) d_j f = (x_j - c_j) d_i f. The scalar is
    /// f(c + t e_1).
    Radial {
        /// c.
        centre: Vec<Exact>,
        /// A part of the expression that is |x - c|^2 and contains every entry that occurs.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        inner: Option<Id>,
        /// f on a line through c.
        scalar: Scalar,
    },
    /// f(U W V) = f(W) for rotations, and on diagonal matrices all mixed second derivatives vanish: f is a sum of one
    /// function g over the singular values. The scalar is f(t I) / n.
    Spectral {
        /// g.
        scalar: Scalar,
    },
}

/// A box of a subdivision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Branch {
    /// Halved in the direction of this entry.
    Split(u16),
    /// The partial derivative by this entry has no zero on it.
    Empty(u16),
    /// It lies inside the box of this point.
    Inside(u32),
}

/// A level that inf f does not exceed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Level {
    /// The value at a point of the domain.
    At(Vec<Exact>),
    /// A number that f tends to from above along the curve: -1/(f - level) is shown to tend to -inf.
    Limit(Exact, Box<Scalar>),
}

/// A statement with the argument for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum MatrixClaim {
    /// Every reason of `defined` is strict and there is no kink: f is analytic, and so continuously differentiable.
    Analytic {
        /// `analytic` or `continuously_differentiable`.
        about: Hypothesis,
    },
    /// f is a polynomial of degree 2 on all of the space: everything is linear algebra over the rationals.
    Quadratic {
        /// The question; the kernel finds the answer.
        about: Hypothesis,
        /// A Lipschitz constant, or a PL constant.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        constant: Option<Exact>,
        /// A critical point.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<Vec<Exact>>,
    },
    /// f on a curve in the domain refutes a hypothesis.
    AlongCurve {
        /// `proper`, `attains_minimum`, `pl_inequality`; for a line also `analytic`, `lipschitz_gradient`,
        /// `continuously_differentiable`.
        about: Hypothesis,
        /// The curve.
        curve: Curve,
        /// f on it, with one claim.
        scalar: Scalar,
    },
    /// f is coercive, so its sublevel sets are compact and its minimum is attained.
    Coercive {
        /// `proper` or `attains_minimum`.
        about: Hypothesis,
        /// Why.
        why: Coercive,
    },
    /// f >= f(at).
    Minimum {
        /// `attains_minimum`, or, at 0, the refutation of `origin_not_minimizer`.
        about: Hypothesis,
        /// A point of the domain.
        at: Vec<Exact>,
        /// Why f - f(at) >= 0.
        why: Sign,
    },
    /// inf f is not attained: f tends to a level along a curve, and is greater everywhere.
    NotAttained {
        /// The curve.
        curve: Curve,
        /// The level and how f gets there.
        level: Level,
        /// Why f - level is positive.
        why: Strictness,
    },
    /// f(at) < f(0).
    BelowOrigin {
        /// A point of the domain.
        at: Vec<Exact>,
    },
    /// The second derivatives are bounded on a box that contains the domain.
    BoundedHessian {},
    /// A matrix that is not of full rank is a critical point.
    SingularCriticalPoint {
        /// The point.
        at: Vec<Exact>,
    },
    /// No point of the domain is singular: det W is a factor of a condition.
    NoSingularPoint {},
    /// 1 is a combination of the partial derivatives and det W with polynomial cofactors.
    NoSingularCriticalPoint {
        /// The cofactors of the partial derivatives.
        cofactors: Vec<Id>,
        /// The cofactor of det W.
        determinant: Id,
    },
    /// A partial derivative has no zero: there are no critical points.
    NoCriticalPoint {
        /// `nonsingular_critical_points` or `critical_points_are_minimizers`.
        about: Hypothesis,
        /// Which partial derivative.
        entry: u16,
        /// Negate it first.
        negative: bool,
        /// Why it is positive.
        why: Sign,
    },
    /// x_j - at_j are combinations of the partial derivatives with polynomial cofactors: `at` is the only critical
    /// point; and f is coercive, so it is the minimiser.
    OnlyCriticalPoint {
        /// The point.
        at: Vec<Exact>,
        /// Row j: the cofactors for x_j - at_j.
        cofactors: Vec<Vec<Id>>,
        /// Why f is coercive.
        why: Coercive,
    },
    /// A list of boxes with all critical points. <x, grad f> >= epsilon |x|^2 - constant puts them into a ball and makes
    /// f coercive; a tree of boxes over the cube around the ball leaves only boxes inside those of the list.
    AllCriticalPoints {
        /// `nonsingular_critical_points` or `critical_points_are_minimizers`.
        about: Hypothesis,
        /// Positive.
        epsilon: Exact,
        /// Not negative.
        constant: Exact,
        /// Why <x, grad f> is as large as that.
        why: Sign,
        /// Boxes with exactly one critical point each.
        points: Vec<Enclosure>,
        /// The tree, parents before children, the lower half first.
        tree: Vec<Branch>,
    },
    /// f - f(at) is a polynomial combination of the partial derivatives, and not negative: all critical values are
    /// f(at), the minimum.
    OnlyCriticalValue {
        /// A point.
        at: Vec<Exact>,
        /// The cofactors of the partial derivatives.
        cofactors: Vec<Id>,
        /// Why f - f(at) >= 0.
        why: Sign,
    },
    /// f is coercive and convex with a positive definite Hessian at its critical point, and |grad f|^2 outgrows f:
    /// |grad f|^2 - epsilon (f - f(0)) + constant >= 0. The PL inequality holds with some constant.
    GrowingGradient {
        /// The critical point.
        at: Point,
        /// Positive.
        epsilon: Exact,
        /// Any number.
        constant: Exact,
        /// Why it is not negative.
        why: Sign,
    },
    /// On a convex domain f is a convex function plus a quadratic whose Hessian is at least mu: the PL inequality holds
    /// with mu.
    StronglyConvex {
        /// Convex by the rules.
        main: Id,
        /// A polynomial of degree 2.
        rest: Id,
        /// Positive.
        mu: Exact,
    },
    /// For a W with one row or one column: a partial derivative at 0 is not 0, or 0 is not in the domain, so no critical
    /// point is singular.
    SlopeAtOrigin {
        /// Which partial derivative.
        entry: u16,
    },
    /// f is convex by the rules of disciplined convex programming: critical points are minimisers.
    Convex {},
    /// f is convex and has this critical point; at a box the Hessian is positive definite, so it is the only one.
    ConvexCriticalPoint {
        /// `attains_minimum`, `proper`, `nonsingular_critical_points`, or the refutation of `origin_not_minimizer`.
        about: Hypothesis,
        /// The point.
        at: Point,
    },
    /// A critical point with a greater value than another point.
    HigherCriticalPoint {
        /// What is refuted: `critical_points_are_minimizers` or `pl_inequality`.
        about: Hypothesis,
        /// The critical point.
        at: Point,
        /// The point below.
        below: Vec<Exact>,
    },
    /// Costs of one variable decide.
    Reduced {
        /// The question.
        about: Hypothesis,
        /// The costs with their claims about it.
        by: Reduction,
    },
    /// Along a curve |grad f|^2 / (f - level) tends to 0 with level >= inf f: the PL inequality fails.
    VanishingRatio {
        /// The curve.
        curve: Curve,
        /// The level.
        level: Level,
        /// (level - f) / |grad f|^2 along the curve, shown to tend to -inf.
        scalar: Box<Scalar>,
    },
}

/// Why an expression is positive and not only nonnegative.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Strictness {
    /// It is shown to be positive.
    Positive(Sign),
    /// It is a sum of squares of polynomials g_i, and 1 is a combination of the g_i with polynomial cofactors.
    NoCommonZero {
        /// The polynomials.
        squares: Vec<Id>,
        /// The cofactors.
        cofactors: Vec<Id>,
    },
}
