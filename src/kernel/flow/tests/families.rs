//! Numbers that depend on the start against the numbers they stand for: at a place y of the box of starts, in exact arithmetic or with 512 bits.

use super::super::super::evaluate::tests::Source;
use super::super::super::expr::Function;
use super::super::super::interval::{Accumulator, Interval};
use super::super::super::number::Number;
use super::super::dependent::{Dependence, Dependent};
use super::super::ring::{Elementary, Ring};
use super::super::shape::Shape;
use super::{HIGH, fraction, small};
use rug::Rational;

/// The monomials at y in the order of the coefficients: sorted lists of variables, the short ones first.
pub(super) fn monomials(y: &[Rational], degree: usize) -> Vec<Rational> {
    let mut all: Vec<(Vec<usize>, Rational)> = vec![(Vec::new(), Rational::from(1))];
    let mut last = all.clone();
    for _ in 0..degree {
        let longer = |(list, value): &(Vec<usize>, Rational)| -> Vec<(Vec<usize>, Rational)> {
            let from = list.last().copied().unwrap_or(0);
            let next = |place: usize| ([list.as_slice(), &[place]].concat(), Rational::from(value * &y[place]));
            (from..y.len()).map(next).collect()
        };
        last = last.iter().flat_map(longer).collect();
        all.extend(last.clone());
    }
    all.into_iter().map(|(_, value)| value).collect()
}

/// What a family says of its value at y: the polynomial there, and the rest.
fn at(ring: &Dependence, value: &Dependent, y: &[Rational], degree: usize) -> Interval {
    let terms = monomials(y, degree).into_iter().enumerate();
    terms.fold(value.rest().clone(), |sum, (place, monomial)| {
        sum.add(&ring.coefficient(value, place).mul(&Interval::point(&monomial, HIGH)))
    })
}

/// A family with its values at some places.
#[derive(Clone)]
struct Known {
    family: Dependent,
    values: Vec<Number>,
}

struct World {
    ring: Dependence,
    degree: usize,
    precision: u32,
    places: Vec<Vec<Rational>>,
}

impl World {
    fn new(source: &mut Source) -> Self {
        let (count, degree) = (source.below(4) as usize, source.below(5) as usize);
        let precision = source.pick(&[32, 53, 64, 128]);
        let mut coordinate = |_| match source.below(4) {
            0 => Rational::from(1),
            1 => Rational::from(-1),
            _ => small(source, 1),
        };
        let mut places: Vec<Vec<Rational>> = Vec::new();
        for _ in 0..6 {
            places.push((0..count).map(&mut coordinate).collect());
        }
        let mut orders = Vec::new();
        for _ in 0..source.below(4) {
            orders.push(source.below(4) as u16);
        }
        World {
            ring: Dependence::new(Shape::new(count, degree, precision).trimmed(&orders)),
            degree: if count == 0 { 0 } else { degree },
            precision,
            places,
        }
    }

    /// A variable, a constant, a random polynomial, or one with a rest.
    fn leaf(&self, source: &mut Source) -> Known {
        let count = self.places[0].len();
        let (middle, radius) = (small(source, 3), small(source, 1));
        if count > 0 && source.below(3) == 0 {
            let place = source.below(count as u64) as usize;
            let [middle_range, radius_range] = [&middle, &radius].map(|value| Interval::point(value, self.precision));
            let value = |y: &Vec<Rational>| Number::Exact(Rational::from(&radius * &y[place]) + &middle);
            return Known {
                family: self.ring.variable(place, middle_range, radius_range),
                values: self.places.iter().map(value).collect(),
            };
        }
        let coefficients: Vec<Rational> = (0..self.ring.shape().size()).map(|_| small(source, 1)).collect();
        // The rest is somewhere in its interval, at every place somewhere else.
        let width = source.pick(&[fraction(0, 1), fraction(1, 1_000_000), fraction(1, 4)]);
        let values = self.places.iter().map(|y| {
            let sum = coefficients
                .iter()
                .zip(monomials(y, self.degree))
                .fold(Rational::new(), |sum, (c, m)| sum + c * m);
            Number::Exact(sum + &middle + source.between(&Rational::from(-&width), &width))
        });
        let values = values.collect();
        let rest = Interval::hull_of(&Rational::from(-&width), &width, self.precision).unwrap();
        let mut ranges: Vec<Interval> = coefficients
            .iter()
            .map(|c| Interval::point(c, self.precision))
            .collect();
        ranges[0] = ranges[0].add(&Interval::point(&middle, self.precision));
        Known {
            family: self.ring.polynomial(ranges, rest),
            values,
        }
    }

