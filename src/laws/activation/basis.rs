//! Functions of which an antiderivative of 2 sigma/sigma' may be a combination, made of the parts of sigma.

use super::terms::{apply, multiple, negative, polynomial, power, product};
use crate::kernel::expr::{Function, Id, Node, Table};
use crate::kernel::normal_form::as_rational_function;
use crate::kernel::polynomial::{End, Polynomial, simplest_between};
use rug::Rational;

/// The most functions of one attempt.
const MOST: usize = 140;
/// The highest degree of the polynomial part of a rational function.
const DEGREE: usize = 60;

/// The functions for a quotient of polynomials, by partial fractions; `None` if it is none, or too large.
pub(super) fn rational(table: &mut Table, integrand: Id) -> Option<Vec<Id>> {
    let (top, bottom) = as_rational_function(table, integrand)?;
    let highest = (top.degree()? + 2).saturating_sub(bottom.degree()?).max(1);
    if highest > DEGREE {
        return None;
    }
    let w = table.w();
    let mut functions: Vec<Id> = (1..=highest)
        .map(|degree| power(table, w, &Rational::from(degree)))
        .collect();
    for (factor, multiplicity) in bottom.squarefree_factors() {
        let (linear, rest) = split(&factor);
        let parts = linear.into_iter().chain((rest.degree()? > 0).then_some(rest));
        for part in parts {
            fractions(table, &part, multiplicity, &mut functions);
        }
    }
    Some(functions)
}

/// The rational linear factors of a polynomial without multiple zeros, and the rest.
fn split(factor: &Polynomial) -> (Vec<Polynomial>, Polynomial) {
    let mut rest = factor.monic();
    let mut linear = Vec::new();
    let roots = factor.isolate_roots(&End::NegativeInfinity, &End::PositiveInfinity);
    for root in roots.unwrap_or_default() {
        let root = factor.refine(root, &(Rational::from(1) >> 64u32));
        let guess = simplest_between(&root.lo, &root.hi);
        let candidate = Polynomial::from_coefficients(vec![-guess.clone(), Rational::from(1)]);
        if factor.evaluate(&guess) == 0
            && let Some(candidate) = candidate
            && let Some(quotient) = rest.divide_exactly(&candidate)
        {
            rest = quotient;
            linear.push(candidate);
        }
    }
    (linear, rest)
}

/// Logarithm, arc tangent and negative powers that belong to one factor of the denominator.
fn fractions(table: &mut Table, factor: &Polynomial, multiplicity: u32, functions: &mut Vec<Id>) {
    let inside = polynomial(table, factor);
    functions.push(apply(table, Function::Log, inside));
    let opposite = polynomial(table, &factor.neg());
    functions.push(apply(table, Function::Log, opposite));
    let w = table.w();
    for order in 1..multiplicity {
        let lowered = power(table, inside, &-Rational::from(order));
        for degree in 0..factor.degree().unwrap_or(0) {
            let shifted = power(table, w, &Rational::from(degree));
            functions.push(product(table, shifted, lowered));
        }
    }
    let [constant, slope, _] = factor.coefficients() else {
        return;
    };
    // (w + p)^2 + q
    let p = Rational::from(slope / 2u32);
    let q = constant - Rational::from(&p * &p);
    let shift = Polynomial::from_coefficients(vec![p, Rational::from(1)]);
    let Some(shift) = shift.map(|shift| polynomial(table, &shift)) else {
        return;
    };
    let size = table.number(q.clone().abs());
    let root = exact_or_root(table, size, &q.clone().abs());
    if q > 0 {
        let ratio = quotient(table, shift, root);
        let angle = apply(table, Function::Atan, ratio);
        functions.push(quotient(table, angle, root));
    } else {
        for (a, b) in [(shift, root), (root, shift)] {
            let less = table.insert(Node::Sub(a, b));
            let more = table.insert(Node::Add(shift, root));
            let ratio = table.insert(Node::Div(less, more));
            let log = apply(table, Function::Log, ratio);
            functions.push(quotient(table, log, root));
        }
    }
}

fn quotient(table: &mut Table, a: Id, b: Id) -> Id {
    if b == table.number(1) {
        a
    } else {
        table.insert(Node::Div(a, b))
    }
}

/// The square root of a positive rational.
fn exact_or_root(table: &mut Table, id: Id, value: &Rational) -> Id {
    match crate::kernel::number::exact_power(value, &Rational::from((1, 2))) {
        Some(exact) => table.number(exact),
        None => power(table, id, &Rational::from((1, 2))),
    }
}

/// Powers of a part of sigma that occur together: all but the 1.
fn alternatives(table: &mut Table, node: &Node, id: Id) -> Vec<Id> {
    let powers = |table: &mut Table, base: Id, exponents: &[i32]| -> Vec<Id> {
        exponents
            .iter()
            .map(|exponent| power(table, base, &Rational::from(*exponent)))
            .collect()
    };
    match node {
        Node::Apply(Function::Exp, argument) => {
            let plain = match table.node(*argument).cloned() {
                Some(Node::Neg(inner)) => inner,
                Some(Node::Mul(factor, _)) if is_negative(table, factor) => negative(table, *argument),
                _ => *argument,
            };
            [1, -1, 2, -2, 3, -3]
                .into_iter()
                .map(|times| {
                    let argument = if times == -1 {
                        negative(table, plain)
                    } else {
                        multiple(table, &Rational::from(times), plain)
                    };
                    apply(table, Function::Exp, argument)
                })
                .collect()
        }
        Node::Apply(Function::Sinh | Function::Cosh | Function::Tanh, argument) => {
            pair(table, *argument, Function::Sinh, Function::Cosh)
        }
        Node::Apply(Function::Sin | Function::Cos | Function::Tan, argument) => {
            pair(table, *argument, Function::Sin, Function::Cos)
        }
        Node::Apply(Function::Atan | Function::Asinh | Function::Log | Function::Erf, _) => powers(table, id, &[1, 2]),
        Node::Power(base, exponent) if *exponent.denom() != 1 => {
            let denominator = i32::try_from(exponent.denom().to_u32().unwrap_or(2).min(4)).unwrap_or(2);
            (1 - denominator..=2 * denominator)
                .filter(|top| *top != 0)
                .map(|top| power(table, *base, &Rational::from((top, denominator))))
                .collect()
        }
        _ => Vec::new(),
    }
}

