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
    if diagnostic.labels.is_empty() {
        let help = help.map(|help| format!("\n  Help: {help}")).unwrap_or_default();
        return format!("Error: {message}\n  in {name}{help}\n");
    }
    let spans: Vec<Span> = diagnostic
        .labels
        .iter()
        .map(|(span, _)| first_line(&source.text, *span))
        .collect();
    let (text, places) = excerpt(&source.text, &spans);
    let first = places.first().cloned().unwrap_or(0..0);
    let config = Config::new()
        .with_color(color)
        .with_index_type(IndexType::Char)
        .with_char_set(CharSet::Ascii)
        .with_tab_width(1);
    let mut report = Report::build(ReportKind::Error, (name.clone(), first))
        .with_config(config)
        .with_message(message);
    for (place, (_, label)) in places.into_iter().zip(&diagnostic.labels) {
        let label = match label.as_str() {
            "" => "here".to_owned(),
            label => sentence(label),
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
    // Writing to memory fails for no reason of the user's; the sentence alone is still an answer.
    match report.finish().write((name, ariadne::Source::from(text)), &mut bytes) {
        Ok(()) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(_) => format!("Error: {}\n", sentence(&diagnostic.kind.to_string())),
    }
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
