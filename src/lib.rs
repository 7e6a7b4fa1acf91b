//! foliate: a referee for mathematics about overparameterized gradient flows.
pub mod hypotheses;
pub mod kernel;
pub mod problem;
pub mod symbolic;
pub mod syntax;
pub mod verdict;
