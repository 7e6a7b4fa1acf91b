//! `foliate prove`: claim files, the flow of a cost, the invariant of an activation, or a bound for the layers.

use super::args::ProveArgs;
use super::output::Output;
use super::{Status, plan, prove_activation, prove_claims, prove_cost, prove_radius};

/// Does what the arguments ask for.
///
/// Errors: a sentence about what is wrong with the usage.
pub(super) fn run(args: ProveArgs, output: &Output) -> Result<Status, String> {
    if args.activation.is_some() {
        return plan::prove_activation(args).map(|plan| prove_activation::run(&plan, output));
    }
    if args.cost.is_some() {
        return plan::prove_cost(args).map(|plan| prove_cost::run(&plan, output));
    }
    if args.product.is_some() {
        return plan::prove_radius(args).map(|plan| prove_radius::run(&plan, output));
    }
    plan::prove_claims(args).map(|plan| prove_claims::run(&plan, output))
}
