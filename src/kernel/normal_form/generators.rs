//! The generators: real or complex functions treated as unknowns, and the relations between their powers.
//!
//! A relation rewrites a power of a generator by generators that are older, so rewriting ends.

use super::super::expr::{Function, Id};
use super::Failure;
use super::exponent::Exponent;
use super::fraction::{Denominator, Fraction};
use super::gaussian::Gaussian;
use super::multivariate::{Monomial, Multivariate, Work, size};
use rug::Rational;
use std::collections::{BTreeMap, HashMap};

/// What a generator stands for, at every point where the expression it came from is defined.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Generator {
    /// A real variable.
    Variable(u16),
    /// The constant pi.
    Pi,
    /// exp(z), where z is `unit * monomial / denominator`, times i if `imaginary`. Its power c is exp(c z).
    Exponential {
        /// Whether the argument carries a factor i.
        imaginary: bool,
        /// A factor of the argument, 1 unless a coefficient does not fit an exponent.
        unit: Rational,
        /// The monomial of the argument.
        monomial: Monomial,
        /// The denominator of the argument.
        denominator: Denominator,
    },
    /// A polynomial with a nonnegative value; its power c is the nonnegative real power, for 0 <= c < 1.
    Root(Multivariate),
    /// The absolute value of a polynomial with a real value.
    Abs(Multivariate),
    /// log, atan, asinh or erf of a fraction with a real value.
    Function(Function, Fraction),
    /// The real value of a fraction that nothing else is known about.
    Value(Fraction),
    /// The real value of a node that was too large to be lowered.
    Node(Id),
}

/// The sign of a generator at every point where it is defined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// Not known to be real.
    Complex,
    /// Real of unknown sign.
    Real,
    /// Real and not negative.
    NotNegative,
    /// Real and positive.
    Positive,
}

/// How powers of a generator are rewritten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    /// Not at all.
    None,
    /// Exponents of at least 1 give powers of the polynomial under the root.
    Root,
    /// Squares give squares of the polynomial.
    Abs,
    /// The generator is exp(i pi), whose power 1/2 is i.
    Turn,
}

/// Everything known about one generator.
#[derive(Debug)]
struct Entry {
    generator: Generator,
    sign: Sign,
    relation: Relation,
}

/// The generators of one decision with the work left for it; all arithmetic goes through here.
#[derive(Debug)]
pub(super) struct Algebra {
    entries: Vec<Entry>,
    places: HashMap<Generator, u32>,
    pub(super) work: Work,
}

/// The places of the roots of 2 and 3, which the turns by pi/4, pi/3 and pi/6 need: the first two.
const TWO: u32 = 0;
const THREE: u32 = 1;

impl Algebra {
    pub(super) fn new() -> Result<Self, Failure> {
        let mut algebra = Algebra {
            entries: Vec::new(),
            places: HashMap::new(),
            work: Work::new(),
        };
        for prime in [2, 3] {
            algebra.place(Generator::Root(Multivariate::constant(Gaussian::real(prime))))?;
        }
        Ok(algebra)
    }

    /// The place of a generator, adding it if it is new.
    pub(super) fn place(&mut self, generator: Generator) -> Result<u32, Failure> {
        if let Some(place) = self.places.get(&generator) {
            return Ok(*place);
        }
        let place = u32::try_from(self.entries.len()).map_err(|_| Failure::TooLarge)?;
        let relation = match &generator {
            Generator::Root(_) => Relation::Root,
            Generator::Abs(_) => Relation::Abs,
            Generator::Exponential {
                imaginary: true,
                unit,
                monomial,
                denominator,
            } if *unit == 1 && denominator.is_empty() && self.is_pi(monomial) => Relation::Turn,
            _ => Relation::None,
        };
        let sign = match &generator {
            Generator::Pi => Sign::Positive,
            Generator::Exponential {
                imaginary,
                monomial,
                denominator,
                ..
            } => {
                let term = Multivariate::term(monomial.clone(), Gaussian::real(1));
                let real = !imaginary && self.is_real(&term) && denominator.keys().all(|part| self.is_real(part));
                if real { Sign::Positive } else { Sign::Complex }
            }
            Generator::Root(inner) if inner.as_constant().is_some_and(|value| !value.is_zero()) => Sign::Positive,
            Generator::Root(_) | Generator::Abs(_) => Sign::NotNegative,
            _ => Sign::Real,
        };
        self.entries.push(Entry {
            generator: generator.clone(),
            sign,
            relation,
        });
        self.places.insert(generator, place);
        Ok(place)
    }

    /// The place of a generator, if there is one.
    pub(super) fn known(&self, generator: &Generator) -> Option<u32> {
        self.places.get(generator).copied()
    }

    /// What a place stands for.
    pub(super) fn generator(&self, place: u32) -> Option<&Generator> {
        self.entry(place).map(|entry| &entry.generator)
    }

    /// All generators with their places.
    pub(super) fn generators(&self) -> impl Iterator<Item = (u32, &Generator)> {
        (0u32..).zip(self.entries.iter().map(|entry| &entry.generator))
    }

