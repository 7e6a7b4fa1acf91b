//! Numbers that depend on the start, with whole numbers for coefficients: fast where few digits are enough.
//!
//! A number is 2^e times a polynomial with whole coefficients of at most [`BITS`] bits, plus an interval for everything else.
//! Sums of products of whole numbers are exact; then they are cut to [`BITS`] bits, and what is cut off goes to the rest:
//! less than one unit for each coefficient, and monomials are at most 1.
//!
//! Bounds: products have at most 2 [`BITS`] bits; a coefficient of a product is a sum of at most 2^4 of them, for degrees up to
//! 4, and a sum has at most 2^12 products, for orders in time up to 2^11: so no sum reaches 127 bits.

use super::super::interval::{Accumulator, DomainError, Interval};
use super::super::limits;
use super::ring::{Elementary, Ring};
use super::shape::{Kind, Pairs, Shape, long};
use rug::Rational;
use std::borrow::Cow;

/// The largest number of bits of a coefficient.
pub(super) const BITS: u32 = 53;
/// Bits by which numbers are moved up before they are added or divided, so that little is lost.
const ROOM: u32 = 40;

/// Exponents have at most this size, so that sums of a few of them are exact.
const FARTHEST: u64 = 1 << 40;
/// Most products in a sum.
const TERMS: usize = 1 << 12;

const _: () = assert!(limits::START_DEGREE <= 4 && limits::STEP_ORDER <= 1 << 11);

/// The arithmetic of [`Block`]s.
#[derive(Clone, Debug)]
pub struct Blocks {
    shape: Shape,
}

/// 2^exponent times a polynomial with whole coefficients, and an interval for the rest.
#[derive(Clone, Debug)]
pub struct Block {
    coefficients: Vec<i64>,
    exponent: i64,
    rest: Interval,
    /// Ranges of the homogeneous parts.
    parts: Vec<Interval>,
}

impl Block {
    /// Whether it is 0 for all starts. Panics: never.
    pub fn is_zero(&self) -> bool {
        self.parts.iter().all(Interval::is_zero) && self.rest.is_zero()
    }

    /// What the polynomial leaves. Panics: never.
    pub fn rest(&self) -> &Interval {
        &self.rest
    }

    /// The same with another rest. Panics: never.
    #[must_use]
    pub fn with_rest(&self, rest: Interval) -> Block {
        Block { rest, ..self.clone() }
    }

    /// The range of the monomials of a degree, if there are any. Panics: never.
    pub fn part(&self, degree: usize) -> Option<&Interval> {
        self.parts.get(degree)
    }

    /// Encloses the values for all starts. Panics: never.
    pub fn range(&self) -> Interval {
        let parts = self.parts.iter();
        parts.fold(self.rest.clone(), |sum, part| sum.add(part))
    }
}

impl Blocks {
    /// The arithmetic for the monomials of a shape; the degree of the shape is at least 1.
    ///
    /// Panics: never.
    pub fn new(shape: Shape) -> Self {
        Blocks { shape }
    }

    /// The monomials. Panics: never.
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// The coefficient of a monomial, in bits as many as it has. Panics: never.
    pub fn coefficient(&self, value: &Block, place: usize) -> Interval {
        let whole = value.coefficients.get(place).copied().unwrap_or(0);
        Interval::scaled(
            i128::from(whole),
            i128::from(whole),
            value.exponent,
            self.shape.precision.max(BITS),
        )
    }

    /// The number with these coefficients and this interval for the rest. Missing coefficients are 0.
    ///
    /// Panics: never.
    pub fn block(&self, coefficients: &[Interval], rest: &Interval) -> Block {
        let middles: Vec<_> = coefficients.iter().map(Interval::mid).collect();
        let highest = middles
            .iter()
            .filter_map(rug::Float::get_exp)
            .max()
            .map_or(0, i64::from);
        let exponent = highest.saturating_sub(i64::from(BITS));
        let mut wholes = Vec::with_capacity(self.shape.size());
        let mut lost = Accumulator::new(self.shape.precision);
        lost.add(rest);
        for ((coefficient, middle), kind) in coefficients.iter().zip(&middles).zip(self.shape.kinds()) {
            if coefficient.is_zero() {
                wholes.push(0);
                continue;
            }
            let whole = Interval::whole(middle, exponent).filter(|whole| fits(*whole));
            let Some(whole) = whole else { return self.unknown() };
            let wide = i128::from(whole);
            let left = coefficient.sub(&self.scaled(wide, wide, exponent));
            self.shape.add_range(&mut lost, &left, kind);
            wholes.push(whole);
        }
        wholes.resize(self.shape.size(), 0);
        self.finished(wholes, exponent, lost)
    }

