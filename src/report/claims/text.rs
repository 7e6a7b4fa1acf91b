//! Claims as a page for a terminal.

use super::super::escape::terminal;
use super::super::page::{Page, shade};
use super::super::text::{Detail, Look};
use super::super::{Ruling, Summary};
use super::{ClaimReport, ClaimRow};
use comfy_table::{Attribute, Cell};

/// The claims of one file: a line each, and what went wrong.
pub fn render(report: &ClaimReport, look: Look) -> String {
    let mut page = Page::new(look);
    if !report.errors.is_empty() {
        return page.into_text();
    }
    if look.detail == Detail::Line {
        let (holds, all) = report.as_claimed();
        page.line(&format!("{}: {holds} of {all} claims as claimed", report.input.name));
        return page.into_text();
    }
    page.strong(&format!("{}: {}", report.id, report.title));
    if look.detail == Detail::Everything {
        for (values, reading) in &report.readings {
            page.paragraph("  ", &format!("{values} {reading}"));
        }
    }
    page.into_text()
}

/// One table of all claims of all files, then the details of those that are not as claimed.
pub fn table(reports: &[ClaimReport], look: Look) -> String {
    let mut page = Page::new(look);
    if look.detail == Detail::Line {
        return page.into_text();
    }
    let claims: Vec<&ClaimRow> = reports.iter().flat_map(|report| &report.claims).collect();
    let rows = groups(&claims, look.detail == Detail::Everything);
    let cells = rows.iter().map(|group| {
        let mut cells = vec![
            Cell::new(terminal(&group.id)),
            Cell::new(group.ruling).fg(shade(group.ruling)),
            Cell::new(terminal(&group.how)),
            Cell::new(time(group.seconds)),
        ];
        if !group.holds {
            cells = cells
                .into_iter()
                .map(|cell| cell.add_attribute(Attribute::Bold))
                .collect();
        }
        cells
    });
    let cells: Vec<Vec<Cell>> = cells.collect();
    if !cells.is_empty() {
        page.table(&["claim", "verdict", "how", "time"], &[0, 1, 3], cells);
    }
    for report in reports {
        for axiom in &report.axioms {
            page.paragraph(&format!("{} rests on {}: ", report.id, axiom.name), &axiom.statement);
        }
    }
    for claim in claims.iter().filter(|claim| !claim.holds()) {
        detail(&mut page, claim);
    }
    page.into_text()
}

/// The last line: how many claims there are, and how many are as their authors say.
pub fn total(reports: &[ClaimReport]) -> String {
    let summary = reports
        .iter()
        .map(ClaimReport::summary)
        .fold(Summary::default(), Summary::plus);
    let (holds, all) = reports
        .iter()
        .map(ClaimReport::as_claimed)
        .fold((0, 0), |(a, b), (c, d)| (a + c, b + d));
    let files = reports.len();
    let open = if summary.undecided > 0 {
        format!(", {} undecided", summary.undecided)
    } else {
        String::new()
    };
    let failed = if summary.failed > 0 {
        format!(", {} unusable", summary.failed)
    } else {
        String::new()
    };
    format!(
        "{all} {} in {files} {}: {} proved, {} refuted{open}{failed}; {holds} as claimed\n",
        if all == 1 { "claim" } else { "claims" },
        if files == 1 { "file" } else { "files" },
        summary.proved,
        summary.refuted,
    )
}

/// What is printed and false: where, what is true, the witness.
pub fn errata(reports: &[ClaimReport], look: Look) -> String {
    let mut page = Page::new(look);
    for report in reports {
        for claim in &report.claims {
            let Some(erratum) = &claim.erratum else { continue };
            page.strong(&format!("{} ({}) {}", claim.row.id, erratum.class, claim.row.ruling));
            page.paragraph("  where    ", &erratum.location);
            page.paragraph("  printed  ", &erratum.printed);
            page.paragraph("  correct  ", &erratum.correct);
            if let Some(witness) = &claim.row.witness {
                page.paragraph("  witness  ", witness);
            }
        }
    }
    page.into_text()
}

