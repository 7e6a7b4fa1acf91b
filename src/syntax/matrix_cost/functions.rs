//! What the functions of matrices are in the entries.

use super::arithmetic;
use super::elaborate::{Elaborator, Value};
use crate::kernel::expr::{Function, Id, Node};
use crate::kernel::network::Matrix;
use crate::problem::Span;
use rug::Rational;
use std::collections::BTreeMap;

/// The largest size of a determinant: it is written out with all its minors.
pub(super) const DETERMINANT: usize = 8;

impl Elaborator<'_> {
    /// A function of one argument; `name` is a known one.
    pub(super) fn call(&mut self, name: &str, argument: &Matrix, span: Span) -> Value {
        match name {
            "transpose" => return Some(argument.transposed()),
            "norm2" => {
                let squares = argument.entries().iter();
                let squares: Vec<Id> = squares
                    .map(|entry| arithmetic::power(&mut self.table, *entry, &Rational::from(2)))
                    .collect();
                return Some(arithmetic::scalar(arithmetic::total(&mut self.table, squares)));
            }
            "sum" => {
                let entries = argument.entries().to_vec();
                return Some(arithmetic::scalar(arithmetic::total(&mut self.table, entries)));
            }
            "tr" => {
                self.require_square("the argument of `tr`", argument, span)?;
                let diagonal = (0..argument.rows())
                    .filter_map(|place| argument.entry(place, place))
                    .collect();
                return Some(arithmetic::scalar(arithmetic::total(&mut self.table, diagonal)));
            }
            "det" | "logdet" | "inv" => {
                self.require_square(&format!("the argument of `{name}`"), argument, span)?;
                if argument.rows() > DETERMINANT {
                    return self.too_large(span);
                }
                return match name {
                    "inv" => self.inverse(argument),
                    _ => {
                        let determinant = self.determinant(argument)?;
                        let logarithm = Node::Apply(Function::Log, determinant);
                        let id = if name == "det" {
                            determinant
                        } else {
                            self.table.insert(logarithm)
                        };
                        Some(arithmetic::scalar(id))
                    }
                };
            }
            _ => {}
        }
        if self.entrywise && arithmetic::as_scalar(argument).is_none() {
            return Some(argument.mapped(|entry| self.function_of_number(name, entry)));
        }
        let Some(argument) = arithmetic::as_scalar(argument) else {
            self.wrong_shape(&format!("the argument of `{name}`"), "a number", argument, span);
            return None;
        };
        Some(arithmetic::scalar(self.function_of_number(name, argument)))
    }

    /// A function of a number; `name` is a known one.
    fn function_of_number(&mut self, name: &str, argument: Id) -> Id {
        let name = if name == "ln" { "log" } else { name };
        match Function::ALL.into_iter().find(|function| function.name() == name) {
            Some(function) => self.table.insert(Node::Apply(function, argument)),
            None => self.table.insert(Node::Power(argument, Rational::from((1, 2)))),
        }
    }

    /// A function of two matrices of the same shape.
    pub(super) fn call_of_two(&mut self, name: &str, left: &Matrix, right: &Matrix, span: Span) -> Value {
        if (left.rows(), left.columns()) != (right.rows(), right.columns()) {
            let what = format!("the second argument of `{name}`");
            self.wrong_shape(&what, &format!("a {} matrix", arithmetic::shape(left)), right, span);
            return None;
        }
        let pairs = left.entries().iter().zip(right.entries());
        let products: Vec<Id> = pairs
            .map(|(a, b)| arithmetic::product_entry(&mut self.table, *a, *b))
            .collect();
        if name == "dot" {
            return Some(arithmetic::scalar(arithmetic::total(&mut self.table, products)));
        }
        Matrix::new(left.rows(), left.columns(), products)
    }

    /// The determinant of a square matrix.
    fn determinant(&mut self, matrix: &Matrix) -> Option<Id> {
        let rows: Vec<usize> = (0..matrix.rows()).collect();
        self.minor(matrix, &rows, &rows)
    }

    /// The adjugate divided by the determinant.
    fn inverse(&mut self, matrix: &Matrix) -> Value {
        let size = matrix.rows();
        let determinant = self.determinant(matrix)?;
        let mut entries = Vec::with_capacity(size * size);
        for row in 0..size {
            for column in 0..size {
                let without = |left_out: usize| (0..size).filter(|place| *place != left_out).collect::<Vec<_>>();
                let minor = self.minor(matrix, &without(column), &without(row))?;
                let cofactor = if (row + column) % 2 == 0 {
                    minor
                } else {
                    arithmetic::negative_entry(&mut self.table, minor)
                };
                entries.push(cofactor);
            }
        }
        let adjugate = Matrix::new(size, size, entries)?;
        arithmetic::quotient(&mut self.table, &adjugate, determinant)
    }

    /// The determinant of the rows and columns chosen, each list increasing and both of the same length.
    ///
    /// Laplace's expansion, one row after the other from below, with every minor written once: its columns are the key.
    fn minor(&mut self, matrix: &Matrix, rows: &[usize], columns: &[usize]) -> Option<Id> {
        let one = self.table.number(1);
        let mut minors: BTreeMap<Vec<usize>, Id> = BTreeMap::from([(Vec::new(), one)]);
        for row in rows.iter().rev() {
            let mut larger: BTreeMap<Vec<usize>, Id> = BTreeMap::new();
            for chosen in subsets(columns, minors.keys().next()?.len() + 1) {
                let mut sum: Option<Id> = None;
                for (place, column) in chosen.iter().enumerate() {
                    let mut rest = chosen.clone();
                    rest.remove(place);
                    let entry = matrix.entry(*row, *column)?;
                    let term = arithmetic::product_entry(&mut self.table, entry, *minors.get(&rest)?);
                    sum = Some(match sum {
                        None => term,
                        Some(sum) if place % 2 == 0 => arithmetic::sum_entry(&mut self.table, sum, term),
                        Some(sum) => arithmetic::difference_entry(&mut self.table, sum, term),
                    });
                }
                larger.insert(chosen, sum?);
            }
            minors = larger;
        }
        minors.into_values().next()
    }
}

/// All increasing lists of `count` of the elements.
fn subsets(elements: &[usize], count: usize) -> Vec<Vec<usize>> {
    let mut lists: Vec<Vec<usize>> = vec![Vec::new()];
    for element in elements {
        let longer: Vec<Vec<usize>> = lists
            .iter()
            .filter(|list| list.len() < count)
            .map(|list| list.iter().chain([element]).copied().collect())
            .collect();
        lists.extend(longer);
    }
    lists.retain(|list| list.len() == count);
    lists
}
