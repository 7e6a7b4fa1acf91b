//! Solutions from points lie in their tubes, and the tubes are narrow.

use super::reference::{Flow, follow, number};
use super::{Case, Source, at, demand};
use crate::kernel::certificate::Exact;
use crate::kernel::flow::Walk;
use crate::kernel::flow::vector::VectorSystem;
use crate::kernel::flow::vector::data::Travel;
use crate::kernel::interval::Interval;
use rug::{Float, Rational};

/// The precision of closed formulas.
const HIGH: u32 = 1024;

/// Random times of a walk, and its end.
fn times(walk: &Walk, source: &mut Source, count: usize) -> Vec<Rational> {
    let mut times: Vec<Rational> = (0..count)
        .map(|_| source.between(&Rational::new(), walk.time()))
        .collect();
    times.push(walk.time().clone());
    times.push(Rational::new());
    times.sort();
    times
}

/// Demands that boxes hold the numbers of narrow boxes.
#[track_caller]
fn compare(bounds: &[Interval], exact: &[Interval], time: &Rational) {
    for (range, value) in bounds.iter().zip(exact) {
        assert!(!range.disjoint(value), "t = {time}: {value:?} is not in {range:?}");
    }
}

/// The largest width at the end.
fn width(walk: &Walk) -> Float {
    let widths = walk.bounds().into_iter().map(|range| range.wid());
    widths.fold(Float::new(64), |most, width| most.max(&width))
}

#[test]
fn a_saddle_follows_its_exponentials() {
    // x = a e^t, y = (b - a/2) e^(-t) + (a/2) e^t.
    let mut source = Source::new(101);
    let case = Case::field(&["x1", "x1 - x2"]).from(&[(1, 3), (-2, 5)]);
    let point = |value: (i32, u32)| Interval::point(&Rational::from(value), HIGH);
    for (precision, width_bits) in [(64, 50), (128, 114), (256, 242)] {
        let builder = case.tube(precision, 0, &Rational::from(5));
        for time in times(builder.walk(), &mut source, 1000) {
            let grown = Interval::point(&time, HIGH).exp();
            let shrunk = grown.recip().unwrap();
            let x = grown.mul(&point((1, 3)));
            let y = shrunk.mul(&point((-17, 30))).add(&grown.mul(&point((1, 6))));
            compare(&at(builder.walk(), &time), &[x, y], &time);
        }
        assert!(
            width(builder.walk()) < Float::with_val(64, Float::i_exp(1, -width_bits)),
            "{precision}"
        );
    }
}

#[test]
fn a_rotation_follows_sine_and_cosine() {
    let mut source = Source::new(102);
    let case = Case::field(&["x2", "-x1"]).from(&[(0, 1), (1, 1)]);
    for precision in [64, 128, 256] {
        let builder = case.tube(precision, 0, &Rational::from(20));
        for time in times(builder.walk(), &mut source, 1000) {
            let time_range = Interval::point(&time, HIGH);
            compare(&at(builder.walk(), &time), &[time_range.sin(), time_range.cos()], &time);
        }
        // A rotation does not drive anything apart.
        assert!(
            width(builder.walk()) < Float::with_val(64, Float::i_exp(1, 14 - precision as i32)),
            "{precision}"
        );
    }
}

#[test]
fn functions_of_time_are_followed() {
    // x1 = t, x2' = cos(t) x2 has the solution exp(sin t), x3 = log(1 + t), x4 = tanh t.
    let mut source = Source::new(103);
    let case = Case::field(&["1", "cos(x1)*x2", "1/(1 + x1)", "1 - x4^2"]).from(&[(0, 1), (1, 1), (0, 1), (0, 1)]);
    for precision in [64, 128] {
        let builder = case.tube(precision, 0, &Rational::from(3));
        for time in times(builder.walk(), &mut source, 200) {
            let t = Interval::point(&time, HIGH);
            let one = Interval::point(&Rational::from(1), HIGH);
            let exact = [t.clone(), t.sin().exp(), t.add(&one).ln().unwrap(), t.tanh()];
            compare(&at(builder.walk(), &time), &exact, &time);
        }
    }
}

/// w1 and w2 of the flow of (1 - w2 w1)^2 from (3/10, 6/5) at some times.
const MPMATH: [((i32, u32), [&str; 2]); 3] = [
    (
        (1, 2),
        [
            "0.67672601693051494109692959001961611258538428",
            "1.34460332514486948025317078249407677637500397",
        ],
    ),
    (
        (2, 1),
        [
            "0.728996391858558491972351185002529847767093673",
            "1.37165438042635104835076618900559906908585548",
        ],
    ),
    (
        (10, 1),
        [
            "0.729035562370838934844029522256861479038473819",
            "1.37167519887230059470959759901985985898365696",
        ],
    ),
];

