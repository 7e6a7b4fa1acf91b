//! Formulas as the kernel writes them, turned into LaTeX mathematics: for reading only.

use super::escape::latex;

/// Names of functions that LaTeX has a command for.
const COMMANDS: [&str; 10] = ["exp", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh", "pi", "sigma"];
/// Names of functions written upright.
const UPRIGHT: [&str; 5] = ["atan", "asinh", "erf", "abs", "sgn"];
/// Greek names with another command.
const GREEK: [(&str, &str); 2] = [("Phi", "\\Phi"), ("inf", "\\infty")];

/// The formula as LaTeX; words that are not part of a formula become text.
pub fn mathematics(formula: &str) -> String {
    let tokens = exponents_first(tokens(formula));
    let mut text = String::new();
    let mut place = 0;
    // For every open bracket, what closes it.
    let mut closers: Vec<&str> = Vec::new();
    while let Some(token) = tokens.get(place) {
        place += 1;
        let next = tokens.get(place).map(String::as_str);
        match token.as_str() {
            "sqrt" if next == Some("(") => {
                text.push_str("\\sqrt{");
                closers.push("}");
                place += 1;
            }
            "^" if next == Some("(") => {
                text.push_str("^{");
                closers.push("}");
                place += 1;
            }
            "^" => {
                text.push_str(&format!("^{{{}}}", next.unwrap_or_default()));
                place += 1;
            }
            "(" => {
                text.push('(');
                closers.push(")");
            }
            ")" => text.push_str(closers.pop().unwrap_or(")")),
            "*" => text.push_str("\\,"),
            "+-" => text.push_str("\\pm "),
            other => text.push_str(&word(other)),
        }
    }
    while let Some(closer) = closers.pop() {
        text.push_str(closer);
    }
    // Words in a row are one text.
    text.replace(" } \\text{ ", " ")
}

/// `sinh(w)^2` is written `sinh^2(w)`: with the exponent behind, it would seem to belong to w.
fn exponents_first(mut tokens: Vec<String>) -> Vec<String> {
    let mut place = 0;
    while place < tokens.len() {
        let is_function = tokens.get(place).is_some_and(|name| {
            name != "sqrt" && (COMMANDS.contains(&name.as_str()) || UPRIGHT.contains(&name.as_str()))
        });
        if is_function
            && let Some(end) = closing(&tokens, place + 1)
            && tokens.get(end + 1).is_some_and(|next| next == "^")
            && tokens
                .get(end + 2)
                .is_some_and(|power| power.chars().all(|digit| digit.is_ascii_digit()))
        {
            let moved: Vec<String> = tokens.drain(end + 1..=end + 2).collect();
            tokens.splice(place + 1..place + 1, moved);
            place += 2;
        }
        place += 1;
    }
    tokens
}

/// The place of the bracket that closes the one at `open`.
fn closing(tokens: &[String], open: usize) -> Option<usize> {
    if tokens.get(open)? != "(" {
        return None;
    }
    let mut depth = 0usize;
    for (place, token) in tokens.iter().enumerate().skip(open) {
        match token.as_str() {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(place);
        }
    }
    None
}

/// A name, a number, a space or a sign.
fn word(token: &str) -> String {
    let letters: String = token
        .chars()
        .take_while(|character| character.is_alphabetic())
        .collect();
    let digits = token.get(letters.len()..).unwrap_or_default();
    if letters.is_empty() {
        return match token {
            "[" | "]" | "=" | "<" | ">" | "-" | "+" | "/" | "," | "'" | " " => token.to_owned(),
            _ if token.is_ascii() && token.starts_with(|first: char| first.is_ascii_digit()) => token.to_owned(),
            _ => format!("\\text{{{}}}", latex(token)),
        };
    }
    if let Some((_, command)) = GREEK.iter().find(|(name, _)| *name == letters) {
        return format!("{command}{digits} ");
    }
    if COMMANDS.contains(&letters.as_str()) && digits.is_empty() {
        return format!("\\{letters} ");
    }
    if UPRIGHT.contains(&letters.as_str()) {
        return format!("\\operatorname{{{letters}}}");
    }
    if letters.chars().count() == 1 {
        return if digits.is_empty() {
            letters
        } else {
            format!("{letters}_{{{digits}}}")
        };
    }
    format!("\\text{{ {} }}", latex(token))
}

/// Names with their digits, numbers, and single characters; `+-` is one.
fn tokens(formula: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut rest = formula;
    while let Some(first) = rest.chars().next() {
        let length = if first.is_alphanumeric() {
            rest.find(|character: char| !(character.is_alphanumeric() || character == '.'))
                .unwrap_or(rest.len())
        } else if rest.starts_with("+-") {
            2
        } else {
            first.len_utf8()
        };
        let (token, after) = rest.split_at(length);
        tokens.push(token.to_owned());
        rest = after;
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::mathematics;

    #[test]
    fn formulas_become_mathematics() {
        assert_eq!(mathematics("w2^2 - sinh(w1)^2"), "w_{2}^{2} - \\sinh ^{2}(w_{1})");
        assert_eq!(
            mathematics("+-sgn(w1)*sqrt(1 + w1)"),
            "\\pm \\operatorname{sgn}(w_{1})\\,\\sqrt{1 + w_{1}}"
        );
        assert_eq!(mathematics("w1^(1/2)"), "w_{1}^{1/2}");
        assert_eq!(mathematics("in [1.5, 2e-3]"), "\\text{ in } [1.5, 2e-3]");
    }

    #[test]
    fn hostile_text_stays_text() {
        assert_eq!(mathematics("\\input"), "\\text{\\textbackslash{}}\\text{ input }");
        assert_eq!(mathematics("sqrt((w1"), "\\sqrt{(w_{1})}");
    }
}
