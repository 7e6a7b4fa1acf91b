//! Critical points of g(W_1, ..., W_N) = f(W_N ... W_1) that are not critical for f, and the curvature of g there.
//!
//! With G = grad f(W), a point is critical iff (W_N ... W_(i+1))^T G (W_(i-1) ... W_1)^T = 0 for every layer. It is spurious
//! if G is not 0, and a strict saddle if the second derivative of g in some direction is negative; a strict saddle in this
//! sense may be a local maximum.

mod curvature;
pub mod data;
pub mod inertia;
mod manifold;
mod place;
mod square;
#[cfg(test)]
#[allow(
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::needless_range_loop,
    reason = "a test may panic, and its numbers are its own"
)]
mod tests;
mod words;

pub use place::{Factors, Place};
pub use square::SquareLoss;

use super::evaluate::Program;
use super::expr::{Id, Node, Table};
use super::limits;
use super::network::{Matrix, Network};
use super::theorem::{Rejection, Settled, Within, require};
use data::{LandscapeData, PointData, SaddleClaim};
use std::collections::BTreeMap;

/// A cost, a network and points, as far as they have been looked at.
#[derive(Clone, Debug)]
pub struct Landscape {
    network: Network,
    domain: Option<Program>,
    precision: u32,
    points: Vec<PointData>,
    /// The points that were asked for, in the places of the list.
    known: BTreeMap<u32, Result<Place, Rejection>>,
    /// f in the entries of W.
    cost: Program,
    /// g in the entries of all layers, W_1 first, row by row.
    composed: Program,
    /// The inertias that were counted, by the numbers of the points.
    counted: BTreeMap<u32, [usize; 3]>,
    square: Option<Option<SquareLoss>>,
    work: u64,
}

impl Landscape {
    /// Checks everything but the points.
    ///
    /// Errors: a [`Rejection`] with the demand that failed. Panics: never.
    pub fn open(data: &LandscapeData) -> Result<Self, Rejection> {
        let network = Network::open(&data.network).within(|| "network")?;
        let bits = limits::PRECISION.contains(&data.precision) && data.precision <= limits::SADDLE_PRECISION;
        require(bits, "a precision outside of the limits").within(|| "precision")?;
        require(data.points.len() <= limits::SADDLE_POINTS, "too many points").within(|| "points")?;
        let (table, root) = network.cost();
        if let Some(domain) = data.domain {
            require(table.node(domain).is_some(), "there is no such expression").within(|| "domain")?;
            network.require_entries_only(domain).within(|| "domain")?;
        }
        let composed = composed(&network).ok_or_else(|| Rejection::new("the layers have too many entries"));
        Ok(Landscape {
            domain: data.domain.map(|domain| Program::new(table, domain)),
            precision: data.precision,
            points: data.points.clone(),
            known: BTreeMap::new(),
            counted: BTreeMap::new(),
            cost: Program::new(table, root),
            composed: composed.within(|| "network")?,
            square: None,
            work: limits::SADDLE_WORK,
            network,
        })
    }

    /// The kernel's reading of the cost, the widths and the domain. Panics: never.
    pub fn reading(&self) -> String {
        let domain = match &self.domain {
            None => String::new(),
            Some(domain) => format!(", where {} > 0", self.printed(domain)),
        };
        format!("{}{domain}", self.network.reading())
    }

    /// Adds a point to look at; its number. For finders. Panics: never.
    pub fn add(&mut self, point: PointData) -> u32 {
        self.points.push(point);
        u32::try_from(self.points.len().saturating_sub(1)).unwrap_or(u32::MAX)
    }

    /// All points, those of no use included. Panics: never.
    pub fn points(&self) -> &[PointData] {
        &self.points
    }

    /// g in the entries of all layers, W_1 first, row by row. Panics: never.
    pub fn composed(&self) -> &Program {
        &self.composed
    }

    /// d_0, ..., d_N. Panics: never.
    pub fn widths(&self) -> &[usize] {
        self.network.widths()
    }

    /// The working precision in bits. Panics: never.
    pub fn precision(&self) -> u32 {
        self.precision
    }

    /// What is known of a point.
    ///
    /// Errors: a [`Rejection`] if it is not shown to be a critical point. Panics: never.
    pub fn place(&mut self, point: u32) -> Result<Place, Rejection> {
        let address = || format!("points[{point}]");
        if let Some(known) = self.known.get(&point) {
            return known.clone().within(address);
        }
        let index = usize::try_from(point).unwrap_or(usize::MAX);
        let data = self.points.get(index).cloned();
        let data = data.ok_or_else(|| Rejection::new("there is no such point"))?;
        let place = self.establish(point, &data);
        self.known.insert(point, place.clone());
        place.within(address)
    }

