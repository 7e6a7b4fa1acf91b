//! The tables `[run]`, `[disturbance]` and `[invariants]`.

use super::FlowReader;
use super::network::{Frame, Kind};
use crate::kernel::expr::{Id, Table};
use crate::problem::{Diagnostic, DiagnosticKind, FlowMistake, Horizon, Span};
use crate::syntax::cost_file::in_order;
use crate::syntax::lexer::is_name;
use crate::syntax::matrix_cost::elaborate::Elaborator;
use crate::syntax::quoted;
use rug::Rational;
use toml::de::DeTable;

/// The keys of `[run]`.
const KEYS: [&str; 4] = ["horizon", "until", "precision", "tolerance"];
/// The smallest and the largest precision in bits.
const PRECISION: [u64; 2] = [53, 4_096];
/// The precision if the file does not say.
const USUAL_PRECISION: u32 = 64;

/// How far to follow a flow, and how closely.
pub(super) struct Run {
    pub(super) horizon: Horizon,
    pub(super) precision: u32,
    pub(super) tolerance: Option<Rational>,
}

/// What may disturb a flow, and the set that is asked about.
#[derive(Default)]
pub(super) struct Disturbance {
    pub(super) bounds: Vec<Rational>,
    pub(super) alpha: Option<Rational>,
}

