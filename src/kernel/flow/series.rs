//! Taylor coefficients in time, order by order: of a solution, or of the steps of a tape along given functions of time.
//!
//! If x(t) = sum x_k t^k solves x' = F(x), then x_(k+1) = F_k / (k + 1), where F_k is the coefficient of F(x(t)) and
//! depends on x_0, ..., x_k only. Evaluated on a box at order 0, the coefficient of order k encloses x^(k)/k! for every
//! solution while it is in the box.
//!
//! Source: Moore, Kearfott, Cloud, Introduction to Interval Analysis, ch. 9; Griewank, Walther, ch. 13.

use super::super::interval::{DomainError, Interval};
use super::ring::{Elementary, Ring};
use super::tape::{Place, Step, Tape};
use rug::Rational;

/// The coefficients of every step of a tape up to some order.
#[derive(Debug)]
pub struct Series<'a, R: Ring> {
    tape: &'a Tape,
    ring: &'a R,
    /// The place of the speed of every coordinate.
    speeds: &'a [Place],
    /// The coefficients of the coordinates, one list per coordinate.
    coordinates: Vec<Vec<R::Value>>,
    /// The coefficients of the steps, one list per step.
    steps: Vec<Vec<R::Value>>,
    /// 1 over the divisor, or over the base of a power.
    inverses: Vec<Option<R::Value>>,
}

impl<'a, R: Ring> Series<'a, R> {
    /// A series with only the values at time 0.
    ///
    /// Errors: [`DomainError`] if a step is not known to be defined and analytic there.
    pub fn new(tape: &'a Tape, ring: &'a R, speeds: &'a [Place], start: &[R::Value]) -> Result<Self, DomainError> {
        let mut series = Series {
            tape,
            ring,
            speeds,
            coordinates: start.iter().map(|value| vec![value.clone()]).collect(),
            steps: vec![Vec::new(); tape.steps().len()],
            inverses: vec![None; tape.steps().len()],
        };
        series.extend_steps(0)?;
        Ok(series)
    }

    /// Computes the coefficients of the coordinates up to an order.
    ///
    /// Errors: as for [`Series::new`].
    pub fn extend(&mut self, order: usize) -> Result<(), DomainError> {
        while self.order() < order {
            let last = self.order();
            let next = last.saturating_add(1);
            let divisor = u32::try_from(next).unwrap_or(0);
            let speeds = self.speeds.iter().map(|place| self.at(*place, last));
            let terms: Vec<R::Value> = speeds.map(|speed| self.ring.over(&speed, divisor)).collect();
            for (list, term) in self.coordinates.iter_mut().zip(terms) {
                list.push(term);
            }
            self.extend_steps(next)?;
        }
        Ok(())
    }

    /// The highest order that is there.
    fn order(&self) -> usize {
        self.coordinates.first().map_or(0, |list| list.len().saturating_sub(1))
    }

    /// The coefficients of a coordinate. Panics: never.
    pub fn coordinate(&self, place: usize) -> &[R::Value] {
        self.coordinates.get(place).map_or(&[], Vec::as_slice)
    }

    /// The value of a step at time 0. Panics: never.
    pub fn value(&self, place: Place) -> Option<&R::Value> {
        self.steps.get(place).and_then(|list| list.first())
    }

    /// Computes the coefficients of order k of all steps.
    fn extend_steps(&mut self, k: usize) -> Result<(), DomainError> {
        for place in 0..self.tape.steps().len() {
            let Some(step) = self.tape.step(place) else { continue };
            if k > 0 && self.is_constant(place) {
                continue;
            }
            let coefficient = self.coefficient(place, step, k)?;
            if let Some(list) = self.steps.get_mut(place) {
                list.push(coefficient);
            }
        }
        Ok(())
    }

    fn zero(&self) -> R::Value {
        self.ring
            .constant(Interval::point(&Rational::new(), self.ring.precision()))
    }

    fn get(&self, place: Place, k: usize) -> Option<&R::Value> {
        self.steps.get(place).and_then(|list| list.get(k))
    }

    /// The coefficient of order k of a step; unknown if it is not there.
    fn at(&self, place: Place, k: usize) -> R::Value {
        if k > 0 && self.is_constant(place) {
            return self.zero();
        }
        let unknown = || self.ring.constant(Interval::entire(self.ring.precision()));
        self.get(place, k).cloned().unwrap_or_else(unknown)
    }

    /// Whether all coefficients of a step but the first are zero; they are not kept.
    fn is_constant(&self, place: Place) -> bool {
        matches!(self.tape.step(place), Some(Step::Constant(_) | Step::Pi))
    }

