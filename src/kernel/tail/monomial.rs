//! Monomials of the growth scale: t^a (log t)^b (log log t)^c exp(sum e_q t^q), positive for t >= T.

use super::super::interval::Interval;
use super::super::number::exact_power;
use rug::Rational;
use std::cell::OnceCell;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// A monomial; the empty one is the constant 1.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Monomial {
    /// Coefficients of t^q in the exponent, q > 0, none of them zero.
    exponential: BTreeMap<Rational, Rational>,
    /// The powers of t, log t and log log t.
    powers: [Rational; 3],
}

/// The half line t >= T on which monomials are compared, with the logarithms of T.
#[derive(Clone, Debug)]
pub struct HalfLine {
    from: Rational,
    start: Interval,
    log: OnceCell<Option<Interval>>,
    log_log: OnceCell<Option<Interval>>,
    precision: u32,
}

impl HalfLine {
    /// The half line from T > 0; the logarithmic scales need T > 1 and T > e.
    pub fn new(from: &Rational, precision: u32) -> Option<Self> {
        if *from <= 0 {
            return None;
        }
        let start = Interval::point(from, precision);
        Some(HalfLine {
            from: from.clone(),
            start,
            log: OnceCell::new(),
            log_log: OnceCell::new(),
            precision,
        })
    }

    /// log T, if it is positive.
    fn log(&self) -> Option<&Interval> {
        self.log
            .get_or_init(|| self.start.ln().ok().filter(Interval::is_positive))
            .as_ref()
    }

    /// log log T, if it is positive.
    fn log_log(&self) -> Option<&Interval> {
        let compute = || self.log().and_then(|log| log.ln().ok()).filter(Interval::is_positive);
        self.log_log.get_or_init(compute).as_ref()
    }

    /// The working precision in bits.
    pub fn precision(&self) -> u32 {
        self.precision
    }

    /// The smallest t.
    pub fn from(&self) -> &Rational {
        &self.from
    }

    /// Whether log t (and log log t) is known to be positive on the half line, as far as asked for.
    pub fn has_logarithms(&self, log: bool, log_log: bool) -> bool {
        (!log || self.log().is_some()) && (!log_log || self.log_log().is_some())
    }

    /// The values of 1/x for x >= the given positive number.
    fn below_reciprocal(&self, least: &Interval) -> Option<Interval> {
        let top = least.recip().ok()?;
        Interval::try_new(
            Interval::point(&Rational::new(), self.precision).inf().clone(),
            top.sup().clone(),
        )
    }
}

impl Monomial {
    /// t to a rational power.
    pub fn power_of_t(power: Rational) -> Self {
        Monomial {
            exponential: BTreeMap::new(),
            powers: [power, Rational::new(), Rational::new()],
        }
    }

    /// exp(coefficient * t^power), power > 0.
    pub fn exponential(coefficient: Rational, power: Rational) -> Self {
        let mut monomial = Monomial::default();
        if coefficient != 0 {
            monomial.exponential.insert(power, coefficient);
        }
        monomial
    }

    /// (log t) or (log log t) to a rational power, `level` 1 or 2.
    pub fn logarithmic(level: usize, power: Rational) -> Self {
        let mut monomial = Monomial::default();
        if let Some(slot) = monomial.powers.get_mut(level) {
            *slot = power;
        }
        monomial
    }

    /// The exponent's coefficients and the powers of t, log t, log log t.
    pub fn parts(&self) -> (&BTreeMap<Rational, Rational>, &[Rational; 3]) {
        (&self.exponential, &self.powers)
    }

    /// Whether this is the constant 1.
    pub fn is_one(&self) -> bool {
        self.exponential.is_empty() && self.powers.iter().all(|power| *power == 0)
    }

    /// If the monomial is t^q, q.
    pub fn as_power_of_t(&self) -> Option<&Rational> {
        let [power, log, log_log] = &self.powers;
        (self.exponential.is_empty() && *log == 0 && *log_log == 0).then_some(power)
    }

    /// If the monomial is exactly log t (level 1) or log log t (level 2), the level.
    pub fn as_logarithm(&self) -> Option<usize> {
        [1usize, 2]
            .into_iter()
            .find(|level| *self == Monomial::logarithmic(*level, Rational::from(1)))
    }

    /// The product of two monomials.
    pub fn times(&self, other: &Monomial) -> Monomial {
        let mut product = self.clone();
        for (power, coefficient) in &other.exponential {
            let entry = product.exponential.entry(power.clone()).or_default();
            *entry += coefficient;
        }
        product.exponential.retain(|_, coefficient| *coefficient != 0);
        for (mine, theirs) in product.powers.iter_mut().zip(&other.powers) {
            *mine += theirs;
        }
        product
    }

    /// The monomial to a rational power (it is positive).
    pub fn raised(&self, exponent: &Rational) -> Monomial {
        if *exponent == 0 {
            return Monomial::default();
        }
        let scale = |value: &Rational| Rational::from(value * exponent);
        Monomial {
            exponential: self
                .exponential
                .iter()
                .map(|(power, value)| (power.clone(), scale(value)))
                .collect(),
            powers: self.powers.each_ref().map(scale),
        }
    }

