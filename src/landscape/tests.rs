//! Random square losses: every stratum is met, and what is strict is what the theory says.

use super::*;
use crate::kernel::expr::Node;
use crate::landscape::guess::Dice;
use crate::verdict::Verdict;
use rug::Rational;

/// |W - Y|^2/2 with a random rational Y.
fn square_loss(dice: &mut Dice, high: u16, low: u16) -> (Table, Id) {
    let mut table = Table::new();
    let mut sum = table.number(0);
    for number in 0..high * low {
        let target = Rational::from(((dice.unit() * 20.0).round() as i32, 1 + dice.below(6) as i32));
        let target = table.number(target);
        let entry = table.insert(Node::Variable(number));
        let step = table.insert(Node::Sub(entry, target));
        let square = table.insert(Node::Mul(step, step));
        sum = table.insert(Node::Add(sum, square));
    }
    let half = table.number((1, 2));
    let cost = table.insert(Node::Mul(sum, half));
    (table, cost)
}

fn surveyed(table: &Table, cost: Id, widths: &[u16]) -> Survey {
    let question = Question {
        table,
        cost,
        domain: None,
        widths,
        point: None,
        starts: 20,
    };
    let input = Input {
        name: "random".to_owned(),
        sha256: String::new(),
    };
    let budget = Budget {
        precision: 192,
        subdivisions: 0,
        algebra: false,
        deadline: None,
    };
    survey(&question, &input, &budget).unwrap()
}

/// What is wrong with the survey of one random instance; how many points it has.
fn instance(seed: u64, most: usize, widest: usize, depth: usize) -> Result<usize, String> {
    let mut dice = Dice::new(seed);
    let high = 1 + dice.below(most) as u16;
    let low = 1 + dice.below(most) as u16;
    let hidden = (1..depth).map(|_| 1 + dice.below(widest) as u16);
    let hidden: Vec<u16> = hidden.collect();
    let widths: Vec<u16> = [low].into_iter().chain(hidden.clone()).chain([high]).collect();
    let (table, cost) = square_loss(&mut dice, high, low);
    let survey = surveyed(&table, cost, &widths);
    let wrong = |what: &str| Err(format!("seed {seed}, widths {widths:?}: {what}"));
    let verdict = |id: &str| {
        survey
            .findings
            .iter()
            .find(|finding| finding.id == id)
            .map(|finding| &finding.verdict)
    };
    if !matches!(verdict("strata"), Some(Verdict::Proved(_))) {
        // Random matrices have distinct singular values, but for Y = 0 and small cases with a row of zeros.
        return if high.min(low) == 1 { Ok(0) } else { wrong("no strata") };
    }
    let least = usize::from(hidden.iter().copied().min().unwrap());
    let size = usize::from(high.min(low));
    let most_spurious = least.min(size - 1);
    let sets = (0u32..1 << size).map(u32::count_ones).map(|count| count as usize);
    let sets: Vec<usize> = sets.filter(|count| *count <= most_spurious).collect();
    let doubled = |count: &usize| if depth > 2 && *count < least { 2 } else { 1 };
    let expected: usize = sets.iter().map(doubled).sum();
    if survey.rows.len() != expected {
        return wrong(&format!("{} points in place of {expected}", survey.rows.len()));
    }
    if survey
        .rows
        .iter()
        .any(|row| row.strict.is_none() || row.inertia.is_none())
    {
        return wrong("an undecided point");
    }
    // Two layers: strict, unless the largest k < n singular values are kept. More: for every rank the largest ones, tightened.
    let expected = match (depth, least < size) {
        (2, false) => 0,
        (2, true) => 1,
        _ => most_spurious + 1,
    };
    let loose: Vec<&Row> = survey.rows.iter().filter(|row| row.strict == Some(false)).collect();
    if loose.len() != expected {
        return wrong(&format!("{} points are not strict in place of {expected}", loose.len()));
    }
    for row in &loose {
        let lowest = survey.rows.iter().filter(|other| other.rank == row.rank);
        if lowest.map(|other| other.height).fold(f64::INFINITY, f64::min) < row.height {
            return wrong("a point is not strict, and not the lowest of its rank");
        }
    }
    let claims = crate::kernel::check_saddles(&survey.certificate).map_err(|rejection| rejection.to_string())?;
    if let Some(Err(rejection)) = claims.iter().find(|claim| claim.is_err()) {
        return wrong(&rejection.to_string());
    }
    // Two layers of full width: the critical points are manifolds, and values are algebraic numbers.
    for finding in &survey.findings {
        let told = finding.id.starts_with("value") || finding.id.starts_with("manifold");
        if told && !matches!(finding.verdict, Verdict::Proved(_)) {
            return wrong(&format!("{} is open", finding.id));
        }
    }
    Ok(survey.rows.len())
}

#[track_caller]
fn instances(seeds: std::ops::Range<u64>, most: usize, widest: usize, depths: &[usize]) -> usize {
    let mut points = 0;
    let mut complaints = Vec::new();
    for seed in seeds {
        let depth = depths[seed as usize % depths.len()];
        match instance(seed, most, widest, depth) {
            Ok(count) => points += count,
            Err(complaint) => complaints.push(complaint),
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    points
}

#[test]
fn random_square_losses() {
    assert!(instances(0..60, 3, 4, &[2, 3, 4]) > 100);
}

/// `cargo test --release -- --ignored five_hundred`.
#[test]
#[ignore = "takes minutes"]
fn five_hundred_random_square_losses() {
    let points = instances(1000..1500, 6, 8, &[2]);
    println!("{points} points");
    assert!(points > 3000);
}

/// `cargo test --release -- --ignored a_hundred_deep`.
#[test]
#[ignore = "takes minutes"]
fn a_hundred_deep_random_square_losses() {
    let points = instances(2000..2100, 4, 5, &[3, 4]);
    println!("{points} points");
}

#[test]
fn the_same_question_has_the_same_answer() {
    let mut dice = Dice::new(7);
    let (table, cost) = square_loss(&mut dice, 2, 3);
    let certificates = [0, 1].map(|_| surveyed(&table, cost, &[3, 2, 2]).certificate);
    assert_eq!(certificates[0], certificates[1]);
}
