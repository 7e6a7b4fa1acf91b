//! The workplace of the finders: the cost cut into pieces, fast access to its derivatives, and the kernel as judge.

use super::places::Place;
use crate::kernel::certificate::{Certificate, Chart, Claim, Exact, Input, PieceData, SCHEMA, SettingData, Side, Tail};
use crate::kernel::evaluate::Program;
use crate::kernel::expr::{Id, Table};
use crate::kernel::number::Number;
use crate::kernel::polynomial::End;
use crate::kernel::tail::{Form, Ray, Toward, form_of};
use crate::kernel::{Court, Rejection, Theorem};
use crate::verdict::{Attempt, Budget, Reason, Verdict};
use rug::Rational;

/// The number of terms that asymptotic forms keep at first, and when that is not enough.
pub(super) const KEEP: [u8; 2] = [4, 8];
/// The order of Taylor forms in charts and covers.
pub(super) const ORDER: u8 = 2;

/// A function on a piece, prepared for evaluation together with its derivatives.
#[derive(Clone, Debug)]
pub(super) struct Local {
    /// The expression in the certificate's table.
    pub root: Id,
    /// The expression itself.
    pub program: Program,
    /// Its derivatives of order 0, 1, ... as expressions, as far as they exist.
    pub derivatives: Vec<(Table, Id, Program)>,
}

impl Local {
    /// Prepares an expression with its first `orders` derivatives.
    pub fn new(table: &Table, root: Id, orders: usize) -> Self {
        let mut scratch = table.clone();
        let mut derivatives = Vec::with_capacity(orders.saturating_add(1));
        let mut current = Some(root);
        for _ in 0..=orders {
            let Some(id) = current else { break };
            let (small, ids) = scratch.extract(&[id]);
            let place = ids.first().copied().unwrap_or(id);
            derivatives.push((small, place, Program::new(&scratch, id)));
            current = scratch.derivative(id, 0).ok();
        }
        Local {
            root,
            program: Program::new(table, root),
            derivatives,
        }
    }

    /// The derivative of this order as an expression, for tails and exact tests.
    pub fn derivative(&self, order: usize) -> Option<&(Table, Id, Program)> {
        self.derivatives.get(order)
    }

    /// The value of a derivative at a point.
    pub fn at(&self, point: &Rational, order: usize, precision: u32) -> Option<Number> {
        let (_, _, program) = self.derivative(order)?;
        program.value(&[Number::Exact(point.clone())], precision).ok()
    }
}

/// A cost under investigation.
pub(super) struct Search<'a> {
    pub budget: &'a Budget,
    pub input: Input,
    pub table: Table,
    pub cost: Id,
    pub left: End,
    pub right: End,
    pub pieces: Vec<PieceData>,
    /// The forms of the pieces with their derivatives.
    pub locals: Vec<Local>,
    /// The interior ends of the pieces, enclosed from below and above.
    pub breaks: Vec<(Rational, Rational)>,
    /// The same points with their exact descriptions.
    pub break_places: Vec<Place>,
    pub claims: Vec<Claim>,
    /// Internal errors for the reader.
    pub notes: Vec<String>,
    /// The derivative of the cost, for display.
    pub slope_text: Option<String>,
    /// Two independent derivatives of the cost differ: nothing that uses a derivative may be believed.
    pub derivatives_disagree: bool,
    /// The charts of f', once they have been looked for.
    pub slope_charts_known: Option<Option<Vec<Chart>>>,
    court: Option<(usize, Court)>,
    starts_known: (Vec<Rational>, Vec<Rational>),
    lowest_known: Option<Option<Rational>>,
}

impl<'a> Search<'a> {
    /// A search about a cost that is not cut into pieces yet.
    pub fn new(budget: &'a Budget, input: Input, table: Table, cost: Id, left: End, right: End) -> Self {
        let (pieces, locals, breaks, break_places) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let (claims, notes) = (Vec::new(), Vec::new());
        Search {
            budget,
            input,
            table,
            cost,
            left,
            right,
            pieces,
            locals,
            breaks,
            break_places,
            claims,
            notes,
            slope_text: None,
            derivatives_disagree: false,
            slope_charts_known: None,
            court: None,
            starts_known: (Vec::new(), Vec::new()),
            lowest_known: None,
        }
    }

    pub fn precision(&self) -> u32 {
        self.budget.precision
    }

    /// Settles how the domain is cut, if the kernel accepts it.
    pub fn settle(&mut self, pieces: Vec<PieceData>) -> Result<(), Rejection> {
        let before = std::mem::replace(&mut self.pieces, pieces);
        match Court::open(&self.certificate()) {
            Ok(court) => {
                self.court = Some((self.table.nodes().len(), court));
                self.locals = self
                    .pieces
                    .iter()
                    .map(|piece| Local::new(&self.table, piece.form, 4))
                    .collect();
                self.breaks = self
                    .pieces
                    .iter()
                    .filter_map(|piece| self.enclose(piece.until?))
                    .collect();
                let places = self
                    .pieces
                    .iter()
                    .filter_map(|piece| self.place(piece.until?))
                    .collect();
                self.break_places = places;
                self.starts_known = (Vec::new(), Vec::new());
                self.starts_known = (self.starts(Side::Left), self.starts(Side::Right));
                Ok(())
            }
            Err(rejection) => {
                self.pieces = before;
                Err(rejection)
            }
        }
    }

