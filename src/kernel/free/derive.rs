//! Derivatives of elements: in time along the motion of the symbols, and with respect to one scalar symbol.

use super::super::expr::Node as Expression;
use super::super::theorem::{Rejection, require};
use super::algebra::{Algebra, NO_VARIABLE, one_sum};
use super::element::{Element, FreeAtom, Key};
use super::index::{BOUND, Index};
use super::scalar::{Atom, Scalar};
use super::word::{Head, Letter, Word, overflow};

/// What a derivative is taken along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// Time: symbols move as the theory says.
    Time,
    /// A scalar symbol: it moves with velocity 1, everything else rests.
    Symbol(u16),
}

const KINK: &str = "the derivative of a root of something that is not known to differ from 0";

type Sum = Option<(Index, Index)>;

impl Algebra<'_> {
    /// The derivative of a node.
    ///
    /// Equations that are assumed hold at the moment at hand and say nothing about the next one, so nothing is replaced
    /// before the derivative is taken, and everything after. In the same way a scalar that is assumed to be at least 0
    /// may be negative in the next moment; only strict inequalities last for a while.
    pub(super) fn rate(&mut self, node: usize, flow: Flow) -> Result<Element, Rejection> {
        let rate = self.leaving_out_assumptions(|algebra| algebra.rate_unassumed(node, flow))?;
        self.substitute(&rate, NO_VARIABLE, &Index::variable(NO_VARIABLE))
    }

    /// Does something with only those assumptions in force that last for a while: the strict inequalities.
    ///
    /// Derivatives of derivatives come here again while assumptions are left out, and must find them left out.
    pub(super) fn leaving_out_assumptions<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, Rejection>,
    ) -> Result<T, Rejection> {
        if self.left_out {
            return work(self);
        }
        self.exchange();
        self.left_out = true;
        let outcome = work(self);
        self.left_out = false;
        self.exchange();
        outcome
    }

    fn rate_unassumed(&mut self, node: usize, flow: Flow) -> Result<Element, Rejection> {
        let element = self.evaluate(node)?;
        self.check_roots_by_hand(node, flow)?;
        self.derivative(&element, flow)
    }

    /// Where a root that is taken by hand vanishes, it may have a kink.
    fn check_roots_by_hand(&mut self, node: usize, flow: Flow) -> Result<(), Rejection> {
        if self.roots.is_empty() {
            return Ok(());
        }
        let mut roots = vec![node];
        if flow == Flow::Time {
            roots.extend(self.motions.values());
        }
        for root in self.theory.below(&roots) {
            let Some(by_hand) = self.roots.get(&root).copied() else {
                continue;
            };
            self.evaluate(by_hand)?;
            require(self.sign_of_node(by_hand)?.nonzero, KINK)?;
        }
        Ok(())
    }

    /// Roots have no derivative where they vanish: what is under them must differ from 0 if it moves with this atom.
    fn check_slope(&self, coefficient: &Scalar, atom: u16) -> Result<(), Rejection> {
        let table = self.scalars.table();
        for outer in coefficient.atoms() {
            let Some(Atom::Expression(id)) = self.scalars.get(outer) else {
                continue;
            };
            let below = table.reachable(*id);
            self.scalars.account().pay(below.len())?;
            for inner in below {
                let Some(Expression::Power(base, exponent)) = table.node(inner) else {
                    continue;
                };
                if *exponent.denom() != 1 && table.mentions(*base, atom) {
                    require(self.sign_of_expression(*base).nonzero, KINK)?;
                }
            }
        }
        Ok(())
    }

    /// The derivative of an element.
    ///
    /// Errors: if a symbol has no motion, or the rule is not available (third derivatives of functions of matrices).
    /// The depth of the recursion through arguments of unknown functions is bounded by `intern`.
    pub(super) fn derivative(&mut self, element: &Element, flow: Flow) -> Result<Element, Rejection> {
        self.derivative_under(element, flow, &None)
    }

    /// The derivative of an element that stands under a sum, or in the argument of a function that does.
    fn derivative_under(&mut self, element: &Element, flow: Flow, outer: &Sum) -> Result<Element, Rejection> {
        self.scalars
            .account()
            .pay(element.monomials().saturating_add(1).saturating_mul(8))?;
        let mut result = Element::zero(element.rows.clone(), element.columns.clone());
        for (key, coefficient) in &element.terms {
            // The index of a sum of its own hides the one outside: `substitute` keeps them from being mixed.
            let range = if key.sum.is_some() { &key.sum } else { outer };
            for place in 0..key.word.len() {
                self.derive_letter(&mut result, key, place, coefficient, (flow, range))?;
            }
            for atom in self.scalars.depends_on(coefficient) {
                let velocity = self.velocity_of_atom(atom, flow, range)?;
                if velocity.terms.is_empty() {
                    continue;
                }
                self.check_slope(coefficient, atom)?;
                let slope = self.scalars.partial(coefficient, atom)?;
                for (inner, speed) in &velocity.terms {
                    let sum = one_sum(&key.sum, &inner.sum)?;
                    let coefficient = self.scalars.times(&slope, speed)?;
                    self.insert(&mut result, sum, key.word.clone(), coefficient)?;
                }
            }
        }
        Ok(result)
    }

    /// Adds the term in which one letter of a word is replaced by its derivative.
    fn derive_letter(
        &mut self,
        result: &mut Element,
        key: &Key,
        place: usize,
        coefficient: &Scalar,
        (flow, range): (Flow, &Sum),
    ) -> Result<(), Rejection> {
        let Some(letter) = key.word.get(place).cloned() else {
            return Ok(());
        };
        let velocity = self.velocity_of_letter(&letter, flow, range)?;
        let before = key.word.get(..place).unwrap_or_default();
        let after = key.word.get(place.saturating_add(1)..).unwrap_or_default();
        for (inner, factor) in &velocity.terms {
            let sum = one_sum(&key.sum, &inner.sum)?;
            let mut word: Word = before.to_vec();
            word.extend(inner.word.iter().cloned());
            word.extend(after.iter().cloned());
            let coefficient = self.scalars.times(coefficient, factor)?;
            self.insert(result, sum, word, coefficient)?;
        }
        Ok(())
    }

    fn velocity_of_letter(&mut self, letter: &Letter, flow: Flow, sum: &Sum) -> Result<Element, Rejection> {
        let upright = Letter {
            head: letter.head.clone(),
            transposed: false,
        };
        let velocity = match &letter.head {
            Head::Symbol(symbol) => self.velocity_of_symbol(*symbol, flow)?,
            Head::Range(symbol, high, low) => self.velocity_of_range(*symbol, high, low, flow, sum)?,
            Head::Gradient(function, place) => {
                let argument = self.argument(*place)?.clone();
                let inner = self.derivative_under(&argument, flow, sum)?;
                self.second(*function, *place, &inner)?
            }
            Head::Second(_, place, direction) => {
                let (rows, columns) = self.alphabet.shape(&upright)?;
                let argument = self.argument(*place)?.clone();
                let rests = self.derivative_under(&argument, flow, sum)?.terms.is_empty();
                require(rests, "third derivatives of functions of matrices are not handled")?;
                let mut moved = Element::zero(rows.clone(), columns.clone());
                self.insert(&mut moved, None, direction.clone(), Scalar::constant(1))?;
                let rests = self.derivative_under(&moved, flow, sum)?.terms.is_empty();
                require(rests, "third derivatives of functions of matrices are not handled")?;
                Element::zero(rows, columns)
            }
        };
        if letter.transposed {
            self.transposed(&velocity)
        } else {
            Ok(velocity)
        }
    }

    fn velocity_of_symbol(&mut self, symbol: u16, flow: Flow) -> Result<Element, Rejection> {
        let data = self.alphabet.symbol(symbol)?.clone();
        let rest = Element::zero(data.rows.clone(), data.columns.clone());
        match flow {
            Flow::Symbol(by) if by == symbol => Ok(Element::scalar(Scalar::constant(1))),
            Flow::Symbol(_) => Ok(rest),
            Flow::Time if data.constant => Ok(rest),
            Flow::Time => {
                let motion = self.motions.get(&symbol).copied();
                let motion = motion.ok_or_else(|| Rejection::new(format!("`{}` has no time derivative", data.name)))?;
                let velocity = self.evaluate(motion)?;
                let same = velocity.literal_zero || (velocity.rows == data.rows && velocity.columns == data.columns);
                require(same, "a time derivative has another shape than its symbol")?;
                Ok(if velocity.literal_zero { rest } else { velocity })
            }
        }
    }

    /// The derivative of W[high] ... W[low]: the sum over j of W[high..j+1] W[j]' W[j-1..low].
    fn velocity_of_range(
        &mut self,
        symbol: u16,
        high: &Index,
        low: &Index,
        flow: Flow,
        sum: &Sum,
    ) -> Result<Element, Rejection> {
        let data = self.alphabet.symbol(symbol)?.clone();
        let formal = data
            .family
            .ok_or_else(|| Rejection::new("a product of what is no family"))?;
        let upright = Letter {
            head: Head::Range(symbol, high.clone(), low.clone()),
            transposed: false,
        };
        let (rows, columns) = self.alphabet.shape(&upright)?;
        let rests = matches!(flow, Flow::Symbol(_)) || data.constant;
        if rests {
            return Ok(Element::zero(rows, columns));
        }
        let motion = self.motions.get(&symbol).copied();
        let motion = motion.ok_or_else(|| Rejection::new(format!("`{}` has no time derivative", data.name)))?;
        let general = self.evaluate(motion)?;
        let fits = general.literal_zero || (general.rows == data.rows && general.columns == data.columns);
        require(fits, "a time derivative has another shape than its symbol")?;
        let ranges = self.alphabet.ranges.under(sum);
        let inside = ranges.within_range_of(low, high, formal);
        require(inside, "a member of a family outside of its range")?;
        let mut result = Element::zero(rows, columns);
        if high == low {
            let velocity = self.substitute(&general, formal, high)?;
            for (key, coefficient) in velocity.terms {
                self.insert(&mut result, key.sum, key.word, coefficient)?;
            }
            return Ok(result);
        }
        require(sum.is_none(), "sums of symbolic length cannot be nested")?;
        let j = Index::variable(BOUND);
        let velocity = self.substitute(&general, formal, &j)?;
        for (key, coefficient) in velocity.terms {
            require(key.sum.is_none(), "sums of symbolic length cannot be nested")?;
            let mut word = vec![Letter {
                head: Head::Range(symbol, high.clone(), j.shifted(1).ok_or_else(overflow)?),
                transposed: false,
            }];
            word.extend(key.word);
            word.push(Letter {
                head: Head::Range(symbol, j.shifted(-1).ok_or_else(overflow)?, low.clone()),
                transposed: false,
            });
            self.insert(&mut result, Some((low.clone(), high.clone())), word, coefficient)?;
        }
        Ok(result)
    }

    /// The second derivative of an unknown function of a matrix in a direction: linear in the direction.
    pub(super) fn second(&mut self, function: u16, place: usize, along: &Element) -> Result<Element, Rejection> {
        let mut result = Element::zero(along.rows.clone(), along.columns.clone());
        for (key, coefficient) in &along.terms {
            let letter = Letter {
                head: Head::Second(function, place, key.word.clone()),
                transposed: false,
            };
            self.insert(&mut result, key.sum.clone(), vec![letter], coefficient.clone())?;
        }
        Ok(result)
    }

    fn velocity_of_atom(&mut self, atom: u16, flow: Flow, sum: &Sum) -> Result<Element, Rejection> {
        let Some(Atom::Plain(plain)) = self.scalars.get(atom).cloned() else {
            return Ok(Element::scalar(Scalar::default()));
        };
        match plain {
            FreeAtom::Size(_) => Ok(Element::scalar(Scalar::default())),
            FreeAtom::Trace(word) => self.derive_trace(&word, flow, sum),
            FreeAtom::Unknown(function, order, place) => {
                let argument = self.argument(place)?.clone();
                let inner = self.derivative_under(&argument, flow, sum)?;
                if argument.is_scalar() {
                    let order = order.checked_add(1).ok_or_else(overflow)?;
                    let slope = self.scalars.plain(FreeAtom::Unknown(function, order, place))?;
                    return self.times(&Element::scalar(slope), &inner);
                }
                // d/dt f(X) = tr(grad f(X)' dX/dt).
                let gradient = Letter {
                    head: Head::Gradient(function, place),
                    transposed: true,
                };
                let mut result = Element::scalar(Scalar::default());
                for (key, coefficient) in &inner.terms {
                    let mut word = vec![gradient.clone()];
                    word.extend(key.word.iter().cloned());
                    let trace = self.trace_of(word, &inner.columns)?;
                    let trace = self.scalars.times(coefficient, &trace)?;
                    self.insert(&mut result, key.sum.clone(), Word::new(), trace)?;
                }
                Ok(result)
            }
        }
    }

    fn derive_trace(&mut self, word: &Word, flow: Flow, sum: &Sum) -> Result<Element, Rejection> {
        let mut result = Element::scalar(Scalar::default());
        for (place, letter) in word.iter().enumerate() {
            let velocity = self.velocity_of_letter(letter, flow, sum)?;
            let mut rest = word.clone();
            rest.rotate_left(place);
            let rest = rest.get(1..).unwrap_or_default();
            for (key, coefficient) in &velocity.terms {
                let mut turned = key.word.clone();
                turned.extend(rest.iter().cloned());
                let trace = self.trace_of(turned, &velocity.rows)?;
                let trace = self.scalars.times(coefficient, &trace)?;
                self.insert(&mut result, key.sum.clone(), Word::new(), trace)?;
            }
        }
        Ok(result)
    }
}
