//! Exact linear algebra over the rationals: rank, and inertia by congruence.

use rug::Rational;

/// A matrix by rows; short rows are taken to end with zeros.
type Rows = Vec<Vec<Rational>>;

/// The rank, by Gaussian elimination. Panics: never.
pub fn rank(rows: &[Vec<Rational>]) -> usize {
    let mut rows: Rows = rows.to_vec();
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let mut rank = 0usize;
    for column in 0..width {
        let lead = |row: &Vec<Rational>| row.get(column).is_some_and(|entry| *entry != 0);
        let Some(found) = rows.iter().skip(rank).position(lead) else {
            continue;
        };
        rows.swap(rank, rank.saturating_add(found));
        let Some(pivot) = rows.get(rank).cloned() else { break };
        for row in rows.iter_mut().skip(rank.saturating_add(1)) {
            eliminate(row, &pivot, column);
        }
        rank = rank.saturating_add(1);
    }
    rank
}

/// A basis of the vectors x of length `width` with `rows` x = 0. Panics: never.
pub fn kernel(rows: &[Vec<Rational>], width: usize) -> Vec<Vec<Rational>> {
    let mut rest: Rows = rows.to_vec();
    for row in &mut rest {
        row.resize(width, Rational::new());
    }
    // Reduced rows and the columns of their leading ones.
    let mut reduced: Vec<(usize, Vec<Rational>)> = Vec::new();
    for column in 0..width {
        let lead = |row: &Vec<Rational>| row.get(column).is_some_and(|entry| *entry != 0);
        let Some(found) = rest.iter().position(lead) else {
            continue;
        };
        let mut pivot = rest.swap_remove(found);
        if let Some(inverse) = pivot.get(column).map(|entry| entry.clone().recip()) {
            pivot.iter_mut().for_each(|entry| *entry *= &inverse);
        }
        let others = rest.iter_mut().chain(reduced.iter_mut().map(|(_, row)| row));
        others.for_each(|row| eliminate(row, &pivot, column));
        reduced.push((column, pivot));
    }
    let leading: Vec<usize> = reduced.iter().map(|(column, _)| *column).collect();
    let free = (0..width).filter(|column| !leading.contains(column));
    free.map(|free| {
        let entry = |place: usize| match reduced.iter().find(|(column, _)| *column == place) {
            Some((_, row)) => row.get(free).map(|entry| Rational::from(-entry)).unwrap_or_default(),
            None => Rational::from(u8::from(place == free)),
        };
        (0..width).map(entry).collect()
    })
    .collect()
}

/// Subtracts the multiple of a pivot row that clears a column.
fn eliminate(row: &mut [Rational], pivot: &[Rational], column: usize) {
    let (Some(own), Some(lead)) = (row.get(column).cloned(), pivot.get(column)) else {
        return;
    };
    if own == 0 || *lead == 0 {
        return;
    }
    let factor = own / lead;
    for (entry, other) in row.iter_mut().zip(pivot) {
        *entry -= Rational::from(&factor * other);
    }
}

/// The numbers of positive, negative and zero eigenvalues of a symmetric matrix.
///
/// By congruence, which preserves them (Sylvester's law of inertia): a diagonal pivot is split off; if the diagonal
/// vanishes, e_i + e_j has the square 2 a_ij that is not zero.
/// Errors: `None` unless the matrix is square and symmetric. Panics: never.
pub fn inertia(rows: &[Vec<Rational>]) -> Option<[usize; 3]> {
    let size = rows.len();
    let symmetric = rows.iter().enumerate().all(|(i, row)| {
        let mirrored = |(j, entry): (usize, &Rational)| rows.get(j).and_then(|other| other.get(i)) == Some(entry);
        row.len() == size && row.iter().enumerate().all(mirrored)
    });
    if !symmetric {
        return None;
    }
    let mut rest: Rows = rows.to_vec();
    let (mut positive, mut negative) = (0usize, 0usize);
    while !rest.is_empty() {
        let diagonal = (0..rest.len()).find(|i| {
            rest.get(*i)
                .and_then(|row| row.get(*i))
                .is_some_and(|entry| *entry != 0)
        });
        let Some(place) = diagonal else {
            let Some((i, j)) = off_diagonal(&rest) else { break };
            add_row_and_column(&mut rest, i, j);
            continue;
        };
        let pivot = rest.remove(place);
        let lead = pivot.get(place).cloned().unwrap_or_default();
        if lead > 0 {
            positive = positive.saturating_add(1);
        } else {
            negative = negative.saturating_add(1);
        }
        for row in &mut rest {
            eliminate(row, &pivot, place);
            if place < row.len() {
                row.remove(place);
            }
        }
    }
    let zero = size.saturating_sub(positive).saturating_sub(negative);
    Some([positive, negative, zero])
}

