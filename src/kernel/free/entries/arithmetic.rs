//! Arithmetic of matrices of scalars.

use super::super::super::expr::Node as Expression;
use super::super::super::limits;
use super::super::super::theorem::{Rejection, require};
use super::super::scalar::Scalar;
use super::{Entries, Matrix};
use rug::Rational;

impl Entries<'_> {
    pub(super) fn map(&self, matrix: &Matrix, entry: impl Fn(&Scalar) -> Scalar) -> Result<Matrix, Rejection> {
        Matrix::new(matrix.rows, matrix.columns, |i, j| Ok(entry(&matrix.at(i, j))))
    }

    pub(super) fn transposed(&self, matrix: &Matrix) -> Result<Matrix, Rejection> {
        Matrix::new(matrix.columns, matrix.rows, |i, j| Ok(matrix.at(j, i)))
    }

    /// `a + factor * b`.
    pub(in super::super) fn sum(&self, a: &Matrix, b: &Matrix, factor: i32) -> Result<Matrix, Rejection> {
        if a.literal_zero {
            return self.map(b, |entry| entry.scaled(&Rational::from(factor)));
        }
        if b.literal_zero {
            return Ok(a.clone());
        }
        require(
            a.rows == b.rows && a.columns == b.columns,
            "a sum of matrices of different shapes",
        )?;
        Matrix::new(a.rows, a.columns, |i, j| {
            let mut entry = a.at(i, j);
            entry.add(&Rational::from(factor), &b.at(i, j));
            Ok(entry)
        })
    }

    pub(super) fn times(&self, a: &Matrix, b: &Matrix) -> Result<Matrix, Rejection> {
        if a.is_scalar() || b.is_scalar() {
            let (factor, matrix) = if a.is_scalar() { (a, b) } else { (b, a) };
            let factor = factor.at(0, 0);
            return Matrix::new(matrix.rows, matrix.columns, |i, j| {
                self.scalars.times(&factor, &matrix.at(i, j))
            });
        }
        require(a.columns == b.rows, "a product of matrices that do not fit")?;
        Matrix::new(a.rows, b.columns, |i, j| {
            let mut entry = Scalar::default();
            for k in 0..a.columns {
                entry.add(&Rational::from(1), &self.scalars.times(&a.at(i, k), &b.at(k, j))?);
            }
            Ok(entry)
        })
    }

    pub(super) fn inner(&self, a: &Matrix, b: &Matrix) -> Result<Matrix, Rejection> {
        if a.literal_zero || b.literal_zero {
            return Ok(Matrix::scalar(Scalar::default()));
        }
        require(
            a.rows == b.rows && a.columns == b.columns,
            "an inner product of matrices of different shapes",
        )?;
        let mut inner = Scalar::default();
        for (x, y) in a.entries.iter().zip(&b.entries) {
            inner.add(&Rational::from(1), &self.scalars.times(x, y)?);
        }
        Ok(Matrix::scalar(inner))
    }

    pub(super) fn power(&mut self, base: &Matrix, exponent: &Rational) -> Result<Matrix, Rejection> {
        let natural = (*exponent.denom() == 1).then(|| exponent.numer().to_u32()).flatten();
        if !base.is_scalar() {
            let times = natural.filter(|times| (1..=limits::LITERAL_POWER).contains(times));
            let times =
                times.ok_or_else(|| Rejection::new("only small positive integer powers of matrices make sense"))?;
            return (1..times).try_fold(base.clone(), |power, _| self.times(&power, base));
        }
        let scalar = base.at(0, 0);
        if let Some(times) = natural {
            return Ok(Matrix::scalar(self.scalars.power(&scalar, times)?));
        }
        let tame = exponent
            .numer()
            .to_i32()
            .is_some_and(|numerator| numerator.unsigned_abs() <= limits::EXPONENT);
        let tame = tame
            && exponent
                .denom()
                .to_u32()
                .is_some_and(|denominator| denominator <= limits::EXPONENT);
        require(tame, "an exponent is too large")?;
        let id = self.scalars.build(&scalar)?;
        Ok(Matrix::scalar(
            self.scalars.node(Expression::Power(id, exponent.clone()))?,
        ))
    }
}
