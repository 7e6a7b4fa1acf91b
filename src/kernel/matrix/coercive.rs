//! Why a cost tends to +inf along everything that leaves the compact subsets of its domain.

use super::super::certificate::Side;
use super::super::expr::{Id, Node, Table};
use super::super::polynomial::End;
use super::super::theorem::{Hypothesis, Rejection, Within, require};
use super::Cost;
use super::data::{Coercive, Step};
use super::substitute::{add, mul, neg, power, substitute};
use rug::Rational;
use std::collections::{BTreeMap, BTreeSet};

/// Derivations within derivations.
const DEPTH: u8 = 8;

impl Cost {
    /// Checks that the cost is coercive: continuous, so that its sublevel sets are then compact.
    pub(super) fn coercive(&mut self, why: &Coercive) -> Result<(), Rejection> {
        self.coercive_at_depth(self.root, why, 0)
    }

    fn coercive_at_depth(&mut self, of: Id, why: &Coercive, depth: u8) -> Result<(), Rejection> {
        require(depth < DEPTH, "derivations within derivations")?;
        let deeper = depth.saturating_add(1);
        match why {
            Coercive::Ball { .. } => return self.ball_barrier(of, why),
            Coercive::Determinant { .. } => return self.determinant_barrier(of, why),
            _ => {}
        }
        require(self.is_everywhere(), "the domain is not the whole space")?;
        match why {
            Coercive::Squares { epsilon, constant, why } => {
                require(epsilon.0 > 0, "epsilon must be positive")?;
                let origin = vec![Rational::new(); self.size()];
                let square = self.square_of_distance(&origin)?;
                let slack = self.slack(of, &epsilon.0, square, &constant.0);
                self.require_nonnegative(slack, why).within(|| "why")
            }
            Coercive::Sum {
                of: part,
                why,
                rest,
                constant,
                bounded,
            } => {
                self.require_given(*part)?;
                // Continuous and defined everywhere: a polynomial is.
                self.require_polynomial(*part)?;
                self.coercive_at_depth(*part, why, deeper).within(|| "why")?;
                self.require_given(*rest)?;
                self.require_part(*rest)?;
                let sum = self.table.insert(Node::Add(*part, *rest));
                self.require_equal(of, sum, "f is not the sum of the two functions")?;
                let constant = self.table.number(constant.0.clone());
                let raised = self.table.insert(Node::Add(*rest, constant));
                self.require_nonnegative(raised, bounded).within(|| "bounded")
            }
            Coercive::Composition { inner, why, outer } => {
                self.require_given(*inner)?;
                self.require_polynomial(*inner)?;
                self.coercive_at_depth(*inner, why, deeper).within(|| "why")?;
                let fall = negated(self.outer(of, *inner)?);
                let left = outer.setting.left.clone();
                let ends = (&left, &End::PositiveInfinity);
                self.require_fall((&fall.0, fall.1), ends, outer, Side::Right)
                    .within(|| "outer")
            }
            Coercive::Cascade { steps } => self.cascade(of, steps),
            Coercive::Ball { .. } | Coercive::Determinant { .. } => {
                Err(Rejection::new("a barrier inside another derivation"))
            }
        }
    }

    /// of - epsilon square + constant.
    fn slack(&mut self, of: Id, epsilon: &Rational, square: Id, constant: &Rational) -> Id {
        let epsilon = self.table.number(epsilon.clone());
        let constant = self.table.number(constant.clone());
        let scaled = self.table.insert(Node::Mul(epsilon, square));
        let difference = self.table.insert(Node::Sub(of, scaled));
        self.table.insert(Node::Add(difference, constant))
    }

    /// h in one variable, where `of` = h(inner): the part is replaced by the variable, and no entry may be left.
    fn outer(&mut self, of: Id, inner: Id) -> Result<(Table, Id), Rejection> {
        let size = self.size();
        outer_function(&mut self.table, of, inner, size)
            .ok_or_else(|| Rejection::new("the cost depends on the entries in another way"))
    }

