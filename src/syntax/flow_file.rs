//! Flow files: what flows, where it starts and how far to follow it; all mistakes are reported at once.
//!
//! The format is on a page in `docs/flow-file.md`.

use super::cost_file::{Reader, hexadecimal, in_order, read_file};
use super::expression::{Names, is_reserved};
use crate::kernel::expr::Table;
use crate::kernel::limits;
use crate::problem::matrix_cost::Constant;
use crate::problem::{Diagnostic, DiagnosticKind, FlowMistake, FlowSpec, Source, Span};
use network::{Frame, Kind, Network};
use rug::Rational;
use sha2::{Digest, Sha256};
use system::{Cost, System};
use toml::de::DeTable;

mod defined;
mod network;
mod random;
mod run;
mod start;
mod system;
#[cfg(test)]
mod tests;
mod values;

/// The most coordinates of a flow.
pub const COORDINATES: usize = 400;

/// The keys of a flow file.
const KEYS: [&str; 14] = [
    "name",
    "cost",
    "cost_file",
    "domain",
    "n",
    "constants",
    "parameters",
    "network",
    "field",
    "start",
    "run",
    "disturbance",
    "invariants",
    "compare",
];

/// Reads a flow file; `name` is how the user knows it, a path for instance, and `load` gives the text of a cost file
/// that the flow file refers to, by its path as written, or `None` if it cannot be read.
///
/// Errors: the text and everything that is wrong with it. Panics: never, if `load` does not.
pub fn parse_flow_file(
    name: &str,
    bytes: &[u8],
    load: &dyn Fn(&str) -> Option<String>,
) -> Result<FlowSpec, (Source, Vec<Diagnostic>)> {
    read_file(name, bytes, |reader| {
        let mut reader = FlowReader {
            reader,
            load,
            names: Names::default(),
            constants: Vec::new(),
            declared: Vec::new(),
        };
        reader.flow(name, bytes)
    })
}

/// A flow file that is being read.
struct FlowReader<'r, 'text> {
    reader: &'r mut Reader<'text>,
    load: &'r dyn Fn(&str) -> Option<String>,
    /// The constants that are numbers, and those that were refused, to keep the complaints to the point.
    names: Names,
    /// The constants that could be read.
    constants: Vec<(String, Constant)>,
    /// The names of all constants.
    declared: Vec<String>,
}

