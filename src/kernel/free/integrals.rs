//! Bounds for integrals of functions of one scalar symbol.

use super::super::certificate::Exact;
use super::super::theorem::{Rejection, require};
use super::algebra::Algebra;
use super::data::Statement;

/// Settles a claim about an integral: an enclosure over the pieces lies between the bounds.
pub(super) fn settle(
    algebra: &mut Algebra<'_>,
    statement: &Statement,
    cuts: &[Exact],
    order: u8,
    precision: u32,
) -> Result<(bool, String, Option<String>), Rejection> {
    let _ = (algebra, statement, cuts, order, precision);
    require(false, "integrals are not bounded yet")?;
    Ok((false, String::new(), None))
}
