//! Signs that are plain from the form of a scalar: sums of squares, products, assumptions.

use super::super::expr::{Function, Id, Node as Expression};
use super::super::theorem::Rejection;
use super::algebra::Algebra;
use super::data::{Node, Relation};
use super::element::{Element, FreeAtom};
use super::scalar::{Atom, Scalar};
use super::word::Word;
use rug::Rational;
use std::collections::BTreeMap;

/// What is known of the sign of a scalar; several things may be known at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Signs {
    /// At least 0.
    pub nonnegative: bool,
    /// At most 0.
    pub nonpositive: bool,
    /// Not 0.
    pub nonzero: bool,
}

impl Signs {
    /// Nothing is known.
    const UNKNOWN: Signs = Signs {
        nonnegative: false,
        nonpositive: false,
        nonzero: false,
    };
    /// Greater than 0.
    const POSITIVE: Signs = Signs {
        nonnegative: true,
        nonpositive: false,
        nonzero: true,
    };
    /// At least 0.
    const NONNEGATIVE: Signs = Signs {
        nonnegative: true,
        nonpositive: false,
        nonzero: false,
    };

    /// What a relation says.
    pub fn of(relation: Relation) -> Self {
        Signs {
            nonnegative: matches!(relation, Relation::Positive | Relation::Nonnegative),
            nonpositive: matches!(relation, Relation::Negative | Relation::Nonpositive),
            nonzero: matches!(relation, Relation::Positive | Relation::Negative | Relation::Nonzero),
        }
    }

    /// The sign of a number.
    pub fn of_number(value: &Rational) -> Self {
        Signs {
            nonnegative: *value >= 0,
            nonpositive: *value <= 0,
            nonzero: *value != 0,
        }
    }

    /// Whether the relation follows.
    pub fn show(self, relation: Relation) -> bool {
        let wanted = Signs::of(relation);
        (self.nonnegative || !wanted.nonnegative)
            && (self.nonpositive || !wanted.nonpositive)
            && (self.nonzero || !wanted.nonzero)
    }

    /// Both are known.
    fn and(self, other: Self) -> Self {
        Signs {
            nonnegative: self.nonnegative || other.nonnegative,
            nonpositive: self.nonpositive || other.nonpositive,
            nonzero: self.nonzero || other.nonzero,
        }
    }

    /// The sign of the negative.
    fn negative(self) -> Self {
        Signs {
            nonnegative: self.nonpositive,
            nonpositive: self.nonnegative,
            nonzero: self.nonzero,
        }
    }

    /// The sign of a sum.
    fn plus(self, other: Self) -> Self {
        let nonnegative = self.nonnegative && other.nonnegative;
        let nonpositive = self.nonpositive && other.nonpositive;
        Signs {
            nonnegative,
            nonpositive,
            nonzero: (nonnegative || nonpositive) && (self.nonzero || other.nonzero),
        }
    }

    /// The sign of a product.
    fn times(self, other: Self) -> Self {
        let same = (self.nonnegative && other.nonnegative) || (self.nonpositive && other.nonpositive);
        let opposite = (self.nonnegative && other.nonpositive) || (self.nonpositive && other.nonnegative);
        Signs {
            nonnegative: same,
            nonpositive: opposite,
            nonzero: self.nonzero && other.nonzero,
        }
    }

    /// The sign of a power, which is assumed to be defined.
    fn power(self, exponent: &Rational) -> Self {
        // A negative power is only defined where the base is not 0.
        let nonzero = self.nonzero || *exponent <= 0;
        if *exponent.denom() != 1 || exponent.numer().is_even() {
            return Signs {
                nonnegative: true,
                nonpositive: false,
                nonzero,
            };
        }
        Signs { nonzero, ..self }
    }
}

