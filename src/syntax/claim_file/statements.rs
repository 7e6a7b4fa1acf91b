//! The statements of claims, a function for each kind.

use super::super::formula::parse_formula;
use super::super::quoted;
use super::{Reader, Value, in_order};
use crate::kernel::polynomial::End;
use crate::problem::claim_file::{Claimed, Letter, Placed, Point, Sign};
use crate::problem::formula::PartKind;
use crate::problem::{ClaimMistake, Span};
use rug::Rational;
use toml::de::{DeTable, DeValue};

/// The keys that say what is claimed.
pub(super) const STATEMENTS: [&str; 13] = [
    "equal",
    "degree",
    "shape",
    "defined",
    "positive",
    "negative",
    "nonnegative",
    "nonpositive",
    "rank",
    "inertia",
    "roots",
    "integral",
    "radius",
];

impl<'text> Reader<'text> {
    /// The statement under a key, which is one of [`STATEMENTS`]; `None` only with a diagnostic.
    pub(super) fn statement(&mut self, key: &str, value: &Value<'text>, claim: &DeTable<'text>) -> Option<Claimed> {
        let sign = match key {
            "positive" => Some(Sign::Positive),
            "negative" => Some(Sign::Negative),
            "nonnegative" => Some(Sign::Nonnegative),
            "nonpositive" => Some(Sign::Nonpositive),
            _ => None,
        };
        let written = self.formula_at(claim, "written");
        if sign.is_none()
            && let Some((_, span, _)) = in_order(claim).into_iter().find(|entry| entry.0 == "written")
        {
            let (key, with) = ("written", "a claim about a sign");
            self.mistake(ClaimMistake::OnlyWith { key, with }, span);
        }
        match (key, sign) {
            (_, Some(sign)) => {
                let of = self.formula(key, value)?;
                Some(Claimed::Sign { of, sign, written })
            }
            ("equal", _) => self.equal(value, claim),
            ("shape", _) => self.shape_claim(value),
            ("defined", _) => self.formula(key, value).map(Claimed::Defined),
            ("degree", _) => self.degree(value),
            ("rank", _) => self.rank(value),
            ("inertia", _) => self.inertia(value),
            ("roots", _) => self.roots(value),
            ("integral", _) => self.integral(value),
            _ => self.radius(value),
        }
    }

    fn equal(&mut self, value: &Value<'text>, claim: &DeTable<'text>) -> Option<Claimed> {
        self.list("equal", value)?;
        let members = self.formulas(claim, "equal")?;
        if members.len() < 2 {
            self.wrong_length("equal", "a list of at least two formulas", value.span().into());
            return None;
        }
        Some(Claimed::Equal(members))
    }

    fn shape_claim(&mut self, value: &Value<'text>) -> Option<Claimed> {
        match self.list("shape", value)? {
            [of, shape] => {
                let of = self.formula("shape", of);
                let shape = self.shape("shape", shape);
                Some(Claimed::Shape { of: of?, shape: shape? })
            }
            _ => {
                self.wrong_length("shape", "a list of a formula and a shape", value.span().into());
                None
            }
        }
    }

    fn degree(&mut self, value: &Value<'text>) -> Option<Claimed> {
        let table = self.complete("degree", value, &["of", "in", "at_most"])?;
        let of = self.formula_at(table, "of");
        let letters: Vec<Option<Letter>> = self
            .names(table, "in")
            .into_iter()
            .map(|name| self.letter(name))
            .collect();
        let at_most = table.get("at_most").and_then(|value| self.affine("at_most", value));
        Some(Claimed::Degree {
            of: of?,
            letters: letters.into_iter().collect::<Option<_>>()?,
            at_most: at_most?,
        })
    }

    /// A symbol, a family, or a member of one.
    fn letter(&mut self, text: Placed<String>) -> Option<Letter> {
        let (mut formula, place) = self.parsed(&text.value, text.span, parse_formula)?;
        formula.relocate(&|span| place.map(span));
        let span = formula.span;
        let part = formula.parts.pop().filter(|_| formula.parts.is_empty());
        let (name, index) = match part.map(|part| part.kind) {
            Some(PartKind::Name(name)) => (name, None),
            Some(PartKind::Member { name, mut indices, .. }) if indices.len() == 1 => (name, indices.pop()),
            _ => {
                let name = quoted(&text.value);
                let expected = "a symbol or a member of a family".to_owned();
                self.mistake(ClaimMistake::BadValue { name, expected }, span);
                return None;
            }
        };
        let name = Placed { value: name, span };
        Some(Letter { name, index })
    }

    fn rank(&mut self, value: &Value<'text>) -> Option<Claimed> {
        let table = self.complete("rank", value, &["jacobian", "in", "at", "is"])?;
        let jacobian = self.formulas(table, "jacobian");
        let by = self.names(table, "in");
        let at = self.point(table);
        let rank = table.get("is").and_then(|value| self.count("is", value));
        Some(Claimed::Rank {
            jacobian: jacobian?,
            by,
            at: at?,
            rank: rank?,
        })
    }

