//! Random identities: true ones are proved in all dimensions, false ones never, and the entrywise proof agrees.

mod expression;
mod laws;

use expression::{Ex, Point, Random, SYMBOLS, Size, U};
use foliate::claims::elaborate::elaborate;
use foliate::claims::prove::prove;
use foliate::syntax::{parse_claim_file, render};
use foliate::verdict::{Budget, Verdict};
use std::fmt::Write;

const EACH: usize = 200;

struct Identity {
    left: Ex,
    right: Ex,
    with_u: bool,
    /// Sizes for the entrywise proof.
    sizes: (usize, usize),
}

/// Whether the two sides agree at random numbers of these sizes.
fn agree(identity: &Identity, (n, k): (usize, usize), random: &mut Random) -> bool {
    (0..2).all(|_| {
        let point = Point::new(n, k, random);
        point.value(&identity.left) == point.value(&identity.right)
    })
}

fn identity(number: usize, truth: bool, random: &mut Random) -> Identity {
    loop {
        let with_u = number % 4 == 3;
        let shapes = [
            (Size::K, Size::N),
            (Size::N, Size::N),
            (Size::K, Size::K),
            (Size::One, Size::One),
            (Size::N, Size::One),
        ];
        let left = laws::expression(shapes[random.below(shapes.len())], 1 + random.below(2), with_u, random);
        let left = if number.is_multiple_of(3) { Ex::dot(left) } else { left };
        let mut right = left.clone();
        for _ in 0..6 + random.below(8) {
            right = laws::rewritten(&right, with_u, random);
        }
        let sizes = (1 + random.below(3), 1 + random.below(3));
        let sizes = (sizes.0.max(sizes.1), sizes.0.min(sizes.1));
        if !truth {
            match laws::mistaken(&right, with_u, random) {
                Some(mistaken) => right = mistaken,
                None => continue,
            }
        }
        let identity = Identity {
            left,
            right,
            with_u,
            sizes,
        };
        let holds = [(3, 2), (2, 2), (4, 3)]
            .into_iter()
            .all(|sizes| agree(&identity, sizes, random));
        assert!(
            holds || !truth,
            "a law that is no law: {} = {}",
            identity.left.text(),
            identity.right.text()
        );
        if holds == truth {
            return identity;
        }
    }
}

/// The claim file.
fn file(identity: &Identity) -> String {
    let size = |size: Size| match size {
        Size::One => "1",
        Size::N => "n",
        Size::K => "k",
    };
    let mut symbols = String::new();
    let mut motions = String::new();
    let mut constants = Vec::new();
    for (place, (name, (rows, columns), symmetric, motion)) in SYMBOLS.iter().enumerate() {
        if place == U && !identity.with_u {
            continue;
        }
        let symmetric = if *symmetric { " symmetric" } else { "" };
        write!(
            symbols,
            "{name} = \"{} x {}{symmetric}\", ",
            size(*rows),
            size(*columns)
        )
        .unwrap();
        match motion {
            Some(motion) => writeln!(motions, "{name} = \"{motion}\"").unwrap(),
            None => constants.push(format!("\"{name}\"")),
        }
    }
    let assume = if identity.with_u {
        "assume = [\"U'*U = eye(k)\"]\n"
    } else {
        ""
    };
    let constants = constants.join(", ");
    let (left, right, (n, k)) = (identity.left.text(), identity.right.text(), identity.sizes);
    format!(
        "id = \"T\"\ntitle = \"t\"\nsymbols = {{ {} }}\nconstants = [{constants}]\n{assume}[dot]\n{motions}\n\
         [[claim]]\nequal = [\"{left}\", \"{right}\"]\ninstance = {{ n = {n}, k = {k} }}\n",
        symbols.trim_end_matches(", ")
    )
}

/// What the kernel says of an identity: in all dimensions, and entry by entry.
fn judged(identity: &Identity) -> (Verdict, Verdict) {
    let text = file(identity);
    let parsed = parse_claim_file("T.toml", text.as_bytes());
    let parsed = parsed.unwrap_or_else(|(source, mistakes)| panic!("{}", render(&source, &mistakes, false)));
    let elaborated = elaborate(&parsed);
    let mut elaborated =
        elaborated.unwrap_or_else(|mistakes| panic!("{}\n{text}", render(&parsed.source, &mistakes, false)));
    let budget = Budget {
        precision: 64,
        subdivisions: 100,
        algebra: false,
        deadline: Some(std::time::Instant::now() + std::time::Duration::from_secs(2)),
    };
    let mut part = prove(elaborated.theories.swap_remove(0), &budget);
    assert!(part.refused.is_none(), "{:?}", part.refused);
    let mut proof = part.proofs.swap_remove(0);
    (proof.verdict, proof.instances.swap_remove(0))
}

/// Set `FOLIATE_IDENTITIES` to a path to have them written down for other programs.
#[test]
fn random_identities_are_told_from_random_mistakes() {
    let mut random = Random(2024);
    let mut dump = String::new();
    let mut counts = [[0usize; 3]; 2];
    let mut entrywise_agreements = 0;
    for truth in [true, false] {
        for number in 0..EACH {
            let identity = identity(number, truth, &mut random);
            let (verdict, entrywise) = judged(&identity);
            let shown = || format!("{} = {}\n{verdict:?}", identity.left.text(), identity.right.text());
            let kind = match &verdict {
                Verdict::Proved(_) => 0,
                Verdict::Refuted(_) => 1,
                _ => 2,
            };
            counts[usize::from(!truth)][kind] += 1;
            assert!((kind == 0) == truth, "{}", shown());
            if !identity.with_u {
                // Entries decide polynomial identities at given sizes; small sizes may make false ones true.
                let agreed = agree(&identity, identity.sizes, &mut random);
                assert_eq!(
                    matches!(entrywise, Verdict::Proved(_)),
                    agreed,
                    "{entrywise:?} at {:?}: {}",
                    identity.sizes,
                    shown()
                );
                entrywise_agreements += 1;
            }
            let (left, right, (n, k)) = (identity.left.prefix(), identity.right.prefix(), identity.sizes);
            let entrywise = matches!(entrywise, Verdict::Proved(_));
            let name = ["proved", "refuted", "open"][kind];
            writeln!(
                dump,
                "{truth}\t{}\t{n}\t{k}\t{name}\t{entrywise}\t{left}\t{right}",
                identity.with_u
            )
            .unwrap();
        }
    }
    if let Some(path) = std::env::var_os("FOLIATE_IDENTITIES") {
        std::fs::write(path, dump).unwrap();
    }
    println!(
        "true: {:?}, false: {:?} (proved, refuted, open); entrywise agreements: {entrywise_agreements}",
        counts[0], counts[1]
    );
    assert_eq!(counts[0], [EACH, 0, 0]);
    assert_eq!(counts[1][0], 0);
}
