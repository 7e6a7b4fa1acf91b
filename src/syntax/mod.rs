//! Text to problem: the expression language, cost files, claim files, flow files, and the drawing of what is wrong with them.
//!
//! The language is on a page in `docs/cost-language.md`; each rule of its grammar is a function of that name.
//! Flow files are on a page in `docs/flow-file.md`.

mod advice;
pub mod claim_file;
pub mod cost_file;
pub mod domain;
pub mod expression;
pub mod flow_file;
pub mod formula;
mod lexer;
pub mod matrix_cost;
pub mod number;
pub mod render;
mod text_file;

pub use claim_file::{add_instance, parse_claim_file};
pub use cost_file::{inline_cost, parse_cost_file};
pub use domain::parse_domain;
pub use expression::{Names, Parsed, parse_expression};
pub use flow_file::parse_flow_file;
pub use matrix_cost::{inline_matrix_cost, is_matrix_cost, parse_matrix_cost, parse_point_file, with_domain};
pub use render::render;

/// The longest text that is read, in bytes.
pub const TEXT: usize = 1 << 20;
/// The deepest nesting of brackets and exponents.
pub const DEPTH: usize = 256;
/// The most mistakes reported of one text.
pub const DIAGNOSTICS: usize = 20;

/// Some text of the user's, cut to a length that fits into a sentence.
fn quoted(text: &str) -> String {
    const LENGTH: usize = 40;
    let mut short: String = text.chars().take(LENGTH).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests;
