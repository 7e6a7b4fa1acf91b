//! Tests of the pictures: laws of their geometry, what the saddles look like, and two small documents.

use super::contour::{Grid, contours};
use super::figure3::{branch, meeting};
use super::polyline::{Frame, between, clip, dashes, length, thin};
use super::*;
use crate::kernel::evaluate::Program;
use crate::kernel::expr::{Function, Id, Node, Table};
use crate::kernel::flow::data::Model;
use crate::kernel::number::Number;
use crate::problem::{Domain, FlowSpec, Horizon, Source, Span};
use rug::Rational;

const SQUARE: [f64; 2] = [-1.0, 1.0];

fn near(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance
}

#[test]
fn level_sets_of_affine_functions_are_exact() {
    let grid = Grid::sample(SQUARE, SQUARE, [8, 11], &|x, y| Some(2.0 * x - y));
    for level in [-0.7, 0.0, 0.31] {
        let pieces = contours(&grid, level);
        assert_eq!(pieces.len(), 1);
        assert!(pieces.iter().flatten().all(|[x, y]| near(2.0 * x - y, level, 1e-12)));
    }
}

#[test]
fn level_sets_are_closed_or_end_at_the_border() {
    let grid = Grid::sample(SQUARE, SQUARE, [40, 40], &|x, y| Some(x * x + y * y));
    let circle = contours(&grid, 0.25);
    assert_eq!(circle.len(), 1);
    let circle = circle.concat();
    assert_eq!(circle.first(), circle.last());
    assert!(circle.iter().all(|[x, y]| near(x.hypot(*y), 0.5, 2e-3)));
    assert!(near(length(&circle), std::f64::consts::PI, 0.01));
    let corners = contours(&grid, 1.44);
    assert_eq!(corners.len(), 4);
    for piece in corners {
        for [x, y] in [piece.first().unwrap(), piece.last().unwrap()] {
            assert!(x.abs() == 1.0 || y.abs() == 1.0);
        }
    }
}

#[test]
fn the_negative_function_has_the_same_level_sets() {
    let wild = |x: f64, y: f64| (5.0 * x).sin() * (4.0 * y).cos() + 0.3 * x;
    let grid = Grid::sample(SQUARE, SQUARE, [33, 29], &|x, y| Some(wild(x, y)));
    let negative = Grid::sample(SQUARE, SQUARE, [33, 29], &|x, y| Some(-wild(x, y)));
    for level in [-0.4, 0.05, 0.6] {
        let sorted = |grid: &Grid, level: f64| {
            let mut points = contours(grid, level).concat();
            points.sort_by(|a, b| a.partial_cmp(b).unwrap());
            points.dedup();
            points
        };
        let (one, other) = (sorted(&grid, level), sorted(&negative, -level));
        assert_eq!(one.len(), other.len());
        for (a, b) in one.iter().zip(other) {
            assert!(near(a[0], b[0], 1e-12) && near(a[1], b[1], 1e-12));
        }
    }
}

#[test]
fn level_sets_at_a_saddle_do_not_cross() {
    let grid = Grid::sample(SQUARE, SQUARE, [20, 20], &|x, y| Some(x * y));
    for level in [1e-3, -1e-3] {
        let pieces = contours(&grid, level);
        assert_eq!(pieces.len(), 2);
        assert!(pieces.iter().all(|piece| piece.first() != piece.last()));
    }
}

#[test]
fn level_sets_stop_where_the_function_is_undefined() {
    let grid = Grid::sample(SQUARE, SQUARE, [21, 21], &|x, y| Some(y).filter(|_| x > 0.0));
    let pieces = contours(&grid, 0.03);
    assert_eq!(pieces.len(), 1);
    assert!(pieces.iter().flatten().all(|[x, _]| *x > 0.0));
    for empty in [
        Grid {
            columns: 0,
            ..grid.clone()
        },
        Grid { columns: 999, ..grid },
    ] {
        assert!(contours(&empty, 0.0).is_empty());
    }
}

