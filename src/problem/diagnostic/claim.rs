//! The mistakes that only claim files can contain.

use super::did_you_mean;
use std::fmt;

/// What is wrong with a claim file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClaimMistake {
    /// A key that means nothing here.
    UnknownKey {
        /// What has no such key, such as `a claim`.
        place: &'static str,
        /// The key as written.
        key: String,
        /// The nearest known key.
        suggestion: Option<String>,
    },
    /// A key that must be there.
    MissingKey {
        /// What lacks it, such as `an erratum`.
        place: &'static str,
        /// The key.
        key: &'static str,
    },
    /// A file that claims nothing.
    NoClaims,
    /// A claim that does not say what is claimed.
    NoStatement,
    /// A claim that says two things.
    SeveralStatements {
        /// One.
        first: String,
        /// The other.
        second: String,
    },
    /// A list of the wrong length.
    WrongLength {
        /// The key.
        key: String,
        /// What it should be.
        expected: &'static str,
    },
    /// A key that makes no sense beside another.
    OnlyWith {
        /// The key.
        key: &'static str,
        /// What it belongs to.
        with: &'static str,
    },
    /// Two claims with the same name.
    DuplicateClaim {
        /// The name.
        name: String,
    },
    /// A name that is declared twice.
    Redeclared {
        /// The name.
        name: String,
    },
    /// A name that is not one of the symbols.
    UnknownSymbol {
        /// The name as written.
        name: String,
        /// The nearest symbol.
        suggestion: Option<String>,
    },
    /// A name that is not one of the sizes.
    UnknownSize {
        /// The name as written.
        name: String,
        /// The nearest size.
        suggestion: Option<String>,
    },
    /// A name in an index that is not an integer quantity.
    UnknownIndex {
        /// The name as written.
        name: String,
        /// The nearest integer quantity.
        suggestion: Option<String>,
    },
    /// A family without the index of a member.
    FamilyWithoutIndex {
        /// The family.
        name: String,
    },
    /// An index after a name that is not a family.
    NotAFamily {
        /// The name.
        name: String,
    },
    /// A member that the family does not have.
    IndexOutOfRange {
        /// The family.
        name: String,
        /// The index.
        index: i32,
        /// The range of the family.
        range: String,
    },
    /// Abbreviations that refer to themselves.
    Cycle {
        /// The names, in a row.
        names: String,
    },
    /// A function with the wrong number of arguments.
    WrongArguments {
        /// The function.
        name: String,
        /// What it takes.
        expected: &'static str,
    },
    /// An argument that must be an unknown function and is not.
    NotAnUnknownFunction {
        /// The function that needs it.
        of: String,
    },
    /// An unknown function without its argument.
    FunctionAlone {
        /// The function.
        name: String,
    },
    /// Primes behind a function that is not an unknown one of a scalar.
    PrimesNotAllowed {
        /// The function.
        name: String,
    },
    /// An exponent that is not a number once the literal values are put in.
    ExponentNotLiteral,
    /// An integer quantity without a value, where a number is needed.
    IndexNotLiteral {
        /// Its name.
        name: String,
    },
    /// A range that must have literal ends.
    RangeNotLiteral,
    /// A range without a number in it.
    EmptyRange {
        /// The name that runs over it.
        name: String,
    },
    /// A claim that cannot be put into the form the kernel reads.
    NotUnderstood,
    /// A size that is written both with and without an index.
    MixedSize {
        /// Its name.
        name: String,
    },
    /// Something is too large or too many.
    TooMany {
        /// The limit.
        limit: usize,
        /// What is counted.
        what: &'static str,
    },
    /// Shapes that do not fit an operation.
    Shapes {
        /// What was attempted, such as `the product`.
        operation: &'static str,
        /// The shape on the left.
        left: String,
        /// The shape on the right.
        right: String,
    },
    /// Something that must be a scalar.
    NotScalar {
        /// What must be one.
        what: &'static str,
        /// Its shape.
        shape: String,
    },
    /// Something that must be square.
    NotSquare {
        /// What must be square.
        what: &'static str,
        /// Its shape.
        shape: String,
    },
    /// A size, an index or a symbol that has no value in an instance or a witness.
    NoValue {
        /// Its name.
        name: String,
    },
    /// A value that cannot be the value of this name.
    BadValue {
        /// The name.
        name: String,
        /// What it should be.
        expected: String,
    },
}

