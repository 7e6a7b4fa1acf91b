//! Which nodes are needed, and which indices occur in them.

use crate::kernel::free::data::Node;
use crate::kernel::free::index::Index;
use crate::kernel::free::shape::Dimension;
use std::collections::BTreeSet;

/// The children of a node.
pub(super) fn children(node: &Node) -> Vec<usize> {
    match node {
        Node::Number(_)
        | Node::Pi
        | Node::Symbol(_)
        | Node::Member(..)
        | Node::Product(..)
        | Node::Identity(_)
        | Node::Zero(..) => Vec::new(),
        Node::Add(a, b) | Node::Sub(a, b) | Node::Mul(a, b) | Node::Div(a, b) | Node::Inner(a, b) => vec![*a, *b],
        Node::Second(_, a, b) => vec![*a, *b],
        Node::Neg(a)
        | Node::Transpose(a)
        | Node::Power(a, _)
        | Node::Trace(a)
        | Node::Apply(_, a)
        | Node::Unknown(_, _, a)
        | Node::Gradient(_, a)
        | Node::Dot(a)
        | Node::Partial(a, _)
        | Node::Sum(_, a) => vec![*a],
    }
}

/// For every node, whether it is one of these or below one of these.
pub(super) fn reachable(nodes: &[Node], roots: &[usize]) -> Vec<bool> {
    let mut reached = vec![false; nodes.len()];
    for root in roots {
        if let Some(entry) = reached.get_mut(*root) {
            *entry = true;
        }
    }
    for (id, node) in nodes.iter().enumerate().rev() {
        if reached.get(id) == Some(&true) {
            for child in children(node) {
                if let Some(entry) = reached.get_mut(child) {
                    *entry = true;
                }
            }
        }
    }
    reached
}

/// The index variables that occur in or below some nodes.
pub(super) fn indices_in(nodes: &[Node], roots: &[usize]) -> BTreeSet<u16> {
    let mut found = BTreeSet::new();
    let mut add = |index: &Index| found.extend(index.terms().iter().map(|(variable, _)| *variable));
    let of = |dimension: &Dimension| dimension.size.as_ref().and_then(|size| size.index.clone());
    let needed = reachable(nodes, roots);
    for (node, _) in nodes.iter().zip(needed).filter(|(_, needed)| *needed) {
        match node {
            Node::Member(_, index) => add(index),
            Node::Product(_, high, low) => {
                add(high);
                add(low);
            }
            Node::Identity(size) => of(size).iter().for_each(&mut add),
            Node::Zero(rows, columns) => of(rows).iter().chain(of(columns).iter()).for_each(&mut add),
            _ => {}
        }
    }
    found
}
