//! Derivatives against those of the table of expressions, exactly and on boxes.

use super::super::expr::Table;
use super::*;
use proptest::prelude::*;

fn rational(value: (i32, i32)) -> Rational {
    Rational::from(value)
}

/// A step in the construction of a random expression: an operation and its operands, as places counted from the end.
type Step = (u8, usize, usize, i32);

/// A table whose last node is the expression; operations that would divide by a possible zero are shifted away from it.
fn build(steps: &[Step], smooth: bool) -> (Table, Id) {
    let mut table = Table::new();
    let mut ids: Vec<Id> = (0..3).map(|name| table.insert(Node::Variable(name))).collect();
    for (operation, a, b, number) in steps {
        let pick = |back: usize| ids[ids.len() - 1 - back % ids.len()];
        let (a, b) = (pick(*a), pick(*b));
        let number = table.number(*number);
        let square = table.insert(Node::Mul(b, b));
        let one = table.number(1);
        let positive = table.insert(Node::Add(square, one));
        let node = match operation % if smooth { 17 } else { 7 } {
            0 => Node::Add(a, b),
            1 => Node::Sub(a, b),
            2 => Node::Mul(a, b),
            3 => Node::Div(a, positive),
            4 => Node::Neg(a),
            5 => Node::Power(positive, rational((-2, 1))),
            6 => Node::Mul(a, number),
            7 => Node::Power(positive, rational((3, 2))),
            8 => Node::Apply(Function::Log, positive),
            9 => Node::Apply(Function::Sin, a),
            10 => Node::Apply(Function::Cos, a),
            11 => Node::Apply(Function::Tanh, a),
            12 => Node::Apply(Function::Atan, a),
            13 => Node::Apply(Function::Asinh, a),
            14 => Node::Apply(Function::Erf, a),
            15 => Node::Apply(Function::Abs, positive),
            _ => {
                let bounded = table.insert(Node::Apply(Function::Sin, a));
                let function = [Function::Exp, Function::Cosh, Function::Sinh, Function::Tan][operation_of(b)];
                Node::Apply(function, bounded)
            }
        };
        ids.push(table.insert(node));
    }
    let root = ids[ids.len() - 1];
    (table, root)
}

fn operation_of(id: Id) -> usize {
    id.index() % 4
}

/// The derivative of an expression as an expression, where an absolute value of something positive is left out.
fn derivative(table: &Table, root: Id, variable: u16) -> Program {
    let mut table = table.clone();
    let mut root = root;
    while let Some((kink, inner)) = table.reachable(root).into_iter().find_map(|id| match table.node(id) {
        Some(Node::Apply(Function::Abs, inner)) => Some((id, *inner)),
        _ => None,
    }) {
        root = table.replace(root, &std::collections::BTreeMap::from([(kink, inner)]));
    }
    let slope = table.derivative(root, variable).unwrap();
    Program::new(&table, slope)
}

fn second(table: &Table, root: Id, by: [u16; 2]) -> Program {
    let program = derivative(table, root, by[0]);
    let mut inner = Table::new();
    for node in program.nodes() {
        inner.insert(node.clone());
    }
    let root = inner.insert(program.nodes().last().unwrap().clone());
    derivative(&inner, root, by[1])
}

/// Whether two enclosures of one number meet.
fn meet(a: &Number, b: &Number) -> bool {
    match (a, b) {
        (Number::Exact(a), Number::Exact(b)) => a == b,
        _ => !a.interval(200).disjoint(&b.interval(200)),
    }
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec((any::<u8>(), 0usize..6, 0usize..6, -3i32..4), 1..8)
}

