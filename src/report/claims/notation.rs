//! Expressions of claim files in the mathematics mode of LaTeX, from the expression itself and not from its text.

use crate::kernel::expr::Function;
use crate::kernel::free::data::{Node, TheoryData};
use crate::kernel::free::index::Index;
use crate::kernel::free::shape::Dimension;
use rug::Rational;
use std::collections::{BTreeMap, BTreeSet};

/// Longer formulas are cut.
const LENGTH: usize = 6_000;
/// Stands for a formula that was cut.
const ELLIPSIS: &str = "\\cdots";
/// Names that LaTeX has a letter for.
const GREEK: [&str; 26] = [
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "kappa", "lambda", "mu", "nu", "xi", "rho",
    "sigma", "tau", "phi", "chi", "psi", "omega", "Gamma", "Delta", "Sigma", "Phi", "Psi", "Omega",
];

/// How tightly a formula holds together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Bond {
    Sum,
    /// Reaches as far to the right as a product does: a sum over an index, a derivative.
    Open,
    /// A product behind a minus sign.
    Sign,
    Product,
    Power,
    Atom,
}

/// Writes the expressions of a theory.
#[derive(Clone, Copy, Debug)]
pub struct Notation<'a> {
    theory: &'a TheoryData,
}

impl<'a> Notation<'a> {
    /// The notation of a theory.
    pub fn of(theory: &'a TheoryData) -> Self {
        Notation { theory }
    }

    /// The expression; abbreviations stand for what they abbreviate, also at the top. Panics: never.
    pub fn latex(self, root: usize) -> String {
        let definitions = self.theory.definitions.iter();
        let names: BTreeMap<usize, String> = definitions.map(|data| (data.node, defined(&data.name))).collect();
        let mut needed = BTreeSet::new();
        let mut pending = vec![root];
        while let Some(node) = pending.pop() {
            if needed.insert(node) && !names.contains_key(&node) {
                let children = self.theory.nodes.get(node).into_iter().flat_map(Node::children);
                pending.extend(children.filter(|child| *child < node));
            }
        }
        let mut pieces: BTreeMap<usize, (String, Bond)> = BTreeMap::new();
        for node in needed {
            let piece = match (names.get(&node), self.theory.nodes.get(node)) {
                (Some(name), _) => (name.clone(), Bond::Atom),
                (None, Some(data)) => self.piece(data, &pieces),
                (None, None) => (ELLIPSIS.to_owned(), Bond::Atom),
            };
            let short = piece.0.len() <= LENGTH;
            pieces.insert(
                node,
                if short {
                    piece
                } else {
                    (ELLIPSIS.to_owned(), Bond::Atom)
                },
            );
        }
        let negated = match self.theory.nodes.get(root) {
            Some(Node::Neg(inside)) => pieces.get(inside).filter(|(_, bond)| *bond == Bond::Sum),
            _ => None,
        };
        // A sign in front of the whole is written to every term: no parentheses, and lines can be broken.
        if let Some((text, _)) = negated {
            return negative(text);
        }
        pieces
            .remove(&root)
            .map_or_else(|| ELLIPSIS.to_owned(), |(text, _)| text)
    }

