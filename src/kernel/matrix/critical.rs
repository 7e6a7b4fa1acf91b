//! Critical points: exact ones, ones that the Krawczyk operator finds, and that there are no singular ones.

use super::super::certificate::Exact;
use super::super::derivatives::Sweep;
use super::super::evaluate::Program;
use super::super::interval::Interval;
use super::super::krawczyk::{self, Enclosure};
use super::super::number::Number;
use super::super::theorem::{Detail, Established, Hypothesis, Rejection, Within, require};
use super::data::{Coercive, Point, Sign};
use super::{Cost, Id, Node, size_of};
use rug::Rational;

/// A critical point that was checked.
pub(super) struct Critical {
    /// A box that holds it.
    pub region: Vec<Number>,
    /// In words.
    pub text: String,
}

impl Cost {
    /// Checks a critical point.
    pub(super) fn critical(&mut self, point: &Point) -> Result<Critical, Rejection> {
        match point {
            Point::Exact(at) => {
                let point = self.point(at)?;
                self.require_critical(&point)?;
                Ok(Critical {
                    text: self.text(&point),
                    region: point.into_iter().map(Number::Exact).collect(),
                })
            }
            Point::Krawczyk(enclosure) => self.krawczyk(enclosure),
        }
    }

    /// Demands that all partial derivatives vanish at a rational point.
    pub(super) fn require_critical(&mut self, point: &[Rational]) -> Result<(), Rejection> {
        for slope in self.gradient()? {
            let zero = match self.value_at(slope, point)? {
                Number::Exact(value) => value == 0,
                value if value.is_nonzero() => false,
                _ => {
                    let mut table = super::Table::new();
                    let entries: Vec<Id> = point.iter().map(|entry| table.number(entry.clone())).collect();
                    let value = super::substitute::substitute(&self.table, slope, &mut table, &entries);
                    let value = value.ok_or_else(|| Rejection::new("a derivative is malformed"))?;
                    let value = self.table.import(&table, value);
                    self.vanishes(value)?
                }
            };
            require(zero, "a partial derivative is not shown to vanish")?;
        }
        Ok(())
    }

    /// A box with exactly one critical point in it.
    pub(super) fn krawczyk(&self, enclosure: &Enclosure) -> Result<Critical, Rejection> {
        self.gradient()?;
        let system = krawczyk::Critical::new(&self.table, self.root, self.size());
        let sides = krawczyk::zero_in_box(&system, enclosure, self.precision)?;
        let region: Vec<Number> = sides.iter().cloned().map(Number::from).collect();
        self.require_inside(&region)?;
        let shown: Vec<String> = sides.iter().map(|side| side.display(12)).collect();
        Ok(Critical {
            region,
            text: self.written(&shown),
        })
    }

    /// The values of all second derivatives on a box.
    pub(super) fn hessian_on(&mut self, region: &[Number]) -> Result<Vec<Vec<Interval>>, Rejection> {
        self.gradient()?;
        let program = Program::new(&self.table, self.root);
        let sweeps = size_of(self.size()).saturating_mul(size_of(program.nodes().len()));
        self.pay(sweeps.saturating_mul(64))?;
        let sweep = Sweep::new(&program, region, self.precision);
        let sweep = sweep.map_err(|error| Rejection::new(format!("undefined: {error:?}")))?;
        let interval = |number: &Number| number.interval(self.precision);
        let rows = sweep.hessian(self.size());
        Ok(rows.iter().map(|row| row.iter().map(interval).collect()).collect())
    }

    /// Demands that the Hessian is positive definite on a box: all pivots of the elimination are positive.
    pub(super) fn require_positive_definite(&mut self, region: &[Number]) -> Result<(), Rejection> {
        let mut rows = self.hessian_on(region)?;
        while let Some(pivot) = rows.first().cloned() {
            let lead = pivot.first().cloned().ok_or_else(|| Rejection::new("an empty row"))?;
            require(lead.is_positive(), "the Hessian is not shown to be positive definite")?;
            rows.remove(0);
            for row in &mut rows {
                let own = row.first().cloned().ok_or_else(|| Rejection::new("an empty row"))?;
                let factor = own.div(&lead).map_err(|_| Rejection::new("a pivot that may vanish"))?;
                let rest = row.iter().zip(&pivot).skip(1);
                *row = rest.map(|(entry, above)| entry.sub(&factor.mul(above))).collect();
            }
        }
        Ok(())
    }
}

