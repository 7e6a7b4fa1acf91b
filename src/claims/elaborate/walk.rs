//! Formulas to nodes: front to back, with calls of itself only for sums and abbreviations, of which few may nest.

use super::builder::{Builder, Scope, nearest};
use crate::kernel::free::data::{Definition, IndexData, Node};
use crate::kernel::free::index::Index;
use crate::problem::claim_file::Equation;
use crate::problem::formula::{Affine, Formula, Operation, Part, PartId, PartKind};
use crate::problem::{ClaimMistake, Diagnostic, DiagnosticKind, Span};
use rug::Rational;

mod calls;
mod exponents;

/// The deepest nesting of sums and abbreviations.
const DEPTH: usize = 100;
/// The most terms of a sum that are written out.
const TERMS: i64 = 1_000;
/// The most indices.
const INDICES: usize = 10_000;

/// What a part of a formula means.
#[derive(Clone, Copy, Debug)]
pub(super) enum Meaning {
    /// An expression.
    Node(usize),
    /// An unknown function that waits for its argument.
    Function(u16),
    /// Part of a size, or something with a mistake that has been reported.
    Nothing,
}

impl<'file> Builder<'file> {
    /// The node of a formula; `None` only with a diagnostic.
    pub(super) fn formula(&mut self, formula: &'file Formula, scope: &Scope) -> Option<usize> {
        let sizes = parts_of_sizes(&formula.parts);
        let mut meanings: Vec<Meaning> = Vec::with_capacity(formula.parts.len());
        for (part, is_size) in formula.parts.iter().zip(sizes) {
            let meaning = if is_size {
                Some(Meaning::Nothing)
            } else {
                self.part(&formula.parts, part, &meanings, scope)
            };
            meanings.push(meaning.unwrap_or(Meaning::Nothing));
        }
        let root = meanings.len().checked_sub(1)?;
        self.node(&formula.parts, &meanings, root)
    }

    /// The expression that a part stands for; `None` only with a diagnostic.
    fn node(&mut self, parts: &[Part], meanings: &[Meaning], id: PartId) -> Option<usize> {
        match meanings.get(id)? {
            Meaning::Node(node) => Some(*node),
            Meaning::Nothing => None,
            Meaning::Function(function) => {
                let name = self
                    .data
                    .functions
                    .get(usize::from(*function))
                    .map(|function| function.name.clone());
                let name = name.unwrap_or_default();
                self.report(ClaimMistake::FunctionAlone { name }, span_of(parts, id));
                None
            }
        }
    }

    /// What one part means.
    fn part(
        &mut self,
        parts: &'file [Part],
        part: &'file Part,
        meanings: &[Meaning],
        scope: &Scope,
    ) -> Option<Meaning> {
        let span = part.span;
        let node = match &part.kind {
            PartKind::Number(value) => self.insert(Node::Number(value.clone()), span, &[]),
            PartKind::Name(name) => return self.name(name, span, scope),
            PartKind::Member {
                name,
                name_span,
                indices,
            } => self.member(name, *name_span, indices, span, scope),
            PartKind::Product {
                name,
                name_span,
                high,
                low,
            } => self.product_of_members(name, *name_span, (high, low), span, scope),
            PartKind::Transpose(inner) => {
                let inner_node = self.node(parts, meanings, *inner)?;
                self.insert(Node::Transpose(inner_node), span, &[span_of(parts, *inner)])
            }
            PartKind::Neg(inner) => {
                let inner_node = self.node(parts, meanings, *inner)?;
                self.insert(Node::Neg(inner_node), span, &[span_of(parts, *inner)])
            }
            PartKind::Binary(operation, left, right) => {
                let a = self.node(parts, meanings, *left);
                let b = self.node(parts, meanings, *right);
                let (a, b) = (a?, b?);
                let node = match operation {
                    Operation::Add => Node::Add(a, b),
                    Operation::Sub => Node::Sub(a, b),
                    Operation::Mul => Node::Mul(a, b),
                    Operation::Div => Node::Div(a, b),
                };
                self.insert(node, span, &[span_of(parts, *left), span_of(parts, *right)])
            }
            PartKind::Power(base, exponent) => {
                let inner = self.node(parts, meanings, *base);
                let exponent = self.exponent(exponent, scope);
                let (inner, exponent) = (inner?, exponent?);
                if exponent == 1 {
                    Some(inner)
                } else {
                    self.insert(Node::Power(inner, exponent), span, &[span_of(parts, *base)])
                }
            }
            PartKind::Call { .. } => self.call(parts, part, meanings, scope),
            PartKind::Sum {
                index,
                index_span,
                from,
                to,
                body,
            } => self.summation((index, *index_span), (from, to), body, span, scope),
        };
        node.map(Meaning::Node)
    }

