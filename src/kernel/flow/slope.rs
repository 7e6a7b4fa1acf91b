//! Values and derivatives of the steps of a tape, by automatic differentiation forwards: on a box with intervals, or for
//! every start with numbers that depend on it.
//!
//! Source: Griewank, Walther, Evaluating Derivatives, ch. 3.

use super::super::interval::{DomainError, Interval};
use super::super::number::Number;
use super::ring::{Elementary, Intervals, Ring};
use super::tape::{Place, Step, Tape};
use rug::Rational;

/// The values and the gradients of all steps.
#[derive(Debug)]
pub struct Slopes<'a, R: Ring> {
    ring: &'a R,
    values: Vec<R::Value>,
    /// By the coordinates; `None` is zero, and so is what is missing.
    gradients: Vec<Vec<Option<R::Value>>>,
    dimension: usize,
    /// For what is not there: nothing is known of it.
    unknown: R::Value,
}

impl<'a, R: Ring> Slopes<'a, R> {
    /// Evaluates a tape where the coordinates have these values. Steps in `frozen` count as constants for the derivatives.
    ///
    /// Errors: [`DomainError`] if a step is not known to be defined, or not known to be differentiable.
    pub fn new(tape: &Tape, ring: &'a R, coordinates: &[R::Value], frozen: &[Place]) -> Result<Self, DomainError> {
        let mut slopes = Slopes {
            ring,
            values: Vec::with_capacity(tape.steps().len()),
            gradients: Vec::with_capacity(tape.steps().len()),
            dimension: coordinates.len(),
            unknown: ring.constant(Interval::entire(ring.precision())),
        };
        for step in tape.steps() {
            let value = slopes.value_of(step, coordinates)?;
            slopes.values.push(value);
        }
        for (place, step) in tape.steps().iter().enumerate() {
            let gradient = if frozen.contains(&place) {
                Vec::new()
            } else {
                slopes.gradient_of(step, place)?
            };
            slopes.gradients.push(gradient);
        }
        Ok(slopes)
    }

    /// The range of a step. Panics: never.
    pub fn value(&self, place: Place) -> Interval {
        self.ring.range(self.at(place))
    }

    /// The ranges of the gradient of a step. Panics: never.
    pub fn gradient(&self, place: Place) -> Vec<Interval> {
        let Some(gradient) = self.gradients.get(place) else {
            return vec![self.ring.range(&self.unknown); self.dimension];
        };
        let mut ranges = vec![Interval::point(&Rational::new(), self.ring.precision()); self.dimension];
        for (range, entry) in ranges.iter_mut().zip(gradient) {
            if let Some(entry) = entry {
                *range = self.ring.range(entry);
            }
        }
        ranges
    }

    /// The gradient of a step, where what is missing is 0; `None` if the step is not there. Panics: never.
    pub(super) fn entries(&self, place: Place) -> Option<&[Option<R::Value>]> {
        self.gradients.get(place).map(Vec::as_slice)
    }

    /// The value of a step; unknown if it is not there.
    fn at(&self, place: Place) -> &R::Value {
        self.values.get(place).unwrap_or(&self.unknown)
    }

    fn value_of(&self, step: &Step, coordinates: &[R::Value]) -> Result<R::Value, DomainError> {
        let ring = self.ring;
        Ok(match step {
            Step::Constant(value) => ring.constant(Interval::point(value, ring.precision())),
            Step::Pi => ring.constant(Interval::pi(ring.precision())),
            Step::Coordinate(number) => coordinates.get(*number).unwrap_or(&self.unknown).clone(),
            Step::Add(a, b) => ring.add(self.at(*a), self.at(*b)),
            Step::Sub(a, b) => ring.sub(self.at(*a), self.at(*b)),
            Step::Mul(a, b) if a == b => ring.square(0, self.at(*a)),
            Step::Mul(a, b) => ring.dot(0, [(self.at(*a), self.at(*b))]),
            Step::Div(a, b) => ring.div(self.at(*a), self.at(*b))?,
            Step::Neg(a) => ring.neg(self.at(*a)),
            Step::Power(a, exponent) => ring.apply(&Elementary::power(exponent), self.at(*a))?,
            Step::Apply { function, of, .. } => ring.apply(&Elementary::function(*function), self.at(*of))?,
        })
    }

