//! One claim of a theory: what is computed, and what is then known.

use super::super::polynomial::{End, Polynomial};
use super::super::theorem::{Rejection, Settled, Within, require};
use super::super::{certificate::Exact, linear};
use super::algebra::Algebra;
use super::bounds;
use super::data::{Argument, FunctionValue, Sizes, Statement, TheoryClaim, Value};
use super::element::Element;
use super::entries::Entries;
use super::evaluate::{SHAPES, misfit};
use super::numbers::{Numbers, contradicts, shown};
use super::points::{hessian, jacobian};
use super::scalar::Scalar;
use super::theory::check_statement;
use super::univariate;
use rug::Rational;
use std::collections::BTreeMap;

/// How a statement was settled: whether it holds, what to add to its text, what shows it.
type Outcome = (bool, String, Option<String>);

/// Settles a claim.
///
/// Errors: a rejection with the address of the demand that failed.
pub fn settle(algebra: &mut Algebra<'_>, claim: &TheoryClaim) -> Result<Settled, Rejection> {
    check_statement(algebra, &claim.statement).within(|| "statement")?;
    let (holds, statement, witness) = match &claim.argument {
        Argument::Counterexample {
            sizes,
            values,
            functions,
        } => refute(algebra, &claim.statement, sizes, values, functions),
        Argument::Entries(sizes) => by_entries(algebra, &claim.statement, sizes),
        Argument::Fails {} => fails(algebra, &claim.statement),
        Argument::Roots(roots) => {
            algebra.take_roots(roots).within(|| "argument")?;
            let outcome = compute(algebra, &claim.statement, None);
            algebra.take_roots(&[])?;
            outcome
        }
        Argument::Written(node) => compute(algebra, &claim.statement, Some(*node)),
        Argument::Compute {} => compute(algebra, &claim.statement, None),
        Argument::Pieces { cuts, order, precision } => {
            super::integrals::settle(algebra, &claim.statement, cuts, *order, *precision)
        }
    }
    .within(|| "statement")?;
    Ok(Settled {
        holds,
        statement,
        witness,
    })
}

/// Shows a statement by computing normal forms, degrees, signs, ranks or roots.
fn compute(algebra: &mut Algebra<'_>, statement: &Statement, written: Option<usize>) -> Result<Outcome, Rejection> {
    let theory = algebra.theory;
    let text = theory.statement_text(statement);
    let has_sign = matches!(statement, Statement::Sign { .. });
    require(written.is_none() || has_sign, "only signs are shown by another form")?;
    match statement {
        Statement::Equal(sides) => {
            require(sides.len() >= 2, "an equation needs two sides")?;
            let first = evaluate_first(algebra, sides)?;
            for side in sides {
                let other = algebra.evaluate(*side)?;
                require(
                    is_equal(algebra, &first, &other)?,
                    "the two sides have different normal forms",
                )?;
            }
            Ok((true, text, None))
        }
        Statement::Degree { of, letters, at_most } => {
            let element = algebra.evaluate(*of)?;
            let degree = algebra.degree(&element, letters, false)?;
            require(degree <= *at_most, "the degree is larger")?;
            Ok((true, text, Some(format!("degree {degree}"))))
        }
        Statement::Shape { of, rows, columns } => {
            let element = algebra.evaluate(*of)?;
            let same = element.rows == *rows && element.columns == *columns;
            require(same || element.literal_zero, "the shape is another one")?;
            Ok((true, text, None))
        }
        Statement::Defined { of } => {
            algebra.evaluate(*of)?;
            Ok((true, text, None))
        }
        Statement::Sign { of, relation } => {
            let element = algebra.evaluate(*of)?;
            require(element.is_scalar(), "a scalar is needed here")?;
            let mut signs = algebra.sign_of_node(*of)?;
            if let Some(written) = written {
                let other = algebra.evaluate(written)?;
                let this = algebra.evaluate(*of)?;
                require(
                    is_equal(algebra, &this, &other)?,
                    "the expression it is written as is another one",
                )?;
                signs = algebra.sign_of_node(written)?;
            }
            let by_roots = |scalar: Scalar| algebra.has_sign_by_roots(&scalar, *relation);
            let known = signs.show(*relation) || element.as_scalar().map_or(Ok(false), by_roots)?;
            require(known, "the sign is not plain")?;
            let form = written.map(|written| format!("written as {}", theory.text(written)));
            Ok((true, text, form))
        }
        Statement::JacobianRank { map, by, at, rank } => {
            let found = linear::rank(&jacobian(algebra, map, by, at)?);
            require(found == *rank, "the rank is another one")?;
            Ok((true, text, None))
        }
        Statement::HessianInertia { of, by, at, inertia } => {
            let found = linear::inertia(&hessian(algebra, *of, by, at)?);
            require(found == Some(*inertia), "the inertia is another one")?;
            Ok((true, text, None))
        }
        Statement::Roots {
            of,
            by,
            left,
            right,
            enclosed,
        } => {
            algebra.check_interval(*by, left, right)?;
            let polynomial = polynomial(algebra, *of, *by)?;
            check_roots(&polynomial, left, right, enclosed)?;
            Ok((true, text, None))
        }
        Statement::Radius {
            product,
            imbalances,
            bound,
        } => {
            let imbalances: Vec<Rational> = imbalances.iter().map(|c| c.0.clone()).collect();
            bounds::check_radius(&product.0, &imbalances, &bound.0)?;
            Ok((true, text, None))
        }
        Statement::Integral { .. } => Err(Rejection::new("an integral is bounded piece by piece")),
    }
}

