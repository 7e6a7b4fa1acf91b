//! Costs of one variable inside a certificate about a matrix: the scalar rules judge what the kernel derived.

use super::super::expr::{Id, Table};
use super::super::limits;
use super::super::polynomial::End;
use super::super::rules;
use super::super::setting::Setting;
use super::super::theorem::{Established, Hypothesis, Rejection, Within, require};
use super::Cost;
use super::data::Scalar;

/// What looking at one cost of one variable is taken to cost at least.
const SCALAR: u64 = 1 << 18;

impl Cost {
    /// Checks that a scalar is the given cost on the given interval, and establishes its claims.
    ///
    /// `cost` is written by the kernel; the certificate's cost must be the same expression node by node.
    pub(super) fn scalar(
        &mut self,
        cost: (&Table, Id),
        (left, right): (&End, &End),
        scalar: &Scalar,
    ) -> Result<Vec<Established>, Rejection> {
        require(self.scalar_work > 0, "the certificate asks for too much work")?;
        require(cost.0.nodes().len() <= limits::NODES, "the derived cost is too large")?;
        let data = &scalar.setting;
        require(
            (&data.left, &data.right) == (left, right),
            "a cost of one variable on another interval",
        )?;
        // A setting that is refused may have used all it was allowed.
        let mut setting =
            Setting::check(data).inspect_err(|_| self.scalar_work = self.scalar_work.saturating_sub(limits::WORK))?;
        let mut both = setting.table.clone();
        let derived = both.import(cost.0, cost.1);
        require(
            derived == setting.cost,
            "not the cost of one variable that the kernel derives",
        )?;
        let claims = scalar.claims.iter().enumerate();
        let established: Result<Vec<Established>, Rejection> = claims
            .map(|(place, claim)| rules::establish(&mut setting, claim).within(|| format!("claims[{place}]")))
            .collect();
        let spent = setting.spent().saturating_add(SCALAR);
        self.scalar_work = self.scalar_work.saturating_sub(spent);
        established
    }

    /// The answer of a scalar to one question.
    pub(super) fn scalar_answer(
        &mut self,
        cost: (&Table, Id),
        interval: (&End, &End),
        scalar: &Scalar,
        about: Hypothesis,
    ) -> Result<Established, Rejection> {
        let established = self.scalar(cost, interval, scalar)?;
        let mut answers = established.into_iter().filter(|one| one.hypothesis == about);
        answers
            .next()
            .ok_or_else(|| Rejection::new("the cost of one variable says nothing about this"))
    }

    /// Demands that a scalar tends to -inf at the right or left end, along the whole end and not only a sequence.
    pub(super) fn require_fall(
        &mut self,
        cost: (&Table, Id),
        interval: (&End, &End),
        scalar: &Scalar,
        side: super::super::certificate::Side,
    ) -> Result<(), Rejection> {
        use super::super::certificate::Claim;
        let falls = |claim: &Claim| matches!(claim, Claim::UnboundedBelow { side: at, along: None, .. } if *at == side);
        require(scalar.claims.iter().any(falls), "no claim about that end")?;
        self.scalar(cost, interval, scalar).map(drop)
    }
}
