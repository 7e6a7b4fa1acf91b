//! Starts of the vector case and what is shown about them.

use super::*;
use crate::kernel::expr::{Function, Node};
use crate::kernel::interval::Interval;
use crate::problem::{Domain, Source, Span};
use rug::ops::Pow;

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
        seed: None,
        compare_seed: None,
        model_span: Span { start: 0, end: 0 },
        source: Source {
            name: "flow".to_owned(),
            text: String::new(),
        },
        sha256: String::new(),
        cost_file: None,
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

/// A source of small random numbers.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> i64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        i64::try_from((self.0 >> 33) % bound).unwrap()
    }

    fn vector(&mut self, k: usize, bound: i64) -> Vec<Rational> {
        let entry = |_| Rational::from((self.below(2 * 12 + 1) - 12, 12 / bound.clamp(1, 6)));
        (0..k).map(entry).collect()
    }
}

const COSTS: [&str; 4] = ["(1-w)^2", "(w+2)^2", "cosh(w-1)", "(w^2-2)^2-w/4"];

/// The conserved products of the coordinates of w1 + w2^T and w1 - w2^T lie in the enclosures at the end.
fn conserves(start: &[Rational], end: &[Interval]) -> bool {
    let k = start.len() / 2;
    (0..k).all(|i| {
        let before = start[i].clone().square() - start[i + k].clone().square();
        end[i].sqr().sub(&end[i + k].sqr()).contains(&before)
    })
}

#[test]
fn random_starts_have_certified_limits() {
    let mut source = Dice(1);
    let (mut moving, mut other) = (0, 0);
    for case in 0..1_000 {
        let name = COSTS[case % COSTS.len()];
        let k = 1 + (case / COSTS.len()) % 6;
        let size = 1 + source.below(3);
        let start = source.vector(2 * k, size);
        let spec = at(name, &start);
        let found = investigate(&spec, &budget()).unwrap();
        assert_eq!(found.findings.len(), 1, "{name} {start:?}");
        let Finding::Shown { id, outcome, .. } = &found.findings[0] else {
            panic!("{name} {start:?}: {:?}", found.findings);
        };
        if *id != "limit" {
            other += 1;
            continue;
        }
        moving += 1;
        let z = outcome.product.as_ref().unwrap();
        assert!(z.wid() < 1e-30 && outcome.coordinates.iter().all(|range| range.wid() < 1e-25));
        assert!(conserves(&start, &outcome.coordinates), "{name} {start:?}");
        let budget = budget();
        let search = Search::open(&spec, &budget).unwrap();
        let slope = search.program.derivative_on(z, &[], 1, 4, 256).unwrap();
        assert!(slope.interval(256).contains_zero());
    }
    assert!(moving > 900 && moving + other == 1_000, "{moving} {other}");
}

#[test]
fn the_bad_set_and_its_neighbours() {
    let mut source = Dice(2);
    let tiny = Rational::from((1, rug::Integer::from(10).pow(30)));
    for case in 0..100 {
        let (name, s, target) = [("(1-w)^2", -1, 1), ("(w+2)^2", 1, -2), ("cosh(w-1)", -1, 1)][case % 3];
        let k = 1 + case % 6;
        let mut start = source.vector(k, 1);
        start[0] += 25;
        start[0] /= 24;
        let mirrored: Vec<Rational> = start.iter().map(|entry| Rational::from(entry * s)).collect();
        start.extend(mirrored);
        let outcome = shown(&at(name, &start), "to_origin");
        assert!(
            outcome
                .coordinates
                .iter()
                .all(|range| range.is_singleton() && range.contains_zero())
        );
        start[k - 1] += &tiny;
        let outcome = shown(&at(name, &start), "limit");
        assert!(outcome.product.as_ref().unwrap().contains(&Rational::from(target)));
        assert!(
            outcome.statement().contains(&format!("z* = {target}")),
            "{}",
            outcome.statement()
        );
        assert!(conserves(&start, &outcome.coordinates));
    }
}

