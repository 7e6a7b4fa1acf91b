//! Costs that come down to costs of one variable: sums over the entries, functions of the distance from a point, sums
//! over the singular values.

use super::super::certificate::Exact;
use super::super::expr::{Id, Node, Table};
use super::super::interval::Interval;
use super::super::number::{Number, exact_power};
use super::super::polynomial::End;
use super::super::theorem::{CriticalKind, Detail, Established, Hypothesis, Rejection, Within, require};
use super::Cost;
use super::data::{Reduction, Scalar};
use super::substitute::{add, mul, substitute};
use rug::Rational;
use std::collections::BTreeMap;

/// f(centre + t e_place), in t. Errors: `None` if something is malformed. Panics: never.
pub fn line(table: &Table, root: Id, centre: &[Rational], place: usize) -> Option<(Table, Id)> {
    let mut along = Table::new();
    let t = along.w();
    let mut entries = Vec::with_capacity(centre.len());
    for (own, value) in centre.iter().enumerate() {
        let value = along.number(value.clone());
        entries.push(if own == place { add(&mut along, t, value) } else { value });
    }
    extracted(table, root, along, &entries, None)
}

/// f(t I) / n, in t. Errors: `None` if something is malformed. Panics: never.
pub fn diagonal_mean(table: &Table, root: Id, size: usize) -> Option<(Table, Id)> {
    let mut along = Table::new();
    let (t, zero) = (along.w(), along.number(0));
    let places = (0..size).flat_map(|row| (0..size).map(move |column| row == column));
    let entries: Vec<Id> = places.map(|diagonal| if diagonal { t } else { zero }).collect();
    extracted(
        table,
        root,
        along,
        &entries,
        Some(Rational::from((1, u32::try_from(size).ok()?))),
    )
}

fn extracted(
    table: &Table,
    root: Id,
    mut along: Table,
    entries: &[Id],
    factor: Option<Rational>,
) -> Option<(Table, Id)> {
    let mut value = substitute(table, root, &mut along, entries)?;
    if let Some(factor) = factor {
        let factor = along.number(factor);
        value = mul(&mut along, factor, value);
    }
    let (along, roots) = along.extract(&[value]);
    Some((along, *roots.first()?))
}

/// The kind of a reduction, for what follows from the costs of one variable.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Separable,
    Radial,
    Spectral,
}

/// Answers a question about a cost from those about costs of one variable.
pub(super) fn settle(cost: &mut Cost, about: Hypothesis, by: &Reduction) -> Result<Established, Rejection> {
    let (kind, answers, words) = match by {
        Reduction::Separable { scalars } => {
            let answers = separable(cost, about, scalars)?;
            (Kind::Separable, answers, "f is a sum of functions of one entry each")
        }
        Reduction::Radial { centre, inner, scalar } => {
            let answer = radial(cost, about, centre, *inner, scalar)?;
            (
                Kind::Radial,
                vec![answer],
                "f is a function of the distance from a matrix",
            )
        }
        Reduction::Spectral { scalar } => {
            let answer = spectral(cost, about, scalar)?;
            (
                Kind::Spectral,
                vec![answer],
                "f is a sum of one function over the singular values of W",
            )
        }
    };
    if about == Hypothesis::NonsingularCriticalPoints {
        return nonsingular(cost, kind, &answers, by);
    }
    if about == Hypothesis::OriginNotMinimizer {
        return origin(kind, &answers, by, words);
    }
    let holds = answers.iter().all(|answer| answer.holds);
    require(
        holds || !needs_all(kind, about),
        "a failure in one variable does not refute this",
    )?;
    let decisive = if holds {
        answers.first()
    } else {
        answers.iter().find(|answer| !answer.holds)
    };
    let decisive = decisive.ok_or_else(|| Rejection::new("no cost of one variable"))?;
    let detail = match about {
        Hypothesis::PlInequality if holds => smallest_constant(kind, &answers),
        Hypothesis::LipschitzGradient if holds && kind != Kind::Spectral => largest_bound(&answers),
        Hypothesis::LipschitzGradient if holds => {
            require(cost.is_everywhere(), "the domain is not the whole space")?;
            largest_bound(&answers)
        }
        _ if holds => Detail::None,
        _ => Detail::Witness(decisive.sentence.clone()),
    };
    let sentence = format!("{words}, and in one variable: {}", decisive.sentence);
    Ok(Established::new(about, holds, sentence).with(detail))
}

