//! What is kept of a step of a tube: where the solutions are at every time of it.

use super::super::interval::Interval;
use super::dependent::Dependent;
use super::ground::ball;
use super::walk::{Part, Reach};
use rug::Rational;

/// A step that is done.
#[derive(Clone, Debug)]
pub struct Segment {
    /// When it begins.
    pub time: Rational,
    /// How long it takes.
    pub length: Rational,
    /// A box that holds all solutions at its beginning.
    pub start: Vec<Interval>,
    /// Boxes that hold all solutions during the parts of the step.
    pub parts: Vec<Vec<Interval>>,
    /// Without y: the Taylor coefficients of every coordinate, the remainder, and the radius.
    polynomial: Option<Polynomial>,
}

/// The Taylor polynomials of a step.
#[derive(Clone, Debug)]
struct Polynomial {
    coefficients: Vec<Vec<Interval>>,
    remainder: Vec<Interval>,
    /// The radius of the ball during each part.
    radii: Vec<Interval>,
}

impl Segment {
    pub(super) fn new(
        time: Rational,
        start: Vec<Interval>,
        reach: &Reach,
        parts: &[Part],
        radii: Vec<Interval>,
    ) -> Self {
        let polynomial = reach.is_point().then(|| Polynomial {
            coefficients: reach
                .coefficients
                .iter()
                .map(|list| list.iter().map(Dependent::range).collect())
                .collect(),
            remainder: reach.remainder.clone(),
            radii,
        });
        Segment {
            time,
            start,
            length: reach.length.clone(),
            parts: parts.iter().map(|part| part.bounds.clone()).collect(),
            polynomial,
        }
    }

    /// A box that holds all solutions at a time of this step.
    ///
    /// Errors: `None` if the time is not in the step. Panics: never.
    pub fn at(&self, time: &Rational, precision: u32) -> Option<Vec<Interval>> {
        let since = Rational::from(time - &self.time);
        if since < 0 || since > self.length {
            return None;
        }
        if since == 0 {
            return Some(self.start.clone());
        }
        let share = Rational::from(&since / &self.length) * Rational::from(self.parts.len());
        let number = share.floor().numer().to_usize().unwrap_or(usize::MAX);
        let number = number.min(self.parts.len().saturating_sub(1));
        let part = self.parts.get(number)?;
        let Some(polynomial) = &self.polynomial else {
            return Some(part.clone());
        };
        let since = Interval::point(&since, precision);
        let ball = ball(polynomial.radii.get(number)?);
        let coordinates = polynomial.coefficients.iter().zip(&polynomial.remainder).zip(part);
        let moved = coordinates.map(|((list, remainder), part)| {
            let sum = list
                .iter()
                .rev()
                .fold(remainder.clone(), |sum, value| sum.mul(&since).add(value));
            let sum = sum.add(&ball);
            sum.intersection(part).unwrap_or(sum)
        });
        Some(moved.collect())
    }
}
