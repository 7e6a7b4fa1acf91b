//! Questions about critical points and minimisers.

use super::polynomial::Polynomial;
use super::search::Search;
use crate::kernel::expr::{Id, Node, Table};
use crate::kernel::matrix::data::{MatrixClaim, Point};
use crate::kernel::theorem::Hypothesis;
use crate::verdict::Verdict;
use rug::Rational;

impl Search<'_> {
    /// A critical point of a convex cost.
    pub fn convex_point(&mut self, about: Hypothesis) -> Option<Verdict> {
        let guess = self.critical_guesses().into_iter().next()?;
        let at = self.certified_point(&guess)?;
        self.attempt(
            "a critical point of a convex cost",
            MatrixClaim::ConvexCriticalPoint { about, at },
        )
    }

    /// f >= f(at) for a point with a low value.
    pub fn known_minimum(&mut self, about: Hypothesis) -> Option<Verdict> {
        let points = if about == Hypothesis::OriginNotMinimizer {
            vec![vec![Rational::new(); self.size()]]
        } else {
            self.low_points().into_iter().take(3).collect()
        };
        for point in points {
            let gap = self.gap(&point)?;
            let Some(why) = self.nonnegative(gap) else { continue };
            let at = Search::exact(&point);
            if let Some(verdict) =
                self.attempt("a lower bound that is a value", MatrixClaim::Minimum { about, at, why })
            {
                return Some(verdict);
            }
        }
        None
    }

    /// f - f(at), in the table.
    fn gap(&mut self, point: &[Rational]) -> Option<Id> {
        let mut values = Table::new();
        let entries: Vec<Id> = point.iter().map(|entry| values.number(entry.clone())).collect();
        let (table, id) = crate::kernel::matrix::restricted(&self.table, self.root, &values, &entries)?;
        let value = self.table.import(&table, id);
        Some(self.table.insert(Node::Sub(self.root, value)))
    }

    /// A critical point above another point.
    pub fn higher_critical_point(&mut self, about: Hypothesis) -> Option<Verdict> {
        let guesses = self.critical_guesses();
        let below = self.low_points().into_iter().next()?;
        let low = self.float_value(&below);
        for guess in guesses.into_iter().rev() {
            let value = self.smooth.as_ref()?.value.value(&guess);
            if value <= low + 1e-12 * (1.0 + low.abs()) {
                continue;
            }
            let Some(at) = self.certified_point(&guess) else {
                continue;
            };
            let below = self.shorter(&below, (value + low) / 2.0);
            let claim = MatrixClaim::HigherCriticalPoint {
                about,
                at,
                below: Search::exact(&below),
            };
            if let Some(verdict) = self.attempt("a critical point that is not a minimiser", claim) {
                return Some(verdict);
            }
        }
        self.failed("a critical point that is not a minimiser", "none was found");
        None
    }

    /// A point with shorter entries near a point, whose value is still below a level; or else the point itself.
    fn shorter(&self, point: &[Rational], level: f64) -> Vec<Rational> {
        let near = |tolerance: f64| -> Option<Vec<Rational>> {
            point
                .iter()
                .map(|entry| super::points::simple(entry.to_f64(), tolerance))
                .collect()
        };
        let candidates = [0.2, 0.05, 1e-2, 1e-3, 1e-5].into_iter().filter_map(near);
        let mut fitting =
            candidates.filter(|candidate| self.is_inside(candidate) && self.float_value(candidate) < level);
        fitting.next().unwrap_or_else(|| point.to_vec())
    }

    /// Critical points of full rank, or one that is not.
    pub fn nonsingular(&mut self) -> Option<Verdict> {
        let about = Hypothesis::NonsingularCriticalPoints;
        if !self.is_everywhere()
            && let Some(verdict) = self.attempt("no singular matrix in the domain", MatrixClaim::NoSingularPoint {})
        {
            return Some(verdict);
        }
        if self.rows.min(self.columns) == 1 {
            let size = u16::try_from(self.size()).ok()?;
            for entry in 0..size {
                if let Ok(theorem) = self.judge(MatrixClaim::SlopeAtOrigin { entry }) {
                    return Some(Verdict::Proved(theorem));
                }
            }
        }
        if let Some(verdict) = self.singular_critical_point() {
            return Some(verdict);
        }
        self.reduced(about)
            .or_else(|| self.convex_point(about))
            .or_else(|| self.no_singular_critical_point())
            .or_else(|| self.no_critical_point(about))
            .or_else(|| self.all_critical_points(about))
    }

    /// A singular critical point among the exact guesses.
    fn singular_critical_point(&mut self) -> Option<Verdict> {
        let mut guesses = self.critical_guesses();
        guesses.push(vec![0.0; self.size()]);
        for guess in guesses {
            let Some(point) = self.exact_critical_point(&guess) else {
                continue;
            };
            if crate::kernel::linear::rank(&self.matrix(&point)) < self.rows.min(self.columns) {
                let at = Search::exact(&point);
                let claim = MatrixClaim::SingularCriticalPoint { at };
                if let Some(verdict) = self.attempt("a singular critical point", claim) {
                    return Some(verdict);
                }
            }
        }
        self.failed("a singular critical point", "none was found");
        None
    }

    /// The partial derivatives as polynomials.
    fn polynomial_slopes(&self) -> Option<Vec<Polynomial>> {
        let polynomial = self.polynomial.as_ref()?;
        Some((0..self.size()).map(|place| polynomial.derivative(place)).collect())
    }

    /// 1 as a combination of the partial derivatives and the determinant.
    fn no_singular_critical_point(&mut self) -> Option<Verdict> {
        let size = self.size();
        if self.rows != self.columns || self.rows > 3 || self.definite {
            return None;
        }
        let mut generators = self.polynomial_slopes()?;
        let rows = self.rows;
        generators.push(minor(rows, &|row, column| row * rows + column, size)?);
        let one = Polynomial::constant(Rational::from(1), size);
        for (slopes, own) in [(0, 0), (1, 1), (2, 2), (3, 4)] {
            if self.budget.is_over() {
                return None;
            }
            let mut degrees = vec![slopes; size];
            degrees.push(own);
            let Some(found) = super::ideal::cofactors(&generators, &one, &degrees, size) else {
                continue;
            };
            let mut written: Vec<Id> = found.iter().map(|cofactor| cofactor.write(&mut self.table)).collect();
            let determinant = written.pop()?;
            let claim = MatrixClaim::NoSingularCriticalPoint {
                cofactors: written,
                determinant,
            };
            return self.attempt("1 as a combination of grad f and det W", claim);
        }
        self.failed("1 as a combination of grad f and det W", "none of low degree");
        None
    }

    /// The differences from the only critical point as combinations of the partial derivatives.
    pub fn only_critical_point(&mut self) -> Option<Verdict> {
        let slopes = self.polynomial_slopes()?;
        let size = self.size();
        let guess = self.critical_guesses().into_iter().next()?;
        let point = self.exact_critical_point(&guess)?;
        let mut cofactors = Vec::with_capacity(size);
        for (place, value) in point.iter().enumerate() {
            let constant = Polynomial::constant(value.clone(), size);
            let target = Polynomial::variable(place, size).plus(&constant, &Rational::from(-1));
            let row = (0..4).find_map(|degree| super::ideal::cofactors(&slopes, &target, &vec![degree; size], size))?;
            cofactors.push(row.iter().map(|cofactor| cofactor.write(&mut self.table)).collect());
        }
        let why = self.coercive()?;
        let at = Search::exact(&point);
        self.attempt(
            "the only critical point",
            MatrixClaim::OnlyCriticalPoint { at, cofactors, why },
        )
    }

    /// f minus its minimum as a combination of the partial derivatives.
    pub fn only_critical_value(&mut self) -> Option<Verdict> {
        let slopes = self.polynomial_slopes()?;
        let polynomial = self.polynomial.clone()?;
        let size = self.size();
        let point = self.low_points().into_iter().next()?;
        let gap = self.gap(&point)?;
        let why = self.nonnegative(gap)?;
        let at: Vec<crate::kernel::number::Number> = point
            .iter()
            .cloned()
            .map(crate::kernel::number::Number::Exact)
            .collect();
        let value = crate::kernel::evaluate::Program::new(&self.table, self.root).value(&at, self.budget.precision);
        let Ok(crate::kernel::number::Number::Exact(value)) = value else {
            return None;
        };
        let target = polynomial.plus(&Polynomial::constant(value, size), &Rational::from(-1));
        let found = (0..4).find_map(|degree| super::ideal::cofactors(&slopes, &target, &vec![degree; size], size))?;
        let cofactors = found.iter().map(|cofactor| cofactor.write(&mut self.table)).collect();
        let at = Search::exact(&point);
        self.attempt(
            "f as a combination of grad f",
            MatrixClaim::OnlyCriticalValue { at, cofactors, why },
        )
    }

    /// The PL inequality of a convex function plus a definite quadratic.
    pub fn strongly_convex(&mut self) -> Option<Verdict> {
        let (main, rest) = self.transcendental_and_polynomial()?;
        let size = self.size();
        let polynomial = Polynomial::of(&self.table, rest, size)?;
        if polynomial.degree() != 2 {
            return None;
        }
        let zero = vec![0; size];
        let second = |i: usize, j: usize| {
            let second = polynomial.derivative(i).derivative(j);
            second.terms.get(&zero).map_or(0.0, Rational::to_f64)
        };
        let rows: Vec<Vec<f64>> = (0..size).map(|i| (0..size).map(|j| second(i, j)).collect()).collect();
        let least = crate::numeric::symmetric_eigenvalues(&rows)?.into_iter().next()?;
        let guesses = [
            super::points::simple(least, 1e-12),
            Rational::from_f64(least * (1.0 - 1e-9)),
        ];
        for mu in guesses.into_iter().flatten().filter(|mu| *mu > 0) {
            let claim = MatrixClaim::StronglyConvex {
                main,
                rest,
                mu: mu.into(),
            };
            if let Some(verdict) = self.attempt("strong convexity", claim) {
                return Some(verdict);
            }
        }
        None
    }

    /// The PL inequality of a convex polynomial whose gradient outgrows it.
    pub fn growing_gradient(&mut self) -> Option<Verdict> {
        let slopes = self.polynomial_slopes()?;
        let polynomial = self.polynomial.clone()?;
        let size = self.size();
        let guess = self.critical_guesses().into_iter().next()?;
        let at = self.certified_point(&guess)?;
        let zero = vec![0; size];
        let origin = polynomial.terms.get(&zero).cloned().unwrap_or_default();
        let gap = polynomial.plus(&Polynomial::constant(origin, size), &Rational::from(-1));
        let mut square = Polynomial::default();
        for slope in &slopes {
            square = square.plus(&slope.times(slope)?, &Rational::from(1));
        }
        let largest = square
            .terms
            .values()
            .map(|value| Rational::from(value.abs_ref()))
            .max()?;
        for epsilon in [Rational::from(1), Rational::from((1, 16)), Rational::from((1, 1_000))] {
            let constant = Rational::from(&largest * 16);
            let slack = square
                .plus(&gap, &Rational::from(-&epsilon))
                .plus(&Polynomial::constant(constant.clone(), size), &Rational::from(1));
            let Some(why) = self.nonnegative_polynomial(&slack) else {
                continue;
            };
            let claim = MatrixClaim::GrowingGradient {
                at: at.clone(),
                epsilon: epsilon.into(),
                constant: constant.into(),
                why,
            };
            if let Some(verdict) = self.attempt("a gradient that outgrows the cost", claim) {
                return Some(verdict);
            }
        }
        None
    }

    /// A partial derivative without zeros.
    pub fn no_critical_point(&mut self, about: Hypothesis) -> Option<Verdict> {
        let slopes = self.slopes()?;
        for (place, slope) in slopes.into_iter().enumerate() {
            for negative in [false, true] {
                let signed = if negative {
                    self.table.insert(Node::Neg(slope))
                } else {
                    slope
                };
                let positive = self.range_on_space(signed).is_some_and(|range| range.is_positive());
                if positive {
                    let claim = MatrixClaim::NoCriticalPoint {
                        about,
                        entry: u16::try_from(place).ok()?,
                        negative,
                        why: crate::kernel::matrix::data::Sign::Range {},
                    };
                    return self.attempt("a partial derivative without zeros", claim);
                }
            }
        }
        None
    }

    /// Whether 0 is a minimiser.
    pub fn origin(&mut self) -> Option<Verdict> {
        let about = Hypothesis::OriginNotMinimizer;
        let value = self.float_value(&vec![Rational::new(); self.size()]);
        let mut points = self.low_points();
        // A step against the gradient, for costs whose minimum is nowhere near.
        if let Some(smooth) = &self.smooth {
            let slopes = smooth.gradient(&vec![0.0; self.size()]);
            for step in [1.0, 1e-3, 1e-6, 1e-12] {
                points.extend(
                    slopes
                        .iter()
                        .map(|slope| Rational::from_f64(-step * slope))
                        .collect::<Option<Vec<_>>>(),
                );
            }
        }
        points.retain(|point| self.is_inside(point));
        for point in points.into_iter().take(12) {
            if self.float_value(&point) >= value && value.is_finite() && self.float_value(&point) - value > 1e-12 {
                continue;
            }
            let level = (value + self.float_value(&point)) / 2.0;
            let at = Search::exact(&self.shorter(&point, level));
            if let Ok(theorem) = self.judge(MatrixClaim::BelowOrigin { at }) {
                return Some(Verdict::Proved(theorem));
            }
        }
        self.failed("a point with a smaller value", "none was found");
        self.known_minimum(about).or_else(|| self.reduced(about)).or_else(|| {
            let at = Point::Exact(Search::exact(&vec![Rational::new(); self.size()]));
            self.attempt(
                "a critical point of a convex cost",
                MatrixClaim::ConvexCriticalPoint { about, at },
            )
        })
    }
}

/// The determinant of the first rows and columns as a polynomial in `variables` coordinates.
pub(super) fn minor(size: usize, place: &dyn Fn(usize, usize) -> usize, variables: usize) -> Option<Polynomial> {
    fn expanded(row: usize, columns: &[usize], letter: &dyn Fn(usize, usize) -> Polynomial) -> Option<Polynomial> {
        let mut sum = Polynomial::default();
        for (place, column) in columns.iter().enumerate() {
            let rest: Vec<usize> = columns.iter().copied().filter(|other| other != column).collect();
            let own = letter(row, *column);
            let term = if rest.is_empty() {
                own
            } else {
                own.times(&expanded(row + 1, &rest, letter)?)?
            };
            let sign = if place % 2 == 0 { 1 } else { -1 };
            sum = sum.plus(&term, &Rational::from(sign));
        }
        Some(sum)
    }
    let letter = |row: usize, column: usize| Polynomial::variable(place(row, column), variables);
    expanded(0, &(0..size).collect::<Vec<_>>(), &letter)
}
