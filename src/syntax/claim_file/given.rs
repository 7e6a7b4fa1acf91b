//! Values for sizes, symbols and unknown functions: instances and witnesses.

use super::super::cost_file::Entry;
use super::super::formula::parse_formula;
use super::super::quoted;
use super::{Reader, Value};
use crate::problem::claim_file::{Assigned, ClaimFile, Claimed, Given, Placed};
use crate::problem::formula::{Formula, Operation, PartId, PartKind};
use crate::problem::{ClaimMistake, Diagnostic, Source, Span};
use rug::Rational;
use toml::de::{DeTable, DeValue};

/// The largest degree of a polynomial that stands for an unknown function.
const DEGREE: usize = 100;

impl<'text> Reader<'text> {
    /// The values in each of the tables under a key, which may also be a single one.
    pub(super) fn several_assigned(&mut self, table: &DeTable<'text>, key: &str) -> Vec<Vec<Assigned>> {
        let Some(DeValue::Array(items)) = table.get(key).map(|value| value.get_ref()) else {
            let values = self.assigned(table, key);
            return if values.is_empty() { Vec::new() } else { vec![values] };
        };
        let mut several = Vec::new();
        for item in items {
            match item.get_ref() {
                DeValue::Table(inner) => {
                    let entries = inner
                        .iter()
                        .map(|(name, value)| (name.get_ref().as_ref(), name.span().into(), value));
                    several.push(self.values_of(entries.collect()));
                }
                _ => self.wrong_type(key, "a table, or a list of tables", item),
            }
        }
        several
    }

    /// The values in the table under a key, in the order of the file.
    pub(super) fn assigned(&mut self, table: &DeTable<'text>, key: &str) -> Vec<Assigned> {
        let entries = self.entries(table, key);
        self.values_of(entries)
    }

    fn values_of(&mut self, entries: Vec<Entry<'_, 'text>>) -> Vec<Assigned> {
        let mut values = Vec::new();
        for (name, span, value) in entries {
            let target = self.target(name, span);
            let given = self.given(name, value);
            if let (Some((name, member)), Some(given)) = (target, given) {
                let value = Placed {
                    value: given,
                    span: value.span().into(),
                };
                values.push(Assigned { name, member, value });
            }
        }
        values
    }

