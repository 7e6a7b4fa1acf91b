//! Which theorems of the theory apply to a cost, and what they then predict.

/// Whether a theorem applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applies {
    /// All hypotheses were proved.
    Yes,
    /// A hypothesis was refuted or makes no sense for this cost.
    No,
    /// A hypothesis is open.
    Unknown,
}

/// One row of the table of theorems.
#[derive(Clone, Debug, PartialEq)]
pub struct Applicability {
    /// The name in the catalogue, such as `A.cor6`.
    pub id: &'static str,
    /// What the theorem says, in one line.
    pub title: &'static str,
    /// Whether it applies.
    pub applies: Applies,
    /// The hypotheses it uses.
    pub uses: Vec<&'static str>,
    /// The hypotheses that are refuted or open.
    pub missing: Vec<&'static str>,
    /// The theorems of the literature it cites.
    pub rests_on: Vec<&'static str>,
    /// What it predicts for this cost, a sentence each.
    pub predicts: Vec<String>,
}

/// What the table needs to know about a cost.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The names of the hypotheses that were proved.
    pub proved: Vec<&'static str>,
    /// The names of the hypotheses that were refuted or do not apply.
    pub failed: Vec<&'static str>,
    /// Whether 0 lies in the domain.
    pub has_origin: bool,
    /// The sign of f'(0) as -1, 0 or 1, if it is known.
    pub sign: Option<i8>,
    /// The minimum value, for display.
    pub minimum: Option<String>,
}

/// A row before it is filled in for a cost.
struct Row {
    id: &'static str,
    title: &'static str,
    uses: &'static [&'static str],
    rests_on: &'static [&'static str],
}

/// The hypotheses are the corrected ones of the catalogue: the domain is open, analyticity only where Lojasiewicz is cited.
const ROWS: [Row; 5] = [
    Row {
        id: "A.thm3",
        title: "every trajectory of every depth exists for all time and converges to a critical point of g",
        uses: &["analytic", "proper"],
        rests_on: &["lojasiewicz"],
    },
    Row {
        id: "A.thm4",
        title: "one hidden layer: from almost every start the product converges to a critical point of f",
        uses: &["analytic", "proper"],
        rests_on: &["lojasiewicz", "centre-stable-manifold"],
    },
    Row {
        id: "A.prop5",
        title: "one hidden layer, vectors: off the bad set z = w2 w1 converges to a zero of f'",
        uses: &["continuously_differentiable", "proper", "origin_in_domain"],
        rests_on: &[],
    },
    Row {
        id: "A.cor6",
        title: "one hidden layer, vectors: f(z(t)) tends to min f exactly off the bad set",
        uses: &[
            "continuously_differentiable",
            "proper",
            "origin_in_domain",
            "critical_points_are_minimizers",
            "origin_not_minimizer",
        ],
        rests_on: &[],
    },
    Row {
        id: "A.prop7",
        title: "one hidden layer, vectors: of two starts with the same product the more imbalanced is faster",
        uses: &["continuously_differentiable", "proper"],
        rests_on: &[],
    },
];

/// The table of theorems for a cost.
pub fn applicable(facts: &Facts) -> Vec<Applicability> {
    ROWS.iter().map(|row| apply(row, facts)).collect()
}

/// The table of theorems for a cost of a matrix: those that are not about one real variable.
pub fn applicable_to_matrices(facts: &Facts) -> Vec<Applicability> {
    let about_matrices = ROWS.iter().filter(|row| ["A.thm3", "A.thm4"].contains(&row.id));
    let mut rows: Vec<Applicability> = about_matrices.map(|row| apply(row, facts)).collect();
    for row in rows
        .iter_mut()
        .filter(|row| row.id == "A.thm4" && row.applies == Applies::Yes)
    {
        row.predicts = vec![
            "for hidden layers at least as wide as the smaller side of W; the exceptional starts form a null set"
                .into(),
        ];
    }
    rows
}

fn apply(row: &Row, facts: &Facts) -> Applicability {
    let holds = |name: &&str| facts.proved.contains(name) || (*name == "origin_in_domain" && facts.has_origin);
    let fails = |name: &&str| facts.failed.contains(name) || (*name == "origin_in_domain" && !facts.has_origin);
    let missing: Vec<&'static str> = row.uses.iter().copied().filter(|name| !holds(name)).collect();
    let applies = if missing.is_empty() {
        Applies::Yes
    } else if missing.iter().any(fails) {
        Applies::No
    } else {
        Applies::Unknown
    };
    let predicts = if applies == Applies::Yes {
        predictions(row.id, facts)
    } else {
        Vec::new()
    };
    Applicability {
        id: row.id,
        title: row.title,
        applies,
        uses: row.uses.to_vec(),
        missing,
        rests_on: row.rests_on.to_vec(),
        predicts,
    }
}

fn predictions(id: &str, facts: &Facts) -> Vec<String> {
    let bad_set = match facts.sign {
        Some(1) => Some("s = 1: the bad set is {w1 = w2^T}".to_string()),
        Some(-1) => Some("s = -1: the bad set is {w1 = -w2^T}".to_string()),
        Some(0) => {
            Some("f'(0) = 0: the origin is itself a critical point of f, so every start converges to one".into())
        }
        _ => None,
    };
    let limit = facts.minimum.as_ref();
    match id {
        "A.thm3" => vec!["no trajectory escapes: the limit is a single point with grad g = 0".into()],
        "A.thm4" => vec!["any width k >= 1; the exceptional starts form a null set".into()],
        "A.prop5" => bad_set.into_iter().collect(),
        "A.cor6" => {
            let value = limit.map(|value| format!("off the bad set f(z(t)) tends to {value}"));
            let inside = "on the bad set the trajectory tends to the origin and f to f(0)".to_string();
            bad_set.into_iter().chain(value).chain([inside]).collect()
        }
        "A.prop7" => vec![
            "dz/dt = -f'(z) sqrt(c + 4 z^2), with c = 2 tr(C^2) - tr(C)^2 conserved, C = w1 w1^T - w2^T w2".into(),
            "the time from z0 to z1 is the integral of dz / (|f'(z)| sqrt(c + 4 z^2))".into(),
        ],
        _ => Vec::new(),
    }
}
