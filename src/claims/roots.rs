//! Square roots of polynomials that are squares: candidates for roots that can be taken.

use crate::kernel::free::data::{Node, TheoryData};
use crate::kernel::free::{Algebra, Element, Monomial, Scalar};
use crate::kernel::{Rejection, TheoryCourt};
use rug::{Integer, Rational};
use std::collections::BTreeMap;

/// The most terms of a square root.
const TERMS: usize = 60;

/// For each square root, the nodes that may be its value.
pub type Candidates = Vec<(usize, Vec<usize>)>;

/// The theory with nodes for square roots that can be taken, and for each root the candidates, of either sign.
///
/// Errors: if the theory itself is refused.
pub fn with_candidates(theory: &TheoryData) -> Result<(TheoryData, Candidates), Rejection> {
    let half = Rational::from((1, 2));
    let mut extended = theory.clone();
    let mut candidates = Vec::new();
    let nodes = theory.nodes.iter().enumerate();
    let roots: Vec<(usize, usize)> = nodes
        .filter_map(|(place, node)| match node {
            Node::Power(base, exponent) if *exponent == half => Some((place, *base)),
            _ => None,
        })
        .collect();
    if roots.is_empty() {
        return Ok((extended, candidates));
    }
    let mut court = TheoryCourt::open(theory)?;
    for (root, base) in roots {
        let algebra = court.algebra();
        let radicand = algebra.evaluate(base).ok().and_then(|element| element.as_scalar());
        let Some(value) = radicand.and_then(|radicand| square_root(&radicand)) else {
            continue;
        };
        let signs = [value.clone(), value.scaled(&Rational::from(-1))];
        let places = signs.iter().filter_map(|value| append(algebra, value, &mut extended));
        candidates.push((root, places.collect()));
    }
    Ok((extended, candidates))
}

/// Adds nodes for a scalar to a theory.
fn append(algebra: &Algebra<'_>, value: &Scalar, theory: &mut TheoryData) -> Option<usize> {
    let (read, root) = algebra.read_back(&Element::scalar(value.clone())).ok()?;
    // A sum of symbolic length would need an index of its own.
    if read.indices.len() != theory.indices.len() {
        return None;
    }
    let offset = theory.nodes.len();
    theory.nodes.extend(read.nodes.iter().map(|node| node.shifted(offset)));
    Some(offset + root)
}

/// A polynomial whose square is the given one, by comparing leading terms; `None` if there is none or it is long.
fn square_root(radicand: &Scalar) -> Option<Scalar> {
    let (lead, value) = leading(radicand)?;
    let halves: Option<Vec<(u16, i32)>> = lead
        .powers()
        .iter()
        .map(|(atom, exponent)| (exponent % 2 == 0).then_some((*atom, exponent / 2)))
        .collect();
    let first = Monomial::of(halves?);
    let size = rational_root(&value)?;
    let mut root = Scalar::default();
    root.add_term(first.clone(), &size);
    let mut rest = radicand.clone();
    subtract_square(&mut rest, &root)?;
    while let Some((monomial, coefficient)) = leading(&rest) {
        // The next term t satisfies 2 * first * t = leading term of the rest.
        let next = monomial
            .without(&first)
            .or_else(|| first.powers().is_empty().then(|| monomial.clone()))?;
        if root.len() >= TERMS {
            return None;
        }
        root.add_term(next, &(coefficient / (Rational::from(2) * &size)));
        rest = radicand.clone();
        subtract_square(&mut rest, &root)?;
    }
    Some(root)
}

fn subtract_square(rest: &mut Scalar, root: &Scalar) -> Option<()> {
    for (a, x) in root.terms() {
        for (b, y) in root.terms() {
            rest.add_term(a.times(b)?, &-Rational::from(x * y));
        }
    }
    Some(())
}

/// The largest term in the lexicographic order of exponents, which multiplication respects.
fn leading(scalar: &Scalar) -> Option<(Monomial, Rational)> {
    let exponents = |monomial: &Monomial| monomial.powers().iter().copied().collect::<BTreeMap<u16, i32>>();
    let mut best: Option<(BTreeMap<u16, i32>, Monomial, Rational)> = None;
    for (monomial, value) in scalar.terms() {
        let own = exponents(monomial);
        if own.values().any(|exponent| *exponent < 0) {
            return None;
        }
        let larger = best.as_ref().is_none_or(|(other, _, _)| is_larger(&own, other));
        if larger {
            best = Some((own, monomial.clone(), value.clone()));
        }
    }
    best.map(|(_, monomial, value)| (monomial, value))
}

fn is_larger(left: &BTreeMap<u16, i32>, right: &BTreeMap<u16, i32>) -> bool {
    let atoms = left
        .keys()
        .chain(right.keys())
        .collect::<std::collections::BTreeSet<_>>();
    for atom in atoms {
        let (a, b) = (left.get(atom).unwrap_or(&0), right.get(atom).unwrap_or(&0));
        if a != b {
            return a > b;
        }
    }
    false
}

fn rational_root(value: &Rational) -> Option<Rational> {
    let root = |number: &Integer| (*number >= 0 && number.is_perfect_square()).then(|| number.clone().sqrt());
    Some(Rational::from((root(value.numer())?, root(value.denom())?)))
}
