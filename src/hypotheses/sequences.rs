//! Arguments at the ends of the domain, on whole tails or along sequences on which trigonometric functions stand still.

use super::search::{KEEP, Search};
use crate::kernel::certificate::{Exact, SequenceData, Side, Tail};
use crate::kernel::evaluate::Program;
use crate::kernel::expr::{Function, Node};
use crate::kernel::normal_form::as_rational_function;
use crate::kernel::number::Number;
use crate::kernel::tail::{Form, Ray, Sequence, form_of};
use rug::{Integer, Rational};

/// The two ends.
pub(super) const SIDES: [Side; 2] = [Side::Left, Side::Right];

impl Search<'_> {
    /// Sequences to infinity on which every sine and cosine of an affine argument has a constant angle.
    pub fn sequences(&self) -> Vec<SequenceData> {
        let mut rates: Vec<Rational> = Vec::new();
        let roots = self.locals.iter().map(|local| local.root).chain([self.cost]);
        for id in roots.flat_map(|root| self.table.reachable(root)) {
            let Some(Node::Apply(Function::Sin | Function::Cos, argument)) = self.table.node(id) else {
                continue;
            };
            let Some((top, bottom)) = as_rational_function(&self.table, *argument) else {
                continue;
            };
            if let (Some(1), Some(bottom)) = (top.degree(), bottom.as_constant()) {
                rates.extend(top.leading().map(|leading| Rational::from(leading / &bottom).abs()));
            }
        }
        if rates.is_empty() {
            return Vec::new();
        }
        let common = rates
            .iter()
            .fold(Integer::from(1), |common, rate| common.lcm(rate.denom()));
        let divisor = rates.iter().fold(Integer::new(), |divisor, rate| {
            divisor.gcd(&(rate.numer() * Integer::from(&common / rate.denom())))
        });
        let period = Rational::from((common, divisor));
        // 2 pi to a few digits: the phases need not be exact.
        let turn = Rational::from((710, 113)) * &period;
        (0..24i32)
            .map(|step| SequenceData {
                offset: Exact(&turn * Rational::from((step, 24))),
                period: Exact(period.clone()),
            })
            .collect()
    }

    /// A tail or a sequence towards one of the ends on which the form of an expression satisfies a condition.
    pub fn find_end(
        &self,
        order: usize,
        accept: impl Fn(&Form, &Ray) -> bool,
    ) -> Option<(Side, Tail, Option<SequenceData>)> {
        for side in SIDES {
            let Some((_, _, program)) = self.outer_local(side).and_then(|local| local.derivative(order)) else {
                continue;
            };
            if let Some(tail) = self.find_tail(side, program, &[], &accept) {
                return Some((side, tail, None));
            }
        }
        for side in SIDES {
            let Some((_, _, program)) = self.outer_local(side).and_then(|local| local.derivative(order)) else {
                continue;
            };
            if let Some((tail, sequence)) = self.find_sequence(side, program, &[], &accept) {
                return Some((side, tail, Some(sequence)));
            }
        }
        None
    }

    /// A sequence towards an infinite end on which the form of an expression satisfies a condition.
    pub fn find_sequence(
        &self,
        side: Side,
        program: &Program,
        others: &[Number],
        accept: impl Fn(&Form, &Ray) -> bool,
    ) -> Option<(Tail, SequenceData)> {
        let end = if side == Side::Left { &self.left } else { &self.right };
        if end.finite().is_some() {
            return None;
        }
        let starts: Vec<Rational> = self.starts(side).into_iter().skip(8).step_by(6).take(6).collect();
        for sequence in self.sequences() {
            for start in &starts {
                let along = Sequence {
                    offset: sequence.offset.0.clone(),
                    period: sequence.period.0.clone(),
                };
                let Some(ray) = self.ray(side, start, KEEP[0]).and_then(|ray| ray.along(along)) else {
                    continue;
                };
                if form_of(program, &ray, others).is_ok_and(|form| accept(&form, &ray)) {
                    return Some((Self::tail(start, KEEP[0]), sequence));
                }
            }
        }
        None
    }
}
