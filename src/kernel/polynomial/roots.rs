//! Ends of intervals, Sturm sequences and the exact number of real roots between two ends.

use super::super::exact_text::parse_rational;
use super::{Polynomial, integers};
use rug::{Integer, Rational};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::cmp::Ordering;
use std::fmt;

/// Work allowed for one remainder sequence, as degree squared times bits of the longest coefficient.
///
/// Remainders grow to about degree times bits, and there are about degree squared of their coefficients.
const STURM_WORK: usize = 1 << 26;

/// An end of an interval; written as `-inf`, `p/q` or `inf`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum End {
    /// Unbounded below.
    NegativeInfinity,
    /// An exact rational.
    At(Rational),
    /// Unbounded above.
    PositiveInfinity,
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            End::NegativeInfinity => f.write_str("-inf"),
            End::At(value) => write!(f, "{value}"),
            End::PositiveInfinity => f.write_str("inf"),
        }
    }
}

impl PartialOrd for End {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for End {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (End::At(a), End::At(b)) => a.cmp(b),
            (a, b) => a.rank().cmp(&b.rank()),
        }
    }
}

impl End {
    fn rank(&self) -> u8 {
        match self {
            End::NegativeInfinity => 0,
            End::At(_) => 1,
            End::PositiveInfinity => 2,
        }
    }

    /// The rational, `None` for an infinite end. Panics: never.
    pub fn finite(&self) -> Option<&Rational> {
        match self {
            End::At(point) => Some(point),
            End::NegativeInfinity | End::PositiveInfinity => None,
        }
    }
}

impl Serialize for End {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            End::NegativeInfinity => serializer.serialize_str("-inf"),
            End::At(point) => serializer.collect_str(point),
            End::PositiveInfinity => serializer.serialize_str("inf"),
        }
    }
}

impl<'de> Deserialize<'de> for End {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.as_str() {
            "-inf" => Ok(End::NegativeInfinity),
            "inf" => Ok(End::PositiveInfinity),
            _ => match parse_rational(&text) {
                Some(point) => Ok(End::At(point)),
                None => Err(D::Error::custom("expected -inf, inf or an exact rational p/q")),
            },
        }
    }
}

/// A Sturm sequence: the difference of its sign changes at two points counts the distinct roots between them.
///
/// Source: Basu, Pollack and Roy, Algorithms in Real Algebraic Geometry, theorem 2.62. The sequence starts with a
/// squarefree polynomial that has the roots of the given one, so multiple roots and ends that are roots do no harm.
#[derive(Clone, Debug)]
pub struct SturmSequence {
    members: Vec<Vec<Integer>>,
}

impl SturmSequence {
    /// The sequence of a polynomial. Errors: `None` if it is zero, or too large to be worked on. Panics: never.
    pub fn new(polynomial: &Polynomial) -> Option<Self> {
        let degree = polynomial.degree()?;
        let first = polynomial.primitive_integers();
        let work = degree.saturating_mul(degree).saturating_mul(integers::longest(&first));
        if work > STURM_WORK {
            return None;
        }
        let second = polynomial.derivative().primitive_integers();
        let mut members = vec![first.clone()];
        let (mut left, mut right) = (first, second);
        while !right.is_empty() {
            members.push(right.clone());
            let mut rest = integers::pseudo_remainder(&left, &right);
            for coefficient in &mut rest {
                *coefficient = Integer::from(-&*coefficient);
            }
            left = right;
            right = rest;
        }
        // `left` is now a greatest common divisor of the polynomial and its derivative. Dividing it out leaves a
        // sequence for the squarefree part: at each root the first two members still change from unequal signs to
        // equal ones, and neighbours no longer vanish together.
        if left.len() > 1 {
            let common = Polynomial::from_integers(left);
            members = members
                .into_iter()
                .map(|member| Polynomial::from_integers(member).divide_exactly(&common))
                .map(|member| member.map(|member| member.primitive_integers()))
                .collect::<Option<_>>()?;
        }
        Some(Self { members })
    }

    /// The number of sign changes at an end, zeros left out. Panics: never.
    pub fn variations(&self, end: &End) -> usize {
        let mut changes = 0usize;
        let mut last = Ordering::Equal;
        for member in &self.members {
            let sign = match end {
                End::NegativeInfinity => integers::sign_at_infinity(member, true),
                End::At(point) => integers::sign_at(member, point),
                End::PositiveInfinity => integers::sign_at_infinity(member, false),
            };
            if sign != Ordering::Equal {
                if last == sign.reverse() {
                    changes = changes.saturating_add(1);
                }
                last = sign;
            }
        }
        changes
    }

    /// Whether the polynomial vanishes at an end; it never does at an infinite one. Panics: never.
    pub fn vanishes_at(&self, end: &End) -> bool {
        match (end.finite(), self.members.first()) {
            (Some(point), Some(first)) => integers::sign_at(first, point) == Ordering::Equal,
            _ => false,
        }
    }

    /// The number of distinct real roots in the open interval.
    ///
    /// Errors: `None` unless `lo < hi`. Panics: never.
    pub fn count(&self, lo: &End, hi: &End) -> Option<usize> {
        if lo >= hi {
            return None;
        }
        // Sturm's difference counts the roots in lo < w <= hi.
        let upto = self.variations(lo).checked_sub(self.variations(hi))?;
        upto.checked_sub(usize::from(self.vanishes_at(hi)))
    }
}

impl Polynomial {
    /// The Sturm sequence. Errors: `None` for zero, or beyond the work allowed. Panics: never.
    pub fn sturm_sequence(&self) -> Option<SturmSequence> {
        SturmSequence::new(self)
    }

    /// The number of distinct real roots in the open interval; multiple roots count once, ends do not count.
    ///
    /// Errors: `None` for the zero polynomial, unless `lo < hi`, or beyond the work allowed. Panics: never.
    pub fn count_roots(&self, lo: &End, hi: &End) -> Option<usize> {
        if lo >= hi {
            return None;
        }
        self.sturm_sequence()?.count(lo, hi)
    }

    /// A positive number larger than the absolute value of every root: Cauchy's bound 1 + max |c_i / c_n|.
    ///
    /// Panics: never.
    pub fn root_bound(&self) -> Rational {
        let mut largest = Rational::new();
        if let Some((lead, tail)) = self.coefficients.split_last().filter(|(lead, _)| **lead != 0) {
            for coefficient in tail {
                let ratio = Rational::from(coefficient / lead).abs();
                if ratio > largest {
                    largest = ratio;
                }
            }
        }
        // Strictly larger than the roots even when the maximum is attained; rounded up to keep bisection short.
        largest.ceil() + 2u32
    }
}
