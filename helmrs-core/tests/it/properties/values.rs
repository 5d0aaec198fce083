//! Laws of values: `--set`, trees over trees, what charts and subcharts get.

use helmrs_core::chart::coalesce::coalesce_values;
use helmrs_core::chart::{Chart, Metadata};
use helmrs_core::values::{merge, set};
use helmrs_core::yaml::{Map, Value, json};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

use super::tree::{map, value};

/// Trees in which a name says whether a table is called so, so that no table ever meets a plain value.
fn shaped() -> impl Strategy<Value = Map> {
    let leaf = || "[0-9]{1,2}".prop_map(Value::String);
    let leaves = move || {
        btree_map("[a-c]", leaf(), 0..3).prop_map(|entries| entries.into_iter().collect::<Map>())
    };
    let tables = leaves().prop_recursive(2, 12, 3, move |inner| {
        let tables = btree_map("[x-z]", inner.prop_map(Value::Map), 0..3);
        (leaves(), tables).prop_map(|(leaves, tables)| leaves.into_iter().chain(tables).collect())
    });
    tables.prop_map(|map: Map| map)
}

fn escaped(text: &str) -> String {
    let escape = |character: char| match character {
        ',' | '.' | '=' | '[' | '{' | '\\' => vec!['\\', character],
        _ => vec![character],
    };
    text.chars().flat_map(escape).collect()
}

/// A table in a table for each key, and the value in the last one.
fn nested(keys: &[String], value: Value) -> Map {
    let (key, rest) = keys.split_first().expect("there is a key");
    let value = match rest {
        [] => value,
        _ => Value::Map(nested(rest, value)),
    };
    Map::from([(key.clone(), value)])
}

fn chart(name: &str, values: Map, dependencies: Vec<Chart>) -> Chart {
    Chart {
        metadata: Metadata {
            name: name.to_owned(),
            ..Metadata::default()
        },
        values: Some(values),
        dependencies,
        ..Chart::default()
    }
}

fn coalesced(chart: &Chart, values: &Map) -> Map {
    coalesce_values(chart, values, &mut Vec::new()).expect("no subchart is no table")
}

proptest! {
    #[test]
    fn what_is_set_is_read_back(keys in vec("[a-c=.,{}\\[\\]\\\\ é]{1,4}", 1..5), text in "[ -~é]{0,12}") {
        let path: Vec<String> = keys.iter().map(|key| escaped(key)).collect();
        let mut values = Map::new();
        set::parse_string_into(&mut values, &format!("{}={}", path.join("."), escaped(&text))).unwrap();
        prop_assert_eq!(values, nested(&keys, Value::String(text)));
    }

    #[test]
    fn what_is_set_literally_needs_no_escapes(keys in vec("[a-c]{1,4}", 1..5), text in "[ -~é\n]{0,12}") {
        let mut values = Map::new();
        set::parse_literal_into(&mut values, &format!("{}={text}", keys.join("."))).unwrap();
        prop_assert_eq!(values, nested(&keys, Value::String(text)));
    }

    #[test]
    fn what_is_set_as_json_is_that_json(keys in vec("[a-c]{1,4}", 1..5), value in value()) {
        let mut values = Map::new();
        let json = json::to_json(&value).unwrap();
        set::parse_json_into(&mut values, &format!("{}={json}", keys.join("."))).unwrap();
        prop_assert_eq!(values, nested(&keys, value));
    }

    #[test]
    fn numbers_set_are_integers(number in any::<i64>()) {
        let mut values = Map::new();
        set::parse_into(&mut values, &format!("n={number}")).unwrap();
        prop_assert_eq!(&values["n"], &Value::Integer(number));
    }

    #[test]
    fn elements_set_in_any_order_are_a_list(order in Just((0..6_usize).collect::<Vec<_>>()).prop_shuffle()) {
        let mut values = Map::new();
        for index in order {
            set::parse_into(&mut values, &format!("list[{index}]={index}")).unwrap();
        }
        prop_assert_eq!(&values["list"], &Value::List((0..6).map(Value::Integer).collect()));
    }

    #[test]
    fn merging_with_nothing_or_itself_changes_nothing(values in map()) {
        prop_assert_eq!(merge(values.clone(), Map::new()), values.clone());
        prop_assert_eq!(merge(Map::new(), values.clone()), values.clone());
        prop_assert_eq!(merge(values.clone(), values.clone()), values);
    }

    #[test]
    fn merging_is_associative(one in shaped(), two in shaped(), three in shaped()) {
        let left = merge(merge(one.clone(), two.clone()), three.clone());
        prop_assert_eq!(left, merge(one, merge(two, three)));
    }

    #[test]
    fn the_later_of_two_trees_wins(below in map(), above in map()) {
        let merged = merge(below, above.clone());
        prop_assert_eq!(merge(merged.clone(), above), merged);
    }

    #[test]
    fn a_chart_without_defaults_leaves_values_alone(values in map()) {
        prop_assert_eq!(coalesced(&chart("web", Map::new(), Vec::new()), &values), values);
    }

    #[test]
    fn coalescing_lays_the_users_values_over_the_charts(defaults in shaped(), values in shaped()) {
        let chart = chart("web", defaults.clone(), Vec::new());
        prop_assert_eq!(coalesced(&chart, &values), merge(defaults, values));
    }

    #[test]
    fn coalescing_twice_is_coalescing_once(defaults in map(), sub in map(), values in map()) {
        let chart = chart("web", defaults, vec![chart("sub", sub, Vec::new())]);
        let once = coalesced(&chart, &values);
        prop_assert_eq!(coalesced(&chart, &once), once);
    }

    #[test]
    fn a_null_of_the_users_deletes_a_default(defaults in map(), key in "[a-d]") {
        let values = Map::from([(key.clone(), Value::Null)]);
        let mut left = coalesced(&chart("web", defaults.clone(), Vec::new()), &values);
        let mut wanted = defaults;
        if wanted.remove(&key).is_none() {
            // What deletes nothing stays to be seen.
            prop_assert_eq!(left.remove(&key), Some(Value::Null));
        }
        prop_assert_eq!(left, wanted);
    }

    #[test]
    fn globals_reach_every_level(globals in map(), own in map(), depth in 1..4_usize) {
        let names = ["one", "two", "three"];
        let innermost = chart("leaf", own.clone(), Vec::new());
        let nest = |inner, name: &&str| chart(name, own.clone(), vec![inner]);
        let web = names.iter().take(depth).fold(innermost, nest);
        let globals = Value::Map(globals);
        let values = coalesced(&web, &Map::from([("global".to_owned(), globals.clone())]));
        let mut values = Value::Map(values);
        let inner = names.iter().take(depth - 1).rev().chain(&["leaf"]);
        for name in inner {
            values = values.get(name).cloned().expect("a subchart has values");
            prop_assert_eq!(values.get("global"), Some(&globals), "{}", name);
        }
    }
}
