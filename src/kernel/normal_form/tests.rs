//! Tests of the zero test: identities, near misses, and agreement with high-precision evaluation.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::float_arithmetic
)]

use super::super::expr::{Function, Node};
use super::*;
use Function::{Abs, Asinh, Atan, Cos, Cosh, Erf, Exp, Log, Sin, Sinh, Tan, Tanh};
use rug::Rational;
use std::ops::{Add, Div, Mul, Neg, Sub};

mod random;

/// A small expression tree, for writing identities down.
#[derive(Clone, Debug)]
pub(super) enum Tree {
    Leaf(Node),
    Sum(Box<Tree>, Box<Tree>),
    Difference(Box<Tree>, Box<Tree>),
    Product(Box<Tree>, Box<Tree>),
    Quotient(Box<Tree>, Box<Tree>),
    Negative(Box<Tree>),
    Power(Box<Tree>, Rational),
    Apply(Function, Box<Tree>),
}

impl Tree {
    pub(super) fn build(&self, table: &mut Table) -> Id {
        let node = match self {
            Tree::Leaf(node) => node.clone(),
            Tree::Sum(a, b) => Node::Add(a.build(table), b.build(table)),
            Tree::Difference(a, b) => Node::Sub(a.build(table), b.build(table)),
            Tree::Product(a, b) => Node::Mul(a.build(table), b.build(table)),
            Tree::Quotient(a, b) => Node::Div(a.build(table), b.build(table)),
            Tree::Negative(a) => Node::Neg(a.build(table)),
            Tree::Power(a, exponent) => Node::Power(a.build(table), exponent.clone()),
            Tree::Apply(function, a) => Node::Apply(*function, a.build(table)),
        };
        table.insert(node)
    }

    pub(super) fn pow(&self, numerator: i64, denominator: i64) -> Tree {
        Tree::Power(Box::new(self.clone()), Rational::from((numerator, denominator)))
    }

    fn sqrt(&self) -> Tree {
        self.pow(1, 2)
    }
}

macro_rules! operator {
    ($name:ident, $method:ident, $variant:ident) => {
        impl $name for Tree {
            type Output = Tree;
            fn $method(self, other: Tree) -> Tree {
                Tree::$variant(Box::new(self), Box::new(other))
            }
        }
    };
}
operator!(Add, add, Sum);
operator!(Sub, sub, Difference);
operator!(Mul, mul, Product);
operator!(Div, div, Quotient);

impl Neg for Tree {
    type Output = Tree;
    fn neg(self) -> Tree {
        Tree::Negative(Box::new(self))
    }
}

pub(super) fn q(numerator: i64, denominator: i64) -> Tree {
    Tree::Leaf(Node::Number(Rational::from((numerator, denominator))))
}

fn n(value: i64) -> Tree {
    q(value, 1)
}

pub(super) fn var(name: u16) -> Tree {
    Tree::Leaf(Node::Variable(name))
}

fn w() -> Tree {
    var(0)
}

fn pi() -> Tree {
    Tree::Leaf(Node::Pi)
}

pub(super) fn f(function: Function, argument: Tree) -> Tree {
    Tree::Apply(function, Box::new(argument))
}

pub(super) fn decide(tree: &Tree) -> Decision {
    let mut table = Table::new();
    let root = tree.build(&mut table);
    is_identically_zero(&table, root)
}

#[track_caller]
fn equal(a: Tree, b: Tree) {
    assert_eq!(decide(&(a - b)), Decision::Zero);
}

#[track_caller]
fn not_shown(a: Tree, b: Tree) {
    assert_eq!(decide(&(a - b)), Decision::NotShown);
}

fn square(tree: Tree) -> Tree {
    tree.pow(2, 1)
}

#[test]
fn rational_functions() {
    equal(square(w() + n(1)), w() * w() + n(2) * w() + n(1));
    equal(n(1) / (w() - n(1)) - n(1) / (w() + n(1)), n(2) / (w() * w() - n(1)));
    equal((w() * w() - n(1)) / (w() - n(1)), w() + n(1));
    equal((var(1) * var(1) - var(2) * var(2)) / (var(1) + var(2)), var(1) - var(2));
    equal((n(1) / w()).pow(-3, 1), w().pow(3, 1));
    not_shown(w() * w(), w());
    not_shown(n(1) / (w() - w()), n(1));
    not_shown((w() - w()) / (w() - w()), n(0));
    not_shown((w() - w()).pow(-1, 2), n(0));
}

