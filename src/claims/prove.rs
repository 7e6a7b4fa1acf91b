//! Finding arguments for claims: which computation, which square roots, which numbers. The kernel judges every one.

use super::elaborate::{Entry, Theory};
use super::{roots, search};
use crate::kernel::certificate::Exact;
use crate::kernel::free::data::{Argument, Node, SquareRoot, Statement, TheoryClaim, TheoryData};
use crate::kernel::{Rejection, Theorem, TheoryCourt};
use crate::verdict::{Attempt, Budget, Reason, Verdict};
use rug::Rational;
use std::time::{Duration, Instant};

/// The orders and numbers of pieces that are tried for an integral.
const PIECES: [(u8, u32); 4] = [(8, 4), (12, 16), (16, 64), (20, 512)];

/// What became of the claims of one theory.
#[derive(Debug)]
pub struct Part {
    /// The literal values that were put in, such as `[N=3]`.
    pub suffix: String,
    /// The theory as the kernel was given it.
    pub theory: TheoryData,
    /// Why the theory itself was refused.
    pub refused: Option<Rejection>,
    /// The claims, in the order of the file.
    pub proofs: Vec<Proof>,
}

/// What became of one claim.
#[derive(Debug)]
pub struct Proof {
    /// The claim as it was elaborated.
    pub entry: Entry,
    /// What the kernel said.
    pub verdict: Verdict,
    /// The kind of argument, in a word or two.
    pub how: &'static str,
    /// What was accepted, for the certificate: the claim, and its second proofs.
    pub accepted: Vec<TheoryClaim>,
    /// The second proofs: entry by entry at given sizes.
    pub instances: Vec<Verdict>,
    /// Derived identities: what is derived, and its normal form as nodes of a theory of its own.
    pub steps: Vec<Step>,
    /// How long the kernel took for the argument it accepted.
    pub kernel_time: Duration,
}

impl Proof {
    /// Whether the answer is the one the author expects.
    pub fn is_as_expected(&self) -> bool {
        match &self.verdict {
            Verdict::Proved(_) => !self.entry.refuted,
            Verdict::Refuted(_) => self.entry.refuted,
            Verdict::NotApplicable { .. } | Verdict::Undecided { .. } => false,
        }
    }
}

/// A derived identity.
#[derive(Clone, Debug)]
pub struct Step {
    /// The node that was computed.
    pub node: usize,
    /// Its normal form: a theory with nodes of its own, and the root.
    pub normal: (TheoryData, usize),
}

/// Looks for an argument for every claim of a theory.
pub fn prove(theory: Theory, budget: &Budget) -> Part {
    let Theory {
        suffix, data, claims, ..
    } = theory;
    // A theory that is refused is refused again below.
    let (data, candidates) = roots::with_candidates(&data).unwrap_or((data, Vec::new()));
    let mut proofs = Vec::with_capacity(claims.len());
    let mut refused = None;
    match TheoryCourt::open(&data) {
        Ok(court) => {
            let mut finder = Finder {
                court,
                theory: &data,
                roots: Vec::new(),
                budget,
            };
            finder.find_roots(&candidates);
            proofs.extend(claims.into_iter().map(|entry| finder.claim(entry)));
        }
        Err(rejection) => {
            proofs.extend(claims.into_iter().map(|entry| undecided(entry, &rejection)));
            refused = Some(rejection);
        }
    }
    Part {
        suffix,
        theory: data,
        refused,
        proofs,
    }
}

/// A claim of a theory that the kernel does not accept.
fn undecided(entry: Entry, rejection: &Rejection) -> Proof {
    let what = format!("the declarations or assumptions are refused: {rejection}");
    Proof {
        entry,
        verdict: Verdict::Undecided {
            reason: Reason::Inconclusive { what },
            tried: Vec::new(),
        },
        how: "",
        accepted: Vec::new(),
        instances: Vec::new(),
        steps: Vec::new(),
        kernel_time: Duration::ZERO,
    }
}

