//! A matrix that bounds a Jacobian, where it leaves no room, and against random ones.

use super::super::super::evaluate::tests::Source;
use super::super::super::interval::Interval;
use super::super::block::{Block, Blocks};
use super::super::norm::majorant;
use super::super::shape::Shape;
use super::families::monomials;
use super::{HIGH, fraction, small};
use rug::float::Round;
use rug::{Float, Rational};

/// A multiple of one monomial.
fn multiple(ring: &Blocks, list: &[usize], factor: i32) -> Block {
    let mut coefficients = vec![ring.shape().zero(); ring.shape().size()];
    coefficients[ring.shape().place(list).unwrap()] = Interval::point(&Rational::from(factor), 64);
    ring.block(&coefficients, &ring.shape().zero())
}

fn bound(ring: &Blocks, rows: &[Vec<Option<Block>>]) -> Vec<Vec<Interval>> {
    let rows: Vec<&[Option<Block>]> = rows.iter().map(Vec::as_slice).collect();
    majorant(ring, &rows)
}

/// x'M x.
fn form(matrix: &[Vec<Interval>], x: &[Rational]) -> Interval {
    let mut sum = Interval::point(&Rational::new(), HIGH);
    for (row, a) in matrix.iter().zip(x) {
        for (entry, b) in row.iter().zip(x) {
            sum = sum.add(&entry.with_precision(HIGH).scale(&Rational::from(a * b)));
        }
    }
    sum
}

#[test]
fn single_monomials_are_bounded_by_what_they_reach() {
    // Two variables and two coordinates of d.
    let ring = Blocks::new(Shape::with_ball(2, 2, 2, 64));
    let cases: [(&[usize], [i32; 2]); 8] = [
        (&[], [1, -1]),
        (&[0], [1, 1]),
        (&[1], [1, 1]),
        (&[0, 0], [1, 0]),
        (&[0, 1], [1, 1]),
        (&[1, 1], [1, 0]),
        (&[2], [1, 1]),
        (&[3], [1, 1]),
    ];
    for (list, most) in cases {
        for (factor, most) in [1, -1].into_iter().zip(most) {
            let value = multiple(&ring, list, factor);
            let whole = bound(&ring, &[vec![Some(value.clone())]]);
            assert!(*whole[0][0].sup() >= most, "{list:?} {factor} {whole:?}");
            assert!(*whole[0][0].sup() <= 1.0 + 1e-9, "{list:?} {factor} {whole:?}");
            // Only one of two entries that mirror each other: x'J x = m x_1 x_2.
            for rows in [
                [vec![None, Some(value.clone())], Vec::new()],
                [Vec::new(), vec![Some(value.clone())]],
            ] {
                let half = bound(&ring, &rows);
                let x = [fraction(1, 1), fraction(1, 1)];
                assert!(*form(&half, &x).sup() >= most, "{list:?} {factor} {half:?}");
            }
        }
    }
    // What is 0 may also be there as a number: x'J x = m x_1 x_2 at (1, 2).
    let nothing = Some(multiple(&ring, &[], 0));
    for list in cases.map(|(list, _)| list) {
        let value = Some(multiple(&ring, list, 1));
        for place in [[0, 1], [1, 0]] {
            let entry = |row: usize, column: usize| match [row, column] == place {
                true => value.clone(),
                false => nothing.clone(),
            };
            let rows = [0, 1].map(|row| [0, 1].map(|column| entry(row, column)).to_vec());
            for x in [[1, 2], [2, 1]] {
                let most = form(&bound(&ring, &rows), &x.map(Rational::from));
                assert!(*most.sup() >= 2, "{list:?} {most:?}");
            }
        }
    }
    let rest = Interval::hull_of(&Rational::from(-1), &Rational::from(1), 64).unwrap();
    let whole = bound(&ring, &[vec![Some(ring.block(&[], &rest))]]);
    assert!(*whole[0][0].sup() >= 1);
}

