//! The phase portrait of a specified flow in the plane, with the boxes that enclose its solutions.

use super::field::{Window, trajectory};
use super::manifold::{Branches, Neuron, branches};
use super::phase::zero_set;
use super::roots::zeros;
use super::{
    Curve, FloatProgram, Grid, Marker, MarkerKind, PhaseInput, Point, Portrait, Role, Scalar, Velocity, ZeroSet,
    phase_portrait,
};
use crate::kernel::expr::{Id, Node, Table};
use crate::kernel::flow::data::Model;
use crate::problem::{Domain, End, FlowSpec};
use rug::Rational;

/// Samples along an axis where zeros are looked for.
const SAMPLES: usize = 61;

/// The field of a flow in the plane.
enum Planar {
    /// That of f(y sigma(x)).
    Neuron { cost: Id, activation: Id },
    /// That of f(x, y).
    Gradient { cost: Id },
    /// Its two speeds.
    Field { speeds: [Id; 2] },
}

/// The portrait of a flow with two coordinates, with enclosures \[x_low, x_high, y_low, y_high\] at some times. Shows what
/// is known of the model: level sets of a cost, zeros of f', and the manifolds of the saddles of a network, or the
/// nullclines of other fields. What cannot be evaluated is left out.
///
/// Errors: `None` unless there are exactly two coordinates. Panics: never.
pub fn of_flow(spec: &FlowSpec, boxes: &[(f64, [f64; 4])]) -> Option<Portrait> {
    let mut table = spec.table.clone();
    let planar = planar(&spec.model, &mut table)?;
    let scene = Scene::new(spec, boxes)?;
    let of = |id: Id| FloatProgram::new(&table, id);
    Some(match planar {
        Planar::Neuron { cost, activation } => {
            let slope = table.derivative(cost, 0).ok();
            let gain = table.derivative(activation, 0).ok();
            let programs = [Some(cost), slope, Some(activation), gain];
            let [cost, slope, activation, gain] = programs.map(|id| FloatProgram::new(&table, id?));
            let inside = |program: &Option<FloatProgram>, z: f64| {
                let program = program.as_ref().filter(|_| contains(&spec.domain, z))?;
                program.evaluate(&[z])
            };
            let anywhere = |program: &Option<FloatProgram>, u: f64| program.as_ref()?.evaluate(&[u]);
            let network = Network {
                cost: &|z| inside(&cost, z),
                slope: &|z| inside(&slope, z),
                activation: &|u| anywhere(&activation, u),
                gain: &|u| anywhere(&gain, u),
            };
            network.portrait(&scene)
        }
        Planar::Gradient { cost } => {
            let slopes = [0, 1].map(|variable| table.derivative(cost, variable).ok());
            let slopes = slopes.map(|id| FloatProgram::new(&table, id?));
            let cost = FloatProgram::new(&table, cost)?;
            let speed = |axis: usize, x: f64, y: f64| slopes.get(axis)?.as_ref()?.evaluate(&[x, y]).map(|slope| -slope);
            scene.field(Some(&|x, y| cost.evaluate(&[x, y])), &|x, y| {
                Some([speed(0, x, y)?, speed(1, x, y)?])
            })
        }
        Planar::Field {
            speeds: [first, second],
        } => {
            let (first, second) = (of(first)?, of(second)?);
            scene.field(None, &|x, y| {
                Some([first.evaluate(&[x, y])?, second.evaluate(&[x, y])?])
            })
        }
    })
}

fn planar(model: &Model, table: &mut Table) -> Option<Planar> {
    match model {
        Model::Field { speeds } => Some(Planar::Field {
            speeds: speeds.as_slice().try_into().ok()?,
        }),
        Model::Gradient { cost, dimension: 2 } => Some(Planar::Gradient { cost: *cost }),
        Model::Gradient { .. } => None,
        Model::Neuron { cost, activation } => Some(Planar::Neuron {
            cost: *cost,
            activation: *activation,
        }),
        Model::Linear { cost, widths } => match widths.as_slice() {
            [1, 1, 1] => Some(Planar::Neuron {
                cost: *cost,
                activation: table.insert(Node::Variable(0)),
            }),
            // A single layer is the product itself.
            [1, 2] | [2, 1] => Some(Planar::Gradient { cost: *cost }),
            _ => None,
        },
    }
}

fn contains(domain: &Domain, z: f64) -> bool {
    let above = match &domain.left {
        End::At(left) => z > left.to_f64(),
        End::NegativeInfinity => true,
        End::PositiveInfinity => false,
    };
    let below = match &domain.right {
        End::At(right) => z < right.to_f64(),
        End::PositiveInfinity => true,
        End::NegativeInfinity => false,
    };
    above && below
}

