//! Draws diagnostics for a terminal; the only file that names the renderer.
//!
//! The text of the user is not trusted: control characters are replaced, and long lines and long lists are cut.

use crate::problem::{Diagnostic, Source, Span};
use ariadne::{CharSet, Color, Config, IndexType, Label, Report, ReportKind};
use std::ops::Range;

/// The longest line that is shown whole, in characters.
const LINE: usize = 400;
/// How much of a longer line is shown around each end of a label, in characters.
const AROUND: usize = 60;
/// The longest sentence, in characters.
const SENTENCE: usize = 400;
/// The most diagnostics that are drawn.
const DRAWN: usize = 20;
/// Stands for a character that could do something to a terminal.
const HARMLESS: char = '\u{fffd}';

/// All diagnostics of a source, with the lines they concern and a caret under each place.
///
/// Panics: never.
pub fn render(source: &Source, diagnostics: &[Diagnostic], color: bool) -> String {
    let mut drawn: String = diagnostics
        .iter()
        .take(DRAWN)
        .map(|diagnostic| draw(source, diagnostic, color))
        .collect();
    let left = diagnostics.len().saturating_sub(DRAWN);
    if left > 0 {
        drawn.push_str(&format!("... and {left} more\n"));
    }
    drawn
}

/// One diagnostic.
fn draw(source: &Source, diagnostic: &Diagnostic, color: bool) -> String {
    let message = sentence(&diagnostic.kind.to_string());
    let help = diagnostic.help.as_deref().map(sentence);
    let name = sentence(&source.name);
    let Some((first, _)) = diagnostic.labels.first() else {
        let help = help.map(|help| format!("\n  Help: {help}")).unwrap_or_default();
        return format!("Error: {message}\n  in {name}{help}\n");
    };
    let spans: Vec<Span> = diagnostic
        .labels
        .iter()
        .map(|(span, _)| first_line(&source.text, *span))
        .collect();
    let (text, places) = excerpt(&source.text, &spans);
    let mut labels: Vec<(Range<usize>, &str)> = places
        .into_iter()
        .zip(diagnostic.labels.iter().map(|(_, label)| label.as_str()))
        .collect();
    let place = labels.first().map_or(0..0, |(place, _)| place.clone());
    let shown = location(
        &text,
        text.char_indices()
            .nth(place.start)
            .map_or(text.len(), |(offset, _)| offset),
    );
    // The renderer opens a new excerpt for every label that stands before its predecessor.
    labels.sort_by_key(|(place, _)| place.start);
    let config = Config::new()
        .with_color(color)
        .with_index_type(IndexType::Char)
        .with_char_set(CharSet::Ascii)
        .with_tab_width(1);
    let mut report = Report::build(ReportKind::Error, (name.clone(), place))
        .with_config(config)
        .with_message(&message);
    for (place, label) in labels {
        // The renderer underlines only what it has something to say about.
        let label = if label.is_empty() {
            "here".to_owned()
        } else {
            sentence(label)
        };
        report = report.with_label(
            Label::new((name.clone(), place))
                .with_message(label)
                .with_color(Color::Red),
        );
    }
    if let Some(help) = help {
        report = report.with_help(help);
    }
    let mut bytes = Vec::new();
    if report
        .finish()
        .write((name.clone(), ariadne::Source::from(text)), &mut bytes)
        .is_err()
    {
        // Writing to memory fails for no reason of the user's; the sentence alone is still an answer.
        return format!("Error: {message}\n");
    }
    let drawn = String::from_utf8_lossy(&bytes);
    // Columns are counted in the shortened line; the user's editor counts them in the whole one.
    let actual = location(&source.text, first.start);
    let drawn = drawn.replacen(&format!("{name}:{shown}"), &format!("{name}:{actual}"), 1);
    drawn.lines().flat_map(|line| [line.trim_end(), "\n"]).collect()
}

/// The line and the column of a place in a text, both counted from 1.
fn location(text: &str, offset: usize) -> String {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    format!("{line}:{column}")
}

/// A sentence without control characters and of bounded length.
fn sentence(text: &str) -> String {
    let mut short: String = text.chars().take(SENTENCE).map(harmless).collect();
    if text.chars().nth(SENTENCE).is_some() {
        short.push('…');
    }
    short
}