/// f is convex with a critical point: a minimiser; with a positive definite Hessian there, the only one, and then f is
/// coercive.
pub(super) fn of_convex(cost: &mut Cost, about: Hypothesis, at: &Point) -> Result<Established, Rejection> {
    cost.require_convex()?;
    let critical = cost.critical(at).within(|| "at")?;
    let text = &critical.text;
    Ok(match about {
        Hypothesis::AttainsMinimum => Established::new(
            about,
            true,
            format!("f is convex, and its critical point {text} is a minimiser"),
        ),
        Hypothesis::OriginNotMinimizer => {
            let origin = |value: &Number| matches!(value, Number::Exact(value) if *value == 0);
            require(critical.region.iter().all(origin), "the critical point is not 0")?;
            let sentence = "f is convex and 0 is a critical point, so 0 is a minimiser";
            Established::new(about, false, sentence).with(Detail::Witness("grad f(0) = 0".to_owned()))
        }
        Hypothesis::Proper => {
            require(cost.is_everywhere(), "the domain is not the whole space")?;
            cost.require_positive_definite(&critical.region)?;
            let sentence =
                format!("f is convex with a positive definite Hessian at its minimiser {text}: it tends to +inf");
            Established::new(about, true, sentence)
        }
        Hypothesis::NonsingularCriticalPoints => {
            cost.require_positive_definite(&critical.region)?;
            let determinant = cost.determinant()?;
            let value = cost.value_on(determinant, &critical.region)?;
            let witness = format!("the only critical point of the convex f is {text}");
            if value.is_nonzero() {
                Established::new(about, true, format!("{witness}, where det W is not 0"))
            } else {
                require(
                    matches!(value, Number::Exact(_)),
                    "det W is not shown to be different from 0",
                )?;
                Established::new(about, false, format!("{witness}, where det W = 0")).with(Detail::Witness(witness))
            }
        }
        _ => return Err(Rejection::new("a critical point of a convex cost does not show this")),
    })
}

/// A critical point above another point.
pub(super) fn higher(
    cost: &mut Cost,
    about: Hypothesis,
    at: &Point,
    below: &[Exact],
) -> Result<Established, Rejection> {
    let critical = cost.critical(at).within(|| "at")?;
    let lower = cost.point(below).within(|| "below")?;
    let (above, under) = (
        cost.value_on(cost.root, &critical.region)?,
        cost.value_at(cost.root, &lower)?,
    );
    let gap = above.sub(&under, cost.precision);
    require(gap.is_positive(), "the value is not shown to be greater")?;
    let failure = match about {
        Hypothesis::CriticalPointsAreMinimizers => "a critical point is not a minimiser",
        Hypothesis::PlInequality => "the PL inequality fails at a critical point that is not a minimiser",
        _ => return Err(Rejection::new("this does not refute that")),
    };
    let witness = format!("grad f = 0 at {}, and f({}) is less", critical.text, cost.text(&lower));
    Ok(Established::new(about, false, format!("{failure}: {witness}")).with(Detail::Witness(witness)))
}

/// A singular critical point.
pub(super) fn singular(cost: &mut Cost, at: &[Exact]) -> Result<Established, Rejection> {
    let point = cost.point(at)?;
    cost.require_critical(&point)?;
    require(!cost.is_nonsingular(&point), "the point is of full rank")?;
    let witness = format!("the critical point {} is not of full rank", cost.text(&point));
    Ok(Established::new(Hypothesis::NonsingularCriticalPoints, false, witness.clone()).with(Detail::Witness(witness)))
}

