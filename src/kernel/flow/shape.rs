//! Which monomials polynomials in the start keep, and which products of them are such monomials.

use super::super::interval::{Accumulator, Interval};
use rug::Rational;
use std::collections::BTreeMap;

/// The monomials of a family: m variables, degree at most q; perhaps also the coordinates of a vector d with |d| <= 1 that is
/// no part of the start, each with a degree of its own.
#[derive(Clone, Debug)]
pub struct Shape {
    pub(super) precision: u32,
    pub(super) degree: usize,
    pub(super) monomials: Vec<Monomial>,
    /// Where every monomial is, as the sorted list of its variables; those of d come after y.
    places: BTreeMap<Vec<usize>, usize>,
    pub(super) products: Vec<Pairs>,
    /// For every degree from 1 on, the order in time from which products keep nothing of it.
    orders: Vec<usize>,
    zero: Interval,
    /// [0, 1] and [-1, 1], the ranges of monomials.
    unit: Interval,
    pub(super) symmetric: Interval,
}

/// A monomial.
#[derive(Clone, Debug)]
pub(super) struct Monomial {
    /// Its degree.
    pub degree: usize,
    /// What it can be.
    pub kind: Kind,
}

/// What a monomial can be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    /// 1.
    One,
    /// One of the variables y_i.
    Start,
    /// A coordinate of d.
    Ball,
    /// A square, never negative.
    Square,
    /// Any other product.
    Product,
}

/// Products of monomials: factor, factor, product.
pub(super) type Products = Vec<(u32, u32, u32)>;

/// The products of monomials of two degrees that together stay within the degree.
#[derive(Clone, Debug)]
pub(super) struct Pairs {
    pub degrees: (usize, usize),
    pub list: Products,
}

impl Shape {
    /// The shape for so many variables; the degree is 0 if there are none.
    ///
    /// Panics: never.
    pub fn new(variables: usize, degree: usize, precision: u32) -> Self {
        Self::with_ball(variables, 0, degree, precision)
    }

    /// The same with so many coordinates of d, which count with the highest degree.
    ///
    /// Panics: never.
    pub fn with_ball(variables: usize, ball: usize, degree: usize, precision: u32) -> Self {
        let degree = if variables == 0 { 0 } else { degree };
        let lists = monomials(variables, ball, degree);
        let places: BTreeMap<Vec<usize>, usize> = lists.iter().map(|(list, _)| list.clone()).zip(0..).collect();
        let mut products: BTreeMap<(usize, usize), Products> = BTreeMap::new();
        for (i, (a, first)) in lists.iter().enumerate() {
            // Lower degrees come first.
            let fitting = lists
                .iter()
                .take_while(|(_, second)| first.degree.saturating_add(second.degree) <= degree);
            for (j, (b, second)) in fitting.enumerate() {
                let mut both: Vec<usize> = a.iter().chain(b).copied().collect();
                both.sort_unstable();
                let pairs = products.entry((first.degree, second.degree)).or_default();
                pairs.extend(places.get(both.as_slice()).and_then(|product| short(i, j, *product)));
            }
        }
        let products = products.into_iter();
        Shape {
            precision,
            degree,
            monomials: lists.iter().map(|(_, monomial)| monomial.clone()).collect(),
            products: products.map(|(degrees, list)| Pairs { degrees, list }).collect(),
            orders: Vec::new(),
            places,
            zero: Interval::point(&Rational::new(), precision),
            unit: between(0, 1, precision),
            symmetric: between(-1, 1, precision),
        }
    }

    /// The highest degree. Panics: never.
    pub fn degree(&self) -> usize {
        self.degree
    }

    /// Where a monomial is. Panics: never.
    pub(super) fn place(&self, list: &[usize]) -> Option<usize> {
        self.places.get(list).copied()
    }

    /// The monomials in their order, as lists of variables. Panics: never.
    pub(super) fn lists(&self) -> impl Iterator<Item = &[usize]> {
        let mut lists: Vec<(&[usize], usize)> = self
            .places
            .iter()
            .map(|(list, place)| (list.as_slice(), *place))
            .collect();
        lists.sort_by_key(|(_, place)| *place);
        lists.into_iter().map(|(list, _)| list)
    }

