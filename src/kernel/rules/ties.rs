//! Two local minima with exactly equal values: by a reflection, or by exact algebra.

use super::super::certificate::{Chart, Tie};
use super::super::expr::Node;
use super::super::normal_form::as_rational_function;
use super::super::polynomial::{End, value_polynomial};
use super::super::setting::Setting;
use super::super::theorem::{CriticalPoint, Rejection, Within, require};
use rug::Rational;

/// The pairs of critical points whose values are shown to be equal.
pub(super) fn check(
    setting: &mut Setting,
    points: &[CriticalPoint],
    charts: &[Chart],
    ties: &[Tie],
) -> Result<Vec<(usize, usize)>, Rejection> {
    let mut pairs = Vec::with_capacity(ties.len());
    for (place, tie) in ties.iter().enumerate() {
        pairs.push(one(setting, points, charts, tie).within(|| format!("ties[{place}]"))?);
    }
    Ok(pairs)
}

fn bounds(points: &[CriticalPoint], index: usize) -> Result<(Rational, Rational), Rejection> {
    let point = points
        .get(index)
        .ok_or_else(|| Rejection::new("there is no such critical point"))?;
    let ends = point.lo.clone().zip(point.hi.clone());
    ends.ok_or_else(|| Rejection::new("an unbounded set of critical points"))
}

fn one(
    setting: &mut Setting,
    points: &[CriticalPoint],
    charts: &[Chart],
    tie: &Tie,
) -> Result<(usize, usize), Rejection> {
    let form = match setting.pieces.as_slice() {
        [piece] => piece.form,
        _ => return Err(Rejection::new("ties are shown for costs of one piece")),
    };
    match tie {
        Tie::Reflection { first, second, centre } => {
            // The mirror image of a critical point is one, so it is the only one in the box it falls into.
            let double = setting.table.number(&centre.0 * Rational::from(2));
            let w = setting.table.w();
            let mirrored = setting.table.insert(Node::Sub(double, w));
            let image = setting.substitute(form, mirrored)?;
            setting.require_equal(form, image)?;
            let reflect = |end: &End| match end {
                End::NegativeInfinity => End::PositiveInfinity,
                End::PositiveInfinity => End::NegativeInfinity,
                End::At(point) => End::At((&centre.0 * Rational::from(2)) - point),
            };
            require(reflect(&setting.left) == setting.right, "the domain is not symmetric")?;
            let ((a, b), (c, d)) = (bounds(points, *first)?, bounds(points, *second)?);
            let twice = &centre.0 * Rational::from(2);
            let image = (Rational::from(&twice - &b), Rational::from(&twice - &a));
            require(
                c <= image.0 && image.1 <= d,
                "the reflection does not carry one box into the other",
            )?;
            Ok((*first, *second))
        }
        Tie::Algebraic { first, second, values } => {
            require(
                matches!(charts, [Chart::Polynomial { .. }]),
                "algebraic ties need a polynomial chart",
            )?;
            let slope = setting.derivative(form, 1)?;
            setting.pay_zero_test()?;
            setting.pay_zero_test()?;
            let quotients = as_rational_function(&setting.table, form).zip(as_rational_function(&setting.table, slope));
            let ((top, bottom), (slope, _)) =
                quotients.ok_or_else(|| Rejection::new("not a quotient of polynomials"))?;
            let modulus = slope.squarefree_part();
            // One resultant for each coefficient of the value polynomial.
            for _ in modulus.coefficients() {
                setting.pay_sturm(&modulus, &[])?;
                setting.pay_sturm(&top, &[])?;
                setting.pay_sturm(&bottom, &[])?;
            }
            let polynomial = value_polynomial(&modulus, &top, &bottom);
            let polynomial = polynomial.ok_or_else(|| Rejection::new("the value polynomial does not exist"))?;
            let [lo, hi] = [&values[0].0, &values[1].0];
            require(
                lo < hi && polynomial.evaluate(lo) != 0 && polynomial.evaluate(hi) != 0,
                "a bad interval of values",
            )?;
            setting.pay_sturm(&polynomial, &[End::At(lo.clone()), End::At(hi.clone())])?;
            let alone = polynomial.count_roots(&End::At(lo.clone()), &End::At(hi.clone())) == Some(1);
            require(alone, "the interval does not hold exactly one critical value")?;
            for index in [*first, *second] {
                let (a, b) = bounds(points, index)?;
                let value = setting.derivative_on(&a, &b, 0, 2)?.interval(setting.precision);
                let inside = value.inf_rational().is_some_and(|inf| inf > *lo)
                    && value.sup_rational().is_some_and(|sup| sup < *hi);
                require(inside, "a critical value is not shown to lie in the interval")?;
            }
            Ok((*first, *second))
        }
    }
}
