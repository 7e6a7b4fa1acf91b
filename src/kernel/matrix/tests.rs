//! Rules about costs of matrices: laws of what they are made of, and claims that must be refused.

use super::super::certificate::Exact;
use super::super::expr::{Function, Id, Node, Table};
use super::super::number::Number;
use super::super::theorem::Hypothesis;
use super::data::*;
use super::substitute::substitute;
use super::*;
use proptest::prelude::*;

/// An expression in the making.
#[derive(Clone, Debug)]
enum Tree {
    Number(i32, i32),
    Entry(u16),
    Sum(Box<Tree>, Box<Tree>),
    Difference(Box<Tree>, Box<Tree>),
    Product(Box<Tree>, Box<Tree>),
    Negative(Box<Tree>),
    Power(Box<Tree>, i32),
    Apply(Function, Box<Tree>),
}

impl Tree {
    fn write(&self, table: &mut Table) -> Id {
        match self {
            Tree::Number(above, below) => table.number(Rational::from((*above, *below))),
            Tree::Entry(name) => table.insert(Node::Variable(*name)),
            Tree::Sum(a, b) => {
                let (a, b) = (a.write(table), b.write(table));
                table.insert(Node::Add(a, b))
            }
            Tree::Difference(a, b) => {
                let (a, b) = (a.write(table), b.write(table));
                table.insert(Node::Sub(a, b))
            }
            Tree::Product(a, b) => {
                let (a, b) = (a.write(table), b.write(table));
                table.insert(Node::Mul(a, b))
            }
            Tree::Negative(a) => {
                let a = a.write(table);
                table.insert(Node::Neg(a))
            }
            Tree::Power(a, exponent) => {
                let a = a.write(table);
                table.insert(Node::Power(a, Rational::from(*exponent)))
            }
            Tree::Apply(function, a) => {
                let a = a.write(table);
                table.insert(Node::Apply(*function, a))
            }
        }
    }
}

fn tree() -> impl Strategy<Value = Tree> {
    let leaf = prop_oneof![
        (-3i32..=3, 1i32..=3).prop_map(|(above, below)| Tree::Number(above, below)),
        (0u16..2).prop_map(Tree::Entry),
        (0u16..2).prop_map(Tree::Entry),
    ];
    leaf.prop_recursive(4, 16, 2, |inner| {
        let functions = prop_oneof![
            Just(Function::Exp),
            Just(Function::Cosh),
            Just(Function::Abs),
            Just(Function::Sin)
        ];
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| Tree::Sum(Box::new(a), Box::new(b))),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| Tree::Difference(Box::new(a), Box::new(b))),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| Tree::Product(Box::new(a), Box::new(b))),
            inner.clone().prop_map(|a| Tree::Negative(Box::new(a))),
            (inner.clone(), 1i32..=4).prop_map(|(a, exponent)| Tree::Power(Box::new(a), exponent)),
            (functions, inner).prop_map(|(function, a)| Tree::Apply(function, Box::new(a))),
        ]
    })
}

/// The cost of a 1 x 2 matrix on all of the space.
fn cost(
    table: &Table,
    root: Id,
    shape: [u16; 2],
    domain: Vec<Constraint>,
    defined: Vec<Sign>,
) -> Result<Cost, Rejection> {
    Cost::open(&CostData {
        nodes: table.nodes().to_vec(),
        cost: root,
        rows: shape[0],
        columns: shape[1],
        definite: false,
        domain,
        precision: 96,
        defined,
    })
}

fn value(table: &Table, root: Id, point: &[Rational]) -> Option<f64> {
    let point: Vec<Number> = point.iter().cloned().map(Number::Exact).collect();
    let value = Program::new(table, root).value(&point, 200).ok()?;
    Some(value.interval(200).mid().to_f64())
}

