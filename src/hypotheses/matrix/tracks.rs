//! The curves that are tried: lines, parabolas and hyperbolas through points worth looking at.

use super::points::simple;
use super::polynomial::Polynomial;
use super::search::Search;
use crate::kernel::expr::{Id, Node, Table};
use rug::Rational;

/// One entry of a curve: a + b t + c t^2 + d/t.
#[derive(Clone, Debug)]
struct Entry {
    constant: Rational,
    linear: i32,
    square: i32,
    reciprocal: i32,
}

/// A curve in the making.
#[derive(Clone, Debug)]
pub(super) struct Track {
    entries: Vec<Entry>,
}

impl Track {
    pub fn at(point: &[Rational]) -> Self {
        let entry = |constant: &Rational| Entry {
            constant: constant.clone(),
            linear: 0,
            square: 0,
            reciprocal: 0,
        };
        Track {
            entries: point.iter().map(entry).collect(),
        }
    }

    pub fn is_line(&self) -> bool {
        self.entries
            .iter()
            .all(|entry| entry.square == 0 && entry.reciprocal == 0)
    }

    pub fn float(&self, t: f64) -> Vec<f64> {
        let value = |entry: &Entry| {
            entry.constant.to_f64()
                + f64::from(entry.linear) * t
                + f64::from(entry.square) * t * t
                + f64::from(entry.reciprocal) / t
        };
        self.entries.iter().map(value).collect()
    }

    /// Whether an entry grows without bound.
    pub fn grows(&self) -> bool {
        self.entries.iter().any(|entry| entry.linear != 0 || entry.square != 0)
    }

    /// The direction of a line.
    pub fn direction(&self) -> Vec<f64> {
        self.entries.iter().map(|entry| f64::from(entry.linear)).collect()
    }

    /// The curve as expressions in t.
    pub fn write(&self) -> (Table, Vec<Id>) {
        let mut table = Table::new();
        let t = table.w();
        let mut entries = Vec::with_capacity(self.entries.len());
        for entry in &self.entries {
            let mut sum = (entry.constant != 0).then(|| table.number(entry.constant.clone()));
            let square = table.insert(Node::Power(t, Rational::from(2)));
            let parts = [(entry.linear, t), (entry.square, square)];
            for (factor, letter) in parts {
                let term = match factor {
                    0 => continue,
                    1 => letter,
                    _ => {
                        let factor = table.number(factor);
                        table.insert(Node::Mul(factor, letter))
                    }
                };
                sum = Some(sum.map_or(term, |sum| table.insert(Node::Add(sum, term))));
            }
            if entry.reciprocal != 0 {
                let above = table.number(entry.reciprocal);
                let term = table.insert(Node::Div(above, t));
                sum = Some(sum.map_or(term, |sum| table.insert(Node::Add(sum, term))));
            }
            entries.push(sum.unwrap_or_else(|| table.number(0)));
        }
        table.extract(&entries)
    }
}

