//! Polynomial combinations: cofactors a_i with sum a_i g_i = target, by linear algebra modulo primes.

use super::polynomial::{Monomial, Polynomial, monomials, product_of};
use rug::ops::RemRounding;
use rug::{Integer, Rational};
use std::collections::{BTreeMap, BTreeSet};

/// Unknown coefficients of one search.
const UNKNOWNS: usize = 1_500;
/// Primes that are combined at most.
const PRIMES: usize = 24;

/// Cofactors up to the given degrees, one for each generator; `None` if there are none.
pub(super) fn cofactors(
    generators: &[Polynomial],
    target: &Polynomial,
    degrees: &[u32],
    size: usize,
) -> Option<Vec<Polynomial>> {
    let used: Vec<usize> = (0..size).collect();
    let mut unknowns: Vec<(usize, Monomial)> = Vec::new();
    for (place, degree) in degrees.iter().enumerate() {
        unknowns.extend(
            monomials(size, &used, *degree)
                .into_iter()
                .map(|monomial| (place, monomial)),
        );
    }
    if unknowns.len() > UNKNOWNS {
        return None;
    }
    let mut columns: Vec<BTreeMap<Monomial, Rational>> = Vec::with_capacity(unknowns.len());
    for (place, monomial) in &unknowns {
        let mut column = BTreeMap::new();
        for (own, value) in &generators.get(*place)?.terms {
            column.insert(product_of(own, monomial)?, value.clone());
        }
        columns.push(column);
    }
    let keys: BTreeSet<&Monomial> = columns
        .iter()
        .flat_map(BTreeMap::keys)
        .chain(target.terms.keys())
        .collect();
    let rows: BTreeMap<&Monomial, usize> = keys.into_iter().enumerate().map(|(place, key)| (key, place)).collect();
    let entries: Vec<Vec<(usize, Rational)>> = columns
        .iter()
        .chain([&target.terms])
        .map(|column| column.iter().map(|(key, value)| (rows[key], value.clone())).collect())
        .collect();
    let solution = solve(&entries, rows.len())?;
    let mut found = vec![Polynomial::default(); generators.len()];
    for ((place, monomial), value) in unknowns.into_iter().zip(solution) {
        found[place].add_term(monomial, value);
    }
    let mut sum = Polynomial::default();
    for (cofactor, generator) in found.iter().zip(generators) {
        sum = sum.plus(&cofactor.times(generator)?, &Rational::from(1));
    }
    (sum == *target).then_some(found)
}

/// A solution of the system whose last column is the right-hand side: residues by elimination, put together by the
/// Chinese remainder theorem, and read as fractions.
fn solve(columns: &[Vec<(usize, Rational)>], rows: usize) -> Option<Vec<Rational>> {
    let unknowns = columns.len() - 1;
    let (mut modulus, mut residues) = (Integer::from(1), vec![Integer::new(); unknowns]);
    let mut prime: Integer = Integer::from(1) << 61;
    let mut last: Option<Vec<Rational>> = None;
    for _ in 0..PRIMES {
        prime = prime.next_prime();
        let p = prime.to_u64()?;
        let Some(matrix) = reduced(columns, rows, p) else {
            continue;
        };
        let own = eliminated(matrix, unknowns, p)?;
        let inverse = Integer::from(&modulus % p).invert(&prime).ok()?;
        for (residue, value) in residues.iter_mut().zip(&own) {
            let gap = (Integer::from(*value) - &*residue) * &inverse;
            let gap = gap.rem_euc(&prime);
            *residue += gap * &modulus;
        }
        modulus *= &prime;
        let fractions: Option<Vec<Rational>> = residues.iter().map(|residue| fraction(residue, &modulus)).collect();
        if let Some(fractions) = fractions {
            if last.as_ref() == Some(&fractions) {
                return Some(fractions);
            }
            last = Some(fractions);
        }
    }
    None
}

