//! Showing that a point is critical, and what is known of it then.

use super::super::certificate::Exact;
use super::super::derivatives::Sweep;
use super::super::evaluate::{Program, Undefined};
use super::super::expr::{Id, Node};
use super::super::interval::{Accumulator, Interval};
use super::super::krawczyk::{Critical, Enclosure, System, zero_in_box};
use super::super::limits;
use super::super::network::Matrix;
use super::super::number::Number;
use super::super::theorem::{Rejection, Within, require};
use super::data::{PointData, Rows};
use super::inertia::{counts, rank_bounds};
use super::{Landscape, with_entries};
use rug::Rational;

/// A matrix of numbers, row by row.
pub(super) type Grid = Vec<Vec<Number>>;

/// A critical point of g.
#[derive(Clone, Debug)]
pub struct Place {
    /// The number of the point.
    pub(super) number: u32,
    /// W_1, ..., W_N.
    pub(super) layers: Vec<Grid>,
    /// W = W_N ... W_1.
    pub(super) product: Grid,
    /// G = grad f(W).
    pub(super) gradient: Grid,
    /// f(W).
    pub(super) value: Number,
    /// The least and the largest rank that W may have.
    pub(super) rank: [usize; 2],
    /// How it is known, if not entry by entry.
    pub(super) factors: Option<Factors>,
}

/// What is known of a point W_1 = [U; 0], W_N = [V, 0].
#[derive(Clone, Debug)]
pub struct Factors {
    /// r, the number of columns of V and of rows of U.
    pub(super) rank: usize,
    /// q, the rank of the layers in between.
    pub(super) inner: usize,
    /// The Hessian of f(V U) in the entries that are free, up to the diagonal.
    pub(super) slice: Vec<Vec<Interval>>,
}

impl Place {
    /// f(W). Panics: never.
    pub fn value(&self) -> &Number {
        &self.value
    }

    /// The rank of W, if it is certain. Panics: never.
    pub fn rank(&self) -> Option<usize> {
        let [least, most] = self.rank;
        (least == most).then_some(least)
    }

    /// W, row by row. Panics: never.
    pub fn product(&self) -> &[Vec<Number>] {
        &self.product
    }

    /// The layers, W_1 first. Panics: never.
    pub fn layers(&self) -> &[Vec<Vec<Number>>] {
        &self.layers
    }

    /// grad f(W), row by row. Panics: never.
    pub fn gradient(&self) -> &[Vec<Number>] {
        &self.gradient
    }

    /// An enclosure of the Frobenius norm of grad f(W). Panics: never.
    pub fn gradient_norm(&self, precision: u32) -> Interval {
        let mut sum = Accumulator::new(precision);
        for entry in self.gradient.iter().flatten() {
            sum.add(&entry.interval(precision).sqr());
        }
        let sum = sum.finish();
        // Squares may have been rounded below 0 together, never one by one.
        sum.abs().sqrt().unwrap_or(sum)
    }

    /// All entries of all layers, W_1 first. Panics: never.
    pub(super) fn entries(&self) -> Vec<Number> {
        self.layers.iter().flatten().flatten().cloned().collect()
    }
}

/// The rejection of a point where the cost is not smooth.
pub(super) fn undefined(_: Undefined) -> Rejection {
    Rejection::new("the cost is not known to be smooth there")
}

impl Landscape {
    /// Shows that a point is critical.
    pub(super) fn establish(&mut self, number: u32, data: &PointData) -> Result<Place, Rejection> {
        let mut place = match data {
            PointData::Exact { layers } => self.exact(layers)?,
            PointData::Factored {
                rank,
                inner,
                rows,
                enclosure,
            } => self.factored(usize::from(*rank), usize::from(*inner), rows, enclosure)?,
        };
        place.number = number;
        if let Some(domain) = &self.domain {
            let at: Vec<Number> = place.product.iter().flatten().cloned().collect();
            let inside = domain.value(&at, self.precision).map_err(undefined)?;
            require(
                inside.is_positive(),
                "the product of the layers is not known to lie in the domain",
            )?;
        }
        Ok(place)
    }

