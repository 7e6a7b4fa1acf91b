//! The Polyak-Lojasiewicz inequality f'^2 >= 2 mu (f - inf f), with a constant, or its failure.
//!
//! Source: A.pdpli and the remarks there; the steps integrate psi = f'^2 - 2 mu (f - inf f), psi' = 2 f' (f'' - mu).

use super::super::certificate::{Approach, Chart, Exact, PolyakLojasiewicz, SequenceData, Side, Step, Tail, TailStep};
use super::super::chart::{Pattern, Segment};
use super::super::evaluate::Program;
use super::super::expr::{Id, Node};
use super::super::interval::Interval;
use super::super::number::{Number, Sign};
use super::super::polynomial::End;
use super::super::setting::{Bound, Setting};
use super::super::tail::Ray;
use super::super::theorem::{Detail, Established, Hypothesis, Rejection, Within, require};
use super::growth::{end_name, sequence_words};
use rug::Rational;

/// Where the walks outwards begin, and inf f. A missing start means that there is nothing to walk on that side.
struct Base {
    left: Option<Rational>,
    right: Option<Rational>,
    infimum: Number,
}

/// The inequality holds with the constant of the argument.
pub(super) fn holds(setting: &mut Setting, argument: &PolyakLojasiewicz) -> Result<Established, Rejection> {
    setting.require_continuously_differentiable()?;
    let mu = &argument.mu.0;
    require(*mu > 0, "mu must be positive")?;
    require(argument.order <= 12, "the order of a Taylor form is at most 12")?;
    let pattern = setting.check_charts(&argument.charts, 1, None)?;
    if let [Segment::Flat { .. }] = pattern.segments.as_slice() {
        let sentence = "f is constant, so the PL inequality holds with every mu";
        return Ok(Established::new(Hypothesis::PlInequality, true, sentence));
    }
    let base = base(setting, &pattern, mu, argument.approach.as_ref())?;
    let programs = programs(setting, mu)?;
    let walks = [
        (Side::Left, &base.left, &argument.left, &argument.left_tail),
        (Side::Right, &base.right, &argument.right, &argument.right_tail),
    ];
    for (side, start, steps, tail) in walks {
        let place = if side == Side::Left { "left" } else { "right" };
        match start {
            Some(start) => {
                let walk = Walk {
                    side,
                    mu,
                    infimum: &base.infimum,
                    order: usize::from(argument.order),
                    programs: &programs,
                };
                walk.check(setting, start, steps, tail.as_ref()).within(|| place)?;
            }
            None => require(steps.is_empty() && tail.is_none(), "there is nothing on this side").within(|| place)?,
        }
    }
    let upper = argument
        .best_at
        .as_ref()
        .map(|point| upper_bound(setting, &point.0, &base.infimum))
        .transpose()?;
    let best = match &upper {
        Some(upper) => format!("; the best constant is at most {upper}"),
        None => String::new(),
    };
    let sentence = format!("f'^2 >= 2 mu (f - inf f) with mu = {mu}{best}");
    let detail = Detail::BestConstant {
        lower: mu.clone(),
        upper,
    };
    Ok(Established::new(Hypothesis::PlInequality, true, sentence).with(detail))
}

