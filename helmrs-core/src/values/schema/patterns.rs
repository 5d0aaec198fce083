//! Patterns that Go refuses, marked so that the full validator refuses them too.
//!
//! The full validator reads patterns by other rules. A mark makes a pattern wrong by any rules; reports
//! show it without.

use helmrs_gotemplate::regexp::Regexp;
use serde_json::{Map, Value};

use super::document::Json;
use super::quick::{Draft, Shape};

/// Nothing stands before it that could be repeated.
const MARK: char = '*';

/// A schema for the full validator.
pub(super) fn with_marks(schema: &Json, draft: Draft) -> Value {
    let Json::Object(entries) = schema else {
        return plain(schema);
    };
    let entries = entries.iter().map(|(keyword, operand)| {
        let operand = match (draft.shape(keyword), operand) {
            (Shape::Pattern, Json::String(pattern)) => Value::String(marked(pattern)),
            (Shape::PatternMap, Json::Object(patterns)) => {
                let patterns = patterns.iter();
                let patterns = patterns.map(|(key, one)| (marked(key), with_marks(one, draft)));
                Value::Object(patterns.collect())
            }
            (Shape::SchemaMap | Shape::Dependencies, Json::Object(schemas)) => {
                let schemas = schemas.iter();
                let schemas = schemas.map(|(key, one)| (key.clone(), with_marks(one, draft)));
                Value::Object(schemas.collect())
            }
            (Shape::Schemas | Shape::SchemaOrSchemas, Json::List(schemas)) => {
                schemas.iter().map(|one| with_marks(one, draft)).collect()
            }
            (Shape::Schema | Shape::BoolOrSchema | Shape::SchemaOrSchemas, one) => {
                with_marks(one, draft)
            }
            (_, other) => plain(other),
        };
        (keyword.clone(), operand)
    });
    Value::Object(entries.collect::<Map<_, _>>())
}

/// The same tree for the full validator.
fn plain(document: &Json) -> Value {
    match document {
        Json::Null => Value::Null,
        Json::Bool(truth) => Value::Bool(*truth),
        Json::Number(text) => super::value_of_float(text.parse().unwrap_or_default()),
        Json::String(text) => Value::String(text.clone()),
        Json::List(items) => items.iter().map(plain).collect(),
        Json::Object(entries) => {
            let entries = entries
                .iter()
                .map(|(key, entry)| (key.clone(), plain(entry)));
            Value::Object(entries.collect::<Map<_, _>>())
        }
    }
}

fn marked(pattern: &str) -> String {
    match Regexp::check(pattern) {
        Ok(()) => pattern.to_owned(),
        Err(_) => format!("{MARK}{pattern}"),
    }
}

/// A pattern as its author wrote it.
pub(super) fn unmarked(pattern: &str) -> &str {
    match pattern.strip_prefix(MARK) {
        Some(rest) if Regexp::check(rest).is_err() => rest,
        _ => pattern,
    }
}

#[cfg(test)]
mod tests {
    use helmrs_gotemplate::json;

    use super::super::quick::Draft;
    use super::{Json, unmarked, with_marks};

    #[test]
    fn only_refused_patterns_are_marked() {
        let schema: Json = json::parse(
            br#"{"pattern": "(", "const": {"pattern": "("}, "items": {"patternProperties": {"a": {"pattern": "\\z"}}}}"#,
        )
        .unwrap();
        let expected = r#"{"pattern": "*(", "const": {"pattern": "("}, "items": {"patternProperties": {"a": {"pattern": "\\z"}}}}"#;
        let expected: serde_json::Value = serde_json::from_str(expected).unwrap();
        assert_eq!(with_marks(&schema, Draft::Of2020), expected);
        assert_eq!(
            [unmarked("*("), unmarked("*"), unmarked("*a")],
            ["(", "*", "*a"]
        );
    }
}
