//! The algebra engine as a second witness: its derivative against the kernel's, and its shorter forms of a cost.

use super::search::Search;
use crate::kernel::evaluate::Program;
use crate::kernel::expr::{Id, Node, Table};
use crate::kernel::normal_form::{Decision, as_rational_function, is_identically_zero};
use crate::kernel::number::Number;
use crate::kernel::print::print;
use crate::symbolic::{self, EngineError};
use rug::Rational;
use std::time::Duration;

/// How long the engine may work on one question.
const PATIENCE: Duration = Duration::from_secs(5);
/// How many points are compared where the zero test does not settle the question.
const POINTS: usize = 24;
/// Longer derivatives are not shown.
const DISPLAYED: usize = 200;

impl Search<'_> {
    /// Compares the kernel's derivative of every form with the engine's.
    ///
    /// A disagreement is a mistake of foliate; the note names both.
    pub fn cross_check(&mut self) {
        let mut notes = Vec::new();
        let locals = if self.budget.algebra {
            self.locals.as_slice()
        } else {
            &[]
        };
        for local in locals {
            let Some((kernel_table, kernel, _)) = local.derivative(1) else {
                continue;
            };
            match symbolic::differentiate(&self.table, local.root, 0, PATIENCE) {
                Ok((table, root)) => {
                    if self.disagree((kernel_table, *kernel), (&table, root)) {
                        notes.push(format!(
                            "internal error, please report: two derivatives of {} disagree: the kernel says {}, Symbolica says {}",
                            print(&self.table, local.root),
                            print(kernel_table, *kernel),
                            print(&table, root)
                        ));
                    }
                }
                Err(EngineError::Failed(message)) => notes.push(format!("the algebra engine failed: {message}")),
                Err(_) => {}
            }
        }
        self.derivatives_disagree = notes.iter().any(|note| note.starts_with("internal error"));
        self.notes.extend(notes);
    }

    /// Whether two expressions certainly differ somewhere.
    fn disagree(&self, a: (&Table, Id), b: (&Table, Id)) -> bool {
        let mut table = a.0.clone();
        let other = table.import(b.0, b.1);
        let difference = table.insert(Node::Sub(a.1, other));
        if is_identically_zero(&table, difference) == Decision::Zero {
            return false;
        }
        let program = Program::new(&table, difference);
        let samples = self.samples();
        let step = (samples.len() / POINTS).max(1);
        samples.into_iter().step_by(step).any(|point| {
            let value = program.value(&[Number::Exact(point)], self.precision());
            value.is_ok_and(|value| value.is_nonzero())
        })
    }

    /// The derivative of a cost of one piece, for the reader: as short as the engine can make it, else the kernel's own.
    pub fn derivative_for_display(&self) -> Option<String> {
        let [local] = self.locals.as_slice() else { return None };
        let (table, root, _) = local.derivative(1)?;
        let short = match self.budget.algebra {
            true => symbolic::simplify(table, *root, PATIENCE),
            false => Err(EngineError::NotBuilt),
        };
        let text = match short.and_then(|(table, root)| symbolic::print(&table, root, PATIENCE)) {
            Ok(text) => text,
            Err(_) => print(table, *root),
        };
        (text.len() <= DISPLAYED).then_some(text)
    }

    /// Other forms of the cost, entered into the table: the quotient of polynomials it may be in disguise, and what the
    /// engine finds shorter.
    pub fn other_forms(&mut self) -> Vec<Id> {
        let mut forms = Vec::new();
        if let Some((top, bottom)) = as_rational_function(&self.table, self.cost) {
            let (top, bottom) = (self.polynomial(&top), self.polynomial(&bottom));
            let plain = *self.table.nodes().get(bottom.index()).unwrap_or(&Node::Pi) == Node::Number(Rational::from(1));
            forms.push(if plain {
                top
            } else {
                self.table.insert(Node::Div(top, bottom))
            });
        }
        if self.budget.algebra
            && let Ok((table, root)) = symbolic::simplify(&self.table, self.cost, PATIENCE)
        {
            forms.push(self.table.import(&table, root));
        }
        forms.retain(|form| *form != self.cost);
        forms
    }
}
