//! Zeros of functions of one variable, found by looking: good enough for pixels.

/// More zeros are not drawn.
const MOST: usize = 24;
/// Halvings that exhaust the digits.
const HALVINGS: usize = 80;
/// A minimum of |f| so small, in parts of the values around it, is taken for a zero.
const SMALL: f64 = 1e-9;

/// The place in \[low, high\] where the function changes its sign; `None` if it has no two signs at the ends, or if it is
/// undefined on the way, or if the change is a pole. Panics: never.
pub(super) fn bisect(function: &dyn Fn(f64) -> Option<f64>, [mut low, mut high]: [f64; 2]) -> Option<f64> {
    let (at_low, at_high) = (function(low)?, function(high)?);
    if at_low == 0.0 || at_high == 0.0 {
        return Some(if at_low == 0.0 { low } else { high });
    }
    if at_low.is_sign_negative() == at_high.is_sign_negative() {
        return None;
    }
    let mut last = at_low.abs().min(at_high.abs());
    for _ in 0..HALVINGS {
        let middle = low + (high - low) / 2.0;
        if middle <= low.min(high) || middle >= low.max(high) {
            break;
        }
        let value = function(middle)?;
        if value.is_sign_negative() == at_low.is_sign_negative() {
            low = middle;
        } else {
            high = middle;
        }
        last = value.abs();
    }
    (last <= at_low.abs().min(at_high.abs())).then_some(low + (high - low) / 2.0)
}

/// Zeros of a function near increasing places where it is sampled: changes of sign, and minima of |f| that touch zero.
/// In increasing order; two between neighbouring places are overlooked. Panics: never.
pub(super) fn zeros(function: &dyn Fn(f64) -> Option<f64>, places: &[f64]) -> Vec<f64> {
    let samples: Vec<(f64, Option<f64>)> = places.iter().map(|place| (*place, function(*place))).collect();
    let mut zeros: Vec<f64> = Vec::new();
    for ends in samples.windows(2) {
        if let &[(low, Some(_)), (high, Some(_))] = ends {
            zeros.extend(bisect(function, [low, high]));
        }
    }
    for three in samples.windows(3) {
        if let &[(low, Some(a)), (_, Some(b)), (high, Some(c))] = three {
            let touches = a.abs() > b.abs() && b.abs() < c.abs() && a * b > 0.0 && b * c > 0.0;
            zeros.extend(
                touches
                    .then(|| touching(function, [low, high], a.abs().max(c.abs())))
                    .flatten(),
            );
        }
    }
    zeros.sort_by(f64::total_cmp);
    zeros.dedup_by(|a, b| (*a - *b).abs() <= 1e-9 * a.abs().max(1.0));
    zeros.truncate(MOST);
    zeros
}

/// The minimum of |f| between two places, if it is as good as zero.
fn touching(function: &dyn Fn(f64) -> Option<f64>, [mut low, mut high]: [f64; 2], scale: f64) -> Option<f64> {
    for _ in 0..HALVINGS {
        let third = (high - low) / 3.0;
        if function(low + third)?.abs() < function(high - third)?.abs() {
            high -= third;
        } else {
            low += third;
        }
    }
    let middle = low + (high - low) / 2.0;
    (function(middle)?.abs() <= SMALL * scale).then_some(middle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn simple_and_double_zeros_and_no_poles() {
        let places: Vec<f64> = (0..=50).map(|place| f64::from(place) * 0.11 - 2.0).collect();
        let simple = zeros(&|x| Some(x * x - 2.0), &places);
        assert_eq!(simple.len(), 2);
        assert!(
            simple.iter().all(|x| (x.abs() - 2.0_f64.sqrt()).abs() < 1e-12),
            "{simple:?}"
        );
        let double = zeros(&|x| Some((x - 1.0) * (x - 1.0)), &places);
        assert_eq!(double.len(), 1);
        assert!(double.iter().all(|x| (x - 1.0).abs() < 1e-4), "{double:?}");
        assert!(zeros(&|x| Some(1.0 / (x - 0.3)), &places).is_empty());
        assert!(zeros(&|x| Some((x - 1.0) * (x - 1.0) + 1e-3), &places).is_empty());
    }
}
