//! The command line as it is written, close to the text.

use clap::{Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

const EXIT_CODES: &str = "\
Exit codes:
  0  everything asked was proved (questions that do not apply are fine)
  1  something was refuted, or a certificate was rejected
  2  the input or the usage is wrong
  3  nothing was refuted, but something is undecided";

const CHECK_EXAMPLES: &str = "\
Examples:
  foliate check --cost '(1-w)^2'
  foliate check --cost 'w - log(w)' --domain '(0, inf)'
  foliate check lqr.toml --set a=-1 --certificate lqr.cert.json
  foliate check proofs/costs/*.toml --expect --quiet
  generate | foliate check - --format json

A cost file is TOML:
  cost = \"(q + r*w^2)/(2*(b*w - a))\"
  domain = \"(a/b, inf)\"
  [parameters]
  a = 1
  b = 3
  q = 1
  r = \"1/2\"

Exit codes: 0 all proved, 1 something refuted, 2 wrong input or usage, 3 something undecided.
With --expect: 0 as expected, 1 a verdict contradicts, 2 wrong input, 3 something expected is undecided.";

const PROVE_EXAMPLES: &str = "\
Examples:
  foliate prove --activation 'w/sqrt(1+w^2)'
  foliate prove --activation 'tanh(w)' --cost '(1-w)^2'
  foliate prove --activation 'sin(w)' --domain '(-3/2, 3/2)'

Exit codes: 0 all proved, 1 something refuted, 2 wrong input or usage, 3 something undecided.";

const VERIFY_EXAMPLES: &str = "\
Examples:
  foliate verify lqr.cert.json
  foliate verify certificates/*.json --format json
  foliate verify lqr.cert.json --input lqr.toml

Only the kernel judges; nothing that searched for the proof is run.

Exit codes: 0 all accepted, 1 something rejected, 2 unreadable or not a certificate.";

/// A referee for mathematics about gradient flows: proves or refutes, with certificates that a small kernel re-checks.
#[derive(Debug, Parser)]
#[command(name = "foliate", version, after_help = EXIT_CODES, propagate_version = true)]
pub(super) struct Args {
    #[command(flatten)]
    pub look: LookArgs,
    #[command(subcommand)]
    pub command: Command,
}

/// How to show the answers.
#[derive(Debug, clap::Args)]
pub(super) struct LookArgs {
    /// How to write the report on standard output
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Say only a line per input, and nothing about progress
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Also say what was tried without success, and the times
    #[arg(long, short, global = true)]
    pub verbose: bool,
    /// When to colour (NO_COLOR is respected)
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = When::Auto)]
    pub color: When,
}

/// A view of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// A page for people
    Text,
    /// One document, schema foliate/1
    Json,
    /// Tables to include in a paper
    Latex,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum When {
    /// On a terminal
    Auto,
    /// Even into a file
    Always,
    /// Not at all
    Never,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Decide the hypotheses of a cost, and say which theorems apply
    #[command(after_help = CHECK_EXAMPLES)]
    Check(CheckArgs),
    /// Derive what is conserved along the gradient flow of one activated neuron
    #[command(after_help = PROVE_EXAMPLES)]
    Prove(ProveArgs),
    /// Re-check certificates with the kernel alone
    #[command(after_help = VERIFY_EXAMPLES)]
    Verify(VerifyArgs),
}

/// The arguments of `check`.
#[derive(Debug, clap::Args)]
pub(super) struct CheckArgs {
    /// Cost files; `-` is standard input
    #[arg(value_name = "FILE", required_unless_present = "cost", conflicts_with = "cost")]
    pub files: Vec<PathBuf>,
    /// A cost in place of a file
    #[arg(long, value_name = "EXPR", allow_hyphen_values = true)]
    pub cost: Option<String>,
    /// The open interval on which to study it, the real line if not given
    #[arg(long, value_name = "DOMAIN", allow_hyphen_values = true)]
    pub domain: Option<String>,
    /// Give a constant or parameter another value
    #[arg(long, value_name = "NAME=VALUE", value_parser = setting)]
    pub set: Vec<(String, String)>,
    /// Where to write the certificate; a directory if there are several inputs
    #[arg(long, value_name = "FILE")]
    pub certificate: Option<PathBuf>,
    /// The working precision
    #[arg(long, value_name = "BITS", default_value_t = 256)]
    pub precision: u32,
    /// How long to search, per cost
    #[arg(long, value_name = "SECONDS", default_value_t = 60.0)]
    pub timeout: f64,
    /// The largest number of boxes of one search
    #[arg(long, value_name = "N", default_value_t = 20_000)]
    pub subdivisions: usize,
    /// Compare the verdicts with the [truth] table of each file
    #[arg(long, conflicts_with = "cost")]
    pub expect: bool,
}

/// The arguments of `prove`.
#[derive(Debug, clap::Args)]
pub(super) struct ProveArgs {
    /// The activation sigma of f(w2*sigma(w1)), an expression in w
    #[arg(long, value_name = "EXPR", allow_hyphen_values = true, required = true)]
    pub activation: String,
    /// The open interval on which to study it, the real line if not given
    #[arg(long, value_name = "DOMAIN", allow_hyphen_values = true)]
    pub domain: Option<String>,
    /// A particular outer cost f, an expression in w; without it the answers are for every f
    #[arg(long, value_name = "EXPR", allow_hyphen_values = true)]
    pub cost: Option<String>,
    /// Where to write the certificate
    #[arg(long, value_name = "FILE")]
    pub certificate: Option<PathBuf>,
    /// The working precision
    #[arg(long, value_name = "BITS", default_value_t = 256)]
    pub precision: u32,
    /// How long to search
    #[arg(long, value_name = "SECONDS", default_value_t = 60.0)]
    pub timeout: f64,
    /// The largest number of boxes of one search
    #[arg(long, value_name = "N", default_value_t = 20_000)]
    pub subdivisions: usize,
}

/// The arguments of `verify`.
#[derive(Debug, clap::Args)]
pub(super) struct VerifyArgs {
    /// Certificates written by `foliate check --certificate`
    #[arg(value_name = "CERT.json", required = true)]
    pub files: Vec<PathBuf>,
    /// The file they must have been made for
    #[arg(long, value_name = "FILE")]
    pub input: Option<PathBuf>,
    /// Reject what rests on this theorem of the literature
    #[arg(long, value_name = "NAME")]
    pub refuse: Vec<String>,
}

/// Splits `NAME=VALUE`.
fn setting(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE, such as a=1/3")?;
    let (name, value) = (name.trim(), value.trim());
    let plain = |character: char| character.is_alphanumeric() || character == '_';
    if name.is_empty() || !name.chars().all(plain) {
        return Err("the name must consist of letters, digits and underscores".to_owned());
    }
    if value.is_empty() {
        return Err("the value is missing".to_owned());
    }
    Ok((name.to_owned(), value.to_owned()))
}
