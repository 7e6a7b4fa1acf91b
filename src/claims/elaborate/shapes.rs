//! The shapes of nodes, to tell the author early and with places; the kernel decides on its own.

use super::builder::Builder;
use crate::kernel::free::data::Node;
use crate::kernel::free::index::Index;
use crate::kernel::free::shape::Dimension;
use crate::problem::{ClaimMistake, Diagnostic, Span};

/// The shape of a node as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A bare 0, which has the shape it needs.
    Zero,
    /// Rows and columns.
    Known(Dimension, Dimension),
    /// Not known, or wrong and complained about.
    Unknown,
}

impl Form {
    /// 1 x 1.
    fn scalar() -> Self {
        Form::Known(Dimension::number(1), Dimension::number(1))
    }

    /// Whether it may be 1 x 1.
    fn may_be_scalar(&self) -> bool {
        match self {
            Form::Known(rows, columns) => rows.is_one() && columns.is_one(),
            Form::Zero | Form::Unknown => true,
        }
    }

    /// Whether it is certainly 1 x 1.
    fn is_scalar(&self) -> bool {
        matches!(self, Form::Known(..)) && self.may_be_scalar()
    }
}

/// What is wrong with a shape.
type Ill = Box<Diagnostic>;

/// Whether two shapes may be the same.
fn agree(left: &Form, right: &Form) -> bool {
    matches!(
        (left, right),
        (Form::Zero | Form::Unknown, _) | (_, Form::Zero | Form::Unknown)
    ) || left == right
}