/// w1 = 7/4, w2 = 5/4 with f = (1 - w)^2 has a closed form, from a Riccati equation for e^(2a).
fn solution(time: &Rational) -> Interval {
    let point = |n: i32, d: i32| Interval::point(&Rational::from((n, d)), 5_000);
    let k = Interval::point(&Rational::from(time * -5), 5_000)
        .exp()
        .mul(&point(9, 19));
    let u = point(1, 2)
        .sub(&point(-1, 18).mul(&k))
        .div(&point(1, 1).sub(&k))
        .unwrap();
    let quarter = Rational::from((1, 4));
    u.scale(&Rational::from(9))
        .sub(&u.recip().unwrap().scale(&quarter))
        .scale(&quarter)
}

#[test]
fn positions_at_all_precisions() {
    for (precision, time) in [
        (53, (1, 100)),
        (53, (1, 2)),
        (53, (5, 1)),
        (53, (1000, 1)),
        (128, (1, 2)),
        (128, (9, 1)),
        (200, (1, 1)),
        (4096, (1000, 1)),
    ] {
        let mut spec = spec("(1-w)^2", &[(7, 4), (5, 4)]);
        spec.precision = precision;
        spec.horizon = Horizon::Time(time.into());
        let outcome = shown(&spec, "position");
        let z = outcome.product.as_ref().unwrap();
        assert!(solution(&Rational::from(time)).subset(z), "{precision} {time:?}");
        let width = log_width(z);
        assert!(
            width < 4 - i32::try_from(precision).unwrap(),
            "{precision} {time:?} 2^{width}"
        );
        assert!(conserves(
            &[Rational::from((7, 4)), Rational::from((5, 4))],
            &outcome.coordinates
        ));
    }
}

#[test]
fn near_the_saddle_it_takes_long() {
    // 1e-30 off the stable set the way leads past the origin; f'(0) = -2 there, so the detour takes about ln(1e30)/2.
    let tiny = Rational::from((1, rug::Integer::from(10).pow(30)));
    let start = [Rational::from((1, 2)), Rational::from((-1, 2)) + &tiny];
    for (time, near) in [((20, 1), 0), ((60, 1), 1)] {
        let mut spec = at("(1-w)^2", &start);
        spec.precision = 53;
        spec.horizon = Horizon::Time(time.into());
        let outcome = shown(&spec, "position");
        let z = outcome.product.as_ref().unwrap();
        let distance = z.sub(&Interval::point(&Rational::from(near), 128)).mag();
        assert!(distance < 1e-6, "{} {}", near, z.display(20));
    }
}

#[test]
fn boxes_contain_their_points() {
    let radius = Rational::from((1, 1000));
    let centre: Vec<Rational> = [(1, 2), (1, 3), (-1, 5), (2, 7), (1, 4), (-1, 3)]
        .map(Rational::from)
        .to_vec();
    for name in COSTS {
        let mut wide = at(name, &centre);
        wide.precision = 53;
        wide.horizon = Horizon::Time(Rational::from((1, 4)));
        wide.start = centre
            .iter()
            .map(|value| [Rational::from(value - &radius), Rational::from(value + &radius)])
            .collect();
        let mut source = Dice(3);
        for _ in 0..3 {
            let start: Vec<Rational> = centre
                .iter()
                .map(|value| value + Rational::from((source.below(3) - 1, 1000)))
                .collect();
            let mut point = at(name, &start);
            point.precision = 64;
            point.horizon = wide.horizon.clone();
            for id in ["limit", "position"] {
                let (outer, inner) = (shown(&wide, id), shown(&point, id));
                for (outer, inner) in outer.coordinates.iter().zip(&inner.coordinates) {
                    assert!(inner.subset(outer), "{name} {id}");
                    assert!(outer.wid() < 0.05, "{name} {id} {}", outer.display(6));
                }
            }
        }
    }
}

