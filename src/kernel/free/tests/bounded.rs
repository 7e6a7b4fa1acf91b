//! Inputs that want more time or memory than there is: they are refused soon.

use super::super::data::{Argument, Motion, Node, Relation, Rule, Statement};
use super::super::index::Index;
use super::{Draft, named, refused};
use rug::Rational;
use std::time::{Duration, Instant};

/// Runs an attack and fails if it takes long.
#[track_caller]
fn soon(attack: impl FnOnce()) {
    let start = Instant::now();
    attack();
    let took = start.elapsed();
    assert!(took < Duration::from_secs(100), "{took:?}");
}

#[test]
fn towers_of_powers() {
    let mut draft = Draft::new();
    let x = draft.scalar("x");
    let mut tower = draft.number(2);
    for _ in 0..12 {
        tower = draft.power(tower, (64, 1));
    }
    soon(|| {
        refused(draft.equal(tower, x));
    });
    soon(|| {
        refused(draft.by_entries(tower, x));
    });
}

#[test]
fn sums_to_high_powers() {
    let mut draft = Draft::new();
    let mut sum = draft.scalar("x0");
    for place in 1..8 {
        let next = draft.scalar(&format!("x{place}"));
        sum = draft.node(Node::Add(sum, next));
    }
    let mut power = sum;
    for _ in 0..3 {
        power = draft.power(power, (64, 1));
    }
    soon(|| {
        refused(draft.equal(power, sum));
    });
}

#[test]
fn many_copies_of_something_large() {
    let mut draft = Draft::new();
    let mut sum = draft.scalar("x0");
    for place in 1..40 {
        let next = draft.scalar(&format!("x{place}"));
        sum = draft.node(Node::Add(sum, next));
    }
    let mut copy = draft.power(sum, (3, 1));
    for _ in 0..15_000 {
        copy = draft.node(Node::Neg(copy));
    }
    soon(|| {
        refused(draft.equal(copy, sum));
    });
    soon(|| {
        refused(draft.by_entries(copy, sum));
    });
}

#[test]
fn large_empty_matrices() {
    let mut draft = Draft::new();
    let mut zero = draft.node(Node::Zero(named(), named()));
    for _ in 0..15_000 {
        zero = draft.node(Node::Neg(zero));
    }
    let mut sizes = draft.sizes();
    sizes.sizes = vec![vec![100]];
    soon(|| {
        refused(draft.judge(Statement::Equal(vec![zero, zero]), Argument::Entries(sizes)));
    });
}

/// Sums of derivatives of an unknown function of such sums.
fn nested_functions(draft: &mut Draft, depth: usize, width: u8) -> usize {
    draft.scalar("x");
    draft.0.symbols[0].constant = true;
    draft.function("f");
    let mut argument = draft.node(Node::Symbol(0));
    for _ in 0..depth {
        let mut sum = argument;
        for order in 0..width {
            let value = draft.node(Node::Unknown(0, order, argument));
            sum = draft.node(Node::Add(sum, value));
        }
        argument = sum;
    }
    argument
}

#[test]
fn functions_inside_functions() {
    let mut draft = Draft::new();
    let argument = nested_functions(&mut draft, 14, 50);
    let dot = draft.node(Node::Dot(argument));
    let ratio = draft.node(Node::Div(argument, argument));
    soon(|| {
        refused(draft.equal(dot, argument));
    });
    soon(|| {
        refused(draft.by_entries(dot, argument));
    });
    // The message wants to say what the divisor is.
    soon(|| {
        refused(draft.equal(ratio, argument));
    });
}

#[test]
fn functions_inside_functions_without_end() {
    let mut draft = Draft::new();
    let argument = nested_functions(&mut draft, 9_000, 1);
    let x = draft.node(Node::Symbol(0));
    refused(draft.equal(argument, x));
    refused(draft.by_entries(argument, x));
    refused(draft.refute(Statement::Equal(vec![argument, x]), draft.sizes(), &[(0, None, 1)]));
}

#[test]
fn long_words() {
    let mut draft = Draft::new();
    let (a, b) = (draft.square("A"), draft.square("B"));
    let mut word = draft.node(Node::Mul(a, b));
    let mut traces = draft.node(Node::Trace(word));
    for place in 0..990 {
        word = draft.node(Node::Mul(word, if place % 7 == 3 { b } else { a }));
        let trace = draft.node(Node::Trace(word));
        traces = draft.node(Node::Add(traces, trace));
    }
    soon(|| {
        refused(draft.equal(traces, word));
    });
}

#[test]
fn large_exponents_under_rules() {
    let mut draft = Draft::new();
    let (x, y) = (draft.scalar("x"), draft.scalar("y"));
    let two = draft.number(2);
    let double = draft.node(Node::Mul(two, y));
    let power = draft.power(x, (10_000, 1));
    let power = draft.power(power, (10_000, 1));
    draft.rule(x, double);
    soon(|| {
        refused(draft.equal(power, y));
    });
    let square = draft.power(x, (2, 1));
    draft.0.rules = vec![Rule {
        left: power,
        right: square,
    }];
    soon(|| {
        refused(draft.equal(x, y));
    });
}

#[test]
fn sums_inside_sums() {
    let mut draft = Draft::new();
    let mut sum = draft.scalar("x");
    for place in 0..14 {
        let index = draft.index(&format!("i{place}"), 1, Some(1_000));
        sum = draft.node(Node::Sum(index, sum));
    }
    soon(|| {
        refused(draft.by_entries(sum, sum));
    });
}

#[test]
fn motions_that_go_round() {
    let mut draft = Draft::new();
    let (x, y) = (draft.scalar("x"), draft.scalar("y"));
    let (dx, dy) = (draft.node(Node::Dot(x)), draft.node(Node::Dot(y)));
    let both = draft.node(Node::Add(dx, dy));
    draft.0.motions = vec![
        Motion {
            symbol: 0,
            derivative: both,
        },
        Motion {
            symbol: 1,
            derivative: both,
        },
    ];
    soon(|| {
        refused(draft.equal(dx, x));
    });
    soon(|| {
        refused(draft.by_entries(dx, x));
    });
}

#[test]
fn numbers_at_the_end_of_the_integers() {
    let mut draft = Draft::new();
    let i = draft.index("i", i32::MIN, Some(i32::MAX));
    let x = draft.family("x", i);
    for index in [i32::MIN, i32::MAX] {
        let member = draft.node(Node::Member(x, Index::literal(index)));
        let _ = draft.equal(member, member);
        let _ = draft.by_entries(member, member);
    }
    let product = draft.node(Node::Product(x, Index::literal(i32::MAX), Index::literal(i32::MIN)));
    refused(draft.equal(product, product));
    refused(draft.by_entries(product, product));
    let member = draft.node(Node::Member(x, Index::variable(i)));
    let sum = draft.node(Node::Sum(i, member));
    refused(draft.by_entries(sum, sum));
    let base = draft.scalar("y");
    let huge = draft.node(Node::Power(base, Rational::from((i64::MAX, 3))));
    draft.assume(base, Relation::Positive);
    refused(draft.equal(huge, base));
    refused(draft.by_entries(huge, base));
}
