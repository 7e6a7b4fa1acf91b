//! Numbers that depend on the start, in one of two arithmetics: families, of any precision, or blocks, of 53 bits and fast.

use super::super::interval::{DomainError, Interval};
use super::block::{BITS, Block, Blocks};
use super::family::Family;
use super::ground::{horner, middle, power, upper};
use super::ring::{Elementary, Ring};
use super::shape::Shape;

/// One of the arithmetics. A number of the other one counts as unknown.
#[derive(Clone, Debug)]
pub enum Dependence {
    /// Intervals for coefficients.
    Families(Shape),
    /// Whole numbers for coefficients.
    Blocks(Blocks),
}

/// A number of one of them.
#[derive(Clone, Debug)]
pub enum Dependent {
    /// With intervals for coefficients.
    Family(Family),
    /// With whole numbers for coefficients.
    Block(Block),
}

use Dependence::{Blocks as Whole, Families as Wide};

impl Dependence {
    /// The arithmetic for a shape: blocks where its precision allows. Panics: never.
    pub fn new(shape: Shape) -> Self {
        if shape.degree() > 0 && shape.precision() <= BITS {
            Whole(Blocks::new(shape))
        } else {
            Wide(shape)
        }
    }

    /// The monomials. Panics: never.
    pub fn shape(&self) -> &Shape {
        match self {
            Wide(shape) => shape,
            Whole(blocks) => blocks.shape(),
        }
    }

    /// Whether products are those of whole numbers. Panics: never.
    pub fn is_whole(&self) -> bool {
        matches!(self, Whole(_))
    }

    /// The number with these coefficients and this interval for the rest. Missing coefficients are zero. Panics: never.
    pub fn polynomial(&self, coefficients: Vec<Interval>, rest: Interval) -> Dependent {
        match self {
            Wide(shape) => Dependent::Family(shape.family(coefficients, rest)),
            Whole(blocks) => Dependent::Block(blocks.block(&coefficients, &rest)),
        }
    }

    /// middle + radius y_i. Panics: never.
    pub fn variable(&self, place: usize, middle: Interval, radius: Interval) -> Dependent {
        let shape = self.shape();
        let mut coefficients = vec![middle];
        coefficients.resize(shape.size(), shape.zero());
        let rest = match coefficients.get_mut(place.saturating_add(1)) {
            Some(slope) => {
                *slope = radius;
                shape.zero()
            }
            None => radius.mul(&shape.symmetric),
        };
        self.polynomial(coefficients, rest)
    }

    /// A number with single numbers for coefficients and no rest, and a bound for the distance to it. Panics: never.
    pub fn thinned(&self, value: &Dependent) -> (Dependent, Interval) {
        match (self, value) {
            (Wide(shape), Dependent::Family(family)) => {
                let middles: Vec<Interval> = family.coefficients().iter().map(middle).collect();
                let pairs = family.coefficients().iter().zip(&middles);
                let rests = pairs.map(|(whole, middle)| whole.sub(middle)).collect();
                let lost = shape.family(rests, family.rest().clone()).range();
                (
                    Dependent::Family(shape.family(middles, shape.zero())),
                    upper(&lost.abs()),
                )
            }
            (Whole(blocks), Dependent::Block(block)) => {
                let thin = block.with_rest(blocks.shape().zero());
                (Dependent::Block(thin), upper(&block.rest().abs()))
            }
            _ => (self.unknown(), Interval::entire(self.precision())),
        }
    }

    /// The same number with the rest widened. Panics: never.
    pub fn widened(&self, value: &Dependent, by: &Interval) -> Dependent {
        match (self, value) {
            (Wide(shape), Dependent::Family(family)) => Dependent::Family(family.widened(shape, by)),
            (Whole(_), Dependent::Block(block)) => Dependent::Block(block.with_rest(block.rest().add(by))),
            _ => self.unknown(),
        }
    }

    /// A Taylor polynomial with its remainder, at a time. Panics: never.
    pub fn moved(&self, list: &[Dependent], last: &Interval, time: &Interval) -> Dependent {
        let last = last.mul(&power(time, list.len()));
        match self {
            Wide(shape) => {
                let Some(list) = list.iter().map(Dependent::family).collect::<Option<Vec<_>>>() else {
                    return self.unknown();
                };
                let monomial = |place: usize| {
                    let values = list.iter().rev().filter_map(|family| family.coefficients().get(place));
                    horner(values, time, shape.precision())
                };
                let rest = horner(list.iter().rev().map(|family| family.rest()), time, shape.precision());
                Dependent::Family(shape.family((0..shape.size()).map(monomial).collect(), rest.add(&last)))
            }
            Whole(_) => {
                let time = self.constant(time.clone());
                let mut values = list.iter().rev();
                let first = values.next().cloned().unwrap_or_else(|| self.unknown());
                let sum = values.fold(first, |sum, value| self.add(&self.dot(0, [(&sum, &time)]), value));
                self.widened(&sum, &last)
            }
        }
    }

    /// The coefficient of a monomial. Panics: never.
    pub fn coefficient(&self, value: &Dependent, place: usize) -> Interval {
        match (self, value) {
            (Wide(shape), Dependent::Family(family)) => {
                let coefficient = family.coefficients().get(place);
                coefficient.cloned().unwrap_or_else(|| shape.zero())
            }
            (Whole(blocks), Dependent::Block(block)) => blocks.coefficient(block, place),
            _ => Interval::entire(self.precision()),
        }
    }

