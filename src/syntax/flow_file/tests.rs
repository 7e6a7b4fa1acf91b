//! Flow files that can be read, and what is said about those that cannot.

use super::*;
use crate::kernel::flow::data::Model;
use crate::kernel::print::print_named;
use crate::problem::Horizon;
use crate::syntax::render;
use proptest::prelude::*;
use std::path::{Path, PathBuf};

/// A folder of the repository.
fn folder(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The names and bytes of the flow files of a folder, in order.
fn corpus(path: &str) -> Vec<(String, Vec<u8>)> {
    let entries = std::fs::read_dir(folder(path)).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let files = paths.filter(|path| path.extension().is_some_and(|extension| extension == "toml"));
    let mut files: Vec<_> = files
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read(&path).unwrap())
        })
        .collect();
    files.sort();
    files
}

fn read(path: &str, name: &str, bytes: &[u8]) -> Result<FlowSpec, (Source, Vec<Diagnostic>)> {
    parse_flow_file(name, bytes, &|file| {
        std::fs::read_to_string(folder(path).join(file)).ok()
    })
}

/// A file that must be right.
#[track_caller]
fn spec(text: &str) -> FlowSpec {
    parse_flow_file("flow.toml", text.as_bytes(), &|_| None)
        .unwrap_or_else(|(source, diagnostics)| panic!("{}", render(&source, &diagnostics, false)))
}

/// What a specification says, line by line.
fn summary(spec: &FlowSpec) -> String {
    let plain = |number: u16| format!("X{number}");
    let of_entries = |id| print_named(&spec.table, id, &plain);
    let of_coordinates = |id| {
        let name = |number: u16| spec.names.get(usize::from(number)).cloned().unwrap_or_default();
        print_named(&spec.table, id, &name)
    };
    let mut lines = vec![format!("{} at {} bits", spec.name, spec.precision)];
    lines.push(match &spec.model {
        Model::Field { speeds } => {
            let speeds: Vec<String> = speeds.iter().map(|speed| of_coordinates(*speed)).collect();
            format!("speeds {}", speeds.join("; "))
        }
        Model::Gradient { cost, dimension } => format!("gradient of {} in {dimension}", of_entries(*cost)),
        Model::Linear { cost, widths } => format!("{} of a product {widths:?} on {}", of_entries(*cost), spec.domain),
        Model::Neuron { cost, activation } => {
            format!(
                "{} of {} on {}",
                of_entries(*cost),
                of_entries(*activation),
                spec.domain
            )
        }
    });
    let shown = |start: &[[Rational; 2]]| {
        let pairs = spec.names.iter().zip(start);
        let pairs = pairs.map(|(name, [lower, upper])| match lower == upper {
            true => format!("{name} = {lower}"),
            false => format!("{name} in [{lower}, {upper}]"),
        });
        pairs.collect::<Vec<_>>().join(", ")
    };
    lines.push(format!("start {}", shown(&spec.start)));
    if let Some(compare) = &spec.compare {
        lines.push(format!("compare {}", shown(compare)));
    }
    for seed in spec.seed.iter().chain(&spec.compare_seed) {
        lines.push(format!(
            "seed {} up to {} by 1/{}",
            seed.seed, seed.bound, seed.denominator
        ));
    }
    lines.push(match &spec.horizon {
        Horizon::Time(time) => format!("until {time}"),
        Horizon::Settled => "until settled".to_owned(),
    });
    if !spec.disturbance.is_empty() || spec.alpha.is_some() {
        let bounds: Vec<String> = spec.disturbance.iter().map(Rational::to_string).collect();
        lines.push(format!("disturbance {}, alpha {:?}", bounds.join(", "), spec.alpha));
    }
    if let Some(tolerance) = &spec.tolerance {
        lines.push(format!("tolerance {tolerance}"));
    }
    for (name, id) in &spec.invariants {
        lines.push(format!("{name} = {}", of_coordinates(*id)));
    }
    lines.extend(
        spec.cost_file
            .iter()
            .map(|(path, digest)| format!("{path} {}", &digest[..8])),
    );
    lines.join("\n")
}

#[test]
fn good_files_are_read() {
    for (place, least) in [("tests/data/flows/ok", 9), ("proofs/flows", 12)] {
        let files = corpus(place);
        assert!(files.len() >= least);
        for (name, bytes) in files {
            let spec = read(place, &name, &bytes).unwrap_or_else(|(source, diagnostics)| {
                panic!("{name}:\n{}", render(&source, &diagnostics, false));
            });
            assert_eq!(spec.names.len(), spec.start.len());
            insta::assert_snapshot!(format!("ok-{}", name.trim_end_matches(".toml")), summary(&spec));
        }
    }
}