    /// The number of generators.
    pub(super) fn count(&self) -> u64 {
        size(self.entries.len())
    }

    fn entry(&self, place: u32) -> Option<&Entry> {
        self.entries.get(usize::try_from(place).ok()?)
    }

    /// The sign of a generator.
    pub(super) fn sign(&self, place: u32) -> Sign {
        self.entry(place).map_or(Sign::Complex, |entry| entry.sign)
    }

    fn is_pi(&self, monomial: &Monomial) -> bool {
        match monomial.powers() {
            [(place, exponent)] => *exponent == Exponent::ONE && self.generator(*place) == Some(&Generator::Pi),
            _ => false,
        }
    }

    /// Whether all coefficients and generators are real.
    pub(super) fn is_real(&self, polynomial: &Multivariate) -> bool {
        polynomial.terms().all(|(monomial, value)| {
            value.is_real()
                && monomial
                    .powers()
                    .iter()
                    .all(|(place, _)| self.sign(*place) != Sign::Complex)
        })
    }

    /// Whether no term can be negative, seen from the coefficients and the signs of the generators.
    pub(super) fn is_not_negative(&self, polynomial: &Multivariate) -> bool {
        polynomial.terms().all(|(monomial, value)| {
            value.is_real()
                && value.re > 0
                && monomial
                    .powers()
                    .iter()
                    .all(|(place, exponent)| match self.sign(*place) {
                        Sign::Complex => false,
                        Sign::Real => exponent.is_even(),
                        Sign::NotNegative | Sign::Positive => true,
                    })
        })
    }

    /// Whether the value is surely positive: no term can be negative, and one cannot vanish.
    pub(super) fn is_positive(&self, polynomial: &Multivariate) -> bool {
        let cannot_vanish = |monomial: &Monomial| {
            monomial
                .powers()
                .iter()
                .all(|(place, _)| self.sign(*place) == Sign::Positive)
        };
        self.is_not_negative(polynomial) && polynomial.terms().any(|(monomial, _)| cannot_vanish(monomial))
    }

    /// The polynomial whose value is the complex conjugate, if every generator is real or exp(i x) for a real x.
    pub(super) fn conjugate(&self, polynomial: &Multivariate) -> Option<Multivariate> {
        let mut result = Multivariate::default();
        for (monomial, value) in polynomial.terms() {
            let mut factor = Monomial::default();
            for (place, exponent) in monomial.powers() {
                let exponent = match self.sign(*place) {
                    Sign::Complex if self.is_phase(*place) => exponent.neg()?,
                    Sign::Complex => return None,
                    _ => *exponent,
                };
                factor = factor.mul(&Monomial::power(*place, exponent)).ok()?;
            }
            result.add_term(factor, value.conjugate());
        }
        Some(result)
    }

    /// Whether a generator is exp(i x) for a real x.
    fn is_phase(&self, place: u32) -> bool {
        match self.generator(place) {
            Some(Generator::Exponential {
                imaginary: true,
                monomial,
                denominator,
                ..
            }) => {
                let term = Multivariate::term(monomial.clone(), Gaussian::real(1));
                self.is_real(&term) && denominator.keys().all(|part| self.is_real(part))
            }
            _ => false,
        }
    }

    /// The product, with the relations applied.
    pub(super) fn multiply(&mut self, a: &Multivariate, b: &Multivariate) -> Result<Multivariate, Failure> {
        let product = a.mul(b, &mut self.work)?;
        self.reduce(product)
    }

    /// A nonnegative power, with the relations applied.
    pub(super) fn power(&mut self, base: &Multivariate, exponent: u32) -> Result<Multivariate, Failure> {
        let mut result = Multivariate::one();
        let mut square = base.clone();
        let mut rest = exponent;
        while rest > 0 {
            if rest & 1 == 1 {
                result = self.multiply(&result, &square)?;
            }
            rest >>= 1;
            if rest > 0 {
                square = self.multiply(&square, &square)?;
            }
        }
        Ok(result)
    }

    /// Rewrites powers of generators until no relation applies, the youngest generators first.
    ///
    /// Replacing one generator brings in older ones only, so each is dealt with at most once.
    pub(super) fn reduce(&mut self, polynomial: Multivariate) -> Result<Multivariate, Failure> {
        let mut polynomial = polynomial;
        let mut below = u32::MAX;
        loop {
            let places = polynomial.terms().flat_map(|(monomial, _)| monomial.powers());
            let wanted = places.filter(|(place, exponent)| *place < below && self.rewrites(*place, *exponent));
            let Some(place) = wanted.map(|(place, _)| *place).max() else {
                return polynomial.within_limits();
            };
            polynomial = self.rewrite(polynomial, place)?;
            below = place;
        }
    }

    /// Whether a relation applies to this power.
    fn rewrites(&self, place: u32, exponent: Exponent) -> bool {
        match self.entry(place).map_or(Relation::None, |entry| entry.relation) {
            Relation::None => false,
            Relation::Root => exponent.floor() != 0,
            Relation::Abs => exponent.floor() != 0 && exponent != Exponent::ONE,
            Relation::Turn => turn(exponent).is_none_or(|(quarters, rest)| quarters != 0 || rest_is_algebraic(rest)),
        }
    }

