//! From what became of claims to what is said about them.

use super::input::limited;
use crate::claims::prove::{Part, Proof, Step};
use crate::kernel::free::data::{Relation as Order, Statement, TheoryData};
use crate::problem::claim_file::ClaimFile;
use crate::report::Input;
use crate::report::Row;
use crate::report::claims::{AxiomRow, ClaimReport, ClaimRow, Equation, ErratumRow, Notation, Relation};
use crate::syntax::TEXT;
use std::fs::File;
use std::path::Path;

/// Claim files on disk.
pub(super) struct Origin;

impl Origin {
    /// The bytes of a file, at most a little more than can be used. Errors: what the operating system says.
    pub(super) fn read(path: &Path) -> Result<Vec<u8>, String> {
        let bytes = File::open(path).and_then(|file| limited(file, TEXT));
        bytes.map_err(|error| error.to_string())
    }
}

/// The report about a claim file.
pub(super) fn of(file: &ClaimFile, name: &str, parts: &[Part]) -> ClaimReport {
    let axioms = file.axioms.iter().map(|axiom| AxiomRow {
        name: axiom.name.value.clone(),
        statement: axiom.statement.clone(),
        requires: axiom.requires.clone(),
    });
    let claims = parts
        .iter()
        .flat_map(|part| part.proofs.iter().map(|proof| claim(&part.theory, proof)));
    ClaimReport {
        input: Input {
            name: name.to_owned(),
            sha256: Some(file.sha256.clone()),
        },
        id: file.id.value.clone(),
        title: file.title.clone(),
        source: file.reference.clone(),
        why: file.why.clone(),
        readings: parts
            .iter()
            .map(|part| (part.suffix.clone(), part.theory.reading()))
            .collect(),
        axioms: axioms.collect(),
        claims: claims.collect(),
        errors: Vec::new(),
    }
}

fn claim(theory: &TheoryData, proof: &Proof) -> ClaimRow {
    let entry = &proof.entry;
    let seconds = proof.kernel_time.as_secs_f64();
    let mut row = Row::of_claim(&entry.id, &proof.verdict, "", seconds);
    if row.obstacle.is_some() {
        row.clause = theory.statement_text(&entry.statement);
    }
    let instances = proof.instances.iter().map(|verdict| Row {
        seconds: None,
        ..Row::of_claim(&entry.id, verdict, "", 0.0)
    });
    ClaimRow {
        row,
        refuted: entry.refuted,
        as_expected: proof.is_as_expected(),
        how: proof.how.to_owned(),
        kernel_seconds: seconds,
        why: entry.why.clone(),
        instances: instances.collect(),
        steps: derived(theory, &proof.steps),
        formula: formula(theory, &entry.statement),
        erratum: entry.erratum.as_ref().map(|erratum| ErratumRow {
            class: erratum.class.clone(),
            location: erratum.location.clone(),
            printed: erratum.printed.clone(),
            correct: erratum.correct.clone(),
        }),
    }
}

/// An equation or an inequality in LaTeX.
fn formula(theory: &TheoryData, statement: &Statement) -> Option<Relation> {
    let latex = |node: &usize| Notation::of(theory).latex(*node);
    match statement {
        Statement::Equal(members) => Some(Relation {
            members: members.iter().map(latex).collect(),
            sign: "=",
        }),
        Statement::Sign { of, relation } => Some(Relation {
            members: vec![latex(of), "0".to_owned()],
            sign: match relation {
                Order::Positive => ">",
                Order::Negative => "<",
                Order::Nonnegative => "\\ge",
                Order::Nonpositive => "\\le",
                Order::Nonzero => "\\ne",
            },
        }),
        _ => None,
    }
}

/// What was derived; that something is itself is not worth a line, nor is anything worth two.
fn derived(theory: &TheoryData, steps: &[Step]) -> Vec<Equation> {
    let mut equations: Vec<Equation> = Vec::new();
    for equation in steps.iter().map(|step| equation(theory, step)) {
        let [left, right] = &equation.text;
        if left != right && equations.iter().all(|other| other.text != equation.text) {
            equations.push(equation);
        }
    }
    equations
}

fn equation(theory: &TheoryData, step: &Step) -> Equation {
    let (normal, root) = &step.normal;
    Equation {
        text: [theory.text_with_name(step.node), normal.text(*root)],
        latex: [Notation::of(theory).latex(step.node), Notation::of(normal).latex(*root)],
    }
}
