//! Kinds that CustomResourceDefinitions define.

use std::sync::Arc;

use serde_json::Value as Json;

use super::Kind;
use crate::schema;

/// What a version of a CustomResourceDefinition says beyond names.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Custom {
    /// `openAPIV3Schema`, or null.
    pub(crate) schema: Json,
    /// `additionalPrinterColumns`.
    pub(crate) columns: Vec<Json>,
    /// `subresources.scale`, or null.
    pub(crate) scale: Json,
    /// The paths in `selectableFields`.
    pub(crate) selectable: Vec<String>,
    /// `spec.preserveUnknownFields`.
    pub(crate) preserve_unknown_fields: bool,
}

const VERBS: &[&str] = &[
    "delete",
    "deletecollection",
    "get",
    "list",
    "patch",
    "create",
    "update",
    "watch",
];

/// The kinds of a definition: one for each served version, the newest first.
pub(super) fn kinds(definition: &Json) -> Vec<Kind> {
    let mut kinds: Vec<Kind> = definition["spec"]["versions"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|version| version["served"] == true)
        .map(|version| kind(definition, version))
        .collect();
    kinds.sort_by_key(|kind| std::cmp::Reverse(version_rank(&kind.version)));
    kinds
}

fn kind(definition: &Json, version: &Json) -> Kind {
    let spec = &definition["spec"];
    let accepted = &definition["status"]["acceptedNames"];
    let names = if accepted["plural"]
        .as_str()
        .is_some_and(|plural| !plural.is_empty())
    {
        accepted
    } else {
        &spec["names"]
    };
    let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    let texts = |value: &Json| {
        let values = value.as_array().into_iter().flatten();
        values
            .filter_map(Json::as_str)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let (group, plural, kind) = (
        text(&spec["group"]),
        text(&names["plural"]),
        text(&names["kind"]),
    );
    let mut subresources = Vec::new();
    for name in ["status", "scale"] {
        if version["subresources"].get(name).is_some() {
            subresources.push(name);
        }
    }
    let or = |value: &Json, default: String| value.as_str().map_or(default, str::to_owned);
    Kind {
        list_kind: or(&names["listKind"], format!("{kind}List")),
        singular: or(&names["singular"], kind.to_lowercase()),
        short_names: texts(&names["shortNames"]),
        categories: texts(&names["categories"]),
        namespaced: spec["scope"] == "Namespaced",
        verbs: VERBS.to_vec(),
        subresources,
        storage: Arc::from(format!("{group}/{plural}")),
        shape: schema::from_definition(&version["schema"]["openAPIV3Schema"]),
        custom: Some(Arc::new(Custom {
            schema: version["schema"]["openAPIV3Schema"].clone(),
            columns: version["additionalPrinterColumns"]
                .as_array()
                .cloned()
                .unwrap_or_default(),
            scale: version["subresources"]["scale"].clone(),
            selectable: version["selectableFields"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|field| text(&field["jsonPath"]))
                .collect(),
            preserve_unknown_fields: spec["preserveUnknownFields"] == true,
        })),
        version: text(&version["name"]),
        group,
        plural,
        kind,
    }
}

/// Orders versions as Kubernetes does: `v2` over `v1` over `v1beta2` over `v1alpha1` over the rest.
fn version_rank(version: &str) -> (u8, u64, u64) {
    let stages = [("beta", 2), ("alpha", 1)];
    let Some(rest) = version.strip_prefix('v') else {
        return (0, 0, 0);
    };
    if let Ok(major) = rest.parse() {
        return (3, major, 0);
    }
    for (word, rank) in stages {
        if let Some((major, minor)) = rest.split_once(word)
            && let (Ok(major), Ok(minor)) = (major.parse(), minor.parse())
        {
            return (rank, major, minor);
        }
    }
    (0, 0, 0)
}

#[cfg(test)]
mod tests {
    use super::version_rank;

    #[test]
    fn versions_are_ordered_by_stage_then_number() {
        let mut versions = ["v1alpha1", "v1", "foo", "v2beta1", "v10", "v2"];
        versions.sort_by_key(|version| std::cmp::Reverse(version_rank(version)));
        assert_eq!(versions, ["v10", "v2", "v1", "v2beta1", "v1alpha1", "foo"]);
    }
}
