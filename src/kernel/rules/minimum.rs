//! Whether the minimum is attained, and whether the origin is a minimiser.

use super::super::certificate::{Chart, Exact, Side, Tail};
use super::super::chart::Segment;
use super::super::expr::{Id, Node};
use super::super::polynomial::End;
use super::super::setting::{Bound, Setting};
use super::super::theorem::{Detail, Established, Hypothesis, Rejection, Within, require};

/// f > f(at) outside a compact set.
pub(super) fn in_compact(
    setting: &mut Setting,
    at: &Exact,
    left: &Tail,
    right: &Tail,
) -> Result<Established, Rejection> {
    let value = setting.value_at(&at.0)?;
    for (side, tail, place) in [(Side::Left, left, "left"), (Side::Right, right, "right")] {
        let ray = setting.ray(side, tail, None).within(|| place)?;
        let form = setting.piece(setting.outer_piece(side))?.form;
        let level = setting.table.insert(Node::Variable(1));
        let gap = setting.table.insert(Node::Sub(form, level));
        let gap = setting
            .form_on(gap, &ray, std::slice::from_ref(&value))
            .within(|| place)?;
        let above = gap.sign(ray.line()) == Some(super::super::number::Sign::Positive);
        require(above, "f is not shown to exceed f(at) on the tail").within(|| place)?;
    }
    let sentence = format!(
        "f attains its minimum: f exceeds f({}) outside a compact interval",
        at.0
    );
    Ok(Established::new(Hypothesis::AttainsMinimum, true, sentence))
}

/// f is periodic on the whole line: continuous, it takes its minimum on one period.
pub(super) fn periodic(setting: &mut Setting, period: &Exact) -> Result<Established, Rejection> {
    let whole = (&End::NegativeInfinity, &End::PositiveInfinity);
    require(
        (&setting.left, &setting.right) == whole,
        "the domain is not the whole line",
    )?;
    require(period.0 > 0, "the period must be positive")?;
    let form = match setting.pieces.as_slice() {
        [piece] => piece.form,
        _ => return Err(Rejection::new("a periodic cost has one piece")),
    };
    let (w, pi) = (setting.table.w(), setting.table.insert(Node::Pi));
    let multiple = setting.table.number(period.0.clone());
    let turn = setting.table.insert(Node::Mul(multiple, pi));
    let moved = setting.table.insert(Node::Add(w, turn));
    let image = setting.substitute(form, moved)?;
    setting.require_equal(form, image)?;
    let sentence = format!("f attains its minimum: f is periodic with period {} pi", period.0);
    Ok(Established::new(Hypothesis::AttainsMinimum, true, sentence))
}

/// f >= f(at) everywhere.
pub(super) fn global(
    setting: &mut Setting,
    about: Hypothesis,
    at: Id,
    charts: &[Chart],
) -> Result<Established, Rejection> {
    let Bound::Break { enclosure, exact, .. } = setting.constant(at)? else {
        return Err(Rejection::new("not a constant expression"));
    };
    require(setting.contains(&enclosure), "the point is outside the domain")?;
    let piece = match &exact {
        Some(exact) => setting.piece_at(exact)?,
        None => {
            let ends = (enclosure.inf_rational(), enclosure.sup_rational());
            let (Some(inf), Some(sup)) = ends else {
                return Err(Rejection::new("the point is not bounded"));
            };
            let piece = setting.piece_at(&inf)?;
            require(piece == setting.piece_at(&sup)?, "the point is too close to a break")?;
            piece
        }
    };
    let form = setting.piece(piece)?.form;
    let value = setting.substitute(form, at)?;
    let pattern = setting.check_charts(charts, 0, Some(value))?;
    require(pattern.is_nonnegative(), "f is smaller somewhere")?;
    let place = exact
        .as_ref()
        .map_or_else(|| enclosure.display(20), ToString::to_string);
    match about {
        Hypothesis::AttainsMinimum => {
            let sentence = format!("f attains its minimum: f(w) >= f({place}) for all w");
            Ok(Established::new(about, true, sentence).with(Detail::Witness(format!("w = {place}"))))
        }
        Hypothesis::OriginNotMinimizer if exact.is_some_and(|exact| exact == 0) => {
            let sentence = "the origin is a global minimiser: f(w) >= f(0) for all w";
            Ok(Established::new(about, false, sentence).with(Detail::Witness("w = 0".into())))
        }
        _ => Err(Rejection::new("this does not decide that")),
    }
}

/// Every critical point and every kink lies above f(at).
pub(super) fn not_attained(setting: &mut Setting, charts: &[Chart], at: &Exact) -> Result<Established, Rejection> {
    require(
        setting.pieces.iter().all(|piece| piece.analytic),
        "a piece is not shown to be analytic",
    )?;
    let level = setting.value_at(&at.0)?;
    let pattern = setting.check_charts(charts, 1, None)?;
    let mut candidates = Vec::new();
    for segment in &pattern.segments {
        match segment {
            Segment::Sign(_) => {}
            Segment::Zero(zero) => candidates.push((zero.lo.clone(), zero.hi.clone())),
            Segment::Flat { .. } | Segment::Nonnegative => {
                return Err(Rejection::new("f may be constant on an interval"));
            }
        }
    }
    for piece in &setting.pieces {
        if let Bound::Break { .. } = &piece.right {
            let edge = (piece.right.outer(Side::Left), piece.right.outer(Side::Right));
            let (Some(lo), Some(hi)) = edge else {
                return Err(Rejection::new("a break is not bounded"));
            };
            candidates.push((lo, hi));
        }
    }
    for (place, (lo, hi)) in candidates.iter().enumerate() {
        let above = setting
            .derivative_on(lo, hi, 0, 2)?
            .sub(&level, setting.precision)
            .is_positive();
        require(above, "a candidate is not shown to lie above f(at)").within(|| format!("candidates[{place}]"))?;
    }
    let witness = if candidates.is_empty() {
        "f has no critical point".to_string()
    } else {
        format!("f({}) is below the value at every critical point", at.0)
    };
    let sentence = format!("f does not attain its infimum: {witness}");
    Ok(Established::new(Hypothesis::AttainsMinimum, false, sentence).with(Detail::Witness(witness)))
}
