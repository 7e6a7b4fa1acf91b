//! One activated neuron: the gradient flow of g(w1, w2) = f(w2*sigma(w1)) for w1 in an open interval J.
//!
//! With z = w2*sigma(w1) the flow is w1' = -f'(z) w2 sigma'(w1), w2' = -f'(z) sigma(w1). Source: G.inv1, G.global.

mod claims;
pub mod data;
#[cfg(test)]
#[allow(
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic, and its numbers are its own"
)]
mod tests;
mod text;

use super::certificate::Chart;
use super::chart::Segment;
use super::evaluate::Program;
use super::expr::{Id, Node};
use super::interval::Interval;
use super::number::{Number, Sign};
use super::print::print_named;
use super::setting::{Bound, Setting};
use super::theorem::{Rejection, Within, require};
use data::{ActivationCertificate, Primitive, Zero};
use rug::Rational;

/// Where sigma vanishes, as far as that was shown.
#[derive(Clone, Debug)]
enum Root {
    /// Nowhere on J.
    Nowhere,
    /// At one point of J only: the constant expression, or an interval that contains the point.
    One(Place),
}

/// The only zero u0 of sigma.
#[derive(Clone, Debug)]
enum Place {
    /// A constant expression.
    At { at: Id },
    /// Strictly between two rationals.
    Between { lo: Rational, hi: Rational },
}

/// A particular outer cost f.
#[derive(Clone, Debug)]
struct Outer {
    /// The text of f(z).
    text: String,
    /// The sign of f'(0).
    slope: Sign,
}

/// A neuron that passed its checks: what the claims about its flow rest on.
#[derive(Clone, Debug)]
pub struct Neuron {
    setting: Setting,
    /// The kernel's reading of the activation and its domain.
    reading: String,
    /// The analytic expression that equals the activation on J.
    sigma: Id,
    outer: Option<Outer>,
    /// The strict sign of sigma' on J.
    slope: Option<Sign>,
    primitive: Option<Primitive>,
    zero: Option<Root>,
}

impl Neuron {
    /// Checks everything in a certificate but its claims.
    ///
    /// Errors: a [`Rejection`] with the address of the demand that failed.
    /// Panics: never.
    pub(super) fn check(certificate: &ActivationCertificate) -> Result<Self, Rejection> {
        let setting = Setting::check(&certificate.setting).within(|| "setting")?;
        let [piece] = setting.pieces.as_slice() else {
            return Err(Rejection::new("the activation must have one piece").within("setting.pieces"));
        };
        require(piece.analytic, "the activation is not shown to be analytic").within(|| "setting.pieces[0]")?;
        let sigma = piece.form;
        let text = super::print::print(&setting.table, setting.cost);
        let reading = format!("sigma(w) = {text} on ({}, {})", setting.left, setting.right);
        let mut neuron = Neuron {
            setting,
            reading,
            sigma,
            outer: None,
            slope: None,
            primitive: None,
            zero: None,
        };
        if let Some(outer) = certificate.outer {
            neuron.outer = Some(neuron.check_outer(outer).within(|| "outer")?);
        }
        if let Some(chart) = &certificate.slope {
            neuron.slope = Some(neuron.strict_sign(1, chart).within(|| "slope")?);
        }
        if let Some(primitive) = &certificate.primitive {
            neuron.check_primitive(primitive).within(|| "primitive")?;
            neuron.primitive = Some(primitive.clone());
        }
        if let Some(zero) = &certificate.zero {
            neuron.zero = Some(neuron.check_zero(zero).within(|| "zero")?);
        }
        Ok(neuron)
    }

    /// The kernel's reading of the activation and its domain.
    pub(super) fn reading(&self) -> &str {
        &self.reading
    }

