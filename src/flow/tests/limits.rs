//! Where flows settle, against what they are much later.

use super::super::barrier::{barrier, dissipation};
use super::super::settle::settle;
use super::reference::{Flow, advance, number};
use super::{Case, Source, demand, formula};
use crate::kernel::certificate::Exact;
use crate::kernel::expr::Table;
use crate::kernel::flow::data::{Barrier, Dissipation, Model, Settling};
use crate::kernel::flow::{Limit, Walk};
use rug::{Float, Rational};

/// Checks a limit against the solution from a start, from the end of the tube on.
fn check(case: &Case, limit: &Limit, start: &[Rational]) {
    let flow = Flow::new(case, &[]);
    let start: Vec<Float> = start.iter().map(number).collect();
    let here = advance(&flow, &start, &limit.time);
    let rate = limit.rate.to_f64();
    let (mut x, mut last) = (here.clone(), limit.time.clone());
    let mut way = Float::new(200);
    let mut later = Vec::new();
    // Long enough for exp(-rate t) to fall below 2e-7.
    let span = Rational::from((16.0 / rate).ceil().clamp(1.0, 40.0) as u32) / 4u32;
    for _ in 0..4 {
        let next = advance(&flow, &x, &span);
        way += distance(&next, &x);
        last += &span;
        demand(&limit.bounds, &next, &last);
        later.push(next.clone());
        x = next;
    }
    assert!(way <= *limit.length.sup(), "{way} {limit:?}");
    // The distance to the limit falls as was said, with some constant below the length.
    let total = Float::with_val(200, limit.length.sup());
    for (number, place) in later.iter().enumerate() {
        let time = (number + 1) as f64 * span.to_f64();
        let allowed = Float::with_val(200, &total * ((-rate * time).exp() + 1e-6));
        assert!(distance(place, &x) <= allowed, "{time}: {place:?} {x:?} {limit:?}");
    }
}

fn distance(a: &[Float], b: &[Float]) -> Float {
    let squares = a.iter().zip(b).map(|(a, b)| Float::with_val(200, a - b).square());
    squares.fold(Float::new(200), |sum, square| sum + square).sqrt()
}

/// The first limit along the flow, tried twice per unit of time.
fn first(case: &Case, degree: u8, until: u32) -> Option<Limit> {
    let mut builder = case.tube(53, degree, &Rational::new());
    (0..=until).find_map(|time| {
        let time = Rational::from((time, 2));
        while *builder.walk().time() < time {
            builder.step(&time).unwrap();
        }
        settle(builder.walk()).map(|(_, limit)| limit)
    })
}

#[test]
fn quadratic_costs_settle_at_their_minimiser() {
    let mut source = Source::new(121);
    let scalar = Case::network("(1 - x1)^2", &[1, 2, 1]).from(&[(3, 10), (1, 5), (6, 5), (-1, 2)]);
    let deep = Case::network("(1 - x1)^2 + x1/10", &[1, 1, 1, 1]).from(&[(1, 1), (4, 5), (6, 5)]);
    let matrix = Case::network("(x1 - 2)^2 + (x2 - 1)^2 + x3^2 + (x4 - 2)^2", &[2, 2, 2]);
    let matrix = matrix.from(&[(3, 2), (1, 4), (0, 1), (3, 2), (3, 2), (1, 4), (0, 1), (3, 2)]);
    for (case, degree) in [
        (scalar.clone(), 0),
        (deep, 0),
        (matrix, 0),
        (scalar.around((1, 100)), 1),
    ] {
        let limit = first(&case, degree, 12).unwrap();
        assert!(limit.global, "{limit:?}");
        check(&case, &limit, &case.member(&mut source));
    }
}

#[test]
fn other_costs_settle_where_their_slope_vanishes() {
    let mut source = Source::new(122);
    // f' = 0 at 0, at 1, and at cos z = 0.
    let bowl = Case::network("exp(x1) - x1", &[1, 1, 1]).from(&[(1, 2), (-3, 2)]);
    let barrier = Case::network("x1^2/2 - log(x1)", &[1, 1, 1]).from(&[(2, 1), (1, 1)]);
    let wave = Case::network("sin(x1)", &[1, 1, 1]).from(&[(1, 1), (-1, 1)]);
    for (case, zero) in [(bowl, 0.0), (barrier, 1.0), (wave, -std::f64::consts::FRAC_PI_2)] {
        for case in [case.clone(), case.around((1, 200))] {
            let degree = u8::from(case.start[0][0] < case.start[0][1]);
            let limit = first(&case, degree, 16).unwrap();
            assert!(!limit.global, "{limit:?}");
            let (inf, sup) = (limit.product[0].inf().to_f64(), limit.product[0].sup().to_f64());
            assert!(inf <= zero + 1e-9 && zero - 1e-9 <= sup, "{limit:?}");
            check(&case, &limit, &case.member(&mut source));
        }
    }
}

