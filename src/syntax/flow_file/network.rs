//! The table `[network]`: its kind, its widths, and the coordinates they make.

use super::FlowReader;
use super::system::Cost;
use super::values::Value;
use crate::kernel::limits;
use crate::problem::{Diagnostic, DiagnosticKind, FlowMistake, Span};
use crate::syntax::{advice, quoted};
use toml::de::DeTable;

/// The kinds of networks as they are written.
const KINDS: [&str; 4] = ["gradient", "activation", "scalar-vector", "deep-linear"];

/// What makes the vector field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The user's own vector field.
    Field,
    /// The gradient of the cost itself.
    Gradient,
    /// w2 sigma(w1).
    Activation,
    /// A row times a column.
    ScalarVector,
    /// A product of matrices.
    DeepLinear,
}

/// A network as it was written.
#[derive(Clone, Debug)]
pub(super) struct Network {
    pub(super) kind: Kind,
    /// d_0, ..., d_N for products; empty otherwise.
    pub(super) widths: Vec<u16>,
    pub(super) span: Option<Span>,
}

/// How the entries of a layer are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// `w1`
    Number,
    /// `w1[2]`
    Vector,
    /// `W1[2,3]`
    Matrix,
}

/// A block of coordinates.
#[derive(Clone, Debug)]
pub(super) struct Layer {
    pub(super) name: String,
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) form: Form,
}

/// The coordinates of a flow in their order.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    pub(super) kind: Kind,
    pub(super) widths: Vec<u16>,
    pub(super) layers: Vec<Layer>,
}

impl Network {
    /// No network: the gradient of the cost, or the user's own vector field.
    fn plain(kind: Kind) -> Self {
        Network {
            kind,
            widths: Vec::new(),
            span: None,
        }
    }

    /// The shape of what the network makes.
    pub(super) fn product(&self) -> [usize; 2] {
        match (self.widths.first(), self.widths.last()) {
            (Some(first), Some(last)) => [usize::from(*last), usize::from(*first)],
            _ => [1, 1],
        }
    }

    /// Whether the cost must be one of a number.
    pub(super) fn is_scalar(&self) -> bool {
        matches!(self.kind, Kind::Activation | Kind::ScalarVector)
    }

    /// The coordinates, which depend on the cost only if there is no network.
    pub(super) fn frame(self, cost: Option<&Cost>) -> Frame {
        let layer = |name: &str, rows: usize, columns: usize, form: Form| Layer {
            name: name.to_owned(),
            rows,
            columns,
            form,
        };
        let layers = match self.kind {
            Kind::Field => Vec::new(),
            Kind::Gradient => match cost.filter(|cost| cost.is_matrix()).map(Cost::shape) {
                Some([rows, columns]) => vec![layer("W", rows, columns, Form::Matrix)],
                None => vec![layer("w", 1, 1, Form::Number)],
            },
            Kind::Activation => vec![layer("w1", 1, 1, Form::Number), layer("w2", 1, 1, Form::Number)],
            Kind::ScalarVector => {
                let size = self.widths.get(1).map_or(1, |width| usize::from(*width));
                let form = if size == 1 { Form::Number } else { Form::Vector };
                vec![layer("w1", size, 1, form), layer("w2", 1, size, form)]
            }
            Kind::DeepLinear => {
                let pairs = self.widths.iter().zip(self.widths.iter().skip(1)).enumerate();
                pairs
                    .map(|(place, (below, above))| {
                        let name = format!("W{}", place + 1);
                        layer(&name, usize::from(*above), usize::from(*below), Form::Matrix)
                    })
                    .collect()
            }
        };
        Frame {
            kind: self.kind,
            widths: self.widths,
            layers,
        }
    }
}

impl Layer {
    /// The number of coordinates.
    pub(super) fn size(&self) -> usize {
        self.rows.saturating_mul(self.columns)
    }

