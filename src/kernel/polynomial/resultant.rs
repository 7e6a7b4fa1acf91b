//! Resultants, and the polynomial whose roots are the values of a fraction at the roots of another polynomial.

use super::Polynomial;
use rug::{Integer, Rational, ops::Pow};

impl Polynomial {
    /// The resultant: zero exactly if the two have a common complex root or one of them is zero.
    ///
    /// Source: Cohen, A Course in Computational Algebraic Number Theory, section 3.3, by remainders. Panics: never.
    pub fn resultant(&self, other: &Self) -> Rational {
        let mut left = self.clone();
        let mut right = other.clone();
        let mut factor = Rational::from(1);
        if left.is_zero() || right.is_zero() {
            return Rational::new();
        }
        loop {
            let (Some(above), Some(below)) = (left.degree(), right.degree()) else {
                return Rational::new();
            };
            if below == 0 {
                let last = right.leading().cloned().unwrap_or_default();
                return factor * power(&last, above);
            }
            let Some((_, rest)) = left.divide(&right) else {
                return Rational::new();
            };
            let Some(degree) = rest.degree() else {
                return Rational::new();
            };
            // Res(f, g) = (-1)^(deg f deg g) lead(g)^(deg f - deg r) Res(g, r), with r the remainder of f by g; when
            // deg f < deg g the remainder is f and this is the rule for swapping.
            if above & below & 1 == 1 {
                factor = -factor;
            }
            factor *= power(
                &right.leading().cloned().unwrap_or_default(),
                above.saturating_sub(degree),
            );
            // Res(g, c r) = c^(deg g) Res(g, r) keeps the coefficients short.
            let short = rest.primitive();
            if let (Some(long), Some(lead)) = (rest.leading(), short.leading().filter(|lead| **lead != 0)) {
                factor *= power(&Rational::from(long / lead), below);
            }
            left = right;
            right = short;
        }
    }
}

/// The polynomial chi(y), of the degree of `modulus`, whose roots are the values numerator/denominator at the complex
/// roots of `modulus`, with multiplicity: the resultant of the monic modulus and `y denominator - numerator`.
///
/// Source: Cohen, section 4.3, by evaluation at integers and Newton interpolation.
/// Errors: `None` if the modulus is zero or the denominator vanishes at one of its roots. Panics: never.
pub fn value_polynomial(modulus: &Polynomial, numerator: &Polynomial, denominator: &Polynomial) -> Option<Polynomial> {
    let degree = modulus.degree()?;
    let modulus = modulus.monic();
    let (_, numerator) = numerator.divide(&modulus)?;
    let (_, denominator) = denominator.divide(&modulus)?;
    if degree == 0 {
        return Some(Polynomial::constant(1));
    }
    if modulus.gcd(&denominator).degree() != Some(0) {
        return None;
    }
    // The modulus is monic, so each value is the product of y d(a) - n(a) over its roots a, whatever the degree of
    // y d - n happens to be: a polynomial in y of the degree of the modulus.
    let mut differences: Vec<Rational> = Vec::new();
    let mut point = Rational::new();
    while differences.len() <= degree {
        let value = denominator.scale(&point).sub(&numerator);
        differences.push(modulus.resultant(&value));
        point += 1u32;
    }
    // Divided differences at 0, 1, 2, ...: after round k the entries from k on are of order k.
    let mut order = Integer::new();
    let mut newton: Vec<Rational> = Vec::new();
    while let Some(first) = differences.first() {
        newton.push(first.clone());
        order += 1u32;
        let next = differences.iter().zip(differences.iter().skip(1));
        differences = next.map(|(a, b)| Rational::from(b - a) / &order).collect();
    }
    // Horner's scheme in the Newton basis, from the last node back to the first.
    let mut chi = Polynomial::default();
    let mut node = order;
    for coefficient in newton.iter().rev() {
        node -= 1u32;
        let linear = Polynomial::variable().sub(&Polynomial::constant(node.clone()));
        chi = chi.mul(&linear)?.add(&Polynomial::constant(coefficient.clone()));
    }
    Some(chi)
}

/// A power by a degree.
fn power(base: &Rational, exponent: usize) -> Rational {
    // Degrees are at most `limits::DEGREE`, so saturation is never reached.
    base.clone().pow(u32::try_from(exponent).unwrap_or(u32::MAX))
}
