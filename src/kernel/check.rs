//! The door of the kernel: a certificate goes in, theorems and rejections come out.

use super::activation::Neuron;
use super::activation::data::{ACTIVATION_SCHEMA, ActivationCertificate, ActivationClaim};
use super::certificate::{Certificate, Claim, SCHEMA};
use super::flow::data::{FLOW_SCHEMA, FlowCertificate, FlowClaim, SystemData};
use super::flow::{Bench, Walk};
use super::free::data::{THEORY_SCHEMA, TheoryCertificate, TheoryClaim, TheoryData};
use super::free::{Algebra, settle};
use super::matrix::Cost;
use super::matrix::data::{CostData, MATRIX_SCHEMA, MatrixCertificate, MatrixClaim};
use super::network::Network;
use super::network::data::{NETWORK_SCHEMA, NetworkCertificate, NetworkClaim};
use super::print;
use super::rules;
use super::saddles::Landscape;
use super::saddles::data::{LandscapeData, SADDLE_SCHEMA, SaddleCertificate, SaddleClaim};
use super::setting::Setting;
use super::theorem::{Rejection, Theorem, Within, require};

/// A setting that passed its checks, ready to have claims about it checked.
#[derive(Clone, Debug)]
pub struct Court {
    setting: Setting,
    reading: String,
}

impl Court {
    /// Checks the setting of a certificate.
    ///
    /// Errors: a [`Rejection`] with the address of the demand that failed.
    /// Panics: never.
    pub fn open(certificate: &Certificate) -> Result<Self, Rejection> {
        require(certificate.schema == SCHEMA, "an unknown schema").within(|| "schema")?;
        let setting = Setting::check(&certificate.setting).within(|| "setting")?;
        let cost = print::print(&setting.table, setting.cost);
        let reading = format!("f(w) = {cost} on ({}, {})", setting.left, setting.right);
        Ok(Court { setting, reading })
    }

    /// The kernel's reading of the cost and its domain.
    pub fn reading(&self) -> &str {
        &self.reading
    }

    /// Allows as much work as at the beginning; for finders, which try many claims in the same court.
    pub fn adjourn(&self) {
        self.setting.refill();
    }

    /// Checks one claim. The only place where a [`Theorem`] is made.
    ///
    /// Errors: a [`Rejection`] with the address of the demand that failed.
    /// Panics: never.
    pub fn judge(&mut self, claim: &Claim) -> Result<Theorem, Rejection> {
        let established = rules::establish(&mut self.setting, claim)?;
        Ok(Theorem::mint(&self.reading, established))
    }
}

/// Checks a whole certificate: one theorem or rejection per claim.
///
/// Errors: the outer [`Rejection`] if the setting itself is refused.
/// Panics: never.
pub fn check(certificate: &Certificate) -> Result<Vec<Result<Theorem, Rejection>>, Rejection> {
    let mut court = Court::open(certificate)?;
    let judged = certificate.claims.iter().enumerate();
    Ok(judged
        .map(|(index, claim)| court.judge(claim).within(|| format!("claims[{index}]")))
        .collect())
}

/// A theory that passed its checks, ready to have claims about it checked.
#[derive(Debug)]
pub struct TheoryCourt<'a> {
    algebra: Algebra<'a>,
    reading: String,
}

impl<'a> TheoryCourt<'a> {
    /// Checks the declarations and assumptions of a theory.
    ///
    /// Errors: a [`Rejection`] with the address of the demand that failed.
    /// Panics: never.
    pub fn open(theory: &'a TheoryData) -> Result<Self, Rejection> {
        let algebra = Algebra::new(theory).within(|| "theory")?;
        let reading = theory.reading();
        Ok(TheoryCourt { algebra, reading })
    }

    /// The normal forms of the theory, for those who want to show them.
    pub fn algebra(&mut self) -> &mut Algebra<'a> {
        &mut self.algebra
    }

    /// Checks one claim.
    ///
    /// Errors: a [`Rejection`] with the address of the demand that failed.
    /// Panics: never.
    pub fn judge(&mut self, claim: &TheoryClaim) -> Result<Theorem, Rejection> {
        let settled = settle(&mut self.algebra, claim)?;
        Ok(Theorem::mint_claim(&claim.id, &self.reading, settled))
    }
}

/// Checks all claims of a claim file, part by part: one theorem or rejection per claim.
///
/// Errors: the outer [`Rejection`] if the schema is unknown.
/// Panics: never.
pub fn check_theory(certificate: &TheoryCertificate) -> Result<Vec<Result<Theorem, Rejection>>, Rejection> {
    require(certificate.schema == THEORY_SCHEMA, "an unknown schema").within(|| "schema")?;
    let mut judged = Vec::new();
    for (number, part) in certificate.parts.iter().enumerate() {
        match TheoryCourt::open(&part.theory) {
            Ok(mut court) => judged.extend(part.claims.iter().enumerate().map(|(index, claim)| {
                let outcome = court.judge(claim).within(|| format!("claims[{index}]"));
                outcome.within(|| format!("parts[{number}]"))
            })),
            Err(rejection) => judged.push(Err(rejection.within(format!("parts[{number}]")))),
        }
    }
    Ok(judged)
}