fn points() -> impl Strategy<Value = Vec<Rational>> {
    prop::collection::vec((-8i32..9, 1i32..5).prop_map(rational), 3)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Rational functions: all first and second derivatives are the exact numbers.
    #[test]
    fn rational_functions_have_exact_derivatives(steps in steps(), at in points()) {
        let (table, root) = build(&steps, false);
        let variables: Vec<Number> = at.into_iter().map(Number::Exact).collect();
        let sweep = Sweep::new(&Program::new(&table, root), &variables, 64).unwrap();
        prop_assert_eq!(sweep.value(), Program::new(&table, root).value(&variables, 64).unwrap());
        let hessian = sweep.hessian(3);
        for i in 0..3u16 {
            let expected = derivative(&table, root, i).value(&variables, 64).unwrap();
            prop_assert!(meet(&sweep.gradient(3)[usize::from(i)], &expected));
            for j in 0..3u16 {
                let expected = second(&table, root, [i, j]).value(&variables, 64).unwrap();
                prop_assert!(meet(&hessian[usize::from(i)][usize::from(j)], &expected));
            }
        }
    }

    /// Smooth functions: enclosures at a point meet those of the symbolic derivative, and are narrow; boxes contain them.
    #[test]
    fn boxes_contain_the_derivatives_of_their_points(steps in steps(), at in points(), width in 1i32..1000) {
        let (table, root) = build(&steps, true);
        let program = Program::new(&table, root);
        let variables: Vec<Number> = at.iter().cloned().map(Number::Exact).collect();
        let radius = rational((1, width));
        let on: Vec<Number> = at
            .iter()
            .map(|x| Number::from(Interval::hull_of(&Rational::from(x - &radius), &Rational::from(x + &radius), 128).unwrap()))
            .collect();
        let (Ok(sweep), Ok(wide)) = (Sweep::new(&program, &variables, 128), Sweep::new(&program, &on, 128)) else {
            return Ok(());
        };
        let (hessian, wide_hessian) = (sweep.hessian(3), wide.hessian(3));
        for i in 0..3usize {
            let by = u16::try_from(i).unwrap();
            let Ok(expected) = derivative(&table, root, by).value(&variables, 128) else { continue };
            prop_assert!(meet(&sweep.gradient(3)[i], &expected));
            prop_assert!(sweep.gradient(3)[i].interval(128).subset(&wide.gradient(3)[i].interval(128)));
            for j in 0..3usize {
                let by = [by, u16::try_from(j).unwrap()];
                if let Ok(expected) = second(&table, root, by).value(&variables, 128) {
                    prop_assert!(meet(&hessian[i][j], &expected));
                    prop_assert!(!expected.interval(128).disjoint(&wide_hessian[i][j].interval(128)));
                }
            }
        }
    }
}

#[test]
fn places_where_a_function_is_not_smooth_are_errors() {
    let at = |node: fn(Id) -> Node, value: Number| {
        let mut table = Table::new();
        let w = table.w();
        let root = table.insert(node(w));
        Sweep::new(&Program::new(&table, root), &[value], 64).map(|sweep| sweep.value())
    };
    let straddling = || Number::from(Interval::hull_of(&rational((-1, 2)), &rational((1, 2)), 64).unwrap());
    let zero = || Number::integer(0);
    let nodes: [fn(Id) -> Node; 4] = [
        |w| Node::Apply(Function::Abs, w),
        |w| Node::Apply(Function::Log, w),
        |w| Node::Power(w, Rational::from((5, 2))),
        |w| Node::Power(w, Rational::from(-1)),
    ];
    for node in nodes {
        assert!(matches!(at(node, zero()), Err(Undefined::Domain { .. })));
        assert!(matches!(at(node, straddling()), Err(Undefined::Domain { .. })));
        assert!(at(node, Number::integer(1)).is_ok());
    }
    assert!(at(|w| Node::Power(w, Rational::from(3)), straddling()).is_ok());
    assert!(at(|w| Node::Apply(Function::Tan, w), Number::from(Interval::entire(64))).is_err());
    let unbound = Sweep::<Number>::new(&Program::new(&Table::new(), build(&[], false).1), &[], 64);
    assert!(matches!(unbound, Err(Undefined::Malformed)));
}

#[test]
fn a_zero_factor_keeps_a_derivative_exactly_zero() {
    // f = exp(x*y) at x = 0, y = 0: the gradient is exactly 0, the mixed derivative encloses 1.
    let mut table = Table::new();
    let (x, y) = (table.insert(Node::Variable(0)), table.insert(Node::Variable(1)));
    let product = table.insert(Node::Mul(x, y));
    let shifted = table.number(1);
    let shifted = table.insert(Node::Add(product, shifted));
    let root = table.insert(Node::Apply(Function::Exp, shifted));
    let sweep = Sweep::new(
        &Program::new(&table, root),
        &[Number::integer(0), Number::integer(0)],
        64,
    )
    .unwrap();
    assert!(sweep.gradient(2).iter().all(Number::is_zero));
    let hessian = sweep.hessian(2);
    assert!(hessian[0][0].is_zero() && hessian[1][1].is_zero() && hessian[0][1].is_positive());
}
