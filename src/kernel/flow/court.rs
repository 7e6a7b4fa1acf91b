//! Claims about a flow, judged one after the other; [`super::super::check`] makes the theorems.

use super::super::exact_text::finite_decimal;
use super::super::expr::{Id, Table};
use super::super::interval::Interval;
use super::super::theorem::{Rejection, Settled, Within, require};
use super::account::Account;
use super::barrier::Descent;
use super::data::{Barrier, Dissipation, FlowClaim, Settling, SystemData, TubeData};
use super::ground::Ground;
use super::leaf::{Leaf, tightened};
use super::settle::Limit;
use super::system::System;
use super::vector::VectorSystem;
use super::walk::Walk;
use rug::Rational;
use std::sync::Arc;

/// Most decimals of a time in a statement.
const PLACES: u32 = 20;
/// Most coordinates that a statement spells out.
const SPELLED: usize = 24;

/// A flow that passed its checks, and what is known of it so far.
#[derive(Debug)]
pub struct Bench {
    system: Arc<System>,
    table: Table,
    data: SystemData,
    vector: Option<VectorSystem>,
    /// The quantities that were shown to be conserved.
    leaves: Vec<Leaf>,
    tube: Option<Walk>,
    limit: Option<Limit>,
    /// The work that is left for all claims together.
    account: Account,
}

/// Longer bounds for lengths are not said.
const LONGEST: f64 = 1e6;
/// The precision of the values of conserved quantities: that of the finest enclosures.
const LEAF_PRECISION: u32 = 256;

/// What was found out about one claim.
#[derive(Clone, Debug)]
pub(in super::super) struct Judged {
    /// The name of the claim in reports.
    pub name: &'static str,
    /// What was found out.
    pub settled: Settled,
}

impl Bench {
    /// Checks a vector field, its starts and disturbances.
    ///
    /// Errors: a [`Rejection`] with the demand that failed. Panics: never.
    pub(in super::super) fn open(data: &SystemData) -> Result<Self, Rejection> {
        let system = System::open(data)?;
        let table = Table::from_nodes(&data.nodes).ok_or_else(|| Rejection::new("not a table of expressions"))?;
        Ok(Bench {
            system: Arc::new(system),
            table,
            data: data.clone(),
            vector: None,
            leaves: Vec::new(),
            tube: None,
            limit: None,
            account: Account::new(),
        })
    }

    /// The system. Panics: never.
    pub fn system(&self) -> &Arc<System> {
        &self.system
    }

    /// The last tube. Panics: never.
    pub fn tube(&self) -> Option<&Walk> {
        self.tube.as_ref()
    }

    /// The quantities that were shown to be conserved, in order. Panics: never.
    pub fn leaves(&self) -> &[Leaf] {
        &self.leaves
    }

    /// The part of a box of solutions of the last tube where the conserved quantities have their values. Panics: never.
    pub fn tightened(&self, bounds: &[Interval]) -> Vec<Interval> {
        let precision = bounds.iter().map(Interval::precision).max().unwrap_or(64);
        tightened(&self.leaves, bounds, precision)
    }

    /// The last limit. Panics: never.
    pub fn limit(&self) -> Option<&Limit> {
        self.limit.as_ref()
    }

    /// Checks one claim: its name, and what has been found out.
    pub(in super::super) fn judge(&mut self, claim: &FlowClaim) -> Result<Judged, Rejection> {
        let (name, settled) = match claim {
            FlowClaim::Tube(data) => {
                let walk = self.walked(data)?;
                ("enclosure", self.enclosure(walk))
            }
            FlowClaim::Settles(data) => ("limit", self.settled(data)?),
            FlowClaim::Barrier(data) => ("barrier", self.below(data)?),
            FlowClaim::Dissipation(data) => ("tube_dissipation", self.dissipates(data)?),
            FlowClaim::Conserved { quantity } => ("conserved", self.conserved(*quantity)?),
            FlowClaim::Vector(claim) => (claim.name(), self.vector()?.judge(claim)?),
        };
        Ok(Judged { name, settled })
    }

