//! Charts cell by cell, by intervals and Taylor forms.

use super::super::certificate::{Cell, Chart, Side};
use super::super::evaluate::Program;
use super::super::expr::Id;
use super::super::interval::Interval;
use super::super::number::{Number, Sign};
use super::super::setting::{Bound, Setting};
use super::super::theorem::{Rejection, Within, require};
use super::{Pattern, Segment, Zero};
use rug::Rational;

impl Setting {
    /// A chart whose cells and tails are enclosed by intervals.
    pub(super) fn cell_chart(
        &mut self,
        index: usize,
        root: Id,
        order: usize,
        chart: &Chart,
    ) -> Result<Pattern, Rejection> {
        let Chart::Cells {
            left,
            start,
            cells,
            right,
            order: terms,
        } = chart
        else {
            return Err(Rejection::new("not a chart of cells"));
        };
        require(*terms <= 12, "the order of a Taylor form is at most 12")?;
        let piece = self.piece(index)?.clone();
        let function = self.derivative(root, order)?;
        let mut walk = CellWalk {
            program: Program::new(&self.table, root),
            root,
            order,
            terms: usize::from(*terms),
            at: start.0.clone(),
            sign: None,
            pattern: Pattern { segments: Vec::new() },
            bounds: (piece.left.clone(), piece.right.clone()),
        };
        let ray = left.as_ref().map(|tail| self.ray(Side::Left, tail, None)).transpose()?;
        require(
            self.reaches(&piece.left, &start.0, ray.as_ref(), Side::Left),
            "a gap at the left end",
        )?;
        if let Some(ray) = &ray {
            let sign = self.sign_on_ray(function, ray)?;
            walk.open(sign.filter(|sign| *sign != Sign::Zero)).within(|| "left")?;
        }
        for (place, cell) in cells.iter().enumerate() {
            walk.require_not_past_the_end().within(|| format!("cells[{place}]"))?;
            self.check_cell(&mut walk, cell).within(|| format!("cells[{place}]"))?;
        }
        let ray = right
            .as_ref()
            .map(|tail| self.ray(Side::Right, tail, None))
            .transpose()?;
        require(
            self.reaches(&piece.right, &walk.at, ray.as_ref(), Side::Right),
            "a gap at the right end",
        )?;
        if let Some(ray) = &ray {
            let sign = self.sign_on_ray(function, ray)?;
            walk.open(sign.filter(|sign| *sign != Sign::Zero)).within(|| "right")?;
        }
        Ok(walk.pattern)
    }

    fn check_cell(&mut self, walk: &mut CellWalk, cell: &Cell) -> Result<(), Rejection> {
        let precision = self.precision;
        let inside = |point: &Rational| {
            require(
                self.contains(&Interval::point(point, precision)),
                "a cell leaves the domain",
            )
        };
        match cell {
            Cell::Sign { positive, cuts } => {
                let claimed = if *positive { Sign::Positive } else { Sign::Negative };
                require(!cuts.is_empty(), "a cell without cuts")?;
                for cut in cuts {
                    inside(&cut.0)?;
                    let range = walk.range(&cut.0, precision)?;
                    let sign = walk.sign_on(self, &range, 0)?;
                    require(sign == Some(claimed), "the sign is not certain on a box")?;
                    walk.at = cut.0.clone();
                }
                walk.open(Some(claimed))
            }
            Cell::Simple { to, within } => {
                inside(&to.0)?;
                walk.require_in_piece(&to.0)?;
                let range = walk.range(&to.0, precision)?;
                let slope = walk.sign_on(self, &range, 1)?;
                require(
                    matches!(slope, Some(Sign::Positive | Sign::Negative)),
                    "the derivative may vanish at a simple zero",
                )?;
                let (lo, hi) = match within {
                    Some([lo, hi]) => (lo.0.clone(), hi.0.clone()),
                    None => (walk.at.clone(), to.0.clone()),
                };
                require(
                    walk.at <= lo && lo < hi && hi <= to.0,
                    "the zero's bracket is not in its cell",
                )?;
                let (before, after) = (walk.sign_at(self, &lo)?, walk.sign_at(self, &hi)?);
                let opposite = matches!((before, after), (Some(a), Some(b)) if a.times(b) == Sign::Negative);
                require(opposite, "the signs around a simple zero are not opposite")?;
                // The function is strictly monotone on the cell, so these signs reach its ends.
                walk.open(before)?;
                walk.zero(Zero {
                    lo,
                    hi,
                    at: None,
                    multiplicity: Some(1),
                    at_break: false,
                });
                walk.at = to.0.clone();
                walk.open(after)
            }
            Cell::Multiple { to, at, multiplicity } => {
                inside(&to.0)?;
                self.check_multiple(walk, &to.0, *at, usize::from(*multiplicity))
            }
        }
    }

