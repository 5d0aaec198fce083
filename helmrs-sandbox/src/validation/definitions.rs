//! The rules of CustomResourceDefinitions: names, versions, and schemas that say the type of everything.

use serde_json::Value as Json;

use super::Findings;
use crate::error::FieldError;

/// Checks a definition of a custom resource.
pub(super) fn check(definition: &Json, found: &mut Findings) {
    let word = |path: &str| {
        definition
            .pointer(path)
            .and_then(Json::as_str)
            .unwrap_or_default()
    };
    let (plural, group) = (word("/spec/names/plural"), word("/spec/group"));
    if word("/metadata/name") != format!("{plural}.{group}") {
        let name = definition
            .pointer("/metadata/name")
            .cloned()
            .unwrap_or_default();
        let rule = "must be spec.names.plural+\".\"+spec.group";
        found.push(FieldError::invalid("metadata.name", &name, rule));
    }
    for field in ["group", "scope"] {
        if word(&format!("/spec/{field}")).is_empty() {
            found.push(FieldError::required(format!("spec.{field}"), ""));
        }
    }
    let scope = word("/spec/scope");
    if !matches!(scope, "" | "Cluster" | "Namespaced") {
        let words = &["Cluster", "Namespaced"];
        found.push(FieldError::not_supported(
            "spec.scope",
            &scope.into(),
            words,
        ));
    }
    for field in ["plural", "singular", "kind", "listKind"] {
        if word(&format!("/spec/names/{field}")).is_empty() {
            found.push(FieldError::required(format!("spec.names.{field}"), ""));
        }
    }
    let versions = definition
        .pointer("/spec/versions")
        .and_then(Json::as_array);
    let stored = versions
        .into_iter()
        .flatten()
        .filter(|version| version["storage"] == true)
        .count();
    if stored != 1 {
        let versions = definition
            .pointer("/spec/versions")
            .cloned()
            .unwrap_or_default();
        let rule = "must have exactly one version marked as storage version";
        found.push(FieldError::invalid("spec.versions", &versions, rule));
    }
    for (index, version) in versions.into_iter().flatten().enumerate() {
        if version.pointer("/schema/openAPIV3Schema").is_none() {
            let field = format!("spec.versions[{index}].schema.openAPIV3Schema");
            found.push(FieldError::required(field, "schemas are required"));
        }
    }
    check_schemas(definition, found);
}

/// Checks that schemas are structural.
// Parity: Kubernetes, apiextensions-apiserver/pkg/apiserver/schema/validation.go.
fn check_schemas(definition: &Json, found: &mut Findings) {
    let versions = definition
        .pointer("/spec/versions")
        .and_then(Json::as_array);
    let versions = versions.map(Vec::as_slice).unwrap_or_default();
    let schema = |version: &Json| version.pointer("/schema/openAPIV3Schema").cloned();
    // One schema for all versions is shown where there used to be one.
    let one = versions
        .iter()
        .all(|version| schema(version) == schema(&versions[0]));
    for (index, version) in versions.iter().enumerate() {
        let Some(schema) = schema(version) else {
            continue;
        };
        let path = if one {
            "spec.validation.openAPIV3Schema".to_owned()
        } else {
            format!("spec.versions[{index}].schema.openAPIV3Schema")
        };
        match schema["type"].as_str().unwrap_or_default() {
            "" | "object" => {}
            other => found.push(FieldError::invalid(
                format!("{path}.type"),
                &other.into(),
                "must be object at the root",
            )),
        }
        check_type(&schema, &path, "at the root", found);
        if one {
            return;
        }
    }
}

fn check_type(schema: &Json, path: &str, place: &str, found: &mut Findings) {
    let flag = |name: &str| schema.get(name) == Some(&Json::Bool(true));
    let typed = schema["type"].as_str().is_some_and(|word| !word.is_empty());
    let free = flag("x-kubernetes-int-or-string") || flag("x-kubernetes-preserve-unknown-fields");
    if !typed && (!free || place == "at the root") {
        let rule = format!("must not be empty {place}");
        found.push(FieldError::required(format!("{path}.type"), &rule));
    }
    if flag("uniqueItems") {
        let rule =
            "uniqueItems cannot be set to true since the runtime complexity becomes quadratic";
        found.push(FieldError::forbidden(format!("{path}.uniqueItems"), rule));
    }
    let fields = "for specified object fields";
    for (name, inner) in schema["properties"].as_object().into_iter().flatten() {
        check_type(inner, &format!("{path}.properties[{name}]"), fields, found);
    }
    if let Some(inner) = schema
        .get("additionalProperties")
        .filter(|inner| inner.is_object())
    {
        check_type(
            inner,
            &format!("{path}.additionalProperties"),
            fields,
            found,
        );
    }
    if let Some(inner) = schema.get("items").filter(|inner| inner.is_object()) {
        check_type(
            inner,
            &format!("{path}.items"),
            "for specified array items",
            found,
        );
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn everything_has_a_type() {
        let schema = json!({"type": "object", "properties": {
            "spec": {"properties": {"a": {"type": "array", "items": {}}, "b": {"x-kubernetes-int-or-string": true}}},
        }});
        let definition = json!({"spec": {"versions": [{"schema": {"openAPIV3Schema": schema}}]}});
        let mut found = Findings::new();
        check_schemas(&definition, &mut found);
        let found: Vec<String> = found
            .into_iter()
            .map(|error| format!("{}: {}", error.field, error.message))
            .collect();
        assert_eq!(
            found,
            [
                "spec.validation.openAPIV3Schema.properties[spec].type: Required value: must not be empty for specified object fields",
                "spec.validation.openAPIV3Schema.properties[spec].properties[a].items.type: Required value: must not be empty for specified array items",
            ]
        );
    }
}
