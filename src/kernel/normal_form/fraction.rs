//! Fractions with factored denominators, kept small by cancelling what divides exactly.
//!
//! The invariant that makes the zero test sound: at every point where the lowered expression is defined, the generators
//! have values, no factor of the denominator vanishes, and the value is numerator over denominator.

use super::super::limits;
use super::super::polynomial::Polynomial;
use super::Failure;
use super::exponent::Exponent;
use super::gaussian::Gaussian;
use super::generators::{Algebra, Generator};
use super::multivariate::{Monomial, Multivariate, size};
use rug::Rational;
use std::collections::BTreeMap;

/// Common factors are looked for only if degree squared times bits is at most this: cancelling is a convenience.
const WORTH_CANCELLING: u64 = 500_000;

/// Factors, each with leading coefficient 1 and not constant, with their multiplicities.
pub(super) type Denominator = BTreeMap<Multivariate, u32>;

/// A polynomial over a product of polynomials.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Fraction {
    pub(super) numerator: Multivariate,
    pub(super) denominator: Denominator,
}

impl Fraction {
    pub(super) fn polynomial(numerator: Multivariate) -> Self {
        Fraction {
            numerator,
            denominator: Denominator::new(),
        }
    }

    pub(super) fn rational(value: impl Into<Rational>) -> Self {
        Self::polynomial(Multivariate::constant(Gaussian::real(value)))
    }

    pub(super) fn generator(place: u32) -> Self {
        Self::polynomial(Multivariate::generator(place))
    }

    pub(super) fn is_zero(&self) -> bool {
        self.numerator.is_zero()
    }

    /// The number of terms in it.
    pub(super) fn size(&self) -> u64 {
        let below = self.denominator.keys().map(Multivariate::len);
        size(below.fold(self.numerator.len(), usize::saturating_add))
    }

    pub(super) fn scale(&self, factor: &Gaussian) -> Self {
        if factor.is_zero() {
            return Self::default();
        }
        Fraction {
            numerator: self.numerator.scale(factor),
            denominator: self.denominator.clone(),
        }
    }

    pub(super) fn neg(&self) -> Self {
        Fraction {
            numerator: self.numerator.neg(),
            denominator: self.denominator.clone(),
        }
    }

    /// The value of a constant real fraction, as far as it can be seen.
    pub(super) fn as_rational(&self) -> Option<Rational> {
        if !self.denominator.is_empty() {
            return None;
        }
        self.numerator.as_constant()?.as_real().cloned()
    }
}

impl Algebra {
    /// The sum, over the least common multiple of the factored denominators.
    pub(super) fn add(&mut self, a: &Fraction, b: &Fraction) -> Result<Fraction, Failure> {
        let mut denominator = a.denominator.clone();
        for (factor, count) in &b.denominator {
            let slot = denominator.entry(factor.clone()).or_insert(0);
            *slot = (*slot).max(*count);
        }
        let left = self.raise(a, &denominator)?;
        let right = self.raise(b, &denominator)?;
        let numerator = left.add(&right, &mut self.work)?;
        self.cancel(Fraction { numerator, denominator })
    }

    /// The numerator of a fraction over a multiple of its denominator.
    fn raise(&mut self, a: &Fraction, denominator: &Denominator) -> Result<Multivariate, Failure> {
        let mut numerator = a.numerator.clone();
        for (factor, count) in denominator {
            let missing = count.saturating_sub(a.denominator.get(factor).copied().unwrap_or(0));
            if missing > 0 {
                let power = self.power(factor, missing)?;
                numerator = self.multiply(&numerator, &power)?;
            }
        }
        Ok(numerator)
    }

    /// The difference.
    pub(super) fn sub(&mut self, a: &Fraction, b: &Fraction) -> Result<Fraction, Failure> {
        self.add(a, &b.neg())
    }

    /// The product.
    pub(super) fn mul(&mut self, a: &Fraction, b: &Fraction) -> Result<Fraction, Failure> {
        let numerator = self.multiply(&a.numerator, &b.numerator)?;
        let mut denominator = a.denominator.clone();
        for (factor, count) in &b.denominator {
            add_factor(&mut denominator, factor.clone(), *count)?;
        }
        self.cancel(Fraction { numerator, denominator })
    }

    /// The quotient. Errors: [`Failure::Undefined`] if the divisor is zero.
    pub(super) fn div(&mut self, a: &Fraction, b: &Fraction) -> Result<Fraction, Failure> {
        let inverse = self.invert(b)?;
        self.mul(a, &inverse)
    }

