//! Counterexamples: numbers for which the assumptions hold and a statement does not.

use super::super::certificate::Exact;
use super::super::evaluate::Program;
use super::super::expr::Function;
use super::super::number::Number;
use super::super::theorem::{Rejection, Within, require};
use super::data::{FunctionValue, Node, Relation, Sizes, TheoryData, Value};
use super::entries::{Entries, EntryAtom, Environment, Matrix};
use super::mentions::Mentions;
use super::scalar::{Atom, Scalar};
use super::scope::Scope;
use super::signs::Signs;
use rug::Rational;
use std::collections::{BTreeMap, BTreeSet};

/// The working precision in bits for functions that are not rational.
const PRECISION: u32 = 192;

/// A theory at given sizes with given numbers.
pub struct Numbers<'a> {
    theory: &'a TheoryData,
    entries: Entries<'a>,
    values: BTreeMap<(u16, Option<i32>), &'a Value>,
    functions: &'a [FunctionValue],
    known: BTreeMap<u16, Number>,
}

fn missing() -> Rejection {
    Rejection::new("a symbol or a function without a value")
}

impl<'a> Numbers<'a> {
    /// The theory at these numbers, after its assumptions have been checked for them.
    ///
    /// Errors: a rejection, also if an assumption does not hold for the numbers.
    pub fn new(
        theory: &'a TheoryData,
        scope: &Scope,
        sizes: &'a Sizes,
        values: &'a [Value],
        functions: &'a [FunctionValue],
    ) -> Result<Self, Rejection> {
        let mut entries = Entries::new(theory, sizes)?;
        entries.solve_what_can_be()?;
        let mut known = BTreeMap::new();
        for (place, value) in values.iter().enumerate() {
            let at = || format!("values[{place}]");
            let shape = entries.shape(value.symbol, value.index).within(at)?;
            require(
                has_shape(&value.rows, shape),
                "a value of another shape than its symbol",
            )
            .within(at)?;
            let symmetric = theory
                .symbols
                .get(usize::from(value.symbol))
                .is_some_and(|data| data.symmetric);
            let sound = !symmetric || is_symmetric(&value.rows);
            require(sound, "a symmetric symbol with another value").within(at)?;
            let new = known.insert((value.symbol, value.index), value).is_none();
            require(new, "a symbol with two values").within(at)?;
        }
        let all = functions.len() == theory.functions.len();
        require(all, "one function for every unknown one").within(|| "functions")?;
        let mut numbers = Numbers {
            theory,
            entries,
            values: known,
            functions,
            known: BTreeMap::new(),
        };
        numbers.check_assumptions(scope)?;
        Ok(numbers)
    }

    fn check_assumptions(&mut self, scope: &Scope) -> Result<(), Rejection> {
        for (place, rule) in self.theory.rules.iter().enumerate() {
            let at = || format!("rules[{place}]");
            let free = scope.of(rule.left).union(&scope.of(rule.right)).copied().collect();
            for environment in self.entries.environments(&free).within(at)? {
                let left = self.entries.evaluate(rule.left, &environment).within(at)?;
                let right = self.entries.evaluate(rule.right, &environment).within(at)?;
                let difference = self.entries.sum(&left, &right, -1).within(at)?;
                for entry in &difference.entries {
                    let value = self.number(entry).within(at)?;
                    require(value.is_zero(), "the numbers do not satisfy this assumption").within(at)?;
                }
            }
        }
        for (place, condition) in self.theory.conditions.iter().enumerate() {
            let at = || format!("conditions[{place}]");
            for environment in self.entries.environments(&scope.of(condition.of)).within(at)? {
                let value = self.scalar_in(condition.of, &environment).within(at)?;
                let holds = signs_of(&value).show(condition.relation);
                require(holds, "the numbers do not satisfy this assumption").within(at)?;
            }
        }
        Ok(())
    }

    /// The value of a scalar node.
    pub fn scalar(&mut self, node: usize) -> Result<Number, Rejection> {
        self.scalar_in(node, &Environment::new())
    }

    fn scalar_in(&mut self, node: usize, environment: &Environment) -> Result<Number, Rejection> {
        let matrix = self.entries.evaluate(node, environment)?;
        require(matrix.rows == 1 && matrix.columns == 1, "a scalar is needed here")?;
        self.number(&matrix.at(0, 0))
    }