    /// The vector case, opened when it is first asked for: its claims share one account of work.
    fn vector(&mut self) -> Result<&VectorSystem, Rejection> {
        if self.vector.is_none() {
            self.vector = Some(VectorSystem::open(&self.data)?);
        }
        self.vector
            .as_ref()
            .ok_or_else(|| Rejection::new("not the vector case"))
    }

    fn walked(&mut self, data: &TubeData) -> Result<Walk, Rejection> {
        let ground = Ground::new(Arc::clone(&self.system), data.precision, data.degree)?;
        let ground = ground.trimmed(&data.orders)?;
        let mut walk = Walk::paid_by(Arc::new(ground), self.account.clone());
        for (number, step) in data.steps.iter().enumerate() {
            let taken = walk.step(step).within(|| format!("steps[{number}]"));
            self.account = walk.left();
            taken?;
        }
        Ok(walk)
    }

    /// What a walk shows; every step of it was checked when it was taken.
    ///
    /// Errors: a [`Rejection`] of a walk through another system.
    pub(in super::super) fn adopt(&mut self, walk: Walk) -> Result<Judged, Rejection> {
        require(
            Arc::ptr_eq(walk.system(), &self.system),
            "a walk through another system",
        )?;
        Ok(Judged {
            name: "enclosure",
            settled: self.enclosure(walk),
        })
    }

    fn enclosure(&mut self, walk: Walk) -> Settled {
        let digits = digits(walk.ground().precision());
        self.leaves.iter_mut().for_each(|leaf| leaf.follow(Some(&walk)));
        let bounds = self.spelled(&self.tightened(&walk.bounds()), digits);
        // Exactly: a rounded bound would be another statement.
        let disturbed = match self.data.disturbance.as_slice() {
            [] => String::new(),
            [bound] => format!(" under every disturbance of norm at most {}", bound.0),
            bounds => {
                let bounds: Vec<String> = bounds.iter().map(|bound| bound.0.to_string()).collect();
                format!(
                    " under all disturbances of the layers of norms at most {}",
                    bounds.join(", ")
                )
            }
        };
        let statement = format!(
            "every solution exists for 0 <= t <= {}{disturbed}, and then {bounds}",
            moment(walk.time())
        );
        self.tube = Some(walk);
        self.limit = None;
        holds(statement)
    }

    fn settled(&mut self, data: &Settling) -> Result<Settled, Rejection> {
        let walk = self.tube.as_ref().ok_or_else(no_tube)?;
        walk.pay_for_end(&mut self.account)?;
        let limit = walk.settles(data)?;
        let digits = digits(walk.ground().precision());
        let product = limit.product.iter().map(|range| range.display(digits));
        let product = match limit.product.as_slice() {
            [_] => format!("z -> {}", product.collect::<Vec<_>>().join(", ")),
            _ => format!("z -> ({})", product.collect::<Vec<_>>().join(", ")),
        };
        let minimum = if limit.global { ", the minimiser of f" } else { "" };
        let statement = format!(
            "after t = {} no solution moves farther than {}; all converge to points with grad f(z) = 0, {product}{minimum}; \
             the distance to the limit falls at least like exp(-{} t)",
            moment(&limit.time),
            limit.length.upper_decimal(6),
            Interval::point(&limit.rate, 64).lower_decimal(6),
        );
        self.limit = Some(limit);
        Ok(holds(statement))
    }

    fn below(&mut self, data: &Barrier) -> Result<Settled, Rejection> {
        let walk = self.tube.as_ref().ok_or_else(no_tube)?;
        walk.pay_for_end(&mut self.account)?;
        let Descent {
            distance,
            barrier,
            limit,
        } = walk.descends(&self.data.model, &self.table, data)?;
        let target: Vec<String> = data.target.iter().map(|entry| entry.0.to_string()).collect();
        // Just below the barrier the bounds are finite, but not worth saying.
        let pace = match limit.length.sup().to_f64() < LONGEST {
            true => format!(
                "; |W - Y| falls at least like exp(-{} t), and no solution moves farther than {}",
                Interval::point(&limit.rate, 64).lower_decimal(6),
                limit.length.upper_decimal(6),
            ),
            false => String::new(),
        };
        Ok(holds(format!(
            "at t = {} |W - Y| is at most {} for the product W and Y = ({}), and at least {} at every critical point with \
             W /= Y; every solution exists for ever and converges to a point with W = Y, the minimiser of f{pace}",
            moment(&limit.time),
            distance.upper_decimal(6),
            target.join(", "),
            barrier.lower_decimal(6),
        )))
    }

