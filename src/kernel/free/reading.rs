//! What makes a normal form pleasant to read: repeated parts, common factors, a gradient and what it is paired with.

use super::scalar::{Monomial, Scalar};
use super::word::{Alphabet, Head, Letter, Word};
use rug::Rational;
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

/// The number and the monomial that divide every term of a sum, and the sum without them.
///
/// Common negative powers are divisors too. A single term has nothing taken out, and nothing is taken out that would
/// stay behind in a lower power. Panics: never.
pub(super) fn factored(scalar: &Scalar) -> (Rational, Monomial, Scalar) {
    let whole = || (Rational::from(1), Monomial::default(), scalar.clone());
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
    let mut sizes = rest.terms().map(|(_, value)| Rational::from(value.abs_ref()));
    let size = sizes.next().unwrap_or_default();
    let size = if sizes.all(|other| other == size) {
        size
    } else {
        Rational::from(1)
    };
    let rest = rest.scaled(&Rational::from(size.recip_ref()));
    (size, Monomial::of(common.into_iter().collect()), rest)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn word(symbols: &[u16]) -> Word {
        let letter = |symbol: &u16| Letter {
            head: Head::Symbol(*symbol),
            transposed: false,
        };
        symbols.iter().map(letter).collect()
    }

    #[test]
    fn a_run_is_the_longest_repetition() {
        let abab = word(&[0, 1, 0, 1, 2, 2, 2, 0]);
        let runs: Vec<(usize, u32)> = runs(&abab).iter().map(|(part, times)| (part.len(), *times)).collect();
        assert_eq!(runs, [(2, 2), (1, 3), (1, 1)]);
    }

    #[test]
    fn a_factor_is_taken_out_only_if_nothing_of_it_stays() {
        let sum = |first: &[(u16, i32)], second: &[(u16, i32)]| {
            let mut sum = Scalar::monomial(Monomial::of(first.to_vec()));
            sum.add_term(Monomial::of(second.to_vec()), &Rational::from(3));
            sum
        };
        let (size, common, rest) = factored(&sum(&[(0, 2), (1, 1)], &[(0, 2), (2, 1)]));
        assert_eq!(size, 1);
        assert_eq!(common.powers(), [(0, 2)]);
        assert_eq!(rest, sum(&[(1, 1)], &[(2, 1)]));
        let mixed = sum(&[(0, 1), (1, 1)], &[(0, 2)]);
        assert_eq!(
            factored(&mixed),
            (Rational::from(1), Monomial::default(), mixed.clone())
        );
    }
}
