//! The gradient flow of a cost of a product of layers: derived, written so that people can read it, and what it keeps.

use super::shorten::shorten;
use crate::kernel::certificate::Input;
use crate::kernel::evaluate::Program;
use crate::kernel::expr::{Id, Node, Table};
use crate::kernel::network::data::{NETWORK_SCHEMA, NetworkCertificate, NetworkClaim, NetworkData};
use crate::kernel::network::{Matrix, Network, VectorField};
use crate::kernel::normal_form::{Decision, is_identically_zero};
use crate::kernel::number::Number;
use crate::kernel::{NetworkCourt, Rejection};
use crate::symbolic::{self, EngineError};
use crate::verdict::{Budget, Reason, Verdict};
use rug::Rational;
use std::time::{Duration, Instant};

/// How long the algebra engine may work on one question.
const PATIENCE: Duration = Duration::from_secs(5);
/// How many points are compared where the zero test does not settle whether two derivatives agree.
const POINTS: u32 = 12;

/// The answer to one question about a flow.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The name of the claim.
    pub id: String,
    /// The answer.
    pub verdict: Verdict,
    /// How long the kernel took.
    pub seconds: f64,
}

/// A flow and what was found out about it.
#[derive(Clone, Debug)]
pub struct Derivation {
    /// The arguments on which the answers were given.
    pub certificate: NetworkCertificate,
    /// The sizes, and the names of the variables.
    pub network: Network,
    /// The flow as the kernel derives it.
    pub field: VectorField,
    /// Holds the gradient as it is shown.
    pub table: Table,
    /// grad f, as short as it was made.
    pub gradient: Matrix,
    /// The gradient, the flow of every layer, and the conserved quantities, in this order.
    pub findings: Vec<Finding>,
    /// Remarks for the reader.
    pub notes: Vec<String>,
}

/// Derives the flow of f(W_N ... W_1) for a cost f and widths d_0, ..., d_N.
///
/// Variable number i d_0 + j of the cost is the entry of W in row i and column j, both counted from 0.
///
/// Errors: a [`Rejection`] if the kernel does not take the cost or the widths. Panics: never.
pub fn derive(
    (table, cost): (&Table, Id),
    widths: &[u16],
    input: &Input,
    budget: &Budget,
) -> Result<Derivation, Rejection> {
    let (table, roots) = table.extract(&[cost]);
    let cost = roots.first().copied().unwrap_or(cost);
    let data = NetworkData {
        nodes: table.nodes().to_vec(),
        cost,
        widths: widths.to_vec(),
    };
    let network = Network::open(&data)?;
    let field = network.vector_field()?;
    let mut notes = Vec::new();
    if budget.algebra {
        notes.extend(cross_check(&network, (&table, cost), &field, budget));
    }
    let short = |id: Id| shortest(&network, &field.table, id, budget);
    let plain = |id: Id| (field.table.clone(), id);
    let mut written = write(&table, &field, short);
    let mut certificate = certificate(input, &data, &written);
    let mut court = NetworkCourt::open(&certificate)?;
    let first = certificate.claims.first();
    let mut findings: Vec<Finding> = first.into_iter().map(|claim| judge(&mut court, claim)).collect();
    if findings
        .iter()
        .any(|finding| !matches!(finding.verdict, Verdict::Proved(_)))
    {
        // What we made shorter is not the gradient, or not shown to be: the kernel's own derivative is.
        written = write(&table, &field, plain);
        certificate = self::certificate(input, &data, &written);
        court = NetworkCourt::open(&certificate)?;
        findings.clear();
    }
    for claim in certificate.claims.iter().skip(findings.len()) {
        findings.push(judge(&mut court, claim));
    }
    let (table, gradient) = written;
    Ok(Derivation {
        certificate,
        network,
        field,
        table,
        gradient,
        findings,
        notes,
    })
}

/// The table of the cost with the entries of the gradient, each in the form that `form` gives it.
fn write(cost: &Table, field: &VectorField, form: impl Fn(Id) -> (Table, Id)) -> (Table, Matrix) {
    let mut table = cost.clone();
    let gradient = field.gradient.mapped(|entry| {
        let (found, root) = form(entry);
        table.import(&found, root)
    });
    (table, gradient)
}

