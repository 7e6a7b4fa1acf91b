//! Runs a search where it can do no harm: on a thread of its own, with room to recurse, and not for ever.

use crate::hypotheses::{Refereed, referee_observed};
use crate::problem::{Diagnostic, ScalarCost};
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
pub(super) enum Outcome {
    /// It came to its end.
    Refereed(Box<Refereed>),
    /// The cost is undefined somewhere on its domain.
    Undefined(Box<Diagnostic>),
    /// It did not come to its end, and why.
    Stopped(Reason),
}

/// Referees a cost.
///
/// Panics: never; a search that does is a search that stopped.
pub(super) fn search(cost: &Arc<ScalarCost>, precision: u32, subdivisions: usize, timeout: Duration) -> Outcome {
    let (sender, receiver) = mpsc::channel();
    let cost = Arc::clone(cost);
    let deadline = Instant::now().checked_add(timeout);
    let budget = Budget {
        precision,
        subdivisions,
        algebra: is_available(),
        deadline,
    };
    // What is known so far, for a search that has to be left behind.
    let known = Arc::new(Mutex::new(None));
    let latest = Arc::clone(&known);
    let searching = thread::Builder::new().stack_size(STACK).spawn(move || {
        let mut observer = |refereed| *latest.lock().unwrap_or_else(PoisonError::into_inner) = Some(refereed);
        // Nobody listens any more if the time is long over.
        let _ = sender.send(referee_observed(&cost, &budget, &mut observer));
    });
    if let Err(error) = searching {
        return Outcome::Stopped(Reason::Inconclusive {
            what: format!("no thread to search on: {error}"),
        });
    }
    // A search looks at the clock between two steps. One whose step takes too long is left behind: it ends with
    // the process.
    let patience = timeout.saturating_add(timeout / 2).saturating_add(GRACE);
    match receiver.recv_timeout(patience) {
        Ok(Ok(refereed)) => Outcome::Refereed(Box::new(refereed)),
        Ok(Err(diagnostic)) => Outcome::Undefined(diagnostic),
        Err(RecvTimeoutError::Timeout) => so_far(&known, Reason::Budget { option: "--timeout" }),
        Err(RecvTimeoutError::Disconnected) => {
            let what = "foliate made a mistake while searching; please report it together with the cost".to_owned();
            so_far(&known, Reason::Internal { what })
        }
    }
}

/// What was found out before a search was left behind.
fn so_far(known: &Mutex<Option<Refereed>>, reason: Reason) -> Outcome {
    match known.lock().unwrap_or_else(PoisonError::into_inner).take() {
        Some(mut refereed) => {
            for finding in &mut refereed.findings {
                if let Verdict::Undecided { reason: open, .. } = &mut finding.verdict {
                    *open = reason.clone();
                }
            }
            Outcome::Refereed(Box::new(refereed))
        }
        None => Outcome::Stopped(reason),
    }
}