proptest! {
    /// Putting a line into an expression and evaluating is evaluating on the line.
    #[test]
    fn substitution_is_evaluation(tree in tree(), a in -3i32..=3, b in -3i32..=3, c in -3i32..=3, t in -4i32..=4) {
        let mut table = Table::new();
        let root = tree.write(&mut table);
        let mut along = Table::new();
        let letter = along.w();
        let (number, factor) = (along.number(a), along.number(b));
        let scaled = substitute::mul(&mut along, factor, letter);
        let first = substitute::add(&mut along, number, scaled);
        let second = along.number(c);
        let image = substitute(&table, root, &mut along, &[first, second]).unwrap();
        let direct = value(&table, root, &[Rational::from(a + b * t), Rational::from(c)]);
        let put_in = value(&along, image, &[Rational::from(t)]);
        if let (Some(direct), Some(put_in)) = (direct, put_in) {
            let close = (direct - put_in).abs() <= 1e-9 * (1.0 + direct.abs()) || direct.is_infinite() || direct.is_nan();
            prop_assert!(close, "{direct} {put_in}");
        }
    }

    /// What the rules call convex is below its chords; what they call concave above.
    #[test]
    fn convex_functions_lie_below_their_chords(tree in tree(), points in prop::collection::vec(-2i32..=2, 4)) {
        let mut table = Table::new();
        let root = tree.write(&mut table);
        let whole = vec![Number::from(super::super::interval::Interval::entire(96)); 2];
        let shape = curvature_of(&table, root, (&whole, 96), &mut |_, _| None);
        let ends = [[points[0], points[1]], [points[2], points[3]]];
        let at = |x: [f64; 2]| value(&table, root, &x.map(|entry| Rational::from_f64(entry).unwrap()));
        let (first, second) = (ends[0].map(f64::from), ends[1].map(f64::from));
        let middle = [(first[0] + second[0]) / 2.0, (first[1] + second[1]) / 2.0];
        if let (Some(a), Some(b), Some(m)) = (at(first), at(second), at(middle)) {
            let chord = (a + b) / 2.0;
            let room = 1e-9 * (1.0 + a.abs() + b.abs());
            if shape.is_convex() && chord.is_finite() && m.is_finite() {
                prop_assert!(m <= chord + room, "{shape:?} {m} {chord}");
            }
            if shape == Shape::Concave && chord.is_finite() && m.is_finite() {
                prop_assert!(m >= chord - room, "{shape:?} {m} {chord}");
            }
        }
    }

    /// A quadratic is read off exactly, and nothing else is taken for one.
    #[test]
    fn quadratics_are_read_off(entries in prop::collection::vec(-3i32..=3, 6), cubic in -1i32..=1) {
        let mut table = Table::new();
        let (x, y) = (table.insert(Node::Variable(0)), table.insert(Node::Variable(1)));
        let xy = table.insert(Node::Mul(x, y));
        let xx = table.insert(Node::Power(x, Rational::from(2)));
        let yy = table.insert(Node::Power(y, Rational::from(2)));
        let xxx = table.insert(Node::Mul(xx, xy));
        let one = table.number(1);
        let mut root = table.number(0);
        for (factor, term) in entries.iter().chain([&cubic]).zip([xx, xy, yy, x, y, one, xxx]) {
            let factor = table.number(*factor);
            let term = table.insert(Node::Mul(factor, term));
            root = table.insert(Node::Add(root, term));
        }
        let mut cost = cost(&table, root, [1, 2], Vec::new(), Vec::new()).unwrap();
        let form = Quadratic::of(&mut cost, root).unwrap();
        if cubic != 0 {
            prop_assert!(form.is_none());
        } else {
            let form = form.unwrap();
            let number = |place: usize| Rational::from(entries[place]);
            prop_assert_eq!(&form.hessian, &vec![vec![number(0) * 2, number(1)], vec![number(1), number(2) * 2]]);
            prop_assert_eq!(&form.slope, &vec![number(3), number(4)]);
            prop_assert_eq!(&form.value, &number(5));
        }
    }
}

/// |W|^2 in the entries of a square matrix of two rows, and det W.
fn letters() -> (Table, Id, Id) {
    let mut table = Table::new();
    let entries: Vec<Id> = (0..4).map(|name| table.insert(Node::Variable(name))).collect();
    let mut sum = table.number(0);
    for entry in &entries {
        let square = table.insert(Node::Power(*entry, Rational::from(2)));
        sum = table.insert(Node::Add(sum, square));
    }
    let left = table.insert(Node::Mul(entries[0], entries[3]));
    let right = table.insert(Node::Mul(entries[1], entries[2]));
    let determinant = table.insert(Node::Sub(left, right));
    (table, sum, determinant)
}

#[test]
fn a_cost_must_be_defined_on_its_domain() {
    let (mut table, _, determinant) = letters();
    let log = table.insert(Node::Apply(Function::Log, determinant));
    let reason = Sign::Domain {
        factor: Exact(Rational::from(1)),
        powers: vec![1],
    };
    let positive = vec![Constraint::Positive(determinant)];
    assert!(cost(&table, log, [2, 2], positive.clone(), vec![reason.clone()]).is_ok());
    // Not 0 is not enough for a logarithm, a missing reason is none, and the whole space is another domain.
    let nonzero = vec![Constraint::Nonzero(determinant)];
    assert!(cost(&table, log, [2, 2], nonzero, vec![reason.clone()]).is_err());
    assert!(cost(&table, log, [2, 2], positive.clone(), Vec::new()).is_err());
    assert!(cost(&table, log, [2, 2], Vec::new(), vec![reason]).is_err());
    let negative = Sign::Domain {
        factor: Exact(Rational::from(-1)),
        powers: vec![1],
    };
    assert!(cost(&table, log, [2, 2], positive.clone(), vec![negative]).is_err());
    // An even power of a condition is positive, but not the condition.
    let square = Sign::Domain {
        factor: Exact(Rational::from(1)),
        powers: vec![2],
    };
    assert!(cost(&table, log, [2, 2], positive, vec![square]).is_err());
}

