//! Whatever the input, the answer is a diagnostic and the exit code 2; never a panic, never a verdict.

use super::program::{Answer, foliate};

#[track_caller]
fn refused(answer: Answer) -> Answer {
    assert_eq!(answer.stdout, "");
    answer
}

#[track_caller]
fn cost(expression: &str) -> Answer {
    refused(foliate(&["check", "--cost", expression]).exits(2))
}

#[track_caller]
fn file(bytes: impl AsRef<[u8]>) -> Answer {
    refused(foliate(&["check", "cost.toml"]).file("cost.toml", bytes).exits(2))
}

#[test]
fn unknown_functions_and_names() {
    cost("foo(w)").complains("there is no function `foo`");
    cost("w^2 + alpha").complains("`alpha` is not defined");
}

#[test]
fn unbalanced_brackets() {
    cost("(w^2").complains("never closed");
    cost("w^2)").complains("never opened");
}

#[test]
fn nesting_without_end() {
    let deep = format!("{}w{}", "(".repeat(100_000), ")".repeat(100_000));
    file(format!("cost = \"{deep}\"")).complains("nested more than");
    let piped = foliate(&["check", "-"]).stdin(format!("cost = \"{deep}\""));
    refused(piped.exits(2)).complains("nested more than");
    cost(&"(".repeat(100_000)).complains("Error");
    cost(&format!("w{}", "^w".repeat(30_000))).complains("Error");
    file(format!("cost = {}1{}", "[".repeat(100_000), "]".repeat(100_000))).complains("Error");
}

#[test]
fn enormous_numbers() {
    cost("1e400000000*w").complains("too many digits");
    cost("w^1000000000").complains("exponent is too large");
    cost("2^(10^9)*w").complains("Error");
}

#[test]
fn nothing_to_read() {
    cost("").complains("no expression");
    cost("   ").complains("no expression");
    file("").complains("the file is empty");
    file("cost = \"\"").complains("no expression");
    refused(foliate(&["check", "-"]).stdin("").exits(2)).complains("standard input");
}

#[test]
fn things_that_are_not_cost_files() {
    refused(foliate(&["check", "folder"]).directory("folder").exits(2)).complains("this is a directory");
    refused(foliate(&["check", "nowhere.toml"]).exits(2)).complains("cannot be read");
    file([0x7f, b'E', b'L', b'F', 0, 0xff, 0xfe]).complains("not a text file");
    file([0_u8; 4096]).complains("Error");
    file("cost = \"w^2\"\ncots = 1").complains("no key `cots`");
    file("this is prose").complains("not valid TOML");
    file(vec![b'#'; 3 << 20]).complains("longer than");
}

#[test]
fn impossible_domains() {
    refused(foliate(&["check", "--cost", "w^2", "--domain", "(2, 1)"]).exits(2)).complains("the domain is empty");
    refused(foliate(&["check", "--cost", "w^2", "--domain", "[0, 1]"]).exits(2)).complains("open intervals");
    refused(foliate(&["check", "--cost", "w^2", "--domain", "nonsense"]).exits(2)).complains("interval");
}

#[test]
fn costs_that_are_none() {
    cost("3").complains("does not mention `w`");
    cost("w/0").complains("division by the constant 0");
    cost("w/(1 - 1)").complains("Error");
}

#[test]
fn costs_without_a_value_somewhere() {
    cost("log(w)").complains("`log` is undefined");
    cost("1/w").complains("undefined");
    cost("sqrt(w)").complains("undefined");
}

#[test]
fn control_characters_do_not_reach_the_terminal() {
    let answer = cost("w + \u{1b}[31mred\u{202e}");
    assert!(!answer.stderr.contains(['\u{1b}', '\u{202e}']), "{}", answer.stderr);
}

#[test]
fn wrong_usage() {
    for args in [
        &["check"][..],
        &["frobnicate"],
        &["check", "--cost", "w^2", "file.toml"],
        &["check", "--domain", "(0, 1)", "file.toml"],
        &["check", "--cost", "w^2", "--precision", "1"],
        &["check", "--cost", "w^2", "--precision", "99999999"],
        &["check", "--cost", "w^2", "--precision", "-5"],
        &["check", "--cost", "w^2", "--timeout", "nan"],
        &["check", "--cost", "w^2", "--timeout=-1"],
        &["check", "--cost", "w^2", "--timeout", "inf"],
        &["check", "--cost", "w^2", "--subdivisions", "0"],
        &["check", "--cost", "w^2", "--set", "a"],
        &["check", "--cost", "w^2", "--set", "=1"],
        &["check", "--cost", "w^2", "--expect"],
        &["check", "--cost", "w^2", "--format", "yaml"],
        &["check", "-", "-"],
        &["verify"],
        &["verify", "a.json", "--input", "nowhere.toml"],
    ] {
        refused(foliate(args).exits(2)).complains("error: ");
    }
    refused(foliate(&[]).exits(2)).complains("Usage");
}

#[test]
fn settings_that_fit_nothing() {
    let run = foliate(&["check", "cost.toml", "--set", "z=1"]).file("cost.toml", "cost = \"w^2\"");
    refused(run.exits(2)).complains("`z` is not defined");
    refused(foliate(&["check", "--cost", "a*w", "--set", "a=w"]).exits(2)).complains("Error");
    refused(foliate(&["check", "--cost", "a*w", "--set", "a=\"\n"]).exits(2)).complains("Error");
}

#[test]
fn files_that_expect_nothing_cannot_be_compared() {
    let run = foliate(&["check", "--expect", "cost.toml"]).file("cost.toml", "cost = \"w^2\"");
    refused(run.exits(2)).complains("[truth]");
    let run = foliate(&["check", "--expect", "cost.toml"]).file("cost.toml", "cost = \"w^2\"\n[truth]\nH1 = 7");
    refused(run.exits(2)).complains("H1");
}

#[test]
fn a_bad_file_is_a_json_document_too() {
    let answer = foliate(&["check", "nowhere.toml", "--format", "json"]).exits(2);
    assert_eq!(answer.json()["schema"], "foliate/1");
    assert_eq!(answer.json()["summary"]["failed"], 1);
    assert!(
        answer.json()["errors"][0]["message"]
            .as_str()
            .unwrap()
            .contains("cannot be read")
    );
}

#[test]
fn what_is_not_json_is_no_certificate() {
    for bytes in [
        "",
        "cost = \"w^2\"",
        "{",
        "{\"schema\":\"foliate-certificate/1\"",
        "\u{0}",
    ] {
        let run = foliate(&["verify", "a.json"]).file("a.json", bytes);
        refused(run.exits(2)).complains("not JSON");
    }
    refused(foliate(&["verify", "folder"]).directory("folder").exits(2)).complains("cannot be read");
    refused(foliate(&["verify", "nowhere.json"]).exits(2)).complains("cannot be read");
}

#[test]
fn json_that_is_no_certificate_is_rejected() {
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    for bytes in ["null", "{}", "[1, 2]", "{\"schema\": \"foliate-certificate/1\"}", &deep] {
        foliate(&["verify", "a.json"])
            .file("a.json", bytes)
            .exits(1)
            .says("REJECTED");
    }
}
