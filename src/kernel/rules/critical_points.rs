//! All critical points from the sign chart of f', or one that is not a global minimiser.

use super::super::certificate::{Chart, CriticalPoint as Point, Exact, Tie};
use super::super::chart::Segment;
use super::super::number::{Number, Sign};
use super::super::setting::{Bound, Setting};
use super::super::theorem::{CriticalKind, CriticalPoint, Detail, Established, Hypothesis, Rejection, Within, require};
use super::ties;
use rug::Rational;

/// The complete list of critical points of a C^1 cost.
///
/// All are global minimisers iff there is none, or the critical set is connected and f falls before and rises after it: between
/// two critical points with f' of one sign in between the values differ.
pub(super) fn all(setting: &mut Setting, charts: &[Chart], claimed: &[Tie]) -> Result<Established, Rejection> {
    setting.require_continuously_differentiable()?;
    let pattern = setting.check_charts(charts, 1, None)?;
    let critical = pattern.critical();
    let holds = match critical.as_slice() {
        [] => true,
        [(before, _, after)] => *before != Some(Sign::Positive) && *after != Some(Sign::Negative),
        _ => false,
    };
    let mut points = Vec::new();
    let mut values: Vec<Option<Number>> = Vec::new();
    for (before, segment, after) in &critical {
        let kind = match (before, after) {
            _ if matches!(segment, Segment::Flat { .. }) => CriticalKind::Interval,
            (Some(Sign::Negative), Some(Sign::Positive)) => CriticalKind::Minimum,
            (Some(Sign::Positive), Some(Sign::Negative)) => CriticalKind::Maximum,
            _ => CriticalKind::Inflection,
        };
        let (point, value) = describe(setting, segment, kind)?;
        points.push(point);
        values.push(value);
    }
    // Every value is compared with every other one, and again for every tie.
    let rounds = points.len().saturating_mul(claimed.len().saturating_add(1));
    setting.pay(u64::try_from(points.len().saturating_mul(rounds)).unwrap_or(u64::MAX))?;
    let equal = ties::check(setting, &points, charts, claimed)?;
    rank(&mut points, &values, &equal, setting.precision, holds);
    let count = points.len();
    let sentence = match (holds, count) {
        (true, 0) => "f has no critical point".to_string(),
        (true, _) => "every critical point is a global minimiser".to_string(),
        (false, 1) => "the only critical point is not a global minimiser".to_string(),
        (false, _) => format!("not all of the {count} critical points are global minimisers"),
    };
    Ok(Established::new(Hypothesis::CriticalPointsAreMinimizers, holds, sentence).with(Detail::CriticalPoints(points)))
}

/// A critical point for the report, with its value.
fn describe(
    setting: &Setting,
    segment: &Segment,
    kind: CriticalKind,
) -> Result<(CriticalPoint, Option<Number>), Rejection> {
    let point = |lo, hi, at, value| CriticalPoint {
        lo,
        hi,
        at,
        kind,
        value,
        global: None,
    };
    Ok(match segment {
        Segment::Zero(zero) => {
            let value = setting.derivative_on(&zero.lo, &zero.hi, 0, 2)?;
            let text = match &value {
                Number::Exact(exact) => exact.to_string(),
                Number::Enclosed { range, .. } => range.display(20),
            };
            let at = zero.at.map(|at| super::super::print::print(&setting.table, at));
            (
                point(Some(zero.lo.clone()), Some(zero.hi.clone()), at, text),
                Some(value),
            )
        }
        Segment::Flat { lo, hi } => (point(lo.clone(), hi.clone(), None, "constant".into()), None),
        Segment::Sign(_) | Segment::Nonnegative => {
            return Err(Rejection::new("a stretch without zeros is not a critical point"));
        }
    })
}

/// Marks which points are global minimisers, provided that the minimum is attained.
fn rank(
    points: &mut [CriticalPoint],
    values: &[Option<Number>],
    equal: &[(usize, usize)],
    precision: u32,
    holds: bool,
) {
    if holds {
        points.iter_mut().for_each(|point| point.global = Some(true));
        return;
    }
    let candidate = |point: &CriticalPoint| matches!(point.kind, CriticalKind::Minimum | CriticalKind::Interval);
    let below = |a: &Option<Number>, b: &Option<Number>| match (a, b) {
        (Some(a), Some(b)) => a.sub(b, precision).is_negative(),
        _ => false,
    };
    let candidates: Vec<usize> = points
        .iter()
        .enumerate()
        .filter(|(_, point)| candidate(point))
        .map(|(index, _)| index)
        .collect();
    let value = |index: usize| values.get(index).cloned().flatten();
    let beaten = |index: usize| candidates.iter().any(|other| below(&value(*other), &value(index)));
    let remaining: Vec<usize> = candidates.iter().copied().filter(|index| !beaten(*index)).collect();
    // Values shown to be equal, closed under transitivity by walking from the first remaining point.
    let mut tied: Vec<usize> = remaining.first().copied().into_iter().collect();
    let mut grown = true;
    while grown {
        grown = false;
        for (a, b) in equal {
            for (from, to) in [(a, b), (b, a)] {
                if tied.contains(from) && !tied.contains(to) {
                    tied.push(*to);
                    grown = true;
                }
            }
        }
    }
    let settled = remaining.iter().all(|index| tied.contains(index));
    for (index, point) in points.iter_mut().enumerate() {
        point.global = match (remaining.contains(&index), settled) {
            (true, true) => Some(true),
            (true, false) => None,
            (false, _) => Some(false),
        };
    }
}

