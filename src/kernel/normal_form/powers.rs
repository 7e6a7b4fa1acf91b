//! Rational powers, absolute values and the positive factors that may be taken out of them.

use super::super::polynomial::End;
use super::Failure;
use super::exponent::Exponent;
use super::fraction::{Fraction, univariate};
use super::gaussian::Gaussian;
use super::generators::{Algebra, Generator, Sign};
use super::multivariate::{Monomial, Multivariate, size};
use rug::{Integer, Rational};
use std::cmp::Ordering;

/// Polynomials with their multiplicities.
type Factors = Vec<(Multivariate, u32)>;

/// Roots are counted to find a sign only if degree squared times bits is at most this.
const WORTH_COUNTING: u64 = 200_000;
/// Longest integers that are tried for perfect powers, in bits.
const PERFECT_POWER_BITS: u32 = 4_096;
/// Primes are divided out of constants up to here; what is left stays one number.
const LARGEST_DIVISOR: u32 = 1_000;

impl Algebra {
    /// A rational power: of any value for integer exponents, of a nonnegative value otherwise.
    ///
    /// Errors: [`Failure::Undefined`] if the power is defined nowhere.
    pub(super) fn rational_power(&mut self, base: &Fraction, exponent: &Rational) -> Result<Fraction, Failure> {
        if exponent.is_integer() {
            return self.integer_power(base, exponent.numer().to_i64().ok_or(Failure::TooLarge)?);
        }
        if base.is_zero() {
            return if *exponent > 0 {
                Ok(Fraction::default())
            } else {
                Err(Failure::Undefined)
            };
        }
        let Some((numerator, positive)) = self.clear_signs(base)? else {
            // Nothing is known about the sign under the line: a generator without relations.
            let place = self.place(Generator::Value(base.clone()))?;
            return self.root(&Multivariate::generator(place), exponent);
        };
        let mut result = self.root(&numerator, exponent)?;
        for (factor, count) in positive {
            let below = Rational::from(exponent * count);
            let power = self.root(&factor, &-below)?;
            result = self.mul(&result, &power)?;
        }
        Ok(result)
    }

    /// Writes a fraction with a real value as a polynomial over powers of positive polynomials, multiplying both by
    /// factors d of the denominator, or by their conjugates, to make d^2 or |d|^2 of them.
    ///
    /// `None` if the conjugate of a factor is not known.
    fn clear_signs(&mut self, fraction: &Fraction) -> Result<Option<(Multivariate, Factors)>, Failure> {
        let mut numerator = fraction.numerator.clone();
        let mut positive = Vec::new();
        for (factor, count) in &fraction.denominator {
            if self.is_surely_positive(factor)? {
                positive.push((factor.clone(), *count));
                continue;
            }
            let Some(conjugate) = self.conjugate(factor) else {
                return Ok(None);
            };
            // Even powers of real numbers are positive as they are.
            let real = conjugate == *factor;
            let (missing, squares) = if real {
                (count & 1, count.div_ceil(2))
            } else {
                (*count, *count)
            };
            let power = self.power(&conjugate, missing)?;
            numerator = self.multiply(&numerator, &power)?;
            positive.push((self.multiply(factor, &conjugate)?, squares));
        }
        Ok(Some((numerator, positive)))
    }

    /// A power of a polynomial with a nonnegative value (positive if the exponent is negative).
    fn root(&mut self, base: &Multivariate, exponent: &Rational) -> Result<Fraction, Failure> {
        let content = base.rational_content();
        let mut result = self.constant_power(&content, exponent)?;
        let mut rest = base.scale(&Gaussian::real(Rational::from(content.recip_ref())));
        // Positive factors: (c q)^e = c^e q^e for c > 0.
        for (place, power) in rest.content().powers() {
            if self.sign(*place) != Sign::Positive {
                continue;
            }
            let factor = Monomial::power(*place, *power);
            rest = rest.shift(&factor.inverse()?)?;
            let raised = self.generator_power(*place, &(power.to_rational() * exponent))?;
            result = self.mul(&result, &raised)?;
        }
        if let Some(value) = rest.as_constant() {
            // The content is out, so this is 1, or the base was never nonnegative.
            return if value == Gaussian::real(1) {
                Ok(result)
            } else {
                Err(Failure::Undefined)
            };
        }
        // A power of a nonnegative generator alone: (g^a)^e = g^(a e).
        let alone = match rest.single() {
            Some((monomial, value)) if *value == Gaussian::real(1) => match monomial.powers() {
                [(place, power)] if self.sign(*place) == Sign::NotNegative => Some((*place, *power)),
                _ => None,
            },
            _ => None,
        };
        let raised = match alone {
            Some((place, power)) => self.generator_power(place, &(power.to_rational() * exponent))?,
            None => {
                let place = self.place(Generator::Root(rest))?;
                self.generator_power(place, exponent)?
            }
        };
        self.mul(&result, &raised)
    }