    /// A point given by all its entries.
    fn exact(&mut self, layers: &[Rows]) -> Result<Place, Rejection> {
        let layers = self.checked(layers).within(|| "layers")?;
        let entries: Vec<Number> = layers.iter().flatten().flatten().cloned().collect();
        self.pay(8, self.composed.nodes().len())?;
        let sweep = Sweep::new(&self.composed, &entries, self.precision).map_err(undefined)?;
        let residual = sweep.gradient(entries.len());
        if !residual.iter().all(Number::is_zero) {
            return Err(not_critical(&residual, self.precision));
        }
        let product = product(&layers, self.precision);
        let (value, gradient) = self.cost_at(&product)?;
        let rank = exact_rank(&product).map_or([0, product.len()], |rank| [rank, rank]);
        Ok(Place {
            number: 0,
            layers,
            product,
            gradient,
            value,
            rank,
            factors: None,
        })
    }

    /// Matrices of the shapes of the layers.
    pub(super) fn checked(&self, layers: &[Rows]) -> Result<Vec<Grid>, Rejection> {
        let shapes = self.shapes();
        require(layers.len() == shapes.len(), "one matrix for every layer")?;
        let mut checked = Vec::with_capacity(layers.len());
        for (number, (layer, [rows, columns])) in layers.iter().zip(shapes).enumerate() {
            let fits = layer.len() == rows && layer.iter().all(|row| row.len() == columns);
            if !fits {
                let why = format!("this layer is {rows} x {columns}");
                return Err(Rejection::new(why).within(number));
            }
            let number = |entry: &Exact| Number::Exact(entry.0.clone());
            checked.push(layer.iter().map(|row| row.iter().map(number).collect()).collect());
        }
        Ok(checked)
    }

    /// f(W) and grad f(W).
    fn cost_at(&mut self, product: &Grid) -> Result<(Number, Grid), Rejection> {
        let at: Vec<Number> = product.iter().flatten().cloned().collect();
        self.pay(8, self.cost.nodes().len())?;
        let sweep = Sweep::new(&self.cost, &at, self.precision).map_err(undefined)?;
        let [_, columns] = self.ends();
        let gradient = sweep.gradient(at.len());
        let gradient = gradient.chunks(columns.max(1)).map(<[Number]>::to_vec).collect();
        Ok((sweep.value(), gradient))
    }

    /// A point W_1 = [U; 0], W_N = [V, 0] with diag(1, ..., 1, 0, ..., 0) in between.
    ///
    /// Let h be f(V U) as a function of U and of the rows of V that are free. Where grad h = 0, V^T G = 0 and G U^T vanishes
    /// in the free rows; its other rows are minus the transposed free part of V times these, because V^T (G U^T) = 0. So
    /// V^T G = 0 and G U^T = 0. For every layer, (W_N ... W_(i+1))^T G (W_(i-1) ... W_1)^T contains the factor V^T G or G U^T,
    /// and the point is critical for g.
    fn factored(&mut self, rank: usize, inner: usize, rows: &[u16], enclosure: &Enclosure) -> Result<Place, Rejection> {
        let [high, low] = self.ends();
        let widths = self.network.widths();
        let hidden = widths.get(1..widths.len().saturating_sub(1)).unwrap_or_default();
        let least = hidden.iter().min().copied().unwrap_or(0);
        require(rank <= inner && inner <= least, "the ranks do not fit the widths").within(|| "inner")?;
        require(
            hidden.len() > 1 || inner == least,
            "with two layers the inner rank is the hidden width",
        )
        .within(|| "inner")?;
        require(rank <= high.min(low), "W cannot have this rank").within(|| "rank")?;
        let rows: Vec<usize> = rows.iter().map(|row| usize::from(*row)).collect();
        let increasing = rows.iter().zip(rows.iter().skip(1)).all(|(a, b)| a < b);
        let sound = rows.len() == rank && increasing && rows.iter().all(|row| *row < high);
        require(sound, "not as many different rows as the rank").within(|| "rows")?;
        let (critical, variables) = self
            .sliced(rank, &rows)
            .ok_or_else(|| Rejection::new("shapes that do not fit"))?;
        let nodes = critical.nodes();
        self.pay(variables.saturating_mul(16).saturating_add(16), nodes)?;
        self.pay(variables.saturating_mul(variables), variables.saturating_mul(4))?;
        let found = zero_in_box(&critical, enclosure, self.precision).within(|| "enclosure")?;
        let jacobian = critical.jacobian(&found, self.precision).map_err(undefined)?;
        let slice = jacobian.into_iter().enumerate();
        let slice = slice.map(|(place, row)| row.into_iter().take(place.saturating_add(1)).collect());
        let (v, u) = self.unfolded(rank, &rows, &found);
        let grams: Vec<Vec<Interval>> = (0..rank)
            .map(|i| (0..=i).map(|j| self.dot(u.get(i), u.get(j))).collect())
            .collect();
        let full = counts(grams, self.precision).positive == rank;
        require(full, "U is not known to have full rank").within(|| "enclosure")?;
        let layers = self.padded(inner, &v, &u);
        let product = product(&[u, v], self.precision);
        let product = if rank == 0 {
            vec![vec![Number::integer(0); low]; high]
        } else {
            product
        };
        let (value, gradient) = self.cost_at(&product)?;
        Ok(Place {
            number: 0,
            layers,
            product,
            gradient,
            value,
            rank: [rank, rank],
            factors: Some(Factors {
                rank,
                inner,
                slice: slice.collect(),
            }),
        })
    }

