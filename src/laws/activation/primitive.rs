//! Looks for Phi with Phi' = 2 sigma/sigma' among combinations of elementary functions.

use super::basis;
use super::solve::{combination, is_smooth_at, points_needed};
use super::terms::{combined, square};
use crate::kernel::evaluate::Program;
use crate::kernel::expr::{Id, Node, Table};
use crate::problem::Domain;
use rug::Rational;

/// How many points decide whether a function has a value everywhere it must.
const TRIALS: usize = 24;
/// The points are spread over this many places.
const PLACES: u32 = 1009;

/// Expressions that may be Phi, entered into the table; the kernel has to look at them.
pub(super) fn candidates(table: &mut Table, sigma: Id, domain: &Domain) -> Vec<Id> {
    let Ok(slope) = table.derivative(sigma, 0) else {
        return Vec::new();
    };
    let ratio = table.insert(Node::Div(sigma, slope));
    let exact = basis::rational(table, ratio);
    let mut found = Vec::new();
    if let Some(functions) = exact {
        found.extend(combine(table, sigma, &functions, domain));
    }
    if found.is_empty() {
        let functions = basis::general(table, sigma);
        found.extend(combine(table, sigma, &functions, domain));
    }
    found
}

/// The combination of the functions with the right derivative.
fn combine(table: &mut Table, sigma: Id, functions: &[Id], domain: &Domain) -> Option<Id> {
    let mut functions = functions.to_vec();
    let trials = points(domain, TRIALS);
    functions.retain(|function| {
        let program = Program::new(table, *function);
        trials.iter().all(|point| is_smooth_at(&program, point))
    });
    let programs: Vec<Program> = functions
        .iter()
        .map(|function| Program::new(table, *function))
        .collect();
    let points = points(domain, points_needed(functions.len()));
    let factors = combination(&programs, &Program::new(table, sigma), &points)?;
    let terms: Vec<(Rational, Id)> = factors
        .into_iter()
        .zip(functions)
        .filter(|(factor, _)| *factor != 0)
        .collect();
    if let Some(coefficients) = coefficients(table, &terms)
        && let Some(square) = square(table, &coefficients)
    {
        return Some(square);
    }
    Some(combined(table, &terms))
}

/// The coefficients of a combination of powers of w, the constant term first.
fn coefficients(table: &Table, terms: &[(Rational, Id)]) -> Option<Vec<Rational>> {
    let mut coefficients: Vec<Rational> = Vec::new();
    for (factor, term) in terms {
        let degree = match table.node(*term)? {
            Node::Variable(0) => 1,
            Node::Power(base, degree) if *degree > 0 && table.node(*base) == Some(&Node::Variable(0)) => {
                degree.numer().to_usize().filter(|_| *degree.denom() == 1)?
            }
            _ => return None,
        };
        coefficients.resize(coefficients.len().max(degree + 1), Rational::new());
        coefficients[degree] = factor.clone();
    }
    Some(coefficients)
}

/// Points spread over a part of the domain of moderate size.
pub(super) fn points(domain: &Domain, count: usize) -> Vec<Rational> {
    let (lo, hi) = middle(domain);
    let width = Rational::from(&hi - &lo);
    (0..count)
        .filter_map(|index| u32::try_from(index).ok())
        .map(|index| {
            let place = index.wrapping_mul(617) % PLACES;
            Rational::from((2 * place + 1, 2 * PLACES)) * &width + &lo
        })
        .collect()
}

/// A bounded part of the domain.
pub(super) fn middle(domain: &Domain) -> (Rational, Rational) {
    match (domain.left.finite(), domain.right.finite()) {
        (None, None) => (Rational::from(-2), Rational::from(2)),
        (Some(left), None) => (left.clone(), Rational::from(left + 3u32)),
        (None, Some(right)) => (Rational::from(right - 3u32), right.clone()),
        (Some(left), Some(right)) => {
            let width = Rational::from(right - left);
            let margin = if width > 4 {
                Rational::from(&width - 4u32) / 2u32
            } else {
                Rational::from(&width / 16u32)
            };
            (Rational::from(left + &margin), Rational::from(right - &margin))
        }
    }
}
