//! From nodes to normal forms, with shapes and domains checked on the way.

use super::super::expr::{Function, Node as Expression};
use super::super::limits;
use super::super::theorem::{Rejection, Within, require};
use super::algebra::Algebra;
use super::data::{Node, Relation, TheoryData};
use super::derive::Flow;
use super::element::{Element, FreeAtom};
use super::index::Index;
use super::scalar::Scalar;
use super::shape::Dimension;
use super::signs::Signs;
use super::word::{Head, Letter, Word};
use rug::Rational;
use std::collections::BTreeSet;

impl TheoryData {
    /// All nodes that some nodes are made of, with themselves; motions are not followed.
    pub(super) fn below(&self, roots: &[usize]) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        let mut pending = roots.to_vec();
        while let Some(node) = pending.pop() {
            if found.insert(node) {
                pending.extend(self.nodes.get(node).into_iter().flat_map(Node::children));
            }
        }
        found
    }
}

/// How every rejection begins that is about shapes alone.
pub(super) const SHAPES: &str = "the shapes do not fit: ";

/// A rejection because of shapes.
pub(super) fn misfit(why: &str) -> Rejection {
    Rejection::new(format!("{SHAPES}{why}"))
}

/// Deepest chain of motions: the derivative of a symbol mentions the derivative of another, and so on.
const MOTIONS: usize = 16;

impl Node {
    /// The nodes this one is made of.
    pub fn children(&self) -> Vec<usize> {
        match self {
            Node::Number(_) | Node::Pi | Node::Symbol(_) | Node::Member(..) | Node::Product(..) => Vec::new(),
            Node::Identity(_) | Node::Zero(..) => Vec::new(),
            Node::Add(a, b) | Node::Sub(a, b) | Node::Mul(a, b) | Node::Div(a, b) | Node::Inner(a, b) => vec![*a, *b],
            Node::Second(_, a, b) => vec![*a, *b],
            Node::Neg(a) | Node::Transpose(a) | Node::Power(a, _) | Node::Trace(a) | Node::Apply(_, a) => vec![*a],
            Node::Unknown(_, _, a) | Node::Gradient(_, a) | Node::Dot(a) | Node::Partial(a, _) => vec![*a],
            Node::Sum(_, a) => vec![*a],
        }
    }
}

impl Node {
    /// The same node in a list that begins `by` places later.
    #[must_use]
    pub fn shifted(&self, by: usize) -> Self {
        let at = |child: &usize| child.saturating_add(by);
        match self {
            Node::Add(a, b) => Node::Add(at(a), at(b)),
            Node::Sub(a, b) => Node::Sub(at(a), at(b)),
            Node::Mul(a, b) => Node::Mul(at(a), at(b)),
            Node::Div(a, b) => Node::Div(at(a), at(b)),
            Node::Inner(a, b) => Node::Inner(at(a), at(b)),
            Node::Second(function, a, b) => Node::Second(*function, at(a), at(b)),
            Node::Neg(a) => Node::Neg(at(a)),
            Node::Transpose(a) => Node::Transpose(at(a)),
            Node::Power(a, exponent) => Node::Power(at(a), exponent.clone()),
            Node::Trace(a) => Node::Trace(at(a)),
            Node::Apply(function, a) => Node::Apply(*function, at(a)),
            Node::Unknown(function, order, a) => Node::Unknown(*function, *order, at(a)),
            Node::Gradient(function, a) => Node::Gradient(*function, at(a)),
            Node::Dot(a) => Node::Dot(at(a)),
            Node::Partial(a, by) => Node::Partial(at(a), *by),
            Node::Sum(variable, a) => Node::Sum(*variable, at(a)),
            leaf => leaf.clone(),
        }
    }
}

