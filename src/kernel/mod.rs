//! The trusted kernel: the only code whose word is taken when foliate says "proved".
//!
//! It names `std`, `rug` and `serde` and nothing else of foliate; everything it is handed is treated as hostile.
//! Read `theorem`, then one file of `rules`, and you have read what a verdict rests on; for flows `flow/walk` and
//! `flow/settle`, or one file of `flow/vector`.
#![forbid(unsafe_code)]
#![deny(
    clippy::arithmetic_side_effects,
    clippy::float_arithmetic,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation
)]

pub mod activation;
pub mod certificate;
mod chart;
mod check;
pub mod derivatives;
pub mod evaluate;
pub mod exact_text;
pub mod expr;
pub mod flow;
pub mod free;
pub mod interval;
pub mod jet;
pub mod krawczyk;
pub mod limits;
pub mod linear;
pub mod matrix;
pub mod network;
pub mod normal_form;
pub mod number;
pub mod polynomial;
pub mod print;
pub mod quadrature;
mod rules;
pub mod saddles;
mod setting;
pub mod tail;
pub mod theorem;

pub use check::{
    ActivationCourt, Court, Derived, FlowCourt, MatrixCourt, NetworkCourt, SaddleCourt, TheoryCourt, check,
    check_activation, check_flow, check_matrix, check_network, check_saddles, check_theory,
};
pub use setting::Setting;
pub use theorem::{Rejection, Theorem};
