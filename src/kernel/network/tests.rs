//! Flows that are derived, and claims about them that must not be believed.

use super::super::certificate::Input;
use super::super::check::check_network;
use super::super::expr::{Function, Id, Node, Table};
use super::super::normal_form::{Decision, is_identically_zero};
use super::data::{NETWORK_SCHEMA, NetworkCertificate, NetworkClaim, NetworkData};
use super::{Matrix, Network, speed};

/// A cost in a table with the claims about it.
fn certificate(table: &Table, cost: Id, widths: &[u16], claims: Vec<NetworkClaim>) -> NetworkCertificate {
    NetworkCertificate {
        schema: NETWORK_SCHEMA.to_owned(),
        input: Input {
            name: "test".to_owned(),
            sha256: String::new(),
        },
        network: NetworkData {
            nodes: table.nodes().to_vec(),
            cost,
            widths: widths.to_vec(),
        },
        claims,
    }
}

/// The sum of c_i x_i^2 over the entries with the gradient claimed to be `factor` c_i x_i.
fn weighted(widths: &[u16], factor: i32) -> NetworkCertificate {
    let mut table = Table::new();
    let entries = widths[0] * widths[widths.len() - 1];
    let mut terms = Vec::new();
    let mut gradient = Vec::new();
    for number in 0..entries {
        let x = table.insert(Node::Variable(number));
        let weight = table.number(i32::from(number) + 1);
        let square = table.insert(Node::Power(x, 2.into()));
        terms.push(table.insert(Node::Mul(weight, square)));
        let slope = table.number(factor * (i32::from(number) + 1));
        gradient.push(table.insert(Node::Mul(slope, x)));
    }
    let cost = terms.into_iter().reduce(|a, b| table.insert(Node::Add(a, b))).unwrap();
    let depth = u16::try_from(widths.len() - 1).unwrap();
    let claims = std::iter::once(NetworkClaim::Gradient { entries: gradient })
        .chain((1..=depth).map(|layer| NetworkClaim::Flow { layer }))
        .chain((1..depth).map(|layer| NetworkClaim::Conservation { layer }))
        .collect();
    certificate(&table, cost, widths, claims)
}

fn why(certificate: &NetworkCertificate, claim: usize) -> String {
    check_network(certificate).unwrap()[claim]
        .clone()
        .unwrap_err()
        .to_string()
}

#[test]
fn a_flow_is_derived_and_conserves_the_imbalance() {
    let outcomes = check_network(&weighted(&[2, 3, 4, 2], 2)).unwrap();
    let theorems: Vec<_> = outcomes.into_iter().map(Result::unwrap).collect();
    assert!(theorems.iter().all(|theorem| theorem.holds()));
    let said: Vec<&str> = theorems.iter().map(|theorem| theorem.statement()).collect();
    let reading = "f(W) = 1*W[1,1]^2 + 2*W[1,2]^2 + 3*W[2,1]^2 + 4*W[2,2]^2, depth 3, widths 2, 3, 4, 2";
    let expected = [
        "grad f(W) = [[2*W[1,1], 4*W[1,2]], [6*W[2,1], 8*W[2,2]]] wherever both are defined",
        "dW_1/dt = -(W_3 W_2)^T grad f(W) with W = W_3 W_2 W_1 is the gradient flow of f(W) in W_1",
        "dW_2/dt = -W_3^T grad f(W) W_1^T with W = W_3 W_2 W_1 is the gradient flow of f(W) in W_2",
        "dW_3/dt = -grad f(W) (W_2 W_1)^T with W = W_3 W_2 W_1 is the gradient flow of f(W) in W_3",
        "dC_1/dt = 0 along the gradient flow of f(W_3 W_2 W_1), where C_1 = W_1 W_1^T - W_2^T W_2",
        "dC_2/dt = 0 along the gradient flow of f(W_3 W_2 W_1), where C_2 = W_2 W_2^T - W_3^T W_3",
    ];
    assert_eq!(said, expected.map(|sentence| format!("{reading}: {sentence}")));
    assert_eq!(theorems[4].subject().name(), "conservation_1");
}

#[test]
fn large_sizes_are_quick() {
    for widths in [&[3u16, 4, 4, 4, 4, 3][..], &[2, 3, 3, 3, 3, 3, 2], &[3, 6, 6, 6, 6, 3]] {
        assert!(check_network(&weighted(widths, 2)).unwrap().iter().all(Result::is_ok));
    }
}

#[test]
fn a_wrong_gradient_is_rejected() {
    for factor in [-2, 1, 0] {
        assert_eq!(
            why(&weighted(&[2, 3, 2], factor), 0),
            "claims[0].entries[0]: the difference is not shown to be zero"
        );
    }
    let mut transposed = weighted(&[2, 3, 2], 2);
    if let NetworkClaim::Gradient { entries } = &mut transposed.claims[0] {
        entries.swap(1, 2);
    }
    assert!(why(&transposed, 0).starts_with("claims[0].entries[1]"));
    if let NetworkClaim::Gradient { entries } = &mut transposed.claims[0] {
        entries.pop();
    }
    assert!(why(&transposed, 0).contains("one expression for every entry"));
}

