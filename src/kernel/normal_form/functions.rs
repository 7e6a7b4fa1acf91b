//! The elementary functions of fractions: exponentials (real and, for sine and cosine, complex), logarithms, odd ones.

use super::super::expr::Function;
use super::super::polynomial::Polynomial;
use super::Failure;
use super::exponent::Exponent;
use super::fraction::{Denominator, Fraction, multivariate, univariate};
use super::gaussian::Gaussian;
use super::generators::{Algebra, Generator, Sign};
use super::multivariate::{Monomial, Multivariate};
use super::powers::prime_factors;
use rug::Rational;

impl Algebra {
    /// An elementary function of a lowered argument. Errors: [`Failure::Undefined`] if it is defined nowhere.
    pub(super) fn apply(&mut self, function: Function, argument: &Fraction) -> Result<Fraction, Failure> {
        let (sine, cosine) = (Function::Sin, Function::Cos);
        match function {
            Function::Exp => self.exponential(argument, &Gaussian::real(1)),
            Function::Log => self.logarithm(argument),
            Function::Sin | Function::Cos | Function::Sinh | Function::Cosh => self.wave(function, argument),
            Function::Tan => self.quotient_of_waves(sine, cosine, argument),
            Function::Tanh => self.quotient_of_waves(Function::Sinh, Function::Cosh, argument),
            Function::Atan | Function::Asinh | Function::Erf => self.odd(function, argument),
            Function::Abs => self.absolute(argument),
        }
    }

    /// exp(rotation u) by the addition theorem: a product over the terms c m/d of powers of exp(m/d) and exp(i m/d).
    fn exponential(&mut self, argument: &Fraction, rotation: &Gaussian) -> Result<Fraction, Failure> {
        let mut result = Fraction::rational(1);
        for part in self.whole_and_proper(argument)? {
            let factor = self.exponential_of_part(&part.scale(rotation))?;
            result = self.mul(&result, &factor)?;
        }
        Ok(result)
    }

    /// Splits a fraction in one generator into a polynomial and a proper fraction over one denominator, so that equal
    /// arguments have equal terms; other fractions stay whole.
    fn whole_and_proper(&mut self, argument: &Fraction) -> Result<Vec<Fraction>, Failure> {
        let first = argument.denominator.keys().next().and_then(Multivariate::lead);
        let Some((place, _)) = first.and_then(|(monomial, _)| monomial.powers().first()) else {
            return Ok(vec![argument.clone()]);
        };
        let Some((above, below)) = dense_fraction(argument, *place) else {
            return Ok(vec![argument.clone()]);
        };
        let Some((whole, rest)) = above.divide(&below) else {
            return Ok(vec![argument.clone()]);
        };
        let proper = Fraction {
            numerator: multivariate(&rest, *place)?,
            denominator: Denominator::from([(multivariate(&below, *place)?, 1)]),
        };
        Ok(vec![Fraction::polynomial(multivariate(&whole, *place)?), proper])
    }

    /// exp(u), term by term.
    fn exponential_of_part(&mut self, argument: &Fraction) -> Result<Fraction, Failure> {
        let mut result = Fraction::rational(1);
        let mut factor = Monomial::default();
        for (monomial, value) in argument.numerator.terms() {
            // exp(c log u) = u^c for positive u, which is where the logarithm is defined.
            if let (Some(inner), Some(power)) = (self.logarithm_in(monomial, argument), value.as_real()) {
                let power = self.rational_power(&inner, power)?;
                result = self.mul(&result, &power)?;
                continue;
            }
            for (part, imaginary) in [(&value.re, false), (&value.im, true)] {
                let (unit, exponent) = match Exponent::from_rational(part) {
                    Some(exponent) => (Rational::from(1), exponent),
                    None => (part.clone().abs(), Exponent::integer(if *part < 0 { -1 } else { 1 })),
                };
                if exponent.is_zero() {
                    continue;
                }
                let denominator = argument.denominator.clone();
                let generator = Generator::Exponential {
                    imaginary,
                    unit,
                    monomial: monomial.clone(),
                    denominator,
                };
                let place = self.place(generator)?;
                factor = factor.mul(&Monomial::power(place, exponent))?;
            }
        }
        let factor = self.reduce(Multivariate::term(factor, Gaussian::real(1)))?;
        self.mul(&result, &Fraction::polynomial(factor))
    }

