//! The vector case, f(w2 w1) with a row w2 and a column w1: what a start decides, and how to prove it.
//!
//! Everything hangs on z = w2 w1: see `kernel/flow/vector`. The finder looks for the first zero of f' in the direction
//! of descent, and for the parts of the integrals that give times; the kernel looks at everything again.

mod descent;
mod disturbed;
mod parts;
mod probe;
mod second;
#[cfg(test)]
mod tests;
mod times;

use crate::kernel::Rejection;
use crate::kernel::certificate::Exact;
use crate::kernel::evaluate::Program;
use crate::kernel::expr::{Id, Table};
use crate::kernel::flow::data::{Model, SystemData};
use crate::kernel::flow::vector::data::VectorClaim;
use crate::kernel::flow::vector::{Outcome, VectorSystem};
use crate::kernel::interval::Interval;
use crate::kernel::number::Sign;
use crate::problem::{FlowSpec, Horizon};
use crate::verdict::{Attempt, Budget, Reason};
use descent::Aim;
use rug::Rational;

/// Extra bits of the working precision, one attempt after the other.
const GUARDS: [u32; 3] = [40, 160, 640];
/// The order of Taylor forms of f' on boxes.
const ORDER: u8 = 4;

/// A system and what was found out about it.
#[derive(Clone, Debug)]
pub struct Investigation {
    /// The system that the claims are about: that of the specification, with more constants in its table.
    pub system: SystemData,
    /// One for every question that was asked.
    pub findings: Vec<Finding>,
}

/// The answer to one question about a vector flow.
#[derive(Clone, Debug)]
pub enum Finding {
    /// The kernel accepts this claim.
    Shown {
        /// The name of the question.
        id: &'static str,
        /// The claim with its argument.
        claim: Box<VectorClaim>,
        /// What it says.
        outcome: Box<Outcome>,
    },
    /// No proof was found.
    Open {
        /// The name of the question.
        id: &'static str,
        /// What stood in the way, and what would help.
        reason: Reason,
        /// What was tried.
        tried: Vec<Attempt>,
    },
}

impl Finding {
    /// The name of the question. Panics: never.
    pub fn id(&self) -> &'static str {
        match self {
            Finding::Shown { id, .. } | Finding::Open { id, .. } => id,
        }
    }

    /// What the kernel accepted. Panics: never.
    pub fn outcome(&self) -> Option<&Outcome> {
        match self {
            Finding::Shown { outcome, .. } => Some(outcome),
            Finding::Open { .. } => None,
        }
    }
}

/// Whether a model is the vector case: a linear network of widths 1, k, 1. Panics: never.
pub fn is_vector_case(model: &Model) -> bool {
    matches!(model, Model::Linear { widths, .. } if matches!(widths.as_slice(), [1, _, 1]))
}

/// Asks everything that a specification of the vector case asks.
///
/// Undisturbed: the limit, the position at the horizon, the time to the tolerance, the comparison with a second start.
/// Disturbed, or with a radius alpha: the robust set, and the decay of a quadratic cost on it.
///
/// Errors: a [`Rejection`] if the kernel does not take the system. Panics: never.
pub fn investigate(spec: &FlowSpec, budget: &Budget) -> Result<Investigation, Rejection> {
    let mut search = Search::open(spec, budget)?;
    let disturbed = spec.disturbance.iter().any(|bound| *bound != 0);
    if !disturbed {
        search.undisturbed();
    }
    if let Some(alpha) = &spec.alpha {
        search.robustness(alpha);
    }
    Ok(Investigation {
        system: search.data,
        findings: search.findings,
    })
}

/// A search for the claims about one system.
struct Search<'a> {
    spec: &'a FlowSpec,
    budget: &'a Budget,
    data: SystemData,
    table: Table,
    system: VectorSystem,
    /// f.
    program: Program,
    findings: Vec<Finding>,
}

