//! How the kernel writes expressions of a theory: in the language of claim files.

use super::super::limits;
use super::super::theorem::Rejection;
use super::algebra::Algebra;
use super::data::{Condition, Node, Relation, TheoryData};
use super::element::Element;
use super::index::{BOUND, Index};
use super::scalar::Scalar;
use super::shape::Dimension;
use rug::Rational;
use std::collections::{BTreeMap, BTreeSet};

/// How tightly an expression holds together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Sum,
    /// A product or a quotient with a minus sign in front, which belongs to the whole.
    Sign,
    Product,
    Power,
    Whole,
}

type Piece = (String, Binding);

/// What stands for an expression that is too long to show.
const ELLIPSIS: &str = "(...)";

impl TheoryData {
    /// The text of an index.
    pub fn index_text(&self, index: &Index) -> String {
        let mut text = String::new();
        for (variable, multiple) in index.terms() {
            let name = match self.indices.get(usize::from(*variable)) {
                Some(data) => data.name.as_str(),
                None if *variable == BOUND => "j",
                None => "?",
            };
            let sign = if *multiple < 0 {
                "-"
            } else if text.is_empty() {
                ""
            } else {
                "+"
            };
            match multiple.unsigned_abs() {
                1 => text.push_str(&format!("{sign}{name}")),
                times => text.push_str(&format!("{sign}{times}*{name}")),
            }
        }
        match (index.offset(), text.is_empty()) {
            (offset, true) => offset.to_string(),
            (0, false) => text,
            (offset, false) => format!("{text}{offset:+}"),
        }
    }

    /// The text of a size.
    pub fn dimension_text(&self, dimension: &Dimension) -> String {
        let Some(size) = &dimension.size else {
            return dimension.factor.to_string();
        };
        let name = self.sizes.get(usize::from(size.name)).map_or("?", String::as_str);
        let index = size.index.as_ref().map(|index| format!("[{}]", self.index_text(index)));
        match dimension.factor {
            1 => format!("{name}{}", index.unwrap_or_default()),
            factor => format!("{factor}{name}{}", index.unwrap_or_default()),
        }
    }

    /// The text of a node; below the root, abbreviations stand for what they abbreviate.
    ///
    /// Panics: never. Expressions that are too long are cut.
    pub fn text(&self, root: usize) -> String {
        self.texts(root, true)
    }

    /// The text of a node, but of the node itself if it is abbreviated by a name.
    pub fn text_with_name(&self, root: usize) -> String {
        self.texts(root, false)
    }

    /// Whether two nodes have the same text, nothing of which was left out.
    pub(super) fn reads_as(&self, first: usize, second: usize) -> bool {
        let text = self.text(first);
        text == self.text(second) && !text.contains(ELLIPSIS)
    }

    fn texts(&self, root: usize, open_root: bool) -> String {
        let names: BTreeMap<usize, &str> = self.definitions.iter().map(|d| (d.node, d.name.as_str())).collect();
        let opened = |node: usize| open_root && node == root;
        let mut needed = BTreeSet::new();
        let mut pending = vec![root];
        while let Some(node) = pending.pop() {
            let named = names.contains_key(&node) && !opened(node);
            if needed.insert(node) && !named {
                // Children come before parents in every accepted theory; anything else is not followed.
                let children = self.nodes.get(node).into_iter().flat_map(Node::children);
                pending.extend(children.filter(|child| *child < node));
            }
        }
        let mut pieces: BTreeMap<usize, Piece> = BTreeMap::new();
        for node in needed {
            let piece = match names.get(&node) {
                Some(name) if !opened(node) => ((*name).to_owned(), Binding::Whole),
                _ => self
                    .nodes
                    .get(node)
                    .map_or_else(missing, |data| self.piece(data, &pieces)),
            };
            let short = piece.0.len() <= limits::RENDERED;
            pieces.insert(
                node,
                if short {
                    piece
                } else {
                    (ELLIPSIS.to_owned(), Binding::Whole)
                },
            );
        }
        pieces.remove(&root).unwrap_or_else(missing).0
    }