#[test]
fn a_box_on_the_bad_set_is_left_open() {
    let mut spec = spec("(1-w)^2", &[(1, 2), (-1, 2)]);
    spec.start = vec![
        [Rational::from((49, 100)), Rational::from((51, 100))],
        [Rational::from((-51, 100)), Rational::from((-49, 100))],
    ];
    let found = investigate(&spec, &budget()).unwrap();
    let Finding::Open { reason, .. } = &found.findings[0] else {
        panic!("{:?}", found.findings)
    };
    let Reason::Stopped { what, .. } = reason else {
        panic!("{reason:?}")
    };
    assert!(
        what.contains("w1 = -w2^T") && what.contains("its middle lies on the set"),
        "{what}"
    );
    // Off the set the radius that would decide is named, and decides.
    let around = |share: Rational| {
        let [first, second] = [(2, 100), (1, 100)].map(|radius| Rational::from(radius) * &share);
        let ends = |middle: (i32, i32), radius: Rational| {
            let middle = Rational::from(middle);
            [Rational::from(&middle - &radius), middle + radius]
        };
        vec![ends((50, 100), first), ends((-49, 100), second)]
    };
    spec.start = around(Rational::from(1));
    let found = investigate(&spec, &budget()).unwrap();
    let Finding::Open {
        reason: Reason::Stopped { what, .. },
        ..
    } = &found.findings[0]
    else {
        panic!("{:?}", found.findings)
    };
    assert!(what.contains("less than 0.333 times its radius"), "{what}");
    spec.start = around(Rational::from((333, 1000)));
    shown(&spec, "limit");
}

#[test]
fn transits_comparisons_and_disturbances() {
    let mut spec = spec("(1-w)^2", &[(7, 4), (5, 4)]);
    spec.tolerance = Some(Rational::from((1, 1_000_000)));
    spec.compare = Some(
        [(7, 2), (5, 8)]
            .map(|value| [Rational::from(value), Rational::from(value)])
            .to_vec(),
    );
    spec.alpha = Some(Rational::from(1));
    let time = shown(&spec, "transit").time.unwrap();
    assert!(time.wid() < 1e-12);
    let edge = Interval::point(&Rational::from((1001, 1000)), 128);
    assert!(edge.precedes(&solution(&time.inf_rational().unwrap())));
    assert!(solution(&time.sup_rational().unwrap()).precedes(&edge));
    assert!(shown(&spec, "faster").statement().contains("smaller"));
    let second = shown(&spec, "second_transit");
    assert!(second.statement().contains("w1 = 7/2, w2 = 5/8"));
    assert!(second.time.unwrap().strict_precedes(&time));
    assert!(shown(&spec, "robust").statement().contains("f'(z) <= -3/2"));
    spec.disturbance = vec![Rational::from(1), Rational::from((1, 2))];
    let found = investigate(&spec, &budget()).unwrap();
    let ids: Vec<&str> = found.findings.iter().map(Finding::id).collect();
    assert_eq!(ids, ["robust", "dissipation"]);
    assert!(shown(&spec, "dissipation").statement().contains("limsup L <= 5/8"));
    let mut spec = self::spec("cosh(w-1)", &[(7, 4), (5, 4)]);
    spec.alpha = Some(Rational::from(1));
    spec.disturbance = vec![Rational::from((1, 2))];
    assert!(shown(&spec, "robust").statement().contains("all starts lie in it"));
}

#[test]
fn on_the_way_to_the_origin() {
    // P = 0 and M = 4: z = -e^(-2a) with a' = 2 (1 - z), so z falls in size like a logistic curve.
    let mut spec = spec("(1-w)^2", &[(1, 1), (-1, 1)]);
    spec.precision = 64;
    for (time, most) in [((1, 4), 1e-9), ((1000, 1), 1e-18)] {
        spec.horizon = Horizon::Time(time.into());
        let outcome = shown(&spec, "position");
        let z = outcome.product.as_ref().unwrap();
        // z' = -2 (z - 1) 2 |z| gives z/(z - 1) = e^(-4t)/2.
        let factor = Interval::point(&(Rational::from(time) * -4), 256)
            .exp()
            .scale(&Rational::from((1, 2)));
        let one = Interval::point(&Rational::from(1), 256);
        let exact = factor.div(&factor.sub(&one)).unwrap();
        assert!(exact.subset(z) && z.wid() < most, "{time:?} {}", z.display(20));
    }
}
