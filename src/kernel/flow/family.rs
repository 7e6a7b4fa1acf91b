//! Numbers that depend on where in the box of starts a solution begins: a polynomial in y, |y_i| <= 1, of low degree with
//! interval coefficients, plus an interval for everything else. Without y, intervals.
//!
//! Source: Makino, Berz, Taylor models and other validated functional inclusion methods, 2003.

use super::super::interval::{Accumulator, DomainError, Interval};
use super::ring::{Elementary, Ring};
use super::shape::{Pairs, Shape, long};
use rug::Rational;

impl Shape {
    /// The number with these coefficients and this interval for the rest.
    ///
    /// Panics: never. Missing coefficients are zero.
    pub fn family(&self, mut coefficients: Vec<Interval>, rest: Interval) -> Family {
        coefficients.resize(self.size(), self.zero());
        if self.degree == 0 {
            let value = coefficients
                .first()
                .map_or_else(|| rest.clone(), |first| first.add(&rest));
            return Family {
                coefficients: vec![value],
                rest: self.zero(),
                parts: Vec::new(),
            };
        }
        let mut parts = vec![Accumulator::new(self.precision); self.degree.saturating_add(1)];
        for (coefficient, monomial) in coefficients.iter().zip(&self.monomials) {
            if coefficient.is_zero() {
                continue;
            }
            if let Some(part) = parts.get_mut(monomial.degree) {
                self.add_range(part, coefficient, monomial.kind);
            }
        }
        Family {
            coefficients,
            rest,
            parts: parts.into_iter().map(Accumulator::finish).collect(),
        }
    }
}

impl Ring for Shape {
    type Value = Family;

    fn precision(&self) -> u32 {
        self.precision
    }

    fn constant(&self, value: Interval) -> Family {
        if self.degree == 0 {
            return Family {
                coefficients: vec![value],
                rest: self.zero(),
                parts: Vec::new(),
            };
        }
        let mut coefficients = vec![value];
        coefficients.resize(self.size(), self.zero());
        self.family(coefficients, self.zero())
    }

    fn add(&self, a: &Family, b: &Family) -> Family {
        let coefficients = a.coefficients.iter().zip(&b.coefficients).map(|(a, b)| a.add(b));
        self.family(coefficients.collect(), a.rest.add(&b.rest))
    }

    fn sub(&self, a: &Family, b: &Family) -> Family {
        let coefficients = a.coefficients.iter().zip(&b.coefficients).map(|(a, b)| a.sub(b));
        self.family(coefficients.collect(), a.rest.sub(&b.rest))
    }

    fn neg(&self, a: &Family) -> Family {
        a.map(Interval::neg)
    }

    fn over(&self, a: &Family, count: u32) -> Family {
        a.map(|coefficient| coefficient.over(count))
    }

    fn times(&self, a: &Family, count: u32) -> Family {
        a.map(|coefficient| coefficient.times(count))
    }

    fn dot<'v>(&self, order: usize, terms: impl IntoIterator<Item = (&'v Family, &'v Family)>) -> Family {
        let mut sum = FamilySum::new(self, self.kept(order));
        for (a, b) in terms {
            sum.add_product(a, b);
        }
        sum.finish()
    }

    fn weighted<'v>(&self, order: usize, terms: impl IntoIterator<Item = (i32, &'v Family, &'v Family)>) -> Family {
        let mut sum = FamilySum::new(self, self.kept(order));
        for (count, a, b) in terms {
            if count == 1 {
                sum.add_product(a, b);
                continue;
            }
            let multiple = self.times(a, count.unsigned_abs());
            let signed = if count < 0 { self.neg(&multiple) } else { multiple };
            sum.add_product(&signed, b);
        }
        sum.finish()
    }

    fn square(&self, order: usize, a: &Family) -> Family {
        if self.degree == 0 {
            return self.constant(a.range().sqr());
        }
        self.dot(order, [(a, a)])
    }

    fn div(&self, a: &Family, b: &Family) -> Result<Family, DomainError> {
        let inverse = self.apply(&Elementary::power(&Rational::from(-1)), b)?;
        Ok(self.dot(0, [(a, &inverse)]))
    }

    fn range(&self, a: &Family) -> Interval {
        a.range()
    }

    /// By the Taylor polynomial of phi about the middle of the family.
    fn apply(&self, phi: &Elementary, argument: &Family) -> Result<Family, DomainError> {
        if self.degree == 0 {
            return Ok(self.constant(phi.value(&argument.range(), self.precision)?));
        }
        let middle = argument.coefficients.first().cloned().unwrap_or_else(|| self.zero());
        let mut deviation = argument.coefficients.clone();
        if let Some(first) = deviation.first_mut() {
            *first = self.zero();
        }
        let deviation = self.family(deviation, argument.rest.clone());
        let (mut result, last) = phi.about(self, self.degree, &middle, &deviation, &argument.range())?;
        result.rest = result.rest.add(&last);
        Ok(result)
    }
}

