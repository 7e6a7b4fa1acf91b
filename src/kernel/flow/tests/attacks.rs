//! Attacks on the checks of a tube and of its limit: what is wrong must be refused, however it is wrong.

use super::super::super::certificate::Exact;
use super::super::super::check::FlowCourt;
use super::super::super::evaluate::tests::formula;
use super::super::super::expr::{Function, Id, Node, Table};
use super::super::super::theorem::Rejection;
use super::super::data::{FlowClaim, Model, Settling, StepData, TubeData};
use super::super::ground::Ground;
use super::super::system::System;
use super::super::walk::Walk;
use super::{data, fraction, from_point, step, variables};
use rug::{Integer, Rational};
use std::sync::Arc;

/// Stands at the starts with 64 bits and polynomials of degree 1.
fn walk(system: &Arc<System>) -> Walk {
    Walk::new(Arc::new(Ground::new(Arc::clone(system), 64, 1).unwrap()))
}

/// x' = a formula in w from a point.
fn scalar(text: &str, start: Rational) -> Arc<System> {
    let mut table = Table::new();
    let speed = formula(&mut table, text);
    from_point(&table, Model::Field { speeds: vec![speed] }, &[start])
}

/// The flow of a formula in z = w, or in z = w2 w1.
fn gradient(text: &str, layers: usize, start: &[Rational]) -> Arc<System> {
    let mut table = Table::new();
    let cost = formula(&mut table, text);
    let model = match layers {
        1 => Model::Gradient { cost, dimension: 1 },
        _ => Model::Linear {
            cost,
            widths: vec![1; layers + 1],
        },
    };
    from_point(&table, model, start)
}

/// A step that the flow of x' = -x from 1 takes.
fn honest() -> StepData {
    step(
        fraction(1, 4),
        10,
        fraction(1, 1 << 20),
        fraction(1, 1 << 20),
        fraction(0, 1),
    )
}

fn refused(outcome: Result<(), Rejection>, what: &str, at: &str) {
    let rejection = outcome.unwrap_err();
    assert!(
        rejection.to_string().contains(what) && rejection.at.starts_with(at),
        "{rejection}"
    );
}

#[test]
fn an_honest_step_is_taken() {
    let mut walk = walk(&scalar("-w", fraction(1, 1)));
    walk.step(&honest()).unwrap();
    assert_eq!(*walk.time(), fraction(1, 4));
    assert!(walk.bounds()[0].wid() < 1e-12);
}

#[test]
fn numbers_out_of_range_are_refused() {
    let system = scalar("-w", fraction(1, 1));
    let mut walk = walk(&system);
    let with = |change: fn(&mut StepData)| {
        let mut data = honest();
        change(&mut data);
        data
    };
    refused(
        walk.step(&with(|step| step.length = Exact(Rational::new()))),
        "not positive",
        "length",
    );
    refused(
        walk.step(&with(|step| step.length = Exact(fraction(-1, 4)))),
        "not positive",
        "length",
    );
    refused(walk.step(&with(|step| step.order = 0)), "out of range", "order");
    refused(walk.step(&with(|step| step.order = u16::MAX)), "out of range", "order");
    refused(
        walk.step(&with(|step| step.slack = Exact(Rational::new()))),
        "not positive",
        "slack",
    );
    refused(
        walk.step(&with(|step| step.radius = Exact(Rational::new()))),
        "",
        "radius",
    );
    refused(
        walk.step(&with(|step| step.radius = Exact(fraction(-1, 1)))),
        "",
        "radius",
    );
    refused(
        walk.step(&with(|step| step.growth = Vec::new())),
        "out of range",
        "growth",
    );
    let many = |step: &mut StepData| step.growth = vec![Exact(Rational::new()); 1025];
    refused(walk.step(&with(many)), "out of range", "growth");
    refused(
        walk.step(&with(|step| step.growth = vec![Exact(fraction(-11, 10))])),
        "logarithmic norm",
        "growth[0]",
    );
    refused(
        walk.step(&with(|step| step.convex = true)),
        "gradient flows",
        "growth[0]",
    );
    // Nothing of that was taken, and it does no harm.
    assert!(walk.segments().is_empty() && *walk.time() == 0);
    walk.step(&honest()).unwrap();
    for (precision, degree) in [(31, 0), (70_000, 0), (64, 5), (64, 255)] {
        assert!(Ground::new(Arc::clone(&system), precision, degree).is_err());
    }
}

