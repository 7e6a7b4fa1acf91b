//! Value, gradient, second derivatives of an expression in many variables, by automatic differentiation.
//!
//! One sweep upwards computes the value of every node with its partial derivatives by its children; one sweep downwards
//! gives the gradient, and one that carries tangents the product of the Hessian with a direction. Over [`Number`] the
//! results are exact rationals, or enclosures of what the true point or any point of the box gives. An argument that may
//! leave the set where a function is smooth is an error: success says that the expression is infinitely often
//! differentiable in a neighbourhood of every point of the box.
//!
//! Source: Griewank, Walther, Evaluating Derivatives, ch. 3 and 5.

use super::evaluate::{Program, Undefined};
use super::expr::{Function, Id, Node};
use super::interval::{DomainError, Interval};
use super::number::{Number, Sign};
use rug::Rational;

#[cfg(test)]
#[allow(
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test may panic, and its numbers are its own"
)]
mod tests;

/// What can be computed with: numbers of the kernel, or guesses of a finder. `precision` is in bits.
pub trait Scalar: Clone {
    /// An exact rational.
    fn rational(value: &Rational, precision: u32) -> Self;
    /// The circle's constant.
    fn pi(precision: u32) -> Self;
    /// The sum.
    fn plus(&self, other: &Self, precision: u32) -> Self;
    /// The product.
    fn times(&self, other: &Self, precision: u32) -> Self;
    /// The negative.
    fn opposite(&self) -> Self;
    /// The reciprocal; an error if it may not exist.
    fn reciprocal(&self, precision: u32) -> Result<Self, DomainError>;
    /// A rational power, as for [`Node::Power`].
    fn powered(&self, exponent: &Rational, precision: u32) -> Result<Self, DomainError>;
    /// An elementary function.
    fn applied(&self, function: Function, precision: u32) -> Result<Self, DomainError>;
    /// The sign, if it is certain.
    fn certain_sign(&self) -> Option<Sign>;
    /// The error of a function that is not smooth on all of this argument.
    fn kink(&self, function: &'static str) -> DomainError;
}

impl Scalar for Number {
    fn rational(value: &Rational, _: u32) -> Self {
        Number::Exact(value.clone())
    }

    fn pi(precision: u32) -> Self {
        Number::from(Interval::pi(precision))
    }

    fn plus(&self, other: &Self, precision: u32) -> Self {
        self.add(other, precision)
    }

    fn times(&self, other: &Self, precision: u32) -> Self {
        self.mul(other, precision)
    }

    fn opposite(&self) -> Self {
        self.neg()
    }

    fn reciprocal(&self, precision: u32) -> Result<Self, DomainError> {
        Number::integer(1).div(self, precision)
    }

    fn powered(&self, exponent: &Rational, precision: u32) -> Result<Self, DomainError> {
        self.power(exponent, precision)
    }

    fn applied(&self, function: Function, precision: u32) -> Result<Self, DomainError> {
        self.apply(function, precision)
    }

    fn certain_sign(&self) -> Option<Sign> {
        self.sign()
    }

