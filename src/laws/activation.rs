//! The invariant of one activated neuron: looks for everything a certificate needs, and asks the kernel about each part.

mod basis;
mod places;
mod primitive;
mod solve;
mod terms;

use crate::kernel::activation::data::{
    ACTIVATION_SCHEMA, ActivationCertificate, ActivationClaim, Parts, Primitive, Zero,
};
use crate::kernel::certificate::{Chart, Cover, Exact, Input, SettingData};
use crate::kernel::expr::{Id, Table};
use crate::kernel::{ActivationCourt, Derived, Rejection};
use crate::problem::{Diagnostic, Domain, ScalarCost};
use crate::verdict::{Reason, Verdict};
use rug::Rational;
use std::time::Instant;

/// How an expression is cut into pieces, and what is known of its signs; found by another kind of finder.
#[derive(Clone, Debug)]
pub struct Ground {
    /// The expression as the cost of a setting.
    pub setting: SettingData,
    /// The sign charts of the expression, a piece each.
    pub values: Option<Vec<Chart>>,
    /// The sign charts of its derivative, a piece each.
    pub slopes: Option<Vec<Chart>>,
}

/// Looks at an expression, with its signs or only at how it is cut; a [`Diagnostic`] if it is undefined somewhere.
pub type Surveyor<'a> = dyn Fn(&ScalarCost, bool) -> Result<Option<Ground>, Box<Diagnostic>> + 'a;

/// The answer to one question.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The name of the claim.
    pub id: &'static str,
    /// The answer.
    pub verdict: Verdict,
    /// How long the search and the check took.
    pub seconds: f64,
}

/// Everything that was found out about one activation.
#[derive(Clone, Debug)]
pub struct Derivation {
    /// The kernel's reading of the activation and its domain.
    pub reading: String,
    /// The answers.
    pub findings: Vec<Finding>,
    /// Names and formulas of what was derived, in the kernel's words.
    pub derived: Vec<(String, String)>,
    /// The certificate for everything that was decided.
    pub certificate: ActivationCertificate,
    /// Advice for the reader.
    pub notes: Vec<String>,
}

/// Derives the invariant of f(w2*sigma(w1)), for every f or a given one.
///
/// Errors: a [`Diagnostic`] if the activation is undefined somewhere on its domain.
/// Panics: never.
pub fn derive(
    sigma: &ScalarCost,
    outer: Option<&ScalarCost>,
    precision: u32,
    survey: &Surveyor,
) -> Result<Derivation, Box<Diagnostic>> {
    let start = Instant::now();
    let Some(ground) = survey(sigma, true)? else {
        return Ok(nothing(
            sigma,
            precision,
            "the kernel could not be shown that the activation is defined",
        ));
    };
    let [piece] = ground.setting.pieces.as_slice() else {
        return Ok(nothing(
            sigma,
            precision,
            "the activation has a kink: give a --domain on one side of it",
        ));
    };
    if piece.analytic.is_none() {
        return Ok(nothing(
            sigma,
            precision,
            "the activation is not shown to be analytic on its domain",
        ));
    }
    let Some(table) = Table::from_nodes(&ground.setting.nodes) else {
        return Ok(nothing(sigma, precision, "the activation is too large"));
    };
    let form = piece.form;
    let mut search = Search {
        sigma: sigma.clone(),
        form,
        certificate: ActivationCertificate {
            schema: ACTIVATION_SCHEMA.into(),
            input: Input {
                name: sigma.name.clone(),
                sha256: sigma.sha256.clone(),
            },
            setting: ground.setting.clone(),
            outer: None,
            slope: None,
            primitive: None,
            zero: None,
            claims: Vec::new(),
        },
        table,
        survey,
        findings: Vec::new(),
        derived: Vec::new(),
        notes: Vec::new(),
        started: start,
    };
    if let Some(outer) = outer {
        search.add_outer(outer);
    }
    search.monotone(ground.slopes.as_deref());
    search.zero(ground.values.as_deref());
    search.primitive();
    search.conclude();
    Ok(search.finish())
}

/// All questions open.
fn nothing(sigma: &ScalarCost, precision: u32, why: &str) -> Derivation {
    let verdict = Verdict::Undecided {
        reason: Reason::Inconclusive { what: why.to_owned() },
        tried: Vec::new(),
    };
    let findings = ["monotone", "conserved", "saddle"].map(|id| Finding {
        id,
        verdict: verdict.clone(),
        seconds: 0.0,
    });
    let text = crate::kernel::print::print(&sigma.table, sigma.root);
    Derivation {
        reading: format!("sigma(w) = {text} on {}", sigma.domain),
        findings: findings.to_vec(),
        derived: Vec::new(),
        certificate: ActivationCertificate {
            schema: ACTIVATION_SCHEMA.into(),
            input: Input {
                name: sigma.name.clone(),
                sha256: sigma.sha256.clone(),
            },
            setting: SettingData {
                nodes: sigma.table.nodes().to_vec(),
                cost: sigma.root,
                left: sigma.domain.left.clone(),
                right: sigma.domain.right.clone(),
                precision,
                pieces: Vec::new(),
            },
            outer: None,
            slope: None,
            primitive: None,
            zero: None,
            claims: Vec::new(),
        },
        notes: Vec::new(),
    }
}

