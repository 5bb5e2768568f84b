//! Texts in XML.

/// A text as it stands between two tags.
///
/// XML 1.0 has no way to write some characters at all; U+FFFD stands for them.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // A reader would take it for a line break.
            '\r' => out.push_str("&#13;"),
            '\t' | '\n' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'.. => out.push(c),
            _ => out.push('\u{fffd}'),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn what_xml_cannot_write_is_replaced_and_what_it_would_change_is_escaped() {
        for (text, expected) in [
            ("a<b>&c", "a&lt;b&gt;&amp;c"),
            ("\t\r\n", "\t&#13;\n"),
            ("\0\u{b}\u{1f}\u{fffe}\u{ffff}", "\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}"),
            ("\u{7f}\u{85}é中\u{1f600}", "\u{7f}\u{85}é中\u{1f600}"),
        ] {
            assert_eq!(escape(text), expected, "{text:?}");
        }
    }
}
