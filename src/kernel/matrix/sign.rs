//! Signs of expressions on the whole domain, and that the cost is defined there.

use super::super::certificate::Exact;
use super::super::linear::inertia;
use super::data::{Sign, Square};
use super::{Cost, Function, Id, Node, Quadratic, Rejection, Table, Within, require};
use rug::Rational;

/// What an expression must be for another to be defined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demand {
    /// At least 0; for analyticity greater than 0.
    Nonnegative,
    /// Greater than 0.
    Positive,
    /// Not 0.
    Nonzero,
    /// Nothing, but for analyticity not 0: the argument of an absolute value.
    Kink,
}

/// What is known about a sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    Nonnegative,
    Positive,
    Nonzero,
}

impl Demand {
    /// Whether the knowledge meets the demand, and whether it does so strictly.
    fn is_met_by(self, known: Known) -> (bool, bool) {
        match (self, known) {
            (_, Known::Positive) => (true, true),
            (Demand::Nonnegative, Known::Nonnegative) => (true, false),
            (Demand::Kink, known) => (true, known == Known::Nonzero),
            (Demand::Nonzero, Known::Nonzero) => (true, true),
            _ => (false, false),
        }
    }
}

/// The expressions whose signs decide whether `root` is defined, in the order of the nodes.
///
/// Errors: `None` for a tangent, whose poles no sign tells. Panics: never.
pub fn guards(table: &Table, root: Id) -> Option<Vec<(Id, Demand)>> {
    let mut guards = Vec::new();
    for id in table.reachable(root) {
        let guard = match table.node(id)? {
            Node::Div(_, by) => Some((*by, Demand::Nonzero)),
            Node::Power(base, exponent) if *exponent.denom() != 1 => {
                let demand = if *exponent > 0 {
                    Demand::Nonnegative
                } else {
                    Demand::Positive
                };
                Some((*base, demand))
            }
            Node::Power(base, exponent) if *exponent < 0 => Some((*base, Demand::Nonzero)),
            Node::Apply(Function::Log, of) => Some((*of, Demand::Positive)),
            Node::Apply(Function::Abs, of) => Some((*of, Demand::Kink)),
            Node::Apply(Function::Tan, _) => return None,
            _ => None,
        };
        let constant = |id: Id| matches!(table.node(id), Some(Node::Number(value)) if *value > 0);
        guards.extend(guard.filter(|(of, _)| !constant(*of)));
    }
    Some(guards)
}

impl Cost {
    /// Checks that the cost is defined on its domain; tells whether it is analytic there.
    pub(super) fn defined(&mut self, reasons: &[Sign]) -> Result<bool, Rejection> {
        let list = guards(&self.table, self.root).ok_or_else(|| Rejection::new("a tangent"))?;
        require(
            list.len() == reasons.len(),
            "not one reason for each expression that must have a sign",
        )
        .within(|| "defined")?;
        let mut strict = true;
        for (place, ((of, demand), reason)) in list.into_iter().zip(reasons).enumerate() {
            let at = || format!("defined[{place}]");
            let known = match (demand, self.sign(of, reason)) {
                (Demand::Kink, Err(_)) => {
                    strict = false;
                    continue;
                }
                (_, known) => known.within(at)?,
            };
            let (met, strictly) = demand.is_met_by(known);
            require(met, "the sign does not suffice").within(at)?;
            strict &= strictly;
        }
        Ok(strict)
    }

    /// What a reason shows about the sign of an expression on the domain, wherever it is defined.
    pub(super) fn sign(&mut self, of: Id, reason: &Sign) -> Result<Known, Rejection> {
        self.sign_at_depth(of, reason, 0)
    }

    fn sign_at_depth(&mut self, of: Id, reason: &Sign, depth: u8) -> Result<Known, Rejection> {
        require(depth < 8, "reasons within reasons")?;
        match reason {
            Sign::Range {} => {
                let value = self.value_on(of, &self.region.clone())?;
                if value.is_positive() {
                    Ok(Known::Positive)
                } else if value.is_nonnegative() {
                    Ok(Known::Nonnegative)
                } else if value.is_nonzero() {
                    Ok(Known::Nonzero)
                } else {
                    Err(Rejection::new("its enclosure has no sign"))
                }
            }
            Sign::Domain { factor, powers } => {
                require(factor.0 != 0, "the factor is 0")?;
                let (product, positive) = self.product_of_conditions(powers)?;
                let factor_id = self.table.number(factor.0.clone());
                let multiple = self.table.insert(Node::Mul(factor_id, product));
                self.require_equal(of, multiple, "not that multiple of the conditions")?;
                Ok(if positive && factor.0 > 0 {
                    Known::Positive
                } else {
                    Known::Nonzero
                })
            }
            Sign::Trace {} => self.trace(of),
            Sign::Squares { constant, terms } => self.squares(of, constant, terms),
            Sign::Sum { parts } => {
                let mut sum = None;
                let mut positive = false;
                for (place, (part, why)) in parts.iter().enumerate() {
                    let at = || format!("parts[{place}]");
                    self.require_given(*part).within(at)?;
                    self.require_polynomial(*part).within(at)?;
                    match self.sign_at_depth(*part, why, depth.saturating_add(1)).within(at)? {
                        Known::Positive => positive = true,
                        Known::Nonnegative => {}
                        Known::Nonzero => return Err(Rejection::new("not nonnegative").within(at())),
                    }
                    sum = Some(sum.map_or(*part, |sum| self.table.insert(Node::Add(sum, *part))));
                }
                let sum = sum.ok_or_else(|| Rejection::new("an empty sum"))?;
                self.require_equal(of, sum, "not the sum of the parts")?;
                Ok(if positive { Known::Positive } else { Known::Nonnegative })
            }
        }
    }

