//! What follows from a checked neuron, each claim with its derivation.

use super::super::evaluate::Program;
use super::super::expr::{Function, Id, Node};
use super::super::interval::Interval;
use super::super::number::{Number, Sign};
use super::super::print::print_named;
use super::super::quadrature::{QuadratureError, integral};
use super::super::rules::zero_of_slope;
use super::super::theorem::{Rejection, Settled, Within, require};
use super::data::{ActivationClaim, Parts, Primitive};
use super::{Neuron, Place, Root, text};
use rug::Rational;

/// How many digits of an enclosure are written.
const DIGITS: usize = 20;

/// What came of a claim: its name, the statement, and formulas that belong to it.
#[derive(Clone, Debug)]
pub(in super::super) struct Conclusion {
    /// The name of the claim.
    pub id: &'static str,
    /// What was shown.
    pub settled: Settled,
    /// Names and formulas of what was derived, for display.
    pub formulas: Vec<(&'static str, String)>,
}

impl Neuron {
    /// Checks one claim.
    ///
    /// Errors: a [`Rejection`] with the demand that failed.
    /// Panics: never.
    pub(in super::super) fn settle(&mut self, claim: &ActivationClaim) -> Result<Conclusion, Rejection> {
        // What is written walks over the expressions.
        self.setting.pay(
            u64::try_from(self.setting.table.nodes().len())
                .unwrap_or(u64::MAX)
                .saturating_mul(8),
        )?;
        match claim {
            ActivationClaim::Monotone {} => self.monotone(),
            ActivationClaim::SlopeVanishes { point } => {
                let place = zero_of_slope(&mut self.setting, point).within(|| "point")?;
                let sentence = format!("sigma' has a zero in the domain: sigma'(w) = 0 at w = {place}");
                let mut conclusion = self.conclusion("monotone", sentence, Vec::new());
                conclusion.settled.holds = false;
                conclusion.settled.witness = Some(format!("w = {place}"));
                Ok(conclusion)
            }
            ActivationClaim::Conserved {} => self.conserved(),
            ActivationClaim::Origin { parts } => self.origin(parts.as_ref()),
            ActivationClaim::Increment { parts } => self.increment(parts),
            ActivationClaim::NoSaddle {} => self.no_saddle(),
            ActivationClaim::Saddle {} => self.saddle(),
            ActivationClaim::LevelCurve {} => self.level_curve(),
            ActivationClaim::StableBranch {} => self.stable_branch(),
        }
    }

    fn conclusion(&self, id: &'static str, sentence: String, formulas: Vec<(&'static str, String)>) -> Conclusion {
        let settled = Settled {
            holds: true,
            statement: format!("{}: {sentence}", self.reading()),
            witness: None,
        };
        Conclusion { id, settled, formulas }
    }

    fn slope(&self) -> Result<Sign, Rejection> {
        self.slope.ok_or_else(|| Rejection::new("`slope` is missing"))
    }

    fn primitive(&self) -> Result<Primitive, Rejection> {
        self.primitive
            .clone()
            .ok_or_else(|| Rejection::new("`primitive` is missing"))
    }

    /// The only zero of sigma.
    fn place(&self) -> Result<Place, Rejection> {
        match &self.zero {
            Some(Root::One(place)) => Ok(place.clone()),
            _ => Err(Rejection::new("sigma is not shown to have a zero")),
        }
    }

    fn interval_name(&self) -> String {
        format!("({}, {})", self.setting.left, self.setting.right)
    }

    /// An expression in w1.
    fn text(&self, root: Id) -> String {
        print_named(&self.setting.table, root, &|_| "w1".to_owned())
    }

    fn monotone(&mut self) -> Result<Conclusion, Rejection> {
        let sign = relation(self.slope()?);
        let sentence = format!("sigma is analytic and sigma' {sign} 0");
        Ok(self.conclusion("monotone", sentence, Vec::new()))
    }