    fn check(&self, known: &Known, context: &str) {
        let range = known.family.range();
        for (y, value) in self.places.iter().zip(&known.values) {
            let value = value.interval(HIGH);
            let here = at(&self.ring, &known.family, y, self.degree);
            assert!(
                !value.disjoint(&here),
                "{context}: {value:?} at {y:?} is not in {here:?}"
            );
            assert!(
                !value.disjoint(&range),
                "{context}: {value:?} at {y:?} is not in {range:?}"
            );
        }
    }

    fn binary(&self, a: &Known, b: &Known, family: Dependent, f: impl Fn(&Number, &Number) -> Number) -> Known {
        Known {
            family,
            values: a.values.iter().zip(&b.values).map(|(a, b)| f(a, b)).collect(),
        }
    }

    fn unary(&self, family: Dependent, a: &Known, f: impl Fn(&Number) -> Number) -> Known {
        Known {
            family,
            values: a.values.iter().map(f).collect(),
        }
    }

    /// An operation on families that are there; `None` if it is not known to be defined.
    fn next(&self, source: &mut Source, a: &Known, b: &Known) -> Option<(Known, String)> {
        let ring = &self.ring;
        let name = |text: &str| format!("{text}, degree {}, {} bits", self.degree, self.precision);
        // Of high orders less is kept, and goes to the rest.
        let order = source.below(4) as usize;
        Some(match source.below(10) {
            0 if order == 0 => (
                self.binary(a, b, ring.sub(&a.family, &b.family), |a, b| a.sub(b, HIGH)),
                name("sub"),
            ),
            0 => (
                self.binary(a, b, ring.add(&a.family, &b.family), |a, b| a.add(b, HIGH)),
                name("add"),
            ),
            1 | 2 => {
                let family = ring.dot(order, [(&a.family, &b.family)]);
                (self.binary(a, b, family, |a, b| a.mul(b, HIGH)), name("mul"))
            }
            3 if order == 0 => {
                let family = ring.weighted(1, [(-3, &a.family, &b.family), (2, &b.family, &b.family)]);
                let value = |a: &Number, b: &Number| {
                    let first = a.mul(b, HIGH).mul(&Number::integer(-3), HIGH);
                    first.add(&b.mul(b, HIGH).mul(&Number::integer(2), HIGH), HIGH)
                };
                (self.binary(a, b, family, value), name("weighted"))
            }
            3 => {
                let family = ring.dot(
                    order,
                    [(&a.family, &b.family), (&a.family, &a.family), (&b.family, &a.family)],
                );
                let value = |a: &Number, b: &Number| {
                    let twice = a.mul(b, HIGH).mul(&Number::integer(2), HIGH);
                    twice.add(&a.mul(a, HIGH), HIGH)
                };
                (self.binary(a, b, family, value), name("dot"))
            }
            4 => (
                self.unary(ring.square(order, &a.family), a, |a| a.mul(a, HIGH)),
                name("square"),
            ),
            5 => {
                let count = source.below(100) as i32;
                let family = ring.neg(&ring.times(&a.family, count as u32));
                (
                    self.unary(family, a, |a| a.mul(&Number::integer(count), HIGH).neg()),
                    name("times"),
                )
            }
            6 => {
                let family = ring.over(&ring.times(&a.family, 3), 7);
                (
                    self.unary(family, a, |a| a.mul(&Number::Exact(fraction(3, 7)), HIGH)),
                    name("over"),
                )
            }
            7 => {
                let exponent = source.pick(&[(-1, 1), (-2, 1), (1, 2), (-1, 2), (1, 3), (3, 2), (3, 1)]);
                let exponent = fraction(exponent.0, exponent.1);
                let family = ring.apply(&Elementary::power(&exponent), &a.family).ok()?;
                let value = |a: &Number| a.power(&exponent, HIGH).unwrap();
                (self.unary(family, a, value), name(&format!("power {exponent}")))
            }
            _ => {
                let functions: Vec<Function> = Function::ALL.into_iter().filter(|f| *f != Function::Abs).collect();
                let function = source.pick(&functions);
                let family = ring.apply(&Elementary::function(function), &a.family).ok()?;
                let value = |a: &Number| a.apply(function, HIGH).unwrap();
                (self.unary(family, a, value), name(&format!("{function:?}")))
            }
        })
    }
}

