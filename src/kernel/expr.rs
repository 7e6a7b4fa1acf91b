//! Expressions as a hash-consed table of nodes, children always before parents.
//!
//! No function here recurses: a table is walked from front to back, so the depth of an expression is not an attack.

use super::{exact_text, limits};
use rug::Rational;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// The place of an expression in its [`Table`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Id(u32);

impl Id {
    /// The index of the node in its table.
    pub fn index(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

/// An elementary function of one argument; `sqrt` is the power 1/2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Function {
    /// The exponential, everywhere defined and never zero.
    Exp,
    /// The natural logarithm, defined for positive arguments.
    Log,
    /// Sine.
    Sin,
    /// Cosine.
    Cos,
    /// Tangent, undefined where the cosine vanishes.
    Tan,
    /// Hyperbolic sine.
    Sinh,
    /// Hyperbolic cosine.
    Cosh,
    /// Hyperbolic tangent.
    Tanh,
    /// Arc tangent.
    Atan,
    /// Inverse hyperbolic sine.
    Asinh,
    /// The error function.
    Erf,
    /// The absolute value: not differentiable at 0, so it must be resolved before differentiating.
    Abs,
}

impl Function {
    /// All functions, in the order of the documentation.
    pub const ALL: [Function; 12] = [
        Function::Exp,
        Function::Log,
        Function::Sin,
        Function::Cos,
        Function::Tan,
        Function::Sinh,
        Function::Cosh,
        Function::Tanh,
        Function::Atan,
        Function::Asinh,
        Function::Erf,
        Function::Abs,
    ];

    /// The name used in the cost language.
    pub fn name(self) -> &'static str {
        match self {
            Function::Exp => "exp",
            Function::Log => "log",
            Function::Sin => "sin",
            Function::Cos => "cos",
            Function::Tan => "tan",
            Function::Sinh => "sinh",
            Function::Cosh => "cosh",
            Function::Tanh => "tanh",
            Function::Atan => "atan",
            Function::Asinh => "asinh",
            Function::Erf => "erf",
            Function::Abs => "abs",
        }
    }
}

