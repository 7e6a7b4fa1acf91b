//! Certificates that were tampered with are refused, or what they show is true.

use super::{Case, Source};
use crate::kernel::certificate::Exact;
use crate::kernel::flow::data::{StepData, TubeData};
use crate::kernel::flow::{Ground, Walk};
use rug::Rational;
use std::sync::Arc;

/// What the kernel makes of a certificate: the walk as far as it got, and whether that was all.
fn replay(case: &Case, data: &TubeData) -> (Walk, bool) {
    let ground = Ground::new(case.system(), data.precision, data.degree).unwrap();
    let mut walk = Walk::new(Arc::new(ground));
    let whole = data.steps.iter().all(|step| walk.step(step).is_ok());
    (walk, whole)
}

/// Changes one number by a factor between 2^-8 and 2^8.
fn scaled(value: &mut Exact, source: &mut Source) {
    let power = source.below(17) as i32 - 8;
    let factor = if power < 0 {
        Rational::from(1) >> power.unsigned_abs()
    } else {
        Rational::from(1) << power.unsigned_abs()
    };
    value.0 *= factor * Rational::from((source.below(100) + 50, 100));
}

fn mutated(step: &mut StepData, source: &mut Source) {
    match source.below(8) {
        0 => scaled(&mut step.slack, source),
        1 => scaled(&mut step.radius, source),
        2 => scaled(&mut step.length, source),
        3 => step.order = source.below(u64::from(step.order) * 2) as u16,
        4 => step
            .growth
            .iter_mut()
            .for_each(|growth| growth.0 -= Rational::from((source.below(100), 50))),
        5 => {
            let place = source.below(step.growth.len() as u64) as usize;
            scaled(&mut step.growth[place], source);
        }
        6 => step.convex = !step.convex,
        _ => step
            .growth
            .truncate(source.below(step.growth.len() as u64 + 1) as usize),
    }
}

#[test]
fn tampered_steps_are_refused_or_true() {
    let mut source = Source::new(131);
    let saddle = Case::field(&["x1", "x1 - x2"]).from(&[(1, 3), (-2, 5)]);
    let prey = Case::field(&["x1*(1 - x2)", "x2*(x1 - 1)"]).from(&[(1, 1), (2, 1)]);
    let neuron = Case::network("(1 - x1)^2", &[1, 1, 1]).from(&[(3, 10), (6, 5)]);
    let wave = Case::network("sin(x1) + x1/3", &[1, 1, 1])
        .from(&[(1, 2), (1, 2)])
        .around((1, 100));
    let (mut refused, mut taken) = (0, 0);
    for (round, (case, degree)) in [(saddle, 0), (prey, 0), (neuron, 0), (wave, 1)].into_iter().enumerate() {
        let honest = case.tube(40, degree, &Rational::from(2)).data().clone();
        for _ in 0..25 {
            let mut data = honest.clone();
            let place = source.below(data.steps.len() as u64) as usize;
            mutated(&mut data.steps[place], &mut source);
            let (walk, whole) = replay(&case, &data);
            if !whole {
                refused += 1;
            } else if taken < 10 * (round + 1) {
                taken += 1;
                let start = case.member(&mut source);
                case.check(&walk, &start, &[], &mut source, 2);
            }
        }
    }
    assert!(refused > 25 && taken > 20, "{refused} {taken}");
}

#[test]
fn dropped_and_repeated_steps_are_refused_or_true() {
    let mut source = Source::new(132);
    let case = Case::field(&["x1*(1 - x2)", "x2*(x1 - 1)"]).from(&[(1, 1), (2, 1)]);
    let honest = case.tube(40, 0, &Rational::from(3)).data().clone();
    assert!(honest.steps.len() > 3);
    for number in 0..honest.steps.len().min(12) {
        let mut dropped = honest.clone();
        dropped.steps.remove(number);
        let mut repeated = honest.clone();
        repeated.steps.insert(number, honest.steps[number].clone());
        let mut turned = honest.clone();
        turned.steps.swap(number, honest.steps.len() - 1 - number);
        for data in [dropped, repeated, turned] {
            let (walk, _) = replay(&case, &data);
            if *walk.time() > 0 {
                case.check(&walk, &case.middle(), &[], &mut source, 1);
            }
        }
    }
}

#[test]
fn a_certificate_for_another_start_or_system_is_refused_or_true() {
    let mut source = Source::new(133);
    let case = Case::network("(1 - x1)^2", &[1, 1, 1]).from(&[(3, 10), (6, 5)]);
    let honest = case.tube(40, 0, &Rational::from(2)).data().clone();
    let mut refused = 0;
    for _ in 0..25 {
        let mut other = case.clone();
        for place in 0..2 {
            let value = source.hundredth(2);
            other.start[place] = [value.clone(), value];
        }
        if source.below(2) == 0 {
            other = Case {
                start: other.start,
                ..Case::network("(2 - x1)^2 + x1^4/8", &[1, 1, 1])
            };
        }
        let (walk, whole) = replay(&other, &honest);
        refused += usize::from(!whole);
        if *walk.time() > 0 {
            other.check(&walk, &other.middle(), &[], &mut source, 1);
        }
    }
    assert!(refused > 5, "{refused}");
    // Another precision or degree changes the certificate, not the truth.
    for precision in [32, 40, 64, 100] {
        let (walk, _) = replay(
            &case,
            &TubeData {
                precision,
                ..honest.clone()
            },
        );
        if *walk.time() > 0 {
            case.check(&walk, &case.middle(), &[], &mut source, 1);
        }
    }
}
