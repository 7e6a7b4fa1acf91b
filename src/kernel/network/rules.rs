//! What each claim about a network must show to be believed.

use super::super::expr::{Id, Node, Table};
use super::super::limits;
use super::super::normal_form::{Decision, is_identically_zero};
use super::super::theorem::{Rejection, Settled, Within, require};
use super::data::NetworkClaim;
use super::words;
use super::{Matrix, Network, misshapen, speed, without_kinks};

impl Network {
    /// The name of a claim, and what has been found out about it.
    ///
    /// Errors: a [`Rejection`] with the demand that failed. Panics: never.
    pub(in super::super) fn settle(&mut self, claim: &NetworkClaim) -> Result<(String, Settled), Rejection> {
        let (id, sentence) = match claim {
            NetworkClaim::Gradient { entries } => ("gradient".to_owned(), self.gradient(entries)?),
            NetworkClaim::Flow { layer } => (format!("flow_{layer}"), self.flow(usize::from(*layer))?),
            NetworkClaim::Conservation { layer } => {
                (format!("conservation_{layer}"), self.conservation(usize::from(*layer))?)
            }
        };
        let settled = Settled {
            holds: true,
            statement: format!("{}: {sentence}", self.reading()),
            witness: None,
        };
        Ok((id, settled))
    }

    /// The expressions are the entries of grad f.
    fn gradient(&mut self, entries: &[Id]) -> Result<String, Rejection> {
        require(entries.len() == self.entries(), "one expression for every entry of W").within(|| "entries")?;
        // Every entry may take all the work that the zero test allows itself, so this can be asked only a few times.
        self.pay(limits::NETWORK_WORK / 4)?;
        for (number, entry) in entries.iter().enumerate() {
            let place = || format!("entries[{number}]");
            require(self.table.node(*entry).is_some(), "there is no such expression").within(place)?;
            self.require_entries_only(*entry).within(place)?;
            let (mut table, derivative) = self.derivative(number).within(place)?;
            let entry = table.import(&self.table, *entry);
            let entry = without_kinks(&mut table, entry).within(place)?;
            let difference = table.insert(Node::Sub(entry, derivative));
            require_zero(&table, difference).within(place)?;
        }
        let written: Vec<String> = entries.iter().map(|entry| self.print(&self.table, *entry)).collect();
        let (_, columns) = self.ends();
        let gradient = match written.as_slice() {
            [only] => only.clone(),
            _ => {
                let rows: Vec<String> = written
                    .chunks(columns.max(1))
                    .map(|row| format!("[{}]", row.join(", ")))
                    .collect();
                format!("[{}]", rows.join(", "))
            }
        };
        Ok(format!(
            "{} = {gradient} wherever both are defined",
            self.gradient_name()
        ))
    }

    /// The flow of a layer is the steepest descent of f(W_N ... W_1) in it.
    ///
    /// By the chain rule d/dW_i f(A W_i B) is the derivative of sum_pq G_pq (A W_i B)_pq by W_i, where G = grad f is
    /// held fixed. The products A above and B below the layer do not depend on it. So A, B and G may be free letters:
    /// what holds for all letters holds for the products and for the gradient.
    fn flow(&mut self, layer: usize) -> Result<String, Rejection> {
        self.require_layer(layer, self.depth())?;
        let (high, low) = self.ends();
        let (rows, columns) = (self.width(layer)?, self.width(layer.saturating_sub(1))?);
        self.pay(units(&[high, low, rows, columns, rows, columns]))?;
        let mut letters = Letters::new();
        let gradient = letters.matrix(high, low)?;
        let own = letters.matrix(rows, columns)?;
        let above = letters.matrix_if(layer < self.depth(), high, rows)?;
        let below = letters.matrix_if(layer > 1, columns, low)?;
        let table = &mut letters.table;
        let mut product = own.clone();
        if let Some(above) = &above {
            product = above.product(table, &product).ok_or_else(misshapen)?;
        }
        if let Some(below) = &below {
            product = product.product(table, below).ok_or_else(misshapen)?;
        }
        let terms = gradient.combined(table, &product, Node::Mul).ok_or_else(misshapen)?;
        let terms = terms.entries().to_vec().into_iter();
        let value = terms.reduce(|sum, term| table.insert(Node::Add(sum, term)));
        let value = value.ok_or_else(misshapen)?;
        let speed = speed(table, above.as_ref(), &gradient, below.as_ref()).ok_or_else(misshapen)?;
        require(own.entries().len() == speed.entries().len(), "shapes that do not fit")?;
        for (letter, speed) in own.entries().iter().zip(speed.entries()) {
            let Some(Node::Variable(number)) = table.node(*letter) else {
                return Err(misshapen());
            };
            let number = *number;
            let slope = table.derivative(value, number);
            let slope = slope.map_err(|_| Rejection::new("the product has no derivative"))?;
            let sum = table.insert(Node::Add(slope, *speed));
            require_zero(table, sum)?;
        }
        Ok(format!(
            "dW_{layer}/dt = {} with {variable} = {} is the gradient flow of f({variable}) in W_{layer}",
            words::speed(self.depth(), layer, self.gradient_name()),
            words::product(self.depth(), 1),
            variable = self.variable_name(),
        ))
    }

