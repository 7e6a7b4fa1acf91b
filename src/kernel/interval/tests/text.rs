//! Hexadecimal texts round-trip; decimals are rounded outward.

use super::super::{from_hex, to_hex};
use super::{Interval, Source, float, iv, power_of_two};
use rug::float::Special;
use rug::{Float, Integer, Rational};

#[test]
fn hexadecimal_round_trips() {
    let mut source = Source::new(30);
    for _ in 0..4_000 {
        let precision = source.precision();
        let x = source.interval(precision, Source::rational);
        for endpoint in [x.inf(), x.sup()] {
            let text = to_hex(endpoint);
            let back = from_hex(&text).unwrap();
            assert!(back == *endpoint, "{text}");
            assert_eq!(to_hex(&back), text);
        }
    }
    for exponent in [
        -1_000_000_000,
        1_000_000_000,
        rug::float::exp_min() - 1,
        rug::float::exp_max() - 1,
    ] {
        let value = power_of_two(exponent);
        assert_eq!(to_hex(&value), format!("0x1p{exponent:+}"));
        assert_eq!(from_hex(&to_hex(&value)), Some(value));
    }
    let long: Float = Float::with_val(65_536, 1) / 3;
    assert_eq!(from_hex(&to_hex(&long)), Some(long));
}

#[test]
fn hexadecimal_has_one_form() {
    assert_eq!(to_hex(&float("-0.01171875")), "-0x1.8p-7");
    assert_eq!(to_hex(&float("1")), "0x1p+0");
    assert_eq!(to_hex(&float("31")), "0x1.fp+4");
    assert_eq!(to_hex(&float("-0")), "0x0p+0");
    assert_eq!(to_hex(&Float::with_val(64, Special::NegInfinity)), "-inf");
    assert_eq!(from_hex("-0x1.8p-7"), Some(float("-0.01171875")));
    assert_eq!(from_hex("0xFF.8p0"), Some(float("255.5")));
    assert_eq!(from_hex("-0x0p+0"), Some(float("0")));
    for broken in [
        "",
        "-",
        "1",
        "0x",
        "0x1",
        "0xp1",
        "0x1.p1",
        "0x.8p1",
        "0x1p",
        "0x1p1.5",
        "0x1 p1",
        "+0x1p1",
        "--0x1p1",
        "0x-1p1",
        "0x1p2147483648",
        "0x1p1073741823",
        "0x1p-1073741825",
        "0x1.8p2147483647",
        "0x1_0p1",
        "nan",
        "Inf",
        "0x1p1 ",
    ] {
        assert_eq!(from_hex(broken), None, "{broken}");
    }
    assert_eq!(from_hex(&format!("0x{}p1", "f".repeat(16_385))), None);
    assert_eq!(from_hex(&format!("0x{}p1", "1".repeat(30_000))), None);
}

/// Reads a decimal of our own making exactly.
fn exact(text: &str) -> Rational {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: Integer = format!("{whole}{fraction}").parse().unwrap();
    let exponent = exponent.parse::<i64>().unwrap() - fraction.len() as i64;
    let power = Integer::from(Integer::u_pow_u(10, exponent.unsigned_abs() as u32));
    if exponent < 0 {
        Rational::from((digits, power))
    } else {
        Rational::from(digits * power)
    }
}

#[test]
fn decimals_are_outward_and_sharp() {
    let mut source = Source::new(31);
    for _ in 0..3_000 {
        let precision = source.precision();
        let value = source.rational() * Integer::from(Integer::u_pow_u(3, source.below(60) as u32));
        let value = if source.chance(30) {
            value >> source.below(5_000) as u32
        } else {
            value
        };
        let value = if source.chance(30) {
            value << source.below(5_000) as u32
        } else {
            value
        };
        let x = Interval::point(&value, precision);
        let digits = source.below(30) as usize + 1;
        let (lower, upper) = (x.lower_decimal(digits), x.upper_decimal(digits));
        assert!(
            x.inf() >= &exact(&lower) && x.sup() <= &exact(&upper),
            "{x:?} {lower} {upper}"
        );
        let gap = exact(&upper) - exact(&lower) - (x.sup_rational().unwrap() - x.inf_rational().unwrap());
        let scale = Rational::from(Integer::from(Integer::u_pow_u(10, digits as u32 - 1)));
        assert!(
            gap * scale <= Rational::from(2) * x.mag().to_rational().unwrap(),
            "{x:?} {lower} {upper}"
        );
    }
}

#[test]
fn decimals_read_well() {
    assert_eq!(iv("0.5", "0.5").display(6), "0.5");
    assert_eq!(iv("-3", "1e3").display(6), "[-3, 1000]");
    assert_eq!(
        Interval::point(&Rational::from((1, 3)), 64).display(4),
        "[0.3333, 0.3334]"
    );
    assert_eq!(
        Interval::point(&Rational::from((-1, 3)), 64).display(4),
        "[-0.3334, -0.3333]"
    );
    assert_eq!(
        Interval::point(&Rational::from((2, 3_000)), 64).display(3),
        "[0.000666, 0.000667]"
    );
    assert_eq!(Interval::pi(64).display(6), "[3.14159, 3.1416]");
    assert_eq!(Interval::entire(64).display(6), "[-inf, inf]");
    assert_eq!(iv("0", "inf").display(6), "[0, inf]");
    assert_eq!(iv("999999.5", "1e20").display(6), "[999999, 1e20]");
    assert_eq!(iv("-999999.5", "-1e-300").display(6), "[-1e6, -9.99999e-301]");
    assert_eq!(iv("1234567", "1234567").display(0), "[1e6, 2e6]");
    let wide = Interval::try_new(power_of_two(-1_000_000_000), power_of_two(1_000_000_000)).unwrap();
    assert_eq!(wide.display(6), "[2^-1000000000, 2^1000000001]");
    assert_eq!(wide.neg().display(6), "[-2^1000000001, -2^-1000000000]");
}
