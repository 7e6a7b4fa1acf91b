//! `prove` of claim files and `explain`, as a user runs them; and the proofs that are part of the repository.

use super::program::{foliate, in_parallel, root};
use rayon::prelude::*;
use serde_json::Value;
use std::path::PathBuf;

/// A file with declarations and one claim that is true for all sizes.
const BALANCE: &str = r#"
id = "mine.balance"
title = "the imbalance of one hidden layer is conserved"
symbols = { W1 = "k x n", W2 = "n x k" }
functions = { f = "n x n" }
[let]
W = "W2 * W1"
C = "W1*W1' - W2'*W2"
[dot]
W1 = "-W2' * grad(f, W)"
W2 = "-grad(f, W) * W1'"
[[claim]]
equal = ["dot(C)", "0"]
instance = { n = 2, k = 3 }
"#;
/// A second claim, which is false and said to be.
const PLUS: &str = r#"
[[claim]]
name = "plus"
equal = ["dot(W1*W1' + W2'*W2)", "0"]
refuted = true
erratum = { class = "S", where = "line 3", printed = "a plus", correct = "a minus" }
"#;
/// The declarations of files about one number.
const NUMBER: &str = "id = \"T\"\ntitle = \"a number\"\nsymbols = { x = \"scalar\" }\n[[claim]]\n";

/// A file with one claim about a number.
fn number(claim: &str) -> String {
    format!("{NUMBER}{claim}\n")
}

/// The claim files of the repository, in order.
fn claim_files() -> Vec<PathBuf> {
    let folder = root().join("proofs/overparameterized");
    let entries = std::fs::read_dir(folder).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    assert!(files.len() >= 60);
    files
}

/// The first argument as text.
fn text(path: &std::path::Path) -> &str {
    path.to_str().unwrap()
}

/// The name of an entry.
fn id_of(path: &std::path::Path) -> String {
    let text = std::fs::read_to_string(path).unwrap();
    let table: toml::Table = text.parse().unwrap();
    table["id"].as_str().unwrap().to_owned()
}

#[test]
fn the_proofs_of_the_repository_are_as_claimed() {
    let proofs = root().join("proofs");
    let json = foliate(&["prove", text(&proofs), "--format", "json"]).exits(0).json();
    assert_eq!(json["schema"], "foliate/1");
    let reports = json["reports"].as_array().unwrap();
    // One more stands with the proofs about another paper.
    assert_eq!(reports.len(), claim_files().len() + 1);
    let mut errata = 0;
    for claim in reports.iter().flat_map(|report| report["results"].as_array().unwrap()) {
        let verdict = claim["verdict"].as_str().unwrap();
        assert_eq!(claim["expected"], verdict, "{claim}");
        assert_eq!(claim["as_expected"], true, "{claim}");
        assert!(!claim["how"].as_str().unwrap().is_empty(), "{claim}");
        assert!(claim["derived"].is_array() && claim["instances"].is_array(), "{claim}");
        errata += usize::from(claim["erratum"].is_object());
    }
    assert!(errata > 10, "{errata} errata");
}

#[test]
fn every_claim_file_has_a_certificate_that_is_what_the_program_writes() {
    let folder = root().join("proofs/overparameterized");
    let answer = foliate(&["prove", text(&folder), "--certificate", "certificates", "--quiet"]).exits(0);
    let mut complaints = Vec::new();
    for file in claim_files() {
        let committed = file.with_extension("cert.json");
        let name = committed.file_name().unwrap().to_str().unwrap();
        let written = answer.written(&format!("certificates/{name}"));
        match std::fs::read_to_string(&committed) {
            Err(_) => complaints.push(format!("{name} is missing")),
            Ok(committed) if committed != written => complaints.push(format!("{name} is not what is written now")),
            Ok(_) => {}
        }
    }
    let advice = "make them with `foliate prove proofs --certificate proofs`";
    assert!(complaints.is_empty(), "{advice}\n{}", complaints.join("\n"));
    let files: Vec<PathBuf> = claim_files()
        .iter()
        .map(|file| file.with_extension("cert.json"))
        .collect();
    let mut args = vec!["verify", "--quiet"];
    args.extend(files.iter().map(|file| text(file)));
    foliate(&args).exits(0);
}

#[test]
fn explanations_of_all_entries_stay_as_they_were_reviewed() {
    let files = claim_files();
    let views: Vec<[String; 2]> = in_parallel(|| {
        let view = |file: &PathBuf, format: &str| {
            let run = foliate(&["explain", &id_of(file), text(file), "--format", format]);
            run.exits(0).stdout
        };
        let both = |file: &PathBuf| [view(file, "text"), view(file, "latex")];
        files.par_iter().map(both).collect()
    });
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(root().join("proofs/overparameterized/snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for (file, [text, latex]) in files.iter().zip(views) {
            let stem = file.file_stem().unwrap().to_str().unwrap();
            insta::assert_snapshot!(stem, text);
            insta::assert_snapshot!(format!("{stem}.latex"), latex);
        }
    });
}

