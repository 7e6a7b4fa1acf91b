//! Costs of one variable, put before the finders for scalars one question at a time.

use super::super::begin;
use crate::kernel::Theorem;
use crate::kernel::certificate::{Claim, Side};
use crate::kernel::expr::{Id, Table};
use crate::kernel::matrix::data::Scalar;
use crate::kernel::number::Sign;
use crate::kernel::polynomial::End;
use crate::kernel::theorem::Hypothesis;
use crate::problem::{Domain, ScalarCost, Source, Span};
use crate::verdict::{Budget, Verdict};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Longest search for one answer about a cost of one variable.
const PATIENCE: Duration = Duration::from_secs(5);
/// Most boxes of such a search.
const SUBDIVISIONS: usize = 2_000;

/// What is asked about a cost of one variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Question {
    /// A hypothesis.
    About(Hypothesis),
    /// A list of all critical points.
    CriticalPoints,
    /// That it tends to -inf at an end.
    Fall(bool),
    /// That it is unbounded below.
    UnboundedBelow(Hypothesis),
}

/// An answer: the cost with one claim, and what it shows.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub scalar: Scalar,
    pub theorem: Theorem,
}

/// Asks the scalar finders; `None` if they find no answer, or the cost is undefined somewhere on the interval.
pub(super) fn ask(
    (table, root): &(Table, Id),
    (left, right): (End, End),
    question: Question,
    budget: &Budget,
) -> Option<Answer> {
    let soon = Instant::now() + PATIENCE;
    let budget = Budget {
        precision: budget.precision,
        subdivisions: budget.subdivisions.min(SUBDIVISIONS),
        // A restricted cost is simple, and the engine would make other processes wait.
        algebra: false,
        deadline: Some(budget.deadline.map_or(soon, |deadline| deadline.min(soon))),
    };
    let cost = cost_of(table, *root, Domain::try_new(left, right)?);
    let mut search = begin(&cost, &budget);
    search.cut().ok()?;
    let smooth = search.continuously_differentiable();
    let is_smooth = matches!(smooth, Verdict::Proved(_));
    search.claims.clear();
    let verdict = match question {
        Question::About(about) => match about {
            Hypothesis::Analytic => search.analytic(),
            Hypothesis::Proper => search.proper(),
            Hypothesis::AttainsMinimum => search.attains_minimum(),
            Hypothesis::LipschitzGradient => search.lipschitz(&smooth),
            Hypothesis::ContinuouslyDifferentiable => search.continuously_differentiable(),
            Hypothesis::OriginNotMinimizer if search.has_origin() => search.origin_not_minimizer(is_smooth),
            Hypothesis::CriticalPointsAreMinimizers if is_smooth => search.critical_points(),
            Hypothesis::PlInequality if is_smooth => {
                let all = match search.critical_points() {
                    Verdict::Proved(_) => Some(true),
                    Verdict::Refuted(_) => Some(false),
                    _ => None,
                };
                search.claims.clear();
                search.polyak_lojasiewicz(all)
            }
            _ => return None,
        },
        Question::CriticalPoints if is_smooth => {
            let charts = search.slope_charts()?;
            let claim = Claim::CriticalPoints {
                charts,
                ties: Vec::new(),
            };
            let theorem = search.judge(claim).ok()?;
            return answer(&search, theorem);
        }
        Question::CriticalPoints => return None,
        Question::Fall(at_left) => {
            let side = if at_left { Side::Left } else { Side::Right };
            let (_, _, program) = search.outer_local(side)?.derivative(0)?;
            let tail = search.find_tail(side, program, &[], |form, ray| {
                form.diverges(ray.line()) == Some(Sign::Negative)
            })?;
            let claim = Claim::UnboundedBelow {
                about: Hypothesis::AttainsMinimum,
                side,
                tail,
                along: None,
            };
            let theorem = search.judge(claim).ok()?;
            return answer(&search, theorem);
        }
        Question::UnboundedBelow(about) => {
            let claim = search.unbounded_below(about)?;
            let theorem = search.judge(claim).ok()?;
            return answer(&search, theorem);
        }
    };
    match verdict {
        Verdict::Proved(theorem) | Verdict::Refuted(theorem) => answer(&search, theorem),
        _ => None,
    }
}

/// The last claim that was accepted.
fn answer(search: &super::super::search::Search, theorem: Theorem) -> Option<Answer> {
    let claim = search.claims.last()?.clone();
    Some(Answer {
        scalar: Scalar {
            setting: search.certificate().setting,
            claims: vec![claim],
        },
        theorem,
    })
}

fn cost_of(table: &Table, root: Id, domain: Domain) -> ScalarCost {
    let span = Span::from(0..0);
    ScalarCost {
        name: "f along a curve".to_owned(),
        source: Source {
            name: "derived".to_owned(),
            text: String::new(),
        },
        table: table.clone(),
        root,
        domain,
        cost_span: span,
        domain_span: span,
        spans: BTreeMap::new(),
        constants: Vec::new(),
        parameters: Vec::new(),
        truth: None,
        expects_domain_error: false,
        sha256: String::new(),
    }
}