    fn kink(&self, function: &'static str) -> DomainError {
        let argument = self.interval(64).display(6);
        DomainError { function, argument }
    }
}

/// A partial derivative; most are 1 or -1.
#[derive(Clone, Debug)]
enum Partial<S> {
    One,
    MinusOne,
    Other(S),
}

impl<S: Scalar> Partial<S> {
    fn times(&self, factor: &S, precision: u32) -> S {
        match self {
            Partial::One => factor.clone(),
            Partial::MinusOne => factor.opposite(),
            Partial::Other(value) => value.times(factor, precision),
        }
    }
}

/// How a node depends on its children, to second order.
#[derive(Clone, Debug)]
enum Local<S> {
    /// A number, or a variable of this index.
    Leaf(Option<usize>),
    /// A function of one child: first and second derivative, `None` for zero.
    Unary(usize, Partial<S>, Option<S>),
    /// A function of two children: the first derivatives, then the second by (a, a) is always zero; by (a, b), by (b, b).
    Binary([(usize, Partial<S>); 2], Option<Partial<S>>, Option<S>),
}

/// An expression evaluated at a point or on a box, ready for its derivatives.
#[derive(Clone, Debug)]
pub struct Sweep<S> {
    values: Vec<S>,
    locals: Vec<Local<S>>,
    precision: u32,
}

impl<S: Scalar> Sweep<S> {
    /// Evaluates with `Variable(i)` bound to `variables[i]`.
    ///
    /// Errors: [`Undefined`] if a sub-expression may leave the set where it is smooth. Panics: never.
    pub fn new(program: &Program, variables: &[S], precision: u32) -> Result<Self, Undefined> {
        let mut sweep = Sweep {
            values: Vec::with_capacity(program.nodes().len()),
            locals: Vec::with_capacity(program.nodes().len()),
            precision,
        };
        for (place, node) in program.nodes().iter().enumerate() {
            let at = |error| Undefined::Domain { node: place, error };
            let (value, local) = match node {
                Node::Number(value) => (S::rational(value, precision), Local::Leaf(None)),
                Node::Pi => (S::pi(precision), Local::Leaf(None)),
                Node::Variable(name) => {
                    let name = usize::from(*name);
                    let value = variables.get(name).cloned().ok_or(Undefined::Malformed)?;
                    (value, Local::Leaf(Some(name)))
                }
                Node::Add(a, b) => sweep.sum(a, b, Partial::One)?,
                Node::Sub(a, b) => sweep.sum(a, b, Partial::MinusOne)?,
                Node::Neg(a) => {
                    let value = sweep.of(a)?.opposite();
                    (value, Local::Unary(a.index(), Partial::MinusOne, None))
                }
                Node::Mul(a, b) if a == b => sweep.power(a, &Rational::from(2))?.map_err(at)?,
                Node::Mul(a, b) => {
                    let (x, y) = (sweep.of(a)?, sweep.of(b)?);
                    let partials = [
                        (a.index(), Partial::Other(y.clone())),
                        (b.index(), Partial::Other(x.clone())),
                    ];
                    (x.times(y, precision), Local::Binary(partials, Some(Partial::One), None))
                }
                Node::Div(a, b) => sweep.quotient(a, b)?.map_err(at)?,
                Node::Power(a, exponent) => sweep.power(a, exponent)?.map_err(at)?,
                Node::Apply(function, a) => sweep.function(*function, a)?.map_err(at)?,
            };
            sweep.values.push(value);
            sweep.locals.push(local);
        }
        if sweep.values.is_empty() {
            return Err(Undefined::Malformed);
        }
        Ok(sweep)
    }

    /// The number of nodes: the work of one sweep.
    pub fn work(&self) -> usize {
        self.values.len()
    }

    /// The value of the expression. Panics: never.
    pub fn value(&self) -> S {
        let last = self.values.last().cloned();
        last.unwrap_or_else(|| S::rational(&Rational::new(), self.precision))
    }

    /// The derivatives by the first `count` variables. Panics: never.
    pub fn gradient(&self, count: usize) -> Vec<S> {
        let mut weights: Vec<Option<S>> = vec![None; self.values.len()];
        let mut gradient = vec![self.zero(); count];
        if let Some(last) = weights.last_mut() {
            *last = Some(self.one());
        }
        for place in (0..self.locals.len()).rev() {
            let Some(weight) = weights.get_mut(place).and_then(Option::take) else {
                continue;
            };
            match self.locals.get(place) {
                Some(Local::Leaf(Some(variable))) => {
                    if let Some(entry) = gradient.get_mut(*variable) {
                        *entry = entry.plus(&weight, self.precision);
                    }
                }
                Some(Local::Unary(child, first, _)) => self.feed(&mut weights, *child, first, &weight),
                Some(Local::Binary(partials, ..)) => {
                    for (child, partial) in partials {
                        self.feed(&mut weights, *child, partial, &weight);
                    }
                }
                Some(Local::Leaf(None)) | None => {}
            }
        }
        gradient
    }

    /// The Hessian times a direction, as long as the direction; missing entries of the direction are 0.
    ///
    /// Panics: never.
    pub fn hessian_times(&self, direction: &[S]) -> Vec<S> {
        let tangents = self.tangents(direction);
        let mut weights: Vec<Option<S>> = vec![None; self.values.len()];
        let mut rates: Vec<Option<S>> = vec![None; self.values.len()];
        let mut product = vec![self.zero(); direction.len()];
        if let Some(last) = weights.last_mut() {
            *last = Some(self.one());
        }
        for place in (0..self.locals.len()).rev() {
            let weight = weights.get_mut(place).and_then(Option::take);
            let rate = rates.get_mut(place).and_then(Option::take);
            let tangent = |child: usize| tangents.get(child).and_then(Option::as_ref);
            match self.locals.get(place) {
                Some(Local::Leaf(Some(variable))) => {
                    if let (Some(entry), Some(rate)) = (product.get_mut(*variable), rate) {
                        *entry = entry.plus(&rate, self.precision);
                    }
                }
                Some(Local::Unary(child, first, second)) => {
                    if let Some(rate) = &rate {
                        self.feed(&mut rates, *child, first, rate);
                    }
                    if let Some(weight) = &weight {
                        self.feed(&mut weights, *child, first, weight);
                        if let (Some(second), Some(tangent)) = (second, tangent(*child)) {
                            let bend = second.times(tangent, self.precision);
                            self.feed(&mut rates, *child, &Partial::Other(bend), weight);
                        }
                    }
                }
                Some(Local::Binary(partials, mixed, last)) => {
                    for (child, partial) in partials {
                        if let Some(rate) = &rate {
                            self.feed(&mut rates, *child, partial, rate);
                        }
                        if let Some(weight) = &weight {
                            self.feed(&mut weights, *child, partial, weight);
                        }
                    }
                    let [(a, _), (b, _)] = partials;
                    if let (Some(weight), Some(mixed)) = (&weight, mixed) {
                        for (child, other) in [(a, b), (b, a)] {
                            if let Some(tangent) = tangent(*other) {
                                let bend = mixed.times(tangent, self.precision);
                                self.feed(&mut rates, *child, &Partial::Other(bend), weight);
                            }
                        }
                    }
                    if let (Some(weight), Some(last), Some(tangent)) = (&weight, last, tangent(*b)) {
                        let bend = last.times(tangent, self.precision);
                        self.feed(&mut rates, *b, &Partial::Other(bend), weight);
                    }
                }
                Some(Local::Leaf(None)) | None => {}
            }
        }
        product
    }