/// A critical point above another value.
pub(super) fn higher(
    setting: &mut Setting,
    about: Hypothesis,
    point: &Point,
    below: &Exact,
) -> Result<Established, Rejection> {
    setting.require_continuously_differentiable()?;
    let (lo, hi) = exists(setting, point).within(|| "point")?;
    let value = setting.derivative_on(&lo, &hi, 0, 2)?;
    let gap = value.sub(&setting.value_at(&below.0)?, setting.precision);
    require(gap.is_positive(), "the critical value is not shown to be larger")?;
    let name = match about {
        Hypothesis::CriticalPointsAreMinimizers => "a critical point is not a global minimiser",
        Hypothesis::PlInequality => "the PL inequality fails",
        _ => return Err(Rejection::new("this does not refute that")),
    };
    let place = place(setting, &lo, &hi);
    let witness = format!("f' vanishes at w = {place}, where f exceeds f({})", below.0);
    Ok(Established::new(about, false, format!("{name}: {witness}")).with(Detail::Witness(witness)))
}

/// Shows that f' has a zero, and writes where.
///
/// Errors: a [`Rejection`] if it is not shown.
pub(in super::super) fn zero_of_slope(setting: &mut Setting, point: &Point) -> Result<String, Rejection> {
    let (lo, hi) = exists(setting, point)?;
    Ok(place(setting, &lo, &hi))
}

/// A zero as text.
fn place(setting: &Setting, lo: &Rational, hi: &Rational) -> String {
    if lo == hi {
        return lo.to_string();
    }
    let hull = super::super::interval::Interval::hull_of(lo, hi, setting.precision);
    hull.map_or_else(String::new, |hull| hull.display(20))
}

/// Shows that f' has a zero; gives an interval that contains it.
fn exists(setting: &mut Setting, point: &Point) -> Result<(Rational, Rational), Rejection> {
    match point {
        Point::SignChange { lo, hi } => {
            require(lo.0 < hi.0, "the interval is empty")?;
            let (a, b) = (
                setting.derivative_at(&lo.0, 1)?.sign(),
                setting.derivative_at(&hi.0, 1)?.sign(),
            );
            let opposite = matches!((a, b), (Some(a), Some(b)) if a.times(b) == Sign::Negative);
            require(opposite, "f' is not shown to change sign")?;
            Ok((lo.0.clone(), hi.0.clone()))
        }
        Point::Exact { at } => {
            let Bound::Break { enclosure, exact, .. } = setting.constant(*at)? else {
                return Err(Rejection::new("not a constant expression"));
            };
            let ends = match exact {
                Some(exact) => Some((exact.clone(), exact)),
                None => enclosure.inf_rational().zip(enclosure.sup_rational()),
            };
            let (lo, hi) = ends.ok_or_else(|| Rejection::new("the point is not bounded"))?;
            let index = setting.piece_at(&lo)?;
            require(index == setting.piece_at(&hi)?, "the point is too close to a break")?;
            let form = setting.piece(index)?.form;
            let slope = setting.derivative(form, 1)?;
            let slope = setting.substitute(slope, *at)?;
            require(setting.is_zero(slope)?, "f' is not shown to vanish")?;
            Ok((lo, hi))
        }
        Point::Root { lo, hi } => {
            require(lo.0 < hi.0, "the interval is empty")?;
            let index = setting.piece_at(&lo.0)?;
            require(index == setting.piece_at(&hi.0)?, "the interval meets a break")?;
            let form = setting.piece(index)?.form;
            let (product, _) = setting.quotient_on(index, form, 1)?;
            let ends = [&lo.0, &hi.0].map(|end| super::super::polynomial::End::At(end.clone()));
            setting.pay_sturm(&product, &ends)?;
            let count = product.count_roots(&ends[0], &ends[1]);
            require(
                count.is_some_and(|count| count > 0),
                "f' is not shown to have a zero there",
            )?;
            Ok((lo.0.clone(), hi.0.clone()))
        }
    }
}
