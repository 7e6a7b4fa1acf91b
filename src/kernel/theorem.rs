//! What the kernel says, and how it refuses. Only [`super::check`] makes a [`Theorem`].

use super::number::Sign;
use rug::Rational;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A property of a cost that foliate decides; the names are those of files, JSON and prose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hypothesis {
    /// Real analytic on the open domain.
    Analytic,
    /// Every sublevel set is compact in the domain.
    Proper,
    /// The infimum is finite and taken inside the domain.
    AttainsMinimum,
    /// The gradient is globally Lipschitz.
    LipschitzGradient,
    /// Every critical point is nonsingular; for a scalar cost, f'(0) is not 0.
    NonsingularCriticalPoints,
    /// Every critical point is a global minimiser.
    CriticalPointsAreMinimizers,
    /// |f'|^2 >= 2 mu (f - inf f) for some mu > 0.
    PlInequality,
    /// f(0) > inf f.
    OriginNotMinimizer,
    /// f' exists and is continuous. Not one of the eight, but several of them presuppose it.
    ContinuouslyDifferentiable,
}

impl Hypothesis {
    /// The eight hypotheses of the report, in order.
    pub const EIGHT: [Hypothesis; 8] = [
        Hypothesis::Analytic,
        Hypothesis::Proper,
        Hypothesis::AttainsMinimum,
        Hypothesis::LipschitzGradient,
        Hypothesis::NonsingularCriticalPoints,
        Hypothesis::CriticalPointsAreMinimizers,
        Hypothesis::PlInequality,
        Hypothesis::OriginNotMinimizer,
    ];

    /// The name used in files and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Hypothesis::Analytic => "analytic",
            Hypothesis::Proper => "proper",
            Hypothesis::AttainsMinimum => "attains_minimum",
            Hypothesis::LipschitzGradient => "lipschitz_gradient",
            Hypothesis::NonsingularCriticalPoints => "nonsingular_critical_points",
            Hypothesis::CriticalPointsAreMinimizers => "critical_points_are_minimizers",
            Hypothesis::PlInequality => "pl_inequality",
            Hypothesis::OriginNotMinimizer => "origin_not_minimizer",
            Hypothesis::ContinuouslyDifferentiable => "continuously_differentiable",
        }
    }
}

/// What a critical point is to its neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CriticalKind {
    /// f falls before and rises after.
    Minimum,
    /// f rises before and falls after.
    Maximum,
    /// f is monotone through it.
    Inflection,
    /// A whole interval of critical points.
    Interval,
}

/// A critical point as the kernel sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct CriticalPoint {
    /// The point lies in [lo, hi]; equal for an exact rational. `None` for an end of the domain.
    pub lo: Option<Rational>,
    /// See `lo`.
    pub hi: Option<Rational>,
    /// Its closed form, if the certificate gave one.
    pub at: Option<String>,
    /// Minimum, maximum or inflection.
    pub kind: CriticalKind,
    /// An enclosure of the value there, rounded outward, for display.
    pub value: String,
    /// Whether it is a global minimiser, provided that the minimum is attained: certain yes, certain no, or open.
    pub global: Option<bool>,
}

/// What a theorem says beyond "holds" or "fails".
#[derive(Clone, Debug, PartialEq)]
pub enum Detail {
    /// Nothing more.
    None,
    /// A Lipschitz constant of f', rounded up.
    Lipschitz {
        /// The bound in decimal.
        bound: String,
    },
    /// The sign of f'(0).
    SlopeAtOrigin(Sign),
    /// All critical points, in order.
    CriticalPoints(Vec<CriticalPoint>),
    /// The best PL constant lies between.
    BestConstant {
        /// A constant that works.
        lower: Rational,
        /// No constant above this works, in decimal, rounded up.
        upper: Option<String>,
    },
    /// A point or a sentence that shows the failure.
    Witness(String),
}

/// What a theorem decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A hypothesis about a cost.
    Hypothesis(Hypothesis),
    /// A claim, by its name.
    Claim(String),
}

impl Subject {
    /// The name used in files and JSON.
    pub fn name(&self) -> &str {
        match self {
            Subject::Hypothesis(hypothesis) => hypothesis.name(),
            Subject::Claim(id) => id,
        }
    }
}

/// A statement about one cost, or one claim of a theory, that the kernel has checked.
///
/// There is no way to obtain one but [`super::check`]: the fields are private, and it is neither `Deserialize` nor
/// `Default`.
#[derive(Clone, Debug, PartialEq)]
pub struct Theorem {
    subject: Subject,
    holds: bool,
    statement: String,
    sentence: String,
    detail: Detail,
    axioms: Vec<&'static str>,
}

