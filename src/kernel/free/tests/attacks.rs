//! Theories that try to have something false proved or something true refuted.

use super::super::super::certificate::Exact;
use super::super::super::expr::Function;
use super::super::super::polynomial::End;
use super::super::data::{Argument, Definition, Letters, Node, Relation, SquareRoot, Statement};
use super::super::index::Index;
use super::super::shape::Dimension;
use super::{Draft, named, refused};
use rug::Rational;

fn exact(value: i32) -> Exact {
    Exact(Rational::from(value))
}

#[test]
fn what_holds_now_may_not_hold_later() {
    let mut draft = Draft::new();
    let x = draft.scalar("x");
    let (zero, one) = (draft.number(0), draft.number(1));
    draft.moves(0, one);
    draft.rule(x, zero);
    let dot = draft.node(Node::Dot(x));
    let square = draft.power(x, (2, 1));
    let slope = draft.node(Node::Partial(x, 0));
    let slope_of_square = draft.node(Node::Partial(square, 0));
    for rate in [dot, slope] {
        refused(draft.equal(rate, zero));
        refused(draft.by_entries(rate, zero));
        draft.equal(rate, one).unwrap();
    }
    draft.equal(slope_of_square, zero).unwrap();
    let statement = Statement::Equal(vec![dot, one]);
    refused(draft.refute(statement, draft.sizes(), &[(0, None, 0)]));
    // Turned round, the entrywise proof solves for x; it must not differentiate what it found.
    draft.0.rules.clear();
    draft.rule(square, x);
    refused(draft.by_entries(dot, zero));
}

#[test]
fn what_holds_now_may_not_hold_later_for_second_derivatives_either() {
    let mut draft = Draft::new();
    let (x, v, y) = (draft.scalar("x"), draft.scalar("v"), draft.scalar("y"));
    let (zero, one) = (draft.number(0), draft.number(1));
    draft.moves(0, v);
    draft.moves(1, one);
    draft.rule(x, zero);
    // A second kind of assumption that does not last.
    draft.assume(y, Relation::Nonnegative);
    let first = draft.node(Node::Dot(x));
    let second = draft.node(Node::Dot(first));
    refused(draft.equal(second, zero));
    draft.equal(second, one).unwrap();
}

#[test]
fn a_kink_at_the_end_of_an_assumed_range_has_no_slope() {
    let mut draft = Draft::new();
    let x = draft.scalar("x");
    draft.assume(x, Relation::Nonnegative);
    let kink = draft.node(Node::Apply(Function::Abs, x));
    let rank = Statement::JacobianRank {
        map: vec![kink],
        by: vec![0],
        at: vec![exact(0)],
        rank: 1,
    };
    refused(draft.computes(rank));
}

#[test]
fn sizes_that_are_assumed_equal_fit() {
    let mut draft = Draft::new();
    draft.0.sizes.push("m".to_owned());
    let (n, m) = (named(), Dimension::named(1, None));
    let (left, right) = (
        draft.node(Node::Identity(n.clone())),
        draft.node(Node::Identity(m.clone())),
    );
    let sum = draft.node(Node::Add(left, right));
    let statement = || Statement::Shape {
        of: sum,
        rows: n.clone(),
        columns: n.clone(),
    };
    draft.judge(statement(), Argument::Fails {}).unwrap();
    let (left, right) = (draft.node(Node::Trace(left)), draft.node(Node::Trace(right)));
    draft.rule(left, right);
    refused(draft.judge(statement(), Argument::Fails {}));
}

#[test]
fn values_of_counterexamples_are_what_they_seem() {
    let mut draft = Draft::new();
    let x = draft.scalar("x");
    let zero = draft.number(0);
    let statement = || Statement::Equal(vec![x, zero]);
    draft.refute(statement(), draft.sizes(), &[(0, None, 3)]).unwrap();
    refused(draft.refute(statement(), draft.sizes(), &[(0, None, 3), (0, None, 4)]));
    refused(draft.refute(statement(), draft.sizes(), &[(0, None, 3), (1, None, 4)]));
    refused(draft.refute(statement(), draft.sizes(), &[(0, Some(1), 3)]));
}

#[test]
fn no_argument_has_parts_that_are_not_looked_at() {
    let mut draft = Draft::new();
    let x = draft.scalar("x");
    refused(draft.judge(Statement::Defined { of: x }, Argument::Written(x)));
}

#[test]
fn roots_have_no_slope_at_zero() {
    let mut draft = Draft::new();
    let x = draft.scalar("x");
    let root = draft.power(x, (1, 2));
    let slope = draft.node(Node::Partial(root, 0));
    let product = draft.node(Node::Mul(root, slope));
    let half = draft.node(Node::Number(Rational::from((1, 2))));
    draft.assume(x, Relation::Nonnegative);
    refused(draft.computes(Statement::Defined { of: slope }));
    refused(draft.equal(product, half));
    refused(draft.by_entries(product, half));
    draft.assume(x, Relation::Positive);
    draft.equal(product, half).unwrap();
}

