//! Objects as the rows of a table, the way `kubectl get` shows them.

use http::HeaderMap;
use http::header::ACCEPT;
use serde_json::{Value as Json, json};

use super::query::Query;
use crate::resources::Kind;

mod cell;
mod cluster;
mod custom;
mod network;
mod pod;
mod workload;

pub(super) use pod::status as pod_status;

/// A form other than the objects themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Rows and columns.
    Table,
    /// Objects without anything but their metadata.
    Metadata,
}

/// How a kind is shown: its columns and the cells of one object.
///
/// Columns are names with `_` for spaces; `*` marks those only `-o wide` shows.
#[derive(Clone, Copy)]
struct Layout {
    columns: &'static str,
    cells: fn(&Json) -> Vec<Json>,
}

/// The form a client asks for first.
pub(super) fn wanted(headers: &HeaderMap) -> Option<Form> {
    let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok())?;
    let first = accept.split(',').next().unwrap_or_default();
    if first.contains("as=Table") {
        return Some(Form::Table);
    }
    first
        .contains("as=PartialObjectMetadata")
        .then_some(Form::Metadata)
}

impl Form {
    /// A list of objects in this form; `metadata` is the list's.
    pub(super) fn table(
        self,
        kind: &Kind,
        objects: &[Json],
        metadata: Json,
        query: &Query,
    ) -> Json {
        if self == Self::Metadata {
            return metadata_of(objects, metadata);
        }
        let (columns, cells): (_, Vec<_>) = if let Some(custom) = &kind.custom {
            let cells = objects
                .iter()
                .map(|object| custom::cells(&custom.columns, object));
            (custom::columns(&custom.columns), cells.collect())
        } else {
            let layout = layout(kind);
            let cells = objects.iter().map(|object| (layout.cells)(object));
            (columns(layout.columns), cells.collect())
        };
        let rows: Vec<Json> = objects
            .iter()
            .zip(cells)
            .map(|(object, cells)| row(&cells, object, query.text("includeObject")))
            .collect();
        json!({
            "kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": metadata,
            "columnDefinitions": columns, "rows": rows,
        })
    }

    /// What a watch in this form says to mark how far it has come.
    pub(super) fn bookmark(self, object: &Json, revision: u64) -> Json {
        if self == Self::Metadata {
            return partial(object);
        }
        json!({
            "kind": "Table", "apiVersion": "meta.k8s.io/v1",
            "metadata": {"resourceVersion": revision.to_string()},
            "columnDefinitions": [], "rows": [{"cells": [], "object": object}],
        })
    }
}

fn metadata_of(objects: &[Json], metadata: Json) -> Json {
    match objects {
        [only]
            if metadata.get("continue").is_none()
                && metadata["resourceVersion"] == only["metadata"]["resourceVersion"] =>
        {
            partial(only)
        }
        many => json!({
            "kind": "PartialObjectMetadataList", "apiVersion": "meta.k8s.io/v1", "metadata": metadata,
            "items": many.iter().map(partial).collect::<Vec<_>>(),
        }),
    }
}

fn partial(object: &Json) -> Json {
    json!({"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": object["metadata"]})
}

fn row(cells: &[Json], object: &Json, include: &str) -> Json {
    match include {
        "None" => json!({ "cells": cells }),
        "Object" => json!({"cells": cells, "object": object}),
        _ => json!({"cells": cells, "object": partial(object)}),
    }
}

fn columns(names: &str) -> Vec<Json> {
    names
        .split_whitespace()
        .map(|word| {
            let name = word.trim_start_matches('*').replace('_', " ");
            let priority = i32::from(word.starts_with('*'));
            let format = if name == "Name" { "name" } else { "" };
            json!({"name": name, "type": "string", "format": format, "description": "", "priority": priority})
        })
        .collect()
}

fn layout(kind: &Kind) -> Layout {
    pod::layout(kind)
        .or_else(|| workload::layout(kind))
        .or_else(|| network::layout(kind))
        .or_else(|| cluster::layout(kind))
        .unwrap_or(Layout {
            columns: "Name Created_At",
            cells: named,
        })
}

fn named(object: &Json) -> Vec<Json> {
    vec![
        cell::name(object),
        object["metadata"]["creationTimestamp"].clone(),
    ]
}
