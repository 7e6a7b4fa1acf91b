//! A page in the making: lines, paragraphs and tables for a terminal.

use super::Ruling;
use super::escape::terminal;
use super::text::Look;
use anstyle::Style;
use comfy_table::modifiers::UTF8_ROUND_CORNERS;
use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{Attribute, Cell, Color, ColumnConstraint, ContentArrangement, Table, Width};

/// A page in the making.
pub(super) struct Page {
    pub(super) text: String,
    pub(super) look: Look,
}

impl Page {
    /// An empty page.
    pub(super) fn new(look: Look) -> Self {
        Page {
            text: String::new(),
            look,
        }
    }

    /// What has been written.
    pub(super) fn into_text(self) -> String {
        self.text
    }

    /// One line of foreign or our own text.
    pub(super) fn line(&mut self, text: &str) {
        self.text.push_str(terminal(text).trim_end());
        self.text.push('\n');
    }

    /// One line that stands out.
    pub(super) fn strong(&mut self, text: &str) {
        let style = if self.look.color {
            Style::new().bold()
        } else {
            Style::new()
        };
        self.text.push_str(&format!("{style}{}{style:#}\n", terminal(text)));
    }

    /// A paragraph: the first line behind `mark`, the others under its end.
    pub(super) fn paragraph(&mut self, mark: &str, text: &str) {
        let indent = mark.chars().count();
        let room = usize::from(self.look.width).saturating_sub(indent).max(20);
        for (place, line) in wrapped(&terminal(text), room).iter().enumerate() {
            let margin = if place == 0 {
                mark.to_owned()
            } else {
                " ".repeat(indent)
            };
            self.line(&format!("{margin}{line}"));
        }
    }

    /// A table as wide as the page at most; `names` says which columns must not break inside a word.
    pub(super) fn table(&mut self, header: &[&str], names: &[usize], rows: impl IntoIterator<Item = Vec<Cell>>) {
        let mut table = Table::new();
        table
            .load_preset(UTF8_FULL_CONDENSED)
            .apply_modifier(UTF8_ROUND_CORNERS);
        table
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(self.look.width);
        if self.look.color {
            table.enforce_styling();
        } else {
            table.force_no_tty();
        }
        table.set_header(
            header
                .iter()
                .map(|title| Cell::new(title).add_attribute(Attribute::Bold)),
        );
        let mut longest = vec![0; header.len()];
        for row in rows {
            for (width, cell) in longest.iter_mut().zip(&row) {
                let words = cell.content();
                let words = words.split_whitespace().map(|word| word.chars().count());
                *width = words.chain([*width]).max().unwrap_or(0);
            }
            table.add_row(row);
        }
        for (place, width) in longest
            .into_iter()
            .enumerate()
            .filter(|(place, _)| names.contains(place))
        {
            let width = u16::try_from(width)
                .unwrap_or(u16::MAX)
                .saturating_add(2)
                .min(self.look.width / 3);
            if let Some(column) = table.column_mut(place) {
                column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(width)));
            }
        }
        self.text.push_str(&table.trim_fmt());
        self.text.push('\n');
    }
}

/// Text broken into lines between words; a longer word gets a line of its own.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

pub(super) fn shade(ruling: Ruling) -> Color {
    match ruling {
        ruling if ruling.is_proof() => Color::Green,
        Ruling::UNDECIDED => Color::Yellow,
        Ruling::NOT_APPLICABLE => Color::DarkGrey,
        _ => Color::Red,
    }
}
