//! Replacing an index variable everywhere in an element.

use super::super::theorem::{Rejection, require};
use super::algebra::{Algebra, NO_VARIABLE};
use super::element::{Element, FreeAtom};
use super::index::{BOUND, Index};
use super::scalar::{Atom, Scalar};
use super::shape::Dimension;
use super::word::{Head, Letter, Word, overflow};
use std::collections::BTreeMap;

impl Algebra<'_> {
    /// The element with an index variable replaced everywhere.
    pub(super) fn substitute(&mut self, element: &Element, variable: u16, value: &Index) -> Result<Element, Rejection> {
        self.scalars.account().pay(element.monomials().saturating_add(1))?;
        if variable != NO_VARIABLE && !self.mentions(element, variable) {
            return Ok(element.clone());
        }
        let dimension = |dimension: &Dimension| dimension.substitute(variable, value).ok_or_else(overflow);
        let mut result = Element::zero(dimension(&element.rows)?, dimension(&element.columns)?);
        result.literal_zero = element.literal_zero;
        let capturing = value.multiple(BOUND) != 0;
        for (key, coefficient) in &element.terms {
            require(
                !capturing || key.sum.is_none(),
                "sums of symbolic length cannot be nested",
            )?;
            let sum = match &key.sum {
                Some((from, to)) => Some((
                    from.substitute(variable, value).ok_or_else(overflow)?,
                    to.substitute(variable, value).ok_or_else(overflow)?,
                )),
                None => None,
            };
            let word = self.substitute_word(&key.word, variable, value)?;
            let mut replacements = BTreeMap::new();
            for atom in self.scalars.depends_on(coefficient) {
                let replaced = self.substitute_atom(atom, variable, value)?;
                if replaced != Scalar::atom(atom) {
                    replacements.insert(atom, replaced);
                }
            }
            let coefficient = if replacements.is_empty() {
                coefficient.clone()
            } else {
                self.scalars.substitute(coefficient, &replacements)?
            };
            self.insert(&mut result, sum, word, coefficient)?;
        }
        Ok(result)
    }

    /// Whether an index variable occurs in an element. Goes down as deeply as unknown functions are nested.
    fn mentions(&self, element: &Element, variable: u16) -> bool {
        let in_size = |size: &Dimension| {
            let index = size.size.as_ref().and_then(|size| size.index.as_ref());
            index.is_some_and(|index| index.multiple(variable) != 0)
        };
        let in_sum = |sum: &Option<(Index, Index)>| {
            let ends = sum.iter().flat_map(|(from, to)| [from, to]);
            ends.into_iter().any(|end| end.multiple(variable) != 0)
        };
        let in_place = |place: usize| {
            let argument = self.arguments.get(place);
            argument.is_some_and(|(argument, _)| self.mentions(argument, variable))
        };
        let in_terms = element.terms.iter().any(|(key, coefficient)| {
            let atoms = self.scalars.depends_on(coefficient);
            in_sum(&key.sum)
                || self.mentioned_in_word(&key.word, variable)
                || atoms.into_iter().any(|atom| match self.scalars.get(atom) {
                    Some(Atom::Plain(FreeAtom::Trace(word))) => self.mentioned_in_word(word, variable),
                    Some(Atom::Plain(FreeAtom::Size(size))) => in_size(size),
                    Some(Atom::Plain(FreeAtom::Unknown(_, _, place))) => in_place(*place),
                    _ => false,
                })
        });
        in_size(&element.rows) || in_size(&element.columns) || in_terms
    }

    fn mentioned_in_word(&self, word: &Word, variable: u16) -> bool {
        let mut pending: Vec<&Letter> = word.iter().collect();
        while let Some(letter) = pending.pop() {
            let place = match &letter.head {
                Head::Symbol(_) => continue,
                Head::Range(_, high, low) => {
                    if high.multiple(variable) != 0 || low.multiple(variable) != 0 {
                        return true;
                    }
                    continue;
                }
                Head::Gradient(_, place) => place,
                Head::Second(_, place, direction) => {
                    pending.extend(direction);
                    place
                }
            };
            let argument = self.arguments.get(*place);
            if argument.is_some_and(|(argument, _)| self.mentions(argument, variable)) {
                return true;
            }
        }
        false
    }

    fn substitute_atom(&mut self, atom: u16, variable: u16, value: &Index) -> Result<Scalar, Rejection> {
        let Some(Atom::Plain(plain)) = self.scalars.get(atom).cloned() else {
            return Ok(Scalar::atom(atom));
        };
        match plain {
            FreeAtom::Trace(word) => {
                let word = self.substitute_word(&word, variable, value)?;
                let rows = match word.first() {
                    Some(first) => self.alphabet.shape(first)?.0,
                    None => Dimension::number(1),
                };
                self.trace_of(word, &rows)
            }
            FreeAtom::Size(dimension) => {
                let dimension = dimension.substitute(variable, value).ok_or_else(overflow)?;
                self.size(&dimension)
            }
            FreeAtom::Unknown(function, order, place) => {
                let place = self.substitute_argument(place, variable, value)?;
                self.scalars.plain(FreeAtom::Unknown(function, order, place))
            }
        }
    }

    /// Goes down as deeply as unknown functions are nested, which `intern` limits.
    fn substitute_argument(&mut self, place: usize, variable: u16, value: &Index) -> Result<usize, Rejection> {
        let argument = self.argument(place)?.clone();
        let replaced = self.substitute(&argument, variable, value)?;
        self.intern(replaced)
    }

    fn substitute_word(&mut self, word: &Word, variable: u16, value: &Index) -> Result<Word, Rejection> {
        let mut result = Word::with_capacity(word.len());
        for letter in word {
            let head = match &letter.head {
                Head::Symbol(symbol) => Head::Symbol(*symbol),
                Head::Range(symbol, high, low) => Head::Range(
                    *symbol,
                    high.substitute(variable, value).ok_or_else(overflow)?,
                    low.substitute(variable, value).ok_or_else(overflow)?,
                ),
                Head::Gradient(function, place) => {
                    Head::Gradient(*function, self.substitute_argument(*place, variable, value)?)
                }
                Head::Second(function, place, direction) => {
                    let place = self.substitute_argument(*place, variable, value)?;
                    // Directions are words without second derivatives: `derive` refuses a third one.
                    let direction = self.substitute_flat(direction, variable, value)?;
                    Head::Second(*function, place, direction)
                }
            };
            let transposed = letter.transposed;
            result.push(Letter { head, transposed });
        }
        Ok(result)
    }

    fn substitute_flat(&mut self, word: &Word, variable: u16, value: &Index) -> Result<Word, Rejection> {
        let nested = word.iter().any(|letter| matches!(letter.head, Head::Second(..)));
        require(
            !nested,
            "second derivatives in the direction of second derivatives are not handled",
        )?;
        self.substitute_word(word, variable, value)
    }
}
