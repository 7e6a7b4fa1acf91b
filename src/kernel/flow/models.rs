//! The vector fields of the models: in the coordinates, and in letters for the derivatives of f.

use super::super::expr::{Function, Id, Node, Table};
use super::super::limits;
use super::super::network::data::NetworkData;
use super::super::network::{Matrix, Network};
use super::super::print;
use super::super::theorem::{Rejection, Within, require};
use super::data::{Model, SystemData};
use std::collections::{BTreeMap, BTreeSet};

/// A field before it is turned into a tape.
pub(super) struct Draft {
    pub table: Table,
    /// In the coordinates and in letters for grad f, which are the variables from the dimension on.
    pub speeds: Vec<Id>,
    /// z in the coordinates, and the derivatives of f in the coordinates and in z.
    pub inner: Vec<Id>,
    pub outer: Vec<Id>,
    /// f, in z.
    pub cost: Option<Id>,
    pub names: Vec<String>,
    /// The number of coordinates of every block.
    pub blocks: Vec<usize>,
    pub reading: String,
}

/// Derives the field of a model.
pub(super) fn draft(data: &SystemData, mut table: Table) -> Result<Draft, Rejection> {
    match &data.model {
        Model::Field { speeds } => {
            let names = names(&data.names, speeds.len())?;
            for speed in speeds {
                require_variables_below(&table, *speed, names.len())?;
            }
            let shown = speeds.iter().zip(&names).map(|(speed, own)| {
                let speed = print::print_named(&table, *speed, &|variable| name(&names, variable));
                format!("{own}' = {speed}")
            });
            let reading = shown.collect::<Vec<_>>().join(", ");
            Ok(Draft {
                table,
                speeds: speeds.clone(),
                inner: Vec::new(),
                outer: Vec::new(),
                cost: None,
                blocks: vec![names.len()],
                names,
                reading,
            })
        }
        Model::Gradient { cost, dimension } => {
            let dimension = usize::from(*dimension);
            require(dimension <= limits::COST_ENTRIES, "too many coordinates")?;
            require_variables_below(&table, *cost, dimension)?;
            let names = names(&data.names, dimension)?;
            let shown = print::print_named(&table, *cost, &|variable| name(&names, variable));
            let outer = derivatives(&mut table, *cost, dimension)?;
            let inner = variables(&mut table, 0, dimension)?;
            let letters = variables(&mut table, dimension, dimension)?;
            let speeds = letters
                .into_iter()
                .map(|letter| table.insert(Node::Neg(letter)))
                .collect();
            Ok(Draft {
                table,
                speeds,
                inner,
                outer,
                cost: Some(*cost),
                names,
                blocks: vec![dimension],
                reading: format!("x' = -grad f, f(x) = {shown}"),
            })
        }
        Model::Linear { .. } | Model::Neuron { .. } if !data.names.is_empty() => {
            Err(Rejection::new("the coordinates of a network have names already").within("names"))
        }
        Model::Linear { cost, widths } => linear(data, *cost, widths),
        Model::Neuron { cost, activation } => neuron(table, *cost, *activation),
    }
}

fn variables(table: &mut Table, first: usize, count: usize) -> Result<Vec<Id>, Rejection> {
    let letters = Matrix::letters(table, first, count, 1);
    Ok(letters
        .ok_or_else(|| Rejection::new("too many coordinates"))?
        .entries()
        .to_vec())
}

/// The derivatives by the first variables.
fn derivatives(table: &mut Table, cost: Id, count: usize) -> Result<Vec<Id>, Rejection> {
    let slopes = (0..count).map(|number| {
        let variable = u16::try_from(number).map_err(|_| Rejection::new("too many coordinates"))?;
        let slope = table.derivative(cost, variable);
        require(table.nodes().len() <= limits::DERIVED_NODES, "too long a cost")?;
        slope.map_err(|_| Rejection::new("the cost has no derivative as an expression"))
    });
    slopes.collect()
}

/// The flow of f(w2 sigma(w1)).
fn neuron(mut table: Table, cost: Id, activation: Id) -> Result<Draft, Rejection> {
    require_variables_below(&table, cost, 1)?;
    require_variables_below(&table, activation, 1)?;
    let shown = print::print(&table, cost);
    let sigma = print::print(&table, activation);
    let outer = derivatives(&mut table, cost, 1)?;
    let slope = derivatives(&mut table, activation, 1)?;
    let [second, letter] = [1, 2].map(|number| table.insert(Node::Variable(number)));
    let product = table.insert(Node::Mul(second, activation));
    let below = table.insert(Node::Mul(letter, activation));
    let mut speeds = Vec::new();
    for slope in slope {
        let pull = table.insert(Node::Mul(second, slope));
        let pull = table.insert(Node::Mul(letter, pull));
        speeds.push(table.insert(Node::Neg(pull)));
    }
    speeds.push(table.insert(Node::Neg(below)));
    Ok(Draft {
        table,
        speeds,
        inner: vec![product],
        outer,
        cost: Some(cost),
        names: vec!["w1".to_owned(), "w2".to_owned()],
        blocks: vec![1, 1],
        reading: format!("gradient flow of f(w2*sigma(w1)), f(w) = {shown}, sigma(w) = {sigma}"),
    })
}

