//! Tests of evaluation: random expressions against high precision, boxes against their points; with the random
//! expressions and the little reader of formulas that the tests of jets and tails share.

use super::super::expr::{Function, Id, Node, Table};
use super::super::interval::Interval;
use super::super::number::Number;
use super::{Program, Undefined, factorial, falling};
use rug::ops::Pow;
use rug::{Integer, Rational};

/// The precision of reference values.
pub(in super::super) const HIGH: u32 = 512;

/// A reproducible source of choices (the generator is Marsaglia's xorshift with a multiplication).
pub(in super::super) struct Source(u64);

impl Source {
    pub fn new(seed: u64) -> Self {
        Source(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) % bound
    }

    pub fn pick<T: Clone>(&mut self, items: &[T]) -> T {
        items[self.below(items.len() as u64) as usize].clone()
    }

    /// A rational between two others.
    pub fn between(&mut self, lo: &Rational, hi: &Rational) -> Rational {
        Rational::from(hi - lo) * Rational::from((self.below(1 << 20), (1 << 20) - 1)) + lo
    }

    /// A rational of size at most 8 or, rarely, a wild one.
    pub fn point(&mut self) -> Rational {
        match self.below(12) {
            0 => Rational::new(),
            1 => Rational::from(self.below(2_000_000_000)) - 1_000_000_000,
            2 => (Rational::from(self.below(2_000)) - 1_000) / Integer::from(10).pow(30),
            3..6 => Rational::from(self.below(9)) - 4,
            _ => self.between(&Rational::from(-8), &Rational::from(8)),
        }
    }

    /// A box of random width about a random point.
    pub fn bounds(&mut self) -> (Rational, Rational) {
        let lo = self.point();
        let width = Rational::from((self.below(1000), 1000)) / Integer::from(4).pow(self.below(20) as u32);
        let hi = &lo + width;
        (lo, hi)
    }

    /// A random expression in w.
    pub fn expression(&mut self, table: &mut Table, depth: u32) -> Id {
        if depth == 0 || self.below(8) == 0 {
            return match self.below(10) {
                0 => table.insert(Node::Pi),
                1 => table.number(Rational::from((self.below(41), 7)) - 3),
                2 | 3 => table.number(Rational::from(self.below(5)) - 1),
                _ => table.w(),
            };
        }
        let a = self.expression(table, depth - 1);
        let node = match self.below(14) {
            0..6 => {
                let b = self.expression(table, depth - 1);
                match self.below(5) {
                    0 => Node::Sub(a, b),
                    1 => Node::Div(a, b),
                    2 => Node::Add(a, b),
                    _ => Node::Mul(a, b),
                }
            }
            6 => Node::Neg(a),
            7..10 => {
                let exponents = [
                    (2, 1),
                    (3, 1),
                    (-1, 1),
                    (-2, 1),
                    (1, 2),
                    (-1, 2),
                    (1, 3),
                    (3, 2),
                    (4, 1),
                    (9, 1),
                ];
                Node::Power(a, Rational::from(self.pick(&exponents)))
            }
            _ => Node::Apply(self.pick(&Function::ALL), a),
        };
        table.insert(node)
    }
}

/// Reads a formula: sums, products, rational powers, functions, numbers such as 12 or 1e-20, pi, w.
pub(in super::super) fn formula(table: &mut Table, text: &str) -> Id {
    let tokens = text.replace(' ', "");
    let mut reader = Reader {
        text: tokens.as_bytes(),
        at: 0,
        table,
    };
    let id = reader.sum();
    assert_eq!(reader.at, reader.text.len(), "{text}");
    id
}

/// The formula as a program.
pub(in super::super) fn program(text: &str) -> Program {
    let mut table = Table::new();
    let root = formula(&mut table, text);
    Program::new(&table, root)
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    table: &'a mut Table,
}

