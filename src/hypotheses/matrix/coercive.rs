//! Derivations that a cost tends to +inf.

use super::polynomial::Polynomial;
use super::scalars::Question;
use super::search::Search;
use crate::kernel::certificate::Exact;
use crate::kernel::expr::{Id, Node};
use crate::kernel::matrix::data::{Coercive, Constraint, Sign, Step};
use crate::kernel::matrix::{barrier_cost, negated, outer_function};
use crate::kernel::polynomial::End;
use crate::kernel::theorem::Hypothesis;
use rug::Rational;
use std::collections::BTreeSet;

impl Search<'_> {
    /// Why the cost is coercive, as a guess for the kernel.
    pub fn coercive(&mut self) -> Option<Coercive> {
        if self.coercivity.is_none() {
            let found = self.find_coercive();
            self.coercivity = Some(found);
        }
        self.coercivity.clone().flatten()
    }

    fn find_coercive(&mut self) -> Option<Coercive> {
        if !self.is_everywhere() {
            return self.ball().or_else(|| self.determinant());
        }
        if let Some(polynomial) = self.polynomial.clone()
            && let Some(found) = self.by_squares(&polynomial).or_else(|| self.cascade())
        {
            return Some(found);
        }
        self.sum(true)
            .or_else(|| self.sum(false))
            .or_else(|| self.composition())
    }

    /// p - epsilon |x|^2 + constant is a sum of squares.
    fn by_squares(&mut self, p: &Polynomial) -> Option<Coercive> {
        let size = self.size();
        if p.degree() < 2 {
            return None;
        }
        let largest = p.terms.values().map(|value| Rational::from(value.abs_ref())).max()?;
        let smallest = p.terms.values().map(|value| Rational::from(value.abs_ref())).min()?;
        let one = Rational::from(1);
        for epsilon in [
            Rational::from((1, 2)),
            Rational::from((1, 16)),
            smallest.clone().min(one.clone()) / 8,
        ] {
            for factor in [8u32, 1_000] {
                if self.budget.is_over() {
                    return None;
                }
                let constant = Rational::from(&largest * factor) + Rational::from(factor);
                let mut slack = p.plus(&Polynomial::constant(constant.clone(), size), &one);
                for place in 0..size {
                    let mut square = vec![0; size];
                    square[place] = 2;
                    slack.add_term(square, Rational::from(-&epsilon));
                }
                if let Some(why) = self.nonnegative_polynomial(&slack) {
                    return Some(Coercive::Squares {
                        epsilon: Exact(epsilon),
                        constant: Exact(constant),
                        why,
                    });
                }
            }
        }
        None
    }

    /// Summands that make up a coercive polynomial, of degree 2 if `quadratic`, the rest bounded below.
    fn sum(&mut self, quadratic: bool) -> Option<Coercive> {
        let summands = self.summands(self.root);
        if summands.len() < 2 || summands.len() > 64 {
            return None;
        }
        let size = self.size();
        let polynomial: Vec<(Id, bool)> = summands
            .iter()
            .copied()
            .filter(|(id, _)| self.belongs(*id, quadratic))
            .collect();
        let mut part = None;
        for (id, negative) in polynomial {
            part = Some(match (part, negative) {
                (None, false) => id,
                (None, true) => self.table.insert(Node::Neg(id)),
                (Some(sum), false) => self.table.insert(Node::Add(sum, id)),
                (Some(sum), true) => self.table.insert(Node::Sub(sum, id)),
            });
        }
        let part = part?;
        let of = Polynomial::of(&self.table, part, size)?;
        let why = self.by_squares(&of)?;
        let mut rest = None;
        for (id, negative) in summands {
            if !self.belongs(id, quadratic) {
                rest = Some(match (rest, negative) {
                    (None, false) => id,
                    (None, true) => self.table.insert(Node::Neg(id)),
                    (Some(sum), false) => self.table.insert(Node::Add(sum, id)),
                    (Some(sum), true) => self.table.insert(Node::Sub(sum, id)),
                });
            }
        }
        let rest = rest?;
        let lower = self
            .range_on_space(rest)?
            .interval(self.budget.precision)
            .inf_rational()?;
        Some(Coercive::Sum {
            of: part,
            why: Box::new(why),
            rest,
            constant: Exact(-lower),
            bounded: Sign::Range {},
        })
    }

    /// Whether a summand goes to the polynomial part.
    fn belongs(&self, id: Id, quadratic: bool) -> bool {
        let polynomial = Polynomial::of(&self.table, id, self.size());
        polynomial.is_some_and(|polynomial| !quadratic || polynomial.degree() <= 2)
    }

    /// The terms of a sum with their signs.
    pub fn summands(&self, root: Id) -> Vec<(Id, bool)> {
        let (mut open, mut list) = (vec![(root, false)], Vec::new());
        while let Some((id, negative)) = open.pop() {
            match self.table.node(id) {
                Some(Node::Add(a, b)) => open.extend([(*b, negative), (*a, negative)]),
                Some(Node::Sub(a, b)) => open.extend([(*b, !negative), (*a, negative)]),
                Some(Node::Neg(a)) => open.push((*a, !negative)),
                _ => list.push((id, negative)),
            }
        }
        list
    }

    /// f = h(u) with a coercive polynomial u, and h increasing to +inf.
    fn composition(&mut self) -> Option<Coercive> {
        let size = self.size();
        let nodes = self.table.reachable(self.root);
        for inner in nodes.into_iter().rev().skip(1) {
            let Some(polynomial) = Polynomial::of(&self.table, inner, size) else {
                continue;
            };
            if polynomial.degree() < 2 {
                continue;
            }
            let mut scratch = self.table.clone();
            let Some(outer) = outer_function(&mut scratch, self.root, inner, size).map(negated) else {
                continue;
            };
            let lower = self
                .range_on_space(inner)
                .and_then(|range| range.interval(self.budget.precision).inf_rational());
            let starts = [lower, Some(Rational::new()), Some(Rational::from(1))];
            for left in starts.into_iter().flatten() {
                let ends = (End::At(left), End::PositiveInfinity);
                let Some(answer) = self.ask(&outer, ends, Question::Fall(false)) else {
                    continue;
                };
                let Some(why) = self.by_squares(&polynomial) else { break };
                return Some(Coercive::Composition {
                    inner,
                    why: Box::new(why),
                    outer: answer.scalar,
                });
            }
        }
        None
    }

    /// Entries bounded one after the other by the squares that f is written as.
    fn cascade(&mut self) -> Option<Coercive> {
        let size = self.size();
        let squares: Vec<Id> = self
            .summands(self.root)
            .into_iter()
            .filter(|(_, negative)| !negative)
            .filter_map(|(id, _)| match self.table.node(id) {
                Some(Node::Power(base, exponent)) if *exponent == 2 => Some(*base),
                Some(Node::Mul(a, b)) if a == b => Some(*a),
                _ => None,
            })
            .collect();
        let mut bounded: BTreeSet<usize> = BTreeSet::new();
        let mut steps = Vec::new();
        while bounded.len() < size {
            let before = bounded.len();
            for base in &squares {
                let polynomial = Polynomial::of(&self.table, *base, size)?;
                let free: Vec<usize> = (0..size)
                    .filter(|place| !bounded.contains(place))
                    .filter(|place| !polynomial.derivative(*place).terms.is_empty())
                    .collect();
                let [entry] = free.as_slice() else { continue };
                if polynomial.derivative(*entry).as_constant().is_none() {
                    continue;
                }
                let square = self.table.insert(Node::Power(*base, Rational::from(2)));
                let slack = self.table.insert(Node::Sub(self.root, square));
                let whole = Polynomial::of(&self.table, slack, size)?;
                let Some(why) = self
                    .rest_of_squares(*base)
                    .or_else(|| self.nonnegative_polynomial(&whole))
                else {
                    continue;
                };
                steps.push(Step {
                    entry: u16::try_from(*entry).ok()?,
                    by: *base,
                    epsilon: Exact(Rational::from(1)),
                    constant: Exact(Rational::new()),
                    why,
                });
                bounded.insert(*entry);
            }
            if bounded.len() == before {
                return None;
            }
        }
        Some(Coercive::Cascade { steps })
    }

    /// f without one of its squares is the sum of the others, as a reason.
    fn rest_of_squares(&mut self, without: Id) -> Option<Sign> {
        use crate::kernel::matrix::data::Square;
        let mut terms = Vec::new();
        let mut constant = Rational::new();
        let mut skipped = false;
        for (id, negative) in self.summands(self.root) {
            let base = match self.table.node(id)? {
                Node::Number(value) if !negative => {
                    constant += value;
                    continue;
                }
                Node::Power(base, exponent) if *exponent == 2 => *base,
                Node::Mul(a, b) if a == b => *a,
                _ => return None,
            };
            if negative {
                return None;
            }
            if base == without && !skipped {
                skipped = true;
                continue;
            }
            terms.push(Square {
                powers: Vec::new(),
                basis: vec![base],
                gram: vec![vec![Exact(Rational::from(1))]],
            });
        }
        (constant >= 0).then_some(Sign::Squares {
            constant: Exact(constant),
            terms,
        })
    }

    /// A barrier at the boundary of a ball, plus a polynomial.
    fn ball(&mut self) -> Option<Coercive> {
        let [Constraint::Positive(inner)] = self.domain.as_slice() else {
            return None;
        };
        let inner = *inner;
        let size = self.size();
        if !is_ball(&Polynomial::of(&self.table, inner, size)?, size) {
            return None;
        }
        let (main, rest) = self.transcendental_and_polynomial()?;
        let mut scratch = self.table.clone();
        let outer = negated(outer_function(&mut scratch, main, inner, size)?);
        let ends = (End::At(Rational::new()), End::At(Rational::from(1)));
        let answer = self.ask(&outer, ends, Question::Fall(true))?;
        // A bound on the whole box: the kernel encloses the rest there, and it is finite.
        let bound = Polynomial::of(&self.table, rest, size)?;
        let reach = Rational::from(4);
        let mut constant = Rational::new();
        for (monomial, value) in &bound.terms {
            let power = super::polynomial::degree(monomial);
            let mut most = Rational::from(value.abs_ref());
            for _ in 0..power {
                most *= &reach;
            }
            constant += most;
        }
        Some(Coercive::Ball {
            main,
            rest,
            constant: Exact(constant),
            bounded: Sign::Range {},
            barrier: answer.scalar,
        })
    }

    /// A function of det W that is a barrier where it vanishes, plus a polynomial that is large enough.
    fn determinant(&mut self) -> Option<Coercive> {
        let size = self.size();
        let rows = u32::try_from(self.rows).ok()?;
        let determinant = self.determinant_polynomial()?;
        let inner = self
            .table
            .reachable(self.root)
            .into_iter()
            .find(|id| Polynomial::of(&self.table, *id, size).as_ref() == Some(&determinant))?;
        let (main, rest) = self.transcendental_and_polynomial()?;
        let polynomial = Polynomial::of(&self.table, rest, size)?;
        let mut scratch = self.table.clone();
        let outer = outer_function(&mut scratch, main, inner, size)?;
        let degree = if self.definite { 1 } else { 2 };
        for kappa in [
            Rational::new(),
            Rational::from((1, 4)),
            Rational::from(1),
            Rational::from((1, 100)),
        ] {
            let cost = barrier_cost(&outer, rows, &kappa, degree)?;
            let ends = (End::At(Rational::new()), End::PositiveInfinity);
            let Some(answer) = self.ask(&cost, ends, Question::About(Hypothesis::Proper)) else {
                continue;
            };
            if !answer.theorem.holds() {
                continue;
            }
            for epsilon in [Rational::from((1, 100)), Rational::from((1, 100_000))] {
                let share = Rational::from(&kappa / rows) + &epsilon;
                let mut slack = polynomial.clone();
                for (place, own) in self.diagonal().into_iter().enumerate() {
                    let mut monomial = vec![0; size];
                    monomial[place] = if self.definite { 1 } else { 2 };
                    if own || !self.definite {
                        slack.add_term(monomial, Rational::from(-&share));
                    }
                }
                let largest = slack
                    .terms
                    .values()
                    .map(|value| Rational::from(value.abs_ref()))
                    .max()?;
                let constant = largest * 64u32 + Rational::from(64);
                let slack = slack.plus(&Polynomial::constant(constant.clone(), size), &Rational::from(1));
                let why = if self.definite && slack.degree() <= 1 {
                    Some(Sign::Trace {})
                } else {
                    self.nonnegative_polynomial(&slack)
                };
                let Some(why) = why else { continue };
                return Some(Coercive::Determinant {
                    main,
                    inner,
                    rest,
                    kappa: Exact(kappa),
                    epsilon: Exact(epsilon),
                    constant: Exact(constant),
                    why,
                    barrier: answer.scalar,
                });
            }
        }
        None
    }

    /// det W as a polynomial in the coordinates.
    fn determinant_polynomial(&self) -> Option<Polynomial> {
        let rows = self.rows;
        if rows != self.columns || rows > 6 {
            return None;
        }
        let place = |row: usize, column: usize| {
            let (low, high) = (row.min(column), row.max(column));
            if self.definite {
                low * rows + high - low * (low + 1) / 2
            } else {
                row * rows + column
            }
        };
        super::critical::minor(rows, &place, self.size())
    }

    /// The cost as a sum of what is no polynomial and what is one.
    pub fn transcendental_and_polynomial(&mut self) -> Option<(Id, Id)> {
        let size = self.size();
        let (mut main, mut rest) = (None, None);
        for (id, negative) in self.summands(self.root) {
            let smooth = Polynomial::of(&self.table, id, size).is_some();
            let target = if smooth { &mut rest } else { &mut main };
            *target = Some(match (*target, negative) {
                (None, false) => id,
                (None, true) => self.table.insert(Node::Neg(id)),
                (Some(sum), false) => self.table.insert(Node::Add(sum, id)),
                (Some(sum), true) => self.table.insert(Node::Sub(sum, id)),
            });
        }
        let rest = rest.unwrap_or_else(|| self.table.number(0));
        Some((main?, rest))
    }
}

/// Whether a polynomial is a negative multiple of |x|^2 up to terms of lower degree.
fn is_ball(p: &Polynomial, size: usize) -> bool {
    let second = |i: usize, j: usize| p.derivative(i).derivative(j).as_constant();
    let lead = second(0, 0).filter(|value| *value < 0);
    let same = |i: usize, j: usize| {
        let wanted = if i == j { lead.clone() } else { Some(Rational::new()) };
        second(i, j) == wanted
    };
    lead.is_some() && (0..size).all(|i| (0..size).all(|j| same(i, j)))
}
