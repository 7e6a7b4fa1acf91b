//! Scalars: polynomials with rational coefficients in atoms, an atom being a letter, a trace, or an expression.

use super::super::expr::{Id, Node, Table};
use super::super::limits;
use super::super::normal_form::{Decision, is_identically_zero};
use super::super::theorem::{Rejection, require};
pub use super::monomial::Monomial;
use rug::Rational;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

/// A polynomial in atoms.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Scalar {
    pub(super) terms: BTreeMap<Monomial, Rational>,
}

impl Scalar {
    /// A constant.
    pub fn constant(value: impl Into<Rational>) -> Self {
        let mut scalar = Scalar::default();
        scalar.add_term(Monomial::default(), &value.into());
        scalar
    }

    /// One monomial.
    pub fn monomial(monomial: Monomial) -> Self {
        let mut scalar = Scalar::default();
        scalar.add_term(monomial, &Rational::from(1));
        scalar
    }

    /// One atom.
    pub fn atom(atom: u16) -> Self {
        Scalar::monomial(Monomial::power(atom, 1))
    }

    /// The monomials with their coefficients, none of which is 0.
    pub fn terms(&self) -> impl DoubleEndedIterator<Item = (&Monomial, &Rational)> {
        self.terms.iter()
    }

    /// The number of terms.
    pub fn len(&self) -> usize {
        self.terms.len()
    }

    /// Whether there is no term.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// The value of a polynomial without atoms.
    pub fn value(&self) -> Option<Rational> {
        match self.terms.first_key_value() {
            None => Some(Rational::new()),
            Some((monomial, value)) if self.terms.len() == 1 && monomial.powers().is_empty() => Some(value.clone()),
            Some(_) => None,
        }
    }

    /// The only term.
    pub fn single(&self) -> Option<(&Monomial, &Rational)> {
        self.terms.first_key_value().filter(|_| self.terms.len() == 1)
    }

    /// Adds a multiple of a monomial.
    pub fn add_term(&mut self, monomial: Monomial, coefficient: &Rational) {
        let entry = self.terms.entry(monomial).or_default();
        *entry += coefficient;
        if *entry == 0 {
            self.terms.retain(|_, coefficient| *coefficient != 0);
        }
    }

    /// Adds a multiple of another scalar.
    pub fn add(&mut self, factor: &Rational, other: &Self) {
        for (monomial, coefficient) in &other.terms {
            let entry = self.terms.entry(monomial.clone()).or_default();
            *entry += Rational::from(coefficient * factor);
        }
        self.terms.retain(|_, coefficient| *coefficient != 0);
    }

    /// The multiple by a rational.
    pub fn scaled(&self, factor: &Rational) -> Self {
        let mut scalar = Scalar::default();
        scalar.add(factor, self);
        scalar
    }

    /// All atoms, expressions included.
    pub fn atoms(&self) -> BTreeSet<u16> {
        let powers = self.terms.keys().flat_map(|monomial| monomial.powers());
        powers.map(|(atom, _)| *atom).collect()
    }
}

/// What a term that is kept in memory costs.
const KEEP: usize = 4;

/// What a normal form may cost; every product of terms is a unit.
#[derive(Debug)]
pub struct Account {
    left: Cell<u64>,
}

impl Account {
    /// The account of one certificate.
    pub fn new() -> Self {
        Account {
            left: Cell::new(limits::TERM_PRODUCTS),
        }
    }

    /// Takes units off. Errors: if there are not enough.
    pub fn pay(&self, units: usize) -> Result<(), Rejection> {
        let units = u64::try_from(units).unwrap_or(u64::MAX);
        let left = self.left.get().checked_sub(units);
        require(left.is_some(), "the normal forms are too large")?;
        self.left.set(left.unwrap_or(0));
        Ok(())
    }
}

/// An atom: something without inner structure for the polynomial, or an expression in such atoms.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Atom<A> {
    /// No expression in other atoms.
    Plain(A),
    /// An expression in the table whose variables are plain atoms.
    Expression(Id),
}

/// All atoms of one theory, with the table of the expressions among them; `Variable(i)` there is atom number i.
#[derive(Debug)]
pub struct Scalars<A> {
    atoms: Vec<Atom<A>>,
    places: BTreeMap<Atom<A>, u16>,
    pub(super) table: Table,
    /// The polynomials that were built into expressions: their signs may be known.
    pub(super) forms: BTreeMap<Id, Scalar>,
    account: Account,
}

impl<A: Ord + Clone> Scalars<A> {
    /// No atoms yet.
    pub fn new() -> Self {
        Scalars {
            atoms: Vec::new(),
            places: BTreeMap::new(),
            table: Table::new(),
            forms: BTreeMap::new(),
            account: Account::new(),
        }
    }