/// What is at hand while claims are settled.
struct Finder<'a> {
    court: TheoryCourt<'a>,
    theory: &'a TheoryData,
    roots: Vec<SquareRoot>,
    budget: &'a Budget,
}

/// An attempt that the kernel accepted.
struct Found {
    theorem: Theorem,
    claim: TheoryClaim,
    how: &'static str,
    time: Duration,
}

impl Finder<'_> {
    /// Of each pair of candidates for a square root, the one that the kernel sees not to be negative.
    fn find_roots(&mut self, candidates: &[(usize, Vec<usize>)]) {
        for (root, places) in candidates {
            let hint = |is: usize| SquareRoot { root: *root, is };
            let found = places.iter().find(|place| {
                let claim = TheoryClaim {
                    id: String::new(),
                    statement: Statement::Equal(vec![*root, **place]),
                    argument: Argument::Roots(vec![hint(**place)]),
                };
                self.court.judge(&claim).is_ok()
            });
            self.roots.extend(found.map(|place| hint(*place)));
        }
    }

    fn claim(&mut self, entry: Entry) -> Proof {
        let mut tried = Vec::new();
        let found = if entry.refuted {
            self.refute(&entry, &mut tried).or_else(|| {
                // So does a claim that is said to be false and is true.
                let mut quietly = Vec::new();
                self.show(&entry, &mut quietly)
            })
        } else {
            self.show(&entry, &mut tried).or_else(|| {
                // A claim that is false deserves to be told so.
                let mut quietly = Vec::new();
                self.refute(&entry, &mut quietly)
            })
        };
        let steps = self.steps(&entry);
        let (instances, mut accepted) = self.instances(&entry);
        let (verdict, how, kernel_time) = match found {
            Some(found) => {
                accepted.insert(0, found.claim);
                let verdict = if found.theorem.holds() {
                    Verdict::Proved(found.theorem)
                } else {
                    Verdict::Refuted(found.theorem)
                };
                (verdict, found.how, found.time)
            }
            None => (open(tried), "", Duration::ZERO),
        };
        Proof {
            entry,
            verdict,
            how,
            accepted,
            instances,
            steps,
            kernel_time,
        }
    }

    /// Hands one argument to the kernel.
    fn attempt(
        &mut self,
        entry: &Entry,
        argument: Argument,
        how: &'static str,
        tried: &mut Vec<Attempt>,
    ) -> Option<Found> {
        let claim = TheoryClaim {
            id: entry.id.clone(),
            statement: entry.statement.clone(),
            argument,
        };
        let start = Instant::now();
        match self.court.judge(&claim) {
            Ok(theorem) => Some(Found {
                theorem,
                claim,
                how,
                time: start.elapsed(),
            }),
            Err(rejection) => {
                tried.push(Attempt {
                    method: how,
                    outcome: self.located(&rejection),
                });
                None
            }
        }
    }

    /// A rejection with the expression it speaks of.
    fn located(&self, rejection: &Rejection) -> String {
        let place = rejection
            .at
            .rsplit_once("nodes[")
            .and_then(|(_, rest)| rest.split_once(']'));
        match place.and_then(|(number, _)| number.parse::<usize>().ok()) {
            Some(node) => format!("{} (in {})", rejection.why, self.theory.text(node)),
            None => rejection.why.clone(),
        }
    }

    fn show(&mut self, entry: &Entry, tried: &mut Vec<Attempt>) -> Option<Found> {
        if let Statement::Integral { from, to, .. } = &entry.statement {
            let (from, to) = (from.0.clone(), to.0.clone());
            return self.integral(entry, &from, &to, tried);
        }
        let how = computation(&entry.statement);
        let written = entry.written;
        if let Some(found) = written.and_then(|node| self.attempt(entry, Argument::Written(node), how, tried)) {
            return Some(found);
        }
        let found = self.attempt(entry, Argument::Compute {}, how, tried);
        if found.is_some() || self.roots.is_empty() {
            return found;
        }
        let roots = Argument::Roots(self.roots.clone());
        self.attempt(entry, roots, "normal form, roots taken", tried)
    }

    /// Finer and finer pieces, until the enclosure fits.
    fn integral(&mut self, entry: &Entry, from: &Rational, to: &Rational, tried: &mut Vec<Attempt>) -> Option<Found> {
        let width = Rational::from(to - from);
        PIECES
            .into_iter()
            .take_while(|_| !self.budget.is_over())
            .find_map(|(order, pieces)| {
                let cut = |place: u32| Exact(Rational::from((place, pieces)) * &width + from);
                let argument = Argument::Pieces {
                    cuts: (1..pieces).map(cut).collect(),
                    order,
                    precision: self.budget.precision,
                };
                self.attempt(entry, argument, "Taylor forms", tried)
            })
    }

    fn refute(&mut self, entry: &Entry, tried: &mut Vec<Attempt>) -> Option<Found> {
        let by_numbers = matches!(
            entry.statement,
            Statement::Equal(_) | Statement::Sign { .. } | Statement::Defined { .. }
        );
        if !by_numbers {
            return self.attempt(entry, Argument::Fails {}, computation(&entry.statement), tried);
        }
        for argument in search::counterexamples(self.theory, entry.witness.as_ref()) {
            if self.budget.is_over() {
                return None;
            }
            tried.clear();
            if let Some(found) = self.attempt(entry, argument, "counterexample", tried) {
                return Some(found);
            }
        }
        None
    }

    /// The second proofs, entry by entry; what is accepted goes into the certificate.
    fn instances(&mut self, entry: &Entry) -> (Vec<Verdict>, Vec<TheoryClaim>) {
        let mut verdicts = Vec::new();
        let mut accepted = Vec::new();
        for sizes in &entry.instances {
            let mut tried = Vec::new();
            let argument = Argument::Entries(sizes.clone());
            match self.attempt(entry, argument, "entry by entry", &mut tried) {
                Some(found) => {
                    accepted.push(found.claim);
                    verdicts.push(Verdict::Proved(found.theorem));
                }
                None => verdicts.push(open(tried)),
            }
        }
        (verdicts, accepted)
    }

    /// The normal forms a reader wants to see: those asked for, and the sides of the equation.
    fn steps(&mut self, entry: &Entry) -> Vec<Step> {
        let mut nodes = entry.steps.clone();
        if let (Statement::Equal(sides), true) = (&entry.statement, entry.steps.is_empty()) {
            let shown = |side: &&usize| !matches!(self.theory.nodes.get(**side), Some(Node::Number(_)));
            nodes.extend(sides.iter().filter(shown));
        }
        let mut steps = Vec::new();
        for node in nodes {
            let algebra = self.court.algebra();
            let normal = algebra.evaluate(node).and_then(|element| algebra.read_back(&element));
            steps.extend(normal.map(|normal| Step { node, normal }));
        }
        steps
    }
}

/// What the kernel does for a statement, in a word or two.
fn computation(statement: &Statement) -> &'static str {
    match statement {
        Statement::Equal(_) => "normal form",
        Statement::Degree { .. } => "degree of the normal form",
        Statement::Shape { .. } => "shapes",
        Statement::Defined { .. } => "domains",
        Statement::Sign { .. } => "sign of the form",
        Statement::JacobianRank { .. } => "exact rank",
        Statement::HessianInertia { .. } => "exact inertia",
        Statement::Roots { .. } => "Sturm sequence",
        Statement::Integral { .. } => "Taylor forms",
        Statement::Radius { .. } => "root bound",
    }
}

/// The verdict when nothing was accepted.
fn open(tried: Vec<Attempt>) -> Verdict {
    let what = match tried.last() {
        Some(attempt) => attempt.outcome.clone(),
        None => "no argument was found".to_owned(),
    };
    Verdict::Undecided {
        reason: Reason::Inconclusive { what },
        tried,
    }
}
