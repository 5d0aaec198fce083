//! The namespace a kubeconfig's current context works in.

use std::path::PathBuf;

use helmrs_core::yaml::{self, Map, Value};

use super::KubeSettings;

/// The namespace asked for, else that of the context, else `default`.
// Parity: client-go, tools/clientcmd, DeferredLoadingClientConfig.Namespace: whatever is wrong with the files, there
// is a namespace.
pub(super) fn current(settings: &KubeSettings) -> String {
    if !settings.namespace.is_empty() {
        return settings.namespace.clone();
    }
    of_context(settings)
        .filter(|namespace| !namespace.is_empty())
        .unwrap_or_else(|| "default".to_owned())
}

/// The namespace of the context named, or of the first one any file calls current.
fn of_context(settings: &KubeSettings) -> Option<String> {
    let files = settings
        .config_files()
        .into_iter()
        .filter_map(read)
        .collect::<Vec<Map>>();
    let text = |map: &Map, key: &str| match map.get(key) {
        Some(Value::String(text)) => Some(text.clone()),
        _ => None,
    };
    let context = if settings.context.is_empty() {
        files
            .iter()
            .find_map(|file| text(file, "current-context").filter(|name| !name.is_empty()))?
    } else {
        settings.context.clone()
    };
    let contexts = files.iter().filter_map(|file| match file.get("contexts") {
        Some(Value::List(contexts)) => Some(contexts),
        _ => None,
    });
    for entry in contexts.flatten() {
        let Value::Map(entry) = entry else { continue };
        if text(entry, "name").is_some_and(|name| name == context) {
            let Some(Value::Map(context)) = entry.get("context") else {
                return None;
            };
            return text(context, "namespace");
        }
    }
    None
}

/// The contexts of all files, each with its cluster after a tab.
pub(super) fn contexts(settings: &KubeSettings) -> Vec<String> {
    let mut contexts = Vec::new();
    for file in settings.config_files().into_iter().filter_map(read) {
        let entries = file
            .get("contexts")
            .and_then(Value::as_list)
            .unwrap_or_default();
        for entry in entries {
            let name = entry
                .get("name")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let cluster = entry
                .at(&["context", "cluster"])
                .and_then(Value::as_str)
                .unwrap_or_default();
            contexts.push(format!("{name}\t{cluster}"));
        }
    }
    contexts
}

fn read(path: PathBuf) -> Option<Map> {
    match yaml::parse(&std::fs::read(path).ok()?).ok()? {
        Value::Map(map) => Some(map),
        _ => None,
    }
}
