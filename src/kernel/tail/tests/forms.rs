//! What forms are good for: signs, divergence, vanishing, domains, strictness, and hostile expressions.

use super::super::super::expr::{Function, Node, Table};
use super::*;

fn ray(end: Toward, from: i64) -> Ray {
    Ray::new(end, &Rational::from(from), 4, BITS).unwrap()
}

fn form(text: &str, ray: &Ray) -> Result<Form, TailError> {
    form_of(&program(text), ray, &[])
}

#[test]
fn divergence_and_vanishing() {
    use Toward::{FromLeft, FromRight, NegativeInfinity, PositiveInfinity};
    let zero = Rational::new;
    let up = [
        ("w^2", NegativeInfinity),
        ("exp(w)-w", PositiveInfinity),
        ("exp(w)-w", NegativeInfinity),
        ("log(cosh(w))", NegativeInfinity),
        ("w^2*(2+sin(w))", PositiveInfinity),
        ("tanh(w)^2+1e-20*w^2", NegativeInfinity),
        ("log(w)^2", FromRight(zero())),
        ("-log(w)", FromRight(zero())),
        ("1/w+1/(1/1000-w)", FromRight(zero())),
        ("1/w+1/(1/1000-w)", FromLeft(ratio(1, 1000))),
        ("exp(exp(w))", PositiveInfinity),
        ("log(log(w))", PositiveInfinity),
        ("abs(w)-sin(w)", NegativeInfinity),
        ("asinh(w)", PositiveInfinity),
    ];
    for (text, end) in up {
        let ray = ray(end, 2_000);
        let form = form(text, &ray).unwrap();
        assert_eq!(form.diverges(ray.line()), Some(Sign::Positive), "{text} {form:?}");
        assert_eq!(form.neg().diverges(ray.line()), Some(Sign::Negative), "{text}");
        assert!(!form.vanishes(ray.line()), "{text}");
        // Far apart points show the growth.
        let value = |t: &Rational| program(text).value(&[Number::Exact(ray.point(t))], HIGH).unwrap();
        let [near, far] = [4, 3_000].map(|exponent| value(&power_of_ten(exponent)).interval(HIGH));
        assert!(
            near.sup().is_infinite() || near.strict_precedes(&far) || !far.is_bounded(),
            "{text}"
        );
    }
    let down = [
        ("exp(-1/w)", FromRight(zero())),
        ("w*log(w)", FromRight(zero())),
        ("w^2*(1-tanh(w))", PositiveInfinity),
        ("exp(-w^2)*w^5", NegativeInfinity),
        ("sinh(w)/cosh(w)^3", PositiveInfinity),
        ("1/exp(exp(w))", PositiveInfinity),
        ("sqrt(1+w^2)-w", PositiveInfinity),
        ("1-erf(w)", PositiveInfinity),
        ("sin(w)/w", NegativeInfinity),
    ];
    for (text, end) in down {
        let ray = ray(end, 2_000);
        let form = form(text, &ray).unwrap();
        assert!(
            form.vanishes(ray.line()) && form.diverges(ray.line()).is_none(),
            "{text} {form:?}"
        );
        let value = program(text)
            .value(&[Number::Exact(ray.point(&power_of_ten(6)))], 4 * HIGH)
            .unwrap();
        assert!(value.interval(HIGH).mag() < 1e-4, "{text} {value:?}");
    }
    let neither = [
        ("sin(w)*w", PositiveInfinity),
        ("sin(w)", PositiveInfinity),
        ("atan(w)", PositiveInfinity),
    ];
    for (text, end) in neither {
        let ray = ray(end, 2_000);
        let form = form(text, &ray).unwrap();
        assert!(
            !form.vanishes(ray.line()) && form.diverges(ray.line()).is_none(),
            "{text}"
        );
    }
}

