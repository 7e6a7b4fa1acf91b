//! Rigorous asymptotics: what an expression does on a whole tail [T, inf), by arithmetic with finite sums
//! `sum c_i m_i(t)` of monomials in a growth scale whose coefficients are exact or enclosures valid on the tail.
//!
//! An enclosure as a coefficient stands for an unknown function of t with values in it, so every operation is
//! a pointwise statement for each t >= T and the sums carry no order-of-magnitude symbols.
//! Source of the scale: Gruntz, On Computing Limits in a Symbolic Manipulation System (1996), made rigorous by
//! Lagrange remainders.

mod evaluate;
mod form;
mod functions;
mod monomial;

#[cfg(test)]
#[allow(
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test may panic, and its numbers are its own"
)]
mod tests;

pub use evaluate::{Ray, Sequence, Toward, form_of};
pub use form::{Form, TailError};
pub use monomial::{HalfLine, Monomial};
