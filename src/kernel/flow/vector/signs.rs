//! Signs and zeros of f': on boxes, at points, and at constant expressions.

use super::super::super::certificate::Exact;
use super::super::super::evaluate::{Program, Undefined};
use super::super::super::expr::{Id, Node, Table};
use super::super::super::interval::Interval;
use super::super::super::normal_form::{Decision, is_identically_zero, rational_value};
use super::super::super::number::{Number, Sign};
use super::super::super::theorem::{Rejection, Within, require};
use super::VectorSystem;
use rug::Rational;

/// What one zero test is taken to cost: it has a limit of its own.
pub(super) const ZERO_TEST: u64 = 1 << 19;

/// A zero of f' given by a constant expression.
pub(super) struct NamedZero {
    /// Its value, if it is rational.
    pub exact: Option<Rational>,
    /// An enclosure.
    pub range: Interval,
}

impl VectorSystem {
    /// Encloses the derivative of f of this order, 0 for f itself, on a box; f is analytic there.
    pub(super) fn derivative_on(
        &self,
        range: &Interval,
        derivative: usize,
        order: u8,
        precision: u32,
    ) -> Result<Number, Rejection> {
        // Taylor coefficients of order at least 1, or 2 with this, show that f is analytic.
        let order = usize::from(order).max(1);
        self.pay_evaluations(&self.program, 2, derivative.saturating_add(order), precision)?;
        let value = self.program.derivative_on(range, &[], derivative, order, precision);
        value.map_err(undefined)
    }

    /// The sign of f' at a rational point, where f is analytic; `None` if it is not certain.
    pub(super) fn slope_at(&self, point: &Rational, precision: u32) -> Result<Option<Sign>, Rejection> {
        self.pay_evaluations(&self.program, 1, 2, precision)?;
        let jet = self.program.jet(&[Number::Exact(point.clone())], 2, precision);
        let sign = jet.map_err(undefined)?.coefficient(1).sign();
        if sign.is_some() {
            return Ok(sign);
        }
        let mut table = self.table.clone();
        let at = table.number(point.clone());
        let zero = self.vanishes(&mut table, at)?;
        Ok(zero.then_some(Sign::Zero))
    }

    /// Demands that f is analytic and f' has a strict sign on each part of [lo, hi]; the cuts lie strictly inside.
    pub(super) fn require_sign(
        &self,
        [lo, hi]: [&Rational; 2],
        cuts: &[&Exact],
        order: u8,
        precision: u32,
        sign: Sign,
    ) -> Result<(), Rejection> {
        let mut ends = vec![lo];
        ends.extend(cuts.iter().map(|cut| &cut.0));
        ends.push(hi);
        let increasing = ends.windows(2).all(|pair| matches!(pair, [a, b] if a < b));
        require(increasing || (cuts.is_empty() && lo == hi), "cuts must increase")?;
        for (place, pair) in ends.windows(2).enumerate() {
            let [from, to] = pair else { continue };
            let range = Interval::hull_of(from, to, precision);
            let range = range.ok_or_else(|| Rejection::new("cuts must increase"))?;
            let shown = self.has_sign(&range, [from, to], order, precision, sign);
            let shown = shown.within(|| format!("cuts[{place}]"))?;
            require(shown, "f' is not shown to have the sign it needs").within(|| format!("cuts[{place}]"))?;
        }
        Ok(())
    }

    /// Whether f' is shown to have a strict sign on a box: by its enclosure, or by its sign at the end where it is closest
    /// to 0, because it is monotone on the box.
    fn has_sign(
        &self,
        range: &Interval,
        [lo, hi]: [&Rational; 2],
        order: u8,
        precision: u32,
        sign: Sign,
    ) -> Result<bool, Rejection> {
        if self.derivative_on(range, 1, order, precision)?.sign() == Some(sign) {
            return Ok(true);
        }
        let curvature = self.derivative_on(range, 2, order, precision)?;
        let weakest = match sign {
            Sign::Positive if curvature.is_nonnegative() => lo,
            Sign::Positive if curvature.is_nonpositive() => hi,
            Sign::Negative if curvature.is_nonnegative() => hi,
            Sign::Negative if curvature.is_nonpositive() => lo,
            _ => return Ok(false),
        };
        Ok(self.slope_at(weakest, precision)? == Some(sign))
    }

    /// A constant expression of the system at which f' vanishes, and which lies in [lo, hi].
    pub(super) fn named_zero(&self, at: Id, [lo, hi]: [&Rational; 2], precision: u32) -> Result<NamedZero, Rejection> {
        require(self.table.node(at).is_some(), "there is no such expression")?;
        let constant = |id: &Id| !matches!(self.table.node(*id), Some(Node::Variable(_)));
        require(self.table.reachable(at).iter().all(constant), "not a constant")?;
        self.pay(ZERO_TEST)?;
        let program = Program::new(&self.table, at);
        self.pay_evaluations(&program, 1, 0, precision)?;
        let range = program.value(&[], precision).map_err(undefined)?.interval(precision);
        let exact = rational_value(&self.table, at);
        let inside = match &exact {
            Some(value) => lo <= value && value <= hi,
            None => range.inf() >= lo && range.sup() <= hi,
        };
        require(inside, "the zero is not shown to lie in the bracket")?;
        let mut table = self.table.clone();
        require(self.vanishes(&mut table, at)?, "f' is not shown to vanish there")?;
        let range = exact.as_ref().map_or(range, |value| Interval::point(value, precision));
        Ok(NamedZero { exact, range })
    }

    /// Whether f' is shown to vanish at a constant expression of an extension of the table: the expression of f' is
    /// defined there and passes the zero test.
    fn vanishes(&self, table: &mut Table, at: Id) -> Result<bool, Rejection> {
        self.pay(ZERO_TEST)?;
        let value = table.substitute(self.slope, 0, at);
        // The zero test speaks of points where everything is defined.
        let defined = Program::new(table, value).value(&[], 256).is_ok();
        Ok(defined && is_identically_zero(table, value) == Decision::Zero)
    }
}

/// The rejection of a place where f may be undefined or not analytic.
pub(super) fn undefined(error: Undefined) -> Rejection {
    let why = match error {
        Undefined::Domain { error, .. } => error.to_string(),
        Undefined::Malformed => "a value is missing".to_owned(),
    };
    Rejection::new(format!("f is not shown to be analytic: {why}"))
}
