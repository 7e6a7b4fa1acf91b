//! Which indices are free in which expressions: a name must mean one thing wherever it is read.

use super::super::limits;
use super::super::theorem::{Rejection, Within, require};
use super::data::{Node, Statement, TheoryData};
use super::index::Index;
use super::shape::Dimension;
use std::collections::BTreeSet;

/// Most indices that are free in one expression.
const FREE: usize = 64;

/// The free indices of all nodes of a theory.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    free: Vec<BTreeSet<u16>>,
    /// The indices that some sum runs over.
    summed: BTreeSet<u16>,
    /// The indices that are free in the theory itself, with those that stand for places in families.
    theory: BTreeSet<u16>,
}

impl Scope {
    /// The free indices of a theory.
    ///
    /// Errors: if a name would mean two things, or if a sum or a family replaces an index on which the range of another
    /// one depends.
    pub(super) fn new(theory: &TheoryData) -> Result<Self, Rejection> {
        let mut scope = Scope::default();
        let reach = reach(theory);
        for (place, node) in theory.nodes.iter().enumerate() {
            let at = || format!("nodes[{place}]");
            let free = scope.free_in(theory, node, &reach).within(at)?;
            require(free.len() <= FREE, "too many indices in one expression").within(at)?;
            one_name_each(theory, &free).within(at)?;
            scope.free.push(free);
        }
        scope.theory = theory.symbols.iter().filter_map(|symbol| symbol.family).collect();
        for motion in &theory.motions {
            let formal = theory
                .symbols
                .get(usize::from(motion.symbol))
                .and_then(|data| data.family);
            let free = scope.of(motion.derivative);
            if let Some(formal) = formal {
                replaceable(formal, &free, &reach).within(|| "motions")?;
            }
            scope.theory.extend(free);
        }
        let rules = theory.rules.iter().flat_map(|rule| [rule.left, rule.right]);
        // Abbreviations are not looked at: they stand for their text, wherever it is.
        for root in rules.chain(theory.conditions.iter().map(|condition| condition.of)) {
            scope.theory.extend(scope.of(root));
        }
        scope.check_free(theory, &BTreeSet::new())?;
        Ok(scope)
    }

    /// The free indices of a node.
    pub(super) fn of(&self, node: usize) -> BTreeSet<u16> {
        self.free.get(node).cloned().unwrap_or_default()
    }

    /// Checks the names of the indices of a statement against those of the theory.
    pub(super) fn check_statement(&self, theory: &TheoryData, statement: &Statement) -> Result<(), Rejection> {
        let nodes = match statement {
            Statement::Equal(nodes) | Statement::JacobianRank { map: nodes, .. } => nodes.as_slice(),
            Statement::Degree { of, .. }
            | Statement::Shape { of, .. }
            | Statement::Defined { of }
            | Statement::Sign { of, .. }
            | Statement::HessianInertia { of, .. }
            | Statement::Roots { of, .. }
            | Statement::Integral { of, .. } => std::slice::from_ref(of),
            Statement::Radius { .. } => &[],
        };
        let mut own: BTreeSet<u16> = nodes.iter().flat_map(|node| self.of(*node)).collect();
        if let Statement::Degree { letters, .. } = statement {
            own.extend(
                letters
                    .iter()
                    .filter_map(|letter| letter.index.as_ref())
                    .flat_map(variables),
            );
        }
        if let Statement::Shape { rows, columns, .. } = statement {
            own.extend(in_dimension(rows).chain(in_dimension(columns)));
        }
        self.check_free(theory, &own)
    }

    fn check_free(&self, theory: &TheoryData, own: &BTreeSet<u16>) -> Result<(), Rejection> {
        let free: BTreeSet<u16> = self.theory.union(own).copied().collect();
        require(
            free.is_disjoint(&self.summed),
            "an index that is summed over is free elsewhere",
        )?;
        one_name_each(theory, &free)
    }

