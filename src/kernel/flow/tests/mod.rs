//! Tests of the flow kernel: its arithmetics against exact numbers and higher precision, and attacks on its checks.

mod attacks;
mod bent;
mod blocks;
mod definite;
mod families;
mod norms;
mod quantities;
mod series;
mod slopes;

use super::super::certificate::Exact;
use super::super::evaluate::tests::Source;
use super::super::expr::{Id, Node, Table};
use super::data::{Model, StepData, SystemData};
use super::system::System;
use rug::Rational;
use std::sync::Arc;

/// The precision of reference values.
const HIGH: u32 = 512;

/// A fraction.
fn fraction(numerator: i64, denominator: i64) -> Rational {
    Rational::from((numerator, denominator))
}

/// A fraction of absolute value at most `size`.
fn small(source: &mut Source, size: i64) -> Rational {
    source.between(&Rational::from(-size), &Rational::from(size))
}

/// The variables number 0 to `count` - 1.
fn variables(table: &mut Table, count: u16) -> Vec<Id> {
    (0..count).map(|number| table.insert(Node::Variable(number))).collect()
}

/// The data of a system with an interval for every start.
fn data(table: &Table, model: Model, start: &[[Rational; 2]]) -> SystemData {
    SystemData {
        nodes: table.nodes().to_vec(),
        model,
        names: Vec::new(),
        start: start.iter().cloned().map(|ends| ends.map(Exact)).collect(),
        disturbance: Vec::new(),
    }
}

/// A system that starts at a point.
fn from_point(table: &Table, model: Model, start: &[Rational]) -> Arc<System> {
    let start: Vec<[Rational; 2]> = start.iter().map(|value| [value.clone(), value.clone()]).collect();
    Arc::new(System::open(&data(table, model, &start)).unwrap())
}

/// A step with one part.
fn step(length: Rational, order: u16, slack: Rational, radius: Rational, growth: Rational) -> StepData {
    StepData {
        length: Exact(length),
        order,
        slack: Exact(slack),
        radius: Exact(radius),
        convex: false,
        growth: vec![Exact(growth)],
    }
}
