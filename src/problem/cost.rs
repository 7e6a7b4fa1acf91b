//! A scalar cost function as a file states it: the expression, its domain, and where each part was written.

use super::{Domain, Source, Span};
use crate::kernel::expr::{Id, Table};
use rug::Rational;
use std::collections::BTreeMap;

/// A cost f of one real variable `w` on an open interval.
#[derive(Clone, Debug)]
pub struct ScalarCost {
    /// The name the file gives itself, or else the name of its source.
    pub name: String,
    /// The text the cost was read from.
    pub source: Source,
    /// The table that holds the expression.
    pub table: Table,
    /// The place of the cost in the table.
    pub root: Id,
    /// The interval on which the cost is studied.
    pub domain: Domain,
    /// Where the cost expression stands in the source.
    pub cost_span: Span,
    /// Where the domain stands in the source; the whole cost if the file does not state one.
    pub domain_span: Span,
    /// For every node that was written down, where it was written first.
    pub spans: BTreeMap<Id, Span>,
    /// The named constants in the order of the file.
    pub constants: Vec<(String, Rational)>,
    /// The named parameters in the order of the file: constants that are meant to be varied.
    pub parameters: Vec<(String, Rational)>,
    /// What the author expects the answers to be.
    pub truth: Option<toml::Table>,
    /// Whether the author expects the cost to be undefined somewhere on its domain.
    pub expects_domain_error: bool,
    /// The SHA-256 of the bytes of the source, in lower-case hexadecimal.
    pub sha256: String,
}

impl ScalarCost {
    /// Where a node was written, or the whole cost for a node that was derived later. Panics: never.
    pub fn span_of(&self, id: Id) -> Span {
        self.spans.get(&id).copied().unwrap_or(self.cost_span)
    }
}
