//! Level sets by marching squares.
//!
//! Source: Lorensen, Cline, Marching cubes, Computer Graphics 21 (1987), in two dimensions.

use super::Point;
use std::collections::BTreeMap;

/// A function sampled on a rectangular grid.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    /// The first and the last x.
    pub x_range: [f64; 2],
    /// The first and the last y.
    pub y_range: [f64; 2],
    /// How many values there are in a row; at least 2, or there are no cells.
    pub columns: usize,
    /// The values, row by row from the first y; `None` where the function is undefined.
    pub values: Vec<Option<f64>>,
}

impl Grid {
    /// Samples a function at `columns` times `rows` places. Panics: never.
    pub fn sample(
        x_range: [f64; 2],
        y_range: [f64; 2],
        [columns, rows]: [usize; 2],
        value: &dyn Fn(f64, f64) -> Option<f64>,
    ) -> Self {
        let mut grid = Grid {
            x_range,
            y_range,
            columns,
            values: Vec::new(),
        };
        let places = (0..rows).flat_map(|row| (0..columns).map(move |column| (column, row)));
        grid.values = places
            .map(|(column, row)| {
                let [x, y] = grid.place_of(column, row, rows);
                value(x, y).filter(|value| value.is_finite())
            })
            .collect();
        grid
    }

    /// How many rows there are. Panics: never.
    pub fn rows(&self) -> usize {
        self.values.len().checked_div(self.columns).unwrap_or(0)
    }

    /// At most `count` levels with about as many samples between any two: the picture shows them evenly however fast
    /// the function grows. In increasing order. Panics: never.
    pub fn levels(&self, count: usize) -> Vec<f64> {
        let mut values: Vec<f64> = self.values.iter().flatten().copied().collect();
        values.sort_by(f64::total_cmp);
        let place = |level: usize| (2 * level + 1) * values.len() / (2 * count.max(1));
        let mut levels: Vec<f64> = (0..count)
            .filter_map(|level| values.get(place(level)).copied())
            .collect();
        levels.dedup();
        levels
    }

    fn value(&self, column: usize, row: usize) -> Option<f64> {
        let place = row.checked_mul(self.columns)?.checked_add(column)?;
        let value = self.values.get(place).copied().flatten();
        value.filter(|_| column < self.columns)
    }

    fn place_of(&self, column: usize, row: usize, rows: usize) -> Point {
        let between = |[low, high]: [f64; 2], index: usize, count: usize| {
            let last = count.saturating_sub(1).max(1);
            low + (high - low) * (index as f64 / last as f64)
        };
        [
            between(self.x_range, column, self.columns),
            between(self.y_range, row, rows),
        ]
    }

    /// The edge with its ends, if the function is on both sides of the level there.
    fn crossing(&self, edge: Edge, level: f64) -> Option<Crossing> {
        let (column, row) = match edge.direction {
            Direction::Across => (edge.column + 1, edge.row),
            Direction::Up => (edge.column, edge.row + 1),
        };
        let values = [self.value(edge.column, edge.row)?, self.value(column, row)?];
        let ends = [
            self.place_of(edge.column, edge.row, self.rows()),
            self.place_of(column, row, self.rows()),
        ];
        let [first, second] = values.map(|value| value >= level);
        (first != second).then_some(Crossing { ends, values })
    }
}

/// An edge of the grid on whose ends the function is on different sides of the level.
#[derive(Clone, Copy, Debug)]
pub(super) struct Crossing {
    /// Its ends.
    pub(super) ends: [Point; 2],
    /// The values there.
    pub(super) values: [f64; 2],
}

impl Crossing {
    /// The point so far from the first end, in parts of the length. Panics: never.
    pub(super) fn at(&self, part: f64) -> Point {
        let [[x0, y0], [x1, y1]] = self.ends;
        [x0 + part * (x1 - x0), y0 + part * (y1 - y0)]
    }

