//! The coordinate system of one portrait and what is drawn in it, from the lowest layer to the highest.

use super::axis::Axis;
use super::canvas::{self, Area, FINE, Pen, TEXT, color, fine};
use super::contour::contours;
use super::polyline::Frame;
use super::{Curve, Marker, MarkerKind, PictureError, Point, Portrait, Role};
use plotters::prelude::*;

/// The smallest side of an enclosure, in pixels.
const SMALLEST: f64 = 0.5;
/// The room outside what stands at the axes, in pixels.
const EDGE: i32 = 6;

/// A rectangle of the picture with two axes; maps their units to pixels.
pub(super) struct Plane {
    x: Axis,
    y: Axis,
    /// What lies between the axes, in pixels of the area.
    pub(super) frame: Frame,
}

/// What stands at the axes, and the room for it in pixels.
pub(super) struct Labels<'a> {
    /// Below the horizontal axis; `None` leaves out the numbers at its ticks, too.
    pub(super) x: Option<&'a str>,
    /// Beside the vertical axis.
    pub(super) y: &'a str,
    /// The room to the left of the vertical axis.
    pub(super) left: i32,
    /// The room below the horizontal axis.
    pub(super) below: i32,
}

impl Plane {
    /// Draws the axes into an area.
    ///
    /// Errors: [`PictureError::Drawing`]. Panics: never.
    pub(super) fn new(area: &Area<'_>, x: Axis, y: Axis, labels: &Labels<'_>) -> Result<Self, PictureError> {
        let mut chart = ChartBuilder::on(area)
            .margin_right(12 * FINE)
            .margin_top(4 * FINE)
            .margin_left(EDGE * FINE)
            .margin_bottom(EDGE * FINE)
            .set_label_area_size(LabelAreaPosition::Left, (labels.left - EDGE) * FINE)
            .set_label_area_size(LabelAreaPosition::Bottom, (labels.below - EDGE) * FINE)
            .build_cartesian_2d(x, y)?;
        let mut mesh = chart.configure_mesh();
        mesh.disable_mesh()
            .axis_style(BLACK.stroke_width(fine(0.8).unsigned_abs()))
            .set_all_tick_mark_size(4 * FINE)
            .label_style(canvas::font(TEXT - 1))
            .axis_desc_style(canvas::font(TEXT + 1))
            .y_desc(canvas::clean(labels.y));
        match labels.x {
            Some(label) => mesh.x_desc(canvas::clean(label)),
            None => mesh.x_label_formatter(&|_| String::new()),
        };
        mesh.draw()?;
        let (across, down) = chart.plotting_area().get_pixel_range();
        let (left, top) = area.get_base_pixel();
        let pixels = |units: i32, base: i32| f64::from(units - base) / f64::from(FINE);
        let frame = Frame {
            x: [pixels(across.start, left), pixels(across.end, left)],
            y: [pixels(down.start, top), pixels(down.end, top)],
        };
        let (x_frame, y_frame) = (frame.x, frame.y);
        let outline = [x_frame[0], x_frame[1], y_frame[0], y_frame[1]];
        canvas::rectangle(area, outline, None, Pen::solid(color::BLACK, 0.8))?;
        Ok(Plane { x, y, frame })
    }

    /// A point in pixels. Panics: never.
    pub(super) fn pixel(&self, [x, y]: Point) -> Point {
        let Frame {
            x: [left, right],
            y: [top, bottom],
        } = self.frame;
        [
            left + self.x.part(x) * (right - left),
            bottom - self.y.part(y) * (bottom - top),
        ]
    }

    fn pixels(&self, points: &[Point]) -> Vec<Point> {
        points.iter().map(|point| self.pixel(*point)).collect()
    }

    /// A rectangle \[left, right, top, bottom\] of pixels inside the frame and not too small to be seen; `None` if it
    /// lies outside.
    fn rectangle(&self, [x_low, x_high, y_low, y_high]: [f64; 4]) -> Option<[f64; 4]> {
        let ([left, bottom], [right, top]) = (self.pixel([x_low, y_low]), self.pixel([x_high, y_high]));
        let [left, right] = visible([left, right], self.frame.x)?;
        let [top, bottom] = visible([top, bottom], self.frame.y)?;
        Some([left, right, top, bottom])
    }
}

/// The part of an interval inside another, widened to what can be seen.
fn visible([low, high]: [f64; 2], [first, last]: [f64; 2]) -> Option<[f64; 2]> {
    if !(low <= high && low <= last && high >= first) {
        return None;
    }
    let (low, high) = (low.max(first), high.min(last));
    let missing = ((SMALLEST - (high - low)) / 2.0).max(0.0);
    Some([low - missing, high + missing])
}

