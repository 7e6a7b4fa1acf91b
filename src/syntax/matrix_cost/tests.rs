//! Costs of matrices that can be read, and what is said about those that cannot.

use super::*;
use crate::kernel::expr::Node;
use crate::kernel::normal_form::{Decision, is_identically_zero};
use crate::kernel::print::print;
use crate::syntax::render;

fn file(cost: &str, rest: &str) -> String {
    format!("kind = \"matrix\"\nn = 2\ncost = {}\n{rest}", toml::Value::from(cost))
}

#[track_caller]
fn read(cost: &str, rest: &str) -> MatrixCost {
    let text = file(cost, rest);
    parse_matrix_cost("cost.toml", text.as_bytes())
        .unwrap_or_else(|(source, diagnostics)| panic!("{}", render(&source, &diagnostics, false)))
}

/// Whether two formulas denote the same function of the entries.
#[track_caller]
fn same(left: &str, right: &str, constants: &str) {
    let (mut left, right) = (read(left, constants), read(right, constants));
    let other = left.table.import(&right.table, right.root);
    let difference = left.table.insert(Node::Sub(left.root, other));
    let text = print(&left.table, left.root);
    assert_eq!(is_identically_zero(&left.table, difference), Decision::Zero, "{text}");
}

/// The complaints about a file, as they are drawn.
#[track_caller]
fn complaints(text: &str) -> String {
    let (source, diagnostics) = parse_matrix_cost("cost.toml", text.as_bytes()).unwrap_err();
    assert!(!diagnostics.is_empty());
    render(&source, &diagnostics, false)
}

#[test]
fn the_battery_can_be_read() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/matrix");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        assert!(is_matrix_cost(&bytes));
        let cost = parse_matrix_cost("cost.toml", &bytes)
            .unwrap_or_else(|(source, diagnostics)| panic!("{}", render(&source, &diagnostics, false)));
        assert!(cost.truth.is_some() && !cost.name.is_empty() && !cost.domain.is_empty());
        count += 1;
    }
    assert_eq!(count, 25);
}

#[test]
fn functions_of_matrices_are_what_they_are_in_the_entries() {
    same("tr(W)", "W[1,1] + W[2,2]", "");
    same("det(W)", "W[1,1]*W[2,2] - W[1,2]*W[2,1]", "");
    same("norm2(W)", "W[1,1]^2 + W[1,2]^2 + W[2,1]^2 + W[2,2]^2", "");
    same("norm2(W)", "tr(W'*W)", "");
    same("tr(transpose(W)*W)", "tr(W*W')", "");
    same("tr(W*inv(W)) + W[1,1]", "2 + W[1,1]", "");
    same("logdet(W*W')", "log(det(W)^2)", "");
    same("tr(W^2)", "tr(W)^2 - 2*det(W)", "");
    same("tr(W^(-1))", "tr(W)/det(W)", "");
    same("norm2(-2*W/4)", "norm2(W)/4", "");
    same("e^tr(W)", "exp(tr(W))", "");
    same(
        "norm2(W*x - y)",
        "(W[1,1] + 2*W[1,2] - a)^2 + (W[2,1] + 2*W[2,2])^2",
        CONSTANTS,
    );
}

const CONSTANTS: &str = "[constants]\nx = [[1], [\"2\"]]\ny = [[\"1/3\"], [0]]\na = \"1/3\"\n";

#[test]
fn larger_determinants_agree_with_what_is_known_of_them() {
    let text = |cost: &str| format!("kind = \"matrix\"\nn = 4\ncost = \"{cost}\"");
    let read = |cost: &str| parse_matrix_cost("cost.toml", text(cost).as_bytes()).unwrap();
    let (mut left, right) = (read("det(W*W)"), read("det(W)^2"));
    let other = left.table.import(&right.table, right.root);
    let difference = left.table.insert(Node::Sub(left.root, other));
    assert_eq!(is_identically_zero(&left.table, difference), Decision::Zero);
    let mut inverse = read("tr(inv(W)*W) - 4 + W[1,1]");
    let entry = inverse.table.w();
    let difference = inverse.table.insert(Node::Sub(inverse.root, entry));
    assert_eq!(is_identically_zero(&inverse.table, difference), Decision::Zero);
}