#[test]
fn a_root_by_hand_has_a_kink_where_it_vanishes() {
    let mut draft = Draft::new();
    let x = draft.scalar("x");
    let square = draft.power(x, (2, 1));
    let root = draft.power(square, (1, 2));
    let slope = draft.node(Node::Partial(root, 0));
    let one = draft.number(1);
    draft.assume(x, Relation::Nonnegative);
    let hint = || Argument::Roots(vec![SquareRoot { root, is: x }]);
    draft.judge(Statement::Equal(vec![root, x]), hint()).unwrap();
    refused(draft.judge(Statement::Equal(vec![slope, one]), hint()));
    draft.assume(x, Relation::Positive);
    draft.judge(Statement::Equal(vec![slope, one]), hint()).unwrap();
}

#[test]
fn roots_by_hand_need_the_right_sign() {
    let mut draft = Draft::new();
    let x = draft.scalar("x");
    let square = draft.power(x, (2, 1));
    let root = draft.power(square, (1, 2));
    let negative = draft.node(Node::Neg(x));
    for is in [x, negative] {
        let hint = Argument::Roots(vec![SquareRoot { root, is }]);
        refused(draft.judge(Statement::Equal(vec![root, is]), hint));
        refused(draft.equal(root, is));
    }
    draft.assume(x, Relation::Negative);
    let hint = |is| Argument::Roots(vec![SquareRoot { root, is }]);
    draft
        .judge(Statement::Equal(vec![root, negative]), hint(negative))
        .unwrap();
    refused(draft.judge(Statement::Equal(vec![root, x]), hint(x)));
}

#[test]
fn entries_do_not_cancel_what_may_vanish() {
    let mut draft = Draft::new();
    let x = draft.scalar("x");
    let one = draft.number(1);
    let ratio = draft.node(Node::Div(x, x));
    let root = draft.power(x, (1, 2));
    let back = draft.power(root, (2, 1));
    let inverse = draft.power(x, (-1, 1));
    let unit = draft.node(Node::Mul(x, inverse));
    for (left, right) in [(ratio, one), (back, x), (unit, one)] {
        refused(draft.by_entries(left, right));
        refused(draft.equal(left, right));
    }
    draft.assume(x, Relation::Positive);
    for (left, right) in [(ratio, one), (back, x), (unit, one)] {
        draft.by_entries(left, right).unwrap();
        draft.equal(left, right).unwrap();
    }
}

