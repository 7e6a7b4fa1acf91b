//! From a formula of matrices to an expression in the entries of W.

use super::arithmetic;
use super::entrywise::{TWO, spread, summed};
use crate::kernel::expr::{Function, Id, Node, Table, exponent_is_tame};
use crate::kernel::limits;
use crate::kernel::network::Matrix;
use crate::problem::formula::{Affine, Formula, Operation, Part, PartId, PartKind};
use crate::problem::matrix_cost::Constant;
use crate::problem::{Diagnostic, DiagnosticKind, Span};
use crate::syntax::{DIAGNOSTICS, advice, quoted};
use rug::Rational;
use std::collections::{BTreeMap, BTreeSet};

/// The largest power of a matrix.
const POWER: u32 = 16;

/// What a part stands for: a matrix, numbers being 1 x 1; `None` for a part with a mistake in it that was reported.
pub(super) type Value = Option<Matrix>;

/// Gives formulas their meaning.
pub(in crate::syntax) struct Elaborator<'a> {
    /// The table that is filled.
    pub(in crate::syntax) table: Table,
    /// The matrices of variables by their names.
    pub(super) variables: BTreeMap<String, Matrix>,
    /// Whether an entry of a row or a column may be written with one index.
    vectors: bool,
    /// Whether the part at hand stands inside a `sum`.
    pub(super) entrywise: bool,
    constants: BTreeMap<&'a str, &'a Constant>,
    /// Names that are declared, whether or not their values could be read.
    declared: &'a [String],
    diagnostics: Vec<Diagnostic>,
    unknown: BTreeSet<String>,
}

impl<'a> Elaborator<'a> {
    /// An elaborator for costs of a `rows` x `columns` matrix W.
    pub(in crate::syntax) fn new(
        [rows, columns]: [usize; 2],
        constants: &'a [(String, Constant)],
        declared: &'a [String],
    ) -> Self {
        let mut elaborator = Elaborator::of_matrices(&[("W".to_owned(), [rows, columns])], constants, declared);
        elaborator.vectors = false;
        elaborator
    }

    /// An elaborator for expressions in matrices of the given shapes, whose entries are numbered row by row and in
    /// the order of the matrices.
    pub(in crate::syntax) fn of_matrices(
        shapes: &[(String, [usize; 2])],
        constants: &'a [(String, Constant)],
        declared: &'a [String],
    ) -> Self {
        let mut table = Table::new();
        let mut variables = BTreeMap::new();
        let mut first = 0;
        for (name, [rows, columns]) in shapes {
            if let Some(matrix) = Matrix::letters(&mut table, first, *rows, *columns) {
                first += matrix.entries().len();
                variables.insert(name.clone(), matrix);
            }
        }
        Elaborator {
            table,
            variables,
            vectors: true,
            entrywise: false,
            constants: constants
                .iter()
                .map(|(name, constant)| (name.as_str(), constant))
                .collect(),
            declared,
            diagnostics: Vec::new(),
            unknown: BTreeSet::new(),
        }
    }

    /// The table and what was wrong.
    pub(in crate::syntax) fn finish(self) -> (Table, Vec<Diagnostic>) {
        (self.table, self.diagnostics)
    }

    /// The cost, which must be a number that depends on W; `None` only with a diagnostic.
    pub(in crate::syntax) fn cost(&mut self, formula: &Formula) -> Option<Id> {
        let root = self.number(formula, "the cost")?;
        let needed = self.table.reachable(root);
        let is_variable = |id: &Id| matches!(self.table.node(*id), Some(Node::Variable(_)));
        if !needed.iter().any(is_variable) {
            let diagnostic = Diagnostic::at(DiagnosticKind::NoMatrixVariable, formula.span, "");
            self.report(diagnostic.with_help("the matrix is called W"));
            return None;
        }
        let (table, roots) = self.table.extract(&[root]);
        self.table = table;
        roots.first().copied()
    }

    /// The value of a formula that must be a number; `None` only with a diagnostic.
    pub(in crate::syntax) fn number(&mut self, formula: &Formula, what: &str) -> Option<Id> {
        let value = self.formula(formula)?;
        let root = arithmetic::as_scalar(&value);
        if root.is_none() {
            self.wrong_shape(what, "a number", &value, formula.span);
        }
        root
    }

