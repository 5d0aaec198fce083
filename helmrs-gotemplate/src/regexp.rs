//! Go's `regexp` package over the `regex` crate: the same language, the same errors, the same linear time.
//!
//! The two engines share RE2's semantics but not its syntax: a pattern is read by Go's rules and written anew in the
//! crate's, so that what Go refuses is refused in Go's words and what it accepts means the same.

mod class;
mod subject;
mod translate;

use std::ops::Range;

use regex::bytes::{Captures, Match, Regex, RegexBuilder};

use subject::Subject;

/// Memory that one compiled pattern may take.
const SIZE_LIMIT: usize = 64 << 20;

/// Why a text is not a regular expression, in the words of Go's `regexp/syntax`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("error parsing regexp: {problem}: `{expression}`")]
pub struct RegexpError {
    problem: &'static str,
    expression: String,
}

/// A compiled regular expression.
///
/// # Examples
///
/// ```
/// use helmrs_gotemplate::regexp::Regexp;
///
/// let pattern = Regexp::compile(r"a(x*)b").unwrap();
/// assert_eq!(pattern.replace_all(b"-ab-axxb-", b"${1}W"), b"-W-xxW-");
/// ```
#[derive(Debug)]
pub struct Regexp {
    regex: Regex,
    /// The names of the groups, the whole match being the first; empty for a group without one.
    names: Vec<String>,
    empty: bool,
}

impl Regexp {
    /// Compiles a pattern in Go's syntax.
    pub fn compile(pattern: &str) -> Result<Self, RegexpError> {
        let translated = translate::translate(pattern)?;
        let regex = RegexBuilder::new(&translated.pattern)
            .size_limit(SIZE_LIMIT)
            .nest_limit(1000)
            .build()
            .map_err(|_| RegexpError {
                problem: "expression too large",
                expression: pattern.to_string(),
            })?;
        Ok(Self {
            regex,
            names: translated.names,
            empty: pattern.is_empty(),
        })
    }

    /// Reads a pattern without compiling it: whether Go takes it, at the cost of one pass.
    ///
    /// What [`Regexp::compile`] refuses beyond that is too large, which takes thousands of characters.
    pub fn check(pattern: &str) -> Result<(), RegexpError> {
        translate::translate(pattern).map(|_| ())
    }

    /// Compiles a pattern that may not be UTF-8, which Go refuses.
    pub fn compile_bytes(pattern: &[u8]) -> Result<Self, RegexpError> {
        match std::str::from_utf8(pattern) {
            Ok(pattern) => Self::compile(pattern),
            Err(error) => {
                let rest = String::from_utf8_lossy(&pattern[error.valid_up_to()..]);
                Err(RegexpError::new("invalid UTF-8", &rest))
            }
        }
    }

    /// Whether the text has a match anywhere.
    pub fn is_match(&self, text: &[u8]) -> bool {
        self.regex.is_match(Subject::new(text).characters())
    }

    /// Where the first match begins.
    pub fn position(&self, text: &[u8]) -> Option<usize> {
        self.first(text).map(|found| found.start)
    }

