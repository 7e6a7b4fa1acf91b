//! The gradient flow of a cost of a product of layers: derived by the kernel, and what it conserves.
//!
//! f is a cost of a d_N x d_0 matrix and W = W_N ... W_1. The flow is dW_i/dt = -d/dW_i f(W_N ... W_1), that is
//! -(W_N ... W_(i+1))^T grad f(W) (W_(i-1) ... W_1)^T. Everything is decided entry by entry with the zero test.

pub mod data;
mod matrix;
mod rules;
#[cfg(test)]
#[allow(
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test may panic, and its numbers are its own"
)]
mod tests;
pub mod words;

pub use matrix::Matrix;

use super::expr::{Function, Id, Node, Table};
use super::limits;
use super::print;
use super::theorem::{Rejection, Within, require};
use data::NetworkData;
use std::collections::BTreeMap;

/// A cost and the widths of a network that passed their checks.
#[derive(Clone, Debug)]
pub struct Network {
    table: Table,
    cost: Id,
    widths: Vec<usize>,
    /// Units of work left.
    work: u64,
}

/// The flow of every layer, entry by entry.
#[derive(Clone, Debug)]
pub struct VectorField {
    /// Holds all expressions; [`Network::name`] names the variables.
    pub table: Table,
    /// grad f in the entries of W, d_N x d_0, as the kernel differentiates it.
    pub gradient: Matrix,
    /// dW_i/dt for i = 1, ..., N in the entries of the layers and of the gradient, written G.
    pub speeds: Vec<Matrix>,
}

impl Network {
    /// Checks a cost and widths.
    ///
    /// Errors: a [`Rejection`] with the demand that failed. Panics: never.
    pub fn open(data: &NetworkData) -> Result<Self, Rejection> {
        let widths = checked_widths(&data.widths).within(|| "widths")?;
        let table = Table::from_nodes(&data.nodes)
            .ok_or_else(|| Rejection::new("not a table of expressions"))
            .within(|| "nodes")?;
        require(table.node(data.cost).is_some(), "there is no such expression").within(|| "cost")?;
        let network = Network {
            table,
            cost: data.cost,
            widths,
            work: limits::NETWORK_WORK,
        };
        network.require_entries_only(data.cost).within(|| "cost")?;
        Ok(network)
    }

    /// N, the number of layers. Panics: never.
    pub fn depth(&self) -> usize {
        self.widths.len().saturating_sub(1)
    }

    /// Whether the cost is a function of a number. Panics: never.
    pub fn is_scalar(&self) -> bool {
        self.ends() == (1, 1)
    }

    /// The table of the cost, and the place of the cost in it. Panics: never.
    pub(super) fn cost(&self) -> (&Table, Id) {
        (&self.table, self.cost)
    }

    /// d_0, ..., d_N. Panics: never.
    pub(super) fn widths(&self) -> &[usize] {
        &self.widths
    }

    /// The kernel's reading of the cost and the sizes, such as `f(w) = (w - 1)^2, depth 2, widths 1, 3, 1`.
    ///
    /// Panics: never.
    pub fn reading(&self) -> String {
        let variable = self.variable_name();
        let widths: Vec<String> = self.widths.iter().map(usize::to_string).collect();
        let cost = self.print(&self.table, self.cost);
        format!(
            "f({variable}) = {cost}, depth {}, widths {}",
            self.depth(),
            widths.join(", ")
        )
    }

    /// An expression in the variables of the cost or of the vector field. Panics: never.
    pub fn print(&self, table: &Table, id: Id) -> String {
        print::print_named(table, id, &|variable| self.name(variable))
    }

    /// Derives grad f and the flow of every layer.
    ///
    /// Errors: a [`Rejection`] if the cost has no derivative as an expression. Panics: never.
    pub fn vector_field(&self) -> Result<VectorField, Rejection> {
        let mut table = self.table.clone();
        let mut entries = Vec::new();
        for number in 0..self.entries() {
            let (found, root) = self.derivative(number)?;
            entries.push(table.import(&found, root));
        }
        let (high, low) = self.ends();
        let gradient = Matrix::new(high, low, entries).ok_or_else(misshapen)?;
        let speeds = self.speeds(&mut table).ok_or_else(misshapen)?;
        Ok(VectorField {
            table,
            gradient,
            speeds,
        })
    }

    /// dW_i/dt for every layer, with letters for the gradient.
    fn speeds(&self, table: &mut Table) -> Option<Vec<Matrix>> {
        let (high, low) = self.ends();
        let mut first = self.entries();
        let gradient = Matrix::letters(table, first, high, low)?;
        first = first.checked_add(self.entries())?;
        let mut layers = Vec::new();
        for (_, rows, columns) in self.layers() {
            layers.push(Matrix::letters(table, first, rows, columns)?);
            first = first.checked_add(rows.checked_mul(columns)?)?;
        }
        // below[i] = W_i ... W_1 and above[i] = W_N ... W_(N-i+1), each from the one before.
        let mut below: Vec<Option<Matrix>> = vec![None];
        let mut above: Vec<Option<Matrix>> = vec![None];
        for (upwards, downwards) in layers.iter().zip(layers.iter().rev()) {
            let next = match below.last()? {
                Some(product) => upwards.product(table, product)?,
                None => upwards.clone(),
            };
            below.push(Some(next));
            let next = match above.last()? {
                Some(product) => product.product(table, downwards)?,
                None => downwards.clone(),
            };
            above.push(Some(next));
        }
        let sides = above.iter().rev().skip(1).zip(&below);
        sides
            .take(layers.len())
            .map(|(above, below)| speed(table, above.as_ref(), &gradient, below.as_ref()))
            .collect()
    }

