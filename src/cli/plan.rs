//! What is going to be done: arguments resolved once, before any work.

use super::args::{CheckArgs, ExplainArgs, FlowArgs, ProveArgs, SaddlesArgs, VerifyArgs};
use super::input::{self, Origin};
use crate::kernel::limits;
use crate::syntax::formula::parse_formula;
use rug::Rational;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A resolved `check`.
pub(super) struct CheckPlan {
    pub jobs: Vec<Job>,
    pub settings: Vec<(String, String)>,
    /// The shape of a matrix on the command line.
    pub shape: Option<[u16; 2]>,
    pub precision: u32,
    pub subdivisions: usize,
    pub timeout: Duration,
    pub expect: bool,
}

/// One cost to referee.
pub(super) struct Job {
    pub origin: Origin,
    pub certificate: Option<PathBuf>,
}

/// A resolved `prove --cost`.
pub(super) struct ProveCostPlan {
    pub origin: Origin,
    pub widths: Widths,
    pub certificate: Option<PathBuf>,
    pub timeout: Duration,
}

/// The widths of a network, as far as they can be known without the cost.
pub(super) enum Widths {
    /// All of them, d_0, ..., d_N.
    All(Vec<u16>),
    /// N, and the width of the hidden layers.
    Hidden { depth: u16, width: u16 },
}

/// A resolved `prove` of an activation.
pub(super) struct ProveActivationPlan {
    pub activation: String,
    pub domain: Option<String>,
    /// A particular outer cost.
    pub cost: Option<String>,
    pub certificate: Option<PathBuf>,
    pub precision: u32,
    pub subdivisions: usize,
    pub timeout: Duration,
}

/// A resolved `flow`.
pub(super) struct FlowPlan {
    pub file: PathBuf,
    /// Only this figure, and no flow.
    pub figure: Option<PathBuf>,
    pub compare: Option<PathBuf>,
    pub precision: Option<u32>,
    pub degree: Option<u8>,
    pub timeout: Duration,
    pub certificate: Option<PathBuf>,
    pub resume: Option<PathBuf>,
    pub csv: Option<PathBuf>,
    pub pictures: Option<PathBuf>,
    pub quiet: bool,
}

/// A resolved `saddles`.
pub(super) struct SaddlesPlan {
    pub origin: Origin,
    /// The widths of the hidden layers.
    pub hidden: Vec<u16>,
    pub point: Option<PathBuf>,
    pub starts: usize,
    pub precision: u32,
    pub timeout: Duration,
    pub certificate: Option<PathBuf>,
    pub picture: Option<PathBuf>,
}

/// A resolved `verify`.
pub(super) struct VerifyPlan {
    pub files: Vec<PathBuf>,
    /// The file the certificates must be about: its name and digest.
    pub input: Option<(String, String)>,
    pub refused: Vec<String>,
}

/// Resolves the arguments of `check`.
///
/// Errors: a sentence about what is wrong with the usage.
pub(super) fn check(args: CheckArgs) -> Result<CheckPlan, String> {
    let precision = precision(args.precision)?;
    if args.domain.is_some() && args.cost.is_none() {
        return Err("--domain goes with --cost; a file states its own domain".to_owned());
    }
    if args.subdivisions == 0 {
        return Err("--subdivisions must be at least 1".to_owned());
    }
    let timeout = seconds(args.timeout)?;
    let mut origins: Vec<Origin> = args.files.into_iter().map(Origin::of_argument).collect();
    if let Some(cost) = args.cost {
        origins.push(Origin::Inline {
            cost,
            domain: args.domain,
        });
    }
    if origins
        .iter()
        .filter(|origin| matches!(origin, Origin::StandardInput))
        .count()
        > 1
    {
        return Err("standard input can be read only once".to_owned());
    }
    Ok(CheckPlan {
        jobs: jobs(origins, args.certificate)?,
        settings: args.set,
        shape: args.matrix,
        precision,
        subdivisions: args.subdivisions,
        timeout,
        expect: args.expect,
    })
}

