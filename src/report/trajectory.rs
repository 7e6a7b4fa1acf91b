//! Where a flow is, as numbers in decimal, rounded outward: for tables, CSV and JSON.

use super::page::Page;
use super::text::Look;
use crate::kernel::interval::Interval;
use comfy_table::Cell;
use serde_json::{Value, json};

/// The most columns of coordinates, and rows, of a table for people.
const COLUMNS: usize = 5;
/// See [`COLUMNS`].
const ROWS: usize = 12;
/// Significant digits of a table for people.
const DIGITS: usize = 8;
/// The longest exact start in a table for people.
const SHORT: usize = 24;
/// The most characters of a time.
const LONG: usize = 24;

/// Enclosures of a flow at several times.
#[derive(Clone, Debug)]
pub struct Trajectory {
    /// The names of the coordinates.
    pub names: Vec<String>,
    /// The start, exactly: a number or an interval for every coordinate.
    pub start: Vec<String>,
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
            "start": self.start,
            "enclosures": moments.collect::<Value>(),
            "conserved": conserved.collect::<Value>(),
            "limit": self.limit.as_ref().map(|limit| ends(limit)),
        })
    }

    /// A few moments as a table: the first coordinates, the cost, and the largest width of all coordinates.
    pub(super) fn text(&self, look: Look) -> String {
        let stride = self.moments.len().div_ceil(ROWS).max(1);
        let last = self.moments.len().saturating_sub(1);
        let chosen = self.moments.iter().enumerate();
        let chosen: Vec<&Moment> = chosen
            .filter(|(place, _)| place.is_multiple_of(stride) || *place == last)
            .map(|(_, moment)| moment)
            .collect();
        let mut columns = vec![column("t", clocks(&chosen))];
        for (number, name) in self.names.iter().enumerate().take(COLUMNS) {
            let cell = |moment: &&Moment| match self.start.get(number).filter(|_| moment.time == "0") {
                Some(start) if start.len() <= SHORT => start.clone(),
                _ => moment.bounds.get(number).map_or_else(String::new, shown),
            };
            columns.push(column(name, chosen.iter().map(cell).collect()));
        }
        let cost = |moment: &&Moment| moment.cost.as_ref().map_or_else(String::new, shown);
        let mut others = vec![column(
            "width",
            chosen.iter().map(|moment| widest(&moment.bounds)).collect(),
        )];
        if chosen.iter().any(|moment| moment.cost.is_some()) {
            others.insert(0, column("f", chosen.iter().map(cost).collect()));
        }
        // As many coordinates as there is room for without breaking numbers.
        let room = |columns: &[Column]| 1 + columns.iter().map(|column| column.width + 3).sum::<usize>();
        while columns.len() > 2 && room(&columns) + room(&others) > usize::from(look.width) {
            columns.pop();
        }
        columns.append(&mut others);
        let titles: Vec<&str> = columns.iter().map(|column| column.title.as_str()).collect();
        let all: Vec<usize> = (0..columns.len()).collect();
        let rows = (0..chosen.len()).map(|row| {
            let cells = columns.iter().map(|column| column.cells.get(row));
            cells.map(|cell| Cell::new(cell.map_or("", String::as_str))).collect()
        });
        let mut page = Page::new(look);
        page.table(&titles, &all, rows);
        page.text
    }
}

/// A column of a table.
struct Column {
    title: String,
    cells: Vec<String>,
    /// The length of the longest word.
    width: usize,
}

fn column(title: &str, cells: Vec<String>) -> Column {
    let words = cells.iter().flat_map(|cell| cell.split(' ')).chain([title]);
    let width = words.map(|word| word.chars().count()).max().unwrap_or_default();
    Column {
        title: title.to_owned(),
        cells,
        width,
    }
}

/// An enclosure for a table: the digits with which all its members begin, or an interval.
fn shown(range: &Interval) -> String {
    let truncated = |end: &rug::Float| {
        let end = Interval::try_new(end.clone(), end.clone())?;
        Some(if range.is_positive() {
            end.lower_decimal(DIGITS)
        } else {
            end.upper_decimal(DIGITS)
        })
    };
    let whole = range.display(DIGITS);
    if range.contains_zero() || !whole.starts_with('[') {
        return whole;
    }
    match (truncated(range.inf()), truncated(range.sup())) {
        (Some(lo), Some(hi)) if lo == hi => {
            let (digits, exponent) = lo.find('e').map_or((lo.as_str(), ""), |place| lo.split_at(place));
            // Zeros at the end are not written, and may be what tells a number from its beginning.
            let more = match digits.contains('.') {
                true => "",
                false if digits.len() < DIGITS => ".0",
                false => ".",
            };
            format!("{digits}{more}…{exponent}")
        }
        _ => whole,
    }
}

/// The largest width of some intervals, rounded up.
fn widest(bounds: &[Interval]) -> String {
    let mut widths: Vec<_> = bounds.iter().map(Interval::wid).collect();
    widths.sort_by(|a, b| a.total_cmp(b));
    let widest = widths.pop().and_then(|width| Interval::try_new(width.clone(), width));
    widest.map_or_else(String::new, |width| width.upper_decimal(3))
}

/// Times that fit into a table: cut off where neighbours still differ, if that is soon.
fn clocks(moments: &[&Moment]) -> Vec<String> {
    let cut = |time: &str, digits: usize| match time.char_indices().nth(digits) {
        Some((end, _)) if time.contains('.') => format!("{}…", time.get(..end).unwrap_or(time)),
        _ => time.to_owned(),
    };
    let cuts = (9..=LONG).map(|digits| -> Vec<String> { moments.iter().map(|one| cut(&one.time, digits)).collect() });
    let differ = |texts: &Vec<String>| texts.windows(2).all(|pair| pair.first() != pair.last());
    let mut cuts = cuts.collect::<Vec<_>>();
    match cuts.iter().position(differ) {
        Some(place) => cuts.swap_remove(place),
        None => cuts.pop().unwrap_or_default(),
    }
}
