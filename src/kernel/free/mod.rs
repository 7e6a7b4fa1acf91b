//! Free matrix algebra: words in letters of symbolic shape, equal for all sizes if their normal forms agree.
//!
//! `data` is what a certificate says. `word`, `scalar` and `element` are the normal forms, `algebra` their arithmetic,
//! `rewrite` the assumptions, `derive` the derivatives, `evaluate` leads from nodes to normal forms and `read_back`
//! from normal forms to nodes. `entries` is the independent second way: matrices of numbers and variables.

mod algebra;
pub mod bounds;
pub mod data;
mod derive;
mod element;
mod entries;
mod evaluate;
pub mod index;
mod integrals;
mod mentions;
mod numbers;
mod print;
mod read_back;
mod reading;
mod rewrite;
mod scalar;
pub mod shape;
mod signs;
mod statements;
mod theory;
mod univariate;
mod word;

pub use algebra::Algebra;
pub use element::Element;
pub use scalar::{Monomial, Scalar};
pub use statements::settle;
