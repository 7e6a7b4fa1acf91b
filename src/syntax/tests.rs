//! The corpus of cost files, the drawings of their mistakes, and the law that reading undoes printing.

use super::*;
use crate::kernel::expr::{Function, Id, Node, Table};
use crate::kernel::print::print;
use crate::problem::DiagnosticKind;
use proptest::prelude::*;
use rug::Rational;

/// The file name and bytes of every file in a folder of `tests/data`, in order.
fn corpus(folder: &str) -> Vec<(String, Vec<u8>)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data")
        .join(folder);
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .map(|path| {
            (
                path.file_name().unwrap().to_str().unwrap().to_owned(),
                std::fs::read(&path).unwrap(),
            )
        })
        .collect();
    files.sort();
    assert!(files.len() >= 12);
    files
}

/// The complaints about an expression.
fn complaints(text: &str) -> Vec<DiagnosticKind> {
    match parse_expression(text, &Names::default(), &mut Table::new()) {
        Ok(_) => Vec::new(),
        Err(diagnostics) => diagnostics.into_iter().map(|diagnostic| diagnostic.kind).collect(),
    }
}

/// An expression printed back, or the first complaint about it.
fn reprinted(text: &str) -> String {
    let mut table = Table::new();
    match parse_expression(text, &Names::default(), &mut table) {
        Ok(parsed) => print(&table, parsed.root),
        Err(diagnostics) => diagnostics[0].kind.to_string(),
    }
}

#[test]
fn good_files_are_read() {
    for (name, bytes) in corpus("ok") {
        let cost = parse_cost_file(&name, &bytes).unwrap_or_else(|(source, diagnostics)| {
            panic!("{name}:\n{}", render(&source, &diagnostics, false));
        });
        let summary = format!("{}: {} on {}", cost.name, print(&cost.table, cost.root), cost.domain);
        insta::assert_snapshot!(format!("ok-{}", name.trim_end_matches(".toml")), summary);
    }
}

#[test]
fn bad_files_are_explained() {
    for (name, bytes) in corpus("err") {
        let Err((source, diagnostics)) = parse_cost_file(&name, &bytes) else {
            panic!("{name} was read")
        };
        let drawn = render(&source, &diagnostics, false);
        assert!(drawn.len() < 8_000, "{name} draws {} bytes", drawn.len());
        insta::assert_snapshot!(format!("err-{}", name.trim_end_matches(".toml")), drawn);
    }
}

#[test]
fn operators_bind_as_documented() {
    let cases = [
        ("-w^2", "-w^2"),
        ("(-w)^2", "(-w)^2"),
        ("w^2^3", "w^8"),
        ("(w^2)^3", "(w^2)^3"),
        ("2^-3*w", "1/8*w"),
        ("w^-2", "w^(-2)"),
        ("w^(6/4)", "w^(3/2)"),
        ("w^0.5", "sqrt(w)"),
        ("1 - 2 - w", "-1 - w"),
        ("w - 1 - 2", "w - 1 - 2"),
        ("w/2/3", "w/2/3"),
        ("2*w/3*w", "2*w/3*w"),
        ("exp(-(w)^2)", "exp(-w^2)"),
        ("e^-w^2", "exp(-w^2)"),
        ("(e)^2", "exp(1)^2"),
        ("e*w", "exp(1)*w"),
        ("ln(w)", "log(w)"),
        ("+w--w", "w - (-w)"),
        ("- - w", "-(-w)"),
        ("0*log(w)", "0*log(w)"),
        ("w/w", "w/w"),
        ("w^1", "w^1"),
        ("0^0 + w", "1 + w"),
        (".5*w + 1.", "1/2*w + 1"),
        ("sqrt(4)*w", "sqrt(4)*w"),
        ("pi^2*w", "pi^2*w"),
    ];
    for (text, expected) in cases {
        assert_eq!(reprinted(text), expected, "{text}");
    }
}

#[test]
fn mistakes_have_kinds() {
    use DiagnosticKind::*;
    let kind = |text: &str| complaints(text).into_iter().next().unwrap();
    assert_eq!(kind(""), EmptyExpression);
    assert_eq!(kind("  \n"), EmptyExpression);
    assert_eq!(kind("(w"), UnclosedBracket);
    assert_eq!(kind("w)"), UnopenedBracket);
    assert_eq!(kind("w/(1 - 1)"), DivisionByZero);
    assert_eq!(kind("w + 0^-1"), DivisionByZero);
    assert_eq!(kind("w + 0^(-1/2)"), DivisionByZero);
    assert_eq!(kind("w^w"), ExponentNotConstant);
    assert_eq!(kind("2^w"), ExponentNotConstant);
    assert_eq!(kind("w^pi"), ExponentNotRational);
    assert_eq!(kind("w^e"), ExponentNotRational);
    assert_eq!(kind("w^1e9"), ExponentTooLarge { limit: 10_000 });
    assert_eq!(kind("w^(1/10001)"), ExponentTooLarge { limit: 10_000 });
    assert_eq!(kind("1e400000000*w"), NumberTooLarge);
    assert_eq!(kind("exp + w"), FunctionWithoutArgument { name: "exp".into() });
    assert_eq!(kind("w(1 + w)"), NotAFunction { name: "w".into() });
    assert!(matches!(kind("2w"), MissingOperator { .. }));
    assert!(matches!(kind("(w)(w)"), MissingOperator { .. }));
    assert!(matches!(kind("exp(w, w)"), UnexpectedToken { .. }));
    assert_eq!(complaints("max(w, 0) + min((w), nope, 1)").len(), 3);
    assert!(matches!(kind("w +"), UnexpectedToken { .. }));
    assert!(matches!(kind("()"), UnexpectedToken { .. }));
    assert!(matches!(kind("1.5.5*w"), MissingOperator { .. }));
}

