//! The flow of f(w2 w1) with a row w2 and a column w1: a scalar equation for z = w2 w1 decides everything.
//!
//! The flow is w1' = -f'(z) w2^T, (w2^T)' = -f'(z) w1. So p = w1 + w2^T and q = w1 - w2^T satisfy p' = -f'(z) p and
//! q' = f'(z) q: with a' = -f'(z), a(0) = 0, they are p e^a and q e^-a. Hence, with P = |p|^2 and M = |q|^2 at the start,
//!
//! - z = z(a) = (P e^(2a) - M e^(-2a))/4, which grows with a and dz/da = sqrt(P M + 4 z^2), unless P = M = 0;
//! - z' = -f'(z) sqrt(P M + 4 z^2).
//!
//! Where f is analytic, f' is locally Lipschitz, and a' = -f'(z(a)) has unique solutions, which are monotone. A solution
//! exists as long as z stays in a compact interval on which f is analytic: there |a'| is bounded, so a is bounded on
//! bounded time intervals. Every rule shows that f is analytic on the interval it speaks of.

pub mod data;
mod descent;
mod place;
mod robust;
mod signs;
mod start;
#[cfg(test)]
#[allow(
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test may panic, and its numbers are its own"
)]
mod tests;
mod times;
mod words;
mod work;

use super::super::evaluate::Program;
use super::super::expr::{Id, Node, Table};
use super::super::interval::Interval;
use super::super::limits;
use super::super::print;
use super::super::theorem::{Rejection, Settled, Within, require};
use super::data::{Model, SystemData};
use data::VectorClaim;
use rug::Rational;
use start::Start;
use std::cell::Cell;

/// A cost, a box of starts and bounds for disturbances that passed their checks.
#[derive(Clone, Debug)]
pub struct VectorSystem {
    table: Table,
    cost: Id,
    /// f, for Taylor coefficients: f' is the first one.
    program: Program,
    /// f' as an expression; it equals f' where f is analytic and the expression is defined.
    slope: Id,
    start: Start,
    disturbance: Vec<Rational>,
    /// The units of work that are left.
    account: Cell<u64>,
}

/// What has been found out about a claim, with the numbers in it.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The statement, for whoever makes theorems.
    pub settled: Settled,
    /// An enclosure of z = w2 w1 at the time, or in the limit, that the claim is about.
    pub product: Option<Interval>,
    /// Enclosures of the coordinates there, first those of w1, then those of w2; empty if the claim is not about a place.
    pub coordinates: Vec<Interval>,
    /// An enclosure of the time that the claim is about.
    pub time: Option<Interval>,
}

impl Outcome {
    /// The kernel's reading of what was found out. Panics: never.
    pub fn statement(&self) -> &str {
        &self.settled.statement
    }
}

impl VectorSystem {
    /// Checks a system: a linear network of widths 1, k, 1, a box of starts, at most one bound per layer.
    ///
    /// Errors: a [`Rejection`] with the address of the demand that failed. Panics: never.
    pub fn open(data: &SystemData) -> Result<Self, Rejection> {
        let Model::Linear { cost, widths } = &data.model else {
            return Err(Rejection::new("not the flow of a product").within("model"));
        };
        let [1, width, 1] = widths.as_slice() else {
            return Err(Rejection::new("the widths are not 1, k, 1").within("model.widths"));
        };
        let width = usize::from(*width);
        require(
            (1..=limits::LAYER_ENTRIES).contains(&width),
            "the width is out of range",
        )
        .within(|| "model.widths")?;
        let table = Table::from_nodes(&data.nodes);
        let mut table = table.ok_or_else(|| Rejection::new("not a table of expressions").within("nodes"))?;
        let cost = *cost;
        require_cost(&table, cost).within(|| "model.cost")?;
        let slope = table.derivative(cost, 0);
        let slope =
            slope.map_err(|_| Rejection::new("the cost has no derivative as an expression").within("model.cost"))?;
        let start = Start::read(&data.start, width)?;
        let disturbance: Vec<Rational> = data.disturbance.iter().map(|bound| bound.0.clone()).collect();
        require(disturbance.len() <= 2, "at most one bound for every layer").within(|| "disturbance")?;
        require(disturbance.iter().all(|bound| *bound >= 0), "a bound is negative").within(|| "disturbance")?;
        Ok(VectorSystem {
            program: Program::new(&table, cost),
            table,
            cost,
            slope,
            start,
            disturbance,
            account: Cell::new(limits::VECTOR_WORK),
        })
    }

