//! Affine integer forms in indices, such as `N - i + 1`, and what is known of their range.

use serde::{Deserialize, Serialize};

/// An affine integer form: a constant and integer multiples of index variables, sorted, without zero multiples.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Index {
    /// Multiples of index variables.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    terms: Vec<(u16, i32)>,
    /// The constant.
    offset: i32,
}

/// The variable that stands for the index of the sum a term belongs to.
pub const BOUND: u16 = u16::MAX;

impl Index {
    /// A constant.
    pub fn literal(value: i32) -> Self {
        Index {
            terms: Vec::new(),
            offset: value,
        }
    }

    /// A variable.
    pub fn variable(name: u16) -> Self {
        Index {
            terms: vec![(name, 1)],
            offset: 0,
        }
    }

    /// The value of a form without variables.
    pub fn value(&self) -> Option<i32> {
        self.terms.is_empty().then_some(self.offset)
    }

    /// The constant part.
    pub fn offset(&self) -> i32 {
        self.offset
    }

    /// The variables with their multiples, in order.
    pub fn terms(&self) -> &[(u16, i32)] {
        &self.terms
    }

    /// Whether the form is as the kernel would have built it: sorted and without zero multiples.
    pub fn is_normal(&self) -> bool {
        let sorted = self.terms.iter().zip(self.terms.iter().skip(1)).all(|(a, b)| a.0 < b.0);
        sorted && self.terms.iter().all(|(_, multiple)| *multiple != 0)
    }

    /// The sum of this form and a multiple of another. `None` on overflow.
    pub fn plus(&self, factor: i32, other: &Self) -> Option<Self> {
        let offset = self.offset.checked_add(factor.checked_mul(other.offset)?)?;
        let mut terms = self.terms.clone();
        for (name, multiple) in &other.terms {
            let added = factor.checked_mul(*multiple)?;
            match terms.binary_search_by_key(name, |(name, _)| *name) {
                Ok(place) => {
                    let entry = terms.get_mut(place)?;
                    entry.1 = entry.1.checked_add(added)?;
                }
                Err(place) => terms.insert(place, (*name, added)),
            }
        }
        terms.retain(|(_, multiple)| *multiple != 0);
        Some(Index { terms, offset })
    }

    /// The form plus a constant. `None` on overflow.
    pub fn shifted(&self, by: i32) -> Option<Self> {
        self.plus(1, &Index::literal(by))
    }

    /// The multiple of a variable, 0 if it does not occur.
    pub fn multiple(&self, variable: u16) -> i32 {
        let found = self.terms.iter().find(|(name, _)| *name == variable);
        found.map_or(0, |(_, multiple)| *multiple)
    }

    /// The form with a variable replaced by a form. `None` on overflow.
    pub fn substitute(&self, variable: u16, value: &Self) -> Option<Self> {
        let multiple = self.multiple(variable);
        if multiple == 0 {
            return Some(self.clone());
        }
        self.plus(multiple.checked_neg()?, &Index::variable(variable))?
            .plus(multiple, value)
    }
}

/// What is known of index variables: for each, by number, its smallest and (perhaps) largest value.
#[derive(Clone, Debug, Default)]
pub struct Ranges {
    /// The ranges in terms of variables before; the range of variable `BOUND` is kept apart.
    ranges: Vec<(Index, Option<Index>)>,
    /// The range of the sum that is being looked at.
    bound: Option<(Index, Index)>,
}

impl Ranges {
    /// The ranges of the variables, in terms of variables before each.
    pub fn new(ranges: Vec<(Index, Option<Index>)>) -> Self {
        Ranges { ranges, bound: None }
    }

    /// The first and last value of a variable that has both.
    pub fn range(&self, variable: u16) -> Option<(Index, Index)> {
        let (from, to) = self.ranges.get(usize::from(variable))?;
        Some((from.clone(), to.clone()?))
    }

    /// The same knowledge with the index of a sum in this range.
    pub fn under(&self, sum: &Option<(Index, Index)>) -> Self {
        Ranges {
            ranges: self.ranges.clone(),
            bound: sum.clone(),
        }
    }

    /// Whether a form is at least 0 for all values of the variables in their ranges, as far as elimination shows it.
    pub fn nonnegative(&self, form: &Index) -> bool {
        let mut form = form.clone();
        // The largest variable is replaced by the end of its range where the form is smallest; ends mention only
        // smaller variables, so this ends.
        for _ in 0..=self.ranges.len() {
            let Some((variable, multiple)) = form.terms.last().copied() else {
                return form.offset >= 0;
            };
            let range = if variable == BOUND {
                self.bound.as_ref().map(|(from, to)| (from, Some(to)))
            } else {
                let range = self.ranges.get(usize::from(variable));
                range.map(|(from, to)| (from, to.as_ref()))
            };
            let end = match (range, multiple > 0) {
                (Some((from, _)), true) => from,
                (Some((_, Some(to))), false) => to,
                _ => return false,
            };
            if end.terms.iter().any(|(name, _)| *name >= variable) {
                return false;
            }
            match form.substitute(variable, end) {
                Some(next) => form = next,
                None => return false,
            }
        }
        form.terms.is_empty() && form.offset >= 0
    }

    /// Whether `low <= high + 1`: a product from `high` down to `low` makes sense, perhaps as the identity.
    pub fn is_product(&self, high: &Index, low: &Index) -> bool {
        let length = high.plus(-1, low).and_then(|length| length.shifted(1));
        length.is_some_and(|length| self.nonnegative(&length))
    }

    /// Whether all values from `low` to `high` lie in the range of a variable; true if there are none.
    pub fn within_range_of(&self, low: &Index, high: &Index, variable: u16) -> bool {
        let Some((from, to)) = self.ranges.get(usize::from(variable)) else {
            return false;
        };
        let above = low.plus(-1, from).is_some_and(|gap| self.nonnegative(&gap));
        let below = match to {
            Some(to) => to.plus(-1, high).is_some_and(|gap| self.nonnegative(&gap)),
            None => true,
        };
        above && below
    }
}
