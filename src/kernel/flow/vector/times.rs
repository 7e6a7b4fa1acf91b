//! Times: how long z takes, where it is at a time, and when f is close to its limit.
//!
//! While f' is not 0, z' = -f'(z) sqrt(P M + 4 z^2) takes z from x to y in the time
//! T = integral from x to y of dz/(-f'(z) sqrt(P M + 4 z^2)), provided that the root has no zero on the way.

use super::super::super::certificate::Exact;
use super::super::super::evaluate::Program;
use super::super::super::expr::{Function, Id, Node, Table};
use super::super::super::interval::Interval;
use super::super::super::number::Sign;
use super::super::super::quadrature::{QuadratureError, integral_unmetered};
use super::super::super::theorem::{Rejection, Within, require};
use super::data::{Ahead, Position, Transit, Travel};
use super::signs::undefined;
use super::start::{Range, Start};
use super::{Outcome, VectorSystem, place, require_precision, words};
use rug::Rational;

/// The order of the Taylor forms of f' where a claim does not choose one.
const ORDER: u8 = 2;

impl VectorSystem {
    /// Encloses the time in which z travels from a point through others to the last of them, with P M = `imbalance`.
    ///
    /// The integrand is seen to be defined on all parts, so f' and the root have no zero there, and f' has the sign it has
    /// at the beginning.
    /// Errors: a [`Rejection`] if z is not shown to travel there. Panics: never.
    pub fn travel_time(
        &self,
        from: &Rational,
        points: &[Exact],
        travel: &Travel,
        imbalance: &Rational,
    ) -> Result<Interval, Rejection> {
        let precision = travel.precision;
        if points.is_empty() {
            return Ok(Interval::point(&Rational::new(), precision));
        }
        require(travel.order >= 1, "the order is at least 1").within(|| "travel")?;
        let expected = if travel.rising { Sign::Negative } else { Sign::Positive };
        let sign = self.slope_at(from, precision)?;
        require(sign == Some(expected), "z is not shown to travel in this direction")?;
        let mut cuts: Vec<Rational> = Vec::with_capacity(points.len().saturating_add(1));
        cuts.push(from.clone());
        cuts.extend(points.iter().map(|point| point.0.clone()));
        if !travel.rising {
            cuts.reverse();
        }
        for pair in cuts.windows(2) {
            let [lo, hi] = pair else { continue };
            require(lo < hi, "the points are not in the order of travel")?;
            let range = Interval::hull_of(lo, hi, precision).ok_or_else(|| Rejection::new("not an interval"))?;
            self.derivative_on(&range, 1, 1, precision)?;
        }
        let program = self.integrand(imbalance);
        let order = usize::from(travel.order);
        self.pay_evaluations(&program, cuts.len().saturating_mul(2), order, precision)?;
        let signed = integral_unmetered(&program, &cuts, order, precision).map_err(refused)?;
        let time = if travel.rising { signed.neg() } else { signed };
        require(time.is_bounded(), "a time is not bounded")?;
        Ok(time)
    }

    /// 1/(f'(z) sqrt(c + 4 z^2)) with c = `imbalance`, whose integral is a time, up to the sign; z is variable 0.
    ///
    /// The quotient by f' comes last: the Taylor coefficients of a polynomial divisor are few. Panics: never.
    pub fn integrand(&self, imbalance: &Rational) -> Program {
        let mut table = self.table.clone();
        let root = if *imbalance == 0 {
            let twice = table.number(2);
            let w = table.w();
            let product = table.insert(Node::Mul(twice, w));
            let size = table.insert(Node::Apply(Function::Abs, product));
            table.insert(Node::Power(size, Rational::from(-1)))
        } else {
            self.inverse_root(&mut table, imbalance)
        };
        let integrand = table.insert(Node::Div(root, self.slope));
        Program::new(&table, integrand)
    }

    /// (c + 4 z^2)^(-1/2).
    fn inverse_root(&self, table: &mut Table, imbalance: &Rational) -> Id {
        let constant = table.number(imbalance.clone());
        let four = table.number(4);
        let w = table.w();
        let square = table.insert(Node::Power(w, Rational::from(2)));
        let term = table.insert(Node::Mul(four, square));
        let sum = table.insert(Node::Add(constant, term));
        table.insert(Node::Power(sum, Rational::from((-1, 2))))
    }