/// The flow of (1 - w2 w1)^2 from (3/10, 6/5) in closed form. With P = (w1 + w2)^2 and M = (w1 - w2)^2 at the start,
/// w1 + w2 = 3/2 sqrt(u) and w1 - w2 = -9/10 / sqrt(u), where u' = -P u^2 + 4 u + M = -P (u - a)(u - b) and u(0) = 1.
fn one_neuron(time: &Rational) -> [Interval; 2] {
    let number = |value: (i32, i32)| Interval::point(&Rational::from(value), HIGH);
    let (one, two, large) = (number((1, 1)), number((2, 1)), number((9, 4)));
    let root = two.sqr().add(&large.mul(&number((81, 100)))).sqrt().unwrap();
    let [a, b] = [two.add(&root), two.sub(&root)].map(|value| value.div(&large).unwrap());
    let decay = root.times(2).mul(&Interval::point(time, HIGH)).neg().exp();
    let share = one.sub(&a).div(&one.sub(&b)).unwrap().mul(&decay);
    let u = a.sub(&b.mul(&share)).div(&one.sub(&share)).unwrap().sqrt().unwrap();
    let (sum, difference) = (number((3, 2)).mul(&u), number((-9, 10)).div(&u).unwrap());
    [sum.add(&difference).over(2), sum.sub(&difference).over(2)]
}

/// The scalar equation for z = w2 w1 by quadrature: when z passes random places, and where the tube says it is then.
#[test]
fn a_network_is_where_the_integral_of_its_times_says() {
    let mut source = Source::new(109);
    let case = Case::network("(1 - x1)^2", &[1, 1, 1]).from(&[(3, 10), (6, 5)]);
    let system = VectorSystem::open(&case.data()).unwrap();
    let (from, imbalance) = (Rational::from((36, 100)), Rational::from((729, 400)));
    for precision in [64, 128, 256] {
        let builder = case.tube(precision, 0, &Rational::from(2));
        let travel = Travel {
            precision: precision + 32,
            order: precision as u16 / 3,
            rising: true,
        };
        let mut places: Vec<Rational> = (0..1000)
            .map(|_| source.between(&from, &Rational::from((99, 100))))
            .filter(|place| *place > from)
            .collect();
        places.sort();
        places.dedup();
        let (mut here, mut time) = (from.clone(), Interval::point(&Rational::new(), precision + 32));
        for place in &places {
            system.refill();
            let passed = system.travel_time(&here, &[Exact(place.clone())], &travel, &imbalance);
            time = time.add(&passed.unwrap());
            here = place.clone();
            let middle = time.mid_rational();
            let bounds = at(builder.walk(), &middle);
            // |z'| <= 2 sqrt(imbalance + 4) < 5.
            let slack = time.rad().to_rational().unwrap() * 5u32;
            let near =
                Interval::hull_of(&Rational::from(place - &slack), &Rational::from(place + &slack), HIGH).unwrap();
            compare(&[bounds[0].mul(&bounds[1])], &[near], &middle);
        }
        assert!(
            time.wid() < Float::with_val(64, Float::i_exp(1, -(precision as i32) * 3 / 4)),
            "{time:?}"
        );
    }
}

#[test]
fn a_network_of_one_neuron_stays_narrow() {
    // f = (1 - z)^2 from (3/10, 6/5).
    let mut source = Source::new(104);
    let case = Case::network("(1 - x1)^2", &[1, 1, 1]).from(&[(3, 10), (6, 5)]);
    let end = Rational::from(10);
    let high = case.tube(300, 0, &end);
    for (precision, bound) in [(64, 1e-16), (128, 1e-36), (256, 1e-74)] {
        let builder = case.tube(precision, 0, &end);
        assert!(width(builder.walk()) < bound, "{:?}", builder.walk().bounds());
        for time in times(builder.walk(), &mut source, 1000) {
            let low = at(builder.walk(), &time);
            compare(&low, &one_neuron(&time), &time);
            // w1^2 - w2^2 is conserved.
            let difference = low[0].sqr().sub(&low[1].sqr());
            assert!(
                difference.contains(&Rational::from((-135, 100))),
                "t = {time}: {difference:?}"
            );
        }
    }
    case.check(high.walk(), &case.middle(), &[], &mut source, 6);
    // Digits of a third program, mpmath 1.3.0: its Taylor integrator with 60 digits.
    for (time, digits) in MPMATH {
        let time = Rational::from(time);
        for (range, digits) in at(high.walk(), &time).iter().zip(digits) {
            let value = Float::with_val(200, Float::parse(digits).unwrap());
            let error = Float::with_val(200, 1e-44);
            let (below, above) = (value.clone() - &error, value + &error);
            assert!(*range.inf() > below && *range.sup() < above, "t = {time}: {range:?}");
        }
    }
    // z' = -f'(z) sqrt(c + 4 z^2) with c = (w1^2 - w2^2)^2, and z = w2 w1.
    let scalar = Case::field(&["2*(1 - x1)*exp(log(729/400 + 4*x1^2)/2)"]).from(&[(36, 100)]);
    let solution = follow(
        &Flow::new(&scalar, &[]),
        &scalar.middle(),
        &[Rational::from((1, 2)), Rational::from(2)],
    );
    for (time, z) in [Rational::from((1, 2)), Rational::from(2)].iter().zip(&solution) {
        let bounds = at(high.walk(), time);
        demand(&[bounds[0].mul(&bounds[1])], z, time);
    }
}

