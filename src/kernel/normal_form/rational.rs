//! Expressions that turn out to be rational functions of `w`, or rational numbers.

use super::super::expr::{Id, Table};
use super::super::polynomial::Polynomial;
use super::Failure;
use super::fraction::univariate;
use super::generators::{Algebra, Generator};
use super::lowering::{Lowered, lower};
use super::multivariate::{Monomial, Multivariate};
use rug::Rational;
use std::collections::BTreeMap;

/// Numerator and denominator, coprime and the denominator not zero, of an expression that is a rational function of
/// `w`, which is variable 0: the two agree wherever the expression is defined, and the denominator does not vanish
/// there.
///
/// Errors: `None` if this is not shown, or beyond the limits. Panics: never.
pub fn as_rational_function(table: &Table, root: Id) -> Option<(Polynomial, Polynomial)> {
    let mut lowered = lower(table, root).ok()?;
    let w = lowered.algebra.place(Generator::Variable(0)).ok()?;
    lowered.rational_function(w).ok().flatten()
}

/// The value of an expression that is a rational constant.
///
/// Errors: `None` if this is not shown, or beyond the limits. Panics: never.
pub fn rational_value(table: &Table, root: Id) -> Option<Rational> {
    let (numerator, denominator) = as_rational_function(table, root)?;
    let denominator = denominator.as_constant().filter(|value| *value != 0)?;
    Some(numerator.as_constant()? / denominator)
}

impl Lowered {
    /// The rational function, if numerator and denominator are proportional over the rational functions of `w`.
    ///
    /// With N = sum n_j(w) m_j and D = sum d_j(w) m_j over monomials m_j in the other generators, take the n/d of one j
    /// in lowest terms and check N d = D n. Where D does not vanish d does not either, or n would vanish with it.
    fn rational_function(&mut self, w: u32) -> Result<Option<(Polynomial, Polynomial)>, Failure> {
        let algebra = &mut self.algebra;
        let above = self.value.numerator.clone();
        let mut below = Multivariate::one();
        for (factor, count) in &self.value.denominator {
            let power = algebra.power(factor, *count)?;
            below = algebra.multiply(&below, &power)?;
        }
        let groups = group(&below, w);
        let Some((monomial, divisor)) = groups.into_iter().next() else {
            return Ok(None);
        };
        let dividend = group(&above, w).remove(&monomial).unwrap_or_default();
        // Make the divisor real: n/d = n conj(d) / |d|^2 for real w.
        let Some(conjugate) = algebra.conjugate(&divisor) else {
            return Ok(None);
        };
        let (dividend, divisor) = if conjugate == divisor {
            (dividend, divisor)
        } else {
            (
                algebra.multiply(&dividend, &conjugate)?,
                algebra.multiply(&divisor, &conjugate)?,
            )
        };
        let (Some(dividend), Some(divisor)) = (univariate(&dividend, w), univariate(&divisor, w)) else {
            return Ok(None);
        };
        let Some((numerator, denominator)) = lowest_terms(&dividend, &divisor) else {
            return Ok(None);
        };
        let left = product(algebra, &above, &denominator, w)?;
        let right = product(algebra, &below, &numerator, w)?;
        Ok((left == right).then_some((numerator, denominator)))
    }
}

/// The cofactors, polynomials in one generator, of the monomials in the others.
fn group(polynomial: &Multivariate, w: u32) -> BTreeMap<Monomial, Multivariate> {
    let mut groups: BTreeMap<Monomial, Multivariate> = BTreeMap::new();
    for (monomial, value) in polynomial.terms() {
        let power = Monomial::power(w, monomial.exponent(w));
        groups
            .entry(monomial.without(w))
            .or_default()
            .add_term(power, value.clone());
    }
    groups
}

/// Numerator and primitive denominator without common factors, `None` for the denominator zero.
fn lowest_terms(numerator: &Polynomial, denominator: &Polynomial) -> Option<(Polynomial, Polynomial)> {
    let common = numerator.gcd(denominator);
    let denominator = denominator.divide_exactly(&common)?;
    let numerator = numerator.divide_exactly(&common)?;
    let short = denominator.primitive();
    let factor = Rational::from(short.leading()? / denominator.leading().filter(|lead| **lead != 0)?);
    Some((numerator.scale(&factor), short))
}

/// A polynomial times a polynomial in one generator.
fn product(algebra: &mut Algebra, a: &Multivariate, b: &Polynomial, w: u32) -> Result<Multivariate, Failure> {
    let b = super::fraction::multivariate(b, w)?;
    algebra.multiply(a, &b)
}