#[test]
fn values_lie_in_families_and_in_their_ranges() {
    let mut source = Source::new(61);
    let mut done = 0;
    for _ in 0..250 {
        let world = World::new(&mut source);
        let mut known: Vec<Known> = (0..3).map(|_| world.leaf(&mut source)).collect();
        known.iter().for_each(|leaf| world.check(leaf, "leaf"));
        for _ in 0..10 {
            let (a, b) = (source.pick(&known), source.pick(&known));
            let Some((next, context)) = world.next(&mut source, &a, &b) else {
                continue;
            };
            world.check(&next, &context);
            done += 1;
            // Huge numbers, such as exponentials of exponentials, say nothing any more.
            if next.family.range().mag() < 1000 {
                known.push(next);
            }
        }
    }
    assert!(done > 1_200, "{done}");
}

#[test]
fn taylor_polynomials_move_and_are_thinned_with_what_they_lose() {
    let mut source = Source::new(66);
    for _ in 0..200 {
        let world = World::new(&mut source);
        let list: Vec<Known> = (0..1 + source.below(4)).map(|_| world.leaf(&mut source)).collect();
        let numbers: Vec<Dependent> = list.iter().map(|known| known.family.clone()).collect();
        let (time, last) = (small(&mut source, 1).abs(), small(&mut source, 1));
        let [point, last_range] = [&time, &last].map(|value| Interval::point(value, world.precision));
        let family = world.ring.moved(&numbers, &last_range, &point);
        let value = |place: usize| {
            let values = list.iter().rev().map(|known| known.values[place].clone());
            values.fold(Number::Exact(last.clone()), |sum, value| {
                sum.mul(&Number::Exact(time.clone()), HIGH).add(&value, HIGH)
            })
        };
        let moved = Known {
            values: (0..world.places.len()).map(value).collect(),
            family,
        };
        world.check(&moved, "moved");
        let (thin, lost) = world.ring.thinned(&moved.family);
        let widened = world.ring.widened(&thin, &lost.neg().convex_hull(&lost));
        let known = Known {
            family: widened,
            values: moved.values.clone(),
        };
        world.check(&known, "thinned");
        assert!(thin.rest().is_zero());
        assert!(
            world.degree == 0
                || (0..world.ring.shape().size()).all(|place| {
                    let coefficient = world.ring.coefficient(&thin, place);
                    coefficient.inf() == coefficient.sup()
                })
        );
    }
}

#[test]
fn higher_degrees_are_narrower() {
    // exp(1 + y/8) with y in [-1, 1] about its polynomial.
    let width = |degree: usize, precision: u32| {
        let shape = Dependence::new(Shape::new(1, degree, precision));
        let [middle, radius] = [fraction(1, 1), fraction(1, 8)].map(|value| Interval::point(&value, precision));
        let family = shape.variable(0, middle, radius);
        let family = shape.apply(&Elementary::function(Function::Exp), &family).unwrap();
        family.rest().wid().to_f64()
    };
    for precision in [53, 128] {
        let widths: Vec<f64> = (1..=4).map(|degree| width(degree, precision)).collect();
        for pair in widths.windows(2) {
            assert!(pair[1] < pair[0] / 10.0, "{widths:?}");
        }
    }
}