    /// The leftmost match.
    pub fn find<'t>(&self, text: &'t [u8]) -> Option<&'t [u8]> {
        self.first(text).map(|found| &text[found])
    }

    fn first(&self, text: &[u8]) -> Option<Range<usize>> {
        let subject = Subject::new(text);
        let found = self.regex.find(subject.characters())?;
        Some(subject.original(found.range()))
    }

    /// Up to `limit` matches from the left; all of them where the limit is negative.
    pub fn find_all<'t>(&self, text: &'t [u8], limit: i64) -> Vec<&'t [u8]> {
        let subject = Subject::new(text);
        self.matches(&subject)
            .take(count(limit))
            .map(|found| &text[found])
            .collect()
    }

    /// The parts between matches, at most `limit` of them, the last being the rest unsplit.
    ///
    /// No parts at all for a limit of zero; no bound for a negative one. `Regexp.Split` in Go.
    pub fn split<'t>(&self, text: &'t [u8], limit: i64) -> Vec<&'t [u8]> {
        if limit == 0 {
            return Vec::new();
        }
        if !self.empty && text.is_empty() {
            return vec![text];
        }
        let mut parts = Vec::new();
        let (mut begin, mut end) = (0, 0);
        let subject = Subject::new(text);
        for found in self.matches(&subject).take(count(limit)) {
            if limit > 0 && parts.len() + 1 >= count(limit) {
                break;
            }
            end = found.start;
            if found.end != 0 {
                parts.push(&text[begin..end]);
            }
            begin = found.end;
        }
        if end != text.len() {
            parts.push(&text[begin..]);
        }
        parts
    }

    /// Every match from the left.
    fn matches<'t>(&self, subject: &'t Subject<'t>) -> impl Iterator<Item = Range<usize>> {
        let characters = subject.characters();
        let found = self.regex.find_iter(characters);
        found
            .filter(|found| !splits_character(characters, found))
            .map(|found| subject.original(found.range()))
    }

    /// The text with each match replaced; `$1`, `${1}` and `${name}` in the template stand for groups.
    pub fn replace_all(&self, text: &[u8], template: &[u8]) -> Vec<u8> {
        self.replace(text, |groups, output| {
            self.expand(groups, template, output);
        })
    }

    /// The text with each match replaced by exactly `replacement`.
    pub fn replace_all_literal(&self, text: &[u8], replacement: &[u8]) -> Vec<u8> {
        self.replace(text, |_, output| output.extend_from_slice(replacement))
    }

    fn replace(&self, text: &[u8], mut write: impl FnMut(&Groups<'_>, &mut Vec<u8>)) -> Vec<u8> {
        let mut output = Vec::with_capacity(text.len());
        let mut end = 0;
        let subject = Subject::new(text);
        for captures in self.regex.captures_iter(subject.characters()) {
            let Some(whole) = captures.get(0) else {
                continue;
            };
            if splits_character(subject.characters(), &whole) {
                continue;
            }
            let range = subject.original(whole.range());
            output.extend_from_slice(&text[end..range.start]);
            let groups = Groups {
                subject: &subject,
                captures,
            };
            write(&groups, &mut output);
            end = range.end;
        }
        output.extend_from_slice(&text[end..]);
        output
    }

    /// Parity: Go, regexp.go, `expand`: `$1x` is the group named `1x`, not group 1 and an x.
    fn expand(&self, groups: &Groups<'_>, template: &[u8], output: &mut Vec<u8>) {
        let mut rest = template;
        while let Some(dollar) = memchr::memchr(b'$', rest) {
            output.extend_from_slice(&rest[..dollar]);
            rest = &rest[dollar + 1..];
            if let [b'$', after @ ..] = rest {
                output.push(b'$');
                rest = after;
                continue;
            }
            let Some((name, after)) = group_name(rest) else {
                output.push(b'$');
                continue;
            };
            rest = after;
            if let Some(group) = self.group_index(name).and_then(|index| groups.get(index)) {
                output.extend_from_slice(group);
            }
        }
        output.extend_from_slice(rest);
    }

    fn group_index(&self, name: &str) -> Option<usize> {
        let leading_zero = name.len() > 1 && name.starts_with('0');
        if name.bytes().all(|byte| byte.is_ascii_digit()) && !leading_zero {
            return name.parse().ok();
        }
        self.names.iter().position(|known| known == name)
    }
}

/// The groups of one match.
struct Groups<'t> {
    subject: &'t Subject<'t>,
    captures: Captures<'t>,
}

impl Groups<'_> {
    /// What a group matched, if it took part.
    fn get(&self, index: usize) -> Option<&[u8]> {
        let group = self.captures.get(index)?;
        Some(self.subject.cut(group.range()))
    }
}

/// Escapes every character that means something in a pattern: `regexp.QuoteMeta`.
pub fn quote_meta(text: &[u8]) -> Vec<u8> {
    let mut quoted = Vec::with_capacity(text.len());
    for byte in text {
        if br"\.+*?()|[]{}^$".contains(byte) {
            quoted.push(b'\\');
        }
        quoted.push(*byte);
    }
    quoted
}

/// Whether a match is empty and inside a character: Go steps from character to character, the crate from byte to byte.
fn splits_character(text: &[u8], found: &Match<'_>) -> bool {
    let position = found.start();
    if found.end() > position || text.get(position).is_none_or(|byte| byte & 0xC0 != 0x80) {
        return false;
    }
    (1..=3.min(position)).any(|back| {
        let start = position - back;
        let window = &text[start..text.len().min(start + 4)];
        let valid = window
            .utf8_chunks()
            .next()
            .map_or("", |chunk| chunk.valid());
        valid
            .chars()
            .next()
            .is_some_and(|first| first.len_utf8() > back)
    })
}

fn count(limit: i64) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX)
}