    /// A key that is a name or a member with a literal index.
    fn target(&mut self, key: &str, span: Span) -> Option<(Placed<String>, Option<i32>)> {
        let (formula, _) = self.parsed(key, span, parse_formula)?;
        let named = |value: &str| Placed {
            value: value.to_owned(),
            span,
        };
        let found = match formula.parts.as_slice() {
            [part] => match &part.kind {
                PartKind::Name(name) => Some((named(name), None)),
                PartKind::Member { name, indices, .. } => match indices.as_slice() {
                    [index] => index.value().map(|index| (named(name), Some(index))),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        };
        if found.is_none() {
            let name = quoted(key);
            let expected = "a name, or a member with a literal index such as \"W[1]\"".to_owned();
            self.mistake(ClaimMistake::BadValue { name, expected }, span);
        }
        found
    }

    /// A value of any kind.
    fn given(&mut self, key: &str, value: &Value<'text>) -> Option<Given> {
        match value.get_ref() {
            DeValue::Array(items) if items.iter().any(|item| matches!(item.get_ref(), DeValue::Array(_))) => {
                self.rows(key, value).map(Given::Rows)
            }
            DeValue::Array(_) => self.numbers(key, value).map(Given::List),
            DeValue::Table(table) => self.quadratic(key, table, value.span().into()),
            DeValue::String(text) => {
                let formula = self.formula(key, value)?;
                if let Some(number) = formula.as_number() {
                    return Some(Given::Number(number.clone()));
                }
                let coefficients = coefficients(&formula);
                if coefficients.is_none() {
                    let name = quoted(key);
                    let expected = format!("a number or a polynomial in x, not `{}`", quoted(text));
                    self.mistake(ClaimMistake::BadValue { name, expected }, value.span().into());
                }
                coefficients.map(Given::Polynomial)
            }
            _ => self.number(key, value).map(Given::Number),
        }
    }

    /// The rows of a matrix, all of the same length.
    fn rows(&mut self, key: &str, value: &Value<'text>) -> Option<Vec<Vec<Rational>>> {
        let items = self.list(key, value)?;
        let rows: Vec<_> = items.iter().map(|row| self.numbers(key, row)).collect();
        let rows: Vec<Vec<Rational>> = rows.into_iter().collect::<Option<_>>()?;
        let width = rows.first().map_or(0, Vec::len);
        if width == 0 || rows.iter().any(|row| row.len() != width) {
            let name = quoted(key);
            let expected = "a list of rows of the same length".to_owned();
            self.mistake(ClaimMistake::BadValue { name, expected }, value.span().into());
            return None;
        }
        Some(rows)
    }

    /// A quadratic function of a matrix.
    fn quadratic(&mut self, key: &str, table: &DeTable<'text>, span: Span) -> Option<Given> {
        self.check_keys(table, "a function of a matrix", &["linear", "square"]);
        let Some(linear) = table.get("linear") else {
            let name = quoted(key);
            let expected = "a table with the rows of `linear` and a number `square`".to_owned();
            self.mistake(ClaimMistake::BadValue { name, expected }, span);
            return None;
        };
        let linear = self.rows("linear", linear);
        let square = match table.get("square") {
            Some(value) => self.number("square", value),
            None => Some(Rational::new()),
        };
        Some(Given::Quadratic {
            linear: linear?,
            square: square?,
        })
    }
}

/// The coefficients of a polynomial in `x`, the constant first; `None` if the formula is no such polynomial.
fn coefficients(formula: &Formula) -> Option<Vec<Rational>> {
    let mut values: Vec<Vec<Rational>> = Vec::new();
    for part in &formula.parts {
        let of = |id: &PartId| values.get(*id).cloned();
        let value = match &part.kind {
            PartKind::Number(value) => vec![value.clone()],
            PartKind::Name(name) if name == "x" => vec![Rational::new(), Rational::from(1)],
            PartKind::Neg(inner) => scaled(of(inner)?, &Rational::from(-1)),
            PartKind::Binary(Operation::Add, left, right) => sum(of(left)?, of(right)?),
            PartKind::Binary(Operation::Sub, left, right) => sum(of(left)?, scaled(of(right)?, &Rational::from(-1))),
            PartKind::Binary(Operation::Mul, left, right) => product(&of(left)?, &of(right)?)?,
            PartKind::Binary(Operation::Div, left, right) => match of(right)?.as_slice() {
                [divisor] if *divisor != 0 => scaled(of(left)?, &Rational::from(divisor.recip_ref())),
                _ => return None,
            },
            PartKind::Power(base, exponent) => {
                let exponent = exponent.as_number().filter(|value| value.is_integer())?;
                let exponent = exponent.numer().to_usize().filter(|value| *value <= DEGREE)?;
                let base = of(base)?;
                (0..exponent).try_fold(vec![Rational::from(1)], |power, _| product(&power, &base))?
            }
            _ => return None,
        };
        values.push(value);
    }
    values.pop()
}

/// The sum of two polynomials.
fn sum(mut left: Vec<Rational>, right: Vec<Rational>) -> Vec<Rational> {
    let length = left.len().max(right.len());
    left.resize_with(length, Rational::new);
    for (a, b) in left.iter_mut().zip(right) {
        *a += b;
    }
    left
}

/// A multiple of a polynomial.
fn scaled(mut polynomial: Vec<Rational>, factor: &Rational) -> Vec<Rational> {
    polynomial.iter_mut().for_each(|value| *value *= factor);
    polynomial
}

/// The product of two polynomials; `None` if its degree is too large.
fn product(left: &[Rational], right: &[Rational]) -> Option<Vec<Rational>> {
    let length = (left.len() + right.len()).saturating_sub(1);
    if length > DEGREE + 1 {
        return None;
    }
    let mut product = vec![Rational::new(); length];
    for (at, a) in left.iter().enumerate() {
        for (entry, b) in product.iter_mut().skip(at).zip(right) {
            *entry += Rational::from(a * b);
        }
    }
    Some(product)
}

/// Adds sizes, written such as `N=4,n=3,k=5`, to every equation of a claim file that is claimed to hold.
///
/// Errors: if the sizes are not written like that. Panics: never.
pub fn add_instance(mut file: ClaimFile, sizes: &str) -> Result<ClaimFile, (Source, Vec<Diagnostic>)> {
    let mut given = Vec::new();
    for part in sizes.split(',') {
        let pair = part
            .split_once('=')
            .map(|(name, value)| (name.trim(), value.trim().parse::<u16>()));
        let Some((name, Ok(value))) = pair else {
            let source = Source {
                name: "command line".to_owned(),
                text: sizes.to_owned(),
            };
            let name = "--instance".to_owned();
            let expected = "sizes such as N=4,n=3,k=5".to_owned();
            let mistake = ClaimMistake::BadValue { name, expected };
            return Err((
                source,
                vec![Diagnostic::at(mistake.into(), (0..sizes.len()).into(), "")],
            ));
        };
        given.push((name.to_owned(), value));
    }
    for claim in &mut file.claims {
        if claim.refuted || !matches!(claim.statement, Claimed::Equal(_)) {
            continue;
        }
        let span = claim.span;
        let assigned = given.iter().map(|(name, value)| Assigned {
            name: Placed {
                value: name.clone(),
                span,
            },
            member: None,
            value: Placed {
                value: Given::Number(Rational::from(*value)),
                span,
            },
        });
        claim.instances.push(assigned.collect());
    }
    Ok(file)
}
