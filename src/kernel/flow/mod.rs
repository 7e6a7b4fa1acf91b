//! Rigorous gradient flows: tubes around solutions, their limits, and what is conserved.

pub mod data;
pub mod vector;
