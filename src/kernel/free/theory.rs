//! A theory as the kernel accepts it: every name, size, index and assumption checked before anything is computed.

use super::super::limits;
use super::super::theorem::{Rejection, Within, require};
use super::algebra::Algebra;
use super::data::{Node, Relation, SquareRoot, Statement, TheoryData};
use super::element::Element;
use super::index::Index;
use super::scalar::Scalar;
use super::scope::{Scope, is_name, stem};
use super::shape::Dimension;
use super::signs::Signs;
use rug::Rational;
use std::collections::{BTreeMap, BTreeSet};

impl<'a> Algebra<'a> {
    /// The algebra of a theory with its assumptions.
    ///
    /// Errors: a rejection with the address of what is wrong.
    pub fn new(theory: &'a TheoryData) -> Result<Self, Rejection> {
        check_declarations(theory)?;
        let mut algebra = Algebra::bare(theory);
        algebra.scope = Scope::new(theory)?;
        // The signs are needed to see that the equations make sense, and then again in normal form.
        algebra.assume_signs()?;
        let strict = algebra.conditions.iter().filter(|(_, signs)| signs.nonzero);
        algebra.unassumed.conditions = strict.cloned().collect();
        for (place, rule) in theory.rules.iter().enumerate() {
            let outcome = algebra.assume_equation(rule.left, rule.right);
            outcome.within(|| format!("rules[{place}]"))?;
            algebra.forget();
        }
        algebra.assume_signs()?;
        Ok(algebra)
    }

    fn assume_equation(&mut self, left: usize, right: usize) -> Result<(), Rejection> {
        let left = self.evaluate(left)?;
        let right = self.evaluate(right)?;
        self.assume(&left, &right)
    }

    fn assume_signs(&mut self) -> Result<(), Rejection> {
        self.forget();
        self.conditions.clear();
        for (place, condition) in self.theory.conditions.iter().enumerate() {
            let value = self.evaluate(condition.of).within(|| format!("conditions[{place}]"))?;
            let scalar = value
                .as_scalar()
                .ok_or_else(|| Rejection::new("only scalars have signs"));
            let scalar = scalar.within(|| format!("conditions[{place}]"))?;
            self.conditions.push((scalar, Signs::of(condition.relation)));
            self.forget();
        }
        Ok(())
    }

    /// The normal form of a node while a scalar lies between two numbers.
    pub(super) fn evaluate_between(
        &mut self,
        node: usize,
        atom: u16,
        from: &Rational,
        to: &Rational,
    ) -> Result<Element, Rejection> {
        let mut above = Scalar::atom(atom);
        above.add(&Rational::from(-1), &Scalar::constant(from.clone()));
        let mut below = Scalar::constant(to.clone());
        below.add(&Rational::from(-1), &Scalar::atom(atom));
        let assumed = self.conditions.len();
        self.forget();
        for condition in [above, below] {
            self.conditions.push((condition, Signs::of(Relation::Nonnegative)));
        }
        let outcome = self.evaluate(node);
        self.conditions.truncate(assumed);
        self.forget();
        outcome
    }

    /// Forgets computed values, because something new is assumed.
    pub(super) fn forget(&mut self) {
        self.values.clear();
        self.signs.clear();
        self.unassumed.values.clear();
        self.unassumed.signs.clear();
    }

    /// Takes these square roots by hand from now on, instead of those before.
    pub(super) fn take_roots(&mut self, roots: &[SquareRoot]) -> Result<(), Rejection> {
        if roots.is_empty() && self.roots.is_empty() {
            return Ok(());
        }
        self.forget();
        self.roots.clear();
        for root in roots {
            // Computed now, so that it is at hand when the root is met.
            self.evaluate(root.is)?;
            self.roots.insert(root.root, root.is);
        }
        Ok(())
    }
}

