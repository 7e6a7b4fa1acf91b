//! Elementary functions of forms: Taylor expansion with Lagrange remainder for bounded arguments, exact rules and
//! elementary bounds for unbounded ones.

use super::super::expr::Function;
use super::super::interval::Interval;
use super::super::jet::Jet;
use super::super::number::{Number, Sign};
use super::evaluate::{Ray, Sequence};
use super::form::{Form, TailError};
use super::monomial::Monomial;
use rug::Rational;

/// The outer function of a Taylor expansion.
enum Outer<'a> {
    Power(&'a Rational),
    Apply(Function),
}

impl Ray {
    fn bits(&self) -> u32 {
        self.line.precision()
    }

    /// Outer(constant + small), by Taylor expansion at the constant with the remainder enclosed on the tail.
    fn taylor(&self, outer: &Outer, constant: &Number, small: &Form) -> Result<Form, TailError> {
        let precision = self.bits();
        let order = if small.is_zero() { 0 } else { self.keep() };
        let expand = |point: Number| -> Result<Jet, TailError> {
            let jet = Jet::variable(point, order);
            Ok(match outer {
                Outer::Power(exponent) => jet.power(exponent, precision)?,
                Outer::Apply(function) => jet.apply(*function, precision)?,
            })
        };
        let near = expand(constant.clone())?;
        let mut sum = Form::constant(near.coefficient(0));
        if small.is_zero() {
            return Ok(sum);
        }
        let moved = constant.add(&small.range(&self.line)?, precision);
        let wide = expand(constant.convex_hull(&moved, precision))?;
        let mut power = Form::constant(Number::integer(1));
        for index in 1..=order {
            power = power.mul(small, &self.line, self.keep())?;
            let source = if index == order { &wide } else { &near };
            let term = power.times_term(&Monomial::default(), &source.coefficient(index), precision);
            sum = sum.add(&term, precision);
        }
        sum.shortened(&self.line, self.keep())
    }

    /// Splits a form into its dominant monomial m, a constant c and a small form e: form = m (c + e).
    fn normalised(&self, form: &Form) -> Result<(Monomial, Number, Form), TailError> {
        let Some((monomial, _)) = form.terms().first() else {
            return Err(TailError::Undetermined("division by a form that is zero"));
        };
        let ratio = form.times_term(&monomial.raised(&Rational::from(-1)), &Number::integer(1), self.bits());
        let (growing, constant, small) = ratio.parts();
        if !growing.is_zero() {
            return Err(TailError::Malformed);
        }
        Ok((monomial.clone(), constant, small))
    }

    /// A rational power of a form.
    pub(super) fn power(&self, form: &Form, exponent: &Rational) -> Result<Form, TailError> {
        let precision = self.bits();
        if *exponent == 0 {
            return Ok(Form::constant(Number::integer(1)));
        }
        if form.is_zero() && *exponent > 0 {
            return Ok(form.clone());
        }
        if let [(monomial, coefficient)] = form.terms() {
            return Ok(Form::monomial(
                monomial.raised(exponent),
                coefficient.power(exponent, precision)?,
            ));
        }
        if *exponent.denom() == 1
            && let Some(times @ 1..=8) = exponent.numer().to_u32()
        {
            let mut product = form.clone();
            for _ in 1..times {
                product = product.mul(form, &self.line, self.keep())?;
            }
            return Ok(product);
        }
        let (monomial, constant, small) = self.normalised(form)?;
        let scale = constant.power(exponent, precision)?;
        let inner = small.times_term(
            &Monomial::default(),
            &Number::integer(1).div(&constant, precision)?,
            precision,
        );
        let series = self.taylor(&Outer::Power(exponent), &Number::integer(1), &inner)?;
        Ok(series.times_term(&monomial.raised(exponent), &scale, precision))
    }

    /// The quotient of two forms.
    pub(super) fn divide(&self, top: &Form, bottom: &Form) -> Result<Form, TailError> {
        top.mul(&self.power(bottom, &Rational::from(-1))?, &self.line, self.keep())
    }

    /// An elementary function of a form.
    pub(super) fn apply(&self, function: Function, form: &Form) -> Result<Form, TailError> {
        match function {
            Function::Log => return self.logarithm(form),
            Function::Abs => return self.absolute(form),
            Function::Sin | Function::Cos => return self.oscillating(function, form),
            _ => {}
        }
        let (growing, constant, small) = form.parts();
        if growing.is_zero() {
            return self.bounded(function, &constant, &small);
        }
        match function {
            Function::Exp => self.exponential(form, &growing, &constant, &small),
            Function::Sinh | Function::Cosh => {
                let half = Number::Exact(Rational::from((1, 2)));
                let up = self.apply(Function::Exp, form)?;
                let down = self.apply(Function::Exp, &form.neg())?;
                let both = if function == Function::Sinh {
                    up.sub(&down, self.bits())
                } else {
                    up.add(&down, self.bits())
                };
                Ok(both.times_term(&Monomial::default(), &half, self.bits()))
            }
            Function::Tanh | Function::Atan | Function::Erf | Function::Asinh => match form.diverges(&self.line) {
                Some(Sign::Positive) => self.saturating(function, form),
                Some(Sign::Negative) => Ok(self.saturating(function, &form.neg())?.neg()),
                _ => self.enclosed(function, form),
            },
            _ => self.enclosed(function, form),
        }
    }