    /// d/dt (W_i W_i^T - W_(i+1)^T W_(i+1)) = 0.
    ///
    /// The cost enters through G = grad f(W) alone, the layers above i+1 and below i through their products P and Q.
    /// With free letters for the entries of G, P and Q the claim is an identity of polynomials; whatever holds for all
    /// letters holds for the gradient of this cost at every point where it has one.
    fn conservation(&mut self, layer: usize) -> Result<String, Rejection> {
        self.require_layer(layer, self.depth().saturating_sub(1))?;
        let next = layer.saturating_add(1);
        let (high, low) = self.ends();
        let (under, width, over) = (
            self.width(layer.saturating_sub(1))?,
            self.width(layer)?,
            self.width(next)?,
        );
        self.pay(units(&[high, low, width, width, under, over]))?;
        let mut letters = Letters::new();
        let gradient = letters.matrix(high, low)?;
        let lower = letters.matrix(width, under)?;
        let upper = letters.matrix(over, width)?;
        let above = letters.matrix_if(next < self.depth(), high, over)?;
        let below = letters.matrix_if(layer > 1, under, low)?;
        let table = &mut letters.table;
        let rate = imbalance_rate(table, &gradient, [&lower, &upper], above.as_ref(), below.as_ref());
        let rate = rate.ok_or_else(misshapen)?;
        for (place, entry) in rate.entries().iter().enumerate() {
            require_zero(table, *entry).within(|| format!("entry {place}"))?;
        }
        Ok(format!(
            "dC_{layer}/dt = 0 along the gradient flow of f({}), where C_{layer} = {}",
            words::product(self.depth(), 1),
            words::imbalance(layer),
        ))
    }

    fn require_layer(&self, layer: usize, last: usize) -> Result<(), Rejection> {
        require((1..=last).contains(&layer), "there is no such layer").within(|| "layer")
    }
}

/// The derivative of lower lower^T - upper^T upper along the flow of f(above upper lower below).
fn imbalance_rate(
    table: &mut Table,
    gradient: &Matrix,
    [lower, upper]: [&Matrix; 2],
    above: Option<&Matrix>,
    below: Option<&Matrix>,
) -> Option<Matrix> {
    let over = match above {
        Some(above) => above.product(table, upper)?,
        None => upper.clone(),
    };
    let under = match below {
        Some(below) => lower.product(table, below)?,
        None => lower.clone(),
    };
    let lower_speed = speed(table, Some(&over), gradient, below)?;
    let upper_speed = speed(table, above, gradient, Some(&under))?;
    // A half of each derivative; the other half is its transpose.
    let lower_half = lower_speed.product(table, &lower.transposed())?;
    let upper_half = upper.transposed().product(table, &upper_speed)?;
    let half = lower_half.combined(table, &upper_half, Node::Sub)?;
    half.combined(table, &half.transposed(), Node::Add)
}

/// A table of variables that are handed out in order.
struct Letters {
    table: Table,
    used: usize,
}

impl Letters {
    fn new() -> Self {
        Letters {
            table: Table::new(),
            used: 0,
        }
    }

    fn matrix(&mut self, rows: usize, columns: usize) -> Result<Matrix, Rejection> {
        let matrix = Matrix::letters(&mut self.table, self.used, rows, columns).ok_or_else(misshapen)?;
        self.used = self.used.saturating_add(rows.saturating_mul(columns));
        Ok(matrix)
    }

    fn matrix_if(&mut self, wanted: bool, rows: usize, columns: usize) -> Result<Option<Matrix>, Rejection> {
        wanted.then(|| self.matrix(rows, columns)).transpose()
    }
}

/// A product of sizes as units of work.
fn units(sizes: &[usize]) -> u64 {
    let sizes = sizes.iter().map(|size| u64::try_from(*size).unwrap_or(u64::MAX));
    sizes.fold(1, u64::saturating_mul)
}

/// Demands that an expression passes the zero test.
fn require_zero(table: &Table, root: Id) -> Result<(), Rejection> {
    match is_identically_zero(table, root) {
        Decision::Zero => Ok(()),
        Decision::NotShown => Err(Rejection::new("the difference is not shown to be zero")),
        Decision::TooLarge => Err(Rejection::new("the difference is too large to decide")),
    }
}
