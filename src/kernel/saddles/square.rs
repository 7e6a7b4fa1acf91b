//! The square loss c |W - Y|^2 + e: all products at critical points, and critical values as algebraic numbers.
//!
//! At a critical point of g, W^T G = 0 and G W^T = 0 with G = 2c (W - Y). Let P be the orthogonal projection onto the image
//! of W. Then P (W - Y) = 0, so W = P Y; and P Y Y^T = W Y^T = W W^T is symmetric, so P commutes with Y Y^T. Hence the value
//! is e + c tr((1 - P) Y Y^T), where the trace is a sum of eigenvalues of Y Y^T, as many as the rank is short of the size.
//! The same holds with Y^T Y and the projection onto the image of W^T.

use super::super::derivatives::Sweep;
use super::super::expr::Node;
use super::super::limits;
use super::super::normal_form::{Decision, is_identically_zero};
use super::super::number::Number;
use super::super::polynomial::{End, Polynomial, RootInterval};
use super::super::theorem::{Rejection, Settled, Within, require};
use super::place::Place;
use super::{Landscape, words};
use rug::{Integer, Rational};

/// The longest numbers of Y Y^T that are worked with, in bits.
const LONGEST: u32 = 1 << 10;

/// c |W - Y|^2 + e with c > 0.
#[derive(Clone, Debug)]
pub struct SquareLoss {
    /// c.
    pub scale: Rational,
    /// e.
    pub offset: Rational,
    /// Y, row by row.
    pub target: Vec<Vec<Rational>>,
    /// Y Y^T or Y^T Y, whichever is smaller.
    pub gram: Vec<Vec<Rational>>,
    /// Whether it is Y Y^T.
    pub by_rows: bool,
}

impl SquareLoss {
    /// The squares of the singular values in increasing order, if they are distinct and none is 0.
    ///
    /// Panics: never.
    pub fn squares(&self) -> Option<Vec<RootInterval>> {
        let polynomial = characteristic(&self.gram)?;
        let simple = polynomial.gcd(&polynomial.derivative()).degree() == Some(0);
        if !simple || polynomial.evaluate(&Rational::new()) == 0 {
            return None;
        }
        let roots = polynomial.isolate_roots(&End::NegativeInfinity, &End::PositiveInfinity)?;
        (roots.len() == self.gram.len()).then_some(roots)
    }

    /// The distinct eigenvalues of the smaller matrix in increasing order, if all of them are rational. Panics: never.
    pub fn rational_squares(&self) -> Option<Vec<Rational>> {
        let polynomial = characteristic(&self.gram)?;
        let roots = polynomial.isolate_roots(&End::NegativeInfinity, &End::PositiveInfinity)?;
        let exact = roots.into_iter().map(|root| root.is_exact().then_some(root.lo));
        exact.collect()
    }

    /// The squares of the singular values, each within a narrower interval. Panics: never.
    pub fn refined(&self, width: &Rational) -> Option<Vec<RootInterval>> {
        let polynomial = characteristic(&self.gram)?;
        let roots = self.squares()?.into_iter();
        Some(roots.map(|root| polynomial.refine(root, width)).collect())
    }
}

impl Landscape {
    /// The cost as a square loss, if it is one. Panics: never.
    pub fn square_loss(&mut self) -> Option<SquareLoss> {
        if let Some(known) = &self.square {
            return known.clone();
        }
        let found = self.find_square();
        self.square = Some(found.clone());
        found
    }

    fn find_square(&mut self) -> Option<SquareLoss> {
        let [high, low] = self.ends();
        let count = high.checked_mul(low)?;
        self.pay(64, self.cost.nodes().len()).ok()?;
        let origin = vec![Number::integer(0); count];
        let sweep = Sweep::new(&self.cost, &origin, self.precision).ok()?;
        let exact = |number: &Number| match number {
            Number::Exact(value) => Some(value.clone()),
            Number::Enclosed { .. } => None,
        };
        let mut first = vec![Number::integer(0); count];
        *first.first_mut()? = Number::integer(1);
        let twice = exact(sweep.hessian_times(&first).first()?)?;
        if twice <= 0 {
            return None;
        }
        let scale = Rational::from(&twice / 2);
        let gradient: Option<Vec<Rational>> = sweep.gradient(count).iter().map(exact).collect();
        let target: Vec<Rational> = gradient?.into_iter().map(|slope| -(slope / &twice)).collect();
        let squares = target
            .iter()
            .fold(Rational::new(), |sum, entry| sum + Rational::from(entry.square_ref()));
        let offset = exact(&sweep.value())? - Rational::from(&scale * &squares);
        let (table, root) = self.network.cost();
        let mut table = table.clone();
        let mut difference = root;
        let negative = table.number(Rational::from(-&scale));
        for (number, entry) in (0u16..).zip(&target) {
            let variable = table.insert(Node::Variable(number));
            let entry = table.number(entry.clone());
            let step = table.insert(Node::Sub(variable, entry));
            let square = table.insert(Node::Mul(step, step));
            let term = table.insert(Node::Mul(negative, square));
            difference = table.insert(Node::Add(difference, term));
        }
        let shift = table.number(offset.clone());
        let difference = table.insert(Node::Sub(difference, shift));
        if is_identically_zero(&table, difference) != Decision::Zero {
            return None;
        }
        let target: Vec<Vec<Rational>> = target.chunks(low.max(1)).map(<[Rational]>::to_vec).collect();
        let by_rows = high <= low;
        let gram = gram(&target, by_rows);
        let long = |entry: &Rational| entry.numer().significant_bits().max(entry.denom().significant_bits()) > LONGEST;
        if gram.iter().flatten().any(long) {
            return None;
        }
        Some(SquareLoss {
            scale,
            offset,
            target,
            gram,
            by_rows,
        })
    }

