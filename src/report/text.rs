//! The report as a page for a terminal.

use super::escape::terminal;
use super::page::{Page, shade};
use super::{Answer, Facts, Report, Row, Summary, saddles};
use comfy_table::{Cell, Color};

/// How much is shown, and how.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Whether to colour.
    pub color: bool,
    /// The width of a line, in characters.
    pub width: u16,
    /// How much to say.
    pub detail: Detail,
}

/// How much to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// One line per input.
    Line,
    /// Everything that was found.
    Usual,
    /// Also what was tried without success, and the times.
    Everything,
}

/// The width of a page that is not shown on a terminal.
pub const PAGE: u16 = 100;

/// The whole report as a page, ending in a newline; empty if there is nothing to say.
pub fn render(report: &Report, look: Look) -> String {
    let mut page = Page::new(look);
    if !report.errors.is_empty() {
        return page.text;
    }
    if look.detail == Detail::Line {
        page.line(&format!("{}: {}", report.input.name, counts(report.summary())));
        return page.text;
    }
    page.header(report);
    if !report.saddles.is_empty() {
        page.text.push_str(&saddles::text(&report.saddles, look));
        page.text.push('\n');
    }
    page.rows(report);
    page.derived(report);
    if let Some(trajectory) = &report.trajectory {
        page.text.push_str(&trajectory.text(look));
        page.text.push('\n');
    }
    page.facts(&report.facts);
    page.theorems(report);
    page.remarks(report);
    page.text
}

/// The last line of a page about several inputs.
pub fn render_total(reports: &[Report], look: Look) -> String {
    let total = reports
        .iter()
        .map(Report::summary)
        .fold(Summary::default(), Summary::plus);
    let mut page = Page::new(look);
    page.strong(&format!("{} inputs: {}", reports.len(), counts(total)));
    page.text
}

impl Page {
    fn header(&mut self, report: &Report) {
        match &report.title {
            Some(title) if *title != report.input.name => self.strong(&format!("{title} ({})", report.input.name)),
            _ => self.strong(&report.input.name),
        }
        if let Some(reading) = &report.reading {
            self.paragraph("  ", reading);
        }
        if let Some(binding) = &report.binding {
            let sentence = match (&binding.file, binding.matches) {
                (Some(file), Some(true)) => format!("made for {file} as it is now (same SHA-256)"),
                (Some(file), _) => format!("not made for {file} as it is now (another SHA-256)"),
                (None, _) => "the file it was made for is not here to compare".to_owned(),
            };
            self.paragraph("  ", &sentence);
        }
        self.text.push('\n');
    }

    fn rows(&mut self, report: &Report) {
        // Of critical points the table above says everything that is proved.
        let short = !report.saddles.is_empty() && self.look.detail == Detail::Usual;
        let shown =
            |row: &&Row| !short || !row.ruling.is_proof() || !row.id.ends_with(|last: char| last.is_ascii_digit());
        let shown: Vec<&Row> = report.rows.iter().filter(shown).collect();
        if shown.is_empty() {
            return;
        }
        let title = match report.command {
            "verify" => "statement",
            "prove" | "flow" | "saddles" => "claim",
            _ => "hypothesis",
        };
        let rows = shown.into_iter().map(|row| {
            let verdict = Cell::new(row.ruling).fg(shade(row.ruling));
            vec![Cell::new(terminal(&row.id)), verdict, Cell::new(terminal(&why(row)))]
        });
        self.table(&[title, "verdict", "why"], &[0, 1], rows);
        if self.look.detail == Detail::Everything {
            for row in report.rows.iter().filter(|row| !row.tried.is_empty()) {
                self.line(&format!("{}: tried", row.id));
                for attempt in &row.tried {
                    self.paragraph("  - ", &format!("{}: {}", attempt.method, attempt.outcome));
                }
            }
            for row in &report.rows {
                if let Some(seconds) = row.seconds {
                    self.line(&format!("{}: {seconds:.3} s", row.id));
                }
            }
        }
        self.text.push('\n');
    }

