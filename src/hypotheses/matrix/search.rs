//! The workplace of the finders for matrices: the cost, the kernel as judge, and what was accepted so far.

use super::float::Smooth;
use super::polynomial::Polynomial;
use super::reductions::Likeness;
use super::scalars::{self, Answer, Question};
use super::subdivision::Everything;
use crate::kernel::certificate::{Exact, Input};
use crate::kernel::expr::{Id, Table};
use crate::kernel::matrix::data::{
    Coercive, Constraint, CostData, MATRIX_SCHEMA, MatrixCertificate, MatrixClaim, Sign,
};
use crate::kernel::matrix::guards;
use crate::kernel::polynomial::End;
use crate::kernel::{MatrixCourt, Rejection, Theorem};
use crate::problem::MatrixCost;
use crate::verdict::{Attempt, Budget, Reason, Verdict};
use rug::Rational;
use std::collections::HashMap;

/// A cost under investigation.
pub(super) struct Search<'a> {
    pub budget: &'a Budget,
    pub input: Input,
    /// Holds the cost, and what finders add to it.
    pub table: Table,
    pub root: Id,
    pub rows: usize,
    pub columns: usize,
    /// W is symmetric and positive definite, with one coordinate for each entry on and above the diagonal.
    pub definite: bool,
    pub domain: Vec<Constraint>,
    /// Why the cost is defined.
    pub defined: Vec<Sign>,
    pub claims: Vec<MatrixClaim>,
    pub notes: Vec<String>,
    /// Two independent derivatives of the cost differ: nothing that uses a derivative may be believed.
    pub derivatives_disagree: bool,
    /// What was tried for the question at hand.
    pub tried: Vec<Attempt>,
    /// The cost as a polynomial, if it is one.
    pub polynomial: Option<Polynomial>,
    /// The cost in floating point.
    pub smooth: Option<Smooth>,
    /// Partial derivatives as expressions of the table, once they were asked for.
    pub gradient: Option<Vec<Id>>,
    /// Critical points in floating point, once they were looked for.
    pub critical: Option<Vec<Vec<f64>>>,
    /// Why the cost is coercive, once it was looked for.
    pub coercivity: Option<Option<Coercive>>,
    /// What the cost seems to be, once it was looked at.
    pub alike: Option<Vec<Likeness>>,
    /// All critical points, once they were looked for.
    pub everything: Option<Option<Everything>>,
    court: Option<(usize, MatrixCourt)>,
    answers: HashMap<String, Option<Answer>>,
}

impl<'a> Search<'a> {
    /// Begins: finds out why the cost is defined on its domain.
    ///
    /// Errors: the first expression that is not shown to have the sign it needs, or the kernel's rejection.
    pub fn new(cost: &MatrixCost, budget: &'a Budget) -> Result<Self, (Box<Self>, String)> {
        let mut roots = vec![cost.root];
        roots.extend(cost.conditions.iter().map(|condition| condition.of));
        let (table, places) = cost.table.extract(&roots);
        let root = places.first().copied().unwrap_or(cost.root);
        let conditions = cost.conditions.iter().zip(places.iter().skip(1));
        let domain = conditions.map(|(condition, of)| match condition.positive {
            true => Constraint::Positive(*of),
            false => Constraint::Nonzero(*of),
        });
        let rows = usize::from(cost.rows);
        let size = if cost.definite {
            rows * (rows + 1) / 2
        } else {
            rows * usize::from(cost.columns)
        };
        let mut search = Search {
            budget,
            input: Input {
                name: cost.name.clone(),
                sha256: cost.sha256.clone(),
            },
            polynomial: Polynomial::of(&table, root, size),
            smooth: Smooth::new(&table, root, size),
            domain: domain.collect(),
            table,
            root,
            rows,
            columns: usize::from(cost.columns),
            definite: cost.definite,
            defined: Vec::new(),
            claims: Vec::new(),
            notes: Vec::new(),
            derivatives_disagree: false,
            tried: Vec::new(),
            gradient: None,
            critical: None,
            coercivity: None,
            alike: None,
            everything: None,
            court: None,
            answers: HashMap::new(),
        };
        match search.find_reasons() {
            Ok(()) => Ok(search),
            Err(why) => Err((Box::new(search), why)),
        }
    }

    /// The number of coordinates.
    pub fn size(&self) -> usize {
        if self.definite {
            self.rows * (self.rows + 1) / 2
        } else {
            self.rows * self.columns
        }
    }

    /// Which coordinates are entries of the diagonal.
    pub fn diagonal(&self) -> Vec<bool> {
        let places = (0..self.rows).flat_map(|row| {
            let first = if self.definite { row } else { 0 };
            (first..self.columns).map(move |column| row == column)
        });
        places.collect()
    }

    /// The rows of the matrix with these coordinates.
    pub fn matrix(&self, point: &[Rational]) -> Vec<Vec<Rational>> {
        let place = |row: usize, column: usize| {
            if self.definite {
                let (low, high) = (row.min(column), row.max(column));
                low * self.rows + high - low * (low + 1) / 2
            } else {
                row * self.columns + column
            }
        };
        let entry = |row: usize, column: usize| point.get(place(row, column)).cloned().unwrap_or_default();
        let row = |row: usize| (0..self.columns).map(|column| entry(row, column)).collect();
        (0..self.rows).map(row).collect()
    }

