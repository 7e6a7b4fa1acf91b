//! Costs that are undefined somewhere on their domain, or not shown to be defined.

use super::super::Finding;
use super::super::theorems;
use super::search::Search;
use super::{RefereedMatrix, facts};
use crate::kernel::evaluate::{Program, Undefined};
use crate::kernel::expr::{Function, Node};
use crate::kernel::number::Number;
use crate::kernel::theorem::Hypothesis;
use crate::problem::{Diagnostic, DiagnosticKind, MatrixCost};
use crate::verdict::{Reason, Verdict};
use rug::Rational;

/// A diagnostic with a point where the cost has no value, or a report in which everything is open.
pub(super) fn report(cost: &MatrixCost, search: &Search, why: &str) -> Result<RefereedMatrix, Box<Diagnostic>> {
    if let Some((function, point)) = undefined_at(search) {
        let kind = DiagnosticKind::UndefinedOnDomain {
            function: function.into(),
            point: format!("W = {}", search.text(&point)),
        };
        let text = format!("undefined at W = {}", search.text(&point));
        let diagnostic = Diagnostic::at(kind, cost.cost_span, text);
        return Err(Box::new(diagnostic.with_help(
            "state the open set on which the cost lives, such as domain = \"det(W) > 0\"",
        )));
    }
    let reason = Reason::Inconclusive {
        what: format!("the cost is not shown to be defined on its domain: {why}"),
    };
    let open = |hypothesis| Finding {
        hypothesis,
        verdict: Verdict::Undecided {
            reason: reason.clone(),
            tried: Vec::new(),
        },
        seconds: 0.0,
    };
    let printed = crate::kernel::print::print_named(&search.table, search.root, &|place| search.name(place));
    Ok(RefereedMatrix {
        reading: format!("f(W) = {printed} where {}", cost.domain),
        findings: Hypothesis::EIGHT.into_iter().map(open).collect(),
        theorems: theorems::applicable_to_matrices(&facts(search, &[])),
        certificate: search.certificate(),
        notes: Vec::new(),
        is_defined: false,
    })
}

/// A rational point of the domain where the cost has no value, and the function that has none.
fn undefined_at(search: &Search) -> Option<(&'static str, Vec<Rational>)> {
    let program = Program::new(&search.table, search.root);
    let candidates = probes(search).into_iter().filter(|point| search.is_inside(point));
    for point in candidates {
        let at: Vec<Number> = point.iter().cloned().map(Number::Exact).collect();
        if let Err(Undefined::Domain { node, .. }) = program.value(&at, search.budget.precision)
            && is_certain(&program, node, &at, search.budget.precision)
        {
            let function = match program.nodes().get(node)? {
                Node::Div(..) => "a quotient",
                Node::Apply(Function::Log, _) => "log",
                Node::Power(..) => "a power",
                _ => "a function",
            };
            return Some((function, point));
        }
    }
    None
}

/// Whether a node is undefined for certain: its argument is known exactly, or clearly on the wrong side of 0.
fn is_certain(program: &Program, node: usize, at: &[Number], precision: u32) -> bool {
    let values = program.values(at, precision);
    let argument = program.nodes().get(node).and_then(|node| node.children().last());
    match argument.and_then(|child| values.get(child.index())?.as_ref()) {
        Some(Number::Exact(_)) => true,
        Some(value) => value.is_negative(),
        None => false,
    }
}

/// Simple points, where simple mistakes show.
fn probes(search: &Search) -> Vec<Vec<Rational>> {
    let size = search.size();
    let zero = vec![Rational::new(); size];
    let mut points = vec![zero.clone()];
    for value in [(1, 1), (-1, 1), (2, 1), (-2, 1), (1, 2), (-1, 2), (10, 1), (-10, 1)] {
        let value = Rational::from(value);
        points.push(
            search
                .diagonal()
                .into_iter()
                .map(|own| if own { value.clone() } else { Rational::new() })
                .collect(),
        );
        points.push(vec![value.clone(); size]);
        for place in 0..size {
            let mut point = zero.clone();
            point[place] = value.clone();
            points.push(point);
        }
    }
    points
}
