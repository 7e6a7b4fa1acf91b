//! Exponents: rational numbers once literal values are put in.

use super::super::builder::{Builder, Scope};
use crate::kernel::expr::exponent_is_tame;
use crate::kernel::limits;
use crate::problem::formula::{Formula, Operation, PartId, PartKind};
use crate::problem::{ClaimMistake, DiagnosticKind};
use rug::Rational;

impl Builder<'_> {
    /// The value of an exponent; `None` only with a diagnostic.
    pub(super) fn exponent(&mut self, formula: &Formula, scope: &Scope) -> Option<Rational> {
        let Some(value) = self.rational(formula, scope) else {
            self.report(ClaimMistake::ExponentNotLiteral, formula.span);
            return None;
        };
        if !exponent_is_tame(&value) {
            let limit = limits::EXPONENT;
            self.report(DiagnosticKind::ExponentTooLarge { limit }, formula.span);
            return None;
        }
        Some(value)
    }

    /// The rational that a formula in literal values comes to.
    fn rational(&self, formula: &Formula, scope: &Scope) -> Option<Rational> {
        let mut values: Vec<Rational> = Vec::with_capacity(formula.parts.len());
        for part in &formula.parts {
            let of = |id: &PartId| values.get(*id).cloned();
            let value = match &part.kind {
                PartKind::Number(value) => value.clone(),
                PartKind::Name(name) => Rational::from(self.quantity_here(name, scope)?.value()?),
                PartKind::Neg(inner) => -of(inner)?,
                PartKind::Binary(operation, left, right) => {
                    let (left, right) = (of(left)?, of(right)?);
                    match operation {
                        Operation::Add => left + right,
                        Operation::Sub => left - right,
                        Operation::Mul => left * right,
                        Operation::Div if right == 0 => return None,
                        Operation::Div => left / right,
                    }
                }
                _ => return None,
            };
            // Anything longer could not be an exponent in the end, short of cancellation that nobody writes.
            if !exponent_is_tame(&value) {
                return Some(value);
            }
            values.push(value);
        }
        values.pop()
    }
}