/// Shows that a statement fails by computing: no shape, another shape, a larger degree, another rank.
fn fails(algebra: &mut Algebra<'_>, statement: &Statement) -> Result<Outcome, Rejection> {
    let text = algebra.theory.statement_text(statement);
    let failed = |witness: String| Ok((false, format!("not: {text}"), Some(witness)));
    match statement {
        Statement::Shape { .. } if !algebra.theory.indices.is_empty() || !algebra.theory.rules.is_empty() => {
            let why = "sizes that look different may be equal where there are indices or equations";
            Err(Rejection::new(why))
        }
        Statement::Shape { .. } if algebra.restricts_sizes() => {
            Err(Rejection::new("the assumptions restrict the sizes"))
        }
        Statement::Shape { of, rows, columns } => match algebra.evaluate(*of) {
            Ok(element) => {
                let same = element.rows == *rows && element.columns == *columns;
                require(!same && !element.literal_zero, "the shape is right")?;
                failed(format!("its shape is {}", algebra.shape_text(&element)))
            }
            Err(rejection) => match rejection.why.strip_prefix(SHAPES) {
                Some(why) => failed(why.to_owned()),
                None => Err(rejection),
            },
        },
        Statement::Degree { of, letters, at_most } => {
            require(
                algebra.theory.rules.is_empty(),
                "with assumptions another form may have a smaller degree",
            )?;
            let element = algebra.evaluate(*of)?;
            let degree = algebra.degree(&element, letters, true)?;
            require(degree > *at_most, "the degree is not larger")?;
            failed(format!("its degree is {degree}"))
        }
        Statement::JacobianRank { map, by, at, rank } => {
            let found = linear::rank(&jacobian(algebra, map, by, at)?);
            require(found != *rank, "the rank is right")?;
            failed(format!("the rank is {found}"))
        }
        Statement::HessianInertia { of, by, at, inertia } => {
            let found = linear::inertia(&hessian(algebra, *of, by, at)?);
            let found = found.ok_or_else(|| Rejection::new("the Hessian is not symmetric"))?;
            require(found != *inertia, "the inertia is right")?;
            failed(format!("the inertia is {found:?}"))
        }
        _ => Err(Rejection::new("this kind of statement is refuted by numbers")),
    }
}

/// Shows an equation entry by entry at given sizes.
fn by_entries(algebra: &mut Algebra<'_>, statement: &Statement, sizes: &Sizes) -> Result<Outcome, Rejection> {
    let theory = algebra.theory;
    let Statement::Equal(sides) = statement else {
        return Err(Rejection::new("only equations are shown entry by entry"));
    };
    algebra.check_domains(sides)?;
    let mut entries = Entries::new(theory, sizes)?;
    entries.solve_assumptions()?;
    let environment = BTreeMap::new();
    for pair in sides.windows(2) {
        let [left, right] = pair else { continue };
        let left = entries.evaluate(*left, &environment)?;
        let right = entries.evaluate(*right, &environment)?;
        require(entries.equal(&left, &right)?, "the two sides differ in an entry")?;
    }
    require(sides.len() >= 2, "an equation needs two sides")?;
    let text = theory.statement_text(statement);
    Ok((true, format!("at {}: {text}", theory.sizes_text(sizes)), None))
}