impl Builder<'_> {
    /// The shape of a new node; `operands` are the places of its children.
    pub(super) fn form(&self, node: &Node, span: Span, operands: &[Span]) -> Result<Form, Ill> {
        let of = |id: &usize| self.forms.get(*id).cloned().unwrap_or(Form::Unknown);
        let at = |place: usize| operands.get(place).copied().unwrap_or(span);
        let same = |operation: &'static str, a: &usize, b: &usize| -> Result<Form, Ill> {
            let (left, right) = (of(a), of(b));
            self.same(operation, span, (&left, at(0)), (&right, at(1)))?;
            Ok(if matches!(left, Form::Known(..)) { left } else { right })
        };
        Ok(match node {
            Node::Number(value) if *value == 0 => Form::Zero,
            Node::Number(_) | Node::Pi => Form::scalar(),
            Node::Symbol(symbol) => self.symbol_form(*symbol),
            Node::Member(symbol, index) => self.family_form(*symbol, index, index),
            Node::Product(symbol, high, low) => self.family_form(*symbol, high, low),
            Node::Identity(size) => Form::Known(size.clone(), size.clone()),
            Node::Zero(rows, columns) => Form::Known(rows.clone(), columns.clone()),
            Node::Add(a, b) => same("the sum", a, b)?,
            Node::Sub(a, b) => same("the difference", a, b)?,
            Node::Mul(a, b) => self.product(span, (of(a), at(0)), (of(b), at(1)))?,
            Node::Div(a, b) => {
                self.scalar("a divisor", &of(b), at(1))?;
                of(a)
            }
            Node::Neg(a) | Node::Dot(a) => of(a),
            Node::Transpose(a) => match of(a) {
                Form::Known(rows, columns) => Form::Known(columns, rows),
                other => other,
            },
            Node::Power(a, exponent) => {
                let base = of(a);
                if exponent.is_integer() && *exponent > 0 {
                    self.square("the base of a power", &base, at(0))?;
                } else {
                    self.scalar("the base of such a power", &base, at(0))?;
                }
                base
            }
            Node::Trace(a) => {
                self.square("the argument of a trace", &of(a), at(0))?;
                Form::scalar()
            }
            Node::Inner(a, b) => {
                same("the inner product", a, b)?;
                Form::scalar()
            }
            Node::Apply(_, a) => {
                self.scalar("the argument of this function", &of(a), at(0))?;
                Form::scalar()
            }
            Node::Unknown(function, _, a) => {
                self.argument(*function, span, &of(a), at(0))?;
                Form::scalar()
            }
            Node::Gradient(function, a) => self.argument(*function, span, &of(a), at(0))?,
            Node::Second(function, a, b) => {
                self.argument(*function, span, &of(a), at(0))?;
                self.argument(*function, span, &of(b), at(1))?
            }
            Node::Partial(a, _) => {
                self.scalar("what is differentiated", &of(a), at(0))?;
                Form::scalar()
            }
            Node::Sum(variable, a) => match of(a) {
                Form::Known(rows, columns) if mentions(&rows, *variable) || mentions(&columns, *variable) => {
                    Form::Unknown
                }
                other => other,
            },
        })
    }

    /// The shape of a symbol.
    pub(super) fn symbol_form(&self, symbol: u16) -> Form {
        match self.data.symbols.get(usize::from(symbol)) {
            Some(symbol) => Form::Known(symbol.rows.clone(), symbol.columns.clone()),
            None => Form::Unknown,
        }
    }

    /// The shape of a product of members of a family.
    fn family_form(&self, symbol: u16, high: &Index, low: &Index) -> Form {
        let found = self.data.symbols.get(usize::from(symbol)).and_then(|symbol| {
            let letter = symbol.family?;
            Some((
                symbol.rows.substitute(letter, high)?,
                symbol.columns.substitute(letter, low)?,
            ))
        });
        found.map_or(Form::Unknown, |(rows, columns)| Form::Known(rows, columns))
    }

    /// The shape of a product.
    fn product(&self, span: Span, left: (Form, Span), right: (Form, Span)) -> Result<Form, Ill> {
        match (&left.0, &right.0) {
            (form, other) if form.is_scalar() => Ok(other.clone()),
            (other, form) if form.is_scalar() => Ok(other.clone()),
            (Form::Zero, _) | (_, Form::Zero) => Ok(Form::Zero),
            (Form::Known(rows, inner), Form::Known(other, columns)) => {
                if inner != other {
                    return Err(self.mismatch("the product", span, (&left.0, left.1), (&right.0, right.1)));
                }
                Ok(Form::Known(rows.clone(), columns.clone()))
            }
            _ => Ok(Form::Unknown),
        }
    }

    /// The shape of the argument of an unknown function, which an argument must have.
    fn argument(&self, function: u16, span: Span, form: &Form, place: Span) -> Result<Form, Ill> {
        let needed = match self.data.functions.get(usize::from(function)) {
            Some(function) => Form::Known(function.rows.clone(), function.columns.clone()),
            None => Form::Unknown,
        };
        if agree(&needed, form) {
            return Ok(needed);
        }
        let kind = ClaimMistake::Shapes {
            operation: "the function and its argument",
            left: self.form_text(&needed),
            right: self.form_text(form),
        };
        let diagnostic = Diagnostic::at(kind.into(), place, format!("this is {}", self.form_text(form)));
        let label = format!("the function takes {}", self.form_text(&needed));
        Err(Box::new(
            diagnostic.with_label(Span::from(span.start..place.start), label),
        ))
    }

    /// Demands that two shapes are the same.
    pub(super) fn same(
        &self,
        operation: &'static str,
        span: Span,
        left: (&Form, Span),
        right: (&Form, Span),
    ) -> Result<(), Ill> {
        if agree(left.0, right.0) {
            Ok(())
        } else {
            Err(self.mismatch(operation, span, left, right))
        }
    }

    /// Demands a scalar.
    pub(super) fn scalar(&self, what: &'static str, form: &Form, span: Span) -> Result<(), Ill> {
        if form.may_be_scalar() {
            return Ok(());
        }
        let shape = self.form_text(form);
        Err(Box::new(Diagnostic::at(
            ClaimMistake::NotScalar { what, shape }.into(),
            span,
            "",
        )))
    }

    /// Demands a square matrix.
    fn square(&self, what: &'static str, form: &Form, span: Span) -> Result<(), Ill> {
        match form {
            Form::Known(rows, columns) if rows != columns => {
                let shape = self.form_text(form);
                Err(Box::new(Diagnostic::at(
                    ClaimMistake::NotSquare { what, shape }.into(),
                    span,
                    "",
                )))
            }
            _ => Ok(()),
        }
    }

    /// The complaint that shows both shapes at their places.
    fn mismatch(&self, operation: &'static str, span: Span, left: (&Form, Span), right: (&Form, Span)) -> Ill {
        let (left_text, right_text) = (self.form_text(left.0), self.form_text(right.0));
        let labels = [format!("this is {left_text}"), format!("this is {right_text}")];
        let kind = ClaimMistake::Shapes {
            operation,
            left: left_text,
            right: right_text,
        };
        let [first, second] = labels;
        // Parts of a text with escapes in it have no places of their own.
        if left.1 == right.1 {
            return Box::new(Diagnostic::at(kind.into(), span, ""));
        }
        Box::new(Diagnostic::at(kind.into(), left.1, first).with_label(right.1, second))
    }

    /// A shape in words.
    fn form_text(&self, form: &Form) -> String {
        match form {
            Form::Known(rows, columns) if rows.is_one() && columns.is_one() => "1 x 1".to_owned(),
            Form::Known(rows, columns) => {
                format!("{} x {}", self.dimension_text(rows), self.dimension_text(columns))
            }
            Form::Zero | Form::Unknown => "of any shape".to_owned(),
        }
    }
}

/// Whether an index occurs in a size.
fn mentions(dimension: &Dimension, variable: u16) -> bool {
    let index = dimension.size.as_ref().and_then(|size| size.index.as_ref());
    index.is_some_and(|index| index.multiple(variable) != 0)
}