    /// The inverse. Errors: [`Failure::Undefined`] for zero.
    pub(super) fn invert(&mut self, a: &Fraction) -> Result<Fraction, Failure> {
        let mut numerator = Multivariate::one();
        for (factor, count) in &a.denominator {
            let power = self.power(factor, *count)?;
            numerator = self.multiply(&numerator, &power)?;
        }
        let mut denominator = Denominator::new();
        // Polynomials to be divided by, with multiplicities. Those that a root or an absolute value brings in are
        // made of older generators, so this ends.
        let mut pending = vec![(a.numerator.clone(), 1u32)];
        while let Some((polynomial, count)) = pending.pop() {
            self.work.charge(1)?;
            let content = polynomial.content();
            let rest = polynomial.shift(&content.inverse()?)?;
            let lead = rest
                .lead()
                .and_then(|(_, value)| value.inverse())
                .ok_or(Failure::Undefined)?;
            let rest = rest.scale(&lead);
            let scale = self.power(&Multivariate::constant(lead), count)?;
            numerator = self.multiply(&numerator, &scale)?;
            let mut factor = Monomial::default();
            for (place, exponent) in content.powers() {
                let exponent = exponent.times(&Rational::from(count)).ok_or(Failure::TooLarge)?;
                let (kept, below) = self.invert_power(*place, exponent)?;
                factor = factor.mul(&kept)?;
                pending.extend(below);
                if let Some(plain) = plain_power(self.generator(*place), exponent)? {
                    add_factor(&mut denominator, Multivariate::generator(*place), plain)?;
                }
            }
            let factor = Multivariate::term(factor, Gaussian::real(1));
            numerator = self.multiply(&numerator, &factor)?;
            if rest.as_constant().is_none() {
                add_factor(&mut denominator, rest, count)?;
            }
        }
        self.cancel(Fraction { numerator, denominator })
    }

    /// The inverse of a power of one generator as a power of it over a power of an older polynomial.
    fn invert_power(&self, place: u32, exponent: Exponent) -> Result<(Monomial, Option<(Multivariate, u32)>), Failure> {
        let inner = match self.generator(place) {
            // Never zero.
            Some(Generator::Exponential { .. }) => {
                return Ok((Monomial::power(place, exponent.neg().ok_or(Failure::TooLarge)?), None));
            }
            Some(Generator::Root(inner) | Generator::Abs(inner)) => inner.clone(),
            _ => return Ok((Monomial::default(), None)),
        };
        // The smallest integer that is not smaller, made even for absolute values: |p|^2 = p^2.
        let negative = exponent.neg().ok_or(Failure::TooLarge)?;
        let mut above = negative.floor().checked_neg().ok_or(Failure::TooLarge)?;
        if matches!(self.generator(place), Some(Generator::Abs(_))) {
            above = above.checked_add(above & 1).ok_or(Failure::TooLarge)?;
        }
        let kept = Exponent::integer(above).sub(exponent).ok_or(Failure::TooLarge)?;
        let count = u32::try_from(above).map_err(|_| Failure::TooLarge)?;
        Ok((Monomial::power(place, kept), Some((inner, count))))
    }

    /// An integer power. Errors: [`Failure::Undefined`] for a negative power of zero.
    pub(super) fn integer_power(&mut self, base: &Fraction, exponent: i64) -> Result<Fraction, Failure> {
        let count = u32::try_from(exponent.unsigned_abs()).map_err(|_| Failure::TooLarge)?;
        if count > limits::EXPONENT {
            return Err(Failure::TooLarge);
        }
        let base = if exponent < 0 { self.invert(base)? } else { base.clone() };
        let numerator = self.power(&base.numerator, count)?;
        let mut denominator = Denominator::new();
        for (factor, multiplicity) in base.denominator.into_iter().filter(|_| count > 0) {
            add_factor(
                &mut denominator,
                factor,
                multiplicity.checked_mul(count).ok_or(Failure::TooLarge)?,
            )?;
        }
        Ok(Fraction { numerator, denominator })
    }

    /// Cancels what the numerator shares with the factors of the denominator.
    fn cancel(&mut self, fraction: Fraction) -> Result<Fraction, Failure> {
        let mut numerator = fraction.numerator;
        let mut denominator = Denominator::new();
        if numerator.is_zero() {
            return Ok(Fraction::default());
        }
        let mut pending: Vec<(Multivariate, u32)> = fraction.denominator.into_iter().collect();
        while let Some((factor, mut count)) = pending.pop() {
            while count > 0 {
                let Some(quotient) = self.quotient(&numerator, &factor) else {
                    break;
                };
                numerator = quotient;
                count = count.saturating_sub(1);
            }
            if count == 0 {
                continue;
            }
            match self.common_factor(&numerator, &factor)? {
                // factor^count = (common cofactor)^count, of which one `common` is cancelled.
                Some((common, cofactor, quotient)) => {
                    numerator = quotient;
                    pending.push((common, count.saturating_sub(1)));
                    pending.push((cofactor, count));
                }
                None => add_factor(&mut denominator, factor, count)?,
            }
        }
        Ok(Fraction { numerator, denominator })
    }

