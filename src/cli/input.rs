//! Reads the texts a command is given: files, standard input, a cost on the command line.

use crate::problem::{Diagnostic, DiagnosticKind, ScalarCost, Source, Span};
use crate::syntax::{TEXT, inline_cost, parse_cost_file};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;
use std::path::{Path, PathBuf};
use toml::de::DeTable;

/// A text that cannot be used, and everything that is wrong with it.
pub(super) type Mistakes = (Source, Vec<Diagnostic>);

/// Where a cost comes from.
#[derive(Clone, Debug)]
pub(super) enum Origin {
    File(PathBuf),
    StandardInput,
    Inline { cost: String, domain: Option<String> },
}

impl Origin {
    /// The meaning of a word of the command line: `-` is standard input.
    pub(super) fn of_argument(path: PathBuf) -> Self {
        if path.as_os_str() == "-" {
            Origin::StandardInput
        } else {
            Origin::File(path)
        }
    }

    /// How the user knows it.
    pub(super) fn name(&self) -> String {
        match self {
            Origin::File(path) => path.display().to_string(),
            Origin::StandardInput => "standard input".to_owned(),
            Origin::Inline { .. } => "command line".to_owned(),
        }
    }

    /// A name for files that are made from it.
    pub(super) fn stem(&self) -> String {
        match self {
            Origin::File(path) => path
                .file_stem()
                .unwrap_or(path.as_os_str())
                .to_string_lossy()
                .into_owned(),
            Origin::StandardInput => "standard-input".to_owned(),
            Origin::Inline { .. } => "command-line".to_owned(),
        }
    }

    /// Reads the cost, with some of its constants replaced.
    pub(super) fn read(&self, settings: &[(String, String)]) -> Result<ScalarCost, Mistakes> {
        let name = self.name();
        let bytes = match self {
            Origin::Inline { cost, domain } if settings.is_empty() => return inline_cost(cost, domain.as_deref()),
            Origin::Inline { cost, domain } => inline_text(cost, domain.as_deref(), settings).into_bytes(),
            Origin::StandardInput => limited(io::stdin().lock(), TEXT).map_err(|error| unreadable(&name, &error))?,
            Origin::File(path) => {
                let open = File::open(path).and_then(|file| limited(file, TEXT));
                open.map_err(|error| unreadable(&name, &error))?
            }
        };
        if settings.is_empty() {
            return parse_cost_file(&name, &bytes);
        }
        let shown = settings
            .iter()
            .map(|(name, value)| format!("{name} = {value}"))
            .collect::<Vec<_>>()
            .join(", ");
        // Under its own name, so that nobody takes the certificate for one about the file as it stands.
        let name = format!("{name} with {shown}");
        match (self, std::str::from_utf8(&bytes)) {
            (Origin::File(_) | Origin::StandardInput, Ok(text)) => {
                parse_cost_file(&name, replaced(&name, text, settings)?.as_bytes())
            }
            _ => parse_cost_file(&name, &bytes),
        }
    }
}

/// The SHA-256 of a file in lower-case hexadecimal.
pub(super) fn digest(path: &Path) -> io::Result<String> {
    let bytes = limited(File::open(path)?, TEXT)?;
    if bytes.len() > TEXT {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "too long for a cost file"));
    }
    Ok(Sha256::digest(&bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}

/// All bytes up to a limit, and one more if there are more.
pub(super) fn limited(reader: impl Read, limit: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    reader.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn unreadable(name: &str, error: &io::Error) -> Mistakes {
    let kind = match error.kind() {
        io::ErrorKind::IsADirectory => DiagnosticKind::IsDirectory,
        _ => DiagnosticKind::Unreadable {
            reason: error.to_string(),
        },
    };
    let source = Source {
        name: name.to_owned(),
        text: String::new(),
    };
    (source, vec![Diagnostic::new(kind)])
}

/// The cost file that says the same as the command line.
fn inline_text(cost: &str, domain: Option<&str>, settings: &[(String, String)]) -> String {
    let line = |key: &str, value: &str| format!("{key} = {}\n", toml::Value::from(value));
    let mut text = line("cost", cost);
    if let Some(domain) = domain {
        text.push_str(&line("domain", domain));
    }
    text.push_str("[parameters]\n");
    for (name, value) in settings {
        text.push_str(&line(&toml::Value::from(name.as_str()).to_string(), value));
    }
    text
}

/// The text with the values of constants and parameters replaced where they stand.
///
/// A text that is not TOML is left alone: reading it will say so.
fn replaced(source: &str, text: &str, settings: &[(String, String)]) -> Result<String, Mistakes> {
    let mut text = text.to_owned();
    for (name, value) in settings {
        match place_of(&text, name) {
            Err(()) => return Ok(text),
            Ok(Some(place)) => text.replace_range(place, &toml::Value::from(value.as_str()).to_string()),
            Ok(None) => {
                let kind = DiagnosticKind::UnknownName {
                    name: name.clone(),
                    suggestion: None,
                };
                let diagnostic = Diagnostic::at(kind, Span::from(0..0), "set on the command line");
                let diagnostic = diagnostic.with_help("only names of [constants] and [parameters] can be set");
                return Err((
                    Source {
                        name: source.to_owned(),
                        text,
                    },
                    vec![diagnostic],
                ));
            }
        }
    }
    Ok(text)
}

/// Where the value of a constant or parameter stands.
fn place_of(text: &str, name: &str) -> Result<Option<Range<usize>>, ()> {
    let document = DeTable::parse(text).map_err(|_| ())?;
    let tables = ["parameters", "constants"]
        .into_iter()
        .filter_map(|key| document.get_ref().get(key));
    let mut values = tables.filter_map(|table| table.get_ref().as_table()?.get(name));
    Ok(values.next().map(|value| value.span()))
}
