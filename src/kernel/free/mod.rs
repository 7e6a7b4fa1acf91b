//! Free matrix algebra: words in letters of symbolic shape, equal for all sizes if their normal forms agree.
//!
//! `data` is what a certificate says. `word`, `scalar` and `element` are the normal forms, `algebra` their arithmetic,
//! `rewrite` the assumptions, `derive` the derivatives, `evaluate` leads from nodes to normal forms and `read_back`
//! from normal forms to nodes. `entries` is the independent second way: matrices of numbers and variables.

mod algebra;
pub mod bounds;
pub mod data;
mod degree;
mod derive;
mod element;
mod entries;
mod evaluate;
pub mod index;
mod integrals;
mod mentions;
mod monomial;
mod numbers;
mod points;
mod print;
mod radicals;
mod read_back;
mod reading;
mod rewrite;
mod scalar;
mod scope;
pub mod shape;
mod signs;
mod statements;
mod substitute;
#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may panic"
)]
mod tests;
mod theory;
mod univariate;
mod word;
mod wording;

pub use algebra::Algebra;
pub use element::Element;
pub use scalar::{Monomial, Scalar};
pub use statements::settle;