    /// Settles one claim; all claims of a system share its allowance of work.
    ///
    /// Errors: a [`Rejection`] with the demand that failed. Panics: never.
    pub fn judge(&self, claim: &VectorClaim) -> Result<Settled, Rejection> {
        self.examine(claim).map(|outcome| outcome.settled)
    }

    /// Settles one claim and gives the numbers in it.
    ///
    /// Errors: a [`Rejection`] with the demand that failed. Panics: never.
    pub fn examine(&self, claim: &VectorClaim) -> Result<Outcome, Rejection> {
        match claim {
            VectorClaim::ToOrigin { precision, cuts, order } => self.to_origin(cuts, *order, *precision),
            VectorClaim::Limit(descent) => self.limit(descent),
            VectorClaim::Rests { precision } => self.rests(*precision),
            VectorClaim::Position(position) => self.position(position),
            VectorClaim::Transit(transit) => self.transit(transit),
            VectorClaim::Faster { other, descent } => self.faster(other, descent),
            VectorClaim::Robust {
                precision,
                alpha,
                sum,
                kappa,
                cuts,
                order,
            } => {
                let set = robust::Set {
                    alpha: &alpha.0,
                    sum: *sum,
                };
                self.robust(&set, &kappa.0, cuts, *order, *precision)
            }
            VectorClaim::Dissipation { alpha, scale, target } => self.dissipation(&alpha.0, &scale.0, &target.0),
        }
    }

    /// The kernel's reading of the cost, such as `(w - 1)^2`. Panics: never.
    pub fn cost_text(&self) -> String {
        print::print(&self.table, self.cost)
    }

    /// k, the number of entries of w1 and of w2. Panics: never.
    pub fn width(&self) -> usize {
        self.start.first.len()
    }

    /// The exact range `[lo, hi]` of z = w2 w1 over the starts. Panics: never.
    pub fn start_product(&self) -> [Rational; 2] {
        [self.start.product.lo.clone(), self.start.product.hi.clone()]
    }

    /// The exact ranges of P = |w1 + w2^T|^2 and M = |w1 - w2^T|^2 over the starts. Panics: never.
    pub fn start_lengths(&self) -> [[Rational; 2]; 2] {
        [&self.start.plus, &self.start.minus].map(|range| [range.lo.clone(), range.hi.clone()])
    }

    /// Allows as much work as at the beginning; for finders, which try many claims.
    ///
    /// Panics: never.
    pub fn refill(&self) {
        self.account.set(limits::VECTOR_WORK);
    }

    /// Demands that nothing disturbs the flow.
    fn require_undisturbed(&self) -> Result<(), Rejection> {
        let quiet = self.disturbance.iter().all(|bound| *bound == 0);
        require(quiet, "only for a flow without disturbance")
    }

    /// Takes units off the account. Errors: if there are not enough left.
    fn pay(&self, units: u64) -> Result<(), Rejection> {
        let left = self.account.get().checked_sub(units);
        require(left.is_some(), "the certificate asks for too much work")?;
        self.account.set(left.unwrap_or(0));
        Ok(())
    }

    /// Pays for evaluations of a program with Taylor coefficients up to an order, at a precision in bits.
    fn pay_evaluations(&self, program: &Program, times: usize, order: usize, precision: u32) -> Result<(), Rejection> {
        self.pay(work::evaluation(program, order, precision).saturating_mul(work::size(times)))
    }
}

/// Demands that an expression is there and depends on variable 0 alone.
fn require_cost(table: &Table, cost: Id) -> Result<(), Rejection> {
    require(table.node(cost).is_some(), "there is no such expression")?;
    let foreign = |id: &Id| matches!(table.node(*id), Some(Node::Variable(1..)));
    require(!table.reachable(cost).iter().any(foreign), "an unknown variable")
}

/// Demands a precision that the kernel computes with.
fn require_precision(precision: u32) -> Result<(), Rejection> {
    require(limits::PRECISION.contains(&precision), "the precision is out of range").within(|| "precision")
}