    /// The quotient of two monomials.
    pub fn over(&self, other: &Monomial) -> Monomial {
        self.times(&other.raised(&Rational::from(-1)))
    }

    /// What the monomial tends to as t -> inf: `Greater` means infinity, `Less` means 0, `Equal` the constant 1.
    pub fn tendency(&self) -> Ordering {
        let exponential = self.exponential.values().next_back().map(Rational::cmp0);
        exponential
            .into_iter()
            .chain(self.powers.iter().map(Rational::cmp0))
            .find(|order| *order != Ordering::Equal)
            .unwrap_or(Ordering::Equal)
    }

    /// Which of two monomials grows faster.
    pub fn compare_growth(&self, other: &Monomial) -> Ordering {
        // What the quotient tends to, from the highest degree in the exponent down.
        let (mut mine, mut theirs) = (self.exponential.iter().rev(), other.exponential.iter().rev());
        loop {
            return match (mine.next(), theirs.next()) {
                (None, None) => self.powers.cmp(&other.powers),
                (Some((_, a)), None) => a.cmp0(),
                (None, Some((_, b))) => b.cmp0().reverse(),
                (Some((power, a)), Some((degree, b))) => match power.cmp(degree) {
                    Ordering::Greater => a.cmp0(),
                    Ordering::Less => b.cmp0().reverse(),
                    Ordering::Equal if a == b => continue,
                    Ordering::Equal => a.cmp(b),
                },
            };
        }
    }

    /// The bits of all exponents together, to notice those that grow without end.
    pub(super) fn bits(&self) -> u32 {
        let numbers = self
            .exponential
            .iter()
            .flat_map(|(power, value)| [power, value])
            .chain(&self.powers);
        numbers.fold(0, |sum, number| {
            let (top, bottom) = (number.numer().significant_bits(), number.denom().significant_bits());
            sum.saturating_add(top).saturating_add(bottom)
        })
    }

    /// Encloses all values on the half line; `None` if a logarithm is not positive there.
    ///
    /// The logarithmic derivative times t is a + b/log t + c/(log t log log t) + sum q e_q t^q; where it keeps
    /// its sign the monomial is monotone and lies between its value at T and its limit.
    pub fn range(&self, line: &HalfLine) -> Option<Interval> {
        let precision = line.precision;
        let one = Interval::point(&Rational::from(1), precision);
        if self.is_one() {
            return Some(one);
        }
        let start = self.value_at_start(line)?;
        let slope = self.slope_range(line)?;
        let zero = Interval::point(&Rational::new(), precision);
        let everything = Interval::entire(precision);
        if slope.is_nonpositive() {
            Interval::try_new(zero.inf().clone(), start.sup().clone())
        } else if slope.is_nonnegative() {
            Interval::try_new(start.inf().clone(), everything.sup().clone())
        } else {
            Interval::try_new(zero.inf().clone(), everything.sup().clone())
        }
    }

    /// The value at t = T.
    fn value_at_start(&self, line: &HalfLine) -> Option<Interval> {
        let precision = line.precision;
        let mut exponent = Interval::point(&Rational::new(), precision);
        for (power, coefficient) in &self.exponential {
            let term = match exact_power(&line.from, power) {
                Some(exact) => Interval::point(&Rational::from(coefficient * &exact), precision),
                None => line.start.pow_rational(power).ok()?.scale(coefficient),
            };
            exponent = exponent.add(&term);
        }
        let mut value = exponent.exp();
        for (level, power) in self.powers.iter().enumerate() {
            if *power != 0 {
                let base = match level {
                    0 => &line.start,
                    1 => line.log()?,
                    _ => line.log_log()?,
                };
                value = value.mul(&base.pow_rational(power).ok()?);
            }
        }
        Some(value)
    }

    /// Encloses t times the logarithmic derivative on the half line.
    fn slope_range(&self, line: &HalfLine) -> Option<Interval> {
        let precision = line.precision;
        let [power, log, log_log] = &self.powers;
        let mut sum = Interval::point(power, precision);
        if *log != 0 || *log_log != 0 {
            // (b + c / log log t) / log t: one factor after the other keeps the sign of b.
            let mut bracket = Interval::point(log, precision);
            if *log_log != 0 {
                bracket = bracket.add(&line.below_reciprocal(line.log_log()?)?.scale(log_log));
            }
            sum = sum.add(&bracket.mul(&line.below_reciprocal(line.log()?)?));
        }
        let Some((lead, _)) = self.exponential.last_key_value() else {
            return Some(sum);
        };
        // sum q e_q t^q = t^lead * (lead e_lead + sum over smaller q of q e_q t^(q - lead))
        let mut bracket = Interval::point(&Rational::new(), precision);
        for (degree, coefficient) in &self.exponential {
            let weight = Rational::from(degree * coefficient);
            let ratio = if degree == lead {
                Interval::point(&Rational::from(1), precision)
            } else {
                let gap = Rational::from(lead - degree);
                line.below_reciprocal(&line.start.pow_rational(&gap).ok()?)?
            };
            bracket = bracket.add(&ratio.scale(&weight));
        }
        let least = line.start.pow_rational(lead).ok()?;
        let growing = Interval::try_new(least.inf().clone(), Interval::entire(precision).sup().clone())?;
        Some(sum.add(&growing.mul(&bracket)))
    }
}