    fn coefficient(&mut self, place: Place, step: &Step, k: usize) -> Result<R::Value, DomainError> {
        let (ring, precision) = (self.ring, self.ring.precision());
        Ok(match step {
            Step::Constant(value) if k == 0 => ring.constant(Interval::point(value, precision)),
            Step::Pi if k == 0 => ring.constant(Interval::pi(precision)),
            Step::Constant(_) | Step::Pi => self.zero(),
            Step::Coordinate(number) => {
                let list = self.coordinates.get(*number);
                let unknown = || ring.constant(Interval::entire(precision));
                list.and_then(|list| list.get(k)).cloned().unwrap_or_else(unknown)
            }
            Step::Add(a, b) | Step::Sub(a, b) if k > 0 && self.is_constant(*b) => self.at(*a, k),
            Step::Add(a, b) if k > 0 && self.is_constant(*a) => self.at(*b, k),
            Step::Add(a, b) => ring.add(&self.at(*a, k), &self.at(*b, k)),
            Step::Sub(a, b) => ring.add(&self.at(*a, k), &ring.neg(&self.at(*b, k))),
            Step::Neg(a) => ring.neg(&self.at(*a, k)),
            Step::Mul(a, b) => self.product(*a, *b, k),
            Step::Div(a, b) => self.quotient(place, *a, *b, k)?,
            Step::Power(a, exponent) => self.power(place, *a, exponent, k)?,
            Step::Apply { function, of, .. } if k == 0 => {
                ring.apply(&Elementary::function(*function), &self.at(*of, 0))?
            }
            Step::Apply { of, slope, minus, .. } => self.integrated(*of, *slope, *minus, k),
        })
    }

    /// The sum of `a_j b_(k-j)`.
    fn product(&self, a: Place, b: Place, k: usize) -> R::Value {
        let term = |i: usize, j: usize| Some((self.get(a, i)?, self.get(b, j)?));
        if self.is_constant(a) {
            return self.ring.dot(term(0, k));
        }
        if self.is_constant(b) {
            return self.ring.dot(term(k, 0));
        }
        if a == b && k == 0 {
            return self.ring.square(&self.at(a, 0));
        }
        self.ring.dot((0..=k).filter_map(|j| term(j, k.saturating_sub(j))))
    }

    /// y = a/b: y_k = (a_k - sum_(j>=1) b_j y_(k-j)) / b_0.
    fn quotient(&mut self, place: Place, a: Place, b: Place, k: usize) -> Result<R::Value, DomainError> {
        let inverse = self.inverse(place, b)?;
        let terms = (1..=k).filter_map(|j| Some((self.get(b, j)?, self.get(place, k.saturating_sub(j))?)));
        let rest = self.ring.add(&self.at(a, k), &self.ring.neg(&self.ring.dot(terms)));
        Ok(self.ring.dot([(&rest, &inverse)]))
    }

    /// y = a^q: k a_0 y_k = sum_(j=1..k) (q j - (k - j)) a_j y_(k-j).
    fn power(&mut self, place: Place, a: Place, exponent: &Rational, k: usize) -> Result<R::Value, DomainError> {
        if k == 0 {
            return self.ring.apply(&Elementary::power(exponent), &self.at(a, 0));
        }
        let inverse = self.inverse(place, a)?;
        let weighted = |j: usize| {
            let weight = exponent * Rational::from(j) - Rational::from(k.saturating_sub(j));
            self.ring.scale(&self.at(a, j), &weight)
        };
        let bases: Vec<R::Value> = (1..=k).map(weighted).collect();
        let terms = bases
            .iter()
            .zip(1..=k)
            .filter_map(|(base, j)| Some((base, self.get(place, k.saturating_sub(j))?)));
        let sum = self.ring.dot(terms);
        Ok(self
            .ring
            .over(&self.ring.dot([(&sum, &inverse)]), u32::try_from(k).unwrap_or(0)))
    }

    /// y' = +-slope a': k y_k = sum_(j=1..k) j a_j slope_(k-j).
    fn integrated(&self, of: Place, slope: Place, minus: bool, k: usize) -> R::Value {
        let weighted = |j: usize| self.ring.times(&self.at(of, j), u32::try_from(j).unwrap_or(u32::MAX));
        let arguments: Vec<R::Value> = (1..=k).map(weighted).collect();
        let terms = arguments.iter().zip(1..=k);
        let terms = terms.filter_map(|(argument, j)| Some((argument, self.get(slope, k.saturating_sub(j))?)));
        let sum = self.ring.dot(terms);
        let result = self.ring.over(&sum, u32::try_from(k).unwrap_or(0));
        if minus { self.ring.neg(&result) } else { result }
    }

    /// 1 over the value of a step, computed once for the step that needs it.
    fn inverse(&mut self, place: Place, of: Place) -> Result<R::Value, DomainError> {
        if let Some(Some(inverse)) = self.inverses.get(place) {
            return Ok(inverse.clone());
        }
        let inverse = self
            .ring
            .apply(&Elementary::power(&Rational::from(-1)), &self.at(of, 0))?;
        if let Some(slot) = self.inverses.get_mut(place) {
            *slot = Some(inverse.clone());
        }
        Ok(inverse)
    }
}