/// The character itself, or a stand-in if it could steer a terminal or reorder a line.
fn harmless(character: char) -> char {
    let reorders =
        matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    match character {
        '\t' => ' ',
        character if character.is_control() || reorders => HARMLESS,
        character => character,
    }
}

/// A span cut to the line on which it starts, on character boundaries of the text.
fn first_line(text: &str, span: Span) -> Span {
    let floor = |offset: usize| {
        (0..=offset.min(text.len()))
            .rev()
            .find(|at| text.is_char_boundary(*at))
            .unwrap_or(0)
    };
    let (start, end) = (floor(span.start), floor(span.end));
    let line_end = text
        .get(start..)
        .and_then(|rest| rest.find('\n'))
        .map_or(text.len(), |length| start + length);
    Span {
        start,
        end: end.min(line_end).max(start),
    }
}

/// The text with harmless characters and shortened lines, and the spans in it, counted in characters.
fn excerpt(text: &str, spans: &[Span]) -> (String, Vec<Range<usize>>) {
    let mut shown = String::new();
    // For every byte of the text, how many characters are shown before it.
    let mut before = Vec::with_capacity(text.len());
    let mut written = 0;
    for line in text.split_inclusive('\n') {
        let short = line.chars().nth(LINE).is_none();
        let mut cut = false;
        for character in line.chars() {
            let offset = before.len();
            let near = |edge: usize| offset.abs_diff(edge) <= AROUND;
            let kept = short || character == '\n' || spans.iter().any(|span| near(span.start) || near(span.end));
            before.extend(std::iter::repeat_n(written, character.len_utf8()));
            if kept || !cut {
                shown.push(match character {
                    '\n' => '\n',
                    _ if !kept => '…',
                    character => harmless(character),
                });
                written += 1;
            }
            cut = !kept;
        }
    }
    // The caret of a place at the end of the text needs something to stand under.
    shown.push(' ');
    let place = |offset: usize| before.get(offset).copied().unwrap_or(written);
    let places = spans.iter().map(|span| {
        let start = place(span.start);
        start..place(span.end).max(start + 1)
    });
    (shown, places.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::DiagnosticKind;

    fn source(text: &str) -> Source {
        Source {
            name: "file \u{1b}[2J".to_owned(),
            text: text.to_owned(),
        }
    }

    #[test]
    fn nothing_the_user_wrote_steers_the_terminal() {
        let text = "w + \u{1b}[31m\u{202e}\u{85}\u{2028}\r\x07\nw\t+ \u{9b}1m";
        let kind = DiagnosticKind::UnknownName {
            name: text.to_owned(),
            suggestion: Some(text.to_owned()),
        };
        for end in 0..=text.len() + 2 {
            let diagnostic = Diagnostic::at(kind.clone(), Span::from(0..end), text).with_help(text);
            let drawn = render(&source(text), &[diagnostic], false);
            assert!(
                drawn
                    .chars()
                    .all(|character| character == '\n' || harmless(character) == character),
                "{drawn:?}"
            );
        }
    }

    #[test]
    fn long_inputs_make_short_drawings() {
        let text = "w+".repeat(200_000);
        let diagnostics: Vec<_> = [0..text.len(), 300_000..300_001, 399_999..400_000, 400_000..400_000]
            .into_iter()
            .map(|range| Diagnostic::at(DiagnosticKind::EmptyExpression, range.into(), text.clone()))
            .collect();
        let drawn = render(&source(&text), &diagnostics, false);
        assert!(drawn.len() < 6_000, "{} bytes", drawn.len());
        assert!(drawn.contains(":1:300001 ]"), "{drawn}");
        let many = vec![Diagnostic::new(DiagnosticKind::EmptyFile); 1_000];
        assert!(render(&source(""), &many, false).ends_with("... and 980 more\n"));
    }

    #[test]
    fn spans_that_fit_nothing_are_still_drawn() {
        for text in ["", "\n", "é", "w\n\nw"] {
            for (start, end) in [(0, 0), (0, 1), (1, 0), (1, 1), (2, 9), (7, 3)] {
                let diagnostic = Diagnostic::at(DiagnosticKind::EmptyExpression, Span { start, end }, "");
                let drawn = render(&source(text), &[diagnostic], true);
                assert!(drawn.contains("there is no expression here"));
            }
        }
    }
}
