//! Curves of rational functions inside the domain, and what the cost does along them.

use super::super::certificate::{Claim, Side};
use super::super::expr::{Id, Node, Table};
use super::super::normal_form::as_rational_function;
use super::super::polynomial::{End, Polynomial};
use super::super::theorem::{Detail, Established, Hypothesis, Rejection, Within, require};
use super::Cost;
use super::data::{Curve, Level, Scalar, Strictness};
use super::substitute::{add, div, mul, sub, substitute};
use rug::Rational;
use std::cmp::Ordering;

/// Most nodes of a curve.
const NODES: usize = 10_000;

/// A curve that was shown to stay in the domain.
pub(super) struct Path {
    /// Its entries as expressions in t.
    table: Table,
    entries: Vec<Id>,
    /// The same as quotients of polynomials without common factors.
    quotients: Vec<(Polynomial, Polynomial)>,
    /// The conditions of the domain along it.
    conditions: Vec<(Polynomial, Polynomial)>,
    left: End,
    right: End,
}

impl Path {
    /// Whether the curve leaves every compact subset of the domain at an end.
    fn escapes(&self, side: Side) -> bool {
        let end = if side == Side::Left { &self.left } else { &self.right };
        let grows = |(above, below): &(Polynomial, Polynomial)| match end.finite() {
            Some(at) => below.sign_at(at) == Ordering::Equal,
            None => above.degree() > below.degree(),
        };
        let vanishes = |(above, below): &(Polynomial, Polynomial)| match end.finite() {
            Some(at) => above.sign_at(at) == Ordering::Equal,
            None => above.is_zero() || above.degree() < below.degree(),
        };
        self.quotients.iter().any(grows) || self.conditions.iter().any(vanishes)
    }

    /// Whether it is a line passed at constant speed.
    fn is_line(&self) -> bool {
        let affine = |(above, below): &(Polynomial, Polynomial)| {
            below.as_constant().is_some() && above.degree().is_none_or(|degree| degree <= 1)
        };
        let moves = |(above, _): &(Polynomial, Polynomial)| above.degree() == Some(1);
        self.quotients.iter().all(affine) && self.quotients.iter().any(moves)
    }

    fn interval(&self) -> (&End, &End) {
        (&self.left, &self.right)
    }

    /// In words.
    fn text(&self, cost: &Cost) -> String {
        let entry = |entry: &Id| super::print_named(&self.table, *entry, &|_| "t".to_owned());
        let entries: Vec<String> = self.entries.iter().map(entry).collect();
        format!(
            "W(t) = {}, t in ({}, {})",
            cost.written(&entries),
            self.left,
            self.right
        )
    }
}

/// A sign of p/q on an open interval: it has no zero or pole there.
fn keeps_sign((above, below): &(Polynomial, Polynomial), left: &End, right: &End, positive: bool) -> bool {
    let product = above.mul(below).filter(|product| !product.is_zero());
    let Some(product) = product else { return false };
    let inside = match (left.finite(), right.finite()) {
        (Some(left), Some(right)) => Rational::from(left + right) / 2,
        (Some(left), None) => Rational::from(left + 1),
        (None, Some(right)) => Rational::from(right - 1),
        (None, None) => Rational::new(),
    };
    let sign = product.sign_at(&inside);
    // The count may include a zero at an end of the interval, which is not inside: divide those out first.
    let mut rest = product.squarefree_part();
    for end in [left, right].into_iter().filter_map(End::finite) {
        let factor = Polynomial::from_coefficients(vec![-(end.clone()), Rational::from(1)]);
        if rest.sign_at(end) == Ordering::Equal {
            match factor.and_then(|factor| rest.divide_exactly(&factor)) {
                Some(quotient) => rest = quotient,
                None => return false,
            }
        }
    }
    let roots = rest.count_roots(left, right);
    roots == Some(0)
        && if positive {
            sign == Ordering::Greater
        } else {
            sign != Ordering::Equal
        }
}

impl Cost {
    /// Checks a curve: rational functions without poles inside the interval, all of it in the domain.
    pub(super) fn path(&self, curve: &Curve) -> Result<Path, Rejection> {
        require(curve.nodes.len() <= NODES, "the curve is too large")?;
        let table = Table::from_nodes(&curve.nodes).ok_or_else(|| Rejection::new("nodes are not a table"))?;
        let only_t = |node: &Node| !matches!(node, Node::Variable(1..));
        require(table.nodes().iter().all(only_t), "a curve has one variable")?;
        require(curve.left < curve.right, "the interval is empty")?;
        require(
            curve.entries.len() == self.size(),
            "a curve with another number of entries",
        )?;
        let mut quotients = Vec::with_capacity(self.size());
        for entry in &curve.entries {
            require(
                table.node(*entry).is_some(),
                "an entry that is not in the list of nodes",
            )?;
            let quotient = as_rational_function(&table, *entry);
            let quotient = quotient.ok_or_else(|| Rejection::new("not a rational function of t"))?;
            let whole = (quotient.1.clone(), Polynomial::constant(1));
            require(
                keeps_sign(&whole, &curve.left, &curve.right, false),
                "the curve has a pole",
            )?;
            quotients.push(quotient);
        }
        let mut conditions = Vec::with_capacity(self.domain.len());
        for condition in &self.domain {
            let mut along = table.clone();
            let value = substitute(&self.table, condition.of, &mut along, &curve.entries);
            let value = value.and_then(|value| as_rational_function(&along, value));
            let value = value.ok_or_else(|| Rejection::new("a condition is not a rational function of t"))?;
            require(
                keeps_sign(&value, &curve.left, &curve.right, condition.strict),
                "the curve is not shown to stay in the domain",
            )?;
            conditions.push(value);
        }
        Ok(Path {
            table,
            entries: curve.entries.clone(),
            quotients,
            conditions,
            left: curve.left.clone(),
            right: curve.right.clone(),
        })
    }

