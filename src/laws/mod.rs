//! Finders of conservation laws: what the gradient flow of a network keeps.

pub mod activation;
pub mod network;
mod shorten;
