//! Claims about the vector case that are believed, and more that must not be.

mod transits;

use super::super::super::certificate::Exact;
use super::super::super::expr::{Function, Id, Node, Table};
use super::super::super::interval::Interval;
use super::super::data::{Model, SystemData};
use super::data::{Ahead, Descent, Position, Transit, Travel, VectorClaim};
use super::{Outcome, VectorSystem};
use rug::Rational;

fn exact(value: (i64, i64)) -> Exact {
    Exact(Rational::from(value))
}

fn list(values: &[(i64, i64)]) -> Vec<Exact> {
    values.iter().map(|value| exact(*value)).collect()
}

/// The table of (1 - w)^2 with the constants 1 and 2, in this order.
fn square() -> (Table, Id, [Id; 2]) {
    let mut table = Table::new();
    let (w, one, two) = (table.w(), table.number(1), table.number(2));
    let distance = table.insert(Node::Sub(one, w));
    let cost = table.insert(Node::Power(distance, 2.into()));
    (table, cost, [one, two])
}

fn data(table: &Table, cost: Id, start: &[(i64, i64)]) -> SystemData {
    let width = u16::try_from(start.len() / 2).unwrap();
    SystemData {
        names: Vec::new(),
        nodes: table.nodes().to_vec(),
        model: Model::Linear {
            cost,
            widths: vec![1, width, 1],
        },
        start: start.iter().map(|value| [exact(*value), exact(*value)]).collect(),
        disturbance: Vec::new(),
    }
}

fn system(start: &[(i64, i64)]) -> VectorSystem {
    let (table, cost, _) = square();
    VectorSystem::open(&data(&table, cost, start)).unwrap()
}

fn descent(bracket: [(i64, i64); 2]) -> Descent {
    Descent {
        precision: 128,
        bracket: bracket.map(exact),
        zero: None,
        cuts: Vec::new(),
        order: 2,
    }
}

#[track_caller]
fn refused(system: &VectorSystem, claim: &VectorClaim, why: &str) {
    let rejection = system
        .examine(claim)
        .map(|outcome| outcome.settled.statement)
        .unwrap_err();
    assert!(rejection.to_string().contains(why), "{rejection}");
}

#[track_caller]
fn accepted(system: &VectorSystem, claim: &VectorClaim) -> Outcome {
    system.examine(claim).unwrap()
}

/// w1 = 7/4, w2 = 5/4: P = 9, M = 1/4, z = 35/16, and sqrt(P M + 4) = 5/2.
const START: [(i64, i64); 2] = [(7, 4), (5, 4)];

/// z(t) for f = (1 - w)^2 and START, from the Riccati equation u' = -(9 u^2 - 4 u - 1/4) of u = e^(2a).
fn solution(time: &Rational) -> Interval {
    let point = |n: i32, d: i32| Interval::point(&Rational::from((n, d)), 300);
    let k = Interval::point(&Rational::from(time * -5), 300)
        .exp()
        .mul(&point(9, 19));
    let above = point(1, 2).sub(&point(-1, 18).mul(&k));
    let u = above.div(&point(1, 1).sub(&k)).unwrap();
    let quarter = Rational::from((1, 4));
    u.scale(&Rational::from(9))
        .sub(&u.recip().unwrap().scale(&quarter))
        .scale(&quarter)
}

#[test]
fn a_limit_is_enclosed_and_named() {
    let (table, cost, [one, two]) = square();
    let system = VectorSystem::open(&data(&table, cost, &START)).unwrap();
    let mut claim = descent([(9, 10), (11, 10)]);
    let found = accepted(&system, &VectorClaim::Limit(claim.clone()));
    assert!(found.product.unwrap().contains(&Rational::from(1)));
    claim.zero = Some(one);
    let found = accepted(&system, &VectorClaim::Limit(claim.clone()));
    assert!(found.product.unwrap().is_singleton());
    // w1 w2 = 1 and w1^2 - w2^2 = 3/2: w1 = sqrt(2), w2 = sqrt(1/2).
    let [first, second] = [&found.coordinates[0], &found.coordinates[1]];
    assert!(first.sqr().contains(&Rational::from(2)) && first.wid() < 1e-30);
    assert!(second.sqr().contains(&Rational::from((1, 2))) && second.wid() < 1e-30);
    assert!(
        found
            .settled
            .statement
            .contains("z* = 1, on the branch w1^2 - w2^2 = 3/2, w1 > 0")
    );
    claim.zero = Some(two);
    refused(&system, &VectorClaim::Limit(claim.clone()), "lie in the bracket");
    claim.zero = Some(cost);
    refused(&system, &VectorClaim::Limit(claim), "not a constant");
}

