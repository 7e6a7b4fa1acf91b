//! Critical points and low points: guessed in floating point, rounded to what the kernel can check.

use super::search::Search;
use crate::kernel::certificate::Exact;
use crate::kernel::evaluate::Program;
use crate::kernel::expr::Id;
use crate::kernel::krawczyk::Enclosure;
use crate::kernel::matrix::data::Point;
use crate::kernel::number::Number;
use crate::numeric::inverse;
use rug::{Float, Rational};

/// Newton steps from one start.
const STEPS: usize = 60;
/// Bits of a centre.
const BITS: u32 = 300;

impl Search<'_> {
    /// Whether a point in floating point lies in the domain.
    fn is_inside_float(&self, point: &[f64]) -> bool {
        rationals(point).is_some_and(|point| self.is_inside(&point))
    }

    /// Critical points in floating point: Newton's method from many starts, the lowest values first.
    pub fn critical_guesses(&mut self) -> Vec<Vec<f64>> {
        if let Some(known) = &self.critical {
            return known.clone();
        }
        let mut found: Vec<(f64, Vec<f64>)> = Vec::new();
        for start in self.starts() {
            if self.budget.is_over() {
                break;
            }
            for descend in [true, false] {
                let Some((value, point)) = self.newton(start.clone(), descend) else {
                    continue;
                };
                let near = |other: &Vec<f64>| {
                    other
                        .iter()
                        .zip(&point)
                        .all(|(a, b)| (a - b).abs() < 1e-6 * (1.0 + a.abs()))
                };
                if !found.iter().any(|(_, other)| near(other)) && found.len() < 40 {
                    found.push((value, point));
                }
            }
        }
        found.sort_by(|a, b| a.0.total_cmp(&b.0));
        let points: Vec<Vec<f64>> = found.into_iter().map(|(_, point)| point).collect();
        self.critical = Some(points.clone());
        points
    }

    /// Points to begin at: simple ones, and a fixed sequence that looks random.
    fn starts(&self) -> Vec<Vec<f64>> {
        let size = self.size();
        let mut starts = vec![vec![0.0; size]];
        for scale in [1.0, -1.0, 0.5, 2.0] {
            let places = self.diagonal().into_iter();
            starts.push(places.map(|own| if own { scale } else { 0.0 }).collect());
        }
        for place in 0..size {
            for scale in [1.0, -1.0] {
                let mut point = vec![0.0; size];
                point[place] = scale;
                starts.push(point);
            }
        }
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let mut random = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            ((state >> 33) as f64) / f64::from(1u32 << 30) - 1.0
        };
        for round in 0..24 {
            let scale = [0.3, 1.0, 3.0][round % 3];
            starts.push((0..size).map(|_| scale * random()).collect());
        }
        starts.retain(|start| self.is_inside_float(start));
        starts
    }

    /// A critical point near a start; with `descend` a minimum, by damped Newton steps.
    fn newton(&self, mut point: Vec<f64>, descend: bool) -> Option<(f64, Vec<f64>)> {
        let smooth = self.smooth.as_ref()?;
        let length = |slopes: &[f64]| slopes.iter().map(|slope| slope * slope).sum::<f64>().sqrt();
        let mut value = smooth.value.value(&point);
        for _ in 0..STEPS {
            let slopes = smooth.gradient(&point);
            if !length(&slopes).is_finite() {
                return None;
            }
            if length(&slopes) < 1e-300 {
                break;
            }
            let hessian = smooth.hessian(&point);
            let direction = if descend {
                let definite = crate::numeric::shifted_to_definite(&hessian, 1e-3)?;
                applied(&inverse(&definite)?, &slopes)
            } else {
                match inverse(&hessian) {
                    Some(inverse) => applied(&inverse, &slopes),
                    None => return (length(&slopes) < 1e-12).then_some((value, point)),
                }
            };
            let mut step = 1.0;
            let next = loop {
                let next: Vec<f64> = point.iter().zip(&direction).map(|(x, d)| x - step * d).collect();
                let fits = self.is_inside_float(&next);
                let lower = !descend || smooth.value.value(&next) <= value + 1e-14 * value.abs();
                if fits && lower {
                    break Some(next);
                }
                step /= 2.0;
                if step < 1e-12 {
                    break None;
                }
            };
            let Some(next) = next else { break };
            let moved = next.iter().zip(&point).any(|(a, b)| a != b);
            point = next;
            value = smooth.value.value(&point);
            if !moved {
                break;
            }
        }
        let slopes = smooth.gradient(&point);
        let size = 1.0 + length(&point);
        (length(&slopes) < 1e-8 && size < 1e6).then_some((value, point))
    }

    /// Some damped Newton steps downhill.
    fn descent(&self, mut point: Vec<f64>) -> Option<Vec<f64>> {
        let smooth = self.smooth.as_ref()?;
        for _ in 0..8 {
            let slopes = smooth.gradient(&point);
            let definite = crate::numeric::shifted_to_definite(&smooth.hessian(&point), 1e-2)?;
            let direction = applied(&inverse(&definite)?, &slopes);
            let value = smooth.value.value(&point);
            let mut steps = (0..20).map(|power| 0.5f64.powi(power));
            let next = steps.find_map(|step| {
                let next: Vec<f64> = point.iter().zip(&direction).map(|(x, d)| x - step * d).collect();
                (self.is_inside_float(&next) && smooth.value.value(&next) < value).then_some(next)
            });
            match next {
                Some(next) => point = next,
                None => break,
            }
        }
        point.iter().all(|entry| entry.abs() < 1e6).then_some(point)
    }

    /// A point that the kernel can check: exact if its entries look rational and the slopes vanish there, otherwise a
    /// Krawczyk box.
    pub fn certified_point(&mut self, guess: &[f64]) -> Option<Point> {
        if let Some(point) = self.exact_critical_point(guess) {
            return Some(Point::Exact(Search::exact(&point)));
        }
        self.krawczyk_box(guess)
    }

    /// The rational critical point near a guess.
    pub fn exact_critical_point(&mut self, guess: &[f64]) -> Option<Vec<Rational>> {
        let slopes = self.slopes()?;
        let point: Option<Vec<Rational>> = guess.iter().map(|entry| simple(*entry, 1e-7)).collect();
        let point = point.filter(|point| self.is_inside(point))?;
        let at: Vec<Number> = point.iter().cloned().map(Number::Exact).collect();
        let vanishes = |slope: &Id| {
            let value = Program::new(&self.table, *slope).value(&at, self.budget.precision);
            value.is_ok_and(|value| !value.is_nonzero())
        };
        slopes.iter().all(vanishes).then_some(point)
    }

    /// A box around a guess with what the Krawczyk operator needs.
    pub fn krawczyk_box(&mut self, guess: &[f64]) -> Option<Point> {
        let slopes = self.slopes()?;
        let hessian = self.smooth.as_ref()?.hessian(guess);
        let inverse = inverse(&hessian)?;
        let mut centre = rationals(guess)?;
        let mut step = Rational::new();
        for _ in 0..12 {
            let at: Vec<Number> = centre.iter().cloned().map(Number::Exact).collect();
            let values: Option<Vec<Rational>> = slopes
                .iter()
                .map(|slope| {
                    let value = Program::new(&self.table, *slope).value(&at, BITS + 100).ok()?;
                    Some(match value {
                        Number::Exact(value) => value,
                        Number::Enclosed { range, .. } => range.mid_rational(),
                    })
                })
                .collect();
            let values = values?;
            step = Rational::new();
            for (entry, row) in centre.iter_mut().zip(&inverse) {
                let mut move_by = Rational::new();
                for (factor, value) in row.iter().zip(&values) {
                    move_by += Rational::from_f64(*factor)? * value;
                }
                let length = Rational::from(move_by.abs_ref());
                *entry = shortened(&Rational::from(&*entry - &move_by))?;
                if length > step {
                    step = length;
                }
            }
        }
        // Wide enough for the rounding of the kernel, narrow enough for the Hessian not to move.
        let tiny = Rational::from((1, rug::Integer::from(1) << 60));
        let radius = shortened(&(step * Rational::from(4) + tiny))?;
        let inverse = inverse
            .iter()
            .map(|row| row.iter().map(|entry| Rational::from_f64(*entry).map(Exact)).collect());
        let inverse: Option<Vec<Vec<Exact>>> = inverse.collect();
        Some(Point::Krawczyk(Enclosure {
            centre: Search::exact(&centre),
            radii: vec![Exact(radius); self.size()],
            preconditioner: inverse?,
        }))
    }

    /// The value of the cost in floating point.
    pub fn float_value(&self, point: &[Rational]) -> f64 {
        let point: Vec<f64> = point.iter().map(Rational::to_f64).collect();
        self.smooth
            .as_ref()
            .map_or(f64::NAN, |smooth| smooth.value.value(&point))
    }

    /// Rational points of the domain with low values, the lowest first.
    pub fn low_points(&mut self) -> Vec<Vec<Rational>> {
        let mut points: Vec<Vec<Rational>> = Vec::new();
        for guess in self.critical_guesses() {
            let near: Option<Vec<Rational>> = guess.iter().map(|entry| simple(*entry, 1e-7)).collect();
            points.extend(near);
            points.extend(rationals(&guess));
        }
        for value in [1, -1, 2] {
            points.push(vec![Rational::from(value); self.size()]);
        }
        for start in self.starts() {
            // Where a descent gets, even if it converges to nothing.
            points.extend(self.descent(start.clone()).and_then(|end| rationals(&end)));
            points.extend(rationals(&start));
        }
        points.retain(|point| self.is_inside(point));
        points.sort_by(|a, b| self.float_value(a).total_cmp(&self.float_value(b)));
        points.truncate(30);
        points
    }
}

/// A matrix times a vector.
fn applied(rows: &[Vec<f64>], vector: &[f64]) -> Vec<f64> {
    rows.iter()
        .map(|row| row.iter().zip(vector).map(|(a, b)| a * b).sum())
        .collect()
}

/// The same numbers exactly.
fn rationals(point: &[f64]) -> Option<Vec<Rational>> {
    point.iter().map(|entry| Rational::from_f64(*entry)).collect()
}

/// The simplest rational near a number.
pub(super) fn simple(value: f64, tolerance: f64) -> Option<Rational> {
    if !value.is_finite() {
        return None;
    }
    let width = tolerance * (1.0 + value.abs());
    let (lo, hi) = (Rational::from_f64(value - width)?, Rational::from_f64(value + width)?);
    Some(crate::kernel::polynomial::simplest_between(&lo, &hi))
}

/// The same to about 90 digits.
fn shortened(value: &Rational) -> Option<Rational> {
    Float::with_val(BITS, value).to_rational()
}
