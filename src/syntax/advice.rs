//! What the user probably meant: near-miss names, and names and signs of other languages.

use super::expression::Names;
use crate::kernel::expr::Function;

/// The names that mean something without being declared and can be called.
pub fn function_names() -> impl Iterator<Item = &'static str> {
    Function::ALL.into_iter().map(Function::name).chain(["sqrt", "ln"])
}

/// The names that mean something without being declared and cannot be called.
pub const PLAIN_NAMES: [&str; 3] = ["w", "pi", "e"];

/// The functions of matrices; `transpose` is also written with a prime.
pub const MATRIX_FUNCTIONS: [&str; 9] = [
    "tr",
    "det",
    "norm2",
    "transpose",
    "inv",
    "logdet",
    "sum",
    "dot",
    "hadamard",
];

/// The names that mean something in a cost of a matrix.
pub fn matrix_names() -> impl Iterator<Item = &'static str> {
    function_names().chain(MATRIX_FUNCTIONS).chain(["W", "pi", "e"])
}

/// Whether a name has a meaning of its own in a cost of a matrix.
pub fn is_matrix_name(name: &str) -> bool {
    matrix_names().any(|known| known == name)
}

/// The nearest of some names, if it is near enough to be meant.
pub fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    // One slip in a short name, two in a longer one.
    let tolerance = match name.chars().count() {
        0 | 1 => 0,
        2..=4 => 1,
        _ => 2,
    };
    known
        .map(|known| {
            (
                strsim::damerau_levenshtein(&name.to_lowercase(), &known.to_lowercase()),
                known,
            )
        })
        .filter(|(distance, _)| *distance <= tolerance)
        .min()
        .map(|(_, known)| known.to_owned())
}

/// The function that an unknown function name probably stands for.
pub fn function(name: &str) -> Option<String> {
    let other_language = match name.to_lowercase().as_str() {
        "arctan" | "arctg" => Some("atan"),
        "arcsinh" | "arsinh" | "argsinh" => Some("asinh"),
        "tg" => Some("tan"),
        "sh" => Some("sinh"),
        "ch" => Some("cosh"),
        "th" => Some("tanh"),
        "fabs" => Some("abs"),
        _ => None,
    };
    other_language
        .map(str::to_owned)
        .or_else(|| nearest(name, function_names()))
}

/// How to write an unknown function with the functions there are.
pub fn function_help(name: &str) -> Option<&'static str> {
    Some(match name.to_lowercase().as_str() {
        "log2" | "lg" | "ld" => "write log(x)/log(2) for the logarithm to base 2",
        "log10" => "write log(x)/log(10) for the logarithm to base 10",
        "log1p" => "write log(1 + x)",
        "expm1" => "write exp(x) - 1",
        "cbrt" => "write x^(1/3), which is defined for x >= 0",
        "pow" => "write a^b with a constant exponent b",
        "square" | "sqr" => "write x^2",
        "sec" => "write 1/cos(x)",
        "csc" => "write 1/sin(x)",
        "cot" => "write cos(x)/sin(x)",
        "sech" => "write 1/cosh(x)",
        "coth" => "write cosh(x)/sinh(x)",
        "acosh" | "arccosh" => "write log(x + sqrt(x^2 - 1))",
        "atanh" | "arctanh" => "write log((1 + x)/(1 - x))/2",
        "sigmoid" | "logistic" => "write 1/(1 + exp(-x))",
        "softplus" => "write log(1 + exp(x))",
        "erfc" => "write 1 - erf(x)",
        "max" | "relu" => "write (a + b + abs(a - b))/2 for the larger of a and b",
        "min" => "write (a + b - abs(a - b))/2 for the smaller of a and b",
        "sign" | "sgn" => "write x/abs(x), which is undefined at 0",
        "tr" | "det" | "inv" | "norm2" | "transpose" | "logdet" => {
            "this is a function of matrices, and the cost is scalar"
        }
        _ => return None,
    })
}

/// The constant or variable that an unknown name probably stands for.
pub fn name(name: &str, names: &Names) -> Option<String> {
    if let Some(base) = name.strip_suffix('²') {
        return Some(format!("{base}^2"));
    }
    if let Some(base) = name.strip_suffix('³') {
        return Some(format!("{base}^3"));
    }
    match name {
        "W" | "ω" => return Some("w".to_owned()),
        "π" => return Some("pi".to_owned()),
        "E" => return Some("e".to_owned()),
        _ => {}
    }
    nearest(name, names.iter().chain(PLAIN_NAMES)).or_else(|| nearest(name, function_names()))
}

/// What to say about an unknown name when nothing is near it.
pub fn name_help(name: &str) -> Option<&'static str> {
    Some(match name {
        "x" | "X" | "y" | "z" | "t" | "theta" | "θ" | "u" | "v" => {
            "the variable is called w; other names are declared under [constants]"
        }
        "inf" | "infinity" | "nan" | "oo" => "a cost is built from finite numbers",
        "i" | "j" | "I" => "costs are real: there is no imaginary unit",
        _ => "names are declared under [constants]",
    })
}

/// How to write what a sign of another language means.
pub fn sign_help(sign: &str) -> Option<&'static str> {
    Some(match sign {
        "**" => "write ^ for powers",
        "|" => "write abs(w) for the absolute value",
        "·" | "×" | "∗" => "write * for products",
        "÷" | ":" => "write / for quotients",
        "−" | "–" | "—" => "this is a typographical dash; write - for minus",
        "√" => "write sqrt(w) for the square root",
        "∞" => "write inf, and only in a domain",
        "[" | "]" | "{" | "}" => "only the brackets ( and ) group",
        "'" => "transposes belong to costs of matrices",
        "!" => "write the factorial out as a number",
        "%" => "write a percentage as a decimal",
        "=" | "<" | ">" => "a cost is an expression, not an equation",
        "," => "write 0.5 with a point; functions take one argument",
        _ => return None,
    })
}

/// The same for formulas of matrices, where brackets and primes have a meaning.
pub fn formula_sign_help(sign: &str) -> Option<&'static str> {
    Some(match sign {
        "**" | "|" | "·" | "×" | "∗" | "÷" | "−" | "–" | "—" => return sign_help(sign),
        "==" | "=" => "an equation has one = and stands under assume; a claim is written equal = [\"A\", \"B\"]",
        "ᵀ" | "⊤" => "write A' for the transpose",
        "[" => "square brackets follow the name of a family; group with ( and )",
        "." => "write A*B for a product and W[N..1] for a product of a family",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_misses_are_recognised() {
        assert_eq!(function("Abs").as_deref(), Some("abs"));
        assert_eq!(function("EXP").as_deref(), Some("exp"));
        assert_eq!(function("arctan").as_deref(), Some("atan"));
        assert_eq!(function("cosch").as_deref(), Some("cosh"));
        assert_eq!(function("sqr").as_deref(), Some("sqrt"));
        assert_eq!(function("gamma"), None);
    }

    #[test]
    fn single_letters_are_not_near_each_other() {
        let names = Names::default();
        assert_eq!(name("x", &names), None);
        assert_eq!(name("W", &names).as_deref(), Some("w"));
        assert_eq!(name("w²", &names).as_deref(), Some("w^2"));
    }
}
