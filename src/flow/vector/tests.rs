//! Starts of the vector case and what is shown about them.

use super::*;
use crate::kernel::expr::{Function, Node};
use crate::kernel::interval::Interval;
use crate::problem::{Domain, Span};

/// Costs by name, with the sign of f'(0).
fn cost(name: &str) -> (Table, Id) {
    let mut table = Table::new();
    let w = table.w();
    let one = table.number(1);
    let root = match name {
        "(1-w)^2" => {
            let distance = table.insert(Node::Sub(one, w));
            table.insert(Node::Power(distance, 2.into()))
        }
        "(w+2)^2" => {
            let two = table.number(2);
            let sum = table.insert(Node::Add(w, two));
            table.insert(Node::Power(sum, 2.into()))
        }
        "cosh(w-1)" => {
            let distance = table.insert(Node::Sub(w, one));
            table.insert(Node::Apply(Function::Cosh, distance))
        }
        "(w^2-2)^2-w/4" => {
            let two = table.number(2);
            let square = table.insert(Node::Power(w, 2.into()));
            let inner = table.insert(Node::Sub(square, two));
            let well = table.insert(Node::Power(inner, 2.into()));
            let quarter = table.number(Rational::from((1, 4)));
            let tilt = table.insert(Node::Mul(quarter, w));
            table.insert(Node::Sub(well, tilt))
        }
        _ => panic!("no such cost: {name}"),
    };
    (table, root)
}

fn spec(name: &str, start: &[(i64, i64)]) -> FlowSpec {
    let start: Vec<Rational> = start.iter().map(|pair| Rational::from(*pair)).collect();
    at(name, &start)
}

fn at(name: &str, start: &[Rational]) -> FlowSpec {
    let (table, cost) = cost(name);
    let k = u16::try_from(start.len() / 2).unwrap();
    FlowSpec {
        name: name.to_owned(),
        table,
        model: Model::Linear {
            cost,
            widths: vec![1, k, 1],
        },
        domain: Domain::real_line(),
        names: Vec::new(),
        start: start.iter().map(|value| [value.clone(), value.clone()]).collect(),
        horizon: Horizon::Settled,
        precision: 128,
        disturbance: Vec::new(),
        alpha: None,
        invariants: Vec::new(),
        compare: None,
        tolerance: None,
        start_span: Span { start: 0, end: 0 },
    }
}

fn budget() -> Budget {
    Budget {
        precision: 128,
        subdivisions: 1_000,
        algebra: false,
        deadline: None,
    }
}

fn shown(spec: &FlowSpec, id: &str) -> Outcome {
    let found = investigate(spec, &budget()).unwrap();
    let finding = found.findings.iter().find(|finding| finding.id() == id);
    match finding {
        Some(Finding::Shown { outcome, .. }) => outcome.as_ref().clone(),
        other => panic!("{id}: {other:?} of {:?}", found.findings),
    }
}

fn log_width(range: &Interval) -> i32 {
    range.wid().get_exp().unwrap_or(i32::MIN)
}

#[test]
fn a_look() {
    for precision in [53, 128, 256, 512] {
        for time in [(1, 2), (3, 1), (1000, 1)] {
            let mut spec = spec("(1-w)^2", &[(1, 2), (1, 3), (-1, 5), (0, 1), (2, 7), (1, 4), (-1, 3), (1, 5), (1, 9), (0, 1)]);
            spec.precision = precision;
            spec.horizon = Horizon::Time(time.into());
            let clock = std::time::Instant::now();
            let found = investigate(&spec, &budget()).unwrap();
            let all = clock.elapsed();
            let system = VectorSystem::open(&found.system).unwrap();
            for finding in &found.findings {
                let Finding::Shown { id, claim, outcome } = finding else {
                    println!("{finding:?}");
                    continue;
                };
                let clock = std::time::Instant::now();
                system.examine(claim).unwrap();
                println!(
                    "{precision} {time:?} {id}: {:?} {:?}; widths {:?} {}",
                    all,
                    clock.elapsed(),
                    outcome.coordinates.iter().map(log_width).max(),
                    outcome.statement()
                );
            }
        }
    }
}
