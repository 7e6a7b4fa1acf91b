//! A globally Lipschitz gradient: f'' bounded, or not.

use super::super::certificate::{Cover, SequenceData, Side, Tail};
use super::super::evaluate::Program;
use super::super::interval::Interval;
use super::super::setting::Setting;
use super::super::theorem::{Detail, Established, Hypothesis, Rejection, Within, require};
use super::growth::{end_name, sequence_words};

/// f is C^1 and f'' is bounded on every piece.
pub(super) fn holds(setting: &mut Setting, covers: &[Cover]) -> Result<Established, Rejection> {
    setting.require_continuously_differentiable()?;
    require(covers.len() == setting.pieces.len(), "one cover per piece is needed")?;
    let mut hull: Option<Interval> = None;
    for (index, cover) in covers.iter().enumerate() {
        let range = curvature(setting, index, cover).within(|| format!("covers[{index}]"))?;
        hull = Some(hull.map_or(range.clone(), |hull| hull.convex_hull(&range)));
    }
    let hull = hull.ok_or_else(|| Rejection::new("there are no pieces"))?;
    require(hull.is_bounded(), "f'' is not shown to be bounded")?;
    let bound = hull.abs().upper_decimal(6);
    let sentence = format!("f' is Lipschitz with constant {bound}");
    Ok(Established::new(Hypothesis::LipschitzGradient, true, sentence).with(Detail::Lipschitz { bound }))
}

/// Encloses f'' on one piece.
fn curvature(setting: &mut Setting, index: usize, cover: &Cover) -> Result<Interval, Rejection> {
    let precision = setting.precision;
    let parts = setting.parts(index, cover)?;
    let form = setting.piece(index)?.form;
    let second = setting.derivative(form, 2)?;
    let program = Program::new(&setting.table, form);
    let mut values = Vec::new();
    for ray in parts.left.iter().chain(&parts.right) {
        let range = setting.form_on(second, ray, &[])?.range(ray.line());
        values.push(
            range
                .map_err(|error| Rejection::new(format!("{error:?}")))?
                .interval(precision),
        );
    }
    for range in &parts.boxes {
        setting.pay_evaluation(&program, 3)?;
        let value = program.derivative_on(range, &[], 2, 1, precision);
        values.push(
            value
                .map_err(|error| Rejection::new(format!("undefined on a box: {error:?}")))?
                .interval(precision),
        );
    }
    values
        .into_iter()
        .reduce(|a, b| a.convex_hull(&b))
        .ok_or_else(|| Rejection::new("an empty cover"))
}

/// f'' is unbounded towards an end.
pub(super) fn fails(
    setting: &mut Setting,
    side: Side,
    tail: &Tail,
    along: Option<&SequenceData>,
) -> Result<Established, Rejection> {
    let ray = setting.ray(side, tail, along)?;
    let form = setting.piece(setting.outer_piece(side))?.form;
    let second = setting.derivative(form, 2)?;
    let form = setting.form_on(second, &ray, &[])?;
    require(form.diverges(ray.line()).is_some(), "f'' is not shown to be unbounded")?;
    let witness = format!(
        "f'' is unbounded as {}{}",
        end_name(setting, side),
        sequence_words(along)
    );
    let sentence = format!("f' is not Lipschitz: {witness}");
    Ok(Established::new(Hypothesis::LipschitzGradient, false, sentence).with(Detail::Witness(witness)))
}
