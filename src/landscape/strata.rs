//! All critical points of a square loss with distinct singular values, stratum by stratum.

use super::judge::Bench;
use super::matrix::{Floats, Rationals, exact_times, padded, partial_identity, transposed};
use super::refine;
use crate::kernel::linear;
use crate::kernel::polynomial::RootInterval;
use crate::kernel::saddles::SquareLoss;
use crate::kernel::saddles::data::{PointData, SaddleClaim};
use crate::numeric::symmetric_eigenvectors;
use rug::Rational;

/// The largest number of strata that are written out.
const STRATA: usize = 300;

/// Judges a point of every stratum; whether all strata are known to have been met.
pub(super) fn points(bench: &mut Bench, square: &SquareLoss) -> bool {
    bench.claim("strata", SaddleClaim::Strata);
    let width = Rational::from((1, 1u64 << 60));
    let Some(squares) = square.refined(&width) else {
        bench.notes.push(
            "the singular values of Y are not distinct, or one is 0: critical points come in families beyond the symmetry \
             of the layers, and only what a search meets is shown"
                .to_owned(),
        );
        return false;
    };
    let ranks = bench.ranks();
    let size = squares.len();
    let mut complete = true;
    let sets = (0u32..1 << size).map(|set| (0..size).filter(|place| set >> place & 1 == 1).collect::<Vec<usize>>());
    let mut sets: Vec<Vec<usize>> = sets.filter(|set| set.len() <= ranks.most_spurious()).collect();
    sets.sort_by_key(|set| (set.len(), std::cmp::Reverse(set.clone())));
    if sets.len() > STRATA {
        bench
            .notes
            .push(format!("there are {} strata; the first {STRATA} are shown", sets.len()));
        sets.truncate(STRATA);
        complete = false;
    }
    for set in sets {
        if bench.is_over() {
            bench
                .notes
                .push("not all strata were reached: raise the limit with --timeout".to_owned());
            return false;
        }
        for inner in ranks.inners(set.len()) {
            let point = if set.is_empty() {
                refine::origin(inner)
            } else {
                exact_point(bench, square, &squares, &set, inner).or_else(|| {
                    let product = projected(square, &set)?;
                    refine::point(bench.court.landscape(), &product, set.len(), inner)
                })
            };
            complete &= bench.candidate(point);
        }
    }
    complete
}

/// A rational point that keeps these singular values, if there is one.
///
/// The eigenvectors v of Y Y^T for rational eigenvalues are rational, and so is v v^T Y / v^T v.
fn exact_point(
    bench: &mut Bench,
    square: &SquareLoss,
    squares: &[RootInterval],
    set: &[usize],
    inner: usize,
) -> Option<PointData> {
    let mut vectors: Rationals = Vec::new();
    for place in set {
        let root = squares.get(*place).filter(|root| root.is_exact())?;
        let mut shifted = square.gram.clone();
        for (place, row) in shifted.iter_mut().enumerate() {
            row[place] -= &root.lo;
        }
        let mut basis = linear::kernel(&shifted, square.gram.len());
        vectors.extend(basis.pop());
    }
    let columns = square.target.first().map_or(0, Vec::len);
    let lengths: Vec<Rational> = vectors
        .iter()
        .map(|vector| {
            vector
                .iter()
                .fold(Rational::new(), |sum, entry| sum + Rational::from(entry.square_ref()))
        })
        .collect();
    let scaled = |rows: Rationals| -> Rationals {
        let rows = rows.into_iter().zip(&lengths);
        rows.map(|(row, length)| row.into_iter().map(|entry| entry / length).collect())
            .collect()
    };
    let (v, u) = if square.by_rows {
        let u = scaled(exact_times(&vectors, &square.target));
        (transposed(&vectors, square.gram.len()), u)
    } else {
        let images = exact_times(&square.target, &transposed(&vectors, columns));
        let v = scaled(transposed(&images, vectors.len()));
        (transposed(&v, square.target.len()), vectors)
    };
    let widths = bench.court.landscape().widths().to_vec();
    let last = widths.len().checked_sub(2)?;
    let layers = widths.windows(2).enumerate().map(|(place, pair)| match (place, pair) {
        (0, [columns, rows]) => padded(&u, *rows, *columns),
        (place, [columns, rows]) if place == last => padded(&v, *rows, *columns),
        (_, [columns, rows]) => partial_identity(inner, *rows, *columns),
        _ => Vec::new(),
    });
    Some(PointData::Exact {
        layers: layers.collect(),
    })
}

/// The matrix that keeps these singular values of Y, approximately.
fn projected(square: &SquareLoss, set: &[usize]) -> Option<Floats> {
    let floats = |rows: &[Vec<Rational>]| -> Floats {
        rows.iter()
            .map(|row| row.iter().map(Rational::to_f64).collect())
            .collect()
    };
    let (gram, target) = (floats(&square.gram), floats(&square.target));
    let pairs = symmetric_eigenvectors(&gram)?;
    let size = gram.len();
    let mut projection = vec![vec![0.0; size]; size];
    for place in set {
        let (_, vector) = pairs.get(*place)?;
        for (row, a) in projection.iter_mut().zip(vector) {
            row.iter_mut().zip(vector).for_each(|(entry, b)| *entry += a * b);
        }
    }
    Some(if square.by_rows {
        super::matrix::times(&projection, &target)
    } else {
        super::matrix::times(&target, &projection)
    })
}
