//! The proof format as data: choices a finder made, never results. Everything here is untrusted.
//!
//! `docs/certificate.md` is the specification; a comment on a variant is the rule by which it is accepted.

use super::exact_text;
use super::expr::{Id, Node};
use super::polynomial::End;
use super::theorem::Hypothesis;
use rug::Rational;
use serde::{Deserialize, Serialize};

/// The version of the format; any other is rejected.
pub const SCHEMA: &str = "foliate-certificate/1";

/// An exact rational on paper, `p/q`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Exact(#[serde(with = "exact_text::rational")] pub Rational);

impl From<Rational> for Exact {
    fn from(value: Rational) -> Self {
        Exact(value)
    }
}

/// The input a certificate speaks of; the command line, not the kernel, compares the digest with a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The file or the name of the cost.
    pub name: String,
    /// The SHA-256 of its bytes in hexadecimal.
    pub sha256: String,
}

/// A cost with everything that was claimed of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// Must be [`SCHEMA`].
    pub schema: String,
    /// Where the cost came from.
    pub input: Input,
    /// The cost and how it is cut into analytic pieces.
    pub setting: SettingData,
    /// The claims with their arguments.
    pub claims: Vec<Claim>,
}

/// A cost on an open interval, cut into pieces on each of which it equals an expression without kinks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettingData {
    /// All expressions, children before parents; `Id`s are places in this list.
    pub nodes: Vec<Node>,
    /// The cost, an expression in `Variable(0)`.
    pub cost: Id,
    /// The left end of the open domain.
    pub left: End,
    /// The right end of the open domain.
    pub right: End,
    /// The working precision in bits for everything below.
    pub precision: u32,
    /// The pieces from left to right; one for an analytic cost.
    pub pieces: Vec<PieceData>,
}

/// One piece of the domain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PieceData {
    /// The right end of the piece, a constant expression; absent for the last piece.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Id>,
    /// Absolute values and roots replaced by what they are on this piece.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resolutions: Vec<Resolution>,
    /// An expression equal to the cost on this piece: shown by the zero test after the resolutions.
    pub form: Id,
    /// Shows that the cost is defined on the piece; may be left out if `analytic` is about the cost itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub defined: Option<Cover>,
    /// Shows that the form is analytic on the closed piece (within the domain).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub analytic: Option<Cover>,
}

/// `abs(u)` is `by` where `by >= 0` and `by^2 = u^2`; `u^(p/q)` is `by` where `by >= 0` and `by^q = u^p`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resolution {
    /// The absolute value or root.
    pub node: Id,
    /// What it equals on the piece.
    pub by: Id,
    /// The sign chart of `by` on the piece, which must not be negative anywhere.
    pub nonnegative: Chart,
}

/// Boxes and tails that together cover a piece.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cover {
    /// The tail to the left end of the domain, if the piece reaches it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<Tail>,
    /// Increasing points; between neighbours lies one closed box.
    pub cuts: Vec<Exact>,
    /// The tail to the right end of the domain, if the piece reaches it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub right: Option<Tail>,
}

/// A tail t >= `from` towards an end of the domain: w = t, -t, a + 1/t or b - 1/t.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tail {
    /// Where it begins, in t.
    pub from: Exact,
    /// How many terms the asymptotic forms keep.
    pub keep: u8,
}

/// The whole half line, or a sequence t = offset + 2 pi period k on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SequenceData {
    /// The phase.
    pub offset: Exact,
    /// The step in full turns.
    pub period: Exact,
}

/// One of the two ends of the domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The left end.
    Left,
    /// The right end.
    Right,
}

/// The signs and zeros of a function on a piece.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Chart {
    /// Accepted iff the zero test shows that the function vanishes identically.
    Zero {},
    /// Accepted iff the enclosures of the function on all boxes and tails are nonnegative; only for the function itself,
    /// not for derivatives.
    Nonnegative {
        /// The boxes and tails.
        cover: Cover,
        /// The order of the Taylor forms, 0 for plain interval evaluation.
        order: u8,
    },
    /// Accepted iff the function is a quotient p/q of polynomials, q has no zero on the piece, each given
    /// interval holds exactly one zero of p, and there is no other (Sturm).
    Polynomial {
        /// Disjoint intervals in order; both ends equal for an exact rational zero.
        roots: Vec<[Exact; 2]>,
    },
    /// Accepted iff every cell and tail is as it says.
    Cells {
        /// The tail to the left end, where the function must keep a sign.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        left: Option<Tail>,
        /// Where the first cell begins.
        start: Exact,
        /// The cells, each beginning where the one before ends.
        cells: Vec<Cell>,
        /// The tail to the right end, where the function must keep a sign.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        right: Option<Tail>,
        /// The order of the Taylor forms, 0 for plain interval evaluation.
        order: u8,
    },
}

