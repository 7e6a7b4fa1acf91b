//! The test of Krawczyk: a square system has exactly one zero in a box, and it lies in a smaller one.
//!
//! For F: R^n -> R^n continuously differentiable on a neighbourhood of the box X, a point c of X and a matrix C, put
//! K(X) = c - C F(c) + (I - C F'(X)) (X - c), with an enclosure F'(X) of the Jacobians on X. If K(X) lies in the interior
//! of X, then F has exactly one zero in X, the zero lies in K(X), and C and every matrix in F'(X) is regular.
//!
//! Source: Krawczyk 1969; Neumaier, Interval Methods for Systems of Equations, theorems 5.1.8 and 5.1.9.

use super::certificate::Exact;
use super::derivatives::Sweep;
use super::evaluate::{Program, Undefined};
use super::expr::{Id, Table};
use super::interval::{Accumulator, Interval};
use super::number::Number;
use super::theorem::{Rejection, require};
use rug::Rational;
use serde::{Deserialize, Serialize};

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

/// Where a zero is claimed, and how to see it. Untrusted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enclosure {
    /// c, a point for every variable.
    pub centre: Vec<Exact>,
    /// The box is the set of the points that differ from the centre by at most this in every variable; positive.
    pub radii: Vec<Exact>,
    /// C, row by row: an approximate inverse of the Jacobian.
    pub preconditioner: Vec<Vec<Exact>>,
}

/// Equations F = 0, as many as there are variables.
pub trait System {
    /// The number of variables and equations.
    fn size(&self) -> usize;

    /// Encloses F(x) for every x in the box.
    ///
    /// Errors: [`Undefined`] where F may not be continuously differentiable.
    fn value(&self, on: &[Interval], precision: u32) -> Result<Vec<Interval>, Undefined>;

    /// Encloses the Jacobian at every x in the box, row by row.
    ///
    /// Errors: [`Undefined`] where F may not be continuously differentiable.
    fn jacobian(&self, on: &[Interval], precision: u32) -> Result<Vec<Vec<Interval>>, Undefined>;
}

/// The equations grad h = 0 for an expression h in the variables 0, ..., n-1.
#[derive(Clone, Debug)]
pub struct Critical {
    program: Program,
    variables: usize,
}

impl Critical {
    /// The critical points of the expression at `root`. Panics: never.
    pub fn new(table: &Table, root: Id, variables: usize) -> Self {
        let program = Program::new(table, root);
        Critical { program, variables }
    }

    /// The expression h. Panics: never.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// The number of nodes of the expression: the work of one sweep. Panics: never.
    pub fn nodes(&self) -> usize {
        self.program.nodes().len()
    }

    /// The expression, evaluated on a box with everything that its derivatives need.
    ///
    /// Errors: [`Undefined`] where h may not be smooth. Panics: never.
    pub fn sweep(&self, on: &[Interval], precision: u32) -> Result<Sweep<Number>, Undefined> {
        let on: Vec<Number> = on.iter().cloned().map(Number::from).collect();
        Sweep::new(&self.program, &on, precision)
    }
}

impl System for Critical {
    fn size(&self) -> usize {
        self.variables
    }

    fn value(&self, on: &[Interval], precision: u32) -> Result<Vec<Interval>, Undefined> {
        let gradient = self.sweep(on, precision)?.gradient(self.variables);
        Ok(intervals(&gradient, precision))
    }

    fn jacobian(&self, on: &[Interval], precision: u32) -> Result<Vec<Vec<Interval>>, Undefined> {
        let rows = self.sweep(on, precision)?.hessian(self.variables);
        Ok(rows.iter().map(|row| intervals(row, precision)).collect())
    }
}

/// The equations e_1 = 0, ..., e_n = 0 for expressions in the variables 0, ..., n-1.
#[derive(Clone, Debug)]
pub struct Equations {
    programs: Vec<Program>,
}

impl Equations {
    /// The common zeros of the expressions at `roots`, as many as there are variables. Panics: never.
    pub fn new(table: &Table, roots: &[Id]) -> Self {
        let programs = roots.iter().map(|root| Program::new(table, *root)).collect();
        Equations { programs }
    }

    fn sweeps(&self, on: &[Interval], precision: u32) -> Result<Vec<Sweep<Number>>, Undefined> {
        let on: Vec<Number> = on.iter().cloned().map(Number::from).collect();
        let sweeps = self.programs.iter();
        sweeps.map(|program| Sweep::new(program, &on, precision)).collect()
    }
}

