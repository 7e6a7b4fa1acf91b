//! A flow to enclose: the vector field, where it starts, and how far to follow it.

use super::{Domain, Source, Span};
use crate::kernel::expr::{Id, Table};
use crate::kernel::flow::data::Model;
use rug::Rational;

/// What a flow file says once it has been understood.
#[derive(Clone, Debug)]
pub struct FlowSpec {
    /// The name of the flow.
    pub name: String,
    /// Holds all expressions below.
    pub table: Table,
    /// What makes the vector field.
    pub model: Model,
    /// The domain of a scalar cost f; the line for everything else.
    pub domain: Domain,
    /// The names of the coordinates, such as `w1[2]` or `W2[1,3]`, in the order of the model.
    pub names: Vec<String>,
    /// A closed interval for every coordinate of the start.
    pub start: Vec<[Rational; 2]>,
    /// How far to follow it.
    pub horizon: Horizon,
    /// The precision of the enclosures in bits, 53 to 4096.
    pub precision: u32,
    /// For every layer, or for the whole field, a bound for the Euclidean norm of what may be added; empty for nothing.
    pub disturbance: Vec<Rational>,
    /// The radius alpha of the set |w1 + w2^T| >= alpha whose invariance is asked for.
    pub alpha: Option<Rational>,
    /// Quantities to follow, with their names; whether they are conserved is for the kernel to say.
    pub invariants: Vec<(String, Id)>,
    /// A second start, to be compared with the first.
    pub compare: Option<Vec<[Rational; 2]>>,
    /// Report the time until f is within this distance of its limit.
    pub tolerance: Option<Rational>,
    /// Where the start stands in the text.
    pub start_span: Span,
    /// How the start was drawn, if it was; `start` holds what came out, widened by the radius.
    pub seed: Option<Seed>,
    /// How the second start was drawn, if it was.
    pub compare_seed: Option<Seed>,
    /// Where the cost stands in the text, or the name of its file, or the table of the vector field.
    pub model_span: Span,
    /// The text all of this was read from.
    pub source: Source,
    /// The SHA-256 of the bytes of the source, in lower-case hexadecimal.
    pub sha256: String,
    /// The cost file that the flow file refers to: its path as written, and the SHA-256 of its text.
    pub cost_file: Option<(String, String)>,
}

/// How a start is drawn: every coordinate is a multiple of 1/denominator of absolute value at most the bound.
///
/// `docs/flow-file.md` has the generator.
#[derive(Clone, Debug, PartialEq)]
pub struct Seed {
    /// Where the generator starts.
    pub seed: u64,
    /// The largest absolute value, positive.
    pub bound: Rational,
    /// The denominator, positive.
    pub denominator: u32,
}

/// How far to follow a flow.
#[derive(Clone, Debug, PartialEq)]
pub enum Horizon {
    /// To this time, positive.
    Time(Rational),
    /// Until convergence is proved, and then for ever.
    Settled,
}
