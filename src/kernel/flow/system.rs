//! A vector field that passed its checks: its tape, and for gradient flows the derivative of f as steps of their own.

use super::super::certificate::Exact;
use super::super::evaluate::Program;
use super::super::expr::{Id, Node, Table};
use super::super::interval::Interval;
use super::super::limits;
use super::super::network::Matrix;
use super::super::normal_form::{Decision, is_identically_zero};
use super::super::number::Number;
use super::super::print;
use super::super::theorem::{Rejection, Within, require};
use super::data::{Model, SystemData};
use super::models::{Draft, draft, name, require_variables_below};
use super::ring::{Intervals, Ring};
use super::slope::Slopes;
use super::tape::{Place, Tape};
use rug::Rational;
use std::collections::BTreeMap;

/// A vector field x' = F(x), where it starts, and what may disturb it.
#[derive(Clone, Debug)]
pub struct System {
    pub(super) tape: Tape,
    /// The steps that are F_1, ..., F_d.
    pub(super) speeds: Vec<Place>,
    /// Of a gradient flow of f(z(x)).
    pub(super) gradient: Option<Composite>,
    pub(super) start: Vec<[Rational; 2]>,
    /// An upper bound for the norm of all disturbances together.
    pub(super) disturbance: Option<Interval>,
    /// F in the coordinates and in letters for grad f: for what holds whatever f is.
    table: Table,
    lettered: Vec<Id>,
    names: Vec<String>,
    reading: String,
}

/// What makes a gradient flow: the cost f and what is put into it.
#[derive(Clone, Debug)]
pub(super) struct Composite {
    /// The steps z_1, ..., z_p.
    pub inner: Vec<Place>,
    /// The steps that are the derivatives of f at z.
    pub gates: Vec<Place>,
    /// f, for its values.
    pub value: Program,
    /// f itself as a tape in z.
    cost: Tape,
    /// D^2 f as a tape in z, row by row.
    pub curvature: Tape,
    /// The p x p entries of D^2 f.
    pub entries: Vec<Place>,
    /// Whether D^2 f is the same everywhere.
    pub quadratic: bool,
}

impl Composite {
    /// Demands that f is analytic on the range of z: elsewhere its derivatives may be defined where it is not.
    pub fn require_analytic<R: Ring>(&self, slopes: &Slopes<R>, precision: u32) -> Result<(), Rejection> {
        let ranges: Vec<Interval> = self.inner.iter().map(|place| slopes.value(*place)).collect();
        self.require_analytic_on(&ranges, precision)
    }

    /// Demands that f is analytic on a box for z.
    pub fn require_analytic_on(&self, ranges: &[Interval], precision: u32) -> Result<(), Rejection> {
        let plain = Intervals { precision };
        let cost = plain.slopes(&self.cost, ranges);
        cost.map_err(|error| Rejection::new(error.to_string()))
            .within(|| "cost")?;
        Ok(())
    }
}

impl System {
    /// Checks a vector field and its starts.
    ///
    /// Errors: a [`Rejection`] with the demand that failed. Panics: never.
    pub fn open(data: &SystemData) -> Result<Self, Rejection> {
        let table = Table::from_nodes(&data.nodes)
            .ok_or_else(|| Rejection::new("not a table of expressions"))
            .within(|| "nodes")?;
        let cost = cost(&data.model, &table).within(|| "model")?;
        let draft = draft(data, table).within(|| "model")?;
        let dimension = draft.speeds.len();
        require(dimension > 0, "there are no coordinates").within(|| "model")?;
        require(dimension <= limits::COORDINATES, "too many coordinates").within(|| "model")?;
        let start = starts(&data.start, dimension).within(|| "start")?;
        let disturbance = disturbance(&data.disturbance, draft.blocks.len()).within(|| "disturbance")?;
        draft.finish(cost, start, disturbance).within(|| "model")
    }

    /// The number of coordinates. Panics: never.
    pub fn dimension(&self) -> usize {
        self.speeds.len()
    }

    /// The number of elementary steps of everything, at least the dimension. Panics: never.
    pub(super) fn steps(&self) -> usize {
        let composite = self.gradient.as_ref();
        let others = composite.map_or(0, |composite| {
            composite
                .cost
                .steps()
                .len()
                .saturating_add(composite.curvature.steps().len())
        });
        self.tape.steps().len().saturating_add(others).max(self.dimension())
    }

