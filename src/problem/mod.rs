//! Typed input: what a cost file, a claim file or a flow file says once it has been understood, and what to say when it has not.

pub mod claim_file;
pub mod cost;
pub mod diagnostic;
pub mod domain;
pub mod flow_spec;
pub mod formula;
pub mod matrix_cost;

pub use cost::ScalarCost;
pub use diagnostic::{ClaimMistake, Diagnostic, DiagnosticKind, FlowMistake, Source, Span};
pub use domain::{Domain, End};
pub use flow_spec::{FlowSpec, Horizon, Seed};
pub use matrix_cost::MatrixCost;