    fn free_in(
        &mut self,
        theory: &TheoryData,
        node: &Node,
        reach: &[BTreeSet<u16>],
    ) -> Result<BTreeSet<u16>, Rejection> {
        let mut free: BTreeSet<u16> = node.children().into_iter().flat_map(|child| self.of(child)).collect();
        match node {
            Node::Symbol(symbol) | Node::Member(symbol, _) | Node::Product(symbol, _, _) => {
                if let Some(data) = theory.symbols.get(usize::from(*symbol)) {
                    let shape = in_dimension(&data.rows).chain(in_dimension(&data.columns));
                    free.extend(shape.filter(|name| data.family != Some(*name)));
                }
            }
            Node::Unknown(function, ..) | Node::Gradient(function, _) | Node::Second(function, ..) => {
                if let Some(data) = theory.functions.get(usize::from(*function)) {
                    free.extend(in_dimension(&data.rows).chain(in_dimension(&data.columns)));
                }
            }
            Node::Identity(size) => free.extend(in_dimension(size)),
            Node::Zero(rows, columns) => free.extend(in_dimension(rows).chain(in_dimension(columns))),
            Node::Sum(variable, _) => {
                replaceable(*variable, &free, reach)?;
                self.summed.insert(*variable);
                free.remove(variable);
                let range = theory.indices.get(usize::from(*variable));
                let range = range.ok_or_else(|| Rejection::new("a sum over an index that is not declared"))?;
                free.extend(variables(&range.from).chain(range.to.iter().flat_map(variables)));
            }
            _ => {}
        }
        match node {
            Node::Member(_, index) => free.extend(variables(index)),
            Node::Product(_, high, low) => free.extend(variables(high).chain(variables(low))),
            _ => {}
        }
        Ok(free)
    }
}

/// The indices that the range of each index mentions, directly or not.
fn reach(theory: &TheoryData) -> Vec<BTreeSet<u16>> {
    let mut reach: Vec<BTreeSet<u16>> = Vec::with_capacity(theory.indices.len());
    for index in &theory.indices {
        let direct: BTreeSet<u16> = variables(&index.from)
            .chain(index.to.iter().flat_map(variables))
            .collect();
        let further = direct
            .iter()
            .filter_map(|name| reach.get(usize::from(*name)))
            .flatten()
            .copied();
        let all = further.chain(direct.iter().copied()).collect();
        reach.push(all);
    }
    reach
}

/// Checks that no other free index has a range that depends on one that is replaced.
fn replaceable(variable: u16, free: &BTreeSet<u16>, reach: &[BTreeSet<u16>]) -> Result<(), Rejection> {
    let mut others = free.iter().filter(|name| **name != variable);
    let bound = others.any(|name| {
        reach
            .get(usize::from(*name))
            .is_some_and(|reach| reach.contains(&variable))
    });
    require(!bound, "the range of another index depends on the one that is replaced")
}

fn one_name_each(theory: &TheoryData, indices: &BTreeSet<u16>) -> Result<(), Rejection> {
    let mut names = indices
        .iter()
        .filter_map(|name| theory.indices.get(usize::from(*name)))
        .map(|data| &data.name);
    let mut seen = BTreeSet::new();
    require(names.all(|name| seen.insert(name)), "two indices with one name")
}

fn variables(index: &Index) -> impl Iterator<Item = u16> + '_ {
    index.terms().iter().map(|(name, _)| *name)
}

fn in_dimension(dimension: &Dimension) -> impl Iterator<Item = u16> + '_ {
    dimension
        .size
        .iter()
        .filter_map(|size| size.index.as_ref())
        .flat_map(variables)
}

/// Names that mean something in the language of claim files.
const RESERVED: [&str; 27] = [
    "pi", "tr", "inner", "norm2", "eye", "zeros", "sum", "dot", "grad", "hess", "sqrt", "exp", "log", "sin", "cos",
    "tan", "sinh", "cosh", "tanh", "atan", "asinh", "erf", "abs", "inf", "acos", "asin", "Integral",
];

/// Letters, digits and underscores, not beginning with a digit; short, and without a meaning of its own.
pub(super) fn is_name(name: &str) -> bool {
    let letters = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let begins = name.starts_with(|first: char| !first.is_ascii_digit());
    name.len() <= limits::NAME && begins && name.chars().all(letters) && !RESERVED.contains(&name)
}

/// The part of a name before the index in brackets, if the whole is a name.
pub(super) fn stem(name: &str) -> Option<&str> {
    let (stem, index) = name
        .split_once('[')
        .map_or((name, None), |(stem, index)| (stem, Some(index)));
    let inside = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '+' | '-' | '*');
    let sound = match index {
        Some(index) => index
            .strip_suffix(']')
            .is_some_and(|index| index.len() <= limits::NAME && index.chars().all(inside)),
        None => true,
    };
    (sound && is_name(stem)).then_some(stem)
}