    /// The names of the coordinates.
    pub(super) fn names(&self) -> Vec<String> {
        let name = &self.name;
        match self.form {
            Form::Number => vec![name.clone()],
            Form::Vector => (1..=self.size()).map(|place| format!("{name}[{place}]")).collect(),
            Form::Matrix => (1..=self.rows)
                .flat_map(|row| (1..=self.columns).map(move |column| format!("{name}[{row},{column}]")))
                .collect(),
        }
    }
}

impl Frame {
    /// The number of coordinates, if it can be counted.
    pub(super) fn dimension(&self) -> Option<usize> {
        let sizes = self.layers.iter().map(|layer| layer.rows.checked_mul(layer.columns));
        sizes.into_iter().try_fold(0_usize, |sum, size| sum.checked_add(size?))
    }

    /// The names of the coordinates.
    pub(super) fn names(&self) -> Vec<String> {
        self.layers.iter().flat_map(Layer::names).collect()
    }

    /// The shapes of the layers for expressions in the coordinates.
    pub(super) fn shapes(&self) -> Vec<(String, [usize; 2])> {
        let shape = |layer: &Layer| (layer.name.clone(), [layer.rows, layer.columns]);
        // A coordinate that is called like a function was complained about, and must not hide the function.
        let hides = |layer: &&Layer| self.kind == Kind::Field && advice::is_matrix_name(&layer.name);
        self.layers.iter().filter(|layer| !hides(layer)).map(shape).collect()
    }
}

