//! Costs that are sums over the entries, functions of a distance, or sums over the singular values.

use super::points::simple;
use super::polynomial::Polynomial;
use super::scalars::Question;
use super::search::Search;
use crate::kernel::certificate::Exact;
use crate::kernel::expr::{Id, Table};
use crate::kernel::matrix::data::{Constraint, MatrixClaim, Reduction};
use crate::kernel::matrix::{diagonal_mean, line};
use crate::kernel::polynomial::End;
use crate::kernel::theorem::Hypothesis;
use crate::verdict::Verdict;
use rug::Rational;

/// What a cost seems to be.
#[derive(Clone, Debug)]
pub(super) enum Likeness {
    /// A sum of functions of one entry each.
    Separable,
    /// A function of the distance from a centre, perhaps by a part of its expression.
    Radial(Vec<Rational>, Option<Id>),
    /// A sum of one function over the singular values.
    Spectral,
}

impl Search<'_> {
    /// An answer that the costs of one variable give.
    pub fn reduced(&mut self, about: Hypothesis) -> Option<Verdict> {
        for likeness in self.likenesses() {
            let Some(by) = self.reduction(&likeness, about) else {
                continue;
            };
            let claim = MatrixClaim::Reduced { about, by };
            if let Some(verdict) = self.attempt("costs of one variable", claim) {
                return Some(verdict);
            }
        }
        None
    }

    /// What the cost seems to be, remembered.
    pub fn likenesses(&mut self) -> Vec<Likeness> {
        if self.alike.is_none() {
            let mut list = Vec::new();
            if self.seems_separable() {
                list.push(Likeness::Separable);
            }
            if let Some((centre, inner)) = self.seems_radial() {
                list.push(Likeness::Radial(centre, inner));
            }
            if self.seems_spectral() {
                list.push(Likeness::Spectral);
            }
            self.alike = Some(list);
        }
        self.alike.clone().unwrap_or_default()
    }

    /// The costs of one variable with their answers.
    fn reduction(&mut self, likeness: &Likeness, about: Hypothesis) -> Option<Reduction> {
        let question = if about == Hypothesis::NonsingularCriticalPoints {
            Question::CriticalPoints
        } else {
            Question::About(about)
        };
        let whole = || (End::NegativeInfinity, End::PositiveInfinity);
        match likeness {
            Likeness::Separable => {
                let origin = vec![Rational::new(); self.size()];
                let mut scalars = Vec::with_capacity(self.size());
                for place in 0..self.size() {
                    let derived = line(&self.table, self.root, &origin, place)?;
                    scalars.push(self.ask(&derived, whole(), question)?.scalar);
                }
                Some(Reduction::Separable { scalars })
            }
            Likeness::Radial(centre, inner) => {
                let derived = line(&self.table, self.root, centre, 0)?;
                let ends = if self.is_everywhere() {
                    whole()
                } else {
                    let radius = self.radius(centre)?;
                    (End::At(Rational::from(-&radius)), End::At(radius))
                };
                let scalar = self.ask(&derived, ends, question)?.scalar;
                Some(Reduction::Radial {
                    centre: centre.iter().cloned().map(Exact).collect(),
                    inner: *inner,
                    scalar,
                })
            }
            Likeness::Spectral => {
                let derived: (Table, Id) = diagonal_mean(&self.table, self.root, self.rows)?;
                let ends = if self.is_everywhere() {
                    whole()
                } else {
                    (End::At(Rational::new()), End::PositiveInfinity)
                };
                let scalar = self.ask(&derived, ends, question)?.scalar;
                Some(Reduction::Spectral { scalar })
            }
        }
    }

    /// The rational radius of the ball that the domain is.
    fn radius(&self, centre: &[Rational]) -> Option<Rational> {
        let [Constraint::Positive(of)] = self.domain.as_slice() else {
            return None;
        };
        let p = Polynomial::of(&self.table, *of, self.size())?;
        let mut square = vec![0; self.size()];
        *square.first_mut()? = 2;
        let lead = p.terms.get(&square)?.clone();
        let constant = p.terms.get(&vec![0; self.size()]).cloned().unwrap_or_default();
        let lengths: Rational = centre.iter().map(|entry| Rational::from(entry * entry)).sum();
        let radius = lengths - constant / lead;
        crate::kernel::number::exact_power(&radius, &Rational::from((1, 2)))
    }

    /// Points at which likenesses are tried: the same each time.
    fn probes(&self) -> Vec<Vec<f64>> {
        let diagonal = self.diagonal();
        let place = |seed: usize, entry: usize| {
            let x = ((seed * 7919 + entry * 104_729 + 13) % 1009) as f64 / 1009.0;
            let on_diagonal = diagonal.get(entry) == Some(&true);
            0.3 * (x - 0.5) + if on_diagonal { 0.8 } else { 0.0 }
        };
        let probes = (1..6).map(|seed| (0..self.size()).map(|entry| place(seed, entry)).collect());
        probes.collect()
    }

    fn seems_separable(&self) -> bool {
        let Some(smooth) = &self.smooth else { return false };
        self.is_everywhere()
            && self.probes().iter().all(|probe| {
                let hessian = smooth.hessian(probe);
                let mut entries = hessian.iter().enumerate();
                entries.all(|(i, row)| row.iter().enumerate().all(|(j, entry)| i == j || entry.abs() < 1e-9))
            })
    }

    /// A centre c with f a function of |x - c|: a part of the expression says so, or the slopes point to it.
    fn seems_radial(&self) -> Option<(Vec<Rational>, Option<Id>)> {
        let size = self.size();
        if size < 2 {
            return None;
        }
        for id in self.table.reachable(self.root) {
            let Some(p) = Polynomial::of(&self.table, id, size) else {
                continue;
            };
            let Some(centre) = centre_of(&p, size) else { continue };
            let mut scratch = self.table.clone();
            let one = scratch.number(1);
            let outer = scratch.replace(self.root, &std::collections::BTreeMap::from([(id, one)]));
            let mentions = (0..size).any(|place| u16::try_from(place).is_ok_and(|name| scratch.mentions(outer, name)));
            if !mentions {
                return Some((centre, Some(id)));
            }
        }
        // Two lines along slopes meet in the centre: x - s g = c for some s; guess from the ratio of differences.
        let smooth = self.smooth.as_ref()?;
        let probes = self.probes();
        let (first, second) = (probes.first()?, probes.get(1)?);
        let (g, h) = (smooth.gradient(first), smooth.gradient(second));
        // Least squares for first - a g = second - b h.
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
        let gap: Vec<f64> = first.iter().zip(second).map(|(a, b)| a - b).collect();
        let (gg, gh, hh) = (dot(&g, &g), dot(&g, &h), dot(&h, &h));
        let determinant = gg * hh - gh * gh;
        if determinant.abs() < 1e-12 {
            return None;
        }
        let a = (dot(&gap, &g) * hh - dot(&gap, &h) * gh) / determinant;
        let centre: Option<Vec<Rational>> = first
            .iter()
            .zip(&g)
            .map(|(x, slope)| simple(x - a * slope, 1e-9))
            .collect();
        let centre = centre?;
        let middle: Vec<f64> = centre.iter().map(Rational::to_f64).collect();
        let radial = probes.iter().all(|probe| {
            let slopes = smooth.gradient(probe);
            let arm: Vec<f64> = probe.iter().zip(&middle).map(|(x, c)| x - c).collect();
            let cross = dot(&slopes, &slopes) * dot(&arm, &arm) - dot(&slopes, &arm).powi(2);
            cross.abs() < 1e-9 * (1.0 + dot(&slopes, &slopes))
        });
        radial.then_some((centre, None))
    }

    /// Whether f does not change under rotations from both sides, and is a sum on diagonal matrices.
    fn seems_spectral(&self) -> bool {
        let Some(smooth) = &self.smooth else { return false };
        let size = self.rows;
        if size != self.columns || size < 2 || self.definite {
            return false;
        }
        let place = |row: usize, column: usize| row * size + column;
        let (c, s) = (0.8, 0.6);
        let invariant = self.probes().iter().all(|probe| {
            let value = smooth.value.value(probe);
            (0..size - 1).all(|first| {
                let mut left = probe.clone();
                let mut right = probe.clone();
                for other in 0..size {
                    let (p, q) = (place(first, other), place(first + 1, other));
                    (left[p], left[q]) = (c * probe[p] - s * probe[q], s * probe[p] + c * probe[q]);
                    let (p, q) = (place(other, first), place(other, first + 1));
                    (right[p], right[q]) = (c * probe[p] - s * probe[q], s * probe[p] + c * probe[q]);
                }
                let near = |point: &[f64]| (smooth.value.value(point) - value).abs() < 1e-9 * (1.0 + value.abs());
                near(&left) && near(&right)
            })
        });
        let mut diagonal = vec![0.0; size * size];
        for row in 0..size {
            diagonal[place(row, row)] = 0.5 + 0.3 * row as f64;
        }
        let hessian = smooth.hessian(&diagonal);
        let sums = (0..size).all(|i| (0..size).all(|j| i == j || hessian[place(i, i)][place(j, j)].abs() < 1e-9));
        invariant && sums
    }
}

/// The centre of |x - c|^2, if a polynomial is that.
fn centre_of(p: &Polynomial, size: usize) -> Option<Vec<Rational>> {
    if p.degree() != 2 {
        return None;
    }
    let mut centre = Vec::with_capacity(size);
    for place in 0..size {
        let single: Vec<u8> = (0..size).map(|own| u8::from(own == place)).collect();
        let slope = p.terms.get(&single).cloned().unwrap_or_default();
        centre.push(slope / Rational::from(-2));
    }
    let mut square = Polynomial::default();
    for (place, middle) in centre.iter().enumerate() {
        let letter = Polynomial::variable(place, size);
        let shifted = letter.plus(&Polynomial::constant(middle.clone(), size), &Rational::from(-1));
        square = square.plus(&shifted.times(&shifted)?, &Rational::from(1));
    }
    (square == *p).then_some(centre)
}
