//! Elements: sums of words with scalar coefficients, of one symbolic shape, perhaps under a sum over an index.

use super::index::Index;
use super::scalar::Scalar;
use super::shape::Dimension;
use super::word::Word;
use rug::Rational;
use std::collections::BTreeMap;

/// An atom of the free algebra.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FreeAtom {
    /// The trace of a closed word in cyclic normal form; a scalar letter is the trace of itself.
    Trace(Word),
    /// A named size as a number.
    Size(Dimension),
    /// The derivative of some order of an unknown function at an argument.
    Unknown(u16, u8, usize),
}

/// A word, and the range of the sum it stands under; the index of the sum is `index::BOUND`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// The first and last value of the index.
    pub sum: Option<(Index, Index)>,
    /// The word.
    pub word: Word,
}

/// A matrix of symbolic shape in normal form.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Element {
    /// The number of rows.
    pub rows: Dimension,
    /// The number of columns.
    pub columns: Dimension,
    /// The coefficients of the words; none is empty.
    pub terms: BTreeMap<Key, Scalar>,
    /// Whether this is the number 0 as written, which has whatever shape is needed.
    pub literal_zero: bool,
}

impl Element {
    /// The zero matrix of a shape.
    pub fn zero(rows: Dimension, columns: Dimension) -> Self {
        Element {
            rows,
            columns,
            terms: BTreeMap::new(),
            literal_zero: false,
        }
    }

    /// A scalar.
    pub fn scalar(value: Scalar) -> Self {
        let mut element = Element::zero(Dimension::number(1), Dimension::number(1));
        element.add_term(Key::default(), &Rational::from(1), &value);
        element
    }

    /// Whether it is 1 x 1.
    pub fn is_scalar(&self) -> bool {
        self.rows.is_one() && self.columns.is_one()
    }

    /// Whether two elements can be added.
    pub fn same_shape(&self, other: &Self) -> bool {
        self.rows == other.rows && self.columns == other.columns
    }

    /// The value of a scalar without sums over symbolic ranges.
    pub fn as_scalar(&self) -> Option<Scalar> {
        if !self.is_scalar() {
            return None;
        }
        match self.terms.first_key_value() {
            None => Some(Scalar::default()),
            Some((key, value)) if self.terms.len() == 1 && *key == Key::default() => Some(value.clone()),
            Some(_) => None,
        }
    }

    /// Adds a multiple of a coefficient to that of a word.
    pub fn add_term(&mut self, key: Key, factor: &Rational, coefficient: &Scalar) {
        let entry = self.terms.entry(key.clone()).or_default();
        entry.add(factor, coefficient);
        if entry.is_empty() {
            self.terms.remove(&key);
        }
    }

    /// Adds a multiple of another element of the same shape.
    pub fn add(&mut self, factor: &Rational, other: &Self) {
        for (key, coefficient) in &other.terms {
            self.add_term(key.clone(), factor, coefficient);
        }
        self.literal_zero &= other.literal_zero;
    }

    /// The multiple by a rational.
    pub fn scaled(&self, factor: &Rational) -> Self {
        let mut element = Element::zero(self.rows.clone(), self.columns.clone());
        element.add(factor, self);
        element
    }

    /// The total number of monomials.
    pub fn monomials(&self) -> usize {
        self.terms.values().map(Scalar::len).sum()
    }
}
