//! Dense univariate polynomials over the rationals: ring operations, division, exact signs.

mod division;
mod integers;
mod isolation;
mod resultant;
mod roots;
mod simplest;
#[cfg(test)]
mod tests;

pub use isolation::RootInterval;
pub use resultant::value_polynomial;
pub use roots::{End, SturmSequence};
pub use simplest::simplest_between;

use super::limits;
use rug::{Integer, Rational};
use std::cmp::Ordering;

/// A polynomial in one variable; the coefficients ascend and the last one is not zero.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Polynomial {
    coefficients: Vec<Rational>,
}

impl Polynomial {
    /// A constant polynomial. Panics: never.
    pub fn constant(value: impl Into<Rational>) -> Self {
        Self::trimmed(vec![value.into()])
    }

    /// The polynomial `w`. Panics: never.
    pub fn variable() -> Self {
        Self {
            coefficients: vec![Rational::new(), Rational::from(1)],
        }
    }

    /// The polynomial with these ascending coefficients.
    ///
    /// Errors: `None` if the degree would exceed [`limits::DEGREE`]. Panics: never.
    pub fn from_coefficients(coefficients: Vec<Rational>) -> Option<Self> {
        let polynomial = Self::trimmed(coefficients);
        (polynomial.degree().unwrap_or(0) <= limits::DEGREE).then_some(polynomial)
    }

    /// Drops leading zeros; the caller answers for the degree.
    fn trimmed(mut coefficients: Vec<Rational>) -> Self {
        while coefficients.last().is_some_and(|last| *last == 0) {
            coefficients.pop();
        }
        Self { coefficients }
    }

    /// The coefficients in ascending order, without leading zeros. Panics: never.
    pub fn coefficients(&self) -> &[Rational] {
        &self.coefficients
    }

    /// The degree, `None` for the zero polynomial. Panics: never.
    pub fn degree(&self) -> Option<usize> {
        self.coefficients.len().checked_sub(1)
    }

    /// Whether this is the zero polynomial. Panics: never.
    pub fn is_zero(&self) -> bool {
        self.coefficients.is_empty()
    }

    /// The value of a constant polynomial, `None` if the degree is positive. Panics: never.
    pub fn as_constant(&self) -> Option<Rational> {
        match self.coefficients.as_slice() {
            [] => Some(Rational::new()),
            [value] => Some(value.clone()),
            _ => None,
        }
    }

    /// The coefficient of the highest power, `None` for the zero polynomial. Panics: never.
    pub fn leading(&self) -> Option<&Rational> {
        self.coefficients.last()
    }

    /// The sum. Panics: never.
    pub fn add(&self, other: &Self) -> Self {
        self.combine(other, |a, b| Rational::from(a + b))
    }

    /// The difference. Panics: never.
    pub fn sub(&self, other: &Self) -> Self {
        self.combine(other, |a, b| Rational::from(a - b))
    }

    /// Applies an operation coefficient by coefficient, the shorter polynomial padded with zeros.
    fn combine(&self, other: &Self, operation: impl Fn(&Rational, &Rational) -> Rational) -> Self {
        let zero = Rational::new();
        let length = self.coefficients.len().max(other.coefficients.len());
        let at = |polynomial: &Self, index: usize| match polynomial.coefficients.get(index) {
            Some(value) => value.clone(),
            None => zero.clone(),
        };
        Self::trimmed(
            (0..length)
                .map(|index| operation(&at(self, index), &at(other, index)))
                .collect(),
        )
    }

    /// The product. Errors: `None` if the degree would exceed [`limits::DEGREE`]. Panics: never.
    pub fn mul(&self, other: &Self) -> Option<Self> {
        let (Some(left), Some(right)) = (self.degree(), other.degree()) else {
            return Some(Self::default());
        };
        let degree = left.saturating_add(right);
        if degree > limits::DEGREE {
            return None;
        }
        let mut product = vec![Rational::new(); degree.saturating_add(1)];
        for (shift, a) in self.coefficients.iter().enumerate().filter(|(_, a)| **a != 0) {
            for (slot, b) in product.iter_mut().skip(shift).zip(&other.coefficients) {
                *slot += Rational::from(a * b);
            }
        }
        Some(Self::trimmed(product))
    }

    /// The polynomial times a number. Panics: never.
    pub fn scale(&self, factor: &Rational) -> Self {
        Self::trimmed(
            self.coefficients
                .iter()
                .map(|value| Rational::from(value * factor))
                .collect(),
        )
    }

    /// The negative. Panics: never.
    pub fn neg(&self) -> Self {
        Self {
            coefficients: self.coefficients.iter().map(|value| Rational::from(-value)).collect(),
        }
    }

    /// A nonnegative power by repeated squaring, the zeroth being 1.
    ///
    /// Errors: `None` if the degree would exceed [`limits::DEGREE`], or if a constant is raised beyond
    /// [`limits::EXPONENT`]. Panics: never.
    pub fn pow(&self, exponent: u32) -> Option<Self> {
        if exponent > limits::EXPONENT {
            return None;
        }
        let mut result = Self::constant(1);
        let mut square = self.clone();
        let mut rest = exponent;
        while rest > 0 {
            if rest & 1 == 1 {
                result = result.mul(&square)?;
            }
            rest >>= 1;
            if rest > 0 {
                square = square.mul(&square)?;
            }
        }
        Some(result)
    }

    /// The derivative. Panics: never.
    pub fn derivative(&self) -> Self {
        let mut power = 0u32;
        let coefficients = self.coefficients.iter().skip(1).map(|value| {
            power = power.saturating_add(1);
            Rational::from(value * power)
        });
        Self::trimmed(coefficients.collect())
    }

    /// The value at a point, by Horner's scheme. Panics: never.
    pub fn evaluate(&self, point: &Rational) -> Rational {
        self.coefficients
            .iter()
            .rev()
            .fold(Rational::new(), |value, coefficient| value * point + coefficient)
    }

    /// The sign of the value at a point. Panics: never.
    pub fn sign_at(&self, point: &Rational) -> Ordering {
        integers::sign_at(&self.primitive_integers(), point)
    }

    /// The polynomial with `inner` put in place of the variable.
    ///
    /// Errors: `None` if the degree would exceed [`limits::DEGREE`]. Panics: never.
    pub fn compose(&self, inner: &Self) -> Option<Self> {
        let mut result = Self::default();
        for coefficient in self.coefficients.iter().rev() {
            result = result.mul(inner)?.add(&Self::constant(coefficient.clone()));
        }
        Some(result)
    }

    /// The positive multiple with coprime integer coefficients (zero stays zero). Panics: never.
    pub fn primitive(&self) -> Self {
        Self::from_integers(self.primitive_integers())
    }

    /// The coefficients of the primitive positive multiple.
    fn primitive_integers(&self) -> Vec<Integer> {
        integers::primitive_multiple(&self.coefficients)
    }

    /// The polynomial with these integer coefficients.
    fn from_integers(coefficients: Vec<Integer>) -> Self {
        Self::trimmed(coefficients.into_iter().map(Rational::from).collect())
    }
}
