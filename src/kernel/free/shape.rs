//! Sizes of matrices, symbolic: `n`, `2k`, `d[i-1]`, `3`.

use super::index::Index;
use serde::{Deserialize, Serialize};

/// A size: a positive multiple of a named size, or a positive number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dimension {
    /// The multiple, or the number itself; positive.
    pub factor: u32,
    /// The named size; absent for a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<Size>,
}

/// A named size, or a member of a family of sizes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Size {
    /// Its place in the list of sizes.
    pub name: u16,
    /// The member of a family.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<Index>,
}

impl Dimension {
    /// A number.
    pub fn number(value: u32) -> Self {
        Dimension {
            factor: value,
            size: None,
        }
    }

    /// A named size.
    pub fn named(name: u16, index: Option<Index>) -> Self {
        Dimension {
            factor: 1,
            size: Some(Size { name, index }),
        }
    }

    /// Whether it is the number 1.
    pub fn is_one(&self) -> bool {
        self.factor == 1 && self.size.is_none()
    }

    /// The size with an index variable replaced. `None` on overflow.
    pub fn substitute(&self, variable: u16, value: &Index) -> Option<Self> {
        let mut dimension = self.clone();
        if let Some(index) = dimension.size.as_mut().and_then(|size| size.index.as_mut()) {
            *index = index.substitute(variable, value)?;
        }
        Some(dimension)
    }
}
