//! Files on their way to a post-renderer and back.

use std::collections::BTreeMap;

use helmrs_core::error_chain::joined;
use helmrs_core::release::post_render::{FILE_ANNOTATION, merge, unmerge};
use proptest::prelude::*;

fn files(text: &str) -> BTreeMap<String, Vec<u8>> {
    BTreeMap::from([("c/templates/a.yaml".to_owned(), text.as_bytes().to_vec())])
}

/// What is left of a file after its way through a post-renderer that changes nothing.
fn through(text: &str) -> Option<String> {
    let merged = merge(&files(text)).ok()?;
    let mut back = unmerge(merged.as_bytes()).ok()?;
    Some(String::from_utf8_lossy(&back.remove("c/templates/a.yaml")?).into_owned())
}

#[test]
fn comments_and_styles_stay() {
    let text = "# head\nkind: A # line\nlist:\n# item\n- 'it''s'\n- \"a\\tb\"\n# foot\n\ntext: |-\n  a\n   b\n";
    assert_eq!(through(text).as_deref(), Some(text));
}

#[test]
fn documents_say_where_they_come_from() {
    let merged = merge(&files(
        "kind: A\n---\nkind: B\nmetadata:\n  annotations: {}\n",
    ))
    .expect("two documents");
    assert_eq!(merged.matches(FILE_ANNOTATION).count(), 2);
    let back = unmerge(b"kind: A\n---\nkind: B\n").expect("two documents");
    let names: Vec<_> = back.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "generated-by-postrender-0.yaml",
            "generated-by-postrender-1.yaml"
        ]
    );
}

#[test]
fn what_is_no_object_is_refused() {
    let error = unmerge(b"- a\n").expect_err("a list is no object");
    assert_eq!(
        joined(&error),
        "error parsing YAML: wrong node kind: expected MappingNode but got SequenceNode: node contents:\n- a\n"
    );
    let error = unmerge(b"a: 1\n").expect_err("an object has a kind");
    assert_eq!(
        joined(&error),
        "getting metadata: missing Resource metadata"
    );
}

#[test]
fn depth_ends_where_the_scanner_ends_it() {
    let deep = |depth: usize| format!("kind: A\na: {}{}\n", "[".repeat(depth), "]".repeat(depth));
    assert!(through(&deep(900)).is_some());
    assert!(merge(&files(&deep(20_000))).is_err());
}

/// A line of YAML, or something like one.
fn line() -> impl Strategy<Value = String> {
    let words = [
        "a: 1",
        "b:",
        "- x",
        "- c: 2",
        "# d",
        "",
        "e: |",
        "f: [1, {g: h}]",
        "i: 'j'",
        "k: >-",
        "&l m: *l",
        "- - n",
    ];
    let word = prop::sample::select(words.to_vec());
    (0..4_usize, word, prop::option::of(Just(" # o"))).prop_map(|(depth, word, comment)| {
        format!(
            "{}{word}{}\n",
            "  ".repeat(depth),
            comment.unwrap_or_default()
        )
    })
}

proptest! {
    #[test]
    fn what_is_written_can_be_read_again(lines in prop::collection::vec(line(), 0..12)) {
        let text = format!("kind: A\n{}", lines.concat());
        if let Ok(merged) = merge(&files(&text)) {
            prop_assert!(unmerge(merged.as_bytes()).is_ok(), "{merged}");
        }
    }
}
