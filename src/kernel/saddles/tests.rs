//! Critical points that are known, counted and refused.

use super::super::certificate::Exact;
use super::super::expr::Function;
use super::super::interval::Interval;
use super::super::krawczyk::Enclosure;
use super::super::network::data::NetworkData;
use super::super::{SaddleCourt, linear};
use super::data::{LandscapeData, PointData, Rows, SaddleClaim};
use super::inertia::{Counts, counts, rank_bounds};
use super::square::{characteristic, compound};
use super::*;
use proptest::prelude::*;
use rug::Rational;

/// A matrix of small whole numbers.
fn rows(entries: &[&[i32]]) -> Rows {
    let row = |row: &&[i32]| row.iter().map(|entry| Exact(Rational::from(*entry))).collect();
    entries.iter().map(row).collect()
}

/// |W - Y|^2/2 for a rectangular Y with these entries on its diagonal.
fn square_loss(high: usize, low: usize, diagonal: &[i32], hidden: &[usize]) -> LandscapeData {
    let mut table = Table::new();
    let mut sum = table.number(0);
    for row in 0..high {
        for column in 0..low {
            let entry = table.insert(Node::Variable(u16::try_from(row * low + column).unwrap()));
            let target = table.number(if row == column { diagonal[row] } else { 0 });
            let step = table.insert(Node::Sub(entry, target));
            let square = table.insert(Node::Mul(step, step));
            sum = table.insert(Node::Add(sum, square));
        }
    }
    let half = table.number((1, 2));
    let cost = table.insert(Node::Mul(sum, half));
    landscape(table, cost, high, low, hidden)
}

fn landscape(table: Table, cost: Id, high: usize, low: usize, hidden: &[usize]) -> LandscapeData {
    let widths = std::iter::once(low).chain(hidden.iter().copied()).chain([high]);
    LandscapeData {
        network: NetworkData {
            nodes: table.nodes().to_vec(),
            cost,
            widths: widths.map(|width| u16::try_from(width).unwrap()).collect(),
        },
        domain: None,
        precision: 128,
        points: Vec::new(),
    }
}

/// The layers that keep the diagonal entries in `set`, with `spare` more ones in the layers in between.
fn kept(high: usize, low: usize, diagonal: &[i32], hidden: &[usize], set: &[usize], spare: usize) -> Vec<Rows> {
    let widths: Vec<usize> = [low].iter().chain(hidden).chain([&high]).copied().collect();
    let last = widths.len() - 2;
    let layer = |place: usize| -> Rows {
        let entry = |row: usize, column: usize| match place {
            0 if set.get(row) == Some(&column) => diagonal[column],
            0 => 0,
            place if place == last => i32::from(set.get(column) == Some(&row)),
            _ => i32::from(row == column && row < set.len() + spare),
        };
        let row = |row: usize| {
            (0..widths[place])
                .map(|column| Exact(Rational::from(entry(row, column))))
                .collect()
        };
        (0..widths[place + 1]).map(row).collect()
    };
    (0..=last).map(layer).collect()
}

/// The point, the kernel's inertia, and the dimension of the critical points nearby if it is shown.
fn looked_at(data: &LandscapeData, layers: Vec<Rows>) -> ([usize; 3], Option<usize>) {
    let mut court = SaddleCourt::open(data).unwrap();
    let point = court.landscape().add(PointData::Exact { layers });
    let place = court.landscape().place(point).unwrap();
    let inertia = court.landscape().inertia(&place).unwrap();
    let theorem = court.judge(&SaddleClaim::Manifold { point }).ok();
    let strict = court.judge(&SaddleClaim::NotStrict { point });
    assert_eq!(strict.is_ok(), inertia[0] == 0);
    (inertia, theorem.map(|_| inertia[1]))
}

/// The closed formula for the inertia of the square loss with one hidden layer, from `G.inertia` of the catalogue.
fn closed_inertia(dx: usize, dy: usize, hidden: usize, diagonal: &[i32], set: &[usize]) -> [usize; 3] {
    let r = set.len();
    let missing = (0..dy).filter(|place| !set.contains(place));
    let above: usize = missing
        .map(|j| set.iter().filter(|i| diagonal[j] > diagonal[**i]).count())
        .sum();
    let spare = (hidden - r) * (dy - r);
    [
        above + spare,
        r * hidden + r * (hidden - r) + (hidden - r) * (dx - dy),
        r * r + r * (dx - dy) + 2 * r * (dy - r) - above + spare,
    ]
}

