//! Which theorems of the theory apply to a cost, and what they then predict.

/// Whether a theorem applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applies {
    /// All hypotheses were proved.
    Yes,
    /// A hypothesis was refuted or makes no sense for this cost.
    No,
    /// A hypothesis is open.
    Unknown,
}

/// One row of the table of theorems.
#[derive(Clone, Debug, PartialEq)]
pub struct Applicability {
    /// The name in the catalogue, such as `A.cor6`.
    pub id: &'static str,
    /// What the theorem says, in one line.
    pub title: &'static str,
    /// Whether it applies.
    pub applies: Applies,
    /// The hypotheses it uses.
    pub uses: Vec<&'static str>,
    /// The hypotheses that are refuted or open.
    pub missing: Vec<&'static str>,
    /// The theorems of the literature it cites.
    pub rests_on: Vec<&'static str>,
    /// What it predicts for this cost, a sentence each.
    pub predicts: Vec<String>,
}
