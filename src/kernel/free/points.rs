//! Derivatives of scalars at rational points.

use super::super::certificate::Exact;
use super::super::number::Number;
use super::super::polynomial::End;
use super::super::theorem::{Rejection, require};
use super::algebra::Algebra;
use super::data::Node;
use super::derive::Flow;
use super::element::{Element, FreeAtom};
use super::signs::Signs;
use super::univariate::Range;
use super::word::{Head, Letter};
use rug::Rational;
use std::collections::{BTreeMap, BTreeSet};

/// The matrix of partial derivatives at a rational point.
pub(super) fn jacobian(
    algebra: &mut Algebra<'_>,
    map: &[usize],
    by: &[u16],
    at: &[Exact],
) -> Result<Vec<Vec<Rational>>, Rejection> {
    algebra.check_point(by, at)?;
    // What is assumed at the point need not hold beside it.
    algebra.leaving_out_assumptions(|algebra| {
        let mut rows = Vec::with_capacity(map.len());
        for node in map {
            let element = algebra.evaluate(*node)?;
            let mut row = Vec::with_capacity(by.len());
            for symbol in by {
                let slope = algebra.derivative(&element, Flow::Symbol(*symbol))?;
                row.push(algebra.exact_value(&slope, by, at)?);
            }
            rows.push(row);
        }
        Ok(rows)
    })
}

/// The matrix of second partial derivatives at a rational point.
pub(super) fn hessian(
    algebra: &mut Algebra<'_>,
    of: usize,
    by: &[u16],
    at: &[Exact],
) -> Result<Vec<Vec<Rational>>, Rejection> {
    algebra.check_point(by, at)?;
    algebra.leaving_out_assumptions(|algebra| {
        let element = algebra.evaluate(of)?;
        require(element.is_scalar(), "only scalars have a Hessian")?;
        let mut rows = Vec::with_capacity(by.len());
        for first in by {
            let slope = algebra.derivative(&element, Flow::Symbol(*first))?;
            let mut row = Vec::with_capacity(by.len());
            for second in by {
                let curvature = algebra.derivative(&slope, Flow::Symbol(*second))?;
                row.push(algebra.exact_value(&curvature, by, at)?);
            }
            rows.push(row);
        }
        Ok(rows)
    })
}

impl Algebra<'_> {
    /// Checks that the assumptions leave these symbols free and hold at the point.
    fn check_point(&mut self, by: &[u16], at: &[Exact]) -> Result<(), Rejection> {
        let different: BTreeSet<&u16> = by.iter().collect();
        require(
            different.len() == by.len() && by.len() == at.len(),
            "a symbol without a value, or with two",
        )?;
        let free = self.check_free(by)?;
        for (condition, signs) in self.conditions.clone() {
            let atoms = self.scalars.depends_on(&condition);
            if atoms.is_disjoint(&free) {
                continue;
            }
            let value = self.exact_value(&Element::scalar(condition), by, at)?;
            require(
                Signs::of_number(&value).include(signs),
                "an assumption does not hold at the point",
            )?;
        }
        Ok(())
    }

    /// The atoms of symbols about which no equation is assumed.
    fn check_free(&mut self, symbols: &[u16]) -> Result<BTreeSet<u16>, Rejection> {
        let rules: Vec<usize> = self
            .theory
            .rules
            .iter()
            .flat_map(|rule| [rule.left, rule.right])
            .collect();
        for node in self.theory.below(&rules) {
            let assumed = matches!(self.theory.nodes.get(node), Some(Node::Symbol(name)) if symbols.contains(name));
            require(!assumed, "an equation is assumed about a symbol that should be free")?;
        }
        symbols.iter().map(|symbol| self.scalar_symbol(*symbol)).collect()
    }

    /// Checks that the assumptions hold for all values of a symbol in an open interval.
    pub(super) fn check_interval(&mut self, by: u16, left: &End, right: &End) -> Result<(), Rejection> {
        let free = self.check_free(&[by])?;
        let range = Range::open(left.clone(), right.clone());
        for (condition, signs) in self.conditions.clone() {
            let atoms = self.scalars.depends_on(&condition);
            if atoms.is_disjoint(&free) {
                continue;
            }
            let holds = atoms == free && self.has_sign_on(&condition, &range, signs)?;
            require(holds, "an assumption does not hold on the whole interval")?;
        }
        Ok(())
    }

    /// The atom of a scalar symbol.
    pub(super) fn scalar_symbol(&mut self, symbol: u16) -> Result<u16, Rejection> {
        let data = self.alphabet.symbol(symbol)?;
        let scalar = data.rows.is_one() && data.columns.is_one() && data.family.is_none();
        require(scalar, "a scalar symbol is needed here")?;
        let letter = Letter {
            head: Head::Symbol(symbol),
            transposed: false,
        };
        let atom = self.scalars.plain(FreeAtom::Trace(vec![letter]))?;
        let atom = atom.atoms().first().copied();
        atom.ok_or_else(|| Rejection::new("a scalar symbol is needed here"))
    }

    /// The exact value of a scalar at a rational point.
    fn exact_value(&mut self, element: &Element, by: &[u16], at: &[Exact]) -> Result<Rational, Rejection> {
        require(by.len() == at.len(), "a symbol without a value")?;
        let scalar = element
            .as_scalar()
            .ok_or_else(|| Rejection::new("a scalar is needed here"))?;
        let mut point = BTreeMap::new();
        for (symbol, value) in by.iter().zip(at) {
            point.insert(self.scalar_symbol(*symbol)?, value.0.clone());
        }
        let id = self.scalars.build(&scalar)?;
        let program = super::super::evaluate::Program::new(self.scalars.table(), id);
        let length = point
            .keys()
            .last()
            .map_or(0, |last| usize::from(*last).saturating_add(1));
        let mut variables = vec![Number::integer(0); length];
        for atom in self.scalars.depends_on(&scalar) {
            let value = point
                .get(&atom)
                .ok_or_else(|| Rejection::new("a symbol without a value"))?;
            if let Some(place) = variables.get_mut(usize::from(atom)) {
                *place = Number::Exact(value.clone());
            }
        }
        let value = program.value(&variables, 64);
        match value.map_err(|_| Rejection::new("the expression may be undefined at the point"))? {
            Number::Exact(value) => Ok(value),
            Number::Enclosed { .. } => Err(Rejection::new("the value at the point is not rational")),
        }
    }
}
