//! The stretches of a checked chart, and how the charts of neighbouring pieces are joined.

use super::super::expr::Id;
use super::super::number::Sign;
use rug::Rational;

/// A zero in a chart: the only one of the function in [lo, hi].
#[derive(Clone, Debug, PartialEq)]
pub(in super::super) struct Zero {
    pub lo: Rational,
    pub hi: Rational,
    /// Its closed form, if there is one.
    pub at: Option<Id>,
    /// Its order, if the chart shows it.
    pub multiplicity: Option<u32>,
    /// It lies on the break at the left or right end of its piece.
    pub at_break: bool,
}

/// One stretch of a chart.
#[derive(Clone, Debug, PartialEq)]
pub(in super::super) enum Segment {
    /// A strict sign on an open interval.
    Sign(Sign),
    /// Nowhere negative on a whole piece; only of functions, never of derivatives.
    Nonnegative,
    /// A single zero.
    Zero(Zero),
    /// Identically zero between two breaks; `None` is an end of the domain.
    Flat { lo: Option<Rational>, hi: Option<Rational> },
}

/// The stretches of a function from left to right; neighbouring signs are merged.
#[derive(Clone, Debug, PartialEq)]
pub(in super::super) struct Pattern {
    pub segments: Vec<Segment>,
}

impl Pattern {
    /// Whether the function is nowhere negative.
    pub fn is_nonnegative(&self) -> bool {
        !self.segments.contains(&Segment::Sign(Sign::Negative))
    }

    /// The segments that are zeros or flat, with the signs before and after.
    pub fn critical(&self) -> Vec<(Option<Sign>, &Segment, Option<Sign>)> {
        let sign = |segment: Option<&Segment>| match segment {
            Some(Segment::Sign(sign)) => Some(*sign),
            _ => None,
        };
        let before = std::iter::once(None).chain(self.segments.iter().map(Some));
        let after = self.segments.iter().skip(1).map(Some).chain(std::iter::once(None));
        let triples = before.zip(&self.segments).zip(after);
        triples
            .filter(|((_, segment), _)| !matches!(segment, Segment::Sign(_)))
            .map(|((before, segment), after)| (sign(before), segment, sign(after)))
            .collect()
    }

    pub(super) fn push(&mut self, segment: Segment) {
        if matches!((self.segments.last(), &segment), (Some(Segment::Sign(a)), Segment::Sign(b)) if a == b) {
            return;
        }
        self.segments.push(segment);
    }

    /// Appends the pattern of the next piece; zeros on the common break are one zero.
    pub(super) fn join(&mut self, next: Pattern) {
        for (place, segment) in next.segments.into_iter().enumerate() {
            let merged = match (self.segments.last(), &segment) {
                (Some(Segment::Flat { lo, .. }), Segment::Flat { hi, .. }) => {
                    let both = Segment::Flat {
                        lo: lo.clone(),
                        hi: hi.clone(),
                    };
                    self.segments.pop();
                    self.segments.push(both);
                    true
                }
                (Some(Segment::Flat { .. }), Segment::Zero(zero)) => place == 0 && zero.at_break,
                (Some(Segment::Zero(before)), Segment::Zero(zero)) => place == 0 && before.at_break && zero.at_break,
                (Some(Segment::Zero(before)), Segment::Flat { .. }) if before.at_break => {
                    self.segments.pop();
                    false
                }
                _ => false,
            };
            if !merged {
                self.push(segment);
            }
        }
    }
}
