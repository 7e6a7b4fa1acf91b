//! Places that matter: zeros of sigma and sigma', a part of the domain between them, points to integrate to.

use super::Search;
use super::primitive::middle;
use super::terms::multiple;
use crate::kernel::activation::data::{Parts, Zero};
use crate::kernel::certificate::{Cell, Chart, CriticalPoint, Exact};
use crate::kernel::evaluate::Program;
use crate::kernel::expr::{Function, Id, Node, Table};
use crate::kernel::interval::Interval;
use crate::kernel::number::{Number, Sign};
use crate::kernel::polynomial::simplest_between;
use crate::kernel::quadrature::integral;
use rug::Rational;

/// How many steps a walk over the middle of the domain takes.
const STEPS: u32 = 64;
/// The order of the Taylor forms of quadrature.
const ORDER: u8 = 20;
/// The most parts of one integral, as a power of two.
const HALVINGS: u32 = 9;
/// The width an enclosure should have, as a power of two.
const WIDTH: u32 = 64;

/// The longest rational of a closed form, in bits.
const SHORT: u32 = 24;
/// The precision with which closed forms are looked for.
const PRECISION: u32 = 256;

/// A place where sigma may vanish.
pub(super) enum Candidate {
    /// A rational that is not in the table yet.
    Exact(Rational),
    /// A closed form with a rational in it.
    Formula(Formula, Rational),
    /// Ready for the certificate.
    Zero(Zero),
}

/// Closed forms that zeros often have.
#[derive(Clone, Copy)]
pub(super) enum Formula {
    /// log(r).
    Log,
    /// r*pi.
    Pi,
    /// sqrt(r) or -sqrt(-r).
    Root,
    /// atan(r).
    Atan,
}

impl Formula {
    const ALL: [Formula; 4] = [Formula::Log, Formula::Pi, Formula::Root, Formula::Atan];

    /// The short rational with which the formula may give a number of the interval.
    fn rational(self, range: &Interval) -> Option<Rational> {
        let inside = match self {
            Formula::Log => range.exp(),
            Formula::Pi => range.div(&Interval::pi(range.precision())).ok()?,
            Formula::Root if range.is_negative() => range.sqr().neg(),
            Formula::Root => range.sqr(),
            Formula::Atan => range.tan().ok()?,
        };
        let simple = simplest_between(&inside.inf_rational()?, &inside.sup_rational()?);
        let length = simple.numer().significant_bits() + simple.denom().significant_bits();
        (length <= SHORT).then_some(simple)
    }

    /// The expression.
    pub(super) fn enter(self, table: &mut Table, value: Rational) -> Id {
        let negative = value < 0;
        match self {
            Formula::Log => {
                let value = table.number(value);
                table.insert(Node::Apply(Function::Log, value))
            }
            Formula::Atan => {
                let value = table.number(value);
                table.insert(Node::Apply(Function::Atan, value))
            }
            Formula::Pi => {
                let pi = table.insert(Node::Pi);
                multiple(table, &value, pi)
            }
            Formula::Root => {
                let value = table.number(value.abs());
                let root = table.insert(Node::Power(value, Rational::from((1, 2))));
                if negative { table.insert(Node::Neg(root)) } else { root }
            }
        }
    }
}

