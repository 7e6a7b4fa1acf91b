//! The rules of the house, read off the sources: who may import whom, how files begin, how long they are.

use super::program::root;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// For every module of the crate, the modules it may import. `cli` may import everything.
const IMPORTS: [(&str, &[&str]); 12] = [
    ("kernel", &[]),
    ("verdict", &["kernel"]),
    ("problem", &["kernel"]),
    ("syntax", &["kernel", "problem"]),
    ("symbolic", &["kernel"]),
    ("numeric", &["kernel", "verdict"]),
    ("hypotheses", FINDER),
    ("landscape", FINDER),
    ("flow", FINDER),
    ("laws", FINDER),
    (
        "claims",
        &[
            "kernel",
            "verdict",
            "problem",
            "symbolic",
            "numeric",
            "hypotheses",
            "landscape",
            "flow",
            "laws",
        ],
    ),
    ("report", &["kernel", "verdict", "problem"]),
];
/// What a finder may import.
const FINDER: &[&str] = &["kernel", "verdict", "problem", "symbolic", "numeric"];
/// What the kernel may import from elsewhere.
const KERNEL: [&str; 5] = ["std", "core", "rug", "serde", "super"];
/// The longest file, in lines.
const LINES: usize = 500;

/// A source file: its path from the root, and its text.
struct File {
    path: PathBuf,
    text: String,
}

impl File {
    /// The module of the crate it belongs to.
    fn module(&self) -> String {
        let inside = self.path.strip_prefix("src").unwrap();
        let first = inside.components().next().unwrap().as_os_str().to_str().unwrap();
        first.trim_end_matches(".rs").to_owned()
    }

    /// How many modules it lies below the root of the crate.
    fn depth(&self) -> usize {
        let inside = self.path.strip_prefix("src").unwrap();
        let folders = inside.components().count() - 1;
        folders + usize::from(inside.file_stem().unwrap() != "mod")
    }

    /// Whether it holds nothing but tests, which may use what they like of the development dependencies.
    fn is_test(&self) -> bool {
        self.path
            .components()
            .any(|part| part.as_os_str() == "tests" || part.as_os_str() == "tests.rs")
    }

    /// The lines that are code, with their numbers.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self
            .text
            .lines()
            .enumerate()
            .map(|(number, line)| (number + 1, line.trim()));
        lines.filter(|(_, line)| !line.starts_with("//"))
    }
}

/// All Rust files below a folder of the repository.
fn files(folder: &str) -> Vec<File> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                found.push(File {
                    path: path.strip_prefix(root()).unwrap().to_owned(),
                    text,
                });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// The names that follow `prefix` in a line of code.
fn after<'a>(line: &'a str, prefix: &str) -> Vec<&'a str> {
    let starts = line.match_indices(prefix).filter(|(at, _)| {
        let before = line.get(..*at).unwrap_or_default().chars().next_back();
        !before.is_some_and(|character| character.is_alphanumeric() || character == '_' || "$\"".contains(character))
    });
    starts
        .map(|(at, _)| name(line.get(at + prefix.len()..).unwrap_or_default()))
        .collect()
}