    /// A constant expression between two rationals.
    pub fn enclose(&self, constant: Id) -> Option<(Rational, Rational)> {
        match Program::new(&self.table, constant).value(&[], self.precision()).ok()? {
            Number::Exact(value) => Some((value.clone(), value)),
            Number::Enclosed { range, .. } => range.inf_rational().zip(range.sup_rational()),
        }
    }

    /// The certificate with all claims accepted so far.
    pub fn certificate(&self) -> Certificate {
        Certificate {
            schema: SCHEMA.into(),
            input: self.input.clone(),
            setting: SettingData {
                nodes: self.table.nodes().to_vec(),
                cost: self.cost,
                left: self.left.clone(),
                right: self.right.clone(),
                precision: self.precision(),
                pieces: self.pieces.clone(),
            },
            claims: self.claims.clone(),
        }
    }

    /// The kernel's reading of the cost.
    pub fn reading(&self) -> String {
        self.court
            .as_ref()
            .map_or_else(String::new, |(_, court)| court.reading().to_string())
    }

    /// Asks the kernel; an accepted claim joins the certificate.
    pub fn judge(&mut self, claim: Claim) -> Result<Theorem, Rejection> {
        let nodes = self.table.nodes().len();
        if self.court.as_ref().is_none_or(|(known, _)| *known != nodes) {
            // The table has grown since the court was opened: new constants were introduced.
            self.court = Some((nodes, Court::open(&self.certificate())?));
        }
        let Some((_, court)) = &mut self.court else {
            return Err(Rejection::new("there is no court"));
        };
        court.adjourn();
        let theorem = court.judge(&claim)?;
        self.claims.push(claim);
        Ok(theorem)
    }

    /// Turns an accepted or refused claim into a verdict, or notes how the attempt failed.
    pub fn attempt(&mut self, method: &'static str, claim: Claim, tried: &mut Vec<Attempt>) -> Option<Verdict> {
        match self.judge(claim) {
            Ok(theorem) if theorem.holds() => Some(Verdict::Proved(theorem)),
            Ok(theorem) => Some(Verdict::Refuted(theorem)),
            Err(rejection) => {
                tried.push(Attempt {
                    method,
                    outcome: rejection.to_string(),
                });
                None
            }
        }
    }

    /// The verdict of a search that found nothing.
    pub fn undecided(&self, tried: Vec<Attempt>) -> Verdict {
        let reason = if self.budget.is_over() {
            Reason::Budget { option: "--timeout" }
        } else {
            let what = match tried.last() {
                Some(last) => format!("{}: {}", last.method, last.outcome),
                None => "no argument in the catalogue applies".into(),
            };
            Reason::Inconclusive { what }
        };
        Verdict::Undecided { reason, tried }
    }

    /// Which piece is at an end of the domain.
    pub fn outer(&self, side: Side) -> usize {
        if side == Side::Left {
            0
        } else {
            self.pieces.len().saturating_sub(1)
        }
    }

    /// The form of the cost at an end of the domain.
    pub fn outer_local(&self, side: Side) -> Option<&Local> {
        self.locals.get(self.outer(side))
    }

    /// The function on the piece that contains a point.
    pub fn local_at(&self, point: &Rational) -> Option<&Local> {
        let index = self.breaks.iter().filter(|(lo, _)| point > lo).count();
        self.locals.get(index)
    }

    /// The value of a derivative of the cost at a point of the domain.
    pub fn value(&self, point: &Rational, order: usize) -> Option<Number> {
        let inside = self.left < End::At(point.clone()) && End::At(point.clone()) < self.right;
        if inside {
            self.local_at(point)?.at(point, order, self.precision())
        } else {
            None
        }
    }

    /// A tail for the kernel.
    pub fn tail(from: &Rational, keep: u8) -> Tail {
        Tail {
            from: Exact(from.clone()),
            keep,
        }
    }

    /// The direction of an end of the domain.
    pub fn toward(&self, side: Side) -> Toward {
        match (side, &self.left, &self.right) {
            (Side::Left, End::At(end), _) => Toward::FromRight(end.clone()),
            (Side::Left, ..) => Toward::NegativeInfinity,
            (Side::Right, _, End::At(end)) => Toward::FromLeft(end.clone()),
            (Side::Right, ..) => Toward::PositiveInfinity,
        }
    }

