//! The functions that Helm adds to Sprig's: YAML, JSON and TOML.
// Parity: Helm, pkg/engine/funcs.go.

use helmrs_gotemplate::{Body, CallError, Function, List, Map, Text, Type, Value};

use super::convert::{self, Unwritable};
use crate::{toml, yaml};

const fn function(
    name: &'static str,
    parameters: &'static [Type],
    call: Call,
    examples: Examples,
) -> Function {
    Function {
        name,
        parameters,
        variadic: false,
        body: Body::Plain(call),
        examples,
    }
}

type Call = fn(&[Value]) -> Result<Value, CallError>;
type Examples = &'static [(&'static str, &'static str)];

/// The functions that depend on their arguments alone.
pub(super) const FUNCTIONS: &[Function] = &[
    function(
        "toYaml",
        &[Type::Any],
        to_yaml,
        &[(
            r#"{{ dict "b" (list 1) "a" "x" | toYaml }}"#,
            "a: x\nb:\n- 1",
        )],
    ),
    function(
        "mustToYaml",
        &[Type::Any],
        must_to_yaml,
        &[(r#"{{ mustToYaml "on" }}"#, r#""on""#)],
    ),
    function(
        "toYamlPretty",
        &[Type::Any],
        to_yaml_pretty,
        &[(r#"{{ dict "b" (list 1) | toYamlPretty }}"#, "b:\n  - 1")],
    ),
    function(
        "fromYaml",
        &[Type::String],
        from_yaml,
        &[(r#"{{ (fromYaml "a: 1").a }}"#, "1")],
    ),
    function(
        "fromYamlArray",
        &[Type::String],
        from_yaml_array,
        &[(r#"{{ fromYamlArray "[a, b]" }}"#, "[a b]")],
    ),
    function(
        "toJson",
        &[Type::Any],
        to_json,
        &[(
            r#"{{ dict "a" (list 1 nil) | toJson }}"#,
            r#"{"a":[1,null]}"#,
        )],
    ),
    function(
        "mustToJson",
        &[Type::Any],
        must_to_json,
        &[(r#"{{ mustToJson "<" }}"#, r#""\u003c""#)],
    ),
    function(
        "toToml",
        &[Type::Any],
        to_toml,
        &[(
            r#"{{ dict "a" 1 "b" (dict "c" true) | toToml }}"#,
            "a = 1\n\n[b]\n  c = true\n",
        )],
    ),
    function(
        "fromToml",
        &[Type::String],
        from_toml,
        &[(r#"{{ (fromToml "[a]\nb = 1").a.b }}"#, "1")],
    ),
    function(
        "mustToToml",
        &[Type::Any],
        must_to_toml,
        &[(r#"{{ mustToToml (dict "a" "x") }}"#, "a = \"x\"\n")],
    ),
    function(
        "fromJson",
        &[Type::String],
        from_json,
        &[(r#"{{ (fromJson "{\"a\": 1}").a }}"#, "1")],
    ),
    function(
        "fromJsonArray",
        &[Type::String],
        from_json_array,
        &[(r#"{{ fromJsonArray "[1, 2]" }}"#, "[1 2]")],
    ),
];

fn to_yaml(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(Value::from(
        convert::to_yaml(&arguments[0]).unwrap_or_default(),
    ))
}

fn must_to_yaml(arguments: &[Value]) -> Result<Value, CallError> {
    convert::to_yaml(&arguments[0])
        .map(Value::from)
        .map_err(CallError::new)
}

fn to_yaml_pretty(arguments: &[Value]) -> Result<Value, CallError> {
    let text = match convert::pretty(&arguments[0]) {
        Ok(node) => yaml::to_yaml_pretty(&node),
        Err(error @ Unwritable::Type(_)) => return Err(CallError::new(error.to_string())),
        Err(Unwritable::Cycle) => String::new(),
    };
    Ok(Value::from(text.strip_suffix('\n').unwrap_or(&text)))
}

fn from_yaml(arguments: &[Value]) -> Result<Value, CallError> {
    let parsed = match yaml::parse(text(&arguments[0])) {
        // Parity: sigs.k8s.io/yaml: null leaves the map as it is, which is empty.
        Ok(yaml::Value::Null) => Ok(yaml::Value::Map(yaml::Map::new())),
        parsed => parsed.map_err(|error| error.to_string()),
    };
    Ok(map_or_error(parsed, |found| {
        yaml_mismatch(found, "map[string]interface {}")
    }))
}

fn from_yaml_array(arguments: &[Value]) -> Result<Value, CallError> {
    let parsed = match yaml::parse(text(&arguments[0])) {
        Ok(yaml::Value::Null) => Ok(yaml::Value::List(Vec::new())),
        parsed => parsed.map_err(|error| error.to_string()),
    };
    Ok(list_or_error(parsed, |found| {
        yaml_mismatch(found, "[]interface {}")
    }))
}

fn to_json(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(must_to_json(arguments).unwrap_or_else(|_| Value::from("")))
}

fn must_to_json(arguments: &[Value]) -> Result<Value, CallError> {
    let json = helmrs_gotemplate::json::to_json(&arguments[0]);
    json.map(Value::from)
        .map_err(|error| CallError::new(error.to_string()))
}

/// An error is what comes out, but for the one that stops Go's encoder.
fn to_toml(arguments: &[Value]) -> Result<Value, CallError> {
    match toml::to_toml(&convert::to_toml(&arguments[0])) {
        Ok(text) => Ok(Value::from(text)),
        Err(error @ toml::EmitError::Nothing) => Err(CallError::new(error.to_string())),
        Err(error) => Ok(Value::from(error.to_string())),
    }
}

fn must_to_toml(arguments: &[Value]) -> Result<Value, CallError> {
    let text = toml::to_toml(&convert::to_toml(&arguments[0]));
    text.map(Value::from)
        .map_err(|error| CallError::new(error.to_string()))
}

fn from_toml(arguments: &[Value]) -> Result<Value, CallError> {
    Ok(match toml::parse(text(&arguments[0])) {
        Ok(table) => Value::Map(convert::table(&table)),
        Err(error) => Value::Map([("Error", error.to_string())].into_iter().collect()),
    })
}

fn from_json(arguments: &[Value]) -> Result<Value, CallError> {
    let (mut parsed, too_large) = read_json(text(&arguments[0]));
    // What could be read stays beside the error.
    if let (Ok(yaml::Value::Map(map)), Some(error)) = (&mut parsed, too_large) {
        map.insert("Error".to_owned(), error.into());
    }
    Ok(map_or_error(parsed, |found| {
        json_mismatch(found, "map[string]interface {}")
    }))
}

fn from_json_array(arguments: &[Value]) -> Result<Value, CallError> {
    let (parsed, too_large) = read_json(text(&arguments[0]));
    let parsed = match (parsed, too_large) {
        (Ok(yaml::Value::List(_)), Some(error)) => Err(error),
        (parsed, _) => parsed,
    };
    Ok(list_or_error(parsed, |found| {
        json_mismatch(found, "[]interface {}")
    }))
}

/// A JSON text that is to be a map or a list, and the complaint about a number that is too large.
fn read_json(text: &[u8]) -> (Result<yaml::Value, String>, Option<String>) {
    match yaml::json::parse_partly(text) {
        Ok((value, too_large)) => (Ok(value), too_large.map(|error| error.to_string())),
        Err(error) => (Err(error.to_string()), None),
    }
}

/// The bytes of an argument that was declared a string.
fn text(argument: &Value) -> &[u8] {
    argument.as_string().map_or(&[], |text| text.as_bytes())
}

fn yaml_mismatch(found: &yaml::Value, wanted: &str) -> String {
    format!(
        "error unmarshaling JSON: while decoding JSON: {}",
        json_mismatch(found, wanted)
    )
}

fn json_mismatch(found: &yaml::Value, wanted: &str) -> String {
    format!(
        "json: cannot unmarshal {} into Go value of type {wanted}",
        found.json_kind()
    )
}

/// The map that was read; where there is none, one that holds the error.
fn map_or_error(
    parsed: Result<yaml::Value, String>,
    mismatch: impl Fn(&yaml::Value) -> String,
) -> Value {
    let error = match parsed {
        Ok(yaml::Value::Map(map)) => return Value::Map(convert::map(&map)),
        Ok(yaml::Value::Null) => return Value::Map(Map::nil(Type::MAP)),
        Ok(other) => mismatch(&other),
        Err(error) => error,
    };
    Value::Map(
        [(Text::from("Error"), Value::from(error))]
            .into_iter()
            .collect(),
    )
}

/// The list that was read; where there is none, one that holds the error.
fn list_or_error(
    parsed: Result<yaml::Value, String>,
    mismatch: impl Fn(&yaml::Value) -> String,
) -> Value {
    let error = match parsed {
        Ok(yaml::Value::List(items)) => {
            return Value::list(items.iter().map(convert::value).collect());
        }
        Ok(yaml::Value::Null) => return Value::List(List::nil(Type::LIST)),
        Ok(other) => mismatch(&other),
        Err(error) => error,
    };
    Value::list(vec![Value::from(error)])
}