/// The place from which f rises on both sides, or the finite end towards which it falls.
fn base(
    setting: &mut Setting,
    pattern: &Pattern,
    mu: &Rational,
    approach: Option<&Approach>,
) -> Result<Base, Rejection> {
    require(
        approach.is_none() || pattern.critical().is_empty(),
        "an approach is for costs without critical points",
    )?;
    match pattern.critical().as_slice() {
        [(before, segment, after)] => {
            let falls_then_rises = *before != Some(Sign::Positive) && *after != Some(Sign::Negative);
            require(falls_then_rises, "the critical set is not a global minimum")?;
            let (left, right, lo, hi) = match segment {
                Segment::Zero(zero) => (
                    Some(zero.hi.clone()),
                    Some(zero.lo.clone()),
                    zero.lo.clone(),
                    zero.hi.clone(),
                ),
                Segment::Flat { lo, hi } => {
                    let point = lo.clone().or_else(|| hi.clone());
                    let point = point.ok_or_else(|| Rejection::new("f is constant"))?;
                    // A walk from a rounded end would leave out what lies between it and the true end.
                    let exact = |end: &Rational| setting.pieces.iter().any(|piece| piece.right.is_exactly(end));
                    let known = lo.iter().chain(hi.iter()).all(exact);
                    require(known, "a flat stretch needs rational ends")?;
                    (lo.clone(), hi.clone(), point.clone(), point)
                }
                Segment::Sign(_) | Segment::Nonnegative => return Err(Rejection::new("not a critical set")),
            };
            Ok(Base {
                left,
                right,
                infimum: setting.derivative_on(&lo, &hi, 0, 2)?,
            })
        }
        [] => {
            // f is strictly monotone: inf f is the limit at the end it falls towards.
            let rising = pattern.segments.first() == Some(&Segment::Sign(Sign::Positive));
            let (end, side) = if rising {
                (&setting.left, Side::Left)
            } else {
                (&setting.right, Side::Right)
            };
            let End::At(end) = end.clone() else {
                return Err(Rejection::new("f falls towards an infinite end"));
            };
            let form = setting.piece(setting.outer_piece(side))?.form;
            if let Some(approach) = approach {
                let ray = setting.ray(side, &approach.tail, None)?;
                require_limit(setting, form, &ray, &approach.limit.0)?;
                let infimum = Number::Exact(approach.limit.0.clone());
                let psi = psi(setting, form, mu)?;
                let psi = setting.form_on(psi, &ray, std::slice::from_ref(&infimum))?;
                require(psi.is_nonnegative(ray.line()), "psi may be negative on the approach")?;
                let start = Some(ray.start());
                let (left, right) = if rising { (None, start) } else { (start, None) };
                return Ok(Base { left, right, infimum });
            }
            let program = Program::new(&setting.table, form);
            setting.pay_evaluation(&program, 0)?;
            let value = program.value(&[Number::Exact(end.clone())], setting.precision);
            let infimum = value.map_err(|_| Rejection::new("f has no value at the end it falls towards"))?;
            let (left, right) = if rising { (None, Some(end)) } else { (Some(end), None) };
            Ok(Base { left, right, infimum })
        }
        _ => Err(Rejection::new("more than one critical set")),
    }
}

/// Demands that a form of the cost tends to a limit on a tail.
fn require_limit(setting: &mut Setting, form: Id, ray: &Ray, limit: &Rational) -> Result<(), Rejection> {
    let level = setting.table.number(limit.clone());
    let gap = setting.table.insert(Node::Sub(form, level));
    let vanishes = setting.form_on(gap, ray, &[])?.vanishes(ray.line());
    require(vanishes, "f is not shown to tend to the limit")
}

/// One walk outwards along which psi stays nonnegative.
struct Walk<'a> {
    side: Side,
    mu: &'a Rational,
    infimum: &'a Number,
    order: usize,
    programs: &'a [Programs],
}

