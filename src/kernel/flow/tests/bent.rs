//! Bounds for the Jacobian against the Jacobian itself, at exact places: of a start, at a time, and off the path.

use super::super::super::evaluate::Program;
use super::super::super::evaluate::tests::Source;
use super::super::super::expr::{Function, Id, Node, Table};
use super::super::super::interval::Interval;
use super::super::super::number::Number;
use super::super::bent::{Bent, Path, gradients};
use super::super::data::{Model, SystemData};
use super::super::dependent::{Dependence, Dependent};
use super::super::ground::Ground;
use super::super::shape::Shape;
use super::super::system::System;
use super::super::walk::Walk;
use super::{HIGH, data, fraction, small, variables};
use rug::Rational;
use std::sync::Arc;

/// A system with its speeds as expressions in the coordinates.
struct Case {
    table: Table,
    speeds: Vec<Id>,
    data: SystemData,
    is_gradient: bool,
}

fn field(source: &mut Source) -> Case {
    let mut table = Table::new();
    let x = variables(&mut table, 3);
    let mut speeds = Vec::new();
    for _ in 0..3 {
        let [a, b, c] = [0; 3].map(|_| source.pick(&x));
        let product = table.insert(Node::Mul(a, b));
        let function = source.pick(&[Function::Sin, Function::Exp, Function::Tanh]);
        let value = table.insert(Node::Apply(function, c));
        let second = table.insert(Node::Mul(value, a));
        speeds.push(table.insert(Node::Sub(product, second)));
    }
    let start = vec![[fraction(-1, 4), fraction(1, 4)]; 3];
    let model = Model::Field { speeds: speeds.clone() };
    Case {
        data: data(&table, model, &start),
        table,
        speeds,
        is_gradient: false,
    }
}

/// The flow of f(w2 w1) with two entries each and f(z) = (z - a)^2 + exp(z).
fn network(source: &mut Source) -> Case {
    let mut table = Table::new();
    let z = table.w();
    let a = table.number(small(source, 2));
    let way = table.insert(Node::Sub(z, a));
    let square = table.insert(Node::Mul(way, way));
    let power = table.insert(Node::Apply(Function::Exp, z));
    let cost = table.insert(Node::Add(square, power));
    let slope = table.derivative(cost, 0).unwrap();
    let x = variables(&mut table, 4);
    let [first, second] = [(0, 2), (1, 3)].map(|(i, j)| table.insert(Node::Mul(x[j], x[i])));
    let product = table.insert(Node::Add(first, second));
    let slope = table.substitute(slope, 0, product);
    let speeds = [2, 3, 0, 1].map(|other| {
        let pull = table.insert(Node::Mul(slope, x[other]));
        table.insert(Node::Neg(pull))
    });
    let widths = vec![1, 2, 1];
    let start = vec![[fraction(-1, 4), fraction(1, 4)]; 4];
    Case {
        data: data(&table, Model::Linear { cost, widths }, &start),
        table,
        speeds: speeds.to_vec(),
        is_gradient: true,
    }
}

/// A path with random Taylor coefficients, and where it is.
struct Random {
    ring: Dependence,
    coefficients: Vec<Vec<Dependent>>,
    exact: Vec<Vec<Vec<Rational>>>,
    remainder: Vec<Interval>,
    last: Vec<Rational>,
    variables: usize,
    degree: usize,
}

