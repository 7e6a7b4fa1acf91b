//! Lowering an expression to a form at one end of an interval.

use super::super::evaluate::Program;
use super::super::expr::{Function, Id, Node};
use super::super::interval::Interval;
use super::super::number::Number;
use super::form::{Form, TailError, power_of_t};
use super::monomial::HalfLine;
use rug::Rational;

/// The end of an interval that a tail runs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Toward {
    /// w = -t.
    NegativeInfinity,
    /// w = t.
    PositiveInfinity,
    /// w = a + 1/t: towards the finite left end a.
    FromRight(Rational),
    /// w = b - 1/t: towards the finite right end b.
    FromLeft(Rational),
}

/// The points t_k = offset + 2 pi period k for all whole k that make t_k >= T: a sequence to infinity on which
/// trigonometric functions of commensurable angles stand still.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sequence {
    /// The phase.
    pub offset: Rational,
    /// The step in full turns.
    pub period: Rational,
}

/// A tail t >= T towards an end, with the number of terms that forms keep.
#[derive(Clone, Debug)]
pub struct Ray {
    /// Where the tail leads.
    pub end: Toward,
    /// If given, only these points of the tail are meant.
    pub along: Option<Sequence>,
    /// If set, roots and absolute values are only allowed of quantities that stay positive (or keep their sign).
    pub strict: bool,
    pub(super) line: HalfLine,
    pub(super) keep: usize,
}

impl Ray {
    /// The tail t >= `from` > 0; `keep` (1 to 12) is the number of exact terms kept.
    pub fn new(end: Toward, from: &Rational, keep: u8, precision: u32) -> Option<Self> {
        if !(1..=12).contains(&keep) {
            return None;
        }
        let line = HalfLine::new(from, precision)?;
        Some(Ray {
            end,
            along: None,
            strict: false,
            line,
            keep: usize::from(keep),
        })
    }

    /// The same tail restricted to a sequence; only for infinite ends and positive periods.
    pub fn along(mut self, sequence: Sequence) -> Option<Self> {
        let infinite = matches!(self.end, Toward::NegativeInfinity | Toward::PositiveInfinity);
        if !infinite || sequence.period <= 0 {
            return None;
        }
        self.along = Some(sequence);
        Some(self)
    }

    /// The number of exact terms that forms keep.
    pub fn keep(&self) -> usize {
        self.keep
    }

    /// The half line of t.
    pub fn line(&self) -> &HalfLine {
        &self.line
    }

    /// The point of the w-axis where the tail begins.
    pub fn start(&self) -> Rational {
        self.point(self.line.from())
    }

    /// The point of the w-axis that belongs to t > 0.
    pub fn point(&self, t: &Rational) -> Rational {
        match &self.end {
            Toward::NegativeInfinity => Rational::from(-t),
            Toward::PositiveInfinity => t.clone(),
            Toward::FromRight(a) => a + Rational::from(t.recip_ref()),
            Toward::FromLeft(b) => b - Rational::from(t.recip_ref()),
        }
    }

    /// The variable w as a form in t.
    fn variable(&self) -> Form {
        let one = Rational::from(1);
        match &self.end {
            Toward::NegativeInfinity => power_of_t(one, Rational::from(-1)),
            Toward::PositiveInfinity => power_of_t(one.clone(), one),
            Toward::FromRight(a) => self.shifted(a, 1),
            Toward::FromLeft(b) => self.shifted(b, -1),
        }
    }

    fn shifted(&self, point: &Rational, sign: i32) -> Form {
        let step = power_of_t(Rational::from(-1), Rational::from(sign));
        Form::constant(Number::Exact(point.clone())).add(&step, self.line.precision())
    }
}

/// The form of an expression on a tail; `others` are the values of `Variable(1)`, `Variable(2)`, ...
/// Success also shows that the expression is defined and continuous on the tail.
///
/// Errors: [`TailError`] where a sub-expression may leave its domain or the growth cannot be followed.
/// Panics: never.
pub fn form_of(program: &Program, ray: &Ray, others: &[Number]) -> Result<Form, TailError> {
    let precision = ray.line.precision();
    if ray.strict && ray.along.is_some() {
        // On a sequence of points a sign says nothing about what lies between them.
        return Err(TailError::Undetermined("analyticity along a sequence"));
    }
    let mut forms: Vec<Form> = Vec::with_capacity(program.nodes().len());
    for node in program.nodes() {
        let of = |id: &Id| forms.get(id.index()).ok_or(TailError::Malformed);
        let form = match node {
            Node::Number(value) => Form::constant(Number::Exact(value.clone())),
            Node::Pi => Form::constant(Number::from(Interval::pi(precision))),
            Node::Variable(0) => ray.variable(),
            Node::Variable(name) => {
                let value = others
                    .get(usize::from(*name).saturating_sub(1))
                    .ok_or(TailError::Malformed)?;
                Form::constant(value.clone())
            }
            Node::Add(a, b) => of(a)?.add(of(b)?, precision),
            Node::Sub(a, b) => {
                let left = of(a)?;
                if a == b {
                    Form::constant(Number::integer(0))
                } else {
                    left.sub(of(b)?, precision)
                }
            }
            Node::Mul(a, b) if a == b => ray.power(of(a)?, &Rational::from(2))?,
            Node::Mul(a, b) => of(a)?.mul(of(b)?, &ray.line, ray.keep)?,
            Node::Div(a, b) => ray.divide(of(a)?, of(b)?)?,
            Node::Neg(a) => of(a)?.neg(),
            Node::Power(a, exponent) if *exponent.denom() != 1 && !ray.stays_analytic(of(a)?) => {
                return Err(TailError::Undetermined("a root of a quantity that may vanish"));
            }
            Node::Apply(Function::Abs, a) if !ray.stays_analytic(&ray.apply(Function::Abs, of(a)?)?) => {
                return Err(TailError::Undetermined(
                    "an absolute value of a quantity that may vanish",
                ));
            }
            Node::Power(a, exponent) => ray.power(of(a)?, exponent)?,
            Node::Apply(function, a) => ray.apply(*function, of(a)?)?,
        };
        if !form.is_tame() {
            return Err(TailError::Undetermined("exponents that grow beyond all bounds"));
        }
        forms.push(form.shortened(&ray.line, ray.keep)?);
    }
    forms.pop().ok_or(TailError::Malformed)
}
