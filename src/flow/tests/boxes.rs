//! Boxes of starts and disturbances: every solution lies in the tube.

use super::inclusion::random;
use super::reference::{Flow, advance, number};
use super::{Case, Source, at, demand};
use rug::{Float, Rational};

#[test]
fn solutions_from_a_box_stay_in_its_tube() {
    let mut source = Source::new(111);
    let cases = [
        Case::field(&["x1*(1 - x2)", "x2*(x1 - 1)"])
            .from(&[(1, 1), (2, 1)])
            .around((1, 20)),
        Case::field(&["x2", "-x1 - x2/4 + x1^3/5"])
            .from(&[(1, 2), (0, 1)])
            .around((1, 10)),
        Case::network("(1 - x1)^2", &[1, 1, 1])
            .from(&[(3, 10), (6, 5)])
            .around((1, 50)),
        Case::network("exp(x1) - x1", &[1, 2, 1])
            .from(&[(1, 2), (1, 3), (-1, 4), (1, 5)])
            .around((1, 40)),
        // So narrow that the fast arithmetic of 53 bits is not exact enough.
        Case::network("(1 - x1)^2", &[1, 1, 1])
            .from(&[(3, 10), (6, 5)])
            .around((1, 1_000_000_000)),
    ];
    for case in cases {
        for degree in [0, 1, 2, 4] {
            let builder = case.tube(53, degree, &Rational::from(1));
            for _ in 0..2 {
                let start = case.member(&mut source);
                case.check(builder.walk(), &start, &[], &mut source, 3);
            }
        }
    }
}

#[test]
fn random_fields_from_boxes_are_enclosed() {
    let mut source = Source::new(112);
    for round in 0..10 {
        let mut case = random(&mut source).around((1, 30));
        // Points among the intervals have no variable of their own.
        if round % 2 == 0 && case.start.len() > 1 {
            case.start[0][1] = case.start[0][0].clone();
        }
        let builder = case.reached(53, round % 5, &Rational::from((1, 2)));
        for _ in 0..2 {
            let start = case.member(&mut source);
            case.check(builder.walk(), &start, &[], &mut source, 3);
        }
    }
}

#[test]
fn polynomials_in_the_starts_are_narrower_than_boxes() {
    // A rotation turns a box, and no box around it stays as small.
    let case = Case::field(&["x2", "-x1"]).from(&[(1, 1), (0, 1)]).around((1, 100));
    let widths: Vec<f64> = (0..2)
        .map(|degree| {
            case.tube(53, degree, &Rational::from(6)).walk().bounds()[0]
                .wid()
                .to_f64()
        })
        .collect();
    assert!(widths[1] < 0.0283 && widths[0] > widths[1], "{widths:?}");
}

/// Directions of disturbances: unit vectors with rational coordinates.
fn directions(dimension: usize) -> Vec<Vec<Rational>> {
    let mut all = Vec::new();
    for place in 0..dimension {
        for sign in [1, -1] {
            let mut axis = vec![Rational::new(); dimension];
            axis[place] = Rational::from(sign);
            if place + 1 < dimension {
                let mut turned = axis.clone();
                turned[place] = Rational::from((3 * sign, 5));
                turned[place + 1] = Rational::from((4, 5));
                all.push(turned);
            }
            all.push(axis);
        }
    }
    all
}

/// Checks a tube of a disturbed flow against disturbances that are constant for a while and then another one.
fn disturbed(case: &Case, pushes: &[Vec<Rational>], source: &mut Source, degree: u8) {
    let builder = case.reached(53, degree, &Rational::from((3, 2)));
    let (walk, end) = (builder.walk(), builder.walk().time().clone());
    assert!(end > Rational::from((1, 4)), "{end}");
    let floats = |push: &Vec<Rational>| -> Vec<Float> { push.iter().map(number).collect() };
    for push in pushes {
        case.check(walk, &case.member(source), &floats(push), source, 1);
    }
    for _ in 0..6 {
        let mut x: Vec<Float> = case.member(source).iter().map(number).collect();
        let (mut now, pieces) = (Rational::new(), 4u32);
        for piece in 1..=pieces {
            let push = floats(&pushes[source.below(pushes.len() as u64) as usize]);
            let next = Rational::from(&end * piece) / pieces;
            x = advance(&Flow::new(case, &push), &x, &Rational::from(&next - &now));
            demand(&at(walk, &next), &x, &next);
            now = next;
        }
        demand(&walk.bounds(), &x, &end);
    }
}

#[test]
fn disturbed_solutions_stay_in_the_tube() {
    let mut source = Source::new(113);
    let bound = Rational::from((1, 10));
    let scaled = |directions: Vec<Vec<Rational>>, bound: &Rational| -> Vec<Vec<Rational>> {
        let scale = |direction: Vec<Rational>| direction.into_iter().map(|entry| entry * bound).collect();
        directions.into_iter().map(scale).collect()
    };
    // Growing, turning, and shrinking flows.
    for formulas in [["x1", "x1 - x2"], ["x2", "-x1"], ["-x1 + x2^2", "-2*x2"]] {
        let mut case = Case::field(&formulas).from(&[(1, 2), (1, 3)]);
        case.disturbance = vec![bound.clone()];
        disturbed(&case, &scaled(directions(2), &bound), &mut source, 0);
    }
    // From a box.
    let mut case = Case::field(&["x2", "-x1"]).from(&[(1, 2), (1, 3)]).around((1, 50));
    case.disturbance = vec![bound.clone()];
    disturbed(&case, &scaled(directions(2), &bound), &mut source, 1);
    // A bound for each layer of a network.
    let mut case = Case::network("(1 - x1)^2", &[1, 2, 1]).from(&[(3, 10), (-1, 5), (6, 5), (1, 2)]);
    let (first, second) = (Rational::from((1, 10)), Rational::from((1, 20)));
    case.disturbance = vec![first.clone(), second.clone()];
    let layers: Vec<Vec<Rational>> = scaled(directions(2), &first)
        .into_iter()
        .zip(scaled(directions(2), &second).into_iter().rev())
        .map(|(below, above)| [below, above].concat())
        .collect();
    disturbed(&case, &layers, &mut source, 0);
}

#[test]
fn a_constant_push_on_a_growing_flow_reaches_nearly_the_edge() {
    // x' = x + d with |d| <= 1/10 from 0: at t = 1 the edge is (e - 1)/10 = 0.17182..., and the tube is not much wider.
    let mut case = Case::field(&["x1"]).from(&[(0, 1)]);
    case.disturbance = vec![Rational::from((1, 10))];
    let builder = case.tube(53, 0, &Rational::from(1));
    let sup = builder.walk().bounds()[0].sup().to_f64();
    assert!((0.171_828..0.3).contains(&sup), "{sup}");
}
