//! Regular expressions as vendors write them.

use std::collections::HashMap;
use std::sync::{OnceLock, RwLock};

use regex::Regex;

/// Whether a whole text matches an expression of a vendor's page.
///
/// The pages are written for Java's engine, in which `\w`, `\d` and `\s` are ASCII.
///
/// # Panics
/// When the expression cannot be compiled: the test of all tables compiles each.
pub(crate) fn matches(expression: &'static str, text: &str) -> bool {
    /// Compiled once: it takes longer than all else that is done for a request.
    static COMPILED: OnceLock<RwLock<HashMap<&'static str, Regex>>> = OnceLock::new();
    let compiled = COMPILED.get_or_init(RwLock::default);
    if let Some(regex) = compiled.read().expect("no holder of this lock panics").get(expression) {
        return regex.is_match(text);
    }
    let whole = format!(r"\A(?:{})\z", ascii(expression));
    let regex = Regex::new(&whole).unwrap_or_else(|error| panic!("{expression}: {error}"));
    let matches = regex.is_match(text);
    compiled.write().expect("no holder of this lock panics").insert(expression, regex);
    matches
}

/// The expression with its classes spelled out in ASCII. A class may stand within another one.
fn ascii(expression: &str) -> String {
    let mut out = String::new();
    let mut chars = expression.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('w') => out.push_str("[0-9A-Za-z_]"),
            Some('d') => out.push_str("[0-9]"),
            Some('s') => out.push_str(r"[ \t\n\x0B\f\r]"),
            escaped => {
                out.push('\\');
                out.extend(escaped);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn the_whole_text_must_match_and_classes_are_ascii() {
        for (expression, text, expected) in [
            (r"[\w+=,.@-]+", "a_Z9+=,.@-", true),
            (r"[\w+=,.@-]+", "", false),
            (r"[\w+=,.@-]+", "two words", false),
            (r"[\w+=,.@-]+", "Zoë", false),
            (r"[\w+=,.@-]+", "line\n", false),
            (r"\w+", "ab_9", true),
            (r"\w+", "é", false),
            (r"\d{12}", "123456789012", true),
            (r"\d{12}", "１２３４５６７８９０１２", false),
            (r"[\s]", "\u{a0}", false),
            (r"a\s", "a\t", true),
            (r"a|b", "ab", false),
            (r"[!-~]+", "!~", true),
            (r"[!-~]+", "a b", false),
            (r"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)", "Zoë 1_.:/=+-@", true),
            (r"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)", "a,b", false),
            (r"\[\]", "[]", true),
            (r"[a]\d[b]", "a5b", true),
            (r"[^\w]", "a", false),
            (r"[^\w]", "-", true),
            (r"[\s\d]+", " 5\t", true),
        ] {
            assert_eq!(matches(expression, text), expected, "{expression} {text:?}");
        }
    }
}
