//! Finds the steps of a tube: how long, which order, and how fast the ball may grow.

use super::sizes::{above, dyadic, largest, log2, size};
use crate::kernel::Rejection;
use crate::kernel::certificate::Exact;
use crate::kernel::flow::data::{StepData, TubeData};
use crate::kernel::flow::{Ground, Matrix, Parts, Reach, System, Walk};
use crate::kernel::interval::Interval;
use crate::numeric;
use rug::{Float, Rational};
use std::sync::Arc;
use std::time::Instant;

/// What a tube should be like.
#[derive(Clone, Debug)]
pub struct Wish {
    /// The bits the enclosures should have; the kernel computes with some more.
    pub precision: u32,
    /// The degree of the polynomials in the starts.
    pub degree: u8,
    /// When to give up.
    pub deadline: Option<Instant>,
}

/// A tube under construction.
#[derive(Debug)]
pub struct Builder {
    data: TubeData,
    walk: Walk,
    deadline: Option<Instant>,
    /// log2 of what a step may lose.
    tolerance: f64,
    order: u16,
    /// A factor for the length of steps, learned from failures.
    caution: f64,
    /// The number of parts of a step, learned from the spread of the Jacobian.
    parts: usize,
    /// What the widths of the Jacobian may cost in one step, as a logarithm.
    loss: f64,
    /// The growth during the last step.
    growth: f64,
    convex: bool,
    /// The shortest step, as log2 of its share of what the Taylor polynomial allows.
    shortest: i32,
    /// Whether the flow is a gradient flow, so that convexity may help.
    may_be_convex: bool,
}

/// Why no further step was found.
#[derive(Clone, Debug)]
pub enum Stop {
    /// The time is up.
    Deadline,
    /// However short the step: what the kernel said last.
    Stuck(Rejection),
}

/// Bits beyond those that are wished for.
pub(super) const GUARD: u32 = 11;
/// How much larger than the tolerance the remainder of a step may be, as log2.
const SLACK: f64 = 6.0;
/// What the remainder of a step should leave of the slack, as log2: room for the next step to be harder.
const SPARE: f64 = 3.0;
/// The power of the length with which remainders grow, as a share of the order.
const HASTE: f64 = 1.25;
/// The first steps are so much shorter than what the Taylor polynomial alone would allow.
const CAUTION: f64 = 0.75;
/// How much wider a tube may become than its start before terms are missed that are counted to the rest, as log2.
const GROWTH: f64 = 3.0;
/// The log2 of a tolerance for which the fast arithmetic of 53 bits is exact enough.
const FEW: f64 = -36.0;
/// How far below the terms of degrees that are left out other errors should be, as log2.
const MISSED: f64 = 5.0;
/// The shortest step from a point, and from a box, as log2 of its share of what the Taylor polynomial allows: where a box
/// gets lost, all of its steps are long to find.
const SHORTEST: [i32; 2] = [24, 8];
/// Most parts of a step that a finder tries.
const PARTS: usize = 128;

impl Builder {
    /// Stands at the starts.
    ///
    /// Errors: a [`Rejection`] of a wish beyond the limits of the kernel. Panics: never.
    pub fn new(system: &Arc<System>, wish: &Wish) -> Result<Self, Rejection> {
        let mut precision = wish.precision + GUARD;
        let bounds = Walk::new(Arc::new(Ground::new(Arc::clone(system), precision, 0)?)).bounds();
        // What is lost at the start is lost anyway: finer steps than that would not show.
        let spread = largest(bounds.iter().map(|range| log2(&range.rad())));
        let is_point = spread < -f64::from(wish.precision);
        let lost = match (is_point, wish.degree) {
            (true, _) => f64::NEG_INFINITY,
            (false, 0) => spread - 12.0,
            (false, _) => spread - 20.0,
        };
        let tolerance = (5.0 - f64::from(precision)).max(lost);
        if !is_point {
            let enough = if tolerance >= FEW {
                53
            } else {
                ((GUARD + 16) as f64 - tolerance).ceil() as u32
            };
            precision = precision.min(enough);
        }
        let order = (-tolerance * 0.35 + 3.0).clamp(6.0, 1500.0).round() as u16;
        let orders = orders(order, tolerance, spread, wish.degree);
        let ground = Ground::new(Arc::clone(system), precision, wish.degree)?;
        let start = Walk::new(Arc::new(ground.trimmed(&orders)?));
        Ok(Builder {
            data: TubeData {
                precision,
                degree: wish.degree,
                orders,
                steps: Vec::new(),
            },
            walk: start,
            deadline: wish.deadline,
            tolerance,
            order,
            caution: CAUTION,
            parts: 4,
            loss: if is_point { 0.3 } else { 0.06 },
            growth: 1.0,
            convex: false,
            shortest: SHORTEST[usize::from(!is_point)],
            may_be_convex: system.is_gradient_flow(),
        })
    }

