//! Scalars: polynomials with rational coefficients in atoms, an atom being a letter, a trace, or an expression.

use super::super::expr::{Id, Node, Table};
use super::super::limits;
use super::super::normal_form::{Decision, is_identically_zero};
use super::super::theorem::{Rejection, require};
use rug::Rational;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

/// A product of powers of atoms, sorted by atom, without zero exponents; negative ones for atoms that are not zero.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Monomial(Vec<(u16, i32)>);

impl Monomial {
    /// The product of powers of atoms.
    pub fn of(powers: Vec<(u16, i32)>) -> Self {
        let mut powers = powers;
        powers.sort_unstable();
        powers.retain(|(_, exponent)| *exponent != 0);
        Monomial(powers)
    }

    /// The powers, sorted by atom.
    pub fn powers(&self) -> &[(u16, i32)] {
        &self.0
    }

    /// A power of one atom.
    fn power(atom: u16, exponent: i32) -> Self {
        Monomial(if exponent == 0 {
            Vec::new()
        } else {
            vec![(atom, exponent)]
        })
    }

    /// The product. `None` on overflow of an exponent.
    pub fn times(&self, other: &Self) -> Option<Self> {
        let mut powers: BTreeMap<u16, i32> = self.0.iter().copied().collect();
        for (atom, exponent) in &other.0 {
            let entry = powers.entry(*atom).or_insert(0);
            *entry = entry.checked_add(*exponent)?;
        }
        powers.retain(|_, exponent| *exponent != 0);
        Some(Monomial(powers.into_iter().collect()))
    }

    /// The monomial to a power. `None` on overflow.
    fn raised(&self, exponent: i32) -> Option<Self> {
        let powers = self
            .0
            .iter()
            .map(|(atom, power)| Some((*atom, power.checked_mul(exponent)?)));
        let mut powers: Vec<_> = powers.collect::<Option<_>>()?;
        powers.retain(|(_, exponent)| *exponent != 0);
        Some(Monomial(powers))
    }

    /// The monomial divided by another one all of whose (positive) powers it contains.
    pub fn without(&self, other: &Self) -> Option<Self> {
        let held = |(atom, exponent): &(u16, i32)| {
            let own = self.0.iter().find(|(name, _)| name == atom).map_or(0, |(_, own)| *own);
            *exponent > 0 && own >= *exponent
        };
        if !other.0.iter().all(held) {
            return None;
        }
        self.times(&other.raised(-1)?)
    }
}