/// A row or a column is singular only if it is 0, and grad f(0) is not 0.
pub(super) fn slope_at_origin(cost: &mut Cost, entry: u16) -> Result<Established, Rejection> {
    require(cost.rows.min(cost.columns) == 1, "W is neither a row nor a column")?;
    let slopes = cost.gradient()?;
    let slope = slopes.get(usize::from(entry)).copied();
    let slope = slope.ok_or_else(|| Rejection::new("an entry that W does not have"))?;
    let origin = vec![Rational::new(); cost.size()];
    let value = cost.value_at(slope, &origin)?;
    require(
        value.is_nonzero(),
        "the partial derivative at 0 is not shown to differ from 0",
    )?;
    let sentence = format!(
        "only W = 0 is not of full rank, and df/d{} is not 0 there",
        cost.name(entry)
    );
    Ok(Established::new(Hypothesis::NonsingularCriticalPoints, true, sentence))
}

/// The domain has no singular matrix.
pub(super) fn domain_is_nonsingular(cost: &mut Cost) -> Result<Established, Rejection> {
    let about = Hypothesis::NonsingularCriticalPoints;
    let determinant = cost.determinant()?;
    for condition in cost.domain.clone() {
        let power = cost.table.insert(Node::Power(determinant, Rational::from(2)));
        for multiple in [determinant, power] {
            let difference = cost.table.insert(Node::Sub(condition.of, multiple));
            if cost.vanishes(difference)? {
                return Ok(Established::new(about, true, "det W is not 0 on the domain"));
            }
        }
    }
    Err(Rejection::new("no condition of the domain is det W"))
}

/// 1 = sum a_i d_i f + b det W: where the gradient vanishes the determinant does not.
pub(super) fn no_singular(cost: &mut Cost, cofactors: &[Id], determinant: Id) -> Result<Established, Rejection> {
    let gradient = cost.gradient()?;
    require(
        cofactors.len() == gradient.len(),
        "not a cofactor for each partial derivative",
    )?;
    let product = {
        cost.require_given(determinant)?;
        cost.require_polynomial(determinant)?;
        let written = cost.determinant()?;
        cost.table.insert(Node::Mul(determinant, written))
    };
    let combination = combination(cost, cofactors, &gradient)?;
    let sum = cost.table.insert(Node::Add(combination, product));
    let one = cost.table.number(1);
    cost.require_equal(sum, one, "1 is not that combination of grad f and det W")?;
    let sentence =
        "1 is a polynomial combination of the partial derivatives and det W, so no critical point is singular";
    Ok(Established::new(Hypothesis::NonsingularCriticalPoints, true, sentence))
}

/// sum a_i g_i for given polynomials a_i.
fn combination(cost: &mut Cost, cofactors: &[Id], of: &[Id]) -> Result<Id, Rejection> {
    let mut sum = cost.table.number(0);
    for (cofactor, element) in cofactors.iter().zip(of) {
        cost.require_given(*cofactor)?;
        cost.require_polynomial(*cofactor)?;
        let product = cost.table.insert(Node::Mul(*cofactor, *element));
        sum = cost.table.insert(Node::Add(sum, product));
    }
    Ok(sum)
}

/// The only critical point of a coercive cost is its only minimiser.
pub(super) fn only(
    cost: &mut Cost,
    at: &[Exact],
    cofactors: &[Vec<Id>],
    why: &Coercive,
) -> Result<Established, Rejection> {
    let point = cost.point(at)?;
    cost.require_critical(&point)?;
    let gradient = cost.gradient()?;
    require(cofactors.len() == cost.size(), "not a row of cofactors for each entry")?;
    for (place, row) in cofactors.iter().enumerate() {
        require(
            row.len() == gradient.len(),
            "not a cofactor for each partial derivative",
        )?;
        let combination = combination(cost, row, &gradient)?;
        let entry = cost.variable(place)?;
        let value = cost.table.number(point.get(place).cloned().unwrap_or_default());
        let shifted = cost.table.insert(Node::Sub(entry, value));
        cost.require_equal(combination, shifted, "an entry is not that combination of grad f")?;
    }
    cost.coercive(why)?;
    let sentence = format!(
        "the only critical point is {}, and f tends to +inf, so it is the minimiser",
        cost.text(&point)
    );
    Ok(Established::new(
        Hypothesis::CriticalPointsAreMinimizers,
        true,
        sentence,
    ))
}

