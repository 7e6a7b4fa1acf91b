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
        pieces
            .remove(&root)
            .map_or_else(|| ELLIPSIS.to_owned(), |(text, _)| text)
    }

    fn piece(self, node: &Node, pieces: &BTreeMap<usize, (String, Bond)>) -> (String, Bond) {
        let at = |child: &usize, least: Bond| match pieces.get(child) {
            Some((text, bond)) if *bond >= least => text.clone(),
            Some((text, _)) => format!("\\left({text}\\right)"),
            None => ELLIPSIS.to_owned(),
        };
        let plain = |child: &usize| at(child, Bond::Sum);
        let whole = |text: String| (text, Bond::Atom);
        match node {
            Node::Number(value) => number(value),
            Node::Pi => whole("\\pi".to_owned()),
            Node::Symbol(symbol) => whole(self.symbol(*symbol)),
            Node::Member(symbol, index) => whole(format!("{{{}}}_{{{}}}", self.symbol(*symbol), self.index(index))),
            Node::Product(symbol, high, low) => {
                let name = self.symbol(*symbol);
                let (high, low) = (self.index(high), self.index(low));
                (
                    format!("{{{name}}}_{{{high}}}\\cdots {{{name}}}_{{{low}}}"),
                    Bond::Product,
                )
            }
            Node::Identity(size) => whole(format!("I_{{{}}}", self.dimension(size))),
            Node::Zero(..) => whole("0".to_owned()),
            Node::Add(a, b) => (format!("{} + {}", plain(a), at(b, Bond::Product)), Bond::Sum),
            Node::Sub(a, b) => (format!("{} - {}", plain(a), at(b, Bond::Product)), Bond::Sum),
            Node::Mul(a, b) => {
                let (left, right) = (at(a, Bond::Sign), at(b, Bond::Power));
                // A minus sign in front belongs to the whole product.
                let bond = if left.starts_with('-') {
                    Bond::Sign
                } else {
                    Bond::Product
                };
                // Digits side by side would be read as one number.
                let dot = if right.starts_with(|first: char| first.is_ascii_digit()) {
                    "\\cdot "
                } else {
                    ""
                };
                (format!("{left}\\,{dot}{right}"), bond)
            }
            Node::Div(a, b) => (format!("\\frac{{{}}}{{{}}}", plain(a), plain(b)), Bond::Power),
            Node::Neg(a) => (format!("-{}", at(a, Bond::Product)), Bond::Sign),
            Node::Transpose(a) => (format!("{}^{{\\mathsf T}}", at(a, Bond::Atom)), Bond::Power),
            Node::Power(a, exponent) if *exponent == Rational::from((1, 2)) => whole(format!("\\sqrt{{{}}}", plain(a))),
            Node::Power(a, exponent) => (format!("{}^{{{exponent}}}", at(a, Bond::Atom)), Bond::Power),
            Node::Trace(a) => whole(format!("\\operatorname{{tr}}\\left({}\\right)", plain(a))),
            Node::Inner(a, b) if a == b => (
                format!("\\left\\lVert {}\\right\\rVert_F^2", plain(a))
                    .replace("lVert", "Vert")
                    .replace("rVert", "Vert"),
                Bond::Power,
            ),
            Node::Inner(a, b) => whole(format!("\\left\\langle {},\\, {}\\right\\rangle", plain(a), plain(b))),
            Node::Apply(Function::Abs, a) => whole(format!("\\left|{}\\right|", plain(a))),
            Node::Apply(function, a) => {
                let name = match function {
                    Function::Atan => "\\arctan".to_owned(),
                    Function::Asinh | Function::Erf => format!("\\operatorname{{{}}}", function.name()),
                    _ => format!("\\{}", function.name()),
                };
                (format!("{name}\\left({}\\right)", plain(a)), Bond::Power)
            }
            Node::Unknown(function, order, a) => {
                let primes = "'".repeat(usize::from(*order));
                (
                    format!("{}{primes}\\left({}\\right)", self.function(*function), plain(a)),
                    Bond::Power,
                )
            }
            Node::Gradient(function, a) => (
                format!("\\nabla {}\\left({}\\right)", self.function(*function), plain(a)),
                Bond::Power,
            ),
            Node::Second(function, a, b) => {
                let text = format!(
                    "\\nabla^2 {}\\left({}\\right)\\left[{}\\right]",
                    self.function(*function),
                    plain(a),
                    plain(b)
                );
                (text, Bond::Power)
            }
            Node::Dot(a) => {
                let text = match pieces.get(a) {
                    Some((text, Bond::Atom)) if text.len() < 24 => format!("\\dot{{{text}}}"),
                    _ => format!("\\tfrac{{d}}{{dt}}\\left({}\\right)", plain(a)),
                };
                (text, Bond::Power)
            }
            Node::Partial(a, by) => (
                format!(
                    "\\tfrac{{\\partial}}{{\\partial {}}}\\left({}\\right)",
                    self.symbol(*by),
                    plain(a)
                ),
                Bond::Power,
            ),
            Node::Sum(variable, body) => {
                let Some(data) = self.theory.indices.get(usize::from(*variable)) else {
                    return whole(ELLIPSIS.to_owned());
                };
                let to = data.to.as_ref().map(|to| self.index(to)).unwrap_or_default();
                let from = self.index(&data.from);
                (
                    format!(
                        "\\sum_{{{}={from}}}^{{{to}}} {}",
                        name(&data.name),
                        at(body, Bond::Product)
                    ),
                    Bond::Product,
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

    /// Indices and sizes contain nothing that LaTeX reads in its own way.
    fn index(self, index: &Index) -> String {
        self.theory.index_text(index).replace('*', "").replace('_', "\\_")
    }

    fn dimension(self, size: &Dimension) -> String {
        let text = self.theory.dimension_text(size).replace('_', "\\_");
        text.replace('[', "_{").replace(']', "}")
    }
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
        return format!("\\mathrm{{{}}}", text.replace('_', "\\_"));
    };
    if digits.is_empty() {
        letter
    } else {
        format!("{letter}_{{{digits}}}")
    }
}

/// The name of an abbreviation, which may be a member of a family.
fn defined(text: &str) -> String {
    match text.split_once('[') {
        Some((family, index)) => {
            let index = index.trim_end_matches(']').replace('*', "").replace('_', "\\_");
            format!("{{{}}}_{{{index}}}", name(family))
        }
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
