//! Taylor coefficients against those of known solutions, and against the univariate jets of the kernel.

use super::super::super::evaluate::Program;
use super::super::super::evaluate::tests::Source;
use super::super::super::expr::{Function, Id, Node, Table};
use super::super::super::interval::Interval;
use super::super::super::number::Number;
use super::super::dependent::Dependence;
use super::super::ring::{Intervals, Ring};
use super::super::series::Series;
use super::super::shape::Shape;
use super::super::tape::Tape;
use super::{HIGH, fraction, variables};
use rug::Rational;
use std::collections::BTreeMap;

/// The coefficients of all coordinates of x' = speeds, up to an order.
fn coefficients(
    table: &Table,
    speeds: &[Id],
    start: &[Rational],
    order: usize,
    precision: u32,
) -> Option<Vec<Vec<Interval>>> {
    let mut tape = Tape::default();
    let places: Vec<usize> = speeds
        .iter()
        .map(|speed| tape.add(table, *speed, &BTreeMap::new()).ok())
        .collect::<Option<_>>()?;
    let ring = Intervals { precision };
    let start: Vec<Interval> = start.iter().map(|value| Interval::point(value, precision)).collect();
    let mut series = Series::new(&tape, &ring, &places, &start).ok()?;
    series.extend(order).ok()?;
    Some(
        (0..speeds.len())
            .map(|place| series.coordinate(place).to_vec())
            .collect(),
    )
}

/// Checks coefficients against exact ones, and that they are nearly as narrow as the precision allows.
fn compare(found: &[Interval], exact: impl Fn(usize) -> Rational, precision: u32) {
    for (k, range) in found.iter().enumerate() {
        let value = exact(k);
        assert!(range.contains(&value), "order {k}: {value} is not in {range:?}");
        let loss = Interval::point(&Rational::from(value.abs_ref()), 64).mag() >> (precision - 16);
        assert!(range.wid() <= loss, "order {k} at {precision} bits: {range:?}");
    }
}

#[test]
fn an_exponential_has_inverse_factorials() {
    for precision in [64, 128, 512] {
        let mut table = Table::new();
        let x = table.w();
        let found = coefficients(&table, &[x], &[fraction(1, 1)], 60, precision).unwrap();
        compare(
            &found[0],
            |k| (1..=k).fold(fraction(1, 1), |value, j| value / Rational::from(j)),
            precision,
        );
    }
}

#[test]
fn a_rotation_has_the_coefficients_of_sine_and_cosine() {
    let mut table = Table::new();
    let [x, y] = [0, 1].map(|number| table.insert(Node::Variable(number)));
    let minus = table.insert(Node::Neg(x));
    let found = coefficients(&table, &[y, minus], &[fraction(0, 1), fraction(1, 1)], 40, 256).unwrap();
    let factorial = |k: usize| (1..=k).fold(fraction(1, 1), |value, j| value / Rational::from(j));
    let sign = |odd: bool| if odd { -1 } else { 1 };
    compare(
        &found[0],
        |k| {
            if k % 2 == 1 {
                factorial(k) * sign(k / 2 % 2 == 1)
            } else {
                Rational::new()
            }
        },
        256,
    );
    compare(
        &found[1],
        |k| {
            if k % 2 == 0 {
                factorial(k) * sign(k / 2 % 2 == 1)
            } else {
                Rational::new()
            }
        },
        256,
    );
}

#[test]
fn quadratic_fields_have_the_coefficients_of_their_solutions() {
    // x' = 1 + x^2 from 0 is tan; x' = x - x^2 from 1/2 is logistic; x' = x^2 from 1 is 1/(1 - t).
    for precision in [64, 256, 512] {
        let mut table = Table::new();
        let x = table.w();
        let one = table.number(1);
        let square = table.insert(Node::Mul(x, x));
        let sum = table.insert(Node::Add(one, square));
        let tan = coefficients(&table, &[sum], &[fraction(0, 1)], 30, precision).unwrap();
        // (k + 1) t_(k+1) = sum t_j t_(k-j) + [k = 0].
        let mut exact = vec![Rational::new()];
        for k in 0..30usize {
            let product = (0..=k).fold(Rational::new(), |sum, j| {
                sum + Rational::from(&exact[j] * &exact[k - j])
            });
            exact.push((product + i32::from(k == 0)) / Rational::from(k + 1));
        }
        assert_eq!(exact[7], fraction(17, 315));
        compare(&tan[0], |k| exact[k].clone(), precision);
        let pole = coefficients(&table, &[square], &[fraction(1, 1)], 50, precision).unwrap();
        compare(&pole[0], |_| fraction(1, 1), precision);
    }
}

/// Time as the first coordinate, and an integral of an expression in it as the second.
fn integral(table: &mut Table, root: Id) -> [Id; 2] {
    [table.number(1), root]
}

#[test]
fn steps_have_the_coefficients_of_jets() {
    let mut source = Source::new(81);
    let mut compared = 0;
    for _ in 0..600 {
        let mut table = Table::new();
        let root = source.expression(&mut table, 3);
        let point = source.point();
        let program = Program::new(&table, root);
        let speeds = integral(&mut table, root);
        let start = [point.clone(), Rational::new()];
        let Some(found) = coefficients(&table, &speeds, &start, 6, 128) else {
            continue;
        };
        // The jets know more places where a function is analytic, never fewer.
        let jet = program.jet(&[Number::Exact(point.clone())], 5, HIGH);
        let jet = jet.unwrap_or_else(|error| panic!("{:?} at {point}: {error:?}", program.nodes()));
        for k in 0..=5usize {
            let high = jet.coefficient(k).interval(HIGH).over(k as u32 + 1);
            compared += 1;
            let low = &found[1][k + 1];
            assert!(
                !low.disjoint(&high),
                "{:?} at {point}, order {k}: {low:?} {high:?}",
                program.nodes()
            );
        }
    }
    assert!(compared > 1_000, "{compared}");
}

