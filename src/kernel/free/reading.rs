//! What makes a normal form pleasant to read: repeated parts, common factors, a gradient and what it is paired with.

use super::scalar::{Monomial, Scalar};
use super::word::{Alphabet, Head, Letter, Word};
use std::collections::BTreeMap;

/// A word cut into parts, each with the number of times it stands there.
///
/// The longest repetition at each place is taken, among equals the one of the shortest part. Panics: never.
pub(super) fn runs(word: &[Letter]) -> Vec<(&[Letter], u32)> {
    let mut runs = Vec::new();
    let mut rest = word;
    while !rest.is_empty() {
        let mut best = (1, 1);
        for length in 1..=rest.len() / 2 {
            let (part, _) = rest.split_at(length);
            let times = rest.chunks_exact(length).take_while(|chunk| *chunk == part).count();
            let (best_length, best_times): (usize, usize) = best;
            if times > 1 && times.saturating_mul(length) > best_times.saturating_mul(best_length) {
                best = (length, times);
            }
        }
        let (length, times) = best;
        let (part, _) = rest.split_at(length);
        let (_, after) = rest.split_at(length.saturating_mul(times));
        runs.push((part, u32::try_from(times).unwrap_or(u32::MAX)));
        rest = after;
    }
    runs
}

/// The monomial that divides every term of a sum, and the sum without it.
///
/// Common negative powers are divisors too. A single term has nothing taken out, and nothing is taken out that would
/// stay behind in a lower power. Panics: never.
pub(super) fn factored(scalar: &Scalar) -> (Monomial, Scalar) {
    let whole = || (Monomial::default(), scalar.clone());
    let mut terms = scalar.terms().map(|(monomial, _)| monomial);
    let Some(first) = terms.next().filter(|_| scalar.len() > 1) else {
        return whole();
    };
    let mut common: BTreeMap<u16, i32> = first.powers().iter().copied().collect();
    for monomial in terms {
        let own: BTreeMap<u16, i32> = monomial.powers().iter().copied().collect();
        common.retain(|atom, exponent| {
            let other = own.get(atom).copied().unwrap_or_default();
            *exponent = match (*exponent > 0, other > 0) {
                (true, true) => other.min(*exponent),
                (false, false) => other.max(*exponent),
                _ => 0,
            };
            *exponent != 0
        });
    }
    let divisor = Monomial::of(
        common
            .iter()
            .map(|(atom, exponent)| (*atom, exponent.saturating_neg()))
            .collect(),
    );
    let mut rest = Scalar::default();
    for (monomial, value) in scalar.terms() {
        let Some(quotient) = monomial.times(&divisor) else {
            return whole();
        };
        rest.add_term(quotient, value);
    }
    if rest.atoms().iter().any(|atom| common.contains_key(atom)) {
        return whole();
    }
    (Monomial::of(common.into_iter().collect()), rest)
}

impl Alphabet {
    /// A closed word as the inner product of the first gradient or second derivative in it with the rest.
    ///
    /// tr(G' R) is the inner product of G and R, and tr(G R) the one of G and R'.
    pub(super) fn paired(&self, word: &Word) -> Option<(Letter, Word)> {
        let derived = |letter: &Letter| matches!(letter.head, Head::Gradient(..) | Head::Second(..));
        let place = word.iter().position(derived).filter(|_| word.len() > 1)?;
        let mut turned = word.clone();
        turned.rotate_left(place);
        let (first, rest) = turned.split_first()?;
        let upright = Letter {
            head: first.head.clone(),
            transposed: false,
        };
        let rest = if first.transposed {
            rest.to_vec()
        } else {
            self.transposed(rest)
        };
        Some((upright, rest))
    }
}
