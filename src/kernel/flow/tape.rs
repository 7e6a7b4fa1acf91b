//! Expressions as a list of elementary steps, each with a rule for Taylor coefficients and for derivatives.
//!
//! Every elementary function y = phi(a) satisfies y' = slope a' with a slope that is itself a step: sin has the slope cos,
//! exp the slope exp, atan the slope 1/(1 + a^2). Coefficients of order k of such a step need its slope up to order k - 1
//! only, so a slope may stand later in the list than the step it belongs to.
//!
//! Source: Griewank, Walther, Evaluating Derivatives, ch. 13.

use super::super::expr::{Function, Id, Node, Table};
use super::super::limits;
use super::super::theorem::{Rejection, require};
use rug::Rational;
use std::collections::BTreeMap;

/// The place of a step in its [`Tape`].
pub type Place = usize;

/// One elementary step.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// An exact number.
    Constant(Rational),
    /// The constant pi.
    Pi,
    /// A coordinate.
    Coordinate(usize),
    /// The sum.
    Add(Place, Place),
    /// The difference.
    Sub(Place, Place),
    /// The product.
    Mul(Place, Place),
    /// The quotient.
    Div(Place, Place),
    /// The negative.
    Neg(Place),
    /// A rational power that is not a whole positive one.
    Power(Place, Rational),
    /// y = function(of) with y' = slope of', or y' = -slope of' if `minus`.
    Apply {
        /// The elementary function, for the value.
        function: Function,
        /// Its argument.
        of: Place,
        /// Its slope; 0 until it is known.
        slope: Place,
        /// Whether the slope has the other sign.
        minus: bool,
    },
}

impl Step {
    /// Whether it is analytic wherever its arguments are. Panics: never.
    pub fn is_entire(&self) -> bool {
        match self {
            Step::Div(..) | Step::Power(..) => false,
            Step::Apply { function, .. } => !matches!(function, Function::Log | Function::Tan | Function::Abs),
            _ => true,
        }
    }
}

/// A list of steps, arguments before their functions.
#[derive(Clone, Debug, Default)]
pub struct Tape {
    steps: Vec<Step>,
    /// Where the expression of this place of the table went.
    places: BTreeMap<Id, Place>,
    /// Functions that are there already.
    applied: BTreeMap<(Function, Place), Place>,
    /// Square roots that are there already.
    roots: BTreeMap<Place, Place>,
}

impl Tape {
    /// The steps. Panics: never.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The step at a place. Panics: never.
    pub fn step(&self, place: Place) -> Option<&Step> {
        self.steps.get(place)
    }

    /// Adds an expression, with the variables in `bound` standing for steps and the others for coordinates.
    ///
    /// Errors: a [`Rejection`] if the expression has an absolute value, or becomes too long. Panics: never.
    pub fn add(&mut self, table: &Table, root: Id, bound: &BTreeMap<u16, Place>) -> Result<Place, Rejection> {
        for id in table.reachable(root) {
            if self.places.contains_key(&id) {
                continue;
            }
            let node = table.node(id).ok_or_else(|| Rejection::new("a broken table"))?;
            let place = self.lower(node, bound)?;
            self.places.insert(id, place);
            require(self.steps.len() <= limits::NODES, "too many steps")?;
        }
        self.of(root)
    }

    /// A copy of a step that is nothing else, so that it can be told from equal expressions elsewhere. Panics: never.
    pub fn copy(&mut self, place: Place) -> Place {
        let zero = self.push(Step::Constant(Rational::new()));
        self.push(Step::Add(place, zero))
    }

    fn of(&self, id: Id) -> Result<Place, Rejection> {
        let place = self.places.get(&id).copied();
        place.ok_or_else(|| Rejection::new("a broken table"))
    }

    fn push(&mut self, step: Step) -> Place {
        self.steps.push(step);
        self.steps.len().saturating_sub(1)
    }

    fn lower(&mut self, node: &Node, bound: &BTreeMap<u16, Place>) -> Result<Place, Rejection> {
        let step = match node {
            Node::Number(value) => Step::Constant(value.clone()),
            Node::Pi => Step::Pi,
            Node::Variable(name) => match bound.get(name) {
                Some(place) => return Ok(*place),
                None => Step::Coordinate(usize::from(*name)),
            },
            Node::Add(a, b) => Step::Add(self.of(*a)?, self.of(*b)?),
            Node::Sub(a, b) => Step::Sub(self.of(*a)?, self.of(*b)?),
            Node::Mul(a, b) => Step::Mul(self.of(*a)?, self.of(*b)?),
            Node::Div(a, b) => Step::Div(self.of(*a)?, self.of(*b)?),
            Node::Neg(a) => Step::Neg(self.of(*a)?),
            Node::Power(a, exponent) => {
                let base = self.of(*a)?;
                return Ok(self.power(base, exponent));
            }
            Node::Apply(function, a) => {
                let of = self.of(*a)?;
                return self.apply(*function, of);
            }
        };
        Ok(self.push(step))
    }