#[test]
fn the_reading_is_short() {
    let printed = |cost: &str, rest: &str| {
        let cost = read(cost, rest);
        crate::kernel::print::print_named(&cost.table, cost.root, &|number| format!("x{number}"))
    };
    assert_eq!(
        printed("norm2(W*x - y)", CONSTANTS),
        "(x0 + x1*2 - 1/3)^2 + (x2 + x3*2)^2"
    );
    assert_eq!(printed("logdet(W)", ""), "log(x0*x3 - x1*x2)");
    assert_eq!(printed("0*log(W[1,1])", ""), "0*log(x0)");
}

#[test]
fn shapes_are_checked() {
    let drawn = complaints(&file("norm2(W*x' - y)", CONSTANTS));
    insta::assert_snapshot!(drawn);
}

#[test]
fn everything_wrong_with_a_formula_is_said_at_once() {
    let drawn = complaints(&file(
        "norm2(W + x) + trace(W) + det(x) + W[3,1] + alpha + w + x(2) + sqrt(W) + W[1] + det(W, W)",
        CONSTANTS,
    ));
    insta::assert_snapshot!(drawn);
}

#[test]
fn everything_wrong_with_a_file_is_said_at_once() {
    let drawn = complaints(
        "kind = \"matrix\"\nn = 0\ncots = \"tr(W)\"\ncost = \"tr(W\"\ndomain = \"det(W) >\"\n\
         [constants]\nW = 1\nA = [[1, 2], [3]]\nB = []\nC = [1, 2]\nD = [[\"x\"]]\n",
    );
    insta::assert_snapshot!(drawn);
}

#[test]
fn a_cost_is_a_number_that_depends_on_the_matrix() {
    assert!(complaints(&file("W", "")).contains("the cost must be a number, not a 2 x 2 matrix"));
    assert!(complaints(&file("3", "")).contains("does not mention `W`"));
    assert!(complaints(&file("W/0", "")).contains("division by the constant 0"));
    assert!(complaints(&file("tr(W)^W", "")).contains("an exponent must be a number"));
    assert!(complaints(&file("tr(W)^tr(W)", "")).contains("an exponent must be an exact rational"));
    assert!(complaints(&file("tr(W^100)", "")).contains("exponent is too large"));
    assert!(complaints(&file("sum(i = 1..2, tr(W))", "")).contains("claim files"));
    assert!(complaints("kind = \"matrix\"\ncost = \"tr(W)\"").contains("the key `n` is missing"));
}

#[test]
fn a_matrix_may_have_another_number_of_columns() {
    let read = |rest: &str| parse_matrix_cost("cost.toml", format!("kind = \"matrix\"\n{rest}").as_bytes());
    let cost = read("n = 2\nm = 3\ncost = \"norm2(W) + W[2,3]\"").unwrap();
    assert_eq!((cost.rows, cost.columns, cost.square()), (2, 3, None));
    let printed = crate::kernel::print::print_named(&cost.table, cost.root, &|number| format!("x{number}"));
    assert!(printed.ends_with("+ x5^2 + x5"), "{printed}");
    let square = read("n = 2\ncost = \"tr(W)\"").unwrap();
    assert_eq!((square.rows, square.columns, square.square()), (2, 2, Some(2)));
    let complaint = |rest: &str| {
        let (source, diagnostics) = read(rest).unwrap_err();
        render(&source, &diagnostics, false)
    };
    assert!(complaint("n = 2\nm = 3\ncost = \"tr(W)\"").contains("square"));
    assert!(complaint("n = 9\nm = 9\ncost = \"norm2(W)\"").contains("at most 64 entries"));
    assert!(complaint("n = 2\nm = 0\ncost = \"norm2(W)\"").contains("a size from 1 to 64"));
    assert!(complaint("n = 2\nm = \"3\"\ncost = \"norm2(W)\"").contains("a whole number"));
    assert!(complaint("m = 3\ncost = \"norm2(W)\"").contains("the key `n` is missing"));
}
