//! Spurious or not, strict or not, and the inertia of the Hessian.

use super::super::derivatives::Sweep;
use super::super::linear;
use super::super::number::Number;
use super::super::theorem::{Rejection, Settled, Within, require};
use super::data::Rows;
use super::inertia::{Counts, counts};
use super::place::{Factors, Place, exact_rows, length, require_tame, undefined};
use super::{Landscape, words};

impl Landscape {
    /// Whether grad f(W) is 0.
    pub(super) fn spurious(&mut self, place: &Place) -> Result<Settled, Rejection> {
        let entries: Vec<&Number> = place.gradient.iter().flatten().collect();
        let norm = place.gradient_norm(self.precision).display(10);
        let point = words::point(place);
        if entries.iter().any(|entry| entry.is_nonzero()) {
            return Ok(Settled {
                holds: true,
                statement: format!(
                    "{point} is critical for g and not for f: f(W) = {}, |grad f(W)| = {norm}",
                    words::number(&place.value)
                ),
                witness: None,
            });
        }
        let critical = entries.iter().all(|entry| entry.is_zero());
        require(critical, "grad f(W) is not known to be 0 or not")?;
        Ok(Settled {
            holds: false,
            statement: format!("{point} is critical for g because W is critical for f"),
            witness: Some(format!("W = {}", words::grid(&place.product))),
        })
    }

    /// A direction in which g has a negative second derivative.
    pub(super) fn strict(&mut self, place: &Place, direction: &[Rows]) -> Result<Settled, Rejection> {
        let direction: Vec<Number> = self
            .checked(direction)
            .within(|| "direction")?
            .into_iter()
            .flatten()
            .flatten()
            .collect();
        let entries = place.entries();
        self.pay(32, length(&self.composed))?;
        let sweep = Sweep::new(&self.composed, &entries, self.precision).map_err(undefined)?;
        let image = sweep.hessian_times(&direction);
        let zero = || Number::integer(0);
        let sum = |pairs: &mut dyn Iterator<Item = (&Number, &Number)>| {
            pairs.fold(zero(), |sum, (a, b)| sum.add(&a.mul(b, self.precision), self.precision))
        };
        let bend = sum(&mut direction.iter().zip(&image));
        let length = sum(&mut direction.iter().zip(&direction));
        require(
            bend.is_negative(),
            "the second derivative in this direction is not known to be negative",
        )
        .within(|| "direction")?;
        let quotient = bend.div(&length, self.precision);
        let quotient = quotient
            .map_err(|_| Rejection::new("the direction is 0"))
            .within(|| "direction")?;
        Ok(Settled {
            holds: true,
            statement: format!(
                "{} is a strict saddle: in the direction {} the second derivative of g is {}, so the least eigenvalue of the Hessian is at most {}",
                words::point(place),
                words::direction(&direction, &self.shapes()),
                words::number(&bend),
                words::upper(&quotient),
            ),
            witness: Some(format!("least eigenvalue at most {}", words::upper(&quotient))),
        })
    }

    /// That there is no such direction.
    pub(super) fn not_strict(&mut self, place: &Place) -> Result<Settled, Rejection> {
        let [negative, zero, positive] = self.inertia(place)?;
        require(negative == 0, "the Hessian has negative eigenvalues")?;
        Ok(Settled {
            holds: false,
            statement: format!(
                "{} is not a strict saddle: the Hessian of g is positive semidefinite, with {zero} zero and {positive} positive eigenvalues",
                words::point(place)
            ),
            witness: Some("least eigenvalue 0 or positive".to_owned()),
        })
    }

    /// The inertia as a statement.
    pub(super) fn inertia_of(&mut self, place: &Place) -> Result<Settled, Rejection> {
        let [negative, zero, positive] = self.inertia(place)?;
        Ok(Settled {
            holds: true,
            statement: format!(
                "at {} the Hessian of g has {negative} negative, {zero} zero and {positive} positive eigenvalues",
                words::point(place)
            ),
            witness: None,
        })
    }

    /// The numbers of negative, zero and positive eigenvalues of the Hessian of g.
    ///
    /// Errors: a [`Rejection`] if they are not shown. Panics: never.
    pub fn inertia(&mut self, place: &Place) -> Result<[usize; 3], Rejection> {
        if let Some(known) = self.counted.get(&place.number) {
            return Ok(*known);
        }
        let inertia = match &place.factors {
            Some(factors) => self.factored_inertia(place, factors)?,
            None => self.exact_inertia(place)?,
        };
        self.counted.insert(place.number, inertia);
        Ok(inertia)
    }

