//! The algebra engine as a second witness: its gradient and its product of the Hessian with a vector, against what the
//! kernel computes by automatic differentiation.

use super::search::Search;
use crate::kernel::derivatives::Sweep;
use crate::kernel::evaluate::Program;
use crate::kernel::expr::{Id, Node, Table};
use crate::kernel::number::Number;
use crate::symbolic::{self, EngineError};
use rug::Rational;
use std::time::Duration;

/// How long the engine may work on one derivative.
const PATIENCE: Duration = Duration::from_secs(5);
/// Costs with more nodes than this are not differentiated twice.
const NODES: usize = 4_000;

impl Search<'_> {
    /// Compares the two at rational points of the domain; a disagreement is a mistake of foliate.
    pub fn cross_check(&mut self) {
        if !self.budget.algebra || self.smooth.is_none() || self.table.reachable(self.root).len() > NODES {
            return;
        }
        match self.witnesses() {
            Ok(Some((gradient, products))) => {
                if let Some(note) = self.disagreement(&gradient, &products) {
                    self.derivatives_disagree = true;
                    self.notes.push(note);
                }
            }
            Ok(None) => {}
            Err(message) => self.notes.push(format!("the algebra engine failed: {message}")),
        }
    }

    /// The vector that the Hessian is multiplied with.
    fn direction(&self) -> Vec<Rational> {
        (1..=self.size())
            .map(|place| Rational::from((2 * place as i64 - 5, place as i64 + 1)))
            .collect()
    }

    /// The engine's partial derivatives, and those of <grad f, direction>; `None` if it gives up.
    #[allow(clippy::type_complexity, reason = "two lists of expressions")]
    fn witnesses(&self) -> Result<Option<(Vec<(Table, Id)>, Vec<(Table, Id)>)>, String> {
        let variables: Vec<u16> = (0..self.size()).filter_map(|place| u16::try_from(place).ok()).collect();
        let derivative =
            |table: &Table, root: Id, variable: u16| match symbolic::differentiate(table, root, variable, PATIENCE) {
                Ok(found) => Ok(Some(found)),
                Err(EngineError::Failed(message)) => Err(message),
                Err(_) => Ok(None),
            };
        let mut gradient = Vec::with_capacity(variables.len());
        let mut along = Table::new();
        let mut sum = along.number(0);
        for (variable, factor) in variables.iter().zip(self.direction()) {
            if self.budget.is_over() {
                return Ok(None);
            }
            let Some(slope) = derivative(&self.table, self.root, *variable)? else {
                return Ok(None);
            };
            let own = along.import(&slope.0, slope.1);
            let factor = along.number(factor);
            let term = along.insert(Node::Mul(factor, own));
            sum = along.insert(Node::Add(sum, term));
            gradient.push(slope);
        }
        let mut products = Vec::with_capacity(variables.len());
        for variable in variables {
            if self.budget.is_over() {
                return Ok(None);
            }
            let Some(product) = derivative(&along, sum, variable)? else {
                return Ok(None);
            };
            products.push(product);
        }
        Ok(Some((gradient, products)))
    }

    /// Where and in what the two certainly differ.
    fn disagreement(&mut self, gradient: &[(Table, Id)], products: &[(Table, Id)]) -> Option<String> {
        let precision = self.budget.precision;
        let direction: Vec<Number> = self.direction().into_iter().map(Number::Exact).collect();
        let program = Program::new(&self.table, self.root);
        for point in self.low_points().into_iter().take(6) {
            let at: Vec<Number> = point.into_iter().map(Number::Exact).collect();
            let Ok(sweep) = Sweep::new(&program, &at, precision) else {
                continue;
            };
            let pairs = [
                ("gradient", sweep.gradient(self.size()), gradient),
                (
                    "product of the Hessian with a vector",
                    sweep.hessian_times(&direction),
                    products,
                ),
            ];
            for (what, ours, theirs) in pairs {
                for (own, (table, root)) in ours.iter().zip(theirs) {
                    let Ok(other) = Program::new(table, *root).value(&at, precision) else {
                        continue;
                    };
                    if own.sub(&other, precision).is_nonzero() {
                        return Some(format!(
                            "internal error, please report: the kernel's {what} and Symbolica's disagree at {at:?}"
                        ));
                    }
                }
            }
        }
        None
    }
}