/// A polynomial in y with interval coefficients, and an interval for the rest.
#[derive(Clone, Debug)]
pub struct Family {
    coefficients: Vec<Interval>,
    rest: Interval,
    /// Ranges of the homogeneous parts; unused without y.
    parts: Vec<Interval>,
}

impl Family {
    /// The coefficients, the constant one first. Panics: never.
    pub fn coefficients(&self) -> &[Interval] {
        &self.coefficients
    }

    /// What the polynomial leaves. Panics: never.
    pub fn rest(&self) -> &Interval {
        &self.rest
    }

    /// Encloses the values for all y. Panics: never.
    pub fn range(&self) -> Interval {
        let Some(first) = self.coefficients.first() else {
            return self.rest.clone();
        };
        let later = self.parts.iter().skip(1);
        later.fold(first.add(&self.rest), |sum, part| sum.add(part))
    }

    /// The range of the monomials of a degree, if there are any. Panics: never.
    pub fn part(&self, degree: usize) -> Option<&Interval> {
        self.parts.get(degree)
    }

    /// Whether it is 0 for all y. Panics: never.
    pub fn is_zero(&self) -> bool {
        self.coefficients.iter().all(Interval::is_zero) && self.rest.is_zero()
    }

    /// The same function of every coefficient; it must be linear. Panics: never.
    pub fn map(&self, linear: impl Fn(&Interval) -> Interval) -> Family {
        Family {
            coefficients: self.coefficients.iter().map(&linear).collect(),
            rest: linear(&self.rest),
            parts: self.parts.iter().map(&linear).collect(),
        }
    }

    /// The same with the rest widened. Panics: never.
    #[must_use]
    pub fn widened(&self, shape: &Shape, by: &Interval) -> Family {
        shape.family(self.coefficients.clone(), self.rest.add(by))
    }
}

/// A sum of products of families.
#[derive(Debug)]
struct FamilySum<'a> {
    shape: &'a Shape,
    /// The degree up to which monomials are kept.
    kept: usize,
    coefficients: Vec<Accumulator>,
    rest: Accumulator,
}

impl<'a> FamilySum<'a> {
    /// The empty sum. Panics: never.
    fn new(shape: &'a Shape, kept: usize) -> Self {
        // Monomials are sorted by their degree.
        let within = shape.monomials.iter().take_while(|monomial| monomial.degree <= kept);
        let count = within.count();
        FamilySum {
            shape,
            kept,
            coefficients: vec![Accumulator::new(shape.precision); count],
            rest: Accumulator::new(shape.precision),
        }
    }

    /// Adds a product. Panics: never.
    fn add_product(&mut self, a: &Family, b: &Family) {
        if self.shape.degree == 0 {
            if let (Some(sum), Some(a), Some(b)) = (
                self.coefficients.first_mut(),
                a.coefficients.first(),
                b.coefficients.first(),
            ) {
                sum.add_product(a, b);
            }
            return;
        }
        self.add_monomials(a, b);
        for (i, a) in a.parts.iter().enumerate() {
            for b in b.parts.iter().skip(self.kept.saturating_add(1).saturating_sub(i)) {
                self.rest.add_product(a, b);
            }
        }
        if !a.rest.is_zero() {
            self.rest.add_product(&a.rest, &b.range());
        }
        if !b.rest.is_zero() {
            let polynomial = a.parts.iter().fold(self.shape.zero(), |sum, part| sum.add(part));
            self.rest.add_product(&polynomial, &b.rest);
        }
    }

    /// Adds the products of monomials within the degree that is kept.
    fn add_monomials(&mut self, a: &Family, b: &Family) {
        for Pairs { degrees, list } in &self.shape.products {
            let is_there =
                |family: &Family, degree: usize| family.parts.get(degree).is_some_and(|part| !part.is_zero());
            let within = degrees.0.saturating_add(degrees.1) <= self.kept;
            if !within || !is_there(a, degrees.0) || !is_there(b, degrees.1) {
                continue;
            }
            for (i, j, product) in list {
                if let (Some(sum), Some(a), Some(b)) = (
                    self.coefficients.get_mut(long(*product)),
                    a.coefficients.get(long(*i)),
                    b.coefficients.get(long(*j)),
                ) {
                    sum.add_product(a, b);
                }
            }
        }
    }

    /// The sum. Panics: never.
    fn finish(self) -> Family {
        let coefficients = self.coefficients.into_iter().map(Accumulator::finish).collect();
        self.shape.family(coefficients, self.rest.finish())
    }
}