    /// The kernel's reading of the field and the starts. Panics: never.
    pub fn reading(&self) -> &str {
        &self.reading
    }

    /// The names of the coordinates. Panics: never.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Encloses the cost over a box; `None` if there is none, or it may be undefined there. Panics: never.
    pub fn cost(&self, bounds: &[Interval], precision: u32) -> Option<Interval> {
        let composite = self.gradient.as_ref()?;
        let inner = self.product(bounds, precision)?;
        let inner: Vec<Number> = inner.into_iter().map(Number::from).collect();
        let value = composite.value.value(&inner, precision).ok()?;
        Some(value.interval(precision))
    }

    /// Encloses what is put into the cost over a box; `None` if there is no cost, or it may be undefined there. Panics: never.
    pub fn product(&self, bounds: &[Interval], precision: u32) -> Option<Vec<Interval>> {
        let composite = self.gradient.as_ref()?;
        let plain = Intervals { precision };
        let slopes = plain.slopes(&self.tape, bounds).ok()?;
        Some(composite.inner.iter().map(|place| slopes.value(*place)).collect())
    }

    /// Whether the flow is a gradient flow. Panics: never.
    pub fn is_gradient_flow(&self) -> bool {
        self.gradient.is_some()
    }

    /// An upper bound for the norm of what disturbs the flow. Panics: never.
    pub fn disturbance(&self) -> Option<&Interval> {
        self.disturbance.as_ref()
    }

    /// Whether nothing disturbs the flow. Panics: never.
    pub fn is_undisturbed(&self) -> bool {
        self.disturbance.is_none()
    }

    /// An expression in the names of the coordinates. Panics: never.
    pub fn print(&self, table: &Table, id: Id) -> String {
        print::print_named(table, id, &|variable| name(&self.names, variable))
    }

    /// Whether an expression in the coordinates is constant along the flow, whatever f is for a gradient flow.
    ///
    /// Errors: a [`Rejection`] if it has no derivative as an expression. Panics: never.
    pub(super) fn is_conserved(&self, table: &Table, quantity: Id) -> Result<bool, Rejection> {
        // Beyond the coordinates are the letters for grad f, which are not constant.
        require_variables_below(table, quantity, self.dimension())?;
        let mut work = self.table.clone();
        let quantity = work.import(table, quantity);
        let mut rate = work.number(0);
        for (number, speed) in self.lettered.iter().enumerate() {
            let variable = u16::try_from(number).map_err(|_| Rejection::new("too many coordinates"))?;
            if !work.mentions(quantity, variable) {
                continue;
            }
            let slope = work.derivative(quantity, variable);
            let slope = slope.map_err(|_| Rejection::new("the quantity has no derivative as an expression"))?;
            let term = work.insert(Node::Mul(slope, *speed));
            rate = work.insert(Node::Add(rate, term));
            require(work.nodes().len() <= limits::NODES, "the quantity is too long")?;
        }
        Ok(is_identically_zero(&work, rate) == Decision::Zero)
    }
}

impl Draft {
    fn finish(
        mut self,
        cost: Option<Tape>,
        start: Vec<[Rational; 2]>,
        disturbance: Option<Interval>,
    ) -> Result<System, Rejection> {
        let dimension = self.speeds.len();
        let mut tape = Tape::default();
        let gradient = match cost {
            Some(cost) => Some(self.composite(cost, &mut tape, dimension)?),
            None => None,
        };
        let letters: BTreeMap<u16, Place> = match &gradient {
            Some(composite) => (dimension..)
                .zip(&composite.gates)
                .filter_map(|(letter, gate)| Some((u16::try_from(letter).ok()?, *gate)))
                .collect(),
            None => BTreeMap::new(),
        };
        let known = dimension.saturating_add(letters.len());
        let mut speeds = Vec::new();
        for speed in &self.speeds {
            require_variables_below(&self.table, *speed, known)?;
            speeds.push(tape.add(&self.table, *speed, &letters)?);
        }
        let starts: Vec<String> = self
            .names
            .iter()
            .zip(&start)
            .map(|(name, ends)| starting(name, ends))
            .collect();
        Ok(System {
            tape,
            speeds,
            gradient,
            reading: format!("{}, {}", self.reading, starts.join(", ")),
            start,
            disturbance,
            table: self.table,
            lettered: self.speeds,
            names: self.names,
        })
    }

