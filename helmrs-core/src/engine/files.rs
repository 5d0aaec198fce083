//! `.Files`: the files of a chart that are no templates.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use helmrs_gotemplate::{Body, CallError, Function, List, Map, NamedType, Text, Type, Value};

use super::convert;
use super::glob::Glob;
use crate::chart::File;

/// A map from path to bytes, with methods.
// Parity: Helm, pkg/engine/files.go.
static FILES: NamedType = NamedType {
    name: "engine.files",
    underlying: Type::Map(&Type::BYTES),
    methods: METHODS,
};

const METHODS: &[Function] = &[
    method("AsConfig", &[], as_config),
    method("AsSecrets", &[], as_secrets),
    method("Get", &[Type::String], get),
    method("GetBytes", &[Type::String], get_bytes),
    method("Glob", &[Type::String], glob),
    method("Lines", &[Type::String], lines),
];

const fn method(
    name: &'static str,
    parameters: &'static [Type],
    call: fn(&[Value]) -> Result<Value, CallError>,
) -> Function {
    Function {
        name,
        parameters,
        variadic: false,
        body: Body::Plain(call),
        examples: &[],
    }
}

/// The files of a chart as templates see them.
pub(super) fn value(files: &[File]) -> Value {
    let files = files.to_vec();
    let contents = move || {
        let files = files.iter();
        let content = |file: &File| {
            let data = Value::Bytes(Text::from(&*file.data));
            (Text::from(file.name.as_str()), data)
        };
        files.map(content).collect()
    };
    Value::Map(Map::deferred(Type::Named(&FILES), contents))
}

fn of(contents: BTreeMap<Text, Value>) -> Value {
    Value::Map(Map::from_entries(Type::Named(&FILES), contents))
}

/// The bytes of the file a method was asked for; none when there is no such file.
fn bytes(arguments: &[Value]) -> Text {
    match arguments {
        [Value::Map(files), Value::String(name)] => match files.get(name) {
            Some(Value::Bytes(bytes)) => bytes,
            _ => Text::default(),
        },
        _ => Text::default(),
    }
}

fn get(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(Value::String(bytes(arguments)))
}

fn get_bytes(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(Value::Bytes(bytes(arguments)))
}

fn glob(arguments: &[Value]) -> Result<Value, CallError> {
    let [Value::Map(files), Value::String(pattern)] = arguments else {
        return Err(CallError::new("Glob takes a pattern"));
    };
    let glob = Glob::new(&pattern.to_str());
    let matching = files
        .entries()
        .into_iter()
        .filter(|(name, _)| glob.matches(&name.to_str()));
    Ok(of(matching.collect()))
}

fn as_config(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(as_yaml(arguments, |bytes| Value::String(bytes.clone())))
}

fn as_secrets(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(as_yaml(arguments, |bytes| {
        Value::from(STANDARD.encode(bytes))
    }))
}

/// A YAML map of the files' base names to what `content` makes of them.
fn as_yaml(arguments: &[Value], content: impl Fn(&Text) -> Value) -> Value {
    let map = Map::typed(Type::STRING_MAP);
    for (path, bytes) in arguments
        .first()
        .and_then(Value::as_map)
        .map(Map::entries)
        .unwrap_or_default()
    {
        if let Value::Bytes(bytes) = bytes {
            map.insert(base(&path), content(&bytes));
        }
    }
    Value::from(convert::to_yaml(&Value::Map(map)).unwrap_or_default())
}

fn lines(arguments: &[Value]) -> Result<Value, CallError> {
    let bytes = bytes(arguments);
    if bytes.is_empty() {
        return Ok(Value::List(List::typed(Type::STRINGS, Vec::new())));
    }
    let text = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
    Ok(Value::strings(
        text.split(|byte| *byte == b'\n').map(Text::from),
    ))
}

/// The last element of a path, as Go's `path.Base` has it.
fn base(path: &[u8]) -> Text {
    let end = path
        .iter()
        .rposition(|byte| *byte != b'/')
        .map_or(0, |last| last + 1);
    let trimmed = &path[..end];
    match trimmed.iter().rposition(|byte| *byte == b'/') {
        _ if path.is_empty() => Text::from("."),
        _ if trimmed.is_empty() => Text::from("/"),
        Some(slash) => Text::from(&trimmed[slash + 1..]),
        None => Text::from(trimmed),
    }
}