#[test]
fn plain_flows_and_neurons_settle() {
    let mut source = Source::new(123);
    let mut table = Table::new();
    let cost = formula(&mut table, "(x1 - 1)^2 + x2^2*(2 + sin(x1)) + x1*x2/3");
    let plane = Case::new(table, Model::Gradient { cost, dimension: 2 }).from(&[(2, 1), (-1, 2)]);
    let mut table = Table::new();
    let cost = formula(&mut table, "(x1 - 1)^2");
    let activation = formula(&mut table, "tanh(x1)");
    let neuron = Case::new(table, Model::Neuron { cost, activation }).from(&[(1, 1), (1, 2)]);
    for case in [plane, neuron] {
        let limit = first(&case, 0, 16).unwrap();
        check(&case, &limit, &case.member(&mut source));
    }
}

#[test]
fn the_excess_bounds_the_cost_above_its_limit() {
    let case = Case::network("(1 - x1)^2", &[1, 1, 1]).from(&[(1, 1), (6, 5)]);
    let limit = first(&case, 0, 8).unwrap();
    let flow = Flow::new(&case, &[]);
    let start: Vec<Float> = case.middle().iter().map(number).collect();
    let here = advance(&flow, &start, &limit.time);
    let product = here[0].clone() * &here[1];
    let excess = (product - 1u32).square();
    assert!(
        excess <= *limit.excess.sup() && *limit.excess.sup() < excess * 3u32,
        "{limit:?}"
    );
}

#[test]
fn nothing_settles_near_a_saddle() {
    let tried = |walk: &Walk| {
        assert!(settle(walk).is_none());
        for exponent in 1..30u32 {
            let size = Exact(Rational::from(1) >> exponent);
            let settling = Settling {
                convexity: size.clone(),
                conditioning: size.clone(),
                radius: Exact(Rational::from(1) >> (exponent / 3)),
            };
            assert!(walk.settles(&settling).is_err(), "{settling:?}");
        }
    };
    // On the way to the saddle along its stable manifold, and close to it.
    let stable = Case::network("(1 - x1)^2", &[1, 1, 1]).from(&[(1, 2), (-1, 2)]);
    for time in 0..4 {
        tried(stable.tube(53, 0, &Rational::from(time)).walk());
    }
    tried(
        Case::network("(1 - x1)^2", &[1, 1, 1])
            .from(&[(1, 1000), (1, 1000)])
            .tube(53, 0, &Rational::new())
            .walk(),
    );
    // A saddle and a maximum of f itself.
    tried(
        Case::network("x1^2 - x2^2", &[1, 1, 2])
            .from(&[(1, 1), (1, 100), (1, 1000)])
            .tube(53, 0, &Rational::new())
            .walk(),
    );
    tried(
        Case::network("cos(x1)", &[1, 1, 1])
            .from(&[(1, 100), (1, 1)])
            .tube(53, 0, &Rational::new())
            .walk(),
    );
}

#[test]
fn limits_with_other_numbers_are_refused_or_true() {
    let mut source = Source::new(124);
    let case = Case::network("(1 - x1)^2 + exp(x1)/8", &[1, 1, 1]).from(&[(3, 10), (6, 5)]);
    let builder = case.tube(53, 0, &Rational::from(1));
    let (honest, limit) = settle(builder.walk()).unwrap();
    check(&case, &limit, &case.middle());
    let (mut refused, mut checked) = (0, 0);
    for _ in 0..60 {
        let mut data = honest.clone();
        let factor = Rational::from((source.below(400) + 1, 100));
        let field = match source.below(3) {
            0 => &mut data.convexity,
            1 => &mut data.conditioning,
            _ => &mut data.radius,
        };
        field.0 *= factor;
        match builder.walk().settles(&data) {
            Err(_) => refused += 1,
            Ok(limit) if checked < 4 => {
                checked += 1;
                check(&case, &limit, &case.middle());
            }
            Ok(_) => {}
        }
    }
    assert!(refused > 15 && checked == 4, "{refused} {checked}");
}