    /// d/dt (w2^2 - Phi(w1)) = 2 w2 w2' - Phi'(w1) w1' = -f'(z) w2 (2 sigma - Phi' sigma') = 0, z = w2 sigma(w1).
    fn conserved(&mut self) -> Result<Conclusion, Rejection> {
        let quantity = match self.primitive()? {
            Primitive::Closed { phi, .. } => {
                let phi = self.text(phi);
                let invariant = self.invariant()?;
                let formulas = vec![("Phi(w1)", phi), ("invariant", invariant.clone())];
                let sentence = format!(
                    "{invariant} is constant along the gradient flow of f(w2*sigma(w1)), for every differentiable f"
                );
                return Ok(self.conclusion("conserved", sentence, formulas));
            }
            Primitive::Integral { from } => format!("integral of 2*sigma/sigma' from {} to w1", from.0),
        };
        let sentence = format!(
            "w2^2 - Phi(w1) is constant along the gradient flow of f(w2*sigma(w1)), for every differentiable f, where \
             Phi(w1) is the {quantity}"
        );
        let formulas = vec![("Phi(w1)", quantity), ("invariant", "w2^2 - Phi(w1)".to_owned())];
        Ok(self.conclusion("conserved", sentence, formulas))
    }

    /// w2^2 - Phi(w1) with Phi written out.
    fn invariant(&mut self) -> Result<String, Rejection> {
        let Primitive::Closed { phi, .. } = self.primitive()? else {
            return Ok("w2^2 - Phi(w1)".to_owned());
        };
        let table = &mut self.setting.table;
        let second = table.insert(Node::Variable(1));
        let square = table.insert(Node::Power(second, Rational::from(2)));
        let difference = text::difference(table, square, phi);
        Ok(print_named(&self.setting.table, difference, &layer))
    }

    /// -Phi(0).
    fn origin(&mut self, parts: Option<&Parts>) -> Result<Conclusion, Rejection> {
        let origin = Rational::new();
        self.require_inside(&origin)?;
        let value = match self.primitive()? {
            Primitive::Closed { phi, .. } => {
                require(parts.is_none(), "a closed form needs no quadrature")?;
                let zero = self.setting.table.number(0);
                let value = self.setting.substitute(phi, zero)?;
                let value = self.folded(value)?;
                let zero = self.setting.table.number(0);
                let value = text::difference(&mut self.setting.table, zero, value);
                self.constant_text(value)?
            }
            Primitive::Integral { from } if from.0 == 0 => "0".to_owned(),
            Primitive::Integral { from } => {
                let parts = parts.ok_or_else(|| Rejection::new("`parts` is missing"))?;
                let ends = (origin.clone().min(from.0.clone()), origin.clone().max(from.0.clone()));
                require(
                    between(parts) == Some(ends),
                    "the parts do not reach from 0 to the base point",
                )?;
                let area = self.area(parts).within(|| "parts")?;
                let value = if from.0 > 0 { area } else { area.neg() };
                format!("in {}", value.display(DIGITS))
            }
        };
        let equals = if value.starts_with("in ") { "lies" } else { "is" };
        let sentence = format!("the value of w2^2 - Phi(w1) at (0, 0) {equals} {value}");
        Ok(self.conclusion("origin", sentence, vec![("value at (0, 0)", value)]))
    }

    /// A constant expression with what is rational in it worked out.
    fn folded(&mut self, root: Id) -> Result<Id, Rejection> {
        let parts = self.setting.table.reachable(root).len();
        if parts > text::FOLDED {
            return Ok(root);
        }
        let program = Program::new(&self.setting.table, root);
        for _ in 0..parts {
            self.setting.pay_evaluation(&program, 0)?;
        }
        Ok(text::folded(&mut self.setting.table, root, self.setting.precision))
    }

    /// A constant: exactly if it is rational, else the expression with an enclosure.
    fn constant_text(&mut self, value: Id) -> Result<String, Rejection> {
        let program = Program::new(&self.setting.table, value);
        self.setting.pay_evaluation(&program, 0)?;
        let number = program.value(&[], self.setting.precision);
        let number = number.map_err(|error| Rejection::new(format!("a constant is undefined: {error:?}")))?;
        Ok(match number {
            Number::Exact(exact) => exact.to_string(),
            _ if self.setting.is_zero(value)? => "0".to_owned(),
            Number::Enclosed { range, .. } => format!("{}, in {}", self.text(value), range.display(DIGITS)),
        })
    }