#[test]
fn roots() {
    let radius = n(1) + square(var(1));
    let (x, a) = (var(2), var(1));
    let factor = x.clone() - x.clone() * radius.clone() + square(a.clone()) * x.clone();
    assert_eq!(decide(&(n(4) * factor / radius.pow(3, 2))), Decision::Zero);
    equal(radius.pow(3, 2), radius.clone() * radius.sqrt());
    equal(radius.pow(-1, 2) * radius.clone(), radius.sqrt());
    equal((n(1) / radius.clone()).sqrt(), radius.pow(-1, 2));
    equal(square(square(w()).sqrt()), square(w()));
    equal(w().sqrt() * w().pow(1, 3), w().pow(5, 6));
    equal(w().sqrt().sqrt(), w().pow(1, 4));
    equal(n(8).sqrt(), n(2) * n(2).sqrt());
    equal(q(1, 4).sqrt(), q(1, 2));
    equal(n(2).sqrt() * n(3).sqrt(), n(6).sqrt());
    equal(n(1) / n(2).sqrt(), n(2).sqrt() / n(2));
    equal(n(8).pow(1, 3), n(2));
    equal((n(4) * w()).sqrt(), n(2) * w().sqrt());
    equal((n(1) + w().sqrt()) * (n(1) - w().sqrt()), n(1) - w());
    equal(f(Exp, w()).sqrt(), f(Exp, w() / n(2)));
    equal(square((w() / (w() - n(1))).sqrt()), w() / (w() - n(1)));
    equal(square((n(1) / f(Sin, w())).sqrt()), n(1) / f(Sin, w()));
    // True only where w is not negative, or not at all.
    not_shown(w().pow(4, 1).sqrt(), w() * w());
    not_shown(square(w()).sqrt(), w());
    not_shown(n(2).sqrt(), q(99, 70));
    not_shown((n(0) - n(2)).sqrt(), n(0));
}

#[test]
fn exponentials() {
    equal(f(Exp, w()) * f(Exp, -w()), n(1));
    equal(square(f(Cosh, w())) - square(f(Sinh, w())), n(1));
    equal(f(Tanh, n(2) * w()), n(2) * f(Tanh, w()) / (n(1) + square(f(Tanh, w()))));
    equal(n(1) - square(f(Tanh, w())), n(1) / square(f(Cosh, w())));
    equal(f(Exp, w() / n(3)).pow(3, 1), f(Exp, w()));
    equal(f(Exp, n(1)) * f(Exp, w()), f(Exp, w() + n(1)));
    equal(f(Exp, n(1) / w()).pow(2, 1), f(Exp, n(2) / w()));
    equal(f(Exp, w() / (n(1) + w())) * f(Exp, n(1) / (n(1) + w())), f(Exp, n(1)));
    equal(f(Exp, f(Log, w())), w());
    equal(f(Exp, n(-2) * f(Log, w()) + w()), f(Exp, w()) / square(w()));
    equal(f(Exp, f(Log, w()) / n(2)), w().sqrt());
    equal(f(Exp, n(0)), n(1));
    equal(n(2) * f(Cosh, f(Log, w())), w() + n(1) / w());
    not_shown(f(Exp, w()), n(1) + w());
    not_shown(f(Exp, n(1)), q(2_718_281_828, 1_000_000_000));
}

