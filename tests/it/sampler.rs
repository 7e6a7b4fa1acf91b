//! What sampling can say against a theorem: an evaluator that shares nothing with the kernel, and contradictions.
//!
//! A sample never proves anything; each test below is one that a true statement passes, for costs as tame as those of
//! the tampering test.

use foliate::kernel::Theorem;
use foliate::kernel::certificate::{Certificate, Claim};
use foliate::kernel::expr::{Function, Node};
use foliate::kernel::polynomial::End;
use foliate::kernel::theorem::{CriticalKind, Detail, Hypothesis};
use rug::ops::Pow;
use rug::{Float, Rational};

/// Working precision in bits: large enough for the cancellation of every cost used.
const BITS: u32 = 400;

/// The value and the first two derivatives at a point.
#[derive(Clone)]
pub struct Jet2([Float; 3]);

fn float(value: impl Into<f64>) -> Float {
    Float::with_val(BITS, value.into())
}

impl Jet2 {
    fn constant(value: Float) -> Self {
        Jet2([value, float(0), float(0)])
    }

    /// g(self) from the value and the first two derivatives of g.
    fn chain(&self, g: [Float; 3]) -> Self {
        let [_, d, dd] = &self.0;
        let square = Float::with_val(BITS, d * d);
        let second = Float::with_val(BITS, &g[2] * &square) + Float::with_val(BITS, &g[1] * dd);
        Jet2([g[0].clone(), Float::with_val(BITS, &g[1] * d), second])
    }

    fn combine(&self, other: &Self, sign: i32) -> Self {
        Jet2(std::array::from_fn(|k| self.0[k].clone() + other.0[k].clone() * sign))
    }

    fn times(&self, other: &Self) -> Self {
        let ([a, da, dda], [b, db, ddb]) = (&self.0, &other.0);
        let mul = |x: &Float, y: &Float| Float::with_val(BITS, x * y);
        Jet2([
            mul(a, b),
            mul(da, b) + mul(a, db),
            mul(dda, b) + mul(da, db) * 2u32 + mul(a, ddb),
        ])
    }

    fn power(&self, exponent: &Rational) -> Self {
        let raised = |lowered: u32| {
            let rest = Rational::from(exponent - lowered);
            let factor = (0..lowered).fold(Rational::from(1), |product, k| product * Rational::from(exponent - k));
            if factor == 0 {
                return float(0);
            }
            let base = &self.0[0];
            let value = if *rest.denom() == 1 {
                Float::with_val(BITS, base.pow(rest.numer()))
            } else {
                Float::with_val(BITS, base.pow(Float::with_val(BITS, &rest)))
            };
            value * factor
        };
        self.chain([raised(0), raised(1), raised(2)])
    }

    fn apply(&self, function: Function) -> Self {
        let x = &self.0[0];
        let of = |g: fn(Float) -> Float| g(x.clone());
        let one = float(1);
        let curve = match function {
            Function::Exp => [of(Float::exp), of(Float::exp), of(Float::exp)],
            Function::Log => [of(Float::ln), one / x, -Float::with_val(BITS, x.pow(-2i32))],
            Function::Sin => [of(Float::sin), of(Float::cos), -of(Float::sin)],
            Function::Cos => [of(Float::cos), -of(Float::sin), -of(Float::cos)],
            Function::Sinh => [of(Float::sinh), of(Float::cosh), of(Float::sinh)],
            Function::Cosh => [of(Float::cosh), of(Float::sinh), of(Float::cosh)],
            Function::Tanh => {
                let (value, slope) = (of(Float::tanh), of(Float::sech).square());
                [value.clone(), slope.clone(), value * slope * -2i32]
            }
            Function::Tan => {
                let (value, slope) = (of(Float::tan), of(Float::sec).square());
                [value.clone(), slope.clone(), value * slope * 2i32]
            }
            Function::Atan => {
                let slope = (one + x.clone().square()).recip();
                [of(Float::atan), slope.clone(), slope.square() * x * -2i32]
            }
            Function::Asinh => {
                let slope = (one + x.clone().square()).recip_sqrt();
                let cube = slope.clone() * slope.clone().square();
                [of(Float::asinh), slope, cube * x * -1i32]
            }
            Function::Erf => {
                let pi = Float::with_val(BITS, rug::float::Constant::Pi);
                let slope = (-x.clone().square()).exp() * 2u32 / pi.sqrt();
                [of(Float::erf), slope.clone(), slope * x * -2i32]
            }
            Function::Abs => [of(Float::abs), of(Float::signum), float(0)],
        };
        self.chain(curve)
    }
}

