//! Costs that are polynomials of degree 2: every hypothesis is linear algebra over the rationals.

use super::super::certificate::Exact;
use super::super::evaluate::Program;
use super::super::linear::{inertia, rank};
use super::super::number::Number;
use super::super::theorem::{Detail, Established, Hypothesis, Rejection, require};
use super::{Cost, Id, Node, size_of};
use rug::Rational;

/// x' H x / 2 + b' x + c.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quadratic {
    /// H, symmetric.
    pub hessian: Vec<Vec<Rational>>,
    /// b.
    pub slope: Vec<Rational>,
    /// c.
    pub value: Rational,
}

impl Quadratic {
    /// The quadratic form that an expression is: read off its values, confirmed by the zero test.
    ///
    /// Errors: `Ok(None)` if it is none, a [`Rejection`] if the work allowed is used up. Panics: never.
    pub fn of(cost: &mut Cost, root: Id) -> Result<Option<Self>, Rejection> {
        let nodes = cost.table.reachable(root).len();
        let points = cost.size().saturating_mul(cost.size());
        cost.pay(size_of(nodes.saturating_mul(points)))?;
        let Some(form) = Quadratic::interpolate(cost, root) else {
            return Ok(None);
        };
        cost.pay_elimination(&form.hessian)?;
        let written = form.write(cost)?;
        let difference = cost.table.insert(Node::Sub(root, written));
        Ok(cost.vanishes(difference)?.then_some(form))
    }

    /// The form with the values of the expression at 0, e_i, -e_i and e_i + e_j.
    fn interpolate(cost: &Cost, root: Id) -> Option<Self> {
        let size = cost.size();
        let program = Program::new(&cost.table, root);
        let at = |places: &[(usize, i32)]| {
            let mut point = vec![Rational::new(); size];
            for (place, step) in places {
                if let Some(entry) = point.get_mut(*place) {
                    *entry += *step;
                }
            }
            let point: Vec<Number> = point.into_iter().map(Number::Exact).collect();
            match program.value(&point, cost.precision).ok()? {
                Number::Exact(value) => Some(value),
                Number::Enclosed { .. } => None,
            }
        };
        let value = at(&[])?;
        let mut slope = Vec::with_capacity(size);
        let mut diagonal = Vec::with_capacity(size);
        for place in 0..size {
            let (up, down) = (at(&[(place, 1)])?, at(&[(place, -1)])?);
            slope.push(Rational::from(&up - &down) / 2);
            diagonal.push(up + down - Rational::from(&value * 2));
        }
        let mut hessian = vec![vec![Rational::new(); size]; size];
        for i in 0..size {
            for j in 0..=i {
                let entry = if i == j {
                    diagonal.get(i)?.clone()
                } else {
                    let both = at(&[(i, 1), (j, 1)])?;
                    let halves = Rational::from(diagonal.get(i)? + diagonal.get(j)?) / 2;
                    both - &value - slope.get(i)? - slope.get(j)? - halves
                };
                *hessian.get_mut(i)?.get_mut(j)? = entry.clone();
                *hessian.get_mut(j)?.get_mut(i)? = entry;
            }
        }
        Some(Quadratic { hessian, slope, value })
    }

    /// The form as an expression.
    fn write(&self, cost: &mut Cost) -> Result<Id, Rejection> {
        let mut letters = Vec::with_capacity(cost.size());
        for place in 0..cost.size() {
            letters.push(cost.variable(place)?);
        }
        let double = cost.quadratic_form(&letters, &self.hessian);
        let half = cost.table.number(Rational::from((1, 2)));
        let mut sum = cost.table.insert(Node::Mul(half, double));
        for (letter, factor) in letters.iter().zip(&self.slope) {
            let factor = cost.table.number(factor.clone());
            let term = cost.table.insert(Node::Mul(factor, *letter));
            sum = cost.table.insert(Node::Add(sum, term));
        }
        let constant = cost.table.number(self.value.clone());
        Ok(cost.table.insert(Node::Add(sum, constant)))
    }

    /// Whether H is this multiple of the identity. Panics: never.
    pub fn is_multiple_of_identity(&self, factor: &Rational) -> bool {
        self.hessian.iter().enumerate().all(|(i, row)| {
            let mut entries = row.iter().enumerate();
            entries.all(|(j, entry)| if i == j { entry == factor } else { *entry == 0 })
        })
    }