impl Algebra<'_> {
    /// The sign of a scalar node whose value has been computed, from its form, its normal form and the assumptions.
    ///
    /// Errors: if a child has no value yet.
    pub(super) fn sign_of_node(&mut self, root: usize) -> Result<Signs, Rejection> {
        for node in self.scalar_parts(root) {
            if self.signs.contains_key(&node) {
                continue;
            }
            let mut signs = self.sign_by_form(node);
            if let Some(value) = self.values.get(&node).filter(|value| value.is_scalar()) {
                signs = signs.and(self.sign_of_element(value));
                if let Some(scalar) = value.as_scalar().filter(|_| !signs.nonzero) {
                    signs = signs.and(self.sign_by_roots(&scalar)?);
                }
            }
            self.signs.insert(node, signs);
        }
        Ok(self.signs.get(&root).copied().unwrap_or_default())
    }

    /// The nodes below a node as far as the sign depends on them, children first.
    fn scalar_parts(&self, root: usize) -> Vec<usize> {
        let mut parts = std::collections::BTreeSet::new();
        let mut pending = vec![root];
        while let Some(node) = pending.pop() {
            if self.signs.contains_key(&node) || !parts.insert(node) {
                continue;
            }
            match self.theory.nodes.get(node) {
                Some(Node::Add(a, b) | Node::Sub(a, b) | Node::Mul(a, b) | Node::Div(a, b)) => pending.extend([*a, *b]),
                Some(Node::Neg(a) | Node::Power(a, _) | Node::Transpose(a) | Node::Trace(a)) => pending.push(*a),
                Some(Node::Apply(_, a)) => pending.push(*a),
                _ => {}
            }
        }
        parts.into_iter().collect()
    }

    /// The sign of a node from the signs of its children.
    fn sign_by_form(&self, node: usize) -> Signs {
        let of = |node: &usize| self.signs.get(node).copied().unwrap_or_default();
        let is_scalar = self.values.get(&node).is_some_and(|value| value.is_scalar());
        if !is_scalar {
            return Signs::UNKNOWN;
        }
        let factors = |a: &usize, b: &usize| {
            let scalar = |node: &usize| self.values.get(node).is_some_and(|value| value.is_scalar());
            scalar(a) && scalar(b)
        };
        match self.theory.nodes.get(node) {
            Some(Node::Number(value)) => Signs::of_number(value),
            Some(Node::Pi) => Signs::POSITIVE,
            Some(Node::Add(a, b)) => of(a).plus(of(b)),
            Some(Node::Sub(a, b)) => of(a).plus(of(b).negative()),
            Some(Node::Mul(a, b)) if factors(a, b) && a == b => of(a).power(&Rational::from(2)),
            Some(Node::Mul(a, b)) if factors(a, b) => of(a).times(of(b)),
            Some(Node::Div(a, b)) => of(a).times(of(b).power(&Rational::from(-1))),
            Some(Node::Neg(a)) => of(a).negative(),
            Some(Node::Transpose(a)) => of(a),
            Some(Node::Power(a, exponent)) => of(a).power(exponent),
            Some(Node::Inner(a, b)) if a == b => Signs::NONNEGATIVE,
            Some(Node::Apply(function, a)) => sign_of_function(*function, of(a)),
            _ => Signs::UNKNOWN,
        }
    }

    /// The sign of a scalar that may contain sums of symbolic length, which may be empty.
    fn sign_of_element(&self, element: &Element) -> Signs {
        if let Some(scalar) = element.as_scalar() {
            return self.sign_of(&scalar);
        }
        let mut total = Signs::of_number(&Rational::new());
        for (key, coefficient) in &element.terms {
            let mut signs = self.sign_of(coefficient);
            signs.nonzero &= key.sum.is_none();
            total = total.plus(signs);
        }
        total
    }

    /// The sign of a polynomial in atoms: from its terms, or because it is a multiple of what is assumed.
    pub(super) fn sign_of(&self, scalar: &Scalar) -> Signs {
        let mut sum = Signs::of_number(&Rational::new());
        for (monomial, coefficient) in scalar.terms() {
            let mut product = Signs::of_number(coefficient);
            for (atom, exponent) in monomial.powers() {
                product = product.times(self.sign_of_atom(*atom).power(&Rational::from(*exponent)));
            }
            sum = sum.plus(product);
        }
        sum.and(self.assumed_sign(scalar))
    }

    fn sign_of_atom(&self, atom: u16) -> Signs {
        let known = self.assumed_sign(&Scalar::atom(atom));
        known.and(match self.scalars.get(atom) {
            Some(Atom::Plain(FreeAtom::Size(_))) => Signs::POSITIVE,
            Some(Atom::Plain(FreeAtom::Trace(word))) if self.square_root(word).is_some() => Signs::NONNEGATIVE,
            Some(Atom::Expression(id)) => self.sign_of_expression(*id),
            _ => Signs::UNKNOWN,
        })
    }

    /// A word U such that a cycle is U'U, so that its trace is the squared norm of U.
    pub(super) fn square_root(&self, word: &Word) -> Option<Word> {
        if word.is_empty() || !word.len().is_multiple_of(2) {
            return None;
        }
        let half = word.len() / 2;
        let turns = (0..word.len()).map(|turn| {
            let mut turned = word.clone();
            turned.rotate_left(turn);
            turned
        });
        let roots = turns.filter_map(|turned| {
            let (left, right) = turned.split_at(half);
            (self.alphabet.transposed(left) == right).then(|| right.to_vec())
        });
        // The one with the fewest transposes reads best.
        roots.min_by_key(|root| root.iter().filter(|letter| letter.transposed).count())
    }

    /// A closed word that goes through size 1, turned so that it is a product of shape 1 x 1.
    pub(super) fn as_number(&self, word: &Word) -> Result<Option<Word>, Rejection> {
        let flipped = self.alphabet.transposed(word);
        let mut best: Option<Word> = None;
        for candidate in [word, &flipped] {
            for turn in 0..candidate.len() {
                let mut turned = candidate.clone();
                turned.rotate_left(turn);
                let starts = match turned.first() {
                    Some(first) => self.alphabet.shape(first)?.0.is_one(),
                    None => false,
                };
                let transposes = |word: &Word| word.iter().filter(|letter| letter.transposed).count();
                if starts && best.as_ref().is_none_or(|best| transposes(&turned) < transposes(best)) {
                    best = Some(turned);
                }
            }
        }
        Ok(best)
    }

    /// The sign of an expression in atoms, from the signs of its parts.
    fn sign_of_expression(&self, root: Id) -> Signs {
        let table = self.scalars.table();
        let mut signs: BTreeMap<Id, Signs> = BTreeMap::new();
        for id in table.reachable(root) {
            let of = |id: &Id| signs.get(id).copied().unwrap_or(Signs::UNKNOWN);
            let sign = match table.node(id) {
                Some(Expression::Number(value)) => Signs::of_number(value),
                Some(Expression::Pi) => Signs::POSITIVE,
                Some(Expression::Variable(atom)) => self.sign_of_atom(*atom),
                Some(Expression::Add(a, b)) => of(a).plus(of(b)),
                Some(Expression::Sub(a, b)) => of(a).plus(of(b).negative()),
                Some(Expression::Mul(a, b)) if a == b => of(a).power(&Rational::from(2)),
                Some(Expression::Mul(a, b)) => of(a).times(of(b)),
                Some(Expression::Div(a, b)) => of(a).times(of(b).power(&Rational::from(-1))),
                Some(Expression::Neg(a)) => of(a).negative(),
                Some(Expression::Power(a, exponent)) => of(a).power(exponent),
                Some(Expression::Apply(function, a)) => sign_of_function(*function, of(a)),
                None => Signs::UNKNOWN,
            };
            let assumed = self
                .scalars
                .form(id)
                .map_or(Signs::UNKNOWN, |form| self.assumed_sign(form));
            signs.insert(id, sign.and(assumed));
        }
        signs.get(&root).copied().unwrap_or(Signs::UNKNOWN)
    }

    /// What is assumed about a scalar or a multiple of it.
    fn assumed_sign(&self, scalar: &Scalar) -> Signs {
        let mut known = Signs::UNKNOWN;
        for (condition, signs) in &self.conditions {
            let (Some((_, a)), Some((_, b))) = (scalar.terms().next_back(), condition.terms().next_back()) else {
                continue;
            };
            let factor = Rational::from(a / b);
            if condition.scaled(&factor) == *scalar {
                known = known.and(signs.times(Signs::of_number(&factor)));
            }
        }
        known
    }
}

/// The sign of a function's value from that of its argument.
fn sign_of_function(function: Function, argument: Signs) -> Signs {
    match function {
        Function::Exp | Function::Cosh => Signs::POSITIVE,
        Function::Abs => Signs {
            nonnegative: true,
            nonpositive: false,
            nonzero: argument.nonzero,
        },
        // Odd and increasing.
        Function::Sinh | Function::Tanh | Function::Atan | Function::Asinh | Function::Erf => argument,
        Function::Log | Function::Sin | Function::Cos | Function::Tan => Signs::UNKNOWN,
    }
}