/// The `name` or `{name}` that a template has after a dollar, and what follows it.
fn group_name(text: &[u8]) -> Option<(&str, &[u8])> {
    let (braced, inner) = match text {
        [b'{', inner @ ..] => (true, inner),
        _ => (false, text),
    };
    let valid = match std::str::from_utf8(inner) {
        Ok(valid) => valid,
        Err(error) => std::str::from_utf8(&inner[..error.valid_up_to()]).ok()?,
    };
    let is_name = |character: char| character == '_' || character.is_alphanumeric();
    let length = valid
        .find(|character| !is_name(character))
        .unwrap_or(valid.len());
    if length == 0 {
        return None;
    }
    let after = &inner[length..];
    match (braced, after) {
        (false, _) => Some((&valid[..length], after)),
        (true, [b'}', rest @ ..]) => Some((&valid[..length], rest)),
        (true, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compile(pattern: &str) -> Regexp {
        Regexp::compile(pattern).expect("a pattern of a test is valid")
    }

    fn error(pattern: &str) -> String {
        Regexp::compile(pattern)
            .expect_err("a pattern of a test is invalid")
            .to_string()
    }

    #[test]
    fn an_unbraced_name_takes_every_letter_after_it() {
        assert_eq!(compile("a(x*)b").replace_all(b"-ab-axxb-", b"$1W"), b"---");
    }

    #[test]
    fn classes_are_ascii_as_in_go() {
        assert!(!compile(r"^\w+$").is_match("é".as_bytes()));
        assert!(!compile(r"\d").is_match("٣".as_bytes()));
    }

    #[test]
    fn a_byte_that_is_no_character_is_matched_as_one() {
        let text = b"a\xffb\xc3";
        assert_eq!(compile(".").find_all(text, -1).len(), 4);
        assert_eq!(
            compile("[^ab]").replace_all(text, b"<$0>"),
            b"a<\xff>b<\xc3>"
        );
        assert_eq!(compile(r"\x{FFFD}").position(text), Some(1));
        assert_eq!(
            compile("").split(text, -1),
            [&b"a"[..], b"\xff", b"b", b"\xc3"]
        );
        assert_eq!(compile("^(.)(.)").replace_all(text, b"$2$1"), b"\xffab\xc3");
    }

    #[test]
    fn an_open_bracket_in_a_class_is_itself() {
        assert_eq!(compile("[[a]&&b]").find(b"[&&b]"), Some(&b"[&&b]"[..]));
    }

    #[test]
    fn a_brace_that_is_no_count_is_itself() {
        assert!(compile("a{,2}").is_match(b"a{,2}"));
        assert!(compile("{").is_match(b"{"));
    }

    #[test]
    fn flags_reach_to_the_end_of_their_group() {
        assert!(compile("(a(?i)b)c").is_match(b"aBc"));
        assert!(!compile("(a(?i)b)c").is_match(b"aBC"));
        assert_eq!(compile("(?U)a+").find(b"aaa"), Some(&b"a"[..]));
        assert_eq!(compile("(?s)a.b").find(b"a\nb"), Some(&b"a\nb"[..]));
        assert_eq!(compile("(?m)^b$").find(b"a\nb\nc"), Some(&b"b"[..]));
    }

    #[test]
    fn errors_are_worded_as_go_words_them() {
        for (pattern, text) in [
            ("a**", "invalid nested repetition operator: `**`"),
            ("*", "missing argument to repetition operator: `*`"),
            ("a{1001}", "invalid repeat count: `{1001}`"),
            ("(a{100}){100}", "invalid repeat count: `{100}`"),
            ("(", "missing closing ): `(`"),
            ("a)", "unexpected ): `a)`"),
            ("[a", "missing closing ]: `[a`"),
            ("[b-a]", "invalid character class range: `b-a`"),
            (r"\C", r"invalid escape sequence: `\C`"),
            (r"\", "trailing backslash at end of expression: ``"),
            ("(?=a)", "invalid or unsupported Perl syntax: `(?=`"),
            ("(?<a", "invalid named capture: `(?<a`"),
            (r"\p{Nope}", r"invalid character class range: `\p{Nope}`"),
        ] {
            assert_eq!(
                error(pattern),
                format!("error parsing regexp: {text}"),
                "{pattern}"
            );
        }
    }

    #[test]
    fn splitting_follows_go() {
        let split = |pattern: &str, text: &str, limit| {
            let parts: Vec<String> = compile(pattern)
                .split(text.as_bytes(), limit)
                .into_iter()
                .map(|part| String::from_utf8_lossy(part).into_owned())
                .collect();
            parts.join("|")
        };
        assert_eq!(split("z+", "pizza", -1), "pi|a");
        assert_eq!(split("z", "pizza", 2), "pi|za");
        assert_eq!(split("", "abc", -1), "a|b|c");
        assert_eq!(split("a", "a", -1), "|");
    }
}
