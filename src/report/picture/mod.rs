//! Pictures as self-contained SVG: phase portraits, enclosures, and quantities against time.
//!
//! A picture illustrates and proves nothing: everything here is computed in floating point, to a tenth of a pixel. The
//! same data always give the same text. Foreign text is cleaned, cut and escaped; the background is white and the
//! colours are those of Okabe and Ito, which colour-blind readers tell apart.
//!
//! [`of_flow`] draws a specified flow, [`phase_portrait`] any field in the plane that is given by closures,
//! [`portrait`] what has been computed elsewhere, [`time_plot`] quantities against time.

mod axis;
mod canvas;
mod contour;
mod draw;
mod field;
mod figure3;
mod float_program;
mod layers;
mod legend;
mod manifold;
mod of_flow;
mod of_saddles;
mod phase;
mod polyline;
mod roots;
mod time;

pub use contour::{Grid, contours};
pub use draw::{portrait, side_by_side};
pub use figure3::figure3;
pub use float_program::FloatProgram;
pub use of_flow::of_flow;
pub use of_saddles::of_saddles;
pub use phase::{PhaseInput, Scalar, Velocity, ZeroSet, phase_portrait};
pub use time::time_plot;

use std::fmt;

/// A point of the plane: x, then y.
pub type Point = [f64; 2];

/// A picture of the plane, in the units of its axes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Portrait {
    /// Stands above the picture.
    pub title: String,
    /// Stands below the horizontal axis.
    pub x_label: String,
    /// Stands beside the vertical axis.
    pub y_label: String,
    /// The ends of the horizontal axis, the smaller one first.
    pub x_range: [f64; 2],
    /// The ends of the vertical axis, the smaller one first.
    pub y_range: [f64; 2],
    /// A function whose level sets are drawn below everything else.
    pub level_sets: Option<LevelSets>,
    /// Curves; what leaves the ranges is cut off.
    pub curves: Vec<Curve>,
    /// Enclosures \[x_low, x_high, y_low, y_high\], never drawn smaller than half a pixel.
    pub boxes: Vec<[f64; 4]>,
    /// Points that stand out.
    pub markers: Vec<Marker>,
}

/// The level sets of a function that was sampled on a grid.
#[derive(Clone, Debug, PartialEq)]
pub struct LevelSets {
    /// The samples.
    pub grid: Grid,
    /// The levels.
    pub levels: Vec<f64>,
    /// What the legend calls them; empty for no entry.
    pub label: String,
}

/// A curve of one meaning, perhaps in several pieces.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// Polylines, in the direction of the arrows.
    pub pieces: Vec<Vec<Point>>,
    /// What the curve means, which decides how it looks.
    pub role: Role,
    /// What the legend calls it; empty for no entry. Equal entries appear once.
    pub label: String,
    /// Whether an arrow in the middle of every piece shows its direction.
    pub arrows: bool,
}

/// What a curve means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Where the flow should end.
    Target,
    /// The stable manifold of a saddle.
    Stable,
    /// The unstable manifold of a saddle.
    Unstable,
    /// Another invariant curve, such as what a level set of a conserved quantity has besides the manifolds.
    Invariant,
    /// A solution.
    Trajectory,
    /// A level set.
    LevelSet,
    /// Where the first speed vanishes.
    FirstNullcline,
    /// Where the second speed vanishes.
    SecondNullcline,
}

/// A point that stands out.
#[derive(Clone, Debug, PartialEq)]
pub struct Marker {
    /// Where it is.
    pub at: Point,
    /// What it means.
    pub kind: MarkerKind,
    /// What the legend calls it; empty for no entry.
    pub label: String,
}

/// What a marked point means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkerKind {
    /// A saddle of the flow: a diamond.
    Saddle,
    /// Where a solution starts: a hollow circle.
    Start,
    /// Where another solution starts: a hollow square.
    SecondStart,
    /// How far a solution was followed: a disc.
    End,
}

/// Quantities against time, in panels one below the other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TimePlot {
    /// Stands above the picture.
    pub title: String,
    /// Stands below the common horizontal axis.
    pub x_label: String,
    /// The panels, from top to bottom.
    pub panels: Vec<Panel>,
}

/// One panel of a [`TimePlot`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Panel {
    /// Stands beside the vertical axis.
    pub label: String,
    /// What is drawn.
    pub bands: Vec<Band>,
    /// Whether the vertical axis is logarithmic; then what is not positive lies at its lower end.
    pub logarithmic: bool,
}

/// Enclosures of one quantity. Between two times the ends are joined by straight lines, which enclose nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Band {
    /// What the legend calls it.
    pub name: String,
    /// Times with lower and upper ends, in the order of time.
    pub points: Vec<(f64, f64, f64)>,
}

/// Why there is no picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PictureError {
    /// There is nothing to draw.
    Empty,
    /// The ends of an axis are not finite, or not one below the other by more than rounding.
    Range,
    /// The picture would be absurdly large, because there are so many panels or names.
    Size,
    /// The library that writes the picture gave up.
    Drawing(String),
}

impl fmt::Display for PictureError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PictureError::Empty => write!(formatter, "there is nothing to draw"),
            PictureError::Range => write!(
                formatter,
                "the ends of an axis are not two finite numbers, one below the other"
            ),
            PictureError::Size => write!(formatter, "there is too much to draw"),
            PictureError::Drawing(why) => write!(formatter, "the picture could not be written: {why}"),
        }
    }
}

impl std::error::Error for PictureError {}

#[cfg(test)]
mod tests;