/// A part of a sign chart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Cell {
    /// The function has this strict sign on each of the boxes that end at the cuts.
    Sign {
        /// Positive or negative.
        positive: bool,
        /// The ends of the boxes.
        cuts: Vec<Exact>,
    },
    /// Opposite signs at the two ends and a derivative without zero in between: exactly one zero, a simple one.
    Simple {
        /// The end of the cell.
        to: Exact,
        /// Two points of the cell with opposite signs: the zero lies between them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        within: Option<[Exact; 2]>,
    },
    /// All derivatives below `multiplicity` vanish at `at` by the zero test, and the derivative of that order has no
    /// zero on the cell: `at` is the only zero.
    Multiple {
        /// The end of the cell.
        to: Exact,
        /// The zero, a constant expression.
        at: Id,
        /// Its order.
        multiplicity: u8,
    },
}

/// A zero of f' that is shown to exist, not necessarily alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum CriticalPoint {
    /// f' has opposite signs at the ends of the interval.
    SignChange {
        /// The left end.
        lo: Exact,
        /// The right end.
        hi: Exact,
    },
    /// f' vanishes at a constant expression by the zero test.
    Exact {
        /// The point.
        at: Id,
    },
    /// On this piece f' = p/q with polynomials, and p has a zero strictly between (Sturm); q has none there.
    Root {
        /// The left end.
        lo: Exact,
        /// The right end.
        hi: Exact,
    },
}

/// A statement with the argument for it. The statement's reading is the kernel's own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Claim {
    /// f is real analytic: one form equals f on every piece and is analytic on the whole domain.
    Analytic {
        /// The form.
        form: Id,
        /// Where its analyticity is checked: the whole domain.
        cover: Cover,
    },
    /// The derivatives of this order from the two sides of a break differ: f is not analytic, and for order 1 not C^1.
    DerivativeJump {
        /// What is refuted: `analytic`; for order 1 also `lipschitz_gradient` or `continuously_differentiable`.
        about: Hypothesis,
        /// The index of the piece that ends at the break.
        piece: usize,
        /// The order of the derivative; 1 also shows that f is not C^1.
        order: u8,
    },
    /// Towards a break inside the domain a derivative is unbounded: f is not analytic, and for order 1 not C^1.
    DerivativeBlowUp {
        /// What is refuted: as for `derivative_jump`.
        about: Hypothesis,
        /// The index of the piece.
        piece: usize,
        /// The end of the piece.
        side: Side,
        /// The order of the derivative; 1 also shows that f is not C^1.
        order: u8,
        /// The tail towards the (rational) break.
        tail: Tail,
    },
    /// f is continuously differentiable: every form is analytic on its closed piece and slopes agree at breaks.
    ContinuouslyDifferentiable {},
    /// f tends to +inf at both ends.
    Proper {
        /// A tail on which the form of f diverges.
        left: Tail,
        /// A tail on which the form of f diverges.
        right: Tail,
    },
    /// f is not proper: it stays below a bound towards one end, by its form or because it is monotone there.
    Bounded {
        /// The end.
        side: Side,
        /// The tail.
        tail: Tail,
        /// Only along a sequence.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        along: Option<SequenceData>,
        /// Argue by the sign of f' (f decreases towards the end) instead of the form of f.
        monotone: bool,
    },
    /// f > f(at) on both tails, so the minimum over the compact rest is the minimum.
    MinimumInCompact {
        /// A point.
        at: Exact,
        /// The left tail.
        left: Tail,
        /// The right tail.
        right: Tail,
    },
    /// f(w + period * pi) = f(w) by the zero test on the whole line: the minimum over one period is the minimum.
    Periodic {
        /// The period in multiples of pi, positive.
        period: Exact,
    },
    /// f >= f(at) everywhere: the charts of f - f(at), a piece each, have no negative part.
    GlobalMinimum {
        /// `attains_minimum`, or, for at = 0, the refutation of `origin_not_minimizer`.
        about: Hypothesis,
        /// A constant expression in the domain.
        at: Id,
        /// One per piece.
        charts: Vec<Chart>,
    },
    /// f is unbounded below: it tends to -inf at an end, or along a sequence.
    UnboundedBelow {
        /// What is refuted: `attains_minimum` or `pl_inequality`.
        about: Hypothesis,
        /// The end.
        side: Side,
        /// The tail.
        tail: Tail,
        /// Only along a sequence.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        along: Option<SequenceData>,
    },
    /// The minimum is not attained: f(at) is below the value at every critical point and every kink.
    NotAttained {
        /// The charts of f', a piece each.
        charts: Vec<Chart>,
        /// A point; unused if there are no critical points.
        at: Exact,
    },
    /// f'' is bounded on every piece and f is C^1.
    LipschitzGradient {
        /// Covers, a piece each, on which f'' is evaluated.
        covers: Vec<Cover>,
    },
    /// f'' is unbounded towards an end, perhaps along a sequence.
    UnboundedCurvature {
        /// The end.
        side: Side,
        /// The tail.
        tail: Tail,
        /// Only along a sequence.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        along: Option<SequenceData>,
    },
    /// f'(0) is not 0; the sign is part of the statement.
    SlopeAtOrigin {
        /// `nonsingular_critical_points` or `origin_not_minimizer`.
        about: Hypothesis,
    },
    /// f'(0) = 0 by the zero test.
    OriginIsCritical {},
    /// f(at) < f(0).
    BelowOrigin {
        /// The point.
        at: Exact,
    },
    /// The charts of f' list all critical points; the statement says which are minima and whether all are global
    /// minimisers (then f falls before and rises after a connected critical set).
    CriticalPoints {
        /// One per piece.
        charts: Vec<Chart>,
        /// Pairs of local minima shown to have equal values.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        ties: Vec<Tie>,
    },
    /// A critical point whose value is above f(below): not a global minimiser.
    HigherCriticalPoint {
        /// What is refuted: `critical_points_are_minimizers` or `pl_inequality`.
        about: Hypothesis,
        /// The critical point.
        point: CriticalPoint,
        /// A point with a smaller value.
        below: Exact,
    },
    /// f'^2 >= 2 mu (f - inf f) everywhere.
    PolyakLojasiewicz(Box<PolyakLojasiewicz>),
    /// The PL inequality fails: f''(w*) = 0 at the only critical point, a minimiser.
    DegenerateMinimum {
        /// The charts of f'.
        charts: Vec<Chart>,
    },
    /// The PL inequality fails: f > f(at) on a tail where f'^2 / (f - f(at)) tends to 0.
    VanishingRatio {
        /// The end.
        side: Side,
        /// The tail.
        tail: Tail,
        /// Only along a sequence.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        along: Option<SequenceData>,
        /// The comparison point.
        at: Exact,
    },
    /// The PL inequality fails: f tends to the limit L >= inf f at an end, f > L on the tail, and f'^2 / (f - L) tends to 0.
    VanishingRatioAtLimit {
        /// The end.
        side: Side,
        /// The tail.
        tail: Tail,
        /// The limit L.
        limit: Exact,
    },
    /// The PL inequality fails: f decreases strictly towards an infinite end.
    DecreasesForever {
        /// The end, infinite.
        side: Side,
        /// The tail on which f' keeps its sign.
        tail: Tail,
    },
}