/// Shows that a statement fails for some numbers.
fn refute(
    algebra: &Algebra<'_>,
    statement: &Statement,
    sizes: &Sizes,
    values: &[Value],
    functions: &[FunctionValue],
) -> Result<Outcome, Rejection> {
    let theory = algebra.theory;
    let mut numbers = Numbers::new(theory, &algebra.scope, sizes, values, functions).within(|| "argument")?;
    let about = match statement {
        Statement::Equal(sides) => sides.clone(),
        Statement::Sign { of, .. } | Statement::Defined { of } => vec![*of],
        _ => Vec::new(),
    };
    let at = numbers.text(sizes, &about);
    let seen = match statement {
        Statement::Equal(sides) => {
            let mut found = Err(Rejection::new("an equation needs two sides"));
            for pair in sides.windows(2) {
                let [left, right] = pair else { continue };
                found = numbers.difference(*left, *right).map(|(row, column, a, b)| {
                    let entry = format!(" in entry ({}, {})", row.saturating_add(1), column.saturating_add(1));
                    let (left, right) = (theory.text_with_name(*left), theory.text_with_name(*right));
                    let entry = if row == 0 && column == 0 { String::new() } else { entry };
                    format!("{left} is {a} and {right} is {b}{entry}")
                });
                if found.is_ok() {
                    break;
                }
            }
            found?
        }
        Statement::Sign { of, relation } => {
            let value = numbers.scalar(*of)?;
            require(
                contradicts(&value, *relation),
                "the sign is not contradicted for these numbers",
            )?;
            format!("{} is {}", theory.text_with_name(*of), shown(&value))
        }
        Statement::Defined { of } => numbers.undefined(*of)?,
        _ => return Err(Rejection::new("this kind of statement is not refuted by numbers")),
    };
    if let Statement::Equal(sides) = statement {
        let undefined = sides.iter().any(|side| numbers.undefined(*side).is_ok());
        require(!undefined, "a side is undefined for these numbers")?;
    }
    if let Statement::Sign { of, .. } = statement {
        require(
            numbers.undefined(*of).is_err(),
            "the expression is undefined for these numbers",
        )?;
    }
    let text = theory.statement_text(statement);
    let at = if at.is_empty() {
        String::new()
    } else {
        format!("at {at}: ")
    };
    Ok((false, format!("not: {text}"), Some(format!("{at}{seen}"))))
}

/// The first side that is not the number 0 as written, so that its shape counts.
fn evaluate_first(algebra: &mut Algebra<'_>, sides: &[usize]) -> Result<Element, Rejection> {
    let mut first = None;
    for side in sides {
        let element = algebra.evaluate(*side)?;
        if !element.literal_zero {
            return Ok(element);
        }
        first = Some(element);
    }
    first.ok_or_else(|| Rejection::new("an equation needs two sides"))
}

/// Whether two elements of one shape are equal: by normal form, or coefficient by coefficient by the zero test.
fn is_equal(algebra: &mut Algebra<'_>, left: &Element, right: &Element) -> Result<bool, Rejection> {
    if !left.same_shape(right) && !left.literal_zero && !right.literal_zero {
        let (left, right) = (algebra.shape_text(left), algebra.shape_text(right));
        return Err(misfit(&format!("a {left} matrix cannot equal a {right} matrix")));
    }
    let mut difference = left.clone();
    difference.add(&Rational::from(-1), right);
    for coefficient in difference.terms.values() {
        if !algebra.scalars.is_zero(coefficient)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn scalar(algebra: &mut Algebra<'_>, node: usize) -> Result<Scalar, Rejection> {
    let element = algebra.evaluate(node)?;
    element
        .as_scalar()
        .ok_or_else(|| Rejection::new("a scalar is needed here"))
}

/// A node as a polynomial in a scalar symbol.
fn polynomial(algebra: &mut Algebra<'_>, node: usize, by: u16) -> Result<Polynomial, Rejection> {
    let scalar = scalar(algebra, node)?;
    univariate::polynomial(&scalar, algebra.scalar_symbol(by)?)
}

fn check_roots(polynomial: &Polynomial, left: &End, right: &End, enclosed: &[[Exact; 2]]) -> Result<(), Rejection> {
    let all = polynomial.count_roots(left, right);
    let all = all.ok_or_else(|| Rejection::new("the roots cannot be counted"))?;
    require(all == enclosed.len(), "the number of roots is another one")?;
    let mut before = left.clone();
    for [low, high] in enclosed {
        let (from, to) = (End::At(low.0.clone()), End::At(high.0.clone()));
        require(
            before <= from && from <= to && to <= *right,
            "the enclosures are not in order",
        )?;
        let at_low = polynomial.evaluate(&low.0) == 0;
        let at_high = polynomial.evaluate(&high.0) == 0;
        let count = if from == to {
            usize::from(at_low)
        } else {
            let between = polynomial
                .count_roots(&from, &to)
                .ok_or_else(|| Rejection::new("the roots cannot be counted"))?;
            between
                .saturating_add(usize::from(at_low))
                .saturating_add(usize::from(at_high))
        };
        require(
            count == 1 && from > *left && to < *right,
            "an enclosure without exactly one root",
        )?;
        // Strictly after, so that no root is counted twice.
        require(before != from || before == *left, "two enclosures touch")?;
        before = to;
    }
    Ok(())
}
