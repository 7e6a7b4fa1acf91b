//! Points known exactly: rationals and closed forms such as `log(2)` or `sqrt(2)`, found by solving simple equations.

use super::search::{Local, Search};
use crate::kernel::evaluate::Program;
use crate::kernel::expr::{Function, Id, Node, Table};
use crate::kernel::normal_form::{Decision, as_rational_function, is_identically_zero};
use crate::kernel::number::Number;
use crate::symbolic;
use rug::Rational;
use std::time::Duration;

/// How long the algebra engine may factor.
const PATIENCE: Duration = Duration::from_secs(2);

/// A point of the line with an exact description.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The point lies in [lo, hi]; equal for rationals.
    pub lo: Rational,
    /// See `lo`.
    pub hi: Rational,
    /// A constant expression for it.
    table: Table,
    id: Id,
}

impl Place {
    /// A rational point.
    pub fn rational(value: Rational) -> Self {
        let mut table = Table::new();
        let id = table.number(value.clone());
        Place {
            lo: value.clone(),
            hi: value,
            table,
            id,
        }
    }

    /// The value of a constant expression, if it has one.
    fn closed(table: &Table, id: Id, precision: u32) -> Option<Self> {
        let (lo, hi) = match Program::new(table, id).value(&[], precision).ok()? {
            Number::Exact(value) => (value.clone(), value),
            Number::Enclosed { range, .. } => {
                let tame = [range.inf(), range.sup()]
                    .iter()
                    .all(|end| end.get_exp().is_none_or(|e| e.abs() < 10_000));
                (range.is_bounded() && tame).then_some(())?;
                range.inf_rational().zip(range.sup_rational())?
            }
        };
        let (table, ids) = table.extract(&[id]);
        Some(Place {
            lo,
            hi,
            table,
            id: *ids.first()?,
        })
    }

    /// Puts the expression into a table.
    pub fn enter(&self, table: &mut Table) -> Id {
        table.import(&self.table, self.id)
    }

    /// Whether the place is the rational point.
    pub fn is(&self, value: &Rational) -> bool {
        self.lo == *value && self.hi == *value
    }
}

impl Search<'_> {
    /// Whether a derivative vanishes exactly at a place.
    pub fn is_exact_zero(&self, local: &Local, order: usize, at: &Place) -> bool {
        let Some((table, root, program)) = local.derivative(order) else {
            return false;
        };
        if at.lo == at.hi {
            match program.value(&[Number::Exact(at.lo.clone())], self.precision()) {
                Ok(Number::Exact(value)) => return value == 0,
                Ok(value) if value.is_nonzero() => return false,
                Ok(_) => {}
                Err(_) => return false,
            }
        }
        let mut table = table.clone();
        let point = at.enter(&mut table);
        let value = table.substitute(*root, 0, point);
        match Program::new(&table, value).value(&[], self.precision()) {
            Ok(Number::Exact(value)) => value == 0,
            Ok(value) if value.is_nonzero() => false,
            Ok(_) => is_identically_zero(&table, value) == Decision::Zero,
            Err(_) => false,
        }
    }

    /// A constant expression of the certificate's table as a place.
    pub fn place(&self, id: Id) -> Option<Place> {
        Place::closed(&self.table, id, self.precision())
    }

    /// Closed forms of some zeros of a function, from its factors.
    pub fn closed_zeros(&self, local: &Local, order: usize) -> Vec<Place> {
        let Some((table, root, _)) = local.derivative(order) else {
            return Vec::new();
        };
        let mut factors: Vec<(Table, Id)> = visible_factors(table, *root)
            .into_iter()
            .map(|factor| (table.clone(), factor))
            .collect();
        if self.budget.algebra
            && let Ok(more) = symbolic::factor(table, *root, PATIENCE)
        {
            factors.extend(more.into_iter().map(|(factor, _)| factor));
        }
        let mut places: Vec<Place> = Vec::new();
        for (table, factor) in factors {
            let mut table = table;
            let mut solutions = solve(&mut table, factor);
            solutions.extend(quadratic(&mut table, factor));
            for solution in solutions {
                places.extend(Place::closed(&table, solution, self.precision()));
            }
        }
        places.sort_by(|a, b| a.lo.cmp(&b.lo));
        places.dedup_by(|a, b| a.lo == b.lo && a.hi == b.hi);
        places
    }
}

/// The factors of products, quotients and powers, and the bases of all powers below.
fn visible_factors(table: &Table, root: Id) -> Vec<Id> {
    let mut factors = vec![root];
    for id in table.reachable(root) {
        match table.node(id) {
            Some(Node::Mul(a, b)) => factors.extend([*a, *b]),
            Some(Node::Div(a, _) | Node::Power(a, _)) => factors.push(*a),
            _ => {}
        }
    }
    factors.retain(|factor| table.mentions(*factor, 0));
    factors.sort();
    factors.dedup();
    factors.truncate(64);
    factors
}

