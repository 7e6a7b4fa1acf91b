//! Guesses in floating point: nothing here is believed until the kernel has looked at it. The only module that names
//! nalgebra.

use nalgebra::{DMatrix, SymmetricEigen};

/// The eigenvalues of the symmetric part of a square matrix, in increasing order; `None` if it is not square or has an
/// entry that is not finite.
///
/// Panics: never.
pub fn symmetric_eigenvalues(rows: &[Vec<f64>]) -> Option<Vec<f64>> {
    let decomposition = decomposed(rows)?;
    let mut values: Vec<f64> = decomposition.eigenvalues.iter().copied().collect();
    values.sort_by(f64::total_cmp);
    Some(values)
}

/// The nearest symmetric matrix whose eigenvalues are at least `floor`; `None` for an entry that is not finite.
///
/// Panics: never.
pub fn shifted_to_definite(rows: &[Vec<f64>], floor: f64) -> Option<Vec<Vec<f64>>> {
    let decomposition = decomposed(rows)?;
    let values = decomposition.eigenvalues.map(|value| value.max(floor));
    let vectors = &decomposition.eigenvectors;
    let raised = vectors * DMatrix::from_diagonal(&values) * vectors.transpose();
    Some(raised.row_iter().map(|row| row.iter().copied().collect()).collect())
}

/// The inverse of a square matrix; `None` if it is singular or not square.
///
/// Panics: never.
pub fn inverse(rows: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    let size = rows.len();
    if rows.iter().any(|row| row.len() != size) {
        return None;
    }
    let matrix = DMatrix::from_fn(size, size, |i, j| rows[i][j]);
    let inverse = matrix.try_inverse()?;
    let finite = inverse.iter().all(|entry| entry.is_finite());
    finite.then(|| inverse.row_iter().map(|row| row.iter().copied().collect()).collect())
}

/// The eigenvalues and eigenvectors of the symmetric part.
fn decomposed(rows: &[Vec<f64>]) -> Option<SymmetricEigen<f64, nalgebra::Dyn>> {
    let size = rows.len();
    let sound = rows
        .iter()
        .all(|row| row.len() == size && row.iter().all(|entry| entry.is_finite()));
    if !sound || size == 0 {
        return None;
    }
    let matrix = DMatrix::from_fn(size, size, |i, j| (rows[i][j] + rows[j][i]) / 2.0);
    SymmetricEigen::try_new(matrix, f64::EPSILON, 10_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eigenvalues_of_small_matrices() {
        let values = symmetric_eigenvalues(&[vec![2.0, 3.0], vec![-1.0, 2.0]]).unwrap();
        assert!((values[0] - 1.0).abs() < 1e-12 && (values[1] - 3.0).abs() < 1e-12);
        assert_eq!(symmetric_eigenvalues(&[vec![1.0, 2.0]]), None);
        assert_eq!(symmetric_eigenvalues(&[vec![f64::NAN]]), None);
        assert_eq!(symmetric_eigenvalues(&[]), None);
    }
}
