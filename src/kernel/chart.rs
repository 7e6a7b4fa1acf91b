//! Sign charts: the signs and zeros of a function on the pieces of a domain, checked from a certificate.

use super::certificate::{Cell, Chart, Exact, Side};
use super::evaluate::Program;
use super::expr::{Id, Node};
use super::interval::Interval;
use super::normal_form::as_rational_function;
use super::number::{Number, Sign};
use super::polynomial::{End, Polynomial, SturmSequence};
use super::setting::{Bound, Setting};
use super::theorem::{Rejection, Within, require};
use rug::Rational;

/// A zero in a chart: the only one of the function in [lo, hi].
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Zero {
    pub lo: Rational,
    pub hi: Rational,
    /// Its closed form, if there is one.
    pub at: Option<Id>,
    /// Its order, if the chart shows it.
    pub multiplicity: Option<u32>,
    /// It lies on the break at the left or right end of its piece.
    pub at_break: bool,
}

/// One stretch of a chart.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Segment {
    /// A strict sign on an open interval.
    Sign(Sign),
    /// A single zero.
    Zero(Zero),
    /// Identically zero between two breaks; `None` is an end of the domain.
    Flat { lo: Option<Rational>, hi: Option<Rational> },
}

/// The stretches of a function from left to right; neighbouring signs are merged.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pattern {
    pub segments: Vec<Segment>,
}

impl Pattern {
    /// Whether the function is nowhere negative.
    pub fn is_nonnegative(&self) -> bool {
        !self.segments.contains(&Segment::Sign(Sign::Negative))
    }

    /// The segments that are zeros or flat, with the signs before and after.
    pub fn critical(&self) -> Vec<(Option<Sign>, &Segment, Option<Sign>)> {
        let sign = |segment: Option<&Segment>| match segment {
            Some(Segment::Sign(sign)) => Some(*sign),
            _ => None,
        };
        let before = std::iter::once(None).chain(self.segments.iter().map(Some));
        let after = self.segments.iter().skip(1).map(Some).chain(std::iter::once(None));
        let triples = before.zip(&self.segments).zip(after);
        triples
            .filter(|((_, segment), _)| !matches!(segment, Segment::Sign(_)))
            .map(|((before, segment), after)| (sign(before), segment, sign(after)))
            .collect()
    }

    fn push(&mut self, segment: Segment) {
        if matches!((self.segments.last(), &segment), (Some(Segment::Sign(a)), Segment::Sign(b)) if a == b) {
            return;
        }
        self.segments.push(segment);
    }