    /// The equations for the free rows of V and for U, and how many entries these have; `None` if the numbers do not fit.
    ///
    /// Panics: never.
    pub fn sliced(&self, rank: usize, rows: &[usize]) -> Option<(Critical, usize)> {
        let [high, low] = self.ends();
        let (table, root) = self.network.cost();
        let mut table = table.clone();
        let free = high.checked_sub(rank)?.checked_mul(rank)?;
        let variables = free.checked_add(rank.checked_mul(low)?)?;
        let mut letter = |number: usize| Some(table.insert(Node::Variable(u16::try_from(number).ok()?)));
        let letters: Option<Vec<Id>> = (0..variables).map(&mut letter).collect();
        let letters = letters?;
        let mut entries = Vec::with_capacity(high.saturating_mul(low));
        let mut next_free = 0usize;
        for row in 0..high {
            let pivot = rows.iter().position(|pivot| *pivot == row);
            for column in 0..low {
                let below = |inner: usize| {
                    let place = inner.checked_mul(low)?.checked_add(column)?;
                    letters.get(free.checked_add(place)?).copied()
                };
                let entry = match pivot {
                    Some(inner) => below(inner)?,
                    None => {
                        let mut sum = None;
                        for inner in 0..rank {
                            let factor = *letters.get(next_free.checked_mul(rank)?.checked_add(inner)?)?;
                            let term = table.insert(Node::Mul(factor, below(inner)?));
                            sum = Some(sum.map_or(term, |sum| table.insert(Node::Add(sum, term))));
                        }
                        sum.unwrap_or_else(|| table.number(0))
                    }
                };
                entries.push(entry);
            }
            next_free = next_free.saturating_add(usize::from(pivot.is_none()));
        }
        let entries = Matrix::new(high, low, entries)?;
        let root = with_entries(&mut table, root, entries.entries());
        Some((Critical::new(&table, root, variables), variables))
    }

    /// V and U from their free entries.
    fn unfolded(&self, rank: usize, rows: &[usize], found: &[Interval]) -> (Grid, Grid) {
        let [high, low] = self.ends();
        let mut entries = found.iter().cloned().map(Number::from);
        let mut v = Vec::with_capacity(high);
        for row in 0..high {
            v.push(match rows.iter().position(|pivot| *pivot == row) {
                Some(pivot) => (0..rank)
                    .map(|column| Number::integer(i32::from(column == pivot)))
                    .collect(),
                None => entries.by_ref().take(rank).collect(),
            });
        }
        let u = (0..rank).map(|_| entries.by_ref().take(low).collect()).collect();
        (v, u)
    }