    fn piece(&self, node: &Node, pieces: &BTreeMap<usize, Piece>) -> Piece {
        let at = |child: &usize, least: Binding| match pieces.get(child) {
            Some((text, binding)) if *binding >= least => text.clone(),
            Some((text, _)) => format!("({text})"),
            None => "?".to_owned(),
        };
        let plain = |child: &usize| at(child, Binding::Sum);
        let symbol = |symbol: &u16| {
            self.symbols
                .get(usize::from(*symbol))
                .map_or("?", |data| data.name.as_str())
        };
        let function = |name: &u16| {
            self.functions
                .get(usize::from(*name))
                .map_or("?", |data| data.name.as_str())
        };
        let whole = |text: String| (text, Binding::Whole);
        match node {
            Node::Number(value) => number(value),
            Node::Pi => whole("pi".to_owned()),
            Node::Symbol(name) => whole(symbol(name).to_owned()),
            Node::Member(name, index) => whole(format!("{}[{}]", symbol(name), self.index_text(index))),
            Node::Product(name, high, low) => {
                let (high, low) = (self.index_text(high), self.index_text(low));
                whole(format!("{}[{high}..{low}]", symbol(name)))
            }
            Node::Identity(size) => whole(format!("eye({})", self.dimension_text(size))),
            Node::Zero(rows, columns) => whole(format!(
                "zeros({}, {})",
                self.dimension_text(rows),
                self.dimension_text(columns)
            )),
            Node::Add(a, b) => (format!("{} + {}", plain(a), at(b, Binding::Product)), Binding::Sum),
            Node::Sub(a, b) => (format!("{} - {}", plain(a), at(b, Binding::Product)), Binding::Sum),
            Node::Mul(a, b) => product(pieces.get(a), &format!("*{}", at(b, Binding::Power))),
            Node::Div(a, b) => product(pieces.get(a), &format!("/{}", at(b, Binding::Power))),
            Node::Neg(a) => (format!("-{}", at(a, Binding::Product)), Binding::Sign),
            Node::Transpose(a) => whole(format!("{}'", at(a, Binding::Whole))),
            Node::Power(a, exponent) if *exponent == Rational::from((1, 2)) => whole(format!("sqrt({})", plain(a))),
            Node::Power(a, exponent) => {
                let exponent = match exponent.denom().to_u32() {
                    Some(1) if *exponent > 0 => exponent.to_string(),
                    _ => format!("({exponent})"),
                };
                (format!("{}^{exponent}", at(a, Binding::Whole)), Binding::Power)
            }
            Node::Trace(a) => whole(format!("tr({})", plain(a))),
            Node::Inner(a, b) if a == b => whole(format!("norm2({})", plain(a))),
            Node::Inner(a, b) => whole(format!("inner({}, {})", plain(a), plain(b))),
            Node::Apply(name, a) => whole(format!("{}({})", name.name(), plain(a))),
            Node::Unknown(name, order, a) => {
                let primes = "'".repeat(usize::from(*order));
                whole(format!("{}{primes}({})", function(name), plain(a)))
            }
            Node::Gradient(name, a) => whole(format!("grad({}, {})", function(name), plain(a))),
            Node::Second(name, a, b) => whole(format!("hess({}, {}, {})", function(name), plain(a), plain(b))),
            Node::Dot(a) => whole(format!("dot({})", plain(a))),
            Node::Partial(a, by) => whole(format!("d({}, {})", plain(a), symbol(by))),
            Node::Sum(variable, body) => {
                let (name, range) = match self.indices.get(usize::from(*variable)) {
                    Some(data) => {
                        let to = data.to.as_ref().map(|to| self.index_text(to)).unwrap_or_default();
                        (data.name.as_str(), format!("{}..{to}", self.index_text(&data.from)))
                    }
                    None => ("?", "?".to_owned()),
                };
                whole(format!("sum({name} = {range}, {})", plain(body)))
            }
        }
    }

    /// A shape in words.
    fn kind_text(&self, rows: &Dimension, columns: &Dimension) -> String {
        if rows.is_one() && columns.is_one() {
            return "scalar".to_owned();
        }
        format!("{} x {}", self.dimension_text(rows), self.dimension_text(columns))
    }

    /// The text of an assumed sign.
    pub fn condition_text(&self, condition: &Condition) -> String {
        format!(
            "{} {}",
            self.text_with_name(condition.of),
            relation_text(condition.relation)
        )
    }

