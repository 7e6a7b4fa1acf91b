//! What the tubes of a certificate may cost in time, and each of them in memory; both are counted before they are spent.

use super::super::limits;
use super::super::theorem::{Rejection, require};
use super::bent::Bent;
use super::ground::Ground;

/// The work and the memory that are left.
#[derive(Clone, Debug)]
pub(super) struct Account {
    work: u64,
    words: u64,
}

/// Words of memory of an interval besides its digits: two signs, precisions, exponents, places of the digits, and what an
/// allocation takes for itself.
const WORDS: u64 = 12;

/// As many products of whole numbers take the time of one of intervals.
const WHOLE: u64 = 16;

fn size(value: usize) -> u64 {
    u64::try_from(value).unwrap_or(u64::MAX)
}

/// Words of digits of a number.
fn digits(precision: u32) -> u64 {
    u64::from(precision >> 6).saturating_add(1)
}

/// Words of memory of so many intervals.
fn memory(numbers: u64, precision: u32) -> u64 {
    numbers.saturating_mul(digits(precision).saturating_mul(2).saturating_add(WORDS))
}

impl Account {
    /// Nothing is spent yet.
    pub fn new() -> Self {
        Account {
            work: limits::TUBE_WORK,
            words: limits::TUBE_WORDS,
        }
    }

    /// The same account with all of its memory.
    pub fn without_memory(&self) -> Self {
        Account {
            work: self.work,
            words: limits::TUBE_WORDS,
        }
    }

    /// Keeps so many intervals for good.
    pub fn keep(&mut self, numbers: usize, precision: u32) -> Result<(), Rejection> {
        let left = self.words.checked_sub(memory(size(numbers), precision));
        self.words = left.ok_or_else(|| Rejection::new("too much memory"))?;
        Ok(())
    }

    /// Pays for a series of intervals of this order, or with the dimension for derivatives or an elimination.
    pub fn pay(&mut self, ground: &Ground, order: usize) -> Result<(), Rejection> {
        let orders = order.saturating_add(1);
        self.spend(ground, orders, 1, size(orders).saturating_mul(size(orders)))
    }

    /// Pays for a series of numbers that depend on the start, of this order.
    pub fn pay_families(&mut self, ground: &Ground, order: usize) -> Result<(), Rejection> {
        let (shape, orders) = (ground.ring.shape(), order.saturating_add(1));
        let counts = (0..orders).map(|k| size(k.saturating_add(1)).saturating_mul(size(shape.pairs(k))));
        let pairs = counts.fold(0u64, u64::saturating_add);
        self.spend(ground, orders, shape.size(), pairs)
    }

    /// Pays for the derivatives of families.
    pub fn pay_slopes(&mut self, ground: &Ground, bent: &Bent) -> Result<(), Rejection> {
        let steps = size(ground.system().steps());
        let entries = steps.saturating_mul(size(ground.system().dimension()));
        self.pay_products(entries.saturating_mul(size(bent.pairs()).div_ceil(WHOLE)))
    }

    /// Pays for so many products of numbers for every step of the tape.
    fn spend(&mut self, ground: &Ground, orders: usize, monomials: usize, products: u64) -> Result<(), Rejection> {
        let words = digits(ground.precision());
        let price = words.saturating_mul((words >> 4).saturating_add(1));
        let steps = size(ground.system().steps());
        let numbers = steps.saturating_mul(size(orders)).saturating_mul(size(monomials));
        let is_whole = ground.ring.is_whole();
        // Whole numbers are one word each and are multiplied in a fraction of the time.
        let memory = if is_whole {
            numbers
        } else {
            memory(numbers, ground.precision())
        };
        require(memory <= limits::TUBE_WORDS, "too much memory")?;
        let products = if is_whole { products.div_ceil(WHOLE) } else { products };
        self.pay_products(steps.saturating_mul(products).saturating_mul(price))
    }

    fn pay_products(&mut self, count: u64) -> Result<(), Rejection> {
        let left = self.work.checked_sub(count);
        self.work = left.ok_or_else(|| Rejection::new("too much work"))?;
        Ok(())
    }
}
