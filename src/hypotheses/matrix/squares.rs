//! Sums of squares: a positive definite Gram matrix is guessed in floating point, rounded, and made to fit exactly.
//!
//! Source: Parrilo 2000; Peyrl, Parrilo 2008 for the rounding. The Gram matrices of a polynomial form an affine space in
//! which each monomial has a class of entries of its own, so projecting onto it is dividing what is missing evenly.

use super::polynomial::{Monomial, Polynomial, degree, monomials, product_of};
use crate::numeric::shifted_to_definite;
use rug::{Integer, Rational};
use std::collections::BTreeMap;

/// Largest Gram matrix that is tried.
const BASIS: usize = 60;
/// Projections back and forth.
const ROUNDS: usize = 400;
/// Bits kept of the entries.
const BITS: u32 = 40;

/// Monomials b and a positive semidefinite G with p = b' G b.
pub(super) struct Gram {
    pub basis: Vec<Polynomial>,
    pub gram: Vec<Vec<Rational>>,
}

/// A Gram matrix of a polynomial, well inside the semidefinite cone; `None` if none is found.
pub(super) fn sum_of_squares(p: &Polynomial, size: usize) -> Option<Gram> {
    let top = p.degree();
    if top % 2 == 1 {
        return None;
    }
    let basis = basis(p, size)?;
    let classes = classes(&basis)?;
    if p.terms.keys().any(|monomial| !classes.contains_key(monomial)) {
        return None;
    }
    let count = basis.len();
    let scale = p.terms.values().map(|value| value.to_f64().abs()).fold(0.0, f64::max);
    let wanted: BTreeMap<&Monomial, f64> = classes
        .keys()
        .map(|monomial| (monomial, p.terms.get(monomial).map_or(0.0, Rational::to_f64)))
        .collect();
    for floor in [0.1, 1e-2, 1e-3, 1e-5, 1e-7] {
        let floor = floor * scale.min(1.0);
        let mut gram = vec![vec![0.0; count]; count];
        for _ in 0..ROUNDS {
            project(&mut gram, &classes, &wanted);
            gram = shifted_to_definite(&gram, floor)?;
        }
        project(&mut gram, &classes, &wanted);
        let exact = rounded(&gram, &classes, p, scale);
        if matches!(crate::kernel::linear::inertia(&exact), Some([_, 0, _])) {
            let written = basis
                .iter()
                .map(|monomial| Polynomial::term(monomial.clone(), Rational::from(1)));
            return Some(Gram {
                basis: written.collect(),
                gram: exact,
            });
        }
    }
    None
}

/// The monomials that can occur: half the degree, and none whose square could not cancel.
fn basis(p: &Polynomial, size: usize) -> Option<Vec<Monomial>> {
    let used: Vec<usize> = (0..size)
        .filter(|place| {
            p.terms
                .keys()
                .any(|monomial| monomial.get(*place).is_some_and(|exponent| *exponent > 0))
        })
        .collect();
    let bottom = p.terms.keys().map(degree).min().unwrap_or(0);
    let mut list = monomials(size, &used, p.degree() / 2);
    list.retain(|monomial| 2 * degree(monomial) >= bottom);
    // No exponent of a square exceeds the largest one in p.
    for place in &used {
        let most = p.terms.keys().map(|monomial| monomial[*place]).max().unwrap_or(0);
        list.retain(|monomial| 2 * u16::from(monomial[*place]) <= u16::from(most));
    }
    if list.len() > 4 * BASIS {
        return None;
    }
    loop {
        let lonely = list.iter().position(|monomial| {
            let Some(square) = product_of(monomial, monomial) else {
                return true;
            };
            let others = list.iter().enumerate().any(|(place, left)| {
                list.iter()
                    .skip(place + 1)
                    .any(|right| product_of(left, right).as_ref() == Some(&square))
            });
            !others && !p.terms.contains_key(&square)
        });
        match lonely {
            Some(place) => list.remove(place),
            None => break,
        };
    }
    (list.len() <= BASIS).then_some(list)
}

/// The places of the Gram matrix that make up each monomial.
type Classes = BTreeMap<Monomial, Vec<(usize, usize)>>;

fn classes(basis: &[Monomial]) -> Option<Classes> {
    let mut classes = Classes::new();
    for (i, left) in basis.iter().enumerate() {
        for (j, right) in basis.iter().enumerate() {
            classes.entry(product_of(left, right)?).or_default().push((i, j));
        }
    }
    Some(classes)
}

