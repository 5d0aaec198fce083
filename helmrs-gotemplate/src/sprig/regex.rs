//! Regular expressions.

use std::cell::RefCell;
use std::rc::Rc;

use super::arguments::{integer, text};
use super::row;
use crate::error::CallError;
use crate::functions::Function;
use crate::number::quote;
use crate::regexp::{Regexp, RegexpError, quote_meta};
use crate::types::Type;
use crate::value::{List, Text, Value};

const SS: &[Type] = &[Type::String, Type::String];
const SSI: &[Type] = &[Type::String, Type::String, Type::INT];
const SSS: &[Type] = &[Type::String, Type::String, Type::String];

pub(crate) const FUNCTIONS: &[Function] = &[
    row(
        "regexMatch",
        SS,
        is_match,
        &[(r#"{{ regexMatch "^a+$" "aaa" }}"#, "true")],
    ),
    row(
        "mustRegexMatch",
        SS,
        must_match,
        &[(r#"{{ mustRegexMatch "^a+$" "b" }}"#, "false")],
    ),
    row(
        "regexFind",
        SS,
        find,
        &[(r#"{{ regexFind "[0-9]+" "a12b3" }}"#, "12")],
    ),
    row(
        "mustRegexFind",
        SS,
        must_find,
        &[(r#"{{ mustRegexFind "[0-9]+" "a12b3" }}"#, "12")],
    ),
    row(
        "regexFindAll",
        SSI,
        find_all,
        &[(r#"{{ regexFindAll "[0-9]" "a12b3" -1 }}"#, "[1 2 3]")],
    ),
    row(
        "mustRegexFindAll",
        SSI,
        must_find_all,
        &[(r#"{{ mustRegexFindAll "[0-9]" "a12b3" 2 }}"#, "[1 2]")],
    ),
    row(
        "regexReplaceAll",
        SSS,
        replace,
        &[(r#"{{ regexReplaceAll "a(x*)b" "-axb-" "${1}" }}"#, "-x-")],
    ),
    row(
        "mustRegexReplaceAll",
        SSS,
        must_replace,
        &[(r#"{{ mustRegexReplaceAll "a" "banana" "o" }}"#, "bonono")],
    ),
    row(
        "regexReplaceAllLiteral",
        SSS,
        replace_literal,
        &[(r#"{{ regexReplaceAllLiteral "a" "ba" "$1" }}"#, "b$1")],
    ),
    row(
        "mustRegexReplaceAllLiteral",
        SSS,
        must_replace_literal,
        &[(r#"{{ mustRegexReplaceAllLiteral "a" "ba" "$1" }}"#, "b$1")],
    ),
    row(
        "regexSplit",
        SSI,
        split,
        &[(r#"{{ regexSplit "z+" "pizza" -1 }}"#, "[pi a]")],
    ),
    row(
        "mustRegexSplit",
        SSI,
        must_split,
        &[(r#"{{ mustRegexSplit "z+" "pizza" -1 }}"#, "[pi a]")],
    ),
    row(
        "regexQuoteMeta",
        &[Type::String],
        quote_pattern,
        &[(r#"{{ regexQuoteMeta "1.2" }}"#, r"1\.2")],
    ),
];

/// How many compiled patterns a thread keeps.
const MOST_KEPT: usize = 64;

thread_local! {
    /// Patterns compiled lately: a chart applies the same few to every name it makes.
    static COMPILED: RefCell<Vec<(Text, Rc<Regexp>)>> = const { RefCell::new(Vec::new()) };
}

fn compile(pattern: &[u8]) -> Result<Rc<Regexp>, RegexpError> {
    let known = COMPILED.with_borrow(|compiled| {
        compiled
            .iter()
            .find(|(text, _)| text.as_bytes() == pattern)
            .map(|(_, regexp)| Rc::clone(regexp))
    });
    if let Some(known) = known {
        return Ok(known);
    }
    let regexp = Rc::new(Regexp::compile_bytes(pattern)?);
    COMPILED.with_borrow_mut(|compiled| {
        if compiled.len() >= MOST_KEPT {
            compiled.remove(0);
        }
        compiled.push((Text::from(pattern), Rc::clone(&regexp)));
    });
    Ok(regexp)
}

/// Compiles for the functions that return the error.
fn must_compile(arguments: &[Value]) -> Result<Rc<Regexp>, CallError> {
    compile(text(arguments, 0)).map_err(|error| CallError::new(error.to_string()))
}

/// Compiles for the functions that panic in Go, whose message names the pattern.
fn compile_or_panic(arguments: &[Value]) -> Result<Rc<Regexp>, CallError> {
    let pattern = text(arguments, 0);
    compile(pattern).map_err(|error| {
        CallError::new(format!(
            "regexp: Compile({}): {error}",
            pattern_quoted(pattern)
        ))
    })
}

/// Backquoted where Go could write the pattern so, else in double quotes.
fn pattern_quoted(pattern: &[u8]) -> String {
    match std::str::from_utf8(pattern) {
        Ok(plain)
            if !plain.contains(|c: char| {
                c == '`' || c == '\u{FEFF}' || (c.is_control() && c != '\t')
            }) =>
        {
            format!("`{plain}`")
        }
        _ => quote(pattern),
    }
}

fn is_match(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(compile(text(arguments, 0))
        .is_ok_and(|regexp| regexp.is_match(text(arguments, 1)))
        .into())
}

fn must_match(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(must_compile(arguments)?.is_match(text(arguments, 1)).into())
}

fn found(regexp: &Regexp, arguments: &[Value]) -> Value {
    Text::from(regexp.find(text(arguments, 1)).unwrap_or_default()).into()
}

fn find(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(found(&*compile_or_panic(arguments)?, arguments))
}

fn must_find(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(found(&*must_compile(arguments)?, arguments))
}

/// Texts as a list; Go has nil where there are none.
fn texts(parts: Vec<&[u8]>) -> Value {
    if parts.is_empty() {
        List::nil(Type::STRINGS).into()
    } else {
        Value::strings(parts)
    }
}

fn find_all(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(texts(
        compile_or_panic(arguments)?.find_all(text(arguments, 1), integer(arguments, 2)),
    ))
}

fn must_find_all(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(texts(
        must_compile(arguments)?.find_all(text(arguments, 1), integer(arguments, 2)),
    ))
}

fn replace(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(compile_or_panic(arguments)?
        .replace_all(text(arguments, 1), text(arguments, 2))
        .into())
}

fn must_replace(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(must_compile(arguments)?
        .replace_all(text(arguments, 1), text(arguments, 2))
        .into())
}

fn replace_literal(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(compile_or_panic(arguments)?
        .replace_all_literal(text(arguments, 1), text(arguments, 2))
        .into())
}

fn must_replace_literal(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(must_compile(arguments)?
        .replace_all_literal(text(arguments, 1), text(arguments, 2))
        .into())
}

fn parts(regexp: &Regexp, arguments: &[Value]) -> Value {
    let limit = integer(arguments, 2);
    let parts = regexp.split(text(arguments, 1), limit);
    if limit == 0 {
        List::nil(Type::STRINGS).into()
    } else {
        Value::strings(parts)
    }
}

fn split(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(parts(&*compile_or_panic(arguments)?, arguments))
}

fn must_split(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(parts(&*must_compile(arguments)?, arguments))
}

fn quote_pattern(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(quote_meta(text(arguments, 0)).into())
}
