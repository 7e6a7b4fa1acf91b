//! Expressions in LaTeX, from the expression itself and not from its text.

use crate::kernel::expr::{Function, Id, Node, Table};
use rug::Rational;
use std::collections::BTreeMap;

/// Longer formulas are cut.
const LENGTH: usize = 4_000;
/// Ends a formula that was cut.
const ELLIPSIS: &str = "\\dots";

/// How tightly a formula holds together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Bond {
    Sum,
    Sign,
    Product,
    Power,
    Atom,
}

/// The expression in the mathematics mode of LaTeX; `name` gives the variables as the kernel names them.
///
/// Panics: never.
pub fn latex(table: &Table, root: Id, name: &dyn Fn(u16) -> String) -> String {
    let mut written: BTreeMap<Id, (String, Bond)> = BTreeMap::new();
    for id in table.reachable(root) {
        let Some(node) = table.node(id) else { continue };
        let (text, bond) = one(node, &written, name);
        let short = if text.len() > LENGTH {
            (ELLIPSIS.to_owned(), Bond::Atom)
        } else {
            (text, bond)
        };
        written.insert(id, short);
    }
    written
        .remove(&root)
        .map_or_else(|| ELLIPSIS.to_owned(), |(text, _)| text)
}

/// One node whose children are written.
fn one(node: &Node, written: &BTreeMap<Id, (String, Bond)>, name: &dyn Fn(u16) -> String) -> (String, Bond) {
    let bare = |id: &Id| written.get(id).map_or(ELLIPSIS, |(text, _)| text).to_owned();
    let at_least = |id: &Id, bond: Bond| match written.get(id) {
        Some((text, own)) if *own >= bond => text.clone(),
        Some((text, _)) => format!("\\left({text}\\right)"),
        None => ELLIPSIS.to_owned(),
    };
    match node {
        Node::Number(value) => number(value),
        Node::Pi => ("\\pi".to_owned(), Bond::Atom),
        Node::Variable(variable) => (words(&name(*variable)), Bond::Atom),
        Node::Add(a, b) => (format!("{} + {}", bare(a), at_least(b, Bond::Product)), Bond::Sum),
        Node::Sub(a, b) => (format!("{} - {}", bare(a), at_least(b, Bond::Product)), Bond::Sum),
        Node::Neg(a) => (format!("-{}", at_least(a, Bond::Product)), Bond::Sign),
        Node::Mul(a, b) => {
            // A minus sign in front belongs to the whole product.
            let (left, right) = (at_least(a, Bond::Sign), at_least(b, Bond::Product));
            let bond = if left.starts_with('-') {
                Bond::Sign
            } else {
                Bond::Product
            };
            // Digits side by side would be read as one number.
            let digits = right.starts_with(|first: char| first.is_ascii_digit());
            let sign = if digits { " \\cdot " } else { " " };
            (format!("{left}{sign}{right}"), bond)
        }
        Node::Div(a, b) => (format!("\\frac{{{}}}{{{}}}", bare(a), bare(b)), Bond::Product),
        Node::Power(a, exponent) if *exponent.numer() == 1 && *exponent.denom() == 2 => {
            (format!("\\sqrt{{{}}}", bare(a)), Bond::Atom)
        }
        Node::Power(a, exponent) => {
            let (exponent, _) = number(exponent);
            (format!("{}^{{{exponent}}}", at_least(a, Bond::Atom)), Bond::Power)
        }
        Node::Apply(Function::Abs, a) => (format!("\\left|{}\\right|", bare(a)), Bond::Atom),
        Node::Apply(function, a) => {
            let name = match function {
                Function::Atan => "\\arctan".to_owned(),
                Function::Asinh | Function::Erf => format!("\\operatorname{{{}}}", function.name()),
                _ => format!("\\{}", function.name()),
            };
            (format!("{name}\\left({}\\right)", bare(a)), Bond::Power)
        }
    }
}

/// A number, with how tightly it holds together.
fn number(value: &Rational) -> (String, Bond) {
    // A decimal digit is worth more than three bits.
    let bits = value
        .numer()
        .significant_bits()
        .saturating_add(value.denom().significant_bits());
    if usize::try_from(bits).unwrap_or(usize::MAX) > LENGTH {
        return (ELLIPSIS.to_owned(), Bond::Atom);
    }
    let (sign, bond) = if *value < 0 {
        ("-", Bond::Sign)
    } else {
        ("", Bond::Atom)
    };
    if value.is_integer() {
        return (value.to_string(), bond);
    }
    let text = format!("{sign}\\frac{{{}}}{{{}}}", value.numer().clone().abs(), value.denom());
    (text, bond.min(Bond::Product))
}

