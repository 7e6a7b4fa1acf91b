//! Tests of the intervals: random rational members against exact arithmetic, corner cases, and widths.

mod arithmetic;
mod elementary;
mod numeric;
mod text;

use super::Interval;
use rug::float::Round;
use rug::{Float, Integer, Rational};

/// A reproducible source of awkward numbers (the generator is Marsaglia's xorshift with a multiplication).
pub(super) struct Source(u64);

impl Source {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn bits(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: u64) -> u64 {
        (self.bits() >> 11) % bound
    }

    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// An integer of up to `bits` bits and either sign, short ones as likely as long ones.
    fn integer(&mut self, bits: u64) -> Integer {
        let length = self.below(bits + 1);
        let mut value = Integer::new();
        for _ in 0..=length / 32 {
            value = (value << 32) + (self.bits() >> 32);
        }
        value.keep_bits_mut(length as u32);
        if self.chance(50) { -value } else { value }
    }

    /// A rational of moderate size; often an integer, or zero, or a dyadic.
    pub fn rational(&mut self) -> Rational {
        let numerator = self.integer(80);
        match self.below(10) {
            0 => Rational::new(),
            1 | 2 => Rational::from(numerator >> 72),
            3 | 4 => Rational::from((numerator, Integer::from(1) << self.below(90) as u32)),
            _ => Rational::from((numerator, self.integer(80).abs() + 1)),
        }
    }

    /// A rational whose absolute value is mostly below 50.
    pub fn moderate(&mut self) -> Rational {
        let value = self.rational();
        let large = Rational::from(value.abs_ref()) > 50;
        if large { value / (Integer::from(1) << 76) } else { value }
    }

    pub fn precision(&mut self) -> u32 {
        [32, 33, 53, 64, 113, 200][self.below(6) as usize]
    }

    /// A random interval between rationals from `draw`: points, narrow ones, wide ones and half lines.
    pub fn interval(&mut self, precision: u32, draw: fn(&mut Self) -> Rational) -> Interval {
        let a = draw(self);
        match self.below(20) {
            0 => Interval::at_least(&a, precision),
            1 => Interval::at_most(&a, precision),
            2 if self.chance(20) => Interval::entire(precision),
            2..5 => Interval::point(&a, precision),
            5..10 => {
                let width = Rational::from(self.below(1000)) / (Integer::from(1) << self.below(100) as u32);
                Interval::hull_of(&a, &(&a + width), precision).unwrap()
            }
            _ => {
                let b = draw(self);
                let (lo, hi) = if a <= b { (a, b) } else { (b, a) };
                Interval::hull_of(&lo, &hi, precision).unwrap()
            }
        }
    }

    /// A rational member, the endpoints being likely.
    pub fn member(&mut self, interval: &Interval) -> Rational {
        match (interval.inf_rational(), interval.sup_rational()) {
            (Some(inf), Some(sup)) => match self.below(5) {
                0 => inf,
                1 => sup,
                _ => {
                    let step = Rational::from((self.below(1 << 20), 1 << 20));
                    Rational::from(&sup - &inf) * step + inf
                }
            },
            (Some(inf), None) => inf + self.rational().abs(),
            (None, Some(sup)) => sup - self.rational().abs(),
            (None, None) => self.rational(),
        }
    }

    /// An interval inside the given one, of the same precision.
    pub fn part(&mut self, interval: &Interval) -> Interval {
        let (a, b) = (self.member(interval), self.member(interval));
        let (lo, hi) = if a <= b { (a, b) } else { (b, a) };
        let part = Interval::hull_of(&lo, &hi, interval.precision()).unwrap();
        part.intersection(interval).unwrap()
    }
}

/// Two to a power far beyond what floating point knows.
pub(super) fn power_of_two(exponent: i32) -> Float {
    super::rounded::shifted(&Float::with_val(53, 1), exponent).unwrap()
}

pub(super) fn float(text: &str) -> Float {
    Float::with_val(200, Float::parse(text).unwrap())
}

/// The interval between two numbers written in decimal or as `inf`, each of which is short.
pub(super) fn iv(inf: &str, sup: &str) -> Interval {
    let endpoint = |text: &str| Float::with_val(64, Float::parse(text).unwrap());
    Interval::try_new(endpoint(inf), endpoint(sup)).unwrap()
}

/// Whether at most `steps` numbers of the interval's precision lie strictly between its endpoints.
pub(super) fn is_sharp(interval: &Interval, steps: u32) -> bool {
    let precision = interval.precision();
    let mut reached = Float::with_val_round(precision, interval.inf(), Round::Down).0;
    for _ in 0..=steps {
        if &reached >= interval.sup() {
            return true;
        }
        reached.next_up();
    }
    &reached >= interval.sup()
}
