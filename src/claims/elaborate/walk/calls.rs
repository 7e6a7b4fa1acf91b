//! Calls: functions of the language and unknown functions.

use super::super::builder::{Builder, Scope, nearest};
use super::super::declare::is_scalar_function;
use super::{Meaning, span_of};
use crate::kernel::expr::Function;
use crate::kernel::free::data::Node;
use crate::kernel::free::shape::Dimension;
use crate::problem::formula::{Operation, Part, PartId, PartKind};
use crate::problem::{ClaimMistake, DiagnosticKind, Span};
use rug::Rational;

/// The functions of the language, besides those of scalars.
const FUNCTIONS: [&str; 11] = [
    "tr", "inner", "norm2", "eye", "zeros", "sum", "grad", "hess", "dot", "d", "sqrt",
];

impl Builder<'_> {
    /// A call; `None` only with a diagnostic.
    pub(super) fn call(&mut self, parts: &[Part], part: &Part, meanings: &[Meaning], scope: &Scope) -> Option<usize> {
        let PartKind::Call {
            name,
            name_span,
            primes,
            arguments,
        } = &part.kind
        else {
            return None;
        };
        let unknown = self.function(name);
        if *primes > 0 && unknown.is_none() {
            let known = FUNCTIONS.contains(&name.as_str()) || elementary(name).is_some();
            let mistake = if known {
                ClaimMistake::PrimesNotAllowed { name: name.clone() }.into()
            } else {
                DiagnosticKind::NotAFunction { name: name.clone() }
            };
            self.report(mistake, *name_span);
            return None;
        }
        if let Some(function) = unknown {
            let argument = self.one(parts, meanings, name, arguments, part.span);
            return self.applied(function, *primes, *name_span, argument?, part.span, parts, arguments);
        }
        let spans: Vec<Span> = arguments.iter().map(|id| span_of(parts, *id)).collect();
        match name.as_str() {
            "eye" => {
                let [size] = arguments.as_slice() else {
                    return self.wrong_arguments(name, "one size", part.span);
                };
                let size = self.size_argument(parts, *size, scope)?;
                self.insert(Node::Identity(size), part.span, &[])
            }
            "zeros" => {
                let [rows, columns] = arguments.as_slice() else {
                    return self.wrong_arguments(name, "two sizes", part.span);
                };
                let rows = self.size_argument(parts, *rows, scope);
                let columns = self.size_argument(parts, *columns, scope);
                self.insert(Node::Zero(rows?, columns?), part.span, &[])
            }
            "inner" => {
                let [left, right] = arguments.as_slice() else {
                    return self.wrong_arguments(name, "two arguments", part.span);
                };
                let a = self.node(parts, meanings, *left);
                let b = self.node(parts, meanings, *right);
                self.insert(Node::Inner(a?, b?), part.span, &spans)
            }
            "grad" | "hess" => self.derivative(parts, part, meanings, name, arguments),
            "d" => self.partial(parts, part, meanings, arguments),
            _ => {
                let argument = self.one(parts, meanings, name, arguments, part.span);
                let node = match (name.as_str(), elementary(name)) {
                    ("tr", _) => Node::Trace(argument?),
                    ("norm2", _) => {
                        let argument = argument?;
                        Node::Inner(argument, argument)
                    }
                    ("dot", _) => Node::Dot(argument?),
                    ("sqrt", _) => Node::Power(argument?, Rational::from((1, 2))),
                    (_, Some(function)) => Node::Apply(function, argument?),
                    _ => {
                        self.unknown_function(name, *name_span);
                        return None;
                    }
                };
                self.insert(node, part.span, &spans)
            }
        }
    }

    /// The only argument of a function; `None` only with a diagnostic.
    fn one(
        &mut self,
        parts: &[Part],
        meanings: &[Meaning],
        name: &str,
        arguments: &[PartId],
        span: Span,
    ) -> Option<usize> {
        match arguments {
            [argument] => self.node(parts, meanings, *argument),
            // A name that means nothing is complained about in another way.
            _ if self.function(name).is_none() && !FUNCTIONS.contains(&name) && elementary(name).is_none() => None,
            _ => self.wrong_arguments(name, "one argument", span),
        }
    }

    /// An unknown function, or one of its derivatives, at an argument.
    #[allow(
        clippy::too_many_arguments,
        reason = "the places of all parts are needed for the message"
    )]
    fn applied(
        &mut self,
        function: u16,
        primes: u8,
        name_span: Span,
        argument: usize,
        span: Span,
        parts: &[Part],
        arguments: &[PartId],
    ) -> Option<usize> {
        let data = self.data.functions.get(usize::from(function))?;
        if primes > 0 && !is_scalar_function(&data.rows, &data.columns) {
            let name = data.name.clone();
            let help = format!("write grad({name}, X) for the gradient");
            self.advise(ClaimMistake::PrimesNotAllowed { name }, name_span, help);
            return None;
        }
        let spans: Vec<Span> = arguments.iter().map(|id| span_of(parts, *id)).collect();
        self.insert(Node::Unknown(function, primes, argument), span, &spans)
    }

    /// `grad(f, X)` or `hess(f, X, A)`.
    fn derivative(
        &mut self,
        parts: &[Part],
        part: &Part,
        meanings: &[Meaning],
        name: &str,
        arguments: &[PartId],
    ) -> Option<usize> {
        let (function, rest) = match arguments.split_first() {
            Some((function, rest)) if rest.len() == if name == "grad" { 1 } else { 2 } => (*function, rest),
            _ if name == "grad" => return self.wrong_arguments(name, "an unknown function and a point", part.span),
            _ => {
                let expected = "an unknown function, a point and a direction";
                return self.wrong_arguments(name, expected, part.span);
            }
        };
        let Some(Meaning::Function(function)) = meanings.get(function).copied() else {
            if !matches!(meanings.get(function), Some(Meaning::Nothing)) {
                let of = name.to_owned();
                let span = span_of(parts, function);
                let help = "unknown functions are declared under functions".to_owned();
                self.advise(ClaimMistake::NotAnUnknownFunction { of }, span, help);
            }
            return None;
        };
        let nodes: Vec<Option<usize>> = rest.iter().map(|id| self.node(parts, meanings, *id)).collect();
        let spans: Vec<Span> = rest.iter().map(|id| span_of(parts, *id)).collect();
        let node = match nodes.as_slice() {
            [at] => Node::Gradient(function, (*at)?),
            [at, direction] => Node::Second(function, (*at)?, (*direction)?),
            _ => return None,
        };
        self.insert(node, part.span, &spans)
    }

    /// `d(g, x)`.
    fn partial(&mut self, parts: &[Part], part: &Part, meanings: &[Meaning], arguments: &[PartId]) -> Option<usize> {
        let [of, by] = arguments else {
            return self.wrong_arguments("d", "a scalar and a scalar symbol", part.span);
        };
        let node = self.node(parts, meanings, *of);
        let by_node = self.node(parts, meanings, *by)?;
        let Some(Node::Symbol(symbol)) = self.data.nodes.get(by_node).cloned() else {
            return self.wrong_arguments("d", "a scalar and a scalar symbol", span_of(parts, *by));
        };
        self.insert(Node::Partial(node?, symbol), part.span, &[span_of(parts, *of)])
    }

    /// An argument of `eye` or `zeros`.
    fn size_argument(&mut self, parts: &[Part], id: PartId, scope: &Scope) -> Option<Dimension> {
        let span = span_of(parts, id);
        let mut all = self.base.clone();
        all.extend(scope.iter().cloned());
        let (factor, named) = match &parts.get(id)?.kind {
            PartKind::Binary(Operation::Mul, left, right) => match &parts.get(*left)?.kind {
                PartKind::Number(factor) => (factor.clone(), Some(*right)),
                _ => (Rational::new(), None),
            },
            PartKind::Number(value) => (value.clone(), None),
            _ => (Rational::from(1), Some(id)),
        };
        let factor = if factor.is_integer() {
            factor.numer().to_u32()
        } else {
            None
        };
        let Some(factor) = factor.filter(|factor| *factor > 0) else {
            self.report(DiagnosticKind::ZeroSize, span);
            return None;
        };
        match named.and_then(|named| parts.get(named)).map(|part| &part.kind) {
            None => Some(Dimension::number(factor)),
            Some(PartKind::Name(name)) => self.dimension(factor, name, None, span, &all),
            Some(PartKind::Member { name, indices, .. }) if indices.len() == 1 => {
                let index = indices.first().and_then(|index| self.affine(index, &all))?;
                self.dimension(factor, name, Some(index), span, &all)
            }
            Some(_) => {
                let name = "an argument of eye or zeros".to_owned();
                let expected = "a size such as n, 2*k, d[i] or 3".to_owned();
                self.report(ClaimMistake::BadValue { name, expected }, span);
                None
            }
        }
    }

    /// Reports a call with the wrong arguments.
    fn wrong_arguments(&mut self, name: &str, expected: &'static str, span: Span) -> Option<usize> {
        let name = name.to_owned();
        self.report(ClaimMistake::WrongArguments { name, expected }, span);
        None
    }

    /// Reports a call of something that is no function, once.
    fn unknown_function(&mut self, name: &str, span: Span) {
        let file = self.file;
        if self.symbol(name).is_some() || self.definitions.contains_key(name) {
            self.report(DiagnosticKind::NotAFunction { name: name.to_owned() }, span);
            return;
        }
        // A function with a mistake in its declaration has been complained about.
        if file.functions.iter().any(|function| function.name.value == name) {
            return;
        }
        let declared = file.functions.iter().map(|function| function.name.value.as_str());
        let mut known: Vec<&str> = declared.collect();
        FUNCTIONS.iter().for_each(|function| known.push(function));
        Function::ALL.iter().for_each(|function| known.push(function.name()));
        let suggestion = match name {
            "trace" | "Tr" => Some("tr".to_owned()),
            "transpose" => Some("A'".to_owned()),
            "gradient" | "nabla" => Some("grad".to_owned()),
            "hessian" => Some("hess".to_owned()),
            "ddt" => Some("dot".to_owned()),
            _ => nearest(name, known.into_iter()),
        };
        let name = name.to_owned();
        let key = format!("function {name}");
        self.once(&key, DiagnosticKind::UnknownFunction { name, suggestion }, span);
    }
}

/// The function of a scalar with this name.
fn elementary(name: &str) -> Option<Function> {
    Function::ALL.into_iter().find(|function| function.name() == name)
}
