//! `.helmignore`: which files of a directory are no part of the chart.

use crate::path_pattern::{PatternError, matches};

/// The name of the file that holds the rules.
pub const IGNORE_FILE: &str = ".helmignore";

/// The longest line that is read.
const LINE_LIMIT: usize = 64 * 1024;

/// The rules of a `.helmignore`, tried in their order.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    rules: Vec<Rule>,
}

/// Why a `.helmignore` cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IgnoreError {
    /// A rule wants to cross folders.
    #[error("double-star (**) syntax is not supported")]
    DoubleStar,
    /// A rule is malformed.
    #[error(transparent)]
    Pattern(#[from] PatternError),
    /// A line is longer than 64 KiB.
    #[error("bufio.Scanner: token too long")]
    LineTooLong,
}

#[derive(Debug, Clone)]
struct Rule {
    pattern: String,
    /// The rule is about everything that does not match.
    negated: bool,
    /// The rule is about directories only.
    directories: bool,
    /// The pattern is compared with the last path element only.
    base_name: bool,
    shape: Shape,
}

/// How a pattern is compared.
#[derive(Debug, Clone, Copy)]
enum Shape {
    /// It means itself.
    Text,
    /// A star and then a text.
    Ending,
    /// More than that.
    Pattern,
}

impl Shape {
    fn of(pattern: &str) -> Self {
        let has_meaning = |text: &str| text.contains(['*', '?', '[', '\\']);
        match pattern.strip_prefix('*') {
            Some(ending) if !ending.is_empty() && !has_meaning(ending) => Self::Ending,
            None if !pattern.is_empty() && !has_meaning(pattern) => Self::Text,
            _ => Self::Pattern,
        }
    }
}

impl Rules {
    /// Reads the rules of a `.helmignore`, and adds the one that always holds: no dot files in `templates/`.
    pub fn parse(text: &[u8]) -> Result<Self, IgnoreError> {
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        let mut rules = Self::default();
        for line in text.split(|&byte| byte == b'\n') {
            if line.len() >= LINE_LIMIT {
                return Err(IgnoreError::LineTooLong);
            }
            rules.add(&String::from_utf8_lossy(line))?;
        }
        rules.add("templates/.?*")?;
        Ok(rules)
    }

    /// Whether a path from the chart's folder on is no part of the chart.
    // Parity: Helm, pkg/ignore/rules.go, Ignore: `!x` excludes all that is not x, and the first rule that speaks wins.
    pub fn ignore(&self, path: &str, is_directory: bool) -> bool {
        if matches!(path, "" | "." | "./") {
            return false;
        }
        self.rules.iter().any(|rule| {
            let applies = !rule.directories || is_directory;
            let matched = applies && rule.matches(path);
            if rule.negated { !matched } else { matched }
        })
    }

    fn add(&mut self, line: &str) -> Result<(), IgnoreError> {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            return Ok(());
        }
        if line.contains("**") {
            return Err(IgnoreError::DoubleStar);
        }
        matches(line, "abc")?;
        let (negated, pattern) = line
            .strip_prefix('!')
            .map_or((false, line), |rest| (true, rest));
        let (directories, pattern) = pattern
            .strip_suffix('/')
            .map_or((false, pattern), |rest| (true, rest));
        let (base_name, pattern) = pattern
            .strip_prefix('/')
            .map_or((!pattern.contains('/'), pattern), |rest| (false, rest));
        self.rules.push(Rule {
            pattern: pattern.to_string(),
            negated,
            directories,
            base_name,
            shape: Shape::of(pattern),
        });
        Ok(())
    }
}

impl Rule {
    fn matches(&self, path: &str) -> bool {
        let path = if self.base_name {
            base_name(path)
        } else {
            path
        };
        match self.shape {
            Shape::Text => path == self.pattern,
            Shape::Ending => path
                .strip_suffix(&self.pattern[1..])
                .is_some_and(|start| !start.contains('/')),
            // A pattern that turns out to be malformed late matches nothing.
            Shape::Pattern => matches(&self.pattern, path).unwrap_or(false),
        }
    }
}

fn base_name(path: &str) -> &str {
    let path = path.trim_end_matches('/');
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ignored(rules: &str, path: &str) -> bool {
        Rules::parse(rules.as_bytes())
            .unwrap()
            .ignore(path.trim_end_matches('/'), path.ends_with('/'))
    }

    proptest::proptest! {
        #[test]
        fn a_plain_rule_says_what_its_pattern_says(pattern in "[*a./]{0,4}", path in "[ab./]{1,5}") {
            let rule = Rule {
                shape: Shape::of(&pattern),
                negated: false,
                directories: false,
                base_name: false,
                pattern,
            };
            let expected = matches(&rule.pattern, &path).unwrap_or(false);
            proptest::prop_assert_eq!(rule.matches(&path), expected);
        }
    }

    #[test]
    fn a_rule_without_slash_is_about_the_last_element() {
        assert!(ignored("*.txt", "cargo/a.txt"));
        assert!(ignored("cargo/*.txt", "cargo/a.txt"));
        assert!(!ignored("cargo/*.txt", "mast/a.txt"));
        assert!(ignored("/a.txt", "a.txt"));
        assert!(!ignored("/a.txt", "cargo/a.txt"));
    }

    #[test]
    fn a_rule_with_a_slash_at_its_end_is_about_directories() {
        assert!(ignored("cargo/", "cargo/"));
        assert!(!ignored("cargo/", "cargo"));
    }

    #[test]
    fn a_negated_rule_ignores_everything_else() {
        assert!(!ignored("!helm.txt", "helm.txt"));
        assert!(ignored("!helm.txt", "tiller.txt"));
        assert!(ignored("!cargo/", "cargo"));
    }

    #[test]
    fn dot_files_of_templates_are_always_ignored() {
        assert!(ignored("", "templates/.hidden"));
        assert!(!ignored("", ".hidden"));
        assert!(!ignored(".*", "."));
    }

    #[test]
    fn comments_and_blanks_are_skipped() {
        assert!(!ignored("# a\n\n  \n\u{feff}", "a"));
        assert!(ignored("\u{feff}a\r\n", "a"));
    }

    #[test]
    fn malformed_rules_are_refused() {
        assert_eq!(
            Rules::parse(b"a/**/b").unwrap_err(),
            IgnoreError::DoubleStar
        );
        assert_eq!(
            Rules::parse(b"[a").unwrap_err(),
            IgnoreError::Pattern(PatternError)
        );
        assert_eq!(
            Rules::parse(&vec![b'a'; 1 << 17]).unwrap_err(),
            IgnoreError::LineTooLong
        );
    }
}
