//! One question and its answer; the words for the answers exist here and nowhere else.

use crate::kernel::theorem::{Detail, Hypothesis};
use crate::kernel::{Rejection, Theorem};
use crate::verdict::{Reason, Verdict};
use std::fmt;

/// The answer in one word. A proof is only ever read off a [`Theorem`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ruling(Word);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    Proved,
    Refuted,
    Undecided,
    NotApplicable,
    Rejected,
}

impl Ruling {
    /// Neither was shown.
    pub const UNDECIDED: Ruling = Ruling(Word::Undecided);
    /// The question makes no sense for the cost.
    pub const NOT_APPLICABLE: Ruling = Ruling(Word::NotApplicable);
    /// The argument was refused.
    pub const REJECTED: Ruling = Ruling(Word::Rejected);

    /// What a theorem says about its hypothesis.
    pub fn of(theorem: &Theorem) -> Self {
        Ruling(if theorem.holds() { Word::Proved } else { Word::Refuted })
    }

    /// Whether this is a proof of the hypothesis.
    pub fn is_proof(self) -> bool {
        self.0 == Word::Proved
    }

    /// Whether this is a proof of one or the other.
    pub fn is_decided(self) -> bool {
        matches!(self.0, Word::Proved | Word::Refuted)
    }

    /// Whether this is a proof of the negation.
    pub fn is_proof_of_the_negation(self) -> bool {
        self.0 == Word::Refuted
    }

    /// The name used in JSON.
    pub fn name(self) -> String {
        self.to_string().to_lowercase().replace(' ', "_")
    }
}

impl fmt::Display for Ruling {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self.0 {
            Word::Proved => "PROVED",
            Word::Refuted => "REFUTED",
            Word::Undecided => "UNDECIDED",
            Word::NotApplicable => "not applicable",
            Word::Rejected => "REJECTED",
        })
    }
}

/// Why there is no answer, and what would help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obstacle {
    /// What stood in the way.
    pub reason: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// One thing that was tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Try {
    /// The kind of argument.
    pub method: String,
    /// How far it got.
    pub outcome: String,
}

/// One question and its answer.
#[derive(Clone, Debug)]
pub struct Row {
    /// The name of the hypothesis, or the address of a claim.
    pub id: String,
    /// The answer.
    pub ruling: Ruling,
    /// The kernel's statement in full; `None` if it has made none.
    pub statement: Option<String>,
    /// The statement without the reading of the cost, or the reason in a few words.
    pub clause: String,
    /// What shows a failure, or where something is attained.
    pub witness: Option<String>,
    /// The results of the literature that the answer rests on.
    pub rests_on: Vec<String>,
    /// Why there is no answer.
    pub obstacle: Option<Obstacle>,
    /// What was tried without success.
    pub tried: Vec<Try>,
    /// How long search and check took, if that was measured.
    pub seconds: Option<f64>,
}

impl Row {
    /// The row of a finder's verdict about a cost with this reading.
    pub fn of_verdict(hypothesis: Hypothesis, verdict: &Verdict, reading: &str, seconds: f64) -> Self {
        Row::of_claim(hypothesis.name(), verdict, reading, seconds)
    }

    /// The row of a finder's verdict about a claim, in a report with this reading.
    pub fn of_claim(id: &str, verdict: &Verdict, reading: &str, seconds: f64) -> Self {
        let row = match verdict {
            // The theorem says for itself which of the two it is.
            Verdict::Proved(theorem) | Verdict::Refuted(theorem) => Row::of_theorem(theorem, reading),
            Verdict::NotApplicable { why } => Row::bare(id, Ruling::NOT_APPLICABLE, why),
            Verdict::Undecided { reason, tried } => {
                let obstacle = obstacle(reason);
                let tried = tried.iter().map(|attempt| Try {
                    method: attempt.method.to_owned(),
                    outcome: attempt.outcome.clone(),
                });
                let tried = tried.collect();
                let bare = Row::bare(id, Ruling::UNDECIDED, &obstacle.reason);
                Row {
                    obstacle: Some(obstacle),
                    tried,
                    ..bare
                }
            }
        };
        Row {
            id: id.to_owned(),
            seconds: Some(seconds),
            ..row
        }
    }

    /// The row of a theorem about a cost with this reading.
    pub fn of_theorem(theorem: &Theorem, reading: &str) -> Self {
        let statement = theorem.statement();
        let sentence = statement.strip_prefix(reading).and_then(|rest| rest.strip_prefix(": "));
        let witness = match theorem.detail() {
            Detail::Witness(witness) => Some(witness.clone()),
            _ => None,
        };
        Row {
            statement: Some(statement.to_owned()),
            witness,
            rests_on: theorem.rests_on().iter().map(|axiom| (*axiom).to_owned()).collect(),
            ..Row::bare(
                theorem.subject().name(),
                Ruling::of(theorem),
                sentence.unwrap_or(theorem.sentence()),
            )
        }
    }

    /// The row of an argument that the kernel does not accept.
    pub fn of_rejection(rejection: &Rejection) -> Self {
        Row::bare(&rejection.at, Ruling::REJECTED, &rejection.why)
    }

    /// The row of a theorem that the user does not accept, because it rests on something.
    pub fn of_refusal(theorem: &Theorem, axiom: &str) -> Self {
        let why = format!("rests on {axiom}, which is refused");
        Row::bare(theorem.subject().name(), Ruling::REJECTED, &why)
    }

    fn bare(id: &str, ruling: Ruling, clause: &str) -> Self {
        Row {
            id: id.to_owned(),
            ruling,
            statement: None,
            clause: clause.to_owned(),
            witness: None,
            rests_on: Vec::new(),
            obstacle: None,
            tried: Vec::new(),
            seconds: None,
        }
    }
}

/// The words for a reason.
fn obstacle(reason: &Reason) -> Obstacle {
    let (reason, help) = match reason {
        Reason::Budget { option } => (
            "the search ran into a limit".to_owned(),
            format!("raise the limit with {option}"),
        ),
        Reason::Inconclusive { what } => (
            what.clone(),
            "a cost rewritten in another form, or more --precision and --subdivisions, may settle it".to_owned(),
        ),
        Reason::Stopped { what, help } => (what.clone(), (*help).to_owned()),
        Reason::Internal { what } => (
            format!("the kernel refused the proof that was found ({what})"),
            "this is a mistake of foliate's, please report it together with the cost".to_owned(),
        ),
    };
    Obstacle {
        reason,
        help: Some(help),
    }
}