    /// The range of the monomials of a degree of at least 1. Panics: never.
    pub fn part(&self, value: &Dependent, degree: usize) -> Interval {
        let part = match (self, value) {
            (Wide(_), Dependent::Family(family)) => family.part(degree),
            (Whole(_), Dependent::Block(block)) => block.part(degree),
            _ => return Interval::entire(self.precision()),
        };
        part.cloned().unwrap_or_else(|| self.shape().zero())
    }

    fn unknown(&self) -> Dependent {
        self.constant(Interval::entire(self.precision()))
    }

    /// A function of two numbers of the same arithmetic.
    fn both(
        &self,
        a: &Dependent,
        b: &Dependent,
        wide: impl Fn(&Shape, &Family, &Family) -> Family,
        whole: impl Fn(&Blocks, &Block, &Block) -> Block,
    ) -> Dependent {
        match (self, a, b) {
            (Wide(shape), Dependent::Family(a), Dependent::Family(b)) => Dependent::Family(wide(shape, a, b)),
            (Whole(blocks), Dependent::Block(a), Dependent::Block(b)) => Dependent::Block(whole(blocks, a, b)),
            _ => self.unknown(),
        }
    }
}

impl Dependent {
    /// Encloses the values for all starts. Panics: never.
    pub fn range(&self) -> Interval {
        match self {
            Dependent::Family(family) => family.range(),
            Dependent::Block(block) => block.range(),
        }
    }

    /// What the polynomial leaves. Panics: never.
    pub fn rest(&self) -> &Interval {
        match self {
            Dependent::Family(family) => family.rest(),
            Dependent::Block(block) => block.rest(),
        }
    }

    /// Whether it is the same for all starts because nothing else can be said. Panics: never.
    pub(super) fn is_point(&self) -> bool {
        self.family().is_some_and(|family| family.coefficients().len() == 1)
    }

    fn family(&self) -> Option<&Family> {
        match self {
            Dependent::Family(family) => Some(family),
            Dependent::Block(_) => None,
        }
    }

    fn block(&self) -> Option<&Block> {
        match self {
            Dependent::Family(_) => None,
            Dependent::Block(block) => Some(block),
        }
    }
}

impl Ring for Dependence {
    type Value = Dependent;

    fn precision(&self) -> u32 {
        self.shape().precision()
    }

    fn constant(&self, value: Interval) -> Dependent {
        match self {
            Wide(shape) => Dependent::Family(shape.constant(value)),
            Whole(blocks) => Dependent::Block(blocks.constant(value)),
        }
    }

    fn add(&self, a: &Dependent, b: &Dependent) -> Dependent {
        self.both(a, b, Ring::add, Ring::add)
    }

    fn sub(&self, a: &Dependent, b: &Dependent) -> Dependent {
        self.both(a, b, Ring::sub, Ring::sub)
    }

    fn neg(&self, a: &Dependent) -> Dependent {
        self.both(a, a, |shape, a, _| shape.neg(a), |blocks, a, _| blocks.neg(a))
    }

    fn over(&self, a: &Dependent, count: u32) -> Dependent {
        let wide = |shape: &Shape, a: &Family, _: &Family| shape.over(a, count);
        self.both(a, a, wide, |blocks, a, _| blocks.over(a, count))
    }

    fn times(&self, a: &Dependent, count: u32) -> Dependent {
        let wide = |shape: &Shape, a: &Family, _: &Family| shape.times(a, count);
        self.both(a, a, wide, |blocks, a, _| blocks.times(a, count))
    }

    fn dot<'v>(&self, order: usize, terms: impl IntoIterator<Item = (&'v Dependent, &'v Dependent)>) -> Dependent {
        self.weighted(order, terms.into_iter().map(|(a, b)| (1, a, b)))
    }

    fn weighted<'v>(
        &self,
        order: usize,
        terms: impl IntoIterator<Item = (i32, &'v Dependent, &'v Dependent)>,
    ) -> Dependent {
        let mut terms = terms.into_iter();
        match self {
            Wide(shape) => {
                let terms = terms.map(|(count, a, b)| Some((count, a.family()?, b.family()?)));
                let terms: Option<Vec<_>> = terms.collect();
                terms.map(|terms| Dependent::Family(shape.weighted(order, terms)))
            }
            Whole(blocks) => {
                let terms: Option<Vec<_>> = terms
                    .by_ref()
                    .map(|(count, a, b)| Some((count, a.block()?, b.block()?)))
                    .collect();
                terms.map(|terms| Dependent::Block(blocks.weighted(order, terms)))
            }
        }
        .unwrap_or_else(|| self.unknown())
    }

    fn square(&self, order: usize, a: &Dependent) -> Dependent {
        let wide = |shape: &Shape, a: &Family, _: &Family| shape.square(order, a);
        self.both(a, a, wide, |blocks, a, _| blocks.square(order, a))
    }

    fn div(&self, a: &Dependent, b: &Dependent) -> Result<Dependent, DomainError> {
        match (self, a, b) {
            (Wide(shape), Dependent::Family(a), Dependent::Family(b)) => shape.div(a, b).map(Dependent::Family),
            (Whole(blocks), Dependent::Block(a), Dependent::Block(b)) => blocks.div(a, b).map(Dependent::Block),
            _ => Ok(self.unknown()),
        }
    }

    fn range(&self, a: &Dependent) -> Interval {
        a.range()
    }

    fn apply(&self, phi: &Elementary, argument: &Dependent) -> Result<Dependent, DomainError> {
        match (self, argument) {
            (Wide(shape), Dependent::Family(a)) => shape.apply(phi, a).map(Dependent::Family),
            (Whole(blocks), Dependent::Block(a)) => blocks.apply(phi, a).map(Dependent::Block),
            _ => phi
                .value(&Interval::entire(self.precision()), self.precision())
                .map(|value| self.constant(value)),
        }
    }
}
