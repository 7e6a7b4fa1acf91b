//! Convexity by rules: what the shape of an expression is, from the shapes of its parts.
//!
//! Source: Grant, Boyd, Ye, Disciplined convex programming, 2006; Boyd, Vandenberghe, Convex optimization, ch. 3.

use super::super::evaluate::Program;
use super::super::expr::{Function, Id, Node, Table};
use super::super::number::Number;
use super::super::theorem::{Detail, Established, Hypothesis};
use super::{Cost, Quadratic, Rejection, require};
use rug::Rational;
use std::collections::BTreeMap;

/// The shape of a function on a convex set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Does not depend on the entries.
    Constant,
    /// Affine in the entries.
    Affine,
    /// Convex.
    Convex,
    /// Positive with a convex logarithm, and so convex.
    LogConvex,
    /// Concave.
    Concave,
    /// Nothing is known.
    Unknown,
}

impl Shape {
    fn is_affine(self) -> bool {
        matches!(self, Shape::Constant | Shape::Affine)
    }

    /// Whether the function is convex.
    pub fn is_convex(self) -> bool {
        self.is_affine() || matches!(self, Shape::Convex | Shape::LogConvex)
    }

    fn is_concave(self) -> bool {
        self.is_affine() || self == Shape::Concave
    }

    /// The shape of the negative.
    fn negated(self) -> Self {
        match self {
            Shape::Convex | Shape::LogConvex => Shape::Concave,
            Shape::Concave => Shape::Convex,
            other => other,
        }
    }

    /// The shape of a multiple.
    fn scaled(self, factor: &Number) -> Self {
        if factor.is_positive() {
            self
        } else if factor.is_negative() {
            self.negated()
        } else if factor.is_zero() {
            Shape::Constant
        } else if self == Shape::Constant {
            self
        } else {
            Shape::Unknown
        }
    }
}

/// What the rules need to know about a part.
struct Part {
    shape: Shape,
    /// Its values on a box that contains the domain.
    range: Option<Number>,
}

/// The shape of an expression, on a convex set inside a box; `known` tells the shapes of nodes that no rule sees.
pub fn curvature_of(
    table: &Table,
    root: Id,
    (region, precision): (&[Number], u32),
    known: &mut dyn FnMut(&Node, Option<&Number>) -> Option<Shape>,
) -> Shape {
    // The nodes of the program are those that the root needs, in the same order.
    let ranges = Program::new(table, root).values(region, precision);
    let mut parts: BTreeMap<Id, Part> = BTreeMap::new();
    for (id, range) in table.reachable(root).into_iter().zip(ranges) {
        let Some(node) = table.node(id) else { continue };
        let base = node
            .children()
            .next()
            .and_then(|child| parts.get(&child)?.range.clone());
        let shape = match shape(node, &parts) {
            Shape::Unknown => known(node, base.as_ref()).unwrap_or(Shape::Unknown),
            shape => shape,
        };
        parts.insert(id, Part { shape, range });
    }
    parts.get(&root).map_or(Shape::Unknown, |part| part.shape)
}

fn shape(node: &Node, parts: &BTreeMap<Id, Part>) -> Shape {
    let of = |id: &Id| parts.get(id).map_or(Shape::Unknown, |part| part.shape);
    let range = |id: &Id| parts.get(id).and_then(|part| part.range.clone());
    let constant = |id: &Id| if of(id) == Shape::Constant { range(id) } else { None };
    match node {
        Node::Number(_) | Node::Pi => Shape::Constant,
        Node::Variable(_) => Shape::Affine,
        Node::Add(a, b) => sum((of(a), range(a)), (of(b), range(b))),
        Node::Sub(a, b) => sum((of(a), range(a)), (of(b).negated(), range(b).map(|range| range.neg()))),
        Node::Neg(a) => of(a).negated(),
        Node::Mul(a, b) if a == b => power(of(a), range(a), &Rational::from(2)),
        Node::Mul(a, b) => match (constant(a), constant(b)) {
            (Some(factor), _) => of(b).scaled(&factor),
            (_, Some(factor)) => of(a).scaled(&factor),
            // Logarithms add.
            _ if of(a) == Shape::LogConvex && of(b) == Shape::LogConvex => Shape::LogConvex,
            _ => Shape::Unknown,
        },
        Node::Div(a, b) => match (of(b), range(b)) {
            (Shape::Constant, Some(by)) if by.is_nonzero() => of(a).scaled(&by),
            // A positive multiple of 1/b with b > 0 concave.
            (shape, Some(by)) if shape.is_concave() && by.is_positive() => match constant(a) {
                Some(above) if above.is_nonnegative() => Shape::Convex,
                Some(above) if above.is_nonpositive() => Shape::Concave,
                _ => Shape::Unknown,
            },
            _ => Shape::Unknown,
        },
        Node::Power(a, exponent) => power(of(a), range(a), exponent),
        Node::Apply(function, a) => apply(*function, of(a), range(a)),
    }
}

/// The shape of a sum.
fn sum((a, left): (Shape, Option<Number>), (b, right): (Shape, Option<Number>)) -> Shape {
    let positive = |shape: Shape, range: &Option<Number>| {
        shape == Shape::LogConvex || (shape == Shape::Constant && range.as_ref().is_some_and(Number::is_positive))
    };
    match (a, b) {
        (Shape::Constant, Shape::Constant) => Shape::Constant,
        (a, b) if a.is_affine() && b.is_affine() => Shape::Affine,
        (a, b) if positive(a, &left) && positive(b, &right) => Shape::LogConvex,
        (a, b) if a.is_convex() && b.is_convex() => Shape::Convex,
        (a, b) if a.is_concave() && b.is_concave() => Shape::Concave,
        _ => Shape::Unknown,
    }
}

