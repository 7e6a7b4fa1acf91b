//! What is wrong with an input, as data: a kind, the places it concerns, and advice.

use std::fmt;

mod claim;
mod flow;

pub use claim::ClaimMistake;
pub use flow::FlowMistake;

/// A range of bytes in a [`Source`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The offset of the first byte.
    pub start: usize,
    /// The offset behind the last byte.
    pub end: usize,
}

impl Span {
    /// The span from the start of this one to the end of another. Panics: never.
    pub fn to(self, other: Span) -> Span {
        Span {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }

    /// The same span in a text that begins `offset` bytes into a larger one. Panics: never.
    pub fn shifted(self, offset: usize) -> Span {
        Span {
            start: self.start.saturating_add(offset),
            end: self.end.saturating_add(offset),
        }
    }
}

impl From<std::ops::Range<usize>> for Span {
    fn from(range: std::ops::Range<usize>) -> Self {
        Span {
            start: range.start,
            end: range.end,
        }
    }
}

/// A text and the name under which the user knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// A path, or a description such as `command line`.
    pub name: String,
    /// The whole text.
    pub text: String,
}

/// One thing that is wrong with an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What is wrong; its `Display` is the sentence for the user.
    pub kind: DiagnosticKind,
    /// The places concerned, the first being where the mistake is, each with a remark (possibly empty).
    pub labels: Vec<(Span, String)>,
    /// What to do about it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A diagnostic about a whole input.
    pub fn new(kind: DiagnosticKind) -> Self {
        Self {
            kind,
            labels: Vec::new(),
            help: None,
        }
    }

    /// A diagnostic about one place, with a remark to stand under it.
    pub fn at(kind: DiagnosticKind, span: Span, label: impl Into<String>) -> Self {
        Self::new(kind).with_label(span, label)
    }

    /// The same diagnostic with one more place.
    pub fn with_label(mut self, span: Span, label: impl Into<String>) -> Self {
        self.labels.push((span, label.into()));
        self
    }

    /// The same diagnostic with advice.
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// The kinds of mistakes an input can contain.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DiagnosticKind {
    /// The text cannot continue like this.
    UnexpectedToken {
        /// What stands there.
        found: String,
        /// What could stand there.
        expected: String,
    },
    /// Two factors stand side by side without a sign between them.
    MissingOperator {
        /// The text on the left.
        left: String,
        /// The text on the right.
        right: String,
    },
    /// A bracket that is never closed.
    UnclosedBracket,
    /// A closing bracket that was never opened.
    UnopenedBracket,
    /// There is no expression at all.
    EmptyExpression,
    /// A name that means nothing.
    UnknownName {
        /// The name as written.
        name: String,
        /// The nearest known name.
        suggestion: Option<String>,
    },
    /// A name applied to an argument that is no function of the language.
    UnknownFunction {
        /// The name as written.
        name: String,
        /// The nearest known function.
        suggestion: Option<String>,
    },
    /// A function without its argument.
    FunctionWithoutArgument {
        /// The function.
        name: String,
    },
    /// A number, a constant or the variable applied to an argument.
    NotAFunction {
        /// The name as written.
        name: String,
    },
    /// A number with more digits than can be computed with.
    NumberTooLarge,
    /// A text that should be a number and is not.
    NotANumber {
        /// The text.
        text: String,
    },
    /// An exponent beyond the limit.
    ExponentTooLarge {
        /// The largest numerator or denominator of an exponent.
        limit: u32,
    },
    /// An exponent that depends on the variable.
    ExponentNotConstant,
    /// An exponent that is constant, but not by exact rational arithmetic alone.
    ExponentNotRational,
    /// Brackets and exponents nested too deeply.
    TooDeep {
        /// The largest depth.
        limit: usize,
    },
    /// An input longer than the limit.
    TooLong {
        /// The limit, in the unit named.
        limit: usize,
        /// What is counted.
        unit: &'static str,
    },
    /// A denominator that is the constant 0.
    DivisionByZero,
    /// A domain in which there is no number.
    EmptyDomain {
        /// The left end.
        left: String,
        /// The right end.
        right: String,
    },
    /// A domain written with a square bracket.
    ClosedDomain,
    /// A text that is no interval.
    NotAnInterval,
    /// An end of a domain that is not an exact rational.
    EndNotRational,
    /// A key that a cost file must have.
    MissingKey {
        /// The key.
        key: &'static str,
    },
    /// A key that a cost file cannot have.
    UnknownKey {
        /// The key as written.
        key: String,
        /// The nearest known key.
        suggestion: Option<String>,
    },
    /// A value of the wrong type.
    WrongType {
        /// The key.
        key: String,
        /// The type it should have.
        expected: &'static str,
        /// The type it has.
        found: &'static str,
    },
    /// A value that is not one of those allowed.
    UnknownValue {
        /// The key.
        key: &'static str,
        /// The value as written.
        value: String,
        /// The values allowed.
        allowed: &'static str,
    },
    /// A constant whose name already means something.
    ReservedName {
        /// The name.
        name: String,
    },
    /// A constant whose name could not be written in an expression.
    BadName {
        /// The name.
        name: String,
    },
    /// A name that is both a constant and a parameter.
    DuplicateName {
        /// The name.
        name: String,
    },
    /// A size that is not positive.
    ZeroSize,
    /// A cost that does not depend on the variable.
    NoVariable,
    /// A cost of a matrix that does not depend on the matrix.
    NoMatrixVariable,
    /// Two matrices whose shapes do not fit together.
    ShapesDoNotFit {
        /// What should be done with them: `+`, `-`, `*`.
        operation: &'static str,
        /// The shape on the left, such as `2 x 3`.
        left: String,
        /// The shape on the right.
        right: String,
    },
    /// A matrix of a shape that something does not take.
    WrongShape {
        /// What does not take it.
        what: String,
        /// The shape it takes.
        expected: String,
        /// The shape it was given.
        found: String,
    },
    /// An entry that a matrix does not have.
    NoSuchEntry {
        /// The entry as written.
        entry: String,
        /// The shape of the matrix.
        shape: String,
    },
    /// A function with the wrong number of arguments.
    WrongArguments {
        /// The function.
        name: String,
        /// How many it has here.
        found: usize,
    },
    /// Something of claim files that costs do not have.
    NotInCosts {
        /// What it is.
        what: &'static str,
    },
    /// A matrix cost, given to a command for scalar costs.
    Matrix,
    /// A key for matrix costs in a scalar one.
    MatrixKey {
        /// The key.
        key: &'static str,
    },
    /// A mistake that only a claim file can contain.
    Claim(ClaimMistake),
    /// A mistake that only a flow file can contain.
    Flow(FlowMistake),
    /// The file is not TOML.
    Toml {
        /// What the TOML reader says.
        message: String,
    },
    /// The bytes are not text.
    NotUtf8 {
        /// The offset of the first offending byte.
        offset: usize,
    },
    /// The file has nothing in it.
    EmptyFile,
    /// A directory where a file was expected.
    IsDirectory,
    /// The file could not be read.
    Unreadable {
        /// What the operating system says.
        reason: String,
    },
    /// A part of the cost has no value at some point of the domain.
    UndefinedOnDomain {
        /// The function or operation concerned.
        function: String,
        /// The point, or an enclosure of it.
        point: String,
    },
}