impl<'a> Search<'a> {
    fn open(spec: &'a FlowSpec, budget: &'a Budget) -> Result<Self, Rejection> {
        let data = system(spec, &spec.table);
        let system = VectorSystem::open(&data)?;
        let cost = match &spec.model {
            Model::Linear { cost, .. } => *cost,
            _ => return Err(Rejection::new("not the flow of a product")),
        };
        Ok(Search {
            spec,
            budget,
            data,
            table: spec.table.clone(),
            system,
            program: Program::new(&spec.table, cost),
            findings: Vec::new(),
        })
    }

    /// A constant of the system, which is added if it is new.
    fn constant(&mut self, value: &Rational) -> Option<Id> {
        let before = self.table.nodes().len();
        let id = self.table.number(value.clone());
        if self.table.nodes().len() > before {
            self.data = system(self.spec, &self.table);
            self.system = VectorSystem::open(&self.data).ok()?;
        }
        Some(id)
    }

    /// Has the kernel look at a claim; keeps it if it is accepted.
    fn propose(&mut self, id: &'static str, claim: VectorClaim) -> Result<(), Rejection> {
        self.system.refill();
        let outcome = self.system.examine(&claim)?;
        self.findings.push(Finding::Shown {
            id,
            claim: Box::new(claim),
            outcome: Box::new(outcome),
        });
        Ok(())
    }

    /// Notes that a question is open.
    fn leave_open(&mut self, id: &'static str, what: impl Into<String>, tried: Vec<Attempt>) {
        let reason = if self.budget.is_over() {
            Reason::Budget { option: "--timeout" }
        } else {
            Reason::Stopped {
                what: what.into(),
                help: advice(id),
            }
        };
        self.findings.push(Finding::Open { id, reason, tried });
    }

    /// The working precision of an attempt.
    fn working(&self, guard: u32) -> u32 {
        self.spec.precision.saturating_add(guard)
    }

    /// What happens without disturbances.
    fn undisturbed(&mut self) {
        if self.rests() {
            return;
        }
        let to_origin = self.origin();
        let aim = self.aim().filter(|aim| self.is_in_domain(aim));
        if !to_origin {
            self.limit(aim.as_ref());
        }
        if let Horizon::Time(time) = &self.spec.horizon {
            self.position(time, aim.as_ref());
        }
        if let (Some(tolerance), false) = (&self.spec.tolerance, to_origin) {
            self.transit(tolerance, aim.as_ref());
        }
        if let Some(other) = &self.spec.compare {
            self.faster(other, aim.as_ref());
            if let Some(tolerance) = &self.spec.tolerance {
                self.second_transit(tolerance, other);
            }
        }
    }

    /// Whether the starts, the aim and thus all between lie in the domain of the cost.
    fn is_in_domain(&self, aim: &Aim) -> bool {
        let starts = self.system.start_product();
        let mut places = starts.iter().chain(&aim.bracket);
        places.all(|place| self.spec.domain.contains(place))
    }

    /// A start that does not move.
    fn rests(&mut self) -> bool {
        let [z, _] = self.system.start_product();
        if !self.spec.domain.contains(&z) {
            return false;
        }
        let claim = VectorClaim::Rests {
            precision: self.working(GUARDS[0]),
        };
        self.propose("rests", claim).is_ok()
    }

    /// A start exactly on the stable set of the origin.
    fn origin(&mut self) -> bool {
        let [z, _] = self.system.start_product();
        let (Some(sign), precision) = (self.sign(&Rational::new(), 256), self.working(GUARDS[0])) else {
            return false;
        };
        let [plus, minus] = self.system.start_lengths();
        let on_the_set = match sign {
            Sign::Positive => minus[1] == 0,
            Sign::Negative => plus[1] == 0,
            Sign::Zero => false,
        };
        if !on_the_set {
            return false;
        }
        let zero = Rational::new();
        if !self.spec.domain.contains(&z) || !self.spec.domain.contains(&zero) {
            return false;
        }
        let (lo, hi) = if z < 0 { (z, zero) } else { (zero, z) };
        let Some(cuts) = self.cover(&lo, &hi, sign, precision) else {
            return false;
        };
        let claim = VectorClaim::ToOrigin {
            precision,
            cuts,
            order: ORDER,
        };
        self.propose("to_origin", claim).is_ok()
    }

