//! Makes foreign text harmless for the place where it is shown.

/// Text without characters that could steer a terminal or reorder a line.
pub(super) fn terminal(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '\t' | '\n' => ' ',
            character if is_harmful(character) => char::REPLACEMENT_CHARACTER,
            character => character,
        })
        .collect()
}

/// Text that LaTeX sets as it is, whatever is in it.
pub(super) fn latex(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' => escaped.push_str("\\textbackslash{}"),
            '~' => escaped.push_str("\\textasciitilde{}"),
            '^' => escaped.push_str("\\textasciicircum{}"),
            '<' => escaped.push_str("\\textless{}"),
            '>' => escaped.push_str("\\textgreater{}"),
            '|' => escaped.push_str("\\textbar{}"),
            '"' => escaped.push_str("''"),
            '#' | '$' | '%' | '&' | '_' | '{' | '}' => {
                escaped.push('\\');
                escaped.push(character);
            }
            // Two of these in a row would become one sign.
            '-' | '`' | '\'' | '?' | '!' => {
                escaped.push('{');
                escaped.push(character);
                escaped.push('}');
            }
            '\t' | '\n' => escaped.push(' '),
            character if character.is_ascii_graphic() || character == ' ' => escaped.push(character),
            // Not every installation knows every character; the number of one is always readable.
            character => escaped.push_str(&format!("[U+{:04X}]", u32::from(character))),
        }
    }
    escaped
}

fn is_harmful(character: char) -> bool {
    let reorders =
        matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    character.is_control() || reorders
}
