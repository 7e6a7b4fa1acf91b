//! How fast solutions separate during a part of a step, for every start and every time by itself.
//!
//! The box of all solutions has corners that no solution comes near. So the Jacobian is followed as a polynomial of low degree
//! in y, in the time as one more variable, and in the place d of a solution in the ball around the polynomial solution.
//!
//! With s in \[-1, 1\] for the time T + h s of a part, a coefficient c of the polynomial solution is c(T) + h s c'(t) with some t
//! of the part, by the mean value theorem.

use super::super::interval::{Accumulator, Interval};
use super::super::theorem::{Rejection, require};
use super::block::{Block, Blocks};
use super::definite::{Matrix, is_positive_definite};
use super::dependent::{Dependence, Dependent};
use super::ground::{Ground, ball, curvature, domain, horner, norm, power, upper};
use super::norm::majorant;
use super::ring::Ring;
use super::shape::{Kind, Shape};
use super::slope::Slopes;
use super::system::System;
use rug::Rational;

/// The degree of the polynomials.
const DEGREE: usize = 2;

/// The arithmetic for Jacobians that depend on the start and on the time.
#[derive(Clone, Debug)]
pub(super) struct Bent {
    blocks: Blocks,
    /// For every monomial in y of at most this degree: where it is here, and it times s, if that is here.
    places: Vec<(usize, Option<usize>)>,
    /// The place of every coordinate of d.
    balls: Vec<usize>,
}

/// What is known of the solutions during a step: Taylor polynomials from its beginning, and remainders.
pub(super) struct Path<'a> {
    pub ring: &'a Dependence,
    pub coefficients: &'a [Vec<Dependent>],
    pub remainder: &'a [Interval],
}

impl Bent {
    /// For so many variables y and coordinates, from families of a degree of at least 1.
    ///
    /// Panics: never.
    pub fn new(variables: usize, dimension: usize, degree: usize, precision: u32) -> Self {
        let shape = Shape::with_ball(variables.saturating_add(1), dimension, degree.min(DEGREE), precision);
        let starts = Shape::new(variables, degree.min(DEGREE), precision);
        let place = |list: &[usize]| {
            let mut with_time = list.to_vec();
            with_time.push(variables);
            Some((shape.place(list)?, shape.place(&with_time)))
        };
        Bent {
            places: starts.lists().filter_map(place).collect(),
            balls: (0..dimension)
                .filter_map(|coordinate| shape.place(&[variables.saturating_add(1).saturating_add(coordinate)]))
                .collect(),
            blocks: Blocks::new(shape),
        }
    }

    /// The number of variables, the time included. Panics: never.
    pub fn variables(&self) -> usize {
        self.blocks.shape().kinds().filter(|kind| *kind == Kind::Start).count()
    }

    /// The number of monomials for so many variables y and coordinates, and this degree. Panics: never.
    pub fn size(variables: usize, dimension: usize, degree: usize) -> usize {
        let (linear, two) = (variables.saturating_add(1), degree.min(DEGREE) > 1);
        let pairs = linear.saturating_mul(linear.saturating_add(1)) >> 1;
        let squares = if two { pairs } else { 0 };
        linear
            .saturating_add(dimension)
            .saturating_add(squares)
            .saturating_add(1)
    }

    /// The number of products of monomials that a product takes. Panics: never.
    pub fn pairs(&self) -> usize {
        self.blocks.shape().pairs(0)
    }

    /// The solutions between two times of a step, from its beginning, within a distance of the path.
    ///
    /// Panics: never.
    pub fn near(&self, path: &Path, between: [&Rational; 2], room: &Interval) -> Vec<Block> {
        let shape = self.blocks.shape();
        let precision = self.blocks.precision();
        let [from, to] = between;
        let whole = Interval::hull_of(from, to, precision).unwrap_or_else(|| Interval::entire(precision));
        let middle = Interval::point(&(Rational::from(from + to) / 2u32), precision);
        let half = Interval::point(&(Rational::from(to - from) / 2u32), precision);
        let room = upper(&room.with_precision(precision));
        let coordinates = path.coefficients.iter().zip(path.remainder).zip(&self.balls);
        let near = coordinates.map(|((list, last), ball)| {
            let mut coefficients = vec![shape.zero(); shape.size()];
            for (number, (place, moving)) in self.places.iter().enumerate() {
                let values = list.iter().map(|value| path.ring.coefficient(value, number));
                let values: Vec<Interval> = values.collect();
                let time = if moving.is_some() { &middle } else { &whole };
                set(&mut coefficients, *place, horner(values.iter().rev(), time, precision));
                let Some(moving) = moving else { continue };
                let slopes = (1u32..)
                    .zip(values.iter().skip(1))
                    .map(|(order, value)| value.times(order));
                let slopes: Vec<Interval> = slopes.collect();
                let slope = horner(slopes.iter().rev(), &whole, precision);
                set(&mut coefficients, *moving, slope.mul(&half));
            }
            set(&mut coefficients, *ball, room.clone());
            let mut rest = Accumulator::new(precision);
            rest.add(&horner(list.iter().rev().map(Dependent::rest), &whole, precision));
            rest.add_product(last, &power(&whole, list.len()));
            for degree in shape.degree().saturating_add(1)..=path.ring.shape().degree() {
                let parts: Vec<Interval> = list.iter().map(|value| path.ring.part(value, degree)).collect();
                rest.add(&horner(parts.iter().rev(), &whole, precision));
            }
            self.blocks.block(&coefficients, &rest.finish())
        });
        near.collect()
    }

