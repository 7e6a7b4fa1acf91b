//! Declarations: integer quantities, symbols, abbreviations, time derivatives, assumptions, axioms.

use super::super::formula::{parse_comparison, parse_head, parse_range, parse_shape};
use super::{Reader, Value};
use crate::problem::claim_file::{Assumption, Axiom, Equation, Placed, Quantity, Symbol};
use crate::problem::formula::{Affine, Extent, Range, Shape};
use crate::problem::{ClaimMistake, Span};
use toml::de::{DeTable, DeValue};

/// The keys of an axiom.
const AXIOM_KEYS: [&str; 3] = ["name", "statement", "requires"];

impl<'text> Reader<'text> {
    /// The integer quantities in the table under a key, in the order of the file.
    pub(super) fn quantities(&mut self, table: &DeTable<'text>, key: &str) -> Vec<Quantity> {
        let mut quantities = Vec::new();
        for (name, span, value) in self.entries(table, key) {
            let Some((name, None)) = self.head(name, span) else {
                continue;
            };
            if let Some(range) = self.range(&name.value, value) {
                quantities.push(Quantity { name, range });
            }
        }
        quantities
    }

    /// A value that must be a range; a number is a range of one.
    fn range(&mut self, key: &str, value: &Value<'text>) -> Option<Range> {
        if let DeValue::Integer(_) = value.get_ref() {
            let from = self.affine(key, value)?;
            let to = Some(from.clone());
            return Some(Range { from, to });
        }
        let text = self.string_of(key, value)?;
        let (mut range, place) = self.parsed(&text.value, text.span, parse_range)?;
        let map = |affine: &mut Affine| affine.relocate(&|span| place.map(span));
        map(&mut range.from);
        range.to.as_mut().map(map);
        Some(range)
    }

    /// The symbols, or unknown functions, in the table under a key.
    pub(super) fn symbols(&mut self, table: &DeTable<'text>, key: &str) -> Vec<Symbol> {
        let mut symbols = Vec::new();
        for (name, span, value) in self.entries(table, key) {
            let head = self.head(name, span);
            let shape = self.shape(name, value);
            let (Some((name, letter)), Some(shape)) = (head, shape) else {
                continue;
            };
            if key == "functions" && letter.is_some() {
                self.mistake(ClaimMistake::NotAFamily { name: name.value }, span);
                continue;
            }
            symbols.push(Symbol { name, letter, shape });
        }
        symbols
    }

    /// A value that must be a shape.
    pub(super) fn shape(&mut self, key: &str, value: &Value<'text>) -> Option<Shape> {
        let text = self.string_of(key, value)?;
        let (mut shape, place) = self.parsed(&text.value, text.span, parse_shape)?;
        let map = |extent: &mut Extent| {
            extent.span = place.map(extent.span);
            if let Some((_, Some(index))) = &mut extent.size {
                index.relocate(&|span| place.map(span));
            }
        };
        map(&mut shape.rows);
        map(&mut shape.columns);
        shape.span = place.map(shape.span);
        Some(shape)
    }

    /// The equations in the table under a key: abbreviations or time derivatives.
    pub(super) fn equations(&mut self, table: &DeTable<'text>, key: &str) -> Vec<Equation> {
        let mut equations = Vec::new();
        for (name, span, value) in self.entries(table, key) {
            let head = self.head(name, span);
            let formula = self.formula(name, value);
            if let (Some((name, letter)), Some(formula)) = (head, formula) {
                equations.push(Equation { name, letter, formula });
            }
        }
        equations
    }

    /// A key that is a name or a name with a letter in brackets.
    fn head(&mut self, key: &str, span: Span) -> Option<(Placed<String>, Option<Placed<String>>)> {
        let ((name, letter), place) = self.parsed(key, span, parse_head)?;
        let name = Placed { value: name, span };
        let letter = letter.map(|(letter, span)| Placed {
            value: letter,
            span: place.map(span),
        });
        Some((name, letter))
    }

    /// What is assumed.
    pub(super) fn assumptions(&mut self, table: &DeTable<'text>) -> Vec<Assumption> {
        let mut assumptions = Vec::new();
        for item in self.items(table, "assume") {
            let Some(text) = self.string_of("assume", item) else {
                continue;
            };
            let Some((parsed, place)) = self.parsed(&text.value, text.span, parse_comparison) else {
                continue;
            };
            let (mut left, comparison, mut right) = parsed;
            left.relocate(&|span| place.map(span));
            right.relocate(&|span| place.map(span));
            assumptions.push(Assumption {
                left,
                comparison,
                right,
            });
        }
        assumptions
    }

    /// The theorems of the literature that are used.
    pub(super) fn axioms(&mut self, table: &DeTable<'text>) -> Vec<Axiom> {
        let mut axioms = Vec::new();
        for item in self.items(table, "axiom") {
            let Some(inner) = self.table("axiom", item) else {
                continue;
            };
            self.check_keys(inner, "an axiom", &AXIOM_KEYS);
            for key in ["name", "statement"] {
                if !inner.contains_key(key) {
                    let place = "an axiom";
                    self.mistake(ClaimMistake::MissingKey { place, key }, item.span().into());
                }
            }
            let name = self.string(inner, "name");
            let statement = self.string(inner, "statement");
            let requires = self.lines(inner, "requires");
            if let (Some(name), Some(statement)) = (name, statement) {
                let statement = statement.value;
                axioms.push(Axiom {
                    name,
                    statement,
                    requires,
                });
            }
        }
        axioms
    }
}
