//! All critical points of a cost on all of the space, by subdivision of a cube that holds them.

use super::super::derivatives::Sweep;
use super::super::evaluate::Program;
use super::super::interval::Interval;
use super::super::krawczyk::Enclosure;
use super::super::number::Number;
use super::super::theorem::{Established, Hypothesis, Rejection, Within, require};
use super::critical::Critical;
use super::data::{Branch, Sign};
use super::{Cost, Node};
use rug::Rational;

/// Most boxes times nodes of the cost that one tree may take.
const WORK: usize = 1 << 27;

/// What is claimed about all critical points.
pub(super) struct Everything<'a> {
    pub epsilon: &'a Rational,
    pub constant: &'a Rational,
    pub why: &'a Sign,
    pub points: &'a [Enclosure],
    pub tree: &'a [Branch],
}

/// Answers a question from a list of boxes with all critical points.
pub(super) fn settle(cost: &mut Cost, about: Hypothesis, all: &Everything) -> Result<Established, Rejection> {
    require(cost.is_everywhere(), "the domain is not the whole space")?;
    require(
        *all.epsilon > 0 && *all.constant >= 0,
        "epsilon or the constant is out of range",
    )?;
    cost.require_outward(all)?;
    require(all.points.len() <= 1_000, "too many points")?;
    let mut found: Vec<Critical> = Vec::with_capacity(all.points.len());
    for (place, point) in all.points.iter().enumerate() {
        found.push(cost.krawczyk(point).within(|| format!("points[{place}]"))?);
    }
    cost.require_covered(all).within(|| "tree")?;
    let texts: Vec<&str> = found.iter().map(|point| point.text.as_str()).collect();
    let list = texts.join("; ");
    match about {
        Hypothesis::CriticalPointsAreMinimizers => {
            require(found.len() == 1, "not exactly one critical point")?;
            let sentence = format!("the only critical point of the coercive f is {list}, so it is the minimiser");
            Ok(Established::new(about, true, sentence))
        }
        Hypothesis::NonsingularCriticalPoints => {
            let determinant = cost.determinant()?;
            for point in &found {
                let value = cost.value_on(determinant, &point.region)?;
                require(
                    value.is_nonzero(),
                    "det W is not shown to differ from 0 at a critical point",
                )?;
            }
            let sentence = format!("det W is not 0 at any critical point; they lie in {list}");
            Ok(Established::new(about, true, sentence))
        }
        _ => Err(Rejection::new("a list of critical points does not show this")),
    }
}

impl Cost {
    /// Demands <x, grad f> >= epsilon |x|^2 - constant.
    ///
    /// Then a critical point has |x|^2 <= constant / epsilon, and f grows at least like epsilon r^2 / 2 - constant log r
    /// on rays.
    fn require_outward(&mut self, all: &Everything) -> Result<(), Rejection> {
        let mut sum = self.table.number(all.constant.clone());
        for (place, slope) in self.gradient()?.into_iter().enumerate() {
            let entry = self.variable(place)?;
            let product = self.table.insert(Node::Mul(entry, slope));
            sum = self.table.insert(Node::Add(sum, product));
        }
        let origin = vec![Rational::new(); self.size()];
        let square = self.square_of_distance(&origin)?;
        let epsilon = self.table.number(all.epsilon.clone());
        let scaled = self.table.insert(Node::Mul(epsilon, square));
        let slack = self.table.insert(Node::Sub(sum, scaled));
        self.require_nonnegative(slack, all.why).within(|| "why")
    }

    /// Demands that the tree leaves only boxes inside those of the points.
    fn require_covered(&self, all: &Everything) -> Result<(), Rejection> {
        let program = Program::new(&self.table, self.root);
        let work = all.tree.len().saturating_mul(program.nodes().len());
        require(work <= WORK, "the certificate asks for too much work")?;
        let half = cube(&Rational::from(all.constant / all.epsilon))?;
        let side = [Rational::from(-&half), half];
        let mut open = vec![vec![side; self.size()]];
        for branch in all.tree {
            let Some(region) = open.pop() else {
                return Err(Rejection::new("more branches than boxes"));
            };
            match branch {
                Branch::Split(entry) => {
                    let entry = usize::from(*entry);
                    let (mut lower, mut upper) = (region.clone(), region);
                    let (Some(low), Some(high)) = (lower.get_mut(entry), upper.get_mut(entry)) else {
                        return Err(Rejection::new("an entry that W does not have"));
                    };
                    let middle: Rational = Rational::from(&low[0] + &low[1]) / 2;
                    low[1] = middle.clone();
                    high[0] = middle;
                    open.push(upper);
                    open.push(lower);
                }
                Branch::Empty(entry) => {
                    let slopes = self.slopes_on(&program, &region)?;
                    let slope = slopes.get(usize::from(*entry));
                    require(
                        slope.is_some_and(Number::is_nonzero),
                        "the partial derivative may vanish on a box",
                    )?;
                }
                Branch::Inside(point) => {
                    let point = usize::try_from(*point).ok().and_then(|place| all.points.get(place));
                    let point = point.ok_or_else(|| Rejection::new("a point that is not listed"))?;
                    require(contains(point, &region), "a box is not inside that of its point")?;
                }
            }
        }
        require(open.is_empty(), "boxes without a branch")
    }

    /// The partial derivatives on a box.
    fn slopes_on(&self, program: &Program, region: &[[Rational; 2]]) -> Result<Vec<Number>, Rejection> {
        let side = |side: &[Rational; 2]| Interval::hull_of(&side[0], &side[1], self.precision).map(Number::from);
        let sides: Option<Vec<Number>> = region.iter().map(side).collect();
        let sides = sides.ok_or_else(|| Rejection::new("an empty box"))?;
        let sweep = Sweep::new(program, &sides, self.precision);
        let sweep = sweep.map_err(|error| Rejection::new(format!("undefined: {error:?}")))?;
        Ok(sweep.gradient(self.size()))
    }
}

/// A power of 2 whose square is at least this: half the side of the cube around the ball.
pub fn cube(square: &Rational) -> Result<Rational, Rejection> {
    let mut half = Rational::from(1);
    for _ in 0..512 {
        if Rational::from(&half * &half) >= *square {
            return Ok(half);
        }
        half *= 2;
    }
    Err(Rejection::new("the ball is too large"))
}

/// Whether a box lies inside that of a point.
fn contains(point: &Enclosure, region: &[[Rational; 2]]) -> bool {
    let sides = point.centre.iter().zip(&point.radii);
    region.len() == point.centre.len()
        && region.len() == point.radii.len()
        && sides.zip(region).all(|((middle, radius), [low, high])| {
            Rational::from(&middle.0 - &radius.0) <= *low && *high <= Rational::from(&middle.0 + &radius.0)
        })
}