/// Divides what is missing of each coefficient evenly among its places.
fn project(gram: &mut [Vec<f64>], classes: &Classes, wanted: &BTreeMap<&Monomial, f64>) {
    for (monomial, places) in classes {
        let sum: f64 = places.iter().map(|(i, j)| gram[*i][*j]).sum();
        let missing = wanted.get(monomial).copied().unwrap_or(0.0) - sum;
        for (i, j) in places {
            gram[*i][*j] += missing / places.len() as f64;
        }
    }
}

/// The matrix rounded to short rationals, with exactly the coefficients of p.
fn rounded(gram: &[Vec<f64>], classes: &Classes, p: &Polynomial, scale: f64) -> Vec<Vec<Rational>> {
    let shift = i32::try_from(BITS).unwrap_or(0) - scale.max(1e-300).log2().ceil() as i32;
    let short = |value: f64| {
        let scaled = (value * 2f64.powi(shift)).round();
        let integer = Integer::from_f64(scaled).unwrap_or_default();
        let unit = if shift >= 0 {
            Rational::from((1, Integer::from(1) << u32::try_from(shift).unwrap_or(0)))
        } else {
            Rational::from(Integer::from(1) << u32::try_from(-shift).unwrap_or(0))
        };
        Rational::from(integer) * unit
    };
    let mut exact: Vec<Vec<Rational>> = gram
        .iter()
        .map(|row| row.iter().map(|entry| short(*entry)).collect())
        .collect();
    for (monomial, places) in classes {
        let sum: Rational = places.iter().map(|(i, j)| exact[*i][*j].clone()).sum();
        let missing = p.terms.get(monomial).cloned().unwrap_or_default() - sum;
        let share = missing / Rational::from(places.len());
        for (i, j) in places {
            exact[*i][*j] += &share;
        }
    }
    // Symmetric exactly: the places of a class come in mirrored pairs, whose mean keeps the sum.
    let mean = |i: usize, j: usize| -> Rational { Rational::from(&exact[i][j] + &exact[j][i]) / 2 };
    let places = 0..exact.len();
    places.map(|i| (0..exact.len()).map(|j| mean(i, j)).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::expr::Table;
    use crate::kernel::linear::inertia;

    /// x^4 - 2 x^2 y^2 + ... written down by hand.
    fn polynomial(terms: &[(&[u8], i32)]) -> Polynomial {
        let mut sum = Polynomial::default();
        for (monomial, value) in terms {
            sum.add_term(monomial.to_vec(), Rational::from(*value));
        }
        sum
    }

    #[test]
    fn gram_matrices_are_exact() {
        // (x^2 + x y - 1)^2 + x^2 y^2 + y^2 + 3 and a definite quartic.
        let cases = [
            polynomial(&[
                (&[4, 0], 1),
                (&[3, 1], 2),
                (&[2, 2], 2),
                (&[2, 0], -2),
                (&[1, 1], -2),
                (&[0, 2], 1),
                (&[0, 0], 4),
            ]),
            polynomial(&[(&[4, 0], 2), (&[0, 4], 3), (&[2, 2], -1), (&[1, 0], 1), (&[0, 0], 5)]),
        ];
        for p in cases {
            let found = sum_of_squares(&p, 2).unwrap();
            let mut sum = Polynomial::default();
            for (left, row) in found.basis.iter().zip(&found.gram) {
                for (right, factor) in found.basis.iter().zip(row) {
                    sum = sum.plus(&left.times(right).unwrap(), factor);
                }
            }
            assert_eq!(sum, p);
            assert!(matches!(inertia(&found.gram), Some([_, 0, _])));
        }
        // Negative somewhere, of odd degree, and Motzkin's polynomial, which is no sum of squares.
        assert!(sum_of_squares(&polynomial(&[(&[2, 0], 1), (&[0, 0], -1)]), 2).is_none());
        assert!(sum_of_squares(&polynomial(&[(&[3, 0], 1)]), 2).is_none());
        let motzkin = polynomial(&[(&[4, 2], 1), (&[2, 4], 1), (&[2, 2], -3), (&[0, 0], 1)]);
        assert!(sum_of_squares(&motzkin, 2).is_none());
    }

    #[test]
    fn polynomials_survive_being_written() {
        let p = polynomial(&[(&[2, 1], 3), (&[0, 0], -2), (&[0, 1], 1)]);
        let mut table = Table::new();
        let written = p.write(&mut table);
        assert_eq!(Polynomial::of(&table, written, 2), Some(p));
    }
}