/// The formula (27) as it is printed.
fn printed(dx: usize, dy: usize, hidden: usize, r: usize) -> usize {
    r * hidden + (dy - r) * r + (dy - r) * (dx - dy)
}

/// All sizes with d_y <= d_x <= `most`: dimension, inertia, tangent space and kernel are counted exactly at a point of every
/// stratum, and compared with both formulas.
fn strata(most: usize, hiddens: usize) -> Vec<[usize; 4]> {
    let mut counterexamples = Vec::new();
    for dx in 1..=most {
        for dy in 1..=dx {
            let diagonal: Vec<i32> = (1..=4).take(dy).collect();
            for hidden in 1..=hiddens {
                for r in 0..=dy.min(hidden) {
                    let sets =
                        (0u32..1 << dy).map(|set| (0..dy).filter(|place| set >> place & 1 == 1).collect::<Vec<_>>());
                    for set in sets.filter(|set| set.len() == r) {
                        let data = square_loss(dy, dx, &diagonal, &[hidden]);
                        let layers = kept(dy, dx, &diagonal, &[hidden], &set, 0);
                        let (inertia, dimension) = looked_at(&data, layers);
                        assert_eq!(
                            inertia,
                            closed_inertia(dx, dy, hidden, &diagonal, &set),
                            "{dx} {dy} {hidden} {set:?}"
                        );
                        assert_eq!(dimension, Some(inertia[1]), "the tangent space is the kernel");
                        let corrected = r * hidden + r * (hidden - r) + (hidden - r) * (dx - dy);
                        assert_eq!(dimension, Some(corrected));
                        let agrees = printed(dx, dy, hidden, r) == corrected;
                        assert_eq!(agrees, hidden == dy || r + dx == dy);
                        if !agrees {
                            counterexamples.push([dx, dy, hidden, r]);
                        }
                    }
                }
            }
        }
    }
    counterexamples
}

#[test]
fn the_printed_dimension_of_the_strata_is_wrong() {
    let counterexamples = strata(4, 5);
    let size = |[dx, dy, hidden, r]: &[usize; 4]| (dx + dy + hidden, *r);
    let smallest = |saddles: bool| {
        let counted = counterexamples.iter().filter(|[_, dy, _, r]| !saddles || r < dy);
        counted.min_by_key(|example| size(example))
    };
    // At the minimisers, r = d_y, it is already wrong for numbers: 3 dimensions, not 2.
    assert_eq!(smallest(false), Some(&[1, 1, 2, 1]));
    assert_eq!(smallest(true), Some(&[2, 1, 2, 0]));
    assert!(counterexamples.contains(&[2, 2, 3, 1]));
    assert_eq!((printed(2, 1, 2, 0), printed(2, 2, 3, 1)), (1, 4));
}

#[test]
fn blocks_count_as_the_whole_hessian_does() {
    // The same points, once entry by entry and once by factors.
    for (set, hidden, spare) in [
        (vec![0], vec![2], 0),
        (vec![1], vec![3], 0),
        (vec![1], vec![2, 2], 0),
        (vec![0], vec![3, 2], 1),
    ] {
        let data = square_loss(2, 3, &[1, 3], &hidden);
        let inner = if hidden.len() == 1 { hidden[0] } else { 1 + spare };
        let (expected, _) = looked_at(&data, kept(2, 3, &[1, 3], &hidden, &set, spare));
        let mut court = SaddleCourt::open(&data).unwrap();
        let value = if set == [0] { [1, 0, 0] } else { [0, 3, 0] };
        let rational = |numerator: i32, denominator: i32| Exact(Rational::from((numerator, denominator)));
        // The Hessian in (v, u1, u2, u3) at v = 0, u = value of the slice with pivot row set[0].
        let mut h = vec![vec![Rational::new(); 4]; 4];
        let (own, other) = if set == [0] { (1, 3) } else { (3, 1) };
        let at = 1 + set[0];
        let cross = if set == [0] { 2 } else { 1 };
        h[0][0] = Rational::from(own * own);
        h[0][cross] = Rational::from(-other);
        h[cross][0] = Rational::from(-other);
        for place in 1..4 {
            h[place][place] = Rational::from(1);
        }
        assert_eq!(at, if set == [0] { 1 } else { 2 });
        let determinant = Rational::from(own * own - other * other);
        let mut inverse = vec![vec![Rational::new(); 4]; 4];
        for place in 1..4 {
            inverse[place][place] = Rational::from(1);
        }
        inverse[0][0] = Rational::from(1) / &determinant;
        inverse[0][cross] = Rational::from(other) / &determinant;
        inverse[cross][0] = Rational::from(other) / &determinant;
        inverse[cross][cross] = Rational::from(own * own) / &determinant;
        let point = court.landscape().add(PointData::Factored {
            rank: 1,
            inner: u16::try_from(inner).unwrap(),
            rows: vec![u16::try_from(set[0]).unwrap()],
            enclosure: Enclosure {
                centre: [0].iter().chain(&value).map(|entry| rational(*entry, 1)).collect(),
                radii: vec![rational(1, 1 << 20); 4],
                preconditioner: inverse
                    .iter()
                    .map(|row| row.iter().cloned().map(Exact).collect())
                    .collect(),
            },
        });
        let place = court.landscape().place(point).unwrap();
        assert_eq!(court.landscape().inertia(&place), Ok(expected), "{set:?} {hidden:?}");
        assert!(court.judge(&SaddleClaim::Spurious { point }).unwrap().holds());
    }
}