/// A certificate in the making.
struct Search<'a> {
    sigma: ScalarCost,
    /// The analytic expression that equals the activation.
    form: Id,
    certificate: ActivationCertificate,
    /// The nodes of the certificate; it only grows.
    table: Table,
    survey: &'a Surveyor<'a>,
    findings: Vec<Finding>,
    derived: Vec<(String, String)>,
    notes: Vec<String>,
    /// When the search for the next answer began.
    started: Instant,
}

impl Search<'_> {
    fn domain(&self) -> &Domain {
        &self.sigma.domain
    }

    /// Changes the certificate if the kernel accepts the change.
    fn accept(&mut self, change: impl FnOnce(&mut ActivationCertificate)) -> Result<(), Rejection> {
        let mut changed = self.certificate.clone();
        changed.setting.nodes = self.table.nodes().to_vec();
        change(&mut changed);
        ActivationCourt::open(&changed)?;
        self.certificate = changed;
        Ok(())
    }

    /// Asks the kernel about a claim; an accepted one joins the certificate.
    fn judge(&mut self, claim: ActivationClaim) -> Result<Derived, Rejection> {
        let derived = ActivationCourt::open(&self.certificate)?.judge(&claim)?;
        self.certificate.claims.push(claim);
        Ok(derived)
    }

    fn found(&mut self, id: &'static str, verdict: Verdict) {
        let seconds = self.started.elapsed().as_secs_f64();
        self.findings.push(Finding { id, verdict, seconds });
        self.started = Instant::now();
    }

    /// Claims something that should follow from what was accepted.
    fn claim(&mut self, id: &'static str, claim: ActivationClaim) {
        let verdict = match self.judge(claim) {
            Ok(derived) => {
                let formulas = derived.formulas.into_iter();
                self.derived
                    .extend(formulas.map(|(name, text)| (name.to_owned(), text)));
                if derived.theorem.holds() {
                    Verdict::Proved(derived.theorem)
                } else {
                    Verdict::Refuted(derived.theorem)
                }
            }
            Err(rejection) => Verdict::Undecided {
                reason: Reason::Inconclusive {
                    what: rejection.to_string(),
                },
                tried: Vec::new(),
            },
        };
        self.found(id, verdict);
    }

    fn not_applicable(&mut self, id: &'static str, why: &str) {
        self.found(id, Verdict::NotApplicable { why: why.to_owned() });
    }

    fn undecided(&mut self, id: &'static str, what: &str) {
        let verdict = Verdict::Undecided {
            reason: Reason::Inconclusive { what: what.to_owned() },
            tried: Vec::new(),
        };
        self.found(id, verdict);
    }

    /// A particular f, of which only the slope at 0 matters.
    fn add_outer(&mut self, outer: &ScalarCost) {
        let before = self.table.clone();
        let root = self.table.import(&outer.table, outer.root);
        if let Err(rejection) = self.accept(|certificate| certificate.outer = Some(root)) {
            self.table = before;
            self.notes.push(format!(
                "the outer cost is left aside, the answers are for every f: {rejection}"
            ));
        }
    }

    /// Does sigma' keep one sign?
    fn monotone(&mut self, charts: Option<&[Chart]>) {
        if let Some([chart]) = charts
            && self
                .accept(|certificate| certificate.slope = Some(chart.clone()))
                .is_ok()
        {
            return self.claim("monotone", ActivationClaim::Monotone {});
        }
        match self.zero_of_slope(charts.unwrap_or_default()) {
            Some(point) => {
                self.claim("monotone", ActivationClaim::SlopeVanishes { point });
                if let Some((lo, hi)) = self.monotone_part() {
                    let advice = format!("sigma' keeps its sign on a smaller interval: try --domain \"({lo}, {hi})\"");
                    self.notes.push(advice);
                }
            }
            None => self.undecided(
                "monotone",
                "the sign of sigma' on the domain was not found; try a smaller --domain",
            ),
        }
    }

    /// Where does sigma vanish?
    fn zero(&mut self, charts: Option<&[Chart]>) {
        for zero in self.zeros(charts.unwrap_or_default()) {
            let before = self.table.clone();
            let zero = match zero {
                places::Candidate::Exact(value) => Zero::At {
                    at: self.table.number(value),
                },
                places::Candidate::Formula(formula, value) => Zero::At {
                    at: formula.enter(&mut self.table, value),
                },
                places::Candidate::Zero(zero) => zero,
            };
            if self.accept(|certificate| certificate.zero = Some(zero)).is_ok() {
                return;
            }
            self.table = before;
        }
    }

    /// Phi in closed form, else as an integral.
    fn primitive(&mut self) {
        let mut scratch = self.table.clone();
        for candidate in primitive::candidates(&mut scratch, self.form, &self.sigma.domain) {
            let before = self.table.clone();
            let phi = self.table.import(&scratch, candidate);
            if let Some(cover) = self.cover(&scratch, candidate)
                && self
                    .accept(|certificate| certificate.primitive = Some(Primitive::Closed { phi, cover }))
                    .is_ok()
            {
                return;
            }
            self.table = before;
        }
        if self.certificate.slope.is_some()
            && let Some(from) = self.base()
        {
            // Refused only by mistake; then the question stays open.
            let from = Exact(from);
            let _ = self.accept(|certificate| certificate.primitive = Some(Primitive::Integral { from }));
        }
    }

    /// Where an expression is shown to be analytic on the whole domain.
    fn cover(&self, table: &Table, root: Id) -> Option<Cover> {
        let expression = ScalarCost {
            table: table.clone(),
            root,
            ..self.sigma.clone()
        };
        let ground = (self.survey)(&expression, false).ok()??;
        match ground.setting.pieces.as_slice() {
            [piece] => piece.analytic.clone(),
            _ => None,
        }
    }

    /// The point from which an integral is taken: the zero of sigma, else 0, else a simple point of the domain.
    fn base(&self) -> Option<Rational> {
        if let Some(Zero::At { at }) = &self.certificate.zero
            && let Some(crate::kernel::expr::Node::Number(value)) = self.table.node(*at)
        {
            return Some(value.clone());
        }
        if self.domain().contains(&Rational::new()) {
            return Some(Rational::new());
        }
        let (lo, hi) = primitive::middle(self.domain());
        let third = Rational::from(&hi - &lo) / 3u32;
        let inside =
            crate::kernel::polynomial::simplest_between(&Rational::from(&lo + &third), &Rational::from(&hi - &third));
        self.domain().contains(&inside).then_some(inside)
    }

    /// Draws the conclusions.
    fn conclude(&mut self) {
        let monotone = self.certificate.slope.is_some();
        match self.certificate.primitive.clone() {
            None if monotone => self.undecided("conserved", "no antiderivative was accepted"),
            None => self.not_applicable(
                "conserved",
                "no closed form was found, and 2*sigma/sigma' has no integral across a zero of sigma'",
            ),
            Some(primitive) => {
                self.claim("conserved", ActivationClaim::Conserved {});
                self.origin(&primitive);
                self.increments(&primitive);
            }
        }
        match &self.certificate.zero {
            _ if !monotone && !matches!(self.certificate.zero, Some(Zero::Nowhere { .. })) => {
                self.not_applicable("saddle", "sigma' is not shown to keep its sign");
            }
            None => self.undecided("saddle", "it was not found out whether sigma has a zero"),
            Some(Zero::Nowhere { .. }) => self.claim("saddle", ActivationClaim::NoSaddle {}),
            Some(_) => {
                self.claim("saddle", ActivationClaim::Saddle {});
                if self.certificate.primitive.is_some() {
                    self.claim("level_curve", ActivationClaim::LevelCurve {});
                    self.claim("stable_branch", ActivationClaim::StableBranch {});
                }
            }
        }
    }

    /// The value at (0, 0).
    fn origin(&mut self, primitive: &Primitive) {
        if !self.domain().contains(&Rational::new()) {
            return self.not_applicable("origin", "0 is not in the domain");
        }
        let parts = match primitive {
            Primitive::Integral { from } if from.0 != 0 => self.parts(&from.0, &Rational::new()),
            _ => None,
        };
        self.claim("origin", ActivationClaim::Origin { parts });
    }

    /// Enclosures of an integral without closed form, to either side of its base.
    fn increments(&mut self, primitive: &Primitive) {
        let Primitive::Integral { from } = primitive else {
            return;
        };
        for target in self.targets(&from.0) {
            let Some(parts) = self.parts(&from.0, &target) else {
                continue;
            };
            self.increment(parts);
        }
    }

    fn increment(&mut self, parts: Parts) {
        let name = |place: Option<&Exact>| place.map_or_else(String::new, |exact| exact.0.to_string());
        let title = format!("Phi({}) - Phi({})", name(parts.cuts.last()), name(parts.cuts.first()));
        self.claim("increment", ActivationClaim::Increment { parts });
        if let Some(Finding {
            verdict: Verdict::Proved(theorem),
            ..
        }) = self.findings.last()
            && let crate::kernel::theorem::Detail::Witness(range) = theorem.detail()
        {
            self.derived.push((title, format!("in {range}")));
        }
    }

    fn finish(self) -> Derivation {
        let reading =
            ActivationCourt::open(&self.certificate).map_or_else(|_| String::new(), |court| court.reading().to_owned());
        Derivation {
            reading,
            findings: self.findings,
            derived: self.derived,
            certificate: self.certificate,
            notes: self.notes,
        }
    }
}