impl fmt::Display for ClaimMistake {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        use ClaimMistake::*;
        match self {
            UnknownKey { place, key, suggestion } => {
                write!(formatter, "{place} has no key `{key}`")?;
                did_you_mean(formatter, suggestion)
            }
            MissingKey { place, key } => write!(formatter, "{place} needs the key `{key}`"),
            NoClaims => write!(formatter, "there is no claim in this file"),
            NoStatement => write!(formatter, "this claim does not say what is claimed"),
            SeveralStatements { first, second } => {
                write!(
                    formatter,
                    "a claim says one thing, and this one has `{first}` and `{second}`"
                )
            }
            WrongLength { key, expected } => write!(formatter, "`{key}` must be {expected}"),
            OnlyWith { key, with } => write!(formatter, "`{key}` belongs to {with}"),
            DuplicateClaim { name } if name.is_empty() => write!(formatter, "two claims have no name"),
            DuplicateClaim { name } => write!(formatter, "two claims are called `{name}`"),
            Redeclared { name } => write!(formatter, "`{name}` is declared twice"),
            UnknownSymbol { name, suggestion } => {
                write!(formatter, "`{name}` is not one of the symbols")?;
                did_you_mean(formatter, suggestion)
            }
            UnknownSize { name, suggestion } => {
                write!(formatter, "`{name}` is nothing that has a value here")?;
                did_you_mean(formatter, suggestion)
            }
            UnknownIndex { name, suggestion } => {
                write!(formatter, "`{name}` is not an integer quantity")?;
                did_you_mean(formatter, suggestion)
            }
            FamilyWithoutIndex { name } => {
                write!(formatter, "`{name}` is a family, and one member is needed here")
            }
            NotAFamily { name } => write!(formatter, "`{name}` is not a family and takes no index"),
            IndexOutOfRange { name, index, range } => {
                write!(formatter, "there is no `{name}[{index}]`: the index runs over {range}")
            }
            Cycle { names } => write!(formatter, "these abbreviations refer to themselves: {names}"),
            WrongArguments { name, expected } => write!(formatter, "`{name}` takes {expected}"),
            NotAnUnknownFunction { of } => {
                write!(formatter, "the first argument of `{of}` must be an unknown function")
            }
            FunctionAlone { name } => write!(formatter, "the function `{name}` needs an argument in parentheses"),
            PrimesNotAllowed { name } => {
                write!(
                    formatter,
                    "only unknown functions of a scalar have derivatives written with primes, not `{name}`"
                )
            }
            ExponentNotLiteral => write!(formatter, "an exponent must be a rational number"),
            IndexNotLiteral { name } => write!(formatter, "`{name}` has no value here, and a number is needed"),
            RangeNotLiteral => write!(formatter, "the ends of this range must be numbers"),
            EmptyRange { name } => write!(formatter, "there is no value for `{name}`"),
            NotUnderstood => write!(formatter, "this claim cannot be put into the form the kernel reads"),
            MixedSize { name } => write!(formatter, "the size `{name}` is written both with and without an index"),
            TooMany { limit, what } => write!(formatter, "there are more than {limit} {what}"),
            Shapes { operation, left, right } => {
                write!(formatter, "the shapes of {operation} do not fit: {left} and {right}")
            }
            NotScalar { what, shape } => write!(formatter, "{what} must be a scalar, and this is {shape}"),
            NotSquare { what, shape } => write!(formatter, "{what} must be square, and this is {shape}"),
            NoValue { name } => write!(formatter, "`{name}` has no value"),
            BadValue { name, expected } => write!(formatter, "`{name}` must be {expected}"),
        }
    }
}
