//! Which objects of a collection are meant: label and field selectors.

use serde_json::Value as Json;

use crate::conversion;
use crate::error::ApiError;
use crate::resources::Kind;

mod fields;

/// What objects must have.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Selector {
    labels: Vec<Requirement>,
    fields: Vec<(String, bool, String)>,
}

#[derive(Debug, Clone, PartialEq)]
struct Requirement {
    key: String,
    test: Test,
}

#[derive(Debug, Clone, PartialEq)]
enum Test {
    Exists,
    Missing,
    In(Vec<String>),
    NotIn(Vec<String>),
    Above(i64),
    Below(i64),
}

impl Selector {
    /// Reads both selectors.
    pub(super) fn parse(kind: &Kind, labels: &str, fields: &str) -> Result<Self, ApiError> {
        let labels = split(labels)
            .iter()
            .map(|text| requirement(text))
            .collect::<Result<_, _>>()?;
        let fields = fields
            .split(',')
            .filter(|text| !text.is_empty())
            .map(|text| field(kind, text))
            .collect::<Result<_, _>>()?;
        Ok(Self { labels, fields })
    }

    /// Whether it leaves nothing out.
    pub(super) fn is_everything(&self) -> bool {
        self.labels.is_empty() && self.fields.is_empty()
    }

    /// Whether an object is meant.
    pub(super) fn matches(&self, object: &Json) -> bool {
        let labels = &object["metadata"]["labels"];
        self.labels
            .iter()
            .all(|requirement| requirement.matches(labels))
            && self
                .fields
                .iter()
                .all(|(path, equal, wanted)| (field_of(object, path) == *wanted) == *equal)
    }
}

/// Splits at the commas outside of parentheses.
fn split(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0;
    for letter in text.chars() {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(last) = parts.last_mut() {
            last.push(letter);
        }
    }
    parts.retain(|part| !part.trim().is_empty());
    parts
}

fn requirement(text: &str) -> Result<Requirement, ApiError> {
    let text = text.trim();
    let make = |key: &str, test: Test| {
        Ok(Requirement {
            key: key.trim().to_owned(),
            test,
        })
    };
    if let Some(key) = text.strip_prefix('!') {
        return make(key, Test::Missing);
    }
    for (word, equal) in [
        (" notin ", false),
        (" in ", true),
        (" notin(", false),
        (" in(", true),
    ] {
        if let Some((key, values)) = text.split_once(word) {
            let values = values.trim().trim_start_matches('(').trim_end_matches(')');
            let values = values
                .split(',')
                .map(|value| value.trim().to_owned())
                .collect();
            return make(
                key,
                if equal {
                    Test::In(values)
                } else {
                    Test::NotIn(values)
                },
            );
        }
    }
    for (sign, equal) in [("!=", false), ("==", true), ("=", true)] {
        if let Some((key, value)) = text.split_once(sign) {
            let values = vec![value.trim().to_owned()];
            return make(
                key,
                if equal {
                    Test::In(values)
                } else {
                    Test::NotIn(values)
                },
            );
        }
    }
    for (sign, above) in [('>', true), ('<', false)] {
        if let Some((key, value)) = text.split_once(sign)
            && let Ok(value) = value.trim().parse()
        {
            return make(
                key,
                if above {
                    Test::Above(value)
                } else {
                    Test::Below(value)
                },
            );
        }
    }
    if text.contains(char::is_whitespace) {
        return Err(ApiError::bad_request(format!(
            "unable to parse requirement: {text}"
        )));
    }
    make(text, Test::Exists)
}

impl Requirement {
    fn matches(&self, labels: &Json) -> bool {
        let value = labels[&self.key].as_str();
        let number = || value.and_then(|value| value.parse::<i64>().ok());
        let among = |values: &[String]| {
            value.is_some_and(|value| values.iter().any(|other| other == value))
        };
        match &self.test {
            Test::Exists => value.is_some(),
            Test::Missing => value.is_none(),
            Test::In(values) => among(values),
            Test::NotIn(values) => !among(values),
            Test::Above(limit) => number().is_some_and(|number| number > *limit),
            Test::Below(limit) => number().is_some_and(|number| number < *limit),
        }
    }
}

fn field(kind: &Kind, text: &str) -> Result<(String, bool, String), ApiError> {
    for (sign, equal) in [("!=", false), ("==", true), ("=", true)] {
        if let Some((path, value)) = text.split_once(sign) {
            let path = path.trim();
            if !fields::can_select(kind, path) {
                return Err(ApiError::bad_request(fields::refusal(kind, path)));
            }
            let path = conversion::hub_path(kind, path);
            return Ok((path, equal, value.trim().to_owned()));
        }
    }
    Err(ApiError::bad_request(format!(
        "invalid selector: '{text}'; can't understand '{text}'"
    )))
}

fn field_of(object: &Json, path: &str) -> String {
    let mut here = object;
    for name in path.split('.') {
        here = &here[name];
    }
    match here {
        Json::String(text) => text.clone(),
        // A flag that is not set is not true.
        Json::Null if matches!(path, "spec.unschedulable" | "spec.hostNetwork") => {
            "false".to_owned()
        }
        Json::Null => String::new(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resources::Registry;
    use serde_json::json;

    fn selects(labels: &str, fields: &str) -> bool {
        let object = json!({"metadata": {"name": "a", "labels": {"app": "web", "n": "3"}}, "status": {"phase": "Running"}});
        let registry = Registry::new([]);
        let pod = registry.kind("v1", "Pod").expect("a kind");
        Selector::parse(pod, labels, fields)
            .expect("a selector")
            .matches(&object)
    }

    #[test]
    fn labels_are_compared() {
        assert!(selects("app=web,n", ""));
        assert!(selects("app in (web, db),!x", ""));
        assert!(selects("app notin (db),x!=1,n>2", ""));
        assert!(!selects("app!=web", "") && !selects("x", "") && !selects("app==db", ""));
    }

    #[test]
    fn fields_are_compared() {
        assert!(selects("", "metadata.name=a,status.phase!=Failed"));
        assert!(!selects("", "metadata.name=b"));
    }

    #[test]
    fn not_every_field_selects() {
        let registry = Registry::new([]);
        let refused = |api_version: &str, kind: &str, fields: &str| {
            let kind = registry.kind(api_version, kind).expect("a kind");
            Selector::parse(kind, "", fields)
                .expect_err("a refusal")
                .message
        };
        assert_eq!(
            refused("v1", "Pod", "spec.nope=1"),
            "field label not supported: spec.nope"
        );
        assert_eq!(
            refused("apps/v1", "Deployment", "spec.replicas=1"),
            "\"spec.replicas\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
        );
    }
}
