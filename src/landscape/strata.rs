//! All critical points of a square loss with distinct singular values, stratum by stratum.

use super::judge::Bench;
use super::matrix::{Floats, Rationals, exact_times, padded, partial_identity, transposed};
use super::refine;
use crate::kernel::linear;
use crate::kernel::saddles::SquareLoss;
use crate::kernel::saddles::data::{PointData, SaddleClaim};
use crate::numeric::symmetric_eigenvectors;
use rug::Rational;

/// The largest number of strata that are written out.
const STRATA: usize = 300;

/// How many of the strata were met.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Met {
    /// None: a search may find some.
    Nothing,
    /// Some of them, or some points of larger families.
    Some,
    /// All of them.
    All,
}

/// Judges a point of every stratum.
pub(super) fn points(bench: &mut Bench, square: &SquareLoss) -> Met {
    bench.claim("strata", SaddleClaim::Strata);
    let width = Rational::from((1, 1u64 << 60));
    let Some(squares) = square.refined(&width) else {
        bench.notes.push(
            "the singular values of Y are not distinct, or one is 0: critical points come in families beyond the symmetry \
             of the layers, and what is shown are some of their points"
                .to_owned(),
        );
        return degenerate(bench, square).map_or(Met::Nothing, |()| Met::Some);
    };
    let ranks = bench.ranks();
    let size = squares.len();
    let vectors: Vec<Option<Vec<Rational>>> = squares
        .iter()
        .map(|root| {
            let exact = root.is_exact().then_some(&root.lo)?;
            eigenvectors(square, exact).pop()
        })
        .collect();
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
            return Met::Some;
        }
        for inner in ranks.inners(set.len()) {
            let point = if set.is_empty() {
                refine::origin(inner)
            } else {
                let known: Option<Rationals> = set.iter().map(|place| vectors.get(*place)?.clone()).collect();
                let exact = known.and_then(|known| exact_point(bench, square, known, inner));
                exact.or_else(|| {
                    let product = projected(square, &set)?;
                    refine::point(bench.court.landscape(), &product, set.len(), inner)
                })
            };
            complete &= bench.candidate(point);
        }
    }
    if complete { Met::All } else { Met::Some }
}

/// Points that keep, of every rational eigenvalue, as many orthogonal eigenvectors as can be; `None` if some eigenvalue is
/// not rational.
fn degenerate(bench: &mut Bench, square: &SquareLoss) -> Option<()> {
    let eigenvalues = square.rational_squares()?;
    let ranks = bench.ranks();
    let mut chosen: Vec<Rationals> = vec![Vec::new()];
    for value in eigenvalues.iter().filter(|value| **value != 0) {
        let basis = eigenvectors(square, value);
        let more = |kept: &Rationals| -> Vec<Rationals> {
            let longer = (0..=basis.len()).map(|count| kept.iter().chain(basis.iter().take(count)).cloned().collect());
            longer.collect()
        };
        chosen = chosen
            .iter()
            .flat_map(more)
            .filter(|kept| kept.len() <= ranks.most_spurious())
            .collect();
        chosen.truncate(STRATA);
    }
    chosen.sort_by_key(Vec::len);
    for kept in chosen {
        for inner in ranks.inners(kept.len()) {
            if bench.is_over() {
                return Some(());
            }
            let point = if kept.is_empty() {
                refine::origin(inner)
            } else {
                exact_point(bench, square, kept.clone(), inner)
            };
            bench.candidate(point);
        }
    }
    Some(())
}

/// Orthogonal rational eigenvectors of the smaller of Y Y^T and Y^T Y.
fn eigenvectors(square: &SquareLoss, value: &Rational) -> Rationals {
    let mut shifted = square.gram.clone();
    for (place, row) in shifted.iter_mut().enumerate() {
        row[place] -= value;
    }
    let dot = |a: &[Rational], b: &[Rational]| {
        a.iter()
            .zip(b)
            .fold(Rational::new(), |sum, (a, b)| sum + Rational::from(a * b))
    };
    let mut vectors: Rationals = Vec::new();
    for mut vector in linear::kernel(&shifted, square.gram.len()) {
        for earlier in &vectors {
            let share = dot(&vector, earlier) / dot(earlier, earlier);
            vector
                .iter_mut()
                .zip(earlier)
                .for_each(|(entry, other)| *entry -= Rational::from(&share * other));
        }
        vectors.push(vector);
    }
    vectors
}

/// A rational point that keeps the singular values of these orthogonal eigenvectors v of Y Y^T: the rows of U are
/// v^T Y / v^T v.
fn exact_point(bench: &mut Bench, square: &SquareLoss, vectors: Rationals, inner: usize) -> Option<PointData> {
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