fn check_declarations(theory: &TheoryData) -> Result<(), Rejection> {
    require(theory.nodes.len() <= limits::THEORY_NODES, "too many expressions").within(|| "nodes")?;
    let mut names = BTreeSet::new();
    for (place, name) in theory.sizes.iter().enumerate() {
        fresh(&mut names, name, || format!("sizes[{place}]"))?;
    }
    for (place, index) in theory.indices.iter().enumerate() {
        let at = || format!("indices[{place}]");
        require(is_name(&index.name), "a name that is no name").within(at)?;
        let earlier = |form: &Index| form.terms().iter().all(|(name, _)| usize::from(*name) < place);
        let forms = [Some(&index.from), index.to.as_ref()];
        let sound = forms
            .into_iter()
            .flatten()
            .all(|form| form.is_normal() && earlier(form));
        require(sound, "the range of an index mentions what comes later").within(at)?;
    }
    require(theory.indices.len() <= limits::INDICES, "too many indices").within(|| "indices")?;
    for (place, symbol) in theory.symbols.iter().enumerate() {
        let at = || format!("symbols[{place}]");
        fresh(&mut names, &symbol.name, at)?;
        check_dimension(theory, &symbol.rows).within(at)?;
        check_dimension(theory, &symbol.columns).within(at)?;
        let square = symbol.rows == symbol.columns;
        require(square || !symbol.symmetric, "only square matrices are symmetric").within(at)?;
        let formal = symbol
            .family
            .is_none_or(|index| usize::from(index) < theory.indices.len());
        require(formal, "a family without an index").within(at)?;
    }
    for (place, function) in theory.functions.iter().enumerate() {
        let at = || format!("functions[{place}]");
        fresh(&mut names, &function.name, at)?;
        require(function.name != "d", "a function named as the derivative").within(at)?;
        check_dimension(theory, &function.rows).within(at)?;
        check_dimension(theory, &function.columns).within(at)?;
    }
    for (place, node) in theory.nodes.iter().enumerate() {
        check_node(theory, node).within(|| format!("nodes[{place}]"))?;
    }
    let mut moved = BTreeSet::new();
    for (place, motion) in theory.motions.iter().enumerate() {
        let sound = usize::from(motion.symbol) < theory.symbols.len() && moved.insert(motion.symbol);
        let constant = theory
            .symbols
            .get(usize::from(motion.symbol))
            .is_some_and(|data| data.constant);
        let message = "a symbol that is not there, or moves twice, or is constant";
        require(sound && !constant, message).within(|| format!("motions[{place}]"))?;
    }
    for (place, index) in theory.indices.iter().enumerate() {
        let own = !names.contains(&index.name);
        require(own, "an index is named like something else").within(|| format!("indices[{place}]"))?;
    }
    names.extend(theory.indices.iter().map(|index| index.name.clone()));
    require(theory.definitions.len() <= limits::WORD, "too many abbreviations").within(|| "definitions")?;
    let mut defined = BTreeMap::new();
    for (place, definition) in theory.definitions.iter().enumerate() {
        let stem = stem(&definition.name).filter(|stem| !names.contains(*stem));
        let sound = stem.is_some() && definition.node < theory.nodes.len();
        // One name may abbreviate two expressions that read the same, such as those under two sums over an `i`.
        let before = defined
            .insert(&definition.name, definition.node)
            .filter(|before| *before != definition.node);
        let same = before.is_none_or(|before| theory.reads_as(before, definition.node));
        require(
            sound && same,
            "an abbreviation that is no name, or is used for two expressions",
        )
        .within(|| format!("definitions[{place}]"))?;
    }
    Ok(())
}

/// Checks a new name.
fn fresh(names: &mut BTreeSet<String>, name: &str, at: impl FnOnce() -> String) -> Result<(), Rejection> {
    let named = is_name(name) && names.insert(name.to_owned());
    require(named, "a name that is no name, or is used twice").within(at)
}

/// Checks the sizes and letters of a statement, and the names of its indices.
pub(super) fn check_statement(algebra: &Algebra<'_>, statement: &Statement) -> Result<(), Rejection> {
    let theory = algebra.theory;
    match statement {
        Statement::Shape { rows, columns, .. } => {
            check_dimension(theory, rows)?;
            check_dimension(theory, columns)?;
        }
        Statement::Degree { letters, .. } => {
            for counted in letters {
                let data = algebra.alphabet.symbol(counted.symbol)?;
                let index = counted.index.as_ref();
                require(
                    index.is_none() || data.family.is_some(),
                    "an index on a symbol that is no family",
                )?;
                index.map_or(Ok(()), |index| check_index(theory, index))?;
            }
        }
        _ => {}
    }
    algebra.scope.check_statement(theory, statement)
}

fn check_node(theory: &TheoryData, node: &Node) -> Result<(), Rejection> {
    match node {
        Node::Identity(size) => check_dimension(theory, size),
        Node::Zero(rows, columns) => {
            check_dimension(theory, rows)?;
            check_dimension(theory, columns)
        }
        Node::Member(_, index) => check_index(theory, index),
        Node::Product(_, high, low) => {
            check_index(theory, high)?;
            check_index(theory, low)
        }
        _ => Ok(()),
    }
}

fn check_index(theory: &TheoryData, index: &Index) -> Result<(), Rejection> {
    let known = index
        .terms()
        .iter()
        .all(|(name, _)| usize::from(*name) < theory.indices.len());
    require(index.is_normal() && known, "an index that is not declared")
}

fn check_dimension(theory: &TheoryData, dimension: &Dimension) -> Result<(), Rejection> {
    require(dimension.factor > 0, "a size must be positive")?;
    let Some(size) = &dimension.size else { return Ok(()) };
    require(
        usize::from(size.name) < theory.sizes.len(),
        "a size that is not declared",
    )?;
    match &size.index {
        Some(index) => check_index(theory, index),
        None => Ok(()),
    }
}
