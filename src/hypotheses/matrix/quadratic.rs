//! Quadratic costs: what the kernel wants to be told.

use super::search::Search;
use crate::kernel::certificate::Exact;
use crate::kernel::matrix::data::MatrixClaim;
use crate::kernel::theorem::Hypothesis;
use crate::numeric::symmetric_eigenvalues;
use crate::verdict::Verdict;
use rug::Rational;

impl Search<'_> {
    /// The answer about a cost of degree 2; `None` for other costs.
    pub fn quadratic(&mut self, about: Hypothesis) -> Option<Verdict> {
        if !self.is_everywhere() || self.polynomial.as_ref()?.degree() > 2 {
            return None;
        }
        let claim = |constant: Option<Rational>, at: Option<Vec<Rational>>| MatrixClaim::Quadratic {
            about,
            constant: constant.map(Exact),
            at: at.map(|point| Search::exact(&point)),
        };
        match about {
            Hypothesis::LipschitzGradient => {
                let largest = self
                    .eigenvalues()?
                    .into_iter()
                    .fold(0.0, |most: f64, value| most.max(value.abs()));
                let guesses = [simple_above(largest), Rational::from_f64(largest * (1.0 + 1e-9)), None];
                guesses
                    .into_iter()
                    .find_map(|constant| self.attempt("linear algebra", claim(constant, None)))
            }
            Hypothesis::PlInequality => {
                let eigenvalues = self.eigenvalues()?;
                let largest = eigenvalues.iter().fold(0.0, |most: f64, value| most.max(value.abs()));
                let smallest = eigenvalues.into_iter().filter(|value| *value > 1e-13 * largest);
                let smallest = smallest.fold(f64::INFINITY, f64::min);
                let exact = super::points::simple(smallest, 1e-12);
                let mut guesses = vec![exact];
                for margin in [1e-9, 1e-6, 0.5] {
                    guesses.push(Rational::from_f64(smallest * (1.0 - margin)));
                }
                // A tiny eigenvalue is lost in the rounding: go down from where it must be.
                guesses.extend((10..40).map(|power| Rational::from_f64(largest * 0.5f64.powi(2 * power))));
                guesses.push(None);
                guesses
                    .into_iter()
                    .find_map(|constant| self.attempt("linear algebra", claim(constant, None)))
            }
            Hypothesis::NonsingularCriticalPoints => {
                let mut points = vec![None];
                points.extend(self.solutions().into_iter().map(Some));
                points
                    .into_iter()
                    .find_map(|at| self.attempt("linear algebra", claim(None, at)))
            }
            _ => self.attempt("linear algebra", claim(None, None)),
        }
    }

    /// The Hessian and the slope at 0, exactly.
    fn coefficients(&self) -> Option<(Vec<Vec<Rational>>, Vec<Rational>)> {
        let size = self.size();
        let polynomial = self.polynomial.as_ref()?;
        let zero = vec![0; size];
        let slopes: Vec<_> = (0..size).map(|place| polynomial.derivative(place)).collect();
        let constant = |p: &super::polynomial::Polynomial| p.terms.get(&zero).cloned().unwrap_or_default();
        let rows = slopes
            .iter()
            .map(|slope| (0..size).map(|place| constant(&slope.derivative(place))).collect())
            .collect();
        Some((rows, slopes.iter().map(constant).collect()))
    }

    /// What the layers add to a square loss c |W - Y|^2 / 2 + m: the critical values, rounded, for display only.
    pub fn square_loss(&self) -> Option<String> {
        if !self.is_everywhere() || self.polynomial.as_ref()?.degree() != 2 {
            return None;
        }
        let (rows, slope) = self.coefficients()?;
        let factor = rows.first()?.first().filter(|factor| **factor > 0)?.clone();
        let scalar = rows.iter().enumerate().all(|(i, row)| {
            let wanted = |j: usize| if i == j { factor.clone() } else { Rational::new() };
            row.iter().enumerate().all(|(j, entry)| *entry == wanted(j))
        });
        if !scalar {
            return None;
        }
        let target: Vec<Rational> = slope.iter().map(|slope| Rational::from(-slope) / &factor).collect();
        let least = self.float_value(&target);
        let target: Vec<Vec<f64>> = self
            .matrix(&target)
            .iter()
            .map(|row| row.iter().map(Rational::to_f64).collect())
            .collect();
        let (short, long) = (self.rows.min(self.columns), self.rows.max(self.columns));
        let entry = |i: usize, j: usize| {
            if self.rows <= self.columns {
                target[i][j]
            } else {
                target[j][i]
            }
        };
        let product = |i: usize, j: usize| (0..long).map(|k| entry(i, k) * entry(j, k)).sum::<f64>();
        let gram: Vec<Vec<f64>> = (0..short)
            .map(|i| (0..short).map(|j| product(i, j)).collect())
            .collect();
        let squares = symmetric_eigenvalues(&gram)?;
        if squares.len() > 5 {
            return None;
        }
        let half = factor.to_f64() / 2.0;
        let mut values = vec![least];
        for square in squares.iter().filter(|square| **square > 1e-12) {
            let with: Vec<f64> = values.iter().map(|value| value + half * square).collect();
            values.extend(with);
        }
        values.sort_by(f64::total_cmp);
        values.dedup_by(|a, b| (*a - *b).abs() < 1e-9 * (1.0 + b.abs()));
        let shown: Vec<String> = values.iter().map(|value| format!("{value:.6}")).collect();
        Some(format!(
            "a square loss: with one hidden layer that is wide enough the critical values of g are about {}; all but the \
             least belong to strict saddles, which `foliate saddles` certifies",
            shown.join(" < ")
        ))
    }

    fn eigenvalues(&self) -> Option<Vec<f64>> {
        let (rows, _) = self.coefficients()?;
        let rows: Vec<Vec<f64>> = rows
            .iter()
            .map(|row| row.iter().map(Rational::to_f64).collect())
            .collect();
        symmetric_eigenvalues(&rows)
    }

    /// Critical points: one solution of H x = -b, and singular ones among its neighbours along the kernel of H.
    fn solutions(&self) -> Vec<Vec<Rational>> {
        let Some((rows, slope)) = self.coefficients() else {
            return Vec::new();
        };
        let Some((base, kernel)) = solve(&rows, &slope) else {
            return Vec::new();
        };
        let mut points = vec![base.clone()];
        for direction in &kernel {
            for entry in 0..base.len() {
                // Make one entry vanish: singular matrices have zeros where they can.
                if direction[entry] != 0 {
                    let factor = Rational::from(&base[entry] / &direction[entry]);
                    let moved = base.iter().zip(direction).map(|(x, d)| x - Rational::from(d * &factor));
                    points.push(moved.collect());
                }
            }
        }
        // All entries that can vanish do.
        let mut bare = base;
        for direction in &kernel {
            if let Some(entry) = direction.iter().position(|value| *value != 0) {
                let factor = Rational::from(&bare[entry] / &direction[entry]);
                for (x, d) in bare.iter_mut().zip(direction) {
                    *x -= Rational::from(d * &factor);
                }
            }
        }
        points.push(bare);
        points
    }
}

