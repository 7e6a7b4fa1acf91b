//! The cost as the rules see it: an open interval cut into pieces, each with an analytic form.

use super::certificate::{Cover, PieceData, Resolution, SequenceData, SettingData, Side, Tail};
use super::evaluate::Program;
use super::expr::{Function, Id, Node, Table};
use super::interval::Interval;
use super::limits;
use super::normal_form::{Decision, is_identically_zero};
use super::number::{Number, Sign};
use super::polynomial::End;
use super::tail::{Form, Ray, Sequence, Toward, form_of};
use super::theorem::{Rejection, Within, require};
use rug::Rational;
use std::collections::{BTreeMap, HashMap};

/// An end of a piece.
#[derive(Clone, Debug)]
pub(super) enum Bound {
    /// The open end of the domain.
    Domain,
    /// A point inside the domain: the constant expression, its enclosure, and its value if it is rational.
    Break {
        at: Id,
        enclosure: Interval,
        exact: Option<Rational>,
    },
}

impl Bound {
    /// The break, rounded outward (from a piece that has it at this side); `None` for an end of the domain.
    pub(super) fn outer(&self, side: Side) -> Option<Rational> {
        match (self, side) {
            (Bound::Domain, _) => None,
            (Bound::Break { exact: Some(exact), .. }, _) => Some(exact.clone()),
            (Bound::Break { enclosure, .. }, Side::Left) => enclosure.inf_rational(),
            (Bound::Break { enclosure, .. }, Side::Right) => enclosure.sup_rational(),
        }
    }
}

/// A closed part of the domain on which the cost equals `form`.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub left: Bound,
    pub right: Bound,
    pub form: Id,
    /// The form was shown to be analytic on the whole piece, ends included.
    pub analytic: bool,
}

/// A checked setting: the cost is defined on its domain and equals the forms on the pieces.
#[derive(Clone, Debug)]
pub struct Setting {
    pub(super) table: Table,
    pub(super) cost: Id,
    pub(super) left: End,
    pub(super) right: End,
    pub(super) precision: u32,
    pub(super) pieces: Vec<Piece>,
    derivatives: HashMap<(Id, usize), Id>,
}

/// The parts of a checked cover.
pub(super) struct Parts {
    pub left: Option<Ray>,
    pub boxes: Vec<Interval>,
    pub right: Option<Ray>,
}

impl Setting {
    /// Checks the data of a setting.
    ///
    /// Errors: a [`Rejection`] with the address of the first demand that fails.
    /// Panics: never.
    pub fn check(data: &SettingData) -> Result<Self, Rejection> {
        let table = Table::from_nodes(&data.nodes).ok_or_else(|| Rejection::new("nodes are not a table"))?;
        require(limits::PRECISION.contains(&data.precision), "precision is out of range")?;
        require(data.left < data.right, "the domain is empty")?;
        require(table.node(data.cost).is_some(), "the cost is not in the table")?;
        require(
            table.nodes().iter().all(|node| !matches!(node, Node::Variable(1..))),
            "an unknown variable",
        )?;
        require(!data.pieces.is_empty(), "there are no pieces")?;
        let mut setting = Setting {
            table,
            cost: data.cost,
            left: data.left.clone(),
            right: data.right.clone(),
            precision: data.precision,
            pieces: Vec::new(),
            derivatives: HashMap::new(),
        };
        setting.cut(&data.pieces)?;
        for (index, piece) in data.pieces.iter().enumerate() {
            setting
                .check_piece(index, piece)
                .within(|| format!("setting.pieces[{index}]"))?;
        }
        Ok(setting)
    }

    /// Places the breaks: increasing constant expressions strictly inside the domain.
    fn cut(&mut self, pieces: &[PieceData]) -> Result<(), Rejection> {
        let mut left = Bound::Domain;
        for (index, piece) in pieces.iter().enumerate() {
            let last = index.saturating_add(1) == pieces.len();
            let right = match piece.until {
                None => Bound::Domain,
                Some(at) => self.constant(at)?,
            };
            require(
                last == matches!(right, Bound::Domain),
                "exactly the last piece ends at the domain",
            )?;
            if let Bound::Break { enclosure, .. } = &right {
                require(self.contains(enclosure), "a break is outside the domain")?;
                if let Bound::Break { enclosure: before, .. } = &left {
                    require(before.strict_precedes(enclosure), "breaks must increase")?;
                }
            }
            require(self.table.node(piece.form).is_some(), "the form is not in the table")?;
            self.pieces.push(Piece {
                left,
                right: right.clone(),
                form: piece.form,
                analytic: false,
            });
            left = right;
        }
        Ok(())
    }

