//! By which fields the objects of a kind can be selected.

use crate::resources::Kind;

/// Group, kind, and the fields beside name and namespace.
// Parity: Kubernetes, pkg/apis/*/v1/conversion.go, AddFieldLabelConversionsFor*.
#[rustfmt::skip]
const FIELDS: &[(&str, &str, &str)] = &[
    ("", "Pod", "spec.nodeName spec.restartPolicy spec.schedulerName spec.serviceAccountName spec.hostNetwork \
                 status.phase status.podIP status.podIPs status.nominatedNodeName"),
    ("", "Node", "spec.unschedulable"),
    ("", "Namespace", "status.phase"),
    ("", "Secret", "type"),
    ("", "Service", "spec.clusterIP spec.type"),
    ("", "ReplicationController", "status.replicas"),
    ("", "Event", "involvedObject.kind involvedObject.namespace involvedObject.name involvedObject.uid \
                   involvedObject.apiVersion involvedObject.resourceVersion involvedObject.fieldPath reason \
                   reportingComponent source type"),
    ("events.k8s.io", "Event", "regarding.kind regarding.namespace regarding.name regarding.uid regarding.apiVersion \
                                regarding.resourceVersion regarding.fieldPath reason reportingController type"),
    ("apps", "ReplicaSet", "status.replicas"),
    ("batch", "Job", "status.successful"),
    ("certificates.k8s.io", "CertificateSigningRequest", "spec.signerName"),
];

fn own(kind: &Kind) -> Option<&'static str> {
    let row = FIELDS
        .iter()
        .find(|(group, name, _)| kind.is(group, name))?;
    Some(row.2)
}

/// Whether objects of a kind can be selected by a field.
pub(super) fn can_select(kind: &Kind, path: &str) -> bool {
    let selectable = |custom: &crate::resources::custom::Custom| {
        custom
            .selectable
            .iter()
            .any(|own| own.trim_start_matches('.') == path)
    };
    match path {
        "metadata.name" => true,
        "metadata.namespace" => kind.namespaced || kind.custom.is_none(),
        path => {
            own(kind).is_some_and(|fields| fields.split_whitespace().any(|field| field == path))
                || kind.custom.as_deref().is_some_and(selectable)
        }
    }
}

/// What is said of a field that cannot select.
pub(super) fn refusal(kind: &Kind, path: &str) -> String {
    if own(kind).is_some() || kind.custom.is_some() {
        format!("field label not supported: {path}")
    } else {
        format!(
            "{path:?} is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
        )
    }
}
