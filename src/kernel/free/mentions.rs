//! Which symbols and functions an expression is about, so that a counterexample shows their values and no others.

use super::data::{Node, TheoryData};
use std::collections::BTreeSet;

/// What occurs in some expressions, and in the motions that their time derivatives lead to.
#[derive(Debug, Default)]
pub(super) struct Mentions {
    /// Symbols and families.
    pub symbols: BTreeSet<u16>,
    /// Unknown functions.
    pub functions: BTreeSet<u16>,
}

impl Mentions {
    /// What these expressions mention. Every node is visited once. Panics: never.
    pub(super) fn of(theory: &TheoryData, roots: &[usize]) -> Self {
        let mut found = Mentions::default();
        let mut pending = roots.to_vec();
        let mut seen = BTreeSet::new();
        let mut moves = false;
        loop {
            while let Some(place) = pending.pop() {
                let Some(node) = theory.nodes.get(place).filter(|_| seen.insert(place)) else {
                    continue;
                };
                moves |= matches!(node, Node::Dot(_));
                found.note(node);
                pending.extend(node.children());
            }
            let motions = theory
                .motions
                .iter()
                .filter(|motion| moves && found.symbols.contains(&motion.symbol));
            pending.extend(
                motions
                    .map(|motion| motion.derivative)
                    .filter(|place| !seen.contains(place)),
            );
            if pending.is_empty() {
                return found;
            }
        }
    }

    fn note(&mut self, node: &Node) {
        match node {
            Node::Symbol(name) | Node::Member(name, _) | Node::Product(name, _, _) => {
                self.symbols.insert(*name);
            }
            Node::Unknown(name, _, _) | Node::Gradient(name, _) | Node::Second(name, _, _) => {
                self.functions.insert(*name);
            }
            _ => {}
        }
    }
}