#[test]
fn circular_functions() {
    equal(square(f(Sin, w())) + square(f(Cos, w())), n(1));
    equal(f(Sin, n(3) * w()), n(3) * f(Sin, w()) - n(4) * f(Sin, w()).pow(3, 1));
    equal(f(Cos, n(100) * w()), n(2) * square(f(Cos, n(50) * w())) - n(1));
    equal(f(Tan, n(2) * w()), n(2) * f(Tan, w()) / (n(1) - square(f(Tan, w()))));
    equal(n(1) + square(f(Tan, w())), n(1) / square(f(Cos, w())));
    equal(
        f(Sin, w() + var(1)),
        f(Sin, w()) * f(Cos, var(1)) + f(Cos, w()) * f(Sin, var(1)),
    );
    equal(f(Sin, -w()), -f(Sin, w()));
    equal(f(Sin, w() + pi()), -f(Sin, w()));
    equal(f(Cos, w() + pi() / n(2)), -f(Sin, w()));
    equal(f(Sin, pi()), n(0));
    equal(f(Cos, n(7) * pi()), n(-1));
    equal(f(Sin, pi() / n(6)), q(1, 2));
    equal(f(Cos, pi() / n(6)), n(3).sqrt() / n(2));
    equal(f(Tan, pi() / n(4)), n(1));
    equal(f(Cos, n(5) * pi() / n(3)), q(1, 2));
    equal(f(Sin, n(-3) * pi() / n(4)), -(n(1) / n(2).sqrt()));
    equal(f(Exp, f(Sin, w())) * f(Exp, -f(Sin, w())), n(1));
    equal(f(Atan, n(1)), pi() / n(4));
    not_shown(f(Sin, w()), w());
    not_shown(f(Sin, q(22, 7)), n(0));
    not_shown(f(Cos, pi() / n(5)), q(4, 5));
}

#[test]
fn logarithms_and_odd_functions() {
    equal(f(Log, n(8)), n(3) * f(Log, n(2)));
    equal(f(Log, n(1)), n(0));
    equal(f(Log, q(1, 6)), -(f(Log, n(2)) + f(Log, n(3))));
    equal(f(Log, f(Exp, w())), w());
    equal(f(Log, n(2) * f(Exp, w() - var(1))), f(Log, n(2)) + w() - var(1));
    equal(f(Log, n(1) / (n(1) + square(w()))), -f(Log, n(1) + square(w())));
    equal(f(Log, n(1) / w()), -f(Log, w()));
    equal(f(Log, w().sqrt()), f(Log, w()) / n(2));
    equal(f(Log, f(Cosh, w())), f(Log, f(Exp, w()) + f(Exp, -w())) - f(Log, n(2)));
    for odd in [Atan, Asinh, Erf] {
        equal(f(odd, -w()), -f(odd, w()));
        equal(f(odd, n(0)), n(0));
        equal(f(odd, (square(w()) - n(1)) / (w() - n(1))), f(odd, w() + n(1)));
        equal(
            f(odd, (square(w()) - square(var(1))) / (var(1) - w())),
            -f(odd, w() + var(1)),
        );
        not_shown(f(odd, w()), f(odd, n(2) * w()));
    }
    equal(f(Abs, -w()), f(Abs, w()));
    equal(square(f(Abs, w())), square(w()));
    equal(f(Abs, n(-3) * w()), n(3) * f(Abs, w()));
    equal(f(Abs, q(-1, 2)), q(1, 2));
    equal(f(Abs, square(w()) - w() + n(1)), square(w()) - w() + n(1));
    equal(f(Abs, -square(w()) + w() - n(1)), square(w()) - w() + n(1));
    equal(f(Abs, w() / (w() - n(1))) * f(Abs, w() - n(1)), f(Abs, w()));
    // log(u v) is not log u + log v for negative u and v, and |w| is not w.
    not_shown(f(Log, square(w())), n(2) * f(Log, w()));
    not_shown(f(Abs, w()), w());
    not_shown(f(Log, n(-1) - square(w())), n(0));
}

#[test]
fn derivatives() {
    let inside = n(1) + square(w()) * f(Exp, -w());
    for function in [Exp, Log, Sin, Cos, Tan, Sinh, Cosh, Tanh, Atan, Asinh, Erf] {
        // (f(u) g)' - f(u)' g - f(u) g' = 0 for the derivatives the table computes.
        let mut table = Table::new();
        let (left, right) = (f(function, inside.clone()), f(Tanh, w()) + w().pow(3, 2));
        let product = (left.clone() * right.clone()).build(&mut table);
        let (left, right) = (left.build(&mut table), right.build(&mut table));
        let slope = table.derivative(product, 0).unwrap();
        let (d_left, d_right) = (table.derivative(left, 0).unwrap(), table.derivative(right, 0).unwrap());
        let first = table.insert(Node::Mul(d_left, right));
        let second = table.insert(Node::Mul(left, d_right));
        let sum = table.insert(Node::Add(first, second));
        let difference = table.insert(Node::Sub(slope, sum));
        assert_eq!(is_identically_zero(&table, difference), Decision::Zero, "{function:?}");
    }
    // asinh' in another form, and the third derivative of log(1 + e^w).
    let mut table = Table::new();
    let soft = f(Log, n(1) + f(Exp, w())).build(&mut table);
    let mut slope = soft;
    for _ in 0..3 {
        slope = table.derivative(slope, 0).unwrap();
    }
    let e = f(Exp, w());
    let expected = (e.clone() * (n(1) - e.clone()) / (n(1) + e).pow(3, 1)).build(&mut table);
    let difference = table.insert(Node::Sub(slope, expected));
    assert_eq!(is_identically_zero(&table, difference), Decision::Zero);
}

