//! Claims as data.

use super::builder::{Builder, Scope};
use super::{Entry, suffix};
use crate::kernel::certificate::Exact;
use crate::kernel::free::data::{Letters, Relation, Statement};
use crate::kernel::free::index::Index;
use crate::problem::claim_file::{Claim, Claimed, Letter, Placed, Point, Sign};
use crate::problem::formula::{Affine, Formula};
use crate::problem::{ClaimMistake, Span};
use rug::Rational;

impl<'file> Builder<'file> {
    /// A claim for some literal values of its own; `None` only with a diagnostic.
    pub(super) fn claim(&mut self, position: usize, claim: &'file Claim, own: &[(String, i32)]) -> Option<Entry> {
        let entry = self.entry(position, claim, own);
        if entry.is_none() && self.diagnostics.is_empty() {
            // A claim must not get lost without a word, whatever the reason.
            self.report(ClaimMistake::NotUnderstood, claim.span);
        }
        entry
    }

    /// A claim with all that is known of it.
    fn entry(&mut self, position: usize, claim: &'file Claim, own: &[(String, i32)]) -> Option<Entry> {
        self.base = own
            .iter()
            .map(|(name, value)| (name.clone(), Index::literal(*value)))
            .collect();
        self.memo.clear();
        let statement = self.statement(claim);
        let written = match &claim.statement {
            Claimed::Sign {
                written: Some(written), ..
            } => Some(self.formula(written, &Scope::new())),
            _ => None,
        };
        let steps: Vec<Option<usize>> = claim
            .steps
            .iter()
            .map(|step| self.formula(step, &Scope::new()))
            .collect();
        let statement = statement?;
        let written = match written {
            Some(written) => Some(written?),
            None => None,
        };
        let steps: Vec<usize> = steps.into_iter().collect::<Option<_>>()?;
        let nodes = statement_nodes(&statement);
        if !matches!(statement, Statement::Shape { .. }) {
            self.roots.extend(nodes.iter().chain(&steps).chain(&written));
        }
        let instances = self.instances(claim, &nodes);
        let witness = self.witness(claim, &nodes);
        let literals: Vec<(String, i32)> = self.literals.iter().chain(own).cloned().collect();
        let name = claim
            .name
            .as_ref()
            .map(|name| format!(".{}", name.value))
            .unwrap_or_default();
        Some(Entry {
            id: format!("{}{name}{}", self.file.id.value, suffix(&literals)),
            statement,
            position,
            span: claim.span,
            why: claim.why.clone().or_else(|| self.file.why.clone()),
            refuted: claim.refuted,
            erratum: claim.erratum.clone(),
            steps,
            written,
            instances: instances?,
            witness: witness?,
        })
    }

    /// What is claimed; `None` only with a diagnostic.
    fn statement(&mut self, claim: &'file Claim) -> Option<Statement> {
        Some(match &claim.statement {
            Claimed::Equal(members) => Statement::Equal(self.equal(members)?),
            Claimed::Degree { of, letters, at_most } => {
                let node = self.formula(of, &Scope::new());
                let letters: Vec<Option<Letters>> = letters.iter().map(|letter| self.letter(letter)).collect();
                let at_most = self.bound(at_most);
                Statement::Degree {
                    of: node?,
                    letters: letters.into_iter().collect::<Option<_>>()?,
                    at_most: at_most?,
                }
            }
            Claimed::Shape { of, shape } => {
                let of = self.formula(of, &Scope::new());
                let scope = self.base.clone();
                let rows = self.extent(&shape.rows, &scope);
                let columns = self.extent(&shape.columns, &scope);
                Statement::Shape {
                    of: of?,
                    rows: rows?,
                    columns: columns?,
                }
            }
            Claimed::Defined(of) => Statement::Defined {
                of: self.formula(of, &Scope::new())?,
            },
            Claimed::Sign { of, sign, .. } => Statement::Sign {
                of: self.scalar_formula("an expression with a sign", of)?,
                relation: match sign {
                    Sign::Positive => Relation::Positive,
                    Sign::Negative => Relation::Negative,
                    Sign::Nonnegative => Relation::Nonnegative,
                    Sign::Nonpositive => Relation::Nonpositive,
                },
            },
            Claimed::Rank { jacobian, by, at, rank } => {
                let map: Vec<Option<usize>> = jacobian
                    .iter()
                    .map(|entry| self.scalar_formula("an entry of the map", entry))
                    .collect();
                let by_numbers = self.scalar_symbols(by);
                let at = self.point(by, at, claim.span);
                Statement::JacobianRank {
                    map: map.into_iter().collect::<Option<_>>()?,
                    by: by_numbers?,
                    at: at?,
                    rank: *rank,
                }
            }
            Claimed::Inertia {
                hessian,
                by,
                at,
                inertia,
            } => {
                let of = self.scalar_formula("a function with a Hessian", hessian);
                let by_numbers = self.scalar_symbols(by);
                let at = self.point(by, at, claim.span);
                Statement::HessianInertia {
                    of: of?,
                    by: by_numbers?,
                    at: at?,
                    inertia: *inertia,
                }
            }
            Claimed::Roots {
                of,
                by,
                left,
                right,
                enclosed,
            } => {
                let of = self.scalar_formula("a polynomial", of);
                let by = self.scalar_symbol(by);
                Statement::Roots {
                    of: of?,
                    by: by?,
                    left: left.clone(),
                    right: right.clone(),
                    enclosed: enclosed.iter().cloned().map(|pair| pair.map(Exact)).collect(),
                }
            }
            Claimed::Integral {
                of,
                by,
                from,
                to,
                between,
            } => {
                let of = self.scalar_formula("an integrand", of);
                let by = self.scalar_symbol(by);
                let [lower, upper] = between.clone().map(Exact);
                Statement::Integral {
                    of: of?,
                    by: by?,
                    from: Exact(from.clone()),
                    to: Exact(to.clone()),
                    lower,
                    upper,
                }
            }
            Claimed::Radius {
                product,
                imbalances,
                bound,
            } => Statement::Radius {
                product: Exact(product.clone()),
                imbalances: imbalances.iter().cloned().map(Exact).collect(),
                bound: Exact(bound.clone()),
            },
        })
    }

