//! The simplest rational between two others.

use rug::{Integer, Rational};

/// The rational of smallest denominator (then smallest absolute value) in the closed interval between two numbers,
/// which may be given in either order.
///
/// Source: continued fractions, as in Graham, Knuth and Patashnik, Concrete Mathematics, section 4.5. Panics: never.
pub fn simplest_between(lo: &Rational, hi: &Rational) -> Rational {
    let (lo, hi) = if lo <= hi { (lo, hi) } else { (hi, lo) };
    if *lo <= 0 && *hi >= 0 {
        return Rational::new();
    }
    if *hi < 0 {
        return -simplest_positive(Rational::from(-hi), Rational::from(-lo));
    }
    simplest_positive(lo.clone(), hi.clone())
}

/// The same for `0 < lo <= hi`.
fn simplest_positive(mut lo: Rational, mut hi: Rational) -> Rational {
    let mut quotients: Vec<Integer> = Vec::new();
    let last = loop {
        let below = Rational::from(lo.floor_ref());
        let above = Rational::from(&below + 1u32);
        if below == lo {
            break below;
        }
        if above <= hi {
            break above;
        }
        // Both ends lie strictly between `below` and `above`, so neither difference is zero.
        let next_lo = (hi - &below).recip();
        hi = (lo - &below).recip();
        lo = next_lo;
        quotients.push(below.into_numer_denom().0);
    };
    // Every partial value is at least 1, so its reciprocal exists.
    quotients
        .into_iter()
        .rev()
        .fold(last, |value, quotient| value.recip() + quotient)
}
