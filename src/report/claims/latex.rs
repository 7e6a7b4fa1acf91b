//! Claims as LaTeX: a paragraph for each, with an `align*` of what was derived. Needs `amsmath`.

use super::super::escape::latex;
use super::notation::terms;
use super::{ClaimReport, ClaimRow, Equation, Relation};

/// The room on a line of mathematics, in signs.
const ROOM: usize = 48;
/// A left side with at most so many signs is followed by its right side on the same line.
const SHORT: usize = 12;

/// The claims of one file, to `\input` into a document.
pub fn render(report: &ClaimReport) -> String {
    if !report.errors.is_empty() {
        return String::new();
    }
    let mut text = format!(
        "% written by foliate; needs \\usepackage{{amsmath}}\n\\paragraph{{{}: {}}}\n",
        latex(&report.id),
        latex(&report.title)
    );
    for claim in &report.claims {
        text.push_str(&one(claim));
    }
    text
}

fn one(claim: &ClaimRow) -> String {
    let row = &claim.row;
    let mut text = format!(
        "\\par{{\\raggedright\\noindent\\textbf{{{}}} {}: {}",
        latex(&row.id),
        latex(&row.ruling.to_string()),
        statement(claim)
    );
    if let Some(witness) = &row.witness {
        text.push_str(&format!(" ({})", latex(witness)));
    }
    text.push_str(".\\par}\n");
    if let Some(erratum) = &claim.erratum {
        let (place, printed, correct) = (
            latex(&erratum.location),
            latex(&erratum.printed),
            latex(&erratum.correct),
        );
        text.push_str(&format!(
            "{{\\raggedright Printed ({place}): {printed}. Correct: {correct}.\\par}}\n"
        ));
    }
    if !claim.steps.is_empty() {
        text.push_str(&display(&block(&claim.steps)));
    }
    text
}

/// What is claimed: mathematics in the line or on lines of its own, or words.
fn statement(claim: &ClaimRow) -> String {
    let Some(Relation { members, sign }) = &claim.formula else {
        return format!("\\texttt{{{}}}", latex(&claim.row.clause));
    };
    let inline = members.join(&format!(" {sign} "));
    if signs(&inline) <= ROOM {
        return format!("\\({inline}\\)");
    }
    let mut rows = Vec::new();
    for (place, member) in members.iter().enumerate() {
        let front = if place == 0 {
            String::new()
        } else {
            format!("\\quad {sign} ")
        };
        rows.extend(indented(&front, &lines(member, ROOM)));
    }
    format!("\n{}", display(&rows).trim_end())
}

/// Rows of mathematics that may be set on several pages.
fn display(rows: &[String]) -> String {
    format!(
        "{{\\allowdisplaybreaks\\begin{{align*}}\n{}\n\\end{{align*}}}}\n",
        rows.join(" \\\\\n")
    )
}

/// The rows of one `align*`: an equation a row, or several rows for every equation if one is long.
fn block(steps: &[Equation]) -> Vec<String> {
    let widths = steps.iter().map(|step| (signs(&step.latex[0]), signs(&step.latex[1])));
    let left = widths.clone().map(|(left, _)| left).max().unwrap_or(0);
    let right = widths.map(|(_, right)| right).max().unwrap_or(0);
    let mut rows = Vec::new();
    for Equation { latex, .. } in steps {
        let [name, value] = latex;
        if left + right <= ROOM {
            rows.push(latex.join(" &= "));
        } else if left <= SHORT {
            let lines = lines(value, ROOM - left);
            let mut lines = lines.into_iter();
            rows.push(format!("{name} &= {}", lines.next().unwrap_or_default()));
            rows.extend(lines.map(|line| format!("&\\quad {line}")));
        } else {
            rows.extend(indented("", &lines(name, ROOM)));
            rows.extend(indented("\\quad = ", &lines(value, ROOM)));
        }
    }
    rows
}

/// Rows that begin at the left margin, the first of them with a sign in front.
fn indented(front: &str, lines: &[String]) -> Vec<String> {
    let rows = lines.iter().enumerate().map(|(place, line)| {
        let front = if place == 0 { front } else { "\\qquad " };
        format!("&{front}{line}")
    });
    rows.collect()
}

