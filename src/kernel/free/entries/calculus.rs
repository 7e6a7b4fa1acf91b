//! Unknown functions at matrices of scalars, and derivatives by the chain rule, entry by entry.

use super::super::super::theorem::{Rejection, require};
use super::super::derive::Flow;
use super::super::scalar::{Atom, Scalar};
use super::{Entries, EntryAtom, Environment, Matrix, NESTING, missing};
use rug::Rational;
use std::collections::{BTreeMap, BTreeSet};

impl Entries<'_> {
    pub(super) fn argument(
        &mut self,
        function: u16,
        mut matrix: Matrix,
        environment: &Environment,
    ) -> Result<usize, Rejection> {
        let data = self.theory.functions.get(usize::from(function)).ok_or_else(missing)?;
        let (rows, columns) = (
            self.dimension(&data.rows, environment)?,
            self.dimension(&data.columns, environment)?,
        );
        if matrix.literal_zero {
            matrix = Matrix::new(rows, columns, |_, _| Ok(Scalar::default()))?;
        }
        let fits = rows == matrix.rows && columns == matrix.columns;
        require(fits, "an argument of the wrong shape")?;
        self.intern(matrix)
    }

    /// The place of an argument.
    pub(super) fn intern(&mut self, matrix: Matrix) -> Result<usize, Rejection> {
        if let Some(place) = self.argument_places.get(&matrix) {
            return Ok(*place);
        }
        let mut nesting = 0;
        for atom in matrix.entries.iter().flat_map(|entry| self.scalars.depends_on(entry)) {
            if let Some(Atom::Plain(EntryAtom::Jet(_, inner, _))) = self.scalars.get(atom) {
                nesting = nesting.max(self.nesting.get(*inner).map_or(0, |inner| inner.saturating_add(1)));
            }
        }
        require(nesting < NESTING, "unknown functions are nested too deeply")?;
        self.nesting.push(nesting);
        let place = self.arguments.len();
        self.argument_places.insert(matrix.clone(), place);
        self.arguments.push(matrix);
        Ok(place)
    }

    pub(super) fn gradient(&mut self, function: u16, at: usize) -> Result<Matrix, Rejection> {
        let (rows, columns) = self
            .arguments
            .get(at)
            .map(|at| (at.rows, at.columns))
            .ok_or_else(missing)?;
        Matrix::new(rows, columns, |i, j| {
            self.scalars.plain(EntryAtom::Jet(function, at, vec![(i, j)]))
        })
    }

    pub(super) fn second(&mut self, function: u16, at: usize, along: &Matrix) -> Result<Matrix, Rejection> {
        Matrix::new(along.rows, along.columns, |i, j| {
            let mut entry = Scalar::default();
            for k in 0..along.rows {
                for l in 0..along.columns {
                    let mut by = vec![(i, j), (k, l)];
                    by.sort_unstable();
                    let jet = self.scalars.plain(EntryAtom::Jet(function, at, by))?;
                    entry.add(&Rational::from(1), &self.scalars.times(&jet, &along.at(k, l))?);
                }
            }
            Ok(entry)
        })
    }

    /// The derivative of every entry by the chain rule.
    pub(super) fn derivative(&mut self, matrix: &Matrix, flow: Flow) -> Result<Matrix, Rejection> {
        require(self.depth < NESTING, "sums and motions are nested too deeply")?;
        self.depth = self.depth.saturating_add(1);
        let outcome = self.derivative_of_entries(matrix, flow);
        self.depth = self.depth.saturating_sub(1);
        outcome
    }

    pub(super) fn derivative_of_entries(&mut self, matrix: &Matrix, flow: Flow) -> Result<Matrix, Rejection> {
        self.scalars.account().pay(matrix.entries.len().saturating_add(8))?;
        let mut atoms = BTreeSet::new();
        for entry in &matrix.entries {
            atoms.extend(self.scalars.depends_on(entry));
        }
        let mut velocities = BTreeMap::new();
        for atom in atoms {
            let velocity = self.velocity(atom, flow)?;
            if !velocity.is_empty() {
                velocities.insert(atom, velocity);
            }
        }
        Matrix::new(matrix.rows, matrix.columns, |i, j| {
            let entry = matrix.at(i, j);
            let mut total = Scalar::default();
            for atom in self.scalars.depends_on(&entry) {
                if let Some(velocity) = velocities.get(&atom) {
                    let slope = self.scalars.partial(&entry, atom)?;
                    total.add(&Rational::from(1), &self.scalars.times(&slope, velocity)?);
                }
            }
            Ok(total)
        })
    }

    pub(super) fn velocity(&mut self, atom: u16, flow: Flow) -> Result<Scalar, Rejection> {
        let Some(Atom::Plain(plain)) = self.scalars.get(atom).cloned() else {
            return Ok(Scalar::default());
        };
        match plain {
            EntryAtom::Entry(symbol, index, row, column) => {
                let data = self.symbol(symbol)?;
                match flow {
                    Flow::Symbol(by) => Ok(Scalar::constant(u32::from(by == symbol))),
                    Flow::Time if data.constant => Ok(Scalar::default()),
                    Flow::Time => {
                        let mut motions = self.theory.motions.iter();
                        let motion = motions.find(|motion| motion.symbol == symbol);
                        let still = || Rejection::new(format!("`{}` has no time derivative", data.name));
                        let motion = motion.ok_or_else(still)?.derivative;
                        let environment = data.family.zip(index).into_iter().collect();
                        let velocity = self.evaluate(motion, &environment)?;
                        if velocity.literal_zero {
                            return Ok(Scalar::default());
                        }
                        let rows = self.dimension(&data.rows, &environment)?;
                        let columns = self.dimension(&data.columns, &environment)?;
                        let fits = velocity.rows == rows && velocity.columns == columns;
                        require(fits, "a time derivative has another shape than its symbol")?;
                        Ok(velocity.at(row, column))
                    }
                }
            }
            EntryAtom::Jet(function, at, by) => {
                let argument = self.arguments.get(at).ok_or_else(missing)?.clone();
                let inner = self.derivative(&argument, flow)?;
                let mut total = Scalar::default();
                for row in 0..inner.rows {
                    for column in 0..inner.columns {
                        let speed = inner.at(row, column);
                        if speed.is_empty() {
                            continue;
                        }
                        let mut by = by.clone();
                        by.push((row, column));
                        by.sort_unstable();
                        let jet = self.scalars.plain(EntryAtom::Jet(function, at, by))?;
                        total.add(&Rational::from(1), &self.scalars.times(&jet, &speed)?);
                    }
                }
                Ok(total)
            }
        }
    }
}
