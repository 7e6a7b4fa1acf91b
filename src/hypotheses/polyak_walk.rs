//! The steps of a PL argument: from where f is smallest outwards, keeping f'^2 - 2 mu (f - inf f) nonnegative.

use super::charts::split_point;
use super::search::{ORDER, Search};
use crate::kernel::certificate::{Approach, Chart, Claim, Exact, PolyakLojasiewicz, Side, Step, TailStep};
use crate::kernel::evaluate::Program;
use crate::kernel::expr::Node;
use crate::kernel::interval::Interval;
use crate::kernel::number::Number;
use rug::Rational;

/// The largest number of steps of one walk.
const STEPS: usize = 3_000;

/// Where f is smallest: the critical set or the finite end it falls towards.
pub(super) struct Base {
    pub left: Option<Rational>,
    pub right: Option<Rational>,
    pub infimum: Number,
    /// The side towards which f falls to a limit that it does not take even at the end.
    pub falls: Option<Side>,
}

/// f'^2 - 2 mu (f - inf f) and f'' - mu on one piece.
pub(super) struct Psi {
    pub direct: Program,
    pub rising: Program,
}

impl Search<'_> {
    /// The steps outwards for a constant mu.
    pub fn walk(&self, base: &Base, mu: &Rational, charts: &[Chart]) -> Option<PolyakLojasiewicz> {
        let psi: Option<Vec<Psi>> = self.locals.iter().map(|local| self.psi(local.root, mu)).collect();
        let psi = psi?;
        let one = |side: Side, start: &Option<Rational>| match start {
            None => Some((Vec::new(), None)),
            Some(start) => self
                .walk_side(side, start, mu, base, &psi)
                .map(|(steps, tail)| (steps, Some(tail))),
        };
        let (approach, start) = match base.falls {
            Some(side) => self
                .approach(side, base, &psi)
                .map(|(approach, start)| (Some(approach), Some(start)))?,
            None => (None, None),
        };
        let (left, right) = match base.falls {
            Some(Side::Left) => (&None, &start),
            Some(Side::Right) => (&start, &None),
            None => (&base.left, &base.right),
        };
        let (left, left_tail) = one(Side::Left, left)?;
        let (right, right_tail) = one(Side::Right, right)?;
        let Claim::PolyakLojasiewicz(mut argument) = self.pl_claim(mu.clone(), charts) else {
            return None;
        };
        argument.approach = approach;
        argument.left = left;
        argument.left_tail = left_tail;
        argument.right = right;
        argument.right_tail = right_tail;
        Some(*argument)
    }

    fn psi(&self, root: crate::kernel::expr::Id, mu: &Rational) -> Option<Psi> {
        let mut table = self.table.clone();
        let slope = table.derivative(root, 0).ok()?;
        let second = table.derivative(slope, 0).ok()?;
        let square = table.insert(Node::Power(slope, Rational::from(2)));
        let infimum = table.insert(Node::Variable(1));
        let gap = table.insert(Node::Sub(root, infimum));
        let factor = table.number(mu * Rational::from(2));
        let product = table.insert(Node::Mul(factor, gap));
        let direct = table.insert(Node::Sub(square, product));
        let constant = table.number(mu.clone());
        let rising = table.insert(Node::Sub(second, constant));
        Some(Psi {
            direct: Program::new(&table, direct),
            rising: Program::new(&table, rising),
        })
    }

    fn walk_side(
        &self,
        side: Side,
        start: &Rational,
        mu: &Rational,
        base: &Base,
        psi: &[Psi],
    ) -> Option<(Vec<Step>, TailStep)> {
        let outer = psi.get(self.outer(side))?;
        let others = std::slice::from_ref(&base.infimum);
        let nonnegative = |form: &crate::kernel::tail::Form, ray: &crate::kernel::tail::Ray| {
            let outside = if side == Side::Left {
                ray.start() < *start
            } else {
                ray.start() > *start
            };
            outside && form.is_nonnegative(ray.line())
        };
        let rising = self.find_tail(side, &outer.rising, others, nonnegative);
        let direct = self.find_tail(side, &outer.direct, others, nonnegative);
        let tail = match (rising, direct) {
            (Some(a), Some(b)) if a.from <= b.from => TailStep { tail: a, rising: true },
            (_, Some(b)) => TailStep { tail: b, rising: false },
            (Some(a), None) => TailStep { tail: a, rising: true },
            (None, None) => return None,
        };
        let stop = self.ray(side, &tail.tail.from.0, tail.tail.keep)?.start();
        let mut steps = Vec::new();
        // Breaks are step ends, so that each step lies in one piece.
        let mut ends: Vec<Rational> = self.breaks.iter().map(|(lo, _)| lo.clone()).collect();
        ends.retain(|end| {
            if side == Side::Left {
                *end < *start && *end > stop
            } else {
                *end > *start && *end < stop
            }
        });
        ends.push(stop);
        if side == Side::Left {
            ends.sort_by(|a, b| b.cmp(a));
        } else {
            ends.sort();
        }
        let mut at = start.clone();
        let mut work = STEPS;
        for end in ends {
            let mut pending = vec![end];
            while let Some(to) = pending.last().cloned() {
                work = work.checked_sub(1)?;
                if self.budget.is_over() {
                    return None;
                }
                match self.step(side, &at, &to, mu, base, psi) {
                    Some(rising) => {
                        steps.push(Step {
                            to: Exact(to.clone()),
                            rising,
                        });
                        at = to;
                        pending.pop();
                    }
                    None => {
                        let (lo, hi) = if side == Side::Left { (&to, &at) } else { (&at, &to) };
                        let middle = split_point(lo, hi);
                        let size = Rational::from(hi - lo);
                        let scale = lo.clone().abs().max(hi.clone().abs());
                        if size <= scale >> (self.precision() / 2) {
                            return None;
                        }
                        pending.push(middle);
                    }
                }
            }
        }
        Some((steps, tail))
    }

    /// Whether a step is possible, and of which kind.
    fn step(
        &self,
        side: Side,
        from: &Rational,
        to: &Rational,
        mu: &Rational,
        base: &Base,
        psi: &[Psi],
    ) -> Option<bool> {
        let precision = self.precision();
        let (lo, hi) = if side == Side::Left { (to, from) } else { (from, to) };
        let range = Interval::hull_of(lo, hi, precision)?;
        let inner = if side == Side::Left { from } else { to };
        let index = self.breaks.iter().filter(|(edge, _)| inner > edge).count();
        let order = usize::from(ORDER);
        let local = self.locals.get(index)?;
        let second = local.program.derivative_on(&range, &[], 2, order, precision).ok()?;
        if second.sub(&Number::Exact(mu.clone()), precision).is_nonnegative() {
            return Some(true);
        }
        let others = std::slice::from_ref(&base.infimum);
        let direct = psi
            .get(index)?
            .direct
            .derivative_on(&range, others, 0, order, precision)
            .ok()?;
        direct.is_nonnegative().then_some(false)
    }

    /// The tail on which a cost falls to its limit and psi is nonnegative, and where it begins.
    fn approach(&self, side: Side, base: &Base, psi: &[Psi]) -> Option<(Approach, Rational)> {
        let Number::Exact(limit) = &base.infimum else {
            return None;
        };
        let others = std::slice::from_ref(&base.infimum);
        let direct = &psi.get(self.outer(side))?.direct;
        let tail = self.find_tail(side, direct, others, |form, ray| form.is_nonnegative(ray.line()))?;
        let start = self.ray(side, &tail.from.0, tail.keep)?.start();
        Some((
            Approach {
                tail,
                limit: Exact(limit.clone()),
            },
            start,
        ))
    }
}