    /// The argument u, if this term of a polynomial is a multiple of log(u).
    fn logarithm_in(&self, monomial: &Monomial, argument: &Fraction) -> Option<Fraction> {
        let [(place, exponent)] = monomial.powers() else {
            return None;
        };
        match self.generator(*place) {
            Some(Generator::Function(Function::Log, inner))
                if *exponent == Exponent::ONE && argument.denominator.is_empty() =>
            {
                Some(inner.clone())
            }
            _ => None,
        }
    }

    /// sin, cos, sinh or cosh by Euler's formulas.
    fn wave(&mut self, function: Function, argument: &Fraction) -> Result<Fraction, Failure> {
        let circular = matches!(function, Function::Sin | Function::Cos);
        let odd = matches!(function, Function::Sin | Function::Sinh);
        let rotation = Gaussian::unit_power(i64::from(circular));
        let forward = self.exponential(argument, &rotation)?;
        let backward = self.exponential(argument, &rotation.neg())?;
        let sum = if odd {
            self.sub(&forward, &backward)?
        } else {
            self.add(&forward, &backward)?
        };
        // 1/(2 i) for the sine, 1/2 for the others.
        let half = Gaussian::real(Rational::from((1, 2)));
        let rotation = if circular && odd {
            Gaussian::unit_power(3)
        } else {
            Gaussian::real(1)
        };
        Ok(sum.scale(&half.mul(&rotation)))
    }

    fn quotient_of_waves(
        &mut self,
        above: Function,
        below: Function,
        argument: &Fraction,
    ) -> Result<Fraction, Failure> {
        let above = self.wave(above, argument)?;
        let below = self.wave(below, argument)?;
        self.div(&above, &below)
    }

    /// log(u), with those factors of u split off that are positive wherever u is.
    fn logarithm(&mut self, argument: &Fraction) -> Result<Fraction, Failure> {
        if argument.is_zero() {
            return Err(Failure::Undefined);
        }
        let content = argument.numerator.rational_content();
        let mut result = self.logarithm_of_constant(&content)?;
        let mut rest = argument.clone().scale(&Gaussian::real(content.recip()));
        for (place, exponent) in argument.numerator.content().powers() {
            if matches!(self.sign(*place), Sign::Positive | Sign::NotNegative) {
                // A factor that is not negative is positive where the logarithm of the product is defined.
                let inverse = Monomial::power(*place, *exponent).inverse()?;
                rest.numerator = rest.numerator.shift(&inverse)?;
                let part = self.logarithm_of_generator(*place)?;
                let part = part.scale(&Gaussian::real(exponent.to_rational()));
                result = self.add(&result, &part)?;
            }
        }
        for (factor, count) in argument.denominator.iter() {
            if self.is_surely_positive(factor)? {
                rest.denominator.remove(factor);
                let part = self.logarithm_of_positive(factor)?;
                let part = part.scale(&Gaussian::real(-Rational::from(*count)));
                result = self.add(&result, &part)?;
            }
        }
        match rest.as_rational() {
            Some(value) if value == 1 => Ok(result),
            // The content is out: what is left of a constant is its sign.
            Some(_) => Err(Failure::Undefined),
            // 1/d is positive exactly where d is: log(1/d) = -log(d).
            None if rest.numerator.as_constant().is_some() => {
                let inverse = self.invert(&rest)?;
                let place = self.function(Function::Log, inverse)?;
                self.sub(&result, &Fraction::generator(place))
            }
            None => {
                let place = self.function(Function::Log, rest)?;
                self.add(&result, &Fraction::generator(place))
            }
        }
    }