    /// The numbers of positive, negative and zero eigenvalues of H.
    fn signs(&self) -> Result<[usize; 3], Rejection> {
        inertia(&self.hessian).ok_or_else(|| Rejection::new("the Hessian is not symmetric"))
    }

    /// Whether the form is nowhere negative: [[H, b], [b', 2c]] is positive semidefinite.
    pub(super) fn is_nonnegative(&self) -> bool {
        let rows = self.hessian.iter().zip(&self.slope).map(|(row, slope)| {
            let mut row = row.clone();
            row.push(slope.clone());
            row
        });
        let mut rows: Vec<Vec<Rational>> = rows.collect();
        let mut last = self.slope.clone();
        last.push(Rational::from(&self.value * 2));
        rows.push(last);
        matches!(inertia(&rows), Some([_, 0, _]))
    }

    /// Whether H - mu is positive semidefinite.
    pub(super) fn exceeds(&self, mu: &Rational) -> bool {
        let mut rows = self.hessian.clone();
        for (place, row) in rows.iter_mut().enumerate() {
            if let Some(entry) = row.get_mut(place) {
                *entry -= mu;
            }
        }
        matches!(inertia(&rows), Some([_, 0, _]))
    }

    /// Whether the form is bounded below: H is positive semidefinite and b in its range.
    pub(super) fn is_bounded_below(&self) -> Result<bool, Rejection> {
        Ok(matches!(self.signs()?, [_, 0, _]) && self.has_critical_point())
    }

    /// Whether H x = -b has a solution.
    fn has_critical_point(&self) -> bool {
        let wider = self.hessian.iter().zip(&self.slope).map(|(row, slope)| {
            let mut row = row.clone();
            row.push(slope.clone());
            row
        });
        rank(&wider.collect::<Vec<_>>()) == rank(&self.hessian)
    }

    /// H x + b.
    fn gradient(&self, point: &[Rational]) -> Vec<Rational> {
        let rows = self.hessian.iter().zip(&self.slope);
        rows.map(|(row, slope)| {
            let product: Rational = row.iter().zip(point).map(|(a, b)| Rational::from(a * b)).sum();
            product + slope
        })
        .collect()
    }

    /// x H H x - mu x H x as a matrix.
    fn slack(&self, constant: &Rational) -> Vec<Vec<Rational>> {
        let square = |left: &Vec<Rational>, j: usize| -> Rational {
            let column = self.hessian.iter().filter_map(|row| row.get(j));
            left.iter().zip(column).map(|(a, b)| Rational::from(a * b)).sum()
        };
        let entries = |row: &Vec<Rational>| -> Vec<Rational> {
            let scaled = row.iter().enumerate();
            scaled
                .map(|(j, entry)| square(row, j) - Rational::from(entry * constant))
                .collect()
        };
        self.hessian.iter().map(entries).collect()
    }
}

/// Answers a question about a quadratic cost on all of the space.
pub(super) fn settle(
    cost: &mut Cost,
    about: Hypothesis,
    constant: Option<&Exact>,
    at: Option<&[Exact]>,
) -> Result<Established, Rejection> {
    require(cost.is_everywhere(), "the domain is not the whole space")?;
    let form = Quadratic::of(cost, cost.root)?.ok_or_else(|| Rejection::new("not a polynomial of degree 2"))?;
    let [positive, negative, zero] = form.signs()?;
    let signs = format!(
        "the Hessian of this quadratic has {positive} positive, {negative} negative and {zero} zero eigenvalues"
    );
    let bounded = form.is_bounded_below()?;
    let answer = |holds: bool, yes: &str, no: &str| {
        let words = if holds { yes } else { no };
        Established::new(about, holds, format!("{words}: {signs}"))
    };
    Ok(match about {
        Hypothesis::Proper => {
            let proper = negative == 0 && zero == 0;
            answer(
                proper,
                "f tends to +inf",
                "f is bounded above on a ray, so it is not proper",
            )
        }
        Hypothesis::AttainsMinimum => answer(
            bounded,
            "f attains its minimum, H x = -b has a solution",
            "f is not bounded below",
        ),
        Hypothesis::LipschitzGradient => lipschitz(&form, constant)?,
        Hypothesis::NonsingularCriticalPoints => nonsingular(cost, &form, at)?,
        Hypothesis::CriticalPointsAreMinimizers => {
            let holds = bounded || !form.has_critical_point();
            answer(
                holds,
                if bounded {
                    "f is convex"
                } else {
                    "there are no critical points"
                },
                "f has a critical point but no minimum",
            )
        }
        Hypothesis::PlInequality if bounded => polyak_lojasiewicz(&form, constant)?,
        Hypothesis::PlInequality => answer(false, "", "f is not bounded below, so the PL inequality fails"),
        Hypothesis::OriginNotMinimizer => {
            let minimiser = bounded && form.slope.iter().all(|slope| *slope == 0);
            answer(
                !minimiser,
                "f(0) > inf f",
                "grad f(0) = 0 and f is convex, so 0 is a minimiser",
            )
        }
        Hypothesis::Analytic | Hypothesis::ContinuouslyDifferentiable => {
            Established::new(about, true, "f is a polynomial of degree 2 on the whole space")
        }
    })
}

