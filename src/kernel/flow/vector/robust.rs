//! What disturbances cannot do: w1' = -f'(z) w2^T + U(t), (w2^T)' = -f'(z) w1 + V(t) with bounds for |U| and |V|, any
//! measurable U and V.
//!
//! Then p = w1 + w2^T satisfies p' = -f'(z) p + U + V, and q = w1 - w2^T satisfies q' = f'(z) q + U - V.
//! Solutions are absolutely continuous; nothing below needs them to be unique.

use super::super::super::certificate::Exact;
use super::super::super::evaluate::Program;
use super::super::super::expr::Node;
use super::super::super::interval::Interval;
use super::super::super::normal_form::{Decision, is_identically_zero};
use super::super::super::number::Number;
use super::super::super::theorem::{Rejection, Within, require};
use super::signs::ZERO_TEST;
use super::{Outcome, VectorSystem, require_precision, words};
use rug::Rational;

/// The points with |w1 + w2^T| >= alpha, or with |w1 - w2^T| >= alpha.
pub(super) struct Set<'a> {
    pub alpha: &'a Rational,
    /// About w1 + w2^T.
    pub sum: bool,
}

impl Set<'_> {
    /// `|w1 + w2^T| >= 1/2`.
    fn words(&self) -> String {
        let sign = if self.sum { '+' } else { '-' };
        format!("|w1 {sign} w2^T| >= {}", words::number(self.alpha))
    }

    /// alpha^2 / 4.
    fn edge(&self) -> Rational {
        self.alpha.clone().square() / 4u32
    }
}

impl VectorSystem {
    /// The set is forward invariant.
    ///
    /// Let r = |p|, and suppose r(t0) = alpha and 0 < r < alpha on (t0, t1]. There z = (|p|^2 - |q|^2)/4 <= alpha^2/4, so
    /// -f'(z) >= kappa and r' >= kappa r - |U + V| >= kappa (r - alpha) almost everywhere, as |U + V| <= alpha kappa.
    /// Hence (r - alpha) e^(-kappa t) does not fall on [t0, t1], and r >= alpha there, a contradiction. With |q|, z >=
    /// -alpha^2/4 and f'(z) >= kappa the same.
    pub(super) fn robust(
        &self,
        set: &Set,
        kappa: &Rational,
        cuts: &[Exact],
        order: u8,
        precision: u32,
    ) -> Result<Outcome, Rejection> {
        require_precision(precision)?;
        require(*set.alpha > 0, "the radius is not positive").within(|| "alpha")?;
        require(*kappa >= 0, "kappa is negative").within(|| "kappa")?;
        self.require_small(set, kappa)?;
        self.require_repelling(set, kappa, cuts, order, precision)?;
        let slope = if set.sum {
            format!(
                "f'(z) <= -{} for z <= {}",
                words::number(kappa),
                words::number(&set.edge())
            )
        } else {
            format!(
                "f'(z) >= {} for z >= -{}",
                words::number(kappa),
                words::number(&set.edge())
            )
        };
        let statement = format!(
            "the set {} is forward invariant {}, as {slope}: a solution that begins in it never leaves it{}",
            set.words(),
            self.disturbance_words(),
            self.start_words(set)
        );
        Ok(words::outcome(statement, None, Vec::new(), None))
    }

    /// In the set, the cost L = f - min f, f = a (w - Y)^2 / 2 + constant, a > 0, decays up to a bound.
    ///
    /// Y > 0 and f' = a (w - Y), so f' <= -kappa for z <= alpha^2/4 with kappa = a (Y - alpha^2/4), and the set is
    /// invariant. With D = (U, V) and G the gradient of L in the coordinates, L' = -|G|^2 + <G, D> <= -|G|^2/2 + |D|^2/2,
    /// and |G|^2 = f'(z)^2 (|w1|^2 + |w2|^2) = 2 a L (|p|^2 + |q|^2)/2 >= a alpha^2 L. So L' <= -(a alpha^2/2) L + |D|^2/2
    /// almost everywhere, and L <= e^(-c t) L(0) + (1 - e^(-c t)) sup |D|^2/(2 c) with c = a alpha^2/2.
    ///
    /// Solutions exist for ever: (|w1|^2 + |w2|^2)' = -4 z f'(z) + 2 <(w1, w2), D> <= a Y^2 + |w1|^2 + |w2|^2 + |D|^2. For
    /// Y < 0 the same with q in the place of p.
    pub(super) fn dissipation(
        &self,
        alpha: &Rational,
        scale: &Rational,
        target: &Rational,
    ) -> Result<Outcome, Rejection> {
        require(*alpha > 0, "the radius is not positive").within(|| "alpha")?;
        require(*scale > 0, "the factor is not positive").within(|| "scale")?;
        require(
            self.is_quadratic(scale, target)?,
            "f' is not shown to be scale (w - target)",
        )?;
        let set = Set {
            alpha,
            sum: *target > 0,
        };
        let kappa = Rational::from(target.abs_ref()) - set.edge();
        let kappa = kappa * scale;
        require(kappa >= 0, "the radius is too large: alpha^2 / 4 > |target|").within(|| "alpha")?;
        self.require_small(&set, &kappa)?;
        let power = match self.bounds() {
            (first, Some(second)) => first.square() + second.square(),
            (both, None) => both.square(),
        };
        let rate = scale * alpha.clone().square();
        let limit = Rational::from(&power / &rate);
        let half = Rational::from(&rate / 2u32);
        let statement = format!(
            "the set {} is forward invariant, solutions in it exist for all times t >= 0, and along them L = f - min f \
             satisfies L' <= -{} L + |D|^2/2 with |D|^2 = |U|^2 + |V|^2 <= {}, so limsup L <= {}; {}{}",
            set.words(),
            words::number(&half),
            words::number(&power),
            words::number(&limit),
            self.disturbance_words(),
            self.start_words(&set)
        );
        Ok(words::outcome(statement, None, Vec::new(), None))
    }

