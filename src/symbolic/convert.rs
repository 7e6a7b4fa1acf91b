//! From our expressions to Symbolica's. To be used on the engine's thread only.

use super::read::rational;
use crate::kernel::expr::{Function, Id, Node, Table};
use rug::Rational;
use symbolica::atom::{Atom, AtomCore, Symbol};
use symbolica::domains::{integer::Integer, rational::Rational as EngineRational};
use symbolica::{function, symbol};

/// The namespace of our own symbols.
pub(super) const OURS: &str = "foliate::";
/// The namespace of the engine's functions; it knows all of ours under our names.
pub(super) const THEIRS: &str = "symbolica::";

/// What the converted expression is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Computing: the exponential is a power of the number e, as the engine likes it.
    Algebra,
    /// Printing in the cost language: the exponential and pi go by the names they have there.
    Text,
}

/// The symbol of a variable, named as it is printed.
pub(super) fn variable(number: u16) -> Symbol {
    if number == 0 {
        symbol!(format!("{OURS}w"))
    } else {
        symbol!(format!("{OURS}x_{number}"))
    }
}

/// Makes the usual symbols in a fixed order: the engine sorts terms by the age of their symbols, and what it prints
/// should not depend on who asked first.
pub(super) fn register() {
    for number in 0..16 {
        variable(number);
    }
    for name in ["pi", Function::Exp.name()] {
        symbol!(format!("{OURS}{name}"));
    }
    log();
}

/// The expression as an atom; `None` if `root` is not in the table, or a number has no logarithm.
///
/// The caller has checked the size: the atom is the expression with everything shared written out.
pub(super) fn to_atom(table: &Table, root: Id, purpose: Purpose) -> Option<Atom> {
    let mut atoms: Vec<Option<Atom>> = vec![None; root.index().checked_add(1)?];
    for id in table.reachable(root) {
        let of = |child: &Id| atoms.get(child.index()).and_then(Option::as_ref);
        let atom = match table.node(id)? {
            Node::Number(value) => number(value),
            Node::Pi if purpose == Purpose::Text => Atom::var(symbol!(format!("{OURS}pi"))),
            Node::Pi => Atom::var(Symbol::PI),
            Node::Variable(number) => Atom::var(variable(*number)),
            Node::Add(a, b) => of(a)? + of(b)?,
            Node::Sub(a, b) => of(a)? - of(b)?,
            Node::Mul(a, b) => of(a)? * of(b)?,
            Node::Div(a, b) => of(a)? / of(b)?,
            Node::Neg(a) => -of(a)?,
            Node::Power(a, exponent) => power(of(a)?, exponent),
            Node::Apply(Function::Log, a) => logarithm(of(a)?)?,
            Node::Apply(Function::Exp, a) if purpose == Purpose::Algebra => of(a)?.exp(),
            Node::Apply(function @ Function::Exp, a) => {
                function!(symbol!(format!("{OURS}{}", function.name())), of(a)?)
            }
            Node::Apply(function, a) => function!(symbol!(format!("{THEIRS}{}", function.name())), of(a)?),
        };
        *atoms.get_mut(id.index())? = Some(atom);
    }
    atoms.pop().flatten()
}

/// A power, with the roots of a fraction p/q taken one by one: Symbolica 2.2.0 gets those wrong where p or q is a
/// perfect power and neither is 1, as in `(3/4)^(1/2) = 3/2`.
fn power(base: &Atom, exponent: &Rational) -> Atom {
    match fraction(base).filter(|_| !exponent.is_integer()) {
        Some((above, below)) => above.pow(number(exponent)) / below.pow(number(exponent)),
        None => base.pow(number(exponent)),
    }
}

/// A logarithm, as a function of our own that the engine knows nothing about: shown its own, Symbolica 2.2.0 takes
/// `exp(log(w)^2)` for 0, and `exp(log(3)/2 - log(4)/2)` for 3/2. `None` for that of a number that is not positive.
fn logarithm(argument: &Atom) -> Option<Atom> {
    match rational(argument.as_view()) {
        Some(value) if value <= 0 => None,
        Some(value) if value == 1 => Some(Atom::num(0)),
        _ => Some(function!(log(), argument)),
    }
}

/// The symbol of our logarithm.
pub(super) fn log() -> Symbol {
    symbol!(format!("{OURS}{}", Function::Log.name()))
}

/// Numerator and denominator of a positive rational that is no integer.
fn fraction(atom: &Atom) -> Option<(Atom, Atom)> {
    let value = rational(atom.as_view()).filter(|value| *value > 0 && !value.is_integer())?;
    let (above, below) = value.into_numer_denom();
    Some((number(&Rational::from(above)), number(&Rational::from(below))))
}

/// A rational number as an atom.
fn number(value: &Rational) -> Atom {
    let (numerator, denominator) = value.clone().into_numer_denom();
    Atom::num(EngineRational::from((
        Integer::from(numerator),
        Integer::from(denominator),
    )))
}
