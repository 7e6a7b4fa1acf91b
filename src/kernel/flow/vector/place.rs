//! The coordinates on an orbit from z: p e^a and q e^-a with e^(2a) from z.

use super::super::super::interval::Interval;
use super::super::super::theorem::Rejection;
use super::start::{Range, Start};
use rug::Rational;

/// Encloses the coordinates, first those of w1, then those of w2, of all points with w2 w1 in `z` on the orbits of the
/// starts. The precision is in bits.
///
/// Two enclosures of p e^a and q e^-a are intersected, and for boxes two of w1 and w2: see [`spread`] and [`turned`].
/// Errors: a [`Rejection`] if the enclosures are not bounded.
pub(super) fn coordinates(start: &Start, z: &Interval, precision: u32) -> Result<Vec<Interval>, Rejection> {
    let z = z.with_precision(precision);
    let growth = growth_over(start, &z, precision);
    let sums = spread(start, &start.sum, &start.plus, &z, growth.as_ref(), precision);
    let inverse = growth.as_ref().and_then(|growth| growth.recip().ok());
    let differences = spread(
        start,
        &start.difference,
        &start.minus,
        &z.neg(),
        inverse.as_ref(),
        precision,
    );
    let half = Rational::from((1, 2));
    let pairs = || sums.iter().zip(&differences);
    let mut found: Vec<Interval> = pairs().map(|(p, q)| p.add(q).scale(&half)).collect();
    found.extend(pairs().map(|(p, q)| p.sub(q).scale(&half)));
    if let (Some(growth), false) = (growth, start.is_point())
        && let Some(turned) = turned(start, &growth, precision)
    {
        let both = found.iter().zip(&turned);
        found = both
            .map(|(a, b)| a.intersection(b).unwrap_or_else(|| a.clone()))
            .collect();
    }
    let bounded = found.iter().all(Interval::is_bounded);
    bounded
        .then_some(found)
        .ok_or_else(|| Rejection::new("the coordinates are not enclosed"))
}

/// Encloses e^(2a) = (2z + sqrt(4z^2 + P M))/P = M/(sqrt(4z^2 + P M) - 2z) for numbers z, P and M; the formula without
/// cancellation is taken. `None` if it divides by 0.
fn growth(z: &Interval, plus: &Rational, minus: &Rational, precision: u32) -> Option<Interval> {
    let twice = z.scale(&Rational::from(2));
    let imbalance = Interval::point(&Rational::from(plus * minus), precision);
    let root = twice.sqr().add(&imbalance).sqrt().ok()?;
    let point = |value: &Rational| Interval::point(value, precision);
    if z.is_nonnegative() {
        twice.add(&root).div(&point(plus)).ok()
    } else {
        point(minus).div(&root.sub(&twice)).ok()
    }
}

/// The interval that consists of an endpoint of another.
fn ends(z: &Interval) -> Option<[Interval; 2]> {
    let single = |end: &rug::Float| Interval::try_new(end.clone(), end.clone());
    Some([single(z.inf())?, single(z.sup())?])
}

/// Encloses e^(2a) over the starts: it grows with z and M and falls with P. `None` if it is not bounded.
fn growth_over(start: &Start, z: &Interval, precision: u32) -> Option<Interval> {
    let [low, high] = ends(z)?;
    let least = growth(&low, &start.plus.hi, &start.minus.lo, precision)?;
    let most = growth(&high, &start.plus.lo, &start.minus.hi, precision)?;
    Some(least.convex_hull(&most))
}

/// Encloses p e^a, entry by entry, from P, z and e^(2a); with M, -z and e^(-2a) in their places it is q e^-a.
///
/// Twice: as p sqrt(e^(2a)), and as p/|p| times sqrt(2z + sqrt(4z^2 + P M)), which is the length of p e^a. The first is
/// tighter for points, the second for boxes.
fn spread(
    start: &Start,
    entries: &[Range],
    length: &Range,
    z: &Interval,
    growth: Option<&Interval>,
    precision: u32,
) -> Vec<Interval> {
    let factor = growth.and_then(|growth| growth.sqrt().ok());
    let reach = reach(start, z, precision);
    let each = entries.iter().enumerate().map(|(place, entry)| {
        if entry.is_zero() {
            return Interval::point(&Rational::new(), precision);
        }
        let scaled = factor.as_ref().and_then(|factor| {
            let entry = Interval::hull_of(&entry.lo, &entry.hi, precision)?;
            Some(entry.mul(factor))
        });
        let direct = reach
            .as_ref()
            .map(|reach| direct(entries, place, length, reach, precision));
        match (scaled, direct) {
            (Some(a), Some(b)) => a.intersection(&b).unwrap_or(a),
            (a, b) => a.or(b).unwrap_or_else(|| Interval::entire(precision)),
        }
    });
    each.collect()
}