#[test]
fn prey_and_predators_keep_their_quantity() {
    let mut source = Source::new(105);
    let case = Case::field(&["x1*(1 - x2)", "x2*(x1 - 1)"]).from(&[(1, 2), (2, 1)]);
    let quantity = |bounds: &[Interval]| {
        let parts = bounds.iter().map(|range| range.sub(&range.ln().unwrap()));
        parts.reduce(|a, b| a.add(&b)).unwrap()
    };
    let start: Vec<Interval> = case.middle().iter().map(|value| Interval::point(value, HIGH)).collect();
    let exact = quantity(&start);
    for (precision, bound) in [(256, 1e-68), (128, 1e-30), (64, 1e-10)] {
        let builder = case.tube(precision, 0, &Rational::from(12));
        for time in times(builder.walk(), &mut source, 1000) {
            let here = quantity(&at(builder.walk(), &time));
            assert!(!here.disjoint(&exact) && here.wid() < bound, "t = {time}: {here:?}");
        }
    }
    let builder = case.tube(64, 0, &Rational::from(12));
    case.check(builder.walk(), &case.middle(), &[], &mut source, 40);
}

/// A random polynomial of degree at most 3.
fn polynomial(source: &mut Source, dimension: u64) -> String {
    let mut text = "0".to_owned();
    for _ in 0..=source.below(4) {
        let coefficient = source.hundredth(1);
        text += &format!(" + ({})/({})", coefficient.numer(), coefficient.denom());
        for _ in 0..source.below(4) {
            text += &format!("*x{}", source.below(dimension) + 1);
        }
    }
    text.replace("(-", "(0-")
}

/// A random polynomial field, from a random point.
pub(super) fn random(source: &mut Source) -> Case {
    let dimension = source.below(4) + 1;
    let formulas: Vec<String> = (0..dimension).map(|_| polynomial(source, dimension)).collect();
    let formulas: Vec<&str> = formulas.iter().map(String::as_str).collect();
    let mut case = Case::field(&formulas);
    case.start = (0..dimension)
        .map(|_| source.hundredth(1))
        .map(|value| [value.clone(), value])
        .collect();
    case
}

#[test]
fn random_polynomial_fields_are_enclosed() {
    let mut source = Source::new(106);
    for _ in 0..15 {
        let case = random(&mut source);
        let builder = case.tube(64, 0, &Rational::from((1, 2)));
        assert!(width(builder.walk()) < 1e-12);
        case.check(builder.walk(), &case.middle(), &[], &mut source, 6);
    }
}

#[test]
fn more_bits_say_the_same() {
    let mut source = Source::new(107);
    for _ in 0..5 {
        let case = random(&mut source);
        let end = Rational::from((1, 2));
        let (low, high) = (case.tube(64, 0, &end), case.tube(256, 0, &end));
        for time in times(low.walk(), &mut source, 40) {
            compare(&at(low.walk(), &time), &at(high.walk(), &time), &time);
        }
    }
}

#[test]
fn the_models_are_what_they_say() {
    let mut source = Source::new(108);
    // Matrices: f = |W - A|^2 + w11 w22 w12, layers 2 x 3 and 3 x 2, and three layers.
    let cost = "(x1 - 1)^2 + 2*(x2 - 1/2)^2 + x3^2 + (x4 + 1)^2 + x1*x4*x2/5";
    for widths in [vec![2, 3, 2], vec![2, 1, 2, 2]] {
        let mut case = Case::network(cost, &widths);
        let count: u16 = widths.windows(2).map(|pair| pair[0] * pair[1]).sum();
        case.start = (0..count)
            .map(|_| source.hundredth(1))
            .map(|value| [value.clone(), value])
            .collect();
        let builder = case.tube(53, 0, &Rational::from((1, 2)));
        case.check(builder.walk(), &case.middle(), &[], &mut source, 3);
    }
    // f(w2 sigma(w1)) and f itself.
    let mut table = crate::kernel::expr::Table::new();
    let cost = super::formula(&mut table, "(x1 - 1)^2 + exp(x1)/4");
    let activation = super::formula(&mut table, "tanh(x1) + x1/3");
    let model = crate::kernel::flow::data::Model::Neuron { cost, activation };
    let neuron = Case::new(table.clone(), model).from(&[(1, 3), (-1, 2)]);
    let plane = super::formula(&mut table, "(x1 - 1)^2*(x2 + 2)^2 + exp(x1*x2)");
    let model = crate::kernel::flow::data::Model::Gradient {
        cost: plane,
        dimension: 2,
    };
    let plane = Case::new(table, model).from(&[(1, 5), (-1, 1)]);
    for case in [neuron, plane] {
        let builder = case.tube(64, 0, &Rational::from(1));
        case.check(builder.walk(), &case.middle(), &[], &mut source, 8);
    }
    assert!(number(&Rational::from(1)) == 1);
}