#[test]
fn latex_is_balanced() {
    let folder = root().join("proofs/overparameterized");
    let latex = foliate(&["prove", text(&folder), "--format", "latex"]).exits(0).stdout;
    let count = |sign: &str| latex.matches(sign).count();
    assert!(count("\\begin{align*}") > 100);
    assert_eq!(count("\\begin{align*}"), count("\\end{align*}"));
    for block in latex.split("\\begin{align*}").skip(1) {
        let block = block.split("\\end{align*}").next().unwrap();
        balanced(block);
        // What has to stand on one row of an alignment.
        for row in block.split("\\\\\n") {
            let count = |sign: &str| row.matches(sign).count();
            assert_eq!(
                count("\\left") - count("\\left\\lVert"),
                count("\\right") - count("\\right\\rVert"),
                "{row}"
            );
            assert_eq!(row.matches('&').count(), 1, "{row}");
        }
    }
    // Escaped braces are text.
    balanced(&latex.replace("\\{", "").replace("\\}", ""));
}

/// Demands that braces are closed in order.
fn balanced(latex: &str) {
    let mut depth = 0_i32;
    for character in latex.chars() {
        depth += i32::from(character == '{') - i32::from(character == '}');
        assert!(depth >= 0, "{latex}");
    }
    assert_eq!(depth, 0, "{latex}");
}

#[test]
fn a_file_is_run_from_end_to_end() {
    let file = format!("{BALANCE}{PLUS}");
    foliate(&["prove", "lemma.toml"])
        .file("lemma.toml", &file)
        .exits(0)
        .says("mine.balance.plus")
        .says("2 claims in 1 file: 1 proved, 1 refuted; 2 as claimed")
        .then(&["prove", "lemma.toml", "--quiet"])
        .exits(0)
        .says("lemma.toml: 2 of 2 claims as claimed")
        .then(&["prove", "lemma.toml", "--errata"])
        .exits(0)
        .says("line 3")
        .says("a minus");
    let json = foliate(&["prove", "lemma.toml", "--errata", "--format", "json"])
        .file("lemma.toml", &file)
        .exits(0)
        .json();
    let results = json["results"].as_array().unwrap();
    assert_eq!(results.len(), 1);
    assert_eq!(results[0]["erratum"]["correct"], "a minus");
    assert_eq!(results[0]["verdict"], "refuted");
}

