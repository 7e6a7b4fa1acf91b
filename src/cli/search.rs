//! Runs a search where it can do no harm: on a thread of its own, with room to recurse, and not for ever.

use crate::hypotheses::matrix::{RefereedMatrix, referee_matrix};
use crate::hypotheses::{Finding, Refereed, referee_observed};
use crate::problem::{Diagnostic, MatrixCost, ScalarCost};
use crate::symbolic::is_available;
use crate::verdict::{Budget, Reason, Verdict};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// The stack of a search, in bytes: expressions are a few hundred levels deep.
const STACK: usize = 64 << 20;
/// How long a search may take to notice that its time is up, beyond half of that time.
const GRACE: Duration = Duration::from_secs(2);

/// What came of a search.
pub(super) enum Outcome<T, E> {
    /// It came to its end, or what was known when it was left behind, with the reason.
    Refereed(Box<T>, Option<Reason>),
    /// The cost cannot be refereed.
    Refused(E),
    /// It did not come to its end, and why.
    Stopped(Reason),
}

/// Referees a cost of one variable.
///
/// Panics: never; a search that does is a search that stopped.
pub(super) fn search(
    cost: &Arc<ScalarCost>,
    precision: u32,
    subdivisions: usize,
    timeout: Duration,
) -> Outcome<Refereed, Box<Diagnostic>> {
    let cost = Arc::clone(cost);
    let outcome = watched((precision, subdivisions, timeout), move |budget, observer| {
        referee_observed(&cost, budget, observer)
    });
    settled(outcome, |refereed| &mut refereed.findings)
}

/// Referees a cost of a matrix.
///
/// Panics: never; a search that does is a search that stopped.
pub(super) fn search_matrix(
    cost: &Arc<MatrixCost>,
    precision: u32,
    subdivisions: usize,
    timeout: Duration,
) -> Outcome<RefereedMatrix, Box<Diagnostic>> {
    let cost = Arc::clone(cost);
    let outcome = watched((precision, subdivisions, timeout), move |budget, observer| {
        referee_matrix(&cost, budget, observer)
    });
    settled(outcome, |refereed| &mut refereed.findings)
}

/// Open answers of a search that was left behind are open for that reason.
fn settled<T, E>(mut outcome: Outcome<T, E>, findings: impl Fn(&mut T) -> &mut Vec<Finding>) -> Outcome<T, E> {
    if let Outcome::Refereed(refereed, Some(reason)) = &mut outcome {
        for finding in findings(refereed) {
            if let Verdict::Undecided { reason: open, .. } = &mut finding.verdict {
                *open = reason.clone();
            }
        }
    }
    outcome
}

/// Runs a search on a thread of its own and keeps what it said last.
fn watched<T, E>(
    (precision, subdivisions, timeout): (u32, usize, Duration),
    run: impl FnOnce(&Budget, &mut dyn FnMut(T)) -> Result<T, E> + Send + 'static,
) -> Outcome<T, E>
where
    T: Send + 'static,
    E: Send + 'static,
{
    let (sender, receiver) = mpsc::channel();
    let budget = Budget {
        precision,
        subdivisions,
        algebra: is_available(),
        deadline: Instant::now().checked_add(timeout),
    };
    // What is known so far, for a search that has to be left behind.
    let known = Arc::new(Mutex::new(None));
    let latest = Arc::clone(&known);
    let searching = thread::Builder::new().stack_size(STACK).spawn(move || {
        let mut observer = |refereed| *latest.lock().unwrap_or_else(PoisonError::into_inner) = Some(refereed);
        // Nobody listens any more if the time is long over.
        let _ = sender.send(run(&budget, &mut observer));
    });
    if let Err(error) = searching {
        return Outcome::Stopped(Reason::Inconclusive {
            what: format!("no thread to search on: {error}"),
        });
    }
    // A search looks at the clock between two steps. One whose step takes too long is left behind: it ends with
    // the process.
    let patience = timeout.saturating_add(timeout / 2).saturating_add(GRACE);
    let reason = match receiver.recv_timeout(patience) {
        Ok(Ok(refereed)) => return Outcome::Refereed(Box::new(refereed), None),
        Ok(Err(refusal)) => return Outcome::Refused(refusal),
        Err(RecvTimeoutError::Timeout) => Reason::Budget { option: "--timeout" },
        Err(RecvTimeoutError::Disconnected) => Reason::Internal {
            what: "foliate made a mistake while searching; please report it together with the cost".to_owned(),
        },
    };
    match known.lock().unwrap_or_else(PoisonError::into_inner).take() {
        Some(refereed) => Outcome::Refereed(Box::new(refereed), Some(reason)),
        None => Outcome::Stopped(reason),
    }
}
