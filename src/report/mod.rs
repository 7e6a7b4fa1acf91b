//! What foliate tells its user, as one plain value with several views: text, JSON, LaTeX.
//!
//! Building a [`Report`] is where verdicts are read; a view only decides how they look.

pub mod claims;
mod escape;
mod facts;
pub mod formula;
pub mod json;
pub mod latex;
mod mathematics;
mod page;
pub mod picture;
mod row;
mod saddles;
pub mod text;
mod trajectory;

pub use facts::{Answer, CriticalRow, Facts, Minimum};
pub use row::{Obstacle, Row, Ruling, Try};
pub use saddles::SaddleRow;
pub use trajectory::{Moment, Trajectory};

/// The version of the JSON documents.
pub const SCHEMA: &str = "foliate/1";

/// The text a report is about.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// A path, or a description such as `command line`.
    pub name: String,
    /// The SHA-256 of its bytes, if they could be read.
    pub sha256: Option<String>,
}

/// Everything that is said about one input of one command.
#[derive(Clone, Debug)]
pub struct Report {
    /// The command that was given.
    pub command: &'static str,
    /// What it was given.
    pub input: Input,
    /// How the author calls the cost, if not by the name of the input.
    pub title: Option<String>,
    /// The kernel's reading of the cost and its domain; `None` if there is nothing to read.
    pub reading: Option<String>,
    /// The questions and their answers, in the order of asking.
    pub rows: Vec<Row>,
    /// The theorems of the literature, and whether they apply.
    pub theorems: Vec<TheoremRow>,
    /// Constants and places that belong to the answers.
    pub facts: Facts,
    /// What was derived on the way, in the order of reading.
    pub derived: Vec<Derived>,
    /// Where a flow is; only for `flow`.
    pub trajectory: Option<Trajectory>,
    /// Critical points, in the order in which they were found; only for `saddles`.
    pub saddles: Vec<SaddleRow>,
    /// How the input of a certificate compares with a file; only for `verify`.
    pub binding: Option<Binding>,
    /// Verdicts that are not what the author expects; `None` unless that was asked.
    pub contradictions: Option<Vec<String>>,
    /// Remarks for the reader.
    pub notes: Vec<String>,
    /// What is wrong with the input; then there are no answers.
    pub errors: Vec<Mistake>,
}

impl Report {
    /// A report without any answers yet.
    pub fn new(command: &'static str, input: Input) -> Self {
        Report {
            command,
            input,
            title: None,
            reading: None,
            rows: Vec::new(),
            theorems: Vec::new(),
            facts: Facts::default(),
            derived: Vec::new(),
            trajectory: None,
            saddles: Vec::new(),
            binding: None,
            contradictions: None,
            notes: Vec::new(),
            errors: Vec::new(),
        }
    }

    /// How many answers there are of each kind.
    pub fn summary(&self) -> Summary {
        let mut summary = Summary {
            failed: usize::from(!self.errors.is_empty()),
            ..Summary::default()
        };
        for row in &self.rows {
            summary.count(row.ruling);
        }
        summary
    }
}

/// One theorem of the literature.
#[derive(Clone, Debug)]
pub struct TheoremRow {
    /// Its name in the catalogue.
    pub id: String,
    /// What it says, in one line.
    pub title: String,
    /// Whether it applies.
    pub applies: Answer,
    /// The hypotheses it uses.
    pub uses: Vec<String>,
    /// Those that are refuted or open.
    pub missing: Vec<String>,
    /// The results it cites.
    pub rests_on: Vec<String>,
    /// What it predicts, a sentence each.
    pub predicts: Vec<String>,
}

/// One equation that was derived, or one formula with a label.
#[derive(Clone, Debug)]
pub struct Derived {
    /// The left-hand side, or the label.
    pub name: String,
    /// The right-hand side, or the formula.
    pub value: String,
    /// Both in the mathematics mode of LaTeX.
    pub latex: [String; 2],
    /// Whether the name is a label and not the other side of an equation.
    pub is_label: bool,
}

impl Derived {
    /// A formula in the kernel's words under a label.
    pub fn labelled(label: &str, formula: &str) -> Self {
        Derived {
            name: label.to_owned(),
            value: formula.to_owned(),
            latex: [
                format!("\\text{{{}}}", escape::latex(label)),
                mathematics::mathematics(formula),
            ],
            is_label: true,
        }
    }
}

/// How the digest in a certificate compares with a file.
#[derive(Clone, Debug)]
pub struct Binding {
    /// The file compared with; `None` if there is none.
    pub file: Option<String>,
    /// Whether its digest is the one in the certificate; `None` if there is no file.
    pub matches: Option<bool>,
}

/// One thing that is wrong with the input.
#[derive(Clone, Debug)]
pub struct Mistake {
    /// What it is.
    pub message: String,
    /// The line and column, counted from 1, if it has a place.
    pub place: Option<(usize, usize)>,
    /// What to do about it.
    pub help: Option<String>,
}

/// How many answers of each kind there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Proofs.
    pub proved: usize,
    /// Proofs of the negation.
    pub refuted: usize,
    /// Open questions.
    pub undecided: usize,
    /// Questions that make no sense for the cost.
    pub not_applicable: usize,
    /// Arguments that the kernel, or the user, refused.
    pub rejected: usize,
    /// Inputs that could not be used at all.
    pub failed: usize,
}

impl Summary {
    /// Counts one more answer.
    pub(super) fn count(&mut self, ruling: Ruling) {
        let place = match ruling {
            Ruling::UNDECIDED => &mut self.undecided,
            Ruling::NOT_APPLICABLE => &mut self.not_applicable,
            Ruling::REJECTED => &mut self.rejected,
            ruling if ruling.is_proof() => &mut self.proved,
            _ => &mut self.refuted,
        };
        *place += 1;
    }

    /// Both counts together.
    pub fn plus(self, other: Summary) -> Summary {
        Summary {
            proved: self.proved + other.proved,
            refuted: self.refuted + other.refuted,
            undecided: self.undecided + other.undecided,
            not_applicable: self.not_applicable + other.not_applicable,
            rejected: self.rejected + other.rejected,
            failed: self.failed + other.failed,
        }
    }
}

#[cfg(test)]
mod tests;
