//! An a-priori bound for the layers of a linear network, from its product and its imbalances.
//!
//! Write c_i = |C_i|, gamma_N = 0 and gamma_l = c_l + ... + c_{N-1} (spectral norms), y = |W_N|^2. From
//! W_l W_l' = C_l + W_{l+1}' W_{l+1}: |W_l|^2 <= c_l + |W_{l+1}|^2, hence |W_l|^2 <= y + gamma_l. The remainder of
//! A.lem12 is the sum over i of W_N..W_{i+1} ((X_i + C_i)^i - X_i^i) W_{i+1}'..W_N' with X_i = W_{i+1}' W_{i+1}, and
//! |(X + C)^i - X^i| <= (|X| + |C|)^i - |X|^i, as expanding the power shows. So, with (W_N W_N')^N = W W' - P_N,
//!
//!   y^N <= |W|^2 + sum_{i=1}^{N-1} prod_{l=i+1}^{N} (y + gamma_l) ((y + gamma_{i+1} + c_i)^i - (y + gamma_{i+1})^i).
//!
//! If the difference of the two sides is positive for all y > Y, then y <= Y, and every layer has |W_l|^2 <= Y + gamma_1.
//! Source: G.bounds, which makes A.lem10 to A.lem15 explicit.

use super::super::polynomial::{End, Polynomial};
use super::super::theorem::{Rejection, require};
use rug::Rational;

/// The difference of the two sides above, as a polynomial in y. `product` and `imbalances` bound spectral norms.
///
/// Errors: if there are too many layers. Panics: never.
pub fn excess(product: &Rational, imbalances: &[Rational]) -> Result<Polynomial, Rejection> {
    let large = || Rejection::new("too many layers");
    require(imbalances.len() <= 32, "too many layers")?;
    let layers = imbalances.len().saturating_add(1);
    // shifts[l - 1] = gamma_l.
    let mut shifts = vec![Rational::new(); layers];
    for place in (0..imbalances.len()).rev() {
        let next = shifts.get(place.saturating_add(1)).cloned().unwrap_or_default();
        if let (Some(shift), Some(own)) = (shifts.get_mut(place), imbalances.get(place)) {
            *shift = next + own;
        }
    }
    let shifted = |by: &Rational| Polynomial::variable().add(&Polynomial::constant(by.clone()));
    let power = |base: &Polynomial, exponent: usize| {
        let exponent = u32::try_from(exponent).map_err(|_| large())?;
        base.pow(exponent).ok_or_else(large)
    };
    let mut total = power(&Polynomial::variable(), layers)?;
    total = total.sub(&Polynomial::constant(Rational::from(product * product)));
    for (place, own) in imbalances.iter().enumerate() {
        let i = place.saturating_add(1);
        let mut outer = Polynomial::constant(1);
        for shift in shifts.iter().skip(i) {
            outer = outer.mul(&shifted(shift)).ok_or_else(large)?;
        }
        let inner = shifts.get(i).cloned().unwrap_or_default();
        let wide = power(&shifted(&Rational::from(&inner + own)), i)?;
        let narrow = power(&shifted(&inner), i)?;
        let part = outer.mul(&wide.sub(&narrow)).ok_or_else(large)?;
        total = total.sub(&part);
    }
    Ok(total)
}

/// Checks that the squared spectral norm of every layer is at most `bound`.
///
/// Errors: if the bound does not follow. Panics: never.
pub fn check_radius(product: &Rational, imbalances: &[Rational], bound: &Rational) -> Result<(), Rejection> {
    let sensible = *product >= 0 && imbalances.iter().all(|own| *own >= 0);
    require(sensible, "norms are not negative")?;
    require(!imbalances.is_empty(), "one layer is its own product")?;
    let all = imbalances.iter().fold(Rational::new(), |sum, own| sum + own);
    let last = bound.clone() - all;
    require(last >= 0, "the bound is smaller than the sum of the imbalances")?;
    let excess = excess(product, imbalances)?;
    // The leading coefficient is 1, so without a root beyond the bound the difference is positive there.
    let beyond = excess.count_roots(&End::At(last), &End::PositiveInfinity);
    let beyond = beyond.ok_or_else(|| Rejection::new("the polynomial is too large"))?;
    require(beyond == 0, "the bound does not follow")
}