    /// A name: a symbol, an unknown function, an abbreviation or a literal value.
    fn name(&mut self, name: &str, span: Span, scope: &Scope) -> Option<Meaning> {
        if name == "pi" {
            return self.insert(Node::Pi, span, &[]).map(Meaning::Node);
        }
        if let Some(symbol) = self.symbol(name) {
            let family = self
                .data
                .symbols
                .get(usize::from(symbol))
                .and_then(|symbol| symbol.family);
            if family.is_some() {
                let name = name.to_owned();
                self.report(ClaimMistake::FamilyWithoutIndex { name }, span);
                return None;
            }
            return self.insert(Node::Symbol(symbol), span, &[]).map(Meaning::Node);
        }
        if let Some(function) = self.function(name) {
            return Some(Meaning::Function(function));
        }
        if let Some(definition) = self.definitions.get(name).copied() {
            return self.definition(definition, None, span).map(Meaning::Node);
        }
        if let Some(quantity) = self.quantity_here(name, scope) {
            let Some(value) = quantity.value() else {
                let name = name.to_owned();
                self.report(ClaimMistake::IndexNotLiteral { name }, span);
                return None;
            };
            let node = Node::Number(Rational::from(value));
            return self.insert(node, span, &[]).map(Meaning::Node);
        }
        self.unknown_name(name, span);
        None
    }

    /// What a name in an index stands for, the values of the claim included.
    pub(super) fn quantity_here(&self, name: &str, scope: &Scope) -> Option<Index> {
        let own = scope.iter().rev().chain(self.base.iter().rev());
        let found = own.into_iter().find(|(letter, _)| letter == name);
        found
            .map(|(_, index)| index.clone())
            .or_else(|| self.quantity(name, &Scope::new()))
    }

    /// Reports a name that means nothing, once.
    fn unknown_name(&mut self, name: &str, span: Span) {
        let file = self.file;
        // A symbol or function with a mistake in its declaration has been complained about.
        let mut declared = file.symbols.iter().chain(&file.functions);
        if declared.any(|symbol| symbol.name.value == name) {
            return;
        }
        let symbols = file
            .symbols
            .iter()
            .chain(&file.functions)
            .map(|symbol| symbol.name.value.as_str());
        let definitions = file.definitions.iter().map(|definition| definition.name.value.as_str());
        let suggestion = nearest(name, symbols.chain(definitions).chain(["pi"]));
        let name = name.to_owned();
        let key = format!("name {name}");
        let help = suggestion
            .is_none()
            .then_some("symbols are declared under symbols, abbreviations under [let]");
        self.once(&key, DiagnosticKind::UnknownName { name, suggestion }, span);
        if let (Some(help), Some(last)) = (help, self.diagnostics.last_mut())
            && last.labels.first().is_some_and(|(place, _)| *place == span)
        {
            last.help = Some(help.to_owned());
        }
    }

    /// A member of a family of symbols or abbreviations.
    fn member(&mut self, name: &str, name_span: Span, indices: &[Affine], span: Span, scope: &Scope) -> Option<usize> {
        let [index] = indices else {
            let name = name.to_owned();
            self.report(
                ClaimMistake::WrongArguments {
                    name,
                    expected: "one index",
                },
                span,
            );
            return None;
        };
        let index = self.affine_here(index, scope);
        if let Some(definition) = self.definitions.get(name).copied() {
            return self.definition(definition, Some(index?), span);
        }
        let (symbol, family) = self.family(name, name_span)?;
        let index = index?;
        self.in_range(name, Some(family), &index, span).then_some(())?;
        self.insert(Node::Member(symbol, index), span, &[])
    }