/// What a portrait of any model shows.
struct Scene {
    title: String,
    labels: [String; 2],
    /// The box of starts, \[x_low, x_high, y_low, y_high\].
    start: [f64; 4],
    boxes: Vec<[f64; 4]>,
    markers: Vec<Marker>,
    trajectories: String,
}

impl Scene {
    fn new(spec: &FlowSpec, boxes: &[(f64, [f64; 4])]) -> Option<Self> {
        let start = sides(&spec.start)?;
        let mut boxes = boxes.to_vec();
        boxes.retain(|(time, sides)| time.is_finite() && sides.iter().all(|side| side.is_finite()));
        boxes.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut markers = vec![marker(MarkerKind::Start, &start, "start".to_owned())];
        if let Some(second) = spec.compare.as_deref().and_then(sides) {
            markers.push(marker(MarkerKind::SecondStart, &second, "second start".to_owned()));
        }
        if let Some((time, last)) = boxes.last() {
            markers.push(marker(
                MarkerKind::End,
                last,
                format!("enclosed until t = {}", rounded(*time)),
            ));
        }
        let name = |place: usize| spec.names.get(place).cloned().unwrap_or_default();
        let disturbed = !spec.disturbance.is_empty();
        let trajectories = if disturbed {
            "trajectories without disturbance"
        } else {
            "trajectories"
        };
        Some(Scene {
            title: spec.name.clone(),
            labels: [name(0), name(1)],
            start,
            boxes: boxes.into_iter().map(|(_, sides)| sides).collect(),
            markers,
            trajectories: trajectories.to_owned(),
        })
    }

    /// A square window around the starts, the boxes, the solution from the middle of the starts, and some points.
    fn window(&self, velocity: Velocity<'_>, points: &[Point]) -> Window {
        let [left, right, low, high] = self.start;
        let size = [left, right, low, high]
            .iter()
            .fold(1.0, |size: f64, side| size.max(side.abs()));
        let within = |reach: f64| Window {
            x: [-reach * size, reach * size],
            y: [-reach * size, reach * size],
        };
        let mut shown = trajectory(velocity, middle(&self.start), within(8.0));
        for [left, right, low, high] in self.boxes.iter().chain([&self.start]) {
            shown.extend([[*left, *low], [*right, *high]]);
        }
        // An enclosure that has become useless must not make everything else too small to be seen.
        shown.retain(|point| within(100.0).is_near(*point));
        shown.extend(points);
        let [x, y] = [0, 1].map(|axis| {
            shown
                .iter()
                .fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], point: &Point| {
                    [low.min(point[axis]), high.max(point[axis])]
                })
        });
        let half = 0.65 * (x[1] - x[0]).max(y[1] - y[0]);
        let [x, y] = [x, y].map(|[low, high]| low + (high - low) / 2.0);
        // A solution at rest has no extent of its own.
        let half = if half > 1e-9 * x.abs().max(y.abs()) {
            half
        } else {
            0.5 * x.abs().max(y.abs()).max(1.0)
        };
        Window {
            x: [x - half, x + half],
            y: [y - half, y + half],
        }
    }

    fn input<'a>(&self, window: Window, cost: Option<Scalar<'a>>, velocity: Velocity<'a>) -> PhaseInput<'a> {
        // Without enclosures the solution from the middle of the starts takes their place.
        let own = Some(middle(&self.start)).filter(|_| self.boxes.is_empty());
        let starts = own.into_iter().chain(starts(window));
        PhaseInput {
            title: self.title.clone(),
            labels: self.labels.clone(),
            ranges: [window.x, window.y],
            cost,
            velocity,
            starts: starts.collect(),
            trajectories: self.trajectories.clone(),
            zero_sets: Vec::new(),
            curves: Vec::new(),
            boxes: self.boxes.clone(),
            markers: self.markers.clone(),
        }
    }

    /// A field with its nullclines.
    fn field(&self, cost: Option<Scalar<'_>>, velocity: Velocity<'_>) -> Portrait {
        let first = |x: f64, y: f64| velocity(x, y).map(|[speed, _]| speed);
        let second = |x: f64, y: f64| velocity(x, y).map(|[_, speed]| speed);
        let [x, y] = &self.labels;
        let zero_sets = vec![
            ZeroSet {
                value: &first,
                role: Role::FirstNullcline,
                label: format!("{x}' = 0"),
            },
            ZeroSet {
                value: &second,
                role: Role::SecondNullcline,
                label: format!("{y}' = 0"),
            },
        ];
        let input = self.input(self.window(velocity, &[]), cost, velocity);
        phase_portrait(&PhaseInput { zero_sets, ..input })
    }
}

/// The flow of f(y sigma(x)) as functions of one variable: f, f', sigma, sigma'.
struct Network<'a> {
    cost: &'a dyn Fn(f64) -> Option<f64>,
    slope: &'a dyn Fn(f64) -> Option<f64>,
    activation: &'a dyn Fn(f64) -> Option<f64>,
    gain: &'a dyn Fn(f64) -> Option<f64>,
}

