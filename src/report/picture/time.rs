//! Quantities against time, with their enclosures.

use super::axis::Axis;
use super::canvas::{self, Area, FINE, Pen, TEXT, color, font};
use super::layers::{Labels, Plane};
use super::legend::{self, Entry, Sample};
use super::polyline::Frame;
use super::{Band, Panel, PictureError, Point, TimePlot};
use plotters::style::text_anchor::HPos;
use plotters::style::{Color, RGBColor};

/// The width of the picture, in pixels.
const WIDTH: i32 = 640;
/// The height of a panel between its axes.
const PANEL: i32 = 190;
/// The height of the title.
const TITLE: i32 = 34;
/// The room to the left of the vertical axes.
const LEFT: i32 = 72;
/// The room below the lowest panel, and below the others.
const BELOW: [i32; 2] = [46, 10];
/// The colours of the bands of a panel, again from the first one if there are more.
const COLORS: [RGBColor; 6] = [
    color::BLUE,
    color::VERMILION,
    color::GREEN,
    color::PURPLE,
    color::ORANGE,
    color::SKY,
];

/// The panels as one SVG document. Points whose time is not finite are left out, infinite ends are drawn at the end of
/// their axis.
///
/// Errors: [`PictureError::Empty`] without panels; [`PictureError::Range`] if a panel has nothing to show, or time has
/// only one point; [`PictureError::Size`]; [`PictureError::Drawing`]. Panics: never.
pub fn time_plot(plot: &TimePlot) -> Result<String, PictureError> {
    if plot.panels.is_empty() {
        return Err(PictureError::Empty);
    }
    let bands = plot.panels.iter().flat_map(|panel| &panel.bands);
    let times = bands.flat_map(|band| &band.points).map(|(time, _, _)| *time);
    let finite = times.filter(|time| time.is_finite());
    let ends = finite.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], time| {
        [low.min(time), high.max(time)]
    });
    let time = Axis::linear(ends)?;
    let heights: Vec<i32> = (0..plot.panels.len()).map(|place| height(plot, place)).collect();
    let size = [WIDTH, heights.iter().copied().fold(TITLE, i32::saturating_add)];
    canvas::picture(&plot.title, size, |area| {
        let middle = f64::from(LEFT + WIDTH) / 2.0;
        let (title, mut rest) = area.split_vertically(TITLE * FINE);
        canvas::write(
            &title,
            &plot.title,
            [middle, f64::from(TITLE) / 2.0],
            HPos::Center,
            font(TEXT + 3),
        )?;
        for (place, (panel, height)) in plot.panels.iter().zip(heights).enumerate() {
            let (part, below) = rest.split_vertically(height * FINE);
            let is_last = place + 1 == plot.panels.len();
            draw(&part, panel, time, if is_last { Some(&plot.x_label) } else { None })?;
            rest = below;
        }
        Ok(())
    })
}

/// The height of a panel with its legend and what is below it, in pixels.
fn height(plot: &TimePlot, place: usize) -> i32 {
    let entries = plot.panels.get(place).map(entries).unwrap_or_default();
    let below = if place + 1 == plot.panels.len() {
        BELOW[0]
    } else {
        BELOW[1]
    };
    legend::height(&entries, room()).saturating_add(PANEL + below)
}

/// The width of a legend.
fn room() -> f64 {
    f64::from(WIDTH - LEFT - 12)
}

fn entries(panel: &Panel) -> Vec<Entry> {
    let named = panel.bands.iter().zip(COLORS.iter().cycle());
    let named = named.filter(|(band, _)| !band.name.is_empty());
    let entry = |(band, color): (&Band, &RGBColor)| Entry {
        sample: Sample::Band(*color),
        name: band.name.clone(),
    };
    named.map(entry).collect()
}

/// Draws a panel; the one with a label for the time also shows its numbers.
fn draw(area: &Area<'_>, panel: &Panel, time: Axis, x_label: Option<&str>) -> Result<(), PictureError> {
    let entries = entries(panel);
    let (above, below) = area.split_vertically(legend::height(&entries, room()) * FINE);
    legend::draw(&above, &entries, [f64::from(LEFT), 0.0], room())?;
    let points = panel.bands.iter().flat_map(|band| &band.points);
    let quantity = Axis::around(points.flat_map(|(_, low, high)| [*low, *high]), panel.logarithmic)?;
    let labels = Labels {
        x: x_label,
        y: &panel.label,
        left: LEFT,
        below: if x_label.is_some() { BELOW[0] } else { BELOW[1] },
    };
    let plane = Plane::new(&below, time, quantity, &labels)?;
    for (band, color) in panel.bands.iter().zip(COLORS.iter().cycle()) {
        draw_band(&below, &plane, band, *color)?;
    }
    Ok(())
}

fn draw_band(area: &Area<'_>, plane: &Plane, band: &Band, color: RGBColor) -> Result<(), PictureError> {
    let Frame { y: [top, bottom], .. } = plane.frame;
    let side = |end: fn(&(f64, f64, f64)) -> f64| -> Vec<Point> {
        let points = band
            .points
            .iter()
            .filter(|(time, low, high)| time.is_finite() && low <= high);
        let pixels = points.map(|point| plane.pixel([point.0, end(point)]));
        pixels.map(|[x, y]| [x, y.clamp(top, bottom)]).collect()
    };
    let (low, high) = (side(|point| point.1), side(|point| point.2));
    let around: Vec<Point> = low.iter().chain(high.iter().rev()).copied().collect();
    canvas::polygon(area, &around, &color.mix(0.25))?;
    for side in [low, high] {
        canvas::line(area, &side, plane.frame, Pen::solid(color, 1.2))?;
    }
    Ok(())
}
