//! Positive definiteness of interval matrices against exact inertia.

use super::super::super::evaluate::tests::Source;
use super::super::super::interval::Interval;
use super::super::super::linear::inertia;
use super::super::definite::{Matrix, is_positive_definite};
use super::{fraction, small};
use rug::Rational;

/// A matrix of rationals.
type Rows = Vec<Vec<Rational>>;

fn symmetric(source: &mut Source, size: usize) -> Rows {
    let mut rows: Rows = Vec::new();
    for i in 0..size {
        // The entries above the diagonal are those below it.
        let mut row: Vec<Rational> = rows.iter().map(|above| above[i].clone()).collect();
        row.resize_with(size, || small(source, 2));
        rows.push(row);
    }
    rows
}

fn shifted(rows: &Rows, shift: &Rational) -> Rows {
    let mut rows = rows.clone();
    (0..rows.len()).for_each(|i| rows[i][i] += shift);
    rows
}

fn positive(rows: &Rows) -> bool {
    inertia(rows).unwrap()[0] == rows.len()
}

fn enclosed(rows: &Rows, precision: u32) -> Matrix {
    rows.iter()
        .map(|row| row.iter().map(|entry| Interval::point(entry, precision)).collect())
        .collect()
}

#[test]
fn definite_matrices_of_points_are_told_from_the_others() {
    let mut source = Source::new(71);
    let (mut accepted, mut tight) = (0, 0);
    for round in 0..300 {
        let size = 1 + round % 6;
        let rows = symmetric(&mut source, size);
        // The smallest shift that makes it positive, up to 2^-40.
        let (mut lo, mut hi) = (Rational::from(-30), Rational::from(30));
        for _ in 0..46 {
            let middle = Rational::from(&lo + &hi) / 2u32;
            if positive(&shifted(&rows, &middle)) {
                hi = middle
            } else {
                lo = middle
            }
        }
        let matrix = enclosed(&rows, 128);
        for (shift, precision) in [(&lo, 96), (&lo, 128), (&hi, 96), (&hi, 128)] {
            let told = is_positive_definite(&matrix, &Interval::point(shift, precision), precision);
            assert!(!told || positive(&shifted(&rows, shift)), "{rows:?} {shift}");
            accepted += usize::from(told);
        }
        let more = &hi + fraction(1, 1 << 30);
        tight += usize::from(is_positive_definite(&matrix, &Interval::point(&more, 96), 96));
    }
    assert!(accepted > 300 && tight == 300, "{accepted} {tight}");
}

#[test]
fn every_matrix_between_the_ends_is_definite() {
    let mut source = Source::new(72);
    let mut accepted = 0;
    for round in 0..200 {
        let size = 1 + round % 5;
        let middle = symmetric(&mut source, size);
        let shift = small(&mut source, 6);
        let radius = source.pick(&[fraction(1, 3), fraction(1, 50), fraction(0, 1)]);
        // Not symmetric: only the symmetric part counts.
        let skew = small(&mut source, 1);
        let entry = |i: usize, j: usize| {
            let twist = if i < j {
                skew.clone()
            } else if i > j {
                Rational::from(-&skew)
            } else {
                Rational::new()
            };
            let value = &middle[i][j] + twist;
            Interval::hull_of(&Rational::from(&value - &radius), &Rational::from(&value + &radius), 64).unwrap()
        };
        let matrix: Matrix = (0..size).map(|i| (0..size).map(|j| entry(i, j)).collect()).collect();
        if !is_positive_definite(&matrix, &Interval::point(&shift, 64), 64) {
            continue;
        }
        accepted += 1;
        for _ in 0..8 {
            let mut member = shifted(&middle, &shift);
            for (i, j) in (0..size).flat_map(|i| (0..=i).map(move |j| (i, j))) {
                let change = match source.below(3) {
                    0 => radius.clone(),
                    1 => Rational::from(-&radius),
                    _ => source.between(&Rational::from(-&radius), &radius),
                };
                member[i][j] += &change;
                if i != j {
                    member[j][i] += &change;
                }
            }
            assert!(positive(&member), "{member:?}");
        }
    }
    assert!(accepted > 40, "{accepted}");
}

#[test]
fn what_is_no_bounded_square_matrix_is_refused() {
    let one = Interval::point(&Rational::from(1), 64);
    let zero = Interval::point(&Rational::new(), 64);
    let ragged = vec![vec![one.clone(), zero.clone()], vec![zero.clone()]];
    assert!(!is_positive_definite(&ragged, &one, 64));
    let entire = vec![vec![Interval::entire(64)]];
    assert!(!is_positive_definite(&entire, &one, 64));
    assert!(!is_positive_definite(
        &vec![vec![one.clone()]],
        &Interval::entire(64),
        64
    ));
    let half = vec![
        vec![one.clone(), Interval::at_least(&Rational::new(), 64)],
        vec![zero, one.clone()],
    ];
    assert!(!is_positive_definite(&half, &one, 64));
}