/// One entry in full: statement, derivation, evidence, erratum of every claim.
pub fn explain(report: &ClaimReport, look: Look) -> String {
    let mut page = Page::new(look);
    page.strong(&format!("{}: {}", report.id, report.title));
    if let Some(source) = &report.source {
        page.paragraph("  ", source);
    }
    if let Some(why) = &report.why {
        page.paragraph("  ", why);
    }
    // Repeated theories differ in a number; the first one shows what they are about.
    if let Some((values, reading)) = report.readings.first() {
        page.line("");
        for (number, part) in reading.split("; ").enumerate() {
            let mark = if number == 0 { "where  " } else { "       " };
            page.paragraph(mark, part);
        }
        if report.readings.len() > 1 {
            let last = report.readings.last().map_or("", |(values, _)| values);
            page.line(&format!("       and so on from {values} to {last}"));
        }
    }
    for axiom in &report.axioms {
        page.line("");
        page.paragraph(&format!("rests on {}: ", axiom.name), &axiom.statement);
        for demand in &axiom.requires {
            page.paragraph("  to discharge: ", demand);
        }
    }
    for claim in &report.claims {
        page.line("");
        detail(&mut page, claim);
    }
    page.into_text()
}

/// A claim in full.
fn detail(page: &mut Page, claim: &ClaimRow) {
    let row = &claim.row;
    page.strong(&format!("{}  {}", row.id, row.ruling));
    page.paragraph("  claim    ", &row.clause);
    if let Some(why) = &claim.why {
        page.paragraph("  because  ", why);
    }
    for (number, step) in claim.steps.iter().enumerate() {
        let mark = if number == 0 { "  derived  " } else { "           " };
        let [left, right] = &step.text;
        page.paragraph(mark, &format!("{left} = {right}"));
    }
    if !claim.how.is_empty() {
        // Times differ from run to run; an explanation does not.
        page.paragraph("  how      ", &claim.how);
    }
    if let Some(witness) = &row.witness {
        page.paragraph("  witness  ", witness);
    }
    for instance in &claim.instances {
        page.paragraph("  again    ", &format!("{} {}", instance.ruling, instance.clause));
    }
    if let Some(erratum) = &claim.erratum {
        page.paragraph("  printed  ", &format!("{} ({})", erratum.printed, erratum.location));
        page.paragraph("  correct  ", &erratum.correct);
    }
    if let Some(obstacle) = &row.obstacle {
        page.paragraph("  open     ", &obstacle.reason);
    }
    if !claim.as_expected {
        let expected = if claim.refuted { "refuted" } else { "proved" };
        page.paragraph("  but      ", &format!("the file says that it is {expected}"));
    }
}

/// Claims that differ only in literal values and came out the same way, as one line.
struct Group {
    id: String,
    ruling: Ruling,
    how: String,
    seconds: f64,
    holds: bool,
}

fn groups(claims: &[&ClaimRow], separate: bool) -> Vec<Group> {
    let mut groups: Vec<(String, usize, Group)> = Vec::new();
    for claim in claims {
        let id = &claim.row.id;
        let base = id.split('[').next().unwrap_or(id).to_owned();
        let again = if claim.instances.is_empty() {
            ""
        } else {
            " + entry by entry"
        };
        let how = format!("{}{again}", claim.how);
        let same = groups.iter_mut().find(|(name, _, group)| {
            !separate
                && *name == base
                && group.ruling == claim.row.ruling
                && group.how == how
                && group.holds == claim.holds()
        });
        match same {
            Some((_, count, group)) => {
                *count += 1;
                group.seconds += claim.kernel_seconds;
            }
            None => {
                let group = Group {
                    id: id.clone(),
                    ruling: claim.row.ruling,
                    how,
                    seconds: claim.kernel_seconds,
                    holds: claim.holds(),
                };
                groups.push((base, 1, group));
            }
        }
    }
    let named = groups.into_iter().map(|(base, count, group)| Group {
        id: if count > 1 {
            format!("{base} ({count} values)")
        } else {
            group.id.clone()
        },
        ..group
    });
    named.collect()
}

/// A time with three figures.
fn time(seconds: f64) -> String {
    if seconds < 0.000_1 {
        format!("{:.0} us", seconds * 1e6)
    } else if seconds < 0.1 {
        format!("{:.1} ms", seconds * 1e3)
    } else {
        format!("{seconds:.2} s")
    }
}