/// Everything that is claimed of the flow, with the gradient as it was written.
fn certificate(input: &Input, data: &NetworkData, (table, gradient): &(Table, Matrix)) -> NetworkCertificate {
    let depth = u16::try_from(data.widths.len().saturating_sub(1)).unwrap_or(u16::MAX);
    let entries = gradient.entries().to_vec();
    let claims = std::iter::once(NetworkClaim::Gradient { entries })
        .chain((1..=depth).map(|layer| NetworkClaim::Flow { layer }))
        .chain((1..depth).map(|layer| NetworkClaim::Conservation { layer }));
    NetworkCertificate {
        schema: NETWORK_SCHEMA.to_owned(),
        input: input.clone(),
        network: NetworkData {
            nodes: table.nodes().to_vec(),
            ..data.clone()
        },
        claims: claims.collect(),
    }
}

/// What the kernel says about one claim.
fn judge(court: &mut NetworkCourt, claim: &NetworkClaim) -> Finding {
    let started = Instant::now();
    let id = match claim {
        NetworkClaim::Gradient { .. } => "gradient".to_owned(),
        NetworkClaim::Flow { layer } => format!("flow_{layer}"),
        NetworkClaim::Conservation { layer } => format!("conservation_{layer}"),
    };
    let verdict = match court.judge(claim) {
        Ok(theorem) if theorem.holds() => Verdict::Proved(theorem),
        Ok(theorem) => Verdict::Refuted(theorem),
        Err(rejection) => Verdict::Undecided {
            reason: refusal(&rejection),
            tried: Vec::new(),
        },
    };
    Finding {
        id,
        verdict,
        seconds: started.elapsed().as_secs_f64(),
    }
}

/// Why the kernel refused a claim: a limit, or else a mistake of ours, because the claims are true.
fn refusal(rejection: &Rejection) -> Reason {
    if rejection.why.contains("too large") {
        return Reason::Inconclusive {
            what: format!("too much to compare entry by entry: {}", rejection.why),
        };
    }
    Reason::Internal {
        what: rejection.to_string(),
    }
}

/// The shortest form of an entry of the gradient that we, or the algebra engine, can find.
fn shortest(network: &Network, table: &Table, id: Id, budget: &Budget) -> (Table, Id) {
    let text = |table: &Table, id: Id| network.print(table, id);
    let ours = shorten(table, id, &text);
    if !budget.algebra || budget.is_over() {
        return ours;
    }
    let Ok(theirs) = symbolic::simplify(table, id, PATIENCE) else {
        return ours;
    };
    let length = |(table, id): &(Table, Id)| text(table, *id).chars().count();
    if length(&theirs) < length(&ours) && agree((table, id), (&theirs.0, theirs.1)) {
        theirs
    } else {
        ours
    }
}

/// Compares the kernel's derivatives with the algebra engine's; a disagreement is a mistake of foliate.
fn cross_check(network: &Network, (table, cost): (&Table, Id), field: &VectorField, budget: &Budget) -> Vec<String> {
    let mut notes = Vec::new();
    for (number, entry) in field.gradient.entries().iter().enumerate() {
        let Ok(variable) = u16::try_from(number) else { break };
        if budget.is_over() {
            break;
        }
        match symbolic::differentiate(table, cost, variable, PATIENCE) {
            Ok((other, root)) if disagree(field, *entry, (&other, root)) => notes.push(format!(
                "internal error, please report: two derivatives by {} disagree: the kernel says {}, Symbolica says {}",
                network.name(variable),
                network.print(&field.table, *entry),
                network.print(&other, root)
            )),
            Err(EngineError::Failed(message)) => {
                notes.push(format!("the algebra engine failed: {message}"));
                break;
            }
            _ => {}
        }
    }
    notes
}

/// Whether two expressions are shown to agree wherever both are defined.
fn agree(a: (&Table, Id), b: (&Table, Id)) -> bool {
    let mut table = a.0.clone();
    let other = table.import(b.0, b.1);
    let difference = table.insert(Node::Sub(a.1, other));
    is_identically_zero(&table, difference) == Decision::Zero
}

/// Whether an entry of the gradient and another expression certainly differ somewhere.
fn disagree(field: &VectorField, entry: Id, other: (&Table, Id)) -> bool {
    if agree((&field.table, entry), other) {
        return false;
    }
    let mut table = field.table.clone();
    let imported = table.import(other.0, other.1);
    let difference = table.insert(Node::Sub(entry, imported));
    let program = Program::new(&table, difference);
    let count = u32::try_from(field.gradient.entries().len()).unwrap_or(u32::MAX);
    (0..POINTS).any(|seed| {
        // Points without any symmetry, some near 0 and some not.
        let coordinate = |number: u32| Rational::from(((number * 7 + seed * 5 + 3) % 11, seed % 3 + 1)) - seed % 4;
        let point: Vec<Number> = (0..count).map(|number| Number::Exact(coordinate(number))).collect();
        let value = program.value(&point, 128);
        value.is_ok_and(|value| value.is_nonzero())
    })
}