    fn derived(&mut self, report: &Report) {
        for equation in &report.derived {
            let sign = if equation.is_label { ": " } else { " = " };
            self.paragraph(&format!("{}{sign}", terminal(&equation.name)), &equation.value);
        }
        if !report.derived.is_empty() {
            self.text.push('\n');
        }
    }

    fn facts(&mut self, facts: &Facts) {
        let before = self.text.len();
        if let Some(derivative) = &facts.derivative {
            self.paragraph("f'(w) = ", derivative);
        }
        if let Some(slope) = facts.slope_at_origin {
            let relation = match slope {
                0 => "= 0",
                1.. => "> 0",
                _ => "< 0",
            };
            self.line(&format!("f'(0) {relation}"));
        }
        if let Some(minimum) = &facts.minimum {
            let value = minimum
                .value
                .as_ref()
                .map(|value| format!(", where f = {value}"))
                .unwrap_or_default();
            self.paragraph("minimum: ", &format!("at {}{value}", minimum.at));
        }
        let at_most = facts
            .pl_constant_at_most
            .as_ref()
            .map(|bound| format!(", none above {bound} does"));
        if let Some(constant) = &facts.pl_constant {
            self.paragraph(
                "PL constant: ",
                &format!("mu = {constant} works{}", at_most.unwrap_or_default()),
            );
        }
        if let Some(constant) = &facts.lipschitz_constant {
            self.paragraph("Lipschitz constant of f': ", constant);
        }
        match facts.critical_points.as_deref() {
            Some([]) => self.line("there are no critical points"),
            Some(points) => {
                let rows = points.iter().map(|point| {
                    let texts = [point.kind, &point.location, &point.value].map(|text| Cell::new(terminal(text)));
                    texts.into_iter().chain([Cell::new(point.global)]).collect()
                });
                self.table(&["critical point", "w", "f(w)", "global minimiser"], &[0], rows);
            }
            None => {}
        }
        if self.text.len() > before {
            self.text.push('\n');
        }
    }

    fn theorems(&mut self, report: &Report) {
        if report.theorems.is_empty() {
            return;
        }
        let rows = report.theorems.iter().map(|row| {
            let color = match row.applies {
                Answer::Yes => Color::Green,
                Answer::No => Color::Red,
                Answer::Unknown => Color::Yellow,
            };
            let listed = |names: &[String]| Cell::new(terminal(&names.join(", ")));
            vec![
                Cell::new(terminal(&row.id)),
                Cell::new(row.applies).fg(color),
                listed(&row.missing),
                listed(&row.rests_on),
            ]
        });
        self.table(&["theorem", "applies", "missing", "rests on"], &[0, 2, 3], rows);
        for row in &report.theorems {
            self.paragraph(&format!("{}: ", row.id), &row.title);
            for sentence in &row.predicts {
                self.paragraph("    here: ", sentence);
            }
        }
        self.text.push('\n');
    }

    fn remarks(&mut self, report: &Report) {
        for note in &report.notes {
            self.paragraph("note: ", note);
        }
        for contradiction in report.contradictions.iter().flatten() {
            self.paragraph("contradicts [truth]: ", contradiction);
        }
        self.line(&counts(report.summary()));
        self.text.push('\n');
    }
}

/// The third column: the kernel's words, or what stood in the way and what would help.
fn why(row: &Row) -> String {
    let mut why = row.clause.clone();
    if let Some(help) = row.obstacle.as_ref().and_then(|obstacle| obstacle.help.as_ref()) {
        why.push_str(&format!("; {help}"));
    }
    if !row.rests_on.is_empty() {
        why.push_str(&format!(" (rests on {})", row.rests_on.join(", ")));
    }
    why
}

/// The counts that are not 0, in words.
fn counts(summary: Summary) -> String {
    let counted = [
        (summary.proved, "proved"),
        (summary.refuted, "refuted"),
        (summary.undecided, "undecided"),
        (summary.not_applicable, "not applicable"),
        (summary.rejected, "rejected"),
        (summary.failed, "unusable"),
    ];
    let words: Vec<String> = counted
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    if words.is_empty() {
        "nothing to report".to_owned()
    } else {
        words.join(", ")
    }
}