    fn inertia(&mut self, value: &Value<'text>) -> Option<Claimed> {
        let table = self.complete("inertia", value, &["hessian", "in", "at", "is"])?;
        let hessian = self.formula_at(table, "hessian");
        let by = self.names(table, "in");
        let at = self.point(table);
        let counts: Vec<Option<usize>> = self
            .items(table, "is")
            .iter()
            .map(|item| self.count("is", item))
            .collect();
        let counts = counts.into_iter().collect::<Option<Vec<usize>>>()?;
        let Ok(inertia) = <[usize; 3]>::try_from(counts) else {
            let expected = "three numbers: of positive, negative and zero eigenvalues";
            let span = table.get("is").map_or(value.span(), |value| value.span());
            self.wrong_length("is", expected, span.into());
            return None;
        };
        Some(Claimed::Inertia {
            hessian: hessian?,
            by,
            at: at?,
            inertia,
        })
    }

    /// The point under `at`.
    fn point(&mut self, table: &DeTable<'text>) -> Option<Point> {
        let mut point = Vec::new();
        let mut complete = true;
        for (name, span, value) in self.entries(table, "at") {
            let value_of = self.number(name, value);
            complete &= value_of.is_some();
            let name = Placed {
                value: name.to_owned(),
                span,
            };
            point.extend(value_of.map(|value| (name, value)));
        }
        complete.then_some(point)
    }

    fn roots(&mut self, value: &Value<'text>) -> Option<Claimed> {
        let table = self.complete("roots", value, &["of", "in", "between", "enclosed"])?;
        let of = self.formula_at(table, "of");
        let by = self.string(table, "in");
        let ends: Vec<Option<End>> = self
            .items(table, "between")
            .iter()
            .map(|item| self.end("between", item))
            .collect();
        let ends = <[End; 2]>::try_from(ends.into_iter().collect::<Option<Vec<End>>>()?);
        if ends.is_err() {
            self.wrong_length("between", "a list of two numbers, -inf or inf", value.span().into());
        }
        let enclosed: Vec<Option<[Rational; 2]>> = self
            .items(table, "enclosed")
            .iter()
            .map(|item| self.pair("enclosed", item))
            .collect();
        let [left, right] = ends.ok()?;
        Some(Claimed::Roots {
            of: of?,
            by: by?,
            left,
            right,
            enclosed: enclosed.into_iter().collect::<Option<_>>()?,
        })
    }

    /// An end of an interval.
    fn end(&mut self, key: &str, value: &Value<'text>) -> Option<End> {
        if let DeValue::String(text) = value.get_ref() {
            match text.trim() {
                "inf" | "+inf" => return Some(End::PositiveInfinity),
                "-inf" => return Some(End::NegativeInfinity),
                _ => {}
            }
        }
        self.number(key, value).map(End::At)
    }

    fn integral(&mut self, value: &Value<'text>) -> Option<Claimed> {
        let table = self.complete("integral", value, &["of", "in", "from", "to", "between"])?;
        let of = self.formula_at(table, "of");
        let by = self.string(table, "in");
        let from = self.number_at(table, "from");
        let to = self.number_at(table, "to");
        let between = table.get("between").and_then(|value| self.pair("between", value));
        Some(Claimed::Integral {
            of: of?,
            by: by?,
            from: from?,
            to: to?,
            between: between?,
        })
    }

    fn radius(&mut self, value: &Value<'text>) -> Option<Claimed> {
        let table = self.complete("radius", value, &["product", "imbalances", "bound"])?;
        let product = self.number_at(table, "product");
        let imbalances = table
            .get("imbalances")
            .and_then(|value| self.numbers("imbalances", value));
        let bound = self.number_at(table, "bound");
        Some(Claimed::Radius {
            product: product?,
            imbalances: imbalances?,
            bound: bound?,
        })
    }

    /// The table of a statement with all its keys; `None` with a diagnostic for every key that is missing.
    fn complete<'table>(
        &mut self,
        key: &'static str,
        value: &'table Value<'text>,
        keys: &[&'static str],
    ) -> Option<&'table DeTable<'text>> {
        let table = self.table(key, value)?;
        self.check_keys(table, "this statement", keys);
        let missing: Vec<&'static str> = keys.iter().copied().filter(|key| !table.contains_key(*key)).collect();
        for missing in &missing {
            self.mistake(
                ClaimMistake::MissingKey {
                    place: "this statement",
                    key: missing,
                },
                value.span().into(),
            );
        }
        missing.is_empty().then_some(table)
    }

    fn wrong_length(&mut self, key: &str, expected: &'static str, span: Span) {
        let key = quoted(key);
        self.mistake(ClaimMistake::WrongLength { key, expected }, span);
    }
}
