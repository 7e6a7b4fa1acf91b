//! A vector field that passed its checks: its tape, and for gradient flows the derivative of f as steps of their own.

use super::super::certificate::Exact;
use super::super::evaluate::Program;
use super::super::expr::{Function, Id, Node, Table};
use super::super::interval::Interval;
use super::super::limits;
use super::super::network::data::NetworkData;
use super::super::network::{Matrix, Network};
use super::super::normal_form::{Decision, is_identically_zero};
use super::super::number::Number;
use super::super::print;
use super::super::theorem::{Rejection, Within, require};
use super::data::{Model, SystemData};
use super::slope::Slopes;
use super::tape::{Place, Tape};
use rug::Rational;
use std::collections::{BTreeMap, BTreeSet};

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
    pub fn require_analytic(&self, slopes: &Slopes, precision: u32) -> Result<(), Rejection> {
        let ranges: Vec<Interval> = self.inner.iter().map(|place| slopes.value(*place)).collect();
        let cost = Slopes::new(&self.cost, &ranges, &[], &[], precision);
        cost.map_err(|error| Rejection::new(error.to_string()))
            .within(|| "cost")?;
        Ok(())
    }
}

/// A field before it is turned into a tape.
struct Draft {
    table: Table,
    /// In the coordinates and in letters for grad f, which are the variables from the dimension on.
    speeds: Vec<Id>,
    /// z in the coordinates, and the derivatives of f in the coordinates and in z.
    inner: Vec<Id>,
    outer: Vec<Id>,
    /// f, in z.
    cost: Option<Id>,
    names: Vec<String>,
    /// The number of coordinates of every block.
    blocks: Vec<usize>,
    reading: String,
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
        let slopes = Slopes::new(&self.tape, bounds, &[], &[], precision).ok()?;
        let inner: Vec<Number> = composite
            .inner
            .iter()
            .map(|place| Number::from(slopes.value(*place)))
            .collect();
        let value = composite.value.value(&inner, precision).ok()?;
        Some(value.interval(precision))
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

/// The name of a variable: a coordinate, or a letter for a derivative of f.
fn name(names: &[String], variable: u16) -> String {
    let place = usize::from(variable);
    let letter = || format!("G[{}]", place.saturating_sub(names.len()).saturating_add(1));
    names.get(place).cloned().unwrap_or_else(letter)
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
                let variables = 0..u16::try_from(self.inner.len()).unwrap_or(u16::MAX);
                quadratic &= variables
                    .into_iter()
                    .all(|variable| !self.table.mentions(second, variable));
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

/// `x = 1/2`, or `x in [0, 1]`.
fn starting(name: &str, [lo, hi]: &[Rational; 2]) -> String {
    if lo == hi {
        format!("{name}(0) = {lo}")
    } else {
        format!("{name}(0) in [{lo}, {hi}]")
    }
}

/// Demands that an expression has no variable of this number or a higher one.
fn require_variables_below(table: &Table, root: Id, count: usize) -> Result<(), Rejection> {
    require(table.node(root).is_some(), "there is no such expression")?;
    let foreign = table.reachable(root).into_iter().any(|id| match table.node(id) {
        Some(Node::Variable(number)) => usize::from(*number) >= count,
        _ => false,
    });
    require(!foreign, "a variable that is no coordinate")
}

/// The starts, an interval each.
fn starts(data: &[[Exact; 2]], dimension: usize) -> Result<Vec<[Rational; 2]>, Rejection> {
    require(data.len() == dimension, "not one interval per coordinate")?;
    require(data.iter().all(|[lo, hi]| lo.0 <= hi.0), "an empty interval")?;
    Ok(data.iter().map(|[lo, hi]| [lo.0.clone(), hi.0.clone()]).collect())
}

/// The names that were given, or numbers.
fn names(given: &[String], count: usize) -> Result<Vec<String>, Rejection> {
    if given.is_empty() {
        return Ok((1..=count).map(|number| format!("x[{number}]")).collect());
    }
    let plain = |name: &String| {
        let is_word = name
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
        is_word && name.starts_with(|first: char| first.is_ascii_alphabetic()) && name.len() <= limits::NAME
    };
    require(given.len() == count, "not one name per coordinate").within(|| "names")?;
    require(given.iter().all(plain), "not a name").within(|| "names")?;
    let functions = Function::ALL.map(Function::name);
    let taken = |name: &String| name == "pi" || name == "sqrt" || functions.contains(&name.as_str());
    require(!given.iter().any(taken), "the name of a function").within(|| "names")?;
    let different: BTreeSet<&String> = given.iter().collect();
    require(different.len() == count, "a name is used twice").within(|| "names")?;
    Ok(given.to_vec())
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

/// Derives the field of a model.
fn draft(data: &SystemData, mut table: Table) -> Result<Draft, Rejection> {
    match &data.model {
        Model::Field { speeds } => {
            let names = names(&data.names, speeds.len())?;
            for speed in speeds {
                require_variables_below(&table, *speed, names.len())?;
            }
            let shown = speeds.iter().zip(&names).map(|(speed, own)| {
                let speed = print::print_named(&table, *speed, &|variable| name(&names, variable));
                format!("{own}' = {speed}")
            });
            let reading = shown.collect::<Vec<_>>().join(", ");
            Ok(Draft {
                table,
                speeds: speeds.clone(),
                inner: Vec::new(),
                outer: Vec::new(),
                cost: None,
                blocks: vec![names.len()],
                names,
                reading,
            })
        }
        Model::Gradient { cost, dimension } => {
            let dimension = usize::from(*dimension);
            require(dimension <= limits::COST_ENTRIES, "too many coordinates")?;
            require_variables_below(&table, *cost, dimension)?;
            let names = names(&data.names, dimension)?;
            let shown = print::print_named(&table, *cost, &|variable| name(&names, variable));
            let outer = derivatives(&mut table, *cost, dimension)?;
            let inner = variables(&mut table, 0, dimension)?;
            let letters = variables(&mut table, dimension, dimension)?;
            let speeds = letters
                .into_iter()
                .map(|letter| table.insert(Node::Neg(letter)))
                .collect();
            Ok(Draft {
                table,
                speeds,
                inner,
                outer,
                cost: Some(*cost),
                names,
                blocks: vec![dimension],
                reading: format!("x' = -grad f, f(x) = {shown}"),
            })
        }
        Model::Linear { .. } | Model::Neuron { .. } if !data.names.is_empty() => {
            Err(Rejection::new("the coordinates of a network have names already").within("names"))
        }
        Model::Linear { cost, widths } => linear(data, *cost, widths),
        Model::Neuron { cost, activation } => neuron(table, *cost, *activation),
    }
}

fn variables(table: &mut Table, first: usize, count: usize) -> Result<Vec<Id>, Rejection> {
    let letters = Matrix::letters(table, first, count, 1);
    Ok(letters
        .ok_or_else(|| Rejection::new("too many coordinates"))?
        .entries()
        .to_vec())
}

/// The derivatives by the first variables.
fn derivatives(table: &mut Table, cost: Id, count: usize) -> Result<Vec<Id>, Rejection> {
    let slopes = (0..count).map(|number| {
        let variable = u16::try_from(number).map_err(|_| Rejection::new("too many coordinates"))?;
        let slope = table.derivative(cost, variable);
        slope.map_err(|_| Rejection::new("the cost has no derivative as an expression"))
    });
    slopes.collect()
}

/// The flow of f(w2 sigma(w1)).
fn neuron(mut table: Table, cost: Id, activation: Id) -> Result<Draft, Rejection> {
    require_variables_below(&table, cost, 1)?;
    require_variables_below(&table, activation, 1)?;
    let shown = print::print(&table, cost);
    let sigma = print::print(&table, activation);
    let outer = derivatives(&mut table, cost, 1)?;
    let slope = derivatives(&mut table, activation, 1)?;
    let [second, letter] = [1, 2].map(|number| table.insert(Node::Variable(number)));
    let product = table.insert(Node::Mul(second, activation));
    let below = table.insert(Node::Mul(letter, activation));
    let mut speeds = Vec::new();
    for slope in slope {
        let pull = table.insert(Node::Mul(second, slope));
        let pull = table.insert(Node::Mul(letter, pull));
        speeds.push(table.insert(Node::Neg(pull)));
    }
    speeds.push(table.insert(Node::Neg(below)));
    Ok(Draft {
        table,
        speeds,
        inner: vec![product],
        outer,
        cost: Some(cost),
        names: vec!["w1".to_owned(), "w2".to_owned()],
        blocks: vec![1, 1],
        reading: format!("gradient flow of f(w2*sigma(w1)), f(w) = {shown}, sigma(w) = {sigma}"),
    })
}

/// The flow of f(W_N ... W_1).
fn linear(data: &SystemData, cost: Id, widths: &[u16]) -> Result<Draft, Rejection> {
    let network = Network::open(&NetworkData {
        nodes: data.nodes.clone(),
        cost,
        widths: widths.to_vec(),
    })?;
    let sizes: Vec<(usize, usize)> = widths
        .windows(2)
        .filter_map(|pair| match pair {
            [columns, rows] => Some((usize::from(*rows), usize::from(*columns))),
            _ => None,
        })
        .collect();
    let field = network.vector_field()?;
    let mut table = field.table;
    let entries = field.gradient.entries().len();
    let dimension: usize = sizes.iter().fold(0, |sum, (rows, columns)| {
        sum.saturating_add(rows.saturating_mul(*columns))
    });
    require(dimension <= limits::COORDINATES, "too many coordinates")?;
    // The network counts entries of W, letters for grad f, coordinates; here it is coordinates, letters.
    let theirs = variables(&mut table, entries.saturating_mul(2), dimension)?;
    let letters = variables(&mut table, entries, entries)?;
    let ours = variables(&mut table, 0, dimension)?;
    let gates = variables(&mut table, dimension, entries)?;
    let replacements: BTreeMap<Id, Id> = theirs
        .into_iter()
        .zip(ours)
        .chain(letters.into_iter().zip(gates))
        .collect();
    let speeds = field.speeds.iter().flat_map(|layer| layer.entries().to_vec());
    let speeds: Vec<Id> = speeds.collect();
    let speeds = speeds
        .into_iter()
        .map(|speed| table.replace(speed, &replacements))
        .collect();
    let (product, names) = product(&mut table, &sizes).ok_or_else(|| Rejection::new("shapes that do not fit"))?;
    Ok(Draft {
        speeds,
        inner: product.entries().to_vec(),
        outer: field.gradient.entries().to_vec(),
        cost: Some(cost),
        names,
        blocks: sizes
            .iter()
            .map(|(rows, columns)| rows.saturating_mul(*columns))
            .collect(),
        reading: format!("gradient flow of {}", network.reading()),
        table,
    })
}

/// W_N ... W_1 in the coordinates, and the names of those.
fn product(table: &mut Table, sizes: &[(usize, usize)]) -> Option<(Matrix, Vec<String>)> {
    let (mut first, mut names, mut product) = (0usize, Vec::new(), None);
    let vectors = matches!(sizes, [(_, 1), (1, _)]);
    for (layer, (rows, columns)) in (1..).zip(sizes) {
        let letters = Matrix::letters(table, first, *rows, *columns)?;
        first = first.checked_add(letters.entries().len())?;
        for row in 1..=*rows {
            names.extend((1..=*columns).map(|column| match (vectors, rows.max(columns)) {
                (true, 1) => format!("w{layer}"),
                (true, _) => format!("w{layer}[{}]", row.max(column)),
                (false, _) => format!("W{layer}[{row},{column}]"),
            }));
        }
        product = Some(match product {
            Some(below) => letters.product(table, &below)?,
            None => letters,
        });
    }
    Some((product?, names))
}
