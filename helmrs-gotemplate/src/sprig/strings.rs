//! Strings: trimming, cutting, quoting, indenting, splitting.

use super::arguments::{any, integer, text};
use super::cast::{strings_of, to_text};
use super::{row, variadic};
use crate::error::CallError;
use crate::functions::Function;
use crate::number::quote as go_quote;
use crate::types::Type;
use crate::value::{Map, Text, Value};

const S: &[Type] = &[Type::String];
const SS: &[Type] = &[Type::String, Type::String];
const SSS: &[Type] = &[Type::String, Type::String, Type::String];
const IS: &[Type] = &[Type::INT, Type::String];
const ANYS: &[Type] = &[Type::Any];

pub(crate) const FUNCTIONS: &[Function] = &[
    row("hello", &[], hello, &[("{{ hello }}", "Hello!")]),
    row("trim", S, trim, &[(r#"{{ trim "  a b " }}"#, "a b")]),
    row(
        "trimAll",
        SS,
        trim_all,
        &[(r#"{{ trimAll "$" "$5.00$" }}"#, "5.00")],
    ),
    row(
        "trimall",
        SS,
        trim_all,
        &[(r#"{{ trimall "$" "$5.00$" }}"#, "5.00")],
    ),
    row(
        "trimSuffix",
        SS,
        trim_suffix,
        &[(r#"{{ trimSuffix "-" "web-" }}"#, "web")],
    ),
    row(
        "trimPrefix",
        SS,
        trim_prefix,
        &[(r#"{{ trimPrefix "v" "v1.2" }}"#, "1.2")],
    ),
    row(
        "trunc",
        IS,
        trunc,
        &[
            (r#"{{ trunc 5 "hello world" }}"#, "hello"),
            (r#"{{ trunc -5 "hello world" }}"#, "world"),
        ],
    ),
    row(
        "substr",
        &[Type::INT, Type::INT, Type::String],
        substr,
        &[(r#"{{ substr 0 5 "hello world" }}"#, "hello")],
    ),
    row(
        "repeat",
        IS,
        repeat,
        &[(r#"{{ repeat 3 "ab" }}"#, "ababab")],
    ),
    row(
        "contains",
        SS,
        contains,
        &[(r#"{{ contains "ell" "hello" }}"#, "true")],
    ),
    row(
        "hasPrefix",
        SS,
        has_prefix,
        &[(r#"{{ hasPrefix "he" "hello" }}"#, "true")],
    ),
    row(
        "hasSuffix",
        SS,
        has_suffix,
        &[(r#"{{ hasSuffix "lo" "hello" }}"#, "true")],
    ),
    row(
        "replace",
        SSS,
        replace,
        &[(r#"{{ replace " " "-" "I am here" }}"#, "I-am-here")],
    ),
    row(
        "plural",
        &[Type::String, Type::String, Type::INT],
        plural,
        &[(r#"{{ plural "one" "many" 2 }}"#, "many")],
    ),
    row(
        "indent",
        IS,
        indent,
        &[("{{ indent 2 \"a\\nb\" }}", "  a\n  b")],
    ),
    row(
        "nindent",
        IS,
        nindent,
        &[("{{ nindent 2 \"a\" }}", "\n  a")],
    ),
    row(
        "splitList",
        SS,
        split_list,
        &[(r#"{{ splitList "/" "a/b" }}"#, "[a b]")],
    ),
    row(
        "split",
        SS,
        split,
        &[(r#"{{ (split "/" "a/b")._1 }}"#, "b")],
    ),
    row(
        "splitn",
        &[Type::String, Type::INT, Type::String],
        splitn,
        &[(r#"{{ (splitn "/" 2 "a/b/c")._1 }}"#, "b/c")],
    ),
    row(
        "join",
        &[Type::String, Type::Any],
        join,
        &[(r#"{{ join "-" (list 1 "a" nil true) }}"#, "1-a-true")],
    ),
    row(
        "toString",
        ANYS,
        to_string,
        &[("{{ toString 1.5 }}", "1.5")],
    ),
    row(
        "toStrings",
        ANYS,
        to_strings,
        &[(r#"{{ toStrings (list 1 2) | join "," }}"#, "1,2")],
    ),
    variadic(
        "quote",
        ANYS,
        quote,
        &[(r#"{{ quote "a" 1 nil }}"#, r#""a" "1""#)],
    ),
    variadic(
        "squote",
        ANYS,
        squote,
        &[(r#"{{ squote "a" 1 nil }}"#, "'a' '1'")],
    ),
    variadic("cat", ANYS, cat, &[(r#"{{ cat "a" 1 nil "b" }}"#, "a 1 b")]),
];

fn hello(_: &[Value]) -> Result<Value, CallError> {
    Ok(Value::from("Hello!"))
}

fn trim(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(trim_where(text(arguments, 0), char::is_whitespace).into())
}

/// Trims characters that match from both ends; a byte that is no UTF-8 counts as U+FFFD.
fn trim_where(text: &[u8], matches: impl Fn(char) -> bool) -> Vec<u8> {
    let mut rest = text;
    while let Some((character, length)) = super::words::first_character(rest) {
        if !matches(character) {
            break;
        }
        rest = &rest[length..];
    }
    while let Some((character, length)) = super::words::last_character(rest) {
        if !matches(character) {
            break;
        }
        rest = &rest[..rest.len() - length];
    }
    rest.to_vec()
}

fn trim_all(arguments: &[Value]) -> Result<Value, CallError> {
    let cutset: Vec<char> = String::from_utf8_lossy(text(arguments, 0))
        .chars()
        .collect();
    Ok(trim_where(text(arguments, 1), |character| cutset.contains(&character)).into())
}

fn trim_suffix(arguments: &[Value]) -> Result<Value, CallError> {
    let whole = text(arguments, 1);
    Ok(Text::from(whole.strip_suffix(text(arguments, 0)).unwrap_or(whole)).into())
}

fn trim_prefix(arguments: &[Value]) -> Result<Value, CallError> {
    let whole = text(arguments, 1);
    Ok(Text::from(whole.strip_prefix(text(arguments, 0)).unwrap_or(whole)).into())
}

/// Parity: Sprig, strings.go, trunc: bytes are counted, so a character may be cut in two.
fn trunc(arguments: &[Value]) -> Result<Value, CallError> {
    let (count, whole) = (integer(arguments, 0), text(arguments, 1));
    let length = whole.len() as i64;
    let kept = if count < 0 && length.saturating_add(count) > 0 {
        &whole[(length + count) as usize..]
    } else if count >= 0 && length > count {
        &whole[..count as usize]
    } else {
        whole
    };
    Ok(Text::from(kept).into())
}

fn substr(arguments: &[Value]) -> Result<Value, CallError> {
    let (start, end, whole) = (
        integer(arguments, 0),
        integer(arguments, 1),
        text(arguments, 2),
    );
    let length = whole.len() as i64;
    let kept = if start < 0 {
        slice_of(whole, 0, end)?
    } else if end < 0 || end > length {
        slice_of(whole, start, length)?
    } else {
        slice_of(whole, start, end)?
    };
    Ok(Text::from(kept).into())
}

/// `text[start:end]`, with Go's words when the bounds are not in the text.
fn slice_of(text: &[u8], start: i64, end: i64) -> Result<&[u8], CallError> {
    let length = text.len() as i64;
    if end < 0 || end > length {
        let bound = if end < 0 {
            format!("[:{end}]")
        } else {
            format!("[:{end}] with length {length}")
        };
        return Err(CallError::new(format!(
            "runtime error: slice bounds out of range {bound}"
        )));
    }
    if start < 0 || start > end {
        return Err(CallError::new(format!(
            "runtime error: slice bounds out of range [{start}:{end}]"
        )));
    }
    Ok(&text[start as usize..end as usize])
}

/// The most bytes that `repeat` may make: what Go would try to allocate beyond it ends the process.
const MOST_REPEATED: usize = 1 << 30;

/// Returns how long a text is that is repeated, or why Go makes no such text.
// Parity: Go, strings/strings.go, Repeat, and runtime/slice.go, panicmakeslicelen.
fn repeated_length(length: usize, count: i64) -> Result<usize, CallError> {
    let count =
        usize::try_from(count).map_err(|_| CallError::new("strings: negative Repeat count"))?;
    match length.checked_mul(count) {
        Some(length) if length <= MOST_REPEATED => Ok(length),
        Some(length) if i64::try_from(length).is_ok() => {
            Err(CallError::new("runtime error: makeslice: len out of range"))
        }
        _ => Err(CallError::new("strings: Repeat output length overflow")),
    }
}

fn repeat(arguments: &[Value]) -> Result<Value, CallError> {
    let (count, part) = (integer(arguments, 0), text(arguments, 1));
    let length = repeated_length(part.len(), count)?;
    Ok(part.repeat(length / part.len().max(1)).into())
}

fn contains(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(memchr::memmem::find(text(arguments, 1), text(arguments, 0))
        .is_some()
        .into())
}

fn has_prefix(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(text(arguments, 1).starts_with(text(arguments, 0)).into())
}

fn has_suffix(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(text(arguments, 1).ends_with(text(arguments, 0)).into())
}

fn replace(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(replace_all(text(arguments, 2), text(arguments, 0), text(arguments, 1)).into())
}

/// `strings.ReplaceAll`: an empty old text stands before every character and at the end.
pub(super) fn replace_all(whole: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let mut output = Vec::with_capacity(whole.len());
    if old.is_empty() {
        let mut rest = whole;
        while let Some((_, length)) = super::words::first_character(rest) {
            output.extend_from_slice(new);
            output.extend_from_slice(&rest[..length]);
            rest = &rest[length..];
        }
        output.extend_from_slice(new);
        return output;
    }
    let mut end = 0;
    for start in memchr::memmem::find_iter(whole, old) {
        output.extend_from_slice(&whole[end..start]);
        output.extend_from_slice(new);
        end = start + old.len();
    }
    output.extend_from_slice(&whole[end..]);
    output
}

fn plural(arguments: &[Value]) -> Result<Value, CallError> {
    let chosen = usize::from(integer(arguments, 2) != 1);
    Ok(any(arguments, chosen).clone())
}

/// The bytes of an indentation, which Go refuses to be negative.
fn padding(arguments: &[Value]) -> Result<Vec<u8>, CallError> {
    Ok(vec![b' '; repeated_length(1, integer(arguments, 0))?])
}

fn indented(arguments: &[Value], start: &[u8]) -> Result<Value, CallError> {
    let (pad, whole) = (padding(arguments)?, text(arguments, 1));
    let lines = 1 + memchr::memchr_iter(b'\n', whole).count();
    let length = pad.len().saturating_mul(lines);
    if length > MOST_REPEATED {
        return Err(CallError::new("strings: Repeat output length overflow"));
    }
    let mut output = Vec::with_capacity(start.len() + whole.len() + length);
    output.extend_from_slice(start);
    output.extend_from_slice(&pad);
    for byte in whole.split_inclusive(|byte| *byte == b'\n') {
        output.extend_from_slice(byte);
        if byte.ends_with(b"\n") {
            output.extend_from_slice(&pad);
        }
    }
    Ok(output.into())
}

fn indent(arguments: &[Value]) -> Result<Value, CallError> {
    indented(arguments, b"")
}

fn nindent(arguments: &[Value]) -> Result<Value, CallError> {
    indented(arguments, b"\n")
}

/// `strings.SplitN`: an empty separator splits into characters; a negative count is no bound.
pub(super) fn split_n<'t>(whole: &'t [u8], separator: &[u8], count: i64) -> Vec<&'t [u8]> {
    if count == 0 {
        return Vec::new();
    }
    let limit = usize::try_from(count).unwrap_or(usize::MAX);
    let mut parts = Vec::new();
    let mut rest = whole;
    while parts.len() + 1 < limit {
        let (end, next) = if separator.is_empty() {
            match super::words::first_character(rest) {
                Some((_, length)) if length < rest.len() => (length, length),
                _ => break,
            }
        } else {
            match memchr::memmem::find(rest, separator) {
                Some(found) => (found, found + separator.len()),
                None => break,
            }
        };
        parts.push(&rest[..end]);
        rest = &rest[next..];
    }
    if !(separator.is_empty() && rest.is_empty()) {
        parts.push(rest);
    }
    parts
}

fn split_list(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(Value::strings(split_n(
        text(arguments, 1),
        text(arguments, 0),
        -1,
    )))
}

/// Parts as a `map[string]string` with the keys `_0`, `_1`, ….
fn numbered(parts: &[&[u8]]) -> Value {
    let map = Map::typed(Type::STRING_MAP);
    for (index, part) in parts.iter().enumerate() {
        map.insert(format!("_{index}"), Text::from(*part));
    }
    map.into()
}

fn split(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(numbered(&split_n(
        text(arguments, 1),
        text(arguments, 0),
        -1,
    )))
}

fn splitn(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(numbered(&split_n(
        text(arguments, 2),
        text(arguments, 0),
        integer(arguments, 1),
    )))
}

fn join(arguments: &[Value]) -> Result<Value, CallError> {
    let parts = strings_of(any(arguments, 1));
    Ok(parts.join(text(arguments, 0)).into())
}

fn to_string(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(to_text(any(arguments, 0)).into())
}

fn to_strings(arguments: &[Value]) -> Result<Value, CallError> {
    let value = any(arguments, 0);
    if value.type_of() == Type::STRINGS {
        return Ok(value.clone());
    }
    Ok(Value::strings(strings_of(any(arguments, 0))))
}

fn quote(arguments: &[Value]) -> Result<Value, CallError> {
    let quoted: Vec<String> = arguments
        .iter()
        .filter(|argument| !argument.is_nil())
        .map(|argument| go_quote(&to_text(argument)))
        .collect();
    Ok(quoted.join(" ").into())
}

fn squote(arguments: &[Value]) -> Result<Value, CallError> {
    let mut output = Vec::new();
    for (index, argument) in arguments
        .iter()
        .filter(|argument| !argument.is_nil())
        .enumerate()
    {
        if index > 0 {
            output.push(b' ');
        }
        output.push(b'\'');
        output.extend_from_slice(&super::cast::formatted(argument));
        output.push(b'\'');
    }
    Ok(output.into())
}

fn cat(arguments: &[Value]) -> Result<Value, CallError> {
    let parts: Vec<Text> = arguments
        .iter()
        .filter(|argument| !argument.is_nil())
        .map(super::cast::formatted)
        .collect();
    Ok(parts.join(&b" "[..]).into())
}
