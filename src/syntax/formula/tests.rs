//! Formulas are read as the page about claim files says.

use super::*;
use crate::problem::formula::Extent;

/// A formula with every operation bracketed.
fn shown(formula: &Formula) -> String {
    let mut texts: Vec<String> = Vec::new();
    for part in &formula.parts {
        let text = |id: &PartId| texts[*id].clone();
        let one = |index: &Affine| {
            let mut words: Vec<String> = index
                .terms
                .iter()
                .map(|(multiple, name, _)| format!("{multiple}{name}"))
                .collect();
            words.push(index.offset.to_string());
            words.join("+")
        };
        texts.push(match &part.kind {
            PartKind::Number(value) => value.to_string(),
            PartKind::Name(name) => name.clone(),
            PartKind::Member { name, indices, .. } => {
                format!("{name}[{}]", indices.iter().map(one).collect::<Vec<_>>().join(","))
            }
            PartKind::Product { name, high, low, .. } => format!("{name}[{}..{}]", one(high), one(low)),
            PartKind::Transpose(inner) => format!("{}'", text(inner)),
            PartKind::Neg(inner) => format!("(-{})", text(inner)),
            PartKind::Binary(operation, left, right) => {
                let sign = match operation {
                    Operation::Add => "+",
                    Operation::Sub => "-",
                    Operation::Mul => "*",
                    Operation::Div => "/",
                };
                format!("({}{sign}{})", text(left), text(right))
            }
            PartKind::Power(base, exponent) => format!("{}^{}", text(base), shown(exponent)),
            PartKind::Call {
                name,
                primes,
                arguments,
                ..
            } => {
                let arguments: Vec<String> = arguments.iter().map(text).collect();
                format!("{name}{}({})", "'".repeat(usize::from(*primes)), arguments.join(","))
            }
            PartKind::Sum {
                index, from, to, body, ..
            } => {
                format!("sum({index}={}..{},{})", one(from), one(to), shown(body))
            }
        });
    }
    texts.pop().unwrap()
}

fn reread(text: &str) -> String {
    match parse_formula(text) {
        Ok(formula) => shown(&formula),
        Err(diagnostics) => diagnostics[0].kind.to_string(),
    }
}

#[test]
fn operators_bind_as_documented() {
    let cases = [
        ("W1*W1' - W2'*W2", "((W1*W1')-(W2'*W2))"),
        ("-A^2*B", "((-A^2)*B)"),
        ("A'^2", "A'^2"),
        ("(A*B)'", "(A*B)'"),
        ("A''", "A''"),
        ("f''(z)*z'", "(f''(z)*z')"),
        ("2/4*A", "(1/2*A)"),
        ("A*2*3", "((A*2)*3)"),
        ("s^(1/2)", "s^1/2"),
        ("s^(N-2)", "s^(N-2)"),
        ("W[N..i+1]' * W[2*i - (1 - N)]", "(W[1N+0..1i+1]'*W[2i+1N+-1])"),
        ("W[1,2] + 2^10", "(W[1,2]+1024)"),
        ("sum(i = 1..N-1, tr(C[i]))", "sum(i=1..1N+-1,tr(C[1i+0]))"),
        ("eye(n) + zeros(n, k) + g()", "((eye(n)+zeros(n,k))+g())"),
        ("1 - 2 - w", "(-1-w)"),
        ("w - 1 - 2", "((w-1)-2)"),
        ("--a", "(-(-a))"),
        ("(1/2)", "1/2"),
    ];
    for (text, expected) in cases {
        assert_eq!(reread(text), expected, "{text}");
    }
}

#[test]
fn a_number_is_one_part() {
    for text in ["1/2", "-(3/4)*2^-2", "(1+2)*(3+4)", "2^(1+1)"] {
        assert!(parse_formula(text).unwrap().as_number().is_some(), "{text}");
    }
}

#[test]
fn mistakes_have_kinds() {
    use DiagnosticKind::*;
    let kind = |text: &str| parse_formula(text).unwrap_err().swap_remove(0).kind;
    assert_eq!(kind(" "), EmptyExpression);
    assert_eq!(kind("(A"), UnclosedBracket);
    assert_eq!(kind("W[i"), UnclosedBracket);
    assert_eq!(kind("A)"), UnopenedBracket);
    assert_eq!(kind("A/0"), DivisionByZero);
    assert!(matches!(kind("A B"), MissingOperator { .. }));
    assert!(matches!(kind("A'B"), MissingOperator { .. }));
    assert!(matches!(kind("A ++ *"), UnexpectedToken { .. }));
    assert!(matches!(kind("W[1.5]"), UnexpectedToken { .. }));
    assert!(matches!(kind("A = B"), UnexpectedToken { .. }));
    assert_eq!(kind("W[99999999999]"), NumberTooLarge);
    assert_eq!(kind(&"(".repeat(10_000)), TooDeep { limit: NESTING });
    assert_eq!(kind(&"x^".repeat(10_000)), TooDeep { limit: NESTING });
}

#[test]
fn long_chains_do_not_nest() {
    let text = vec!["A"; 50_000].join("+");
    assert_eq!(parse_formula(&text).unwrap().parts.len(), 99_999);
}

#[test]
fn shapes_are_read() {
    let shown = |text: &str| {
        let extent = |extent: Extent| {
            let name = extent.size.map(|(name, index)| match index {
                Some(index) => format!("{name}[{}]", index.offset),
                None => name,
            });
            format!("{}{}", extent.factor, name.unwrap_or_default())
        };
        parse_shape(text).ok().map(|shape| {
            let suffix = if shape.symmetric { " symmetric" } else { "" };
            format!("{} x {}{suffix}", extent(shape.rows), extent(shape.columns))
        })
    };
    assert_eq!(shown("k x n").as_deref(), Some("1k x 1n"));
    assert_eq!(shown("2k x 1").as_deref(), Some("2k x 1"));
    assert_eq!(shown("k x k symmetric").as_deref(), Some("1k x 1k symmetric"));
    assert_eq!(shown("scalar").as_deref(), Some("1 x 1"));
    assert_eq!(shown("k").as_deref(), Some("1k x 1"));
    assert_eq!(shown("3").as_deref(), Some("3 x 1"));
    assert_eq!(shown("d[i] x d[i-1]").as_deref(), Some("1d[0] x 1d[-1]"));
    for text in ["", "x", "k x", "0 x n", "k y n", "k x n x m", "symmetric", "-k"] {
        assert_eq!(shown(text), None, "{text}");
    }
}

#[test]
fn ranges_and_heads_are_read() {
    assert!(parse_range("2..").unwrap().to.is_none());
    assert_eq!(parse_range("2..8").unwrap().to.unwrap().value(), Some(8));
    assert_eq!(parse_range("5").unwrap().to.unwrap().value(), Some(5));
    assert_eq!(parse_head("W").unwrap(), ("W".to_owned(), None));
    assert_eq!(parse_head("W[i]").unwrap().1.unwrap().0, "i");
    assert!(parse_head("W[1]").is_err() && parse_head("W + 1").is_err());
}
