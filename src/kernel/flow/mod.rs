//! Rigorous gradient flows: tubes around solutions, their limits, and what is conserved.

mod account;
mod barrier;
mod bent;
mod block;
mod court;
pub mod data;
mod definite;
mod dependent;
mod dissipation;
mod family;
mod ground;
mod leaf;
mod models;
mod norm;
mod ring;
mod segment;
mod series;
mod settle;
mod shape;
mod slope;
mod system;
mod tape;
pub mod vector;
mod walk;

#[cfg(test)]
#[allow(
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test may panic, and its numbers are its own"
)]
mod tests;

pub use barrier::Descent;
pub use court::Bench;
pub use definite::Matrix;
pub use dependent::Dependent;
pub use ground::Ground;
pub use leaf::Leaf;
pub use segment::Segment;
pub use settle::Limit;
pub use system::System;
pub use walk::{Part, Parts, Reach, Walk};
