//! What whole numbers cut off is counted, also where nothing else hides it.

use super::super::super::evaluate::tests::Source;
use super::super::super::interval::Interval;
use super::super::block::{Block, Blocks};
use super::super::ring::Ring;
use super::super::shape::Shape;
use super::families::monomials;
use super::{HIGH, fraction, small};
use rug::{Integer, Rational};

fn blocks() -> Blocks {
    Blocks::new(Shape::new(1, 1, 53))
}

/// a + b y.
fn line(ring: &Blocks, a: &Rational, b: &Rational) -> Block {
    let coefficients = [a, b].map(|value| Interval::point(value, 200));
    ring.block(&coefficients, &ring.shape().zero())
}

/// 2^-exponent.
fn tiny(exponent: u32) -> Rational {
    Rational::from(1) >> exponent
}

/// What a number says at y.
fn at(ring: &Blocks, value: &Block, y: &[Rational], degree: usize) -> Interval {
    let terms = monomials(y, degree).into_iter().enumerate();
    terms.fold(value.rest().with_precision(HIGH), |sum, (place, monomial)| {
        sum.add(&ring.coefficient(value, place).mul(&Interval::point(&monomial, HIGH)))
    })
}

#[track_caller]
fn holds(ring: &Blocks, value: &Block, a: &Rational, b: &Rational) {
    for y in [-1, 1].map(Rational::from) {
        let exact = Rational::from(b * &y) + a;
        let here = at(ring, value, &[y], 1);
        assert!(here.contains(&exact), "{exact} is not in {here:?}");
    }
}

#[test]
fn small_products_beside_large_ones_that_cancel() {
    // The products of 1 and -1 leave nothing, and of the last one only the digits above their unit 2^-104.
    let ring = blocks();
    let (one, nothing) = (Rational::from(1), Rational::new());
    let [plus, minus] = [1, -1].map(|sign| line(&ring, &Rational::from(sign), &nothing));
    let (third, fifth) = (tiny(80) / 3u32, tiny(80) / 5u32);
    for (a, b) in [(third, fifth.clone()), (-fifth, nothing.clone())] {
        let last = line(&ring, &a, &b);
        let sum = ring.dot(0, [(&plus, &plus), (&minus, &plus), (&last, &plus)]);
        holds(&ring, &sum, &a, &b);
        let sum = ring.dot(0, [(&last, &plus), (&plus, &minus), (&plus, &plus)]);
        holds(&ring, &sum, &a, &b);
    }
    holds(&ring, &ring.dot(0, [(&plus, &plus)]), &one, &nothing);
}

#[test]
fn small_terms_beside_a_number_that_is_all_rest() {
    let ring = blocks();
    let rest = Interval::hull_of(&-tiny(200), &tiny(200), 53).unwrap();
    let wide = ring.block(&[], &rest);
    let (a, b) = (tiny(100) / 3u32, -tiny(101) / 7u32);
    let small = line(&ring, &a, &b);
    holds(&ring, &ring.add(&wide, &small), &a, &b);
    holds(&ring, &ring.add(&small, &wide), &a, &b);
    holds(&ring, &ring.sub(&small, &wide), &a, &b);
    holds(
        &ring,
        &ring.sub(&wide, &small),
        &Rational::from(-&a),
        &Rational::from(-&b),
    );
}

#[test]
fn quotients_of_short_numbers_by_large_counts() {
    // 3/2 - (3/2 - 2^-50) has few digits and no rest, so that nothing but the quotient is cut.
    let ring = blocks();
    let count = 3u32 << 30;
    for sign in [1, -1] {
        let sign = Rational::from(sign);
        let [large, less] = [fraction(3, 2), fraction(3, 2) - tiny(50)].map(|value| {
            let value = value * &sign;
            line(&ring, &value, &value)
        });
        let short = ring.sub(&large, &less);
        assert!(short.rest().is_zero());
        let short = ring.over(&short, count);
        let exact = tiny(50) * sign / count;
        holds(&ring, &short, &exact, &exact);
    }
}