impl System for Equations {
    fn size(&self) -> usize {
        self.programs.len()
    }

    fn value(&self, on: &[Interval], precision: u32) -> Result<Vec<Interval>, Undefined> {
        let sweeps = self.sweeps(on, precision)?;
        Ok(sweeps.iter().map(|sweep| sweep.value().interval(precision)).collect())
    }

    fn jacobian(&self, on: &[Interval], precision: u32) -> Result<Vec<Vec<Interval>>, Undefined> {
        let sweeps = self.sweeps(on, precision)?;
        let rows = sweeps.iter().map(|sweep| sweep.gradient(self.size()));
        Ok(rows.map(|row| intervals(&row, precision)).collect())
    }
}

fn intervals(numbers: &[Number], precision: u32) -> Vec<Interval> {
    numbers.iter().map(|number| number.interval(precision)).collect()
}

/// A box that contains exactly one zero of the system; the zero of `candidate`'s box is unique in all of that box.
///
/// The box returned lies inside that of the candidate.
/// Errors: a [`Rejection`] if the test does not succeed, which does not mean that there is no zero. Panics: never.
pub fn zero_in_box(system: &impl System, candidate: &Enclosure, precision: u32) -> Result<Vec<Interval>, Rejection> {
    let size = system.size();
    require(candidate.centre.len() == size, "one centre for every variable")?;
    require(candidate.radii.len() == size, "one radius for every variable")?;
    require(
        candidate.radii.iter().all(|radius| radius.0 > 0),
        "a radius is not positive",
    )?;
    let inverse = &candidate.preconditioner;
    let square = inverse.len() == size && inverse.iter().all(|row| row.len() == size);
    require(square, "the preconditioner is not square")?;
    let point = |value: &Exact| Interval::point(&value.0, precision);
    let centre: Vec<Interval> = candidate.centre.iter().map(point).collect();
    let mut steps = Vec::with_capacity(size);
    let mut whole = Vec::with_capacity(size);
    for (middle, radius) in candidate.centre.iter().zip(&candidate.radii) {
        let step = Interval::hull_of(&Rational::from(-&radius.0), &radius.0, precision);
        let range = Interval::hull_of(
            &Rational::from(&middle.0 - &radius.0),
            &Rational::from(&middle.0 + &radius.0),
            precision,
        );
        let (Some(step), Some(range)) = (step, range) else {
            return Err(Rejection::new("a radius is not positive"));
        };
        steps.push(step);
        whole.push(range);
    }
    let undefined = |_| Rejection::new("the system is not known to be smooth on the box");
    let values = system.value(&centre, precision).map_err(undefined)?;
    let jacobian = system.jacobian(&whole, precision).map_err(undefined)?;
    let fits = values.len() == size && jacobian.len() == size && jacobian.iter().all(|row| row.len() == size);
    require(fits, "the system is not square")?;
    let mut image = Vec::with_capacity(size);
    for (place, row) in inverse.iter().enumerate() {
        let row: Vec<Interval> = row.iter().map(point).collect();
        let mut sum = Accumulator::new(precision);
        for (entry, value) in row.iter().zip(&values) {
            sum.subtract(&entry.mul(value));
        }
        for (column, step) in steps.iter().enumerate() {
            let mut entry = Accumulator::new(precision);
            if column == place {
                entry.add(&Interval::point(&Rational::from(1), precision));
            }
            for (factor, derivatives) in row.iter().zip(&jacobian) {
                if let Some(derivative) = derivatives.get(column) {
                    entry.subtract(&factor.mul(derivative));
                }
            }
            sum.add_product(&entry.finish(), step);
        }
        let own = centre.get(place).map(|middle| middle.add(&sum.finish()));
        image.extend(own);
    }
    require(image.len() == size, "the system is not square")?;
    // Inside the box itself, not inside its outward rounding.
    let inside = image.iter().zip(candidate.centre.iter().zip(&candidate.radii));
    for (place, (range, (middle, radius))) in inside.enumerate() {
        let above = *range.inf() > Rational::from(&middle.0 - &radius.0);
        let below = *range.sup() < Rational::from(&middle.0 + &radius.0);
        require(above && below, "the image of the box is not inside the box")
            .map_err(|rejection| rejection.within(place))?;
    }
    Ok(image)
}
