//! From an expression to a fraction in generators, front to back through its table.

use super::super::expr::{Id, Node, Table};
use super::Failure;
use super::fraction::Fraction;
use super::gaussian::Gaussian;
use super::generators::{Algebra, Generator};
use super::multivariate::Multivariate;
use std::collections::HashMap;

/// Number of terms that the lowered nodes of one expression may have together.
const STORED_TERMS: u64 = 1_000_000;

/// A lowered expression.
pub(super) struct Lowered {
    /// The generators that occur, and the work left.
    pub(super) algebra: Algebra,
    /// The expression as a fraction in them.
    pub(super) value: Fraction,
    /// Whether some node was too large and stands for itself.
    pub(super) incomplete: bool,
}

/// Lowers `root`. Errors: [`Failure::Undefined`] if it is defined nowhere, [`Failure::TooLarge`] if it is not a node of
/// the table.
pub(super) fn lower(table: &Table, root: Id) -> Result<Lowered, Failure> {
    let mut algebra = Algebra::new()?;
    let mut values: HashMap<Id, Fraction> = HashMap::new();
    let mut incomplete = false;
    let mut stored = 0u64;
    for id in table.reachable(root) {
        let node = table.node(id).ok_or(Failure::TooLarge)?;
        let value = match algebra.lower_node(node, &values) {
            Ok(value) if stored.saturating_add(value.size()) <= STORED_TERMS => value,
            Err(Failure::Undefined) => return Err(Failure::Undefined),
            // The node stands for itself: differences of equal large nodes still cancel.
            Ok(_) | Err(Failure::TooLarge) => {
                incomplete = true;
                Fraction::generator(algebra.place(Generator::Node(id))?)
            }
        };
        stored = stored.saturating_add(value.size());
        values.insert(id, value);
    }
    let value = values.remove(&root).ok_or(Failure::TooLarge)?;
    Ok(Lowered {
        algebra,
        value,
        incomplete,
    })
}

impl Algebra {
    /// Lowers one node whose children are lowered.
    fn lower_node(&mut self, node: &Node, values: &HashMap<Id, Fraction>) -> Result<Fraction, Failure> {
        let of = |child: &Id| values.get(child).ok_or(Failure::TooLarge);
        for child in node.children() {
            self.work.charge(of(&child)?.size())?;
        }
        match node {
            Node::Number(value) => {
                let constant = Multivariate::constant(Gaussian::real(value.clone()));
                Ok(Fraction::polynomial(constant.within_limits()?))
            }
            Node::Pi => Ok(Fraction::generator(self.place(Generator::Pi)?)),
            Node::Variable(name) => Ok(Fraction::generator(self.place(Generator::Variable(*name))?)),
            Node::Add(a, b) => self.add(of(a)?, of(b)?),
            Node::Sub(a, b) => self.sub(of(a)?, of(b)?),
            Node::Mul(a, b) => self.mul(of(a)?, of(b)?),
            Node::Div(a, b) => self.div(of(a)?, of(b)?),
            Node::Neg(a) => Ok(of(a)?.neg()),
            Node::Power(a, exponent) => self.rational_power(of(a)?, exponent),
            Node::Apply(function, a) => self.apply(*function, of(a)?),
        }
    }
}
