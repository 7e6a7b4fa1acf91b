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

/// Words of memory of a number with so many whole coefficients.
fn block(monomials: usize) -> u64 {
    size(monomials).saturating_add(BLOCK)
}

/// The time that a product of intervals takes.
fn price(ground: &Ground) -> u64 {
    let words = digits(ground.precision());
    words.saturating_mul((words >> 4).saturating_add(1))
}

/// The products of intervals in a matrix that bounds a Jacobian with so many variables.
fn matrices(variables: usize, dimension: usize) -> u64 {
    let cube = size(dimension).saturating_pow(3);
    size(variables.saturating_add(dimension)).saturating_mul(cube)
}

/// Whether Jacobians that depend on the start are worth their time and memory: for many coordinates boxes have to do.
pub(super) fn may_bend(steps: usize, dimension: usize, variables: usize, monomials: usize) -> bool {
    let words = size(steps)
        .saturating_mul(size(dimension))
        .saturating_mul(block(monomials));
    matrices(variables, dimension) <= limits::BENT_WORK && words <= limits::BENT_WORDS
}

/// Words of memory of a number with whole coefficients besides these: the rest, and the ranges of its parts.
const BLOCK: u64 = 80;
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
        let (orders, steps) = (size(order).saturating_add(1), size(ground.system().steps()));
        let memory = memory(steps.saturating_mul(orders), ground.precision());
        require(memory <= limits::TUBE_WORDS, "too much memory")?;
        let products = steps.saturating_mul(orders.saturating_mul(orders));
        self.pay_products(products.saturating_mul(price(ground)))
    }

    /// Pays for a series of numbers that depend on the start, of this order.
    pub fn pay_families(&mut self, ground: &Ground, order: usize) -> Result<(), Rejection> {
        let (shape, orders) = (ground.ring.shape(), order.saturating_add(1));
        let counts = (0..orders).map(|k| size(k.saturating_add(1)).saturating_mul(size(shape.pairs(k))));
        let pairs = counts.fold(0u64, u64::saturating_add);
        let steps = size(ground.system().steps());
        let values = steps.saturating_mul(size(orders));
        // Whole numbers are one word each and are multiplied in a fraction of the time.
        let (memory, pairs) = if ground.ring.is_whole() {
            (values.saturating_mul(block(shape.size())), pairs.div_ceil(WHOLE))
        } else {
            (
                memory(values.saturating_mul(size(shape.size())), ground.precision()),
                pairs,
            )
        };
        require(memory <= limits::TUBE_WORDS, "too much memory")?;
        self.pay_products(steps.saturating_mul(pairs).saturating_mul(price(ground)))
    }

    /// Pays for the derivatives of numbers that depend on the start, and for the matrix that bounds them.
    pub fn pay_slopes(&mut self, ground: &Ground, bent: &Bent) -> Result<(), Rejection> {
        let dimension = size(ground.system().dimension());
        let entries = size(ground.system().steps()).saturating_mul(dimension);
        let products = entries.saturating_mul(size(bent.pairs()).div_ceil(WHOLE));
        self.pay_products(products.saturating_add(matrices(bent.variables(), ground.system().dimension())))
    }

    fn pay_products(&mut self, count: u64) -> Result<(), Rejection> {
        let left = self.work.checked_sub(count);
        self.work = left.ok_or_else(|| Rejection::new("too much work"))?;
        Ok(())
    }
}
