//! A theory that is being built: its nodes with their places and shapes, and the meaning of names.

use super::Literals;
use super::reach::reachable;
use super::shapes::Form;
use crate::kernel::free::data::{Node, TheoryData};
use crate::kernel::free::index::Index;
use crate::problem::claim_file::{ClaimFile, Equation};
use crate::problem::{ClaimMistake, Diagnostic, DiagnosticKind, Span};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The most nodes of a theory.
const NODES: usize = 200_000;

/// What letters stand for; the last one of a name counts.
pub(super) type Scope = Vec<(String, Index)>;

/// A theory that is being built.
pub(super) struct Builder<'file> {
    pub(super) file: &'file ClaimFile,
    /// The literal values of the theory.
    pub(super) literals: Literals,
    pub(super) data: TheoryData,
    spans: Vec<Span>,
    known: HashMap<Node, usize>,
    /// The numbers of the symbols.
    pub(super) symbols: HashMap<String, u16>,
    /// The shape of every node.
    pub(super) forms: Vec<Form>,
    /// What is wrong with the shapes at a node, to be reported if a statement that is not about shapes needs it.
    ill: BTreeMap<usize, Diagnostic>,
    /// The nodes whose shapes have to be right.
    pub(super) roots: Vec<usize>,
    /// The abbreviations by name.
    pub(super) definitions: BTreeMap<&'file str, &'file Equation>,
    /// The literal values of the claim that is being read.
    pub(super) base: Scope,
    /// What abbreviations came to, under the present literal values.
    pub(super) memo: BTreeMap<(&'file str, Option<Index>), Option<usize>>,
    /// The abbreviations that are being replaced at the moment.
    pub(super) active: Vec<&'file str>,
    /// The abbreviations that were used.
    pub(super) used: BTreeSet<String>,
    /// The indices of sums: where they were written, with their ends, and their number.
    pub(super) sums: Vec<(Span, u16)>,
    /// The indices of the sums around the place that is being read.
    pub(super) open_sums: Vec<u16>,
    pub(super) depth: usize,
    complained: BTreeSet<String>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// What is left of a builder.
pub(super) struct Finished {
    pub(super) data: TheoryData,
    pub(super) spans: Vec<Span>,
    pub(super) used: BTreeSet<String>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl<'file> Builder<'file> {
    /// A theory with the declarations, motions and assumptions of a file.
    pub(super) fn new(file: &'file ClaimFile, literals: &Literals) -> Self {
        let mut builder = Builder {
            file,
            literals: literals.clone(),
            data: TheoryData::default(),
            spans: Vec::new(),
            known: HashMap::new(),
            symbols: HashMap::new(),
            forms: Vec::new(),
            ill: BTreeMap::new(),
            roots: Vec::new(),
            definitions: BTreeMap::new(),
            base: Scope::new(),
            memo: BTreeMap::new(),
            active: Vec::new(),
            used: BTreeSet::new(),
            sums: Vec::new(),
            open_sums: Vec::new(),
            depth: 0,
            complained: BTreeSet::new(),
            diagnostics: Vec::new(),
        };
        builder.declarations();
        builder.motions();
        builder.assumptions();
        builder
    }

    /// The data, with the complaints about shapes that matter.
    pub(super) fn finish(mut self) -> Finished {
        let needed = reachable(&self.data.nodes, &self.roots);
        for (node, diagnostic) in std::mem::take(&mut self.ill) {
            if needed.get(node) == Some(&true) {
                self.diagnostics.push(diagnostic);
            }
        }
        Finished {
            data: self.data,
            spans: self.spans,
            used: self.used,
            diagnostics: self.diagnostics,
        }
    }

    /// Adds a node, or finds it; `operands` are the places of its children.
    pub(super) fn insert(&mut self, node: Node, span: Span, operands: &[Span]) -> Option<usize> {
        if let Some(id) = self.known.get(&node) {
            return Some(*id);
        }
        let id = self.data.nodes.len();
        if id >= NODES {
            self.once(
                "nodes",
                ClaimMistake::TooMany {
                    limit: NODES,
                    what: "operations",
                },
                span,
            );
            return None;
        }
        let form = self.form(&node, span, operands).unwrap_or_else(|diagnostic| {
            self.ill.insert(id, *diagnostic);
            Form::Unknown
        });
        self.known.insert(node.clone(), id);
        self.data.nodes.push(node);
        self.spans.push(span);
        self.forms.push(form);
        Some(id)
    }

    /// Reports a mistake at a place.
    pub(super) fn report(&mut self, kind: impl Into<DiagnosticKind>, span: Span) {
        let kind = kind.into();
        let help = match &kind {
            DiagnosticKind::Claim(ClaimMistake::NoValue { .. }) => {
                Some("give every size and index a value, such as instance = { n = 2, k = 3 }")
            }
            DiagnosticKind::Claim(ClaimMistake::ExponentNotLiteral) => {
                Some("write A' for a transpose, and A^2 or s^(1/2) for a power")
            }
            _ => None,
        };
        let diagnostic = Diagnostic::at(kind, span, "");
        self.diagnostics.push(match help {
            Some(help) => diagnostic.with_help(help),
            None => diagnostic,
        });
    }

    /// Reports a mistake the first time it is made.
    pub(super) fn once(&mut self, key: &str, kind: impl Into<DiagnosticKind>, span: Span) {
        if self.complained.insert(key.to_owned()) {
            self.report(kind, span);
        }
    }

    /// The number of a symbol.
    pub(super) fn symbol(&self, name: &str) -> Option<u16> {
        self.symbols.get(name).copied()
    }

    /// The number of an unknown function.
    pub(super) fn function(&self, name: &str) -> Option<u16> {
        position(self.data.functions.iter().map(|function| function.name.as_str()), name)
    }

    /// The number of a size.
    pub(super) fn size(&self, name: &str) -> Option<u16> {
        position(self.data.sizes.iter().map(String::as_str), name)
    }

    /// The number of an index that is declared, not bound by a sum.
    pub(super) fn index(&self, name: &str) -> Option<u16> {
        let declared = self
            .data
            .indices
            .iter()
            .enumerate()
            .filter(|(number, _)| !self.sums.iter().any(|(_, sum)| usize::from(*sum) == *number));
        let found = declared.into_iter().find(|(_, index)| index.name == name);
        found.and_then(|(number, _)| u16::try_from(number).ok())
    }

    /// What a name in an index stands for: a letter, a literal value or a declared quantity.
    pub(super) fn quantity(&self, name: &str, scope: &Scope) -> Option<Index> {
        let letter = scope.iter().rev().find(|(letter, _)| letter == name);
        if let Some((_, index)) = letter {
            return Some(index.clone());
        }
        let literal = self.literals.iter().rev().find(|(literal, _)| literal == name);
        match literal {
            Some((_, value)) => Some(Index::literal(*value)),
            None => self.index(name).map(Index::variable),
        }
    }
}

/// The place of a name among names, as a number of the kernel.
fn position<'a>(mut names: impl Iterator<Item = &'a str>, name: &str) -> Option<u16> {
    names
        .position(|known| known == name)
        .and_then(|number| u16::try_from(number).ok())
}

/// The nearest of some names, if it is near enough to be meant.
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let tolerance = match name.chars().count() {
        0 | 1 => 0,
        2..=4 => 1,
        _ => 2,
    };
    let distance = |known: &str| strsim::damerau_levenshtein(&name.to_lowercase(), &known.to_lowercase());
    let close = known
        .map(|known| (distance(known), known))
        .filter(|(distance, _)| *distance <= tolerance);
    close.min().map(|(_, known)| known.to_owned())
}