impl Walk<'_> {
    fn check(
        &self,
        setting: &mut Setting,
        start: &Rational,
        steps: &[Step],
        tail: Option<&TailStep>,
    ) -> Result<(), Rejection> {
        let mut at = start.clone();
        for (place, step) in steps.iter().enumerate() {
            let outwards = if self.side == Side::Left {
                step.to.0 < at
            } else {
                step.to.0 > at
            };
            require(outwards, "steps must go outwards").within(|| format!("[{place}]"))?;
            let (lo, hi) = if self.side == Side::Left {
                (&step.to.0, &at)
            } else {
                (&at, &step.to.0)
            };
            self.step(setting, lo, hi, step.rising)
                .within(|| format!("[{place}]"))?;
            at = step.to.0.clone();
        }
        let tail = tail.ok_or_else(|| Rejection::new("the last step, on a tail, is missing"))?;
        let ray = setting.ray(self.side, &tail.tail, None)?;
        let reached = if self.side == Side::Left {
            at <= ray.start()
        } else {
            at >= ray.start()
        };
        require(reached, "a gap before the tail")?;
        self.tail(setting, &ray, tail.rising).within(|| "tail")
    }

    /// psi is nonnegative on [lo, hi], given that it is at the inner end.
    fn step(&self, setting: &mut Setting, lo: &Rational, hi: &Rational, rising: bool) -> Result<(), Rejection> {
        let precision = setting.precision;
        for (index, part) in self.parts(setting, lo, hi)? {
            let programs = self
                .programs
                .get(index)
                .ok_or_else(|| Rejection::new("there is no such piece"))?;
            let (program, order): (_, usize) = if rising {
                (&programs.form, 2)
            } else {
                (&programs.psi, 0)
            };
            setting.pay_evaluation(program, order.saturating_add(self.order))?;
            let value = program.derivative_on(&part, std::slice::from_ref(self.infimum), order, self.order, precision);
            let mut value = value.map_err(|error| Rejection::new(format!("undefined on a box: {error:?}")))?;
            if rising {
                value = value.sub(&Number::Exact(self.mu.clone()), precision);
            }
            require(
                value.is_nonnegative(),
                if rising {
                    "f'' is not at least mu"
                } else {
                    "psi may be negative"
                },
            )?;
        }
        Ok(())
    }

    /// The parts of a step; the first one may touch a finite end of the domain where the form is still defined.
    fn parts(&self, setting: &Setting, lo: &Rational, hi: &Rational) -> Result<Vec<(usize, Interval)>, Rejection> {
        let (left, right) = (End::At(lo.clone()), End::At(hi.clone()));
        if left != setting.left && right != setting.right {
            return setting.split(lo, hi);
        }
        let side = if left == setting.left { Side::Left } else { Side::Right };
        let index = setting.outer_piece(side);
        let inner = if side == Side::Left { &right } else { &left };
        let piece = setting.piece(index)?;
        let far = if side == Side::Left { &piece.right } else { &piece.left };
        let edge = match far {
            Bound::Domain => None,
            Bound::Break { .. } => far.outer(if side == Side::Left { Side::Left } else { Side::Right }),
        };
        let inside = match (&edge, side) {
            (Some(edge), Side::Left) => *hi <= *edge,
            (Some(edge), Side::Right) => *lo >= *edge,
            (None, _) => setting.left < *inner && *inner < setting.right,
        };
        require(inside, "the first step reaches beyond its piece")?;
        let part = Interval::hull_of(lo, hi, setting.precision).ok_or_else(|| Rejection::new("a box is inside out"))?;
        Ok(vec![(index, part)])
    }

    fn tail(&self, setting: &mut Setting, ray: &Ray, rising: bool) -> Result<(), Rejection> {
        let form = setting.piece(setting.outer_piece(self.side))?.form;
        let root = if rising {
            let second = setting.derivative(form, 2)?;
            let mu = setting.table.number(self.mu.clone());
            setting.table.insert(Node::Sub(second, mu))
        } else {
            psi(setting, form, self.mu)?
        };
        let form = setting.form_on(root, ray, std::slice::from_ref(self.infimum))?;
        require(
            form.is_nonnegative(ray.line()),
            if rising {
                "f'' is not at least mu"
            } else {
                "psi may be negative"
            },
        )
    }
}

/// The expression f'^2 - 2 mu (f - inf f), with inf f as `Variable(1)`.
fn psi(setting: &mut Setting, form: Id, mu: &Rational) -> Result<Id, Rejection> {
    let slope = setting.derivative(form, 1)?;
    let table = &mut setting.table;
    let square = table.insert(Node::Power(slope, Rational::from(2)));
    let infimum = table.insert(Node::Variable(1));
    let gap = table.insert(Node::Sub(form, infimum));
    let factor = table.number(mu * Rational::from(2));
    let product = table.insert(Node::Mul(factor, gap));
    Ok(table.insert(Node::Sub(square, product)))
}

/// The form of the cost on a piece and psi there, prepared for many steps.
struct Programs {
    form: Program,
    psi: Program,
}

fn programs(setting: &mut Setting, mu: &Rational) -> Result<Vec<Programs>, Rejection> {
    (0..setting.pieces.len())
        .map(|index| {
            let form = setting.piece(index)?.form;
            let psi = psi(setting, form, mu)?;
            Ok(Programs {
                form: Program::new(&setting.table, form),
                psi: Program::new(&setting.table, psi),
            })
        })
        .collect()
}

/// f'^2 / (2 (f - inf f)) at a point, rounded up.
fn upper_bound(setting: &mut Setting, point: &Rational, infimum: &Number) -> Result<String, Rejection> {
    let precision = setting.precision;
    let slope = setting.derivative_at(point, 1)?;
    let gap = setting.value_at(point)?.sub(infimum, precision);
    require(gap.is_positive(), "f is not shown to exceed inf f at the point")?;
    let square = slope.power(&Rational::from(2), precision);
    let square = square.map_err(|error| Rejection::new(error.to_string()))?;
    let ratio = square.div(&gap.mul(&Number::integer(2), precision), precision);
    let ratio = ratio
        .map_err(|error| Rejection::new(error.to_string()))?
        .interval(precision);
    require(ratio.sup().is_finite(), "the bound is infinite")?;
    Ok(ratio.upper_decimal(12))
}

