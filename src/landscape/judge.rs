//! Hands points to the kernel, with directions that bend downwards, and collects what it says.

use super::Finding;
use super::matrix::short;
use crate::kernel::certificate::Exact;
use crate::kernel::derivatives::Sweep;
use crate::kernel::linear;
use crate::kernel::number::Number;
use crate::kernel::saddles::Place;
use crate::kernel::saddles::data::{PointData, Rows, SaddleCertificate, SaddleClaim};
use crate::kernel::theorem::Detail;
use crate::kernel::{SaddleCourt, Theorem};
use crate::numeric::symmetric_eigenvectors;
use crate::verdict::{Budget, Reason, Verdict};
use rug::Rational;
use std::collections::BTreeMap;
use std::time::Instant;

/// Digits of numbers in the table.
const DIGITS: usize = 7;
/// An eigenvalue above this is not taken for a negative one, in units of the largest entry.
const NEGATIVE: f64 = -1e-9;
/// Most entries of all layers for which eigenvalues are guessed.
const ENTRIES: usize = 400;

/// A line of the table: one point.
#[derive(Clone, Debug)]
pub struct Row {
    /// The number of the point, counted from 1.
    pub number: u32,
    /// The rank of W.
    pub rank: Option<usize>,
    /// f(W), in decimal.
    pub value: String,
    /// About f(W), for pictures.
    pub height: f64,
    /// |grad f(W)|, in decimal.
    pub gradient: String,
    /// The numbers of negative, zero and positive eigenvalues, if they are certified.
    pub inertia: Option<[usize; 3]>,
    /// Whether the point is a strict saddle, if that is certified.
    pub strict: Option<bool>,
    /// What is certified of the least eigenvalue, such as `at most -2`.
    pub curvature: Option<String>,
    /// W, in decimal.
    pub product: String,
}

/// The sizes that matter for ranks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ranks {
    pub(super) high: usize,
    pub(super) low: usize,
    /// The least hidden width.
    hidden: usize,
    depth: usize,
}

impl Ranks {
    /// The largest rank that W can have at a spurious critical point.
    pub(super) fn most_spurious(self) -> usize {
        self.hidden.min(self.high.min(self.low).saturating_sub(1))
    }

    /// The ranks of the layers in between that are looked at: as small and as large as can be.
    pub(super) fn inners(self, rank: usize) -> Vec<usize> {
        if self.depth == 2 || rank == self.hidden {
            return vec![self.hidden];
        }
        vec![rank, self.hidden]
    }
}

/// A court, and what it has said so far.
pub(super) struct Bench {
    pub(super) court: SaddleCourt,
    pub(super) findings: Vec<Finding>,
    pub(super) rows: Vec<Row>,
    pub(super) claims: Vec<SaddleClaim>,
    pub(super) notes: Vec<String>,
    budget: Budget,
    cut: bool,
}

impl Bench {
    pub(super) fn new(court: SaddleCourt, budget: Budget) -> Self {
        Bench {
            court,
            findings: Vec::new(),
            rows: Vec::new(),
            claims: Vec::new(),
            notes: Vec::new(),
            budget,
            cut: false,
        }
    }

    /// Whether the time is up; remembers that something was cut short.
    pub(super) fn is_over(&mut self) -> bool {
        self.cut |= self.budget.is_over();
        self.cut
    }

    pub(super) fn ranks(&mut self) -> Ranks {
        let widths = self.court.landscape().widths();
        let inside = widths.get(1..widths.len().saturating_sub(1)).unwrap_or_default();
        Ranks {
            high: widths.last().copied().unwrap_or(0),
            low: widths.first().copied().unwrap_or(0),
            hidden: inside.iter().min().copied().unwrap_or(0),
            depth: widths.len().saturating_sub(1),
        }
    }

    /// Looks at a point if the kernel accepts it; whether it did.
    pub(super) fn candidate(&mut self, point: Option<PointData>) -> bool {
        let Some(point) = point else { return false };
        let number = self.court.landscape().add(point);
        let Ok(place) = self.court.landscape().place(number) else {
            return false;
        };
        if !place.gradient().iter().flatten().any(Number::is_nonzero) {
            let rank = place.rank().map(|rank| format!(" of rank {rank}")).unwrap_or_default();
            let exactly = place.gradient().iter().flatten().all(Number::is_zero);
            self.notes.push(if exactly {
                format!("a critical point{rank} was met that is critical for f as well, so it is not spurious")
            } else {
                format!("a critical point{rank} was met where grad f(W) is not known to be 0 or not; it is left out")
            });
            return true;
        }
        self.point(number);
        true
    }