    /// A family of symbols and its index.
    fn family(&mut self, name: &str, span: Span) -> Option<(u16, u16)> {
        let Some(symbol) = self.symbol(name) else {
            if self.function(name).is_some() {
                let name = name.to_owned();
                self.report(ClaimMistake::NotAFamily { name }, span);
            } else {
                self.unknown_name(name, span);
            }
            return None;
        };
        let family = self
            .data
            .symbols
            .get(usize::from(symbol))
            .and_then(|symbol| symbol.family);
        if family.is_none() {
            let name = name.to_owned();
            self.report(ClaimMistake::NotAFamily { name }, span);
        }
        Some((symbol, family?))
    }

    /// A descending product of members.
    fn product_of_members(
        &mut self,
        name: &str,
        name_span: Span,
        (high, low): (&Affine, &Affine),
        span: Span,
        scope: &Scope,
    ) -> Option<usize> {
        let ends = (self.affine_here(high, scope), self.affine_here(low, scope));
        let (symbol, family) = self.family(name, name_span)?;
        let (first, last) = (ends.0?, ends.1?);
        let empty = last.plus(-1, &first).and_then(|gap| gap.value()) == Some(1);
        if !empty {
            let fits = self.in_range(name, Some(family), &first, high.span)
                && self.in_range(name, Some(family), &last, low.span);
            fits.then_some(())?;
        }
        self.insert(Node::Product(symbol, first, last), span, &[])
    }

    /// An affine form, the values of the claim included.
    pub(super) fn affine_here(&mut self, affine: &Affine, scope: &Scope) -> Option<Index> {
        if self.base.is_empty() {
            return self.affine(affine, scope);
        }
        let mut all = self.base.clone();
        all.extend(scope.iter().cloned());
        self.affine(affine, &all)
    }

    /// What an abbreviation stands for, for this index.
    pub(super) fn definition(
        &mut self,
        definition: &'file Equation,
        index: Option<Index>,
        span: Span,
    ) -> Option<usize> {
        let name = definition.name.value.as_str();
        self.used.insert(name.to_owned());
        let mut scope = Scope::new();
        match (&definition.letter, &index) {
            (Some(letter), Some(index)) => {
                let range = self.index(&letter.value);
                self.in_range(name, range, index, span).then_some(())?;
                scope.push((letter.value.clone(), index.clone()));
            }
            (None, None) => {}
            (Some(_), None) => {
                let name = name.to_owned();
                self.report(ClaimMistake::FamilyWithoutIndex { name }, span);
                return None;
            }
            (None, Some(_)) => {
                let name = name.to_owned();
                self.report(ClaimMistake::NotAFamily { name }, span);
                return None;
            }
        }
        if let Some(start) = self.active.iter().position(|active| *active == name) {
            let mut names: Vec<&str> = self.active.get(start..).unwrap_or_default().to_vec();
            names.push(name);
            let names = names.join(" -> ");
            self.once(&format!("cycle {name}"), ClaimMistake::Cycle { names }, span);
            return None;
        }
        let key = (name, index);
        if let Some(node) = self.memo.get(&key) {
            return *node;
        }
        self.deeper(span)?;
        self.active.push(name);
        let node = self.formula(&definition.formula, &scope);
        self.active.pop();
        self.depth -= 1;
        if let Some(node) = node {
            let shown = match &key.1 {
                Some(index) => format!("{name}[{}]", self.index_text(index)),
                None => name.to_owned(),
            };
            let known = self
                .data
                .definitions
                .iter()
                .any(|known| known.name == shown && known.node == node);
            if !known {
                self.data.definitions.push(Definition { name: shown, node });
            }
        }
        self.memo.insert(key, node);
        node
    }

    /// A sum, written out if its ends are literal.
    fn summation(
        &mut self,
        (index, index_span): (&str, Span),
        (from, to): (&Affine, &Affine),
        body: &'file Formula,
        span: Span,
        scope: &Scope,
    ) -> Option<usize> {
        let ends = (self.affine_here(from, scope), self.affine_here(to, scope));
        let (first, last) = (ends.0?, ends.1?);
        self.deeper(span)?;
        let node = match (first.value(), last.value()) {
            (Some(first), Some(last)) => self.written_out(index, first, last, body, span, scope),
            _ => self.open_sum((index, index_span), first, last, body, span, scope),
        };
        self.depth -= 1;
        node
    }