#[test]
fn exit_codes_say_whether_the_author_is_right() {
    let run = |claim: &str| foliate(&["prove", "t.toml"]).file("t.toml", number(claim));
    run(r#"equal = ["(x + 1)^2", "x^2 + 2*x + 1"]"#).exits(0);
    run(r#"equal = ["(x + 1)^2", "x^2 + 1"]"#)
        .exits(1)
        .says("witness")
        .says("x = ")
        .says("the file says that it is proved");
    run("equal = [\"x\", \"x\"]\nrefuted = true")
        .exits(1)
        .says("the file says that it is refuted");
    // Undefined at 0, and nothing says that x is not 0.
    run(r#"equal = ["x/x", "1"]"#)
        .exits(3)
        .says("open")
        .says("not known to differ");
    run("equal = [\"x\", \"x\"").exits(2).complains("t.toml");
    // The worst outcome counts.
    foliate(&["prove", "a.toml", "b.toml"])
        .file("a.toml", number(r#"equal = ["x", "2*x"]"#))
        .file("b.toml", "id = 1")
        .exits(2)
        .says("1 unusable");
}

#[test]
fn mistakes_are_shown_where_they_are() {
    let run = |claim: &str| foliate(&["prove", "t.toml"]).file("t.toml", format!("{BALANCE}[[claim]]\n{claim}\n"));
    let named = |claim: &str| run(&format!("name = \"other\"\n{claim}"));
    named(r#"equal = ["CC", "C"]"#)
        .exits(2)
        .complains("did you mean `C`?")
        .complains("t.toml:17:");
    let shapes = named(r#"equal = ["C", "W"]"#).exits(2);
    shapes.complains("this is k x k").complains("this is n x n");
    named(r#"equal = ["C", "W1^T*W1"]"#)
        .exits(2)
        .complains("write A' for a transpose");
    named(r#"equal = ["trace(C)", "0"]"#)
        .exits(2)
        .complains("did you mean `tr`?");
    named(r#"equals = ["C", "C"]"#)
        .exits(2)
        .complains("did you mean `equal`?");
    named(r#"equal = "C = C""#)
        .exits(2)
        .complains(r#"write equal = ["A", "B"] for A = B"#);
    named("equal = [\"C\", \"C\"]\ninstance = { n = 2 }")
        .exits(2)
        .complains("`k` has no value")
        .complains("instance = { n = 2, k = 3 }");
    run(r#"equal = ["C", "C"]"#)
        .exits(2)
        .complains("two claims have no name");
    foliate(&["prove", "t.toml"])
        .file("t.toml", "id = \"T\"\ntitle = \"t\"\n[claim]\n")
        .exits(2)
        .complains("write [[claim]] with two brackets");
    let json = foliate(&["prove", "t.toml", "--format", "json"])
        .file("t.toml", number("equal = [\"y\", \"x\"]"))
        .exits(2)
        .json();
    assert!(
        json["errors"][0]["message"]
            .as_str()
            .unwrap()
            .contains("`y` is not defined")
    );
}

#[test]
fn paths_without_claim_files_are_explained() {
    foliate(&["prove"])
        .exits(2)
        .complains("there is no directory `proofs` here");
    foliate(&["prove", "missing.toml"]).exits(2).complains("missing.toml");
    foliate(&["prove"])
        .directory("proofs")
        .exits(2)
        .complains("no claim files under proofs");
    foliate(&["explain", "A.x"])
        .exits(2)
        .complains("no file or directory `proofs`");
    // A cost is no claim file, and is left out of a directory.
    foliate(&["prove", "."])
        .file("cost.toml", "cost = \"w^2\"\n")
        .file("t.toml", number(r#"equal = ["x", "x"]"#))
        .exits(0)
        .says("1 claim in 1 file");
}

/// The motion of a family is stated for a symbolic index, and W[3..i+1] is a literal product once i is known.
const LITERAL_CHAIN: &str = r#"
id = "T.literal"
title = "imbalances of three layers"
index = { i = "1..3" }
symbols = { "W[i]" = "d[i] x d[i-1]", G = "d[3] x d[0]" }
[dot]
"W[i]" = "-W[3..i+1]' * G * W[i-1..1]'"
[[claim]]
equal = ["dot(W[1]*W[1]' - W[2]'*W[2])", "0"]
"#;

#[test]
fn literal_products_are_the_product_of_their_factors() {
    foliate(&["prove", "chain.toml"])
        .file("chain.toml", LITERAL_CHAIN)
        .exits(0);
}

#[test]
fn sizes_can_be_given_on_the_command_line() {
    let chain = std::fs::read_to_string(root().join("tests/data/claims/ok/chain.toml")).unwrap();
    // Its other claims are too large for these sizes.
    let first = chain.find("[[claim]]\nname").unwrap();
    let chain = chain.get(..first).unwrap();
    let run = |sizes: &str| {
        foliate(&["prove", "chain.toml", "--instance", sizes, "--format", "json"]).file("chain.toml", chain)
    };
    let json = run("N=4,n=3,k=5").exits(0).json();
    let instances = json["results"][0]["instances"].as_array().unwrap();
    // The file has three of its own, one for each index.
    assert_eq!(instances.len(), 6, "{json}");
    assert!(instances.iter().all(|row| row["verdict"] == "proved"));
    for sizes in ["N=4", "N", "N=x", "", "N=4,n=3,k=5,q=1", "N=4,n=0,k=5"] {
        run(sizes).exits(2);
    }
}

#[test]
fn bounds_for_layers_are_given_and_checked() {
    let run = |product: &str, imbalances: &str| foliate(&["prove", "--product", product, "--imbalances", imbalances]);
    run("2", "1/2,1")
        .exits(0)
        .says("G.bounds")
        .says("layer 1: |W_1|_2^2 <= 4816093/1000000");
    run("0", "0").exits(0);
    run("-2", "1").exits(2).complains("not negative");
    run("2", "1,x").exits(2).complains("not `x`");
    run("2", "").exits(2);
    foliate(&["prove", "--product", "2"]).exits(2).complains("--imbalances");
    foliate(&[
        "prove",
        "--product",
        "2",
        "--imbalances",
        "1/2,1",
        "--certificate",
        "b.json",
    ])
    .exits(0)
    .then(&["verify", "b.json"])
    .exits(0)
    .says("4816093/1000000");
}

#[test]
fn entries_and_claims_are_explained() {
    let file = format!("{BALANCE}{PLUS}");
    let run = |args: &[&str]| foliate(args).file("lemma.toml", &file);
    run(&["explain", "mine.balance", "lemma.toml"])
        .exits(0)
        .says("mine.balance  PROVED")
        .says("derived  dot(C) = 0")
        .says("again    PROVED");
    let one = run(&["explain", "mine.balance.plus", "lemma.toml"]).exits(0);
    assert!(!one.stdout.contains("PROVED"));
    one.says("witness").says("a plus (line 3)");
    let json = run(&["explain", "mine.balance.plus", "lemma.toml", "--format", "json"])
        .exits(0)
        .json();
    assert_eq!(json["results"].as_array().unwrap().len(), 1);
    run(&["explain", "mine.balance", "lemma.toml", "--format", "latex"])
        .exits(0)
        .says("\\begin{align*}")
        .says("\\dot{C} = 0");
    run(&["explain", "mine.balnce", "lemma.toml"])
        .exits(2)
        .complains("did you mean `mine.balance`?");
    run(&["explain", "quite.different", "lemma.toml", "broken.toml"])
        .file("broken.toml", "id = ")
        .exits(2)
        .complains("there is no claim `quite.different`")
        .complains("run `foliate prove broken.toml`");
}

/// What `verify` says of the certificate of the example after a change: its exit code and its answer.
fn after(change: impl FnOnce(&mut Value)) -> (i32, String) {
    let made = foliate(&["prove", "lemma.toml", "--certificate", "lemma.cert.json"])
        .file("lemma.toml", format!("{BALANCE}{PLUS}"))
        .exits(0);
    let mut certificate: Value = serde_json::from_str(&made.written("lemma.cert.json")).unwrap();
    change(&mut certificate);
    made.then(&["verify", "lemma.cert.json"])
        .file("lemma.cert.json", certificate.to_string())
        .answers()
}

/// The first claim of a certificate.
fn first_claim(certificate: &mut Value) -> &mut Value {
    &mut certificate["parts"][0]["claims"][0]
}

#[test]
fn certificates_are_accepted_as_they_are() {
    let (code, said) = after(|_| {});
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains("2 proved, 1 refuted") && said.contains("same SHA-256"),
        "{said}"
    );
}

#[test]
fn changed_certificates_prove_nothing_false() {
    // dot(C) = dot(W1*W1' + W2'*W2), and the other way round a counterexample to something true.
    let (code, said) = after(|certificate| first_claim(certificate)["statement"]["equal"][0] = 16.into());
    assert_eq!(code, 1, "{said}");
    let (code, said) = after(|certificate| certificate["parts"][0]["claims"][2]["statement"]["equal"][0] = 13.into());
    assert_eq!(code, 1, "{said}");
    // W = W2*W1 is not symmetric, nor is C equal to it.
    let (code, said) = after(|certificate| first_claim(certificate)["statement"]["equal"] = vec![4, 12].into());
    assert_eq!(code, 1, "{said}");
    // Without the motions there are no derivatives.
    let (code, said) = after(|certificate| certificate["parts"][0]["theory"]["motions"] = Value::Array(Vec::new()));
    assert_eq!(code, 1, "{said}");
    // One sign in the definition of C.
    let minus =
        |certificate: &mut Value| certificate["parts"][0]["theory"]["nodes"][12] = serde_json::json!({"add": [10, 11]});
    let (code, said) = after(minus);
    assert_eq!(code, 1, "{said}");
    // Another file name is no matter of truth, but another digest is said.
    let (_, said) = after(|certificate| certificate["input"]["sha256"] = "00".into());
    assert!(!said.contains("same SHA-256"), "{said}");
    for schema in ["foliate-theory/2", "foliate-certificate/1", ""] {
        let (code, said) = after(|certificate| certificate["schema"] = schema.into());
        assert_eq!(code, 1, "{schema}: {said}");
    }
    // A field nobody reads could hide something.
    let (code, said) = after(|certificate| first_claim(certificate)["trust"] = true.into());
    assert_eq!(code, 1, "{said}");
}

#[test]
fn a_changed_certificate_says_what_it_proves_now() {
    let (code, said) = after(|certificate| {
        certificate["parts"][0]["claims"][1]["argument"]["entries"]["sizes"] = serde_json::json!([[2], [2]]);
    });
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("at k = 2, n = 2"), "{said}");
    let (_, said) = after(|certificate| first_claim(certificate)["statement"]["equal"] = vec![14, 14].into());
    assert!(said.contains("0 = 0"), "{said}");
}

#[test]
fn a_certificate_belongs_to_one_text() {
    let made = foliate(&["prove", "lemma.toml", "--certificate", "lemma.cert.json"])
        .file("lemma.toml", format!("{BALANCE}{PLUS}"))
        .exits(0);
    let whole = made.written("lemma.cert.json");
    let cut = whole.get(..whole.len() / 2).unwrap();
    made.then(&["verify", "lemma.cert.json", "--input", "lemma.toml"])
        .file("cut.json", cut)
        .exits(0)
        .then(&["verify", "cut.json"])
        .exits(2)
        .complains("this is not JSON")
        .then(&["verify", "lemma.cert.json"])
        .file("lemma.toml", format!("{BALANCE}{PLUS}\n"))
        .exits(0)
        .says("another SHA-256")
        .then(&["verify", "lemma.cert.json", "--input", "lemma.toml"])
        .exits(1)
        .says("about another text than the file of --input");
}
