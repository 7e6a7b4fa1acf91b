//! The open interval on which a scalar cost lives.

pub use crate::kernel::polynomial::End;
use rug::Rational;
use std::fmt;

/// An open interval; [`Domain::try_new`] refuses the empty ones.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Domain {
    /// The lower end: [`End::NegativeInfinity`] or a rational.
    pub left: End,
    /// The upper end: [`End::PositiveInfinity`] or a rational.
    pub right: End,
}

impl Domain {
    /// The whole real line.
    pub fn real_line() -> Self {
        Self {
            left: End::NegativeInfinity,
            right: End::PositiveInfinity,
        }
    }

    /// The open interval between two ends.
    ///
    /// Errors: `None` if no number lies between them. Panics: never.
    pub fn try_new(left: End, right: End) -> Option<Self> {
        let holds_a_number = match (&left, &right) {
            (End::PositiveInfinity, _) | (_, End::NegativeInfinity) => false,
            (End::At(left), End::At(right)) => left < right,
            _ => true,
        };
        holds_a_number.then_some(Self { left, right })
    }

    /// Whether a rational point lies inside. Panics: never.
    pub fn contains(&self, point: &Rational) -> bool {
        let above = match &self.left {
            End::NegativeInfinity => true,
            End::At(left) => left < point,
            End::PositiveInfinity => false,
        };
        let below = match &self.right {
            End::NegativeInfinity => false,
            End::At(right) => point < right,
            End::PositiveInfinity => true,
        };
        above && below
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "({}, {})", self.left, self.right)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_not_in_the_interval() {
        let domain = Domain::try_new(End::At(Rational::from((1, 3))), End::PositiveInfinity).unwrap();
        assert!(!domain.contains(&Rational::from((1, 3))));
        assert!(domain.contains(&Rational::from((1, 2))));
        assert_eq!(domain.to_string(), "(1/3, inf)");
    }

    #[test]
    fn empty_intervals_are_refused() {
        let at = |value: i32| End::At(Rational::from(value));
        assert_eq!(Domain::try_new(at(1), at(1)), None);
        assert_eq!(Domain::try_new(at(2), at(1)), None);
        assert_eq!(Domain::try_new(End::PositiveInfinity, at(1)), None);
        assert_eq!(Domain::try_new(at(1), End::NegativeInfinity), None);
    }
}