/// The shape of a power.
fn power(of: Shape, range: Option<Number>, exponent: &Rational) -> Shape {
    let nonnegative = range.as_ref().is_some_and(Number::is_nonnegative);
    let positive = range.as_ref().is_some_and(Number::is_positive);
    let even = *exponent.denom() == 1 && exponent.numer().is_even();
    match of {
        Shape::Constant => Shape::Constant,
        _ if *exponent == 0 => Shape::Constant,
        _ if *exponent == 1 => of,
        Shape::LogConvex if *exponent > 0 => Shape::LogConvex,
        shape if shape.is_affine() && even && *exponent > 0 => Shape::Convex,
        shape if shape.is_convex() && nonnegative && *exponent >= 1 => Shape::Convex,
        shape if shape.is_concave() && *exponent > 0 && *exponent < 1 => Shape::Concave,
        shape if shape.is_concave() && positive && *exponent < 0 => Shape::Convex,
        _ => Shape::Unknown,
    }
}

/// The shape of a function of one argument.
fn apply(function: Function, of: Shape, range: Option<Number>) -> Shape {
    let nonnegative = range.as_ref().is_some_and(Number::is_nonnegative);
    match (function, of) {
        (_, Shape::Constant) => Shape::Constant,
        (Function::Exp, shape) if shape.is_convex() => Shape::LogConvex,
        // cosh u = (exp(u) + exp(-u)) / 2.
        (Function::Cosh, Shape::Affine) => Shape::LogConvex,
        (Function::Cosh, shape) if shape.is_convex() && nonnegative => Shape::Convex,
        (Function::Sinh, shape) if shape.is_convex() && nonnegative => Shape::Convex,
        (Function::Abs, Shape::Affine) => Shape::Convex,
        (Function::Abs, shape) if shape.is_convex() && nonnegative => Shape::Convex,
        (Function::Log, Shape::LogConvex) => Shape::Convex,
        (Function::Log, shape) if shape.is_concave() => Shape::Concave,
        _ => Shape::Unknown,
    }
}

impl Cost {
    /// Shapes that rest on more than the shapes of the parts.
    ///
    /// (|L x + m|^2 + k)^p with k >= 0 and p >= 1/2 is a power at least 1 of a norm. On positive definite matrices
    /// log det W is concave.
    fn known_shape(&mut self, node: &Node, base_range: Option<&Number>) -> Option<Shape> {
        match node {
            Node::Power(base, exponent) if *exponent.denom() != 1 && *exponent >= Rational::from((1, 2)) => {
                // Where the base is nonnegative only on the domain, k would be negative.
                let promising = base_range.is_some_and(Number::is_nonnegative);
                let form = if promising {
                    Quadratic::of(self, *base).ok()?
                } else {
                    None
                };
                form.is_some_and(|form| form.is_nonnegative()).then_some(Shape::Convex)
            }
            Node::Apply(Function::Log, of) if self.definite => {
                let determinant = self.determinant().ok()?;
                self.require_equal(*of, determinant, "").ok()?;
                Some(Shape::Concave)
            }
            _ => None,
        }
    }

    /// The shape of an expression on the domain.
    fn shape(&mut self, root: Id) -> Shape {
        let scratch = self.clone();
        let known = &mut |node: &Node, base: Option<&Number>| self.known_shape(node, base);
        curvature_of(&scratch.table, root, (&scratch.region, scratch.precision), known)
    }

    /// Demands that the domain and the cost are convex.
    ///
    /// A set {c > 0} with a concave c is convex, and so are the positive definite matrices.
    pub(super) fn require_convex(&mut self) -> Result<(), Rejection> {
        self.require_convex_domain()?;
        let root = self.root;
        require(self.shape(root).is_convex(), "f is not shown to be convex")
    }

    fn require_convex_domain(&mut self) -> Result<(), Rejection> {
        for condition in self.domain.clone() {
            let convex = condition.leading || condition.ball.is_some() || self.shape(condition.of).is_concave();
            require(condition.strict && convex, "the domain is not shown to be convex")?;
        }
        Ok(())
    }

    /// f = main + rest with main convex and the Hessian of the quadratic rest at least mu.
    ///
    /// Then f(y) >= f(x) + <grad f(x), y - x> + mu |y - x|^2 / 2 >= f(x) - |grad f(x)|^2 / (2 mu) for all y.
    pub(super) fn strongly_convex(&mut self, main: Id, rest: Id, mu: &Rational) -> Result<Established, Rejection> {
        require(*mu > 0, "mu must be positive")?;
        self.gradient()?;
        self.require_convex_domain()?;
        for id in [main, rest] {
            self.require_given(id)?;
        }
        self.require_part(main)?;
        require(self.shape(main).is_convex(), "the main part is not shown to be convex")?;
        let sum = self.table.insert(Node::Add(main, rest));
        self.require_equal(self.root, sum, "f is not the sum of the two parts")?;
        let form = Quadratic::of(self, rest)?.ok_or_else(|| Rejection::new("not a polynomial of degree 2"))?;
        require(form.exceeds(mu), "the Hessian of the quadratic is not that large")?;
        let sentence = format!("|grad f|^2 >= 2 mu (f - inf f) with mu = {mu}: f is strongly convex with that modulus");
        Ok(
            Established::new(Hypothesis::PlInequality, true, sentence).with(Detail::BestConstant {
                lower: mu.clone(),
                upper: None,
            }),
        )
    }
}
