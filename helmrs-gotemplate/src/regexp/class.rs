//! Character classes: `[...]`, `\d`, `\pL`, `[:alpha:]`.

use std::fmt::Write as _;

use super::RegexpError;
use super::translate::{Cursor, parse_escape};

/// Writes the class that starts with the cursor's `[` in the crate's syntax, and passes it.
pub(super) fn bracket(cursor: &mut Cursor<'_>) -> Result<String, RegexpError> {
    let whole = cursor.rest;
    cursor.advance(1);
    let mut output = String::from("[");
    if cursor.take("^") {
        output.push('^');
    }
    let mut first = true;
    while first || !cursor.rest.starts_with(']') {
        first = false;
        if let Some(named) = posix(cursor)? {
            output.push_str(named);
        } else if let Some(escaped) = perl_or_unicode(cursor)? {
            output.push_str(&escaped);
        } else {
            write_range(&mut output, cursor, whole)?;
        }
    }
    cursor.advance(1);
    output.push(']');
    Ok(output)
}

/// One character, or two with a dash between them.
fn write_range(
    output: &mut String,
    cursor: &mut Cursor<'_>,
    whole: &str,
) -> Result<(), RegexpError> {
    let start = cursor.rest;
    let low = class_character(cursor, whole)?;
    let is_range =
        cursor.rest.len() >= 2 && cursor.rest.starts_with('-') && !cursor.rest.starts_with("-]");
    let high = if is_range {
        cursor.advance(1);
        class_character(cursor, whole)?
    } else {
        low
    };
    if high < low {
        let range = &start[..start.len() - cursor.rest.len()];
        return Err(RegexpError::new("invalid character class range", range));
    }
    for (low, high) in scalar_ranges(low, high) {
        let _ = write!(output, "\\x{{{low:x}}}-\\x{{{high:x}}}");
    }
    Ok(())
}

/// A range of code points without the surrogates, which no text holds.
fn scalar_ranges(low: u32, high: u32) -> impl Iterator<Item = (u32, u32)> {
    [(low, high.min(0xD7FF)), (low.max(0xE000), high)]
        .into_iter()
        .filter(|(low, high)| low <= high)
}

fn class_character(cursor: &mut Cursor<'_>, whole: &str) -> Result<u32, RegexpError> {
    if cursor.rest.starts_with('\\') {
        return parse_escape(cursor);
    }
    cursor
        .next()
        .map(u32::from)
        .ok_or_else(|| RegexpError::new("missing closing ]", whole))
}

/// `[:alpha:]` inside a class.
fn posix<'p>(cursor: &mut Cursor<'p>) -> Result<Option<&'p str>, RegexpError> {
    const NAMES: [&str; 14] = [
        "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct",
        "space", "upper", "word", "xdigit",
    ];
    let Some(inner) = cursor
        .rest
        .strip_prefix("[:")
        .filter(|inner| !inner.is_empty())
    else {
        return Ok(None);
    };
    let Some(length) = inner.find(":]") else {
        return Ok(None);
    };
    let name = &cursor.rest[..length + 4];
    let plain = inner[..length]
        .strip_prefix('^')
        .unwrap_or(&inner[..length]);
    if !NAMES.contains(&plain) {
        return Err(RegexpError::new("invalid character class range", name));
    }
    cursor.advance(name.len());
    Ok(Some(name))
}

/// `\d` and its like, or `\p{Greek}`, as a class; `None` where something else stands there.
pub(super) fn perl_or_unicode(cursor: &mut Cursor<'_>) -> Result<Option<String>, RegexpError> {
    let class = match cursor.rest.as_bytes() {
        [b'\\', b'd', ..] => "[0-9]",
        [b'\\', b'D', ..] => "[^0-9]",
        [b'\\', b's', ..] => r"[\t\n\x0C\r ]",
        [b'\\', b'S', ..] => r"[^\t\n\x0C\r ]",
        [b'\\', b'w', ..] => "[0-9A-Za-z_]",
        [b'\\', b'W', ..] => "[^0-9A-Za-z_]",
        [b'\\', b'p' | b'P', _, ..] => return unicode(cursor).map(Some),
        _ => return Ok(None),
    };
    cursor.advance(2);
    Ok(Some(class.to_string()))
}

fn unicode(cursor: &mut Cursor<'_>) -> Result<String, RegexpError> {
    let start = cursor.rest;
    let mut negated = start.starts_with("\\P");
    cursor.advance(2);
    let name = if cursor.rest.starts_with('{') {
        let Some(end) = cursor.rest.find('}') else {
            return Err(RegexpError::new("invalid character class range", start));
        };
        let name = &cursor.rest[1..end];
        cursor.advance(end + 1);
        name
    } else {
        let before = cursor.rest;
        cursor.next();
        &before[..before.len() - cursor.rest.len()]
    };
    let sequence = &start[..start.len() - cursor.rest.len()];
    let name = name
        .strip_prefix('^')
        .inspect(|_| negated = !negated)
        .unwrap_or(name);
    let class = format!("\\{}{{{name}}}", if negated { 'P' } else { 'p' });
    let known = !name.contains(['=', ':', '!'])
        && is_general_or_script(name)
        && regex::Regex::new(&class).is_ok();
    if known {
        Ok(class)
    } else {
        Err(RegexpError::new("invalid character class range", sequence))
    }
}

/// Go knows general categories and scripts, the crate knows binary properties as well.
fn is_general_or_script(name: &str) -> bool {
    let canonical: String = name
        .chars()
        .filter(|c| !matches!(c, '_' | '-' | ' '))
        .map(|c| c.to_ascii_lowercase())
        .collect();
    if matches!(canonical.as_str(), "any" | "assigned" | "ascii") {
        return true;
    }
    [
        format!("\\p{{gc={canonical}}}"),
        format!("\\p{{sc={canonical}}}"),
    ]
    .iter()
    .any(|class| regex::Regex::new(class).is_ok())
}