/// Whether the failure for one function says nothing about the whole.
fn needs_all(kind: Kind, about: Hypothesis) -> bool {
    match about {
        // A sum is not proper if one summand is not: the others stay bounded along its entry.
        Hypothesis::Proper | Hypothesis::AttainsMinimum | Hypothesis::LipschitzGradient | Hypothesis::PlInequality => {
            false
        }
        // The others may have no critical point at all.
        Hypothesis::CriticalPointsAreMinimizers => kind == Kind::Separable,
        _ => true,
    }
}

/// Whether 0 is a minimiser: in every variable, or where the zero matrix corresponds to 0.
fn origin(kind: Kind, answers: &[Established], by: &Reduction, words: &str) -> Result<Established, Rejection> {
    let about = Hypothesis::OriginNotMinimizer;
    if let (Kind::Radial, Reduction::Radial { centre, .. }) = (kind, by) {
        require(centre.iter().all(|entry| entry.0 == 0), "the centre is not 0")?;
    }
    match answers.iter().find(|answer| answer.holds) {
        Some(above) => Ok(Established::new(
            about,
            true,
            format!("{words}, and in one variable: {}", above.sentence),
        )),
        None => {
            let witness = format!("{words}, and in every variable 0 is a minimiser");
            Ok(
                Established::new(about, false, format!("0 is a minimiser of f: {witness}"))
                    .with(Detail::Witness(witness)),
            )
        }
    }
}

/// Critical points of f from those in one variable.
fn nonsingular(cost: &mut Cost, kind: Kind, answers: &[Established], by: &Reduction) -> Result<Established, Rejection> {
    let about = Hypothesis::NonsingularCriticalPoints;
    if let (Kind::Radial, Reduction::Radial { centre, .. }) = (kind, by) {
        // phi is even and C^1, since its critical points are listed, so grad f vanishes in the centre.
        let listed = answers
            .iter()
            .all(|answer| matches!(answer.detail, Detail::CriticalPoints(_)));
        let middle: Vec<Rational> = centre.iter().map(|entry| entry.0.clone()).collect();
        if listed && cost.contains(&middle) && !cost.is_nonsingular(&middle) {
            let witness = format!("the critical point {} is not of full rank", cost.text(&middle));
            return Ok(Established::new(about, false, witness.clone()).with(Detail::Witness(witness)));
        }
    }
    let mut region = Vec::with_capacity(cost.size());
    for answer in answers {
        let Detail::CriticalPoints(points) = &answer.detail else {
            return Err(Rejection::new("the critical points in one variable are not listed"));
        };
        let [point] = points.as_slice() else {
            require(
                points.is_empty() && kind == Kind::Separable,
                "not exactly one critical point in one variable",
            )?;
            return Ok(Established::new(
                about,
                true,
                "there are no critical points: one entry has none",
            ));
        };
        let (Some(lo), Some(hi)) = (&point.lo, &point.hi) else {
            return Err(Rejection::new("a critical point in one variable is not bounded"));
        };
        require(point.kind != CriticalKind::Interval, "an interval of critical points")?;
        let side = if lo == hi {
            Some(Number::Exact(lo.clone()))
        } else {
            Interval::hull_of(lo, hi, cost.precision).map(Number::from)
        };
        region.push(side.ok_or_else(|| Rejection::new("an empty interval"))?);
    }
    if let (Kind::Radial, Reduction::Radial { centre, .. }) = (kind, by) {
        // An even function has its only critical point at 0: that is the centre.
        region = centre.iter().map(|entry| Number::Exact(entry.0.clone())).collect();
    }
    require(
        kind != Kind::Spectral && region.len() == cost.size(),
        "this says nothing about singular matrices",
    )?;
    let determinant = cost.determinant()?;
    let value = cost.value_on(determinant, &region)?;
    require(
        value.is_nonzero(),
        "det W is not shown to differ from 0 at the only critical point",
    )?;
    Ok(Established::new(
        about,
        true,
        "f has exactly one critical point, and det W is not 0 there",
    ))
}