    /// The slope of f at 0, where f must be differentiable.
    fn check_outer(&mut self, outer: Id) -> Result<Outer, Rejection> {
        self.setting.require_given(outer)?;
        let program = Program::new(&self.setting.table, outer);
        self.setting.pay_evaluation(&program, 1)?;
        let jet = program.jet(&[Number::integer(0)], 1, self.setting.precision);
        let jet = jet.map_err(|_| Rejection::new("f is not shown to be differentiable at 0"))?;
        let slope = match jet.coefficient(1).sign() {
            Some(slope) => slope,
            None => {
                let slope = self.setting.derivative(outer, 1)?;
                let zero = self.setting.table.number(0);
                let slope = self.setting.substitute(slope, zero)?;
                require(self.setting.is_zero(slope)?, "the sign of f'(0) is not certain")?;
                Sign::Zero
            }
        };
        let text = print_named(&self.setting.table, outer, &|_| "z".to_owned());
        Ok(Outer { text, slope })
    }

    /// The one strict sign of a derivative of sigma on J.
    fn strict_sign(&mut self, order: usize, chart: &Chart) -> Result<Sign, Rejection> {
        let pattern = self.setting.check_chart(0, self.sigma, order, chart)?;
        match pattern.segments.as_slice() {
            [Segment::Sign(sign @ (Sign::Positive | Sign::Negative))] => Ok(*sign),
            _ => Err(Rejection::new("the function is not shown to keep one strict sign")),
        }
    }

    /// Checks that Phi' sigma' = 2 sigma on J.
    fn check_primitive(&mut self, primitive: &Primitive) -> Result<(), Rejection> {
        match primitive {
            Primitive::Closed { phi, cover } => {
                self.setting.require_given(*phi)?;
                self.setting.check_cover(0, *phi, cover, true).within(|| "cover")?;
                // Both sides are analytic on J, so equality where the normal form is defined is equality.
                let (rise, slope) = (
                    self.setting.derivative(*phi, 1)?,
                    self.setting.derivative(self.sigma, 1)?,
                );
                let left = self.setting.table.insert(Node::Mul(rise, slope));
                let two = self.setting.table.number(2);
                let right = self.setting.table.insert(Node::Mul(two, self.sigma));
                self.setting.require_equal(left, right)
            }
            // sigma/sigma' is continuous where sigma' does not vanish, so its integral is differentiable.
            Primitive::Integral { from } => {
                require(self.slope.is_some(), "sigma' is not shown to have a strict sign")?;
                self.require_inside(&from.0)
            }
        }
    }

    /// Checks where sigma vanishes. A strictly monotone function has at most one zero.
    fn check_zero(&mut self, zero: &Zero) -> Result<Root, Rejection> {
        let place = match zero {
            Zero::Nowhere { chart } => {
                self.strict_sign(0, chart)?;
                return Ok(Root::Nowhere);
            }
            Zero::At { at } => {
                let Bound::Break { enclosure, .. } = self.setting.constant(*at)? else {
                    return Err(Rejection::new("not a constant expression"));
                };
                require(self.setting.contains(&enclosure), "a point outside the domain")?;
                let value = self.setting.substitute(self.sigma, *at)?;
                require(self.setting.is_zero(value)?, "sigma is not shown to vanish there")?;
                Place::At { at: *at }
            }
            Zero::Between { lo, hi } => {
                require(lo.0 < hi.0, "the interval is empty")?;
                let signs = (
                    self.setting.value_at(&lo.0)?.sign(),
                    self.setting.value_at(&hi.0)?.sign(),
                );
                let opposite = matches!(signs, (Some(a), Some(b)) if a.times(b) == Sign::Negative);
                require(opposite, "sigma is not shown to change sign")?;
                let (lo, hi) = (lo.0.clone(), hi.0.clone());
                Place::Between { lo, hi }
            }
        };
        require(self.slope.is_some(), "sigma' is not shown to have a strict sign")?;
        Ok(Root::One(place))
    }

    /// Demands that a rational point lies in J.
    fn require_inside(&self, point: &Rational) -> Result<(), Rejection> {
        let inside = self.setting.contains(&Interval::point(point, self.setting.precision));
        require(inside, "a point outside the domain")
    }
}
