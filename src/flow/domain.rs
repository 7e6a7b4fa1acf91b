//! Whether the product of a network stays in the domain that the cost is studied on.

use crate::kernel::flow::Bench;
use crate::kernel::interval::Interval;
use crate::problem::{Domain, FlowSpec};
use rug::Rational;

/// What the enclosures of a flow say about the domain of its cost.
pub(super) enum Stay {
    /// The domain is the line, or there is no cost.
    Everywhere,
    /// At all times at which the solutions are enclosed, the product is inside.
    Inside,
    /// From this time on the product may be outside, and is enclosed in this interval.
    MayLeave(Rational, Interval),
}

/// Looks at the parts of all steps, and at what holds after the last proof of convergence.
pub(super) fn stay(spec: &FlowSpec, bench: &Bench) -> Stay {
    if spec.domain == Domain::real_line() {
        return Stay::Everywhere;
    }
    let Some(walk) = bench.tube() else {
        return Stay::Everywhere;
    };
    let precision = walk.ground().precision();
    let outside = |bounds: &[Interval]| {
        let product = bench.system().product(bounds, precision).unwrap_or_default();
        let range = product.into_iter().next();
        let range = range.unwrap_or_else(|| Interval::entire(precision));
        (!is_inside(&spec.domain, &range)).then_some(range)
    };
    for segment in walk.segments() {
        for (number, part) in segment.parts.iter().enumerate() {
            if let Some(range) = outside(part) {
                let share = Rational::from((number, segment.parts.len().max(1)));
                return Stay::MayLeave(share * &segment.length + &segment.time, range);
            }
        }
    }
    let later = bench.limit();
    match later.and_then(|limit| Some((limit.time.clone(), outside(&limit.bounds)?))) {
        Some((time, range)) => Stay::MayLeave(time, range),
        None => Stay::Inside,
    }
}

/// Whether an interval lies in a domain.
fn is_inside(domain: &Domain, range: &Interval) -> bool {
    let ends = [range.inf_rational(), range.sup_rational()];
    ends.iter()
        .all(|end| end.as_ref().is_some_and(|end| domain.contains(end)))
}