    /// The integral of 2 sigma/sigma' over parts inside J; sigma' has no zero there.
    fn area(&mut self, parts: &Parts) -> Result<Interval, Rejection> {
        self.slope()?;
        for cut in &parts.cuts {
            self.require_inside(&cut.0)?;
        }
        let slope = self.setting.derivative(self.sigma, 1)?;
        let table = &mut self.setting.table;
        let ratio = table.insert(Node::Div(self.sigma, slope));
        let two = table.number(2);
        let integrand = table.insert(Node::Mul(two, ratio));
        let program = Program::new(table, integrand);
        let evaluations = u64::try_from(parts.cuts.len()).unwrap_or(u64::MAX).saturating_mul(2);
        for _ in 0..evaluations {
            self.setting.pay_evaluation(&program, usize::from(parts.order))?;
        }
        let cuts: Vec<Rational> = parts.cuts.iter().map(|cut| cut.0.clone()).collect();
        let area = integral(&program, &cuts, usize::from(parts.order), self.setting.precision);
        let area = area.map_err(refused)?;
        require(area.is_bounded(), "the enclosure is not bounded")?;
        Ok(area)
    }

    fn increment(&mut self, parts: &Parts) -> Result<Conclusion, Rejection> {
        require(
            matches!(self.primitive()?, Primitive::Integral { .. }),
            "Phi has a closed form",
        )?;
        let (lo, hi) = between(parts).ok_or_else(|| Rejection::new("there are no parts"))?;
        let area = self.area(parts).within(|| "parts")?;
        let sentence = format!("Phi({hi}) - Phi({lo}) lies in {}", area.display(DIGITS));
        let mut conclusion = self.conclusion("increment", sentence, Vec::new());
        conclusion.settled.witness = Some(area.display(DIGITS));
        Ok(conclusion)
    }

    /// At rest f'(z) sigma(w1) = 0, so f'(z) = 0.
    fn no_saddle(&mut self) -> Result<Conclusion, Rejection> {
        require(
            matches!(self.zero, Some(Root::Nowhere)),
            "sigma is not shown to have no zero",
        )?;
        let sentence = format!(
            "sigma has no zero, so a point of {} x R is at rest only if f'(w2*sigma(w1)) = 0: there is no saddle like \
             that at a zero of sigma",
            self.interval_name()
        );
        Ok(self.conclusion("saddle", sentence, Vec::new()))
    }

    /// At rest f'(z) sigma(w1) = 0 and f'(z) w2 sigma'(w1) = 0: if f'(z) is not 0, then w1 = u0 and w2 = 0. The second
    /// derivatives of f(w2 sigma(w1)) are f'' w2^2 sigma'^2 + f' w2 sigma'', f'' w2 sigma sigma' + f' sigma' and
    /// f'' sigma^2, at (u0, 0): 0, f'(0) sigma'(u0) and 0.
    fn saddle(&mut self) -> Result<Conclusion, Rejection> {
        self.slope()?;
        let place = self.place()?;
        let point = self.point(&place);
        let slope = self.slope_at(&place)?;
        let kind = match &self.outer {
            None => "a strict saddle if f'(0) is not 0".to_owned(),
            Some(outer) if outer.slope == Sign::Zero => {
                format!(
                    "where f'(0) = 0 for f(z) = {}, so it is not a strict saddle",
                    outer.text
                )
            }
            Some(outer) => format!(
                "a strict saddle since f'(0) {} 0 for f(z) = {}",
                relation(outer.slope),
                outer.text
            ),
        };
        let range = self.range(&place)?;
        let named = range.as_ref().map_or_else(String::new, |range| format!(" in {range}"));
        let sentence = format!(
            "sigma vanishes at w = {point}{named} and nowhere else; the only point of {} x R that is at rest where f'(w2*sigma(w1)) \
             is not 0 is (w1, w2) = ({point}, 0), where the Hessian is f'(0)*sigma'({point})*[[0, 1], [1, 0]] for f \
             twice differentiable, with sigma'({point}) {slope} and eigenvalues +-f'(0)*sigma'({point}): {kind}",
            self.interval_name()
        );
        let mut formulas = vec![("saddle", format!("(w1, w2) = ({point}, 0)"))];
        if let Some(range) = range {
            formulas.push(("u0", format!("in {range}")));
        }
        Ok(self.conclusion("saddle", sentence, formulas))
    }

    /// How u0 is written.
    fn point(&self, place: &Place) -> String {
        match place {
            Place::At { at } => self.text(*at),
            Place::Between { .. } => "u0".to_owned(),
        }
    }

