//! What is said about questions that stay open: how far a search got, and what would help.

use super::tube::Stop;
use crate::kernel::Rejection;
use crate::kernel::exact_text::finite_decimal;
use crate::kernel::flow::{Bench, Walk};
use crate::kernel::interval::Interval;
use crate::verdict::{Reason, Verdict};
use rug::Rational;

/// The most coordinates of a place in words.
const SHOWN: usize = 6;
/// What helps a tube on.
const FURTHER: &str = "the solutions may cease to exist there; if they go on, more --precision, a smaller box of starts or \
                       smaller disturbances let the tube follow them";
/// What helps a search that ran out of time.
const LONGER: &str = "raise the limit with --timeout; --resume keeps what is found, and goes on from there";
/// What helps where only the vector case has an answer.
pub(super) const BY_HAND: &str = "two runs to one horizon can be compared by hand";
/// What helps to show convergence.
pub(super) const LATER: &str = "a later horizon, or until = \"settled\", may show where they go";
/// What helps to stay in a domain.
pub(super) const INSIDE: &str = "a larger domain, an earlier horizon or a smaller box of starts may settle it";
/// What helps a conserved quantity.
pub(super) const CONSTANT: &str = "it may change along the flow; one that does not may pass in another form";

/// Why a tube ends before its time, in words.
pub(super) fn stopped(bench: &Bench, stop: &Stop, reached: &Rational) -> Verdict {
    match stop {
        Stop::Deadline => stuck(format!("the search ran out of time at t = {}", clock(reached)), LONGER),
        Stop::Stuck(rejection) => {
            let bounds = bench.tube().map(Walk::bounds).unwrap_or_default();
            let named = bench.system().names().iter().zip(&bounds).take(SHOWN);
            let mut place: Vec<String> = named
                .map(|(name, range)| format!("{name} in {}", range.display(8)))
                .collect();
            if bounds.len() > SHOWN {
                place.push("and so on".to_owned());
            }
            let what = format!(
                "no step leads on from t = {}, where {}: {}",
                clock(reached),
                place.join(", "),
                rejection.why
            );
            stuck(what, FURTHER)
        }
    }
}

/// A time in words: a short decimal, or a fraction, or roughly.
pub(super) fn clock(time: &Rational) -> String {
    let short = finite_decimal(time, 12).or_else(|| (time.denom().significant_bits() <= 32).then(|| time.to_string()));
    short.unwrap_or_else(|| format!("{}...", Interval::point(time, 128).lower_decimal(12)))
}

/// A question that a search could not answer, with what would help.
pub(super) fn stuck(what: String, help: &'static str) -> Verdict {
    Verdict::Undecided {
        reason: Reason::Stopped { what, help },
        tried: Vec::new(),
    }
}

/// A proof that the kernel refused.
pub(super) fn internal(rejection: &Rejection) -> Verdict {
    Verdict::Undecided {
        reason: Reason::Internal {
            what: rejection.to_string(),
        },
        tried: Vec::new(),
    }
}
