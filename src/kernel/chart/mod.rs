//! Sign charts: the signs and zeros of a function on the pieces of a domain, checked from a certificate.

mod cells;
mod pattern;
mod polynomial;

pub(super) use pattern::{Pattern, Segment, Zero};

use super::certificate::{Chart, Cover, Side};
use super::evaluate::Program;
use super::expr::{Id, Node};
use super::number::Number;
use super::setting::Setting;
use super::theorem::{Rejection, Within, require};

impl Setting {
    /// Checks one chart per piece for the derivative of the given order of the cost minus a constant, and joins them.
    pub(super) fn check_charts(
        &mut self,
        charts: &[Chart],
        order: usize,
        minus: Option<Id>,
    ) -> Result<Pattern, Rejection> {
        require(charts.len() == self.pieces.len(), "one chart per piece is needed")?;
        let mut whole = Pattern { segments: Vec::new() };
        for (index, chart) in charts.iter().enumerate() {
            let form = self.piece(index)?.form;
            let root = match minus {
                Some(constant) => self.table.insert(Node::Sub(form, constant)),
                None => form,
            };
            whole.join(
                self.check_chart(index, root, order, chart)
                    .within(|| format!("charts[{index}]"))?,
            );
        }
        Ok(whole)
    }

    /// Checks the chart of the derivative of order `order` of `root` on one piece.
    pub(super) fn check_chart(
        &mut self,
        index: usize,
        root: Id,
        order: usize,
        chart: &Chart,
    ) -> Result<Pattern, Rejection> {
        require(
            order == 0 || self.piece(index)?.analytic,
            "the piece is not shown to be analytic",
        )?;
        match chart {
            Chart::Zero {} => {
                let function = self.derivative(root, order)?;
                let zero = self.table.number(0);
                self.require_equal(function, zero)?;
                let piece = self.piece(index)?;
                let lo = piece.left.outer(Side::Left);
                Ok(Pattern {
                    segments: vec![Segment::Flat {
                        lo,
                        hi: piece.right.outer(Side::Right),
                    }],
                })
            }
            Chart::Nonnegative { cover, order: terms } => {
                require(order == 0, "nonnegative charts are not for derivatives")?;
                require(*terms <= 12, "the order of a Taylor form is at most 12")?;
                self.nonnegative_chart(index, root, cover, usize::from(*terms))
            }
            Chart::Polynomial { roots } => self.polynomial_chart(index, root, order, roots),
            Chart::Cells { .. } => self.cell_chart(index, root, order, chart),
        }
    }

    /// Encloses a function on boxes and tails, none of the enclosures reaching below 0.
    fn nonnegative_chart(&self, index: usize, root: Id, cover: &Cover, terms: usize) -> Result<Pattern, Rejection> {
        let precision = self.precision;
        let parts = self.parts(index, cover)?;
        let program = Program::new(&self.table, root);
        for ray in parts.left.iter().chain(&parts.right) {
            let nonnegative = self.form_on(root, ray, &[])?.is_nonnegative(ray.line());
            require(nonnegative, "the function may be negative on a tail")?;
        }
        for (place, range) in parts.boxes.iter().enumerate() {
            self.pay_evaluation(&program, terms)?;
            let plain = program.value(&[Number::from(range.clone())], precision);
            let mut fine = plain.is_ok_and(|value| value.is_nonnegative());
            if !fine && terms > 0 {
                let refined = program.derivative_on(range, &[], 0, terms, precision);
                fine = refined.is_ok_and(|value| value.is_nonnegative());
            }
            require(fine, "the function may be negative on a box").within(|| format!("cuts[{place}]"))?;
        }
        Ok(Pattern {
            segments: vec![Segment::Nonnegative],
        })
    }
}