/// The name at the start of a text; empty if there is none.
fn name(text: &str) -> &str {
    let end = text
        .find(|character: char| !character.is_alphanumeric() && character != '_')
        .unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

/// Fails with all complaints at once.
#[track_caller]
fn none(complaints: Vec<String>) {
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

/// What is wrong with the imports of a file.
fn complaints(file: &File) -> Vec<String> {
    let module = file.module();
    let allowed = IMPORTS
        .iter()
        .find(|(name, _)| *name == module)
        .map(|(_, allowed)| *allowed);
    let everything = ["cli", "lib", "main"].contains(&module.as_str());
    let mut complaints = Vec::new();
    for (number, line) in file.code() {
        let mut complain = |what: String| complaints.push(format!("{}:{number}: {what}", file.path.display()));
        let roots = after(line, "crate::").into_iter().chain(after(line, "foliate::"));
        for root in roots {
            match allowed {
                _ if everything => {}
                _ if root.is_empty() => complain("imports from the root one by one, please".to_owned()),
                _ if root == module && module != "kernel" => {}
                Some(allowed) if allowed.contains(&root) => {}
                Some(_) => complain(format!("{module} must not import {root}")),
                None => complain(format!("{module} is not in the table of modules")),
            }
        }
        // Each `super` leaves one module, inline test modules counted by their indentation.
        let climbs = line.match_indices("super::").count();
        let longest = longest_climb(line);
        let inline = usize::from(
            file.text
                .lines()
                .nth(number - 1)
                .is_some_and(|line| line.starts_with(' ')),
        );
        if climbs > 0 && longest >= file.depth() + inline {
            complain(format!("{longest} times super leaves {module}"));
        }
    }
    complaints
}

/// The most `super::` in a row.
fn longest_climb(line: &str) -> usize {
    (1..)
        .take_while(|times| line.contains(&"super::".repeat(*times)))
        .last()
        .unwrap_or(0)
}

#[test]
fn modules_import_only_what_they_may() {
    none(files("src").iter().flat_map(complaints).collect());
}

#[test]
fn the_kernel_imports_nothing_else() {
    let mut complaints = Vec::new();
    for file in files("src/kernel").iter().filter(|file| !file.is_test()) {
        let own: BTreeSet<&str> = file.code().flat_map(|(_, line)| after(line, "mod ")).collect();
        for (number, line) in file.code().take_while(|(_, line)| *line != "#[cfg(test)]") {
            let line = line.trim_start_matches("pub ").trim_start_matches("pub(super) ");
            let imported = line.strip_prefix("use ").map(name);
            let imported = imported.filter(|name| !KERNEL.contains(name) && !own.contains(name));
            // An import of the variants of a type that is in scope leads nowhere new.
            let imported = imported.filter(|name| !name.starts_with(char::is_uppercase));
            if let Some(name) = imported {
                complaints.push(format!(
                    "{}:{number}: the kernel must not import {name}",
                    file.path.display()
                ));
            }
        }
    }
    none(complaints);
}

#[test]
fn foreign_names_have_one_home() {
    let homes = [
        ("symbolica::", "src/symbolic"),
        ("ariadne", "src/syntax/render.rs"),
        ("nalgebra::", "src/numeric"),
        ("clarabel::", "src/numeric"),
        ("comfy_table", "src/report or src/cli"),
        ("clap::", "src/cli"),
        ("serde_json", "src/report or src/cli"),
    ];
    let mut complaints = Vec::new();
    for file in files("src").iter().filter(|file| !file.is_test()) {
        for (foreign, home) in homes {
            if home.split(" or ").any(|home| file.path.starts_with(home)) {
                continue;
            }
            let lines = file.code().take_while(|(_, line)| *line != "#[cfg(test)]");
            for (number, _) in lines.filter(|(_, line)| line.contains(foreign)) {
                complaints.push(format!("{}:{number}: {foreign} belongs in {home}", file.path.display()));
            }
        }
    }
    none(complaints);
}

#[test]
fn every_file_says_what_it_is_and_is_short() {
    let mut complaints = Vec::new();
    for file in files("src").into_iter().chain(files("tests")).chain(benches()) {
        if !file.text.starts_with("//!") {
            complaints.push(format!("{}: begins without `//!`", file.path.display()));
        }
        let lines = file.text.lines().count();
        if lines >= LINES {
            complaints.push(format!("{}: {lines} lines", file.path.display()));
        }
    }
    none(complaints);
}

fn benches() -> Vec<File> {
    if root().join("benches").is_dir() {
        files("benches")
    } else {
        Vec::new()
    }
}

#[test]
fn the_words_of_a_verdict_stand_in_one_place() {
    let mut complaints = Vec::new();
    for file in files("src")
        .iter()
        .filter(|file| !file.path.starts_with("src/report/row.rs"))
    {
        let lines = file.code().take_while(|(_, line)| *line != "#[cfg(test)]");
        for (number, line) in lines {
            if ["\"PROVED", "\"REFUTED", "\"UNDECIDED"]
                .iter()
                .any(|word| line.contains(word))
            {
                complaints.push(format!(
                    "{}:{number}: verdicts are written by `Ruling`",
                    file.path.display()
                ));
            }
        }
    }
    none(complaints);
}

#[test]
fn a_theorem_cannot_be_made_elsewhere() {
    let theorem = std::fs::read_to_string(root().join("src/kernel/theorem.rs")).unwrap();
    let declaration = theorem.split("pub struct Theorem {").next().unwrap();
    let derive = declaration
        .lines()
        .rev()
        .find(|line| line.starts_with("#[derive"))
        .unwrap();
    for forbidden in ["Deserialize", "Default"] {
        assert!(!derive.contains(forbidden), "{derive}");
    }
    assert!(!theorem.contains("for Theorem {"), "no From, no Default");
    let minted: Vec<PathBuf> = files("src")
        .into_iter()
        .filter(|file| file.code().any(|(_, line)| line.contains("Theorem::mint(")))
        .map(|file| file.path)
        .collect();
    assert_eq!(minted, [Path::new("src/kernel/check.rs")]);
}
