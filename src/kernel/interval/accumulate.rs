//! Sums of products without a new number for every term: where most of the time of an integration goes.

use super::numeric::{larger, smaller};
use super::rounded::{add_in_place, multiply_in_place, multiply_into};
use super::{Interval, tame};
use rug::Float;
use rug::float::Round;

/// A sum of intervals and of products of intervals, enclosed with outward rounding after every term.
#[derive(Clone, Debug)]
pub struct Accumulator {
    sum: Interval,
    scratch: Float,
    /// For the rarer case in which two products compete.
    rival: Option<Float>,
}

impl Accumulator {
    /// The empty sum.
    pub fn new(precision: u32) -> Self {
        let zero = || Float::new(tame(precision));
        Accumulator {
            sum: Interval {
                inf: zero(),
                sup: zero(),
            },
            scratch: zero(),
            rival: None,
        }
    }

    /// Adds the members of an interval. Panics: never.
    pub fn add(&mut self, term: &Interval) {
        add_in_place(&mut self.sum.inf, &term.inf, Round::Down);
        add_in_place(&mut self.sum.sup, &term.sup, Round::Up);
    }

    /// Takes the members of an interval away. Panics: never.
    pub fn subtract(&mut self, term: &Interval) {
        self.add(&term.neg());
    }

    /// Adds the products of members. Panics: never.
    pub fn add_product(&mut self, a: &Interval, b: &Interval) {
        if a.is_zero() || b.is_zero() {
            return;
        }
        let Some([least, most]) = corners(a, b) else {
            return if a.is_bounded() && b.is_bounded() {
                self.add_product_across(a, b);
            } else {
                self.add(&a.mul(b));
            };
        };
        multiply_into(&mut self.scratch, least.0, least.1, Round::Down);
        add_in_place(&mut self.sum.inf, &self.scratch, Round::Down);
        multiply_into(&mut self.scratch, most.0, most.1, Round::Up);
        add_in_place(&mut self.sum.sup, &self.scratch, Round::Up);
    }

    /// Adds the products of members times a count. Panics: never.
    pub fn add_multiple(&mut self, a: &Interval, b: &Interval, count: i32) {
        if a.is_zero() || b.is_zero() || count == 0 {
            return;
        }
        let Some([least, most]) = corners(a, b) else {
            let product = a.mul(b).times(count.unsigned_abs());
            return if count < 0 {
                self.subtract(&product)
            } else {
                self.add(&product)
            };
        };
        // For a negative count the largest product makes the least term.
        let (least, most, low, high) = if count < 0 {
            (most, least, Round::Up, Round::Down)
        } else {
            (least, most, Round::Down, Round::Up)
        };
        multiply_into(&mut self.scratch, least.0, least.1, low);
        multiply_in_place(&mut self.scratch, count, Round::Down);
        add_in_place(&mut self.sum.inf, &self.scratch, Round::Down);
        multiply_into(&mut self.scratch, most.0, most.1, high);
        multiply_in_place(&mut self.scratch, count, Round::Up);
        add_in_place(&mut self.sum.sup, &self.scratch, Round::Up);
    }

    /// Adds the products of members of two bounded intervals around 0.
    fn add_product_across(&mut self, a: &Interval, b: &Interval) {
        let rival = self.rival.get_or_insert_with(|| Float::new(self.scratch.prec()));
        multiply_into(&mut self.scratch, &a.inf, &b.sup, Round::Down);
        multiply_into(rival, &a.sup, &b.inf, Round::Down);
        add_in_place(&mut self.sum.inf, smaller(&self.scratch, rival), Round::Down);
        multiply_into(&mut self.scratch, &a.inf, &b.inf, Round::Up);
        multiply_into(rival, &a.sup, &b.sup, Round::Up);
        add_in_place(&mut self.sum.sup, larger(&self.scratch, rival), Round::Up);
    }

    /// Multiplies the sum by an interval of numbers that are at least 0, for a scheme of Horner. Panics: never.
    pub fn multiply(&mut self, factor: &Interval) {
        let (inf, sup) = (&self.sum.inf, &self.sum.sup);
        if !factor.is_nonnegative() || !factor.is_bounded() || !inf.is_finite() || !sup.is_finite() {
            self.sum = self.sum.mul(factor);
            return;
        }
        let low = if inf.is_sign_negative() {
            &factor.sup
        } else {
            &factor.inf
        };
        multiply_into(&mut self.scratch, inf, low, Round::Down);
        std::mem::swap(&mut self.sum.inf, &mut self.scratch);
        let high = if sup.is_sign_negative() {
            &factor.inf
        } else {
            &factor.sup
        };
        multiply_into(&mut self.scratch, &self.sum.sup, high, Round::Up);
        std::mem::swap(&mut self.sum.sup, &mut self.scratch);
    }

    /// The enclosure of the sum. Panics: never.
    pub fn finish(self) -> Interval {
        Interval::raw(self.sum.inf, self.sum.sup)
    }
}

/// The ends of two bounded intervals whose products are the least and the largest, if the signs alone tell them.
fn corners<'a>(a: &'a Interval, b: &'a Interval) -> Option<[(&'a Float, &'a Float); 2]> {
    if !a.is_bounded() || !b.is_bounded() {
        return None;
    }
    let side = |range: &Interval| (range.is_nonnegative(), range.is_nonpositive());
    Some(match (side(a), side(b)) {
        ((true, _), (true, _)) => [(&a.inf, &b.inf), (&a.sup, &b.sup)],
        ((true, _), (_, true)) => [(&a.sup, &b.inf), (&a.inf, &b.sup)],
        ((true, _), _) => [(&a.sup, &b.inf), (&a.sup, &b.sup)],
        ((_, true), (true, _)) => [(&a.inf, &b.sup), (&a.sup, &b.inf)],
        ((_, true), (_, true)) => [(&a.sup, &b.sup), (&a.inf, &b.inf)],
        ((_, true), _) => [(&a.inf, &b.sup), (&a.inf, &b.inf)],
        (_, (true, _)) => [(&a.inf, &b.sup), (&a.sup, &b.sup)],
        (_, (_, true)) => [(&a.sup, &b.inf), (&a.inf, &b.inf)],
        _ => return None,
    })
}

impl Interval {
    /// Whether zero is the only member.
    pub fn is_zero(&self) -> bool {
        self.inf.is_zero() && self.sup.is_zero()
    }

    /// Encloses the members divided by a positive count; by 0, the whole line.
    ///
    /// Rounding: outward, tightest.
    /// Panics: never.
    #[must_use]
    pub fn over(&self, count: u32) -> Self {
        if count == 0 {
            return Self::entire(self.precision());
        }
        super::rounded::divided(self, count)
    }

    /// Encloses the members times a count.
    ///
    /// Rounding: outward, tightest.
    /// Panics: never.
    #[must_use]
    pub fn times(&self, count: u32) -> Self {
        super::rounded::multiplied(self, count)
    }
}