    /// Puts z and the derivatives of f on the tape.
    fn composite(&mut self, cost: Tape, tape: &mut Tape, dimension: usize) -> Result<Composite, Rejection> {
        let none = BTreeMap::new();
        let value = self.cost.ok_or_else(|| Rejection::new("there is no cost"))?;
        let mut inner = Vec::new();
        for entry in &self.inner {
            require_variables_below(&self.table, *entry, dimension)?;
            inner.push(tape.add(&self.table, *entry, &none)?);
        }
        let variables = self.variables(self.inner.len())?;
        let replacements: BTreeMap<Id, Id> = variables.into_iter().zip(self.inner.iter().copied()).collect();
        let mut gates = Vec::new();
        for slope in &self.outer {
            require_variables_below(&self.table, *slope, self.inner.len())?;
            let slope = self.table.replace(*slope, &replacements);
            let gate = tape.add(&self.table, slope, &none)?;
            // The logarithmic norm may count a gate as a constant, but not the same expression somewhere else.
            gates.push(tape.copy(gate));
        }
        let (mut curvature, mut entries, mut quadratic) = (Tape::default(), Vec::new(), true);
        for slope in &self.outer {
            for number in 0..self.outer.len() {
                let variable = u16::try_from(number).map_err(|_| Rejection::new("too many entries"))?;
                let second = self.table.derivative(*slope, variable);
                let second = second.map_err(|_| Rejection::new("the cost has no derivative as an expression"))?;
                require(self.table.nodes().len() <= limits::DERIVED_NODES, "too long a cost")?;
                quadratic &= is_constant(&self.table, second);
                entries.push(curvature.add(&self.table, second, &none)?);
            }
        }
        Ok(Composite {
            inner,
            gates,
            value: Program::new(&self.table, value),
            cost,
            curvature,
            entries,
            quadratic,
        })
    }

    /// The first so many variables as places of the table.
    fn variables(&mut self, count: usize) -> Result<Vec<Id>, Rejection> {
        let letters = Matrix::letters(&mut self.table, 0, count, 1);
        Ok(letters
            .ok_or_else(|| Rejection::new("too many entries"))?
            .entries()
            .to_vec())
    }
}

/// Whether an expression has no variables.
fn is_constant(table: &Table, root: Id) -> bool {
    let is_variable = |id: Id| matches!(table.node(id), Some(Node::Variable(_)));
    !table.reachable(root).into_iter().any(is_variable)
}

/// `x = 1/2`, or `x in [0, 1]`.
fn starting(name: &str, [lo, hi]: &[Rational; 2]) -> String {
    if lo == hi {
        format!("{name}(0) = {lo}")
    } else {
        format!("{name}(0) in [{lo}, {hi}]")
    }
}

/// The starts, an interval each.
fn starts(data: &[[Exact; 2]], dimension: usize) -> Result<Vec<[Rational; 2]>, Rejection> {
    require(data.len() == dimension, "not one interval per coordinate")?;
    require(data.iter().all(|[lo, hi]| lo.0 <= hi.0), "an empty interval")?;
    Ok(data.iter().map(|[lo, hi]| [lo.0.clone(), hi.0.clone()]).collect())
}

/// The norm of all disturbances together.
fn disturbance(data: &[Exact], blocks: usize) -> Result<Option<Interval>, Rejection> {
    const PRECISION: u32 = 64;
    if data.is_empty() {
        return Ok(None);
    }
    require(data.len() == blocks, "not one bound per layer")?;
    require(data.iter().all(|bound| bound.0 >= 0), "a negative bound")?;
    let zero = Interval::point(&Rational::new(), PRECISION);
    let squares = data
        .iter()
        .fold(zero, |sum, bound| sum.add(&Interval::point(&bound.0, PRECISION).sqr()));
    let norm = squares.sqrt().map_err(|error| Rejection::new(error.to_string()))?;
    Ok(Some(norm))
}

/// f as a tape in z, for a gradient flow.
fn cost(model: &Model, table: &Table) -> Result<Option<Tape>, Rejection> {
    let cost = match model {
        Model::Field { .. } => return Ok(None),
        Model::Gradient { cost, .. } | Model::Linear { cost, .. } | Model::Neuron { cost, .. } => *cost,
    };
    let mut tape = Tape::default();
    tape.add(table, cost, &BTreeMap::new())?;
    Ok(Some(tape))
}