/// f'' vanishes at the only critical point, a minimiser: the ratio tends to f'' = 0 there.
pub(super) fn degenerate(setting: &mut Setting, charts: &[Chart]) -> Result<Established, Rejection> {
    setting.require_continuously_differentiable()?;
    let pattern = setting.check_charts(charts, 1, None)?;
    let critical = pattern.critical();
    let [(Some(Sign::Negative), Segment::Zero(zero), Some(Sign::Positive))] = critical.as_slice() else {
        return Err(Rejection::new("not exactly one critical point, a minimiser"));
    };
    require(
        zero.multiplicity.is_some_and(|order| order >= 2),
        "the minimiser is not shown to be degenerate",
    )?;
    let place = if zero.lo == zero.hi {
        zero.lo.to_string()
    } else {
        "the minimiser".into()
    };
    let witness = format!("f'' = 0 at w = {place}, where f is minimal");
    Ok(Established::new(
        Hypothesis::PlInequality,
        false,
        format!("the PL inequality fails: {witness}"),
    )
    .with(Detail::Witness(witness)))
}

/// f'^2 / (f - f(at)) tends to 0 where f > f(at) >= inf f.
pub(super) fn vanishing_ratio(
    setting: &mut Setting,
    side: Side,
    tail: &Tail,
    along: Option<&SequenceData>,
    at: &Exact,
) -> Result<Established, Rejection> {
    setting.require_continuously_differentiable()?;
    let ray = setting.ray(side, tail, along)?;
    let level = setting.value_at(&at.0)?;
    require_vanishing(setting, side, &ray, level)?;
    let (end, sequence) = (end_name(setting, side), sequence_words(along));
    let witness = format!(
        "f'^2 / (f - inf f) tends to 0 as {end}{sequence}, where f > f({})",
        at.0
    );
    Ok(refuted(witness))
}

/// f'^2 / (f - L) tends to 0 where f > L, and L >= inf f as a limit of values.
pub(super) fn vanishing_ratio_at_limit(
    setting: &mut Setting,
    side: Side,
    tail: &Tail,
    limit: &Exact,
) -> Result<Established, Rejection> {
    setting.require_continuously_differentiable()?;
    let ray = setting.ray(side, tail, None)?;
    let form = setting.piece(setting.outer_piece(side))?.form;
    require_limit(setting, form, &ray, &limit.0)?;
    require_vanishing(setting, side, &ray, Number::Exact(limit.0.clone()))?;
    let end = end_name(setting, side);
    let witness = format!("f'^2 / (f - inf f) tends to 0 as {end}, where f falls to {}", limit.0);
    Ok(refuted(witness))
}

/// Demands that f exceeds a level on a tail and that f'^2 / (f - level) tends to 0 there.
fn require_vanishing(setting: &mut Setting, side: Side, ray: &Ray, level: Number) -> Result<(), Rejection> {
    let form = setting.piece(setting.outer_piece(side))?.form;
    let slope = setting.derivative(form, 1)?;
    let variable = setting.table.insert(Node::Variable(1));
    let gap = setting.table.insert(Node::Sub(form, variable));
    let others = [level];
    let positive = setting.form_on(gap, ray, &others)?.sign(ray.line()) == Some(Sign::Positive);
    require(positive, "f is not shown to exceed the level on the tail")?;
    let square = setting.table.insert(Node::Power(slope, Rational::from(2)));
    let ratio = setting.table.insert(Node::Div(square, gap));
    let ratio = setting.form_on(ratio, ray, &others)?;
    require(ratio.vanishes(ray.line()), "the ratio is not shown to tend to 0")
}

/// The failure of the inequality with its witness.
fn refuted(witness: String) -> Established {
    let sentence = format!("the PL inequality fails: {witness}");
    Established::new(Hypothesis::PlInequality, false, sentence).with(Detail::Witness(witness))
}

/// f decreases strictly towards an infinite end: the inequality would make sqrt(f - inf f) fall at a constant rate
/// for ever.
pub(super) fn decreases_forever(setting: &mut Setting, side: Side, tail: &Tail) -> Result<Established, Rejection> {
    setting.require_continuously_differentiable()?;
    let end = if side == Side::Left {
        &setting.left
    } else {
        &setting.right
    };
    require(end.finite().is_none(), "the end is finite")?;
    let ray = setting.ray(side, tail, None)?;
    let form = setting.piece(setting.outer_piece(side))?.form;
    let slope = setting.derivative(form, 1)?;
    let falling = if side == Side::Left {
        Sign::Positive
    } else {
        Sign::Negative
    };
    require(
        setting.sign_on_ray(slope, &ray)? == Some(falling),
        "f is not shown to decrease towards the end",
    )?;
    let witness = format!("f decreases strictly as {}", end_name(setting, side));
    Ok(Established::new(
        Hypothesis::PlInequality,
        false,
        format!("the PL inequality fails: {witness}"),
    )
    .with(Detail::Witness(witness)))
}
