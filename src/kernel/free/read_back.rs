//! From normal forms back to nodes, for people to read.

use super::super::expr::{Id, Node as Expression};
use super::super::limits;
use super::super::theorem::{Rejection, require};
use super::algebra::Algebra;
use super::data::{IndexData, Node, TheoryData};
use super::element::{Element, FreeAtom};
use super::index::{BOUND, Index};
use super::reading::{factored, runs};
use super::scalar::{Atom, Monomial, Scalar};
use super::word::{Head, Letter, Word, overflow};
use rug::Rational;
use std::collections::BTreeMap;

/// A theory that grows by the nodes that are read back.
struct Reader<'a, 'b> {
    algebra: &'a Algebra<'b>,
    theory: TheoryData,
    /// The index that stands for the index of the sum at hand.
    bound: Option<u16>,
}

impl Algebra<'_> {
    /// The theory with nodes for an element, and the place of its root.
    ///
    /// Errors: if the theory becomes too large. The recursion is as deep as unknown functions are nested.
    pub fn read_back(&self, element: &Element) -> Result<(TheoryData, usize), Rejection> {
        let mut theory = self.theory.clone();
        theory.nodes.clear();
        theory.definitions.clear();
        let mut reader = Reader {
            algebra: self,
            theory,
            bound: None,
        };
        let root = reader.element(element)?;
        Ok((reader.theory, root))
    }
}

impl Reader<'_, '_> {
    fn push(&mut self, node: Node) -> usize {
        self.theory.nodes.push(node);
        self.theory.nodes.len().saturating_sub(1)
    }

    /// Functions in the arguments of functions are written out again and again.
    fn check_length(&self) -> Result<(), Rejection> {
        require(
            self.theory.nodes.len() <= limits::THEORY_NODES,
            "the normal form is too long to be written",
        )
    }

    fn element(&mut self, element: &Element) -> Result<usize, Rejection> {
        self.check_length()?;
        let mut sum: Option<usize> = None;
        for (key, coefficient) in &element.terms {
            let before = self.bound;
            if let Some((from, to)) = &key.sum {
                let place = u16::try_from(self.theory.indices.len()).map_err(|_| overflow())?;
                let from = self.index(from)?;
                let to = Some(self.index(to)?);
                let name = self.fresh_name();
                self.theory.indices.push(IndexData { name, from, to });
                self.bound = Some(place);
            }
            // Signs are pulled out, so that a - b is not a + -b.
            let negative = coefficient.terms().all(|(_, value)| *value < 0);
            let shown = if negative {
                coefficient.scaled(&Rational::from(-1))
            } else {
                coefficient.clone()
            };
            let mut term = self.term(element, &shown, &key.word)?;
            if let (Some(_), Some(variable)) = (&key.sum, self.bound) {
                term = self.push(Node::Sum(variable, term));
            }
            self.bound = before;
            sum = Some(match (sum, negative) {
                (None, false) => term,
                (None, true) => self.push(Node::Neg(term)),
                (Some(sum), false) => self.push(Node::Add(sum, term)),
                (Some(sum), true) => self.push(Node::Sub(sum, term)),
            });
        }
        Ok(match sum {
            Some(root) => root,
            None => self.push(Node::Number(Rational::new())),
        })
    }

    /// The first of j, j1, j2, ... that is free.
    fn fresh_name(&self) -> String {
        let taken = |name: &str| {
            let indices = self.theory.indices.iter().any(|index| index.name == name);
            indices || self.theory.symbols.iter().any(|symbol| symbol.name == name)
        };
        let mut candidates = (1..1000).map(|number| format!("j{number}"));
        if taken("j") {
            candidates.find(|name| !taken(name)).unwrap_or_default()
        } else {
            "j".to_owned()
        }
    }

    fn term(&mut self, element: &Element, coefficient: &Scalar, word: &Word) -> Result<usize, Rejection> {
        if word.is_empty() && element.is_scalar() {
            return self.scalar(coefficient);
        }
        let mut product = None;
        if coefficient.value() != Some(Rational::from(1)) {
            product = Some(self.scalar(coefficient)?);
        }
        if word.is_empty() {
            let identity = self.push(Node::Identity(element.rows.clone()));
            return Ok(self.times(product, identity));
        }
        self.letters(product, word)
    }

