//! The proof format for gradient flows as data: choices a finder made, never results. Everything is untrusted.
//!
//! `docs/certificate.md` is the specification; a comment on a variant is the rule by which it is accepted.

use super::super::certificate::{Exact, Input};
use super::super::expr::{Id, Node};
use super::vector::data::VectorClaim;
use serde::{Deserialize, Serialize};

/// The version of the format; any other is rejected.
pub const FLOW_SCHEMA: &str = "foliate-flow/1";

/// A flow from a set of starts, with everything that was claimed of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FlowCertificate {
    /// Must be [`FLOW_SCHEMA`].
    pub schema: String,
    /// Where the specification came from.
    pub input: Input,
    /// The vector field, the starts and the disturbances.
    pub system: SystemData,
    /// The claims, in order: some speak about the end of the tube before them.
    pub claims: Vec<FlowClaim>,
}

/// A vector field x' = F(x) with a box of starts x(0).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SystemData {
    /// All expressions, children before parents; `Id`s are places in this list.
    pub nodes: Vec<Node>,
    /// What makes the vector field.
    pub model: Model,
    /// Names for the coordinates of a field or of a plain gradient flow, `x[1]` and so on if there are none: letters, digits
    /// and underscores, beginning with a letter, all different.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// A closed interval for every coordinate of x(0); the two ends are equal for a point.
    pub start: Vec<[Exact; 2]>,
    /// For every block of coordinates (a layer of a network, or everything) a bound for the Euclidean norm of what may be
    /// added to the vector field at any time. Empty for an undisturbed flow.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub disturbance: Vec<Exact>,
}

/// Where a vector field comes from. Coordinate number i is variable number i.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Model {
    /// x_i' = speeds\[i\], expressions in the coordinates.
    Field {
        /// One expression per coordinate.
        speeds: Vec<Id>,
    },
    /// x' = -grad f(x).
    Gradient {
        /// f, an expression in the coordinates.
        cost: Id,
        /// The number of coordinates.
        dimension: u16,
    },
    /// The gradient flow of f(W_N ... W_1). The coordinates are the entries of W_1, row by row, then of W_2, and so on.
    Linear {
        /// f: variable number i d_0 + j is the entry of W in row i and column j, both counted from 0.
        cost: Id,
        /// d_0, ..., d_N: layer W_i is d_i x d_(i-1).
        widths: Vec<u16>,
    },
    /// The gradient flow of f(w2 sigma(w1)); the coordinates are w1 and w2.
    Neuron {
        /// f, an expression in variable 0.
        cost: Id,
        /// sigma, an expression in variable 0.
        activation: Id,
    },
}

/// A statement with the argument for it. The reading is the kernel's own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum FlowClaim {
    /// Every solution from the starts exists for the sum of the lengths of the steps, and stays in the tube that the
    /// kernel computes.
    Tube(TubeData),
    /// From the end of the tube before this claim on, all solutions stay near and converge, exponentially, to points with
    /// grad f = 0. Only for gradient flows without disturbance.
    Settles(Settling),
    /// At the end of the tube before this claim a linear network fits a matrix better than every critical point that is no
    /// fit, so all solutions converge to fits. Only without disturbance.
    Barrier(Barrier),
    /// Along the tube before this claim a linear network fits a matrix ever better, up to what disturbances undo.
    Dissipation(Dissipation),
    /// This expression in the coordinates is constant along every solution, as long as it is analytic: its derivative along
    /// the flow passes the zero test, for gradient flows with grad f as free letters.
    Conserved {
        /// The quantity.
        quantity: Id,
    },
    /// A statement about the flow of f(w2 w1) with a row w2 and a column w1.
    Vector(VectorClaim),
}

/// How to enclose a flow step by step. The kernel computes everything else.
///
/// The starts are c + r y with y in \[-1, 1\]^m, one variable per coordinate that is not a point. The solution is followed
/// as a polynomial in y; what the polynomial misses is a ball, whose radius grows with the logarithmic norm.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TubeData {
    /// The working precision in bits.
    pub precision: u32,
    /// The degree of the polynomials in y.
    pub degree: u8,
    /// For every degree in y from 1 on, the order in time from which products keep nothing of that degree: it goes to the
    /// rest. Everything is kept of degrees for which nothing is said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub orders: Vec<u16>,
    /// The steps in time.
    pub steps: Vec<StepData>,
}

/// One step in time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepData {
    /// Its length, positive.
    pub length: Exact,
    /// The order p of the Taylor polynomial in time: degree p - 1, and a remainder of order p.
    pub order: u16,
    /// The remainder stays within \[-slack, slack\] in every coordinate: accepted iff the Taylor coefficient of order p
    /// over the polynomial's range widened by the slack shows it.
    pub slack: Exact,
    /// An upper bound for the radius of the ball during the step: accepted iff what is computed stays below.
    pub radius: Exact,
    /// Use that f is convex: leave the part of the Hessian with D^2 f out of the logarithmic norm. Accepted iff D^2 f is
    /// shown to be positive definite over the step.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub convex: bool,
    /// The step is cut into so many equal parts; on each the logarithmic norm of the Jacobian is below its number.
    /// Accepted iff that number times the identity minus the symmetric part is shown to be positive definite.
    pub growth: Vec<Exact>,
}

/// Why a gradient flow converges after a tube: on a ball around its end D^2 f >= convexity > 0 over the hull of the
/// products, and Dz Dz^T >= conditioning > 0 for the derivative Dz of the product by the coordinates. Then every solution
/// has a length of at most |grad f| / (convexity sqrt(conditioning)): accepted iff that ball is large enough.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settling {
    /// A lower bound for the smallest eigenvalue of D^2 f.
    pub convexity: Exact,
    /// A lower bound for the smallest eigenvalue of Dz Dz^T.
    pub conditioning: Exact,
    /// The radius of the ball.
    pub radius: Exact,
}

/// Why a linear network fits a matrix in the end: grad f = scale (W - target), and at the end of the tube |W - target|^2 is
/// below a number that is below all eigenvalues of the smaller one of target target' and target' target. Accepted iff the
/// zero test, a positive definite matrix, and the enclosure of the solutions show that.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Barrier {
    /// c, positive.
    pub scale: Exact,
    /// Y, row by row.
    pub target: Vec<Exact>,
    /// A lower bound for the squares of the singular values of Y.
    pub spectrum: Exact,
}

/// How fast a linear network fits a matrix along a tube: grad f = scale (W - target), and during every step Dz Dz' is larger
/// than the rate of the step over the scale. Accepted iff the zero test and positive definite matrices show that.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dissipation {
    /// c, positive.
    pub scale: Exact,
    /// Y, row by row.
    pub target: Vec<Exact>,
    /// For every step of the tube a number of at least 0.
    pub rates: Vec<Exact>,
}
