//! Derivatives made short enough to read: like terms collected, constants combined, common denominators shared.
//!
//! Two styles are tried, with products of sums written out and without, and the shorter text is kept. Nothing is
//! believed: the kernel compares what comes out with its own derivative.

use crate::kernel::expr::{Function, Id, Node, Table};
use rug::{Integer, Rational, ops::Pow};
use std::collections::BTreeMap;

/// More terms than this are not written out.
const TERMS: usize = 200;
/// Larger powers of sums are not written out.
const POWER: i32 = 8;
/// Larger exponents of numbers are left alone.
const NUMBER_POWER: i32 = 64;

/// Powers of atoms, which are places in the new table; no exponent is 0.
type Monomial = BTreeMap<Id, Rational>;
/// Multiples of monomials; no multiple is 0.
type Sum = BTreeMap<Monomial, Rational>;

/// The shortest form found, by the length of its text.
///
/// Panics: never.
pub(super) fn shorten(table: &Table, root: Id, text: &dyn Fn(&Table, Id) -> String) -> (Table, Id) {
    let (plain, roots) = table.extract(&[root]);
    let plain = (plain, roots.first().copied().unwrap_or(root));
    let forms = [false, true]
        .into_iter()
        .filter_map(|expand| rewritten(table, root, expand));
    let candidates = forms.chain([plain.clone()]);
    let shortest = candidates.min_by_key(|(table, root)| text(table, *root).chars().count());
    shortest.unwrap_or(plain)
}

/// The expression in one style.
fn rewritten(table: &Table, root: Id, expand: bool) -> Option<(Table, Id)> {
    let mut writer = Writer {
        table: Table::new(),
        expand,
    };
    let mut sums: BTreeMap<Id, Sum> = BTreeMap::new();
    for id in table.reachable(root) {
        let sum = writer.sum(table.node(id)?, &sums)?;
        sums.insert(id, sum);
    }
    let id = writer.write(sums.get(&root)?);
    Some((writer.table, id))
}

/// Writes sums into a table.
struct Writer {
    table: Table,
    expand: bool,
}

impl Writer {
    /// A node whose children are sums already.
    fn sum(&mut self, node: &Node, sums: &BTreeMap<Id, Sum>) -> Option<Sum> {
        let of = |id: &Id| sums.get(id);
        Some(match node {
            Node::Number(value) => constant(value.clone()),
            Node::Pi | Node::Variable(_) => atom(self.table.insert(node.clone())),
            Node::Add(a, b) => added(of(a)?, of(b)?, 1),
            Node::Sub(a, b) => added(of(a)?, of(b)?, -1),
            Node::Neg(a) => scaled(of(a)?, &Rational::from(-1)),
            Node::Mul(a, b) => self.product(of(a)?, of(b)?),
            Node::Div(a, b) => {
                let inverse = self.power(of(b)?, &Rational::from(-1))?;
                self.product(of(a)?, &inverse)
            }
            Node::Power(a, exponent) => self.power(of(a)?, exponent)?,
            Node::Apply(function, a) => {
                let argument = self.write(of(a)?);
                atom(self.table.insert(Node::Apply(*function, argument)))
            }
        })
    }

    fn product(&mut self, a: &Sum, b: &Sum) -> Sum {
        if let Some(factor) = as_constant(a) {
            return scaled(b, &factor);
        }
        if let Some(factor) = as_constant(b) {
            return scaled(a, &factor);
        }
        let write_out = self.expand && a.len().saturating_mul(b.len()) <= TERMS;
        let (a, b) = if write_out {
            (a.clone(), b.clone())
        } else {
            (self.as_factor(a), self.as_factor(b))
        };
        let mut product = Sum::new();
        for (left, multiple) in &a {
            for (right, factor) in &b {
                let monomial = self.tidy(times(left, right));
                add_term(&mut product, monomial, Rational::from(multiple * factor));
            }
        }
        product
    }

    /// A sum of several terms as one factor.
    fn as_factor(&mut self, sum: &Sum) -> Sum {
        if sum.len() == 1 {
            return sum.clone();
        }
        atom(self.write(sum))
    }