    /// The critical value as an algebraic number.
    pub(super) fn value(&mut self, place: &Place) -> Result<Settled, Rejection> {
        let point = words::point(place);
        if let Number::Exact(_) = place.value {
            let value = words::number(&place.value);
            return Ok(settled(format!("at {point} the value of g is exactly {value}")));
        }
        let square = self.square_loss();
        let square = square.ok_or_else(|| Rejection::new("the cost is not known to be a square loss"))?;
        let rank = place
            .rank()
            .ok_or_else(|| Rejection::new("the rank of W is not known"))?;
        let missing = square.gram.len().checked_sub(rank);
        let missing = missing.ok_or_else(|| Rejection::new("W cannot have this rank"))?;
        let sums = compound(&square.gram, missing).ok_or_else(|| Rejection::new("the compound matrix is too large"))?;
        let size = sums.len();
        self.pay_exactly(size.saturating_mul(size).saturating_mul(size), size.saturating_mul(64))?;
        let polynomial = characteristic(&sums).ok_or_else(|| Rejection::new("the compound matrix is too large"))?;
        // From sums of squares to values.
        let inner = Polynomial::constant(Rational::from(-(&square.offset)) / &square.scale);
        let inner = inner.add(&Polynomial::variable().scale(&square.scale.clone().recip()));
        let polynomial = polynomial.squarefree_part().compose(&inner);
        let polynomial = polynomial
            .ok_or_else(|| Rejection::new("the polynomial is too large"))?
            .primitive();
        let range = place.value.interval(self.precision);
        let (Some(lo), Some(hi)) = (range.inf_rational(), range.sup_rational()) else {
            return Err(Rejection::new("the value is not enclosed"));
        };
        let margin = Rational::from(&hi - &lo) + Rational::from((1, Integer::from(1) << 64));
        let ends = [End::At(lo - &margin), End::At(hi + &margin)];
        let count = polynomial.count_roots(&ends[0], &ends[1]);
        require(count == Some(1), "more than one algebraic number is close to the value")?;
        Ok(settled(format!(
            "at {point} the value of g is the root of {} in {}",
            words::polynomial(&polynomial),
            range.display(20)
        )))
    }

    /// All products at critical points.
    pub(super) fn strata(&mut self) -> Result<Settled, Rejection> {
        let square = self.square_loss();
        let square = square.ok_or_else(|| Rejection::new("the cost is not known to be a square loss"))?;
        require(self.domain.is_none(), "the cost is studied on a part of the space only")?;
        let squares = square.squares();
        let squares = squares
            .ok_or_else(|| Rejection::new("the singular values of Y are not distinct, or one is 0"))
            .within(|| "Y")?;
        let least = self.network.widths().iter().min().copied().unwrap_or(0);
        let size = squares.len();
        let count = (0..=least.min(size)).fold(Integer::new(), |sum, rank| sum + binomial(size, rank));
        let best = if least >= size {
            ", among them W = Y, which is the only one with grad f(W) = 0"
        } else {
            ", at all of which grad f(W) is not 0"
        };
        let matrix = if square.by_rows { "Y Y^T" } else { "Y^T Y" };
        let most = least.min(size);
        let cost = words::affine(&square.scale, "|W - Y|^2", &square.offset);
        let others = "(the sum of the squares of the others)";
        let value = words::affine(&square.scale, others, &square.offset);
        Ok(settled(format!(
            "f(W) = {cost} with {size} distinct singular values of Y, none of them 0; the products W at critical points of g \
             are the {count} matrices that keep at most {most} of the singular values of Y with their singular vectors and \
             replace the others by 0{best}; the value is {value}, and the squares are the eigenvalues of {matrix}",
        )))
    }
}

fn settled(statement: String) -> Settled {
    Settled {
        holds: true,
        statement,
        witness: None,
    }
}

