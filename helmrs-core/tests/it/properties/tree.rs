//! Trees to try laws with.

use helmrs_core::yaml::{Map, Value};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

/// Any tree without nulls, which merge patches cannot write; numbers are as JSON reads them.
pub(crate) fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::Bool),
        any::<i32>().prop_map(|number| Value::Float(f64::from(number))),
        "[a-z<>&\u{2028}é\"\\\\ ]{0,6}".prop_map(Value::String),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::List),
            btree_map("[a-d]", inner, 0..4)
                .prop_map(|entries| Value::Map(entries.into_iter().collect())),
        ]
    })
}

pub(crate) fn map() -> impl Strategy<Value = Map> {
    btree_map("[a-d]", value(), 0..4).prop_map(|entries| entries.into_iter().collect())
}
