//! Defaults of what decides who may do what: namespaces, roles, priorities, webhooks.

use serde_json::{Value as Json, json};

use super::{fields_at, fill, items, text_at};

const RBAC: &str = "rbac.authorization.k8s.io";

/// Completes a namespace: it bears its name as a label.
pub(super) fn complete_namespace(namespace: &mut Json) {
    let name = text_at(namespace, "/metadata/name").to_owned();
    if !name.is_empty()
        && let Some(labels) = fields_at(namespace, &["metadata", "labels"])
    {
        labels.insert("kubernetes.io/metadata.name".to_owned(), name.into());
    }
    fill(
        fields_at(namespace, &["status"]),
        [("phase", json!("Active"))],
    );
}

/// Completes a priority class.
pub(super) fn complete_priority_class(class: &mut Json) {
    fill(
        class.as_object_mut(),
        [("preemptionPolicy", json!("PreemptLowerPriority"))],
    );
}

/// Completes a role binding.
pub(super) fn complete_role_binding(binding: &mut Json) {
    fill(
        fields_at(binding, &["roleRef"]),
        [("apiGroup", json!(RBAC))],
    );
    for subject in items(binding, "/subjects") {
        if matches!(text_at(subject, "/kind"), "User" | "Group") {
            fill(subject.as_object_mut(), [("apiGroup", json!(RBAC))]);
        } else if text_at(subject, "/apiGroup").is_empty() {
            subject
                .as_object_mut()
                .map(|subject| subject.remove("apiGroup"));
        }
    }
}

/// Completes the webhooks of a configuration.
pub(super) fn complete_webhooks(configuration: &mut Json) {
    let mutating = text_at(configuration, "/kind") == "MutatingWebhookConfiguration";
    for webhook in items(configuration, "/webhooks") {
        fill(
            webhook.as_object_mut(),
            [
                ("failurePolicy", json!("Fail")),
                ("matchPolicy", json!("Equivalent")),
                ("namespaceSelector", json!({})),
                ("objectSelector", json!({})),
                ("timeoutSeconds", json!(10)),
            ],
        );
        if mutating {
            fill(
                webhook.as_object_mut(),
                [("reinvocationPolicy", json!("Never"))],
            );
        }
        let service = webhook
            .pointer_mut("/clientConfig/service")
            .and_then(Json::as_object_mut);
        fill(service, [("port", json!(443))]);
        for rule in items(webhook, "/rules") {
            fill(rule.as_object_mut(), [("scope", json!("*"))]);
        }
    }
}
