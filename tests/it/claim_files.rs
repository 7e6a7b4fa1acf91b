//! Theories from claim files, and what is said of files without one.

use super::program::root;
use foliate::claims::elaborate::{Elaborated, Theory, elaborate};
use foliate::kernel::free::data::Node;
use foliate::kernel::free::index::Index;
use foliate::syntax::{parse_claim_file, render};

/// The file name and bytes of every file in a folder of `tests/data/claims`, in order.
fn corpus(folder: &str) -> Vec<(String, Vec<u8>)> {
    let entries = std::fs::read_dir(root().join("tests/data/claims").join(folder)).unwrap();
    let name = |path: &std::path::Path| path.file_stem().unwrap().to_str().unwrap().to_owned();
    let mut files: Vec<_> = entries
        .map(|entry| entry.unwrap().path())
        .map(|path| (name(&path), std::fs::read(&path).unwrap()))
        .collect();
    files.sort();
    files
}

/// What comes of a claim file, or the drawing of its mistakes.
fn elaborated(name: &str, bytes: &[u8]) -> Result<Elaborated, String> {
    let file = parse_claim_file(name, bytes).map_err(|(source, mistakes)| render(&source, &mistakes, false))?;
    elaborate(&file).map_err(|mistakes| render(&file.source, &mistakes, false))
}

/// A file with one claim `equal = [left, right]` under these declarations.
fn one_claim(declarations: &str, left: &str, right: &str) -> Result<Elaborated, String> {
    let text = format!("id = \"T\"\ntitle = \"t\"\n{declarations}\n[[claim]]\nequal = ['''{left}''', '''{right}''']\n");
    elaborated("test.toml", text.as_bytes())
}

/// The nodes of a file with one theory.
fn nodes(declarations: &str, left: &str) -> Vec<Node> {
    one_claim(declarations, left, left)
        .unwrap()
        .theories
        .swap_remove(0)
        .data
        .nodes
}

/// A theory in few lines.
fn summary(theory: &Theory) -> String {
    let mut lines = vec![format!("theory {:?}", theory.suffix)];
    let mut line = |kind: &str, value: String| lines.push(format!("{kind}: {value}"));
    let json = |value: &dyn erased::Json| value.json();
    line("sizes", json(&theory.data.sizes));
    line("indices", json(&theory.data.indices));
    theory
        .data
        .symbols
        .iter()
        .for_each(|symbol| line("symbol", json(symbol)));
    theory
        .data
        .functions
        .iter()
        .for_each(|function| line("function", json(function)));
    for (number, node) in theory.data.nodes.iter().enumerate() {
        line("node", format!("{number} {}", json(node)));
    }
    line("definitions", json(&theory.data.definitions));
    line("motions", json(&theory.data.motions));
    line("rules", json(&theory.data.rules));
    line("conditions", json(&theory.data.conditions));
    for claim in &theory.claims {
        line(&claim.id, json(&claim.statement));
        if !claim.steps.is_empty() || claim.written.is_some() {
            line("  steps", format!("{:?}, written {:?}", claim.steps, claim.written));
        }
        claim.instances.iter().for_each(|sizes| line("  instance", json(sizes)));
        if let Some(witness) = &claim.witness {
            line("  witness", json(&witness.sizes));
            line("  values", json(&witness.values));
            line("  functions", json(&witness.functions));
        }
        if let Some(erratum) = &claim.erratum {
            line("  erratum", format!("{erratum:?}"));
        }
    }
    lines.join("\n")
}

/// Anything that can be written as JSON.
mod erased {
    pub trait Json {
        fn json(&self) -> String;
    }
    impl<T: serde::Serialize> Json for T {
        fn json(&self) -> String {
            serde_json::to_string(self).unwrap()
        }
    }
}

#[test]
fn good_files_are_elaborated() {
    for (name, bytes) in corpus("ok") {
        let elaborated = elaborated(&name, &bytes).unwrap_or_else(|drawn| panic!("{name}:\n{drawn}"));
        let summaries: Vec<String> = elaborated.theories.iter().map(summary).collect();
        for theory in &elaborated.theories {
            assert_eq!(theory.spans.len(), theory.data.nodes.len());
        }
        insta::assert_snapshot!(format!("ok-{name}"), summaries.join("\n\n"));
    }
}

#[test]
fn bad_files_are_explained() {
    for (name, bytes) in corpus("err") {
        let Err(drawn) = elaborated(&format!("{name}.toml"), &bytes) else {
            panic!("{name} was elaborated")
        };
        insta::assert_snapshot!(format!("err-{name}"), drawn);
    }
}

#[test]
fn abbreviations_that_double_do_not_explode() {
    let mut text = "symbols = { A = \"k x k\" }\n[let]\nX0 = \"A\"\n".to_owned();
    for level in 1..80 {
        text.push_str(&format!("X{level} = \"X{0}*X{0}\"\n", level - 1));
    }
    assert_eq!(nodes(&text, "X79").len(), 80);
}

