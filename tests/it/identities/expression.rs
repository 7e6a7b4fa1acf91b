//! Matrix expressions with symbolic shapes: their text, and their values by an evaluator that knows nothing of the kernel.

use rug::Rational;

/// A source of random numbers that is the same everywhere (splitmix64).
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    fn small(&mut self) -> Rational {
        let sign = if self.below(2) == 0 { 1 } else { -1 };
        Rational::from((sign * (self.below(97) as i32 + 1), self.below(3) as i32 + 1))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    One,
    N,
    K,
}

pub type Shape = (Size, Size);

/// Names, shapes, whether symmetric, and the motion; those without one rest. `U` has orthonormal columns.
pub const SYMBOLS: [(&str, Shape, bool, Option<&str>); 10] = [
    ("A", (Size::K, Size::N), false, Some("-B'*C")),
    ("B", (Size::N, Size::K), false, Some("C*B - B*S")),
    ("C", (Size::N, Size::N), false, Some("D*C - C*D'")),
    ("D", (Size::N, Size::N), false, None),
    ("S", (Size::K, Size::K), true, None),
    ("T", (Size::N, Size::N), true, None),
    ("s", (Size::One, Size::One), false, Some("tr(C)")),
    ("t", (Size::One, Size::One), false, None),
    ("u", (Size::N, Size::One), false, None),
    ("U", (Size::N, Size::K), false, None),
];
pub const U: usize = 9;

#[derive(Clone, Debug, PartialEq)]
pub enum Ex {
    Number(i32),
    Symbol(usize),
    Eye(Size),
    Add(Box<Ex>, Box<Ex>),
    Sub(Box<Ex>, Box<Ex>),
    Mul(Box<Ex>, Box<Ex>),
    Neg(Box<Ex>),
    Flip(Box<Ex>),
    Trace(Box<Ex>),
    Inner(Box<Ex>, Box<Ex>),
    Norm(Box<Ex>),
    Dot(Box<Ex>),
}

impl Ex {
    pub fn add(a: Ex, b: Ex) -> Ex {
        Ex::Add(Box::new(a), Box::new(b))
    }
    pub fn sub(a: Ex, b: Ex) -> Ex {
        Ex::Sub(Box::new(a), Box::new(b))
    }
    pub fn mul(a: Ex, b: Ex) -> Ex {
        Ex::Mul(Box::new(a), Box::new(b))
    }
    pub fn neg(a: Ex) -> Ex {
        Ex::Neg(Box::new(a))
    }
    pub fn flip(a: Ex) -> Ex {
        Ex::Flip(Box::new(a))
    }
    pub fn trace(a: Ex) -> Ex {
        Ex::Trace(Box::new(a))
    }
    pub fn inner(a: Ex, b: Ex) -> Ex {
        Ex::Inner(Box::new(a), Box::new(b))
    }
    pub fn dot(a: Ex) -> Ex {
        Ex::Dot(Box::new(a))
    }

    /// The shape, if the expression makes sense.
    pub fn shape(&self) -> Option<Shape> {
        const SCALAR: Shape = (Size::One, Size::One);
        Some(match self {
            Ex::Number(_) => SCALAR,
            Ex::Symbol(symbol) => SYMBOLS[*symbol].1,
            Ex::Eye(size) => (*size, *size),
            Ex::Add(a, b) | Ex::Sub(a, b) => a.shape().filter(|shape| b.shape() == Some(*shape))?,
            Ex::Mul(a, b) => match (a.shape()?, b.shape()?) {
                (SCALAR, shape) | (shape, SCALAR) => shape,
                ((rows, inner), (same, columns)) if inner == same => (rows, columns),
                _ => return None,
            },
            Ex::Neg(a) | Ex::Dot(a) => a.shape()?,
            Ex::Flip(a) => a.shape().map(|(rows, columns)| (columns, rows))?,
            Ex::Trace(a) => a.shape().filter(|(rows, columns)| rows == columns).map(|_| SCALAR)?,
            Ex::Inner(a, b) => a.shape().filter(|shape| b.shape() == Some(*shape)).map(|_| SCALAR)?,
            Ex::Norm(a) => a.shape().map(|_| SCALAR)?,
        })
    }

    pub fn parts(&mut self) -> Vec<&mut Ex> {
        match self {
            Ex::Number(_) | Ex::Symbol(_) | Ex::Eye(_) => Vec::new(),
            Ex::Add(a, b) | Ex::Sub(a, b) | Ex::Mul(a, b) | Ex::Inner(a, b) => vec![a, b],
            Ex::Neg(a) | Ex::Flip(a) | Ex::Trace(a) | Ex::Norm(a) | Ex::Dot(a) => vec![a],
        }
    }