    fn times(&mut self, product: Option<usize>, factor: usize) -> usize {
        match product {
            Some(product) => self.push(Node::Mul(product, factor)),
            None => factor,
        }
    }

    fn scalar(&mut self, scalar: &Scalar) -> Result<usize, Rejection> {
        let (size, common, rest) = factored(scalar);
        if !common.powers().is_empty() {
            let sum = self.scalar_sum(&rest)?;
            return self.monomial(&common, &size, Some(sum));
        }
        self.scalar_sum(scalar)
    }

    fn scalar_sum(&mut self, scalar: &Scalar) -> Result<usize, Rejection> {
        let mut sum: Option<usize> = None;
        // Positive terms first, then the long monomials before the short ones.
        let mut terms: Vec<(&Monomial, &Rational)> = scalar.terms().collect();
        terms.sort_by_key(|(monomial, value)| (**value < 0, std::cmp::Reverse(monomial.powers().len())));
        for (monomial, value) in terms {
            let negative = *value < 0;
            let size = Rational::from(value.abs_ref());
            let term = self.monomial(monomial, &size, None)?;
            sum = Some(match (sum, negative) {
                (None, false) => term,
                (None, true) => self.push(Node::Neg(term)),
                (Some(sum), false) => self.push(Node::Add(sum, term)),
                (Some(sum), true) => self.push(Node::Sub(sum, term)),
            });
        }
        Ok(match sum {
            Some(root) => root,
            None => self.push(Node::Number(Rational::new())),
        })
    }

    /// A positive multiple of a monomial, times a sum if there is one; negative powers go below the line.
    fn monomial(&mut self, monomial: &Monomial, size: &Rational, sum: Option<usize>) -> Result<usize, Rejection> {
        self.check_length()?;
        let mut above = None;
        let mut below = None;
        if *size != 1 {
            above = Some(self.push(Node::Number(size.clone())));
        }
        for (atom, exponent) in monomial.powers() {
            let base = self.atom(*atom)?;
            let power = match exponent.unsigned_abs() {
                1 => base,
                times => self.push(Node::Power(base, Rational::from(times))),
            };
            if *exponent > 0 {
                above = Some(self.times(above, power));
            } else {
                below = Some(self.times(below, power));
            }
        }
        if let Some(sum) = sum {
            above = Some(self.times(above, sum));
        }
        let above = match above {
            Some(above) => above,
            None => self.push(Node::Number(Rational::from(1))),
        };
        Ok(match below {
            Some(below) => self.push(Node::Div(above, below)),
            None => above,
        })
    }

    fn atom(&mut self, atom: u16) -> Result<usize, Rejection> {
        match self.algebra.scalars.get(atom).cloned() {
            Some(Atom::Plain(FreeAtom::Trace(word))) => self.trace(&word),
            Some(Atom::Plain(FreeAtom::Size(dimension))) => {
                // The trace of the identity is how a size is written as a number.
                let identity = self.push(Node::Identity(dimension));
                Ok(self.push(Node::Trace(identity)))
            }
            Some(Atom::Plain(FreeAtom::Unknown(function, order, place))) => {
                let argument = self.algebra.argument(place)?.clone();
                let argument = self.element(&argument)?;
                Ok(self.push(Node::Unknown(function, order, argument)))
            }
            Some(Atom::Expression(id)) => self.expression(id),
            None => Err(Rejection::new("an atom is missing")),
        }
    }

    /// A trace as a squared norm, as a product that is a number, or as a trace.
    fn trace(&mut self, word: &Word) -> Result<usize, Rejection> {
        if let [letter] = word.as_slice() {
            let (rows, columns) = self.algebra.alphabet.shape(letter)?;
            if rows.is_one() && columns.is_one() {
                return self.letter(letter);
            }
        }
        if let Some(root) = self.algebra.square_root(word) {
            let root = self.word(&root)?;
            return Ok(self.push(Node::Inner(root, root)));
        }
        if let Some(turned) = self.algebra.as_number(word)? {
            return self.word(&turned);
        }
        if let Some((gradient, rest)) = self.algebra.alphabet.paired(word) {
            let gradient = self.letter(&gradient)?;
            let rest = self.word(&rest)?;
            return Ok(self.push(Node::Inner(gradient, rest)));
        }
        let product = self.word(word)?;
        Ok(self.push(Node::Trace(product)))
    }