/// The cost of a certificate and its derivatives at a point; not finite where it is undefined.
fn evaluate(certificate: &Certificate, point: &Float) -> Option<Jet2> {
    let mut values: Vec<Jet2> = Vec::new();
    for node in &certificate.setting.nodes {
        let of = |id: &foliate::kernel::expr::Id| &values[id.index()];
        values.push(match node {
            Node::Number(value) => Jet2::constant(Float::with_val(BITS, value)),
            Node::Pi => Jet2::constant(Float::with_val(BITS, rug::float::Constant::Pi)),
            Node::Variable(_) => Jet2([point.clone(), float(1), float(0)]),
            Node::Add(a, b) => of(a).combine(of(b), 1),
            Node::Sub(a, b) => of(a).combine(of(b), -1),
            Node::Mul(a, b) => of(a).times(of(b)),
            Node::Div(a, b) => of(a).times(&of(b).power(&Rational::from(-1))),
            Node::Neg(a) => Jet2::constant(float(0)).combine(of(a), -1),
            Node::Power(a, exponent) => of(a).power(exponent),
            Node::Apply(function, a) => of(a).apply(*function),
        });
    }
    let value = values.swap_remove(certificate.setting.cost.index());
    value.0.iter().all(Float::is_finite).then_some(value)
}

/// The cost at sample points, from left to right.
pub struct Samples {
    near: Vec<(Float, Jet2)>,
    /// Towards each end: nearer, near and very near.
    ends: [Vec<Jet2>; 2],
    oscillates: bool,
}

impl Samples {
    pub fn of(certificate: &Certificate) -> Self {
        let setting = &certificate.setting;
        let (left, right) = (&setting.left, &setting.right);
        let finite = |end: &End| end.finite().map(|point| Float::with_val(BITS, point));
        let steps = |power: i32| -> Float { float(2).pow(power) };
        let mut points: Vec<Float> = vec![float(0)];
        for power in -60..=60 {
            for share in [8, 9, 11, 13, 15] {
                let step: Float = steps(power) * share / 8u32;
                points.extend([step.clone(), -step.clone()]);
                points.extend(finite(left).map(|end| end + &step));
                points.extend(finite(right).map(|end| end - &step));
            }
        }
        let inside = |point: &Float| match (finite(left), finite(right)) {
            (Some(a), Some(b)) => a < *point && *point < b,
            (Some(a), None) => a < *point,
            (None, Some(b)) => *point < b,
            (None, None) => true,
        };
        points.retain(inside);
        points.sort_by(|a, b| a.partial_cmp(b).unwrap());
        points.dedup();
        let at = |point: Float| evaluate(certificate, &point).map(|value| (point, value));
        let toward = |end: Option<Float>, sign: i32| -> Vec<Jet2> {
            let far = |power: i32| match &end {
                Some(end) => end.clone() - steps(-power) * sign,
                None => steps(power) * sign,
            };
            let three = |powers: [i32; 3]| -> Vec<Jet2> {
                let found = powers.map(|power| evaluate(certificate, &far(power)));
                found.into_iter().flatten().collect()
            };
            // Exponentials overflow far out.
            let found = three([90, 180, 270]);
            if found.len() == 3 { found } else { three([20, 24, 28]) }
        };
        let waves = |node: &Node| matches!(node, Node::Apply(Function::Sin | Function::Cos | Function::Tan, _));
        Samples {
            near: points.into_iter().filter_map(at).collect(),
            ends: [toward(finite(left), -1), toward(finite(right), 1)],
            oscillates: setting.nodes.iter().any(waves),
        }
    }

    fn values(&self) -> impl Iterator<Item = &Float> {
        self.near.iter().map(|(_, jet)| &jet.0[0])
    }

    fn least(&self) -> Option<Float> {
        self.values().min_by(|a, b| a.partial_cmp(b).unwrap()).cloned()
    }

    fn at(&self, point: &Float) -> Option<&Jet2> {
        self.near.iter().find(|(here, _)| here == point).map(|(_, jet)| jet)
    }

    /// Whether a quantity rises (or falls) on the way to an end.
    fn moves(&self, end: usize, up: bool, of: impl Fn(&Jet2) -> Float) -> bool {
        let values: Vec<Float> = self.ends[end].iter().map(of).collect();
        values.len() == 3
            && values
                .windows(2)
                .all(|pair| if up { pair[0] < pair[1] } else { pair[0] > pair[1] })
    }
}

fn value(jet: &Jet2) -> Float {
    jet.0[0].clone()
}

/// Numbers that differ by less than this share of their size are not told apart.
fn margin(value: &Float) -> Float {
    value.clone().abs() * float(1e-30) + float(1e-60)
}

