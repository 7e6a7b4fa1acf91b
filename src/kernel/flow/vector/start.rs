//! The set of starts: exact ranges of the coordinates and of the quantities that decide the flow.

use super::super::super::certificate::Exact;
use super::super::super::theorem::{Rejection, Within, require};
use rug::Rational;

/// A closed interval with rational ends, exactly.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Range {
    pub lo: Rational,
    pub hi: Rational,
}

impl Range {
    pub fn new(lo: Rational, hi: Rational) -> Self {
        Range { lo, hi }
    }

    pub fn zero() -> Self {
        Range::new(Rational::new(), Rational::new())
    }

    pub fn is_point(&self) -> bool {
        self.lo == self.hi
    }

    pub fn is_zero(&self) -> bool {
        self.lo == 0 && self.hi == 0
    }

    pub fn is_positive(&self) -> bool {
        self.lo > 0
    }

    pub fn plus(&self, other: &Range) -> Range {
        Range::new(
            Rational::from(&self.lo + &other.lo),
            Rational::from(&self.hi + &other.hi),
        )
    }

    pub fn minus(&self, other: &Range) -> Range {
        Range::new(
            Rational::from(&self.lo - &other.hi),
            Rational::from(&self.hi - &other.lo),
        )
    }

    /// The products of a member of this and a member of the other: extreme at the corners.
    pub fn times(&self, other: &Range) -> Range {
        let corners = [
            Rational::from(&self.lo * &other.lo),
            Rational::from(&self.lo * &other.hi),
            Rational::from(&self.hi * &other.lo),
            Rational::from(&self.hi * &other.hi),
        ];
        let [first, rest @ ..] = corners;
        rest.into_iter()
            .fold(Range::new(first.clone(), first), |range, corner| Range {
                lo: range.lo.min(corner.clone()),
                hi: range.hi.max(corner),
            })
    }

    /// The squares of the members.
    pub fn squared(&self) -> Range {
        let (low, high) = (self.lo.clone().square(), self.hi.clone().square());
        let across = self.lo < 0 && self.hi > 0;
        let least = if across {
            Rational::new()
        } else {
            low.clone().min(high.clone())
        };
        Range::new(least, low.max(high))
    }
}

/// A box of starts w1 (k x 1), w2 (1 x k), with the exact ranges over the box of what the flow depends on.
#[derive(Clone, Debug)]
pub(super) struct Start {
    /// w1.
    pub first: Vec<Range>,
    /// w2.
    pub second: Vec<Range>,
    /// p = w1 + w2^T, entry by entry.
    pub sum: Vec<Range>,
    /// q = w1 - w2^T, entry by entry.
    pub difference: Vec<Range>,
    /// P = |p|^2.
    pub plus: Range,
    /// M = |q|^2.
    pub minus: Range,
    /// P M, which is conserved.
    pub imbalance: Range,
    /// z = w2 w1.
    pub product: Range,
}

impl Start {
    /// Reads a box: first the entries of w1, then those of w2.
    ///
    /// The entries of w1 and w2 are independent, so the ranges of sums, of P, of M and of z are exact; that of P M may be
    /// too wide.
    pub fn read(start: &[[Exact; 2]], width: usize) -> Result<Self, Rejection> {
        require(
            start.len() == width.saturating_mul(2),
            "one interval for every coordinate",
        )?;
        let mut ranges = Vec::with_capacity(start.len());
        for (place, [lo, hi]) in start.iter().enumerate() {
            require(lo.0 <= hi.0, "an interval is inside out").within(|| format!("start[{place}]"))?;
            ranges.push(Range::new(lo.0.clone(), hi.0.clone()));
        }
        let second = ranges.split_off(width);
        Ok(Start::new(ranges, second))
    }

    /// Reads a point in the same order.
    pub fn point(place: &[Exact], width: usize) -> Result<Self, Rejection> {
        let boxes: Vec<[Exact; 2]> = place.iter().map(|value| [value.clone(), value.clone()]).collect();
        Start::read(&boxes, width)
    }

    fn new(first: Vec<Range>, second: Vec<Range>) -> Self {
        let pairs = || first.iter().zip(&second);
        let sum: Vec<Range> = pairs().map(|(a, b)| a.plus(b)).collect();
        let difference: Vec<Range> = pairs().map(|(a, b)| a.minus(b)).collect();
        let product = pairs().fold(Range::zero(), |total, (a, b)| total.plus(&a.times(b)));
        let (plus, minus) = (length(&sum), length(&difference));
        let imbalance = plus.times(&minus);
        Start {
            first,
            second,
            sum,
            difference,
            plus,
            minus,
            imbalance,
            product,
        }
    }

    /// Whether there is only one start.
    pub fn is_point(&self) -> bool {
        self.first.iter().chain(&self.second).all(Range::is_point)
    }
}

/// The squared Euclidean length.
fn length(entries: &[Range]) -> Range {
    entries
        .iter()
        .fold(Range::zero(), |total, entry| total.plus(&entry.squared()))
}