/// How many sets of `count` of `size` elements there are.
fn binomial(size: usize, count: usize) -> Integer {
    let upper = u32::try_from(size).unwrap_or(u32::MAX);
    let lower = u32::try_from(count).unwrap_or(u32::MAX);
    Integer::from(Integer::binomial_u(upper, lower))
}

/// A A^T, or A^T A.
fn gram(rows: &[Vec<Rational>], by_rows: bool) -> Vec<Vec<Rational>> {
    let columns = rows.first().map_or(0, Vec::len);
    let column = |place: usize| -> Vec<Rational> { rows.iter().filter_map(|row| row.get(place).cloned()).collect() };
    let vectors: Vec<Vec<Rational>> = if by_rows {
        rows.to_vec()
    } else {
        (0..columns).map(column).collect()
    };
    let dot = |a: &Vec<Rational>, b: &Vec<Rational>| {
        a.iter()
            .zip(b)
            .fold(Rational::new(), |sum, (a, b)| sum + Rational::from(a * b))
    };
    vectors
        .iter()
        .map(|a| vectors.iter().map(|b| dot(a, b)).collect())
        .collect()
}

/// det(x - A), by the recursion of Faddeev and Leverrier: M = A M + c, c = -tr(A M)/k.
///
/// Errors: `None` if the matrix is empty or larger than [`limits::COMPOUND`]. Panics: never.
pub(super) fn characteristic(matrix: &[Vec<Rational>]) -> Option<Polynomial> {
    let size = matrix.len();
    if size == 0 || size > limits::COMPOUND || matrix.iter().any(|row| row.len() != size) {
        return None;
    }
    let mut coefficients = vec![Rational::from(1)];
    let mut product: Vec<Vec<Rational>> = vec![vec![Rational::new(); size]; size];
    for step in 1..=size {
        let last = coefficients.last().cloned()?;
        for (place, row) in product.iter_mut().enumerate() {
            *row.get_mut(place)? += &last;
        }
        product = times(matrix, &product);
        let trace = product.iter().enumerate().filter_map(|(place, row)| row.get(place));
        let trace = trace.fold(Rational::new(), |sum, entry| sum + entry);
        coefficients.push(-trace / Rational::from(step));
    }
    coefficients.reverse();
    Polynomial::from_coefficients(coefficients)
}

fn times(left: &[Vec<Rational>], right: &[Vec<Rational>]) -> Vec<Vec<Rational>> {
    let columns = right.first().map_or(0, Vec::len);
    let entry = |row: &Vec<Rational>, column: usize| {
        row.iter()
            .zip(right)
            .fold(Rational::new(), |sum, (factor, below)| match below.get(column) {
                Some(other) => sum + Rational::from(factor * other),
                None => sum,
            })
    };
    left.iter()
        .map(|row| (0..columns).map(|column| entry(row, column)).collect())
        .collect()
}

/// The additive compound: the matrix of A on alternating products of `count` vectors, whose eigenvalues are the sums of
/// `count` eigenvalues of A.
///
/// Source: Fiedler, Additive compound matrices and an inequality for eigenvalues of symmetric stochastic matrices, 1974.
/// Errors: `None` if it is larger than [`limits::COMPOUND`]. Panics: never.
pub(super) fn compound(matrix: &[Vec<Rational>], count: usize) -> Option<Vec<Vec<Rational>>> {
    let size = matrix.len();
    if binomial(size, count) > limits::COMPOUND {
        return None;
    }
    let mut sets: Vec<Vec<usize>> = vec![Vec::new()];
    for _ in 0..count {
        let longer = |set: &Vec<usize>| -> Vec<Vec<usize>> {
            let from = set.last().map_or(0, |last| last.saturating_add(1));
            (from..size)
                .map(|next| set.iter().copied().chain([next]).collect())
                .collect()
        };
        sets = sets.iter().flat_map(longer).collect();
    }
    let of = |i: usize, j: usize| matrix.get(i).and_then(|row| row.get(j)).cloned().unwrap_or_default();
    let entry = |a: &Vec<usize>, b: &Vec<usize>| {
        if a == b {
            return a.iter().fold(Rational::new(), |sum, place| sum + of(*place, *place));
        }
        let only = |own: &Vec<usize>, other: &Vec<usize>| -> Vec<(usize, usize)> {
            let missing = own.iter().enumerate().filter(|(_, place)| !other.contains(place));
            missing.map(|(index, place)| (index, *place)).collect()
        };
        match (only(a, b).as_slice(), only(b, a).as_slice()) {
            ([(at, i)], [(to, j)]) if (at & 1) == (to & 1) => of(*i, *j),
            ([(_, i)], [(_, j)]) => -of(*i, *j),
            _ => Rational::new(),
        }
    };
    Some(
        sets.iter()
            .map(|a| sets.iter().map(|b| entry(a, b)).collect())
            .collect(),
    )
}
