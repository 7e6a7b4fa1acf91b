//! What Taylor coefficients are computed with: intervals, or numbers that depend on the start.

use super::super::evaluate::{Program, Undefined};
use super::super::expr::{Function, Id, Node, Table};
use super::super::interval::{Accumulator, DomainError, Interval};
use super::super::number::Number;
use rug::Rational;

/// The arithmetic of enclosures of one kind.
pub trait Ring {
    /// An enclosure.
    type Value: Clone;

    /// The working precision in bits.
    fn precision(&self) -> u32;
    /// A number that is the same for every start.
    fn constant(&self, value: Interval) -> Self::Value;
    /// The sum.
    fn add(&self, a: &Self::Value, b: &Self::Value) -> Self::Value;
    /// The difference.
    fn sub(&self, a: &Self::Value, b: &Self::Value) -> Self::Value;
    /// The negative.
    fn neg(&self, a: &Self::Value) -> Self::Value;
    /// Divided by a positive count.
    fn over(&self, a: &Self::Value, count: u32) -> Self::Value;
    /// Times a count.
    fn times(&self, a: &Self::Value, count: u32) -> Self::Value;
    /// The sum of products, for a coefficient of this order in time: of a high one less may be kept.
    fn dot<'v>(&self, order: usize, terms: impl IntoIterator<Item = (&'v Self::Value, &'v Self::Value)>) -> Self::Value
    where
        Self::Value: 'v;
    /// The sum of products with counts, for a coefficient of this order in time.
    fn weighted<'v>(
        &self,
        order: usize,
        terms: impl IntoIterator<Item = (i32, &'v Self::Value, &'v Self::Value)>,
    ) -> Self::Value
    where
        Self::Value: 'v;
    /// The square, for a coefficient of this order in time.
    fn square(&self, order: usize, a: &Self::Value) -> Self::Value;
    /// The quotient.
    ///
    /// Errors: [`DomainError`] if the divisor may be 0.
    fn div(&self, a: &Self::Value, b: &Self::Value) -> Result<Self::Value, DomainError>;
    /// Encloses the number for all starts.
    fn range(&self, a: &Self::Value) -> Interval;
    /// An elementary function.
    ///
    /// Errors: [`DomainError`] if it is not known to be analytic on the argument, or, for intervals, to be defined.
    fn apply(&self, phi: &Elementary, argument: &Self::Value) -> Result<Self::Value, DomainError>;
}

/// Intervals of one precision.
#[derive(Clone, Debug)]
pub struct Intervals {
    /// The working precision in bits.
    pub precision: u32,
}

impl Intervals {
    /// The interval that holds only 0. Panics: never.
    pub fn zero(&self) -> Interval {
        Interval::point(&Rational::new(), self.precision)
    }
}

impl Ring for Intervals {
    type Value = Interval;

    fn precision(&self) -> u32 {
        self.precision
    }

    fn constant(&self, value: Interval) -> Interval {
        value
    }

    fn add(&self, a: &Interval, b: &Interval) -> Interval {
        a.add(b)
    }

    fn sub(&self, a: &Interval, b: &Interval) -> Interval {
        a.sub(b)
    }

    fn neg(&self, a: &Interval) -> Interval {
        a.neg()
    }

    fn over(&self, a: &Interval, count: u32) -> Interval {
        a.over(count)
    }

    fn times(&self, a: &Interval, count: u32) -> Interval {
        a.times(count)
    }

    fn dot<'v>(&self, _: usize, terms: impl IntoIterator<Item = (&'v Interval, &'v Interval)>) -> Interval {
        let mut sum = Accumulator::new(self.precision);
        for (a, b) in terms {
            sum.add_product(a, b);
        }
        sum.finish()
    }

    fn weighted<'v>(&self, _: usize, terms: impl IntoIterator<Item = (i32, &'v Interval, &'v Interval)>) -> Interval {
        let mut sum = Accumulator::new(self.precision);
        for (count, a, b) in terms {
            sum.add_multiple(a, b, count);
        }
        sum.finish()
    }

    fn square(&self, _: usize, a: &Interval) -> Interval {
        a.sqr()
    }

    fn div(&self, a: &Interval, b: &Interval) -> Result<Interval, DomainError> {
        a.div(b)
    }

    fn range(&self, a: &Interval) -> Interval {
        a.clone()
    }

    fn apply(&self, phi: &Elementary, argument: &Interval) -> Result<Interval, DomainError> {
        phi.value(argument, self.precision)
    }
}

/// An elementary function, or a power.
#[derive(Clone, Debug)]
pub struct Elementary {
    program: Program,
}

impl Elementary {
    /// The function itself. Panics: never.
    pub fn function(function: Function) -> Self {
        Self::of(|table, w| table.insert(Node::Apply(function, w)))
    }

    /// A rational power. Panics: never.
    pub fn power(exponent: &Rational) -> Self {
        Self::of(|table, w| table.insert(Node::Power(w, exponent.clone())))
    }

    /// The function of middle + deviation, within a range, by its Taylor polynomial about the middle; and an enclosure of what
    /// that leaves.
    ///
    /// Errors: [`DomainError`] if it is not known to be analytic between the middle and the range.
    pub fn about<R: Ring>(
        &self,
        ring: &R,
        degree: usize,
        middle: &Interval,
        deviation: &R::Value,
        range: &Interval,
    ) -> Result<(R::Value, Interval), DomainError> {
        let (order, precision) = (degree.saturating_add(1), ring.precision());
        let near = self.jet(middle, degree, precision)?;
        // The intermediate point of the remainder lies between the middle and the argument.
        let wide = self.jet(&range.convex_hull(middle), order, precision)?;
        let nothing = || Interval::entire(precision);
        let mut terms = near.into_iter().rev();
        let mut result = ring.constant(terms.next().unwrap_or_else(nothing));
        for coefficient in terms {
            let product = ring.dot(0, [(&result, deviation)]);
            result = ring.add(&product, &ring.constant(coefficient));
        }
        let power = ring.range(deviation).powi(i32::try_from(order).unwrap_or(i32::MAX))?;
        let last = wide.last().map_or_else(nothing, |last| last.mul(&power));
        Ok((result, last))
    }

    fn of(build: impl Fn(&mut Table, Id) -> Id) -> Self {
        let mut table = Table::new();
        let w = table.w();
        let root = build(&mut table, w);
        Elementary {
            program: Program::new(&table, root),
        }
    }

    /// Encloses the values on an interval.
    ///
    /// Errors: [`DomainError`] if it is not known to be defined there.
    pub fn value(&self, argument: &Interval, precision: u32) -> Result<Interval, DomainError> {
        let value = self.program.value(&[Number::from(argument.clone())], precision);
        value.map(|value| value.interval(precision)).map_err(domain)
    }

    /// Encloses the Taylor coefficients of orders 0 to `order` on an interval.
    ///
    /// Errors: [`DomainError`] if it is not known to be analytic there.
    pub fn jet(&self, argument: &Interval, order: usize, precision: u32) -> Result<Vec<Interval>, DomainError> {
        let jet = self.program.jet(&[Number::from(argument.clone())], order, precision);
        let jet = jet.map_err(domain)?;
        Ok((0..=order)
            .map(|index| jet.coefficient(index).interval(precision))
            .collect())
    }
}

/// The only way a single function is undefined is its domain.
fn domain(why: Undefined) -> DomainError {
    match why {
        Undefined::Domain { error, .. } => error,
        Undefined::Malformed => DomainError {
            function: "function",
            argument: "nothing".to_owned(),
        },
    }
}