    /// The value of the whole formula.
    fn formula(&mut self, formula: &Formula) -> Value {
        let mut values: Vec<Value> = Vec::with_capacity(formula.parts.len());
        let summed = summed(formula);
        for (place, part) in formula.parts.iter().enumerate() {
            self.entrywise = summed.contains(&place);
            let value = if self.table.nodes().len() > limits::NODES {
                self.too_large(part.span)
            } else {
                self.part(formula, part, &values)
            };
            values.push(value);
        }
        values.pop().flatten()
    }

    /// The value of one part whose children have values.
    fn part(&mut self, formula: &Formula, part: &Part, values: &[Value]) -> Value {
        let of = |id: &PartId| values.get(*id).cloned().flatten();
        let span_of = |id: &PartId| formula.parts.get(*id).map_or(part.span, |part| part.span);
        match &part.kind {
            PartKind::Number(value) => Some(arithmetic::scalar(self.table.number(value.clone()))),
            PartKind::Name(name) => self.name(name, part.span),
            PartKind::Member {
                name,
                name_span,
                indices,
            } => self.entry(name, *name_span, indices, part.span),
            PartKind::Product { .. } => self.foreign("products over an index", part.span),
            PartKind::Sum { .. } => self.foreign("sums over an index", part.span),
            PartKind::Transpose(a) => Some(of(a)?.transposed()),
            PartKind::Neg(a) => Some(arithmetic::negative(&mut self.table, &of(a)?)),
            PartKind::Binary(operation, a, b) => {
                let (left, right) = (of(a)?, of(b)?);
                self.operation(*operation, &left, &right, part.span, span_of(b))
            }
            PartKind::Power(a, exponent) => {
                let euler =
                    matches!(formula.parts.get(*a).map(|part| &part.kind), Some(PartKind::Name(name)) if name == "e");
                let (base, exponent_value) = (of(a), self.formula(exponent));
                self.power(
                    &base?,
                    &exponent_value?,
                    euler && !self.is_constant("e"),
                    part.span,
                    exponent.span,
                )
            }
            PartKind::Call {
                name,
                name_span,
                primes,
                arguments,
            } => {
                let given: Vec<Value> = arguments.iter().map(of).collect();
                let known = self.require_function(name, *primes, *name_span);
                if !known {
                    return None;
                }
                if let (Some(function), [left, right]) = (TWO.into_iter().find(|known| known == name), given.as_slice())
                {
                    return self.call_of_two(function, left.as_ref()?, right.as_ref()?, part.span);
                }
                let ([argument], false) = (given.as_slice(), TWO.contains(&name.as_str())) else {
                    let kind = DiagnosticKind::WrongArguments {
                        name: name.clone(),
                        found: given.len(),
                    };
                    return self.mistake(Diagnostic::at(kind, part.span, ""));
                };
                self.call(name, argument.as_ref()?, part.span)
            }
        }
    }

    fn is_constant(&self, name: &str) -> bool {
        self.declared.iter().any(|declared| declared == name)
    }

    /// The matrix, a constant, or a number with a name.
    fn name(&mut self, name: &str, span: Span) -> Value {
        if let Some(constant) = self.constants.get(name).copied() {
            return arithmetic::constant(&mut self.table, constant);
        }
        if self.is_constant(name) {
            // Its value was refused where it is declared.
            return None;
        }
        if let Some(variable) = self.variables.get(name) {
            return Some(variable.clone());
        }
        match name {
            "pi" => Some(arithmetic::scalar(self.table.insert(Node::Pi))),
            "e" => {
                let one = self.table.number(1);
                Some(arithmetic::scalar(self.table.insert(Node::Apply(Function::Exp, one))))
            }
            _ => self.unknown_name(name, span),
        }
    }

    /// An entry of a named matrix.
    fn entry(&mut self, name: &str, name_span: Span, indices: &[Affine], span: Span) -> Value {
        let matrix = self.name(name, name_span)?;
        let one = Affine::literal(1, span);
        let is_line = self.vectors && (matrix.rows() == 1 || matrix.columns() == 1);
        let (row, column) = match indices {
            [row, column] => (row, column),
            [place] if is_line && matrix.columns() == 1 => (place, &one),
            [place] if is_line => (&one, place),
            _ => return self.not_an_entry(span),
        };
        let (Some(i), Some(j)) = (row.value(), column.value()) else {
            return self.foreign("indices with names", row.span.to(column.span));
        };
        let place = |index: i32| usize::try_from(index).ok()?.checked_sub(1);
        let found = place(i).zip(place(j)).and_then(|(i, j)| matrix.entry(i, j));
        match found {
            Some(id) => Some(arithmetic::scalar(id)),
            None => {
                let kind = DiagnosticKind::NoSuchEntry {
                    entry: match indices {
                        [_] if matrix.columns() == 1 => format!("[{i}]"),
                        [_] => format!("[{j}]"),
                        _ => format!("[{i},{j}]"),
                    },
                    shape: arithmetic::shape(&matrix),
                };
                self.mistake(Diagnostic::at(kind, span, "").with_help("rows and columns are counted from 1"))
            }
        }
    }

