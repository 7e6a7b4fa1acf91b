//! A proof in all dimensions against the same identity shown entry by entry at given sizes: the balance of a network.

use criterion::{Criterion, criterion_group, criterion_main};
use foliate::claims::elaborate::{Theory, elaborate};
use foliate::kernel::TheoryCourt;
use foliate::kernel::free::data::{Argument, TheoryClaim};
use foliate::syntax::parse_claim_file;

/// Numbers of layers, outer and inner widths.
const SIZES: [(usize, usize, usize); 4] = [(3, 3, 4), (4, 3, 4), (5, 3, 4), (6, 2, 3)];

/// The imbalance of two neighbouring layers rests, for a generic gradient matrix `G`.
fn theory(layers: usize, outer: usize, inner: usize) -> Theory {
    let text = format!(
        r#"
        id = "balance"
        title = "imbalances rest"
        index = {{ N = "{layers}..{layers}", i = "1..{layers}" }}
        symbols = {{ "W[i]" = "d[i] x d[i-1]", G = "d[{layers}] x d[0]" }}
        [dot]
        "W[i]" = "-W[{layers}..i+1]' * G * W[i-1..1]'"
        [[claim]]
        equal = ["dot(W[1]*W[1]' - W[2]'*W[2])", "0"]
        instance = {{ n = {outer}, k = {inner}, N = {layers} }}
        "#
    );
    let file = parse_claim_file("balance.toml", text.as_bytes()).expect("a claim file");
    elaborate(&file).expect("a theory").theories.swap_remove(0)
}

fn balance(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("balance");
    group.sample_size(10);
    for (layers, outer, inner) in SIZES {
        let theory = theory(layers, outer, inner);
        let entry = theory.claims.first().expect("a claim");
        let sizes = entry.instances.first().expect("an instance").clone();
        let claim = |argument| TheoryClaim {
            id: entry.id.clone(),
            statement: entry.statement.clone(),
            argument,
        };
        for (name, argument) in [("all", Argument::Compute {}), ("entries", Argument::Entries(sizes))] {
            let claim = claim(argument);
            let judge = || TheoryCourt::open(&theory.data).and_then(|mut court| court.judge(&claim));
            if let Err(rejection) = judge() {
                eprintln!("{name} at {layers}, {outer}, {inner}: {rejection}");
                continue;
            }
            group.bench_function(format!("{name}/{layers},{outer},{inner}"), |bencher| {
                bencher.iter(judge)
            });
        }
    }
    group.finish();
}

criterion_group!(benches, balance);
criterion_main!(benches);
