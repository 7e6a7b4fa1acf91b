//! Declarations, motions and assumptions as data.

use super::builder::{Builder, Scope, nearest};
use super::reach::indices_in;
use super::shapes::Form;
use crate::kernel::free::data::{Condition, FunctionData, IndexData, Motion, Node, Relation, Rule, SymbolData};
use crate::kernel::free::index::Index;
use crate::kernel::free::shape::Dimension;
use crate::problem::claim_file::{Assumption, Equation, Placed, Quantity, Symbol};
use crate::problem::formula::{Comparison, Extent, Formula};
use crate::problem::{ClaimMistake, Diagnostic, DiagnosticKind, Span};
use std::collections::BTreeMap;

/// The names that are functions of the language and cannot be declared.
pub(super) const RESERVED: [&str; 24] = [
    "tr", "inner", "norm2", "eye", "zeros", "sum", "grad", "hess", "dot", "sqrt", "exp", "log", "sin", "cos", "tan",
    "sinh", "cosh", "tanh", "atan", "asinh", "erf", "abs", "pi", "inf",
];

/// The most declared names.
const DECLARED: usize = 1_000;

impl<'file> Builder<'file> {
    /// All declarations of the file.
    pub(super) fn declarations(&mut self) {
        let file = self.file;
        let declared = file.index.len() + file.symbols.len() + file.functions.len();
        if declared > DECLARED {
            let (limit, what) = (DECLARED, "declarations");
            let span = file.id.span;
            self.report(ClaimMistake::TooMany { limit, what }, span);
            return;
        }
        self.distinct_names();
        for quantity in &file.index {
            self.declare_index(quantity);
        }
        for symbol in &file.symbols {
            self.family_index(symbol);
        }
        self.collect_sizes();
        for symbol in &file.symbols {
            self.declare_symbol(symbol);
        }
        for function in &file.functions {
            let rows = self.extent(&function.shape.rows, &Scope::new());
            let columns = self.extent(&function.shape.columns, &Scope::new());
            if let (Some(rows), Some(columns)) = (rows, columns) {
                let name = function.name.value.clone();
                self.data.functions.push(FunctionData { name, rows, columns });
            }
        }
        for name in &file.constants {
            self.declare_constant(name);
        }
        for definition in &file.definitions {
            self.definitions.insert(&definition.name.value, definition);
        }
    }

    /// Reports names that are declared twice, or that mean something already.
    fn distinct_names(&mut self) {
        let file = self.file;
        let quantities = file.index.iter().chain(&file.each).map(|quantity| &quantity.name);
        let symbols = file.symbols.iter().chain(&file.functions).map(|symbol| &symbol.name);
        let definitions = file.definitions.iter().map(|definition| &definition.name);
        let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
        for name in quantities.chain(symbols).chain(definitions) {
            let text = name.value.as_str();
            let called_d = text == "d" && file.functions.iter().any(|function| function.name.value == "d");
            if RESERVED.contains(&text) || called_d {
                let name_text = text.to_owned();
                self.report(DiagnosticKind::ReservedName { name: name_text }, name.span);
            } else if let Some(first) = seen.insert(text, name.span) {
                let kind = ClaimMistake::Redeclared { name: text.to_owned() };
                let diagnostic = Diagnostic::at(kind.into(), name.span, "declared again here");
                self.diagnostics.push(diagnostic.with_label(first, "declared here"));
            }
        }
    }

    /// An integer quantity, unless it has a literal value in this theory.
    fn declare_index(&mut self, quantity: &Quantity) {
        let name = &quantity.name.value;
        if self.literals.iter().any(|(literal, _)| literal == name) {
            return;
        }
        let from = self.affine(&quantity.range.from, &Scope::new());
        let to = quantity.range.to.as_ref().map(|to| self.affine(to, &Scope::new()));
        let (Some(from), Some(to)) = (from, to.map_or(Some(None), |to| to.map(Some))) else {
            return;
        };
        let name = name.clone();
        self.data.indices.push(IndexData { name, from, to });
    }

    /// The index of a family, if it is one of the quantities that have literal values elsewhere.
    fn family_index(&mut self, symbol: &Symbol) {
        let Some(letter) = &symbol.letter else { return };
        if self.index(&letter.value).is_some() {
            return;
        }
        let file = self.file;
        let known = file
            .index
            .iter()
            .chain(&file.each)
            .find(|quantity| quantity.name.value == letter.value);
        let Some(quantity) = known else {
            self.unknown_index(&letter.value, &Scope::new(), letter.span);
            return;
        };
        let from = self.affine(&quantity.range.from, &Scope::new());
        let to = quantity.range.to.as_ref().and_then(|to| self.affine(to, &Scope::new()));
        if let Some(from) = from {
            let name = letter.value.clone();
            self.data.indices.push(IndexData { name, from, to });
        }
    }

