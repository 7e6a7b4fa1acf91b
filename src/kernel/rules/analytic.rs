//! Analyticity and continuous differentiability, and their failure at a break.

use super::super::certificate::{Cover, Side, Tail};
use super::super::evaluate::Program;
use super::super::expr::Id;
use super::super::number::Number;
use super::super::setting::{Bound, Piece, Setting};
use super::super::tail::{Ray, Toward};
use super::super::theorem::{Detail, Established, Hypothesis, Rejection, Within, require};

/// One form equals the cost on every piece and is analytic on the whole domain.
pub(super) fn holds(setting: &mut Setting, form: Id, cover: &Cover) -> Result<Established, Rejection> {
    setting.require_given(form)?;
    for index in 0..setting.pieces.len() {
        let piece = setting.piece(index)?.form;
        setting
            .require_equal(form, piece)
            .within(|| format!("pieces[{index}]"))?;
    }
    let single = matches!(setting.pieces.as_slice(), [piece] if piece.form == form && piece.analytic);
    if !single {
        // The cover is about the whole domain: see it as the cover of a setting with one piece.
        let whole = Piece {
            left: Bound::Domain,
            right: Bound::Domain,
            form,
            analytic: false,
        };
        let pieces = std::mem::replace(&mut setting.pieces, vec![whole]);
        let checked = setting.check_cover(0, form, cover, true);
        setting.pieces = pieces;
        checked.within(|| "cover")?;
    }
    Ok(Established::new(Hypothesis::Analytic, true, "f is real analytic"))
}

/// The derivatives from the two sides of a break differ.
pub(super) fn jump(
    setting: &mut Setting,
    about: Hypothesis,
    piece: usize,
    order: u8,
) -> Result<Established, Rejection> {
    let before = setting.piece(piece)?.clone();
    let after = setting.piece(piece.saturating_add(1))?.clone();
    require(before.analytic && after.analytic, "a piece is not shown to be analytic")?;
    require((1..=128).contains(&order), "the order is 1 to 128")?;
    let Bound::Break { enclosure, exact, .. } = &before.right else {
        return Err(Rejection::new("there is no break"));
    };
    let point = exact.clone().map_or(Number::from(enclosure.clone()), Number::Exact);
    let highest = usize::from(order);
    let value = |form: Id| {
        let program = Program::new(&setting.table, form);
        setting.pay_evaluation(&program, highest)?;
        let jet = program.jet(std::slice::from_ref(&point), highest, setting.precision);
        jet.map(|jet| jet.coefficient(highest))
            .map_err(|error| Rejection::new(format!("undefined at the break: {error:?}")))
    };
    let difference = value(before.form)?.sub(&value(after.form)?, setting.precision);
    require(difference.is_nonzero(), "the derivatives are not shown to differ")?;
    let place = place(exact.as_ref(), enclosure);
    failure(
        about,
        order,
        format!("the derivative of order {order} jumps at w = {place}"),
    )
}

/// A derivative is unbounded towards a break.
pub(super) fn blow_up(
    setting: &mut Setting,
    about: Hypothesis,
    piece: usize,
    side: Side,
    order: u8,
    tail: &Tail,
) -> Result<Established, Rejection> {
    let data = setting.piece(piece)?.clone();
    let bound = if side == Side::Left { &data.left } else { &data.right };
    let Bound::Break {
        exact: Some(exact),
        enclosure,
        ..
    } = bound
    else {
        return Err(Rejection::new("not a rational break"));
    };
    let toward = match side {
        Side::Left => Toward::FromRight(exact.clone()),
        Side::Right => Toward::FromLeft(exact.clone()),
    };
    let ray = Ray::new(toward, &tail.from.0, tail.keep, setting.precision);
    let ray = ray.ok_or_else(|| Rejection::new("a tail must begin at t > 0 and keep 1 to 12 terms"))?;
    let inside = match (if side == Side::Left { &data.right } else { &data.left }, side) {
        (Bound::Break { enclosure, .. }, Side::Left) => {
            enclosure.inf_rational().is_some_and(|edge| ray.start() <= edge)
        }
        (Bound::Break { enclosure, .. }, Side::Right) => {
            enclosure.sup_rational().is_some_and(|edge| ray.start() >= edge)
        }
        (Bound::Domain, _) => setting.contains(&super::super::interval::Interval::point(
            &ray.start(),
            setting.precision,
        )),
    };
    require(inside, "the tail leaves the piece")?;
    require((1..=128).contains(&order), "the order is 1 to 128")?;
    let slope = setting.derivative(data.form, usize::from(order))?;
    let form = setting.form_on(slope, &ray, &[])?;
    require(
        form.diverges(ray.line()).is_some(),
        "the derivative is not shown to be unbounded",
    )?;
    let place = place(Some(exact), enclosure);
    failure(
        about,
        order,
        format!("the derivative of order {order} is unbounded near w = {place}"),
    )
}

fn place(exact: Option<&rug::Rational>, enclosure: &super::super::interval::Interval) -> String {
    exact.map_or_else(|| enclosure.display(20), ToString::to_string)
}

/// What a misbehaving derivative of this order refutes.
fn failure(about: Hypothesis, order: u8, witness: String) -> Result<Established, Rejection> {
    let sentence = match about {
        Hypothesis::Analytic => "f is not analytic",
        Hypothesis::LipschitzGradient if order == 1 => "f is not continuously differentiable, so f' is not Lipschitz",
        Hypothesis::ContinuouslyDifferentiable if order == 1 => "f is not continuously differentiable",
        _ => return Err(Rejection::new("this does not refute that")),
    };
    Ok(Established::new(about, false, format!("{sentence}: {witness}")).with(Detail::Witness(witness)))
}

/// f is C^1.
pub(super) fn continuously_differentiable(setting: &mut Setting) -> Result<Established, Rejection> {
    setting.require_continuously_differentiable()?;
    Ok(Established::new(
        Hypothesis::ContinuouslyDifferentiable,
        true,
        "f is continuously differentiable",
    ))
}