impl Random {
    fn new(source: &mut Source, dimension: usize) -> Self {
        let (variables, degree) = (source.below(2) as usize + 1, source.below(3) as usize + 1);
        let precision = source.pick(&[53, 80]);
        let ring = Dependence::new(Shape::new(variables, degree, precision));
        let order = source.below(3) as usize + 1;
        let (mut coefficients, mut exact) = (Vec::new(), Vec::new());
        for _ in 0..dimension {
            let mut draw = |_| -> Vec<Rational> {
                let one = |place: usize| small(source, 1) / (1 + 8 * i32::from(place > 0));
                (0..ring.shape().size()).map(one).collect()
            };
            let lists: Vec<Vec<Rational>> = (0..order).map(&mut draw).collect();
            let number = |list: &Vec<Rational>| {
                let list = list.iter().map(|value| Interval::point(value, precision));
                ring.polynomial(list.collect(), ring.shape().zero())
            };
            coefficients.push(lists.iter().map(number).collect());
            exact.push(lists);
        }
        let last: Vec<Rational> = (0..dimension).map(|_| small(source, 1)).collect();
        let wide = |value: &Rational| {
            let width = fraction(1, 10);
            Interval::hull_of(&Rational::from(value - &width), &Rational::from(value + &width), 64).unwrap()
        };
        Random {
            remainder: last.iter().map(wide).collect(),
            ring,
            coefficients,
            exact,
            last,
            variables,
            degree,
        }
    }

    /// Where the path is.
    fn at(&self, y: &[Rational], time: &Rational) -> Vec<Rational> {
        let monomials = super::families::monomials(y, self.degree);
        let coordinate = |(lists, last): (&Vec<Vec<Rational>>, &Rational)| {
            lists.iter().rev().fold(last.clone(), |sum, list| {
                let value: Rational = list.iter().zip(&monomials).map(|(a, b)| Rational::from(a * b)).sum();
                sum * time + value
            })
        };
        self.exact.iter().zip(&self.last).map(coordinate).collect()
    }
}