impl Reader<'_> {
    fn eat(&mut self, byte: u8) -> bool {
        let found = self.text.get(self.at) == Some(&byte);
        self.at += usize::from(found);
        found
    }

    fn word(&mut self, belongs: impl Fn(&u8) -> bool) -> String {
        let start = self.at;
        while self.text.get(self.at).is_some_and(&belongs) {
            self.at += 1;
        }
        String::from_utf8(self.text[start..self.at].to_vec()).unwrap()
    }

    fn sum(&mut self) -> Id {
        let mut left = self.term();
        loop {
            if self.eat(b'+') {
                let right = self.term();
                left = self.table.insert(Node::Add(left, right));
            } else if self.eat(b'-') {
                let right = self.term();
                left = self.table.insert(Node::Sub(left, right));
            } else {
                return left;
            }
        }
    }

    fn term(&mut self) -> Id {
        if self.eat(b'-') {
            let inner = self.term();
            return self.table.insert(Node::Neg(inner));
        }
        let mut left = self.power();
        loop {
            if self.eat(b'*') {
                let right = self.power();
                left = self.table.insert(Node::Mul(left, right));
            } else if self.eat(b'/') {
                let right = self.power();
                left = self.table.insert(Node::Div(left, right));
            } else {
                return left;
            }
        }
    }

    fn power(&mut self) -> Id {
        let base = self.atom();
        if !self.eat(b'^') {
            return base;
        }
        let exponent = if self.eat(b'(') {
            let text = self.word(|byte| *byte != b')');
            assert!(self.eat(b')'));
            text
        } else {
            self.word(u8::is_ascii_digit)
        };
        self.table.insert(Node::Power(base, exponent.parse().unwrap()))
    }

    fn atom(&mut self) -> Id {
        if self.eat(b'(') {
            let inner = self.sum();
            assert!(self.eat(b')'));
            return inner;
        }
        let digits = self.word(u8::is_ascii_digit);
        if !digits.is_empty() {
            let mut value: Rational = digits.parse().unwrap();
            if self.eat(b'e') {
                let small = self.eat(b'-');
                let power =
                    Rational::from(Integer::from(10).pow(self.word(u8::is_ascii_digit).parse::<u32>().unwrap()));
                value = if small { value / power } else { value * power };
            }
            return self.table.number(value);
        }
        let name = self.word(u8::is_ascii_alphabetic);
        match name.as_str() {
            "w" => self.table.w(),
            "pi" => self.table.insert(Node::Pi),
            "v" => self.table.insert(Node::Variable(1)),
            _ => {
                let exponent = Rational::from((1, 2));
                assert!(self.eat(b'('), "{name}");
                let inner = self.sum();
                assert!(self.eat(b')'));
                match Function::ALL.into_iter().find(|function| function.name() == name) {
                    Some(function) => self.table.insert(Node::Apply(function, inner)),
                    None => self.table.insert(Node::Power(inner, exponent)),
                }
            }
        }
    }
}

/// Whether two enclosures can be of the same number, the second being the narrow one.
pub(in super::super) fn agree(wide: &Number, narrow: &Number) -> bool {
    let meet = match (wide, narrow) {
        (Number::Exact(a), Number::Exact(b)) => a == b,
        (Number::Exact(a), Number::Enclosed { range, .. }) | (Number::Enclosed { range, .. }, Number::Exact(a)) => {
            range.contains(a)
        }
        (Number::Enclosed { range: a, .. }, Number::Enclosed { range: b, .. }) => !a.disjoint(b),
    };
    let signs = wide.sign().zip(narrow.sign()).is_none_or(|(a, b)| a == b);
    let zeros = !(wide.is_nonzero() && narrow.is_zero() || wide.is_zero() && narrow.is_nonzero());
    let negatives = !(wide.is_nonnegative() && narrow.is_negative());
    meet && signs && zeros && negatives
}

#[test]
fn low_precision_encloses_high_precision() {
    let mut source = Source::new(1);
    let mut compared = 0;
    for _ in 0..6_000 {
        let mut table = Table::new();
        let root = source.expression(&mut table, 4);
        let program = Program::new(&table, root);
        let point = source.point();
        let exact = [Number::Exact(point.clone())];
        let enclosed = [Number::from(Interval::point(&point, 64))];
        let Ok(high) = program.value(&exact, HIGH) else {
            continue;
        };
        let lower = [
            program.value(&exact, 64),
            program.value(&exact, 32),
            program.value(&enclosed, 64),
        ];
        for low in lower.into_iter().flatten() {
            compared += 1;
            assert!(agree(&low, &high), "{:?} at {point}: {low:?} {high:?}", program.nodes());
        }
    }
    assert!(compared > 5_000, "{compared}");
}

#[test]
fn boxes_enclose_their_points() {
    let mut source = Source::new(2);
    let mut compared = 0;
    for _ in 0..4_000 {
        let mut table = Table::new();
        let root = source.expression(&mut table, 4);
        let program = Program::new(&table, root);
        let (lo, hi) = source.bounds();
        let range = Interval::hull_of(&lo, &hi, 64).unwrap();
        let Ok(wide) = program.value(&[Number::from(range.clone())], 64) else {
            continue;
        };
        assert!(program.is_defined_on(&range, 64).is_ok());
        for place in [lo.clone(), hi.clone(), source.between(&lo, &hi)] {
            let value = program.value(&[Number::Exact(place.clone())], HIGH);
            let value = value.unwrap_or_else(|error| panic!("{:?} at {place}: {error:?}", program.nodes()));
            compared += 1;
            assert!(
                agree(&wide, &value),
                "{:?} at {place}: {wide:?} {value:?}",
                program.nodes()
            );
        }
    }
    assert!(compared > 4_000, "{compared}");
}