/// A time limit.
fn seconds(timeout: f64) -> Result<Duration, String> {
    Duration::try_from_secs_f64(timeout).map_err(|_| format!("--timeout must be a number of seconds, not {timeout}"))
}

/// Resolves the arguments of `prove --cost`.
///
/// Errors: a sentence about what is wrong with the usage.
pub(super) fn prove_cost(args: ProveArgs) -> Result<ProveCostPlan, String> {
    let origin = Origin::of_cost(&args.cost.ok_or("--cost is missing")?);
    let widths = match (args.widths, args.depth, args.width) {
        (Some(widths), _, _) => {
            if widths.len() < 3 {
                return Err("--widths needs at least three widths: a network has at least two layers".to_owned());
            }
            if widths.contains(&0) {
                return Err("--widths must be at least 1".to_owned());
            }
            Widths::All(widths)
        }
        (None, Some(depth), Some(width)) => {
            if depth < 2 {
                return Err(format!("--depth must be at least 2, not {depth}"));
            }
            if usize::from(depth) > limits::LAYERS {
                return Err(format!("--depth must be at most {}, not {depth}", limits::LAYERS));
            }
            if width == 0 {
                return Err("--width must be at least 1, not 0".to_owned());
            }
            Widths::Hidden { depth, width }
        }
        _ => return Err("--cost needs --depth and --width, or --widths".to_owned()),
    };
    if origin.is_inline_matrix() && matches!(widths, Widths::Hidden { .. }) {
        return Err(
            "a cost of a matrix on the command line needs --widths, which begins and ends with its size".to_owned(),
        );
    }
    Ok(ProveCostPlan {
        origin,
        widths,
        certificate: args.certificate,
        timeout: seconds(args.timeout)?,
    })
}

/// Resolves the arguments of `prove` for an activation.
///
/// Errors: a sentence about what is wrong with the usage.
pub(super) fn prove_activation(args: ProveArgs) -> Result<ProveActivationPlan, String> {
    if args.subdivisions == 0 {
        return Err("--subdivisions must be at least 1".to_owned());
    }
    Ok(ProveActivationPlan {
        precision: precision(args.precision)?,
        timeout: seconds(args.timeout)?,
        activation: args.activation.ok_or("--activation is missing")?,
        domain: args.domain,
        cost: args.cost,
        certificate: args.certificate,
        subdivisions: args.subdivisions,
    })
}

/// Resolves the arguments of `flow`.
///
/// Errors: a sentence about what is wrong with the usage.
pub(super) fn flow(args: FlowArgs, quiet: bool) -> Result<FlowPlan, String> {
    const BITS: std::ops::RangeInclusive<u32> = 53..=4096;
    if let Some(bits) = args.precision.filter(|bits| !BITS.contains(bits)) {
        let (least, most) = (BITS.start(), BITS.end());
        return Err(format!(
            "--precision must lie between {least} and {most} bits, not {bits}"
        ));
    }
    if args.degree.is_some_and(|degree| degree > limits::START_DEGREE) {
        return Err(format!("--degree must be at most {}", limits::START_DEGREE));
    }
    Ok(FlowPlan {
        file: args.file.unwrap_or_default(),
        figure: args.figure3,
        compare: args.compare,
        precision: args.precision,
        degree: args.degree,
        timeout: seconds(args.timeout)?,
        certificate: args.certificate,
        resume: args.resume,
        csv: args.csv,
        pictures: args.pictures,
        quiet,
    })
}