    /// The cost along a path.
    fn along(&self, path: &Path) -> Result<(Table, Id), Rejection> {
        restricted(&self.table, self.root, &path.table, &path.entries)
            .ok_or_else(|| Rejection::new("the cost on the curve is malformed"))
    }
}

/// An expression in the entries along a curve, as an expression in t alone. Errors: `None` if it is malformed. Panics: never.
pub fn restricted(table: &Table, root: Id, curve: &Table, entries: &[Id]) -> Option<(Table, Id)> {
    let mut along = curve.clone();
    let value = substitute(table, root, &mut along, entries)?;
    let (along, roots) = along.extract(&[value]);
    Some((along, *roots.first()?))
}

/// (level - f) / |grad f|^2 along a curve, in t.
///
/// `f` and `slopes` stand in `table`. Errors: `None` if something is malformed. Panics: never.
pub fn ratio_on(
    (table, root, slopes): (&Table, Id, &[Id]),
    (curve, entries): (&Table, &[Id]),
    level: (&Table, Id),
) -> Option<(Table, Id)> {
    let mut along = curve.clone();
    let value = substitute(table, root, &mut along, entries)?;
    let level = along.import(level.0, level.1);
    let gap = sub(&mut along, level, value);
    let mut square = along.number(0);
    for slope in slopes {
        let slope = substitute(table, *slope, &mut along, entries)?;
        let own = mul(&mut along, slope, slope);
        square = add(&mut along, square, own);
    }
    let ratio = div(&mut along, gap, square);
    let (along, roots) = along.extract(&[ratio]);
    Some((along, *roots.first()?))
}

/// -1/(f - level) along a curve, in t. Errors: `None` if something is malformed. Panics: never.
pub fn reciprocal_gap_on(
    (table, root): (&Table, Id),
    (curve, entries): (&Table, &[Id]),
    level: &Rational,
) -> Option<(Table, Id)> {
    let mut along = curve.clone();
    let value = substitute(table, root, &mut along, entries)?;
    let level = along.number(level.clone());
    let gap = sub(&mut along, value, level);
    let minus = along.number(-1);
    let reciprocal = div(&mut along, minus, gap);
    let (along, roots) = along.extract(&[reciprocal]);
    Some((along, *roots.first()?))
}

/// The cost at a rational point, as a constant expression. Errors: `None` if it is malformed. Panics: never.
pub(super) fn value_expression(table: &Table, root: Id, point: &[Rational]) -> Option<(Table, Id)> {
    let mut values = Table::new();
    let entries: Vec<Id> = point.iter().map(|entry| values.number(entry.clone())).collect();
    restricted(table, root, &values, &entries)
}

/// f on a curve refutes a hypothesis.
pub(super) fn refutes(
    cost: &mut Cost,
    about: Hypothesis,
    curve: &Curve,
    scalar: &Scalar,
) -> Result<Established, Rejection> {
    let path = cost.path(curve).within(|| "curve")?;
    let along = cost.along(&path)?;
    let established = cost
        .scalar((&along.0, along.1), path.interval(), scalar)
        .within(|| "scalar")?;
    let [claim] = scalar.claims.as_slice() else {
        return Err(Rejection::new("exactly one claim about f on the curve"));
    };
    let one = established.first().ok_or_else(|| Rejection::new("no claim"))?;
    require(!one.holds, "the claim refutes nothing")?;
    let witness = match about {
        Hypothesis::Proper => {
            let (Claim::Bounded { side, .. } | Claim::UnboundedBelow { side, .. }) = claim else {
                return Err(Rejection::new("not a claim that f stays bounded"));
            };
            require(path.escapes(*side), "the curve is not shown to leave every compact set")?;
            "the curve leaves every compact subset of the domain"
        }
        Hypothesis::AttainsMinimum | Hypothesis::PlInequality => {
            let falls = matches!(claim, Claim::UnboundedBelow { .. });
            require(falls, "not a claim that f is unbounded below")?;
            "f is unbounded below"
        }
        Hypothesis::Analytic | Hypothesis::ContinuouslyDifferentiable | Hypothesis::LipschitzGradient => {
            require(path.is_line(), "only lines refute this")?;
            require(one.hypothesis == about, "the claim is about something else")?;
            "already on a line"
        }
        _ => return Err(Rejection::new("a curve does not refute this")),
    };
    let failure = match about {
        Hypothesis::Proper => "f is not proper",
        Hypothesis::AttainsMinimum => "f has no minimum",
        Hypothesis::PlInequality => "the PL inequality fails",
        Hypothesis::LipschitzGradient => "grad f is not Lipschitz",
        Hypothesis::Analytic => "f is not analytic",
        _ => "f is not continuously differentiable",
    };
    let text = path.text(cost);
    let own = match &one.detail {
        Detail::Witness(own) => own.replace("w ->", "t ->"),
        _ => one.sentence.clone(),
    };
    let sentence = format!("{failure}: {witness}, {text}; there {own}");
    Ok(Established::new(about, false, sentence).with(Detail::Witness(format!("{text}: {own}"))))
}

