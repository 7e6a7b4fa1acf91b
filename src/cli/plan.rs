//! What is going to be done: arguments resolved once, before any work.

use super::args::{CheckArgs, ProveArgs, VerifyArgs};
use super::input::{self, Origin};
use crate::kernel::limits;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

/// A resolved `check`.
pub(super) struct CheckPlan {
    pub jobs: Vec<Job>,
    pub settings: Vec<(String, String)>,
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
    let timeout = timeout(args.timeout)?;
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
        precision,
        subdivisions: args.subdivisions,
        timeout,
        expect: args.expect,
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
        timeout: timeout(args.timeout)?,
        activation: args.activation,
        domain: args.domain,
        cost: args.cost,
        certificate: args.certificate,
        subdivisions: args.subdivisions,
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

/// A number of seconds.
fn timeout(seconds: f64) -> Result<Duration, String> {
    Duration::try_from_secs_f64(seconds).map_err(|_| format!("--timeout must be a number of seconds, not {seconds}"))
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
