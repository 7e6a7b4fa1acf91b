//! A tube, step by step.
//!
//! At the beginning of a step the solution from the start with parameter y lies within e of m(y), a polynomial. Let X be the
//! solution from m(y) itself.
//!
//! 1. X = c_0 + c_1 t + ... + c_(p-1) t^(p-1) + r t^p, with the Taylor coefficients c_k(y) and r in the coefficient of order
//!    p over any box B that X does not leave. B, the range of the polynomial widened by a slack, is not left if r t^p stays
//!    strictly within the slack: at the first time at the boundary it would be inside.
//! 2. While the solution x stays within R of X, the distance grows at most like e' = mu e + delta, where mu bounds the
//!    logarithmic norm of the Jacobian over the convex box around X, and delta the disturbance. If that stays strictly
//!    below R until the end of the step, so does the distance.
//! 3. At the end m is replaced by the middles of the coefficients of X, and e grows by the distance between the two.
//!
//! Of a gradient flow x' = -grad f(z(x)) the Jacobian is -Dz' D^2f Dz - sum G_a D^2 z_a; if D^2 f is positive definite the
//! first term only pulls together and may be left out. G = grad f(z) is small near a minimiser, for every y.
//!
//! Sources: Corliss, Rihm, Validating an a priori enclosure using high-order Taylor series, 1996, for 1; Dahlquist,
//! Stability and error bounds in the numerical integration of ordinary differential equations, 1959, for 2.

use super::super::certificate::Exact;
use super::super::interval::Interval;
use super::super::limits;
use super::super::theorem::{Rejection, Within, require};
use super::account::Account;
use super::bent::{Path, slopes};
use super::data::StepData;
use super::definite::{Matrix, is_positive_definite};
use super::dependent::Dependent;
use super::ground::{Ground, ball, domain, horner, norm, power, upper};
use super::ring::Ring;
use super::segment::Segment;
use super::series::Series;
use super::system::System;
use rug::Rational;
use std::sync::Arc;

/// The beginning of a step: where the solutions are, and the work that is left.
#[derive(Clone, Debug)]
pub struct Walk {
    ground: Arc<Ground>,
    time: Rational,
    /// m(y), without a rest.
    state: Vec<Dependent>,
    /// e, a single number.
    radius: Interval,
    /// Taylor coefficients of the solutions from m(y), as far as they were needed.
    known: Arc<Vec<Vec<Dependent>>>,
    segments: Vec<Segment>,
    account: Account,
    /// Tells the beginnings of steps apart: what was tried at one proves nothing at another.
    stamp: Arc<()>,
}

/// A step whose Taylor polynomial has been enclosed, before the growth of the ball is known.
#[derive(Clone, Debug)]
pub struct Reach {
    stamp: Arc<()>,
    pub(super) length: Rational,
    pub(super) coefficients: Arc<Vec<Vec<Dependent>>>,
    pub(super) remainder: Vec<Interval>,
}

/// The parts of a step, for one radius of the ball: only [`Walk::parts`] makes them.
#[derive(Clone, Debug)]
pub struct Parts<'a> {
    reach: &'a Reach,
    /// What the radius stays below.
    room: Interval,
    list: Vec<Part>,
}

/// A part of a step.
#[derive(Clone, Debug)]
pub struct Part {
    /// The solutions are in this box.
    pub(super) bounds: Vec<Interval>,
    /// x'J x <= x'M x for the Jacobian J and some M between these bounds.
    jacobian: Matrix,
}

impl Parts<'_> {
    /// The parts in their order. Panics: never.
    pub fn iter(&self) -> impl Iterator<Item = &Part> {
        self.list.iter()
    }
}

impl Part {
    /// Bounds the part of the Jacobian that may drive solutions apart, by rows: enclosed, or a matrix with a larger form. Panics: never.
    pub fn jacobian(&self) -> &Matrix {
        &self.jacobian
    }
}

