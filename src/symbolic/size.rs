//! Bounds on what an expression can grow to, so that no question makes the engine overflow its stack or the memory.
//!
//! A table shares sub-expressions and the engine does not, so a short table can be a huge tree; powers of numbers are
//! computed at once, however large; polynomials are expanded before they are factored. All bounds are pessimistic
//! floating-point estimates that saturate at infinity.

use crate::kernel::expr::{Function, Id, Node, Table, exponent_is_tame};
use rug::Rational;

/// Deepest nesting handed over: the engine recurses.
const DEPTH: u32 = 400;
/// Largest number of nodes once shared sub-expressions are written out.
const NODES: f64 = 50_000.0;
/// Largest number of bits in a number that evaluating powers can produce.
const BITS: f64 = 500_000.0;
/// Largest number of terms of numerator or denominator after expanding.
const TERMS: f64 = 5_000.0;
/// Largest degree in any generator; factoring `w^200 - 1` already takes the better part of a second.
const DEGREE: f64 = 200.0;

/// The estimates for one expression; numerator and denominator are those of one big fraction.
#[derive(Clone, Copy, Debug)]
pub(super) struct Size {
    depth: u32,
    nodes: f64,
    /// Binary logarithms of bounds on integers in the numerator and the denominator.
    bits: [f64; 2],
    terms: [f64; 2],
    degree: f64,
}

/// The estimates for `root`; `None` if it is not in the table or has an exponent beyond the kernel's limits.
pub(super) fn of(table: &Table, root: Id) -> Option<Size> {
    let mut sizes: Vec<Option<Size>> = vec![None; root.index().checked_add(1)?];
    for id in table.reachable(root) {
        let size = of_node(table.node(id)?, &sizes)?;
        *sizes.get_mut(id.index())? = Some(size);
    }
    sizes.last().copied().flatten()
}

impl Size {
    /// Whether the engine can take the expression as it stands.
    pub(super) fn fits(&self) -> bool {
        self.depth <= DEPTH && self.nodes <= NODES && self.bits.iter().all(|bits| *bits <= BITS)
    }

    /// Whether the engine can also expand it and look for factors.
    pub(super) fn can_expand(&self) -> bool {
        self.fits() && self.degree <= DEGREE && self.terms.iter().all(|terms| *terms <= TERMS)
    }

    /// A number or a name.
    fn leaf(bits: [f64; 2], degree: f64) -> Self {
        Size {
            depth: 1,
            nodes: 1.0,
            bits,
            terms: [1.0, 1.0],
            degree,
        }
    }

    /// What two operands have in common under any operation; the algebraic fields are still those of the first.
    fn with(self, other: Size) -> Self {
        Size {
            depth: self.depth.max(other.depth).saturating_add(1),
            nodes: self.nodes + other.nodes + 1.0,
            ..self
        }
    }

    /// The reciprocal.
    fn inverted(self) -> Self {
        let ([a, b], [c, d]) = (self.bits, self.terms);
        Size {
            bits: [b, a],
            terms: [d, c],
            ..self
        }
    }

    /// A sum or difference, over the product of the denominators.
    fn plus(self, other: Size) -> Self {
        let trivial = self.terms[1] <= 1.0 && other.terms[1] <= 1.0;
        Size {
            bits: [
                (self.bits[0] + other.bits[1]).max(self.bits[1] + other.bits[0]) + 1.0,
                self.bits[1] + other.bits[1],
            ],
            terms: [
                self.terms[0] * other.terms[1] + self.terms[1] * other.terms[0],
                self.terms[1] * other.terms[1],
            ],
            degree: if trivial {
                self.degree.max(other.degree)
            } else {
                self.degree + other.degree
            },
            ..self.with(other)
        }
    }

    /// A product.
    fn times(self, other: Size) -> Self {
        Size {
            bits: [self.bits[0] + other.bits[0], self.bits[1] + other.bits[1]],
            terms: [self.terms[0] * other.terms[0], self.terms[1] * other.terms[1]],
            degree: self.degree + other.degree,
            ..self.with(other)
        }
    }

    /// A rational power, as the integer power above it.
    fn power(self, exponent: &Rational) -> Self {
        let base = if *exponent < 0 { self.inverted() } else { self };
        let times = exponent.to_f64().abs().ceil();
        Size {
            depth: base.depth.saturating_add(1),
            nodes: base.nodes + 2.0,
            bits: base.bits.map(|bits| (bits + 1.0) * times),
            terms: base.terms.map(|terms| multinomial(terms, times)),
            degree: base.degree * times,
        }
    }

    /// A function of the expression: a new generator.
    fn apply(self, function: Function) -> Self {
        // The numbers in an exponent act as powers of the generator.
        let degree = if function == Function::Exp {
            (self.bits[0] + self.bits[1]).exp2()
        } else {
            1.0
        };
        Size {
            depth: self.depth.saturating_add(1),
            nodes: self.nodes + 1.0,
            terms: [1.0, 1.0],
            degree,
            ..self
        }
    }
}

/// The estimates for a node from those of its children.
fn of_node(node: &Node, sizes: &[Option<Size>]) -> Option<Size> {
    let of = |id: &Id| sizes.get(id.index()).copied().flatten();
    Some(match node {
        Node::Number(value) => {
            let bits = [value.numer(), value.denom()].map(|part| f64::from(part.significant_bits()));
            // A bound on the logarithm, so that 1 counts as nothing.
            Size::leaf(bits.map(|bits| if bits > 1.0 { bits } else { 0.0 }), 0.0)
        }
        Node::Pi => Size::leaf([0.0, 0.0], 0.0),
        Node::Variable(_) => Size::leaf([0.0, 0.0], 1.0),
        Node::Add(a, b) | Node::Sub(a, b) => of(a)?.plus(of(b)?),
        Node::Mul(a, b) => of(a)?.times(of(b)?),
        Node::Div(a, b) => of(a)?.times(of(b)?.inverted()),
        Node::Neg(a) => {
            let size = of(a)?;
            Size {
                depth: size.depth.saturating_add(1),
                nodes: size.nodes + 1.0,
                ..size
            }
        }
        Node::Power(_, exponent) if !exponent_is_tame(exponent) => return None,
        Node::Power(a, exponent) => of(a)?.power(exponent),
        Node::Apply(function, a) => of(a)?.apply(*function),
    })
}

/// An upper bound for the number of terms of the `times`-th power of a sum of `terms` terms.
fn multinomial(terms: f64, times: f64) -> f64 {
    if terms <= 1.0 || times < 1.0 {
        return 1.0;
    }
    // The binomial coefficient (terms + times - 1) over (the smaller of terms - 1 and times).
    let total = terms + times - 1.0;
    let chosen = times.min(terms - 1.0);
    let mut count = 1.0;
    let mut step = 1.0;
    while step <= chosen && count <= TERMS {
        count *= (total - chosen + step) / step;
        step += 1.0;
    }
    count
}
