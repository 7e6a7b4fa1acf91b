//! Finite sums of monomials with exact or enclosing coefficients, and their ring operations.

use super::super::interval::DomainError;
use super::super::limits;
use super::super::number::{Number, Sign};
use super::monomial::{HalfLine, Monomial};
use rug::Rational;
use std::cmp::Ordering;

/// Why a tail could not be followed.
#[derive(Clone, Debug, PartialEq)]
pub enum TailError {
    /// A sub-expression may leave its domain on the tail.
    Domain(DomainError),
    /// A form that must keep its sign may vanish on the tail, or its growth is outside the scale.
    Undetermined(&'static str),
    /// The expression is broken.
    Malformed,
}

impl From<DomainError> for TailError {
    fn from(error: DomainError) -> Self {
        TailError::Domain(error)
    }
}

/// A finite sum of monomials, the fastest growing first.
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    terms: Vec<(Monomial, Number)>,
}

impl Form {
    /// A constant.
    pub fn constant(value: Number) -> Self {
        Form::monomial(Monomial::default(), value)
    }

    /// One term.
    pub fn monomial(monomial: Monomial, coefficient: Number) -> Self {
        let mut form = Form {
            terms: vec![(monomial, coefficient)],
        };
        form.terms.retain(|(_, coefficient)| !coefficient.is_zero());
        form
    }

    /// The terms, the fastest growing first; none of them has the exact coefficient 0.
    pub fn terms(&self) -> &[(Monomial, Number)] {
        &self.terms
    }

    /// Whether all monomials are short enough to compute with.
    pub(super) fn is_tame(&self) -> bool {
        self.terms
            .iter()
            .all(|(monomial, _)| monomial.bits() <= limits::MONOMIAL_BITS)
    }

    /// Whether the form is exactly zero.
    pub fn is_zero(&self) -> bool {
        self.terms.is_empty()
    }

    /// The sum.
    pub fn add(&self, other: &Form, precision: u32) -> Form {
        let mut terms = Vec::with_capacity(self.terms.len().saturating_add(other.terms.len()));
        let (mut left, mut right) = (self.terms.iter().peekable(), other.terms.iter().peekable());
        loop {
            let order = match (left.peek(), right.peek()) {
                (Some((a, _)), Some((b, _))) => a.compare_growth(b),
                (Some(_), None) => Ordering::Greater,
                (None, Some(_)) => Ordering::Less,
                (None, None) => break,
            };
            match order {
                Ordering::Greater => terms.extend(left.next().cloned()),
                Ordering::Less => terms.extend(right.next().cloned()),
                Ordering::Equal => {
                    if let (Some((monomial, a)), Some((_, b))) = (left.next(), right.next()) {
                        terms.push((monomial.clone(), a.add(b, precision)));
                    }
                }
            }
        }
        terms.retain(|(_, coefficient)| !coefficient.is_zero());
        Form { terms }
    }

    /// The product with one term.
    pub fn times_term(&self, monomial: &Monomial, coefficient: &Number, precision: u32) -> Form {
        let mut terms: Vec<_> = self
            .terms
            .iter()
            .map(|(m, c)| (m.times(monomial), c.mul(coefficient, precision)))
            .collect();
        terms.retain(|(_, coefficient)| !coefficient.is_zero());
        Form { terms }
    }

    /// The negative.
    pub fn neg(&self) -> Form {
        Form {
            terms: self.terms.iter().map(|(m, c)| (m.clone(), c.neg())).collect(),
        }
    }

    /// The difference.
    pub fn sub(&self, other: &Form, precision: u32) -> Form {
        self.add(&other.neg(), precision)
    }

    /// The product, shortened to `keep` exact terms and one that stands for the rest.
    pub fn mul(&self, other: &Form, line: &HalfLine, keep: usize) -> Result<Form, TailError> {
        let precision = line.precision();
        let mut product = Form { terms: Vec::new() };
        for (monomial, coefficient) in &self.terms {
            product = product.add(&other.times_term(monomial, coefficient, precision), precision);
        }
        product.shortened(line, keep)
    }

    /// Folds all terms after the first `keep` into one enclosing term.
    pub fn shortened(mut self, line: &HalfLine, keep: usize) -> Result<Form, TailError> {
        if self.terms.len() <= keep.saturating_add(1) {
            return Ok(self);
        }
        let rest = self.terms.split_off(keep);
        let Some((lead, _)) = rest.first() else { return Ok(self) };
        let lead = lead.clone();
        let folded = Form { terms: rest }.ratio_range(&lead, line)?;
        self.terms.push((lead, folded));
        Ok(self)
    }

