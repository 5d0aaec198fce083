//! What the report says of each broken rule.

use boon::ErrorKind;
use serde_json::Value;

use super::format;
use super::number::{count, float};
use super::patterns::unmarked;

/// The sentence for a broken rule.
// Parity: santhosh-tekuri/jsonschema v6, kind/kind.go.
pub(super) fn wording(kind: &ErrorKind<'_, '_>) -> String {
    match kind {
        ErrorKind::Schema { url } => format!("jsonschema validation failed with {}", quote(url)),
        ErrorKind::Group | ErrorKind::Reference { .. } => "validation failed".to_owned(),
        ErrorKind::ContentSchema => "'contentSchema' failed".to_owned(),
        ErrorKind::PropertyName { prop } => {
            format!("invalid propertyName {}", quote(unmarked(prop)))
        }
        ErrorKind::RefCycle {
            url,
            kw_loc1,
            kw_loc2,
        } => {
            let url = super::quoted(url);
            format!("both {kw_loc1} and {kw_loc2} resolve to {url} causing reference cycle")
        }
        ErrorKind::FalseSchema => "false schema".to_owned(),
        ErrorKind::Type { got, want } => {
            let want: Vec<String> = want.iter().map(|kind| kind.to_string()).collect();
            format!("got {got}, want {}", want.join(" or "))
        }
        ErrorKind::Enum { want } => listed(want),
        ErrorKind::Const {
            want: Value::Array(_) | Value::Object(_),
        } => "'const' failed".to_owned(),
        ErrorKind::Const { want } => format!("value must be {}", shown(want)),
        ErrorKind::Format { got, want, err } => match got.as_ref() {
            Value::String(text) => {
                let text = if *want == "regex" {
                    unmarked(text)
                } else {
                    text
                };
                let problem = format::problem(want, text).unwrap_or_else(|| err.to_string());
                not_of_format(text, want, &problem)
            }
            other => format!("{} is not valid {want}: {err}", shown(other)),
        },
        ErrorKind::MinProperties { got, want } => counts("minProperties", *got, *want),
        ErrorKind::MaxProperties { got, want } => counts("maxProperties", *got, *want),
        ErrorKind::AdditionalProperties { got } => {
            let names: Vec<&str> = got.iter().map(AsRef::as_ref).collect();
            not_allowed(&names)
        }
        ErrorKind::Required { want } => missing(want),
        ErrorKind::Dependency { prop, missing }
        | ErrorKind::DependentRequired { prop, missing } => needed(missing, prop),
        ErrorKind::MinItems { got, want } => counts("minItems", *got, *want),
        ErrorKind::MaxItems { got, want } => counts("maxItems", *got, *want),
        ErrorKind::Contains => "no items match contains schema".to_owned(),
        ErrorKind::MinContains { got, want } => contained("min", got, *want),
        ErrorKind::MaxContains { got, want } => contained("max", got, *want),
        ErrorKind::UniqueItems {
            got: [first, second],
        } => equal_items(*first, *second),
        ErrorKind::AdditionalItems { got } => too_many(*got),
        ErrorKind::MinLength { got, want } => counts("minLength", *got, *want),
        ErrorKind::MaxLength { got, want } => counts("maxLength", *got, *want),
        ErrorKind::Pattern { got, want } => unmatched(got, want),
        ErrorKind::ContentEncoding { want, err } => {
            format!("value is not {} encoded: {err}", quote(want))
        }
        ErrorKind::ContentMediaType { want, err, .. } => {
            format!("value if not of mediatype {}: {err}", quote(want))
        }
        ErrorKind::Minimum { got, want } => floats("minimum", got, want),
        ErrorKind::Maximum { got, want } => floats("maximum", got, want),
        ErrorKind::ExclusiveMinimum { got, want } => floats("exclusiveMinimum", got, want),
        ErrorKind::ExclusiveMaximum { got, want } => floats("exclusiveMaximum", got, want),
        ErrorKind::MultipleOf { got, want } => floats("multipleOf", got, want),
        ErrorKind::Not => "'not' failed".to_owned(),
        ErrorKind::AllOf => "'allOf' failed".to_owned(),
        ErrorKind::AnyOf => "'anyOf' failed".to_owned(),
        ErrorKind::OneOf(None) => "'oneOf' failed, none matched".to_owned(),
        ErrorKind::OneOf(Some((first, second))) => both_matched(*first, *second),
    }
}

