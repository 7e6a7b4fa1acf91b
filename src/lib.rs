//! foliate: a referee for mathematics about overparameterized gradient flows.
pub mod cli;
pub mod hypotheses;
pub mod kernel;
pub mod problem;
pub mod report;
pub mod syntax;
pub mod verdict;
