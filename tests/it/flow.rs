//! `flow`: the example flows, what is written about them, interruptions, and input that no flow comes out of.

use super::program::{Answer, Run, foliate, root};
use rug::{Float, Rational};
use serde_json::Value;

/// A vector field whose solutions go round in circles.
pub(super) const CIRCLE: &str = "[field]\nx = \"y\"\ny = \"-x\"\n[start]\nx = 1\ny = 0\n\
                      [invariants]\nr = \"x^2 + y^2\"\n[run]\nhorizon = \"1/2\"\nprecision = 53\n";

/// The text of an example.
#[track_caller]
pub(super) fn example(name: &str) -> String {
    std::fs::read_to_string(root().join(format!("proofs/flows/{name}.toml"))).unwrap()
}

/// A run with a flow file, in as many bits as the file says.
#[track_caller]
pub(super) fn flow(text: &str, args: &[&str]) -> Run {
    foliate(&[&["flow", "flow.toml"], args].concat()).file("flow.toml", text)
}

/// A run with an example, in few bits.
#[track_caller]
fn coarse(name: &str, args: &[&str]) -> Run {
    flow(&example(name), &[&["--precision", "53"], args].concat())
}

#[track_caller]
fn refused(text: &str, args: &[&str]) -> Answer {
    let answer = flow(text, args).exits(2);
    assert_eq!(answer.stdout, "");
    answer
}

/// A vector field of one coordinate.
fn field(speed: &str, start: &str, horizon: &str) -> String {
    format!("[field]\nx = \"{speed}\"\n[start]\nx = {start}\n[run]\nhorizon = {horizon}\nprecision = 53\n")
}

/// The scalar quadratic with a domain.
fn within(domain: &str, start: &str) -> String {
    format!(
        "cost = \"(1-w)^2\"\ndomain = \"{domain}\"\n[network]\nkind = \"scalar-vector\"\nk = 1\n\
         [start]\nw1 = {start}\nw2 = \"1/2\"\n[run]\nhorizon = 3\nprecision = 53\n"
    )
}

/// The answers, by name.
pub(super) fn verdicts(document: &Value) -> Vec<(&str, &str)> {
    let rows = document["results"].as_array().unwrap().iter();
    rows.map(|row| (row["id"].as_str().unwrap(), row["verdict"].as_str().unwrap()))
        .collect()
}

/// The row with this name.
#[track_caller]
pub(super) fn row<'a>(document: &'a Value, id: &str) -> &'a Value {
    let rows = document["results"].as_array().unwrap();
    let found = rows.iter().find(|row| row["id"] == id);
    found.unwrap_or_else(|| panic!("no {id} in {document:#}"))
}

/// A decimal number, exactly.
#[track_caller]
fn exact(text: &str) -> Rational {
    let parsed = Float::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    Float::with_val(2000, parsed).to_rational().unwrap()
}

/// The ends of an interval in a document.
#[track_caller]
fn ends(value: &Value) -> [Rational; 2] {
    let [lo, hi] = [0, 1].map(|end| exact(value[end].as_str().unwrap()));
    assert!(lo <= hi, "{value}");
    [lo, hi]
}

/// The enclosures at the last time.
#[track_caller]
pub(super) fn last(document: &Value) -> Vec<[Rational; 2]> {
    let moments = document["trajectory"]["enclosures"].as_array().unwrap();
    let bounds = moments.last().unwrap()["bounds"].as_array().unwrap();
    bounds.iter().map(ends).collect()
}

#[test]
fn every_small_example_is_proved() {
    let examples: [(&str, &[&str]); 7] = [
        (
            "scalar-box",
            &["conserved C_1[1,1]", "enclosure", "limit", "barrier", "product_limit"],
        ),
        (
            "scalar-point",
            &["conserved C_1[1,1]", "enclosure", "limit", "barrier", "product_limit"],
        ),
        ("sigmoid-point", &["conserved w2^2 - Phi(w1)", "enclosure", "limit"]),
        (
            "compare",
            &[
                "conserved C_1[1,1]",
                "enclosure",
                "limit",
                "barrier",
                "product_limit",
                "transit",
                "faster",
                "second_transit",
            ],
        ),
        ("bad-set", &["conserved C_1[1,1]", "enclosure", "to_origin"]),
        ("disturbed", &["enclosure", "tube_dissipation", "robust", "dissipation"]),
        ("lotka-volterra", &["conserved H", "enclosure"]),
    ];
    for (name, ids) in examples {
        let args = ["--format", "json", "--certificate", "flow.json"];
        let answer = coarse(name, &args).exits(0);
        assert_eq!(answer.stderr, "", "{name}");
        let document = answer.json();
        assert_eq!(document["command"], "flow");
        let found = verdicts(&document);
        assert!(
            found.iter().all(|(_, verdict)| *verdict == "proved"),
            "{name}: {found:?}"
        );
        for id in ids {
            assert!(
                found.iter().any(|(found, _)| found == id),
                "{name}: no {id} in {found:?}"
            );
        }
        trajectory_is_sound(&document["trajectory"]);
        let proved = format!("{} proved", found.len());
        let verified = answer.then(&["verify", "flow.json", "--input", "flow.toml"]).exits(0);
        verified.says(&proved).says("same SHA-256");
    }
}