/// A formula in lines that fit, as far as it can be broken between its terms, or inside a long one.
fn lines(formula: &str, room: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for (place, (sign, term)) in terms(formula).into_iter().enumerate() {
        let sign = match (place, sign) {
            (0, '-') => "-",
            (0, _) => "",
            (_, '-') => " - ",
            _ => " + ",
        };
        let pieces = if signs(term) > room {
            opened(term).unwrap_or_else(|| factors(term))
        } else {
            vec![term.to_owned()]
        };
        for (number, piece) in pieces.into_iter().enumerate() {
            let piece = if number == 0 { format!("{sign}{piece}") } else { piece };
            match lines.last_mut() {
                Some(line) if signs(line) + signs(&piece) <= room => line.push_str(&piece),
                // The space around a sign at the start of a line is that of a sum.
                Some(_) => lines.push(format!("{{}}{piece}")),
                None => lines.push(piece),
            }
        }
    }
    lines
}

/// A term that ends with a sum in parentheses, in pieces: parentheses of a fixed size may be closed on another line.
fn opened(term: &str) -> Option<Vec<String>> {
    let body = term.strip_suffix("\\right)").or_else(|| term.strip_suffix(')'))?;
    let mut depth = 0_i32;
    let open = body.char_indices().rev().find(|(_, character)| {
        match character {
            ')' | '}' | ']' => depth = depth.saturating_add(1),
            '(' | '{' | '[' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth < 0
    });
    let (at, _) = open.filter(|(_, character)| *character == '(')?;
    let (front, inside) = (body.get(..at)?, body.get(at.saturating_add(1)..)?);
    let front = front.strip_suffix("\\left").unwrap_or(front);
    let parts = terms(inside);
    let last = parts.len().checked_sub(1).filter(|last| *last > 0)?;
    let pieces = parts.into_iter().enumerate().map(|(place, (sign, part))| {
        let front = match (place, sign) {
            (0, '-') => format!("{front}\\Bigl(-"),
            (0, _) => format!("{front}\\Bigl("),
            (_, sign) => format!(" {sign} "),
        };
        let end = if place == last { "\\Bigr)" } else { "" };
        format!("{front}{part}{end}")
    });
    Some(pieces.collect())
}

/// The factors of a product, each but the first with a sign in front where a line may be broken.
fn factors(term: &str) -> Vec<String> {
    let mut found = Vec::new();
    let (mut start, mut depth) = (0, 0_i32);
    for (at, character) in term.char_indices() {
        let rest = term.get(at..).unwrap_or_default();
        match character {
            '{' | '(' | '[' => depth = depth.saturating_add(1),
            '}' | ')' | ']' => depth = depth.saturating_sub(1),
            _ if rest.starts_with("\\langle") || rest.starts_with("\\lVert") => depth = depth.saturating_add(1),
            _ if rest.starts_with("\\rangle") || rest.starts_with("\\rVert") => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && at > start && rest.starts_with("\\,") {
            found.push(term.get(start..at).unwrap_or_default().to_owned());
            start = at;
        }
    }
    found.push(term.get(start..).unwrap_or_default().to_owned());
    found
}

/// About how many signs wide a formula is: a command counts as one, indices as half, braces not at all.
fn signs(formula: &str) -> usize {
    let mut halves = 0_usize;
    let (mut small, mut depth) = (None, 0_usize);
    let mut characters = formula.chars().peekable();
    while let Some(character) = characters.next() {
        let width: usize = match character {
            '\\' => {
                let mut word = String::new();
                while let Some(letter) = characters.next_if(|next| next.is_ascii_alphabetic()) {
                    word.push(letter);
                }
                match word.as_str() {
                    "left" | "right" | "quad" | "qquad" | "mathsf" | "mathrm" | "operatorname" | "dot" | "frac"
                    | "tfrac" => 0,
                    "" => {
                        characters.next();
                        1
                    }
                    "cdots" | "sum" => 4,
                    _ => 2,
                }
            }
            '{' => {
                depth += 1;
                0
            }
            '}' => {
                depth = depth.saturating_sub(1);
                if small.is_some_and(|start| depth <= start) {
                    small = None;
                }
                0
            }
            '^' | '_' => {
                if small.is_none() && characters.peek() == Some(&'{') {
                    small = Some(depth);
                }
                0
            }
            ' ' => 0,
            '+' | '-' | '=' if small.is_none() => 4,
            _ => 2,
        };
        halves += if small.is_some() { width.div_ceil(2) } else { width };
    }
    halves / 2
}
