//! One claim of a theory: what is computed, and what is then known.

use super::super::number::Number;
use super::super::polynomial::{End, Polynomial};
use super::super::theorem::{Rejection, Settled, Within, require};
use super::super::{certificate::Exact, linear};
use super::algebra::Algebra;
use super::bounds;
use super::data::{Argument, FunctionValue, Letters, Sizes, Statement, TheoryClaim, TheoryData, Value};
use super::derive::Flow;
use super::element::{Element, FreeAtom};
use super::entries::Entries;
use super::evaluate::{SHAPES, misfit};
use super::numbers::{Numbers, contradicts, shown};
use super::print::relation_text;
use super::scalar::{Atom, Scalar};
use super::shape::Dimension;
use super::univariate;
use super::word::{Head, Letter};
use rug::Rational;
use std::collections::BTreeMap;

/// How a statement was settled: whether it holds, what to add to its text, what shows it.
type Outcome = (bool, String, Option<String>);

/// Settles a claim.
///
/// Errors: a rejection with the address of the demand that failed.
pub fn settle(algebra: &mut Algebra<'_>, claim: &TheoryClaim) -> Result<Settled, Rejection> {
    let (holds, statement, witness) = match &claim.argument {
        Argument::Counterexample {
            sizes,
            values,
            functions,
        } => refute(algebra.theory, &claim.statement, sizes, values, functions),
        Argument::Entries(sizes) => by_entries(algebra.theory, &claim.statement, sizes),
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
    match statement {
        Statement::Equal(sides) => {
            require(sides.len() >= 2 && written.is_none(), "an equation needs two sides")?;
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
            let degree = algebra.degree(&element, letters)?;
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
            let degree = algebra.degree(&element, letters)?;
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
fn by_entries(theory: &TheoryData, statement: &Statement, sizes: &Sizes) -> Result<Outcome, Rejection> {
    let Statement::Equal(sides) = statement else {
        return Err(Rejection::new("only equations are shown entry by entry"));
    };
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
    theory: &TheoryData,
    statement: &Statement,
    sizes: &Sizes,
    values: &[Value],
    functions: &[FunctionValue],
) -> Result<Outcome, Rejection> {
    let mut numbers = Numbers::new(theory, sizes, values, functions).within(|| "argument")?;
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

/// The matrix of partial derivatives at a rational point.
fn jacobian(
    algebra: &mut Algebra<'_>,
    map: &[usize],
    by: &[u16],
    at: &[Exact],
) -> Result<Vec<Vec<Rational>>, Rejection> {
    let mut rows = Vec::with_capacity(map.len());
    for node in map {
        let element = algebra.evaluate(*node)?;
        let mut row = Vec::with_capacity(by.len());
        for symbol in by {
            let slope = algebra.derivative(&element, Flow::Symbol(*symbol))?;
            row.push(algebra.exact_value(&slope, by, at)?);
        }
        rows.push(row);
    }
    Ok(rows)
}

/// The matrix of second partial derivatives at a rational point.
fn hessian(algebra: &mut Algebra<'_>, of: usize, by: &[u16], at: &[Exact]) -> Result<Vec<Vec<Rational>>, Rejection> {
    let element = algebra.evaluate(of)?;
    require(element.is_scalar(), "only scalars have a Hessian")?;
    let mut rows = Vec::with_capacity(by.len());
    for first in by {
        let slope = algebra.derivative(&element, Flow::Symbol(*first))?;
        let mut row = Vec::with_capacity(by.len());
        for second in by {
            let curvature = algebra.derivative(&slope, Flow::Symbol(*second))?;
            row.push(algebra.exact_value(&curvature, by, at)?);
        }
        rows.push(row);
    }
    Ok(rows)
}

impl Algebra<'_> {
    /// The atom of a scalar symbol.
    pub(super) fn scalar_symbol(&mut self, symbol: u16) -> Result<u16, Rejection> {
        let data = self.alphabet.symbol(symbol)?;
        let scalar = data.rows.is_one() && data.columns.is_one() && data.family.is_none();
        require(scalar, "a scalar symbol is needed here")?;
        let letter = Letter {
            head: Head::Symbol(symbol),
            transposed: false,
        };
        let atom = self.scalars.plain(FreeAtom::Trace(vec![letter]))?;
        let atom = atom.atoms().first().copied();
        atom.ok_or_else(|| Rejection::new("a scalar symbol is needed here"))
    }

    /// The exact value of a scalar at a rational point.
    fn exact_value(&mut self, element: &Element, by: &[u16], at: &[Exact]) -> Result<Rational, Rejection> {
        require(by.len() == at.len(), "a symbol without a value")?;
        let scalar = element
            .as_scalar()
            .ok_or_else(|| Rejection::new("a scalar is needed here"))?;
        let mut point = BTreeMap::new();
        for (symbol, value) in by.iter().zip(at) {
            point.insert(self.scalar_symbol(*symbol)?, value.0.clone());
        }
        let id = self.scalars.build(&scalar)?;
        let program = super::super::evaluate::Program::new(self.scalars.table(), id);
        let length = point
            .keys()
            .last()
            .map_or(0, |last| usize::from(*last).saturating_add(1));
        let mut variables = vec![Number::integer(0); length];
        for atom in self.scalars.depends_on(&scalar) {
            let value = point
                .get(&atom)
                .ok_or_else(|| Rejection::new("a symbol without a value"))?;
            if let Some(place) = variables.get_mut(usize::from(atom)) {
                *place = Number::Exact(value.clone());
            }
        }
        let value = program.value(&variables, 64);
        match value.map_err(|_| Rejection::new("the expression may be undefined at the point"))? {
            Number::Exact(value) => Ok(value),
            Number::Enclosed { .. } => Err(Rejection::new("the value at the point is not rational")),
        }
    }

    /// The largest total degree of a term in some letters.
    fn degree(&self, element: &Element, letters: &[Letters]) -> Result<u32, Rejection> {
        let mut degree = 0u32;
        for (key, coefficient) in &element.terms {
            let of_word = degree_of_word(&key.word, letters)?;
            for (monomial, _) in coefficient.terms() {
                let mut total = of_word;
                for (atom, exponent) in monomial.powers() {
                    let one = match self.scalars.get(*atom) {
                        Some(Atom::Plain(FreeAtom::Trace(word))) => degree_of_word(word, letters)?,
                        Some(Atom::Plain(FreeAtom::Size(_))) => 0,
                        _ => return Err(Rejection::new("only polynomials have a degree")),
                    };
                    require(*exponent > 0 || one == 0, "only polynomials have a degree")?;
                    total = total.saturating_add(one.saturating_mul(exponent.unsigned_abs()));
                }
                degree = degree.max(total);
            }
        }
        Ok(degree)
    }
}

/// How many letters of a word count.
fn degree_of_word(word: &[Letter], letters: &[Letters]) -> Result<u32, Rejection> {
    let mut degree = 0u32;
    for letter in word {
        let counts = match &letter.head {
            Head::Symbol(symbol) => letters.iter().any(|counted| counted.symbol == *symbol),
            Head::Range(symbol, high, low) => {
                let mut own = letters.iter().filter(|counted| counted.symbol == *symbol).peekable();
                require(
                    own.peek().is_none() || high == low,
                    "a product of symbolic length has no known degree",
                )?;
                own.any(|counted| counted.index.as_ref().is_none_or(|index| index == high))
            }
            Head::Gradient(..) | Head::Second(..) => return Err(Rejection::new("only polynomials have a degree")),
        };
        degree = degree.saturating_add(u32::from(counts));
    }
    Ok(degree)
}

impl TheoryData {
    /// The text of a statement.
    pub fn statement_text(&self, statement: &Statement) -> String {
        let point = |by: &[u16], at: &[Exact]| {
            let name = |symbol: &u16| {
                self.symbols
                    .get(usize::from(*symbol))
                    .map_or("?", |data| data.name.as_str())
            };
            let parts = by
                .iter()
                .zip(at)
                .map(|(symbol, value)| format!("{} = {}", name(symbol), value.0));
            parts.collect::<Vec<_>>().join(", ")
        };
        let symbol = |symbol: &u16| {
            self.symbols
                .get(usize::from(*symbol))
                .map_or("?", |data| data.name.as_str())
        };
        match statement {
            Statement::Equal(sides) => {
                let sides: Vec<String> = sides.iter().map(|side| self.text_with_name(*side)).collect();
                sides.join(" = ")
            }
            Statement::Degree { of, letters, at_most } => {
                let letters: Vec<String> = letters.iter().map(|counted| self.letters_text(counted)).collect();
                let of = self.text_with_name(*of);
                format!("the degree of {of} in {} is at most {at_most}", letters.join(", "))
            }
            Statement::Shape { of, rows, columns } => {
                let shape = self.shape_of(rows, columns);
                format!("{} is a {shape} matrix", self.text_with_name(*of))
            }
            Statement::Defined { of } => format!("{} is defined", self.text_with_name(*of)),
            Statement::Sign { of, relation } => format!("{} {}", self.text_with_name(*of), relation_text(*relation)),
            Statement::JacobianRank { map, by, at, rank } => {
                let map: Vec<String> = map.iter().map(|node| self.text_with_name(*node)).collect();
                let names: Vec<&str> = by.iter().map(symbol).collect();
                let (map, names, at) = (map.join(", "), names.join(", "), point(by, at));
                format!("the Jacobian of ({map}) by {names} has rank {rank} at {at}")
            }
            Statement::HessianInertia { of, by, at, inertia } => {
                let names: Vec<&str> = by.iter().map(symbol).collect();
                let (of, names, at) = (self.text_with_name(*of), names.join(", "), point(by, at));
                let [positive, negative, zero] = inertia;
                format!(
                    "the Hessian of {of} by {names} has {positive} positive, {negative} negative and {zero} zero \
                     eigenvalues at {at}"
                )
            }
            Statement::Roots {
                of,
                by,
                left,
                right,
                enclosed,
            } => {
                let boxes: Vec<String> = enclosed
                    .iter()
                    .map(|[low, high]| format!("[{}, {}]", low.0, high.0))
                    .collect();
                let (of, by) = (self.text_with_name(*of), symbol(by));
                let count = boxes.len();
                let boxes = if boxes.is_empty() {
                    String::new()
                } else {
                    format!(", one in each of {}", boxes.join(", "))
                };
                format!("{of} has exactly {count} roots {by} in ({left}, {right}){boxes}")
            }
            Statement::Integral {
                of,
                by,
                from,
                to,
                lower,
                upper,
            } => {
                let (of, by) = (self.text_with_name(*of), symbol(by));
                format!(
                    "{} <= Integral({of}, {by} = {}..{}) <= {}",
                    lower.0, from.0, to.0, upper.0
                )
            }
            Statement::Radius {
                product,
                imbalances,
                bound,
            } => {
                let parts: Vec<String> = imbalances.iter().map(|c| c.0.to_string()).collect();
                let layers = imbalances.len().saturating_add(1);
                format!(
                    "{layers} layers whose product has spectral norm at most {} and whose imbalances have spectral \
                     norms at most {}: |W_i|_2^2 <= {} for every layer",
                    product.0,
                    parts.join(", "),
                    bound.0
                )
            }
        }
    }

    fn letters_text(&self, letters: &Letters) -> String {
        let name = self
            .symbols
            .get(usize::from(letters.symbol))
            .map_or("?", |data| data.name.as_str());
        match &letters.index {
            Some(index) => format!("{name}[{}]", self.index_text(index)),
            None => name.to_owned(),
        }
    }

    fn shape_of(&self, rows: &Dimension, columns: &Dimension) -> String {
        format!("{} x {}", self.dimension_text(rows), self.dimension_text(columns))
    }

    /// The sizes and indices in one line.
    pub fn sizes_text(&self, sizes: &Sizes) -> String {
        let mut parts = Vec::new();
        for (name, numbers) in self.sizes.iter().zip(&sizes.sizes) {
            match numbers.as_slice() {
                [one] => parts.push(format!("{name} = {one}")),
                many => parts.push(format!("{name} = {many:?}")),
            }
        }
        for (index, value) in self.indices.iter().zip(&sizes.indices) {
            parts.extend(value.map(|value| format!("{} = {value}", index.name)));
        }
        parts.join(", ")
    }
}