    /// A rational power of a generator that is positive, or not negative and the exponent positive.
    fn generator_power(&mut self, place: u32, exponent: &Rational) -> Result<Fraction, Failure> {
        let power = Exponent::from_rational(exponent).ok_or(Failure::TooLarge)?;
        let under = match self.generator(place) {
            Some(Generator::Exponential { .. }) => {
                return Ok(Fraction::polynomial(Multivariate::term(
                    Monomial::power(place, power),
                    Gaussian::real(1),
                )));
            }
            Some(Generator::Root(_)) => place,
            _ => self.place(Generator::Root(Multivariate::generator(place)))?,
        };
        let Some(Generator::Root(inner)) = self.generator(under) else {
            return Err(Failure::TooLarge);
        };
        let inner = Fraction::polynomial(inner.clone());
        let whole = power.floor();
        let part = power.sub(Exponent::integer(whole)).ok_or(Failure::TooLarge)?;
        let whole = self.integer_power(&inner, whole)?;
        let part = Fraction::polynomial(Multivariate::term(Monomial::power(under, part), Gaussian::real(1)));
        self.mul(&whole, &part)
    }

    /// A rational power of a positive rational, by its prime factors.
    fn constant_power(&mut self, base: &Rational, exponent: &Rational) -> Result<Fraction, Failure> {
        let mut result = Fraction::rational(1);
        for (prime, count) in prime_factors(base) {
            let place = self.place(Generator::Root(Multivariate::constant(Gaussian::real(prime))))?;
            let raised = self.generator_power(place, &Rational::from(exponent * count))?;
            result = self.mul(&result, &raised)?;
        }
        Ok(result)
    }

    /// The absolute value of a fraction with a real value.
    pub(super) fn absolute(&mut self, argument: &Fraction) -> Result<Fraction, Failure> {
        let mut numerator = argument.numerator.clone();
        let mut result = Fraction::rational(1);
        for (factor, count) in &argument.denominator {
            let conjugate = self.conjugate(factor);
            let mut below = factor.clone();
            let mut divisions = *count;
            match conjugate {
                // Even powers are positive, and 1/|d|^k = |d|/d^(k + 1) for odd ones.
                Some(conjugate) if conjugate == *factor => {
                    if count & 1 == 1 {
                        let absolute = self.absolute_polynomial(factor)?;
                        result = self.mul(&result, &absolute)?;
                        divisions = divisions.checked_add(1).ok_or(Failure::TooLarge)?;
                    }
                }
                Some(conjugate) => {
                    let power = self.power(&conjugate, *count)?;
                    numerator = self.multiply(&numerator, &power)?;
                    below = self.multiply(factor, &conjugate)?;
                }
                None => {
                    let place = self.place(Generator::Value(argument.clone()))?;
                    return self.absolute_polynomial(&Multivariate::generator(place));
                }
            }
            let power = self.integer_power(&Fraction::polynomial(below), i64::from(divisions).saturating_neg())?;
            result = self.mul(&result, &power)?;
        }
        let absolute = self.absolute_polynomial(&numerator)?;
        self.mul(&result, &absolute)
    }

