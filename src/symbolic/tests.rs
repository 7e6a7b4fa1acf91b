//! Tests of the algebra layer: the kernel's derivative, floating point and the lock as independent judges.

use super::{EngineError, differentiate, engine, factor, is_available, latex, lock, print, probe, simplify, size};
use crate::kernel::expr::{Function, Id, Node, Table};
use rug::Rational;
use rug::ops::Pow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

pub(super) const TIMEOUT: Duration = Duration::from_secs(60);
pub(super) const POINTS: [f64; 6] = [0.3, 0.9, 1.7, 2.6, -0.4, -1.3];

/// The value in floating point; NaN where undefined.
pub(super) fn value(table: &Table, root: Id, w: f64) -> f64 {
    probe::value(table, root, w).to_f64()
}

/// Whether two expressions agree wherever the first is defined, at no fewer than two of the points.
pub(super) fn assert_agree(first: (&Table, Id), second: (&Table, Id), what: &str) {
    let compared = compare(first, second, what);
    assert!(compared >= 2, "{what}: compared at {compared} points");
}

/// Compares two expressions wherever the first is defined and tells at how many points that was.
pub(super) fn compare(first: (&Table, Id), second: (&Table, Id), what: &str) -> usize {
    let mut compared = 0;
    for w in POINTS {
        let (a, b) = (value(first.0, first.1, w), value(second.0, second.1, w));
        if a.is_finite() {
            assert!(
                (a - b).abs() <= 1e-9 * (1.0 + a.abs()),
                "{what} at {w}: {a} against {b}"
            );
            compared += 1;
        }
    }
    compared
}

/// Short names for building expressions.
pub(super) struct Builder(pub(super) Table);

impl Builder {
    pub(super) fn new() -> Self {
        Builder(Table::new())
    }
    pub(super) fn w(&mut self) -> Id {
        self.0.w()
    }
    pub(super) fn n(&mut self, value: i64) -> Id {
        self.0.number(value)
    }
    pub(super) fn q(&mut self, above: i64, below: i64) -> Id {
        self.0.number(Rational::from((above, below)))
    }
    pub(super) fn add(&mut self, a: Id, b: Id) -> Id {
        self.0.insert(Node::Add(a, b))
    }
    pub(super) fn sub(&mut self, a: Id, b: Id) -> Id {
        self.0.insert(Node::Sub(a, b))
    }
    pub(super) fn mul(&mut self, a: Id, b: Id) -> Id {
        self.0.insert(Node::Mul(a, b))
    }
    pub(super) fn div(&mut self, a: Id, b: Id) -> Id {
        self.0.insert(Node::Div(a, b))
    }
    pub(super) fn pow(&mut self, a: Id, above: i64, below: i64) -> Id {
        self.0.insert(Node::Power(a, Rational::from((above, below))))
    }
    pub(super) fn call(&mut self, function: Function, a: Id) -> Id {
        self.0.insert(Node::Apply(function, a))
    }
}

/// Expressions with every kind of node, as costs have them.
fn zoo() -> Vec<(Table, Id)> {
    let mut zoo = Vec::new();
    let mut keep = |build: &dyn Fn(&mut Builder, Id) -> Id| {
        let mut b = Builder::new();
        let w = b.w();
        let root = build(&mut b, w);
        zoo.push((b.0, root));
    };
    for function in Function::ALL {
        keep(&|b, w| b.call(function, w));
        keep(&|b, w| {
            // f((w^2 + 1)/3) * w - f(2)
            let (one, three, two) = (b.n(1), b.n(3), b.n(2));
            let square = b.pow(w, 2, 1);
            let sum = b.add(square, one);
            let inner = b.div(sum, three);
            let outer = b.call(function, inner);
            let product = b.mul(outer, w);
            let constant = b.call(function, two);
            b.sub(product, constant)
        });
    }
    keep(&|b, _| b.q(-22, 7));
    keep(&|b, w| {
        let pi = b.0.insert(Node::Pi);
        let product = b.mul(pi, w);
        b.call(Function::Sin, product)
    });
    keep(&|b, w| {
        let other = b.0.insert(Node::Variable(12));
        let ratio = b.div(other, w);
        b.0.insert(Node::Neg(ratio))
    });
    keep(&|b, w| b.pow(w, -3, 1));
    keep(&|b, w| b.pow(w, 5, 3));
    keep(&|b, w| b.pow(w, -1, 2));
    keep(&|b, w| {
        let one = b.n(1);
        let sum = b.add(one, w);
        let square = b.pow(sum, 2, 1);
        b.pow(square, 1, 2)
    });
    keep(&|b, w| {
        // exp(w*log(2)) - exp(w*log(3*w)): powers with the variable above.
        let (two, three) = (b.n(2), b.n(3));
        let (first, scaled) = (b.call(Function::Log, two), b.mul(three, w));
        let second = b.call(Function::Log, scaled);
        let (first, second) = (b.mul(w, first), b.mul(w, second));
        let (first, second) = (b.call(Function::Exp, first), b.call(Function::Exp, second));
        b.sub(first, second)
    });
    keep(&|b, w| {
        let one = b.n(1);
        let e = b.call(Function::Exp, one);
        let half = b.q(1, 2);
        let root = b.call(Function::Exp, half);
        let product = b.mul(e, w);
        b.add(product, root)
    });
    keep(&|b, w| {
        let huge: rug::Integer = rug::Integer::from(10).pow(40) + 7;
        let huge = b.0.number(Rational::from((huge, rug::Integer::from(10).pow(39))));
        b.mul(huge, w)
    });
    zoo
}

