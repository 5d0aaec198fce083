//! Formats of texts, and what is wrong with one in the words of Helm's library.
// Parity: santhosh-tekuri/jsonschema v6, format.go.

mod network;
mod time;

use helmrs_gotemplate::number::quote_with;
use helmrs_gotemplate::regexp::Regexp;

/// Tells what is wrong with a text.
type Check = fn(&str) -> Result<(), String>;

/// Every format with rules; other names mean nothing.
pub(super) const FORMATS: [(&str, Check); 19] = [
    ("date", time::date),
    ("date-time", time::date_time),
    ("duration", time::duration),
    ("email", network::email),
    ("hostname", network::hostname),
    ("ipv4", network::ipv4),
    ("ipv6", network::ipv6),
    ("iri", network::uri),
    ("iri-reference", network::uri_reference),
    ("json-pointer", json_pointer),
    ("period", time::period),
    ("regex", regex),
    ("relative-json-pointer", relative_json_pointer),
    ("semver", semver),
    ("time", time::time),
    ("uri", network::uri),
    ("uri-reference", network::uri_reference),
    ("uri-template", network::uri_template),
    ("uuid", uuid),
];

/// What keeps a text from being of a format.
pub(super) fn problem(format: &str, text: &str) -> Option<String> {
    let (_, check) = FORMATS.iter().find(|(name, _)| *name == format)?;
    check(text).err()
}

fn regex(text: &str) -> Result<(), String> {
    Regexp::compile(text)
        .map(|_| ())
        .map_err(|error| error.to_string())
}

fn json_pointer(text: &str) -> Result<(), String> {
    if !text.is_empty() && !text.starts_with('/') {
        return Err("not starting with /".to_owned());
    }
    let is_escape = |rest: &str| rest.starts_with(['0', '1']);
    if text.split('~').skip(1).all(is_escape) {
        Ok(())
    } else {
        Err("~ must be followed by 0 or 1".to_owned())
    }
}

fn relative_json_pointer(text: &str) -> Result<(), String> {
    let digits = digits(text);
    if digits == 0 {
        return Err("must start with non-negative integer".to_owned());
    }
    if digits > 1 && text.starts_with('0') {
        return Err("starts with zero".to_owned());
    }
    match &text[digits..] {
        "#" => Ok(()),
        rest => json_pointer(rest),
    }
}

fn uuid(text: &str) -> Result<(), String> {
    let groups: Vec<&str> = text.split('-').collect();
    let lengths = [8, 4, 4, 4, 12];
    if groups.len() != lengths.len() {
        return Err(format!("must have {} elements", lengths.len()));
    }
    for (index, (group, length)) in groups.iter().zip(lengths).enumerate() {
        if group.len() != length {
            let number = index + 1;
            return Err(format!("element {number} must be {length} characters long"));
        }
        if let Some(other) = group.chars().find(|c| !c.is_ascii_hexdigit()) {
            return Err(format!("non-hex character {}", shown(other)));
        }
    }
    Ok(())
}

fn semver(text: &str) -> Result<(), String> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let (rest, build) = split(text, '+');
    if build == Some("") {
        return Err("build is empty".to_owned());
    }
    for word in build.iter().flat_map(|build| build.split('.')) {
        if word.is_empty() {
            return Err("build identifier is empty".to_owned());
        }
        if let Some(other) = word.chars().find(|c| !is_word(*c)) {
            let other = shown(other);
            return Err(format!("invalid character {other} in build identifier"));
        }
    }
    let (core, release) = split(rest, '-');
    for word in release.iter().flat_map(|release| release.split('.')) {
        if word.is_empty() {
            return Err("pre-release identifier is empty".to_owned());
        }
        if let Some(other) = word.chars().find(|c| !is_word(*c)) {
            let other = shown(other);
            return Err(format!(
                "invalid character {other} in pre-release identifier"
            ));
        }
        if digits(word) == word.len() && word.len() > 1 && word.starts_with('0') {
            return Err("pre-release numeric identifier starts with zero".to_owned());
        }
    }
    let numbers: Vec<&str> = core.split('.').collect();
    if numbers.len() != 3 {
        return Err("versionCore must have 3 numbers separated by dot".to_owned());
    }
    for (number, name) in numbers.into_iter().zip(["major", "minor", "patch"]) {
        if number.is_empty() {
            return Err(format!("{name} is empty"));
        }
        if number.len() > 1 && number.starts_with('0') {
            return Err(format!("{name} starts with zero"));
        }
        if digits(number) != number.len() {
            return Err(format!("{name} contains non-digit"));
        }
    }
    Ok(())
}

/// A text before and after the first separator.
fn split(text: &str, separator: char) -> (&str, Option<&str>) {
    match text.split_once(separator) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}

/// How many digits a text starts with.
fn digits(text: &str) -> usize {
    let bytes = text.bytes();
    bytes.take_while(u8::is_ascii_digit).count()
}

/// A character as `%q` prints it.
fn shown(character: char) -> String {
    quote_with(character.encode_utf8(&mut [0; 4]).as_bytes(), '\'', false)
}

/// Reads a whole number as `strconv.Atoi` does.
fn number(text: &str) -> Result<i64, String> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let problem = if is_number {
        "value out of range"
    } else {
        "invalid syntax"
    };
    text.parse()
        .map_err(|_| format!("strconv.Atoi: parsing {}: {problem}", super::quoted(text)))
}

#[cfg(test)]
mod tests {
    use super::problem;

    #[test]
    fn problems_are_told_in_the_words_of_the_library() {
        for (format, text, expected) in [
            (
                "date",
                "2020-02-30",
                r#"parsing time "2020-02-30": day out of range"#,
            ),
            ("time", "12:00:60Z", "invalid leap second"),
            (
                "date-time",
                "2020-01-01 00:00:00Z",
                "11th character must be t or T",
            ),
            ("duration", "P1D2Y", "unit 'Y' out of order"),
            ("email", "a b@c", "invalid character ' '"),
            ("hostname", "a-.b", "label ends with hyphen"),
            ("ipv4", "01.2.3.4", "leading zeros"),
            (
                "ipv4",
                "x.2.3.4",
                r#"strconv.Atoi: parsing "x": invalid syntax"#,
            ),
            (
                "ipv6",
                "1::2::3",
                r#"ParseAddr("1::2::3"): multiple :: in address (at ":3")"#,
            ),
            ("json-pointer", "/a~2", "~ must be followed by 0 or 1"),
            ("regex", "(", "error parsing regexp: missing closing ): `(`"),
            ("semver", "1.02.3", "minor starts with zero"),
            ("uri", "a/b", "relative url"),
            ("uri-template", "/{a", "no matching closing brace"),
            ("uuid", "2eb8", "must have 5 elements"),
        ] {
            assert_eq!(
                problem(format, text).as_deref(),
                Some(expected),
                "{format} {text}"
            );
        }
    }

    #[test]
    fn names_nobody_knows_mean_nothing() {
        assert_eq!(problem("idn-hostname", "-"), None);
        assert_eq!(problem("int32", "x"), None);
    }
}
