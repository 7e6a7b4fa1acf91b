//! The arithmetic of elements: products cut at size 1, traces up to rotation and transposition, assumptions applied.

use super::super::theorem::{Rejection, require};
use super::data::TheoryData;
use super::element::{Element, FreeAtom, Key};
use super::evaluate::misfit;
use super::index::{BOUND, Index, Ranges};
use super::rewrite::Rules;
use super::scalar::{Atom, Scalar, Scalars};
use super::scope::Scope;
use super::shape::Dimension;
use super::signs::Signs;
use super::word::{Alphabet, Head, VARIANTS, Word};
use rug::Rational;
use std::collections::BTreeMap;

/// Deepest nesting of unknown functions in each other's arguments.
const NESTING: usize = 16;

/// What stands for an index variable where none is replaced: everything is only put into normal form again.
pub(super) const NO_VARIABLE: u16 = BOUND - 1;

/// What is assumed and what was computed from it, while something else is in force.
#[derive(Debug, Default)]
pub(super) struct Knowledge {
    rules: Rules,
    pub(super) conditions: Vec<(Scalar, Signs)>,
    pub(super) values: BTreeMap<usize, Element>,
    pub(super) signs: BTreeMap<usize, Signs>,
}

/// The normal forms of one theory.
#[derive(Debug)]
pub struct Algebra<'a> {
    pub(super) theory: &'a TheoryData,
    pub(super) scope: Scope,
    pub(super) alphabet: Alphabet,
    pub(super) scalars: Scalars<FreeAtom>,
    /// The arguments of unknown functions, with how deeply functions are nested in them.
    pub(super) arguments: Vec<(Element, usize)>,
    argument_places: BTreeMap<Element, usize>,
    pub(super) rules: Rules,
    /// The scalars whose sign is assumed.
    pub(super) conditions: Vec<(Scalar, Signs)>,
    /// The values of nodes and their signs, as far as they have been needed.
    pub(super) values: BTreeMap<usize, Element>,
    pub(super) signs: BTreeMap<usize, Signs>,
    /// What is known without the equations that are assumed; see `derive::rate`.
    pub(super) unassumed: Knowledge,
    /// Whether the two are exchanged at the moment.
    pub(super) left_out: bool,
    /// Square roots that can be taken: the node of the root, and the node of its value.
    pub(super) roots: BTreeMap<usize, usize>,
    /// The velocities of letters of families.
    pub(super) motions: BTreeMap<u16, usize>,
    /// How many motions are being looked up inside one another.
    pub(super) depth: usize,
}

impl<'a> Algebra<'a> {
    /// An algebra without assumptions; see `theory` for how they are added.
    pub(super) fn bare(theory: &'a TheoryData) -> Self {
        let ranges = theory
            .indices
            .iter()
            .map(|index| (index.from.clone(), index.to.clone()));
        let motions = theory.motions.iter().map(|motion| (motion.symbol, motion.derivative));
        Algebra {
            theory,
            scope: Scope::default(),
            alphabet: Alphabet {
                symbols: theory.symbols.clone(),
                functions: theory.functions.clone(),
                ranges: Ranges::new(ranges.collect()),
            },
            scalars: Scalars::new(),
            arguments: Vec::new(),
            argument_places: BTreeMap::new(),
            rules: Rules::default(),
            conditions: Vec::new(),
            values: BTreeMap::new(),
            signs: BTreeMap::new(),
            unassumed: Knowledge::default(),
            left_out: false,
            roots: BTreeMap::new(),
            motions: motions.collect(),
            depth: 0,
        }
    }

    /// Exchanges what is known with the equations that are assumed and what is known without them.
    pub(super) fn exchange(&mut self) {
        std::mem::swap(&mut self.rules, &mut self.unassumed.rules);
        std::mem::swap(&mut self.conditions, &mut self.unassumed.conditions);
        std::mem::swap(&mut self.values, &mut self.unassumed.values);
        std::mem::swap(&mut self.signs, &mut self.unassumed.signs);
    }

    /// The argument of an unknown function.
    pub(super) fn argument(&self, place: usize) -> Result<&Element, Rejection> {
        let found = self.arguments.get(place);
        found
            .map(|(element, _)| element)
            .ok_or_else(|| Rejection::new("an argument is missing"))
    }

    /// The place of an argument.
    pub(super) fn intern(&mut self, element: Element) -> Result<usize, Rejection> {
        if let Some(place) = self.argument_places.get(&element) {
            return Ok(*place);
        }
        let mut depth = 0;
        for place in self.places_in(&element) {
            let inner = self.arguments.get(place).map_or(0, |(_, depth)| *depth);
            depth = depth.max(inner.saturating_add(1));
        }
        require(depth <= NESTING, "unknown functions are nested too deeply")?;
        let place = self.arguments.len();
        self.argument_places.insert(element.clone(), place);
        self.arguments.push((element, depth));
        Ok(place)
    }

