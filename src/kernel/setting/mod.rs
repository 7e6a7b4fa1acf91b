//! The cost as the rules see it: an open interval cut into pieces, each with an analytic form.

mod cover;
mod pieces;
mod work;

use super::certificate::{PieceData, Resolution, SettingData, Side};
use super::evaluate::Program;
use super::expr::{Function, Id, Node, Table};
use super::interval::Interval;
use super::limits;
use super::normal_form::{Decision, is_identically_zero};
use super::number::Number;
use super::polynomial::End;
use super::theorem::{Rejection, Within, require};
use rug::Rational;
use std::cell::Cell;
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
    /// Whether this is a break at exactly this rational number.
    pub(super) fn is_exactly(&self, point: &Rational) -> bool {
        matches!(self, Bound::Break { exact: Some(exact), .. } if exact == point)
    }

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
    /// How many nodes the certificate gave; the ones after them are the kernel's own.
    given: usize,
    /// The units of work that are left.
    account: Cell<u64>,
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
            given: data.nodes.len(),
            account: Cell::new(limits::WORK),
        };
        setting.require_given(data.cost)?;
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
            self.require_given(piece.form)?;
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
        self.require_given(at)?;
        require(!self.table.mentions(at, 0), "not a constant expression")?;
        let program = Program::new(&self.table, at);
        self.pay_evaluation(&program, 0)?;
        let value = program.value(&[], self.precision);
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
        let cover = || {
            data.defined
                .as_ref()
                .ok_or_else(|| Rejection::new("`defined` is missing"))
        };
        let mut replaced: BTreeMap<Id, Id> = BTreeMap::new();
        for (place, resolution) in data.resolutions.iter().enumerate() {
            let at = || format!("resolutions[{place}]");
            let needed = self.check_resolution(index, resolution, &replaced).within(at)?;
            for root in needed {
                self.check_cover(index, root, cover()?, false).within(at)?;
            }
            replaced.insert(resolution.node, resolution.by);
        }
        // What was resolved is defined because its argument is; the rest is looked at after the replacements.
        let resolved = self.table.replace(self.cost, &replaced);
        self.require_equal(data.form, resolved).within(|| "form")?;
        if data.form != self.cost || data.analytic.is_none() {
            self.check_cover(index, resolved, cover()?, false)
                .within(|| "defined")?;
            if data.analytic.is_none() {
                self.check_cover(index, data.form, cover()?, false)
                    .within(|| "defined")?;
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

    /// Checks one replacement; its argument is read with the replacements before it, which are equal on the piece.
    /// Gives the expressions that must be defined for the resolved node to be.
    fn check_resolution(
        &mut self,
        index: usize,
        resolution: &Resolution,
        before: &BTreeMap<Id, Id>,
    ) -> Result<Vec<Id>, Rejection> {
        self.require_given(resolution.by)?;
        self.require_given(resolution.node)?;
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
        let argument = self.table.replace(argument, before);
        let power = self.table.insert(Node::Power(resolution.by, outer));
        let radicand = self.table.insert(Node::Power(argument, inner.clone()));
        self.require_equal(power, radicand)?;
        let signs = self.check_chart(index, resolution.by, 0, &resolution.nonnegative)?;
        require(signs.is_nonnegative(), "the replacement is negative somewhere")?;
        // u^p = by^q >= 0 with p odd makes u >= 0, so the root exists; an even p says nothing about u.
        let root_exists = *exponent.denom() == 1 || inner.numer().is_odd();
        let original = if root_exists {
            argument
        } else {
            self.table.insert(Node::Power(argument, exponent))
        };
        Ok(vec![original, resolution.by])
    }

    /// Demands that an expression named by a certificate is one that it brought along.
    pub(super) fn require_given(&self, id: Id) -> Result<(), Rejection> {
        require(
            id.index() < self.given,
            "an expression that is not in the list of nodes",
        )
    }

    /// The expression with a constant, or its mirror image, in place of w. Errors: beyond [`limits::NODES`].
    pub(super) fn substitute(&mut self, root: Id, value: Id) -> Result<Id, Rejection> {
        let replaced = self.table.substitute(root, 0, value);
        require(
            self.table.nodes().len() <= limits::NODES,
            "the expressions are too large",
        )?;
        Ok(replaced)
    }

    /// Demands that two expressions are equal wherever both are defined.
    pub(super) fn require_equal(&mut self, a: Id, b: Id) -> Result<(), Rejection> {
        if a == b {
            return Ok(());
        }
        self.pay_zero_test()?;
        let difference = self.table.insert(Node::Sub(a, b));
        match is_identically_zero(&self.table, difference) {
            Decision::Zero => Ok(()),
            _ => Err(Rejection::new("two expressions are not shown to be equal")),
        }
    }

    /// Whether a constant expression is shown to be 0: exactly, or by the zero test.
    pub(super) fn is_zero(&self, constant: Id) -> Result<bool, Rejection> {
        let program = Program::new(&self.table, constant);
        self.pay_evaluation(&program, 0)?;
        Ok(match program.value(&[], self.precision) {
            Ok(Number::Exact(value)) => value == 0,
            Ok(value) if value.is_nonzero() => false,
            Ok(_) => {
                self.pay_zero_test()?;
                is_identically_zero(&self.table, constant) == Decision::Zero
            }
            Err(_) => false,
        })
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
}