/// The PL constant of a sum is the smallest one.
fn smallest_constant(kind: Kind, answers: &[Established]) -> Detail {
    let constants: Vec<_> = answers
        .iter()
        .filter_map(|answer| match &answer.detail {
            Detail::BestConstant { lower, upper } => Some((lower.clone(), upper.clone())),
            _ => None,
        })
        .collect();
    match (kind, constants.into_iter().min_by(|a, b| a.0.cmp(&b.0))) {
        (_, None) => Detail::None,
        (Kind::Separable, Some((lower, _))) => Detail::BestConstant { lower, upper: None },
        (_, Some((lower, upper))) => Detail::BestConstant { lower, upper },
    }
}

/// A Lipschitz constant of the gradient, if there is only one cost of one variable.
fn largest_bound(answers: &[Established]) -> Detail {
    match answers {
        [answer] => answer.detail.clone(),
        _ => Detail::None,
    }
}

/// The question that is asked in one variable; the critical points are listed by another name.
fn asked(about: Hypothesis) -> Hypothesis {
    if about == Hypothesis::NonsingularCriticalPoints {
        Hypothesis::CriticalPointsAreMinimizers
    } else {
        about
    }
}

/// The hypotheses that reductions decide.
fn require_decidable(about: Hypothesis) -> Result<(), Rejection> {
    let known = matches!(
        about,
        Hypothesis::Proper
            | Hypothesis::AttainsMinimum
            | Hypothesis::LipschitzGradient
            | Hypothesis::NonsingularCriticalPoints
            | Hypothesis::CriticalPointsAreMinimizers
            | Hypothesis::PlInequality
            | Hypothesis::ContinuouslyDifferentiable
            | Hypothesis::OriginNotMinimizer
    );
    require(known, "costs of one variable do not decide this")
}

/// f(x) = f(0) + sum (f(x_j e_j) - f(0)), because all mixed second derivatives vanish.
fn separable(cost: &mut Cost, about: Hypothesis, scalars: &[Scalar]) -> Result<Vec<Established>, Rejection> {
    require_decidable(about)?;
    require(cost.is_everywhere(), "the domain is not the whole space")?;
    require(
        scalars.len() == cost.size(),
        "not one cost of one variable for each entry",
    )?;
    cost.require_no_mixed_derivatives()?;
    let origin = vec![Rational::new(); cost.size()];
    let ends = (End::NegativeInfinity, End::PositiveInfinity);
    let mut answers = Vec::with_capacity(scalars.len());
    for (place, scalar) in scalars.iter().enumerate() {
        let derived = line(&cost.table, cost.root, &origin, place);
        let (table, root) = derived.ok_or_else(|| Rejection::new("f on a line is malformed"))?;
        let answer = cost.scalar_answer((&table, root), (&ends.0, &ends.1), scalar, asked(about));
        answers.push(answer.within(|| format!("scalars[{place}]"))?);
    }
    Ok(answers)
}

/// f(x) = phi(|x - c|).
fn radial(
    cost: &mut Cost,
    about: Hypothesis,
    centre: &[Exact],
    inner: Option<Id>,
    scalar: &Scalar,
) -> Result<Established, Rejection> {
    require_decidable(about)?;
    require(centre.len() == cost.size(), "the size of the centre")?;
    require(cost.size() >= 2, "one entry has no rotations")?;
    let centre: Vec<Rational> = centre.iter().map(|entry| entry.0.clone()).collect();
    let (left, right) = match cost.domain.as_slice() {
        [] => (End::NegativeInfinity, End::PositiveInfinity),
        [only] => {
            let ball = only.ball.as_ref().filter(|(middle, _)| *middle == centre);
            let radius = ball.and_then(|(_, square)| exact_power(square, &Rational::from((1, 2))));
            let radius =
                radius.ok_or_else(|| Rejection::new("the domain is no ball of rational radius about the centre"))?;
            (End::At(Rational::from(-&radius)), End::At(radius))
        }
        _ => return Err(Rejection::new("the domain is not symmetric")),
    };
    match inner {
        Some(inner) => cost.require_function_of_distance(&centre, inner)?,
        None => cost.require_rotations(&centre)?,
    }
    let derived = line(&cost.table, cost.root, &centre, 0);
    let (table, root) = derived.ok_or_else(|| Rejection::new("f on a line is malformed"))?;
    cost.scalar_answer((&table, root), (&left, &right), scalar, asked(about))
        .within(|| "scalar")
}