/// The kernel's words for layers and their flow as mathematics: `W_12`, `W[1,2]`, `^T`, `grad`,
/// and `dX/dt` as a whole.
///
/// Panics: never.
pub fn words(text: &str) -> String {
    if let Some(moving) = text.strip_prefix('d').and_then(|rest| rest.strip_suffix("/dt")) {
        return format!("\\tfrac{{\\mathrm{{d}}}}{{\\mathrm{{d}}t}} {}", words(moving));
    }
    let mut written = String::with_capacity(text.len());
    let mut rest = text.replace("grad ", "\\nabla ").replace("^T", "^{\\mathsf{T}}");
    while let Some(place) = rest.find(['_', '[']) {
        let (before, behind) = rest.split_at(place);
        let is_index = behind.starts_with('_');
        let behind = behind.get(1..).unwrap_or_default();
        let end = behind
            .find(|character: char| !character.is_ascii_digit() && (is_index || character != ','))
            .unwrap_or(behind.len());
        let (index, after) = behind.split_at(end);
        let after = if is_index {
            after
        } else {
            after.strip_prefix(']').unwrap_or(after)
        };
        written.push_str(before);
        match after
            .strip_prefix('[')
            .filter(|_| is_index)
            .and_then(|inner| inner.split_once(']'))
        {
            // An entry of a layer: (W_1)_{1,2}.
            Some((entry, after)) => {
                let letter = written.pop().map(String::from).unwrap_or_default();
                written.push_str(&format!("({letter}_{{{index}}})_{{{entry}}}"));
                rest = after.to_owned();
            }
            None => {
                written.push_str(&format!("_{{{index}}}"));
                rest = after.to_owned();
            }
        }
    }
    written.push_str(&rest);
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_mathematics() {
        assert_eq!(
            words("-(W_3 W_12)^T grad f(W) W_1^T"),
            "-(W_{3} W_{12})^{\\mathsf{T}} \\nabla f(W) W_{1}^{\\mathsf{T}}"
        );
        assert_eq!(words("W[1,2]"), "W_{1,2}");
        assert_eq!(words("W_3[1,12]"), "(W_{3})_{1,12}");
        assert_eq!(words("w"), "w");
        assert_eq!(words("dW_1/dt"), "\\tfrac{\\mathrm{d}}{\\mathrm{d}t} W_{1}");
    }

    #[test]
    fn brackets_stand_where_they_are_needed() {
        let mut table = Table::new();
        let (a, b) = (table.w(), table.insert(Node::Variable(1)));
        let sum = table.insert(Node::Add(a, b));
        let minus = table.insert(Node::Neg(a));
        let number = table.number((-1, 2));
        let cases = [
            (table.insert(Node::Mul(sum, b)), "\\left(a + b\\right) b"),
            (table.insert(Node::Sub(b, sum)), "b - \\left(a + b\\right)"),
            (table.insert(Node::Mul(b, minus)), "b \\left(-a\\right)"),
            (table.insert(Node::Div(sum, minus)), "\\frac{a + b}{-a}"),
            (
                table.insert(Node::Power(minus, Rational::from(2))),
                "\\left(-a\\right)^{2}",
            ),
            (table.insert(Node::Power(sum, Rational::from((1, 2)))), "\\sqrt{a + b}"),
            (table.insert(Node::Mul(b, number)), "b \\left(-\\frac{1}{2}\\right)"),
            (table.insert(Node::Apply(Function::Abs, sum)), "\\left|a + b\\right|"),
        ];
        for (id, expected) in cases {
            let names = |variable: u16| if variable == 0 { "a" } else { "b" }.to_owned();
            assert_eq!(latex(&table, id, &names), expected);
        }
    }

    #[test]
    fn a_small_table_can_be_an_enormous_tree() {
        let mut table = Table::new();
        let mut id = table.w();
        for _ in 0..10_000 {
            id = table.insert(Node::Add(id, id));
        }
        assert!(latex(&table, id, &|_| "w".to_owned()).len() <= 2 * LENGTH);
    }
}