    /// Where z and the coordinates are at a time.
    ///
    /// Times grow with the way and fall with P M. So every start that has not yet passed the last of the points `passed`
    /// has done so by the time from the rearmost z with the least P M; one that began beyond it moves on, as f' has the
    /// same sign there. No start is beyond the last point ahead before the time from the foremost z with the largest P M,
    /// nor beyond a zero of f' ever. z stays in a compact interval on which f is analytic, so the solutions exist.
    pub(super) fn position(&self, claim: &Position) -> Result<Outcome, Rejection> {
        self.require_undisturbed()?;
        let travel = &claim.travel;
        require_precision(travel.precision).within(|| "travel")?;
        require(claim.time.0 > 0, "the time is not positive").within(|| "time")?;
        let Range { lo, hi } = &self.start.product;
        let (rear, front) = if travel.rising { (lo, hi) } else { (hi, lo) };
        let past = self
            .travel_time(rear, &claim.passed, travel, &self.start.imbalance.lo)
            .within(|| "passed")?;
        require(
            past.sup() <= &claim.time.0,
            "the time is too short to pass the last point",
        )
        .within(|| "passed")?;
        let near = claim.passed.last().map_or(rear, |point| &point.0);
        self.require_moving(near, front, travel)?;
        let range = match &claim.ahead {
            Ahead::Time { points } => self
                .held_by_time(claim, (near, front), &past, points)
                .within(|| "ahead"),
            Ahead::Critical {
                bracket: [lo, hi],
                zero,
                decay,
            } => {
                let past = decay.then_some(&past);
                self.held_by_zero(claim, near, [&lo.0, &hi.0], *zero, past)
                    .within(|| "ahead")
            }
        }?;
        let range = self.on_its_side(range);
        let coordinates = place::coordinates(&self.start, &range, travel.precision)?;
        let statement = format!(
            "at time t = {} every solution exists and {}{}",
            words::number(&claim.time.0),
            words::value("w2 w1", None, &range),
            words::arrow(&coordinates, "", "in")
        );
        let time = Interval::point(&claim.time.0, travel.precision);
        Ok(words::outcome(statement, Some(range), coordinates, Some(time)))
    }

    /// The part of a range that starts with P = 0 or M = 0 can reach: z = -M e^(-2a)/4 <= 0, or z = P e^(2a)/4 >= 0.
    fn on_its_side(&self, range: Interval) -> Interval {
        let (zero, precision) = (Rational::new(), range.precision());
        let side = if self.start.plus.is_zero() {
            Interval::at_most(&zero, precision)
        } else if self.start.minus.is_zero() {
            Interval::at_least(&zero, precision)
        } else {
            return range;
        };
        range.intersection(&side).unwrap_or(range)
    }

    /// Starts of a box that lie beyond the last point passed: f' has its sign there too.
    fn require_moving(&self, near: &Rational, front: &Rational, travel: &Travel) -> Result<(), Rejection> {
        let sign = if travel.rising { Sign::Negative } else { Sign::Positive };
        let beyond = if travel.rising { near <= front } else { front <= near };
        if !beyond {
            return Ok(());
        }
        let ends = if travel.rising { [near, front] } else { [front, near] };
        self.require_sign(ends, &[], ORDER, travel.precision, sign)
    }

    /// The range between the last point passed and one that is reached at the time asked for, or later.
    fn held_by_time(
        &self,
        claim: &Position,
        (near, front): (&Rational, &Rational),
        past: &Interval,
        points: &[Exact],
    ) -> Result<Interval, Rejection> {
        let travel = &claim.travel;
        let far = points.last().ok_or_else(|| Rejection::new("there are no points"))?;
        let reached = if self.start.is_point() {
            past.add(&self.travel_time(near, points, travel, &self.start.imbalance.lo)?)
        } else {
            self.travel_time(front, points, travel, &self.start.imbalance.hi)?
        };
        require(
            reached.inf() >= &claim.time.0,
            "the last point is not shown to be reached late enough",
        )?;
        let ends = if travel.rising { (near, &far.0) } else { (&far.0, near) };
        Interval::hull_of(ends.0, ends.1, travel.precision)
            .ok_or_else(|| Rejection::new("the last point passed is beyond the last point ahead"))
    }

