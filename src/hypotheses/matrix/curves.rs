//! Curves along which a cost misbehaves: lines, parabolas and hyperbolas, tried in floating point first.

use super::scalars::Question;
use super::search::Search;
use super::tracks::Track;
use crate::kernel::certificate::Exact;
use crate::kernel::expr::{Id, Node, Table};
use crate::kernel::matrix::data::{Constraint, Curve, Level, MatrixClaim, Sign, Strictness};
use crate::kernel::matrix::{ratio_on, reciprocal_gap_on, restricted};
use crate::kernel::normal_form::as_rational_function;
use crate::kernel::polynomial::{End, Polynomial as Univariate};
use crate::kernel::theorem::Hypothesis;
use crate::verdict::Verdict;
use rug::Rational;

impl Search<'_> {
    /// The part of a track near its right end that lies in the domain: (left, inf) with a small left, or up to the
    /// first place where a condition fails.
    fn interval(&mut self, curve: &(Table, Vec<Id>), whole_line: bool) -> Option<(End, End)> {
        if self.is_everywhere() && whole_line {
            return Some((End::NegativeInfinity, End::PositiveInfinity));
        }
        let mut breaks: Vec<Rational> = Vec::new();
        if !whole_line {
            breaks.push(Rational::new());
        }
        let minors = if self.definite { self.rows } else { 0 };
        let mut conditions: Vec<Id> = (1..=minors).filter_map(|size| self.leading_minor(size)).collect();
        conditions.extend(self.domain.iter().map(|condition| match condition {
            Constraint::Positive(of) | Constraint::Nonzero(of) => *of,
        }));
        for of in conditions {
            let (table, root) = restricted(&self.table, of, &curve.0, &curve.1)?;
            let (above, below) = as_rational_function(&table, root)?;
            for polynomial in [above, below] {
                breaks.extend(rational_roots(&polynomial)?);
            }
        }
        breaks.sort();
        breaks.dedup();
        let mut ends = vec![End::NegativeInfinity];
        ends.extend(breaks.into_iter().map(End::At));
        ends.push(End::PositiveInfinity);
        let inside = |left: &End, right: &End| {
            let middle = match (left.finite(), right.finite()) {
                (Some(left), Some(right)) => Rational::from(left + right) / 2,
                (Some(left), None) => Rational::from(left + 1),
                (None, Some(right)) => Rational::from(right - 1),
                (None, None) => Rational::new(),
            };
            let entry = |id: &Id| {
                let value = crate::kernel::evaluate::Program::new(&curve.0, *id)
                    .value(&[crate::kernel::number::Number::Exact(middle.clone())], 64);
                match value {
                    Ok(crate::kernel::number::Number::Exact(value)) => Some(value),
                    _ => None,
                }
            };
            let point: Option<Vec<Rational>> = curve.1.iter().map(entry).collect();
            point.is_some_and(|point| self.is_inside(&point))
        };
        let pairs = ends.windows(2).rev();
        let mut found = pairs.filter_map(|pair| match pair {
            [left, right] if inside(left, right) => Some((left.clone(), right.clone())),
            _ => None,
        });
        found.next()
    }

    /// The part of the certificate that is the curve.
    fn curve(curve: &(Table, Vec<Id>), ends: &(End, End)) -> Curve {
        Curve {
            nodes: curve.0.nodes().to_vec(),
            entries: curve.1.clone(),
            left: ends.0.clone(),
            right: ends.1.clone(),
        }
    }

    /// A curve in the domain that refutes a hypothesis by what f does on it.
    pub fn refute_along_curves(&mut self, about: Hypothesis) -> Option<Verdict> {
        let lines_only = matches!(
            about,
            Hypothesis::Analytic | Hypothesis::LipschitzGradient | Hypothesis::ContinuouslyDifferentiable
        );
        let tracks = if lines_only { self.lines() } else { self.tracks() };
        let mut tries = 0;
        for track in tracks {
            if self.budget.is_over() || tries > 24 {
                break;
            }
            if !self.looks_bad(&track, about) {
                continue;
            }
            let written = track.write();
            let Some(ends) = self.interval(&written, track.is_line()) else {
                continue;
            };
            let Some(along) = restricted(&self.table, self.root, &written.0, &written.1) else {
                continue;
            };
            let question = match about {
                Hypothesis::AttainsMinimum | Hypothesis::PlInequality => Question::UnboundedBelow(about),
                _ => Question::About(about),
            };
            tries += 1;
            let Some(answer) = self.ask(&along, ends.clone(), question) else {
                continue;
            };
            if answer.theorem.holds() {
                continue;
            }
            let claim = MatrixClaim::AlongCurve {
                about,
                curve: Search::curve(&written, &ends),
                scalar: answer.scalar,
            };
            if let Some(verdict) = self.attempt("along a curve", claim) {
                return Some(verdict);
            }
        }
        self.failed(
            "along a curve",
            format!("{tries} curves looked promising and showed nothing"),
        );
        None
    }

    /// Whether f seems to do on a track what is looked for.
    fn looks_bad(&self, track: &Track, about: Hypothesis) -> bool {
        let Some(smooth) = &self.smooth else {
            // Without derivatives there is nothing to look at: try.
            return about == Hypothesis::Analytic || about == Hypothesis::ContinuouslyDifferentiable;
        };
        let value = |t: f64| smooth.value.value(&track.float(t));
        let far = [1e1, 1e2, 1e3, 1e4].map(value);
        let near = [1e-1, 1e-2, 1e-3, 1e-4].map(value);
        let steps = |values: &[f64; 4]| values.iter().all(|value| value.is_finite());
        match about {
            Hypothesis::Proper => {
                let bounded =
                    |values: &[f64; 4]| steps(values) && values[3] <= values[1] + 1e-6 * values[1].abs() + 1e-9;
                (bounded(&far) && track.grows()) || (!self.is_everywhere() && bounded(&near))
            }
            Hypothesis::AttainsMinimum | Hypothesis::PlInequality => {
                let falls = |values: &[f64; 4]| values[3] < values[2] && values[2] < values[1] && values[3] < -1.0;
                falls(&far) || (!self.is_everywhere() && falls(&near))
            }
            Hypothesis::LipschitzGradient => {
                let second = |t: f64| {
                    let point = track.float(t);
                    let hessian = smooth.hessian(&point);
                    let direction = track.direction();
                    let rows = hessian
                        .iter()
                        .map(|row| row.iter().zip(&direction).map(|(a, b)| a * b).sum::<f64>());
                    rows.zip(&direction).map(|(a, b)| a * b).sum::<f64>().abs()
                };
                let (far, near) = ([1e1, 1e2, 1e3].map(second), [1e-1, 1e-2, 1e-3].map(second));
                let grows = |values: &[f64; 3]| {
                    !values[2].is_finite() || (values[2] > 3.0 * values[1] && values[1] > 1.5 * values[0])
                };
                let blows_up = !self.is_everywhere() && ((near[2] > 3.0 * near[1]) || self.is_bounded_domain());
                grows(&far) || blows_up || near[2] > 3.0 * near[1]
            }
            _ => true,
        }
    }

    /// Whether the domain has a boundary that lines reach in a finite time: worth a try without a look.
    fn is_bounded_domain(&self) -> bool {
        let mut far = vec![Rational::new(); self.size()];
        if let Some(first) = far.first_mut() {
            *first = Rational::from(1_000_000);
        }
        !self.is_inside(&far)
    }

    /// Values that inf f cannot exceed, for comparison along a curve.
    fn levels(&mut self) -> Vec<(Option<Vec<Rational>>, f64)> {
        let mut levels: Vec<(Option<Vec<Rational>>, f64)> = Vec::new();
        for point in self.low_points().into_iter().take(3) {
            let value = self.float_value(&point);
            levels.push((Some(point), value));
        }
        levels.push((None, 0.0));
        levels
    }

    /// A curve along which |grad f|^2 / (f - level) tends to 0.
    pub fn vanishing_ratio(&mut self) -> Option<Verdict> {
        let slopes = self.slopes()?;
        let levels = self.levels();
        let mut tries = 0;
        for track in self.tracks() {
            if self.budget.is_over() || tries > 16 {
                break;
            }
            let Some(level) = self.promising_level(&track, &levels) else {
                continue;
            };
            let written = track.write();
            // Far out only: the ratio must be defined on the whole interval.
            let ends = (End::At(Rational::from(100)), End::PositiveInfinity);
            tries += 1;
            let (level, table) = match &level {
                Some(point) => {
                    let mut table = Table::new();
                    let entries: Vec<Id> = point.iter().map(|entry| table.number(entry.clone())).collect();
                    let Some(value) = restricted(&self.table, self.root, &table, &entries) else {
                        continue;
                    };
                    (Level::At(Search::exact(point)), value)
                }
                None => {
                    let zero = Rational::new();
                    let gap = reciprocal_gap_on((&self.table, self.root), (&written.0, &written.1), &zero)?;
                    let Some(answer) = self.ask(&gap, ends.clone(), Question::Fall(false)) else {
                        continue;
                    };
                    let mut table = Table::new();
                    let id = table.number(0);
                    (Level::Limit(Exact(zero), Box::new(answer.scalar)), (table, id))
                }
            };
            let ratio = ratio_on(
                (&self.table, self.root, &slopes),
                (&written.0, &written.1),
                (&table.0, table.1),
            )?;
            let Some(answer) = self.ask(&ratio, ends.clone(), Question::Fall(false)) else {
                continue;
            };
            let claim = MatrixClaim::VanishingRatio {
                curve: Search::curve(&written, &ends),
                level,
                scalar: Box::new(answer.scalar),
            };
            if let Some(verdict) = self.attempt("a vanishing ratio along a curve", claim) {
                return Some(verdict);
            }
        }
        self.failed(
            "a vanishing ratio along a curve",
            format!("{tries} curves looked promising and showed nothing"),
        );
        None
    }

    /// The level for which the ratio seems to vanish along a track: a point, or the limit 0.
    fn promising_level(&self, track: &Track, levels: &[(Option<Vec<Rational>>, f64)]) -> Option<Option<Vec<Rational>>> {
        let smooth = self.smooth.as_ref()?;
        // Not too far out, for costs that leave the range of doubles.
        let at = [10.0, 30.0, 90.0].map(|t| {
            let point = track.float(t);
            let slopes = smooth.gradient(&point);
            (
                smooth.value.value(&point),
                slopes.iter().map(|slope| slope * slope).sum::<f64>(),
            )
        });
        for (point, level) in levels {
            let ratios = at.map(|(value, square)| square / (value - level));
            let vanishes = ratios.iter().all(|ratio| ratio.is_finite() && *ratio > 0.0)
                && ratios[1] < 0.6 * ratios[0]
                && ratios[2] < 0.6 * ratios[1];
            // Towards a limit the value must come down to it.
            let falls = point.is_some() || at[2].0.abs() < 0.5 * at[1].0.abs();
            if vanishes && falls {
                return Some(point.clone());
            }
        }
        None
    }

    /// inf f = 0 is approached along a curve and not attained.
    pub fn not_attained(&mut self) -> Option<Verdict> {
        let why = self.positive()?;
        let zero = Rational::new();
        for track in self.tracks() {
            if self.budget.is_over() {
                break;
            }
            let smooth = self.smooth.as_ref()?;
            let values = [1e1, 1e2, 1e3].map(|t| smooth.value.value(&track.float(t)));
            if !(values[2] < 0.5 * values[1] && values[1] < 0.5 * values[0] && values[2] > 0.0) && values[2] != 0.0 {
                continue;
            }
            let written = track.write();
            let ends = (End::At(Rational::from(1)), End::PositiveInfinity);
            let gap = reciprocal_gap_on((&self.table, self.root), (&written.0, &written.1), &zero)?;
            let Some(answer) = self.ask(&gap, ends.clone(), Question::Fall(false)) else {
                continue;
            };
            let claim = MatrixClaim::NotAttained {
                curve: Search::curve(&written, &ends),
                level: Level::Limit(Exact(zero.clone()), Box::new(answer.scalar)),
                why: why.clone(),
            };
            if let Some(verdict) = self.attempt("an infimum that is not attained", claim) {
                return Some(verdict);
            }
        }
        None
    }

    /// Why f > 0 on the domain.
    fn positive(&mut self) -> Option<Strictness> {
        if self.range_on_space(self.root).is_some_and(|range| range.is_positive()) {
            return Some(Strictness::Positive(Sign::Range {}));
        }
        if let reason @ Sign::Domain { .. } = self.reason_for_sign(self.root) {
            return Some(Strictness::Positive(reason));
        }
        self.squares_without_common_zero()
    }

    /// f as it is written is a sum of squares whose bases generate 1.
    fn squares_without_common_zero(&mut self) -> Option<Strictness> {
        let (mut open, mut squares) = (vec![self.root], Vec::new());
        while let Some(id) = open.pop() {
            match self.table.node(id)? {
                Node::Add(a, b) => open.extend([*a, *b]),
                Node::Power(base, exponent) if *exponent == 2 => squares.push(*base),
                Node::Mul(a, b) if a == b => squares.push(*a),
                Node::Number(value) if *value == 0 => {}
                _ => return None,
            }
        }
        let size = self.size();
        let bases: Option<Vec<super::polynomial::Polynomial>> = squares
            .iter()
            .map(|base| super::polynomial::Polynomial::of(&self.table, *base, size))
            .collect();
        let bases = bases?;
        let one = super::polynomial::Polynomial::constant(Rational::from(1), size);
        let found =
            (0..3).find_map(|degree| super::ideal::cofactors(&bases, &one, &vec![degree; bases.len()], size))?;
        let cofactors = found.iter().map(|cofactor| cofactor.write(&mut self.table)).collect();
        Some(Strictness::NoCommonZero { squares, cofactors })
    }
}

/// The rational roots of a polynomial; `None` if it has others.
fn rational_roots(polynomial: &Univariate) -> Option<Vec<Rational>> {
    if polynomial.degree().unwrap_or(0) == 0 {
        return Some(Vec::new());
    }
    let isolated = polynomial.isolate_roots(&End::NegativeInfinity, &End::PositiveInfinity)?;
    let mut roots = Vec::with_capacity(isolated.len());
    for interval in isolated {
        let width = Rational::from((1, 1_000_000_000));
        let narrow = polynomial.refine(interval, &width);
        let guess = if narrow.is_exact() {
            narrow.middle()
        } else {
            crate::kernel::polynomial::simplest_between(&narrow.lo, &narrow.hi)
        };
        if polynomial.evaluate(&guess) != 0 {
            return None;
        }
        roots.push(guess);
    }
    Some(roots)
}
