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
  foliate check --cost 'norm2(W) - logdet(W)' --matrix 2 --domain 'det(W) > 0'
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
  foliate prove                                          every claim file under proofs/
  foliate prove lemma.toml --instance N=4,n=3,k=5        also entry by entry at these sizes
  foliate prove --errata                                 what is printed and false, and what is true
  foliate prove --cost 'w - log(w)' --depth 2 --width 3
  foliate prove --cost 'tr(W) - logdet(W)' --widths 2,3,3,2 --format latex
  foliate prove --activation 'w/sqrt(1+w^2)'
  foliate prove --activation 'tanh(w)' --domain '(-3, 3)' --cost '(1-w)^2'
  foliate prove --product 2 --imbalances 1/2,1           how large the layers can be

proofs/README.md describes claim files.
With --cost the network is W = W_N ... W_1 with W_i of d_i rows and d_(i-1) columns,
and its flow is the steepest descent of f(W); with --width k the hidden layers have k rows.
With --activation the flow is that of f(w2*sigma(w1)).

Exit codes:
  0  all proved; of claim files: all as claimed
  1  something refuted; of claim files: something decided otherwise than claimed
  2  wrong input or usage
  3  something undecided";

const FLOW_EXAMPLES: &str = "\
Examples:
  foliate flow proofs/flows/sigmoid-point.toml
  foliate flow run.toml --certificate run.cert.json --csv run.csv --pictures pictures
  foliate flow long.toml --resume long.cert.json         keeps what is found; goes on after an interruption
  foliate flow one.toml --compare other.toml             of two starts, which cost is smaller for ever
  foliate flow --figure3 figure.svg                      the phase portraits of the paper

A flow file is TOML:
  cost = \"(1-w)^2\"
  [network]
  kind = \"activation\"
  sigma = \"w/sqrt(1+w^2)\"
  [start]
  w1 = \"1/2\"
  w2 = \"-1/5\"
  [run]
  horizon = 10
  precision = 128
docs/flow-file.md describes all of it.

Exit codes: 0 all proved, 1 something refuted, 2 wrong input or usage, 3 something undecided.";

const SADDLES_EXAMPLES: &str = "\
Examples:
  foliate saddles fit.toml --depth 2 --width 3
  foliate saddles fit.toml --depth 3 --width 2 --picture values.svg --certificate fit.cert.json
  foliate saddles fit.toml --widths 4,3                  three layers, the hidden ones with 4 and 3 rows
  foliate saddles fit.toml --depth 2 --width 3 --point here.toml

A cost file of a matrix W is TOML:
  kind = \"matrix\"
  n = 2
  cost = \"norm2(W - Y)\"
  [constants]
  Y = [[2, 0], [0, 1]]
A point is TOML too: W1 = [[...], ...], W2 = ..., with exact numbers.
A claim strict_3 is about point 3 of the table; REFUTED means that it is shown to be no strict saddle.

Exit codes: 0 all proved, 1 something refuted, 2 wrong input or usage, 3 something undecided.";

const EXPLAIN_EXAMPLES: &str = "\
Examples:
  foliate explain A.prop8
  foliate explain A.lem12 --format latex
  foliate explain mine.balance lemmas/

