//! Words: products of letters, some transposed; their shapes, their cuts into scalars, their cyclic normal forms.

use super::super::limits;
use super::super::theorem::{Rejection, require};
use super::data::{FunctionData, SymbolData};
use super::index::{Index, Ranges};
use super::shape::Dimension;
use std::collections::BTreeSet;

/// What a letter is, without its transposition.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Head {
    /// A symbol.
    Symbol(u16),
    /// The product of the members of a family from the first index down to the second; equal for one member.
    Range(u16, Index, Index),
    /// The gradient of an unknown function at an argument.
    Gradient(u16, usize),
    /// The derivative of such a gradient in the direction of a word.
    Second(u16, usize, Word),
}

/// A letter of a word.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Letter {
    /// What it is.
    pub head: Head,
    /// Whether its transpose is meant.
    pub transposed: bool,
}

/// Most variants of a closed word that are compared; beyond, equal traces may have different normal forms.
pub(super) const VARIANTS: usize = 64;

/// A product of letters; the empty word is the identity.
pub type Word = Vec<Letter>;

/// The symbols and functions of a theory: what letters mean.
#[derive(Clone, Debug)]
pub struct Alphabet {
    /// The symbols.
    pub symbols: Vec<SymbolData>,
    /// The unknown functions.
    pub functions: Vec<FunctionData>,
    /// What is known of the indices.
    pub ranges: Ranges,
}

/// Something refers to what is not there.
fn missing() -> Rejection {
    Rejection::new("a letter that is not declared")
}

/// A form that is too large for the machine integers.
pub(super) fn overflow() -> Rejection {
    Rejection::new("an index is too large")
}

impl Alphabet {
    /// The data of a symbol.
    pub fn symbol(&self, symbol: u16) -> Result<&SymbolData, Rejection> {
        self.symbols.get(usize::from(symbol)).ok_or_else(missing)
    }

    /// The data of an unknown function.
    pub fn function(&self, function: u16) -> Result<&FunctionData, Rejection> {
        self.functions.get(usize::from(function)).ok_or_else(missing)
    }

    /// The numbers of rows and columns of a letter.
    pub fn shape(&self, letter: &Letter) -> Result<(Dimension, Dimension), Rejection> {
        let (rows, columns) = match &letter.head {
            Head::Symbol(symbol) => {
                let data = self.symbol(*symbol)?;
                (data.rows.clone(), data.columns.clone())
            }
            Head::Range(symbol, high, low) => {
                let data = self.symbol(*symbol)?;
                let formal = data.family.ok_or_else(missing)?;
                let rows = data.rows.substitute(formal, high).ok_or_else(overflow)?;
                let columns = data.columns.substitute(formal, low).ok_or_else(overflow)?;
                (rows, columns)
            }
            Head::Gradient(function, _) | Head::Second(function, _, _) => {
                let data = self.function(*function)?;
                (data.rows.clone(), data.columns.clone())
            }
        };
        Ok(if letter.transposed {
            (columns, rows)
        } else {
            (rows, columns)
        })
    }

    /// The transpose of a letter.
    fn flipped(&self, letter: &Letter) -> Letter {
        let symmetric = match &letter.head {
            Head::Symbol(symbol) => self.symbol(*symbol).is_ok_and(|data| data.symmetric || is_scalar(data)),
            Head::Range(symbol, high, low) => {
                high == low && self.symbol(*symbol).is_ok_and(|data| data.symmetric || is_scalar(data))
            }
            Head::Gradient(..) | Head::Second(..) => false,
        };
        Letter {
            head: letter.head.clone(),
            transposed: !letter.transposed && !symmetric,
        }
    }

    /// The transpose of a word.
    pub fn transposed(&self, word: &[Letter]) -> Word {
        word.iter().rev().map(|letter| self.flipped(letter)).collect()
    }

    /// The word with neighbouring members of a family joined into products, and empty products dropped.
    ///
    /// Products between literal indices stay apart, factor by factor; all others are joined as far as possible, so
    /// that P(i) = P(i+1) W(i+1) holds by normal form.
    pub fn joined(&self, word: &[Letter]) -> Result<Word, Rejection> {
        require(word.len() <= limits::WORD, "a word is too long")?;
        let mut done: Word = Vec::with_capacity(word.len());
        let mut apart = Word::with_capacity(word.len());
        for letter in word {
            apart.extend(factors(letter)?);
        }
        require(apart.len() <= limits::WORD, "a word is too long")?;
        for letter in apart {
            if is_empty_product(&letter) {
                continue;
            }
            let mut next = letter;
            while let Some(joined) = done.last().and_then(|last| join(last, &next)) {
                done.pop();
                next = joined;
            }
            done.push(next);
        }
        Ok(done)
    }

    /// The places of a word (0 is before the first letter) where the size is 1.
    fn cuts(&self, word: &[Letter]) -> Result<Vec<usize>, Rejection> {
        let mut cuts = Vec::new();
        for (place, letter) in word.iter().enumerate() {
            let (rows, columns) = self.shape(letter)?;
            if place == 0 && rows.is_one() {
                cuts.push(0);
            }
            if columns.is_one() {
                cuts.push(place.saturating_add(1));
            }
        }
        Ok(cuts)
    }

