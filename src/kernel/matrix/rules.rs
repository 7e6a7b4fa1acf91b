//! One claim after the other: which rule it calls, and the rules that are a few lines.

use super::super::certificate::Exact;
use super::super::interval::Interval;
use super::super::theorem::{Detail, Established, Hypothesis, Rejection, Within, require};
use super::data::{MatrixClaim, Sign};
use super::{Cost, Node, critical, curve, quadratic, reduce, subdivision};
use rug::Rational;

impl Cost {
    /// Checks one claim.
    ///
    /// Errors: a [`Rejection`] with the demand that failed. Panics: never.
    pub fn establish(&mut self, claim: &MatrixClaim) -> Result<Established, Rejection> {
        match claim {
            MatrixClaim::Analytic { about } => self.analytic(*about),
            MatrixClaim::Quadratic { about, constant, at } => {
                quadratic::settle(self, *about, constant.as_ref(), at.as_deref())
            }
            MatrixClaim::AlongCurve { about, curve, scalar } => curve::refutes(self, *about, curve, scalar),
            MatrixClaim::Coercive { about, why } => {
                self.coercive(why).within(|| "why")?;
                let sentence = match about {
                    Hypothesis::Proper => "f tends to +inf wherever W leaves the compact subsets of the domain",
                    Hypothesis::AttainsMinimum => "f attains its minimum: its sublevel sets are compact",
                    _ => return Err(Rejection::new("coercivity does not show this")),
                };
                Ok(Established::new(*about, true, sentence))
            }
            MatrixClaim::Minimum { about, at, why } => self.minimum(*about, at, why),
            MatrixClaim::NotAttained { curve, level, why } => curve::not_attained(self, curve, level, why),
            MatrixClaim::BelowOrigin { at } => self.below_origin(at),
            MatrixClaim::BoundedHessian {} => self.bounded_hessian(),
            MatrixClaim::SingularCriticalPoint { at } => critical::singular(self, at),
            MatrixClaim::NoSingularPoint {} => critical::domain_is_nonsingular(self),
            MatrixClaim::NoSingularCriticalPoint { cofactors, determinant } => {
                critical::no_singular(self, cofactors, *determinant)
            }
            MatrixClaim::NoCriticalPoint {
                about,
                entry,
                negative,
                why,
            } => critical::none(self, *about, *entry, *negative, why),
            MatrixClaim::OnlyCriticalPoint { at, cofactors, why } => critical::only(self, at, cofactors, why),
            MatrixClaim::AllCriticalPoints {
                about,
                epsilon,
                constant,
                why,
                points,
                tree,
            } => subdivision::settle(
                self,
                *about,
                &subdivision::Everything {
                    epsilon: &epsilon.0,
                    constant: &constant.0,
                    why,
                    points,
                    tree,
                },
            ),
            MatrixClaim::OnlyCriticalValue { at, cofactors, why } => critical::only_value(self, at, cofactors, why),
            MatrixClaim::GrowingGradient {
                at,
                epsilon,
                constant,
                why,
            } => critical::growing_gradient(self, at, (&epsilon.0, &constant.0), why),
            MatrixClaim::StronglyConvex { main, rest, mu } => self.strongly_convex(*main, *rest, &mu.0),
            MatrixClaim::SlopeAtOrigin { entry } => critical::slope_at_origin(self, *entry),
            MatrixClaim::Convex {} => {
                self.require_convex()?;
                let sentence = "f is convex by the rules of convex programming, so every critical point is a minimiser";
                Ok(Established::new(
                    Hypothesis::CriticalPointsAreMinimizers,
                    true,
                    sentence,
                ))
            }
            MatrixClaim::ConvexCriticalPoint { about, at } => critical::of_convex(self, *about, at),
            MatrixClaim::HigherCriticalPoint { about, at, below } => critical::higher(self, *about, at, below),
            MatrixClaim::Reduced { about, by } => reduce::settle(self, *about, by),
            MatrixClaim::VanishingRatio { curve, level, scalar } => curve::vanishing_ratio(self, curve, level, scalar),
        }
    }

    fn analytic(&self, about: Hypothesis) -> Result<Established, Rejection> {
        require(
            self.analytic,
            "a reason for being defined is not strict, or there is a kink",
        )?;
        let sentence = match about {
            Hypothesis::Analytic => "f is analytic: every function in it is, where it is evaluated",
            Hypothesis::ContinuouslyDifferentiable => "f is analytic, and so continuously differentiable",
            _ => return Err(Rejection::new("this does not show that")),
        };
        Ok(Established::new(about, true, sentence))
    }

    /// f - f(point).
    pub(super) fn gap(&mut self, point: &[Rational]) -> Result<super::Id, Rejection> {
        let value = curve::value_expression(&self.table, self.root, point);
        let (table, id) = value.ok_or_else(|| Rejection::new("the value at the point is malformed"))?;
        let value = self.table.import(&table, id);
        Ok(self.table.insert(Node::Sub(self.root, value)))
    }

    /// f >= f(at).
    fn minimum(&mut self, about: Hypothesis, at: &[Exact], why: &Sign) -> Result<Established, Rejection> {
        let point = self.point(at)?;
        let gap = self.gap(&point)?;
        self.require_nonnegative(gap, why).within(|| "why")?;
        let text = self.text(&point);
        match about {
            Hypothesis::AttainsMinimum => Ok(Established::new(
                about,
                true,
                format!("f attains its minimum at {text}"),
            )),
            Hypothesis::OriginNotMinimizer => {
                require(point.iter().all(|entry| *entry == 0), "the minimiser is not 0")?;
                let witness = "f(W) >= f(0) for all W".to_owned();
                Ok(Established::new(about, false, "0 is a minimiser of f").with(Detail::Witness(witness)))
            }
            _ => Err(Rejection::new("a minimum does not show this")),
        }
    }

    /// f(at) < f(0).
    fn below_origin(&mut self, at: &[Exact]) -> Result<Established, Rejection> {
        let point = self.point(at)?;
        let zeros: Vec<Exact> = (0..self.size()).map(|_| Exact(Rational::new())).collect();
        let origin = self.point(&zeros).within(|| "the origin")?;
        let (below, above) = (self.value_at(self.root, &point)?, self.value_at(self.root, &origin)?);
        let gap = above.sub(&below, self.precision);
        require(gap.is_positive(), "f(at) is not shown to be less than f(0)")?;
        let sentence = format!("f(0) exceeds f({})", self.text(&point));
        Ok(Established::new(Hypothesis::OriginNotMinimizer, true, sentence))
    }

    /// All second derivatives are bounded on a box that contains the domain.
    ///
    /// For a domain that is not convex a bounded Hessian does not bound differences of gradients, so only the whole
    /// space and balls are taken.
    fn bounded_hessian(&mut self) -> Result<Established, Rejection> {
        let convex = self.domain.iter().all(|condition| condition.ball.is_some());
        require(convex, "the domain is not shown to be convex")?;
        let mut sum = Interval::point(&Rational::new(), self.precision);
        for row in self.hessian_on(&self.region.clone())? {
            for entry in row {
                require(entry.is_bounded(), "a second derivative is not shown to be bounded")?;
                sum = sum.add(&entry.sqr());
            }
        }
        let bound = sum.sqrt().map_err(|_| Rejection::new("the norm of the Hessian"))?;
        let bound = bound.upper_decimal(8);
        let sentence = format!("grad f is Lipschitz: |D^2 f| is at most {bound} everywhere");
        Ok(Established::new(Hypothesis::LipschitzGradient, true, sentence).with(Detail::Lipschitz { bound }))
    }
}