    /// The names of all sizes, each either a single size or a family.
    fn collect_sizes(&mut self) {
        let mut families: BTreeMap<&str, bool> = BTreeMap::new();
        let file = self.file;
        let shapes = file.symbols.iter().chain(&file.functions).map(|symbol| &symbol.shape);
        for extent in shapes.flat_map(|shape| [&shape.rows, &shape.columns]) {
            let Extent {
                size: Some((name, index)),
                span,
                ..
            } = extent
            else {
                continue;
            };
            if index.is_none() && self.quantity(name, &Scope::new()).is_some() {
                continue;
            }
            match families.insert(name, index.is_some()) {
                None => self.data.sizes.push(name.clone()),
                Some(family) if family != index.is_some() => {
                    let mistake = ClaimMistake::MixedSize { name: name.clone() };
                    self.once(&format!("mixed {name}"), mistake, *span);
                }
                Some(_) => {}
            }
        }
    }

    /// A symbol or a family.
    fn declare_symbol(&mut self, symbol: &Symbol) {
        let mut scope = Scope::new();
        let mut family = None;
        if let Some(letter) = &symbol.letter {
            let Some(index) = self.index(&letter.value) else {
                return;
            };
            scope.push((letter.value.clone(), Index::variable(index)));
            family = Some(index);
        }
        let rows = self.extent(&symbol.shape.rows, &scope);
        let columns = self.extent(&symbol.shape.columns, &scope);
        if let (Some(rows), Some(columns)) = (rows, columns) {
            let name = symbol.name.value.clone();
            if let Ok(number) = u16::try_from(self.data.symbols.len()) {
                self.symbols.entry(name.clone()).or_insert(number);
            }
            self.data.symbols.push(SymbolData {
                name,
                family,
                rows,
                columns,
                symmetric: symbol.shape.symmetric,
                constant: false,
            });
        }
    }

    /// A symbol that does not move.
    fn declare_constant(&mut self, name: &Placed<String>) {
        match self.symbol(&name.value) {
            Some(symbol) => {
                if let Some(data) = self.data.symbols.get_mut(usize::from(symbol)) {
                    data.constant = true;
                }
            }
            None => self.unknown_symbol(&name.value, name.span),
        }
    }

    /// Reports a name that is not one of the symbols.
    pub(super) fn unknown_symbol(&mut self, name: &str, span: Span) {
        let declared = self.file.symbols.iter().map(|symbol| symbol.name.value.as_str());
        // A symbol with a mistake in its declaration has been complained about.
        if self.file.symbols.iter().any(|symbol| symbol.name.value == name) {
            return;
        }
        let suggestion = nearest(name, declared);
        let name = name.to_owned();
        self.report(ClaimMistake::UnknownSymbol { name, suggestion }, span);
    }

    /// The time derivatives.
    pub(super) fn motions(&mut self) {
        let file = self.file;
        for motion in &file.motions {
            if let Some(motion) = self.motion(motion) {
                self.data.motions.push(motion);
            }
        }
    }

    /// The time derivative of a symbol or a family.
    fn motion(&mut self, motion: &'file Equation) -> Option<Motion> {
        let name = &motion.name.value;
        let Some(symbol) = self.symbol(name) else {
            self.unknown_symbol(name, motion.name.span);
            return None;
        };
        let data = self.data.symbols.get(usize::from(symbol))?;
        let (family, constant) = (data.family, data.constant);
        if constant || self.data.motions.iter().any(|motion| motion.symbol == symbol) {
            let name = name.clone();
            self.report(ClaimMistake::Redeclared { name }, motion.name.span);
            return None;
        }
        let scope = match (&motion.letter, family) {
            (Some(letter), Some(family)) => vec![(letter.value.clone(), Index::variable(family))],
            (None, None) => Scope::new(),
            (None, Some(_)) => {
                let name = name.clone();
                self.report(ClaimMistake::FamilyWithoutIndex { name }, motion.name.span);
                return None;
            }
            (Some(_), None) => {
                let name = name.clone();
                self.report(ClaimMistake::NotAFamily { name }, motion.name.span);
                return None;
            }
        };
        let derivative = self.formula(&motion.formula, &scope)?;
        self.roots.push(derivative);
        let needed = self.symbol_form(symbol);
        let found = self.forms.get(derivative).cloned().unwrap_or(Form::Unknown);
        self.check_same(
            "a symbol and its time derivative",
            (&needed, motion.name.span),
            (&found, motion.formula.span),
        );
        Some(Motion { symbol, derivative })
    }

