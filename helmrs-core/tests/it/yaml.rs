//! What YAML texts mean, and how their values are written again.

use helmrs_core::toml;
use helmrs_core::yaml::{self, Map, Value, json};
use proptest::prelude::*;
use std::fmt::Write as _;

use crate::goldens;
use crate::properties::tree;

/// A text's mapping, or the error as `fromYaml` hands it to templates.
fn from_yaml(text: &str) -> Value {
    let map = yaml::parse_map(text.as_bytes())
        .unwrap_or_else(|error| Map::from([("Error".to_owned(), Value::from(error.to_string()))]));
    Value::Map(map)
}

#[test]
fn texts_mean_what_the_reference_says() {
    goldens::each("yaml", |case| {
        let value = from_yaml(&goldens::text(&case.join("input.yaml")));
        let actual = json::to_json(&value).expect("texts hold finite numbers only");
        (actual + "\n", goldens::text(&case.join("fromYaml.json")))
    });
}

#[test]
fn values_are_written_as_the_reference_writes_them() {
    goldens::each("yaml", |case| {
        let value = from_yaml(&goldens::text(&case.join("input.yaml")));
        (
            yaml::to_yaml(&value).unwrap_or_default(),
            goldens::text(&case.join("toYaml")),
        )
    });
    goldens::each("yaml", |case| {
        let value = from_yaml(&goldens::text(&case.join("input.yaml")));
        (
            yaml::to_yaml_pretty(&yaml::Node::from(&value)),
            goldens::text(&case.join("toYamlPretty")),
        )
    });
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<f64>()
            .prop_filter("finite", |float| float.is_finite())
            .prop_map(Value::Float),
        any::<i32>().prop_map(|number| Value::Float(f64::from(number))),
        "\\PC{0,100}".prop_map(Value::String),
        "[ -~é\n\t]{0,12}".prop_map(Value::String),
        "(y|no|~|0x1|1_0|<<|- a|a: b|#|[0-9]{4}-01-01)".prop_map(Value::String),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::List),
            prop::collection::btree_map("[a-z0-9: ]{0,8}", inner, 0..5)
                .prop_map(|entries| Value::Map(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(value in values()) {
        let text = yaml::to_yaml(&value).expect("no number is infinite");
        prop_assert_eq!(yaml::parse(text.as_bytes()), Ok(value.clone()));
        for text in [json::to_json(&value), json::to_json_raw(&value), json::to_json_pretty(&value, " ")] {
            prop_assert_eq!(json::parse(text.expect("no number is infinite").as_bytes()), Ok(value.clone()));
        }
    }

    /// Not so for every text: the reference itself writes a block that begins with a tab, which is no YAML.
    #[test]
    fn what_is_written_pretty_is_read_back(value in tree::value()) {
        let text = yaml::to_yaml_pretty(&yaml::Node::from(&value));
        prop_assert_eq!(yaml::parse(text.as_bytes()), Ok(value));
    }

    /// Not so for nulls, which leave a comma behind in a table within a list.
    #[test]
    fn what_is_written_of_toml_is_written_again(map in tree::map()) {
        if let Ok(text) = toml::to_toml(&toml::Value::from(&Value::Map(map))) {
            let table = toml::parse(&text).expect("what is written is TOML");
            prop_assert_eq!(toml::to_toml(&toml::Value::Table(table)), Ok(text));
        }
    }

    #[test]
    fn any_bytes_are_yaml_json_and_toml_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..256)) {
        let _ = yaml::parse(&bytes);
        let _ = yaml::parse_strict(&bytes);
        let _ = json::parse(&bytes);
        let _ = toml::parse(&bytes);
    }

    #[test]
    fn any_marks_are_yaml_and_toml_or_an_error(text in "[-\\[\\]{}:,?&*!|>'\"%@`#ab1. \n\t=]{0,40}") {
        let _ = yaml::parse_strict(text.as_bytes());
        let _ = toml::parse(text.as_bytes());
    }

    #[test]
    fn any_argument_sets_values_or_is_an_error(text in "[a-c.\\[\\]=,{}\\\\0-9\"-]{0,40}") {
        let mut values = Map::new();
        let _ = helmrs_core::values::set::parse_into(&mut values, &text);
        let _ = helmrs_core::values::set::parse_json_into(&mut values, &text);
        let _ = helmrs_core::values::set::parse_literal_into(&mut values, &text);
    }
}

#[test]
fn deep_texts_are_refused_and_not_followed() {
    let error = yaml::parse("[".repeat(20_000).as_bytes()).expect_err("too deep");
    assert_eq!(
        error.to_string(),
        "error converting YAML to JSON: yaml: exceeded max depth of 10000"
    );
    assert!(yaml::parse("- ".repeat(20_000).as_bytes()).is_err());
    assert!(json::parse("[".repeat(200_000).as_bytes()).is_err());
}

#[test]
fn texts_made_of_aliases_are_refused() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..8 {
        let below = format!("*a{}, ", level - 1).repeat(10);
        writeln!(text, "a{level}: &a{level} [{below}]").expect("a string takes all");
    }
    let error = yaml::parse(text.as_bytes()).expect_err("a bomb");
    assert_eq!(
        error.to_string(),
        "error converting YAML to JSON: yaml: document contains excessive aliasing"
    );
}
