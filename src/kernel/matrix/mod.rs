//! Hypotheses about a cost f of a matrix W on an open set: where each argument for them is checked.
//!
//! The entries of W, row by row, are the coordinates of the space, and |x| is the Frobenius norm; of a symmetric W those
//! on and above the diagonal, and |x| is their Euclidean norm. Everything is decided by
//! the zero test, by exact linear algebra, by enclosures, or by the scalar rules on costs of one variable that the
//! kernel derives itself.

mod coercive;
mod convex;
mod critical;
mod curve;
pub mod data;
mod domain;
mod quadratic;
mod reduce;
mod rules;
mod scalar;
mod sign;
mod subdivision;
pub mod substitute;

#[cfg(test)]
#[allow(
    clippy::arithmetic_side_effects,
    clippy::float_arithmetic,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test may panic, and its numbers are its own"
)]
mod tests;

pub use coercive::{barrier_cost, negated, outer_function};
pub use convex::{Shape, curvature_of};
pub use curve::{ratio_on, reciprocal_gap_on, restricted};
pub use quadratic::Quadratic;
pub use reduce::{diagonal_mean, line};
pub use sign::{Demand, guards};
pub use subdivision::cube;

use super::certificate::Exact;
use super::evaluate::Program;
use super::expr::{Function, Id, Node, Table};
use super::limits;
use super::normal_form::{Decision, decide};
use super::number::Number;
use super::print::print_named;
use super::theorem::{Rejection, Within, require};
use data::{Constraint, CostData};
use domain::Condition;
use rug::Rational;
use std::collections::BTreeSet;

/// The work that one claim may take, apart from costs of one variable: products of terms, and nodes.
const WORK: u64 = 1 << 26;
/// The work that the costs of one variable of one claim may take: four times that of one of them.
const SCALAR_WORK: u64 = 1 << 32;

