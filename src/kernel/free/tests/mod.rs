//! Attacks on the free algebra, and laws of its parts.

mod attacks;
mod bounded;
mod laws;

use super::super::certificate::Exact;
use super::super::check::TheoryCourt;
use super::super::theorem::{Rejection, Theorem};
use super::data::{
    Argument, Condition, FunctionData, IndexData, Motion, Node, Relation, Rule, Sizes, Statement, SymbolData,
    TheoryClaim, TheoryData, Value,
};
use super::index::Index;
use super::shape::Dimension;
use rug::Rational;

/// A theory that is put together node by node.
#[derive(Default)]
pub(super) struct Draft(pub TheoryData);

impl Draft {
    /// A theory with one size `n`.
    pub fn new() -> Self {
        let mut draft = Draft::default();
        draft.0.sizes.push("n".to_owned());
        draft
    }

    pub fn symbol(&mut self, name: &str, rows: Dimension, columns: Dimension) -> usize {
        let place = self.0.symbols.len();
        self.0.symbols.push(SymbolData {
            name: name.to_owned(),
            family: None,
            rows,
            columns,
            symmetric: false,
            constant: false,
        });
        self.node(Node::Symbol(u16::try_from(place).unwrap()))
    }

    pub fn scalar(&mut self, name: &str) -> usize {
        self.symbol(name, one(), one())
    }

    pub fn square(&mut self, name: &str) -> usize {
        self.symbol(name, named(), named())
    }

    pub fn index(&mut self, name: &str, from: i32, to: Option<i32>) -> u16 {
        self.0.indices.push(IndexData {
            name: name.to_owned(),
            from: Index::literal(from),
            to: to.map(Index::literal),
        });
        u16::try_from(self.0.indices.len() - 1).unwrap()
    }

    /// A family of scalars.
    pub fn family(&mut self, name: &str, index: u16) -> u16 {
        self.scalar(name);
        self.0.nodes.pop();
        self.0.symbols.last_mut().unwrap().family = Some(index);
        u16::try_from(self.0.symbols.len() - 1).unwrap()
    }

    pub fn function(&mut self, name: &str) -> u16 {
        self.0.functions.push(FunctionData {
            name: name.to_owned(),
            rows: one(),
            columns: one(),
        });
        u16::try_from(self.0.functions.len() - 1).unwrap()
    }

    pub fn node(&mut self, node: Node) -> usize {
        self.0.nodes.push(node);
        self.0.nodes.len() - 1
    }

    pub fn number(&mut self, value: i32) -> usize {
        self.node(Node::Number(Rational::from(value)))
    }

    pub fn power(&mut self, base: usize, exponent: (i32, i32)) -> usize {
        self.node(Node::Power(base, Rational::from(exponent)))
    }

    pub fn assume(&mut self, of: usize, relation: Relation) {
        self.0.conditions.push(Condition { of, relation });
    }

    pub fn rule(&mut self, left: usize, right: usize) {
        self.0.rules.push(Rule { left, right });
    }

    pub fn moves(&mut self, symbol: u16, derivative: usize) {
        self.0.motions.push(Motion { symbol, derivative });
    }

    pub fn judge(&self, statement: Statement, argument: Argument) -> Result<Theorem, Rejection> {
        let id = "T".to_owned();
        TheoryCourt::open(&self.0)?.judge(&TheoryClaim {
            id,
            statement,
            argument,
        })
    }

    pub fn computes(&self, statement: Statement) -> Result<Theorem, Rejection> {
        self.judge(statement, Argument::Compute {})
    }

    pub fn equal(&self, left: usize, right: usize) -> Result<Theorem, Rejection> {
        self.computes(Statement::Equal(vec![left, right]))
    }

    pub fn by_entries(&self, left: usize, right: usize) -> Result<Theorem, Rejection> {
        let sizes = self.sizes();
        self.judge(Statement::Equal(vec![left, right]), Argument::Entries(sizes))
    }

    /// All sizes 2, no index with a number.
    pub fn sizes(&self) -> Sizes {
        Sizes {
            sizes: vec![vec![2]; self.0.sizes.len()],
            indices: vec![None; self.0.indices.len()],
        }
    }

    /// With numbers for scalars.
    pub fn refute(
        &self,
        statement: Statement,
        sizes: Sizes,
        values: &[(u16, Option<i32>, i32)],
    ) -> Result<Theorem, Rejection> {
        let value = |(symbol, index, value): &(u16, Option<i32>, i32)| Value {
            symbol: *symbol,
            index: *index,
            rows: vec![vec![Exact(Rational::from(*value))]],
        };
        let values = values.iter().map(value).collect();
        let functions = Vec::new();
        self.judge(
            statement,
            Argument::Counterexample {
                sizes,
                values,
                functions,
            },
        )
    }
}

pub(super) fn one() -> Dimension {
    Dimension::number(1)
}

pub(super) fn named() -> Dimension {
    Dimension::named(0, None)
}

/// The reason of a rejection.
#[track_caller]
pub(super) fn refused(outcome: Result<Theorem, Rejection>) -> String {
    outcome
        .map(|theorem| theorem.statement().to_owned())
        .unwrap_err()
        .to_string()
}
