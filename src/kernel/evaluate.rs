//! Evaluating an expression: at rationals, on boxes, and as univariate Taylor jets.

use super::expr::{Function, Id, Node, Table};
use super::interval::{DomainError, Interval};
use super::jet::Jet;
use super::number::Number;
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
pub(super) mod tests;

/// Why an expression has no value here.
#[derive(Clone, Debug, PartialEq)]
pub enum Undefined {
    /// A sub-expression may leave the domain of a function; `node` counts inside the program.
    Domain {
        /// The place of the offending node in the program.
        node: usize,
        /// What was asked of which function.
        error: DomainError,
    },
    /// The expression has a variable without a value, or a broken table.
    Malformed,
}

/// An expression prepared for repeated evaluation: only the nodes it needs, the root last.
#[derive(Clone, Debug)]
pub struct Program {
    nodes: Vec<Node>,
}

impl Program {
    /// Prepares the expression at `root`.
    pub fn new(table: &Table, root: Id) -> Self {
        let (table, _) = table.extract(&[root]);
        Program {
            nodes: table.nodes().to_vec(),
        }
    }

    /// The nodes, children first; the last one is the expression itself.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The value with `Variable(i)` bound to `variables[i]`.
    ///
    /// Errors: [`Undefined`] if a sub-expression may leave its domain.
    /// Panics: never.
    pub fn value(&self, variables: &[Number], precision: u32) -> Result<Number, Undefined> {
        let mut values: Vec<Number> = Vec::with_capacity(self.nodes.len());
        for (place, node) in self.nodes.iter().enumerate() {
            let of = |id: &Id| values.get(id.index()).ok_or(Undefined::Malformed);
            let value = evaluated(place, node, of, variables, precision)?;
            values.push(value);
        }
        values.pop().ok_or(Undefined::Malformed)
    }

    /// The values of all nodes, in their order; `None` for those that may be undefined, and what depends on them.
    ///
    /// Panics: never.
    pub fn values(&self, variables: &[Number], precision: u32) -> Vec<Option<Number>> {
        let mut values: Vec<Option<Number>> = Vec::with_capacity(self.nodes.len());
        for (place, node) in self.nodes.iter().enumerate() {
            let of = |id: &Id| {
                let value = values.get(id.index()).and_then(Option::as_ref);
                value.ok_or(Undefined::Malformed)
            };
            let value = evaluated(place, node, of, variables, precision).ok();
            values.push(value);
        }
        values
    }

    /// The Taylor coefficients of orders 0 to `order` in `Variable(0)`, at a point or uniformly on a box.
    /// Success with `order` at least 1 also shows that the expression is analytic there; with order 0 it only shows
    /// that the expression is defined and continuous.
    ///
    /// Errors: [`Undefined`] if a sub-expression may leave its domain or the set where it is analytic.
    pub fn jet(&self, variables: &[Number], order: usize, precision: u32) -> Result<Jet, Undefined> {
        let mut jets: Vec<Jet> = Vec::with_capacity(self.nodes.len());
        for (place, node) in self.nodes.iter().enumerate() {
            let of = |id: &Id| jets.get(id.index()).ok_or(Undefined::Malformed);
            let at = |error| Undefined::Domain { node: place, error };
            let jet = match node {
                Node::Number(value) => Jet::constant(Number::Exact(value.clone()), order),
                Node::Pi => Jet::constant(Number::from(Interval::pi(precision)), order),
                Node::Variable(name) => {
                    let value = variables.get(usize::from(*name)).cloned().ok_or(Undefined::Malformed)?;
                    if *name == 0 {
                        Jet::variable(value, order)
                    } else {
                        Jet::constant(value, order)
                    }
                }
                Node::Add(a, b) => of(a)?.add(of(b)?, precision),
                Node::Sub(a, b) => of(a)?.sub(of(b)?, precision),
                Node::Mul(a, b) if a == b => of(a)?.power(&Rational::from(2), precision).map_err(at)?,
                Node::Mul(a, b) => of(a)?.mul(of(b)?, precision),
                Node::Div(a, b) => of(a)?.div(of(b)?, precision).map_err(at)?,
                Node::Neg(a) => of(a)?.neg(),
                Node::Power(a, exponent) => of(a)?.power(exponent, precision).map_err(at)?,
                Node::Apply(function, a) => of(a)?.apply(*function, precision).map_err(at)?,
            };
            jets.push(jet);
        }
        jets.pop().ok_or(Undefined::Malformed)
    }

