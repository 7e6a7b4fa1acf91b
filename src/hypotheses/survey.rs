//! Charts and covers of a function on its domain, for finders of other kinds: the command hands them over.

use super::{begin, undefined_diagnostic};
use crate::kernel::certificate::{Chart, SettingData};
use crate::problem::{Diagnostic, ScalarCost};
use crate::verdict::Budget;

/// How a function is cut into pieces, and the signs of it and its derivative.
#[derive(Clone, Debug)]
pub struct Survey {
    /// The function as the cost of a setting; its list of nodes has all that the charts name.
    pub setting: SettingData,
    /// Charts of the function, a piece each, if they were found.
    pub values: Option<Vec<Chart>>,
    /// Charts of its derivative, a piece each, if they were found.
    pub slopes: Option<Vec<Chart>>,
}

/// Cuts the domain of a function; `signs` says whether to look for charts too.
///
/// Errors: a [`Diagnostic`] if the function is undefined somewhere on its domain; `Ok(None)` if the kernel could not be
/// shown how it is cut.
/// Panics: never.
pub fn survey(function: &ScalarCost, budget: &Budget, signs: bool) -> Result<Option<Survey>, Box<Diagnostic>> {
    let mut search = begin(function, budget);
    if search.cut().is_err() {
        return match search.undefined_at() {
            Some(undefined) => Err(Box::new(undefined_diagnostic(function, &search, &undefined))),
            None => Ok(None),
        };
    }
    let slopes = if signs { search.charts(1, None) } else { None };
    let values = if signs { search.charts(0, None) } else { None };
    Ok(Some(Survey {
        setting: search.certificate().setting,
        values,
        slopes,
    }))
}