#[test]
fn polylines_are_clipped_thinned_and_dashed() {
    let frame = Frame {
        x: [0.0, 10.0],
        y: [0.0, 10.0],
    };
    let parts = clip(&[[-5.0, 5.0], [5.0, 5.0], [5.0, 15.0], [8.0, 15.0], [8.0, 5.0]], frame);
    assert_eq!(
        parts,
        [vec![[0.0, 5.0], [5.0, 5.0], [5.0, 10.0]], vec![[8.0, 10.0], [8.0, 5.0]]]
    );
    assert!(clip(&[[1.0, 1.0], [f64::NAN, 2.0], [3.0, 3.0]], frame).is_empty());
    let arc: Vec<Point> = (0..100)
        .map(|place| f64::from(place) / 50.0)
        .map(|angle| [10.0 * angle.cos(), 10.0 * angle.sin()])
        .collect();
    let few = thin(&arc, 0.05);
    assert!(few.len() < 20 && near(length(&few), length(&arc), 0.1));
    let pieces = dashes(&[[0.0, 0.0], [4.0, 0.0], [4.0, 6.0]], 2.0, 1.0);
    let total: f64 = pieces.iter().map(|piece| length(piece)).sum();
    assert!(near(total, 7.0, 1e-12));
    assert_eq!(between(&[[0.0, 0.0], [4.0, 0.0]], 1.0, 9.0), [[1.0, 0.0], [4.0, 0.0]]);
}

#[test]
fn floats_agree_with_the_kernel() {
    let mut table = Table::new();
    let w = table.w();
    let mut roots: Vec<Id> = Function::ALL
        .iter()
        .map(|function| table.insert(Node::Apply(*function, w)))
        .collect();
    for (numerator, denominator) in [(1, 2), (-1, 2), (2, 3), (3, 1), (-2, 1), (0, 1)] {
        roots.push(table.insert(Node::Power(w, Rational::from((numerator, denominator)))));
    }
    let sum = table.insert(Node::Add(w, w));
    let pi = table.insert(Node::Pi);
    roots.push(table.insert(Node::Div(pi, sum)));
    for root in roots {
        let (floats, kernel) = (FloatProgram::new(&table, root).unwrap(), Program::new(&table, root));
        for place in [(-7, 5), (0, 1), (2, 3), (3, 1)].map(Rational::from) {
            let exact = kernel.value(&[Number::Exact(place.clone())], 80).ok();
            let exact = exact.map(|number| number.interval(80).mid().to_f64());
            let float = floats.evaluate(&[place.to_f64()]);
            match (exact, float) {
                (Some(exact), Some(float)) => assert!(near(exact, float, 1e-13 * exact.abs().max(1.0)), "{root:?}"),
                (exact, float) => assert_eq!(exact, float, "{root:?} at {place}"),
            }
        }
        assert_eq!(floats.evaluate(&[]), None);
    }
}

/// (w - target)^2 of w2 sigma(w1).
fn neuron(target: i32, activation: impl Fn(&mut Table, Id) -> Id, start: [i32; 2]) -> FlowSpec {
    let mut table = Table::new();
    let w = table.w();
    let target = table.number(target);
    let error = table.insert(Node::Sub(w, target));
    let cost = table.insert(Node::Power(error, Rational::from(2)));
    let activation = activation(&mut table, w);
    flow(table, Model::Neuron { cost, activation }, &start)
}

fn flow(table: Table, model: Model, start: &[i32]) -> FlowSpec {
    FlowSpec {
        name: "flow".to_owned(),
        table,
        model,
        domain: Domain::real_line(),
        names: vec!["w1".to_owned(), "w2".to_owned()],
        start: start
            .iter()
            .map(|value| [Rational::from(*value), Rational::from(*value)])
            .collect(),
        horizon: Horizon::Settled,
        precision: 64,
        disturbance: Vec::new(),
        alpha: None,
        invariants: Vec::new(),
        compare: None,
        tolerance: None,
        start_span: Span { start: 0, end: 0 },
        seed: None,
        compare_seed: None,
        model_span: Span { start: 0, end: 0 },
        source: Source {
            name: "flow".to_owned(),
            text: String::new(),
        },
        sha256: String::new(),
        cost_file: None,
    }
}

fn sigmoid(table: &mut Table, w: Id) -> Id {
    let one = table.number(1);
    let square = table.insert(Node::Power(w, Rational::from(2)));
    let sum = table.insert(Node::Add(one, square));
    let root = table.insert(Node::Power(sum, Rational::from((1, 2))));
    table.insert(Node::Div(w, root))
}

fn pieces(portrait: &Portrait, role: Role) -> Vec<Vec<Point>> {
    let found = portrait.curves.iter().filter(|curve| curve.role == role);
    found.flat_map(|curve| curve.pieces.clone()).collect()
}

/// Zeros are found up to rounding.
fn is_origin(point: Option<&Point>) -> bool {
    point.is_some_and(|[x, y]| x.hypot(*y) < 1e-12)
}

