//! `foliate prove --cost`: derives the flow of a cost of a product of layers, and has its conservation laws checked.

use super::check::mistake;
use super::input::AnyCost;
use super::output::Output;
use super::plan::{ProveCostPlan, Widths};
use super::{Status, output};
use crate::kernel::certificate;
use crate::kernel::expr::{Id, Table};
use crate::kernel::network::words;
use crate::laws::network::{Derivation, derive};
use crate::problem::Source;
use crate::report::{Derived, Input, Mistake, Report, Row, formula};
use crate::symbolic::is_available;
use crate::syntax::render;
use crate::verdict::Budget;
use std::time::Instant;

/// The name of the command in reports.
const COMMAND: &str = "prove";
/// The kernel's working precision where two derivatives are compared.
const PRECISION: u32 = 128;
/// More entries of layers than this are not written out.
const ENTRIES: usize = 100;

/// What the flow is asked about: a cost that was read.
struct Cost {
    name: String,
    source: Source,
    sha256: String,
    rows: u16,
    columns: u16,
    table: Table,
    root: Id,
}

/// Derives the flow of one cost and shows it.
pub(super) fn run(plan: &ProveCostPlan, output: &Output) -> Status {
    let (report, remark) = one(plan, output.color_of_remarks());
    output.show(&report);
    if !remark.is_empty() {
        output.complain(&remark);
    }
    let summary = report.summary();
    let status = match (report.errors.as_slice(), summary.refuted, summary.undecided) {
        ([], 0, 0) => Status::Proved,
        ([], 0, _) => Status::Undecided,
        ([], _, _) => Status::Refuted,
        _ => Status::Unusable,
    };
    output.finish(COMMAND, &[report]);
    status
}

/// The report, and a remark for standard error.
fn one(plan: &ProveCostPlan, color: bool) -> (Report, String) {
    let name = plan.origin.name();
    let size = match &plan.widths {
        Widths::All(widths) => widths.first().copied(),
        Widths::Hidden { .. } => None,
    };
    let cost = match plan.origin.read_any(size) {
        Ok(AnyCost::Matrix(cost)) if cost.definite => {
            let input = Input {
                name,
                sha256: Some(cost.sha256.clone()),
            };
            let why = "a product of layers is not symmetric: the domain cannot be the positive definite matrices";
            return failed(Report::new(COMMAND, input), why.to_owned());
        }
        Ok(cost) => Cost::from(cost),
        Err((source, diagnostics)) => {
            let mut report = Report::new(COMMAND, Input { name, sha256: None });
            report.errors = diagnostics
                .iter()
                .map(|diagnostic| mistake(&source, diagnostic))
                .collect();
            return (report, render(&source, &diagnostics, color));
        }
    };
    let input = Input {
        name: cost.source.name.clone(),
        sha256: Some(cost.sha256.clone()),
    };
    let report = Report {
        title: Some(cost.name.clone()),
        ..Report::new(COMMAND, input)
    };
    let widths = match widths(&plan.widths, cost.rows, cost.columns) {
        Ok(widths) => widths,
        Err(complaint) => return failed(report, complaint),
    };
    let budget = Budget {
        precision: PRECISION,
        subdivisions: 0,
        algebra: is_available(),
        deadline: Instant::now().checked_add(plan.timeout),
    };
    let about = certificate::Input {
        name: cost.source.name.clone(),
        sha256: cost.sha256.clone(),
    };
    let derivation = match derive((&cost.table, cost.root), &widths, &about, &budget) {
        Ok(derivation) => derivation,
        Err(rejection) => return failed(report, rejection.to_string()),
    };
    let mut report = filled(report, &derivation);
    report.notes.extend(narrow(&widths));
    match plan
        .certificate
        .as_deref()
        .map(|path| output::write_certificate(path, &derivation.certificate))
    {
        Some(Err(complaint)) => failed(report, complaint),
        _ => (report, String::new()),
    }
}

impl From<AnyCost> for Cost {
    fn from(cost: AnyCost) -> Self {
        match cost {
            AnyCost::Scalar(cost) => Cost {
                name: cost.name,
                source: cost.source,
                sha256: cost.sha256,
                rows: 1,
                columns: 1,
                table: cost.table,
                root: cost.root,
            },
            AnyCost::Matrix(cost) => Cost {
                name: cost.name,
                source: cost.source,
                sha256: cost.sha256,
                rows: cost.rows,
                columns: cost.columns,
                table: cost.table,
                root: cost.root,
            },
        }
    }
}