    /// A function of constant + small: about 0 by the exact rules where that helps cancellation.
    fn bounded(&self, function: Function, constant: &Number, small: &Form) -> Result<Form, TailError> {
        if function == Function::Exp && !constant.is_zero() {
            let series = self.taylor(&Outer::Apply(function), &Number::integer(0), small)?;
            let scale = constant.apply(function, self.bits())?;
            return Ok(series.times_term(&Monomial::default(), &scale, self.bits()));
        }
        self.taylor(&Outer::Apply(function), constant, small)
    }

    /// The plain enclosure of a function over all values on the tail, as a constant.
    fn enclosed(&self, function: Function, form: &Form) -> Result<Form, TailError> {
        Ok(Form::constant(form.range(&self.line)?.apply(function, self.bits())?))
    }

    /// tanh, atan, erf, asinh of a form that tends to +inf.
    fn saturating(&self, function: Function, form: &Form) -> Result<Form, TailError> {
        let precision = self.bits();
        let one = Form::constant(Number::integer(1));
        let numeric = |value: i32| Number::integer(value);
        // The bounds below hold for positive arguments.
        if form.sign(&self.line) != Some(Sign::Positive) {
            return self.enclosed(function, form);
        }
        match function {
            Function::Tanh => {
                // 1 - 2 / (exp(2x) + 1)
                let double = form.times_term(&Monomial::default(), &numeric(2), precision);
                let bottom = self.apply(Function::Exp, &double)?.add(&one, precision);
                let two = Form::constant(numeric(2));
                Ok(one.sub(&self.divide(&two, &bottom)?, precision))
            }
            Function::Atan => {
                // pi/2 - atan(1/x) for x > 0
                let inverse = self.power(form, &Rational::from(-1))?;
                let half_pi = Interval::pi(precision).scale(&Rational::from((1, 2)));
                let rest = self.apply(Function::Atan, &inverse)?;
                Ok(Form::constant(Number::from(half_pi)).sub(&rest, precision))
            }
            Function::Asinh => {
                // log(x + sqrt(x^2 + 1))
                let square = self.power(form, &Rational::from(2))?.add(&one, precision);
                let root = self.power(&square, &Rational::from((1, 2)))?;
                self.logarithm(&form.add(&root, precision))
            }
            _ => {
                // 0 < 1 - erf(x) <= exp(-x^2) for x >= 0.
                let square = self.power(form, &Rational::from(2))?;
                let bell = self.apply(Function::Exp, &square.neg())?;
                let share = Interval::hull_of(&Rational::new(), &Rational::from(1), precision);
                let share = share.ok_or(TailError::Malformed)?;
                let gap = bell.times_term(
                    &Monomial::default(),
                    &Number::Enclosed {
                        range: share,
                        nonzero: true,
                    },
                    precision,
                );
                Ok(one.sub(&gap, precision))
            }
        }
    }

    /// exp of a form with a growing part.
    fn exponential(&self, form: &Form, growing: &Form, constant: &Number, small: &Form) -> Result<Form, TailError> {
        let mut monomial = Monomial::default();
        for (term, coefficient) in growing.terms() {
            let Number::Exact(exact) = coefficient else {
                return self.exponential_bound(form);
            };
            let factor = match (term.as_power_of_t(), term.as_logarithm()) {
                (Some(power), _) => Monomial::exponential(exact.clone(), power.clone()),
                // exp(c log t) = t^c, exp(c log log t) = (log t)^c
                (None, Some(1)) => Monomial::power_of_t(exact.clone()),
                (None, Some(level)) => Monomial::logarithmic(level.saturating_sub(1), exact.clone()),
                (None, None) => return self.exponential_bound(form),
            };
            monomial = monomial.times(&factor);
        }
        let rest = self.bounded(Function::Exp, constant, small)?;
        Ok(rest.times_term(&monomial, &Number::integer(1), self.bits()))
    }