    /// Encloses form / monomial on the half line.
    pub fn ratio_range(&self, monomial: &Monomial, line: &HalfLine) -> Result<Number, TailError> {
        let precision = line.precision();
        let mut sum = Number::integer(0);
        for (term, coefficient) in &self.terms {
            let ratio = term.over(monomial);
            let value = if ratio.is_one() {
                coefficient.clone()
            } else {
                let range = ratio
                    .range(line)
                    .ok_or(TailError::Undetermined("a logarithm that may not be positive"))?;
                // Monomials are positive even where the enclosure of a decaying one touches 0.
                coefficient.mul(&Number::Enclosed { range, nonzero: true }, precision)
            };
            sum = sum.add(&value, precision);
        }
        Ok(sum)
    }

    /// The dominant monomial and an enclosure, valid on the whole tail, of the form divided by it.
    pub fn leading(&self, line: &HalfLine) -> Result<Option<(Monomial, Number)>, TailError> {
        match self.terms.first() {
            None => Ok(None),
            Some((monomial, _)) => Ok(Some((monomial.clone(), self.ratio_range(monomial, line)?))),
        }
    }

    /// The sign on the whole tail, if it is certain.
    pub fn sign(&self, line: &HalfLine) -> Option<Sign> {
        match self.leading(line) {
            Ok(None) => Some(Sign::Zero),
            Ok(Some((_, bracket))) => bracket.sign(),
            Err(_) => None,
        }
    }

    /// Whether the form is certainly nowhere negative on the tail.
    pub fn is_nonnegative(&self, line: &HalfLine) -> bool {
        match self.leading(line) {
            Ok(None) => true,
            Ok(Some((_, bracket))) => bracket.is_nonnegative(),
            Err(_) => false,
        }
    }

    /// Encloses all values on the tail.
    pub fn range(&self, line: &HalfLine) -> Result<Number, TailError> {
        let direct = self.ratio_range(&Monomial::default(), line)?;
        let Some((monomial, bracket)) = self.leading(line)? else {
            return Ok(Number::integer(0));
        };
        if monomial.is_one() {
            return Ok(direct);
        }
        let lead = monomial
            .range(line)
            .ok_or(TailError::Undetermined("a logarithm that may not be positive"))?;
        let factored = Number::Enclosed {
            range: lead,
            nonzero: true,
        }
        .mul(&bracket, line.precision());
        let precision = line.precision();
        let both = factored.interval(precision).intersection(&direct.interval(precision));
        let nonzero = factored.is_nonzero() || direct.is_nonzero();
        Ok(both.map_or(factored, |range| Number::Enclosed { range, nonzero }))
    }

    /// Whether the form tends to +inf (`Positive`) or -inf (`Negative`): the dominant monomial tends to infinity and
    /// the quotient stays on one side of 0, at a positive distance; or this holds for what is left without leading
    /// terms that only add to it.
    pub fn diverges(&self, line: &HalfLine) -> Option<Sign> {
        for skipped in 0..self.terms.len() {
            let (lead, rest) = (self.terms.get(..skipped)?, self.terms.get(skipped..)?);
            let rest = Form { terms: rest.to_vec() };
            let (monomial, bracket) = rest.leading(line).ok()??;
            if monomial.tendency() != Ordering::Greater {
                return None;
            }
            let range = bracket.interval(line.precision());
            if range.is_positive() && lead.iter().all(|(_, coefficient)| coefficient.is_nonnegative()) {
                return Some(Sign::Positive);
            }
            if range.is_negative() && lead.iter().all(|(_, coefficient)| coefficient.is_nonpositive()) {
                return Some(Sign::Negative);
            }
        }
        None
    }

    /// Whether the form tends to 0: every monomial does and every coefficient is bounded.
    pub fn vanishes(&self, line: &HalfLine) -> bool {
        self.terms.iter().all(|(monomial, coefficient)| {
            monomial.tendency() == Ordering::Less && coefficient.interval(line.precision()).is_bounded()
        })
    }

    /// The part that grows without bound, the constant part, and the part that tends to 0.
    pub fn parts(&self) -> (Form, Number, Form) {
        let pick = |order: Ordering| Form {
            terms: self
                .terms
                .iter()
                .filter(|(monomial, _)| monomial.tendency() == order)
                .cloned()
                .collect(),
        };
        let constant = self.terms.iter().find(|(monomial, _)| monomial.is_one());
        let constant = constant.map_or(Number::integer(0), |(_, coefficient)| coefficient.clone());
        (pick(Ordering::Greater), constant, pick(Ordering::Less))
    }
}

/// A form with a single term `coefficient * t^power`.
pub fn power_of_t(power: Rational, coefficient: Rational) -> Form {
    Form::monomial(Monomial::power_of_t(power), Number::Exact(coefficient))
}
