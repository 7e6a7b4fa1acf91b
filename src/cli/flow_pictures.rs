//! Pictures of flows as files.

use super::Status;
use super::output::{self, Output};
use crate::kernel::interval::Interval;
use crate::problem::FlowSpec;
use crate::report::Trajectory;
use crate::report::picture::{Band, Panel, PictureError, TimePlot, figure3, of_flow, portrait, time_plot};
use std::path::Path;

/// More bands than this would hide each other.
const BANDS: usize = 8;

/// Writes the phase portraits of the paper's Figure 3.
pub(super) fn figure(path: &Path, output: &Output) -> Status {
    let drawn = figure3().map_err(|error| error.to_string());
    match drawn.and_then(|picture| output::write_text(path, &picture)) {
        Ok(()) => Status::Proved,
        Err(complaint) => {
            output.complain(&format!("Error: {complaint}\n"));
            Status::Unusable
        }
    }
}

/// Draws a flow: `portrait.svg` if it has two coordinates, and `time.svg`, the cost and the coordinates against time.
///
/// Errors: a sentence if a file cannot be written. What cannot be drawn is a note.
pub(super) fn draw(folder: &Path, spec: &FlowSpec, trajectory: &Trajectory) -> Result<Vec<String>, String> {
    let mut notes = Vec::new();
    let mut keep = |name: &str, picture: Result<String, PictureError>| match picture {
        Ok(picture) => output::write_text(&folder.join(name), &picture),
        Err(error) => {
            notes.push(format!("{name} was not drawn: {error}"));
            Ok(())
        }
    };
    let boxes: Vec<(f64, [f64; 4])> = trajectory
        .moments
        .iter()
        .filter_map(|moment| match moment.bounds.as_slice() {
            [x, y] => {
                let ([a, b], [c, d]) = (ends(x), ends(y));
                Some((moment.position, [a, b, c, d]))
            }
            _ => None,
        })
        .collect();
    if let Some(picture) = of_flow(spec, &boxes).filter(|_| trajectory.names.len() == 2) {
        keep("portrait.svg", portrait(&picture))?;
    }
    keep("time.svg", time_plot(&against_time(spec, trajectory)))?;
    Ok(notes)
}

/// How many times as long as the tube a horizon may be to be part of the picture.
const STRETCH: f64 = 3.0;

/// The cost, the coordinates and what is conserved against time; a horizon far beyond the last step is left out.
fn against_time(spec: &FlowSpec, trajectory: &Trajectory) -> TimePlot {
    let mut moments = trajectory.moments.as_slice();
    if let [.., before, last] = moments
        && moments.len() > 2
        && last.position > STRETCH * before.position
    {
        moments = &moments[..moments.len() - 1];
    }
    let band = |name: &str, value: &dyn Fn(usize) -> Option<Interval>| Band {
        name: name.to_owned(),
        points: moments
            .iter()
            .enumerate()
            .filter_map(|(place, moment)| {
                let [lo, hi] = ends(&value(place)?);
                Some((moment.position, lo, hi))
            })
            .collect(),
    };
    let mut panels = Vec::new();
    let cost = band("cost", &|place| moments.get(place)?.cost.clone());
    if !cost.points.is_empty() {
        panels.push(Panel {
            label: "f(z)".to_owned(),
            bands: vec![cost],
            logarithmic: true,
        });
    }
    let coordinates = trajectory.names.iter().enumerate().take(BANDS);
    panels.push(Panel {
        label: "coordinates".to_owned(),
        bands: coordinates
            .map(|(number, name)| band(name, &|place| moments.get(place)?.bounds.get(number).cloned()))
            .collect(),
        logarithmic: false,
    });
    if !trajectory.conserved.is_empty() {
        let conserved = trajectory.conserved.iter().take(BANDS);
        panels.push(Panel {
            label: "conserved".to_owned(),
            bands: conserved
                .map(|(name, range)| band(name, &|_| Some(range.clone())))
                .collect(),
            logarithmic: false,
        });
    }
    TimePlot {
        title: spec.name.clone(),
        x_label: "t".to_owned(),
        panels,
    }
}

/// The ends of an interval for a picture.
fn ends(range: &Interval) -> [f64; 2] {
    [range.inf().to_f64(), range.sup().to_f64()]
}