    /// Reports an index that is not that of an entry.
    fn not_an_entry(&mut self, span: Span) -> Value {
        let diagnostic = Diagnostic::at(DiagnosticKind::NotInCosts { what: "families" }, span, "");
        self.mistake(diagnostic.with_help("an entry has a row and a column: W[1,2]"))
    }

    /// One of the four operations.
    fn operation(
        &mut self,
        operation: Operation,
        left: &Matrix,
        right: &Matrix,
        span: Span,
        right_span: Span,
    ) -> Value {
        let (left, right) = match operation {
            // Inside a sum over the entries a number is added to each of them.
            Operation::Add | Operation::Sub if self.entrywise => (&spread(left, right), &spread(right, left)),
            _ => (left, right),
        };
        let (sign, value) = match operation {
            Operation::Add => ("+", arithmetic::sum(&mut self.table, left, right)),
            Operation::Sub => ("-", arithmetic::difference(&mut self.table, left, right)),
            Operation::Mul => ("*", arithmetic::product(&mut self.table, left, right)),
            Operation::Div => match arithmetic::as_scalar(right) {
                None => {
                    self.wrong_shape("a divisor", "a number", right, right_span);
                    return None;
                }
                Some(divisor) if arithmetic::is_number(&self.table, divisor, 0) => {
                    return self.mistake(Diagnostic::at(DiagnosticKind::DivisionByZero, right_span, "this is 0"));
                }
                Some(divisor) => return arithmetic::quotient(&mut self.table, left, divisor),
            },
        };
        if value.is_none() {
            let kind = DiagnosticKind::ShapesDoNotFit {
                operation: sign,
                left: arithmetic::shape(left),
                right: arithmetic::shape(right),
            };
            let diagnostic = Diagnostic::at(kind, span, "");
            let helped = if left.columns() == right.columns() && operation == Operation::Mul {
                diagnostic.with_help("a transpose, written A', may be missing")
            } else {
                diagnostic
            };
            self.report(helped);
        }
        value
    }

    /// A power: rational of a number, whole of a square matrix.
    fn power(&mut self, base: &Matrix, exponent: &Matrix, euler: bool, span: Span, exponent_span: Span) -> Value {
        let Some(exponent) = arithmetic::as_scalar(exponent) else {
            self.wrong_shape("an exponent", "a number", exponent, exponent_span);
            return None;
        };
        if euler {
            return Some(arithmetic::scalar(
                self.table.insert(Node::Apply(Function::Exp, exponent)),
            ));
        }
        let Some(Node::Number(power)) = self.table.node(exponent) else {
            return self.mistake(Diagnostic::at(DiagnosticKind::ExponentNotRational, exponent_span, ""));
        };
        let power = power.clone();
        if !exponent_is_tame(&power) {
            let limit = limits::EXPONENT;
            return self.mistake(Diagnostic::at(
                DiagnosticKind::ExponentTooLarge { limit },
                exponent_span,
                "",
            ));
        }
        match arithmetic::as_scalar(base) {
            Some(base) if power < 0 && arithmetic::is_number(&self.table, base, 0) => self.mistake(Diagnostic::at(
                DiagnosticKind::DivisionByZero,
                span,
                "a negative power is a division",
            )),
            Some(base) => Some(arithmetic::scalar(arithmetic::power(&mut self.table, base, &power))),
            None => self.matrix_power(base, &power, span, exponent_span),
        }
    }

    /// A whole power of a square matrix.
    fn matrix_power(&mut self, base: &Matrix, power: &Rational, span: Span, exponent_span: Span) -> Value {
        self.require_square("the base of a power", base, span)?;
        let exponent = power.is_integer().then(|| power.numer().to_i32()).flatten();
        let Some(exponent) = exponent.filter(|exponent| *exponent != 0 && exponent.unsigned_abs() <= POWER) else {
            let limit = POWER;
            let diagnostic = Diagnostic::at(DiagnosticKind::ExponentTooLarge { limit }, exponent_span, "");
            return self.mistake(diagnostic.with_help("a matrix has whole powers other than 0"));
        };
        let base = if exponent < 0 {
            self.call("inv", base, span)?
        } else {
            base.clone()
        };
        let mut value = base.clone();
        for _ in 1..exponent.unsigned_abs() {
            value = arithmetic::product(&mut self.table, &value, &base)?;
        }
        Some(value)
    }