    /// By the Hessian written out.
    fn exact_inertia(&mut self, place: &Place) -> Result<[usize; 3], Rejection> {
        let dimension = self.dimension();
        require_tame(dimension)?;
        let rows = self.hessian(place)?;
        if let Some(exact) = exact_rows(&rows) {
            let bits = exact.iter().flatten().map(|entry| {
                let [above, below] = [entry.numer(), entry.denom()].map(rug::Integer::significant_bits);
                above.max(below)
            });
            // By Hadamard's inequality the numbers grow at most in proportion to the size.
            let longest = usize::try_from(bits.max().unwrap_or(0)).unwrap_or(usize::MAX);
            let words = longest.saturating_mul(dimension) >> 6;
            let cube = dimension.saturating_mul(dimension).saturating_mul(dimension);
            self.pay_exactly(cube, words.saturating_add(4))?;
            let [positive, negative, zero] =
                linear::inertia(&exact).ok_or_else(|| Rejection::new("the Hessian is not symmetric"))?;
            return Ok([negative, zero, positive]);
        }
        self.pay_elimination(dimension)?;
        let lower = rows.iter().enumerate().map(|(place, row)| {
            let entries = row.iter().take(place.saturating_add(1));
            entries.map(|entry| entry.interval(self.precision)).collect()
        });
        certain(counts(lower.collect(), self.precision))
    }

    /// The Hessian of g, row by row.
    pub(super) fn hessian(&mut self, place: &Place) -> Result<Vec<Vec<Number>>, Rejection> {
        let entries = place.entries();
        self.pay(entries.len().saturating_mul(16), length(&self.composed))?;
        let sweep = Sweep::new(&self.composed, &entries, self.precision).map_err(undefined)?;
        Ok(sweep.hessian(entries.len()))
    }

    /// By blocks. Let W_1 = \[U; 0\], W_N = \[V, 0\], K = diag(1, ..., 1, 0, ..., 0) with q ones in between.
    ///
    /// Half of the second derivative of g in a direction (M_1, ..., M_N) is <G, B> + D^2 f\[A, A\]/2, where A and B are the
    /// terms of first and second order of the product of the layers. V^T G = 0 and G U^T = 0 leave of <G, B> only
    /// <G, M_N K M_1>. With M_1 = \[u; y\] and M_N = \[v, z\], split after r rows and columns, A = V (u + c U) + v U, where c is
    /// the sum of the upper left r x r blocks of the other M_i, and <G, v u> = <G, v (u + c U)>. So the form is that of f(V U)
    /// in (u + c U, v), plus 2 <G, z' y'> with the q - r columns and rows that K keeps, and nothing else enters.
    /// - 2 <G, z' y'> has (q - r) rank G negative and as many positive eigenvalues.
    /// - The form of f(V U) vanishes on the r^2 directions (x U, -V x), which are those of the critical points (e^x U, V e^-x),
    ///   and they meet the directions that fix the pivot rows of V, where V is the identity, in 0 alone. So its other
    ///   eigenvalues have the signs of those of the slice.
    fn factored_inertia(&mut self, place: &Place, factors: &Factors) -> Result<[usize; 3], Rejection> {
        self.pay_elimination(factors.slice.len())?;
        let slice = counts(factors.slice.clone(), self.precision);
        let [negative, zero, positive] = certain(slice)?;
        require(zero == 0, "the Hessian is not known to be regular in the slice")?;
        let spare = factors.inner.saturating_sub(factors.rank);
        let [least, most] = self.gradient_rank(place);
        require(spare == 0 || least == most, "the rank of grad f(W) is not known")?;
        let pairs = spare.saturating_mul(least);
        let (negative, positive) = (negative.saturating_add(pairs), positive.saturating_add(pairs));
        let zero = self.dimension().checked_sub(negative.saturating_add(positive));
        let zero = zero.ok_or_else(|| Rejection::new("shapes that do not fit"))?;
        Ok([negative, zero, positive])
    }

    /// Pays for an elimination.
    fn pay_elimination(&mut self, size: usize) -> Result<(), Rejection> {
        self.pay(size.saturating_mul(size), size.saturating_mul(4))
    }
}

/// Counts of which nothing is unknown.
fn certain(counts: Counts) -> Result<[usize; 3], Rejection> {
    require(counts.unknown == 0, "the signs of the eigenvalues are not all known")?;
    Ok([counts.negative, counts.zero, counts.positive])
}
