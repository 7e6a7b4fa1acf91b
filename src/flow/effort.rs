//! How fine a tube is computed, and what to try if it does not get through.

use super::follow::Found;
use super::run::Options;
use super::sizes::log2;
use super::tube::{GUARD, Stop};
use crate::kernel::limits::START_DEGREE;
use crate::problem::FlowSpec;

/// The most monomials with which a box is followed to second order without being asked to.
const MONOMIALS: usize = 300;
/// The highest precision in bits that is raised further.
const PRECISION: u32 = 2048;

/// How fine a tube is computed.
pub(super) struct Effort {
    /// In bits.
    pub precision: u32,
    /// Of the polynomials in the starts.
    pub degree: u8,
}

impl Effort {
    /// What the specification asks for, or what earlier steps have if that is more: they go on as they began.
    pub fn usual(spec: &FlowSpec, options: &Options) -> Self {
        let earlier = options.resume.as_ref();
        let bits = earlier.map_or(0, |tube| tube.precision.saturating_sub(GUARD));
        let degree = options.degree.or(earlier.map(|tube| tube.degree));
        Effort {
            precision: spec.precision.max(bits),
            degree: degree.unwrap_or_else(|| match wide(spec) {
                0 => 0,
                wide if (wide + 1) * (wide + 2) / 2 <= MONOMIALS => 2,
                _ => 1,
            }),
        }
    }

    /// What to try after a tube that did not get through, with a note: more bits for a point, a higher degree for a box.
    pub fn raised(&self, spec: &FlowSpec, options: &Options, found: &Found) -> Option<(Effort, String)> {
        if !found.walk.system().is_undisturbed() || found.settling.is_some() {
            return None;
        }
        let Effort { precision, degree } = *self;
        let is_point = wide(spec) == 0;
        let is_wide = log2(found.walk.radius().sup()) > -20.0;
        if is_point && is_wide && !matches!(found.stop, Some(Stop::Deadline)) && precision <= PRECISION {
            let precision = precision * 2;
            let note = format!("the precision was raised to {precision} bits");
            return Some((Effort { precision, degree }, note));
        }
        let is_stuck = matches!(found.stop, Some(Stop::Stuck(_)));
        if is_point || !is_stuck || degree != 2 || options.degree.is_some() {
            return None;
        }
        let degree = START_DEGREE;
        let note = format!("the degree in the starts was raised to {degree}");
        Some((Effort { precision, degree }, note))
    }
}

/// The number of coordinates that are not points.
fn wide(spec: &FlowSpec) -> usize {
    spec.start.iter().filter(|[lo, hi]| lo < hi).count()
}