/// A solution of H x = -b and a basis of the kernel of H, by Gauss and Jordan; `None` without a solution.
pub(super) fn solve(rows: &[Vec<Rational>], slope: &[Rational]) -> Option<(Vec<Rational>, Vec<Vec<Rational>>)> {
    let size = rows.len();
    let mut matrix: Vec<Vec<Rational>> = rows
        .iter()
        .zip(slope)
        .map(|(row, slope)| row.iter().cloned().chain([Rational::from(-slope)]).collect())
        .collect();
    let mut pivots = Vec::new();
    for column in 0..size {
        let rank = pivots.len();
        let Some(found) = (rank..size).find(|row| matrix[*row][column] != 0) else {
            continue;
        };
        matrix.swap(rank, found);
        let lead = matrix[rank][column].clone();
        for entry in &mut matrix[rank] {
            *entry /= &lead;
        }
        let pivot = matrix[rank].clone();
        for (row, own) in matrix.iter_mut().enumerate() {
            if row != rank && own[column] != 0 {
                let factor = own[column].clone();
                for (entry, above) in own.iter_mut().zip(&pivot) {
                    *entry -= Rational::from(&factor * above);
                }
            }
        }
        pivots.push(column);
    }
    if matrix.iter().skip(pivots.len()).any(|row| row[size] != 0) {
        return None;
    }
    let mut base = vec![Rational::new(); size];
    for (row, column) in pivots.iter().enumerate() {
        base[*column] = matrix[row][size].clone();
    }
    let free = (0..size).filter(|column| !pivots.contains(column));
    let kernel = free.map(|column| {
        let mut direction = vec![Rational::new(); size];
        direction[column] = Rational::from(1);
        for (row, pivot) in pivots.iter().enumerate() {
            direction[*pivot] = Rational::from(-&matrix[row][column]);
        }
        direction
    });
    Some((base, kernel.collect()))
}

/// The simplest rational just above a positive number, if it is that number up to rounding.
fn simple_above(value: f64) -> Option<Rational> {
    super::points::simple(value, 1e-12)
}