#[test]
fn mistakes_are_reported_together_and_names_once() {
    let found = complaints("foo(bar) + baz/0 + bar + w^w + 1e999999999");
    assert_eq!(found.len(), 6, "{found:?}");
    let many: Vec<String> = (0..1_000).map(|number| format!("name{number}")).collect();
    assert_eq!(complaints(&many.join("+")).len(), DIAGNOSTICS);
}

#[test]
fn deep_input_is_refused_and_long_input_is_read() {
    let nested = |depth: usize, open: &str, close: &str| format!("{}w{}", open.repeat(depth), close.repeat(depth));
    assert_eq!(complaints(&nested(DEPTH, "(", ")")), []);
    assert_eq!(complaints(&nested(DEPTH, "exp(", ")")), []);
    for text in [
        nested(100_000, "(", ")"),
        nested(100_000, "exp(-", ")"),
        nested(100_000, "1^", ""),
        nested(100_000, "1^-(", ")"),
        "(".repeat(100_000),
    ] {
        assert_eq!(complaints(&text), [DiagnosticKind::TooDeep { limit: DEPTH }]);
    }
    assert_eq!(complaints(&vec!["w"; 10_000].join(" + ")), []);
    assert_eq!(complaints(&format!("{}w", "-".repeat(50_000))), []);
    assert!(matches!(
        complaints(&"w+".repeat(TEXT)).as_slice(),
        [DiagnosticKind::TooLong { .. }]
    ));
}

#[test]
fn node_spans_point_into_the_text() {
    let mut table = Table::new();
    let text = "(1 + w)^2 / log( w )";
    let parsed = parse_expression(text, &Names::default(), &mut table).unwrap();
    let mut written: Vec<&str> = parsed.spans.values().map(|span| &text[span.start..span.end]).collect();
    written.sort_unstable();
    assert_eq!(
        written,
        ["(1 + w)^2", "(1 + w)^2 / log( w )", "1", "1 + w", "log( w )", "w"]
    );
    assert_eq!(parsed.spans[&parsed.root].start, 0);
}

#[test]
fn places_in_strings_are_found() {
    let at = |text: &str| {
        let cost = parse_cost_file("places", text.as_bytes()).unwrap();
        let span = cost.spans.values().max().copied().unwrap();
        (
            text[span.start..span.end].to_owned(),
            text[cost.cost_span.start..cost.cost_span.end].to_owned(),
        )
    };
    let found = |node: &str, cost: &str| (node.to_owned(), cost.to_owned());
    assert_eq!(at("cost = \"1 + w\""), found("w", "1 + w"));
    assert_eq!(at("# π\ncost = '1 + w'"), found("w", "1 + w"));
    assert_eq!(at("cost = \"\"\"\n1 + w\n\"\"\""), found("w", "1 + w\n"));
    assert_eq!(at("cost = '''1 + w'''"), found("w", "1 + w"));
    assert_eq!(
        at("cost = \"1 + \\u0077\""),
        found("\"1 + \\u0077\"", "\"1 + \\u0077\"")
    );
}

#[test]
fn a_cost_on_the_command_line_is_a_file_of_two_lines() {
    let cost = inline_cost("(1-w)^2", Some("(0, inf)")).unwrap();
    assert_eq!(cost.source.text, "cost = \"(1-w)^2\"\ndomain = \"(0, inf)\"\n");
    assert_eq!(
        cost.sha256,
        parse_cost_file("other", cost.source.text.as_bytes()).unwrap().sha256
    );
    assert_eq!(cost.sha256.len(), 64);
    assert_eq!(cost.domain.to_string(), "(0, inf)");
    let (source, diagnostics) = inline_cost("w\" + 'w'", Some("0")).unwrap_err();
    assert_eq!(diagnostics.len(), 2, "{}", render(&source, &diagnostics, false));
}