#[test]
fn the_sigmoidal_saddle_is_that_of_equation_11() {
    let meeting = meeting().unwrap();
    assert!(near(meeting * meeting, 1.170_086_486_626_03, 1e-14));
    let portrait = of_flow(&neuron(1, sigmoid, [-2, 2]), &[]).unwrap();
    for [x, y] in pieces(&portrait, Role::Stable).concat() {
        assert!(near(y, -branch(x), 1e-6), "{x} {y}");
    }
    let unstable = pieces(&portrait, Role::Unstable);
    assert_eq!(unstable.len(), 2);
    for arc in unstable {
        assert!(is_origin(arc.first()));
        assert!(near(arc.last().unwrap()[0].abs(), meeting, 1e-4));
        assert!(arc.iter().all(|[x, y]| near(*y, branch(*x), 1e-4)));
    }
    let beyond = pieces(&portrait, Role::Invariant).concat();
    assert!(!beyond.is_empty() && beyond.iter().all(|[x, _]| x.abs() > meeting - 1e-4));
    for [x, y] in pieces(&portrait, Role::Target).concat() {
        assert!(near(y * x / x.hypot(1.0), 1.0, 1e-9));
    }
}

#[test]
fn stable_branches_change_places_with_signs() {
    type Activation = fn(&mut Table, Id) -> Id;
    let rising: Activation = |_, w| w;
    let falling: Activation = |table, w| table.insert(Node::Neg(w));
    // On the stable branch z = w2 sigma(w1) has the sign of f'(0), whatever the sign of sigma'.
    for (target, activation, slope) in [
        (1, rising, -1.0),
        (-1, rising, 1.0),
        (1, falling, 1.0),
        (-1, falling, -1.0),
    ] {
        let portrait = of_flow(&neuron(target, activation, [-2, 1]), &[]).unwrap();
        let stable = pieces(&portrait, Role::Stable);
        assert_eq!(stable.len(), 2);
        assert!(stable.iter().all(|piece| is_origin(piece.last())));
        assert!(stable.concat().iter().all(|[x, y]| near(*y, slope * x, 1e-9)));
        assert!(
            pieces(&portrait, Role::Unstable)
                .concat()
                .iter()
                .all(|[x, y]| near(*y, -slope * x, 1e-9))
        );
    }
}

#[test]
fn there_is_no_saddle_where_the_cost_is_critical() {
    let portrait = of_flow(&neuron(0, |_, w| w, [-2, 1]), &[]).unwrap();
    assert!(pieces(&portrait, Role::Stable).is_empty() && pieces(&portrait, Role::Unstable).is_empty());
    assert!(!pieces(&portrait, Role::Target).is_empty());
    let exponential = |table: &mut Table, w: Id| table.insert(Node::Apply(Function::Exp, w));
    let portrait = of_flow(&neuron(1, exponential, [-2, 1]), &[]).unwrap();
    assert!(portrait.markers.iter().all(|marker| marker.kind != MarkerKind::Saddle));
}

#[test]
fn only_the_plane_has_portraits() {
    let mut table = Table::new();
    let w = table.w();
    let linear = |widths: &[u16]| Model::Linear {
        cost: w,
        widths: widths.to_vec(),
    };
    let portrait = |model: Model, start: &[i32]| of_flow(&flow(table.clone(), model, start), &[]);
    assert!(portrait(linear(&[1, 1, 1]), &[1, 2]).is_some());
    assert!(portrait(linear(&[2, 1]), &[1, 2]).is_some());
    assert!(portrait(linear(&[1, 1, 1, 1]), &[1, 2, 3]).is_none());
    assert!(portrait(linear(&[1, 1, 1]), &[1, 2, 3]).is_none());
    assert!(portrait(Model::Gradient { cost: w, dimension: 3 }, &[1, 2, 3]).is_none());
    assert!(portrait(Model::Field { speeds: vec![w] }, &[1]).is_none());
    let field = Model::Field { speeds: vec![w, w] };
    let boxes = [(1.0, [1.0, 1.1, 2.0, 2.1]), (2.0, [f64::NAN, 1.0, 1.0, 1.0])];
    let drawn = of_flow(&flow(table, field, &[1, 2]), &boxes).unwrap();
    assert_eq!(drawn.boxes, [[1.0, 1.1, 2.0, 2.1]]);
}

