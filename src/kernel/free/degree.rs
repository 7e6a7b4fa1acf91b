//! Degrees of normal forms.

use super::super::theorem::{Rejection, require};
use super::algebra::Algebra;
use super::data::Letters;
use super::element::{Element, FreeAtom};
use super::index::{Index, Ranges};
use super::scalar::Atom;
use super::word::{Head, Letter};

/// What is known of a member of a family and another one.
enum Same {
    Yes,
    No,
    Perhaps,
}

impl Algebra<'_> {
    /// Whether a sign is assumed of something that depends on a size.
    pub(super) fn restricts_sizes(&self) -> bool {
        let conditions = self.conditions.iter();
        let mut atoms = conditions.flat_map(|(condition, _)| self.scalars.depends_on(condition));
        atoms.any(|atom| matches!(self.scalars.get(atom), Some(Atom::Plain(FreeAtom::Size(_)))))
    }

    /// The largest total degree of a term in some letters; an upper bound, unless it has to be exact.
    ///
    /// Errors: for what is no polynomial; and, if it has to be exact, where a term might vanish or a letter might be
    /// counted wrongly: sums, members of families with symbolic indices, and matrices of literal size, which satisfy
    /// identities of their own (Amitsur and Levitzki).
    pub(super) fn degree(&self, element: &Element, letters: &[Letters], exact: bool) -> Result<u32, Rejection> {
        require(!exact || !self.restricts_sizes(), "the assumptions restrict the sizes")?;
        let mut degree = 0u32;
        for (key, coefficient) in &element.terms {
            require(!exact || key.sum.is_none(), "a sum may vanish")?;
            let ranges = self.alphabet.ranges.under(&key.sum);
            let of_word = self.degree_of_word(&key.word, letters, &ranges, exact)?;
            for (monomial, _) in coefficient.terms() {
                let mut total = of_word;
                for (atom, exponent) in monomial.powers() {
                    let one = match self.scalars.get(*atom) {
                        Some(Atom::Plain(FreeAtom::Trace(word))) => {
                            self.degree_of_word(word, letters, &ranges, exact)?
                        }
                        Some(Atom::Plain(FreeAtom::Size(_))) => 0,
                        _ => return Err(Rejection::new("only polynomials have a degree")),
                    };
                    require(*exponent > 0 || one == 0, "only polynomials have a degree")?;
                    total = total.saturating_add(one.saturating_mul(exponent.unsigned_abs()));
                }
                degree = degree.max(total);
            }
        }
        Ok(degree)
    }

    /// How many letters of a word count, or may count.
    fn degree_of_word(
        &self,
        word: &[Letter],
        letters: &[Letters],
        ranges: &Ranges,
        exact: bool,
    ) -> Result<u32, Rejection> {
        let mut degree = 0u32;
        for letter in word {
            let (rows, columns) = self.alphabet.shape(letter)?;
            let large = [&rows, &columns]
                .into_iter()
                .all(|size| size.size.is_some() || size.is_one());
            require(
                !exact || large,
                "matrices of literal size satisfy identities of their own",
            )?;
            let counts = match &letter.head {
                Head::Symbol(symbol) => letters.iter().any(|counted| counted.symbol == *symbol),
                Head::Range(symbol, high, low) => {
                    let mut own = letters.iter().filter(|counted| counted.symbol == *symbol).peekable();
                    require(
                        own.peek().is_none() || high == low,
                        "a product of symbolic length has no known degree",
                    )?;
                    require(!exact || high.value().is_some(), "members of a family may coincide")?;
                    own.try_fold(false, |counts, counted| {
                        let same = counted
                            .index
                            .as_ref()
                            .map_or(Same::Yes, |index| same(index, high, ranges));
                        require(
                            !exact || !matches!(same, Same::Perhaps),
                            "members of a family may coincide",
                        )?;
                        Ok::<bool, Rejection>(counts || !matches!(same, Same::No))
                    })?
                }
                Head::Gradient(..) | Head::Second(..) => return Err(Rejection::new("only polynomials have a degree")),
            };
            degree = degree.saturating_add(u32::from(counts));
        }
        Ok(degree)
    }
}

/// Whether two indices are equal for all values of the variables, or for none.
fn same(a: &Index, b: &Index, ranges: &Ranges) -> Same {
    if a == b {
        return Same::Yes;
    }
    let above = |a: &Index, b: &Index| {
        let gap = a.plus(-1, b).and_then(|gap| gap.shifted(-1));
        gap.is_some_and(|gap| ranges.nonnegative(&gap))
    };
    if above(a, b) || above(b, a) {
        Same::No
    } else {
        Same::Perhaps
    }
}
