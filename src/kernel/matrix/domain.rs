//! The domain of a cost: conditions on polynomials in the entries, and a box that contains it.

use super::super::interval::Interval;
use super::super::number::Number;
use super::super::print::print_named;
use super::super::theorem::{Rejection, require};
use super::{Constraint, Cost, Id, Quadratic};
use rug::Rational;

/// A condition of the domain.
#[derive(Clone, Debug)]
pub(super) struct Condition {
    /// The polynomial.
    pub of: Id,
    /// Greater than 0, and not only different from 0.
    pub strict: bool,
    /// In words.
    pub text: String,
    /// It is a leading minor of a definite matrix.
    pub leading: bool,
    /// If it says that |x - c|^2 < r^2: c and r^2.
    pub ball: Option<(Vec<Rational>, Rational)>,
}

impl Cost {
    /// Takes in one condition.
    pub(super) fn condition(&mut self, data: &Constraint) -> Result<(), Rejection> {
        let (of, strict) = match data {
            Constraint::Positive(of) => (*of, true),
            Constraint::Nonzero(of) => (*of, false),
        };
        self.require_given(of)?;
        self.require_polynomial(of)?;
        require(self.domain.len() < 16, "too many conditions")?;
        let printed = print_named(&self.table, of, &|variable| self.name(variable));
        let relation = if strict { ">" } else { "!=" };
        let ball = if strict { self.ball(of)? } else { None };
        self.domain.push(Condition {
            of,
            strict,
            text: format!("{printed} {relation} 0"),
            leading: false,
            ball,
        });
        Ok(())
    }

    /// The conditions of a positive definite matrix: its leading minors are positive (Sylvester).
    pub(super) fn leading_minors(&mut self) -> Result<(), Rejection> {
        require(self.rows <= 6, "the minors are too large to be written out")?;
        for size in 1..=self.rows {
            let columns: Vec<usize> = (0..size).collect();
            let of = self.minor(0, &columns)?;
            self.domain.push(Condition {
                of,
                strict: true,
                text: String::new(),
                leading: true,
                ball: None,
            });
        }
        Ok(())
    }

    /// c and r^2, if the condition is a positive multiple of r^2 - |x - c|^2 with r^2 > 0.
    fn ball(&mut self, of: Id) -> Result<Option<(Vec<Rational>, Rational)>, Rejection> {
        let Some(form) = Quadratic::of(self, of)? else {
            return Ok(None);
        };
        let Some(factor) = form.hessian.first().and_then(|row| row.first()).cloned() else {
            return Ok(None);
        };
        if factor >= 0 || !form.is_multiple_of_identity(&factor) {
            return Ok(None);
        }
        // a |x|^2 / 2 + b x + c with a < 0 is (-a/2) (r^2 - |x + b/a|^2).
        let centre: Vec<Rational> = form.slope.iter().map(|slope| -(slope / &factor).complete()).collect();
        let lengths: Rational = centre.iter().map(|value| Rational::from(value * value)).sum();
        let square = lengths - form.value * Rational::from(2) / factor;
        Ok((square > 0).then_some((centre, square)))
    }

    /// A box that contains the domain: that of a ball, or the whole space.
    pub(super) fn region(&self) -> Result<Vec<Number>, Rejection> {
        let whole = || Number::from(Interval::entire(self.precision));
        let Some((centre, square)) = self.domain.iter().find_map(|condition| condition.ball.clone()) else {
            return Ok((0..self.size()).map(|_| whole()).collect());
        };
        let radius = Interval::point(&square, self.precision);
        let radius = radius.sqrt().map_err(|_| Rejection::new("the radius of a ball"))?;
        let around = radius.neg().convex_hull(&radius);
        let side = |middle: &Rational| Number::from(Interval::point(middle, self.precision).add(&around));
        Ok(centre.iter().map(side).collect())
    }
}

use rug::Complete;