Exit codes: as for prove; 2 if there is no such claim.";

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
    /// Run claim files; or derive the flow of a cost, or the invariant of an activation
    #[command(after_help = PROVE_EXAMPLES)]
    Prove(ProveArgs),
    /// Enclose a gradient flow, and prove where it goes
    #[command(after_help = FLOW_EXAMPLES)]
    Flow(FlowArgs),
    /// Find and certify critical points of f(W_N ... W_1) that are not critical for f
    #[command(after_help = SADDLES_EXAMPLES)]
    Saddles(SaddlesArgs),
    /// Show a claim with its derivation, its evidence and its erratum
    #[command(after_help = EXPLAIN_EXAMPLES)]
    Explain(ExplainArgs),
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
    /// The cost on the command line is one of a matrix W of this shape, such as 2 or 2x3
    #[arg(long, value_name = "SHAPE", requires = "cost", value_parser = shape)]
    pub matrix: Option<[u16; 2]>,
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
    /// Claim files, or directories with claim files; `proofs` if nothing is asked for
    #[arg(value_name = "PATH", conflicts_with_all = ["cost", "activation", "product"])]
    pub paths: Vec<PathBuf>,
    /// Only what is printed and false: where, what is true, the witness
    #[arg(long, conflicts_with_all = ["cost", "activation", "product"])]
    pub errata: bool,
    /// Prove equations a second time, entry by entry, at these sizes, such as N=4,n=3,k=5
    #[arg(long, value_name = "SIZES", conflicts_with_all = ["cost", "activation", "product"])]
    pub instance: Option<String>,
    /// A cost file, or a cost; with --activation, the outer cost f as an expression in w
    #[arg(long, value_name = "FILE|EXPR", allow_hyphen_values = true)]
    pub cost: Option<String>,
    /// The number of layers, at least 2
    #[arg(long, value_name = "N", requires = "cost", conflicts_with = "widths")]
    pub depth: Option<u16>,
    /// The width of the hidden layers
    #[arg(long, value_name = "K", requires = "cost", conflicts_with = "widths")]
    pub width: Option<u16>,
    /// All widths d_0,...,d_N in place of depth and width
    #[arg(long, value_name = "LIST", value_delimiter = ',', requires = "cost")]
    pub widths: Option<Vec<u16>>,
    /// The activation sigma of f(w2*sigma(w1)), an expression in w
    #[arg(long, value_name = "EXPR", allow_hyphen_values = true, conflicts_with_all = ["depth", "width", "widths"])]
    pub activation: Option<String>,
    /// The open interval on which to study the activation, the real line if not given
    #[arg(long, value_name = "DOMAIN", allow_hyphen_values = true, requires = "activation")]
    pub domain: Option<String>,
    /// A bound for the spectral norm of the product of the layers: how large can they be?
    #[arg(long, value_name = "RHO", allow_hyphen_values = true, requires = "imbalances", conflicts_with_all = ["cost", "activation"])]
    pub product: Option<String>,
    /// Bounds for the spectral norms of the imbalances C_1, ..., C_{N-1}
    #[arg(
        long,
        value_name = "LIST",
        value_delimiter = ',',
        allow_hyphen_values = true,
        requires = "product"
    )]
    pub imbalances: Option<Vec<String>>,
    /// Where to write the certificate: a file, or a directory for several inputs
    #[arg(long, value_name = "PATH")]
    pub certificate: Option<PathBuf>,
    /// The working precision
    #[arg(long, value_name = "BITS", default_value_t = 256)]
    pub precision: u32,
    /// How long to search, for each input
    #[arg(long, value_name = "SECONDS", default_value_t = 60.0)]
    pub timeout: f64,
    /// The largest number of boxes of one search
    #[arg(long, value_name = "N", default_value_t = 20_000)]
    pub subdivisions: usize,
}

/// The arguments of `flow`.
#[derive(Debug, clap::Args)]
pub(super) struct FlowArgs {
    /// A flow file
    #[arg(
        value_name = "SPEC.toml",
        required_unless_present = "figure3",
        conflicts_with = "figure3"
    )]
    pub file: Option<PathBuf>,
    /// A second flow of the same cost and network: compare the costs of the two
    #[arg(long, value_name = "SPEC.toml")]
    pub compare: Option<PathBuf>,
    /// The precision of the enclosures, in place of that of the file
    #[arg(long, value_name = "BITS")]
    pub precision: Option<u32>,
    /// The degree in the starts of the polynomials for a box of starts
    #[arg(long, value_name = "N")]
    pub degree: Option<u8>,
    /// How long to search
    #[arg(long, value_name = "SECONDS", default_value_t = 600.0)]
    pub timeout: f64,
    /// Where to write the certificate
    #[arg(long, value_name = "FILE")]
    pub certificate: Option<PathBuf>,
    /// Go on from this certificate if it is there, and keep in it what is found on the way
    #[arg(long, value_name = "FILE")]
    pub resume: Option<PathBuf>,
    /// Where to write the enclosures at all steps
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// A directory for pictures
    #[arg(long, value_name = "DIR")]
    pub pictures: Option<PathBuf>,
    /// Draw the phase portraits of the linear and the sigmoidal network side by side
    #[arg(long, value_name = "FILE.svg")]
    pub figure3: Option<PathBuf>,
}

