//! The open set on which a cost of a matrix is studied: all of the space, or where some polynomials are positive.

use super::super::cost_file::{Place, Reader};
use super::super::formula::parse_comparison;
use super::elaborate::Elaborator;
use crate::kernel::expr::{Id, Node, Table};
use crate::problem::formula::Comparison;
use crate::problem::matrix_cost::{Condition, Constant};
use crate::problem::{Diagnostic, DiagnosticKind, MatrixCost};
use crate::syntax::quoted;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// The domain that is everything.
const EVERYWHERE: &str = "all";
/// The domain of the symmetric positive definite matrices.
const DEFINITE: &str = "positive definite";

/// A table with the cost, the cost, and an expression that is positive exactly on its domain, if that is not everything.
///
/// Errors: a sentence about a domain that is not given by one strict inequality. Panics: never.
pub fn with_domain(cost: &MatrixCost) -> Result<(Table, Id, Option<Id>), String> {
    if cost.definite {
        return Err("a product of layers is not symmetric: the domain cannot be the positive definite matrices".into());
    }
    match cost.conditions.as_slice() {
        [] => Ok((cost.table.clone(), cost.root, None)),
        [only] if only.positive => Ok((cost.table.clone(), cost.root, Some(only.of))),
        _ => Err(format!(
            "the domain `{}` cannot be used here: it must be one inequality with > or <",
            cost.domain
        )),
    }
}

/// A domain whose conditions have tables of their own.
pub(super) struct Domain {
    /// As it was written.
    pub text: String,
    /// W is symmetric and positive definite.
    pub definite: bool,
    conditions: Vec<(Table, Id, bool)>,
}

impl Domain {
    /// The conditions as places in the table of the cost.
    pub fn conditions(&self, table: &mut Table) -> Vec<Condition> {
        let mut import = |(own, of, positive): &(Table, Id, bool)| Condition {
            of: table.import(own, *of),
            positive: *positive,
        };
        self.conditions.iter().map(&mut import).collect()
    }
}

impl<'text> Reader<'text> {
    /// The domain: a comparison, or a list of comparisons that all hold.
    pub(super) fn matrix_domain(
        &mut self,
        table: &DeTable<'text>,
        shape: Option<[usize; 2]>,
        constants: &[(String, Constant)],
    ) -> Domain {
        let mut domain = Domain {
            text: EVERYWHERE.to_owned(),
            definite: false,
            conditions: Vec::new(),
        };
        let Some(value) = table.get("domain") else {
            return domain;
        };
        let texts: Vec<(&str, Range<usize>)> = match value.get_ref() {
            DeValue::String(text) => vec![(text, value.span())],
            DeValue::Array(texts) if !texts.is_empty() => {
                let mut read = Vec::new();
                for text in texts.iter() {
                    match text.get_ref().as_str() {
                        Some(own) => read.push((own, text.span())),
                        None => self.wrong_type("domain", "a comparison in quotes", text),
                    }
                }
                read
            }
            _ => {
                self.wrong_type("domain", "a comparison in quotes, or a list of them", value);
                return domain;
            }
        };
        let words: Vec<&str> = texts.iter().map(|(text, _)| *text).collect();
        domain.text = words.join(" and ");
        let declared = self.declared(table);
        domain.definite = words.contains(&DEFINITE);
        for (text, span) in texts {
            let Some(shape) = shape else {
                // Without a shape only the grammar can be looked at.
                if text != EVERYWHERE
                    && text != DEFINITE
                    && let Err(diagnostics) = parse_comparison(text)
                {
                    let place = Place::of(self.text, text, span.into());
                    self.adopt(diagnostics, &place);
                }
                continue;
            };
            if text == DEFINITE && shape[0] != shape[1] {
                self.refuse(text, span, "for a matrix that is not square: `all`, or comparisons");
                continue;
            }
            if text == EVERYWHERE || text == DEFINITE {
                continue;
            }
            let shape = (shape, domain.definite);
            domain
                .conditions
                .extend(self.condition(text, span, shape, constants, &declared));
        }
        domain
    }

    /// One condition; `None` only with a diagnostic.
    fn condition(
        &mut self,
        text: &str,
        span: Range<usize>,
        (shape, definite): ([usize; 2], bool),
        constants: &[(String, Constant)],
        declared: &[String],
    ) -> Option<(Table, Id, bool)> {
        let place = Place::of(self.text, text, span.clone().into());
        let (left, comparison, right) = match parse_comparison(text) {
            Ok(read) => read,
            Err(diagnostics) => {
                self.adopt(diagnostics, &place);
                return None;
            }
        };
        let mut elaborator = match definite {
            true => Elaborator::symmetric(shape[0], constants, declared),
            false => Elaborator::new(shape, constants, declared),
        };
        let sides = (
            elaborator.number(&left, "the left side"),
            elaborator.number(&right, "the right side"),
        );
        let (mut own, diagnostics) = elaborator.finish();
        self.adopt(diagnostics, &place);
        let (left, right) = (sides.0?, sides.1?);
        let (greater, less, positive) = match comparison {
            Comparison::Greater => (left, right, true),
            Comparison::Less => (right, left, true),
            Comparison::NotEqual => (left, right, false),
            Comparison::Equal | Comparison::AtLeast | Comparison::AtMost => {
                self.refuse(text, span, "an open set: >, < or !=");
                return None;
            }
        };
        let of = if matches!(own.node(less), Some(Node::Number(value)) if *value == 0) {
            greater
        } else {
            own.insert(Node::Sub(greater, less))
        };
        if !is_polynomial(&own, of) {
            self.refuse(text, span, "a comparison of polynomials in the entries of W");
            return None;
        }
        Some((own, of, positive))
    }

    fn refuse(&mut self, text: &str, span: Range<usize>, allowed: &'static str) {
        let kind = DiagnosticKind::UnknownValue {
            key: "domain",
            value: quoted(text),
            allowed,
        };
        self.diagnostics.push(Diagnostic::at(kind, span.into(), ""));
    }
}

/// Whether an expression is a polynomial in the entries by the way it is written.
fn is_polynomial(table: &Table, root: Id) -> bool {
    table.reachable(root).iter().all(|id| match table.node(*id) {
        Some(Node::Number(_) | Node::Variable(_) | Node::Add(..) | Node::Sub(..) | Node::Mul(..) | Node::Neg(_)) => {
            true
        }
        Some(Node::Power(_, exponent)) => *exponent.denom() == 1 && *exponent >= 0,
        Some(Node::Div(_, by)) => matches!(table.node(*by), Some(Node::Number(_))),
        _ => false,
    })
}