/// Two local minima with equal values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Tie {
    /// f(2c - w) = f(w) by the zero test, and the reflection carries one box onto the other.
    Reflection {
        /// The two zeros, counted in the list of critical points.
        first: usize,
        /// The second one.
        second: usize,
        /// The centre c.
        centre: Exact,
    },
    /// f = p/q; modulo the square-free part of the numerator of f' both values are zeros of one polynomial and lie in
    /// an interval that holds only one of its zeros.
    Algebraic {
        /// The two zeros, counted in the list of critical points.
        first: usize,
        /// The second one.
        second: usize,
        /// An interval of values with one zero of the value polynomial.
        values: [Exact; 2],
    },
}

/// The argument for the PL inequality with a constant mu.
///
/// From the minimiser outwards, psi = f'^2 - 2 mu (f - inf f) is nonnegative at the inner end of each step; a `rising` step
/// shows f'' >= mu, so psi does not decrease outwards; a direct step encloses psi itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolyakLojasiewicz {
    /// The constant, positive.
    pub mu: Exact,
    /// The charts of f'.
    pub charts: Vec<Chart>,
    /// For a monotone f that has no value at the end it falls towards: how it gets there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approach: Option<Approach>,
    /// The steps to the left, outwards from the critical set or the finite end where inf f is approached.
    pub left: Vec<Step>,
    /// The last step to the left, on a tail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_tail: Option<TailStep>,
    /// The steps to the right.
    pub right: Vec<Step>,
    /// The last step to the right, on a tail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub right_tail: Option<TailStep>,
    /// The order of the Taylor forms.
    pub order: u8,
    /// A point where f'^2 / (2 (f - inf f)) is evaluated: an upper bound for the best constant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub best_at: Option<Exact>,
}

/// An end towards which f falls to a limit: psi is enclosed on this tail, and the steps begin where it does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approach {
    /// The tail.
    pub tail: Tail,
    /// The limit, inf f.
    pub limit: Exact,
}

/// One bounded step of a PL argument.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The outer end of the step.
    pub to: Exact,
    /// f'' >= mu on the step instead of a direct enclosure.
    pub rising: bool,
}

/// The unbounded step of a PL argument.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TailStep {
    /// The tail.
    pub tail: Tail,
    /// f'' >= mu on the tail instead of the form of psi.
    pub rising: bool,
}
