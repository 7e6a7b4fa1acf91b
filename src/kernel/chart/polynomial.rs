//! Charts of quotients of polynomials, by Sturm's theorem.

use super::super::certificate::Exact;
use super::super::expr::Id;
use super::super::normal_form::as_rational_function;
use super::super::number::{Number, Sign};
use super::super::polynomial::{End, Polynomial, SturmSequence};
use super::super::setting::{Bound, Setting};
use super::super::theorem::{Rejection, Within, require};
use super::{Pattern, Segment, Zero};
use rug::Rational;

impl Setting {
    /// The numerator and the denominator of a derivative, the denominator without zeros on the piece.
    pub(in super::super) fn quotient_on(
        &mut self,
        index: usize,
        root: Id,
        order: usize,
    ) -> Result<(Polynomial, [End; 2]), Rejection> {
        let function = self.derivative(root, order)?;
        self.pay_zero_test()?;
        let quotient = as_rational_function(&self.table, function);
        let (top, bottom) = quotient.ok_or_else(|| Rejection::new("not a quotient of polynomials"))?;
        let piece = self.piece(index)?;
        let end = |bound: &Bound, domain: &End| match bound {
            Bound::Domain => Ok(domain.clone()),
            Bound::Break { exact: Some(exact), .. } => Ok(End::At(exact.clone())),
            Bound::Break { .. } => Err(Rejection::new("a polynomial chart needs rational breaks")),
        };
        let ends = [end(&piece.left, &self.left)?, end(&piece.right, &self.right)?];
        let [lo, hi] = &ends;
        self.pay_sturm(&bottom, &ends)?;
        require(
            bottom.count_roots(lo, hi) == Some(0),
            "the denominator has a zero on the piece",
        )?;
        for (bound, point) in [(&piece.left, lo), (&piece.right, hi)] {
            let closed = matches!(bound, Bound::Break { .. });
            let vanishes = point.finite().is_some_and(|point| bottom.evaluate(point) == 0);
            require(!(closed && vanishes), "the denominator vanishes at a break")?;
        }
        // The sign of p/q is that of p*q.
        let product = top
            .mul(&bottom)
            .ok_or_else(|| Rejection::new("the degree is too high"))?;
        Ok((product, ends))
    }

    pub(super) fn polynomial_chart(
        &mut self,
        index: usize,
        root: Id,
        order: usize,
        roots: &[[Exact; 2]],
    ) -> Result<Pattern, Rejection> {
        let (product, [lo, hi]) = self.quotient_on(index, root, order)?;
        require(!product.is_zero(), "the function is identically zero")?;
        let piece = self.piece(index)?.clone();
        self.pay_sturm(&product, [&lo, &hi])?;
        let sturm = SturmSequence::new(&product).ok_or_else(|| Rejection::new("Sturm's sequence is too large"))?;
        let total = sturm
            .count(&lo, &hi)
            .ok_or_else(|| Rejection::new("the piece is empty"))?;
        require(total == roots.len(), "the number of zeros is wrong")?;
        let factors = product.squarefree_factors();
        let mut pattern = Pattern { segments: Vec::new() };
        let break_zero = |bound: &Bound| match bound {
            Bound::Break {
                at, exact: Some(exact), ..
            } if product.evaluate(exact) == 0 => Some(Zero {
                lo: exact.clone(),
                hi: exact.clone(),
                at: Some(*at),
                multiplicity: multiplicity(&factors, exact, exact),
                at_break: true,
            }),
            _ => None,
        };
        if let Some(zero) = break_zero(&piece.left) {
            pattern.push(Segment::Zero(zero));
        }
        let mut before = lo.clone();
        for (place, [left, right]) in roots.iter().enumerate() {
            let (left, right) = (left.0.clone(), right.0.clone());
            self.pay_sturm(&product, &[End::At(left.clone()), End::At(right.clone())])?;
            let within = before <= End::At(left.clone()) && left <= right && End::At(right.clone()) <= hi;
            require(within, "the zeros are not in order").within(|| format!("roots[{place}]"))?;
            let alone = if left == right {
                End::At(left.clone()) > lo && End::At(left.clone()) < hi && product.evaluate(&left) == 0
            } else {
                let open = sturm.count(&End::At(left.clone()), &End::At(right.clone())) == Some(1);
                // Ends that are zeros themselves would be counted twice by neighbours.
                open && product.evaluate(&left) != 0 && product.evaluate(&right) != 0
            };
            require(alone, "not exactly one zero").within(|| format!("roots[{place}]"))?;
            pattern.push(Segment::Sign(sign_between(&product, &before, &End::At(left.clone()))?));
            let multiplicity = multiplicity(&factors, &left, &right);
            pattern.push(Segment::Zero(Zero {
                lo: left,
                hi: right.clone(),
                at: None,
                multiplicity,
                at_break: false,
            }));
            before = End::At(right);
        }
        pattern.push(Segment::Sign(sign_between(&product, &before, &hi)?));
        if let Some(zero) = break_zero(&piece.right) {
            pattern.push(Segment::Zero(zero));
        }
        Ok(pattern)
    }
}

/// The sign of a polynomial on a stretch without zeros (zeros at the ends excepted).
fn sign_between(polynomial: &Polynomial, lo: &End, hi: &End) -> Result<Sign, Rejection> {
    let one = Rational::from(1);
    let middle = match (lo.finite(), hi.finite()) {
        (Some(a), Some(b)) => Rational::from(a + b) / Rational::from(2),
        (Some(a), None) => a + one,
        (None, Some(b)) => b - one,
        (None, None) => Rational::new(),
    };
    Number::Exact(polynomial.evaluate(&middle))
        .sign()
        .filter(|sign| *sign != Sign::Zero)
        .ok_or_else(|| Rejection::new("two zeros touch"))
}

/// The multiplicity of the only zero of a product of powers in [lo, hi].
fn multiplicity(factors: &[(Polynomial, u32)], lo: &Rational, hi: &Rational) -> Option<u32> {
    let hit = |factor: &Polynomial| {
        if lo == hi {
            factor.evaluate(lo) == 0
        } else {
            factor.count_roots(&End::At(lo.clone()), &End::At(hi.clone())) == Some(1)
        }
    };
    factors
        .iter()
        .find(|(factor, _)| hit(factor))
        .map(|(_, multiplicity)| *multiplicity)
}