    /// The account that everything is paid from.
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// Pays for the memory of a scalar that is kept.
    ///
    /// Errors: if that is too much, or if a coefficient is too long.
    pub fn keep(&self, scalar: &Scalar) -> Result<(), Rejection> {
        let bits = |value: &Rational| value.numer().significant_bits().max(value.denom().significant_bits());
        let longest = scalar.terms.values().map(bits).max().unwrap_or(0);
        require(longest <= limits::COEFFICIENT_BITS, "a coefficient is too long")?;
        self.account.pay(scalar.len().saturating_mul(KEEP))
    }

    /// The table of expressions.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// What an atom is.
    pub fn get(&self, atom: u16) -> Option<&Atom<A>> {
        self.atoms.get(usize::from(atom))
    }

    /// The polynomial that was built into an expression.
    pub fn form(&self, id: Id) -> Option<&Scalar> {
        self.forms.get(&id)
    }

    pub(super) fn place(&mut self, atom: Atom<A>) -> Result<u16, Rejection> {
        if let Some(place) = self.places.get(&atom) {
            return Ok(*place);
        }
        let place = u16::try_from(self.atoms.len()).map_err(|_| Rejection::new("too many atoms"))?;
        self.places.insert(atom.clone(), place);
        self.atoms.push(atom);
        Ok(place)
    }

    /// A plain atom as a scalar.
    pub fn plain(&mut self, atom: A) -> Result<Scalar, Rejection> {
        Ok(Scalar::atom(self.place(Atom::Plain(atom))?))
    }

    /// An expression as a scalar.
    pub fn expression(&mut self, id: Id) -> Result<Scalar, Rejection> {
        match self.table.node(id) {
            Some(Node::Number(value)) => Ok(Scalar::constant(value.clone())),
            Some(Node::Variable(atom)) => Ok(Scalar::atom(*atom)),
            _ => Ok(Scalar::atom(self.place(Atom::Expression(id))?)),
        }
    }

    /// A new node of the table as a scalar.
    pub fn node(&mut self, node: Node) -> Result<Scalar, Rejection> {
        require(self.table.nodes().len() < limits::NODES, "too many expressions")?;
        let id = self.table.insert(node);
        self.expression(id)
    }

    /// The product of two scalars.
    pub fn times(&self, left: &Scalar, right: &Scalar) -> Result<Scalar, Rejection> {
        let letters = |scalar: &Scalar| {
            scalar
                .terms
                .last_key_value()
                .map_or(0, |(monomial, _)| monomial.powers().len())
        };
        let each = letters(left).saturating_add(letters(right)) / 4;
        self.account.pay(
            left.len()
                .saturating_mul(right.len())
                .saturating_mul(each.saturating_add(1)),
        )?;
        let mut terms: BTreeMap<Monomial, Rational> = BTreeMap::new();
        for (a, x) in &left.terms {
            require(terms.len() <= limits::FORM_TERMS, "the normal forms are too large")?;
            for (b, y) in &right.terms {
                let monomial = a.times(b).ok_or_else(|| Rejection::new("an exponent is too large"))?;
                *terms.entry(monomial).or_default() += Rational::from(x * y);
            }
        }
        terms.retain(|_, coefficient| *coefficient != 0);
        Ok(Scalar { terms })
    }

    /// A power with a natural exponent.
    pub fn power(&self, base: &Scalar, exponent: u32) -> Result<Scalar, Rejection> {
        require(exponent <= limits::EXPONENT, "an exponent is too large")?;
        if let Some((monomial, coefficient)) = base.single() {
            // One step for a monomial, however large the exponent.
            let small = i32::try_from(exponent)
                .ok()
                .and_then(|exponent| monomial.raised(exponent));
            let monomial = small.ok_or_else(|| Rejection::new("an exponent is too large"))?;
            let value = if *coefficient == 1 {
                Rational::from(1)
            } else {
                require(exponent <= limits::LITERAL_POWER, "an exponent is too large")?;
                let factors = (0..exponent).map(|_| coefficient);
                factors.fold(Rational::from(1), |product, factor| product * factor)
            };
            return Ok(Scalar::monomial(monomial).scaled(&value));
        }
        require(exponent <= limits::LITERAL_POWER, "an exponent is too large")?;
        (0..exponent).try_fold(Scalar::constant(1), |power, _| self.times(&power, base))
    }

    /// One over a scalar that is known not to vanish.
    pub fn inverse(&mut self, base: &Scalar) -> Result<Scalar, Rejection> {
        require(!base.is_empty(), "division by zero")?;
        if let Some((monomial, coefficient)) = base.single() {
            let inverse = monomial
                .raised(-1)
                .ok_or_else(|| Rejection::new("an exponent is too large"))?;
            return Ok(Scalar::monomial(inverse).scaled(&Rational::from(coefficient.recip_ref())));
        }
        let id = self.build(base)?;
        let atom = self.place(Atom::Expression(id))?;
        Ok(Scalar::monomial(Monomial::power(atom, -1)))
    }

