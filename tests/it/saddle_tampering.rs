//! Certificates about critical points with one thing changed: refused, or proofs of something true.

use super::program::in_parallel;
use super::saddles::examples;
use super::tampering::{Dice, mutate, places};
use foliate::kernel::SaddleCourt;
use foliate::kernel::certificate::Input;
use foliate::kernel::derivatives::Sweep;
use foliate::kernel::number::Number;
use foliate::kernel::saddles::data::{SaddleCertificate, SaddleClaim};
use foliate::landscape::{Question, survey};
use foliate::numeric::symmetric_eigenvectors;
use foliate::syntax::{parse_matrix_cost, with_domain};
use foliate::verdict::Budget;
use rayon::prelude::*;
use serde_json::Value;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// Mutations of every certificate.
const MUTATIONS: usize = 60;
/// What counts as zero in the second opinion.
const SMALL: f64 = 1e-5;

fn certificate(path: &Path) -> SaddleCertificate {
    let bytes = std::fs::read(path).unwrap();
    let cost = parse_matrix_cost("cost.toml", &bytes).unwrap();
    let (table, root, domain) = with_domain(&cost).unwrap();
    let question = Question {
        table: &table,
        cost: root,
        domain,
        widths: &[cost.columns, 2, cost.rows],
        point: None,
        starts: 12,
    };
    let input = Input {
        name: "cost.toml".to_owned(),
        sha256: cost.sha256.clone(),
    };
    let budget = Budget {
        precision: 128,
        subdivisions: 0,
        algebra: false,
        deadline: None,
    };
    survey(&question, &input, &budget).unwrap().certificate
}

fn middle(number: &Number) -> f64 {
    number.interval(64).mid().to_f64()
}

/// What a computation in floating point has against an accepted claim.
fn objection(court: &mut SaddleCourt, claim: &SaddleClaim) -> Option<String> {
    let (point, direction) = match claim {
        SaddleClaim::Strata => return None,
        SaddleClaim::Strict { point, direction } => (*point, Some(direction)),
        SaddleClaim::Spurious { point }
        | SaddleClaim::NotStrict { point }
        | SaddleClaim::Inertia { point }
        | SaddleClaim::Manifold { point }
        | SaddleClaim::Value { point } => (*point, None),
    };
    let place = court.landscape().place(point).ok()?;
    let at: Vec<f64> = place.layers().iter().flatten().flatten().map(middle).collect();
    let sweep = Sweep::new(court.landscape().composed(), &at, 53).ok()?;
    let hessian = sweep.hessian(at.len());
    let size = hessian
        .iter()
        .flatten()
        .fold(1.0f64, |most, entry| most.max(entry.abs()));
    let gradient = sweep.gradient(at.len());
    if gradient.iter().any(|slope| slope.abs() > SMALL * size) {
        return Some(format!("the gradient is {gradient:?}"));
    }
    if let Some(direction) = direction {
        let direction: Vec<f64> = direction
            .iter()
            .flatten()
            .flatten()
            .map(|entry| entry.0.to_f64())
            .collect();
        let image = sweep.hessian_times(&direction);
        let bend: f64 = direction.iter().zip(&image).map(|(a, b)| a * b).sum();
        let length: f64 = direction.iter().map(|entry| entry * entry).sum();
        return (bend > SMALL * size * length).then(|| format!("the second derivative is {bend}"));
    }
    if !matches!(claim, SaddleClaim::Inertia { .. } | SaddleClaim::NotStrict { .. }) {
        return None;
    }
    let [negative, _, positive] = court.landscape().inertia(&place).ok()?;
    let values = symmetric_eigenvectors(&hessian)?;
    let count = |test: &dyn Fn(f64) -> bool| values.iter().filter(|(value, _)| test(value / size)).count();
    let wrong = negative < count(&|value| value < -SMALL)
        || negative > count(&|value| value < SMALL)
        || positive < count(&|value| value > SMALL)
        || positive > count(&|value| value > -SMALL);
    wrong.then(|| format!("the eigenvalues are {values:?}"))
}

/// Changes one thing and has the kernel look; how many claims were accepted, and how many documents refused.
fn change(original: &Value, dice: &mut Dice) -> (usize, usize) {
    let mut found = Vec::new();
    places(original, "", &mut found);
    let mut changed = original.clone();
    let place = found[dice.below(found.len())].clone();
    let target = changed.pointer_mut(&place).unwrap();
    *target = mutate(target, dice);
    let Ok(certificate) = serde_json::from_value::<SaddleCertificate>(changed) else {
        return (0, 1);
    };
    let judged = catch_unwind(AssertUnwindSafe(|| {
        let mut court = SaddleCourt::open(&certificate.landscape).ok()?;
        let mut accepted = 0;
        for claim in &certificate.claims {
            if court.judge(claim).is_ok() {
                let objection = objection(&mut court, claim);
                assert_eq!(objection, None, "{place}: {claim:?}");
                accepted += 1;
            }
        }
        Some(accepted)
    }));
    match judged {
        Ok(Some(accepted)) => (accepted, usize::from(accepted < certificate.claims.len())),
        Ok(None) => (0, 1),
        Err(_) => panic!("a panic after a change at {place}"),
    }
}

#[test]
fn changed_certificates_prove_nothing_false() {
    let names = [
        "log-cosh",
        "regulator",
        "rational",
        "square-irrational",
        "weighted-norm",
        "logistic",
        "stein",
    ];
    let chosen = examples().into_iter().filter(|path| {
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        names.contains(&stem.as_str())
    });
    let chosen: Vec<_> = chosen.collect();
    let one = |(seed, path): (u64, &std::path::PathBuf)| {
        let original = serde_json::to_value(certificate(path)).unwrap();
        let mut dice = Dice(seed);
        let outcomes = (0..MUTATIONS).map(|_| change(&original, &mut dice));
        outcomes.fold((0, 0), |(a, b), (c, d)| (a + c, b + d))
    };
    let outcomes = in_parallel(|| {
        let numbered: Vec<_> = (1u64..).zip(&chosen).collect();
        numbered.into_par_iter().map(one).collect::<Vec<_>>()
    });
    let (accepted, refused) = outcomes.into_iter().fold((0, 0), |(a, b), (c, d)| (a + c, b + d));
    assert!(accepted > 50 && refused > 50, "{accepted} accepted, {refused} refused");
}