    /// Reports a name that means nothing, the first time it occurs.
    fn unknown_name(&mut self, name: &str, span: Span) -> Value {
        if self.unknown.insert(name.to_owned()) {
            let declared = self.declared.iter().map(String::as_str);
            let mut known: Vec<&str> = advice::matrix_names().filter(|known| *known != "W").collect();
            known.extend(declared.chain(self.variables.keys().map(String::as_str)));
            let suggestion = if name == "w" && self.variables.contains_key("W") {
                Some("W".to_owned())
            } else {
                advice::nearest(name, known.into_iter())
            };
            let help = match name {
                _ if suggestion.is_some() => None,
                "I" => Some("write the identity out under [constants]: I = [[1, 0], [0, 1]]"),
                _ => Some("names are declared under [constants]"),
            };
            let kind = DiagnosticKind::UnknownName {
                name: quoted(name),
                suggestion,
            };
            let diagnostic = Diagnostic::at(kind, span, "");
            self.report(match help {
                Some(help) => diagnostic.with_help(help),
                None => diagnostic,
            });
        }
        None
    }

    /// Demands that a name is one of a function.
    fn require_function(&mut self, name: &str, primes: u8, span: Span) -> bool {
        let mut known = advice::function_names().chain(advice::MATRIX_FUNCTIONS);
        let diagnostic = if self.is_constant(name) || self.variables.contains_key(name) || ["pi", "e"].contains(&name) {
            let kind = DiagnosticKind::NotAFunction { name: quoted(name) };
            Diagnostic::at(kind, span, "").with_help(format!("write {}*(...) for a product", quoted(name)))
        } else if primes > 0 {
            Diagnostic::at(DiagnosticKind::NotInCosts { what: "derivatives" }, span, "")
        } else if known.any(|known| known == name) {
            return true;
        } else {
            let known = advice::function_names().chain(advice::MATRIX_FUNCTIONS);
            let recipe = advice::function_help(name);
            let suggestion = match (recipe, name.to_lowercase().as_str()) {
                (Some(_), _) => None,
                (None, "trace") => Some("tr".to_owned()),
                (None, "norm" | "frobenius") => Some("norm2".to_owned()),
                (None, "inverse") => Some("inv".to_owned()),
                (None, "determinant") => Some("det".to_owned()),
                _ => advice::nearest(name, known),
            };
            let kind = DiagnosticKind::UnknownFunction {
                name: quoted(name),
                suggestion,
            };
            let diagnostic = Diagnostic::at(kind, span, "");
            match recipe {
                Some(recipe) => diagnostic.with_help(recipe),
                None => diagnostic,
            }
        };
        self.report(diagnostic);
        false
    }

    /// Demands a square matrix.
    pub(super) fn require_square(&mut self, what: &str, value: &Matrix, span: Span) -> Option<()> {
        if value.rows() == value.columns() {
            return Some(());
        }
        self.wrong_shape(what, "a square matrix", value, span);
        None
    }

    /// Reports a matrix of a shape that something does not take.
    pub(super) fn wrong_shape(&mut self, what: &str, expected: &str, found: &Matrix, span: Span) {
        let kind = DiagnosticKind::WrongShape {
            what: what.to_owned(),
            expected: expected.to_owned(),
            found: format!("a {} matrix", arithmetic::shape(found)),
        };
        self.report(Diagnostic::at(kind, span, ""));
    }

    /// Reports that writing everything out takes too many operations.
    pub(super) fn too_large(&mut self, span: Span) -> Value {
        if self.unknown.insert(String::new()) {
            let limit = limits::NODES;
            let kind = DiagnosticKind::TooLong {
                limit,
                unit: "operations, written out in the entries",
            };
            self.report(Diagnostic::at(kind, span, ""));
        }
        None
    }

    /// Reports something that only claim files have.
    fn foreign(&mut self, what: &'static str, span: Span) -> Value {
        self.mistake(Diagnostic::at(DiagnosticKind::NotInCosts { what }, span, ""))
    }

    fn mistake(&mut self, diagnostic: Diagnostic) -> Value {
        self.report(diagnostic);
        None
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        if self.diagnostics.len() < DIAGNOSTICS {
            self.diagnostics.push(diagnostic);
        }
    }
}