    /// The scalar as an expression in the table.
    pub fn build(&mut self, scalar: &Scalar) -> Result<Id, Rejection> {
        require(self.table.nodes().len() < limits::NODES, "too many expressions")?;
        self.account.pay(scalar.len())?;
        let mut sum: Option<Id> = None;
        for (monomial, coefficient) in &scalar.terms {
            let mut product: Option<Id> = (*coefficient != 1).then(|| self.table.number(coefficient.clone()));
            for (atom, exponent) in monomial.powers() {
                let base = match self.atoms.get(usize::from(*atom)) {
                    Some(Atom::Expression(id)) => *id,
                    _ => self.table.insert(Node::Variable(*atom)),
                };
                let power = match exponent {
                    1 => base,
                    _ => self.table.insert(Node::Power(base, Rational::from(*exponent))),
                };
                product = Some(match product {
                    Some(product) => self.table.insert(Node::Mul(product, power)),
                    None => power,
                });
            }
            let term = match product {
                Some(term) => term,
                None => self.table.number(1),
            };
            sum = Some(match sum {
                Some(sum) => self.table.insert(Node::Add(sum, term)),
                None => term,
            });
        }
        let id = match sum {
            Some(id) => id,
            None => self.table.number(0),
        };
        self.forms.insert(id, scalar.clone());
        Ok(id)
    }

    /// Whether a scalar is zero wherever it is defined: as a polynomial, or by the zero test.
    pub fn is_zero(&mut self, scalar: &Scalar) -> Result<bool, Rejection> {
        if scalar.is_empty() {
            return Ok(true);
        }
        let powers = scalar.terms.keys().flat_map(|monomial| monomial.powers());
        let is_expression = |atom: &u16| matches!(self.get(*atom), Some(Atom::Expression(_)));
        let polynomial = powers
            .clone()
            .all(|(atom, exponent)| *exponent > 0 && !is_expression(atom));
        if polynomial {
            return Ok(false);
        }
        let id = self.build(scalar)?;
        Ok(is_identically_zero(&self.table, id) == Decision::Zero)
    }

    /// The plain atoms a scalar depends on, also through expressions.
    pub fn depends_on(&self, scalar: &Scalar) -> BTreeSet<u16> {
        let mut plain = BTreeSet::new();
        for atom in scalar.atoms() {
            match self.get(atom) {
                Some(Atom::Expression(id)) => {
                    let below = self.table.reachable(*id);
                    plain.extend(below.into_iter().filter_map(|id| match self.table.node(id) {
                        Some(Node::Variable(name)) => Some(*name),
                        _ => None,
                    }));
                }
                _ => {
                    plain.insert(atom);
                }
            }
        }
        plain
    }

    /// The partial derivative with respect to a plain atom.
    pub fn partial(&mut self, scalar: &Scalar, by: u16) -> Result<Scalar, Rejection> {
        let mut sum = Scalar::default();
        for (monomial, coefficient) in &scalar.terms {
            for (atom, exponent) in monomial.powers() {
                let inner = match self.get(*atom) {
                    _ if *atom == by => Scalar::constant(1),
                    Some(Atom::Expression(id)) => {
                        let id = *id;
                        let kink = |_| Rejection::new("an absolute value has no derivative");
                        let slope = self.table.derivative(id, by).map_err(kink)?;
                        self.expand(slope)?
                    }
                    _ => continue,
                };
                let lowered = monomial.times(&Monomial::power(*atom, -1));
                let lowered = lowered.ok_or_else(|| Rejection::new("an exponent is too large"))?;
                let factor = coefficient * Rational::from(*exponent);
                let outer = Scalar::monomial(lowered).scaled(&factor);
                sum.add(&Rational::from(1), &self.times(&outer, &inner)?);
            }
        }
        Ok(sum)
    }

    /// The scalar with plain atoms replaced, also inside expressions.
    pub fn substitute(&mut self, scalar: &Scalar, values: &BTreeMap<u16, Scalar>) -> Result<Scalar, Rejection> {
        let mut sum = Scalar::default();
        for (monomial, coefficient) in &scalar.terms {
            let mut product = Scalar::constant(coefficient.clone());
            for (atom, exponent) in monomial.powers() {
                let base = match (values.get(atom), self.get(*atom)) {
                    (Some(value), _) => value.clone(),
                    (None, Some(Atom::Expression(id))) => {
                        let id = *id;
                        let mut replacements = BTreeMap::new();
                        for (name, value) in values {
                            let from = self.table.insert(Node::Variable(*name));
                            replacements.insert(from, self.build(value)?);
                        }
                        let replaced = self.table.replace(id, &replacements);
                        self.expression(replaced)?
                    }
                    (None, _) => Scalar::atom(*atom),
                };
                let base = if *exponent < 0 { self.inverse(&base)? } else { base };
                product = self.times(&product, &self.power(&base, exponent.unsigned_abs())?)?;
            }
            sum.add(&Rational::from(1), &product);
        }
        Ok(sum)
    }
}