    /// Two nodes that differ in some entry: the place of the entry and the two values.
    ///
    /// Errors: if they are not seen to differ.
    pub fn difference(&mut self, left: usize, right: usize) -> Result<(usize, usize, String, String), Rejection> {
        let left = self.entries.evaluate(left, &BTreeMap::new())?;
        let right = self.entries.evaluate(right, &BTreeMap::new())?;
        let difference = self.entries.sum(&left, &right, -1)?;
        for row in 0..difference.rows {
            for column in 0..difference.columns {
                if self.number(&difference.at(row, column))?.is_nonzero() {
                    let a = shown(&self.entry(&left, row, column)?);
                    let b = shown(&self.entry(&right, row, column)?);
                    return Ok((row, column, a, b));
                }
            }
        }
        Err(Rejection::new("the two sides are not seen to differ for these numbers"))
    }

    /// An entry, where the number 0 as written has all entries 0.
    fn entry(&mut self, matrix: &Matrix, row: usize, column: usize) -> Result<Number, Rejection> {
        self.number(&matrix.at(row, column))
    }

    /// Why a node has no value for these numbers: a divisor is 0, or a function is outside of its domain.
    ///
    /// Errors: if that is not certain.
    pub fn undefined(&mut self, root: usize) -> Result<String, Rejection> {
        let mut seen = BTreeSet::new();
        let mut pending = vec![root];
        while let Some(place) = pending.pop() {
            let Some(node) = self.theory.nodes.get(place).filter(|_| seen.insert(place)) else {
                continue;
            };
            let outside: fn(&Number) -> bool = match node {
                Node::Div(..) => Number::is_zero,
                Node::Power(_, exponent) if *exponent.denom() != 1 => Number::is_negative,
                Node::Power(_, exponent) if *exponent < 0 => Number::is_zero,
                Node::Apply(Function::Log, _) => Number::is_nonpositive,
                // What is summed has no value without a value of the index.
                Node::Sum(..) => continue,
                _ => {
                    pending.extend(node.children());
                    continue;
                }
            };
            pending.extend(node.children());
            if let Some(critical) = node.children().last()
                && let Ok(value) = self.scalar(*critical)
                && outside(&value)
            {
                let (whole, part) = (self.theory.text_with_name(place), self.theory.text_with_name(*critical));
                return Ok(format!("{whole} is undefined because {part} is {}", shown(&value)));
            }
        }
        Err(Rejection::new(
            "the expression is not seen to be undefined for these numbers",
        ))
    }

    /// The value of a scalar.
    fn number(&mut self, scalar: &Scalar) -> Result<Number, Rejection> {
        let mut sum = Number::integer(0);
        for (monomial, coefficient) in scalar.terms() {
            let mut product = Number::Exact(coefficient.clone());
            for (atom, exponent) in monomial.powers() {
                let value = self.atom(*atom)?;
                require(*exponent > 0 || !value.is_zero(), "division by zero")?;
                let power = value.power(&Rational::from(*exponent), PRECISION);
                let power = power.map_err(|_| Rejection::new("a power that may be undefined"))?;
                product = product.mul(&power, PRECISION);
            }
            sum = sum.add(&product, PRECISION);
        }
        Ok(sum)
    }

    fn atom(&mut self, atom: u16) -> Result<Number, Rejection> {
        if let Some(value) = self.known.get(&atom) {
            return Ok(value.clone());
        }
        let value = match self.entries.scalars.get(atom).cloned().ok_or_else(missing)? {
            Atom::Plain(EntryAtom::Entry(symbol, index, row, column)) => {
                if let Some(solved) = self.entries.solved(symbol, index, row, column) {
                    return self.number(&solved);
                }
                let value = self.values.get(&(symbol, index)).ok_or_else(missing)?;
                let entry = value.rows.get(row).and_then(|row| row.get(column));
                Number::Exact(entry.ok_or_else(missing)?.0.clone())
            }
            Atom::Plain(EntryAtom::Jet(function, at, by)) => self.jet(function, at, &by)?,
            Atom::Expression(id) => {
                let used = self.entries.scalars.depends_on(&Scalar::atom(atom));
                let length = used.last().map_or(0, |last| usize::from(*last).saturating_add(1));
                let mut variables = vec![Number::integer(0); length];
                for name in used {
                    let value = self.atom(name)?;
                    if let Some(place) = variables.get_mut(usize::from(name)) {
                        *place = value;
                    }
                }
                let program = Program::new(self.entries.scalars.table(), id);
                let value = program.value(&variables, PRECISION);
                value.map_err(|_| Rejection::new("a function that may be undefined"))?
            }
        };
        self.known.insert(atom, value.clone());
        Ok(value)
    }