    /// Demands that two shapes are the same, with a diagnostic if they are not.
    pub(super) fn check_same(&mut self, what: &'static str, left: (&Form, Span), right: (&Form, Span)) {
        let span = left.1.to(right.1);
        if let Err(diagnostic) = self.same(what, span, left, right) {
            self.diagnostics.push(*diagnostic);
        }
    }

    /// What is assumed.
    pub(super) fn assumptions(&mut self) {
        let file = self.file;
        for assumption in &file.assumptions {
            let (left, right) = (&assumption.left, &assumption.right);
            let sides = (self.formula(left, &Scope::new()), self.formula(right, &Scope::new()));
            let (Some(a), Some(b)) = sides else { continue };
            for scope in self.all_values(&[a, b]) {
                self.assumption(assumption, &scope);
            }
        }
    }

    /// All combinations of values of the indices that some nodes leave open and that run between literal ends: what is
    /// assumed with an index is assumed for all its values.
    fn all_values(&self, nodes: &[usize]) -> Vec<Scope> {
        let open = indices_in(&self.data.nodes, nodes);
        let mut scopes = vec![Scope::new()];
        for (number, data) in (0u16..).zip(&self.data.indices) {
            let ends = data.from.value().zip(data.to.as_ref().and_then(Index::value));
            let Some((from, to)) = ends.filter(|_| open.contains(&number)) else {
                continue;
            };
            let longer = scopes.iter().flat_map(|scope: &Scope| {
                (from..=to).map(|value| {
                    let mut scope = scope.clone();
                    scope.push((data.name.clone(), Index::literal(value)));
                    scope
                })
            });
            scopes = longer.collect();
        }
        scopes
    }

    /// One assumption, with some indices replaced by values.
    fn assumption(&mut self, assumption: &'file Assumption, scope: &Scope) {
        let (left, right) = (&assumption.left, &assumption.right);
        let sides = (self.formula(left, scope), self.formula(right, scope));
        let (Some(a), Some(b)) = sides else { return };
        self.roots.extend([a, b]);
        let relation = match assumption.comparison {
            Comparison::Equal => {
                let forms = (self.form_of(a), self.form_of(b));
                self.check_same("the two sides", (&forms.0, left.span), (&forms.1, right.span));
                self.data.rules.push(Rule { left: a, right: b });
                return;
            }
            Comparison::NotEqual => Relation::Nonzero,
            Comparison::Greater => Relation::Positive,
            Comparison::Less => Relation::Negative,
            Comparison::AtLeast => Relation::Nonnegative,
            Comparison::AtMost => Relation::Nonpositive,
        };
        if let Some(of) = self.difference(left, a, right, b) {
            self.roots.push(of);
            self.check_scalar("a side of an inequality", of, left.span.to(right.span));
            self.data.conditions.push(Condition { of, relation });
        }
    }

    /// The difference of two sides, which is the left one if the right one is 0.
    fn difference(&mut self, left: &Formula, a: usize, right: &Formula, b: usize) -> Option<usize> {
        if right.as_number().is_some_and(|value| *value == 0) {
            return Some(a);
        }
        self.insert(Node::Sub(a, b), left.span.to(right.span), &[left.span, right.span])
    }

    /// Demands a scalar, with a diagnostic if it is none.
    pub(super) fn check_scalar(&mut self, what: &'static str, node: usize, span: Span) {
        let form = self.form_of(node);
        if let Err(diagnostic) = self.scalar(what, &form, span) {
            self.diagnostics.push(*diagnostic);
        }
    }

    /// The shape of a node.
    pub(super) fn form_of(&self, node: usize) -> Form {
        self.forms.get(node).cloned().unwrap_or(Form::Unknown)
    }

    /// Reads the abbreviations that nobody used, for the mistakes in them.
    pub(super) fn unused_definitions(&mut self, used: &std::collections::BTreeSet<String>) {
        let file = self.file;
        for definition in file
            .definitions
            .iter()
            .filter(|definition| !used.contains(&definition.name.value))
        {
            let span = definition.name.span;
            let index = match &definition.letter {
                // A letter that is not declared may stand for anything, so its range is not known.
                Some(letter) => match self.quantity(&letter.value, &Scope::new()) {
                    Some(index) => Some(index),
                    None => continue,
                },
                None => None,
            };
            if let Some(node) = self.definition(definition, index, span) {
                self.roots.push(node);
            }
        }
    }
}

/// The dimension of a scalar.
pub(super) fn is_scalar_function(rows: &Dimension, columns: &Dimension) -> bool {
    rows.is_one() && columns.is_one()
}
