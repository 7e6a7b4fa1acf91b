//! Numbers that may refute a claim: those the author gives, or small integers.

use super::elaborate::Witness;
use crate::kernel::certificate::Exact;
use crate::kernel::free::data::{Argument, FunctionData, FunctionValue, Node, Sizes, TheoryData, Value};
use crate::kernel::free::index::Index;
use crate::kernel::free::shape::Dimension;
use rug::Rational;
use std::collections::{BTreeMap, BTreeSet};

/// How many different numbers are tried for each choice of the sizes.
const TRIES: u64 = 24;
/// The largest size that is tried.
const LARGEST: u32 = 2;

/// Counterexamples to try, in order. What a witness leaves open is filled with small integers.
pub fn counterexamples(theory: &TheoryData, witness: Option<&Witness>) -> Vec<Argument> {
    let sizes = match witness {
        Some(witness) => vec![witness.sizes.clone()],
        None => (1..=LARGEST).filter_map(|size| small_sizes(theory, size)).collect(),
    };
    let mut arguments = Vec::new();
    for sizes in &sizes {
        for seed in 0..TRIES {
            let mut numbers = Numbers { state: seed };
            let Some(values) = values(theory, sizes, witness, &mut numbers) else {
                continue;
            };
            let functions = functions(theory, sizes, witness, &mut numbers);
            let argument = Argument::Counterexample {
                sizes: sizes.clone(),
                values,
                functions,
            };
            if !arguments.contains(&argument) {
                arguments.push(argument);
            }
        }
    }
    arguments
}

/// All sizes equal, all indices as small as they can be.
fn small_sizes(theory: &TheoryData, size: u32) -> Option<Sizes> {
    let summed: BTreeSet<u16> = theory
        .nodes
        .iter()
        .filter_map(|node| match node {
            Node::Sum(variable, _) => Some(*variable),
            _ => None,
        })
        .collect();
    let mut values: BTreeMap<u16, i32> = BTreeMap::new();
    let mut indices = Vec::new();
    let mut largest = 1;
    for (place, data) in (0u16..).zip(&theory.indices) {
        let value = index_value(&data.from, &values)?;
        largest = largest.max(value);
        if let Some(to) = data.to.as_ref().and_then(|to| index_value(to, &values)) {
            largest = largest.max(to);
        }
        values.insert(place, value);
        indices.push((!summed.contains(&place)).then_some(value));
    }
    // Families of sizes need a number for every index that occurs.
    let members = usize::try_from(largest).ok()?.checked_add(3)?;
    let families = theory.symbols.iter().flat_map(|symbol| [&symbol.rows, &symbol.columns]);
    let functions = theory
        .functions
        .iter()
        .flat_map(|function| [&function.rows, &function.columns]);
    let families: BTreeSet<u16> = families
        .chain(functions)
        .filter_map(|dimension| dimension.size.as_ref())
        .filter(|size| size.index.is_some())
        .map(|size| size.name)
        .collect();
    let sizes = (0u16..).zip(&theory.sizes).map(|(place, _)| {
        if families.contains(&place) {
            vec![size; members]
        } else {
            vec![size]
        }
    });
    Some(Sizes {
        sizes: sizes.collect(),
        indices,
    })
}

fn index_value(index: &Index, values: &BTreeMap<u16, i32>) -> Option<i32> {
    let mut value = index.offset();
    for (variable, multiple) in index.terms() {
        value = value.checked_add(multiple.checked_mul(*values.get(variable)?)?)?;
    }
    Some(value)
}

fn dimension_value(dimension: &Dimension, sizes: &Sizes, values: &BTreeMap<u16, i32>) -> Option<usize> {
    let unit = match &dimension.size {
        None => 1,
        Some(size) => {
            let place = match &size.index {
                Some(index) => usize::try_from(index_value(index, values)?).ok()?,
                None => 0,
            };
            *sizes.sizes.get(usize::from(size.name))?.get(place)?
        }
    };
    usize::try_from(dimension.factor.checked_mul(unit)?).ok()
}