#[test]
fn every_kind_of_node_survives_the_round_trip() {
    for (table, root) in zoo() {
        let (back, image) = simplify(&table, root, TIMEOUT).unwrap();
        assert_agree((&table, root), (&back, image), &format!("{:?}", table.nodes()));
        assert!(Table::from_nodes(back.nodes()).is_some());
    }
}

#[test]
fn exact_numbers_stay_exact() {
    let mut table = Table::new();
    let number = Rational::from((rug::Integer::from(3).pow(400), rug::Integer::from(2).pow(300)));
    for number in [number.clone(), -number, Rational::new(), Rational::from((-1, 3))] {
        let root = table.number(number.clone());
        let (back, image) = simplify(&table, root, TIMEOUT).unwrap();
        let mut table = back.clone();
        let size = table.number(number.clone().abs());
        let expected = if number < 0 && back.node(image) != Some(&Node::Number(number.clone())) {
            table.insert(Node::Neg(size))
        } else {
            table.number(number)
        };
        assert_eq!(expected, image);
    }
}

#[test]
fn the_two_derivatives_agree() {
    for (mut table, root) in zoo() {
        let what = format!("{:?}", table.nodes());
        let answer = differentiate(&table, root, 0, TIMEOUT);
        match table.derivative(root, 0) {
            Ok(own) => {
                let (theirs, image) = answer.unwrap();
                assert_agree((&table, own), (&theirs, image), &what);
                // And once more, for what only second derivatives mention.
                let (theirs, image) = differentiate(&theirs, image, 0, TIMEOUT).unwrap();
                let own = table.derivative(own, 0).unwrap();
                assert_agree((&table, own), (&theirs, image), &what);
            }
            Err(_) => assert_eq!(answer.err(), Some(EngineError::NotUnderstood)),
        }
    }
}

#[test]
fn derivatives_by_other_variables() {
    let mut b = Builder::new();
    let (w, t) = (b.w(), b.0.insert(Node::Variable(3)));
    let product = b.mul(w, t);
    let root = b.call(Function::Erf, product);
    let (theirs, image) = differentiate(&b.0, root, 3, TIMEOUT).unwrap();
    let own = b.0.derivative(root, 3).unwrap();
    assert_agree((&b.0, own), (&theirs, image), "erf(w*t) by t");
}

/// The factors in the cost language, sorted.
fn factors(b: &Builder, root: Id) -> Vec<(String, u32)> {
    let found = factor(&b.0, root, TIMEOUT).unwrap();
    let mut found: Vec<_> = found
        .iter()
        .map(|((table, root), multiplicity)| (print(table, *root, TIMEOUT).unwrap(), *multiplicity))
        .collect();
    found.sort();
    found
}

fn list(pairs: &[(&str, u32)]) -> Vec<(String, u32)> {
    pairs
        .iter()
        .map(|(text, multiplicity)| ((*text).to_owned(), *multiplicity))
        .collect()
}

