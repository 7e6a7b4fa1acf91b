//! Gradient flows of deep linear networks as data: a cost, the widths, and what is claimed. Everything is untrusted.
//!
//! `docs/certificate.md` is the specification; a comment on a variant is the rule by which it is accepted.

use super::super::certificate::Input;
use super::super::expr::{Id, Node};
use serde::{Deserialize, Serialize};

/// The version of the format; any other is rejected.
pub const NETWORK_SCHEMA: &str = "foliate-network/1";

/// A cost and a network, with everything that was claimed of the flow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkCertificate {
    /// Must be [`NETWORK_SCHEMA`].
    pub schema: String,
    /// Where the cost came from.
    pub input: Input,
    /// The cost and the widths.
    pub network: NetworkData,
    /// The claims.
    pub claims: Vec<NetworkClaim>,
}

/// A cost f of a d_N x d_0 matrix W, and the widths of the network W = W_N ... W_1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkData {
    /// All expressions, children before parents; `Id`s are places in this list.
    pub nodes: Vec<Node>,
    /// The cost: variable number i d_0 + j is the entry of W in row i and column j, both counted from 0.
    pub cost: Id,
    /// d_0, ..., d_N: layer W_i is d_i x d_(i-1).
    pub widths: Vec<u16>,
}

/// What is claimed of the gradient flow of f(W_N ... W_1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum NetworkClaim {
    /// Accepted iff each expression, row by row, minus the derivative of the cost by that entry passes the zero test.
    Gradient {
        /// The gradient of f as somebody likes to write it.
        entries: Vec<Id>,
    },
    /// Accepted iff minus (W_N ... W_(i+1))^T grad f(W) (W_(i-1) ... W_1)^T is the steepest descent in this layer.
    Flow {
        /// i, counted from 1.
        layer: u16,
    },
    /// Accepted iff every entry of d/dt (W_i W_i^T - W_(i+1)^T W_(i+1)) passes the zero test.
    Conservation {
        /// i, counted from 1, below the depth.
        layer: u16,
    },
}