    /// Encloses the derivative of order `derivative` on a bounded box: the Taylor form about the midpoint with
    /// `order` terms, intersected with the plain enclosure.
    ///
    /// Source: Moore, Kearfott, Cloud, Introduction to Interval Analysis, ch. 6 and 9.
    /// Errors: [`Undefined`] if the expression may be undefined somewhere on the box, or not analytic there unless both
    /// `derivative` and `order` are 0.
    pub fn derivative_on(
        &self,
        range: &Interval,
        others: &[Number],
        derivative: usize,
        order: usize,
        precision: u32,
    ) -> Result<Number, Undefined> {
        let bind = |first: Number| -> Vec<Number> { std::iter::once(first).chain(others.iter().cloned()).collect() };
        let top = derivative.saturating_add(order);
        let wide = self.jet(&bind(Number::from(range.clone())), top, precision)?;
        let plain = wide.coefficient(derivative).mul(&factorial(derivative), precision);
        if order == 0 || !range.is_bounded() || range.is_singleton() {
            return Ok(plain);
        }
        let middle = Interval::point(&range.mid_rational(), precision);
        let near = self.jet(&bind(Number::from(middle.clone())), top, precision)?;
        let step = range.sub(&middle);
        let mut sum = Number::integer(0);
        let mut power = Number::integer(1);
        for term in 0..=order {
            let index = derivative.saturating_add(term);
            let source = if term == order { &wide } else { &near };
            let scaled = source.coefficient(index).mul(&falling(index, derivative), precision);
            sum = sum.add(&scaled.mul(&power, precision), precision);
            let next = i32::try_from(term.saturating_add(1)).unwrap_or(i32::MAX);
            power = step
                .powi(next)
                .map(Number::from)
                .unwrap_or(Number::from(Interval::entire(precision)));
        }
        let refined = sum.interval(precision).intersection(&plain.interval(precision));
        let nonzero = plain.is_nonzero() || sum.is_nonzero();
        Ok(refined.map_or(plain, |range| Number::Enclosed { range, nonzero }))
    }

    /// Whether every sub-expression is defined on the box; `true` also means continuous there.
    pub fn is_defined_on(&self, range: &Interval, precision: u32) -> Result<(), Undefined> {
        self.value(&[Number::from(range.clone())], precision).map(|_| ())
    }

    /// Whether the expression contains an absolute value.
    pub fn has_kinks(&self) -> bool {
        self.nodes
            .iter()
            .any(|node| matches!(node, Node::Apply(Function::Abs, _)))
    }
}

/// The value of one node from those of its children.
fn evaluated<'a>(
    place: usize,
    node: &Node,
    of: impl Fn(&Id) -> Result<&'a Number, Undefined>,
    variables: &[Number],
    precision: u32,
) -> Result<Number, Undefined> {
    let at = |error| Undefined::Domain { node: place, error };
    Ok(match node {
        Node::Number(value) => Number::Exact(value.clone()),
        Node::Pi => Number::from(Interval::pi(precision)),
        Node::Variable(name) => variables.get(usize::from(*name)).cloned().ok_or(Undefined::Malformed)?,
        Node::Add(a, b) => of(a)?.add(of(b)?, precision),
        Node::Sub(a, b) if a == b => {
            of(a)?;
            Number::integer(0)
        }
        Node::Sub(a, b) => of(a)?.sub(of(b)?, precision),
        Node::Mul(a, b) if a == b => of(a)?.power(&Rational::from(2), precision).map_err(at)?,
        Node::Mul(a, b) => of(a)?.mul(of(b)?, precision),
        Node::Div(a, b) => of(a)?.div(of(b)?, precision).map_err(at)?,
        Node::Neg(a) => of(a)?.neg(),
        Node::Power(a, exponent) => of(a)?.power(exponent, precision).map_err(at)?,
        Node::Apply(function, a) => of(a)?.apply(*function, precision).map_err(at)?,
    })
}

/// The highest order of a derivative whose factors are computed: no caller comes near it.
const HIGHEST_ORDER: usize = 1_000_000;

/// n!, exactly or by an enclosure; unknown for an absurd n.
fn factorial(n: usize) -> Number {
    falling(n, n)
}

/// index! / (index - derivative)!, the factor between a Taylor coefficient and that of the derivative: exactly or by
/// an enclosure; unknown for an absurd order.
fn falling(index: usize, derivative: usize) -> Number {
    const PRECISION: u32 = 64;
    if derivative > HIGHEST_ORDER {
        return Number::from(Interval::entire(PRECISION));
    }
    (0..derivative).fold(Number::integer(1), |product, shift| {
        let factor = Number::Exact(Rational::from(index.saturating_sub(shift)));
        product.mul(&factor, PRECISION)
    })
}