/// Resolves the arguments of `saddles`.
///
/// Errors: a sentence about what is wrong with the usage.
pub(super) fn saddles(args: SaddlesArgs) -> Result<SaddlesPlan, String> {
    let hidden = match (args.widths, args.depth, args.width) {
        (Some(widths), _, _) => widths,
        (None, Some(depth), Some(width)) => {
            if depth < 2 {
                return Err(format!("--depth must be at least 2, not {depth}"));
            }
            if usize::from(depth) > limits::LAYERS {
                return Err(format!("--depth must be at most {}, not {depth}", limits::LAYERS));
            }
            vec![width; usize::from(depth) - 1]
        }
        _ => return Err("saddles needs --depth and --width, or --widths".to_owned()),
    };
    if hidden.is_empty() || hidden.contains(&0) {
        return Err("every hidden layer needs a width of at least 1".to_owned());
    }
    if !(64..=limits::SADDLE_PRECISION).contains(&args.precision) {
        let most = limits::SADDLE_PRECISION;
        return Err(format!(
            "--precision must lie between 64 and {most} bits, not {}",
            args.precision
        ));
    }
    Ok(SaddlesPlan {
        origin: Origin::of_argument(args.file),
        hidden,
        point: args.point,
        starts: args.starts,
        precision: args.precision,
        timeout: seconds(args.timeout)?,
        certificate: args.certificate,
        picture: args.picture,
    })
}

/// A working precision within the limits.
fn precision(bits: u32) -> Result<u32, String> {
    if limits::PRECISION.contains(&bits) {
        return Ok(bits);
    }
    let (least, most) = (limits::PRECISION.start(), limits::PRECISION.end());
    Err(format!(
        "--precision must lie between {least} and {most} bits, not {bits}"
    ))
}

/// Says for each cost where its certificate goes, and makes the directory for several.
fn jobs(origins: Vec<Origin>, certificate: Option<PathBuf>) -> Result<Vec<Job>, String> {
    let Some(target) = certificate else {
        return Ok(origins
            .into_iter()
            .map(|origin| Job {
                origin,
                certificate: None,
            })
            .collect());
    };
    if origins.len() > 1 {
        std::fs::create_dir_all(&target).map_err(|error| {
            format!(
                "--certificate must be a directory for several inputs: {}: {error}",
                target.display()
            )
        })?;
    }
    let inside = target.is_dir();
    let mut taken = BTreeSet::new();
    let mut jobs = Vec::with_capacity(origins.len());
    for origin in origins {
        let path = if inside {
            target.join(format!("{}.cert.json", origin.stem()))
        } else {
            target.clone()
        };
        if !taken.insert(path.clone()) {
            return Err(format!(
                "two inputs would write the same certificate, {}",
                path.display()
            ));
        }
        jobs.push(Job {
            origin,
            certificate: Some(path),
        });
    }
    Ok(jobs)
}

/// Resolves the arguments of `verify`.
///
/// Errors: a sentence about what is wrong with the usage or with the file of `--input`.
pub(super) fn verify(args: VerifyArgs) -> Result<VerifyPlan, String> {
    let input = match args.input {
        None => None,
        Some(path) => {
            let name = path.display().to_string();
            let digest = input::digest(&path).map_err(|error| format!("--input {name}: {error}"))?;
            Some((name, digest))
        }
    };
    Ok(VerifyPlan {
        files: args.files,
        input,
        refused: args.refuse,
    })
}

/// A resolved `prove` of claim files.
pub(super) struct ProveClaimsPlan {
    pub files: Vec<ClaimJob>,
    pub errata: bool,
    pub instance: Option<String>,
    pub precision: u32,
    pub subdivisions: usize,
    pub timeout: Duration,
}

/// One claim file to run.
pub(super) struct ClaimJob {
    pub path: PathBuf,
    pub certificate: Option<PathBuf>,
}

/// A resolved `explain`.
pub(super) struct ExplainPlan {
    pub id: String,
    pub claims: ProveClaimsPlan,
}

/// A resolved `prove --product`.
pub(super) struct ProveRadiusPlan {
    pub product: Rational,
    pub imbalances: Vec<Rational>,
    pub certificate: Option<PathBuf>,
}

