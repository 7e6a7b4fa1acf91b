//! Starts drawn by a generator that anyone can write down again: SplitMix64.

use crate::problem::Seed;
use rug::{Integer, Rational};

/// The most numbers that can be drawn on one side of 0.
pub(super) const STEPS: u32 = 1 << 31;

/// The generator SplitMix64, all arithmetic modulo 2^64.
///
/// Source: Steele, Lea, Flood, Fast splittable pseudorandom number generators, OOPSLA 2014.
struct SplitMix {
    state: u64,
}

impl SplitMix {
    fn draw(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

/// The largest numerator that may be drawn, floor(bound * denominator); `None` beyond [`STEPS`].
pub(super) fn steps(bound: &Rational, denominator: u32) -> Option<u32> {
    let most = Rational::from(bound * denominator).floor();
    most.numer().to_u32().filter(|steps| *steps <= STEPS)
}

/// `count` numbers: with M = floor(bound * denominator) each is (draw mod (2 M + 1) - M) / denominator.
pub(super) fn numbers(seed: &Seed, count: usize) -> Vec<Rational> {
    let most = u64::from(steps(&seed.bound, seed.denominator).unwrap_or(0));
    let mut generator = SplitMix { state: seed.seed };
    let numerators = (0..count).map(|_| Integer::from(generator.draw() % (2 * most + 1)) - most);
    let denominator = seed.denominator.max(1);
    numerators
        .map(|numerator| Rational::from((numerator, denominator)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generator_is_the_published_one() {
        let mut generator = SplitMix { state: 1_234_567 };
        let drawn = [(); 3].map(|()| generator.draw());
        assert_eq!(
            drawn,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423
            ]
        );
    }

    #[test]
    fn numbers_stay_within_the_bound() {
        let seed = Seed {
            seed: 7,
            bound: Rational::from((1, 2)),
            denominator: 10,
        };
        let drawn = numbers(&seed, 400);
        let text: Vec<String> = drawn.iter().take(6).map(Rational::to_string).collect();
        assert_eq!(text.join(" "), "-3/10 -1/2 -1/2 -1/2 1/5 1/5");
        assert!(drawn.iter().all(|number| number.clone().abs() <= seed.bound));
        for numerator in -5..=5 {
            assert!(drawn.contains(&Rational::from((numerator, 10))));
        }
    }
}
