//! Guesses in floating point: nothing here is believed until the kernel has looked at it. The only module that names
//! nalgebra.

mod float;

use nalgebra::{DMatrix, DVector, SymmetricEigen};

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

/// All eigenvalues of the symmetric part of a square matrix in increasing order, each with an eigenvector of length 1;
/// `None` as in [`symmetric_eigenvalues`].
///
/// Panics: never.
pub fn symmetric_eigenvectors(rows: &[Vec<f64>]) -> Option<Vec<(f64, Vec<f64>)>> {
    let decomposition = decomposed(rows)?;
    let columns = decomposition.eigenvectors.column_iter();
    let vectors = columns.map(|column| column.iter().copied().collect::<Vec<f64>>());
    let mut pairs: Vec<(f64, Vec<f64>)> = decomposition.eigenvalues.iter().copied().zip(vectors).collect();
    pairs.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    Some(pairs)
}

/// The inverse of a square matrix; `None` if it is singular, not square, or has an entry that is not finite.
///
/// Panics: never.
pub fn inverse(rows: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    let size = rows.len();
    if rows.iter().any(|row| row.len() != size) {
        return None;
    }
    let inverse = DMatrix::from_fn(size, size, |i, j| rows[i][j]).try_inverse()?;
    let rows: Vec<Vec<f64>> = inverse.row_iter().map(|row| row.iter().copied().collect()).collect();
    rows.iter().flatten().all(|entry| entry.is_finite()).then_some(rows)
}

/// The step d that makes |J d + F|^2 + damping |d|^2 least; `None` if the shapes do not fit or it cannot be computed.
///
/// Source: Levenberg 1944, Marquardt 1963. Panics: never.
pub fn damped_step(jacobian: &[Vec<f64>], residual: &[f64], damping: f64) -> Option<Vec<f64>> {
    let size = residual.len();
    if jacobian.len() != size || jacobian.iter().any(|row| row.len() != size) {
        return None;
    }
    let jacobian = DMatrix::from_fn(size, size, |i, j| jacobian[i][j]);
    let residual = DVector::from_column_slice(residual);
    let square = jacobian.transpose() * &jacobian + DMatrix::identity(size, size) * damping;
    let step = -square.cholesky()?.solve(&(jacobian.transpose() * residual));
    step.iter()
        .all(|entry| entry.is_finite())
        .then(|| step.iter().copied().collect())
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
