//! The tables `[start]` and `[compare]`: a closed interval for every coordinate.

use super::network::{Form, Frame, Layer};
use super::values::Value;
use super::{FlowReader, random};
use crate::problem::{Diagnostic, DiagnosticKind, FlowMistake, Seed, Span};
use crate::syntax::cost_file::in_order;
use crate::syntax::{advice, quoted};
use rug::Rational;
use std::collections::BTreeMap;
use toml::de::DeTable;

/// The keys of a start that are not coordinates.
const KEYS: [&str; 2] = ["radius", "random"];
/// The largest denominator of random numbers.
const DENOMINATOR: u64 = 1_000_000;
/// The most names in a sentence.
const NAMED: usize = 5;

/// A start that has been read.
pub(super) struct Start {
    /// One interval for every coordinate.
    pub(super) intervals: Vec<[Rational; 2]>,
    /// How it was drawn, if it was.
    pub(super) seed: Option<Seed>,
    /// Where it is written.
    pub(super) span: Span,
}

/// The values of the coordinates as far as they are known.
struct Slots {
    values: Vec<Option<[Rational; 2]>>,
    /// Whether a value was given and refused, so that nothing needs to be said about what is missing.
    refused: bool,
}

impl<'text> FlowReader<'_, 'text> {
    /// The start under a key; `None` only with a diagnostic here or about the coordinates.
    pub(super) fn start_at(
        &mut self,
        table: &DeTable<'text>,
        key: &'static str,
        frame: Option<&Frame>,
    ) -> Option<Start> {
        if !table.contains_key(key) {
            let diagnostic = Diagnostic::new(DiagnosticKind::MissingKey { key });
            let names = frame.map_or("the coordinates".to_owned(), coordinates);
            self.report(diagnostic.with_help(format!("add a table [{key}] with values of {names}")));
            return None;
        }
        let (inner, span) = self.table(table, key)?;
        let radius = match inner.contains_key("radius") {
            true => self.nonnegative(inner, "radius"),
            false => Some(Rational::new()),
        };
        let seed = self.seed(inner);
        let frame = frame?;
        let (intervals, seed) = match seed {
            Some(seed) => {
                self.only_random(inner, frame);
                let seed = seed?;
                let drawn = random::numbers(&seed, frame.dimension()?);
                let points = drawn.into_iter().map(|number| [number.clone(), number]);
                (points.collect(), Some(seed))
            }
            None => (self.coordinates(inner, span, frame)?, None),
        };
        let radius = radius?;
        let widen = |[lower, upper]: [Rational; 2]| [lower - &radius, upper + &radius];
        let intervals = intervals.into_iter().map(widen).collect();
        Some(Start { intervals, seed, span })
    }

    /// Complains about coordinates beside a random start.
    fn only_random(&mut self, table: &DeTable<'text>, frame: &Frame) {
        let names = frame.names();
        for (key, span, _) in in_order(table) {
            if KEYS.contains(&key) {
                continue;
            }
            let known = frame.layers.iter().any(|layer| layer.name == key) || names.iter().any(|name| name == key);
            if known {
                let (first, second) = ("random".to_owned(), key.to_owned());
                self.mistake(FlowMistake::Both { first, second }, span);
            } else {
                self.unknown_coordinate(key, span, frame);
            }
        }
    }

    /// The values of all coordinates.
    fn coordinates(&mut self, table: &DeTable<'text>, span: Span, frame: &Frame) -> Option<Vec<[Rational; 2]>> {
        let names = frame.names();
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        for (place, name) in names.iter().enumerate() {
            places.entry(name).or_insert(place);
        }
        let mut slots = Slots {
            values: vec![None; names.len()],
            refused: false,
        };
        for (key, key_span, value) in in_order(table) {
            if KEYS.contains(&key) {
                continue;
            }
            let mut first = 0;
            let layer = frame.layers.iter().find(|layer| {
                let found = layer.name == key;
                first += if found { 0 } else { layer.size() };
                found
            });
            let (first, values) = match (layer, places.get(key)) {
                (Some(layer), _) => (first, self.layer(layer, value)),
                (None, Some(place)) => (*place, self.interval(key, value).map(|interval| vec![interval])),
                (None, None) => {
                    self.unknown_coordinate(key, key_span, frame);
                    slots.refused = true;
                    continue;
                }
            };
            slots.refused |= values.is_none();
            for (place, value) in (first..).zip(values.into_iter().flatten()) {
                let Some(slot) = slots.values.get_mut(place) else {
                    continue;
                };
                if slot.replace(value).is_some() {
                    let name = names.get(place).cloned().unwrap_or_default();
                    self.mistake(FlowMistake::GivenTwice { name }, key_span);
                    break;
                }
            }
        }
        self.missing(&slots, &names, frame, span);
        slots.values.into_iter().collect()
    }

    /// Complains about coordinates without a value.
    fn missing(&mut self, slots: &Slots, names: &[String], frame: &Frame, span: Span) {
        if slots.refused || slots.values.iter().all(Option::is_some) {
            return;
        }
        let is_missing = |place: usize| slots.values.get(place).is_some_and(Option::is_none);
        let mut first = 0;
        let mut missing = Vec::new();
        for layer in &frame.layers {
            let places = first..first + layer.size();
            first = places.end;
            if places.clone().all(is_missing) {
                missing.push(format!("`{}`", layer.name));
            } else {
                let names = places
                    .filter(|place| is_missing(*place))
                    .filter_map(|place| names.get(place));
                missing.extend(names.map(|name| format!("`{name}`")));
            }
        }
        if missing.len() > NAMED {
            let rest = missing.len() - NAMED;
            missing.truncate(NAMED);
            missing.push(format!("{rest} more"));
        }
        let kind = FlowMistake::NoValue {
            names: missing.join(", "),
        };
        let diagnostic = Diagnostic::at(kind.into(), span, "");
        self.report(diagnostic.with_help(format!("the coordinates are {}", coordinates(frame))));
    }

    fn unknown_coordinate(&mut self, key: &str, span: Span, frame: &Frame) {
        let names = frame.names();
        let layers = frame.layers.iter().map(|layer| layer.name.as_str());
        let known = layers.chain(names.iter().map(String::as_str)).chain(KEYS);
        let suggestion = advice::nearest(key, known);
        let name = quoted(key);
        let diagnostic = Diagnostic::at(FlowMistake::NotACoordinate { name, suggestion }.into(), span, "");
        self.report(diagnostic.with_help(format!("the coordinates are {}", coordinates(frame))));
    }

    /// The values of one layer, row by row.
    fn layer(&mut self, layer: &Layer, value: &Value<'text>) -> Option<Vec<[Rational; 2]>> {
        let name = &layer.name;
        let Some(items) = value.get_ref().as_array() else {
            if layer.size() == 1 {
                return self.interval(name, value).map(|interval| vec![interval]);
            }
            self.wrong_shape(layer, value, shape_of(value));
            return None;
        };
        let is_nested = items.iter().any(|item| item.get_ref().is_array());
        let is_line = layer.rows == 1 || layer.columns == 1;
        if is_line && !is_nested {
            if items.len() != layer.size() {
                self.wrong_shape(layer, value, shape_of(value));
                return None;
            }
            return self.line(name, items);
        }
        let rows: Vec<&[Value<'text>]> = items
            .iter()
            .filter_map(|item| item.get_ref().as_array().map(|row| &**row))
            .collect();
        let fits = layer.form == Form::Matrix
            && rows.len() == items.len()
            && rows.len() == layer.rows
            && rows.iter().all(|row| row.len() == layer.columns);
        if !fits {
            self.wrong_shape(layer, value, shape_of(value));
            return None;
        }
        let rows: Vec<_> = rows.into_iter().map(|row| self.line(name, row)).collect();
        let rows: Option<Vec<_>> = rows.into_iter().collect();
        rows.map(|rows| rows.concat())
    }

    /// The values of one line.
    fn line(&mut self, name: &str, items: &[Value<'text>]) -> Option<Vec<[Rational; 2]>> {
        let values: Vec<_> = items.iter().map(|item| self.interval(name, item)).collect();
        values.into_iter().collect()
    }

    fn wrong_shape(&mut self, layer: &Layer, value: &Value<'text>, found: String) {
        let expected = match (layer.form, layer.rows, layer.columns) {
            (Form::Number, ..) => "a number".to_owned(),
            (Form::Vector, ..) => format!("an array of {} numbers", layer.size()),
            (Form::Matrix, rows, columns) => format!("an array of {rows} rows of {columns} numbers"),
        };
        let what = format!("`{}`", layer.name);
        let kind = DiagnosticKind::WrongShape { what, expected, found };
        self.report(Diagnostic::at(kind, value.span().into(), ""));
    }

    /// How the start is drawn: nothing if it is not, and `Some(None)` with a diagnostic.
    fn seed(&mut self, table: &DeTable<'text>) -> Option<Option<Seed>> {
        if !table.contains_key("random") {
            return None;
        }
        Some(
            self.table(table, "random")
                .and_then(|(inner, span)| self.seed_of(inner, span)),
        )
    }

    fn seed_of(&mut self, table: &DeTable<'text>, span: Span) -> Option<Seed> {
        let keys = ["seed", "bound", "denominator"];
        self.check_keys(table, "`random`", &keys, &[]);
        for key in keys {
            if !table.contains_key(key) {
                let place = "`random`";
                let diagnostic = Diagnostic::at(FlowMistake::MissingKey { place, key }.into(), span, "");
                let help = "write random = { seed = 7, bound = \"1/2\", denominator = 10 }";
                self.report(diagnostic.with_help(help));
            }
        }
        let seed = table
            .get("seed")
            .and_then(|value| self.whole("seed", value, 0, u64::MAX));
        let bound = self.positive(table, "bound");
        let denominator = table.get("denominator");
        let denominator = denominator.and_then(|value| self.whole("denominator", value, 1, DENOMINATOR));
        let (seed, bound, denominator) = (seed?, bound?, u32::try_from(denominator?).ok()?);
        let at_bound = table.get("bound").map_or(span, |value| value.span().into());
        match random::steps(&bound, denominator) {
            None => {
                let (key, least) = ("bound*denominator".to_owned(), 1);
                let most = u64::from(random::STEPS);
                self.mistake(FlowMistake::OutOfRange { key, least, most }, at_bound);
                None
            }
            Some(0) => {
                let diagnostic = Diagnostic::at(FlowMistake::OnlyZero.into(), at_bound, "");
                self.report(diagnostic.with_help("numbers are multiples of 1/denominator up to the bound"));
                None
            }
            Some(_) => Some(Seed {
                seed,
                bound,
                denominator,
            }),
        }
    }
}

/// The coordinates in a few words.
fn coordinates(frame: &Frame) -> String {
    let shown = |layer: &Layer| match layer.form {
        Form::Number => layer.name.clone(),
        Form::Vector => format!("{} ({} numbers)", layer.name, layer.size()),
        Form::Matrix => format!("{} ({} x {})", layer.name, layer.rows, layer.columns),
    };
    let mut names: Vec<String> = frame.layers.iter().take(NAMED).map(shown).collect();
    let rest = frame.layers.len() - names.len();
    if rest > 0 {
        names.push(format!("{rest} more"));
    }
    names.join(", ")
}

/// What a value looks like, in words.
fn shape_of(value: &Value<'_>) -> String {
    let Some(items) = value.get_ref().as_array() else {
        return if value.get_ref().is_table() {
            "a table"
        } else {
            "one number"
        }
        .to_owned();
    };
    let lengths: Vec<Option<usize>> = items
        .iter()
        .map(|item| item.get_ref().as_array().map(|row| row.len()))
        .collect();
    match lengths.as_slice() {
        [Some(first), rest @ ..] if rest.iter().all(|length| *length == Some(*first)) => {
            format!("{} of {first}", counted(lengths.len(), "row"))
        }
        lengths if lengths.iter().all(Option::is_none) => counted(lengths.len(), "number"),
        _ => "rows of different lengths".to_owned(),
    }
}

fn counted(count: usize, what: &str) -> String {
    match count {
        1 => format!("one {what}"),
        _ => format!("{count} {what}s"),
    }
}
