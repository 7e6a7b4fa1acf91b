//! From a claim file as written to theories and statements as data for the kernel.
//!
//! Literal values are put in, abbreviations are replaced by what they stand for, sums with literal ends are written
//! out. Whether anything is true, or even well formed, is for the kernel to say; shapes are looked at here only to
//! tell the author early and with places.

mod builder;
mod declare;
mod given;
mod indices;
mod reach;
mod shapes;
mod statement;
mod walk;

use crate::kernel::free::data::{FunctionValue, Sizes, Statement, TheoryData, Value};
use crate::problem::claim_file::{ClaimFile, Erratum, Quantity};
use crate::problem::{ClaimMistake, Diagnostic, Span};
use builder::Builder;
use std::collections::{BTreeMap, BTreeSet};

/// The most combinations of literal values.
const COMBINATIONS: usize = 1_000;
/// The most mistakes reported.
const DIAGNOSTICS: usize = 20;

/// A claim file as data for the kernel.
#[derive(Clone, Debug, PartialEq)]
pub struct Elaborated {
    /// One theory for each combination of literal values, with its claims.
    pub theories: Vec<Theory>,
}

/// Symbols, motions and assumptions with the claims about them.
#[derive(Clone, Debug, PartialEq)]
pub struct Theory {
    /// The literal values that were put in, such as `[N=3]`; empty if there are none.
    pub suffix: String,
    /// The data.
    pub data: TheoryData,
    /// For every node, where it was written first.
    pub spans: Vec<Span>,
    /// The claims.
    pub claims: Vec<Entry>,
}

/// A claim with all that is known of it besides.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its name, such as `A.prop2.plus[N=3]`.
    pub id: String,
    /// What is claimed.
    pub statement: Statement,
    /// Which claim of the file it comes from.
    pub position: usize,
    /// Where it begins in the file.
    pub span: Span,
    /// A line on the reason.
    pub why: Option<String>,
    /// Whether it is false and has to be refuted.
    pub refuted: bool,
    /// What it is about, if it is a slip in print.
    pub erratum: Option<Erratum>,
    /// Formulas whose derivation is worth printing.
    pub steps: Vec<usize>,
    /// The same scalar in a form whose sign is plain.
    pub written: Option<usize>,
    /// The sizes of a second proof: one for every value of the indices that were left open.
    pub instances: Vec<Sizes>,
    /// The counterexample that was given.
    pub witness: Option<Witness>,
}

/// A counterexample as it was given: the search may add what is missing.
#[derive(Clone, Debug, PartialEq)]
pub struct Witness {
    /// Numbers for sizes and indices.
    pub sizes: Sizes,
    /// The values of some symbols.
    pub values: Vec<Value>,
    /// For every unknown function, what stands for it if anything was given.
    pub functions: Vec<Option<FunctionValue>>,
}

/// Names with literal values, in the order in which they were declared.
type Literals = Vec<(String, i32)>;

/// Turns a claim file into data for the kernel.
///
/// Errors: names that mean nothing, indices out of range, abbreviations that refer to themselves, shapes that do not
/// fit outside of claims about shapes; at most 20 mistakes, in the order of the file. Panics: never.
pub fn elaborate(file: &ClaimFile) -> Result<Elaborated, Vec<Diagnostic>> {
    let mut diagnostics = Vec::new();
    let combinations = combinations(&file.each, &Vec::new(), &mut diagnostics);
    let mut theories = Vec::new();
    let mut used = BTreeSet::new();
    for literals in &combinations {
        theories_of(file, literals, &mut theories, &mut used, &mut diagnostics);
    }
    if diagnostics.is_empty()
        && let Some(literals) = combinations.first()
    {
        // Mistakes in abbreviations that nobody uses are mistakes too.
        let mut builder = Builder::new(file, literals);
        builder.unused_definitions(&used);
        diagnostics = builder.finish().diagnostics;
    }
    if diagnostics.is_empty() {
        return Ok(Elaborated { theories });
    }
    diagnostics.sort_by_key(|diagnostic| diagnostic.labels.first().map(|(span, _)| span.start));
    // The same mistake shows for every combination of literal values.
    diagnostics.dedup_by_key(|diagnostic| diagnostic.labels.first().map(|(span, _)| *span));
    diagnostics.truncate(DIAGNOSTICS);
    Err(diagnostics)
}

