//! Derivatives on boxes against symbolic derivatives.

use super::super::super::evaluate::Program;
use super::super::super::evaluate::tests::Source;
use super::super::super::expr::{Node, Table};
use super::super::super::interval::Interval;
use super::super::super::number::Number;
use super::super::ring::Intervals;
use super::super::tape::Tape;
use super::{HIGH, fraction};
use rug::Rational;
use std::collections::BTreeMap;

const PLAIN: Intervals = Intervals { precision: 64 };

#[test]
fn gradients_on_boxes_hold_those_at_their_points() {
    let mut source = Source::new(91);
    let mut compared = 0;
    for _ in 0..800 {
        let mut table = Table::new();
        // An expression in two variables: one in w, with the second put in for w in another one.
        let (a, b) = (source.expression(&mut table, 2), source.expression(&mut table, 2));
        let second = table.insert(Node::Variable(1));
        let b = table.substitute(b, 0, second);
        let root = table.insert(if source.below(2) == 0 {
            Node::Mul(a, b)
        } else {
            Node::Div(a, b)
        });
        let Ok(slopes) = (0..2)
            .map(|variable| table.derivative(root, variable))
            .collect::<Result<Vec<_>, _>>()
        else {
            continue;
        };
        let slopes: Vec<Program> = slopes.iter().map(|slope| Program::new(&table, *slope)).collect();
        let boxes = [source.bounds(), source.bounds()];
        let ranges: Vec<Interval> = boxes
            .iter()
            .map(|(lo, hi)| Interval::hull_of(lo, hi, 64).unwrap())
            .collect();
        let mut tape = Tape::default();
        let Ok(place) = tape.add(&table, root, &BTreeMap::new()) else {
            continue;
        };
        let Ok(found) = PLAIN.slopes(&tape, &ranges) else {
            continue;
        };
        let gradient = found.gradient(place);
        for _ in 0..3 {
            let point: Vec<Number> = boxes
                .iter()
                .map(|(lo, hi)| Number::Exact(source.between(lo, hi)))
                .collect();
            for (slope, range) in slopes.iter().zip(&gradient) {
                // The symbolic derivative may be undefined where a product with zero hides that.
                let Ok(value) = slope.value(&point, HIGH) else { continue };
                compared += 1;
                assert!(
                    !value.interval(HIGH).disjoint(range),
                    "{:?} at {point:?}: {value:?} {range:?}",
                    table.nodes()
                );
            }
        }
    }
    assert!(compared > 1_000, "{compared}");
}

#[test]
fn a_root_at_the_boundary_has_no_gradient() {
    let mut table = Table::new();
    let x = table.w();
    let root = table.insert(Node::Power(x, fraction(3, 2)));
    let mut tape = Tape::default();
    tape.add(&table, root, &BTreeMap::new()).unwrap();
    let touching = Interval::hull_of(&Rational::new(), &Rational::from(1), 64).unwrap();
    assert!(PLAIN.slopes(&tape, &[touching]).is_err());
    let zero = Interval::point(&Rational::new(), 64);
    assert!(PLAIN.slopes(&tape, &[zero]).is_err());
}
