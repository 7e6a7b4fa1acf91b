//! Bounds for integrals of functions of one scalar symbol.

use super::super::certificate::Exact;
use super::super::evaluate::Program;
use super::super::expr::Node;
use super::super::polynomial::End;
use super::super::quadrature;
use super::super::theorem::{Rejection, require};
use super::algebra::Algebra;
use super::data::Statement;
use rug::Rational;

/// Settles a claim about an integral: an enclosure over the pieces lies between the bounds.
pub(super) fn settle(
    algebra: &mut Algebra<'_>,
    statement: &Statement,
    cuts: &[Exact],
    order: u8,
    precision: u32,
) -> Result<(bool, String, Option<String>), Rejection> {
    let Statement::Integral {
        of,
        by,
        from,
        to,
        lower,
        upper,
    } = statement
    else {
        return Err(Rejection::new("only integrals are bounded piece by piece"));
    };
    require(from.0 < to.0, "the limits of the integral are not in order")?;
    let symbol = algebra.scalar_symbol(*by)?;
    algebra.check_interval(*by, &End::At(from.0.clone()), &End::At(to.0.clone()))?;
    let element = algebra.evaluate_between(*of, symbol, &from.0, &to.0)?;
    let scalar = element
        .as_scalar()
        .ok_or_else(|| Rejection::new("only scalars are integrated"))?;
    let others = algebra
        .scalars
        .depends_on(&scalar)
        .into_iter()
        .any(|atom| atom != symbol);
    require(!others, "the integrand depends on more than the variable")?;
    let id = algebra.scalars.build(&scalar)?;
    // The quadrature integrates over the first variable of its table.
    let (mut table, roots) = algebra.scalars.table().extract(&[id]);
    let root = roots
        .first()
        .copied()
        .ok_or_else(|| Rejection::new("the integrand is missing"))?;
    let variable = table.insert(Node::Variable(0));
    let root = table.substitute(root, symbol, variable);
    let inner = cuts.iter().map(|cut| cut.0.clone());
    let points: Vec<Rational> = [from.0.clone()]
        .into_iter()
        .chain(inner)
        .chain([to.0.clone()])
        .collect();
    let program = Program::new(&table, root);
    let enclosure = quadrature::integral(&program, &points, usize::from(order), precision);
    let enclosure = enclosure.map_err(|error| Rejection::new(format!("the integral cannot be enclosed: {error:?}")))?;
    let inside = enclosure.inf_rational().is_some_and(|low| low >= lower.0)
        && enclosure.sup_rational().is_some_and(|high| high <= upper.0);
    require(inside, "the enclosure is wider than the bounds")?;
    let text = algebra.theory.statement_text(statement);
    Ok((
        true,
        text,
        Some(format!("the integral lies in {}", enclosure.display(15))),
    ))
}
