//! What the report says of each broken rule.

use boon::ErrorKind;
use helmrs_gotemplate::regexp::Regexp;
use serde_json::Value;

use super::number::{count, float};

/// The sentence for a broken rule.
// Parity: santhosh-tekuri/jsonschema v6, kind/kind.go.
#[expect(clippy::too_many_lines, reason = "one arm for each kind of rule")]
pub(super) fn wording(kind: &ErrorKind<'_, '_>) -> String {
    match kind {
        ErrorKind::Schema { url } => format!("jsonschema validation failed with {}", quote(url)),
        ErrorKind::Group | ErrorKind::Reference { .. } => "validation failed".to_owned(),
        ErrorKind::ContentSchema => "'contentSchema' failed".to_owned(),
        ErrorKind::PropertyName { prop } => format!("invalid propertyName {}", quote(prop)),
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
        ErrorKind::Enum { want } => one_of(want),
        ErrorKind::Const {
            want: Value::Array(_) | Value::Object(_),
        } => "'const' failed".to_owned(),
        ErrorKind::Const { want } => format!("value must be {}", shown(want)),
        ErrorKind::Format { got, want, err } => {
            format!(
                "{} is not valid {want}: {}",
                shown(got),
                format_problem(got, want, &err.to_string())
            )
        }
        ErrorKind::MinProperties { got, want } => counts("minProperties", *got, *want),
        ErrorKind::MaxProperties { got, want } => counts("maxProperties", *got, *want),
        ErrorKind::AdditionalProperties { got } => {
            let names: Vec<&str> = got.iter().map(AsRef::as_ref).collect();
            format!("additional properties {} not allowed", all_quoted(&names))
        }
        ErrorKind::Required { want } => match want.as_slice() {
            [name] => format!("missing property {}", quote(name)),
            names => format!("missing properties {}", all_quoted(names)),
        },
        ErrorKind::Dependency { prop, missing }
        | ErrorKind::DependentRequired { prop, missing } => {
            format!(
                "properties {} required, if {} exists",
                all_quoted(missing),
                quote(prop)
            )
        }
        ErrorKind::MinItems { got, want } => counts("minItems", *got, *want),
        ErrorKind::MaxItems { got, want } => counts("maxItems", *got, *want),
        ErrorKind::Contains => "no items match contains schema".to_owned(),
        ErrorKind::MinContains { got, want } => contained("min", got, *want),
        ErrorKind::MaxContains { got, want } => contained("max", got, *want),
        ErrorKind::UniqueItems {
            got: [first, second],
        } => {
            format!(
                "items at {} and {} are equal",
                count(*first),
                count(*second)
            )
        }
        ErrorKind::AdditionalItems { got } => {
            format!("last {} additionalItem(s) not allowed", count(*got))
        }
        ErrorKind::MinLength { got, want } => counts("minLength", *got, *want),
        ErrorKind::MaxLength { got, want } => counts("maxLength", *got, *want),
        ErrorKind::Pattern { got, want } => {
            format!("{} does not match pattern {}", quote(got), quote(want))
        }
        ErrorKind::ContentEncoding { want, err } => {
            format!("value is not {} encoded: {err}", quote(want))
        }
        ErrorKind::ContentMediaType { want, err, .. } => {
            format!("value if not of mediatype {}: {err}", quote(want))
        }
        ErrorKind::Minimum { got, want } => numbers("minimum", got, want),
        ErrorKind::Maximum { got, want } => numbers("maximum", got, want),
        ErrorKind::ExclusiveMinimum { got, want } => numbers("exclusiveMinimum", got, want),
        ErrorKind::ExclusiveMaximum { got, want } => numbers("exclusiveMaximum", got, want),
        ErrorKind::MultipleOf { got, want } => numbers("multipleOf", got, want),
        ErrorKind::Not => "'not' failed".to_owned(),
        ErrorKind::AllOf => "'allOf' failed".to_owned(),
        ErrorKind::AnyOf => "'anyOf' failed".to_owned(),
        ErrorKind::OneOf(None) => "'oneOf' failed, none matched".to_owned(),
        ErrorKind::OneOf(Some((first, second))) => {
            let (first, second) = (count(*first), count(*second));
            format!("'oneOf' failed, subschemas {first}, {second} matched")
        }
    }
}

fn one_of(want: &[Value]) -> String {
    if want
        .iter()
        .any(|value| matches!(value, Value::Array(_) | Value::Object(_)))
    {
        return "'enum' failed".to_owned();
    }
    let want: Vec<String> = want.iter().map(shown).collect();
    match want.as_slice() {
        [one] => format!("value must be {one}"),
        _ => format!("value must be one of {}", want.join(", ")),
    }
}

/// Go's own words for a pattern that is none.
fn format_problem(got: &Value, want: &str, problem: &str) -> String {
    match got {
        Value::String(pattern) if want == "regex" => Regexp::compile(pattern)
            .err()
            .map_or_else(|| problem.to_owned(), |error| error.to_string()),
        _ => problem.to_owned(),
    }
}

fn counts(rule: &str, got: usize, want: usize) -> String {
    format!("{rule}: got {}, want {}", count(got), count(want))
}

fn numbers(rule: &str, got: &serde_json::Number, want: &serde_json::Number) -> String {
    let [got, want] = [got, want].map(|number| float(number.as_f64().unwrap_or(f64::NAN)));
    format!("{rule}: got {got}, want {want}")
}

fn contained(bound: &str, got: &[usize], want: usize) -> String {
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
