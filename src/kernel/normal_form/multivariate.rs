//! Sparse polynomials in the generators: a map from monomials to coefficients, every operation within a budget.

use super::super::limits;
use super::Failure;
use super::exponent::Exponent;
use super::gaussian::Gaussian;
use rug::{Integer, Rational};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Longest integer in a coefficient, in bits.
const COEFFICIENT_BITS: u64 = 1 << 16;
/// Number of products of terms (long coefficients counting more) that one decision may take.
const BUDGET: u64 = 4_000_000;

/// What is left of the work allowed for one decision.
#[derive(Debug)]
pub(super) struct Work {
    remaining: u64,
}

impl Work {
    pub(super) fn new() -> Self {
        Work { remaining: BUDGET }
    }

    /// What was paid so far.
    pub(super) fn used(&self) -> u64 {
        BUDGET.saturating_sub(self.remaining)
    }

    /// Pays for some work, or refuses.
    pub(super) fn charge(&mut self, amount: u64) -> Result<(), Failure> {
        self.remaining = self.remaining.checked_sub(amount).ok_or(Failure::TooLarge)?;
        Ok(())
    }
}

/// A product of powers of generators, sorted by generator, without zero exponents.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Monomial {
    powers: Vec<(u32, Exponent)>,
}

impl Monomial {
    /// A power of one generator.
    pub(super) fn power(generator: u32, exponent: Exponent) -> Self {
        let powers = if exponent.is_zero() {
            Vec::new()
        } else {
            vec![(generator, exponent)]
        };
        Monomial { powers }
    }

    pub(super) fn powers(&self) -> &[(u32, Exponent)] {
        &self.powers
    }

    pub(super) fn is_one(&self) -> bool {
        self.powers.is_empty()
    }

    /// The exponent of a generator, zero if it does not occur.
    pub(super) fn exponent(&self, generator: u32) -> Exponent {
        match self.powers.binary_search_by_key(&generator, |(name, _)| *name) {
            Ok(place) => self.powers.get(place).map_or(Exponent::ZERO, |(_, exponent)| *exponent),
            Err(_) => Exponent::ZERO,
        }
    }

    /// The monomial without a generator.
    pub(super) fn without(&self, generator: u32) -> Self {
        Monomial {
            powers: self
                .powers
                .iter()
                .filter(|(name, _)| *name != generator)
                .copied()
                .collect(),
        }
    }

    /// The product.
    pub(super) fn mul(&self, other: &Self) -> Result<Self, Failure> {
        let mut powers = Vec::with_capacity(self.powers.len().saturating_add(other.powers.len()));
        let mut left = self.powers.iter().copied().peekable();
        let mut right = other.powers.iter().copied().peekable();
        while let (Some((a, x)), Some((b, y))) = (left.peek().copied(), right.peek().copied()) {
            let order = a.cmp(&b);
            if order != Ordering::Greater {
                left.next();
            }
            if order != Ordering::Less {
                right.next();
            }
            match order {
                Ordering::Less => powers.push((a, x)),
                Ordering::Greater => powers.push((b, y)),
                Ordering::Equal => {
                    let sum = x.add(y).ok_or(Failure::TooLarge)?;
                    if !sum.is_zero() {
                        powers.push((a, sum));
                    }
                }
            }
        }
        powers.extend(left);
        powers.extend(right);
        Ok(Monomial { powers })
    }

    /// The monomial with all exponents negated.
    pub(super) fn inverse(&self) -> Result<Self, Failure> {
        let negated = self
            .powers
            .iter()
            .map(|(name, exponent)| Some((*name, exponent.neg()?)));
        Ok(Monomial {
            powers: negated.collect::<Option<_>>().ok_or(Failure::TooLarge)?,
        })
    }
}

