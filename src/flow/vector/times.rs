//! Where z is at a time, and when it arrives: parts of the integral that gives the time, each short enough for Taylor.

use super::descent::{Aim, along};
use super::parts::{Way, ahead_of, first_step, next_point, order_for, rounded_up};
use super::probe::{floor_log2, rounded};
use super::{GUARDS, Search, attempt};
use crate::kernel::certificate::Exact;
use crate::kernel::flow::vector::data::{Ahead, Position, Transit, Travel, VectorClaim};
use crate::kernel::interval::Interval;
use crate::kernel::number::Number;
use rug::Rational;

/// The precision in bits with which z is located roughly.
const COARSE: u32 = 192;
/// The least precision in bits with which z is located.
const SPARE: u32 = 64;
/// Up to so many bits a way is walked with all of them if need be.
const PATIENT: u32 = 640;
/// Most parts of one way.
const PARTS: usize = 3_000;
/// Most precision of a transit in bits: its times are only shown with some digits.
const TRANSIT: u32 = 192;

/// Where z is at a time.
enum Arrival {
    /// Between two points, with points on the way to the first.
    Between {
        passed: Vec<Rational>,
        near: Rational,
        far: Rational,
    },
    /// So close to the zero of f' after these points that its decay since then tells enough.
    Settled { passed: Vec<Rational> },
}

/// Whether z, on its way to the origin from a start with P M = 0, is so close to 0 that so many bits do not tell.
fn is_at_the_origin(way: &Way, here: &Rational, bits: u32) -> bool {
    let bits = i32::try_from(bits).unwrap_or(i32::MAX / 4);
    way.imbalance == 0 && floor_log2(here) < floor_log2(&way.from) - bits - 2
}

/// Points as a certificate has them.
fn exact(points: &[Rational]) -> Vec<Exact> {
    points.iter().cloned().map(Exact).collect()
}