    /// The layers with zeros where V and U have nothing.
    fn padded(&self, inner: usize, v: &Grid, u: &Grid) -> Vec<Grid> {
        let shapes = self.shapes();
        let last = shapes.len().saturating_sub(1);
        let zero = || Number::integer(0);
        let entry = |grid: &Grid, row: usize, column: usize| {
            let entry = grid.get(row).and_then(|row| row.get(column));
            entry.cloned().unwrap_or_else(zero)
        };
        let layer = |(place, [rows, columns]): (usize, [usize; 2])| -> Grid {
            let at = |row: usize, column: usize| match place {
                0 => entry(u, row, column),
                place if place == last => entry(v, row, column),
                _ => Number::integer(i32::from(row == column && row < inner)),
            };
            (0..rows)
                .map(|row| (0..columns).map(|column| at(row, column)).collect())
                .collect()
        };
        shapes.into_iter().enumerate().map(layer).collect()
    }

    /// The inner product of two rows.
    fn dot(&self, a: Option<&Vec<Number>>, b: Option<&Vec<Number>>) -> Interval {
        let mut sum = Accumulator::new(self.precision);
        for (a, b) in a.into_iter().flatten().zip(b.into_iter().flatten()) {
            sum.add_product(&a.interval(self.precision), &b.interval(self.precision));
        }
        sum.finish()
    }

    /// The least and the largest rank that grad f(W) may have at a point.
    pub(super) fn gradient_rank(&self, place: &Place) -> [usize; 2] {
        if let Some(rank) = exact_rank(&place.gradient) {
            return [rank, rank];
        }
        let [high, low] = self.ends();
        let rows: Vec<Vec<Interval>> = place
            .gradient
            .iter()
            .map(|row| row.iter().map(|entry| entry.interval(self.precision)).collect())
            .collect();
        // G vanishes on the image of W^T, and W^T on that of G.
        let [own, _] = place.rank;
        let [least, most] = rank_bounds(&rows);
        [least, most.min(high.min(low).saturating_sub(own))]
    }
}

/// The product of layers, W_1 first.
pub(super) fn product(layers: &[Grid], precision: u32) -> Grid {
    let mut layers = layers.iter();
    let Some(first) = layers.next() else { return Vec::new() };
    layers.fold(first.clone(), |product, layer| times(layer, &product, precision))
}

/// The product of two matrices whose shapes fit.
fn times(left: &Grid, right: &Grid, precision: u32) -> Grid {
    let columns = right.first().map_or(0, Vec::len);
    let entry = |row: &Vec<Number>, column: usize| {
        row.iter()
            .zip(right)
            .fold(Number::integer(0), |sum, (factor, below)| match below.get(column) {
                Some(other) => sum.add(&factor.mul(other, precision), precision),
                None => sum,
            })
    };
    let row = |row: &Vec<Number>| (0..columns).map(|column| entry(row, column)).collect();
    left.iter().map(row).collect()
}

/// All entries, if they are exact.
pub(super) fn exact_rows(grid: &Grid) -> Option<Vec<Vec<Rational>>> {
    let exact = |number: &Number| match number {
        Number::Exact(value) => Some(value.clone()),
        Number::Enclosed { .. } => None,
    };
    grid.iter().map(|row| row.iter().map(exact).collect()).collect()
}

fn exact_rank(grid: &Grid) -> Option<usize> {
    exact_rows(grid).map(|rows| super::super::linear::rank(&rows))
}

/// What to say of a point where the gradient of g is not exactly 0.
fn not_critical(residual: &[Number], precision: u32) -> Rejection {
    let mut sum = Accumulator::new(precision);
    for entry in residual {
        sum.add(&entry.interval(precision).sqr());
    }
    let sum = sum.finish().abs();
    let norm = sum.sqrt().unwrap_or(sum).display(6);
    if residual.iter().any(Number::is_nonzero) {
        return Rejection::new(format!(
            "this point is not critical: the gradient of g has the norm {norm}"
        ));
    }
    Rejection::new(format!(
        "this point is not shown to be critical: the norm of the gradient of g is enclosed in {norm}, and exact zeros are needed"
    ))
}

/// Makes sure that a Hessian is not written out for layers of too many entries.
pub(super) fn require_tame(dimension: usize) -> Result<(), Rejection> {
    require(
        dimension <= limits::SADDLE_ENTRIES,
        "the layers have too many entries for a Hessian",
    )
}

/// The number of nodes of a program; the work of one sweep.
pub(super) fn length(program: &Program) -> usize {
    program.nodes().len()
}