#[test]
fn every_function_has_the_right_slope() {
    for function in Function::ALL.into_iter().filter(|function| *function != Function::Abs) {
        let mut table = Table::new();
        let x = table.w();
        let root = table.insert(Node::Apply(function, x));
        let program = Program::new(&table, root);
        let speeds = integral(&mut table, root);
        let place = fraction(5, 7);
        let found = coefficients(&table, &speeds, &[place.clone(), Rational::new()], 12, 128).unwrap();
        let jet = program.jet(&[Number::Exact(place)], 11, HIGH).unwrap();
        for k in 0..12usize {
            let high = jet.coefficient(k).interval(HIGH).over(k as u32 + 1);
            assert!(!found[1][k + 1].disjoint(&high), "{function:?} {k}");
            assert!(found[1][k + 1].wid() < 1e-32, "{function:?} {k}");
        }
    }
}

#[test]
fn boxes_enclose_the_coefficients_at_their_points() {
    let mut source = Source::new(82);
    let mut compared = 0;
    for _ in 0..400 {
        let mut table = Table::new();
        let root = source.expression(&mut table, 3);
        let (lo, hi) = source.bounds();
        let speeds = integral(&mut table, root);
        let mut tape = Tape::default();
        let Some(places) = speeds
            .iter()
            .map(|speed| tape.add(&table, *speed, &BTreeMap::new()).ok())
            .collect::<Option<Vec<_>>>()
        else {
            continue;
        };
        let ring = Intervals { precision: 64 };
        let zero = Interval::point(&Rational::new(), 64);
        let wide = [Interval::hull_of(&lo, &hi, 64).unwrap(), zero.clone()];
        let Ok(mut series) = Series::new(&tape, &ring, &places, &wide) else {
            continue;
        };
        if series.extend(5).is_err() {
            continue;
        }
        // The same with families: the box as y, degree 1.
        let shape = Dependence::new(Shape::new(1, 1, 64));
        let middle = Interval::point(&(Rational::from(&lo + &hi) / 2u32), 64);
        let radius = Interval::point(&(Rational::from(&hi - &lo) / 2u32), 64);
        let start = [shape.variable(0, middle, radius), shape.constant(zero)];
        let mut families = Series::new(&tape, &shape, &places, &start).ok();
        if families.as_mut().is_some_and(|series| series.extend(5).is_err()) {
            families = None;
        }
        for place in [lo.clone(), hi.clone(), source.between(&lo, &hi)] {
            let point = coefficients(&table, &speeds, &[place.clone(), Rational::new()], 5, HIGH).unwrap();
            for k in 0..=5usize {
                let (wide, point) = (&series.coordinate(1)[k], &point[1][k]);
                assert!(
                    !wide.disjoint(point),
                    "{:?} at {place}, order {k}: {wide:?} {point:?}",
                    table.nodes()
                );
                if let Some(families) = &families {
                    let range = families.coordinate(1)[k].range();
                    assert!(
                        !range.disjoint(point),
                        "{:?} at {place}, order {k}: {range:?} {point:?}",
                        table.nodes()
                    );
                }
                compared += 1;
            }
        }
    }
    assert!(compared > 2_000, "{compared}");
}

#[test]
fn roots_of_what_may_vanish_have_no_coefficients() {
    let mut table = Table::new();
    let x = table.w();
    let root = table.insert(Node::Power(x, fraction(1, 2)));
    assert!(coefficients(&table, &[root], &[fraction(0, 1)], 1, 64).is_none());
    let log = table.insert(Node::Apply(Function::Log, x));
    assert!(coefficients(&table, &[log], &[fraction(-1, 1)], 1, 64).is_none());
    let kink = table.insert(Node::Apply(Function::Abs, x));
    assert!(coefficients(&table, &[kink], &[fraction(1, 1)], 1, 64).is_none());
    assert_eq!(variables(&mut table, 1), vec![x]);
}

#[test]
fn constant_speeds_have_no_higher_coefficients() {
    // x' = 1 and y' = pi, alone and put into other steps.
    let mut table = Table::new();
    let x = table.w();
    let (one, pi) = (table.number(1), table.insert(Node::Pi));
    let product = table.insert(Node::Mul(x, pi));
    let quotient = table.insert(Node::Div(pi, x));
    let root = table.insert(Node::Power(pi, fraction(1, 2)));
    let difference = table.insert(Node::Sub(pi, x));
    let speeds = [one, pi, product, quotient, root, difference];
    let start = [2, 0, 0, 0, 0, 0].map(Rational::from);
    let found = coefficients(&table, &speeds, &start, 5, 128).unwrap();
    for (place, list) in found.iter().enumerate() {
        let zero_from = [2, 2, 3, usize::MAX, 2, 3][place];
        for (k, range) in list.iter().enumerate().skip(1) {
            assert_eq!(k >= zero_from, range.is_zero(), "{place} {k}: {range:?}");
        }
    }
    // pi/(2 + t) = pi/2 sum (-t/2)^k.
    let third = Interval::pi(128).over(2 * 4 * 3);
    assert!(!found[3][3].disjoint(&third) && !found[1][1].disjoint(&Interval::pi(128)));
}
