//! Assumptions as rewriting: a word or a product of scalars is replaced by something smaller, so that it ends.
//!
//! A term is measured by how often it contains each eliminated scalar (in the order of the rules), then by its number
//! of letters, then by its letters as a multiset, earlier declared letters being larger. Multiplication, rotation and
//! transposition respect the measure, every rule lowers it, and there is no infinite descent.
//! Source: the degree-lexicographic order of commutative algebra (Cox, Little, O'Shea, Ideals, Varieties, and Algorithms, ch. 2).

use super::super::limits;
use super::super::theorem::{Rejection, require};
use super::algebra::Algebra;
use super::element::{Element, FreeAtom, Key};
use super::index::Index;
use super::scalar::{Atom, Monomial, Scalar};
use super::shape::Dimension;
use super::word::{Head, Letter, Word};
use rug::Rational;
use std::cmp::Reverse;

/// What a word is replaced by.
type Right = Vec<(Key, Scalar)>;

/// A word and what replaces it.
#[derive(Clone, Debug)]
struct WordRule {
    left: Word,
    rows: Dimension,
    right: Right,
}

/// A product of scalars and what replaces it.
#[derive(Clone, Debug)]
struct ScalarRule {
    left: Monomial,
    right: Scalar,
    /// Whether it is the elimination of one scalar, whatever the size of what replaces it.
    eliminates: bool,
}

/// All assumptions in the form in which they are used.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    words: Vec<WordRule>,
    scalars: Vec<ScalarRule>,
    /// Scalars that no later rule may bring back.
    eliminated: Vec<u16>,
}

impl Rules {
    /// The number of rules about words, and 1 for looking.
    pub fn words(&self) -> usize {
        self.words.len().saturating_add(1)
    }

    /// The number of rules about scalars.
    pub fn scalars(&self) -> usize {
        self.scalars.len()
    }

    /// The first place where a rule applies to a word: what stands before, what stands after, the replacement.
    pub fn in_word(&self, word: &[Letter]) -> Option<(Word, Word, Right)> {
        for rule in &self.words {
            let found = word.windows(rule.left.len()).position(|part| part == rule.left);
            if let Some(place) = found {
                let before = word.get(..place)?.to_vec();
                let after = word.get(place.checked_add(rule.left.len())?..)?.to_vec();
                return Some((before, after, rule.right.clone()));
            }
        }
        None
    }

    /// A rule that applies to a closed word: the rest of the cycle after what was found, the rows, the replacement.
    pub fn in_cycle(&self, word: &[Letter]) -> Option<(Word, Dimension, Right)> {
        for turn in 0..word.len() {
            let mut turned = word.to_vec();
            turned.rotate_left(turn);
            for rule in &self.words {
                if let Some(rest) = turned.strip_prefix(rule.left.as_slice()) {
                    return Some((rest.to_vec(), rule.rows.clone(), rule.right.clone()));
                }
            }
        }
        None
    }

    /// A rule that applies to a product of scalars: the other factors, and the replacement.
    pub fn in_monomial(&self, monomial: &Monomial) -> Option<(Monomial, Scalar)> {
        let mut matches = self.scalars.iter();
        matches.find_map(|rule| Some((monomial.without(&rule.left)?, rule.right.clone())))
    }
}

/// The measure of a term, without the eliminated scalars; `Reverse` because letters declared earlier are larger.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Measure {
    letters: usize,
    multiset: Vec<Reverse<Rank>>,
}

/// The place of a letter in the order of letters: symbols as they are declared, members of families by index,
/// functions after all symbols. Only letters of the theory occur, so they are finitely many.
type Rank = (u32, Option<(Index, Index)>);