#[test]
fn sequences_pick_phases() {
    let along = |offset, period| {
        let ray = ray(Toward::PositiveInfinity, 100);
        ray.along(Sequence { offset, period }).unwrap()
    };
    let growing = along(ratio(3, 2), ratio(1, 1));
    let falling = along(ratio(-3, 2), ratio(1, 1));
    let sign = |text: &str, ray: &Ray| form(text, ray).unwrap().diverges(ray.line());
    assert_eq!(sign("w*sin(w)", &growing), Some(Sign::Positive));
    assert_eq!(sign("w*sin(w)", &falling), Some(Sign::Negative));
    assert_eq!(sign("w*sin(3*w)", &growing), Some(Sign::Negative));
    // Half a turn is not a turn, and neither is an angle that is not a rational multiple of w.
    for text in [
        "w*sin(w/2)",
        "w*sin(pi*w)",
        "w*sin(w^2)",
        "w*sin(sqrt(w))",
        "w*sin(w+log(w))",
    ] {
        assert_eq!(sign(text, &growing), None, "{text}");
    }
    assert_eq!(
        sign("w*sin(w/2)", &along(ratio(3, 1), ratio(2, 1))),
        Some(Sign::Positive)
    );
    // The sequence of the left end is that of -w.
    let left = ray(Toward::NegativeInfinity, 100);
    let left = left
        .along(Sequence {
            offset: ratio(3, 2),
            period: ratio(1, 1),
        })
        .unwrap();
    assert_eq!(sign("-w*sin(w)", &left), Some(Sign::Negative));
    let sequence = |period| Sequence {
        offset: Rational::new(),
        period,
    };
    assert!(
        ray(Toward::FromRight(Rational::new()), 5)
            .along(sequence(ratio(1, 1)))
            .is_none()
    );
    assert!(ray(Toward::PositiveInfinity, 5).along(sequence(ratio(0, 1))).is_none());
    assert!(ray(Toward::PositiveInfinity, 5).along(sequence(ratio(-1, 1))).is_none());
    let mut strict = growing.clone();
    strict.strict = true;
    assert!(form("sqrt(2+sin(w))", &strict).is_err());
}

#[test]
fn domains_are_respected() {
    let right = ray(Toward::PositiveInfinity, 4);
    for text in [
        "log(w-5)",
        "sqrt(w-5)",
        "1/(w-5)",
        "(w-5)^(-2)",
        "(w-5)^(-1/2)",
        "1/sin(w)",
        "log(sin(w))",
        "sqrt(sin(w))",
        "tan(w)",
        "1/(w-w)",
        "log(w-w)",
        "0*log(5-w)",
        "0/(w-5)",
        "log(w-5)-log(w-5)",
        "(1/(w-5))^0",
        "tan(pi/2+0*w)",
        "tan(3/2+1/w)",
        "log(exp(w)-exp(5))",
        "1/(exp(w)-exp(5))",
        "sqrt(-w)",
        "log(tanh(w)-1)",
    ] {
        assert!(form(text, &right).is_err(), "{text}");
    }
    for text in [
        "log(w-3)",
        "sqrt(w-3)",
        "1/(w-3)",
        "tan(1/w)",
        "sqrt(1-tanh(w))",
        "(w-w)^(1/2)",
        "(w-5)^0",
    ] {
        assert!(form(text, &right).is_ok(), "{text}: {:?}", form(text, &right));
    }
    // A logarithm of a monomial is only positive from 1 on, but is defined before.
    let early = Ray::new(Toward::PositiveInfinity, &ratio(1, 2), 4, BITS).unwrap();
    assert!(form("log(log(w))", &early).is_err() && form("log(w)^(1/2)", &early).is_err());
    assert_eq!(form("v", &right), Err(TailError::Malformed));
}

#[test]
fn strict_tails_are_analytic() {
    let mut right = ray(Toward::PositiveInfinity, 10);
    for text in [
        "sqrt((w-20)^2)",
        "abs(w-20)",
        "sqrt(abs(w-20))",
        "abs(sin(w))",
        "sqrt(w-w)",
        "abs(w-w)",
        "(w-w)^(3/2)",
    ] {
        right.strict = false;
        let lax = form(text, &right);
        right.strict = true;
        assert!(form(text, &right).is_err(), "{text} {lax:?}");
    }
    for text in [
        "abs(w)",
        "abs(-w)",
        "sqrt(w-5)",
        "(w^2+1)^(1/3)",
        "abs(sin(w)-2)",
        "asinh(w)",
        "sqrt(exp(-w))",
    ] {
        assert!(form(text, &right).is_ok(), "{text}");
    }
}