/// A cost and a network that passed their checks, ready to have claims about the flow checked.
#[derive(Clone, Debug)]
pub struct NetworkCourt {
    network: Network,
}

impl NetworkCourt {
    /// Checks the cost and the widths of a certificate.
    ///
    /// Errors: a [`Rejection`] with the address of the demand that failed.
    /// Panics: never.
    pub fn open(certificate: &NetworkCertificate) -> Result<Self, Rejection> {
        require(certificate.schema == NETWORK_SCHEMA, "an unknown schema").within(|| "schema")?;
        let network = Network::open(&certificate.network).within(|| "network")?;
        Ok(NetworkCourt { network })
    }

    /// The kernel's reading of the cost and the widths.
    pub fn reading(&self) -> String {
        self.network.reading()
    }

    /// Checks one claim about the flow; all claims of a certificate share its allowance of work.
    ///
    /// Errors: a [`Rejection`] with the address of the demand that failed.
    /// Panics: never.
    pub fn judge(&mut self, claim: &NetworkClaim) -> Result<Theorem, Rejection> {
        let (id, settled) = self.network.settle(claim)?;
        Ok(Theorem::mint_claim(&id, "", settled))
    }
}

/// Checks a whole certificate about the flow of a network: one theorem or rejection per claim.
///
/// Errors: the outer [`Rejection`] if the cost or the widths are refused.
/// Panics: never.
pub fn check_network(certificate: &NetworkCertificate) -> Result<Vec<Result<Theorem, Rejection>>, Rejection> {
    let mut court = NetworkCourt::open(certificate)?;
    let judged = certificate.claims.iter().enumerate();
    Ok(judged
        .map(|(index, claim)| court.judge(claim).within(|| format!("claims[{index}]")))
        .collect())
}

/// An activation that passed its checks, ready to have claims about its flow checked.
#[derive(Clone, Debug)]
pub struct ActivationCourt {
    neuron: Neuron,
}

/// A theorem about one activated neuron, with the formulas it is about.
#[derive(Clone, Debug)]
pub struct Derived {
    /// What was proved.
    pub theorem: Theorem,
    /// Names and formulas, for display.
    pub formulas: Vec<(&'static str, String)>,
}

impl ActivationCourt {
    /// Checks everything in a certificate but its claims.
    ///
    /// Errors: a [`Rejection`] with the address of the demand that failed.
    /// Panics: never.
    pub fn open(certificate: &ActivationCertificate) -> Result<Self, Rejection> {
        require(certificate.schema == ACTIVATION_SCHEMA, "an unknown schema").within(|| "schema")?;
        let neuron = Neuron::check(certificate)?;
        Ok(ActivationCourt { neuron })
    }

    /// The kernel's reading of the activation and its domain.
    pub fn reading(&self) -> &str {
        self.neuron.reading()
    }

    /// Checks one claim.
    ///
    /// Errors: a [`Rejection`] with the address of the demand that failed.
    /// Panics: never.
    pub fn judge(&mut self, claim: &ActivationClaim) -> Result<Derived, Rejection> {
        let conclusion = self.neuron.settle(claim)?;
        Ok(Derived {
            theorem: Theorem::mint_claim(conclusion.id, "", conclusion.settled),
            formulas: conclusion.formulas,
        })
    }
}

/// Checks a whole certificate about an activation: one theorem or rejection per claim.
///
/// Errors: the outer [`Rejection`] if anything but a claim is refused.
/// Panics: never.
pub fn check_activation(certificate: &ActivationCertificate) -> Result<Vec<Result<Derived, Rejection>>, Rejection> {
    let mut court = ActivationCourt::open(certificate)?;
    let judged = certificate.claims.iter().enumerate();
    Ok(judged
        .map(|(index, claim)| court.judge(claim).within(|| format!("claims[{index}]")))
        .collect())
}

/// A flow that passed its checks, ready to have claims about it checked.
#[derive(Debug)]
pub struct FlowCourt {
    bench: Bench,
}

impl FlowCourt {
    /// Checks a vector field, its starts and disturbances.
    ///
    /// Errors: a [`Rejection`] with the address of the demand that failed.
    /// Panics: never.
    pub fn open(system: &SystemData) -> Result<Self, Rejection> {
        let bench = Bench::open(system).within(|| "system")?;
        Ok(FlowCourt { bench })
    }

    /// The kernel's reading of the flow and its starts.
    pub fn reading(&self) -> &str {
        self.bench.system().reading()
    }

    /// What is known so far: the system, the last tube and the last limit.
    pub fn bench(&self) -> &Bench {
        &self.bench
    }

    /// Checks one claim; claims about the end of a tube speak of the last one.
    ///
    /// Errors: a [`Rejection`] with the address of the demand that failed.
    /// Panics: never.
    pub fn judge(&mut self, claim: &FlowClaim) -> Result<Theorem, Rejection> {
        let judged = self.bench.judge(claim)?;
        let reading = self.bench.system().reading();
        Ok(Theorem::mint_claim(judged.name, reading, judged.settled))
    }

