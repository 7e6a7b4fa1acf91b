//! Standard output and standard error: the view that was asked for, and no panic when the reader has gone.

use super::args::{Format, LookArgs, When};
use crate::report::{self, Report, text};
use anstream::{AutoStream, ColorChoice};
use std::io::{self, IsTerminal, Write};

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
