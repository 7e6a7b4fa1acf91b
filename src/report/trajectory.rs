//! Where a flow is, as numbers in decimal, rounded outward: for tables, CSV and JSON.

use super::page::Page;
use super::text::Look;
use crate::kernel::interval::Interval;
use comfy_table::Cell;
use serde_json::{Value, json};

/// The most columns of coordinates, and rows, of a table for people.
const COLUMNS: usize = 4;
/// See [`COLUMNS`].
const ROWS: usize = 12;
/// Significant digits of a table for people.
const DIGITS: usize = 8;

/// Enclosures of a flow at several times.
#[derive(Clone, Debug)]
pub struct Trajectory {
    /// The names of the coordinates.
    pub names: Vec<String>,
    /// Significant digits of the texts below.
    pub digits: usize,
    /// In order of time.
    pub moments: Vec<Moment>,
    /// The conserved quantities with their enclosures, the same at all times.
    pub conserved: Vec<(String, Interval)>,
    /// The enclosure that holds for ever after the last proof of convergence.
    pub limit: Option<Vec<Interval>>,
}

/// A box that holds all solutions at a time.
#[derive(Clone, Debug)]
pub struct Moment {
    /// The time, a decimal or a fraction.
    pub time: String,
    /// The time for pictures.
    pub position: f64,
    /// An interval for every coordinate.
    pub bounds: Vec<Interval>,
    /// The value of the cost there, if it has one.
    pub cost: Option<Interval>,
}

impl Trajectory {
    /// The enclosures as comma separated values with a header: decimal numbers, rounded outward.
    ///
    /// Panics: never.
    pub fn csv(&self) -> String {
        let with_cost = self.moments.iter().any(|moment| moment.cost.is_some());
        let names = self.names.iter().cloned().chain(with_cost.then(|| "cost".to_owned()));
        let header = names.flat_map(|name| ["lo", "hi"].map(|end| format!(",\"{name} {end}\"")));
        let mut text = format!("t{}\n", header.collect::<String>());
        for moment in &self.moments {
            text.push_str(&moment.time);
            let cost = with_cost.then_some(moment.cost.as_ref()).into_iter();
            for range in moment.bounds.iter().map(Some).chain(cost) {
                let [lo, hi] = range.map_or_else(<[String; 2]>::default, |range| self.ends(range));
                text.push_str(&format!(",{lo},{hi}"));
            }
            text.push('\n');
        }
        text
    }

    fn ends(&self, range: &Interval) -> [String; 2] {
        [range.lower_decimal(self.digits), range.upper_decimal(self.digits)]
    }

    /// The enclosures as JSON: all numbers are strings.
    pub(super) fn json(&self) -> Value {
        let ends = |ranges: &[Interval]| ranges.iter().map(|range| self.ends(range)).collect::<Vec<_>>();
        let moments = self.moments.iter().map(|moment| {
            json!({
                "time": moment.time,
                "bounds": ends(&moment.bounds),
                "cost": moment.cost.as_ref().map(|cost| self.ends(cost)),
            })
        });
        let conserved = self.conserved.iter().map(|(name, range)| {
            json!({"name": name, "range": self.ends(range), "width": widest(std::slice::from_ref(range))})
        });
        json!({
            "coordinates": self.names,
            "enclosures": moments.collect::<Value>(),
            "conserved": conserved.collect::<Value>(),
            "limit": self.limit.as_ref().map(|limit| ends(limit)),
        })
    }

    /// A few moments as a table.
    pub(super) fn text(&self, look: Look) -> String {
        let mut page = Page::new(look);
        let shown = self.names.len().min(COLUMNS);
        let mut titles = vec!["t"];
        titles.extend(self.names.iter().take(shown).map(String::as_str));
        let wide = self.names.len() > shown;
        if wide {
            titles.push("largest width of all");
        }
        let stride = self.moments.len().div_ceil(ROWS).max(1);
        let last = self.moments.len().saturating_sub(1);
        let chosen = self.moments.iter().enumerate();
        let chosen = chosen.filter(|(place, _)| place.is_multiple_of(stride) || *place == last);
        let rows = chosen.map(|(_, moment)| {
            let mut cells = vec![Cell::new(short(&moment.time))];
            cells.extend(
                moment
                    .bounds
                    .iter()
                    .take(shown)
                    .map(|range| Cell::new(range.display(DIGITS))),
            );
            if wide {
                cells.push(Cell::new(widest(&moment.bounds)));
            }
            cells
        });
        page.table(&titles, &[0], rows);
        page.text
    }
}

/// The largest width of some intervals, rounded up.
fn widest(bounds: &[Interval]) -> String {
    let mut widths: Vec<_> = bounds.iter().map(Interval::wid).collect();
    widths.sort_by(|a, b| a.total_cmp(b));
    let widest = widths.pop().and_then(|width| Interval::try_new(width.clone(), width));
    widest.map_or_else(String::new, |width| width.upper_decimal(3))
}

/// A time that fits into a table.
fn short(time: &str) -> String {
    time.chars().take(10).collect()
}
