//! All critical points of a polynomial in a few entries, by subdivision.

use super::polynomial::Polynomial;
use super::search::Search;
use crate::kernel::derivatives::Sweep;
use crate::kernel::evaluate::Program;
use crate::kernel::interval::Interval;
use crate::kernel::krawczyk::{self, Enclosure, zero_in_box};
use crate::kernel::matrix::cube;
use crate::kernel::matrix::data::{Branch, MatrixClaim, Point, Sign};
use crate::kernel::number::Number;
use crate::kernel::theorem::Hypothesis;
use crate::verdict::Verdict;
use rug::Rational;

/// More entries make too many boxes.
const ENTRIES: usize = 6;

/// What the claim needs: a bound for the critical points, boxes with one each, and a tree.
#[derive(Clone, Debug)]
pub(super) struct Everything {
    epsilon: Rational,
    constant: Rational,
    why: Sign,
    points: Vec<Enclosure>,
    tree: Vec<Branch>,
}

impl Search<'_> {
    /// An answer from the list of all critical points.
    pub fn all_critical_points(&mut self, about: Hypothesis) -> Option<Verdict> {
        if self.everything.is_none() {
            let found = self.subdivide();
            self.everything = Some(found);
        }
        let all = self.everything.clone().flatten()?;
        let claim = MatrixClaim::AllCriticalPoints {
            about,
            epsilon: all.epsilon.into(),
            constant: all.constant.into(),
            why: all.why,
            points: all.points,
            tree: all.tree,
        };
        self.attempt("all critical points by subdivision", claim)
    }

    fn subdivide(&mut self) -> Option<Everything> {
        let size = self.size();
        if !self.is_everywhere() || size > ENTRIES {
            return None;
        }
        let (epsilon, constant, why) = self.outward()?;
        let half = cube(&Rational::from(&constant / &epsilon)).ok()?;
        let mut points: Vec<Enclosure> = Vec::new();
        for guess in self.critical_guesses() {
            points.extend(self.widest_box(&guess));
        }
        let program = Program::new(&self.table, self.root);
        let side = [Rational::from(-&half), half];
        let (mut open, mut tree) = (vec![vec![side; size]], Vec::new());
        while let Some(region) = open.pop() {
            if tree.len() > self.budget.subdivisions || self.budget.is_over() {
                self.failed(
                    "all critical points by subdivision",
                    "more boxes than --subdivisions allows",
                );
                return None;
            }
            if let Some(place) = points.iter().position(|point| contains(point, &region)) {
                tree.push(Branch::Inside(u32::try_from(place).ok()?));
                continue;
            }
            let sides: Option<Vec<Number>> = region
                .iter()
                .map(|[low, high]| Interval::hull_of(low, high, self.budget.precision).map(Number::from))
                .collect();
            let slopes = Sweep::new(&program, &sides?, self.budget.precision)
                .ok()?
                .gradient(size);
            if let Some(entry) = slopes.iter().position(Number::is_nonzero) {
                tree.push(Branch::Empty(u16::try_from(entry).ok()?));
                continue;
            }
            // The widest side, the first of several.
            let width = |entry: &usize| Rational::from(&region[*entry][1] - &region[*entry][0]);
            let entry = (0..size).max_by(|a, b| width(a).cmp(&width(b)).then(b.cmp(a)))?;
            let middle: Rational = Rational::from(&region[entry][0] + &region[entry][1]) / 2;
            let (mut lower, mut upper) = (region.clone(), region);
            lower[entry][1] = middle.clone();
            upper[entry][0] = middle;
            open.push(upper);
            open.push(lower);
            tree.push(Branch::Split(u16::try_from(entry).ok()?));
        }
        Some(Everything {
            epsilon,
            constant,
            why,
            points,
            tree,
        })
    }

    /// epsilon and a constant with <x, grad f> >= epsilon |x|^2 - constant, and why.
    fn outward(&mut self) -> Option<(Rational, Rational, Sign)> {
        let size = self.size();
        let polynomial = self.polynomial.clone()?;
        let mut product = Polynomial::default();
        for place in 0..size {
            let term = Polynomial::variable(place, size).times(&polynomial.derivative(place))?;
            product = product.plus(&term, &Rational::from(1));
        }
        let largest = product
            .terms
            .values()
            .map(|value| Rational::from(value.abs_ref()))
            .max()?;
        for epsilon in [Rational::from(1), Rational::from((1, 16))] {
            // The smaller the constant, the smaller the cube.
            for factor in [1u32, 4, 16, 128] {
                let constant = Rational::from(&largest * factor);
                let mut slack = product.plus(&Polynomial::constant(constant.clone(), size), &Rational::from(1));
                for place in 0..size {
                    let mut square = vec![0; size];
                    square[place] = 2;
                    slack.add_term(square, Rational::from(-&epsilon));
                }
                if let Some(why) = self.nonnegative_polynomial(&slack) {
                    return Some((epsilon, constant, why));
                }
            }
        }
        None
    }

    /// The widest of some boxes around a guess that the test of Krawczyk accepts.
    fn widest_box(&mut self, guess: &[f64]) -> Option<Enclosure> {
        let Point::Krawczyk(narrow) = self.krawczyk_box(guess)? else {
            return None;
        };
        let system = krawczyk::Critical::new(&self.table, self.root, self.size());
        let wide = (1..24).map(|power| Rational::from((1, 1u32 << power)));
        wide.map(|radius| Enclosure {
            radii: vec![radius.into(); self.size()],
            ..narrow.clone()
        })
        .find(|candidate| zero_in_box(&system, candidate, self.budget.precision).is_ok())
    }
}

/// Whether a box lies inside that of a point.
fn contains(point: &Enclosure, region: &[[Rational; 2]]) -> bool {
    let sides = point.centre.iter().zip(&point.radii);
    sides.zip(region).all(|((middle, radius), [low, high])| {
        Rational::from(&middle.0 - &radius.0) <= *low && *high <= Rational::from(&middle.0 + &radius.0)
    })
}
