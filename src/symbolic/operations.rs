//! What the engine is asked to do.

use super::convert::{Purpose, to_atom, variable};
use super::read::{from_atom, rational, reciprocal};
use super::size::{self, Size};
use super::{EngineError, Expression, engine, probe};
use crate::kernel::expr::{Id, Table};
use std::time::Duration;
use symbolica::atom::{Atom, AtomCore, AtomView};
use symbolica::printer::PrintOptions;

/// The derivative; see [`super::differentiate`].
pub(super) fn differentiate(
    table: &Table,
    root: Id,
    number: u16,
    timeout: Duration,
) -> Result<Expression, EngineError> {
    ask(table, root, Purpose::Algebra, timeout, move |atom, _, _| {
        understood(&atom.derivative(variable(number)))
    })
}

/// The shortest equivalent form; see [`super::simplify`].
pub(super) fn simplify(table: &Table, root: Id, timeout: Duration) -> Result<Expression, EngineError> {
    ask(table, root, Purpose::Algebra, timeout, |atom, size, question| {
        let mut best = question.clone();
        let mut forms = vec![atom.clone()];
        if size.can_expand() {
            let expanded = atom.expand();
            forms.extend([atom.cancel(), atom.together(), atom.factor(), atom.apart(variable(0))]);
            forms.extend([expanded.factor(), expanded]);
        }
        let mut understandable = false;
        for (table, root) in forms.iter().filter_map(|form| from_atom(form.as_view())) {
            understandable = true;
            let shorter = table.reachable(root).len() < best.0.reachable(best.1).len();
            if shorter && probe::agree((&question.0, question.1), (&table, root)) {
                best = (table, root);
            }
        }
        if understandable {
            Ok(best)
        } else {
            Err(EngineError::NotUnderstood)
        }
    })
}

/// The factors of the numerator; see [`super::factor`].
pub(super) fn factor(table: &Table, root: Id, timeout: Duration) -> Result<Vec<(Expression, u32)>, EngineError> {
    ask(table, root, Purpose::Algebra, timeout, |atom, size, question| {
        if !size.can_expand() {
            return Err(EngineError::TooLarge);
        }
        let product = atom.factor();
        let (table, root) = understood(&product)?;
        if !probe::agree((&question.0, question.1), (&table, root)) {
            return Err(EngineError::Failed(
                "the factors do not multiply to the expression".to_owned(),
            ));
        }
        match product.as_view() {
            AtomView::Mul(product) => numerator(product.iter()),
            other => numerator(std::iter::once(other)),
        }
    })
}

/// The expression in LaTeX; see [`super::latex`].
pub(super) fn latex(table: &Table, root: Id, timeout: Duration) -> Result<String, EngineError> {
    ask(table, root, Purpose::Algebra, timeout, |atom, _, _| {
        Ok(with_operator_names(&atom.printer(PrintOptions::latex()).to_string()))
    })
}

/// The expression in the cost language; see [`super::print`].
pub(super) fn print(table: &Table, root: Id, timeout: Duration) -> Result<String, EngineError> {
    ask(table, root, Purpose::Text, timeout, |atom, _, _| {
        let options = PrintOptions {
            hide_all_namespaces: true,
            ..PrintOptions::file()
        };
        Ok(atom.printer(options).to_string())
    })
}

/// Checks the size here, then converts and works there; the work gets the question as well.
fn ask<Answer, Work>(
    table: &Table,
    root: Id,
    purpose: Purpose,
    timeout: Duration,
    work: Work,
) -> Result<Answer, EngineError>
where
    Answer: Send + 'static,
    Work: FnOnce(Atom, Size, &Expression) -> Result<Answer, EngineError> + Send + 'static,
{
    let size = size::of(table, root).filter(Size::fits).ok_or(EngineError::TooLarge)?;
    let mut question = Table::new();
    let root = question.import(table, root);
    engine::run(timeout, move || {
        let atom = to_atom(&question, root, purpose).ok_or(EngineError::NotUnderstood)?;
        work(atom, size, &(question, root))
    })
}

/// An answer of the engine as an expression.
fn understood(atom: &Atom) -> Result<Expression, EngineError> {
    from_atom(atom.as_view()).ok_or(EngineError::NotUnderstood)
}

/// The factors that are not divided by, with whole exponents as multiplicities.
fn numerator<'a>(factors: impl Iterator<Item = AtomView<'a>>) -> Result<Vec<(Expression, u32)>, EngineError> {
    let mut found = Vec::new();
    for factor in factors {
        if reciprocal(factor).is_some() || rational(factor).is_some_and(|value| value == 1) {
            continue;
        }
        let (base, multiplicity) = whole_power(factor).unwrap_or((factor, 1));
        let base = from_atom(base).ok_or(EngineError::NotUnderstood)?;
        found.push((base, multiplicity));
    }
    Ok(found)
}

/// The base and the exponent of a power with a positive whole exponent.
fn whole_power(factor: AtomView<'_>) -> Option<(AtomView<'_>, u32)> {
    let AtomView::Pow(power) = factor else { return None };
    let (base, exponent) = power.get_base_exp();
    let exponent = rational(exponent).filter(|exponent| exponent.is_integer())?;
    Some((base, exponent.numer().to_u32().filter(|exponent| *exponent > 0)?))
}

/// Sets the function names that the engine prints like products of variables upright.
fn with_operator_names(text: &str) -> String {
    const NAMES: [(&str, &str); 9] = [
        ("log", "\\log"),
        ("asinh", "\\operatorname{arsinh}"),
        ("atan", "\\arctan"),
        ("sinh", "\\sinh"),
        ("cosh", "\\cosh"),
        ("tanh", "\\tanh"),
        ("tan", "\\tan"),
        ("erf", "\\operatorname{erf}"),
        ("abs", "\\operatorname{abs}"),
    ];
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    let mut letters = rest.chars();
    while let Some(letter) = letters.next() {
        let after_letter = result.ends_with(|last: char| last.is_ascii_alphabetic() || last == '\\');
        let found = NAMES
            .iter()
            .filter(|_| !after_letter)
            .find_map(|(name, replacement)| Some((replacement, rest.strip_prefix(name)?)))
            .filter(|(_, rest)| rest.starts_with("\\!\\left("));
        match found {
            Some((replacement, after)) => {
                result.push_str(replacement);
                rest = after;
            }
            None => {
                result.push(letter);
                rest = letters.as_str();
            }
        }
        letters = rest.chars();
    }
    result
}