    /// A partial derivative of the function that stands for an unknown one.
    fn jet(&mut self, function: u16, at: usize, by: &[(usize, usize)]) -> Result<Number, Rejection> {
        let argument = self.entries.arguments.get(at).cloned().ok_or_else(missing)?;
        match self.functions.get(usize::from(function)).ok_or_else(missing)? {
            FunctionValue::Polynomial(coefficients) => {
                let scalar = argument.rows == 1 && argument.columns == 1;
                require(scalar, "a polynomial cannot stand for a function of a matrix")?;
                let z = self.number(&argument.at(0, 0))?;
                let mut value = Number::integer(0);
                for (power, coefficient) in coefficients.iter().enumerate().skip(by.len()).rev() {
                    // The factor power * (power - 1) * ... of the derivative.
                    let falling = (0..by.len()).map(|step| power.saturating_sub(step));
                    let factor = falling.fold(coefficient.0.clone(), |factor, step| factor * Rational::from(step));
                    value = value.mul(&z, PRECISION).add(&Number::Exact(factor), PRECISION);
                }
                Ok(value)
            }
            FunctionValue::Quadratic { linear, square } => {
                let fits = has_shape(linear, (argument.rows, argument.columns));
                require(fits, "a linear part of another shape than the argument")?;
                let slope = |i: usize, j: usize| {
                    let entry = linear.get(i).and_then(|row| row.get(j));
                    Number::Exact(entry.map_or_else(Rational::new, |entry| entry.0.clone()))
                };
                let square = Number::Exact(square.0.clone());
                match by {
                    [] => self.quadratic(&argument, slope, &square),
                    [(i, j)] => {
                        let own = self.number(&argument.at(*i, *j))?;
                        Ok(slope(*i, *j).add(&square.mul(&own, PRECISION), PRECISION))
                    }
                    [first, second] if first == second => Ok(square),
                    _ => Ok(Number::integer(0)),
                }
            }
        }
    }

    fn quadratic(
        &mut self,
        argument: &Matrix,
        slope: impl Fn(usize, usize) -> Number,
        square: &Number,
    ) -> Result<Number, Rejection> {
        let half = Number::Exact(Rational::from((1, 2))).mul(square, PRECISION);
        let mut value = Number::integer(0);
        for row in 0..argument.rows {
            for column in 0..argument.columns {
                let x = self.number(&argument.at(row, column))?;
                let squared = half.mul(&x.mul(&x, PRECISION), PRECISION);
                value = value.add(&slope(row, column).mul(&x, PRECISION), PRECISION);
                value = value.add(&squared, PRECISION);
            }
        }
        Ok(value)
    }

    /// The sizes, and the values of what these expressions are about, in one line.
    pub fn text(&self, sizes: &Sizes, about: &[usize]) -> String {
        let mut parts = Vec::new();
        let mentions = Mentions::of(self.theory, about);
        for (name, numbers) in self.theory.sizes.iter().zip(&sizes.sizes) {
            match numbers.as_slice() {
                [one] => parts.push(format!("{name} = {one}")),
                many => parts.push(format!("{name} = {many:?}")),
            }
        }
        for (index, value) in self.theory.indices.iter().zip(&sizes.indices) {
            parts.extend(value.map(|value| format!("{} = {value}", index.name)));
        }
        // A symbol that the assumptions express by others has the value that follows, not the one that is given.
        let shown = |(symbol, index): &(u16, Option<i32>)| {
            mentions.symbols.contains(symbol) && self.entries.solved(*symbol, *index, 0, 0).is_none()
        };
        for ((symbol, index), value) in self.values.iter().filter(|(key, _)| shown(key)) {
            let name = self
                .theory
                .symbols
                .get(usize::from(*symbol))
                .map_or("?", |data| data.name.as_str());
            let index = index.map(|index| format!("[{index}]")).unwrap_or_default();
            parts.push(format!("{name}{index} = {}", matrix_text(value)));
        }
        let functions = (0u16..).zip(self.theory.functions.iter().zip(self.functions));
        for (_, (data, value)) in functions.filter(|(place, _)| mentions.functions.contains(place)) {
            parts.push(format!("{}{}", data.name, function_text(value)));
        }
        parts.join(", ")
    }
}

