//! Conserved quantities: what jumps or is no number is not used.

use super::super::super::check::FlowCourt;
use super::super::super::expr::{Function, Id, Node, Table};
use super::super::data::{FlowClaim, Model, TubeData};
use super::{data, fraction, step};
use rug::Rational;

/// A court with a tube around a flow that does nothing else than pass through 0.
fn passing() -> (Table, Id) {
    let mut table = Table::new();
    let [x, y] = [0, 1].map(|number| table.insert(Node::Variable(number)));
    let one = table.number(1);
    let inverse = table.insert(Node::Div(one, x));
    let [first, second] = [x, inverse].map(|of| table.insert(Node::Apply(Function::Atan, of)));
    let sum = table.insert(Node::Add(first, second));
    let quantity = table.insert(Node::Add(y, sum));
    table.number(0);
    (table, quantity)
}

#[test]
fn a_quantity_that_jumps_cuts_nothing_back() {
    // x' = 1 from -1, y' = 0: y + atan(x) + atan(1/x) has derivative 0, and grows by pi at x = 0.
    let (mut table, quantity) = passing();
    let speeds = vec![table.number(1), table.number(0)];
    let start = [[fraction(-1, 1), fraction(-1, 1)], [fraction(-10, 1), fraction(10, 1)]];
    let mut court = FlowCourt::open(&data(&table, Model::Field { speeds }, &start)).unwrap();
    let theorem = court.judge(&FlowClaim::Conserved { quantity }).unwrap();
    assert!(theorem.statement().contains("as long as it is analytic"), "{theorem:?}");
    let steps = vec![step(fraction(2, 1), 3, fraction(1, 8), fraction(1, 8), fraction(1, 1 << 30)); 1];
    let tube = TubeData {
        precision: 64,
        degree: 1,
        orders: Vec::new(),
        steps,
    };
    court.judge(&FlowClaim::Tube(tube)).unwrap();
    let bench = court.bench();
    let bounds = bench.tightened(&bench.tube().unwrap().bounds());
    // All starts stay where they are.
    assert!(
        bounds[1].contains(&Rational::from(10)) && bounds[1].contains(&Rational::from(-10)),
        "{bounds:?}"
    );
    // Before 0 it may be used.
    let steps = vec![step(fraction(1, 2), 3, fraction(1, 8), fraction(1, 8), fraction(1, 1 << 30)); 1];
    let tube = TubeData {
        precision: 64,
        degree: 1,
        orders: Vec::new(),
        steps,
    };
    court.judge(&FlowClaim::Tube(tube)).unwrap();
    let bench = court.bench();
    let wide = vec![
        bench.tube().unwrap().bounds()[0].clone(),
        bench.tube().unwrap().bounds()[1].times(4),
    ];
    assert!(bench.tightened(&wide)[1].wid() < 21, "{:?}", bench.tightened(&wide));
}

/// A court for the flow of f(w2 w1) with f = (z - 1)^2 from (1, 1/2), and the table of its expressions.
fn network(quantity: impl Fn(&mut Table) -> Id) -> (FlowCourt, Id) {
    let mut table = Table::new();
    let z = table.w();
    let one = table.number(1);
    let difference = table.insert(Node::Sub(z, one));
    let cost = table.insert(Node::Mul(difference, difference));
    let quantity = quantity(&mut table);
    let start = [fraction(1, 1), fraction(1, 2)].map(|value| [value.clone(), value]);
    let widths = vec![1, 1, 1];
    let court = FlowCourt::open(&data(&table, Model::Linear { cost, widths }, &start)).unwrap();
    (court, quantity)
}

#[test]
fn the_imbalance_is_conserved_and_other_things_are_not() {
    let squares = |table: &mut Table| -> [Id; 2] {
        [0, 1].map(|number| {
            let weight = table.insert(Node::Variable(number));
            table.insert(Node::Mul(weight, weight))
        })
    };
    let (mut court, quantity) = network(|table| {
        let [a, b] = squares(table);
        table.insert(Node::Sub(a, b))
    });
    let theorem = court.judge(&FlowClaim::Conserved { quantity }).unwrap();
    assert!(theorem.statement().contains("its value is 3/4"), "{theorem:?}");
    let (mut court, quantity) = network(|table| {
        let [a, b] = squares(table);
        table.insert(Node::Add(a, b))
    });
    assert!(court.judge(&FlowClaim::Conserved { quantity }).is_err());
}

#[test]
fn letters_for_the_gradient_are_no_coordinates() {
    // Variable 2 would be the letter for f': no coordinate occurs in it, but it is not constant.
    for number in [2, 3, 1000] {
        let (mut court, quantity) = network(|table| table.insert(Node::Variable(number)));
        let rejection = court.judge(&FlowClaim::Conserved { quantity }).unwrap_err();
        assert!(rejection.to_string().contains("no coordinate"), "{rejection}");
    }
}
