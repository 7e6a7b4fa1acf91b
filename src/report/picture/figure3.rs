//! The landscapes of a linear and a sigmoidal scalar factorization side by side: f(z) = (1 - z)^2 with z = w2 w1 and with
//! z = w2 sigma(w1), sigma(w) = w / sqrt(1 + w^2).
//!
//! Source: figure 3 and equation (11) of On the convergence of overparameterized problems, with the unstable manifold
//! corrected: it is the open arc of its branch up to the target.

use super::roots::bisect;
use super::{Curve, Marker, MarkerKind, PhaseInput, PictureError, Point, Portrait, Role, phase_portrait, side_by_side};

/// The axes reach from minus this to this.
const REACH: f64 = 2.5;
/// Points of a curve.
const POINTS: u32 = 240;

/// One of the two networks: sigma, its derivative, and what is known of the curves.
struct Network<'a> {
    title: &'a str,
    activation: fn(f64) -> f64,
    gain: fn(f64) -> f64,
    /// w2 on the branch w1 w2 >= 0 of the level set of the conserved quantity through the saddle.
    branch: fn(f64) -> f64,
    /// The w1 > 0 where that branch meets the target.
    meeting: f64,
    /// Starts of trajectories; those opposite to them are added.
    starts: &'a [Point],
}

/// Figure 3: level sets, targets, the manifolds of the saddle, trajectories.
///
/// Errors: [`PictureError::Drawing`]. Panics: never.
pub fn figure3() -> Result<String, PictureError> {
    let linear = Network {
        title: "linear: (1 − w₂ w₁)²",
        activation: |w| w,
        gain: |_| 1.0,
        branch: |w| w,
        meeting: 1.0,
        starts: &[
            [-2.35, 2.0],
            [-2.35, 1.2],
            [-2.35, 0.4],
            [-2.0, 2.35],
            [-1.2, 2.35],
            [-0.4, 2.35],
            [0.8, 2.35],
            [2.35, 0.8],
            [1.6, 2.35],
            [2.35, 1.6],
        ],
    };
    let sigmoidal = Network {
        title: "sigmoidal: (1 − w₂ σ(w₁))², σ(w) = w/√(1 + w²)",
        activation: |w| w / (1.0 + w * w).sqrt(),
        gain: |w| 1.0 / ((1.0 + w * w) * (1.0 + w * w).sqrt()),
        branch,
        meeting: meeting().unwrap_or(f64::NAN),
        starts: &[
            [-2.25, 2.35],
            [-1.95, 2.35],
            [-1.72, 2.35],
            [-1.45, 2.35],
            [-1.1, 2.35],
            [-0.5, 2.35],
            [0.8, 2.35],
            [1.25, 2.35],
            [1.78, 2.35],
            [2.15, 2.35],
        ],
    };
    side_by_side(&linear.portrait(), &sigmoidal.portrait())
}

/// Equation (11): w2 = w1 sqrt((2 + w1^2) / 2).
pub(super) fn branch(w: f64) -> f64 {
    w * ((2.0 + w * w) / 2.0).sqrt()
}

/// The w1 > 0 where that branch meets the target w2 sigma(w1) = 1: X = w1^2 solves X^3 + 2 X^2 - 2 X - 2 = 0.
pub(super) fn meeting() -> Option<f64> {
    bisect(&|x| Some(((x + 2.0) * x - 2.0) * x - 2.0), [1.0, 2.0]).map(f64::sqrt)
}

impl Network<'_> {
    fn portrait(&self) -> Portrait {
        let product = |x: f64, y: f64| y * (self.activation)(x);
        let cost = |x: f64, y: f64| Some((1.0 - product(x, y)) * (1.0 - product(x, y)));
        let velocity = |x: f64, y: f64| {
            let factor = 2.0 * (1.0 - product(x, y));
            Some([factor * y * (self.gain)(x), factor * (self.activation)(x)])
        };
        let opposite = self.starts.iter().map(|[x, y]| [-x, -y]);
        phase_portrait(&PhaseInput {
            title: self.title.to_owned(),
            labels: ["w₁".to_owned(), "w₂".to_owned()],
            ranges: [[-REACH, REACH], [-REACH, REACH]],
            cost: Some(&cost),
            velocity: &velocity,
            starts: self.starts.iter().copied().chain(opposite).collect(),
            trajectories: "trajectories".to_owned(),
            zero_sets: Vec::new(),
            curves: self.curves(),
            boxes: Vec::new(),
            markers: vec![Marker {
                at: [0.0, 0.0],
                kind: MarkerKind::Saddle,
                label: "saddle".to_owned(),
            }],
        })
    }

    fn curves(&self) -> Vec<Curve> {
        let curve = |role, label: &str, half: Vec<Point>, arrows| {
            let opposite = half.iter().map(|[x, y]| [-x, -y]).collect();
            Curve {
                pieces: vec![half, opposite],
                role,
                label: label.to_owned(),
                arrows,
            }
        };
        let along = |ends: [f64; 2], height: &dyn Fn(f64) -> f64| -> Vec<Point> {
            even(ends).map(|x| [x, height(x)]).collect()
        };
        // Starts where the target enters from above.
        let target = along([0.2, REACH], &|x| 1.0 / (self.activation)(x));
        let stable = along([-REACH, 0.0], &|x| -(self.branch)(x));
        let unstable = along([0.0, self.meeting], &self.branch);
        let beyond = along([self.meeting, REACH], &self.branch);
        vec![
            curve(Role::Target, "target set", target, false),
            curve(Role::Stable, "stable manifold of the saddle", stable, true),
            curve(Role::Unstable, "unstable manifold of the saddle", unstable, true),
            curve(
                Role::Invariant,
                "rest of that branch: runs back to the target",
                beyond,
                false,
            ),
        ]
    }
}

fn even([low, high]: [f64; 2]) -> impl Iterator<Item = f64> {
    (0..=POINTS).map(move |place| low + (high - low) * f64::from(place) / f64::from(POINTS))
}
