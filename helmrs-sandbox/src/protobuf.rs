//! Request bodies in Kubernetes' protobuf form, which typed clients send, read into JSON.
//!
//! Field numbers come from `schema/protobuf.txt`. Answers are always JSON, which those clients read too.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::{Map, Value as Json, json};

mod wire;

use wire::{Field, Reader};

/// The four bytes every body starts with.
const MAGIC: &[u8] = b"k8s\0";
/// How deep messages may nest.
const DEPTH: usize = 64;

/// Numbers and flags that are sent even when they are not set.
const ZERO_IS_UNSET: &[&str] = &[
    "deletionGracePeriodSeconds",
    "failureThreshold",
    "generation",
    "globalDefault",
    "healthCheckNodePort",
    "hostIPC",
    "hostNetwork",
    "hostPID",
    "hostPort",
    "initialDelaySeconds",
    "minReadySeconds",
    "nodePort",
    "observedGeneration",
    "paused",
    "periodSeconds",
    "publishNotReadyAddresses",
    "readOnly",
    "stdin",
    "stdinOnce",
    "successThreshold",
    "timeoutSeconds",
    "tty",
];

/// Why a body could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum DecodeError {
    /// The body does not start like one.
    #[error(
        "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]"
    )]
    Prefix,
    /// The body ends early or is no message.
    #[error("proto: cannot parse the message")]
    Malformed,
    /// The kind is not one clients send in this form.
    #[error("no kind \"{kind}\" is registered for version \"{api_version}\"")]
    Kind { api_version: String, kind: String },
}

#[derive(Debug, Default)]
struct Facts {
    kinds: BTreeMap<(&'static str, &'static str), &'static str>,
    messages: BTreeMap<&'static str, BTreeMap<u64, Part>>,
}