    /// The number of monomials. Panics: never.
    pub fn size(&self) -> usize {
        self.monomials.len()
    }

    /// The same shape for series that keep less: products for coefficients of these orders in time, one for every degree
    /// from 1 on, and of higher orders, keep nothing of that degree.
    ///
    /// Panics: never.
    #[must_use]
    pub fn trimmed(mut self, orders: &[u16]) -> Self {
        self.orders = orders.iter().map(|order| usize::from(*order)).collect();
        self
    }

    /// The degree that products for coefficients of this order in time keep.
    pub(super) fn kept(&self, order: usize) -> usize {
        let beyond = self.orders.iter().take_while(|first| order < **first).count();
        if beyond < self.orders.len() {
            beyond.min(self.degree)
        } else {
            self.degree
        }
    }

    /// The number of products of monomials that a product for a coefficient of this order in time takes. Panics: never.
    pub fn pairs(&self, order: usize) -> usize {
        let kept = self.kept(order);
        let within = |pairs: &&Pairs| pairs.degrees.0.saturating_add(pairs.degrees.1) <= kept;
        self.products.iter().filter(within).map(|pairs| pairs.list.len()).sum()
    }

    /// The working precision in bits of what is not a whole number. Panics: never.
    pub fn precision(&self) -> u32 {
        self.precision
    }

    /// Adds the values of a multiple of a monomial.
    pub(super) fn add_range(&self, sum: &mut Accumulator, coefficient: &Interval, kind: Kind) {
        match kind {
            Kind::One => sum.add(coefficient),
            Kind::Square => sum.add(&coefficient.mul(&self.unit)),
            Kind::Start | Kind::Ball | Kind::Product => sum.add(&coefficient.mul(&self.symmetric)),
        }
    }

    /// What the monomials are, in their order. Panics: never.
    pub(super) fn kinds(&self) -> impl Iterator<Item = Kind> {
        self.monomials.iter().map(|monomial| monomial.kind)
    }

    /// The interval that holds only 0. Panics: never.
    pub fn zero(&self) -> Interval {
        self.zero.clone()
    }
}

/// Three places in fewer bytes: the lists of products are what is read most. There are never as many monomials as would not
/// fit.
fn short(i: usize, j: usize, product: usize) -> Option<(u32, u32, u32)> {
    Some((
        u32::try_from(i).ok()?,
        u32::try_from(j).ok()?,
        u32::try_from(product).ok()?,
    ))
}

/// A place in a list. Panics: never.
pub(super) fn long(place: u32) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
}

/// All monomials up to a degree as sorted lists of variables, lower degrees first, with d behind y.
fn monomials(variables: usize, ball: usize, degree: usize) -> Vec<(Vec<usize>, Monomial)> {
    let is_square = |list: &[usize]| list.chunks(2).all(|pair| matches!(pair, [a, b] if a == b));
    let mut lists = vec![Vec::new()];
    let mut first = 0usize;
    for _ in 0..degree {
        let last = lists.len();
        for place in first..last {
            let Some(list) = lists.get(place).cloned() else { break };
            let from = list.last().copied().unwrap_or(0);
            lists.extend((from..variables).map(|variable| {
                let mut longer = list.clone();
                longer.push(variable);
                longer
            }));
        }
        first = last;
    }
    let starts = lists.into_iter().map(|list| {
        let kind = match list.as_slice() {
            [] => Kind::One,
            [_] => Kind::Start,
            list if is_square(list) => Kind::Square,
            _ => Kind::Product,
        };
        let degree = list.len();
        (list, Monomial { degree, kind })
    });
    let coordinates = (variables..variables.saturating_add(ball)).map(|place| {
        let kind = Kind::Ball;
        (vec![place], Monomial { degree, kind })
    });
    starts.chain(coordinates.filter(|_| degree > 0)).collect()
}

/// The numbers between two.
fn between(lo: i32, hi: i32, precision: u32) -> Interval {
    let hull = Interval::hull_of(&Rational::from(lo), &Rational::from(hi), precision);
    hull.unwrap_or_else(|| Interval::entire(precision))
}