    /// Splits off the parts of a word that are scalars: what is left, and the scalars as closed words.
    pub fn split(&self, word: &[Letter]) -> Result<(Word, Vec<Word>), Rejection> {
        let cuts = self.cuts(word)?;
        let (Some(first), Some(last)) = (cuts.first(), cuts.last()) else {
            return Ok((word.to_vec(), Vec::new()));
        };
        let mut rest: Word = word.get(..*first).unwrap_or_default().to_vec();
        rest.extend(word.get(*last..).unwrap_or_default().iter().cloned());
        let between = cuts.iter().zip(cuts.iter().skip(1));
        let scalars = between.map(|(from, to)| word.get(*from..*to).unwrap_or_default().to_vec());
        Ok((rest, scalars.collect()))
    }

    /// Splits a closed word into closed words that do not go through size 1 inside: the trace is the product of theirs.
    pub fn split_trace(&self, word: &[Letter]) -> Result<Vec<Word>, Rejection> {
        let cuts = self.cuts(word)?;
        let Some(first) = cuts.first() else {
            return Ok(vec![word.to_vec()]);
        };
        let mut turned = word.to_vec();
        turned.rotate_left((*first).min(word.len()));
        Ok(self.split(&turned)?.1)
    }

    /// The representative of a closed word among its rotations and the rotations of its transpose.
    pub fn cyclic(&self, word: &[Letter]) -> Result<Word, Rejection> {
        let mut word = word.to_vec();
        // The last and the first factor may belong to one product.
        while word.len() > 1 {
            let Some(joined) = word
                .last()
                .zip(word.first())
                .and_then(|(last, first)| join(last, first))
            else {
                break;
            };
            word.pop();
            if let Some(first) = word.first_mut() {
                *first = joined;
            }
        }
        // Transposition and the symmetry of second derivatives, again and again, so that all variants are met.
        let mut seen = BTreeSet::new();
        let mut pending = vec![word];
        while let Some(word) = pending.pop() {
            let word = least_rotation(&word);
            if seen.len() >= VARIANTS || !seen.insert(word.clone()) {
                continue;
            }
            pending.extend(self.second_derivative_variants(&word));
            pending.push(self.transposed(&word));
        }
        Ok(seen.pop_first().unwrap_or_default())
    }

    /// A closed word and, for every second derivative in it, the one with direction and rest exchanged:
    /// tr(H[A] R) = <H[A], R'> = <H[R'], A> = tr(H[R'] A'), because second derivatives are symmetric.
    fn second_derivative_variants(&self, word: &Word) -> Vec<Word> {
        let mut variants = Vec::new();
        for (place, letter) in word.iter().enumerate() {
            let Head::Second(function, at, direction) = &letter.head else {
                continue;
            };
            let mut turned = word.clone();
            turned.rotate_left(place);
            let rest = turned.get(1..).unwrap_or_default();
            // tr(H[A]' R) = tr(H[A] R').
            let rest = if letter.transposed {
                self.transposed(rest)
            } else {
                rest.to_vec()
            };
            let mut exchanged = vec![Letter {
                head: Head::Second(*function, *at, self.transposed(&rest)),
                transposed: false,
            }];
            exchanged.extend(self.transposed(direction));
            variants.push(exchanged);
        }
        variants
    }
}

/// The smallest of the rotations of a word.
fn least_rotation(word: &Word) -> Word {
    let turns = (0..word.len()).map(|turn| {
        let mut turned = word.clone();
        turned.rotate_left(turn);
        turned
    });
    turns.min().unwrap_or_default()
}

/// Whether a symbol, or every member of a family, is a number.
fn is_scalar(data: &SymbolData) -> bool {
    data.rows.is_one() && data.columns.is_one()
}

/// Whether a letter is a product without factors.
fn is_empty_product(letter: &Letter) -> bool {
    match &letter.head {
        Head::Range(_, high, low) => high.shifted(1).as_ref() == Some(low),
        _ => false,
    }
}

/// The factors of a product between literal indices; any other letter is its own factor.
fn factors(letter: &Letter) -> Result<Word, Rejection> {
    let (Head::Range(symbol, high, low), transposed) = (&letter.head, letter.transposed) else {
        return Ok(vec![letter.clone()]);
    };
    let (Some(top), Some(bottom)) = (high.value(), low.value()) else {
        return Ok(vec![letter.clone()]);
    };
    let length = top.checked_sub(bottom).and_then(|gap| usize::try_from(gap).ok());
    let Some(length) = length.filter(|length| *length > 0) else {
        return Ok(vec![letter.clone()]);
    };
    require(length < limits::WORD, "a product is too long")?;
    let member = |index: i32| Letter {
        head: Head::Range(*symbol, Index::literal(index), Index::literal(index)),
        transposed,
    };
    // W[3..1] = W[3] W[2] W[1], and W[3..1]' = W[1]' W[2]' W[3]'.
    let rising = (bottom..=top).map(member);
    Ok(if transposed {
        rising.collect()
    } else {
        rising.rev().collect()
    })
}

/// Two neighbouring products of members as one, unless all indices are literal.
fn join(left: &Letter, right: &Letter) -> Option<Letter> {
    let (Head::Range(a, a_high, a_low), Head::Range(b, b_high, b_low)) = (&left.head, &right.head) else {
        return None;
    };
    if a != b || left.transposed != right.transposed {
        return None;
    }
    // Transposed: W[m..l]' W[h..m+1]' = W[h..l]'.
    let (high, inner_low, inner_high, low) = if left.transposed {
        (b_high, b_low, a_high, a_low)
    } else {
        (a_high, a_low, b_high, b_low)
    };
    let adjacent = inner_high.shifted(1).as_ref() == Some(inner_low);
    let literal = high.value().is_some() && low.value().is_some();
    (adjacent && !literal).then(|| Letter {
        head: Head::Range(*a, high.clone(), low.clone()),
        transposed: left.transposed,
    })
}
