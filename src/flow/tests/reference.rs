//! Another integrator: the modified midpoint rule with Richardson's extrapolation, in floating point with many digits.
//!
//! It shares nothing with the kernel but the expressions: fields of networks are products of matrices written down here.
//!
//! Source: Hairer, Norsett, Wanner, Solving Ordinary Differential Equations I, II.9.

use super::Case;
use crate::kernel::expr::{Function, Id, Node, Table};
use crate::kernel::flow::data::Model;
use rug::ops::Pow;
use rug::{Float, Rational};

/// Bits of the reference.
const BITS: u32 = 200;
/// The relative error of the reference is far below this.
pub(super) const ERROR: f64 = 1e-27;
/// The number of midpoint rules that are put together.
const ROWS: usize = 9;

/// A number of the reference.
pub(super) fn number(value: &Rational) -> Float {
    Float::with_val(BITS, value)
}

/// A vector field as a function.
pub(super) struct Flow {
    table: Table,
    /// The speeds, or the derivatives of f in the entries of the product.
    roots: Vec<Id>,
    /// The widths of a network.
    widths: Vec<usize>,
    /// What is added to the field.
    push: Vec<Float>,
}

impl Flow {
    pub fn new(case: &Case, push: &[Float]) -> Self {
        let mut table = case.table.clone();
        let mut slopes = |cost: Id, count: usize| -> Vec<Id> {
            (0..count)
                .map(|number| table.derivative(cost, number as u16).unwrap())
                .collect()
        };
        let (roots, widths) = match &case.model {
            Model::Field { speeds } => (speeds.clone(), Vec::new()),
            Model::Gradient { cost, dimension } => {
                let count = usize::from(*dimension);
                (slopes(*cost, count), vec![1, count])
            }
            Model::Linear { cost, widths } => {
                let widths: Vec<usize> = widths.iter().map(|width| usize::from(*width)).collect();
                (slopes(*cost, widths[0] * widths[widths.len() - 1]), widths)
            }
            Model::Neuron { cost, activation } => {
                let slope = slopes(*activation, 1)[0];
                (vec![slopes(*cost, 1)[0], *activation, slope], Vec::new())
            }
        };
        Flow {
            table,
            roots,
            widths,
            push: push.to_vec(),
        }
    }

    fn speed(&self, x: &[Float]) -> Vec<Float> {
        let mut speed = if !self.widths.is_empty() {
            self.network(x)
        } else if self.roots.len() == 3 && x.len() == 2 {
            // w1' = -f'(w2 sigma(w1)) w2 sigma'(w1), w2' = -f' sigma(w1).
            let [sigma, slope] = [1, 2].map(|place| values(&self.table, &self.roots[place..=place], &x[..1]).remove(0));
            let gate = -values(&self.table, &self.roots[..1], &[sigma.clone() * &x[1]]).remove(0);
            vec![gate.clone() * slope * &x[1], gate * sigma]
        } else {
            values(&self.table, &self.roots, x)
        };
        speed
            .iter_mut()
            .zip(&self.push)
            .for_each(|(speed, push)| *speed += push);
        speed
    }

    /// W_i' = -(W_N ... W_(i+1))' grad f (W_(i-1) ... W_1)'.
    fn network(&self, x: &[Float]) -> Vec<Float> {
        let mut rest = x;
        let layers: Vec<Rows> = self
            .widths
            .windows(2)
            .map(|pair| {
                let (own, later) = rest.split_at(pair[0] * pair[1]);
                rest = later;
                own.chunks(pair[0]).map(<[Float]>::to_vec).collect()
            })
            .collect();
        let product = layers[1..]
            .iter()
            .fold(layers[0].clone(), |below, layer| times(layer, &below));
        let slopes = values(&self.table, &self.roots, &product.concat());
        let gradient: Rows = slopes.chunks(self.widths[0]).map(<[Float]>::to_vec).collect();
        let mut speed = Vec::new();
        for place in 0..layers.len() {
            let above = layers[place + 1..].iter().fold(gradient.clone(), |sum, _| sum);
            let above = layers[place + 1..]
                .iter()
                .rev()
                .fold(above, |sum, layer| times(&transposed(layer), &sum));
            let whole = layers[..place]
                .iter()
                .fold(above, |sum, layer| times(&sum, &transposed(layer)));
            speed.extend(whole.concat().into_iter().map(|entry| -entry));
        }
        speed
    }
}

/// A matrix by rows.
type Rows = Vec<Vec<Float>>;

fn transposed(a: &Rows) -> Rows {
    (0..a[0].len())
        .map(|j| a.iter().map(|row| row[j].clone()).collect())
        .collect()
}

fn times(a: &Rows, b: &Rows) -> Rows {
    let columns = transposed(b);
    let entry = |row: &[Float], column: &[Float]| {
        let pairs = row.iter().zip(column);
        pairs.fold(Float::new(BITS), |sum, (x, y)| sum + x.clone() * y)
    };
    a.iter()
        .map(|row| columns.iter().map(|column| entry(row, column)).collect())
        .collect()
}