    /// The members of an equation, which must have one shape.
    fn equal(&mut self, members: &'file [Formula]) -> Option<Vec<usize>> {
        let nodes: Vec<Option<usize>> = members
            .iter()
            .map(|member| self.formula(member, &Scope::new()))
            .collect();
        let nodes: Vec<usize> = nodes.into_iter().collect::<Option<_>>()?;
        for (pair, spans) in nodes.windows(2).zip(members.windows(2)) {
            if let ([a, b], [left, right]) = (pair, spans) {
                let (a, b) = (self.form_of(*a), self.form_of(*b));
                self.check_same("the two sides", (&a, left.span), (&b, right.span));
            }
        }
        Some(nodes)
    }

    /// A formula that must be a scalar.
    fn scalar_formula(&mut self, what: &'static str, formula: &'file Formula) -> Option<usize> {
        let node = self.formula(formula, &Scope::new())?;
        self.check_scalar(what, node, formula.span);
        Some(node)
    }

    /// A letter that a degree counts.
    fn letter(&mut self, letter: &Letter) -> Option<Letters> {
        let Some(symbol) = self.symbol(&letter.name.value) else {
            self.unknown_symbol(&letter.name.value, letter.name.span);
            return None;
        };
        let Some(index) = &letter.index else {
            return Some(Letters { symbol, index: None });
        };
        let family = self
            .data
            .symbols
            .get(usize::from(symbol))
            .and_then(|symbol| symbol.family);
        if family.is_none() {
            let name = letter.name.value.clone();
            self.report(ClaimMistake::NotAFamily { name }, letter.name.span);
            return None;
        }
        let index = self.affine_here(index, &Scope::new())?;
        self.in_range(&letter.name.value, family, &index, letter.name.span)
            .then_some(())?;
        let index = Some(index);
        Some(Letters { symbol, index })
    }

    /// A bound that must be a number once literal values are put in.
    fn bound(&mut self, affine: &Affine) -> Option<u32> {
        let index = self.affine_here(affine, &Scope::new())?;
        let Some(value) = index.value() else {
            let name = self.index_text(&index);
            self.report(ClaimMistake::IndexNotLiteral { name }, affine.span);
            return None;
        };
        let bound = u32::try_from(value).ok();
        if bound.is_none() {
            let (name, expected) = (value.to_string(), "at least 0".to_owned());
            self.report(ClaimMistake::BadValue { name, expected }, affine.span);
        }
        bound
    }

    /// Scalar symbols by name.
    fn scalar_symbols(&mut self, names: &[Placed<String>]) -> Option<Vec<u16>> {
        let symbols: Vec<Option<u16>> = names.iter().map(|name| self.scalar_symbol(name)).collect();
        symbols.into_iter().collect()
    }

    /// A scalar symbol by name.
    fn scalar_symbol(&mut self, name: &Placed<String>) -> Option<u16> {
        let Some(symbol) = self.symbol(&name.value) else {
            self.unknown_symbol(&name.value, name.span);
            return None;
        };
        let data = self.data.symbols.get(usize::from(symbol))?;
        if data.family.is_some() || !data.rows.is_one() || !data.columns.is_one() {
            let expected = "a scalar symbol".to_owned();
            let mistake = ClaimMistake::BadValue {
                name: name.value.clone(),
                expected,
            };
            self.report(mistake, name.span);
            return None;
        }
        Some(symbol)
    }

    /// The coordinates of a point in the order of some symbols.
    fn point(&mut self, by: &[Placed<String>], at: &Point, span: Span) -> Option<Vec<Exact>> {
        for (name, _) in at {
            if !by.iter().any(|known| known.value == name.value) {
                let expected = "one of the symbols under `in`".to_owned();
                let mistake = ClaimMistake::BadValue {
                    name: name.value.clone(),
                    expected,
                };
                self.report(mistake, name.span);
            }
        }
        let value = |name: &Placed<String>| -> Option<Rational> {
            let found = at.iter().find(|(known, _)| known.value == name.value);
            found.map(|(_, value)| value.clone())
        };
        let mut point = Vec::new();
        for name in by {
            match value(name) {
                Some(value) => point.push(Exact(value)),
                None => {
                    let place = if name.span.end > name.span.start {
                        name.span
                    } else {
                        span
                    };
                    let name = name.value.clone();
                    self.report(ClaimMistake::NoValue { name }, place);
                    return None;
                }
            }
        }
        Some(point)
    }
}

/// The nodes a statement speaks of.
fn statement_nodes(statement: &Statement) -> Vec<usize> {
    match statement {
        Statement::Equal(nodes) | Statement::JacobianRank { map: nodes, .. } => nodes.clone(),
        Statement::Degree { of, .. }
        | Statement::Shape { of, .. }
        | Statement::Defined { of }
        | Statement::Sign { of, .. }
        | Statement::HessianInertia { of, .. }
        | Statement::Roots { of, .. }
        | Statement::Integral { of, .. } => vec![*of],
        Statement::Radius { .. } => Vec::new(),
    }
}
