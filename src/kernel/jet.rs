//! Univariate Taylor arithmetic: the coefficients of f(x + t) up to a fixed order, as exact numbers or enclosures.
//!
//! Source: Griewank, Walther, Evaluating Derivatives, ch. 13.

use super::expr::Function;
use super::interval::{DomainError, Interval};
use super::number::Number;
use rug::Rational;

#[cfg(test)]
#[allow(
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test may panic, and its numbers are its own"
)]
mod tests;

/// Taylor coefficients of orders 0, 1, ..., n.
#[derive(Clone, Debug, PartialEq)]
pub struct Jet {
    coefficients: Vec<Number>,
}

/// A small count as an exact number.
fn count(value: usize) -> Number {
    Number::Exact(Rational::from(value))
}

impl Jet {
    /// The jet of a constant.
    pub fn constant(value: Number, order: usize) -> Self {
        let mut coefficients = vec![value];
        coefficients.resize(order.saturating_add(1), Number::integer(0));
        Jet { coefficients }
    }

    /// The jet of the variable itself.
    pub fn variable(value: Number, order: usize) -> Self {
        let mut jet = Jet::constant(value, order);
        if let Some(slope) = jet.coefficients.get_mut(1) {
            *slope = Number::integer(1);
        }
        jet
    }

    /// The coefficient of order `index`; entire if it was not computed.
    pub fn coefficient(&self, index: usize) -> Number {
        self.coefficients
            .get(index)
            .cloned()
            .unwrap_or_else(|| Number::from(Interval::entire(53)))
    }

    fn len(&self) -> usize {
        self.coefficients.len()
    }

    fn map(&self, f: impl Fn(&Number) -> Number) -> Jet {
        Jet {
            coefficients: self.coefficients.iter().map(f).collect(),
        }
    }

    fn zip(&self, other: &Jet, f: impl Fn(&Number, &Number) -> Number) -> Jet {
        Jet {
            coefficients: self
                .coefficients
                .iter()
                .zip(&other.coefficients)
                .map(|(a, b)| f(a, b))
                .collect(),
        }
    }

    /// The sum.
    pub fn add(&self, other: &Jet, precision: u32) -> Jet {
        self.zip(other, |a, b| a.add(b, precision))
    }

    /// The difference.
    pub fn sub(&self, other: &Jet, precision: u32) -> Jet {
        self.zip(other, |a, b| a.sub(b, precision))
    }

    /// The negative.
    pub fn neg(&self) -> Jet {
        self.map(Number::neg)
    }

    /// Sum of `self[j] * other[k - j]` for j from `from` to k.
    fn convolve(&self, other: &Jet, k: usize, from: usize, precision: u32) -> Number {
        (from..=k).fold(Number::integer(0), |sum, j| {
            match self.term(j, other, k.saturating_sub(j), precision) {
                Some(term) => sum.add(&term, precision),
                None => sum,
            }
        })
    }

    /// The product of a coefficient with one of another jet; `None` for zero, which polynomials have many of.
    fn term(&self, index: usize, other: &Jet, place: usize, precision: u32) -> Option<Number> {
        match (self.coefficients.get(index), other.coefficients.get(place)) {
            (Some(a), _) if a.is_zero() => None,
            (_, Some(b)) if b.is_zero() => None,
            (Some(a), Some(b)) => Some(a.mul(b, precision)),
            _ => Some(self.coefficient(index).mul(&other.coefficient(place), precision)),
        }
    }

    /// The product.
    pub fn mul(&self, other: &Jet, precision: u32) -> Jet {
        Jet {
            coefficients: (0..self.len()).map(|k| self.convolve(other, k, 0, precision)).collect(),
        }
    }

    /// The quotient.
    ///
    /// Errors: [`DomainError`] if the divisor may vanish.
    pub fn div(&self, other: &Jet, precision: u32) -> Result<Jet, DomainError> {
        let mut quotient = Jet {
            coefficients: Vec::with_capacity(self.len()),
        };
        for k in 0..self.len() {
            let mut top = self.coefficient(k);
            for j in 1..=k {
                if let Some(term) = other.term(j, &quotient, k.saturating_sub(j), precision) {
                    top = top.sub(&term, precision);
                }
            }
            quotient.coefficients.push(top.div(&other.coefficient(0), precision)?);
        }
        Ok(quotient)
    }

