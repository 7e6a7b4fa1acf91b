//! The second way: matrices written out at given sizes, their entries being variables.
//!
//! Nothing of the free algebra is used here but the nodes and the polynomials, so the two ways check each other.

use super::super::expr::Node as Expression;
use super::super::limits;
use super::super::theorem::{Rejection, Within, require};
use super::data::{Node, Sizes, SymbolData, TheoryData};
use super::derive::Flow;
use super::index::Index;
use super::scalar::{Scalar, Scalars};
use super::shape::Dimension;
use rug::Rational;
use std::collections::{BTreeMap, BTreeSet};

mod arithmetic;
mod calculus;
mod solve;

/// Deepest nesting of sums, motions and arguments in each other.
const NESTING: usize = 16;

/// A number that is not known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryAtom {
    /// An entry of a symbol, or of a member of a family.
    Entry(u16, Option<i32>, usize, usize),
    /// A partial derivative of an unknown function at an argument, by these entries of the argument, sorted.
    Jet(u16, usize, Vec<(usize, usize)>),
}

/// A matrix of scalars.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Matrix {
    /// The number of rows.
    pub rows: usize,
    /// The number of columns.
    pub columns: usize,
    /// The entries, row by row.
    pub entries: Vec<Scalar>,
    /// Whether this is the number 0 as written.
    literal_zero: bool,
}

impl Matrix {
    /// An entry, zero outside.
    pub fn at(&self, row: usize, column: usize) -> Scalar {
        let place = row.saturating_mul(self.columns).saturating_add(column);
        self.entries.get(place).cloned().unwrap_or_default()
    }

    fn scalar(value: Scalar) -> Self {
        Matrix {
            rows: 1,
            columns: 1,
            entries: vec![value],
            literal_zero: false,
        }
    }

    fn is_scalar(&self) -> bool {
        self.rows == 1 && self.columns == 1
    }

    /// A matrix from its entries. Errors: if it is too large, or an entry fails.
    fn new(
        rows: usize,
        columns: usize,
        mut entry: impl FnMut(usize, usize) -> Result<Scalar, Rejection>,
    ) -> Result<Self, Rejection> {
        let size = rows.saturating_mul(columns);
        require(size <= limits::ENTRIES, "a matrix with too many entries")?;
        let mut entries = Vec::with_capacity(size);
        for row in 0..rows {
            for column in 0..columns {
                entries.push(entry(row, column)?);
            }
        }
        Ok(Matrix {
            rows,
            columns,
            entries,
            literal_zero: false,
        })
    }
}

/// The values of indices that are fixed by sums and families.
pub(super) type Environment = BTreeMap<u16, i32>;

/// A theory at given sizes.
#[derive(Debug)]
pub struct Entries<'a> {
    theory: &'a TheoryData,
    sizes: &'a Sizes,
    pub(super) scalars: Scalars<EntryAtom>,
    pub(super) arguments: Vec<Matrix>,
    argument_places: BTreeMap<Matrix, usize>,
    /// How deeply functions are nested in each argument.
    nesting: Vec<usize>,
    /// Symbols that the assumptions express by others.
    solved: BTreeMap<(u16, Option<i32>), Matrix>,
    values: BTreeMap<(usize, Environment), Matrix>,
    depth: usize,
}

fn missing() -> Rejection {
    Rejection::new("something refers to what is not there")
}

impl<'a> Entries<'a> {
    /// The theory at these sizes, after the sizes and the indices have been checked.
    pub fn new(theory: &'a TheoryData, sizes: &'a Sizes) -> Result<Self, Rejection> {
        let complete = sizes.sizes.len() == theory.sizes.len() && sizes.indices.len() == theory.indices.len();
        require(complete, "a size or an index without a number")?;
        let positive = sizes.sizes.iter().flatten().all(|size| *size > 0);
        require(
            positive && sizes.sizes.iter().all(|size| !size.is_empty()),
            "a size must be positive",
        )?;
        let entries = Entries {
            theory,
            sizes,
            scalars: Scalars::new(),
            arguments: Vec::new(),
            argument_places: BTreeMap::new(),
            nesting: Vec::new(),
            solved: BTreeMap::new(),
            values: BTreeMap::new(),
            depth: 0,
        };
        for (place, (data, value)) in theory.indices.iter().zip(&sizes.indices).enumerate() {
            let Some(value) = value else { continue };
            let above = *value >= entries.index(&data.from, &Environment::new())?;
            let below = match &data.to {
                Some(to) => *value <= entries.index(to, &Environment::new())?,
                None => true,
            };
            require(above && below, "an index outside of its range").within(|| format!("indices[{place}]"))?;
        }
        Ok(entries)
    }