    fn piece(self, node: &Node, pieces: &BTreeMap<usize, (String, Bond)>) -> (String, Bond) {
        let cut = (ELLIPSIS.to_owned(), Bond::Atom);
        let bond = |child: &usize| pieces.get(child).map_or(Bond::Atom, |(_, bond)| *bond);
        let plain = |child: &usize| pieces.get(child).unwrap_or(&cut).0.clone();
        let at = |child: &usize, least: Bond| match bond(child) >= least {
            true => plain(child),
            false => parentheses(&plain(child)),
        };
        // What may follow a sign: everything but another sign.
        let term = |child: &usize| match bond(child) {
            Bond::Sum | Bond::Sign => parentheses(&plain(child)),
            _ => plain(child),
        };
        let call = |name: &str, child: &usize| (format!("{name}{}", parentheses(&plain(child))), Bond::Atom);
        let whole = |text: String| (text, Bond::Atom);
        match node {
            Node::Number(value) => number(value),
            Node::Pi => whole("\\pi".to_owned()),
            Node::Symbol(symbol) => whole(self.symbol(*symbol)),
            Node::Member(symbol, index) => whole(member(&self.symbol(*symbol), &self.index(index))),
            Node::Product(symbol, high, low) => {
                let name = self.symbol(*symbol);
                match (high.value(), low.value()) {
                    (Some(high), Some(low)) if high == low => whole(member(&name, &high.to_string())),
                    (Some(high), Some(low)) if high.checked_sub(1) == Some(low) => {
                        let text = format!(
                            "{}\\,{}",
                            member(&name, &high.to_string()),
                            member(&name, &low.to_string())
                        );
                        (text, Bond::Product)
                    }
                    _ => {
                        let (high, low) = (member(&name, &self.index(high)), member(&name, &self.index(low)));
                        (format!("{high}\\cdots {low}"), Bond::Product)
                    }
                }
            }
            Node::Identity(size) => whole(format!("I_{{{}}}", self.dimension(size))),
            Node::Zero(..) => whole("0".to_owned()),
            Node::Add(a, b) => (format!("{} + {}", plain(a), term(b)), Bond::Sum),
            Node::Sub(a, b) => (format!("{} - {}", plain(a), term(b)), Bond::Sum),
            Node::Mul(a, b) => {
                // The author's grouping is kept; only a chain of members needs no parentheses.
                let chain = matches!(self.theory.nodes.get(*b), Some(Node::Product(..)));
                let right = match bond(b) {
                    Bond::Open => plain(b),
                    Bond::Product if chain => plain(b),
                    _ => at(b, Bond::Power),
                };
                product(&at(a, Bond::Sign), &right, bond(b))
            }
            Node::Div(a, b) => (format!("\\frac{{{}}}{{{}}}", plain(a), plain(b)), Bond::Power),
            Node::Neg(a) if bond(a) == Bond::Open => (format!("-{}", plain(a)), Bond::Sum),
            Node::Neg(a) => (format!("-{}", term(a)), Bond::Sign),
            Node::Transpose(a) => (format!("{}^{{\\mathsf T}}", at(a, Bond::Atom)), Bond::Power),
            Node::Power(a, exponent) if *exponent == Rational::from((1, 2)) => whole(format!("\\sqrt{{{}}}", plain(a))),
            Node::Power(a, exponent) => {
                let base = plain(a);
                match base.strip_suffix("_F^2") {
                    // The square of a square.
                    Some(norm) if is_norm(norm) && exponent.is_integer() => {
                        let twice = Rational::from(exponent * 2_u32);
                        (format!("{norm}_F^{{{twice}}}"), Bond::Power)
                    }
                    _ => (format!("{}^{{{exponent}}}", at(a, Bond::Atom)), Bond::Power),
                }
            }
            Node::Trace(a) => call("\\operatorname{tr}", a),
            Node::Inner(a, b) if a == b => (format!("{}_F^2", norm(&plain(a))), Bond::Power),
            Node::Inner(a, b) => whole(format!("\\left\\langle {},\\, {}\\right\\rangle", plain(a), plain(b))),
            Node::Apply(Function::Abs, a) => whole(format!("\\left|{}\\right|", plain(a))),
            Node::Apply(function, a) => match function {
                Function::Atan => call("\\arctan", a),
                Function::Asinh | Function::Erf => call(&format!("\\operatorname{{{}}}", function.name()), a),
                _ => call(&format!("\\{}", function.name()), a),
            },
            Node::Unknown(function, order, a) => {
                let primes = "'".repeat(usize::from(*order));
                call(&format!("{}{primes}", self.function(*function)), a)
            }
            Node::Gradient(function, a) => call(&format!("\\nabla {}", self.function(*function)), a),
            Node::Second(function, a, b) => {
                let (text, bond) = call(&format!("\\nabla^2 {}", self.function(*function)), a);
                (format!("{text}\\left[{}\\right]", plain(b)), bond)
            }
            Node::Dot(a) => match dotted(&plain(a)) {
                Some(text) if bond(a) == Bond::Atom => whole(text),
                _ => derivative("d", "dt", &plain(a), bond(a)),
            },
            Node::Partial(a, by) => {
                let by = format!("\\partial {}", self.symbol(*by));
                derivative("\\partial", &by, &plain(a), bond(a))
            }
            Node::Sum(variable, body) => {
                let Some(data) = self.theory.indices.get(usize::from(*variable)) else {
                    return cut;
                };
                let to = data.to.as_ref().map(|to| self.index(to)).unwrap_or_default();
                let (from, variable) = (self.index(&data.from), name(&data.name));
                (
                    format!("\\sum_{{{variable}={from}}}^{{{to}}} {}", term(body)),
                    Bond::Open,
                )
            }
        }
    }

