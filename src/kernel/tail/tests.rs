//! Tests of tails: whatever a form claims is compared with values at points of the tail, at high precision.

mod forms;
mod monomials;
mod random;

use super::super::evaluate::Program;
use super::super::evaluate::tests::{HIGH, Source, agree, program};
use super::super::interval::Interval;
use super::super::number::{Number, Sign};
use super::{Form, HalfLine, Monomial, Ray, Sequence, TailError, Toward, form_of};
use rug::ops::Pow;
use rug::{Integer, Rational};

/// The precision of the forms under test.
const BITS: u32 = 96;

fn ratio(numerator: i64, denominator: i64) -> Rational {
    Rational::from((numerator, denominator))
}

fn power_of_ten(exponent: i32) -> Rational {
    let power = Rational::from(Integer::from(10).pow(exponent.unsigned_abs()));
    if exponent < 0 { power.recip() } else { power }
}

/// The value of a monomial at t, computed from its parts alone; `None` if a logarithm is not positive or it is too far.
fn monomial_at(monomial: &Monomial, t: &Interval) -> Option<Number> {
    let (exponential, powers) = monomial.parts();
    let mut exponent = Interval::point(&Rational::new(), HIGH);
    for (power, coefficient) in exponential {
        exponent = exponent.add(&t.pow_rational(power).ok()?.scale(coefficient));
    }
    let mut value = Number::Enclosed {
        range: exponent.exp(),
        nonzero: true,
    };
    let mut base = t.clone();
    for (level, power) in powers.iter().enumerate() {
        if level > 0 && powers[level..].iter().any(|power| *power != 0) {
            base = base.ln().ok()?;
        }
        if *power != 0 {
            let factor = Number::Enclosed {
                range: base.clone(),
                nonzero: true,
            }
            .power(power, HIGH)
            .ok()?;
            value = value.mul(&factor, HIGH);
        }
    }
    Some(value)
}

/// The value of the form at t: a set that must contain the value of the expression.
fn form_at(form: &Form, t: &Interval) -> Option<Number> {
    let mut sum = Number::integer(0);
    for (monomial, coefficient) in form.terms() {
        let value = if monomial.is_one() {
            Number::integer(1)
        } else {
            monomial_at(monomial, t)?
        };
        sum = sum.add(&coefficient.mul(&value, HIGH), HIGH);
    }
    Some(sum)
}

/// Points t of the tail, near and far, with the w that belong to them; exact unless along a sequence.
fn points(source: &mut Source, ray: &Ray) -> Vec<(Interval, Number)> {
    let from = ray.line().from().clone();
    let mut points = Vec::new();
    for round in 0..10 {
        let stretch = match round {
            0 => Rational::from(1),
            1 => Rational::from(1) + power_of_ten(-9),
            2..6 => Rational::from(1) + source.between(&Rational::new(), &Rational::from(3)),
            6..9 => Rational::from(10).pow(source.below(6) as i32) + Rational::from(source.below(1000)),
            _ => power_of_ten(6),
        };
        let t = Rational::from(&from * &stretch);
        match &ray.along {
            None => points.push((Interval::point(&t, HIGH), Number::Exact(ray.point(&t)))),
            Some(Sequence { offset, period }) => {
                // The first member of the sequence beyond t, and a bit more.
                let steps = Rational::from(&t - offset) / period;
                let k = steps.ceil() + Rational::from(source.below(50));
                let turn = Interval::pi(HIGH).scale(&(Rational::from(2) * period * k.max(Rational::new())));
                let place = turn.add(&Interval::point(offset, HIGH));
                if place.inf() < &t {
                    continue;
                }
                let w = if ray.end == Toward::NegativeInfinity {
                    place.neg()
                } else {
                    place.clone()
                };
                points.push((place, Number::from(w)));
            }
        }
    }
    points
}