    /// A power; `None` for a division by 0.
    fn power(&mut self, base: &Sum, exponent: &Rational) -> Option<Sum> {
        let whole = exponent.is_integer().then(|| exponent.numer().to_i32()).flatten();
        if base.is_empty() {
            return (*exponent > 0).then(Sum::new);
        }
        if let (Some(whole), Some((monomial, multiple))) = (whole, single(base))
            && (multiple == 1 || whole.abs() <= NUMBER_POWER)
        {
            let monomial = monomial
                .iter()
                .map(|(id, power)| (*id, Rational::from(power * exponent)))
                .collect();
            return Some(Sum::from([(self.tidy(monomial), multiple.pow(whole))]));
        }
        if let Some(whole) = whole.filter(|whole| self.expand && (2..=POWER).contains(whole)) {
            let mut power = base.clone();
            for _ in 1..whole {
                power = self.product(&power, base);
            }
            return Some(power);
        }
        // A root of a square is an absolute value.
        if let (false, Some((monomial, multiple))) = (exponent.is_integer(), single(base))
            && multiple == 1
            && *exponent.denom() == 2
            && monomial
                .values()
                .all(|power| power.is_integer() && power.numer().is_even())
        {
            let half = monomial.into_iter().map(|(id, power)| (id, power / 2u32)).collect();
            let root = self.write(&Sum::from([(half, Rational::from(1))]));
            let root = self.table.insert(Node::Apply(Function::Abs, root));
            let power = Monomial::from([(root, Rational::from(exponent * 2u32))]);
            return Some(Sum::from([(self.tidy(power), Rational::from(1))]));
        }
        let base = self.write(base);
        Some(Sum::from([(
            Monomial::from([(base, exponent.clone())]),
            Rational::from(1),
        )]))
    }

    /// u^2/abs(u) is abs(u), and abs(u)^2 is u^2.
    fn tidy(&self, mut monomial: Monomial) -> Monomial {
        let kinks: Vec<(Id, Id)> = monomial
            .keys()
            .filter_map(|id| match self.table.node(*id) {
                Some(Node::Apply(Function::Abs, inner)) => Some((*id, *inner)),
                _ => None,
            })
            .collect();
        for (kink, inner) in kinks {
            let power = |monomial: &Monomial, id: &Id| monomial.get(id).cloned().unwrap_or_default();
            let (outside, inside) = (power(&monomial, &kink), power(&monomial, &inner));
            let pairs = if outside < 0 && inside > 0 {
                // As many squares as both have.
                Rational::from(&inside / 2u32)
                    .floor()
                    .min((-outside.clone() / 2u32).ceil())
            } else {
                -Rational::from(&outside / 2u32).floor().max(Rational::from(0))
            };
            let moved = Rational::from(&pairs * 2u32);
            monomial = times(&monomial, &Monomial::from([(kink, moved.clone()), (inner, -moved)]));
        }
        monomial
    }

    /// The sum as an expression: terms over the same denominator stand over it together.
    fn write(&mut self, sum: &Sum) -> Id {
        let mut groups: BTreeMap<Monomial, Vec<(Monomial, Rational)>> = BTreeMap::new();
        for (monomial, multiple) in sum {
            let (below, above): (Monomial, Monomial) = monomial
                .iter()
                .map(|(id, power)| (*id, power.clone()))
                .partition(|(_, power)| *power < 0);
            groups.entry(below).or_default().push((above, multiple.clone()));
        }
        let mut fractions: Vec<(bool, Id)> = Vec::new();
        for (below, mut terms) in groups {
            terms.sort_by_cached_key(|(monomial, multiple)| (-degree(monomial), monomial.clone(), multiple.clone()));
            let negative = terms.iter().all(|(_, multiple)| *multiple < 0);
            if negative {
                terms.iter_mut().for_each(|(_, multiple)| *multiple *= -1);
            }
            let terms: Vec<(bool, Id)> = terms
                .into_iter()
                .map(|(monomial, multiple)| (multiple < 0, self.term(&monomial, multiple.abs())))
                .collect();
            let above = self.signed_sum(terms);
            let below: Monomial = below.into_iter().map(|(id, power)| (id, -power)).collect();
            let fraction = if below.is_empty() {
                above
            } else {
                let below = self.term(&below, Rational::from(1));
                self.table.insert(Node::Div(above, below))
            };
            fractions.push((negative, fraction));
        }
        self.signed_sum(fractions)
    }

    /// A sum of terms, each with whether it is subtracted; one that is added comes first.
    fn signed_sum(&mut self, mut terms: Vec<(bool, Id)>) -> Id {
        if let Some(place) = terms.iter().position(|(negative, _)| !negative) {
            let first = terms.remove(place);
            terms.insert(0, first);
        }
        let mut sum: Option<Id> = None;
        for (negative, term) in terms {
            let node = match (sum, negative) {
                (None, false) => {
                    sum = Some(term);
                    continue;
                }
                (None, true) => Node::Neg(term),
                (Some(sum), false) => Node::Add(sum, term),
                (Some(sum), true) => Node::Sub(sum, term),
            };
            sum = Some(self.table.insert(node));
        }
        sum.unwrap_or_else(|| self.table.number(0))
    }

    /// A positive multiple of a product of powers with positive exponents, variables first.
    fn term(&mut self, monomial: &Monomial, multiple: Rational) -> Id {
        let mut factors: Vec<(&Id, &Rational)> = monomial.iter().collect();
        factors.sort_by_key(|(id, _)| !matches!(self.table.node(**id), Some(Node::Variable(_))));
        let mut product = (multiple != 1 || factors.is_empty()).then(|| self.table.number(multiple));
        for (id, power) in factors {
            let factor = if *power == 1 {
                *id
            } else {
                self.table.insert(Node::Power(*id, power.clone()))
            };
            product = Some(match product {
                None => factor,
                Some(product) => self.table.insert(Node::Mul(product, factor)),
            });
        }
        product.unwrap_or_else(|| self.table.number(1))
    }
}

