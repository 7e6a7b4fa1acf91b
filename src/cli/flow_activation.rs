//! The invariant of an activation, for flows of f(w2 sigma(w1)).

use crate::hypotheses;
use crate::kernel::activation::data::Primitive;
use crate::kernel::expr::{Id, Node, Table};
use crate::laws::activation::{Ground, derive};
use crate::problem::{Domain, FlowSpec, ScalarCost};
use crate::verdict::Budget;
use std::collections::BTreeMap;

/// The precision of a search for an invariant, which is exact.
const PRECISION: u32 = 128;
/// Its most boxes.
const SUBDIVISIONS: usize = 2_000;

/// w2^2 - Phi(w1) with its name, if Phi has a closed form on the line.
pub(super) fn activation_invariant(spec: &mut FlowSpec, activation: Id) -> Option<(String, Id)> {
    let (table, roots) = spec.table.extract(&[activation]);
    let sigma = ScalarCost {
        name: spec.name.clone(),
        source: spec.source.clone(),
        table,
        root: *roots.first()?,
        domain: Domain::real_line(),
        cost_span: spec.model_span,
        domain_span: spec.model_span,
        spans: BTreeMap::new(),
        constants: Vec::new(),
        parameters: Vec::new(),
        truth: None,
        expects_domain_error: false,
        sha256: spec.sha256.clone(),
    };
    let budget = Budget {
        precision: PRECISION,
        subdivisions: SUBDIVISIONS,
        algebra: false,
        deadline: None,
    };
    let survey = |function: &ScalarCost, signs: bool| {
        let survey = hypotheses::survey(function, &budget, signs)?;
        Ok(survey.map(|survey| Ground {
            setting: survey.setting,
            values: survey.values,
            slopes: survey.slopes,
        }))
    };
    let derivation = derive(&sigma, None, PRECISION, &survey).ok()?;
    let Some(Primitive::Closed { phi, .. }) = derivation.certificate.primitive else {
        return None;
    };
    let found = Table::from_nodes(&derivation.certificate.setting.nodes)?;
    let phi = spec.table.import(&found, phi);
    let second = spec.table.insert(Node::Variable(1));
    let square = spec.table.insert(Node::Power(second, 2.into()));
    let invariant = spec.table.insert(Node::Sub(square, phi));
    Some(("w2^2 - Phi(w1)".to_owned(), invariant))
}