impl PartialOrd for Monomial {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The lexicographic order of the exponents, the first generator counting most: multiplication respects it.
impl Ord for Monomial {
    fn cmp(&self, other: &Self) -> Ordering {
        let mut left = self.powers.iter();
        let mut right = other.powers.iter();
        loop {
            let (a, b) = (left.next(), right.next());
            let order = match (a, b) {
                (None, None) => return Ordering::Equal,
                (Some((_, x)), None) => x.cmp(&Exponent::ZERO),
                (None, Some((_, y))) => Exponent::ZERO.cmp(y),
                (Some((name, x)), Some((other_name, y))) => match name.cmp(other_name) {
                    Ordering::Less => x.cmp(&Exponent::ZERO),
                    Ordering::Greater => Exponent::ZERO.cmp(y),
                    Ordering::Equal => x.cmp(y),
                },
            };
            if order != Ordering::Equal {
                return order;
            }
        }
    }
}

/// A sum of monomials with coefficients that are not zero.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Multivariate {
    terms: BTreeMap<Monomial, Gaussian>,
}

impl Multivariate {
    pub(super) fn constant(value: Gaussian) -> Self {
        Self::term(Monomial::default(), value)
    }

    pub(super) fn one() -> Self {
        Self::constant(Gaussian::real(1))
    }

    pub(super) fn term(monomial: Monomial, coefficient: Gaussian) -> Self {
        let mut sum = Self::default();
        sum.add_term(monomial, coefficient);
        sum
    }

    /// The first power of a generator.
    pub(super) fn generator(generator: u32) -> Self {
        Self::term(Monomial::power(generator, Exponent::ONE), Gaussian::real(1))
    }

    pub(super) fn terms(&self) -> impl DoubleEndedIterator<Item = (&Monomial, &Gaussian)> {
        self.terms.iter()
    }

    pub(super) fn len(&self) -> usize {
        self.terms.len()
    }

    pub(super) fn is_zero(&self) -> bool {
        self.terms.is_empty()
    }

    /// The leading term, that of the largest monomial.
    pub(super) fn lead(&self) -> Option<(&Monomial, &Gaussian)> {
        self.terms.last_key_value()
    }

    /// The value of a constant.
    pub(super) fn as_constant(&self) -> Option<Gaussian> {
        match self.single() {
            Some((monomial, value)) => monomial.is_one().then(|| value.clone()),
            None => self.is_zero().then(Gaussian::default),
        }
    }

    /// The only term, if there is exactly one.
    pub(super) fn single(&self) -> Option<(&Monomial, &Gaussian)> {
        self.lead().filter(|_| self.terms.len() == 1)
    }

    /// Adds one term.
    pub(super) fn add_term(&mut self, monomial: Monomial, coefficient: Gaussian) {
        if coefficient.is_zero() {
            return;
        }
        match self.terms.entry(monomial) {
            std::collections::btree_map::Entry::Vacant(place) => {
                place.insert(coefficient);
            }
            std::collections::btree_map::Entry::Occupied(mut place) => {
                place.get_mut().add_assign(&coefficient);
                if place.get().is_zero() {
                    place.remove();
                }
            }
        }
    }

    /// The sum.
    pub(super) fn add(&self, other: &Self, work: &mut Work) -> Result<Self, Failure> {
        work.charge(size(self.len().saturating_add(other.len())))?;
        let mut sum = self.clone();
        for (monomial, coefficient) in other.terms() {
            sum.add_term(monomial.clone(), coefficient.clone());
        }
        sum.within_limits()
    }

    /// Every coefficient times a number.
    pub(super) fn scale(&self, factor: &Gaussian) -> Self {
        if factor.is_zero() {
            return Self::default();
        }
        Multivariate {
            terms: self
                .terms()
                .map(|(monomial, value)| (monomial.clone(), value.mul(factor)))
                .collect(),
        }
    }

    pub(super) fn neg(&self) -> Self {
        Multivariate {
            terms: self
                .terms()
                .map(|(monomial, value)| (monomial.clone(), value.neg()))
                .collect(),
        }
    }

    /// Every term times a monomial.
    pub(super) fn shift(&self, factor: &Monomial) -> Result<Self, Failure> {
        let shifted = self
            .terms()
            .map(|(monomial, value)| Ok((monomial.mul(factor)?, value.clone())));
        Ok(Multivariate {
            terms: shifted.collect::<Result<_, Failure>>()?,
        })
    }