impl Theorem {
    /// Only for `check`.
    pub(super) fn mint(cost: &str, established: Established) -> Self {
        Theorem {
            subject: Subject::Hypothesis(established.hypothesis),
            holds: established.holds,
            statement: format!("{cost}: {}", established.sentence),
            sentence: established.sentence,
            detail: established.detail,
            axioms: Vec::new(),
        }
    }

    /// Only for `check`.
    ///
    /// `subject` is the reading of what the claim is about; empty if the statement says everything.
    pub(super) fn mint_claim(id: &str, subject: &str, settled: Settled) -> Self {
        let statement = if subject.is_empty() {
            settled.statement.clone()
        } else {
            format!("{subject}: {}", settled.statement)
        };
        Theorem {
            subject: Subject::Claim(id.to_owned()),
            holds: settled.holds,
            statement,
            sentence: settled.statement,
            detail: settled.witness.map_or(Detail::None, Detail::Witness),
            axioms: Vec::new(),
        }
    }

    /// What is decided.
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// The hypothesis that is decided, if it is one.
    pub fn hypothesis(&self) -> Option<Hypothesis> {
        match self.subject {
            Subject::Hypothesis(hypothesis) => Some(hypothesis),
            Subject::Claim(_) => None,
        }
    }

    /// Whether the hypothesis or claim holds; otherwise its negation is what was proved.
    pub fn holds(&self) -> bool {
        self.holds
    }

    /// The kernel's own reading of what was proved.
    pub fn statement(&self) -> &str {
        &self.statement
    }

    /// The reading without what it is about: the cost, or the symbols and assumptions.
    pub fn sentence(&self) -> &str {
        &self.sentence
    }

    /// Constants, lists or witnesses that belong to the statement.
    pub fn detail(&self) -> &Detail {
        &self.detail
    }

    /// The theorems of the literature this one rests on, by name; most rules cite none.
    pub fn rests_on(&self) -> &[&'static str] {
        &self.axioms
    }
}

/// What a rule has established; becomes a [`Theorem`] in `check` alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Established {
    pub(super) hypothesis: Hypothesis,
    pub(super) holds: bool,
    pub(super) sentence: String,
    pub(super) detail: Detail,
}

impl Established {
    pub(super) fn new(hypothesis: Hypothesis, holds: bool, sentence: impl Into<String>) -> Self {
        Established {
            hypothesis,
            holds,
            sentence: sentence.into(),
            detail: Detail::None,
        }
    }

    pub(super) fn with(mut self, detail: Detail) -> Self {
        self.detail = detail;
        self
    }
}

/// What has been found out about a claim; becomes a [`Theorem`] in `check` alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Settled {
    /// Whether the claim holds.
    pub(super) holds: bool,
    /// The kernel's reading of what was proved; for a claim that fails, of its failure.
    pub(super) statement: String,
    /// What shows the failure, or a value that belongs to the statement.
    pub(super) witness: Option<String>,
}

/// A certificate, or a part of it, that the kernel does not accept, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// The place in the certificate, such as `claims[2].charts[0].cells[3]`.
    pub at: String,
    /// Which demand was not met.
    pub why: String,
}

impl Rejection {
    /// A rejection without an address yet.
    pub fn new(why: impl Into<String>) -> Self {
        Rejection {
            at: String::new(),
            why: why.into(),
        }
    }

    /// The same rejection seen from further outside.
    pub fn within(mut self, place: impl fmt::Display) -> Self {
        self.at = if self.at.is_empty() {
            place.to_string()
        } else {
            format!("{place}.{}", self.at)
        };
        self
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.at.is_empty() {
            return f.write_str(&self.why);
        }
        write!(f, "{}: {}", self.at, self.why)
    }
}

/// Adds an address to a failed check.
pub(super) trait Within<T> {
    /// Puts `place()` in front of the address of a rejection.
    fn within<P: fmt::Display>(self, place: impl FnOnce() -> P) -> Result<T, Rejection>;
}

impl<T> Within<T> for Result<T, Rejection> {
    fn within<P: fmt::Display>(self, place: impl FnOnce() -> P) -> Result<T, Rejection> {
        self.map_err(|rejection| rejection.within(place()))
    }
}

/// A demand of a rule.
pub(super) fn require(condition: bool, why: &str) -> Result<(), Rejection> {
    if condition { Ok(()) } else { Err(Rejection::new(why)) }
}
