//! The report as LaTeX: tables to `\input` into a document, without any package but `amsmath` for what was derived.

use super::escape::latex;
use super::{Report, Row, saddles};

/// The verdicts and the theorems, a `tabular` each.
pub fn render(report: &Report) -> String {
    if !report.errors.is_empty() {
        return String::new();
    }
    let mut text = String::from("% written by foliate\n");
    if let Some(reading) = &report.reading {
        text.push_str(&format!("\\par\\noindent\\texttt{{{}}}\\par\n", latex(reading)));
    }
    let rows = report
        .rows
        .iter()
        .map(|row| vec![latex(&row.id), latex(&row.ruling.to_string()), latex(&why(row))]);
    text.push_str(&tabular(
        "lp{0.17\\linewidth}p{0.4\\linewidth}",
        &[
            match report.command {
                "prove" | "flow" | "saddles" => "Claim",
                _ => "Hypothesis",
            },
            "Verdict",
            "Why",
        ],
        rows,
    ));
    if !report.saddles.is_empty() {
        let rows = saddles::rows(&report.saddles).map(|cells| cells.iter().map(|cell| latex(cell)).collect());
        let titles = saddles::TITLES.map(latex);
        let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
        text.push_str("\\par\\medskip\\noindent\n");
        text.push_str(&tabular(
            "llp{0.2\\linewidth}p{0.2\\linewidth}llp{0.2\\linewidth}",
            &titles,
            rows,
        ));
    }
    if !report.derived.is_empty() {
        let lines: Vec<String> = report
            .derived
            .iter()
            .map(|equation| {
                equation
                    .latex
                    .join(if equation.is_label { " &\\colon " } else { " &= " })
            })
            .collect();
        text.push_str("% needs \\usepackage{amsmath}\n\\begin{align*}\n");
        text.push_str(&lines.join(" \\\\\n"));
        text.push_str("\n\\end{align*}\n");
    }
    if !report.theorems.is_empty() {
        let rows = report.theorems.iter().map(|row| {
            let name = latex(&format!("{}: {}", row.id, row.title));
            vec![
                name,
                latex(&row.applies.to_string()),
                latex(&row.missing.join(", ")),
                latex(&row.rests_on.join(", ")),
            ]
        });
        let columns = "p{0.35\\linewidth}lp{0.2\\linewidth}p{0.2\\linewidth}";
        text.push_str("\\par\\medskip\\noindent\n");
        text.push_str(&tabular(columns, &["Theorem", "Applies", "Missing", "Rests on"], rows));
    }
    text
}

fn why(row: &Row) -> String {
    if row.rests_on.is_empty() {
        return row.clause.clone();
    }
    format!("{} (rests on {})", row.clause, row.rests_on.join(", "))
}

/// A table of cells that are already LaTeX.
fn tabular(columns: &str, header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut text = format!(
        "\\begin{{tabular}}{{{columns}}}\n\\hline\n{} \\\\\n\\hline\n",
        header.join(" & ")
    );
    for row in rows {
        // A bracket behind a line break would be read as its argument.
        text.push_str(&format!("{{}}{} \\\\\n", row.join(" & ")));
    }
    text.push_str("\\hline\n\\end{tabular}\n");
    text
}