    /// The logarithm of a generator that is positive.
    fn logarithm_of_generator(&mut self, place: u32) -> Result<Fraction, Failure> {
        match self.generator(place).cloned() {
            Some(Generator::Exponential {
                unit,
                monomial,
                denominator,
                ..
            }) => Ok(Fraction {
                numerator: Multivariate::term(monomial, Gaussian::real(unit)),
                denominator,
            }),
            // The generator stands for the first power of what is under the root.
            Some(Generator::Root(inner)) => self.logarithm_of_positive(&inner),
            _ => self.logarithm_of_positive(&Multivariate::generator(place)),
        }
    }

    /// The logarithm of a polynomial with a positive value.
    fn logarithm_of_positive(&mut self, polynomial: &Multivariate) -> Result<Fraction, Failure> {
        let content = polynomial.rational_content();
        let constant = self.logarithm_of_constant(&content)?;
        let rest = polynomial.scale(&Gaussian::real(content.recip()));
        if rest == Multivariate::one() {
            return Ok(constant);
        }
        let place = self.function(Function::Log, Fraction::polynomial(rest))?;
        self.add(&constant, &Fraction::generator(place))
    }

    /// The logarithm of a positive rational, by its prime factors.
    fn logarithm_of_constant(&mut self, value: &Rational) -> Result<Fraction, Failure> {
        let mut sum = Fraction::default();
        for (prime, count) in prime_factors(value) {
            let place = self.function(Function::Log, Fraction::rational(prime))?;
            let part = Fraction::generator(place).scale(&Gaussian::real(count));
            sum = self.add(&sum, &part)?;
        }
        Ok(sum)
    }

    /// An odd function, the sign of the argument pulled out.
    fn odd(&mut self, function: Function, argument: &Fraction) -> Result<Fraction, Failure> {
        let Some((_, lead)) = argument.numerator.lead() else {
            return Ok(Fraction::default());
        };
        let negative = lead.leans_negative();
        let argument = if negative { argument.neg() } else { argument.clone() };
        let value = if function == Function::Atan && argument.as_rational().is_some_and(|value| value == 1) {
            // atan(1) = pi/4
            let pi = self.place(Generator::Pi)?;
            Fraction::generator(pi).scale(&Gaussian::real(Rational::from((1, 4))))
        } else {
            Fraction::generator(self.function(function, argument)?)
        };
        Ok(if negative { value.neg() } else { value })
    }

    /// The generator for a function of an argument, the same one for arguments that are shown to be equal.
    fn function(&mut self, function: Function, argument: Fraction) -> Result<u32, Failure> {
        let wanted = Generator::Function(function, argument);
        if let Some(place) = self.known(&wanted) {
            return Ok(place);
        }
        let Generator::Function(_, argument) = &wanted else {
            return Err(Failure::TooLarge);
        };
        // Polynomials have one normal form, fractions may have several.
        let mut candidates = Vec::new();
        self.work.charge(self.count() >> 4)?;
        for (place, generator) in self.generators() {
            match generator {
                Generator::Function(other, known)
                    if *other == function && !(known.denominator.is_empty() && argument.denominator.is_empty()) =>
                {
                    candidates.push((place, known.clone()));
                }
                _ => {}
            }
        }
        for (place, known) in candidates {
            self.work.charge(known.size())?;
            if self.sub(&known, argument)?.is_zero() {
                return Ok(place);
            }
        }
        self.place(wanted)
    }
}

/// Numerator and expanded denominator of a fraction with real coefficients in one generator; the denominator has
/// leading coefficient 1.
fn dense_fraction(fraction: &Fraction, place: u32) -> Option<(Polynomial, Polynomial)> {
    let mut below = Polynomial::constant(1);
    for (factor, count) in &fraction.denominator {
        below = below.mul(&univariate(factor, place)?.pow(*count)?)?;
    }
    Some((univariate(&fraction.numerator, place)?, below))
}
