//! Tests of Taylor arithmetic: boxes against points at high precision, and both against symbolic derivatives.

use super::super::evaluate::Program;
use super::super::evaluate::tests::{HIGH, Source, agree, formula, program};
use super::super::expr::Table;
use super::*;
use rug::Integer;

/// The programs of the derivatives of orders 0 to `top`, as far as they exist.
fn derivatives(table: &mut Table, root: super::super::expr::Id, top: usize) -> Vec<Program> {
    let mut current = root;
    let mut programs = vec![Program::new(table, root)];
    for _ in 0..top {
        let Ok(next) = table.derivative(current, 0) else { break };
        programs.push(Program::new(table, next));
        current = next;
    }
    programs
}

/// k! times a coefficient.
fn scaled(coefficient: &Number, k: usize) -> Number {
    let factor = Rational::from(Integer::from(Integer::factorial(k as u32)));
    coefficient.mul(&Number::Exact(factor), HIGH)
}

#[test]
fn coefficients_are_derivatives() {
    let mut source = Source::new(4);
    let mut compared = 0;
    for _ in 0..1_500 {
        let mut table = Table::new();
        let root = source.expression(&mut table, 3);
        let symbolic = derivatives(&mut table, root, 4);
        let point = [Number::Exact(source.point())];
        let (Ok(low), Ok(high)) = (symbolic[0].jet(&point, 4, 64), symbolic[0].jet(&point, 4, HIGH)) else {
            continue;
        };
        for (k, derivative) in symbolic.iter().enumerate() {
            let context = || format!("{:?} at {point:?}, order {k}", symbolic[0].nodes());
            assert!(agree(&low.coefficient(k), &high.coefficient(k)), "{}", context());
            if let Ok(value) = derivative.value(&point, HIGH) {
                compared += 1;
                assert!(
                    agree(&scaled(&high.coefficient(k), k), &value),
                    "{} {value:?}",
                    context()
                );
                assert!(
                    agree(&value, &scaled(&high.coefficient(k), k)),
                    "{} {value:?}",
                    context()
                );
            }
        }
    }
    assert!(compared > 2_000, "{compared}");
}

#[test]
fn boxes_enclose_the_coefficients_at_their_points() {
    let mut source = Source::new(5);
    let mut compared = 0;
    for _ in 0..1_500 {
        let mut table = Table::new();
        let root = source.expression(&mut table, 3);
        let program = Program::new(&table, root);
        let (lo, hi) = source.bounds();
        let range = Interval::hull_of(&lo, &hi, 64).unwrap();
        let Ok(wide) = program.jet(&[Number::from(range)], 4, 64) else {
            continue;
        };
        for place in [lo.clone(), hi.clone(), source.between(&lo, &hi)] {
            // Success on the box promises that the expression is analytic at each of its points.
            let point = program.jet(&[Number::Exact(place.clone())], 4, HIGH);
            let point = point.unwrap_or_else(|error| panic!("{:?} at {place}: {error:?}", program.nodes()));
            for k in 0..=4 {
                compared += 1;
                let (a, b) = (wide.coefficient(k), point.coefficient(k));
                assert!(
                    agree(&a, &b),
                    "{:?} at {place}, order {k}: {a:?} {b:?}",
                    program.nodes()
                );
            }
        }
    }
    assert!(compared > 3_000, "{compared}");
}

#[test]
fn derivatives_on_boxes_enclose_those_at_points() {
    let mut source = Source::new(6);
    let mut compared = 0;
    for _ in 0..1_000 {
        let mut table = Table::new();
        let root = source.expression(&mut table, 3);
        let symbolic = derivatives(&mut table, root, 3);
        let (lo, hi) = source.bounds();
        let range = Interval::hull_of(&lo, &hi, 64).unwrap();
        let order = source.below(5) as usize;
        for (k, derivative) in symbolic.iter().enumerate() {
            let Ok(wide) = symbolic[0].derivative_on(&range, &[], k, order, 64) else {
                continue;
            };
            for place in [lo.clone(), hi.clone(), source.between(&lo, &hi)] {
                let Ok(value) = derivative.value(&[Number::Exact(place.clone())], HIGH) else {
                    continue;
                };
                compared += 1;
                let context = || format!("{:?} at {place}, order {k}, {order} terms", symbolic[0].nodes());
                assert!(agree(&wide, &value), "{}: {wide:?} {value:?}", context());
            }
        }
    }
    assert!(compared > 3_000, "{compared}");
}

