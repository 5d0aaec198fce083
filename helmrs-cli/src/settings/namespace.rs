//! The namespace a kubeconfig's current context works in.

use std::path::{Path, PathBuf};

use helmrs_core::yaml::{self, Map, Value};

use super::KubeSettings;

/// Where a pod finds what its service account may show.
const SERVICE_ACCOUNT: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

/// The namespace asked for, else that of the context, else that of the pod, else `default`.
// Parity: client-go, tools/clientcmd, DeferredLoadingClientConfig.Namespace: whatever is wrong with the files, there
// is a namespace.
pub(super) fn current(settings: &KubeSettings) -> String {
    let is_named = |namespace: &String| !namespace.is_empty();
    Some(settings.namespace.clone())
        .filter(is_named)
        .or_else(|| of_context(settings).filter(is_named))
        .or_else(|| of_pod(settings, Path::new(SERVICE_ACCOUNT)))
        .unwrap_or_else(|| "default".to_owned())
}

/// The namespace of the pod this runs in, if it runs in one that may talk to its cluster.
// Parity: client-go, tools/clientcmd/client_config.go, inClusterClientConfig.
fn of_pod(settings: &KubeSettings, account: &Path) -> Option<String> {
    if !settings.in_pod || !account.join("token").is_file() {
        return None;
    }
    if !settings.pod_namespace.is_empty() {
        return Some(settings.pod_namespace.clone());
    }
    let namespace = std::fs::read_to_string(account.join("namespace")).ok()?;
    let namespace = namespace.trim();
    (!namespace.is_empty()).then(|| namespace.to_owned())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::Environment;
    use crate::flags::global::GlobalFlags;
    use crate::settings::EnvSettings;

    fn settings(variables: &'static [(&str, &str)]) -> KubeSettings {
        let environment = Environment::new(|name| {
            let mut found = variables.iter().filter(|(key, _)| *key == name);
            found.next().map(|(_, value)| (*value).to_owned())
        });
        let settings = EnvSettings::new(&environment, &GlobalFlags::default());
        settings.unwrap().kube
    }

    #[test]
    fn a_pod_works_in_its_own_namespace() {
        let account = tempfile::tempdir().unwrap();
        let inside = settings(&[
            ("KUBERNETES_SERVICE_HOST", "h"),
            ("KUBERNETES_SERVICE_PORT", "1"),
        ]);
        assert_eq!(of_pod(&inside, account.path()), None);
        std::fs::write(account.path().join("token"), "t").unwrap();
        std::fs::write(account.path().join("namespace"), "team\n").unwrap();
        assert_eq!(of_pod(&inside, account.path()).as_deref(), Some("team"));
        let outside = settings(&[("POD_NAMESPACE", "other")]);
        assert_eq!(of_pod(&outside, account.path()), None);
        let named = settings(&[
            ("KUBERNETES_SERVICE_HOST", "h"),
            ("KUBERNETES_SERVICE_PORT", "1"),
            ("POD_NAMESPACE", "other"),
        ]);
        assert_eq!(of_pod(&named, account.path()).as_deref(), Some("other"));
    }
}