#[test]
fn members_that_may_coincide_count() {
    let mut draft = Draft::new();
    let n = draft.index("N", 1, None);
    let i = draft.index("i", 1, None);
    draft.0.indices[1].to = Some(Index::variable(n));
    let w = draft.family("w", i);
    let any = draft.node(Node::Member(w, Index::variable(i)));
    let degree = |of, index: Index, at_most| Statement::Degree {
        of,
        letters: vec![Letters {
            symbol: w,
            index: Some(index),
        }],
        at_most,
    };
    refused(draft.computes(degree(any, Index::literal(1), 0)));
    draft.computes(degree(any, Index::literal(1), 1)).unwrap();
    draft.computes(degree(any, Index::literal(0), 0)).unwrap();
    refused(draft.judge(degree(any, Index::literal(1), 0), Argument::Fails {}));
    let crooked: Index = serde_json::from_str(r#"{"terms": [[0, 0]], "offset": 1}"#).unwrap();
    let first = draft.node(Node::Member(w, Index::literal(1)));
    refused(draft.computes(degree(first, crooked, 0)));
}

#[test]
fn small_matrices_satisfy_identities() {
    // [A, B]^2 commutes with C for 2 x 2 matrices, so a degree of the normal form says nothing.
    let mut draft = Draft::new();
    let two = || Dimension::number(2);
    let (a, b, c) = (
        draft.symbol("A", two(), two()),
        draft.symbol("B", two(), two()),
        draft.symbol("C", two(), two()),
    );
    let (ab, ba) = (draft.node(Node::Mul(a, b)), draft.node(Node::Mul(b, a)));
    let bracket = draft.node(Node::Sub(ab, ba));
    let square = draft.power(bracket, (2, 1));
    let (left, right) = (draft.node(Node::Mul(square, c)), draft.node(Node::Mul(c, square)));
    let zero = draft.node(Node::Sub(left, right));
    let letters = vec![Letters { symbol: 2, index: None }];
    let statement = Statement::Degree {
        of: zero,
        letters,
        at_most: 0,
    };
    refused(draft.judge(statement, Argument::Fails {}));
    draft.by_entries(left, right).unwrap();
}

#[test]
fn points_and_intervals_satisfy_the_assumptions() {
    let mut draft = Draft::new();
    let x = draft.scalar("x");
    let square = draft.power(x, (2, 1));
    let ratio = draft.node(Node::Div(square, x));
    draft.assume(x, Relation::Nonzero);
    let rank = |at| Statement::JacobianRank {
        map: vec![ratio],
        by: vec![0],
        at: vec![exact(at)],
        rank: 1,
    };
    refused(draft.computes(rank(0)));
    draft.computes(rank(1)).unwrap();
    let roots = |left, right, enclosed| Statement::Roots {
        of: ratio,
        by: 0,
        left: End::At(Rational::from(left)),
        right: End::At(Rational::from(right)),
        enclosed,
    };
    refused(draft.computes(roots(-1, 1, vec![[exact(0), exact(0)]])));
    draft.computes(roots(1, 2, Vec::new())).unwrap();
    let twice = Statement::JacobianRank {
        map: vec![x],
        by: vec![0, 0],
        at: vec![exact(1), exact(2)],
        rank: 1,
    };
    refused(draft.computes(twice));
    // An equation about x cannot be used for a derivative by x, nor at a point where it does not hold.
    let mut draft = Draft::new();
    let x = draft.scalar("x");
    let zero = draft.number(0);
    draft.rule(x, zero);
    let rank = Statement::JacobianRank {
        map: vec![x],
        by: vec![0],
        at: vec![exact(5)],
        rank: 0,
    };
    refused(draft.computes(rank));
}

#[test]
fn integrals_stay_where_the_integrand_is_defined() {
    let mut draft = Draft::new();
    let x = draft.scalar("x");
    let root = draft.power(x, (1, 2));
    let back = draft.power(root, (2, 1));
    draft.assume(x, Relation::Nonnegative);
    let integral = |from| Statement::Integral {
        of: back,
        by: 0,
        from: exact(from),
        to: exact(1),
        lower: exact(-2),
        upper: exact(2),
    };
    let pieces = || Argument::Pieces {
        cuts: Vec::new(),
        order: 8,
        precision: 64,
    };
    refused(draft.judge(integral(-1), pieces()));
    draft.judge(integral(0), pieces()).unwrap();
}

#[test]
fn assumptions_for_all_members_hold_for_all_members() {
    let mut draft = Draft::new();
    let i = draft.index("i", 1, Some(2));
    let j = draft.index("j", 1, Some(2));
    let x = draft.family("x", i);
    let any = draft.node(Node::Member(x, Index::variable(i)));
    let summand = draft.node(Node::Member(x, Index::variable(j)));
    let sum = draft.node(Node::Sum(j, summand));
    let zero = draft.number(0);
    draft.rule(any, zero);
    let mut sizes = draft.sizes();
    sizes.indices[0] = Some(1);
    let statement = Statement::Equal(vec![sum, zero]);
    refused(draft.refute(statement.clone(), sizes.clone(), &[(x, Some(1), 0), (x, Some(2), 5)]));
    draft.0.rules.clear();
    draft
        .refute(statement, sizes, &[(x, Some(1), 0), (x, Some(2), 5)])
        .unwrap();
}

#[test]
fn names_mean_one_thing() {
    let draft = || {
        let mut draft = Draft::new();
        let (x, y) = (draft.scalar("x"), draft.scalar("y"));
        draft.index("i", 1, Some(2));
        (draft, x, y)
    };
    let name = |name: &str, node| Definition {
        name: name.to_owned(),
        node,
    };
    for taken in ["x", "n", "i", "x[1]", "n[1]", "pi", "tr", "D[1", "D]", "D[x'y]", ""] {
        let (mut draft, x, _) = draft();
        draft.0.definitions.push(name(taken, x));
        refused(draft.equal(x, x));
    }
    let (mut twice, x, y) = draft();
    twice.0.definitions = vec![name("C", x), name("C", y)];
    refused(twice.equal(x, x));
    for (symbol, size, index) in [("pi", "n", "i"), ("x", "x", "i"), ("x", "n", "x"), ("x", "n", "n")] {
        let (mut draft, x, _) = draft();
        draft.0.symbols[0].name = symbol.to_owned();
        draft.0.sizes[0] = size.to_owned();
        draft.0.indices[0].name = index.to_owned();
        refused(draft.equal(x, x));
    }
}

#[test]
fn a_bound_index_hides_nothing() {
    // sum(i = 1..2, x[i]) where the summand is the x[i] of another i.
    let mut draft = Draft::new();
    let free = draft.index("i", 1, Some(3));
    let bound = draft.index("i", 1, Some(2));
    let x = draft.family("x", free);
    let outer = draft.node(Node::Member(x, Index::variable(free)));
    let inner = draft.node(Node::Member(x, Index::variable(bound)));
    let product = draft.node(Node::Mul(outer, inner));
    let sum = draft.node(Node::Sum(bound, product));
    refused(draft.equal(sum, sum));
    // An index whose range depends on the one that is summed over.
    let mut draft = Draft::new();
    let i = draft.index("i", 1, Some(3));
    let k = draft.index("k", 1, None);
    draft.0.indices[1].to = Some(Index::variable(i));
    let place = draft.index("p", 1, Some(3));
    let x = draft.family("x", place);
    let member = draft.node(Node::Member(x, Index::variable(k)));
    let sum = draft.node(Node::Sum(i, member));
    refused(draft.equal(sum, sum));
}

#[test]
fn members_outside_of_their_range_are_refused() {
    let mut draft = Draft::new();
    let i = draft.index("i", 1, Some(3));
    let x = draft.family("x", i);
    for outside in [0, 4] {
        let member = draft.node(Node::Member(x, Index::literal(outside)));
        refused(draft.equal(member, member));
        refused(draft.by_entries(member, member));
    }
    let shifted = draft.node(Node::Member(x, Index::variable(i).shifted(1).unwrap()));
    refused(draft.equal(shifted, shifted));
}

#[test]
fn rules_that_go_round_are_refused() {
    let mut draft = Draft::new();
    let (x, y) = (draft.scalar("x"), draft.scalar("y"));
    let (a, b) = (draft.square("A"), draft.square("B"));
    let (ab, ba) = (draft.node(Node::Mul(a, b)), draft.node(Node::Mul(b, a)));
    let square = draft.power(x, (2, 1));
    let successor = {
        let one = draft.number(1);
        draft.node(Node::Add(x, one))
    };
    let sets: [&[(usize, usize)]; 5] = [
        &[(x, y), (y, x)],
        &[(ab, ba)],
        &[(x, square)],
        &[(x, successor)],
        &[(b, a), (a, b)],
    ];
    for rules in sets {
        draft.0.rules.clear();
        rules.iter().for_each(|(left, right)| draft.rule(*left, *right));
        refused(draft.equal(x, x));
    }
}

#[test]
fn shapes_that_fit_are_not_refuted() {
    let mut draft = Draft::new();
    let a = draft.square("A");
    draft.0.functions.push(super::FunctionData {
        name: "f".to_owned(),
        rows: named(),
        columns: named(),
    });
    let zero = draft.number(0);
    let at_zero = draft.node(Node::Unknown(0, 0, zero));
    let inner = draft.node(Node::Inner(zero, a));
    for of in [at_zero, inner] {
        let statement = Statement::Shape {
            of,
            rows: super::one(),
            columns: super::one(),
        };
        refused(draft.judge(statement.clone(), Argument::Fails {}));
        draft.computes(statement).unwrap();
    }
    let nowhere = Dimension { factor: 0, size: None };
    let statement = Statement::Shape {
        of: a,
        rows: nowhere.clone(),
        columns: nowhere,
    };
    refused(draft.judge(statement, Argument::Fails {}));
}

#[test]
fn signs_are_not_taken_from_nowhere() {
    let mut draft = Draft::new();
    let (x, y) = (draft.scalar("x"), draft.scalar("y"));
    let cube = draft.power(x, (3, 1));
    let square = draft.power(x, (2, 1));
    let product = draft.node(Node::Mul(x, y));
    let difference = draft.node(Node::Sub(square, y));
    for relation in [Relation::Positive, Relation::Nonnegative, Relation::Nonzero] {
        for of in [cube, product, difference, x] {
            refused(draft.computes(Statement::Sign { of, relation }));
        }
    }
    refused(draft.computes(Statement::Sign {
        of: square,
        relation: Relation::Positive,
    }));
    draft
        .computes(Statement::Sign {
            of: square,
            relation: Relation::Nonnegative,
        })
        .unwrap();
    draft.assume(y, Relation::Nonpositive);
    draft
        .computes(Statement::Sign {
            of: difference,
            relation: Relation::Nonnegative,
        })
        .unwrap();
    refused(draft.computes(Statement::Sign {
        of: difference,
        relation: Relation::Positive,
    }));
    // A counterexample that violates the assumption.
    let statement = Statement::Sign {
        of: difference,
        relation: Relation::Nonnegative,
    };
    refused(draft.refute(statement, draft.sizes(), &[(0, None, 0), (1, None, 1)]));
}

#[test]
fn what_is_undefined_is_not_refuted() {
    let mut draft = Draft::new();
    let x = draft.scalar("x");
    let ratio = draft.node(Node::Div(x, x));
    let two = draft.number(2);
    let statement = Statement::Equal(vec![ratio, two]);
    refused(draft.refute(statement.clone(), draft.sizes(), &[(0, None, 0)]));
    draft.refute(statement, draft.sizes(), &[(0, None, 1)]).unwrap();
}
