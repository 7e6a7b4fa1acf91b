//! Conserved quantities cut enclosures back: what a quantity was at the start, it is for ever.
//!
//! For x in a box X with middle c, I(x) = I(c) + sum of d_i (x_i - c_i) with d_i in the range of dI/dx_i over X, by the mean
//! value theorem. If I(x) lies in J and the range of dI/dx_i does not contain 0, this bounds x_i.
//!
//! A quantity without a derivative along the flow is constant only while it is analytic: atan(x) + atan(1/x) jumps at 0. So it
//! counts along a tube iff it is analytic on all of the tube.
//!
//! Source: Neumaier, Interval Methods for Systems of Equations, ch. 5.

use super::super::evaluate::Program;
use super::super::expr::{Id, Table};
use super::super::interval::{Accumulator, Interval};
use super::super::number::Number;
use super::super::theorem::Rejection;
use super::ring::Intervals;
use super::tape::{Place, Step, Tape};
use super::walk::Walk;
use rug::Rational;
use std::collections::BTreeMap;

/// How often all quantities are used: the second time they find a smaller box.
const ROUNDS: usize = 2;

/// A conserved quantity with its range over the starts.
#[derive(Clone, Debug)]
pub struct Leaf {
    tape: Tape,
    root: Place,
    /// What the quantity is at the start.
    range: Interval,
    /// The same in words.
    shown: String,
    /// Whether it is known to be analytic all along the last tube.
    throughout: bool,
}

impl Leaf {
    /// The quantity at `root`, evaluated over the starts.
    ///
    /// Errors: a [`Rejection`] if it is not known to be defined there. Panics: never.
    pub(super) fn new(table: &Table, root: Id, start: &[[Rational; 2]], precision: u32) -> Result<Self, Rejection> {
        let undefined = || Rejection::new("the quantity may be undefined at the start");
        let value = exactly(table, root, start, precision).ok_or_else(undefined)?;
        let mut tape = Tape::default();
        let root = tape.add(table, root, &BTreeMap::new())?;
        let bounds: Vec<Interval> = start
            .iter()
            .map(|[lo, hi]| Interval::hull_of(lo, hi, precision).unwrap_or_else(|| Interval::entire(precision)))
            .collect();
        let mut leaf = Leaf {
            tape,
            root,
            range: Interval::entire(precision),
            shown: String::new(),
            throughout: false,
        };
        leaf.range = match &value {
            Number::Exact(_) => value.interval(precision),
            Number::Enclosed { .. } => leaf.on(&bounds, precision).ok_or_else(undefined)?,
        };
        leaf.shown = match value {
            Number::Exact(value) => value.to_string(),
            Number::Enclosed { .. } => leaf.range.display(12),
        };
        Ok(leaf)
    }

    /// What the quantity is at the start, and along every solution while it is analytic. Panics: never.
    pub fn range(&self) -> &Interval {
        &self.range
    }

    /// The same in words: exact for a point, if it is rational. Panics: never.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// Whether the quantity is analytic everywhere: it has only functions that are. Panics: never.
    pub fn is_entire(&self) -> bool {
        self.tape.steps().iter().all(Step::is_entire)
    }

    /// Finds out whether the quantity is analytic all along a tube. Panics: never.
    pub(super) fn follow(&mut self, tube: Option<&Walk>) {
        let plain = Intervals {
            precision: self.range.precision(),
        };
        let boxes = tube.map(|walk| walk.segments().iter().flat_map(|segment| &segment.parts));
        let analytic = |bounds: &Vec<Interval>| plain.slopes(&self.tape, bounds).is_ok();
        self.throughout = self.is_entire() || boxes.is_some_and(|mut boxes| boxes.all(analytic));
    }

    /// The range over a box, by the mean value form and by evaluation; `None` if it may be undefined there.
    fn on(&self, bounds: &[Interval], precision: u32) -> Option<Interval> {
        let plain = Intervals { precision };
        let wide = plain.slopes(&self.tape, bounds).ok()?;
        let whole = wide.value(self.root);
        let (middle, steps) = about_middle(bounds);
        let Ok(near) = plain.slopes(&self.tape, &middle) else {
            return Some(whole);
        };
        let mut sum = Accumulator::new(precision);
        sum.add(&near.value(self.root));
        for (slope, step) in wide.gradient(self.root).iter().zip(&steps) {
            sum.add_product(slope, step);
        }
        Some(sum.finish().intersection(&whole).unwrap_or(whole))
    }

    /// The part of a box where the quantity can have its value.
    fn cut(&self, bounds: &[Interval], precision: u32) -> Vec<Interval> {
        let unchanged = bounds.to_vec();
        let plain = Intervals { precision };
        let Ok(wide) = plain.slopes(&self.tape, bounds) else {
            return unchanged;
        };
        let (middle, steps) = about_middle(bounds);
        let Ok(near) = plain.slopes(&self.tape, &middle) else {
            return unchanged;
        };
        let slopes = wide.gradient(self.root);
        let missing = self.range.sub(&near.value(self.root));
        let mut cut = unchanged;
        for (place, slope) in slopes.iter().enumerate() {
            let mut others = Accumulator::new(precision);
            let pairs = slopes
                .iter()
                .zip(&steps)
                .enumerate()
                .filter(|(other, _)| *other != place);
            pairs.for_each(|(_, (slope, step))| others.add_product(slope, step));
            let Ok(step) = missing.sub(&others.finish()).div(slope) else {
                continue;
            };
            if let (Some(bound), Some(middle)) = (cut.get_mut(place), middle.get(place))
                && let Some(smaller) = bound.intersection(&middle.add(&step))
            {
                *bound = smaller;
            }
        }
        cut
    }
}

/// The value at the starts, exactly if they are a point and it is rational.
fn exactly(table: &Table, root: Id, start: &[[Rational; 2]], precision: u32) -> Option<Number> {
    let coordinate = |[lo, hi]: &[Rational; 2]| match lo == hi {
        true => Some(Number::Exact(lo.clone())),
        false => Interval::hull_of(lo, hi, precision).map(Number::from),
    };
    let start: Option<Vec<Number>> = start.iter().map(coordinate).collect();
    Program::new(table, root).value(&start?, precision).ok()
}

/// The middle of a box, and the box seen from there.
fn about_middle(bounds: &[Interval]) -> (Vec<Interval>, Vec<Interval>) {
    let middle: Vec<Interval> = bounds
        .iter()
        .map(|range| {
            let middle = range.mid();
            Interval::try_new(middle.clone(), middle).unwrap_or_else(|| range.clone())
        })
        .collect();
    let steps = bounds
        .iter()
        .zip(&middle)
        .map(|(range, middle)| range.sub(middle))
        .collect();
    (middle, steps)
}

/// The part of a box of the last tube in which all quantities can have their values; never empty for a box that holds a
/// solution.
///
/// Panics: never.
pub fn tightened(leaves: &[Leaf], bounds: &[Interval], precision: u32) -> Vec<Interval> {
    let mut bounds = bounds.to_vec();
    for leaf in (0..ROUNDS).flat_map(|_| leaves).filter(|leaf| leaf.throughout) {
        bounds = leaf.cut(&bounds, precision);
    }
    bounds
}