    fn gradient_of(&self, step: &Step, place: Place) -> Result<Vec<Option<R::Value>>, DomainError> {
        let ring = self.ring;
        Ok(match step {
            Step::Constant(_) | Step::Pi => Vec::new(),
            Step::Coordinate(number) => {
                let mut gradient = vec![None; self.dimension];
                match gradient.get_mut(*number) {
                    Some(entry) => *entry = Some(self.count(1)),
                    None => return Ok(self.lost()),
                }
                gradient
            }
            Step::Add(a, b) => self.combined(&[(*a, self.count(1)), (*b, self.count(1))]),
            Step::Sub(a, b) => self.combined(&[(*a, self.count(1)), (*b, self.count(-1))]),
            Step::Neg(a) => self.combined(&[(*a, self.count(-1))]),
            Step::Mul(a, b) if a == b => self.combined(&[(*a, ring.times(self.at(*a), 2))]),
            Step::Mul(a, b) => self.combined(&[(*a, self.at(*b).clone()), (*b, self.at(*a).clone())]),
            Step::Div(a, b) => {
                let inverse = ring.div(&self.count(1), self.at(*b))?;
                let quotient = ring.neg(&ring.dot(0, [(self.at(place), &inverse)]));
                self.combined(&[(*a, inverse), (*b, quotient)])
            }
            Step::Power(a, exponent) => {
                let base = ring.range(self.at(*a));
                if !base.is_positive() {
                    // Undefined, or without a derivative: at the boundary the lowered power may still exist.
                    Number::from(base).power(&Rational::from((-1, 2)), ring.precision())?;
                    return Ok(self.lost());
                }
                let lowered = Elementary::power(&Rational::from(exponent - 1));
                let slope = ring.apply(&lowered, self.at(*a))?;
                let factor = ring.constant(Interval::point(exponent, ring.precision()));
                self.combined(&[(*a, ring.dot(0, [(&slope, &factor)]))])
            }
            Step::Apply { of, slope, minus, .. } => {
                let slope = self.at(*slope);
                let slope = if *minus { ring.neg(slope) } else { slope.clone() };
                self.combined(&[(*of, slope)])
            }
        })
    }

    /// A gradient of which nothing is known.
    fn lost(&self) -> Vec<Option<R::Value>> {
        vec![Some(self.unknown.clone()); self.dimension]
    }

    fn count(&self, value: i32) -> R::Value {
        let value = Interval::point(&Rational::from(value), self.ring.precision());
        self.ring.constant(value)
    }

    /// The sum of multiples of gradients.
    fn combined<'t>(&'t self, terms: &'t [(Place, R::Value)]) -> Vec<Option<R::Value>> {
        let entry = |coordinate: usize| {
            let product = |(place, factor): &'t (Place, R::Value)| match self.gradients.get(*place) {
                Some(gradient) => Some((gradient.get(coordinate)?.as_ref()?, factor)),
                None => Some((&self.unknown, factor)),
            };
            let products: Vec<_> = terms.iter().filter_map(product).collect();
            (!products.is_empty()).then(|| self.ring.dot(0, products))
        };
        (0..self.dimension).map(entry).collect()
    }
}

impl Intervals {
    /// Evaluates a tape with its derivatives on a box.
    ///
    /// Errors: as for [`Slopes::new`].
    pub fn slopes(&self, tape: &Tape, bounds: &[Interval]) -> Result<Slopes<'_, Intervals>, DomainError> {
        Slopes::new(tape, self, bounds, &[])
    }
}
