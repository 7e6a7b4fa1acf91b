//! Sparse polynomials in the entries over the rationals, for finders that look at coefficients.

use crate::kernel::expr::{Id, Node, Table};
use rug::Rational;
use std::collections::BTreeMap;

/// More terms than this are not worth looking at.
const TERMS: usize = 20_000;

/// The exponents of the entries.
pub(super) type Monomial = Vec<u8>;

/// A polynomial: coefficients, none of them 0, by monomials.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Polynomial {
    pub terms: BTreeMap<Monomial, Rational>,
}

impl Polynomial {
    pub fn constant(value: Rational, size: usize) -> Self {
        Polynomial::term(vec![0; size], value)
    }

    pub fn term(monomial: Monomial, value: Rational) -> Self {
        let mut polynomial = Polynomial::default();
        polynomial.add_term(monomial, value);
        polynomial
    }

    pub fn variable(place: usize, size: usize) -> Self {
        let monomial = (0..size).map(|own| u8::from(own == place)).collect();
        Polynomial::term(monomial, Rational::from(1))
    }

    /// The polynomial an expression is by the way it is written; `None` if it is none, or a large one.
    pub fn of(table: &Table, root: Id, size: usize) -> Option<Self> {
        let mut values: BTreeMap<Id, Polynomial> = BTreeMap::new();
        for id in table.reachable(root) {
            let of = |child: &Id| values.get(child);
            let value = match table.node(id)? {
                Node::Number(value) => Polynomial::constant(value.clone(), size),
                Node::Variable(name) => Polynomial::variable(usize::from(*name), size),
                Node::Add(a, b) => of(a)?.plus(of(b)?, &Rational::from(1)),
                Node::Sub(a, b) => of(a)?.plus(of(b)?, &Rational::from(-1)),
                Node::Mul(a, b) => of(a)?.times(of(b)?)?,
                Node::Neg(a) => of(a)?.scaled(&Rational::from(-1)),
                Node::Div(a, b) => {
                    let by = of(b)?.as_constant().filter(|by| *by != 0)?;
                    of(a)?.scaled(&by.recip())
                }
                Node::Power(a, exponent) if *exponent.denom() == 1 => of(a)?.power(exponent.numer().to_u32()?, size)?,
                _ => return None,
            };
            values.insert(id, value);
        }
        values.remove(&root)
    }

    pub fn as_constant(&self) -> Option<Rational> {
        match self.terms.iter().next() {
            None => Some(Rational::new()),
            Some((monomial, value)) if self.terms.len() == 1 && degree(monomial) == 0 => Some(value.clone()),
            Some(_) => None,
        }
    }

    pub fn degree(&self) -> u32 {
        self.terms.keys().map(degree).max().unwrap_or(0)
    }

    pub fn add_term(&mut self, monomial: Monomial, value: Rational) {
        let entry = self.terms.entry(monomial.clone()).or_default();
        *entry += value;
        if *entry == 0 {
            self.terms.remove(&monomial);
        }
    }

    /// self + factor * other.
    pub fn plus(&self, other: &Self, factor: &Rational) -> Self {
        let mut sum = self.clone();
        for (monomial, value) in &other.terms {
            sum.add_term(monomial.clone(), Rational::from(value * factor));
        }
        sum
    }

    pub fn scaled(&self, factor: &Rational) -> Self {
        Polynomial::default().plus(self, factor)
    }

    /// The product; `None` beyond the limit, or for exponents above 255.
    pub fn times(&self, other: &Self) -> Option<Self> {
        if self.terms.len().saturating_mul(other.terms.len()) > 40 * TERMS {
            return None;
        }
        let mut product = Polynomial::default();
        for (left, a) in &self.terms {
            for (right, b) in &other.terms {
                product.add_term(product_of(left, right)?, Rational::from(a * b));
            }
        }
        (product.terms.len() <= TERMS).then_some(product)
    }

    fn power(&self, exponent: u32, size: usize) -> Option<Self> {
        if exponent > 32 {
            return None;
        }
        let mut product = Polynomial::constant(Rational::from(1), size);
        for _ in 0..exponent {
            product = product.times(self)?;
        }
        Some(product)
    }

    /// The partial derivative.
    pub fn derivative(&self, place: usize) -> Self {
        let mut slope = Polynomial::default();
        for (monomial, value) in &self.terms {
            let exponent = monomial.get(place).copied().unwrap_or(0);
            if exponent > 0 {
                let mut lower = monomial.clone();
                lower[place] -= 1;
                slope.add_term(lower, Rational::from(value * u32::from(exponent)));
            }
        }
        slope
    }

    /// The polynomial as an expression.
    pub fn write(&self, table: &mut Table) -> Id {
        let mut sum = None;
        for (monomial, value) in &self.terms {
            let mut term = (*value != 1 || degree(monomial) == 0).then(|| table.number(value.clone()));
            for (place, exponent) in monomial.iter().enumerate().filter(|(_, exponent)| **exponent > 0) {
                let name = u16::try_from(place).unwrap_or(u16::MAX);
                let letter = table.insert(Node::Variable(name));
                let power = if *exponent == 1 {
                    letter
                } else {
                    table.insert(Node::Power(letter, Rational::from(*exponent)))
                };
                term = Some(term.map_or(power, |term| table.insert(Node::Mul(term, power))));
            }
            let Some(term) = term else { continue };
            sum = Some(sum.map_or(term, |sum| table.insert(Node::Add(sum, term))));
        }
        sum.unwrap_or_else(|| table.number(0))
    }
}

/// The sum of the exponents.
pub(super) fn degree(monomial: &Monomial) -> u32 {
    monomial.iter().map(|exponent| u32::from(*exponent)).sum()
}

/// The product of two monomials.
pub(super) fn product_of(left: &Monomial, right: &Monomial) -> Option<Monomial> {
    left.iter().zip(right).map(|(a, b)| a.checked_add(*b)).collect()
}

/// All monomials in some of the entries up to a degree, the lowest degrees first.
pub(super) fn monomials(size: usize, of: &[usize], top: u32) -> Vec<Monomial> {
    let mut levels = vec![vec![vec![0u8; size]]];
    for _ in 0..top {
        let last = levels.last().cloned().unwrap_or_default();
        let mut next: Vec<Monomial> = Vec::new();
        for monomial in last {
            for place in of {
                let mut higher = monomial.clone();
                higher[*place] += 1;
                next.push(higher);
            }
        }
        next.sort();
        next.dedup();
        levels.push(next);
    }
    levels.concat()
}