/// Encloses sqrt(2z + sqrt(4z^2 + P M)) over the starts: it grows with z and with P M.
fn reach(start: &Start, z: &Interval, precision: u32) -> Option<Interval> {
    let one = Rational::from(1);
    let [low, high] = ends(z)?;
    let least = growth(&low, &one, &start.imbalance.lo, precision)?;
    let most = growth(&high, &one, &start.imbalance.hi, precision)?;
    least.convex_hull(&most).sqrt().ok()
}

/// Encloses an entry of p e^a as its share p/|p| times the length.
fn direct(entries: &[Range], place: usize, length: &Range, reach: &Interval, precision: u32) -> Interval {
    let share = share(entries, place, length, precision);
    let unit = Interval::hull_of(&Rational::from(-1), &Rational::from(1), precision);
    let share = share.or(unit).unwrap_or_else(|| Interval::entire(precision));
    share.mul(reach)
}

/// Encloses p_i/|p| = p_i/sqrt(p_i^2 + R), R the sum of the other squares: it grows with p_i, and its absolute value falls
/// with R. `None` if |p| may be 0.
fn share(entries: &[Range], place: usize, length: &Range, precision: u32) -> Option<Interval> {
    if !length.is_positive() {
        return None;
    }
    let entry = entries.get(place)?;
    let others = entries.iter().enumerate().filter(|(other, _)| *other != place);
    let rest = others.fold(Range::zero(), |total, (_, other)| total.plus(&other.squared()));
    let at = |value: &Rational, rest: &Rational| {
        let below = Rational::from(value * value) + rest;
        let root = Interval::point(&below, precision).sqrt().ok()?;
        if *value == 0 {
            return Some(Interval::point(value, precision));
        }
        Interval::point(value, precision).div(&root).ok()
    };
    let least = at(&entry.lo, if entry.lo > 0 { &rest.hi } else { &rest.lo })?;
    let most = at(&entry.hi, if entry.hi > 0 { &rest.lo } else { &rest.hi })?;
    Some(least.convex_hull(&most))
}

/// Encloses w1 cosh a + w2^T sinh a and w1 sinh a + w2^T cosh a, in which the entries of a box are independent.
fn turned(start: &Start, growth: &Interval, precision: u32) -> Option<Vec<Interval>> {
    let half = Rational::from((1, 2));
    // cosh a and sinh a at the two ends of a; sinh grows, cosh is least at a = 0.
    let up = growth.sqrt().ok()?;
    let down = growth.recip().ok()?.sqrt().ok()?;
    let [low, high] = ends(&up)?;
    let sinh_at = |e: &Interval| Some(e.sub(&e.recip().ok()?).scale(&half));
    let cosh_at = |e: &Interval| Some(e.add(&e.recip().ok()?).scale(&half));
    let sinh = sinh_at(&low)?.convex_hull(&sinh_at(&high)?);
    let mut cosh = cosh_at(&low)?.convex_hull(&cosh_at(&high)?);
    if sinh.contains_zero() {
        cosh = cosh.convex_hull(&Interval::point(&Rational::from(1), precision));
    }
    let cosh = cosh.intersection(&up.add(&down).scale(&half))?;
    let hull = |range: &Range| Interval::hull_of(&range.lo, &range.hi, precision);
    let pairs = || start.first.iter().zip(&start.second);
    let first = pairs().map(|(a, b)| Some(hull(a)?.mul(&cosh).add(&hull(b)?.mul(&sinh))));
    let second = pairs().map(|(a, b)| Some(hull(a)?.mul(&sinh).add(&hull(b)?.mul(&cosh))));
    first.chain(second).collect()
}
