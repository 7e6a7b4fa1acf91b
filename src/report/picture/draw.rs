//! Portraits as SVG, alone and side by side.

use super::axis::Axis;
use super::canvas::{self, Area, FINE, TEXT, font};
use super::layers::{self, Labels, Plane};
use super::legend;
use super::{PictureError, Portrait};
use plotters::style::text_anchor::HPos;

/// The width of a portrait, in pixels.
const WIDTH: i32 = 500;
/// The height of a portrait without title and legend, so that the axes are equally long.
const HEIGHT: i32 = 484;
/// The height of the title.
const TITLE: i32 = 34;
/// The room to the left of the vertical axis.
const LEFT: i32 = 52;
/// The room below the horizontal axis.
const BELOW: i32 = 44;
/// The room below the legend.
const MARGIN: i32 = 8;

/// One portrait as an SVG document.
///
/// Errors: [`PictureError::Range`] for an axis without two ends; [`PictureError::Size`]; [`PictureError::Drawing`]. Panics: never.
pub fn portrait(portrait: &Portrait) -> Result<String, PictureError> {
    several(&portrait.title, &[portrait])
}

/// Two portraits as one SVG document, with a common legend.
///
/// Errors: [`PictureError::Range`] for an axis without two ends; [`PictureError::Size`]; [`PictureError::Drawing`]. Panics: never.
pub fn side_by_side(left: &Portrait, right: &Portrait) -> Result<String, PictureError> {
    several(&format!("{}; {}", left.title, right.title), &[left, right])
}

fn several(title: &str, portraits: &[&Portrait]) -> Result<String, PictureError> {
    let count = i32::try_from(portraits.len()).unwrap_or(i32::MAX);
    let width = WIDTH.saturating_mul(count);
    let entries = legend::entries(portraits);
    let room = f64::from(width - LEFT - MARGIN);
    let size = [
        width,
        legend::height(&entries, room).saturating_add(TITLE + HEIGHT + MARGIN),
    ];
    canvas::picture(title, size, |area| {
        let (pictures, below) = area.split_vertically((TITLE + HEIGHT) * FINE);
        for (part, portrait) in pictures.split_evenly((1, portraits.len())).iter().zip(portraits) {
            one(part, portrait)?;
        }
        legend::draw(&below, &entries, [f64::from(LEFT), 0.0], room)
    })
}

/// A portrait with its title and without its legend.
fn one(area: &Area<'_>, portrait: &Portrait) -> Result<(), PictureError> {
    let (x, y) = (Axis::linear(portrait.x_range)?, Axis::linear(portrait.y_range)?);
    let (above, below) = area.split_vertically(TITLE * FINE);
    let middle = f64::from(LEFT + WIDTH) / 2.0;
    canvas::write(
        &above,
        &portrait.title,
        [middle, f64::from(TITLE) / 2.0],
        HPos::Center,
        font(TEXT + 3),
    )?;
    let labels = Labels {
        x: Some(&portrait.x_label),
        y: &portrait.y_label,
        left: LEFT,
        below: BELOW,
    };
    let plane = Plane::new(&below, x, y, &labels)?;
    layers::draw(&below, &plane, portrait)
}
