//! Finding sign charts: exactly for quotients of polynomials, else by subdivision, interval Newton steps and exact tests.

use super::places::Place;
use super::search::{Local, ORDER, Search};
use crate::kernel::certificate::{Cell, Chart, Exact, Side, Tail};
use crate::kernel::expr::{Id, Node, Table};
use crate::kernel::interval::Interval;
use crate::kernel::normal_form::{Decision, as_rational_function, is_identically_zero};
use crate::kernel::number::Sign;
use crate::kernel::polynomial::{End, simplest_between};
use rug::Rational;

/// A zero known exactly, with a radius on which the first non-vanishing derivative keeps its sign.
#[derive(Clone, Debug)]
struct Known {
    at: Place,
    multiplicity: u8,
    radius: Rational,
}

/// The closed range of a piece between its breaks; `None` is an end of the domain.
#[derive(Clone, Debug)]
pub(super) struct Span {
    pub left: Option<(Rational, Rational)>,
    pub right: Option<(Rational, Rational)>,
}

impl Search<'_> {
    /// The range of a piece.
    pub fn span(&self, index: usize) -> Span {
        let before = index.checked_sub(1).and_then(|before| self.breaks.get(before)).cloned();
        Span {
            left: before,
            right: self.breaks.get(index).cloned(),
        }
    }

    /// Charts of a derivative of the cost minus its value at a point, a piece each.
    pub fn charts(&mut self, order: usize, minus: Option<&Rational>) -> Option<Vec<Chart>> {
        let locals: Vec<Local> = match minus {
            None => self.locals.clone(),
            Some(point) => {
                let gaps = self.gaps(point)?;
                gaps.iter().map(|(table, gap)| Local::new(table, *gap, 4)).collect()
            }
        };
        locals
            .iter()
            .enumerate()
            .map(|(index, local)| self.chart(&self.span(index), local, order))
            .collect()
    }

    /// f - f(at) on every piece, in tables of their own: that of the certificate must not grow by what only the search
    /// needs.
    pub fn gaps(&self, at: &Rational) -> Option<Vec<(Table, Id)>> {
        let home = self.local_at(at)?.root;
        let gap = |form: Id| {
            let mut scratch = self.table.clone();
            let point = scratch.number(at.clone());
            let level = scratch.substitute(home, 0, point);
            let gap = scratch.insert(Node::Sub(form, level));
            (scratch, gap)
        };
        Some(self.locals.iter().map(|local| gap(local.root)).collect())
    }

    /// The chart of one function on a stretch of the domain.
    pub fn chart(&mut self, span: &Span, local: &Local, order: usize) -> Option<Chart> {
        let (table, root, _) = local.derivative(order)?;
        if is_identically_zero(table, *root) == Decision::Zero {
            return Some(Chart::Zero {});
        }
        if let Some(chart) = self.polynomial_chart(span, table, *root) {
            return Some(chart);
        }
        let (left, start) = self.open_end(Side::Left, span, local, order)?;
        let (right, end) = self.open_end(Side::Right, span, local, order)?;
        // Zeros of costs sit at the breaks and at the origin more often than anywhere else.
        let mut known: Vec<Known> = Vec::new();
        let at_bound = |place: &&Place| {
            [&span.left, &span.right]
                .into_iter()
                .flatten()
                .any(|(lo, _)| *lo == place.lo)
        };
        let mut places: Vec<Place> = self.break_places.iter().filter(at_bound).cloned().collect();
        if start < Rational::new() && Rational::new() < end && !places.iter().any(|place| place.is(&Rational::new())) {
            places.push(Place::rational(Rational::new()));
        }
        places.sort_by(|a, b| a.lo.cmp(&b.lo));
        for place in places {
            known.extend(self.known_zero(local, order, &place));
        }
        // All attempts together share a part of the subdivisions: without a chart there must be time for other arguments.
        let mut work = self.budget.subdivisions / 4;
        for _ in 0..24 {
            match self.cells(span, local, order, (&start, &end), &known, &mut work) {
                Ok(cells) => {
                    return Some(Chart::Cells {
                        left,
                        start: Exact(start),
                        cells,
                        right,
                        order: ORDER,
                    });
                }
                Err(Stuck { lo, hi }) => {
                    let zero = self.guess(local, order, &lo, &hi)?;
                    if known.iter().any(|other| other.at.lo == zero.at.lo) {
                        return None;
                    }
                    known.push(zero);
                    known.sort_by(|a, b| a.at.lo.cmp(&b.at.lo));
                }
            }
        }
        None
    }

    fn polynomial_chart(&self, span: &Span, table: &Table, root: Id) -> Option<Chart> {
        let (top, bottom) = as_rational_function(table, root)?;
        let end = |bound: &Option<(Rational, Rational)>, domain: &End| match bound {
            None => Some(domain.clone()),
            Some((lo, hi)) if lo == hi => Some(End::At(lo.clone())),
            Some(_) => None,
        };
        let (lo, hi) = (end(&span.left, &self.left)?, end(&span.right, &self.right)?);
        let product = top.mul(&bottom)?;
        let width = Rational::from(1) >> (self.precision() / 2);
        let roots = top.isolate_roots(&lo, &hi)?.into_iter().map(|interval| {
            let mut interval = top.refine(interval, &width);
            // Ends must not be zeros of the product, not even the ends of the domain.
            while interval.lo < interval.hi
                && (product.evaluate(&interval.lo) == 0 || product.evaluate(&interval.hi) == 0)
            {
                let half = Rational::from(&interval.hi - &interval.lo) / Rational::from(2);
                interval = top.refine(interval, &half);
            }
            [Exact(interval.lo), Exact(interval.hi)]
        });
        Some(Chart::Polynomial { roots: roots.collect() })
    }

    /// A tail with a certain sign, or the break, and the point where cells begin.
    fn open_end(&self, side: Side, span: &Span, local: &Local, order: usize) -> Option<(Option<Tail>, Rational)> {
        let bound = if side == Side::Left { &span.left } else { &span.right };
        if let Some((lo, hi)) = bound {
            return Some((None, if side == Side::Left { lo.clone() } else { hi.clone() }));
        }
        let (_, _, program) = local.derivative(order)?;
        let inside = |start: &Rational| match side {
            Side::Left => span.right.as_ref().is_none_or(|(lo, _)| start <= lo),
            Side::Right => span.left.as_ref().is_none_or(|(_, hi)| start >= hi),
        };
        let tail = self.find_tail(side, program, &[], |form, ray| {
            inside(&ray.start()) && matches!(form.sign(ray.line()), Some(Sign::Positive | Sign::Negative))
        })?;
        let start = self.ray(side, &tail.from.0, tail.keep)?.start();
        Some((Some(tail), start))
    }

    /// Walks over [start, end] between the known zeros.
    fn cells(
        &self,
        span: &Span,
        local: &Local,
        order: usize,
        (start, end): (&Rational, &Rational),
        known: &[Known],
        work: &mut usize,
    ) -> Result<Vec<Cell>, Stuck> {
        let mut cells = Vec::new();
        let mut at = start.clone();
        for zero in known {
            let lo = Rational::from(&zero.at.lo - &zero.radius).max(at.clone());
            let hi = Rational::from(&zero.at.hi + &zero.radius).min(end.clone());
            // A break may be the zero itself: then its cell begins or ends there.
            let (lo, hi) = (lo.min(zero.at.lo.clone()), hi.max(zero.at.hi.clone()));
            if at < lo {
                self.stretch(span, local, order, &at, &lo, &mut cells, work)?;
            }
            let Some(place) = self.known_id(&zero.at) else {
                return Err(Stuck { lo, hi });
            };
            cells.push(Cell::Multiple {
                to: Exact(hi.clone()),
                at: place,
                multiplicity: zero.multiplicity,
            });
            at = hi;
        }
        if at < *end {
            self.stretch(span, local, order, &at, end, &mut cells, work)?;
        }
        Ok(cells)
    }

    /// The id of a place in the certificate's table; `known_zero` has put it there.
    fn known_id(&self, place: &Place) -> Option<Id> {
        let mut table = self.table.clone();
        let before = table.nodes().len();
        let id = place.enter(&mut table);
        (table.nodes().len() == before).then_some(id)
    }

    /// Subdivides a stretch that has no known multiple zero.
    #[allow(clippy::too_many_arguments)]
    fn stretch(
        &self,
        span: &Span,
        local: &Local,
        order: usize,
        start: &Rational,
        end: &Rational,
        cells: &mut Vec<Cell>,
        work: &mut usize,
    ) -> Result<(), Stuck> {
        let precision = self.precision();
        let smallest = Rational::from(1) >> (precision / 3);
        let tiniest = Rational::from(end - start) >> (4 * precision);
        let mut pending = vec![(start.clone(), end.clone())];
        while let Some((lo, hi)) = pending.pop() {
            let stuck = || Stuck {
                lo: lo.clone(),
                hi: hi.clone(),
            };
            if *work == 0 || self.budget.is_over() {
                return Err(stuck());
            }
            *work -= 1;
            let Some(range) = Interval::hull_of(&lo, &hi, precision) else {
                return Err(stuck());
            };
            let sign = |further: usize| {
                [0, usize::from(ORDER)].into_iter().find_map(|terms| {
                    local
                        .program
                        .derivative_on(&range, &[], order + further, terms, precision)
                        .ok()?
                        .sign()
                })
            };
            if let Some(sign @ (Sign::Positive | Sign::Negative)) = sign(0) {
                push_sign(cells, sign == Sign::Positive, &hi);
                continue;
            }
            let in_piece = span.left.as_ref().is_none_or(|(_, edge)| *edge <= lo)
                && span.right.as_ref().is_none_or(|(edge, _)| hi <= *edge);
            if in_piece && matches!(sign(1), Some(Sign::Positive | Sign::Negative)) {
                let at = |point: &Rational| local.at(point, order, precision).and_then(|value| value.sign());
                if let (Some(a), Some(b)) = (at(&lo), at(&hi))
                    && a.times(b) == Sign::Negative
                {
                    let (left, right) = self.bracket(local, order, &lo, &hi, a);
                    let nice = simplest_between(&left, &right);
                    if is_short(&nice) && self.is_exact_zero(local, order, &Place::rational(nice.clone())) {
                        return Err(Stuck {
                            lo: nice.clone(),
                            hi: nice,
                        });
                    }
                    cells.push(Cell::Simple {
                        to: Exact(hi),
                        within: Some([Exact(left), Exact(right)]),
                    });
                    continue;
                }
            }
            let size = Rational::from(&hi - &lo);
            let scale = lo.clone().abs().max(hi.clone().abs());
            if size <= Rational::from(&scale * &smallest) || size <= tiniest {
                return Err(stuck());
            }
            let middle = split_point(&lo, &hi);
            pending.push((middle.clone(), hi.clone()));
            pending.push((lo.clone(), middle));
        }
        Ok(())
    }

    /// Shrinks a sign change of a monotone function by bisection to half the working precision.
    fn bracket(&self, local: &Local, order: usize, lo: &Rational, hi: &Rational, before: Sign) -> (Rational, Rational) {
        let precision = self.precision();
        let (mut lo, mut hi) = (lo.clone(), hi.clone());
        for _ in 0..precision / 2 + 32 {
            let middle = split_point(&lo, &hi);
            match local.at(&middle, order, precision).and_then(|value| value.sign()) {
                Some(sign) if sign == before => lo = middle,
                Some(sign) if sign == before.opposite() => hi = middle,
                // An exact zero in the middle: leave it strictly inside.
                _ => {
                    let quarter = Rational::from(&hi - &lo) / Rational::from(4);
                    let (left, right) = (Rational::from(&middle - &quarter), Rational::from(&middle + &quarter));
                    let sign = |point: &Rational| local.at(point, order, precision).and_then(|value| value.sign());
                    if sign(&left) != Some(before) || sign(&right) != Some(before.opposite()) {
                        break;
                    }
                    (lo, hi) = (left, right);
                }
            }
        }
        (lo, hi)
    }

    /// An exact zero in or near a box where subdivision got stuck: a simple rational or a closed form.
    fn guess(&mut self, local: &Local, order: usize, lo: &Rational, hi: &Rational) -> Option<Known> {
        if lo == hi {
            return self.known_zero(local, order, &Place::rational(lo.clone()));
        }
        let width = Rational::from(hi - lo);
        let scale = lo.clone().abs().max(hi.clone().abs()).max(Rational::from((1, 1 << 20)));
        let reach = Rational::from(&scale >> 6);
        let near = (Rational::from(lo - &reach), Rational::from(hi + &reach));
        let closed = self.closed_zeros(local, order);
        for place in closed
            .into_iter()
            .filter(|place| near.0 <= place.hi && place.lo <= near.1)
        {
            if let Some(zero) = self.known_zero(local, order, &place) {
                return Some(zero);
            }
        }
        let mut wide = width;
        let mut before = None;
        // Rounding noise hides a multiple zero from much further away than the last box is wide.
        while wide < reach {
            let candidate = simplest_between(&Rational::from(lo - &wide), &Rational::from(hi + &wide));
            if before.as_ref() != Some(&candidate)
                && let Some(zero) = self.known_zero(local, order, &Place::rational(candidate.clone()))
            {
                return Some(zero);
            }
            before = Some(candidate);
            wide *= Rational::from(1u32 << 10);
        }
        None
    }

    /// Whether a place is a zero, of which order, and on which radius it is the only one; enters it into the table.
    fn known_zero(&mut self, local: &Local, order: usize, at: &Place) -> Option<Known> {
        let precision = self.precision();
        if !self.is_exact_zero(local, order, at) {
            return None;
        }
        let deep = Local::new(&local.derivative(0)?.0, local.derivative(0)?.1, order + 8);
        let mut multiplicity = 0u8;
        while self.is_exact_zero(&deep, order + usize::from(multiplicity), at) {
            multiplicity += 1;
            if multiplicity > 8 {
                return None;
            }
        }
        if multiplicity == 0 {
            return None;
        }
        let mut radius = Rational::from(1);
        for _ in 0..200 {
            let inside = |point: Rational| self.left < End::At(point.clone()) && End::At(point) < self.right;
            let (lo, hi) = (Rational::from(&at.lo - &radius), Rational::from(&at.hi + &radius));
            if inside(lo.clone()) && inside(hi.clone()) {
                let range = Interval::hull_of(&lo, &hi, precision)?;
                let top = order + usize::from(multiplicity);
                let sign = [0, usize::from(ORDER)].into_iter().find_map(|terms| {
                    local
                        .program
                        .derivative_on(&range, &[], top, terms, precision)
                        .ok()?
                        .sign()
                });
                if matches!(sign, Some(Sign::Positive | Sign::Negative)) {
                    at.enter(&mut self.table);
                    return Some(Known {
                        at: at.clone(),
                        multiplicity,
                        radius,
                    });
                }
            }
            radius /= Rational::from(2);
        }
        None
    }
}

