//! Numbers for sizes, indices, symbols and functions: instances and witnesses.

use super::Witness;
use super::builder::{Builder, nearest};
use super::declare::is_scalar_function;
use super::reach::indices_in;
use crate::kernel::certificate::Exact;
use crate::kernel::free::data::{FunctionValue, IndexData, Sizes, SymbolData, Value};
use crate::kernel::free::index::Index;
use crate::kernel::free::shape::Dimension;
use crate::problem::claim_file::{Assigned, Claim, Given, Placed};
use crate::problem::{ClaimMistake, Span};
use rug::Rational;
use std::collections::BTreeSet;

/// The largest size and the largest index of an instance.
const LARGEST: i32 = 1_000;
/// The most instances of one claim.
const INSTANCES: usize = 100;

impl Builder<'_> {
    /// The sizes of the second proofs of a claim; `None` only with a diagnostic.
    pub(super) fn instances(&mut self, claim: &Claim, nodes: &[usize]) -> Option<Vec<Sizes>> {
        let mut instances = Vec::new();
        for given in &claim.instances {
            self.known_names(given, false)?;
            for indices in self.index_values(given, nodes, claim.span)? {
                let sizes = self.sizes(given, &indices, claim.span)?;
                instances.push(Sizes { sizes, indices });
            }
        }
        Some(instances)
    }

    /// The counterexample of a claim; `None` only with a diagnostic.
    pub(super) fn witness(&mut self, claim: &Claim, nodes: &[usize]) -> Option<Option<Witness>> {
        let given = &claim.witness;
        if given.is_empty() {
            return Some(None);
        }
        self.known_names(given, true)?;
        let mut values = Vec::new();
        let mut functions = vec![None; self.data.functions.len()];
        let mut complete = true;
        for assigned in given {
            if let Some(symbol) = self.symbol(&assigned.name.value) {
                let value = self.value(symbol, assigned);
                complete &= value.is_some();
                values.extend(value);
            } else if let Some(function) = self.function(&assigned.name.value) {
                let value = self.function_value(function, assigned);
                complete &= value.is_some();
                if let Some(entry) = functions.get_mut(usize::from(function)) {
                    *entry = value;
                }
            }
        }
        complete.then_some(())?;
        let mut all = given.clone();
        all.extend(self.sizes_of_values(given, &values));
        all.extend(self.smallest(&all, claim.span));
        let choices = self.index_values(&all, nodes, claim.span)?;
        let Some(indices) = choices.into_iter().next() else {
            let name = "the index of the witness".to_owned();
            self.report(ClaimMistake::NoValue { name }, claim.span);
            return None;
        };
        let sizes = self.sizes(&all, &indices, claim.span)?;
        let sizes = Sizes { sizes, indices };
        Some(Some(Witness {
            sizes,
            values,
            functions,
        }))
    }

    /// 1 for the plain sizes that are not given, and the smallest value for indices without an end.
    fn smallest(&self, given: &[Assigned], span: Span) -> Vec<Assigned> {
        let open = |name: &str| given.iter().all(|assigned| assigned.name.value != name);
        let sizes = self
            .data
            .sizes
            .iter()
            .filter(|size| open(size) && !self.is_family(size));
        let sizes = sizes.map(|size| (size.clone(), 1));
        let endless = self
            .data
            .indices
            .iter()
            .filter(|data| open(&data.name) && data.to.is_none());
        let endless = endless.filter_map(|data| Some((data.name.clone(), data.from.value()?)));
        let assigned = sizes.chain(endless).map(|(name, value)| Assigned {
            name: Placed { value: name, span },
            member: None,
            value: Placed {
                value: Given::Number(Rational::from(value)),
                span,
            },
        });
        assigned.collect()
    }

    /// Reports names that are no sizes and no indices, and for a witness no symbols and no functions.
    fn known_names(&mut self, given: &[Assigned], witness: bool) -> Option<()> {
        let mut known: Vec<String> = self.data.sizes.clone();
        known.extend(self.data.indices.iter().map(|index| index.name.clone()));
        known.extend(self.literals.iter().map(|(name, _)| name.clone()));
        known.extend(self.base.iter().map(|(name, _)| name.clone()));
        if witness {
            known.extend(self.data.symbols.iter().map(|symbol| symbol.name.clone()));
            known.extend(self.data.functions.iter().map(|function| function.name.clone()));
        } else if self.data.sizes.iter().any(|size| self.is_family(size)) {
            // The widths at the ends and inside of a chain.
            known.extend(["n".to_owned(), "k".to_owned()]);
        }
        let mut complete = true;
        for assigned in given {
            let name = &assigned.name.value;
            if !known.contains(name) {
                let suggestion = nearest(name, known.iter().map(String::as_str));
                let name = name.clone();
                self.report(ClaimMistake::UnknownSize { name, suggestion }, assigned.name.span);
                complete = false;
            }
        }
        complete.then_some(())
    }

    /// Whether a size is a family of sizes.
    fn is_family(&self, size: &str) -> bool {
        let number = self.size(size);
        self.dimensions().any(|dimension| {
            let size = dimension.size.as_ref();
            size.is_some_and(|size| Some(size.name) == number && size.index.is_some())
        })
    }

    /// The dimensions of all symbols and functions.
    fn dimensions(&self) -> impl Iterator<Item = &Dimension> {
        let symbols = self
            .data
            .symbols
            .iter()
            .flat_map(|symbol| [&symbol.rows, &symbol.columns]);
        let functions = self
            .data
            .functions
            .iter()
            .flat_map(|function| [&function.rows, &function.columns]);
        symbols.chain(functions)
    }

    /// Values for the indices: those that are given, and all combinations of the others in their ranges.
    fn index_values(&mut self, given: &[Assigned], nodes: &[usize], span: Span) -> Option<Vec<Vec<Option<i32>>>> {
        let occurring = indices_in(&self.data.nodes, nodes);
        let families: BTreeSet<u16> = self.data.symbols.iter().filter_map(|symbol| symbol.family).collect();
        let sums: BTreeSet<u16> = self.sums.iter().map(|(_, number)| *number).collect();
        let mut choices: Vec<Vec<Option<i32>>> = vec![Vec::new()];
        for (number, data) in (0u16..).zip(self.data.indices.clone()) {
            let value = given
                .iter()
                .find(|assigned| assigned.name.value == data.name && assigned.member.is_none());
            let is_bound = sums.contains(&number) || (families.contains(&number) && !occurring.contains(&number));
            let mut longer = Vec::new();
            for choice in choices {
                let push = |value: Option<i32>| {
                    let mut choice = choice.clone();
                    choice.push(value);
                    choice
                };
                if let (Some(assigned), false) = (value, sums.contains(&number)) {
                    let value = self.whole(assigned, i32::MIN)?;
                    longer.push(push(Some(value)));
                } else if is_bound {
                    longer.push(push(None));
                } else {
                    let ends = (
                        evaluate(&data.from, &choice),
                        data.to.as_ref().and_then(|to| evaluate(to, &choice)),
                    );
                    let (Some(from), Some(to)) = ends else {
                        let name = data.name.clone();
                        self.report(ClaimMistake::NoValue { name }, span);
                        return None;
                    };
                    // An index that does not occur needs no more than one value.
                    let most = if occurring.contains(&number) { INSTANCES } else { 1 };
                    longer.extend((from..=to).take(most).map(|value| push(Some(value))));
                }
            }
            longer.truncate(INSTANCES);
            choices = longer;
        }
        Some(choices)
    }

    /// Numbers for all sizes.
    fn sizes(&mut self, given: &[Assigned], indices: &[Option<i32>], span: Span) -> Option<Vec<Vec<u32>>> {
        let mut sizes = Vec::new();
        for name in self.data.sizes.clone() {
            let found = given.iter().find(|assigned| assigned.name.value == name);
            let numbers = match (found, self.is_family(&name)) {
                (Some(assigned), false) => vec![self.positive(assigned)?],
                (Some(assigned), true) => self.family_sizes(assigned)?,
                (None, true) => self.chain(&name, given, indices, span)?,
                (None, false) => {
                    self.report(ClaimMistake::NoValue { name }, span);
                    return None;
                }
            };
            sizes.push(numbers);
        }
        Some(sizes)
    }

    /// The widths of a chain: `n` at both ends and `k` inside.
    fn chain(&mut self, name: &str, given: &[Assigned], indices: &[Option<i32>], span: Span) -> Option<Vec<u32>> {
        let find = |name: &str| given.iter().find(|assigned| assigned.name.value == name);
        let (Some(outer), Some(inner)) = (find("n"), find("k")) else {
            let name = name.to_owned();
            self.report(ClaimMistake::NoValue { name }, span);
            return None;
        };
        let Some(last) = self.last_member(name, indices) else {
            let name = name.to_owned();
            self.report(ClaimMistake::NoValue { name }, span);
            return None;
        };
        let (outer, inner) = (self.positive(outer)?, self.positive(inner)?);
        let length = usize::try_from(last).unwrap_or(0) + 1;
        let mut widths = vec![inner; length];
        for end in [0, length - 1] {
            if let Some(width) = widths.get_mut(end) {
                *width = outer;
            }
        }
        Some(widths)
    }

    /// The largest index of a family of sizes that occurs in the shapes.
    fn last_member(&self, name: &str, indices: &[Option<i32>]) -> Option<i32> {
        let number = self.size(name)?;
        let mut last = None;
        for symbol in &self.data.symbols {
            for dimension in [&symbol.rows, &symbol.columns] {
                let size = dimension.size.as_ref().filter(|size| size.name == number);
                let Some(index) = size.and_then(|size| size.index.as_ref()) else {
                    continue;
                };
                for index in ends(symbol, index, &self.data.indices) {
                    last = last.max(evaluate(&index?, indices));
                }
            }
        }
        last.filter(|last| (0..=LARGEST).contains(last))
    }

    /// A whole number that is at least this.
    fn whole(&mut self, assigned: &Assigned, least: i32) -> Option<i32> {
        let value = match &assigned.value.value {
            Given::Number(value) if value.is_integer() => value.numer().to_i32(),
            _ => None,
        };
        let value = value.filter(|value| (least..=LARGEST).contains(value));
        if value.is_none() {
            let expected = format!(
                "a whole number{} up to {LARGEST}",
                if least > 0 { " from 1" } else { "" }
            );
            let name = assigned.name.value.clone();
            self.report(ClaimMistake::BadValue { name, expected }, assigned.value.span);
        }
        value
    }

    /// A size.
    fn positive(&mut self, assigned: &Assigned) -> Option<u32> {
        self.whole(assigned, 1).and_then(|value| u32::try_from(value).ok())
    }

    /// The members of a family of sizes, from index 0 on.
    fn family_sizes(&mut self, assigned: &Assigned) -> Option<Vec<u32>> {
        let size = |value: &Rational| {
            let whole = if value.is_integer() {
                value.numer().to_i32()
            } else {
                None
            };
            whole
                .filter(|whole| (1..=LARGEST).contains(whole))
                .and_then(|whole| u32::try_from(whole).ok())
        };
        let sizes = match &assigned.value.value {
            Given::List(values) => values.iter().map(size).collect(),
            _ => None,
        };
        if sizes.is_none() {
            let expected = format!("a list of whole numbers from 1 up to {LARGEST}, the first for index 0");
            let name = assigned.name.value.clone();
            self.report(ClaimMistake::BadValue { name, expected }, assigned.value.span);
        }
        sizes
    }

    /// The value of a symbol.
    fn value(&mut self, symbol: u16, assigned: &Assigned) -> Option<Value> {
        let data = self.data.symbols.get(usize::from(symbol))?;
        let name = assigned.name.value.clone();
        if data.family.is_some() != assigned.member.is_some() {
            let mistake = if data.family.is_some() {
                ClaimMistake::FamilyWithoutIndex { name }
            } else {
                ClaimMistake::NotAFamily { name }
            };
            self.report(mistake, assigned.name.span);
            return None;
        }
        let exact = |row: &[Rational]| -> Vec<Exact> { row.iter().cloned().map(Exact).collect() };
        let rows = match &assigned.value.value {
            Given::Number(value) => vec![exact(std::slice::from_ref(value))],
            Given::List(values) if data.rows.is_one() => vec![exact(values)],
            Given::List(values) => values.iter().map(|value| exact(std::slice::from_ref(value))).collect(),
            Given::Rows(rows) => rows.iter().map(|row| exact(row)).collect(),
            Given::Polynomial(_) | Given::Quadratic { .. } => {
                let expected = "a number or the rows of a matrix".to_owned();
                self.report(ClaimMistake::BadValue { name, expected }, assigned.value.span);
                return None;
            }
        };
        let index = assigned.member;
        Some(Value { symbol, index, rows })
    }

    /// What stands for an unknown function.
    fn function_value(&mut self, function: u16, assigned: &Assigned) -> Option<FunctionValue> {
        let data = self.data.functions.get(usize::from(function))?;
        let scalar = is_scalar_function(&data.rows, &data.columns);
        let exact = |values: &[Rational]| -> Vec<Exact> { values.iter().cloned().map(Exact).collect() };
        match (&assigned.value.value, scalar) {
            (Given::Number(value), true) => Some(FunctionValue::Polynomial(vec![Exact(value.clone())])),
            (Given::Polynomial(coefficients), true) => Some(FunctionValue::Polynomial(exact(coefficients))),
            (Given::Quadratic { linear, square }, false) => Some(FunctionValue::Quadratic {
                linear: linear.iter().map(|row| exact(row)).collect(),
                square: Exact(square.clone()),
            }),
            _ => {
                let expected = if scalar {
                    "a polynomial in x"
                } else {
                    "a table with `linear` and `square`"
                };
                let name = assigned.name.value.clone();
                let expected = expected.to_owned();
                self.report(ClaimMistake::BadValue { name, expected }, assigned.value.span);
                None
            }
        }
    }

    /// The sizes that can be read off the matrices that are given and are not given themselves.
    fn sizes_of_values(&self, given: &[Assigned], values: &[Value]) -> Vec<Assigned> {
        let mut found: Vec<Assigned> = Vec::new();
        for value in values {
            let Some(symbol) = self.data.symbols.get(usize::from(value.symbol)) else {
                continue;
            };
            let columns = value.rows.first().map_or(0, Vec::len);
            for (dimension, count) in [(&symbol.rows, value.rows.len()), (&symbol.columns, columns)] {
                let Some(size) = dimension.size.as_ref().filter(|size| size.index.is_none()) else {
                    continue;
                };
                let Some(name) = self.data.sizes.get(usize::from(size.name)) else {
                    continue;
                };
                let known = given.iter().chain(&found).any(|assigned| assigned.name.value == *name);
                let Some(origin) = given.iter().find(|_| !known) else {
                    continue;
                };
                let number = Rational::from(count) / Rational::from(dimension.factor);
                let mut assigned = origin.clone();
                assigned.name.value = name.clone();
                assigned.member = None;
                assigned.value.value = Given::Number(number);
                found.push(assigned);
            }
        }
        found
    }
}

/// The value of an index form under values of the variables.
fn evaluate(index: &Index, values: &[Option<i32>]) -> Option<i32> {
    index
        .terms()
        .iter()
        .try_fold(index.offset(), |sum, (variable, multiple)| {
            let value = values.get(usize::from(*variable)).copied().flatten()?;
            sum.checked_add(multiple.checked_mul(value)?)
        })
}

/// An index in the shape of a symbol at both ends of the range of its family.
fn ends(symbol: &SymbolData, index: &Index, indices: &[IndexData]) -> Vec<Option<Index>> {
    let Some(letter) = symbol.family else {
        return vec![Some(index.clone())];
    };
    let Some(range) = indices.get(usize::from(letter)) else {
        return Vec::new();
    };
    let to = range.to.as_ref().and_then(|to| index.substitute(letter, to));
    vec![index.substitute(letter, &range.from), to]
}