#[test]
fn numbers_of_a_file_are_exact_and_in_order() {
    let text = "cost = 'w'\nconstants = { z = 0.1, b = 0xff, a = 1_000, d = '1/3', c = 1e-2 }";
    let constants = parse_cost_file("numbers", text.as_bytes()).unwrap().constants;
    let shown: Vec<String> = constants
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    assert_eq!(shown, ["z=1/10", "b=255", "a=1000", "d=1/3", "c=1/100"]);
    let enormous = format!("cost = 'w'\nconstants = {{ a = {}, b = 1e99999 }}", "9".repeat(100_000));
    let (_, diagnostics) = parse_cost_file("enormous", enormous.as_bytes()).unwrap_err();
    let kinds: Vec<_> = diagnostics.into_iter().map(|diagnostic| diagnostic.kind).collect();
    assert_eq!(kinds, [DiagnosticKind::NumberTooLarge, DiagnosticKind::NumberTooLarge]);
}

#[test]
fn hostile_files_are_refused() {
    let refused = |bytes: &[u8]| match parse_cost_file("hostile", bytes) {
        Ok(_) => panic!("was read"),
        Err((source, diagnostics)) => assert!(render(&source, &diagnostics, true).len() < 60_000),
    };
    refused(b"");
    refused(b" \n\t");
    refused(&vec![b'#'; TEXT + 1]);
    refused("[".repeat(100_000).as_bytes());
    refused(format!("truth = {}", "[".repeat(100_000)).as_bytes());
    refused("a.".repeat(100_000).as_bytes());
    refused(format!("{}a = 1", "a.".repeat(500_000)).as_bytes());
    refused(format!("[{}a]", "a.".repeat(500_000)).as_bytes());
    refused(format!("cost = 'w'\n[truth.{}a]", "a.".repeat(500_000)).as_bytes());
    refused("k = 1\n".repeat(1_000).as_bytes());
    let keys: Vec<String> = (0..20_000).map(|number| format!("key{number} = 1")).collect();
    refused(keys.join("\n").as_bytes());
    refused(format!("cost = '{}'", "é".repeat(100_000)).as_bytes());
    refused(&[0; 1_000]);
    refused(b"\xef\xbb\xbfcost = 'v'");
}

/// Expressions as the parser makes them: no operation between two numbers is left to be carried out.
fn expression() -> impl Strategy<Value = Vec<(u8, prop::sample::Index, prop::sample::Index, i32, u32)>> {
    let step = (
        0_u8..9,
        any::<prop::sample::Index>(),
        any::<prop::sample::Index>(),
        -30..30_i32,
        1..12_u32,
    );
    prop::collection::vec(step, 1..40)
}

/// Builds a table from random choices, keeping exact arithmetic out of it, and gives its last node.
fn build(steps: &[(u8, prop::sample::Index, prop::sample::Index, i32, u32)]) -> (Table, Id) {
    let mut table = Table::new();
    let mut places = vec![table.w()];
    for (choice, first, second, numerator, denominator) in steps {
        let number = Rational::from((*numerator, *denominator));
        let (a, b) = (places[first.index(places.len())], places[second.index(places.len())]);
        let is_number = |id: Id| matches!(table.node(id), Some(Node::Number(_)));
        let node = match choice {
            0 => Node::Number(number),
            1 => Node::Pi,
            2 if !(is_number(a) && is_number(b)) => Node::Add(a, b),
            3 if !(is_number(a) && is_number(b)) => Node::Sub(a, b),
            4 if !(is_number(a) && is_number(b)) => Node::Mul(a, b),
            5 if !is_number(a) && !matches!(table.node(b), Some(Node::Number(value)) if *value == 0) => Node::Div(a, b),
            6 if !is_number(a) => Node::Neg(a),
            7 if !is_number(a) => Node::Power(a, number),
            _ => Node::Apply(Function::ALL[first.index(Function::ALL.len())], b),
        };
        places.push(table.insert(node));
    }
    let root = places[places.len() - 1];
    (table, root)
}

proptest! {
    #[test]
    fn reading_undoes_printing(steps in expression()) {
        let (table, root) = build(&steps);
        let text = print(&table, root);
        prop_assume!(!text.ends_with('…'));
        let mut again = Table::new();
        let parsed = parse_expression(&text, &Names::default(), &mut again);
        let parsed = parsed.unwrap_or_else(|diagnostics| panic!("{text}: {diagnostics:?}"));
        let (before, _) = table.extract(&[root]);
        let (after, _) = again.extract(&[parsed.root]);
        prop_assert_eq!(print(&again, parsed.root), text);
        // The same nodes, up to the order in which they were first needed.
        prop_assert_eq!(before.nodes().len(), after.nodes().len());
        prop_assert_eq!(again.clone().import(&table, root), parsed.root);
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,60}") {
        let _ = inline_cost(&text, Some(&text)).map_err(|(source, diagnostics)| render(&source, &diagnostics, true));
    }

    #[test]
    fn no_text_of_the_language_panics(text in "(w|pi|e|a|exp|sqrt|log|[-+*/^(),0-9. ]|\\*\\*){0,40}") {
        let _ = inline_cost(&text, None).map_err(|(source, diagnostics)| render(&source, &diagnostics, false));
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse_cost_file("bytes", &bytes).map_err(|(source, diagnostics)| render(&source, &diagnostics, false));
    }
}