/// Whether an expression is a negative number or begins with a minus sign.
fn is_negative(table: &Table, id: Id) -> bool {
    match table.node(id) {
        Some(Node::Number(value)) => *value < 0,
        Some(Node::Neg(_)) => true,
        _ => false,
    }
}

/// Products of powers of a pair such as sinh and cosh.
fn pair(table: &mut Table, argument: Id, first: Function, second: Function) -> Vec<Id> {
    let (a, b) = (apply(table, first, argument), apply(table, second, argument));
    let exponents = [
        (2, 0),
        (1, 0),
        (0, 1),
        (1, 1),
        (1, -1),
        (0, -1),
        (3, 0),
        (2, 1),
        (1, 2),
        (0, 3),
        (4, 0),
        (3, 1),
        (0, -2),
        (-1, 0),
    ];
    exponents
        .into_iter()
        .map(|(i, j)| {
            let (left, right) = (power(table, a, &Rational::from(i)), power(table, b, &Rational::from(j)));
            product(table, left, right)
        })
        .collect()
}

/// Logarithms and arc tangents of parts of sigma.
fn logarithms(table: &mut Table, parts: &[Id]) -> Vec<Id> {
    let one = table.number(1);
    let w = table.w();
    let mut inside = vec![w];
    let mut angles = Vec::new();
    for part in parts {
        match table.node(*part).cloned() {
            Some(Node::Add(..) | Node::Sub(..)) => inside.push(*part),
            Some(Node::Apply(Function::Sinh | Function::Cosh | Function::Tanh, argument)) => {
                let (sinh, cosh) = (
                    apply(table, Function::Sinh, argument),
                    apply(table, Function::Cosh, argument),
                );
                inside.extend([cosh, sinh]);
                angles.push(sinh);
            }
            Some(Node::Apply(Function::Sin | Function::Cos | Function::Tan, argument)) => {
                let (sin, cos) = (
                    apply(table, Function::Sin, argument),
                    apply(table, Function::Cos, argument),
                );
                let shifted = [table.insert(Node::Add(one, sin)), table.insert(Node::Add(one, cos))];
                inside.extend([cos, sin]);
                inside.extend(shifted);
            }
            Some(Node::Apply(Function::Exp, argument)) => {
                let exp = apply(table, Function::Exp, argument);
                inside.extend([table.insert(Node::Add(one, exp)), table.insert(Node::Sub(exp, one))]);
                angles.push(exp);
            }
            Some(Node::Apply(Function::Log, _)) => inside.push(*part),
            _ => {}
        }
    }
    let mut functions = Vec::new();
    for part in inside {
        let opposite = match table.node(part).cloned() {
            Some(Node::Sub(a, b)) => table.insert(Node::Sub(b, a)),
            _ => negative(table, part),
        };
        functions.extend([apply(table, Function::Log, part), apply(table, Function::Log, opposite)]);
    }
    functions.extend(angles.into_iter().map(|part| apply(table, Function::Atan, part)));
    functions
}

/// The functions for a sigma that is no quotient of polynomials, the simplest first.
pub(super) fn general(table: &mut Table, sigma: Id) -> Vec<Id> {
    let mut parts = table.reachable(sigma);
    if let Ok(slope) = table.derivative(sigma, 0) {
        parts.extend(table.reachable(slope));
    }
    parts.retain(|part| table.mentions(*part, 0));
    parts.sort();
    parts.dedup();
    let w = table.w();
    let powers: Vec<Id> = (0..=4).map(|degree| power(table, w, &Rational::from(degree))).collect();
    let mut functions: Vec<Id> = (1..=6).map(|degree| power(table, w, &Rational::from(degree))).collect();
    functions.push(power(table, w, &Rational::from(-1)));
    let mut groups: Vec<Vec<Id>> = Vec::new();
    for part in &parts {
        if let Some(node) = table.node(*part).cloned() {
            let group = alternatives(table, &node, *part);
            if !group.is_empty() && !groups.iter().any(|other| other[0] == group[0]) {
                groups.push(group);
            }
        }
    }
    let logarithms = logarithms(table, &parts);
    functions.extend(groups.iter().flatten());
    functions.extend(&logarithms);
    for group in &groups {
        for shift in powers.iter().skip(1) {
            functions.extend(group.iter().take(4).map(|part| product(table, *shift, *part)));
        }
    }
    for (place, first) in groups.iter().enumerate() {
        for second in groups.iter().skip(place + 1) {
            for shift in powers.iter().take(2) {
                for (a, b) in first
                    .iter()
                    .take(4)
                    .flat_map(|a| second.iter().take(4).map(move |b| (*a, *b)))
                {
                    let both = product(table, a, b);
                    functions.push(product(table, *shift, both));
                }
            }
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    functions.retain(|function| seen.insert(*function));
    functions.truncate(MOST);
    functions
}
