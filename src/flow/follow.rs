//! Follows a flow to its horizon, or until it is seen to converge.

use super::barrier::barrier;
use super::settle::settle;
use super::sizes::{largest, log2, size};
use super::tube::{Builder, Stop, Wish};
use crate::kernel::Rejection;
use crate::kernel::flow::data::{Barrier, Settling, TubeData};
use crate::kernel::flow::{Limit, System, Walk};
use crate::kernel::interval::Interval;
use crate::problem::{FlowSpec, Horizon};
use rug::Rational;
use std::sync::Arc;

/// How far a run has come.
#[derive(Debug)]
pub struct Progress<'a> {
    /// The time that has been reached.
    pub time: &'a Rational,
    /// log2 of the width of the enclosure there.
    pub width: f64,
    /// The steps so far, worth keeping for another run.
    pub tube: &'a TubeData,
}

/// A tube with the reason why it is not longer, and the proof that it settles.
pub(super) struct Found {
    /// The tube as the kernel has it.
    pub walk: Walk,
    /// Its certificate.
    pub data: TubeData,
    /// Why it ends before its time, if it does and does not settle.
    pub stop: Option<Stop>,
    /// How all solutions are seen to converge from its end.
    pub settling: Option<Settling>,
}

/// The best proof of convergence so far.
struct Best {
    steps: usize,
    /// When the length was last much better, and what it was.
    gained: (usize, f64),
    settling: Settling,
    limit: Limit,
    walk: Walk,
}

/// The best place below the barrier of energy so far.
struct Below {
    steps: usize,
    walk: Walk,
    /// The bound for the way that is left.
    length: Interval,
}

/// After so many steps without a much better proof of convergence the best one is taken.
const PATIENCE: usize = 6;
/// The end of time for a flow that is followed until it settles.
const FOREVER: u32 = 1_000_000;

/// Whether convergence may be shown from a tube.
pub(super) fn may_settle(system: &System) -> bool {
    system.is_gradient_flow() && system.is_undisturbed()
}

/// Follows the flow of a specification.
///
/// Errors: a [`Rejection`] of what is wished for, or of earlier steps.
pub(super) fn follow(
    system: &Arc<System>,
    spec: &FlowSpec,
    wish: &Wish,
    resume: Option<&TubeData>,
    progress: &mut dyn FnMut(&Progress),
) -> Result<Found, Rejection> {
    let mut builder = Builder::new(system, wish)?;
    if let Some(data) = resume {
        builder.resume(data)?;
    }
    let (until, forever) = match &spec.horizon {
        Horizon::Time(time) => (time.clone(), false),
        Horizon::Settled => (Rational::from(FOREVER), true),
    };
    let mut search = Search {
        is_point: spec.start.iter().all(|[lo, hi]| lo == hi),
        may_settle: may_settle(system),
        forever,
        precision: spec.precision,
        best: None,
        barrier: forever.then(|| barrier(&spec.model, &spec.table)).flatten(),
        below: None,
    };
    let stop = loop {
        if builder.walk().time() >= &until {
            break None;
        }
        let width = width(&builder.walk().bounds());
        progress(&Progress {
            time: builder.walk().time(),
            width,
            tube: builder.data(),
        });
        if search.is_enough(&builder, spec, width) {
            break None;
        }
        if let Err(stop) = builder.step(&until) {
            break Some(stop);
        }
    };
    search.look(&builder, spec);
    let reached = builder.walk().time() >= &until;
    let (mut data, walk) = builder.finish();
    // Where a tube has reached a finite horizon, an earlier proof of convergence must enclose the solutions better.
    let is_better = |best: &Best| {
        let last = best.steps == data.steps.len();
        last || forever || !reached || width(&best.limit.bounds) < width(&walk.bounds())
    };
    let Some(best) = search.best.filter(is_better) else {
        // From below the barrier all solutions converge, wherever the tube gets lost.
        if let Some(below) = search.below {
            data.steps.truncate(below.steps);
            return Ok(Found {
                walk: below.walk,
                data,
                stop,
                settling: None,
            });
        }
        return Ok(Found {
            walk,
            data,
            stop,
            settling: None,
        });
    };
    // What follows is of no use: the limit holds for all later times.
    data.steps.truncate(best.steps);
    Ok(Found {
        walk: best.walk,
        data,
        stop: None,
        settling: Some(best.settling),
    })
}

/// log2 of the largest width.
fn width(bounds: &[Interval]) -> f64 {
    largest(bounds.iter().map(|range| log2(&range.wid())))
}

/// A search for convergence along a tube.
struct Search {
    is_point: bool,
    may_settle: bool,
    forever: bool,
    precision: u32,
    best: Option<Best>,
    /// What takes a network below the barrier of energy, and the place where it is farthest below.
    barrier: Option<Barrier>,
    below: Option<Below>,
}

impl Search {
    /// Looks for convergence from the end of the tube.
    fn look(&mut self, builder: &Builder, spec: &FlowSpec) {
        if !self.may_settle {
            return;
        }
        let Some((settling, limit)) = settle(builder.walk()) else {
            self.look_below(builder, spec);
            return;
        };
        let is_best = |best: &Best| limit.length.sup() < best.limit.length.sup();
        if self.best.as_ref().is_none_or(is_best) {
            // A little better is not worth waiting for more.
            let is_gain = |best: &Best| limit.length.sup().to_f64() < 0.9 * best.gained.1;
            let gained = match self.best.take() {
                Some(best) if !is_gain(&best) => best.gained,
                _ => (builder.data().steps.len(), limit.length.sup().to_f64()),
            };
            self.best = Some(Best {
                gained,
                steps: builder.data().steps.len(),
                settling,
                limit,
                walk: builder.walk().clone(),
            });
        }
    }

    /// Looks whether the flow is below the barrier of energy, and how far.
    fn look_below(&mut self, builder: &Builder, spec: &FlowSpec) {
        let Some(barrier) = self.barrier.as_ref().filter(|_| self.best.is_none()) else {
            return;
        };
        let Ok(descent) = builder.walk().descends(&spec.model, &spec.table, barrier) else {
            return;
        };
        let length = descent.limit.length;
        let is_better = |below: &Below| length.sup() < below.length.sup();
        if self.below.as_ref().is_none_or(is_better) {
            self.below = Some(Below {
                steps: builder.data().steps.len(),
                walk: builder.walk().clone(),
                length,
            });
        }
    }

    /// Whether what was found about convergence makes further steps useless.
    fn is_enough(&mut self, builder: &Builder, spec: &FlowSpec, width: f64) -> bool {
        let steps = builder.data().steps.len();
        let stride = match (self.is_point, self.forever) {
            (true, true) => 4,
            (true, false) => 16,
            _ => 1,
        };
        if steps == 0 || !steps.is_multiple_of(stride) {
            return false;
        }
        self.look(builder, spec);
        let Some(best) = &self.best else { return false };
        let length = size(&best.limit.length);
        if !self.is_point {
            return length < width - 8.0 || steps > best.gained.0 + PATIENCE;
        }
        let scale = largest(best.limit.bounds.iter().map(size));
        // A tube to a finite horizon is followed to the end as long as that shows more.
        let wanted = if self.forever { 64.0 } else { f64::from(self.precision) };
        // With few bits that is never reached.
        let in_vain = self.forever && steps > best.gained.0 + PATIENCE * stride;
        length < scale - wanted || in_vain
    }
}
