//! How long, how many, and in which form: what a schema says of texts, lists, maps and multiples.

use regex::RegexBuilder;
use serde_json::Value as Json;

use super::super::Findings;
use crate::error::FieldError;

/// How large a pattern may become when it is compiled.
const LARGEST_PATTERN: usize = 1 << 20;

/// Checks a value against the limits of its schema.
// Parity: Kubernetes, apiextensions-apiserver/pkg/apiserver/validation/validation.go.
pub(super) fn check(schema: &Json, value: &Json, path: &str, found: &mut Findings) {
    let limit = |name: &str| {
        let limit = schema.get(name).and_then(Json::as_u64);
        limit.and_then(|limit| usize::try_from(limit).ok())
    };
    let mut refuse = |rule: String| {
        let rule = format!("{path} in body should {rule}");
        found.push(FieldError::invalid(path, value, &rule));
    };
    match value {
        Json::String(text) => {
            let length = text.chars().count();
            if let Some(least) = limit("minLength").filter(|least| length < *least) {
                refuse(format!("be at least {least} chars long"));
            }
            let pattern = schema.get("pattern").and_then(Json::as_str);
            if let Some(pattern) = pattern.filter(|pattern| !matches(pattern, text)) {
                refuse(format!("match '{pattern}'"));
            }
            if let Some(most) = limit("maxLength").filter(|most| length > *most) {
                found.push(FieldError::too_long(path, most));
            }
        }
        Json::Array(items) => {
            if let Some(least) = limit("minItems").filter(|least| items.len() < *least) {
                refuse(format!("have at least {least} items"));
            }
            if let Some(most) = limit("maxItems").filter(|most| items.len() > *most) {
                found.push(FieldError::too_many(path, items.len(), most));
            }
        }
        Json::Object(fields) => {
            if let Some(least) = limit("minProperties").filter(|least| fields.len() < *least) {
                refuse(format!("have at least {least} properties"));
            }
            if let Some(most) = limit("maxProperties").filter(|most| fields.len() > *most) {
                refuse(format!("have at most {most} properties"));
            }
        }
        Json::Number(number) => {
            let factor = schema.get("multipleOf").and_then(Json::as_f64);
            let number = number.as_f64().unwrap_or_default();
            if let Some(factor) =
                factor.filter(|factor| *factor > 0.0 && (number / factor).fract() != 0.0)
            {
                refuse(format!("be a multiple of {factor}"));
            }
        }
        Json::Null | Json::Bool(_) => {}
    }
}

/// Whether a text has the form; a pattern that is none holds for everything.
fn matches(pattern: &str, text: &str) -> bool {
    let pattern = RegexBuilder::new(pattern)
        .size_limit(LARGEST_PATTERN)
        .build();
    pattern.map_or(true, |pattern| pattern.is_match(text))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refused(schema: &Json, value: &Json) -> Vec<String> {
        let mut found = Findings::new();
        check(schema, value, "spec.x", &mut found);
        found.into_iter().map(|error| error.message).collect()
    }

    #[test]
    fn limits_are_worded_as_kubernetes_words_them() {
        let text = json!({"minLength": 3, "pattern": "^a+$"});
        assert_eq!(
            refused(&text, &json!("b")),
            [
                "Invalid value: \"b\": spec.x in body should be at least 3 chars long",
                "Invalid value: \"b\": spec.x in body should match '^a+$'"
            ]
        );
        assert!(refused(&text, &json!("aaa")).is_empty());
        assert_eq!(
            refused(&json!({"maxItems": 1}), &json!([1, 2])),
            ["Too many: 2: must have at most 1 items"]
        );
        assert_eq!(
            refused(&json!({"multipleOf": 2}), &json!(3)),
            ["Invalid value: 3: spec.x in body should be a multiple of 2"]
        );
        assert!(refused(&json!({"pattern": "(("}), &json!("x")).is_empty());
    }
}
