//! The critical values of a landscape, by the rank of the point.

use super::{Marker, MarkerKind, Portrait};
use crate::report::SaddleRow;

/// A mark for every critical point: its rank to the right, its value upwards.
///
/// Panics: never.
pub fn of_saddles(title: &str, points: &[SaddleRow]) -> Portrait {
    let values = points
        .iter()
        .map(|point| point.height)
        .filter(|value| value.is_finite());
    let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
        (low.min(value), high.max(value))
    });
    let margin = ((high - low) * 0.1).max(high.abs() * 1e-3).max(1e-3);
    let most = points.iter().filter_map(|point| point.rank).max().unwrap_or(0);
    let marker = |point: &SaddleRow| {
        let (kind, label) = match point.strict {
            Some(true) => (MarkerKind::Saddle, "strict saddle"),
            Some(false) => (MarkerKind::SecondStart, "not strict"),
            None => (MarkerKind::Start, "undecided"),
        };
        Some(Marker {
            at: [point.rank? as f64, point.height],
            kind,
            label: label.to_owned(),
        })
    };
    Portrait {
        title: title.to_owned(),
        x_label: "rank of W".to_owned(),
        y_label: "critical value".to_owned(),
        x_range: [-0.5, most as f64 + 0.5],
        y_range: [low - margin, high + margin],
        markers: points.iter().filter_map(marker).collect(),
        ..Portrait::default()
    }
}