#[test]
fn numbers_too_small_for_what_happens_are_refused() {
    let mut walk = walk(&scalar("-w", fraction(1, 3)));
    let mut data = honest();
    data.slack = Exact(fraction(1, 1 << 62) / (1u64 << 62));
    refused(walk.step(&data), "remainder", "slack");
    data = honest();
    data.radius = Exact(fraction(1, 1 << 62) / (1u64 << 62));
    refused(walk.step(&data), "", "radius");
    data = honest();
    data.order = 2;
    refused(walk.step(&data), "remainder", "slack");
}

#[test]
fn enormous_numbers_are_refused_or_harmless() {
    let mut walk = walk(&scalar("-w", fraction(1, 3)));
    let huge = Rational::from(Integer::from(10) << 60_000u32);
    let tiny = Rational::from(huge.recip_ref());
    let mut data = honest();
    data.length = Exact(huge.clone());
    assert!(walk.step(&data).is_err());
    data = honest();
    data.growth = vec![Exact(huge.clone())];
    assert!(walk.step(&data).is_err());
    data = honest();
    data.growth = vec![Exact(Rational::from(-&huge))];
    assert!(walk.step(&data).is_err());
    data = honest();
    (data.length, data.slack, data.order) = (Exact(fraction(2, 1)), Exact(huge.clone()), 1);
    assert!(walk.step(&data).is_err());
    data = honest();
    data.radius = Exact(huge);
    // A ball of any size will do for x' = -x.
    walk.step(&data).unwrap();
    assert!(walk.bounds()[0].wid() < 1e-10);
    data = honest();
    data.length = Exact(tiny);
    walk.step(&data).unwrap();
    // A time with more digits than any purpose has.
    data.length = Exact(Rational::from((1, Integer::from(3) << (1u32 << 20))));
    refused(walk.step(&data), "digits", "length");
}

#[test]
fn solutions_that_end_are_not_followed_beyond_their_end() {
    // x = 1/(1 - t).
    for order in [1, 2, 5, 20, 60] {
        for slack in [fraction(1, 1000), fraction(1, 1), fraction(1_000_000, 1)] {
            for growth in [0, 10, 1_000_000, i64::MAX] {
                for length in [fraction(1, 1), fraction(101, 100), fraction(3, 1)] {
                    let mut walk = walk(&scalar("w^2", fraction(1, 1)));
                    let data = step(length, order, slack.clone(), fraction(1, 10), fraction(growth, 1));
                    assert!(walk.step(&data).is_err(), "{data:?}");
                }
            }
        }
    }
}

#[test]
fn what_was_tried_elsewhere_proves_nothing_here() {
    let system = scalar("-w", fraction(1, 1));
    let (mut first, mut second) = (walk(&system), walk(&system));
    let data = honest();
    let reach = first.reach(&data).unwrap();
    let parts = first.parts(&reach, &data).unwrap();
    // Another walk, though it stands at the same place.
    assert!(second.take(&parts, &data.growth).is_err());
    assert!(second.parts(&reach, &data).is_err());
    // Another number of parts.
    let growth = vec![Exact(Rational::new()); 2];
    refused(first.take(&parts, &growth), "one number per part", "growth");
    first.take(&parts, &data.growth).unwrap();
    // The same walk one step later.
    assert!(first.take(&parts, &data.growth).is_err());
    assert!(first.parts(&reach, &data).is_err());
}

#[test]
fn memory_and_work_are_limited() {
    // 400 coordinates from a box: the monomials of degree 2 alone are 80601.
    let mut table = Table::new();
    let speeds = variables(&mut table, 400);
    let start = vec![[fraction(0, 1), fraction(1, 1)]; 400];
    let model = Model::Field { speeds };
    let open = |start: &[[Rational; 2]]| Arc::new(System::open(&data(&table, model.clone(), start)).unwrap());
    let system = open(&start);
    for degree in [2, 3, 4] {
        assert!(Ground::new(Arc::clone(&system), 64, degree).is_err());
    }
    let mut start = vec![[fraction(1, 1), fraction(1, 1)]; 400];
    (0..23).for_each(|place| start[place][1] = fraction(2, 1));
    let system = open(&start);
    // 17550 monomials for each of 400 coordinates: more memory than there may be.
    assert!(Ground::new(Arc::clone(&system), 4096, 4).is_err());
    let ground = Arc::new(Ground::new(system, 64, 1).unwrap());
    let mut walk = Walk::new(ground);
    let mut data = honest();
    data.order = 2048;
    refused(walk.step(&data), "too much", "");
    // More coordinates than there may be.
    let speeds = variables(&mut table, 401);
    let start = vec![[fraction(0, 1), fraction(1, 1)]; 401];
    assert!(System::open(&super::data(&table, Model::Field { speeds }, &start)).is_err());
}