    /// The Hessian by the first `count` variables, row by row. Panics: never.
    pub fn hessian(&self, count: usize) -> Vec<Vec<S>> {
        let unit = |place: usize| -> Vec<S> {
            let entry = |other| if other == place { self.one() } else { self.zero() };
            (0..count).map(entry).collect()
        };
        (0..count).map(|place| self.hessian_times(&unit(place))).collect()
    }

    /// The derivative of every node in a direction; `None` is zero.
    fn tangents(&self, direction: &[S]) -> Vec<Option<S>> {
        let mut tangents: Vec<Option<S>> = Vec::with_capacity(self.values.len());
        for local in &self.locals {
            let of = |child: usize| tangents.get(child).and_then(Option::as_ref);
            let tangent = match local {
                Local::Leaf(variable) => variable.and_then(|variable| direction.get(variable)).cloned(),
                Local::Unary(child, first, _) => of(*child).map(|tangent| first.times(tangent, self.precision)),
                Local::Binary([(a, by_a), (b, by_b)], ..) => {
                    let left = of(*a).map(|tangent| by_a.times(tangent, self.precision));
                    let right = of(*b).map(|tangent| by_b.times(tangent, self.precision));
                    match (left, right) {
                        (Some(left), Some(right)) => Some(left.plus(&right, self.precision)),
                        (left, right) => left.or(right),
                    }
                }
            };
            let vanishes = tangent
                .as_ref()
                .is_some_and(|value| value.certain_sign() == Some(Sign::Zero));
            tangents.push(tangent.filter(|_| !vanishes));
        }
        tangents
    }

    /// Adds `partial * weight` to what a child has received.
    fn feed(&self, weights: &mut [Option<S>], child: usize, partial: &Partial<S>, weight: &S) {
        let Some(slot) = weights.get_mut(child) else { return };
        let share = partial.times(weight, self.precision);
        *slot = Some(match slot.take() {
            Some(sum) => sum.plus(&share, self.precision),
            None => share,
        });
    }

    fn of(&self, id: &Id) -> Result<&S, Undefined> {
        self.values.get(id.index()).ok_or(Undefined::Malformed)
    }

    fn zero(&self) -> S {
        S::rational(&Rational::new(), self.precision)
    }

    fn one(&self) -> S {
        S::rational(&Rational::from(1), self.precision)
    }

    /// a + b or a - b.
    fn sum(&self, a: &Id, b: &Id, sign: Partial<S>) -> Result<(S, Local<S>), Undefined> {
        let (x, y) = (self.of(a)?, self.of(b)?);
        let value = x.plus(&sign.times(y, self.precision), self.precision);
        Ok((
            value,
            Local::Binary([(a.index(), Partial::One), (b.index(), sign)], None, None),
        ))
    }

    /// q = a/b, whose derivatives are 1/b, -q/b; -1/b^2, 2q/b^2.
    fn quotient(&self, a: &Id, b: &Id) -> Result<Result<(S, Local<S>), DomainError>, Undefined> {
        let (x, y) = (self.of(a)?, self.of(b)?);
        let precision = self.precision;
        let inverse = match y.reciprocal(precision) {
            Ok(inverse) => inverse,
            Err(error) => return Ok(Err(error)),
        };
        let value = x.times(&inverse, precision);
        let by_b = value.times(&inverse, precision).opposite();
        let mixed = match inverse.powered(&Rational::from(2), precision) {
            Ok(square) => square.opposite(),
            Err(error) => return Ok(Err(error)),
        };
        let last = by_b
            .times(&inverse, precision)
            .times(&S::rational(&Rational::from(-2), precision), precision);
        let partials = [(a.index(), Partial::Other(inverse)), (b.index(), Partial::Other(by_b))];
        Ok(Ok((
            value,
            Local::Binary(partials, Some(Partial::Other(mixed)), Some(last)),
        )))
    }

