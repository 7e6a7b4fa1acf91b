//! Legends: samples with their names, in rows as wide as the picture.

use super::canvas::{self, Area, Pen, TEXT, text_width};
use super::layers::{enclosure_fill, enclosure_pen, pen, symbol};
use super::polyline::{Frame, clip};
use super::{Curve, MarkerKind, PictureError, Portrait, Role};
use plotters::style::text_anchor::HPos;
use plotters::style::{Color, RGBColor};

/// The height of a row, in pixels.
const ROW: i32 = 20;
/// The width of a sample, in pixels.
const SAMPLE: f64 = 26.0;
/// Between a sample and its name, and between a name and the next sample.
const GAPS: [f64; 2] = [6.0, 14.0];

/// What an entry shows in front of its name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Sample {
    /// A piece of a curve.
    Curve(Role),
    /// A symbol.
    Marker(MarkerKind),
    /// An enclosure in the plane.
    Enclosure,
    /// An enclosure against time.
    Band(RGBColor),
}

/// A sample with its name.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    pub(super) sample: Sample,
    pub(super) name: String,
}

/// The entries of some portraits, each one once. Panics: never.
pub(super) fn entries(portraits: &[&Portrait]) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for portrait in portraits {
        let curves = portrait.curves.iter().filter(|curve| is_visible(curve, portrait));
        let mut found: Vec<(Sample, &str)> = curves
            .map(|curve| (Sample::Curve(curve.role), curve.label.as_str()))
            .collect();
        let boxes = portrait.boxes.first();
        found.extend(boxes.map(|_| (Sample::Enclosure, "enclosure")));
        let markers = portrait.markers.iter();
        found.extend(markers.map(|marker| (Sample::Marker(marker.kind), marker.label.as_str())));
        let sets = portrait.level_sets.iter();
        found.extend(sets.map(|sets| (Sample::Curve(Role::LevelSet), sets.label.as_str())));
        for (sample, name) in found {
            let name = name.to_owned();
            let entry = Entry { sample, name };
            if !entry.name.is_empty() && !entries.contains(&entry) {
                entries.push(entry);
            }
        }
    }
    entries
}

/// Whether something of a curve lies between the axes.
fn is_visible(curve: &Curve, portrait: &Portrait) -> bool {
    let frame = Frame {
        x: portrait.x_range,
        y: portrait.y_range,
    };
    curve.pieces.iter().any(|piece| !clip(piece, frame).is_empty())
}

/// The places of the entries from the upper left corner, in rows of some width, and the height of all rows. In pixels.
fn places(entries: &[Entry], width: f64) -> (Vec<(f64, f64)>, i32) {
    let mut places = Vec::new();
    let (mut x, mut row) = (0.0, 0_i32);
    for entry in entries {
        let long = SAMPLE + GAPS[0] + text_width(&entry.name);
        if x > 0.0 && x + long > width {
            (x, row) = (0.0, row.saturating_add(1));
        }
        places.push((x, f64::from(row.saturating_mul(ROW)) + f64::from(ROW) / 2.0));
        x += long + GAPS[1];
    }
    let rows = if entries.is_empty() { 0 } else { row.saturating_add(1) };
    (places, rows.saturating_mul(ROW))
}

/// How high the legend is, in pixels. Panics: never.
pub(super) fn height(entries: &[Entry], width: f64) -> i32 {
    places(entries, width).1
}

/// Draws the legend with its upper left corner at a place in pixels.
///
/// Errors: [`PictureError::Drawing`]. Panics: never.
pub(super) fn draw(area: &Area<'_>, entries: &[Entry], [left, top]: [f64; 2], width: f64) -> Result<(), PictureError> {
    for (entry, (x, y)) in entries.iter().zip(places(entries, width).0) {
        let (x, y) = (left + x, top + y);
        draw_sample(area, entry.sample, [x, y])?;
        let at = [x + SAMPLE + GAPS[0], y];
        canvas::write(area, &entry.name, at, HPos::Left, canvas::font(TEXT))?;
    }
    Ok(())
}

fn draw_sample(area: &Area<'_>, sample: Sample, [x, y]: [f64; 2]) -> Result<(), PictureError> {
    let frame = Frame {
        x: [x, x + SAMPLE],
        y: [y - 8.0, y + 8.0],
    };
    let sides = [x + 3.0, x + SAMPLE - 3.0, y - 5.0, y + 5.0];
    match sample {
        Sample::Curve(role) => canvas::line(area, &[[x, y], [x + SAMPLE, y]], frame, pen(role)),
        Sample::Marker(kind) => symbol(area, kind, [x + SAMPLE / 2.0, y]),
        Sample::Enclosure => canvas::rectangle(area, sides, Some(enclosure_fill()), enclosure_pen()),
        Sample::Band(color) => canvas::rectangle(area, sides, Some(color.mix(0.25)), Pen::solid(color, 1.2)),
    }
}
