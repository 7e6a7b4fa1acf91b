//! The zero test: expressions as fractions of polynomials in generators, modulo true relations between them.
//!
//! An expression is lowered to N/D. Every relation used is an identity of real (or, for sine and cosine by Euler's
//! formulas, complex) numbers, and no factor of D vanishes where the expression is defined. So N = 0 proves that the
//! expression is zero at every point where all its sub-expressions are defined. N different from 0 proves nothing.

mod exponent;
mod fraction;
mod functions;
mod gaussian;
mod generators;
mod lowering;
mod multivariate;
mod powers;
mod rational;
#[cfg(test)]
mod tests;

pub use rational::{as_rational_function, rational_value};

use super::expr::{Id, Table};

/// The answer of the zero test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Zero at every point where the expression and all its sub-expressions are defined.
    Zero,
    /// Not shown to be zero; it may be zero all the same.
    NotShown,
    /// Not decided within the limits.
    TooLarge,
}

/// Why something has no normal form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Failure {
    /// A limit was hit.
    TooLarge,
    /// Defined at no point at all, such as a division by a hidden zero.
    Undefined,
}

/// What a decision that was not finished is taken to cost: most of what it was allowed.
const UNFINISHED: u64 = 1 << 21;

/// Whether an expression is zero wherever it is defined, as far as the relations between its generators show it.
///
/// An expression that is found to be defined nowhere is not called zero. Panics: never.
pub fn is_identically_zero(table: &Table, root: Id) -> Decision {
    decide(table, root).0
}

/// The same with the work it took, in products of terms: for callers that count what they cause.
///
/// Panics: never.
pub fn decide(table: &Table, root: Id) -> (Decision, u64) {
    match lowering::lower(table, root) {
        Ok(lowered) => {
            let used = lowered.algebra.work.used();
            let decision = match (lowered.value.is_zero(), lowered.incomplete) {
                (true, _) => Decision::Zero,
                (false, true) => Decision::TooLarge,
                (false, false) => Decision::NotShown,
            };
            (decision, used)
        }
        Err(Failure::Undefined) => (Decision::NotShown, UNFINISHED),
        Err(Failure::TooLarge) => (Decision::TooLarge, UNFINISHED),
    }
}