#[test]
fn systems_that_make_no_sense_are_refused() {
    let mut table = Table::new();
    let [x, y] = [0, 1].map(|number| table.insert(Node::Variable(number)));
    let point = [[fraction(0, 1), fraction(0, 1)]];
    let refused = |model: Model, start: &[[Rational; 2]]| System::open(&data(&table, model, start)).is_err();
    assert!(refused(Model::Field { speeds: vec![y] }, &point));
    assert!(refused(Model::Field { speeds: Vec::new() }, &[]));
    assert!(refused(Model::Field { speeds: vec![x] }, &[]));
    assert!(refused(
        Model::Field { speeds: vec![x] },
        &[[fraction(1, 1), fraction(0, 1)]]
    ));
    assert!(refused(Model::Gradient { cost: y, dimension: 1 }, &point));
    assert!(refused(Model::Gradient { cost: x, dimension: 0 }, &[]));
    assert!(refused(
        Model::Neuron { cost: x, activation: y },
        &[point[0].clone(), point[0].clone()]
    ));
    let beyond: Id = foreign(99);
    assert!(refused(Model::Field { speeds: vec![beyond] }, &point));
    assert!(refused(
        Model::Gradient {
            cost: beyond,
            dimension: 1
        },
        &point
    ));
    let mut negative = data(&table, Model::Field { speeds: vec![x] }, &point);
    negative.disturbance = vec![Exact(fraction(-1, 1))];
    assert!(System::open(&negative).is_err());
    negative.disturbance = vec![Exact(fraction(1, 1)); 2];
    assert!(System::open(&negative).is_err());
}

/// A place that belongs to no table here.
fn foreign(place: u32) -> Id {
    let mut table = Table::new();
    let places: Vec<Id> = (0..=place).map(|number| table.number(number)).collect();
    places[place as usize]
}

#[test]
fn a_cost_must_be_defined_where_the_flow_is() {
    // f = z^2/2 - log z has f' = z - 1/z, which is defined for z < 0 though f is not.
    let right = gradient("1/2*w^2 - log(w)", 1, &[fraction(2, 1)]);
    let wrong = gradient("1/2*w^2 - log(w)", 1, &[fraction(-2, 1)]);
    let mut data = step(
        fraction(1, 16),
        12,
        fraction(1, 1 << 20),
        fraction(1, 1 << 20),
        fraction(0, 1),
    );
    walk(&right).step(&data).unwrap();
    refused(walk(&wrong).step(&data), "log", "growth[0]");
    // Of a gradient flow in the coordinates themselves nothing is left then; the growth still has to be above that.
    (data.convex, data.growth) = (true, vec![Exact(fraction(1, 1 << 30))]);
    walk(&right).step(&data).unwrap();
    refused(walk(&wrong).step(&data), "log", "growth[0]");
    let settling = Settling {
        convexity: Exact(fraction(1, 1)),
        conditioning: Exact(fraction(1, 2)),
        radius: Exact(fraction(1, 1 << 10)),
    };
    let settled = |start: i64| {
        let walk = walk(&gradient("1/2*w^2 - log(w)", 1, &[fraction(start, 1)]));
        walk.settles(&settling)
    };
    assert!(settled(1).is_ok());
    assert!(settled(-1).is_err());
}

#[test]
fn convexity_does_not_hide_a_saddle() {
    // f = (z - 1)^2 is convex, but the flow of f(w2 w1) has a saddle at 0, where it drives solutions apart.
    let system = gradient("(w - 1)^2", 2, &[fraction(1, 100), fraction(0, 1)]);
    let mut data = step(
        fraction(1, 8),
        16,
        fraction(1, 1 << 20),
        fraction(1, 1 << 20),
        fraction(0, 1),
    );
    data.convex = true;
    refused(walk(&system).step(&data), "logarithmic norm", "growth[0]");
    data.growth = vec![Exact(fraction(19, 10))];
    refused(walk(&system).step(&data), "logarithmic norm", "growth[0]");
    data.growth = vec![Exact(fraction(21, 10))];
    walk(&system).step(&data).unwrap();
    // f = cos is not convex at 0.
    let system = gradient("cos(w)", 1, &[fraction(1, 100)]);
    refused(walk(&system).step(&data), "convex", "growth[0]");
}

