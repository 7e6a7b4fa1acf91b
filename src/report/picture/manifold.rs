//! The stable and unstable manifolds of the saddle of f(w2 sigma(w1)), from the conserved quantity w2^2 - Phi(w1),
//! Phi' = 2 sigma / sigma'.

use super::Point;
use super::field::Window;

/// A step along a branch, in parts of the picture.
const STEP: f64 = 0.003;
/// So many steps and a branch is cut.
const STEPS: usize = 3_000;

/// A function of one variable; `None` where it is undefined.
pub(super) type Real<'a> = &'a dyn Fn(f64) -> Option<f64>;

/// The flow of f(w2 sigma(w1)).
#[derive(Clone, Copy)]
pub(super) struct Neuron<'a> {
    /// f'.
    pub(super) slope: Real<'a>,
    /// sigma.
    pub(super) activation: Real<'a>,
    /// sigma'.
    pub(super) gain: Real<'a>,
    /// The zeros of f', in increasing order.
    pub(super) targets: &'a [f64],
}

/// What the level set of the conserved quantity through a saddle consists of. Stable pieces lead to the saddle, unstable
/// ones away from it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Branches {
    /// Where w2 sigma(w1) tends to 0 along the flow.
    pub(super) stable: Vec<Vec<Point>>,
    /// Where it comes from 0.
    pub(super) unstable: Vec<Vec<Point>>,
    /// What lies beyond the first zero of f'.
    pub(super) beyond: Vec<Vec<Point>>,
}

impl Branches {
    /// Adds those of another saddle. Panics: never.
    pub(super) fn append(&mut self, mut other: Branches) {
        self.stable.append(&mut other.stable);
        self.unstable.append(&mut other.unstable);
        self.beyond.append(&mut other.beyond);
    }
}

/// The branches through the saddle (zero, 0), where `zero` is a zero of sigma; none if it is not a saddle because f' or
/// sigma' vanishes there, or is undefined. Panics: never.
pub(super) fn branches(neuron: &Neuron<'_>, zero: f64, window: Window) -> Branches {
    let mut branches = Branches::default();
    // Zeros of f' are known up to rounding.
    let vanishes = neuron.targets.iter().any(|target| target.abs() < 1e-7);
    let Some(slope) = (neuron.slope)(0.0).filter(|_| !vanishes) else {
        return branches;
    };
    for direction in [-1.0, 1.0] {
        let half = half(neuron, zero, direction, window);
        for side in [-1.0, 1.0] {
            let branch: Vec<Point> = half.iter().map(|[x, y]| [*x, side * y]).collect();
            sort(neuron, slope, branch, &mut branches);
        }
    }
    branches
}

/// Puts a branch that leaves the saddle where it belongs. On it z = w2 sigma(w1) keeps its sign and z' = -f'(z) (...):
/// with the sign of f'(0) it tends to 0 as long as f' does not vanish.
fn sort(neuron: &Neuron<'_>, slope: f64, branch: Vec<Point>, branches: &mut Branches) {
    let product = |[x, y]: Point| (neuron.activation)(x).map(|value| y * value);
    let is_stable = |z: f64| z * slope > 0.0;
    let Some(first) = branch.get(1).and_then(|point| product(*point)).filter(|z| *z != 0.0) else {
        return;
    };
    let nearest = neuron.targets.iter().copied().filter(|target| target * first > 0.0);
    let limit = nearest
        .min_by(|a, b| a.abs().total_cmp(&b.abs()))
        .unwrap_or(f64::INFINITY)
        .abs();
    let (mut arc, mut rest): (Vec<Point>, Vec<Point>) = (Vec::new(), Vec::new());
    let mut last: Option<(Point, f64)> = None;
    for point in branch {
        // Where the cost is undefined nothing is known of the flow.
        let Some(z) = product(point).filter(|z| (neuron.slope)(*z).is_some()) else {
            break;
        };
        if z.abs() <= limit && rest.is_empty() {
            arc.push(point);
        } else {
            if let Some((before, lower)) = last.filter(|_| rest.is_empty()) {
                let part = (limit - lower.abs()) / (z.abs() - lower.abs());
                let end = [0, 1].map(|axis| before[axis] + part * (point[axis] - before[axis]));
                arc.push(end);
                rest.push(end);
            }
            rest.push(point);
        }
        last = Some((point, z));
    }
    if is_stable(first) {
        arc.reverse();
        branches.stable.push(arc);
    } else {
        branches.unstable.push(arc);
    }
    if rest.len() > 1 {
        branches.beyond.push(rest);
    }
}

/// The upper half of the level set on one side of the saddle, starting there, as far as sigma' keeps its sign.
fn half(neuron: &Neuron<'_>, zero: f64, direction: f64, window: Window) -> Vec<Point> {
    let mut points = vec![[zero, 0.0]];
    let Some(gain) = (neuron.gain)(zero).filter(|gain| *gain != 0.0) else {
        return points;
    };
    // Half of the derivative of Phi, which is w1 - zero to first order.
    let rise = |u: f64| -> Option<f64> {
        let here = (neuron.gain)(u).filter(|here| here * gain > 0.0)?;
        (neuron.activation)(u).map(|value| value / here)
    };
    let [width, height] = window.lengths();
    let (mut u, mut square) = (zero, 0.0_f64);
    // In the units of the picture: dv/du = 1 at the saddle.
    let mut steepness = width / height;
    while points.len() < STEPS {
        let next = u + direction * STEP * width / steepness.hypot(1.0);
        let Some(values) = [rise(u), rise((u + next) / 2.0), rise(next)]
            .into_iter()
            .collect::<Option<Vec<f64>>>()
        else {
            break;
        };
        let [first, middle, last] = [0, 1, 2].map(|place| values.get(place).copied().unwrap_or_default());
        // Simpson's rule for Phi.
        square += 2.0 * (next - u) * (first + 4.0 * middle + last) / 6.0;
        let v = square.max(0.0).sqrt();
        if v == 0.0 || !v.is_finite() {
            break;
        }
        steepness = (last / v).abs() * width / height;
        u = next;
        points.push([u, v]);
        if !window.is_near([u, v]) && !window.is_near([u, -v]) {
            break;
        }
    }
    points
}