/// The criterion of Achour, Malgouyres, Gerchinovitz, The loss landscape of deep linear neural networks, JMLR 25 (2024): a
/// critical point that keeps the r largest singular values, r less than it could be, is no strict saddle iff for every pair
/// i > j one of W_N ... W_(i+1), W_(i-1) ... W_(j+1), W_(j-1) ... W_1 has rank r; one that keeps others is strict.
fn predicted_strict(layers: &[Rows], largest: bool, r: usize) -> bool {
    let exact = |layer: &Rows| -> Vec<Vec<Rational>> {
        layer
            .iter()
            .map(|row| row.iter().map(|entry| entry.0.clone()).collect())
            .collect()
    };
    let rank_of = |from: usize, to: usize| {
        // W_to ... W_from, counted from 1; nothing has full rank.
        if from > to {
            return usize::MAX;
        }
        let mut product = exact(&layers[from - 1]);
        for layer in &layers[from..to] {
            let left = exact(layer);
            product = left
                .iter()
                .map(|row| {
                    let columns = product[0].len();
                    let entry = |column: usize| {
                        row.iter()
                            .zip(&product)
                            .fold(Rational::new(), |sum, (a, b)| sum + Rational::from(a * &b[column]))
                    };
                    (0..columns).map(entry).collect()
                })
                .collect();
        }
        linear::rank(&product)
    };
    let count = layers.len();
    let tightened = (2..=count)
        .all(|i| (1..i).all(|j| [rank_of(i + 1, count), rank_of(j + 1, i - 1), rank_of(1, j - 1)].contains(&r)));
    !(largest && tightened)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Three and four layers: whatever is added to the layers without changing the product or the criticality.
    #[test]
    fn deep_saddles_are_strict_as_the_criterion_says(
        deep in any::<bool>(), kept_place in 0usize..2, additions in prop::collection::vec(0u8..3, 4),
    ) {
        let hidden = if deep { vec![3, 2, 3] } else { vec![3, 2] };
        let diagonal = [1, 2];
        let data = square_loss(2, 2, &diagonal, &hidden);
        let mut layers = kept(2, 2, &diagonal, &hidden, &[kept_place], 0);
        for (layer, addition) in layers.iter_mut().zip(&additions) {
            // A one on the second place of the diagonal, or below the rows that anything above sees.
            let (row, column) = match addition { 0 => continue, 1 => (1, 1), _ => (layer.len() - 1, 0) };
            if row > 0 && column < layer[0].len() {
                layer[row][column] = Exact(Rational::from(1));
            }
        }
        let mut court = SaddleCourt::open(&data).unwrap();
        let point = court.landscape().add(PointData::Exact { layers: layers.clone() });
        let Ok(place) = court.landscape().place(point) else { return Ok(()) };
        prop_assume!(place.rank() == Some(1) && place.gradient().iter().flatten().any(|entry| !entry.is_zero()));
        let inertia = court.landscape().inertia(&place).unwrap();
        prop_assert_eq!(inertia[0] > 0, predicted_strict(&layers, kept_place == 1, 1), "{:?}", layers);
    }

    /// Enclosures around a matrix of whole numbers count as exact elimination does, where they are sure.
    #[test]
    fn eliminations_agree(entries in prop::collection::vec(-3i32..4, 15), size in 1usize..6) {
        let entry = |i: usize, j: usize| entries[i.max(j) * (i.max(j) + 1) / 2 + i.min(j)];
        let exact: Vec<Vec<Rational>> = (0..size).map(|i| (0..size).map(|j| Rational::from(entry(i, j))).collect()).collect();
        let [positive, negative, zero] = linear::inertia(&exact).unwrap();
        for width in [0, 1] {
            let radius = Rational::from((width, 1 << 20));
            let range = |value: &Rational| {
                Interval::hull_of(&Rational::from(value - &radius), &Rational::from(value + &radius), 64).unwrap()
            };
            let lower = exact.iter().enumerate().map(|(i, row)| row.iter().take(i + 1).map(range).collect()).collect();
            let found = counts(lower, 64);
            prop_assert!(found.positive <= positive && found.negative <= negative && found.zero <= zero);
            prop_assert_eq!(found.positive + found.negative + found.zero + found.unknown, size);
            if zero == 0 {
                prop_assert_eq!(found.unknown, 0);
            }
            let [least, most] = rank_bounds(&exact.iter().map(|row| row.iter().map(range).collect()).collect::<Vec<_>>());
            let rank = linear::rank(&exact);
            prop_assert!(least <= rank && rank <= most);
            // Where the rank drops, a pivot that is 0 may be rounded to an interval around it.
            prop_assert!(width > 0 || zero > 0 || least == most);
        }
    }

    /// The characteristic polynomial of the additive compound vanishes at the sums of eigenvalues.
    #[test]
    fn compounds_have_sums_as_eigenvalues(diagonal in prop::collection::vec(-4i32..5, 4), shear in prop::collection::vec(-2i32..3, 6), count in 0usize..5) {
        // S^-1 D S with a unit triangular S has the eigenvalues on the diagonal; S is applied one entry at a time.
        let mut matrix: Vec<Vec<Rational>> = (0..4).map(|i| (0..4).map(|j| Rational::from(if i == j { diagonal[i] } else { 0 })).collect()).collect();
        let places = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)];
        for ((i, j), factor) in places.into_iter().zip(&shear) {
            for column in 0..4 {
                let added = Rational::from(&matrix[j][column] * *factor);
                matrix[i][column] += added;
            }
            for row in &mut matrix {
                let added = Rational::from(&row[i] * *factor);
                row[j] -= added;
            }
        }
        let polynomial = characteristic(&compound(&matrix, count).unwrap()).unwrap();
        for set in 0u32..16 {
            if set.count_ones() as usize == count {
                let sum: i32 = (0..4).filter(|place| set >> place & 1 == 1).map(|place| diagonal[place]).sum();
                prop_assert_eq!(polynomial.evaluate(&Rational::from(sum)), 0);
            }
        }
    }
}