#[test]
fn a_gate_that_equals_a_weight_counts_as_a_weight() {
    // f = z^2/2 with sigma = exp: G = z = w2 exp(w1) = dz/dw1. Only G may be left out, not dz/dw1.
    let mut table = Table::new();
    let z = table.w();
    let half = table.number(fraction(1, 2));
    let product = table.insert(Node::Mul(z, z));
    let cost = table.insert(Node::Mul(half, product));
    let activation = table.insert(Node::Apply(Function::Exp, z));
    let system = from_point(
        &table,
        Model::Neuron { cost, activation },
        &[fraction(0, 1), fraction(-1, 1)],
    );
    // -G D^2 z = [[1, 1], [1, 0]] at (0, -1) times -G = 1 up to the sign: its largest eigenvalue is above 0.6.
    let mut data = step(
        fraction(1, 1000),
        8,
        fraction(1, 1 << 20),
        fraction(1, 1 << 20),
        fraction(1, 2),
    );
    data.convex = true;
    refused(walk(&system).step(&data), "logarithmic norm", "growth[0]");
}

#[test]
fn statements_about_disturbances_are_exact() {
    let mut table = Table::new();
    let x = table.w();
    let speed = table.insert(Node::Neg(x));
    let mut system = data(
        &table,
        Model::Field { speeds: vec![speed] },
        &[[fraction(1, 1), fraction(1, 1)]],
    );
    system.disturbance = vec![Exact(fraction(1, 3))];
    let mut court = FlowCourt::open(&system).unwrap();
    let steps = vec![step(
        fraction(1, 4),
        10,
        fraction(1, 1 << 20),
        fraction(1, 2),
        fraction(0, 1),
    )];
    let theorem = court
        .judge(&FlowClaim::Tube(TubeData {
            precision: 64,
            degree: 0,
            orders: Vec::new(),
            steps,
        }))
        .unwrap();
    assert!(theorem.statement().contains("norm at most 1/3,"), "{theorem:?}");
}

#[test]
fn limits_are_refused_where_there_is_none() {
    let settling = |convexity: Rational, conditioning: Rational, radius: Rational| Settling {
        convexity: Exact(convexity),
        conditioning: Exact(conditioning),
        radius: Exact(radius),
    };
    // f(w2 w1) with f = (z - 1)^2: D^2 f = 2, and near (1, 1) Dz Dz' = w1^2 + w2^2 = 2.
    let near = fraction(1 << 20, (1 << 20) + 1);
    let system = gradient("(w - 1)^2", 2, &[near.clone(), near]);
    let (close, two) = (fraction(1999, 1000), fraction(2, 1));
    let radius = fraction(1, 100_000);
    let at = walk(&system);
    let limit = at
        .settles(&settling(close.clone(), close.clone(), radius.clone()))
        .unwrap();
    assert!(
        limit.global && limit.product[0].contains(&Rational::from(1)),
        "{limit:?}"
    );
    for (convexity, conditioning, radius) in [
        (fraction(2001, 1000), close.clone(), radius.clone()),
        (close.clone(), two, radius.clone()),
        (close.clone(), close.clone(), fraction(1, 1 << 21)),
        (close.clone(), close.clone(), fraction(1, 1)),
        (fraction(0, 1), close.clone(), radius.clone()),
        (close.clone(), fraction(0, 1), radius.clone()),
        (close.clone(), close.clone(), fraction(0, 1)),
        (fraction(-1, 1), close.clone(), radius.clone()),
    ] {
        assert!(
            at.settles(&settling(convexity.clone(), conditioning.clone(), radius.clone()))
                .is_err()
        );
    }
    // At the saddle nothing is well conditioned; on its stable manifold nothing near it is a minimum.
    for start in [[0, 0], [1, -1]] {
        let system = gradient("(w - 1)^2", 2, &start.map(|value| fraction(value, 1 << 20)));
        for exponent in 1..40u32 {
            let size = fraction(1, 1) >> exponent;
            assert!(
                walk(&system)
                    .settles(&settling(size.clone(), size.clone(), size))
                    .is_err()
            );
        }
    }
    // Not of a field, nor of a disturbed flow.
    let field = walk(&scalar("-w", fraction(1, 1)));
    assert!(field.settles(&settling(close.clone(), close, radius)).is_err());
}