impl Cost {
    /// A level that inf f does not exceed, as a constant expression, and in words.
    fn level(&mut self, level: &Level, path: &Path) -> Result<(Table, Id, String), Rejection> {
        match level {
            Level::At(at) => {
                let point = self.point(at).within(|| "level")?;
                let value = value_expression(&self.table, self.root, &point);
                let (table, id) = value.ok_or_else(|| Rejection::new("the value at the point is malformed"))?;
                Ok((table, id, format!("f({})", self.text(&point))))
            }
            Level::Limit(value, scalar) => {
                let gap = reciprocal_gap_on((&self.table, self.root), (&path.table, &path.entries), &value.0);
                let gap = gap.ok_or_else(|| Rejection::new("the gap is malformed"))?;
                self.require_fall((&gap.0, gap.1), path.interval(), scalar, Side::Right)
                    .within(|| "level")?;
                let mut table = Table::new();
                let id = table.number(value.0.clone());
                Ok((table, id, value.0.to_string()))
            }
        }
    }
}

/// |grad f|^2 / (f - level) tends to 0 at the right end of a curve.
pub(super) fn vanishing_ratio(
    cost: &mut Cost,
    curve: &Curve,
    level: &Level,
    scalar: &Scalar,
) -> Result<Established, Rejection> {
    let path = cost.path(curve).within(|| "curve")?;
    let (levels, level_id, words) = cost.level(level, &path)?;
    let gradient = cost.gradient()?;
    let ratio = ratio_on(
        (&cost.table, cost.root, &gradient),
        (&path.table, &path.entries),
        (&levels, level_id),
    );
    let ratio = ratio.ok_or_else(|| Rejection::new("the ratio is malformed"))?;
    cost.require_fall((&ratio.0, ratio.1), path.interval(), scalar, Side::Right)
        .within(|| "scalar")?;
    let witness = format!(
        "|grad f|^2 / (f - {words}) tends to 0 at the right end of {}",
        path.text(cost)
    );
    Ok(Established::new(
        Hypothesis::PlInequality,
        false,
        format!("the PL inequality fails: {witness}"),
    )
    .with(Detail::Witness(witness)))
}

/// f tends to a level it never takes.
pub(super) fn not_attained(
    cost: &mut Cost,
    curve: &Curve,
    level: &Level,
    why: &Strictness,
) -> Result<Established, Rejection> {
    let Level::Limit(value, _) = level else {
        return Err(Rejection::new("a value of f is attained"));
    };
    let path = cost.path(curve).within(|| "curve")?;
    cost.level(level, &path)?;
    let number = cost.table.number(value.0.clone());
    let gap = cost.table.insert(Node::Sub(cost.root, number));
    match why {
        Strictness::Positive(why) => cost.require_positive(gap, why).within(|| "why")?,
        Strictness::NoCommonZero { squares, cofactors } => {
            require(squares.len() == cofactors.len(), "not a cofactor for each square")?;
            let (mut sum, mut one) = (cost.table.number(0), cost.table.number(0));
            for (square, cofactor) in squares.iter().zip(cofactors) {
                for id in [*square, *cofactor] {
                    cost.require_given(id)?;
                    cost.require_polynomial(id)?;
                }
                let own = cost.table.insert(Node::Power(*square, Rational::from(2)));
                sum = cost.table.insert(Node::Add(sum, own));
                let product = cost.table.insert(Node::Mul(*cofactor, *square));
                one = cost.table.insert(Node::Add(one, product));
            }
            cost.require_equal(gap, sum, "not the sum of the squares")?;
            let unit = cost.table.number(1);
            cost.require_equal(one, unit, "1 is not that combination of the squares")?;
        }
    }
    let witness = format!(
        "f > {} everywhere, and f tends to it at the right end of {}",
        value.0,
        path.text(cost)
    );
    Ok(Established::new(
        Hypothesis::AttainsMinimum,
        false,
        format!("f has no minimum: {witness}"),
    )
    .with(Detail::Witness(witness)))
}