/// The values of expressions.
fn values(table: &Table, roots: &[Id], x: &[Float]) -> Vec<Float> {
    let last = roots.iter().map(|root| root.index()).max().unwrap();
    let mut all: Vec<Float> = Vec::with_capacity(last + 1);
    for node in &table.nodes()[..=last] {
        let of = |id: &Id| all[id.index()].clone();
        let value = match node {
            Node::Number(value) => number(value),
            Node::Pi => Float::with_val(BITS, rug::float::Constant::Pi),
            // Letters that nobody asks for may have no value.
            Node::Variable(name) => x.get(usize::from(*name)).cloned().unwrap_or_else(|| Float::new(BITS)),
            Node::Add(a, b) => of(a) + of(b),
            Node::Sub(a, b) => of(a) - of(b),
            Node::Mul(a, b) => of(a) * of(b),
            Node::Div(a, b) => of(a) / of(b),
            Node::Neg(a) => -of(a),
            Node::Power(a, exponent) => match exponent.numer().to_i32().filter(|_| exponent.is_integer()) {
                Some(whole) => of(a).pow(whole),
                None => of(a).pow(number(exponent)),
            },
            Node::Apply(function, a) => match function {
                Function::Exp => of(a).exp(),
                Function::Log => of(a).ln(),
                Function::Sin => of(a).sin(),
                Function::Cos => of(a).cos(),
                Function::Tanh => of(a).tanh(),
                Function::Cosh => of(a).cosh(),
                _ => panic!("{function:?} is not in the reference"),
            },
        };
        all.push(value);
    }
    roots.iter().map(|root| all[root.index()].clone()).collect()
}

/// x + h y.
fn along(x: &[Float], h: &Float, y: &[Float]) -> Vec<Float> {
    x.iter().zip(y).map(|(x, y)| y.clone() * h + x).collect()
}

/// The modified midpoint rule with an even number of steps.
fn midpoint(flow: &Flow, x: &[Float], length: &Float, steps: usize) -> Vec<Float> {
    let h = Float::with_val(BITS, length / steps as u32);
    let twice = Float::with_val(BITS, &h * 2u32);
    let (mut before, mut now) = (x.to_vec(), along(x, &h, &flow.speed(x)));
    for _ in 1..steps {
        let next = along(&before, &twice, &flow.speed(&now));
        (before, now) = (now, next);
    }
    // Gragg's smoothing.
    let next = along(&before, &twice, &flow.speed(&now));
    let sum = before.iter().zip(&now).zip(&next);
    sum.map(|((before, now), next)| (now.clone() * 2u32 + before + next) / 4u32)
        .collect()
}

/// A step, cut in two until its error is small.
fn step(flow: &Flow, x: &[Float], length: &Float, depth: u32) -> Vec<Float> {
    let counts: Vec<usize> = (1..=ROWS).map(|row| 2 * row).collect();
    let mut rows: Vec<Vec<Float>> = Vec::new();
    let mut error = Float::with_val(BITS, 1);
    for (place, count) in counts.iter().enumerate() {
        let mut row = midpoint(flow, x, length, *count);
        // Aitken and Neville: rows[k] holds the extrapolation of the k + 1 last results.
        let mut next = vec![row.clone()];
        for (k, older) in rows.iter().enumerate() {
            let ratio = Float::with_val(BITS, *count as u32) / Float::with_val(BITS, counts[place - k - 1] as u32);
            let weight = Float::with_val(BITS, ratio.square_ref()) - 1u32;
            let better = row
                .iter()
                .zip(older)
                .map(|(new, old)| Float::with_val(BITS, new - old) / &weight + new);
            row = better.collect();
            next.push(row.clone());
        }
        error = rows.last().map_or(error, |old| {
            let difference = row.iter().zip(old).map(|(new, old)| {
                let scale = Float::with_val(BITS, new.abs_ref()) + 1u32;
                Float::with_val(BITS, new - old).abs() / scale
            });
            difference.fold(Float::new(BITS), |most, entry| most.max(&entry))
        });
        rows = next;
    }
    if error < 1e-31 {
        return rows.remove(ROWS - 1);
    }
    assert!(depth < 30, "the reference does not converge");
    let half = Float::with_val(BITS, length / 2u32);
    let middle = step(flow, x, &half, depth + 1);
    step(flow, &middle, &half, depth + 1)
}

/// The solution at times in increasing order.
pub(super) fn follow(flow: &Flow, start: &[Rational], times: &[Rational]) -> Vec<Vec<Float>> {
    let mut x: Vec<Float> = start.iter().map(number).collect();
    let mut now = Rational::new();
    let mut found = Vec::new();
    for time in times {
        x = advance(flow, &x, &Rational::from(time - &now));
        now.clone_from(time);
        found.push(x.clone());
    }
    found
}

/// The solution after some time.
pub(super) fn advance(flow: &Flow, start: &[Float], time: &Rational) -> Vec<Float> {
    let mut x = start.to_vec();
    let pieces = Rational::from(time * 8u32).ceil().numer().to_u32().unwrap();
    let length = number(&Rational::from(time / pieces.max(1)));
    for _ in 0..pieces {
        x = step(flow, &x, &length, 0);
    }
    x
}
