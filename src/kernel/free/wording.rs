//! How the kernel writes statements.

use super::super::certificate::Exact;
use super::data::{Letters, Sizes, Statement, TheoryData};
use super::print::relation_text;
use super::shape::Dimension;

impl TheoryData {
    /// The text of a statement.
    pub fn statement_text(&self, statement: &Statement) -> String {
        let point = |by: &[u16], at: &[Exact]| {
            let name = |symbol: &u16| {
                self.symbols
                    .get(usize::from(*symbol))
                    .map_or("?", |data| data.name.as_str())
            };
            let parts = by
                .iter()
                .zip(at)
                .map(|(symbol, value)| format!("{} = {}", name(symbol), value.0));
            parts.collect::<Vec<_>>().join(", ")
        };
        let symbol = |symbol: &u16| {
            self.symbols
                .get(usize::from(*symbol))
                .map_or("?", |data| data.name.as_str())
        };
        match statement {
            Statement::Equal(sides) => {
                let sides: Vec<String> = sides.iter().map(|side| self.text_with_name(*side)).collect();
                sides.join(" = ")
            }
            Statement::Degree { of, letters, at_most } => {
                let letters: Vec<String> = letters.iter().map(|counted| self.letters_text(counted)).collect();
                let of = self.text_with_name(*of);
                format!("the degree of {of} in {} is at most {at_most}", letters.join(", "))
            }
            Statement::Shape { of, rows, columns } => {
                let shape = self.shape_of(rows, columns);
                format!("{} is a {shape} matrix", self.text_with_name(*of))
            }
            Statement::Defined { of } => format!("{} is defined", self.text_with_name(*of)),
            Statement::Sign { of, relation } => format!("{} {}", self.text_with_name(*of), relation_text(*relation)),
            Statement::JacobianRank { map, by, at, rank } => {
                let map: Vec<String> = map.iter().map(|node| self.text_with_name(*node)).collect();
                let names: Vec<&str> = by.iter().map(symbol).collect();
                let (map, names, at) = (map.join(", "), names.join(", "), point(by, at));
                format!("the Jacobian of ({map}) by {names} has rank {rank} at {at}")
            }
            Statement::HessianInertia { of, by, at, inertia } => {
                let names: Vec<&str> = by.iter().map(symbol).collect();
                let (of, names, at) = (self.text_with_name(*of), names.join(", "), point(by, at));
                let [positive, negative, zero] = inertia;
                format!(
                    "the Hessian of {of} by {names} has {positive} positive, {negative} negative and {zero} zero \
                     eigenvalues at {at}"
                )
            }
            Statement::Roots {
                of,
                by,
                left,
                right,
                enclosed,
            } => {
                let boxes: Vec<String> = enclosed
                    .iter()
                    .map(|[low, high]| format!("[{}, {}]", low.0, high.0))
                    .collect();
                let (of, by) = (self.text_with_name(*of), symbol(by));
                let count = boxes.len();
                let boxes = if boxes.is_empty() {
                    String::new()
                } else {
                    format!(", one in each of {}", boxes.join(", "))
                };
                format!("{of} has exactly {count} roots {by} in ({left}, {right}){boxes}")
            }
            Statement::Integral {
                of,
                by,
                from,
                to,
                lower,
                upper,
            } => {
                let (of, by) = (self.text_with_name(*of), symbol(by));
                format!(
                    "{} <= Integral({of}, {by} = {}..{}) <= {}",
                    lower.0, from.0, to.0, upper.0
                )
            }
            Statement::Radius {
                product,
                imbalances,
                bound,
            } => {
                let parts: Vec<String> = imbalances.iter().map(|c| c.0.to_string()).collect();
                let layers = imbalances.len().saturating_add(1);
                format!(
                    "{layers} layers whose product has spectral norm at most {} and whose imbalances have spectral \
                     norms at most {}: |W_i|_2^2 <= {} for every layer",
                    product.0,
                    parts.join(", "),
                    bound.0
                )
            }
        }
    }

    fn letters_text(&self, letters: &Letters) -> String {
        let name = self
            .symbols
            .get(usize::from(letters.symbol))
            .map_or("?", |data| data.name.as_str());
        match &letters.index {
            Some(index) => format!("{name}[{}]", self.index_text(index)),
            None => name.to_owned(),
        }
    }

    fn shape_of(&self, rows: &Dimension, columns: &Dimension) -> String {
        format!("{} x {}", self.dimension_text(rows), self.dimension_text(columns))
    }

    /// The sizes and indices in one line.
    pub fn sizes_text(&self, sizes: &Sizes) -> String {
        let mut parts = Vec::new();
        for (name, numbers) in self.sizes.iter().zip(&sizes.sizes) {
            match numbers.as_slice() {
                [one] => parts.push(format!("{name} = {one}")),
                many => parts.push(format!("{name} = {many:?}")),
            }
        }
        for (index, value) in self.indices.iter().zip(&sizes.indices) {
            parts.extend(value.map(|value| format!("{} = {value}", index.name)));
        }
        parts.join(", ")
    }
}
