//! Values and derivatives of the steps of a tape on a box, by automatic differentiation forwards.
//!
//! Source: Griewank, Walther, Evaluating Derivatives, ch. 3.

use super::super::interval::{Accumulator, DomainError, Interval};
use super::super::number::Number;
use super::tape::{Place, Step, Tape};
use rug::Rational;

/// The values and the gradients of all steps on a box.
#[derive(Debug)]
pub struct Slopes {
    values: Vec<Interval>,
    /// By the coordinates; `None` is zero.
    gradients: Vec<Option<Vec<Interval>>>,
    dimension: usize,
    precision: u32,
}

impl Slopes {
    /// Evaluates a tape on a box.
    ///
    /// `known` has better enclosures for some steps. Steps in `frozen` count as constants for the derivatives.
    /// Errors: [`DomainError`] if a step is not known to be defined, or not known to be differentiable.
    pub fn new(
        tape: &Tape,
        bounds: &[Interval],
        known: &[(Place, Interval)],
        frozen: &[Place],
        precision: u32,
    ) -> Result<Self, DomainError> {
        let mut slopes = Slopes {
            values: Vec::with_capacity(tape.steps().len()),
            gradients: Vec::with_capacity(tape.steps().len()),
            dimension: bounds.len(),
            precision,
        };
        for (place, step) in tape.steps().iter().enumerate() {
            let value = slopes.value_of(step, bounds)?;
            let better = known.iter().find(|(known, _)| *known == place);
            let value = match better.and_then(|(_, known)| value.intersection(known)) {
                Some(better) => better,
                None => value,
            };
            slopes.values.push(value);
        }
        for (place, step) in tape.steps().iter().enumerate() {
            let gradient = if frozen.contains(&place) {
                None
            } else {
                slopes.gradient_of(step, place)?
            };
            slopes.gradients.push(gradient);
        }
        Ok(slopes)
    }

    /// The range of a step. Panics: never.
    pub fn value(&self, place: Place) -> Interval {
        let value = self.values.get(place).cloned();
        value.unwrap_or_else(|| Interval::entire(self.precision))
    }

    /// The gradient of a step. Panics: never.
    pub fn gradient(&self, place: Place) -> Vec<Interval> {
        match self.gradients.get(place) {
            Some(Some(gradient)) => gradient.clone(),
            Some(None) => vec![self.zero(); self.dimension],
            None => vec![Interval::entire(self.precision); self.dimension],
        }
    }

    fn zero(&self) -> Interval {
        Interval::point(&Rational::new(), self.precision)
    }

    fn value_of(&self, step: &Step, bounds: &[Interval]) -> Result<Interval, DomainError> {
        let precision = self.precision;
        Ok(match step {
            Step::Constant(value) => Interval::point(value, precision),
            Step::Pi => Interval::pi(precision),
            Step::Coordinate(number) => match bounds.get(*number) {
                Some(range) => range.clone(),
                None => Interval::entire(precision),
            },
            Step::Add(a, b) => self.value(*a).add(&self.value(*b)),
            Step::Sub(a, b) => self.value(*a).sub(&self.value(*b)),
            Step::Mul(a, b) if a == b => self.value(*a).sqr(),
            Step::Mul(a, b) => self.value(*a).mul(&self.value(*b)),
            Step::Div(a, b) => self.value(*a).div(&self.value(*b))?,
            Step::Neg(a) => self.value(*a).neg(),
            Step::Power(a, exponent) => self.value(*a).pow_rational(exponent)?,
            Step::Apply { function, of, .. } => {
                let value = Number::from(self.value(*of)).apply(*function, precision)?;
                value.interval(precision)
            }
        })
    }

    fn known(&self, place: Place) -> Option<&[Interval]> {
        self.gradients.get(place).and_then(Option::as_deref)
    }

    fn gradient_of(&self, step: &Step, place: Place) -> Result<Option<Vec<Interval>>, DomainError> {
        Ok(match step {
            Step::Constant(_) | Step::Pi => None,
            Step::Coordinate(number) => {
                let one = Interval::point(&Rational::from(1), self.precision);
                let mut gradient = vec![self.zero(); self.dimension];
                match gradient.get_mut(*number) {
                    Some(entry) => *entry = one,
                    None => return Ok(Some(vec![Interval::entire(self.precision); self.dimension])),
                }
                Some(gradient)
            }
            Step::Add(a, b) => self.combined(&[(*a, self.count(1)), (*b, self.count(1))]),
            Step::Sub(a, b) => self.combined(&[(*a, self.count(1)), (*b, self.count(-1))]),
            Step::Neg(a) => self.combined(&[(*a, self.count(-1))]),
            Step::Mul(a, b) if a == b => self.combined(&[(*a, self.value(*a).times(2))]),
            Step::Mul(a, b) => self.combined(&[(*a, self.value(*b)), (*b, self.value(*a))]),
            Step::Div(a, b) => {
                let inverse = self.value(*b).recip()?;
                let quotient = self.value(place).mul(&inverse).neg();
                self.combined(&[(*a, inverse), (*b, quotient)])
            }
            Step::Power(a, exponent) => {
                let lowered = Rational::from(exponent - 1);
                let base = self.value(*a);
                if !base.is_positive() {
                    // Undefined, or without a derivative: at the boundary the lowered power may still exist.
                    let lost = Number::from(base).power(&Rational::from((-1, 2)), self.precision)?;
                    return Ok(Some(vec![lost.interval(self.precision); self.dimension]));
                }
                let slope = base.pow_rational(&lowered)?.scale(exponent);
                self.combined(&[(*a, slope)])
            }
            Step::Apply { of, slope, minus, .. } => {
                let slope = self.value(*slope);
                let slope = if *minus { slope.neg() } else { slope };
                self.combined(&[(*of, slope)])
            }
        })
    }

    fn count(&self, value: i32) -> Interval {
        Interval::point(&Rational::from(value), self.precision)
    }

    /// The sum of multiples of gradients.
    fn combined(&self, terms: &[(Place, Interval)]) -> Option<Vec<Interval>> {
        let mut sums: Option<Vec<Accumulator>> = None;
        for (place, factor) in terms {
            let Some(gradient) = self.known(*place) else { continue };
            let sums = sums.get_or_insert_with(|| vec![Accumulator::new(self.precision); self.dimension]);
            for (sum, entry) in sums.iter_mut().zip(gradient) {
                sum.add_product(entry, factor);
            }
        }
        sums.map(|sums| sums.into_iter().map(Accumulator::finish).collect())
    }
}