    /// Where the growth is outside the scale: x >= 0 gives exp(x) >= x^k / k! and 0 < exp(-x) <= k! / x^k.
    fn exponential_bound(&self, form: &Form) -> Result<Form, TailError> {
        const K: i32 = 3;
        const FACTORIAL: i32 = 6;
        let precision = self.bits();
        let k = Rational::from(K);
        match form.sign(&self.line) {
            Some(Sign::Positive) => {
                let least = Interval::at_least(&Rational::from((1, FACTORIAL)), precision);
                let power = self.power(form, &k)?;
                Ok(power.times_term(&Monomial::default(), &Number::from(least), precision))
            }
            Some(Sign::Negative) => {
                let share = Interval::hull_of(&Rational::new(), &Rational::from(FACTORIAL), precision);
                let share = share.ok_or(TailError::Malformed)?;
                let power = self.power(&form.neg(), &-k)?;
                Ok(power.times_term(
                    &Monomial::default(),
                    &Number::Enclosed {
                        range: share,
                        nonzero: true,
                    },
                    precision,
                ))
            }
            _ => self.enclosed(Function::Exp, form),
        }
    }

    /// log of a form that is positive on the tail: log(m (c + e)) = log m + log(c) + log(1 + e/c).
    fn logarithm(&self, form: &Form) -> Result<Form, TailError> {
        let precision = self.bits();
        if form.sign(&self.line) != Some(Sign::Positive) {
            return Err(TailError::Domain(super::super::interval::DomainError {
                function: "log",
                argument: "a quantity that may not be positive on the tail".into(),
            }));
        }
        let (monomial, constant, small) = self.normalised(form)?;
        let (exponential, [power, log, log_log]) = monomial.parts();
        if *log_log != 0 {
            return Err(TailError::Undetermined(
                "a logarithm nested too deep for the growth scale",
            ));
        }
        // Cancelling logarithms against each other is sound only where they are positive.
        if !self.line.has_logarithms(*power != 0, *log != 0) {
            return Err(TailError::Undetermined(
                "a tail that begins before its logarithms are positive",
            ));
        }
        let mut sum = Form::constant(Number::integer(0));
        for (degree, coefficient) in exponential {
            sum = sum.add(&super::form::power_of_t(degree.clone(), coefficient.clone()), precision);
        }
        for (level, coefficient) in [(1usize, power), (2, log)] {
            let term = Form::monomial(
                Monomial::logarithmic(level, Rational::from(1)),
                Number::Exact(coefficient.clone()),
            );
            sum = sum.add(&term, precision);
        }
        if !constant.is_positive() {
            // The dominant coefficient alone may touch 0 although the whole form does not.
            let bracket = form.ratio_range(&monomial, &self.line)?;
            return Ok(sum.add(&Form::constant(bracket.apply(Function::Log, precision)?), precision));
        }
        let inner = small.times_term(
            &Monomial::default(),
            &Number::integer(1).div(&constant, precision)?,
            precision,
        );
        let series = self.taylor(&Outer::Apply(Function::Log), &Number::integer(1), &inner)?;
        Ok(sum
            .add(&Form::constant(constant.apply(Function::Log, precision)?), precision)
            .add(&series, precision))
    }

    /// Whether a root or an absolute value is taken of a positive quantity, as analyticity demands.
    pub(super) fn stays_analytic(&self, form: &Form) -> bool {
        !self.strict || form.sign(&self.line) == Some(Sign::Positive)
    }

    /// |form|: the form or its negative where the sign is known, one enclosing term otherwise.
    fn absolute(&self, form: &Form) -> Result<Form, TailError> {
        match form.sign(&self.line) {
            Some(Sign::Negative) => Ok(form.neg()),
            Some(_) => Ok(form.clone()),
            None => {
                let Some((monomial, bracket)) = form.leading(&self.line)? else {
                    return Ok(form.clone());
                };
                Ok(Form::monomial(monomial, bracket.apply(Function::Abs, self.bits())?))
            }
        }
    }

    /// sin or cos: expanded where the argument stays bounded, reduced along a sequence, else anything in [-1, 1].
    fn oscillating(&self, function: Function, form: &Form) -> Result<Form, TailError> {
        let precision = self.bits();
        let (growing, constant, small) = form.parts();
        if growing.is_zero() {
            return self.taylor(&Outer::Apply(function), &constant, &small);
        }
        if let Some(Sequence { offset, period }) = &self.along
            && let [(monomial, Number::Exact(rate))] = growing.terms()
            && monomial.as_power_of_t().is_some_and(|power| *power == 1)
            && *Rational::from(rate * period).denom() == 1
        {
            // On t = offset + 2 pi period k the angle rate * t agrees with rate * offset up to full turns.
            let angle = constant.add(&Number::Exact(Rational::from(rate * offset)), precision);
            return self.taylor(&Outer::Apply(function), &angle, &small);
        }
        let all = Interval::hull_of(&Rational::from(-1), &Rational::from(1), precision);
        Ok(Form::constant(Number::from(all.ok_or(TailError::Malformed)?)))
    }
}
