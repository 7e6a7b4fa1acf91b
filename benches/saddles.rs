//! How long counting the eigenvalues of a Hessian takes: exactly over the rationals, with enclosures of 128 bits, by blocks.

use criterion::{Criterion, criterion_group, criterion_main};
use foliate::kernel::SaddleCourt;
use foliate::kernel::certificate::Exact;
use foliate::kernel::derivatives::Sweep;
use foliate::kernel::expr::{Node, Table};
use foliate::kernel::interval::Interval;
use foliate::kernel::linear;
use foliate::kernel::network::data::NetworkData;
use foliate::kernel::number::Number;
use foliate::kernel::saddles::data::{LandscapeData, PointData, Rows};
use foliate::kernel::saddles::inertia::counts;
use rug::Rational;

/// The size of W.
const SIZE: usize = 5;
/// The hidden width: the Hessian has 2 * 5 * 20 rows.
const HIDDEN: usize = 20;
/// How many singular values the point keeps.
const KEPT: usize = 3;
/// Bits of the enclosures.
const PRECISION: u32 = 128;

/// |W - Y|^2/2 with Y = diag(1, ..., 5).
fn landscape() -> LandscapeData {
    let mut table = Table::new();
    let mut sum = table.number(0);
    for place in 0..SIZE * SIZE {
        let diagonal = place % (SIZE + 1) == 0;
        let target = table.number(if diagonal { place / SIZE + 1 } else { 0 });
        let entry = table.insert(Node::Variable(u16::try_from(place).expect("few entries")));
        let step = table.insert(Node::Sub(entry, target));
        let square = table.insert(Node::Mul(step, step));
        sum = table.insert(Node::Add(sum, square));
    }
    let half = table.number((1, 2));
    let cost = table.insert(Node::Mul(sum, half));
    let widths = [SIZE, HIDDEN, SIZE].map(|width| u16::try_from(width).expect("narrow"));
    LandscapeData {
        network: NetworkData {
            nodes: table.nodes().to_vec(),
            cost,
            widths: widths.to_vec(),
        },
        domain: None,
        precision: PRECISION,
        points: Vec::new(),
    }
}

/// The point that keeps the smallest singular values, moved by sums of neighbouring rows between the layers: no zeros are
/// left to profit from.
fn layers() -> Vec<Rows> {
    let mut first = vec![vec![Rational::new(); SIZE]; HIDDEN];
    let mut second = vec![vec![Rational::new(); HIDDEN]; SIZE];
    for place in 0..KEPT {
        first[place][place] = Rational::from(place + 1);
        second[place][place] = Rational::from(1);
    }
    for sweep in 0..3 {
        for row in 0..HIDDEN {
            let other = (row + 1 + sweep) % HIDDEN;
            for column in 0..SIZE {
                let added = first[row][column].clone();
                first[other][column] += added;
                let taken = second[column][other].clone();
                second[column][row] -= taken;
            }
        }
    }
    let rows = |matrix: Vec<Vec<Rational>>| {
        matrix
            .into_iter()
            .map(|row| row.into_iter().map(Exact).collect())
            .collect()
    };
    vec![rows(first), rows(second)]
}

fn bench(criterion: &mut Criterion) {
    let mut court = SaddleCourt::open(&landscape()).expect("a landscape");
    let layers = layers();
    let entries: Vec<Number> = layers
        .iter()
        .flatten()
        .flatten()
        .map(|entry| Number::Exact(entry.0.clone()))
        .collect();
    let composed = court.landscape().composed().clone();
    let hessian = || {
        let sweep = Sweep::new(&composed, &entries, PRECISION).expect("a smooth cost");
        sweep.hessian(entries.len())
    };
    let exact: Vec<Vec<Rational>> = hessian()
        .iter()
        .map(|row| {
            row.iter()
                .map(|entry| match entry {
                    Number::Exact(value) => value.clone(),
                    Number::Enclosed { .. } => unreachable!("a square loss at a rational point"),
                })
                .collect()
        })
        .collect();
    let lower: Vec<Vec<Interval>> = exact
        .iter()
        .enumerate()
        .map(|(place, row)| {
            row.iter()
                .take(place + 1)
                .map(|entry| Interval::point(entry, PRECISION))
                .collect()
        })
        .collect();
    println!(
        "{} x {}: {:?} and {:?}",
        exact.len(),
        exact.len(),
        linear::inertia(&exact),
        counts(lower.clone(), PRECISION)
    );
    let mut group = criterion.benchmark_group("hessian of 200 rows");
    group.sample_size(10);
    group.bench_function("written out", |bencher| bencher.iter(hessian));
    group.bench_function("exact inertia", |bencher| bencher.iter(|| linear::inertia(&exact)));
    group.bench_function("inertia at 128 bits", |bencher| {
        bencher.iter(|| counts(lower.clone(), PRECISION))
    });
    group.bench_function("point and inertia, all of it", |bencher| {
        bencher.iter(|| {
            let mut court = SaddleCourt::open(&landscape()).expect("a landscape");
            let point = court.landscape().add(PointData::Exact { layers: layers.clone() });
            let place = court.landscape().place(point).expect("a critical point");
            court.landscape().inertia(&place).expect("an inertia")
        })
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
