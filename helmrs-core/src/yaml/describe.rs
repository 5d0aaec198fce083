//! Nodes as Go's `%#v` prints what they decode to: for error texts only.

use helmrs_gotemplate::number::quote;

use super::compose::{Document, NodeId, NodeKind};
use super::number;
use super::resolve::{Meaning, resolve};

/// How deep a description looks; an error text needs no more.
const MAX_DEPTH: usize = 50;

/// The Go syntax of a node's value.
pub(super) fn describe(document: &Document, id: NodeId) -> String {
    if is_null(document, id) {
        return "<nil>".to_owned();
    }
    let mut out = String::new();
    write(document, id, 0, &mut out);
    out
}

fn is_null(document: &Document, id: NodeId) -> bool {
    match &document.nodes[id].kind {
        NodeKind::Scalar(scalar) => matches!(resolve(scalar), Ok(Meaning::Null)),
        NodeKind::Alias { target, .. } => is_null(document, *target),
        _ => false,
    }
}

fn write(document: &Document, id: NodeId, depth: usize, out: &mut String) {
    if depth > MAX_DEPTH {
        out.push('…');
        return;
    }
    match &document.nodes[id].kind {
        NodeKind::Alias { target, .. } => write(document, *target, depth + 1, out),
        NodeKind::Scalar(scalar) => match resolve(scalar) {
            Ok(Meaning::Null) => out.push_str("interface {}(nil)"),
            Ok(Meaning::Bool(value)) => out.push_str(&value.to_string()),
            Ok(Meaning::Integer(value)) => out.push_str(&value.to_string()),
            Ok(Meaning::Unsigned(value)) => out.push_str(&format!("{value:#x}")),
            Ok(Meaning::Float(value)) => out.push_str(&number::general(value)),
            _ => out.push_str(&quote(scalar.text.as_bytes())),
        },
        NodeKind::Sequence(items) => {
            out.push_str("[]interface {}{");
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                write(document, *item, depth + 1, out);
            }
            out.push('}');
        }
        NodeKind::Mapping(entries) => {
            let mut parts: Vec<(String, String)> = entries
                .iter()
                .map(|&(key, value)| {
                    let mut parts = (String::new(), String::new());
                    write(document, key, depth + 1, &mut parts.0);
                    write(document, value, depth + 1, &mut parts.1);
                    parts
                })
                .collect();
            parts.sort();
            let parts: Vec<String> = parts
                .into_iter()
                .map(|(key, value)| format!("{key}:{value}"))
                .collect();
            out.push_str("map[interface {}]interface {}{");
            out.push_str(&parts.join(", "));
            out.push('}');
        }
    }
}