/// The arguments of `saddles`.
#[derive(Debug, clap::Args)]
pub(super) struct SaddlesArgs {
    /// A cost file of a matrix; `-` is standard input
    #[arg(value_name = "COST.toml")]
    pub file: PathBuf,
    /// The number of layers, at least 2
    #[arg(long, value_name = "N", requires = "width", conflicts_with = "widths")]
    pub depth: Option<u16>,
    /// The width of the hidden layers
    #[arg(long, value_name = "K", requires = "depth", conflicts_with = "widths")]
    pub width: Option<u16>,
    /// The widths of the hidden layers, d_1,...,d_{N-1}, in place of depth and width
    #[arg(long, value_name = "LIST", value_delimiter = ',', required_unless_present = "depth")]
    pub widths: Option<Vec<u16>>,
    /// Certify this point, W1, W2, ... as exact matrices, in place of a search
    #[arg(long, value_name = "FILE.toml")]
    pub point: Option<PathBuf>,
    /// How many random starts a search takes for each rank
    #[arg(long, value_name = "N", default_value_t = 60)]
    pub starts: usize,
    /// The working precision
    #[arg(long, value_name = "BITS", default_value_t = 192)]
    pub precision: u32,
    /// How long to search
    #[arg(long, value_name = "SECONDS", default_value_t = 60.0)]
    pub timeout: f64,
    /// Where to write the certificate
    #[arg(long, value_name = "FILE")]
    pub certificate: Option<PathBuf>,
    /// Where to draw the critical values by rank
    #[arg(long, value_name = "FILE.svg")]
    pub picture: Option<PathBuf>,
}

/// The arguments of `explain`.
#[derive(Debug, clap::Args)]
pub(super) struct ExplainArgs {
    /// The name of an entry or of a claim, such as A.prop8
    #[arg(value_name = "ID")]
    pub id: String,
    /// Claim files, or directories with claim files
    #[arg(value_name = "PATH", default_value = "proofs")]
    pub paths: Vec<PathBuf>,
    /// How long to search
    #[arg(long, value_name = "SECONDS", default_value_t = 60.0)]
    pub timeout: f64,
}

/// The arguments of `verify`.
#[derive(Debug, clap::Args)]
pub(super) struct VerifyArgs {
    /// Certificates written by any command with --certificate
    #[arg(value_name = "CERT.json", required = true)]
    pub files: Vec<PathBuf>,
    /// The file they must have been made for
    #[arg(long, value_name = "FILE")]
    pub input: Option<PathBuf>,
    /// Reject what rests on this theorem of the literature
    #[arg(long, value_name = "NAME")]
    pub refuse: Vec<String>,
}

/// The shape of a matrix: one number for a square one, or two.
fn shape(text: &str) -> Result<[u16; 2], String> {
    let number = |text: &str| text.trim().parse::<u16>().ok().filter(|size| *size > 0);
    let shape = match text.split_once('x') {
        Some((rows, columns)) => number(rows).zip(number(columns)),
        None => number(text).map(|size| (size, size)),
    };
    let [rows, columns] = shape
        .map(|(rows, columns)| [rows, columns])
        .ok_or("a shape is a size such as 2, or 2x3")?;
    Ok([rows, columns])
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