/// One node of an expression; the children are earlier nodes of the same table.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Node {
    /// An exact rational.
    Number(#[serde(with = "exact_text::rational")] Rational),
    /// The constant pi.
    Pi,
    /// A variable; 0 is `w`, others are bound by the rule that uses them.
    Variable(u16),
    /// The sum of two expressions.
    Add(Id, Id),
    /// The first minus the second.
    Sub(Id, Id),
    /// The product of two expressions.
    Mul(Id, Id),
    /// The first divided by the second, which must not vanish.
    Div(Id, Id),
    /// The negative.
    Neg(Id),
    /// A rational power. Integer exponents: any base, but not 0 when negative.
    /// Other exponents: base >= 0, and > 0 when negative.
    Power(Id, #[serde(with = "exact_text::rational")] Rational),
    /// An elementary function applied to an expression.
    Apply(Function, Id),
}

impl Node {
    /// The children, at most two.
    pub fn children(&self) -> impl Iterator<Item = Id> + use<> {
        let (first, second) = match self {
            Node::Number(_) | Node::Pi | Node::Variable(_) => (None, None),
            Node::Add(a, b) | Node::Sub(a, b) | Node::Mul(a, b) | Node::Div(a, b) => (Some(*a), Some(*b)),
            Node::Neg(a) | Node::Power(a, _) | Node::Apply(_, a) => (Some(*a), None),
        };
        first.into_iter().chain(second)
    }

    /// The same node with its children sent through `map`.
    fn with_children(&self, mut map: impl FnMut(Id) -> Id) -> Node {
        match self {
            Node::Number(_) | Node::Pi | Node::Variable(_) => self.clone(),
            Node::Add(a, b) => Node::Add(map(*a), map(*b)),
            Node::Sub(a, b) => Node::Sub(map(*a), map(*b)),
            Node::Mul(a, b) => Node::Mul(map(*a), map(*b)),
            Node::Div(a, b) => Node::Div(map(*a), map(*b)),
            Node::Neg(a) => Node::Neg(map(*a)),
            Node::Power(a, exponent) => Node::Power(map(*a), exponent.clone()),
            Node::Apply(function, a) => Node::Apply(*function, map(*a)),
        }
    }
}

/// The expression contains an absolute value (or another kink) and has no derivative as an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotDifferentiable;

/// A hash-consed table of expressions: equal nodes are stored once, children come before parents.
#[derive(Clone, Debug, Default)]
pub struct Table {
    nodes: Vec<Node>,
    places: HashMap<Node, Id>,
}

impl Table {
    /// An empty table.
    pub fn new() -> Self {
        Self::default()
    }

    /// Rebuilds a table from untrusted nodes, refusing forward references, wild exponents and excessive size.
    pub fn from_nodes(nodes: &[Node]) -> Option<Self> {
        if nodes.len() > limits::NODES {
            return None;
        }
        let mut table = Self::new();
        for (index, node) in nodes.iter().enumerate() {
            let wild = matches!(node, Node::Power(_, exponent) if !exponent_is_tame(exponent));
            if wild || node.children().any(|child| child.index() >= index) {
                return None;
            }
            // Equal nodes must not occur twice, or later indices would shift.
            if table.insert(node.clone()).index() != index {
                return None;
            }
        }
        Some(table)
    }

    /// All nodes, children before parents.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The node at `id`, if it belongs to this table.
    pub fn node(&self, id: Id) -> Option<&Node> {
        self.nodes.get(id.index())
    }

    /// The place of a node, adding it if it is new. The children must belong to this table.
    pub fn insert(&mut self, node: Node) -> Id {
        if let Some(place) = self.places.get(&node) {
            return *place;
        }
        // A table with 2^32 nodes does not fit in memory; saturating keeps the function total.
        let id = Id(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.places.insert(node.clone(), id);
        self.nodes.push(node);
        id
    }

    /// An exact rational constant.
    pub fn number(&mut self, value: impl Into<Rational>) -> Id {
        self.insert(Node::Number(value.into()))
    }

    /// The variable `w` of a scalar cost.
    pub fn w(&mut self) -> Id {
        self.insert(Node::Variable(0))
    }

    /// Copies the part of another table that `root` needs, giving its place here.
    pub fn import(&mut self, other: &Table, root: Id) -> Id {
        let mut places: BTreeMap<Id, Id> = BTreeMap::new();
        for id in other.reachable(root) {
            if let Some(node) = other.node(id) {
                let node = node.with_children(|child| places.get(&child).copied().unwrap_or(child));
                let place = self.insert(node);
                places.insert(id, place);
            }
        }
        places.get(&root).copied().unwrap_or(root)
    }

    /// A table that holds only what `roots` need, with the new places of the roots.
    pub fn extract(&self, roots: &[Id]) -> (Table, Vec<Id>) {
        let mut table = Table::new();
        let roots = roots.iter().map(|root| table.import(self, *root)).collect();
        (table, roots)
    }

    /// The nodes that `root` depends on, itself included, in increasing order.
    pub fn reachable(&self, root: Id) -> Vec<Id> {
        let mut needed = vec![false; self.nodes.len().min(root.index().saturating_add(1))];
        if let Some(last) = needed.get_mut(root.index()) {
            *last = true;
        }
        for index in (0..needed.len()).rev() {
            if needed.get(index) == Some(&true) {
                for child in self.nodes.get(index).into_iter().flat_map(Node::children) {
                    if let Some(flag) = needed.get_mut(child.index()) {
                        *flag = true;
                    }
                }
            }
        }
        needed
            .iter()
            .enumerate()
            .filter(|(_, needed)| **needed)
            .filter_map(|(index, _)| u32::try_from(index).ok().map(Id))
            .collect()
    }

    /// Whether `root` mentions the variable.
    pub fn mentions(&self, root: Id, variable: u16) -> bool {
        self.reachable(root)
            .iter()
            .any(|id| self.node(*id) == Some(&Node::Variable(variable)))
    }

    /// The expression with some nodes replaced by others, everywhere below `root`.
    pub fn replace(&mut self, root: Id, replacements: &BTreeMap<Id, Id>) -> Id {
        let mut places: BTreeMap<Id, Id> = BTreeMap::new();
        for id in self.reachable(root) {
            let place = match replacements.get(&id) {
                Some(replacement) => *replacement,
                None => match self.node(id) {
                    Some(node) => {
                        let node = node.with_children(|child| places.get(&child).copied().unwrap_or(child));
                        self.insert(node)
                    }
                    None => id,
                },
            };
            places.insert(id, place);
        }
        places.get(&root).copied().unwrap_or(root)
    }

    /// The expression with `variable` replaced by `value`.
    pub fn substitute(&mut self, root: Id, variable: u16, value: Id) -> Id {
        let variable = self.insert(Node::Variable(variable));
        self.replace(root, &BTreeMap::from([(variable, value)]))
    }

    /// The derivative of `root` with respect to a variable, valid wherever `root` is defined and analytic.
    ///
    /// Errors: [`NotDifferentiable`] if an absolute value depends on the variable.
    pub fn derivative(&mut self, root: Id, variable: u16) -> Result<Id, NotDifferentiable> {
        // No entry means the derivative is zero.
        let mut slopes: BTreeMap<Id, Id> = BTreeMap::new();
        for id in self.reachable(root) {
            let Some(node) = self.node(id).cloned() else { continue };
            if let Some(slope) = self.slope(id, &node, variable, &slopes)? {
                slopes.insert(id, slope);
            }
        }
        Ok(slopes.get(&root).copied().unwrap_or_else(|| self.number(0)))
    }

    /// The derivative of one node from those of its children; `None` is zero.
    fn slope(
        &mut self,
        id: Id,
        node: &Node,
        variable: u16,
        slopes: &BTreeMap<Id, Id>,
    ) -> Result<Option<Id>, NotDifferentiable> {
        let of = |child: &Id| slopes.get(child).copied();
        Ok(match node {
            Node::Number(_) | Node::Pi => None,
            Node::Variable(name) => (*name == variable).then(|| self.number(1)),
            Node::Add(a, b) => match (of(a), of(b)) {
                (Some(da), Some(db)) => Some(self.insert(Node::Add(da, db))),
                (da, db) => da.or(db),
            },
            Node::Sub(a, b) => match (of(a), of(b)) {
                (Some(da), Some(db)) => Some(self.insert(Node::Sub(da, db))),
                (da, None) => da,
                (None, Some(db)) => Some(self.negative(db)),
            },
            Node::Neg(a) => of(a).map(|da| self.negative(da)),
            Node::Mul(a, b) => {
                let left = of(a).map(|da| self.product(da, *b));
                let right = of(b).map(|db| self.product(*a, db));
                match (left, right) {
                    (Some(left), Some(right)) => Some(self.insert(Node::Add(left, right))),
                    (left, right) => left.or(right),
                }
            }
            Node::Div(a, b) => match (of(a), of(b)) {
                (None, None) => None,
                (Some(da), None) => Some(self.insert(Node::Div(da, *b))),
                (da, Some(db)) => {
                    // (da - a/b * db) / b
                    let ratio = self.product(id, db);
                    let top = match da {
                        Some(da) => self.insert(Node::Sub(da, ratio)),
                        None => self.negative(ratio),
                    };
                    Some(self.insert(Node::Div(top, *b)))
                }
            },
            Node::Power(a, exponent) => of(a).map(|da| {
                let factor = self.number(exponent.clone());
                let lowered = Rational::from(exponent - 1u32);
                let rest = if lowered == 0 {
                    self.number(1)
                } else if lowered == 1 {
                    *a
                } else {
                    self.insert(Node::Power(*a, lowered))
                };
                let scaled = self.product(factor, rest);
                self.product(scaled, da)
            }),
            Node::Apply(function, a) => match of(a) {
                None => None,
                Some(da) => {
                    let outer = self.outer_slope(*function, *a, id)?;
                    Some(self.product(outer, da))
                }
            },
        })
    }

    /// The derivative of an elementary function at its argument, `value` being the function's own node.
    fn outer_slope(&mut self, function: Function, a: Id, value: Id) -> Result<Id, NotDifferentiable> {
        let one = self.number(1);
        let two = Rational::from(2);
        let half = Rational::from((1, 2));
        Ok(match function {
            Function::Exp => value,
            Function::Log => self.insert(Node::Div(one, a)),
            Function::Sin => self.insert(Node::Apply(Function::Cos, a)),
            Function::Cos => {
                let sine = self.insert(Node::Apply(Function::Sin, a));
                self.negative(sine)
            }
            Function::Tan => {
                let square = self.insert(Node::Power(value, two));
                self.insert(Node::Add(one, square))
            }
            Function::Sinh => self.insert(Node::Apply(Function::Cosh, a)),
            Function::Cosh => self.insert(Node::Apply(Function::Sinh, a)),
            Function::Tanh => {
                // 1/cosh^2 rather than 1 - tanh^2: no cancellation in the tails.
                let cosh = self.insert(Node::Apply(Function::Cosh, a));
                let square = self.insert(Node::Power(cosh, two));
                self.insert(Node::Div(one, square))
            }
            Function::Atan => {
                let square = self.insert(Node::Power(a, two));
                let below = self.insert(Node::Add(one, square));
                self.insert(Node::Div(one, below))
            }
            Function::Asinh => {
                let square = self.insert(Node::Power(a, two));
                let sum = self.insert(Node::Add(one, square));
                let below = self.insert(Node::Power(sum, half));
                self.insert(Node::Div(one, below))
            }
            Function::Erf => {
                let square = self.insert(Node::Power(a, two));
                let negative = self.negative(square);
                let bell = self.insert(Node::Apply(Function::Exp, negative));
                let pi = self.insert(Node::Pi);
                let root = self.insert(Node::Power(pi, half));
                let two = self.number(2);
                let factor = self.insert(Node::Div(two, root));
                self.product(factor, bell)
            }
            Function::Abs => return Err(NotDifferentiable),
        })
    }

    /// A product with the factors 1 and the products of two numbers folded away.
    fn product(&mut self, a: Id, b: Id) -> Id {
        match (self.node(a), self.node(b)) {
            (Some(Node::Number(x)), Some(Node::Number(y))) => {
                let value = Rational::from(x * y);
                self.number(value)
            }
            (Some(Node::Number(x)), _) if *x == 1 => b,
            (_, Some(Node::Number(y))) if *y == 1 => a,
            _ => self.insert(Node::Mul(a, b)),
        }
    }

    /// A negative with double negatives and negatives of numbers folded away.
    fn negative(&mut self, a: Id) -> Id {
        match self.node(a) {
            Some(Node::Number(x)) => {
                let value = Rational::from(-x);
                self.number(value)
            }
            Some(Node::Neg(inner)) => *inner,
            _ => self.insert(Node::Neg(a)),
        }
    }
}

/// Whether an exponent is small enough to compute with.
pub fn exponent_is_tame(exponent: &Rational) -> bool {
    exponent.numer().clone().abs() <= limits::EXPONENT && *exponent.denom() <= limits::EXPONENT
}
