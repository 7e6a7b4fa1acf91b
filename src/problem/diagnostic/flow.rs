//! The mistakes that only flow files can contain.

use super::did_you_mean;
use std::fmt;

/// What is wrong with a flow file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FlowMistake {
    /// A key that means nothing here.
    UnknownKey {
        /// What has no such key, such as `a flow file` or `[run]`.
        place: &'static str,
        /// The key as written.
        key: String,
        /// The nearest known key.
        suggestion: Option<String>,
    },
    /// A key that must be there.
    MissingKey {
        /// What needs it.
        place: &'static str,
        /// The key.
        key: &'static str,
    },
    /// Two keys that say the same thing in two ways.
    Both {
        /// The key that was expected alone.
        first: String,
        /// The other one.
        second: String,
    },
    /// A key that means something only elsewhere.
    OnlyWith {
        /// The key.
        key: String,
        /// What it belongs to.
        with: &'static str,
    },
    /// Neither a cost nor a vector field.
    NothingFlows,
    /// A number that must be more than 0.
    NotPositive {
        /// The key.
        key: String,
    },
    /// A number that must be at least 0.
    Negative {
        /// The key.
        key: String,
    },
    /// A whole number outside of what is allowed.
    OutOfRange {
        /// The key.
        key: String,
        /// The smallest value allowed.
        least: u64,
        /// The largest value allowed.
        most: u64,
    },
    /// An interval whose ends are interchanged.
    EmptyInterval {
        /// The end on the left.
        lower: String,
        /// The end on the right.
        upper: String,
    },
    /// A text in square brackets that is no interval.
    NotAnInterval,
    /// More coordinates than can be handled.
    TooManyCoordinates {
        /// How many there are; `None` for more than can be counted.
        found: Option<usize>,
        /// The largest number allowed.
        limit: usize,
    },
    /// A matrix of the network or of its product with too many entries.
    TooManyEntries {
        /// What has them.
        what: String,
        /// The largest number allowed.
        limit: usize,
    },
    /// A name that is not that of a layer or of a coordinate.
    NotACoordinate {
        /// The name as written.
        name: String,
        /// The nearest layer or coordinate.
        suggestion: Option<String>,
    },
    /// A coordinate with two values.
    GivenTwice {
        /// The coordinate.
        name: String,
    },
    /// Coordinates without a value.
    NoValue {
        /// Their names.
        names: String,
    },
    /// A name that cannot be that of a coordinate or of a quantity.
    BadName {
        /// The name.
        name: String,
        /// What it should name.
        what: &'static str,
    },
    /// A name that is both a constant and a coordinate.
    NameTaken {
        /// The name.
        name: String,
    },
    /// A vector field without a coordinate.
    NoCoordinates,
    /// A cost and a network whose shapes do not fit.
    ShapesDoNotFit {
        /// What the cost takes.
        cost: String,
        /// What the network makes.
        network: String,
    },
    /// An activation that is constant.
    ConstantActivation,
    /// A file that is referred to and cannot be used.
    CostFile {
        /// Its name as written.
        path: String,
        /// Why.
        reason: String,
    },
    /// An expression that has no value at the start.
    UndefinedAtStart {
        /// Which expression.
        what: String,
        /// What is asked of which number.
        reason: String,
        /// Whether the start is a box with more than one point.
        wide: bool,
    },
    /// A start whose product is outside of the domain of the cost.
    OutsideDomain {
        /// The domain.
        domain: String,
        /// What is outside, such as `w2*w1`.
        product: String,
        /// Its value, or an enclosure of its values.
        value: String,
    },
    /// A drawing of numbers that can only give 0.
    OnlyZero,
}

impl fmt::Display for FlowMistake {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        use FlowMistake::*;
        match self {
            UnknownKey { place, key, suggestion } => {
                write!(formatter, "{place} has no key `{key}`")?;
                did_you_mean(formatter, suggestion)
            }
            MissingKey { place, key } => write!(formatter, "{place} needs the key `{key}`"),
            Both { first, second } => write!(formatter, "`{first}` and `{second}` exclude each other"),
            OnlyWith { key, with } => write!(formatter, "`{key}` belongs to {with}"),
            NothingFlows => write!(formatter, "this flow has neither a cost nor a vector field"),
            NotPositive { key } => write!(formatter, "`{key}` must be more than 0"),
            Negative { key } => write!(formatter, "`{key}` must not be negative"),
            OutOfRange { key, least, most } => {
                write!(formatter, "`{key}` must be a whole number from {least} to {most}")
            }
            EmptyInterval { lower, upper } => {
                write!(formatter, "the interval is empty: {lower} is more than {upper}")
            }
            NotAnInterval => write!(formatter, "an interval is two numbers such as `[0.29, 0.31]`"),
            TooManyCoordinates {
                found: Some(found),
                limit,
            } => write!(
                formatter,
                "a flow has at most {limit} coordinates, and this one has {found}"
            ),
            TooManyCoordinates { found: None, limit } => write!(formatter, "a flow has at most {limit} coordinates"),
            TooManyEntries { what, limit } => write!(formatter, "{what} has more than {limit} entries"),
            NotACoordinate { name, suggestion } => {
                write!(formatter, "`{name}` is not a coordinate of this flow")?;
                did_you_mean(formatter, suggestion)
            }
            GivenTwice { name } => write!(formatter, "`{name}` is given twice"),
            NoValue { names } => write!(formatter, "the start has no value for {names}"),
            BadName { name, what } => write!(formatter, "`{name}` cannot be the name of {what}"),
            NameTaken { name } => write!(formatter, "`{name}` is both a constant and a coordinate"),
            NoCoordinates => write!(formatter, "the vector field has no coordinates"),
            ShapesDoNotFit { cost, network } => {
                write!(formatter, "the cost takes {cost}, and the network makes {network}")
            }
            ConstantActivation => write!(formatter, "the activation does not mention `w`, so it is constant"),
            CostFile { path, reason } => write!(formatter, "the cost file `{path}` cannot be used: {reason}"),
            UndefinedAtStart { what, reason, wide } => {
                let place = if *wide {
                    "at a point of the start"
                } else {
                    "at the start"
                };
                write!(formatter, "{what} is not defined {place}: {reason}")
            }
            OutsideDomain { domain, product, value } => {
                write!(
                    formatter,
                    "the cost is studied on {domain}, and the start has {product} = {value}"
                )
            }
            OnlyZero => write!(formatter, "0 is the only number that can be drawn"),
        }
    }
}