    fn symbol(&self, symbol: u16) -> Result<&'a SymbolData, Rejection> {
        self.theory.symbols.get(usize::from(symbol)).ok_or_else(missing)
    }

    /// The value of an index.
    fn index(&self, index: &Index, environment: &Environment) -> Result<i32, Rejection> {
        let mut value = index.offset();
        for (variable, multiple) in index.terms() {
            let given = self.sizes.indices.get(usize::from(*variable)).copied().flatten();
            let own = environment.get(variable).copied().or(given);
            let own = own.ok_or_else(|| Rejection::new("an index without a number"))?;
            let part = multiple.checked_mul(own).and_then(|part| value.checked_add(part));
            value = part.ok_or_else(super::word::overflow)?;
        }
        Ok(value)
    }

    /// The values of the indices for which an assumption is made: all values of those that stand for places, that is of
    /// the indices of families and of those with a last value on which nothing else depends; others have their number.
    ///
    /// Errors: if these are too many.
    pub(super) fn environments(&self, free: &BTreeSet<u16>) -> Result<Vec<Environment>, Rejection> {
        let mut environments = vec![Environment::new()];
        for name in free {
            let data = self.theory.indices.get(usize::from(*name)).ok_or_else(missing)?;
            let family = self.theory.symbols.iter().any(|symbol| symbol.family == Some(*name));
            let ends = self
                .theory
                .indices
                .iter()
                .flat_map(|other| [Some(&other.from), other.to.as_ref()]);
            let needed = ends.flatten().any(|end| end.multiple(*name) != 0);
            if !family && (needed || data.to.is_none()) {
                continue;
            }
            let to = data
                .to
                .as_ref()
                .ok_or_else(|| Rejection::new("an assumption for endlessly many indices"))?;
            let mut longer = Vec::new();
            for environment in environments {
                for value in self.index(&data.from, &environment)?..=self.index(to, &environment)? {
                    require(longer.len() < limits::WORD, "an assumption for too many indices")?;
                    let mut environment = environment.clone();
                    environment.insert(*name, value);
                    longer.push(environment);
                }
            }
            environments = longer;
        }
        Ok(environments)
    }

    /// The value of a size.
    fn dimension(&self, dimension: &Dimension, environment: &Environment) -> Result<usize, Rejection> {
        let unit = match &dimension.size {
            None => 1,
            Some(size) => {
                let numbers = self.sizes.sizes.get(usize::from(size.name)).ok_or_else(missing)?;
                let place = match &size.index {
                    Some(index) => usize::try_from(self.index(index, environment)?).map_err(|_| missing())?,
                    None => 0,
                };
                *numbers.get(place).ok_or_else(missing)?
            }
        };
        let value = dimension
            .factor
            .checked_mul(unit)
            .and_then(|value| usize::try_from(value).ok());
        let value = value.filter(|value| *value <= limits::ENTRIES);
        value.ok_or_else(|| Rejection::new("a size is too large"))
    }

    /// The value of a node, with some indices fixed.
    ///
    /// Errors: a rejection with the address of the node.
    pub fn evaluate(&mut self, root: usize, environment: &Environment) -> Result<Matrix, Rejection> {
        require(self.depth < NESTING, "sums and motions are nested too deeply")?;
        let mut needed = BTreeSet::new();
        let mut pending = vec![root];
        while let Some(node) = pending.pop() {
            if self.values.contains_key(&(node, environment.clone())) || !needed.insert(node) {
                continue;
            }
            let data = self.theory.nodes.get(node).ok_or_else(missing)?;
            if !matches!(data, Node::Sum(..)) {
                pending.extend(data.children());
            }
        }
        self.depth = self.depth.saturating_add(1);
        let outcome = needed.into_iter().try_for_each(|node| {
            let value = self.operation(node, environment).within(|| format!("nodes[{node}]"))?;
            let mut entries = value.entries.iter();
            entries
                .try_for_each(|entry| self.scalars.keep(entry))
                .within(|| format!("nodes[{node}]"))?;
            let places = environment.len().saturating_add(1).saturating_mul(8);
            self.scalars.account().pay(value.entries.len().saturating_add(places))?;
            self.values.insert((node, environment.clone()), value);
            Ok(())
        });
        self.depth = self.depth.saturating_sub(1);
        outcome?;
        self.child(root, environment)
    }

    fn child(&self, node: usize, environment: &Environment) -> Result<Matrix, Rejection> {
        self.values
            .get(&(node, environment.clone()))
            .cloned()
            .ok_or_else(missing)
    }

    fn scalar_child(&self, node: usize, environment: &Environment) -> Result<Scalar, Rejection> {
        let value = self.child(node, environment)?;
        require(value.is_scalar(), "a scalar is needed here")?;
        Ok(value.at(0, 0))
    }

    fn operation(&mut self, place: usize, environment: &Environment) -> Result<Matrix, Rejection> {
        let node = self.theory.nodes.get(place).ok_or_else(missing)?.clone();
        let backward = node.children().into_iter().all(|child| child < place);
        require(backward, "a node that refers to a later one")?;
        match node {
            Node::Number(value) => {
                let literal_zero = value == 0;
                let mut matrix = Matrix::scalar(Scalar::constant(value));
                matrix.literal_zero = literal_zero;
                Ok(matrix)
            }
            Node::Pi => Ok(Matrix::scalar(self.scalars.node(Expression::Pi)?)),
            Node::Symbol(symbol) => self.letter(symbol, None),
            Node::Member(symbol, index) => {
                let index = self.index(&index, environment)?;
                self.letter(symbol, Some(index))
            }
            Node::Product(symbol, high, low) => {
                let (high, low) = (self.index(&high, environment)?, self.index(&low, environment)?);
                self.product(symbol, high, low)
            }
            Node::Identity(size) => {
                let size = self.dimension(&size, environment)?;
                Matrix::new(size, size, |i, j| Ok(Scalar::constant(u32::from(i == j))))
            }
            Node::Zero(rows, columns) => {
                let (rows, columns) = (
                    self.dimension(&rows, environment)?,
                    self.dimension(&columns, environment)?,
                );
                Matrix::new(rows, columns, |_, _| Ok(Scalar::default()))
            }
            Node::Add(a, b) => self.sum(&self.child(a, environment)?, &self.child(b, environment)?, 1),
            Node::Sub(a, b) => self.sum(&self.child(a, environment)?, &self.child(b, environment)?, -1),
            Node::Mul(a, b) => self.times(&self.child(a, environment)?, &self.child(b, environment)?),
            Node::Div(a, b) => {
                let divisor = self.scalar_child(b, environment)?;
                let inverse = Matrix::scalar(self.scalars.inverse(&divisor)?);
                self.times(&self.child(a, environment)?, &inverse)
            }
            Node::Neg(a) => self.map(&self.child(a, environment)?, |entry| entry.scaled(&Rational::from(-1))),
            Node::Transpose(a) => self.transposed(&self.child(a, environment)?),
            Node::Power(a, exponent) => self.power(&self.child(a, environment)?, &exponent),
            Node::Trace(a) => {
                let a = self.child(a, environment)?;
                require(a.rows == a.columns, "only square matrices have a trace")?;
                let mut trace = Scalar::default();
                for place in 0..a.rows {
                    trace.add(&Rational::from(1), &a.at(place, place));
                }
                Ok(Matrix::scalar(trace))
            }
            Node::Inner(a, b) => self.inner(&self.child(a, environment)?, &self.child(b, environment)?),
            Node::Apply(function, a) => {
                let argument = self.scalar_child(a, environment)?;
                let argument = self.scalars.build(&argument)?;
                Ok(Matrix::scalar(
                    self.scalars.node(Expression::Apply(function, argument))?,
                ))
            }
            Node::Unknown(function, order, at) => {
                let at = self.argument(function, self.child(at, environment)?, environment)?;
                let by = vec![(0, 0); usize::from(order)];
                Ok(Matrix::scalar(self.scalars.plain(EntryAtom::Jet(function, at, by))?))
            }
            Node::Gradient(function, at) => {
                let at = self.argument(function, self.child(at, environment)?, environment)?;
                self.gradient(function, at)
            }
            Node::Second(function, at, along) => {
                let at = self.argument(function, self.child(at, environment)?, environment)?;
                let along = self.child(along, environment)?;
                self.second(function, at, &along)
            }
            Node::Dot(a) => self.derivative(&self.child(a, environment)?, Flow::Time),
            Node::Partial(a, by) => self.derivative(&self.child(a, environment)?, Flow::Symbol(by)),
            Node::Sum(variable, body) => self.total(variable, body, environment),
        }
    }

    /// The matrix of a symbol or of a member of a family.
    fn letter(&mut self, symbol: u16, index: Option<i32>) -> Result<Matrix, Rejection> {
        let data = self.symbol(symbol)?;
        let (rows, columns) = self.shape(symbol, index)?;
        Matrix::new(rows, columns, |row, column| {
            let (row, column) = if data.symmetric && row > column {
                (column, row)
            } else {
                (row, column)
            };
            self.scalars.plain(EntryAtom::Entry(symbol, index, row, column))
        })
    }

    /// The numbers of rows and columns of a symbol, or of a member of a family within its range.
    pub fn shape(&self, symbol: u16, index: Option<i32>) -> Result<(usize, usize), Rejection> {
        let data = self.symbol(symbol)?;
        let mut environment = Environment::new();
        match (data.family, index) {
            (None, None) => {}
            (Some(formal), Some(index)) => {
                let range = self.theory.indices.get(usize::from(formal)).ok_or_else(missing)?;
                let above = index >= self.index(&range.from, &environment)?;
                let below = match &range.to {
                    Some(to) => index <= self.index(to, &environment)?,
                    None => true,
                };
                require(above && below, "an index outside of the range of its family")?;
                environment.insert(formal, index);
            }
            _ => return Err(Rejection::new("a family needs an index, and nothing else has one")),
        }
        let rows = self.dimension(&data.rows, &environment)?;
        Ok((rows, self.dimension(&data.columns, &environment)?))
    }

    fn product(&mut self, symbol: u16, high: i32, low: i32) -> Result<Matrix, Rejection> {
        let length = high.checked_sub(low).ok_or_else(super::word::overflow)?;
        require(length >= -1, "a product that does not make sense")?;
        if length == -1 {
            let data = self.symbol(symbol)?;
            let formal = data.family.ok_or_else(missing)?;
            let size = self.dimension(&data.columns, &Environment::from([(formal, low)]))?;
            return Matrix::new(size, size, |i, j| Ok(Scalar::constant(u32::from(i == j))));
        }
        require(
            usize::try_from(length).is_ok_and(|length| length < limits::WORD),
            "a product is too long",
        )?;
        let mut product = self.letter(symbol, Some(high))?;
        for index in (low..high).rev() {
            let next = self.letter(symbol, Some(index))?;
            product = self.times(&product, &next)?;
        }
        Ok(product)
    }

    fn total(&mut self, variable: u16, body: usize, environment: &Environment) -> Result<Matrix, Rejection> {
        let data = self.theory.indices.get(usize::from(variable)).ok_or_else(missing)?;
        let from = self.index(&data.from, environment)?;
        let to = data.to.as_ref().ok_or_else(|| Rejection::new("a sum without an end"))?;
        let to = self.index(to, environment)?;
        let long = to.checked_sub(from).is_none_or(|length| length > 1_000);
        require(!long, "a sum is too long")?;
        let mut total: Option<Matrix> = None;
        for value in from..=to {
            let mut inner = environment.clone();
            inner.insert(variable, value);
            let part = self.evaluate(body, &inner)?;
            total = Some(match total {
                Some(total) => self.sum(&total, &part, 1)?,
                None => part,
            });
        }
        let empty = "a sum without terms has no shape";
        total.ok_or_else(|| Rejection::new(empty))
    }

    /// Whether two matrices agree entry by entry under the assumptions that were solved.
    pub fn equal(&mut self, a: &Matrix, b: &Matrix) -> Result<bool, Rejection> {
        let difference = self.sum(a, b, -1)?;
        for entry in &difference.entries {
            let entry = self.resolve(entry)?;
            if !self.scalars.is_zero(&entry)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
