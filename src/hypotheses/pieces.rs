//! Cutting the domain into pieces on which the cost is analytic: absolute values and roots are resolved by their signs.

use super::charts::{Span, split_point};
use super::search::{KEEP, Local, Search};
use crate::kernel::certificate::{Cell, Chart, Cover, Exact, PieceData, Resolution, Side, Tail};
use crate::kernel::evaluate::Program;
use crate::kernel::expr::{Function, Id, Node, Table};
use crate::kernel::interval::Interval;
use crate::kernel::normal_form::as_rational_function;
use crate::kernel::number::{Number, Sign};
use crate::kernel::polynomial::Polynomial;
use crate::kernel::tail::form_of;
use rug::{Integer, Rational};
use std::collections::BTreeMap;

/// An absolute value or root with the expression it equals up to sign.
struct Kink {
    node: Id,
    inner: Id,
}

impl Search<'_> {
    /// Cuts the domain; the error says what could not be followed.
    pub fn cut(&mut self) -> Result<(), String> {
        let whole = Span {
            left: None,
            right: None,
        };
        let analytic = self.cover(&whole, self.cost, true);
        if let Some(analytic) = analytic {
            let piece = PieceData {
                until: None,
                resolutions: Vec::new(),
                form: self.cost,
                defined: None,
                analytic: Some(analytic),
            };
            return self.settle(vec![piece]).map_err(|rejection| rejection.to_string());
        }
        let defined = self
            .cover(&whole, self.cost, false)
            .ok_or("the cost may be undefined somewhere on its domain")?;
        let kinks = self.kinks();
        if kinks.is_empty() {
            let piece = PieceData {
                until: None,
                resolutions: Vec::new(),
                form: self.cost,
                defined: Some(defined),
                analytic: None,
            };
            return self.settle(vec![piece]).map_err(|rejection| rejection.to_string());
        }
        let breaks = self.break_points(&kinks)?;
        let pieces = self.resolved_pieces(&kinks, &breaks)?;
        // The same form everywhere means that the kinks were only apparent.
        if let Some(first) = pieces.first()
            && pieces.len() > 1
        {
            let single = PieceData {
                until: None,
                resolutions: Vec::new(),
                form: first.form,
                defined: Some(defined),
                analytic: self.cover(&whole, first.form, true),
            };
            if single.analytic.is_some() && self.settle(vec![single]).is_ok() {
                return Ok(());
            }
        }
        self.settle(pieces).map_err(|rejection| rejection.to_string())
    }

    /// The absolute values and roots that are not analytic everywhere.
    fn kinks(&mut self) -> Vec<Kink> {
        let mut kinks = Vec::new();
        for node in self.table.reachable(self.cost) {
            let inner = match self.table.node(node).cloned() {
                Some(Node::Apply(Function::Abs, inner)) if self.table.mentions(inner, 0) => Some(inner),
                Some(Node::Power(base, exponent)) if *exponent.denom() != 1 && self.table.mentions(base, 0) => {
                    self.root_of(base, &exponent)
                }
                _ => None,
            };
            kinks.extend(inner.map(|inner| Kink { node, inner }));
        }
        kinks
    }

    /// An expression v with |v| = base^exponent, if the base is visibly a power or a square.
    fn root_of(&mut self, base: Id, exponent: &Rational) -> Option<Id> {
        let power = |table: &mut Table, inner: Id, times: Rational| {
            (*times.denom() == 1 && times > 0).then(|| {
                if times == 1 {
                    inner
                } else {
                    table.insert(Node::Power(inner, times))
                }
            })
        };
        let visible = match self.table.node(base).cloned()? {
            Node::Power(inner, times) => power(&mut self.table, inner, Rational::from(&times * exponent)),
            Node::Mul(a, b) if a == b => power(&mut self.table, a, Rational::from(2) * exponent),
            _ => None,
        };
        if visible.is_some() {
            return visible;
        }
        // u^(p/2) with u = N/D and N D = square^2: sqrt(u) = |square / D|.
        if *exponent.denom() != 2 {
            return None;
        }
        let (top, bottom) = as_rational_function(&self.table, base)?;
        let product = top.mul(&bottom)?;
        let mut square = Polynomial::constant(1);
        for (factor, multiplicity) in product.squarefree_factors() {
            if !multiplicity.is_multiple_of(2) {
                return None;
            }
            square = square.mul(&factor.pow(multiplicity / 2)?)?;
        }
        let rest = Rational::from(product.leading()? / square.pow(2)?.leading()?);
        let scale = exact_root(&rest)?;
        let square = self.polynomial(&square.scale(&scale));
        let bottom = self.polynomial(&bottom);
        let ratio = self.table.insert(Node::Div(square, bottom));
        power(&mut self.table, ratio, Rational::from(exponent.numer()))
    }

    /// A polynomial as an expression in w, by Horner's scheme.
    fn polynomial(&mut self, polynomial: &Polynomial) -> Id {
        let w = self.table.w();
        let mut sum: Option<Id> = None;
        for coefficient in polynomial.coefficients().iter().rev() {
            let number = self.table.number(coefficient.clone());
            sum = Some(match sum {
                None => number,
                Some(sum) => {
                    let product = self.table.insert(Node::Mul(sum, w));
                    if *coefficient == 0 {
                        product
                    } else {
                        self.table.insert(Node::Add(product, number))
                    }
                }
            });
        }
        sum.unwrap_or_else(|| self.table.number(0))
    }

    /// The points where a kink's inside changes its sign.
    fn break_points(&mut self, kinks: &[Kink]) -> Result<Vec<Rational>, String> {
        let whole = Span {
            left: None,
            right: None,
        };
        let mut breaks = Vec::new();
        for kink in kinks {
            let local = Local::new(&self.table, kink.inner, 2);
            let chart = self
                .chart(&whole, &local, 0)
                .ok_or("the sign of the inside of a kink could not be followed")?;
            let zeros = self
                .exact_zeros(&chart, &local)
                .ok_or("a kink at an irrational point is not supported")?;
            let mut previous: Option<Sign> = None;
            for (index, zero) in zeros.iter().enumerate() {
                let before = index.checked_sub(1).and_then(|before| zeros.get(before));
                let sign =
                    |point: Option<Rational>| local.at(&point?, 0, self.precision()).and_then(|value| value.sign());
                let left = previous.or_else(|| sign(self.between(before, Some(zero))));
                let right = sign(self.between(Some(zero), zeros.get(index.saturating_add(1))));
                if left.is_none() || right.is_none() || left != right {
                    breaks.push(zero.clone());
                }
                previous = right;
            }
        }
        breaks.sort();
        breaks.dedup();
        Ok(breaks)
    }

    /// A point strictly between two points or ends of the domain.
    fn between(&self, left: Option<&Rational>, right: Option<&Rational>) -> Option<Rational> {
        let left = left.or(self.left.finite());
        let right = right.or(self.right.finite());
        Some(match (left, right) {
            (Some(a), Some(b)) => Rational::from(a + b) / Rational::from(2),
            (Some(a), None) => Rational::from(a + 1u32),
            (None, Some(b)) => Rational::from(b - 1u32),
            (None, None) => Rational::new(),
        })
    }

    /// The zeros of a chart if all of them are rational.
    fn exact_zeros(&self, chart: &Chart, local: &Local) -> Option<Vec<Rational>> {
        match chart {
            Chart::Zero {} => Some(Vec::new()),
            Chart::Polynomial { roots } => roots.iter().map(|[lo, hi]| (lo == hi).then(|| lo.0.clone())).collect(),
            Chart::Cells { cells, .. } => {
                let mut zeros = Vec::new();
                for cell in cells {
                    match cell {
                        Cell::Sign { .. } => {}
                        Cell::Multiple { at, .. } => zeros.push(self.enclose(*at)?.0),
                        Cell::Simple {
                            within: Some([lo, hi]), ..
                        } => {
                            let guess = crate::kernel::polynomial::simplest_between(&lo.0, &hi.0);
                            let exact = self.is_exact_zero(local, 0, &guess);
                            zeros.push(exact.then_some(guess)?);
                        }
                        Cell::Simple { within: None, .. } => return None,
                    }
                }
                Some(zeros)
            }
        }
    }

    /// The pieces between the breaks with every kink replaced by its inside or the negative of it.
    fn resolved_pieces(&mut self, kinks: &[Kink], breaks: &[Rational]) -> Result<Vec<PieceData>, String> {
        self.breaks = breaks.iter().map(|point| (point.clone(), point.clone())).collect();
        let count = breaks.len().saturating_add(1);
        let mut pieces = Vec::with_capacity(count);
        for index in 0..count {
            let before = index.checked_sub(1).and_then(|before| breaks.get(before));
            let after = breaks.get(index);
            let middle = self.between(before, after).ok_or("an empty piece")?;
            let span = Span {
                left: before.map(|point| (point.clone(), point.clone())),
                right: after.map(|point| (point.clone(), point.clone())),
            };
            let until = after.map(|point| self.table.number(point.clone()));
            let mut resolutions = Vec::new();
            let mut replaced: BTreeMap<Id, Id> = BTreeMap::new();
            for kink in kinks {
                let value =
                    Program::new(&self.table, kink.inner).value(&[Number::Exact(middle.clone())], self.precision());
                let negative = value.is_ok_and(|value| value.is_negative());
                let by = if negative {
                    self.table.insert(Node::Neg(kink.inner))
                } else {
                    kink.inner
                };
                let local = Local::new(&self.table, by, 2);
                let nonnegative = self
                    .chart(&span, &local, 0)
                    .ok_or("the sign of a kink could not be shown")?;
                resolutions.push(Resolution {
                    node: kink.node,
                    by,
                    nonnegative,
                });
                replaced.insert(kink.node, by);
            }
            let form = self.table.replace(self.cost, &replaced);
            let defined = self
                .cover(&span, self.cost, false)
                .ok_or("the cost may be undefined on a piece")?;
            let analytic = self.cover(&span, form, true);
            pieces.push(PieceData {
                until,
                resolutions,
                form,
                defined: Some(defined),
                analytic,
            });
        }
        Ok(pieces)
    }

    /// Boxes and tails on which an expression is defined, or, if `strict`, analytic.
    pub fn cover(&self, span: &Span, root: Id, strict: bool) -> Option<Cover> {
        let program = Program::new(&self.table, root);
        if strict && program.has_kinks() {
            return None;
        }
        let (left, start) = self.cover_end(Side::Left, span, &program, strict)?;
        let (right, end) = self.cover_end(Side::Right, span, &program, strict)?;
        let precision = self.precision();
        let mut cuts = vec![Exact(start.clone())];
        let mut pending = vec![(start.clone(), end.clone())];
        let mut work = self.budget.subdivisions.min(20_000);
        while let Some((lo, hi)) = pending.pop() {
            if lo >= hi {
                continue;
            }
            work = work.checked_sub(1)?;
            let variables = [Number::from(Interval::hull_of(&lo, &hi, precision)?)];
            let fine = if strict {
                program.jet(&variables, 1, precision).is_ok()
            } else {
                program.value(&variables, precision).is_ok()
            };
            if fine {
                cuts.push(Exact(hi));
                continue;
            }
            let size = Rational::from(&hi - &lo);
            let scale = lo.clone().abs().max(hi.clone().abs());
            if size <= Rational::from(&scale >> 60u32) || self.budget.is_over() {
                return None;
            }
            let middle = split_point(&lo, &hi);
            pending.push((middle.clone(), hi));
            pending.push((lo, middle));
        }
        Some(Cover { left, cuts, right })
    }

    fn cover_end(&self, side: Side, span: &Span, program: &Program, strict: bool) -> Option<(Option<Tail>, Rational)> {
        let bound = if side == Side::Left { &span.left } else { &span.right };
        if let Some((lo, hi)) = bound {
            return Some((None, if side == Side::Left { lo.clone() } else { hi.clone() }));
        }
        let far = if side == Side::Left { &span.right } else { &span.left };
        for keep in KEEP {
            for from in self.starts(side) {
                let Some(mut ray) = self.ray(side, &from, keep) else {
                    continue;
                };
                ray.strict = strict;
                let start = ray.start();
                let inside = far
                    .as_ref()
                    .is_none_or(|(lo, hi)| if side == Side::Left { start <= *lo } else { start >= *hi });
                // Meeting in the middle keeps the two tails from crossing.
                let half = self.middle().is_none_or(|middle| {
                    if side == Side::Left {
                        start <= middle
                    } else {
                        start >= middle
                    }
                });
                if inside && half && form_of(program, &ray, &[]).is_ok() {
                    return Some((Some(Self::tail(&from, keep)), start));
                }
            }
        }
        None
    }

    /// A point that tails from the two sides do not cross, when the domain or its breaks suggest one.
    pub fn middle(&self) -> Option<Rational> {
        if self.breaks.is_empty() {
            self.between(None, None)
        } else {
            None
        }
    }
}

/// The rational square root of a positive rational, if there is one.
fn exact_root(value: &Rational) -> Option<Rational> {
    let root = |part: &Integer| {
        let root = part.clone().sqrt();
        (Integer::from(&root * &root) == *part).then_some(root)
    };
    (*value > 0).then_some(())?;
    Some(Rational::from((root(value.numer())?, root(value.denom())?)))
}