    /// All expressions below, itself first.
    pub fn count(&mut self) -> usize {
        1 + self.parts().into_iter().map(Ex::count).sum::<usize>()
    }

    pub fn at(&mut self, mut place: usize) -> &mut Ex {
        if place == 0 {
            return self;
        }
        place -= 1;
        for part in self.parts() {
            let count = part.count();
            if place < count {
                return part.at(place);
            }
            place -= count;
        }
        unreachable!("a place outside of the expression")
    }

    /// In the language of claim files.
    pub fn text(&self) -> String {
        match self {
            Ex::Number(value) => format!("({value})"),
            Ex::Symbol(symbol) => SYMBOLS[*symbol].0.to_owned(),
            Ex::Eye(size) => format!("eye({})", letter(*size)),
            Ex::Add(a, b) => format!("({} + {})", a.text(), b.text()),
            Ex::Sub(a, b) => format!("({} - {})", a.text(), b.text()),
            Ex::Mul(a, b) => format!("({}*{})", a.text(), b.text()),
            Ex::Neg(a) => format!("(-{})", a.text()),
            Ex::Flip(a) => format!("({})'", a.text()),
            Ex::Trace(a) => format!("tr({})", a.text()),
            Ex::Inner(a, b) => format!("inner({}, {})", a.text(), b.text()),
            Ex::Norm(a) => format!("norm2({})", a.text()),
            Ex::Dot(a) => format!("dot({})", a.text()),
        }
    }

    /// Operators before operands, for other programs.
    pub fn prefix(&self) -> String {
        match self {
            Ex::Number(value) => format!("num {value}"),
            Ex::Symbol(symbol) => format!("sym {}", SYMBOLS[*symbol].0),
            Ex::Eye(size) => format!("eye {}", letter(*size)),
            Ex::Add(a, b) => format!("add {} {}", a.prefix(), b.prefix()),
            Ex::Sub(a, b) => format!("sub {} {}", a.prefix(), b.prefix()),
            Ex::Mul(a, b) => format!("mul {} {}", a.prefix(), b.prefix()),
            Ex::Neg(a) => format!("neg {}", a.prefix()),
            Ex::Flip(a) => format!("flip {}", a.prefix()),
            Ex::Trace(a) => format!("tr {}", a.prefix()),
            Ex::Inner(a, b) => format!("inner {} {}", a.prefix(), b.prefix()),
            Ex::Norm(a) => format!("norm2 {}", a.prefix()),
            Ex::Dot(a) => format!("dot {}", a.prefix()),
        }
    }
}

fn letter(size: Size) -> &'static str {
    match size {
        Size::One => "1",
        Size::N => "n",
        Size::K => "k",
    }
}

pub type Matrix = Vec<Vec<Rational>>;

/// Random values of all symbols, and their velocities.
pub struct Point {
    pub n: usize,
    pub k: usize,
    values: Vec<(Matrix, Matrix)>,
}

fn product(a: &Matrix, b: &Matrix) -> Matrix {
    if a.len() == 1 && a[0].len() == 1 {
        return map(b, |entry| Rational::from(entry * &a[0][0]));
    }
    if b.len() == 1 && b[0].len() == 1 {
        return map(a, |entry| Rational::from(entry * &b[0][0]));
    }
    assert_eq!(a[0].len(), b.len());
    let entry = |row: &Vec<Rational>, j: usize| row.iter().zip(b).map(|(x, row)| Rational::from(x * &row[j])).sum();
    a.iter()
        .map(|row| (0..b[0].len()).map(|j| entry(row, j)).collect())
        .collect()
}

fn map(a: &Matrix, entry: impl Fn(&Rational) -> Rational) -> Matrix {
    a.iter().map(|row| row.iter().map(&entry).collect()).collect()
}

fn plus(a: &Matrix, b: &Matrix, sign: i32) -> Matrix {
    let row =
        |(a, b): (&Vec<Rational>, &Vec<Rational>)| a.iter().zip(b).map(|(x, y)| y * Rational::from(sign) + x).collect();
    a.iter().zip(b).map(row).collect()
}

fn flip(a: &Matrix) -> Matrix {
    (0..a[0].len())
        .map(|j| a.iter().map(|row| row[j].clone()).collect())
        .collect()
}

fn trace(a: &Matrix) -> Matrix {
    vec![vec![(0..a.len()).map(|i| a[i][i].clone()).sum()]]
}

