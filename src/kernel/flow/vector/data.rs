//! Claims about the flow of f(w2 w1) with a row w2 and a column w1, as data: choices only. Everything is untrusted.
//!
//! Throughout z = w2 w1, P = |w1 + w2^T|^2, M = |w1 - w2^T|^2, all at the start unless a time is named. A precision
//! is in bits; `order` is the order of the Taylor forms with which f' is enclosed.

use super::super::super::certificate::Exact;
use super::super::super::expr::Id;
use serde::{Deserialize, Serialize};

/// A statement about the vector case with the argument for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "snake_case", deny_unknown_fields)]
pub enum VectorClaim {
    /// A point start with w1 = s w2^T, s = sign f'(0), converges to the origin: accepted iff f' has the sign s on all
    /// parts of the interval between 0 and z.
    ToOrigin {
        /// The working precision.
        precision: u32,
        /// Increasing points strictly between 0 and z: the ends of the parts.
        cuts: Vec<Exact>,
        /// The order of the Taylor forms.
        order: u8,
    },
    /// All solutions converge to points where f' vanishes: accepted iff the descent reaches a zero of f' and P and M
    /// let it.
    Limit(Descent),
    /// The start is at rest: w1 = w2^T = 0, or f'(z) = 0 by the zero test.
    Rests {
        /// The working precision.
        precision: u32,
    },
    /// Where z and the coordinates are at an exact time.
    Position(Position),
    /// When f comes within a distance of its limit.
    Transit(Transit),
    /// Of this point start and a second one with the same z and another P M, the one with the larger P M has the smaller
    /// cost at all times t > 0.
    Faster {
        /// The coordinates of the second start, in the order of the system.
        other: Vec<Exact>,
        /// From the start down to the first zero of f'.
        descent: Descent,
    },
    /// The set of points with |w1 + w2^T| >= alpha, or |w1 - w2^T| >= alpha, is forward invariant under disturbances:
    /// accepted iff f' <= -kappa for z <= alpha^2/4, or f' >= kappa for z >= -alpha^2/4, on all parts, and the
    /// disturbance of w1 +- w2^T is at most alpha kappa.
    Robust {
        /// The working precision.
        precision: u32,
        /// The radius, positive.
        alpha: Exact,
        /// About w1 + w2^T (otherwise about the difference).
        sum: bool,
        /// The strength of the repulsion, nonnegative.
        kappa: Exact,
        /// Increasing points of the half line: the ends of the parts.
        cuts: Vec<Exact>,
        /// The order of the Taylor forms on the bounded parts.
        order: u8,
    },
    /// For f = scale (w - target)^2 / 2 + constant, by the zero test, the cost decays on such a set up to a bound that the
    /// disturbances set. The signs and the size of the set are checked exactly.
    Dissipation {
        /// The radius alpha, positive; the set is about w1 + w2^T for a positive target, else about the difference.
        alpha: Exact,
        /// The factor, positive.
        scale: Exact,
        /// Where f is least.
        target: Exact,
    },
}

impl VectorClaim {
    /// The name of the claim in reports. Panics: never.
    pub fn name(&self) -> &'static str {
        match self {
            VectorClaim::ToOrigin { .. } => "to_origin",
            VectorClaim::Limit(_) => "product_limit",
            VectorClaim::Rests { .. } => "rests",
            VectorClaim::Position(_) => "position",
            VectorClaim::Transit(Transit { other: None, .. }) => "transit",
            VectorClaim::Transit(_) => "second_transit",
            VectorClaim::Faster { .. } => "faster",
            VectorClaim::Robust { .. } => "robust",
            VectorClaim::Dissipation { .. } => "dissipation",
        }
    }
}

/// Where the flow comes to rest: a zero of f' in a bracket, and no zero between the start and the bracket.
///
/// Accepted iff f' > 0 on all parts of what lies between the bracket and starts above it, f' < 0 on all parts towards
/// starts below it, and f' vanishes in the bracket: by a named zero, or by f' <= 0 at its lower end for starts not
/// below it and f' >= 0 at its upper end for starts not above it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Descent {
    /// The working precision.
    pub precision: u32,
    /// A closed interval; `[lo, hi]`.
    pub bracket: [Exact; 2],
    /// A constant expression in the bracket at which f' vanishes by the zero test.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zero: Option<Id>,
    /// Increasing points outside of the bracket, strictly between it and the starts: the ends of the parts.
    pub cuts: Vec<Exact>,
    /// The order of the Taylor forms.
    pub order: u8,
}

/// Where z is at an exact time: between a point it has passed and one it has not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Position {
    /// The time, positive.
    pub time: Exact,
    /// How z travels.
    pub travel: Travel,
    /// Points after the start in the order in which z passes them: parts of the integral that gives the time. Accepted
    /// iff the time to the last of them is at most the time asked for.
    pub passed: Vec<Exact>,
    /// Why z is not further.
    pub ahead: Ahead,
}

/// The direction in which z travels and how times are integrated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Travel {
    /// The working precision.
    pub precision: u32,
    /// The order of the Taylor forms of the integrand, at least 1.
    pub order: u16,
    /// z grows (f' is negative at the start).
    pub rising: bool,
}

/// Why z has not come further.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case", deny_unknown_fields)]
pub enum Ahead {
    /// The time to the last of these points is at least the time asked for. For a point start they go on from the
    /// last point passed; for a box they go on from the end of the range of z that is ahead.
    Time {
        /// In the order in which z would pass them.
        points: Vec<Exact>,
    },
    /// f' vanishes in a bracket beyond the last point passed: there z stops at the latest.
    Critical {
        /// `[lo, hi]`, beyond the last point passed.
        bracket: [Exact; 2],
        /// As for [`Descent`]; without it f' has its sign, or is 0, at the near end, and the opposite sign, or is 0, at the
        /// far end.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        zero: Option<Id>,
        /// Bound the distance to the zero by its exponential decay since the last point passed: accepted iff f'' > 0
        /// from there to the far end of the bracket.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        decay: bool,
    },
}

/// The time from which on f is within a tolerance of its limit. Only from a point.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transit {
    /// The tolerance, positive.
    pub tolerance: Exact,
    /// How z travels, with the precision of everything here.
    pub travel: Travel,
    /// From the start down to the first zero of f'.
    pub descent: Descent,
    /// Points after the start in the order in which z passes them; at the last, f is not yet within the tolerance. None
    /// for a transit that may begin at once.
    pub before: Vec<Exact>,
    /// Points that go on from there; at the last, f is within the tolerance.
    pub after: Vec<Exact>,
    /// The coordinates of another start that the claim is about instead of that of the system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<Vec<Exact>>,
}
