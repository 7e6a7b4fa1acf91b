//! Phase portraits of fields in the plane that are given by closures.

use super::contour::contours_by;
use super::field::{Window, trajectory};
use super::roots::bisect;
use super::{Curve, Grid, LevelSets, Marker, Point, Portrait, Role};

/// Samples along an axis.
const SAMPLES: usize = 141;
/// Level sets.
const LEVELS: usize = 14;

/// A function of a point of the plane; `None` where it is undefined.
pub type Scalar<'a> = &'a dyn Fn(f64, f64) -> Option<f64>;
/// A field in the plane; `None` where it is undefined.
pub type Velocity<'a> = &'a dyn Fn(f64, f64) -> Option<[f64; 2]>;

/// The set where a function is zero.
#[derive(Clone)]
pub struct ZeroSet<'a> {
    /// The function. Only its changes of sign are found.
    pub value: Scalar<'a>,
    /// What the set means.
    pub role: Role,
    /// What the legend calls it.
    pub label: String,
}

/// What a phase portrait is made from.
#[derive(Clone)]
pub struct PhaseInput<'a> {
    /// Stands above the picture.
    pub title: String,
    /// Stand at the axes: x, then y.
    pub labels: [String; 2],
    /// The ends of the axes: x, then y.
    pub ranges: [[f64; 2]; 2],
    /// A function that decreases along the flow, for its level sets.
    pub cost: Option<Scalar<'a>>,
    /// The field, for trajectories.
    pub velocity: Velocity<'a>,
    /// Where sample trajectories start.
    pub starts: Vec<Point>,
    /// What the legend calls the trajectories.
    pub trajectories: String,
    /// Sets to be found.
    pub zero_sets: Vec<ZeroSet<'a>>,
    /// Curves that are known.
    pub curves: Vec<Curve>,
    /// Enclosures \[x_low, x_high, y_low, y_high\].
    pub boxes: Vec<[f64; 4]>,
    /// Points that stand out.
    pub markers: Vec<Marker>,
}

/// Samples, follows and traces what is to be drawn. Panics: never.
pub fn phase_portrait(input: &PhaseInput<'_>) -> Portrait {
    let [x_range, y_range] = input.ranges;
    let sample = |value: Scalar<'_>| Grid::sample(x_range, y_range, [SAMPLES, SAMPLES], value);
    let level_sets = input.cost.map(|cost| {
        let grid = sample(cost);
        let levels = grid.levels(LEVELS);
        LevelSets {
            grid,
            levels,
            label: "level sets of the cost".to_owned(),
        }
    });
    let mut curves = input.curves.clone();
    let window = Window { x: x_range, y: y_range };
    let follow = |start: &Point| trajectory(input.velocity, *start, window);
    curves.push(Curve {
        pieces: input.starts.iter().map(follow).collect(),
        role: Role::Trajectory,
        label: input.trajectories.clone(),
        arrows: true,
    });
    for set in &input.zero_sets {
        curves.push(Curve {
            pieces: zero_set(&sample(set.value), set.value),
            role: set.role,
            label: set.label.clone(),
            arrows: false,
        });
    }
    curves.retain(|curve| curve.pieces.iter().any(|piece| piece.len() > 1));
    let [x_label, y_label] = input.labels.clone();
    Portrait {
        title: input.title.clone(),
        x_label,
        y_label,
        x_range,
        y_range,
        level_sets,
        curves,
        boxes: input.boxes.clone(),
        markers: input.markers.clone(),
    }
}

/// The zeros of a function as polylines, without its poles. Panics: never.
pub(super) fn zero_set(grid: &Grid, value: Scalar<'_>) -> Vec<Vec<Point>> {
    contours_by(grid, 0.0, &|crossing| {
        let along = |part: f64| {
            let [x, y] = crossing.at(part);
            value(x, y)
        };
        bisect(&along, [0.0, 1.0]).map(|part| crossing.at(part))
    })
}