/// The theories for one combination of the literal values of the file: one, and more if claims give other values to
/// indices that the declarations use.
fn theories_of(
    file: &ClaimFile,
    literals: &Literals,
    theories: &mut Vec<Theory>,
    used: &mut BTreeSet<String>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut builders: BTreeMap<Literals, (Builder<'_>, Vec<Entry>)> = BTreeMap::new();
    builders.insert(literals.clone(), (Builder::new(file, literals), Vec::new()));
    let mut keys = vec![literals.clone()];
    for (position, claim) in file.claims.iter().enumerate() {
        for own in combinations(&claim.each, literals, diagnostics) {
            let is_declared = |name: &str| file.index.iter().any(|index| index.name.value == name);
            let (fixed, free): (Literals, Literals) = own.into_iter().partition(|(name, _)| is_declared(name));
            let mut key = literals.clone();
            key.extend(fixed.iter().cloned());
            let (builder, entries) = builders.entry(key.clone()).or_insert_with(|| {
                keys.push(key.clone());
                (Builder::new(file, &key), Vec::new())
            });
            entries.extend(builder.claim(position, claim, &free));
        }
    }
    for key in keys {
        let Some((builder, mut claims)) = builders.remove(&key) else {
            continue;
        };
        let finished = builder.finish();
        diagnostics.extend(finished.diagnostics);
        // Later claims may have brought indices of sums that earlier ones did not know of.
        for claim in &mut claims {
            let witness = claim.witness.iter_mut().map(|witness| &mut witness.sizes);
            for sizes in claim.instances.iter_mut().chain(witness) {
                sizes.indices.resize(finished.data.indices.len(), None);
            }
        }
        used.extend(finished.used);
        // The theory without values of a claim of its own is kept even if it has no claims, if it is the only one.
        if claims.is_empty() && !builders.is_empty() {
            continue;
        }
        theories.push(Theory {
            suffix: suffix(&key),
            data: finished.data,
            spans: finished.spans,
            claims,
        });
    }
}

/// All combinations of values of some quantities; later ranges may use the names before, and those that are known.
fn combinations(quantities: &[Quantity], known: &Literals, diagnostics: &mut Vec<Diagnostic>) -> Vec<Literals> {
    let mut combinations = vec![Literals::new()];
    for quantity in quantities {
        let mut longer = Vec::new();
        for values in combinations {
            let value_of = |name: &str| {
                let found = values.iter().chain(known).find(|(known, _)| known == name);
                found.map(|(_, value)| *value)
            };
            let from = indices::literal(&quantity.range.from, &value_of);
            let to = quantity
                .range
                .to
                .as_ref()
                .and_then(|to| indices::literal(to, &value_of));
            let (Some(from), Some(to)) = (from, to) else {
                let to = quantity
                    .range
                    .to
                    .as_ref()
                    .map_or(quantity.range.from.span, |to| to.span);
                let span = quantity.range.from.span.to(to);
                diagnostics.push(Diagnostic::at(ClaimMistake::RangeNotLiteral.into(), span, ""));
                return Vec::new();
            };
            for value in from..=to {
                if longer.len() >= COMBINATIONS {
                    let kind = ClaimMistake::TooMany {
                        limit: COMBINATIONS,
                        what: "combinations of values",
                    };
                    diagnostics.push(Diagnostic::at(kind.into(), quantity.name.span, ""));
                    return Vec::new();
                }
                let mut values = values.clone();
                values.push((quantity.name.value.clone(), value));
                longer.push(values);
            }
        }
        if longer.is_empty() {
            // Nothing would be claimed, and it would look as if everything had been proved.
            let name = quantity.name.value.clone();
            diagnostics.push(Diagnostic::at(
                ClaimMistake::EmptyRange { name }.into(),
                quantity.name.span,
                "",
            ));
        }
        combinations = longer;
    }
    combinations
}

/// Literal values behind a name: `[N=3,i=2]`, or nothing.
fn suffix(literals: &[(String, i32)]) -> String {
    if literals.is_empty() {
        return String::new();
    }
    let values: Vec<String> = literals.iter().map(|(name, value)| format!("{name}={value}")).collect();
    format!("[{}]", values.join(","))
}
