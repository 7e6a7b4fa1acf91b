//! Everything about one flow: what it conserves, where it is at every time, and where it goes.

use super::barrier::{barrier, dissipation};
use super::domain::{Stay, stay};
use super::effort::Effort;
use super::follow::{Found, Progress, follow, may_settle};
use super::open::{BEFORE, BY_HAND, CONSTANT, INSIDE, LATER, clock, internal, stopped, stuck};
use super::tube::Wish;
use super::vector::{self, Finding as VectorFinding};
use crate::kernel::certificate::{Exact, Input};
use crate::kernel::expr::{Id, Node, Table};
use crate::kernel::flow::Segment;
use crate::kernel::flow::data::{FLOW_SCHEMA, FlowCertificate, FlowClaim, Model, SystemData, TubeData};
use crate::kernel::interval::Interval;
use crate::kernel::{FlowCourt, Rejection, Theorem};
use crate::problem::{FlowSpec, Horizon};
use crate::verdict::{Budget, Verdict};
use rug::Rational;
use std::time::Instant;

/// What the user may want of a run besides the specification.
#[derive(Clone, Debug)]
pub struct Options {
    /// The degree in the starts; chosen by the number of wide coordinates if it is not given.
    pub degree: Option<u8>,
    /// Steps that an earlier run has found.
    pub resume: Option<TubeData>,
}

/// The answer to one question.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The name of the question.
    pub id: String,
    /// The answer.
    pub verdict: Verdict,
    /// How long search and check took.
    pub seconds: f64,
}

/// Everything that was found out about one flow.
#[derive(Debug)]
pub struct Flow {
    /// The court with all that was shown: the tube, the limit, the conserved quantities.
    pub court: FlowCourt,
    /// The answers, in the order in which they are reported.
    pub findings: Vec<Finding>,
    /// The certificate for everything that was decided.
    pub certificate: FlowCertificate,
    /// The names of the conserved quantities, in the order of the court.
    pub conserved: Vec<String>,
    /// Remarks for the reader.
    pub notes: Vec<String>,
}

/// The findings of the vector case that say where the flow goes.
const DECIDE: [&str; 3] = ["limit", "to_origin", "rests"];
/// More quantities than this are not looked for.
const QUANTITIES: usize = 64;
/// How often a tube is begun again with twice the precision.
const RAISES: u32 = 3;

/// Finds out everything that a specification asks.
///
/// Errors: a [`Rejection`] if the kernel does not take the system, or earlier steps. Panics: never.
pub fn run(
    spec: &FlowSpec,
    about: &Input,
    options: &Options,
    budget: &Budget,
    progress: &mut dyn FnMut(&Progress),
) -> Result<Flow, Rejection> {
    let mut table = spec.table.clone();
    let quantities = quantities(spec, &mut table);
    // A tube says where the solutions are at the horizon; only without one is the scalar equation asked.
    let enriched = FlowSpec {
        table,
        horizon: Horizon::Settled,
        ..spec.clone()
    };
    let is_vector = vector::is_vector_case(&spec.model);
    let investigation = is_vector.then(|| vector::investigate(&enriched, budget)).transpose()?;
    let system = match &investigation {
        Some(investigation) => investigation.system.clone(),
        None => system(&enriched),
    };
    let mut run = Run {
        spec,
        budget,
        options,
        flow: Flow {
            court: FlowCourt::open(&system)?,
            findings: Vec::new(),
            certificate: FlowCertificate {
                schema: FLOW_SCHEMA.to_owned(),
                input: about.clone(),
                system,
                claims: Vec::new(),
            },
            conserved: Vec::new(),
            notes: Vec::new(),
        },
    };
    for (name, quantity) in quantities {
        run.conserved(name, quantity);
    }
    let is_investigated = investigation.is_some() && spec.disturbance.iter().all(|bound| *bound == 0);
    let findings = investigation
        .map(|investigation| investigation.findings)
        .unwrap_or_default();
    let decided = |finding: &VectorFinding| finding.outcome().is_some() && DECIDE.contains(&finding.id());
    let is_decided = findings.iter().any(decided);
    run.tube(is_decided, progress)?;
    for finding in findings {
        run.vector(finding);
    }
    if let (true, Horizon::Time(time)) = (is_vector, &spec.horizon)
        && run.flow.at(time).is_none()
    {
        let horizon = FlowSpec {
            horizon: spec.horizon.clone(),
            ..enriched
        };
        let later = vector::investigate(&horizon, budget)?.findings;
        later
            .into_iter()
            .filter(|finding| finding.id() == "position")
            .for_each(|finding| run.vector(finding));
    }
    if !is_investigated {
        run.unanswered();
    }
    run.domain();
    Ok(run.flow)
}