    fn symbol(self, symbol: u16) -> String {
        self.theory
            .symbols
            .get(usize::from(symbol))
            .map_or_else(|| "?".to_owned(), |data| name(&data.name))
    }

    fn function(self, function: u16) -> String {
        self.theory
            .functions
            .get(usize::from(function))
            .map_or_else(|| "?".to_owned(), |data| name(&data.name))
    }

    fn index(self, index: &Index) -> String {
        subscript(&self.theory.index_text(index))
    }

    fn dimension(self, size: &Dimension) -> String {
        let text = self.theory.dimension_text(size).replace('_', "\\_");
        text.replace('[', "_{").replace(']', "}")
    }
}

/// A norm, as tall as need be.
fn norm(text: &str) -> String {
    if is_tall(text) {
        format!("\\left\\lVert {text}\\right\\rVert")
    } else {
        format!("\\lVert {text}\\rVert")
    }
}

/// Whether a text is one norm from end to end.
fn is_norm(text: &str) -> bool {
    let inside = text.strip_prefix("\\left").unwrap_or(text).strip_prefix("\\lVert ");
    let inside = inside.and_then(|inside| inside.strip_suffix("\\rVert"));
    inside.is_some_and(|inside| !inside.contains("Vert"))
}

/// Whether a formula is higher than a line.
fn is_tall(text: &str) -> bool {
    let tall = ["\\frac", "\\tfrac", "\\sum", "\\left", "\\sqrt"];
    tall.iter().any(|sign| text.contains(sign))
}

/// Parentheses, as tall as need be.
fn parentheses(text: &str) -> String {
    if is_tall(text) {
        format!("\\left({text}\\right)")
    } else {
        format!("({text})")
    }
}

/// A product, given how tightly the second factor holds together.
fn product(left: &str, right: &str, right_bond: Bond) -> (String, Bond) {
    // A minus sign in front belongs to the whole product.
    let bond = match (left.starts_with('-'), right_bond) {
        (true, Bond::Open) => Bond::Sum,
        (false, Bond::Open) => Bond::Open,
        (true, _) => Bond::Sign,
        (false, _) => Bond::Product,
    };
    // Digits side by side would be read as one number.
    let space = if right.starts_with(|first: char| first.is_ascii_digit()) {
        " \\cdot "
    } else {
        "\\,"
    };
    (format!("{left}{space}{right}"), bond)
}

/// A derivative of an expression.
fn derivative(sign: &str, by: &str, text: &str, bond: Bond) -> (String, Bond) {
    match bond {
        Bond::Atom => (format!("\\tfrac{{{sign}}}{{{by}}}\\,{text}"), Bond::Open),
        _ => {
            let inside = parentheses(text);
            (format!("\\tfrac{{{sign}}}{{{by}}}{inside}"), Bond::Power)
        }
    }
}

/// A letter, perhaps with an index, with a dot over the letter.
fn dotted(text: &str) -> Option<String> {
    let (letter, index) = match text.split_once("_{") {
        Some((letter, _)) => text.split_at_checked(letter.len())?,
        None => (text, ""),
    };
    let plain = letter.strip_prefix('\\').unwrap_or(letter);
    let one = plain.chars().count() == 1 || GREEK.contains(&plain);
    let alone = index.is_empty() || index.find('}') == index.len().checked_sub(1);
    (one && alone && plain.chars().all(char::is_alphabetic)).then(|| format!("\\dot{{{letter}}}{index}"))
}

