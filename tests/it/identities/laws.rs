//! Random expressions, true laws to rewrite them by, and small mistakes.

use super::expression::{Ex, Random, SYMBOLS, Shape, Size, U};

const SCALAR: Shape = (Size::One, Size::One);

/// A random expression of a shape.
pub fn expression(shape: Shape, depth: usize, with_u: bool, random: &mut Random) -> Ex {
    let (rows, columns) = shape;
    if depth == 0 {
        let fitting = |flipped: bool| {
            let fits = move |symbol: &usize| {
                let (r, c) = SYMBOLS[*symbol].1;
                (if flipped { (c, r) } else { (r, c) }) == shape && (with_u || *symbol != U)
            };
            (0..SYMBOLS.len()).filter(fits).map(move |symbol| (symbol, flipped))
        };
        let mut choices: Vec<_> = fitting(false).collect();
        if shape != SCALAR {
            choices.extend(fitting(true));
        }
        return match choices.get(random.below(choices.len().max(1))) {
            Some((symbol, false)) => Ex::Symbol(*symbol),
            Some((symbol, true)) => Ex::flip(Ex::Symbol(*symbol)),
            // A column of length k, or a row.
            None if rows == Size::One => Ex::flip(expression((columns, rows), 0, with_u, random)),
            None => Ex::mul(Ex::Symbol(0), Ex::Symbol(8)),
        };
    }
    let size = [Size::N, Size::K][random.below(2)];
    let mut part = |shape: Shape| expression(shape, depth - 1, with_u, random);
    let first = (part((rows, size)), part((size, columns)));
    let second = (part(shape), part(shape));
    let square = part((size, size));
    let scalar = part(SCALAR);
    match random.below(if shape == SCALAR { 9 } else { 7 }) {
        0 | 1 => Ex::add(second.0, second.1),
        2 => Ex::sub(second.0, second.1),
        3 | 4 => Ex::mul(first.0, first.1),
        5 => Ex::flip(expression((columns, rows), depth - 1, with_u, random)),
        6 => Ex::mul(scalar, second.0),
        7 => Ex::trace(square),
        _ => Ex::inner(first.0.clone(), first.0),
    }
}

