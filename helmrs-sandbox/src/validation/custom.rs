//! The rules a definition gives for its custom resources.

use serde_json::Value as Json;

use super::Findings;

use crate::error::FieldError;

mod limits;

/// Checks a custom resource against the schema of its version.
pub(super) fn check(schema: &Json, object: &Json, found: &mut Findings) {
    visit(schema, object, "", found);
}

fn visit(schema: &Json, value: &Json, path: &str, found: &mut Findings) {
    let flag = |name: &str| schema.get(name) == Some(&Json::Bool(true));
    if value.is_null() && (flag("nullable") || schema.get("type").is_none()) {
        return;
    }
    if !has_type(schema, value, flag("x-kubernetes-int-or-string")) {
        let wanted = schema["type"].as_str().unwrap_or_default();
        let rule = format!(
            "{path} in body must be of type {wanted}: \"{}\"",
            type_of(value)
        );
        found.push(FieldError::invalid(
            path,
            &Json::from(type_of(value)),
            &rule,
        ));
        return;
    }
    if let Some(words) = schema.get("enum").and_then(Json::as_array)
        && !words.contains(value)
    {
        let words: Vec<String> = words.iter().map(Json::to_string).collect();
        found.push(FieldError {
            field: path.to_owned(),
            reason: "FieldValueNotSupported",
            message: format!(
                "Unsupported value: {value}: supported values: {}",
                words.join(", ")
            ),
        });
    }
    check_bounds(schema, value, path, found);
    limits::check(schema, value, path, found);
    check_combinations(schema, value, path, found);
    match value {
        Json::Object(fields) => visit_fields(schema, fields, path, found),
        Json::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                visit(&schema["items"], item, &format!("{path}[{index}]"), found);
            }
        }
        _ => {}
    }
}

fn visit_fields(
    schema: &Json,
    fields: &serde_json::Map<String, Json>,
    path: &str,
    found: &mut Findings,
) {
    let below = |name: &str| {
        if path.is_empty() {
            name.to_owned()
        } else {
            format!("{path}.{name}")
        }
    };
    let required = schema.get("required").and_then(Json::as_array);
    for name in required.into_iter().flatten().filter_map(Json::as_str) {
        if !fields.contains_key(name) {
            found.push(FieldError::required(below(name), ""));
        }
    }
    for (name, value) in fields {
        if path.is_empty() && matches!(name.as_str(), "apiVersion" | "kind" | "metadata") {
            continue;
        }
        let inner = schema["properties"].get(name);
        let inner = inner.or_else(|| {
            schema
                .get("additionalProperties")
                .filter(|inner| inner.is_object())
        });
        if let Some(inner) = inner {
            visit(inner, value, &below(name), found);
        }
    }
}

/// Schemas that must hold together, or one of them, or not.
fn check_combinations(schema: &Json, value: &Json, path: &str, found: &mut Findings) {
    let holds = |schema: &Json| {
        let mut found = Findings::new();
        visit(schema, value, path, &mut found);
        found.is_empty()
    };
    let list = |name: &str| schema.get(name).and_then(Json::as_array);
    let count = |schemas: &[Json]| schemas.iter().filter(|schema| holds(schema)).count();
    let mut refuse = |rule: &str| {
        let rule = format!("\"{path}\" must {rule}");
        found.push(FieldError::invalid(path, value, &rule));
    };
    if list("anyOf").is_some_and(|schemas| count(schemas) == 0) {
        refuse("validate at least one schema (anyOf)");
    }
    match list("oneOf").map(|schemas| count(schemas)) {
        None | Some(1) => {}
        Some(0) => refuse("validate one and only one schema (oneOf). Found none valid"),
        Some(count) => refuse(&format!(
            "validate one and only one schema (oneOf). Found {count} valid alternatives"
        )),
    }
    if list("allOf").is_some_and(|schemas| count(schemas) < schemas.len()) {
        refuse("validate all the schemas (allOf)");
    }
    if schema.get("not").is_some_and(holds) {
        refuse("not validate the schema (not)");
    }
}

fn check_bounds(schema: &Json, value: &Json, path: &str, found: &mut Findings) {
    let Some(number) = value.as_f64() else { return };
    for (name, words, wrong) in [
        (
            "minimum",
            "greater than or equal to",
            f64::lt as fn(&f64, &f64) -> bool,
        ),
        ("maximum", "less than or equal to", f64::gt),
    ] {
        if let Some(bound) = schema.get(name)
            && bound.as_f64().is_some_and(|bound| wrong(&number, &bound))
        {
            let rule = format!("{path} in body should be {words} {bound}");
            found.push(FieldError::invalid(path, value, &rule));
        }
    }
}

fn has_type(schema: &Json, value: &Json, int_or_string: bool) -> bool {
    if int_or_string {
        return value.is_string() || value.is_i64();
    }
    match schema.get("type").and_then(Json::as_str) {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("boolean") => value.is_boolean(),
        Some("number") => value.is_number(),
        Some("integer") => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        _ => true,
    }
}

fn type_of(value: &Json) -> &'static str {
    match value {
        Json::Null => "null",
        Json::Bool(_) => "boolean",
        Json::Number(number) if number.is_f64() => "number",
        Json::Number(_) => "integer",
        Json::String(_) => "string",
        Json::Array(_) => "array",
        Json::Object(_) => "object",
    }
}
