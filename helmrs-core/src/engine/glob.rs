//! Glob patterns as `.Files.Glob` reads them.
// Parity: gobwas/glob, syntax/lexer and syntax/ast, compiled with the separator `/`.

use regex::bytes::Regex;

/// A compiled pattern.
///
/// `*` and `?` stay within a path element and `**` does not; `[a-z]`, `[abc]` and `[!abc]` are classes, `{a,b}` is a
/// choice, and `\` takes the next character as it is.
#[derive(Debug, Clone)]
pub(super) struct Glob(Regex);

impl Glob {
    /// Compiles a pattern; one that is malformed matches everything.
    pub(super) fn new(pattern: &str) -> Self {
        let compiled = translate(pattern).and_then(|expression| Regex::new(&expression).ok());
        Self(compiled.unwrap_or_else(|| Regex::new("").expect("the empty expression is valid")))
    }

    pub(super) fn matches(&self, path: &str) -> bool {
        self.0.is_match(path.as_bytes())
    }
}

/// The regular expression for a pattern, unless the pattern is malformed.
fn translate(pattern: &str) -> Option<String> {
    let mut expression = String::from("(?s)^");
    let mut characters = pattern.chars().peekable();
    let mut choices = 0_usize;
    while let Some(character) = characters.next() {
        match character {
            '*' if characters.next_if_eq(&'*').is_some() => expression.push_str("(?-u:.*)"),
            // What is taken byte by byte compiles to far less; no character has the byte of `/` within.
            '*' => expression.push_str("(?-u:[^/]*)"),
            '?' => expression.push_str("[^/]"),
            '[' => expression.push_str(&class(&mut characters)?),
            '{' => {
                choices += 1;
                expression.push_str("(?:");
            }
            ',' if choices > 0 => expression.push('|'),
            '}' if choices > 0 => {
                choices -= 1;
                expression.push(')');
            }
            '\\' => {
                if let Some(literal) = characters.next() {
                    push_literal(&mut expression, literal);
                }
            }
            literal => push_literal(&mut expression, literal),
        }
    }
    // A choice that is never closed ends with the pattern.
    expression.push_str(&")".repeat(choices));
    expression.push('$');
    Some(expression)
}

/// What follows a `[`, up to its `]`: one range, or characters to choose from.
fn class(characters: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<String> {
    let not = if characters.next_if_eq(&'!').is_some() {
        "^"
    } else {
        ""
    };
    let mut ahead = characters.clone();
    let low = ahead.next()?;
    if ahead.next_if_eq(&'-').is_some() {
        let high = ahead.next()?;
        if ahead.next() != Some(']') || high < low {
            return None;
        }
        *characters = ahead;
        return Some(format!("[{not}{}-{}]", escaped(low), escaped(high)));
    }
    let mut chosen = String::new();
    loop {
        match characters.next()? {
            ']' if chosen.is_empty() => return None,
            ']' => return Some(format!("[{not}{chosen}]")),
            '\\' => chosen.push_str(&escaped(characters.next()?)),
            literal => chosen.push_str(&escaped(literal)),
        }
    }
}

fn push_literal(expression: &mut String, literal: char) {
    expression.push_str(&regex::escape(literal.encode_utf8(&mut [0; 4])));
}

/// A character as it is written inside a class.
fn escaped(literal: char) -> String {
    format!("\\x{{{:x}}}", u32::from(literal))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matching(pattern: &str) -> Vec<&'static str> {
        let glob = Glob::new(pattern);
        ["a.txt", "b.txt", "dir/a.txt", "dir/sub/c.yaml", "x-y"]
            .into_iter()
            .filter(|path| glob.matches(path))
            .collect()
    }

    #[test]
    fn one_star_stays_within_a_path_element_and_two_do_not() {
        assert_eq!(matching("*.txt"), ["a.txt", "b.txt"]);
        assert_eq!(matching("**.txt"), ["a.txt", "b.txt", "dir/a.txt"]);
        assert_eq!(matching("dir/**"), ["dir/a.txt", "dir/sub/c.yaml"]);
    }

    #[test]
    fn classes_and_choices_are_known() {
        assert_eq!(matching("[a-b].txt"), ["a.txt", "b.txt"]);
        assert_eq!(matching("[!a].txt"), ["b.txt"]);
        assert_eq!(matching("{a,dir/a}.txt"), ["a.txt", "dir/a.txt"]);
        assert_eq!(matching("x[-]y"), ["x-y"]);
        assert_eq!(matching("x\\-?"), ["x-y"]);
    }

    #[test]
    fn a_malformed_pattern_matches_everything() {
        assert_eq!(matching("[").len(), 5);
        assert_eq!(matching("[]").len(), 5);
        assert_eq!(matching("").len(), 0);
    }
}