impl From<ClaimMistake> for DiagnosticKind {
    fn from(mistake: ClaimMistake) -> Self {
        DiagnosticKind::Claim(mistake)
    }
}

impl From<FlowMistake> for DiagnosticKind {
    fn from(mistake: FlowMistake) -> Self {
        DiagnosticKind::Flow(mistake)
    }
}

impl fmt::Display for DiagnosticKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        use DiagnosticKind::*;
        match self {
            UnexpectedToken { found, expected } => write!(formatter, "expected {expected}, found {found}"),
            MissingOperator { left, right } => {
                write!(formatter, "there is no operator between `{left}` and `{right}`")
            }
            UnclosedBracket => write!(formatter, "this bracket is never closed"),
            UnopenedBracket => write!(formatter, "this bracket was never opened"),
            EmptyExpression => write!(formatter, "there is no expression here"),
            UnknownName { name, suggestion } => {
                write!(formatter, "`{name}` is not defined")?;
                did_you_mean(formatter, suggestion)
            }
            UnknownFunction { name, suggestion } => {
                write!(formatter, "there is no function `{name}`")?;
                did_you_mean(formatter, suggestion)
            }
            FunctionWithoutArgument { name } => {
                write!(formatter, "the function `{name}` needs an argument in parentheses")
            }
            NotAFunction { name } => write!(formatter, "`{name}` is not a function"),
            NumberTooLarge => write!(formatter, "this number has too many digits to compute with"),
            NotANumber { text } => write!(formatter, "`{text}` is not a number"),
            ExponentTooLarge { limit } => write!(
                formatter,
                "this exponent is too large: numerator and denominator may be at most {limit}"
            ),
            ExponentNotConstant => write!(formatter, "an exponent must not depend on `w`"),
            ExponentNotRational => write!(formatter, "an exponent must be an exact rational number"),
            TooDeep { limit } => write!(formatter, "this is nested more than {limit} levels deep"),
            TooLong { limit, unit } => write!(formatter, "the input is longer than {limit} {unit}"),
            DivisionByZero => write!(formatter, "division by the constant 0"),
            EmptyDomain { left, right } => {
                write!(
                    formatter,
                    "the domain is empty: no number lies between {left} and {right}"
                )
            }
            ClosedDomain => write!(formatter, "domains are open intervals, written with `(` and `)`"),
            NotAnInterval => write!(formatter, "a domain is an interval such as `(0, inf)`"),
            EndNotRational => write!(
                formatter,
                "an end of a domain must be an exact rational, `-inf` or `inf`"
            ),
            MissingKey { key } => write!(formatter, "the key `{key}` is missing"),
            UnknownKey { key, suggestion } => {
                write!(formatter, "a cost file has no key `{key}`")?;
                did_you_mean(formatter, suggestion)
            }
            WrongType { key, expected, found } => write!(formatter, "`{key}` must be {expected}, not {found}"),
            UnknownValue { key, value, allowed } => {
                write!(formatter, "`{key}` cannot be `{value}`, only {allowed}")
            }
            ReservedName { name } => write!(formatter, "`{name}` already means something and cannot be redefined"),
            BadName { name } => write!(formatter, "`{name}` cannot be the name of a constant"),
            DuplicateName { name } => write!(formatter, "`{name}` is both a constant and a parameter"),
            ZeroSize => write!(formatter, "a size is at least 1"),
            NoVariable => write!(formatter, "the cost does not mention `w`, so it is constant"),
            NoMatrixVariable => write!(formatter, "the cost does not mention `W`, so it is constant"),
            ShapesDoNotFit { operation, left, right } => {
                write!(formatter, "the shapes do not fit: {left} {operation} {right}")
            }
            WrongShape { what, expected, found } => write!(formatter, "{what} must be {expected}, not {found}"),
            NoSuchEntry { entry, shape } => write!(formatter, "there is no entry {entry} in a {shape} matrix"),
            WrongArguments { name, found } => write!(formatter, "`{name}` takes one argument, not {found}"),
            NotInCosts { what } => write!(formatter, "{what} belong to claim files, not to costs"),
            Matrix => write!(formatter, "costs of matrices are not handled by this command yet"),
            MatrixKey { key } => write!(formatter, "`{key}` is for costs of matrices, and this one is scalar"),
            Claim(mistake) => mistake.fmt(formatter),
            Flow(mistake) => mistake.fmt(formatter),
            Toml { message } => write!(formatter, "this is not valid TOML: {message}"),
            NotUtf8 { offset } => write!(formatter, "this is not a text file: byte {offset} is not valid UTF-8"),
            EmptyFile => write!(formatter, "the file is empty"),
            IsDirectory => write!(formatter, "this is a directory, not a file"),
            Unreadable { reason } => write!(formatter, "the file cannot be read: {reason}"),
            UndefinedOnDomain { function, point } => {
                write!(
                    formatter,
                    "`{function}` is undefined at {point}, which the domain includes"
                )
            }
        }
    }
}

/// The question that follows an unknown name with a known neighbour.
fn did_you_mean(formatter: &mut fmt::Formatter<'_>, suggestion: &Option<String>) -> fmt::Result {
    match suggestion {
        Some(suggestion) => write!(formatter, "; did you mean `{suggestion}`?"),
        None => Ok(()),
    }
}