    /// A rational power.
    ///
    /// Errors: [`DomainError`] if the base may leave the domain, or, beyond order 0, the set where the power is
    /// analytic.
    pub fn power(&self, exponent: &Rational, precision: u32) -> Result<Jet, DomainError> {
        let base = self.coefficient(0);
        let value = base.power(exponent, precision)?;
        if self.len() == 1 {
            return Ok(Jet {
                coefficients: vec![value],
            });
        }
        let whole = (*exponent.denom() == 1 && *exponent >= 0)
            .then(|| exponent.numer().to_u32())
            .flatten();
        if let Some(times) = whole
            && !base.is_nonzero()
        {
            return Ok(self.whole_power(times, value, precision));
        }
        if *exponent.denom() != 1 && !base.is_positive() {
            return Err(DomainError {
                function: "root of a number that may be 0",
                argument: format!("{base:?}"),
            });
        }
        // k * a0 * p_k = sum_{j=1..k} (exponent * j - (k - j)) * a_j * p_{k-j}
        let mut power = Jet {
            coefficients: vec![value],
        };
        for k in 1..self.len() {
            let mut sum = Number::integer(0);
            for j in 1..=k {
                let rest = k.saturating_sub(j);
                if let Some(term) = self.term(j, &power, rest, precision) {
                    let weight = Number::Exact(exponent * Rational::from(j) - Rational::from(rest));
                    sum = sum.add(&weight.mul(&term, precision), precision);
                }
            }
            power
                .coefficients
                .push(sum.div(&count(k).mul(&base, precision), precision)?);
        }
        Ok(power)
    }

    /// A whole power by repeated squaring, with the tight values of orders 0 and 1.
    fn whole_power(&self, times: u32, value: Number, precision: u32) -> Jet {
        let mut result = Jet::constant(Number::integer(1), self.len().saturating_sub(1));
        let mut square = self.clone();
        let mut rest = times;
        while rest > 0 {
            if rest & 1 == 1 {
                result = result.mul(&square, precision);
            }
            rest >>= 1;
            if rest > 0 {
                square = square.mul(&square, precision);
            }
        }
        let lowered = times
            .checked_sub(1)
            .and_then(|less| self.coefficient(0).power(&Rational::from(less), precision).ok());
        if let (Some(slope), Some(lowered)) = (result.coefficients.get_mut(1), lowered) {
            *slope = Number::Exact(Rational::from(times))
                .mul(&lowered, precision)
                .mul(&self.coefficient(1), precision);
        }
        if let Some(first) = result.coefficients.get_mut(0) {
            *first = value;
        }
        result
    }

    /// The jet of y with y' = slope * self', given y at the point: k y_k = sum_{j=1..k} j a_j slope_{k-j}.
    fn integrate(&self, value: Number, slope: &Jet, precision: u32) -> Result<Jet, DomainError> {
        let mut result = Jet {
            coefficients: vec![value],
        };
        for k in 1..self.len() {
            let mut sum = Number::integer(0);
            for j in 1..=k {
                let term = self
                    .coefficient(j)
                    .mul(&slope.coefficient(k.saturating_sub(j)), precision);
                sum = sum.add(&count(j).mul(&term, precision), precision);
            }
            result.coefficients.push(sum.div(&count(k), precision)?);
        }
        Ok(result)
    }

    /// Solves y' = slope(y) * self' order by order for a pair such as (sin, cos), where the slope of each member
    /// is the other, the second with sign `sign`.
    fn coupled(&self, first: Number, second: Number, sign: i32, precision: u32) -> Result<(Jet, Jet), DomainError> {
        let mut a = Jet {
            coefficients: vec![first],
        };
        let mut b = Jet {
            coefficients: vec![second],
        };
        for k in 1..self.len() {
            let (mut da, mut db) = (Number::integer(0), Number::integer(0));
            for j in 1..=k {
                let rest = k.saturating_sub(j);
                let weight = count(j).mul(&self.coefficient(j), precision);
                da = da.add(&weight.mul(&b.coefficient(rest), precision), precision);
                db = db.add(&weight.mul(&a.coefficient(rest), precision), precision);
            }
            a.coefficients.push(da.div(&count(k), precision)?);
            b.coefficients
                .push(db.mul(&Number::integer(sign), precision).div(&count(k), precision)?);
        }
        Ok((a, b))
    }

