//! Finders about conservation laws: what the gradient flow of a network keeps.

pub mod network;
mod shorten;