#[test]
fn bad_files_are_explained() {
    let place = "tests/data/flows/err";
    let files = corpus(place);
    assert!(files.len() >= 40);
    for (name, bytes) in files {
        let Err((source, diagnostics)) = read(place, &name, &bytes) else {
            panic!("{name} was read")
        };
        assert!(!diagnostics.is_empty(), "{name}");
        let drawn = render(&source, &diagnostics, false);
        insta::assert_snapshot!(format!("err-{}", name.trim_end_matches(".toml")), drawn);
    }
}

#[test]
fn numbers_are_read_from_their_text() {
    let spec = spec("cost = \"w^2\"\n[start]\nw = 0.1\n[run]\nhorizon = 1e-30");
    assert_eq!(spec.start, [[Rational::from((1, 10)), Rational::from((1, 10))]]);
    let Horizon::Time(time) = spec.horizon else {
        panic!("a time was given")
    };
    assert_eq!(time.to_string(), format!("1/1{}", "0".repeat(30)));
}

#[test]
fn four_hundred_coordinates_are_allowed() {
    let ones = "1, ".repeat(200);
    let text = |k: usize| {
        format!(
            "cost = \"w^2\"\n[network]\nkind = \"scalar-vector\"\nk = {k}\n[start]\nw1 = [{ones}]\nw2 = [{ones}]\n\
             [run]\nhorizon = 1"
        )
    };
    assert_eq!(spec(&text(200)).names.len(), 400);
    assert!(parse_flow_file("flow.toml", text(201).as_bytes(), &|_| None).is_err());
    let fields: String = (0..401).map(|number| format!("x{number} = 0\n")).collect();
    let text = format!("[field]\n{fields}[start]\nx0 = 1\n[run]\nhorizon = 1");
    let (_, diagnostics) = parse_flow_file("flow.toml", text.as_bytes(), &|_| None).unwrap_err();
    assert!(diagnostics[0].kind.to_string().contains("this one has 401"));
}

#[test]
fn hostile_files_are_refused_in_time() {
    let refused = |text: &str| {
        let (source, diagnostics) = parse_flow_file("flow.toml", text.as_bytes(), &|_| None).unwrap_err();
        assert!(render(&source, &diagnostics, false).len() < 20_000);
    };
    let rest = "[start]\nw = 1\n[run]\nhorizon = 1";
    refused(&format!(
        "cost = \"{}w{}\"\n{rest}",
        "(".repeat(10_000),
        ")".repeat(10_000)
    ));
    refused(&format!(
        "cost = \"w\"\n[start]\nw = {}1{}",
        "[".repeat(10_000),
        "]".repeat(10_000)
    ));
    refused(&format!(
        "cost = \"w^2\"\n[start]\nw = \"[{}, 1]\"\n",
        "(".repeat(10_000)
    ));
    let widths = "400, ".repeat(31);
    refused(&format!(
        "cost = \"w^2\"\n[network]\nkind = \"deep-linear\"\nwidths = [1, {widths} 1]\n{rest}"
    ));
    refused(&format!(
        "cost = \"w^2\"\n[network]\nkind = \"scalar-vector\"\nk = 65536\n{rest}"
    ));
    refused(&"[a]\n".repeat(10));
}

/// The texts of all good files.
fn texts() -> Vec<String> {
    let files = corpus("tests/data/flows/ok").into_iter().chain(corpus("proofs/flows"));
    files.map(|(_, bytes)| String::from_utf8(bytes).unwrap()).collect()
}

/// Reads a text, and draws what is wrong with it.
fn survives(text: &str) {
    let load = |path: &str| std::fs::read_to_string(folder("tests/data/flows/ok").join(path)).ok();
    let _ = parse_flow_file("flow.toml", text.as_bytes(), &load)
        .map_err(|(source, diagnostics)| render(&source, &diagnostics, true));
}

proptest! {
    #[test]
    fn no_text_panics(text in "\\PC{0,80}") {
        survives(&text);
        survives(&format!("[field]\nx = \"{text}\"\n[start]\nx = \"{text}\"\n[run]\nhorizon = 1"));
    }

    #[test]
    fn no_change_of_a_good_file_panics(
        file in any::<prop::sample::Index>(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..9_usize), 1..4),
    ) {
        let texts = texts();
        let mut text = texts[file.index(texts.len())].clone();
        for (line, other, kind) in edits {
            let mut lines: Vec<&str> = text.lines().collect();
            if lines.is_empty() {
                break;
            }
            let (at, from) = (line.index(lines.len()), other.index(lines.len()));
            let place = other.index(lines[at].len() + 1);
            let changed = match lines[at].split_at_checked(place) {
                Some((before, after)) => {
                    let signs = ["", "-", "\"", "[", "]", "0", "w", "=", ","];
                    format!("{before}{}{}", signs[kind], after.get(1..).unwrap_or_default())
                }
                None => String::new(),
            };
            match kind {
                0 => { lines.remove(at); }
                1 => lines.swap(at, from),
                2 => lines.insert(at, lines[from]),
                _ => lines[at] = &changed,
            }
            text = lines.join("\n");
        }
        survives(&text);
    }
}