/// What a chart says of the zeros of a function.
fn zeros_of(chart: &Chart) -> Vec<Candidate> {
    let between = |lo: &Exact, hi: &Exact| {
        let zero = Zero::Between {
            lo: lo.clone(),
            hi: hi.clone(),
        };
        let range = Interval::hull_of(&lo.0, &hi.0, PRECISION);
        let formulas = range.into_iter().flat_map(|range| {
            let given = |formula: Formula| Some(Candidate::Formula(formula, formula.rational(&range)?));
            Formula::ALL.into_iter().filter_map(given).collect::<Vec<_>>()
        });
        let simple = Candidate::Exact(simplest_between(&lo.0, &hi.0));
        let candidates: Vec<Candidate> = std::iter::once(simple)
            .chain(formulas)
            .chain([Candidate::Zero(zero)])
            .collect();
        candidates
    };
    match chart {
        Chart::Polynomial { roots } => roots.iter().flat_map(|[lo, hi]| between(lo, hi)).collect(),
        Chart::Cells { cells, .. } => cells
            .iter()
            .flat_map(|cell| match cell {
                Cell::Simple {
                    within: Some([lo, hi]), ..
                } => between(lo, hi),
                Cell::Multiple { at, .. } => vec![Candidate::Zero(Zero::At { at: *at })],
                _ => Vec::new(),
            })
            .collect(),
        Chart::Zero {} | Chart::Nonnegative { .. } => Vec::new(),
    }
}