impl Reach {
    /// The length of the step. Panics: never.
    pub fn length(&self) -> &Rational {
        &self.length
    }

    /// The order of the remainder. Panics: never.
    pub fn order(&self) -> usize {
        self.coefficients.first().map_or(0, Vec::len)
    }

    /// The Taylor coefficient of that order during the step, coordinate by coordinate. Panics: never.
    pub fn remainder(&self) -> &[Interval] {
        &self.remainder
    }

    /// Whether the starts are a single point.
    pub(super) fn is_point(&self) -> bool {
        let lists = self.coefficients.iter().flatten();
        lists.into_iter().all(|value| value.is_point())
    }
}

impl Walk {
    /// Stands at the starts.
    ///
    /// Panics: never.
    pub fn new(ground: Arc<Ground>) -> Self {
        Self::paid_by(ground, Account::new())
    }

    /// Stands at the starts, with what an account has left.
    pub(super) fn paid_by(ground: Arc<Ground>, account: Account) -> Self {
        let mut walk = Walk {
            ground: Arc::clone(&ground),
            time: Rational::new(),
            state: Vec::new(),
            radius: ground.ring.shape().zero(),
            known: Arc::default(),
            segments: Vec::new(),
            account,
            stamp: Arc::new(()),
        };
        let mut next = 0usize;
        let starts: Vec<Dependent> = ground
            .system
            .start
            .iter()
            .map(|[lo, hi]| {
                let center = ground.point(&(Rational::from(lo + hi) / 2u32));
                if lo == hi {
                    return ground.ring.constant(center);
                }
                let place = next;
                next = next.saturating_add(1);
                let radius = ground.point(&(Rational::from(hi - lo) / 2u32));
                ground.ring.variable(place, center, radius)
            })
            .collect();
        walk.settle(&starts);
        walk
    }

    /// Replaces m by the middles of these numbers and lets the ball grow by what that leaves.
    fn settle(&mut self, values: &[Dependent]) {
        let ring = &self.ground.ring;
        let (state, lost): (Vec<_>, Vec<_>) = values.iter().map(|value| ring.thinned(value)).unzip();
        self.radius = upper(&self.radius.add(&norm(&lost, self.ground.precision())));
        self.state = state;
        self.known = Arc::default();
        self.stamp = Arc::new(());
    }

    /// What is left for other walks: all memory, but not all work.
    pub(super) fn left(&self) -> Account {
        self.account.without_memory()
    }

    /// Pays for looking at the end of the walk as closely as at a part of a step.
    pub(super) fn pay_for_end(&self, account: &mut Account) -> Result<(), Rejection> {
        account.pay(&self.ground, self.system().dimension())?;
        if let Some(bent) = &self.ground.bent {
            account.pay_families(&self.ground, 1)?;
            account.pay_slopes(&self.ground, bent)?;
        }
        Ok(())
    }

    /// Pays for looking at all parts of all steps.
    pub(super) fn pay_for_parts(&self, account: &mut Account) -> Result<(), Rejection> {
        let parts = self.segments.iter().flat_map(|segment| &segment.parts);
        parts
            .into_iter()
            .try_for_each(|_| account.pay(&self.ground, self.system().dimension()))
    }

    /// The system and its arithmetic. Panics: never.
    pub fn ground(&self) -> &Ground {
        &self.ground
    }

    /// The system. Panics: never.
    pub fn system(&self) -> &Arc<System> {
        &self.ground.system
    }

    /// The time that has passed. Panics: never.
    pub fn time(&self) -> &Rational {
        &self.time
    }

    /// The radius of the ball. Panics: never.
    pub fn radius(&self) -> &Interval {
        &self.radius
    }

    /// m(y). Panics: never.
    pub(super) fn polynomial(&self) -> &[Dependent] {
        &self.state
    }