/// Demands that a trajectory begins at its start, has an interval for everything, and increasing times.
#[track_caller]
fn trajectory_is_sound(trajectory: &Value) {
    let names = trajectory["coordinates"].as_array().unwrap();
    let moments = trajectory["enclosures"].as_array().unwrap();
    let mut before = Rational::from(-1);
    for moment in moments {
        let time = exact(moment["time"].as_str().unwrap());
        assert!(before < time);
        before = time;
        assert_eq!(moment["bounds"].as_array().unwrap().len(), names.len());
        moment["bounds"]
            .as_array()
            .unwrap()
            .iter()
            .for_each(|one| drop(ends(one)));
        if !moment["cost"].is_null() {
            ends(&moment["cost"]);
        }
    }
    assert_eq!(moments[0]["time"], "0");
    for (start, found) in trajectory["start"]
        .as_array()
        .unwrap()
        .iter()
        .zip(moments[0]["bounds"].as_array().unwrap())
    {
        let start = start.as_str().unwrap().trim_matches(['[', ']']);
        for (given, found) in [start.split(", ").next(), start.split(", ").last()]
            .into_iter()
            .zip(ends(found))
        {
            // Rounding a start costs less than this.
            let off = (exact(given.unwrap()) - found).abs();
            assert!(off < exact("1e-15"), "{start}: {off}");
        }
    }
}

#[test]
fn a_page_about_a_small_flow() {
    insta::assert_snapshot!("circle", flow(CIRCLE, &[]).exits(0).stdout);
    let latex = flow(CIRCLE, &["--format", "latex"]).exits(0).stdout;
    assert!(latex.starts_with("% written by foliate\n"), "{latex}");
    assert_eq!(latex.matches("PROVED").count(), 2, "{latex}");
    assert!(latex.contains("Claim & Verdict & Why"), "{latex}");
    assert!(latex.contains(r"\textless{}= t \textless{}= 0.5, and then"), "{latex}");
    assert_eq!(
        latex.matches(r"\begin{tabular}").count(),
        latex.matches(r"\end{tabular}").count()
    );
    flow(CIRCLE, &["--quiet"]).exits(0).says("flow.toml: 2 proved\n");
}

