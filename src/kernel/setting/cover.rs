//! Boxes and tails that cover a piece.

use super::super::certificate::{Cover, SequenceData, Side, Tail};
use super::super::evaluate::Program;
use super::super::expr::Id;
use super::super::interval::Interval;
use super::super::number::{Number, Sign};
use super::super::polynomial::End;
use super::super::tail::{Form, Ray, Sequence, Toward, form_of};
use super::super::theorem::{Rejection, Within, require};
use super::{Bound, Piece, Setting};
use rug::Rational;

/// The parts of a checked cover.
pub(in super::super) struct Parts {
    pub left: Option<Ray>,
    pub boxes: Vec<Interval>,
    pub right: Option<Ray>,
}

impl Setting {
    /// A tail of the domain, checked to lie inside the outer piece.
    pub(in super::super) fn ray(
        &self,
        side: Side,
        tail: &Tail,
        along: Option<&SequenceData>,
    ) -> Result<Ray, Rejection> {
        let toward = match (side, &self.left, &self.right) {
            (Side::Left, End::At(end), _) => Toward::FromRight(end.clone()),
            (Side::Left, ..) => Toward::NegativeInfinity,
            (Side::Right, _, End::At(end)) => Toward::FromLeft(end.clone()),
            (Side::Right, ..) => Toward::PositiveInfinity,
        };
        let ray = Ray::new(toward, &tail.from.0, tail.keep, self.precision);
        let mut ray = ray.ok_or_else(|| Rejection::new("a tail must begin at t > 0 and keep 1 to 12 terms"))?;
        let start = Interval::point(&ray.start(), self.precision);
        require(self.contains(&start), "a tail begins outside the domain")?;
        let inside = match (side, self.piece(self.outer_piece(side))?) {
            (
                Side::Left,
                Piece {
                    right: Bound::Break { enclosure, .. },
                    ..
                },
            ) => start.precedes(enclosure),
            (
                Side::Right,
                Piece {
                    left: Bound::Break { enclosure, .. },
                    ..
                },
            ) => enclosure.precedes(&start),
            _ => true,
        };
        require(inside, "a tail reaches beyond a break")?;
        if let Some(data) = along {
            let sequence = Sequence {
                offset: data.offset.0.clone(),
                period: data.period.0.clone(),
            };
            ray = ray
                .along(sequence)
                .ok_or_else(|| Rejection::new("a sequence needs an infinite end"))?;
        }
        Ok(ray)
    }

    /// The asymptotic form of an expression on a tail.
    pub(in super::super) fn form_on(&self, root: Id, ray: &Ray, others: &[Number]) -> Result<Form, Rejection> {
        let program = Program::new(&self.table, root);
        self.pay_form(&program, ray)?;
        let form = form_of(&program, ray, others);
        form.map_err(|error| Rejection::new(format!("the tail cannot be followed: {error:?}")))
    }

    /// The boxes and tails of a cover, checked to cover the piece without leaving the domain.
    pub(in super::super) fn parts(&self, index: usize, cover: &Cover) -> Result<Parts, Rejection> {
        let piece = self.piece(index)?.clone();
        let cuts: Vec<Rational> = cover.cuts.iter().map(|cut| cut.0.clone()).collect();
        let (Some(first), Some(last)) = (cuts.first(), cuts.last()) else {
            return Err(Rejection::new("a cover without cuts"));
        };
        require(
            cuts.windows(2).all(|pair| matches!(pair, [a, b] if a < b)),
            "cuts must increase",
        )?;
        let tail = |side, tail: &Option<Tail>| tail.as_ref().map(|tail| self.ray(side, tail, None)).transpose();
        let (left, right) = (tail(Side::Left, &cover.left)?, tail(Side::Right, &cover.right)?);
        require(
            self.reaches(&piece.left, first, left.as_ref(), Side::Left),
            "a gap at the left end",
        )?;
        require(
            self.reaches(&piece.right, last, right.as_ref(), Side::Right),
            "a gap at the right end",
        )?;
        let mut boxes = Vec::with_capacity(cuts.len());
        for pair in cuts.windows(2) {
            if let [lo, hi] = pair {
                let range = Interval::hull_of(lo, hi, self.precision);
                boxes.push(range.ok_or_else(|| Rejection::new("cuts must increase"))?);
            }
        }
        Ok(Parts { left, boxes, right })
    }

    /// Whether a cover that ends at `edge`, with or without a tail, leaves no gap towards the bound.
    pub(in super::super) fn reaches(&self, bound: &Bound, edge: &Rational, ray: Option<&Ray>, side: Side) -> bool {
        let here = End::At(edge.clone());
        if !(self.left < here && here < self.right) {
            return false;
        }
        match (bound, ray) {
            (Bound::Domain, Some(ray)) => match side {
                Side::Left => *edge <= ray.start(),
                Side::Right => *edge >= ray.start(),
            },
            (Bound::Break { enclosure, exact, .. }, None) => match (side, exact) {
                (_, Some(exact)) => edge == exact,
                (Side::Left, None) => enclosure.inf_rational().is_some_and(|inf| *edge <= inf),
                (Side::Right, None) => enclosure.sup_rational().is_some_and(|sup| *edge >= sup),
            },
            _ => false,
        }
    }

    /// Checks that an expression is defined (`strict`: analytic) on a piece.
    pub(in super::super) fn check_cover(
        &self,
        index: usize,
        root: Id,
        cover: &Cover,
        strict: bool,
    ) -> Result<(), Rejection> {
        let parts = self.parts(index, cover)?;
        let program = Program::new(&self.table, root);
        require(!strict || !program.has_kinks(), "an absolute value is not resolved")?;
        for mut ray in parts.left.into_iter().chain(parts.right) {
            ray.strict = strict;
            self.form_on(root, &ray, &[]).within(|| "tail")?;
        }
        for (place, range) in parts.boxes.iter().enumerate() {
            self.pay_evaluation(&program, usize::from(strict))?;
            let variables = [Number::from(range.clone())];
            let result = if strict {
                program.jet(&variables, 1, self.precision).map(|_| ())
            } else {
                program.value(&variables, self.precision).map(|_| ())
            };
            result
                .map_err(|error| Rejection::new(format!("may leave its domain: {error:?}")))
                .within(|| format!("cuts[{place}]"))?;
        }
        Ok(())
    }

    /// The sign of an expression on a tail.
    pub(in super::super) fn sign_on_ray(&self, root: Id, ray: &Ray) -> Result<Option<Sign>, Rejection> {
        Ok(self.form_on(root, ray, &[])?.sign(ray.line()))
    }
}