#[test]
fn wide_enclosures_are_not_counted() {
    let wide = Interval::hull_of(&Rational::from(-1), &Rational::from(1), 64).unwrap();
    let unknown = Counts {
        positive: 0,
        negative: 0,
        zero: 0,
        unknown: 1,
    };
    assert_eq!(counts(vec![vec![wide]], 64), unknown);
}

#[test]
fn points_that_are_not_what_is_claimed_are_refused() {
    let data = square_loss(2, 2, &[2, 1], &[2]);
    let mut court = SaddleCourt::open(&data).unwrap();
    let mut refused = |layers: Vec<Rows>| {
        let point = court.landscape().add(PointData::Exact { layers });
        court.landscape().place(point).unwrap_err().why
    };
    let wrong = refused(vec![rows(&[&[1, 0], &[0, 0]]), rows(&[&[1, 0], &[0, 0]])]);
    assert!(wrong.contains("not critical") && wrong.contains("1.414"), "{wrong}");
    assert!(refused(vec![rows(&[&[1, 0]]), rows(&[&[1, 0], &[0, 0]])]).contains("2 x 2"));
    assert!(refused(vec![rows(&[&[1, 0], &[0, 0]])]).contains("every layer"));
    let minimum = vec![rows(&[&[2, 0], &[0, 1]]), rows(&[&[1, 0], &[0, 1]])];
    let point = court.landscape().add(PointData::Exact { layers: minimum });
    let spurious = court.judge(&SaddleClaim::Spurious { point }).unwrap();
    assert!(!spurious.holds(), "a critical point of f is not spurious");
    assert!(court.judge(&SaddleClaim::NotStrict { point }).is_ok());
    assert!(court.judge(&SaddleClaim::Spurious { point: 99 }).is_err());
    let direction = vec![rows(&[&[1, 0], &[0, 0]]), rows(&[&[0, 0], &[0, 0]])];
    assert!(court.judge(&SaddleClaim::Strict { point, direction }).is_err());
    let zero = vec![rows(&[&[0, 0], &[0, 0]]), rows(&[&[0, 0], &[0, 0]])];
    assert!(court.judge(&SaddleClaim::Strict { point, direction: zero }).is_err());
}

