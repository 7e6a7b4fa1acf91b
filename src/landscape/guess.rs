//! Critical points of f(V U) in floating point, by a damped Newton method from random starts.

use super::matrix::{Floats, times};
use crate::kernel::derivatives::Sweep;
use crate::kernel::evaluate::Program;
use crate::numeric::damped_step;

/// Most steps from one start.
const STEPS: usize = 200;
/// A residual below this, relative to the size of the point, is taken for a zero.
const SMALL: f64 = 1e-9;

/// Numbers that look random and are always the same.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Dice(seed.wrapping_mul(2).wrapping_add(0x9E37_79B9_7F4A_7C15))
    }

    fn next(&mut self) -> u64 {
        // Source: Steele, Lea, Flood, Fast splittable pseudorandom number generators, 2014.
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number between -1 and 1.
    pub(super) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }

    /// A whole number below a bound.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(bound.max(1)).unwrap_or(1)).unwrap_or(0)
    }
}

/// V and U with the rows of V that are the identity, in the order in which the kernel numbers the free entries.
pub(super) struct Chart {
    pub(super) rank: usize,
    pub(super) rows: Vec<usize>,
    pub(super) high: usize,
    pub(super) low: usize,
}

impl Chart {
    /// The number of free entries.
    pub(super) fn size(&self) -> usize {
        self.rank * (self.high + self.low - self.rank)
    }

    /// W = V U.
    pub(super) fn product(&self, at: &[f64]) -> Floats {
        let free = self.rank * (self.high - self.rank);
        let u: Floats = at[free..].chunks(self.low.max(1)).map(<[f64]>::to_vec).collect();
        let mut next = 0;
        let v: Floats = (0..self.high)
            .map(|row| match self.rows.iter().position(|pivot| *pivot == row) {
                Some(pivot) => (0..self.rank)
                    .map(|column| f64::from(u8::from(column == pivot)))
                    .collect(),
                None => {
                    next += 1;
                    at[(next - 1) * self.rank..next * self.rank].to_vec()
                }
            })
            .collect();
        times(&v, &u)
    }

    /// The chart in which the entries of V are small, and the coordinates of a matrix of this rank in it.
    ///
    /// The rows of W that are farthest from each other's span become U, so V has entries of about 1 at most.
    pub(super) fn around(product: &[Vec<f64>], rank: usize) -> Option<(Chart, Vec<f64>)> {
        let (high, low) = (product.len(), product.first().map_or(0, Vec::len));
        let mut rest = product.to_vec();
        let mut rows = Vec::new();
        for _ in 0..rank {
            let length = |row: &Vec<f64>| row.iter().map(|entry| entry * entry).sum::<f64>();
            let candidates = (0..high).filter(|row| !rows.contains(row));
            let best = candidates.max_by(|a, b| length(&rest[*a]).total_cmp(&length(&rest[*b])))?;
            let pivot = rest[best].clone();
            let square = length(&pivot);
            if square <= 1e-18 {
                return None;
            }
            for row in &mut rest {
                let share = row.iter().zip(&pivot).map(|(a, b)| a * b).sum::<f64>() / square;
                row.iter_mut()
                    .zip(&pivot)
                    .for_each(|(entry, own)| *entry -= share * own);
            }
            rows.push(best);
        }
        rows.sort_unstable();
        let u: Floats = rows.iter().map(|row| product[*row].clone()).collect();
        // V = W U' (U U')^-1.
        let across: Floats = (0..low)
            .map(|column| u.iter().map(|row| row[column]).collect())
            .collect();
        let inverse = crate::numeric::inverse(&times(&u, &across))?;
        let v = times(&times(product, &across), &inverse);
        let free = (0..high).filter(|row| !rows.contains(row));
        let mut at: Vec<f64> = free.flat_map(|row| v[row].clone()).collect();
        at.extend(u.into_iter().flatten());
        let chart = Chart { rank, rows, high, low };
        (at.len() == chart.size()).then_some((chart, at))
    }
}

/// A zero of the gradient of an expression near a start; `None` if the search leaves the domain or gets stuck.
pub(super) fn zero(program: &Program, start: Vec<f64>) -> Option<Vec<f64>> {
    let size = start.len();
    let mut at = start;
    let mut damping = 1e-2;
    let norm = |values: &[f64]| values.iter().map(|value| value * value).sum::<f64>().sqrt();
    let mut sweep = Sweep::new(program, &at, 53).ok()?;
    let mut residual = sweep.gradient(size);
    for _ in 0..STEPS {
        let length = norm(&residual);
        if !length.is_finite() || norm(&at) > 1e6 {
            return None;
        }
        if length < SMALL * (1.0 + norm(&at)) * 1e-2 {
            break;
        }
        let jacobian = sweep.hessian(size);
        let mut moved = false;
        for _ in 0..12 {
            let step = damped_step(&jacobian, &residual, damping * length.min(1.0))?;
            let there: Vec<f64> = at.iter().zip(&step).map(|(a, b)| a + b).collect();
            if let Ok(next) = Sweep::new(program, &there, 53) {
                let found = next.gradient(size);
                if norm(&found) < length {
                    (at, sweep, residual, moved) = (there, next, found, true);
                    damping = (damping / 10.0).max(1e-18);
                    break;
                }
            }
            damping = (damping * 10.0).min(1e12);
        }
        if !moved {
            break;
        }
    }
    (norm(&residual) < SMALL * (1.0 + norm(&at))).then_some(at)
}