#[test]
fn factors_of_polynomials_and_exponentials() {
    let mut b = Builder::new();
    let (w, one, two, three) = (b.w(), b.n(1), b.n(2), b.n(3));
    // w^4 - 2*w^2 + 1
    let (fourth, square) = (b.pow(w, 4, 1), b.pow(w, 2, 1));
    let twice = b.mul(two, square);
    let difference = b.sub(fourth, twice);
    let root = b.add(difference, one);
    assert_eq!(factors(&b, root), list(&[("-1+w", 2), ("1+w", 2)]));
    // exp(2*w) - 3*exp(w) + 2
    let double = b.mul(two, w);
    let (large, small) = (b.call(Function::Exp, double), b.call(Function::Exp, w));
    let thrice = b.mul(three, small);
    let difference = b.sub(large, thrice);
    let root = b.add(difference, two);
    assert_eq!(factors(&b, root), list(&[("-1+exp(w)", 1), ("-2+exp(w)", 1)]));
    // 2 * w * (1 - tanh(w)) * (w - 3)^2 / (1 + w)
    let tanh = b.call(Function::Tanh, w);
    let saturation = b.sub(one, tanh);
    let shifted = b.sub(w, three);
    let shifted = b.pow(shifted, 2, 1);
    let (below, product) = (b.add(one, w), b.mul(double, saturation));
    let product = b.mul(product, shifted);
    let root = b.div(product, below);
    assert_eq!(
        factors(&b, root),
        list(&[("-1+tanh(w)", 1), ("-2", 1), ("-3+w", 2), ("w", 1)])
    );
    // 1/(w - 3) - 1/(w + 1) has the numerator 4, zero is 0, one has no factors.
    let left = b.sub(w, three);
    let (left, right) = (b.div(one, left), b.div(one, below));
    let root = b.sub(left, right);
    assert_eq!(factors(&b, root), list(&[("4", 1)]));
    let zero = b.sub(w, w);
    assert_eq!(factors(&b, zero), list(&[("0", 1)]));
    assert_eq!(factors(&b, one), list(&[]));
}

#[test]
fn factors_with_radicals_multiply_to_the_whole() {
    let mut b = Builder::new();
    let (w, one) = (b.w(), b.n(1));
    let square = b.pow(w, 2, 1);
    let sum = b.add(square, one);
    let radical = b.pow(sum, 1, 2);
    let less = b.sub(radical, one);
    let root = b.mul(square, less);
    let mut product = 1.0;
    for ((table, root), multiplicity) in factor(&b.0, root, TIMEOUT).unwrap() {
        product *= value(&table, root, 0.7).powf(f64::from(multiplicity));
    }
    assert!((product - value(&b.0, root, 0.7)).abs() < 1e-12);
}

#[test]
fn simplification_shortens() {
    let mut b = Builder::new();
    let (w, one) = (b.w(), b.n(1));
    // (w^2 - 1)/(w - 1)
    let square = b.pow(w, 2, 1);
    let (above, below) = (b.sub(square, one), b.sub(w, one));
    let root = b.div(above, below);
    let (table, root) = simplify(&b.0, root, TIMEOUT).unwrap();
    assert_eq!(print(&table, root, TIMEOUT).unwrap(), "1+w");
}

#[test]
fn text_and_latex() {
    let mut b = Builder::new();
    let (w, one) = (b.w(), b.n(1));
    let square = b.pow(w, 2, 1);
    let sum = b.add(square, one);
    let radical = b.pow(sum, 1, 2);
    let exponential = b.call(Function::Exp, radical);
    let pi = b.0.insert(Node::Pi);
    let product = b.mul(pi, exponential);
    assert_eq!(print(&b.0, product, TIMEOUT).unwrap(), "pi*exp((1+w^2)^(1/2))");
    let atan = b.call(Function::Atan, w);
    let tanh = b.call(Function::Tanh, atan);
    let root = b.div(tanh, exponential);
    let text = latex(&b.0, root, TIMEOUT).unwrap();
    assert!(
        text.contains("\\tanh\\!\\left(\\arctan\\!\\left(w\\right)\\right)"),
        "{text}"
    );
    assert!(!text.contains('\u{1b}') && !text.contains("foliate"), "{text}");
}

#[test]
fn many_threads_share_the_engine() {
    std::thread::scope(|scope| {
        for thread in 0..8_i64 {
            scope.spawn(move || {
                for round in 1..20_i64 {
                    let mut b = Builder::new();
                    let (w, number) = (b.w(), b.n(thread * 100 + round));
                    let product = b.mul(number, w);
                    let root = b.call(Function::Sinh, product);
                    let (theirs, image) = differentiate(&b.0, root, 0, TIMEOUT).unwrap();
                    let own = b.0.derivative(root, 0).unwrap();
                    let (a, b) = (value(&b.0, own, 0.01), value(&theirs, image, 0.01));
                    assert!((a - b).abs() <= 1e-9 * a.abs());
                }
            });
        }
    });
}