impl<'text> FlowReader<'_, 'text> {
    /// The whole file; `None` only with a diagnostic.
    fn flow(&mut self, name: &str, bytes: &[u8]) -> Option<FlowSpec> {
        if self.reader.text.trim().is_empty() {
            let diagnostic = Diagnostic::new(DiagnosticKind::EmptyFile);
            self.report(diagnostic.with_help("docs/flow-file.md has flow files to copy"));
            return None;
        }
        let document = self.reader.document()?;
        let table = &document;
        self.check_keys(table, "a flow file", &KEYS, &[]);
        self.read_constants(table);
        let own_name = self.reader.string(table, "name").map(|(value, _)| value.to_owned());
        let network = self.network(table);
        let system = self.system(table, network.as_ref());
        let frame = self.frame(table, &system, network);
        let mut expressions = Table::new();
        let speeds = self.speeds(table, frame.as_ref(), &mut expressions);
        let start = self.start_at(table, "start", frame.as_ref());
        let compare = match table.contains_key("compare") {
            true => Some(self.start_at(table, "compare", frame.as_ref())),
            false => None,
        };
        let disturbance = self.disturbance(table, frame.as_ref());
        let disturbed = disturbance
            .as_ref()
            .is_some_and(|disturbance| !disturbance.bounds.is_empty());
        let run = self.run(table, frame.as_ref(), disturbed);
        let invariants = self.invariants(table, frame.as_ref(), &mut expressions);
        let frame = frame?;
        let (domain, model_span) = (system.domain(), system.span);
        let (speeds, speed_spans): (Option<Vec<_>>, Vec<Span>) = match speeds {
            Some(speeds) => {
                let (ids, spans) = speeds.into_iter().unzip();
                (Some(ids), spans)
            }
            None => (None, Vec::new()),
        };
        let model = system.model(&frame, speeds, &mut expressions);
        if expressions.nodes().len() > limits::NODES {
            let (limit, unit) = (limits::NODES, "operations");
            self.report(Diagnostic::new(DiagnosticKind::TooLong { limit, unit }));
        }
        let (model, domain, invariants, start) = (model?, domain?, invariants?, start?);
        let compare = match compare {
            Some(compare) => Some(compare?),
            None => None,
        };
        let stage = defined::Stage {
            table: &expressions,
            model: &model,
            frame: &frame,
            domain: &domain,
            span: model_span,
            speed_spans: &speed_spans,
        };
        for start in std::iter::once(&start).chain(&compare) {
            let diagnostics = stage.complaints(start, &invariants);
            self.reader.diagnostics.extend(diagnostics);
        }
        let (run, disturbance) = (run?, disturbance?);
        let (compare, compare_seed) = match compare {
            Some(compare) => (Some(compare.intervals), compare.seed),
            None => (None, None),
        };
        Some(FlowSpec {
            name: own_name.unwrap_or_else(|| name.to_owned()),
            model,
            domain,
            names: frame.names(),
            start: start.intervals,
            horizon: run.horizon,
            precision: run.precision,
            disturbance: disturbance.bounds,
            alpha: disturbance.alpha,
            invariants: invariants.into_iter().map(|(name, id, _)| (name, id)).collect(),
            compare,
            tolerance: run.tolerance,
            start_span: start.span,
            seed: start.seed,
            compare_seed,
            model_span,
            source: Source {
                name: name.to_owned(),
                text: self.reader.text.to_owned(),
            },
            sha256: hexadecimal(&Sha256::digest(bytes)),
            cost_file: system.file,
            table: expressions,
        })
    }

    /// Reads the constants and parameters, numbers or matrices.
    fn read_constants(&mut self, table: &DeTable<'text>) {
        self.constants = self.reader.constants(table);
        self.declared = self.reader.declared(table);
        for name in self.declared.iter().filter(|name| !is_reserved(name)) {
            self.names.declare(name.as_str(), Rational::from(1));
        }
        for (name, constant) in &self.constants {
            if let [row] = constant.rows.as_slice()
                && let [value] = row.as_slice()
                && !is_reserved(name)
            {
                self.names.declare(name.as_str(), value.clone());
            }
        }
        for key in ["constants", "parameters"] {
            let entries = table.get(key).and_then(|value| value.get_ref().as_table());
            for (name, span, _) in entries.into_iter().flat_map(in_order) {
                // `W` and its kind are refused already.
                if is_reserved(name) && !super::advice::is_matrix_name(name) {
                    let name = name.to_owned();
                    self.report(Diagnostic::at(DiagnosticKind::ReservedName { name }, span, ""));
                }
            }
        }
    }

    /// Complains about constants that are called like a layer or a coordinate.
    fn check_constants(&mut self, table: &DeTable<'text>, frame: &Frame) {
        for key in ["constants", "parameters"] {
            let entries = table.get(key).and_then(|value| value.get_ref().as_table());
            for (name, span, _) in entries.into_iter().flat_map(in_order) {
                if frame.layers.iter().any(|layer| layer.name == name) && !is_reserved(name) && name != "W" {
                    let name = name.to_owned();
                    self.mistake(FlowMistake::NameTaken { name }, span);
                }
            }
        }
    }

    /// The coordinates; `None` only with a diagnostic.
    fn frame(&mut self, table: &DeTable<'text>, system: &System, network: Option<Network>) -> Option<Frame> {
        let network = network?;
        let frame = match (network.kind, &system.cost) {
            (Kind::Field, _) => self.field_frame(table)?,
            (_, Some(cost)) => self.cost_frame(network, cost, system.span)?,
            (Kind::Gradient, None) => return None,
            // The coordinates do not depend on the cost, so that mistakes in the start can be found.
            (_, None) => network.frame(None),
        };
        self.check_constants(table, &frame);
        let found = frame.dimension();
        if found.is_none_or(|found| found > COORDINATES) {
            let limit = COORDINATES;
            let span = table.get("network").map_or(system.span, |value| value.span().into());
            self.mistake(FlowMistake::TooManyCoordinates { found, limit }, span);
            return None;
        }
        Some(frame)
    }

    /// The coordinates of a flow that decreases a cost.
    fn cost_frame(&mut self, network: Network, cost: &Cost, span: Span) -> Option<Frame> {
        let shape = cost.shape();
        let made = match network.kind {
            Kind::Gradient => shape,
            _ => network.product(),
        };
        if made != shape || (cost.is_matrix() && network.is_scalar()) {
            let [rows, columns] = shape;
            let cost = if cost.is_matrix() {
                format!("a {rows} x {columns} matrix W")
            } else {
                "a number w".to_owned()
            };
            let network = match made {
                [1, 1] => "a number".to_owned(),
                [rows, columns] => format!("a {rows} x {columns} matrix"),
            };
            self.mistake(FlowMistake::ShapesDoNotFit { cost, network }, span);
            return None;
        }
        Some(network.frame(Some(cost)))
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.reader.diagnostics.push(diagnostic);
    }

    /// Reports a mistake of flow files at a place.
    fn mistake(&mut self, mistake: FlowMistake, span: Span) {
        self.report(Diagnostic::at(mistake.into(), span, ""));
    }
}