    /// The arguments that occur in an element.
    fn places_in(&self, element: &Element) -> Vec<usize> {
        let mut places = Vec::new();
        let of_word = |word: &Word, places: &mut Vec<usize>| {
            for letter in word {
                if let Head::Gradient(_, place) | Head::Second(_, place, _) = &letter.head {
                    places.push(*place);
                }
            }
        };
        for (key, coefficient) in &element.terms {
            of_word(&key.word, &mut places);
            for atom in self.scalars.depends_on(coefficient) {
                match self.scalars.get(atom) {
                    Some(Atom::Plain(FreeAtom::Unknown(_, _, place))) => places.push(*place),
                    Some(Atom::Plain(FreeAtom::Trace(word))) => of_word(word, &mut places),
                    _ => {}
                }
            }
        }
        places
    }

    /// Adds `coefficient * word` in normal form to an element.
    pub(super) fn insert(
        &mut self,
        element: &mut Element,
        sum: Option<(Index, Index)>,
        word: Word,
        coefficient: Scalar,
    ) -> Result<(), Rejection> {
        let mut pending = vec![(word, coefficient)];
        while let Some((word, mut coefficient)) = pending.pop() {
            self.scalars
                .account()
                .pay(word.len().saturating_mul(self.rules.words()))?;
            let word = self.alphabet.joined(&word)?;
            let (word, closed) = self.alphabet.split(&word)?;
            for scalar in closed {
                let scalar = self.trace_of(scalar, &Dimension::number(1))?;
                coefficient = self.scalars.times(&coefficient, &scalar)?;
            }
            match self.rules.in_word(&word) {
                Some((before, after, right)) => {
                    for (key, factor) in right {
                        let mut replaced = before.clone();
                        replaced.extend(key.word);
                        replaced.extend(after.iter().cloned());
                        pending.push((replaced, self.scalars.times(&coefficient, &factor)?));
                    }
                }
                None => {
                    let coefficient = self.reduced(coefficient)?;
                    let key = Key { sum: sum.clone(), word };
                    element.add_term(key, &Rational::from(1), &coefficient);
                }
            }
        }
        Ok(())
    }

    /// The trace of a closed word whose first letter has this many rows.
    pub(super) fn trace_of(&mut self, word: Word, rows: &Dimension) -> Result<Scalar, Rejection> {
        let mut total = Scalar::default();
        let mut pending = vec![(Scalar::constant(1), vec![(word, rows.clone())])];
        while let Some((coefficient, mut factors)) = pending.pop() {
            let Some((word, rows)) = factors.pop() else {
                total.add(&Rational::from(1), &coefficient);
                continue;
            };
            // Every rotation of every variant is looked at, and compared with every rule.
            let looks = self
                .rules
                .words()
                .saturating_add(if has_second(&word) { VARIANTS } else { 1 });
            let square = word.len().saturating_mul(word.len());
            self.scalars
                .account()
                .pay(square.saturating_mul(looks).saturating_add(1))?;
            let word = self.alphabet.joined(&word)?;
            if word.is_empty() {
                let size = self.size(&rows)?;
                pending.push((self.scalars.times(&coefficient, &size)?, factors));
                continue;
            }
            let parts = self.alphabet.split_trace(&word)?;
            if parts.len() != 1 {
                factors.extend(parts.into_iter().map(|part| (part, Dimension::number(1))));
                pending.push((coefficient, factors));
                continue;
            }
            match self.rules.in_cycle(&word) {
                Some((rest, rows, right)) => {
                    // The word that was found stood in front of the rest.
                    for (key, factor) in right {
                        let mut replaced = key.word;
                        replaced.extend(rest.iter().cloned());
                        let mut factors = factors.clone();
                        factors.push((replaced, rows.clone()));
                        pending.push((self.scalars.times(&coefficient, &factor)?, factors));
                    }
                }
                None => {
                    let cycle = self.alphabet.cyclic(&word)?;
                    let atom = self.scalars.plain(FreeAtom::Trace(cycle))?;
                    let atom = self.reduced(atom)?;
                    pending.push((self.scalars.times(&coefficient, &atom)?, factors));
                }
            }
        }
        Ok(total)
    }

    /// A size as a number.
    pub(super) fn size(&mut self, dimension: &Dimension) -> Result<Scalar, Rejection> {
        let factor = Scalar::constant(dimension.factor);
        let Some(size) = &dimension.size else {
            return Ok(factor);
        };
        let unit = Dimension {
            factor: 1,
            size: Some(size.clone()),
        };
        let atom = self.scalars.plain(FreeAtom::Size(unit))?;
        self.scalars.times(&factor, &atom)
    }