#[test]
fn underflowing_exponentials_keep_their_sign() {
    let range = Interval::hull_of(&Rational::from(1), &Rational::from(1_000_000_000_000_000_u64), 64).unwrap();
    let value = |text: &str, range: &Interval| program(text).value(&[Number::from(range.clone())], 64);
    assert!(value("exp(-w)", &range).unwrap().is_positive());
    assert!(value("-exp(-w)-exp(-2*w)", &range).unwrap().is_negative());
    assert!(value("exp(-w)*w-0", &range).unwrap().is_positive());
    assert!(value("tanh(erf(asinh(exp(-w^2))))", &range).unwrap().is_positive());
    assert!(value("1/exp(-w)", &range).unwrap().is_positive());
    assert!(value("exp(-w)^(-3)", &range).unwrap().is_positive());
    assert!(value("1/(w*exp(-w))", &range).unwrap().is_positive());
    assert!(value("-1/exp(-w)", &range).unwrap().is_negative());
    // What cannot be told apart from 0 is refused, not guessed.
    assert!(!value("exp(-w)-exp(-2*w)", &range).unwrap().is_nonzero());
    for text in ["1/(exp(-w)-exp(-2*w))", "log(exp(-w))", "exp(-w)^(-1/2)"] {
        assert!(matches!(value(text, &range), Err(Undefined::Domain { .. })), "{text}");
    }
    let all = Interval::entire(64);
    assert!(value("exp(w)", &all).unwrap().is_positive());
    assert!(value("1/exp(w)", &all).unwrap().is_positive());
    assert!(value("cosh(w)", &all).unwrap().is_positive());
}

#[test]
fn tiny_divisors_are_inverted_quickly() {
    // The endpoints have exponents near the end of the range: no exact rational may be made of them.
    let range = Interval::hull_of(
        &Rational::from(700_000_000),
        &Rational::from(1_000_000_000_000_000_u64),
        64,
    )
    .unwrap();
    let start = std::time::Instant::now();
    for _ in 0..200 {
        let value = program("1/exp(-w)").value(&[Number::from(range.clone())], 64).unwrap();
        assert!(value.is_positive() && *value.interval(64).inf() > 1_000_000);
        assert!(
            program("log(exp(-w))")
                .value(&[Number::from(range.clone())], 64)
                .is_err()
        );
    }
    assert!(start.elapsed().as_secs() < 2, "{:?}", start.elapsed());
}

#[test]
fn domains_are_respected() {
    let zero = Interval::hull_of(&Rational::new(), &Rational::from(1), 64).unwrap();
    let across = Interval::hull_of(&Rational::from(-1), &Rational::from(1), 64).unwrap();
    for text in [
        "1/w",
        "log(w)",
        "w^(-1)",
        "w^(-1/2)",
        "tan(pi*w/2)",
        "0/w",
        "w/w",
        "log(w)-log(w)",
        "w^(-9999/9998)",
    ] {
        assert!(program(text).is_defined_on(&zero, 64).is_err(), "{text}");
    }
    for text in ["sqrt(w)", "w^(1/3)", "0*sqrt(w)", "(1/w)^0", "sqrt(w)-sqrt(w)"] {
        assert!(program(text).is_defined_on(&across, 64).is_err(), "{text}");
    }
    for text in ["sqrt(w)", "w^0", "w^(9999/9998)", "abs(w)^(1/3)", "sqrt(w^2)"] {
        assert!(program(text).is_defined_on(&zero, 64).is_ok(), "{text}");
    }
    assert_eq!(
        program("w+v").value(&[Number::integer(1)], 64),
        Err(Undefined::Malformed)
    );
    assert_eq!(
        program("w-w").value(&[Number::from(across)], 64),
        Ok(Number::integer(0))
    );
}

#[test]
fn factors_of_derivatives_are_exact_or_unknown() {
    assert_eq!(factorial(5), Number::integer(120));
    assert_eq!(falling(5, 2), Number::integer(20));
    assert_eq!(falling(3, 0), Number::integer(1));
    let true_value = Number::Exact(Rational::from(Integer::from(Integer::factorial(1_500))));
    assert!(agree(&factorial(1_500), &true_value));
    assert!(agree(&falling(1_500, 1_500), &true_value));
    assert!(factorial(usize::MAX).interval(64).is_entire());
    assert!(falling(usize::MAX, usize::MAX).interval(64).is_entire());
}

#[test]
fn hostile_expressions_end_quickly() {
    let mut table = Table::new();
    let w = table.w();
    let mut towers = vec![w; 4];
    for _ in 0..3_000 {
        towers[0] = table.insert(Node::Apply(Function::Exp, towers[0]));
        towers[1] = table.insert(Node::Mul(towers[1], towers[1]));
        towers[2] = table.insert(Node::Power(towers[2], Rational::from((9_999, 9_998))));
        towers[3] = table.insert(Node::Div(towers[3], towers[2]));
    }
    let start = std::time::Instant::now();
    for root in towers {
        let program = Program::new(&table, root);
        for point in [Rational::from((3, 2)), Rational::from((1, 3)), Rational::from(-2)] {
            let _ = program.value(&[Number::Exact(point.clone())], 64);
            let _ = program.jet(&[Number::Exact(point)], 2, 64);
        }
    }
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
}
