//! Certificates with one thing changed: refused, or proofs of something true.

use super::sampler::{Samples, contradiction};
use crate::program::in_parallel;
use foliate::hypotheses::referee;
use foliate::kernel::certificate::{Certificate, Claim};
use foliate::kernel::check;
use foliate::kernel::theorem::Hypothesis;
use foliate::syntax::inline_cost;
use foliate::verdict::{Budget, Verdict};
use rayon::prelude::*;
use rug::Rational;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::panic::catch_unwind;

/// Small costs whose certificates together hold every kind of claim.
const COSTS: [(&str, &str); 17] = [
    ("(1 - w)^2", "(-inf, inf)"),
    ("w^4", "(-inf, inf)"),
    ("(w^2 - 1)^2", "(-inf, inf)"),
    ("10*w^2 - w^4", "(-inf, inf)"),
    ("log(1 + w^2)", "(-inf, inf)"),
    ("exp(w)", "(-inf, inf)"),
    ("-log(w) + w", "(0, inf)"),
    ("abs(w)", "(1, inf)"),
    ("abs(w)^3", "(-inf, inf)"),
    ("(w - 1)*abs(w - 1) + 3*w^2/2", "(-inf, inf)"),
    ("sqrt(abs(w)) + w^2", "(-inf, inf)"),
    ("w*(1 - w)", "(0, 1)"),
    ("w^2*(2 + sin(w))", "(-inf, inf)"),
    ("sqrt(1 + w^2) - w/2", "(-inf, inf)"),
    ("sin(w)", "(-inf, inf)"),
    ("exp(-1/w)", "(0, 1)"),
    ("w*log(w) - w", "(0, 1)"),
];
/// Mutations tried per kind of claim, at least.
const PER_KIND: usize = 320;

/// A small generator of numbers that look random (splitmix64).
pub(super) struct Dice(pub(super) u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(super) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(bound.max(1)).unwrap()).unwrap()
    }

    fn choose<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

/// One claim alone with its setting, and what its cost is known to satisfy.
struct Specimen {
    kind: String,
    reading: String,
    value: Value,
    known: BTreeMap<Hypothesis, bool>,
}

fn specimens() -> Vec<Specimen> {
    let one = |(text, domain): &(&str, &str)| {
        let cost = inline_cost(text, Some(domain)).unwrap();
        let budget = Budget {
            precision: 128,
            subdivisions: 2_000,
            algebra: false,
            deadline: None,
        };
        let refereed = referee(&cost, &budget).unwrap();
        let mut known = BTreeMap::new();
        for finding in &refereed.findings {
            match &finding.verdict {
                Verdict::Proved(_) => drop(known.insert(finding.hypothesis, true)),
                Verdict::Refuted(_) => drop(known.insert(finding.hypothesis, false)),
                Verdict::NotApplicable { .. } | Verdict::Undecided { .. } => {}
            }
        }
        let alone = |claim: &Claim| {
            let mut certificate = refereed.certificate.clone();
            certificate.claims = vec![claim.clone()];
            let value = serde_json::to_value(&certificate).unwrap();
            let theorem = check(&certificate).unwrap().remove(0).unwrap();
            let mut known = known.clone();
            known.extend(theorem.hypothesis().map(|hypothesis| (hypothesis, theorem.holds())));
            Specimen {
                kind: value["claims"][0]["kind"].as_str().unwrap().to_owned(),
                reading: refereed.reading.clone(),
                value,
                known,
            }
        };
        refereed.certificate.claims.iter().map(alone).collect::<Vec<_>>()
    };
    in_parallel(|| COSTS.par_iter().flat_map_iter(one).collect())
}

/// The names of all kinds of claims, as the format itself lists them.
fn kinds() -> BTreeSet<String> {
    let error = serde_json::from_value::<Claim>(json!({"kind": "?"}))
        .unwrap_err()
        .to_string();
    let names = error.split('`').skip(3).step_by(2);
    names.map(str::to_owned).collect()
}