    /// An enclosure of u0 if it is only known by one.
    fn range(&self, place: &Place) -> Result<Option<String>, Rejection> {
        let Place::Between { lo, hi } = place else {
            return Ok(None);
        };
        let hull = Interval::hull_of(lo, hi, self.setting.precision);
        let hull = hull.ok_or_else(|| Rejection::new("the interval is empty"))?;
        Ok(Some(hull.display(DIGITS)))
    }

    /// sigma'(u0), behind a sign of equality or membership.
    fn slope_at(&mut self, place: &Place) -> Result<String, Rejection> {
        match place {
            Place::At { at } => {
                let slope = self.setting.derivative(self.sigma, 1)?;
                let value = self.setting.substitute(slope, *at)?;
                let program = Program::new(&self.setting.table, value);
                self.setting.pay_evaluation(&program, 0)?;
                match program.value(&[], self.setting.precision) {
                    Ok(Number::Exact(exact)) => Ok(format!("= {exact}")),
                    Ok(Number::Enclosed { range, .. }) => Ok(format!("in {}", range.display(DIGITS))),
                    Err(error) => Err(Rejection::new(format!("sigma' is undefined at the zero: {error:?}"))),
                }
            }
            Place::Between { lo, hi } => {
                let range = self.setting.derivative_on(lo, hi, 1, 2)?;
                Ok(format!("in {}", range.interval(self.setting.precision).display(DIGITS)))
            }
        }
    }

    /// Phi(w1) - Phi(u0), as an expression if Phi and u0 are.
    fn rise(&mut self, place: &Place) -> Result<Option<Id>, Rejection> {
        let (Primitive::Closed { phi, .. }, Place::At { at }) = (self.primitive()?, place) else {
            return Ok(None);
        };
        let level = self.setting.substitute(phi, *at)?;
        let level = self.folded(level)?;
        let program = Program::new(&self.setting.table, level);
        self.setting.pay_evaluation(&program, 0)?;
        let value = program.value(&[], self.setting.precision);
        if self.setting.is_zero(level)? {
            return Ok(Some(phi));
        }
        let table = &mut self.setting.table;
        Ok(Some(match value {
            Ok(Number::Exact(exact)) if exact < 0 => {
                let level = table.number(-exact);
                table.insert(Node::Add(phi, level))
            }
            Ok(Number::Exact(exact)) => {
                let level = table.number(exact);
                table.insert(Node::Sub(phi, level))
            }
            _ => text::difference(table, phi, level),
        }))
    }

    /// Phi(w1) - Phi(u0) as text.
    fn rise_text(&mut self, place: &Place) -> Result<String, Rejection> {
        if let Some(rise) = self.rise(place)? {
            return Ok(self.text(rise));
        }
        Ok(match (self.primitive()?, place) {
            (Primitive::Integral { from }, Place::At { at })
                if self.setting.table.node(*at) == Some(&Node::Number(from.0.clone())) =>
            {
                "Phi(w1)".to_owned()
            }
            _ => format!("Phi(w1) - Phi({})", self.point(place)),
        })
    }

    /// sgn(w1 - u0)*sqrt(Phi(w1) - Phi(u0)), shorter if the root can be drawn.
    fn branch(&mut self, place: &Place) -> Result<String, Rejection> {
        let Place::At { at } = place else {
            return Ok(format!("sgn(w1 - u0)*sqrt({})", self.rise_text(place)?));
        };
        let rise = self.rise(place)?;
        let table = &mut self.setting.table;
        let w = table.w();
        let shift = if table.node(*at) == Some(&Node::Number(Rational::new())) {
            w
        } else {
            text::difference(table, w, *at)
        };
        // sgn(x)*sqrt(x^2) = x, and sinh(x) has the sign of x.
        let sinh = table.insert(Node::Apply(Function::Sinh, shift));
        let square = rise.and_then(|rise| table.node(rise).cloned());
        if let Some(Node::Power(base, exponent)) = square
            && exponent == 2
            && (base == shift || base == sinh)
        {
            let bare = base == w || base == sinh;
            let text = self.text(base);
            return Ok(if bare { text } else { format!("({text})") });
        }
        Ok(format!("sgn({})*sqrt({})", self.text(shift), self.rise_text(place)?))
    }

