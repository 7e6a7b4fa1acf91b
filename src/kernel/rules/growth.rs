//! What the cost does towards the ends of its domain: properness, its failure, unboundedness below.

use super::super::certificate::{SequenceData, Side, Tail};
use super::super::number::Sign;
use super::super::setting::Setting;
use super::super::tail::Form;
use super::super::theorem::{Detail, Established, Hypothesis, Rejection, Within, require};

/// The words for an end.
pub(super) fn end_name(setting: &Setting, side: Side) -> String {
    match side {
        Side::Left => format!("w -> {}", setting.left),
        Side::Right => format!("w -> {}", setting.right),
    }
}

/// The form of the cost on a tail.
fn cost_form(
    setting: &Setting,
    side: Side,
    tail: &Tail,
    along: Option<&SequenceData>,
) -> Result<(Form, super::super::tail::Ray), Rejection> {
    let ray = setting.ray(side, tail, along)?;
    let form = setting.piece(setting.outer_piece(side))?.form;
    Ok((setting.form_on(form, &ray, &[])?, ray))
}

/// f tends to +inf at both ends; being continuous, its sublevel sets are compact.
pub(super) fn proper(setting: &mut Setting, left: &Tail, right: &Tail) -> Result<Established, Rejection> {
    for (side, tail, place) in [(Side::Left, left, "left"), (Side::Right, right, "right")] {
        let (form, ray) = cost_form(setting, side, tail, None).within(|| place)?;
        require(
            form.diverges(ray.line()) == Some(Sign::Positive),
            "f is not shown to tend to +inf",
        )
        .within(|| place)?;
    }
    Ok(Established::new(
        Hypothesis::Proper,
        true,
        "f tends to +inf at both ends, so every sublevel set is compact",
    ))
}

/// f stays below a bound on a tail or along a sequence: a sublevel set is not compact.
pub(super) fn bounded(
    setting: &mut Setting,
    side: Side,
    tail: &Tail,
    along: Option<&SequenceData>,
    monotone: bool,
) -> Result<Established, Rejection> {
    let end = end_name(setting, side);
    let witness = if monotone {
        require(along.is_none(), "monotone along a sequence is not a thing")?;
        let ray = setting.ray(side, tail, None)?;
        let form = setting.piece(setting.outer_piece(side))?.form;
        let slope = setting.derivative(form, 1)?;
        let falling = if side == Side::Left {
            Sign::Positive
        } else {
            Sign::Negative
        };
        let sign = setting.sign_on_ray(slope, &ray)?;
        require(
            sign == Some(falling) || sign == Some(Sign::Zero),
            "f is not shown to decrease towards the end",
        )?;
        format!("f does not increase as {end}")
    } else {
        let (form, ray) = cost_form(setting, side, tail, along)?;
        let range = form
            .range(ray.line())
            .map_err(|error| Rejection::new(format!("{error:?}")))?;
        let range = range.interval(setting.precision);
        require(range.sup().is_finite(), "f is not shown to be bounded above")?;
        format!(
            "f stays below {} as {end}{}",
            range.upper_decimal(6),
            sequence_words(along)
        )
    };
    let sentence = format!("f is not proper: {witness}");
    Ok(Established::new(Hypothesis::Proper, false, sentence).with(Detail::Witness(witness)))
}

/// f tends to -inf at an end or along a sequence.
pub(super) fn unbounded_below(
    setting: &mut Setting,
    about: Hypothesis,
    side: Side,
    tail: &Tail,
    along: Option<&SequenceData>,
) -> Result<Established, Rejection> {
    let (form, ray) = cost_form(setting, side, tail, along)?;
    require(
        form.diverges(ray.line()) == Some(Sign::Negative),
        "f is not shown to tend to -inf",
    )?;
    let sentence = match about {
        Hypothesis::AttainsMinimum => "f has no minimum",
        Hypothesis::PlInequality => "the PL inequality fails",
        _ => return Err(Rejection::new("this does not refute that")),
    };
    let witness = format!(
        "f is unbounded below as {}{}",
        end_name(setting, side),
        sequence_words(along)
    );
    Ok(Established::new(about, false, format!("{sentence}: {witness}")).with(Detail::Witness(witness)))
}

/// The words for a sequence on a tail.
pub(super) fn sequence_words(along: Option<&SequenceData>) -> String {
    along.map_or(String::new(), |sequence| {
        format!(" along |w| = {} + 2 pi k * {}", sequence.offset.0, sequence.period.0)
    })
}