#[test]
fn brackets_that_lie_are_refused() {
    let system = system(&START);
    let cases = [
        ([(3, 2), (2, 1)], "vanish in the bracket"),
        ([(11, 10), (9, 10)], "inside out"),
        ([(1, 2), (3, 4)], "sign it needs"),
        ([(35, 16), (35, 16)], "vanish in the bracket"),
        ([(35, 16), (3, 1)], "sign it needs"),
        ([(3, 1), (4, 1)], "sign it needs"),
        ([(1, 1), (1, 1)], "sign it needs"),
    ];
    for (bracket, why) in cases {
        refused(&system, &VectorClaim::Limit(descent(bracket)), why);
    }
    let hostile = |change: &dyn Fn(&mut Descent)| {
        let mut claim = descent([(9, 10), (11, 10)]);
        change(&mut claim);
        VectorClaim::Limit(claim)
    };
    refused(&system, &hostile(&|claim| claim.precision = u32::MAX), "precision");
    refused(&system, &hostile(&|claim| claim.precision = 0), "precision");
    refused(
        &system,
        &hostile(&|claim| claim.cuts = list(&[(1, 1)])),
        "inside the bracket",
    );
    refused(
        &system,
        &hostile(&|claim| claim.cuts = list(&[(2, 1), (3, 2)])),
        "increase",
    );
    refused(&system, &hostile(&|claim| claim.cuts = list(&[(3, 1)])), "increase");
    refused(
        &system,
        &hostile(&|claim| claim.cuts = list(&[(1, 2)])),
        "beyond the starts",
    );
}

#[test]
fn random_brackets_never_prove_something_false() {
    let mut state: u64 = 7;
    let mut below = |bound: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        i64::try_from((state >> 33) % bound).unwrap()
    };
    let mut count = 0;
    for _ in 0..2_000 {
        let start = [(below(41) - 20, 8), (below(41) - 20, 8)];
        let lo = (below(32) - 8, 8);
        let hi = (lo.0 + below(8), 8);
        let claim = VectorClaim::Limit(descent([lo, hi]));
        let Ok(found) = system(&start).examine(&claim) else {
            continue;
        };
        count += 1;
        assert!(found.product.unwrap().contains(&Rational::from(1)));
        // On the line w1 = -w2 solutions go to the origin.
        assert!(start[0].0 != -start[1].0, "{start:?}");
    }
    assert!(count > 100, "{count}");
}

#[test]
fn a_later_zero_is_not_the_limit() {
    // f = w^4/4 - w^2/2: f' = w (w - 1)(w + 1). From z = -2 the limit is -1, not 0 or 1.
    let mut table = Table::new();
    let w = table.w();
    let (square, fourth) = (
        table.insert(Node::Power(w, 2.into())),
        table.insert(Node::Power(w, 4.into())),
    );
    let (half, quarter) = (
        table.number(Rational::from((1, 2))),
        table.number(Rational::from((1, 4))),
    );
    let (a, b) = (
        table.insert(Node::Mul(quarter, fourth)),
        table.insert(Node::Mul(half, square)),
    );
    let cost = table.insert(Node::Sub(a, b));
    let start = [(-1, 1), (2, 1)];
    let system = VectorSystem::open(&data(&table, cost, &start)).unwrap();
    for bracket in [[(-1, 10), (1, 10)], [(9, 10), (11, 10)]] {
        refused(&system, &VectorClaim::Limit(descent(bracket)), "");
    }
    let found = accepted(&system, &VectorClaim::Limit(descent([(-11, 10), (-9, 10)])));
    assert!(found.settled.statement.contains("every solution exists"));
    let wide = accepted(&system, &VectorClaim::Limit(descent([(-11, 10), (2, 1)])));
    assert!(wide.product.unwrap().contains(&Rational::from(-1)));
    // The sign of f'(0) = 0 tells nothing; at z = 0 the start rests.
    let resting = VectorSystem::open(&data(&table, cost, &[(3, 1), (0, 1)])).unwrap();
    accepted(&resting, &VectorClaim::Rests { precision: 64 });
    refused(&system, &VectorClaim::Rests { precision: 64 }, "at rest");
}

