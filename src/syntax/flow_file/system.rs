//! What flows: a cost in the file or in a file of its own, an activation, or a vector field.

use super::FlowReader;
use super::network::{Form, Frame, Kind, Layer, Network};
use crate::kernel::expr::{Id, Table};
use crate::kernel::flow::data::Model;
use crate::problem::{Diagnostic, DiagnosticKind, Domain, FlowMistake, Source, Span};
use crate::syntax::cost_file::{Place, hexadecimal, in_order, parse_cost_file};
use crate::syntax::expression::{Parsed, parse_expression};
use crate::syntax::lexer::{is_name, tokens};
use crate::syntax::matrix_cost::elaborate::Elaborator;
use crate::syntax::matrix_cost::{is_matrix_cost, parse_matrix_cost};
use crate::syntax::{advice, quoted};
use sha2::{Digest, Sha256};
use toml::de::DeTable;

/// The keys that say what the cost is.
const OF_COSTS: [&str; 5] = ["cost", "cost_file", "network", "domain", "n"];

/// An expression in a table of its own.
#[derive(Clone, Debug)]
pub(super) struct Expression {
    table: Table,
    root: Id,
}

/// A cost that has been read.
#[derive(Clone, Debug)]
pub(super) enum Cost {
    /// f(w), and where it is studied; `None` if that was refused.
    Scalar(Expression, Option<Domain>),
    /// f(W) for a matrix with so many rows and columns.
    Matrix(Expression, [usize; 2]),
}

impl Cost {
    /// The shape of what the cost takes.
    pub(super) fn shape(&self) -> [usize; 2] {
        match self {
            Cost::Scalar(..) => [1, 1],
            Cost::Matrix(_, shape) => *shape,
        }
    }

    /// Whether it takes a matrix.
    pub(super) fn is_matrix(&self) -> bool {
        matches!(self, Cost::Matrix(..))
    }

    fn expression(&self) -> &Expression {
        match self {
            Cost::Scalar(expression, _) | Cost::Matrix(expression, _) => expression,
        }
    }
}

/// What makes the vector field, as far as it could be read.
pub(super) struct System {
    /// The cost, unless there is none.
    pub(super) cost: Option<Cost>,
    /// The activation, if the network has one.
    activation: Option<Expression>,
    /// Where it is written.
    pub(super) span: Span,
    /// The cost file as it was written, with its SHA-256.
    pub(super) file: Option<(String, String)>,
}

impl System {
    /// Where a scalar cost is studied; `None` if that was refused.
    pub(super) fn domain(&self) -> Option<Domain> {
        match &self.cost {
            Some(Cost::Scalar(_, domain)) => domain.clone(),
            _ => Some(Domain::real_line()),
        }
    }

    /// The vector field, its expressions added to the table.
    pub(super) fn model(&self, frame: &Frame, speeds: Option<Vec<Id>>, table: &mut Table) -> Option<Model> {
        if frame.kind == Kind::Field {
            return speeds.map(|speeds| Model::Field { speeds });
        }
        let mut import = |expression: &Expression| table.import(&expression.table, expression.root);
        let cost = import(self.cost.as_ref()?.expression());
        Some(match frame.kind {
            Kind::Activation => Model::Neuron {
                cost,
                activation: import(self.activation.as_ref()?),
            },
            Kind::ScalarVector | Kind::DeepLinear => Model::Linear {
                cost,
                widths: frame.widths.clone(),
            },
            Kind::Gradient | Kind::Field => Model::Gradient {
                cost,
                dimension: u16::try_from(frame.dimension()?).ok()?,
            },
        })
    }
}