fn constant(value: Rational) -> Sum {
    let mut sum = Sum::new();
    add_term(&mut sum, Monomial::new(), value);
    sum
}

fn atom(id: Id) -> Sum {
    Sum::from([(Monomial::from([(id, Rational::from(1))]), Rational::from(1))])
}

/// The value of a sum that is a number.
fn as_constant(sum: &Sum) -> Option<Rational> {
    match single(sum) {
        Some((monomial, value)) if monomial.is_empty() => Some(value),
        None if sum.is_empty() => Some(Rational::new()),
        _ => None,
    }
}

/// The only term of a sum.
fn single(sum: &Sum) -> Option<(Monomial, Rational)> {
    let (monomial, multiple) = sum.iter().next()?;
    (sum.len() == 1).then(|| (monomial.clone(), multiple.clone()))
}

/// The first plus a multiple of the second.
fn added(a: &Sum, b: &Sum, factor: i32) -> Sum {
    let mut sum = a.clone();
    for (monomial, multiple) in b {
        add_term(&mut sum, monomial.clone(), Rational::from(multiple * factor));
    }
    sum
}

fn scaled(sum: &Sum, factor: &Rational) -> Sum {
    let mut multiple = Sum::new();
    for (monomial, value) in sum {
        add_term(&mut multiple, monomial.clone(), Rational::from(value * factor));
    }
    multiple
}

fn add_term(sum: &mut Sum, monomial: Monomial, multiple: Rational) {
    let total = sum.remove(&monomial).unwrap_or_default() + multiple;
    if total != 0 {
        sum.insert(monomial, total);
    }
}

/// The product of two monomials.
fn times(a: &Monomial, b: &Monomial) -> Monomial {
    let mut product = a.clone();
    for (id, power) in b {
        let total = product.remove(id).unwrap_or_default() + power;
        if total != 0 {
            product.insert(*id, total);
        }
    }
    product
}

/// The sum of the exponents, rounded down.
fn degree(monomial: &Monomial) -> Integer {
    monomial.values().sum::<Rational>().floor().into_numer_denom().0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::normal_form::{Decision, is_identically_zero};
    use crate::kernel::print::print;

    fn power(table: &mut Table, base: Id, exponent: impl Into<Rational>) -> Id {
        table.insert(Node::Power(base, exponent.into()))
    }

    /// The derivative of a cost, shortened.
    fn derivative(cost: impl FnOnce(&mut Table, Id) -> Id) -> String {
        let mut table = Table::new();
        let w = table.w();
        let root = cost(&mut table, w);
        let slope = table.derivative(root, 0).unwrap();
        let (short, id) = shorten(&table, slope, &print);
        let other = table.import(&short, id);
        let difference = table.insert(Node::Sub(slope, other));
        let text = print(&short, id);
        if !text.contains("abs") {
            assert_eq!(is_identically_zero(&table, difference), Decision::Zero, "{text}");
        }
        text
    }

    /// w^2 + shift.
    fn square_plus(table: &mut Table, w: Id, shift: i32) -> Id {
        let (square, shift) = (power(table, w, 2), table.number(shift));
        table.insert(Node::Add(square, shift))
    }

    #[test]
    fn like_terms_are_collected() {
        let text = derivative(|table, w| {
            let (one, half) = (table.number(1), table.number((1, 2)));
            let difference = table.insert(Node::Sub(one, w));
            let square = power(table, difference, 2);
            table.insert(Node::Mul(half, square))
        });
        assert_eq!(text, "w - 1");
    }

    #[test]
    fn products_are_written_out_only_if_that_is_shorter() {
        let text = |exponent: i32| {
            derivative(|table, w| {
                let base = square_plus(table, w, 1);
                power(table, base, exponent)
            })
        };
        assert_eq!(text(2), "4*w^3 + 4*w");
        assert_eq!(text(20), "40*w*(w^2 + 1)^19");
    }

    #[test]
    fn fractions_share_their_denominator() {
        let logarithm = derivative(|table, w| {
            let inside = square_plus(table, w, 1);
            let logarithm = table.insert(Node::Apply(Function::Log, inside));
            table.insert(Node::Sub(w, logarithm))
        });
        assert_eq!(logarithm, "1 - 2*w/(w^2 + 1)");
        let root = derivative(|table, w| {
            let inside = square_plus(table, w, 1);
            power(table, inside, (1, 2))
        });
        assert_eq!(root, "w/sqrt(w^2 + 1)");
    }

    #[test]
    fn absolute_values_come_back() {
        let text = derivative(|table, w| {
            let square = power(table, w, 2);
            let root = power(table, square, (1, 2));
            table.insert(Node::Mul(w, root))
        });
        assert_eq!(text, "2*abs(w)");
    }
}
