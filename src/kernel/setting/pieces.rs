//! Where a point or a box lies among the pieces, and what the cost does there.

use super::super::certificate::Side;
use super::super::evaluate::Program;
use super::super::expr::Node;
use super::super::interval::Interval;
use super::super::number::Number;
use super::super::polynomial::End;
use super::super::theorem::{Rejection, require};
use super::{Bound, Piece, Setting};
use rug::Rational;

impl Setting {
    /// The piece with this index.
    pub(in super::super) fn piece(&self, index: usize) -> Result<&Piece, Rejection> {
        self.pieces
            .get(index)
            .ok_or_else(|| Rejection::new("there is no such piece"))
    }

    /// The index of the piece at an end of the domain.
    pub(in super::super) fn outer_piece(&self, side: Side) -> usize {
        match side {
            Side::Left => 0,
            Side::Right => self.pieces.len().saturating_sub(1),
        }
    }

    /// A piece that contains the point, if the point lies in the domain.
    pub(in super::super) fn piece_at(&self, point: &Rational) -> Result<usize, Rejection> {
        let here = Interval::point(point, self.precision);
        require(
            self.left < End::At(point.clone()) && End::At(point.clone()) < self.right,
            "a point outside the domain",
        )?;
        for (index, piece) in self.pieces.iter().enumerate() {
            match &piece.right {
                Bound::Domain => return Ok(index),
                Bound::Break { exact: Some(exact), .. } if point <= exact => return Ok(index),
                Bound::Break { exact: Some(_), .. } => {}
                Bound::Break { enclosure, .. } if here.strict_precedes(enclosure) => return Ok(index),
                Bound::Break { enclosure, .. } => {
                    require(enclosure.strict_precedes(&here), "a point too close to a break")?;
                }
            }
        }
        Err(Rejection::new("a point outside the domain"))
    }

    /// The value of the cost at a point of the domain.
    pub(in super::super) fn value_at(&self, point: &Rational) -> Result<Number, Rejection> {
        let piece = self.piece(self.piece_at(point)?)?;
        let program = Program::new(&self.table, piece.form);
        self.pay_evaluation(&program, 0)?;
        let value = program.value(&[Number::Exact(point.clone())], self.precision);
        value.map_err(|error| Rejection::new(format!("the cost is undefined at a point: {error:?}")))
    }

    /// The value of the derivative of the given order at a point, for C^1 costs and order 1 also at breaks.
    pub(in super::super) fn derivative_at(&mut self, point: &Rational, order: usize) -> Result<Number, Rejection> {
        let form = self.piece(self.piece_at(point)?)?.form;
        let slope = self.derivative(form, order)?;
        let program = Program::new(&self.table, slope);
        self.pay_evaluation(&program, 0)?;
        let value = program.value(&[Number::Exact(point.clone())], self.precision);
        value.map_err(|error| Rejection::new(format!("a derivative is undefined at a point: {error:?}")))
    }

    /// Encloses a derivative of the cost over [lo, hi] in the domain, over all pieces it meets.
    pub(in super::super) fn derivative_on(
        &self,
        lo: &Rational,
        hi: &Rational,
        order: usize,
        terms: usize,
    ) -> Result<Number, Rejection> {
        let mut hull: Option<Number> = None;
        for (index, part) in self.split(lo, hi)? {
            let program = Program::new(&self.table, self.piece(index)?.form);
            self.pay_evaluation(&program, order.saturating_add(terms))?;
            let value = program.derivative_on(&part, &[], order, terms, self.precision);
            let value = value.map_err(|error| Rejection::new(format!("undefined on a box: {error:?}")))?;
            hull = Some(match hull {
                None => value,
                Some(before) => before.convex_hull(&value, self.precision),
            });
        }
        hull.ok_or_else(|| Rejection::new("a box that meets no piece"))
    }

    /// The parts of [lo, hi] in the pieces it meets in more than a break.
    pub(in super::super) fn split(&self, lo: &Rational, hi: &Rational) -> Result<Vec<(usize, Interval)>, Rejection> {
        self.pay(u64::try_from(self.pieces.len()).unwrap_or(u64::MAX))?;
        let box_ = Interval::hull_of(lo, hi, self.precision).ok_or_else(|| Rejection::new("a box is inside out"))?;
        require(self.contains(&box_), "a box outside the domain")?;
        let mut parts = Vec::new();
        for (index, piece) in self.pieces.iter().enumerate() {
            let from = piece
                .left
                .outer(Side::Left)
                .map_or(lo.clone(), |edge| edge.max(lo.clone()));
            let to = piece
                .right
                .outer(Side::Right)
                .map_or(hi.clone(), |edge| edge.min(hi.clone()));
            let single = lo == hi;
            if from < to || (single && from == to) {
                let part = Interval::hull_of(&from, &to, self.precision);
                parts.push((index, part.ok_or_else(|| Rejection::new("a box is inside out"))?));
            }
        }
        Ok(parts)
    }

    /// Demands that the cost is continuously differentiable: analytic closed pieces whose slopes agree at breaks.
    pub(in super::super) fn require_continuously_differentiable(&mut self) -> Result<(), Rejection> {
        require(
            self.pieces.iter().all(|piece| piece.analytic),
            "a piece is not shown to be analytic",
        )?;
        for index in 1..self.pieces.len() {
            let before = self.piece(index.saturating_sub(1))?.clone();
            let after = self.piece(index)?.form;
            let Bound::Break { at, .. } = before.right else {
                return Err(Rejection::new("a piece without an end"));
            };
            let (before, after) = (self.derivative(before.form, 1)?, self.derivative(after, 1)?);
            let jump = self.table.insert(Node::Sub(before, after));
            let jump = self.substitute(jump, at)?;
            require(self.is_zero(jump)?, "the slopes at a break are not shown to agree")?;
        }
        Ok(())
    }
}