    /// The range of everything but the terms with a single variable, or with none. Panics: never.
    pub fn beyond_first(&self, value: &Block) -> Interval {
        let (mut lo, mut hi) = (0i128, 0i128);
        for (whole, kind) in value.coefficients.iter().zip(self.shape.kinds()) {
            let whole = i128::from(*whole);
            match kind {
                Kind::One | Kind::Start | Kind::Ball => {}
                Kind::Square => (lo, hi) = (lo.saturating_add(whole.min(0)), hi.saturating_add(whole.max(0))),
                Kind::Product => {
                    let size = whole.saturating_abs();
                    (lo, hi) = (lo.saturating_sub(size), hi.saturating_add(size));
                }
            }
        }
        self.scaled(lo, hi, value.exponent).add(&value.rest)
    }

    fn scaled(&self, lo: i128, hi: i128, exponent: i64) -> Interval {
        Interval::scaled(lo, hi, exponent, self.shape.precision)
    }

    /// A number of which nothing is known.
    fn unknown(&self) -> Block {
        let mut lost = Accumulator::new(self.shape.precision);
        lost.add(&Interval::entire(self.shape.precision));
        self.finished(vec![0; self.shape.size()], 0, lost)
    }

    fn finished(&self, coefficients: Vec<i64>, exponent: i64, rest: Accumulator) -> Block {
        if exponent.unsigned_abs() > FARTHEST {
            return self.unknown();
        }
        let mut sums = vec![(0i128, 0i128); self.shape.degree.saturating_add(1)];
        let mut squares = 0u128;
        for (coefficient, monomial) in coefficients.iter().zip(&self.shape.monomials) {
            let Some((lo, hi)) = sums.get_mut(monomial.degree) else {
                continue;
            };
            let value = i128::from(*coefficient);
            let size = value.saturating_abs();
            match monomial.kind {
                Kind::One => (*lo, *hi) = (lo.saturating_add(value), hi.saturating_add(value)),
                Kind::Square => (*lo, *hi) = (lo.saturating_add(value.min(0)), hi.saturating_add(value.max(0))),
                Kind::Start | Kind::Product => (*lo, *hi) = (lo.saturating_sub(size), hi.saturating_add(size)),
                Kind::Ball => squares = squares.saturating_add(size.unsigned_abs().saturating_pow(2)),
            }
        }
        // A sum of multiples of the coordinates of d is at most the norm of the multiples.
        if let Some((lo, hi)) = sums.last_mut()
            && squares > 0
        {
            let norm = i128::try_from(squares.isqrt()).unwrap_or(i128::MAX).saturating_add(1);
            (*lo, *hi) = (lo.saturating_sub(norm), hi.saturating_add(norm));
        }
        Block {
            parts: sums.iter().map(|(lo, hi)| self.scaled(*lo, *hi, exponent)).collect(),
            coefficients,
            exponent,
            rest: rest.finish(),
        }
    }

    /// A sum of multiples by small counts, or quotients by them.
    fn linear(&self, terms: &[(&Block, i128)], divisor: i128) -> Block {
        let terms = terms.iter().filter(|(value, _)| !value.is_zero());
        let terms: Vec<&(&Block, i128)> = terms.collect();
        let Some(highest) = terms.iter().map(|(value, _)| value.exponent).max() else {
            return self.constant(self.shape.zero());
        };
        let mut sum = Sum::new(self, self.shape.degree, highest.saturating_sub(i64::from(ROOM)));
        for (value, count) in terms {
            let shift = highest.saturating_sub(value.exponent);
            for (sum, whole) in sum.values.iter_mut().zip(&value.coefficients) {
                // At most 53 + 40 + 32 bits.
                let raised = (i128::from(*whole) << ROOM).saturating_mul(*count);
                *sum = sum.saturating_add(floor(raised, shift));
            }
            sum.units = sum.units.saturating_add(u64::from(shift > 0));
            let factor = self.scaled(*count, *count, 0);
            sum.rest.add_product(&value.rest, &factor);
        }
        if divisor != 1 {
            for value in &mut sum.values {
                let Some(quotient) = value.checked_div_euclid(divisor) else {
                    return self.unknown();
                };
                *value = quotient;
            }
            sum.units = sum.units.saturating_add(1);
            let rest = std::mem::replace(&mut sum.rest, Accumulator::new(self.shape.precision));
            let quotient = rest.finish().div(&self.scaled(divisor, divisor, 0));
            sum.rest
                .add(&quotient.unwrap_or_else(|_| Interval::entire(self.shape.precision)));
        }
        sum.finish()
    }
}