    fn check_multiple(
        &mut self,
        walk: &mut CellWalk,
        to: &Rational,
        at: Id,
        multiplicity: usize,
    ) -> Result<(), Rejection> {
        require((1..=16).contains(&multiplicity), "the order of a zero is 1 to 16")?;
        let Bound::Break { enclosure, exact, .. } = self.constant(at)? else {
            return Err(Rejection::new("not a constant"));
        };
        for level in 0..multiplicity {
            let slope = self.derivative(walk.root, walk.order.saturating_add(level))?;
            let value = self.substitute(slope, at)?;
            require(self.is_zero(value)?, "a derivative is not shown to vanish")?;
        }
        let precision = self.precision;
        let range = walk.range(to, precision)?;
        let last = walk.sign_on(self, &range, multiplicity)?;
        let Some(right @ (Sign::Positive | Sign::Negative)) = last else {
            return Err(Rejection::new(
                "the first derivative that matters may vanish on the cell",
            ));
        };
        let left = if multiplicity.is_multiple_of(2) {
            right
        } else {
            right.opposite()
        };
        // A zero on a break may lie on the edge of the first or last cell.
        let is = |bound: &Bound| matches!(bound, Bound::Break { at: here, .. } if *here == at);
        let above = exact
            .clone()
            .or_else(|| enclosure.inf_rational())
            .is_some_and(|least| walk.at <= least);
        let below = exact
            .clone()
            .or_else(|| enclosure.sup_rational())
            .is_some_and(|most| *to >= most);
        let (at_left, at_right) = (is(&walk.bounds.0) && above, is(&walk.bounds.1) && below);
        let strictly = |edge: &Rational| Interval::point(edge, precision);
        let after_start =
            at_left || strictly(&walk.at).strict_precedes(&enclosure) || exact.as_ref().is_some_and(|c| walk.at < *c);
        let before_end = at_right || enclosure.strict_precedes(&strictly(to)) || exact.as_ref().is_some_and(|c| c < to);
        require(after_start && before_end, "the zero is not inside its cell")?;
        if !at_left && !at_right {
            walk.require_in_piece(to)?;
        }
        // Cells before it would lie outside the piece and show the same zero a second time.
        let first = walk.pattern.segments.is_empty();
        require(!at_left || first, "a cell before a zero at the beginning of the piece")?;
        if !at_left {
            walk.open(Some(left))?;
        }
        let (lo, hi) = match exact {
            Some(exact) => (exact.clone(), exact),
            None => match (enclosure.inf_rational(), enclosure.sup_rational()) {
                (Some(inf), Some(sup)) => (inf, sup),
                _ => return Err(Rejection::new("a zero that is not bounded")),
            },
        };
        let order = u32::try_from(multiplicity).ok();
        walk.zero(Zero {
            lo,
            hi,
            at: Some(at),
            multiplicity: order,
            at_break: at_left || at_right,
        });
        walk.at = to.clone();
        if at_right { Ok(()) } else { walk.open(Some(right)) }
    }
}

/// The state of a walk along the cells of a chart.
struct CellWalk {
    program: Program,
    root: Id,
    order: usize,
    terms: usize,
    at: Rational,
    sign: Option<Sign>,
    pattern: Pattern,
    bounds: (Bound, Bound),
}

impl CellWalk {
    fn range(&self, to: &Rational, precision: u32) -> Result<Interval, Rejection> {
        require(self.at < *to, "cells must increase")?;
        Interval::hull_of(&self.at, to, precision).ok_or_else(|| Rejection::new("cells must increase"))
    }

    /// The sign of a further derivative on a box: plainly if that is enough, else by a Taylor form.
    fn sign_on(&self, setting: &Setting, range: &Interval, further: usize) -> Result<Option<Sign>, Rejection> {
        let order = self.order.saturating_add(further);
        let mut sign = None;
        for terms in [0, self.terms] {
            if sign.is_none() {
                setting.pay_evaluation(&self.program, order.saturating_add(terms))?;
                let value = self.program.derivative_on(range, &[], order, terms, setting.precision);
                sign = value
                    .map_err(|error| Rejection::new(format!("undefined on a box: {error:?}")))?
                    .sign();
            }
        }
        Ok(sign)
    }

    fn sign_at(&self, setting: &Setting, point: &Rational) -> Result<Option<Sign>, Rejection> {
        setting.pay_evaluation(&self.program, self.order)?;
        let jet = self
            .program
            .jet(&[Number::Exact(point.clone())], self.order, setting.precision);
        let jet = jet.map_err(|error| Rejection::new(format!("undefined at a point: {error:?}")))?;
        Ok(jet.coefficient(self.order).sign())
    }

    /// Records a strict sign on the stretch reached now; it must agree with the sign left of it.
    fn open(&mut self, sign: Option<Sign>) -> Result<(), Rejection> {
        let sign = sign.ok_or_else(|| Rejection::new("the sign on a tail or an edge is not certain"))?;
        require(
            sign != Sign::Zero && self.sign.is_none_or(|before| before == sign),
            "signs do not fit together",
        )?;
        self.sign = Some(sign);
        self.pattern.push(Segment::Sign(sign));
        Ok(())
    }

    /// Demands that the cells so far did not end with a zero at the right end of the piece: a further cell would lie
    /// outside the piece and separate this zero from its twin in the next one.
    fn require_not_past_the_end(&self) -> Result<(), Rejection> {
        let ended = matches!(self.pattern.segments.last(), Some(Segment::Zero(zero)) if zero.at_break);
        require(!ended, "a cell after a zero at the end of the piece")
    }

    fn zero(&mut self, zero: Zero) {
        self.sign = None;
        self.pattern.push(Segment::Zero(zero));
    }

    /// Demands that the cell from here to `to` does not reach beyond a break.
    fn require_in_piece(&self, to: &Rational) -> Result<(), Rejection> {
        let left = match &self.bounds.0 {
            Bound::Domain => true,
            Bound::Break { exact: Some(exact), .. } => *exact <= self.at,
            Bound::Break { enclosure, .. } => enclosure.sup_rational().is_some_and(|sup| sup <= self.at),
        };
        let right = match &self.bounds.1 {
            Bound::Domain => true,
            Bound::Break { exact: Some(exact), .. } => to <= exact,
            Bound::Break { enclosure, .. } => enclosure.inf_rational().is_some_and(|inf| *to <= inf),
        };
        require(left && right, "a zero's cell reaches beyond a break")
    }
}
