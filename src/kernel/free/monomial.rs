//! Products of powers of atoms.

use std::collections::BTreeMap;

/// A product of powers of atoms, sorted by atom, without zero exponents; negative ones for atoms that are not zero.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Monomial(Vec<(u16, i32)>);

impl Monomial {
    /// The product of powers of atoms.
    pub fn of(powers: Vec<(u16, i32)>) -> Self {
        let mut powers = powers;
        powers.sort_unstable();
        powers.retain(|(_, exponent)| *exponent != 0);
        Monomial(powers)
    }

    /// The powers, sorted by atom.
    pub fn powers(&self) -> &[(u16, i32)] {
        &self.0
    }

    /// A power of one atom.
    pub(super) fn power(atom: u16, exponent: i32) -> Self {
        Monomial(if exponent == 0 {
            Vec::new()
        } else {
            vec![(atom, exponent)]
        })
    }

    /// The product. `None` on overflow of an exponent.
    pub fn times(&self, other: &Self) -> Option<Self> {
        let mut powers: BTreeMap<u16, i32> = self.0.iter().copied().collect();
        for (atom, exponent) in &other.0 {
            let entry = powers.entry(*atom).or_insert(0);
            *entry = entry.checked_add(*exponent)?;
        }
        powers.retain(|_, exponent| *exponent != 0);
        Some(Monomial(powers.into_iter().collect()))
    }

    /// The monomial to a power. `None` on overflow.
    pub(super) fn raised(&self, exponent: i32) -> Option<Self> {
        let powers = self
            .0
            .iter()
            .map(|(atom, power)| Some((*atom, power.checked_mul(exponent)?)));
        let mut powers: Vec<_> = powers.collect::<Option<_>>()?;
        powers.retain(|(_, exponent)| *exponent != 0);
        Some(Monomial(powers))
    }

    /// The monomial divided by another one all of whose (positive) powers it contains.
    pub fn without(&self, other: &Self) -> Option<Self> {
        let held = |(atom, exponent): &(u16, i32)| {
            let own = self.0.iter().find(|(name, _)| name == atom).map_or(0, |(_, own)| *own);
            *exponent > 0 && own >= *exponent
        };
        if !other.0.iter().all(held) {
            return None;
        }
        self.times(&other.raised(-1)?)
    }
}
