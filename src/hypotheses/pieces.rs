//! Cutting the domain into pieces on which the cost is analytic: absolute values and roots are resolved by their signs.

use super::charts::{Span, split_point};
use super::places::Place;
use super::search::{KEEP, Local, Search};
use crate::kernel::certificate::{Cell, Chart, Cover, Exact, PieceData, Resolution, Side, Tail};
use crate::kernel::evaluate::Program;
use crate::kernel::expr::{Function, Id, Node, Table};
use crate::kernel::interval::Interval;
use crate::kernel::normal_form::as_rational_function;
use crate::kernel::number::Number;
use crate::kernel::polynomial::{Polynomial, simplest_between};
use crate::kernel::tail::form_of;
use rug::{Integer, Rational};

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
        let kinks = self.kinks();
        if kinks.is_empty() {
            let defined = self.cover(&whole, self.cost, false);
            let piece = PieceData {
                until: None,
                resolutions: Vec::new(),
                form: self.cost,
                defined: Some(defined.ok_or("the cost may be undefined somewhere on its domain")?),
                analytic: None,
            };
            return self.settle(vec![piece]).map_err(|rejection| rejection.to_string());
        }
        self.find_breaks(&kinks)?;
        let pieces = self.resolved_pieces(&kinks)?;
        // The same form everywhere means that the kinks were only apparent.
        if let Some(first) = pieces.first()
            && pieces.len() > 1
            && self.cut_with(first.form).is_some()
        {
            return Ok(());
        }
        self.settle(pieces).map_err(|rejection| rejection.to_string())
    }

    /// Cuts the domain into the one piece on which the cost equals another, analytic form.
    pub fn cut_with(&mut self, form: Id) -> Option<()> {
        let whole = Span {
            left: None,
            right: None,
        };
        self.breaks.clear();
        self.break_places.clear();
        let analytic = self.cover(&whole, form, true)?;
        let defined = self.cover(&whole, self.cost, false)?;
        let piece = PieceData {
            until: None,
            resolutions: Vec::new(),
            form,
            defined: Some(defined),
            analytic: Some(analytic),
        };
        self.settle(vec![piece]).ok()
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
        // sqrt(N/D) = |square / D| sqrt(rest) with N D = square^2 rest and rest without multiple zeros.
        if *exponent.denom() != 2 {
            return None;
        }
        let (top, bottom) = as_rational_function(&self.table, base)?;
        let product = top.mul(&bottom)?;
        let mut square = Polynomial::constant(1);
        for (factor, multiplicity) in product.squarefree_factors() {
            square = square.mul(&factor.pow(multiplicity / 2)?)?;
        }
        if square.degree() == Some(0) {
            return None;
        }
        let (rest, _) = product.divide(&square.pow(2)?)?;
        let scale = rest.as_constant().and_then(|rest| exact_root(&rest));
        let square = self.polynomial(&square.scale(&scale.clone().unwrap_or_else(|| Rational::from(1))));
        let bottom = self.polynomial(&bottom);
        let mut ratio = self.table.insert(Node::Div(square, bottom));
        if scale.is_none() {
            let rest = self.polynomial(&rest);
            let root = self.table.insert(Node::Power(rest, Rational::from((1, 2))));
            ratio = self.table.insert(Node::Mul(ratio, root));
        }
        power(&mut self.table, ratio, Rational::from(exponent.numer()))
    }

    /// A polynomial as an expression in w, by Horner's scheme.
    pub fn polynomial(&mut self, polynomial: &Polynomial) -> Id {
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

    /// The points where a kink's inside changes its sign; inner kinks first, so that outer ones see them resolved.
    fn find_breaks(&mut self, kinks: &[Kink]) -> Result<(), String> {
        for (known, kink) in kinks.iter().enumerate() {
            let mut found = Vec::new();
            for index in 0..=self.breaks.len() {
                let inner = self.resolved(kinks.get(..known).unwrap_or_default(), index, kink.inner);
                let local = Local::new(&self.table, inner, 2);
                let span = self.span(index);
                let chart = self
                    .chart(&span, &local, 0)
                    .ok_or("the sign of the inside of a kink could not be followed")?;
                let zeros = self
                    .exact_zeros(&chart, &local)
                    .ok_or("a kink at a point without a closed form")?;
                let inside = |zero: &Place| {
                    span.left.as_ref().is_none_or(|(_, edge)| *edge < zero.lo)
                        && span.right.as_ref().is_none_or(|(edge, _)| zero.hi < *edge)
                };
                found.extend(zeros.into_iter().filter(inside));
            }
            self.break_places.extend(found);
            self.break_places.sort_by(|a, b| a.lo.cmp(&b.lo));
            self.breaks = self
                .break_places
                .iter()
                .map(|place| (place.lo.clone(), place.hi.clone()))
                .collect();
        }
        Ok(())
    }

    /// An expression with kinks replaced by what they are on a piece of the present cut, by the signs in its middle.
    fn resolved(&mut self, kinks: &[Kink], index: usize, root: Id) -> Id {
        let replaced = self.replacements(kinks, index).into_iter().collect();
        self.table.replace(root, &replaced)
    }

    /// What each kink equals on a piece.
    fn replacements(&mut self, kinks: &[Kink], index: usize) -> Vec<(Id, Id)> {
        let span = self.span(index);
        let (left, right) = (span.left.map(|(_, edge)| edge), span.right.map(|(edge, _)| edge));
        let middle = self.between(left.as_ref(), right.as_ref());
        let mut replaced: Vec<(Id, Id)> = Vec::new();
        for kink in kinks {
            let inner = self.table.replace(kink.inner, &replaced.iter().copied().collect());
            let value = middle.as_ref().and_then(|middle| {
                Program::new(&self.table, inner)
                    .value(&[Number::Exact(middle.clone())], self.precision())
                    .ok()
            });
            let negative = value.is_some_and(|value| value.is_negative());
            let by = if negative {
                self.table.insert(Node::Neg(inner))
            } else {
                inner
            };
            replaced.push((kink.node, by));
        }
        replaced
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

    /// The zeros of a chart if all of them are rational or have a closed form.
    fn exact_zeros(&self, chart: &Chart, local: &Local) -> Option<Vec<Place>> {
        let closed = || self.closed_zeros(local, 0);
        let exactly = |lo: &Rational, hi: &Rational| {
            let guess = Place::rational(simplest_between(lo, hi));
            if self.is_exact_zero(local, 0, &guess) {
                return Some(guess);
            }
            closed()
                .into_iter()
                .find(|place| *lo <= place.lo && place.hi <= *hi && self.is_exact_zero(local, 0, place))
        };
        match chart {
            Chart::Zero {} | Chart::Nonnegative { .. } => Some(Vec::new()),
            Chart::Polynomial { roots } => roots.iter().map(|[lo, hi]| exactly(&lo.0, &hi.0)).collect(),
            Chart::Cells { cells, .. } => {
                let zero = |cell: &Cell| match cell {
                    Cell::Sign { .. } => None,
                    Cell::Multiple { at, .. } => Some(self.place(*at)),
                    Cell::Simple {
                        within: Some([lo, hi]), ..
                    } => Some(exactly(&lo.0, &hi.0)),
                    Cell::Simple { within: None, .. } => Some(None),
                };
                cells.iter().filter_map(zero).collect()
            }
        }
    }

    /// The pieces of the present cut with every kink replaced by its inside or the negative of it.
    fn resolved_pieces(&mut self, kinks: &[Kink]) -> Result<Vec<PieceData>, String> {
        let mut pieces = Vec::with_capacity(self.breaks.len() + 1);
        for index in 0..=self.breaks.len() {
            let span = self.span(index);
            let until = self
                .break_places
                .get(index)
                .cloned()
                .map(|place| place.enter(&mut self.table));
            let replaced = self.replacements(kinks, index);
            let mut resolutions = Vec::new();
            for (node, by) in &replaced {
                let local = Local::new(&self.table, *by, 2);
                let nonnegative = self
                    .chart(&span, &local, 0)
                    .ok_or("the sign of a kink could not be shown")?;
                resolutions.push(Resolution {
                    node: *node,
                    by: *by,
                    nonnegative,
                });
            }
            let form = self.table.replace(self.cost, &replaced.iter().copied().collect());
            let needed = self.needed(&replaced, form);
            let defined = self
                .cover_all(&span, &needed, false)
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

    /// What must be defined on a piece for the kernel: the resolved cost, the arguments of what was resolved, and what
    /// they were resolved to.
    fn needed(&mut self, replaced: &[(Id, Id)], resolved: Id) -> Vec<Id> {
        let mut needed = vec![resolved];
        for (place, (node, by)) in replaced.iter().enumerate() {
            let before = replaced.get(..place).unwrap_or_default().iter().copied().collect();
            let argument = match self.table.node(*node).cloned() {
                Some(Node::Apply(_, argument)) => argument,
                Some(Node::Power(base, exponent)) if exponent.numer().is_odd() => base,
                _ => *node,
            };
            let argument = self.table.replace(argument, &before);
            needed.extend([argument, *by]);
        }
        needed.sort();
        needed.dedup();
        needed
    }

    /// Boxes and tails on which an expression is defined, or, if `strict`, analytic.
    pub fn cover(&self, span: &Span, root: Id, strict: bool) -> Option<Cover> {
        self.cover_all(span, &[root], strict)
    }

    /// One cover for several expressions.
    fn cover_all(&self, span: &Span, roots: &[Id], strict: bool) -> Option<Cover> {
        let programs: Vec<Program> = roots.iter().map(|root| Program::new(&self.table, *root)).collect();
        if strict && programs.iter().any(Program::has_kinks) {
            return None;
        }
        let (left, start) = self.cover_end(Side::Left, span, &programs, strict)?;
        let (right, end) = self.cover_end(Side::Right, span, &programs, strict)?;
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
            let fine = programs.iter().all(|program| {
                if strict {
                    program.jet(&variables, 1, precision).is_ok()
                } else {
                    program.value(&variables, precision).is_ok()
                }
            });
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

    fn cover_end(
        &self,
        side: Side,
        span: &Span,
        programs: &[Program],
        strict: bool,
    ) -> Option<(Option<Tail>, Rational)> {
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
                if inside && half && programs.iter().all(|program| form_of(program, &ray, &[]).is_ok()) {
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
