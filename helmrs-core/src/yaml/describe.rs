//! Nodes as Go's `%#v` prints what they decode to: for error texts only.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use helmrs_gotemplate::number::quote;

use super::compose::{Document, NodeId, NodeKind};
use super::number;
use super::resolve::{Meaning, resolve};

/// How deep a description looks; an error text needs no more.
const MAX_DEPTH: usize = 50;

/// The Go syntax of a node's value.
pub(super) fn describe(document: &Document<'_>, id: NodeId) -> String {
    if is_null(document, id) {
        return "<nil>".to_owned();
    }
    let mut out = String::new();
    write_value(document, id, 0, &mut out);
    out
}

fn is_null(document: &Document<'_>, id: NodeId) -> bool {
    match &document.nodes[id].kind {
        NodeKind::Scalar(scalar) => matches!(resolve(scalar), Ok(Meaning::Null)),
        NodeKind::Alias { target, .. } => is_null(document, *target),
        _ => false,
    }
}

fn write_value(document: &Document<'_>, id: NodeId, depth: usize, out: &mut String) {
    if depth > MAX_DEPTH {
        out.push('…');
        return;
    }
    match &document.nodes[id].kind {
        NodeKind::Alias { target, .. } => write_value(document, *target, depth + 1, out),
        NodeKind::Scalar(scalar) => match resolve(scalar) {
            Ok(Meaning::Null) => out.push_str("interface {}(nil)"),
            Ok(Meaning::Bool(value)) => out.push_str(&value.to_string()),
            Ok(Meaning::Integer(value)) => out.push_str(&value.to_string()),
            Ok(Meaning::Unsigned(value)) => {
                let _ = write!(out, "{value:#x}");
            }
            Ok(Meaning::Float(value)) => out.push_str(&number::general(value)),
            _ => out.push_str(&quote(scalar.text.as_bytes())),
        },
        NodeKind::Sequence(items) => {
            out.push_str("[]interface {}{");
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                write_value(document, *item, depth + 1, out);
            }
            out.push('}');
        }
        NodeKind::Mapping(_) => {
            let mut entries = BTreeMap::new();
            collect(document, id, depth, &mut entries);
            let parts: Vec<String> = entries
                .into_iter()
                .map(|(key, value)| format!("{key}:{value}"))
                .collect();
            out.push_str("map[interface {}]interface {}{");
            out.push_str(&parts.join(", "));
            out.push('}');
        }
    }
}

/// The entries of a mapping, with those it merges.
fn collect(document: &Document<'_>, id: NodeId, depth: usize, out: &mut BTreeMap<String, String>) {
    match &document.nodes[id].kind {
        NodeKind::Alias { target, .. } if depth <= MAX_DEPTH => {
            collect(document, *target, depth + 1, out);
        }
        NodeKind::Sequence(items) if depth <= MAX_DEPTH => {
            for item in items.iter().rev() {
                collect(document, *item, depth + 1, out);
            }
        }
        NodeKind::Mapping(entries) if depth <= MAX_DEPTH => {
            for &(key, value) in entries {
                if document.is_merge(key) {
                    collect(document, value, depth + 1, out);
                    continue;
                }
                let (mut name, mut text) = (String::new(), String::new());
                write_value(document, key, depth + 1, &mut name);
                write_value(document, value, depth + 1, &mut text);
                out.insert(name, text);
            }
        }
        _ => {}
    }
}
