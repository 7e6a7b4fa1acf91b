//! What is said about claim files: a row for every claim, its derivation, its erratum.

mod json;
mod latex;
mod notation;
mod text;

use super::{Input, Mistake, Row, Summary};
pub use notation::Notation;

pub use json::{render as json, render_all as json_all};
pub use latex::render as latex;
pub use text::{errata, explain, render as text, table, total};

/// Everything that is said about one claim file.
#[derive(Clone, Debug, Default)]
pub struct ClaimReport {
    /// The file.
    pub input: Input,
    /// The name of the entry.
    pub id: String,
    /// A line about it.
    pub title: String,
    /// Where it stands in the literature.
    pub source: Option<String>,
    /// A line on the reason.
    pub why: Option<String>,
    /// The kernel's readings of the theories, each with its literal values.
    pub readings: Vec<(String, String)>,
    /// Theorems of the literature that are used and not proved.
    pub axioms: Vec<AxiomRow>,
    /// The claims.
    pub claims: Vec<ClaimRow>,
    /// What is wrong with the input; then there are no claims.
    pub errors: Vec<Mistake>,
}

/// A theorem of the literature.
#[derive(Clone, Debug, Default)]
pub struct AxiomRow {
    /// Its name.
    pub name: String,
    /// What it says.
    pub statement: String,
    /// What has to be discharged.
    pub requires: Vec<String>,
}

/// One claim and what became of it.
#[derive(Clone, Debug)]
pub struct ClaimRow {
    /// The answer.
    pub row: Row,
    /// Whether the author says that it is false.
    pub refuted: bool,
    /// Whether the answer is the one the author expects.
    pub as_expected: bool,
    /// The kind of argument.
    pub how: String,
    /// How long the kernel took, in seconds.
    pub kernel_seconds: f64,
    /// A line on the reason.
    pub why: Option<String>,
    /// The second proofs, entry by entry.
    pub instances: Vec<Row>,
    /// What was derived.
    pub steps: Vec<Equation>,
    /// The statement as LaTeX mathematics, if it is an equation or an inequality.
    pub formula: Option<Relation>,
    /// The slip in print it is about.
    pub erratum: Option<ErratumRow>,
}

impl ClaimRow {
    /// Whether everything about the claim is as the author says.
    pub fn holds(&self) -> bool {
        self.as_expected && self.instances.iter().all(|row| row.ruling.is_proof())
    }
}

/// A slip in print.
#[derive(Clone, Debug, Default)]
pub struct ErratumRow {
    /// S for statement, P for a step of a proof, N for notation.
    pub class: String,
    /// The place.
    pub location: String,
    /// What is printed.
    pub printed: String,
    /// What is true.
    pub correct: String,
}

/// A derived identity, as text and as LaTeX mathematics.
#[derive(Clone, Debug, Default)]
pub struct Equation {
    /// Both sides as text.
    pub text: [String; 2],
    /// Both sides in the mathematics mode of LaTeX.
    pub latex: [String; 2],
}

/// Expressions in the mathematics mode of LaTeX with the same sign between each and the next.
#[derive(Clone, Debug, Default)]
pub struct Relation {
    /// The expressions.
    pub members: Vec<String>,
    /// The sign.
    pub sign: &'static str,
}

impl ClaimReport {
    /// How many answers there are of each kind.
    pub fn summary(&self) -> Summary {
        let mut summary = Summary {
            failed: usize::from(!self.errors.is_empty()),
            ..Summary::default()
        };
        for claim in &self.claims {
            summary.count(claim.row.ruling);
        }
        summary
    }

    /// How many claims are as their author says, and how many there are.
    pub fn as_claimed(&self) -> (usize, usize) {
        let holds = self.claims.iter().filter(|claim| claim.holds()).count();
        (holds, self.claims.len())
    }
}

#[cfg(test)]
mod tests;