    /// a^p, which is smooth for whole p >= 0 everywhere, for other whole p off 0, and for the rest where a > 0.
    fn power(&self, a: &Id, exponent: &Rational) -> Result<Result<(S, Local<S>), DomainError>, Undefined> {
        let (base, precision) = (self.of(a)?, self.precision);
        if !exponent.is_integer() && base.certain_sign() != Some(Sign::Positive) {
            return Ok(Err(base.kink("power")));
        }
        let derivatives = || -> Result<(S, Local<S>), DomainError> {
            let value = base.powered(exponent, precision)?;
            if *exponent == 0 {
                return Ok((value, Local::Leaf(None)));
            }
            if *exponent == 1 {
                return Ok((value, Local::Unary(a.index(), Partial::One, None)));
            }
            let lower = Rational::from(exponent - 1);
            let first = base.powered(&lower, precision)?;
            let first = first.times(&S::rational(exponent, precision), precision);
            let second = base.powered(&Rational::from(&lower - 1), precision)?;
            let factor = Rational::from(exponent * &lower);
            let second = second.times(&S::rational(&factor, precision), precision);
            Ok((value, Local::Unary(a.index(), Partial::Other(first), Some(second))))
        };
        Ok(derivatives())
    }

    /// An elementary function, which is smooth wherever it is defined but for the absolute value at 0.
    fn function(&self, function: Function, a: &Id) -> Result<Result<(S, Local<S>), DomainError>, Undefined> {
        let argument = self.of(a)?;
        Ok(slopes(function, argument, self.precision)
            .map(|(value, first, second)| (value, Local::Unary(a.index(), Partial::Other(first), second))))
    }
}

/// Value, first and second derivative of an elementary function; `None` for a second derivative that is zero.
fn slopes<S: Scalar>(function: Function, x: &S, precision: u32) -> Result<(S, S, Option<S>), DomainError> {
    let number = |value: i32| S::rational(&Rational::from(value), precision);
    let times = |a: &S, b: &S| a.times(b, precision);
    let power = |base: &S, exponent: &Rational| base.powered(exponent, precision);
    let two = Rational::from(2);
    let value = x.applied(function, precision)?;
    let (first, second) = match function {
        Function::Exp => (value.clone(), Some(value.clone())),
        Function::Log => {
            let inverse = x.reciprocal(precision)?;
            let square = power(&inverse, &two)?;
            (inverse, Some(square.opposite()))
        }
        Function::Sin => (x.applied(Function::Cos, precision)?, Some(value.opposite())),
        Function::Cos => (x.applied(Function::Sin, precision)?.opposite(), Some(value.opposite())),
        Function::Tan => {
            let first = number(1).plus(&power(&value, &two)?, precision);
            let second = times(&times(&value, &first), &number(2));
            (first, Some(second))
        }
        Function::Sinh => (x.applied(Function::Cosh, precision)?, Some(value.clone())),
        Function::Cosh => (x.applied(Function::Sinh, precision)?, Some(value.clone())),
        Function::Tanh => {
            let first = power(&x.applied(Function::Cosh, precision)?, &Rational::from(-2))?;
            let second = times(&times(&value, &first), &number(-2));
            (first, Some(second))
        }
        Function::Atan => {
            let first = number(1).plus(&power(x, &two)?, precision).reciprocal(precision)?;
            let second = times(&times(x, &power(&first, &two)?), &number(-2));
            (first, Some(second))
        }
        Function::Asinh => {
            let square = number(1).plus(&power(x, &two)?, precision);
            let first = power(&square, &Rational::from((-1, 2)))?;
            let second = times(x, &power(&square, &Rational::from((-3, 2)))?).opposite();
            (first, Some(second))
        }
        Function::Erf => {
            let bell = power(x, &two)?.opposite().applied(Function::Exp, precision)?;
            let factor = power(&S::pi(precision), &Rational::from((-1, 2)))?;
            let first = times(&times(&bell, &factor), &number(2));
            let second = times(&times(x, &first), &number(-2));
            (first, Some(second))
        }
        Function::Abs => match x.certain_sign() {
            Some(Sign::Positive) => (number(1), None),
            Some(Sign::Negative) => (number(-1), None),
            Some(Sign::Zero) | None => return Err(x.kink("abs")),
        },
    };
    Ok((value, first, second))
}