    /// Applies the relation of one generator to all terms.
    fn rewrite(&mut self, polynomial: Multivariate, place: u32) -> Result<Multivariate, Failure> {
        let mut result = Multivariate::default();
        // The cofactors of each power that is replaced.
        let mut groups: BTreeMap<Exponent, Multivariate> = BTreeMap::new();
        self.work.charge(size(polynomial.len()))?;
        for (monomial, value) in polynomial.terms() {
            let exponent = monomial.exponent(place);
            if !self.rewrites(place, exponent) {
                result.add_term(monomial.clone(), value.clone());
                continue;
            }
            let (replaced, kept) = self.split(place, exponent)?;
            let cofactor = monomial.without(place).mul(&Monomial::power(place, kept))?;
            groups.entry(replaced).or_default().add_term(cofactor, value.clone());
        }
        for (replaced, cofactor) in groups {
            let replacement = self.replacement(place, replaced)?;
            let product = cofactor.mul(&replacement, &mut self.work)?;
            result = result.add(&product, &mut self.work)?;
        }
        Ok(result)
    }

    /// The part of an exponent that is replaced, and the part that is kept.
    fn split(&self, place: u32, exponent: Exponent) -> Result<(Exponent, Exponent), Failure> {
        let replaced = match self.entry(place).map_or(Relation::None, |entry| entry.relation) {
            Relation::Turn => return Ok((exponent, Exponent::ZERO)),
            Relation::Root => exponent.floor(),
            Relation::Abs => exponent.floor().saturating_sub(exponent.floor() & 1),
            Relation::None => 0,
        };
        // Negative powers are inverted before they get here: a polynomial has none.
        if replaced < 0 {
            return Err(Failure::TooLarge);
        }
        let replaced = Exponent::integer(replaced);
        Ok((replaced, exponent.sub(replaced).ok_or(Failure::TooLarge)?))
    }

    /// What stands for the replaced power; in the free ring, as it brings in older generators only.
    fn replacement(&mut self, place: u32, exponent: Exponent) -> Result<Multivariate, Failure> {
        let inner = match self.generator(place) {
            Some(Generator::Root(inner) | Generator::Abs(inner)) => inner.clone(),
            _ => return turned(place, exponent),
        };
        let exponent = exponent
            .as_integer()
            .and_then(|value| u32::try_from(value).ok())
            .ok_or(Failure::TooLarge)?;
        // Only roots and absolute values of older generators occur in `inner`: reducing here nests at most once per
        // generator, so multiply freely and let the caller go on with the older ones.
        let mut result = Multivariate::one();
        for _ in 0..exponent {
            result = result.mul(&inner, &mut self.work)?;
        }
        Ok(result)
    }
}

/// Splits an exponent of exp(i pi) into quarter turns and a rest in [0, 1/2).
fn turn(exponent: Exponent) -> Option<(i64, Exponent)> {
    let doubled = exponent.times(&Rational::from(2))?;
    let quarters = doubled.floor();
    let taken = Exponent::integer(quarters).times(&Rational::from((1, 2)))?;
    Some((quarters, exponent.sub(taken)?))
}

/// Whether exp(i pi rest) has a value by square roots of 2 and 3 here.
fn rest_is_algebraic(rest: Exponent) -> bool {
    let twelfths = rest.times(&Rational::from(12)).and_then(Exponent::as_integer);
    matches!(twelfths, Some(2..=4))
}

/// The value of exp(i pi) to an exponent: exactly for multiples of pi/2, pi/3, pi/4 and pi/6.
fn turned(place: u32, exponent: Exponent) -> Result<Multivariate, Failure> {
    let (quarters, rest) = turn(exponent).ok_or(Failure::TooLarge)?;
    let half = || Rational::from((1, 2));
    let root = |prime: u32| Monomial::power(prime, Exponent::from_rational(&half()).unwrap_or(Exponent::ZERO));
    let (real, imaginary) = (
        Gaussian::real(half()),
        Gaussian {
            re: Rational::new(),
            im: half(),
        },
    );
    let mut value = Multivariate::default();
    match rest.times(&Rational::from(12)).and_then(Exponent::as_integer) {
        // exp(i pi/6) = (sqrt 3 + i)/2
        Some(2) => {
            value.add_term(root(THREE), real);
            value.add_term(Monomial::default(), imaginary);
        }
        // exp(i pi/4) = (sqrt 2 + i sqrt 2)/2
        Some(3) => {
            value.add_term(root(TWO), real);
            value.add_term(root(TWO), imaginary);
        }
        // exp(i pi/3) = (1 + i sqrt 3)/2
        Some(4) => {
            value.add_term(Monomial::default(), real);
            value.add_term(root(THREE), imaginary);
        }
        _ => value.add_term(Monomial::power(place, rest), Gaussian::real(1)),
    }
    Ok(value.scale(&Gaussian::unit_power(quarters)))
}