impl Point {
    /// Random values at these sizes; k is at most n, so that `U` can have orthonormal columns.
    pub fn new(n: usize, k: usize, random: &mut Random) -> Self {
        let mut point = Point {
            n,
            k,
            values: Vec::new(),
        };
        for (place, (_, (rows, columns), symmetric, _)) in SYMBOLS.iter().enumerate() {
            let (rows, columns) = (point.size(*rows), point.size(*columns));
            let mut value: Matrix = (0..rows)
                .map(|_| (0..columns).map(|_| random.small()).collect())
                .collect();
            if *symmetric {
                value = plus(&value, &flip(&value), 1);
            }
            if place == U {
                value = orthonormal(rows, columns, random);
            }
            let rest = map(&value, |_| Rational::new());
            point.values.push((value, rest));
        }
        let value = |symbol: usize| point.values[symbol].0.clone();
        let (b, c, d, s) = (value(1), value(2), value(3), value(4));
        let speeds = [
            (0, map(&product(&flip(&b), &c), |entry| Rational::from(-entry))),
            (1, plus(&product(&c, &b), &product(&b, &s), -1)),
            (2, plus(&product(&d, &c), &product(&c, &flip(&d)), -1)),
            (6, trace(&c)),
        ];
        for (symbol, speed) in speeds {
            point.values[symbol].1 = speed;
        }
        point
    }

    fn size(&self, size: Size) -> usize {
        match size {
            Size::One => 1,
            Size::N => self.n,
            Size::K => self.k,
        }
    }

    /// The value; time derivatives are not nested.
    pub fn value(&self, ex: &Ex) -> Matrix {
        match ex {
            Ex::Dot(a) => self.jet(a).1,
            _ => self.jet(ex).0,
        }
    }

    /// The value and the velocity. The velocity of what contains a derivative is not used.
    fn jet(&self, ex: &Ex) -> (Matrix, Matrix) {
        let zero = |a: &Matrix| map(a, |_| Rational::new());
        let still = |a: Matrix| {
            let rest = zero(&a);
            (a, rest)
        };
        match ex {
            Ex::Number(value) => still(vec![vec![Rational::from(*value)]]),
            Ex::Symbol(symbol) => self.values[*symbol].clone(),
            Ex::Eye(size) => {
                let size = self.size(*size);
                still(
                    (0..size)
                        .map(|i| (0..size).map(|j| Rational::from(i32::from(i == j))).collect())
                        .collect(),
                )
            }
            Ex::Add(a, b) | Ex::Sub(a, b) => {
                let sign = if matches!(ex, Ex::Add(..)) { 1 } else { -1 };
                let (a, b) = (self.jet(a), self.jet(b));
                (plus(&a.0, &b.0, sign), plus(&a.1, &b.1, sign))
            }
            Ex::Mul(a, b) => {
                let (a, b) = (self.jet(a), self.jet(b));
                (product(&a.0, &b.0), plus(&product(&a.1, &b.0), &product(&a.0, &b.1), 1))
            }
            Ex::Neg(a) => {
                let (a, speed) = self.jet(a);
                (plus(&zero(&a), &a, -1), plus(&zero(&a), &speed, -1))
            }
            Ex::Flip(a) => {
                let (a, speed) = self.jet(a);
                (flip(&a), flip(&speed))
            }
            Ex::Trace(a) => {
                let (a, speed) = self.jet(a);
                (trace(&a), trace(&speed))
            }
            Ex::Inner(a, b) => self.jet(&Ex::trace(Ex::mul(Ex::flip((**a).clone()), (**b).clone()))),
            Ex::Norm(a) => self.jet(&Ex::inner((**a).clone(), (**a).clone())),
            Ex::Dot(a) => still(self.jet(a).1),
        }
    }
}

/// A product of rational rotations and reflections, cut off.
fn orthonormal(rows: usize, columns: usize, random: &mut Random) -> Matrix {
    let mut value: Matrix = (0..rows)
        .map(|i| (0..columns).map(|j| Rational::from(i32::from(i == j))).collect())
        .collect();
    for _ in 0..4 {
        let (i, j) = (random.below(rows), random.below(rows));
        let (c, s) = [((3, 5), (4, 5)), ((5, 13), (12, 13)), ((-1, 1), (0, 1))][random.below(3)];
        let (c, s) = (Rational::from(c), Rational::from(s));
        if i == j {
            value[i].iter_mut().for_each(|entry| *entry *= -1);
            continue;
        }
        let (a, b) = (value[i].clone(), value[j].clone());
        for place in 0..columns {
            value[i][place] = Rational::from(&c * &a[place]) - Rational::from(&s * &b[place]);
            value[j][place] = Rational::from(&s * &a[place]) + Rational::from(&c * &b[place]);
        }
    }
    value
}