    /// Where the straight line through the values meets the level. Panics: never.
    pub(super) fn linear(&self, level: f64) -> Point {
        let [first, second] = self.values;
        self.at(((level - first) / (second - first)).clamp(0.0, 1.0))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Direction {
    Across,
    Up,
}

/// An edge of the grid, from the place with its column and row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Edge {
    row: usize,
    column: usize,
    direction: Direction,
}

/// The level set as polylines, linear along the edges of the grid. Closed ones repeat their first point; the others end
/// at the border or beside cells with undefined corners.
///
/// Panics: never.
pub fn contours(grid: &Grid, level: f64) -> Vec<Vec<Point>> {
    contours_by(grid, level, &|crossing| Some(crossing.linear(level)))
}

/// The same with a place of the caller's choice on every edge; where there is none, nothing is drawn.
pub(super) fn contours_by(grid: &Grid, level: f64, place: &dyn Fn(&Crossing) -> Option<Point>) -> Vec<Vec<Point>> {
    let mut links: BTreeMap<Edge, Vec<Edge>> = BTreeMap::new();
    let mut places: BTreeMap<Edge, Option<Point>> = BTreeMap::new();
    for row in 0..grid.rows().saturating_sub(1) {
        for column in 0..grid.columns.saturating_sub(1) {
            for ends in joined(grid, column, row, level) {
                let known = ends.map(|edge| {
                    let found = || grid.crossing(edge, level).and_then(|crossing| place(&crossing));
                    places.entry(edge).or_insert_with(found).is_some()
                });
                if known == [true, true] {
                    let [first, second] = ends;
                    links.entry(first).or_default().push(second);
                    links.entry(second).or_default().push(first);
                }
            }
        }
    }
    let chains = chains(links);
    let point = |edge: &Edge| places.get(edge).copied().flatten();
    chains
        .iter()
        .map(|chain| chain.iter().filter_map(point).collect())
        .collect()
}

/// The pairs of edges of a cell that the level set joins.
fn joined(grid: &Grid, column: usize, row: usize, level: f64) -> Vec<[Edge; 2]> {
    let corners = [
        grid.value(column, row),
        grid.value(column + 1, row),
        grid.value(column + 1, row + 1),
        grid.value(column, row + 1),
    ];
    let [Some(a), Some(b), Some(c), Some(d)] = corners else {
        return Vec::new();
    };
    let edge = |column, row, direction| Edge { row, column, direction };
    let bottom = edge(column, row, Direction::Across);
    let right = edge(column + 1, row, Direction::Up);
    let top = edge(column, row + 1, Direction::Across);
    let left = edge(column, row, Direction::Up);
    // A quarter of each, since the sum of four large numbers may be infinite.
    let middle = [a, b, c, d].iter().map(|value| value / 4.0).sum::<f64>() >= level;
    match [a, b, c, d].map(|value| value >= level) {
        // The middle decides which opposite corners belong together.
        [p, q, r, s] if p == r && q == s && p != q => {
            if middle == p {
                vec![[bottom, right], [top, left]]
            } else {
                vec![[left, bottom], [right, top]]
            }
        }
        [p, q, r, s] => {
            let crossed = [(bottom, p != q), (right, q != r), (top, r != s), (left, s != p)];
            let edges: Vec<Edge> = crossed
                .iter()
                .filter(|(_, crossed)| *crossed)
                .map(|(edge, _)| *edge)
                .collect();
            edges.first_chunk().copied().into_iter().collect()
        }
    }
}

/// Puts links one behind the other: first the open chains from their ends, then the closed ones.
fn chains(mut links: BTreeMap<Edge, Vec<Edge>>) -> Vec<Vec<Edge>> {
    let open = links.iter().filter(|(_, next)| next.len() == 1);
    let starts: Vec<Edge> = open.chain(links.iter()).map(|(edge, _)| *edge).collect();
    let mut chains = Vec::new();
    for start in starts {
        let mut chain = vec![start];
        let mut here = start;
        while let Some(next) = links.get_mut(&here).and_then(Vec::pop) {
            if let Some(back) = links.get_mut(&next) {
                back.retain(|edge| *edge != here);
            }
            chain.push(next);
            here = next;
        }
        if chain.len() > 1 {
            chains.push(chain);
        }
    }
    chains
}