#[test]
fn other_variables_are_constants() {
    let ray = ray(Toward::PositiveInfinity, 10);
    let v = Number::from(Interval::hull_of(&ratio(-1, 10), &ratio(1, 10), BITS).unwrap());
    let form = form_of(&program("w^2-v*w"), &ray, &[v]).unwrap();
    assert_eq!(form.sign(ray.line()), Some(Sign::Positive));
    assert_eq!(form.diverges(ray.line()), Some(Sign::Positive));
}

/// Towers of one operation, and of several.
fn towers(table: &mut Table, height: usize) -> Vec<super::super::super::expr::Id> {
    let w = table.w();
    let mut towers = vec![w; 9];
    for level in 0..height {
        let odd = Rational::from((9_999 - level as i64 % 97, 9_998));
        towers[0] = table.insert(Node::Apply(Function::Exp, towers[0]));
        towers[1] = table.insert(Node::Mul(towers[1], towers[1]));
        towers[2] = table.insert(Node::Power(towers[2], odd.clone()));
        towers[3] = table.insert(Node::Neg(towers[3]));
        let root = table.insert(Node::Power(w, odd));
        let factor = table.insert(Node::Apply(Function::Exp, root));
        towers[4] = table.insert(Node::Mul(towers[4], factor));
        towers[5] = table.insert(Node::Add(towers[5], root));
        let step = table.number(Rational::from((1, 2 * level as i64 + 3)));
        let slope = table.insert(Node::Mul(step, w));
        let factor = table.insert(Node::Apply(Function::Exp, slope));
        towers[6] = table.insert(Node::Mul(towers[6], factor));
        let shifted = table.insert(Node::Add(towers[7], step));
        towers[7] = table.insert(Node::Div(towers[7], shifted));
        towers[8] = table.insert(Node::Apply(Function::ALL[level % 12], towers[8]));
    }
    towers
}

#[test]
fn hostile_expressions_end_quickly() {
    let mut table = Table::new();
    let roots = towers(&mut table, 10_000);
    let start = std::time::Instant::now();
    for from in [power_of_ten(-300), ratio(7, 2), power_of_ten(100_000)] {
        let ray = Ray::new(Toward::PositiveInfinity, &from, 2, BITS).unwrap();
        for root in &roots {
            if let Ok(form) = form_of(&Program::new(&table, *root), &ray, &[]) {
                let _ = (form.range(ray.line()), form.sign(ray.line()), form.diverges(ray.line()));
            }
        }
    }
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}

#[test]
fn exponents_do_not_grow_without_end() {
    let mut table = Table::new();
    let roots = towers(&mut table, 3_000);
    let ray = ray(Toward::PositiveInfinity, 10);
    // Squares of squares, powers of powers, products of exponentials of ever new degrees and of ever new slopes.
    for index in [1, 2, 4, 6] {
        let form = form_of(&Program::new(&table, roots[index]), &ray, &[]);
        assert!(matches!(form, Err(TailError::Undetermined(_))), "{index}");
    }
}

#[test]
fn many_terms_are_kept_in_bounds() {
    let text = "(w+sqrt(w)+log(w)+1+1/w)^8/(w+w^(1/3)+log(w)^2)^3*exp(1/w+1/w^2)*(1+1/w)^(1/2)*log(w+log(w))";
    let start = std::time::Instant::now();
    for keep in [1, 4, 12] {
        let ray = Ray::new(Toward::PositiveInfinity, &power_of_ten(40), keep, BITS).unwrap();
        let form = form(text, &ray).unwrap();
        assert!(form.terms().len() <= usize::from(keep) + 1);
        assert_eq!(form.diverges(ray.line()), Some(Sign::Positive), "{form:?}");
    }
    assert!(Ray::new(Toward::PositiveInfinity, &Rational::from(1), 0, BITS).is_none());
    assert!(Ray::new(Toward::PositiveInfinity, &Rational::from(1), 13, BITS).is_none());
    assert!(Ray::new(Toward::PositiveInfinity, &Rational::new(), 3, BITS).is_none());
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}