impl Search<'_> {
    fn way(&self, from: &Rational, imbalance: &Rational, rising: bool, precision: u32) -> Way {
        Way {
            travel: Travel {
                precision,
                order: order_for(precision),
                rising,
            },
            imbalance: imbalance.clone(),
            integrand: self.system.integrand(imbalance),
            from: from.clone(),
        }
    }

    /// Where all starts are at a time.
    pub(super) fn position(&mut self, time: &Rational, aim: Option<&Aim>) {
        let mut tried = Vec::new();
        let direction = aim.and_then(|aim| aim.rising).or_else(|| self.common_direction());
        let Some(rising) = direction else {
            let what = "the starts move in different directions: a smaller box would help";
            return self.leave_open("position", what, tried);
        };
        for guard in GUARDS {
            match self.position_claim(time, aim, rising, guard) {
                Some(claim) => match self.propose("position", VectorClaim::Position(claim)) {
                    Ok(()) => return,
                    Err(rejection) => tried.push(attempt("the time as an integral", rejection.to_string())),
                },
                None => tried.push(attempt(
                    "the time as an integral",
                    "no parts were found that reach the time",
                )),
            }
        }
        self.leave_open(
            "position",
            "the time in which z = w2 w1 travels was not enclosed",
            tried,
        );
    }

    /// The direction in which all starts move, if they do.
    fn common_direction(&self) -> Option<bool> {
        let [lo, hi] = self.system.start_product();
        let (low, high) = (self.at(&lo, 1, COARSE)?, self.at(&hi, 1, COARSE)?);
        if low.is_negative() && high.is_negative() {
            Some(true)
        } else if low.is_positive() && high.is_positive() {
            Some(false)
        } else {
            None
        }
    }

    fn position_claim(&mut self, time: &Rational, aim: Option<&Aim>, rising: bool, guard: u32) -> Option<Position> {
        let [lo, hi] = self.system.start_product();
        let point = self.spec.start.iter().all(|[lo, hi]| lo == hi);
        let bits = if point {
            self.spec.precision
        } else {
            self.spec.precision.min(128)
        };
        let [plus, minus] = self.system.start_lengths();
        let (least, most) = (
            Rational::from(&plus[0] * &minus[0]),
            Rational::from(&plus[1] * &minus[1]),
        );
        let (rear, front) = if rising { (lo, hi) } else { (hi, lo) };
        let way = self.way(&rear, &least, rising, bits + guard);
        let last = self.arrival(&way, time, aim, bits)?;
        let first = if point {
            None
        } else {
            let way = self.way(&front, &most, rising, bits + guard);
            Some(self.arrival(&way, time, aim, bits)?)
        };
        let critical = |search: &mut Self, decay: bool| {
            let aim = aim?;
            let zero = match &aim.exact {
                Some(exact) => Some(search.constant(exact)?),
                None => None,
            };
            let [lo, hi] = &aim.bracket;
            Some(Ahead::Critical {
                bracket: [Exact(lo.clone()), Exact(hi.clone())],
                zero,
                decay,
            })
        };
        let mut travel = way.travel;
        let (passed, ahead) = match (last, first) {
            (Arrival::Settled { passed }, _) => {
                // The parts were made for this order, and it does not matter when exactly the last point is passed.
                travel.order = order_for(COARSE);
                (passed, critical(self, most != 0)?)
            }
            (Arrival::Between { mut passed, near, .. }, Some(Arrival::Settled { .. })) => {
                passed.push(near);
                (passed, critical(self, false)?)
            }
            (Arrival::Between { mut passed, near, far }, None) => {
                passed.push(near);
                let points = vec![Exact(far)];
                (passed, Ahead::Time { points })
            }
            (
                Arrival::Between { mut passed, near, .. },
                Some(Arrival::Between {
                    passed: mut points,
                    far,
                    ..
                }),
            ) => {
                passed.push(near);
                points.push(far);
                (passed, Ahead::Time { points: exact(&points) })
            }
        };
        // A last point that is not ahead of the start stands for no way at all.
        let passed: Vec<Rational> = passed
            .into_iter()
            .filter(|place| ahead_of(&rear, place, rising))
            .collect();
        Some(Position {
            time: Exact(time.clone()),
            travel,
            passed: exact(&passed),
            ahead,
        })
    }

    /// The time in which z goes on from a point to another.
    fn time(&self, way: &Way, from: &Rational, to: &Rational) -> Option<Interval> {
        let points = [Exact(to.clone())];
        self.system.refill();
        let time = self.system.travel_time(from, &points, &way.travel, &way.imbalance);
        time.ok()
    }

    /// Where z is at a time, to so many bits: roughly first, and with all bits if z is too close to the zero for that.
    ///
    /// The last resort is the decay since some point on the way.
    fn arrival(&self, way: &Way, time: &Rational, aim: Option<&Aim>, bits: u32) -> Option<Arrival> {
        let rough = COARSE.min(bits.saturating_add(SPARE));
        let coarse = self.way(&way.from, &way.imbalance, way.travel.rising, rough);
        let passed = match self.walk(way, &coarse, time, aim, bits) {
            Ok(arrival) => return Some(arrival),
            Err(passed) => passed,
        };
        if (COARSE..=PATIENT).contains(&bits)
            && let Ok(arrival) = self.walk(way, way, time, aim, bits)
        {
            return Some(arrival);
        }
        aim.map(|_| Arrival::Settled { passed })
    }

    /// Walks on a coarse way until the time is over. Errors: the points that were passed when this failed.
    fn walk(
        &self,
        way: &Way,
        coarse: &Way,
        time: &Rational,
        aim: Option<&Aim>,
        bits: u32,
    ) -> Result<Arrival, Vec<Rational>> {
        let rough = coarse.travel.precision;
        let mut passed = Vec::new();
        let mut here = way.from.clone();
        let mut spent = Interval::point(&Rational::new(), rough);
        let mut step = first_step(&here);
        while passed.len() < PARTS && !self.budget.is_over() {
            if let Some(aim) = aim
                && (self.has_settled(way, &here, aim, time, &spent, bits) || is_at_the_origin(way, &here, bits))
            {
                return Ok(Arrival::Settled { passed });
            }
            let next = next_point(coarse, &here, &mut step, aim, rough);
            let Some((next, part)) = next.and_then(|next| Some((next.clone(), self.time(coarse, &here, &next)?)))
            else {
                break;
            };
            let total = spent.add(&part);
            if total.inf() > time {
                let rest = Interval::point(time, rough).sub(&spent);
                let place = self.locate(coarse, &here, &next, &rest, rough - 32);
                let arrival = place.and_then(|(place, ..)| self.pinpoint(way, &place, time, aim, bits));
                return arrival.ok_or(passed);
            }
            spent = total;
            here = next.clone();
            passed.push(next);
        }
        Err(passed)
    }

    /// Whether the decay since a point brings z within 2^-bits of the zero, relatively.
    fn has_settled(&self, way: &Way, here: &Rational, aim: &Aim, time: &Rational, spent: &Interval, bits: u32) -> bool {
        let [lo, hi] = &aim.bracket;
        let beyond = if way.travel.rising { here < lo } else { here > hi };
        let (from, to) = if way.travel.rising { (here, hi) } else { (lo, here) };
        let bound = || {
            let curvature = self.derivative(from, to, 2, COARSE)?;
            let z = Interval::hull_of(from, to, COARSE)?;
            let speed = Interval::point(&way.imbalance, COARSE).add(&z.sqr().scale(&Rational::from(4)));
            let rate = curvature.mul(&speed.sqrt().ok()?);
            let waited = Interval::point(time, COARSE).sub(spent);
            let decay = rate.mul(&waited).neg().exp();
            let distance = Rational::from(to - from);
            let allowed = floor_log2(hi).max(-20).saturating_sub(i32::try_from(bits).ok()?);
            let distance = decay.scale(&distance);
            let small = Interval::point(&(Rational::from(1) << allowed), COARSE);
            Some(curvature.is_positive() && distance.precedes(&small))
        };
        beyond && bound() == Some(true)
    }

    /// The point that z reaches from another in a time, by Newton's method from a guess, with the error of the time and
    /// the speed there; to so many bits.
    fn locate(
        &self,
        way: &Way,
        from: &Rational,
        guess: &Rational,
        rest: &Interval,
        bits: u32,
    ) -> Option<(Rational, Interval, Interval)> {
        let precision = way.travel.precision;
        let rising = way.travel.rising;
        let (working, wanted) = (i32::try_from(precision).ok()?, i32::try_from(bits).ok()?);
        let grid = |value: &Rational| rounded(value, working - floor_log2(guess).max(-2_000));
        let back = |value: &Rational| Rational::from(from + value) / 2u32;
        let mut here = guess.clone();
        let mut last = None;
        for _ in 0..80 {
            let Some(time) = self.time(way, from, &here) else {
                // Beyond the zero of f'.
                here = grid(&back(&here));
                continue;
            };
            let error = rest.sub(&time);
            let slope = way.integrand.value(&[Number::Exact(here.clone())], precision);
            let speed = slope.ok()?.interval(precision).abs().recip().ok()?;
            let step = error.mul(&speed).mid_rational();
            let next = along(&here, &step, rising);
            let small = floor_log2(&step) < floor_log2(&here).max(-2_000) - wanted - 2;
            last = Some((here.clone(), error, speed));
            if small {
                break;
            }
            let next = grid(&next);
            here = if ahead_of(from, &next, rising) {
                next
            } else {
                grid(&back(&here))
            };
        }
        last
    }

    /// Two points around the place where z is at a time, close to each other, from a good guess.
    fn pinpoint(&self, way: &Way, guess: &Rational, time: &Rational, aim: Option<&Aim>, bits: u32) -> Option<Arrival> {
        let precision = way.travel.precision;
        let rising = way.travel.rising;
        let passed = self.points_to(way, guess, aim)?;
        let here = passed.last().unwrap_or(&way.from);
        let spent = match passed.last() {
            None => Interval::point(&Rational::new(), precision),
            Some(_) => {
                self.system.refill();
                let points = exact(&passed);
                let time = self.system.travel_time(&way.from, &points, &way.travel, &way.imbalance);
                time.ok()?
            }
        };
        let rest = Interval::point(time, precision).sub(&spent);
        let (place, error, speed) = self.locate(way, here, guess, &rest, bits + 8)?;
        let uncertain = error.abs().mul(&speed);
        let uncertain = uncertain.sup_rational()?;
        let size = floor_log2(&place).max(-2_000) - i32::try_from(bits).ok()? - 2;
        let radius = rounded_up(&(uncertain * 2u32)) + (Rational::from(1) << size);
        let (low, high) = (Rational::from(&place - &radius), Rational::from(&place + &radius));
        let (near, far) = if rising { (low, high) } else { (high, low) };
        let near = if ahead_of(here, &near, rising) {
            near
        } else {
            here.clone()
        };
        let mut passed = passed;
        if passed.last() == Some(&near) {
            passed.pop();
        }
        Some(Arrival::Between { passed, near, far })
    }

    /// Points on the way to a place, the last one so far before it that a part remains.
    fn points_to(&self, way: &Way, place: &Rational, aim: Option<&Aim>) -> Option<Vec<Rational>> {
        let rising = way.travel.rising;
        let mut points: Vec<Rational> = Vec::new();
        let mut here = way.from.clone();
        let mut step = first_step(&here);
        loop {
            let next = next_point(way, &here, &mut step, aim, way.travel.precision)?;
            if !ahead_of(&next, place, rising) {
                break;
            }
            if points.len() > PARTS || self.budget.is_over() {
                return None;
            }
            here = next.clone();
            points.push(next);
        }
        // Newton's method must not have to look behind the last point.
        if let Some(last) = points.last() {
            let gap = Rational::from(place - last).abs();
            if floor_log2(&gap) < floor_log2(&step) - 5 {
                points.pop();
            }
        }
        Some(points)
    }

    /// The time until f is within a tolerance of its limit.
    pub(super) fn transit(&mut self, tolerance: &Rational, aim: Option<&Aim>) {
        let mut tried = Vec::new();
        for guard in GUARDS {
            match aim.and_then(|aim| self.transit_claim(tolerance, aim, guard)) {
                Some(claim) => match self.propose("transit", VectorClaim::Transit(claim)) {
                    Ok(()) => return,
                    Err(rejection) => tried.push(attempt("the time as an integral", rejection.to_string())),
                },
                None => tried.push(attempt("the time as an integral", "no way to the tolerance was found")),
            }
        }
        let what = "the time until f is within the tolerance was not enclosed: it needs one exact start and its limit";
        self.leave_open("transit", what, tried);
    }

    pub(super) fn transit_claim(&mut self, tolerance: &Rational, aim: &Aim, guard: u32) -> Option<Transit> {
        let bits = self.spec.precision.min(TRANSIT);
        let precision = bits + guard;
        let rising = aim.rising?;
        let descent = self.descent(aim, self.working(guard))?;
        let [from, _] = self.system.start_product();
        let [plus, minus] = self.system.start_lengths();
        let imbalance = Rational::from(&plus[0] * &minus[0]);
        let way = self.way(&from, &imbalance, rising, precision);
        let (mut before, mut after) = (Vec::new(), Vec::new());
        if let Some(place) = self.place_of(tolerance, aim, &from, precision)? {
            let points = self.points_to(&way, &place, Some(aim))?;
            let radius = Rational::from(1) << (floor_log2(&place).max(-2_000) - i32::try_from(bits).ok()? / 2);
            let (low, high) = (Rational::from(&place - &radius), Rational::from(&place + &radius));
            let (near, far) = if rising { (low, high) } else { (high, low) };
            let here = points.last().unwrap_or(&from).clone();
            before = points;
            if ahead_of(&here, &near, rising) {
                before.push(near);
            }
            after.push(far);
        }
        Some(Transit {
            tolerance: Exact(tolerance.clone()),
            travel: way.travel,
            descent,
            before: exact(&before),
            after: exact(&after),
            other: None,
        })
    }

    /// Where f is as far from its limit as the tolerance: `Some(None)` if it is closer already at the start.
    fn place_of(&self, tolerance: &Rational, aim: &Aim, from: &Rational, precision: u32) -> Option<Option<Rational>> {
        let working = precision.max(self.spec.precision) + 64;
        let [lo, hi] = &aim.bracket;
        let end = match &aim.exact {
            Some(exact) => self.at(exact, 0, working)?,
            None => self.derivative(lo, hi, 0, working)?,
        };
        let tolerance = Interval::point(tolerance, working);
        let excess = |place: &Rational| Some(self.at(place, 0, working)?.sub(&end).sub(&tolerance));
        if excess(from)?.is_nonpositive() {
            return Some(None);
        }
        let mut outer = from.clone();
        let mut inner = if from < lo { lo.clone() } else { hi.clone() };
        for _ in 0..precision.saturating_mul(2) {
            let middle = super::probe::between(&inner.clone().min(outer.clone()), &inner.clone().max(outer.clone()))?;
            let gap = floor_log2(&Rational::from(&outer - &inner));
            if gap < floor_log2(&middle).max(-2_000) - i32::try_from(precision).ok()? {
                return Some(Some(middle));
            }
            match excess(&middle)? {
                value if value.is_positive() => outer = middle,
                value if value.is_negative() => inner = middle,
                _ => return Some(Some(middle)),
            }
        }
        Some(Some(outer))
    }
}