impl<'text> FlowReader<'_, 'text> {
    /// What flows, as far as it can be read.
    pub(super) fn system(&mut self, table: &DeTable<'text>, network: Option<&Network>) -> System {
        let mut system = System {
            cost: None,
            activation: None,
            span: Span::from(0..0),
            file: None,
        };
        if let Some(field) = table.get("field") {
            system.span = field.span().into();
            for key in OF_COSTS {
                if let Some((written, _)) = table.get_key_value(key) {
                    let (first, second) = ("field".to_owned(), key.to_owned());
                    self.mistake(FlowMistake::Both { first, second }, written.span().into());
                }
            }
            return system;
        }
        if let Some(network) = network.filter(|network| network.kind == Kind::Activation) {
            system.activation = self.activation(table, network);
        }
        match (table.get("cost"), table.get_key_value("cost_file")) {
            (None, None) => {
                let diagnostic = Diagnostic::new(FlowMistake::NothingFlows.into());
                self.report(diagnostic.with_help("add a line such as cost = \"(1 - w)^2\", or a table [field]"));
            }
            (Some(cost), file) => {
                system.span = cost.span().into();
                if let Some((file, _)) = file {
                    let (first, second) = ("cost".to_owned(), "cost_file".to_owned());
                    self.mistake(FlowMistake::Both { first, second }, file.span().into());
                }
                system.cost = self.inline_cost(table, network, system.span);
            }
            (None, Some((_, file))) => {
                system.span = file.span().into();
                for key in ["domain", "n"] {
                    if let Some((written, _)) = table.get_key_value(key) {
                        let (key, with) = (key.to_owned(), "the cost file here");
                        self.mistake(FlowMistake::OnlyWith { key, with }, written.span().into());
                    }
                }
                if let Some((path, span)) = self.reader.string(table, "cost_file") {
                    let text = (self.load)(path);
                    let digest = text.as_deref().map(|text| hexadecimal(&Sha256::digest(text)));
                    system.file = digest.map(|digest| (path.to_owned(), digest));
                    system.cost = self.cost_of_file(path, span, text);
                }
            }
        }
        system
    }

    /// A cost in a file of its own.
    fn cost_of_file(&mut self, path: &str, span: Span, text: Option<String>) -> Option<Cost> {
        let Some(text) = text else {
            let (path, reason) = (quoted(path), "it cannot be read".to_owned());
            let diagnostic = Diagnostic::at(FlowMistake::CostFile { path, reason }.into(), span, "");
            self.report(diagnostic.with_help("paths start at the directory of the flow file"));
            return None;
        };
        let bytes = text.as_bytes();
        let cost = if is_matrix_cost(bytes) {
            let read = parse_matrix_cost(path, bytes);
            if read.as_ref().is_ok_and(|cost| cost.definite) {
                // Its variables are not the entries of a product.
                let reason = "its domain is the positive definite matrices, and a product of layers is not symmetric";
                let (path, reason) = (quoted(path), reason.to_owned());
                self.report(Diagnostic::at(FlowMistake::CostFile { path, reason }.into(), span, ""));
                return None;
            }
            read.map(|cost| {
                let (table, root) = (cost.table, cost.root);
                let shape = [cost.rows, cost.columns].map(usize::from);
                Cost::Matrix(Expression { table, root }, shape)
            })
        } else {
            parse_cost_file(path, bytes).map(|cost| {
                let (table, root) = (cost.table, cost.root);
                Cost::Scalar(Expression { table, root }, Some(cost.domain))
            })
        };
        match cost {
            Ok(cost) => Some(cost),
            Err((source, diagnostics)) => {
                let reason = diagnostics
                    .first()
                    .map(|first| located(&source, first))
                    .unwrap_or_default();
                let mistake = FlowMistake::CostFile {
                    path: quoted(path),
                    reason,
                };
                let diagnostic = Diagnostic::at(mistake.into(), span, "");
                self.report(diagnostic.with_help("foliate check, with that file, says more"));
                None
            }
        }
    }

    /// A cost in the flow file itself.
    fn inline_cost(&mut self, table: &DeTable<'text>, network: Option<&Network>, span: Span) -> Option<Cost> {
        let size = table.contains_key("n").then(|| self.reader.size(table));
        let takes_number = network.is_some_and(Network::is_scalar);
        if let Some((written, _)) = table.get_key_value("n").filter(|_| takes_number) {
            let (key, with) = ("n".to_owned(), "costs of a matrix W");
            self.mistake(FlowMistake::OnlyWith { key, with }, written.span().into());
        }
        let shape = match (size, network) {
            _ if takes_number => None,
            (Some(size), _) => Some([usize::from(size?); 2]),
            // A product that is a number is called w.
            (None, Some(network)) => Some(network.product()).filter(|shape| *shape != [1, 1]),
            (None, None) => None,
        };
        let Some(shape) = shape else {
            return self.scalar_cost(table, network, span);
        };
        if let Some((written, _)) = table.get_key_value("domain") {
            let (key, with) = ("domain".to_owned(), "costs of a number w");
            self.mistake(FlowMistake::OnlyWith { key, with }, written.span().into());
        }
        let constants = std::mem::take(&mut self.constants);
        let cost = self.reader.formula(table, Some(shape), false, &constants);
        self.constants = constants;
        let (table, root, _) = cost?;
        Some(Cost::Matrix(Expression { table, root }, shape))
    }

    /// A cost of a number in the flow file itself.
    fn scalar_cost(&mut self, table: &DeTable<'text>, network: Option<&Network>, span: Span) -> Option<Cost> {
        let text = table.get("cost").and_then(|value| value.get_ref().as_str());
        let mentions_matrix = text.is_some_and(|text| tokens(text).iter().any(|token| token.text == "W"));
        if mentions_matrix && network.is_none_or(|network| network.kind == Kind::Gradient) {
            if network.is_some() {
                let diagnostic = Diagnostic::at(DiagnosticKind::MissingKey { key: "n" }, span, "");
                self.report(diagnostic.with_help("add a line such as n = 2 for a 2 x 2 matrix W"));
            }
            return None;
        }
        let (domain, _) = self.reader.domain(table, &self.names);
        let (table, root, _, _) = self.reader.expression(table, &self.names)?;
        Some(Cost::Scalar(Expression { table, root }, domain))
    }

    /// The activation sigma, which must mention the variable.
    fn activation(&mut self, table: &DeTable<'text>, network: &Network) -> Option<Expression> {
        let inner = table.get("network")?.get_ref().as_table()?;
        let Some(value) = inner.get("sigma") else {
            let (place, key) = ("kind = \"activation\"", "sigma");
            let span = network.span.unwrap_or(Span::from(0..0));
            let diagnostic = Diagnostic::at(FlowMistake::MissingKey { place, key }.into(), span, "");
            self.report(diagnostic.with_help("add a line such as sigma = \"tanh(w)\""));
            return None;
        };
        let (text, span) = self.reader.string(inner, "sigma")?;
        let place = Place::of(self.reader.text, text, span);
        let mut expressions = Table::new();
        match parse_expression(text, &self.names, &mut expressions) {
            Ok(Parsed { root, .. }) if expressions.mentions(root, 0) => Some(Expression {
                table: expressions,
                root,
            }),
            Ok(_) => {
                self.mistake(FlowMistake::ConstantActivation, value.span().into());
                None
            }
            Err(diagnostics) => {
                self.reader.adopt(diagnostics, &place);
                None
            }
        }
    }

    /// The coordinates of a vector field, in the order in which they appear; `None` only with a diagnostic.
    pub(super) fn field_frame(&mut self, table: &DeTable<'text>) -> Option<Frame> {
        let (field, span) = self.table(table, "field")?;
        let mut layers = Vec::new();
        for (name, span, _) in in_order(field) {
            let reserved = advice::is_matrix_name(name) || ["radius", "random"].contains(&name);
            if !is_name(name) || reserved {
                let (name, what) = (quoted(name), "a coordinate");
                self.mistake(FlowMistake::BadName { name, what }, span);
            }
            layers.push(Layer {
                name: name.to_owned(),
                rows: 1,
                columns: 1,
                form: Form::Number,
            });
        }
        if layers.is_empty() {
            let diagnostic = Diagnostic::at(FlowMistake::NoCoordinates.into(), span, "");
            self.report(diagnostic.with_help("add a line such as x = \"-x\" for x' = -x"));
            return None;
        }
        Some(Frame {
            kind: Kind::Field,
            widths: Vec::new(),
            layers,
        })
    }

    /// The speeds of a vector field, one for every coordinate, and their places; `None` if there is no field, or with a diagnostic.
    pub(super) fn speeds(
        &mut self,
        table: &DeTable<'text>,
        frame: Option<&Frame>,
        expressions: &mut Table,
    ) -> Option<Vec<(Id, Span)>> {
        let frame = frame.filter(|frame| frame.kind == Kind::Field)?;
        let field = table.get("field")?.get_ref().as_table()?;
        let (constants, declared) = (self.constants.clone(), self.declared.clone());
        let mut elaborator = Elaborator::of_matrices(&frame.shapes(), &constants, &declared);
        let mut speeds = Vec::new();
        for (name, _, value) in in_order(field) {
            let what = format!("the speed of `{}`", quoted(name));
            let speed = self.number_formula(name, &what, value, &mut elaborator);
            speeds.push(speed.map(|speed| (speed, Span::from(value.span()))));
        }
        let speeds: Option<Vec<_>> = speeds.into_iter().collect();
        let (own, diagnostics) = elaborator.finish();
        self.reader.diagnostics.extend(diagnostics);
        let imported = speeds?.into_iter();
        Some(
            imported
                .map(|(speed, span)| (expressions.import(&own, speed), span))
                .collect(),
        )
    }
}

/// A complaint about another file as part of a sentence.
fn located(source: &Source, diagnostic: &Diagnostic) -> String {
    let Some((span, _)) = diagnostic.labels.first() else {
        return diagnostic.kind.to_string();
    };
    let before = source.text.get(..span.start).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    format!("in line {line}, {}", diagnostic.kind)
}
