//! Claims as LaTeX: a paragraph for each, with an `align*` of what was derived. Needs `amsmath`.

use super::super::escape::latex;
use super::{ClaimReport, ClaimRow};

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
        "\\par\\noindent\\textbf{{{}}} {}: ",
        latex(&row.id),
        latex(&row.ruling.to_string())
    );
    text.push_str(&format!("\\texttt{{{}}}", latex(&row.clause)));
    if let Some(witness) = &row.witness {
        text.push_str(&format!(" ({})", latex(witness)));
    }
    text.push_str(".\n");
    if let Some(erratum) = &claim.erratum {
        let (place, printed, correct) = (
            latex(&erratum.location),
            latex(&erratum.printed),
            latex(&erratum.correct),
        );
        text.push_str(&format!("\\par Printed ({place}): {printed}. Correct: {correct}.\n"));
    }
    if !claim.steps.is_empty() {
        let lines: Vec<String> = claim.steps.iter().map(|step| step.latex.join(" &= ")).collect();
        text.push_str(&format!(
            "\\begin{{align*}}\n{}\n\\end{{align*}}\n",
            lines.join(" \\\\\n")
        ));
    }
    text
}
