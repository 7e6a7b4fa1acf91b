//! Powers with rational exponents: roots are atoms, and whole powers are taken out of them.

use super::super::expr::{Id, Node};
use super::super::limits;
use super::super::theorem::Rejection;
use super::monomial::Monomial;
use super::scalar::{Atom, Scalar, Scalars};
use rug::Rational;
use std::collections::BTreeMap;

impl<A: Ord + Clone> Scalars<A> {
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
}