impl Network<'_> {
    fn portrait(&self, scene: &Scene) -> Portrait {
        let product = |x: f64, y: f64| (self.activation)(x).map(|value| y * value);
        let cost = |x: f64, y: f64| (self.cost)(product(x, y)?);
        let velocity = |x: f64, y: f64| {
            let slope = (self.slope)(product(x, y)?)?;
            Some([-slope * y * (self.gain)(x)?, -slope * (self.activation)(x)?])
        };
        let [x, _] = middle(&scene.start);
        let reach = 4.0 + 2.0 * x.abs();
        let nearby = zeros(self.activation, &even([x - reach, x + reach]));
        let nearest = nearby
            .into_iter()
            .min_by(|a, b| (a - x).abs().total_cmp(&(b - x).abs()));
        let saddle: Vec<Point> = nearest.into_iter().map(|zero| [zero, 0.0]).collect();
        let window = scene.window(&velocity, &saddle);
        let products = Grid::sample(window.x, window.y, [SAMPLES, SAMPLES], &product);
        let mut places: Vec<f64> = products.values.iter().flatten().copied().collect();
        places.sort_by(f64::total_cmp);
        places.dedup();
        let targets = zeros(self.slope, &places);
        let mut found = Branches::default();
        let mut markers = Vec::new();
        for zero in zeros(self.activation, &even(window.x)) {
            let neuron = Neuron {
                slope: self.slope,
                activation: self.activation,
                gain: self.gain,
                targets: &targets,
            };
            let through = branches(&neuron, zero, window);
            if through != Branches::default() {
                markers.push(marker(MarkerKind::Saddle, &[zero, zero, 0.0, 0.0], "saddle".to_owned()));
            }
            found.append(through);
        }
        let target = |target: &f64| {
            let value = |x: f64, y: f64| product(x, y).map(|z| z - target);
            zero_set(
                &Grid::sample(window.x, window.y, [2 * SAMPLES, 2 * SAMPLES], &value),
                &value,
            )
        };
        let mut curves = curves(found);
        curves.push(Curve {
            pieces: targets.iter().flat_map(target).collect(),
            role: Role::Target,
            label: "equilibria with f'(z) = 0".to_owned(),
            arrows: false,
        });
        let mut input = scene.input(window, Some(&cost), &velocity);
        markers.append(&mut input.markers);
        phase_portrait(&PhaseInput {
            curves,
            markers,
            ..input
        })
    }
}

fn curves(branches: Branches) -> Vec<Curve> {
    let curve = |pieces, role, label: &str, arrows| Curve {
        pieces,
        role,
        label: label.to_owned(),
        arrows,
    };
    vec![
        curve(branches.stable, Role::Stable, "stable manifold", true),
        curve(branches.unstable, Role::Unstable, "unstable manifold", true),
        curve(
            branches.beyond,
            Role::Invariant,
            "same value of the conserved quantity",
            false,
        ),
    ]
}

/// Starts near the border, and some within.
fn starts(window: Window) -> Vec<Point> {
    let border = [-0.96, -0.48, 0.0, 0.48];
    let sides = border
        .iter()
        .flat_map(|part| [[*part, 0.96], [0.96, -part], [-part, -0.96], [-0.96, *part]]);
    let within = [[0.4, 0.3], [-0.3, 0.4], [-0.4, -0.3], [0.3, -0.4]];
    let place = |[low, high]: [f64; 2], part: f64| low + (high - low) * (1.0 + part) / 2.0;
    let all = sides.chain(within);
    all.map(|[x, y]| [place(window.x, x), place(window.y, y)]).collect()
}

/// Evenly spaced places, many enough to find zeros between them.
fn even([low, high]: [f64; 2]) -> Vec<f64> {
    let part = |place: u32| low + (high - low) * f64::from(place) / 400.0;
    (0..=400).map(part).collect()
}

fn sides(start: &[[Rational; 2]]) -> Option<[f64; 4]> {
    let [[left, right], [low, high]] = start else {
        return None;
    };
    let sides = [left, right, low, high].map(Rational::to_f64);
    Some(sides).filter(|sides| sides.iter().all(|side| side.is_finite()))
}

fn middle([left, right, low, high]: &[f64; 4]) -> Point {
    [left + (right - left) / 2.0, low + (high - low) / 2.0]
}

fn marker(kind: MarkerKind, sides: &[f64; 4], label: String) -> Marker {
    Marker {
        at: middle(sides),
        kind,
        label,
    }
}

/// A number with four digits.
fn rounded(value: f64) -> String {
    let text = format!("{value:.3e}");
    let short = text.parse::<f64>().unwrap_or(value);
    if (1e-3..1e6).contains(&short.abs()) || short == 0.0 {
        format!("{short}")
    } else {
        format!("{short:e}")
    }
}
