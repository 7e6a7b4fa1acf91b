//! Standard output and standard error: the view that was asked for, and no panic when the reader has gone.

use super::args::{Format, LookArgs, When};
use super::dense_json;
use crate::report::claims::{self, ClaimReport};
use crate::report::{self, Report, text};
use anstream::{AutoStream, ColorChoice};
use serde::Serialize;
use std::io::{self, IsTerminal, Write};
use std::path::Path;

/// Where reports and remarks go, and how they look.
pub(super) struct Output {
    format: Format,
    look: text::Look,
    color_of_remarks: bool,
    quiet: bool,
}

impl Output {
    /// Looks at the terminal once.
    pub(super) fn new(args: &LookArgs) -> Self {
        let (stdout, stderr) = (io::stdout(), io::stderr());
        let colored = |automatic: ColorChoice| match args.color {
            When::Auto => automatic != ColorChoice::Never,
            When::Always => true,
            When::Never => false,
        };
        let detail = match (args.quiet, args.verbose) {
            (true, _) => text::Detail::Line,
            (_, true) => text::Detail::Everything,
            _ => text::Detail::Usual,
        };
        let width = if stdout.is_terminal() {
            comfy_table::Table::new().width()
        } else {
            None
        };
        Output {
            format: args.format,
            look: text::Look {
                color: colored(AutoStream::choice(&stdout)),
                width: width.map_or(text::PAGE, |width| width.clamp(40, 140)),
                detail,
            },
            color_of_remarks: colored(AutoStream::choice(&stderr)),
            quiet: args.quiet,
        }
    }

    /// Whether diagnostics are coloured.
    pub(super) fn color_of_remarks(&self) -> bool {
        self.color_of_remarks
    }

    /// Shows a report as soon as its turn comes; JSON has to wait for the others.
    pub(super) fn show(&self, report: &Report) {
        match self.format {
            Format::Text => self.print(&text::render(report, self.look)),
            Format::Latex => self.print(&report::latex::render(report)),
            Format::Json => {}
        }
    }

    /// Shows what can be said only at the end.
    pub(super) fn finish(&self, command: &str, reports: &[Report]) {
        match (self.format, reports) {
            (Format::Json, [only]) => self.print(&report::json::render(only)),
            (Format::Json, several) => self.print(&report::json::render_all(command, several)),
            (Format::Text, [_, _, ..]) if !self.quiet => self.print(&text::render_total(reports, self.look)),
            _ => {}
        }
    }

    /// Says what is wrong with the input.
    pub(super) fn complain(&self, text: &str) {
        let end = if text.ends_with('\n') { "" } else { "\n" };
        // Without a standard error there is nobody to tell.
        let _ = write!(io::stderr().lock(), "{text}{end}");
    }

    /// Shows what became of claim files: one table for all.
    pub(super) fn show_claims(&self, command: &str, reports: &[ClaimReport]) {
        match (self.format, reports) {
            (Format::Json, [only]) => self.print(&claims::json(command, only)),
            (Format::Json, several) => self.print(&claims::json_all(command, several)),
            (Format::Latex, _) => reports.iter().for_each(|report| self.print(&claims::latex(report))),
            (Format::Text, _) => {
                if self.look.detail != text::Detail::Usual {
                    reports
                        .iter()
                        .for_each(|report| self.print(&claims::text(report, self.look)));
                }
                self.print(&claims::table(reports, self.look));
                self.print(&claims::total(reports));
            }
        }
    }

    /// Shows what is printed and false.
    pub(super) fn show_errata(&self, command: &str, reports: &[ClaimReport]) {
        let with_errata = reports.iter().map(|report| ClaimReport {
            claims: report
                .claims
                .iter()
                .filter(|claim| claim.erratum.is_some())
                .cloned()
                .collect(),
            ..report.clone()
        });
        let errata: Vec<ClaimReport> = with_errata.filter(|report| !report.claims.is_empty()).collect();
        match self.format {
            Format::Text => self.print(&claims::errata(&errata, self.look)),
            _ => self.show_claims(command, &errata),
        }
    }

    /// Shows one entry in full.
    pub(super) fn explain(&self, command: &str, report: &ClaimReport) {
        match self.format {
            Format::Text => self.print(&claims::explain(report, self.look)),
            Format::Json => self.print(&claims::json(command, report)),
            Format::Latex => self.print(&claims::latex(report)),
        }
    }

    fn print(&self, text: &str) {
        let mut stdout = io::stdout().lock();
        let written = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
        match written {
            // The reader has seen enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
            Err(error) => self.complain(&format!("error: standard output: {error}")),
            Ok(()) => {}
        }
    }
}

/// Writes a certificate, making its directory if need be. Errors: a sentence.
pub(super) fn write_certificate(path: &Path, certificate: &impl Serialize) -> Result<(), String> {
    let complaint = |error: &dyn std::fmt::Display| format!("cannot write {}: {error}", path.display());
    let bytes = dense_json::to_vec(certificate).map_err(|error| complaint(&error))?;
    write_bytes(path, &bytes)
}

/// Writes a text, making its directory if need be. Errors: a sentence.
pub(super) fn write_text(path: &Path, text: &str) -> Result<(), String> {
    write_bytes(path, text.as_bytes())
}

fn write_bytes(path: &Path, bytes: &[u8]) -> Result<(), String> {
    let complaint = |error: &dyn std::fmt::Display| format!("cannot write {}: {error}", path.display());
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|error| complaint(&error))?;
    }
    std::fs::write(path, bytes).map_err(|error| complaint(&error))
}
