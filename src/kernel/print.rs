//! Expressions as text in the cost language, with no more brackets than needed.
//!
//! Nothing here recurses and nothing is longer than [`limits::RENDERED`]: an expression that is a small table can be
//! an enormous tree.

use super::expr::{Function, Id, Node, Table};
use super::limits;
use rug::Rational;
use std::collections::BTreeMap;

/// Ends a text that had to be cut.
const ELLIPSIS: &str = "…";

/// How tightly a text holds together; it needs brackets where something tighter is expected.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Bond {
    Sum,
    Product,
    Sign,
    Power,
    Atom,
}

/// Something still to be written.
enum Piece {
    Text(&'static str),
    Exponent(Rational),
    /// An operand where a text of this bond is expected, and whether it may begin with a minus sign.
    Operand(Id, Bond, bool),
}

/// The expression in the cost language; reading it back gives the same expression.
///
/// A text that would be longer than [`limits::RENDERED`] bytes is cut and ends in an ellipsis. Variables other than
/// `w` are written `w_1`, `w_2` and so on; an identifier of another table is written `?`; neither is in the cost language.
///
/// Panics: never.
pub fn print(table: &Table, root: Id) -> String {
    print_named(table, root, &|variable| match variable {
        0 => "w".to_owned(),
        other => format!("w_{other}"),
    })
}

/// As [`print`], with names for the variables; a name must bind as tightly as a letter. Panics: never.
pub fn print_named(table: &Table, root: Id, name: &dyn Fn(u16) -> String) -> String {
    let minus = leading_minuses(table, root);
    let mut text = String::new();
    let mut pieces = vec![Piece::Operand(root, Bond::Sum, true)];
    while let Some(piece) = pieces.pop() {
        match piece {
            Piece::Text(part) => text.push_str(part),
            Piece::Exponent(exponent) => text.push_str(&exponent_text(&exponent)),
            Piece::Operand(id, bond, may_begin_with_minus) => match table.node(id) {
                None => text.push('?'),
                Some(node) => {
                    let begins_with_minus = minus.get(&id) == Some(&true);
                    if bond_of(node) < bond || (begins_with_minus && !may_begin_with_minus) {
                        text.push('(');
                        pieces.push(Piece::Text(")"));
                    }
                    write(node, name, &mut text, &mut pieces);
                }
            },
        }
        if text.len() > limits::RENDERED {
            return cut(text);
        }
    }
    text
}

/// Writes what a node begins with and queues the rest, last piece first.
fn write(node: &Node, name: &dyn Fn(u16) -> String, text: &mut String, pieces: &mut Vec<Piece>) {
    let mut binary = |left: Id, sign: &'static str, right: Id, left_bond: Bond, right_bond: Bond| {
        pieces.push(Piece::Operand(right, right_bond, false));
        pieces.push(Piece::Text(sign));
        pieces.push(Piece::Operand(left, left_bond, true));
    };
    match node {
        Node::Number(value) => text.push_str(&number_text(value)),
        Node::Pi => text.push_str("pi"),
        Node::Variable(variable) => text.push_str(&name(*variable)),
        Node::Add(a, b) => binary(*a, " + ", *b, Bond::Sum, Bond::Product),
        Node::Sub(a, b) => binary(*a, " - ", *b, Bond::Sum, Bond::Product),
        Node::Mul(a, b) => binary(*a, "*", *b, Bond::Product, Bond::Sign),
        Node::Div(a, b) => binary(*a, "/", *b, Bond::Product, Bond::Sign),
        Node::Neg(a) => {
            text.push('-');
            pieces.push(Piece::Operand(*a, Bond::Power, false));
        }
        Node::Power(a, exponent) if is_half(exponent) => {
            text.push_str("sqrt(");
            pieces.push(Piece::Text(")"));
            pieces.push(Piece::Operand(*a, Bond::Sum, true));
        }
        Node::Power(a, exponent) => {
            pieces.push(Piece::Exponent(exponent.clone()));
            pieces.push(Piece::Text("^"));
            pieces.push(Piece::Operand(*a, Bond::Atom, false));
        }
        Node::Apply(function, a) => {
            text.push_str(Function::name(*function));
            text.push('(');
            pieces.push(Piece::Text(")"));
            pieces.push(Piece::Operand(*a, Bond::Sum, true));
        }
    }
}

/// How tightly the text of a node holds together.
fn bond_of(node: &Node) -> Bond {
    match node {
        Node::Add(..) | Node::Sub(..) => Bond::Sum,
        Node::Mul(..) | Node::Div(..) => Bond::Product,
        Node::Number(value) if !value.is_integer() => Bond::Product,
        Node::Number(value) if *value < 0 => Bond::Sign,
        Node::Neg(_) => Bond::Sign,
        Node::Power(_, exponent) if !is_half(exponent) => Bond::Power,
        _ => Bond::Atom,
    }
}

/// For every node below `root`, whether its text begins with a minus sign.
fn leading_minuses(table: &Table, root: Id) -> BTreeMap<Id, bool> {
    let mut minus: BTreeMap<Id, bool> = BTreeMap::new();
    for id in table.reachable(root) {
        let Some(node) = table.node(id) else { continue };
        let begins = match node {
            Node::Neg(_) => true,
            Node::Number(value) => *value < 0,
            Node::Add(a, _) | Node::Sub(a, _) => minus.get(a) == Some(&true),
            Node::Mul(a, _) | Node::Div(a, _) => {
                let bracketed = table.node(*a).is_some_and(|left| bond_of(left) < Bond::Product);
                minus.get(a) == Some(&true) && !bracketed
            }
            _ => false,
        };
        minus.insert(id, begins);
    }
    minus
}