/// A diagonal with a box, a saddle and hostile names.
fn small() -> Portrait {
    Portrait {
        title: "a <b> & \u{1b}[31m\u{0}\u{202e}\u{ffff}".to_owned(),
        x_label: "x".to_owned(),
        y_label: "\"y\"".to_owned(),
        x_range: [-1.0, 1.0],
        y_range: [0.0, 1.0],
        level_sets: None,
        curves: vec![Curve {
            pieces: vec![vec![[-2.0, -1.0], [2.0, 1.5]]],
            role: Role::Trajectory,
            label: "</svg><script>".to_owned(),
            arrows: true,
        }],
        boxes: vec![[0.5, 0.6, 0.2, 0.2 + 1e-9], [3.0, 4.0, 0.0, 1.0]],
        markers: vec![Marker {
            at: [0.0, 0.25],
            kind: MarkerKind::Saddle,
            label: "saddle".to_owned(),
        }],
    }
}

#[test]
fn a_portrait() {
    insta::assert_snapshot!("portrait", portrait(&small()).unwrap());
}

#[test]
fn foreign_text_is_harmless() {
    let both = side_by_side(&small(), &small()).unwrap();
    assert!(!both.contains("<script") && !both.contains("<b>"));
    assert_eq!(both.matches("</svg>").count(), 1);
    let harmless = |character: char| !character.is_control() && !"\u{202e}\u{ffff}".contains(character);
    assert!(both.chars().all(|character| character == '\n' || harmless(character)));
    let long = Portrait {
        title: "x".repeat(10_000),
        ..small()
    };
    assert!(portrait(&long).unwrap().len() < 10_000);
}

#[test]
fn small_enclosures_are_visible() {
    let text = portrait(&small()).unwrap();
    let filled = text.lines().find(|line| line.contains("opacity=\"0.35\"")).unwrap();
    assert!(filled.contains("height=\"5\""), "{filled}");
}

#[test]
fn a_picture_needs_ranges() {
    for x_range in [[1.0, 1.0], [f64::NAN, 1.0], [2.0, f64::INFINITY]] {
        let flat = Portrait { x_range, ..small() };
        assert_eq!(portrait(&flat), Err(PictureError::Range));
    }
    assert_eq!(time_plot(&TimePlot::default()), Err(PictureError::Empty));
    let panels = vec![Panel::default(); 2];
    let plot = TimePlot {
        panels,
        ..TimePlot::default()
    };
    assert_eq!(time_plot(&plot), Err(PictureError::Range));
    let many = TimePlot {
        panels: vec![decay().panels; 100].concat(),
        ..TimePlot::default()
    };
    assert_eq!(time_plot(&many), Err(PictureError::Size));
}

/// A cost that decays, once below what is positive, and a constant.
fn decay() -> TimePlot {
    let points = vec![
        (0.0, 1.0, 1.0),
        (1.0, 0.09, 0.11),
        (2.0, -0.01, 0.02),
        (f64::NAN, 0.0, 1.0),
    ];
    let constant = vec![(0.0, 3.0, 3.0), (2.0, f64::NEG_INFINITY, 3.0)];
    let band = |name: &str, points| Band {
        name: name.to_owned(),
        points,
    };
    TimePlot {
        title: "decay".to_owned(),
        x_label: "t".to_owned(),
        panels: vec![
            Panel {
                label: "f".to_owned(),
                bands: vec![band("f", points)],
                logarithmic: true,
            },
            Panel {
                label: "conserved".to_owned(),
                bands: vec![band("C[1,1]", constant)],
                logarithmic: false,
            },
        ],
    }
}

#[test]
fn quantities_against_time() {
    insta::assert_snapshot!("time", time_plot(&decay()).unwrap());
}

#[test]
fn figure_3_is_one_reproducible_document() {
    let text = figure3().unwrap();
    assert_eq!(Ok(&text), figure3().as_ref());
    assert!(text.starts_with("<svg xmlns=") && text.ends_with("</svg>\n"));
    assert!(!text.contains("NaN") && !text.contains("inf"));
    assert!(text.len() < 120_000, "{}", text.len());
}

#[test]
fn a_useless_enclosure_does_not_hide_the_rest() {
    let boxes = [(0.0, [-2.0, -2.0, 1.0, 1.0]), (1.0, [f64::MIN, f64::MAX, -1e300, 1e9])];
    let drawn = of_flow(&neuron(1, |_, w| w, [-2, 1]), &boxes).unwrap();
    assert!(drawn.x_range[1] < 10.0 && drawn.y_range[1] < 10.0);
    assert!(portrait(&drawn).is_ok());
}