    /// Entries bounded one after the other.
    ///
    /// On {f <= c} every u^2 is at most (c + constant) / epsilon, and x_entry = (u - p) / factor with p a polynomial in
    /// entries that are already bounded.
    fn cascade(&mut self, of: Id, steps: &[Step]) -> Result<(), Rejection> {
        let mut bounded: BTreeSet<usize> = BTreeSet::new();
        for (place, step) in steps.iter().enumerate() {
            self.step(of, step, &mut bounded).within(|| format!("steps[{place}]"))?;
        }
        require(bounded.len() == self.size(), "not every entry is bounded")
    }

    fn step(&mut self, of: Id, step: &Step, bounded: &mut BTreeSet<usize>) -> Result<(), Rejection> {
        require(step.epsilon.0 > 0, "epsilon must be positive")?;
        require(usize::from(step.entry) < self.size(), "an entry that W does not have")?;
        self.require_given(step.by)?;
        self.require_polynomial(step.by)?;
        for (other, slope) in self.gradient_of(step.by)?.into_iter().enumerate() {
            if other == usize::from(step.entry) {
                let constant = super::super::normal_form::rational_value(&self.table, slope);
                require(
                    constant.is_some_and(|factor| factor != 0),
                    "not a multiple of the entry plus other entries",
                )?;
            } else if !bounded.contains(&other) {
                require(self.vanishes(slope)?, "an entry that is not bounded yet")?;
            }
        }
        let square = self.table.insert(Node::Power(step.by, Rational::from(2)));
        let slack = self.slack(of, &step.epsilon.0, square, &step.constant.0);
        self.require_nonnegative(slack, &step.why).within(|| "why")?;
        bounded.insert(usize::from(step.entry));
        Ok(())
    }

    /// A barrier at the boundary of a ball.
    fn ball_barrier(&mut self, of: Id, why: &Coercive) -> Result<(), Rejection> {
        let Coercive::Ball {
            main,
            rest,
            constant,
            bounded,
            barrier,
        } = why
        else {
            return Err(Rejection::new("not a barrier"));
        };
        let inner = match self.domain.as_slice() {
            [only] if only.ball.is_some() => only.of,
            _ => return Err(Rejection::new("the domain is no ball")),
        };
        self.require_given(*main)?;
        self.require_part(*main)?;
        self.require_given(*rest)?;
        self.require_polynomial(*rest)?;
        let number = self.table.number(constant.0.clone());
        let raised = self.table.insert(Node::Add(*rest, number));
        self.require_nonnegative(raised, bounded).within(|| "bounded")?;
        let sum = self.table.insert(Node::Add(*main, *rest));
        self.require_equal(of, sum, "f is not the sum of the barrier and the rest")?;
        let fall = self.outer(*main, inner)?;
        let fall = negated(fall);
        let right = barrier.setting.right.clone();
        let ends = (&End::At(Rational::new()), &right);
        self.require_fall((&fall.0, fall.1), ends, barrier, Side::Left)
            .within(|| "barrier")
    }