/// Whether a rational is simple enough to be worth an exact test.
fn is_short(value: &Rational) -> bool {
    value.numer().significant_bits() + value.denom().significant_bits() <= 64
}

/// A box that could not be decided.
struct Stuck {
    lo: Rational,
    hi: Rational,
}

/// Adds a box to the last cell of the same sign, or begins a new one.
fn push_sign(cells: &mut Vec<Cell>, positive: bool, to: &Rational) {
    if let Some(Cell::Sign { positive: before, cuts }) = cells.last_mut()
        && *before == positive
    {
        cuts.push(Exact(to.clone()));
        return;
    }
    cells.push(Cell::Sign {
        positive,
        cuts: vec![Exact(to.clone())],
    });
}

/// Where to cut a box: at 0 if it is inside, between the magnitudes of wide boxes, else in the middle; a short dyadic.
pub(super) fn split_point(lo: &Rational, hi: &Rational) -> Rational {
    if *lo < 0 && *hi > 0 {
        return Rational::new();
    }
    let eight = Rational::from(8);
    let (small, large) = (
        lo.clone().abs().min(hi.clone().abs()),
        lo.clone().abs().max(hi.clone().abs()),
    );
    let target = if small != 0 && large > Rational::from(&small * &eight) {
        // A power of two near the geometric mean.
        let exponent = (floor_log2(&small) + floor_log2(&large)) / 2;
        let power = Rational::from(1) << exponent;
        if *hi <= 0 { -power } else { power }
    } else {
        Rational::from(lo + hi) / Rational::from(2)
    };
    let width = Rational::from(hi - lo);
    let grid = Rational::from(1) << (floor_log2(&width) - 8);
    let rounded = Rational::from(&target / &grid).round() * &grid;
    if *lo < rounded && rounded < *hi {
        rounded
    } else {
        Rational::from(lo + hi) / Rational::from(2)
    }
}

/// The exponent of the power of two at or just below a positive rational, within one.
fn floor_log2(value: &Rational) -> i32 {
    let bits = |integer: &rug::Integer| i32::try_from(integer.significant_bits()).unwrap_or(i32::MAX / 2);
    bits(value.numer()) - bits(value.denom())
}