    /// The absolute value of a polynomial with a real value.
    fn absolute_polynomial(&mut self, polynomial: &Multivariate) -> Result<Fraction, Failure> {
        let content = polynomial.rational_content();
        let mut rest = polynomial.scale(&Gaussian::real(Rational::from(content.recip_ref())));
        let mut outer = Multivariate::constant(Gaussian::real(content));
        // |g q| = |g| |q| for real g.
        for (place, power) in polynomial.content().powers().iter().copied() {
            let factor = Monomial::power(place, power);
            let factor = match self.sign(place) {
                Sign::Complex => continue,
                Sign::Real if !power.is_even() => {
                    let less = Monomial::power(place, power.sub(Exponent::ONE).ok_or(Failure::TooLarge)?);
                    let absolute = self.place(Generator::Abs(Multivariate::generator(place)))?;
                    rest = rest.shift(&factor.inverse()?)?;
                    less.mul(&Monomial::power(absolute, Exponent::ONE))?
                }
                _ => {
                    rest = rest.shift(&factor.inverse()?)?;
                    factor
                }
            };
            outer = self.multiply(&outer, &Multivariate::term(factor, Gaussian::real(1)))?;
        }
        if rest.lead().is_some_and(|(_, value)| value.leans_negative()) {
            rest = rest.neg();
        }
        let opposite = rest.neg();
        let absolute = if self.is_not_negative(&rest) || self.is_surely_positive(&rest)? {
            rest
        } else if self.is_surely_positive(&opposite)? {
            opposite
        } else {
            Multivariate::generator(self.place(Generator::Abs(rest))?)
        };
        Ok(Fraction::polynomial(self.multiply(&absolute, &outer)?))
    }

    /// Whether a polynomial in one real generator has no real root and is positive at 0.
    fn is_surely_positive_in_one_variable(&mut self, polynomial: &Multivariate) -> Result<bool, Failure> {
        let first = polynomial.lead().and_then(|(monomial, _)| monomial.powers().first());
        let Some((place, _)) = first.filter(|(place, _)| self.sign(*place) != Sign::Complex) else {
            return Ok(false);
        };
        let Some(dense) = univariate(polynomial, *place) else {
            return Ok(false);
        };
        let degree = size(dense.degree().unwrap_or(0));
        let cost = degree.saturating_mul(degree).saturating_mul(polynomial.bits() >> 5);
        if dense.sign_at(&Rational::new()) != Ordering::Greater || cost > WORTH_COUNTING {
            return Ok(false);
        }
        self.work.charge(cost)?;
        Ok(dense.count_roots(&End::NegativeInfinity, &End::PositiveInfinity) == Some(0))
    }

    /// Whether a polynomial is positive wherever it is defined: by the signs of its terms, or, in one generator, because
    /// it has no real root and is positive at 0.
    pub(super) fn is_surely_positive(&mut self, polynomial: &Multivariate) -> Result<bool, Failure> {
        Ok(self.is_positive(polynomial) || self.is_surely_positive_in_one_variable(polynomial)?)
    }
}

/// Small primes, and the base of the perfect power that is left, with their exponents; for positive rationals.
pub(super) fn prime_factors(value: &Rational) -> Vec<(Integer, i64)> {
    let mut factors = Vec::new();
    for (part, sign) in [(value.numer(), 1i64), (value.denom(), -1)] {
        let mut rest = part.clone();
        if rest <= 0 {
            continue;
        }
        for divisor in 2..=LARGEST_DIVISOR {
            let mut count = 0i64;
            // Composite divisors never divide: their prime factors are gone.
            while rest != 1 && rest.is_divisible_u(divisor) {
                rest.div_exact_u_mut(divisor);
                count = count.saturating_add(sign);
            }
            if count != 0 {
                factors.push((Integer::from(divisor), count));
            }
        }
        if rest != 1 {
            let (base, exponent) = perfect_power(rest);
            factors.push((base, i64::from(exponent).saturating_mul(sign)));
        }
    }
    factors
}

/// Writes an integer larger than 1 as a power with the largest exponent.
fn perfect_power(value: Integer) -> (Integer, u32) {
    if value.significant_bits() > PERFECT_POWER_BITS || !value.is_perfect_power() {
        return (value, 1);
    }
    let longest = value.significant_bits();
    for exponent in (2..=longest).rev() {
        let (root, rest) = value.clone().root_rem(Integer::new(), exponent);
        if rest == 0 {
            return (root, exponent);
        }
    }
    (value, 1)
}
