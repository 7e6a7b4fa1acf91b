//! Where the flow ends: at a zero of f', at the origin, or where it began.

use super::super::super::certificate::Exact;
use super::super::super::interval::Interval;
use super::super::super::number::Sign;
use super::super::super::theorem::{Rejection, Within, require};
use super::data::Descent;
use super::start::{Range, Start};
use super::{Outcome, VectorSystem, place, require_precision, words};
use rug::Rational;

/// A zero of f' in which the descent ends.
pub(super) struct Critical {
    /// The zero, if it is known and rational.
    pub exact: Option<Rational>,
    /// An enclosure of it.
    pub range: Interval,
    /// On which side of it the starts lie: the sign of f' from all of them down to it. `None` for both sides.
    pub side: Option<Sign>,
}

impl VectorSystem {
    /// Checks a descent from all z of a range: the solution of z' = -f'(z) v(z), v >= 0 continuous, stays between its
    /// start and the first zero of f' that lies ahead, and that zero lies in the bracket.
    ///
    /// From above: f' > 0 from the upper end of the bracket to the start, so z falls. If f'(lo) <= 0 there is a zero in the
    /// bracket, as f' is continuous; z cannot pass it, because z = zero is a solution and solutions are unique. From below
    /// the same. A start inside the bracket, with f'(lo) <= 0 <= f'(hi), stays in the bracket: z does not move, or moves
    /// to the next zero of f' in its direction, which by continuity exists inside.
    ///
    /// If f'' > 0 on the bracket there is only one zero in it, and a named one is the one.
    pub(super) fn descend(&self, from: &Range, data: &Descent) -> Result<Critical, Rejection> {
        require_precision(data.precision)?;
        let [Exact(lo), Exact(hi)] = &data.bracket;
        require(lo <= hi, "an interval is inside out").within(|| "bracket")?;
        let outside = |cut: &&Exact| cut.0 < *lo || cut.0 > *hi;
        require(data.cuts.iter().all(|cut| outside(&cut)), "a cut inside the bracket").within(|| "cuts")?;
        let (below, above): (Vec<&Exact>, Vec<&Exact>) = data.cuts.iter().partition(|cut| cut.0 < *lo);
        let side = if from.lo >= *hi {
            Some(Sign::Positive)
        } else if from.hi <= *lo {
            Some(Sign::Negative)
        } else {
            None
        };
        if side == Some(Sign::Positive) || from.hi > *hi {
            self.require_sign([hi, &from.hi], &above, data.order, data.precision, Sign::Positive)?;
        } else {
            require(above.is_empty(), "a cut beyond the starts").within(|| "cuts")?;
        }
        if side == Some(Sign::Negative) || from.lo < *lo {
            self.require_sign([&from.lo, lo], &below, data.order, data.precision, Sign::Negative)?;
        } else {
            require(below.is_empty(), "a cut beyond the starts").within(|| "cuts")?;
        }
        self.zero_in(data, side)
    }

    /// The zero in the bracket of a descent from this side.
    fn zero_in(&self, data: &Descent, side: Option<Sign>) -> Result<Critical, Rejection> {
        let ([Exact(lo), Exact(hi)], precision) = (&data.bracket, data.precision);
        let bracket = Interval::hull_of(lo, hi, precision).ok_or_else(|| Rejection::new("bracket"))?;
        self.derivative_on(&bracket, 1, data.order, precision)
            .within(|| "bracket")?;
        let named = data.zero.map(|at| self.named_zero(at, [lo, hi], precision));
        let named = named.transpose().within(|| "zero")?;
        let given = named.is_some();
        if side.is_none() || (side == Some(Sign::Positive) && !given) {
            let sign = self.slope_at(lo, precision)?;
            let floor = matches!(sign, Some(Sign::Negative | Sign::Zero));
            require(
                floor,
                "f' is not shown to vanish in the bracket: its sign at the lower end",
            )
            .within(|| "bracket")?;
        }
        if side.is_none() || (side == Some(Sign::Negative) && !given) {
            let sign = self.slope_at(hi, precision)?;
            let ceiling = matches!(sign, Some(Sign::Positive | Sign::Zero));
            require(
                ceiling,
                "f' is not shown to vanish in the bracket: its sign at the upper end",
            )
            .within(|| "bracket")?;
        }
        if let Some(zero) = named
            && self.derivative_on(&bracket, 2, data.order, precision)?.is_positive()
        {
            return Ok(Critical {
                exact: zero.exact,
                range: zero.range,
                side,
            });
        }
        Ok(Critical {
            exact: None,
            range: bracket,
            side,
        })
    }

