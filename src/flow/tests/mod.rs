//! Tests of tubes and limits against solutions that are known: by formulas, by another integrator, or with more bits.

mod boxes;
mod inclusion;
mod limits;
mod mutations;
mod reference;

use super::tube::{Builder, Wish};
use crate::kernel::certificate::Exact;
use crate::kernel::expr::{Function, Id, Node, Table};
use crate::kernel::flow::data::{Model, SystemData};
use crate::kernel::flow::{Segment, System, Walk};
use crate::kernel::interval::Interval;
use reference::{Flow, follow};
use rug::{Float, Rational};
use std::sync::Arc;

/// A reproducible source of choices (the generator is Marsaglia's xorshift with a multiplication).
struct Source(u64);

impl Source {
    fn new(seed: u64) -> Self {
        Source(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below `bound`.
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) % bound
    }

    /// A rational between two others.
    fn between(&mut self, lo: &Rational, hi: &Rational) -> Rational {
        Rational::from(hi - lo) * Rational::from((self.below(1 << 20), (1 << 20) - 1)) + lo
    }

    /// A hundredth of absolute value at most `size`.
    fn hundredth(&mut self, size: u64) -> Rational {
        let hundredths = Rational::from(self.below(200 * size + 1)) / 100u32;
        hundredths - Rational::from(size)
    }
}

/// A flow to be enclosed.
#[derive(Clone)]
struct Case {
    table: Table,
    model: Model,
    start: Vec<[Rational; 2]>,
    disturbance: Vec<Rational>,
}

impl Case {
    /// x' = formulas in x1, x2, ...
    fn field(formulas: &[&str]) -> Self {
        let mut table = Table::new();
        let speeds = formulas.iter().map(|text| formula(&mut table, text)).collect();
        Case::new(table, Model::Field { speeds })
    }

    /// The flow of a network; the entries of the product are x1, x2, ...
    fn network(cost: &str, widths: &[u16]) -> Self {
        let mut table = Table::new();
        let cost = formula(&mut table, cost);
        let widths = widths.to_vec();
        Case::new(table, Model::Linear { cost, widths })
    }

    fn new(table: Table, model: Model) -> Self {
        Case {
            table,
            model,
            start: Vec::new(),
            disturbance: Vec::new(),
        }
    }

    /// From a point.
    fn from(mut self, start: &[(i32, u32)]) -> Self {
        let point = |value: &(i32, u32)| [Rational::from(*value), Rational::from(*value)];
        self.start = start.iter().map(point).collect();
        self
    }

    /// From a box with this radius around a point.
    fn around(mut self, radius: (i32, u32)) -> Self {
        let radius = Rational::from(radius);
        for [lo, hi] in &mut self.start {
            *lo -= &radius;
            *hi += &radius;
        }
        self
    }

    fn data(&self) -> SystemData {
        let exact = |values: &[Rational; 2]| values.clone().map(Exact);
        SystemData {
            nodes: self.table.nodes().to_vec(),
            model: self.model.clone(),
            names: Vec::new(),
            start: self.start.iter().map(exact).collect(),
            disturbance: self.disturbance.iter().cloned().map(Exact).collect(),
        }
    }

    fn system(&self) -> Arc<System> {
        Arc::new(System::open(&self.data()).unwrap())
    }

    /// A tube up to a time.
    fn tube(&self, precision: u32, degree: u8, until: &Rational) -> Builder {
        let builder = self.reached(precision, degree, until);
        assert_eq!(builder.walk().time(), until);
        builder
    }

    /// A tube up to a time, or as far as it makes sense.
    fn reached(&self, precision: u32, degree: u8, until: &Rational) -> Builder {
        let wish = Wish {
            precision,
            degree,
            deadline: None,
        };
        let mut builder = Builder::new(&self.system(), &wish).unwrap();
        while builder.walk().time() < until && builder.step(until).is_ok() {}
        builder
    }

    /// The middle of the starts.
    fn middle(&self) -> Vec<Rational> {
        self.start
            .iter()
            .map(|[lo, hi]| Rational::from(lo + hi) / 2u32)
            .collect()
    }

    /// A start, often at a corner or on a face.
    fn member(&self, source: &mut Source) -> Vec<Rational> {
        let mut choose = |[lo, hi]: &[Rational; 2]| match source.below(4) {
            0 => lo.clone(),
            1 => hi.clone(),
            _ => source.between(lo, hi),
        };
        self.start.iter().map(&mut choose).collect()
    }