/// Whether the imbalance of two layers stays the same when the gradient reaches the upper one after `spoil`, and the
/// two halves are combined by `combine`.
fn conserves(spoil: fn(&mut Table, Matrix) -> Matrix, combine: fn(Id, Id) -> Node) -> bool {
    let mut table = Table::new();
    let gradient = Matrix::letters(&mut table, 0, 2, 2).unwrap();
    let lower = Matrix::letters(&mut table, 4, 3, 2).unwrap();
    let upper = Matrix::letters(&mut table, 10, 2, 3).unwrap();
    let lower_speed = speed(&mut table, Some(&upper), &gradient, None).unwrap();
    let spoilt = spoil(&mut table, gradient);
    let upper_speed = speed(&mut table, None, &spoilt, Some(&lower)).unwrap();
    let lower_half = lower_speed.product(&mut table, &lower.transposed()).unwrap();
    let upper_half = upper.transposed().product(&mut table, &upper_speed).unwrap();
    let half = lower_half.combined(&mut table, &upper_half, combine).unwrap();
    let rate = half.combined(&mut table, &half.transposed(), Node::Add).unwrap();
    rate.entries()
        .iter()
        .all(|entry| is_identically_zero(&table, *entry) == Decision::Zero)
}

#[test]
fn a_wrong_flow_does_not_conserve() {
    assert!(conserves(|_, gradient| gradient, Node::Sub));
    assert!(!conserves(|_, gradient| gradient, Node::Add));
    assert!(!conserves(|_, gradient| gradient.transposed(), Node::Sub));
    assert!(!conserves(|table, gradient| gradient.negative(table), Node::Sub));
}

#[test]
fn a_scalar_cost_has_a_derivative_by_w() {
    let mut table = Table::new();
    let w = table.w();
    let kink = table.insert(Node::Apply(Function::Abs, w));
    let cost = table.insert(Node::Mul(w, kink));
    let two = table.number(2);
    let slope = table.insert(Node::Mul(two, kink));
    let given = certificate(
        &table,
        cost,
        &[1, 2, 1],
        vec![NetworkClaim::Gradient { entries: vec![slope] }],
    );
    let theorem = check_network(&given).unwrap().remove(0).unwrap();
    assert_eq!(
        theorem.statement(),
        "f(w) = w*abs(w), depth 2, widths 1, 2, 1: f'(w) = 2*abs(w) wherever both are defined"
    );
}

#[test]
fn sizes_and_variables_are_checked() {
    let refused = |widths: &[u16]| {
        check_network(&NetworkCertificate {
            network: NetworkData {
                widths: widths.to_vec(),
                ..weighted(&[2, 3, 2], 2).network
            },
            ..weighted(&[2, 3, 2], 2)
        })
        .unwrap_err()
        .to_string()
    };
    assert_eq!(refused(&[2, 2]), "network.widths: a network has at least two layers");
    assert_eq!(refused(&[2, 0, 2]), "network.widths: a width is at least 1");
    assert_eq!(refused(&[2, 2000, 2]), "network.widths: a layer has too many entries");
    assert_eq!(
        refused(&[20, 20, 20]),
        "network.widths: the matrix of the cost has too many entries"
    );
    assert_eq!(refused(&[2; 100]), "network.widths: too many layers");
    assert_eq!(refused(&[1, 3, 2]), "network.cost: a variable that is no entry of W");
    let mut unknown = weighted(&[2, 3, 2], 2);
    unknown.schema = "foliate-network/2".to_owned();
    assert!(check_network(&unknown).is_err());
    unknown = weighted(&[2, 3, 2], 2);
    unknown.claims = vec![NetworkClaim::Conservation { layer: 2 }, NetworkClaim::Flow { layer: 0 }];
    assert_eq!(why(&unknown, 0), "claims[0].layer: there is no such layer");
    assert_eq!(why(&unknown, 1), "claims[1].layer: there is no such layer");
}

#[test]
fn work_is_bounded() {
    let mut greedy = weighted(&[2, 3, 2], 2);
    greedy.claims = vec![greedy.claims[0].clone(); 10];
    let outcomes = check_network(&greedy).unwrap();
    assert!(outcomes[0].is_ok() && outcomes[9].is_err());
}

#[test]
fn the_vector_field_has_the_shapes_of_the_layers() {
    let network = Network::open(&weighted(&[2, 3, 4, 2], 2).network).unwrap();
    let field = network.vector_field().unwrap();
    let shapes: Vec<_> = field
        .speeds
        .iter()
        .map(|speed| (speed.rows(), speed.columns()))
        .collect();
    assert_eq!(shapes, [(3, 2), (4, 3), (2, 4)]);
    let first = field.speeds[2].entry(1, 0).unwrap();
    assert_eq!(
        network.print(&field.table, first),
        "-(G[2,1]*(W_2[1,1]*W_1[1,1] + W_2[1,2]*W_1[2,1] + W_2[1,3]*W_1[3,1]) \
         + G[2,2]*(W_2[1,1]*W_1[1,2] + W_2[1,2]*W_1[2,2] + W_2[1,3]*W_1[3,2]))"
    );
}