    /// The name of a coordinate.
    pub fn name(&self, place: u16) -> String {
        let mut names = (0..self.rows).flat_map(|row| {
            let first = if self.definite { row } else { 0 };
            (first..self.columns).map(move |column| format!("W[{},{}]", row + 1, column + 1))
        });
        names.nth(usize::from(place)).unwrap_or_default()
    }

    /// A matrix as it is written in a file.
    pub fn text(&self, point: &[Rational]) -> String {
        let row = |row: &Vec<Rational>| {
            let entries: Vec<String> = row.iter().map(ToString::to_string).collect();
            format!("[{}]", entries.join(", "))
        };
        let rows: Vec<String> = self.matrix(point).iter().map(row).collect();
        format!("[{}]", rows.join(", "))
    }

    pub fn is_everywhere(&self) -> bool {
        self.domain.is_empty() && !self.definite
    }

    /// Finds why the cost is defined.
    fn find_reasons(&mut self) -> Result<(), String> {
        let list = guards(&self.table, self.root).ok_or("a tangent, whose poles no rule finds")?;
        for (of, _) in list {
            let reason = self.reason_for_sign(of);
            self.defined.push(reason);
        }
        match MatrixCourt::open(&self.data()) {
            Ok(court) => {
                self.court = Some((self.table.nodes().len(), court));
                Ok(())
            }
            Err(rejection) => Err(rejection.to_string()),
        }
    }

    /// The cost as data of a certificate.
    pub fn data(&self) -> CostData {
        CostData {
            nodes: self.table.nodes().to_vec(),
            cost: self.root,
            rows: u16::try_from(self.rows).unwrap_or(u16::MAX),
            columns: u16::try_from(self.columns).unwrap_or(u16::MAX),
            definite: self.definite,
            domain: self.domain.clone(),
            precision: self.budget.precision,
            defined: self.defined.clone(),
        }
    }

    /// The certificate with all claims accepted so far.
    pub fn certificate(&self) -> MatrixCertificate {
        MatrixCertificate {
            schema: MATRIX_SCHEMA.into(),
            input: self.input.clone(),
            cost: self.data(),
            claims: self.claims.clone(),
        }
    }

    /// The kernel's reading of the cost.
    pub fn reading(&self) -> String {
        self.court
            .as_ref()
            .map_or_else(String::new, |(_, court)| court.reading().to_owned())
    }

    /// Asks the kernel; an accepted claim joins the certificate.
    pub fn judge(&mut self, claim: MatrixClaim) -> Result<Theorem, Rejection> {
        let nodes = self.table.nodes().len();
        if self.court.as_ref().is_none_or(|(known, _)| *known != nodes) {
            // The table has grown since the court was opened.
            self.court = Some((nodes, MatrixCourt::open(&self.data())?));
        }
        let Some((_, court)) = &self.court else {
            return Err(Rejection::new("there is no court"));
        };
        // A fresh copy each time: what one try costs is not taken off the next.
        let theorem = court.clone().judge(&claim)?;
        self.claims.push(claim);
        Ok(theorem)
    }

    /// Asks the kernel about a guess; a refusal becomes one of the things that were tried.
    pub fn attempt(&mut self, method: &'static str, claim: MatrixClaim) -> Option<Verdict> {
        match self.judge(claim) {
            Ok(theorem) if theorem.holds() => Some(Verdict::Proved(theorem)),
            Ok(theorem) => Some(Verdict::Refuted(theorem)),
            Err(rejection) => {
                self.failed(method, rejection.to_string());
                None
            }
        }
    }

    /// Notes what was tried in vain.
    pub fn failed(&mut self, method: &'static str, outcome: impl Into<String>) {
        self.tried.push(Attempt {
            method,
            outcome: outcome.into(),
        });
    }

    /// The answer that none of the arguments applied.
    pub fn undecided(&mut self) -> Verdict {
        let reason = if self.budget.is_over() {
            Reason::Budget { option: "--timeout" }
        } else {
            Reason::Inconclusive {
                what: "no argument in the catalogue for matrices applies".into(),
            }
        };
        Verdict::Undecided {
            reason,
            tried: std::mem::take(&mut self.tried),
        }
    }

    /// The partial derivatives of the cost as expressions of the table.
    pub fn slopes(&mut self) -> Option<Vec<Id>> {
        if self.gradient.is_none() {
            let variables = 0..u16::try_from(self.size()).ok()?;
            let slopes: Option<Vec<Id>> = variables
                .map(|variable| self.table.derivative(self.root, variable).ok())
                .collect();
            self.gradient = slopes;
        }
        self.gradient.clone()
    }

    /// What the scalar finders answer about a cost of one variable, remembered.
    pub fn ask(&mut self, cost: &(Table, Id), ends: (End, End), question: Question) -> Option<Answer> {
        if self.budget.is_over() {
            return None;
        }
        let key = format!("{:?} {:?} {} {} {question:?}", cost.0.nodes(), cost.1, ends.0, ends.1);
        if let Some(known) = self.answers.get(&key) {
            return known.clone();
        }
        let answer = scalars::ask(cost, ends, question, self.budget);
        self.answers.insert(key, answer.clone());
        answer
    }

    /// A point as it stands in a certificate.
    pub fn exact(point: &[Rational]) -> Vec<Exact> {
        point.iter().cloned().map(Exact).collect()
    }
}