/// Draws everything between the axes.
///
/// Errors: [`PictureError::Drawing`]. Panics: never.
pub(super) fn draw(area: &Area<'_>, plane: &Plane, portrait: &Portrait) -> Result<(), PictureError> {
    if let Some(sets) = &portrait.level_sets {
        for level in &sets.levels {
            for piece in contours(&sets.grid, *level) {
                canvas::line(area, &plane.pixels(&piece), plane.frame, pen(Role::LevelSet))?;
            }
        }
    }
    let mut curves: Vec<&Curve> = portrait.curves.iter().collect();
    curves.sort_by_key(|curve| height(curve.role));
    for curve in curves {
        draw_curve(area, plane, curve)?;
    }
    for sides in &portrait.boxes {
        if let Some(sides) = plane.rectangle(*sides) {
            canvas::rectangle(area, sides, Some(enclosure_fill()), enclosure_pen())?;
        }
    }
    for marker in &portrait.markers {
        draw_marker(area, plane, marker)?;
    }
    Ok(())
}

fn draw_curve(area: &Area<'_>, plane: &Plane, curve: &Curve) -> Result<(), PictureError> {
    let pen = pen(curve.role);
    for piece in &curve.pieces {
        let points = plane.pixels(piece);
        canvas::line(area, &points, plane.frame, pen)?;
        if curve.arrows {
            canvas::arrows(area, &points, plane.frame, pen.color)?;
        }
    }
    Ok(())
}

fn draw_marker(area: &Area<'_>, plane: &Plane, marker: &Marker) -> Result<(), PictureError> {
    let [x, y] = plane.pixel(marker.at);
    let Frame {
        x: [left, right],
        y: [top, bottom],
    } = plane.frame;
    if (left..=right).contains(&x) && (top..=bottom).contains(&y) {
        symbol(area, marker.kind, [x, y])?;
    }
    Ok(())
}

/// Draws the symbol of a marked point at a place in pixels.
///
/// Errors: [`PictureError::Drawing`]. Panics: never.
pub(super) fn symbol(area: &Area<'_>, kind: MarkerKind, [x, y]: Point) -> Result<(), PictureError> {
    match kind {
        MarkerKind::Saddle => {
            let diamond = |size: f64| [[x + size, y], [x, y + size], [x - size, y], [x, y - size]];
            canvas::polygon(area, &diamond(6.5), &WHITE.mix(1.0))?;
            canvas::polygon(area, &diamond(5.0), &color::BLACK.mix(1.0))
        }
        MarkerKind::Start => {
            canvas::circle(area, [x, y], 4.2, WHITE.filled())?;
            canvas::circle(area, [x, y], 4.2, color::BLACK.stroke_width(fine(1.4).unsigned_abs()))
        }
        MarkerKind::SecondStart => {
            let sides = [x - 3.8, x + 3.8, y - 3.8, y + 3.8];
            canvas::rectangle(area, sides, Some(WHITE.mix(1.0)), Pen::solid(color::BLACK, 1.4))
        }
        MarkerKind::End => {
            canvas::circle(area, [x, y], 5.2, WHITE.filled())?;
            canvas::circle(area, [x, y], 4.0, color::BLACK.filled())
        }
    }
}

/// The filling of an enclosure.
pub(super) fn enclosure_fill() -> RGBAColor {
    color::PURPLE.mix(0.35)
}

/// The outline of an enclosure.
pub(super) fn enclosure_pen() -> Pen {
    Pen::solid(color::PURPLE, 0.7)
}

/// How a curve looks.
pub(super) fn pen(role: Role) -> Pen {
    let dashed = |color, width, dash| Pen {
        color,
        width,
        dash: Some(dash),
    };
    match role {
        Role::Target => Pen::solid(color::BLACK, 2.4),
        Role::Stable => Pen::solid(color::VERMILION, 2.2),
        Role::Unstable => dashed(color::BLUE, 2.2, [9.0, 5.0]),
        Role::Invariant => dashed(color::DARK_GREY, 1.3, [1.5, 4.0]),
        Role::Trajectory => Pen::solid(color::GREEN, 1.1),
        Role::LevelSet => Pen::solid(color::GREY, 0.7),
        Role::FirstNullcline => Pen::solid(color::ORANGE, 1.8),
        Role::SecondNullcline => dashed(color::SKY, 1.8, [6.0, 4.0]),
    }
}

/// What is drawn later lies above.
fn height(role: Role) -> u8 {
    match role {
        Role::LevelSet => 0,
        Role::Trajectory => 1,
        Role::Invariant => 2,
        Role::FirstNullcline => 3,
        Role::SecondNullcline => 4,
        Role::Target => 5,
        Role::Unstable => 6,
        Role::Stable => 7,
    }
}