/// A coefficient may have so many bits.
fn fits(whole: i64) -> bool {
    whole.unsigned_abs() <= 1 << BITS
}

/// The whole part of value / 2^shift, rounded down.
fn floor(value: i128, shift: i64) -> i128 {
    let shift = u32::try_from(shift).unwrap_or(u32::MAX).min(127);
    value >> shift
}

impl Ring for Blocks {
    type Value = Block;

    fn precision(&self) -> u32 {
        self.shape.precision
    }

    fn constant(&self, value: Interval) -> Block {
        if !value.is_bounded() {
            return self.unknown();
        }
        self.block(&[value], &self.shape.zero())
    }

    fn add(&self, a: &Block, b: &Block) -> Block {
        self.linear(&[(a, 1), (b, 1)], 1)
    }

    fn sub(&self, a: &Block, b: &Block) -> Block {
        self.linear(&[(a, 1), (b, -1)], 1)
    }

    fn neg(&self, a: &Block) -> Block {
        Block {
            coefficients: a.coefficients.iter().map(|whole| whole.saturating_neg()).collect(),
            exponent: a.exponent,
            rest: a.rest.neg(),
            parts: a.parts.iter().map(Interval::neg).collect(),
        }
    }

    fn over(&self, a: &Block, count: u32) -> Block {
        self.linear(&[(a, 1)], i128::from(count))
    }

    fn times(&self, a: &Block, count: u32) -> Block {
        self.linear(&[(a, i128::from(count))], 1)
    }

    fn dot<'v>(&self, order: usize, terms: impl IntoIterator<Item = (&'v Block, &'v Block)>) -> Block {
        let terms = terms.into_iter().filter(|(a, b)| !a.is_zero() && !b.is_zero());
        let terms: Vec<(&Block, &Block)> = terms.collect();
        if terms.len() > TERMS {
            return self.unknown();
        }
        let exponents = terms.iter().map(|(a, b)| a.exponent.saturating_add(b.exponent));
        let exponents: Vec<i64> = exponents.collect();
        let Some(highest) = exponents.iter().copied().max() else {
            return self.constant(self.shape.zero());
        };
        let mut sum = Sum::new(self, self.shape.kept(order), highest);
        for ((a, b), exponent) in terms.into_iter().zip(exponents) {
            sum.add_product(a, b, highest.saturating_sub(exponent));
        }
        sum.finish()
    }

    fn weighted<'v>(&self, order: usize, terms: impl IntoIterator<Item = (i32, &'v Block, &'v Block)>) -> Block {
        let multiple = |(count, a, b): (i32, &'v Block, &'v Block)| match count {
            1 => (Cow::Borrowed(a), b),
            _ => (Cow::Owned(self.linear(&[(a, i128::from(count))], 1)), b),
        };
        let terms: Vec<(Cow<Block>, &Block)> = terms.into_iter().map(multiple).collect();
        self.dot(order, terms.iter().map(|(a, b)| (a.as_ref(), *b)))
    }

    fn square(&self, order: usize, a: &Block) -> Block {
        self.dot(order, [(a, a)])
    }

    fn div(&self, a: &Block, b: &Block) -> Result<Block, DomainError> {
        let inverse = self.apply(&Elementary::power(&Rational::from(-1)), b)?;
        Ok(self.dot(0, [(a, &inverse)]))
    }

    fn range(&self, a: &Block) -> Interval {
        a.range()
    }

    /// By the Taylor polynomial of phi about the middle.
    fn apply(&self, phi: &Elementary, argument: &Block) -> Result<Block, DomainError> {
        let middle = self.coefficient(argument, 0);
        let deviation = self.sub(argument, &self.constant(middle.clone()));
        let (mut result, last) = phi.about(self, self.shape.degree, &middle, &deviation, &argument.range())?;
        result.rest = result.rest.add(&last);
        Ok(result)
    }
}

