//! Why expressions are positive, not negative, or not 0 on the domain.

use super::polynomial::Polynomial;
use super::search::Search;
use super::squares::sum_of_squares;
use crate::kernel::certificate::Exact;
use crate::kernel::evaluate::Program;
use crate::kernel::expr::{Id, Node};
use crate::kernel::interval::Interval;
use crate::kernel::matrix::data::{Constraint, Sign, Square};
use crate::kernel::normal_form::{Decision, is_identically_zero};
use crate::kernel::number::Number;
use rug::Rational;
use std::collections::BTreeMap;

impl Search<'_> {
    /// A guess why an expression has the sign it needs to have; the kernel will say whether it is a reason.
    pub fn reason_for_sign(&mut self, of: Id) -> Sign {
        let range = self.range_on_space(of);
        if range.as_ref().is_some_and(Number::is_nonzero) {
            return Sign::Range {};
        }
        if let Some(reason) = self.multiple_of_conditions(of) {
            return reason;
        }
        if range.is_some_and(|range| range.is_nonnegative()) {
            return Sign::Range {};
        }
        let affine = |p: Polynomial| p.degree() <= 1;
        if self.definite && Polynomial::of(&self.table, of, self.size()).is_some_and(affine) {
            return Sign::Trace {};
        }
        self.positive_by_squares(of).unwrap_or(Sign::Range {})
    }

    /// The values on all of the space, the domain or not.
    pub fn range_on_space(&self, of: Id) -> Option<Number> {
        let whole = vec![Number::from(Interval::entire(self.budget.precision)); self.size()];
        Program::new(&self.table, of).value(&whole, self.budget.precision).ok()
    }

    /// A product of powers of the conditions that the expression is a multiple of.
    fn multiple_of_conditions(&mut self, of: Id) -> Option<Sign> {
        let point = self.inner_point()?;
        let at: Vec<Number> = point.iter().cloned().map(Number::Exact).collect();
        let minors = if self.definite { self.rows } else { 0 };
        let count = minors + self.domain.len();
        let mut conditions: Vec<Id> = Vec::new();
        for size in 1..=minors {
            conditions.push(self.leading_minor(size)?);
        }
        conditions.extend(self.domain.iter().map(|condition| match condition {
            Constraint::Positive(of) | Constraint::Nonzero(of) => *of,
        }));
        for (place, base) in conditions.into_iter().enumerate() {
            for power in [1i8, 2, -1, -2] {
                let mut table = self.table.clone();
                let multiple = table.insert(Node::Power(base, Rational::from(power)));
                let value = |root: Id| match Program::new(&table, root).value(&at, self.budget.precision) {
                    Ok(Number::Exact(value)) => Some(value),
                    _ => None,
                };
                let (Some(own), Some(other)) = (value(of), value(multiple)) else {
                    continue;
                };
                if other == 0 || own == 0 {
                    continue;
                }
                let factor = own / other;
                let number = table.number(factor.clone());
                let product = table.insert(Node::Mul(number, multiple));
                let difference = table.insert(Node::Sub(of, product));
                if is_identically_zero(&table, difference) == Decision::Zero {
                    let mut powers = vec![0; count];
                    powers[place] = power;
                    return Some(Sign::Domain {
                        factor: Exact(factor),
                        powers,
                    });
                }
            }
        }
        None
    }

    /// The determinant of the first rows and columns of a symmetric matrix, in the table.
    pub fn leading_minor(&mut self, size: usize) -> Option<Id> {
        let rows = self.rows;
        let place = |row: usize, column: usize| {
            let (low, high) = (row.min(column), row.max(column));
            low * rows + high - low * (low + 1) / 2
        };
        let minor = super::critical::minor(size, &place, self.size())?;
        Some(minor.write(&mut self.table))
    }

    /// A rational point of the domain.
    pub fn inner_point(&self) -> Option<Vec<Rational>> {
        let unit = |scale: &Rational| -> Vec<Rational> {
            self.diagonal()
                .into_iter()
                .map(|own| if own { scale.clone() } else { Rational::new() })
                .collect()
        };
        let mut candidates: Vec<Vec<Rational>> = vec![vec![Rational::new(); self.size()]];
        for scale in [(1, 1), (1, 2), (-1, 1), (1, 8), (2, 1), (8, 1)] {
            candidates.push(unit(&Rational::from(scale)));
        }
        candidates.into_iter().find(|point| self.is_inside(point))
    }

    /// Whether a rational point lies in the domain.
    pub fn is_inside(&self, point: &[Rational]) -> bool {
        let at: Vec<Number> = point.iter().cloned().map(Number::Exact).collect();
        let definite = !self.definite || matches!(crate::kernel::linear::inertia(&self.matrix(point)), Some([_, 0, 0]));
        definite
            && self.domain.iter().all(|condition| {
                let (of, strict) = match condition {
                    Constraint::Positive(of) => (*of, true),
                    Constraint::Nonzero(of) => (*of, false),
                };
                let value = Program::new(&self.table, of).value(&at, self.budget.precision);
                value.is_ok_and(|value| {
                    if strict {
                        value.is_positive()
                    } else {
                        value.is_nonzero()
                    }
                })
            })
    }

    /// A polynomial that is a positive constant plus squares.
    fn positive_by_squares(&mut self, of: Id) -> Option<Sign> {
        let p = Polynomial::of(&self.table, of, self.size())?;
        let value = p.terms.get(&vec![0; self.size()])?.clone();
        for part in [Rational::from((1, 2)), Rational::from((1, 100))] {
            let constant = Rational::from(&value * &part);
            let rest = p.plus(
                &Polynomial::constant(constant.clone(), self.size()),
                &Rational::from(-1),
            );
            if let Some(sign) = self.squares(&rest, constant) {
                return Some(sign);
            }
        }
        None
    }

    /// Why an expression is nowhere negative: by its range, or as a sum of squares, part by part.
    pub fn nonnegative(&mut self, of: Id) -> Option<Sign> {
        if self.range_on_space(of).is_some_and(|range| range.is_nonnegative()) {
            return Some(Sign::Range {});
        }
        let p = Polynomial::of(&self.table, of, self.size())?;
        self.nonnegative_polynomial(&p)
    }

    /// The same of a polynomial that need not be in the table.
    pub fn nonnegative_polynomial(&mut self, p: &Polynomial) -> Option<Sign> {
        if p.terms.is_empty() {
            return Some(Sign::Squares {
                constant: Exact(Rational::new()),
                terms: Vec::new(),
            });
        }
        self.squares(p, Rational::new())
    }

    /// constant + squares, as a reason.
    fn squares(&mut self, p: &Polynomial, constant: Rational) -> Option<Sign> {
        let mut terms = Vec::new();
        for part in independent_parts(p) {
            let found = sum_of_squares(&part, self.size())?;
            let basis = found
                .basis
                .iter()
                .map(|element| element.write(&mut self.table))
                .collect();
            let gram = found.gram.into_iter().map(|row| row.into_iter().map(Exact).collect());
            terms.push(Square {
                powers: Vec::new(),
                basis,
                gram: gram.collect(),
            });
        }
        Some(Sign::Squares {
            constant: Exact(constant),
            terms,
        })
    }
}