    /// Demands that z(a) takes the critical value for some a, from all starts.
    ///
    /// z(a) = (P e^(2a) - M e^(-2a))/4 takes all real values if P, M > 0, the positive ones if P > 0 = M, and the negative
    /// ones if P = 0 < M.
    pub(super) fn require_reached(&self, start: &Start, critical: &Critical) -> Result<(), Rejection> {
        let reached = match (start.plus.is_positive(), start.minus.is_positive()) {
            (true, true) => true,
            (true, false) => critical.range.is_positive(),
            (false, true) => critical.range.is_negative(),
            (false, false) => false,
        };
        require(reached, "a start may lie on the stable set of the origin")
    }

    /// Every solution exists for ever and converges to a point with w2 w1 = z*, f'(z*) = 0.
    ///
    /// By [`descend`](Self::descend), z stays in a compact interval on which f is analytic, so the solution exists for
    /// ever. z and thus a are monotone, and z has a limit with f' = 0, the first zero ahead, because z(a) takes this value
    /// at a finite a*: a' = -f'(z(a)) has no zero between, so a converges to a*, and the coordinates to their values at a*.
    pub(super) fn limit(&self, data: &Descent) -> Result<Outcome, Rejection> {
        self.require_undisturbed()?;
        let critical = self.descend(&self.start.product, data)?;
        self.require_reached(&self.start, &critical)?;
        let coordinates = place::coordinates(&self.start, &critical.range, data.precision)?;
        let statement = format!(
            "every solution exists for all times t >= 0 and converges to a point with w2 w1 = z*, f'(z*) = 0, {}{}",
            words::value("z*", critical.exact.as_ref(), &critical.range),
            words::arrow(&coordinates, &self.branch(), "->")
        );
        Ok(words::outcome(statement, Some(critical.range), coordinates, None))
    }

    /// The start is a point of rest: a = 0 solves a' = -f'(z(a)), z(0) = z, and if w1 = w2^T = 0 all speeds are 0.
    pub(super) fn rests(&self, precision: u32) -> Result<Outcome, Rejection> {
        self.require_undisturbed()?;
        require_precision(precision)?;
        require(self.start.is_point(), "the start is not one point")?;
        let sign = self.slope_at(&self.start.product.lo, precision)?;
        let origin = self.start.plus.is_zero() && self.start.minus.is_zero();
        require(
            origin || sign == Some(Sign::Zero),
            "the start is not shown to be at rest",
        )?;
        let why = match (origin, sign) {
            (true, Some(Sign::Positive | Sign::Negative)) => {
                "w1 = 0 and w2 = 0: the start is the origin, a critical point that f alone does not have, and stays there"
            }
            (true, _) => "w1 = 0 and w2 = 0: the start is the origin and stays there",
            _ => "f'(w2 w1) = 0 at the start, which therefore stays where it is",
        };
        let product = Interval::point(&self.start.product.lo, precision);
        let all = self.start.first.iter().chain(&self.start.second);
        let coordinates = all.map(|range| Interval::point(&range.lo, precision)).collect();
        Ok(words::outcome(why.to_owned(), Some(product), coordinates, None))
    }