impl Search<'_> {
    /// Where sigma may vanish, the likeliest first.
    pub(super) fn zeros(&self, charts: &[Chart]) -> Vec<Candidate> {
        let mut candidates: Vec<Candidate> = charts.iter().flat_map(zeros_of).collect();
        if candidates.is_empty()
            && let [chart] = charts
        {
            candidates.push(Candidate::Zero(Zero::Nowhere { chart: chart.clone() }));
        }
        candidates.push(Candidate::Exact(Rational::new()));
        candidates
    }

    /// A zero of sigma', from its charts or from a change of sign.
    pub(super) fn zero_of_slope(&mut self, charts: &[Chart]) -> Option<CriticalPoint> {
        if charts.iter().any(|chart| matches!(chart, Chart::Zero {})) {
            let (lo, hi) = middle(self.domain());
            return Some(self.critical(simplest_between(&lo, &hi)));
        }
        for candidate in charts.iter().flat_map(zeros_of) {
            match candidate {
                Candidate::Exact(value) if self.slope_sign(&value) == Some(Sign::Zero) => {
                    return Some(self.critical(value));
                }
                Candidate::Zero(Zero::At { at }) => return Some(CriticalPoint::Exact { at }),
                Candidate::Zero(Zero::Between { lo, hi }) if lo.0 < hi.0 => {
                    let (a, b) = (self.slope_sign(&lo.0)?, self.slope_sign(&hi.0)?);
                    return Some(if a.times(b) == Sign::Negative {
                        CriticalPoint::SignChange { lo, hi }
                    } else {
                        CriticalPoint::Root { lo, hi }
                    });
                }
                _ => {}
            }
        }
        self.sign_change()
    }

    fn critical(&mut self, value: Rational) -> CriticalPoint {
        let at = self.table.number(value);
        self.certificate.setting.nodes = self.table.nodes().to_vec();
        CriticalPoint::Exact { at }
    }

    fn slope_sign(&self, point: &Rational) -> Option<Sign> {
        let mut table = self.table.clone();
        let slope = table.derivative(self.form, 0).ok()?;
        let value = Program::new(&table, slope).value(&[Number::Exact(point.clone())], 128);
        value.ok()?.sign()
    }

    /// Evenly spaced points of the middle of the domain with the signs of sigma' there.
    fn walk(&self) -> Vec<(Rational, Option<Sign>)> {
        let (lo, hi) = middle(self.domain());
        let step = Rational::from(&hi - &lo) / STEPS;
        (0..=STEPS)
            .map(|index| Rational::from(index) * &step + &lo)
            .filter(|point| self.domain().contains(point))
            .map(|point| {
                let sign = self.slope_sign(&point);
                (point, sign)
            })
            .collect()
    }

    fn sign_change(&mut self) -> Option<CriticalPoint> {
        let walk = self.walk();
        if let Some((point, _)) = walk.iter().find(|(_, sign)| *sign == Some(Sign::Zero)) {
            return Some(self.critical(point.clone()));
        }
        let change = walk.windows(2).find_map(|pair| match pair {
            [(lo, Some(a)), (hi, Some(b))] if a.times(*b) == Sign::Negative => Some((lo.clone(), hi.clone())),
            _ => None,
        });
        change.map(|(lo, hi)| CriticalPoint::SignChange {
            lo: Exact(lo),
            hi: Exact(hi),
        })
    }

    /// A part of the domain, as long as possible and with the zeros of sigma' left out, on which sigma' seems to keep its
    /// sign.
    pub(super) fn monotone_part(&self) -> Option<(String, String)> {
        let walk = self.walk();
        let mut best: Option<(usize, usize)> = None;
        let point = |place: usize| walk.get(place).map(|(point, _)| point.clone()).unwrap_or_default();
        let rank = |from: usize, to: usize| (point(from) < 0 && point(to) > 0, to - from);
        let mut start = 0;
        for (place, (_, sign)) in walk.iter().enumerate() {
            let strict = matches!(sign, Some(Sign::Positive | Sign::Negative));
            if !strict || walk.get(start).is_none_or(|(_, first)| first != sign) {
                start = if strict { place } else { place + 1 };
            }
            if strict && best.is_none_or(|(from, to)| rank(start, place) >= rank(from, to)) {
                best = Some((start, place));
            }
        }
        let (from, to) = best.filter(|(from, to)| from < to)?;
        let inner = |place: usize| walk.get(place).map(|(point, _)| point.clone());
        // Next to a zero of sigma' at a point of the walk, that point is the end.
        let edge = |place: Option<usize>| {
            place
                .and_then(|place| walk.get(place))
                .filter(|(_, sign)| *sign == Some(Sign::Zero))
                .map(|(point, _)| point.clone())
        };
        let left = match (from, edge(from.checked_sub(1))) {
            (0, _) => self.domain().left.to_string(),
            (_, Some(zero)) => zero.to_string(),
            _ => inner(from)?.to_string(),
        };
        let right = match edge(Some(to + 1)) {
            _ if to + 1 == walk.len() => self.domain().right.to_string(),
            Some(zero) => zero.to_string(),
            None => inner(to)?.to_string(),
        };
        Some((left, right))
    }

    /// Points to either side of the base of an integral.
    pub(super) fn targets(&self, base: &Rational) -> Vec<Rational> {
        let (lo, hi) = middle(self.domain());
        let mut targets = Vec::new();
        for (one, edge) in [(Rational::from(base - 1u32), lo), (Rational::from(base + 1u32), hi)] {
            let half = Rational::from(base + &edge) / 2u32;
            let inside = [one, half]
                .into_iter()
                .find(|point| self.domain().contains(point) && point != base);
            targets.extend(inside);
        }
        targets
    }

    /// How to integrate 2 sigma/sigma' between two points so that the enclosure is narrow.
    pub(super) fn parts(&self, from: &Rational, to: &Rational) -> Option<Parts> {
        let mut table = self.table.clone();
        let slope = table.derivative(self.form, 0).ok()?;
        let ratio = table.insert(Node::Div(self.form, slope));
        let two = table.number(2);
        let integrand = table.insert(Node::Mul(two, ratio));
        let program = Program::new(&table, integrand);
        let (lo, hi) = (from.clone().min(to.clone()), from.clone().max(to.clone()));
        let precision = self.certificate.setting.precision;
        let narrow = Rational::from(1) >> WIDTH;
        let mut best = None;
        for halvings in 2..=HALVINGS {
            let count = 1u32 << halvings;
            let step = Rational::from(&hi - &lo) / count;
            let cuts: Vec<Rational> = (0..=count).map(|index| Rational::from(index) * &step + &lo).collect();
            let Ok(area) = integral(&program, &cuts, usize::from(ORDER), precision) else {
                continue;
            };
            if area.is_bounded() {
                let done = area.wid() <= narrow;
                best = Some(Parts {
                    cuts: cuts.into_iter().map(Exact).collect(),
                    order: ORDER,
                });
                if done {
                    break;
                }
            }
        }
        best
    }
}