    /// The name of a claim, and what has been found out about it.
    ///
    /// Errors: a [`Rejection`] with the demand that failed. Panics: never.
    pub(super) fn settle(&mut self, claim: &SaddleClaim) -> Result<(String, Settled), Rejection> {
        let (name, point) = match claim {
            SaddleClaim::Strata => return Ok(("strata".to_owned(), self.strata()?)),
            SaddleClaim::Spurious { point } => ("spurious", point),
            SaddleClaim::Strict { point, .. } | SaddleClaim::NotStrict { point } => ("strict", point),
            SaddleClaim::Inertia { point } => ("inertia", point),
            SaddleClaim::Manifold { point } => ("manifold", point),
            SaddleClaim::Value { point } => ("value", point),
        };
        let place = self.place(*point)?;
        let settled = match claim {
            SaddleClaim::Spurious { .. } => self.spurious(&place)?,
            SaddleClaim::Strict { direction, .. } => self.strict(&place, direction)?,
            SaddleClaim::NotStrict { .. } => self.not_strict(&place)?,
            SaddleClaim::Inertia { .. } => self.inertia_of(&place)?,
            SaddleClaim::Manifold { .. } => self.manifold(&place)?,
            SaddleClaim::Value { .. } => self.value(&place)?,
            SaddleClaim::Strata => self.strata()?,
        };
        Ok((format!("{name}_{}", point.saturating_add(1)), settled))
    }

    /// The shapes of the layers, W_1 first: rows and columns.
    fn shapes(&self) -> Vec<[usize; 2]> {
        shapes(self.network.widths())
    }

    /// The numbers of rows and of columns of W.
    fn ends(&self) -> [usize; 2] {
        let end = |width: Option<&usize>| width.copied().unwrap_or(0);
        let widths = self.network.widths();
        [end(widths.last()), end(widths.first())]
    }

    /// The number of entries of all layers together.
    fn dimension(&self) -> usize {
        let sizes = self
            .shapes()
            .into_iter()
            .map(|[rows, columns]| rows.saturating_mul(columns));
        sizes.fold(0, usize::saturating_add)
    }

    fn printed(&self, program: &Program) -> String {
        let mut table = Table::new();
        let mut last = None;
        for node in program.nodes() {
            last = Some(table.insert(node.clone()));
        }
        last.map(|root| self.network.print(&table, root)).unwrap_or_default()
    }

    /// Pays for so many evaluations of so many nodes.
    fn pay(&mut self, count: usize, each: usize) -> Result<(), Rejection> {
        let words = usize::try_from(self.precision >> 6).unwrap_or(usize::MAX);
        self.pay_exactly(count, each.saturating_mul(words.saturating_add(1)))
    }

    /// Pays for so many operations of so many words each.
    fn pay_exactly(&mut self, count: usize, each: usize) -> Result<(), Rejection> {
        let size = |value: usize| u64::try_from(value).unwrap_or(u64::MAX);
        let cost = size(count).saturating_mul(size(each));
        let left = self.work.checked_sub(cost);
        self.work = left.ok_or_else(|| Rejection::new("one certificate must not take so much work"))?;
        Ok(())
    }
}

/// The shapes of the layers of these widths: d_i x d_(i-1).
fn shapes(widths: &[usize]) -> Vec<[usize; 2]> {
    let pairs = widths.iter().zip(widths.iter().skip(1));
    pairs.map(|(columns, rows)| [*rows, *columns]).collect()
}

/// f(W_N ... W_1) as an expression in the entries of the layers.
fn composed(network: &Network) -> Option<Program> {
    let (table, root) = network.cost();
    let low = network.widths().first().copied()?;
    let sizes = shapes(network.widths()).into_iter();
    // A product and a sum for every term of every entry.
    let nodes = sizes.map(|[rows, columns]| rows.saturating_mul(columns).saturating_mul(low).saturating_mul(2));
    if nodes.fold(table.nodes().len(), usize::saturating_add) > limits::DERIVED_NODES {
        return None;
    }
    let mut table = table.clone();
    let mut first = 0usize;
    let mut product: Option<Matrix> = None;
    for [rows, columns] in shapes(network.widths()) {
        let layer = Matrix::letters(&mut table, first, rows, columns)?;
        first = first.checked_add(rows.checked_mul(columns)?)?;
        product = Some(match product {
            None => layer,
            Some(product) => layer.product(&mut table, &product)?,
        });
    }
    let root = with_entries(&mut table, root, product?.entries());
    Some(Program::new(&table, root))
}

/// The expression with the entries of W replaced.
fn with_entries(table: &mut Table, root: Id, entries: &[Id]) -> Id {
    let letters = (0u16..).map(|number| table.insert(Node::Variable(number)));
    let letters: Vec<Id> = letters.take(entries.len()).collect();
    let replacements: BTreeMap<Id, Id> = letters.into_iter().zip(entries.iter().copied()).collect();
    table.replace(root, &replacements)
}
