//! The older description in protobuf, which older clients ask for.
//!
//! Field numbers are those of `OpenAPIv2.proto` of github.com/google/gnostic (Apache License 2.0).

use serde_json::Value as Json;

/// A document as [`super::two::document`] makes it.
pub(super) fn document(document: &Json) -> Vec<u8> {
    let mut out = Message::default();
    out.text(1, &document["swagger"]);
    out.message(2, info(&document["info"]));
    out.message(8, named(2, &document["paths"], path_item));
    out.message(9, named(1, &document["definitions"], schema));
    out.bytes
}

/// A message while it is written.
#[derive(Debug, Default)]
struct Message {
    bytes: Vec<u8>,
}

impl Message {
    fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.bytes.push((number as u8) | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }

    fn data(&mut self, field: u64, data: &[u8]) {
        self.number(field << 3 | 2);
        self.number(data.len() as u64);
        self.bytes.extend_from_slice(data);
    }

    fn message(&mut self, field: u64, message: Self) {
        self.data(field, &message.bytes);
    }

    fn text(&mut self, field: u64, value: &Json) {
        if let Some(text) = value.as_str().filter(|text| !text.is_empty()) {
            self.data(field, text.as_bytes());
        }
    }

    fn texts(&mut self, field: u64, value: &Json) {
        let texts = value.as_array().into_iter().flatten();
        texts.for_each(|text| self.text(field, text));
    }

    fn flag(&mut self, field: u64, value: &Json) {
        if *value == Json::Bool(true) {
            self.number(field << 3);
            self.number(1);
        }
    }

    /// The fields whose names begin with `x-`.
    fn extensions(&mut self, field: u64, value: &Json) {
        let fields = value.as_object().into_iter().flatten();
        for (name, value) in fields.filter(|(name, _)| name.starts_with("x-")) {
            self.message(field, pair(name, any(value)));
        }
    }
}

/// A name and what it stands for.
fn pair(name: &str, value: Message) -> Message {
    let mut out = Message::default();
    out.data(1, name.as_bytes());
    out.message(2, value);
    out
}

/// Names and what they stand for, each in this field.
fn named(field: u64, values: &Json, write: impl Fn(&Json) -> Message) -> Message {
    let mut out = Message::default();
    for (name, value) in values.as_object().into_iter().flatten() {
        out.message(field, pair(name, write(value)));
    }
    out
}

/// Any value: as YAML, which JSON is.
fn any(value: &Json) -> Message {
    let mut out = Message::default();
    out.data(2, format!("{value}\n").as_bytes());
    out
}

fn info(info: &Json) -> Message {
    let mut out = Message::default();
    out.text(1, &info["title"]);
    out.text(2, &info["version"]);
    out
}

fn path_item(item: &Json) -> Message {
    let mut out = Message::default();
    for (field, verb) in [
        (2, "get"),
        (3, "put"),
        (4, "post"),
        (5, "delete"),
        (8, "patch"),
    ] {
        if let Some(operation) = item.get(verb) {
            out.message(field, self::operation(operation));
        }
    }
    out
}

fn operation(operation: &Json) -> Message {
    let mut out = Message::default();
    out.texts(6, &operation["produces"]);
    out.texts(7, &operation["consumes"]);
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let (mut item, mut one) = (Message::default(), Message::default());
        if parameter["in"] == "body" {
            one.message(1, body_parameter(parameter));
        } else {
            let mut other = Message::default();
            other.message(3, query_parameter(parameter));
            one.message(2, other);
        }
        item.message(1, one);
        out.message(8, item);
    }
    out.message(9, named(1, &operation["responses"], response));
    out.extensions(13, operation);
    out
}

fn body_parameter(parameter: &Json) -> Message {
    let mut out = Message::default();
    out.text(2, &parameter["name"]);
    out.text(3, &parameter["in"]);
    out.flag(4, &parameter["required"]);
    out.message(5, schema(&parameter["schema"]));
    out
}

fn query_parameter(parameter: &Json) -> Message {
    let mut out = Message::default();
    out.text(2, &parameter["in"]);
    out.text(4, &parameter["name"]);
    out.text(6, &parameter["type"]);
    out.flag(20, &parameter["uniqueItems"]);
    out
}

fn response(response: &Json) -> Message {
    let (mut inner, mut item, mut out) =
        (Message::default(), Message::default(), Message::default());
    inner.text(1, &response["description"]);
    item.message(1, schema(&response["schema"]));
    inner.message(2, item);
    out.message(1, inner);
    out
}

fn schema(value: &Json) -> Message {
    let mut out = Message::default();
    out.text(1, &value["$ref"]);
    out.text(2, &value["format"]);
    out.text(4, &value["description"]);
    if let Some(default) = value.get("default") {
        out.message(5, any(default));
    }
    out.text(13, &value["pattern"]);
    out.texts(19, &value["required"]);
    for word in value["enum"].as_array().into_iter().flatten() {
        out.message(20, any(word));
    }
    match value.get("additionalProperties") {
        Some(inner @ Json::Object(_)) => {
            let mut item = Message::default();
            item.message(1, schema(inner));
            out.message(21, item);
        }
        Some(flag @ Json::Bool(_)) => {
            let mut item = Message::default();
            item.flag(2, flag);
            out.message(21, item);
        }
        _ => {}
    }
    if value["type"].is_string() {
        let mut item = Message::default();
        item.text(1, &value["type"]);
        out.message(22, item);
    }
    if let Some(items) = value.get("items") {
        let mut item = Message::default();
        item.message(1, schema(items));
        out.message(23, item);
    }
    if let Some(properties) = value.get("properties") {
        out.message(25, named(1, properties, schema));
    }
    out.extensions(31, value);
    out
}
