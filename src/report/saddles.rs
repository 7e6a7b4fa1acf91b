//! Critical points as a table: for people, JSON and LaTeX.

use super::page::Page;
use super::text::Look;
use comfy_table::Cell;
use serde_json::{Value, json};

/// One critical point; numbers are decimals, rounded outward but for `height` and `product`.
#[derive(Clone, Debug)]
pub struct SaddleRow {
    /// The number of the point, counted from 1; the claims about it end in it.
    pub number: u32,
    /// The rank of W.
    pub rank: Option<usize>,
    /// The critical value.
    pub value: String,
    /// About the critical value.
    pub height: f64,
    /// The norm of grad f(W).
    pub gradient: String,
    /// The numbers of negative, zero and positive eigenvalues.
    pub inertia: Option<[usize; 3]>,
    /// Whether the point is a strict saddle; `None` if it is not known.
    pub strict: Option<bool>,
    /// What is known of the least eigenvalue, such as `at most -2`.
    pub curvature: Option<String>,
    /// About W.
    pub product: String,
}

impl SaddleRow {
    /// Number, rank, value, |grad f|, inertia, strict, curvature.
    fn cells(&self) -> [String; 7] {
        let open = || "?".to_owned();
        let inertia = self
            .inertia
            .map(|[negative, zero, positive]| format!("{negative}, {zero}, {positive}"));
        let strict = self.strict.map(|strict| if strict { "yes" } else { "no" }.to_owned());
        [
            self.number.to_string(),
            self.rank.map_or_else(open, |rank| rank.to_string()),
            self.value.clone(),
            self.gradient.clone(),
            inertia.unwrap_or_else(open),
            strict.unwrap_or_else(open),
            self.curvature.clone().unwrap_or_default(),
        ]
    }

    /// The point as JSON.
    pub(super) fn json(&self) -> Value {
        json!({
            "number": self.number,
            "rank": self.rank,
            "value": self.value,
            "gradient_norm": self.gradient,
            "inertia": self.inertia,
            "strict": self.strict,
            "curvature": self.curvature,
            "product": self.product,
        })
    }
}

/// The titles of the columns.
pub(super) const TITLES: [&str; 7] = [
    "point",
    "rank",
    "f",
    "|grad f|",
    "-, 0, +",
    "strict",
    "least eigenvalue",
];

/// All points as a table for a terminal.
pub(super) fn text(points: &[SaddleRow], look: Look) -> String {
    let mut page = Page::new(look);
    let rows = points.iter().map(|point| point.cells().map(Cell::new).to_vec());
    page.table(&TITLES, &[0, 1, 4, 5], rows);
    page.into_text()
}

/// All points as rows of text.
pub(super) fn rows(points: &[SaddleRow]) -> impl Iterator<Item = [String; 7]> {
    points.iter().map(SaddleRow::cells)
}