    /// A barrier at the boundary of {det W > 0}.
    ///
    /// On {f <= c} the cost in s is at most c + constant - epsilon |W|^2, and bounded below: so |W| is bounded, and s
    /// stays in a compact part of (0, inf), away from the boundary.
    fn determinant_barrier(&mut self, of: Id, why: &Coercive) -> Result<(), Rejection> {
        let Coercive::Determinant {
            main,
            inner,
            rest,
            kappa,
            epsilon,
            constant,
            why,
            barrier,
        } = why
        else {
            return Err(Rejection::new("not a barrier"));
        };
        require(kappa.0 >= 0 && epsilon.0 > 0, "kappa or epsilon is out of range")?;
        for id in [*main, *inner, *rest] {
            self.require_given(id)?;
        }
        self.require_part(*main)?;
        self.require_polynomial(*inner)?;
        self.require_polynomial(*rest)?;
        let determinant = self.determinant()?;
        self.require_equal(*inner, determinant, "the inner part is not det W")?;
        self.require_determinant_domain(determinant)?;
        let sum = self.table.insert(Node::Add(*main, *rest));
        self.require_equal(of, sum, "f is not the sum of the barrier and the rest")?;
        let size = u32::try_from(self.rows).map_err(|_| Rejection::new("too many rows"))?;
        let share = Rational::from(&kappa.0 / size) + &epsilon.0;
        let large = if self.definite {
            self.trace_of_matrix()?
        } else {
            let origin = vec![Rational::new(); self.size()];
            self.square_of_distance(&origin)?
        };
        let slack = self.slack(*rest, &share, large, &constant.0);
        self.require_nonnegative(slack, why).within(|| "why")?;
        let outer = self.outer(*main, *inner)?;
        let degree = if self.definite { 1 } else { 2 };
        let cost = barrier_cost(&outer, size, &kappa.0, degree);
        let cost = cost.ok_or_else(|| Rejection::new("the barrier is malformed"))?;
        let ends = (&End::At(Rational::new()), &End::PositiveInfinity);
        let answer = self
            .scalar_answer((&cost.0, cost.1), ends, barrier, Hypothesis::Proper)
            .within(|| "barrier")?;
        require(answer.holds, "the cost in s is not proper")
    }

    /// Demands that the domain is {det W > 0}, or the positive definite matrices.
    fn require_determinant_domain(&mut self, determinant: Id) -> Result<(), Rejection> {
        match self.domain.as_slice() {
            all if self.definite && all.iter().all(|condition| condition.leading) => Ok(()),
            [only] if only.strict => {
                let of = only.of;
                self.require_equal(of, determinant, "the domain is not {det W > 0}")
            }
            _ => Err(Rejection::new("the domain is not {det W > 0}")),
        }
    }

    /// tr W.
    fn trace_of_matrix(&mut self) -> Result<Id, Rejection> {
        let mut sum = self.table.number(0);
        for row in 0..self.rows {
            let entry = self.variable(self.place(row, row))?;
            sum = self.table.insert(Node::Add(sum, entry));
        }
        Ok(sum)
    }
}

/// h(s^n) + kappa s^degree, in s. Errors: `None` if something is malformed. Panics: never.
pub fn barrier_cost(outer: &(Table, Id), size: u32, kappa: &Rational, degree: u32) -> Option<(Table, Id)> {
    let mut table = Table::new();
    let s = table.w();
    let inner = power(&mut table, s, &Rational::from(size));
    let main = substitute(&outer.0, outer.1, &mut table, &[inner])?;
    let large = power(&mut table, s, &Rational::from(degree));
    let kappa = table.number(kappa.clone());
    let term = mul(&mut table, kappa, large);
    let cost = add(&mut table, main, term);
    let (table, roots) = table.extract(&[cost]);
    Some((table, *roots.first()?))
}

/// -h.
pub fn negated((mut table, root): (Table, Id)) -> (Table, Id) {
    let negative = neg(&mut table, root);
    (table, negative)
}

/// h in one variable, where an expression is h(inner) in `entries` entries. Errors: `None` if it depends on the entries
/// in another way. Panics: never.
pub fn outer_function(table: &mut Table, of: Id, inner: Id, entries: usize) -> Option<(Table, Id)> {
    let fresh = u16::try_from(entries).ok()?;
    let letter = table.insert(Node::Variable(fresh));
    let replaced = table.replace(of, &BTreeMap::from([(inner, letter)]));
    if (0..fresh).any(|variable| table.mentions(replaced, variable)) {
        return None;
    }
    let mut alone = Table::new();
    let t = alone.w();
    let value = substitute(table, replaced, &mut alone, &vec![t; entries.saturating_add(1)])?;
    let (alone, roots) = alone.extract(&[value]);
    Some((alone, *roots.first()?))
}
