//! Sign charts: the signs and zeros of a function on the pieces of a domain, checked from a certificate.

mod cells;
mod pattern;
mod polynomial;

pub(super) use pattern::{Pattern, Segment, Zero};

use super::certificate::{Chart, Side};
use super::expr::{Id, Node};
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
            Chart::Polynomial { roots } => self.polynomial_chart(index, root, order, roots),
            Chart::Cells { .. } => self.cell_chart(index, root, order, chart),
        }
    }
}