    /// A power: whole ones by repeated squaring, halves of odd numbers with a square root.
    fn power(&mut self, base: Place, exponent: &Rational) -> Place {
        let (numer, denom) = (exponent.numer().to_i32(), exponent.denom().to_u32());
        let (Some(times), Some(denom @ (1 | 2))) = (numer, denom) else {
            return self.push(Step::Power(base, exponent.clone()));
        };
        if times == 0 {
            return self.push(Step::Constant(Rational::from(1)));
        }
        let size = match denom {
            1 => self.whole_power(base, times.unsigned_abs()),
            _ => self.half_power(base, times.unsigned_abs()),
        };
        if times > 0 {
            return size;
        }
        let one = self.push(Step::Constant(Rational::from(1)));
        self.push(Step::Div(one, size))
    }

    /// The power n/2 for an odd n.
    fn half_power(&mut self, base: Place, times: u32) -> Place {
        let root = match self.roots.get(&base) {
            Some(root) => *root,
            None => self.push(Step::Power(base, Rational::from((1, 2)))),
        };
        self.roots.insert(base, root);
        if times == 1 {
            return root;
        }
        let whole = self.whole_power(base, times >> 1);
        self.push(Step::Mul(whole, root))
    }

    fn whole_power(&mut self, base: Place, times: u32) -> Place {
        let (mut square, mut rest, mut result) = (base, times, None);
        loop {
            if rest & 1 == 1 {
                result = Some(match result {
                    Some(product) => self.push(Step::Mul(product, square)),
                    None => square,
                });
            }
            rest >>= 1;
            match (rest, result) {
                (0, Some(product)) => return product,
                _ => square = self.push(Step::Mul(square, square)),
            }
        }
    }

    /// An elementary function with its slope.
    fn apply(&mut self, function: Function, of: Place) -> Result<Place, Rejection> {
        if let Some(place) = self.applied.get(&(function, of)) {
            return Ok(*place);
        }
        let place = self.push(Step::Apply {
            function,
            of,
            slope: 0,
            minus: false,
        });
        self.applied.insert((function, of), place);
        let (slope, minus) = self.slope(function, of, place)?;
        if let Some(Step::Apply {
            slope: known,
            minus: sign,
            ..
        }) = self.steps.get_mut(place)
        {
            (*known, *sign) = (slope, minus);
        }
        Ok(place)
    }

    /// The slope of an elementary function as a step, and whether it is the negative of that step.
    fn slope(&mut self, function: Function, of: Place, itself: Place) -> Result<(Place, bool), Rejection> {
        let slope = match function {
            Function::Exp => itself,
            Function::Log => {
                let one = self.push(Step::Constant(Rational::from(1)));
                self.push(Step::Div(one, of))
            }
            Function::Sin => self.apply(Function::Cos, of)?,
            Function::Cos => return Ok((self.apply(Function::Sin, of)?, true)),
            Function::Sinh => self.apply(Function::Cosh, of)?,
            Function::Cosh => self.apply(Function::Sinh, of)?,
            Function::Tan => self.inverse_square(Function::Cos, of)?,
            Function::Tanh => self.inverse_square(Function::Cosh, of)?,
            Function::Atan => {
                let below = self.one_plus_square(of);
                let one = self.push(Step::Constant(Rational::from(1)));
                self.push(Step::Div(one, below))
            }
            Function::Asinh => {
                let below = self.one_plus_square(of);
                self.power(below, &Rational::from((-1, 2)))
            }
            Function::Erf => {
                let square = self.push(Step::Mul(of, of));
                let exponent = self.push(Step::Neg(square));
                let bell = self.apply(Function::Exp, exponent)?;
                let pi = self.push(Step::Pi);
                let root = self.power(pi, &Rational::from((-1, 2)));
                let two = self.push(Step::Constant(Rational::from(2)));
                let factor = self.push(Step::Mul(two, root));
                self.push(Step::Mul(factor, bell))
            }
            Function::Abs => return Err(Rejection::new("an absolute value in a vector field")),
        };
        Ok((slope, false))
    }

    fn inverse_square(&mut self, function: Function, of: Place) -> Result<Place, Rejection> {
        let value = self.apply(function, of)?;
        let square = self.push(Step::Mul(value, value));
        let one = self.push(Step::Constant(Rational::from(1)));
        Ok(self.push(Step::Div(one, square)))
    }

    fn one_plus_square(&mut self, of: Place) -> Place {
        let square = self.push(Step::Mul(of, of));
        let one = self.push(Step::Constant(Rational::from(1)));
        self.push(Step::Add(one, square))
    }
}