    /// tr(S W) + c on positive definite matrices.
    fn trace(&mut self, of: Id) -> Result<Known, Rejection> {
        require(self.definite, "W is not positive definite")?;
        let form = Quadratic::of(self, of)?.ok_or_else(|| Rejection::new("not affine"))?;
        require(form.is_multiple_of_identity(&Rational::new()), "not affine")?;
        require(form.value >= 0, "the constant is negative")?;
        let mut matrix = Vec::with_capacity(self.rows);
        for row in 0..self.rows {
            let entry = |column: usize| {
                let slope = form.slope.get(self.place(row, column)).cloned().unwrap_or_default();
                // An entry off the diagonal stands for two.
                if row == column { slope } else { slope / 2 }
            };
            matrix.push((0..self.rows).map(entry).collect());
        }
        let semidefinite = matches!(inertia(&matrix), Some([_, 0, _]));
        require(semidefinite, "the matrix of the trace is not positive semidefinite")?;
        // tr(S W) > 0 for a positive definite W unless S = 0.
        let positive = form.value > 0 || matrix.iter().flatten().any(|entry: &Rational| *entry != 0);
        Ok(if positive { Known::Positive } else { Known::Nonnegative })
    }

    /// Demands that an expression is nowhere negative on the domain.
    pub(super) fn require_nonnegative(&mut self, of: Id, reason: &Sign) -> Result<(), Rejection> {
        let known = self.sign(of, reason)?;
        require(known != Known::Nonzero, "not shown to be nonnegative")
    }

    /// Demands that an expression is positive on the domain.
    pub(super) fn require_positive(&mut self, of: Id, reason: &Sign) -> Result<(), Rejection> {
        let known = self.sign(of, reason)?;
        require(known == Known::Positive, "not shown to be positive")
    }

    /// A product of powers of the conditions of the domain, and whether it is positive.
    fn product_of_conditions(&mut self, powers: &[i8]) -> Result<(Id, bool), Rejection> {
        require(powers.len() <= self.domain.len(), "more powers than conditions")?;
        let (mut product, mut positive) = (self.table.number(1), true);
        for (place, power) in powers.iter().enumerate() {
            let Some(condition) = self.domain.get(place) else {
                continue;
            };
            if *power == 0 {
                continue;
            }
            positive &= condition.strict || power & 1 == 0;
            let factor = self.table.insert(Node::Power(condition.of, Rational::from(*power)));
            product = self.table.insert(Node::Mul(product, factor));
        }
        Ok((product, positive))
    }

    /// constant + sum of products of conditions times quadratic forms.
    fn squares(&mut self, of: Id, constant: &Exact, terms: &[Square]) -> Result<Known, Rejection> {
        require(constant.0 >= 0, "the constant is negative")?;
        let mut sum = self.table.number(constant.0.clone());
        for (place, term) in terms.iter().enumerate() {
            let term = self.square(term).within(|| format!("terms[{place}]"))?;
            sum = self.table.insert(Node::Add(sum, term));
        }
        self.require_equal(of, sum, "not the sum of the squares")?;
        Ok(if constant.0 > 0 {
            Known::Positive
        } else {
            Known::Nonnegative
        })
    }

    /// A product of conditions times a positive semidefinite form in polynomials.
    fn square(&mut self, term: &Square) -> Result<Id, Rejection> {
        let (product, positive) = self.product_of_conditions(&term.powers)?;
        require(positive, "a power of a condition that is not positive")?;
        let rows: Vec<Vec<Rational>> = rationals(&term.gram);
        require(
            rows.len() == term.basis.len() && rows.len() <= 200,
            "the size of the Gram matrix",
        )?;
        self.pay_elimination(&rows)?;
        let signs = inertia(&rows).ok_or_else(|| Rejection::new("the Gram matrix is not symmetric"))?;
        require(
            matches!(signs, [_, 0, _]),
            "the Gram matrix is not positive semidefinite",
        )?;
        for element in &term.basis {
            self.require_given(*element)?;
            self.require_polynomial(*element)?;
        }
        let form = self.quadratic_form(&term.basis, &rows);
        Ok(self.table.insert(Node::Mul(product, form)))
    }

    /// b' G b.
    pub(super) fn quadratic_form(&mut self, basis: &[Id], gram: &[Vec<Rational>]) -> Id {
        let mut sum = self.table.number(0);
        for (left, row) in basis.iter().zip(gram) {
            let mut inner = None;
            for (right, factor) in basis.iter().zip(row) {
                if *factor == 0 {
                    continue;
                }
                let factor = self.table.number(factor.clone());
                let scaled = self.table.insert(Node::Mul(factor, *right));
                inner = Some(inner.map_or(scaled, |inner| self.table.insert(Node::Add(inner, scaled))));
            }
            if let Some(inner) = inner {
                let term = self.table.insert(Node::Mul(*left, inner));
                sum = self.table.insert(Node::Add(sum, term));
            }
        }
        sum
    }
}

/// The numbers of a matrix of a certificate.
pub(super) fn rationals(rows: &[Vec<Exact>]) -> Vec<Vec<Rational>> {
    let row = |row: &Vec<Exact>| row.iter().map(|entry| entry.0.clone()).collect();
    rows.iter().map(row).collect()
}