/// The places of all values below a value, as lists of keys and indices.
pub(super) fn places(value: &Value, here: &str, found: &mut Vec<String>) {
    found.push(here.to_owned());
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                places(item, &format!("{here}/{index}"), found);
            }
        }
        Value::Object(fields) => {
            for (key, item) in fields {
                places(item, &format!("{here}/{key}"), found);
            }
        }
        _ => {}
    }
}

/// Another value in place of this one.
pub(super) fn mutate(value: &Value, dice: &mut Dice) -> Value {
    match value {
        Value::String(text) => Value::String(mutate_text(text, dice)),
        Value::Bool(flag) => Value::Bool(!flag),
        Value::Number(number) => {
            let old = number.as_i64().unwrap_or(0);
            let others = [
                old + 1,
                old - 1,
                old + 2,
                0,
                1,
                13,
                33,
                255,
                256,
                65_537,
                1_000_000_000,
                -1,
            ];
            json!(dice.choose(&others))
        }
        Value::Array(items) => Value::Array(mutate_list(items, dice)),
        Value::Object(fields) if !fields.is_empty() => {
            let mut fields = fields.clone();
            let key = fields.keys().nth(dice.below(fields.len())).unwrap().clone();
            match dice.below(3) {
                0 => drop(fields.insert("surprise".to_owned(), json!(1))),
                1 => drop(fields.remove(&key)),
                _ => {
                    let renames = [
                        "left", "right", "zero", "simple", "sign", "add", "sub", "mul", "neg", "kind",
                    ];
                    let value = fields.remove(&key).unwrap();
                    fields.insert((*dice.choose(&renames)).to_owned(), value);
                }
            }
            Value::Object(fields)
        }
        _ => json!({"surprise": 1}),
    }
}

fn mutate_list(items: &[Value], dice: &mut Dice) -> Vec<Value> {
    let mut items = items.to_vec();
    if items.is_empty() {
        return vec![json!("0")];
    }
    let (here, there) = (dice.below(items.len()), dice.below(items.len()));
    match dice.below(4) {
        0 => drop(items.remove(here)),
        1 => items.insert(here, items[there].clone()),
        2 => items.swap(here, there),
        _ => items.truncate(here),
    }
    items
}

fn mutate_text(text: &str, dice: &mut Dice) -> String {
    let words = [
        "left",
        "right",
        "inf",
        "-inf",
        "abs",
        "exp",
        "log",
        "sin",
        "analytic",
        "proper",
        "attains_minimum",
        "lipschitz_gradient",
        "nonsingular_critical_points",
        "critical_points_are_minimizers",
        "pl_inequality",
        "origin_not_minimizer",
        "continuously_differentiable",
        "",
        "1/0",
        "0.5",
        "1/-2",
    ];
    let number = text.parse::<Rational>().ok();
    let Some(number) = number.filter(|_| dice.below(8) != 0) else {
        return match dice.below(4) {
            0 => text.chars().take(text.len() / 2).collect(),
            _ => (*dice.choose(&words)).to_owned(),
        };
    };
    let tiny = Rational::from((1, 1_000_000_000));
    let huge = Rational::from((rug::Integer::from(1) << 200, 1));
    let other = match dice.below(12) {
        0 => number + tiny,
        1 => number - tiny,
        2 => number + 1,
        3 => number - 1,
        4 => -number,
        5 => Rational::new(),
        6 => number * 2,
        7 => number / 2,
        8 => huge,
        9 => -huge,
        10 => huge.recip(),
        _ => Rational::from((1, 3)),
    };
    other.to_string()
}

/// What became of one mutated certificate.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Fate {
    /// Changed nothing.
    Same,
    /// Not a certificate, or refused.
    Refused,
    /// Accepted, about the same cost.
    SameCost,
    /// Accepted, about another cost.
    OtherCost,
}