#[test]
fn a_certificate_that_was_tampered_with_is_rejected() {
    let honest = coarse("compare", &["--certificate", "flow.json"])
        .exits(0)
        .written("flow.json");
    let place = |kind: &str| {
        let value: Value = serde_json::from_str(&honest).unwrap();
        let is_it = |claim: &Value| claim["kind"] == kind || claim["about"] == kind;
        value["claims"].as_array().unwrap().iter().position(is_it).unwrap()
    };
    let tampered = |change: &dyn Fn(&mut Value)| {
        let mut value: Value = serde_json::from_str(&honest).unwrap();
        change(&mut value);
        assert_ne!(value, serde_json::from_str::<Value>(&honest).unwrap());
        let verified = foliate(&["verify", "flow.json", "--format", "json"]).file("flow.json", value.to_string());
        verified.exits(1).json()
    };
    let (tube, limit, settles) = (place("tube"), place("limit"), place("settles"));
    let step = |change: &dyn Fn(&mut Value)| {
        let document = tampered(&|value| change(&mut value["claims"][tube]["steps"][1]));
        let rejected = document["results"]
            .as_array()
            .unwrap()
            .iter()
            .find(|row| row["verdict"] == "rejected");
        let id = rejected.unwrap()["id"].as_str().unwrap().to_owned();
        assert!(id.starts_with(&format!("claims[{tube}].steps[1]")), "{id}");
    };
    step(&|step| step["growth"][0] = "-1000".into());
    step(&|step| step["growth"] = Value::Array(Vec::new()));
    step(&|step| step["radius"] = "0".into());
    step(&|step| step["slack"] = "0".into());
    step(&|step| step["length"] = "-1/8".into());
    step(&|step| step["length"] = "1000".into());
    step(&|step| step["order"] = 1.into());
    tampered(&|value| value["system"]["start"][0] = serde_json::json!(["3", "3"]));
    tampered(&|value| value["system"]["start"][0] = serde_json::json!(["1", "0"]));
    tampered(&|value| value["claims"][limit]["bracket"] = serde_json::json!(["3", "4"]));
    tampered(&|value| value["claims"][settles]["convexity"] = "1000".into());
    tampered(&|value| value["claims"][place("barrier")]["spectrum"] = "2".into());
    tampered(&|value| value["claims"][place("barrier")]["target"][0] = "2".into());
    tampered(&|value| value["claims"][place("barrier")]["scale"] = "1".into());
    tampered(&|value| value["claims"][place("faster")]["other"][0] = "1/4".into());
    tampered(&|value| value["claims"][place("transit")]["tolerance"] = "1/1000000000".into());
    tampered(&|value| value["claims"][place("transit")]["tolerance"] = "1/10".into());
    tampered(&|value| value["system"]["extra"] = 1.into());
    tampered(&|value| value["schema"] = "foliate-flow/2".into());
    tampered(&|value| value["claims"][0]["quantity"] = 0.into());
    let other = foliate(&["verify", "flow.json", "--input", "other.toml"]).file("flow.json", &honest);
    other.file("other.toml", CIRCLE).exits(1).says("another text");
}

#[test]
fn a_table_of_the_enclosures() {
    let at = |precision: &str| {
        let args = ["--precision", precision, "--csv", "out/flow.csv"];
        let table = flow(&example("scalar-point"), &args).exits(0).written("out/flow.csv");
        let mut lines = table.lines().map(str::to_owned);
        assert_eq!(
            lines.next().unwrap(),
            r#"t,"w1 lo","w1 hi","w2 lo","w2 hi","cost lo","cost hi""#
        );
        let rows: Vec<Vec<Rational>> = lines.map(|line| line.split(',').map(exact).collect()).collect();
        assert!(rows.len() > 2);
        for row in &rows {
            assert_eq!(row.len(), 7);
            assert!(row[1..].chunks(2).all(|pair| pair[0] <= pair[1]));
        }
        assert!(rows.is_sorted_by(|a, b| a[0] < b[0]));
        rows
    };
    let (coarse, fine) = (at("53"), at("212"));
    let (coarse, fine) = (coarse.last().unwrap(), fine.last().unwrap());
    assert_eq!((&coarse[0], &fine[0]), (&Rational::from(10), &Rational::from(10)));
    for (wide, narrow) in coarse[1..].chunks(2).zip(fine[1..].chunks(2)) {
        assert!(wide[0] <= narrow[0] && narrow[1] <= wide[1], "{wide:?} {narrow:?}");
    }
}

#[test]
fn two_starts_are_compared() {
    let text = example("compare");
    let alone = text.split("[compare]").next().unwrap().to_owned() + "[run]\nhorizon = 1\nprecision = 53\n";
    let second = alone.replace("w1 = \"1/2\"\nw2 = \"1/2\"", "w1 = \"1/8\"\nw2 = 2");
    assert_ne!(alone, second);
    let against =
        |other: &str| flow(&alone, &["--compare", "other.toml", "--format", "json"]).file("other.toml", other);
    let document = against(&second).exits(0).json();
    let found = row(&document, "faster");
    assert_eq!(found["verdict"], "proved");
    assert!(
        found["clause"]
            .as_str()
            .unwrap()
            .contains("is smaller at every time t > 0"),
        "{found}"
    );
    // Quantities to follow do not matter.
    against(&(second.clone() + "[invariants]\nq = \"w1 + w2\"\n")).exits(0);
    let elsewhere = second.replace("w1 = \"1/8\"", "w1 = \"1/4\"");
    let open = against(&elsewhere).exits(3).json();
    assert!(
        row(&open, "faster")["reason"]
            .as_str()
            .unwrap()
            .contains("exactly the same w2 w1")
    );
    let another = "--compare needs a flow of the same cost and network";
    against(&second.replace("(1 - w)^2", "(2 - w)^2"))
        .exits(2)
        .complains(another);
    against(&example("bad-set")).exits(2).complains(another);
    against(CIRCLE).exits(2).complains("a vector field has none");
    flow(&alone, &["--compare", "nowhere.toml"])
        .exits(2)
        .complains("in nowhere.toml");
    // What is known for the vector case alone is said, not left out.
    let sigmoid = example("sigmoid-point").replace("precision = 128", "precision = 53\ntolerance = \"1e-3\"");
    let document = flow(&sigmoid, &["--compare", "flow.toml", "--format", "json"])
        .exits(3)
        .json();
    for id in ["transit", "faster"] {
        assert_eq!(row(&document, id)["verdict"], "undecided");
    }
}