    /// Appends the pattern of the next piece; zeros on the common break are one zero.
    fn join(&mut self, next: Pattern) {
        for (place, segment) in next.segments.into_iter().enumerate() {
            let merged = match (self.segments.last(), &segment) {
                (Some(Segment::Flat { lo, .. }), Segment::Flat { hi, .. }) => {
                    let both = Segment::Flat {
                        lo: lo.clone(),
                        hi: hi.clone(),
                    };
                    self.segments.pop();
                    self.segments.push(both);
                    true
                }
                (Some(Segment::Flat { .. }), Segment::Zero(zero)) => place == 0 && zero.at_break,
                (Some(Segment::Zero(before)), Segment::Zero(zero)) => place == 0 && before.at_break && zero.at_break,
                (Some(Segment::Zero(before)), Segment::Flat { .. }) if before.at_break => {
                    self.segments.pop();
                    false
                }
                _ => false,
            };
            if !merged {
                self.push(segment);
            }
        }
    }
}

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
            Chart::Cells {
                left,
                start,
                cells,
                right,
                order: terms,
            } => {
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
        }
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
                    let sign = walk.sign_on(&range, 0, precision)?;
                    require(sign == Some(claimed), "the sign is not certain on a box")?;
                    walk.at = cut.0.clone();
                }
                walk.open(Some(claimed))
            }
            Cell::Simple { to, within } => {
                inside(&to.0)?;
                walk.require_in_piece(&to.0)?;
                let range = walk.range(&to.0, precision)?;
                let slope = walk.sign_on(&range, 1, precision)?;
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
                let (before, after) = (walk.sign_at(&lo, precision)?, walk.sign_at(&hi, precision)?);
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
            let value = self.table.substitute(slope, 0, at);
            require(self.is_zero(value), "a derivative is not shown to vanish")?;
        }
        let precision = self.precision;
        let range = walk.range(to, precision)?;
        let last = walk.sign_on(&range, multiplicity, precision)?;
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

    /// The numerator and the denominator of a derivative, the denominator without zeros on the piece.
    pub(super) fn quotient_on(
        &mut self,
        index: usize,
        root: Id,
        order: usize,
    ) -> Result<(Polynomial, [End; 2]), Rejection> {
        let function = self.derivative(root, order)?;
        let quotient = as_rational_function(&self.table, function);
        let (top, bottom) = quotient.ok_or_else(|| Rejection::new("not a quotient of polynomials"))?;
        let piece = self.piece(index)?;
        let end = |bound: &Bound, domain: &End| match bound {
            Bound::Domain => Ok(domain.clone()),
            Bound::Break { exact: Some(exact), .. } => Ok(End::At(exact.clone())),
            Bound::Break { .. } => Err(Rejection::new("a polynomial chart needs rational breaks")),
        };
        let ends = [end(&piece.left, &self.left)?, end(&piece.right, &self.right)?];
        let [lo, hi] = &ends;
        require(
            bottom.count_roots(lo, hi) == Some(0),
            "the denominator has a zero on the piece",
        )?;
        for (bound, point) in [(&piece.left, lo), (&piece.right, hi)] {
            let closed = matches!(bound, Bound::Break { .. });
            let vanishes = point.finite().is_some_and(|point| bottom.evaluate(point) == 0);
            require(!(closed && vanishes), "the denominator vanishes at a break")?;
        }
        // The sign of p/q is that of p*q.
        let product = top
            .mul(&bottom)
            .ok_or_else(|| Rejection::new("the degree is too high"))?;
        Ok((product, ends))
    }

    fn polynomial_chart(
        &mut self,
        index: usize,
        root: Id,
        order: usize,
        roots: &[[Exact; 2]],
    ) -> Result<Pattern, Rejection> {
        let (product, [lo, hi]) = self.quotient_on(index, root, order)?;
        require(!product.is_zero(), "the function is identically zero")?;
        let piece = self.piece(index)?.clone();
        let sturm = SturmSequence::new(&product).ok_or_else(|| Rejection::new("Sturm's sequence is too large"))?;
        let total = sturm
            .count(&lo, &hi)
            .ok_or_else(|| Rejection::new("the piece is empty"))?;
        require(total == roots.len(), "the number of zeros is wrong")?;
        let factors = product.squarefree_factors();
        let mut pattern = Pattern { segments: Vec::new() };
        let break_zero = |bound: &Bound| match bound {
            Bound::Break {
                at, exact: Some(exact), ..
            } if product.evaluate(exact) == 0 => Some(Zero {
                lo: exact.clone(),
                hi: exact.clone(),
                at: Some(*at),
                multiplicity: multiplicity(&factors, exact, exact),
                at_break: true,
            }),
            _ => None,
        };
        if let Some(zero) = break_zero(&piece.left) {
            pattern.push(Segment::Zero(zero));
        }
        let mut before = lo.clone();
        for (place, [left, right]) in roots.iter().enumerate() {
            let (left, right) = (left.0.clone(), right.0.clone());
            let within = before <= End::At(left.clone()) && left <= right && End::At(right.clone()) <= hi;
            require(within, "the zeros are not in order").within(|| format!("roots[{place}]"))?;
            let alone = if left == right {
                End::At(left.clone()) > lo && End::At(left.clone()) < hi && product.evaluate(&left) == 0
            } else {
                let open = sturm.count(&End::At(left.clone()), &End::At(right.clone())) == Some(1);
                // Ends that are zeros themselves would be counted twice by neighbours.
                open && product.evaluate(&left) != 0 && product.evaluate(&right) != 0
            };
            require(alone, "not exactly one zero").within(|| format!("roots[{place}]"))?;
            pattern.push(Segment::Sign(sign_between(&product, &before, &End::At(left.clone()))?));
            let multiplicity = multiplicity(&factors, &left, &right);
            pattern.push(Segment::Zero(Zero {
                lo: left,
                hi: right.clone(),
                at: None,
                multiplicity,
                at_break: false,
            }));
            before = End::At(right);
        }
        pattern.push(Segment::Sign(sign_between(&product, &before, &hi)?));
        if let Some(zero) = break_zero(&piece.right) {
            pattern.push(Segment::Zero(zero));
        }
        Ok(pattern)
    }
}

/// The sign of a polynomial on a stretch without zeros (zeros at the ends excepted).
fn sign_between(polynomial: &Polynomial, lo: &End, hi: &End) -> Result<Sign, Rejection> {
    let one = Rational::from(1);
    let middle = match (lo.finite(), hi.finite()) {
        (Some(a), Some(b)) => Rational::from(a + b) / Rational::from(2),
        (Some(a), None) => a + one,
        (None, Some(b)) => b - one,
        (None, None) => Rational::new(),
    };
    Number::Exact(polynomial.evaluate(&middle))
        .sign()
        .filter(|sign| *sign != Sign::Zero)
        .ok_or_else(|| Rejection::new("two zeros touch"))
}

/// The multiplicity of the only zero of a product of powers in [lo, hi].
fn multiplicity(factors: &[(Polynomial, u32)], lo: &Rational, hi: &Rational) -> Option<u32> {
    let hit = |factor: &Polynomial| {
        if lo == hi {
            factor.evaluate(lo) == 0
        } else {
            factor.count_roots(&End::At(lo.clone()), &End::At(hi.clone())) == Some(1)
        }
    };
    factors
        .iter()
        .find(|(factor, _)| hit(factor))
        .map(|(_, multiplicity)| *multiplicity)
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
    fn sign_on(&self, range: &Interval, further: usize, precision: u32) -> Result<Option<Sign>, Rejection> {
        let order = self.order.saturating_add(further);
        let mut sign = None;
        for terms in [0, self.terms] {
            if sign.is_none() {
                let value = self.program.derivative_on(range, &[], order, terms, precision);
                sign = value
                    .map_err(|error| Rejection::new(format!("undefined on a box: {error:?}")))?
                    .sign();
            }
        }
        Ok(sign)
    }

    fn sign_at(&self, point: &Rational, precision: u32) -> Result<Option<Sign>, Rejection> {
        let jet = self.program.jet(&[Number::Exact(point.clone())], self.order, precision);
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
