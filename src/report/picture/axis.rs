//! Axes with round numbers at their ticks.

use super::PictureError;
use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};
use std::ops::Range;

/// About as many ticks as an axis has.
const TICKS: f64 = 5.0;
/// A logarithmic axis spans at most so many decades.
const DECADES: f64 = 40.0;

/// The sign is as wide as a digit; a hyphen is not.
const MINUS: &str = "\u{2212}";

/// An axis: what lies between its ends is mapped linearly to pixels, or its logarithm is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Axis {
    /// The ends; their decimal logarithms on a logarithmic axis.
    ends: [f64; 2],
    logarithmic: bool,
}

impl Axis {
    /// A linear axis with these ends.
    ///
    /// Errors: [`PictureError::Range`] unless the ends are finite and apart. Panics: never.
    pub(super) fn linear([low, high]: [f64; 2]) -> Result<Self, PictureError> {
        let apart = (high - low).is_finite() && high - low > 1e-12 * low.abs().max(high.abs());
        let axis = Axis {
            ends: [low, high],
            logarithmic: false,
        };
        apart.then_some(axis).ok_or(PictureError::Range)
    }

    /// An axis on which all the values have room. On a logarithmic one those that are not positive do not count.
    ///
    /// Errors: [`PictureError::Range`] if no values are left. Panics: never.
    pub(super) fn around(values: impl Iterator<Item = f64>, logarithmic: bool) -> Result<Self, PictureError> {
        let scale = |value: f64| if logarithmic { value.log10() } else { value };
        let finite = values.map(scale).filter(|value| value.is_finite());
        let ends = finite.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], value| {
            [low.min(value), high.max(value)]
        });
        let [low, high] = ends;
        if low > high {
            return Err(PictureError::Range);
        }
        let low = if logarithmic { low.max(high - DECADES) } else { low };
        // What is constant up to rounding is drawn as a straight line.
        let least = if logarithmic {
            1.0
        } else {
            1e-6 * low.abs().max(high.abs()).max(1e-300)
        };
        let margin = if high - low < least { least } else { 0.06 * (high - low) };
        let Axis { ends, .. } = Self::linear([low - margin, high + margin])?;
        Ok(Axis { ends, logarithmic })
    }

    /// How far along the axis the value lies: 0 at the lower end, 1 at the upper end; beyond the lower end for the
    /// logarithm of what is not positive. Panics: never.
    pub(super) fn part(&self, value: f64) -> f64 {
        let [low, high] = self.ends;
        let value = match self.logarithmic {
            true if value > 0.0 => value.log10(),
            true => low - (high - low),
            false => value,
        };
        (value - low) / (high - low)
    }

    /// The ticks with their texts. Panics: never.
    fn ticks(&self) -> Vec<(f64, String)> {
        let [low, high] = self.ends;
        let step = round_step((high - low) / TICKS);
        let step = if self.logarithmic { step.max(1.0) } else { step };
        let (first, last) = ((low / step).ceil(), (high / step).floor());
        let mut ticks = Vec::new();
        let mut count = first;
        // Without the bound rounding could make this endless.
        while count <= last && ticks.len() < 32 {
            let value = count * step;
            if self.logarithmic {
                ticks.push((10.0_f64.powf(value), power_of_ten(value)));
            } else {
                ticks.push((value, decimal(value, step)));
            }
            count += 1.0;
        }
        ticks
    }
}

impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, (first, last): (i32, i32)) -> i32 {
        let part = self.part(*value).clamp(0.0, 1.0);
        first + (part * f64::from(last - first)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, _: Hint) -> Vec<f64> {
        self.ticks().into_iter().map(|(value, _)| value).collect()
    }

    fn range(&self) -> Range<f64> {
        let [low, high] = self.ends;
        if self.logarithmic {
            10.0_f64.powf(low)..10.0_f64.powf(high)
        } else {
            low..high
        }
    }
}

impl ValueFormatter<f64> for Axis {
    fn format_ext(&self, value: &f64) -> String {
        let ticks = self.ticks();
        let found = ticks.into_iter().find(|(tick, _)| tick == value);
        found.map_or_else(|| format!("{value}"), |(_, text)| text)
    }
}

/// 1, 2 or 5 times a power of ten, the first that is not far below.
fn round_step(step: f64) -> f64 {
    let power = 10.0_f64.powf(step.log10().floor());
    let factors = [1.0, 2.0, 5.0];
    let found = factors.iter().find(|factor| *factor * power >= 0.8 * step);
    found.unwrap_or(&10.0) * power
}

/// As many digits as the step between the ticks asks for.
fn decimal(value: f64, step: f64) -> String {
    // Rounding may leave something else than zero, or a zero with a sign.
    let value = if value.abs() < step / 2.0 { 0.0 } else { value };
    let digits = -step.log10().floor();
    if digits > 9.0 || value.abs() >= 1e6 {
        return format!("{value:.2e}").replace('-', MINUS);
    }
    format!("{value:.*}", digits.max(0.0) as usize).replace('-', MINUS)
}

/// Ten to a whole power, with raised digits.
fn power_of_ten(exponent: f64) -> String {
    let raised = format!("{exponent:.0}").replace('-', "\u{207b}");
    let digits = raised.chars().map(|digit| match digit.to_digit(10) {
        Some(1) => '\u{b9}',
        Some(2) => '\u{b2}',
        Some(3) => '\u{b3}',
        Some(digit) => char::from_u32(0x2070 + digit).unwrap_or('?'),
        None => digit,
    });
    format!("10{}", digits.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(axis: &Axis) -> String {
        let texts: Vec<String> = axis.ticks().into_iter().map(|(_, text)| text).collect();
        texts.join(" ")
    }

    #[test]
    fn ticks_are_round() {
        assert_eq!(texts(&Axis::linear([-2.5, 2.5]).unwrap()), "−2 −1 0 1 2");
        assert_eq!(
            texts(&Axis::linear([0.0, 0.61]).unwrap()),
            "0.0 0.1 0.2 0.3 0.4 0.5 0.6"
        );
        assert_eq!(
            texts(&Axis::around([1e-7, 90.0].into_iter(), true).unwrap()),
            "10⁻⁶ 10⁻⁴ 10⁻² 10⁰ 10²"
        );
        assert_eq!(
            texts(&Axis::linear([3e7, 7e7]).unwrap()),
            "3.00e7 4.00e7 5.00e7 6.00e7 7.00e7"
        );
    }

    #[test]
    fn an_axis_needs_two_ends() {
        for ends in [
            [1.0, 1.0],
            [2.0, 1.0],
            [f64::NAN, 1.0],
            [0.0, f64::INFINITY],
            [-1e308, 1e308 * 1.7],
        ] {
            assert_eq!(Axis::linear(ends).unwrap_err(), PictureError::Range, "{ends:?}");
        }
        assert_eq!(
            Axis::around([-1.0, 0.0].into_iter(), true).unwrap_err(),
            PictureError::Range
        );
    }

    #[test]
    fn a_constant_has_room() {
        let axis = Axis::around([3.0, 3.0].into_iter(), false).unwrap();
        assert!((axis.part(3.0) - 0.5).abs() < 1e-6);
        let axis = Axis::around([0.0, 0.0].into_iter(), false).unwrap();
        assert!(axis.part(0.0).is_finite());
    }
}