/// A value for every symbol and every member of a family.
fn values(theory: &TheoryData, sizes: &Sizes, witness: Option<&Witness>, numbers: &mut Numbers) -> Option<Vec<Value>> {
    let given = |symbol: u16, index: Option<i32>| {
        let mut values = witness.into_iter().flat_map(|witness| &witness.values);
        values.find(|value| value.symbol == symbol && value.index == index)
    };
    let known: BTreeMap<u16, i32> = (0u16..)
        .zip(&sizes.indices)
        .filter_map(|(place, value)| value.map(|value| (place, value)))
        .collect();
    let mut all = Vec::new();
    for (symbol, data) in (0u16..).zip(&theory.symbols) {
        let members: Vec<Option<i32>> = match data.family {
            None => vec![None],
            Some(formal) => {
                let range = theory.indices.get(usize::from(formal))?;
                let mut others = known.clone();
                others.remove(&formal);
                let from = index_value(&range.from, &others)?;
                // A family without end: as many members as the smallest indices can reach.
                let to = range
                    .to
                    .as_ref()
                    .map_or(Some(from.checked_add(4)?), |to| index_value(to, &others))?;
                (from..=to).map(Some).collect()
            }
        };
        for index in members {
            if let Some(value) = given(symbol, index) {
                all.push(value.clone());
                continue;
            }
            let mut environment = known.clone();
            environment.extend(data.family.zip(index));
            let rows = dimension_value(&data.rows, sizes, &environment)?;
            let columns = dimension_value(&data.columns, sizes, &environment)?;
            let mut rows: Vec<Vec<Exact>> = (0..rows)
                .map(|_| (0..columns).map(|_| numbers.next()).collect())
                .collect();
            if data.symmetric {
                mirror(&mut rows);
            }
            all.push(Value { symbol, index, rows });
        }
    }
    Some(all)
}

/// Copies the upper triangle below the diagonal.
fn mirror(rows: &mut [Vec<Exact>]) {
    let copy = rows.to_vec();
    for (i, row) in rows.iter_mut().enumerate() {
        for (j, entry) in row.iter_mut().enumerate().take(i) {
            if let Some(above) = copy.get(j).and_then(|row| row.get(i)) {
                *entry = above.clone();
            }
        }
    }
}

/// Something to stand for every unknown function.
fn functions(
    theory: &TheoryData,
    sizes: &Sizes,
    witness: Option<&Witness>,
    numbers: &mut Numbers,
) -> Vec<FunctionValue> {
    let known: BTreeMap<u16, i32> = (0u16..)
        .zip(&sizes.indices)
        .filter_map(|(place, value)| value.map(|value| (place, value)))
        .collect();
    let functions = theory.functions.iter().enumerate();
    functions
        .map(|(place, data)| {
            let given = witness
                .and_then(|witness| witness.functions.get(place))
                .cloned()
                .flatten();
            given.unwrap_or_else(|| some_function(data, sizes, &known, numbers))
        })
        .collect()
}

fn some_function(
    data: &FunctionData,
    sizes: &Sizes,
    known: &BTreeMap<u16, i32>,
    numbers: &mut Numbers,
) -> FunctionValue {
    if data.rows.is_one() && data.columns.is_one() {
        return FunctionValue::Polynomial((0..4).map(|_| numbers.next()).collect());
    }
    let size = |dimension| dimension_value(dimension, sizes, known).unwrap_or(1);
    let (rows, columns) = (size(&data.rows), size(&data.columns));
    FunctionValue::Quadratic {
        linear: (0..rows)
            .map(|_| (0..columns).map(|_| numbers.next()).collect())
            .collect(),
        square: numbers.next(),
    }
}

/// Small integers, the same every time: simple ones for the first seed, mixed ones for the others.
struct Numbers {
    state: u64,
}

impl Numbers {
    fn next(&mut self) -> Exact {
        // A linear congruential generator (Knuth, MMIX): any spread of small integers does.
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let value = i32::try_from((self.state >> 33) % 7).unwrap_or(0) - 3;
        Exact(Rational::from(if value == 0 { 4 } else { value }))
    }
}
