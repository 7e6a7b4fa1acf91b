//! Whether everything has a value at the start: a look at some of its points, so that mistakes are found before any work.
//!
//! This is advice for the author and no proof: the kernel looks at everything again.

use super::network::{Frame, Kind};
use super::start::Start;
use crate::kernel::evaluate::{Program, Undefined};
use crate::kernel::expr::{Id, Node, Table};
use crate::kernel::flow::data::Model;
use crate::kernel::interval::Interval;
use crate::kernel::number::Number;
use crate::problem::{Diagnostic, Domain, FlowMistake, Span};
use crate::syntax::quoted;
use rug::Rational;

/// The precision of the evaluations in bits.
const PRECISION: u32 = 128;
/// With so many coordinates that are not points, all corners of the box are looked at; otherwise two opposite ones.
const CORNERS: usize = 6;

/// What is to be evaluated.
pub(super) struct Stage<'a> {
    pub(super) table: &'a Table,
    pub(super) model: &'a Model,
    pub(super) frame: &'a Frame,
    pub(super) domain: &'a Domain,
    /// Where the vector field is written.
    pub(super) span: Span,
    /// Where the speeds of a vector field of the user's are written.
    pub(super) speed_spans: &'a [Span],
}

/// What has no value, and why.
struct Failure {
    mistake: FlowMistake,
    /// Where the expression is written.
    span: Span,
}

impl Stage<'_> {
    /// What is wrong with a start: each expression is complained about once.
    pub(super) fn complaints(&self, start: &Start, invariants: &[(String, Id, Span)]) -> Vec<Diagnostic> {
        let points = points(&start.intervals);
        let wide = points.len() > 1;
        let mut failures: Vec<Failure> = Vec::new();
        let box_of_numbers: Vec<Number> = start.intervals.iter().map(enclosed).collect();
        if let Err(failure) = self.product_range(&box_of_numbers) {
            failures.push(failure);
        } else if let Some(failure) = points.iter().find_map(|point| self.field(point, wide).err()) {
            failures.push(failure);
        }
        for (name, id, span) in invariants {
            let program = Program::new(self.table, *id);
            let what = format!("`{}`", quoted(name));
            let failure = |point: &Vec<Number>| undefined(&program, point, &what, wide).err();
            if let Some(mistake) = points.iter().find_map(failure) {
                failures.push(Failure { mistake, span: *span });
            }
        }
        let diagnostic = |failure: Failure| {
            let diagnostic = Diagnostic::at(failure.mistake.into(), start.span, "the start");
            diagnostic.with_label(failure.span, "the expression")
        };
        failures.into_iter().map(diagnostic).collect()
    }

    /// Evaluates the vector field, or what it is the gradient of, at a point.
    fn field(&self, point: &[Number], wide: bool) -> Result<(), Failure> {
        let failure = |mistake: FlowMistake| Failure {
            mistake,
            span: self.span,
        };
        match self.model {
            Model::Field { speeds } => {
                let written = self.frame.names().into_iter().zip(self.speed_spans);
                for (speed, (name, span)) in speeds.iter().zip(written) {
                    let program = Program::new(self.table, *speed);
                    let what = format!("the speed of `{name}`");
                    let span = *span;
                    undefined(&program, point, &what, wide).map_err(|mistake| Failure { mistake, span })?;
                }
                Ok(())
            }
            Model::Gradient { cost, .. } => self.cost(*cost, point, wide),
            Model::Linear { cost, .. } => self.cost(*cost, &self.product(point), wide),
            Model::Neuron { cost, activation } => {
                let program = Program::new(self.table, *activation);
                let sigma = undefined(&program, point, "the activation", wide).map_err(failure)?;
                let product = point.get(1).map(|weight| weight.mul(&sigma, PRECISION));
                self.cost(*cost, &product.into_iter().collect::<Vec<_>>(), wide)
            }
        }
    }

    /// Evaluates the cost, and checks its domain.
    fn cost(&self, cost: Id, product: &[Number], wide: bool) -> Result<(), Failure> {
        if let Some(value) = product.first() {
            self.in_domain(value)?;
        }
        let program = Program::new(self.table, cost);
        let outcome = undefined(&program, product, "the cost", wide);
        outcome.map(|_| ()).map_err(|mistake| Failure {
            mistake,
            span: self.span,
        })
    }

    /// Checks the domain for all starts at once, where the range of the product is known exactly.
    fn product_range(&self, start: &[Number]) -> Result<(), Failure> {
        match (self.frame.kind, self.product(start).first()) {
            (Kind::ScalarVector, Some(value)) => self.in_domain(value),
            _ => Ok(()),
        }
    }

    /// Demands that the product lies in the domain of the cost.
    fn in_domain(&self, value: &Number) -> Result<(), Failure> {
        if *self.domain == Domain::real_line() {
            return Ok(());
        }
        let (inside, shown) = match value {
            Number::Exact(value) => (self.domain.contains(value), quoted(&value.to_string())),
            Number::Enclosed { range, .. } => {
                let ends = [range.inf_rational(), range.sup_rational()];
                let inside = ends
                    .iter()
                    .all(|end| end.as_ref().is_some_and(|end| self.domain.contains(end)));
                (inside, range.display(6))
            }
        };
        if inside {
            return Ok(());
        }
        let product = match (self.frame.kind, self.frame.layers.len()) {
            (Kind::Activation, _) => "w2*sigma(w1)".to_owned(),
            (Kind::ScalarVector, _) => "w2*w1".to_owned(),
            (Kind::DeepLinear, 2) => "W2*W1".to_owned(),
            (Kind::DeepLinear, layers) => format!("W{layers}*...*W1"),
            (Kind::Gradient | Kind::Field, _) => "w".to_owned(),
        };
        Err(Failure {
            mistake: FlowMistake::OutsideDomain {
                domain: quoted(&self.domain.to_string()),
                product,
                value: shown,
            },
            span: self.span,
        })
    }

    /// The entries of the product of the layers, row by row.
    fn product(&self, point: &[Number]) -> Vec<Number> {
        let mut rest = point;
        let mut product: Option<(usize, Vec<Number>)> = None;
        for layer in &self.frame.layers {
            let (own, others) = rest.split_at(layer.size().min(rest.len()));
            rest = others;
            product = Some(match product {
                None => (layer.columns, own.to_vec()),
                Some((columns, right)) => (columns, multiplied(own, layer.columns, &right, columns)),
            });
        }
        product.map(|(_, entries)| entries).unwrap_or_default()
    }
}