    /// The product in the free ring, no relation between generators applied.
    pub(super) fn mul(&self, other: &Self, work: &mut Work) -> Result<Self, Failure> {
        // Schoolbook products of long coefficients cost by the product of their lengths.
        let long = self.bits().saturating_mul(other.bits()) >> 17;
        let each = long.saturating_add(1);
        work.charge(size(self.len()).saturating_mul(size(other.len())).saturating_mul(each))?;
        let mut product = Self::default();
        for (a, x) in self.terms() {
            for (b, y) in other.terms() {
                product.add_term(a.mul(b)?, x.mul(y));
            }
            if product.len() > limits::TERMS {
                return Err(Failure::TooLarge);
            }
        }
        product.within_limits()
    }

    /// The polynomial itself, if it is not too large to go on with.
    pub(super) fn within_limits(self) -> Result<Self, Failure> {
        if self.len() > limits::TERMS || self.bits() > COEFFICIENT_BITS {
            Err(Failure::TooLarge)
        } else {
            Ok(self)
        }
    }

    /// The length of the longest coefficient.
    pub(super) fn bits(&self) -> u64 {
        self.terms.values().map(Gaussian::bits).max().unwrap_or(0)
    }

    /// For every generator its smallest exponent over all terms: the largest monomial that divides them all.
    pub(super) fn content(&self) -> Monomial {
        let mut terms = self.terms.keys();
        let Some(first) = terms.next() else {
            return Monomial::default();
        };
        let mut smallest: BTreeMap<u32, Exponent> = first.powers.iter().copied().collect();
        for monomial in terms {
            for (name, exponent) in &mut smallest {
                *exponent = monomial.exponent(*name).min(*exponent);
            }
            // A generator that has not occurred before had the exponent zero.
            for (name, exponent) in monomial.powers.iter().filter(|(_, exponent)| exponent.is_negative()) {
                let slot = smallest.entry(*name).or_insert(Exponent::ZERO);
                *slot = (*slot).min(*exponent);
            }
        }
        Monomial {
            powers: smallest
                .into_iter()
                .filter(|(_, exponent)| !exponent.is_zero())
                .collect(),
        }
    }

    /// The positive rational that divides all coefficients and leaves coprime integers; 1 for zero.
    pub(super) fn rational_content(&self) -> Rational {
        let mut numerator = Integer::new();
        let mut denominator = Integer::from(1);
        for part in self.terms.values().flat_map(|value| [&value.re, &value.im]) {
            numerator.gcd_mut(part.numer());
            denominator.lcm_mut(part.denom());
        }
        if numerator == 0 || denominator == 0 {
            Rational::from(1)
        } else {
            Rational::from((numerator, denominator))
        }
    }

    /// The quotient if `divisor` divides exactly and quickly; `None` says nothing.
    ///
    /// The divisor must have no monomial content, so that exponents of the quotient are not negative once the content
    /// of the dividend is set aside.
    pub(super) fn divide_exactly(&self, divisor: &Self, work: &mut Work) -> Option<Self> {
        let (divisor_lead, divisor_value) = divisor.lead()?;
        let inverse = divisor_value.inverse()?;
        let unshift = divisor_lead.inverse().ok()?;
        let content = self.content();
        let mut rest = self.shift(&content.inverse().ok()?).ok()?;
        let mut quotient = Self::default();
        // Only an attempt: a quotient much longer than the dividend is not worth finding.
        let mut steps = self.len().saturating_mul(4).saturating_add(64);
        while let Some((monomial, value)) = rest.lead() {
            let factor = monomial.mul(&unshift).ok()?;
            if factor.powers.iter().any(|(_, exponent)| exponent.is_negative()) {
                return None;
            }
            let value = value.mul(&inverse);
            steps = steps.checked_sub(1)?;
            work.charge(size(divisor.len())).ok()?;
            let minus = value.neg();
            for (other, coefficient) in divisor.terms() {
                rest.add_term(other.mul(&factor).ok()?, coefficient.mul(&minus));
            }
            quotient.add_term(factor, value);
        }
        quotient.shift(&content).ok()
    }
}

/// A length as an amount of work.
pub(super) fn size(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
