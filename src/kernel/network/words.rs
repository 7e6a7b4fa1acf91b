//! How a network and its flow are written: layers W_1, ..., W_N, their product, the entries by name.

use super::Network;

/// A product of layers from `high` down to `low`, such as `W_3 W_2`; empty if there are none. Panics: never.
pub fn product(high: usize, low: usize) -> String {
    let factors: Vec<String> = (low..=high).rev().map(|layer| format!("W_{layer}")).collect();
    factors.join(" ")
}

/// The transpose of such a product, with a blank on the side where other factors follow.
fn transposed(high: usize, low: usize) -> String {
    match high.checked_sub(low) {
        None => String::new(),
        Some(0) => format!("{}^T", product(high, low)),
        Some(_) => format!("({})^T", product(high, low)),
    }
}

/// The right-hand side of the flow of a layer, such as `-W_3^T grad f(W) W_1^T`; `gradient` is how grad f is written.
///
/// Panics: never.
pub fn speed(depth: usize, layer: usize, gradient: &str) -> String {
    let above = transposed(depth, layer.saturating_add(1));
    let below = transposed(layer.saturating_sub(1), 1);
    let factors = [above, gradient.to_owned(), below];
    let factors: Vec<String> = factors.into_iter().filter(|factor| !factor.is_empty()).collect();
    format!("-{}", factors.join(" "))
}

/// The conserved quantity between a layer and the next, such as `W_1 W_1^T - W_2^T W_2`. Panics: never.
pub fn imbalance(layer: usize) -> String {
    let next = layer.saturating_add(1);
    format!("W_{layer} W_{layer}^T - W_{next}^T W_{next}")
}

impl Network {
    /// What the cost is a function of: `w` for a scalar cost. Panics: never.
    pub fn variable_name(&self) -> &'static str {
        if self.is_scalar() { "w" } else { "W" }
    }

    /// The gradient as a name: `f'(w)` for a scalar cost. Panics: never.
    pub fn gradient_name(&self) -> &'static str {
        if self.is_scalar() { "f'(w)" } else { "grad f(W)" }
    }

    /// The name of a variable of the cost or of the vector field. Panics: never.
    ///
    /// First come the entries of W, then those of the gradient, called G, then those of the layers. A 1 x 1 matrix has
    /// no indices.
    pub fn name(&self, variable: u16) -> String {
        let (high, low) = self.ends();
        let product = ("W".to_owned(), high, low);
        let gradient = ("G".to_owned(), high, low);
        let layers = self
            .layers()
            .map(|(layer, rows, columns)| (format!("W_{layer}"), rows, columns));
        let mut rest = usize::from(variable);
        for (name, rows, columns) in [product, gradient].into_iter().chain(layers) {
            let count = rows.saturating_mul(columns);
            match rest.checked_sub(count) {
                Some(behind) => rest = behind,
                None if usize::from(variable) == 0 && self.is_scalar() => return "w".to_owned(),
                None if count == 1 => return name,
                None => {
                    let row = rest.checked_div(columns).unwrap_or(0).saturating_add(1);
                    let column = rest.checked_rem(columns).unwrap_or(0).saturating_add(1);
                    return format!("{name}[{row},{column}]");
                }
            }
        }
        format!("x_{variable}")
    }
}