/// Mutates a specimen once and judges what comes out.
fn trial(specimen: &Specimen, seed: u64) -> Fate {
    let mut dice = Dice(seed);
    let mut value = specimen.value.clone();
    let mut found = Vec::new();
    let root = *dice.choose(&[
        "/claims/0",
        "/claims/0",
        "/claims/0",
        "/setting",
        "/setting/nodes",
        "/schema",
    ]);
    places(value.pointer(root).unwrap(), root, &mut found);
    let place = dice.choose(&found).clone();
    let slot = value.pointer_mut(&place).unwrap();
    *slot = mutate(slot, &mut dice);
    if value == specimen.value {
        return Fate::Same;
    }
    let text = value.to_string();
    let story = || format!("seed {seed}, place {place}, {text}");
    let outcome = catch_unwind(|| {
        let certificate = serde_json::from_str::<Certificate>(&text).ok()?;
        let judged = check(&certificate).ok()?;
        Some((certificate, judged))
    });
    let Some((certificate, judged)) = outcome.unwrap_or_else(|_| panic!("the kernel panicked: {}", story())) else {
        return Fate::Refused;
    };
    let mut fate = Fate::Refused;
    for (claim, theorem) in certificate.claims.iter().zip(judged) {
        let Ok(theorem) = theorem else { continue };
        assert!(
            !place.starts_with("/schema"),
            "another schema was accepted: {}",
            story()
        );
        let samples = Samples::of(&certificate);
        if let Some(why) = contradiction(&samples, claim, &theorem) {
            panic!("{why}, but the kernel says {}: {}", theorem.statement(), story());
        }
        if theorem.statement().starts_with(&format!("{}:", specimen.reading)) {
            let known = theorem
                .hypothesis()
                .and_then(|hypothesis| specimen.known.get(&hypothesis));
            let agrees = known.is_none_or(|holds| *holds == theorem.holds());
            assert!(agrees, "{} contradicts what is known: {}", theorem.statement(), story());
            fate = Fate::SameCost;
        } else {
            fate = Fate::OtherCost;
        }
    }
    fate
}

#[test]
fn a_tampered_certificate_is_refused_or_proves_something_true() {
    let specimens = specimens();
    let found: BTreeSet<String> = specimens.iter().map(|specimen| specimen.kind.clone()).collect();
    assert_eq!(found, kinds(), "the costs do not exercise every kind of claim");
    let trials: Vec<(&Specimen, u64)> = found
        .iter()
        .flat_map(|kind| {
            let of_kind: Vec<&Specimen> = specimens.iter().filter(|specimen| specimen.kind == *kind).collect();
            (0..PER_KIND).map(move |round| (of_kind[round % of_kind.len()], u64::try_from(round).unwrap()))
        })
        .collect();
    let judged = || {
        trials
            .par_iter()
            .enumerate()
            .map(|(number, (specimen, round))| {
                let seed = round.wrapping_mul(1_000_003) ^ u64::try_from(number).unwrap();
                (specimen.kind.as_str(), trial(specimen, seed))
            })
            .collect()
    };
    let fates: Vec<(&str, Fate)> = in_parallel(judged);
    let mut counts: BTreeMap<Fate, usize> = BTreeMap::new();
    let mut real: BTreeMap<&str, usize> = BTreeMap::new();
    for (kind, fate) in fates {
        *counts.entry(fate).or_default() += 1;
        *real.entry(kind).or_default() += usize::from(fate != Fate::Same);
    }
    println!("{counts:?}");
    assert!(
        real.values().all(|count| *count >= 300),
        "too few real mutations: {real:?}"
    );
    // If everything were refused, or nothing, the trials would say little.
    assert!(
        counts[&Fate::Refused] > counts[&Fate::SameCost] && counts[&Fate::SameCost] > 100,
        "{counts:?}"
    );
    assert!(counts[&Fate::OtherCost] > 10, "{counts:?}");
}

#[test]
fn a_truncated_certificate_is_refused() {
    for specimen in specimens().iter().step_by(9) {
        let text = specimen.value.to_string();
        for length in (0..text.len()).step_by(37) {
            assert!(serde_json::from_str::<Certificate>(&text[..length]).is_err());
        }
    }
}
