//! Looks for critical points of f(W_N ... W_1) that are not critical for f, and for what bends downwards there.
//!
//! A guess in floating point is pinned down by Newton's method in many digits and handed to the kernel with a box; nothing
//! is said of a point that the kernel does not accept.

mod guess;
mod judge;
mod matrix;
mod refine;
mod search;
mod strata;
#[cfg(test)]
mod tests;

use crate::kernel::certificate::Input;
use crate::kernel::expr::{Id, Table};
use crate::kernel::network::data::NetworkData;
use crate::kernel::saddles::data::{LandscapeData, PointData, Rows, SADDLE_SCHEMA, SaddleCertificate, SaddleClaim};
use crate::kernel::{Rejection, SaddleCourt};
use crate::verdict::{Budget, Verdict};
pub use judge::Row;

/// What to look at.
#[derive(Clone, Debug)]
pub struct Question<'a> {
    /// Holds the cost and the domain, in the entries of W.
    pub table: &'a Table,
    /// The cost f.
    pub cost: Id,
    /// Where this is positive the cost is studied; everywhere if there is none.
    pub domain: Option<Id>,
    /// d_0, ..., d_N.
    pub widths: &'a [u16],
    /// Only these layers, in place of a search.
    pub point: Option<Vec<Rows>>,
    /// How many starts a search takes for each rank.
    pub starts: usize,
}

/// One question and its answer.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The name of the question.
    pub id: String,
    /// The answer.
    pub verdict: Verdict,
    /// How long search and check took.
    pub seconds: f64,
}

/// Everything that was found.
#[derive(Clone, Debug)]
pub struct Survey {
    /// The kernel's reading of the question.
    pub reading: String,
    /// The questions and answers, point by point.
    pub findings: Vec<Finding>,
    /// A line for every point.
    pub rows: Vec<Row>,
    /// What was claimed, with the arguments.
    pub certificate: SaddleCertificate,
    /// Remarks for the reader.
    pub notes: Vec<String>,
}

/// Why there is no survey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The kernel cannot work with the question at all.
    Question(Rejection),
    /// The point is not a critical one, or not shown to be one.
    Point(Rejection),
}

/// Looks for spurious critical points, or at one point.
///
/// Errors: [`Trouble`] if the question or the point cannot be used. Panics: never.
pub fn survey(question: &Question<'_>, input: &Input, budget: &Budget) -> Result<Survey, Trouble> {
    let roots: Vec<Id> = [question.cost].into_iter().chain(question.domain).collect();
    let (table, roots) = question.table.extract(&roots);
    let mut landscape = LandscapeData {
        network: NetworkData {
            nodes: table.nodes().to_vec(),
            cost: roots.first().copied().unwrap_or(question.cost),
            widths: question.widths.to_vec(),
        },
        domain: roots.get(1).copied(),
        precision: budget.precision,
        points: Vec::new(),
    };
    let court = SaddleCourt::open(&landscape).map_err(Trouble::Question)?;
    let mut bench = judge::Bench::new(court, budget.clone());
    match &question.point {
        Some(layers) => {
            let point = bench.court.landscape().add(PointData::Exact { layers: layers.clone() });
            bench.court.landscape().place(point).map_err(Trouble::Point)?;
            bench.point(point);
        }
        None => search(&mut bench, question),
    }
    landscape.points = bench.court.landscape().points().to_vec();
    let claims: Vec<SaddleClaim> = bench.claims;
    let mut certificate = SaddleCertificate {
        schema: SADDLE_SCHEMA.to_owned(),
        input: input.clone(),
        landscape,
        claims,
    };
    certificate.forget_unused_points();
    Ok(Survey {
        reading: bench.court.reading(),
        findings: bench.findings,
        rows: bench.rows,
        certificate,
        notes: bench.notes,
    })
}

/// Collects points from all sources, and judges them.
fn search(bench: &mut judge::Bench, question: &Question<'_>) {
    let square = bench.court.landscape().square_loss();
    let met = square
        .as_ref()
        .map_or(strata::Met::Nothing, |square| strata::points(bench, square));
    if met == strata::Met::Nothing {
        search::points(bench, question.starts);
    }
    bench.finish(met == strata::Met::All);
}