fn off_diagonal(rows: &Rows) -> Option<(usize, usize)> {
    let mut places = rows.iter().enumerate();
    places.find_map(|(i, row)| row.iter().position(|entry| *entry != 0).map(|j| (i, j)))
}

/// Replaces the basis vector e_i by e_i + e_j.
fn add_row_and_column(rows: &mut Rows, i: usize, j: usize) {
    let Some(other) = rows.get(j).cloned() else { return };
    if let Some(row) = rows.get_mut(i) {
        for (entry, added) in row.iter_mut().zip(&other) {
            *entry += added;
        }
    }
    for row in rows.iter_mut() {
        let Some(added) = row.get(j).cloned() else { continue };
        if let Some(entry) = row.get_mut(i) {
            *entry += added;
        }
    }
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may panic"
)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn matrix(rows: &[&[i32]]) -> Rows {
        let row = |row: &&[i32]| row.iter().map(|entry| Rational::from(*entry)).collect();
        rows.iter().map(row).collect()
    }

    #[test]
    fn known_inertias() {
        assert_eq!(inertia(&matrix(&[&[0, 1], &[1, 0]])), Some([1, 1, 0]));
        assert_eq!(inertia(&matrix(&[&[0, 0], &[0, 0]])), Some([0, 0, 2]));
        assert_eq!(inertia(&matrix(&[&[1, 2], &[2, 4]])), Some([1, 0, 1]));
        assert_eq!(inertia(&matrix(&[&[0, 1, 1], &[1, 0, 1], &[1, 1, 0]])), Some([1, 2, 0]));
        assert_eq!(inertia(&matrix(&[&[1, 2], &[3, 4]])), None);
        assert_eq!(rank(&matrix(&[&[1, 2, 3], &[2, 4, 6], &[0, 0, 1]])), 2);
        assert_eq!(rank(&[]), 0);
    }

    proptest! {
        /// The kernel has as many vectors as columns are missing from the rank, and they vanish.
        #[test]
        fn kernels(entries in prop::collection::vec(-2i32..=2, 12), height in 1usize..4) {
            let rows: Rows = (0..height).map(|i| (0..4).map(|j| Rational::from(entries[4 * i + j])).collect()).collect();
            let basis = kernel(&rows, 4);
            prop_assert_eq!(basis.len() + rank(&rows), 4);
            prop_assert_eq!(rank(&basis), basis.len());
            for (row, vector) in rows.iter().flat_map(|row| basis.iter().map(move |vector| (row, vector))) {
                let sum = row.iter().zip(vector).fold(Rational::new(), |sum, (a, b)| sum + Rational::from(a * b));
                prop_assert_eq!(sum, 0);
            }
        }

        /// B' D B with an invertible B has the inertia of D.
        #[test]
        fn inertia_is_invariant(diagonal in prop::collection::vec(-2i32..=2, 1..5), seed in prop::collection::vec(-3i32..=3, 16)) {
            let size = diagonal.len();
            // Unit lower triangular, hence invertible.
            let factor = |i: usize, j: usize| if i == j { 1 } else if i > j { seed[4 * i + j] } else { 0 };
            let entry = |i: usize, j: usize| (0..size).map(|k| factor(k, i) * diagonal[k] * factor(k, j)).sum::<i32>();
            let rows: Rows = (0..size).map(|i| (0..size).map(|j| Rational::from(entry(i, j))).collect()).collect();
            let count = |test: fn(i32) -> bool| diagonal.iter().filter(|value| test(**value)).count();
            let expected = [count(|v| v > 0), count(|v| v < 0), count(|v| v == 0)];
            prop_assert_eq!(inertia(&rows), Some(expected));
            prop_assert_eq!(rank(&rows), expected[0] + expected[1]);
        }
    }
}