#[test]
fn two_coordinates_of_a_vector_are_bounded_together() {
    // J = diag(d_1, d_2), and J = [[d_1, d_2], [d_2, -d_1]] of norm |d|.
    let ring = Blocks::new(Shape::with_ball(1, 2, 1, 64));
    let [first, second, minus] =
        [(1, 1), (2, 1), (1, -1)].map(|(place, factor)| Some(multiple(&ring, &[place], factor)));
    let diagonal = bound(&ring, &[vec![first.clone(), None], vec![None, second.clone()]]);
    let turned = bound(&ring, &[vec![first, second.clone()], vec![second, minus]]);
    for x in [[1, 0], [0, 1]] {
        let x = x.map(Rational::from);
        for matrix in [&diagonal, &turned] {
            let most = form(matrix, &x);
            assert!(*most.sup() >= 1 && *most.sup() < 1.5, "{matrix:?}");
        }
    }
}

/// A vector in the direction of another with a length of at most 1, and nearly that.
fn unit(vector: &[Rational]) -> Vec<Rational> {
    let squares: Rational = vector.iter().map(|entry| Rational::from(entry.square_ref())).sum();
    let mut length = Float::with_val_round(200, &squares, Round::Up).0;
    length.sqrt_round(Round::Up);
    let length = length.to_rational().unwrap();
    if length == 0 {
        return vector.to_vec();
    }
    vector.iter().map(|entry| Rational::from(entry / &length)).collect()
}

#[test]
fn no_start_and_no_vector_exceeds_the_bound() {
    let mut source = Source::new(191);
    for round in 0..120 {
        let (variables, ball, degree) = (2, 3, 1 + round % 2);
        let ring = Blocks::new(Shape::with_ball(variables, ball, degree, 64));
        let (size, dimension) = (ring.shape().size(), 2 + round % 3);
        let starts = size - ball;
        // Often only one kind of monomial, so that nothing else hides what is missing.
        let kind = source.below(5);
        let mut exact: Vec<Vec<Vec<Rational>>> = Vec::new();
        let mut rows: Vec<Vec<Option<Block>>> = Vec::new();
        let width = if kind == 4 { fraction(1, 3) } else { Rational::new() };
        let rest = Interval::hull_of(&Rational::from(-&width), &width, 64).unwrap();
        for _ in 0..dimension {
            let mut row = Vec::new();
            let mut list = Vec::new();
            for _ in 0..dimension {
                let is_wanted = |place: usize| match kind {
                    0 => place > 0 && place <= variables,
                    1 => place > variables && place < starts,
                    2 => place >= starts,
                    _ => true,
                };
                let coefficients: Vec<Rational> = (0..size)
                    .map(|place| {
                        if is_wanted(place) {
                            small(&mut source, 1)
                        } else {
                            Rational::new()
                        }
                    })
                    .collect();
                let ranges: Vec<Interval> = coefficients.iter().map(|value| Interval::point(value, 100)).collect();
                row.push(Some(ring.block(&ranges, &rest)));
                list.push(coefficients);
            }
            rows.push(row);
            exact.push(list);
        }
        let matrix = bound(&ring, &rows);
        for _ in 0..6 {
            let x: Vec<Rational> = (0..dimension).map(|_| small(&mut source, 1)).collect();
            // x'J x as a polynomial in y and d.
            let mut sums = vec![Rational::new(); size];
            let mut loose = Rational::new();
            for (row, a) in exact.iter().zip(&x) {
                for (entry, b) in row.iter().zip(&x) {
                    let weight = Rational::from(a * b);
                    loose += Rational::from(weight.abs_ref()) * &width;
                    for (sum, coefficient) in sums.iter_mut().zip(entry) {
                        *sum += Rational::from(coefficient * &weight);
                    }
                }
            }
            let d = unit(&sums[starts..]);
            let along: Rational = sums[starts..].iter().zip(&d).map(|(a, b)| Rational::from(a * b)).sum();
            let most = form(&matrix, &x);
            for corner in 0..9 {
                let y = [corner % 3 - 1, corner / 3 - 1].map(Rational::from);
                let values = monomials(&y, degree);
                let terms = sums.iter().zip(&values).map(|(a, b)| Rational::from(a * b));
                let value = terms.sum::<Rational>() + &along + &loose;
                assert!(*most.sup() >= value, "{value} is more than {most:?}");
            }
        }
    }
}
