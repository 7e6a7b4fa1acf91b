//! Gaussian rationals a + b i, the coefficients of the zero test.

use rug::Rational;

/// An exact complex number with rational parts.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Gaussian {
    pub(super) re: Rational,
    pub(super) im: Rational,
}

impl Gaussian {
    /// A real number.
    pub(super) fn real(re: impl Into<Rational>) -> Self {
        Gaussian {
            re: re.into(),
            im: Rational::new(),
        }
    }

    /// The imaginary unit to an integer power.
    pub(super) fn unit_power(exponent: i64) -> Self {
        let (re, im) = match exponent.rem_euclid(4) {
            0 => (1, 0),
            1 => (0, 1),
            2 => (-1, 0),
            _ => (0, -1),
        };
        Gaussian {
            re: Rational::from(re),
            im: Rational::from(im),
        }
    }

    pub(super) fn is_zero(&self) -> bool {
        self.re == 0 && self.im == 0
    }

    pub(super) fn is_real(&self) -> bool {
        self.im == 0
    }

    /// The number, if it is real.
    pub(super) fn as_real(&self) -> Option<&Rational> {
        self.is_real().then_some(&self.re)
    }

    /// Whether the first part that is not zero is negative: true of exactly one of a number and its negative.
    pub(super) fn leans_negative(&self) -> bool {
        self.re < 0 || (self.re == 0 && self.im < 0)
    }

    pub(super) fn add_assign(&mut self, other: &Self) {
        self.re += &other.re;
        if other.im != 0 {
            self.im += &other.im;
        }
    }

    pub(super) fn neg(&self) -> Self {
        Gaussian {
            re: Rational::from(-&self.re),
            im: Rational::from(-&self.im),
        }
    }

    pub(super) fn conjugate(&self) -> Self {
        Gaussian {
            re: self.re.clone(),
            im: Rational::from(-&self.im),
        }
    }

    pub(super) fn mul(&self, other: &Self) -> Self {
        let product = |a: &Rational, b: &Rational| Rational::from(a * b);
        if self.is_real() && other.is_real() {
            return Self::real(product(&self.re, &other.re));
        }
        Gaussian {
            re: product(&self.re, &other.re) - product(&self.im, &other.im),
            im: product(&self.re, &other.im) + product(&self.im, &other.re),
        }
    }

    /// The inverse, `None` for zero.
    pub(super) fn inverse(&self) -> Option<Self> {
        let norm = Rational::from(&self.re * &self.re) + Rational::from(&self.im * &self.im);
        if norm == 0 {
            return None;
        }
        let scale = norm.recip();
        Some(Gaussian {
            re: Rational::from(&self.re * &scale),
            im: Rational::from(-&self.im) * scale,
        })
    }

    /// The length in bits of the longest integer in it.
    pub(super) fn bits(&self) -> u64 {
        let parts = [self.re.numer(), self.re.denom(), self.im.numer(), self.im.denom()];
        parts
            .into_iter()
            .map(|part| u64::from(part.significant_bits()))
            .max()
            .unwrap_or(0)
    }
}