impl Search<'_> {
    /// Points that curves start from.
    fn bases(&mut self) -> Vec<Vec<Rational>> {
        let mut bases = vec![vec![Rational::new(); self.size()]];
        let places = self.diagonal().into_iter();
        bases.push(places.map(|own| Rational::from(u8::from(own))).collect());
        for guess in self.critical_guesses().into_iter().take(4) {
            let near: Option<Vec<Rational>> = guess.iter().map(|entry| simple(*entry, 1e-7)).collect();
            bases.extend(near);
        }
        let mut kept: Vec<Vec<Rational>> = Vec::new();
        for base in bases {
            if !kept.contains(&base) {
                kept.push(base);
            }
        }
        kept
    }

    /// Directions worth trying: one entry, two entries, the diagonal.
    fn directions(&self) -> Vec<Vec<i32>> {
        let size = self.size();
        let mut directions: Vec<Vec<i32>> = Vec::new();
        let diagonal = |sign: i32| -> Vec<i32> {
            let places = self.diagonal().into_iter();
            places.map(|own| if own { sign } else { 0 }).collect()
        };
        for sign in [1, -1] {
            directions.push(diagonal(sign));
            for place in 0..size {
                let mut direction = vec![0; size];
                direction[place] = sign;
                directions.push(direction);
            }
        }
        for first in 0..size {
            for second in 0..first {
                for (a, b) in [(1, 1), (1, -1), (-1, 1), (-1, -1)] {
                    let mut direction = vec![0; size];
                    direction[first] = a;
                    direction[second] = b;
                    directions.push(direction);
                }
            }
        }
        directions.extend(self.kernel_directions());
        directions
    }

    /// Directions along which the cost, or a part of it of degree 2, does not change: kernels of matrices, exactly.
    fn kernel_directions(&self) -> Vec<Vec<i32>> {
        let size = self.size();
        let zero = vec![Rational::new(); size];
        let mut directions: Vec<Vec<i32>> = Vec::new();
        for id in self.table.reachable(self.root) {
            let Some(p) = Polynomial::of(&self.table, id, size) else {
                continue;
            };
            if p.degree() < 2 || (p.degree() > 2 && id != self.root) {
                continue;
            }
            let slopes: Vec<Polynomial> = (0..size).map(|place| p.derivative(place)).collect();
            // <grad p, v> = 0 is linear in v; the kernel of a matrix is that of its Gram matrix.
            let product = |left: &Polynomial, right: &Polynomial| -> Rational {
                let common = left
                    .terms
                    .iter()
                    .filter_map(|(monomial, a)| Some(Rational::from(a * right.terms.get(monomial)?)));
                common.sum()
            };
            let row = |left: &Polynomial| slopes.iter().map(|right| product(left, right)).collect();
            let rows: Vec<Vec<Rational>> = slopes.iter().map(row).collect();
            let Some((_, kernel)) = super::quadratic::solve(&rows, &zero) else {
                continue;
            };
            for direction in kernel {
                for sign in [1, -1] {
                    let whole = whole_numbers(&direction, sign);
                    directions.extend(whole.filter(|whole| !directions.contains(whole)));
                }
            }
        }
        directions
    }

    /// Lines through the bases.
    pub fn lines(&mut self) -> Vec<Track> {
        let directions = self.directions();
        let mut tracks = Vec::new();
        for base in self.bases() {
            for direction in &directions {
                let mut track = Track::at(&base);
                for (entry, step) in track.entries.iter_mut().zip(direction) {
                    entry.linear = *step;
                }
                tracks.push(track);
            }
        }
        tracks
    }

    /// Lines, approaches to the bases, hyperbolas and parabolas.
    pub fn tracks(&mut self) -> Vec<Track> {
        let mut tracks = self.lines();
        let directions = self.directions();
        for base in self.bases() {
            for direction in &directions {
                let mut track = Track::at(&base);
                for (entry, step) in track.entries.iter_mut().zip(direction) {
                    entry.reciprocal = *step;
                }
                tracks.push(track);
            }
            for first in 0..self.size() {
                for second in (0..self.size()).filter(|second| *second != first) {
                    for sign in [1, -1] {
                        let mut track = Track::at(&base);
                        // A hyperbola keeps nothing of the base in its two entries.
                        track.entries[first].constant = Rational::new();
                        track.entries[second].constant = Rational::new();
                        track.entries[first].linear = 1;
                        track.entries[second].reciprocal = sign;
                        tracks.push(track);
                        for offset in [(0, 1), (1, 2), (1, 1)] {
                            let mut track = Track::at(&base);
                            track.entries[first].linear = 1;
                            track.entries[second].square = sign;
                            track.entries[second].constant += Rational::from(offset);
                            tracks.push(track);
                        }
                    }
                }
            }
        }
        tracks
    }
}

/// A direction with whole entries; `None` if they are large.
fn whole_numbers(direction: &[Rational], sign: i32) -> Option<Vec<i32>> {
    let common = direction.iter().fold(rug::Integer::from(sign), |product, entry| {
        let next = product.clone().lcm(entry.denom());
        if product < 0 { -next } else { next }
    });
    let entry = |entry: &Rational| Rational::from(entry * &common).numer().to_i32();
    direction.iter().map(entry).collect()
}
