//! Typed input: what a cost file or a claim file says once it has been understood, and what to say when it has not.

pub mod claim_file;
pub mod cost;
pub mod diagnostic;
pub mod domain;
pub mod formula;

pub use cost::ScalarCost;
pub use diagnostic::{ClaimMistake, Diagnostic, DiagnosticKind, Source, Span};
pub use domain::{Domain, End};
