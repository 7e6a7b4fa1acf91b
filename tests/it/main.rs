//! The one integration binary: it drives the real program, reads the sources, and compiles the kernel alone.

mod activation;
mod adversary;
mod bad_input;
mod battery;
mod claim_files;
mod claims;
mod cli;
mod flow;
mod flow_resume;
mod house;
mod identities;
mod matrix;
mod program;
mod prove_cost;
mod saddle_tampering;
mod saddles;
mod sampler;
mod tampering;
mod verify_format;

/// The kernel with nothing of foliate around it: an import from outside would not compile here.
#[path = "../../src/kernel/mod.rs"]
#[allow(dead_code, unused_imports, clippy::module_inception)]
mod kernel_alone;