    fn dissipates(&mut self, data: &Dissipation) -> Result<Settled, Rejection> {
        let walk = self.tube.as_ref().ok_or_else(no_tube)?;
        walk.pay_for_parts(&mut self.account)?;
        let decay = walk.dissipates(&self.data.model, &self.table, data)?;
        let target: Vec<String> = data.target.iter().map(|entry| entry.0.to_string()).collect();
        let (drift, disturbed) = match self.system.is_undisturbed() {
            true => (String::new(), ""),
            false => (
                format!(" + |D|^2/2, |D|^2/2 <= {}", decay.drift.upper_decimal(6)),
                ", whatever the disturbance D",
            ),
        };
        Ok(holds(format!(
            "for 0 <= t <= {} L = {}*|W - Y|^2/2, with the product W and Y = ({}), satisfies L' <= -r(t) L{drift}, with a rate r \
             for every step, at least {}: L is at most {} at the start and at most {} at the end{disturbed}",
            moment(walk.time()),
            data.scale.0,
            target.join(", "),
            Interval::point(&decay.least, 64).lower_decimal(6),
            decay.before.upper_decimal(6),
            decay.after.upper_decimal(6),
        )))
    }

    fn conserved(&mut self, quantity: Id) -> Result<Settled, Rejection> {
        require(self.table.node(quantity).is_some(), "there is no such expression").within(|| "quantity")?;
        let shown = self.system.print(&self.table, quantity);
        require(self.system.is_undisturbed(), "the flow is disturbed")?;
        let conserved = self.system.is_conserved(&self.table, quantity)?;
        require(conserved, "its derivative along the flow does not pass the zero test")?;
        let mut leaf = Leaf::new(&self.table, quantity, &self.system.start, LEAF_PRECISION)?;
        let value = leaf.shown().to_owned();
        let long = if leaf.is_entire() {
            ""
        } else {
            " as long as it is analytic"
        };
        leaf.follow(self.tube.as_ref());
        self.leaves.push(leaf);
        let whatever = if self.system.is_gradient_flow() {
            ", whatever f is"
        } else {
            ""
        };
        Ok(holds(format!(
            "{shown} is constant along every solution{long}{whatever}; its value is {value}"
        )))
    }

    /// The coordinates with their enclosures.
    fn spelled(&self, bounds: &[Interval], digits: usize) -> String {
        let named = self.system.names().iter().zip(bounds);
        let mut shown: Vec<String> = named
            .take(SPELLED)
            .map(|(name, range)| format!("{name} in {}", range.display(digits)))
            .collect();
        if bounds.len() > SPELLED {
            shown.push("and so on".to_owned());
        }
        shown.join(", ")
    }
}

/// A time as a short decimal if it is one, else exactly and, if that is long, roughly.
fn moment(time: &Rational) -> String {
    if let Some(decimal) = finite_decimal(time, PLACES) {
        return decimal;
    }
    if time.denom().significant_bits() <= PLACES {
        return time.to_string();
    }
    format!("{time} (about {})", Interval::point(time, 64).lower_decimal(10))
}

/// Decimal digits worth showing.
fn digits(precision: u32) -> usize {
    let digits = u64::from(precision).saturating_mul(3).checked_div(10).unwrap_or(6);
    usize::try_from(digits).unwrap_or(18).clamp(6, 18)
}

fn no_tube() -> Rejection {
    Rejection::new("there is no tube before this claim")
}

fn holds(statement: String) -> Settled {
    Settled {
        holds: true,
        statement,
        witness: None,
    }
}