impl<'text> FlowReader<'_, 'text> {
    /// The network; `None` only with a diagnostic.
    pub(super) fn network(&mut self, table: &DeTable<'text>) -> Option<Network> {
        if table.contains_key("field") {
            return Some(Network::plain(Kind::Field));
        }
        if !table.contains_key("network") {
            return Some(Network::plain(Kind::Gradient));
        }
        let (inner, span) = self.table(table, "network")?;
        if !inner.contains_key("kind") {
            let (place, key) = ("[network]", "kind");
            let diagnostic = Diagnostic::at(FlowMistake::MissingKey { place, key }.into(), span, "");
            self.report(diagnostic.with_help(format!("the kinds are {}", KINDS.join(", "))));
            return None;
        }
        let (written, kind_span) = self.reader.string(inner, "kind")?;
        let (kind, keys): (Kind, &[&str]) = match written {
            "gradient" => (Kind::Gradient, &["kind"]),
            "activation" => (Kind::Activation, &["kind", "sigma"]),
            "scalar-vector" => (Kind::ScalarVector, &["kind", "k"]),
            "deep-linear" => (Kind::DeepLinear, &["kind", "widths", "depth", "n", "width"]),
            other => {
                let kind = DiagnosticKind::UnknownValue {
                    key: "kind",
                    value: quoted(other),
                    allowed: "`gradient`, `activation`, `scalar-vector` or `deep-linear`",
                };
                let diagnostic = Diagnostic::at(kind, kind_span, "");
                self.report(match advice::nearest(other, KINDS.into_iter()) {
                    Some(near) => diagnostic.with_help(format!("did you mean `{near}`?")),
                    None => diagnostic,
                });
                return None;
            }
        };
        self.network_keys(inner, keys);
        let widths = match kind {
            Kind::ScalarVector => self.hidden_width(inner, span)?,
            Kind::DeepLinear => self.widths(inner, span)?,
            _ => Vec::new(),
        };
        let span = Some(span);
        Some(Network { kind, widths, span })
    }

    /// Complains about keys of other kinds, and about unknown ones.
    fn network_keys(&mut self, table: &DeTable<'text>, keys: &[&str]) {
        let elsewhere = [
            ("sigma", "kind = \"activation\""),
            ("k", "kind = \"scalar-vector\""),
            ("widths", "kind = \"deep-linear\""),
            ("depth", "kind = \"deep-linear\""),
            ("n", "kind = \"deep-linear\""),
            ("width", "kind = \"deep-linear\""),
        ];
        self.check_keys(table, "[network]", keys, &elsewhere.map(|(key, _)| key));
        for (key, with) in elsewhere {
            let Some((written, _)) = table.get_key_value(key).filter(|_| !keys.contains(&key)) else {
                continue;
            };
            let key = key.to_owned();
            self.mistake(FlowMistake::OnlyWith { key, with }, written.span().into());
        }
    }

    /// The widths 1, k, 1.
    fn hidden_width(&mut self, table: &DeTable<'text>, span: Span) -> Option<Vec<u16>> {
        let Some(value) = table.get("k") else {
            let (place, key) = ("kind = \"scalar-vector\"", "k");
            let diagnostic = Diagnostic::at(FlowMistake::MissingKey { place, key }.into(), span, "");
            self.report(diagnostic.with_help("add a line such as k = 5 for a row w2 and a column w1 with 5 entries"));
            return None;
        };
        let width = self.width("k", value)?;
        Some(vec![1, width, 1])
    }

    /// The widths d_0, ..., d_N, written out or as depth, n and width.
    fn widths(&mut self, table: &DeTable<'text>, span: Span) -> Option<Vec<u16>> {
        let short = ["depth", "n", "width"];
        let widths = match table.get("widths") {
            Some(value) => {
                for key in short {
                    if let Some((written, _)) = table.get_key_value(key) {
                        let (first, second) = ("widths".to_owned(), key.to_owned());
                        self.mistake(FlowMistake::Both { first, second }, written.span().into());
                    }
                }
                self.width_list(value)?
            }
            None => {
                let missing = short.into_iter().find(|key| !table.contains_key(*key));
                if let Some(key) = missing {
                    let place = "kind = \"deep-linear\"";
                    let diagnostic = Diagnostic::at(FlowMistake::MissingKey { place, key }.into(), span, "");
                    self.report(diagnostic.with_help("write widths = [2, 3, 3, 2], or depth = 3, n = 2 and width = 3"));
                }
                let most = u64::try_from(limits::LAYERS).unwrap_or(u64::MAX);
                let depth = table.get("depth").map(|value| self.whole("depth", value, 2, most));
                let size = table.get("n").map(|value| self.width("n", value));
                let width = table.get("width").map(|value| self.width("width", value));
                let (depth, size, width) = (depth??, size??, width??);
                let hidden = usize::try_from(depth).unwrap_or(0).saturating_sub(1);
                std::iter::once(size)
                    .chain(std::iter::repeat_n(width, hidden))
                    .chain([size])
                    .collect()
            }
        };
        self.entries_fit(&widths, span).then_some(widths)
    }

    /// A list of widths.
    fn width_list(&mut self, value: &Value<'text>) -> Option<Vec<u16>> {
        let Some(items) = value.get_ref().as_array() else {
            self.reader.wrong_type("widths", "a list of whole numbers", value);
            return None;
        };
        if items.len() < 3 || items.len() > limits::LAYERS + 1 {
            let kind = DiagnosticKind::WrongShape {
                what: "`widths`".to_owned(),
                expected: format!("a list of 3 to {} widths", limits::LAYERS + 1),
                found: format!("{} of them", items.len()),
            };
            let diagnostic = Diagnostic::at(kind, value.span().into(), "");
            self.report(diagnostic.with_help("two layers have three widths: W1 is d1 x d0, and W2 is d2 x d1"));
            return None;
        }
        let widths: Vec<_> = items.iter().map(|item| self.width("widths", item)).collect();
        widths.into_iter().collect()
    }

    /// A number of rows or columns.
    fn width(&mut self, key: &str, value: &Value<'text>) -> Option<u16> {
        let most = u64::try_from(super::COORDINATES).unwrap_or(u64::MAX);
        let width = self.whole(key, value, 1, most)?;
        u16::try_from(width).ok()
    }

    /// Whether the product of the layers is small enough for a cost.
    fn entries_fit(&mut self, widths: &[u16], span: Span) -> bool {
        let sizes = widths.first().zip(widths.last());
        let entries = sizes.map_or(0, |(first, last)| usize::from(*first) * usize::from(*last));
        let fit = entries <= limits::COST_ENTRIES;
        if !fit {
            let (what, limit) = ("the product of the layers".to_owned(), limits::COST_ENTRIES);
            self.mistake(FlowMistake::TooManyEntries { what, limit }, span);
        }
        fit
    }
}
