//! Claim files that are read; what is said of the others is pinned in `tests/it/claim_files.rs`.

use super::*;
use crate::problem::claim_file::{Claimed, Given};
use rug::Rational;

fn read(text: &str) -> ClaimFile {
    parse_claim_file("test.toml", text.as_bytes()).unwrap_or_else(|(source, mistakes)| {
        panic!("{}", crate::syntax::render(&source, &mistakes, false));
    })
}

#[test]
fn the_place_of_a_formula_is_its_place_in_the_file() {
    let file = read("id = \"T\"\ntitle = \"t\"\n[[claim]]\nequal = [\"A*B\", 0]\n");
    let Claimed::Equal(members) = &file.claims[0].statement else {
        panic!()
    };
    let shown: Vec<&str> = members
        .iter()
        .map(|member| &file.source.text[member.span.start..member.span.end])
        .collect();
    assert_eq!(shown, ["A*B", "0"]);
}

#[test]
fn declarations_keep_their_order() {
    let file = read(
        "id = \"T\"\ntitle = \"t\"\nsymbols = { z = \"scalar\", a = \"k\", m = \"2k x 1\" }\n[[claim]]\npositive = \"z\"\n",
    );
    let names: Vec<&str> = file.symbols.iter().map(|symbol| symbol.name.value.as_str()).collect();
    assert_eq!(names, ["z", "a", "m"]);
}

#[test]
fn polynomials_are_multiplied_out() {
    let file = read(
        "id = \"T\"\ntitle = \"t\"\n[[claim]]\nequal = [\"x\", \"y\"]\nrefuted = true\nwitness = { f = \"(x - 1)^2*(x + 1/2)/2\" }\n",
    );
    let expected: Vec<Rational> = [(1, 4), (0, 1), (-3, 4), (1, 2)].map(Rational::from).to_vec();
    assert_eq!(file.claims[0].witness[0].value.value, Given::Polynomial(expected));
}

#[test]
fn hostile_bytes_are_refused() {
    for bytes in [
        &b"\xff"[..],
        b"",
        b"[[claim]]",
        b"claim = [1]",
        b"\0",
        b"let = 1\ndot = []",
    ] {
        assert!(parse_claim_file("test.toml", bytes).is_err());
    }
}
