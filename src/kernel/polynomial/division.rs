//! Division with remainder, greatest common divisors and squarefree factors.

use super::{Polynomial, integers};
use rug::Rational;

impl Polynomial {
    /// Quotient and remainder of the division by `divisor`, the remainder of smaller degree.
    ///
    /// Errors: `None` if the divisor is zero. Panics: never.
    pub fn divide(&self, divisor: &Self) -> Option<(Self, Self)> {
        let (lead, tail) = divisor.coefficients.split_last()?;
        if *lead == 0 {
            return None;
        }
        let mut rest = self.coefficients.clone();
        let mut quotient = Vec::new();
        while rest.len() > tail.len() {
            let Some(top) = rest.pop() else { break };
            let factor = Rational::from(&top / lead);
            if factor != 0 {
                let shift = rest.len().saturating_sub(tail.len());
                for (slot, coefficient) in rest.iter_mut().skip(shift).zip(tail) {
                    *slot -= Rational::from(&factor * coefficient);
                }
            }
            quotient.push(factor);
        }
        quotient.reverse();
        Some((Self::trimmed(quotient), Self::trimmed(rest)))
    }

    /// The quotient of an exact division, `None` if there is a remainder or the divisor is zero. Panics: never.
    pub fn divide_exactly(&self, divisor: &Self) -> Option<Self> {
        let (quotient, remainder) = self.divide(divisor)?;
        remainder.is_zero().then_some(quotient)
    }

    /// The multiple with leading coefficient 1 (zero stays zero). Panics: never.
    pub fn monic(&self) -> Self {
        match self.leading() {
            Some(lead) if *lead != 0 && *lead != 1 => self.scale(&Rational::from(lead.recip_ref())),
            _ => self.clone(),
        }
    }

    /// The monic greatest common divisor, zero if both are zero.
    ///
    /// Source: Euclid's algorithm with primitive remainders (Knuth, volume 2, section 4.6.1). Panics: never.
    pub fn gcd(&self, other: &Self) -> Self {
        let mut left = self.primitive_integers();
        let mut right = other.primitive_integers();
        while !right.is_empty() {
            // A constant divides everything.
            if right.len() == 1 {
                return Self::constant(1);
            }
            let rest = integers::pseudo_remainder(&left, &right);
            left = right;
            right = rest;
        }
        Self::from_integers(left).monic()
    }

    /// The monic polynomial with the same roots, all simple (zero stays zero, constants become 1). Panics: never.
    pub fn squarefree_part(&self) -> Self {
        let common = self.gcd(&self.derivative());
        self.divide_exactly(&common).unwrap_or_default().monic()
    }

    /// Monic, squarefree, pairwise coprime factors of positive degree with their multiplicities: the polynomial is
    /// its leading coefficient times the product of their powers.
    ///
    /// Source: Yun's algorithm (von zur Gathen and Gerhard, Modern Computer Algebra, algorithm 14.21). Panics: never.
    pub fn squarefree_factors(&self) -> Vec<(Self, u32)> {
        let mut factors = Vec::new();
        let slope = self.derivative();
        let common = self.gcd(&slope);
        let (Some(mut kept), Some(mut moved)) = (self.divide_exactly(&common), slope.divide_exactly(&common)) else {
            return factors;
        };
        let mut multiplicity = 1u32;
        while kept.degree().is_some_and(|degree| degree > 0) {
            let difference = moved.sub(&kept.derivative());
            let factor = kept.gcd(&difference);
            let (Some(next), Some(rest)) = (kept.divide_exactly(&factor), difference.divide_exactly(&factor)) else {
                return factors;
            };
            if factor.degree().is_some_and(|degree| degree > 0) {
                factors.push((factor, multiplicity));
            }
            (kept, moved) = (next, rest);
            multiplicity = multiplicity.saturating_add(1);
        }
        factors
    }
}
