//! From Symbolica's expressions back to ours. To be used on the engine's thread only.

use super::convert::{OURS, THEIRS, log};
use crate::kernel::expr::{Function, Id, Node, Table, exponent_is_tame};
use crate::kernel::limits;
use rug::Rational;
use symbolica::atom::{AtomView, Symbol};
use symbolica::domains::rational::Rational as EngineRational;

/// Deepest answer that is read: reading recurses, and the engine's stack is finite.
const DEPTH: u32 = 2_000;
/// What the engine calls the derivative of a function it has no rule for: order, function, argument.
const DERIVATIVE: &str = "symbolica::der";

/// The atom as an expression; `None` for anything expressions cannot say: complex numbers, infinities, unknown
/// functions, exponents beyond the kernel's limits, and answers that are too large.
pub(super) fn from_atom(atom: AtomView<'_>) -> Option<(Table, Id)> {
    let mut table = Table::new();
    let root = Reader { table: &mut table }.read(atom, DEPTH)?;
    Some((table, root))
}

/// The table being filled.
struct Reader<'a> {
    table: &'a mut Table,
}

impl Reader<'_> {
    /// Any atom, at most `depth` levels deep.
    fn read(&mut self, atom: AtomView<'_>, depth: u32) -> Option<Id> {
        let depth = depth.checked_sub(1)?;
        if self.table.nodes().len() > limits::NODES {
            return None;
        }
        match atom {
            AtomView::Num(_) => {
                let value = rational(atom)?;
                Some(self.table.number(value))
            }
            AtomView::Var(name) => self.name(name.get_symbol()),
            AtomView::Fun(call) => {
                let symbol = call.get_symbol();
                let name = symbol.get_name();
                let arguments: Vec<AtomView<'_>> = call.iter().collect();
                match arguments.as_slice() {
                    [argument] => {
                        let argument = self.read(*argument, depth)?;
                        self.call(name, argument)
                    }
                    [order, function, argument] if name == DERIVATIVE => {
                        // Of the functions with a derivative, only our own logarithm is unknown to the engine.
                        let first = rational(*order).is_some_and(|order| order == 1);
                        let ours = matches!(function, AtomView::Var(name) if name.get_symbol() == log());
                        let argument = (first && ours).then(|| self.read(*argument, depth))??;
                        self.rational_power(argument, Rational::from(-1))
                    }
                    _ => None,
                }
            }
            AtomView::Pow(power) => {
                let (base, exponent) = power.get_base_exp();
                self.power(base, exponent, depth)
            }
            AtomView::Mul(_) => {
                let (negative, size) = self.term(atom, depth)?;
                Some(if negative {
                    self.table.insert(Node::Neg(size))
                } else {
                    size
                })
            }
            AtomView::Add(sum) => {
                let mut total: Option<Id> = None;
                for part in sum.iter() {
                    let (negative, size) = self.term(part, depth)?;
                    total = Some(match total {
                        None if negative => self.table.insert(Node::Neg(size)),
                        None => size,
                        Some(total) if negative => self.table.insert(Node::Sub(total, size)),
                        Some(total) => self.table.insert(Node::Add(total, size)),
                    });
                }
                total
            }
        }
    }

    /// A variable or a constant.
    fn name(&mut self, symbol: Symbol) -> Option<Id> {
        if symbol == Symbol::PI {
            return Some(self.table.insert(Node::Pi));
        }
        if symbol == Symbol::E {
            let one = self.table.number(1);
            return Some(self.table.insert(Node::Apply(Function::Exp, one)));
        }
        let name = symbol.get_name().strip_prefix(OURS)?;
        let number = if name == "w" {
            0
        } else {
            name.strip_prefix("x_")?.parse().ok()?
        };
        Some(self.table.insert(Node::Variable(number)))
    }

    /// A function of one argument: one of ours, or a reciprocal that the engine's derivatives mention.
    fn call(&mut self, name: &str, argument: Id) -> Option<Id> {
        let name = name.strip_prefix(THEIRS).or_else(|| name.strip_prefix(OURS))?;
        if let Some(function) = Function::ALL.into_iter().find(|function| function.name() == name) {
            return Some(self.table.insert(Node::Apply(function, argument)));
        }
        let (above, below) = match name {
            "sec" => (None, Function::Cos),
            "csc" => (None, Function::Sin),
            "cot" => (Some(Function::Cos), Function::Sin),
            "sech" => (None, Function::Cosh),
            "csch" => (None, Function::Sinh),
            "coth" => (Some(Function::Cosh), Function::Sinh),
            _ => return None,
        };
        let above = match above {
            Some(function) => self.table.insert(Node::Apply(function, argument)),
            None => self.table.number(1),
        };
        let below = self.table.insert(Node::Apply(below, argument));
        Some(self.table.insert(Node::Div(above, below)))
    }

    /// A power: of the number e, with a rational exponent, or else `exp(exponent * log(base))`.
    fn power(&mut self, base: AtomView<'_>, exponent: AtomView<'_>, depth: u32) -> Option<Id> {
        if is_e(base) {
            let exponent = self.read(exponent, depth)?;
            return Some(self.table.insert(Node::Apply(Function::Exp, exponent)));
        }
        if let Some(value) = rational(exponent) {
            let base = self.read(base, depth)?;
            return self.rational_power(base, value);
        }
        // The logarithm of a negative number would make the answer undefined everywhere.
        if rational(base).is_some_and(|value| value <= 0) {
            return None;
        }
        let base = self.read(base, depth)?;
        let exponent = self.read(exponent, depth)?;
        let logarithm = self.table.insert(Node::Apply(Function::Log, base));
        let product = self.table.insert(Node::Mul(exponent, logarithm));
        Some(self.table.insert(Node::Apply(Function::Exp, product)))
    }

    /// A power with a rational exponent, as a reciprocal if that is negative.
    fn rational_power(&mut self, base: Id, exponent: Rational) -> Option<Id> {
        if !exponent_is_tame(&exponent) {
            return None;
        }
        if exponent < 0 {
            let below = self.rational_power(base, -exponent)?;
            let one = self.table.number(1);
            return Some(self.table.insert(Node::Div(one, below)));
        }
        Some(if exponent == 1 {
            base
        } else {
            self.table.insert(Node::Power(base, exponent))
        })
    }

    /// A summand as a sign and a size, so that sums read `a - b` and not `a + -1*b`.
    fn term(&mut self, atom: AtomView<'_>, depth: u32) -> Option<(bool, Id)> {
        let depth = depth.checked_sub(1)?;
        let AtomView::Mul(product) = atom else {
            return match rational(atom) {
                Some(value) if value < 0 => Some((true, self.table.number(-value))),
                _ => Some((false, self.read(atom, depth)?)),
            };
        };
        let mut negative = false;
        let (mut above, mut below): (Option<Id>, Option<Id>) = (None, None);
        for factor in product.iter() {
            if let Some(value) = rational(factor) {
                negative ^= value < 0;
                let value = value.abs();
                if value != 1 {
                    let value = self.table.number(value);
                    above = Some(self.product(above, value));
                }
                continue;
            }
            match reciprocal(factor) {
                Some((base, exponent)) => {
                    let base = self.read(base, depth)?;
                    let factor = self.rational_power(base, exponent)?;
                    below = Some(self.product(below, factor));
                }
                None => {
                    let factor = self.read(factor, depth)?;
                    above = Some(self.product(above, factor));
                }
            }
        }
        let above = above.unwrap_or_else(|| self.table.number(1));
        Some((
            negative,
            below.map_or(above, |below| self.table.insert(Node::Div(above, below))),
        ))
    }

    /// One more factor.
    fn product(&mut self, so_far: Option<Id>, factor: Id) -> Id {
        so_far.map_or(factor, |so_far| self.table.insert(Node::Mul(so_far, factor)))
    }
}

/// The base and the positive exponent of what a factor divides by, if it does.
pub(super) fn reciprocal(factor: AtomView<'_>) -> Option<(AtomView<'_>, Rational)> {
    let AtomView::Pow(power) = factor else { return None };
    let (base, exponent) = power.get_base_exp();
    let exponent = rational(exponent).filter(|exponent| *exponent < 0)?;
    (!is_e(base)).then(|| (base, -exponent))
}

/// The value of an atom that is a rational number.
pub(super) fn rational(atom: AtomView<'_>) -> Option<Rational> {
    if !matches!(atom, AtomView::Num(_)) {
        return None;
    }
    let value = EngineRational::try_from(atom).ok()?;
    let numerator: rug::Integer = value.numerator().to_string().parse().ok()?;
    let denominator: rug::Integer = value.denominator().to_string().parse().ok()?;
    (denominator != 0).then(|| Rational::from((numerator, denominator)))
}

/// Whether an atom is the number e.
fn is_e(atom: AtomView<'_>) -> bool {
    matches!(atom, AtomView::Var(name) if name.get_symbol() == Symbol::E)
}
