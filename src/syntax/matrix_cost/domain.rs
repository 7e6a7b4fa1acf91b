//! The domain of a cost of matrices as an expression that is positive there.

use super::EVERYWHERE;
use super::elaborate::Elaborator;
use crate::kernel::expr::{Id, Node, Table};
use crate::problem::MatrixCost;
use crate::problem::formula::Comparison;
use crate::syntax::formula::parse_comparison;

/// A table with the cost, the cost, and an expression that is positive exactly on its domain, if that is not everything.
///
/// Errors: a sentence about a domain that is no strict inequality between numbers. Panics: never.
pub fn with_domain(cost: &MatrixCost) -> Result<(Table, Id, Option<Id>), String> {
    let mut table = cost.table.clone();
    if cost.domain == EVERYWHERE {
        return Ok((table, cost.root, None));
    }
    let unusable = || format!("the domain `{}` cannot be used here", cost.domain);
    let (left, comparison, right) = parse_comparison(&cost.domain).map_err(|_| unusable())?;
    let declared: Vec<String> = cost.constants.iter().map(|(name, _)| name.clone()).collect();
    let shape = [cost.rows, cost.columns].map(usize::from);
    let mut elaborator = Elaborator::new(shape, &cost.constants, &declared);
    let sides = [&left, &right].map(|side| elaborator.number(side, "a side of the domain"));
    let (own, _) = elaborator.finish();
    let [Some(left), Some(right)] = sides else {
        return Err(format!("{}: both sides must be numbers", unusable()));
    };
    let (large, small) = match comparison {
        Comparison::Greater => (left, right),
        Comparison::Less => (right, left),
        _ => return Err(format!("{}: it must be open, so write < or >", unusable())),
    };
    let large = table.import(&own, large);
    let small = table.import(&own, small);
    let domain = match table.node(small) {
        Some(Node::Number(value)) if *value == 0 => large,
        _ => table.insert(Node::Sub(large, small)),
    };
    Ok((table, cost.root, Some(domain)))
}