impl Algebra<'_> {
    /// Adds the equation `left = right`, to be used from left to right.
    ///
    /// Errors: if the left side is not one word or one product of scalars, or a term on the right is not smaller.
    pub(super) fn assume(&mut self, left: &Element, right: &Element) -> Result<(), Rejection> {
        let same = left.same_shape(right) || right.literal_zero;
        require(same, "the two sides of an assumption have different shapes")?;
        let one = left.terms.first_key_value().filter(|_| left.terms.len() == 1);
        let shown = "the left side of an assumption must be one word or one product of scalars";
        let (key, coefficient) = one.ok_or_else(|| Rejection::new(shown))?;
        let sums = right.terms.keys().chain([key]).any(|key| key.sum.is_some());
        require(!sums, "an assumption cannot contain a sum of symbolic length")?;
        if key.word.is_empty() {
            let (monomial, factor) = coefficient.single().ok_or_else(|| Rejection::new(shown))?;
            let right = right.scaled(&Rational::from(factor.recip_ref()));
            let right = right.as_scalar().ok_or_else(|| Rejection::new(shown))?;
            return self.assume_scalar(monomial.clone(), right);
        }
        let factor = coefficient.value().ok_or_else(|| Rejection::new(shown))?;
        let right = right.scaled(&Rational::from(factor.recip_ref()));
        self.assume_word(left, &key.word, &right)
    }

    fn assume_word(&mut self, left: &Element, word: &Word, right: &Element) -> Result<(), Rejection> {
        let bound = self.measure_word(word)?;
        for (key, coefficient) in &right.terms {
            self.bring_nothing_back(coefficient)?;
            for (monomial, _) in coefficient.terms() {
                let mut letters = self.measure_monomial(monomial)?;
                letters.extend(self.measure_word(&key.word)?);
                require(measure(letters) < measure(bound.clone()), NOT_SMALLER)?;
            }
        }
        let flipped_word = self.alphabet.transposed(word);
        let flipped = self.transposed(right)?;
        let rule = |word: &Word, rows: &Dimension, right: &Element| WordRule {
            left: word.clone(),
            rows: rows.clone(),
            right: right
                .terms
                .iter()
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect(),
        };
        self.rules.words.push(rule(word, &left.rows, right));
        if flipped_word != *word {
            self.rules.words.push(rule(&flipped_word, &left.columns, &flipped));
        }
        Ok(())
    }

    fn assume_scalar(&mut self, left: Monomial, right: Scalar) -> Result<(), Rejection> {
        let positive = !left.powers().is_empty() && left.powers().iter().all(|(_, exponent)| *exponent > 0);
        require(
            positive,
            "the left side of an assumption must contain a scalar, not divided by",
        )?;
        match left.powers() {
            [(atom, 1)] if self.can_be_eliminated(*atom) && !self.shrinks(&left, &right)? => {
                self.rules.eliminated.push(*atom);
                self.bring_nothing_back(&right)?;
                // Earlier rules must not bring it back either, unless they eliminate a scalar that counts more.
                let brings = |scalar: &Scalar| self.scalars.depends_on(scalar).contains(atom);
                let in_words = self.rules.words.iter().flat_map(|rule| &rule.right);
                let in_words = in_words.map(|(_, coefficient)| coefficient);
                let others = self.rules.scalars.iter().filter(|rule| !rule.eliminates);
                let back = in_words.chain(others.map(|rule| &rule.right)).any(brings);
                require(!back, "an assumption eliminates a scalar that an earlier one needs")?;
                self.rules.scalars.push(ScalarRule {
                    left,
                    right,
                    eliminates: true,
                });
            }
            _ => {
                self.bring_nothing_back(&right)?;
                require(self.shrinks(&left, &right)?, NOT_SMALLER)?;
                self.rules.scalars.push(ScalarRule {
                    left,
                    right,
                    eliminates: false,
                });
            }
        }
        Ok(())
    }

    /// Whether every term on the right is smaller by letters alone.
    fn shrinks(&self, left: &Monomial, right: &Scalar) -> Result<bool, Rejection> {
        let bound = self.measure_monomial(left)?;
        for (monomial, _) in right.terms() {
            let expressions = monomial.powers().iter();
            let mut expressions = expressions.map(|(atom, _)| self.scalars.get(*atom));
            if expressions.any(|atom| matches!(atom, Some(Atom::Expression(_)))) {
                return Ok(false);
            }
            if measure(self.measure_monomial(monomial)?) >= measure(bound.clone()) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Scalar letters and values of unknown functions arise only where they are written.
    fn can_be_eliminated(&self, atom: u16) -> bool {
        match self.scalars.get(atom) {
            Some(Atom::Plain(FreeAtom::Trace(word))) => {
                matches!(word.as_slice(), [letter] if matches!(letter.head, Head::Symbol(_)))
            }
            Some(Atom::Plain(FreeAtom::Unknown(..))) => true,
            _ => false,
        }
    }

    fn bring_nothing_back(&self, right: &Scalar) -> Result<(), Rejection> {
        let atoms = self.scalars.depends_on(right);
        let back = self.rules.eliminated.iter().any(|atom| atoms.contains(atom));
        require(
            !back,
            "an assumption brings back a scalar that an earlier one eliminates",
        )
    }

    /// The letters of a product of scalars, as ranks.
    fn measure_monomial(&self, monomial: &Monomial) -> Result<Vec<Rank>, Rejection> {
        let mut letters = Vec::new();
        for (atom, exponent) in monomial.powers() {
            let ranks = match self.scalars.get(*atom) {
                Some(Atom::Plain(FreeAtom::Trace(word))) => self.measure_word(word)?,
                Some(Atom::Plain(FreeAtom::Unknown(function, _, _))) => vec![function_rank(*function)],
                Some(Atom::Plain(FreeAtom::Size(_))) => Vec::new(),
                Some(Atom::Expression(_)) | None => return Err(Rejection::new(NOT_SMALLER)),
            };
            let times = usize::try_from(exponent.unsigned_abs()).unwrap_or(usize::MAX);
            require(
                times.saturating_mul(ranks.len()) <= limits::WORD,
                "a term of an assumption is too long",
            )?;
            self.scalars
                .account()
                .pay(times.saturating_mul(ranks.len().saturating_add(1)))?;
            letters.extend(std::iter::repeat_n(ranks, times).flatten());
        }
        Ok(letters)
    }

    /// The letters of a word, as ranks; directions of second derivatives count too.
    fn measure_word(&self, word: &Word) -> Result<Vec<Rank>, Rejection> {
        let mut ranks = Vec::new();
        let mut pending: Vec<&Letter> = word.iter().collect();
        while let Some(letter) = pending.pop() {
            ranks.push(match &letter.head {
                Head::Symbol(symbol) => (u32::from(*symbol), None),
                Head::Range(symbol, high, low) => (u32::from(*symbol), Some((high.clone(), low.clone()))),
                Head::Gradient(function, _) => function_rank(*function),
                Head::Second(function, _, direction) => {
                    pending.extend(direction);
                    function_rank(*function)
                }
            });
        }
        Ok(ranks)
    }
}

/// What is wrong with an assumption that might be used for ever.
const NOT_SMALLER: &str =
    "an assumption must replace its left side by fewer letters, or as many that are declared later";

/// Functions come after all symbols.
fn function_rank(function: u16) -> Rank {
    (u32::from(function).saturating_add(1 << 16), None)
}

fn measure(mut letters: Vec<Rank>) -> Measure {
    letters.sort_unstable();
    Measure {
        letters: letters.len(),
        multiset: letters.into_iter().map(Reverse).collect(),
    }
}