#[test]
fn functions_need_their_domain_on_the_whole_family() {
    for precision in [53, 64] {
        needs_its_domain(&Dependence::new(Shape::new(1, 2, precision)));
    }
}

fn needs_its_domain(shape: &Dependence) {
    let [middle, radius] = [1, 2].map(|value| Interval::point(&Rational::from(value), 64));
    let wide = shape.variable(0, middle.clone(), radius);
    for exponent in [fraction(-1, 1), fraction(1, 2), fraction(-1, 2)] {
        assert!(shape.apply(&Elementary::power(&exponent), &wide).is_err(), "{exponent}");
    }
    assert!(shape.apply(&Elementary::function(Function::Log), &wide).is_err());
    assert!(shape.apply(&Elementary::function(Function::Tan), &wide).is_err());
    // The root has no derivative at 0, though it is defined there.
    let touching = shape.variable(0, middle.clone(), middle);
    assert!(shape.apply(&Elementary::power(&fraction(1, 2)), &touching).is_err());
}

#[test]
fn the_products_of_a_shape_are_all_pairs_within_the_degree() {
    // C(2m + q, q) pairs of monomials of total degree at most q.
    for (variables, degree, pairs) in [(2, 2, 15), (3, 4, 210), (5, 1, 11), (4, 0, 1), (0, 3, 1)] {
        assert_eq!(Shape::new(variables, degree, 64).pairs(0), pairs);
    }
}

#[test]
fn sums_of_products_hold_the_exact_sums() {
    let mut source = Source::new(62);
    for _ in 0..300 {
        let precision = source.pick(&[32, 53, 100]);
        let mut sum = Accumulator::new(precision);
        let mut exact = Rational::new();
        for _ in 0..source.below(12) {
            // Intervals about exact numbers, of every sign, wide and narrow, also of other precisions.
            let mut about = |value: &Rational| {
                let radius = source.pick(&[fraction(0, 1), fraction(1, 1_000_000_007), fraction(2, 1)]);
                let other = source.pick(&[32, 53, 200]);
                Interval::hull_of(
                    &Rational::from(value - &radius),
                    &Rational::from(value + &radius),
                    other,
                )
                .unwrap()
            };
            let (a, b) = (fraction(7, 3) * fraction(done(&exact), 5), fraction(-3, 7));
            let (range_a, range_b) = (about(&a), about(&b));
            let (x, y) = (source.point(), source.point());
            let range_x = Interval::point(&x, 53);
            let range_y = Interval::hull_of(&y, &Rational::from(&y + 1), 64).unwrap();
            sum.add_product(&range_a, &range_b);
            sum.add_product(&range_x, &range_y);
            sum.add(&range_x);
            sum.subtract(&range_y);
            exact += Rational::from(&a * &b) + Rational::from(&x * &y) + &x - &y;
            let count = source.below(2001) as i32 - 1000;
            sum.add_multiple(&range_a, &range_b, count);
            sum.add_multiple(&range_b, &range_y, -count);
            exact += Rational::from(count) * (a * &b - b * &y);
        }
        let result = sum.finish();
        assert!(result.contains(&exact), "{exact} is not in {result:?}");
    }
}

/// A small integer that changes with a number.
fn done(value: &Rational) -> i64 {
    value.numer().mod_u(11).into()
}

#[test]
fn half_lines_in_sums_of_products_are_half_lines() {
    let above = Interval::at_least(&Rational::from(2), 64);
    let below = Interval::at_most(&Rational::from(-3), 64);
    let mut sum = Accumulator::new(64);
    sum.add_product(&above, &below);
    let product = sum.finish();
    assert!(product.contains(&Rational::from(-6)) && product.contains(&Rational::from(-1_000_000)));
    assert!(!product.contains(&Rational::from(-5)));
    let zero = Interval::point(&Rational::new(), 64);
    let mut sum = Accumulator::new(64);
    sum.add_product(&above, &zero);
    sum.add_product(&Interval::entire(64), &zero);
    assert!(sum.finish().is_zero());
}

