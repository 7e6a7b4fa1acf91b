//! Scalars that are polynomials in one scalar symbol: their signs and roots.

use super::super::polynomial::{End, Polynomial};
use super::super::theorem::{Rejection, require};
use super::algebra::Algebra;
use super::data::Relation;
use super::scalar::Scalar;
use super::signs::Signs;
use rug::Rational;
use std::cmp::Ordering;

/// An interval, each finite end with whether it belongs to it.
#[derive(Clone, Debug)]
struct Range {
    left: (End, bool),
    right: (End, bool),
}

/// The coefficients of a polynomial in one atom.
pub(super) fn polynomial(scalar: &Scalar, atom: u16) -> Result<Polynomial, Rejection> {
    let shape = || Rejection::new("this is not a polynomial in one scalar symbol");
    let mut coefficients: Vec<Rational> = Vec::new();
    for (monomial, coefficient) in scalar.terms() {
        let exponent = match monomial.powers() {
            [] => 0,
            [(name, exponent)] if *name == atom && *exponent > 0 => usize::try_from(*exponent).map_err(|_| shape())?,
            _ => return Err(shape()),
        };
        require(exponent <= super::super::limits::DEGREE, "the degree is too large")?;
        if coefficients.len() <= exponent {
            coefficients.resize(exponent.saturating_add(1), Rational::new());
        }
        if let Some(place) = coefficients.get_mut(exponent) {
            place.clone_from(coefficient);
        }
    }
    Polynomial::from_coefficients(coefficients).ok_or_else(|| Rejection::new("the degree is too large"))
}

impl Algebra<'_> {
    /// Whether a polynomial in one scalar symbol has a sign on the interval that the assumptions leave to the symbol.
    ///
    /// By Sturm's theorem: no factor of odd multiplicity has a root inside, and the sign is right at one point.
    pub(super) fn has_sign_by_roots(&self, scalar: &Scalar, relation: Relation) -> Result<bool, Rejection> {
        let atoms = self.scalars.depends_on(scalar);
        let (Some(atom), 1) = (atoms.first().copied(), atoms.len()) else {
            return Ok(false);
        };
        let Ok(polynomial) = polynomial(scalar, atom) else {
            return Ok(false);
        };
        let range = self.range_of(atom);
        if range.left.0 >= range.right.0 {
            return Ok(false);
        }
        let strict = Signs::of(relation).nonzero;
        let too_large = || Rejection::new("the polynomial is too large");
        let inside = |factor: &Polynomial| factor.count_roots(&range.left.0, &range.right.0).ok_or_else(too_large);
        for (factor, multiplicity) in polynomial.squarefree_factors() {
            let harmless = multiplicity % 2 == 0 && !strict;
            if !harmless && inside(&factor)? > 0 {
                return Ok(false);
            }
        }
        // Ends that belong to the interval.
        for (end, closed) in [&range.left, &range.right] {
            if let (Some(point), true) = (end.finite(), *closed)
                && !at(&polynomial, point).show(relation)
            {
                return Ok(false);
            }
        }
        let Some(sample) = sample(&polynomial, &range) else {
            return Ok(false);
        };
        Ok(at(&polynomial, &sample).show(relation))
    }

    /// What the roots of a polynomial in one symbol say about its sign; nothing for a single term.
    pub(super) fn sign_by_roots(&self, scalar: &Scalar) -> Result<Signs, Rejection> {
        let one_symbol = scalar.len() > 1 && self.scalars.depends_on(scalar).len() == 1;
        let relations = [
            Relation::Positive,
            Relation::Negative,
            Relation::Nonnegative,
            Relation::Nonpositive,
        ];
        for relation in relations.into_iter().filter(|_| one_symbol) {
            if self.has_sign_by_roots(scalar, relation)? {
                return Ok(Signs::of(relation));
            }
        }
        Ok(Signs::default())
    }

    /// What the assumptions say about one atom: bounds by numbers.
    fn range_of(&self, atom: u16) -> Range {
        let mut range = Range {
            left: (End::NegativeInfinity, false),
            right: (End::PositiveInfinity, false),
        };
        for (condition, signs) in &self.conditions {
            let Ok(bound) = polynomial(condition, atom) else {
                continue;
            };
            let [constant, slope] = bound.coefficients() else {
                continue;
            };
            let point = Rational::from(-constant) / slope;
            let closed = !signs.nonzero;
            let above = (signs.nonnegative && *slope > 0) || (signs.nonpositive && *slope < 0);
            let below = (signs.nonnegative && *slope < 0) || (signs.nonpositive && *slope > 0);
            if above && End::At(point.clone()) > range.left.0 {
                range.left = (End::At(point.clone()), closed);
            }
            if below && End::At(point.clone()) < range.right.0 {
                range.right = (End::At(point), closed);
            }
        }
        range
    }
}

/// The sign of a polynomial at a point.
fn at(polynomial: &Polynomial, point: &Rational) -> Signs {
    let order = polynomial.sign_at(point);
    Signs {
        nonnegative: order != Ordering::Less,
        nonpositive: order != Ordering::Greater,
        nonzero: order != Ordering::Equal,
    }
}

/// A point inside that is no root, tried on a grid finer than there are roots.
fn sample(polynomial: &Polynomial, range: &Range) -> Option<Rational> {
    let tries = polynomial.degree().unwrap_or(0).checked_add(2)?;
    let mut points = (1..=tries).map(|step| match (range.left.0.finite(), range.right.0.finite()) {
        (Some(left), Some(right)) => {
            let part = Rational::from((step, tries.saturating_add(1)));
            part * Rational::from(right - left) + left
        }
        (Some(left), None) => Rational::from(step) + left,
        (None, Some(right)) => right - Rational::from(step),
        (None, None) => Rational::from(step),
    });
    points.find(|point| polynomial.sign_at(point) != Ordering::Equal)
}