    /// Asks the kernel, and remembers the claim if it is accepted.
    pub(super) fn claim(&mut self, id: &str, claim: SaddleClaim) -> Option<Theorem> {
        let begin = Instant::now();
        let judged = self.court.judge(&claim);
        let verdict = match &judged {
            Ok(theorem) if theorem.holds() => Verdict::Proved(theorem.clone()),
            Ok(theorem) => Verdict::Refuted(theorem.clone()),
            Err(rejection) => Verdict::Undecided {
                reason: Reason::Stopped {
                    what: rejection.why.clone(),
                    help: "more --precision may help; if not, foliate has no argument for this",
                },
                tried: Vec::new(),
            },
        };
        if judged.is_ok() {
            self.claims.push(claim);
        }
        self.findings.push(Finding {
            id: id.to_owned(),
            verdict,
            seconds: begin.elapsed().as_secs_f64(),
        });
        judged.ok()
    }

    /// Asks everything about a point that the kernel has accepted.
    pub(super) fn point(&mut self, point: u32) {
        let Ok(place) = self.court.landscape().place(point) else {
            return;
        };
        let number = u32::try_from(self.rows.len()).unwrap_or(u32::MAX).saturating_add(1);
        let id = |name: &str| format!("{name}_{number}");
        self.claim(&id("spurious"), SaddleClaim::Spurious { point });
        let (strict, curvature) = self.strictness(point, &place, number);
        let inertia = self.claim(&id("inertia"), SaddleClaim::Inertia { point });
        let inertia = inertia.and_then(|_| self.court.landscape().inertia(&place).ok());
        if self.ranks().depth == 2 {
            self.claim(&id("manifold"), SaddleClaim::Manifold { point });
        }
        if self.court.landscape().square_loss().is_some() {
            self.claim(&id("value"), SaddleClaim::Value { point });
        }
        let precision = self.court.landscape().precision();
        let range = place.value().interval(precision);
        let decimals = |entry: &Number| match entry {
            Number::Exact(value) if value.to_string().len() <= DIGITS => value.to_string(),
            entry => entry.interval(precision).mid().to_f64().to_string(),
        };
        let product: Vec<String> = place
            .product()
            .iter()
            .map(|row| format!("[{}]", row.iter().map(decimals).collect::<Vec<_>>().join(", ")))
            .collect();
        self.rows.push(Row {
            number,
            rank: place.rank(),
            value: range.display(DIGITS),
            height: range.mid().to_f64(),
            gradient: place.gradient_norm(precision).display(DIGITS),
            inertia,
            strict,
            curvature,
            product: format!("[{}]", product.join(", ")),
        });
    }

    /// Whether the point is a strict saddle, and what is certified of the least eigenvalue.
    ///
    /// The simplest direction comes first; the one of the most negative quotient is a claim of its own.
    fn strictness(&mut self, point: u32, place: &Place, number: u32) -> (Option<bool>, Option<String>) {
        let bound = |theorem: Option<Theorem>| match theorem?.detail() {
            Detail::Witness(witness) => {
                let bound = witness.strip_prefix("least eigenvalue ").unwrap_or(witness);
                Some(bound.to_owned())
            }
            _ => None,
        };
        let steepest = self.steepest(place);
        let simple = self.court.landscape().widths().to_vec();
        let simple = simple_direction(place, &simple).filter(|direction| {
            let claim = SaddleClaim::Strict {
                point,
                direction: direction.clone(),
            };
            self.court.judge(&claim).is_ok()
        });
        let id = format!("strict_{number}");
        if let Some(direction) = simple.clone().or(steepest.clone()) {
            let claim = SaddleClaim::Strict { point, direction };
            if let Some(theorem) = self.claim(&id, claim) {
                let first = bound(Some(theorem));
                let Some(direction) = steepest.filter(|_| simple.is_some()) else {
                    return (Some(true), first);
                };
                let claim = SaddleClaim::Strict { point, direction };
                let last = self.claim(&format!("steepest_{number}"), claim);
                return (Some(true), bound(last).or(first));
            }
            return (None, None);
        }
        let strict = self.claim(&id, SaddleClaim::NotStrict { point });
        strict.map_or((None, None), |theorem| (Some(false), bound(Some(theorem))))
    }

    /// About the eigenvector of the least eigenvalue of the Hessian, if that is negative.
    fn steepest(&mut self, place: &Place) -> Option<Vec<Rows>> {
        let landscape = self.court.landscape();
        let entries: Vec<f64> = place.layers().iter().flatten().flatten().map(middle).collect();
        if entries.len() > ENTRIES {
            return None;
        }
        let hessian = Sweep::new(landscape.composed(), &entries, 53)
            .ok()?
            .hessian(entries.len());
        let largest = hessian
            .iter()
            .flatten()
            .fold(0.0f64, |most, entry| most.max(entry.abs()));
        let pairs = symmetric_eigenvectors(&hessian)?;
        let (value, vector) = pairs.first()?;
        if *value >= NEGATIVE * largest.max(1e-300) {
            return None;
        }
        let mut entries = vector.iter().map(|entry| Exact(short(*entry, 24)));
        let widths = landscape.widths().to_vec();
        let layer = |pair: &[usize]| -> Rows {
            let [columns, rows] = pair else { return Vec::new() };
            (0..*rows).map(|_| entries.by_ref().take(*columns).collect()).collect()
        };
        Some(widths.windows(2).map(layer).collect())
    }

