//! Expressions in floating point, for guesses: values, slopes and second derivatives at points.

use crate::kernel::expr::{Function, Id, Node, Table};

/// An expression prepared for evaluation in doubles.
#[derive(Clone, Debug)]
pub(super) struct FloatProgram {
    nodes: Vec<Node>,
    numbers: Vec<f64>,
}

impl FloatProgram {
    pub fn new(table: &Table, root: Id) -> Self {
        let (table, _) = table.extract(&[root]);
        let number = |node: &Node| match node {
            Node::Number(value) => value.to_f64(),
            Node::Power(_, exponent) => exponent.to_f64(),
            _ => 0.0,
        };
        FloatProgram {
            numbers: table.nodes().iter().map(number).collect(),
            nodes: table.nodes().to_vec(),
        }
    }

    /// The value; not a number where it is undefined.
    pub fn value(&self, point: &[f64]) -> f64 {
        let mut values: Vec<f64> = Vec::with_capacity(self.nodes.len());
        for (place, node) in self.nodes.iter().enumerate() {
            let of = |id: &Id| values.get(id.index()).copied().unwrap_or(f64::NAN);
            let own = self.numbers.get(place).copied().unwrap_or(f64::NAN);
            values.push(match node {
                Node::Number(_) => own,
                Node::Pi => std::f64::consts::PI,
                Node::Variable(name) => point.get(usize::from(*name)).copied().unwrap_or(f64::NAN),
                Node::Add(a, b) => of(a) + of(b),
                Node::Sub(a, b) => of(a) - of(b),
                Node::Mul(a, b) => of(a) * of(b),
                Node::Div(a, b) => of(a) / of(b),
                Node::Neg(a) => -of(a),
                Node::Power(a, exponent) if *exponent.denom() == 1 => of(a).powi(own as i32),
                Node::Power(a, _) => of(a).powf(own),
                Node::Apply(function, a) => apply(*function, of(a)),
            });
        }
        values.pop().unwrap_or(f64::NAN)
    }
}

fn apply(function: Function, x: f64) -> f64 {
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
        // Abramowitz and Stegun 7.1.26: good enough for a guess.
        Function::Erf => {
            let t = 1.0 / (1.0 + 0.327_591_1 * x.abs());
            let sum = t
                * (0.254_829_592
                    + t * (-0.284_496_736 + t * (1.421_413_741 + t * (-1.453_152_027 + t * 1.061_405_429))));
            x.signum() * (1.0 - sum * (-x * x).exp())
        }
        Function::Abs => x.abs(),
    }
}

/// A function with its first and second derivatives in floating point.
#[derive(Clone, Debug)]
pub(super) struct Smooth {
    pub value: FloatProgram,
    pub slopes: Vec<FloatProgram>,
    /// The rows of the Hessian.
    pub seconds: Vec<Vec<FloatProgram>>,
}

impl Smooth {
    /// `None` if the function has a kink or its derivatives are too large.
    pub fn new(table: &Table, root: Id, size: usize) -> Option<Self> {
        let mut scratch = table.clone();
        let variables = 0..u16::try_from(size).ok()?;
        let mut slopes = Vec::with_capacity(size);
        let mut seconds = Vec::with_capacity(size);
        for variable in variables.clone() {
            let slope = scratch.derivative(root, variable).ok()?;
            slopes.push(FloatProgram::new(&scratch, slope));
            let mut row = Vec::with_capacity(size);
            for other in variables.clone() {
                let second = scratch.derivative(slope, other).ok()?;
                row.push(FloatProgram::new(&scratch, second));
            }
            seconds.push(row);
            if scratch.nodes().len() > crate::kernel::limits::DERIVED_NODES / 2 {
                return None;
            }
        }
        Some(Smooth {
            value: FloatProgram::new(table, root),
            slopes,
            seconds,
        })
    }

    pub fn gradient(&self, point: &[f64]) -> Vec<f64> {
        self.slopes.iter().map(|slope| slope.value(point)).collect()
    }

    pub fn hessian(&self, point: &[f64]) -> Vec<Vec<f64>> {
        let row = |row: &Vec<FloatProgram>| row.iter().map(|second| second.value(point)).collect();
        self.seconds.iter().map(row).collect()
    }
}
