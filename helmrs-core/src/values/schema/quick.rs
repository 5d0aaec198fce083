//! A quick look: does everything hold, or what does not, for certain?
//!
//! Most values keep to their schema, and of those nothing need be told. A quick look walks schema
//! and values as they are, once, without compiling anything. Whatever it is not certain of —
//! schemas that are none, keywords, formats and references it does not know — is left to the full
//! validator.

mod check;
mod draft;
mod exact;
mod explain;
mod instance;
mod reference;
mod shape;
mod verdict;

use super::document::Json;
use super::failure::Failure;
use crate::yaml::Map;
use check::Checker;
pub(super) use draft::{Draft, Shape};
use explain::Explainer;
use verdict::Verdict;

/// What a quick look finds.
#[derive(Debug)]
pub(super) enum Finding {
    /// The schema is well formed, and the values keep to it.
    Kept,
    /// The schema is well formed, and the values break rules.
    Broken(Vec<Failure>),
    /// Somebody else has to look.
    Unsure,
}

/// Looks at a schema and at values.
pub(super) fn look(schema: &Json, values: &Map) -> Finding {
    let Some(draft) = Draft::of(schema) else {
        return Finding::Unsure;
    };
    let mut checker = Checker::new(schema, draft);
    let verdict = checker.check(values);
    if verdict == Verdict::Unsure || !shape::is_understood(schema, draft) {
        return Finding::Unsure;
    }
    if verdict == Verdict::Yes {
        return Finding::Kept;
    }
    match Explainer::new(&mut checker).explain(values) {
        Ok(failures) if !failures.is_empty() => Finding::Broken(failures),
        _ => Finding::Unsure,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value as Other, json};

    use super::super::{Json, NoLoader, SchemaError, validate_fully};
    use super::{Finding, look};
    use crate::values;

    /// Numbers that floats tell apart, so that both ways of comparing agree.
    fn scalar() -> impl Strategy<Value = Other> {
        prop_oneof![
            Just(json!(null)),
            any::<bool>().prop_map(|truth| json!(truth)),
            (-4..5_i64).prop_map(|number| json!(number)),
            (-8..9_i64).prop_map(|quarters| json!(quarters as f64 / 4.0)),
            "[ab0é]{0,3}".prop_map(|text| json!(text)),
        ]
    }

    fn value() -> impl Strategy<Value = Other> {
        scalar().prop_recursive(3, 12, 3, |below| {
            prop_oneof![
                prop::collection::vec(below.clone(), 0..4).prop_map(Other::from),
                prop::collection::btree_map("[abc]", below, 0..4).prop_map(|map| json!(map)),
            ]
        })
    }

    fn rule(schema: BoxedStrategy<Other>) -> impl Strategy<Value = (String, Other)> {
        let named = |names: &'static [&'static str], operand: BoxedStrategy<Other>| {
            (prop::sample::select(names), operand).prop_map(|(name, one)| (name.to_owned(), one))
        };
        let list = prop::collection::vec(schema.clone(), 0..3).prop_map(Other::from);
        let map = prop::collection::btree_map("[abc]", schema.clone(), 0..3).prop_map(|m| json!(m));
        let kind = prop::sample::select(vec![
            json!("null"),
            json!("object"),
            json!("integer"),
            json!("number"),
            json!("string"),
            json!(["array", "string"]),
            json!(["object", "null", "boolean"]),
            json!("strange"),
        ]);
        let names = prop::collection::vec("[abc]", 0..3).prop_map(|names| json!(names));
        let reference = prop::sample::select(vec![
            json!("#"),
            json!("#/properties/a"),
            json!("#/$defs/b"),
            json!("#/definitions/b"),
            json!("#/x"),
            json!("#/nope"),
            json!("#a"),
        ]);
        let pattern = prop::sample::select(vec![json!("^a"), json!("[b0]+$"), json!("(")]);
        prop_oneof![
            4 => named(&["type"], kind.boxed()),
            4 => named(&["properties", "properties", "patternProperties", "definitions", "$defs",
                "dependentSchemas", "dependencies"], map.boxed()),
            2 => named(&["additionalProperties", "items", "contains", "propertyNames", "not", "if",
                "then", "else", "additionalItems", "x"], schema.clone()),
            2 => named(&["allOf", "anyOf", "oneOf", "items", "prefixItems"], list.boxed()),
            1 => named(&["required", "enum", "dependencies"], names.boxed()),
            1 => named(&["$ref"], reference.boxed()),
            1 => named(&["pattern", "format"], pattern.boxed()),
            1 => named(&["const", "default", "minimum", "maximum", "exclusiveMinimum",
                "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "minItems", "maxItems",
                "minContains", "maxContains", "minProperties", "maxProperties", "uniqueItems"],
                scalar().boxed()),
            1 => named(&["enum"], prop::collection::vec(value(), 0..3).prop_map(Other::from).boxed()),
        ]
    }

    fn schema() -> impl Strategy<Value = Other> {
        let leaf = prop_oneof![
            any::<bool>().prop_map(|truth| json!(truth)),
            Just(json!({}))
        ];
        leaf.prop_recursive(4, 24, 4, |below| {
            let rules = prop::collection::vec(rule(below.boxed()), 0..4);
            rules.prop_map(|rules| Other::Object(rules.into_iter().collect()))
        })
    }

    fn read(document: &Other) -> Json {
        helmrs_gotemplate::json::parse(document.to_string().as_bytes()).unwrap()
    }

    proptest! {
        #[test]
        fn what_a_quick_look_is_certain_of_the_full_validator_says_too(
            mut schema in schema(),
            draft in prop::sample::select(vec![
                "http://json-schema.org/draft-04/schema#",
                "http://json-schema.org/draft-06/schema",
                "http://json-schema.org/draft-07/schema#",
                "https://json-schema.org/draft/2019-09/schema",
                "https://json-schema.org/draft/2020-12/schema",
                "http://json-schema.org/schema#",
            ]),
            values in prop::collection::btree_map("[abc]", value(), 0..4),
        ) {
            if let Some(rules) = schema.as_object_mut() {
                rules.insert("$schema".to_owned(), json!(draft));
            }
            let schema = read(&schema);
            let values = values::read(json!(values).to_string().as_bytes()).unwrap();
            let full = validate_fully(&values, &schema, &NoLoader, &mut Vec::new());
            match look(&schema, &values) {
                Finding::Kept => prop_assert_eq!(full, Ok(())),
                Finding::Broken(_) => {
                    let is_broken = matches!(full, Err(SchemaError::Broken { .. }));
                    prop_assert!(is_broken, "the full validator accepts it");
                }
                Finding::Unsure => {}
            }
        }
    }
}
