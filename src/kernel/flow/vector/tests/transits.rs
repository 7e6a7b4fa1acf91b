//! Times until f is within a tolerance of its limit, against a solution in closed form.

use super::*;

#[test]
fn transits_are_enclosed() {
    let (table, cost, [one, _]) = square();
    let system = VectorSystem::open(&data(&table, cost, &START)).unwrap();
    let mut claim = Transit {
        tolerance: exact((1, 16)),
        travel: Travel {
            precision: 128,
            order: 20,
            rising: false,
        },
        descent: Descent {
            zero: Some(one),
            ..descent([(9, 10), (11, 10)])
        },
        before: list(&[(7, 4), (3, 2), (251, 200)]),
        after: list(&[(249, 200)]),
        other: None,
    };
    let time = accepted(&system, &VectorClaim::Transit(claim.clone())).time.unwrap();
    // From another start with the same product it is another time: that of a system which begins there.
    claim.other = Some(list(&[(7, 2), (5, 8)]));
    let outcome = accepted(&system, &VectorClaim::Transit(claim.clone()));
    assert!(
        outcome
            .statement()
            .starts_with("from the second start w1 = 7/2, w2 = 5/8"),
        "{}",
        outcome.statement()
    );
    let there = VectorSystem::open(&data(&table, cost, &[(7, 2), (5, 8)])).unwrap();
    claim.other = None;
    let own = accepted(&there, &VectorClaim::Transit(claim.clone())).time.unwrap();
    assert_eq!(outcome.time, Some(own.clone()));
    assert!(own.strict_precedes(&time), "the more imbalanced start is faster");
    claim.other = Some(list(&[(7, 2)]));
    refused(
        &system,
        &VectorClaim::Transit(claim.clone()),
        "one interval for every coordinate",
    );
    claim.other = None;
    let (early, late) = (time.inf_rational().unwrap(), time.sup_rational().unwrap());
    let quarter = Interval::point(&Rational::from((5, 4)), 300);
    assert!(quarter.precedes(&solution(&early)) && solution(&late).precedes(&quarter));
    claim.before = list(&[(7, 4), (3, 2), (249, 200)]);
    claim.after = list(&[(248, 200)]);
    refused(&system, &VectorClaim::Transit(claim.clone()), "beyond the tolerance");
    claim.before = list(&[(7, 4)]);
    claim.after = list(&[(3, 2)]);
    refused(&system, &VectorClaim::Transit(claim), "within the tolerance");
}