    /// An elementary function of the jet.
    ///
    /// Errors: [`DomainError`] if the argument may leave the domain, or, for `abs` beyond order 0, may be 0.
    pub fn apply(&self, function: Function, precision: u32) -> Result<Jet, DomainError> {
        let point = self.coefficient(0);
        let value = point.apply(function, precision)?;
        if self.len() == 1 {
            return Ok(Jet {
                coefficients: vec![value],
            });
        }
        let one = Jet::constant(Number::integer(1), self.len().saturating_sub(1));
        let square = || self.power(&Rational::from(2), precision);
        let both = |f: Function, g: Function| -> Result<(Number, Number), DomainError> {
            Ok((point.apply(f, precision)?, point.apply(g, precision)?))
        };
        match function {
            Function::Exp => {
                // y' = y a'
                let mut result = Jet {
                    coefficients: vec![value],
                };
                for k in 1..self.len() {
                    let sum = (1..=k).fold(Number::integer(0), |sum, j| {
                        let term = self
                            .coefficient(j)
                            .mul(&result.coefficient(k.saturating_sub(j)), precision);
                        sum.add(&count(j).mul(&term, precision), precision)
                    });
                    result.coefficients.push(sum.div(&count(k), precision)?);
                }
                Ok(result)
            }
            Function::Log => self.integrate(value, &one.div(self, precision)?, precision),
            Function::Sin => {
                let (sin, cos) = both(Function::Sin, Function::Cos)?;
                Ok(self.coupled(sin, cos, -1, precision)?.0)
            }
            Function::Cos => {
                let (sin, cos) = both(Function::Sin, Function::Cos)?;
                Ok(self.coupled(sin, cos, -1, precision)?.1)
            }
            Function::Sinh => {
                let (sinh, cosh) = both(Function::Sinh, Function::Cosh)?;
                Ok(self.coupled(sinh, cosh, 1, precision)?.0)
            }
            Function::Cosh => {
                let (sinh, cosh) = both(Function::Sinh, Function::Cosh)?;
                Ok(self.coupled(sinh, cosh, 1, precision)?.1)
            }
            Function::Tan => {
                // Slope 1/cos^2.
                let cos = self.apply(Function::Cos, precision)?;
                let slope = one.div(&cos.power(&Rational::from(2), precision)?, precision)?;
                self.integrate(value, &slope, precision)
            }
            Function::Tanh => {
                let cosh = self.apply(Function::Cosh, precision)?;
                let slope = one.div(&cosh.power(&Rational::from(2), precision)?, precision)?;
                self.integrate(value, &slope, precision)
            }
            Function::Atan => {
                let slope = one.div(&one.add(&square()?, precision), precision)?;
                self.integrate(value, &slope, precision)
            }
            Function::Asinh => {
                let root = one
                    .add(&square()?, precision)
                    .power(&Rational::from((1, 2)), precision)?;
                self.integrate(value, &one.div(&root, precision)?, precision)
            }
            Function::Erf => {
                let bell = square()?.neg().apply(Function::Exp, precision)?;
                let root = Number::from(Interval::pi(precision)).power(&Rational::from((1, 2)), precision)?;
                let factor = Number::integer(2).div(&root, precision)?;
                let slope = bell.map(|term| factor.mul(term, precision));
                self.integrate(value, &slope, precision)
            }
            Function::Abs => {
                if point.is_positive() {
                    Ok(self.clone())
                } else if point.is_negative() {
                    Ok(self.neg())
                } else {
                    Err(DomainError {
                        function: "derivative of abs",
                        argument: format!("{point:?}"),
                    })
                }
            }
        }
    }
}