#[test]
fn counts_divide_and_multiply_outward() {
    let mut source = Source::new(63);
    for _ in 0..300 {
        let (lo, hi) = source.bounds();
        let count = source.below(1 << 31) as u32 + 1;
        let range = Interval::hull_of(&lo, &hi, 53).unwrap();
        for value in [lo.clone(), hi.clone(), source.between(&lo, &hi)] {
            assert!(range.over(count).contains(&Rational::from(&value / count)));
            assert!(range.times(count).contains(&Rational::from(&value * count)));
        }
    }
    let one = Interval::point(&Rational::from(1), 53);
    assert!(one.over(0).is_entire() && Interval::entire(53).times(0).is_zero());
}

#[test]
fn schemes_of_horner_hold_the_exact_values() {
    let mut source = Source::new(64);
    for _ in 0..300 {
        let precision = source.pick(&[32, 53, 100]);
        let (lo, width) = (small(&mut source, 1).abs(), small(&mut source, 1).abs());
        let times = [
            lo.clone(),
            Rational::from(&lo + &width),
            source.between(&lo, &Rational::from(&lo + &width)),
        ];
        let time = Interval::hull_of(&times[0], &times[1], source.pick(&[32, 64, 200])).unwrap();
        let mut sum = Accumulator::new(precision);
        let mut exact = vec![Rational::new(); times.len()];
        for _ in 0..6 {
            // Coefficients of all signs, some of them 0, so that the sum changes its side.
            let coefficient = source.pick(&[
                small(&mut Source::new(precision.into()), 3),
                fraction(0, 1),
                fraction(-5, 3),
            ]);
            let radius = source.pick(&[fraction(0, 1), fraction(1, 10)]);
            let ends = [
                Rational::from(&coefficient - &radius),
                Rational::from(&coefficient + &radius),
            ];
            sum.multiply(&time);
            sum.add(&Interval::hull_of(&ends[0], &ends[1], 64).unwrap());
            for (value, time) in exact.iter_mut().zip(&times) {
                *value = Rational::from(&*value * time) + source.between(&ends[0], &ends[1]);
            }
        }
        let result = sum.finish();
        assert!(exact.iter().all(|value| result.contains(value)), "{exact:?} {result:?}");
    }
    // Half lines, and factors of both signs.
    let mut sum = Accumulator::new(64);
    sum.add(&Interval::at_least(&Rational::from(-1), 64));
    sum.multiply(&Interval::point(&Rational::from(2), 64));
    assert!(sum.clone().finish().contains(&Rational::from(-2)));
    sum.multiply(&Interval::hull_of(&Rational::from(-1), &Rational::from(1), 64).unwrap());
    assert!(sum.finish().is_entire());
}

#[test]
fn products_with_intervals_across_zero_are_tight() {
    let mut source = Source::new(65);
    for _ in 0..500 {
        let mut draw = || {
            let ends = [small(&mut source, 3), small(&mut source, 3)];
            let (lo, hi) = if ends[0] < ends[1] {
                (&ends[0], &ends[1])
            } else {
                (&ends[1], &ends[0])
            };
            (Interval::hull_of(lo, hi, 64).unwrap(), [lo.clone(), hi.clone()])
        };
        let ((a, a_ends), (b, b_ends)) = (draw(), draw());
        let mut sum = Accumulator::new(64);
        sum.add_product(&a, &b);
        let result = sum.finish();
        for x in &a_ends {
            assert!(
                b_ends.iter().all(|y| result.contains(&Rational::from(x * y))),
                "{a:?} {b:?} {result:?}"
            );
        }
        assert_eq!(result, a.mul(&b));
    }
}