/// The parts of a polynomial that have no entries in common, the constant with the first of them.
fn independent_parts(p: &Polynomial) -> Vec<Polynomial> {
    let size = p.terms.keys().next().map_or(0, Vec::len);
    let mut group: Vec<usize> = (0..size).collect();
    for monomial in p.terms.keys() {
        let used: Vec<usize> = (0..size).filter(|place| monomial[*place] > 0).collect();
        let Some(first) = used.first() else { continue };
        let target = group[*first];
        for place in &used {
            let old = group[*place];
            for label in &mut group {
                if *label == old {
                    *label = target;
                }
            }
        }
    }
    let mut parts: BTreeMap<usize, Polynomial> = BTreeMap::new();
    let mut constant = None;
    for (monomial, value) in &p.terms {
        match (0..size).find(|place| monomial[*place] > 0) {
            Some(place) => parts
                .entry(group[place])
                .or_default()
                .add_term(monomial.clone(), value.clone()),
            None => constant = Some((monomial.clone(), value.clone())),
        }
    }
    let mut parts: Vec<Polynomial> = parts.into_values().collect();
    if let Some((monomial, value)) = constant {
        // All parts may need some of it.
        let share = value / Rational::from(parts.len().max(1));
        if parts.is_empty() {
            parts.push(Polynomial::default());
        }
        for part in &mut parts {
            part.add_term(monomial.clone(), share.clone());
        }
    }
    parts
}