    /// The last remarks.
    pub(super) fn finish(&mut self, complete: bool) {
        if complete {
            self.notes.push("a point of every stratum is shown".to_owned());
            return;
        }
        self.notes
            .push("the points are those that a search met; nothing is claimed about others".to_owned());
        if self.cut {
            self.notes
                .push("the search ran into a limit: raise it with --timeout".to_owned());
        }
    }
}

/// About a number.
fn middle(number: &Number) -> f64 {
    match number {
        Number::Exact(value) => value.to_f64(),
        Number::Enclosed { range, .. } => range.mid().to_f64(),
    }
}

/// M_1 = -g p^T and M_N = q g^T with q^T G p > 0, where W_N g = 0 and g^T W_1 = 0; nothing in between.
///
/// The second derivative is then 2 <G, M_N M_1> = -2 q^T G p, if what lies between keeps g. q and p are unit vectors at the
/// largest entry of G.
fn simple_direction(place: &Place, widths: &[usize]) -> Option<Vec<Rows>> {
    let entries = place.gradient().iter().enumerate();
    let entries = entries.flat_map(|(i, row)| row.iter().enumerate().map(move |(j, entry)| (i, j, middle(entry))));
    let (row, column, slope) = entries.max_by(|(_, _, a), (_, _, b)| a.abs().total_cmp(&b.abs()))?;
    let vector = common_kernel(place)?;
    let sign = Rational::from(if slope > 0.0 { -1 } else { 1 });
    let last = widths.len().checked_sub(2)?;
    let layer = |(place, pair): (usize, &[usize])| -> Rows {
        let [columns, rows] = pair else { return Vec::new() };
        let entry = |i: usize, j: usize| {
            let value = match place {
                0 if j == column => vector.get(i).map(|entry| Rational::from(entry * &sign)),
                place if place == last && i == row => vector.get(j).cloned(),
                _ => None,
            };
            Exact(value.unwrap_or_default())
        };
        (0..*rows)
            .map(|i| (0..*columns).map(|j| entry(i, j)).collect())
            .collect()
    };
    Some(widths.windows(2).enumerate().map(layer).collect())
}

/// A vector g with W_N g = 0 and g^T W_1 = 0, if the layers have one that is exact.
fn common_kernel(place: &Place) -> Option<Vec<Rational>> {
    let (first, last) = (place.layers().first()?, place.layers().last()?);
    let hidden = first.len();
    let sees = |number: &Number| !number.is_zero();
    let exact = |number: &Number| match number {
        Number::Exact(value) => Some(value.clone()),
        Number::Enclosed { .. } => None,
    };
    // A unit vector, of the layers as the kernel pads them.
    let dark = |index: usize| {
        let below = first.get(index).is_none_or(|row| !row.iter().any(sees));
        below && !last.iter().any(|row| row.get(index).is_some_and(sees))
    };
    if let Some(index) = (0..hidden).find(|index| dark(*index)) {
        return Some(
            (0..hidden)
                .map(|place| Rational::from(u8::from(place == index)))
                .collect(),
        );
    }
    let width = first.first().map_or(0, Vec::len);
    let columns = (0..width)
        .map(|column| -> Option<Vec<Rational>> { first.iter().map(|row| row.get(column).and_then(exact)).collect() });
    let rows = last
        .iter()
        .map(|row| row.iter().map(exact).collect::<Option<Vec<Rational>>>());
    let rows: Option<Vec<Vec<Rational>>> = columns.chain(rows).collect();
    linear::kernel(&rows?, hidden)
        .pop()
        .filter(|_| place.layers().len() == 2)
}

impl SaddleCertificate {
    /// Leaves out the points that no claim is about.
    pub(super) fn forget_unused_points(&mut self) {
        let mut places: BTreeMap<u32, u32> = BTreeMap::new();
        let mut kept = Vec::new();
        for claim in &mut self.claims {
            let point = match claim {
                SaddleClaim::Strata => continue,
                SaddleClaim::Spurious { point }
                | SaddleClaim::Strict { point, .. }
                | SaddleClaim::NotStrict { point }
                | SaddleClaim::Inertia { point }
                | SaddleClaim::Manifold { point }
                | SaddleClaim::Value { point } => point,
            };
            let place = *places.entry(*point).or_insert_with(|| {
                let index = usize::try_from(*point).unwrap_or(usize::MAX);
                kept.extend(self.landscape.points.get(index).cloned());
                u32::try_from(kept.len().saturating_sub(1)).unwrap_or(u32::MAX)
            });
            *point = place;
        }
        self.landscape.points = kept;
    }
}