    /// The walk so far.
    pub fn walk(&self) -> &Walk {
        &self.walk
    }

    /// The certificate so far.
    pub fn data(&self) -> &TubeData {
        &self.data
    }

    /// The certificate and the walk.
    pub fn finish(self) -> (TubeData, Walk) {
        (self.data, self.walk)
    }

    /// Repeats the steps of an earlier certificate.
    ///
    /// Errors: the [`Rejection`] of the first step that the kernel refuses.
    pub fn resume(&mut self, data: &TubeData) -> Result<(), Rejection> {
        if data.precision != self.data.precision || data.degree != self.data.degree {
            return Err(Rejection::new(
                "the earlier steps have another precision or degree than this run",
            ));
        }
        for (number, step) in data.steps.iter().enumerate() {
            let taken = self.walk.step(step);
            taken.map_err(|rejection| rejection.within(format!("steps[{number}]")))?;
            self.data.steps.push(step.clone());
        }
        Ok(())
    }

    /// Takes one step, not beyond a time.
    ///
    /// Errors: [`Stop`] if there is none; what was reached stays.
    pub fn step(&mut self, until: &Rational) -> Result<(), Stop> {
        self.require_narrow()?;
        let mut proposal = self.length().map_err(Stop::Stuck)? * self.caution;
        let shortest = proposal * f64::from(-self.shortest).exp2();
        let widest = (self.scale() + 2.0 - log2(self.walk.radius().sup())).exp2();
        let (mut room, mut shrink) = (1.0f64, 0.87);
        loop {
            if self.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                return Err(Stop::Deadline);
            }
            let rest = Rational::from(until - self.walk.time());
            let wished = dyadic(proposal.log2());
            // Two steps of half the length are better than a long and a very short one.
            let length = if wished >= rest {
                rest
            } else if Rational::from(&wished * 2u32) > rest {
                rest / 2u32
            } else {
                wished
            };
            let why = match self.attempt(length, room) {
                Ok(()) => return Ok(()),
                Err(why) => why,
            };
            if why.at.starts_with("radius") && room < widest.min(1e6) {
                room *= 4.0;
                continue;
            }
            proposal *= shrink;
            self.caution = (self.caution * shrink).max(1e-3);
            // A little less is enough, unless it is not.
            shrink = (shrink * 0.8).max(0.5);
            if proposal < shortest {
                return Err(Stop::Stuck(why));
            }
        }
    }

    /// Demands that the ball is not larger than everything else: from then on it would only grow.
    fn require_narrow(&self) -> Result<(), Stop> {
        if log2(self.walk.radius().sup()) > self.scale() + 1.0 {
            return Err(Stop::Stuck(Rejection::new(
                "the enclosure has become as large as the solution",
            )));
        }
        Ok(())
    }

    /// log2 of the size of the solutions.
    fn scale(&self) -> f64 {
        largest(self.walk.bounds().iter().map(|range| log2(&range.mid()))).max(-4.0)
    }

    /// The length at which the last terms of the Taylor polynomial are within the tolerance.
    fn length(&mut self) -> Result<f64, Rejection> {
        let order = usize::from(self.order);
        let coefficients = self.walk.coefficients(order - 1)?;
        let scale = largest(
            coefficients
                .iter()
                .filter_map(|list| list.first())
                .map(|value| size(&value.range())),
        );
        let tolerance = self.tolerance + scale.clamp(-20.0, 20.0);
        let term = |k: usize| {
            largest(
                coefficients
                    .iter()
                    .filter_map(|list| list.get(k))
                    .map(|value| size(&value.range())),
            )
        };
        let lengths = [order - 1, order - 2].map(|k| (tolerance - term(k)) / k as f64);
        let length = lengths[0].min(lengths[1]);
        Ok(if length.is_finite() {
            length.min(20.0).exp2()
        } else {
            1.0
        })
    }

    fn attempt(&mut self, length: Rational, room: f64) -> Result<(), Rejection> {
        let span = length.to_f64();
        let radius = log2(self.walk.radius().sup()).max(self.tolerance);
        let expected = (self.growth.max(0.0) * span * 1.5 + 0.5) * std::f64::consts::LOG2_E;
        let disturbance = self
            .walk
            .ground()
            .system()
            .disturbance()
            .map_or(0.0, |bound| bound.sup().to_f64());
        let radius = dyadic(radius + expected) + Rational::from_f64(disturbance * span * 3.0).unwrap_or_default();
        let mut step = StepData {
            length: Exact(length),
            order: self.order,
            slack: Exact(dyadic(self.tolerance + SLACK)),
            radius: Exact(radius * Rational::from_f64(room).unwrap_or_else(|| Rational::from(1))),
            convex: self.convex,
            growth: vec![Exact::from(Rational::new()); self.parts],
        };
        let reach = self.walk.reach(&step)?;
        let spare = self.tolerance + SLACK - remainder(&reach);
        let mut parts = self.parts(&reach, &mut step, span)?;
        if self.may_be_convex && (self.convex || self.data.steps.len() % 4 == 3 || self.growth > 0.5) {
            let mut other = step.clone();
            other.convex = !step.convex;
            if let Ok(found) = self.walk.parts(&reach, &other)
                && total(&found) < total(&parts)
            {
                (parts, step) = (found, other);
            }
        }
        let unbounded = || Rejection::new("the Jacobian is unbounded");
        let growth: Option<Vec<f64>> = parts
            .iter()
            .map(|part| bound(part.jacobian()).map(|(norm, _)| norm))
            .collect();
        let growth = growth.ok_or_else(unbounded)?;
        let exact: Option<Vec<Exact>> = growth.iter().map(|norm| above(*norm).map(Exact)).collect();
        step.growth = exact.ok_or_else(unbounded)?;
        self.walk.take(&parts, &step.growth)?;
        self.growth = largest(growth);
        self.convex = step.convex;
        self.learn(spare);
        self.data.steps.push(step);
        Ok(())
    }

    /// Makes the next steps longer or shorter by what the remainder of this one left of the slack.
    fn learn(&mut self, spare: f64) {
        // The box around a longer step is wider too, so that the remainder grows faster than the power of the length.
        let factor = ((spare - SPARE) / (HASTE * f64::from(self.order))).exp2();
        self.caution = (self.caution * factor.clamp(0.8, 1.25)).clamp(1e-3, 1.0);
    }

    /// The Jacobian during enough parts of a step.
    fn parts<'a>(&mut self, reach: &'a Reach, step: &mut StepData, span: f64) -> Result<Parts<'a>, Rejection> {
        let mut before = f64::INFINITY;
        loop {
            let parts = self.walk.parts(reach, step)?;
            let spread = parts
                .iter()
                .filter_map(|part| bound(part.jacobian()))
                .map(|(_, spread)| spread);
            let lost = largest(spread) * span;
            let (count, enough) = (step.growth.len(), lost < self.loss || lost > 0.8 * before);
            if enough || count >= PARTS {
                // Fewer parts next time if these were too many.
                self.parts = if lost < self.loss / 4.0 || lost > 0.8 * before {
                    (count / 2).max(1)
                } else {
                    count
                };
                return Ok(parts);
            }
            before = lost;
            step.growth = vec![Exact::from(Rational::new()); count * 2];
        }
    }
}