    /// A tail that begins at t = `from`, if it lies inside the outer piece.
    pub fn ray(&self, side: Side, from: &Rational, keep: u8) -> Option<Ray> {
        let ray = Ray::new(self.toward(side), from, keep, self.precision())?;
        let start = End::At(ray.start());
        let edge = match side {
            Side::Left => self.breaks.first().map(|(lo, _)| ray.start() <= *lo),
            Side::Right => self.breaks.last().map(|(_, hi)| ray.start() >= *hi),
        };
        (self.left < start && start < self.right && edge.unwrap_or(true)).then_some(ray)
    }

    /// Where tails may begin, in t, from the closest to the middle of the domain outwards.
    pub fn starts(&self, side: Side) -> Vec<Rational> {
        let known = if side == Side::Left {
            &self.starts_known.0
        } else {
            &self.starts_known.1
        };
        if !known.is_empty() {
            return known.clone();
        }
        let mut starts = Vec::new();
        // t = 1/distance starts small on wide bounded domains.
        let width = self
            .left
            .finite()
            .zip(self.right.finite())
            .map(|(left, right)| Rational::from(right - left));
        let bits = |integer: &rug::Integer| i32::try_from(integer.significant_bits()).unwrap_or(0);
        let magnitude = width.map_or(0, |width| bits(width.numer()) - bits(width.denom()));
        let mut exponent: i32 = (-8i32).min(-magnitude - 1).max(-20_000);
        while exponent <= 4096 && starts.len() < 72 {
            let start = Rational::from(1) << exponent;
            if self.ray(side, &start, KEEP[0]).is_some() {
                starts.push(start);
            }
            exponent = if exponent < 48 {
                exponent.saturating_add(1)
            } else {
                exponent.saturating_mul(3) / 2
            };
        }
        starts
    }

    /// The first tail on which the form of an expression satisfies a condition.
    ///
    /// Bounds on a tail only improve as it begins further out, so a few distant tails tell whether it is worth looking, and
    /// bisection finds the first.
    pub fn find_tail(
        &self,
        side: Side,
        program: &Program,
        others: &[Number],
        accept: impl Fn(&Form, &Ray) -> bool,
    ) -> Option<Tail> {
        let starts = self.starts(side);
        let accepts = |index: usize, keep: u8| {
            starts.get(index).is_some_and(|start| {
                self.ray(side, start, keep)
                    .is_some_and(|ray| form_of(program, &ray, others).is_ok_and(|form| accept(&form, &ray)))
            })
        };
        for keep in KEEP {
            let last = starts.len().checked_sub(1)?;
            let distant = [last / 3, last / 2, last.saturating_mul(3) / 4, last];
            if self.budget.is_over() {
                return None;
            }
            let Some(mut high) = distant.into_iter().find(|index| accepts(*index, keep)) else {
                continue;
            };
            let mut low = 0;
            while low < high {
                let middle = (low + high) / 2;
                if accepts(middle, keep) {
                    high = middle
                } else {
                    low = middle + 1
                }
            }
            return starts.get(high).map(|start| Self::tail(start, keep));
        }
        None
    }

    /// Points of the domain worth looking at: a grid of magnitudes around the origin and the finite ends.
    pub fn samples(&self) -> Vec<Rational> {
        let mut points: Vec<Rational> = Vec::new();
        let anchors: Vec<Rational> = [&self.left, &self.right]
            .into_iter()
            .filter_map(|end| end.finite().cloned())
            .chain([Rational::new()])
            .chain(self.breaks.iter().filter(|(lo, hi)| lo == hi).map(|(lo, _)| lo.clone()))
            .collect();
        for anchor in &anchors {
            points.push(anchor.clone());
            for exponent in -40i32..=24 {
                let step = Rational::from(1) << exponent;
                points.push(Rational::from(anchor + &step));
                points.push(Rational::from(anchor - &step));
            }
            for index in 1..=48i32 {
                let step = Rational::from((index, 4));
                points.push(Rational::from(anchor + &step));
                points.push(Rational::from(anchor - &step));
            }
        }
        if let (Some(a), Some(b)) = (self.left.finite(), self.right.finite()) {
            let width = Rational::from(b - a);
            points.extend((1..64i32).map(|index| (&width * Rational::from((index, 64))) + a));
        }
        points.retain(|point| self.left < End::At(point.clone()) && End::At(point.clone()) < self.right);
        points.sort();
        points.dedup();
        points
    }

    /// A sample point with a small value of the cost.
    pub fn lowest_sample(&mut self) -> Option<Rational> {
        if self.lowest_known.is_none() {
            let precision = self.precision();
            let mut best: Option<(Rational, Number)> = None;
            for point in self.samples() {
                let Some(value) = self.value(&point, 0) else { continue };
                let finite = value.interval(precision).is_bounded();
                if finite
                    && best
                        .as_ref()
                        .is_none_or(|(_, least)| value.sub(least, precision).is_negative())
                {
                    best = Some((point, value));
                }
            }
            self.lowest_known = Some(best.map(|(point, _)| point));
        }
        self.lowest_known.clone().flatten()
    }
}
