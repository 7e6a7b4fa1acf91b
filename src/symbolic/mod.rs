//! The computer algebra layer: the only module that names Symbolica, and an untrusted one.
//!
//! Every function takes an expression, asks the engine and hands back a fresh expression. Answers are suggestions:
//! Symbolica works over the complex numbers and cancels freely (`w/w` is 1), so a result equals the question where
//! both are defined and may be defined on more. Nothing here may decide a verdict; the kernel re-checks what matters.
//!
//! Without the feature `cas` the module keeps its shape and every call answers [`EngineError::NotBuilt`].

#[cfg(feature = "cas")]
mod convert;
#[cfg(feature = "cas")]
mod engine;
#[cfg(feature = "cas")]
mod lock;
#[cfg(feature = "cas")]
mod operations;
#[cfg(feature = "cas")]
mod probe;
#[cfg(feature = "cas")]
mod read;
#[cfg(feature = "cas")]
mod size;
#[cfg(all(test, feature = "cas"))]
mod tests;
#[cfg(all(test, feature = "cas"))]
mod tests_values;

use crate::kernel::expr::{Id, Table};
use std::fmt;
use std::time::Duration;

/// Why the engine gave no answer. None of these says anything about the mathematics.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EngineError {
    /// This build has no computer algebra (feature `cas` is off).
    NotBuilt,
    /// The answer did not come in time; the engine may still be busy with the question.
    TimedOut,
    /// The expression, or what the operation could make of it, is beyond the limits.
    TooLarge,
    /// The answer contains something expressions cannot say: an infinity, a complex number, a kink's derivative.
    NotUnderstood,
    /// The engine could not start, or gave up with this message.
    Failed(String),
}

impl fmt::Display for EngineError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EngineError::NotBuilt => formatter.write_str("this build of foliate has no computer algebra"),
            EngineError::TimedOut => formatter.write_str("the algebra engine did not answer in time"),
            EngineError::TooLarge => formatter.write_str("the expression is too large for the algebra engine"),
            EngineError::NotUnderstood => formatter.write_str("the algebra engine's answer is not an expression"),
            EngineError::Failed(message) => write!(formatter, "the algebra engine failed: {message}"),
        }
    }
}

impl std::error::Error for EngineError {}

/// An expression of its own: a table and the place of the expression in it.
pub type Expression = (Table, Id);

/// Whether this build has computer algebra at all; it says nothing about whether the engine can start.
///
/// Panics: never.
pub fn is_available() -> bool {
    cfg!(feature = "cas")
}

/// The derivative with respect to `variable` (0 is `w`), from the engine's own rules: a second witness beside
/// [`Table::derivative`], not a copy of it.
///
/// Errors: [`EngineError::NotUnderstood`] if an absolute value depends on the variable; the general ones.
/// Panics: never.
pub fn differentiate(table: &Table, root: Id, variable: u16, timeout: Duration) -> Result<Expression, EngineError> {
    #[cfg(feature = "cas")]
    return operations::differentiate(table, root, variable, timeout);
    #[cfg(not(feature = "cas"))]
    absent((table, root, variable, timeout))
}

/// The shortest of the expression itself, its expanded, factored, cancelled, common-denominator and partial-fraction forms.
///
/// Errors: the general ones.
/// Panics: never.
pub fn simplify(table: &Table, root: Id, timeout: Duration) -> Result<Expression, EngineError> {
    #[cfg(feature = "cas")]
    return operations::simplify(table, root, timeout);
    #[cfg(not(feature = "cas"))]
    absent((table, root, timeout))
}

/// The factors of the numerator, with multiplicities: irreducible as polynomials over the rationals in the variables
/// and the distinct transcendental and radical sub-expressions. A constant other than 1 is a factor too; zero is the
/// single factor 0, and 1 has none.
///
/// Errors: [`EngineError::TooLarge`] if expanding could take too many terms or too high a degree; the general ones.
/// Panics: never.
pub fn factor(table: &Table, root: Id, timeout: Duration) -> Result<Vec<(Expression, u32)>, EngineError> {
    #[cfg(feature = "cas")]
    return operations::factor(table, root, timeout);
    #[cfg(not(feature = "cas"))]
    absent((table, root, timeout))
}

/// The expression in LaTeX (mathematics mode, no delimiters), lightly normalised.
///
/// Errors: the general ones.
/// Panics: never.
pub fn latex(table: &Table, root: Id, timeout: Duration) -> Result<String, EngineError> {
    #[cfg(feature = "cas")]
    return operations::latex(table, root, timeout);
    #[cfg(not(feature = "cas"))]
    absent((table, root, timeout))
}

/// The expression in the cost language, lightly normalised.
///
/// Errors: the general ones.
/// Panics: never.
pub fn print(table: &Table, root: Id, timeout: Duration) -> Result<String, EngineError> {
    #[cfg(feature = "cas")]
    return operations::print(table, root, timeout);
    #[cfg(not(feature = "cas"))]
    absent((table, root, timeout))
}

/// The answer of a build without computer algebra, whatever the question was.
#[cfg(not(feature = "cas"))]
fn absent<Question, Answer>(_question: Question) -> Result<Answer, EngineError> {
    Err(EngineError::NotBuilt)
}
