//! What every claim may say beside its statement.

use super::super::advice;
use super::statements::STATEMENTS;
use super::{Reader, Value, in_order};
use crate::problem::claim_file::{Claim, Claimed, Erratum};
use crate::problem::{ClaimMistake, Diagnostic, Span};
use std::collections::BTreeMap;
use toml::de::DeTable;

/// The keys of every claim.
const COMMON: [&str; 9] = [
    "name", "why", "each", "refuted", "instance", "steps", "witness", "erratum", "written",
];
/// The keys of an erratum.
const ERRATUM_KEYS: [&str; 4] = ["class", "where", "printed", "correct"];

impl<'text> Reader<'text> {
    /// All claims of the file.
    pub(super) fn claims(&mut self, table: &DeTable<'text>) -> Vec<Claim> {
        let items = self.items(table, "claim");
        let claims: Vec<Claim> = items.iter().filter_map(|item| self.claim(item)).collect();
        let mut names: BTreeMap<&str, Span> = BTreeMap::new();
        for claim in &claims {
            let name = claim.name.as_ref().map_or("", |name| name.value.as_str());
            let span = claim.name.as_ref().map_or(claim.span, |name| name.span);
            if let Some(first) = names.insert(name, span) {
                let kind = ClaimMistake::DuplicateClaim { name: name.to_owned() };
                let diagnostic = Diagnostic::at(kind.into(), span, "again here").with_label(first, "here");
                self.diagnostics
                    .push(diagnostic.with_help("give one of them a name of its own: name = \"...\""));
            }
        }
        claims
    }

    /// One claim; `None` only with a diagnostic.
    fn claim(&mut self, item: &Value<'text>) -> Option<Claim> {
        let table = self.table("claim", item)?;
        let span = Span::from(item.span());
        let known: Vec<&'static str> = STATEMENTS.into_iter().chain(COMMON).collect();
        self.check_keys(table, "a claim", &known);
        let name = self.string(table, "name");
        let why = self.string(table, "why").map(|why| why.value);
        let each = self.quantities(table, "each");
        let refuted = self.flag(table, "refuted");
        let instances = self.several_assigned(table, "instance");
        let steps = self.formulas(table, "steps");
        let witness = self.assigned(table, "witness");
        let erratum = self.erratum(table);
        for key in ["witness", "erratum"] {
            if let (false, Some((_, place, _))) = (refuted, in_order(table).into_iter().find(|entry| entry.0 == key)) {
                let with = "a claim with refuted = true";
                self.mistake(ClaimMistake::OnlyWith { key, with }, place);
            }
        }
        let statement = self.only_statement(table, span)?;
        Some(Claim {
            span,
            name,
            why,
            each,
            refuted,
            instances,
            steps: steps?,
            witness,
            erratum,
            statement,
        })
    }

    /// The one statement of a claim.
    fn only_statement(&mut self, table: &DeTable<'text>, span: Span) -> Option<Claimed> {
        let entries = in_order(table);
        let mut statements = entries.iter().filter(|(key, ..)| STATEMENTS.contains(key));
        let Some((key, place, value)) = statements.next() else {
            // A misspelt key has been reported with what was probably meant.
            let misspelt = |key: &str| !COMMON.contains(&key) && advice::nearest(key, STATEMENTS.into_iter()).is_some();
            if !entries.iter().any(|(key, ..)| misspelt(key)) {
                let help = format!("add one of {}", STATEMENTS.join(", "));
                let diagnostic = Diagnostic::at(ClaimMistake::NoStatement.into(), span, "");
                self.diagnostics.push(diagnostic.with_help(help));
            }
            return None;
        };
        if let Some((second, other, _)) = statements.next() {
            let (first, second) = ((*key).to_owned(), (*second).to_owned());
            let kind = ClaimMistake::SeveralStatements { first, second };
            let diagnostic = Diagnostic::at(kind.into(), *other, "").with_label(*place, "");
            self.diagnostics
                .push(diagnostic.with_help("write a second [[claim]] with a name of its own"));
        }
        self.statement(key, value, table)
    }

    /// What a refuted claim is about.
    fn erratum(&mut self, table: &DeTable<'text>) -> Option<Erratum> {
        let value = table.get("erratum")?;
        let inner = self.table("erratum", value)?;
        self.check_keys(inner, "an erratum", &ERRATUM_KEYS);
        let mut texts = ERRATUM_KEYS.map(|key| {
            if !inner.contains_key(key) {
                let place = "an erratum";
                self.mistake(ClaimMistake::MissingKey { place, key }, value.span().into());
            }
            self.string(inner, key).map(|text| text.value).unwrap_or_default()
        });
        let [class, location, printed, correct] = texts.each_mut().map(std::mem::take);
        Some(Erratum {
            class,
            location,
            printed,
            correct,
        })
    }
}
