//! Derivatives in floating point, by the algorithm of the kernel: guesses only.

use crate::kernel::derivatives::Scalar;
use crate::kernel::expr::Function;
use crate::kernel::interval::DomainError;
use crate::kernel::number::Sign;
use rug::{Float, Rational};

/// The error of a function outside of its domain.
fn outside(function: &'static str, argument: f64) -> DomainError {
    let argument = argument.to_string();
    DomainError { function, argument }
}

/// A value that may be computed with further.
fn sound(function: &'static str, argument: f64, value: f64) -> Result<f64, DomainError> {
    if value.is_finite() {
        Ok(value)
    } else {
        Err(outside(function, argument))
    }
}

impl Scalar for f64 {
    fn rational(value: &Rational, _: u32) -> Self {
        value.to_f64()
    }

    fn pi(_: u32) -> Self {
        std::f64::consts::PI
    }

    fn plus(&self, other: &Self, _: u32) -> Self {
        self + other
    }

    fn times(&self, other: &Self, _: u32) -> Self {
        self * other
    }

    fn opposite(&self) -> Self {
        -self
    }

    fn reciprocal(&self, _: u32) -> Result<Self, DomainError> {
        sound("div", *self, self.recip())
    }

    fn powered(&self, exponent: &Rational, _: u32) -> Result<Self, DomainError> {
        let whole = exponent.is_integer().then(|| exponent.numer().to_i32()).flatten();
        let value = match whole {
            Some(exponent) => self.powi(exponent),
            None => self.powf(exponent.to_f64()),
        };
        sound("power", *self, value)
    }

    fn applied(&self, function: Function, _: u32) -> Result<Self, DomainError> {
        let value = match function {
            Function::Exp => self.exp(),
            Function::Log => self.ln(),
            Function::Sin => self.sin(),
            Function::Cos => self.cos(),
            Function::Tan => self.tan(),
            Function::Sinh => self.sinh(),
            Function::Cosh => self.cosh(),
            Function::Tanh => self.tanh(),
            Function::Atan => self.atan(),
            Function::Asinh => self.asinh(),
            Function::Erf => Float::with_val(53, *self).erf().to_f64(),
            Function::Abs => self.abs(),
        };
        sound(function.name(), *self, value)
    }

    fn certain_sign(&self) -> Option<Sign> {
        Some(match self.partial_cmp(&0.0)? {
            std::cmp::Ordering::Less => Sign::Negative,
            std::cmp::Ordering::Equal => Sign::Zero,
            std::cmp::Ordering::Greater => Sign::Positive,
        })
    }

    fn kink(&self, function: &'static str) -> DomainError {
        outside(function, *self)
    }
}
