//! Reads the texts a command is given: files, standard input, a cost on the command line.

use crate::problem::{Diagnostic, DiagnosticKind, MatrixCost, ScalarCost, Source, Span};
use crate::syntax::{TEXT, inline_cost, inline_matrix_cost, is_matrix_cost, parse_cost_file, parse_matrix_cost};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;
use std::path::{Path, PathBuf};
use toml::de::DeTable;

/// A text that cannot be used, and everything that is wrong with it.
pub(super) type Mistakes = (Source, Vec<Diagnostic>);

/// A cost of a number or of a matrix.
pub(super) enum AnyCost {
    Scalar(Box<ScalarCost>),
    Matrix(Box<MatrixCost>),
}

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

    /// Reads the cost, with some of its constants replaced; `shape` is that of a matrix on the command line.
    pub(super) fn read_with(
        &self,
        settings: &[(String, String)],
        shape: Option<[u16; 2]>,
    ) -> Result<AnyCost, Mistakes> {
        let name = self.name();
        let bytes = match self {
            Origin::Inline { cost, domain } if settings.is_empty() && shape.is_none() => {
                return inline_cost(cost, domain.as_deref()).map(|cost| AnyCost::Scalar(Box::new(cost)));
            }
            Origin::Inline { cost, domain } => inline_text(cost, domain.as_deref(), settings, shape).into_bytes(),
            Origin::StandardInput | Origin::File(_) => self.bytes()?,
        };
        if settings.is_empty() {
            return parse_any(&name, &bytes);
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
                parse_any(&name, replaced(&name, text, settings)?.as_bytes())
            }
            _ => parse_any(&name, &bytes),
        }
    }
}

impl Origin {
    /// The meaning of a word that is a file or else a cost.
    pub(super) fn of_cost(word: &str) -> Self {
        let path = Path::new(word);
        if word == "-" || path.exists() || path.extension().is_some_and(|extension| extension == "toml") {
            return Origin::of_argument(path.to_owned());
        }
        Origin::Inline {
            cost: word.to_owned(),
            domain: None,
        }
    }

    /// Whether it is a formula of the command line that mentions the matrix `W`.
    pub(super) fn is_inline_matrix(&self) -> bool {
        let is_part = |character: char| character.is_alphanumeric() || character == '_';
        match self {
            Origin::Inline { cost, .. } => cost.split(|character| !is_part(character)).any(|word| word == "W"),
            Origin::File(_) | Origin::StandardInput => false,
        }
    }

    /// Reads a cost of a number or of a matrix; `size` is that of a matrix on the command line.
    pub(super) fn read_any(&self, size: Option<u16>) -> Result<AnyCost, Mistakes> {
        match (self, size) {
            (Origin::Inline { cost, .. }, Some(size)) if self.is_inline_matrix() => {
                inline_matrix_cost(cost, size).map(|cost| AnyCost::Matrix(Box::new(cost)))
            }
            (Origin::Inline { cost, domain }, _) => {
                inline_cost(cost, domain.as_deref()).map(|cost| AnyCost::Scalar(Box::new(cost)))
            }
            (Origin::File(_) | Origin::StandardInput, _) => parse_any(&self.name(), &self.bytes()?),
        }
    }

    /// The bytes of a file or of standard input.
    fn bytes(&self) -> Result<Vec<u8>, Mistakes> {
        let bytes = match self {
            Origin::StandardInput => limited(io::stdin().lock(), TEXT),
            Origin::File(path) => File::open(path).and_then(|file| limited(file, TEXT)),
            Origin::Inline { cost, .. } => Ok(cost.clone().into_bytes()),
        };
        bytes.map_err(|error| unreadable(&self.name(), &error))
    }
}

/// A cost file of either kind.
fn parse_any(name: &str, bytes: &[u8]) -> Result<AnyCost, Mistakes> {
    if is_matrix_cost(bytes) {
        parse_matrix_cost(name, bytes).map(|cost| AnyCost::Matrix(Box::new(cost)))
    } else {
        parse_cost_file(name, bytes).map(|cost| AnyCost::Scalar(Box::new(cost)))
    }
}

/// The bytes of a file that is small enough to be a text.
pub(super) fn bytes(path: &Path) -> Result<Vec<u8>, Mistakes> {
    Origin::File(path.to_owned()).bytes()
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
fn inline_text(cost: &str, domain: Option<&str>, settings: &[(String, String)], shape: Option<[u16; 2]>) -> String {
    let line = |key: &str, value: &str| format!("{key} = {}\n", toml::Value::from(value));
    let mut text = String::new();
    if let Some([rows, columns]) = shape {
        text.push_str(&format!("kind = \"matrix\"\nn = {rows}\nm = {columns}\n"));
    }
    text.push_str(&line("cost", cost));
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

/// The claim files a path stands for: itself, or all below a directory, in the order of their names.
///
/// In a directory, TOML files that state a cost or a flow are left alone. Errors: a sentence.
pub(super) fn claim_files(path: &Path) -> Result<Vec<PathBuf>, String> {
    let complaint = |path: &Path, error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    let mut folders = vec![path.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).map_err(|error| complaint(&folder, &error))? {
            let entry = entry.map_err(|error| complaint(&folder, &error))?;
            let kind = entry.file_type().map_err(|error| complaint(&folder, &error))?;
            let place = entry.path();
            if kind.is_dir() {
                folders.push(place);
            } else if place.extension().is_some_and(|extension| extension == "toml") && !is_of_another_kind(&place) {
                files.push(place);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Whether a file has a key at its top that only cost files and flow files have; a file that cannot be read is for
/// others to complain about.
fn is_of_another_kind(path: &Path) -> bool {
    let text = File::open(path).and_then(|file| limited(file, TEXT));
    let text = text
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .unwrap_or_default();
    let (document, _) = DeTable::parse_recoverable(&text);
    ["cost", "start"]
        .iter()
        .any(|key| document.get_ref().contains_key(*key))
}