/// A length as a number of units.
fn size_of(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// n (n + 1) / 2.
fn triangle(size: usize) -> usize {
    size.saturating_mul(size.saturating_add(1)) >> 1
}

/// A cost whose domain and definedness passed their checks.
#[derive(Clone, Debug)]
pub struct Cost {
    table: Table,
    root: Id,
    rows: usize,
    columns: usize,
    /// W is symmetric, with one coordinate for each entry on and above the diagonal.
    definite: bool,
    domain: Vec<Condition>,
    /// A box that contains the domain.
    region: Vec<Number>,
    precision: u32,
    /// How many nodes the certificate gave.
    given: usize,
    /// Every reason for being defined is strict, and there is no kink: the cost is analytic.
    analytic: bool,
    gradient: Vec<Id>,
    /// The work that is left.
    work: u64,
    /// The work that is left for costs of one variable.
    scalar_work: u64,
}

impl Cost {
    /// Checks a cost: its shape, its domain, and that it is defined there.
    ///
    /// Errors: a [`Rejection`] with the address of the demand that failed. Panics: never.
    pub fn open(data: &CostData) -> Result<Self, Rejection> {
        let table = Table::from_nodes(&data.nodes)
            .ok_or_else(|| Rejection::new("not a table of expressions"))
            .within(|| "nodes")?;
        require(limits::PRECISION.contains(&data.precision), "precision is out of range")?;
        let (rows, columns) = (usize::from(data.rows), usize::from(data.columns));
        require(!data.definite || rows == columns, "a definite matrix is square").within(|| "definite")?;
        let entries = if data.definite {
            triangle(rows)
        } else {
            rows.saturating_mul(columns)
        };
        require((1..=limits::COST_ENTRIES).contains(&entries), "the shape of W").within(|| "rows")?;
        let known = |node: &Node| !matches!(node, Node::Variable(name) if usize::from(*name) >= entries);
        require(table.nodes().iter().all(known), "an entry that W does not have").within(|| "nodes")?;
        let mut cost = Cost {
            table,
            root: data.cost,
            rows,
            columns,
            definite: data.definite,
            domain: Vec::new(),
            region: Vec::new(),
            precision: data.precision,
            given: data.nodes.len(),
            analytic: false,
            gradient: Vec::new(),
            work: WORK,
            scalar_work: SCALAR_WORK,
        };
        cost.require_given(data.cost).within(|| "cost")?;
        if cost.definite {
            cost.leading_minors()?;
        }
        for (place, condition) in data.domain.iter().enumerate() {
            cost.condition(condition).within(|| format!("domain[{place}]"))?;
        }
        cost.region = cost.region()?;
        cost.analytic = cost.defined(&data.defined)?;
        // An absolute value away from its kink is analytic, but the table has no derivative for it.
        let kinks = cost
            .table
            .reachable(cost.root)
            .into_iter()
            .any(|id| matches!(cost.table.node(id), Some(Node::Apply(Function::Abs, _))));
        if cost.analytic && !kinks {
            cost.gradient = cost.gradient_of(cost.root)?;
        }
        Ok(cost)
    }

    /// The kernel's reading of the cost and its domain. Panics: never.
    pub fn reading(&self) -> String {
        let name = |variable: u16| self.name(variable);
        let text = print_named(&self.table, self.root, &name);
        let shape = format!("{} x {}", self.rows, self.columns);
        let given = self.domain.iter().filter(|condition| !condition.leading);
        let conditions: Vec<String> = given.map(|condition| condition.text.clone()).collect();
        let kind = if self.definite {
            "symmetric positive definite "
        } else {
            ""
        };
        let domain = match (conditions.is_empty(), self.definite) {
            (true, false) => format!("all {shape} matrices"),
            (true, true) => format!("the {kind}{shape} matrices"),
            (false, _) => format!("the {kind}{shape} matrices with {}", conditions.join(" and ")),
        };
        format!("f(W) = {text} on {domain}")
    }

    /// The name of a coordinate.
    fn name(&self, variable: u16) -> String {
        let variable = usize::from(variable);
        let mut places = (0..self.rows).flat_map(|row| (0..self.columns).map(move |column| (row, column)));
        let found = places.find(|(row, column)| self.place(*row, *column) == variable);
        let (row, column) = found.unwrap_or_default();
        format!("W[{},{}]", row.saturating_add(1), column.saturating_add(1))
    }

    /// The number of coordinates: entries of W, of a symmetric one those on and above the diagonal.
    fn size(&self) -> usize {
        if self.definite {
            triangle(self.rows)
        } else {
            self.rows.saturating_mul(self.columns)
        }
    }

    /// The coordinate that an entry is.
    fn place(&self, row: usize, column: usize) -> usize {
        if self.definite {
            let (low, high) = (row.min(column), row.max(column));
            // The rows above hold n, n - 1, ... coordinates.
            let above = low.saturating_mul(self.rows).saturating_sub(triangle(low));
            above.saturating_add(high)
        } else {
            row.saturating_mul(self.columns).saturating_add(column)
        }
    }

    /// The rows of the matrix with these coordinates.
    fn matrix(&self, point: &[Rational]) -> Vec<Vec<Rational>> {
        let entry = |row: usize, column: usize| point.get(self.place(row, column)).cloned().unwrap_or_default();
        let row = |row: usize| (0..self.columns).map(|column| entry(row, column)).collect();
        (0..self.rows).map(row).collect()
    }

    /// A rational matrix as it is written in a file.
    fn text(&self, point: &[Rational]) -> String {
        let entries: Vec<String> = point.iter().map(ToString::to_string).collect();
        self.written(&entries)
    }

    /// Coordinates as a matrix.
    fn written(&self, entries: &[String]) -> String {
        let entry = |row: usize, column: usize| entries.get(self.place(row, column)).map_or("", String::as_str);
        let row = |row: usize| {
            let entries: Vec<&str> = (0..self.columns).map(|column| entry(row, column)).collect();
            format!("[{}]", entries.join(", "))
        };
        let rows: Vec<String> = (0..self.rows).map(row).collect();
        format!("[{}]", rows.join(", "))
    }

    /// Whether the domain is the whole space.
    fn is_everywhere(&self) -> bool {
        self.domain.is_empty()
    }

    /// The place of a coordinate in the table.
    fn variable(&mut self, place: usize) -> Result<Id, Rejection> {
        let name = u16::try_from(place).map_err(|_| Rejection::new("too many entries"))?;
        require(place < self.size(), "an entry that W does not have")?;
        Ok(self.table.insert(Node::Variable(name)))
    }

    /// Demands that an expression named by a certificate is one that it brought along.
    fn require_given(&self, id: Id) -> Result<(), Rejection> {
        require(
            id.index() < self.given,
            "an expression that is not in the list of nodes",
        )
    }

    /// Demands that an expression is a polynomial in the entries, so that it is defined everywhere.
    fn require_polynomial(&self, id: Id) -> Result<(), Rejection> {
        let whole = |node: &Node| match node {
            Node::Number(_) | Node::Variable(_) | Node::Add(..) | Node::Sub(..) | Node::Mul(..) | Node::Neg(_) => true,
            Node::Power(_, exponent) => *exponent.denom() == 1 && *exponent >= 0,
            Node::Div(_, by) => matches!(self.table.node(*by), Some(Node::Number(value)) if *value != 0),
            Node::Pi | Node::Apply(..) => false,
        };
        let parts = self.table.reachable(id);
        let mut nodes = parts.iter().filter_map(|part| self.table.node(*part));
        require(nodes.all(whole), "not a polynomial in the entries")
    }

    /// Demands that an expression is defined on the domain: what it divides by, and the arguments of its functions, are
    /// those of parts of the cost, which is defined there.
    fn require_part(&self, id: Id) -> Result<(), Rejection> {
        let own: BTreeSet<Id> = self.table.reachable(self.root).into_iter().collect();
        let total = |part: &Id| {
            own.contains(part)
                || match self.table.node(*part) {
                    Some(Node::Power(_, exponent)) => *exponent.denom() == 1 && *exponent >= 0,
                    Some(Node::Div(_, by)) => matches!(self.table.node(*by), Some(Node::Number(value)) if *value != 0),
                    Some(Node::Apply(..)) | None => false,
                    Some(_) => true,
                }
        };
        let parts = self.table.reachable(id);
        require(
            parts.iter().all(total),
            "an expression that is no part of the cost and no polynomial",
        )
    }

    /// Pays for the elimination of a rational matrix: its entries grow with every step.
    fn pay_elimination(&mut self, rows: &[Vec<Rational>]) -> Result<(), Rejection> {
        let bits = |value: &Rational| u64::from(value.numer().significant_bits().max(value.denom().significant_bits()));
        let longest = rows.iter().flatten().map(bits).max().unwrap_or(0);
        let size = size_of(rows.len());
        let words = (size.saturating_mul(longest) >> 6).saturating_add(1);
        let steps = size.saturating_mul(size).saturating_mul(size);
        // Products of long numbers cost more than their length.
        self.pay(steps.saturating_mul(words.saturating_add(words.saturating_mul(words) >> 5)) >> 3)
    }

    /// As much work as at the beginning: each claim has its own allowance.
    pub fn adjourn(&mut self) {
        self.work = WORK;
        self.scalar_work = SCALAR_WORK;
    }

    /// Takes work off the account. Errors: if there is not enough left.
    fn pay(&mut self, units: u64) -> Result<(), Rejection> {
        let left = self.work.checked_sub(units);
        self.work = left.ok_or_else(|| Rejection::new("the certificate asks for too much work"))?;
        Ok(())
    }

    /// Whether an expression is shown to vanish wherever it is defined.
    fn vanishes(&mut self, root: Id) -> Result<bool, Rejection> {
        let nodes = self.table.nodes().len();
        require(nodes <= limits::DERIVED_NODES, "the expressions are too large")?;
        self.pay(u64::try_from(nodes).unwrap_or(u64::MAX))?;
        let (decision, used) = decide(&self.table, root);
        self.pay(used)?;
        Ok(decision == Decision::Zero)
    }

    /// Demands that two expressions are equal wherever both are defined.
    fn require_equal(&mut self, a: Id, b: Id, why: &str) -> Result<(), Rejection> {
        if a == b {
            return Ok(());
        }
        let difference = self.table.insert(Node::Sub(a, b));
        require(self.vanishes(difference)?, why)
    }

    /// All partial derivatives of an expression.
    fn gradient_of(&mut self, root: Id) -> Result<Vec<Id>, Rejection> {
        let size = u16::try_from(self.size()).unwrap_or(u16::MAX);
        let mut slopes = Vec::with_capacity(self.size());
        for variable in 0..size {
            let slope = self.table.derivative(root, variable);
            slopes.push(slope.map_err(|_| Rejection::new("an absolute value has no derivative"))?);
            require(
                self.table.nodes().len() <= limits::DERIVED_NODES,
                "the derivatives are too large",
            )?;
        }
        Ok(slopes)
    }

    /// The gradient of the cost. Errors: unless the cost was shown to be analytic.
    fn gradient(&self) -> Result<Vec<Id>, Rejection> {
        require(
            self.analytic && !self.gradient.is_empty(),
            "the cost is not shown to be analytic, or has no derivative as it is written",
        )?;
        Ok(self.gradient.clone())
    }

    /// The value of an expression at a rational matrix.
    fn value_at(&self, root: Id, point: &[Rational]) -> Result<Number, Rejection> {
        let point: Vec<Number> = point.iter().cloned().map(Number::Exact).collect();
        self.value_on(root, &point)
    }

    /// An enclosure of an expression on a box.
    fn value_on(&self, root: Id, region: &[Number]) -> Result<Number, Rejection> {
        let value = Program::new(&self.table, root).value(region, self.precision);
        value.map_err(|error| Rejection::new(format!("undefined: {error:?}")))
    }

    /// The point of a certificate, which must lie in the domain.
    fn point(&self, at: &[Exact]) -> Result<Vec<Rational>, Rejection> {
        require(at.len() == self.size(), "a point with another number of entries")?;
        let point: Vec<Rational> = at.iter().map(|value| value.0.clone()).collect();
        self.require_inside(&point.iter().cloned().map(Number::Exact).collect::<Vec<_>>())?;
        Ok(point)
    }

    /// Demands that all of a box lies in the domain.
    fn require_inside(&self, region: &[Number]) -> Result<(), Rejection> {
        for condition in &self.domain {
            let value = self.value_on(condition.of, region)?;
            let holds = if condition.strict {
                value.is_positive()
            } else {
                value.is_nonzero()
            };
            require(holds, "not inside the domain")?;
        }
        Ok(())
    }

    /// Whether a rational matrix lies in the domain.
    fn contains(&self, point: &[Rational]) -> bool {
        let point: Vec<Number> = point.iter().cloned().map(Number::Exact).collect();
        self.require_inside(&point).is_ok()
    }

    /// Whether a rational matrix is of full rank.
    fn is_nonsingular(&self, point: &[Rational]) -> bool {
        super::linear::rank(&self.matrix(point)) == self.rows.min(self.columns)
    }

    /// The squared Frobenius norm of W - centre.
    fn square_of_distance(&mut self, centre: &[Rational]) -> Result<Id, Rejection> {
        let mut sum = None;
        for place in 0..self.size() {
            let entry = self.variable(place)?;
            let middle = centre.get(place).cloned().unwrap_or_default();
            let middle = self.table.number(middle);
            let shifted = self.table.insert(Node::Sub(entry, middle));
            let square = self.table.insert(Node::Power(shifted, Rational::from(2)));
            sum = Some(sum.map_or(square, |sum| self.table.insert(Node::Add(sum, square))));
        }
        sum.ok_or_else(|| Rejection::new("W has no entries"))
    }

    /// det W, written out. Errors: unless W is square and of at most 6 rows.
    fn determinant(&mut self) -> Result<Id, Rejection> {
        require(self.rows == self.columns, "W is not square")?;
        require(self.rows <= 6, "the determinant is too large to be written out")?;
        let columns: Vec<usize> = (0..self.columns).collect();
        self.minor(0, &columns)
    }

    /// The determinant of the rows from `row` on and as many columns.
    fn minor(&mut self, row: usize, columns: &[usize]) -> Result<Id, Rejection> {
        let mut sum = None;
        for (place, column) in columns.iter().enumerate() {
            let entry = self.variable(self.place(row, *column))?;
            let rest: Vec<usize> = columns.iter().copied().filter(|other| other != column).collect();
            let term = if rest.is_empty() {
                entry
            } else {
                // The depth is at most 6.
                let minor = self.minor(row.saturating_add(1), &rest)?;
                self.table.insert(Node::Mul(entry, minor))
            };
            sum = Some(match sum {
                None => term,
                Some(sum) if place & 1 == 0 => self.table.insert(Node::Add(sum, term)),
                Some(sum) => self.table.insert(Node::Sub(sum, term)),
            });
        }
        sum.ok_or_else(|| Rejection::new("W has no entries"))
    }
}