    /// Demands that |U + V| and |U - V| are at most alpha kappa.
    fn require_small(&self, set: &Set, kappa: &Rational) -> Result<(), Rejection> {
        let allowed = Rational::from(set.alpha * kappa);
        let small = match self.bounds() {
            (first, Some(second)) => first + second <= allowed,
            // |U|^2 + |V|^2 <= d^2 gives |U +- V|^2 <= 2 d^2.
            (both, None) => Rational::from(2) * both.square() <= allowed.square(),
        };
        require(small, "the disturbance is not shown to be weak enough")
    }

    /// Bounds for |U| and |V|, or one for both together.
    fn bounds(&self) -> (Rational, Option<Rational>) {
        match self.disturbance.as_slice() {
            [] => (Rational::new(), Some(Rational::new())),
            [both] => (both.clone(), None),
            [first, second, ..] => (first.clone(), Some(second.clone())),
        }
    }

    /// What may be added to the flow.
    fn disturbance_words(&self) -> String {
        match self.bounds() {
            (first, Some(second)) if first == 0 && second == 0 => "without disturbance".to_owned(),
            (first, Some(second)) => format!(
                "with disturbances |U| <= {} of w1' and |V| <= {} of w2'",
                words::number(&first),
                words::number(&second)
            ),
            (both, None) => format!("with disturbances |U|^2 + |V|^2 <= ({})^2", words::number(&both)),
        }
    }

    /// Whether the starts lie in the set.
    fn start_words(&self, set: &Set) -> &'static str {
        let length = if set.sum { &self.start.plus } else { &self.start.minus };
        let edge = set.alpha.clone().square();
        if length.lo >= edge {
            "; all starts lie in it"
        } else if length.hi < edge {
            "; no start lies in it"
        } else {
            ""
        }
    }

    /// Demands f' <= -kappa for z <= alpha^2/4, or f' >= kappa for z >= -alpha^2/4: on a half line and boxes.
    fn require_repelling(
        &self,
        set: &Set,
        kappa: &Rational,
        cuts: &[Exact],
        order: u8,
        precision: u32,
    ) -> Result<(), Rejection> {
        let edge = if set.sum { set.edge() } else { -set.edge() };
        let mut ends: Vec<&Rational> = cuts.iter().map(|cut| &cut.0).collect();
        if set.sum {
            ends.push(&edge);
        } else {
            ends.insert(0, &edge);
        }
        let increasing = ends.windows(2).all(|pair| matches!(pair, [a, b] if a < b));
        require(increasing, "cuts must increase and lie on the half line").within(|| "cuts")?;
        let mut parts = Vec::with_capacity(ends.len());
        for pair in ends.windows(2) {
            if let [lo, hi] = pair {
                parts.push((Interval::hull_of(lo, hi, precision), order));
            }
        }
        let tail = if set.sum {
            ends.first().map(|end| Interval::at_most(end, precision))
        } else {
            ends.last().map(|end| Interval::at_least(end, precision))
        };
        parts.push((tail, 1));
        for (place, (range, order)) in parts.into_iter().enumerate() {
            let range = range.ok_or_else(|| Rejection::new("cuts must increase"))?;
            let slope = self.slope_over(&range, order, precision);
            let slope = slope.within(|| format!("parts[{place}]"))?;
            let repels = if set.sum {
                *slope.sup() <= Rational::from(-kappa)
            } else {
                slope.inf() >= kappa
            };
            require(repels, "f' is not shown to be strong enough").within(|| format!("parts[{place}]"))?;
        }
        Ok(())
    }

    /// Encloses f' over a part, which may be a half line: by Taylor coefficients, and as an expression, which is tighter
    /// where a part is not bounded.
    fn slope_over(&self, range: &Interval, order: u8, precision: u32) -> Result<Interval, Rejection> {
        let slope = self.derivative_on(range, 1, order, precision)?.interval(precision);
        let program = Program::new(&self.table, self.slope);
        self.pay_evaluations(&program, 1, 0, precision)?;
        let direct = program.value(&[Number::from(range.clone())], precision);
        let direct = direct.ok().map(|value| value.interval(precision));
        Ok(direct.and_then(|direct| direct.intersection(&slope)).unwrap_or(slope))
    }

    /// Whether f' - scale (w - target) passes the zero test and f is analytic on the whole line.
    fn is_quadratic(&self, scale: &Rational, target: &Rational) -> Result<bool, Rejection> {
        const PRECISION: u32 = 64;
        self.derivative_on(&Interval::entire(PRECISION), 1, 1, PRECISION)?;
        self.pay(ZERO_TEST)?;
        let mut table = self.table.clone();
        let difference = {
            let (w, at, factor) = (table.w(), table.number(target.clone()), table.number(scale.clone()));
            let distance = table.insert(Node::Sub(w, at));
            let expected = table.insert(Node::Mul(factor, distance));
            table.insert(Node::Sub(self.slope, expected))
        };
        Ok(is_identically_zero(&table, difference) == Decision::Zero)
    }
}