/// All critical values are the minimum.
pub(super) fn only_value(
    cost: &mut Cost,
    at: &[Exact],
    cofactors: &[Id],
    why: &Sign,
) -> Result<Established, Rejection> {
    let point = cost.point(at)?;
    let gradient = cost.gradient()?;
    require(
        cofactors.len() == gradient.len(),
        "not a cofactor for each partial derivative",
    )?;
    let combination = combination(cost, cofactors, &gradient)?;
    let gap = cost.gap(&point)?;
    cost.require_equal(combination, gap, "f - f(at) is not that combination of grad f")?;
    cost.require_nonnegative(gap, why).within(|| "why")?;
    let text = cost.text(&point);
    let sentence = format!("f - f({text}) is a polynomial combination of the partial derivatives and not negative");
    Ok(Established::new(
        Hypothesis::CriticalPointsAreMinimizers,
        true,
        sentence,
    ))
}

/// The PL inequality by compactness.
///
/// Let x* be the only critical point and m = f(x*). Where f - m exceeds 2 (constant / epsilon + |f(0) - m|) the growth
/// of the gradient gives |grad f|^2 >= (epsilon / 2) (f - m) or more; the rest is compact, since f is coercive, and
/// there |grad f|^2 / (f - m) is continuous and positive away from x*, and near x* at least twice the least eigenvalue
/// of the Hessian there, up to a factor that tends to 1.
pub(super) fn growing_gradient(
    cost: &mut Cost,
    at: &Point,
    (epsilon, constant): (&Rational, &Rational),
    why: &Sign,
) -> Result<Established, Rejection> {
    require(cost.is_everywhere(), "the domain is not the whole space")?;
    require(*epsilon > 0, "epsilon must be positive")?;
    cost.require_convex()?;
    let critical = cost.critical(at).within(|| "at")?;
    // Convex with a positive definite Hessian at the minimiser: coercive, and no other critical point.
    cost.require_positive_definite(&critical.region)?;
    let origin = vec![Rational::new(); cost.size()];
    let gap = cost.gap(&origin)?;
    let mut sum = cost.table.number(constant.clone());
    for slope in cost.gradient()? {
        let square = cost.table.insert(Node::Power(slope, Rational::from(2)));
        sum = cost.table.insert(Node::Add(sum, square));
    }
    let factor = cost.table.number(epsilon.clone());
    let scaled = cost.table.insert(Node::Mul(factor, gap));
    let slack = cost.table.insert(Node::Sub(sum, scaled));
    cost.require_nonnegative(slack, why).within(|| "why")?;
    let sentence = format!(
        "f is convex and coercive, its Hessian at the only critical point {} is positive definite, and |grad f|^2 grows \
         at least like f: some mu > 0 serves",
        critical.text
    );
    Ok(Established::new(Hypothesis::PlInequality, true, sentence))
}

/// A partial derivative without zeros.
pub(super) fn none(
    cost: &mut Cost,
    about: Hypothesis,
    entry: u16,
    negative: bool,
    why: &Sign,
) -> Result<Established, Rejection> {
    let answers = [
        Hypothesis::NonsingularCriticalPoints,
        Hypothesis::CriticalPointsAreMinimizers,
    ];
    require(answers.contains(&about), "this does not show that")?;
    let slopes = cost.gradient()?;
    let slope = slopes.get(usize::from(entry)).copied();
    let slope = slope.ok_or_else(|| Rejection::new("an entry that W does not have"))?;
    let signed = if negative {
        cost.table.insert(Node::Neg(slope))
    } else {
        slope
    };
    cost.require_positive(signed, why)?;
    let sentence = format!("there are no critical points: df/d{} has no zero", cost.name(entry));
    Ok(Established::new(about, true, sentence))
}
