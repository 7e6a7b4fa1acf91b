//! Critical points of an analytic cost by rank, from random starts.

use super::guess::{Chart, Dice, zero};
use super::judge::Bench;
use super::matrix::Floats;
use super::refine;

/// Sizes of the entries of random starts: costs come in different units.
const SIZES: [f64; 4] = [1.0, 0.3, 3.0, 10.0];
/// Most different points of one rank.
const POINTS: usize = 64;

/// Looks for points of every rank below that of W.
pub(super) fn points(bench: &mut Bench, starts: usize) {
    let ranks = bench.ranks();
    for rank in 0..=ranks.most_spurious() {
        for inner in ranks.inners(rank) {
            if rank == 0 {
                bench.candidate(refine::origin(inner));
            }
        }
        if rank > 0 {
            of_rank(bench, rank, starts);
        }
    }
}

/// Looks for points of one rank.
fn of_rank(bench: &mut Bench, rank: usize, starts: usize) {
    let ranks = bench.ranks();
    let (high, low) = (ranks.high, ranks.low);
    let mut dice = Dice::new(u64::try_from(rank).unwrap_or(0));
    let mut found: Vec<Floats> = Vec::new();
    let mut lost = 0usize;
    for start in 0..starts {
        if bench.is_over() || found.len() >= POINTS {
            break;
        }
        let mut rows: Vec<usize> = (0..high).collect();
        while rows.len() > rank {
            rows.remove(dice.below(rows.len()));
        }
        let chart = Chart { rank, rows, high, low };
        let size = SIZES[start % SIZES.len()];
        let at: Vec<f64> = (0..chart.size()).map(|_| size * dice.unit()).collect();
        let Some((critical, _)) = bench.court.landscape().sliced(rank, &chart.rows) else {
            return;
        };
        let Some(at) = zero(critical.program(), at) else {
            continue;
        };
        let product = chart.product(&at);
        let same = |other: &Floats| {
            let pairs = other.iter().flatten().zip(product.iter().flatten());
            pairs.map(|(a, b)| (a - b).abs() / (1.0 + b.abs())).fold(0.0, f64::max) < 1e-6
        };
        if found.iter().any(same) {
            continue;
        }
        let mut accepted = false;
        for inner in ranks.inners(rank) {
            let point = refine::point(bench.court.landscape(), &product, rank, inner);
            accepted |= bench.candidate(point);
        }
        lost += usize::from(!accepted);
        found.push(product);
    }
    if lost > 0 {
        bench.notes.push(format!(
            "of rank {rank}, {lost} approximate critical points could not be certified: outside of the domain, of lower rank, or not isolated"
        ));
    }
}