#[test]
fn the_stable_set_leads_to_the_origin_and_nothing_near_it_does() {
    let claim = VectorClaim::ToOrigin {
        precision: 128,
        cuts: Vec::new(),
        order: 2,
    };
    let on = system(&[(1, 1), (2, 3), (-1, 1), (-2, 3)]);
    assert!(
        accepted(&on, &claim)
            .settled
            .statement
            .contains("converges to the origin")
    );
    refused(&on, &VectorClaim::Limit(descent([(9, 10), (11, 10)])), "stable set");
    let off = system(&[(1, 1), (2, 3), (-1, 1), (-666_666_666_666_667, 1_000_000_000_000_000)]);
    refused(&off, &claim, "not on the stable set");
    accepted(&off, &VectorClaim::Limit(descent([(9, 10), (11, 10)])));
    refused(&system(&[(0, 1), (0, 1)]), &claim, "the origin");
    refused(&system(&[(1, 1), (1, 1)]), &claim, "not on the stable set");
    let resting = accepted(&system(&[(0, 1), (0, 1)]), &VectorClaim::Rests { precision: 64 });
    assert!(resting.settled.statement.contains("the start is the origin"));
}

fn position(time: (i64, i64), passed: &[(i64, i64)], ahead: &[(i64, i64)]) -> Position {
    Position {
        time: exact(time),
        travel: Travel {
            precision: 128,
            order: 20,
            rising: false,
        },
        passed: list(passed),
        ahead: Ahead::Time { points: list(ahead) },
    }
}

#[test]
fn positions_contain_the_closed_form() {
    let system = system(&START);
    let mut count = 0;
    for place in 0..18 {
        let (near, far) = ((34 - place, 16), (33 - place, 16));
        for time in 1..20 {
            let time = (time * time, 64);
            let passed: Vec<(i64, i64)> = (0..=place).map(|step| (34 - step, 16)).collect();
            let claim = VectorClaim::Position(position(time, &passed, &[far]));
            let Ok(found) = system.examine(&claim) else { continue };
            count += 1;
            assert!(
                solution(&Rational::from(time)).subset(&found.product.unwrap()),
                "{near:?} {time:?}"
            );
        }
    }
    assert!(count >= 5, "{count}");
}

