//! Sample trajectories of a field in the plane.

use super::{Point, Velocity};

/// The longest step, in parts of the picture.
const STEP: f64 = 0.004;
/// A step so short means that the direction changes at once: an equilibrium.
const SHORTEST: f64 = 1e-5;
/// So many steps and the trajectory is cut.
const STEPS: usize = 1_200;

/// The rectangle of a picture.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    /// The ends of the horizontal axis.
    pub(super) x: [f64; 2],
    /// The ends of the vertical axis.
    pub(super) y: [f64; 2],
}

impl Window {
    /// The lengths of the axes. Panics: never.
    pub(super) fn lengths(&self) -> Point {
        [self.x[1] - self.x[0], self.y[1] - self.y[0]]
    }

    /// Whether the point lies inside, or outside by a tenth at most. Panics: never.
    pub(super) fn is_near(&self, [x, y]: Point) -> bool {
        let [width, height] = self.lengths().map(|length| 0.1 * length);
        let across = x >= self.x[0] - width && x <= self.x[1] + width;
        across && y >= self.y[0] - height && y <= self.y[1] + height
    }
}

/// The solution from a point until it leaves the window, comes to rest, or becomes too long; Runge and Kutta's method
/// along the arc, so that speed does not matter.
///
/// Source: Hairer, Norsett, Wanner, Solving ordinary differential equations I, ch. II.1. Panics: never.
pub(super) fn trajectory(velocity: Velocity<'_>, start: Point, window: Window) -> Vec<Point> {
    let mut points = vec![start];
    let mut here = start;
    let mut step = STEP;
    while points.len() < STEPS && step > SHORTEST {
        match advance(velocity, here, step, window.lengths()) {
            Some(next) => {
                points.push(next);
                here = next;
                step = (2.0 * step).min(STEP);
                if !window.is_near(next) {
                    break;
                }
            }
            None => step /= 2.0,
        }
    }
    points
}

/// One step of some length in parts of the lengths of the axes; `None` if it was too long.
fn advance(velocity: Velocity<'_>, here: Point, step: f64, lengths: Point) -> Option<Point> {
    let direction = |[x, y]: Point| -> Option<Point> {
        let [u, v] = velocity(x, y)?;
        let (u, v) = (u / lengths[0], v / lengths[1]);
        let speed = u.hypot(v);
        (speed > 0.0 && speed.is_finite()).then(|| [u / speed, v / speed])
    };
    let moved = |by: f64, [u, v]: Point| [here[0] + by * u * lengths[0], here[1] + by * v * lengths[1]];
    let first = direction(here)?;
    let second = direction(moved(step / 2.0, first))?;
    let third = direction(moved(step / 2.0, second))?;
    let fourth = direction(moved(step, third))?;
    let mean = [0, 1].map(|axis| (first[axis] + 2.0 * second[axis] + 2.0 * third[axis] + fourth[axis]) / 6.0);
    let next = moved(step, mean);
    // Directions that disagree mean an equilibrium, or a turn too sharp for the step.
    let turned = [second, third, fourth, direction(next)?];
    let agree = turned
        .iter()
        .all(|other| first[0] * other[0] + first[1] * other[1] > 0.8);
    agree.then_some(next)
}