/// The results of all laws that apply at the root.
fn laws(ex: &Ex, with_u: bool, random: &mut Random) -> Vec<Ex> {
    let shape = ex.shape().unwrap();
    let own = || ex.clone();
    let scalar = |ex: &Ex| ex.shape() == Some(SCALAR);
    let other = expression(shape, random.below(2), with_u, random);
    let mut results = vec![
        Ex::sub(Ex::add(own(), other.clone()), other.clone()),
        Ex::add(Ex::sub(own(), other.clone()), other),
        Ex::flip(Ex::flip(own())),
        Ex::sub(Ex::mul(Ex::Number(2), own()), own()),
        Ex::neg(Ex::neg(own())),
    ];
    if shape.0 != Size::One {
        results.push(Ex::mul(Ex::Eye(shape.0), own()));
    }
    let unboxed = |results: &mut Vec<Ex>| match ex.clone() {
        Ex::Symbol(4 | 5) => results.push(Ex::flip(own())),
        Ex::Symbol(_) | Ex::Number(_) => {}
        Ex::Eye(Size::K) if with_u => results.push(Ex::mul(Ex::flip(Ex::Symbol(U)), Ex::Symbol(U))),
        Ex::Eye(_) => results.push(Ex::flip(own())),
        Ex::Add(a, b) => results.push(Ex::add(*b, *a)),
        Ex::Sub(a, b) => results.extend([Ex::add(*a.clone(), Ex::neg(*b.clone())), Ex::neg(Ex::sub(*b, *a))]),
        Ex::Neg(a) => results.push(Ex::mul(Ex::Number(-1), *a)),
        Ex::Mul(a, b) => {
            results.push(Ex::flip(Ex::mul(Ex::flip(*b.clone()), Ex::flip(*a.clone()))));
            if scalar(&a) || scalar(&b) {
                results.push(Ex::mul(*b.clone(), *a.clone()));
            }
            match (*a.clone(), *b.clone()) {
                (Ex::Flip(x), Ex::Symbol(U)) if with_u && *x == Ex::Symbol(U) => results.push(Ex::Eye(Size::K)),
                _ => {}
            }
            if let Ex::Add(x, y) = *a.clone() {
                results.push(Ex::add(Ex::mul(*x, *b.clone()), Ex::mul(*y, *b.clone())));
            }
            if let Ex::Sub(x, y) = *b.clone() {
                results.push(Ex::sub(Ex::mul(*a.clone(), *x), Ex::mul(*a.clone(), *y)));
            }
            if let Ex::Mul(x, y) = *a.clone() {
                results.push(Ex::mul(*x, Ex::mul(*y, *b.clone())));
            }
            if let Ex::Mul(x, y) = *b {
                results.push(Ex::mul(Ex::mul(*a, *x), *y));
            }
        }
        Ex::Flip(a) => match *a {
            Ex::Mul(x, y) => results.push(Ex::mul(Ex::flip(*y), Ex::flip(*x))),
            Ex::Add(x, y) => results.push(Ex::add(Ex::flip(*x), Ex::flip(*y))),
            Ex::Sub(x, y) => results.push(Ex::sub(Ex::flip(*x), Ex::flip(*y))),
            Ex::Dot(x) => results.push(Ex::dot(Ex::flip(*x))),
            _ => {}
        },
        Ex::Trace(a) => {
            results.push(Ex::trace(Ex::flip(*a.clone())));
            match *a {
                Ex::Mul(x, y) => {
                    results.push(Ex::trace(Ex::mul(*y.clone(), *x.clone())));
                    results.push(Ex::inner(Ex::flip(*x), *y));
                }
                Ex::Add(x, y) => results.push(Ex::add(Ex::trace(*x), Ex::trace(*y))),
                Ex::Sub(x, y) => results.push(Ex::sub(Ex::trace(*x), Ex::trace(*y))),
                _ => {}
            }
        }
        Ex::Inner(a, b) => {
            results.push(Ex::trace(Ex::mul(Ex::flip(*a.clone()), *b.clone())));
            results.push(Ex::inner(*b.clone(), *a.clone()));
            if a == b {
                results.push(Ex::Norm(a.clone()));
            }
            results.push(Ex::inner(Ex::flip(*a), Ex::flip(*b)));
        }
        Ex::Norm(a) => results.push(Ex::inner(*a.clone(), *a)),
        Ex::Dot(a) => match *a {
            Ex::Add(x, y) => results.push(Ex::add(Ex::dot(*x), Ex::dot(*y))),
            Ex::Sub(x, y) => results.push(Ex::sub(Ex::dot(*x), Ex::dot(*y))),
            Ex::Mul(x, y) => {
                let first = Ex::mul(Ex::dot(*x.clone()), *y.clone());
                results.push(Ex::add(first, Ex::mul(*x, Ex::dot(*y))));
            }
            Ex::Flip(x) => results.push(Ex::flip(Ex::dot(*x))),
            Ex::Trace(x) => results.push(Ex::trace(Ex::dot(*x))),
            Ex::Inner(x, y) if x == y => {
                results.push(Ex::mul(Ex::Number(2), Ex::inner(*x.clone(), Ex::dot(*x))));
            }
            _ => {}
        },
    };
    unboxed(&mut results);
    results.retain(|result| result.shape() == Some(shape));
    results
}

/// The expression after one random law at one random place.
pub fn rewritten(ex: &Ex, with_u: bool, random: &mut Random) -> Ex {
    let mut result = ex.clone();
    let place = random.below(result.count());
    let part = result.at(place);
    let mut choices = laws(part, with_u, random);
    // The laws that apply to everything come first; they are used, but not always.
    let general = 5.min(choices.len());
    if choices.len() > general && random.below(4) > 0 {
        choices.drain(..general);
    }
    *part = choices.swap_remove(random.below(choices.len()));
    result
}

/// The expression with one sign, one transpose, one factor or one letter changed, if the place allows it.
pub fn mistaken(ex: &Ex, with_u: bool, random: &mut Random) -> Option<Ex> {
    let mut result = ex.clone();
    let place = random.below(result.count());
    let part = result.at(place);
    let shape = part.shape()?;
    let old = part.clone();
    *part = match random.below(4) {
        0 => Ex::neg(old),
        1 if shape.0 == shape.1 && shape != SCALAR => Ex::flip(old),
        2 => Ex::mul(Ex::Number(3), old),
        3 if matches!(old, Ex::Symbol(_)) => expression(shape, 0, with_u, random),
        _ => return None,
    };
    result.shape().map(|_| result)
}
