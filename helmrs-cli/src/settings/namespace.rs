//! The namespace to work in.

use super::KubeSettings;

/// The namespace asked for, else `default`.
pub(super) fn current(settings: &KubeSettings) -> String {
    if settings.namespace.is_empty() {
        "default".to_owned()
    } else {
        settings.namespace.clone()
    }
}
