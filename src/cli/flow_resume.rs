//! What an interrupted `foliate flow` leaves, and how the next one goes on from there.

use super::input::limited;
use super::output;
use crate::kernel::certificate::Input;
use crate::kernel::flow::data::{FLOW_SCHEMA, FlowCertificate, FlowClaim, SystemData, TubeData};
use crate::problem::FlowSpec;
use rug::Rational;
use serde::Deserialize;
use std::fs::File;
use std::path::Path;

/// The longest file of an earlier run that is read, in bytes.
const LENGTH: usize = 64 << 20;

/// The only part of a file that is looked at before the rest.
#[derive(Deserialize)]
struct Head {
    schema: Option<String>,
}

/// The steps that an earlier run has left; `None` if there is no file yet.
///
/// Errors: a sentence. A file that cannot be used is never overwritten.
pub(super) fn earlier(path: &Path, about: &Input) -> Result<Option<TubeData>, String> {
    if !path.exists() {
        return Ok(None);
    }
    let complaint = |why: &str| format!("cannot resume from {}: {why}", path.display());
    let bytes = File::open(path).and_then(|file| limited(file, LENGTH));
    let bytes = bytes.map_err(|error| complaint(&error.to_string()))?;
    if bytes.len() > LENGTH {
        return Err(complaint(&format!("it is longer than {LENGTH} bytes")));
    }
    let broken = |error: serde_json::Error| complaint(&format!("it is no certificate, or a part of one ({error})"));
    let head: Head = serde_json::from_slice(&bytes).map_err(broken)?;
    if head.schema.as_deref() != Some(FLOW_SCHEMA) {
        return Err(complaint("it is not a certificate of a flow"));
    }
    let certificate: FlowCertificate = serde_json::from_slice(&bytes).map_err(broken)?;
    if certificate.input.sha256 != about.sha256 {
        return Err(complaint(
            "it was made for another flow file, or for this one before it was changed",
        ));
    }
    let tube = certificate.claims.into_iter().find_map(|claim| match claim {
        FlowClaim::Tube(tube) => Some(tube),
        _ => None,
    });
    tube.map(Some).ok_or_else(|| complaint("it has no steps"))
}

/// What an interrupted run leaves.
pub(super) fn checkpoint(spec: &FlowSpec, about: &Input, tube: &TubeData) -> FlowCertificate {
    let exact = |[lo, hi]: &[Rational; 2]| [lo.clone().into(), hi.clone().into()];
    FlowCertificate {
        schema: FLOW_SCHEMA.to_owned(),
        input: about.clone(),
        system: SystemData {
            nodes: spec.table.nodes().to_vec(),
            model: spec.model.clone(),
            names: Vec::new(),
            start: spec.start.iter().map(exact).collect(),
            disturbance: spec.disturbance.iter().cloned().map(Into::into).collect(),
        },
        claims: vec![FlowClaim::Tube(tube.clone())],
    }
}

/// Writes such a file; at every moment the old one or the new one is there in full.
///
/// Errors: a sentence.
pub(super) fn keep(path: &Path, certificate: &FlowCertificate) -> Result<(), String> {
    // What is no file, such as a pipe, cannot be replaced.
    if path.exists() && !path.is_file() {
        return output::write_certificate(path, certificate);
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = path.with_file_name(name);
    output::write_certificate(&part, certificate)?;
    std::fs::rename(&part, path).map_err(|error| format!("cannot write {}: {error}", path.display()))
}