#[test]
fn positions_that_lie_are_refused() {
    let system = system(&START);
    let claim = |time, passed: &[_], ahead: &[_]| VectorClaim::Position(position(time, passed, ahead));
    // z(1/8) is about 1.32.
    accepted(&system, &claim((1, 8), &[(7, 4), (3, 2)], &[(5, 4)]));
    refused(
        &system,
        &claim((1, 8), &[(7, 4), (3, 2), (5, 4)], &[(9, 8)]),
        "too short",
    );
    refused(&system, &claim((1, 8), &[(7, 4)], &[(3, 2)]), "late enough");
    refused(&system, &claim((1, 8), &[(7, 4), (3, 2)], &[(1, 2)]), "");
    refused(&system, &claim((1, 8), &[(3, 2), (7, 4)], &[(5, 4)]), "order of travel");
    refused(&system, &claim((1, 8), &[(7, 4), (3, 2)], &[(3, 2)]), "order of travel");
    refused(&system, &claim((1, 8), &[(7, 4), (3, 2)], &[]), "no points");
    refused(&system, &claim((0, 1), &[], &[(5, 4)]), "not positive");
    let change = |change: &dyn Fn(&mut Position)| {
        let mut claim = position((1, 8), &[(7, 4), (3, 2)], &[(5, 4)]);
        change(&mut claim);
        VectorClaim::Position(claim)
    };
    refused(&system, &change(&|claim| claim.travel.rising = true), "direction");
    refused(&system, &change(&|claim| claim.travel.order = 0), "at least 1");
    refused(&system, &change(&|claim| claim.travel.order = u16::MAX), "");
    refused(
        &system,
        &change(&|claim| claim.travel.precision = u32::MAX),
        "precision",
    );
    let critical = |lo, hi, decay| Ahead::Critical {
        bracket: [exact(lo), exact(hi)],
        zero: None,
        decay,
    };
    let held = |time, ahead: Ahead| {
        change(&move |claim: &mut Position| {
            claim.time = exact(time);
            claim.ahead = ahead.clone();
        })
    };
    for (time, decay) in [((1, 8), false), ((1, 8), true), ((3, 1), true), ((1000, 1), true)] {
        let found = accepted(&system, &held(time, critical((1, 1), (9, 8), decay)))
            .product
            .unwrap();
        assert!(solution(&Rational::from(time)).subset(&found), "{time:?}");
    }
    let narrow = accepted(&system, &held((3, 1), critical((1, 1), (1, 1), true)))
        .product
        .unwrap();
    assert!(solution(&Rational::from(3)).subset(&narrow) && narrow.wid() < 1e-3);
    refused(
        &system,
        &held((3, 1), critical((9, 8), (5, 4), true)),
        "vanish in the bracket",
    );
    refused(
        &system,
        &held((3, 1), critical((1, 2), (3, 4), true)),
        "vanish in the bracket",
    );
    refused(
        &system,
        &held((3, 1), critical((1, 1), (2, 1), true)),
        "beyond the last point",
    );
}

#[test]
fn more_imbalance_is_faster() {
    // The same product 35/16 with other lengths.
    let claim = |other: &[(i64, i64)]| VectorClaim::Faster {
        other: list(other),
        descent: descent([(9, 10), (11, 10)]),
    };
    let system = system(&START);
    let found = accepted(&system, &claim(&[(7, 2), (5, 8)]));
    assert!(found.settled.statement.contains("is smaller at every time"));
    let swapped = VectorSystem::open(&data(&square().0, square().1, &[(7, 2), (5, 8)])).unwrap();
    let found = accepted(&swapped, &claim(&START));
    assert!(found.settled.statement.contains("is larger at every time"));
    refused(&system, &claim(&[(5, 4), (7, 4)]), "do not differ");
    refused(&system, &claim(&[(7, 2), (5, 4)]), "differ in z");
    refused(&system, &claim(&[(7, 2)]), "one interval");
}

