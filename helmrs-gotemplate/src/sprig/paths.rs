//! Paths with slashes, as Go's `path` package treats them; the `os` functions are the same on Unix.

use super::arguments::text;
use super::row;
use crate::error::CallError;
use crate::functions::Function;
use crate::types::Type;
use crate::value::{Text, Value};

const S: &[Type] = &[Type::String];

pub(crate) const FUNCTIONS: &[Function] = &[
    row("base", S, base, &[(r#"{{ base "a/b.txt" }}"#, "b.txt")]),
    row("dir", S, dir, &[(r#"{{ dir "a/b.txt" }}"#, "a")]),
    row("clean", S, clean, &[(r#"{{ clean "a/../b//c" }}"#, "b/c")]),
    row("ext", S, ext, &[(r#"{{ ext "a/b.txt" }}"#, ".txt")]),
    row("isAbs", S, is_absolute, &[(r#"{{ isAbs "/a" }}"#, "true")]),
    row("osBase", S, base, &[(r#"{{ osBase "a/b.txt" }}"#, "b.txt")]),
    row("osDir", S, dir, &[(r#"{{ osDir "a/b.txt" }}"#, "a")]),
    row(
        "osClean",
        S,
        clean,
        &[(r#"{{ osClean "a/../b//c" }}"#, "b/c")],
    ),
    row("osExt", S, ext, &[(r#"{{ osExt "a/b.txt" }}"#, ".txt")]),
    row(
        "osIsAbs",
        S,
        is_absolute,
        &[(r#"{{ osIsAbs "a" }}"#, "false")],
    ),
];

/// The shortest path with the same meaning; `.` for an empty one.
fn cleaned(path: &[u8]) -> Vec<u8> {
    let rooted = path.starts_with(b"/");
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in path.split(|byte| *byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." if parts.last().is_some_and(|last| *last != b"..") => {
                parts.pop();
            }
            b".." if rooted => {}
            other => parts.push(other),
        }
    }
    let joined = parts.join(&b'/');
    match (rooted, joined.is_empty()) {
        (true, _) => [b"/", joined.as_slice()].concat(),
        (false, true) => b".".to_vec(),
        (false, false) => joined,
    }
}

fn base(arguments: &[Value]) -> Result<Value, CallError> {
    let path = text(arguments, 0);
    if path.is_empty() {
        return Ok(Value::from("."));
    }
    let end = path
        .iter()
        .rposition(|byte| *byte != b'/')
        .map_or(0, |last| last + 1);
    let start = memchr::memrchr(b'/', &path[..end]).map_or(0, |slash| slash + 1);
    Ok(if end == 0 {
        Value::from("/")
    } else {
        Text::from(&path[start..end]).into()
    })
}

fn dir(arguments: &[Value]) -> Result<Value, CallError> {
    let path = text(arguments, 0);
    let end = memchr::memrchr(b'/', path).map_or(0, |slash| slash + 1);
    Ok(cleaned(&path[..end]).into())
}

fn clean(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(cleaned(text(arguments, 0)).into())
}

fn ext(arguments: &[Value]) -> Result<Value, CallError> {
    let path = text(arguments, 0);
    let name = memchr::memrchr(b'/', path).map_or(path, |slash| &path[slash..]);
    Ok(Text::from(memchr::memrchr(b'.', name).map_or(&[][..], |dot| &name[dot..])).into())
}

fn is_absolute(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(text(arguments, 0).starts_with(b"/").into())
}