    /// The exact quotient, if there is one and it is found quickly.
    fn quotient(&mut self, numerator: &Multivariate, factor: &Multivariate) -> Option<Multivariate> {
        self.work.charge(size(numerator.len())).ok()?;
        match factor.single() {
            // A factor with one term is a generator; the others have no monomial content.
            Some((monomial, _)) => {
                let content = numerator.content();
                let fits = monomial
                    .powers()
                    .iter()
                    .all(|(place, exponent)| content.exponent(*place) >= *exponent);
                if fits {
                    numerator.shift(&monomial.inverse().ok()?).ok()
                } else {
                    None
                }
            }
            None => numerator.divide_exactly(factor, &mut self.work),
        }
    }

    /// A common factor of positive degree of two polynomials in the same single generator with real coefficients:
    /// the factor (leading coefficient 1), and what it leaves of `factor` and of `numerator`.
    fn common_factor(
        &mut self,
        numerator: &Multivariate,
        factor: &Multivariate,
    ) -> Result<Option<(Multivariate, Multivariate, Multivariate)>, Failure> {
        let Some(place) = factor
            .lead()
            .and_then(|(monomial, _)| monomial.powers().first())
            .map(|(place, _)| *place)
        else {
            return Ok(None);
        };
        let (Some(above), Some(below)) = (univariate(numerator, place), univariate(factor, place)) else {
            return Ok(None);
        };
        let degrees = size(above.degree().unwrap_or(0).saturating_add(below.degree().unwrap_or(0)));
        let bits = numerator.bits().max(factor.bits());
        let cost = degrees
            .saturating_mul(degrees)
            .saturating_mul((bits >> 5).saturating_add(1));
        if cost > WORTH_CANCELLING {
            return Ok(None);
        }
        self.work.charge(cost)?;
        let common = above.gcd(&below);
        if common.degree().unwrap_or(0) == 0 {
            return Ok(None);
        }
        let (Some(above), Some(below)) = (above.divide_exactly(&common), below.divide_exactly(&common)) else {
            return Ok(None);
        };
        let back = |polynomial: &Polynomial| multivariate(polynomial, place);
        Ok(Some((back(&common)?, back(&below.monic())?, back(&above)?)))
    }
}

/// The multiplicity of a generator without relations in a denominator, `None` for exponentials, roots and absolute
/// values, whose powers are inverted otherwise.
fn plain_power(generator: Option<&Generator>, exponent: Exponent) -> Result<Option<u32>, Failure> {
    match generator {
        Some(Generator::Exponential { .. } | Generator::Root(_) | Generator::Abs(_)) => Ok(None),
        _ => {
            let count = exponent.as_integer().and_then(|value| u32::try_from(value).ok());
            count.map(Some).ok_or(Failure::TooLarge)
        }
    }
}

/// Adds to the multiplicity of a factor; constants (always 1 after normalisation) are left out.
fn add_factor(denominator: &mut Denominator, factor: Multivariate, count: u32) -> Result<(), Failure> {
    if count > 0 && factor.as_constant().is_none() {
        let slot = denominator.entry(factor).or_insert(0);
        *slot = slot.checked_add(count).ok_or(Failure::TooLarge)?;
    }
    Ok(())
}

/// The dense polynomial, if the only generator is this one, with nonnegative integer exponents and real coefficients.
pub(super) fn univariate(polynomial: &Multivariate, place: u32) -> Option<Polynomial> {
    let mut coefficients: Vec<Rational> = Vec::new();
    for (monomial, value) in polynomial.terms() {
        let degree = match monomial.powers() {
            [] => 0,
            [(only, exponent)] if *only == place => usize::try_from(exponent.as_integer()?).ok()?,
            _ => return None,
        };
        if degree > limits::DEGREE {
            return None;
        }
        if coefficients.len() <= degree {
            coefficients.resize(degree.saturating_add(1), Rational::new());
        }
        *coefficients.get_mut(degree)? = value.as_real()?.clone();
    }
    Polynomial::from_coefficients(coefficients)
}

/// The sparse form of a dense polynomial in one generator.
pub(super) fn multivariate(polynomial: &Polynomial, place: u32) -> Result<Multivariate, Failure> {
    let mut sum = Multivariate::default();
    for (degree, value) in polynomial.coefficients().iter().enumerate() {
        let exponent = i64::try_from(degree).map_err(|_| Failure::TooLarge)?;
        sum.add_term(
            Monomial::power(place, Exponent::integer(exponent)),
            Gaussian::real(value.clone()),
        );
    }
    Ok(sum)
}
