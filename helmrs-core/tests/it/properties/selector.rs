//! Laws of label selectors.

use std::collections::BTreeMap;

use helmrs_core::selector::Selector;
use proptest::prelude::*;

/// What a selector is written with, so that texts come near to being one.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a", "b", "in", "notin", "1", "-", "/", "é", "=", "==", "!=", "!", "<", ">", ",", "(", ")",
        " ", "\t",
    ]);
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn labels() -> impl Strategy<Value = BTreeMap<String, String>> {
    prop::collection::btree_map("[a-c]", "[a-c1-3]?", 0..3)
}

fn matches(selector: &str, labels: &BTreeMap<String, String>) -> bool {
    Selector::parse(selector)
        .expect("it is a selector")
        .matches(labels)
}

proptest! {
    #[test]
    fn any_text_is_a_selector_or_an_error(text in prop_oneof![pieces(), any::<String>()], labels in labels()) {
        if let Ok(selector) = Selector::parse(&text) {
            selector.matches(&labels);
        }
    }

    #[test]
    fn an_operator_and_its_opposite_part_all_labels(key in "[a-c]", value in "[a-c1-3]?", labels in labels()) {
        for (one, other) in [
            (format!("{key}={value}"), format!("{key}!={value}")),
            (format!("{key} in ({value},b)"), format!("{key} notin ({value},b)")),
            (key.clone(), format!("!{key}")),
        ] {
            prop_assert_ne!(matches(&one, &labels), matches(&other, &labels), "{} {}", one, other);
        }
    }

    #[test]
    fn a_comma_asks_for_both(one in "[a-c](=[a-c])?", other in "!?[a-c]", labels in labels()) {
        let both = matches(&format!("{one},{other}"), &labels);
        prop_assert_eq!(both, matches(&one, &labels) && matches(&other, &labels));
    }
}