/// A polynomial in atoms.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Scalar {
    terms: BTreeMap<Monomial, Rational>,
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
            Some((monomial, value)) if self.terms.len() == 1 && monomial.0.is_empty() => Some(value.clone()),
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
        let powers = self.terms.keys().flat_map(|monomial| &monomial.0);
        powers.map(|(atom, _)| *atom).collect()
    }
}

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
    table: Table,
    /// The polynomials that were built into expressions: their signs may be known.
    forms: BTreeMap<Id, Scalar>,
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

    fn place(&mut self, atom: Atom<A>) -> Result<u16, Rejection> {
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
        self.account.pay(left.len().saturating_mul(right.len()))?;
        let mut terms: BTreeMap<Monomial, Rational> = BTreeMap::new();
        for (a, x) in &left.terms {
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
            for (atom, exponent) in &monomial.0 {
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
        let powers = scalar.terms.keys().flat_map(|monomial| &monomial.0);
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

    /// A power of a scalar for which it is defined: a power of a root that is an atom, times whole powers.
    pub fn root(&mut self, base: &Scalar, exponent: &Rational) -> Result<Scalar, Rejection> {
        let large = || Rejection::new("an exponent is too large");
        let times = exponent
            .numer()
            .to_i32()
            .filter(|times| times.unsigned_abs() <= limits::EXPONENT);
        let times = times.ok_or_else(large)?;
        let degree = exponent.denom().to_u32().filter(|degree| *degree <= limits::EXPONENT);
        let degree = degree.ok_or_else(large)?;
        if degree == 1 {
            let base = if times < 0 { self.inverse(base)? } else { base.clone() };
            return self.power(&base, times.unsigned_abs());
        }
        let id = self.build(base)?;
        let node = self.table.insert(Node::Power(id, Rational::from((1, degree))));
        let atom = self.place(Atom::Expression(node))?;
        Ok(Scalar::monomial(Monomial::power(atom, times)))
    }

    /// An atom as a power of something: p^(1/m) for a root, itself for everything else.
    pub fn as_root(&self, atom: u16) -> (Scalar, Rational) {
        if let Some(Atom::Expression(id)) = self.get(atom)
            && let Some(Node::Power(base, exponent)) = self.table.node(*id)
            && let Some(form) = self.forms.get(base)
        {
            return (form.clone(), exponent.clone());
        }
        (Scalar::atom(atom), Rational::from(1))
    }

    /// The scalar with whole powers taken out of roots: (p^(1/m))^m = p where the root is defined.
    pub fn with_roots_reduced(&mut self, scalar: Scalar) -> Result<Scalar, Rejection> {
        let mut done = Scalar::default();
        let mut pending: Vec<(Monomial, Rational)> = scalar.terms.into_iter().collect();
        while let Some((monomial, coefficient)) = pending.pop() {
            let Some((atom, degree, base)) = self.reducible(&monomial) else {
                done.add_term(monomial, &coefficient);
                continue;
            };
            let held = monomial
                .powers()
                .iter()
                .find(|(name, _)| *name == atom)
                .map_or(0, |(_, held)| *held);
            let (whole, down) = if held > 0 {
                (base, degree.saturating_neg())
            } else {
                (self.inverse(&base)?, degree)
            };
            let rest = monomial.times(&Monomial::power(atom, down));
            let rest = rest.ok_or_else(|| Rejection::new("an exponent is too large"))?;
            let product = self.times(&Scalar::monomial(rest).scaled(&coefficient), &whole)?;
            pending.extend(product.terms);
        }
        Ok(done)
    }

    /// A root in a monomial to at least its own degree: its atom, its degree, what is under it.
    fn reducible(&self, monomial: &Monomial) -> Option<(u16, i32, Scalar)> {
        monomial.powers().iter().find_map(|(atom, exponent)| {
            let Some(Atom::Expression(id)) = self.get(*atom) else {
                return None;
            };
            let Some(Node::Power(base, root)) = self.table.node(*id) else {
                return None;
            };
            let degree = root.denom().to_i32()?;
            let reducible = degree > 1 && *root.numer() == 1 && exponent.unsigned_abs() >= degree.unsigned_abs();
            if reducible {
                Some((*atom, degree, self.forms.get(base)?.clone()))
            } else {
                None
            }
        })
    }

    /// An expression multiplied out as far as it is a polynomial; roots and functions stay atoms.
    ///
    /// Divisors are taken not to vanish: the expression is only spoken of where it is defined.
    pub fn expand(&mut self, root: Id) -> Result<Scalar, Rejection> {
        let mut values: BTreeMap<Id, Scalar> = BTreeMap::new();
        for id in self.table.reachable(root) {
            let of = |id: &Id| values.get(id).cloned().unwrap_or_default();
            let one = Rational::from(1);
            let value = match self.table.node(id).cloned() {
                Some(Node::Number(value)) => Scalar::constant(value),
                Some(Node::Variable(atom)) => Scalar::atom(atom),
                Some(Node::Add(a, b)) => {
                    let mut sum = of(&a);
                    sum.add(&one, &of(&b));
                    sum
                }
                Some(Node::Sub(a, b)) => {
                    let mut difference = of(&a);
                    difference.add(&Rational::from(-1), &of(&b));
                    difference
                }
                Some(Node::Neg(a)) => of(&a).scaled(&Rational::from(-1)),
                Some(Node::Mul(a, b)) => self.times(&of(&a), &of(&b))?,
                Some(Node::Div(a, b)) => {
                    let inverse = self.inverse(&of(&b))?;
                    self.times(&of(&a), &inverse)?
                }
                Some(Node::Power(a, exponent)) => self.root(&of(&a), &exponent)?,
                Some(Node::Apply(function, a)) => {
                    let argument = self.build(&of(&a))?;
                    self.node(Node::Apply(function, argument))?
                }
                Some(Node::Pi) => self.expression(id)?,
                None => return Err(Rejection::new("an expression is missing")),
            };
            let value = self.with_roots_reduced(value)?;
            values.insert(id, value);
        }
        values
            .remove(&root)
            .ok_or_else(|| Rejection::new("an expression is missing"))
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
            for (atom, exponent) in &monomial.0 {
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
            for (atom, exponent) in &monomial.0 {
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