#[test]
fn deep_abbreviations_are_refused() {
    let mut text = "symbols = { A = \"k x k\" }\n[let]\nX0 = \"A\"\n".to_owned();
    for level in 1..5_000 {
        text.push_str(&format!("X{level} = \"X{}'\"\n", level - 1));
    }
    assert!(one_claim(&text, "X4999", "A").unwrap_err().contains("levels deep"));
}

#[test]
fn sums_with_literal_ends_are_written_out() {
    let declarations = "index = { i = \"1..5\" }\nsymbols = { \"W[i]\" = \"k x k\" }";
    let members = nodes(declarations, "sum(j = 2..4, W[j+1])");
    let expected: Vec<Node> = (3..=5).map(|value| Node::Member(0, Index::literal(value))).collect();
    assert!(expected.iter().all(|node| members.contains(node)) && members.len() == 5);
    assert_eq!(
        nodes(declarations, "sum(j = 2..1, W[j])"),
        [Node::Number(rug::Rational::new())]
    );
}

#[test]
fn each_sum_with_symbolic_ends_has_an_index_of_its_own() {
    let declarations = "index = { N = \"2..\", i = \"1..N\" }\nsymbols = { \"x[i]\" = \"scalar\" }";
    let elaborated = one_claim(declarations, "sum(i = 1..N, x[i]*sum(i = 1..N, x[i]))", "0").unwrap();
    let theory = &elaborated.theories[0];
    assert_eq!(theory.data.indices.len(), 4);
    let sums: Vec<u16> = theory
        .data
        .nodes
        .iter()
        .filter_map(|node| {
            if let Node::Sum(index, _) = node {
                Some(*index)
            } else {
                None
            }
        })
        .collect();
    assert_eq!(sums, [3, 2]);
}

#[test]
fn an_instance_without_an_index_is_for_all_its_values() {
    let text = "id = \"T\"\ntitle = \"t\"\nindex = { N = \"2..\", j = \"1..N\", i = \"1..N-1\" }\n\
        symbols = { \"W[j]\" = \"k x k\" }\n[[claim]]\nequal = [\"W[i+1]\", \"W[i+1]\"]\ninstance = { N = 4, k = 2 }\n";
    let theory = elaborated("test.toml", text.as_bytes())
        .unwrap()
        .theories
        .swap_remove(0);
    let indices: Vec<_> = theory.claims[0]
        .instances
        .iter()
        .map(|sizes| sizes.indices.clone())
        .collect();
    let expected: Vec<_> = (1..=3).map(|i| vec![Some(4), None, Some(i)]).collect();
    assert_eq!(indices, expected);
}

#[test]
fn too_many_combinations_are_refused() {
    let text = "id = \"T\"\ntitle = \"t\"\neach = { a = \"1..100\", b = \"1..100\" }\nsymbols = { x = \"scalar\" }\n\
        [[claim]]\nequal = [\"x\", \"x\"]\n";
    assert!(
        elaborated("test.toml", text.as_bytes())
            .unwrap_err()
            .contains("combinations")
    );
}

#[test]
fn sizes_of_an_instance_count_all_indices_of_the_theory() {
    for (name, bytes) in corpus("ok") {
        for theory in elaborated(&name, &bytes).unwrap().theories {
            for sizes in theory.claims.iter().flat_map(|claim| &claim.instances) {
                assert_eq!(sizes.indices.len(), theory.data.indices.len());
                assert_eq!(sizes.sizes.len(), theory.data.sizes.len());
            }
        }
    }
}

#[test]
fn a_claim_about_a_shape_may_be_ill_shaped() {
    let text = "id = \"T\"\ntitle = \"t\"\nsymbols = { A = \"k x n\" }\n[let]\nB = \"A*A\"\n\
        [[claim]]\nshape = [\"B\", \"k x n\"]\nrefuted = true\n";
    assert!(elaborated("test.toml", text.as_bytes()).is_ok());
    let text = format!("{text}\n[[claim]]\nname = \"other\"\nequal = [\"B\", \"A\"]\n");
    assert!(
        elaborated("test.toml", text.as_bytes())
            .unwrap_err()
            .contains("the product")
    );
}

#[test]
fn a_slip_anywhere_in_a_file_is_no_panic() {
    for (name, bytes) in corpus("ok") {
        for at in (0..bytes.len()).step_by(5) {
            let mut cut = bytes.clone();
            cut.remove(at);
            let _ = elaborated(&name, &cut);
            let mut changed = bytes.clone();
            changed[at] = b"[('=9.,-"[at % 8];
            let _ = elaborated(&name, &changed);
        }
    }
}