/// The terms of a sum, each with its sign.
pub(super) fn terms(text: &str) -> Vec<(char, &str)> {
    let mut found = Vec::new();
    let (mut sign, mut start) = match text.strip_prefix('-') {
        Some(_) => ('-', 1),
        None => ('+', 0),
    };
    let mut depth = 0_i32;
    for (at, character) in text.char_indices() {
        match character {
            '{' | '(' | '[' => depth = depth.saturating_add(1),
            '}' | ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let rest = text.get(at..).unwrap_or_default();
        if rest.starts_with("\\langle") {
            depth = depth.saturating_add(1);
        } else if rest.starts_with("\\rangle") {
            depth = depth.saturating_sub(1);
        }
        if rest.starts_with("\\lVert") || rest.starts_with("\\left|") {
            depth = depth.saturating_add(1);
        } else if rest.starts_with("\\rVert") || rest.starts_with("\\right|") {
            depth = depth.saturating_sub(1);
        }
        if depth == 0 && at > start && (rest.starts_with(" + ") || rest.starts_with(" - ")) {
            found.push((sign, text.get(start..at).unwrap_or_default()));
            sign = if rest.starts_with(" + ") { '+' } else { '-' };
            start = at.saturating_add(3);
        }
    }
    found.push((sign, text.get(start..).unwrap_or_default()));
    found
}

/// The sum with all signs turned.
fn negative(text: &str) -> String {
    let mut turned = String::new();
    for (place, (sign, term)) in terms(text).into_iter().enumerate() {
        turned.push_str(match (place, sign) {
            (0, '-') => "",
            (0, _) => "-",
            (_, '-') => " + ",
            _ => " - ",
        });
        turned.push_str(term);
    }
    turned
}

/// A name: a Greek letter or one letter, perhaps with a number, as a letter with an index; others in upright type.
fn name(text: &str) -> String {
    let letters = text.trim_end_matches(|last: char| last.is_ascii_digit());
    let digits = text.get(letters.len()..).unwrap_or_default();
    let letter = if GREEK.contains(&letters) {
        format!("\\{letters}")
    } else if letters.chars().count() == 1 && letters != "_" {
        letters.to_owned()
    } else {
        format!("\\mathrm{{{}}}", letters.replace('_', "\\_"))
    };
    if digits.is_empty() {
        letter
    } else {
        format!("{letter}_{{{digits}}}")
    }
}

/// An index such as `j1+1` or `2*N`; digits behind a letter are an index of their own.
fn subscript(text: &str) -> String {
    let mut written = String::new();
    for piece in text.split_inclusive(|sign: char| !sign.is_alphanumeric() && sign != '_') {
        let word = piece.trim_end_matches(|sign: char| !sign.is_alphanumeric() && sign != '_');
        if word.starts_with(char::is_alphabetic) {
            written.push_str(&name(word));
        } else {
            written.push_str(&word.replace('_', "\\_"));
        }
        let sign = piece.get(word.len()..).unwrap_or_default();
        written.push_str(if sign == "*" { "" } else { sign });
    }
    written
}

/// A member of a family.
fn member(family: &str, index: &str) -> String {
    match family.strip_suffix('}').filter(|open| open.contains("_{")) {
        Some(open) => format!("{open},{index}}}"),
        None => format!("{family}_{{{index}}}"),
    }
}

/// The name of an abbreviation, which may be a member of a family.
fn defined(text: &str) -> String {
    match text.split_once('[') {
        Some((family, index)) => member(&name(family), &subscript(index.trim_end_matches(']'))),
        None => name(text),
    }
}

fn number(value: &Rational) -> (String, Bond) {
    let size = Rational::from(value.abs_ref());
    let text = if *size.denom() == 1 {
        size.to_string()
    } else {
        format!("\\tfrac{{{}}}{{{}}}", size.numer(), size.denom())
    };
    if *value < 0 {
        (format!("-{text}"), Bond::Sign)
    } else {
        (text, Bond::Atom)
    }
}
