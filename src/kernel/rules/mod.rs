//! One file per family of claims: what each certificate must show to be believed.

mod analytic;
mod critical_points;
mod growth;
mod lipschitz;
mod minimum;
mod origin;
mod polyak_lojasiewicz;
mod ties;

pub(super) use critical_points::zero_of_slope;

use super::certificate::Claim;
use super::setting::Setting;
use super::theorem::{Established, Rejection};

/// Checks one claim about a checked setting.
///
/// Errors: a [`Rejection`] with the demand that failed.
/// Panics: never.
pub(super) fn establish(setting: &mut Setting, claim: &Claim) -> Result<Established, Rejection> {
    match claim {
        Claim::Analytic { form, cover } => analytic::holds(setting, *form, cover),
        Claim::DerivativeJump { about, piece, order } => analytic::jump(setting, *about, *piece, *order),
        Claim::DerivativeBlowUp {
            about,
            piece,
            side,
            order,
            tail,
        } => analytic::blow_up(setting, *about, *piece, *side, *order, tail),
        Claim::ContinuouslyDifferentiable {} => analytic::continuously_differentiable(setting),
        Claim::Proper { left, right } => growth::proper(setting, left, right),
        Claim::Bounded {
            side,
            tail,
            along,
            monotone,
        } => growth::bounded(setting, *side, tail, along.as_ref(), *monotone),
        Claim::UnboundedBelow {
            about,
            side,
            tail,
            along,
        } => growth::unbounded_below(setting, *about, *side, tail, along.as_ref()),
        Claim::MinimumInCompact { at, left, right } => minimum::in_compact(setting, at, left, right),
        Claim::Periodic { period } => minimum::periodic(setting, period),
        Claim::GlobalMinimum { about, at, charts } => minimum::global(setting, *about, *at, charts),
        Claim::NotAttained { charts, at } => minimum::not_attained(setting, charts, at),
        Claim::LipschitzGradient { covers } => lipschitz::holds(setting, covers),
        Claim::UnboundedCurvature { side, tail, along } => lipschitz::fails(setting, *side, tail, along.as_ref()),
        Claim::SlopeAtOrigin { about } => origin::slope(setting, *about),
        Claim::OriginIsCritical {} => origin::critical(setting),
        Claim::BelowOrigin { at } => origin::below(setting, at),
        Claim::CriticalPoints { charts, ties } => critical_points::all(setting, charts, ties),
        Claim::HigherCriticalPoint { about, point, below } => critical_points::higher(setting, *about, point, below),
        Claim::PolyakLojasiewicz(argument) => polyak_lojasiewicz::holds(setting, argument),
        Claim::DegenerateMinimum { charts } => polyak_lojasiewicz::degenerate(setting, charts),
        Claim::VanishingRatio { side, tail, along, at } => {
            polyak_lojasiewicz::vanishing_ratio(setting, *side, tail, along.as_ref(), at)
        }
        Claim::VanishingRatioAtLimit { side, tail, limit } => {
            polyak_lojasiewicz::vanishing_ratio_at_limit(setting, *side, tail, limit)
        }
        Claim::DecreasesForever { side, tail } => polyak_lojasiewicz::decreases_forever(setting, *side, tail),
    }
}