    /// Phi' = 2 sigma/sigma' has the sign of w1 - u0: if sigma' > 0, sigma is negative before its zero and positive after
    /// it; if sigma' < 0, it is the other way round, and the quotient has the same sign.
    fn level_curve(&mut self) -> Result<Conclusion, Rejection> {
        self.slope()?;
        let place = self.place()?;
        let (point, rise, branch) = (self.point(&place), self.rise_text(&place)?, self.branch(&place)?);
        let sentence = format!(
            "the level of w2^2 - Phi(w1) through ({point}, 0) is w2^2 = {rise}, which is positive for w1 in {} other than \
             {point}: it consists of the two branches w2 = +-{branch}, which meet in ({point}, 0) only",
            self.interval_name()
        );
        let formulas = vec![
            ("level of the saddle", format!("w2^2 = {rise}")),
            ("branches", format!("w2 = +-{branch}")),
        ];
        Ok(self.conclusion("level_curve", sentence, formulas))
    }

    /// Let e = sgn sigma', d = sgn(w1 - u0), so that sgn sigma(w1) = e d. On the branch w2 = b d sqrt(...), b = 1 or -1,
    /// (w1 - u0) w1' = -f'(z) (w1 - u0) w2 sigma'(w1) has the sign of -f'(z) b e. Where f'(z) has the sign s of f'(0),
    /// w1 approaches u0 iff b = s e and leaves it iff b = -s e; both branches are invariant, as levels are. A solution
    /// that approaches for ever has a limit (w1 is monotone) at rest with f'(z) not 0: the saddle.
    fn stable_branch(&mut self) -> Result<Conclusion, Rejection> {
        let slope = self.slope()?;
        let place = self.place()?;
        let (point, branch) = (self.point(&place), self.branch(&place)?);
        let signed = |sign: Sign| match sign {
            Sign::Negative => format!("w2 = -{branch}"),
            _ => format!("w2 = {branch}"),
        };
        let reason = format!(
            "where f'(w2*sigma(w1)) has the sign of f'(0), w1 moves towards {point} on it and away from {point} on the other \
             branch"
        );
        let (sentence, formulas) = match &self.outer {
            Some(outer) => {
                require(outer.slope != Sign::Zero, "f'(0) = 0: no branch is singled out")?;
                let stable = signed(outer.slope.times(slope));
                let unstable = signed(outer.slope.times(slope).opposite());
                let given = format!("f'(0) {} 0 for f(z) = {}", relation(outer.slope), outer.text);
                (
                    format!("{given}, so the stable branch is {stable}: {reason}"),
                    vec![("stable branch", stable), ("unstable branch", unstable)],
                )
            }
            None => {
                let (plus, minus) = (signed(slope), signed(slope.opposite()));
                (
                    format!(
                        "for f with continuous derivative the stable branch is {plus} if f'(0) > 0, and {minus} if f'(0) < 0: \
                         {reason}"
                    ),
                    vec![
                        ("stable branch if f'(0) > 0", plus),
                        ("stable branch if f'(0) < 0", minus),
                    ],
                )
            }
        };
        Ok(self.conclusion("stable_branch", sentence, formulas))
    }
}

/// The names of the variables of a formula with both layers.
fn layer(variable: u16) -> String {
    if variable == 0 {
        "w1".to_owned()
    } else {
        "w2".to_owned()
    }
}

/// A sign as a relation to 0.
fn relation(sign: Sign) -> &'static str {
    match sign {
        Sign::Negative => "<",
        Sign::Zero => "=",
        Sign::Positive => ">",
    }
}

/// The first and the last cut.
fn between(parts: &Parts) -> Option<(Rational, Rational)> {
    let (first, last) = (parts.cuts.first()?, parts.cuts.last()?);
    Some((first.0.clone(), last.0.clone()))
}

fn refused(error: QuadratureError) -> Rejection {
    Rejection::new(match error {
        QuadratureError::Limits => "the order of a Taylor form is out of range".to_owned(),
        QuadratureError::Cuts => "cuts must increase".to_owned(),
        QuadratureError::Work => "the certificate asks for too much work".to_owned(),
        QuadratureError::Undefined { part, why } => format!("may be undefined behind cuts[{part}]: {why:?}"),
    })
}