    /// A constant expression with its enclosure.
    pub(super) fn constant(&self, at: Id) -> Result<Bound, Rejection> {
        require(
            self.table.node(at).is_some() && !self.table.mentions(at, 0),
            "not a constant expression",
        )?;
        let value = Program::new(&self.table, at).value(&[], self.precision);
        let value = value.map_err(|error| Rejection::new(format!("a constant is undefined: {error:?}")))?;
        let enclosure = value.interval(self.precision);
        require(enclosure.is_bounded(), "a constant is not bounded")?;
        let tame = |end: &rug::Float| {
            end.get_exp()
                .is_none_or(|exponent| exponent.unsigned_abs() <= limits::CONSTANT_EXPONENT)
        };
        require(
            tame(enclosure.inf()) && tame(enclosure.sup()),
            "a constant is too large or too small",
        )?;
        let exact = if let Number::Exact(exact) = value {
            Some(exact)
        } else {
            None
        };
        Ok(Bound::Break { at, enclosure, exact })
    }

    /// Whether a set lies strictly inside the domain.
    pub(super) fn contains(&self, set: &Interval) -> bool {
        let point = |value: Option<Rational>| value.map(End::At);
        match (point(set.inf_rational()), point(set.sup_rational())) {
            (Some(inf), Some(sup)) => self.left < inf && sup < self.right,
            _ => false,
        }
    }

    fn check_piece(&mut self, index: usize, data: &PieceData) -> Result<(), Rejection> {
        let mut replaced: BTreeMap<Id, Id> = BTreeMap::new();
        for (place, resolution) in data.resolutions.iter().enumerate() {
            self.check_resolution(index, resolution)
                .within(|| format!("resolutions[{place}]"))?;
            let cover = data
                .defined
                .as_ref()
                .ok_or_else(|| Rejection::new("`defined` is missing"))?;
            self.check_cover(index, resolution.by, cover, false)
                .within(|| format!("resolutions[{place}]"))?;
            replaced.insert(resolution.node, resolution.by);
        }
        let resolved = self.table.replace(self.cost, &replaced);
        self.require_equal(data.form, resolved).within(|| "form")?;
        if data.form != self.cost || data.analytic.is_none() {
            let cover = data
                .defined
                .as_ref()
                .ok_or_else(|| Rejection::new("`defined` is missing"))?;
            self.check_cover(index, self.cost, cover, false).within(|| "defined")?;
            if data.analytic.is_none() {
                self.check_cover(index, data.form, cover, false).within(|| "defined")?;
            }
        }
        if let Some(cover) = &data.analytic {
            self.check_cover(index, data.form, cover, true).within(|| "analytic")?;
            if let Some(piece) = self.pieces.get_mut(index) {
                piece.analytic = true;
            }
        }
        Ok(())
    }

    fn check_resolution(&mut self, index: usize, resolution: &Resolution) -> Result<(), Rejection> {
        require(
            self.table.node(resolution.by).is_some(),
            "the replacement is not in the table",
        )?;
        let (argument, exponent) = match self.table.node(resolution.node) {
            Some(Node::Apply(Function::Abs, argument)) => (*argument, Rational::from(1)),
            Some(Node::Power(base, exponent)) if *exponent.denom() != 1 && *exponent > 0 => (*base, exponent.clone()),
            _ => return Err(Rejection::new("only absolute values and positive roots are resolved")),
        };
        // Absolute values have |u|^2 = u^2, powers have (u^(p/q))^q = u^p; both are nonnegative.
        let (outer, inner) = match self.table.node(resolution.node) {
            Some(Node::Apply(..)) => (Rational::from(2), Rational::from(2)),
            _ => (Rational::from(exponent.denom()), Rational::from(exponent.numer())),
        };
        let power = self.table.insert(Node::Power(resolution.by, outer));
        let radicand = self.table.insert(Node::Power(argument, inner));
        self.require_equal(power, radicand)?;
        let signs = self.check_chart(index, resolution.by, 0, &resolution.nonnegative)?;
        require(signs.is_nonnegative(), "the replacement is negative somewhere")
    }

    /// Demands that two expressions are equal wherever both are defined.
    pub(super) fn require_equal(&mut self, a: Id, b: Id) -> Result<(), Rejection> {
        if a == b {
            return Ok(());
        }
        let difference = self.table.insert(Node::Sub(a, b));
        match is_identically_zero(&self.table, difference) {
            Decision::Zero => Ok(()),
            _ => Err(Rejection::new("two expressions are not shown to be equal")),
        }
    }

    /// Whether a constant expression is shown to be 0: exactly, or by the zero test.
    pub(super) fn is_zero(&self, constant: Id) -> bool {
        let exact = Program::new(&self.table, constant).value(&[], self.precision);
        match exact {
            Ok(Number::Exact(value)) => value == 0,
            Ok(value) if value.is_nonzero() => false,
            Ok(_) => is_identically_zero(&self.table, constant) == Decision::Zero,
            Err(_) => false,
        }
    }

