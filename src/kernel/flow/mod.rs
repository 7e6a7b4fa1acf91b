//! Rigorous gradient flows: tubes around solutions, their limits, and what is conserved.

mod court;
pub mod data;
mod definite;
mod family;
mod leaf;
mod ring;
mod segment;
mod series;
mod settle;
mod slope;
mod system;
mod tape;
pub mod vector;
mod walk;

pub use court::Bench;
pub use definite::Matrix;
pub use family::{Family, Shape};
pub use leaf::Leaf;
pub use settle::Limit;
pub use system::System;
pub use segment::Segment;
pub use walk::{Ground, Part, Reach, Walk};
