//! Constants, critical points and minima, read off the details of theorems and rounded for display.

use crate::kernel::Theorem;
use crate::kernel::interval::Interval;
use crate::kernel::number::Sign;
use crate::kernel::theorem::{CriticalKind, CriticalPoint, Detail, Hypothesis};
use rug::Rational;
use std::fmt;

/// How many digits are shown.
const DIGITS: usize = 12;
/// The precision of the rounding for display, in bits.
const BITS: u32 = 128;
/// Fractions up to this length are shown as they are.
const SHORT: usize = 9;

/// Yes, no, or nobody knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Certainly.
    Yes,
    /// Certainly not.
    No,
    /// Open.
    Unknown,
}

impl From<Option<bool>> for Answer {
    fn from(value: Option<bool>) -> Self {
        match value {
            Some(true) => Answer::Yes,
            Some(false) => Answer::No,
            None => Answer::Unknown,
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Answer::Yes => "yes",
            Answer::No => "no",
            Answer::Unknown => "unknown",
        })
    }
}

/// What is known about a cost beyond the verdicts.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The derivative as text: a help for the reader on which nothing rests.
    pub derivative: Option<String>,
    /// -1, 0 or 1: the sign of f'(0).
    pub slope_at_origin: Option<i8>,
    /// All critical points in order, if they are known.
    pub critical_points: Option<Vec<CriticalRow>>,
    /// The minimum.
    pub minimum: Option<Minimum>,
    /// A PL constant that works.
    pub pl_constant: Option<String>,
    /// A bound that no PL constant exceeds.
    pub pl_constant_at_most: Option<String>,
    /// A Lipschitz constant of f'.
    pub lipschitz_constant: Option<String>,
}

/// One critical point.
#[derive(Clone, Debug)]
pub struct CriticalRow {
    /// Minimum, maximum and so on.
    pub kind: &'static str,
    /// Where it is, for display.
    pub location: String,
    /// Exact bounds of the location as fractions; `None` for an end of the domain.
    pub bounds: [Option<String>; 2],
    /// An enclosure of the value there, for display.
    pub value: String,
    /// Whether it is a global minimiser.
    pub global: Answer,
}

/// Where the minimum is attained, and what it is.
#[derive(Clone, Debug)]
pub struct Minimum {
    /// Where, as a sentence such as `w = 1`.
    pub at: String,
    /// An enclosure of the value, if the theorem has one.
    pub value: Option<String>,
}

impl Facts {
    /// Collects what the theorems about one cost say on the side.
    pub fn of<'a>(theorems: impl Iterator<Item = &'a Theorem>) -> Self {
        let mut facts = Facts::default();
        let mut attained = None;
        let mut minimum = None;
        for theorem in theorems {
            match (theorem.hypothesis(), theorem.holds()) {
                (Some(Hypothesis::AttainsMinimum), holds) => attained = Some(holds),
                // Critical points that are global minimisers attain the minimum.
                (Some(Hypothesis::CriticalPointsAreMinimizers), true) if matches!(theorem.detail(), Detail::CriticalPoints(points) if !points.is_empty()) =>
                {
                    attained = Some(true);
                }
                _ => {}
            }
            match theorem.detail() {
                Detail::None => {}
                Detail::Lipschitz { bound } => facts.lipschitz_constant = Some(bound.clone()),
                Detail::SlopeAtOrigin(sign) => {
                    facts.slope_at_origin = Some(match sign {
                        Sign::Negative => -1,
                        Sign::Zero => 0,
                        Sign::Positive => 1,
                    });
                }
                Detail::CriticalPoints(points) => {
                    facts.critical_points = Some(points.iter().map(CriticalRow::of).collect());
                }
                Detail::BestConstant { lower, upper } => {
                    facts.pl_constant = Some(rounded_down(lower));
                    facts.pl_constant_at_most = upper.clone();
                }
                Detail::Witness(place) => {
                    if theorem.holds() && theorem.hypothesis() == Some(Hypothesis::AttainsMinimum) {
                        minimum = Some(Minimum {
                            at: place.clone(),
                            value: None,
                        });
                    }
                }
            }
        }
        // The list of critical points speaks of minimisers provided that there are any.
        for point in facts.critical_points.iter_mut().flatten() {
            point.global = match (point.global, attained) {
                (Answer::Yes, Some(false)) => Answer::No,
                (Answer::Yes | Answer::Unknown, None) => Answer::Unknown,
                (Answer::Unknown, Some(false)) => Answer::No,
                (answer, _) => answer,
            };
        }
        let listed = facts
            .critical_points
            .iter()
            .flatten()
            .find(|point| point.global == Answer::Yes);
        let listed = listed.map(|point| Minimum {
            at: format!("w = {}", point.location),
            value: Some(point.value.clone()),
        });
        facts.minimum = if attained == Some(true) {
            listed.or(minimum)
        } else {
            None
        };
        facts
    }
}

impl CriticalRow {
    fn of(point: &CriticalPoint) -> Self {
        let kind = match point.kind {
            CriticalKind::Minimum => "minimum",
            CriticalKind::Maximum => "maximum",
            CriticalKind::Inflection => "inflection",
            CriticalKind::Interval => "interval",
        };
        CriticalRow {
            kind,
            location: location(point),
            bounds: [&point.lo, &point.hi].map(|bound| bound.as_ref().map(Rational::to_string)),
            value: point.value.clone(),
            global: point.global.into(),
        }
    }
}

/// A place for display: exact if that is short, otherwise a closed form, otherwise an enclosure.
fn location(point: &CriticalPoint) -> String {
    let end = |bound: &Option<Rational>, infinity: &str| match bound {
        Some(bound) => rounded(bound),
        None => infinity.to_owned(),
    };
    if point.kind == CriticalKind::Interval {
        return format!(
            "{} to {}",
            end(&point.lo, "the left end"),
            end(&point.hi, "the right end")
        );
    }
    let enclosure = match (&point.lo, &point.hi) {
        (Some(lo), Some(hi)) if lo == hi && lo.to_string().len() <= SHORT => return lo.to_string(),
        (Some(lo), Some(hi)) => match Interval::hull_of(lo, hi, BITS) {
            Some(hull) => hull.display(DIGITS),
            None => format!("{lo} to {hi}"),
        },
        (lo, hi) => format!("{} to {}", end(lo, "the left end"), end(hi, "the right end")),
    };
    match &point.at {
        Some(form) => format!("{form} in {enclosure}"),
        None => enclosure,
    }
}

/// A number for display: exact if that is short.
fn rounded(value: &Rational) -> String {
    let exact = value.to_string();
    if exact.len() <= SHORT {
        exact
    } else {
        Interval::point(value, BITS).display(DIGITS)
    }
}

/// A lower bound for display: exact if that is short, otherwise rounded down.
fn rounded_down(value: &Rational) -> String {
    let exact = value.to_string();
    if exact.len() <= SHORT {
        exact
    } else {
        Interval::point(value, BITS).lower_decimal(DIGITS)
    }
}