#[test]
fn rational_functions_are_recognised() {
    let mut table = Table::new();
    let hidden = square(f(Sin, w())) + square(f(Cos, w())) + square(f(Cosh, w())) - square(f(Sinh, w()));
    let root = hidden.build(&mut table);
    assert_eq!(rational_value(&table, root), Some(Rational::from(2)));
    let root = ((hidden * w() + f(Tan, w())) / (w() * w() - n(1)) - f(Tan, w()) / (w() * w() - n(1))).build(&mut table);
    let (numerator, denominator) = as_rational_function(&table, root).unwrap();
    assert_eq!(numerator.coefficients(), [Rational::new(), Rational::from(2)]);
    assert_eq!(
        denominator.coefficients(),
        [Rational::from(-1), Rational::new(), Rational::from(1)]
    );
    let root = ((n(2) + n(2) * f(Sin, w())) * w() / (n(1) + f(Sin, w()))).build(&mut table);
    let (numerator, denominator) = as_rational_function(&table, root).unwrap();
    assert_eq!(
        (numerator.coefficients(), denominator.as_constant()),
        (&[Rational::new(), Rational::from(2)][..], Some(Rational::from(1)))
    );
    // Rump's polynomial at its famous point.
    let (a, b) = (n(77617), n(33096));
    let power = |base: &Tree, exponent: i64| base.pow(exponent, 1);
    let rump = q(1335, 4) * power(&b, 6)
        + power(&a, 2) * (n(11) * power(&a, 2) * power(&b, 2) - power(&b, 6) - n(121) * power(&b, 4) - n(2))
        + q(11, 2) * power(&b, 8)
        + a / (n(2) * b);
    let root = rump.build(&mut table);
    assert_eq!(rational_value(&table, root), Some(Rational::from((-54767, 66192))));
    for other in [f(Sin, w()), var(1), pi(), n(2).sqrt(), f(Abs, w())] {
        let root = other.build(&mut table);
        assert!(as_rational_function(&table, root).is_none());
    }
    let root = (n(1) / (w() - w())).build(&mut table);
    assert!(as_rational_function(&table, root).is_none());
    let root = w().build(&mut table);
    assert_eq!(rational_value(&table, root), None);
}

#[test]
fn hostile_input_ends_quickly() {
    let start = std::time::Instant::now();
    let sum = n(1) + w() + var(1) + var(2) + var(3) + var(4);
    assert_eq!(decide(&(sum.pow(10_000, 1) - n(1))), Decision::TooLarge);
    // The same large node cancels all the same.
    equal(sum.pow(10_000, 1) * n(2), sum.pow(10_000, 1) + sum.pow(10_000, 1));
    let mut table = Table::new();
    let mut tower = table.w();
    for _ in 0..2_000 {
        let one = table.number(1);
        let sum = table.insert(Node::Add(tower, one));
        tower = table.insert(Node::Power(sum, Rational::from((1, 2))));
    }
    assert_eq!(is_identically_zero(&table, tower), Decision::NotShown);
    let mut square = table.number(3);
    for _ in 0..40 {
        square = table.insert(Node::Mul(square, square));
    }
    assert_eq!(is_identically_zero(&table, square), Decision::TooLarge);
    let mut iterate = table.w();
    for _ in 0..200 {
        let one = table.number(1);
        let below = table.insert(Node::Mul(iterate, iterate));
        let below = table.insert(Node::Add(below, one));
        iterate = table.insert(Node::Div(iterate, below));
    }
    assert_eq!(is_identically_zero(&table, iterate), Decision::TooLarge);
    for function in Function::ALL {
        let mut nested = table.w();
        for _ in 0..60 {
            nested = table.insert(Node::Apply(function, nested));
        }
        assert_ne!(is_identically_zero(&table, nested), Decision::Zero);
    }
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}