/// All widths of the network of a cost of a matrix of this shape.
fn widths(widths: &Widths, rows: u16, columns: u16) -> Result<Vec<u16>, String> {
    match widths {
        Widths::All(widths) => {
            if widths.first() != Some(&columns) || widths.last() != Some(&rows) {
                let ends = if rows == columns {
                    format!("begin and end with {rows}")
                } else {
                    format!("begin with {columns} and end with {rows}")
                };
                return Err(format!(
                    "--widths must {ends}: the cost is one of a {rows} x {columns} matrix"
                ));
            }
            Ok(widths.clone())
        }
        Widths::Hidden { depth, width } => {
            let hidden = std::iter::repeat_n(*width, usize::from(depth.saturating_sub(1)));
            Ok(std::iter::once(columns).chain(hidden).chain([rows]).collect())
        }
    }
}

/// What a narrow layer does to the product, so that nobody takes a statement about nothing for one about something.
fn narrow(widths: &[u16]) -> Option<String> {
    let (first, rest) = widths.split_first()?;
    let (last, hidden) = rest.split_last()?;
    let narrowest = hidden.iter().min()?;
    let singular = if first == last {
        "so it is singular"
    } else {
        "which is not full rank"
    };
    (narrowest < first.min(last)).then(|| format!("every product W has rank at most {narrowest}, {singular}"))
}

/// The report of a run that could not be finished.
fn failed(mut report: Report, complaint: String) -> (Report, String) {
    let remark = format!("Error: {complaint}\n  in {}\n", report.input.name);
    report.errors.push(Mistake {
        message: complaint,
        place: None,
        help: None,
    });
    (report, remark)
}

/// The report with everything that was derived.
fn filled(report: Report, derivation: &Derivation) -> Report {
    let reading = derivation.network.reading();
    let rows = derivation.findings.iter();
    let rows = rows.map(|finding| Row::of_claim(&finding.id, &finding.verdict, &reading, finding.seconds));
    let mut derived = gradient(derivation);
    derived.extend(flows(derivation));
    let mut notes = derivation.notes.clone();
    match entries(derivation) {
        Some(entries) => derived.extend(entries),
        None => notes.push(format!(
            "the layers have more than {ENTRIES} entries together, so their flow is not written out entry by entry"
        )),
    }
    Report {
        rows: rows.collect(),
        derived,
        notes,
        reading: Some(reading),
        ..report
    }
}

/// An equation in the kernel's words.
fn equation(name: String, value: String) -> Derived {
    let latex = [formula::words(&name), formula::words(&value)];
    Derived {
        name,
        value,
        latex,
        is_label: false,
    }
}

/// grad f, entry by entry, and G, which is short for it.
fn gradient(derivation: &Derivation) -> Vec<Derived> {
    let network = &derivation.network;
    let product = words::product(network.depth(), 1);
    let mut lines = vec![equation(network.variable_name().to_owned(), product)];
    let names = |number: u16| network.name(number);
    let count = derivation.gradient.entries().len();
    for (place, entry) in derivation.gradient.entries().iter().enumerate() {
        // The letters of the gradient follow the entries of W.
        let letter = u16::try_from(count.saturating_add(place))
            .map(&names)
            .unwrap_or_default();
        let name = if network.is_scalar() {
            format!("{letter} = {}", network.gradient_name())
        } else {
            letter
        };
        let latex = [formula::words(&name), formula::latex(&derivation.table, *entry, &names)];
        let value = network.print(&derivation.table, *entry);
        lines.push(Derived {
            name,
            value,
            latex,
            is_label: false,
        });
    }
    if !network.is_scalar() {
        lines.insert(1, equation("G".to_owned(), network.gradient_name().to_owned()));
    }
    lines
}

/// The flow of every layer, and what is conserved.
fn flows(derivation: &Derivation) -> Vec<Derived> {
    let depth = derivation.network.depth();
    let flows = (1..=depth).map(|layer| equation(format!("dW_{layer}/dt"), words::speed(depth, layer, "G")));
    let laws = (1..depth).map(|layer| equation(format!("C_{layer}"), words::imbalance(layer)));
    flows.chain(laws).collect()
}

/// The flow of every entry of every layer; `None` if there are too many.
fn entries(derivation: &Derivation) -> Option<Vec<Derived>> {
    let (network, field) = (&derivation.network, &derivation.field);
    let count: usize = field.speeds.iter().map(|speed| speed.entries().len()).sum();
    if count > ENTRIES {
        return None;
    }
    let names = |number: u16| network.name(number);
    let first = derivation.gradient.entries().len().saturating_mul(2);
    let speeds = field.speeds.iter().flat_map(|speed| speed.entries());
    let lines = speeds.enumerate().map(|(place, speed)| {
        let letter = u16::try_from(first.saturating_add(place))
            .map(&names)
            .unwrap_or_default();
        let name = format!("d{letter}/dt");
        let latex = [formula::words(&name), formula::latex(&field.table, *speed, &names)];
        Derived {
            value: network.print(&field.table, *speed),
            name,
            latex,
            is_label: false,
        }
    });
    Some(lines.collect())
}