/// The product of two matrices, row by row; `inner` is the number of columns of the left one.
fn multiplied(left: &[Number], inner: usize, right: &[Number], columns: usize) -> Vec<Number> {
    let mut entries = Vec::new();
    for row in left.chunks(inner.max(1)) {
        for column in 0..columns {
            let factors = row.iter().zip(right.iter().skip(column).step_by(columns.max(1)));
            let zero = Number::Exact(Rational::new());
            entries.push(factors.fold(zero, |sum, (a, b)| sum.add(&a.mul(b, PRECISION), PRECISION)));
        }
    }
    entries
}

/// The value of an expression, or what to say if it has none.
fn undefined(program: &Program, point: &[Number], what: &str, wide: bool) -> Result<Number, FlowMistake> {
    program.value(point, PRECISION).map_err(|undefined| {
        let reason = match undefined {
            Undefined::Malformed => "it has no value".to_owned(),
            Undefined::Domain { error, node } => match error.function {
                "div" | "recip" => format!("division by {}", error.argument),
                "power" if is_root(program, node) => format!("`sqrt` of {}", error.argument),
                "power" => format!("a power of {}", error.argument),
                function => format!("`{function}` of {}", error.argument),
            },
        };
        let what = what.to_owned();
        FlowMistake::UndefinedAtStart { what, reason, wide }
    })
}

/// Whether a node is a square root.
fn is_root(program: &Program, node: usize) -> bool {
    let half = Rational::from((1, 2));
    matches!(program.nodes().get(node), Some(Node::Power(_, exponent)) if *exponent == half)
}

/// An interval as a number.
fn enclosed([lower, upper]: &[Rational; 2]) -> Number {
    match Interval::hull_of(lower, upper, PRECISION) {
        Some(interval) if lower != upper => Number::from(interval),
        _ => Number::Exact(lower.clone()),
    }
}

/// The centre of a box and some of its corners; the only point, if there is only one.
fn points(intervals: &[[Rational; 2]]) -> Vec<Vec<Number>> {
    let centre = intervals.iter().map(|[lower, upper]| Rational::from(lower + upper) / 2);
    let mut points = vec![centre.map(Number::Exact).collect()];
    let wide = intervals.iter().filter(|[lower, upper]| lower != upper).count();
    if wide == 0 {
        return points;
    }
    // The bits of a number say for each wide coordinate which end is meant.
    let corners: Vec<usize> = if wide <= CORNERS {
        (0..1 << wide).collect()
    } else {
        vec![0, usize::MAX]
    };
    for corner in corners {
        let mut bits = corner;
        let corner = intervals.iter().map(|[lower, upper]| {
            let is_upper = lower != upper && bits & 1 == 1;
            if lower != upper && corner != usize::MAX {
                bits >>= 1;
            }
            Number::Exact(if is_upper { upper.clone() } else { lower.clone() })
        });
        points.push(corner.collect());
    }
    points
}
