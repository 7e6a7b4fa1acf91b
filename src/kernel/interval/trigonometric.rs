//! Sine, cosine and tangent, with the quadrants found by exact integers from an enclosure of `x / (pi/2)`.

use super::numeric::{larger, smaller};
use super::rounded::{down, up};
use super::{DomainError, Interval};
use rug::float::Round;
use rug::{Float, Integer, Rational};

/// Arguments of a larger binary exponent are not reduced: that would take as many bits of pi.
const EXPONENT: u32 = 4096;
/// Bits of the quadrant beyond those of the argument and of its integer part.
const SPARE: u32 = 32;

/// The integers that may be the quotient of a member by a quarter turn: the first and the last.
struct Quarters {
    first: Integer,
    last: Integer,
}

impl Quarters {
    /// Whether an integer among them leaves the remainder `residue` when divided by `modulus`.
    fn meet(&self, residue: u32, modulus: u32) -> bool {
        let ahead = Integer::from(residue - &self.first);
        let (_, steps) = ahead.div_rem_floor(Integer::from(modulus));
        &self.first + steps <= self.last
    }
}

impl Interval {
    /// The multiples of a quarter turn that may be members, `None` for arguments too large to tell.
    fn quarters(&self) -> Option<Quarters> {
        let exponent = |endpoint: &Float| {
            endpoint
                .get_exp()
                .map_or(0, |exponent| u32::try_from(exponent).unwrap_or(0))
        };
        let exponent = exponent(&self.inf).max(exponent(&self.sup));
        if !self.is_bounded() || exponent > EXPONENT {
            return None;
        }
        let working = self.precision().saturating_add(exponent).saturating_add(SPARE);
        let quarter_turn = Interval::pi(working).scale(&Rational::from((1, 2)));
        let quotient = self.with_precision(working).div(&quarter_turn).ok()?;
        let (first, _) = quotient.inf.to_integer_round(Round::Up)?;
        let (last, _) = quotient.sup.to_integer_round(Round::Down)?;
        Some(Quarters { first, last })
    }

    /// Encloses the sines of the members.
    ///
    /// Rounding: outward, tightest but for endpoints within a hair of an extremum; within [-1, 1], which is the
    /// answer for half lines and for arguments beyond 2^4096.
    /// Panics: never.
    #[must_use]
    pub fn sin(&self) -> Self {
        let Some(quarters) = self.quarters() else {
            return Self::unit_ball(self.precision());
        };
        let precision = self.precision();
        let (first, last) = (self.inf.sin_ref(), self.sup.sin_ref());
        let inf = smaller(&down(precision, first), &down(precision, last)).clone();
        let (first, last) = (self.inf.sin_ref(), self.sup.sin_ref());
        let sup = larger(&up(precision, first), &up(precision, last)).clone();
        Self::between_turns(inf, sup, quarters.meet(3, 4), quarters.meet(1, 4))
    }

    /// Encloses the cosines of the members.
    ///
    /// Rounding: outward, tightest but for endpoints within a hair of an extremum; within [-1, 1], which is the
    /// answer for half lines and for arguments beyond 2^4096.
    /// Panics: never.
    #[must_use]
    pub fn cos(&self) -> Self {
        let Some(quarters) = self.quarters() else {
            return Self::unit_ball(self.precision());
        };
        let precision = self.precision();
        let (first, last) = (self.inf.cos_ref(), self.sup.cos_ref());
        let inf = smaller(&down(precision, first), &down(precision, last)).clone();
        let (first, last) = (self.inf.cos_ref(), self.sup.cos_ref());
        let sup = larger(&up(precision, first), &up(precision, last)).clone();
        Self::between_turns(inf, sup, quarters.meet(2, 4), quarters.meet(0, 4))
    }

    /// The range of a wave from its values at the ends and from whether a trough and a crest may lie between.
    fn between_turns(inf: Float, sup: Float, trough: bool, crest: bool) -> Self {
        let whole = Self::unit_ball(inf.prec());
        Self::raw(
            if trough { whole.inf } else { inf },
            if crest { whole.sup } else { sup },
        )
    }

    /// Encloses the tangents of the members.
    ///
    /// Rounding: outward, tightest.
    /// Errors: [`DomainError`] unless it is certain that the cosine vanishes nowhere; half lines and arguments
    /// beyond 2^4096 are refused.
    /// Panics: never.
    pub fn tan(&self) -> Result<Self, DomainError> {
        // The tangent grows between two poles, and the poles are the odd multiples of the quarter turn.
        match self.quarters() {
            Some(quarters) if !quarters.meet(1, 2) => {
                let precision = self.precision();
                Ok(Self::raw(
                    down(precision, self.inf.tan_ref()),
                    up(precision, self.sup.tan_ref()),
                ))
            }
            _ => Err(DomainError::new("tan", self)),
        }
    }
}