/// For every degree in the starts the order in time from which its terms are below the tolerance, or far below the terms of
/// degrees that are left out anyway: they begin smaller the higher the degree, and fall with the order like all others.
fn orders(order: u16, tolerance: f64, spread: f64, degree: u8) -> Vec<u16> {
    if spread >= 0.0 || !spread.is_finite() {
        return Vec::new();
    }
    let size = (spread + GROWTH).min(0.0);
    let wanted = tolerance.max(size * (f64::from(degree) + 1.0) - MISSED);
    let first = |degree: u8| {
        let share = (f64::from(degree) * size - wanted) / -tolerance;
        (f64::from(order) * share).ceil().max(0.0) as u16 + 1
    };
    (1..=degree).map(first).collect()
}

/// log2 of what the remainder of a step adds at most.
fn remainder(reach: &Reach) -> f64 {
    let span = log2(&Float::with_val(53, reach.length()));
    largest(reach.remainder().iter().map(size)) + span * reach.order() as f64
}

/// The sum of the bounds over the parts.
fn total(parts: &Parts) -> f64 {
    parts
        .iter()
        .map(|part| bound(part.jacobian()).map_or(f64::INFINITY, |(norm, _)| norm))
        .sum()
}

/// A bound for the logarithmic norm over a Jacobian with interval entries, and the share of the widths in it.
fn bound(jacobian: &Matrix) -> Option<(f64, f64)> {
    let middle = |entry: &Interval| entry.mid().to_f64();
    let middles: Vec<Vec<f64>> = jacobian.iter().map(|row| row.iter().map(middle).collect()).collect();
    let largest_value = numeric::symmetric_eigenvalues(&middles)?.last().copied()?;
    let spread = |i: usize| -> f64 {
        let of = |j: usize| jacobian[i][j].rad().to_f64() + jacobian[j][i].rad().to_f64();
        (0..jacobian.len()).map(of).sum::<f64>() / 2.0
    };
    let spread = (0..jacobian.len()).map(spread).fold(0.0, f64::max);
    let size = middles
        .iter()
        .flatten()
        .fold(1.0f64, |most, entry| most.max(entry.abs()));
    Some((largest_value + spread * (1.0 + 1e-9) + size * 1e-10, spread))
}