    /// A sum with literal ends, term by term.
    fn written_out(
        &mut self,
        index: &str,
        first: i32,
        last: i32,
        body: &'file Formula,
        span: Span,
        scope: &Scope,
    ) -> Option<usize> {
        if i64::from(last) - i64::from(first) >= TERMS {
            let limit = usize::try_from(TERMS).unwrap_or(usize::MAX);
            let what = "terms in this sum";
            self.report(ClaimMistake::TooMany { limit, what }, span);
            return None;
        }
        let mut scope = scope.clone();
        let mut total = None;
        for value in first..=last {
            scope.push((index.to_owned(), Index::literal(value)));
            let term = self.formula(body, &scope)?;
            scope.pop();
            total = match total {
                None => Some(term),
                Some(sum) => self.insert(Node::Add(sum, term), span, &[body.span, body.span]),
            };
        }
        match total {
            Some(total) => Some(total),
            None => self.insert(Node::Number(Rational::new()), span, &[]),
        }
    }

    /// A sum with symbolic ends, over an index of its own.
    fn open_sum(
        &mut self,
        (index, index_span): (&str, Span),
        from: Index,
        to: Index,
        body: &'file Formula,
        span: Span,
        scope: &Scope,
    ) -> Option<usize> {
        let shared = self
            .sums
            .iter()
            .map(|(place, number)| (*place, *number))
            .find(|(place, number)| {
                let data = self.data.indices.get(usize::from(*number));
                let same =
                    data.is_some_and(|data| data.name == index && data.from == from && data.to.as_ref() == Some(&to));
                *place == index_span && same && !self.open_sums.contains(number)
            });
        let number = match shared {
            Some((_, number)) => number,
            None => {
                let number = u16::try_from(self.data.indices.len()).ok();
                let Some(number) = number.filter(|number| usize::from(*number) < INDICES) else {
                    self.once(
                        "indices",
                        ClaimMistake::TooMany {
                            limit: INDICES,
                            what: "indices",
                        },
                        span,
                    );
                    return None;
                };
                let (name, to) = (index.to_owned(), Some(to));
                self.data.indices.push(IndexData { name, from, to });
                self.sums.push((index_span, number));
                number
            }
        };
        let mut inner = scope.clone();
        inner.push((index.to_owned(), Index::variable(number)));
        self.open_sums.push(number);
        let body_node = self.formula(body, &inner);
        self.open_sums.pop();
        self.insert(Node::Sum(number, body_node?), span, &[body.span])
    }

    /// Steps into a sum or an abbreviation.
    fn deeper(&mut self, span: Span) -> Option<()> {
        if self.depth >= DEPTH {
            self.once("depth", DiagnosticKind::TooDeep { limit: DEPTH }, span);
            return None;
        }
        self.depth += 1;
        Some(())
    }

    /// Reports a mistake with advice.
    fn advise(&mut self, mistake: ClaimMistake, span: Span, help: String) {
        self.diagnostics
            .push(Diagnostic::at(mistake.into(), span, "").with_help(help));
    }
}

/// Where a part was written.
fn span_of(parts: &[Part], id: PartId) -> Span {
    parts.get(id).map_or(Span { start: 0, end: 0 }, |part| part.span)
}

/// For every part, whether it belongs to a size: the arguments of `eye` and `zeros` and what is below them.
fn parts_of_sizes(parts: &[Part]) -> Vec<bool> {
    let mut marked = vec![false; parts.len()];
    for (id, part) in parts.iter().enumerate().rev() {
        let inside = marked.get(id) == Some(&true);
        let children: Vec<PartId> = match &part.kind {
            PartKind::Call { name, arguments, .. } if inside || name == "eye" || name == "zeros" => arguments.clone(),
            PartKind::Binary(_, left, right) if inside => vec![*left, *right],
            PartKind::Transpose(inner) | PartKind::Neg(inner) | PartKind::Power(inner, _) if inside => vec![*inner],
            _ => Vec::new(),
        };
        for child in children {
            if let Some(mark) = marked.get_mut(child) {
                *mark = true;
            }
        }
    }
    marked
}