/// Resolves the arguments of `prove` for claim files.
///
/// Errors: a sentence about what is wrong with the usage, or with a directory.
pub(super) fn prove_claims(args: ProveArgs) -> Result<ProveClaimsPlan, String> {
    let paths = if args.paths.is_empty() {
        let usual = PathBuf::from("proofs");
        if !usual.exists() {
            return Err(
                "there is no directory `proofs` here; name claim files or directories with claim files, \
                        as in `foliate prove lemma.toml`"
                    .to_owned(),
            );
        }
        vec![usual]
    } else {
        args.paths
    };
    Ok(ProveClaimsPlan {
        files: claim_jobs(&paths, args.certificate.as_deref())?,
        errata: args.errata,
        instance: args.instance,
        precision: precision(args.precision)?,
        subdivisions: args.subdivisions,
        timeout: seconds(args.timeout)?,
    })
}

/// Resolves the arguments of `explain`.
///
/// Errors: as for [`prove_claims`].
pub(super) fn explain(args: ExplainArgs) -> Result<ExplainPlan, String> {
    if let Some(missing) = args.paths.iter().find(|path| !path.exists()) {
        return Err(format!(
            "there is no file or directory `{}` to look for `{}` in; name one, as in `foliate explain {1} lemma.toml`",
            missing.display(),
            args.id
        ));
    }
    Ok(ExplainPlan {
        id: args.id,
        claims: ProveClaimsPlan {
            files: claim_jobs(&args.paths, None)?,
            errata: false,
            instance: None,
            precision: 256,
            subdivisions: 20_000,
            timeout: seconds(args.timeout)?,
        },
    })
}

/// Resolves the arguments of `prove --product`.
///
/// Errors: a sentence about a number that is none.
pub(super) fn prove_radius(args: ProveArgs) -> Result<ProveRadiusPlan, String> {
    let exact = |text: &str| {
        parse_formula(text)
            .ok()
            .and_then(|formula| formula.as_number().cloned())
    };
    let number = |option: &str, text: &str| match exact(text) {
        Some(value) if value >= 0 => Ok(value),
        _ => Err(format!(
            "{option} takes exact numbers that are not negative, such as 1/2, not `{text}`"
        )),
    };
    let imbalances = args.imbalances.unwrap_or_default();
    let imbalances: Result<Vec<Rational>, String> =
        imbalances.iter().map(|text| number("--imbalances", text)).collect();
    let imbalances = imbalances?;
    if imbalances.is_empty() || imbalances.len() >= limits::LAYERS {
        return Err(format!(
            "--imbalances takes between 1 and {} numbers",
            limits::LAYERS - 1
        ));
    }
    Ok(ProveRadiusPlan {
        product: number("--product", &args.product.unwrap_or_default())?,
        imbalances,
        certificate: args.certificate,
    })
}

/// The claim files under some paths, with where their certificates go: beside each other as the files are.
fn claim_jobs(paths: &[PathBuf], certificate: Option<&Path>) -> Result<Vec<ClaimJob>, String> {
    let mut jobs = Vec::new();
    for path in paths {
        let below = input::claim_files(path)?;
        if below.is_empty() {
            return Err(format!("there are no claim files under {}", path.display()));
        }
        for file in below {
            // A file that was named itself keeps only its own name.
            let inner = file
                .strip_prefix(path)
                .ok()
                .filter(|inner| !inner.as_os_str().is_empty());
            let inner = inner.or(file.file_name().map(Path::new)).unwrap_or(&file).to_owned();
            jobs.push((file, inner));
        }
    }
    let single = jobs.len() == 1 && certificate.is_some_and(|target| !target.is_dir());
    let place = |inner: &Path| {
        certificate.map(|target| {
            if single {
                target.to_owned()
            } else {
                target.join(inner).with_extension("cert.json")
            }
        })
    };
    Ok(jobs
        .into_iter()
        .map(|(path, inner)| ClaimJob {
            certificate: place(&inner),
            path,
        })
        .collect())
}