/// What the samples say against a theorem about this certificate's cost, if anything.
pub fn contradiction(samples: &Samples, claim: &Claim, theorem: &Theorem) -> Option<String> {
    let against = |bad: bool, why: &str| bad.then(|| why.to_owned());
    let least = samples.least()?;
    let origin = samples.at(&float(0));
    let hypothesis = theorem.hypothesis()?;
    match (hypothesis, theorem.holds()) {
        (Hypothesis::Proper, true) => {
            let falls = |end| samples.moves(end, false, value);
            against(falls(0) || falls(1), "f falls towards an end")
        }
        (Hypothesis::Proper, false) if !samples.oscillates => {
            let grows = |end: usize| samples.moves(end, true, value) && value(&samples.ends[end][2]) > float(1e60);
            against(grows(0) && grows(1), "f is huge towards both ends")
        }
        (Hypothesis::AttainsMinimum, true) if !samples.oscillates => {
            let sinks = |end: usize| samples.moves(end, false, value) && value(&samples.ends[end][0]) < least;
            against(sinks(0) || sinks(1), "f sinks below all values towards an end")
        }
        (Hypothesis::AttainsMinimum, false) if !samples.oscillates => {
            let rises = |end: usize| samples.moves(end, true, value) && value(&samples.ends[end][0]) > least;
            against(rises(0) && rises(1), "f rises above its values towards both ends")
        }
        (Hypothesis::LipschitzGradient, true) => {
            let Detail::Lipschitz { bound } = theorem.detail() else {
                return Some("no bound".into());
            };
            let bound = Float::with_val(BITS, Float::parse(bound).unwrap()) * float(1.000001);
            let jets = samples
                .near
                .iter()
                .map(|(_, jet)| jet)
                .chain(samples.ends.iter().flatten());
            let beyond = jets.map(|jet| jet.0[2].clone().abs()).any(|bend| bend > bound);
            against(beyond, "f'' exceeds the Lipschitz constant")
        }
        (Hypothesis::LipschitzGradient, false) if matches!(claim, Claim::UnboundedCurvature { along: None, .. }) => {
            let bend = |jet: &Jet2| jet.0[2].clone().abs();
            let settles = |end: usize| !samples.moves(end, true, bend);
            against(settles(0) && settles(1), "f'' does not grow towards an end")
        }
        (Hypothesis::NonsingularCriticalPoints, true) => {
            let flat = origin.is_some_and(|jet| jet.0[1].clone().abs() < float(1e-100));
            against(flat, "f'(0) is 0")
        }
        (Hypothesis::NonsingularCriticalPoints, false) => {
            let steep = origin.is_some_and(|jet| jet.0[1].clone().abs() > margin(&value(jet)));
            against(steep, "f'(0) is not 0")
        }
        (Hypothesis::CriticalPointsAreMinimizers, holds) => {
            let slopes = samples.near.iter().map(|(_, jet)| &jet.0[1]);
            let mut rose = false;
            let turns = slopes.fold(false, |turned, slope| {
                let falls = *slope < -margin(&least);
                rose |= *slope > margin(&least);
                turned || (rose && falls)
            });
            if let Detail::CriticalPoints(points) = theorem.detail() {
                for point in points.iter().filter(|point| point.lo < point.hi) {
                    let bad = bracket(samples, point).unwrap_or(false);
                    if bad {
                        return Some(format!("not a zero of this kind: {point:?}"));
                    }
                }
            }
            against(holds && turns, "f rises and falls again")
        }
        (Hypothesis::PlInequality, true) => {
            let Detail::BestConstant { lower, .. } = theorem.detail() else {
                return None;
            };
            // f - inf f is at least f - least, so this is sound although inf f is not known.
            let violated = samples.near.iter().any(|(_, jet)| {
                let gap = value(jet) - least.clone() - margin(&value(jet)) - margin(&least);
                jet.0[1].clone().square() * float(1.000001) < gap * Float::with_val(BITS, lower) * 2u32
            });
            against(violated, "f'^2 < 2 mu (f - inf f)")
        }
        (Hypothesis::OriginNotMinimizer, true) => {
            let lower = match claim {
                Claim::BelowOrigin { .. } => origin.is_some_and(|jet| value(jet) + margin(&least) < least),
                _ => origin.is_some_and(|jet| jet.0[1].clone().abs() < float(1e-100)),
            };
            against(lower, "the origin is the lowest of all samples")
        }
        (Hypothesis::OriginNotMinimizer, false) => {
            let lower = origin.is_some_and(|jet| least.clone() + margin(&least) < value(jet));
            against(lower, "f is below f(0)")
        }
        _ => None,
    }
}

/// Whether the samples left and right of a listed zero contradict its kind.
fn bracket(samples: &Samples, point: &foliate::kernel::theorem::CriticalPoint) -> Option<bool> {
    let (lo, hi) = (point.lo.as_ref()?, point.hi.as_ref()?);
    let before = samples.near.iter().rfind(|(here, _)| *here <= *lo)?;
    let after = samples.near.iter().find(|(here, _)| *here >= *hi)?;
    let (left, right) = (&before.1.0[1], &after.1.0[1]);
    // Other zeros may lie between the sample and the bracket, so only neighbours close by count.
    let close = Float::with_val(BITS, &after.0 - &before.0) < float(1e-12);
    let wrong = match point.kind {
        CriticalKind::Minimum => *left > 0 || *right < 0,
        CriticalKind::Maximum => *left < 0 || *right > 0,
        CriticalKind::Inflection | CriticalKind::Interval => false,
    };
    Some(close && wrong)
}
