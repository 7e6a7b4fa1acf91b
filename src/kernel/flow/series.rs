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
    /// 1 over the divisor, over the base of a power, or over twice a square root.
    inverses: Vec<Option<R::Value>>,
    zero: R::Value,
    /// For what is not there: nothing is known of it.
    unknown: R::Value,
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
            zero: ring.constant(Interval::point(&Rational::new(), ring.precision())),
            unknown: ring.constant(Interval::entire(ring.precision())),
        };
        series.extend_steps(0)?;
        Ok(series)
    }

    /// Computes the coefficients of the coordinates up to an order.
    ///
    /// Errors: as for [`Series::new`].
    pub fn extend(&mut self, order: usize) -> Result<(), DomainError> {
        let lists = self.coordinates.iter_mut().chain(&mut self.steps);
        lists.for_each(|list| list.reserve_exact(order.saturating_add(1).saturating_sub(list.len())));
        while self.order() < order {
            let last = self.order();
            let next = last.saturating_add(1);
            let divisor = u32::try_from(next).unwrap_or(0);
            let speeds = self.speeds.iter().map(|place| self.at(*place, last));
            let terms: Vec<R::Value> = speeds.map(|speed| self.ring.over(speed, divisor)).collect();
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
            self.invert(place, step, k)?;
            let coefficient = self.coefficient(place, step, k)?;
            if let Some(list) = self.steps.get_mut(place) {
                list.push(coefficient);
            }
        }
        Ok(())
    }

    fn get(&self, place: Place, k: usize) -> Option<&R::Value> {
        self.steps.get(place).and_then(|list| list.get(k))
    }

    /// The coefficient of order k of a step; unknown if it is not there.
    fn at(&self, place: Place, k: usize) -> &R::Value {
        if k > 0 && self.is_constant(place) {
            return &self.zero;
        }
        self.get(place, k).unwrap_or(&self.unknown)
    }

    /// Whether all coefficients of a step but the first are zero; they are not kept.
    fn is_constant(&self, place: Place) -> bool {
        matches!(self.tape.step(place), Some(Step::Constant(_) | Step::Pi))
    }

    fn coefficient(&self, place: Place, step: &Step, k: usize) -> Result<R::Value, DomainError> {
        let (ring, precision) = (self.ring, self.ring.precision());
        Ok(match step {
            Step::Constant(value) if k == 0 => ring.constant(Interval::point(value, precision)),
            Step::Pi if k == 0 => ring.constant(Interval::pi(precision)),
            Step::Constant(_) | Step::Pi => self.zero.clone(),
            Step::Coordinate(number) => {
                let list = self.coordinates.get(*number);
                list.and_then(|list| list.get(k)).unwrap_or(&self.unknown).clone()
            }
            Step::Add(a, b) | Step::Sub(a, b) if k > 0 && self.is_constant(*b) => self.at(*a, k).clone(),
            Step::Add(a, b) if k > 0 && self.is_constant(*a) => self.at(*b, k).clone(),
            Step::Sub(a, b) if k > 0 && self.is_constant(*a) => ring.neg(self.at(*b, k)),
            Step::Add(a, b) => ring.add(self.at(*a, k), self.at(*b, k)),
            Step::Sub(a, b) => ring.sub(self.at(*a, k), self.at(*b, k)),
            Step::Neg(a) => ring.neg(self.at(*a, k)),
            Step::Mul(a, b) if a == b => self.square(*a, 0, k),
            Step::Mul(a, b) => self.product(*a, *b, k),
            Step::Div(a, b) => self.quotient(place, *a, *b, k),
            Step::Power(a, exponent) if k == 0 => ring.apply(&Elementary::power(exponent), self.at(*a, 0))?,
            Step::Power(a, exponent) if is_half(exponent) => self.root(place, *a, k),
            Step::Power(a, exponent) => self.power(place, *a, exponent, k),
            Step::Apply { function, of, .. } if k == 0 => {
                ring.apply(&Elementary::function(*function), self.at(*of, 0))?
            }
            Step::Apply { of, slope, minus, .. } => self.integrated(*of, *slope, *minus, k),
        })
    }

    /// The sum of `a_j b_(k-j)`.
    fn product(&self, a: Place, b: Place, k: usize) -> R::Value {
        let term = |i: usize, j: usize| Some((self.get(a, i)?, self.get(b, j)?));
        if self.is_constant(a) {
            return self.ring.dot(k, term(0, k));
        }
        if self.is_constant(b) {
            return self.ring.dot(k, term(k, 0));
        }
        self.ring.dot(k, (0..=k).filter_map(|j| term(j, k.saturating_sub(j))))
    }

    /// The sum of `a_j a_(k-j)` for j from the least on, without the terms that mirror them.
    fn square(&self, a: Place, least: usize, k: usize) -> R::Value {
        let half = k >> 1;
        let pairs = (least..=half).map(|j| (j, k.saturating_sub(j))).filter(|(i, j)| i < j);
        let once = self.ring.dot(k, pairs.map(|(i, j)| (self.at(a, i), self.at(a, j))));
        let twice = self.ring.times(&once, 2);
        if k & 1 == 1 || half < least {
            return twice;
        }
        // The term in the middle is there once, and is a square.
        let middle = self.ring.square(k, self.at(a, half));
        self.ring.add(&twice, &middle)
    }

    /// y = sqrt(a): a_k = sum of y_j y_(k-j), and only j = 0 and j = k have y_k.
    fn root(&self, place: Place, a: Place, k: usize) -> R::Value {
        let rest = self.ring.sub(self.at(a, k), &self.square(place, 1, k));
        self.ring.dot(k, [(&rest, self.inverse(place))])
    }

    /// y = a/b: y_k = (a_k - sum_(j>=1) b_j y_(k-j)) / b_0.
    fn quotient(&self, place: Place, a: Place, b: Place, k: usize) -> R::Value {
        let terms = (1..=k).filter_map(|j| Some((self.get(b, j)?, self.get(place, k.saturating_sub(j))?)));
        let rest = self.ring.sub(self.at(a, k), &self.ring.dot(k, terms));
        self.ring.dot(k, [(&rest, self.inverse(place))])
    }

    /// y = a^(p/q): q k a_0 y_k = sum_(j=1..k) (p j - q (k - j)) a_j y_(k-j).
    fn power(&self, place: Place, a: Place, exponent: &Rational, k: usize) -> R::Value {
        let (p, q) = (exponent.numer().to_i64(), exponent.denom().to_i64());
        let weight = |j: i64, rest: i64| p?.checked_mul(j)?.checked_sub(q?.checked_mul(rest)?);
        let sum = self.convolved(weight, a, place, k);
        let quotient = self.ring.dot(k, [(&sum, self.inverse(place))]);
        // A count of 0 makes it unknown.
        let divisor = exponent.denom().to_u32().zip(u32::try_from(k).ok());
        let divisor = divisor.and_then(|(q, k)| q.checked_mul(k));
        self.ring.over(&quotient, divisor.unwrap_or(0))
    }

    /// y' = +-slope a': k y_k = sum_(j=1..k) j a_j slope_(k-j).
    fn integrated(&self, of: Place, slope: Place, minus: bool, k: usize) -> R::Value {
        let sum = self.convolved(|j, _| Some(j), of, slope, k);
        let result = self.ring.over(&sum, u32::try_from(k).unwrap_or(0));
        if minus { self.ring.neg(&result) } else { result }
    }

    /// The sum of `weight(j, k - j) a_j b_(k-j)` over j = 1..k; unknown if a weight is too large.
    fn convolved(&self, weight: impl Fn(i64, i64) -> Option<i64>, a: Place, b: Place, k: usize) -> R::Value {
        let count = |j: usize| {
            let rest = i64::try_from(k.saturating_sub(j)).ok()?;
            i32::try_from(weight(i64::try_from(j).ok()?, rest)?).ok()
        };
        let counts: Option<Vec<i32>> = (1..=k).map(count).collect();
        let Some(counts) = counts else {
            return self.unknown.clone();
        };
        let terms = counts.into_iter().zip(1..=k);
        self.ring.weighted(
            k,
            terms.map(|(count, j)| (count, self.at(a, j), self.at(b, k.saturating_sub(j)))),
        )
    }

    /// 1 over what a step divides by.
    fn inverse(&self, place: Place) -> &R::Value {
        let known = self.inverses.get(place).and_then(Option::as_ref);
        known.unwrap_or(&self.unknown)
    }

    /// Computes that, once, for a step that needs it for its coefficient of order k.
    fn invert(&mut self, place: Place, step: &Step, k: usize) -> Result<(), DomainError> {
        if !matches!(self.inverses.get(place), Some(None)) {
            return Ok(());
        }
        let of = match step {
            Step::Div(_, of) => self.at(*of, 0).clone(),
            Step::Power(_, exponent) if k > 0 && is_half(exponent) => self.ring.times(self.at(place, 0), 2),
            Step::Power(of, _) if k > 0 => self.at(*of, 0).clone(),
            _ => return Ok(()),
        };
        let reciprocal = Elementary::power(&Rational::from(-1));
        let inverse = self.ring.apply(&reciprocal, &of)?;
        if let Some(slot) = self.inverses.get_mut(place) {
            *slot = Some(inverse);
        }
        Ok(())
    }
}

/// Whether a power is a square root.
fn is_half(exponent: &Rational) -> bool {
    *exponent.numer() == 1 && *exponent.denom() == 2
}