/// f(W) = sum g(s_i) over the singular values, with signs where det W may be negative.
fn spectral(cost: &mut Cost, about: Hypothesis, scalar: &Scalar) -> Result<Established, Rejection> {
    require_decidable(about)?;
    require(about != Hypothesis::ContinuouslyDifferentiable, "this is presupposed")?;
    require(
        cost.rows == cost.columns && cost.rows >= 2,
        "W is not square of at least two rows",
    )?;
    let (left, right) = match cost.domain.as_slice() {
        [] => (End::NegativeInfinity, End::PositiveInfinity),
        [only] => {
            let of = only.of;
            require(only.strict, "the domain is not {det W > 0}")?;
            let determinant = cost.determinant()?;
            cost.require_equal(of, determinant, "the domain is not {det W > 0}")?;
            (End::At(Rational::new()), End::PositiveInfinity)
        }
        _ => return Err(Rejection::new("the domain is not {det W > 0}")),
    };
    cost.require_orthogonal_invariance()?;
    cost.require_separable_on_diagonals()?;
    let derived = diagonal_mean(&cost.table, cost.root, cost.rows);
    let (table, root) = derived.ok_or_else(|| Rejection::new("f on the diagonal is malformed"))?;
    cost.scalar_answer((&table, root), (&left, &right), scalar, asked(about))
        .within(|| "scalar")
}

impl Cost {
    /// Demands that d_i d_j f = 0 for i != j.
    fn require_no_mixed_derivatives(&mut self) -> Result<(), Rejection> {
        let gradient = self.gradient()?;
        for (place, slope) in gradient.iter().enumerate() {
            for (other, second) in self.gradient_of(*slope)?.into_iter().enumerate() {
                if other > place {
                    require(
                        self.vanishes(second)?,
                        "a mixed second derivative is not shown to vanish",
                    )?;
                }
            }
        }
        Ok(())
    }

    /// Demands that f depends on the entries only through a part that is |x - c|^2.
    fn require_function_of_distance(&mut self, centre: &[Rational], inner: Id) -> Result<(), Rejection> {
        self.require_given(inner)?;
        self.require_polynomial(inner)?;
        let square = self.square_of_distance(centre)?;
        self.require_equal(inner, square, "not the squared distance from the centre")?;
        let number = self.table.number(1);
        let outer = self.table.replace(self.root, &BTreeMap::from([(inner, number)]));
        let mentions = (0..self.size())
            .any(|place| u16::try_from(place).is_ok_and(|variable| self.table.mentions(outer, variable)));
        require(!mentions, "f depends on the entries in another way")
    }

    /// Demands that the derivatives of f along rotations about the centre vanish.
    ///
    /// Rotations of neighbouring coordinates generate all.
    fn require_rotations(&mut self, centre: &[Rational]) -> Result<(), Rejection> {
        let gradient = self.gradient()?;
        for (place, pair) in gradient.windows(2).enumerate() {
            let [first, second] = pair else { continue };
            let (a, b) = (
                self.shifted(place, centre)?,
                self.shifted(place.saturating_add(1), centre)?,
            );
            let left = self.table.insert(Node::Mul(a, *second));
            let right = self.table.insert(Node::Mul(b, *first));
            self.require_equal(left, right, "f is not shown to be a function of the distance")?;
        }
        Ok(())
    }

