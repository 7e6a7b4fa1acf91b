//! Assumptions that express one symbol by others, and what follows from them for scalars.
//!
//! Expressions are computed with all symbols free, and the symbols are replaced at the end: an assumption holds at the
//! moment at hand and must not be differentiated.

use super::super::super::limits;
use super::super::super::theorem::{Rejection, Within, require};
use super::super::data::Node;
use super::super::scalar::{Atom, Scalar};
use super::{Entries, EntryAtom, Environment, Matrix, NESTING, missing};
use rug::Rational;
use std::collections::{BTreeMap, BTreeSet};

impl Entries<'_> {
    /// Expresses symbols by others where an assumption is of the form `left = symbol + rest`.
    ///
    /// Errors: if an assumption is of another form; then there is no proof entry by entry.
    pub fn solve_assumptions(&mut self) -> Result<(), Rejection> {
        for (place, rule) in self.theory.rules.iter().enumerate() {
            let at = || format!("rules[{place}]");
            let form = "the assumption does not express one symbol by others".to_owned();
            let solved = self.solve(rule.left, rule.right).within(at)?;
            require(solved, &form).within(at)?;
        }
        Ok(())
    }

    /// As [`Self::solve_assumptions`], but assumptions of another form are left alone.
    pub fn solve_what_can_be(&mut self) -> Result<(), Rejection> {
        for rule in &self.theory.rules {
            self.solve(rule.left, rule.right)?;
        }
        Ok(())
    }

    fn solve(&mut self, left: usize, right: usize) -> Result<bool, Rejection> {
        // Each part with whether it is subtracted.
        let mut leaves = vec![(right, false)];
        let mut parts = Vec::new();
        while let Some((node, sign)) = leaves.pop() {
            match self.theory.nodes.get(node) {
                Some(Node::Add(a, b)) => leaves.extend([(*a, sign), (*b, sign)]),
                Some(Node::Sub(a, b)) => leaves.extend([(*a, sign), (*b, !sign)]),
                Some(Node::Neg(a)) => leaves.push((*a, !sign)),
                _ => parts.push((node, sign)),
            }
            require(parts.len() <= limits::WORD, "an assumption is too long")?;
        }
        let symbol = |node: usize| match self.theory.nodes.get(node) {
            Some(Node::Symbol(symbol)) => Some((*symbol, None)),
            Some(Node::Member(symbol, index)) => Some((*symbol, index.value())),
            _ => None,
        };
        let candidate = parts.iter().enumerate().find_map(|(place, (node, sign))| {
            let others: Vec<usize> = parts
                .iter()
                .enumerate()
                .filter(|(p, _)| *p != place)
                .map(|(_, (n, _))| *n)
                .collect();
            let found = symbol(*node)?;
            let elsewhere = others.iter().chain([&left]).any(|other| self.mentions(*other, found.0));
            (!elsewhere && !self.solved.contains_key(&found)).then_some((place, found, *sign))
        });
        let Some((place, found, subtracted)) = candidate else {
            return Ok(false);
        };
        let environment = Environment::new();
        let mut value = self.evaluate(left, &environment)?;
        for (other, (node, is_subtracted)) in parts.iter().enumerate() {
            if other != place {
                let part = self.evaluate(*node, &environment)?;
                value = self.sum(&value, &part, if *is_subtracted { 1 } else { -1 })?;
            }
        }
        let value = self.map(&value, |scalar| {
            scalar.scaled(&Rational::from(if subtracted { -1 } else { 1 }))
        })?;
        let value = self.resolve_matrix(&value)?;
        if self.involves(&value, found.0)? {
            return Ok(false);
        }
        let data = self.symbol(found.0)?.clone();
        if data.symmetric {
            let mirrored = (0..value.rows).all(|i| (0..value.columns).all(|j| value.at(i, j) == value.at(j, i)));
            require(mirrored, "a symbol that is declared symmetric is not")?;
        }
        self.solved.insert(found, value);
        // What was solved before is expressed by what is still free.
        for (symbol, value) in self.solved.clone() {
            let value = self.resolve_matrix(&value)?;
            self.solved.insert(symbol, value);
        }
        Ok(true)
    }

    /// Whether an expression mentions a symbol, or any member of a family.
    fn mentions(&self, root: usize, symbol: u16) -> bool {
        let mut seen = BTreeSet::new();
        let mut pending = vec![root];
        while let Some(node) = pending.pop() {
            let Some(data) = self.theory.nodes.get(node).filter(|_| seen.insert(node)) else {
                continue;
            };
            match data {
                Node::Symbol(name) | Node::Member(name, _) | Node::Product(name, _, _) if *name == symbol => {
                    return true;
                }
                _ => pending.extend(data.children()),
            }
        }
        false
    }

    /// Whether a matrix depends on a symbol, also through the arguments of functions.
    fn involves(&self, matrix: &Matrix, symbol: u16) -> Result<bool, Rejection> {
        let mut seen = BTreeSet::new();
        let mut pending: Vec<&Matrix> = vec![matrix];
        while let Some(matrix) = pending.pop() {
            let atoms = matrix.entries.iter().flat_map(|entry| self.scalars.depends_on(entry));
            for atom in atoms {
                match self.scalars.get(atom) {
                    Some(Atom::Plain(EntryAtom::Entry(name, ..))) if *name == symbol => return Ok(true),
                    Some(Atom::Plain(EntryAtom::Jet(_, at, _))) if seen.insert(*at) => {
                        pending.push(self.arguments.get(*at).ok_or_else(missing)?);
                    }
                    _ => {}
                }
            }
        }
        Ok(false)
    }

    /// The entry of a symbol that is expressed by others.
    pub fn solved(&self, symbol: u16, index: Option<i32>, row: usize, column: usize) -> Option<Scalar> {
        self.solved.get(&(symbol, index)).map(|matrix| matrix.at(row, column))
    }

    fn resolve_matrix(&mut self, matrix: &Matrix) -> Result<Matrix, Rejection> {
        let entries = matrix
            .entries
            .iter()
            .map(|entry| self.resolve(entry))
            .collect::<Result<_, _>>()?;
        let matrix = matrix.clone();
        Ok(Matrix { entries, ..matrix })
    }

    /// A scalar with solved symbols replaced, also in the arguments of functions.
    ///
    /// The recursion is as deep as functions are nested.
    pub(super) fn resolve(&mut self, scalar: &Scalar) -> Result<Scalar, Rejection> {
        if self.solved.is_empty() {
            return Ok(scalar.clone());
        }
        require(self.depth < NESTING, "sums and motions are nested too deeply")?;
        self.depth = self.depth.saturating_add(1);
        let outcome = self.resolve_atoms(scalar);
        self.depth = self.depth.saturating_sub(1);
        outcome
    }

    fn resolve_atoms(&mut self, scalar: &Scalar) -> Result<Scalar, Rejection> {
        self.scalars.account().pay(scalar.len().saturating_add(1))?;
        let mut replacements = BTreeMap::new();
        for atom in self.scalars.depends_on(scalar) {
            match self.scalars.get(atom).cloned() {
                Some(Atom::Plain(EntryAtom::Entry(symbol, index, row, column))) => {
                    replacements.extend(self.solved(symbol, index, row, column).map(|value| (atom, value)));
                }
                Some(Atom::Plain(EntryAtom::Jet(function, at, by))) => {
                    let argument = self.arguments.get(at).ok_or_else(missing)?.clone();
                    let argument = self.resolve_matrix(&argument)?;
                    let at = self.intern(argument)?;
                    let jet = self.scalars.plain(EntryAtom::Jet(function, at, by))?;
                    if jet != Scalar::atom(atom) {
                        replacements.insert(atom, jet);
                    }
                }
                _ => {}
            }
        }
        if replacements.is_empty() {
            return Ok(scalar.clone());
        }
        self.scalars.substitute(scalar, &replacements)
    }
}