#[test]
fn robust_sets_have_a_sharp_bound() {
    // f' = 2 (w - 1): for alpha = 1, kappa = 3/2 and the disturbance may reach 3/2.
    let (table, cost, _) = square();
    let disturbed = |bounds: &[(i64, i64)]| {
        let mut data = data(&table, cost, &START);
        data.disturbance = list(bounds);
        VectorSystem::open(&data).unwrap()
    };
    let claim = |alpha, sum, kappa| VectorClaim::Robust {
        precision: 64,
        alpha: exact(alpha),
        sum,
        kappa: exact(kappa),
        cuts: Vec::new(),
        order: 2,
    };
    let found = accepted(&disturbed(&[(1, 1), (1, 2)]), &claim((1, 1), true, (3, 2)));
    assert!(found.settled.statement.ends_with("all starts lie in it"));
    refused(
        &disturbed(&[(1, 1), (501, 1000)]),
        &claim((1, 1), true, (3, 2)),
        "weak enough",
    );
    refused(
        &disturbed(&[(1, 1), (1, 2)]),
        &claim((1, 1), true, (8, 5)),
        "strong enough",
    );
    refused(
        &disturbed(&[(0, 1), (0, 1)]),
        &claim((1, 1), false, (0, 1)),
        "strong enough",
    );
    refused(&disturbed(&[(0, 1), (0, 1)]), &claim((-1, 1), true, (0, 1)), "radius");
    refused(&disturbed(&[(0, 1), (0, 1)]), &claim((1, 1), true, (-1, 1)), "negative");
    // One bound for both layers counts with a factor of the square root of 2.
    accepted(&disturbed(&[(106, 100)]), &claim((1, 1), true, (3, 2)));
    refused(&disturbed(&[(107, 100)]), &claim((1, 1), true, (3, 2)), "weak enough");
    let decay = |alpha, scale, target| VectorClaim::Dissipation {
        alpha: exact(alpha),
        scale: exact(scale),
        target: exact(target),
    };
    let found = accepted(&disturbed(&[(1, 1), (1, 2)]), &decay((1, 1), (2, 1), (1, 1)));
    assert!(
        found.settled.statement.contains("L' <= -1 L + |D|^2/2"),
        "{}",
        found.settled.statement
    );
    assert!(
        found.settled.statement.contains("limsup L <= 5/8"),
        "{}",
        found.settled.statement
    );
    refused(&disturbed(&[]), &decay((1, 1), (1, 1), (1, 1)), "scale (w - target)");
    refused(&disturbed(&[]), &decay((1, 1), (2, 1), (2, 1)), "scale (w - target)");
    refused(&disturbed(&[]), &decay((3, 1), (2, 1), (1, 1)), "too large");
    refused(
        &disturbed(&[(1, 1), (1, 1)]),
        &decay((1, 1), (2, 1), (1, 1)),
        "weak enough",
    );
    // What is about an undisturbed flow is not about a disturbed one.
    refused(
        &disturbed(&[(1, 9), (0, 1)]),
        &VectorClaim::Limit(descent([(9, 10), (11, 10)])),
        "without disturbance",
    );
}

#[test]
fn systems_that_do_not_fit_are_refused() {
    let (table, cost, _) = square();
    let why = |change: &dyn Fn(&mut SystemData)| {
        let mut data = data(&table, cost, &START);
        change(&mut data);
        VectorSystem::open(&data).unwrap_err().to_string()
    };
    assert!(why(&|data| data.start.truncate(1)).contains("every coordinate"));
    assert!(why(&|data| data.start[0][1] = exact((-9, 1))).contains("inside out"));
    assert!(why(&|data| data.disturbance = list(&[(-1, 1)])).contains("negative"));
    assert!(why(&|data| data.disturbance = list(&[(1, 1), (1, 1), (1, 1)])).contains("layer"));
    for widths in [&[1u16, 0, 1][..], &[1, 1, 1, 1], &[2, 1, 1], &[1, 65_535, 1], &[]] {
        let widths = widths.to_vec();
        let _ = why(&move |data| {
            data.model = Model::Linear {
                cost,
                widths: widths.clone(),
            }
        });
    }
    let mut kinked = table.clone();
    let w = kinked.w();
    let kink = kinked.insert(Node::Apply(Function::Abs, w));
    assert!(VectorSystem::open(&data(&kinked, kink, &START)).is_err());
    let other = kinked.insert(Node::Variable(1));
    assert!(VectorSystem::open(&data(&kinked, other, &START)).is_err());
}

#[test]
fn claims_survive_being_written_down() {
    let claim = VectorClaim::Position(position((1, 8), &[(7, 4)], &[(5, 4)]));
    let text = serde_json::to_string(&claim).unwrap();
    assert_eq!(serde_json::from_str::<VectorClaim>(&text).unwrap(), claim);
    let limit = VectorClaim::Limit(descent([(9, 10), (11, 10)]));
    let text = serde_json::to_string(&limit).unwrap();
    assert_eq!(serde_json::from_str::<VectorClaim>(&text).unwrap(), limit);
    let longer = text.replace("\"order\"", "\"surprise\":1,\"order\"");
    assert!(serde_json::from_str::<VectorClaim>(&longer).is_err());
}
