//! What a call costs, estimated from its arguments.

use crate::stack::deepen;
use crate::value::Value;

/// What an item of a list takes of memory.
const ITEM: u64 = 32;
/// What a text takes that is an item of a list.
const TEXT: u64 = 48;
/// How many bytes of text are read in one step.
const BYTES_A_STEP: u64 = 256;
/// How many steps a key or the hash of a password takes.
const EXPENSIVE: u64 = 500_000;
/// How many steps compiling an expression takes.
const EXPRESSION: u64 = 200;
/// By how much a value's text may be longer than what it holds: quotes, indentation and escapes.
const WRITTEN: u64 = 4;

/// What a call costs before it is made.
pub(super) struct Cost {
    pub(super) steps: u64,
    /// What is made whatever comes out.
    pub(super) bytes: u64,
    /// The most that may come out.
    pub(super) most: u64,
}

/// Estimates a call; nothing is looked at once `limit` bytes are certain.
pub(super) fn of_call(name: &str, arguments: &[Value], limit: u64) -> Cost {
    let read: u64 = arguments.iter().map(length).sum();
    let mut cost = Cost {
        steps: 1 + read / BYTES_A_STEP,
        bytes: 0,
        most: most(name, arguments),
    };
    if is_expensive(name) {
        cost.steps += EXPENSIVE;
    } else if name.contains("egex") {
        cost.steps += EXPRESSION;
    } else if name.starts_with("from") || name == "mustFromJson" {
        cost.bytes = read.saturating_mul(16);
    } else if walks(name) {
        let weight = weight_of_all(arguments, limit);
        cost.steps += weight / 64;
        cost.bytes = weight;
        cost.most = cost.most.max(weight.saturating_mul(WRITTEN));
    }
    cost
}

/// What came out: texts by their length, lists as far as they were made for this.
pub(super) fn of_result(name: &str, result: &Value) -> (u64, u64) {
    match result {
        Value::String(text) | Value::Bytes(text) => (0, text.len() as u64),
        Value::List(list) => {
            let count = list.len() as u64;
            let bytes = if makes_lists(name) { count * ITEM } else { 0 };
            (count / 16, bytes)
        }
        _ => (0, 0),
    }
}

/// The most bytes that may come out of functions whose result is not about as long as their arguments.
fn most(name: &str, arguments: &[Value]) -> u64 {
    let number = |index: usize| {
        arguments
            .get(index)
            .and_then(Value::as_integer)
            .unwrap_or(0)
    };
    let count = |index: usize| u64::try_from(number(index)).unwrap_or(0);
    let length = |index: usize| arguments.get(index).map_or(0, length);
    match name {
        "repeat" => count(0).saturating_mul(length(1)),
        "indent" | "nindent" => {
            let lines = arguments.get(1).map_or(0, lines);
            count(0).saturating_mul(lines).saturating_add(length(1))
        }
        "until" => number(0).unsigned_abs().saturating_mul(ITEM),
        "untilStep" => {
            let distance = number(1).abs_diff(number(0));
            (distance / number(2).unsigned_abs().max(1)).saturating_mul(ITEM)
        }
        "seq" => {
            let numbers = (0..arguments.len()).map(number);
            let far = numbers.map(i64::unsigned_abs).max().unwrap_or(0);
            far.saturating_mul(2 * ITEM)
        }
        "concat" => arguments
            .iter()
            .map(items)
            .sum::<u64>()
            .saturating_mul(ITEM),
        "replace" => {
            let places = length(2) / length(0).max(1) + 1;
            places.saturating_mul(length(1)).saturating_add(length(2))
        }
        "regexReplaceAll"
        | "mustRegexReplaceAll"
        | "regexReplaceAllLiteral"
        | "mustRegexReplaceAllLiteral" => {
            let groups = length(1).saturating_mul(length(2));
            (length(1) + 1)
                .saturating_mul(length(2))
                .saturating_add(groups)
        }
        "split" | "splitList" | "splitn" => length(1).saturating_mul(TEXT),
        "regexSplit" | "regexFindAll" | "mustRegexSplit" | "mustRegexFindAll" => {
            length(1).saturating_mul(TEXT)
        }
        "randAlpha" | "randAlphaNum" | "randAscii" | "randNumeric" | "randBytes" => {
            count(0).saturating_mul(2)
        }
        "join" => length(0).saturating_mul(arguments.get(1).map_or(0, items)),
        _ => 0,
    }
}

/// Whether a list that comes out was made and is not a part of what went in.
fn makes_lists(name: &str) -> bool {
    matches!(
        name,
        "until" | "untilStep" | "concat" | "split" | "splitList" | "splitn" | "toStrings" | "chunk"
    ) || name.contains("egex")
}

/// Whether keys are made or passwords hashed.
fn is_expensive(name: &str) -> bool {
    name.starts_with("gen") || matches!(name, "bcrypt" | "htpasswd" | "derivePassword")
}

/// Functions that go through all that their arguments hold, however often they hold it; `must…` forms included.
const WALKERS: &[&str] = &[
    "cat",
    "compact",
    "deepCopy",
    "deepEqual",
    "has",
    "html",
    "join",
    "js",
    "merge",
    "mergeOverwrite",
    "print",
    "printf",
    "println",
    "quote",
    "sortAlpha",
    "squote",
    "toJson",
    "toPrettyJson",
    "toRawJson",
    "toString",
    "toStrings",
    "toToml",
    "toYaml",
    "toYamlPretty",
    "uniq",
    "urlquery",
    "without",
];

fn walks(name: &str) -> bool {
    match name.strip_prefix("must") {
        Some(rest) => WALKERS
            .iter()
            .any(|walker| walker.eq_ignore_ascii_case(rest)),
        None => WALKERS.contains(&name),
    }
}

fn length(value: &Value) -> u64 {
    match value {
        Value::String(text) | Value::Bytes(text) => text.len() as u64,
        _ => 0,
    }
}

fn lines(value: &Value) -> u64 {
    match value {
        Value::String(text) => 1 + memchr::memchr_iter(b'\n', text).count() as u64,
        _ => 0,
    }
}

fn items(value: &Value) -> u64 {
    value.items().map_or(1, |items| items.len() as u64)
}

fn weight_of_all(values: &[Value], limit: u64) -> u64 {
    let mut total = 0;
    for value in values {
        add(value, 0, limit, &mut total);
    }
    total
}

/// How much a value holds, as often as it holds it; counting ends beyond the limit.
pub(super) fn weight(value: &Value, limit: u64) -> u64 {
    let mut total = 0;
    add(value, 0, limit, &mut total);
    total
}

fn add(value: &Value, depth: u64, limit: u64, total: &mut u64) {
    *total = total.saturating_add(8 + 2 * depth);
    if *total > limit {
        return;
    }
    match value {
        Value::String(text) | Value::Bytes(text) => *total += text.len() as u64,
        Value::List(list) => deepen(|| {
            for item in list.iter() {
                add(item, depth + 1, limit, total);
                if *total > limit {
                    return;
                }
            }
        }),
        Value::Map(map) => deepen(|| {
            for (key, item) in map.borrow().iter() {
                *total += key.len() as u64;
                add(item, depth + 1, limit, total);
                if *total > limit {
                    return;
                }
            }
        }),
        _ => {}
    }
}