/// The flow of f(W_N ... W_1).
fn linear(data: &SystemData, cost: Id, widths: &[u16]) -> Result<Draft, Rejection> {
    let network = Network::open(&NetworkData {
        nodes: data.nodes.clone(),
        cost,
        widths: widths.to_vec(),
    })?;
    let sizes: Vec<(usize, usize)> = widths
        .windows(2)
        .filter_map(|pair| match pair {
            [columns, rows] => Some((usize::from(*rows), usize::from(*columns))),
            _ => None,
        })
        .collect();
    let field = network.vector_field()?;
    let mut table = field.table;
    let entries = field.gradient.entries().len();
    let dimension: usize = sizes.iter().fold(0, |sum, (rows, columns)| {
        sum.saturating_add(rows.saturating_mul(*columns))
    });
    require(dimension <= limits::COORDINATES, "too many coordinates")?;
    // The network counts entries of W, letters for grad f, coordinates; here it is coordinates, letters.
    let theirs = variables(&mut table, entries.saturating_mul(2), dimension)?;
    let letters = variables(&mut table, entries, entries)?;
    let ours = variables(&mut table, 0, dimension)?;
    let gates = variables(&mut table, dimension, entries)?;
    let replacements: BTreeMap<Id, Id> = theirs
        .into_iter()
        .zip(ours)
        .chain(letters.into_iter().zip(gates))
        .collect();
    let speeds = field.speeds.iter().flat_map(|layer| layer.entries().to_vec());
    let speeds: Vec<Id> = speeds.collect();
    let speeds = speeds
        .into_iter()
        .map(|speed| table.replace(speed, &replacements))
        .collect();
    let (product, names) = product(&mut table, &sizes).ok_or_else(|| Rejection::new("shapes that do not fit"))?;
    Ok(Draft {
        speeds,
        inner: product.entries().to_vec(),
        outer: field.gradient.entries().to_vec(),
        cost: Some(cost),
        names,
        blocks: sizes
            .iter()
            .map(|(rows, columns)| rows.saturating_mul(*columns))
            .collect(),
        reading: format!("gradient flow of {}", network.reading()),
        table,
    })
}

/// W_N ... W_1 in the coordinates, and the names of those.
fn product(table: &mut Table, sizes: &[(usize, usize)]) -> Option<(Matrix, Vec<String>)> {
    let (mut first, mut names, mut product) = (0usize, Vec::new(), None);
    let vectors = matches!(sizes, [(_, 1), (1, _)]);
    for (layer, (rows, columns)) in (1..).zip(sizes) {
        let letters = Matrix::letters(table, first, *rows, *columns)?;
        first = first.checked_add(letters.entries().len())?;
        for row in 1..=*rows {
            names.extend((1..=*columns).map(|column| match (vectors, rows.max(columns)) {
                (true, 1) => format!("w{layer}"),
                (true, _) => format!("w{layer}[{}]", row.max(column)),
                (false, _) => format!("W{layer}[{row},{column}]"),
            }));
        }
        product = Some(match product {
            Some(below) => letters.product(table, &below)?,
            None => letters,
        });
    }
    Some((product?, names))
}

/// The names that were given, or numbers.
fn names(given: &[String], count: usize) -> Result<Vec<String>, Rejection> {
    if given.is_empty() {
        return Ok((1..=count).map(|number| format!("x[{number}]")).collect());
    }
    let plain = |name: &String| {
        let is_word = name
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
        is_word && name.starts_with(|first: char| first.is_ascii_alphabetic()) && name.len() <= limits::NAME
    };
    require(given.len() == count, "not one name per coordinate").within(|| "names")?;
    require(given.iter().all(plain), "not a name").within(|| "names")?;
    let functions = Function::ALL.map(Function::name);
    let taken = |name: &String| name == "pi" || name == "sqrt" || functions.contains(&name.as_str());
    require(!given.iter().any(taken), "the name of a function").within(|| "names")?;
    let different: BTreeSet<&String> = given.iter().collect();
    require(different.len() == count, "a name is used twice").within(|| "names")?;
    Ok(given.to_vec())
}

/// Demands that an expression has no variable of this number or a higher one.
pub(super) fn require_variables_below(table: &Table, root: Id, count: usize) -> Result<(), Rejection> {
    require(table.node(root).is_some(), "there is no such expression")?;
    let foreign = table.reachable(root).into_iter().any(|id| match table.node(id) {
        Some(Node::Variable(number)) => usize::from(*number) >= count,
        _ => false,
    });
    require(!foreign, "a variable that is no coordinate")
}

/// The name of a variable: a coordinate, or a letter for a derivative of f.
pub(super) fn name(names: &[String], variable: u16) -> String {
    let place = usize::from(variable);
    let letter = || format!("G[{}]", place.saturating_sub(names.len()).saturating_add(1));
    names.get(place).cloned().unwrap_or_else(letter)
}