#[derive(Debug)]
struct Part {
    name: &'static str,
    kind: &'static str,
    form: Form,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Form {
    One,
    List,
    Map,
    /// The fields of the message are those of the object around it.
    Inline,
}

static FACTS: LazyLock<Facts> = LazyLock::new(|| read(include_str!("../schema/protobuf.txt")));

fn read(text: &'static str) -> Facts {
    let mut facts = Facts::default();
    let mut message = "";
    for line in text.lines() {
        let words: Vec<&'static str> = line.split_ascii_whitespace().collect();
        match (line.starts_with(' '), words.as_slice()) {
            (true, [number, name, kind, form @ ..]) => {
                let form = match form.first() {
                    Some(&"list") => Form::List,
                    Some(&"map") => Form::Map,
                    Some(&"inline") => Form::Inline,
                    _ => Form::One,
                };
                let number = number.parse().unwrap_or_default();
                let parts = facts.messages.entry(message).or_default();
                parts.insert(number, Part { name, kind, form });
            }
            (false, ["kind", api_version, kind, name]) => {
                facts.kinds.insert((api_version, kind), name);
            }
            (false, ["message", name]) => message = name,
            _ => {}
        }
    }
    facts
}

/// Whether these bytes claim to be of this form.
pub(crate) fn is_protobuf(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

/// Reads a body.
pub(crate) fn decode(bytes: &[u8]) -> Result<Json, DecodeError> {
    let bytes = bytes.strip_prefix(MAGIC).ok_or(DecodeError::Prefix)?;
    let (mut api_version, mut kind, mut raw) = (String::new(), String::new(), &[][..]);
    for field in Reader::new(bytes) {
        match field? {
            (1, Field::Bytes(meta)) => {
                for field in Reader::new(meta) {
                    match field? {
                        (1, Field::Bytes(text)) => api_version = text_of(text),
                        (2, Field::Bytes(text)) => kind = text_of(text),
                        _ => {}
                    }
                }
            }
            (2, Field::Bytes(bytes)) => raw = bytes,
            _ => {}
        }
    }
    let Some(message) = message_of(&api_version, &kind) else {
        return Err(DecodeError::Kind { api_version, kind });
    };
    let mut object = Map::new();
    decode_into(&mut object, message, raw, DEPTH)?;
    object.insert("apiVersion".to_owned(), api_version.into());
    object.insert("kind".to_owned(), kind.into());
    Ok(Json::Object(object))
}

fn message_of(api_version: &str, kind: &str) -> Option<&'static str> {
    if kind == "DeleteOptions" {
        return Some("meta.v1.DeleteOptions");
    }
    FACTS
        .kinds
        .iter()
        .find(|((version, name), _)| *version == api_version && *name == kind)
        .map(|(_, message)| *message)
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn decode_into(
    object: &mut Map<String, Json>,
    message: &str,
    bytes: &[u8],
    depth: usize,
) -> Result<(), DecodeError> {
    let Some(parts) = FACTS.messages.get(message) else {
        return Ok(());
    };
    let depth = depth.checked_sub(1).ok_or(DecodeError::Malformed)?;
    for field in Reader::new(bytes) {
        let (number, field) = field?;
        let Some(part) = parts.get(&number) else {
            continue;
        };
        match (part.form, field) {
            (Form::Inline, Field::Bytes(bytes)) => decode_into(object, part.kind, bytes, depth)?,
            (Form::Map, Field::Bytes(bytes)) => {
                let (key, value) = entry(part.kind, bytes, depth)?;
                let map = object.entry(part.name).or_insert_with(|| json!({}));
                if let Some(map) = map.as_object_mut() {
                    map.insert(key, value);
                }
            }
            (Form::List, field) => {
                let value = value(part.kind, field, depth)?;
                let list = object.entry(part.name).or_insert_with(|| json!([]));
                if let Some(list) = list.as_array_mut() {
                    list.push(value);
                }
            }
            (Form::One, field) => {
                let value = value(part.kind, field, depth)?;
                // Empty texts are sent for fields that are not set.
                let unset = ZERO_IS_UNSET.contains(&part.name) && (value == 0 || value == false);
                if value != "" && !value.is_null() && !unset {
                    object.insert(part.name.to_owned(), value);
                }
            }
            _ => return Err(DecodeError::Malformed),
        }
    }
    Ok(())
}

fn entry(kind: &str, bytes: &[u8], depth: usize) -> Result<(String, Json), DecodeError> {
    let (mut key, mut found) = (String::new(), None);
    for field in Reader::new(bytes) {
        match field? {
            (1, Field::Bytes(text)) => key = text_of(text),
            (2, field) => found = Some(value(kind, field, depth)?),
            _ => {}
        }
    }
    let empty = || {
        if matches!(kind, "string" | "bytes") {
            json!("")
        } else {
            json!({})
        }
    };
    Ok((key, found.unwrap_or_else(empty)))
}

fn value(kind: &str, field: Field<'_>, depth: usize) -> Result<Json, DecodeError> {
    use base64::Engine as _;
    Ok(match (kind, field) {
        ("int", Field::Number(number)) => json!(number as i64),
        ("bool", Field::Number(number)) => json!(number != 0),
        ("double", Field::Fixed(bits)) => json!(f64::from_bits(bits)),
        ("string", Field::Bytes(bytes)) => json!(text_of(bytes)),
        ("bytes", Field::Bytes(bytes)) => {
            json!(base64::engine::general_purpose::STANDARD.encode(bytes))
        }
        ("time" | "microtime", Field::Bytes(bytes)) => time(kind, bytes)?,
        ("duration", Field::Bytes(bytes)) => json!(number_at(bytes, 1)?),
        ("quantity", Field::Bytes(bytes)) => json!(text_at(bytes, 1)?),
        ("int-or-string", Field::Bytes(bytes)) if number_at(bytes, 1)? == 1 => {
            json!(text_at(bytes, 3)?)
        }
        ("int-or-string", Field::Bytes(bytes)) => json!(number_at(bytes, 2)?),
        ("raw", Field::Bytes(bytes)) => {
            serde_json::from_str(&text_at(bytes, 1)?).unwrap_or(Json::Null)
        }
        (_, Field::Bytes(bytes)) => {
            // A message of repeated texts alone stands for a list, as in the extras of a user.
            let mut object = Map::new();
            decode_into(&mut object, kind, bytes, depth)?;
            match object.remove("items") {
                Some(items) if kind.ends_with(".ExtraValue") => items,
                Some(items) => {
                    object.insert("items".to_owned(), items);
                    Json::Object(object)
                }
                None => Json::Object(object),
            }
        }
        _ => return Err(DecodeError::Malformed),
    })
}

/// A point in time; one without parts is none.
fn time(kind: &str, bytes: &[u8]) -> Result<Json, DecodeError> {
    if bytes.is_empty() {
        return Ok(Json::Null);
    }
    let (seconds, nanos) = (number_at(bytes, 1)?, number_at(bytes, 2)?);
    let nanos = i32::try_from(nanos).map_err(|_| DecodeError::Malformed)?;
    let time = jiff::Timestamp::new(seconds, nanos).map_err(|_| DecodeError::Malformed)?;
    let format = if kind == "time" {
        "%Y-%m-%dT%H:%M:%SZ"
    } else {
        "%Y-%m-%dT%H:%M:%S.%6fZ"
    };
    Ok(json!(time.strftime(format).to_string()))
}

fn number_at(bytes: &[u8], wanted: u64) -> Result<i64, DecodeError> {
    for field in Reader::new(bytes) {
        match field? {
            (number, Field::Number(value)) if number == wanted => return Ok(value as i64),
            _ => {}
        }
    }
    Ok(0)
}

fn text_at(bytes: &[u8], wanted: u64) -> Result<String, DecodeError> {
    for field in Reader::new(bytes) {
        match field? {
            (number, Field::Bytes(text)) if number == wanted => return Ok(text_of(text)),
            _ => {}
        }
    }
    Ok(String::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
        let mut field = vec![number << 3 | 2, u8::try_from(bytes.len()).expect("short")];
        field.extend(bytes);
        field
    }

    #[test]
    fn a_secret_is_read() {
        let meta = [
            field(1, b"a"),
            field(2, b""),
            field(11, &[field(1, b"k"), field(2, b"v")].concat()),
        ]
        .concat();
        let entry = [field(1, b"x"), field(2, b"y")].concat();
        let raw = [field(1, &meta), field(2, &entry), field(3, b"Opaque")].concat();
        let types = [field(1, b"v1"), field(2, b"Secret")].concat();
        let body = [MAGIC, &field(1, &types), &field(2, &raw)].concat();
        assert_eq!(
            decode(&body).expect("a message"),
            json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a", "labels": {"k": "v"}},
                "data": {"x": "eQ=="}, "type": "Opaque"})
        );
    }

    #[test]
    fn a_body_that_ends_early_is_refused() {
        assert_eq!(decode(b"k8s\0\x0a\x7f"), Err(DecodeError::Malformed));
        assert_eq!(decode(b"{}"), Err(DecodeError::Prefix));
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_break_the_reader(
            kind in proptest::sample::select(vec!["Secret", "Deployment", "CronJob", "DeleteOptions", "Event"]),
            version in proptest::sample::select(vec!["v1", "apps/v1", "batch/v1"]),
            raw in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..100),
        ) {
            let types = [field(1, version.as_bytes()), field(2, kind.as_bytes())].concat();
            let body = [MAGIC, &field(1, &types), &field(2, &raw)].concat();
            // Any answer is good, as long as there is one.
            let _ = decode(&body);
        }
    }
}