    /// The range between the last point passed and a zero of f' beyond it, perhaps narrowed by the time `waited` after
    /// it was passed.
    ///
    /// If f'' >= k > 0 from z* to the last point passed, |f'(z)| >= k |z - z*| there, and with r the least
    /// sqrt(P M + 4 z^2) there, |z - z*| falls at least as fast as e^(-k r t).
    fn held_by_zero(
        &self,
        claim: &Position,
        near: &Rational,
        [lo, hi]: [&Rational; 2],
        zero: Option<Id>,
        past: Option<&Interval>,
    ) -> Result<Interval, Rejection> {
        let (travel, precision) = (&claim.travel, claim.travel.precision);
        let beyond = if travel.rising { near <= lo } else { hi <= near };
        require(lo <= hi && beyond, "the bracket is not beyond the last point passed")?;
        let far = if travel.rising { hi } else { lo };
        let (least, most) = if travel.rising { (near, far) } else { (far, near) };
        let hull = Interval::hull_of(least, most, precision);
        let hull = hull.ok_or_else(|| Rejection::new("the bracket is not beyond the last point passed"))?;
        self.derivative_on(&hull, 1, ORDER, precision)?;
        let target = match zero {
            Some(at) => self.named_zero(at, [lo, hi], precision).within(|| "zero")?.range,
            None => {
                let stopping = if travel.rising { Sign::Positive } else { Sign::Negative };
                let close = if travel.rising { lo } else { hi };
                let (sign, before) = (self.slope_at(far, precision)?, self.slope_at(close, precision)?);
                let stops = sign == Some(stopping) || sign == Some(Sign::Zero);
                let moves = before == Some(stopping.opposite()) || before == Some(Sign::Zero);
                require(stops && moves, "f' is not shown to vanish in the bracket")?;
                Interval::hull_of(lo, hi, precision).ok_or_else(|| Rejection::new("an interval is inside out"))?
            }
        };
        let start = Interval::point(near, precision);
        let whole = start.convex_hull(&target);
        let Some(past) = past else { return Ok(whole) };
        let curvature = self.derivative_on(&hull, 2, ORDER, precision)?.interval(precision);
        require(curvature.is_positive(), "f'' is not shown to be positive")?;
        let least = Interval::point(&self.start.imbalance.lo, precision).add(&hull.sqr().scale(&Rational::from(4)));
        let speed = least.sqrt().map_err(|error| Rejection::new(error.to_string()))?;
        let waited = Interval::point(&claim.time.0, precision).sub(past);
        let decay = curvature.mul(&speed).mul(&waited).neg().exp();
        let distance = target.sub(&start).abs().mul(&decay);
        let zero = Interval::point(&Rational::new(), precision);
        let band = zero.convex_hull(&distance);
        let range = if travel.rising {
            target.sub(&band)
        } else {
            target.add(&band)
        };
        Ok(range.intersection(&whole).unwrap_or(whole))
    }

    /// From when on f is within a tolerance of its limit f(z*).
    ///
    /// f(z) falls strictly to f(z*) along the solution, so it is within the tolerance from some time T on. T is at least
    /// the time to a point at which f is not yet within the tolerance, and at most that to a point at which it is.
    pub(super) fn transit(&self, claim: &Transit) -> Result<Outcome, Rejection> {
        self.require_undisturbed()?;
        let (travel, precision) = (&claim.travel, claim.travel.precision);
        require_precision(precision).within(|| "travel")?;
        let other = claim.other.as_ref().map(|place| Start::point(place, self.width()));
        let other = other.transpose().within(|| "other")?;
        let start = other.as_ref().unwrap_or(&self.start);
        require(start.is_point(), "the start is not one point")?;
        require(claim.tolerance.0 > 0, "the tolerance is not positive").within(|| "tolerance")?;
        let critical = self.descend(&start.product, &claim.descent).within(|| "descent")?;
        require(critical.side.is_some(), "the start lies in the bracket").within(|| "descent")?;
        self.require_reached(start, &critical).within(|| "descent")?;
        let least = self
            .derivative_on(&critical.range, 0, ORDER, precision)?
            .interval(precision);
        let tolerance = Interval::point(&claim.tolerance.0, precision);
        let excess = |z: &Rational| -> Result<Interval, Rejection> {
            let value = self.derivative_on(&Interval::point(z, precision), 0, ORDER, precision)?;
            Ok(value.interval(precision).sub(&least).sub(&tolerance))
        };
        let (z, imbalance) = (&start.product.lo, &start.imbalance.lo);
        let earliest = self
            .travel_time(z, &claim.before, travel, imbalance)
            .within(|| "before")?;
        let middle = claim.before.last().map_or(z, |point| &point.0);
        if !claim.before.is_empty() {
            require(
                excess(middle)?.is_nonnegative(),
                "f is not shown to be beyond the tolerance",
            )
            .within(|| "before")?;
        }
        let rest = self
            .travel_time(middle, &claim.after, travel, imbalance)
            .within(|| "after")?;
        let end = claim.after.last().map_or(middle, |point| &point.0);
        require(
            excess(end)?.is_nonpositive(),
            "f is not shown to be within the tolerance",
        )
        .within(|| "after")?;
        let time = earliest.convex_hull(&earliest.add(&rest));
        let statement = format!(
            "{}f(w2 w1) - f(z*) <= {} from a time T on and not before, T in {}; {}",
            other.as_ref().map_or_else(String::new, words::second),
            words::number(&claim.tolerance.0),
            words::bracketed(&time),
            words::value("z*", critical.exact.as_ref(), &critical.range)
        );
        Ok(words::outcome(statement, Some(critical.range), Vec::new(), Some(time)))
    }
}

/// The rejection of an integral.
fn refused(error: QuadratureError) -> Rejection {
    match error {
        QuadratureError::Undefined { part, why } => undefined(why).within(format!("parts[{part}]")),
        QuadratureError::Limits => Rejection::new("the order or the precision is out of range"),
        QuadratureError::Cuts => Rejection::new("the points are not in the order of travel"),
        QuadratureError::Work => Rejection::new("the integral asks for too much work"),
    }
}