/// The first place, of two per unit of time, that is below the barrier of energy.
fn passed(case: &Case, degree: u8, until: u32) -> Option<(Walk, Barrier, Limit)> {
    let data = barrier(&case.model, &case.table)?;
    let mut builder = case.tube(53, degree, &Rational::new());
    (0..=until).find_map(|time| {
        let time = Rational::from((time, 2));
        while *builder.walk().time() < time {
            builder.step(&time).unwrap();
        }
        let descent = builder.walk().descends(&case.model, &case.table, &data).ok()?;
        Some((builder.walk().clone(), data.clone(), descent.limit))
    })
}

/// Networks that fit a number, square matrices, a row and a column, of two and of three layers.
fn fits() -> [Case; 5] {
    let matrix = "(x1 - 2)^2 + (x2 - 1)^2 + x3^2 + (x4 - 2)^2";
    let skew = "3*(x1 + 1/2)^2/2 + 3*x2^2/2 + 3*(x3 - 1)^2/2 + 3*(x4 - 1)^2/2 + 3*x5^2/2 + 3*(x6 - 1/3)^2/2";
    [
        Case::network("(1 - x1)^2", &[1, 2, 1]).from(&[(3, 10), (1, 5), (6, 5), (-1, 2)]),
        Case::network(matrix, &[2, 2, 2]).from(&[(3, 2), (1, 4), (0, 1), (3, 2), (3, 2), (1, 4), (0, 1), (3, 2)]),
        Case::network("(x1 - 1)^2 + x2^2", &[2, 1, 1, 1]).from(&[(1, 2), (1, 5), (3, 4), (1, 1)]),
        Case::network(skew, &[2, 2, 3]).from(&[
            (1, 1),
            (0, 1),
            (1, 5),
            (1, 1),
            (-1, 2),
            (0, 1),
            (1, 1),
            (4, 5),
            (0, 1),
            (1, 3),
        ]),
        Case::network(skew, &[3, 2, 2]).from(&[
            (1, 1),
            (1, 5),
            (0, 1),
            (0, 1),
            (1, 1),
            (1, 2),
            (-1, 2),
            (0, 1),
            (1, 1),
            (4, 5),
        ]),
    ]
}

#[test]
fn networks_below_the_barrier_of_energy_fit_in_the_end() {
    let mut source = Source::new(124);
    for (number, case) in fits().into_iter().enumerate() {
        for case in [case.clone(), case.around((1, 100))] {
            let degree = u8::from(case.start[0][0] < case.start[0][1]);
            let (_, data, limit) = passed(&case, degree, 12).unwrap_or_else(|| panic!("case {number}"));
            let targets = data.target.iter().zip(&limit.product);
            assert!(targets.into_iter().all(|(target, range)| range.contains(&target.0)));
            check(&case, &limit, &case.member(&mut source));
        }
    }
}

#[test]
fn what_is_not_below_the_barrier_is_refused() {
    for case in fits() {
        let (walk, data, _) = passed(&case, 0, 12).unwrap();
        let refused = |change: &dyn Fn(&mut Barrier)| {
            let mut data = data.clone();
            change(&mut data);
            assert!(walk.descends(&case.model, &case.table, &data).is_err(), "{data:?}");
        };
        refused(&|data| data.scale.0 *= 2);
        refused(&|data| data.scale.0 *= -1);
        refused(&|data| data.target[0].0 += 1);
        refused(&|data| data.spectrum.0 *= 2);
        refused(&|data| data.spectrum.0 = Rational::from((1, 1_000_000)));
        refused(&|data| data.spectrum.0 *= -1);
        refused(&|data| data.target.truncate(0));
        refused(&|data| data.target.push(Exact(Rational::from(1))));
        // It is about undisturbed flows, and its own cost.
        let mut disturbed = case.clone();
        let Model::Linear { widths, .. } = &case.model else {
            unreachable!()
        };
        disturbed.disturbance = vec![Rational::from((1, 1000)); widths.len() - 1];
        let disturbed = disturbed.tube(53, 0, &Rational::new());
        assert!(disturbed.walk().descends(&case.model, &case.table, &data).is_err());
    }
}

