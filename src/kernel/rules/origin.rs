//! The origin: the sign of f'(0), and points below f(0).

use super::super::certificate::Exact;
use super::super::number::Sign;
use super::super::setting::Setting;
use super::super::theorem::{Detail, Established, Hypothesis, Rejection, require};
use rug::Rational;

/// f'(0) is not zero.
pub(super) fn slope(setting: &mut Setting, about: Hypothesis) -> Result<Established, Rejection> {
    setting.require_continuously_differentiable()?;
    let slope = setting.derivative_at(&Rational::new(), 1)?;
    let sign = slope.sign().filter(|sign| *sign != Sign::Zero);
    let sign = sign.ok_or_else(|| Rejection::new("f'(0) is not shown to differ from 0"))?;
    let relation = if sign == Sign::Positive { ">" } else { "<" };
    let sentence = match about {
        Hypothesis::NonsingularCriticalPoints => format!("f'(0) {relation} 0, so 0 is not a critical point"),
        Hypothesis::OriginNotMinimizer => format!("f'(0) {relation} 0, so f(0) > inf f"),
        _ => return Err(Rejection::new("this does not decide that")),
    };
    Ok(Established::new(about, true, sentence).with(Detail::SlopeAtOrigin(sign)))
}

/// f'(0) = 0.
pub(super) fn critical(setting: &mut Setting) -> Result<Established, Rejection> {
    setting.require_continuously_differentiable()?;
    let form = setting.piece(setting.piece_at(&Rational::new())?)?.form;
    let slope = setting.derivative(form, 1)?;
    let zero = setting.table.number(0);
    let slope = setting.substitute(slope, zero)?;
    require(setting.is_zero(slope)?, "f'(0) is not shown to be 0")?;
    Ok(Established::new(
        Hypothesis::NonsingularCriticalPoints,
        false,
        "0 is a critical point: f'(0) = 0",
    )
    .with(Detail::SlopeAtOrigin(Sign::Zero)))
}

/// f(at) < f(0).
pub(super) fn below(setting: &mut Setting, at: &Exact) -> Result<Established, Rejection> {
    let gap = setting
        .value_at(&at.0)?
        .sub(&setting.value_at(&Rational::new())?, setting.precision);
    require(gap.is_negative(), "f(at) is not shown to be below f(0)")?;
    let sentence = format!("f({}) < f(0), so f(0) > inf f", at.0);
    Ok(Established::new(Hypothesis::OriginNotMinimizer, true, sentence).with(Detail::Witness(format!("w = {}", at.0))))
}