    /// What a walk through the system of this court shows: its steps were checked one by one.
    ///
    /// Errors: a [`Rejection`] of a walk through another system.
    /// Panics: never.
    pub fn adopt(&mut self, walk: Walk) -> Result<Theorem, Rejection> {
        let judged = self.bench.adopt(walk)?;
        let reading = self.bench.system().reading();
        Ok(Theorem::mint_claim(judged.name, reading, judged.settled))
    }
}

/// Checks all claims about a flow, in order: one theorem or rejection per claim.
///
/// Errors: the outer [`Rejection`] if the schema is unknown or the flow itself is refused.
/// Panics: never.
pub fn check_flow(certificate: &FlowCertificate) -> Result<Vec<Result<Theorem, Rejection>>, Rejection> {
    require(certificate.schema == FLOW_SCHEMA, "an unknown schema").within(|| "schema")?;
    let mut court = FlowCourt::open(&certificate.system)?;
    let judged = certificate.claims.iter().enumerate();
    Ok(judged
        .map(|(index, claim)| court.judge(claim).within(|| format!("claims[{index}]")))
        .collect())
}

/// Most claims about one cost of a matrix: eight questions have not more answers.
const MATRIX_CLAIMS: usize = 16;

/// A cost of a matrix that passed its checks, ready to have claims about it checked.
#[derive(Clone, Debug)]
pub struct MatrixCourt {
    cost: Cost,
    reading: String,
}

impl MatrixCourt {
    /// Checks the shape of a cost, its domain, and that it is defined there.
    ///
    /// Errors: a [`Rejection`] with the address of the demand that failed.
    /// Panics: never.
    pub fn open(data: &CostData) -> Result<Self, Rejection> {
        let cost = Cost::open(data).within(|| "cost")?;
        let reading = cost.reading();
        Ok(MatrixCourt { cost, reading })
    }

    /// The kernel's reading of the cost and its domain.
    pub fn reading(&self) -> &str {
        &self.reading
    }

    /// Checks one claim.
    ///
    /// Errors: a [`Rejection`] with the address of the demand that failed.
    /// Panics: never.
    pub fn judge(&mut self, claim: &MatrixClaim) -> Result<Theorem, Rejection> {
        self.cost.adjourn();
        let established = self.cost.establish(claim)?;
        Ok(Theorem::mint(&self.reading, established))
    }
}

/// Checks a whole certificate about a cost of a matrix: one theorem or rejection per claim.
///
/// Errors: the outer [`Rejection`] if the schema is unknown or the cost itself is refused.
/// Panics: never.
pub fn check_matrix(certificate: &MatrixCertificate) -> Result<Vec<Result<Theorem, Rejection>>, Rejection> {
    require(certificate.schema == MATRIX_SCHEMA, "an unknown schema").within(|| "schema")?;
    // Each claim has its own allowance of work.
    require(certificate.claims.len() <= MATRIX_CLAIMS, "too many claims").within(|| "claims")?;
    let mut court = MatrixCourt::open(&certificate.cost)?;
    let judged = certificate.claims.iter().enumerate();
    Ok(judged
        .map(|(index, claim)| court.judge(claim).within(|| format!("claims[{index}]")))
        .collect())
}

/// A cost, a network and points, ready to have claims about critical points checked.
#[derive(Clone, Debug)]
pub struct SaddleCourt {
    landscape: Landscape,
}

impl SaddleCourt {
    /// Checks everything but the points, which are looked at when a claim names them.
    ///
    /// Errors: a [`Rejection`] with the address of the demand that failed.
    /// Panics: never.
    pub fn open(data: &LandscapeData) -> Result<Self, Rejection> {
        let landscape = Landscape::open(data).within(|| "landscape")?;
        Ok(SaddleCourt { landscape })
    }

    /// The kernel's reading of the cost, the widths and the domain.
    pub fn reading(&self) -> String {
        self.landscape.reading()
    }

    /// The points, and what is known of them.
    pub fn landscape(&mut self) -> &mut Landscape {
        &mut self.landscape
    }

    /// Checks one claim; all claims of a certificate share its allowance of work.
    ///
    /// Errors: a [`Rejection`] with the address of the demand that failed.
    /// Panics: never.
    pub fn judge(&mut self, claim: &SaddleClaim) -> Result<Theorem, Rejection> {
        let (id, settled) = self.landscape.settle(claim)?;
        let reading = self.landscape.reading();
        Ok(Theorem::mint_claim(&id, &reading, settled))
    }
}

/// Checks a whole certificate about critical points: one theorem or rejection per claim.
///
/// Errors: the outer [`Rejection`] if the schema is unknown or the landscape itself is refused.
/// Panics: never.
pub fn check_saddles(certificate: &SaddleCertificate) -> Result<Vec<Result<Theorem, Rejection>>, Rejection> {
    require(certificate.schema == SADDLE_SCHEMA, "an unknown schema").within(|| "schema")?;
    let mut court = SaddleCourt::open(&certificate.landscape)?;
    let judged = certificate.claims.iter().enumerate();
    Ok(judged
        .map(|(index, claim)| court.judge(claim).within(|| format!("claims[{index}]")))
        .collect())
}
