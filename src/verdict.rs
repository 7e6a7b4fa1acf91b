//! What a finder may say: proved and refuted only with a theorem of the kernel in hand.

use crate::kernel::Theorem;
use std::time::Instant;

/// How much work a finder may do. There is no default: every caller has decided.
#[derive(Clone, Debug)]
pub struct Budget {
    /// The working precision in bits.
    pub precision: u32,
    /// The largest number of boxes of one search.
    pub subdivisions: usize,
    /// Whether the algebra engine may be asked. Asking makes other processes wait for their turn.
    pub algebra: bool,
    /// When to stop.
    pub deadline: Option<Instant>,
}

impl Budget {
    /// Whether the time is up.
    pub fn is_over(&self) -> bool {
        self.deadline.is_some_and(|deadline| Instant::now() >= deadline)
    }
}

/// The answer to one question about a cost.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// The kernel has checked a proof.
    Proved(Theorem),
    /// The kernel has checked a proof of the negation.
    Refuted(Theorem),
    /// The question makes no sense for this cost.
    NotApplicable {
        /// Why not.
        why: String,
    },
    /// Neither was shown.
    Undecided {
        /// What stood in the way.
        reason: Reason,
        /// What was tried.
        tried: Vec<Attempt>,
    },
}

/// Why a question is open, and what would help.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// A limit was reached: raise it with the named option.
    Budget {
        /// The option of the command line, such as `--timeout`.
        option: &'static str,
    },
    /// No argument in the catalogue applies.
    Inconclusive {
        /// In words, with the place where the search stuck if there is one.
        what: String,
    },
    /// A search got so far and no further.
    Stopped {
        /// In words, with the place.
        what: String,
        /// What would help.
        help: &'static str,
    },
    /// A finder's certificate was refused by the kernel: a bug worth a report.
    Internal {
        /// The rejection.
        what: String,
    },
}

/// One thing a finder tried.
#[derive(Clone, Debug, PartialEq)]
pub struct Attempt {
    /// The kind of argument.
    pub method: &'static str,
    /// How far it got.
    pub outcome: String,
}
