//! The work a certificate causes, counted so that a hostile one is refused in bounded time.
//!
//! A unit is roughly what one operation on an enclosure of ordinary precision costs. The counts are estimates from
//! sizes that are known beforehand; they decide when to stop, never what is true.

use super::super::evaluate::Program;
use super::super::limits;
use super::super::polynomial::{End, Polynomial};
use super::super::tail::Ray;
use super::super::theorem::{Rejection, require};
use super::Setting;

/// What one zero test is taken to cost: it has a limit of its own.
const ZERO_TEST: u64 = 1 << 19;

fn size(value: usize) -> u64 {
    u64::try_from(value).unwrap_or(u64::MAX)
}

impl Setting {
    /// Takes units off the account. Errors: if there are not enough left.
    pub(in super::super) fn pay(&self, units: u64) -> Result<(), Rejection> {
        let left = self.account.get().checked_sub(units);
        require(left.is_some(), "the certificate asks for too much work")?;
        self.account.set(left.unwrap_or(0));
        Ok(())
    }

    /// Fills the account again. Only for finders, which may try as long as they like: `check` never does this.
    pub(in super::super) fn refill(&self) {
        self.account.set(limits::WORK);
    }

    /// The units that were taken off the account so far.
    pub(in super::super) fn spent(&self) -> u64 {
        limits::WORK.saturating_sub(self.account.get())
    }

    /// What an operation costs at the working precision: long products grow faster than their length.
    fn price(&self) -> u64 {
        let words = u64::from(self.precision >> 6).saturating_add(1);
        words.saturating_mul((words >> 4).saturating_add(1))
    }

    /// What it costs to find the nodes of an expression in the table.
    fn look_up(&self) -> u64 {
        size(self.table.nodes().len()) >> 6
    }

    /// Pays for one evaluation of a program with Taylor coefficients up to an order.
    pub(in super::super) fn pay_evaluation(&self, program: &Program, order: usize) -> Result<(), Rejection> {
        let orders = size(order).saturating_add(1);
        let products = size(program.nodes().len()).saturating_mul(orders.saturating_mul(orders));
        self.pay(products.saturating_mul(self.price()).saturating_add(self.look_up()))
    }

    /// Pays for the form of a program on a tail.
    pub(super) fn pay_form(&self, program: &Program, ray: &Ray) -> Result<(), Rejection> {
        let terms = size(ray.keep()).saturating_add(1);
        let products = terms.saturating_mul(terms).saturating_mul(terms);
        let nodes = size(program.nodes().len());
        let evaluation = nodes.saturating_mul(products).saturating_mul(self.price());
        self.pay(evaluation.saturating_add(self.look_up()))
    }

    /// Pays for one zero test, or for writing an expression as a quotient of polynomials.
    pub(in super::super) fn pay_zero_test(&self) -> Result<(), Rejection> {
        self.pay(ZERO_TEST.saturating_add(self.look_up()))
    }

    /// Pays for the signs of a polynomial and its Sturm sequence at some points, and for the sequence.
    pub(in super::super) fn pay_sturm<'a>(
        &self,
        polynomial: &Polynomial,
        points: impl IntoIterator<Item = &'a End>,
    ) -> Result<(), Rejection> {
        let degree = size(polynomial.degree().unwrap_or(0));
        let long =
            |value: &rug::Rational| u64::from(value.numer().significant_bits().max(value.denom().significant_bits()));
        let longest = polynomial.coefficients().iter().map(long).max().unwrap_or(0);
        let points = points.into_iter().filter_map(End::finite).map(long);
        let bits = points.fold(longest.saturating_mul(2), u64::saturating_add);
        // Each of `degree` members takes `degree` steps with numbers of up to `degree * bits` bits.
        let words = (degree.saturating_mul(bits) >> 6).saturating_add(1);
        self.pay(degree.saturating_mul(degree).saturating_mul(words) >> 4)
    }
}