#[test]
fn a_panic_is_an_error_and_the_engine_lives_on() {
    let panicked: Result<(), _> = engine::run(TIMEOUT, || panic!("on purpose"));
    assert_eq!(panicked, Err(EngineError::Failed("on purpose".to_owned())));
    assert_eq!(engine::run(TIMEOUT, || Ok(7)), Ok(7));
}

#[test]
fn nothing_but_foliate_writes_to_the_standard_streams() {
    assert!(is_available());
    assert_eq!(engine::run(TIMEOUT, || Ok(())), Ok(()));
    assert_eq!(std::env::var("SYMBOLICA_HIDE_BANNER").as_deref(), Ok("1"));
    assert_eq!(std::env::var("RUST_LOG").as_deref(), Ok("off"));
}

#[test]
fn infinities_and_complex_numbers_are_refused() {
    let mut b = Builder::new();
    let (w, zero, minus) = (b.w(), b.n(0), b.n(-4));
    let nothing = b.sub(w, w);
    let hopeless = [
        b.div(w, nothing),
        b.pow(zero, 0, 1),
        b.call(Function::Log, zero),
        b.pow(minus, 1, 2),
    ];
    for root in hopeless {
        assert_eq!(simplify(&b.0, root, TIMEOUT).err(), Some(EngineError::NotUnderstood));
    }
}

#[test]
fn what_would_overflow_is_refused_beforehand() {
    let mut b = Builder::new();
    let (w, one, seven) = (b.w(), b.n(1), b.n(7));
    // Doubling by sharing: 2^100 nodes as a tree.
    let doubled = (0..100).fold(w, |so_far, _| b.mul(so_far, so_far));
    // Nesting deeper than the engine may recurse.
    let nested = (0..5_000).fold(w, |so_far, _| b.call(Function::Sin, so_far));
    // A power of a number: 7^(10^8).
    let tall = b.pow(seven, 10_000, 1);
    let tall = b.pow(tall, 10_000, 1);
    let wild = b.pow(w, 1_000_000, 1);
    for root in [doubled, nested, tall, wild] {
        assert_eq!(simplify(&b.0, root, TIMEOUT).err(), Some(EngineError::TooLarge));
        assert_eq!(differentiate(&b.0, root, 0, TIMEOUT).err(), Some(EngineError::TooLarge));
    }
    // Fine to differentiate, hopeless to expand.
    let other = b.0.insert(Node::Variable(1));
    let sum = b.add(w, one);
    let sum = b.add(sum, other);
    let high = b.pow(sum, 5_000, 1);
    let million = b.n(1_000_000_000_000);
    let scaled = b.mul(million, w);
    let steep = b.call(Function::Exp, scaled);
    let steep = b.sub(steep, one);
    for root in [high, steep] {
        assert!(differentiate(&b.0, root, 0, TIMEOUT).is_ok());
        assert!(simplify(&b.0, root, TIMEOUT).is_ok());
        assert_eq!(factor(&b.0, root, TIMEOUT).err(), Some(EngineError::TooLarge));
    }
}

#[test]
fn the_deepest_and_largest_that_fit_are_survived() {
    let mut b = Builder::new();
    let w = b.w();
    let nested = (0..390).fold(w, |so_far, _| b.call(Function::Sin, so_far));
    assert!(size::of(&b.0, nested).is_some_and(|size| size.fits()));
    assert!(differentiate(&b.0, nested, 0, TIMEOUT).is_ok());
    assert!(latex(&b.0, nested, TIMEOUT).is_ok());
    let one = b.n(1);
    let towers = (0..190).fold(w, |so_far, _| {
        let sum = b.add(so_far, one);
        b.div(one, sum)
    });
    assert!(differentiate(&b.0, towers, 0, TIMEOUT).is_ok());
    assert!(simplify(&b.0, towers, TIMEOUT).is_ok());
}

#[test]
fn the_lock_keeps_others_out_and_says_so_after_a_second() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join(lock::FILE_NAME);
    let held = lock::acquire(&path, || panic!("nobody holds it")).unwrap();
    let announced = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let waiter = scope.spawn(|| {
            let start = Instant::now();
            let file = lock::acquire(&path, || announced.store(true, Ordering::SeqCst)).unwrap();
            (start.elapsed(), file)
        });
        std::thread::sleep(Duration::from_millis(1_300));
        drop(held);
        let (waited, _file) = waiter.join().unwrap();
        assert!(waited >= Duration::from_millis(1_200), "{waited:?}");
    });
    assert!(announced.load(Ordering::SeqCst));
}
