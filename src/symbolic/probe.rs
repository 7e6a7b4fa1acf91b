//! A numerical check of the engine's answers against the questions, because the engine has been caught being wrong:
//! Symbolica 2.2.0 takes the square root of 3/4 to be 3/2. A failed check rejects an answer; a passed one proves
//! nothing and is not meant to.

use crate::kernel::expr::{Function, Id, Node, Table};
use rug::Float;
use rug::float::Constant;
use rug::ops::Pow;

/// Working precision in bits: enough for an expanded polynomial of high degree to survive its cancellations.
const PRECISION: u32 = 512;
/// Two values agree if they differ by less than two to this power, relative to one plus their size.
const TOLERANCE: i32 = -100;
/// Where expressions are compared; no special values, both signs.
const POINTS: [f64; 4] = [0.303, 1.737, -0.414, 5.121];

/// Whether the answer has the value of the question wherever the question has one, among a few points.
pub(super) fn agree(question: (&Table, Id), answer: (&Table, Id)) -> bool {
    POINTS.iter().all(|point| {
        let expected = value(question.0, question.1, *point);
        let found = value(answer.0, answer.1, *point);
        let tolerance =
            Float::with_val(PRECISION, 2).pow(TOLERANCE) * (Float::with_val(PRECISION, expected.abs_ref()) + 1);
        !expected.is_finite() || (expected - found).abs() <= tolerance
    })
}

/// The value where `w` is `point`, not a number where undefined; the other variables get distinct values of their own.
pub(super) fn value(table: &Table, root: Id, point: f64) -> Float {
    let undefined = || Float::with_val(PRECISION, f64::NAN);
    let mut values: Vec<Float> = Vec::new();
    for id in table.reachable(root) {
        values.resize(id.index(), undefined());
        let of = |child: &Id| values.get(child.index()).cloned().unwrap_or_else(undefined);
        let value = match table.node(id) {
            None => undefined(),
            Some(Node::Number(number)) => Float::with_val(PRECISION, number),
            Some(Node::Pi) => Float::with_val(PRECISION, Constant::Pi),
            Some(Node::Variable(0)) => Float::with_val(PRECISION, point),
            Some(Node::Variable(number)) => Float::with_val(PRECISION, f64::from(*number) + 0.283),
            Some(Node::Add(a, b)) => of(a) + of(b),
            Some(Node::Sub(a, b)) => of(a) - of(b),
            Some(Node::Mul(a, b)) => of(a) * of(b),
            Some(Node::Div(a, b)) => of(a) / of(b),
            Some(Node::Neg(a)) => -of(a),
            Some(Node::Power(a, exponent)) if exponent.is_integer() => of(a).pow(exponent.numer()),
            Some(Node::Power(a, exponent)) => of(a).pow(Float::with_val(PRECISION, exponent)),
            Some(Node::Apply(function, a)) => apply(*function, of(a)),
        };
        // An infinity is a division by zero or an overflow, and must not come back as a number.
        values.push(if value.is_finite() { value } else { undefined() });
    }
    values.pop().unwrap_or_else(undefined)
}

/// A function at a point.
fn apply(function: Function, x: Float) -> Float {
    match function {
        Function::Exp => x.exp(),
        Function::Log => x.ln(),
        Function::Sin => x.sin(),
        Function::Cos => x.cos(),
        Function::Tan => x.tan(),
        Function::Sinh => x.sinh(),
        Function::Cosh => x.cosh(),
        Function::Tanh => x.tanh(),
        Function::Atan => x.atan(),
        Function::Asinh => x.asinh(),
        Function::Erf => x.erf(),
        Function::Abs => x.abs(),
    }
}