/// Whether there are as many rows and columns.
fn has_shape(rows: &[Vec<Exact>], (height, width): (usize, usize)) -> bool {
    rows.len() == height && rows.iter().all(|row| row.len() == width)
}

fn is_symmetric(rows: &[Vec<Exact>]) -> bool {
    let at = |i: usize, j: usize| rows.get(i).and_then(|row| row.get(j));
    (0..rows.len()).all(|i| (0..rows.len()).all(|j| at(i, j).is_some() && at(i, j) == at(j, i)))
}

/// A matrix as `[[1, 2], [3, 4]]`, a number as itself.
fn matrix_text(value: &Value) -> String {
    if let [row] = value.rows.as_slice()
        && let [entry] = row.as_slice()
    {
        return entry.0.to_string();
    }
    let row = |row: &Vec<Exact>| {
        let entries: Vec<String> = row.iter().map(|entry| entry.0.to_string()).collect();
        format!("[{}]", entries.join(", "))
    };
    let rows: Vec<String> = value.rows.iter().map(row).collect();
    format!("[{}]", rows.join(", "))
}

fn function_text(value: &FunctionValue) -> String {
    match value {
        FunctionValue::Polynomial(coefficients) => {
            let power = |power: usize| match power {
                0 => String::new(),
                1 => "x".to_owned(),
                power => format!("x^{power}"),
            };
            let terms = coefficients.iter().enumerate().rev();
            let terms = terms.map(|(place, coefficient)| (&coefficient.0, power(place)));
            format!("(x) = {}", sum_text(terms))
        }
        FunctionValue::Quadratic { linear, square } => {
            let value = Value {
                symbol: 0,
                index: None,
                rows: linear.clone(),
            };
            let half = Rational::from(&square.0 / 2);
            if let [row] = linear.as_slice()
                && let [slope] = row.as_slice()
            {
                let terms = [(&half, "X^2".to_owned()), (&slope.0, "X".to_owned())];
                return format!("(X) = {}", sum_text(terms.into_iter()));
            }
            let one = Rational::from(1);
            let linear = format!("tr({}' X)", matrix_text(&value));
            let terms = [(&half, "|X|^2".to_owned()), (&one, linear)];
            format!("(X) = {}", sum_text(terms.into_iter()))
        }
    }
}

/// A sum of multiples, such as `2*x^3 - x + 1`; the empty text stands for 1.
fn sum_text<'a>(terms: impl Iterator<Item = (&'a Rational, String)>) -> String {
    let mut text = String::new();
    for (coefficient, unit) in terms.filter(|(coefficient, _)| **coefficient != 0) {
        text.push_str(match (*coefficient < 0, text.is_empty()) {
            (true, true) => "-",
            (true, false) => " - ",
            (false, true) => "",
            (false, false) => " + ",
        });
        let size = Rational::from(coefficient.abs_ref());
        let term = match (size == 1, unit.is_empty()) {
            (_, true) => size.to_string(),
            (true, false) => unit,
            (false, false) => format!("{size}*{unit}"),
        };
        text.push_str(&term);
    }
    if text.is_empty() { "0".to_owned() } else { text }
}

/// A number for a reader: exact, or enclosed.
pub(super) fn shown(value: &Number) -> String {
    match value {
        Number::Exact(value) => value.to_string(),
        Number::Enclosed { range, .. } => range.display(12),
    }
}

/// What a number's sign is, as far as it is certain.
pub(super) fn signs_of(value: &Number) -> Signs {
    Signs {
        nonnegative: value.is_nonnegative(),
        nonpositive: value.is_nonpositive(),
        nonzero: value.is_nonzero(),
    }
}

/// The relation that contradicts another one.
pub(super) fn contradicts(value: &Number, relation: Relation) -> bool {
    match relation {
        Relation::Positive => value.is_nonpositive(),
        Relation::Negative => value.is_nonnegative(),
        Relation::Nonnegative => value.is_negative(),
        Relation::Nonpositive => value.is_positive(),
        Relation::Nonzero => value.is_zero(),
    }
}