/// Compares all claims of a form with values of the expression. Gives the number of comparisons.
fn compare(program: &Program, ray: &Ray, form: &Form, source: &mut Source) -> usize {
    let line = ray.line();
    let context = || format!("{:?}\n{ray:?}\n{form:?}", program.nodes());
    let range = form.range(line);
    let leading = form.leading(line);
    let sign = form.sign(line);
    if let (Some(direction), Ok(range)) = (form.diverges(line), &range) {
        assert!(!range.interval(BITS).is_bounded(), "{}", context());
        assert!(sign.is_none() || sign == Some(direction), "{}", context());
    }
    let mut compared = 0;
    for (t, w) in points(source, ray) {
        let value = match program.value(std::slice::from_ref(&w), HIGH) {
            Ok(value) => value,
            // Where w is an enclosure it may reach over the edge of a domain, and far out the numbers overflow.
            Err(_) if matches!(w, Number::Enclosed { .. }) => continue,
            Err(error) => {
                assert!(too_far(program, &w), "undefined at {w:?}: {error:?}\n{}", context());
                continue;
            }
        };
        compared += 1;
        if let Ok(range) = &range {
            assert!(
                agree(range, &value),
                "range {range:?}, value {value:?} at {w:?}\n{}",
                context()
            );
        }
        if let (Some(claimed), Some(seen)) = (sign, value.sign()) {
            assert_eq!(claimed, seen, "sign at {w:?}\n{}", context());
        }
        if let Some(whole) = form_at(form, &t) {
            assert!(
                agree(&whole, &value),
                "form {whole:?}, value {value:?} at {w:?}\n{}",
                context()
            );
        }
        if let Ok(Some((monomial, bracket))) = &leading
            && let Some(scale) = monomial_at(monomial, &t)
            && let Ok(quotient) = value.div(&scale, HIGH)
        {
            assert!(
                agree(bracket, &quotient),
                "leading {bracket:?}, {quotient:?} at {w:?}\n{}",
                context()
            );
        }
    }
    compared
}

/// Whether some intermediate value is so large or so small that an error may be one of precision alone.
fn too_far(program: &Program, w: &Number) -> bool {
    // The nodes are children first, so every prefix of the program is a program.
    let limit = power_of_ten(100);
    (1..program.nodes().len()).any(|length| {
        let mut table = super::super::expr::Table::new();
        let mut last = table.w();
        let mut places = Vec::new();
        for node in &program.nodes()[..length] {
            use super::super::expr::Node;
            let of = |id: &super::super::expr::Id| places[id.index()];
            let node = match node {
                Node::Number(_) | Node::Pi | Node::Variable(_) => node.clone(),
                Node::Add(a, b) => Node::Add(of(a), of(b)),
                Node::Sub(a, b) => Node::Sub(of(a), of(b)),
                Node::Mul(a, b) => Node::Mul(of(a), of(b)),
                Node::Div(a, b) => Node::Div(of(a), of(b)),
                Node::Neg(a) => Node::Neg(of(a)),
                Node::Power(a, exponent) => Node::Power(of(a), exponent.clone()),
                Node::Apply(function, a) => Node::Apply(*function, of(a)),
            };
            last = table.insert(node);
            places.push(last);
        }
        match Program::new(&table, last).value(std::slice::from_ref(w), HIGH) {
            Err(_) => false,
            Ok(value) => {
                let range = value.interval(HIGH);
                range.mag() > limit || range.mig() < Rational::from(limit.recip_ref())
            }
        }
    })
}

/// The rays of all directions that begin at `from`, with sequences for the infinite ends.
fn rays(from: &Rational, keep: u8) -> Vec<Ray> {
    let end = ratio(1, 3);
    let ends = [
        Toward::PositiveInfinity,
        Toward::NegativeInfinity,
        Toward::FromRight(Rational::new()),
        Toward::FromLeft(Rational::new()),
        Toward::FromRight(end.clone()),
        Toward::FromLeft(end),
    ];
    let mut rays: Vec<Ray> = ends
        .into_iter()
        .filter_map(|end| Ray::new(end, from, keep, BITS))
        .collect();
    for end in [Toward::PositiveInfinity, Toward::NegativeInfinity] {
        for (offset, period) in [
            (ratio(0, 1), ratio(1, 1)),
            (ratio(3, 2), ratio(2, 1)),
            (ratio(-7, 5), ratio(1, 2)),
        ] {
            let ray = Ray::new(end.clone(), from, keep, BITS).unwrap();
            rays.push(ray.along(Sequence { offset, period }).unwrap());
        }
    }
    rays
}
