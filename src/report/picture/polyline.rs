//! Polylines in pixels: clipped, thinned out, dashed, with an arrow.

use super::Point;

/// A rectangle of pixels.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    /// The left and the right end.
    pub(super) x: [f64; 2],
    /// The upper and the lower end.
    pub(super) y: [f64; 2],
}

/// The parts of a polyline inside the frame. A point that is not finite ends a part. Panics: never.
pub(super) fn clip(points: &[Point], frame: Frame) -> Vec<Vec<Point>> {
    let mut parts: Vec<Vec<Point>> = Vec::new();
    let mut open: Vec<Point> = Vec::new();
    for ends in points.windows(2) {
        let &[from, to] = ends else { continue };
        let Some([enter, leave]) = inside(from, to, frame) else {
            parts.push(std::mem::take(&mut open));
            continue;
        };
        if open.last() != Some(&enter) {
            parts.push(std::mem::take(&mut open));
            open.push(enter);
        }
        open.push(leave);
    }
    parts.push(open);
    parts.retain(|part| part.len() > 1);
    parts
}

/// The part of a segment inside the frame.
///
/// Source: Liang, Barsky, A new concept and method for line clipping, ACM Transactions on Graphics 3 (1984).
fn inside(from: Point, to: Point, frame: Frame) -> Option<[Point; 2]> {
    if from.iter().chain(&to).any(|coordinate| !coordinate.is_finite()) {
        return None;
    }
    let ([x, y], [dx, dy]) = (from, [to[0] - from[0], to[1] - from[1]]);
    let sides = [
        (-dx, x - frame.x[0]),
        (dx, frame.x[1] - x),
        (-dy, y - frame.y[0]),
        (dy, frame.y[1] - y),
    ];
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for (speed, room) in sides {
        if speed == 0.0 && room < 0.0 {
            return None;
        } else if speed < 0.0 {
            enter = enter.max(room / speed);
        } else if speed > 0.0 {
            leave = leave.min(room / speed);
        }
    }
    let at = |part: f64| match part {
        0.0 => from,
        1.0 => to,
        part => [x + part * dx, y + part * dy],
    };
    (enter <= leave).then(|| [at(enter), at(leave)])
}

/// The polyline with fewer points, none of the others farther than `tolerance` from it.
///
/// Source: Douglas, Peucker, Algorithms for the reduction of the number of points, Cartographica 10 (1973).
/// Panics: never.
pub(super) fn thin(points: &[Point], tolerance: f64) -> Vec<Point> {
    let mut keep = vec![false; points.len()];
    let mut parts = vec![(0, points.len().saturating_sub(1))];
    while let Some((first, last)) = parts.pop() {
        for end in [first, last] {
            if let Some(flag) = keep.get_mut(end) {
                *flag = true;
            }
        }
        let (Some(a), Some(b)) = (points.get(first), points.get(last)) else {
            continue;
        };
        let between = points.iter().enumerate().take(last).skip(first + 1);
        let distances = between.map(|(place, point)| (place, distance(*point, *a, *b)));
        let farthest = distances.max_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((place, _)) = farthest.filter(|(_, distance)| *distance > tolerance) {
            parts.extend([(first, place), (place, last)]);
        }
    }
    let kept = points.iter().zip(keep).filter(|(_, keep)| *keep);
    kept.map(|(point, _)| *point).collect()
}

/// The distance of a point from a segment.
fn distance(point: Point, from: Point, to: Point) -> f64 {
    let along = [to[0] - from[0], to[1] - from[1]];
    let out = [point[0] - from[0], point[1] - from[1]];
    let square = along[0] * along[0] + along[1] * along[1];
    let part = if square == 0.0 {
        0.0
    } else {
        ((out[0] * along[0] + out[1] * along[1]) / square).clamp(0.0, 1.0)
    };
    (out[0] - part * along[0]).hypot(out[1] - part * along[1])
}

/// The length. Panics: never.
pub(super) fn length(points: &[Point]) -> f64 {
    segments(points).map(|(from, to)| step(from, to)).sum()
}

/// The pieces of dashes of the length `on` with gaps of the length `off`, both positive. Panics: never.
pub(super) fn dashes(points: &[Point], on: f64, off: f64) -> Vec<Vec<Point>> {
    let mut dashes = Vec::new();
    let mut start = 0.0;
    let whole = length(points);
    while start < whole {
        dashes.push(between(points, start, start + on));
        start += on + off;
    }
    dashes.retain(|dash| dash.len() > 1);
    dashes
}

/// The part of a polyline between two distances from its start. Panics: never.
pub(super) fn between(points: &[Point], start: f64, end: f64) -> Vec<Point> {
    let mut part = Vec::new();
    let mut travelled = 0.0;
    for (from, to) in segments(points) {
        let length = step(from, to);
        let (low, high) = (start - travelled, end - travelled);
        if length > 0.0 && low < length && high > 0.0 {
            let at = |way: f64| [0, 1].map(|axis| from[axis] + (to[axis] - from[axis]) * (way / length));
            if part.is_empty() {
                part.push(if low > 0.0 { at(low) } else { from });
            }
            part.push(if high < length { at(high) } else { to });
        }
        travelled += length;
    }
    part
}

/// The corners of an arrow head of some length whose middle lies half way; `None` if the polyline has no room for it.
/// Panics: never.
pub(super) fn arrow(points: &[Point], size: f64) -> Option<[Point; 3]> {
    let half = length(points) / 2.0;
    if half < 1.5 * size {
        return None;
    }
    let shaft = between(points, half - size / 2.0, half + size / 2.0);
    let (from, to) = (*shaft.first()?, *shaft.last()?);
    let long = step(from, to);
    if long < size / 2.0 {
        return None;
    }
    let along = [0, 1].map(|axis| (to[axis] - from[axis]) / long * size);
    let side = |sign: f64| [from[0] - sign * 0.42 * along[1], from[1] + sign * 0.42 * along[0]];
    Some([to, side(1.0), side(-1.0)])
}

fn segments(points: &[Point]) -> impl Iterator<Item = (Point, Point)> {
    points.iter().copied().zip(points.iter().copied().skip(1))
}

fn step(from: Point, to: Point) -> f64 {
    (to[0] - from[0]).hypot(to[1] - from[1])
}