#[test]
fn taylor_forms_are_tight() {
    // Plain evaluation of w^2 - 2w about 1 is twice as wide as the Taylor form.
    let range = Interval::hull_of(&Rational::from((9, 10)), &Rational::from((11, 10)), 64).unwrap();
    let form = program("w*(w-2)").derivative_on(&range, &[], 0, 2, 64).unwrap();
    assert!(form.interval(64).wid() < 0.03);
    let slope = program("exp(w)-v*w")
        .derivative_on(&range, &[Number::integer(1)], 1, 3, 64)
        .unwrap();
    assert!(slope.is_positive() && slope.interval(64).wid() < 0.7);
    // A point, and a half line, have only the plain enclosure.
    let point = Interval::point(&Rational::from(1), 64);
    let bend = program("w^3").derivative_on(&point, &[], 2, 4, 64).unwrap();
    assert_eq!(bend.interval(64), Interval::point(&Rational::from(6), 64));
    let half_line = Interval::at_least(&Rational::from(1), 64);
    let value = program("w^3").derivative_on(&half_line, &[], 1, 3, 64).unwrap();
    assert!(value.interval(64).is_nonnegative() && !value.interval(64).is_bounded());
}

#[test]
fn powers_of_what_may_vanish() {
    let across = [Number::from(
        Interval::hull_of(&Rational::from(-1), &Rational::from(1), 64).unwrap(),
    )];
    let jet = program("w^4").jet(&across, 6, 64).unwrap();
    let expected = [(0, 1), (-4, 4), (-6, 6), (-4, 4), (1, 1), (0, 0), (0, 0)];
    for (k, (lo, hi)) in expected.into_iter().enumerate() {
        let range = jet.coefficient(k).interval(64);
        assert!(
            range.contains(&Rational::from(lo)) && range.contains(&Rational::from(hi)),
            "{k} {range:?}"
        );
        assert!(range.wid() <= 2 * (hi - lo), "{k} {range:?}");
    }
    assert_eq!(
        program("(w-w)^9").jet(&across, 3, 64).unwrap().coefficient(3),
        Number::integer(0)
    );
    for text in [
        "sqrt(w^2)",
        "w^(-2)",
        "abs(w)",
        "log(w^2)",
        "(w^2)^(3/2)",
        "sqrt(w-w)",
        "abs(w-w)",
        "(w^2)^(4/3)",
    ] {
        assert!(program(text).jet(&across, 1, 64).is_err(), "{text}");
    }
    // A zero exponent gives 1, but only where the base is defined.
    assert_eq!(
        program("w^0").jet(&across, 2, 64).unwrap(),
        Jet::constant(Number::integer(1), 2)
    );
    assert!(program("(1/w)^0").jet(&across, 2, 64).is_err());
    // A base that underflows but does not vanish.
    let far = [Number::from(Interval::at_least(&Rational::from(1), 64))];
    assert!(program("sqrt(exp(-w))").jet(&far, 1, 64).is_ok());
}

#[test]
fn other_variables_are_constants() {
    let mut table = Table::new();
    let root = formula(&mut table, "v*w^2+v^3");
    let values = [Number::integer(5), Number::integer(2)];
    let jet = Program::new(&table, root).jet(&values, 3, 64).unwrap();
    for (k, value) in [58, 20, 2, 0].into_iter().enumerate() {
        assert_eq!(jet.coefficient(k), Number::integer(value));
    }
    assert!(jet.coefficient(4).interval(64).is_entire());
}