    /// x_place - c_place.
    fn shifted(&mut self, place: usize, centre: &[Rational]) -> Result<Id, Rejection> {
        let entry = self.variable(place)?;
        let value = self.table.number(centre.get(place).cloned().unwrap_or_default());
        Ok(self.table.insert(Node::Sub(entry, value)))
    }

    /// Demands that <grad f, A W> = 0 and <grad f, W A> = 0 for A = e_i e_j' - e_j e_i': f(U W V) = f(W) for all
    /// rotations U and V. Neighbouring indices generate all.
    fn require_orthogonal_invariance(&mut self) -> Result<(), Rejection> {
        let gradient = self.gradient()?;
        let size = self.rows;
        let place = |row: usize, column: usize| row.saturating_mul(size).saturating_add(column);
        for first in 0..size.saturating_sub(1) {
            let second = first.saturating_add(1);
            for from_left in [true, false] {
                let mut sum = self.table.number(0);
                for other in 0..size {
                    // (A W) has row i = row j of W and row j = -row i of W; likewise with columns.
                    let (p, q) = if from_left {
                        (place(first, other), place(second, other))
                    } else {
                        (place(other, first), place(other, second))
                    };
                    let (Some(slope_p), Some(slope_q)) = (gradient.get(p), gradient.get(q)) else {
                        return Err(Rejection::new("the gradient is malformed"));
                    };
                    let (entry_p, entry_q) = (self.variable(p)?, self.variable(q)?);
                    let plus = self.table.insert(Node::Mul(*slope_p, entry_q));
                    let minus = self.table.insert(Node::Mul(*slope_q, entry_p));
                    let term = self.table.insert(Node::Sub(plus, minus));
                    sum = self.table.insert(Node::Add(sum, term));
                }
                require(self.vanishes(sum)?, "f is not shown to be invariant under rotations")?;
            }
        }
        Ok(())
    }

    /// Demands that f on diagonal matrices has no mixed second derivatives and is symmetric in the diagonal entries.
    ///
    /// Then f(diag s) = sum g(s_i) with g(t) = f(t I) / n: both sides have the same partial derivatives, since those of
    /// a symmetric sum without mixed terms are one function of the own entry each, and they agree at s = (t, ..., t).
    fn require_separable_on_diagonals(&mut self) -> Result<(), Rejection> {
        let size = self.rows;
        let mut values = Vec::with_capacity(self.size());
        for row in 0..size {
            for column in 0..size {
                values.push(if row == column {
                    self.variable(row.saturating_mul(size).saturating_add(row))?
                } else {
                    self.table.number(0)
                });
            }
        }
        let source = self.table.clone();
        let diagonal = substitute(&source, self.root, &mut self.table, &values);
        let diagonal = diagonal.ok_or_else(|| Rejection::new("f on diagonal matrices is malformed"))?;
        let slopes = self.gradient_of(diagonal)?;
        let own = |row: usize| row.saturating_mul(size).saturating_add(row);
        for row in 0..size {
            let slope = slopes.get(own(row)).copied();
            let slope = slope.ok_or_else(|| Rejection::new("the gradient is malformed"))?;
            let seconds = self.gradient_of(slope)?;
            for other in 0..size {
                if other == row {
                    continue;
                }
                let second = seconds.get(own(other)).copied();
                let second = second.ok_or_else(|| Rejection::new("the Hessian is malformed"))?;
                require(
                    self.vanishes(second)?,
                    "a mixed second derivative on diagonals is not shown to vanish",
                )?;
            }
            if row == 0 {
                continue;
            }
            // The function of s_row is that of s_0: exchange the two entries in the slope.
            let (first, this) = (self.variable(own(0))?, self.variable(own(row))?);
            let exchanged = self
                .table
                .replace(slope, &BTreeMap::from([(first, this), (this, first)]));
            let reference = slopes
                .first()
                .copied()
                .ok_or_else(|| Rejection::new("the gradient is malformed"))?;
            self.require_equal(exchanged, reference, "f on diagonals is not shown to be symmetric")?;
        }
        Ok(())
    }
}