/// Demands that every element of a document ends where it should.
#[track_caller]
fn is_well_formed(text: &str) {
    assert!(text.contains("<svg"), "{text}");
    let mut open: Vec<&str> = Vec::new();
    for piece in text.split('<').skip(1) {
        let (tag, content) = piece.split_once('>').unwrap_or_else(|| panic!("<{piece}"));
        assert!(
            !content
                .replace("&amp;", "")
                .replace("&lt;", "")
                .replace("&gt;", "")
                .contains("& "),
            "{content}"
        );
        assert_eq!(tag.matches('"').count() % 2, 0, "<{tag}>");
        match tag.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name)),
            None if tag.ends_with('/') || tag.starts_with(['?', '!']) => {}
            None => open.push(tag.split_whitespace().next().unwrap()),
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn pictures_are_drawn() {
    let answer = coarse("scalar-box", &["--pictures", "out/pictures"]).exits(0);
    assert_eq!(answer.names("out/pictures"), ["portrait.svg", "time.svg"]);
    is_well_formed(&answer.written("out/pictures/portrait.svg"));
    is_well_formed(&answer.written("out/pictures/time.svg"));
    let named = CIRCLE.replace("[field]", "name = \"a < b & c\"\n[field]");
    is_well_formed(&flow(&named, &["--pictures", "."]).exits(0).written("time.svg"));
    let figure = foliate(&["flow", "--figure3", "out/figure.svg"]).exits(0);
    assert_eq!(figure.stdout, "");
    is_well_formed(&figure.written("out/figure.svg"));
    flow(CIRCLE, &["--figure3", "x.svg"])
        .exits(2)
        .complains("cannot be used with");
    foliate(&["flow", "--figure3", "."])
        .exits(2)
        .complains("cannot write .");
}

#[test]
fn solutions_that_end() {
    let open = |text: &str| flow(text, &["--format", "json"]).exits(3).json();
    // x' = 1/(1 - x) reaches 1 at t = 1/2.
    let pole = open(&field("1/(1 - x)", "0", "1"));
    assert_eq!(row(&pole, "enclosure")["verdict"], "proved");
    let reached = &pole["trajectory"]["enclosures"].as_array().unwrap();
    let time = exact(reached.last().unwrap()["time"].as_str().unwrap());
    assert!(time < exact("0.5") && time > exact("0.49999"), "{time}");
    let why = row(&pole, "enclosure to t = 1");
    let reason = why["reason"].as_str().unwrap();
    assert!(reason.starts_with("no step leads on from t = 0.49999"), "{reason}");
    assert!(
        reason.contains(", where x in [0.9999") && reason.contains(": division by ["),
        "{reason}"
    );
    assert!(
        why["help"]
            .as_str()
            .unwrap()
            .starts_with("the solutions may cease to exist there"),
        "{why}"
    );
    // x' = x^2 is infinite at t = 1.
    let infinite = open(&field("x^2", "1", "2"));
    assert_eq!(row(&infinite, "enclosure")["verdict"], "proved");
    let reason = row(&infinite, "enclosure to t = 2")["reason"].as_str().unwrap();
    assert!(reason.starts_with("no step leads on from t = 0.999999"), "{reason}");
    // A cost without a lower bound.
    let falling = open("cost = \"-w^3\"\n[start]\nw = \"[0.9, 1.1]\"\n[run]\nhorizon = 2\nprecision = 53\n");
    assert_eq!(
        verdicts(&falling)[1..],
        [("enclosure to t = 2", "undecided"), ("limit", "undecided")]
    );
    // What is no constant is not called one.
    let circle = flow(&CIRCLE.replace("x^2 + y^2", "x + y"), &["--format", "json"])
        .exits(3)
        .json();
    let help = row(&circle, "conserved r")["help"].as_str().unwrap();
    assert!(!help.contains("cost") && !help.contains("--subdivisions"), "{help}");
}

