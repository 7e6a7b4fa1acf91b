//! Expressions in floating point, for guesses: values, slopes and second derivatives at points.

use crate::kernel::derivatives::Sweep;
use crate::kernel::evaluate::Program;
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

/// A function with its first and second derivatives in floating point, by automatic differentiation.
#[derive(Clone, Debug)]
pub(super) struct Smooth {
    pub value: FloatProgram,
    program: Program,
    size: usize,
}

impl Smooth {
    /// `None` if the function has a kink.
    pub fn new(table: &Table, root: Id, size: usize) -> Option<Self> {
        let program = Program::new(table, root);
        (!program.has_kinks()).then(|| Smooth {
            value: FloatProgram::new(table, root),
            program,
            size,
        })
    }

    fn sweep(&self, point: &[f64]) -> Option<Sweep<f64>> {
        Sweep::new(&self.program, point, 53).ok()
    }

    /// The slopes; not numbers where the function is not smooth.
    pub fn gradient(&self, point: &[f64]) -> Vec<f64> {
        let sweep = self.sweep(point);
        sweep.map_or_else(|| vec![f64::NAN; self.size], |sweep| sweep.gradient(self.size))
    }

    /// The rows of the Hessian.
    pub fn hessian(&self, point: &[f64]) -> Vec<Vec<f64>> {
        let sweep = self.sweep(point);
        sweep.map_or_else(
            || vec![vec![f64::NAN; self.size]; self.size],
            |sweep| sweep.hessian(self.size),
        )
    }
}