#[test]
fn numbers_of_all_sizes_are_enclosed() {
    let mut source = Source::new(181);
    for _ in 0..150 {
        let (variables, degree) = (source.below(2) as usize + 1, source.below(4) as usize + 1);
        let ring = Blocks::new(Shape::new(variables, degree, source.pick(&[32, 53, 64])));
        let places: Vec<Vec<Rational>> = (0..3)
            .map(|_| {
                (0..variables)
                    .map(|_| source.pick(&[fraction(-1, 1), fraction(1, 1), fraction(2, 7)]))
                    .collect()
            })
            .collect();
        let mut known: Vec<(Block, Vec<Rational>)> = Vec::new();
        for _ in 0..3 {
            let size = source.pick(&[0, 3, 30, 60, 130, 300]);
            let one = |source: &mut Source| (small(source, 1) >> size) >> source.pick(&[0, 20, 70]);
            let list: Vec<Rational> = (0..ring.shape().size()).map(|_| one(&mut source)).collect();
            let ranges: Vec<Interval> = list.iter().map(|value| Interval::point(value, 120)).collect();
            let value = |y: &Vec<Rational>| -> Rational {
                let terms = monomials(y, degree);
                terms.iter().zip(&list).map(|(a, b)| Rational::from(a * b)).sum()
            };
            let values = places.iter().map(value).collect();
            known.push((ring.block(&ranges, &ring.shape().zero()), values));
        }
        for _ in 0..8 {
            let [(a, x), (b, y), (c, z)] = [0; 3].map(|_| source.pick(&known));
            let count = source.pick(&[1u32, 7, 1 << 20, u32::MAX]);
            let minus = ring.neg(&a);
            let three = |f: &dyn Fn(&Rational, &Rational, &Rational) -> Rational| -> Vec<Rational> {
                x.iter().zip(&y).zip(&z).map(|((x, y), z)| f(x, y, z)).collect()
            };
            let (found, exact) = match source.below(6) {
                0 => (ring.add(&a, &b), three(&|x, y, _| Rational::from(x + y))),
                1 => (ring.sub(&a, &b), three(&|x, y, _| Rational::from(x - y))),
                2 => (ring.over(&a, count), three(&|x, _, _| Rational::from(x / count))),
                3 => (ring.times(&a, count), three(&|x, _, _| Rational::from(x * count))),
                4 => (
                    ring.dot(0, [(&a, &b), (&minus, &b), (&b, &c)]),
                    three(&|_, y, z| Rational::from(y * z)),
                ),
                _ => (
                    ring.weighted(0, [(-3, &a, &b), (i32::MAX, &b, &c), (1, &c, &a)]),
                    three(&|x, y, z| {
                        let sum = Rational::from(x * y) * -3 + Rational::from(y * z) * i32::MAX;
                        sum + Rational::from(z * x)
                    }),
                ),
            };
            for (y, exact) in places.iter().zip(&exact) {
                let here = at(&ring, &found, y, degree);
                assert!(here.contains(exact), "{exact} is not in {here:?}");
                assert!(found.range().contains(exact), "{exact} is not in {:?}", found.range());
            }
            if found.range().mag() < 1000 {
                known.push((found, exact));
            }
        }
    }
}

#[test]
fn multiples_of_a_vector_add_up_by_their_norm() {
    // c d_1 + c d_2 with |d| <= 1 comes as near to c sqrt 2 as one likes.
    let ring = Blocks::new(Shape::with_ball(1, 2, 1, 64));
    let near = Rational::from((Integer::from(1) << 399u32).sqrt()) >> 200u32;
    let square = Rational::from(near.square_ref()) * 2u32;
    assert!(square <= 1, "not a vector of the ball");
    for scale in [fraction(1, 1), fraction(-1, 1), fraction(5, 7), fraction(1, 3)] {
        let mut coefficients = vec![ring.shape().zero(); ring.shape().size()];
        for place in [1, 2] {
            let place = ring.shape().place(&[place]).unwrap();
            coefficients[place] = Interval::point(&scale, 200);
        }
        let value = ring.block(&coefficients, &ring.shape().zero());
        let most = Rational::from(&scale * &near) * 2u32;
        for end in [&most, &Rational::from(-&most)] {
            assert!(value.range().contains(end), "{scale} {end}");
        }
    }
}
