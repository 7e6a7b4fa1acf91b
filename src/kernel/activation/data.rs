//! The proof format for one activated neuron as data: choices a finder made, never results. Everything is untrusted.

use super::super::certificate::{Chart, Cover, CriticalPoint, Exact, Input, SettingData};
use super::super::expr::Id;
use serde::{Deserialize, Serialize};

/// The version of the format; any other is rejected.
pub const ACTIVATION_SCHEMA: &str = "foliate-activation/1";

/// An activation sigma with everything that was claimed of the gradient flow of f(w2*sigma(w1)).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActivationCertificate {
    /// Must be [`ACTIVATION_SCHEMA`].
    pub schema: String,
    /// Where the activation came from.
    pub input: Input,
    /// The activation in place of a cost, on an open interval J. Accepted iff it has one piece, shown to be analytic.
    pub setting: SettingData,
    /// A particular outer cost f, an expression in the same list of nodes and the same variable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outer: Option<Id>,
    /// The sign chart of sigma' on J. Accepted iff it shows one strict sign.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slope: Option<Chart>,
    /// A function Phi with Phi' sigma' = 2 sigma.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primitive: Option<Primitive>,
    /// Where sigma vanishes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zero: Option<Zero>,
    /// The claims with their arguments.
    pub claims: Vec<ActivationClaim>,
}

/// A function Phi on J with Phi' sigma' = 2 sigma.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Primitive {
    /// Accepted iff Phi is analytic on J (the cover) and Phi' sigma' - 2 sigma vanishes by the zero test.
    Closed {
        /// The expression.
        phi: Id,
        /// Where its analyticity is checked: the whole of J.
        cover: Cover,
    },
    /// The integral of 2 sigma/sigma' from a point of J. Accepted iff sigma' has a strict sign on J.
    Integral {
        /// The point.
        from: Exact,
    },
}

/// Where sigma vanishes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Zero {
    /// Nowhere. Accepted iff the sign chart of sigma shows one strict sign on J.
    Nowhere {
        /// The chart.
        chart: Chart,
    },
    /// At a constant expression inside J and nowhere else. Accepted iff sigma vanishes there by the zero test and sigma'
    /// has a strict sign on J.
    At {
        /// The constant.
        at: Id,
    },
    /// Between two points of J and nowhere else. Accepted iff sigma has opposite signs there and sigma' has a strict sign
    /// on J.
    Between {
        /// The left point.
        lo: Exact,
        /// The right point.
        hi: Exact,
    },
}

/// How an integral over an interval of J is enclosed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parts {
    /// Increasing points; the integral goes from the first to the last.
    pub cuts: Vec<Exact>,
    /// The order of the Taylor forms.
    pub order: u8,
}

/// A statement with the argument for it; what it says follows from the parts of the certificate that come before the
/// claims. The reading is the kernel's own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum ActivationClaim {
    /// sigma is analytic on J and sigma' has one strict sign. Needs `slope`.
    Monotone {},
    /// sigma' has a zero in J, as f' in a certificate about a cost: the refutation of `monotone`.
    SlopeVanishes {
        /// The zero.
        point: CriticalPoint,
    },
    /// w2^2 - Phi(w1) is constant along the flow for every differentiable f. Needs `primitive`.
    Conserved {},
    /// The value of w2^2 - Phi(w1) at (0, 0). Needs `primitive`, and 0 in J.
    Origin {
        /// For a Phi that is an integral from another point than 0: the integral between that point and 0.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        parts: Option<Parts>,
    },
    /// The increment of Phi between two points, for a Phi that is an integral. Needs `slope`.
    Increment {
        /// The first and the last cut are the points.
        parts: Parts,
    },
    /// sigma has no zero in J, so no point of J x R is at rest but those with f' = 0. Needs `zero` to be nowhere.
    NoSaddle {},
    /// The zero u0 of sigma, the equilibrium (u0, 0) and its Hessian. Needs `slope` and `zero`.
    Saddle {},
    /// The level of the saddle and its two branches. Needs `slope`, `primitive` and `zero`.
    LevelCurve {},
    /// Which branch leads to the saddle. Needs `slope`, `primitive` and `zero`; if `outer` is given, its slope at 0 must
    /// not be 0.
    StableBranch {},
}