/// A vector of length at most `radius`.
fn within(source: &mut Source, radius: &Rational, dimension: usize) -> Vec<Rational> {
    let vector: Vec<Rational> = (0..dimension).map(|_| small(source, 1)).collect();
    let sum: Rational = vector.iter().map(|entry| entry.clone().abs()).sum();
    vector
        .into_iter()
        .map(|entry| entry * radius / (sum.clone() + fraction(1, 9)))
        .collect()
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
fn no_jacobian_has_a_larger_form() {
    let mut source = Source::new(171);
    let (mut compared, mut convex) = (0, 0);
    for round in 0..160 {
        let case = if round % 2 == 0 {
            field(&mut source)
        } else {
            network(&mut source)
        };
        let system = System::open(&case.data).unwrap();
        let (table, dimension) = (&case.table, case.speeds.len());
        let mut work = table.clone();
        let slopes: Vec<Vec<Program>> = case
            .speeds
            .iter()
            .map(|speed| {
                let slope = |variable: u16| work.derivative(*speed, variable).unwrap();
                let slopes: Vec<Id> = (0..dimension as u16).map(slope).collect();
                slopes.iter().map(|slope| Program::new(&work, *slope)).collect()
            })
            .collect();
        let path = Random::new(&mut source, dimension);
        let bent = Bent::new(path.variables, dimension, path.degree, 64);
        let (from, length, room) = (small(&mut source, 1).abs() / 4, fraction(1, 16), fraction(1, 20));
        let to = Rational::from(&from + &length);
        let known = Path {
            ring: &path.ring,
            coefficients: &path.coefficients,
            remainder: &path.remainder,
        };
        let near = bent.near(&known, [&from, &to], &Interval::point(&room, 64));
        let bounds = bent.bounds(&near);
        let Ok(all) = bent.jacobian(&system, &near, false) else {
            continue;
        };
        let part = case
            .is_gradient
            .then(|| bent.jacobian(&system, &near, true).ok())
            .flatten();
        convex += usize::from(part.is_some());
        for _ in 0..6 {
            let y: Vec<Rational> = (0..path.variables)
                .map(|_| source.pick(&[fraction(-1, 1), fraction(1, 1), fraction(1, 3)]))
                .collect();
            let time = source.between(&from, &to);
            let off = within(&mut source, &room, dimension);
            let x: Vec<Rational> = path.at(&y, &time).into_iter().zip(off).map(|(a, b)| a + b).collect();
            assert!(bounds.iter().zip(&x).all(|(range, value)| range.contains(value)));
            let place: Vec<Number> = x.iter().cloned().map(Number::Exact).collect();
            let jacobian: Vec<Vec<Interval>> = slopes
                .iter()
                .map(|row| {
                    row.iter()
                        .map(|slope| slope.value(&place, HIGH).unwrap().interval(HIGH))
                        .collect()
                })
                .collect();
            for _ in 0..4 {
                let v: Vec<Rational> = (0..dimension).map(|_| small(&mut source, 1)).collect();
                let own = form(&jacobian, &v);
                for bound in [Some(&all), part.as_ref()].into_iter().flatten() {
                    let most = form(bound, &v);
                    assert!(own.inf() <= most.sup(), "{own:?} is more than {most:?}");
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 3_000 && convex > 20, "{compared} {convex}");
}

#[test]
fn gradients_near_a_state_are_bounded() {
    let mut source = Source::new(172);
    let (mut table, mut z) = (Table::new(), Vec::new());
    let variable = table.w();
    let power = table.insert(Node::Apply(Function::Exp, variable));
    let two = table.number(2);
    let bend = table.insert(Node::Add(two, power));
    let bend = Program::new(&table, bend);
    for degree in 0..=3u8 {
        let case = network(&mut source);
        let system = Arc::new(System::open(&case.data).unwrap());
        let ground = Ground::new(system, source.pick(&[53, 90]), degree).unwrap();
        let walk = Walk::new(Arc::new(ground));
        let room = fraction(1, 20);
        let found = gradients(walk.ground(), walk.polynomial(), &Interval::point(&room, 64)).unwrap();
        // For degree 0 the box is in the ball of the walk.
        let off = if degree == 0 { Rational::new() } else { room };
        for _ in 0..20 {
            let start: Vec<Rational> = (0..4).map(|_| small(&mut source, 1) / 4).collect();
            let start = if degree == 0 { vec![Rational::new(); 4] } else { start };
            let x: Vec<Rational> = start
                .iter()
                .zip(within(&mut source, &off, 4))
                .map(|(a, b)| a + b)
                .collect();
            // |Dz|^2 is the sum of the squares of all coordinates.
            let squares: Rational = x.iter().map(|value| Rational::from(value * value)).sum();
            assert!(
                *found.gram[0][0].inf() <= squares,
                "{degree} {squares} {:?}",
                found.gram
            );
            z.push(Rational::from(&x[0] * &x[2]) + Rational::from(&x[1] * &x[3]));
            let place = Number::Exact(z.last().unwrap().clone());
            let bend = bend.value(&[place], HIGH).unwrap().interval(HIGH);
            let length = bend.sqr().scale(&squares);
            assert!(
                length.inf() <= found.gates[0].sqr().sup(),
                "{length:?} {:?}",
                found.gates
            );
        }
    }
}

/// The box around a path of one coordinate over the times from 0 to 1, from its Taylor coefficients in time and its remainder.
fn along(ring: &Dependence, coefficients: Vec<Dependent>, last: i32) -> Interval {
    let bent = Bent::new(2, 1, ring.shape().degree(), 64);
    let path = Path {
        ring,
        coefficients: &[coefficients],
        remainder: &[Interval::point(&Rational::from(last), 64)],
    };
    let [from, to, nothing] = [0, 1, 0].map(Rational::from);
    let near = bent.near(&path, [&from, &to], &Interval::point(&nothing, 64));
    bent.bounds(&near).remove(0)
}

#[test]
fn paths_are_followed_to_the_ends_of_a_part() {
    for (degree, precision) in [(1, 53), (2, 53), (3, 53), (4, 53), (1, 80), (2, 80), (3, 80)] {
        let ring = Dependence::new(Shape::new(2, degree, precision));
        for place in 0..ring.shape().size() {
            let number = |factor: i32, rest: i32| {
                let mut coefficients = vec![ring.shape().zero(); ring.shape().size()];
                coefficients[place] = Interval::point(&Rational::from(factor), precision);
                let rest = Interval::hull_of(&Rational::from(-rest), &Rational::from(rest), precision);
                ring.polynomial(coefficients, rest.unwrap())
            };
            // t^k times a monomial, between 0 and 1 or further at y = (1, 1).
            for order in 0..5 {
                let mut list = vec![number(0, 0); order];
                list.push(number(1, 0));
                let range = along(&ring, list.clone(), 0);
                assert!(range.contains(&Rational::from(1)), "{degree} {place} {order} {range:?}");
                let least = Rational::from(i32::from(order == 0 && place == 0));
                assert!(range.contains(&least), "{degree} {place} {order} {range:?}");
                list[order] = number(1, 1);
                let range = along(&ring, list, 0);
                assert!(range.contains(&Rational::from(2)), "{degree} {place} {order} {range:?}");
            }
            // The remainder is t^2 at all times.
            let range = along(&ring, vec![number(0, 0), number(0, 0)], 1);
            assert!(
                range.contains(&Rational::from(1)) && range.contains(&Rational::new()),
                "{range:?}"
            );
            // t (1 - t) is larger between the ends than at them.
            let range = along(&ring, vec![number(0, 0), number(1, 0), number(-1, 0)], 0);
            let half = fraction(1, 4);
            assert!(range.contains(&half) && range.contains(&Rational::new()), "{range:?}");
        }
    }
}

#[test]
fn slopes_and_shapes_count_the_ball_of_a_walk() {
    // f = x^3/6 + y^2/2 with x in [1/2, 1] and y in [0, 2/5]: without y everything is in the ball.
    let mut table = Table::new();
    let [x, y] = [0, 1].map(|number| table.insert(Node::Variable(number)));
    let [cube, square] = [(x, 3), (y, 2)].map(|(of, power)| table.insert(Node::Power(of, Rational::from(power))));
    let [six, two] = [6, 2].map(|value| table.number(value));
    let (first, second) = (table.insert(Node::Div(cube, six)), table.insert(Node::Div(square, two)));
    let cost = table.insert(Node::Add(first, second));
    let start = [[fraction(1, 2), fraction(1, 1)], [fraction(0, 1), fraction(2, 5)]];
    let system = System::open(&data(&table, Model::Gradient { cost, dimension: 2 }, &start)).unwrap();
    let system = Arc::new(system);
    for degree in 0..=2 {
        for precision in [53, 80] {
            let ground = Arc::new(Ground::new(Arc::clone(&system), precision, degree).unwrap());
            let walk = Walk::new(ground);
            // |grad f|^2 is 1/4 + (2/5)^2 at a corner, and D^2 f has the entry 1 there.
            let squares = walk.slope_squared().unwrap();
            assert!(*squares.sup() >= fraction(41, 100), "{degree} {squares:?}");
            assert!(*squares.inf() <= fraction(1, 64), "{degree} {squares:?}");
            let room = fraction(1, 100);
            let (curvature, gram) = walk.shape_near(&room).unwrap();
            let (lo, hi) = (fraction(1, 2) - &room, fraction(1, 1) + &room);
            assert!(
                curvature[0][0].contains(&lo) && curvature[0][0].contains(&hi),
                "{degree} {curvature:?}"
            );
            // z is the place itself, so Dz Dz' is 1.
            assert!(*gram[0][0].inf() <= 1 && *gram[0][0].inf() > 0.99, "{degree} {gram:?}");
        }
    }
}

#[test]
fn slopes_are_those_of_the_whole_ball() {
    // f = x^8/8 has the derivative x^7, and its slope at the middle of [1/2, 3/2] is far too small.
    let mut table = Table::new();
    let x = table.w();
    let power = table.insert(Node::Power(x, Rational::from(8)));
    let eight = table.number(8);
    let cost = table.insert(Node::Div(power, eight));
    let start = [[fraction(1, 2), fraction(3, 2)]];
    let system = System::open(&data(&table, Model::Gradient { cost, dimension: 1 }, &start)).unwrap();
    let ground = Arc::new(Ground::new(Arc::new(system), 53, 0).unwrap());
    let slope = Walk::new(ground).slope().unwrap();
    assert!(*slope.sup() >= 17, "{slope:?}");
}