impl<'text> FlowReader<'_, 'text> {
    /// The table `[run]`; `None` only with a diagnostic.
    pub(super) fn run(&mut self, table: &DeTable<'text>, frame: Option<&Frame>, disturbed: bool) -> Option<Run> {
        if !table.contains_key("run") {
            let diagnostic = Diagnostic::new(DiagnosticKind::MissingKey { key: "run" });
            self.report(diagnostic.with_help("add a table [run] with a line such as horizon = \"10\""));
            return None;
        }
        let (inner, span) = self.table(table, "run")?;
        self.check_keys(inner, "[run]", &KEYS, &[]);
        let horizon = self.horizon(inner, span);
        let is_field = frame.is_some_and(|frame| frame.kind == Kind::Field);
        if let Some((until, _)) = inner.get_key_value("until")
            && (is_field || disturbed)
        {
            let (key, with) = ("until".to_owned(), "gradient flows without disturbance");
            self.mistake(FlowMistake::OnlyWith { key, with }, until.span().into());
        }
        let precision = match inner.get("precision") {
            None => Some(USUAL_PRECISION),
            Some(value) => {
                let [least, most] = PRECISION;
                let bits = self.whole("precision", value, least, most);
                bits.and_then(|bits| u32::try_from(bits).ok())
            }
        };
        let tolerance = match inner.get_key_value("tolerance") {
            None => Some(None),
            Some((written, _)) if is_field => {
                let (key, with) = ("tolerance".to_owned(), "flows of a cost");
                self.mistake(FlowMistake::OnlyWith { key, with }, written.span().into());
                None
            }
            Some(_) => self.positive(inner, "tolerance").map(Some),
        };
        let (horizon, precision, tolerance) = (horizon?, precision?, tolerance?);
        Some(Run {
            horizon,
            precision,
            tolerance,
        })
    }

    fn horizon(&mut self, table: &DeTable<'text>, span: Span) -> Option<Horizon> {
        match (table.get("horizon"), table.get_key_value("until")) {
            (Some(_), Some((until, _))) => {
                let (first, second) = ("horizon".to_owned(), "until".to_owned());
                self.mistake(FlowMistake::Both { first, second }, until.span().into());
                self.positive(table, "horizon");
                None
            }
            (Some(_), None) => self.positive(table, "horizon").map(Horizon::Time),
            (None, Some(_)) => {
                let (value, span) = self.reader.string(table, "until")?;
                if value == "settled" {
                    return Some(Horizon::Settled);
                }
                let kind = DiagnosticKind::UnknownValue {
                    key: "until",
                    value: quoted(value),
                    allowed: "`settled`",
                };
                let diagnostic = Diagnostic::at(kind, span, "");
                self.report(diagnostic.with_help("a time is written horizon = \"10\""));
                None
            }
            (None, None) => {
                let (place, key) = ("[run]", "horizon");
                let diagnostic = Diagnostic::at(FlowMistake::MissingKey { place, key }.into(), span, "");
                self.report(diagnostic.with_help("add a line such as horizon = \"10\", or until = \"settled\""));
                None
            }
        }
    }

    /// The table `[disturbance]`; nothing if there is none, `None` only with a diagnostic here or about the coordinates.
    pub(super) fn disturbance(&mut self, table: &DeTable<'text>, frame: Option<&Frame>) -> Option<Disturbance> {
        if !table.contains_key("disturbance") {
            return Some(Disturbance::default());
        }
        let (inner, _) = self.table(table, "disturbance")?;
        let frame = frame?;
        let keys = blocks(frame);
        let mut known: Vec<&str> = keys.iter().flatten().map(String::as_str).collect();
        if frame.kind == Kind::ScalarVector {
            known.push("alpha");
        }
        self.check_keys(inner, "[disturbance] of this flow", &known, &["alpha"]);
        let before = self.reader.diagnostics.len();
        let mut bounds = Vec::with_capacity(keys.len());
        for names in &keys {
            let given: Vec<&String> = names.iter().filter(|name| inner.contains_key(name.as_str())).collect();
            if let [first, second] = given.as_slice() {
                let at = inner.get(second.as_str()).map_or(0..0, |value| value.span());
                let (first, second) = ((*first).clone(), (*second).clone());
                self.mistake(FlowMistake::Both { first, second }, at.into());
            }
            let bound = given.first().and_then(|name| self.nonnegative(inner, name));
            bounds.push(bound.unwrap_or_default());
        }
        if let Some((written, _)) = inner.get_key_value("alpha")
            && frame.kind != Kind::ScalarVector
        {
            let (key, with) = ("alpha".to_owned(), "kind = \"scalar-vector\"");
            self.mistake(FlowMistake::OnlyWith { key, with }, written.span().into());
        }
        let alpha = self.positive(inner, "alpha");
        if self.reader.diagnostics.len() > before {
            return None;
        }
        if bounds.iter().all(|bound| *bound == 0) {
            bounds.clear();
        }
        Some(Disturbance { bounds, alpha })
    }

    /// The quantities to follow, each with its name and its place; `None` only with a diagnostic here or about the
    /// coordinates.
    pub(super) fn invariants(
        &mut self,
        table: &DeTable<'text>,
        frame: Option<&Frame>,
        expressions: &mut Table,
    ) -> Option<Vec<(String, Id, Span)>> {
        if !table.contains_key("invariants") {
            return Some(Vec::new());
        }
        let (inner, _) = self.table(table, "invariants")?;
        let frame = frame?;
        let (constants, declared) = (self.constants.clone(), self.declared.clone());
        let mut elaborator = Elaborator::of_matrices(&frame.shapes(), &constants, &declared);
        let mut quantities = Vec::new();
        for (name, span, value) in in_order(inner) {
            if !is_name(name) {
                let (name, what) = (quoted(name), "a quantity");
                self.mistake(FlowMistake::BadName { name, what }, span);
            }
            let what = format!("`{}`", quoted(name));
            let id = self.number_formula(name, &what, value, &mut elaborator);
            quantities.push(id.map(|id| (name.to_owned(), id, Span::from(value.span()))));
        }
        let quantities: Option<Vec<_>> = quantities.into_iter().collect();
        let (own, diagnostics) = elaborator.finish();
        self.reader.diagnostics.extend(diagnostics);
        let imported = quantities?.into_iter();
        Some(
            imported
                .map(|(name, id, span)| (name, expressions.import(&own, id), span))
                .collect(),
        )
    }
}

/// The blocks of coordinates that are disturbed on their own, each with the keys for its bound.
fn blocks(frame: &Frame) -> Vec<Vec<String>> {
    let layers = frame.layers.len();
    match frame.kind {
        Kind::Field | Kind::Gradient => vec![vec!["all".to_owned()]],
        Kind::Activation | Kind::ScalarVector => vec![vec!["U".to_owned()], vec!["V".to_owned()]],
        Kind::DeepLinear => (1..=layers)
            .map(|layer| {
                let short = match (layers, layer) {
                    (2, 1) => Some("U".to_owned()),
                    (2, 2) => Some("V".to_owned()),
                    _ => None,
                };
                short.into_iter().chain([format!("W{layer}")]).collect()
            })
            .collect(),
    }
}
