//! An explicit a-priori radius: the largest root of the bounding polynomial of A.lem13 to A.lem15, rounded up.

use crate::kernel::TheoryCourt;
use crate::kernel::certificate::Exact;
use crate::kernel::free::bounds::excess;
use crate::kernel::free::data::{Argument, Statement, TheoryClaim, TheoryData, TheoryPart};
use crate::kernel::polynomial::{End, Polynomial};
use crate::verdict::{Reason, Verdict};
use rug::{Integer, Rational};
use std::time::Instant;

/// Bounds are rounded up to a multiple of one over this.
const FIGURES: u32 = 1_000_000;

/// What was found.
#[derive(Debug)]
pub struct Radius {
    /// What the kernel said.
    pub verdict: Verdict,
    /// For the certificate.
    pub part: Option<TheoryPart>,
    /// The polynomial and the bounds, with labels.
    pub derived: Vec<(String, String)>,
    /// How long the kernel took.
    pub seconds: f64,
}

/// The smallest bound for all layers, to six decimals. `product` and `imbalances` are not negative.
pub fn radius(product: &Rational, imbalances: &[Rational]) -> Radius {
    let open = |what: String| Radius {
        verdict: Verdict::Undecided {
            reason: Reason::Inconclusive { what },
            tried: Vec::new(),
        },
        part: None,
        derived: Vec::new(),
        seconds: 0.0,
    };
    let polynomial = match excess(product, imbalances) {
        Ok(polynomial) => polynomial,
        Err(rejection) => return open(rejection.why),
    };
    let Some(last) = largest_root(&polynomial) else {
        return open("the roots of the bounding polynomial are out of reach".to_owned());
    };
    let all = imbalances.iter().fold(Rational::new(), |sum, own| sum + own);
    let bound = Rational::from(&last + &all);
    let theory = TheoryData::default();
    let claim = TheoryClaim {
        id: "G.bounds".to_owned(),
        statement: Statement::Radius {
            product: Exact(product.clone()),
            imbalances: imbalances.iter().cloned().map(Exact).collect(),
            bound: Exact(bound.clone()),
        },
        argument: Argument::Compute {},
    };
    let start = Instant::now();
    let judged = TheoryCourt::open(&theory).and_then(|mut court| court.judge(&claim));
    let seconds = start.elapsed().as_secs_f64();
    let theorem = match judged {
        Ok(theorem) => theorem,
        Err(rejection) => return open(rejection.to_string()),
    };
    let bounds = layer_bounds(&last, imbalances);
    let mut derived = vec![
        ("with y = |W_N|_2^2".to_owned(), format!("{} <= 0", text(&polynomial))),
        ("hence".to_owned(), format!("y <= {last}")),
    ];
    derived.extend(
        bounds
            .into_iter()
            .map(|(layer, bound)| (format!("layer {layer}"), bound)),
    );
    Radius {
        verdict: Verdict::Proved(theorem),
        part: Some(TheoryPart {
            theory,
            claims: vec![claim],
        }),
        derived,
        seconds,
    }
}

/// An upper bound of the largest nonnegative root, rounded up; 0 if there is none.
fn largest_root(polynomial: &Polynomial) -> Option<Rational> {
    let roots = polynomial.isolate_roots(&End::At(Rational::from(-1)), &End::PositiveInfinity)?;
    let Some(last) = roots.last() else {
        return Some(Rational::new());
    };
    let fine = Rational::from((1, FIGURES)) / 4u32;
    let last = polynomial.refine(last.clone(), &fine);
    let scaled = Rational::from(&last.hi * FIGURES).ceil();
    let rounded = Rational::from((Integer::from(scaled.numer()), Integer::from(FIGURES)));
    Some(if rounded < 0 { Rational::new() } else { rounded })
}

/// |W_l|_2^2 <= y + c_l + ... + c_{N-1} for every layer, with the norm in decimal.
fn layer_bounds(last: &Rational, imbalances: &[Rational]) -> Vec<(usize, String)> {
    let layers = imbalances.len() + 1;
    (1..=layers)
        .map(|layer| {
            let shift = imbalances
                .iter()
                .skip(layer - 1)
                .fold(Rational::new(), |sum, own| sum + own);
            let square = shift + last;
            let norm = square.to_f64().sqrt();
            (
                layer,
                format!("|W_{layer}|_2^2 <= {square}, so |W_{layer}|_2 is at most about {norm:.6}"),
            )
        })
        .collect()
}

fn text(polynomial: &Polynomial) -> String {
    let terms = polynomial
        .coefficients()
        .iter()
        .enumerate()
        .rev()
        .filter(|(_, value)| **value != 0);
    let mut text = String::new();
    for (power, value) in terms {
        let size = Rational::from(value.abs_ref());
        let sign = match (text.is_empty(), *value < 0) {
            (true, false) => "",
            (true, true) => "-",
            (false, false) => " + ",
            (false, true) => " - ",
        };
        let body = match (power, size == 1) {
            (0, _) => size.to_string(),
            (1, true) => "y".to_owned(),
            (1, false) => format!("{size}*y"),
            (power, true) => format!("y^{power}"),
            (power, false) => format!("{size}*y^{power}"),
        };
        text.push_str(&format!("{sign}{body}"));
    }
    text
}