#[test]
fn sums_of_squares_must_be_semidefinite_and_fit() {
    let (mut table, norm, determinant) = letters();
    let double = table.number(2);
    let twice = table.insert(Node::Mul(double, determinant));
    let root = table.insert(Node::Sub(norm, twice));
    // |W|^2 - 2 det W = (x11 - x22)^2 + (x12 + x21)^2.
    let basis: Vec<Id> = (0..4).map(|name| table.insert(Node::Variable(name))).collect();
    let gram = |diagonal: i32, cross: i32| -> Vec<Vec<Exact>> {
        let entry = |i: usize, j: usize| match (i, j) {
            (0, 3) | (3, 0) => -cross,
            (1, 2) | (2, 1) => cross,
            _ if i == j => diagonal,
            _ => 0,
        };
        (0..4)
            .map(|i| (0..4).map(|j| Exact(Rational::from(entry(i, j)))).collect())
            .collect()
    };
    let mut cost = cost(&table, root, [2, 2], Vec::new(), Vec::new()).unwrap();
    let reason = |gram: Vec<Vec<Exact>>, constant: i32| Sign::Squares {
        constant: Exact(Rational::from(constant)),
        terms: vec![Square {
            powers: Vec::new(),
            basis: basis.clone(),
            gram,
        }],
    };
    assert!(cost.require_nonnegative(root, &reason(gram(1, 1), 0)).is_ok());
    assert!(cost.require_positive(root, &reason(gram(1, 1), 0)).is_err());
    assert!(cost.require_nonnegative(root, &reason(gram(1, 2), 0)).is_err());
    assert!(cost.require_nonnegative(root, &reason(gram(2, 1), 0)).is_err());
    assert!(cost.require_nonnegative(root, &reason(gram(1, 1), -1)).is_err());
    let mut crooked = gram(1, 1);
    crooked[0][3] = Exact(Rational::from(-2));
    crooked[3][0] = Exact(Rational::new());
    assert!(cost.require_nonnegative(root, &reason(crooked, 0)).is_err());
}

#[test]
fn reductions_demand_their_symmetry() {
    // x11 x22 is neither a sum over the entries nor a function of the singular values.
    let mut table = Table::new();
    let (a, d) = (table.insert(Node::Variable(0)), table.insert(Node::Variable(3)));
    let root = table.insert(Node::Mul(a, d));
    let mut own = cost(&table, root, [2, 2], Vec::new(), Vec::new()).unwrap();
    let about = Hypothesis::Proper;
    for by in [
        Reduction::Separable { scalars: Vec::new() },
        Reduction::Radial {
            centre: vec![Exact(Rational::new()); 4],
            inner: None,
            scalar: nothing(),
        },
        Reduction::Spectral { scalar: nothing() },
    ] {
        assert!(own.establish(&MatrixClaim::Reduced { about, by }).is_err());
    }
}

/// A scalar that says nothing.
fn nothing() -> Scalar {
    let mut table = Table::new();
    let w = table.w();
    Scalar {
        setting: super::super::certificate::SettingData {
            nodes: table.nodes().to_vec(),
            cost: w,
            left: super::super::polynomial::End::NegativeInfinity,
            right: super::super::polynomial::End::PositiveInfinity,
            precision: 64,
            pieces: Vec::new(),
        },
        claims: Vec::new(),
    }
}

#[test]
fn definite_matrices_have_the_coordinates_of_a_triangle() {
    // tr W - log det W in x11, x12, x22.
    let mut table = Table::new();
    let entries: Vec<Id> = (0..3).map(|name| table.insert(Node::Variable(name))).collect();
    let trace = table.insert(Node::Add(entries[0], entries[2]));
    let product = table.insert(Node::Mul(entries[0], entries[2]));
    let square = table.insert(Node::Power(entries[1], Rational::from(2)));
    let determinant = table.insert(Node::Sub(product, square));
    let log = table.insert(Node::Apply(Function::Log, determinant));
    let root = table.insert(Node::Sub(trace, log));
    let data = CostData {
        nodes: table.nodes().to_vec(),
        cost: root,
        rows: 2,
        columns: 2,
        definite: true,
        domain: Vec::new(),
        precision: 96,
        defined: vec![Sign::Domain {
            factor: Exact(Rational::from(1)),
            powers: vec![0, 1],
        }],
    };
    let mut cost = Cost::open(&data).unwrap();
    assert!(
        cost.reading().contains("symmetric positive definite 2 x 2"),
        "{}",
        cost.reading()
    );
    let at = |entries: [i32; 3]| entries.map(|entry| Exact(Rational::from(entry))).to_vec();
    assert!(cost.point(&at([2, 1, 2])).is_ok());
    assert!(cost.point(&at([1, 2, 1])).is_err());
    assert!(cost.point(&at([-1, 0, -1])).is_err());
    let convex = cost.establish(&MatrixClaim::Convex {}).unwrap();
    assert!(convex.holds);
    let minimum = MatrixClaim::ConvexCriticalPoint {
        about: Hypothesis::AttainsMinimum,
        at: Point::Exact(at([1, 0, 1])),
    };
    assert!(cost.establish(&minimum).unwrap().holds);
    let elsewhere = MatrixClaim::ConvexCriticalPoint {
        about: Hypothesis::AttainsMinimum,
        at: Point::Exact(at([2, 0, 1])),
    };
    assert!(cost.establish(&elsewhere).is_err());
}
