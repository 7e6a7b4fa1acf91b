//! How fast a network fits a matrix along a tube, under disturbances.
//!
//! Let grad f(W) = c (W - Y) with c > 0 and L = c |W - Y|^2 / 2, and let x' = -Dz'G + D with G = grad f(z). Then
//! L' = -|Dz'G|^2 + <Dz'G, D> <= -|Dz'G|^2/2 + |D|^2/2, and |Dz'G|^2 >= l |G|^2 = 2 c l L where Dz Dz' >= l. So
//!
//! L' <= -r L + |D|^2/2 with r = c l.
//!
//! For two layers the smallest eigenvalue of Dz Dz' is that of W_1' W_1 plus that of W_2 W_2', and this is C.thm1. Over a step
//! of length h with the rate r, L becomes at most L exp(-r h) + |D|^2/2 (1 - exp(-r h))/r, by comparison with the linear
//! equation.
//!
//! Source: C.thm1, C.eq18.

use super::super::expr::Table;
use super::super::interval::Interval;
use super::super::theorem::{Rejection, Within, require};
use super::barrier::{require_quadratic, target_of};
use super::data::{Dissipation, Model};
use super::definite::{Matrix, is_positive_definite};
use super::ground::{domain, upper};
use super::settle::dot;
use super::walk::Walk;
use rug::Rational;

/// How a tube dissipates.
#[derive(Clone, Debug)]
pub struct Decay {
    /// L at the start, at most.
    pub before: Interval,
    /// L at the end of the tube, at most.
    pub after: Interval,
    /// The least of the rates.
    pub least: Rational,
    /// |D|^2 / 2, at most.
    pub drift: Interval,
}

impl Walk {
    /// Checks the rates along a tube. `table` is that of the model.
    ///
    /// Errors: a [`Rejection`] with the demand that failed. Panics: never.
    pub fn dissipates(&self, model: &Model, table: &Table, data: &Dissipation) -> Result<Decay, Rejection> {
        let Model::Linear { cost, .. } = model else {
            return Err(Rejection::new("not a linear network"));
        };
        let (ground, precision) = (self.ground(), self.ground().precision());
        require(data.scale.0 > 0, "not positive").within(|| "scale")?;
        require_quadratic(table, *cost, &data.scale.0, &data.target)?;
        let segments = self.segments();
        require(segments.len() == data.rates.len(), "not one rate per step").within(|| "rates")?;
        let first = segments.first().ok_or_else(|| Rejection::new("a tube without steps"))?;
        let point = |value: &Rational| Interval::point(value, precision);
        let half = point(&data.scale.0).over(2);
        let target = target_of(&data.target, precision);
        let before = upper(&half.mul(&self.misfit(&first.start, &target)?));
        let drift = match ground.system().disturbance() {
            Some(bound) => upper(&bound.sqr().over(2)),
            None => ground.plain.zero(),
        };
        let (mut level, mut least) = (before.clone(), None);
        for (number, (segment, rate)) in segments.iter().zip(&data.rates).enumerate() {
            require(rate.0 >= 0, "a negative rate").within(|| format!("rates[{number}]"))?;
            let eigenvalue = rate.0.clone() / &data.scale.0;
            for part in &segment.parts {
                let gram = self.gram(part)?;
                let holds = rate.0 == 0 || is_positive_definite(&gram, &point(&eigenvalue).neg(), precision);
                require(holds, "Dz Dz' may have a smaller eigenvalue").within(|| format!("rates[{number}]"))?;
            }
            let (length, rate) = (point(&segment.length), point(&rate.0));
            let decay = rate.mul(&length).neg().exp();
            // (1 - exp(-r h))/r is at most h.
            let gathered = point(&Rational::from(1)).sub(&decay).div(&rate);
            let most = ground.plain.zero().convex_hull(&length);
            let gathered = gathered.ok().and_then(|gathered| gathered.intersection(&most));
            let gathered = drift.mul(&gathered.unwrap_or(length));
            level = upper(&level.mul(&upper(&decay)).add(&gathered));
            let rate = &data.rates.get(number).map(|rate| rate.0.clone()).unwrap_or_default();
            least = Some(least.map_or_else(|| rate.clone(), |least: Rational| least.min(rate.clone())));
        }
        Ok(Decay {
            before,
            after: level,
            least: least.unwrap_or_default(),
            drift,
        })
    }

    /// Encloses |W - Y|^2 over a box.
    fn misfit(&self, bounds: &[Interval], target: &[Interval]) -> Result<Interval, Rejection> {
        let product = self.ground().system().product(bounds, self.ground().precision());
        let product = product.ok_or_else(|| Rejection::new("the product may be undefined"))?;
        let squares = product.iter().zip(target).map(|(a, b)| a.sub(b).sqr());
        Ok(squares.fold(self.ground().plain.zero(), |sum, square| sum.add(&square)))
    }

    /// Encloses Dz Dz' over a box.
    ///
    /// Errors: a [`Rejection`] if the flow is not a gradient flow, or undefined there. Panics: never.
    pub fn gram(&self, bounds: &[Interval]) -> Result<Matrix, Rejection> {
        let (ground, system) = (self.ground(), self.ground().system());
        let missing = || Rejection::new("not a gradient flow");
        let composite = system.gradient.as_ref().ok_or_else(missing)?;
        let slopes = ground.plain.slopes(&system.tape, bounds).map_err(domain)?;
        composite.require_analytic(&slopes, ground.precision())?;
        let rows: Matrix = composite.inner.iter().map(|place| slopes.gradient(*place)).collect();
        let product = |a: &Vec<Interval>| rows.iter().map(|b| dot(a, b, ground.precision())).collect();
        Ok(rows.iter().map(product).collect())
    }
}
