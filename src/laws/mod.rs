//! Finders of conservation laws.

pub mod activation;