#[test]
fn there_is_no_barrier_where_a_critical_point_may_be_as_low() {
    // The origin is a saddle at the barrier, and a start behind it is above.
    for start in [[(0, 1), (0, 1)], [(1, 2), (-1, 2)]] {
        let case = Case::network("(x1 - 1)^2", &[1, 1, 1]).from(&start);
        let data = barrier(&case.model, &case.table).unwrap();
        let at_start = case.tube(53, 0, &Rational::new());
        assert!(at_start.walk().descends(&case.model, &case.table, &data).is_err());
    }
    // Of full rank is the fit only, and only fits of squares have such a cost.
    for cost in [
        "(x1 - 1)^2 + (x2 - 1)^2 + (x3 - 1)^2 + (x4 - 1)^2",
        "(x1 - 1)^4 + x2^2 + x3^2 + x4^2",
    ] {
        let case = Case::network(cost, &[2, 2, 2]).from(&[(1, 1); 8]);
        let at_start = case.tube(53, 0, &Rational::new());
        let found = barrier(&case.model, &case.table);
        let descends = |data: &Barrier| at_start.walk().descends(&case.model, &case.table, data).is_ok();
        assert!(!found.as_ref().is_some_and(descends), "{found:?}");
    }
    let mixed = Case::network("(x1 - 1)^2 + 2*(x2 + 1)^2 + x1*x2/7", &[2, 1, 1]).from(&[(1, 1), (1, 1), (1, 1)]);
    let found = barrier(&mixed.model, &mixed.table);
    let at_start = mixed.tube(53, 0, &Rational::new());
    let descends = |data: &Barrier| at_start.walk().descends(&mixed.model, &mixed.table, data).is_ok();
    assert!(!found.as_ref().is_some_and(descends), "{found:?}");
}

#[test]
fn disturbed_networks_dissipate_along_their_tubes() {
    // Three layers, and disturbances of norm 1/100 altogether.
    let bounds = [(6, 1000), (0, 1), (8, 1000)].map(Rational::from);
    let mut case = Case::network("(x1 - 1)^2 + 1", &[1, 1, 1, 1]).from(&[(1, 1), (3, 4), (1, 2)]);
    case.disturbance = bounds.to_vec();
    let mut builder = case.tube(64, 0, &Rational::new());
    let end = Rational::from((1, 2));
    while *builder.walk().time() < end {
        builder.step(&end).unwrap();
    }
    let walk = builder.walk();
    let data = dissipation(&case.model, &case.table, walk).unwrap();
    assert!(data.rates.len() == walk.segments().len() && data.rates.iter().all(|rate| rate.0 > 0));
    let decay = walk.dissipates(&case.model, &case.table, &data).unwrap();
    let misfit = |x: &[Float]| (Float::with_val(200, &x[0] * &x[1]) * &x[2] - 1u32).square();
    let start: Vec<Float> = case.start.iter().map(|[value, _]| number(value)).collect();
    assert!(decay.before.contains(&misfit(&start).to_rational().unwrap()));
    for push in [
        [0.006, 0.0, 0.008],
        [-0.006, 0.0, -0.008],
        [0.006, 0.0, -0.008],
        [0.0; 3],
    ] {
        let flow = Flow::new(&case, &push.map(|push| Float::with_val(200, push * 0.999)));
        let last = misfit(&advance(&flow, &start, &end));
        assert!(last <= *decay.after.sup(), "{last} {decay:?}");
    }
    // The bound says something: without disturbances the misfit falls, and so does what is left of it here.
    assert!(decay.after.sup() < decay.before.sup());
    let refused = |change: &dyn Fn(&mut Dissipation)| {
        let mut other = data.clone();
        change(&mut other);
        assert!(walk.dissipates(&case.model, &case.table, &other).is_err(), "{other:?}");
    };
    refused(&|data| data.rates[0] = Exact(Rational::from(9)));
    refused(&|data| data.rates[1] = Exact(Rational::from((-1, 9))));
    refused(&|data| data.rates.truncate(1));
    refused(&|data| data.target[0] = Exact(Rational::from(2)));
    refused(&|data| data.scale = Exact(Rational::from(1)));
}