    /// A start with w1 = s w2^T, s = sign f'(0), converges to the origin.
    ///
    /// For s = 1, q = 0 and z = P e^(2a)/4 > 0 for all times. f' > 0 on [0, z(0)], so z falls, the solution exists for ever,
    /// and a falls to a limit; were it finite, f' would vanish at a positive z below z(0). So a tends to minus infinity
    /// and p e^a to 0. For s = -1 the same with p = 0, z = -M e^(-2a)/4 and q e^-a.
    pub(super) fn to_origin(&self, cuts: &[Exact], order: u8, precision: u32) -> Result<Outcome, Rejection> {
        self.require_undisturbed()?;
        require_precision(precision)?;
        require(self.start.is_point(), "the start is not one point")?;
        let sign = self.slope_at(&Rational::new(), precision)?;
        let zero = Rational::new();
        let z = &self.start.product.lo;
        let (ends, on_the_set, relation) = match sign {
            Some(Sign::Positive) => ([&zero, z], self.start.minus.is_zero(), "w1 = w2^T, f' > 0"),
            Some(Sign::Negative) => ([z, &zero], self.start.plus.is_zero(), "w1 = -w2^T, f' < 0"),
            _ => return Err(Rejection::new("f'(0) is not shown to be positive or negative")),
        };
        require(on_the_set, "the start is not on the stable set of the origin")?;
        require(*z != 0, "the start is the origin")?;
        let cuts: Vec<&Exact> = cuts.iter().collect();
        let strict = sign.unwrap_or(Sign::Zero);
        self.require_sign(ends, &cuts, order, precision, strict)?;
        let statement = format!(
            "at the start {relation} from 0 to w2 w1 = {}; the solution exists for all times t >= 0 and converges to the \
             origin, where w2 w1 = 0 and f'(0) is not 0: a critical point that f alone does not have",
            words::number(z)
        );
        let limit = Interval::point(&zero, precision);
        let coordinates = vec![limit.clone(); self.width().saturating_mul(2)];
        Ok(words::outcome(statement, Some(limit), coordinates, None))
    }

    /// Of two starts with the same z, the one with the larger P M has the smaller f at every time t > 0.
    ///
    /// Both solutions exist for ever and take z along the same way down to the first zero of f', of which neither comes
    /// further. The time from z(0) to a point of the way is the integral of dz/(|f'(z)| sqrt(P M + 4 z^2)), which is
    /// smaller for the larger P M. So at t > 0 the solution with the larger one has passed the point where the other is, or
    /// the other has not moved at all and it has, since f'(z(0)) is not 0 and its P M is positive. f falls strictly along
    /// the way, as f' is not 0 there.
    pub(super) fn faster(&self, other: &[Exact], data: &Descent) -> Result<Outcome, Rejection> {
        self.require_undisturbed()?;
        require(self.start.is_point(), "the start is not one point")?;
        let other = Start::point(other, self.width()).within(|| "other")?;
        require(other.product == self.start.product, "the starts differ in z").within(|| "other")?;
        let (ours, theirs) = (&self.start.imbalance.lo, &other.imbalance.lo);
        require(theirs != ours, "the starts do not differ in P M").within(|| "other")?;
        let critical = self.descend(&self.start.product, data).within(|| "descent")?;
        require(critical.side.is_some(), "the start lies in the bracket").within(|| "descent")?;
        let statement = format!(
            "from the second start, with the same w2 w1 = {} and |w1 + w2^T|^2 |w1 - w2^T|^2 = {} instead of {}, the cost \
             f(w2 w1) is {} at every time t > 0",
            words::number(&self.start.product.lo),
            words::number(theirs),
            words::number(ours),
            if theirs > ours { "smaller" } else { "larger" }
        );
        Ok(words::outcome(statement, None, Vec::new(), None))
    }

    /// For k = 1, the branch of the hyperbola w1^2 - w2^2 = P M on which a point start and all of its solution lie.
    fn branch(&self) -> String {
        let ([first], [second]) = (self.start.first.as_slice(), self.start.second.as_slice()) else {
            return String::new();
        };
        let constant = first.squared().minus(&second.squared());
        let level = |name: &str, range: &Range| {
            let sign = if range.lo > 0 {
                ">"
            } else if range.hi < 0 {
                "<"
            } else {
                return String::new();
            };
            let constant = if constant.is_point() {
                format!(" w1^2 - w2^2 = {},", words::number(&constant.lo))
            } else {
                String::new()
            };
            format!(", on the branch{constant} {name} {sign} 0")
        };
        if constant.lo > 0 {
            level("w1", first)
        } else if constant.hi < 0 {
            level("w2", second)
        } else {
            String::new()
        }
    }
}