    /// The derivative of an expression of the given order.
    pub(super) fn derivative(&mut self, root: Id, order: usize) -> Result<Id, Rejection> {
        require(order <= 32, "the order of a derivative is too high")?;
        if order == 0 {
            return Ok(root);
        }
        if let Some(known) = self.derivatives.get(&(root, order)) {
            return Ok(*known);
        }
        let below = self.derivatives.get(&(root, order.saturating_sub(1))).copied();
        let (mut current, from) = match below {
            Some(below) => (below, order.saturating_sub(1)),
            None => (root, 0),
        };
        for level in from..order {
            let kinks = |_| Rejection::new("an absolute value has no derivative");
            current = self.table.derivative(current, 0).map_err(kinks)?;
            require(
                self.table.nodes().len() <= limits::NODES,
                "the derivatives are too large",
            )?;
            self.derivatives.insert((root, level.saturating_add(1)), current);
        }
        Ok(current)
    }

    /// The piece with this index.
    pub(super) fn piece(&self, index: usize) -> Result<&Piece, Rejection> {
        self.pieces
            .get(index)
            .ok_or_else(|| Rejection::new("there is no such piece"))
    }

    /// The index of the piece at an end of the domain.
    pub(super) fn outer_piece(&self, side: Side) -> usize {
        match side {
            Side::Left => 0,
            Side::Right => self.pieces.len().saturating_sub(1),
        }
    }

    /// A piece that contains the point, if the point lies in the domain.
    pub(super) fn piece_at(&self, point: &Rational) -> Result<usize, Rejection> {
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
    pub(super) fn value_at(&self, point: &Rational) -> Result<Number, Rejection> {
        let piece = self.piece(self.piece_at(point)?)?;
        let value = Program::new(&self.table, piece.form).value(&[Number::Exact(point.clone())], self.precision);
        value.map_err(|error| Rejection::new(format!("the cost is undefined at a point: {error:?}")))
    }

    /// The value of the derivative of the given order at a point, for C^1 costs and order 1 also at breaks.
    pub(super) fn derivative_at(&mut self, point: &Rational, order: usize) -> Result<Number, Rejection> {
        let form = self.piece(self.piece_at(point)?)?.form;
        let slope = self.derivative(form, order)?;
        let value = Program::new(&self.table, slope).value(&[Number::Exact(point.clone())], self.precision);
        value.map_err(|error| Rejection::new(format!("a derivative is undefined at a point: {error:?}")))
    }

    /// Encloses a derivative of the cost over [lo, hi] in the domain, over all pieces it meets.
    pub(super) fn derivative_on(
        &self,
        lo: &Rational,
        hi: &Rational,
        order: usize,
        terms: usize,
    ) -> Result<Number, Rejection> {
        let mut hull: Option<Number> = None;
        for (index, part) in self.split(lo, hi)? {
            let program = Program::new(&self.table, self.piece(index)?.form);
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
    pub(super) fn split(&self, lo: &Rational, hi: &Rational) -> Result<Vec<(usize, Interval)>, Rejection> {
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

    /// A tail of the domain, checked to lie inside the outer piece.
    pub(super) fn ray(&self, side: Side, tail: &Tail, along: Option<&SequenceData>) -> Result<Ray, Rejection> {
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
    pub(super) fn form_on(&self, root: Id, ray: &Ray, others: &[Number]) -> Result<Form, Rejection> {
        let form = form_of(&Program::new(&self.table, root), ray, others);
        form.map_err(|error| Rejection::new(format!("the tail cannot be followed: {error:?}")))
    }

    /// The boxes and tails of a cover, checked to cover the piece without leaving the domain.
    pub(super) fn parts(&self, index: usize, cover: &Cover) -> Result<Parts, Rejection> {
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
    pub(super) fn reaches(&self, bound: &Bound, edge: &Rational, ray: Option<&Ray>, side: Side) -> bool {
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
    pub(super) fn check_cover(&self, index: usize, root: Id, cover: &Cover, strict: bool) -> Result<(), Rejection> {
        let parts = self.parts(index, cover)?;
        let program = Program::new(&self.table, root);
        require(!strict || !program.has_kinks(), "an absolute value is not resolved")?;
        for mut ray in parts.left.into_iter().chain(parts.right) {
            ray.strict = strict;
            self.form_on(root, &ray, &[]).within(|| "tail")?;
        }
        for (place, range) in parts.boxes.iter().enumerate() {
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

    /// Demands that the cost is continuously differentiable: analytic closed pieces whose slopes agree at breaks.
    pub(super) fn require_continuously_differentiable(&mut self) -> Result<(), Rejection> {
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
            let jump = self.table.substitute(jump, 0, at);
            require(self.is_zero(jump), "the slopes at a break are not shown to agree")?;
        }
        Ok(())
    }

    /// The sign of an expression on a tail.
    pub(super) fn sign_on_ray(&self, root: Id, ray: &Ray) -> Result<Option<Sign>, Rejection> {
        Ok(self.form_on(root, ray, &[])?.sign(ray.line()))
    }
}
