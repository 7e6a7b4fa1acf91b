//! Expressions in floating point, for pixels only.

use crate::kernel::expr::{Function, Id, Node, Table};
use rug::Rational;

/// What a step of a program computes from earlier steps.
#[derive(Clone, Copy, Debug)]
enum Step {
    Constant(f64),
    Variable(usize),
    Add(usize, usize),
    Sub(usize, usize),
    Mul(usize, usize),
    Div(usize, usize),
    Neg(usize),
    Integer(usize, i32),
    Real(usize, f64),
    Apply(Function, usize),
}

/// An expression that can be evaluated quickly at many points. The results are rounded and prove nothing.
#[derive(Clone, Debug)]
pub struct FloatProgram {
    steps: Vec<Step>,
}

impl FloatProgram {
    /// Reads an expression of a table.
    ///
    /// Errors: `None` if the expression is not in the table. Panics: never.
    pub fn new(table: &Table, root: Id) -> Option<Self> {
        table.node(root)?;
        let (table, _) = table.extract(&[root]);
        let steps = table.nodes().iter().map(step).collect();
        Some(FloatProgram { steps })
    }

    /// The value with variable number i at place i. `None` where a sub-expression is undefined, as the kernel has it, or
    /// too large, or where a variable has no value. Panics: never.
    pub fn evaluate(&self, variables: &[f64]) -> Option<f64> {
        let mut values: Vec<f64> = Vec::with_capacity(self.steps.len());
        for step in &self.steps {
            let of = |place: usize| values.get(place).copied();
            let value = match *step {
                Step::Constant(value) => value,
                Step::Variable(name) => variables.get(name).copied()?,
                Step::Add(a, b) => of(a)? + of(b)?,
                Step::Sub(a, b) => of(a)? - of(b)?,
                Step::Mul(a, b) => of(a)? * of(b)?,
                Step::Div(a, b) => of(a)? / of(b)?,
                Step::Neg(a) => -of(a)?,
                Step::Integer(a, exponent) => of(a)?.powi(exponent),
                // The root is rounded alike on all machines, powers need not be.
                Step::Real(a, 0.5) => of(a)?.sqrt(),
                Step::Real(a, exponent) => of(a)?.powf(exponent),
                Step::Apply(function, a) => apply(function, of(a)?),
            };
            // Poles and arguments outside the domain give infinities and NaN.
            values.push(Some(value).filter(|value| value.is_finite())?);
        }
        values.last().copied()
    }
}

fn step(node: &Node) -> Step {
    match node {
        Node::Number(value) => Step::Constant(value.to_f64()),
        Node::Pi => Step::Constant(std::f64::consts::PI),
        Node::Variable(name) => Step::Variable(usize::from(*name)),
        Node::Add(a, b) => Step::Add(a.index(), b.index()),
        Node::Sub(a, b) => Step::Sub(a.index(), b.index()),
        Node::Mul(a, b) => Step::Mul(a.index(), b.index()),
        Node::Div(a, b) => Step::Div(a.index(), b.index()),
        Node::Neg(a) => Step::Neg(a.index()),
        Node::Power(a, exponent) => power(a.index(), exponent),
        Node::Apply(function, a) => Step::Apply(*function, a.index()),
    }
}

fn power(base: usize, exponent: &Rational) -> Step {
    let whole = exponent.numer().to_i32().filter(|_| exponent.is_integer());
    match whole {
        Some(whole) => Step::Integer(base, whole),
        // NaN where the base is negative, whatever the denominator: what the kernel says.
        None => Step::Real(base, exponent.to_f64()),
    }
}

fn apply(function: Function, argument: f64) -> f64 {
    match function {
        Function::Exp => argument.exp(),
        Function::Log => argument.ln(),
        Function::Sin => argument.sin(),
        Function::Cos => argument.cos(),
        Function::Tan => argument.tan(),
        Function::Sinh => argument.sinh(),
        Function::Cosh => argument.cosh(),
        Function::Tanh => argument.tanh(),
        Function::Atan => argument.atan(),
        Function::Asinh => argument.asinh(),
        Function::Erf => rug::Float::with_val(53, argument).erf().to_f64(),
        Function::Abs => argument.abs(),
    }
}