    /// A scalar with the assumptions about scalars applied.
    pub(super) fn reduced(&mut self, scalar: Scalar) -> Result<Scalar, Rejection> {
        let scalar = self.scalars.with_roots_reduced(scalar)?;
        if self.rules.scalars() == 0 {
            return Ok(scalar);
        }
        let mut done = Scalar::default();
        let mut pending: Vec<_> = scalar.terms().map(|(m, c)| (m.clone(), c.clone())).collect();
        while let Some((monomial, coefficient)) = pending.pop() {
            let length = coefficient
                .numer()
                .significant_bits()
                .saturating_add(coefficient.denom().significant_bits());
            let length = usize::try_from(length / 64).unwrap_or(usize::MAX);
            self.scalars
                .account()
                .pay(self.rules.scalars().saturating_add(length))?;
            match self.rules.in_monomial(&monomial) {
                Some((rest, right)) => {
                    let product = self.scalars.times(&Scalar::monomial(rest), &right)?;
                    pending.extend(
                        product
                            .terms()
                            .map(|(m, c)| (m.clone(), Rational::from(c * &coefficient))),
                    );
                }
                None => done.add_term(monomial, &coefficient),
            }
        }
        Ok(done)
    }

    /// The product of two elements: of matrices that fit, or of a scalar and anything.
    pub(super) fn times(&mut self, left: &Element, right: &Element) -> Result<Element, Rejection> {
        let scaling = left.is_scalar() || right.is_scalar();
        if !scaling && left.columns != right.rows {
            let (a, b) = (self.shape_text(left), self.shape_text(right));
            return Err(misfit(&format!("a {a} matrix cannot be multiplied by a {b} matrix")));
        }
        let (rows, columns) = if left.is_scalar() {
            (&right.rows, &right.columns)
        } else if right.is_scalar() {
            (&left.rows, &left.columns)
        } else {
            (&left.rows, &right.columns)
        };
        let mut product = Element::zero(rows.clone(), columns.clone());
        for (a, x) in &left.terms {
            for (b, y) in &right.terms {
                let sum = one_sum(&a.sum, &b.sum)?;
                let coefficient = self.scalars.times(x, y)?;
                let mut word = a.word.clone();
                word.extend(b.word.iter().cloned());
                self.insert(&mut product, sum, word, coefficient)?;
            }
        }
        Ok(product)
    }

    /// The transpose.
    pub(super) fn transposed(&mut self, element: &Element) -> Result<Element, Rejection> {
        let mut flipped = Element::zero(element.columns.clone(), element.rows.clone());
        for (key, coefficient) in &element.terms {
            let word = self.alphabet.transposed(&key.word);
            self.insert(&mut flipped, key.sum.clone(), word, coefficient.clone())?;
        }
        Ok(flipped)
    }

    /// The trace of a square element.
    pub(super) fn trace(&mut self, element: &Element) -> Result<Element, Rejection> {
        if element.rows != element.columns {
            let shape = self.shape_text(element);
            return Err(misfit(&format!("a {shape} matrix has no trace")));
        }
        let mut trace = Element::scalar(Scalar::default());
        for (key, coefficient) in &element.terms {
            let scalar = self.trace_of(key.word.clone(), &element.rows)?;
            let scalar = self.scalars.times(coefficient, &scalar)?;
            self.insert(&mut trace, key.sum.clone(), Word::new(), scalar)?;
        }
        Ok(trace)
    }

    /// The sum over an index that is free in the element.
    pub(super) fn summed(&mut self, element: &Element, variable: u16) -> Result<Element, Rejection> {
        let range = self.alphabet.ranges.range(variable);
        let (from, to) = range.ok_or_else(|| Rejection::new("a sum needs an index with a first and a last value"))?;
        let nested = element.terms.keys().any(|key| key.sum.is_some());
        require(!nested, "sums of symbolic length cannot be nested")?;
        let body = self.substitute(element, variable, &Index::variable(BOUND))?;
        let mut sum = Element::zero(body.rows.clone(), body.columns.clone());
        let free = body.rows == element.rows && body.columns == element.columns;
        require(free, "the shape of the summands depends on the index of the sum")?;
        for (key, coefficient) in body.terms {
            self.insert(&mut sum, Some((from.clone(), to.clone())), key.word, coefficient)?;
        }
        Ok(sum)
    }
}

/// Whether there are second derivatives in a word.
fn has_second(word: &Word) -> bool {
    word.iter().any(|letter| matches!(letter.head, Head::Second(..)))
}

/// The sum a product stands under, if at most one factor has one.
pub(super) fn one_sum(
    left: &Option<(Index, Index)>,
    right: &Option<(Index, Index)>,
) -> Result<Option<(Index, Index)>, Rejection> {
    match (left, right) {
        (Some(_), Some(_)) => Err(Rejection::new("sums of symbolic length cannot be multiplied")),
        (Some(sum), None) | (None, Some(sum)) => Ok(Some(sum.clone())),
        (None, None) => Ok(None),
    }
}