    /// The limit of all starts.
    fn limit(&mut self, aim: Option<&Aim>) {
        let mut tried = Vec::new();
        let Some(aim) = aim else {
            let what = "no zero of f' in the domain was found in the direction of descent, or the starts descend to different ones";
            self.leave_open("limit", what, tried);
            return;
        };
        for guard in GUARDS {
            let Some(descent) = self.descent(aim, self.working(guard)) else {
                tried.push(attempt("sign of f' up to its first zero", "not shown on all parts"));
                continue;
            };
            match self.propose("limit", VectorClaim::Limit(descent)) {
                Ok(()) => return,
                Err(rejection) => tried.push(attempt("sign of f' up to its first zero", rejection.to_string())),
            }
        }
        let what = self.meets_the_bad_set().unwrap_or_else(|| {
            "the sign of f' between the starts and its first zero was not shown: more precision would help".to_owned()
        });
        self.leave_open("limit", what, tried);
    }

    /// What to say if the box meets the stable set of the origin.
    fn meets_the_bad_set(&self) -> Option<String> {
        let [plus, minus] = self.system.start_lengths();
        let (set, length, is_sum) = match self.sign(&Rational::new(), 256)? {
            Sign::Positive => ("w1 = w2^T", minus, false),
            Sign::Negative => ("w1 = -w2^T", plus, true),
            Sign::Zero => return None,
        };
        (length[0] == 0).then(|| {
            let share = clear_share(&self.spec.start, is_sum);
            let help = if share == 0 {
                "its middle lies on the set, so a point or a box around another middle would decide".to_owned()
            } else {
                let share = Interval::point(&share, 64).lower_decimal(3);
                format!("a box around the same middle with less than {share} times its radius avoids the set and would decide")
            };
            format!(
                "the box of starts meets the set {set}, from which solutions converge to the origin; the other starts do \
                 not: {help}"
            )
        })
    }
}

/// How much of a box around its middle does not meet w1 = -w2^T, or w1 = w2^T: this share of its radius, not included.
fn clear_share(start: &[[Rational; 2]], is_sum: bool) -> Rational {
    let (first, second) = start.split_at(start.len() / 2);
    let shares = first.iter().zip(second).map(|([a, b], [c, d])| {
        let (middle, other) = (Rational::from(a + b), Rational::from(c + d));
        let off = if is_sum { middle + other } else { middle - other };
        let width = Rational::from(b - a) + Rational::from(d - c);
        if width == 0 { Rational::new() } else { off.abs() / width }
    });
    shares.max().unwrap_or_default()
}

/// The system of a specification, with the nodes of a table that extends its own.
fn system(spec: &FlowSpec, table: &Table) -> SystemData {
    let start = spec.start.iter();
    SystemData {
        names: Vec::new(),
        nodes: table.nodes().to_vec(),
        model: spec.model.clone(),
        start: start.map(|[lo, hi]| [Exact(lo.clone()), Exact(hi.clone())]).collect(),
        disturbance: spec.disturbance.iter().cloned().map(Exact).collect(),
    }
}

/// What would help with an open question.
fn advice(id: &str) -> &'static str {
    match id {
        "faster" => "two points with the same w2 w1 that descend to one zero of f' can be compared",
        "transit" | "second_transit" => "a point as the start, or more --precision, may settle it",
        "limit" => "a smaller box of starts, a larger domain or more --precision may settle it",
        "robust" | "dissipation" => "smaller bounds for the disturbance, or another alpha, may settle it",
        _ => "a smaller box of starts, or more --precision, may settle it",
    }
}

/// One thing that was tried.
fn attempt(method: &'static str, outcome: impl Into<String>) -> Attempt {
    Attempt {
        method,
        outcome: outcome.into(),
    }
}