/// A sum of products under way.
struct Sum<'a> {
    blocks: &'a Blocks,
    /// The degree up to which monomials are kept.
    kept: usize,
    /// In units of 2^exponent.
    values: Vec<i128>,
    exponent: i64,
    /// What was cut off so far from every coefficient is less than so many units.
    units: u64,
    rest: Accumulator,
    scratch: Vec<i128>,
}

impl<'a> Sum<'a> {
    fn new(blocks: &'a Blocks, kept: usize, exponent: i64) -> Self {
        // Monomials are sorted by their degree.
        let within = blocks
            .shape
            .monomials
            .iter()
            .take_while(|monomial| monomial.degree <= kept);
        Sum {
            blocks,
            kept,
            values: vec![0; within.count()],
            exponent,
            units: 0,
            rest: Accumulator::new(blocks.shape.precision),
            scratch: Vec::new(),
        }
    }

    /// Adds a product whose unit is that of the sum divided by 2^shift.
    fn add_product(&mut self, a: &Block, b: &Block, shift: i64) {
        if shift == 0 {
            add_monomials(&self.blocks.shape, self.kept, a, b, &mut self.values);
        } else {
            self.scratch.clear();
            self.scratch.resize(self.values.len(), 0);
            add_monomials(&self.blocks.shape, self.kept, a, b, &mut self.scratch);
            for (sum, term) in self.values.iter_mut().zip(&self.scratch) {
                *sum = sum.saturating_add(floor(*term, shift));
            }
            self.units = self.units.saturating_add(1);
        }
        for (i, a) in a.parts.iter().enumerate() {
            for b in b.parts.iter().skip(self.kept.saturating_add(1).saturating_sub(i)) {
                self.rest.add_product(a, b);
            }
        }
        if !a.rest.is_zero() {
            self.rest.add_product(&a.rest, &b.range());
        }
        if !b.rest.is_zero() {
            let polynomial = a.parts.iter().fold(self.blocks.shape.zero(), |sum, part| sum.add(part));
            self.rest.add_product(&polynomial, &b.rest);
        }
    }

    /// Cuts the coefficients to their bits.
    fn finish(mut self) -> Block {
        let bits = |value: &i128| 128u32.saturating_sub(value.unsigned_abs().leading_zeros());
        let most = self.values.iter().map(bits).max().unwrap_or(0);
        let shift = i64::from(most.saturating_sub(BITS));
        let wholes = self.values.iter().map(|value| i64::try_from(floor(*value, shift)));
        let Ok(mut wholes) = wholes.collect::<Result<Vec<i64>, _>>() else {
            return self.blocks.unknown();
        };
        let (exponent, count) = (self.exponent.saturating_add(shift), i128::try_from(wholes.len()));
        if shift > 0 {
            self.lose(1, count.unwrap_or(i128::MAX), exponent);
        }
        self.lose(i128::from(self.units), count.unwrap_or(i128::MAX), self.exponent);
        wholes.resize(self.blocks.shape.size(), 0);
        self.blocks.finished(wholes, exponent, self.rest)
    }

    /// Adds to the rest what was cut off: so many units of 2^exponent at most, for so many coefficients.
    fn lose(&mut self, units: i128, coefficients: i128, exponent: i64) {
        let most = units.saturating_mul(coefficients);
        let lost = self.blocks.scaled(most.saturating_neg(), most, exponent);
        self.rest.add(&lost);
    }
}

/// Adds the products of monomials up to a degree, exactly.
fn add_monomials(shape: &Shape, kept: usize, a: &Block, b: &Block, sums: &mut [i128]) {
    let is_there = |value: &Block, degree: usize| value.parts.get(degree).is_some_and(|part| !part.is_zero());
    for Pairs { degrees, list } in &shape.products {
        let within = degrees.0.saturating_add(degrees.1) <= kept;
        if !within || !is_there(a, degrees.0) || !is_there(b, degrees.1) {
            continue;
        }
        for (i, j, product) in list {
            if let (Some(sum), Some(a), Some(b)) = (
                sums.get_mut(long(*product)),
                a.coefficients.get(long(*i)),
                b.coefficients.get(long(*j)),
            ) {
                // Below 2^127 by the bounds above, so nothing wraps.
                *sum = sum.wrapping_add(i128::from(*a).wrapping_mul(i128::from(*b)));
            }
        }
    }
}