#[test]
fn speeds_that_do_not_change() {
    let document = flow(&field("-1/3", "1", "2"), &["--format", "json"]).exits(0).json();
    let [lo, hi] = &last(&document)[0];
    assert!(
        *lo <= exact("0.3333333333333334") && *hi >= exact("0.3333333333333333"),
        "{lo} {hi}"
    );
    assert!(Rational::from(hi - lo) < exact("1e-15"));
}

#[test]
fn the_domain_of_the_cost() {
    let inside = flow(&within("(0, 3)", "\"1/2\""), &["--format", "json"])
        .exits(0)
        .json();
    assert_eq!(
        inside["notes"][0],
        "as far as the solutions are enclosed, the argument of f stays in (0, 3)"
    );
    // The product tends to 1.
    let outside = flow(&within("(0, 1/2)", "\"1/2\""), &["--format", "json"])
        .exits(3)
        .json();
    let reason = row(&outside, "domain")["reason"].as_str().unwrap();
    assert!(
        reason.starts_with("from t = 0.2") && reason.contains("may be outside of (0, 1/2)"),
        "{reason}"
    );
    assert_eq!(row(&outside, "product_limit")["verdict"], "undecided");
    let beyond = "the cost is studied on (0, 1/2), and the start has w2*w1 = 1";
    refused(&within("(0, 1/2)", "2"), &[]).complains(beyond);
}

#[test]
fn unusable_flows_are_explained() {
    refused("cost = \"log(w)\"\n[start]\nw = -1\n[run]\nhorizon = 1\n", &[]).complains("`log` of -1");
    refused(&field("x", "1", "0"), &[]).complains("`horizon` must be more than 0");
    refused(&field("x", "1", "-1"), &[]).complains("`horizon` must be more than 0");
    refused(&field("x", "[1, 2]", "1"), &[]).complains("flow.toml:4:5");
    let bits = |bits: &str| field("x", "1", "1").replace("precision = 53", &format!("precision = {bits}"));
    for wrong in ["0", "52", "1000000000", "-1"] {
        refused(&bits(wrong), &[]).complains("`precision` must be a whole number from 53 to 4096");
    }
    let counts = example("bad-set").replace("\"-3/10\", ", "");
    refused(&counts, &[]).complains("`w1` must be an array of 3 numbers");
    refused("", &[]).complains("docs/flow-file.md");
    refused("cost = ", &[]);
    let kink = field("abs(x)", "1", "1");
    refused(&kink, &[]).complains("this flow cannot be enclosed: an absolute value in a vector field");
    foliate(&["flow", "nowhere.toml"])
        .exits(2)
        .complains("the file cannot be read");
    foliate(&["flow", "."])
        .exits(2)
        .complains("this is a directory, not a file");
    foliate(&["flow"]).exits(2).complains("SPEC.toml");
    let json = flow(&field("x", "1", "0"), &["--format", "json"]).exits(2).json();
    assert_eq!(json["errors"][0]["message"], "`horizon` must be more than 0");
}

#[test]
fn impossible_options_are_refused() {
    for bits in ["0", "52", "4097", "1000000000"] {
        refused(CIRCLE, &["--precision", bits]).complains("--precision must lie between 53 and 4096 bits");
    }
    refused(CIRCLE, &["--precision", "many"]).complains("--precision");
    refused(CIRCLE, &["--degree", "77"]).complains("--degree must be at most");
    refused(CIRCLE, &["--timeout", "nan"]).complains("--timeout must be a number of seconds");
}

#[test]
fn what_was_found_is_shown_even_if_it_cannot_be_kept() {
    for option in ["--certificate", "--csv", "--pictures", "--resume"] {
        // A file is in the way of the folder.
        let answer = flow(CIRCLE, &[option, "flow.toml/out"]).exits(2);
        answer.says("2 proved").complains("cannot write flow.toml/out");
    }
    let args = ["--certificate", ".", "--csv", ".", "--format", "json"];
    let document = flow(CIRCLE, &args).exits(2).json();
    assert_eq!(document["summary"]["proved"], 2);
    assert_eq!(document["errors"].as_array().unwrap().len(), 2);
}