    /// Checks a walk against the solution from a start at some times, and at the end.
    fn check(&self, walk: &Walk, start: &[Rational], push: &[Float], source: &mut Source, count: usize) {
        let mut times: Vec<Rational> = (0..count)
            .map(|_| source.between(&Rational::new(), walk.time()))
            .collect();
        times.push(walk.time().clone());
        times.sort();
        let flow = Flow::new(self, push);
        let found = follow(&flow, start, &times);
        for (time, solution) in times.iter().zip(&found) {
            demand(&at(walk, time), solution, time);
        }
        demand(&walk.bounds(), &found[count], walk.time());
    }
}

/// The box of a walk at a time.
fn at(walk: &Walk, time: &Rational) -> Vec<Interval> {
    let precision = walk.ground().precision();
    walk.segments()
        .iter()
        .find_map(|segment: &Segment| segment.at(time, precision))
        .unwrap()
}

/// Demands that a solution is in a box, up to the error of the reference.
#[track_caller]
fn demand(bounds: &[Interval], solution: &[Float], time: &Rational) {
    assert_eq!(bounds.len(), solution.len());
    for (range, value) in bounds.iter().zip(solution) {
        let error = Float::with_val(value.prec(), value.abs_ref()) * reference::ERROR + reference::ERROR;
        let (below, above) = (value.clone() - &error, value.clone() + &error);
        assert!(
            *range.inf() <= above && *range.sup() >= below,
            "t = {time}: {value} is not in {range:?}"
        );
    }
}

/// Reads a formula: sums, products, powers with whole exponents, functions, numbers, and x1, x2, ...
fn formula(table: &mut Table, text: &str) -> Id {
    let text = text.replace(' ', "");
    let mut reader = Reader {
        text: text.as_bytes(),
        table,
    };
    let id = reader.sum();
    assert!(reader.text.is_empty(), "{text}");
    id
}

struct Reader<'a> {
    text: &'a [u8],
    table: &'a mut Table,
}

impl Reader<'_> {
    fn eat(&mut self, byte: u8) -> bool {
        let found = self.text.first() == Some(&byte);
        self.text = &self.text[usize::from(found)..];
        found
    }

    fn word(&mut self, belongs: impl Fn(&u8) -> bool) -> String {
        let end = self
            .text
            .iter()
            .position(|byte| !belongs(byte))
            .unwrap_or(self.text.len());
        let (word, rest) = self.text.split_at(end);
        self.text = rest;
        String::from_utf8(word.to_vec()).unwrap()
    }

    fn sum(&mut self) -> Id {
        let mut left = self.term();
        loop {
            let node: fn(Id, Id) -> Node = match self.text.first() {
                Some(b'+') => Node::Add,
                Some(b'-') => Node::Sub,
                _ => return left,
            };
            self.text = &self.text[1..];
            let right = self.term();
            left = self.table.insert(node(left, right));
        }
    }

    fn term(&mut self) -> Id {
        if self.eat(b'-') {
            let inner = self.term();
            return self.table.insert(Node::Neg(inner));
        }
        let mut left = self.power();
        loop {
            let node: fn(Id, Id) -> Node = match self.text.first() {
                Some(b'*') => Node::Mul,
                Some(b'/') => Node::Div,
                _ => return left,
            };
            self.text = &self.text[1..];
            let right = self.power();
            left = self.table.insert(node(left, right));
        }
    }

    fn power(&mut self) -> Id {
        let base = self.atom();
        if !self.eat(b'^') {
            return base;
        }
        let exponent = self.word(u8::is_ascii_digit).parse().unwrap();
        self.table.insert(Node::Power(base, exponent))
    }

    fn atom(&mut self) -> Id {
        if self.eat(b'(') {
            let inner = self.sum();
            assert!(self.eat(b')'));
            return inner;
        }
        let name = self.word(u8::is_ascii_alphabetic);
        if name.is_empty() {
            let number: Rational = self.word(u8::is_ascii_digit).parse().unwrap();
            return self.table.number(number);
        }
        if name == "x" {
            let number: u16 = self.word(u8::is_ascii_digit).parse().unwrap();
            return self.table.insert(Node::Variable(number - 1));
        }
        let function = Function::ALL
            .into_iter()
            .find(|function| function.name() == name)
            .unwrap();
        assert!(self.eat(b'('));
        let inner = self.sum();
        assert!(self.eat(b')'));
        self.table.insert(Node::Apply(function, inner))
    }
}