/// |grad f(x) - grad f(y)| <= L |x - y| with L^2 - H^2 positive semidefinite.
fn lipschitz(form: &Quadratic, constant: Option<&Exact>) -> Result<Established, Rejection> {
    let about = Hypothesis::LipschitzGradient;
    let Some(constant) = constant.filter(|constant| constant.0 >= 0) else {
        return Ok(Established::new(about, true, "grad f is affine"));
    };
    // L^2 - H^2 = -(H H - 0 H) + L^2 I.
    let mut slack = form.slack(&Rational::new());
    for (i, row) in slack.iter_mut().enumerate() {
        for (j, entry) in row.iter_mut().enumerate() {
            let own = if i == j {
                Rational::from(&constant.0 * &constant.0)
            } else {
                Rational::new()
            };
            *entry = own - &*entry;
        }
    }
    require(
        matches!(inertia(&slack), Some([_, 0, _])),
        "not a Lipschitz constant of the gradient",
    )?;
    let bound = super::super::interval::Interval::point(&constant.0, 64).upper_decimal(8);
    let sentence = format!("grad f is affine, with Lipschitz constant {bound}");
    Ok(Established::new(about, true, sentence).with(Detail::Lipschitz { bound }))
}

/// All critical points of full rank: one point decides if the Hessian is invertible, a singular one always.
fn nonsingular(cost: &Cost, form: &Quadratic, at: Option<&[Exact]>) -> Result<Established, Rejection> {
    let about = Hypothesis::NonsingularCriticalPoints;
    if !form.has_critical_point() {
        return Ok(Established::new(
            about,
            true,
            "there are no critical points: H x = -b has no solution",
        ));
    }
    let point = cost.point(at.ok_or_else(|| Rejection::new("no critical point is given"))?)?;
    let critical = form.gradient(&point).iter().all(|slope| *slope == 0);
    require(critical, "not a critical point")?;
    let text = cost.text(&point);
    if !cost.is_nonsingular(&point) {
        let sentence = format!("the critical point {text} is singular");
        return Ok(Established::new(about, false, sentence.clone()).with(Detail::Witness(sentence)));
    }
    let unique = rank(&form.hessian) == form.hessian.len();
    require(unique, "there are other critical points than this nonsingular one")?;
    Ok(Established::new(
        about,
        true,
        format!("the only critical point is {text}, of full rank"),
    ))
}

/// The PL inequality of a quadratic that is bounded below: H^2 - mu H is positive semidefinite.
fn polyak_lojasiewicz(form: &Quadratic, constant: Option<&Exact>) -> Result<Established, Rejection> {
    let about = Hypothesis::PlInequality;
    if rank(&form.hessian) == 0 {
        return Ok(Established::new(about, true, "f is constant"));
    }
    let mu = constant.ok_or_else(|| Rejection::new("no constant is given"))?;
    require(mu.0 > 0, "the constant must be positive")?;
    let holds = |mu: &Rational| matches!(inertia(&form.slack(mu)), Some([_, 0, _]));
    require(holds(&mu.0), "not a PL constant")?;
    let next = &mu.0 * Rational::from((1_000_001, 1_000_000));
    let upper = (!holds(&next)).then(|| super::super::interval::Interval::point(&next, 64).upper_decimal(12));
    let sentence = format!(
        "|grad f|^2 >= 2 mu (f - min f) with mu = {}: f is a convex quadratic",
        mu.0
    );
    Ok(Established::new(about, true, sentence).with(Detail::BestConstant {
        lower: mu.0.clone(),
        upper,
    }))
}
