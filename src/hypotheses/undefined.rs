//! Costs that are undefined somewhere on their domain: the offending sub-expression and a point, for a diagnostic.

use super::search::{Local, Search};
use crate::kernel::evaluate::Program;
use crate::kernel::expr::{Function, Id, Node};
use crate::kernel::normal_form::as_rational_function;
use crate::kernel::number::{Number, Sign};
use crate::kernel::polynomial::End;
use rug::Rational;

/// A place where the cost is undefined.
pub(super) struct UndefinedAt {
    /// The sub-expression that has no value.
    pub node: Id,
    /// What was asked, such as `log`.
    pub function: &'static str,
    /// The point, or where it lies.
    pub point: String,
}

/// What an argument must not be.
#[derive(Clone, Copy, PartialEq)]
enum Forbidden {
    Zero,
    Negative,
    NotPositive,
}

impl Search<'_> {
    /// Looks for a point of the domain where a sub-expression is certainly undefined.
    pub fn undefined_at(&mut self) -> Option<UndefinedAt> {
        for node in self.table.reachable(self.cost) {
            let (argument, forbidden, function) = match self.table.node(node).cloned() {
                Some(Node::Div(_, bottom)) => (bottom, Forbidden::Zero, "division by 0"),
                Some(Node::Power(base, exponent)) => match (*exponent.denom() == 1, exponent < 0) {
                    (true, true) => (base, Forbidden::Zero, "negative power of 0"),
                    (false, true) => (base, Forbidden::NotPositive, "negative root"),
                    (false, false) => (base, Forbidden::Negative, "root of a negative number"),
                    (true, false) => continue,
                },
                Some(Node::Apply(Function::Log, argument)) => (argument, Forbidden::NotPositive, "log"),
                Some(Node::Apply(Function::Tan, argument)) => (
                    self.table.insert(Node::Apply(Function::Cos, argument)),
                    Forbidden::Zero,
                    "tan",
                ),
                _ => continue,
            };
            if let Some(point) = self.violation(argument, forbidden) {
                return Some(UndefinedAt { node, function, point });
            }
        }
        None
    }

    /// A point where the argument is what it must not be.
    fn violation(&self, argument: Id, forbidden: Forbidden) -> Option<String> {
        let precision = self.precision();
        let program = Program::new(&self.table, argument);
        let value = |point: &Rational| program.value(&[Number::Exact(point.clone())], precision).ok();
        let bad = |sign: Sign| match forbidden {
            Forbidden::Zero => sign == Sign::Zero,
            Forbidden::Negative => sign == Sign::Negative,
            Forbidden::NotPositive => sign != Sign::Positive,
        };
        let mut samples = self.samples();
        // The simplest points make the best messages.
        samples.sort_by_key(|point| (point.denom().clone(), point.numer().clone().abs()));
        if let Some(point) = samples
            .iter()
            .find(|point| value(point).and_then(|value| value.sign()).is_some_and(bad))
        {
            return Some(point.to_string());
        }
        if forbidden == Forbidden::Negative {
            return None;
        }
        if let Some((top, _)) = as_rational_function(&self.table, argument)
            && let Some(roots) = top.isolate_roots(&self.left, &self.right)
            && let Some(root) = roots.into_iter().next()
        {
            let root = top.refine(root, &(Rational::from(1) >> 40));
            return Some(if root.is_exact() {
                root.lo.to_string()
            } else {
                near(&root.lo, &root.hi)
            });
        }
        let local = Local::new(&self.table, argument, 0);
        for place in self.closed_zeros(&local, 0) {
            let inside = self.left < End::At(place.lo.clone()) && End::At(place.hi.clone()) < self.right;
            if inside && self.is_exact_zero(&local, 0, &place) {
                return Some(if place.lo == place.hi {
                    place.lo.to_string()
                } else {
                    near(&place.lo, &place.hi)
                });
            }
        }
        // A sign change: the argument vanishes in between, or is itself undefined there.
        samples.sort();
        let mut before: Option<(Rational, Sign)> = None;
        for point in samples {
            let Some(sign) = value(&point).and_then(|value| value.sign()) else {
                continue;
            };
            if let Some((last, old)) = &before
                && old.times(sign) == Sign::Negative
            {
                let (mut lo, mut hi) = (last.clone(), point.clone());
                for _ in 0..60 {
                    let middle = Rational::from(&lo + &hi) / Rational::from(2);
                    match value(&middle).and_then(|value| value.sign()) {
                        Some(sign) if sign == *old => lo = middle,
                        Some(_) => hi = middle,
                        None => break,
                    }
                }
                return Some(near(&lo, &hi));
            }
            before = Some((point, sign));
        }
        None
    }
}

/// A point between two close rationals, in decimal.
fn near(lo: &Rational, hi: &Rational) -> String {
    let hull = crate::kernel::interval::Interval::hull_of(lo, hi, 128);
    hull.map_or_else(|| lo.to_string(), |hull| format!("about {}", hull.display(10)))
}
