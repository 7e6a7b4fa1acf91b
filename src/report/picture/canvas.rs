//! What pictures are drawn on: the plotters library, its whole pixels made ten times as fine.

use super::polyline::{Frame, arrow, clip, dashes, thin};
use super::{PictureError, Point};
use crate::report::escape;
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// So many units of the drawing make a pixel.
pub(super) const FINE: i32 = 10;
/// The longest side of a picture, in pixels.
const LARGEST: i32 = 20_000;
/// Longer texts are cut, counted in characters.
const LONGEST: usize = 90;
/// Half the width of the finest line a reader can see, in pixels: what is thinned out is not missed.
const TOLERANCE: f64 = 0.12;
/// The size of text, in pixels.
pub(super) const TEXT: i32 = 12;
/// The length of the head of an arrow, in pixels.
const ARROW: f64 = 9.0;

/// A part of a drawing, in units from its own corner.
pub(super) type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// The colours of Okabe and Ito, Color universal design (2008).
pub(super) mod color {
    use plotters::style::RGBColor;

    pub(in super::super) const BLACK: RGBColor = RGBColor(0, 0, 0);
    pub(in super::super) const GREY: RGBColor = RGBColor(168, 168, 168);
    pub(in super::super) const DARK_GREY: RGBColor = RGBColor(96, 96, 96);
    pub(in super::super) const ORANGE: RGBColor = RGBColor(230, 159, 0);
    pub(in super::super) const SKY: RGBColor = RGBColor(86, 180, 233);
    pub(in super::super) const GREEN: RGBColor = RGBColor(0, 158, 115);
    pub(in super::super) const BLUE: RGBColor = RGBColor(0, 114, 178);
    pub(in super::super) const VERMILION: RGBColor = RGBColor(213, 94, 0);
    pub(in super::super) const PURPLE: RGBColor = RGBColor(204, 121, 167);
}

impl<E: std::error::Error + Send + Sync> From<DrawingAreaErrorKind<E>> for PictureError {
    fn from(error: DrawingAreaErrorKind<E>) -> Self {
        PictureError::Drawing(error.to_string())
    }
}

/// How a line looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pen {
    /// Its colour.
    pub(super) color: RGBColor,
    /// Its width in pixels.
    pub(super) width: f64,
    /// The lengths of dashes and gaps in pixels; `None` for a solid line.
    pub(super) dash: Option<[f64; 2]>,
}

impl Pen {
    /// A solid line.
    pub(super) fn solid(color: RGBColor, width: f64) -> Self {
        Pen {
            color,
            width,
            dash: None,
        }
    }

    fn style(&self) -> ShapeStyle {
        self.color.stroke_width(fine(self.width).max(1).unsigned_abs())
    }
}

/// Pixels as units. Panics: never.
pub(super) fn fine(pixels: f64) -> i32 {
    (pixels * f64::from(FINE)).round() as i32
}

/// A picture of so many pixels; `paint` gets it white. The title is for readers who cannot see it.
///
/// Errors: [`PictureError::Size`]; those of `paint`. Panics: never.
pub(super) fn picture(
    title: &str,
    [width, height]: [i32; 2],
    paint: impl FnOnce(&Area<'_>) -> Result<(), PictureError>,
) -> Result<String, PictureError> {
    let mut text = String::new();
    if width > LARGEST || height > LARGEST {
        return Err(PictureError::Size);
    }
    let size = [width, height].map(|length| (length * FINE).unsigned_abs());
    {
        let area = SVGBackend::with_string(&mut text, (size[0], size[1])).into_drawing_area();
        area.fill(&WHITE)?;
        paint(&area)?;
        area.present()?;
    }
    let body = text.split_once('\n').map_or("", |(_, body)| body);
    let title = xml(&clean(title));
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {} {}\" \
         role=\"img\" aria-label=\"{title}\" stroke-linejoin=\"round\" stroke-linecap=\"round\">\n<title>{title}</title>\n{body}",
        size[0], size[1]
    ))
}

/// Text without control characters and not too long. Panics: never.
pub(super) fn clean(text: &str) -> String {
    // XML knows no way to write the last two.
    let text = escape::terminal(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}");
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

fn xml(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// How wide a text is about, in pixels. Panics: never.
pub(super) fn text_width(text: &str) -> f64 {
    0.53 * f64::from(TEXT) * clean(text).chars().count() as f64
}

/// The font for texts of so many pixels.
pub(super) fn font(size: i32) -> TextStyle<'static> {
    // The library divides by the same number when it writes the size down.
    ("sans-serif", f64::from(size * FINE) * 1.24).into_font().color(&BLACK)
}

/// Writes text with its vertical middle at a place in pixels.
pub(super) fn write(
    area: &Area<'_>,
    text: &str,
    at: Point,
    align: HPos,
    style: TextStyle<'_>,
) -> Result<(), PictureError> {
    let style = style.pos(Pos::new(align, VPos::Center));
    let at = at.map(fine);
    area.draw(&Text::new(clean(text), (at[0], at[1]), style))?;
    Ok(())
}

/// Draws the part of a polyline inside the frame, in pixels.
pub(super) fn line(area: &Area<'_>, points: &[Point], frame: Frame, pen: Pen) -> Result<(), PictureError> {
    for part in clip(points, frame) {
        let part = thin(&part, TOLERANCE);
        let pieces = match pen.dash {
            Some([on, off]) => dashes(&part, on, off),
            None => vec![part],
        };
        for piece in pieces {
            area.draw(&PathElement::new(units(&piece), pen.style()))?;
        }
    }
    Ok(())
}

/// Draws arrow heads in the middle of the parts of a polyline inside the frame, in pixels.
pub(super) fn arrows(area: &Area<'_>, points: &[Point], frame: Frame, color: RGBColor) -> Result<(), PictureError> {
    for part in clip(points, frame) {
        if let Some(corners) = arrow(&part, ARROW) {
            polygon(area, &corners, &color.mix(1.0))?;
        }
    }
    Ok(())
}

/// Fills a polygon whose corners are in pixels.
pub(super) fn polygon(area: &Area<'_>, corners: &[Point], color: &RGBAColor) -> Result<(), PictureError> {
    area.draw(&Polygon::new(units(corners), color.filled()))?;
    Ok(())
}

/// Draws a rectangle \[left, right, top, bottom\] in pixels: filled, then outlined.
pub(super) fn rectangle(
    area: &Area<'_>,
    [left, right, top, bottom]: [f64; 4],
    fill: Option<RGBAColor>,
    outline: Pen,
) -> Result<(), PictureError> {
    if let Some(fill) = fill {
        let corners = [(fine(left), fine(top)), (fine(right), fine(bottom))];
        area.draw(&Rectangle::new(corners, fill.filled()))?;
    }
    // The library's outline of a rectangle has no width of its own.
    let around = [[left, top], [right, top], [right, bottom], [left, bottom], [left, top]];
    area.draw(&PathElement::new(units(&around), outline.style()))?;
    Ok(())
}

/// Draws a disc, or a circle, with its centre and radius in pixels.
pub(super) fn circle(area: &Area<'_>, centre: Point, radius: f64, style: ShapeStyle) -> Result<(), PictureError> {
    let centre = centre.map(fine);
    area.draw(&Circle::new((centre[0], centre[1]), fine(radius), style))?;
    Ok(())
}

fn units(points: &[Point]) -> Vec<(i32, i32)> {
    let mut units: Vec<(i32, i32)> = points.iter().map(|point| (fine(point[0]), fine(point[1]))).collect();
    units.dedup();
    units
}