    /// Numbers within a distance of others. Panics: never.
    pub fn around(&self, ring: &Dependence, values: &[Dependent], room: &Interval) -> Vec<Block> {
        let coefficients: Vec<Vec<Dependent>> = values.iter().map(|value| vec![value.clone()]).collect();
        let path = Path {
            ring,
            coefficients: &coefficients,
            remainder: &vec![ring.shape().zero(); values.len()],
        };
        let now = Rational::new();
        self.near(&path, [&now, &now], room)
    }

    /// Encloses all of these numbers. Panics: never.
    pub fn bounds(&self, near: &[Block]) -> Vec<Interval> {
        near.iter().map(|value| self.blocks.range(value)).collect()
    }

    /// A matrix with a form at least that of the Jacobian, or of the Jacobian without the part with D^2 f if f is to be convex.
    ///
    /// Errors: a [`Rejection`] with the demand that failed. Panics: never.
    pub fn jacobian(&self, system: &System, near: &[Block], convex: bool) -> Result<Matrix, Rejection> {
        let slopes = slopes(system, &self.blocks, near, convex)?;
        let rows: Option<Vec<_>> = system.speeds.iter().map(|speed| slopes.entries(*speed)).collect();
        let rows = rows.ok_or_else(|| Rejection::new("a speed is missing"))?;
        Ok(majorant(&self.blocks, &rows))
    }
}

fn set(coefficients: &mut [Interval], place: usize, value: Interval) {
    if let Some(coefficient) = coefficients.get_mut(place) {
        *coefficient = value;
    }
}

/// How z depends on the coordinates.
pub(super) struct Gradients {
    /// D^2 f over the hull of z.
    pub curvature: Matrix,
    /// At least Dz Dz' as a form: the negative of a matrix that bounds -Dz Dz' for every start.
    pub gram: Matrix,
    /// At most so long are the gradients of the derivatives of f at z, one for each.
    pub gates: Vec<Interval>,
}

/// How z depends on the coordinates within a distance of the state of a walk, for every start by itself.
///
/// Errors: a [`Rejection`] if the flow is not a gradient flow, or undefined there. Panics: never.
pub(super) fn gradients(ground: &Ground, state: &[Dependent], room: &Interval) -> Result<Gradients, Rejection> {
    match &ground.bent {
        Some(bent) => {
            let near = bent.around(&ground.ring, state, room);
            let slopes = slopes(&ground.system, &bent.blocks, &near, false)?;
            let gram = |rows: &[&[Option<Block>]]| {
                let negative = products(&bent.blocks, rows);
                let rows: Vec<&[Option<Block>]> = negative.iter().map(Vec::as_slice).collect();
                majorant(&bent.blocks, &rows)
            };
            collected(ground, &slopes, gram)
        }
        None => {
            let near = state.iter().map(|value| value.range().add(&ball(room)));
            let slopes = slopes(&ground.system, &ground.plain, &near.collect::<Vec<_>>(), false)?;
            let gram = |rows: &[&[Option<Interval>]]| {
                let range = |entry: &Option<Interval>| entry.clone().unwrap_or_else(|| ground.ring.shape().zero());
                let negative = products(&ground.plain, rows);
                negative.iter().map(|row| row.iter().map(range).collect()).collect()
            };
            collected(ground, &slopes, gram)
        }
    }
}

fn collected<R: Ring>(
    ground: &Ground,
    slopes: &Slopes<R>,
    gram: impl Fn(&[&[Option<R::Value>]]) -> Matrix,
) -> Result<Gradients, Rejection> {
    let missing = || Rejection::new("not a gradient flow");
    let composite = ground.system.gradient.as_ref().ok_or_else(missing)?;
    let rows: Option<Vec<_>> = composite.inner.iter().map(|place| slopes.entries(*place)).collect();
    let precision = ground.precision();
    let negative = gram(&rows.ok_or_else(missing)?);
    let gates = composite.gates.iter();
    Ok(Gradients {
        curvature: curvature(&ground.system, slopes, precision)?,
        gram: negative
            .iter()
            .map(|row| row.iter().map(Interval::neg).collect())
            .collect(),
        gates: gates.map(|gate| norm(&slopes.gradient(*gate), precision)).collect(),
    })
}

/// The negatives of the products of all rows with each other.
fn products<R: Ring>(ring: &R, rows: &[&[Option<R::Value>]]) -> Vec<Vec<Option<R::Value>>> {
    let product = |a: &[Option<R::Value>], b: &[Option<R::Value>]| {
        let terms = a.iter().zip(b).filter_map(|(a, b)| Some((a.as_ref()?, b.as_ref()?)));
        Some(ring.neg(&ring.dot(0, terms)))
    };
    rows.iter()
        .map(|a| rows.iter().map(|b| product(a, b)).collect())
        .collect()
}

/// The slopes of a field. If f is to be convex, it is shown to be, and its derivatives count as constants.
///
/// Errors: a [`Rejection`] with the demand that failed. Panics: never.
pub(super) fn slopes<'r, R: Ring>(
    system: &System,
    ring: &'r R,
    near: &[R::Value],
    convex: bool,
) -> Result<Slopes<'r, R>, Rejection> {
    let precision = ring.precision();
    let frozen = match (&system.gradient, convex) {
        (Some(composite), true) => composite.gates.as_slice(),
        (None, true) => return Err(Rejection::new("convexity is for gradient flows")),
        _ => &[],
    };
    let slopes = Slopes::new(&system.tape, ring, near, frozen).map_err(domain)?;
    if let Some(composite) = &system.gradient {
        composite.require_analytic(&slopes, precision)?;
    }
    if convex {
        let curvature = curvature(system, &slopes, precision)?;
        let zero = Interval::point(&Rational::new(), precision);
        require(
            is_positive_definite(&curvature, &zero, precision),
            "f is not shown to be convex",
        )?;
    }
    Ok(slopes)
}
