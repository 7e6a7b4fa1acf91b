//! Claims about the flow of f(w2 w1) with a row w2 and a column w1, as data.

use serde::{Deserialize, Serialize};

/// A statement about the vector case with the argument for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "snake_case", deny_unknown_fields)]
pub enum VectorClaim {
    /// Starts with w1 = s w2^T, s = sign f'(0), converge to the origin.
    ToOrigin {},
}