    /// What the theory is about, in one line: shapes, motions, assumptions, abbreviations.
    pub fn reading(&self) -> String {
        let mut parts = Vec::new();
        let formal: BTreeSet<u16> = self.symbols.iter().filter_map(|symbol| symbol.family).collect();
        let summed = self.nodes.iter().filter_map(|node| match node {
            Node::Sum(variable, _) => Some(*variable),
            _ => None,
        });
        let summed: BTreeSet<u16> = summed.collect();
        for (place, index) in self.indices.iter().enumerate() {
            let place = u16::try_from(place).unwrap_or(BOUND);
            if summed.contains(&place) && !formal.contains(&place) {
                continue;
            }
            let from = self.index_text(&index.from);
            parts.push(match &index.to {
                Some(to) => format!("{from} <= {} <= {}", index.name, self.index_text(to)),
                None => format!("{} >= {from}", index.name),
            });
        }
        for symbol in &self.symbols {
            let shape = self.kind_text(&symbol.rows, &symbol.columns);
            let symmetric = if symbol.symmetric { " symmetric" } else { "" };
            let constant = if symbol.constant { " constant" } else { "" };
            let index = symbol.family.map(|index| self.index_text(&Index::variable(index)));
            let index = index.map(|index| format!("[{index}]")).unwrap_or_default();
            parts.push(format!("{}{index}: {shape}{symmetric}{constant}", symbol.name));
        }
        for function in &self.functions {
            let scalar = function.rows.is_one() && function.columns.is_one();
            let matrix = if scalar { "" } else { " matrix" };
            let kind = self.kind_text(&function.rows, &function.columns);
            parts.push(format!("{}: any function of a {kind}{matrix}", function.name));
        }
        for definition in &self.definitions {
            parts.push(format!("{} = {}", definition.name, self.text(definition.node)));
        }
        for motion in &self.motions {
            let name = self.symbols.get(usize::from(motion.symbol));
            let index = name
                .and_then(|data| data.family)
                .map(|index| self.index_text(&Index::variable(index)));
            let index = index.map(|index| format!("[{index}]")).unwrap_or_default();
            let name = name.map_or("?", |data| data.name.as_str());
            parts.push(format!(
                "dot({name}{index}) = {}",
                self.text_with_name(motion.derivative)
            ));
        }
        for rule in &self.rules {
            parts.push(format!(
                "{} = {}",
                self.text_with_name(rule.left),
                self.text_with_name(rule.right)
            ));
        }
        parts.extend(self.conditions.iter().map(|condition| self.condition_text(condition)));
        parts.join("; ")
    }
}

/// How a relation to zero is written.
pub(super) fn relation_text(relation: Relation) -> &'static str {
    match relation {
        Relation::Positive => "> 0",
        Relation::Negative => "< 0",
        Relation::Nonnegative => ">= 0",
        Relation::Nonpositive => "<= 0",
        Relation::Nonzero => "!= 0",
    }
}

/// A first factor and what follows it.
fn product(first: Option<&Piece>, rest: &str) -> Piece {
    match first {
        Some((text, Binding::Sum)) => (format!("({text}){rest}"), Binding::Product),
        Some((text, Binding::Sign)) => (format!("{text}{rest}"), Binding::Sign),
        Some((text, _)) => (format!("{text}{rest}"), Binding::Product),
        None => (format!("?{rest}"), Binding::Product),
    }
}

fn missing() -> Piece {
    ("?".to_owned(), Binding::Whole)
}

fn number(value: &Rational) -> Piece {
    let binding = if *value < 0 {
        Binding::Sign
    } else if *value.denom() == 1 {
        Binding::Whole
    } else {
        Binding::Product
    };
    (value.to_string(), binding)
}

impl Algebra<'_> {
    /// The shape of an element, such as `k x n`.
    pub(super) fn shape_text(&self, element: &Element) -> String {
        self.dimensions_text(&element.rows, &element.columns)
    }

    /// A shape, such as `k x n`.
    pub(super) fn dimensions_text(&self, rows: &Dimension, columns: &Dimension) -> String {
        format!(
            "{} x {}",
            self.theory.dimension_text(rows),
            self.theory.dimension_text(columns)
        )
    }

    /// The text of a scalar.
    pub(super) fn scalar_text(&self, scalar: &Scalar) -> Result<String, Rejection> {
        self.element_text(&Element::scalar(scalar.clone()))
    }

    /// The text of a normal form.
    pub fn element_text(&self, element: &Element) -> Result<String, Rejection> {
        let (theory, root) = self.read_back(element)?;
        Ok(theory.text(root))
    }
}