impl Algebra<'_> {
    /// The normal form of a node.
    ///
    /// Errors: a rejection with the address of the node, if it has no shape or might be undefined.
    pub fn evaluate(&mut self, root: usize) -> Result<Element, Rejection> {
        if let Some(value) = self.values.get(&root) {
            return Ok(value.clone());
        }
        let mut needed = BTreeSet::new();
        let mut pending = vec![root];
        while let Some(node) = pending.pop() {
            if self.values.contains_key(&node) || !needed.insert(node) {
                continue;
            }
            let found = self.theory.nodes.get(node);
            pending.extend(found.ok_or_else(|| Rejection::new("a node is missing"))?.children());
        }
        require(self.depth < MOTIONS, "motions depend on each other too deeply")?;
        self.depth = self.depth.saturating_add(1);
        let outcome = needed.into_iter().try_for_each(|node| {
            let value = self.operation(node).within(|| format!("nodes[{node}]"))?;
            let scalars = value.terms.values();
            scalars
                .into_iter()
                .try_for_each(|scalar| self.scalars.keep(scalar))
                .within(|| format!("nodes[{node}]"))?;
            self.scalars.account().pay(1)?;
            self.values.insert(node, value);
            Ok(())
        });
        self.depth = self.depth.saturating_sub(1);
        outcome?;
        let value = self.values.get(&root);
        value.cloned().ok_or_else(|| Rejection::new("a node is missing"))
    }

    /// Checks that nothing in these nodes may be undefined; motions count if derivatives in time are taken.
    pub(super) fn check_domains(&mut self, roots: &[usize]) -> Result<(), Rejection> {
        let theory = self.theory;
        let mut below = theory.below(roots);
        if below
            .iter()
            .any(|node| matches!(theory.nodes.get(*node), Some(Node::Dot(_))))
        {
            let motions: Vec<usize> = self.motions.values().copied().chain(roots.iter().copied()).collect();
            below = theory.below(&motions);
        }
        let is_root = |node: &Node| matches!(node, Node::Power(_, exponent) if *exponent.denom() != 1);
        let kinks = below.iter().any(|node| theory.nodes.get(*node).is_some_and(is_root));
        for node in below {
            let critical = match theory.nodes.get(node) {
                Some(Node::Div(..)) => true,
                Some(Node::Power(_, exponent)) => *exponent.denom() != 1 || *exponent <= 0,
                Some(Node::Apply(function, _)) => matches!(function, Function::Log | Function::Tan),
                Some(Node::Dot(_) | Node::Partial(..)) => kinks,
                _ => false,
            };
            if critical {
                self.evaluate(node)?;
            }
        }
        Ok(())
    }

    /// The value of a child.
    fn child(&self, node: usize) -> Result<Element, Rejection> {
        let value = self.values.get(&node);
        value
            .cloned()
            .ok_or_else(|| Rejection::new("a node that refers to a later one"))
    }

    /// The value of a child that must be a scalar without symbolic sums.
    fn scalar_child(&self, node: usize) -> Result<Scalar, Rejection> {
        let value = self.child(node)?;
        if !value.is_scalar() {
            let shape = self.shape_text(&value);
            return Err(misfit(&format!("a scalar is needed, and this is a {shape} matrix")));
        }
        let plain = "a sum of symbolic length cannot be used here";
        value.as_scalar().ok_or_else(|| Rejection::new(plain))
    }

    fn operation(&mut self, place: usize) -> Result<Element, Rejection> {
        let node = self
            .theory
            .nodes
            .get(place)
            .ok_or_else(|| Rejection::new("a node is missing"))?;
        let node = node.clone();
        let backward = node.children().into_iter().all(|child| child < place);
        require(backward, "a node that refers to a later one")?;
        match node {
            Node::Number(value) => {
                let literal_zero = value == 0;
                let mut element = Element::scalar(Scalar::constant(value));
                element.literal_zero = literal_zero;
                Ok(element)
            }
            Node::Pi => Ok(Element::scalar(self.scalars.node(Expression::Pi)?)),
            Node::Symbol(symbol) => {
                let family = self.alphabet.symbol(symbol)?.family.is_some();
                require(!family, "a family needs an index")?;
                self.letter(Head::Symbol(symbol))
            }
            Node::Member(symbol, index) => self.members(symbol, &index, &index),
            Node::Product(symbol, high, low) => self.members(symbol, &high, &low),
            Node::Identity(size) => {
                let mut element = Element::zero(size.clone(), size);
                self.insert(&mut element, None, Word::new(), Scalar::constant(1))?;
                Ok(element)
            }
            Node::Zero(rows, columns) => Ok(Element::zero(rows, columns)),
            Node::Add(a, b) => self.sum(a, b, 1),
            Node::Sub(a, b) => self.sum(a, b, -1),
            Node::Mul(a, b) => {
                let (a, b) = (self.child(a)?, self.child(b)?);
                self.times(&a, &b)
            }
            Node::Div(a, b) => {
                let divisor = self.scalar_child(b)?;
                if !self.is_known(b, &divisor, Relation::Nonzero)? {
                    let text = self.scalar_text(&divisor)?;
                    let assume = format!("division by {text}, which is not known to differ from 0");
                    return Err(Rejection::new(assume));
                }
                let inverse = Element::scalar(self.scalars.inverse(&divisor)?);
                let a = self.child(a)?;
                self.times(&a, &inverse)
            }
            Node::Neg(a) => Ok(self.child(a)?.scaled(&Rational::from(-1))),
            Node::Transpose(a) => {
                let a = self.child(a)?;
                self.transposed(&a)
            }
            Node::Power(a, exponent) => self.power(place, a, &exponent),
            Node::Trace(a) => {
                let a = self.child(a)?;
                self.trace(&a)
            }
            Node::Inner(a, b) => {
                let (a, b) = (self.child(a)?, self.child(b)?);
                if a.literal_zero || b.literal_zero {
                    return Ok(Element::scalar(Scalar::default()));
                }
                if !a.same_shape(&b) {
                    let (a, b) = (self.shape_text(&a), self.shape_text(&b));
                    return Err(misfit(&format!("a {a} and a {b} matrix have no inner product")));
                }
                let a = self.transposed(&a)?;
                let product = self.times(&a, &b)?;
                if product.is_scalar() {
                    return Ok(product);
                }
                self.trace(&product)
            }
            Node::Apply(function, a) => self.apply(function, a),
            Node::Unknown(function, order, at) => self.unknown(function, order, at),
            Node::Gradient(function, at) => {
                let at = self.matrix_argument(function, at)?;
                self.letter(Head::Gradient(function, at))
            }
            Node::Second(function, at, along) => {
                let at = self.matrix_argument(function, at)?;
                let along = self.child(along)?;
                let shape = self.alphabet.function(function)?;
                let fits = shape.rows == along.rows && shape.columns == along.columns;
                require(fits, "a direction has another shape than the argument of its function")?;
                self.second(function, at, &along)
            }
            Node::Dot(a) => self.rate(a, Flow::Time),
            Node::Partial(a, by) => {
                self.scalar_child(a)?;
                let data = self.alphabet.symbol(by)?;
                let scalar = data.family.is_none() && data.rows.is_one() && data.columns.is_one();
                require(scalar, "a partial derivative is taken with respect to a scalar symbol")?;
                self.rate(a, Flow::Symbol(by))
            }
            Node::Sum(variable, body) => {
                let body = self.child(body)?;
                self.summed(&body, variable)
            }
        }
    }

    /// A matrix that is one letter.
    fn letter(&mut self, head: Head) -> Result<Element, Rejection> {
        let letter = Letter {
            head,
            transposed: false,
        };
        let (rows, columns) = self.alphabet.shape(&letter)?;
        let mut element = Element::zero(rows, columns);
        self.insert(&mut element, None, vec![letter], Scalar::constant(1))?;
        Ok(element)
    }

    /// The product of the members of a family from the first index down to the second.
    fn members(&mut self, symbol: u16, high: &Index, low: &Index) -> Result<Element, Rejection> {
        let data = self.alphabet.symbol(symbol)?.clone();
        let formal = data
            .family
            .ok_or_else(|| Rejection::new("an index on a symbol that is no family"))?;
        let normal = high.is_normal() && low.is_normal();
        require(normal, "an index is not in normal form")?;
        let ranges = &self.alphabet.ranges;
        let inside = ranges.within_range_of(low, high, formal);
        let possible = high == low || ranges.is_product(high, low);
        require(
            inside && possible,
            "an index that may be outside of the range of its family",
        )?;
        if high != low {
            let next = Index::variable(formal).shifted(1);
            let rows = next.and_then(|next| data.columns.substitute(formal, &next));
            require(
                rows.as_ref() == Some(&data.rows),
                "neighbouring members of the family do not fit",
            )?;
        }
        let range = |high: Index, low: Index| Head::Range(symbol, high, low);
        let (Some(top), Some(bottom)) = (high.value(), low.value()) else {
            let whole = self.letter_shape(range(high.clone(), low.clone()))?;
            return self.word_element(vec![range(high.clone(), low.clone())], whole);
        };
        let length = top
            .checked_sub(bottom)
            .and_then(|gap| usize::try_from(gap).ok())
            .unwrap_or(0);
        require(length <= limits::WORD, "a product is too long")?;
        let single = |index: i32| range(Index::literal(index), Index::literal(index));
        let whole = self.letter_shape(range(high.clone(), low.clone()))?;
        let word = (bottom..=top).rev().map(single).collect();
        self.word_element(word, whole)
    }

    fn letter_shape(&self, head: Head) -> Result<(Dimension, Dimension), Rejection> {
        self.alphabet.shape(&Letter {
            head,
            transposed: false,
        })
    }

    fn word_element(&mut self, heads: Vec<Head>, shape: (Dimension, Dimension)) -> Result<Element, Rejection> {
        let letters = heads.into_iter().map(|head| Letter {
            head,
            transposed: false,
        });
        let mut element = Element::zero(shape.0, shape.1);
        self.insert(&mut element, None, letters.collect(), Scalar::constant(1))?;
        Ok(element)
    }

    fn sum(&mut self, a: usize, b: usize, factor: i32) -> Result<Element, Rejection> {
        let (a, b) = (self.child(a)?, self.child(b)?);
        if !a.same_shape(&b) && !a.literal_zero && !b.literal_zero {
            let (a, b) = (self.shape_text(&a), self.shape_text(&b));
            return Err(misfit(&format!("a {a} matrix cannot be added to a {b} matrix")));
        }
        if a.literal_zero {
            return Ok(b.scaled(&Rational::from(factor)));
        }
        let mut sum = a;
        if !b.literal_zero {
            sum.add(&Rational::from(factor), &b);
        }
        Ok(sum)
    }

    fn power(&mut self, place: usize, base: usize, exponent: &Rational) -> Result<Element, Rejection> {
        let value = self.child(base)?;
        let natural = (*exponent.denom() == 1).then(|| exponent.numer().to_u32()).flatten();
        if !value.is_scalar() || value.as_scalar().is_none() {
            if value.rows != value.columns {
                return Err(misfit(&format!("a {} matrix has no powers", self.shape_text(&value))));
            }
            let times = natural.filter(|times| (1..=limits::LITERAL_POWER).contains(times));
            let times =
                times.ok_or_else(|| Rejection::new("only small positive integer powers of matrices make sense"))?;
            return (1..times).try_fold(value.clone(), |power, _| self.times(&power, &value));
        }
        let scalar = self.scalar_child(base)?;
        if let Some(times) = natural {
            let power = self.scalars.power(&scalar, times)?;
            return Ok(Element::scalar(self.reduced(power)?));
        }
        if let Some(by_hand) = self.roots.get(&place).copied() {
            return self.root_by_hand(&scalar, by_hand, exponent);
        }
        let integer = *exponent.denom() == 1;
        let defined = (integer || self.is_known(base, &scalar, Relation::Nonnegative)?)
            && (*exponent > 0 || self.is_known(base, &scalar, Relation::Nonzero)?);
        if !defined {
            let text = self.scalar_text(&scalar)?;
            let message = format!("the power {exponent} of {text}, which is not known to be defined");
            return Err(Rejection::new(message));
        }
        let power = match self.power_by_factors(&scalar, exponent)? {
            Some(power) => power,
            None => self.scalars.root(&scalar, exponent)?,
        };
        Ok(Element::scalar(self.reduced(power)?))
    }

    /// (c a^i b^j)^q = c^q a^(i q) b^(j q) if c > 0 and the factors are not negative; `None` if that is not known.
    fn power_by_factors(&mut self, base: &Scalar, exponent: &Rational) -> Result<Option<Scalar>, Rejection> {
        let Some((monomial, coefficient)) = base.single().map(|(m, c)| (m.clone(), c.clone())) else {
            return Ok(None);
        };
        let factors = monomial.powers().iter();
        let known = coefficient > 0
            && factors
                .clone()
                .all(|(atom, _)| self.sign_of(&Scalar::atom(*atom)).nonnegative);
        if !known || *exponent.denom() == 1 {
            return Ok(None);
        }
        let mut product = Scalar::constant(1);
        if coefficient != 1 {
            product = self.scalars.root(&Scalar::constant(coefficient), exponent)?;
        }
        for (atom, times) in monomial.powers() {
            let (inside, power) = self.scalars.as_root(*atom);
            let power = power * Rational::from(*times) * exponent;
            let factor = self.scalars.root(&inside, &power)?;
            product = self.scalars.times(&product, &factor)?;
        }
        Ok(Some(product))
    }

    /// Whether the sign of a scalar is plain from its form, or from its roots if it is a polynomial in one symbol.
    fn is_known(&mut self, node: usize, scalar: &Scalar, relation: Relation) -> Result<bool, Rejection> {
        Ok(self.sign_of_node(node)?.show(relation) || self.has_sign_by_roots(scalar, relation)?)
    }

    /// A square root whose value is given: not negative, and its square is the radicand.
    fn root_by_hand(&mut self, radicand: &Scalar, by_hand: usize, exponent: &Rational) -> Result<Element, Rejection> {
        require(
            *exponent == Rational::from((1, 2)),
            "only square roots are taken by hand",
        )?;
        // Computed by `take_roots` unless it is needed without the assumed equations.
        self.evaluate(by_hand)?;
        let value = self.scalar_child(by_hand)?;
        let square = self.scalars.times(&value, &value)?;
        let mut difference = self.reduced(square)?;
        difference.add(&Rational::from(-1), radicand);
        require(
            self.scalars.is_zero(&difference)?,
            "the square of a root taken by hand is not the radicand",
        )?;
        let signs: Signs = self.sign_of_node(by_hand)?;
        require(signs.nonnegative, "a root taken by hand may be negative")?;
        Ok(Element::scalar(value))
    }

    fn apply(&mut self, function: Function, argument: usize) -> Result<Element, Rejection> {
        let scalar = self.scalar_child(argument)?;
        if function == Function::Log {
            let positive = self.is_known(argument, &scalar, Relation::Positive)?;
            require(positive, "the logarithm of something that is not known to be positive")?;
        }
        require(
            function != Function::Tan,
            "the tangent may be undefined: write sin and cos, and assume that cos is not 0",
        )?;
        if function == Function::Abs {
            let signs = self.sign_of_node(argument)?;
            if signs.nonnegative || signs.nonpositive {
                let sign = if signs.nonnegative { 1 } else { -1 };
                return Ok(Element::scalar(scalar.scaled(&Rational::from(sign))));
            }
        }
        let id = self.scalars.build(&scalar)?;
        Ok(Element::scalar(self.scalars.node(Expression::Apply(function, id))?))
    }

    fn unknown(&mut self, function: u16, order: u8, at: usize) -> Result<Element, Rejection> {
        let data = self.alphabet.function(function)?;
        let scalar = data.rows.is_one() && data.columns.is_one();
        require(
            scalar || order == 0,
            "only functions of scalars are differentiated with primes",
        )?;
        let place = self.matrix_argument(function, at)?;
        Ok(Element::scalar(
            self.scalars.plain(FreeAtom::Unknown(function, order, place))?,
        ))
    }

    /// The place of an argument of the right shape.
    fn matrix_argument(&mut self, function: u16, at: usize) -> Result<usize, Rejection> {
        let mut argument = self.child(at)?;
        let data = self.alphabet.function(function)?.clone();
        if argument.literal_zero {
            argument = Element::zero(data.rows.clone(), data.columns.clone());
        }
        if data.rows != argument.rows || data.columns != argument.columns {
            let wanted = self.dimensions_text(&data.rows, &data.columns);
            let shape = self.shape_text(&argument);
            let message = format!("`{}` takes a {wanted} matrix, and this is a {shape} matrix", data.name);
            return Err(misfit(&message));
        }
        self.intern(argument)
    }
}
