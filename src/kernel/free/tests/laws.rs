//! Laws of indices, words, scalars and rewriting.

use super::super::data::Node;
use super::super::data::{FunctionData, SymbolData};
use super::super::index::{Index, Ranges};
use super::super::scalar::{Scalar, Scalars};
use super::super::word::{Alphabet, Head, Letter, Word};
use super::{Draft, named};
use proptest::prelude::*;
use rug::Rational;

/// a + b*N + c*i.
fn form(offset: i32, by_n: i32, by_i: i32) -> Index {
    let sum = Index::literal(offset).plus(by_n, &Index::variable(0)).unwrap();
    sum.plus(by_i, &Index::variable(1)).unwrap()
}

/// The value of a form at N and i.
fn at(form: &Index, n: i32, i: i32) -> i32 {
    form.offset() + form.multiple(0) * n + form.multiple(1) * i
}

proptest! {
    /// What is shown for all values holds for every value; and what is refused fails for some, or is beyond elimination.
    #[test]
    fn ranges_agree_with_counting(a in -4i32..=4, b in -2i32..=2, c in -2i32..=2, first in -2i32..=2, low in 0i32..=2, high in -1i32..=1) {
        // N >= first, and low <= i <= N + high.
        let to = Index::variable(0).shifted(high).unwrap();
        let ranges = Ranges::new(vec![(Index::literal(first), None), (Index::literal(low), Some(to))]);
        let form = form(a, b, c);
        if ranges.nonnegative(&form) {
            for n in first..first + 12 {
                for i in low..=n + high {
                    prop_assert!(at(&form, n, i) >= 0);
                }
            }
        }
    }

    #[test]
    fn indices_are_affine(a in -9i32..=9, b in -9i32..=9, c in -9i32..=9, d in -9i32..=9, factor in -3i32..=3, n in -5i32..=5, i in -5i32..=5) {
        let (left, right) = (form(a, b, c), form(d, c, a));
        let sum = left.plus(factor, &right).unwrap();
        prop_assert!(sum.is_normal());
        prop_assert_eq!(at(&sum, n, i), at(&left, n, i) + factor * at(&right, n, i));
        let replaced = left.substitute(1, &right).unwrap();
        prop_assert_eq!(at(&replaced, n, i), at(&left, n, at(&right, n, i)));
    }

    #[test]
    fn cyclic_forms_are_invariant(letters in prop::collection::vec((0u16..4, any::<bool>()), 1..7), turn in 0usize..7, direction in prop::collection::vec(0u16..3, 1..3), second in any::<bool>()) {
        let alphabet = alphabet();
        let letter = |(symbol, transposed): &(u16, bool)| Letter {
            head: Head::Symbol(*symbol),
            // Symbol 3 is symmetric.
            transposed: *transposed && *symbol != 3,
        };
        let mut word: Word = letters.iter().map(letter).collect();
        if second {
            let direction = direction.iter().map(|symbol| letter(&(*symbol, false))).collect();
            word.push(Letter { head: Head::Second(0, 0, direction), transposed: turn % 2 == 0 });
        }
        let normal = alphabet.cyclic(&word).unwrap();
        let mut turned = word.clone();
        turned.rotate_left(turn % word.len());
        prop_assert_eq!(&alphabet.cyclic(&turned).unwrap(), &normal);
        prop_assert_eq!(&alphabet.cyclic(&alphabet.transposed(&word)).unwrap(), &normal);
        prop_assert_eq!(&alphabet.cyclic(&normal).unwrap(), &normal);
        prop_assert_eq!(alphabet.transposed(&alphabet.transposed(&word)), word);
    }

    #[test]
    fn scalars_are_polynomials(a in prop::collection::vec(-3i32..=3, 4), b in prop::collection::vec(-3i32..=3, 4), c in prop::collection::vec(-3i32..=3, 4), exponent in 0u32..4) {
        let mut scalars: Scalars<u8> = Scalars::new();
        let (x, y) = (scalars.plain(0).unwrap(), scalars.plain(1).unwrap());
        let polynomial = |c: &[i32]| {
            let xy = scalars.times(&x, &y).unwrap();
            let mut sum = Scalar::constant(c[0]);
            for (factor, part) in c[1..].iter().zip([&x, &y, &xy]) {
                sum.add(&Rational::from(*factor), part);
            }
            sum
        };
        let (a, b, c) = (polynomial(&a), polynomial(&b), polynomial(&c));
        let one = Rational::from(1);
        let sum = |a: &Scalar, b: &Scalar| { let mut sum = a.clone(); sum.add(&one, b); sum };
        let times = |a: &Scalar, b: &Scalar| scalars.times(a, b).unwrap();
        prop_assert_eq!(times(&a, &sum(&b, &c)), { let (l, r) = (times(&a, &b), times(&a, &c)); sum(&l, &r) });
        prop_assert_eq!(times(&a, &b), times(&b, &a));
        let ab = times(&a, &b);
        let bc = times(&b, &c);
        prop_assert_eq!(times(&ab, &c), times(&a, &bc));
        let repeated = (0..exponent).fold(Scalar::constant(1), |product, _| times(&product, &a));
        prop_assert_eq!(scalars.power(&a, exponent).unwrap(), repeated);
        // Leibniz, and a - a.
        let slope = |scalars: &mut Scalars<u8>, of: &Scalar| scalars.partial(of, 0).unwrap();
        let (da, db, dab) = (slope(&mut scalars, &a), slope(&mut scalars, &b), slope(&mut scalars, &ab));
        let leibniz = sum(&scalars.times(&da, &b).unwrap(), &scalars.times(&a, &db).unwrap());
        prop_assert_eq!(dab, leibniz);
        prop_assert!(sum(&a, &a.scaled(&Rational::from(-1))).is_empty());
        // One over a is the inverse, by the zero test.
        if !a.is_empty() {
            let inverse = scalars.inverse(&a).unwrap();
            let mut unit = scalars.times(&inverse, &a).unwrap();
            unit.add(&Rational::from(-1), &Scalar::constant(1));
            prop_assert!(scalars.is_zero(&unit).unwrap());
        }
    }

    /// Random rules between words are refused, or every word has a normal form that no rule changes.
    #[test]
    fn rewriting_ends(rules in prop::collection::vec((prop::collection::vec(0usize..3, 1..4), prop::collection::vec(0usize..3, 0..4)), 1..4), word in prop::collection::vec(0usize..3, 1..8)) {
        let mut draft = Draft::new();
        let letters = [draft.square("A"), draft.square("B"), draft.square("C")];
        let identity = draft.node(Node::Identity(named()));
        let product = |draft: &mut Draft, word: &[usize]| {
            word.iter().fold(identity, |product, letter| draft.node(Node::Mul(product, letters[*letter])))
        };
        for (left, right) in &rules {
            let (left, right) = (product(&mut draft, left), product(&mut draft, right));
            draft.rule(left, right);
        }
        let word = product(&mut draft, &word);
        if let Ok(mut algebra) = super::super::Algebra::new(&draft.0) {
            algebra.evaluate(word).unwrap();
        }
    }
}

fn alphabet() -> Alphabet {
    let symbol = |(name, symmetric): (&str, bool)| SymbolData {
        name: name.to_owned(),
        family: None,
        rows: named(),
        columns: named(),
        symmetric,
        constant: false,
    };
    let function = FunctionData {
        name: "f".to_owned(),
        rows: named(),
        columns: named(),
    };
    Alphabet {
        symbols: [("A", false), ("B", false), ("C", false), ("S", true)]
            .map(symbol)
            .to_vec(),
        functions: vec![function],
        ranges: Ranges::new(Vec::new()),
    }
}