#[test]
fn families_that_are_too_small_are_not_taken_for_manifolds() {
    // Y = 1: all singular values are the same, so what is kept can be turned, and that family is not known.
    let data = square_loss(2, 2, &[1, 1], &[2]);
    let layers = kept(2, 2, &[1, 1], &[2], &[0], 0);
    let (_, dimension) = looked_at(&data, layers);
    assert_eq!(dimension, None);
    let mut court = SaddleCourt::open(&data).unwrap();
    assert!(court.judge(&SaddleClaim::Strata).is_err());
}

#[test]
fn a_point_outside_of_the_domain_is_refused() {
    // f = |W|^2/2 - W11 on W11 > 1/2 has no rank 0 point, though the formula has one.
    let mut data = square_loss(2, 2, &[1, 0], &[2]);
    let mut table = Table::from_nodes(&data.network.nodes).unwrap();
    let corner = table.w();
    let half = table.number((1, 2));
    data.domain = Some(table.insert(Node::Sub(corner, half)));
    data.network.nodes = table.nodes().to_vec();
    let mut court = SaddleCourt::open(&data).unwrap();
    let zero = || rows(&[&[0, 0], &[0, 0]]);
    let point = court.landscape().add(PointData::Exact {
        layers: vec![zero(), zero()],
    });
    assert!(court.landscape().place(point).unwrap_err().why.contains("domain"));
    assert!(court.judge(&SaddleClaim::Strata).is_err());
}

#[test]
fn kinks_and_costs_that_are_no_square_loss_are_refused() {
    let mut table = Table::new();
    let w = table.w();
    let kink = table.insert(Node::Apply(Function::Abs, w));
    let data = landscape(table, kink, 1, 1, &[2]);
    let mut court = SaddleCourt::open(&data).unwrap();
    let point = court.landscape().add(PointData::Exact {
        layers: vec![rows(&[&[0], &[0]]), rows(&[&[0, 0]])],
    });
    assert!(court.landscape().place(point).unwrap_err().why.contains("smooth"));
    assert!(court.judge(&SaddleClaim::Strata).is_err());
    // A quartic with the same second derivatives at 0 as a square loss.
    let mut table = Table::new();
    let w = table.w();
    let two = table.insert(Node::Power(w, Rational::from(2)));
    let four = table.insert(Node::Power(w, Rational::from(4)));
    let sum = table.insert(Node::Add(two, four));
    let mut court = SaddleCourt::open(&landscape(table, sum, 1, 1, &[1])).unwrap();
    assert!(court.judge(&SaddleClaim::Strata).is_err());
}

#[test]
fn factors_that_do_not_fit_are_refused() {
    let data = square_loss(2, 2, &[2, 1], &[3]);
    let mut court = SaddleCourt::open(&data).unwrap();
    let enclosure = |size: usize| Enclosure {
        centre: vec![Exact(Rational::new()); size],
        radii: vec![Exact(Rational::from((1, 4))); size],
        preconditioner: vec![vec![Exact(Rational::new()); size]; size],
    };
    let mut refused = |rank: u16, inner: u16, rows: Vec<u16>, size: usize| {
        let enclosure = enclosure(size);
        let point = court.landscape().add(PointData::Factored {
            rank,
            inner,
            rows,
            enclosure,
        });
        court.landscape().place(point).unwrap_err().to_string()
    };
    assert!(
        refused(0, 2, vec![], 0).contains("inner"),
        "with two layers, only the hidden width"
    );
    assert!(refused(4, 3, vec![0, 1], 3).contains("inner"));
    assert!(refused(3, 3, vec![0, 1, 2], 3).contains("rank"));
    assert!(refused(1, 3, vec![2], 3).contains("rows"));
    assert!(refused(2, 3, vec![1, 0], 4).contains("rows"));
    assert!(refused(1, 3, vec![0], 2).contains("enclosure"));
    assert!(refused(1, 3, vec![0], 3).contains("enclosure"));
}
