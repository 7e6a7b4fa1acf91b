//! foliate: a referee for mathematics about overparameterized gradient flows.
pub mod kernel;
pub mod symbolic;