/// The system of a specification as data.
fn system(spec: &FlowSpec) -> SystemData {
    let exact = |[lo, hi]: &[Rational; 2]| [Exact(lo.clone()), Exact(hi.clone())];
    SystemData {
        nodes: spec.table.nodes().to_vec(),
        model: spec.model.clone(),
        names: named(spec),
        start: spec.start.iter().map(exact).collect(),
        disturbance: spec.disturbance.iter().cloned().map(Exact).collect(),
    }
}

/// The user's names for the coordinates, where the kernel has none of its own and takes them.
fn named(spec: &FlowSpec) -> Vec<String> {
    let word = |name: &String| {
        name.chars()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
    };
    match spec.model {
        Model::Field { .. } | Model::Gradient { .. } if spec.names.iter().all(word) => spec.names.clone(),
        _ => Vec::new(),
    }
}

/// The quantities of the specification, and the imbalances of a network.
fn quantities(spec: &FlowSpec, table: &mut Table) -> Vec<(String, Id)> {
    let mut found = spec.invariants.clone();
    if let Model::Linear { widths, .. } = &spec.model {
        found.extend(imbalances(widths, table));
    }
    found
}

/// The entries on and above the diagonal of C_i = W_i W_i' - W_(i+1)' W_(i+1), if there are not too many.
fn imbalances(widths: &[u16], table: &mut Table) -> Vec<(String, Id)> {
    let widths: Vec<usize> = widths.iter().map(|width| usize::from(*width)).collect();
    let hidden = widths.get(1..widths.len().saturating_sub(1)).unwrap_or_default();
    if hidden.iter().map(|width| width * (width + 1) / 2).sum::<usize>() > QUANTITIES {
        return Vec::new();
    }
    // Where every layer begins among the coordinates.
    let sizes = widths.windows(2).map(|pair| pair.iter().product::<usize>());
    let first: Vec<usize> = sizes
        .scan(0, |sum, size| {
            let first = *sum;
            *sum += size;
            Some(first)
        })
        .collect();
    let mut found = Vec::new();
    for layer in 1..widths.len().saturating_sub(1) {
        let (below, width, above) = (widths[layer - 1], widths[layer], widths[layer + 1]);
        let mut coordinate = |place: usize| u16::try_from(place).map(|place| table.insert(Node::Variable(place)));
        for a in 0..width {
            for b in a..width {
                let row = |j: usize| (first[layer - 1] + a * below + j, first[layer - 1] + b * below + j);
                let column = |i: usize| (first[layer] + i * width + a, first[layer] + i * width + b);
                let mut pairs = Vec::new();
                for (minus, (p, q)) in (0..below)
                    .map(|j| (false, row(j)))
                    .chain((0..above).map(|i| (true, column(i))))
                {
                    if let (Ok(p), Ok(q)) = (coordinate(p), coordinate(q)) {
                        pairs.push((minus, p, q));
                    }
                }
                found.push((format!("C_{layer}[{},{}]", a + 1, b + 1), pairs));
            }
        }
    }
    let sum = |table: &mut Table, pairs: Vec<(bool, Id, Id)>| {
        // The first pair is one of W_i W_i'.
        let mut sum = None;
        for (minus, p, q) in pairs {
            let product = match p == q {
                true => table.insert(Node::Power(p, 2.into())),
                false => table.insert(Node::Mul(p, q)),
            };
            sum = Some(match sum {
                None => product,
                Some(sum) if minus => table.insert(Node::Sub(sum, product)),
                Some(sum) => table.insert(Node::Add(sum, product)),
            });
        }
        sum.unwrap_or_else(|| table.number(0))
    };
    found
        .into_iter()
        .map(|(name, pairs)| (name, sum(table, pairs)))
        .collect()
}

