//! Families of critical points of f(W_2 W_1), and whether their dimension is that of the kernel of the Hessian.

use super::super::linear;
use super::super::theorem::{Rejection, Settled, require};
use super::place::{Factors, Place, exact_rows};
use super::{Landscape, words};
use rug::Rational;

/// A matrix of exact numbers, row by row.
type Exact = Vec<Vec<Rational>>;

impl Landscape {
    /// The critical points nearby, for two layers.
    ///
    /// For all X and all Y with W_2 Y = 0 and G Y^T = 0, the point (e^X (W_1 + Y), W_2 e^-X) is critical, since the product of
    /// the layers is W. The derivative of this family at 0 has some rank d, so there is a manifold of critical points of
    /// dimension d. Where the gradient has rank D - n0, that is n0 zero eigenvalues, the critical points nearby lie in a
    /// manifold of dimension n0 whose tangent space is the kernel of the Hessian. If d = n0, both are the same. The same holds
    /// with W_2 + Z, Z W_1 = 0 and G^T Z = 0.
    pub(super) fn manifold(&mut self, place: &Place) -> Result<Settled, Rejection> {
        require(
            self.shapes().len() == 2,
            "manifolds of critical points are known for two layers only",
        )?;
        let [_, zero, _] = self.inertia(place)?;
        let dimension = match &place.factors {
            Some(factors) => self.factored_family(place, factors)?,
            None => family(place).ok_or_else(|| Rejection::new("the family of critical points is not exact"))?,
        };
        require(
            dimension == zero,
            "the family of critical points that is known has fewer dimensions than the kernel of the Hessian",
        )?;
        Ok(Settled {
            holds: true,
            statement: format!(
                "near {} the critical points of g are a manifold of dimension {dimension}, and its tangent space is the kernel of the Hessian",
                words::point(place)
            ),
            witness: None,
        })
    }

    /// The dimension of the larger of the two families, for W_1 = \[U; 0\] and W_2 = \[V, 0\] with r columns and rows.
    ///
    /// X moves the r^2 + r (k - r) entries that touch U and V alone; X and Y move the lower rows of W_1 by whatever has its
    /// rows in the kernel of G, which contains those of U.
    fn factored_family(&self, place: &Place, factors: &Factors) -> Result<usize, Rejection> {
        let [high, low] = self.ends();
        let [least, most] = self.gradient_rank(place);
        require(least == most, "the rank of grad f(W) is not known")?;
        let spare = factors.inner.saturating_sub(factors.rank);
        let kernel = high.max(low).saturating_sub(least);
        let own = factors.rank.saturating_mul(factors.rank);
        Ok(own.saturating_add(spare.saturating_mul(factors.rank.saturating_add(kernel))))
    }
}

/// The dimension of the larger of the two families, by the exact rank of their derivatives.
fn family(place: &Place) -> Option<usize> {
    let layers: Option<Vec<Exact>> = place.layers.iter().map(exact_rows).collect();
    let gradient = exact_rows(&place.gradient)?;
    let layers = layers?;
    let [first, second] = layers.as_slice() else {
        return None;
    };
    let (hidden, low, high) = (first.len(), first.first()?.len(), second.len());
    let moved = moved(first, second, hidden)?;
    let below = pairs(&linear::kernel(second, hidden), &linear::kernel(&gradient, low));
    let below = below
        .into_iter()
        .map(|entries| padded(0, entries, high.saturating_mul(hidden)));
    let above = pairs(
        &linear::kernel(&transposed(&gradient), high),
        &linear::kernel(&transposed(first), hidden),
    );
    let above = above
        .into_iter()
        .map(|entries| padded(hidden.saturating_mul(low), entries, 0));
    let with = |more: Vec<Vec<Rational>>| {
        let rows: Exact = moved.iter().cloned().chain(more).collect();
        linear::rank(&rows)
    };
    Some(with(below.collect()).max(with(above.collect())))
}

/// (X W_1, -W_2 X) for the unit matrices X.
fn moved(first: &Exact, second: &Exact, hidden: usize) -> Option<Exact> {
    let mut vectors = Vec::with_capacity(hidden.saturating_mul(hidden));
    for i in 0..hidden {
        for j in 0..hidden {
            let mut vector = Vec::new();
            // X has its one in row i and column j.
            for (row, own) in first.iter().enumerate() {
                let source = first.get(j)?;
                let entries = own.iter().zip(source);
                vector.extend(entries.map(|(_, entry)| if row == i { entry.clone() } else { Rational::new() }));
            }
            for row in second {
                let entry = Rational::from(-row.get(i)?);
                vector.extend((0..hidden).map(|column| if column == j { entry.clone() } else { Rational::new() }));
            }
            vectors.push(vector);
        }
    }
    Some(vectors)
}

/// a b^T, row by row, for all pairs.
fn pairs(a: &Exact, b: &Exact) -> Exact {
    let outer = |a: &Vec<Rational>, b: &Vec<Rational>| -> Vec<Rational> {
        let rows = a.iter().flat_map(|x| b.iter().map(move |y| Rational::from(x * y)));
        rows.collect()
    };
    a.iter().flat_map(|a| b.iter().map(move |b| outer(a, b))).collect()
}

/// Zeros before and after.
fn padded(before: usize, entries: Vec<Rational>, after: usize) -> Vec<Rational> {
    let zeros = |count: usize| std::iter::repeat_n(Rational::new(), count);
    zeros(before).chain(entries).chain(zeros(after)).collect()
}

fn transposed(rows: &Exact) -> Exact {
    let width = rows.first().map_or(0, Vec::len);
    let column = |place: usize| rows.iter().filter_map(|row| row.get(place).cloned()).collect();
    (0..width).map(column).collect()
}