/// Solves `root = 0` by undoing one operation after the other, where w stands in one place only.
fn solve(table: &mut Table, root: Id) -> Vec<Id> {
    let zero = table.number(0);
    let mut open = vec![(root, zero)];
    let mut solutions = Vec::new();
    for _ in 0..256 {
        let Some((left, right)) = open.pop() else { break };
        let Some(node) = table.node(left).cloned() else {
            continue;
        };
        let mut apply = |function: Function, argument: Id| table.insert(Node::Apply(function, argument));
        match node {
            Node::Variable(0) => solutions.push(right),
            Node::Neg(a) => open.push((a, table.insert(Node::Neg(right)))),
            Node::Add(a, b) | Node::Sub(a, b) | Node::Mul(a, b) | Node::Div(a, b) => {
                let step = match (table.mentions(a, 0), table.mentions(b, 0), node) {
                    (true, false, Node::Add(..)) => Some((a, Node::Sub(right, b))),
                    (false, true, Node::Add(..)) => Some((b, Node::Sub(right, a))),
                    (true, false, Node::Sub(..)) => Some((a, Node::Add(right, b))),
                    (false, true, Node::Sub(..)) => Some((b, Node::Sub(a, right))),
                    (true, false, Node::Mul(..)) => Some((a, Node::Div(right, b))),
                    (false, true, Node::Mul(..)) => Some((b, Node::Div(right, a))),
                    (true, false, Node::Div(..)) => Some((a, Node::Mul(right, b))),
                    (false, true, Node::Div(..)) => Some((b, Node::Div(a, right))),
                    _ => None,
                };
                if let Some((inner, node)) = step {
                    open.push((inner, table.insert(node)));
                }
            }
            Node::Power(a, exponent) => {
                let inverse = table.insert(Node::Power(right, Rational::from(exponent.recip_ref())));
                open.push((a, inverse));
                open.push((a, table.insert(Node::Neg(inverse))));
            }
            Node::Apply(Function::Exp, a) => open.push((a, apply(Function::Log, right))),
            Node::Apply(Function::Log, a) => open.push((a, apply(Function::Exp, right))),
            Node::Apply(Function::Sinh, a) => open.push((a, apply(Function::Asinh, right))),
            Node::Apply(Function::Asinh, a) => open.push((a, apply(Function::Sinh, right))),
            Node::Apply(Function::Atan, a) => open.push((a, apply(Function::Tan, right))),
            Node::Apply(Function::Tanh, a) => {
                // artanh t = log((1 + t)/(1 - t)) / 2
                let (one, two) = (table.number(1), table.number(2));
                let (top, bottom) = (table.insert(Node::Add(one, right)), table.insert(Node::Sub(one, right)));
                let ratio = table.insert(Node::Div(top, bottom));
                let logarithm = table.insert(Node::Apply(Function::Log, ratio));
                open.push((a, table.insert(Node::Div(logarithm, two))));
            }
            Node::Apply(function @ (Function::Sin | Function::Cos), a) => {
                for turn in special_angles(function, table, right) {
                    let (pi, factor) = (table.insert(Node::Pi), table.number(turn));
                    open.push((a, table.insert(Node::Mul(factor, pi))));
                }
            }
            _ => {}
        }
    }
    solutions
}

/// Angles, in multiples of pi, at which a sine or cosine has the value 0, 1 or -1.
fn special_angles(function: Function, table: &Table, value: Id) -> Vec<Rational> {
    let Ok(Number::Exact(value)) = Program::new(table, value).value(&[], 64) else {
        return Vec::new();
    };
    let halves: &[i32] = match (
        function,
        (*value.denom() == 1).then(|| value.numer().to_i32()).flatten(),
    ) {
        (Function::Sin, Some(0)) => &[-2, 0, 2],
        (Function::Sin, Some(1)) => &[1],
        (Function::Sin, Some(-1)) => &[-1, 3],
        (Function::Cos, Some(0)) => &[-1, 1],
        (Function::Cos, Some(1)) => &[0, 4],
        (Function::Cos, Some(-1)) => &[-2, 2],
        _ => &[],
    };
    halves.iter().map(|half| Rational::from((*half, 2))).collect()
}

/// The zeros of the quadratic factors of the numerator.
fn quadratic(table: &mut Table, root: Id) -> Vec<Id> {
    let Some((top, _)) = as_rational_function(table, root) else {
        return Vec::new();
    };
    let mut zeros = Vec::new();
    for (factor, _) in top.squarefree_factors() {
        let [c, b, a] = factor.coefficients() else { continue };
        let discriminant = Rational::from(b * b) - Rational::from(a * c) * Rational::from(4);
        if discriminant <= 0 {
            continue;
        }
        let discriminant = table.number(discriminant);
        let root = table.insert(Node::Power(discriminant, Rational::from((1, 2))));
        let minus_b = table.number(Rational::from(-b));
        let below = table.number(a * Rational::from(2));
        for top in [Node::Add(minus_b, root), Node::Sub(minus_b, root)] {
            let top = table.insert(top);
            zeros.push(table.insert(Node::Div(top, below)));
        }
    }
    zeros
}