    /// m(y) with the ball as the rest. Panics: never.
    pub fn state(&self) -> Vec<Dependent> {
        let ball = ball(&self.radius);
        let widened = self.state.iter().map(|value| self.ground.ring.widened(value, &ball));
        widened.collect()
    }

    /// The terms of m(y) with a single y_i: for every coordinate one number for every i. Panics: never.
    pub fn linear_part(&self) -> Vec<Vec<Interval>> {
        let ring = &self.ground.ring;
        let count = self.system().start.iter().filter(|[lo, hi]| lo < hi).count();
        let terms = |value| (1..=count).map(|place| ring.coefficient(value, place)).collect();
        self.state.iter().map(terms).collect()
    }

    /// A box that holds all solutions now. Panics: never.
    pub fn bounds(&self) -> Vec<Interval> {
        self.state().iter().map(Dependent::range).collect()
    }

    /// The steps that are done. Panics: never.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The Taylor coefficients of the solutions from m(y), coordinate by coordinate, up to an order.
    ///
    /// Errors: a [`Rejection`] if the field is not known to be analytic there, or the work is too much. Panics: never.
    pub fn coefficients(&mut self, order: usize) -> Result<Arc<Vec<Vec<Dependent>>>, Rejection> {
        let count = order.saturating_add(1);
        let known = self.known.first().map_or(0, Vec::len);
        if known < count {
            let ground = Arc::clone(&self.ground);
            self.account.pay_families(&ground, order)?;
            self.known = Arc::new(self.series(order)?);
        }
        if known > count {
            let shorter = self.known.iter().map(|list| list.iter().take(count).cloned().collect());
            return Ok(Arc::new(shorter.collect()));
        }
        Ok(Arc::clone(&self.known))
    }

    /// Those coefficients computed.
    fn series(&self, order: usize) -> Result<Vec<Vec<Dependent>>, Rejection> {
        let (system, ring) = (&self.ground.system, &self.ground.ring);
        let coordinates = 0..system.dimension();
        if ring.shape().size() > 1 {
            let mut series = Series::new(&system.tape, ring, &system.speeds, &self.state).map_err(domain)?;
            series.extend(order).map_err(domain)?;
            return Ok(coordinates.map(|place| series.coordinate(place).to_vec()).collect());
        }
        // Intervals are much faster than families of one number.
        let start: Vec<Interval> = self.state.iter().map(Dependent::range).collect();
        let mut series = Series::new(&system.tape, &self.ground.plain, &system.speeds, &start).map_err(domain)?;
        series.extend(order).map_err(domain)?;
        let constants = |list: &[Interval]| list.iter().map(|value| ring.constant(value.clone())).collect();
        Ok(coordinates.map(|place| constants(series.coordinate(place))).collect())
    }

    /// Encloses the Taylor polynomial of a step with its remainder; changes nothing.
    ///
    /// Errors: a [`Rejection`] with the demand that failed. Panics: never.
    pub fn reach(&mut self, data: &StepData) -> Result<Reach, Rejection> {
        let order = usize::from(data.order);
        require(data.length.0 > 0, "not positive").within(|| "length")?;
        require((1..=limits::STEP_ORDER).contains(&data.order), "out of range").within(|| "order")?;
        require(data.slack.0 > 0, "not positive").within(|| "slack")?;
        require(self.segments.len() < limits::STEPS, "too many steps")?;
        let end = Rational::from(&self.time + &data.length.0);
        let bits = end.numer().significant_bits().max(end.denom().significant_bits());
        require(bits <= limits::TIME_BITS, "a time with too many digits").within(|| "length")?;
        let ground = Arc::clone(&self.ground);
        let coefficients = self.coefficients(order.saturating_sub(1))?;
        let whole = Interval::hull_of(&Rational::new(), &data.length.0, ground.precision());
        let whole = whole.ok_or_else(|| Rejection::new("not a length"))?;
        let slack = ball(&ground.point(&data.slack.0));
        let remainder = self
            .remainder(&coefficients, &whole, &slack, order)
            .within(|| "slack")?;
        Ok(Reach {
            stamp: Arc::clone(&self.stamp),
            length: data.length.0.clone(),
            coefficients,
            remainder,
        })
    }