/// A number as `p` or `p/q`, or an ellipsis if its digits alone would be too many.
fn number_text(value: &Rational) -> String {
    // A decimal digit is worth more than three bits.
    let bits = value
        .numer()
        .significant_bits()
        .saturating_add(value.denom().significant_bits());
    match usize::try_from(bits) {
        Ok(bits) if bits <= limits::RENDERED.saturating_mul(4) => value.to_string(),
        _ => ELLIPSIS.to_owned(),
    }
}

/// An exponent, in brackets unless it is a natural number.
fn exponent_text(exponent: &Rational) -> String {
    let text = number_text(exponent);
    if exponent.is_integer() && *exponent >= 0 {
        text
    } else {
        format!("({text})")
    }
}

/// Whether a power is a square root.
fn is_half(exponent: &Rational) -> bool {
    *exponent.numer() == 1 && *exponent.denom() == 2
}

/// The beginning of a text, with an ellipsis, together at most [`limits::RENDERED`] bytes.
fn cut(mut text: String) -> String {
    let mut length = limits::RENDERED.saturating_sub(ELLIPSIS.len());
    while !text.is_char_boundary(length) {
        length = length.saturating_sub(1);
    }
    text.truncate(length);
    text.push_str(ELLIPSIS);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn power(table: &mut Table, base: Id, numerator: i32, denominator: u32) -> Id {
        table.insert(Node::Power(base, Rational::from((numerator, denominator))))
    }

    #[test]
    fn powers_bracket_their_base() {
        let mut table = Table::new();
        let w = table.w();
        let minus = table.insert(Node::Neg(w));
        let square = power(&mut table, w, 2, 1);
        let cases = [
            (power(&mut table, minus, 2, 1), "(-w)^2"),
            (table.insert(Node::Neg(square)), "-w^2"),
            (power(&mut table, square, 3, 1), "(w^2)^3"),
            (power(&mut table, w, -2, 1), "w^(-2)"),
            (power(&mut table, w, 3, 2), "w^(3/2)"),
            (power(&mut table, square, 1, 2), "sqrt(w^2)"),
            (power(&mut table, w, -1, 2), "w^(-1/2)"),
            (table.insert(Node::Neg(minus)), "-(-w)"),
        ];
        for (id, expected) in cases {
            assert_eq!(print(&table, id), expected);
        }
    }

    #[test]
    fn numbers_are_bracketed_like_what_they_look_like() {
        let mut table = Table::new();
        let w = table.w();
        let half = table.number(Rational::from((1, 2)));
        let minus_half = table.number(Rational::from((-1, 2)));
        let minus_two = table.number(-2);
        let cases = [
            (power(&mut table, half, 3, 1), "(1/2)^3"),
            (power(&mut table, minus_two, 2, 1), "(-2)^2"),
            (table.insert(Node::Mul(half, w)), "1/2*w"),
            (table.insert(Node::Mul(w, half)), "w*(1/2)"),
            (table.insert(Node::Mul(minus_half, w)), "-1/2*w"),
            (table.insert(Node::Add(w, half)), "w + 1/2"),
            (table.insert(Node::Sub(w, minus_half)), "w - (-1/2)"),
            (table.insert(Node::Div(w, minus_two)), "w/(-2)"),
            (minus_half, "-1/2"),
        ];
        for (id, expected) in cases {
            assert_eq!(print(&table, id), expected);
        }
    }

    #[test]
    fn operators_associate_to_the_left() {
        let mut table = Table::new();
        let (a, b, c) = (table.w(), table.insert(Node::Pi), table.insert(Node::Variable(1)));
        let difference = table.insert(Node::Sub(b, c));
        let product = table.insert(Node::Mul(b, c));
        let minus = table.insert(Node::Neg(a));
        let minus_product = table.insert(Node::Mul(minus, b));
        let cases = [
            (table.insert(Node::Sub(a, difference)), "w - (pi - w_1)"),
            (table.insert(Node::Sub(difference, a)), "pi - w_1 - w"),
            (table.insert(Node::Div(a, product)), "w/(pi*w_1)"),
            (table.insert(Node::Div(product, a)), "pi*w_1/w"),
            (table.insert(Node::Mul(difference, a)), "(pi - w_1)*w"),
            (table.insert(Node::Neg(product)), "-(pi*w_1)"),
            (minus_product, "-w*pi"),
            (table.insert(Node::Add(c, minus_product)), "w_1 + (-w*pi)"),
            (table.insert(Node::Apply(Function::Exp, minus_product)), "exp(-w*pi)"),
        ];
        for (id, expected) in cases {
            assert_eq!(print(&table, id), expected);
        }
    }

    #[test]
    fn a_small_table_can_be_an_enormous_tree() {
        let mut table = Table::new();
        let mut id = table.w();
        for _ in 0..10_000 {
            id = table.insert(Node::Add(id, id));
        }
        let text = print(&table, id);
        assert!(text.len() <= limits::RENDERED && text.ends_with(ELLIPSIS));
    }

    #[test]
    fn a_deep_expression_is_cut() {
        let mut table = Table::new();
        let mut id = table.w();
        for _ in 0..100_000 {
            id = table.insert(Node::Apply(Function::Sin, id));
        }
        let text = print(&table, id);
        assert!(text.len() <= limits::RENDERED && text.starts_with("sin(sin(") && text.ends_with(ELLIPSIS));
    }

    #[test]
    fn an_enormous_number_is_not_converted() {
        let mut table = Table::new();
        let id = table.number(Rational::from(rug::Integer::from(1) << 1_000_000));
        assert_eq!(print(&table, id), ELLIPSIS);
    }
}