/// A run and what came of it so far.
struct Run<'a> {
    spec: &'a FlowSpec,
    budget: &'a Budget,
    options: &'a Options,
    flow: Flow,
}

impl Run<'_> {
    fn record(&mut self, id: impl Into<String>, verdict: Verdict, since: Instant) {
        let seconds = since.elapsed().as_secs_f64();
        let id = id.into();
        self.flow.findings.push(Finding { id, verdict, seconds });
    }

    /// Asks the kernel about a claim, and keeps it if it is shown.
    fn judge(&mut self, claim: FlowClaim) -> Result<Theorem, Rejection> {
        let theorem = self.flow.court.judge(&claim)?;
        self.flow.certificate.claims.push(claim);
        Ok(theorem)
    }

    fn conserved(&mut self, name: String, quantity: Id) {
        let since = Instant::now();
        if self.spec.disturbance.iter().any(|bound| *bound != 0) {
            return;
        }
        let verdict = match self.judge(FlowClaim::Conserved { quantity }) {
            Ok(theorem) => {
                self.flow.conserved.push(name.clone());
                Verdict::Proved(theorem)
            }
            Err(rejection) => stuck(rejection.why, CONSTANT),
        };
        self.record(format!("conserved {name}"), verdict, since);
    }

    fn vector(&mut self, finding: VectorFinding) {
        let since = Instant::now();
        let (id, verdict) = match finding {
            VectorFinding::Shown { claim, .. } => {
                let id = claim.name();
                match self.judge(FlowClaim::Vector(*claim)) {
                    Ok(theorem) => (id, Verdict::Proved(theorem)),
                    Err(rejection) => (id, internal(&rejection)),
                }
            }
            VectorFinding::Open {
                id: "limit",
                reason,
                tried,
            } => ("product_limit", Verdict::Undecided { reason, tried }),
            VectorFinding::Open { id, reason, tried } => (id, Verdict::Undecided { reason, tried }),
        };
        self.record(id, verdict, since);
    }

    /// The tube, with more precision if the first try does not get through, and where it leads.
    ///
    /// `is_decided`: where it leads is known from elsewhere, so that nothing is missing if the tube does not show it.
    fn tube(&mut self, is_decided: bool, progress: &mut dyn FnMut(&Progress)) -> Result<(), Rejection> {
        let since = Instant::now();
        let mut effort = Effort::usual(self.spec, self.options);
        let mut found = self.follow(&effort, self.options.resume.as_ref(), progress)?;
        for _ in 0..RAISES {
            let Some((more, note)) = effort
                .raised(self.spec, self.options, &found)
                .filter(|_| !self.budget.is_over())
            else {
                break;
            };
            effort = more;
            let finer = self.follow(&effort, None, progress)?;
            let (before, now) = (found.walk.time(), finer.walk.time());
            if now < before {
                // The time was up.
                break;
            }
            self.flow.notes.push(note);
            // Where solutions cease to exist no precision leads further.
            let is_in_vain = finer.stop.is_some() && Rational::from(now - before) * 32u32 < *now;
            found = finer;
            if is_in_vain {
                break;
            }
        }
        let Found {
            walk,
            data,
            stop,
            settling,
        } = found;
        let reached = walk.time().clone();
        let theorem = self.flow.court.adopt(walk)?;
        self.flow.certificate.claims.push(FlowClaim::Tube(data));
        self.record("enclosure", Verdict::Proved(theorem), since);
        if let (Horizon::Time(time), Some(stop), None) = (&self.spec.horizon, &stop, &settling) {
            let verdict = stopped(self.flow.court.bench(), stop, &reached);
            self.record(format!("enclosure to t = {}", clock(time)), verdict, since);
        }
        // What settles is judged first: it has the narrower bounds.
        let is_below = settling.is_none() && self.barrier();
        let is_settled = settling.is_some();
        if may_settle(self.flow.court.bench().system()) && (is_settled || !(is_decided || is_below)) {
            let since = Instant::now();
            let verdict = match settling.map(|settling| self.judge(FlowClaim::Settles(settling))) {
                Some(Ok(theorem)) => Verdict::Proved(theorem),
                Some(Err(rejection)) => internal(&rejection),
                None => match &stop {
                    Some(stop) if self.spec.horizon == Horizon::Settled => {
                        stopped(self.flow.court.bench(), stop, &reached)
                    }
                    Some(_) => stuck(
                        format!(
                            "convergence was not shown before the tube ended at t = {}",
                            clock(&reached)
                        ),
                        BEFORE,
                    ),
                    None => stuck(
                        format!(
                            "it was not shown that f is strictly convex, and the derivative of the product onto, in a ball \
                             around the solutions at t = {} that they cannot leave",
                            clock(&reached)
                        ),
                        LATER,
                    ),
                },
            };
            self.record("limit", verdict, since);
        }
        if is_settled {
            self.barrier();
        }
        self.dissipation();
        Ok(())
    }

    /// How fast a disturbed network fits a matrix along the tube.
    fn dissipation(&mut self) {
        let since = Instant::now();
        let bench = self.flow.court.bench();
        let Some(walk) = bench.tube().filter(|_| !bench.system().is_undisturbed()) else {
            return;
        };
        let found = dissipation(&self.spec.model, &self.spec.table, walk).map(FlowClaim::Dissipation);
        let verdict = match found.map(|claim| self.judge(claim)) {
            Some(Ok(theorem)) => Verdict::Proved(theorem),
            Some(Err(rejection)) => internal(&rejection),
            None => return,
        };
        self.record("tube_dissipation", verdict, since);
    }

    /// Whether the tube ends below the barrier of energy; said only if it does.
    fn barrier(&mut self) -> bool {
        let since = Instant::now();
        let found = barrier(&self.spec.model, &self.spec.table).map(FlowClaim::Barrier);
        let Some(Ok(theorem)) = found.map(|claim| self.judge(claim)) else {
            return false;
        };
        self.record("barrier", Verdict::Proved(theorem), since);
        true
    }

    fn follow(
        &self,
        effort: &Effort,
        resume: Option<&TubeData>,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<Found, Rejection> {
        let wish = Wish {
            precision: effort.precision,
            degree: effort.degree,
            deadline: self.budget.deadline,
        };
        follow(self.flow.court.bench().system(), self.spec, &wish, resume, progress)
    }

    /// Whether the product stays where the cost is studied.
    fn domain(&mut self) {
        let since = Instant::now();
        let domain = &self.spec.domain;
        match stay(self.spec, self.flow.court.bench()) {
            Stay::Everywhere => {}
            Stay::Inside => self.flow.notes.push(format!(
                "as far as the solutions are enclosed, the argument of f stays in {domain}"
            )),
            Stay::MayLeave(time, range) => {
                let what = format!(
                    "from t = {} on the argument of f, then in {}, may be outside of {domain}; what is proved holds \
                     for the formula of f all the same",
                    clock(&time),
                    range.display(8),
                );
                self.record("domain", stuck(what, INSIDE), since);
            }
        }
    }

    /// What was asked and is answered for f(w2 w1) alone.
    fn unanswered(&mut self) {
        let asked = [
            (
                "transit",
                self.spec.tolerance.is_some(),
                "when f comes within the tolerance",
            ),
            (
                "faster",
                self.spec.compare.is_some(),
                "which of two starts has the smaller cost",
            ),
        ];
        for (id, _, question) in asked.into_iter().filter(|(_, asked, _)| *asked) {
            let what =
                format!("{question} is only found out for networks of kind `scalar-vector`, and without disturbance");
            self.record(id, stuck(what, BY_HAND), Instant::now());
        }
    }
}

impl Flow {
    /// A box that holds all solutions at a time: from the tube, or from the limit after it.
    ///
    /// Errors: `None` if nothing is known of that time. Panics: never.
    pub fn at(&self, time: &Rational) -> Option<Vec<Interval>> {
        let bench = self.court.bench();
        let walk = bench.tube()?;
        let bounds = if time == walk.time() {
            Some(walk.bounds())
        } else {
            let precision = walk.ground().precision();
            // At a time where one step ends and another begins, the later one has the narrower box.
            let mut segments = walk.segments().iter().rev();
            segments.find_map(|segment: &Segment| segment.at(time, precision))
        };
        let later = bench
            .limit()
            .filter(|limit| *time >= limit.time)
            .map(|limit| limit.bounds.clone());
        bounds.or(later).map(|bounds| bench.tightened(&bounds))
    }
}