    /// Encloses the Jacobian around the solutions during the parts of a step; changes nothing.
    ///
    /// Errors: a [`Rejection`] with the demand that failed. Panics: never.
    pub fn parts<'a>(&mut self, reach: &'a Reach, data: &StepData) -> Result<Parts<'a>, Rejection> {
        require(Arc::ptr_eq(&reach.stamp, &self.stamp), "not from where the walk stands")?;
        let count = data.growth.len();
        require((1..=limits::STEP_PARTS).contains(&count), "out of range").within(|| "growth")?;
        let ground = Arc::clone(&self.ground);
        let room = ground.point(&data.radius.0);
        require(self.radius.strict_precedes(&room), "smaller than what is there already").within(|| "radius")?;
        let mut list = Vec::new();
        for number in 0..count {
            let cut = |number: usize| reach.length.clone() * Rational::from((number, count));
            let between = [&cut(number), &cut(number.saturating_add(1))];
            let part = self.part(reach, between, &room, data.convex);
            list.push(part.within(|| format!("growth[{number}]"))?);
        }
        Ok(Parts { reach, room, list })
    }

    /// The enclosure of the Taylor coefficient of order p over the box that X does not leave.
    fn remainder(
        &mut self,
        coefficients: &[Vec<Dependent>],
        whole: &Interval,
        slack: &Interval,
        order: usize,
    ) -> Result<Vec<Interval>, Rejection> {
        let ground = Arc::clone(&self.ground);
        let coarse = ground.coarse.precision;
        let moved = coefficients.iter().map(|list| during(list, whole, coarse));
        let bounds: Vec<Interval> = moved.map(|range| range.add(slack).with_precision(coarse)).collect();
        self.account.pay(&ground, order)?;
        let system = &ground.system;
        let mut series = Series::new(&system.tape, &ground.coarse, &system.speeds, &bounds).map_err(domain)?;
        series.extend(order).map_err(domain)?;
        let power = power(whole, order);
        let mut remainder = Vec::new();
        for place in 0..coefficients.len() {
            let last = series.coordinate(place).get(order).cloned();
            let last = last.ok_or_else(|| Rejection::new("no coefficient"))?;
            require(last.mul(&power).interior(slack), "the remainder may be larger")?;
            remainder.push(last);
        }
        Ok(remainder)
    }

    /// The Jacobian around the solutions between two times of a step.
    fn part(
        &mut self,
        reach: &Reach,
        between: [&Rational; 2],
        room: &Interval,
        convex: bool,
    ) -> Result<Part, Rejection> {
        let ground = Arc::clone(&self.ground);
        let system = &ground.system;
        self.account.pay(&ground, system.dimension())?;
        if let Some(bent) = &ground.bent {
            self.account.pay_slopes(&ground, bent)?;
            let path = Path {
                ring: &ground.ring,
                coefficients: &reach.coefficients,
                remainder: &reach.remainder,
            };
            let near = bent.near(&path, between, room);
            return Ok(Part {
                bounds: bent.bounds(&near),
                jacobian: bent.jacobian(system, &near, convex)?,
            });
        }
        let [from, to] = between;
        let time = Interval::hull_of(from, to, ground.precision());
        let time = time.ok_or_else(|| Rejection::new("not a length"))?;
        let fine = ground.precision();
        let power = power(&time, reach.order());
        let paths = reach.coefficients.iter().zip(&reach.remainder);
        let near = paths.map(|(list, last)| during(list, &time, fine).add(&last.mul(&power)));
        let bounds: Vec<Interval> = near.map(|range| range.add(&ball(room))).collect();
        let precision = ground.coarse.precision;
        let coarse: Vec<Interval> = bounds.iter().map(|range| range.with_precision(precision)).collect();
        let slopes = slopes(system, &ground.coarse, &coarse, convex)?;
        Ok(Part {
            bounds,
            jacobian: system.speeds.iter().map(|speed| slopes.gradient(*speed)).collect(),
        })
    }

    /// Takes a step that was tried from here, with a bound for the logarithmic norm for each of its parts.
    ///
    /// Errors: a [`Rejection`] with the demand that failed; nothing has changed then. Panics: never.
    pub fn take(&mut self, parts: &Parts<'_>, growth: &[Exact]) -> Result<(), Rejection> {
        let ground = Arc::clone(&self.ground);
        let precision = ground.precision();
        let (reach, room, count) = (parts.reach, &parts.room, parts.list.len());
        require(Arc::ptr_eq(&reach.stamp, &self.stamp), "not from where the walk stands")?;
        require(growth.len() == count, "not one number per part").within(|| "growth")?;
        let span = ground.point(&(reach.length.clone() / Rational::from(count)));
        let (mut radius, mut radii) = (self.radius.clone(), Vec::new());
        for (number, (part, growth)) in parts.list.iter().zip(growth).enumerate() {
            self.account.pay(&ground, ground.system.dimension())?;
            // A few bits are enough to tell whether a matrix is positive definite.
            let bits = precision.min(96);
            let bound = Interval::point(&growth.0, bits);
            let negative: Matrix = part
                .jacobian
                .iter()
                .map(|row| row.iter().map(Interval::neg).collect())
                .collect();
            let bounded = is_positive_definite(&negative, &bound, bits);
            require(bounded, "the logarithmic norm may be larger").within(|| format!("growth[{number}]"))?;
            let factor = ground.point(&growth.0).mul(&span).exp();
            let largest = upper(&factor.convex_hull(&ground.point(&Rational::from(1))));
            let mut during = radius.clone();
            let mut after = radius.mul(&upper(&factor));
            if let Some(disturbance) = &ground.system.disturbance {
                let drift = disturbance.mul(&span).mul(&largest);
                during = during.add(&drift);
                after = after.add(&drift);
            }
            let during = upper(&during.mul(&largest));
            require(during.strict_precedes(room), "the ball may be larger").within(|| "radius")?;
            radius = upper(&after);
            radii.push(during);
        }
        let time = ground.point(&reach.length);
        let paths = reach.coefficients.iter().zip(&reach.remainder);
        let end = paths.map(|(list, last)| ground.ring.moved(list, last, &time));
        let end: Vec<Dependent> = end.collect();
        require(
            end.iter().all(|value| value.range().is_bounded()),
            "the tube is unbounded",
        )?;
        let start = self.bounds();
        let orders = if reach.is_point() {
            reach.coefficients.first().map_or(0, Vec::len)
        } else {
            0
        };
        let numbers = count.saturating_add(orders).saturating_mul(ground.system.dimension());
        self.account.keep(numbers, precision)?;
        self.segments
            .push(Segment::new(self.time.clone(), start, reach, &parts.list, radii));
        self.time += &reach.length;
        self.radius = radius;
        self.settle(&end);
        Ok(())
    }

    /// A whole step of a certificate.
    ///
    /// Errors: a [`Rejection`] with the demand that failed. Panics: never.
    pub fn step(&mut self, data: &StepData) -> Result<(), Rejection> {
        let reach = self.reach(data)?;
        let parts = self.parts(&reach, data)?;
        self.take(&parts, &data.growth)
    }
}

/// Encloses a Taylor polynomial during a span of time, from the ranges of its coefficients.
fn during(list: &[Dependent], time: &Interval, precision: u32) -> Interval {
    let ranges: Vec<Interval> = list.iter().map(Dependent::range).collect();
    horner(ranges.iter().rev(), time, precision)
}