/// The augmented matrix by rows modulo a prime; `None` if the prime divides a denominator.
fn reduced(columns: &[Vec<(usize, Rational)>], rows: usize, p: u64) -> Option<Vec<Vec<u64>>> {
    let modulus = Integer::from(p);
    let mut matrix = vec![vec![0; columns.len()]; rows];
    for (place, column) in columns.iter().enumerate() {
        for (row, value) in column {
            let below = Integer::from(value.denom()).invert(&modulus).ok()?;
            let residue = (Integer::from(value.numer()) * below).rem_euc(&modulus);
            matrix[*row][place] = residue.to_u64()?;
        }
    }
    Some(matrix)
}

/// A solution with the free unknowns 0; `None` if there is none.
fn eliminated(mut matrix: Vec<Vec<u64>>, unknowns: usize, p: u64) -> Option<Vec<u64>> {
    let times = |a: u64, b: u64| ((u128::from(a) * u128::from(b)) % u128::from(p)) as u64;
    let power = |mut base: u64, mut exponent: u64| {
        let mut product = 1;
        while exponent > 0 {
            if exponent & 1 == 1 {
                product = times(product, base);
            }
            base = times(base, base);
            exponent >>= 1;
        }
        product
    };
    let mut pivots: Vec<usize> = Vec::new();
    for column in 0..unknowns {
        let rank = pivots.len();
        let Some(found) = (rank..matrix.len()).find(|row| matrix[*row][column] != 0) else {
            continue;
        };
        matrix.swap(rank, found);
        let inverse = power(matrix[rank][column], p - 2);
        for entry in &mut matrix[rank][column..] {
            *entry = times(*entry, inverse);
        }
        let pivot = matrix[rank].clone();
        for (row, own) in matrix.iter_mut().enumerate() {
            let factor = own[column];
            if row == rank || factor == 0 {
                continue;
            }
            for (entry, above) in own[column..].iter_mut().zip(&pivot[column..]) {
                if *above != 0 {
                    *entry = (*entry + p - times(factor, *above)) % p;
                }
            }
        }
        pivots.push(column);
    }
    if matrix.iter().skip(pivots.len()).any(|row| row[unknowns] != 0) {
        return None;
    }
    let mut solution = vec![0; unknowns];
    for (row, column) in pivots.into_iter().enumerate() {
        solution[column] = matrix[row][unknowns];
    }
    Some(solution)
}

/// The fraction with small numerator and denominator that a residue is.
///
/// Source: Wang 1981, rational reconstruction.
fn fraction(residue: &Integer, modulus: &Integer) -> Option<Rational> {
    let bound = Integer::from(modulus / 2u32).sqrt();
    let (mut r0, mut r1) = (modulus.clone(), residue.clone());
    let (mut t0, mut t1) = (Integer::new(), Integer::from(1));
    while r1 > bound {
        let quotient = Integer::from(&r0 / &r1);
        let r2 = r0 - Integer::from(&quotient * &r1);
        let t2 = t0 - Integer::from(&quotient * &t1);
        (r0, r1) = (r1, r2);
        (t0, t1) = (t1, t2);
    }
    (t1 != 0 && Integer::from(t1.abs_ref()) <= bound).then(|| Rational::from((r1, t1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn combinations_are_found_with_their_fractions() {
        // 1 = (x y + 2/3) (3/2) - (3/2) y x.
        let variable = |place| Polynomial::variable(place, 2);
        let constant = |value| Polynomial::constant(value, 2);
        let product = variable(0).times(&variable(1)).unwrap();
        let first = product.plus(&constant(Rational::from((2, 3))), &Rational::from(1));
        let one = constant(Rational::from(1));
        let found = cofactors(&[first.clone(), variable(0)], &one, &[0, 1], 2).unwrap();
        assert_eq!(found[0].as_constant(), Some(Rational::from((3, 2))));
        // x and y vanish together, so 1 is no combination of them.
        assert!(cofactors(&[variable(0), variable(1)], &one, &[2, 2], 2).is_none());
    }

    #[test]
    fn fractions_come_back_from_residues() {
        let modulus = (Integer::from(1) << 61u32).next_prime();
        let value = Rational::from((-355, 113));
        let below = Integer::from(113).invert(&modulus).unwrap();
        let residue = (Integer::from(-355) * below).rem_euc(&modulus);
        assert_eq!(fraction(&residue, &modulus), Some(value));
    }
}