    fn word(&mut self, word: &Word) -> Result<usize, Rejection> {
        self.letters(None, word)
    }

    /// A product with letters after it; what is repeated is written as a power.
    fn letters(&mut self, product: Option<usize>, word: &Word) -> Result<usize, Rejection> {
        let mut product = product;
        for (part, times) in runs(word) {
            let mut base = None;
            for letter in part {
                let letter = self.letter(letter)?;
                base = Some(self.times(base, letter));
            }
            let base = base.unwrap_or_default();
            let power = match times {
                1 => base,
                times => self.push(Node::Power(base, Rational::from(times))),
            };
            product = Some(self.times(product, power));
        }
        Ok(product.unwrap_or_default())
    }

    fn letter(&mut self, letter: &Letter) -> Result<usize, Rejection> {
        self.check_length()?;
        let node = match &letter.head {
            Head::Symbol(symbol) => Node::Symbol(*symbol),
            Head::Range(symbol, high, low) if high == low => Node::Member(*symbol, self.index(high)?),
            Head::Range(symbol, high, low) => Node::Product(*symbol, self.index(high)?, self.index(low)?),
            Head::Gradient(function, place) => {
                let argument = self.algebra.argument(*place)?.clone();
                Node::Gradient(*function, self.element(&argument)?)
            }
            Head::Second(function, place, direction) => {
                let argument = self.algebra.argument(*place)?.clone();
                let argument = self.element(&argument)?;
                let direction = if direction.is_empty() {
                    let (rows, _) = self.algebra.alphabet.shape(letter)?;
                    self.push(Node::Identity(rows))
                } else {
                    self.word(direction)?
                };
                Node::Second(*function, argument, direction)
            }
        };
        let upright = self.push(node);
        Ok(if letter.transposed {
            self.push(Node::Transpose(upright))
        } else {
            upright
        })
    }

    /// An index with the index of the sum at hand named.
    fn index(&self, index: &Index) -> Result<Index, Rejection> {
        match self.bound {
            Some(bound) => index.substitute(BOUND, &Index::variable(bound)).ok_or_else(overflow),
            None => Ok(index.clone()),
        }
    }

    /// An expression in atoms.
    fn expression(&mut self, root: Id) -> Result<usize, Rejection> {
        let table = self.algebra.scalars.table();
        let mut places: BTreeMap<Id, usize> = BTreeMap::new();
        for id in table.reachable(root) {
            let at = |child: &Id| places.get(child).copied().unwrap_or_default();
            let node = match table.node(id) {
                Some(Expression::Number(value)) => Node::Number(value.clone()),
                Some(Expression::Pi) => Node::Pi,
                Some(Expression::Variable(atom)) => {
                    let place = self.atom(*atom)?;
                    places.insert(id, place);
                    continue;
                }
                Some(Expression::Add(a, b)) => Node::Add(at(a), at(b)),
                Some(Expression::Sub(a, b)) => Node::Sub(at(a), at(b)),
                Some(Expression::Mul(a, b)) => Node::Mul(at(a), at(b)),
                Some(Expression::Div(a, b)) => Node::Div(at(a), at(b)),
                Some(Expression::Neg(a)) => Node::Neg(at(a)),
                Some(Expression::Power(a, exponent)) => Node::Power(at(a), exponent.clone()),
                Some(Expression::Apply(function, a)) => Node::Apply(*function, at(a)),
                None => return Err(Rejection::new("an expression is missing")),
            };
            let place = self.push(node);
            places.insert(id, place);
        }
        places
            .get(&root)
            .copied()
            .ok_or_else(|| Rejection::new("an expression is missing"))
    }
}