    /// The derivative of the cost by the entry of this number, in a table of its own.
    fn derivative(&self, number: usize) -> Result<(Table, Id), Rejection> {
        let mut table = self.table.clone();
        let cost = without_kinks(&mut table, self.cost)?;
        let variable = u16::try_from(number).map_err(|_| Rejection::new("too many entries"))?;
        let derivative = table.derivative(cost, variable);
        let derivative = derivative.map_err(|_| Rejection::new("the cost has no derivative as an expression"))?;
        let (table, roots) = table.extract(&[derivative]);
        let root = roots.first().copied().ok_or_else(misshapen)?;
        Ok((table, root))
    }

    /// d_N and d_0.
    fn ends(&self) -> (usize, usize) {
        let end = |width: Option<&usize>| width.copied().unwrap_or(0);
        (end(self.widths.last()), end(self.widths.first()))
    }

    /// The number of entries of W.
    fn entries(&self) -> usize {
        let (high, low) = self.ends();
        high.saturating_mul(low)
    }

    /// The layers from W_1 on: number, rows, columns.
    fn layers(&self) -> impl Iterator<Item = (usize, usize, usize)> {
        let pairs = self.widths.iter().zip(self.widths.iter().skip(1));
        (1..)
            .zip(pairs)
            .map(|(layer, (columns, rows))| (layer, *rows, *columns))
    }

    /// The width d_i.
    fn width(&self, place: usize) -> Result<usize, Rejection> {
        self.widths
            .get(place)
            .copied()
            .ok_or_else(|| Rejection::new("there is no such layer"))
    }

    /// Demands that an expression is about the entries of W and nothing else.
    pub(super) fn require_entries_only(&self, root: Id) -> Result<(), Rejection> {
        let foreign = self
            .table
            .reachable(root)
            .into_iter()
            .any(|id| match self.table.node(id) {
                Some(Node::Variable(number)) => usize::from(*number) >= self.entries(),
                _ => false,
            });
        require(!foreign, "a variable that is no entry of W")
    }

    /// Pays for some work.
    fn pay(&mut self, amount: u64) -> Result<(), Rejection> {
        let left = self.work.checked_sub(amount);
        self.work = left.ok_or_else(|| Rejection::new("the sizes are too large"))?;
        Ok(())
    }
}

/// The expression with abs(u) read as sqrt(u^2): the same number for every real u, with a derivative where u is not 0.
fn without_kinks(table: &mut Table, root: Id) -> Result<Id, Rejection> {
    let mut root = root;
    // Each turn makes the table longer, so the limit ends it.
    while let Some((kink, inner)) = first_kink(table, root) {
        let square = table.insert(Node::Power(inner, 2.into()));
        let positive = table.insert(Node::Power(square, (1, 2).into()));
        root = table.replace(root, &BTreeMap::from([(kink, positive)]));
        require(table.nodes().len() <= limits::NODES, "too many absolute values")?;
    }
    Ok(root)
}

/// The first absolute value below an expression: there is none in its argument.
fn first_kink(table: &Table, root: Id) -> Option<(Id, Id)> {
    table.reachable(root).into_iter().find_map(|id| match table.node(id) {
        Some(Node::Apply(Function::Abs, inner)) => Some((id, *inner)),
        _ => None,
    })
}

/// -(above)^T gradient (below)^T, where nothing above or below is the identity.
fn speed(table: &mut Table, above: Option<&Matrix>, gradient: &Matrix, below: Option<&Matrix>) -> Option<Matrix> {
    let mut product = gradient.clone();
    if let Some(above) = above {
        product = above.transposed().product(table, &product)?;
    }
    if let Some(below) = below {
        product = product.product(table, &below.transposed())?;
    }
    Some(product.negative(table))
}

/// Widths within the limits.
fn checked_widths(widths: &[u16]) -> Result<Vec<usize>, Rejection> {
    let widths: Vec<usize> = widths.iter().map(|width| usize::from(*width)).collect();
    let layers = widths.len().saturating_sub(1);
    require(layers >= 2, "a network has at least two layers")?;
    require(layers <= limits::LAYERS, "too many layers")?;
    require(widths.iter().all(|width| *width > 0), "a width is at least 1")?;
    let fits = |a: &usize, b: &usize| a.saturating_mul(*b) <= limits::LAYER_ENTRIES;
    let mut pairs = widths.iter().zip(widths.iter().skip(1));
    require(pairs.all(|(a, b)| fits(a, b)), "a layer has too many entries")?;
    let ends = widths.first().zip(widths.last());
    let entries = ends.map_or(0, |(low, high)| low.saturating_mul(*high));
    require(
        entries <= limits::COST_ENTRIES,
        "the matrix of the cost has too many entries",
    )?;
    Ok(widths)
}

/// Matrices whose shapes do not fit: the widths rule it out, but a kernel does not rely on that.
fn misshapen() -> Rejection {
    Rejection::new("shapes that do not fit")
}
