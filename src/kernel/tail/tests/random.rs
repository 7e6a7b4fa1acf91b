//! Random and hand-picked expressions on tails in all directions.

use super::super::super::expr::Table;
use super::*;

/// Expressions whose behaviour is delicate at one end or another.
const DELICATE: [&str; 64] = [
    "log(cosh(w))",
    "sqrt(1+w^2)-w",
    "sqrt(1+w^2)+w",
    "w^2*(1-tanh(w))",
    "exp(-1/w)",
    "exp(1/w)",
    "exp(-1/w^2)",
    "log(1+log(1+w^2))",
    "log(log(w))",
    "log(log(log(w)))",
    "atan(w)*w",
    "atan(1/w)",
    "erf(w)",
    "1-erf(w)",
    "asinh(w)",
    "asinh(w)-log(w)",
    "w^2*(2+sin(w))",
    "w*sin(w)",
    "sin(w)+cos(2*w)+w*sin(w/2)",
    "sin(w^2)",
    "sin(w+1/w)*w",
    "exp(w)-w",
    "exp(exp(w))",
    "exp(-exp(w))",
    "exp(exp(w))-exp(w)",
    "exp(exp(exp(w)))",
    "1/exp(exp(w))",
    "exp(-w^2)*w^5",
    "exp(w^2)/exp(w^2+w)",
    "(w^4+1)/(w^2+1)",
    "1/w+1/(1/1000-w)",
    "log(w)^2",
    "w*log(w)",
    "log(w)/w",
    "log(w)^(1/2)",
    "sinh(w)/cosh(w)^3",
    "tanh(w)^2+1e-20*w^2",
    "cos(1/w)",
    "w*sin(1/w)",
    "tan(1/w)",
    "tan(w)",
    "abs(w-5)*abs(w)",
    "abs(sin(w))",
    "sqrt(abs(w))",
    "sqrt(w)-sqrt(w+1)",
    "(w^2+w)^(1/3)-w^(2/3)",
    "(w+1)^9/(w+2)^9",
    "(w+1)^(-3/2)*w",
    "exp(w*log(w))",
    "exp(log(w)^2)",
    "exp(3*log(w)-log(log(w)))",
    "exp(sqrt(w)-w^(1/3))",
    "log(exp(w)+exp(-w))-w",
    "log(exp(w)+w)",
    "log(2+sin(w))",
    "1/(2+sin(w))",
    "(w+sin(w))^(1/2)",
    "w^2+w*sin(w)-pi*w^2",
    "(pi*w+1)/(w-pi)",
    "tanh(w)-tanh(w+1)",
    "log(1+1/w)*w",
    "(1+1/w)^3-1",
    "exp(w)*(log(1+exp(-w)))",
    "sqrt(w^4+w^3)-sqrt(w^4-w^3)",
];

#[test]
fn delicate_expressions() {
    let mut source = Source::new(7);
    let (mut followed, mut compared) = (0, 0);
    let starts = [(4, 1), (40, 5), (3, 2), (1, 3), (1001, 9), (100_000, 4), (1, 1)];
    for text in DELICATE {
        let program = program(text);
        for (from, keep) in starts
            .into_iter()
            .map(|(from, keep)| (Rational::from(from), keep))
            .chain([(ratio(1, 7), 3)])
        {
            for ray in rays(&from, keep) {
                let Ok(form) = form_of(&program, &ray, &[]) else {
                    continue;
                };
                followed += 1;
                compared += compare(&program, &ray, &form, &mut source);
            }
        }
    }
    assert!(followed > 1_500 && compared > 10_000, "{followed} {compared}");
}

#[test]
fn random_expressions() {
    let mut source = Source::new(8);
    let (mut followed, mut compared) = (0, 0);
    for _ in 0..350 {
        let mut table = Table::new();
        let root = source.expression(&mut table, 4);
        let program = Program::new(&table, root);
        let from = source.pick(&[
            ratio(1, 9),
            ratio(1, 1),
            ratio(3, 1),
            ratio(25, 1),
            ratio(400, 1),
            ratio(30_000, 1),
        ]);
        let keep = source.pick(&[1, 2, 3, 4, 6]);
        for ray in rays(&from, keep) {
            let Ok(form) = form_of(&program, &ray, &[]) else {
                continue;
            };
            followed += 1;
            compared += compare(&program, &ray, &form, &mut source);
        }
    }
    assert!(followed > 1_000 && compared > 10_000, "{followed} {compared}");
}

#[test]
fn extreme_starts() {
    let mut source = Source::new(9);
    let (mut followed, mut compared) = (0, 0);
    for text in DELICATE {
        let program = program(text);
        for from in [
            power_of_ten(-300),
            power_of_ten(300),
            power_of_ten(3_000),
            Rational::from(1) + power_of_ten(-40),
        ] {
            for ray in rays(&from, 12).into_iter().take(5) {
                let Ok(form) = form_of(&program, &ray, &[]) else {
                    continue;
                };
                followed += 1;
                compared += compare(&program, &ray, &form, &mut source);
            }
        }
    }
    assert!(followed > 300 && compared > 2_000, "{followed} {compared}");
}
