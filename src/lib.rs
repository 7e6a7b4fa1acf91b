//! foliate: a referee for mathematics about overparameterized gradient flows.
//!
//! This is a program; the library exists for its tests and promises no stable interface.
//!
//! # The map of the house
//!
//! One path leads through every command:
//!
//! ```text
//! text --syntax--> problem --hypotheses--> certificate --kernel--> theorem --> verdict --report--> text, JSON, LaTeX
//! ```
//!
//! A flow takes the same path, with a step of the kernel for each step of the finder:
//!
//! ```text
//! text --syntax--> FlowSpec --flow--> tube, limit, claims --kernel::FlowCourt--> theorems --report--> text, JSON, CSV, pictures
//! ```
//!
//! - [`kernel`] is the only part whose word is taken: a certificate goes in, a [`kernel::Theorem`] or a rejection
//!   with an address comes out. To believe a verdict, read its base and one file of its `rules`.
//! - [`problem`] is typed input: costs, domains, and what is wrong with an input, as data.
//! - [`syntax`] turns text into problems and draws what is wrong with it.
//! - [`hypotheses`] searches for proofs. It may be clever and it may be wrong: the kernel looks at everything.
//! - [`claims`] runs claim files: lemmas written down so that a machine can derive them.
//! - [`flow`] searches for enclosures of gradient flows and for their limits, and hands every step to
//!   [`kernel::flow::Walk`].
//! - [`landscape`] searches for critical points that the layers of a network create, and for the way down from them.
//! - [`laws`] searches for what the flow of a network conserves, and derives the flow.
//! - [`numeric`] makes guesses in floating point.
//! - [`symbolic`] is a second witness: computer algebra, which may be left out of the build.
//! - [`verdict`] is what a search may answer; proved and refuted need a theorem in hand.
//! - [`report`] is what the user is told, one value with several views, and pictures, which prove nothing.
//! - [`cli`] is the command line; files, clocks and threads live there and nowhere else.
//!
//! A newcomer reads `kernel/theorem.rs`, then a short rule such as `kernel/rules/lipschitz.rs`, then the finder that
//! makes its certificates, and `docs/architecture.md` before the first change that crosses a module. For flows the rule is
//! `kernel/flow/walk.rs` and the finder `flow/tube.rs`.

pub mod claims;
pub mod cli;
pub mod flow;
pub mod hypotheses;
pub mod kernel;
pub mod landscape;
pub mod laws;
pub mod numeric;
pub mod problem;
pub mod report;
pub mod symbolic;
pub mod syntax;
pub mod verdict;