fn listed(want: &[Value]) -> String {
    if want
        .iter()
        .any(|value| matches!(value, Value::Array(_) | Value::Object(_)))
    {
        return "'enum' failed".to_owned();
    }
    one_of(&want.iter().map(shown).collect::<Vec<_>>())
}

pub(super) fn one_of(want: &[String]) -> String {
    match want {
        [one] => format!("value must be {one}"),
        _ => format!("value must be one of {}", want.join(", ")),
    }
}

pub(super) fn missing(names: &[&str]) -> String {
    match names {
        [name] => format!("missing property {}", quote(name)),
        names => format!("missing properties {}", all_quoted(names)),
    }
}

pub(super) fn needed(missing: &[&str], name: &str) -> String {
    let (missing, name) = (all_quoted(missing), quote(name));
    format!("properties {missing} required, if {name} exists")
}

pub(super) fn not_allowed(names: &[&str]) -> String {
    format!("additional properties {} not allowed", all_quoted(names))
}

pub(super) fn too_many(items: usize) -> String {
    format!("last {} additionalItem(s) not allowed", count(items))
}

pub(super) fn equal_items(first: usize, second: usize) -> String {
    let (first, second) = (count(first), count(second));
    format!("items at {first} and {second} are equal")
}

pub(super) fn both_matched(first: usize, second: usize) -> String {
    let (first, second) = (count(first), count(second));
    format!("'oneOf' failed, subschemas {first}, {second} matched")
}

pub(super) fn unmatched(text: &str, pattern: &str) -> String {
    let (text, pattern) = (quote(text), quote(pattern));
    format!("{text} does not match pattern {pattern}")
}

pub(super) fn not_of_format(text: &str, format: &str, problem: &str) -> String {
    format!("{} is not valid {format}: {problem}", quote(text))
}

pub(super) fn counts(rule: &str, got: usize, want: usize) -> String {
    format!("{rule}: got {}, want {}", count(got), count(want))
}

fn floats(rule: &str, got: &serde_json::Number, want: &serde_json::Number) -> String {
    let [got, want] = [got, want].map(|number| number.as_f64().unwrap_or(f64::NAN));
    numbers(rule, got, want)
}

pub(super) fn numbers(rule: &str, got: f64, want: f64) -> String {
    let [got, want] = [got, want].map(float);
    format!("{rule}: got {got}, want {want}")
}

pub(super) fn contained(bound: &str, got: &[usize], want: usize) -> String {
    let want = count(want);
    if got.is_empty() {
        return format!("{bound} {want} items required to match contains schema, but none matched");
    }
    let places: Vec<String> = got.iter().map(ToString::to_string).collect();
    let (matched, places) = (count(got.len()), places.join(" "));
    format!(
        "{bound} {want} items required to match contains schema, but matched {matched} items at {places}"
    )
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => quote(text),
        Value::Array(_) | Value::Object(_) => "value".to_owned(),
        Value::Null => "<nil>".to_owned(),
        other => other.to_string(),
    }
}

fn all_quoted(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| quote(name)).collect();
    names.join(", ")
}

/// A text in single quotes.
// Parity: santhosh-tekuri/jsonschema v6, kind/kind.go, quote.
pub(super) fn quote(text: &str) -> String {
    let quoted = super::quoted(text)
        .replace("\\\"", "\"")
        .replace('\'', "\\'");
    let inner = quoted.get(1..quoted.len() - 1).unwrap_or_default();
    format!("'{inner}'")
}

#[cfg(test)]
mod tests {
    use super::quote;

    #[test]
    fn only_single_quotes_are_escaped() {
        assert_eq!(quote(r#"it's "x""#), r#"'it\'s "x"'"#);
    }
}
