//! Integer indices: from affine forms as written to those of the kernel, and back to text.

use super::builder::{Builder, Scope, nearest};
use crate::kernel::free::data::IndexData;
use crate::kernel::free::index::Index;
use crate::kernel::free::shape::Dimension;
use crate::problem::formula::{Affine, Extent};
use crate::problem::{ClaimMistake, DiagnosticKind, Span};

/// The value of a form, if all its names have one.
pub(super) fn literal(affine: &Affine, value_of: &impl Fn(&str) -> Option<i32>) -> Option<i32> {
    affine.terms.iter().try_fold(affine.offset, |sum, (multiple, name, _)| {
        sum.checked_add(multiple.checked_mul(value_of(name)?)?)
    })
}

impl Builder<'_> {
    /// An affine form as written, for the kernel; `None` only with a diagnostic.
    pub(super) fn affine(&mut self, affine: &Affine, scope: &Scope) -> Option<Index> {
        let mut form = Index::literal(affine.offset);
        let mut complete = true;
        for (multiple, name, span) in &affine.terms {
            let Some(term) = self.quantity(name, scope) else {
                self.unknown_index(name, scope, *span);
                complete = false;
                continue;
            };
            match form.plus(*multiple, &term) {
                Some(sum) => form = sum,
                None => {
                    self.report(DiagnosticKind::NumberTooLarge, affine.span);
                    return None;
                }
            }
        }
        complete.then_some(form)
    }

    /// Reports a name in an index that is not an integer quantity.
    pub(super) fn unknown_index(&mut self, name: &str, scope: &Scope, span: Span) {
        let letters = scope.iter().map(|(letter, _)| letter.as_str());
        let literals = self.literals.iter().map(|(literal, _)| literal.as_str());
        let declared = self.data.indices.iter().map(|index| index.name.as_str());
        let suggestion = nearest(name, letters.chain(literals).chain(declared));
        let name = name.to_owned();
        self.once(
            &format!("index {name}"),
            ClaimMistake::UnknownIndex { name, suggestion },
            span,
        );
    }

    /// Whether a member exists, as far as literal values show; if not, with a diagnostic.
    pub(super) fn in_range(&mut self, name: &str, range: Option<u16>, index: &Index, span: Span) -> bool {
        let data = range.and_then(|range| self.data.indices.get(usize::from(range)));
        let (Some(data), Some(value)) = (data, index.value()) else {
            return true;
        };
        let below = data.from.value().is_some_and(|from| value < from);
        let above = data.to.as_ref().and_then(Index::value).is_some_and(|to| value > to);
        if !below && !above {
            return true;
        }
        let range = self.range_text(data);
        let name = name.to_owned();
        let mistake = ClaimMistake::IndexOutOfRange {
            name,
            index: value,
            range,
        };
        self.report(mistake, span);
        false
    }

    /// The number of rows or columns as written, for the kernel; `None` only with a diagnostic.
    pub(super) fn extent(&mut self, extent: &Extent, scope: &Scope) -> Option<Dimension> {
        let Some((name, index)) = &extent.size else {
            return Some(Dimension::number(extent.factor));
        };
        let index = match index {
            Some(index) => Some(self.affine(index, scope)?),
            None => None,
        };
        self.dimension(extent.factor, name, index, extent.span, scope)
    }

    /// A multiple of a named size, or of a literal value.
    pub(super) fn dimension(
        &mut self,
        factor: u32,
        name: &str,
        index: Option<Index>,
        span: Span,
        scope: &Scope,
    ) -> Option<Dimension> {
        if let (None, Some(quantity)) = (&index, self.quantity(name, scope)) {
            let Some(value) = quantity.value() else {
                let name = name.to_owned();
                self.report(ClaimMistake::IndexNotLiteral { name }, span);
                return None;
            };
            let number = u32::try_from(value).ok().and_then(|value| value.checked_mul(factor));
            return match number {
                Some(number) if number > 0 => Some(Dimension::number(number)),
                _ => {
                    self.report(DiagnosticKind::ZeroSize, span);
                    None
                }
            };
        }
        let Some(size) = self.size(name) else {
            let suggestion = nearest(name, self.data.sizes.iter().map(String::as_str));
            let name = name.to_owned();
            self.once(
                &format!("size {name}"),
                ClaimMistake::UnknownSize { name, suggestion },
                span,
            );
            return None;
        };
        let mut dimension = Dimension::named(size, index);
        dimension.factor = factor;
        Some(dimension)
    }

    /// An affine form in words: `i + 1`, written tightly.
    pub(super) fn index_text(&self, index: &Index) -> String {
        let mut text = String::new();
        for (variable, multiple) in index.terms() {
            let name = self.data.indices.get(usize::from(*variable));
            let name = name.map_or("?", |index| index.name.as_str());
            let sign = match (multiple.is_negative(), text.is_empty()) {
                (true, _) => "-",
                (false, true) => "",
                (false, false) => "+",
            };
            let factor = match multiple.unsigned_abs() {
                1 => String::new(),
                size => format!("{size}*"),
            };
            text.push_str(&format!("{sign}{factor}{name}"));
        }
        match index.offset() {
            0 if !text.is_empty() => text,
            offset if text.is_empty() || offset < 0 => format!("{text}{offset}"),
            offset => format!("{text}+{offset}"),
        }
    }

    /// A range in words.
    fn range_text(&self, data: &IndexData) -> String {
        let to = data.to.as_ref().map(|to| self.index_text(to)).unwrap_or_default();
        format!("{}..{to}", self.index_text(&data.from))
    }

    /// A size in words.
    pub(super) fn dimension_text(&self, dimension: &Dimension) -> String {
        let Some(size) = &dimension.size else {
            return dimension.factor.to_string();
        };
        let name = self.data.sizes.get(usize::from(size.name)).map_or("?", String::as_str);
        let index = size.index.as_ref().map(|index| format!("[{}]", self.index_text(index)));
        let factor = match dimension.factor {
            1 => String::new(),
            factor => factor.to_string(),
        };
        format!("{factor}{name}{}", index.unwrap_or_default())
    }
}
