//! Critical points of f(W_N ... W_1) as data: a cost, widths, points, and what is claimed of them. Everything is untrusted.
//!
//! `docs/certificate.md` is the specification; a comment on a variant is the rule by which it is accepted.

use super::super::certificate::{Exact, Input};
use super::super::expr::Id;
use super::super::krawczyk::Enclosure;
use super::super::network::data::NetworkData;
use serde::{Deserialize, Serialize};

/// The version of the format; any other is rejected.
pub const SADDLE_SCHEMA: &str = "foliate-saddles/1";

/// A matrix, row by row.
pub type Rows = Vec<Vec<Exact>>;

/// A cost and a network with points, and everything that was claimed of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SaddleCertificate {
    /// Must be [`SADDLE_SCHEMA`].
    pub schema: String,
    /// Where the cost came from.
    pub input: Input,
    /// What the claims are about.
    pub landscape: LandscapeData,
    /// The claims.
    pub claims: Vec<SaddleClaim>,
}

/// A function g(W_1, ..., W_N) = f(W_N ... W_1), and some points.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LandscapeData {
    /// The cost and the widths.
    pub network: NetworkData,
    /// The cost is studied where this expression in the entries of W is positive; everywhere if it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<Id>,
    /// The working precision in bits.
    pub precision: u32,
    /// The points; claims name them by their places in this list.
    pub points: Vec<PointData>,
}

/// A critical point of g.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum PointData {
    /// Accepted iff every entry of the gradient of g is exactly 0 here.
    Exact {
        /// W_1, ..., W_N.
        layers: Vec<Rows>,
    },
    /// W_1 = \[U; 0\], W_N = \[V, 0\] with U of `rank` rows and V of `rank` columns, and between them diag(1, ..., 1, 0, ..., 0)
    /// with `inner` ones. V has the identity in `rows`. Accepted iff f(V U), as a function of the other rows of V and of U,
    /// has a critical point in the enclosure, all of whose U have full rank.
    Factored {
        /// r, the rank of W = V U.
        rank: u16,
        /// q, from r to the least hidden width; the hidden width itself if there are two layers.
        inner: u16,
        /// The rows of V that are the rows of the identity, in increasing order, counted from 0.
        rows: Vec<u16>,
        /// Where the other rows of V and then the rows of U are, entry by entry.
        enclosure: Enclosure,
    },
}

/// What is claimed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum SaddleClaim {
    /// The point is critical for g; accepted as "spurious" iff an entry of grad f(W) is not 0, and as the failure of that
    /// iff all of them are exactly 0.
    Spurious {
        /// The number of the point.
        point: u32,
    },
    /// Accepted iff the second derivative of g in this direction is negative.
    Strict {
        /// The number of the point.
        point: u32,
        /// M_1, ..., M_N, of the shapes of the layers.
        direction: Vec<Rows>,
    },
    /// The Hessian is positive semidefinite, so the point is no strict saddle. Accepted iff the inertia says so.
    NotStrict {
        /// The number of the point.
        point: u32,
    },
    /// The numbers of negative, zero and positive eigenvalues of the Hessian. Accepted iff they can be counted.
    Inertia {
        /// The number of the point.
        point: u32,
    },
    /// The critical points near the point are a manifold whose tangent space is the kernel of the Hessian. Accepted, for
    /// two layers, iff a family of critical points has as many dimensions as the kernel.
    Manifold {
        /// The number of the point.
        point: u32,
    },
    /// The critical value as an algebraic number. Accepted iff the cost is a square loss and one root fits.
    Value {
        /// The number of the point.
        point: u32,
    },
    /// All products W at critical points. Accepted iff the cost is a square loss c |W - Y|^2 + e with distinct singular
    /// values of Y, none of them 0.
    Strata,
}
